//! From one style into another: the sections are written anew, the prose before them stays byte for byte.
//!
//! Descriptions keep their lines; only a paragraph with a line that would be too long is wrapped. The result is
//! parsed again and must say the same, or nothing is converted.

use super::google::{EntryLayout, Values, Wrapping};
use super::kinds::{self, Content};
use super::lines::line_ending_of;
use super::model::{Docstring, DraftEntry, DraftSection, Entry, Section, SectionKind, Style, Text};
use super::prose::{self, Block};
use super::render::Layout;
use super::{notation, parse_with, write};

/// What came of a conversion.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Conversion {
    /// The new text, source like the old one.
    Converted(String),
    /// There is nothing that is written in another style.
    Unneeded,
    /// Written in the other style, it would not say the same; the reason is a phrase.
    Refused(&'static str),
}

/// Writes the sections of a docstring in the style of the layout.
///
/// `text` is what the docstring was parsed from, with its escapes. Sections keep their order, but Epytext has its
/// fields at the end; prose between sections moves before them.
#[must_use]
pub fn convert(docstring: &Docstring, text: &str, layout: &Layout) -> Conversion {
    let foreign = |section: &Section| section.style != layout.style;
    if !docstring.sections.iter().any(foreign) {
        return Conversion::Unneeded;
    }
    let mut outcome = Conversion::Unneeded;
    for values in [Values::Usual, Values::Explicit] {
        outcome = converted_with(docstring, text, layout, values);
        if matches!(outcome, Conversion::Converted(_)) {
            break;
        }
    }
    outcome
}

fn converted_with(docstring: &Docstring, text: &str, layout: &Layout, values: Values) -> Conversion {
    let foreign = |section: &Section| section.style != layout.style;
    let Some(Rewritten { text: new, cut, sections }) = converted(docstring, text, layout, values) else {
        return Conversion::Refused("its sections begin where they cannot be cut out");
    };
    let again = parse_with(&new, layout.style, &layout.page.house.titles);
    // What reads as a section before the cut did not change a byte, and is there still.
    let (kept, written): (Vec<&Section>, Vec<&Section>) =
        again.sections.iter().partition(|section| section.span.start < sections);
    let broken_out = kept.iter().any(|section| section.span.end > cut);
    let old: Vec<&Section> = docstring.sections.iter().collect();
    if broken_out || written.iter().any(|section| foreign(section)) || says(&old) != says(&written) {
        return Conversion::Refused("in that style it would not say the same");
    }
    Conversion::Converted(new)
}

/// A text whose sections are written anew.
struct Rewritten {
    text: String,
    /// Where the bytes end that were kept.
    cut: usize,
    /// Where the sections begin.
    sections: usize,
}

fn converted(docstring: &Docstring, text: &str, layout: &Layout, values: Values) -> Option<Rewritten> {
    let ending = line_ending_of(text).unwrap_or(layout.line_ending);
    let margin = docstring.margin.as_str();
    let start = docstring.sections.iter().flat_map(starts_of).min()?;
    let end = docstring.sections.iter().flat_map(ends_of).max()?;
    let before = text.get(..start)?;
    let kept = before.trim_end_matches([' ', '\t']);
    // Sections on the line of the quotes have no indentation of their own.
    let on_first_line = !kept.contains(['\n', '\r']) && kept.trim().is_empty();
    if !on_first_line && !kept.ends_with(['\n', '\r']) {
        return None;
    }
    let mut entries = EntryLayout::of(&Layout { margin: margin.to_owned(), ..layout.clone() });
    entries.wrapping = Wrapping::Overlong;
    entries.values = values;
    let mut parts: Vec<(bool, Vec<String>)> = Vec::new();
    for after in docstring.sections.iter().flat_map(|section| &section.after) {
        let lines = after.value.lines();
        let indented = |line: &str| if line.is_empty() { String::new() } else { format!("{margin}{line}") };
        parts.push((false, lines.map(indented).collect()));
    }
    let mut sections = merged(&docstring.sections);
    if layout.style == Style::Epytext {
        sections.sort_by_key(|section| write::is_written_as_field(section, layout.style));
    }
    for section in &sections {
        let field = write::is_written_as_field(section, layout.style);
        parts.push((field, write::section_lines(section, layout.style, &entries)));
    }
    let moved: usize = docstring.sections.iter().map(|section| section.after.len()).sum();
    let mut lines: Vec<String> = Vec::new();
    let mut prose_lines = 0;
    let mut in_fields = false;
    for (index, (field, part)) in parts.into_iter().enumerate().filter(|(_, (_, part))| !part.is_empty()) {
        let together = in_fields && field;
        if !lines.is_empty() && !together {
            lines.push(String::new());
        }
        lines.extend(part);
        in_fields = field;
        if index < moved {
            prose_lines = lines.len();
        }
    }
    let prose: usize = lines.iter().take(prose_lines).map(|line| line.len() + ending.len()).sum();
    let written = lines.join(ending);
    let mut new = kept.to_owned();
    let mut sections = new.len() + prose;
    if on_first_line {
        sections = sections.saturating_sub(if prose > 0 { margin.len() } else { 0 });
        new.push_str(written.strip_prefix(margin).unwrap_or(&written));
    } else {
        // A title or a field that followed the prose at once needs a blank line to be seen as what it is.
        let tight = !kept.trim().is_empty() && !ends_in_blank_line(kept);
        if tight {
            new.push_str(ending);
            sections += ending.len();
        }
        new.push_str(&written);
    }
    new.push_str(text.get(end..)?);
    Some(Rewritten { text: new, cut: kept.len(), sections })
}

fn ends_in_blank_line(text: &str) -> bool {
    let text = text.strip_suffix('\n').map_or(text, |text| text.strip_suffix('\r').unwrap_or(text));
    text.trim_end_matches([' ', '\t']).ends_with(['\n', '\r'])
}

fn starts_of(section: &Section) -> impl Iterator<Item = usize> {
    let fields = section.entries.iter().filter_map(|entry| entry.type_field.as_ref());
    fields.map(|field| field.span.start).chain([section.span.start])
}

fn ends_of(section: &Section) -> impl Iterator<Item = usize> {
    let fields = section.entries.iter().filter_map(|entry| entry.type_field.as_ref());
    let after = section.after.iter().map(|text| text.span.end);
    fields.map(|field| field.span.end).chain(after).chain([section.span.end])
}

/// Puts the lists of one kind together: fields may come in several runs.
fn merged(sections: &[Section]) -> Vec<DraftSection> {
    let mut merged: Vec<DraftSection> = Vec::new();
    for section in sections {
        let drafted = drafted(section);
        let list = kinds::content_of(section.kind) != Content::Prose;
        match merged.iter_mut().find(|known| list && known.kind == section.kind) {
            Some(known) => known.entries.extend(drafted.entries),
            None => merged.push(drafted),
        }
    }
    merged
}

fn drafted(section: &Section) -> DraftSection {
    let prose = section.text.iter().map(|text| DraftEntry {
        name: None,
        type_text: None,
        description: prose::dedented(&text.value),
    });
    let title = (section.kind == SectionKind::Custom).then(|| section.title.value.clone());
    DraftSection {
        kind: section.kind,
        title,
        entries: prose.chain(section.entries.iter().map(drafted_entry)).collect(),
    }
}

fn drafted_entry(entry: &Entry) -> DraftEntry {
    let name = names_of(entry);
    DraftEntry {
        name: (!name.is_empty()).then_some(name),
        type_text: type_of(entry),
        description: entry.description.as_ref().map(|text| text.value.clone()).unwrap_or_default(),
    }
}

fn names_of(entry: &Entry) -> String {
    let names = entry.names.iter().map(|name| "*".repeat(usize::from(name.stars)) + &name.value);
    names.collect::<Vec<_>>().join(", ")
}

/// Returns the type with the marks beside it.
fn type_of(entry: &Entry) -> Option<String> {
    let mut parts: Vec<String> = entry.type_text.iter().map(|text| text.value.clone()).collect();
    if entry.optional.is_some() {
        parts.push("optional".to_owned());
    }
    parts.extend(entry.default.iter().map(|default| format!("default {}", default.value)));
    (!parts.is_empty()).then(|| parts.join(", "))
}

/// Returns all that sections say, free of style and layout: a line per section, entry and paragraph.
///
/// Line breaks within a paragraph do not count; those of lists and code do.
fn says(sections: &[&Section]) -> Vec<String> {
    let mut said: Vec<(SectionKind, String, Vec<String>)> = Vec::new();
    for section in sections {
        let custom = section.kind == SectionKind::Custom;
        let title = if custom { section.title.value.to_lowercase() } else { String::new() };
        let mut lines: Vec<String> = section.text.iter().flat_map(plain).collect();
        for entry in &section.entries {
            let head = format!("{}|{}", names_of(entry), type_of(entry).unwrap_or_default());
            // An entry that is nothing but words says what a text without entry says.
            lines.extend(Some(head).filter(|head| head != "|"));
            lines.extend(entry.description.iter().flat_map(plain));
        }
        let list = kinds::content_of(section.kind) != Content::Prose;
        match said.iter_mut().find(|(kind, _, _)| list && *kind == section.kind) {
            Some((_, _, known)) => known.extend(lines),
            None => said.push((section.kind, title, lines)),
        }
    }
    said.sort();
    let lines = |(kind, title, lines): (SectionKind, String, Vec<String>)| {
        std::iter::once(format!("{kind:?} {title}")).chain(lines)
    };
    said.into_iter().flat_map(lines).collect()
}

fn plain(text: &Text) -> Vec<String> {
    let mut lines = Vec::new();
    for block in prose::blocks(&prose::dedented(&text.value)) {
        match block {
            Block::Prose(prose) => lines.push(notation::on_one_line(&prose.join(" "))),
            Block::Verbatim(kept) => lines.extend(kept.into_iter().filter(|line| !line.is_empty())),
            Block::Gap => {}
        }
    }
    lines
}
