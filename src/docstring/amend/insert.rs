//! Adding entries, and sections for them.

use super::super::house::{BeforeQuotes, SummaryLine, Types};
use super::super::kinds::{self, Content};
use super::super::model::{Amendment, DraftEntry, DraftSection, Section, SectionKind, Style};
use super::super::write;
use super::{Amender, Notation, amendment, order_of};
use crate::python::Span;

/// Where new entries go, relative to those that are there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    Before(usize),
    After(usize),
}

impl Amender<'_> {
    /// Adds entries to the section of a kind, which is made where it does not exist.
    ///
    /// `order` names all entries that are expected, in the order of the signature; each new one goes behind its
    /// nearest predecessor there, or before its nearest successor, or to the end. Indentation, types, escapes and
    /// blank lines follow the entries of the section. A returned value is added only where there is none.
    #[must_use]
    pub fn insert_entries(
        &self,
        kind: SectionKind,
        entries: &[DraftEntry],
        order: &[String],
    ) -> Vec<Amendment> {
        if entries.is_empty() || kind == SectionKind::Custom {
            return Vec::new();
        }
        let mut entries: Vec<DraftEntry> = entries.to_vec();
        entries.sort_by_key(|entry| position(entry, order).unwrap_or(usize::MAX));
        // Of equals the last one is taken, so that reversed the first section wins.
        let existing = self.docstring.sections.iter().rev().filter(|section| section.kind == kind);
        let Some(section) = existing.max_by_key(|section| !section.entries.is_empty()) else {
            return self.insert_section(kind, entries);
        };
        if kinds::content_of(kind) == Content::Value && !section.entries.is_empty() {
            return Vec::new();
        }
        let notation = self.notation(section);
        if section.entries.is_empty() {
            return self.fill(section, &entries, &notation).into_iter().collect();
        }
        let mut groups: Vec<(Place, Vec<DraftEntry>)> = Vec::new();
        for entry in entries {
            let place = place(section, &entry, order);
            match groups.iter_mut().find(|(known, _)| *known == place) {
                Some((_, group)) => group.push(entry),
                None => groups.push((place, vec![entry])),
            }
        }
        groups.iter().filter_map(|(place, group)| self.insert_group(section, *place, group)).collect()
    }

    fn insert_group(&self, section: &Section, place: Place, group: &[DraftEntry]) -> Option<Amendment> {
        let notation = self.notation(section);
        let ending = self.ending();
        let separator = if notation.spaced { format!("{ending}{ending}") } else { ending.to_owned() };
        let texts: Vec<String> = group.iter().map(|entry| self.written(section, entry, &notation)).collect();
        let text = texts.join(&separator);
        match place {
            Place::After(index) => {
                let entry = section.entries.get(index)?;
                let end = self.whole_of(entry).unwrap_or(entry.span).end;
                let line = self.lines.line_at(end.saturating_sub(1))?;
                let at = self.end_of(line);
                Some(amendment(Span::new(at, at), format!("{separator}{text}")))
            }
            Place::Before(index) => {
                let entry = section.entries.get(index)?;
                let line = self.lines.line_at(self.whole_of(entry).unwrap_or(entry.span).start)?;
                if line.start == 0 {
                    // Behind the quotes the entry has no indentation of its own.
                    let margin = &notation.entry.indentation;
                    let first = text.strip_prefix(margin).unwrap_or(&text);
                    let at = Span::new(line.content, line.content);
                    return Some(amendment(at, format!("{first}{separator}{margin}")));
                }
                Some(amendment(Span::new(line.start, line.start), format!("{text}{separator}")))
            }
        }
    }

    /// Writes entries into a section that has none, behind its prose.
    fn fill(&self, section: &Section, entries: &[DraftEntry], notation: &Notation) -> Option<Amendment> {
        let mut title = self.lines.index_of(section.span.start);
        if section.style == Style::Numpy {
            title += 1;
        }
        let last = self.lines.index_of(section.span.end.saturating_sub(1));
        let numpy = section.style == Style::Numpy;
        let indented = |line: &usize| {
            let deeper = numpy || self.lines.columns(*line) > self.lines.margin_columns;
            !self.lines.is_blank(*line) && deeper
        };
        let line = self.lines.get((title + 1..=last).rev().find(indented).unwrap_or(title))?;
        let at = self.end_of(line);
        let texts: Vec<String> = entries.iter().map(|entry| self.written(section, entry, notation)).collect();
        let ending = self.ending();
        Some(amendment(Span::new(at, at), format!("{ending}{}", texts.join(ending))))
    }

    fn insert_section(&self, kind: SectionKind, entries: Vec<DraftEntry>) -> Vec<Amendment> {
        let style = self.docstring.dominant();
        let layout = self.default_layout(style);
        let entries = entries.into_iter().map(|entry| self.in_notation(kind, style, entry)).collect();
        let section = DraftSection { kind, title: None, entries };
        let margin = self.margin();
        let ending = self.ending();
        let text = write::section_lines(&section, style, &layout).join(ending);
        let place = self.place_of_section(kind, style);
        // Fields stand together without blank lines.
        let field = write::is_field(kind, style);
        let gap = |index: usize| {
            let neighbour = self.docstring.sections.get(index);
            let close = match neighbour {
                Some(found) if field => self.is_among_fields(found, style),
                Some(found) => {
                    let before = found.span.of(self.lines.text);
                    let (first, second) = match place {
                        Some(Place::Before(_)) => (text.as_str(), found.kind),
                        _ => (before, kind),
                    };
                    // The output of a doctest goes on up to a blank line.
                    let ends = !first.contains(">>>");
                    found.style == style && ends && self.layout.page.house.joins(second, style)
                }
                None => false,
            };
            if close { ending.to_owned() } else { format!("{ending}{ending}") }
        };
        let beside = |place: Place| match place {
            Place::Before(index) => {
                let line = self.lines.line_at(self.docstring.sections.get(index)?.span.start)?;
                if line.start > 0 {
                    let at = Span::new(line.start, line.start);
                    return Some(amendment(at, format!("{text}{}", gap(index))));
                }
                let first = text.strip_prefix(margin).unwrap_or(&text);
                let at = Span::new(line.content, line.content);
                Some(amendment(at, format!("{first}{}{margin}", gap(index))))
            }
            Place::After(index) => {
                let end = self.docstring.sections.get(index)?.span.end;
                let at = self.end_of(self.lines.line_at(end.saturating_sub(1))?);
                Some(amendment(Span::new(at, at), format!("{}{text}", gap(index))))
            }
        };
        match place {
            Some(place) => beside(place).into_iter().collect(),
            None => self.append_section(&text, margin),
        }
    }

    /// Writes a section behind the prose of a docstring that has none.
    fn append_section(&self, text: &str, margin: &str) -> Vec<Amendment> {
        let ending = self.ending();
        let whole = self.lines.text.len();
        let house = &self.layout.page.house;
        let blank = if house.before_quotes == BeforeQuotes::BlankLine { ending } else { "" };
        let last = self.lines.last_filled(0..self.lines.len());
        let Some(line) = last.and_then(|last| self.lines.get(last)) else {
            let text = format!("{ending}{text}{blank}{ending}{margin}");
            return vec![amendment(Span::new(0, whole), text)];
        };
        if self.lines.len() > 1 {
            let at = self.end_of(line);
            return vec![amendment(Span::new(at, at), format!("{ending}{ending}{text}"))];
        }
        let mut amendments = Vec::new();
        if house.summary_line == SummaryLine::Second {
            // What was a single line has something below it now.
            amendments.push(amendment(Span::new(0, line.content), format!("{ending}{margin}")));
        }
        let text = format!("{ending}{ending}{text}{blank}{ending}{margin}");
        amendments.push(amendment(Span::new(line.trimmed, whole), text));
        amendments
    }

    /// Returns the place of a new section: behind those that come before it by rank, else before the others.
    ///
    /// Fields go among fields: what is titled or a directive may have any place, and fields come last.
    fn place_of_section(&self, kind: SectionKind, style: Style) -> Option<Place> {
        let sections = &self.docstring.sections;
        if write::is_field(kind, style) && !sections.iter().any(|found| self.is_among_fields(found, style)) {
            return sections.len().checked_sub(1).map(Place::After);
        }
        let rank_of = |kind: SectionKind| self.layout.page.house.rank(kind, style);
        let Some(rank) = rank_of(kind) else { return sections.len().checked_sub(1).map(Place::After) };
        let fits = |section: &Section| !write::is_field(kind, style) || self.is_among_fields(section, style);
        let precedes =
            |section: &Section| fits(section) && rank_of(section.kind).is_some_and(|other| other <= rank);
        let before = sections.iter().rposition(precedes).map(Place::After);
        before.or(sections.iter().position(fits).map(Place::Before))
    }

    fn is_among_fields(&self, section: &Section, style: Style) -> bool {
        let text = section.span.of(self.lines.text);
        section.style == style && text.starts_with([':', '@'])
    }

    /// Writes an entry the way the section writes its own.
    fn written(&self, section: &Section, entry: &DraftEntry, notation: &Notation) -> String {
        let mut entry = entry.clone();
        let types = match self.layout.page.house.types {
            Types::Always => true,
            Types::Never => false,
            Types::AsUsual => notation.types.unwrap_or(section.style == Style::Numpy),
        };
        if !types && entry.name.is_some() {
            entry.type_text = None;
        }
        if notation.escaped {
            entry.name = entry.name.map(|name| name.replace('*', "\\*"));
        }
        let text =
            write::entry_lines(&entry, section.kind, section.style, &notation.entry).join(self.ending());
        tagged_alike(section, text)
    }

    /// Leaves the type out if the docstring's other lists do not write types.
    fn in_notation(&self, kind: SectionKind, style: Style, mut entry: DraftEntry) -> DraftEntry {
        let listed = |section: &&Section| kinds::content_of(section.kind) == Content::Items;
        let mut examples =
            self.docstring.sections.iter().filter(listed).flat_map(|section| &section.entries).peekable();
        // Without an example, numpydoc's convention is to write types; elsewhere annotations are enough.
        let silent = match self.layout.page.house.types {
            Types::Always => false,
            Types::Never => true,
            Types::AsUsual if examples.peek().is_some() => {
                examples.all(|example| example.type_text.is_none())
            }
            Types::AsUsual => style != Style::Numpy,
        };
        if silent && kinds::content_of(kind) == Content::Items {
            entry.type_text = None;
        }
        entry
    }
}

/// Writes a field with the tag that its list has: `:raise` and `:raises` are the same.
fn tagged_alike(section: &Section, text: String) -> String {
    const ALIKE: &[&[&str]] =
        &[&["param", "parameter", "arg", "argument"], &["raises", "raise", "except", "exception", "throws"]];
    let Some(start) =
        text.find([':', '@']).filter(|_| matches!(section.style, Style::Sphinx | Style::Epytext))
    else {
        return text;
    };
    let rest = text.get(start + 1..).unwrap_or("");
    let tag = rest.split([' ', ':']).next().unwrap_or("");
    let own = section.title.value.as_str();
    let is_alike = ALIKE.iter().any(|tags| tags.contains(&tag) && tags.contains(&own));
    match rest.strip_prefix(tag).zip(text.get(..=start)) {
        Some((behind, before)) if is_alike => format!("{before}{own}{behind}"),
        _ => text,
    }
}

/// Returns where an entry stands among the expected ones.
fn position(entry: &DraftEntry, order: &[String]) -> Option<usize> {
    let name = entry.name.as_deref()?;
    order_of(order, name.split(',').next().unwrap_or(name).trim())
}

fn place(section: &Section, entry: &DraftEntry, order: &[String]) -> Place {
    let last = Place::After(section.entries.len().saturating_sub(1));
    let Some(wanted) = position(entry, order) else { return last };
    let mut before: Option<(usize, usize)> = None;
    let mut after: Option<(usize, usize)> = None;
    for (index, known) in section.entries.iter().enumerate() {
        for found in known.names.iter().filter_map(|name| order_of(order, &name.value)) {
            if found < wanted && before.is_none_or(|(nearest, _)| found > nearest) {
                before = Some((found, index));
            }
            if found > wanted && after.is_none_or(|(nearest, _)| found < nearest) {
                after = Some((found, index));
            }
        }
    }
    before
        .map(|(_, index)| Place::After(index))
        .or(after.map(|(_, index)| Place::Before(index)))
        .unwrap_or(last)
}
