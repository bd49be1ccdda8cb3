//! What was spent in this minute, hour and day, by all runs together.
//!
//! A budget must hold although several runs spend from it and any of them may be killed: what a request may cost at most
//! is written down before it is sent, and replaced by what it did cost afterwards. What was spent is kept in a small file
//! that all runs of this machine share (`file.rs`), or in the Redis that several machines share (`across.rs`). When it cannot
//! be read or written, nothing is sent: one is never taken for the other. Minutes, hours and days are those of UTC, so
//! that a person can say when they end.

mod across;
mod amount;
mod file;

use std::io;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use thiserror::Error;

use self::across::Across;
use self::file::InFile;
use crate::clock;
use crate::shared::{self, Away, Redis};

pub use self::amount::{Allowance, Allowances, Amount, Stretch};

/// How long a place that several machines share is not asked again after it was away.
pub const LEFT_ALONE: Duration = shared::LEFT_ALONE;

/// Why nothing may be spent.
#[derive(Debug, Error)]
pub enum LedgerError {
    /// A budget is spent, or what is left is too little for the request.
    #[error("the budget of this {stretch} is spent")]
    Spent {
        /// Whose budget.
        stretch: Stretch,
        /// When the next one begins.
        renewed_in: Duration,
    },
    /// The request alone is more than a whole stretch allows, or its price is not known.
    #[error("the request may cost more than the budget of a whole {stretch}")]
    TooLarge {
        /// Whose budget.
        stretch: Stretch,
    },
    /// The file cannot be read or written.
    #[error("what was spent cannot be kept in {}", .path.display())]
    Unusable {
        /// The file.
        path: PathBuf,
        /// What the system said.
        #[source]
        source: io::Error,
    },
    /// What several machines share cannot be read or written.
    #[error("what was spent cannot be kept in the Redis that the machines share: {}", .0.reason)]
    Away(Away),
    /// The run ended in the middle.
    #[error("keeping what was spent was interrupted")]
    Interrupted,
    /// It is there and makes no sense.
    #[error("what was spent cannot be read from Redis: delete the key {key} to begin anew")]
    Foreign {
        /// The key.
        key: String,
    },
    /// The file is there and makes no sense.
    #[error("what was spent cannot be read from {}: delete the file to begin anew", .path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
    },
}

impl From<Away> for LedgerError {
    fn from(away: Away) -> Self {
        Self::Away(away)
    }
}

/// An amount that was reserved, until it is settled.
#[derive(Debug, Clone, Copy)]
pub struct Entry {
    amount: Amount,
    /// When it was reserved.
    at: Duration,
}

impl Entry {
    /// Returns what was reserved.
    #[must_use]
    pub fn amount(&self) -> Amount {
        self.amount
    }
}

/// What is used and allowed in a stretch of time.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Balance {
    /// The stretch.
    pub stretch: Stretch,
    /// What was used so far.
    pub used: Amount,
    /// What may be used.
    pub allowance: Allowance,
}

/// The budgets that all runs share.
#[derive(Debug, Clone)]
pub struct Ledger {
    allowances: Allowances,
    place: Place,
}

/// Where what was spent is kept.
#[derive(Debug, Clone)]
enum Place {
    File(InFile),
    Across(Arc<Across>),
}

impl Ledger {
    /// Names the folder of the file; both are made when something is reserved.
    #[must_use]
    pub fn new(folder: impl Into<PathBuf>, allowances: Allowances) -> Self {
        Self { allowances, place: Place::File(InFile::new(folder.into())) }
    }

    /// Keeps what was spent in a Redis that several machines share; nothing is connected before something is reserved.
    #[must_use]
    pub fn shared_through(redis: Arc<Redis>, allowances: Allowances) -> Self {
        Self { allowances, place: Place::Across(Arc::new(Across::new(redis))) }
    }

    /// Returns whether one of the budgets counts requests.
    #[must_use]
    pub fn counts_requests(&self) -> bool {
        Stretch::ALL.iter().any(|stretch| self.allowances.of(*stretch).requests.is_some())
    }

    /// Takes an amount from every budget, or none. May wait for other processes or the network, for some seconds.
    ///
    /// # Errors
    ///
    /// When a budget does not suffice, or what was spent cannot be read or written: nothing may be sent then.
    pub fn reserve(&self, amount: Amount) -> Result<Entry, LedgerError> {
        // Nothing that was spent before matters to a request that is too large for an unspent budget.
        for stretch in Stretch::ALL {
            if !amount.is_within(&self.allowances.of(stretch)) {
                return Err(LedgerError::TooLarge { stretch });
            }
        }
        match &self.place {
            Place::File(file) => file.reserve(amount, &self.allowances, clock::since_epoch()),
            Place::Across(across) => across.reserve(amount, &self.allowances),
        }
    }

    /// Puts what was used in the place of what was reserved.
    ///
    /// # Errors
    ///
    /// When what was spent cannot be read or written: the whole reservation stays spent.
    pub fn settle(&self, entry: Entry, used: Amount) -> Result<(), LedgerError> {
        match &self.place {
            Place::File(file) => file.settle(entry, used, clock::since_epoch()),
            Place::Across(across) => across.settle(entry, used),
        }
    }

    /// Returns what is used and allowed now, for each stretch.
    ///
    /// # Errors
    ///
    /// When what was spent is there and cannot be read.
    pub fn balances(&self) -> Result<Vec<Balance>, LedgerError> {
        let used = match &self.place {
            Place::File(file) => file.used(clock::since_epoch())?,
            Place::Across(across) => across.used()?,
        };
        let balance = |(stretch, used)| Balance { stretch, used, allowance: self.allowances.of(stretch) };
        Ok(Stretch::ALL.into_iter().zip(used).map(balance).collect())
    }
}

#[cfg(test)]
mod tests {
    use tempfile::TempDir;

    use super::*;

    #[test]
    fn what_is_more_than_a_whole_budget_or_has_no_price_is_refused_for_good() {
        let folder = TempDir::new().unwrap();
        let day = Allowance { tokens: Some(1_000), cost: Some(1.0), ..Allowance::default() };
        let ledger = Ledger::new(folder.path(), Allowances { day, ..Allowances::default() });
        let amount = Amount { requests: 1, tokens: 1_000, cost: Some(1.0) };
        for refused in [Amount { tokens: 1_001, ..amount }, Amount { cost: None, ..amount }] {
            let error = ledger.reserve(refused).unwrap_err();
            assert!(matches!(error, LedgerError::TooLarge { stretch: Stretch::Day }), "{error}");
        }
        ledger.reserve(amount).unwrap();
    }
}
