//! What a run may spend, and what it has spent.

use crate::model::Usage;
use crate::model::prices::Prices;

/// The limits of a run; `None` is no limit.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Budget {
    /// Definitions that may be asked about.
    pub definitions: Option<u64>,
    /// Tokens, sent and received together.
    pub tokens: Option<u64>,
    /// US dollars.
    pub cost: Option<f64>,
    /// Requests that may be sent, repeated ones included.
    pub requests: Option<u64>,
}

/// A budget being spent. What is asked is reserved at its upper bound and settled with what was billed.
#[derive(Debug, Clone)]
pub(super) struct Purse {
    prices: Prices,
    budget: Budget,
    definitions: u64,
    tokens: u64,
    cost: f64,
    requests: u64,
}

/// The upper bound of one request, taken from the purse until it is settled.
#[derive(Debug, Clone, Copy)]
pub(super) struct Reservation {
    tokens: u64,
    cost: f64,
    requests: u64,
    /// Whether requests are counted.
    is_counted: bool,
}

impl Reservation {
    /// Returns how often the request may be sent, where requests are counted.
    pub(super) fn attempts(self) -> Option<u32> {
        self.is_counted.then(|| u32::try_from(self.requests).unwrap_or(u32::MAX))
    }
}

impl Purse {
    pub(super) fn new(budget: Budget, prices: &Prices) -> Self {
        Self { prices: prices.clone(), budget, definitions: 0, tokens: 0, cost: 0.0, requests: 0 }
    }

    /// Returns what something costs in US dollars, or nothing when the price of the model is not known.
    pub(super) fn cost(&self, usage: &Usage, model: &str) -> Option<f64> {
        self.prices.cost(usage, model)
    }

    /// Takes so many definitions from what may be asked about for the first time, or as many as are left.
    pub(super) fn admitted(&mut self, count: usize) -> usize {
        let left = self.budget.definitions.map_or(u64::MAX, |limit| limit.saturating_sub(self.definitions));
        let admitted = usize::try_from(left).unwrap_or(usize::MAX).min(count);
        self.definitions += admitted as u64;
        admitted
    }

    /// Returns whether so much would leave at least half of what is left.
    pub(super) fn spares(&self, largest: &Usage, requests: u64, model: &str) -> bool {
        let tokens = largest.total();
        let cost = self.cost(largest, model).unwrap_or(0.0);
        self.budget.tokens.is_none_or(|limit| tokens <= limit.saturating_sub(self.tokens) / 2)
            && self.budget.cost.is_none_or(|limit| cost <= (limit - self.cost) / 2.0)
            && self.budget.requests.is_none_or(|limit| requests <= limit.saturating_sub(self.requests) / 2)
    }

    /// Reserves the upper bound of a request to a model, which is sent so often at most, or less often where the budget has
    /// no room for that, or refuses. A price that is not known cannot be kept within a budget.
    pub(super) fn reserve(&mut self, largest: &Usage, model: &str, attempts: u32) -> Option<Reservation> {
        let tokens = largest.total();
        let price = self.cost(largest, model);
        let cost = if self.budget.cost.is_some() { price? } else { price.unwrap_or(0.0) };
        let fits = self.budget.tokens.is_none_or(|limit| self.tokens.saturating_add(tokens) <= limit)
            && self.budget.cost.is_none_or(|limit| self.cost + cost <= limit)
            && self.budget.requests.is_none_or(|limit| self.requests < limit);
        let left = self.budget.requests.map_or(u64::MAX, |limit| limit.saturating_sub(self.requests));
        let requests = u64::from(attempts.max(1)).min(left);
        if !fits {
            return None;
        }
        self.tokens = self.tokens.saturating_add(tokens);
        self.cost += cost;
        self.requests += requests;
        Some(Reservation { tokens, cost, requests, is_counted: self.budget.requests.is_some() })
    }

    /// Puts back what a request did not use. Without a bill, what it used and what that cost, the whole reservation stays spent.
    pub(super) fn settle(
        &mut self,
        reservation: Reservation,
        billed: Option<(&Usage, Option<f64>)>,
        attempts: u64,
    ) {
        self.requests = (self.requests + attempts).saturating_sub(reservation.requests);
        let Some((usage, cost)) = billed else { return };
        let cost = cost.unwrap_or(reservation.cost);
        self.tokens = self.tokens.saturating_sub(reservation.tokens).saturating_add(usage.total());
        self.cost = (self.cost + cost - reservation.cost).max(0.0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Makes a purse at the prices of the table.
    fn filled(budget: Budget) -> Purse {
        Purse::new(budget, &Prices::default())
    }

    fn usage(prompt_tokens: u64, completion_tokens: u64) -> Usage {
        Usage { prompt_tokens, completion_tokens, cached_tokens: 0 }
    }

    #[test]
    fn a_request_that_might_not_fit_is_refused() {
        let mut purse = filled(Budget { tokens: Some(1_000), ..Budget::default() });
        let reservation = purse.reserve(&usage(500, 400), "gpt-4o-mini", 1).expect("fits");
        assert!(purse.reserve(&usage(100, 100), "gpt-4o-mini", 1).is_none());
        purse.settle(reservation, Some((&usage(500, 100), None)), 1);
        assert!(purse.reserve(&usage(300, 100), "gpt-4o-mini", 1).is_some());
    }

    #[test]
    fn money_is_counted_at_the_price_of_the_model() {
        let budget = Budget { cost: Some(0.001), ..Budget::default() };
        assert!(filled(budget).reserve(&usage(1_000, 1_000), "gpt-4o-mini", 1).is_some());
        assert!(filled(budget).reserve(&usage(1_000, 1_000), "gpt-4.1", 1).is_none());
        assert!(filled(budget).reserve(&usage(1, 1), "a-model-without-a-price", 1).is_none());
    }

    #[test]
    fn what_comes_before_prose_leaves_half() {
        let budget = Budget { tokens: Some(1_000), requests: Some(10), ..Budget::default() };
        let mut purse = filled(budget);
        assert!(purse.spares(&usage(500, 0), 5, "gpt-4o-mini"));
        assert!(!purse.spares(&usage(501, 0), 5, "gpt-4o-mini"));
        assert!(!purse.spares(&usage(500, 0), 6, "gpt-4o-mini"));
        purse.reserve(&usage(200, 200), "gpt-4o-mini", 1).expect("fits");
        assert!(!purse.spares(&usage(301, 0), 1, "gpt-4o-mini"));
        assert!(filled(Budget::default()).spares(&usage(u64::MAX / 2, 0), 1_000, "gpt-4o-mini"));
    }

    #[test]
    fn a_request_is_repeated_as_often_as_there_is_room_for() {
        let mut purse = filled(Budget { requests: Some(6), ..Budget::default() });
        let first = purse.reserve(&usage(1, 1), "gpt-4o-mini", 5).expect("fits");
        let second = purse.reserve(&usage(1, 1), "gpt-4o-mini", 5).expect("fits");
        assert_eq!((first.attempts(), second.attempts()), (Some(5), Some(1)));
        assert!(purse.reserve(&usage(1, 1), "gpt-4o-mini", 5).is_none());
        purse.settle(first, Some((&usage(1, 1), None)), 2);
        let third = purse.reserve(&usage(1, 1), "gpt-4o-mini", 5).expect("fits");
        assert_eq!(third.attempts(), Some(3));
        let open = filled(Budget::default()).reserve(&usage(1, 1), "gpt-4o-mini", 5);
        assert_eq!(open.and_then(Reservation::attempts), None);
    }

    #[test]
    fn repeated_requests_count() {
        let mut purse = filled(Budget { requests: Some(3), ..Budget::default() });
        let reservation = purse.reserve(&usage(1, 1), "gpt-4o-mini", 1).expect("fits");
        purse.settle(reservation, Some((&usage(1, 1), None)), 2);
        assert!(purse.reserve(&usage(1, 1), "gpt-4o-mini", 1).is_some());
        assert!(purse.reserve(&usage(1, 1), "gpt-4o-mini", 1).is_none());
    }

    #[test]
    fn a_bill_beyond_all_numbers_ends_the_budget() {
        let mut purse = filled(Budget { tokens: Some(1_000), ..Budget::default() });
        for _ in 0..2 {
            let reservation = purse.reserve(&usage(1, 1), "gpt-4o-mini", 1);
            let Some(reservation) = reservation else { continue };
            purse.settle(reservation, Some((&usage(u64::MAX, u64::MAX), None)), 1);
        }
        assert!(purse.reserve(&usage(1, 1), "gpt-4o-mini", 1).is_none());
    }

    #[test]
    fn an_unanswered_request_stays_spent() {
        let mut purse = filled(Budget { tokens: Some(1_000), ..Budget::default() });
        let reservation = purse.reserve(&usage(500, 400), "gpt-4o-mini", 1).expect("fits");
        purse.settle(reservation, None, 1);
        assert!(purse.reserve(&usage(100, 100), "gpt-4o-mini", 1).is_none());
    }
}
