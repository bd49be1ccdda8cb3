//! DG105: the code is mostly another one, and the text stayed as it was.

use std::collections::HashMap;

use crate::python::{Definition, ParsedFile};

use super::{Answer, Finding, Rule, Subject};

/// Of this many lines at least something can be said.
const FEWEST: usize = 6;

/// Applies the rule.
pub(super) fn check(rule: &Rule, subject: &Subject<'_>) -> Vec<Finding> {
    let (Some(base), Some(base_file)) = (subject.base, subject.base_file) else { return Vec::new() };
    let definition = subject.definition;
    let touched = subject.touched;
    let is_left = touched.body && !touched.docstring && subject.docstring.is_some();
    if !is_left || !definition.kind.is_function() {
        return Vec::new();
    }
    let (before, now) = (lines(base_file, base), lines(subject.file, definition));
    let (long, short) = (before.len().max(now.len()), before.len().min(now.len()));
    let mut known: HashMap<&str, usize> = HashMap::new();
    for line in &before {
        *known.entry(line).or_default() += 1;
    }
    let mut kept = 0;
    for line in &now {
        if let Some(count) = known.get_mut(line).filter(|count| **count > 0) {
            *count -= 1;
            kept += 1;
        }
    }
    if short < FEWEST || kept * 2 >= long {
        return Vec::new();
    }
    let percent = 100 - 100 * kept / long;
    let message =
        format!("{percent} % of the code of {} changed, and its docstring did not", subject.called());
    vec![
        subject.finding(rule, definition.anchor(), message).answered_by(Answer::Person, None).with_evidence(
            subject.evidence(definition.header, format!("{kept} of {long} lines are the same")),
        ),
    ]
}

/// Returns the lines of the code behind the docstring, without blanks and comments.
fn lines<'a>(file: &'a ParsedFile, definition: &Definition) -> Vec<&'a str> {
    let start = definition.docstring.as_ref().map_or(definition.header.end, |literal| literal.span.end);
    let code = file.text.get(start..definition.span.end).unwrap_or("");
    code.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#')).collect()
}
