//! The items of a section: `name (type, optional, default 3): text` and its relatives.
//!
//! Source: Google Python Style Guide 3.8.3 ("Args", "Returns", "Raises").

use std::ops::Range;

use super::super::kinds::{self, Content};
use super::super::lines::Lines;
use super::super::model::{Entry, Name, SectionKind, Text};
use super::super::names::{self, skip_blanks};
use super::super::{markers, notation, prose};
use crate::python::Span;

/// What stands before the description of an entry; offsets are those of the whole text.
#[derive(Debug, Default)]
struct Header {
    names: Vec<Name>,
    type_text: Option<Text>,
    optional: Option<Span>,
    default: Option<Text>,
    /// One past the header, its colon included.
    end: usize,
    /// Whether it says by its form what is a type and what is none: `(the type): text`, `: text`.
    explicit: bool,
}

/// Where an entry begins: its first byte, and the columns before it.
#[derive(Debug, Clone, Copy)]
struct Place {
    start: usize,
    columns: usize,
}

/// Cuts a block into entries; what stands before the first of them is returned as prose.
pub(in crate::docstring) fn items(
    lines: &Lines<'_>,
    block: Range<usize>,
    kind: SectionKind,
) -> (Vec<Entry>, Option<Text>) {
    let mut starts: Vec<(usize, Header)> = Vec::new();
    let first = lines.first_filled(block.clone());
    let mut indentation = first.map_or(0, |line| lines.columns(line));
    // A list in place of entries: then each entry has the bullet.
    let bullet = first.map_or(0, |line| bullet(lines.content(line)));
    let mut index = block.start;
    while index < block.end {
        let columns = lines.columns(index);
        let candidate = !lines.is_blank(index) && columns > lines.margin_columns && columns <= indentation;
        if let Some(header) = candidate.then(|| header(lines, index..block.end, kind, bullet)).flatten() {
            indentation = columns;
            index = index.max(lines.index_of(header.end.saturating_sub(1)));
            starts.push((lines.index_of(header.names.first().map_or(0, |name| name.span.start)), header));
        }
        index += 1;
    }
    let preamble_end = starts.first().map_or(block.end, |(line, _)| *line);
    let preamble = preamble(lines, block.start..preamble_end);
    let place = |line: usize| Place {
        start: lines.get(line).map_or(0, |line| line.content) + bullet,
        columns: lines.columns(line) + bullet,
    };
    let starts = starts.into_iter().map(|(line, header)| (line, header, place(line))).collect();
    (entries_at(lines, starts, block.end), preamble)
}

/// Reads a block as what is given back: `type: text`, `name (type): text`, several of them, or text alone.
pub(super) fn values(lines: &Lines<'_>, block: Range<usize>) -> Vec<Entry> {
    let Some(first) = lines.first_filled(block.clone()) else { return Vec::new() };
    if let Some(entries) = several(lines, first..block.end) {
        return entries;
    }
    let Some(start) = lines.get(first).map(|line| line.content) else { return Vec::new() };
    let limit = header_limit(lines, first..block.end);
    let header = value_header(lines.text, start, limit);
    let header = header.unwrap_or(Header { end: start, ..Header::default() });
    entry(lines, first..block.end, header, Place { start, columns: lines.columns(first) })
        .into_iter()
        .collect()
}

/// Reads several values, each on a line of its own; nothing unless every line that is not indented deeper has a head.
fn several(lines: &Lines<'_>, block: Range<usize>) -> Option<Vec<Entry>> {
    let columns = lines.columns(block.start);
    let mut starts = Vec::new();
    for index in block.clone() {
        if lines.is_blank(index) || lines.columns(index) > columns {
            continue;
        }
        let start = lines.get(index)?.content;
        let end = lines.get(index)?.trimmed;
        let header = value_header(lines.text, start, end)?;
        // "Note: …" and "then: …" belong to what is said about the one value there is.
        let is_type = |text: &Text| {
            lines.titles.kind_of(&text.value).is_none() && notation::is_plainly_type(&text.value)
        };
        let shown = header.explicit || header.type_text.as_ref().is_some_and(is_type);
        if header.names.is_empty() && !shown {
            return None;
        }
        starts.push((index, header, Place { start, columns }));
    }
    (starts.len() > 1).then(|| entries_at(lines, starts, block.end))
}

/// Reads the text of a field as a list of values: `- name (type): text`, at least two, or one with a name.
pub(in crate::docstring) fn bulleted(lines: &Lines<'_>, span: Span) -> Option<Vec<Entry>> {
    let first = lines.index_of(span.start);
    let end = lines.index_of(span.end.saturating_sub(1)) + 1;
    if lines.get(first)?.content != span.start {
        return None;
    }
    let columns = lines.columns(first);
    let mut starts = Vec::new();
    for index in first..end {
        if lines.is_blank(index) || lines.columns(index) > columns {
            continue;
        }
        let line = lines.get(index)?;
        let start = line.content + lines.content(index).strip_prefix("- ").map(|_| 2)?;
        let header = value_header(lines.text, start, line.trimmed)?;
        starts.push((index, header, Place { start, columns: columns + 2 }));
    }
    // A single one is a list by its name only; else it is a text that happens to be a list.
    let named = starts.first().is_some_and(|(_, header, _)| !header.names.is_empty());
    (starts.len() > 1 || named).then(|| entries_at(lines, starts, end))
}

fn entries_at(lines: &Lines<'_>, starts: Vec<(usize, Header, Place)>, end: usize) -> Vec<Entry> {
    let ends: Vec<usize> = starts.iter().skip(1).map(|(line, _, _)| *line).chain([end]).collect();
    let ranges = starts.into_iter().zip(ends);
    ranges.filter_map(|((line, header, place), end)| entry(lines, line..end, header, place)).collect()
}

/// Returns the length of the bullet that a line begins with, its blank included.
fn bullet(content: &str) -> usize {
    if ["* ", "- ", "+ "].iter().any(|mark| content.starts_with(mark)) { 2 } else { 0 }
}

fn preamble(lines: &Lines<'_>, block: Range<usize>) -> Option<Text> {
    let first = lines.first_filled(block.clone())?;
    let last = lines.last_filled(block)?;
    let start = lines.get(first)?;
    Some(lines.text(start.content, last, start.columns))
}

fn entry(lines: &Lines<'_>, range: Range<usize>, header: Header, place: Place) -> Option<Entry> {
    let Place { start, columns } = place;
    let last = lines.last_filled(range.clone())?;
    let end = lines.get(last)?.trimmed.max(header.end);
    let header_line = lines.index_of(header.end.saturating_sub(1).max(start));
    let rest = notation::trimmed(lines.text, header.end..lines.get(header_line)?.trimmed.max(header.end));
    let (begin, line) = if rest.is_empty() {
        let next = lines.first_filled(header_line + 1..range.end);
        (next.and_then(|line| lines.get(line)).map(|line| line.content), next.unwrap_or(last))
    } else {
        (Some(rest.start), header_line)
    };
    let description = begin.map(|begin| {
        let base = if rest.is_empty() {
            lines.columns(line)
        } else {
            let flush = header.names.is_empty() && !header.explicit && columns == lines.columns(range.start);
            continuation(lines, line..range.end, columns, flush)
        };
        lines.text(begin, last, base)
    });
    let Header { names, type_text, optional, default, .. } = header;
    Some(Entry {
        names,
        type_text,
        optional,
        default,
        description,
        span: Span::new(start, end),
        type_field: None,
    })
}

/// Returns the columns that the later lines of a description have in common.
///
/// A line that continues the first without a break shows where prose continues. What comes after a blank line
/// or a colon may be code, whose indentation must not be taken for that of the prose.
fn continuation(lines: &Lines<'_>, range: Range<usize>, indentation: usize, flush: bool) -> usize {
    let later = || (range.start + 1..range.end).filter(|index| !lines.is_blank(*index));
    let contiguous = !lines.is_blank(range.start + 1) && range.start + 1 < range.end;
    let first = lines.content(range.start);
    let runs_on = contiguous && !first.ends_with(':') && !prose::is_marked(first);
    let next = lines.columns(range.start + 1);
    if flush {
        let hangs = runs_on && later().all(|index| lines.columns(index) > indentation);
        return if hangs { next } else { indentation };
    }
    if runs_on && next > indentation {
        return next;
    }
    let unit = indentation.saturating_sub(lines.margin_columns);
    let least = later().map(|index| lines.columns(index)).filter(|columns| *columns > indentation).min();
    least.map_or(indentation + unit, |least| least.min(indentation + unit))
}

/// Returns where a header that begins on the first line must have ended: deeper lines may continue it.
fn header_limit(lines: &Lines<'_>, range: Range<usize>) -> usize {
    let columns = lines.columns(range.start);
    let mut last = range.start;
    for index in range.start + 1..range.end {
        if lines.is_blank(index) || lines.columns(index) <= columns {
            break;
        }
        last = index;
    }
    lines.get(last).map_or(0, |line| line.trimmed)
}

/// Reads the header of a list item; nothing when the line is none.
fn header(lines: &Lines<'_>, range: Range<usize>, kind: SectionKind, mark: usize) -> Option<Header> {
    let line = lines.get(range.start)?;
    if bullet(lines.content(range.start)) != mark {
        return None;
    }
    let range_start = range.start;
    let limit = header_limit(lines, range);
    let exceptions = kinds::content_of(kind) == Content::Exceptions;
    // Without a colon, a name on a line of its own is an entry where its description is indented below.
    let below = lines.columns(range_start + 1);
    let over_text = mark == 0 && !lines.is_blank(range_start + 1) && below > line.columns;
    let read = if exceptions { names::exceptions } else { names::names };
    let (names, end) = read(lines.text, line.content + mark, limit)?;
    let mut header = Header { names, ..Header::default() };
    let mut at = skip_blanks(lines.text, end);
    let mut closed = false;
    if !exceptions && let Some((typed, end)) = type_after(lines.text, at, limit, line.trimmed) {
        if kind != SectionKind::Methods {
            header.set_type(lines.text, typed);
        }
        at = skip_blanks(lines.text, end);
        closed = true;
    }
    let rest = lines.text.get(at..limit)?;
    if let Some(after) = rest.strip_prefix(':') {
        header.end = at + 1;
        // `https://…` and `Example::` are prose.
        return (!after.starts_with("//") && !after.starts_with(':')).then_some(header);
    }
    header.end = lines.text.get(..at)?.trim_end().len();
    let bare = closed
        || header.names.iter().all(|name| name.stars > 0)
        || (exceptions && header.names.iter().all(|name| names::is_exception(&name.value)));
    let line_over = rest.is_empty() || rest.starts_with(['\r', '\n']);
    ((bare || over_text) && line_over).then_some(header)
}

/// Finds the type behind a name: in parentheses, in parentheses that nobody closed, or bare with brackets.
///
/// Returns where it stands and where what holds it ends.
fn type_after(text: &str, at: usize, limit: usize, line_end: usize) -> Option<(Span, usize)> {
    let rest = text.get(at..limit)?;
    if rest.starts_with('(') {
        if let Some(close) = notation::closing(rest, 0) {
            return Some((Span::new(at + 1, at + close), at + close + 1));
        }
        let line = text.get(at..line_end)?;
        let colon = ["):", "]:"].iter().filter_map(|end| line.find(end)).min()? + 1;
        return Some((Span::new(at + 1, at + colon), at + colon));
    }
    let colon = notation::first_colon(rest)?;
    let bare = rest.get(..colon)?.trim_end();
    let bracketed =
        bare.contains(['[', '(']) && notation::is_type(&bare.replacen('(', "[", 1).replacen(')', "]", 1));
    bracketed.then(|| (Span::new(at, at + bare.len()), at + bare.len()))
}

impl Header {
    fn set_type(&mut self, text: &str, span: Span) {
        let typed = markers::read(text, span);
        (self.type_text, self.optional, self.default) = (typed.type_text, typed.optional, typed.default);
    }
}

/// Returns what to write before the text of a value for its type to be read as such, whatever it looks like.
///
/// A comma at the top makes a tuple of what is in parentheses, so that such a phrase has two pairs.
pub(in crate::docstring) fn explicit_type(type_text: &str) -> String {
    let plain = notation::is_type(type_text) && notation::is_plainly_type(type_text);
    if plain && notation::first_colon(type_text).is_none() || is_in_parentheses(type_text) {
        return type_text.to_owned();
    }
    if notation::parts(type_text).len() > 1 { format!("(({type_text}))") } else { format!("({type_text})") }
}

fn is_in_parentheses(text: &str) -> bool {
    text.starts_with('(') && notation::closing(text, 0).is_some_and(|close| close + 1 == text.len())
}

/// Reads `(the type): text`; the type of a tuple keeps its parentheses.
fn parenthesised(text: &str, start: usize, limit: usize) -> Option<Header> {
    let source = text.get(start..limit)?;
    let close = source.starts_with('(').then(|| notation::closing(source, 0)).flatten()?;
    let after = source.get(close + 1..)?.strip_prefix(':')?;
    if !(after.is_empty() || after.starts_with(char::is_whitespace)) {
        return None;
    }
    let mut inner = notation::trimmed(source, 1..close);
    let twice = source.get(inner.clone())?;
    if is_in_parentheses(twice) {
        inner = notation::trimmed(source, inner.start + 1..inner.end - 1);
    } else if notation::parts(twice).len() > 1 {
        inner = 0..close + 1;
    }
    let type_text =
        (!inner.is_empty()).then(|| markers::text_at(text, start + inner.start, start + inner.end))?;
    Some(Header { type_text: Some(type_text), end: start + close + 2, explicit: true, ..Header::default() })
}

fn value_header(text: &str, start: usize, limit: usize) -> Option<Header> {
    let source = text.get(start..limit)?;
    if source.strip_prefix(':').is_some_and(|after| after.is_empty() || after.starts_with([' ', '\r', '\n']))
    {
        return Some(Header { end: start + 1, explicit: true, ..Header::default() });
    }
    if let Some(header) = parenthesised(text, start, limit) {
        return Some(header);
    }
    let colon = notation::first_colon(source)?;
    let after = source.get(colon + 1..)?;
    if !(after.is_empty() || after.starts_with(char::is_whitespace)) {
        return None;
    }
    let before = source.get(..colon)?;
    let mut header = Header { end: start + colon + 1, ..Header::default() };
    if notation::is_type(before) {
        let range = notation::trimmed(before, 0..before.len());
        header.type_text = Some(markers::text_at(text, start + range.start, start + range.end));
        return Some(header);
    }
    // `result (int): text` names what is returned. Without the blank it would be a call.
    let (names, end) = names::names(text, start, limit)?;
    let open = skip_blanks(text, end);
    let close = open + notation::closing(text.get(open..start + colon)?, 0)?;
    let whole = text.get(close + 1..start + colon)?.trim().is_empty();
    if open == end || !text.get(open..)?.starts_with('(') || !whole {
        return None;
    }
    header.names = names;
    header.set_type(text, Span::new(open + 1, close));
    Some(header)
}
