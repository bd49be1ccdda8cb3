//! A docstring being changed, one part at a time.

use crate::docstring::{Amender, Amendment, Docstring, Layout, Page, Wording, apply_amendments, parse_with};
use crate::python::{Definition, Insertion, Literal, ParsedFile};

/// The text of a docstring between its quotes while it is changed.
///
/// Each change is made against the text as it is then, so that several compose into one clean edit.
#[derive(Debug, Clone)]
pub struct Revision {
    literal: Literal,
    layout: Layout,
    before: String,
    text: String,
    docstring: Docstring,
}

impl Revision {
    /// Begins a revision; `None` when there is no docstring or its literal cannot be changed in parts.
    #[must_use]
    pub fn of(
        file: &ParsedFile,
        definition: &Definition,
        docstring: &Docstring,
        page: &Page,
    ) -> Option<Self> {
        let literal = definition.docstring.clone()?;
        let text = literal.content?.of(&file.text).to_owned();
        let layout = layout(file, definition, docstring.style, page);
        Some(Self { literal, layout, before: text.clone(), text, docstring: docstring.clone() })
    }

    /// Makes a change; returns whether anything was changed.
    ///
    /// Amendments that overlap, or text that the literal cannot hold, change nothing.
    pub fn change(&mut self, make: impl FnOnce(&Docstring, &Amender<'_>) -> Vec<Amendment>) -> bool {
        self.change_if(make, |_| true)
    }

    /// Makes a change if what is read afterwards is what was meant; returns whether anything was changed.
    pub fn change_if(
        &mut self,
        make: impl FnOnce(&Docstring, &Amender<'_>) -> Vec<Amendment>,
        is_meant: impl FnOnce(&Docstring) -> bool,
    ) -> bool {
        let amender = Amender::new(&self.docstring, &self.text, &self.layout);
        let amendments = make(&self.docstring, &amender);
        let escaped: Option<Vec<Amendment>> = amendments
            .into_iter()
            .map(|amendment| match amendment.wording {
                Wording::Source => Some(amendment),
                Wording::Read => {
                    // The carriage return of a line end is layout, not text to escape.
                    let plain = amendment.text.replace("\r\n", "\n");
                    let escaped = self.literal.escape(&plain)?;
                    let text = escaped.replace('\n', self.layout.line_ending);
                    Some(Amendment { text, wording: Wording::Source, ..amendment })
                }
            })
            .collect();
        let applied = escaped.and_then(|amendments| apply_amendments(&self.text, &amendments));
        let Some(text) = applied.filter(|text| *text != self.text) else { return false };
        let docstring = parse_with(&text, self.docstring.style, &self.layout.page.house.titles);
        if !is_meant(&docstring) {
            return false;
        }
        (self.docstring, self.text) = (docstring, text);
        true
    }

    /// Returns the text as it is now.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Returns the docstring as it is now.
    #[must_use]
    pub fn docstring(&self) -> &Docstring {
        &self.docstring
    }

    /// Returns whether the text differs from the one it began with.
    #[must_use]
    pub fn is_changed(&self) -> bool {
        self.text != self.before
    }
}

/// Works out where the docstring of a definition stands and how it is to look there.
#[must_use]
pub fn layout(
    file: &ParsedFile,
    definition: &Definition,
    style: crate::docstring::Style,
    page: &Page,
) -> Layout {
    let margin = match &definition.insertion {
        Insertion::Line { indent, .. } | Insertion::Inline { indent, .. } => indent.clone(),
        Insertion::Nowhere(_) => String::new(),
    };
    Layout { style, margin, page: page.clone(), line_ending: file.line_ending() }
}
