//! Waiting for the next request to be due, on the real clock.

use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use tracing::warn;

use super::across::Across;
use super::beside::Beside;
use super::{Limiter, Observed, Quota};
use crate::clock;
use crate::shared::Redis;

/// The time at which a limiter begins: behind the start of time, where a burst would have no past to catch up with.
const PAST: Duration = Duration::from_secs(1_000_000);

/// A limiter on the real clock that several tasks wait at, first come, first served.
///
/// Where a quota is shared, the state that is shared decides. While that cannot be reached, it goes by what this process
/// has sent.
#[derive(Debug)]
pub struct SharedLimiter {
    began: Instant,
    limiter: Mutex<Limiter>,
    place: Option<Arc<Place>>,
    /// Whether it was said that the state cannot be reached.
    is_told: AtomicBool,
    /// Held by the task that is next. The lock is fair: a large request is not overtaken forever by small ones.
    turn: tokio::sync::Mutex<()>,
}

/// Who shares a quota.
#[derive(Debug, Clone, Default)]
pub enum Together {
    /// Nobody: each process is paced by itself.
    #[default]
    Process,
    /// The processes of this machine that use this folder.
    Machine(PathBuf),
    /// All machines that use this Redis.
    Machines(Arc<Redis>),
}

/// Where the state is that is shared.
#[derive(Debug)]
enum Place {
    Across(Across),
    Beside(Beside),
}

/// How long a request waits for its turn.
#[derive(Debug, Clone, Copy)]
pub struct Patience {
    /// The longest wait once it is first in the queue.
    pub longest: Duration,
    /// When waiting has no sense any more.
    pub deadline: Instant,
}

/// Why a request was not admitted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotAdmitted {
    /// The time is up.
    Late,
    /// The quota admits it only after this wait.
    Wait(Duration),
}

impl SharedLimiter {
    /// Makes a limiter for a quota that is not used yet.
    #[must_use]
    pub fn new(quota: Quota) -> Self {
        Self {
            began: clock::monotonic(),
            limiter: Mutex::new(Limiter::new(quota)),
            place: None,
            is_told: AtomicBool::new(false),
            turn: tokio::sync::Mutex::new(()),
        }
    }

    /// Shares the quota of this name with everybody who names it alike there.
    #[must_use]
    pub fn shared_in(self, together: Together, name: &str) -> Self {
        let place = match together {
            Together::Process => None,
            Together::Machine(folder) => Some(Arc::new(Place::Beside(Beside::new(folder, name)))),
            Together::Machines(redis) => Some(Arc::new(Place::Across(Across::new(redis, name)))),
        };
        Self { place, ..self }
    }

    /// Waits until a request with these tokens is admitted.
    ///
    /// # Errors
    ///
    /// When that would take longer than the patience lasts. Nothing is reserved then, unless the time ran out while the
    /// quota was asked.
    pub async fn admit(&self, tokens: u64, patience: Patience) -> Result<(), NotAdmitted> {
        let deadline = tokio::time::Instant::from_std(patience.deadline);
        let Ok(_turn) = tokio::time::timeout_at(deadline, self.turn.lock()).await else {
            return Err(NotAdmitted::Late);
        };
        let began = clock::monotonic();
        while let Err(wait) = self.reserve(tokens).await {
            let until = clock::monotonic() + wait;
            if until > patience.deadline || until.saturating_duration_since(began) > patience.longest {
                return Err(NotAdmitted::Wait(wait));
            }
            tokio::time::sleep(wait).await;
        }
        // A shared quota that is slow to answer takes time as well.
        if clock::monotonic() > patience.deadline {
            return Err(NotAdmitted::Late);
        }
        Ok(())
    }

    /// Holds back every request for this long, also those that are waiting already.
    pub async fn pause_for(&self, wait: Duration) {
        self.with_limiter(|limiter, now| limiter.pause(now.saturating_add(wait)));
        self.there(move |place, quota| match place {
            Place::Across(across) => across.pause(quota, wait).map_err(|away| away.to_string()),
            Place::Beside(beside) => beside.pause(quota, wait).map_err(|error| error.to_string()),
        })
        .await;
    }

    /// Takes note of what the service says.
    pub async fn observe(&self, observed: Observed) {
        self.with_limiter(|limiter, now| limiter.observe(now, &observed));
        self.there(move |place, quota| match place {
            Place::Across(across) => across.observe(quota, &observed).map_err(|away| away.to_string()),
            Place::Beside(beside) => beside.observe(quota, &observed).map_err(|error| error.to_string()),
        })
        .await;
    }

    async fn reserve(&self, tokens: u64) -> Result<(), Duration> {
        let asked = self.there(move |place, quota| match place {
            Place::Across(across) => across.reserve(quota, tokens).map_err(|away| away.to_string()),
            Place::Beside(beside) => beside.reserve(quota, tokens).map_err(|error| error.to_string()),
        });
        match asked.await {
            Some(Ok(())) => {
                self.with_limiter(|limiter, now| limiter.admit(now, tokens));
                Ok(())
            }
            Some(Err(wait)) => Err(wait),
            None => self.with_limiter(|limiter, now| limiter.reserve(now, tokens)),
        }
    }

    /// Asks the state that is shared, on a thread that may wait for it; nothing comes of it when there is none or it cannot be
    /// reached.
    async fn there<T: Send + 'static>(
        &self,
        ask: impl FnOnce(&Place, &Quota) -> Result<T, String> + Send + 'static,
    ) -> Option<T> {
        let place = Arc::clone(self.place.as_ref()?);
        let quota = self.with_limiter(|limiter, _| limiter.quota());
        let is_file = matches!(*place, Place::Beside(_));
        match tokio::task::spawn_blocking(move || ask(&place, &quota)).await.ok()? {
            Ok(value) => Some(value),
            Err(reason) => {
                // Of Redis it was told where it is asked.
                if is_file && !self.is_told.swap(true, Ordering::Relaxed) {
                    warn!(reason, "the quota cannot be shared with other runs; this one is paced alone");
                }
                None
            }
        }
    }

    fn with_limiter<T>(&self, work: impl FnOnce(&mut Limiter, Duration) -> T) -> T {
        let mut limiter = self.limiter.lock().unwrap_or_else(PoisonError::into_inner);
        let now = PAST + clock::monotonic().saturating_duration_since(self.began);
        work(&mut limiter, now)
    }
}

#[cfg(test)]
mod tests {
    use std::num::NonZeroU64;

    use super::*;

    const fn milliseconds(milliseconds: u64) -> Duration {
        Duration::from_millis(milliseconds)
    }

    fn quota(requests: u64, tokens: u64) -> Quota {
        Quota::per_minute(requests, tokens).unwrap()
    }

    fn patient() -> Patience {
        let long = Duration::from_secs(600);
        Patience { longest: long, deadline: clock::monotonic() + long }
    }

    #[tokio::test]
    async fn a_shared_pause_delays_who_is_waiting() {
        let limiter = Arc::new(SharedLimiter::new(quota(6_000_000, 1_000_000)));
        let began = clock::monotonic();
        limiter.pause_for(milliseconds(20)).await;
        let waiting = Arc::clone(&limiter);
        let (first, ()) = tokio::join!(
            async {
                waiting.admit(1, patient()).await.unwrap();
                began.elapsed()
            },
            limiter.pause_for(milliseconds(80)),
        );
        assert!(first >= milliseconds(80), "{first:?}");
    }

    #[tokio::test]
    async fn a_burst_goes_out_at_once_from_the_first_moment_on() {
        let burst = NonZeroU64::new(3).unwrap();
        let limiter = SharedLimiter::new(Quota { burst, ..quota(6, 1_000_000) });
        let at_once = Patience { longest: Duration::ZERO, ..patient() };
        for expected in [true, true, true, false] {
            assert_eq!(limiter.admit(1, at_once).await.is_ok(), expected);
        }
    }

    #[tokio::test]
    async fn tasks_are_admitted_in_the_order_they_came() {
        let limiter = SharedLimiter::new(quota(60_000, 1_000_000));
        let order = Mutex::new(Vec::new());
        let come = async |name: u32| {
            limiter.admit(1, patient()).await.unwrap();
            order.lock().unwrap().push(name);
        };
        tokio::join!(come(1), come(2), come(3), come(4));
        assert_eq!(order.into_inner().unwrap(), [1, 2, 3, 4]);
    }

    #[tokio::test]
    async fn who_would_wait_too_long_is_told_so_at_once() {
        let limiter = SharedLimiter::new(quota(60_000, 100));
        limiter.admit(100, patient()).await.unwrap();
        let began = clock::monotonic();
        let short = Patience { longest: Duration::from_secs(1), ..patient() };
        assert!(
            matches!(limiter.admit(100, short).await, Err(NotAdmitted::Wait(wait)) if wait > short.longest)
        );
        let late = Patience { deadline: clock::monotonic() + Duration::from_secs(1), ..patient() };
        assert!(matches!(limiter.admit(100, late).await, Err(NotAdmitted::Wait(_))));
        assert!(began.elapsed() < milliseconds(500));
        let limiter = SharedLimiter::new(quota(60_000, 100));
        let over = Patience { deadline: began, ..patient() };
        assert_eq!(limiter.admit(1, over).await, Err(NotAdmitted::Late));
    }
}
