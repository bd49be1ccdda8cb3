//! What may be used of a service in a stretch of time, and what was.

use std::fmt;
use std::time::Duration;

use serde::{Deserialize, Serialize};

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

    pub(super) fn seconds(self) -> u64 {
        match self {
            Self::Minute => 60,
            Self::Hour => 3_600,
            Self::Day => 86_400,
        }
    }

    pub(super) fn number(self, now: Duration) -> u64 {
        now.as_secs() / self.seconds()
    }

    pub(super) fn ends_in(self, now: Duration) -> Duration {
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
    pub(super) fn plus(self, other: Self) -> Self {
        Self {
            requests: self.requests.saturating_add(other.requests),
            tokens: self.tokens.saturating_add(other.tokens),
            cost: Some(self.cost.unwrap_or(0.0) + other.cost.unwrap_or(0.0)),
        }
    }

    pub(super) fn minus(self, other: Self) -> Self {
        Self {
            requests: self.requests.saturating_sub(other.requests),
            tokens: self.tokens.saturating_sub(other.tokens),
            cost: Some((self.cost.unwrap_or(0.0) - other.cost.unwrap_or(0.0)).max(0.0)),
        }
    }

    pub(super) fn is_within(self, allowance: &Allowance) -> bool {
        allowance.requests.is_none_or(|limit| self.requests <= limit)
            && allowance.tokens.is_none_or(|limit| self.tokens <= limit)
            && allowance.cost.is_none_or(|limit| self.cost.is_some_and(|cost| cost <= limit))
    }
}
