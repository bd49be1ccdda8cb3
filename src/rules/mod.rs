//! What is wrong with a docstring, with the evidence.
//!
//! One constant table of rules, pure functions over definitions. `python/` and `docstring/` stand before it;
//! `repair/` and `generate/` answer what it finds. It writes nothing.

mod finding;

pub use finding::{Answer, Evidence, Finding, Severity};
