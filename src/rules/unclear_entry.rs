//! DG207: what stands in a list and cannot be read as an entry of it.

use super::{Answer, Finding, Rule, Subject};

/// Applies the rule.
pub(super) fn check(rule: &Rule, subject: &Subject<'_>) -> Vec<Finding> {
    let Some(docstring) = subject.docstring else { return Vec::new() };
    if !subject.owes_completeness() {
        return Vec::new();
    }
    let findings = docstring.not_understood().map(|(section, text)| {
        let title = &section.title.value;
        let message = format!("the text under `{title}` cannot be read as an entry");
        subject.docstring_finding(rule, text.span, message).answered_by(Answer::Person, Some(title.clone()))
    });
    findings.collect()
}
