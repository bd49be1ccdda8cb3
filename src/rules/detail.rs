//! DG205: a docstring that is too short for what it describes.

use crate::docstring::Docstring;

use super::prose::Prose;
use super::subject::{code_of, lines_of_code};
use super::{Answer, Finding, Rule, Subject};

/// From so many parameters on, one paragraph says too little.
const MANY_PARAMETERS: usize = 6;
/// From so many lines of code on, one paragraph says too little.
const MANY_LINES: usize = 60;

/// So many calls make nothing that would have to be explained.
const A_FEW: usize = 2;

/// Applies the rule.
pub(super) fn check(rule: &Rule, subject: &Subject<'_>) -> Vec<Finding> {
    let definition = subject.definition;
    let is_short = subject.docstring.is_some_and(Docstring::is_short);
    if !is_short || !definition.kind.is_function() || refers(subject) {
        return Vec::new();
    }
    let parameters = definition.signature.callers_parameters().len();
    let code = code_of(subject.file, definition);
    let lines = lines_of_code(code).len();
    let class = subject.file.parent(definition).filter(|_| definition.name == "__init__");
    let is_told_above =
        class.and_then(|class| subject.file.docstring_text(class)).is_some_and(has_paragraphs);
    let text = subject.file.docstring_text(definition).unwrap_or("");
    let names_most = || {
        let prose = Prose::of(text);
        let taken = definition.signature.callers_parameters().iter();
        3 * taken.filter(|parameter| prose.names(parameter)).count() >= 2 * parameters
    };
    if parameters >= MANY_PARAMETERS && names_most() {
        return Vec::new();
    }
    // What hands its parameters on has little to say of them.
    if is_told_above || hands_on(code) {
        return Vec::new();
    }
    let what = if parameters >= MANY_PARAMETERS {
        format!("{parameters} parameters")
    } else if lines >= MANY_LINES {
        format!("{lines} lines of code")
    } else {
        return Vec::new();
    };
    // Whether a base class says it is asked last: that may read other files.
    if !subject.owes_docstring() {
        return Vec::new();
    }
    let message = format!("one paragraph is little for {}, which has {what}", subject.called());
    vec![
        subject
            .finding(rule, definition.anchor(), message)
            .answered_by(Answer::Person, None)
            .with_evidence(subject.evidence(definition.header, what)),
    ]
}

/// Returns whether code does nothing but call something else and give on what that gives, perhaps one of several, or a few
/// things one after the other.
fn hands_on(code: &str) -> bool {
    let mut depth = 0_usize;
    let (mut statements, mut calls) = (0_usize, 0_usize);
    for line in lines_of_code(code) {
        let is_new = depth == 0;
        for letter in line.chars() {
            match letter {
                '(' | '[' | '{' => depth += 1,
                ')' | ']' | '}' => depth = depth.saturating_sub(1),
                _ => {}
            }
        }
        if !is_new {
            continue;
        }
        let begins = |words: &[&str]| words.iter().any(|word| line.starts_with(word));
        if begins(&["return ", "return(", "yield from ", "super()."]) {
            statements += 1;
        } else if is_call(line) {
            (statements, calls) = (statements + 1, calls + 1);
        } else if !begins(&["if ", "elif ", "else:"]) {
            return false;
        }
    }
    statements > 0 && (calls == 0 || statements <= A_FEW)
}

/// `printer = PrettyPrinter(…` and `printer.print(…`
fn is_call(line: &str) -> bool {
    let called = line.split_once(" = ").map_or(line, |(_, value)| value);
    called.split_once('(').is_some_and(|(callee, _)| {
        !callee.is_empty() && callee.chars().all(|letter| letter.is_alphanumeric() || "._".contains(letter))
    })
}

fn has_paragraphs(text: &str) -> bool {
    text.trim().lines().any(|line| line.trim().is_empty())
}

/// Returns whether the text says where the rest of it is: "See `Block.putmask.__doc__`."
fn refers(subject: &Subject<'_>) -> bool {
    let Some(summary) = subject.docstring.and_then(|docstring| docstring.summary.as_ref()) else {
        return false;
    };
    let text = summary.value.trim_start().to_lowercase();
    let leads = ["see ", "same as ", "like `", "alias of ", "alias for ", "refer to "];
    leads.iter().any(|lead| text.starts_with(lead))
        || ["__doc__", " see `", " see :", "(see "].iter().any(|mark| text.contains(mark))
}
