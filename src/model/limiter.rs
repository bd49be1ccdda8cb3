//! Requests and tokens per minute: when the next request may go out.
//!
//! [`Limiter`] decides and knows no clock; [`SharedLimiter`] puts it on one and sleeps. A service that resets its
//! counters at a moment of its own choosing is satisfied by a window that slides. Requests per minute are enforced
//! over one or ten seconds as well, so these are paced evenly, and no sixth of a window has more than its share. What
//! was reserved is not given back when the answer turns out shorter: Azure does not give it back either.

use std::collections::VecDeque;
use std::num::NonZeroU64;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use crate::clock;

/// What a deployment allows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Quota {
    /// Requests in a window.
    pub requests: NonZeroU64,
    /// Tokens in a window: those of the prompts and the largest possible answers.
    pub tokens: NonZeroU64,
    /// How long a window is; services count by the minute.
    pub window: Duration,
    /// How many requests may go out at once after a pause; one paces them evenly.
    pub burst: NonZeroU64,
    /// Who says so.
    pub source: QuotaSource,
}

/// Who says what a deployment allows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum QuotaSource {
    /// A person; what the service says is not taken over.
    Configured,
    /// Nobody yet: the service's word is taken.
    Assumed,
}

impl Quota {
    /// Makes a quota by the minute, configured and paced evenly; a quota of nothing is none.
    #[must_use]
    pub fn per_minute(requests: u64, tokens: u64) -> Option<Self> {
        Some(Self {
            requests: NonZeroU64::new(requests)?,
            tokens: NonZeroU64::new(tokens)?,
            window: Duration::from_secs(60),
            burst: NonZeroU64::MIN,
            source: QuotaSource::Configured,
        })
    }
}

/// What a service says about its counters; each part may be missing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Observed {
    /// The requests that it allows in a window.
    pub limit_requests: Option<NonZeroU64>,
    /// The tokens that it allows in a window.
    pub limit_tokens: Option<NonZeroU64>,
    /// The tokens that are left in its window.
    pub remaining_tokens: Option<u64>,
}

/// The state of a quota, over timestamps that the caller hands in.
///
/// Timestamps are durations since any fixed moment and must not go backwards.
#[derive(Debug)]
pub struct Limiter {
    quota: Quota,
    /// When the next request is due, were all of them paced evenly.
    due: Duration,
    /// When its tokens are, were all of those.
    tokens_due: Duration,
    paused_until: Duration,
    /// What was admitted within the last window, oldest first.
    admitted: VecDeque<(Duration, u64)>,
    tokens_in_window: u64,
    /// Tokens that others have used, as far as the service's counters show, and until when they count.
    foreign: (Duration, u64),
}

impl Limiter {
    /// Makes the state of a quota that is not used yet.
    #[must_use]
    pub fn new(quota: Quota) -> Self {
        Self {
            quota,
            due: Duration::ZERO,
            tokens_due: Duration::ZERO,
            paused_until: Duration::ZERO,
            admitted: VecDeque::new(),
            tokens_in_window: 0,
            foreign: (Duration::ZERO, 0),
        }
    }

    /// Admits a request at the time `now`.
    ///
    /// A request with more tokens than a whole window allows is admitted when the window is empty, and then alone.
    ///
    /// # Errors
    ///
    /// How long to wait before asking again, when it cannot be admitted now. Nothing is reserved then.
    pub fn reserve(&mut self, now: Duration, tokens: u64) -> Result<(), Duration> {
        // A request without tokens still occupies the window: an oversized one must find it empty.
        let tokens = tokens.max(1);
        self.forget_before(now);
        let earliest = self
            .paused_until
            .max(self.due)
            .max(self.tokens_due)
            .max(self.requests_fit_at())
            .max(self.tokens_fit_at(now, tokens));
        let wait = earliest.saturating_sub(now);
        if !wait.is_zero() {
            return Err(wait);
        }
        let burst = self.burst_lag();
        let paced = |due: Duration, lag: Duration, interval: Duration| {
            due.max(now.saturating_sub(burst.saturating_add(lag))) + interval
        };
        let (requests, all_tokens) = (self.quota.requests, self.quota.tokens);
        let interval = self.share(1, requests);
        self.due = paced(self.due, interval.min(self.margin()), interval);
        // Nobody counts tokens over less than some seconds: a machine that wakes up late may catch up with one.
        self.tokens_due = paced(self.tokens_due, self.quota.window / 60, self.share(tokens, all_tokens));
        self.admitted.push_back((now, tokens));
        self.tokens_in_window = self.tokens_in_window.saturating_add(tokens);
        Ok(())
    }

    /// Admits nothing before the time `until`; a longer pause that is already set stays.
    pub fn pause(&mut self, until: Duration) {
        self.paused_until = self.paused_until.max(until);
    }

    /// Takes note of what the service says at the time `now`.
    pub fn observe(&mut self, now: Duration, observed: &Observed) {
        if self.quota.source == QuotaSource::Assumed {
            self.quota.requests = observed.limit_requests.unwrap_or(self.quota.requests);
            self.quota.tokens = observed.limit_tokens.unwrap_or(self.quota.tokens);
        }
        // Counters of another window than ours (some services count by ten seconds) say nothing about ours.
        let (Some(limit), Some(remaining)) = (observed.limit_tokens, observed.remaining_tokens) else {
            return;
        };
        if limit != self.quota.tokens || remaining > limit.get() {
            return;
        }
        self.forget_before(now);
        let foreign = (limit.get() - remaining).saturating_sub(self.tokens_in_window);
        self.foreign = (now + self.held(), foreign);
    }

    /// How long something counts: an answer may take its time to leave or to arrive, so that two requests a window apart
    /// here may be less apart there.
    fn held(&self) -> Duration {
        self.quota.window + self.margin()
    }

    fn margin(&self) -> Duration {
        self.quota.window / 100
    }

    /// The part of a window that a part of the quota takes, so that none of it is used faster than evenly.
    fn share(&self, part: u64, whole: NonZeroU64) -> Duration {
        let nanoseconds = self.quota.window.as_nanos().saturating_mul(u128::from(part));
        let nanoseconds = nanoseconds.div_ceil(u128::from(whole.get()));
        Duration::from_nanos(u64::try_from(nanoseconds).unwrap_or(u64::MAX)).min(self.held())
    }

    /// How far the pace may lag behind what is allowed, so that a burst is a catching up.
    fn burst_lag(&self) -> Duration {
        let allowed = u32::try_from(self.quota.burst.get() - 1).unwrap_or(u32::MAX);
        self.share(1, self.quota.requests).saturating_mul(allowed)
    }

    fn forget_before(&mut self, now: Duration) {
        while let Some((when, tokens)) = self.admitted.front().copied() {
            if when + self.held() > now {
                break;
            }
            self.tokens_in_window = self.tokens_in_window.saturating_sub(tokens);
            self.admitted.pop_front();
        }
    }

    /// Returns when a window, and a sixth of one, has room for one more request.
    fn requests_fit_at(&self) -> Duration {
        let nth_last = |count: u64| {
            let index = self.admitted.len().checked_sub(usize::try_from(count).ok()?)?;
            self.admitted.get(index).map(|(when, _)| *when)
        };
        let requests = self.quota.requests.get();
        let whole = nth_last(requests).map_or(Duration::ZERO, |when| when + self.held());
        let sixth = nth_last((requests / 6).max(self.quota.burst.get()));
        // With fewer than six requests in a window the pace alone keeps them apart.
        let sixth = sixth.filter(|_| requests >= 6).map_or(Duration::ZERO, |when| when + self.held() / 6);
        whole.max(sixth)
    }

    /// Returns when enough of the window has passed for these tokens; in the past if they fit now.
    fn tokens_fit_at(&self, now: Duration, tokens: u64) -> Duration {
        let mut room = self.quota.tokens.get().saturating_sub(tokens);
        let (until, foreign) = self.foreign;
        let mut fits_at = Duration::ZERO;
        if until > now && foreign > 0 {
            if foreign > room {
                fits_at = until;
            } else {
                room -= foreign;
            }
        }
        let mut used = self.tokens_in_window;
        for (when, tokens) in &self.admitted {
            if used <= room {
                break;
            }
            used = used.saturating_sub(*tokens);
            fits_at = fits_at.max(*when + self.held());
        }
        fits_at
    }
}

/// A limiter on the real clock that several tasks wait at, first come, first served.
#[derive(Debug)]
pub struct SharedLimiter {
    began: Instant,
    limiter: Mutex<Limiter>,
    /// Held by the task that is next. The lock is fair: a large request is not overtaken forever by small ones.
    turn: tokio::sync::Mutex<()>,
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
            turn: tokio::sync::Mutex::new(()),
        }
    }

    /// Waits until a request with these tokens is admitted.
    ///
    /// # Errors
    ///
    /// When that would take longer than the patience lasts. Nothing is reserved then.
    pub async fn admit(&self, tokens: u64, patience: Patience) -> Result<(), NotAdmitted> {
        let deadline = tokio::time::Instant::from_std(patience.deadline);
        let Ok(_turn) = tokio::time::timeout_at(deadline, self.turn.lock()).await else {
            return Err(NotAdmitted::Late);
        };
        let began = clock::monotonic();
        while let Err(wait) = self.with_limiter(|limiter, now| limiter.reserve(now, tokens)) {
            let until = clock::monotonic() + wait;
            if until > patience.deadline || until.saturating_duration_since(began) > patience.longest {
                return Err(NotAdmitted::Wait(wait));
            }
            tokio::time::sleep(wait).await;
        }
        Ok(())
    }

    /// Holds back every request for this long, also those that are waiting already.
    pub fn pause_for(&self, wait: Duration) {
        self.with_limiter(|limiter, now| limiter.pause(now.saturating_add(wait)));
    }

    /// Takes note of what the service says.
    pub fn observe(&self, observed: &Observed) {
        self.with_limiter(|limiter, now| limiter.observe(now, observed));
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

    /// A quota by the minute that allows bursts, so that a test sees the windows and not the pace.
    fn limiter(requests: u64, tokens: u64) -> Limiter {
        let burst = NonZeroU64::new(1_000_000).unwrap();
        Limiter::new(Quota { burst, ..quota(requests, tokens) })
    }

    fn quota(requests: u64, tokens: u64) -> Quota {
        Quota::per_minute(requests, tokens).unwrap()
    }

    const fn milliseconds(milliseconds: u64) -> Duration {
        Duration::from_millis(milliseconds)
    }

    /// Asks at each millisecond for the tokens, and compares: 0 is admitted, another number the milliseconds to wait.
    fn play(limiter: &mut Limiter, steps: &[(u64, u64, u64)]) {
        // Behind the start of time, where a burst has no past to catch up with.
        let start = Duration::from_secs(1_000_000);
        for (now, tokens, wait) in steps {
            let found = limiter.reserve(start + milliseconds(*now), *tokens);
            let expected = if *wait == 0 { Ok(()) } else { Err(milliseconds(*wait)) };
            assert_eq!(found, expected, "{tokens} tokens at {now} ms");
        }
    }

    #[test]
    fn requests_are_paced_evenly_and_what_was_late_catches_up_a_little() {
        let steps = [
            (0, 1, 0),
            (0, 1, 400),
            (500, 1, 0),
            (500, 1, 900),
            (1_400, 1, 0),
            (60_000, 1, 0),
            (60_000, 1, 400),
        ];
        play(&mut Limiter::new(quota(60, 1_000_000)), &steps);
    }

    #[test]
    fn tokens_are_paced_evenly_and_a_second_is_caught_up() {
        // A third of the tokens takes a third of the window.
        let steps = [
            (0, 100, 0),
            (0, 10, 19_000),
            (19_000, 10, 0),
            (19_000, 1, 2_000),
            (21_500, 20, 0),
            (21_500, 1, 3_500),
        ];
        play(&mut Limiter::new(quota(600, 300)), &steps);
    }

    #[test]
    fn a_burst_goes_out_at_once_and_no_sixth_of_a_window_has_more_than_its_share() {
        let burst = NonZeroU64::new(3).unwrap();
        let steps = [(0, 1, 0), (0, 1, 0), (0, 1, 0), (0, 1, 400), (400, 1, 0), (400, 1, 1_000)];
        play(&mut Limiter::new(Quota { burst, ..quota(60, 1_000_000) }), &steps);
        let mut limiter = Limiter::new(quota(60, 1_000_000));
        let admitted = (0..10_100).filter(|now| limiter.reserve(milliseconds(*now), 1).is_ok()).count();
        assert_eq!(admitted, 10);
    }

    #[test]
    fn tokens_leave_the_window_after_a_minute_and_a_margin() {
        let steps = [
            (0, 60, 0),
            (1_000, 40, 0),
            (2_000, 1, 58_600),
            (60_599, 60, 1),
            (60_600, 60, 0),
            (60_600, 1, 1_000),
        ];
        play(&mut limiter(60, 100), &steps);
    }

    #[test]
    fn a_request_waits_until_enough_of_the_older_ones_have_passed() {
        let steps = [(0, 30, 0), (10_000, 30, 0), (20_000, 40, 0), (21_000, 60, 49_600), (70_600, 60, 0)];
        play(&mut limiter(60, 100), &steps);
    }

    #[test]
    fn an_oversized_request_goes_alone() {
        let steps =
            [(0, 10, 0), (1_000, 500, 59_600), (60_600, 500, 0), (60_600, 1, 60_600), (121_200, 1, 0)];
        play(&mut limiter(60, 100), &steps);
    }

    #[test]
    fn a_pause_holds_everything_and_never_shrinks() {
        let start = Duration::from_secs(1_000_000);
        let mut limiter = limiter(60, 100);
        limiter.pause(start + milliseconds(30_000));
        limiter.pause(start + milliseconds(10_000));
        play(&mut limiter, &[(0, 1, 30_000), (29_000, 1, 1_000), (30_000, 1, 0)]);
    }

    #[test]
    fn a_refused_request_reserves_nothing() {
        play(
            &mut limiter(1, 100),
            &[(0, 100, 0), (1_000, 100, 59_600), (2_000, 100, 58_600), (60_600, 100, 0)],
        );
    }

    #[test]
    fn what_others_use_of_the_quota_is_left_to_them() {
        let start = Duration::from_secs(1_000_000);
        let mut limiter = limiter(60, 100);
        let observed = |remaining| Observed {
            limit_tokens: NonZeroU64::new(100),
            remaining_tokens: Some(remaining),
            ..Observed::default()
        };
        play(&mut limiter, &[(0, 30, 0)]);
        limiter.observe(start, &observed(70));
        assert_eq!(limiter.foreign.1, 0);
        limiter.observe(start, &observed(20));
        play(&mut limiter, &[(1, 21, 60_599), (1, 20, 0)]);
        // Its counter has begun anew.
        limiter.observe(start + milliseconds(2), &observed(100));
        play(&mut limiter, &[(3, 50, 0)]);
    }

    #[test]
    fn an_assumed_quota_takes_the_service_s_word_and_a_configured_one_does_not() {
        let observed = Observed {
            limit_requests: NonZeroU64::new(7),
            limit_tokens: NonZeroU64::new(9),
            remaining_tokens: None,
        };
        for (source, expected) in [(QuotaSource::Assumed, (7, 9)), (QuotaSource::Configured, (60, 100))] {
            let mut limiter = Limiter::new(Quota { source, ..quota(60, 100) });
            limiter.observe(Duration::ZERO, &observed);
            assert_eq!((limiter.quota.requests.get(), limiter.quota.tokens.get()), expected);
        }
    }

    proptest! {
        #[test]
        fn no_minute_exceeds_the_quota(
            requests in 1_u64..400,
            tokens in 1_u64..5_000,
            burst in 1_u64..20,
            asked in prop::collection::vec((0_u64..20_000, 0_u64..6_000), 1..200),
        ) {
            let burst = NonZeroU64::new(burst).unwrap();
            let mut limiter = Limiter::new(Quota { burst, ..quota(requests, tokens) });
            let window = limiter.quota.window;
            let mut now = Duration::ZERO;
            let mut admitted: Vec<(Duration, u64)> = Vec::new();
            for (pause, asked) in asked {
                now += milliseconds(pause);
                // Who is told to wait and waits exactly that long is admitted: no request waits forever.
                if let Err(wait) = limiter.reserve(now, asked) {
                    prop_assert!(wait > Duration::ZERO && wait <= window * 2);
                    now += wait;
                    prop_assert_eq!(limiter.reserve(now, asked), Ok(()));
                }
                admitted.push((now, asked));
            }
            for (index, (begin, _)) in admitted.iter().enumerate() {
                let window = admitted[index..].iter().take_while(|(when, _)| *when < *begin + window);
                let (count, sum) = window.fold((0, 0), |(count, sum), (_, tokens)| (count + 1, sum + tokens));
                prop_assert!(count <= requests);
                prop_assert!(sum <= tokens || count == 1, "{sum} tokens in {count} requests");
            }
        }
    }

    fn patient() -> Patience {
        let long = Duration::from_secs(600);
        Patience { longest: long, deadline: clock::monotonic() + long }
    }

    #[tokio::test]
    async fn a_shared_pause_delays_who_is_waiting() {
        let limiter = Arc::new(SharedLimiter::new(quota(6_000_000, 1_000_000)));
        let began = clock::monotonic();
        limiter.pause_for(milliseconds(20));
        let waiting = Arc::clone(&limiter);
        let (first, ()) = tokio::join!(
            async {
                waiting.admit(1, patient()).await.unwrap();
                began.elapsed()
            },
            async { limiter.pause_for(milliseconds(80)) },
        );
        assert!(first >= milliseconds(80), "{first:?}");
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
    }
}
