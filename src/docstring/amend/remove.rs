//! Taking out entries, names and sections.

use std::ops::RangeInclusive;

use super::super::kinds::{self, Content};
use super::super::model::{Amendment, Entry, Section, Style};
use super::{Amender, amendment};
use crate::python::Span;

impl Amender<'_> {
    /// Removes an entry; the last one takes its section along.
    ///
    /// Nothing when there is no such entry, or when the docstring would become empty.
    #[must_use]
    pub fn remove_entry(&self, section: usize, entry: usize) -> Vec<Amendment> {
        self.remove_entries(section, &[entry])
    }

    /// Removes several entries of a section; if these are all, the section goes too.
    ///
    /// Prose that stands before the entries keeps the section. Nothing where [`Self::remove_entry`] gives nothing.
    #[must_use]
    pub fn remove_entries(&self, section: usize, entries: &[usize]) -> Vec<Amendment> {
        let Some(found) = self.docstring.sections.get(section) else { return Vec::new() };
        let goes = |index: usize| entries.contains(&index);
        let all = (0..found.entries.len()).all(goes);
        if found.entries.is_empty() || (all && !self.has_preamble(found)) {
            if found.entries.is_empty() {
                return Vec::new();
            }
            // A type may stand apart from the section of its entry.
            let fields = found.entries.iter().filter_map(|entry| entry.type_field.as_ref());
            let apart = fields.map(|field| field.span).filter(|span| !found.span.contains(*span));
            let mut spans: Vec<Span> = apart.collect();
            if spans.is_empty() {
                return self.remove_section(section).into_iter().collect();
            }
            spans.push(found.span);
            return self.remove_lines(spans);
        }
        let gone = found.entries.iter().enumerate().filter(|(index, _)| goes(*index));
        self.remove_lines(gone.flat_map(|(_, entry)| spans_of(entry)).collect())
    }

    /// Removes one of several names that share a description; nothing when it is the only one.
    #[must_use]
    pub fn remove_name(&self, section: usize, entry: usize, name: &str) -> Option<Amendment> {
        let entry = self.docstring.sections.get(section)?.entries.get(entry)?;
        let index = entry.names.iter().position(|known| known.value == name)?;
        let gone = entry.names.get(index)?.span;
        // Backticks and roles belong to the name: cut from comma to comma.
        let span = if let Some(next) = entry.names.get(index + 1) {
            let start = self.opening(gone.start);
            Span::new(start, self.opening(next.span.start).max(start))
        } else {
            let before = entry.names.get(index.checked_sub(1)?)?;
            Span::new(self.closing(before.span.end), self.closing(gone.end))
        };
        Some(amendment(span, String::new()))
    }

    /// Removes a section, exactly one blank line left between what remains; prose after it at the margin stays.
    ///
    /// Nothing when there is no such section, or when the docstring would become empty. Closing quotes follow a
    /// summary that is left alone on the first line.
    #[must_use]
    pub fn remove_section(&self, section: usize) -> Option<Amendment> {
        let found = self.docstring.sections.get(section)?;
        let text = self.lines.text;
        let first = self.lines.index_of(found.span.start);
        let last = self.lines.index_of(found.span.end.saturating_sub(1));
        let before = self.lines.last_filled(0..first).and_then(|line| self.lines.get(line));
        let after = self.lines.first_filled(last + 1..self.lines.len()).and_then(|line| self.lines.get(line));
        let ending = self.ending();
        match (before, after) {
            (None, None) => None,
            (Some(before), Some(after)) => {
                let close = matches!(found.style, Style::Sphinx | Style::Epytext)
                    && !self.lines.is_blank(first.saturating_sub(1))
                    && !self.lines.is_blank(last + 1);
                let gap = if close { ending.to_owned() } else { format!("{ending}{ending}") };
                Some(amendment(Span::new(before.end, after.start), gap))
            }
            (None, Some(after)) if first == 0 => {
                Some(amendment(Span::new(found.span.start, after.content), String::new()))
            }
            (None, Some(after)) => {
                Some(amendment(Span::new(self.lines.get(first)?.start, after.start), String::new()))
            }
            (Some(before), None) => {
                let alone = before.start == 0;
                let end = if alone { text.len() } else { self.end_of(self.lines.get(last)?) };
                let start = if alone { before.trimmed } else { before.end };
                Some(amendment(Span::new(start, end), String::new()))
            }
        }
    }

    /// Removes the lines that some spans stand on.
    pub(super) fn remove_lines(&self, mut spans: Vec<Span>) -> Vec<Amendment> {
        spans.sort_unstable();
        let mut runs: Vec<(usize, usize)> = Vec::new();
        for span in spans {
            let first = self.lines.index_of(span.start);
            let last = self.lines.index_of(span.end.saturating_sub(1));
            match runs.last_mut() {
                Some((_, end)) if self.lines.first_filled(*end + 1..first).is_none() => *end = last.max(*end),
                _ => runs.push((first, last)),
            }
        }
        let gone = |index: &usize| runs.iter().any(|(first, last)| first <= index && index <= last);
        let mut filled = (0..self.lines.len()).filter(|index| !self.lines.is_blank(*index));
        if filled.all(|index| gone(&index)) {
            return Vec::new();
        }
        runs.into_iter().filter_map(|(first, last)| self.remove_run_of_lines(first, last)).collect()
    }

    /// Removes the lines of entries: the blank lines behind them go too, or those before the last entry of a list.
    ///
    /// What stands behind the list, or between its entries, keeps the distance that it has.
    fn remove_run_of_lines(&self, first: usize, last: usize) -> Option<Amendment> {
        let begin = self.lines.get(first)?;
        let before = self.lines.last_filled(0..first).and_then(|line| self.lines.get(line));
        if let Some(next) = self.lines.first_filled(last + 1..self.lines.len()) {
            let behind = self.lines.get(next)?;
            let goes_on = next == last + 1 || self.is_one_list(first..=last, next);
            match before {
                None if first == 0 => {
                    return Some(amendment(Span::new(begin.content, behind.content), String::new()));
                }
                Some(_) if !goes_on => {}
                _ => return Some(amendment(Span::new(begin.start, behind.start), String::new())),
            }
        }
        let end = self.end_of(self.lines.get(last)?);
        Some(amendment(Span::new(before?.end, end), String::new()))
    }

    /// Returns whether an entry begins on a line whose list has one on other lines.
    fn is_one_list(&self, lines: RangeInclusive<usize>, line: usize) -> bool {
        self.docstring.sections.iter().any(|section| {
            let starts: Vec<usize> = section
                .entries
                .iter()
                .flat_map(spans_of)
                .map(|span| self.lines.index_of(span.start))
                .collect();
            starts.contains(&line) && starts.iter().any(|start| lines.contains(start))
        })
    }

    /// Returns whether indented prose of its own stands under the title.
    fn has_preamble(&self, section: &Section) -> bool {
        let Some(text) = &section.text else { return false };
        let line = self.lines.index_of(text.span.start);
        let inside = section.style != Style::Google || self.lines.columns(line) > self.lines.margin_columns;
        kinds::content_of(section.kind) != Content::Prose && inside
    }

    /// Returns where the backticks or the role around a name begin.
    fn opening(&self, start: usize) -> usize {
        let before = self.lines.text.get(..start).unwrap_or("");
        let ticks = before.trim_end_matches(['~', '!']).trim_end_matches('`');
        if ticks.len() == before.len() {
            return start;
        }
        let role = ticks.trim_end_matches(|character: char| character == ':' || character.is_alphanumeric());
        if ticks.ends_with(':') { role.len() } else { ticks.len() }
    }

    /// Returns where the backticks after a name end.
    fn closing(&self, end: usize) -> usize {
        let after = self.lines.text.get(end..).unwrap_or("");
        end + after.len() - after.trim_start_matches('`').len()
    }
}

/// Returns the lines of an entry and of its type.
fn spans_of(entry: &Entry) -> Vec<Span> {
    std::iter::once(entry.span).chain(entry.type_field.as_ref().map(|field| field.span)).collect()
}
