//! numpydoc style: underlined titles, entries at the margin with their descriptions below.
//!
//! Conventions from numpydoc's "Style guide". `entries` understands the lists, `write` renders.

mod entries;
mod write;

use super::kinds::{self, Content};
use super::lines::Lines;
use super::model::{Section, Style, Text};
use super::plain;
use super::scan::Starter;
use crate::python::Span;
pub(super) use write::{entry_lines, section_lines};

/// Reads the section that an underlined title begins; `end` is the line after it, `style` whose title it is.
pub(super) fn section(lines: &Lines<'_>, starter: &Starter, end: usize, style: Style) -> Option<Section> {
    let line = lines.get(starter.line)?;
    let title_span = Span::new(line.content, line.trimmed);
    let block = starter.line + 2..end;
    let last = lines.last_filled(starter.line..end)?;
    let mut section = Section {
        kind: starter.kind,
        style,
        title: Text { span: title_span, value: title_span.of(lines.text).to_owned() },
        span: Span::new(line.content, lines.get(last)?.trimmed),
        entries: Vec::new(),
        text: None,
        after: Vec::new(),
    };
    match kinds::content_of(starter.kind) {
        Content::Prose => section.text = plain::stretch(lines, block),
        Content::Value => section.entries = entries::values(lines, block),
        Content::Items | Content::Exceptions => {
            (section.entries, section.text) = entries::items(lines, block, starter.kind);
        }
    }
    Some(section)
}
