//! DOC104 to DOC111: the order of the parameters, and the types beside them.

use std::collections::HashSet;

use crate::docstring::{Entry, Name, Section, SectionKind, plain_type};
use crate::python::{Parameter, ParameterKind};

use super::parameters::{Listed, listed};
use super::types::{agree, difference, synchronised};
use super::{Answer, Described, Finding, Remedy, Rule, Subject};

/// So many types that differ are compared with each other, so that a list of thousands takes no time.
const MOST_COMPARED: usize = 32;

/// Where types are wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TypeHints {
    /// Whether the signature should have them.
    pub in_signature: bool,
    /// Whether the docstring should have them.
    pub in_docstring: bool,
}

impl Default for TypeHints {
    /// pydoclint's defaults; the rules are off until somebody chooses them.
    fn default() -> Self {
        Self { in_signature: true, in_docstring: true }
    }
}

/// DOC104: the parameters are all there, in another order.
pub(super) fn order(rule: &Rule, subject: &Subject<'_>) -> Vec<Finding> {
    let Some(listed) = listed(subject).filter(Listed::is_complete) else { return Vec::new() };
    // What is passed by name stands in no order.
    let is_named = |parameter: &Parameter| {
        matches!(parameter.kind, ParameterKind::KeywordOnly | ParameterKind::VarKeyword)
    };
    let real: Vec<&Parameter> =
        listed.parameters.iter().copied().filter(|parameter| !is_named(parameter)).collect();
    let is_real = |name: &Name| real.iter().any(|parameter| parameter.name == name.value);
    let answer = reordered(subject, &listed, &real);
    let said = listed.documented.iter().map(|(_, name)| *name).filter(|name| is_real(name));
    let Some((parameter, name)) = real.iter().zip(said).find(|(real, said)| real.name != said.value) else {
        return Vec::new();
    };
    let message = format!("documents `{}` where `{}` stands in the signature", name.value, parameter.name);
    let finding = subject
        .docstring_finding(rule, name.span, message)
        .answered_by(answer, Some(name.value.clone()))
        .with_evidence(subject.evidence(parameter.span, format!("parameter `{}`", parameter.display_name())));
    vec![finding]
}

/// Answers with the order of the signature, in which only those move that stand in one.
fn reordered(subject: &Subject<'_>, listed: &Listed<'_>, real: &[&Parameter]) -> Answer {
    let lists =
        |section: &&Section| matches!(section.kind, SectionKind::Parameters | SectionKind::OtherParameters);
    let sections: Vec<&Section> =
        subject.docstring.iter().flat_map(|docstring| &docstring.sections).filter(lists).collect();
    // Entries of several names, and those of several lists, do not change places.
    let [section] = sections.as_slice() else { return Answer::Person };
    if section.entries.iter().any(|entry| entry.names.len() != 1) {
        return Answer::Person;
    }
    let text = subject.file.docstring_text(subject.definition).unwrap_or("");
    if have_types_of_each_other(subject, listed) || !section.is_evenly_spaced(text) {
        return Answer::Person;
    }
    let mut wanted = real.iter().map(|parameter| &parameter.name);
    let is_real = |name: &Name| real.iter().any(|parameter| parameter.name == name.value);
    let names = listed.documented.iter().map(|(_, name)| {
        let next = if is_real(name) { wanted.next() } else { None };
        next.unwrap_or(&name.value).clone()
    });
    Answer::Repair(Remedy::Reorder { kind: section.kind, names: names.collect() })
}

/// Returns whether two entries have the types of each other's parameters: then it is their names that are exchanged, or more
/// than their order is wrong.
fn have_types_of_each_other(subject: &Subject<'_>, listed: &Listed<'_>) -> bool {
    let typed: Vec<(&str, &str)> = listed
        .documented
        .iter()
        .filter_map(|(entry, name)| {
            let parameter = listed.parameters.iter().find(|parameter| parameter.name == name.value)?;
            let said = entry.type_text.as_ref()?.value.as_str();
            let annotation = parameter.annotation.as_deref()?;
            (!agree(subject, said, annotation)).then_some((said, annotation))
        })
        .take(MOST_COMPARED)
        .collect();
    typed.iter().enumerate().any(|(at, (said, annotation))| {
        let mut later = typed[at + 1..].iter();
        later.any(|(other, real)| agree(subject, said, real) && agree(subject, other, annotation))
    })
}

/// DOC105: the type of a parameter is another one in the docstring, or stands on one side only.
pub(super) fn types(rule: &Rule, subject: &Subject<'_>) -> Vec<Finding> {
    let hints = subject.settings.options.hints;
    if !(hints.in_signature && hints.in_docstring) {
        return Vec::new();
    }
    let Some(listed) = listed(subject).filter(Listed::is_complete) else { return Vec::new() };
    let mut findings = Vec::new();
    for documented in &listed.documented {
        let (_, name) = documented;
        let Some(parameter) = listed.parameters.iter().find(|found| found.name == name.value) else {
            continue;
        };
        let annotation = parameter.annotation.as_deref();
        let Some(message) = difference(subject, documented, annotation, "signature") else { continue };
        let answer = synchronised(subject, documented, annotation, Described::Parameter(name.value.clone()));
        let finding = subject
            .docstring_finding(rule, name.span, message)
            .answered_by(answer, Some(name.value.clone()))
            .with_evidence(
                subject.evidence(parameter.span, format!("parameter `{}`", parameter.display_name())),
            );
        findings.push(finding);
    }
    findings
}

/// DOC106: no parameter has a type in the signature.
pub(super) fn none_in_signature(rule: &Rule, subject: &Subject<'_>) -> Vec<Finding> {
    let wanted = subject.settings.options.hints.in_signature;
    let Some(listed) = listed(subject).filter(|_| wanted) else { return Vec::new() };
    if listed.parameters.iter().any(|parameter| parameter.annotation.is_some()) {
        return Vec::new();
    }
    about_signature(rule, subject, "no parameter has a type in the signature")
}

/// DOC107: not all parameters have a type in the signature.
pub(super) fn some_in_signature(rule: &Rule, subject: &Subject<'_>) -> Vec<Finding> {
    let wanted = subject.settings.options.hints.in_signature;
    let Some(listed) = listed(subject).filter(|_| wanted) else { return Vec::new() };
    if listed.parameters.iter().all(|parameter| parameter.annotation.is_some() || is_variadic(parameter)) {
        return Vec::new();
    }
    about_signature(rule, subject, "not all parameters have a type in the signature")
}

/// DOC108: parameters have types in the signature, where none are wanted.
pub(super) fn any_in_signature(rule: &Rule, subject: &Subject<'_>) -> Vec<Finding> {
    let unwanted = !subject.settings.options.hints.in_signature;
    let Some(listed) = listed(subject).filter(|_| unwanted) else { return Vec::new() };
    if !listed.parameters.iter().any(|parameter| parameter.annotation.is_some()) {
        return Vec::new();
    }
    about_signature(rule, subject, "parameters have types in the signature")
}

/// DOC109: no parameter has a type in the docstring.
pub(super) fn none_in_docstring(rule: &Rule, subject: &Subject<'_>) -> Vec<Finding> {
    let wanted = subject.settings.options.hints.in_docstring;
    let Some(listed) = listed(subject).filter(|_| wanted) else { return Vec::new() };
    if listed.documented.is_empty() || listed.documented.iter().any(has_type) {
        return Vec::new();
    }
    let answer = filled_in(&listed);
    about_docstring(rule, subject, &listed, ("no parameter has a type in the docstring", answer))
}

/// DOC110: not all parameters have a type in the docstring.
pub(super) fn some_in_docstring(rule: &Rule, subject: &Subject<'_>) -> Vec<Finding> {
    let wanted = subject.settings.options.hints.in_docstring;
    let Some(listed) = listed(subject).filter(|_| wanted) else { return Vec::new() };
    if listed.documented.iter().all(|documented| has_type(documented) || documented.1.stars > 0) {
        return Vec::new();
    }
    let answer = filled_in(&listed);
    about_docstring(rule, subject, &listed, ("not all parameters have a type in the docstring", answer))
}

/// DOC111: parameters have types in the docstring, where none are wanted.
pub(super) fn any_in_docstring(rule: &Rule, subject: &Subject<'_>) -> Vec<Finding> {
    let unwanted = !subject.settings.options.hints.in_docstring;
    let Some(listed) = listed(subject).filter(|_| unwanted) else { return Vec::new() };
    if !listed.documented.iter().any(has_type) {
        return Vec::new();
    }
    let typed = listed.documented.iter().filter(|documented| has_type(documented));
    let taken_out = typed.clone().map(|(_, name)| (Described::Parameter(name.value.clone()), None));
    let is_repeated = |(entry, name): &(&Entry, &Name)| {
        let parameter = listed.parameters.iter().find(|parameter| parameter.name == name.value);
        let annotation = parameter.and_then(|parameter| parameter.annotation.as_deref());
        let said = entry.type_text.as_ref().map_or("", |text| text.value.as_str());
        annotation.is_some_and(|annotation| agree(subject, said, annotation))
    };
    let remedy = Remedy::SetTypes(taken_out.collect());
    // What the signature does not say would be lost.
    let is_safe = typed.clone().all(is_repeated);
    let answer = if is_safe { Answer::Repair(remedy) } else { Answer::UnsafeRepair(remedy) };
    about_docstring(rule, subject, &listed, ("parameters have types in the docstring", answer))
}

/// What `*args` and `**kwargs` take says the function they are handed on to; pydoclint asks for no type either.
fn is_variadic(parameter: &Parameter) -> bool {
    matches!(parameter.kind, ParameterKind::VarPositional | ParameterKind::VarKeyword)
}

fn has_type((entry, _): &(&Entry, &Name)) -> bool {
    entry.type_text.is_some()
}

fn about_signature(rule: &Rule, subject: &Subject<'_>, message: &str) -> Vec<Finding> {
    let Some((signature, owner)) = subject.described_signature() else { return Vec::new() };
    let first = signature
        .callers_parameters()
        .first()
        .map_or(owner.name_span, |parameter: &Parameter| parameter.span);
    vec![subject.finding(rule, first, message.to_owned()).answered_by(Answer::Person, None)]
}

/// Answers with the types of the signature, where it has all that the text lacks.
fn filled_in(listed: &Listed<'_>) -> Answer {
    // Of two entries of one name, nobody can say which one is meant.
    let names: HashSet<&str> = listed.documented.iter().map(|(_, name)| name.value.as_str()).collect();
    if names.len() < listed.documented.len() {
        return Answer::Person;
    }
    let lacks =
        listed.documented.iter().filter(|documented| !has_type(documented) && documented.1.stars == 0);
    let types: Option<Vec<_>> = lacks
        .map(|(entry, name)| {
            let parameter = listed.parameters.iter().find(|parameter| parameter.name == name.value)?;
            // A default that stands in the place of the type leaves none for it.
            let is_free = entry.names.len() == 1 && entry.default.is_none();
            let annotation = parameter.annotation.clone().filter(|_| is_free)?;
            plain_type(&annotation)?;
            Some((Described::Parameter(name.value.clone()), Some(annotation)))
        })
        .collect();
    types
        .filter(|types| !types.is_empty())
        .map_or(Answer::Person, |types| Answer::Repair(Remedy::SetTypes(types)))
}

fn about_docstring(
    rule: &Rule,
    subject: &Subject<'_>,
    listed: &Listed<'_>,
    (message, answer): (&str, Answer),
) -> Vec<Finding> {
    let Some((_, name)) = listed.documented.first() else { return Vec::new() };
    vec![subject.docstring_finding(rule, name.span, message.to_owned()).answered_by(answer, None)]
}
