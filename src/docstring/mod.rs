//! Text → structured docstring, and back.
//!
//! Parses the text between the quotes of a docstring, finds out its style, renders drafts, and answers how to
//! amend one part without touching another byte. It knows nothing about code, rules or files: `python/`
//! stands before it, `edit/` and `rules/` after it. Google style is built; the others are recognised
//! ([`detect`]) and give a [`Docstring`] without sections.
//!
//! Each style has a room of its own (`google`); `lines`, `notation` and `prose` know no style.

mod amend;
mod detect;
mod draft;
mod google;
mod lines;
mod model;
mod notation;
mod plain;
mod prose;
mod render;
#[cfg(test)]
mod tests;

pub use amend::{Amender, apply_amendments};
pub use detect::{detect, majority};
pub use model::{
    Amendment, Docstring, Draft, DraftEntry, DraftSection, Entry, Name, Section, SectionKind, Style, Text,
    Wording,
};
pub use render::{Layout, render};

/// Parses the source text between the quotes of a docstring.
///
/// Any text gives a docstring; whatever is not understood is prose. Styles that are only recognised give a
/// summary and a description.
#[must_use]
pub fn parse(text: &str, style: Style) -> Docstring {
    match style {
        Style::Google => google::parse(text),
        Style::Numpy | Style::Sphinx | Style::Epytext => plain::parse(text, style),
    }
}
