//! Draft → text: a docstring written whole.
//!
//! Only for docstrings that are new or converted; parts of an existing one are amended (`amend`).

use super::google::{self, EntryLayout};
use super::lines::columns_of;
use super::model::{Draft, DraftSection, Style};
use super::{kinds, notation, prose, write};

/// The width of the quotes before the summary.
const QUOTES: usize = 3;

/// Where a docstring is to stand, and how it is to look there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Layout {
    /// The style.
    pub style: Style,
    /// The indentation of the docstring, as written in the file.
    pub margin: String,
    /// How many columns a line of the file may have, indentation included; a tab counts as eight.
    pub width: usize,
    /// What ends a line of the file: `"\n"`, `"\r\n"` or `"\r"`.
    pub line_ending: &'static str,
}

impl Layout {
    /// Returns one level of indentation: a tab where the margin is made of tabs, else four spaces.
    ///
    /// Google Python Style Guide 3.4: "Indent your code blocks with 4 spaces."
    #[must_use]
    pub fn unit(&self) -> &'static str {
        let tabs = !self.margin.is_empty() && self.margin.chars().all(|character| character == '\t');
        if tabs { "\t" } else { "    " }
    }
}

impl Default for Layout {
    /// Google style at the left margin, 88 columns, LF.
    fn default() -> Self {
        Self { style: Style::Google, margin: String::new(), width: 88, line_ending: "\n" }
    }
}

/// Renders a draft as the text between the quotes.
///
/// A summary alone stays on the line of the quotes if it fits there with both of them. Otherwise the summary, a
/// blank line, the paragraphs and the sections follow, and the closing quotes go on a line of their own (Google
/// Python Style Guide 3.8.1). Sections are put in order: what goes in, what comes out, what is raised, the rest.
/// The text is what should be read; escaping it for the literal is `python/`'s business.
#[must_use]
pub fn render(draft: &Draft, layout: &Layout) -> String {
    let room = layout.width.saturating_sub(columns_of(&layout.margin));
    let summary = prose::wrap(&notation::on_one_line(&draft.summary), room.saturating_sub(QUOTES), room);
    let body = body(draft, layout);
    if body.is_empty() && summary.len() <= 1 {
        let line = summary.first().map(String::as_str).unwrap_or_default();
        if line.chars().count() + 2 * QUOTES <= room || line.is_empty() {
            return line.to_owned();
        }
    }
    let mut lines: Vec<String> = Vec::new();
    for (index, line) in summary.iter().enumerate() {
        lines.push(if index == 0 { line.clone() } else { format!("{}{line}", layout.margin) });
    }
    lines.push(String::new());
    if !body.is_empty() {
        lines.extend(body);
        lines.push(String::new());
    }
    lines.join(layout.line_ending) + &layout.margin
}

/// Returns the paragraphs and sections, with an empty line between them; fields stand together.
fn body(draft: &Draft, layout: &Layout) -> Vec<String> {
    let entries = EntryLayout::of(layout.style, &layout.margin, layout.unit(), layout.width);
    let mut description = draft.description.join("\n\n");
    if draft.sections.is_empty() {
        // Without a line at the margin, the indentation of code would be taken for the margin.
        description = prose::dedented(&description);
    }
    let mut lines = google::text_lines(&description, &entries);
    let mut sections: Vec<&DraftSection> = draft.sections.iter().collect();
    sections.sort_by_key(|section| kinds::rank(section.kind).unwrap_or(u8::MAX));
    if layout.style == Style::Epytext {
        // "Fields should be placed at the end of the docstring" (Epydoc, "Fields").
        sections.sort_by_key(|section| write::is_written_as_field(section, layout.style));
    }
    let mut in_fields = false;
    for section in sections {
        let written = write::section_lines(section, layout.style, &entries);
        let field = write::is_written_as_field(section, layout.style);
        if written.is_empty() {
            continue;
        }
        let together = in_fields && field;
        if !lines.is_empty() && !together {
            lines.push(String::new());
        }
        lines.extend(written);
        in_fields = field;
    }
    lines
}
