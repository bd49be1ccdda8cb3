//! What is wrong with a docstring, with the evidence.
//!
//! One constant table of rules ([`RULES`]), pure functions over definitions. `python/` and `docstring/` stand
//! before it; `repair/` and `generate/` answer what it finds. It writes nothing.

mod attributes;
mod baseline;
mod check;
mod contradiction;
mod convention;
mod detail;
mod doubtful_type;
mod empty_entry;
mod exceptions;
mod explained_default;
mod finding;
mod format;
mod hierarchy;
mod history;
mod initializer;
mod missing_section;
mod nearest;
mod options;
mod other_name;
mod owed;
mod parameters;
mod placeholder;
mod prose;
mod restates_name;
mod result_types;
mod results;
mod score;
mod settings;
mod stale_body;
mod stale_default;
mod stale_parameter;
mod stale_raise;
mod stale_return;
mod subject;
mod summary_length;
mod support;
mod suppression;
mod table;
#[cfg(test)]
mod tests;
mod text;
mod type_disagrees;
mod type_hints;
mod types;
mod unclear_entry;
mod undocumented;
mod undocumented_parameter;
mod usual_style;

pub use baseline::{Baseline, Broken, Entry};
pub use check::{Checked, check, check_some, docstring_of, findings, style_of};
pub(crate) use contradiction::{Role as TypeRole, contradicts as contradicts_type};
pub use convention::{Convention, Conventions, against};
pub(crate) use exceptions::{may_raise, named_exceptions};
pub use finding::{Answer, Described, Evidence, Finding, Remedy, Replacement, Severity, Slot};
pub use missing_section::{RequiredSections, Requirement};
pub use nearest::nearest;
pub use options::{OptionValue, Options, Reading, ShortDocstrings};
pub use owed::{Exemption, Standing, standing};
pub use placeholder::PLACEHOLDER;
pub(crate) use result_types::value_type;
pub use score::{Score, Scorer};
pub use settings::{Require, Selection, Settings, UnknownRule, meant_by};
pub(crate) use stale_default::claims_default;
pub use stale_default::{Claim, claimed_default};
pub use subject::{Module, Subject, begins_below};
pub use suppression::{Silenced, numpydoc_codes, silence};
pub use table::{RULES, Rule};
pub use text::Text;
pub(crate) use types::same_type;
pub use usual_style::UsualStyle;
