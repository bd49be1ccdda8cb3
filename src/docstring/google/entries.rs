//! The items of a section: `name (type, optional, default 3): text` and its relatives.
//!
//! Sources: Google Python Style Guide 3.8.3 ("Args", "Returns", "Raises") and Napoleon's examples for types in
//! parentheses and `optional`; the markers for defaults are those of numpydoc, which people carry over.

use std::ops::Range;

use super::super::lines::Lines;
use super::super::model::{Entry, Name, SectionKind, Text};
use super::super::{notation, prose};
use super::titles::{Content, content_of};
use crate::python::Span;

/// What stands before the description of an entry; offsets are those of the whole text.
#[derive(Debug, Default)]
struct Header {
    names: Vec<Name>,
    type_text: Option<Text>,
    optional: bool,
    default: Option<Text>,
    /// One past the header, its colon included.
    end: usize,
}

/// Cuts a block into entries; what stands before the first of them is returned as prose.
pub(super) fn items(lines: &Lines<'_>, block: Range<usize>, kind: SectionKind) -> (Vec<Entry>, Option<Text>) {
    let mut starts: Vec<(usize, Header)> = Vec::new();
    let first = lines.first_filled(block.clone());
    let mut indentation = first.map_or(0, |line| lines.columns(line));
    let mut index = block.start;
    while index < block.end {
        let columns = lines.columns(index);
        let candidate = !lines.is_blank(index) && columns > lines.margin_columns && columns <= indentation;
        if let Some(header) = candidate.then(|| header(lines, index..block.end, kind)).flatten() {
            indentation = columns;
            index = index.max(lines.index_of(header.end.saturating_sub(1)));
            starts.push((lines.index_of(header.names.first().map_or(0, |name| name.span.start)), header));
        }
        index += 1;
    }
    let preamble_end = starts.first().map_or(block.end, |(line, _)| *line);
    let preamble = preamble(lines, block.start..preamble_end);
    let ends: Vec<usize> = starts.iter().skip(1).map(|(line, _)| *line).chain([block.end]).collect();
    let entries = starts
        .into_iter()
        .zip(ends)
        .filter_map(|((line, header), end)| entry(lines, line..end, header))
        .collect();
    (entries, preamble)
}

/// Reads a block as one value: `type: text`, `name (type): text` or text alone.
pub(super) fn value(lines: &Lines<'_>, block: Range<usize>) -> Option<Entry> {
    let first = lines.first_filled(block.clone())?;
    let start = lines.get(first)?.content;
    let limit = header_limit(lines, first..block.end);
    let header = value_header(lines.text, start, limit);
    entry(lines, first..block.end, header.unwrap_or(Header { end: start, ..Header::default() }))
}

fn preamble(lines: &Lines<'_>, block: Range<usize>) -> Option<Text> {
    let first = lines.first_filled(block.clone())?;
    let last = lines.last_filled(block)?;
    let start = lines.get(first)?;
    Some(lines.text(start.content, last, start.columns))
}

fn entry(lines: &Lines<'_>, range: Range<usize>, header: Header) -> Option<Entry> {
    let start = lines.get(range.start)?.content;
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
        let indentation = lines.columns(range.start);
        let base = if rest.is_empty() {
            lines.columns(line)
        } else {
            continuation(lines, line..range.end, indentation, header.names.is_empty())
        };
        lines.text(begin, last, base)
    });
    let Header { names, type_text, optional, default, .. } = header;
    Some(Entry { names, type_text, optional, default, description, span: Span::new(start, end) })
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
fn header(lines: &Lines<'_>, range: Range<usize>, kind: SectionKind) -> Option<Header> {
    let line = lines.get(range.start)?;
    let limit = header_limit(lines, range);
    let exceptions = content_of(kind) == Content::Exceptions;
    let mut header = Header::default();
    let mut at = line.content;
    loop {
        let (name, end) = name(lines.text, at, limit)?;
        header.names.push(name);
        at = skip_blanks(lines.text, end);
        let Some(next) = lines.text.get(at..limit).and_then(|rest| rest.strip_prefix(',')) else { break };
        at = limit - next.len();
        at = skip_blanks(lines.text, at);
    }
    let mut closed = false;
    if lines.text.get(at..limit)?.starts_with('(') && !exceptions {
        let close = at + notation::closing(lines.text.get(at..limit)?, 0)?;
        if kind != SectionKind::Methods {
            read_type(lines.text, Span::new(at + 1, close), &mut header);
        }
        at = skip_blanks(lines.text, close + 1);
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
        || (exceptions && header.names.iter().all(|name| is_exception(&name.value)));
    let line_over = rest.is_empty() || rest.starts_with(['\r', '\n']);
    (bare && line_over).then_some(header)
}

/// Reads a name with its stars, in backticks or a role where it has them; returns it and where it ends.
fn name(text: &str, at: usize, limit: usize) -> Option<(Name, usize)> {
    let source = text.get(at..limit)?;
    let role = source.strip_prefix(':').and_then(|rest| {
        let length = rest.find(":`")?;
        rest.get(..length)?
            .chars()
            .all(|character| character.is_alphanumeric() || character == ':')
            .then_some(length + 2)
    });
    let opening = role.unwrap_or(0);
    let after_role = source.get(opening..)?;
    let ticks = after_role.len() - after_role.trim_start_matches('`').len();
    let quoted = opening + ticks;
    let inside = source.get(quoted..)?;
    let starred = inside.trim_start_matches(['\\', '*']);
    let prefix = inside.get(..inside.len() - starred.len())?;
    let stars = u8::try_from(prefix.matches('*').count()).ok().filter(|stars| *stars <= 2)?;
    if prefix.ends_with('\\') {
        return None;
    }
    let marker = usize::from(ticks > 0 && prefix.is_empty() && starred.starts_with(['~', '!']));
    let bare = starred.get(marker..)?;
    let length = notation::identifier(bare);
    if length == 0 {
        return None;
    }
    let value = bare.get(..length)?.to_owned();
    let first = at + quoted + marker;
    let end = first + prefix.len() + length;
    let after = text.get(end..limit)?;
    if ticks > 0 {
        let closed = after.len() - after.trim_start_matches('`').len();
        if closed != ticks {
            return None;
        }
    }
    Some((Name { span: Span::new(first, end), value, stars }, end + ticks))
}

/// Reads what stands between the parentheses: the type, `optional`, a default.
fn read_type(text: &str, span: Span, header: &mut Header) {
    let source = span.of(text);
    let mut types: Option<Range<usize>> = None;
    let mut marked = false;
    for part in notation::parts(source) {
        let value = source.get(part.clone()).unwrap_or("");
        if value.eq_ignore_ascii_case("optional") {
            header.optional = true;
            marked = true;
        } else if value.eq_ignore_ascii_case("required") {
            marked = true;
        } else if let Some(default) = default_in(value) {
            marked = true;
            if !default.is_empty() {
                let start = span.start + part.end - default.len();
                header.default = Some(text_at(text, start, start + default.len()));
            }
        } else if !marked && !value.is_empty() {
            types = Some(types.map_or(part.start, |types| types.start)..part.end);
        }
    }
    header.type_text = types.map(|types| text_at(text, span.start + types.start, span.start + types.end));
}

/// Returns the value that `default 3`, `defaults to 3`, `default: 3` or `default=3` names.
fn default_in(part: &str) -> Option<&str> {
    let rest = part.strip_prefix("default").or_else(|| part.strip_prefix("Default"))?;
    let rest = rest.strip_prefix('s').unwrap_or(rest);
    // `defaultdict[str, int]` is a type.
    if !rest.is_empty() && !rest.starts_with([' ', '\t', '\r', '\n', ':', '=']) {
        return None;
    }
    let rest = rest.trim_start();
    let word = ["to ", "is ", "value ", ":", "="].into_iter().find_map(|word| rest.strip_prefix(word));
    Some(word.unwrap_or(rest).trim())
}

fn value_header(text: &str, start: usize, limit: usize) -> Option<Header> {
    let source = text.get(start..limit)?;
    let colon = notation::first_colon(source)?;
    let after = source.get(colon + 1..)?;
    if !(after.is_empty() || after.starts_with(char::is_whitespace)) {
        return None;
    }
    let before = source.get(..colon)?;
    let mut header = Header { end: start + colon + 1, ..Header::default() };
    if notation::is_type(before) {
        let range = notation::trimmed(before, 0..before.len());
        header.type_text = Some(text_at(text, start + range.start, start + range.end));
        return Some(header);
    }
    // `result (int): text` names what is returned. Without the blank it would be a call.
    let (name, end) = name(text, start, limit)?;
    let open = skip_blanks(text, end);
    let close = open + notation::closing(text.get(open..start + colon)?, 0)?;
    let whole = text.get(close + 1..start + colon)?.trim().is_empty();
    if open == end || !text.get(open..)?.starts_with('(') || !whole {
        return None;
    }
    header.names.push(name);
    read_type(text, Span::new(open + 1, close), &mut header);
    Some(header)
}

fn is_exception(name: &str) -> bool {
    name.rsplit('.').next().is_some_and(|last| last.starts_with(char::is_uppercase))
}

fn text_at(text: &str, start: usize, end: usize) -> Text {
    let span = Span::new(start, end);
    Text { span, value: notation::on_one_line(span.of(text)) }
}

fn skip_blanks(text: &str, at: usize) -> usize {
    let rest = text.get(at..).unwrap_or("");
    at + rest.len() - rest.trim_start_matches([' ', '\t']).len()
}
