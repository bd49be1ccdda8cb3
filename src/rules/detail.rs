//! DG205: a docstring that is too short for what it describes.

use crate::docstring::Docstring;

use super::{Answer, Finding, Rule, Subject};

/// From so many parameters on, one line says too little.
const MANY_PARAMETERS: usize = 6;
/// From so many lines of code on, one line says too little.
const MANY_LINES: usize = 60;

/// Applies the rule.
pub(super) fn check(rule: &Rule, subject: &Subject<'_>) -> Vec<Finding> {
    let definition = subject.definition;
    let is_short = subject.docstring.is_some_and(Docstring::is_short);
    if !is_short || !definition.kind.is_function() || !subject.owes_docstring() {
        return Vec::new();
    }
    let parameters = definition.signature.callers_parameters().len();
    let line = |offset: usize| subject.file.lines.line(offset);
    let lines = line(definition.span.end) - line(definition.header.end);
    let what = if parameters >= MANY_PARAMETERS {
        format!("{parameters} parameters")
    } else if lines >= MANY_LINES {
        format!("{lines} lines of code")
    } else {
        return Vec::new();
    };
    let message = format!("one line is little for {}, which has {what}", subject.called());
    vec![
        subject
            .finding(rule, definition.anchor(), message)
            .answered_by(Answer::Person, None)
            .with_evidence(subject.evidence(definition.header, what)),
    ]
}
