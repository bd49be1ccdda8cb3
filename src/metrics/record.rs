//! What is kept of a call and of a run.

use serde::{Deserialize, Serialize};

/// One line of the history.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
pub enum Record {
    /// A request to a model.
    Call(Call),
    /// A run that wanted prose.
    Run(Run),
}

impl Record {
    /// Returns when it was, in milliseconds since 1970-01-01 UTC.
    #[must_use]
    pub fn at(&self) -> u64 {
        match self {
            Self::Call(call) => call.at,
            Self::Run(run) => run.at,
        }
    }
}

/// A request to a model, with all its attempts.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Call {
    /// When it ended, in milliseconds since 1970-01-01 UTC.
    pub at: u64,
    /// The identifier of the run.
    pub run: String,
    /// The model that was asked.
    pub model: String,
    /// How many definitions it was about.
    pub definitions: u64,
    /// 0 for the first question, 1 and 2 for corrections.
    pub round: u64,
    /// How often it was sent.
    pub attempts: u64,
    /// How long it took, with waits and repetitions, in milliseconds.
    pub milliseconds: u64,
    /// Tokens of the prompt.
    pub prompt_tokens: u64,
    /// Those of them that were billed as cached.
    pub cached_tokens: u64,
    /// Tokens of the answer.
    pub completion_tokens: u64,
    /// US dollars, where the price is known.
    pub cost: Option<f64>,
    /// `answered`, or why not, as a word: `rate-limited`, `refused`, `not-json`.
    pub outcome: String,
    /// The identifier to name when asking the service about it.
    pub request_id: Option<String>,
}

/// The outcome of a call that brought what was asked for.
pub(super) const ANSWERED: &str = "answered";

/// A run that wanted prose.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Run {
    /// When it ended, in milliseconds since 1970-01-01 UTC.
    pub at: u64,
    /// Its identifier.
    pub run: String,
    /// Which door it came through: `command`, `hook`, `review`, `sweep`.
    pub door: String,
    /// Definitions that wanted prose.
    pub definitions: u64,
    /// Those answered from the cache.
    pub cache_hits: u64,
    /// Those written.
    pub written: u64,
    /// Those that failed.
    pub failed: u64,
    /// Those that the budget did not reach.
    pub over_budget: u64,
}
