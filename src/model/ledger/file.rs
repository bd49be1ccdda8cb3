//! What was spent, in a small file that all runs of a machine share.
//!
//! ```text
//! budget.json   three counters, replaced as a whole
//! budget.lock   held while they are read and written
//! ```

use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::PathBuf;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::{Allowances, Amount, Entry, LedgerError, Stretch};
use crate::lock;

const FILE: &str = "budget.json";
const LOCK: &str = "budget.lock";
const PATIENCE: Duration = Duration::from_secs(5);

/// The file, by its folder.
#[derive(Debug, Clone)]
pub(super) struct InFile {
    folder: PathBuf,
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

impl InFile {
    pub(super) fn new(folder: PathBuf) -> Self {
        Self { folder }
    }

    /// Takes an amount from every budget, or none.
    pub(super) fn reserve(
        &self,
        amount: Amount,
        allowances: &Allowances,
        now: Duration,
    ) -> Result<Entry, LedgerError> {
        self.change(now, |state| {
            for stretch in Stretch::ALL {
                let used = state.of(stretch).used.plus(amount);
                if !used.is_within(&allowances.of(stretch)) {
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
    pub(super) fn settle(&self, entry: Entry, used: Amount, now: Duration) -> Result<(), LedgerError> {
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

    /// Returns what is used in each stretch.
    pub(super) fn used(&self, now: Duration) -> Result<[Amount; 3], LedgerError> {
        let mut state = self.read()?;
        state.turn(now);
        Ok([state.minute.used, state.hour.used, state.day.used])
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
        lock::make_private(&self.folder)?;
        lock::acquire(&self.folder.join(LOCK), PATIENCE)
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

#[cfg(test)]
mod tests {
    use std::thread;

    use tempfile::TempDir;

    use super::super::Allowance;
    use super::*;

    const NOON: Duration = Duration::from_secs(1_767_355_200);

    fn amount(requests: u64, tokens: u64, cost: f64) -> Amount {
        Amount { requests, tokens, cost: Some(cost) }
    }

    /// The file as one of several runs sees it.
    struct Run {
        file: InFile,
        allowances: Allowances,
    }

    impl Run {
        fn reserve_at(&self, amount: Amount, now: Duration) -> Result<Entry, LedgerError> {
            self.file.reserve(amount, &self.allowances, now)
        }
    }

    fn run(folder: &TempDir, day: Allowance) -> Run {
        let allowances = Allowances { day, ..Allowances::default() };
        Run { file: InFile::new(folder.path().join("new")), allowances }
    }

    #[test]
    fn a_budget_holds_across_runs_and_begins_anew_the_next_day() {
        let folder = TempDir::new().unwrap();
        let day = Allowance { tokens: Some(1_000), ..Allowance::default() };
        run(&folder, day).reserve_at(amount(1, 700, 0.0), NOON).unwrap();
        let refused = run(&folder, day).reserve_at(amount(1, 301, 0.0), NOON).unwrap_err();
        let LedgerError::Spent { stretch: Stretch::Day, renewed_in } = refused else { panic!("{refused}") };
        assert_eq!(renewed_in, Duration::from_secs(12 * 3_600));
        run(&folder, day).reserve_at(amount(1, 300, 0.0), NOON).unwrap();
        run(&folder, day).reserve_at(amount(1, 1_000, 0.0), NOON + renewed_in).unwrap();
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
            let ledger = Run { file: InFile::new(folder.path().to_owned()), allowances };
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
        let run = run(&folder, day);
        let entry = run.reserve_at(amount(1, 1_000, 1.0), NOON).unwrap();
        run.file.settle(entry, amount(2, 100, 0.1), NOON).unwrap();
        assert_eq!(run.file.read().unwrap().day.used, amount(2, 100, 0.1));
        // A reservation of yesterday is not settled with today's budget.
        let tomorrow = NOON + Duration::from_secs(86_400);
        let entry = run.reserve_at(amount(1, 900, 0.9), NOON).unwrap();
        run.file.settle(entry, amount(1, 1, 0.0), tomorrow).unwrap();
        assert_eq!(run.file.read().unwrap().day.used, Amount::default());
    }

    #[test]
    fn nothing_is_spent_when_the_file_is_damaged_or_cannot_be_written() {
        let folder = TempDir::new().unwrap();
        let ledger = InFile::new(folder.path().to_owned());
        let open = Allowances::default();
        for damage in ["", "{", "[]", r#"{"minute":{}}"#, "\u{0}\u{0}\u{0}"] {
            File::create(folder.path().join(FILE)).unwrap().write_all(damage.as_bytes()).unwrap();
            let refused = ledger.reserve(amount(1, 1, 0.0), &open, NOON).unwrap_err();
            assert!(matches!(refused, LedgerError::Damaged { .. }), "{damage:?}: {refused}");
        }
        let file = folder.path().join("file");
        File::create(&file).unwrap();
        let refused = InFile::new(file).reserve(amount(1, 1, 0.0), &open, NOON).unwrap_err();
        assert!(matches!(refused, LedgerError::Unusable { .. }), "{refused}");
    }

    #[test]
    fn a_clock_that_is_turned_back_gives_nothing_back() {
        let folder = TempDir::new().unwrap();
        let day = Allowance { requests: Some(1), ..Allowance::default() };
        let run = run(&folder, day);
        run.reserve_at(amount(1, 1, 0.0), NOON).unwrap();
        let yesterday = NOON.checked_sub(Duration::from_secs(86_400)).unwrap();
        assert!(run.reserve_at(amount(1, 1, 0.0), yesterday).is_err());
    }

    #[test]
    fn many_at_once_never_spend_more_than_there_is() {
        let folder = TempDir::new().unwrap();
        let day = Allowance { requests: Some(50), ..Allowance::default() };
        let granted: usize = thread::scope(|scope| {
            let spend = || {
                let run = run(&folder, day);
                (0..20).filter(|_| run.reserve_at(amount(1, 1, 0.0), NOON).is_ok()).count()
            };
            let threads: Vec<_> = (0..4).map(|_| scope.spawn(spend)).collect();
            threads.into_iter().map(|thread| thread.join().unwrap()).sum()
        });
        assert_eq!(granted, 50);
    }
}
