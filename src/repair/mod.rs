//! Deterministic answers to findings: what can be derived from the code is never asked of a model.
//!
//! `rules/` says what is wrong and names the remedy; this stage carries it out on the text of the docstring (`remedy`),
//! round after round until nothing is left (`rounds`). It makes no prose and writes no file: `generate/` fills what is
//! left, `edit/` proves the result.

mod remedy;
mod revision;
mod rounds;
#[cfg(test)]
mod tests;

pub use remedy::{Daring, repair};
pub use revision::{Revision, layout};
pub use rounds::{Left, Patient, Repaired, Tried, repair_file, tried};
