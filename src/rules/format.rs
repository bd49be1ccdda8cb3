//! DOC001, DOC003: docstrings that are not written as their style wants.

use super::{Answer, Finding, Rule, Subject};

/// DOC001: a list holds text that is no entry.
pub(super) fn malformed(rule: &Rule, subject: &Subject<'_>) -> Vec<Finding> {
    let Some(docstring) = subject.judged_docstring() else { return Vec::new() };
    let mut texts = docstring.not_understood();
    let Some((_, text)) = texts.next() else { return Vec::new() };
    let message = "the list holds text that is no entry of one".to_owned();
    vec![subject.docstring_finding(rule, text.span, message).answered_by(Answer::Person, None)]
}

/// DOC003: a docstring is written in another style than the configured one.
pub(super) fn other_style(rule: &Rule, subject: &Subject<'_>) -> Vec<Finding> {
    let (Some(docstring), Some(wanted)) = (subject.judged_docstring(), subject.settings.style) else {
        return Vec::new();
    };
    let Some(section) = docstring.sections.iter().find(|section| section.style != wanted) else {
        return Vec::new();
    };
    let message = format!("the docstring is not written in the {wanted:?} style").to_lowercase();
    vec![subject.docstring_finding(rule, section.title.span, message).answered_by(Answer::Person, None)]
}
