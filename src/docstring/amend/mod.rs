//! Changing one part of a docstring without touching another byte.
//!
//! An [`Amender`] answers with [`Amendment`]s against the text that was parsed; it applies nothing itself.
//! Amendments of one call go together. For the next change, apply them, parse again and ask anew.

mod insert;
mod remove;
mod reorder;
mod types;

pub use types::plain_type;

use super::google::{self, EntryLayout};
use super::house::SummaryLine;
use super::lines::{Line, Lines, columns_of, line_ending_of};
use super::model::{Amendment, Docstring, Entry, Name, Section, Style, Wording};
use super::render::Layout;
use super::{names, notation, prose, scan};
use crate::python::Span;

/// One level of continuation in columns, where a docstring gives no other example.
const DEFAULT_UNIT: usize = 4;

/// A parsed docstring and the text it was parsed from, ready to be amended.
#[derive(Debug)]
pub struct Amender<'a> {
    docstring: &'a Docstring,
    lines: Lines<'a>,
    layout: &'a Layout,
}

/// The way a section writes its entries, learned from those it has.
#[derive(Debug)]
struct Notation {
    entry: EntryLayout,
    /// Whether it writes types; nothing when there is no entry to learn from.
    types: Option<bool>,
    /// Whether blank lines stand between the entries.
    spaced: bool,
    /// Whether it writes `\*args`.
    escaped: bool,
}

impl<'a> Amender<'a> {
    /// Makes an amender; `docstring` must be what [`parse`](super::parse) made of `text`.
    #[must_use]
    pub fn new(docstring: &'a Docstring, text: &'a str, layout: &'a Layout) -> Self {
        Self { docstring, lines: scan::lines_of(text, &layout.page.house.titles), layout }
    }

    /// Changes a name, its stars and the escapes before them left alone.
    #[must_use]
    pub fn rename(&self, name: &Name, new: &str) -> Amendment {
        let bare = name.span.of(self.lines.text).trim_start_matches(['\\', '*']);
        let new = new.trim_start_matches('*');
        let is_here = |section: &&Section| {
            let mut types = section.entries.iter().filter_map(|entry| entry.type_field.as_ref());
            section.span.contains(name.span) || types.any(|field| field.span.contains(name.span))
        };
        let section = self.docstring.sections.iter().find(is_here);
        let style = section.map_or(self.docstring.style, |section| section.style);
        amendment(
            Span::new(name.span.end - bare.len(), name.span.end),
            names::in_field(new, style).into_owned(),
        )
    }

    /// Changes the name of an entry, wherever the docstring repeats it for the entry's type.
    ///
    /// Nothing when it has no such name.
    #[must_use]
    pub fn rename_entry(&self, entry: &Entry, from: &str, to: &str) -> Vec<Amendment> {
        let typed = entry.type_field.as_ref().and_then(|field| field.name.as_ref());
        let names = entry.names.iter().chain(typed).filter(|name| name.value == from);
        names.map(|name| self.rename(name, to)).collect()
    }

    /// Gives a docstring without a summary one, on the line where the code base has it.
    ///
    /// Nothing when there is a summary already, or none is given. "A docstring should be organized as a summary
    /// line … terminated by a period" (Google Python Style Guide 3.8.1).
    #[must_use]
    pub fn set_summary(&self, summary: &str) -> Option<Amendment> {
        let summary = notation::on_one_line(summary);
        if self.docstring.summary.is_some() || summary.is_empty() {
            return None;
        }
        let Some(first) = self.lines.first_filled(0..self.lines.len()) else {
            return Some(amendment(Span::new(0, self.lines.text.len()), summary));
        };
        let line = self.lines.get(first)?;
        let ending = self.ending();
        let below = if first == 0 { self.margin() } else { "" };
        let end = if first == 0 { line.content } else { line.start };
        let above = match self.layout.page.house.summary_line {
            SummaryLine::First => String::new(),
            SummaryLine::Second => format!("{ending}{}", self.margin()),
        };
        Some(amendment(Span::new(0, end), format!("{above}{summary}{ending}{ending}{below}")))
    }

    /// Describes an entry that has no description.
    #[must_use]
    pub fn describe_entry(&self, section: usize, entry: usize, description: &str) -> Option<Amendment> {
        let section = self.docstring.sections.get(section)?;
        let entry = section.entries.get(entry)?;
        let description = prose::dedented(description);
        if entry.description.is_some() || description.trim().is_empty() {
            return None;
        }
        let line = self.lines.line_at(entry.span.end.saturating_sub(1))?;
        let notation = self.notation(section);
        if section.style == Style::Numpy {
            let below = EntryLayout { indentation: notation.entry.continuation.clone(), ..notation.entry };
            let lines = google::described("", &description, &below.continuation, &below);
            let at = entry.span.end;
            let ending = self.ending();
            return Some(amendment(Span::new(at, at), format!("{ending}{}", lines.join(ending))));
        }
        let start = line.content.max(entry.span.start);
        let head = self.lines.text.get(start..entry.span.end)?;
        if matches!(section.style, Style::Sphinx | Style::Epytext) && !head.ends_with(':') {
            return None;
        }
        let colon = if head.ends_with(':') { "" } else { ":" };
        let flush = entry.names.is_empty() && section.style == Style::Google;
        let continuation = if flush { &notation.entry.indentation } else { &notation.entry.continuation };
        let head = format!("{head}{colon}");
        let lines = google::described(&head, &description, continuation, &notation.entry);
        let whole = lines.join(self.ending());
        let added = whole.strip_prefix(&notation.entry.indentation)?.strip_prefix(&head)?;
        Some(amendment(Span::new(entry.span.end, entry.span.end), format!("{colon}{added}")))
    }

    /// Replaces `old` by `new` where it stands inside `span` as a word of its own.
    ///
    /// Nothing unless it stands there exactly once: which of several is meant would be a guess.
    #[must_use]
    pub fn replace_in(&self, span: Span, old: &str, new: &str) -> Option<Amendment> {
        let source = span.of(self.lines.text);
        if old.is_empty() {
            return None;
        }
        let mut found = None;
        for (offset, _) in source.match_indices(old) {
            let (before, after) = (source.get(..offset)?, source.get(offset + old.len()..)?);
            if !stands_alone(before, old, after) {
                continue;
            }
            if found.replace(offset).is_some() {
                return None;
            }
        }
        let start = span.start + found?;
        Some(amendment(Span::new(start, start + old.len()), new.to_owned()))
    }

    /// Returns all that belongs to an entry, as long as it stands together; nothing when it does not.
    fn whole_of(&self, entry: &Entry) -> Option<Span> {
        let Some(field) = &entry.type_field else { return Some(entry.span) };
        let (first, second) = if field.span.start < entry.span.start {
            (field.span, entry.span)
        } else {
            (entry.span, field.span)
        };
        let between = self.lines.text.get(first.end..second.start)?;
        between.trim().is_empty().then(|| Span::new(first.start, second.end))
    }

    /// Returns the line ending of the docstring, or that of the file for a single line.
    fn ending(&self) -> &'static str {
        line_ending_of(self.lines.text).unwrap_or(self.layout.line_ending)
    }

    /// Returns the indentation of the docstring, or that of the layout when only its first line says anything.
    fn margin(&self) -> &str {
        if self.lines.first_filled(1..self.lines.len()).is_some() {
            &self.docstring.margin
        } else {
            &self.layout.margin
        }
    }

    /// Returns where a line ends for who wants to write after it: before its line ending, or, on the line of the
    /// closing quotes, right after its text.
    fn end_of(&self, line: Line) -> usize {
        if line.end == self.lines.text.len() { line.trimmed.max(line.content) } else { line.end }
    }

    /// Learns how a section writes its entries.
    fn notation(&self, section: &Section) -> Notation {
        let mut entry = self.default_layout(section.style);
        if let Some(first) = section.entries.first() {
            entry.indentation = self.indentation_of(first);
        }
        entry.continuation = self.continuation_of(section, &entry.indentation);
        let named: Vec<&Entry> = section.entries.iter().filter(|entry| !entry.names.is_empty()).collect();
        let typed = named.iter().filter(|entry| entry.type_text.is_some()).count();
        let gaps = section.entries.windows(2).filter(|pair| self.is_spaced(pair)).count();
        Notation {
            entry,
            types: (!named.is_empty()).then_some(typed * 2 > named.len()),
            spaced: gaps * 2 > section.entries.len().saturating_sub(1),
            escaped: named
                .iter()
                .flat_map(|entry| &entry.names)
                .any(|name| name.span.of(self.lines.text).starts_with('\\')),
        }
    }

    /// Returns the layout for a new section: the indentation that the other sections have.
    fn default_layout(&self, style: Style) -> EntryLayout {
        let margin = self.margin();
        let unit = self.unit();
        let mut layout = EntryLayout::of(&Layout { style, margin: margin.to_owned(), ..self.layout.clone() });
        if style != Style::Google {
            return layout;
        }
        let google = self.docstring.sections.iter().filter(|section| section.style == style);
        let example = google.flat_map(|section| &section.entries).next();
        let indentation =
            example.map(|entry| self.indentation_of(entry)).filter(|found| found.starts_with(margin));
        if let Some(indentation) = indentation {
            let unit = indentation.get(margin.len()..).unwrap_or(unit);
            layout.continuation = if unit.trim().is_empty() {
                format!("{indentation}{unit}")
            } else {
                " ".repeat(columns_of(&indentation))
            };
            layout.indentation = indentation;
        }
        layout
    }

    fn unit(&self) -> &'static str {
        let margin = self.margin();
        Layout { margin: margin.to_owned(), ..self.layout.clone() }.unit()
    }

    fn indentation_of(&self, entry: &Entry) -> String {
        let line = self.lines.line_at(entry.span.start);
        // A bullet counts as indentation: new entries get one, too.
        let start = |line: Line| line.start.min(entry.span.start);
        line.and_then(|line| self.lines.text.get(start(line)..entry.span.start)).unwrap_or("").to_owned()
    }

    /// Returns the indentation of continuation lines, from the first entry of the section that has one.
    fn continuation_of(&self, section: &Section, indentation: &str) -> String {
        for entry in section.entries.iter().filter(|entry| !entry.names.is_empty()) {
            let first = self.lines.index_of(entry.span.start);
            let Some(next) = self.lines.get(first + 1) else { continue };
            let inside = next.start < entry.span.end && !next.is_blank();
            let hangs = next.columns.saturating_sub(self.lines.columns(first));
            // More than a few columns is text aligned below the description, which only fits that entry.
            if inside && (1..=2 * DEFAULT_UNIT).contains(&hangs) {
                return self.lines.text.get(next.start..next.content).unwrap_or("").to_owned();
            }
        }
        if section.style != Style::Google {
            return format!("{indentation}{}", self.unit());
        }
        if indentation.ends_with("* ") || indentation.ends_with("- ") || indentation.ends_with("+ ") {
            return " ".repeat(columns_of(indentation));
        }
        let margin = columns_of(self.margin());
        let unit = columns_of(indentation).saturating_sub(margin).max(1);
        let unit = if indentation.ends_with('\t') { "\t".to_owned() } else { " ".repeat(unit) };
        format!("{indentation}{unit}")
    }

    fn is_spaced(&self, pair: &[Entry]) -> bool {
        let [before, after] = pair else { return false };
        let start = self.lines.index_of(after.span.start);
        start > 0 && self.lines.index_of(before.span.end) < start && self.lines.is_blank(start - 1)
    }
}

/// Applies amendments to the text they were made against.
///
/// Nothing when one does not fit the text, when two overlap, or when two insert at the same place: which comes
/// first would be a guess.
#[must_use]
pub fn apply_amendments(text: &str, amendments: &[Amendment]) -> Option<String> {
    let mut sorted: Vec<&Amendment> = amendments.iter().collect();
    sorted.sort_by_key(|amendment| amendment.span);
    let mut applied = String::with_capacity(text.len());
    let mut end = 0;
    let mut previous: Option<Span> = None;
    for amendment in sorted {
        let span = amendment.span;
        if span.start < end || previous.is_some_and(|previous| previous == span) {
            return None;
        }
        text.get(span.start..span.end)?;
        applied.push_str(text.get(end..span.start)?);
        applied.push_str(&amendment.text);
        end = span.end;
        previous = Some(span);
    }
    applied.push_str(text.get(end..)?);
    Some(applied)
}

fn amendment(span: Span, text: String) -> Amendment {
    Amendment { span, text, wording: Wording::Read }
}

/// Returns whether a word is not part of a longer word or number.
fn stands_alone(before: &str, word: &str, after: &str) -> bool {
    let in_word = |character: char| character.is_alphanumeric() || character == '_';
    let starts_word = word.starts_with(in_word);
    let ends_word = word.ends_with(in_word);
    let before_fits =
        !(starts_word && before.ends_with(|character| in_word(character) || "-.".contains(character)));
    let mut rest = after.chars();
    let next = rest.next();
    let point = next == Some('.') && rest.next().is_some_and(in_word);
    before_fits && !(ends_word && (next.is_some_and(in_word) || point))
}

/// Returns where a name stands in an order; stars and escapes do not count.
fn order_of(order: &[String], name: &str) -> Option<usize> {
    let bare = |name: &str| name.trim_start_matches(['\\', '*']).to_owned();
    order.iter().position(|known| bare(known) == bare(name))
}
