//! Requests and tokens per minute: when the next request may go out.
//!
//! [`Limiter`] decides and knows no clock; [`SharedLimiter`] puts it on one and sleeps. A service that resets its
//! counters at a moment of its own choosing is satisfied by a window that slides, and enforces requests per
//! minute over single seconds, so these are paced evenly. What was reserved is not given back when the answer
//! turns out shorter: Azure does not give it back either.

use std::collections::VecDeque;
use std::num::NonZeroU64;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use crate::clock;

const WINDOW: Duration = Duration::from_secs(60);

/// What a deployment allows in a minute.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Quota {
    /// Requests in a minute.
    pub requests_per_minute: NonZeroU64,
    /// Tokens in a minute: those of the prompts and the largest possible answers.
    pub tokens_per_minute: NonZeroU64,
}

/// The state of a quota, over timestamps that the caller hands in.
///
/// Timestamps are durations since any fixed moment and must not go backwards.
#[derive(Debug)]
pub struct Limiter {
    quota: Quota,
    next_request: Duration,
    paused_until: Duration,
    /// What was admitted within the last minute, oldest first.
    admitted: VecDeque<(Duration, u64)>,
    tokens_in_window: u64,
}

impl Limiter {
    /// Makes the state of a quota that is not used yet.
    #[must_use]
    pub fn new(quota: Quota) -> Self {
        Self {
            quota,
            next_request: Duration::ZERO,
            paused_until: Duration::ZERO,
            admitted: VecDeque::new(),
            tokens_in_window: 0,
        }
    }

    /// Admits a request at the time `now`.
    ///
    /// A request with more tokens than a whole minute allows is admitted when the window is empty, and then alone.
    ///
    /// # Errors
    ///
    /// How long to wait before asking again, when it cannot be admitted now. Nothing is reserved then.
    pub fn reserve(&mut self, now: Duration, tokens: u64) -> Result<(), Duration> {
        // A request without tokens still occupies the window: an oversized one must find it empty.
        let tokens = tokens.max(1);
        self.forget_before(now);
        let earliest = self.paused_until.max(self.next_request).max(self.tokens_fit_at(tokens));
        let wait = earliest.saturating_sub(now);
        if !wait.is_zero() {
            return Err(wait);
        }
        self.next_request = now + interval(self.quota.requests_per_minute);
        self.admitted.push_back((now, tokens));
        self.tokens_in_window = self.tokens_in_window.saturating_add(tokens);
        Ok(())
    }

    /// Admits nothing before the time `until`; a longer pause that is already set stays.
    pub fn pause(&mut self, until: Duration) {
        self.paused_until = self.paused_until.max(until);
    }

    fn forget_before(&mut self, now: Duration) {
        while let Some((when, tokens)) = self.admitted.front().copied() {
            if when + WINDOW > now {
                break;
            }
            self.tokens_in_window = self.tokens_in_window.saturating_sub(tokens);
            self.admitted.pop_front();
        }
    }

    /// Returns when enough of the window has passed for these tokens; in the past if they fit now.
    fn tokens_fit_at(&self, tokens: u64) -> Duration {
        let room = self.quota.tokens_per_minute.get().saturating_sub(tokens);
        let mut used = self.tokens_in_window;
        let mut fits_at = Duration::ZERO;
        for (when, tokens) in &self.admitted {
            if used <= room {
                break;
            }
            used = used.saturating_sub(*tokens);
            fits_at = *when + WINDOW;
        }
        fits_at
    }
}

/// Returns the time between two requests, rounded up so that a minute never holds one too many.
fn interval(requests_per_minute: NonZeroU64) -> Duration {
    const NANOSECONDS: u64 = 60_000_000_000;
    Duration::from_nanos(NANOSECONDS.div_ceil(requests_per_minute.get()))
}

/// A limiter on the real clock that several tasks wait at, first come, first served.
#[derive(Debug)]
pub struct SharedLimiter {
    began: Instant,
    limiter: Mutex<Limiter>,
    /// Held by the task that is next. The lock is fair: a large request is not overtaken forever by small ones.
    turn: tokio::sync::Mutex<()>,
}

impl SharedLimiter {
    /// Makes a limiter for a quota that is not used yet.
    #[must_use]
    pub fn new(quota: Quota) -> Self {
        Self {
            began: clock::monotonic(),
            limiter: Mutex::new(Limiter::new(quota)),
            turn: tokio::sync::Mutex::new(()),
        }
    }

    /// Waits until a request with these tokens is admitted.
    pub async fn admit(&self, tokens: u64) {
        let _turn = self.turn.lock().await;
        while let Err(wait) = self.with_limiter(|limiter, now| limiter.reserve(now, tokens)) {
            tokio::time::sleep(wait).await;
        }
    }

    /// Holds back every request for this long, also those that are waiting already.
    pub fn pause_for(&self, wait: Duration) {
        self.with_limiter(|limiter, now| limiter.pause(now.saturating_add(wait)));
    }

    fn with_limiter<T>(&self, work: impl FnOnce(&mut Limiter, Duration) -> T) -> T {
        let mut limiter = self.limiter.lock().unwrap_or_else(PoisonError::into_inner);
        let now = clock::monotonic().saturating_duration_since(self.began);
        work(&mut limiter, now)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use proptest::prelude::*;

    use super::*;

    fn limiter(requests_per_minute: u64, tokens_per_minute: u64) -> Limiter {
        Limiter::new(quota(requests_per_minute, tokens_per_minute))
    }

    fn quota(requests_per_minute: u64, tokens_per_minute: u64) -> Quota {
        Quota {
            requests_per_minute: NonZeroU64::new(requests_per_minute).unwrap(),
            tokens_per_minute: NonZeroU64::new(tokens_per_minute).unwrap(),
        }
    }

    fn seconds(seconds: u64) -> Duration {
        Duration::from_secs(seconds)
    }

    /// Asks at each time for the tokens, and compares: 0 is admitted, another number the seconds to wait.
    fn play(limiter: &mut Limiter, steps: &[(u64, u64, u64)]) {
        for (now, tokens, wait) in steps {
            let found = limiter.reserve(seconds(*now), *tokens);
            let expected = if *wait == 0 { Ok(()) } else { Err(seconds(*wait)) };
            assert_eq!(found, expected, "{tokens} tokens at {now} s");
        }
    }

    #[test]
    fn requests_are_paced_evenly() {
        play(
            &mut limiter(6, 1_000_000),
            &[(0, 1, 0), (0, 1, 10), (4, 1, 6), (10, 1, 0), (50, 1, 0), (51, 1, 9)],
        );
    }

    #[test]
    fn tokens_leave_the_window_after_a_minute() {
        play(
            &mut limiter(60, 100),
            &[
                (0, 60, 0),
                (1, 40, 0),
                (2, 1, 58),
                (59, 60, 1),
                (60, 61, 1),
                (60, 60, 0),
                (61, 40, 0),
                (62, 1, 58),
            ],
        );
    }

    #[test]
    fn a_request_waits_until_enough_of_the_older_ones_have_passed() {
        play(&mut limiter(60, 100), &[(0, 30, 0), (10, 30, 0), (20, 40, 0), (21, 60, 49), (70, 60, 0)]);
    }

    #[test]
    fn an_oversized_request_goes_alone() {
        play(
            &mut limiter(60, 100),
            &[(0, 10, 0), (1, 500, 59), (60, 500, 0), (61, 1, 59), (120, 1, 0), (121, u64::MAX, 59)],
        );
    }

    #[test]
    fn a_pause_holds_everything_and_never_shrinks() {
        let mut limiter = limiter(60, 100);
        limiter.pause(seconds(30));
        limiter.pause(seconds(10));
        play(&mut limiter, &[(0, 1, 30), (29, 1, 1), (30, 1, 0)]);
    }

    #[test]
    fn a_refused_request_reserves_nothing() {
        let mut limiter = limiter(1, 100);
        play(&mut limiter, &[(0, 100, 0), (1, 100, 59), (2, 100, 58), (60, 100, 0)]);
    }

    proptest! {
        #[test]
        fn no_minute_exceeds_the_quota(
            requests_per_minute in 1_u64..400,
            tokens_per_minute in 1_u64..5_000,
            asked in prop::collection::vec((0_u64..20_000, 0_u64..6_000), 1..200),
        ) {
            let mut limiter = limiter(requests_per_minute, tokens_per_minute);
            let mut now = Duration::ZERO;
            let mut admitted: Vec<(Duration, u64)> = Vec::new();
            for (pause, tokens) in asked {
                now += Duration::from_millis(pause);
                // Who is told to wait and waits exactly that long is admitted: no request waits forever.
                if let Err(wait) = limiter.reserve(now, tokens) {
                    prop_assert!(wait > Duration::ZERO && wait <= WINDOW);
                    now += wait;
                    prop_assert_eq!(limiter.reserve(now, tokens), Ok(()));
                }
                admitted.push((now, tokens));
            }
            for (index, (begin, _)) in admitted.iter().enumerate() {
                let window = admitted[index..].iter().take_while(|(when, _)| *when < *begin + WINDOW);
                let (requests, tokens) = window.fold((0, 0), |(requests, sum), (_, tokens)| (requests + 1, sum + tokens));
                prop_assert!(requests <= requests_per_minute);
                prop_assert!(tokens <= tokens_per_minute || requests == 1, "{tokens} tokens in {requests} requests");
            }
        }
    }

    #[tokio::test]
    async fn a_shared_pause_delays_who_is_waiting() {
        let limiter = Arc::new(SharedLimiter::new(quota(6_000_000, 1_000_000)));
        let began = clock::monotonic();
        limiter.pause_for(Duration::from_millis(20));
        let waiting = Arc::clone(&limiter);
        let (first, ()) = tokio::join!(
            async {
                waiting.admit(1).await;
                began.elapsed()
            },
            async { limiter.pause_for(Duration::from_millis(80)) },
        );
        assert!(first >= Duration::from_millis(80), "{first:?}");
    }

    #[tokio::test]
    async fn tasks_are_admitted_in_the_order_they_came() {
        let limiter = SharedLimiter::new(quota(60_000, 1_000_000));
        let order = Mutex::new(Vec::new());
        let come = async |name: u32| {
            limiter.admit(1).await;
            order.lock().unwrap().push(name);
        };
        tokio::join!(come(1), come(2), come(3), come(4));
        assert_eq!(order.into_inner().unwrap(), [1, 2, 3, 4]);
    }
}
