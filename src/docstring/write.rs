//! Sections and entries as lines, in whichever style.

use super::google::{self, EntryLayout};
use super::kinds;
use super::model::{DraftEntry, DraftSection, SectionKind, Style};
use super::{fields, numpy};

/// Returns the lines of a section, its title first; none for a section that has no title.
pub(super) fn section_lines(section: &DraftSection, style: Style, layout: &EntryLayout) -> Vec<String> {
    match style {
        Style::Google => google::section_lines(section, layout),
        Style::Numpy => numpy::section_lines(section, layout),
        Style::Sphinx | Style::Epytext => fields::section_lines(section, style, layout),
    }
}

/// Returns the lines of an entry with their indentation.
pub(super) fn entry_lines(
    entry: &DraftEntry,
    kind: SectionKind,
    style: Style,
    layout: &EntryLayout,
) -> Vec<String> {
    match style {
        Style::Google => google::entry_lines(entry, kinds::content_of(kind), layout),
        Style::Numpy => numpy::entry_lines(entry, kinds::content_of(kind), layout),
        Style::Sphinx | Style::Epytext => fields::entry_lines(entry, kind, style, layout),
    }
}

/// Returns whether a style writes a section as fields: also one with a title that reads as the name of a field.
pub(super) fn is_written_as_field(section: &DraftSection, style: Style) -> bool {
    is_field(section.kind, style) || fields::own_tag(section, style).is_some()
}

/// Returns whether a style writes a kind as fields, which stand together without blank lines.
pub(super) fn is_field(kind: SectionKind, style: Style) -> bool {
    match style {
        Style::Google | Style::Numpy => false,
        Style::Sphinx => fields::is_written(kind, style),
        Style::Epytext => fields::is_written(kind, style) || fields::has_prose_tag(kind),
    }
}
