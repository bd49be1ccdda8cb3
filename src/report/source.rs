//! The lines that findings point into, and where in the text a stretch of bytes lies.
//!
//! Of a file with findings only the lines that a format may show are kept, so that a report does not grow with the files.

use super::{Outcome, excerpt};
use crate::python::{LineIndex, Position, Span};

/// The lines of a file that are worth showing, as they were judged.
///
/// It is asked about bytes in these lines only; all others count as empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// In the order of the text; between two of them at least one line is missing.
    pieces: Vec<Piece>,
    /// How many bytes the whole text has.
    end: usize,
}

/// Lines that follow each other.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Piece {
    first_line: usize,
    /// Where each line begins in the whole text.
    starts: Vec<usize>,
    text: String,
}

/// A stretch of text as lines and columns; the end is the first character that is no longer in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Region {
    pub(super) start: Position,
    pub(super) end: Position,
}

impl Source {
    /// Keeps the lines of a text that show what remains of some outcomes, and their fixes.
    #[must_use]
    pub fn of(text: &str, lines: &LineIndex, outcomes: &[Outcome]) -> Self {
        let wanted = outcomes.iter().flat_map(|outcome| {
            let findings = outcome.remaining.iter().flat_map(|finding| excerpt::lines_of(finding, lines));
            findings.chain(outcome.fix.iter().flat_map(|fix| excerpt::lines_of_fix(fix, lines)))
        });
        Self::new(text, lines, wanted.collect())
    }

    /// Keeps lines of a text, each pair being the first and the last one of several.
    pub(super) fn new(text: &str, lines: &LineIndex, mut wanted: Vec<(usize, usize)>) -> Self {
        wanted.sort_unstable();
        let mut runs: Vec<(usize, usize)> = Vec::new();
        for (first, last) in wanted {
            let (first, last) = (first.max(1), last.min(lines.count()));
            match runs.last_mut() {
                Some((_, end)) if first <= *end + 1 => *end = last.max(*end),
                _ if first <= last => runs.push((first, last)),
                _ => {}
            }
        }
        let piece = |(first_line, last): (usize, usize)| {
            let starts: Vec<usize> = (first_line..=last).map(|line| lines.start_of(line)).collect();
            let end = if last == lines.count() { text.len() } else { lines.start_of(last + 1) };
            let text = Span::new(lines.start_of(first_line), end).of(text).to_owned();
            Piece { first_line, starts, text }
        };
        Self { pieces: runs.into_iter().map(piece).collect(), end: text.len() }
    }

    /// Returns the text of a stretch.
    pub(super) fn of_span(&self, span: Span) -> &str {
        let piece = self.at(span.start);
        piece.map_or("", |piece| {
            Span::new(span.start - piece.start(), span.end - piece.start()).of(&piece.text)
        })
    }

    /// Returns the text from an offset on, as far as it is kept.
    pub(super) fn from(&self, offset: usize) -> &str {
        self.at(offset).and_then(|piece| piece.text.get(offset - piece.start()..)).unwrap_or("")
    }

    /// Returns the line of an offset, from 1.
    pub(super) fn line(&self, offset: usize) -> usize {
        self.at(offset).map_or(1, |piece| piece.line(offset))
    }

    /// Returns the bytes of a line with its line end; nothing past the last one.
    pub(super) fn line_span(&self, line: usize) -> Span {
        let known = self.pieces.partition_point(|piece| piece.first_line <= line);
        let piece = known.checked_sub(1).map(|index| &self.pieces[index]);
        piece.and_then(|piece| piece.line_span(line)).unwrap_or(Span::new(self.end, self.end))
    }

    /// Returns where the bytes lie.
    pub(super) fn region(&self, span: Span) -> Region {
        let position = |offset| {
            let line = self.line(offset);
            let before = Span::new(self.line_span(line).start.min(offset), offset);
            Position { line, column: self.of_span(before).chars().count() + 1 }
        };
        Region { start: position(span.start), end: position(span.end) }
    }

    /// Returns how many bytes stand before an offset in its line.
    pub(super) fn byte_column(&self, offset: usize) -> usize {
        offset - self.line_span(self.line(offset)).start.min(offset)
    }

    /// Returns the offset of a position.
    pub(super) fn offset(&self, position: Position) -> usize {
        let line = self.line_span(position.line);
        let text = self.of_span(line);
        line.start + text.char_indices().nth(position.column.saturating_sub(1)).map_or(text.len(), |at| at.0)
    }

    /// Returns the lines that an offset lies in or right behind.
    fn at(&self, offset: usize) -> Option<&Piece> {
        let known = self.pieces.partition_point(|piece| piece.start() <= offset);
        let piece = &self.pieces[known.checked_sub(1)?];
        (offset <= piece.start() + piece.text.len()).then_some(piece)
    }
}

impl Piece {
    fn start(&self) -> usize {
        self.starts.first().copied().unwrap_or_default()
    }

    fn line(&self, offset: usize) -> usize {
        let line = self.first_line + self.starts.partition_point(|start| *start <= offset).saturating_sub(1);
        // What is right behind the last line end begins a line that is not kept.
        let end = self.start() + self.text.len();
        let is_behind =
            offset == end && self.text.ends_with(['\n', '\r']) && self.starts.last() != Some(&end);
        line + usize::from(is_behind)
    }

    fn line_span(&self, line: usize) -> Option<Span> {
        let index = line.checked_sub(self.first_line)?;
        let start = *self.starts.get(index)?;
        let end = self.starts.get(index + 1).copied().unwrap_or(self.start() + self.text.len());
        Some(Span::new(start, end))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn source(text: &str) -> Source {
        Source::new(text, &LineIndex::new(text), vec![(1, usize::MAX)])
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
        let lines: Vec<&str> = (1..5).map(|line| source.of_span(source.line_span(line))).collect();
        assert_eq!(lines, ["a\n", "b", "", ""]);
        assert_eq!(source.offset(Position { line: 9, column: 9 }), 3);
    }

    #[test]
    fn lines_that_nobody_wants_are_not_kept() {
        let text = "line\n".repeat(1_000);
        let wanted = vec![(700, 702), (10, 12), (13, 13), (5_000, 6_000)];
        let source = Source::new(&text, &LineIndex::new(&text), wanted);
        let kept: Vec<(usize, usize)> =
            source.pieces.iter().map(|piece| (piece.first_line, piece.starts.len())).collect();
        assert_eq!(kept, [(10, 4), (700, 3)]);
        assert_eq!(source.of_span(source.line_span(500)), "");
        assert_eq!(Source::of(&text, &LineIndex::new(&text), &[]).pieces, []);
    }

    proptest! {
        #[test]
        fn what_is_kept_lies_where_it_does_in_the_whole_text(
            text in "[aé\n\r]{0,24}", wanted in prop::collection::vec((1..8_usize, 0..3_usize), 1..4), at in 0..24_usize,
        ) {
            let lines = LineIndex::new(&text);
            let wanted: Vec<(usize, usize)> = wanted.iter().map(|(line, more)| (*line, line + more)).collect();
            let source = Source::new(&text, &lines, wanted.clone());
            let Some((offset, _)) = text.char_indices().nth(at) else { return Ok(()) };
            let position = lines.position(&text, offset);
            let is_kept = wanted.iter().any(|(first, last)| (*first..=*last).contains(&position.line));
            prop_assume!(is_kept);
            prop_assert_eq!(source.region(Span::new(offset, offset)).start, position);
            prop_assert_eq!(source.offset(position), offset);
            prop_assert_eq!(source.byte_column(offset), offset - lines.start_of(position.line));
            prop_assert!(text[offset..].starts_with(source.from(offset)));
            prop_assert!(!source.from(offset).is_empty());
        }
    }
}
