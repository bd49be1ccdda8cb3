//! Outcomes of a run, its exit status, and every format they are printed in.
//!
//! Pure: formats write into anything that takes bytes. `commands/` makes the [`Report`] and decides where it
//! goes; nothing here looks at files, time or terminal.

mod badge;
mod coverage;
mod estimate;
mod excerpt;
mod fix;
mod github;
mod gitlab;
mod json;
mod junit;
mod listing;
mod markdown;
mod outcome;
mod phrase;
mod rdjson;
mod sarif;
mod scores;
mod source;
mod statistics;
mod text;

pub use badge::badge;
pub use coverage::{Counted, Coverage, Gate, Scope, Tally, coverage_json, coverage_text};
pub use estimate::{Estimate, estimate_json, estimate_text};
pub use fix::Fix;
pub use github::github;
pub use gitlab::gitlab;
pub use json::{json, json_lines, written};
pub use junit::junit;
pub use markdown::{Notes, markdown};
pub use outcome::{Outcome, Report, Resolution, SkipReason, UsageTotals};
pub use phrase::uri;
pub use rdjson::rdjson;
pub use sarif::sarif;
pub use scores::{Scored, Scores, scores_json, scores_text};
pub use source::Source;
pub use statistics::{statistics_json, statistics_text};
pub use text::{TextForm, TextStyle, beside_findings, text};

#[cfg(test)]
mod sample;
