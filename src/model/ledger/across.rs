//! What was spent by several machines together, in Redis and by its clock.

use std::sync::Arc;
use std::time::Duration;

use super::{Allowances, Amount, Entry, LedgerError, Stretch};
use crate::shared::{Handed, Redis, Repeat, Script};

/// The hash in Redis. Calls wait for the network.
#[derive(Debug)]
pub(super) struct Across {
    redis: Arc<Redis>,
    script: Script,
    key: String,
}

impl Across {
    pub(super) fn new(redis: Arc<Redis>) -> Self {
        let key = redis.key("budget");
        Self { redis, script: Script::new(include_str!("spend.lua")), key }
    }

    /// Takes an amount from every budget, or none.
    pub(super) fn reserve(&self, amount: Amount, allowances: &Allowances) -> Result<Entry, LedgerError> {
        let mut arguments = words(amount).to_vec();
        for stretch in Stretch::ALL {
            let allowance = allowances.of(stretch);
            arguments.push(allowance.requests.map(|limit| limit.to_string()).unwrap_or_default());
            arguments.push(allowance.tokens.map(|limit| limit.to_string()).unwrap_or_default());
            arguments.push(allowance.cost.map(|limit| limit.to_string()).unwrap_or_default());
        }
        // Reserving twice spends too much, never too little.
        let answer = self.run("reserve", arguments, Repeat::Once)?;
        match answer.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
            ["ok", second] => {
                let at = second.parse().map(Duration::from_secs).map_err(|_| self.foreign())?;
                Ok(Entry { amount, at })
            }
            ["spent", place, milliseconds] => {
                let place = place.parse::<usize>().ok().and_then(|place| place.checked_sub(1));
                let stretch =
                    place.and_then(|place| Stretch::ALL.get(place)).ok_or_else(|| self.foreign())?;
                let renewed_in = milliseconds.parse().map(Duration::from_millis);
                let renewed_in = renewed_in.map_err(|_| self.foreign())?;
                Err(LedgerError::Spent { stretch: *stretch, renewed_in })
            }
            _ => Err(self.foreign()),
        }
    }

    /// Puts what was used in the place of what was reserved.
    pub(super) fn settle(&self, entry: Entry, used: Amount) -> Result<(), LedgerError> {
        let mut arguments = words(entry.amount).to_vec();
        arguments.push(entry.at.as_secs().to_string());
        arguments.extend(words(used));
        // Settling twice would give back what somebody else has reserved.
        self.run("settle", arguments, Repeat::Never).map(|_| ())
    }

    /// Returns what is used in each stretch.
    pub(super) fn used(&self) -> Result<[Amount; 3], LedgerError> {
        let answer = self.run("used", Vec::new(), Repeat::Once)?;
        let numbers: Option<Vec<f64>> = answer.iter().skip(1).map(|text| text.parse().ok()).collect();
        let numbers = numbers.filter(|numbers| numbers.len() == 9).ok_or_else(|| self.foreign())?;
        let amount = |place: usize| Amount {
            requests: counted(numbers[place * 3]),
            tokens: counted(numbers[place * 3 + 1]),
            cost: Some(numbers[place * 3 + 2]),
        };
        Ok([amount(0), amount(1), amount(2)])
    }

    fn run(
        &self,
        operation: &str,
        arguments: Vec<String>,
        repeat: Repeat,
    ) -> Result<Vec<String>, LedgerError> {
        let arguments: Vec<String> = [operation.to_owned()].into_iter().chain(arguments).collect();
        let with = Handed { keys: std::slice::from_ref(&self.key), arguments: &arguments, repeat };
        let answer = self.redis.run(&self.script, &with)?;
        match answer.first().map(String::as_str) {
            Some("ok" | "spent") => Ok(answer),
            _ => Err(self.foreign()),
        }
    }

    fn foreign(&self) -> LedgerError {
        LedgerError::Foreign { key: self.key.clone() }
    }
}

/// A price that is not known was refused before where dollars are limited.
fn words(amount: Amount) -> [String; 3] {
    let dollars = amount.cost.unwrap_or(0.0);
    [amount.requests.to_string(), amount.tokens.to_string(), dollars.to_string()]
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "the script counts whole numbers"
)]
fn counted(number: f64) -> u64 {
    number as u64
}
