//! What puts the layout of a docstring right: the bytes that replace others, for each finding where that is beyond
//! doubt.
//!
//! No word is added, lost or split; where a rule asks for that, a person has to answer. `section_remedies` has what
//! headings and sections need.

use crate::python::{Span, evaluated};

use super::super::{Replacement, Subject};
use super::sections::is_field;
use super::{Row, Text};

/// What puts a finding right; nothing where that takes a person.
pub(super) type Mended = Option<Vec<Replacement>>;

/// The columns that every code base allows.
const ROOM: usize = 79;

pub(super) fn replacement(start: usize, end: usize, text: impl Into<String>) -> Replacement {
    Replacement { span: Span::new(start, end), text: text.into() }
}

impl<'a> Text<'a> {
    /// Returns the indentation of the quotes; nothing where code stands before them.
    pub(super) fn margin_of_quotes(&self) -> Option<&'a str> {
        self.before.trim().is_empty().then_some(self.before)
    }

    /// Returns the source of the literal with other bytes in the place of some.
    fn with(&self, replacements: &[Replacement]) -> Option<String> {
        let mut source = String::new();
        let mut from = self.literal.start;
        for made in replacements {
            source.push_str(self.source.get(from..made.span.start)?);
            source.push_str(&made.text);
            from = made.span.end;
        }
        source.push_str(self.source.get(from..self.literal.end)?);
        Some(source)
    }

    /// Returns the lines below the first that hold something.
    fn filled_below(&self) -> impl Iterator<Item = Row<'a>> {
        self.rows.iter().skip(1).copied().filter(|row| !row.is_blank())
    }

    fn last_row_is_blank(&self) -> bool {
        self.rows.len() > 1 && self.rows.last().is_some_and(|row| row.is_blank())
    }
}

/// Returns whether the closing quotes may follow a text directly.
fn may_end(end: &str) -> bool {
    !end.ends_with(['"', '\'', '\\'])
}

/// D200: the text goes between the quotes, where it fits into a line.
pub(super) fn one_line(text: &Text<'_>) -> Mended {
    let body = text.body();
    let kept = body.trim();
    let quotes = text.body.start - text.literal.start + text.literal.end - text.body.end;
    let width = |line: &str| line.chars().count();
    let behind = text.source.get(text.literal.end..)?.split(['\r', '\n']).next().unwrap_or("");
    let longest = text.rows.iter().map(|row| width(row.text)).max().unwrap_or(0);
    let fits = width(text.before) + quotes + width(kept) + width(behind.trim_end()) <= ROOM.max(longest);
    if !fits || !may_end(kept) || kept.starts_with('"') {
        return None;
    }
    let start = text.body.start + (body.len() - body.trim_start().len());
    let end = start + kept.len();
    Some(vec![replacement(text.body.start, start, ""), replacement(end, text.body.end, "")])
}

/// D205: exactly one blank line, where the first line is plainly a sentence of its own.
pub(super) fn summary_apart(text: &Text<'_>, ending: &str) -> Mended {
    let first = text.rows.iter().position(|row| !row.is_blank())?;
    let next = text.rows.iter().skip(first + 1).position(|row| !row.is_blank())? + first + 1;
    let (above, below) = (text.rows.get(first)?, text.rows.get(next)?);
    if next > first + 1 {
        let extra = text.rows.get(first + 2)?;
        return Some(vec![replacement(extra.start, below.start, "")]);
    }
    let said = above.text.trim_end();
    let follows = below.text.trim_start();
    let is_mark = is_field(follows) || [">>> ", ".. "].iter().any(|mark| follows.starts_with(mark));
    // An example is no summary, and neither is a field.
    if said.trim_start().starts_with(">>>") || is_field(said) {
        return None;
    }
    let is_sentence = ends_sentence(said) && follows.starts_with(char::is_uppercase);
    // A row of hyphens makes a title of the line above it.
    let is_rule = follows.bytes().all(|mark| matches!(mark, b'-' | b'=' | b'~' | b'#' | b'*'));
    (!is_rule && (is_mark && !said.ends_with('\\') || is_sentence))
        .then(|| vec![replacement(below.start, below.start, ending)])
}

/// Returns whether a line ends a sentence, and not with something that is only shortened.
fn ends_sentence(line: &str) -> bool {
    const SHORT: &[&str] =
        &["e.g.", "i.e.", "etc.", "cf.", "vs.", "al.", "incl.", "resp.", "approx.", "no.", "dr.", "mr."];
    let last = line.rsplit(char::is_whitespace).next().unwrap_or("").to_lowercase();
    let last = last.trim_start_matches(['(', '[', '"', '\'']);
    line.ends_with(['.', '!', '?']) && !line.ends_with("..") && !SHORT.contains(&last) && last.len() > 2
}

/// D209: the closing quotes go on a line of their own.
pub(super) fn closing_line(text: &Text<'_>, ending: &str) -> Mended {
    let margin = text.margin_of_quotes()?;
    let last = text.rows.last()?.trimmed();
    if last.of(text.source).ends_with('\\') {
        return None;
    }
    Some(vec![replacement(last.end, text.body.end, format!("{ending}{margin}"))])
}

/// D210: the blanks go.
pub(super) fn surrounding_blanks(text: &Text<'_>) -> Mended {
    let first = text.rows.first()?;
    let (span, said) = (first.span(), first.text.trim());
    let start = span.start + first.indentation().len();
    let mut made = Vec::new();
    if start > span.start {
        // A title that is centred over the text is meant to be.
        let next = text.filled_below().next().map_or(0, |row| row.indentation().chars().count());
        let is_centred = start > span.start + 1 && next > text.before.chars().count();
        if said.starts_with(['"', '\'']) || is_centred {
            return None;
        }
        made.push(replacement(span.start, start, ""));
    }
    if start + said.len() < span.end {
        if !may_end(said) {
            return None;
        }
        made.push(replacement(start + said.len(), span.end, ""));
    }
    Some(made)
}

/// D212: the summary goes up to the quotes.
pub(super) fn first_line(text: &Text<'_>) -> Mended {
    let index = text.rows.iter().position(|row| !row.is_blank())?;
    let row = text.rows.get(index)?;
    let next = text.rows.get(index + 1).map_or("", |row| row.text.trim());
    let is_rule = |line: &str| {
        !line.is_empty() && line.bytes().all(|mark| matches!(mark, b'-' | b'=' | b'~' | b'#' | b'*'))
    };
    let said = row.text.trim();
    // Behind the quotes a line has no indentation: the others must not be measured anew for it.
    let width = |row: Row<'_>| row.indentation().len();
    let others = text.rows.iter().skip(index + 1).copied().filter(|row| !row.is_blank()).map(width).min();
    // A single line is for D200; where it does not fit, nothing is won.
    let is_alone = text.rows.iter().filter(|row| !row.is_blank()).take(2).count() == 1;
    if is_alone
        || is_rule(said)
        || is_rule(next)
        || said.starts_with(['"', '\''])
        || said.ends_with(['"', '\'']) && index + 1 == text.rows.len()
        || others.is_some_and(|least| least > width(*row))
    {
        return None;
    }
    Some(vec![replacement(text.body.start, row.trimmed().start, "")])
}

/// D213: the summary goes below the quotes.
pub(super) fn second_line(text: &Text<'_>, ending: &str) -> Mended {
    let margin = text.margin_of_quotes()?;
    let others = text.filled_below().map(|row| row.indentation().len()).min();
    if others.is_some_and(|least| least != margin.len()) {
        return None;
    }
    let start = text.rows.first()?.trimmed().start;
    Some(vec![replacement(text.body.start, start, format!("{ending}{margin}"))])
}

/// D206: tabs become the blanks that Python reads in their place.
pub(super) fn tabs<'t>(text: &Text<'_>, measured: impl Iterator<Item = Row<'t>>) -> Mended {
    if text.before.contains('\t') {
        return None;
    }
    let with_tabs = measured.filter(|row| row.indentation().contains('\t'));
    let spread = |row: Row<'_>| {
        let mut columns = 0_usize;
        for letter in row.indentation().chars() {
            match letter {
                '\t' => columns = (columns / 8 + 1) * 8,
                ' ' => columns += 1,
                _ => return None,
            }
        }
        Some(replacement(row.start, row.start + row.indentation().len(), " ".repeat(columns)))
    };
    with_tabs.map(spread).collect()
}

/// D207 and D208: all lines move together, or the few that slipped move to the others.
pub(super) fn indented<'t>(text: &Text<'_>, measured: impl Iterator<Item = Row<'t>>) -> Mended {
    let margin = text.margin_of_quotes()?;
    let wanted = margin.len();
    let unit = margin.chars().next().unwrap_or(' ');
    let rows: Vec<Row<'t>> = measured.collect();
    if rows.iter().any(|row| row.indentation().chars().any(|letter| letter != unit && !row.is_blank()))
        || margin.chars().any(|letter| letter != unit)
    {
        return None;
    }
    let width = |row: &Row<'_>| row.indentation().len();
    let filled: Vec<&Row<'t>> = rows.iter().filter(|row| !row.is_blank()).collect();
    let mut made = Vec::new();
    let least = filled.iter().map(|row| width(row)).min().unwrap_or(wanted);
    let at = |columns: usize| filled.iter().filter(|row| width(row) == columns).count();
    let set = |row: &Row<'_>, columns: usize| {
        replacement(row.start, row.start + width(row), unit.to_string().repeat(columns))
    };
    let together = least > wanted || least < wanted && at(least) > at(wanted);
    // An example that slipped may be one on purpose, and code is shifted whole or not at all.
    let is_kept = |row: &Row<'_>| {
        let line = row.text.trim();
        [">>>", "...", "|", "+", "@", "class ", "def ", "import ", "from "]
            .iter()
            .any(|mark| line.starts_with(mark))
            || line.ends_with(':')
            || line.contains(" = ")
    };
    // What is set off by a colon would stand flush with it, and an escape may be indentation, too.
    let first = text.first_filled().map_or("", |row| row.text.trim_end());
    let is_set_off = least > wanted && first.ends_with(':');
    if is_set_off || filled.iter().any(|row| row.text.trim_start().starts_with('\\')) {
        return None;
    }
    for row in &filled {
        if together {
            made.push(set(row, width(row) + wanted - least));
        } else if width(row) < wanted {
            if is_kept(row) {
                return None;
            }
            made.push(set(row, wanted));
        }
    }
    if text.last_row_is_blank()
        && let Some(last) = text.rows.last().filter(|row| row.text.len() != wanted)
    {
        made.push(replacement(last.start, last.start + last.text.len(), margin));
    }
    made.retain(|made| made.span.of(text.source) != made.text);
    Some(made)
}

/// D300: three double quotes.
pub(super) fn triple_double(text: &Text<'_>) -> Mended {
    let body = text.body();
    let prefix = text.prefix();
    if body.contains("\"\"\"") {
        return None;
    }
    let opening = text.literal.start + prefix.len();
    let mut made = vec![replacement(opening, text.body.start, "\"\"\"")];
    if body.ends_with('"') {
        if prefix.contains(['r', 'R']) {
            return None;
        }
        made.push(replacement(text.body.end - 1, text.body.end, "\\\""));
    }
    made.push(replacement(text.body.end, text.literal.end, "\"\"\""));
    keeps_value(text, &made).then_some(made)
}

/// D301: a raw literal, where it reads the same.
pub(super) fn raw(text: &Text<'_>) -> Mended {
    let prefix = text.prefix();
    let mut made = vec![replacement(text.literal.start, text.literal.start + prefix.len(), "r")];
    let body = text.body();
    let mut at = 0;
    while let Some(found) = body.get(at..).and_then(|rest| rest.find('\\')) {
        let start = at + found;
        let escaped = body.get(start + 1..)?.chars().next()?;
        if escaped == '\\' {
            made.push(replacement(text.body.start + start, text.body.start + start + 1, ""));
        }
        at = start + 1 + escaped.len_utf8();
    }
    keeps_value(text, &made).then_some(made)
}

/// Returns whether a changed literal evaluates to the same.
fn keeps_value(text: &Text<'_>, made: &[Replacement]) -> bool {
    let before = evaluated(text.literal.of(text.source));
    let after = text.with(made).and_then(|source| evaluated(&source));
    before.zip(after).is_some_and(|((before, _), (after, _))| before == after)
}

/// The blank lines beside a docstring become none or one.
pub(super) fn beside(subject: &Subject<'_>, (start, end): (usize, usize), wanted: usize) -> Mended {
    let found = subject.file.text.get(start..end)?;
    // A form feed is a mark of its own.
    let is_plain = found.chars().all(|letter| matches!(letter, ' ' | '\t' | '\r' | '\n'));
    is_plain.then(|| vec![replacement(start, end, subject.file.line_ending().repeat(wanted))])
}
