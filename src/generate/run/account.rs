//! The account of one run: what may still be spent while requests are under way, what was, and what went wrong beside the
//! answers. Whoever asks a service on behalf of the run takes from it first.

use std::cell::{Cell, RefCell};
use std::time::{Duration, Instant};

use tokio::sync::Notify;

use crate::clock;
use crate::metrics::Call;
use crate::model::ledger::{self, Amount, LEFT_ALONE, Ledger, LedgerError, Stretch};
use crate::model::{ModelError, Usage};

use super::super::budget::{Purse, Reservation};
use super::{Answered, Spent};

/// How much longer than the model a run waits for it: whoever is asked ends by itself, and says why.
const GRACE: Duration = Duration::from_millis(500);
pub(super) const OUT_OF_TIME: &str = "the time limit was reached before the model had answered everything";

/// How long a ledger that was there before may be away: a server that restarts, or another that takes its place.
const AWAY_AT_MOST: Duration = Duration::from_secs(30);

/// The state that the requests of one run share.
pub(super) struct Account<'a> {
    ledger: Option<&'a Ledger>,
    record: &'a dyn Fn(Call),
    purse: RefCell<Purse>,
    /// Whether prose is asked for once everything else is there.
    is_for_prose: bool,
    /// How many requests have a reservation of the run that is not settled.
    under_way: Cell<usize>,
    /// How many of those may be sent: the machine's budgets have room for them, too.
    sent: Cell<usize>,
    settled: Notify,
    pub(super) spent: RefCell<Spent>,
    /// Why nothing more is asked: a wrong key or address fails every request alike.
    pub(super) given_up: Cell<Option<&'static str>>,
    failures: RefCell<Vec<String>>,
    /// Whether the ledger was reached before.
    has_ledger: Cell<bool>,
    /// When answers are of no use any more.
    pub(super) deadline: Option<Instant>,
}

/// What a request has taken from the budgets.
#[derive(Clone, Copy)]
pub(super) struct Reserved {
    reservation: Reservation,
    entry: Option<ledger::Entry>,
    /// How often the request may be sent, where a budget counts requests.
    attempts: Option<u32>,
}

impl Reserved {
    /// Returns how often the request may be sent, where a budget counts requests.
    pub(super) fn attempts(self) -> Option<u32> {
        self.attempts
    }
}

impl<'a> Account<'a> {
    pub(super) fn new(
        ledger: Option<&'a Ledger>,
        record: &'a dyn Fn(Call),
        (purse, spent): (Purse, Spent),
        deadline: Option<Instant>,
    ) -> Self {
        Self {
            ledger,
            record,
            purse: RefCell::new(purse),
            is_for_prose: true,
            under_way: Cell::new(0),
            sent: Cell::new(0),
            settled: Notify::new(),
            spent: RefCell::new(spent),
            given_up: Cell::new(None),
            failures: RefCell::new(Vec::new()),
            deadline,
            has_ledger: Cell::new(false),
        }
    }

    /// Begins one for work that no prose comes after.
    pub(super) fn without_prose(self) -> Self {
        Self { is_for_prose: false, ..self }
    }

    /// Returns what it cost, and what went wrong beside the answers.
    pub(super) fn finished(self) -> Spent {
        Spent { failures: self.failures.into_inner(), ..self.spent.into_inner() }
    }

    /// Notes something that went wrong, once.
    pub(super) fn note(&self, failure: String) {
        let mut failures = self.failures.borrow_mut();
        if !failures.contains(&failure) {
            failures.push(failure);
        }
    }

    /// Returns whether so much would leave enough for prose, where any is to be asked for.
    pub(super) fn spares(&self, largest: &Usage, requests: u64, model: &str) -> bool {
        !self.is_for_prose || self.purse.borrow().spares(largest, requests, model)
    }

    /// Takes so many definitions from what may be asked about, or as many as are left.
    pub(super) fn admitted(&self, count: usize) -> usize {
        self.purse.borrow_mut().admitted(count)
    }

    /// Waits for work until answers are of no use any more, and says so then.
    pub(super) async fn in_time<T>(&self, work: impl Future<Output = T>) -> Option<T> {
        let Some(deadline) = self.deadline else { return Some(work.await) };
        let outcome = tokio::time::timeout_at((deadline + GRACE).into(), work).await;
        if outcome.is_err() {
            self.note(OUT_OF_TIME.to_owned());
        }
        outcome.ok()
    }

    /// Hands on the record of a request that has ended.
    pub(super) fn record(&self, call: Call) {
        (self.record)(call);
    }

    /// Takes the largest possible size of a request to a model from the budgets of the run and of the machine, with its
    /// repetitions as far as there is room for them, or waits for them until it would be too late.
    pub(super) async fn reserve(
        &self,
        largest: &Usage,
        model: &str,
        (attempts, deadline): (u32, Option<Instant>),
    ) -> Result<Reserved, Answered> {
        let reservation = self.reserve_of_run(largest, model, attempts).await.ok_or(Answered::OverBudget)?;
        let of_run = reservation.attempts();
        match self.reserve_of_machine(largest, model, (of_run.unwrap_or(attempts), deadline)).await {
            Ok(entry) => {
                self.sent.set(self.sent.get() + 1);
                let counts = self.ledger.is_some_and(Ledger::counts_requests);
                let of_machine = entry.filter(|_| counts).map(|entry| entry.amount().requests);
                let of_machine = of_machine.map(|requests| u32::try_from(requests).unwrap_or(u32::MAX));
                Ok(Reserved { reservation, entry, attempts: of_machine.or(of_run) })
            }
            Err(answered) => {
                self.give_back(reservation, Some((&Usage::default(), Some(0.0))), 0);
                Err(answered)
            }
        }
    }

    /// While others are under way, some of what they took comes back; only when nobody is left to wait for is the budget
    /// spent.
    async fn reserve_of_run(&self, largest: &Usage, model: &str, attempts: u32) -> Option<Reservation> {
        loop {
            let settled = self.settled.notified();
            if let Some(reservation) = self.purse.borrow_mut().reserve(largest, model, attempts) {
                self.under_way.set(self.under_way.get() + 1);
                return Some(reservation);
            }
            if self.under_way.get() == 0 {
                return None;
            }
            settled.await;
        }
    }

    /// A minute's budget is waited for, and of an hour's and a day's what comes back from requests of this run.
    async fn reserve_of_machine(
        &self,
        largest: &Usage,
        model: &str,
        (attempts, deadline): (u32, Option<Instant>),
    ) -> Result<Option<ledger::Entry>, Answered> {
        let Some(ledger) = self.ledger else { return Ok(None) };
        let requests = if ledger.counts_requests() { attempts.max(1) } else { 1 };
        let mut amount = self.amount(u64::from(requests), largest, model);
        let mut away_since = None;
        loop {
            let settled = self.settled.notified();
            let reserved = with(ledger, move |ledger| ledger.reserve(amount)).await;
            if !matches!(reserved, Err(LedgerError::Away(_))) {
                self.has_ledger.set(true);
                away_since = None;
            }
            match reserved {
                Ok(entry) => return Ok(Some(entry)),
                // Where there is no room for repetitions, there are none.
                Err(LedgerError::Spent { .. } | LedgerError::TooLarge { .. }) if amount.requests > 1 => {
                    amount.requests /= 2;
                }
                Err(LedgerError::Away(_)) if self.may_come_back(&mut away_since, deadline) => {
                    tokio::time::sleep(LEFT_ALONE).await;
                }
                Err(LedgerError::Spent { stretch: Stretch::Minute, renewed_in })
                    if deadline.is_none_or(|deadline| clock::monotonic() + renewed_in < deadline) =>
                {
                    tokio::time::sleep(renewed_in).await;
                }
                Err(LedgerError::Spent { .. }) if self.sent.get() > 0 => settled.await,
                Err(error @ (LedgerError::Spent { .. } | LedgerError::TooLarge { .. })) => {
                    self.note(error.to_string());
                    return Err(Answered::OverBudget);
                }
                Err(error) => {
                    // What cannot be kept cannot be kept to; those behind would wait for it in vain.
                    self.given_up.set(Some("what was spent cannot be kept"));
                    self.note(format!("{error}; nothing was sent"));
                    return Err(Answered::Failed(error.to_string()));
                }
            }
        }
    }

    /// Returns whether a ledger that is away is worth another wait: longer when it was there before, and not at all when
    /// somebody has waited in vain already.
    fn may_come_back(&self, away_since: &mut Option<Instant>, deadline: Option<Instant>) -> bool {
        let now = clock::monotonic();
        let patience = if self.has_ledger.get() { AWAY_AT_MOST } else { LEFT_ALONE };
        let until = *away_since.get_or_insert(now) + patience;
        let next = now + LEFT_ALONE;
        self.given_up.get().is_none() && next <= until && deadline.is_none_or(|deadline| next < deadline)
    }

    /// Settles a request to a model that began at some time and has ended; returns what was billed, and the record of it.
    pub(super) async fn close(
        &self,
        reserved: Reserved,
        (model, began): (&str, Instant),
        told: Result<(Usage, u32, Option<&str>), &ModelError>,
    ) -> (Usage, Call) {
        let took = clock::monotonic().saturating_duration_since(began);
        let (attempts, request_id, outcome) = match told {
            Ok((_, attempts, request_id)) => (attempts, request_id, "answered"),
            Err(error) => (error.attempts, error.request_id(), error.name()),
        };
        let request_id = request_id.map(str::to_owned);
        let billed = self.settle(reserved, told.map(|(usage, attempts, _)| (usage, attempts)), model).await;
        let call = Call {
            at: u64::try_from(clock::since_epoch().as_millis()).unwrap_or(u64::MAX),
            model: model.to_owned(),
            attempts: u64::from(attempts),
            milliseconds: u64::try_from(took.as_millis()).unwrap_or(u64::MAX),
            prompt_tokens: billed.prompt_tokens,
            cached_tokens: billed.cached_tokens,
            completion_tokens: billed.completion_tokens,
            cost: self.cost(&billed, model),
            outcome: outcome.to_owned(),
            request_id,
            ..Call::default()
        };
        (billed, call)
    }

    /// Puts what was used in the place of what was reserved; returns what was billed.
    async fn settle(
        &self,
        reserved: Reserved,
        result: Result<(Usage, u32), &ModelError>,
        model: &str,
    ) -> Usage {
        let (billed, attempts) = match result {
            Ok((usage, attempts)) => (Some(usage), attempts),
            Err(error) => (error.usage, error.attempts),
        };
        // A bill of nothing is no bill: a service that leaves it out must not make the budget endless.
        let billed = billed.filter(|usage| usage.prompt_tokens > 0);
        let is_free = result.is_err_and(ModelError::is_unbilled);
        let billed = billed.or(is_free.then(Usage::default));
        let priced = billed.as_ref().map(|usage| (usage, self.cost(usage, model)));
        if let (Some(ledger), Some(entry)) = (self.ledger, reserved.entry) {
            let requests = u64::from(attempts);
            let used = match &billed {
                Some(usage) => self.amount(requests, usage, model),
                // Without a bill the whole reservation stays spent, and the repetitions with it.
                None => Amount { requests: requests.max(1), ..entry.amount() },
            };
            if used != entry.amount()
                && let Err(error) = with(ledger, move |ledger| ledger.settle(entry, used)).await
            {
                self.note(error.to_string());
            }
        }
        self.spent.borrow_mut().requests += u64::from(attempts > 0);
        self.sent.set(self.sent.get() - 1);
        // Those who wait look into the budgets of run and machine.
        self.give_back(reserved.reservation, priced, attempts);
        billed.unwrap_or_default()
    }

    /// Returns what something costs in US dollars, or nothing when the price of the model is not known.
    pub(super) fn cost(&self, usage: &Usage, model: &str) -> Option<f64> {
        self.purse.borrow().cost(usage, model)
    }

    fn amount(&self, requests: u64, usage: &Usage, model: &str) -> Amount {
        Amount { requests, tokens: usage.total(), cost: self.cost(usage, model) }
    }

    fn give_back(&self, reservation: Reservation, billed: Option<(&Usage, Option<f64>)>, attempts: u32) {
        self.purse.borrow_mut().settle(reservation, billed, u64::from(attempts));
        self.under_way.set(self.under_way.get() - 1);
        self.settled.notify_waiters();
    }
}

/// Adds what a request was billed for.
pub(super) fn add(sum: &mut Usage, billed: &Usage) {
    sum.prompt_tokens = sum.prompt_tokens.saturating_add(billed.prompt_tokens);
    sum.cached_tokens = sum.cached_tokens.saturating_add(billed.cached_tokens);
    sum.completion_tokens = sum.completion_tokens.saturating_add(billed.completion_tokens);
}

/// Works with the budgets on a thread that may wait for the disk or the network, while answers go on arriving here.
async fn with<T: Send + 'static>(
    ledger: &Ledger,
    work: impl FnOnce(&Ledger) -> Result<T, LedgerError> + Send + 'static,
) -> Result<T, LedgerError> {
    let ledger = ledger.clone();
    tokio::task::spawn_blocking(move || work(&ledger)).await.map_err(|_| LedgerError::Interrupted)?
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::generate::Budget;
    use crate::model::ledger::{Allowance, Allowances};
    use crate::model::prices::Prices;

    #[test]
    fn a_budget_of_a_minute_is_waited_for_only_as_long_as_it_is_of_use() {
        let folder = tempfile::tempdir().unwrap();
        let minute = Allowance { requests: Some(1), ..Allowance::default() };
        let ledger = Ledger::new(folder.path().to_owned(), Allowances { minute, ..Allowances::default() });
        let purse = Purse::new(Budget::default(), &Prices::default());
        let whole = clock::monotonic() + Duration::from_secs(600);
        let account = Account::new(Some(&ledger), &|_| (), (purse, Spent::default()), Some(whole));
        let largest = Usage { prompt_tokens: 1, cached_tokens: 0, completion_tokens: 1 };
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            assert!(account.reserve(&largest, "gpt-4o", (5, Some(whole))).await.is_ok());
            // As if it had been sent by another run.
            account.sent.set(0);
            let soon = clock::monotonic() + Duration::from_millis(100);
            let minute = || clock::since_epoch().as_secs() / 60;
            let began = minute();
            let second = account.reserve(&largest, "gpt-4o", (5, Some(soon)));
            let second = tokio::time::timeout(Duration::from_secs(2), second).await;
            let is_refused = matches!(second.expect("no wait of a minute"), Err(Answered::OverBudget));
            assert!(is_refused || minute() > began, "only a new minute has room for a second one");
        });
    }
}
