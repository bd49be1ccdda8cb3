//! D418, D419: a docstring where none belongs, and one that says nothing.

use crate::python::last_part;

use super::super::{Finding, Rule, Subject};
use super::{judged, one};

/// D418: a variant of a function for type checkers has a docstring.
pub(in crate::rules) fn overload(rule: &Rule, subject: &Subject<'_>) -> Vec<Finding> {
    let Some(text) = judged(subject).filter(|_| is_overload(subject)) else {
        return Vec::new();
    };
    one(rule, subject, text.literal, "a function with `@overload` has a docstring, which nobody sees")
}

/// D419: a docstring is empty.
pub(in crate::rules) fn empty_text(rule: &Rule, subject: &Subject<'_>) -> Vec<Finding> {
    let written = subject.touched.added || subject.touched.docstring;
    let Some(text) = subject.text.filter(|text| written && text.body().trim().is_empty()) else {
        return Vec::new();
    };
    one(rule, subject, text.literal, "the docstring is empty")
}

/// Other libraries have decorators of that name.
fn is_overload(subject: &Subject<'_>) -> bool {
    let decorators = subject.definition.decorators.iter().filter(|written| last_part(written) == "overload");
    decorators
        .filter_map(|written| subject.file.meaning(written, subject.definition.index))
        .any(|meaning| meaning.starts_with("typing"))
}
