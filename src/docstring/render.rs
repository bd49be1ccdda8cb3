//! Draft → text: a docstring written whole.
//!
//! Only for docstrings that are new or converted; parts of an existing one are amended (`amend`).

use std::sync::Arc;

use super::google::{self, EntryLayout};
use super::house::{BeforeQuotes, House, SummaryLine, Types};
use super::lines::columns_of;
use super::model::{Draft, DraftSection, Style};
use super::{notation, prose, write};

/// The width of the quotes before the summary.
const QUOTES: usize = 3;

/// Where a docstring is to stand, and how it is to look there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Layout {
    /// The style.
    pub style: Style,
    /// The indentation of the docstring, as written in the file.
    pub margin: String,
    /// What all docstrings of the file have in common.
    pub page: Page,
    /// What ends a line of the file: `"\n"`, `"\r\n"` or `"\r"`.
    pub line_ending: &'static str,
}

/// What the docstrings of a file have in common, wherever they stand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    /// How many columns a line of the file may have, indentation included; a tab counts as eight.
    pub width: usize,
    /// The habits of the code base.
    pub house: Arc<House>,
}

impl Page {
    /// Makes a page of a width for a code base without habits.
    #[must_use]
    pub fn of_width(width: usize) -> Self {
        Self { width, house: Arc::default() }
    }
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

    /// Returns how many characters a summary may have to stay on its line, with the quotes on both sides.
    #[must_use]
    pub fn summary_room(&self) -> usize {
        self.page.width.saturating_sub(columns_of(&self.margin) + 2 * QUOTES)
    }
}

impl Default for Layout {
    /// Google style at the left margin, 88 columns, LF.
    fn default() -> Self {
        Self { style: Style::Google, margin: String::new(), page: Page::of_width(88), line_ending: "\n" }
    }
}

/// Renders a draft as the text between the quotes.
///
/// A summary alone stays on the line of the quotes if it fits there with both of them. Otherwise the summary, a
/// blank line, the paragraphs and the sections follow, and the closing quotes go on a line of their own (Google
/// Python Style Guide 3.8.1). Sections are put in the order of the style, unless the code base has one of its own.
/// The text is what should be read; escaping it for the literal is `python/`'s business.
#[must_use]
pub fn render(draft: &Draft, layout: &Layout) -> String {
    let house = &layout.page.house;
    let room = layout.page.width.saturating_sub(columns_of(&layout.margin));
    let summary = notation::on_one_line(&draft.summary);
    let body = body(draft, layout);
    if body.is_empty() && (summary.is_empty() || summary.chars().count() <= layout.summary_room()) {
        return summary;
    }
    let second = house.summary_line == SummaryLine::Second && !summary.is_empty();
    let mut lines: Vec<String> = if second { vec![String::new()] } else { Vec::new() };
    for line in prose::wrap(&summary, room.saturating_sub(if second { 0 } else { QUOTES }), room) {
        lines.push(if lines.is_empty() { line } else { format!("{}{line}", layout.margin) });
    }
    // Where there is no summary, the line of the quotes stays empty.
    lines.push(String::new());
    if !body.is_empty() {
        lines.extend(body);
        lines.push(String::new());
    }
    if house.before_quotes == BeforeQuotes::BlankLine {
        lines.push(String::new());
    }
    lines.join(layout.line_ending) + &layout.margin
}

/// Returns the paragraphs and sections, with an empty line between them; fields stand together.
fn body(draft: &Draft, layout: &Layout) -> Vec<String> {
    let house = &layout.page.house;
    let entries = EntryLayout::of(layout);
    let mut description = draft.description.join("\n\n");
    if draft.sections.is_empty() {
        // Without a line at the margin, the indentation of code would be taken for the margin.
        description = prose::dedented(&description);
    }
    let mut lines = google::text_lines(&description, &entries);
    let mut sections: Vec<&DraftSection> = draft.sections.iter().collect();
    sections.sort_by_key(|section| house.rank(section.kind, layout.style).unwrap_or(usize::MAX));
    if layout.style == Style::Epytext {
        // "Fields should be placed at the end of the docstring" (Epydoc, "Fields").
        sections.sort_by_key(|section| write::is_written_as_field(section, layout.style));
    }
    let mut in_fields = false;
    let mut in_sections = false;
    for section in sections {
        let untyped = (house.types == Types::Never).then(|| without_types(section, layout.style));
        let section = untyped.as_ref().unwrap_or(section);
        let written = write::section_lines(section, layout.style, &entries);
        let field = write::is_written_as_field(section, layout.style);
        if written.is_empty() {
            continue;
        }
        let together = in_fields && field || in_sections && house.joins(section.kind, layout.style);
        if !lines.is_empty() && !together {
            lines.push(String::new());
        }
        // The output of a doctest goes on up to a blank line.
        in_sections = !written.iter().any(|line| line.contains(">>>"));
        lines.extend(written);
        in_fields = field;
    }
    lines
}

/// Leaves the types out; one that stands for the whole entry stays, as numpydoc's of a returned value does.
fn without_types(section: &DraftSection, style: Style) -> DraftSection {
    let mut section = section.clone();
    for entry in &mut section.entries {
        if entry.name.is_some() || style != Style::Numpy && !entry.description.is_empty() {
            entry.type_text = None;
        }
    }
    section
}
