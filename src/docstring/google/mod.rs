//! Google style: titles followed by indented blocks.
//!
//! Conventions from the Google Python Style Guide, section 3.8, and from Napoleon, the extension by which Sphinx
//! reads them (types in parentheses). `entries` understands the items of a list, `write` renders.

mod entries;
mod write;

use std::ops::Range;

use super::kinds::{self, Content};
use super::lines::Lines;
use super::model::{Section, Style, Text};
use super::plain;
use super::scan::Starter;
use crate::python::Span;
pub(super) use entries::{bulleted, explicit_type, items};
pub(super) use write::{
    EntryLayout, Values, Wrapping, described, entry_lines, section_lines, text_lines, title_of, under,
};

/// Reads the section that a title begins; `end` is the line after it.
pub(super) fn section(lines: &Lines<'_>, starter: &Starter, end: usize) -> Option<Section> {
    let title_line = lines.get(starter.line)?;
    let title_span = Span::new(title_line.content, title_line.trimmed.saturating_sub(1));
    let title = Text { span: title_span, value: title_span.of(lines.text).to_owned() };
    let (inside, outside) = split_at_margin(lines, starter.line + 1..end);
    let last = lines.last_filled(starter.line..inside.end).unwrap_or(starter.line);
    let mut section = Section {
        kind: starter.kind,
        style: Style::Google,
        title,
        span: Span::new(title_line.content, lines.get(last)?.trimmed),
        entries: Vec::new(),
        text: None,
        after: plain::stretch(lines, outside).into_iter().collect(),
    };
    match kinds::content_of(starter.kind) {
        Content::Prose => section.text = prose_block(lines, inside),
        Content::Value => section.entries = entries::values(lines, inside),
        Content::Items | Content::Exceptions => {
            (section.entries, section.text) = entries::items(lines, inside, starter.kind);
        }
    }
    Some(section)
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
