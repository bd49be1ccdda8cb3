//! Google style: titles followed by indented blocks.
//!
//! Conventions from the Google Python Style Guide, section 3.8, and from Napoleon, the extension by which Sphinx
//! reads them (titles and their aliases, types in parentheses). `titles` is the table of titles, `entries`
//! understands the items of a list, `write` renders.

mod entries;
mod titles;
mod write;

use std::ops::Range;

use super::lines::Lines;
use super::model::{Docstring, Section, SectionKind, Style, Text};
use super::{plain, prose};
use crate::python::Span;
pub(super) use titles::{Content, content_of, rank};
pub(super) use write::{EntryLayout, described, entry_lines, section_lines, text_lines};

/// A line that opens a section.
struct Heading {
    line: usize,
    kind: SectionKind,
}

/// Parses a docstring in Google style.
pub(super) fn parse(text: &str) -> Docstring {
    let lines = lines_of(text);
    let headings = headings(&lines);
    let before = headings.first().map_or(lines.len(), |heading| heading.line);
    let (summary, description) = plain::prose(&lines, 0..before);
    let mut sections = Vec::new();
    for (index, heading) in headings.iter().enumerate() {
        let end = headings.get(index + 1).map_or(lines.len(), |next| next.line);
        sections.extend(section(&lines, heading, end));
    }
    Docstring { style: Style::Google, margin: lines.margin, summary, description, sections }
}

/// Cuts a text into lines; a title on the first line needs a margin that its block is indented against.
pub(super) fn lines_of(text: &str) -> Lines<'_> {
    let mut lines = Lines::new(text);
    if titles::known(lines.content(0)).is_some() {
        lines.use_closing_margin();
    }
    lines
}

/// Finds the titles: at the margin, alone on a line, outside code.
fn headings(lines: &Lines<'_>) -> Vec<Heading> {
    let mut headings: Vec<Heading> = Vec::new();
    let mut prompt = false;
    let mut index = 0;
    // From here on no fence is closed, so that looking for one would be in vain.
    let mut fences_end = lines.len();
    while index < lines.len() {
        let content = lines.content(index);
        if lines.is_blank(index) {
            prompt = false;
        } else if let Some(mark) = prose::opened_fence(content).filter(|_| index < fences_end) {
            match (index + 1..lines.len()).find(|line| prose::closes_fence(lines.content(*line), mark)) {
                Some(close) => index = close,
                None => fences_end = index,
            }
        } else if content.starts_with(">>>") {
            prompt = true;
        } else if !prompt && lines.columns(index) == lines.margin_columns {
            headings.extend(heading(lines, index, !headings.is_empty()));
        }
        index += 1;
    }
    headings
}

fn heading(lines: &Lines<'_>, index: usize, inside: bool) -> Option<Heading> {
    let content = lines.content(index);
    let margin = lines.margin_columns;
    let follower = lines.first_filled(index + 1..lines.len());
    let has_block = follower.is_some_and(|line| lines.columns(line) > margin);
    let after_blank = index == 0 || lines.is_blank(index - 1);
    if let Some(kind) = titles::known(content) {
        let apart = after_blank || inside;
        let alone = lines.is_blank(index + 1)
            || (lines.columns(index + 1) == margin && titles::known(lines.content(index + 1)).is_some());
        return (has_block || (apart && alone)).then_some(Heading { line: index, kind });
    }
    let custom = index > 0
        && after_blank
        && has_block
        && follower == Some(index + 1)
        && titles::looks_like_one(content);
    custom.then_some(Heading { line: index, kind: SectionKind::Custom })
}

fn section(lines: &Lines<'_>, heading: &Heading, end: usize) -> Option<Section> {
    let title_line = lines.get(heading.line)?;
    let title_span = Span::new(title_line.content, title_line.trimmed.saturating_sub(1));
    let title = Text { span: title_span, value: title_span.of(lines.text).to_owned() };
    let last = lines.last_filled(heading.line..end).unwrap_or(heading.line);
    let span = Span::new(title_line.content, lines.get(last)?.trimmed);
    let block = heading.line + 1..end;
    let (entries, text) = match content_of(heading.kind) {
        Content::Prose => (Vec::new(), prose_block(lines, block)),
        Content::Value => {
            let (inside, after) = split_at_margin(lines, block);
            (entries::value(lines, inside).into_iter().collect(), plain::stretch(lines, after))
        }
        Content::Items | Content::Exceptions => {
            let (inside, after) = split_at_margin(lines, block);
            let (entries, preamble) = entries::items(lines, inside, heading.kind);
            (entries, joined(preamble, plain::stretch(lines, after)))
        }
    };
    Some(Section { kind: heading.kind, title, span, entries, text })
}

/// Cuts off the prose that stands at the margin after an indented block.
///
/// A line at the margin that is hemmed in by the block is a slip of the author's and stays inside.
fn split_at_margin(lines: &Lines<'_>, block: Range<usize>) -> (Range<usize>, Range<usize>) {
    let indented = |index: usize| !lines.is_blank(index) && lines.columns(index) > lines.margin_columns;
    let outside = |index: usize| !lines.is_blank(index) && !indented(index);
    let mut index = block.start;
    while index < block.end {
        if outside(index) {
            let run_end = (index..block.end).find(|line| !outside(*line)).unwrap_or(block.end);
            let hemmed =
                index > block.start && indented(index - 1) && run_end < block.end && indented(run_end);
            if !hemmed {
                break;
            }
            index = run_end;
        }
        index += 1;
    }
    (block.start..index.min(block.end), index.min(block.end)..block.end)
}

fn prose_block(lines: &Lines<'_>, block: Range<usize>) -> Option<Text> {
    let first = lines.first_filled(block.clone())?;
    let last = lines.last_filled(block.clone())?;
    let indented = block.filter(|index| !lines.is_blank(*index)).map(|index| lines.columns(index));
    let base =
        indented.filter(|columns| *columns > lines.margin_columns).min().unwrap_or(lines.margin_columns);
    let start = lines.get(first)?;
    let mut text = lines.text(start.content, last, base);
    text.value.insert_str(0, &" ".repeat(start.columns.saturating_sub(base)));
    Some(text)
}

/// Joins the prose before and after the entries; the span then reaches from one to the other.
fn joined(before: Option<Text>, after: Option<Text>) -> Option<Text> {
    match (before, after) {
        (Some(before), Some(after)) => {
            let span = Span::new(before.span.start, after.span.end);
            Some(Text { span, value: format!("{}\n\n{}", before.value, after.value) })
        }
        (before, after) => before.or(after),
    }
}
