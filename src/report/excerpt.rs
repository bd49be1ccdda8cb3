//! A finding shown in the source: the lines it points at, what supports it, and the fix as a difference.
//!
//! The drawing is that of `annotate-snippets`. What it is given is cut out first, so that a finding in a file of ten
//! megabytes costs no more than one in a small one, and is free of characters that are not what they seem.

use std::ops::Range;

use annotate_snippets::{AnnotationKind, Group, Level, Origin, Patch, Renderer, Snippet};

use super::listing::Listed;
use super::{Fix, Resolution, Source, TextStyle, phrase};
use crate::python::{LineIndex, Span};
use crate::rules::{Evidence, Finding, Severity};
use crate::untrusted::{is_hidden, sanitised};

/// How many lines evidence may lie away from the finding to be shown in the same excerpt.
const REACH: usize = 60;
/// How many bytes are shown at most; generated files have lines of a megabyte.
const LONGEST: usize = 16_384;
/// The width of the drawing where there is no terminal to measure.
const WIDTH: usize = 140;

/// Draws a finding.
pub(super) fn drawn(listed: &Listed<'_>, style: &TextStyle) -> String {
    let finding = listed.finding;
    let level = match finding.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
        Severity::Advice => Level::NOTE.with_name("advice"),
    };
    let place = sanitised(listed.path.as_str());
    let mut notes: Vec<String> = Vec::new();
    let cut = listed.source.and_then(|source| Cut::around(listed, source, &mut notes));
    let title = level.primary_title(sanitised(&finding.message)).id(finding.code);
    let mut group = if let Some(cut) = &cut {
        title.element(cut.snippet(&place))
    } else {
        notes =
            finding.evidence.iter().map(|evidence| note(evidence.position.line, &evidence.text)).collect();
        let position = finding.position;
        title.element(Origin::path(&*place).line(position.line).char_column(position.column))
    };
    group = group.elements(notes.into_iter().map(|note| Level::NOTE.message(note)));
    let fix = listed.fix.zip(listed.source).and_then(|(fix, source)| Cut::of_fix(fix, source));
    // Where something was tried, what came of it is said below.
    if fix.is_none() && listed.outcome.resolution == Resolution::Reported {
        group = group.element(Level::HELP.message(phrase::answer(listed.outcome, &finding.answer)));
    }
    let mut groups = vec![group];
    if let Some((cut, patch)) = fix {
        let shown = Snippet::source(cut.text).line_start(cut.first_line).patch(patch);
        let title = Level::HELP.secondary_title(phrase::answer(listed.outcome, &finding.answer));
        groups.push(Group::with_title(title).element(shown));
    }
    let renderer = if style.color { Renderer::styled() } else { Renderer::plain() };
    let drawn = renderer.term_width(style.width.unwrap_or(WIDTH)).render(&groups);
    match &style.links {
        Some(root) => linked(drawn, &place, &format!("{root}{}", phrase::uri(listed.path.as_str()))),
        None => drawn,
    }
}

/// Returns the lines that a report needs to show a finding and to say where it ends, each pair being the first and last.
pub(super) fn lines_of(finding: &Finding, lines: &LineIndex) -> [(usize, usize); 2] {
    let (line, end) = (lines.line(finding.span.start), lines.line(finding.span.end));
    let (first, last) = shown_lines(finding, line);
    [bounded((first, last), lines).unwrap_or((line, line)), (end, end)]
}

/// Returns the lines that a report needs to show a fix and to say where it is.
pub(super) fn lines_of_fix(fix: &Fix, lines: &LineIndex) -> [(usize, usize); 2] {
    let (first, last) = (lines.line(fix.span.start), lines.line(fix.span.end));
    [bounded((first, last), lines).unwrap_or((first, first)), (last, last)]
}

/// Leaves out lines that are together too long to be shown.
fn bounded((first, last): (usize, usize), lines: &LineIndex) -> Option<(usize, usize)> {
    let between = lines.start_of(last) - lines.start_of(first);
    (between <= LONGEST).then_some((first, last))
}

/// Returns the first and the last line of the excerpt of a finding that begins in a line.
fn shown_lines(finding: &Finding, line: usize) -> (usize, usize) {
    let near = finding.evidence.iter().filter(|evidence| is_near(evidence, line));
    let around = (line.saturating_sub(1).max(1), line + 1);
    near.fold(around, |(first, last), evidence| {
        (first.min(evidence.position.line), last.max(evidence.position.line))
    })
}

fn is_near(evidence: &Evidence, line: usize) -> bool {
    evidence.position.line.abs_diff(line) <= REACH
}

fn note(line: usize, text: &str) -> String {
    format!("line {line}: {}", sanitised(text))
}

/// Makes the place on the second line a link to the file.
fn linked(drawn: String, path: &str, uri: &str) -> String {
    let Some(second) = drawn.find('\n') else { return drawn };
    let Some(start) = drawn[second..].find(path).map(|at| second + at) else { return drawn };
    let end = drawn[start..].find(['\n', '\u{1b}']).map_or(drawn.len(), |at| start + at);
    let (before, place, after) = (&drawn[..start], &drawn[start..end], &drawn[end..]);
    format!("{before}\u{1b}]8;;{uri}\u{1b}\\{place}\u{1b}]8;;\u{1b}\\{after}")
}

/// Lines cut out of a source, with marks.
struct Cut {
    text: String,
    first_line: usize,
    primary: Range<usize>,
    /// What supports it, each with its label.
    evidence: Vec<(Range<usize>, String)>,
    /// Lines that are shown without a mark.
    around: Vec<Range<usize>>,
}

impl Cut {
    /// Cuts out the lines of a finding and of the evidence near it; other evidence becomes a note.
    fn around(listed: &Listed<'_>, source: &Source, notes: &mut Vec<String>) -> Option<Self> {
        let span = listed.finding.span;
        let line = source.line(span.start);
        let (first, last) = shown_lines(listed.finding, line);
        let mut near = Vec::new();
        for evidence in &listed.finding.evidence {
            if !is_near(evidence, line) {
                notes.push(note(evidence.position.line, &evidence.text));
                continue;
            }
            near.push((
                word_at(source, source.offset(evidence.position)),
                sanitised(&evidence.text).into_owned(),
            ));
        }
        let whole = Span::new(source.line_span(first).start, source.line_span(last).end);
        let text = source.of_span(whole);
        if text.is_empty() || text.len() > LONGEST {
            return None;
        }
        let shown = Shown::new(text, whole.start);
        let own = source.line_span(line);
        // Of what goes over several lines, the first one says where it is.
        let primary = Span::new(span.start, span.end.min(own.start + source.of_span(own).trim_end().len()));
        // The drawing makes room for the numbers of lines with a mark only.
        let marked = listed.finding.evidence.iter().filter(|evidence| is_near(evidence, line));
        let widest = marked.map(|evidence| evidence.position.line).fold(line, usize::max).to_string().len();
        let neighbours = [line.saturating_sub(1).max(1), line + 1];
        let fits = |line: &usize| {
            !source.of_span(source.line_span(*line)).trim().is_empty() && line.to_string().len() <= widest
        };
        let around = neighbours.into_iter().filter(fits).map(|line| {
            let start = shown.offset(source.line_span(line).start);
            start..start
        });
        Some(Self {
            primary: shown.range(primary),
            evidence: near.into_iter().map(|(span, label)| (shown.range(span), label)).collect(),
            around: around.collect(),
            first_line: first,
            text: shown.text,
        })
    }

    /// Cuts out the lines that a fix replaces.
    fn of_fix<'fix>(fix: &'fix Fix, source: &Source) -> Option<(Self, Patch<'fix>)> {
        let first = source.line(fix.span.start);
        let whole = Span::new(source.line_span(first).start, source.line_span(source.line(fix.span.end)).end);
        let text = source.of_span(whole);
        if text.is_empty() || text.len() + fix.text.len() > LONGEST {
            return None;
        }
        let shown = Shown::new(text, whole.start);
        let patch = Patch::new(shown.range(fix.span), Shown::new(&fix.text, 0).text);
        let cut = Self {
            first_line: first,
            primary: 0..0,
            evidence: Vec::new(),
            around: Vec::new(),
            text: shown.text,
        };
        Some((cut, patch))
    }

    fn snippet<'cut>(&'cut self, path: &'cut str) -> Snippet<'cut, annotate_snippets::Annotation<'cut>> {
        let evidence = self
            .evidence
            .iter()
            .map(|(range, label)| AnnotationKind::Context.span(range.clone()).label(label.as_str()));
        Snippet::source(self.text.as_str())
            .path(path)
            .line_start(self.first_line)
            .annotation(AnnotationKind::Primary.span(self.primary.clone()))
            .annotations(evidence)
            .annotations(self.around.iter().map(|range| AnnotationKind::Visible.span(range.clone())))
    }
}

/// Returns the word that begins at an offset, or the character.
fn word_at(source: &Source, start: usize) -> Span {
    let rest = source.from(start);
    let word =
        rest.find(|character: char| character != '_' && !character.is_alphanumeric()).unwrap_or(rest.len());
    let first = rest.chars().next().filter(|first| *first != '\n').map_or(0, char::len_utf8);
    Span::new(start, start + word.max(first))
}

/// Source text fit to be shown: every character that hides something is another one, in the same column.
struct Shown {
    text: String,
    start: usize,
    /// Offsets behind characters of another length, with the offset behind what is shown for them.
    shifts: Vec<(usize, usize)>,
}

impl Shown {
    /// Makes what is shown of a text that begins at an offset.
    fn new(original: &str, start: usize) -> Self {
        let mut shown = Self { text: String::with_capacity(original.len()), start, shifts: Vec::new() };
        let mut characters = original.char_indices().peekable();
        while let Some((at, character)) = characters.next() {
            match character {
                '\n' | '\t' => shown.text.push(character),
                // CRLF is one line end, and a lone CR is one, too.
                '\r' if characters.peek().is_some_and(|next| next.1 == '\n') => {}
                '\r' => shown.text.push('\n'),
                '\0'..='\u{1f}' => {
                    let picture = char::from_u32(0x2400 + u32::from(character));
                    shown.text.push(picture.unwrap_or(char::REPLACEMENT_CHARACTER));
                }
                hidden if is_hidden(hidden) => shown.text.push(char::REPLACEMENT_CHARACTER),
                visible => shown.text.push(visible),
            }
            let (before, after) = (at + character.len_utf8(), shown.text.len());
            let expected = shown.shifts.last().map_or(before, |(from, to)| to + before - from);
            if expected != after {
                shown.shifts.push((before, after));
            }
        }
        shown
    }

    fn offset(&self, offset: usize) -> usize {
        let offset = offset.saturating_sub(self.start);
        let known = self.shifts.partition_point(|(from, _)| *from <= offset);
        let shown = match known.checked_sub(1).map(|index| self.shifts[index]) {
            Some((from, to)) => to + offset - from,
            None => offset,
        };
        shown.min(self.text.len())
    }

    fn range(&self, span: Span) -> Range<usize> {
        let start = self.offset(span.start);
        start..self.offset(span.end).max(start)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_is_hidden_is_shown_in_the_same_column() {
        let table = [
            ("a\u{1b}b", "a\u{241b}b"),
            ("a\u{202e}b\u{9b}", "a\u{fffd}b\u{fffd}"),
            ("a\r\nb\rc\n", "a\nb\nc\n"),
            ("\tx\u{c}", "\tx\u{240c}"),
        ];
        for (text, expected) in table {
            assert_eq!(Shown::new(text, 0).text, expected, "{text:?}");
        }
    }

    proptest! {
        #[test]
        fn offsets_lead_to_the_same_character(text in "[a\né\u{1b}\u{202e}\r]{0,12}", at in 0..12_usize) {
            let Some((offset, character)) = text.char_indices().nth(at) else { return Ok(()) };
            let shown = Shown::new(&text, 0);
            let found = shown.text.get(shown.offset(offset)..).and_then(|rest| rest.chars().next());
            prop_assert!(shown.text.is_char_boundary(shown.offset(offset)));
            if matches!(character, 'a' | 'é' | '\n') {
                prop_assert_eq!(found, Some(character));
            }
        }
    }
}
