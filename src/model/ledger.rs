//! What was spent in this minute, hour and day, kept in a small file that all runs of a machine share.
//!
//! A budget must hold although several runs spend from it and any of them may be killed: what a request may cost at most
//! is written down before it is sent, and replaced by what it did cost afterwards. A file that cannot be read or
//! written means that nothing is sent. Minutes, hours and days are those of UTC, so that a person can say when they end.
//!
//! ```text
//! budget.json   three counters, replaced as a whole
//! budget.lock   held while they are read and written
//! ```

use std::fmt;
use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::thread;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::clock;

const FILE: &str = "budget.json";
const LOCK: &str = "budget.lock";
const PATIENCE: Duration = Duration::from_secs(5);
const BETWEEN_TRIES: Duration = Duration::from_millis(5);

/// A stretch of time with a budget of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Stretch {
    /// A minute.
    Minute,
    /// An hour.
    Hour,
    /// A day.
    Day,
}

impl Stretch {
    /// All of them, the shortest first.
    pub const ALL: [Self; 3] = [Self::Minute, Self::Hour, Self::Day];

    fn seconds(self) -> u64 {
        match self {
            Self::Minute => 60,
            Self::Hour => 3_600,
            Self::Day => 86_400,
        }
    }

    fn number(self, now: Duration) -> u64 {
        now.as_secs() / self.seconds()
    }

    fn ends_in(self, now: Duration) -> Duration {
        Duration::from_secs((self.number(now) + 1) * self.seconds()).saturating_sub(now)
    }
}

impl fmt::Display for Stretch {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Minute => "minute",
            Self::Hour => "hour",
            Self::Day => "day",
        })
    }
}

/// What may be used in a stretch of time; `None` is no limit.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Allowance {
    /// Requests, repeated ones included.
    pub requests: Option<u64>,
    /// Tokens, sent and received together.
    pub tokens: Option<u64>,
    /// US dollars.
    pub cost: Option<f64>,
}

impl Allowance {
    /// Returns whether nothing is limited.
    #[must_use]
    pub fn is_open(&self) -> bool {
        *self == Self::default()
    }
}

/// What may be used in each stretch of time.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Allowances {
    /// In a minute.
    pub minute: Allowance,
    /// In an hour.
    pub hour: Allowance,
    /// In a day.
    pub day: Allowance,
}

impl Allowances {
    /// Returns whether nothing is limited.
    #[must_use]
    pub fn are_open(&self) -> bool {
        Stretch::ALL.iter().all(|stretch| self.of(*stretch).is_open())
    }

    /// Returns what may be used in a stretch.
    #[must_use]
    pub fn of(&self, stretch: Stretch) -> Allowance {
        match stretch {
            Stretch::Minute => self.minute,
            Stretch::Hour => self.hour,
            Stretch::Day => self.day,
        }
    }
}

/// What requests cost.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
pub struct Amount {
    /// Requests.
    pub requests: u64,
    /// Tokens, sent and received together.
    pub tokens: u64,
    /// US dollars; `None` when the price of the model is not known.
    pub cost: Option<f64>,
}

impl Amount {
    fn plus(self, other: Self) -> Self {
        Self {
            requests: self.requests.saturating_add(other.requests),
            tokens: self.tokens.saturating_add(other.tokens),
            cost: Some(self.cost.unwrap_or(0.0) + other.cost.unwrap_or(0.0)),
        }
    }

    fn minus(self, other: Self) -> Self {
        Self {
            requests: self.requests.saturating_sub(other.requests),
            tokens: self.tokens.saturating_sub(other.tokens),
            cost: Some((self.cost.unwrap_or(0.0) - other.cost.unwrap_or(0.0)).max(0.0)),
        }
    }

    fn is_within(self, allowance: &Allowance) -> bool {
        allowance.requests.is_none_or(|limit| self.requests <= limit)
            && allowance.tokens.is_none_or(|limit| self.tokens <= limit)
            && allowance.cost.is_none_or(|limit| self.cost.is_some_and(|cost| cost <= limit))
    }
}

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
    /// The file is there and makes no sense.
    #[error("what was spent cannot be read from {}: delete the file to begin anew", .path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
    },
}

/// An amount that was reserved, until it is settled.
#[derive(Debug, Clone, Copy)]
pub struct Entry {
    amount: Amount,
    /// When it was reserved.
    at: Duration,
}

/// The budgets of this machine.
#[derive(Debug)]
pub struct Ledger {
    folder: PathBuf,
    allowances: Allowances,
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

#[derive(Debug, Clone, Copy, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Counter {
    /// The number of the minute, hour or day since 1970.
    number: u64,
    used: Amount,
}

#[derive(Debug, Clone, Copy, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct State {
    minute: Counter,
    hour: Counter,
    day: Counter,
}

impl State {
    fn of(&mut self, stretch: Stretch) -> &mut Counter {
        match stretch {
            Stretch::Minute => &mut self.minute,
            Stretch::Hour => &mut self.hour,
            Stretch::Day => &mut self.day,
        }
    }

    /// Begins the counters anew whose time is over. A clock that was turned back gives nothing back.
    fn turn(&mut self, now: Duration) {
        for stretch in Stretch::ALL {
            let counter = self.of(stretch);
            if stretch.number(now) > counter.number {
                *counter = Counter { number: stretch.number(now), used: Amount::default() };
            }
        }
    }
}

impl Ledger {
    /// Names the folder of the file; both are made when something is reserved.
    #[must_use]
    pub fn new(folder: impl Into<PathBuf>, allowances: Allowances) -> Self {
        Self { folder: folder.into(), allowances }
    }

    /// Takes an amount from every budget, or none.
    ///
    /// # Errors
    ///
    /// When a budget does not suffice, or the file cannot be read or written: nothing may be sent then.
    pub fn reserve(&self, amount: Amount) -> Result<Entry, LedgerError> {
        self.reserve_at(amount, clock::since_epoch())
    }

    fn reserve_at(&self, amount: Amount, now: Duration) -> Result<Entry, LedgerError> {
        self.change(now, |state| {
            for stretch in Stretch::ALL {
                let allowance = self.allowances.of(stretch);
                if !amount.is_within(&allowance) {
                    return Err(LedgerError::TooLarge { stretch });
                }
                let used = state.of(stretch).used.plus(amount);
                if !used.is_within(&allowance) {
                    return Err(LedgerError::Spent { stretch, renewed_in: stretch.ends_in(now) });
                }
            }
            for stretch in Stretch::ALL {
                let counter = state.of(stretch);
                counter.used = counter.used.plus(amount);
            }
            Ok(Entry { amount, at: now })
        })
    }

    /// Puts what was used in the place of what was reserved.
    ///
    /// # Errors
    ///
    /// When the file cannot be read or written: the whole reservation stays spent.
    pub fn settle(&self, entry: Entry, used: Amount) -> Result<(), LedgerError> {
        self.settle_at(entry, used, clock::since_epoch())
    }

    fn settle_at(&self, entry: Entry, used: Amount, now: Duration) -> Result<(), LedgerError> {
        self.change(now, |state| {
            for stretch in Stretch::ALL {
                let counter = state.of(stretch);
                // What was reserved in an hour that is over belongs to that hour.
                if counter.number == stretch.number(entry.at) {
                    counter.used = counter.used.minus(entry.amount).plus(used);
                }
            }
            Ok(())
        })
    }

    /// Returns what is used and allowed now, for each stretch.
    ///
    /// # Errors
    ///
    /// When the file is there and cannot be read.
    pub fn balances(&self) -> Result<Vec<Balance>, LedgerError> {
        let mut state = self.read()?;
        state.turn(clock::since_epoch());
        let balance = |stretch| Balance {
            stretch,
            used: state.clone().of(stretch).used,
            allowance: self.allowances.of(stretch),
        };
        Ok(Stretch::ALL.map(balance).to_vec())
    }

    fn change<T>(
        &self,
        now: Duration,
        work: impl FnOnce(&mut State) -> Result<T, LedgerError>,
    ) -> Result<T, LedgerError> {
        let _lock = self.lock().map_err(|source| self.unusable(source))?;
        let mut state = self.read()?;
        state.turn(now);
        let result = work(&mut state)?;
        self.write(&state).map_err(|source| self.unusable(source))?;
        Ok(result)
    }

    fn unusable(&self, source: io::Error) -> LedgerError {
        LedgerError::Unusable { path: self.folder.join(FILE), source }
    }

    fn lock(&self) -> io::Result<File> {
        make_private(&self.folder)?;
        let file =
            OpenOptions::new().create(true).truncate(false).write(true).open(self.folder.join(LOCK))?;
        let began = clock::monotonic();
        loop {
            match file.try_lock() {
                Ok(()) => return Ok(file),
                Err(TryLockError::Error(error)) => return Err(error),
                Err(TryLockError::WouldBlock) if began.elapsed() < PATIENCE => thread::sleep(BETWEEN_TRIES),
                Err(TryLockError::WouldBlock) => {
                    return Err(io::Error::new(io::ErrorKind::TimedOut, "another process holds its lock"));
                }
            }
        }
    }

    fn read(&self) -> Result<State, LedgerError> {
        let path = self.folder.join(FILE);
        match fs::read(&path) {
            Ok(bytes) => serde_json::from_slice(&bytes).map_err(|_| LedgerError::Damaged { path }),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(State::default()),
            Err(source) => Err(LedgerError::Unusable { path, source }),
        }
    }

    fn write(&self, state: &State) -> io::Result<()> {
        let mut file = tempfile::NamedTempFile::new_in(&self.folder)?;
        file.write_all(&serde_json::to_vec(state)?)?;
        file.persist(self.folder.join(FILE)).map(|_| ()).map_err(|error| error.error)
    }
}

/// Makes a folder that only its owner can look into; one that exists keeps its rights.
fn make_private(folder: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

#[cfg(test)]
mod tests {
    use tempfile::TempDir;

    use super::*;

    const NOON: Duration = Duration::from_secs(1_767_355_200);

    fn amount(requests: u64, tokens: u64, cost: f64) -> Amount {
        Amount { requests, tokens, cost: Some(cost) }
    }

    fn ledger(folder: &TempDir, day: Allowance) -> Ledger {
        Ledger::new(folder.path().join("new"), Allowances { day, ..Allowances::default() })
    }

    #[test]
    fn a_budget_holds_across_runs_and_begins_anew_the_next_day() {
        let folder = TempDir::new().unwrap();
        let day = Allowance { tokens: Some(1_000), ..Allowance::default() };
        ledger(&folder, day).reserve_at(amount(1, 700, 0.0), NOON).unwrap();
        let refused = ledger(&folder, day).reserve_at(amount(1, 301, 0.0), NOON).unwrap_err();
        let LedgerError::Spent { stretch: Stretch::Day, renewed_in } = refused else { panic!("{refused}") };
        assert_eq!(renewed_in, Duration::from_secs(12 * 3_600));
        ledger(&folder, day).reserve_at(amount(1, 300, 0.0), NOON).unwrap();
        ledger(&folder, day).reserve_at(amount(1, 1_000, 0.0), NOON + renewed_in).unwrap();
        let large = ledger(&folder, day).reserve_at(amount(1, 1_001, 0.0), NOON).unwrap_err();
        assert!(matches!(large, LedgerError::TooLarge { .. }), "{large}");
    }

    #[test]
    fn each_stretch_and_each_unit_has_a_limit_of_its_own() {
        let limit = |requests, tokens, cost| Allowance { requests, tokens, cost };
        let table = [
            (Stretch::Minute, limit(Some(2), None, None)),
            (Stretch::Hour, limit(None, Some(250), None)),
            (Stretch::Day, limit(None, None, Some(0.25))),
        ];
        for (stretch, allowance) in table {
            let folder = TempDir::new().unwrap();
            let mut allowances = Allowances::default();
            match stretch {
                Stretch::Minute => allowances.minute = allowance,
                Stretch::Hour => allowances.hour = allowance,
                Stretch::Day => allowances.day = allowance,
            }
            let ledger = Ledger::new(folder.path(), allowances);
            let results: Vec<bool> =
                (0..4).map(|_| ledger.reserve_at(amount(1, 100, 0.1), NOON).is_ok()).collect();
            assert_eq!(results, [true, true, false, false], "{stretch}");
            assert!(
                ledger.reserve_at(amount(1, 100, 0.1), NOON + stretch.ends_in(NOON)).is_ok(),
                "{stretch}"
            );
        }
    }

    #[test]
    fn what_is_settled_takes_the_place_of_what_was_reserved() {
        let folder = TempDir::new().unwrap();
        let day = Allowance { tokens: Some(1_000), cost: Some(1.0), ..Allowance::default() };
        let ledger = ledger(&folder, day);
        let entry = ledger.reserve_at(amount(1, 1_000, 1.0), NOON).unwrap();
        ledger.settle_at(entry, amount(2, 100, 0.1), NOON).unwrap();
        assert_eq!(ledger.read().unwrap().day.used, amount(2, 100, 0.1));
        // A reservation of yesterday is not settled with today's budget.
        let tomorrow = NOON + Duration::from_secs(86_400);
        let entry = ledger.reserve_at(amount(1, 900, 0.9), NOON).unwrap();
        ledger.settle_at(entry, amount(1, 1, 0.0), tomorrow).unwrap();
        assert_eq!(ledger.read().unwrap().day.used, Amount::default());
    }

    #[test]
    fn a_price_that_is_not_known_cannot_be_kept() {
        let folder = TempDir::new().unwrap();
        let ledger = ledger(&folder, Allowance { cost: Some(1.0), ..Allowance::default() });
        let unknown = Amount { cost: None, ..amount(1, 1, 0.0) };
        assert!(ledger.reserve_at(unknown, NOON).is_err());
    }

    #[test]
    fn nothing_is_spent_when_the_file_is_damaged_or_cannot_be_written() {
        let folder = TempDir::new().unwrap();
        let ledger = Ledger::new(folder.path(), Allowances::default());
        for damage in ["", "{", "[]", r#"{"minute":{}}"#, "\u{0}\u{0}\u{0}"] {
            File::create(folder.path().join(FILE)).unwrap().write_all(damage.as_bytes()).unwrap();
            let refused = ledger.reserve_at(amount(1, 1, 0.0), NOON).unwrap_err();
            assert!(matches!(refused, LedgerError::Damaged { .. }), "{damage:?}: {refused}");
        }
        let file = folder.path().join("file");
        File::create(&file).unwrap();
        let refused =
            Ledger::new(file, Allowances::default()).reserve_at(amount(1, 1, 0.0), NOON).unwrap_err();
        assert!(matches!(refused, LedgerError::Unusable { .. }), "{refused}");
    }

    #[test]
    fn a_clock_that_is_turned_back_gives_nothing_back() {
        let folder = TempDir::new().unwrap();
        let day = Allowance { requests: Some(1), ..Allowance::default() };
        let ledger = ledger(&folder, day);
        ledger.reserve_at(amount(1, 1, 0.0), NOON).unwrap();
        let yesterday = NOON.checked_sub(Duration::from_secs(86_400)).unwrap();
        assert!(ledger.reserve_at(amount(1, 1, 0.0), yesterday).is_err());
    }

    #[test]
    fn many_at_once_never_spend_more_than_there_is() {
        let folder = TempDir::new().unwrap();
        let day = Allowance { requests: Some(50), ..Allowance::default() };
        let granted: usize = thread::scope(|scope| {
            let spend = || {
                let ledger = ledger(&folder, day);
                (0..20).filter(|_| ledger.reserve_at(amount(1, 1, 0.0), NOON).is_ok()).count()
            };
            let threads: Vec<_> = (0..4).map(|_| scope.spawn(spend)).collect();
            threads.into_iter().map(|thread| thread.join().unwrap()).sum()
        });
        assert_eq!(granted, 50);
    }
}
