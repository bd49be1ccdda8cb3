//! DOC203, DOC404, DOC405: the types of results in the docstring and in the annotation.

use crate::docstring::{Docstring, Section, SectionKind, Style};
use crate::python::Definition;

use super::doubtful_type::{hands_on_to_base, is_of_a_part, takes_more_numbers};
use super::types::{Agreement, agree, arguments, compare, returned_by_generator, set_to, yielded};
use super::{Answer, Described, Finding, Rule, Subject};

/// Returns what the annotation says of a value that a section describes; nothing where it does not tell.
pub(crate) fn value_type(definition: &Definition, kind: SectionKind) -> Option<&str> {
    let annotation = definition.signature.returns.as_deref()?;
    match kind {
        SectionKind::Yields => yielded(annotation),
        _ if definition.body.is_generator() => returned_by_generator(annotation),
        _ => Some(annotation),
    }
}

/// DOC203: the returned type is another one in the docstring, or stands on one side only.
pub(super) fn returned(rule: &Rule, subject: &Subject<'_>) -> Vec<Finding> {
    let Some((docstring, definition)) = judged(subject) else { return Vec::new() };
    let is_generator = definition.body.is_generator();
    let annotation = definition.signature.returns.as_deref();
    let real = annotation.map(|written| match returned_by_generator(written) {
        Some(returned) if is_generator => returned,
        _ => written,
    });
    let section = docstring.section(SectionKind::Returns);
    // A generator without a Returns section, a property and what returns nothing say enough without one.
    if section.is_none() && (is_generator || definition.is_property() || is_nothing(real)) {
        return Vec::new();
    }
    let said: Vec<&str> = section
        .iter()
        .flat_map(|section| &section.entries)
        .map(|entry| entry.type_text.as_ref().map_or("", |text| text.value.as_str()))
        .collect();
    if agrees(subject, docstring, &said, real) {
        return Vec::new();
    }
    let answer = answered(subject, section, Described::Returned, real);
    report(rule, subject, (section.map(|section| section.title.span), answer), ("returned", &said, real))
}

/// DOC404: the yielded type is another one in the docstring, or stands on one side only.
pub(super) fn yielded_type(rule: &Rule, subject: &Subject<'_>) -> Vec<Finding> {
    let Some((docstring, definition)) = judged(subject).filter(|(_, found)| found.body.is_generator()) else {
        return Vec::new();
    };
    let real = definition.signature.returns.as_deref().and_then(yielded);
    let section = docstring.section(SectionKind::Yields);
    if section.is_none() && (real.is_none() || real == Some("None")) {
        return Vec::new();
    }
    let entry = section.and_then(|section| section.entries.first());
    let said: Vec<&str> =
        entry.iter().map(|entry| entry.type_text.as_ref().map_or("", |text| text.value.as_str())).collect();
    if agrees(subject, docstring, &said, real) {
        return Vec::new();
    }
    let answer = answered(subject, section, Described::Yielded, real);
    report(rule, subject, (section.map(|section| section.title.span), answer), ("yielded", &said, real))
}

/// DOC405: a generator also returns a value, and its annotation does not say both.
pub(super) fn both(rule: &Rule, subject: &Subject<'_>) -> Vec<Finding> {
    let Some((docstring, definition)) = judged(subject).filter(|(_, found)| found.body.is_generator()) else {
        return Vec::new();
    };
    let annotation = definition.signature.returns.as_deref().unwrap_or("");
    let documented =
        docstring.section(SectionKind::Returns).is_some() || docstring.section(SectionKind::Yields).is_some();
    let Some(value) = definition.body.returned_value().filter(|_| documented) else { return Vec::new() };
    if arguments(annotation, &["Generator", "AsyncGenerator"]).is_some() {
        return Vec::new();
    }
    let message =
        format!("{} yields and returns values, and its annotation does not say both", subject.called());
    vec![
        subject
            .finding(rule, definition.anchor(), message)
            .answered_by(Answer::Person, None)
            .with_evidence(subject.evidence(value.span, "returns a value")),
    ]
}

fn judged<'a>(subject: &Subject<'a>) -> Option<(&'a Docstring, &'a Definition)> {
    let definition = subject.definition;
    let judged = definition.kind.is_function()
        && definition.name != "__init__"
        && !definition.has_decorator("overload")
        && !subject.is_short();
    judged.then_some((subject.judged_docstring()?, definition))
}

fn is_nothing(real: Option<&str>) -> bool {
    real.is_none_or(|written| matches!(written.trim(), "None" | "NoReturn" | "Never"))
}

/// Answers with the annotation, where there is one entry to write it beside.
fn answered(subject: &Subject<'_>, section: Option<&Section>, of: Described, real: Option<&str>) -> Answer {
    let (Some(section), Some(real)) = (section, real) else { return Answer::Person };
    let [entry] = section.entries.as_slice() else { return Answer::Person };
    let Answer::Repair(remedy) = set_to(of, real) else { return Answer::Person };
    match &entry.type_text {
        Some(said)
            if takes_more_numbers(&said.value, real)
                || is_of_a_part(subject, entry, real)
                || hands_on_to_base(subject) =>
        {
            Answer::Person
        }
        Some(said) if compare(subject, &said.value, real) == Agreement::Different => Answer::Repair(remedy),
        Some(_) => Answer::UnsafeRepair(remedy),
        // Below a type, numpydoc's text is indented: it would have to be laid out anew.
        None if section.style == Style::Numpy => Answer::Person,
        None => Answer::Repair(remedy),
    }
}

/// numpydoc lists the members of a tuple one below the other.
fn agrees(subject: &Subject<'_>, docstring: &Docstring, said: &[&str], real: Option<&str>) -> bool {
    match (said, real) {
        ([], None) => true,
        ([said], Some(real)) if agree(subject, said, real) => true,
        (said, Some(real)) if docstring.dominant() == Style::Numpy => {
            let members = arguments(real, &["tuple", "Tuple"]).unwrap_or_default();
            !said.is_empty()
                && members.len() == said.len()
                && said.iter().zip(members).all(|(said, real)| agree(subject, said, real))
        }
        _ => false,
    }
}

fn report(
    rule: &Rule,
    subject: &Subject<'_>,
    (place, answer): (Option<crate::python::Span>, Answer),
    (what, said, real): (&str, &[&str], Option<&str>),
) -> Vec<Finding> {
    let shown = |text: &str| if text.is_empty() { "no type".to_owned() } else { format!("`{text}`") };
    let said = if said.is_empty() {
        "no type".to_owned()
    } else {
        said.iter().map(|text| shown(text)).collect::<Vec<_>>().join(", ")
    };
    let message = format!("gives {said} for what is {what}, the annotation {}", shown(real.unwrap_or("")));
    let definition = subject.definition;
    let finding = match place {
        Some(place) => subject.docstring_finding(rule, place, message),
        None => subject.finding(rule, definition.anchor(), message),
    };
    vec![
        finding
            .answered_by(answer, None)
            .with_evidence(subject.evidence(definition.header, "the annotation")),
    ]
}
