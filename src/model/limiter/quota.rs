//! What a deployment allows, and what it says about that itself.

use std::num::NonZeroU64;
use std::time::Duration;

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

    /// How long something counts: an answer may take its time to leave or to arrive, so that two requests a window apart
    /// here may be less apart there.
    pub(super) fn held(&self) -> Duration {
        self.window + self.margin()
    }

    pub(super) fn margin(&self) -> Duration {
        self.window / 100
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

impl Observed {
    /// Returns the tokens that are left, if they are those of this quota: counters of another window than ours (some
    /// services count by ten seconds) say nothing about it.
    pub(super) fn remaining_of(&self, quota: &Quota) -> Option<u64> {
        let (limit, remaining) = (self.limit_tokens?, self.remaining_tokens?);
        (limit == quota.tokens && remaining <= limit.get()).then_some(remaining)
    }
}
