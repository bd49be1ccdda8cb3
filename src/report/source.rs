//! The text that findings point into, and where in it a stretch of bytes lies.

use crate::python::{LineIndex, Position, Span};

/// The text of a file with findings, as it was judged.
#[derive(Debug, Clone)]
pub struct Source {
    text: String,
    lines: LineIndex,
}

/// A stretch of text as lines and columns; the end is the first character that is no longer in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Region {
    pub(super) start: Position,
    pub(super) end: Position,
}

impl PartialEq for Source {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

impl Source {
    /// Makes a source of a text and its lines.
    #[must_use]
    pub fn new(text: impl Into<String>, lines: LineIndex) -> Self {
        Self { text: text.into(), lines }
    }

    /// Returns the text.
    pub(super) fn text(&self) -> &str {
        &self.text
    }

    /// Returns the line of an offset, from 1.
    pub(super) fn line(&self, offset: usize) -> usize {
        self.lines.line(offset)
    }

    /// Returns the bytes of a line with its line end; nothing past the last one.
    pub(super) fn line_span(&self, line: usize) -> Span {
        if line > self.lines.count() {
            return Span::new(self.text.len(), self.text.len());
        }
        let end = if line == self.lines.count() { self.text.len() } else { self.lines.start_of(line + 1) };
        Span::new(self.lines.start_of(line), end)
    }

    /// Returns where the bytes lie.
    pub(super) fn region(&self, span: Span) -> Region {
        let position = |offset| self.lines.position(&self.text, offset);
        Region { start: position(span.start), end: position(span.end) }
    }

    /// Returns how many bytes stand before an offset in its line.
    pub(super) fn byte_column(&self, offset: usize) -> usize {
        offset - self.lines.start_of(self.lines.line(offset)).min(offset)
    }

    /// Returns the offset of a position.
    pub(super) fn offset(&self, position: Position) -> usize {
        let line = self.line_span(position.line);
        let text = line.of(&self.text);
        line.start + text.char_indices().nth(position.column.saturating_sub(1)).map_or(text.len(), |at| at.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn source(text: &str) -> Source {
        Source::new(text, LineIndex::new(text))
    }

    #[test]
    fn regions_count_characters_and_byte_columns_bytes() {
        let text = "é = 1\r\n  ü = 2\n";
        let source = source(text);
        let at = text.find('2').unwrap_or(0);
        let region = source.region(Span::new(at, at + 1));
        assert_eq!(region.start, Position { line: 2, column: 7 });
        assert_eq!(region.end, Position { line: 2, column: 8 });
        assert_eq!(source.byte_column(at), 7);
        assert_eq!(source.offset(region.start), at);
    }

    #[test]
    fn lines_past_the_end_are_empty() {
        let source = source("a\nb");
        let lines: Vec<&str> = (1..5).map(|line| source.line_span(line).of(source.text())).collect();
        assert_eq!(lines, ["a\n", "b", "", ""]);
        assert_eq!(source.offset(Position { line: 9, column: 9 }), 3);
    }
}
