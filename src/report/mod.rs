//! Outcomes of a run, its exit status, and every format they are printed in.
//!
//! Pure: formats write into anything that takes bytes. `commands/` makes the [`Report`] and decides where it
//! goes; nothing here looks at files, time or terminal.

mod outcome;

pub use outcome::{Outcome, Report, Resolution, SkipReason, UsageTotals};
