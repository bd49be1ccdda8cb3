//! DG103: what the text says about the result was true before this change.

use crate::docstring::{Entry, SectionKind};

use super::contradiction::{Role, contradicts};
use super::doubtful_type::{is_of_a_part, takes_more_numbers};
use super::types::{Agreement, compare, set_to, yielded};
use super::{Answer, Described, Finding, Rule, Subject};

/// Applies the rule.
pub(super) fn check(rule: &Rule, subject: &Subject<'_>) -> Vec<Finding> {
    let (Some(docstring), Some(base)) = (subject.judged_docstring(), subject.base) else { return Vec::new() };
    let definition = subject.definition;
    if !definition.kind.is_function() || !base.kind.is_function() || !was_there(subject) {
        return Vec::new();
    }
    let returns = docstring.section(SectionKind::Returns);
    let began_to_yield = definition.body.is_generator() && !base.body.is_generator();
    if let Some(section) =
        returns.filter(|_| began_to_yield && docstring.section(SectionKind::Yields).is_none())
    {
        let message = format!("documents a returned value, and {} now yields values", subject.called());
        let place = definition.body.yields.first().map_or(definition.header, |found| found.span);
        return vec![
            subject
                .docstring_finding(rule, section.title.span, message)
                .answered_by(Answer::Person, None)
                .with_evidence(subject.evidence(place, "yields a value")),
        ];
    }
    let (Some(was), Some(now)) = (base.signature.returns.as_deref(), definition.signature.returns.as_deref())
    else {
        return Vec::new();
    };
    let mut findings = Vec::new();
    for (kind, was, now) in
        [(SectionKind::Returns, Some(was), Some(now)), (SectionKind::Yields, yielded(was), yielded(now))]
    {
        let (Some(was), Some(now)) = (was, now) else { continue };
        let entries: Vec<&Entry> = docstring.entries(kind).collect();
        // Several are the members of a tuple.
        let [entry @ Entry { type_text: Some(said), .. }] = entries.as_slice() else { continue };
        if !is_stale(subject, &said.value, was, now) {
            continue;
        }
        let verb = if kind == SectionKind::Returns { "returns" } else { "yields" };
        let message = format!("says that {} {verb} `{}`, which is now `{now}`", subject.called(), said.value);
        let of = if kind == SectionKind::Returns { Described::Returned } else { Described::Yielded };
        let is_doubted = takes_more_numbers(&said.value, now) || is_of_a_part(subject, entry, now);
        let answer = if is_doubted { Answer::Person } else { set_to(of, now) };
        let finding = subject
            .docstring_finding(rule, said.span, message)
            .answered_by(answer, None)
            .with_evidence(subject.evidence(definition.header, format!("annotated with `{now}`")));
        findings.push(finding);
    }
    findings
}

/// Returns whether a type in the text was the one of before and is not the one of now.
pub(super) fn is_stale(subject: &Subject<'_>, said: &str, was: &str, now: &str) -> bool {
    let said = said.trim();
    was_there(subject)
        && compare(subject, said, was) == Agreement::Same
        && contradicts(subject, said, now, Role::Became)
}

/// What was written in this change was never true.
fn was_there(subject: &Subject<'_>) -> bool {
    !subject.touched.docstring && subject.base.is_some_and(|base| base.docstring.is_some())
}
