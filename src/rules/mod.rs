//! What is wrong with a docstring, with the evidence.
//!
//! One constant table of rules ([`RULES`]), pure functions over definitions. `python/` and `docstring/` stand
//! before it; `repair/` and `generate/` answer what it finds. It writes nothing.

mod check;
mod exceptions;
mod finding;
mod hierarchy;
mod missing_section;
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
mod unclear_entry;
mod undocumented;
mod usual_style;

pub use check::{Checked, check, docstring_of, findings, style_of};
pub use finding::{Answer, Evidence, Finding, Remedy, Severity, Slot};
pub use missing_section::{RequiredSections, Requirement};
pub use placeholder::PLACEHOLDER;
pub use settings::{Require, Selection, Settings, UnknownRule};
pub use stale_default::{Claim, claimed_default};
pub use subject::Subject;
pub use table::{RULES, Rule};
pub use usual_style::UsualStyle;
