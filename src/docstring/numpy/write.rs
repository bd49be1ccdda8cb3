//! Rendering: underlined sections and entries as lines.
//!
//! numpydoc's "Style guide": the colon stands between blanks, the description is indented below.

use super::super::google::{EntryLayout, Values, described, title_of, under};
use super::super::kinds::{Content, numpy_title};
use super::super::model::{DraftEntry, DraftSection};
use super::super::{notation, prose};

/// Returns the lines of a section, its title first; none for a section that has no title.
pub(in crate::docstring) fn section_lines(section: &DraftSection, layout: &EntryLayout) -> Vec<String> {
    let Some(title) = title_of(section, numpy_title(section.kind), layout) else { return Vec::new() };
    let margin = &layout.margin;
    let rule = "-".repeat(title.chars().count().max(3));
    under(vec![format!("{margin}{title}"), format!("{margin}{rule}")], section, layout, entry_lines)
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
    let explicit = layout.values == Values::Explicit && content == Content::Value && entry.name.is_none();
    let head = match head {
        Some(type_text)
            if explicit && !(notation::is_type(&type_text) && notation::is_plainly_type(&type_text)) =>
        {
            Some(format!(": {type_text}"))
        }
        None if explicit && !description.is_empty() => Some(":".to_owned()),
        usual => usual,
    };
    let Some(head) = head else {
        return described("", &description, &layout.indentation, layout);
    };
    let mut lines = vec![format!("{}{head}", layout.indentation)];
    let below = EntryLayout { indentation: layout.continuation.clone(), ..layout.clone() };
    lines.extend(described("", &description, &layout.continuation, &below));
    lines
}
