//! The state of a quota: when the next request may go out, over any timestamps.
//!
//! A service that resets its counters at a moment of its own choosing is satisfied by a window that slides. Requests per
//! minute are enforced over one or ten seconds as well, so these are paced evenly, and no sixth of a window has more than
//! its share. What was reserved is not given back when the answer turns out shorter: Azure does not give it back either.
//! `window.lua` says the same for a window that several machines share.

use std::collections::VecDeque;
use std::num::NonZeroU64;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::{Observed, Quota, QuotaSource};

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
    /// The requests and tokens that the service allows, by its own word.
    learnt: Option<(NonZeroU64, NonZeroU64)>,
}

/// The state of a quota as it is kept; times are nanoseconds since 1970.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Kept {
    now: u64,
    due: u64,
    tokens_due: u64,
    paused_until: u64,
    foreign: (u64, u64),
    admitted: Vec<(u64, u64)>,
    learnt: Option<(NonZeroU64, NonZeroU64)>,
}

fn nanoseconds(time: Duration) -> u64 {
    u64::try_from(time.as_nanos()).unwrap_or(u64::MAX)
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
            learnt: None,
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
        self.admit(now, tokens);
        Ok(())
    }

    /// Takes note that a request goes out at the time `now`, whatever was said about it here.
    pub fn admit(&mut self, now: Duration, tokens: u64) {
        let tokens = tokens.max(1);
        self.forget_before(now);
        let burst = self.burst_lag();
        let paced = |due: Duration, lag: Duration, interval: Duration| {
            due.max(now.saturating_sub(burst.saturating_add(lag))) + interval
        };
        let (requests, all_tokens) = (self.quota.requests, self.quota.tokens);
        let interval = self.share(1, requests);
        self.due = paced(self.due, interval.min(self.quota.margin()), interval);
        // Nobody counts tokens over less than some seconds: a machine that wakes up late may catch up with one.
        self.tokens_due = paced(self.tokens_due, self.quota.window / 60, self.share(tokens, all_tokens));
        self.admitted.push_back((now, tokens));
        self.tokens_in_window = self.tokens_in_window.saturating_add(tokens);
    }

    /// Returns the state at the time `now`, to be kept.
    pub(super) fn kept(&self, now: Duration) -> Kept {
        let (foreign_until, foreign) = self.foreign;
        Kept {
            now: nanoseconds(now),
            due: nanoseconds(self.due),
            tokens_due: nanoseconds(self.tokens_due),
            paused_until: nanoseconds(self.paused_until),
            foreign: (nanoseconds(foreign_until), foreign),
            admitted: self.admitted.iter().map(|(when, tokens)| (nanoseconds(*when), *tokens)).collect(),
            learnt: self.learnt,
        }
    }

    /// Goes on from a state that was kept, at the time `now` of a clock that may have been turned back; gives the time to
    /// go by. An assumed quota gives way to what somebody else was told by the service.
    pub(super) fn restored(quota: Quota, kept: Option<&Kept>, now: Duration) -> (Self, Duration) {
        let mut limiter = Self::new(quota);
        // A clock that is a little behind the last one waits; one that was far ahead was wrong.
        let Some(kept) = kept.filter(|kept| Duration::from_nanos(kept.now) <= now + quota.held()) else {
            return (limiter, now);
        };
        let now = now.max(Duration::from_nanos(kept.now));
        limiter.due = Duration::from_nanos(kept.due).min(now + quota.held());
        limiter.tokens_due = Duration::from_nanos(kept.tokens_due).min(now + quota.held());
        limiter.paused_until = Duration::from_nanos(kept.paused_until);
        limiter.foreign = (Duration::from_nanos(kept.foreign.0), kept.foreign.1);
        limiter.admitted =
            kept.admitted.iter().map(|(when, tokens)| (Duration::from_nanos(*when), *tokens)).collect();
        limiter.tokens_in_window =
            kept.admitted.iter().fold(0, |sum: u64, (_, tokens)| sum.saturating_add(*tokens));
        limiter.learnt = kept.learnt;
        if let (QuotaSource::Assumed, Some((requests, tokens))) = (quota.source, kept.learnt) {
            (limiter.quota.requests, limiter.quota.tokens) = (requests, tokens);
        }
        limiter.forget_before(now);
        (limiter, now)
    }

    /// Returns the quota as it is known now.
    #[must_use]
    pub fn quota(&self) -> Quota {
        self.quota
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
            if observed.limit_requests.is_some() || observed.limit_tokens.is_some() {
                self.learnt = Some((self.quota.requests, self.quota.tokens));
            }
        }
        let Some(remaining) = observed.remaining_of(&self.quota) else { return };
        self.forget_before(now);
        let foreign = (self.quota.tokens.get() - remaining).saturating_sub(self.tokens_in_window);
        self.foreign = (now + self.quota.held(), foreign);
    }

    /// The part of a window that a part of the quota takes, so that none of it is used faster than evenly.
    fn share(&self, part: u64, whole: NonZeroU64) -> Duration {
        let nanoseconds = self.quota.window.as_nanos().saturating_mul(u128::from(part));
        let nanoseconds = nanoseconds.div_ceil(u128::from(whole.get()));
        Duration::from_nanos(u64::try_from(nanoseconds).unwrap_or(u64::MAX)).min(self.quota.held())
    }

    /// How far the pace may lag behind what is allowed, so that a burst is a catching up.
    fn burst_lag(&self) -> Duration {
        let allowed = u32::try_from(self.quota.burst.get() - 1).unwrap_or(u32::MAX);
        self.share(1, self.quota.requests).saturating_mul(allowed)
    }

    fn forget_before(&mut self, now: Duration) {
        while let Some((when, tokens)) = self.admitted.front().copied() {
            if when + self.quota.held() > now {
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
        let whole = nth_last(requests).map_or(Duration::ZERO, |when| when + self.quota.held());
        let sixth = nth_last((requests / 6).max(self.quota.burst.get()));
        // With fewer than six requests in a window the pace alone keeps them apart.
        let sixth =
            sixth.filter(|_| requests >= 6).map_or(Duration::ZERO, |when| when + self.quota.held() / 6);
        whole.max(sixth)
    }

    /// Returns when enough of the window has passed for these tokens; in the past if they fit now.
    fn tokens_fit_at(&self, now: Duration, tokens: u64) -> Duration {
        let room = self.quota.tokens.get().saturating_sub(tokens);
        let alone = self.used_at_most(room);
        let (until, foreign) = self.foreign;
        if until <= now || foreign == 0 {
            return alone;
        }
        // What others have used is over by then; before, both must fit.
        let afterwards = alone.max(until);
        room.checked_sub(foreign).map_or(afterwards, |room| self.used_at_most(room).min(afterwards))
    }

    /// Returns when the window has no more than these tokens of our own; the start of time if it has not now.
    fn used_at_most(&self, room: u64) -> Duration {
        let mut used = self.tokens_in_window;
        let mut at = Duration::ZERO;
        for (when, tokens) in &self.admitted {
            if used <= room {
                break;
            }
            used = used.saturating_sub(*tokens);
            at = *when + self.quota.held();
        }
        at
    }
}

#[cfg(test)]
mod tests {
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
    fn what_others_have_used_holds_nobody_up_once_it_is_over() {
        let start = Duration::from_secs(1_000_000);
        let mut limiter = limiter(6_000, 100);
        limiter.reserve(start, 5).unwrap();
        let nothing_left =
            Observed { limit_tokens: NonZeroU64::new(100), remaining_tokens: Some(0), limit_requests: None };
        limiter.observe(start + milliseconds(100), &nothing_left);
        let first_is_over = start + limiter.quota.held();
        limiter.reserve(first_is_over, 5).unwrap();
        assert_eq!(limiter.reserve(first_is_over + milliseconds(1), 5), Err(milliseconds(99)));
        limiter.reserve(first_is_over + milliseconds(100), 5).unwrap();
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
}
