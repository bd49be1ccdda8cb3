//! Where sections begin, in whatever style: the one pass over the lines that parsing and detection share.
//!
//! It finds Google's titles, numpydoc's underlined ones, the fields of Sphinx and Epytext, and the directives that
//! stand for sections in Sphinx style. Code in fences and doctests holds none; nor does what is indented deeper
//! than the margin.

use super::fields::{self, Field};
use super::house::Titles;
use super::kinds::{self, Content};
use super::lines::Lines;
use super::model::{SectionKind, Style};
use super::prose;

/// A line that begins a section.
#[derive(Debug)]
pub(super) struct Starter {
    pub(super) line: usize,
    pub(super) kind: SectionKind,
    pub(super) form: Form,
}

/// How the beginning of a section is written.
#[derive(Debug)]
pub(super) enum Form {
    /// `Args:`
    Titled,
    /// `Parameters` and a line of hyphens
    Underlined,
    /// `.. note::`
    Directive,
    /// `:param x:` or `@param x:`
    Field(Field),
}

/// Cuts a text into lines and finds the margin that its sections stand at.
pub(super) fn lines_of<'a>(text: &'a str, titles: &'a Titles) -> Lines<'a> {
    let mut lines = Lines::new(text, titles);
    if title_of(lines.content(0)).and_then(|title| titles.kind_of(title)).is_some() {
        // A title on the first line needs a margin that its block is indented against.
        lines.use_closing_margin();
    } else if let Some(columns) = deeper_margin(&lines) {
        lines.raise_margin(columns);
    }
    lines
}

/// Finds what begins sections, with the eyes of one style: its own are taken whenever they read as such, those of
/// the others only when there is no doubt.
pub(super) fn scan(lines: &Lines<'_>, style: Style) -> Vec<Starter> {
    let mut starters: Vec<Starter> = Vec::new();
    let mut underlined = false;
    // The indentation of the doctest whose output is being read.
    let mut prompt: Option<usize> = None;
    let mut index = 0;
    // From here on no fence is closed, so that looking for one would be in vain.
    let mut fences_end = lines.len();
    while index < lines.len() {
        let content = lines.content(index);
        prompt = prompt.filter(|columns| !lines.is_blank(index) && lines.columns(index) >= *columns);
        if lines.is_blank(index) {
            index += 1;
            continue;
        }
        if let Some(mark) = prose::opened_fence(content).filter(|_| index < fences_end) {
            match (index + 1..lines.len()).find(|line| prose::closes_fence(lines.content(*line), mark)) {
                Some(close) => index = close,
                None => fences_end = index,
            }
        } else if content.starts_with(">>>") {
            prompt = Some(lines.columns(index));
        } else if prompt.is_none() && lines.columns(index) == lines.margin_columns {
            let found = underlined_title(lines, index, style)
                .or_else(|| field(lines, index, style))
                .or_else(|| directive(lines, index, style))
                .or_else(|| titled(lines, index, style, !starters.is_empty()).filter(|_| !underlined));
            if let Some(starter) = found {
                if matches!(starter.form, Form::Underlined) {
                    // What follows an underlined title belongs to it up to the next one.
                    underlined = style == Style::Numpy;
                    index += 1;
                }
                starters.push(starter);
            }
        }
        index += 1;
    }
    starters
}

/// Returns the title that a line with a colon at its end is.
pub(super) fn title_of(content: &str) -> Option<&str> {
    content.strip_suffix(':')
}

/// Returns whether a line rules off the one above it, as numpydoc and reStructuredText underline titles.
pub(super) fn is_rule(content: &str) -> bool {
    content.len() >= 3
        && (content.bytes().all(|mark| mark == b'-') || content.bytes().all(|mark| mark == b'='))
}

fn underlined_title(lines: &Lines<'_>, index: usize, style: Style) -> Option<Starter> {
    let rule = lines.content(index + 1);
    if !is_rule(rule) || lines.columns(index + 1) != lines.columns(index) {
        return None;
    }
    let content = lines.content(index);
    let kind = if let Some(kind) = lines.titles.kind_of(content) {
        kind
    } else {
        let apart = index == 0 || lines.is_blank(index - 1);
        let headed = matches!(style, Style::Numpy | Style::Epytext);
        let named = content.starts_with(char::is_alphanumeric) && rule.len() >= content.chars().count();
        if !(apart && headed && named) {
            return None;
        }
        SectionKind::Custom
    };
    Some(Starter { line: index, kind, form: Form::Underlined })
}

fn field(lines: &Lines<'_>, index: usize, style: Style) -> Option<Starter> {
    let line = lines.get(index)?;
    let field = fields::field(lines.text, line, style)?;
    Some(Starter { line: index, kind: field.meaning.kind(), form: Form::Field(field) })
}

fn directive(lines: &Lines<'_>, index: usize, style: Style) -> Option<Starter> {
    if style != Style::Sphinx {
        return None;
    }
    let kind = fields::directive(lines.content(index), lines.titles)?;
    Some(Starter { line: index, kind, form: Form::Directive })
}

fn titled(lines: &Lines<'_>, index: usize, style: Style, inside: bool) -> Option<Starter> {
    let title = title_of(lines.content(index))?;
    let margin = lines.margin_columns;
    let follower = lines.first_filled(index + 1..lines.len());
    let has_block = follower.is_some_and(|line| lines.columns(line) > margin);
    let after_blank = index == 0 || lines.is_blank(index - 1);
    let starter = |kind| Starter { line: index, kind, form: Form::Titled };
    if let Some(kind) = lines.titles.kind_of(title) {
        // The code base has said what its own titles mean, in whatever style and case.
        let own = lines.titles.is_own(title);
        if style != Style::Google && !own {
            // There, "Note:" begins a paragraph as often as not.
            return (has_block && kinds::content_of(kind) != Content::Prose).then(|| starter(kind));
        }
        let apart = after_blank || inside;
        if !own && !kinds::is_capitalised(title) {
            return (apart && has_block && follower == Some(index + 1)).then(|| starter(kind));
        }
        let next_is_title = || {
            lines.columns(index + 1) == margin
                && title_of(lines.content(index + 1)).and_then(|title| lines.titles.kind_of(title)).is_some()
        };
        let alone = lines.is_blank(index + 1) || next_is_title();
        // With nothing under it, a title of prose is a line of prose.
        let listed = kinds::content_of(kind) != Content::Prose;
        return (has_block || (listed && apart && alone)).then(|| starter(kind));
    }
    let custom = style == Style::Google
        && index > 0
        && after_blank
        && has_block
        && follower == Some(index + 1)
        && kinds::looks_like_title(title);
    custom.then(|| starter(SectionKind::Custom))
}

/// Returns the indentation at which sections stand, where a few lines stick out to its left.
///
/// A line that slipped to the margin of the file would otherwise hide every section. The closing quotes, or else
/// the first line after the summary, show what is meant; that a section begins there is the evidence.
fn deeper_margin(lines: &Lines<'_>) -> Option<usize> {
    let last = lines.get(lines.len().checked_sub(1)?).filter(|_| lines.len() > 1)?;
    let wanted = if last.is_blank() {
        last.columns
    } else {
        lines.first_filled(1..lines.len()).map_or(0, |line| lines.columns(line))
    };
    if wanted <= lines.margin_columns {
        return None;
    }
    let (mut slipped, mut others) = (0_usize, 0_usize);
    let mut evidence = false;
    for index in 1..lines.len() {
        if lines.is_blank(index) {
            continue;
        }
        let columns = lines.columns(index);
        let begins = columns <= wanted && begins_section(lines, index);
        if columns < wanted {
            slipped += 1;
            if begins {
                return None;
            }
        } else {
            others += 1;
            evidence |= begins && columns == wanted;
        }
    }
    (evidence && slipped <= others).then_some(wanted)
}

/// Returns whether a line begins a section beyond doubt, at whatever indentation.
fn begins_section(lines: &Lines<'_>, index: usize) -> bool {
    let content = lines.content(index);
    let listed = |kind: SectionKind| kinds::content_of(kind) != Content::Prose;
    let titled = title_of(content).and_then(|title| lines.titles.kind_of(title)).is_some_and(listed)
        && lines.columns(index + 1) > lines.columns(index);
    let underlined = lines.titles.kind_of(content).is_some() && is_rule(lines.content(index + 1));
    let field = lines.get(index).is_some_and(|line| fields::field(lines.text, line, Style::Google).is_some());
    titled || underlined || field
}
