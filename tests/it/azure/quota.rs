//! Azure's admission: tokens by the minute and requests by ten seconds, in windows that begin when the clock says so.
//!
//! Written from what is known about the service and without a look at docgate's limiter. A call adds the estimate of
//! its prompt, a token for four characters, and its completion limit to the counter of the window; calls that are
//! rejected count as requests, and nothing is given back. Source: <https://learn.microsoft.com/azure/ai-foundry/openai/quotas-limits>.

use std::sync::Mutex;
use std::time::{Duration, Instant};

use serde_json::Value;

/// What is enforced.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Limits {
    /// Tokens in a window.
    pub(crate) tokens: u64,
    /// Requests in a sixth of a window.
    pub(crate) requests: u64,
    /// A window; Azure's is a minute.
    pub(crate) window: Duration,
}

/// The counters.
#[derive(Debug)]
pub(crate) struct Admission {
    limits: Limits,
    state: Mutex<Counters>,
}

#[derive(Debug, Clone)]
struct Counters {
    /// The beginning of time: the first call, less what has passed of the window that it falls into.
    epoch: Option<Instant>,
    window: u128,
    tokens: u64,
    sixth: u128,
    requests: u64,
    seen: Seen,
}

/// What has happened so far.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Seen {
    pub(crate) admitted: u64,
    pub(crate) admitted_tokens: u64,
    pub(crate) rejected_for_tokens: u64,
    pub(crate) rejected_for_requests: u64,
    /// From the first call to the last.
    pub(crate) elapsed: Duration,
}

impl Seen {
    pub(crate) fn rejected(&self) -> u64 {
        self.rejected_for_tokens + self.rejected_for_requests
    }
}

/// What became of a call, with what the headers say.
pub(super) struct Decision {
    /// When to come back, for a call that is rejected.
    pub(super) retry_after: Option<Duration>,
    pub(super) remaining_tokens: u64,
    pub(super) limits: Limits,
}

impl Admission {
    pub(crate) fn new(limits: Limits) -> Self {
        let counters =
            Counters { epoch: None, window: 0, tokens: 0, sixth: 0, requests: 0, seen: Seen::default() };
        Self { limits, state: Mutex::new(counters) }
    }

    pub(crate) fn seen(&self) -> Seen {
        self.state.lock().unwrap().seen
    }

    /// Counts a call.
    pub(super) fn call(&self, body: &Value) -> Decision {
        let Limits { tokens, requests, window } = self.limits;
        let mut state = self.state.lock().unwrap();
        let now = Instant::now();
        // Neither the first call nor any other is at the beginning of a window.
        let began = window.mul_f64(0.37);
        let epoch = *state.epoch.get_or_insert(now.checked_sub(began).unwrap());
        let passed = now - epoch;
        state.seen.elapsed = passed.saturating_sub(began);
        let (this_window, this_sixth) =
            (passed.as_nanos() / window.as_nanos(), passed.as_nanos() * 6 / window.as_nanos());
        if this_window != state.window {
            (state.window, state.tokens) = (this_window, 0);
        }
        if this_sixth != state.sixth {
            (state.sixth, state.requests) = (this_sixth, 0);
        }
        state.requests += 1;
        let ends = |index: u128, length: Duration| {
            let end = length.as_nanos() * (index + 1);
            Duration::from_nanos(u64::try_from(end.saturating_sub(passed.as_nanos())).unwrap())
        };
        let decision = |retry_after, used: u64| Decision {
            retry_after,
            remaining_tokens: tokens.saturating_sub(used),
            limits: self.limits,
        };
        if state.requests > requests {
            state.seen.rejected_for_requests += 1;
            return decision(Some(ends(this_sixth, window / 6)), state.tokens);
        }
        let wanted = estimate(body);
        if state.tokens + wanted > tokens {
            state.seen.rejected_for_tokens += 1;
            return decision(Some(ends(this_window, window)), state.tokens);
        }
        state.tokens += wanted;
        state.seen.admitted += 1;
        state.seen.admitted_tokens += wanted;
        decision(None, state.tokens)
    }
}

/// A token for four characters, and the limit of the answer.
fn estimate(body: &Value) -> u64 {
    let prompt =
        body["messages"].to_string().chars().count() + body["response_format"].to_string().chars().count();
    let limit = body["max_tokens"].as_u64().or(body["max_completion_tokens"].as_u64()).unwrap_or(0);
    prompt as u64 / 4 + limit
}
