//! Rendering: sections and entries as lines.
//!
//! A list hangs its continuation lines by one level (Google Python Style Guide 3.8.3: "a hanging indent of 2 or 4
//! spaces more than the parameter name"); a returned value does not hang (the guide's own example).

use std::sync::Arc;

use super::super::house::House;
use super::super::kinds::{Content, content_of, google_title};
use super::super::lines::columns_of;
use super::super::model::{DraftEntry, DraftSection, Style};
use super::super::notation;
use super::super::prose::{self, Block};
use super::super::render::Layout;
use super::entries::explicit_type;

/// How the lines of an entry are laid out.
#[derive(Debug, Clone)]
pub(in crate::docstring) struct EntryLayout {
    /// The indentation of the docstring.
    pub(in crate::docstring) margin: String,
    /// What stands before the first line of an entry.
    pub(in crate::docstring) indentation: String,
    /// What stands before the later lines of an entry of a list.
    pub(in crate::docstring) continuation: String,
    /// How many columns a line may have.
    pub(in crate::docstring) width: usize,
    /// Which prose is wrapped.
    pub(in crate::docstring) wrapping: Wrapping,
    /// How returned values without a name are told from prose.
    pub(in crate::docstring) values: Values,
    /// The habits of the code base.
    pub(in crate::docstring) house: Arc<House>,
}

/// How returned values without a name are told from prose.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::docstring) enum Values {
    /// By what their types look like, as people write them.
    Usual,
    /// By a form that leaves no doubt, and that Napoleon reads alike: `(the type): text` and `: text` in Google
    /// style, `: the type` and `:` above the text in numpydoc's.
    Explicit,
}

/// Which prose is wrapped anew.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::docstring) enum Wrapping {
    /// All of it.
    Always,
    /// Only paragraphs with a line that would be too long where it goes.
    Overlong,
}

impl EntryLayout {
    /// Makes the layout that a style has by itself.
    pub(in crate::docstring) fn of(layout: &Layout) -> Self {
        let Layout { style, margin, .. } = layout;
        let unit = layout.unit();
        let inner = format!("{margin}{unit}");
        let (indentation, continuation) = match style {
            Style::Google => (inner.clone(), format!("{inner}{unit}")),
            Style::Numpy | Style::Sphinx | Style::Epytext => (margin.clone(), inner),
        };
        Self {
            margin: margin.clone(),
            indentation,
            continuation,
            width: layout.page.width,
            wrapping: Wrapping::Always,
            values: Values::Usual,
            house: Arc::clone(&layout.page.house),
        }
    }

    /// Returns one level of indentation.
    pub(in crate::docstring) fn unit(&self) -> &str {
        self.continuation.strip_prefix(&self.indentation).filter(|unit| !unit.is_empty()).unwrap_or("    ")
    }
}

/// Returns the lines of a section, its title first; none for a section that has no title.
pub(in crate::docstring) fn section_lines(section: &DraftSection, layout: &EntryLayout) -> Vec<String> {
    let Some(title) = title_of(section, google_title(section.kind), layout) else { return Vec::new() };
    let heading = vec![format!("{}{title}:", layout.margin)];
    under(heading, section, layout, entry_lines)
}

/// Returns the title of a section: the code base's own for its kind, that of the style, or the section's.
pub(in crate::docstring) fn title_of(
    section: &DraftSection,
    usual: Option<&str>,
    layout: &EntryLayout,
) -> Option<String> {
    let titles = &layout.house.titles;
    let known = titles.written(section.kind).or(usual).map(str::to_owned);
    let own = section.title.as_deref().filter(|_| !section.entries.is_empty());
    known.or_else(|| own.map(|title| titles.spelled(title)))
}

/// Puts the entries of a section under its heading.
pub(in crate::docstring) fn under(
    mut heading: Vec<String>,
    section: &DraftSection,
    layout: &EntryLayout,
    entry_lines: fn(&DraftEntry, Content, &EntryLayout) -> Vec<String>,
) -> Vec<String> {
    for entry in &section.entries {
        heading.extend(entry_lines(entry, content_of(section.kind), layout));
    }
    heading
}

/// Returns the lines of an entry with their indentation.
pub(in crate::docstring) fn entry_lines(
    entry: &DraftEntry,
    content: Content,
    layout: &EntryLayout,
) -> Vec<String> {
    let head = head(entry, content, layout.values);
    let explicit = content == Content::Value && layout.values == Values::Explicit;
    let hangs = explicit || entry.name.is_some() && content != Content::Prose;
    let description = prose::dedented(&entry.description);
    let continuation = if hangs { &layout.continuation } else { &layout.indentation };
    described(&head, &description, continuation, layout)
}

/// Returns prose and whatever else a text holds as lines, wrapped and indented.
pub(in crate::docstring) fn text_lines(text: &str, layout: &EntryLayout) -> Vec<String> {
    let flat = EntryLayout {
        indentation: layout.margin.clone(),
        continuation: layout.margin.clone(),
        ..layout.clone()
    };
    described("", text, &layout.margin, &flat)
}

/// Puts a description behind a head; what may not be wrapped begins on a line of its own.
pub(in crate::docstring) fn described(
    head: &str,
    description: &str,
    continuation: &str,
    layout: &EntryLayout,
) -> Vec<String> {
    let others = layout.width.saturating_sub(columns_of(continuation));
    let taken = columns_of(&layout.indentation) + head.chars().count() + usize::from(!head.is_empty());
    let mut lines = Vec::new();
    let mut head = (!head.is_empty()).then_some(head);
    for block in prose::blocks(description) {
        match block {
            Block::Prose(prose) => {
                let before = lines.is_empty();
                let first = if before { layout.width.saturating_sub(taken) } else { others };
                let fits = |line: &String, room: usize| line.chars().count() <= room;
                let keep =
                    layout.wrapping == Wrapping::Overlong && prose.iter().all(|line| fits(line, others));
                if keep && !prose.first().is_none_or(|line| fits(line, first)) {
                    lines.extend(head.take().map(|head| format!("{}{head}", layout.indentation)));
                }
                let wrapped = if keep { prose } else { prose::wrap(&prose.join(" "), first, others) };
                for line in wrapped {
                    let indentation =
                        if lines.is_empty() { layout.indentation.as_str() } else { continuation };
                    let head = head.take().map(|head| format!("{head} ")).unwrap_or_default();
                    lines.push(format!("{indentation}{head}{line}"));
                }
            }
            Block::Verbatim(kept) => {
                lines.extend(head.take().map(|head| format!("{}{head}", layout.indentation)));
                for line in kept {
                    lines.push(if line.is_empty() { line } else { format!("{continuation}{line}") });
                }
            }
            Block::Gap => lines.push(String::new()),
        }
    }
    lines.extend(head.map(|head| format!("{}{head}", layout.indentation)));
    lines
}

fn head(entry: &DraftEntry, content: Content, values: Values) -> String {
    let type_text = entry.type_text.as_deref().map(notation::on_one_line);
    if content == Content::Value && values == Values::Explicit && entry.name.is_none() {
        return type_text.map_or_else(|| ":".to_owned(), |found| format!("{}:", explicit_type(&found)));
    }
    match (entry.name.as_deref(), type_text, content) {
        (_, _, Content::Prose) | (None, None, _) | (None, Some(_), Content::Items) => String::new(),
        (Some(name), Some(type_text), Content::Items | Content::Value) => format!("{name} ({type_text}):"),
        (Some(name), _, _) => format!("{name}:"),
        (None, Some(type_text), _) => format!("{type_text}:"),
    }
}
