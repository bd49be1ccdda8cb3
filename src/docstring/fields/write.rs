//! Rendering: fields, and the directives that Sphinx has in place of fields of prose.

use super::super::google::{self, EntryLayout, Values, described};
use super::super::kinds::{Content, content_of, numpy_title};
use super::super::model::{DraftEntry, DraftSection, SectionKind, Style};
use super::super::{names, notation, numpy, prose};
use super::tags;

/// Returns the lines of a section.
pub(in crate::docstring) fn section_lines(
    section: &DraftSection,
    style: Style,
    layout: &EntryLayout,
) -> Vec<String> {
    if tags::written(section.kind, style).is_some() {
        return entries_lines(&section.entries, section.kind, style, layout);
    }
    if style == Style::Epytext {
        let own = own_tag(section, style);
        return match prose_tag(section.kind).or(own.as_deref()) {
            Some(tag) => section.entries.iter().flat_map(|entry| prose_field(tag, entry, layout)).collect(),
            None => numpy::section_lines(section, layout),
        };
    }
    directive_lines(section, layout)
}

/// Returns the lines of one entry.
pub(in crate::docstring) fn entry_lines(
    entry: &DraftEntry,
    kind: SectionKind,
    style: Style,
    layout: &EntryLayout,
) -> Vec<String> {
    if !is_written(kind, style) {
        return match style {
            Style::Epytext => numpy::entry_lines(entry, content_of(kind), layout),
            _ => google::entry_lines(entry, content_of(kind), layout),
        };
    }
    entries_lines(std::slice::from_ref(entry), kind, style, layout)
}

fn entries_lines(
    entries: &[DraftEntry],
    kind: SectionKind,
    style: Style,
    layout: &EntryLayout,
) -> Vec<String> {
    let Some((tag, type_tag)) = tags::written(kind, style) else { return Vec::new() };
    let mark = if style == Style::Epytext { '@' } else { ':' };
    let value = content_of(kind) == Content::Value;
    if value && (entries.len() > 1 || entries.iter().any(|entry| entry.name.is_some())) {
        return list_lines(&format!("{mark}{tag}:"), entries, layout);
    }
    if entries.is_empty() {
        // A title with nothing below it says that there is such a section.
        return vec![format!("{}{mark}{tag}:", layout.indentation)];
    }
    let mut lines = Vec::new();
    for entry in entries {
        let description = prose::dedented(&entry.description);
        let argument = match entry.name.as_deref() {
            Some(name) => format!(" {}", names::in_field(name, style)),
            // Prose that belongs to no entry has a field without an argument to stand in.
            None => String::new(),
        };
        let type_text = entry.type_text.as_deref().map(notation::on_one_line);
        if !(description.is_empty() && value && type_text.is_some()) {
            let head = format!("{mark}{tag}{argument}:");
            lines.extend(field_lines(&head, &description, layout));
        }
        let typed = content_of(kind) != Content::Exceptions;
        if let Some(type_text) = type_text.filter(|_| typed) {
            lines.push(format!("{}{mark}{type_tag}{argument}: {type_text}", layout.indentation));
        }
    }
    lines
}

/// Writes a field; its text begins on a line of its own where all that follows its first line is indented deeper.
///
/// The least indented of the later lines is taken for the margin of the text (docutils, "Field Lists"), so that code
/// alone would lose its indentation.
fn field_lines(head: &str, description: &str, layout: &EntryLayout) -> Vec<String> {
    let lines = described(head, description, &layout.continuation, layout);
    let deeper = |line: &str| {
        line.strip_prefix(&layout.continuation).is_some_and(|rest| rest.starts_with([' ', '\t']))
    };
    let mut later = lines.iter().skip(1).filter(|line| !line.is_empty()).peekable();
    if later.peek().is_none() || !later.all(|line| deeper(line)) || described_below(&lines, head) {
        return lines;
    }
    let below = EntryLayout { indentation: layout.continuation.clone(), ..layout.clone() };
    let heading = format!("{}{head}", layout.indentation);
    std::iter::once(heading).chain(described("", description, &layout.continuation, &below)).collect()
}

fn described_below(lines: &[String], head: &str) -> bool {
    lines.first().is_some_and(|first| first.ends_with(head))
}

/// Several values, or named ones, are a list: the fields have no place for names there.
fn list_lines(head: &str, entries: &[DraftEntry], layout: &EntryLayout) -> Vec<String> {
    let mut lines = vec![format!("{}{head}", layout.indentation)];
    let hanging = format!("{}  ", layout.continuation);
    let inner = EntryLayout {
        indentation: layout.continuation.clone(),
        continuation: hanging.clone(),
        ..layout.clone()
    };
    for entry in entries {
        let type_text = entry.type_text.as_deref().map(notation::on_one_line);
        let head = match (entry.name.as_deref(), type_text) {
            (Some(name), Some(type_text)) => format!("- {name} ({type_text}):"),
            (Some(name), None) => format!("- {name}:"),
            (None, Some(type_text)) if layout.values == Values::Explicit => {
                format!("- {}:", google::explicit_type(&type_text))
            }
            (None, Some(type_text)) => format!("- {type_text}:"),
            (None, None) => "-".to_owned(),
        };
        lines.extend(described(&head, &prose::dedented(&entry.description), &hanging, &inner));
    }
    lines
}

/// Returns whether a style has a field for the entries of a kind.
pub(in crate::docstring) fn is_written(kind: SectionKind, style: Style) -> bool {
    tags::written(kind, style).is_some()
}

/// Returns whether Epytext has a field for the prose of a kind.
pub(in crate::docstring) fn has_prose_tag(kind: SectionKind) -> bool {
    prose_tag(kind).is_some()
}

/// Returns the field that a title of its own gives in Epytext: a single word.
pub(in crate::docstring) fn own_tag(section: &DraftSection, style: Style) -> Option<String> {
    let title = section.title.as_deref().filter(|_| style == Style::Epytext)?;
    let word = !title.is_empty() && title.bytes().all(|byte| byte.is_ascii_alphabetic());
    let tag = title.to_ascii_lowercase();
    (word
        && section.kind == SectionKind::Custom
        && tags::meaning(&tag, style).is_none()
        && tags::prose(&tag) == SectionKind::Custom)
        .then_some(tag)
}

fn prose_tag(kind: SectionKind) -> Option<&'static str> {
    Some(match kind {
        SectionKind::Notes => "note",
        SectionKind::Warnings => "warning",
        SectionKind::SeeAlso => "see",
        SectionKind::Todo => "todo",
        SectionKind::Deprecated => "deprecated",
        _ => return None,
    })
}

fn prose_field(tag: &str, entry: &DraftEntry, layout: &EntryLayout) -> Vec<String> {
    field_lines(&format!("@{tag}:"), &prose::dedented(&entry.description), layout)
}

fn directive_lines(section: &DraftSection, layout: &EntryLayout) -> Vec<String> {
    let Some(title) = google::title_of(section, numpy_title(section.kind), layout) else { return Vec::new() };
    let name = match section.kind {
        SectionKind::Notes => "note::".to_owned(),
        SectionKind::Warnings => "warning::".to_owned(),
        SectionKind::SeeAlso => "seealso::".to_owned(),
        SectionKind::Todo => "todo::".to_owned(),
        _ => format!("admonition:: {title}"),
    };
    let heading = vec![format!("{}.. {name}", layout.indentation), String::new()];
    let deeper = format!("{}{}", layout.continuation, layout.unit());
    let inner =
        EntryLayout { indentation: layout.continuation.clone(), continuation: deeper, ..layout.clone() };
    google::under(heading, section, &inner, google::entry_lines)
}
