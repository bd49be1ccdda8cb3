//! Records → figures.

use std::collections::BTreeMap;

use serde::Serialize;

use super::Record;
use super::record::ANSWERED;

/// What records add up to.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct Figures {
    /// Runs that wanted prose.
    pub runs: u64,
    /// Definitions that wanted prose.
    pub definitions: u64,
    /// Those answered from the cache.
    pub cache_hits: u64,
    /// Those written.
    pub written: u64,
    /// Those that failed.
    pub failed: u64,
    /// Those that the budget did not reach.
    pub over_budget: u64,
    /// Requests to a model.
    pub calls: u64,
    /// Requests that brought what was asked for.
    pub answered: u64,
    /// Requests that asked for corrections.
    pub corrections: u64,
    /// How often requests were repeated after a failure that passed.
    pub repeated: u64,
    /// Tokens of prompts.
    pub prompt_tokens: u64,
    /// Those of them that were billed as cached.
    pub cached_tokens: u64,
    /// Tokens of answers.
    pub completion_tokens: u64,
    /// US dollars, as far as prices are known.
    pub cost: f64,
    /// Requests whose price is not known.
    pub without_price: u64,
    /// How long requests took, in milliseconds.
    pub milliseconds: Option<Spread>,
    /// How many tokens requests took.
    pub tokens: Option<Spread>,
    /// Why requests brought nothing, the most frequent first.
    pub errors: Vec<(String, u64)>,
}

impl Figures {
    /// Returns the share of requests that brought what was asked for, from 0 to 1.
    #[must_use]
    pub fn success_rate(&self) -> Option<f64> {
        share(self.answered, self.calls)
    }

    /// Returns the share of definitions that were answered from the cache, from 0 to 1.
    #[must_use]
    pub fn hit_rate(&self) -> Option<f64> {
        share(self.cache_hits, self.definitions)
    }
}

/// How numbers are spread.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Spread {
    /// The smallest.
    pub minimum: u64,
    /// The average.
    pub average: f64,
    /// Half of them are no larger.
    pub median: u64,
    /// 95 of 100 are no larger.
    pub p95: u64,
    /// 99 of 100 are no larger.
    pub p99: u64,
    /// The largest.
    pub maximum: u64,
}

impl Spread {
    /// Works out how numbers are spread; percentiles are by nearest rank, so that each is one of the numbers.
    #[must_use]
    pub fn of(mut numbers: Vec<u64>) -> Option<Self> {
        numbers.sort_unstable();
        let (first, last) = (*numbers.first()?, *numbers.last()?);
        let rank = |percent: usize| {
            let rank = (numbers.len() * percent).div_ceil(100).max(1);
            numbers.get(rank - 1).copied().unwrap_or(last)
        };
        let sum: u128 = numbers.iter().map(|number| u128::from(*number)).sum();
        Some(Self {
            minimum: first,
            average: exact(u64::try_from(sum).unwrap_or(u64::MAX)) / exact(numbers.len() as u64),
            median: rank(50),
            p95: rank(95),
            p99: rank(99),
            maximum: last,
        })
    }
}

/// Adds records up.
#[must_use]
pub fn figures(records: &[Record]) -> Figures {
    let mut figures = Figures::default();
    let (mut milliseconds, mut tokens) = (Vec::new(), Vec::new());
    let mut errors: BTreeMap<&str, u64> = BTreeMap::new();
    for record in records {
        match record {
            Record::Run(run) => {
                figures.runs += 1;
                figures.definitions += run.definitions;
                figures.cache_hits += run.cache_hits;
                figures.written += run.written;
                figures.failed += run.failed;
                figures.over_budget += run.over_budget;
            }
            Record::Call(call) => {
                figures.calls += 1;
                figures.corrections += u64::from(call.round > 0);
                figures.repeated += call.attempts.saturating_sub(1);
                figures.prompt_tokens += call.prompt_tokens;
                figures.cached_tokens += call.cached_tokens;
                figures.completion_tokens += call.completion_tokens;
                figures.cost += call.cost.unwrap_or(0.0);
                figures.without_price += u64::from(call.cost.is_none());
                milliseconds.push(call.milliseconds);
                tokens.push(call.prompt_tokens + call.completion_tokens);
                if call.outcome == ANSWERED {
                    figures.answered += 1;
                } else {
                    *errors.entry(&call.outcome).or_default() += 1;
                }
            }
        }
    }
    figures.milliseconds = Spread::of(milliseconds);
    figures.tokens = Spread::of(tokens);
    figures.errors = errors.into_iter().map(|(name, count)| (name.to_owned(), count)).collect();
    figures.errors.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    figures
}

fn share(part: u64, whole: u64) -> Option<f64> {
    (whole > 0).then(|| exact(part) / exact(whole))
}

/// Counts are far below 2^53, where whole numbers end to be exact.
#[expect(clippy::cast_precision_loss, reason = "counts and milliseconds are far below 2^53")]
fn exact(number: u64) -> f64 {
    number as f64
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metrics::{Call, Run};

    #[test]
    fn percentiles_are_numbers_that_were_there() {
        let spread = Spread::of((1..=200).rev().collect()).unwrap();
        assert_eq!(
            (spread.minimum, spread.median, spread.p95, spread.p99, spread.maximum),
            (1, 100, 190, 198, 200)
        );
        assert!((spread.average - 100.5).abs() < 1e-9);
        let one = Spread::of(vec![7]).unwrap();
        assert_eq!((one.minimum, one.median, one.p95, one.p99, one.maximum), (7, 7, 7, 7, 7));
        assert_eq!(Spread::of(Vec::new()), None);
    }

    #[test]
    fn records_add_up() {
        let call = |outcome: &str, attempts, cost| {
            Record::Call(Call {
                outcome: outcome.to_owned(),
                attempts,
                cost,
                prompt_tokens: 10,
                completion_tokens: 5,
                milliseconds: 100,
                ..Call::default()
            })
        };
        let run = Record::Run(Run { definitions: 8, cache_hits: 2, ..Run::default() });
        let records = [
            call("answered", 1, Some(0.25)),
            call("rate-limited", 5, None),
            call("refused", 1, Some(0.25)),
            call("rate-limited", 1, None),
            run,
        ];
        let found = figures(&records);
        assert_eq!((found.calls, found.answered, found.repeated, found.without_price), (4, 1, 4, 2));
        assert_eq!((found.success_rate(), found.hit_rate()), (Some(0.25), Some(0.25)));
        assert_eq!(found.errors, [("rate-limited".to_owned(), 2), ("refused".to_owned(), 1)]);
        assert_eq!(figures(&[]).success_rate(), None);
    }
}
