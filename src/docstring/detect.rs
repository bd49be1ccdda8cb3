//! Which style a docstring is written in, by the evidence in it.

use super::house::{NO_TITLES, Titles};
use super::kinds::{self, Content};
use super::model::Style;
use super::scan::{Form, Starter, lines_of, scan};

/// Returns the style that a docstring shows, or nothing when it shows none.
///
/// Every section or field counts once; the style with most of them wins. A section of prose, such as `Note:`, is
/// used with every style and decides only when there is nothing else.
#[must_use]
pub fn detect(text: &str) -> Option<Style> {
    detect_with(text, NO_TITLES)
}

/// Finds the style as [`detect`] does, and knows the titles that the code base gives a meaning.
#[must_use]
pub fn detect_with(text: &str, titles: &Titles) -> Option<Style> {
    let lines = lines_of(text, titles);
    let starters = scan(&lines, Style::Google);
    let (mut numpy, mut sphinx, mut epytext, mut google) = (0_usize, 0_usize, 0_usize, 0_usize);
    let mut prose = 0_usize;
    for (index, starter) in starters.iter().enumerate() {
        let end = starters.get(index + 1).map_or(lines.len(), |next| next.line);
        match &starter.form {
            Form::Underlined => numpy += 1,
            Form::Field(field) if field.style == Style::Sphinx => sphinx += 1,
            Form::Field(_) => epytext += 1,
            Form::Directive => {}
            Form::Titled => {
                let filled = lines.first_filled(starter.line + 1..end).is_some();
                google += usize::from(filled && is_listed(starter));
                prose += usize::from(filled && is_prose(starter));
            }
        }
    }
    let counts =
        [(Style::Numpy, numpy), (Style::Sphinx, sphinx), (Style::Epytext, epytext), (Style::Google, google)];
    // Of equal counts the first one holds: an underline is stronger evidence than a colon.
    let best = counts.into_iter().rev().max_by_key(|(_, count)| *count).filter(|(_, count)| *count > 0);
    best.map(|(style, _)| style).or((prose > 0).then_some(Style::Google))
}

/// Returns whether a text reads the same in every style: it has no sections in any.
#[must_use]
pub fn is_plain(text: &str, titles: &Titles) -> bool {
    let lines = lines_of(text, titles);
    let styles = [Style::Google, Style::Numpy, Style::Sphinx, Style::Epytext];
    styles.into_iter().all(|style| scan(&lines, style).is_empty())
}

fn is_listed(starter: &Starter) -> bool {
    kinds::content_of(starter.kind) != Content::Prose
}

fn is_prose(starter: &Starter) -> bool {
    !is_listed(starter) && starter.kind != super::SectionKind::Custom
}

/// Returns the style that most docstrings show; nothing when none has a majority over each other one.
#[must_use]
pub fn majority(styles: impl Iterator<Item = Option<Style>>) -> Option<Style> {
    let mut counts = [(Style::Google, 0_usize), (Style::Numpy, 0), (Style::Sphinx, 0), (Style::Epytext, 0)];
    for style in styles.flatten() {
        for (counted, count) in &mut counts {
            *count += usize::from(*counted == style);
        }
    }
    let most = counts.iter().map(|(_, count)| *count).max().unwrap_or(0);
    let mut best = counts.iter().filter(|(_, count)| *count == most);
    match (best.next(), best.next()) {
        (Some((style, _)), None) => Some(*style),
        _ => None,
    }
}
