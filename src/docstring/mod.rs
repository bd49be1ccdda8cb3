//! Text → structured docstring, and back.
//!
//! Parses the text between the quotes of a docstring, finds out its style, renders drafts, and answers how to
//! amend one part without touching another byte. It knows nothing about code, rules or files: `python/`
//! stands before it, `edit/` and `rules/` after it. Google style is built; the others are recognised
//! ([`detect`]) and give a [`Docstring`] without sections.

mod model;

pub use model::{
    Amendment, Docstring, Draft, DraftEntry, DraftSection, Entry, Name, Section, SectionKind, Style, Text,
};
