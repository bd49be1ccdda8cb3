//! Rendering: underlined sections and entries as lines.
//!
//! numpydoc's "Style guide": the colon stands between blanks, the description is indented below.

use super::super::google::{EntryLayout, described};
use super::super::kinds::{Content, capitalised, content_of, numpy_title};
use super::super::model::{DraftEntry, DraftSection};
use super::super::{notation, prose};

/// Returns the lines of a section, its title first; none for a section that has no title.
pub(in crate::docstring) fn section_lines(section: &DraftSection, layout: &EntryLayout) -> Vec<String> {
    let own = section.title.as_deref().filter(|_| !section.entries.is_empty()).map(capitalised);
    let Some(title) = numpy_title(section.kind).or(own.as_deref()) else { return Vec::new() };
    let margin = &layout.margin;
    let mut lines =
        vec![format!("{margin}{title}"), format!("{margin}{}", "-".repeat(title.chars().count().max(3)))];
    for entry in &section.entries {
        lines.extend(entry_lines(entry, content_of(section.kind), layout));
    }
    lines
}

/// Returns the lines of an entry with their indentation.
pub(in crate::docstring) fn entry_lines(
    entry: &DraftEntry,
    content: Content,
    layout: &EntryLayout,
) -> Vec<String> {
    let description = prose::dedented(&entry.description);
    let type_text = entry.type_text.as_deref().map(notation::on_one_line);
    let head = match (entry.name.as_deref(), type_text, content) {
        (_, _, Content::Prose) | (None, None, _) => None,
        (Some(name), None, _) | (Some(name), Some(_), Content::Exceptions) => Some(name.to_owned()),
        (Some(name), Some(type_text), _) => Some(format!("{name} : {type_text}")),
        (None, Some(type_text), _) => Some(type_text),
    };
    let Some(head) = head else {
        return described("", &description, &layout.indentation, layout);
    };
    let mut lines = vec![format!("{}{head}", layout.indentation)];
    let below = EntryLayout { indentation: layout.continuation.clone(), ..layout.clone() };
    lines.extend(described("", &description, &layout.continuation, &below));
    lines
}
