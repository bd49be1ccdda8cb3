//! Which style a docstring is written in, by the evidence in it.

use super::google;
use super::lines::Lines;
use super::model::{SectionKind, Style};

/// The titles of numpydoc ("Style guide", Sections); they count only when underlined.
const NUMPY_TITLES: &[&str] = &[
    "Parameters",
    "Returns",
    "Yields",
    "Receives",
    "Other Parameters",
    "Raises",
    "Warns",
    "Warnings",
    "See Also",
    "Notes",
    "References",
    "Examples",
    "Attributes",
    "Methods",
];

/// The fields of Sphinx ("Python info field lists").
const SPHINX_FIELDS: &[&str] = &[
    "param",
    "parameter",
    "arg",
    "argument",
    "key",
    "keyword",
    "kwarg",
    "type",
    "raises",
    "raise",
    "except",
    "exception",
    "var",
    "ivar",
    "cvar",
    "vartype",
    "return",
    "returns",
    "rtype",
    "yield",
    "yields",
    "ytype",
];

/// The fields of Epydoc ("Epydoc Fields").
const EPYTEXT_FIELDS: &[&str] = &[
    "param",
    "parameter",
    "arg",
    "argument",
    "keyword",
    "kwarg",
    "type",
    "raise",
    "raises",
    "except",
    "exception",
    "var",
    "ivar",
    "cvar",
    "return",
    "returns",
    "rtype",
    "note",
    "see",
    "deprecated",
];

/// Returns the style that a docstring shows, or nothing when it shows none.
///
/// Every section or field counts once; the style with most of them wins. A section of prose, such as `Note:`, is
/// used with every style and decides only when there is nothing else.
#[must_use]
pub fn detect(text: &str) -> Option<Style> {
    let lines = Lines::new(text);
    let (mut numpy, mut sphinx, mut epytext) = (0_usize, 0_usize, 0_usize);
    for index in 0..lines.len() {
        let line = lines.content(index);
        let ruled = lines.content(index + 1);
        let underlined = ruled.len() >= 3
            && (ruled.chars().all(|mark| mark == '-') || ruled.chars().all(|mark| mark == '='));
        numpy += usize::from(NUMPY_TITLES.contains(&line) && underlined);
        sphinx += usize::from(is_field(line, ':', SPHINX_FIELDS));
        epytext += usize::from(is_field(line, '@', EPYTEXT_FIELDS));
    }
    let sections = google::parse(text).sections;
    let mut strong = 0_usize;
    let mut weak = 0_usize;
    for section in sections.iter().filter(|section| section.kind != SectionKind::Custom) {
        let filled = !section.entries.is_empty() || section.text.is_some();
        if google::content_of(section.kind) == google::Content::Prose {
            weak += usize::from(filled);
        } else {
            strong += usize::from(filled);
        }
    }
    let counts =
        [(Style::Numpy, numpy), (Style::Sphinx, sphinx), (Style::Epytext, epytext), (Style::Google, strong)];
    // Of equal counts the first one holds: an underline is stronger evidence than a colon.
    let best = counts.into_iter().rev().max_by_key(|(_, count)| *count).filter(|(_, count)| *count > 0);
    best.map(|(style, _)| style).or((weak > 0).then_some(Style::Google))
}

/// Returns the style that most docstrings show; Google when none has a majority over each other one.
#[must_use]
pub fn majority(styles: impl Iterator<Item = Option<Style>>) -> Style {
    let mut counts = [(Style::Google, 0_usize), (Style::Numpy, 0), (Style::Sphinx, 0), (Style::Epytext, 0)];
    for style in styles.flatten() {
        for (counted, count) in &mut counts {
            *count += usize::from(*counted == style);
        }
    }
    let most = counts.iter().map(|(_, count)| *count).max().unwrap_or(0);
    let mut best = counts.iter().filter(|(_, count)| *count == most);
    match (best.next(), best.next()) {
        (Some((style, _)), None) => *style,
        _ => Style::Google,
    }
}

/// Returns whether a line is a field: the mark, a known name, perhaps an argument, a colon.
fn is_field(line: &str, mark: char, names: &[&str]) -> bool {
    let Some(rest) = line.strip_prefix(mark) else { return false };
    let Some((field, _)) = rest.split_once(':') else { return false };
    field.split_whitespace().next().is_some_and(|name| names.contains(&name)) && !field.contains('`')
}
