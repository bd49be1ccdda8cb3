//! DG302: a type in the docstring contradicts the annotation.
//!
//! `contradiction` compares the types; what the text leaves out contradicts nothing.

use crate::docstring::{Entry, SectionKind};
use crate::python::Span;

use super::contradiction::{Role, contradicts};
use super::doubtful_type::Witnesses;
use super::stale_return::is_stale;
use super::types::{is_optional, returned_by_generator, set_to, yielded};
use super::{Answer, Described, Finding, Rule, Subject};

/// Applies the rule.
pub(super) fn check(rule: &Rule, subject: &Subject<'_>) -> Vec<Finding> {
    let Some(docstring) = subject.judged_docstring() else { return Vec::new() };
    if subject.definition.has_decorator("overload") {
        return Vec::new();
    }
    let witnesses = Witnesses::new(subject, docstring);
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
                findings.extend(report(rule, subject, (&witnesses, entry), (of, annotation, parameter.span)));
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
            findings.extend(report(rule, subject, (&witnesses, entry), (of, annotation, definition.header)));
        }
    }
    findings
}

fn report(
    rule: &Rule,
    subject: &Subject<'_>,
    (witnesses, entry): (&Witnesses<'_>, &Entry),
    (of, annotation, at): (Described, &str, Span),
) -> Option<Finding> {
    let said = entry.type_text.as_ref()?;
    let (about, name) = match &of {
        Described::Parameter(name) | Described::Attribute(name) => (format!("`{name}`"), name.clone()),
        Described::Returned => ("what is returned".to_owned(), "what is returned".to_owned()),
        Described::Yielded => ("what is yielded".to_owned(), "what is yielded".to_owned()),
    };
    let message = format!("says `{}` for {about}, which is annotated with `{annotation}`", said.value);
    let is_doubted = witnesses.doubt(entry, &of, annotation);
    let answer = if is_doubted { Answer::Person } else { set_to(of, annotation) };
    let finding = subject.docstring_finding(rule, said.span, message).answered_by(answer, Some(name));
    Some(finding.with_evidence(subject.evidence(at, format!("annotated with `{annotation}`"))))
}
