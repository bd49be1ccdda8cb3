//! Types in docstrings held against annotations, by meaning.

use crate::docstring::{Entry, Name, plain_type};
use crate::python::{Definition, Parameter, ParsedFile, TypeExpression};

use super::doubtful_type::takes_more_numbers;
use super::{Answer, Described, Remedy, Subject};

/// How a type in the text stands to the one in the code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Agreement {
    /// They mean the same, or one side says nothing.
    Same,
    /// They differ, beyond doubt.
    Different,
    /// One of them is no type that can be compared: "array-like of shape (n,)".
    Unknown,
}

/// Compares a type in the text with an annotation.
pub(super) fn compare(subject: &Subject<'_>, said: &str, annotation: &str) -> Agreement {
    compare_in(subject.file, subject.definition, said, annotation)
}

/// Returns whether a type in the text of a definition means what an annotation does.
pub(crate) fn same_type(file: &ParsedFile, definition: &Definition, said: &str, annotation: &str) -> bool {
    said == annotation || compare_in(file, definition, said, annotation) == Agreement::Same
}

fn compare_in(file: &ParsedFile, definition: &Definition, said: &str, annotation: &str) -> Agreement {
    // "int or None" is a union in words.
    let said = said.trim().trim_matches('`').replace(" or ", " | ");
    let said = said.as_str();
    let (Some(one), Some(other)) = (TypeExpression::parse(said), TypeExpression::parse(annotation)) else {
        return if said == annotation { Agreement::Same } else { Agreement::Unknown };
    };
    let resolver = |name: &str| file.meaning(name, definition.index);
    match one.same_meaning(&resolver, &other, &resolver) {
        Some(true) => Agreement::Same,
        Some(false) => Agreement::Different,
        None => Agreement::Unknown,
    }
}

/// Returns whether two types are written alike or mean the same.
pub(super) fn agree(subject: &Subject<'_>, said: &str, real: &str) -> bool {
    said == real || compare(subject, said, real) == Agreement::Same
}

/// Says how the type of an entry differs from the annotation of what it is about, or that one of them has none.
pub(super) fn difference(
    subject: &Subject<'_>,
    (entry, name): &(&Entry, &Name),
    annotation: Option<&str>,
    place: &str,
) -> Option<String> {
    let said = entry.type_text.as_ref().map_or("", |text| text.value.as_str());
    let real = annotation.unwrap_or("");
    if agree(subject, said, real) {
        return None;
    }
    let shown = |text: &str| if text.is_empty() { "no type".to_owned() } else { format!("`{text}`") };
    Some(format!("gives {} for `{}`, the {place} {}", shown(said), name.value, shown(real)))
}

/// Answers a type that differs with the annotation.
///
/// What reads as a type is put in line with the code; a phrase such as "array-like of shape (n,)" says more.
pub(super) fn synchronised(
    subject: &Subject<'_>,
    (entry, _): &(&Entry, &Name),
    annotation: Option<&str>,
    of: Described,
) -> Answer {
    let Some(annotation) = annotation.filter(|_| entry.names.len() < 2) else { return Answer::Person };
    // A default that stands in the place of the type leaves none for it.
    if entry.type_text.is_none() && entry.default.is_some() {
        return Answer::Person;
    }
    match &entry.type_text {
        Some(said) if !subject.has_room_for(said.span, annotation) => Answer::Person,
        Some(said) if takes_more_numbers(&said.value, annotation) => Answer::Person,
        Some(said) if compare(subject, &said.value, annotation) != Agreement::Different => {
            match set_to(of, annotation) {
                Answer::Repair(remedy) => Answer::UnsafeRepair(remedy),
                answer => answer,
            }
        }
        _ => set_to(of, annotation),
    }
}

/// Answers with an annotation, if it may stand in a docstring.
pub(super) fn set_to(of: Described, annotation: &str) -> Answer {
    match plain_type(annotation) {
        Some(_) => Answer::Repair(Remedy::SetType { of, to: annotation.to_owned() }),
        None => Answer::Person,
    }
}

/// Returns whether a parameter may be left out.
pub(super) fn is_optional(entry: &Entry, parameter: &Parameter) -> bool {
    entry.optional.is_some() || parameter.default.is_some()
}

/// Returns the arguments of `Name[a, b]`, as written; nothing for another class.
pub(super) fn arguments<'a>(annotation: &'a str, names: &[&str]) -> Option<Vec<&'a str>> {
    let annotation = annotation.trim().trim_matches(['"', '\'']);
    let (base, rest) = annotation.split_once('[').unwrap_or((annotation, ""));
    if !names.contains(&crate::python::last_part(base.trim())) {
        return None;
    }
    let inside = rest.strip_suffix(']').unwrap_or(rest);
    let mut depth = 0_usize;
    let mut start = 0;
    let mut arguments = Vec::new();
    for (at, mark) in inside.char_indices() {
        match mark {
            '[' | '(' => depth += 1,
            ']' | ')' => depth = depth.saturating_sub(1),
            ',' if depth == 0 => {
                arguments.extend(inside.get(start..at).map(str::trim));
                start = at + 1;
            }
            _ => {}
        }
    }
    arguments.extend(inside.get(start..).map(str::trim).filter(|last| !last.is_empty()));
    Some(arguments)
}

/// Returns what a generator yields by its annotation.
pub(super) fn yielded(annotation: &str) -> Option<&str> {
    const ITERATES: &[&str] =
        &["Generator", "AsyncGenerator", "Iterator", "Iterable", "AsyncIterator", "AsyncIterable"];
    arguments(annotation, ITERATES)?.first().copied()
}

/// Returns what a generator returns at its end by its annotation; `None` when that is another one.
pub(super) fn returned_by_generator(annotation: &str) -> Option<&str> {
    if arguments(annotation, &["AsyncGenerator"]).is_some() {
        return Some("None");
    }
    Some(arguments(annotation, &["Generator"])?.get(2).copied().unwrap_or("None"))
}
