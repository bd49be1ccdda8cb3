//! What is wrong with a docstring, with the evidence.
//!
//! One constant table of rules ([`RULES`]), pure functions over definitions. `python/` and `docstring/` stand
//! before it; `repair/` and `generate/` answer what it finds. It writes nothing.

mod check;
mod convention;
mod exceptions;
mod finding;
mod hierarchy;
mod parameters;
mod placeholder;
mod results;
mod settings;
mod stale_default;
mod subject;
mod support;
mod table;
#[cfg(test)]
mod tests;
mod text;
mod undocumented;
mod undocumented_parameter;

pub use check::{Checked, check, docstring_of, findings, style_of};
pub use convention::{Convention, Conventions};
pub use finding::{Answer, Evidence, Finding, Remedy, Severity, Slot};
pub use placeholder::PLACEHOLDER;
pub use settings::{Require, Selection, Settings, UnknownRule};
pub use stale_default::{Claim, claimed_default};
pub use subject::Subject;
pub use table::{RULES, Rule};
pub use text::Text;
