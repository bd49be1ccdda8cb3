//! The lines of a docstring: where each begins, how far it is indented, and its text without indentation.
//!
//! Knows no style. Indentation is measured in columns with a tab stop every eight, as `inspect.cleandoc`
//! measures it (PEP 257, "Handling Docstring Indentation"): what follows the quotes counts as unindented, and
//! the margin is the least indentation of the other lines that are not blank.

use std::ops::Range;

use super::house::Titles;
use super::model::Text;
use crate::python::Span;

/// The columns from one tab stop to the next.
const TAB_STOP: usize = 8;

/// One line of a docstring; all offsets are bytes of the whole text.
#[derive(Debug, Clone, Copy)]
pub(super) struct Line {
    /// Where it begins.
    pub(super) start: usize,
    /// The first byte after its indentation.
    pub(super) content: usize,
    /// One past its last byte that is not white space; at most `content` when it is blank.
    pub(super) trimmed: usize,
    /// Where its line ending begins.
    pub(super) end: usize,
    /// How far it is indented.
    pub(super) columns: usize,
}

impl Line {
    pub(super) fn is_blank(self) -> bool {
        self.trimmed <= self.content
    }
}

/// A text cut into lines.
#[derive(Debug)]
pub(super) struct Lines<'a> {
    pub(super) text: &'a str,
    /// The titles that the code base gives a meaning.
    pub(super) titles: &'a Titles,
    rows: Vec<Line>,
    /// The indentation that all lines but the first share, as written.
    pub(super) margin: String,
    /// The same in columns.
    pub(super) margin_columns: usize,
}

impl<'a> Lines<'a> {
    /// Cuts a text at LF, CRLF and lone CR, and finds its margin.
    pub(super) fn new(text: &'a str, titles: &'a Titles) -> Self {
        let mut lines = cut(text);
        let margin =
            lines.iter().skip(1).filter(|line| !line.is_blank()).min_by_key(|line| line.columns).copied();
        let (margin, margin_columns) =
            margin.map_or((String::new(), 0), |line| written_indentation(text, line));
        if let Some(first) = lines.first_mut() {
            first.columns = margin_columns;
            // `"""\` continues the literal on the next line: Python reads nothing there.
            if text.get(first.content..first.end) == Some("\\") && first.end < text.len() {
                first.trimmed = first.content;
            }
        }
        Self { text, titles, rows: lines, margin, margin_columns }
    }

    /// Takes the indentation of the closing quotes as the margin, if it is smaller.
    ///
    /// For texts whose first line is the title of an indented block, where the rule of PEP 257 would take the
    /// block's indentation for the margin.
    pub(super) fn use_closing_margin(&mut self) {
        let Some(last) = self.rows.last().copied() else { return };
        if self.rows.len() > 1 && last.is_blank() && last.columns < self.margin_columns {
            (self.margin, self.margin_columns) = written_indentation(self.text, last);
            if let Some(first) = self.rows.first_mut() {
                first.columns = self.margin_columns;
            }
        }
    }

    /// Takes deeper indentation as the margin: lines that stick out to its left then count as standing at it.
    pub(super) fn raise_margin(&mut self, columns: usize) {
        let Some(line) = self.rows.iter().skip(1).find(|line| line.columns == columns).copied() else {
            return;
        };
        (self.margin, self.margin_columns) = written_indentation(self.text, line);
        for (index, line) in self.rows.iter_mut().enumerate() {
            if index == 0 || !line.is_blank() {
                line.columns = line.columns.max(columns);
            }
        }
    }

    pub(super) fn len(&self) -> usize {
        self.rows.len()
    }

    pub(super) fn get(&self, index: usize) -> Option<Line> {
        self.rows.get(index).copied()
    }

    /// Returns the text of a line without its indentation and trailing white space; past the end, "".
    pub(super) fn content(&self, index: usize) -> &'a str {
        self.get(index).and_then(|line| self.text.get(line.content..line.trimmed)).unwrap_or("")
    }

    /// Returns whether a line is blank; past the end counts as blank.
    pub(super) fn is_blank(&self, index: usize) -> bool {
        self.get(index).is_none_or(Line::is_blank)
    }

    /// Returns the indentation of a line in columns; past the end, 0.
    pub(super) fn columns(&self, index: usize) -> usize {
        self.get(index).map_or(0, |line| line.columns)
    }

    /// Returns the first line from `range` that is not blank.
    pub(super) fn first_filled(&self, mut range: Range<usize>) -> Option<usize> {
        range.find(|index| !self.is_blank(*index))
    }

    /// Returns the last line from `range` that is not blank.
    pub(super) fn last_filled(&self, range: Range<usize>) -> Option<usize> {
        range.rev().find(|index| !self.is_blank(*index))
    }

    /// Returns the index of the line that holds a byte.
    pub(super) fn index_of(&self, offset: usize) -> usize {
        self.rows.partition_point(|line| line.start <= offset).saturating_sub(1)
    }

    /// Returns the line that holds a byte.
    pub(super) fn line_at(&self, offset: usize) -> Option<Line> {
        self.get(self.index_of(offset))
    }

    /// Returns the text from a byte to the end of line `last`, with `base` columns taken off its later lines.
    pub(super) fn text(&self, start: usize, last: usize, base: usize) -> Text {
        let first = self.index_of(start);
        let mut value = String::new();
        let mut end = start;
        for index in first..=last {
            let Some(line) = self.get(index) else { break };
            if index > first {
                value.push('\n');
            }
            if line.is_blank() {
                continue;
            }
            if index == first {
                value.push_str(self.text.get(start..line.trimmed).unwrap_or(""));
            } else {
                value.push_str(&self.dedented(line, base));
            }
            end = line.trimmed.max(start);
        }
        value.truncate(value.trim_end().len());
        Text { span: Span::new(start, end), value }
    }

    /// Returns a line without its first `base` columns of indentation.
    fn dedented(&self, line: Line, base: usize) -> String {
        let mut columns = 0;
        let mut rest = line.start;
        for character in self.text.get(line.start..line.content).unwrap_or("").chars() {
            if columns >= base {
                break;
            }
            columns = advance(columns, character);
            rest += character.len_utf8();
        }
        let overshoot = " ".repeat(columns.saturating_sub(base));
        overshoot + self.text.get(rest..line.trimmed).unwrap_or("")
    }
}

/// Returns the width of an indentation in columns.
pub(super) fn columns_of(indentation: &str) -> usize {
    indentation.chars().fold(0, advance)
}

/// Returns the line ending a text uses: that of its first line.
pub(super) fn line_ending_of(text: &str) -> Option<&'static str> {
    let first = text.find(['\r', '\n'])?;
    let rest = text.get(first..)?;
    Some(match rest {
        rest if rest.starts_with("\r\n") => "\r\n",
        rest if rest.starts_with('\r') => "\r",
        _ => "\n",
    })
}

fn advance(columns: usize, character: char) -> usize {
    match character {
        '\t' => (columns / TAB_STOP + 1) * TAB_STOP,
        // Python starts counting anew at a form feed.
        '\u{c}' => 0,
        _ => columns + 1,
    }
}

fn cut(text: &str) -> Vec<Line> {
    let mut lines = Vec::new();
    let mut start = 0;
    while let Some(rest) = text.get(start..) {
        let Some(length) = rest.find(['\r', '\n']) else { break };
        let end = start + length;
        lines.push(measure(text, start, end));
        let ending = if rest.get(length..).is_some_and(|ending| ending.starts_with("\r\n")) { 2 } else { 1 };
        start = end + ending;
    }
    lines.push(measure(text, start, text.len()));
    lines
}

fn measure(text: &str, start: usize, end: usize) -> Line {
    let line = text.get(start..end).unwrap_or("");
    let indentation = line.len() - line.trim_start_matches([' ', '\t', '\u{c}']).len();
    let columns = columns_of(line.get(..indentation).unwrap_or(""));
    Line { start, content: start + indentation, trimmed: start + line.trim_end().len(), end, columns }
}

fn written_indentation(text: &str, line: Line) -> (String, usize) {
    (text.get(line.start..line.content).unwrap_or("").to_owned(), line.columns)
}
