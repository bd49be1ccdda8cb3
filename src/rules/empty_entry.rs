//! DG203: an entry of a list that says nothing about what it names.

use crate::docstring::{Entry, SectionKind};

use super::{Answer, Finding, Rule, Subject};

/// Applies the rule.
pub(super) fn check(rule: &Rule, subject: &Subject<'_>) -> Vec<Finding> {
    let Some(docstring) = subject.judged_docstring() else { return Vec::new() };
    let written = subject.touched.added || subject.touched.docstring;
    let kinds = [
        SectionKind::Parameters,
        SectionKind::OtherParameters,
        SectionKind::Attributes,
        SectionKind::Raises,
        SectionKind::Warns,
    ];
    let is_empty = |entry: &&Entry| {
        entry.description.as_ref().is_none_or(|description| description.value.trim().is_empty())
    };
    let entries = kinds.into_iter().filter(|_| written).flat_map(|kind| docstring.entries(kind));
    let mut findings = Vec::new();
    for entry in entries.filter(is_empty) {
        let Some(name) = entry.names.first() else { continue };
        let message = format!("names `{}` and says nothing about it", name.value);
        let finding = subject
            .docstring_finding(rule, name.span, message)
            .answered_by(Answer::Person, Some(name.value.clone()));
        findings.push(finding);
    }
    findings
}
