//! The quota that the processes of one machine share: the state of `window.rs`, in a small file under a lock.
//!
//! ```text
//! quota-….json   the state, replaced as a whole
//! quota-….lock   held while it is read and written
//! ```
//!
//! This is about the pace and no budget: a file that cannot be read is begun anew.

use std::fs;
use std::io::{self, Write as _};
use std::path::PathBuf;
use std::time::Duration;

use super::window::Kept;
use super::{Limiter, Observed, Quota};
use crate::{clock, lock};

/// The longest wait for another process; the work under the lock takes about a millisecond.
const PATIENCE: Duration = Duration::from_secs(1);

/// A quota whose state is in a file. Calls wait for the disk and for other processes.
#[derive(Debug)]
pub(super) struct Beside {
    folder: PathBuf,
    name: String,
}

impl Beside {
    /// Names the state; whoever names it alike shares it.
    pub(super) fn new(folder: PathBuf, name: &str) -> Self {
        Self { folder, name: format!("quota-{name}") }
    }

    /// Admits a request now, or says how long to wait before asking again.
    pub(super) fn reserve(&self, quota: &Quota, tokens: u64) -> io::Result<Result<(), Duration>> {
        self.change(quota, |limiter, now| limiter.reserve(now, tokens))
    }

    /// Admits nothing for this long; a longer pause that is already set stays.
    pub(super) fn pause(&self, quota: &Quota, wait: Duration) -> io::Result<()> {
        self.change(quota, |limiter, now| limiter.pause(now.saturating_add(wait)))
    }

    /// Takes note of what the service says.
    pub(super) fn observe(&self, quota: &Quota, observed: &Observed) -> io::Result<()> {
        if observed.remaining_of(quota).is_none() {
            return Ok(());
        }
        self.change(quota, |limiter, now| limiter.observe(now, observed))
    }

    fn change<T>(&self, quota: &Quota, work: impl FnOnce(&mut Limiter, Duration) -> T) -> io::Result<T> {
        lock::make_private(&self.folder)?;
        let path = self.folder.join(format!("{}.json", self.name));
        let _held = lock::acquire(&self.folder.join(format!("{}.lock", self.name)), PATIENCE)?;
        let kept = fs::read(&path).ok().and_then(|bytes| serde_json::from_slice::<Kept>(&bytes).ok());
        let (mut limiter, now) = Limiter::restored(*quota, kept.as_ref(), clock::since_epoch());
        let result = work(&mut limiter, now);
        let mut file = tempfile::NamedTempFile::new_in(&self.folder)?;
        file.write_all(&serde_json::to_vec(&limiter.kept(now))?)?;
        file.persist(path).map_err(|error| error.error)?;
        Ok(result)
    }
}

#[cfg(test)]
mod tests {
    use std::num::NonZeroU64;
    use std::thread;

    use tempfile::TempDir;

    use super::super::QuotaSource;
    use super::*;

    fn quota(requests: u64, tokens: u64) -> Quota {
        let burst = NonZeroU64::new(1_000_000).unwrap();
        Quota { burst, ..Quota::per_minute(requests, tokens).unwrap() }
    }

    fn beside(folder: &TempDir) -> Beside {
        Beside::new(folder.path().join("new"), "name")
    }

    #[test]
    fn many_at_once_get_exactly_what_one_would() {
        for (quota, tokens, expected) in [(quota(50, 1_000_000), 1, 50), (quota(1_000_000, 1_000), 7, 142)] {
            let folder = TempDir::new().unwrap();
            let admitted: usize = thread::scope(|scope| {
                let ask = || {
                    let beside = beside(&folder);
                    (0..60).filter(|_| beside.reserve(&quota, tokens).unwrap().is_ok()).count()
                };
                let threads: Vec<_> = (0..4).map(|_| scope.spawn(ask)).collect();
                threads.into_iter().map(|thread| thread.join().unwrap()).sum()
            });
            assert_eq!(admitted, expected);
        }
    }

    #[test]
    fn a_pause_and_what_strangers_use_hold_for_whoever_comes_next() {
        let folder = TempDir::new().unwrap();
        let quota = quota(60, 100);
        let observed = Observed {
            limit_tokens: NonZeroU64::new(100),
            remaining_tokens: Some(30),
            ..Observed::default()
        };
        beside(&folder).observe(&quota, &observed).unwrap();
        assert!(beside(&folder).reserve(&quota, 31).unwrap().is_err());
        assert_eq!(beside(&folder).reserve(&quota, 30).unwrap(), Ok(()));
        beside(&folder).pause(&quota, Duration::from_secs(500)).unwrap();
        let wait = beside(&folder).reserve(&quota, 1).unwrap().unwrap_err();
        assert!(wait > Duration::from_secs(490), "{wait:?}");
    }

    #[test]
    fn what_the_service_allows_is_known_to_whoever_comes_next() {
        let folder = TempDir::new().unwrap();
        let assumed = Quota { source: QuotaSource::Assumed, ..quota(2, 100) };
        let learnt = Quota { source: QuotaSource::Assumed, ..quota(5, 1_000) };
        let observed = Observed {
            limit_requests: NonZeroU64::new(5),
            limit_tokens: NonZeroU64::new(1_000),
            remaining_tokens: Some(1_000),
        };
        beside(&folder).observe(&learnt, &observed).unwrap();
        let admitted = (0..9).filter(|_| beside(&folder).reserve(&assumed, 1).unwrap().is_ok()).count();
        assert_eq!(admitted, 5);
        // Who was told another quota keeps to that.
        assert!(beside(&folder).reserve(&quota(2, 100), 1).unwrap().is_err());
    }

    #[test]
    fn a_file_that_is_damaged_or_from_the_future_is_begun_anew() {
        let folder = TempDir::new().unwrap();
        let quota = quota(1, 100);
        beside(&folder).reserve(&quota, 1).unwrap().unwrap();
        assert!(beside(&folder).reserve(&quota, 1).unwrap().is_err());
        let path = folder.path().join("new/quota-name.json");
        let good = fs::read_to_string(&path).unwrap();
        let future = good.replace("\"now\":1", "\"now\":9");
        assert_ne!(good, future);
        for text in ["", "{", "[]", "{\"now\":1}", &future] {
            fs::File::create(&path).unwrap().write_all(text.as_bytes()).unwrap();
            assert_eq!(beside(&folder).reserve(&quota, 1).unwrap(), Ok(()), "{text}");
        }
        let file = folder.path().join("file");
        fs::File::create(&file).unwrap();
        assert!(Beside::new(file, "name").reserve(&quota, 1).is_err());
    }
}
