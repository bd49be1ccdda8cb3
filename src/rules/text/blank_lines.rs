//! D201, D202, D203, D204, D211: blank lines between a docstring and the code around it.

use std::sync::LazyLock;

use regex::Regex;

use crate::python::{DefinitionKind, Span};

use super::super::{Finding, Rule, Subject};
use super::{Row, Text, judged, one, rows};

/// A definition inside a function may stand apart from the docstring.
static DEFINITION: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"^\s*(?:(?:class|def|async def)\s|@)").ok());

/// D201: blank lines stand before the docstring of a function.
pub(in crate::rules) fn before_function(rule: &Rule, subject: &Subject<'_>) -> Vec<Finding> {
    let Some(text) = judged(subject).filter(|_| subject.definition.kind.is_function()) else {
        return Vec::new();
    };
    match before(text, subject) {
        None | Some(0) => Vec::new(),
        Some(found) => {
            one(rule, subject, text.literal, format!("{} before the docstring of a function", lines(found)))
        }
    }
}

/// D202: blank lines stand behind the docstring of a function.
pub(in crate::rules) fn after_function(rule: &Rule, subject: &Subject<'_>) -> Vec<Finding> {
    let Some(text) = judged(subject).filter(|_| subject.definition.kind.is_function()) else {
        return Vec::new();
    };
    let Some(found) = after(text, subject).filter(|found| found.blank > 0) else { return Vec::new() };
    let is_definition = |row: &Row<'_>| DEFINITION.as_ref().is_some_and(|pattern| pattern.is_match(row.text));
    if found.blank == 1 && found.next.as_ref().is_some_and(is_definition) {
        return Vec::new();
    }
    one(rule, subject, text.literal, format!("{} behind the docstring of a function", lines(found.blank)))
}

/// D203: one blank line is wanted before the docstring of a class.
pub(in crate::rules) fn around_class_is_one(rule: &Rule, subject: &Subject<'_>) -> Vec<Finding> {
    let Some((text, found)) = before_class(subject).filter(|(_, found)| *found != 1) else {
        return Vec::new();
    };
    one(
        rule,
        subject,
        text.literal,
        format!("{} before the docstring of a class; one is wanted", lines(found)),
    )
}

/// D204: one blank line is wanted behind the docstring of a class.
pub(in crate::rules) fn after_class(rule: &Rule, subject: &Subject<'_>) -> Vec<Finding> {
    let Some(text) = judged(subject).filter(|_| subject.definition.kind.is_class()) else {
        return Vec::new();
    };
    let Some(found) =
        after(text, subject).filter(|found| found.blank != 1 && before(text, subject).is_some())
    else {
        return Vec::new();
    };
    let message = format!("{} behind the docstring of a class; one is wanted", lines(found.blank));
    one(rule, subject, text.literal, message)
}

/// D211: no blank line is wanted before the docstring of a class.
pub(in crate::rules) fn before_class_is_none(rule: &Rule, subject: &Subject<'_>) -> Vec<Finding> {
    let Some((text, found)) = before_class(subject).filter(|(_, found)| *found > 0) else {
        return Vec::new();
    };
    one(rule, subject, text.literal, format!("{} before the docstring of a class", lines(found)))
}

fn lines(count: usize) -> String {
    match count {
        0 => "no blank line stands".to_owned(),
        1 => "a blank line stands".to_owned(),
        count => format!("{count} blank lines stand"),
    }
}

fn before_class<'a>(subject: &Subject<'a>) -> Option<(&'a Text<'a>, usize)> {
    let text = judged(subject).filter(|_| subject.definition.kind.is_class())?;
    Some((text, before(text, subject)?))
}

/// Counts the blank lines before a docstring; nothing when it stands on the line of the header.
fn before(text: &Text<'_>, subject: &Subject<'_>) -> Option<usize> {
    let header = subject.definition.header.end;
    let between = text.source.get(header..text.literal.start)?;
    let line = between.rfind(['\n', '\r'])?;
    // From the end, so that a long comment costs nothing.
    let mut end = header + line + 1;
    let mut blank = 0;
    while let Some(above) = text.source.get(header..end) {
        let content = above.strip_suffix("\r\n").or_else(|| above.strip_suffix(['\n', '\r']))?;
        let Some(start) = content.rfind(['\n', '\r']).map(|at| at + 1) else { break };
        if !content.get(start..)?.trim().is_empty() {
            break;
        }
        blank += 1;
        end = header + start;
    }
    Some(blank)
}

/// What stands behind a docstring.
struct After<'a> {
    blank: usize,
    /// The first line behind them that is no comment.
    next: Option<Row<'a>>,
}

/// Looks at the lines behind a docstring; nothing when there is nothing but blank lines and comments.
fn after<'a>(text: &Text<'a>, subject: &Subject<'_>) -> Option<After<'a>> {
    debug_assert!(subject.definition.kind != DefinitionKind::Module, "a module has no line behind it");
    let end = subject.definition.span.end;
    let following = || rows(text.source, Span::new(text.literal.end, end.max(text.literal.end))).skip(1);
    let is_comment = |row: &Row<'_>| row.text.trim_start().starts_with('#');
    following().find(|row| !row.is_blank() && !is_comment(row))?;
    let blank = following().take_while(|row| row.is_blank()).count();
    let next = following().skip(blank).find(|row| !is_comment(row));
    Some(After { blank, next })
}
