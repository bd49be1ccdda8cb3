//! DG204: a summary that is too long to be one.

use super::{Answer, Finding, Rule, Subject};

/// How many characters a summary may have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limit(pub u64);

impl Default for Limit {
    /// About what fits on one line of the widest files, twice.
    fn default() -> Self {
        Self(200)
    }
}

/// Applies the rule.
pub(super) fn check(rule: &Rule, subject: &Subject<'_>) -> Vec<Finding> {
    let Some(summary) = subject.docstring.and_then(|docstring| docstring.summary.as_ref()) else {
        return Vec::new();
    };
    let Limit(limit) = subject.settings.options.summary;
    let written = subject.touched.added || subject.touched.docstring;
    let length = summary.value.chars().count();
    if !written || u64::try_from(length).is_ok_and(|length| length <= limit) {
        return Vec::new();
    }
    let message = format!("the summary has {length} characters, more than {limit}");
    vec![subject.docstring_finding(rule, summary.span, message).answered_by(Answer::Person, None)]
}
