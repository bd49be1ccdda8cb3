//! D201, D202, D203, D204, D211: blank lines between a docstring and the code around it.

use std::sync::LazyLock;

use regex::Regex;

use crate::python::{DefinitionKind, Span};

use super::super::{Finding, Rule, Subject};
use super::remedies::beside;
use super::{Row, Text, judged, mended, rows};

/// A definition inside a function may stand apart from the docstring.
static DEFINITION: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"^\s*(?:(?:class|def|async def)\s|@)").ok());

/// D201: blank lines stand before the docstring of a function.
pub(in crate::rules) fn before_function(rule: &Rule, subject: &Subject<'_>) -> Vec<Finding> {
    let Some(text) = judged(subject).filter(|_| subject.definition.kind.is_function()) else {
        return Vec::new();
    };
    let Some(found) = before(text, subject).filter(|found| found.blank > 0) else { return Vec::new() };
    let message = format!("{} before the docstring of a function", lines(found.blank));
    mended(rule, subject, text.literal, (message, beside(subject, found.place(), 0)))
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
    let message = format!("{} behind the docstring of a function", lines(found.blank));
    mended(rule, subject, text.literal, (message, beside(subject, (found.start, found.end), 0)))
}

/// D203: one blank line is wanted before the docstring of a class.
pub(in crate::rules) fn around_class_is_one(rule: &Rule, subject: &Subject<'_>) -> Vec<Finding> {
    let Some((text, found)) = before_class(subject).filter(|(_, found)| found.blank != 1) else {
        return Vec::new();
    };
    let message = format!("{} before the docstring of a class; one is wanted", lines(found.blank));
    // Who has chosen both rules is not made to go round in circles.
    let remedy = beside(subject, found.place(), 1).filter(|_| !is_on(subject, "D211"));
    mended(rule, subject, text.literal, (message, remedy))
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
    mended(rule, subject, text.literal, (message, beside(subject, (found.start, found.end), 1)))
}

/// D211: no blank line is wanted before the docstring of a class.
pub(in crate::rules) fn before_class_is_none(rule: &Rule, subject: &Subject<'_>) -> Vec<Finding> {
    let Some((text, found)) = before_class(subject).filter(|(_, found)| found.blank > 0) else {
        return Vec::new();
    };
    let message = format!("{} before the docstring of a class", lines(found.blank));
    mended(rule, subject, text.literal, (message, beside(subject, found.place(), 0)))
}

/// Returns whether a rule is on under the convention of a docstring.
pub(super) fn is_on(subject: &Subject<'_>, code: &str) -> bool {
    let Some(rule) = Rule::find(code).filter(|rule| subject.settings.severities.contains_key(rule.code))
    else {
        return false;
    };
    let is_silent = || subject.convention().is_some_and(|chosen| rule.off_in.contains(&chosen));
    rule.off_in.is_empty() || subject.settings.named.contains(rule.code) || !is_silent()
}

fn lines(count: usize) -> String {
    match count {
        0 => "no blank line stands".to_owned(),
        1 => "a blank line stands".to_owned(),
        count => format!("{count} blank lines stand"),
    }
}

fn before_class<'a>(subject: &Subject<'a>) -> Option<(&'a Text<'a>, Before)> {
    let text = judged(subject).filter(|_| subject.definition.kind.is_class())?;
    Some((text, before(text, subject)?))
}

/// The blank lines before a docstring.
struct Before {
    blank: usize,
    /// Where the first of them begins.
    start: usize,
    /// Where the line of the docstring begins.
    end: usize,
}

impl Before {
    fn place(&self) -> (usize, usize) {
        (self.start, self.end)
    }
}

/// Counts the blank lines before a docstring; nothing when it stands on the line of the header.
fn before(text: &Text<'_>, subject: &Subject<'_>) -> Option<Before> {
    let header = subject.definition.header.end;
    let between = text.source.get(header..text.literal.start)?;
    let line = between.rfind(['\n', '\r'])?;
    // From the end, so that a long comment costs nothing.
    let below = header + line + 1;
    let mut end = below;
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
    Some(Before { blank, start: end, end: below })
}

/// What stands behind a docstring.
struct After<'a> {
    blank: usize,
    /// Where the first blank line begins, and where the last one ends.
    start: usize,
    end: usize,
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
    let start = following().next()?.start;
    let end = following().nth(blank)?.start;
    Some(After { blank, start, end, next })
}
