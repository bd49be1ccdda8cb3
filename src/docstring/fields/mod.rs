//! Sphinx and Epytext style: fields with a mark, a name, perhaps an argument, and a text.
//!
//! The two differ in the mark (`:param x:`, `@param x:`) and in a few names (`tags`). A run of fields of one kind
//! is one section. Sphinx has no fields for prose; there, directives (`.. note::`) are its sections.

mod entries;
mod tags;
mod write;

use super::house::Titles;
use super::lines::Line;
use super::model::{SectionKind, Style};
use super::{kinds, names};
use crate::python::Span;

pub(super) use entries::{directive_section, sections};
pub(super) use tags::Meaning;
pub(super) use write::{entry_lines, has_prose_tag, is_written, own_tag, section_lines};

/// The head of a field; offsets are those of the whole text.
#[derive(Debug, Clone, Copy)]
pub(super) struct Field {
    /// The style whose mark it has.
    pub(super) style: Style,
    pub(super) meaning: Meaning,
    /// The name of the field.
    pub(super) tag: Span,
    /// What stands between the name and the colon.
    pub(super) argument: Option<Span>,
    /// One past the colon.
    pub(super) end: usize,
}

/// Reads the head of a field at the beginning of a line.
///
/// Who writes in the style of the field may name it as he likes; with other styles only the names that speak of
/// parameters, types, values and exceptions are believed.
pub(super) fn field(text: &str, line: Line, style: Style) -> Option<Field> {
    let content = text.get(line.content..line.trimmed)?;
    let (rest, own) = if let Some(rest) = content.strip_prefix(':') {
        (rest, Style::Sphinx)
    } else {
        (content.strip_prefix('@')?, Style::Epytext)
    };
    let length =
        rest.find(|character: char| !(character.is_ascii_alphanumeric() || "_-".contains(character)))?;
    let tag = rest.get(..length).filter(|tag| tag.starts_with(|first: char| first.is_ascii_alphabetic()))?;
    let after = rest.get(length..)?;
    let colon = if own == Style::Epytext { epytext_colon(after)? } else { sphinx_colon(after)? };
    let argument = after.get(..colon)?;
    if !(argument.is_empty() || argument.starts_with([' ', '\t'])) {
        return None;
    }
    let meaning = match tags::meaning(tag, own) {
        Some(meaning) => meaning,
        // Sphinx takes any field for one, as long as a blank follows; `:ref:x` is nothing.
        None if style == own && (own == Style::Epytext || stands_apart(after, colon)) => {
            Meaning::Prose(tags::prose(tag))
        }
        None => return None,
    };
    let start = line.content + 1;
    let tag = Span::new(start, start + length);
    let end = tag.end + colon + 1;
    let trimmed = super::notation::trimmed(text, tag.end..end - 1);
    let argument = (!trimmed.is_empty()).then(|| Span::new(trimmed.start, trimmed.end));
    Some(Field { style: own, meaning, tag, argument, end })
}

/// Returns the kind of section that a directive stands for, if it stands for one.
pub(super) fn directive(content: &str, titles: &Titles) -> Option<SectionKind> {
    let (name, argument) = directive_parts(content)?;
    Some(match name {
        "note" => SectionKind::Notes,
        "warning" => SectionKind::Warnings,
        "seealso" => SectionKind::SeeAlso,
        "todo" => SectionKind::Todo,
        "deprecated" => SectionKind::Deprecated,
        "attention" | "caution" | "danger" | "error" | "hint" | "important" | "tip" => SectionKind::Custom,
        "admonition" | "rubric" if !argument.is_empty() => match titles.kind_of(argument) {
            Some(kind)
                if kinds::content_of(kind) == kinds::Content::Prose
                    || tags::written(kind, Style::Sphinx).is_none() =>
            {
                kind
            }
            _ => SectionKind::Custom,
        },
        _ => return None,
    })
}

/// Takes `.. name:: argument` apart.
fn directive_parts(content: &str) -> Option<(&str, &str)> {
    let (name, argument) = content.strip_prefix(".. ")?.split_once("::")?;
    Some((name.trim_start(), argument.trim()))
}

/// Finds the colon that ends the head: outside brackets and backticks, not that of a role.
fn sphinx_colon(after: &str) -> Option<usize> {
    let mut depth = 0_usize;
    let mut quoted = false;
    let mut candidate = None;
    for (offset, character) in after.char_indices() {
        match character {
            '`' => quoted = !quoted,
            '(' | '[' | '{' if !quoted => depth += 1,
            ')' | ']' | '}' if !quoted => depth = depth.saturating_sub(1),
            ':' if !quoted => {
                let next = after.get(offset + 1..).unwrap_or("");
                if next.starts_with('`')
                    || (offset > 0 && names::opens_role(after.get(offset..).unwrap_or("")))
                {
                    if offset == 0 {
                        return None;
                    }
                    continue;
                }
                if depth == 0 {
                    return Some(offset);
                }
                candidate.get_or_insert(offset);
            }
            _ => {}
        }
    }
    // A bracket that is never closed must not hide the colon.
    candidate
}

/// "the field name and argument hold neither braces nor colons" (Epydoc, "Fields").
fn epytext_colon(after: &str) -> Option<usize> {
    let colon = after.find(':')?;
    let plain = !after.get(..colon)?.contains(['{', '}']);
    plain.then_some(colon)
}

fn stands_apart(after: &str, colon: usize) -> bool {
    after.get(colon + 1..).is_some_and(|rest| rest.is_empty() || rest.starts_with([' ', '\t']))
}
