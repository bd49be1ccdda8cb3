//! Outcomes of a run, its exit status, and every format they are printed in.
//!
//! Pure: formats write into anything that takes bytes. `commands/` makes the [`Report`] and decides where it
//! goes; nothing here looks at files, time or terminal.

mod badge;
mod coverage;
mod json;
mod markdown;
mod outcome;
mod phrase;
mod scores;
mod text;

pub use badge::badge;
pub use coverage::{Counted, Coverage, Gate, Scope, Tally, coverage_json, coverage_text};
pub use json::json;
pub use markdown::{Notes, markdown};
pub use outcome::{Outcome, Report, Resolution, SkipReason, UsageTotals};
pub use scores::{Scored, Scores, scores_json, scores_text};
pub use text::{TextStyle, text};

#[cfg(test)]
mod sample;
