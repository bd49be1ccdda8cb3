//! The layout and wording of a docstring's source: pydocstyle's rules, D2xx to D4xx.
//!
//! They look at the text between the quotes as it is written, indentation and line ends included, and at the lines
//! around the literal; what the text says about the code is the business of the other rules. A docstring is cut into
//! lines once ([`Text`]), and each rule looks at those.

mod blank_lines;
mod headings;
mod indentation;
mod opening;
mod presence;
mod quotes;
mod remedies;
mod section_remedies;
mod sections;
mod sentence;
mod shape;
mod summary;

use std::cell::OnceCell;

use crate::python::{Definition, ParsedFile, Span};

use super::{Answer, Finding, Remedy, Replacement, Rule, Subject};
pub(super) use blank_lines::{
    after_class, after_function, around_class_is_one, before_class_is_none, before_function,
};
pub(super) use headings::{
    blank_after, blank_after_last, blank_before, blank_under, capital, colon, dashes, empty, line_end, order,
    overindented, underline_length, underline_overindented, underline_place,
};
pub(super) use indentation::{over_indented, tabs, under_indented};
pub(super) use opening::{capitalised, imperative, signature, this, verb_of_property};
pub(super) use presence::{empty_text, overload};
pub(super) use quotes::{backslashes, triple_double};
use sections::Heading;
pub(super) use sections::{Layout, documented_parameters};
pub(super) use shape::{closing_line, first_line, one_line, second_line, summary_apart, surrounding_blanks};
pub(super) use summary::{ends_in_period, ends_in_punctuation};

/// The source of a docstring, cut into lines.
#[derive(Debug)]
pub struct Text<'a> {
    /// The text of the file.
    source: &'a str,
    /// The literal with its prefix and quotes.
    literal: Span,
    /// What stands between the quotes.
    body: Span,
    /// Its lines; one that ends the body is followed by an empty one.
    rows: Vec<Row<'a>>,
    /// What stands before the literal on its line; its width is what the other lines are held against.
    before: &'a str,
    /// The headings of its sections, for each layout; looked for when a rule asks.
    headings: [OnceCell<Vec<Heading>>; 2],
}

/// A line, without what ends it.
#[derive(Debug, Clone, Copy)]
struct Row<'a> {
    /// Where it begins in the file.
    start: usize,
    text: &'a str,
}

impl<'a> Row<'a> {
    fn is_blank(self) -> bool {
        self.text.trim().is_empty()
    }

    /// Returns the white space it begins with.
    fn indentation(self) -> &'a str {
        let rest = self.text.trim_start();
        self.text.get(..self.text.len() - rest.len()).unwrap_or("")
    }

    fn span(self) -> Span {
        Span::new(self.start, self.start + self.text.len())
    }

    /// Returns where its text stands, without the white space around it.
    fn trimmed(self) -> Span {
        let start = self.start + self.indentation().len();
        Span::new(start, start + self.text.trim().len())
    }
}

impl<'a> Text<'a> {
    /// Cuts the docstring of a definition into lines; `None` without one, and for one that is put together from
    /// several literals.
    pub(super) fn of(file: &'a ParsedFile, definition: &'a Definition) -> Option<Self> {
        let [piece] = definition.docstring.as_ref()?.pieces.as_slice() else { return None };
        let source = file.text.as_str();
        let before = source.get(..piece.span.start)?;
        let line = before.rfind(['\n', '\r']).map_or(0, |at| at + 1);
        let line = before.get(line..)?;
        let mut rows: Vec<Row<'a>> = rows(source, piece.content).collect();
        let body = piece.content.of(source);
        if body.is_empty() || body.ends_with(['\n', '\r']) {
            rows.push(Row { start: piece.content.end, text: "" });
        }
        Some(Self {
            source,
            literal: piece.span,
            body: piece.content,
            rows,
            before: line,
            headings: [OnceCell::new(), OnceCell::new()],
        })
    }

    fn body(&self) -> &'a str {
        self.body.of(self.source)
    }

    /// Returns the letters before the quotes.
    fn prefix(&self) -> &'a str {
        let quotes = if self.is_triple_quoted() { 3 } else { 1 };
        let end = self.body.start.saturating_sub(quotes);
        self.source.get(self.literal.start..end).unwrap_or("")
    }

    fn is_triple_quoted(&self) -> bool {
        self.literal.end - self.body.end == 3
    }

    /// Returns the first line that is not blank; nothing when all are.
    fn first_filled(&self) -> Option<Row<'a>> {
        self.rows.iter().copied().find(|row| !row.is_blank())
    }

    /// Returns the last line of the first paragraph; a title, a field or an example ends it, and an underline above it is none of it.
    fn end_of_summary(&self) -> Option<Row<'a>> {
        let is_rule =
            |row: &Row<'_>| row.text.trim().bytes().all(|mark| matches!(mark, b'-' | b'~' | b'=' | b'#'));
        let first = self.rows.iter().position(|row| !row.is_blank() && !is_rule(row))?;
        let is_example = |row: &Row<'_>| row.text.trim_start().starts_with(">>>");
        let is_title = |row: &Row<'_>, below: Option<&Row<'_>>| {
            let words = row.text.trim();
            let deeper =
                |below: &Row<'_>| !below.is_blank() && below.indentation().len() > row.indentation().len();
            below.is_some_and(is_rule) && sections::is_title(words, Layout::Numpy)
                || below.is_some_and(deeper)
                    && words.strip_suffix(':').is_some_and(|title| sections::is_title(title, Layout::Google))
        };
        let rest = &self.rows[first + 1..];
        let following = rest.iter().zip(rest.iter().skip(1).map(Some).chain([None]));
        let more = following.take_while(|(row, below)| {
            let is_other = is_rule(row) || is_example(row) || sections::is_field(row.text);
            !row.is_blank() && !is_other && !is_title(row, *below)
        });
        more.last().map(|(row, _)| row).or_else(|| self.rows.get(first)).copied()
    }
}

/// Cuts a part of a text into lines at LF, CRLF and lone CR.
fn rows(source: &str, part: Span) -> impl Iterator<Item = Row<'_>> {
    let mut start = part.start;
    std::iter::from_fn(move || {
        let rest = source.get(start..part.end).filter(|rest| !rest.is_empty())?;
        let end = rest.find(['\n', '\r']).unwrap_or(rest.len());
        let row = Row { start, text: rest.get(..end)? };
        let ending = rest.get(end..)?;
        start += end + if ending.starts_with("\r\n") { 2 } else { usize::from(!ending.is_empty()) };
        Some(row)
    })
}

/// Returns the source of a docstring whose wording is judged: one that was written in this change.
///
/// A change of the code alone asks nobody to lay out anew what has been there.
fn judged<'a>(subject: &Subject<'a>) -> Option<&'a Text<'a>> {
    let written = subject.touched.added || subject.touched.docstring;
    let is_judged = |text: &Text<'_>| !text.body().trim().is_empty() && !is_dummy(text, subject);
    subject.text.filter(|text| written && !subject.is_test_data() && is_judged(text))
}

/// Returns whether a word alone is there only so that a test finds it.
fn is_dummy(text: &Text<'_>, subject: &Subject<'_>) -> bool {
    text.body().split_whitespace().nth(1).is_none() && subject.settings.is_test(subject.path)
}

/// Makes the one finding of a rule.
fn one(rule: &Rule, subject: &Subject<'_>, span: Span, message: impl Into<String>) -> Vec<Finding> {
    mended(rule, subject, span, (message, None))
}

/// Makes the one finding of a rule, with what puts it right.
fn mended(
    rule: &Rule,
    subject: &Subject<'_>,
    span: Span,
    (message, made): (impl Into<String>, Option<Vec<Replacement>>),
) -> Vec<Finding> {
    vec![subject.finding(rule, span, message.into()).answered_by(laid(subject, made), None)]
}

/// Answers a finding by replacements; a literal in parentheses or pieces is not edited in parts.
fn laid(subject: &Subject<'_>, made: Option<Vec<Replacement>>) -> Answer {
    let is_whole = subject.definition.docstring.as_ref().is_some_and(|literal| literal.content.is_some());
    match made.filter(|made| is_whole && !made.is_empty()) {
        Some(made) => Answer::Repair(Remedy::Lay(made)),
        None => Answer::Person,
    }
}
