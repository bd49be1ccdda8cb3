//! The items of a section: `name : type, optional` with an indented description.
//!
//! Source: numpydoc's "Style guide", Sections. A type may run over several lines as long as a bracket is open or
//! the line ends in a backslash.

use std::ops::Range;

use super::super::kinds::{self, Content};
use super::super::lines::Lines;
use super::super::markers::{self, Typed};
use super::super::model::{Entry, Name, SectionKind, Text};
use super::super::names::{self, skip_blanks};
use super::super::{notation, plain, prose};
use crate::python::Span;

/// The most words that a line without a description below it may have and still be a type.
const LONGEST_TYPE: usize = 8;

/// What stands before the description of an entry; offsets are those of the whole text.
#[derive(Debug, Default)]
struct Header {
    names: Vec<Name>,
    typed: Typed,
    /// One past the header.
    end: usize,
    /// Where a description begins that stands on the same line.
    rest: Option<usize>,
}

/// Cuts a block into entries; what stands before the first of them is returned as prose.
pub(super) fn items(lines: &Lines<'_>, block: Range<usize>, kind: SectionKind) -> (Vec<Entry>, Option<Text>) {
    let base = base_columns(lines, block.clone());
    let mut starts: Vec<(usize, Header)> = Vec::new();
    let mut index = block.start;
    while index < block.end {
        if !lines.is_blank(index) && lines.columns(index) <= base {
            let limit = header_limit(lines, index, block.end);
            let header = if kinds::content_of(kind) == Content::Exceptions {
                exception_header(lines, index, block.end)
            } else {
                item_header(lines, index, limit, kind)
            };
            if let Some(header) = header {
                let last = lines.index_of(header.end.saturating_sub(1));
                starts.push((index, header));
                index = index.max(last);
            }
        }
        index += 1;
    }
    let first = starts.first().map_or(block.end, |(line, _)| *line);
    let text = plain::stretch(lines, block.start..first);
    (entries(lines, starts, block.end), text)
}

/// Cuts a block into the values that are given back: `name : type`, a type alone, or prose.
pub(super) fn values(lines: &Lines<'_>, block: Range<usize>) -> Vec<Entry> {
    let base = base_columns(lines, block.clone());
    let mut starts: Vec<(usize, Header)> = Vec::new();
    let mut prose = false;
    let mut index = block.start;
    while index < block.end {
        if lines.is_blank(index) {
            prose = false;
        } else if lines.columns(index) <= base {
            let limit = header_limit(lines, index, block.end);
            if let Some(header) = value_header(lines, index..block.end, limit, prose) {
                let last = lines.index_of(header.end.saturating_sub(1));
                starts.push((index, header));
                index = index.max(last);
                prose = false;
            } else {
                if starts.is_empty() {
                    let start = lines.get(index).map_or(0, |line| line.content);
                    starts.push((index, Header { end: start, rest: Some(start), ..Header::default() }));
                }
                prose = true;
            }
        }
        index += 1;
    }
    entries(lines, starts, block.end)
}

fn entries(lines: &Lines<'_>, starts: Vec<(usize, Header)>, end: usize) -> Vec<Entry> {
    let ends: Vec<usize> = starts.iter().skip(1).map(|(line, _)| *line).chain([end]).collect();
    starts.into_iter().zip(ends).filter_map(|((line, header), end)| entry(lines, line..end, header)).collect()
}

fn entry(lines: &Lines<'_>, range: Range<usize>, header: Header) -> Option<Entry> {
    let start = lines.get(range.start)?.content;
    let last = lines.last_filled(range.clone())?;
    let end = lines.get(last)?.trimmed.max(header.end);
    let header_line = lines.index_of(header.end.saturating_sub(1).max(start));
    let below = lines.first_filled(header_line + 1..range.end);
    let base = lines.columns(range.start);
    let later = (header_line + 1..range.end).filter(|index| !lines.is_blank(*index));
    // A line at the margin that is no entry must not take the indentation off the others.
    let deeper = later.map(|index| lines.columns(index)).filter(|columns| *columns > base);
    let hanging = deeper.min().unwrap_or(base);
    let description = match (header.rest, below) {
        (Some(rest), _) => Some(lines.text(rest, last, hanging)),
        (None, Some(below)) => {
            let mut text = lines.text(lines.get(below)?.content, last, hanging);
            text.value.insert_str(0, &" ".repeat(lines.columns(below).saturating_sub(hanging)));
            Some(text)
        }
        (None, None) => None,
    };
    let Typed { type_text, optional, default } = header.typed;
    let span = Span::new(start, end);
    Some(Entry { names: header.names, type_text, optional, default, description, span, type_field: None })
}

fn base_columns(lines: &Lines<'_>, block: Range<usize>) -> usize {
    let filled = block.filter(|index| !lines.is_blank(*index)).map(|index| lines.columns(index));
    filled.min().unwrap_or(lines.margin_columns)
}

/// Returns where a header that begins on a line must have ended.
fn header_limit(lines: &Lines<'_>, first: usize, end: usize) -> usize {
    let continues = |index: usize| lines.content(index).ends_with('\\') && !lines.is_blank(index + 1);
    let mut last = first;
    while last + 1 < end && continues(last) {
        last += 1;
    }
    let Some(start) = lines.get(first).map(|line| line.content) else { return 0 };
    let limit = |index: usize| lines.get(index).map_or(start, |line| line.trimmed);
    let mut deeper = last;
    let mut open = notation::open_brackets(lines.text.get(start..limit(last)).unwrap_or(""));
    while open > 0 && deeper + 1 < end && !lines.is_blank(deeper + 1) {
        if lines.columns(deeper + 1) <= lines.columns(first) {
            break;
        }
        deeper += 1;
        open += notation::open_brackets(lines.content(deeper));
    }
    if open == 0 { limit(deeper) } else { limit(last) }
}

fn item_header(lines: &Lines<'_>, index: usize, limit: usize, kind: SectionKind) -> Option<Header> {
    let line = lines.get(index)?;
    let text = lines.text;
    let (names, end) = match names::names(text, line.content, limit) {
        Some(found) if is_end_of_names(text.get(found.1..limit)?) => found,
        _ => marked_name(text, line.content, limit).or_else(|| odd_name(text, line.content, limit))?,
    };
    let mut header = Header { names, ..Header::default() };
    let mut at = skip_blanks(text, end);
    if text.get(at..limit)?.starts_with(',') {
        // `x, default None` leaves the type out.
        header.typed = markers::read(text, Span::new(skip_blanks(text, at + 1), limit));
        header.end = limit;
        return header.typed.type_text.is_none().then_some(header);
    }
    if text.get(at..limit)?.starts_with('(') {
        let close = at + notation::closing(text.get(at..limit)?, 0)?;
        if kind != SectionKind::Methods {
            header.typed = markers::read(text, Span::new(at + 1, close));
        }
        at = skip_blanks(text, close + 1);
    }
    let rest = text.get(at..limit)?;
    if rest.is_empty() {
        header.end = text.get(..at)?.trim_end().len();
        return Some(header);
    }
    let after = rest.strip_prefix(':').filter(|after| !after.starts_with([':', '/']))?;
    let said = notation::trimmed(text, limit - after.len()..limit);
    header.end = at + 1;
    if said.is_empty() {
        return Some(header);
    }
    if kind == SectionKind::Methods || header.typed.type_text.is_some() {
        header.rest = Some(said.start);
    } else {
        header.typed = markers::read(text, Span::new(said.start, said.end));
        header.end = said.end;
    }
    Some(header)
}

/// Returns whether nothing more of a list of names follows.
fn is_end_of_names(rest: &str) -> bool {
    let rest = rest.trim_start_matches([' ', '\t']);
    rest.is_empty() || rest.starts_with([':', '('])
}

/// Reads one name before `, default None` or `, optional`.
fn marked_name(text: &str, start: usize, limit: usize) -> Option<(Vec<Name>, usize)> {
    let (name, end) = names::name(text, start, limit)?;
    let rest = text.get(end..limit)?.strip_prefix(", ")?;
    (rest.starts_with("default") || rest.starts_with("optional")).then(|| (vec![name], end))
}

/// Reads what is no identifier and stands as a name all the same: `x[0] : int`, `--flag : bool`.
fn odd_name(text: &str, start: usize, limit: usize) -> Option<(Vec<Name>, usize)> {
    let source = text.get(start..limit)?;
    let length = source.find(" :").filter(|length| {
        source.get(length + 2..).is_some_and(|rest| rest.is_empty() || rest.starts_with(char::is_whitespace))
    })?;
    let name = source.get(..length)?.trim_end();
    let plain = !name.is_empty() && !name.contains(char::is_whitespace) && !name.starts_with([':', '-', '.']);
    let span = Span::new(start, start + name.len());
    plain.then(|| (vec![Name { span, value: name.to_owned(), stars: 0 }], span.end))
}

fn exception_header(lines: &Lines<'_>, index: usize, end: usize) -> Option<Header> {
    let line = lines.get(index)?;
    let text = lines.text;
    let (names, at) = names::exceptions(text, line.content, line.trimmed)?;
    let capital = names.iter().all(|name| names::is_exception(&name.value));
    let mut header = Header { names, end: at, ..Header::default() };
    let at = skip_blanks(text, at);
    let rest = text.get(at..line.trimmed)?;
    if rest.is_empty() {
        let next = lines.first_filled(index + 1..end);
        let described = next.is_some_and(|next| lines.columns(next) > line.columns);
        return (capital || described).then_some(header);
    }
    let after = rest.strip_prefix(':').filter(|after| !after.starts_with([':', '/']) && capital)?;
    header.end = at + 1;
    let said = notation::trimmed(text, line.trimmed - after.len()..line.trimmed);
    header.rest = (!said.is_empty()).then_some(said.start);
    Some(header)
}

fn value_header(lines: &Lines<'_>, range: Range<usize>, limit: usize, in_prose: bool) -> Option<Header> {
    let line = lines.get(range.start)?;
    let text = lines.text;
    let source = text.get(line.content..limit)?;
    if let Some(rest) = source.strip_prefix(':').filter(|rest| rest.is_empty() || rest.starts_with(' ')) {
        // Without a name, a colon says that the rest is a type; without either, that only a text follows.
        let said = notation::trimmed(text, limit - rest.len()..limit);
        let type_text = (!said.is_empty()).then(|| markers::text_at(text, said.start, said.end));
        let end = said.end.max(line.content + 1);
        return Some(Header { typed: Typed { type_text, ..Typed::default() }, end, ..Header::default() });
    }
    if let Some((names, end)) = names::names(text, line.content, limit) {
        let at = skip_blanks(text, end);
        let rest = text.get(at..limit)?;
        if let Some(after) = rest.strip_prefix(':').filter(|after| !after.starts_with([':', '/'])) {
            let said = notation::trimmed(text, limit - after.len()..limit);
            let apart = at > end && after.starts_with(char::is_whitespace);
            if said.is_empty() && names.len() == 1 {
                // A colon with nothing behind it makes no name of a type.
                let type_text = Some(markers::text_at(text, line.content, end));
                let typed = Typed { type_text, ..Typed::default() };
                return Some(Header { typed, end: at + 1, ..Header::default() });
            }
            if apart || after.is_empty() || notation::is_type(text.get(said.clone())?) {
                let mut header = Header { names, end: at + 1, ..Header::default() };
                if !said.is_empty() {
                    header.typed = markers::read(text, Span::new(said.start, said.end));
                    header.end = said.end;
                }
                return Some(header);
            }
        }
    }
    let next = range.start + 1 + lines.index_of(limit.saturating_sub(1)).saturating_sub(range.start);
    let below = next < range.end && !lines.is_blank(next);
    let described = lines
        .first_filled(next..range.end)
        .is_some_and(|next| lines.columns(next) > lines.columns(range.start));
    let words = source.split_whitespace().count();
    let sentence = source.ends_with(['.', ':', ';', ',', '!']) || source.contains(". ");
    let runs_on = below && !described;
    let is_type = !sentence
        && (described || (!in_prose && words <= LONGEST_TYPE && !(runs_on && words > LONGEST_TYPE / 2)))
        && !prose::is_marked(source)
        && !prose_words(source);
    if !is_type {
        return None;
    }
    let span = Span::new(line.content, limit);
    let type_text = Some(markers::text_at(text, span.start, span.end));
    Some(Header { typed: Typed { type_text, ..Typed::default() }, end: limit, ..Header::default() })
}

/// Returns whether a line has words that no type has.
fn prose_words(source: &str) -> bool {
    let mut words = source.split_whitespace();
    let first = words.next().unwrap_or("");
    let article = matches!(
        first,
        "A" | "An" | "The" | "This" | "Returns" | "If" | "When" | "a" | "an" | "the" | "see" | "See"
    );
    article
        || words.any(|word| matches!(word, "is" | "are" | "was" | "that" | "which" | "if" | "when" | "will"))
}
