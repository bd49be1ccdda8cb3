//! Text → structured docstring, and back.
//!
//! Parses the text between the quotes of a docstring, finds out its style, renders drafts, and answers how to
//! amend one part without touching another byte. It knows nothing about code, rules or files: `python/`
//! stands before it, `edit/` and `rules/` after it.
//!
//! One pass finds where sections begin (`scan`), whatever style they are in; each is then read by the room of its
//! style: `google`, `numpy`, `fields` for Sphinx and Epytext. `kinds`, `lines`, `markers`, `names`, `notation` and
//! `prose` are what they share.

mod amend;
mod convert;
mod detect;
mod draft;
mod fields;
mod google;
mod house;
mod kinds;
mod lines;
mod markers;
mod model;
mod names;
mod nodes;
mod notation;
mod numpy;
mod plain;
mod prose;
mod render;
mod scan;
#[cfg(test)]
mod tests;
mod write;

pub use amend::{Amender, apply_amendments, plain_type};
pub use convert::{Conversion, convert};
pub use detect::{detect, detect_with, is_plain, majority};
pub use house::{BeforeQuotes, House, Separation, SummaryLine, Titles, Types};
pub use model::{
    Amendment, Docstring, Draft, DraftEntry, DraftSection, Entry, Name, Section, SectionKind, Style, Text,
    TypeField, Wording,
};
pub use nodes::{Node, Part};
pub use render::{Layout, Page, render};

use scan::Form;

/// Parses the source text between the quotes of a docstring, with the eyes of one style.
///
/// Any text gives a docstring; whatever is not understood is prose. Sections that are beyond doubt written in
/// another style are read in that one ([`Section::style`] says which); [`Docstring::dominant`] weighs them.
#[must_use]
pub fn parse(text: &str, style: Style) -> Docstring {
    parse_with(text, style, house::NO_TITLES)
}

/// Parses as [`parse`] does, and knows the titles that the code base gives a meaning.
#[must_use]
pub fn parse_with(text: &str, style: Style, titles: &Titles) -> Docstring {
    let lines = scan::lines_of(text, titles);
    let starters = scan::scan(&lines, style);
    let before = starters.first().map_or(lines.len(), |starter| starter.line);
    let (summary, description) = plain::prose(&lines, 0..before);
    let mut sections = Vec::new();
    let mut index = 0;
    while let Some(starter) = starters.get(index) {
        let is_field = |starter: &scan::Starter| matches!(starter.form, Form::Field(_));
        let run = if is_field(starter) {
            starters.iter().skip(index).take_while(|starter| is_field(starter)).count()
        } else {
            1
        };
        let end = starters.get(index + run).map_or(lines.len(), |next| next.line);
        match starter.form {
            Form::Titled => sections.extend(google::section(&lines, starter, end)),
            Form::Underlined => {
                // Where Epytext has no field for something, an underlined title is its own notation.
                let own = style == Style::Epytext && !write::is_field(starter.kind, style);
                let style = if own { Style::Epytext } else { Style::Numpy };
                sections.extend(numpy::section(&lines, starter, end, style));
            }
            Form::Directive => sections.extend(fields::directive_section(&lines, starter, end)),
            Form::Field(_) => {
                let run = starters.get(index..index + run).unwrap_or_default();
                sections.extend(fields::sections(&lines, run, end));
            }
        }
        index += run;
    }
    Docstring { style, margin: lines.margin, summary, description, sections }
}
