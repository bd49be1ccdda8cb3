//! DG204 and DG208: a summary that is too long to be one, or too short to say anything.

use super::{Answer, Finding, Rule, Subject};

/// How many characters a summary may have, and must have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// The most.
    pub most: u64,
    /// The fewest.
    pub least: u64,
}

impl Default for Limits {
    fn default() -> Self {
        // About what fits on one line of the widest files, twice; and a verb with what it is about.
        Self { most: 200, least: 10 }
    }
}

/// Applies DG204.
pub(super) fn too_long(rule: &Rule, subject: &Subject<'_>) -> Vec<Finding> {
    let Limits { most, .. } = subject.settings.options.summary;
    judged(rule, subject, |length| (length > most).then(|| format!("more than {most}")))
}

/// Applies DG208.
pub(super) fn too_short(rule: &Rule, subject: &Subject<'_>) -> Vec<Finding> {
    let Limits { least, .. } = subject.settings.options.summary;
    judged(rule, subject, |length| (length < least).then(|| format!("fewer than {least}")))
}

fn judged(rule: &Rule, subject: &Subject<'_>, wrong: impl Fn(u64) -> Option<String>) -> Vec<Finding> {
    let Some(summary) = subject.docstring.and_then(|docstring| docstring.summary.as_ref()) else {
        return Vec::new();
    };
    let written = subject.touched.added || subject.touched.docstring;
    let length = summary.value.chars().count() as u64;
    let Some(reason) = wrong(length).filter(|_| written) else { return Vec::new() };
    let message = format!("the summary has {length} characters, {reason}");
    vec![subject.docstring_finding(rule, summary.span, message).answered_by(Answer::Person, None)]
}
