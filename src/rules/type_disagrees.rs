//! DG302: a type in the docstring contradicts the annotation.
//!
//! `contradiction` compares the types; what the text leaves out contradicts nothing.

use crate::docstring::{SectionKind, Text};
use crate::python::Span;

use super::contradiction::{Role, contradicts};
use super::prose::Prose;
use super::stale_return::is_stale;
use super::types::{is_optional, returned_by_generator, set_to, yielded};
use super::{Answer, Described, Finding, Rule, Subject};

/// Applies the rule.
pub(super) fn check(rule: &Rule, subject: &Subject<'_>) -> Vec<Finding> {
    let Some(docstring) = subject.judged_docstring() else { return Vec::new() };
    if subject.definition.has_decorator("overload") {
        return Vec::new();
    }
    let mut findings = Vec::new();
    if let Some((signature, _)) = subject.described_signature() {
        let lists =
            docstring.entries(SectionKind::Parameters).chain(docstring.entries(SectionKind::OtherParameters));
        for entry in lists {
            let ([name], Some(said)) = (entry.names.as_slice(), &entry.type_text) else { continue };
            let mut parameters = signature.callers_parameters().iter();
            let Some(parameter) = parameters.find(|found| found.name == name.value) else { continue };
            let Some(annotation) = parameter.annotation.as_deref() else { continue };
            let passing = if is_optional(entry, parameter) { Role::Omittable } else { Role::Passed };
            if contradicts(subject, &said.value, annotation, passing) {
                let of = Described::Parameter(name.value.clone());
                findings.push(report(rule, subject, said, (of, annotation, parameter.span)));
            }
        }
    }
    let definition = subject.definition;
    let Some(annotation) = definition.signature.returns.as_deref() else { return findings };
    let before = subject.base.and_then(|base| base.signature.returns.as_deref());
    // A decorator makes something else of a generator, and the text speaks of that.
    let returned = match definition.body.is_generator() {
        true if definition.decorators.is_empty() => returned_by_generator(annotation),
        true => None,
        false => Some(annotation),
    };
    for (kind, of, annotation) in [
        (SectionKind::Returns, Described::Returned, returned),
        (SectionKind::Yields, Described::Yielded, yielded(annotation)),
    ] {
        let entries: Vec<_> = docstring.entries(kind).collect();
        // Several are the members of a tuple.
        let ([entry], Some(annotation)) = (entries.as_slice(), annotation) else { continue };
        let Some(said) = &entry.type_text else { continue };
        // DG103 tells that it was true before.
        let told = before.is_some_and(|before| is_stale(subject, &said.value, before, annotation));
        if !told && contradicts(subject, &said.value, annotation, Role::Returned) {
            findings.push(report(rule, subject, said, (of, annotation, definition.header)));
        }
    }
    findings
}

fn report(
    rule: &Rule,
    subject: &Subject<'_>,
    said: &Text,
    (of, annotation, at): (Described, &str, Span),
) -> Finding {
    let (about, name) = match &of {
        Described::Parameter(name) | Described::Attribute(name) => (format!("`{name}`"), name.clone()),
        Described::Returned => ("what is returned".to_owned(), "what is returned".to_owned()),
        Described::Yielded => ("what is yielded".to_owned(), "what is yielded".to_owned()),
    };
    let message = format!("says `{}` for {about}, which is annotated with `{annotation}`", said.value);
    let answer = match set_to(of, annotation) {
        Answer::Repair(remedy) if is_told_elsewhere(subject, said) => Answer::UnsafeRepair(remedy),
        answer => answer,
    };
    subject
        .docstring_finding(rule, said.span, message)
        .answered_by(answer, Some(name))
        .with_evidence(subject.evidence(at, format!("annotated with `{annotation}`")))
}

/// Returns whether the sentences or examples of a docstring tell of the same container, and would then contradict its type.
fn is_told_elsewhere(subject: &Subject<'_>, said: &Text) -> bool {
    let class =
        said.value.split(|letter: char| !letter.is_alphanumeric()).next().unwrap_or("").to_lowercase();
    let opening = match class.as_str() {
        "list" => '[',
        "tuple" => '(',
        "dict" | "set" => '{',
        _ => return false,
    };
    let Some(docstring) = subject.judged_docstring() else { return false };
    let entries = docstring.sections.iter().flat_map(|section| &section.entries);
    let described = entries.filter_map(|entry| entry.description.as_ref());
    let sections = docstring.sections.iter().flat_map(|section| section.text.iter().chain(&section.after));
    let mut texts = docstring.summary.iter().chain(&docstring.description).chain(sections).chain(described);
    texts.any(|text| {
        let prose = Prose::of(&text.value);
        let mut lines = text.value.lines();
        let is_shown = |line: &str| {
            let value = line.trim_start();
            value.starts_with(opening) || value.contains(&format!("`{opening}"))
        };
        prose.has_any(&class) || lines.any(is_shown)
    })
}
