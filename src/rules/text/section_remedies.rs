//! What puts the headings of sections right, and the order of the sections.

use crate::python::Span;

use super::super::Replacement;
use super::headings::Sight;
use super::remedies::{Mended, replacement};
use super::sections::{Heading, Layout, is_rule, is_title};
use super::{Row, Text};

/// D214: the section moves to the left, with all that is below its heading.
///
/// Where only a part of what is too deep would move, it is for a person: a section that is half at its place, or a paragraph
/// above it that is as deep.
pub(super) fn dedented(sight: &Sight<'_, '_>) -> Mended {
    let (row, margin) = (sight.row(), sight.text.margin_of_quotes()?);
    let deeper = row.indentation().strip_prefix(margin)?;
    let above = sight.text.rows.get(1..sight.heading.row).unwrap_or_default();
    if above.iter().any(|above| !above.is_blank() && above.indentation() == row.indentation()) {
        return None;
    }
    let mut made = vec![replacement(row.start, row.start + deeper.len(), "")];
    let below: Vec<&Row<'_>> = sight.below().iter().filter(|row| !row.is_blank()).collect();
    // The heading alone has slipped: its text stands at the margin, or where the text of a heading there stands.
    let is_placed = |first: &&Row<'_>| {
        let usual = margin.chars().count() + 4;
        first.indentation() == margin || first.indentation().chars().count() == usual
    };
    if below.first().is_some_and(is_placed) {
        return Some(made);
    }
    // Paragraphs at the margin that follow stay there.
    let end = below.iter().position(|row| row.indentation() == margin).unwrap_or(below.len());
    let (within, behind) = below.split_at(end);
    if behind.iter().any(|row| row.indentation() != margin) {
        return None;
    }
    for below in within {
        below.indentation().strip_prefix(row.indentation())?;
        made.push(replacement(below.start, below.start + deeper.len(), ""));
    }
    Some(made)
}

/// D215: the underline goes below the beginning of its title.
pub(super) fn underline_dedented(sight: &Sight<'_, '_>) -> Mended {
    let (_, row) = sight.underline()?;
    let margin = sight.text.margin_of_quotes()?;
    // It stays with its title, which has to move first.
    (sight.row().indentation() == margin).then(|| vec![replacement(row.start, row.trimmed().start, margin)])
}

/// D405: the title is written as it should be.
///
/// Above a list as PEP 257 writes it ("name -- what it is") it would begin a section that nothing can read.
pub(super) fn titled(sight: &Sight<'_, '_>) -> Mended {
    let title = sight.heading.title;
    let is_readable = !sight.below().iter().any(|row| row.text.contains(" -- "));
    let made = || vec![replacement(title.start, title.end, sight.heading.known().name)];
    (is_readable && !is_listed(sight) && !is_label(sight)).then(made)
}

/// Returns whether a title may be a name in a list of names, each over a text that is set in: `args` above `kwargs`.
fn is_listed(sight: &Sight<'_, '_>) -> bool {
    let is_name = |row: &Row<'_>| {
        let word = row.text.trim();
        word.starts_with(char::is_lowercase)
            && word.chars().all(|letter| letter.is_alphanumeric() || letter == '_')
    };
    let margin = sight.row().indentation();
    let is_item = |pair: &[Row<'_>]| {
        let [row, below] = pair else { return false };
        let is_over_text = !below.is_blank() && below.indentation().len() > row.indentation().len();
        row.start != sight.row().start && row.indentation() == margin && is_name(row) && is_over_text
    };
    is_name(&sight.row()) && sight.text.rows.windows(2).any(is_item)
}

/// Returns whether the only title is one of several labels, each over a text: "See also:" below "The file format:".
fn is_label(sight: &Sight<'_, '_>) -> bool {
    let margin = sight.row().indentation();
    let is_other = |pair: &[Row<'_>]| {
        let [row, below] = pair else { return false };
        let words = row.text.trim().strip_suffix(':').unwrap_or("");
        row.start != sight.row().start
            && row.indentation() == margin
            && words.contains(' ')
            && !below.is_blank()
    };
    let below_first = sight.text.rows.get(1..).unwrap_or_default();
    sight.is_only_one() && below_first.windows(2).any(is_other)
}

/// D406: what stands behind the title goes; it is a colon or blanks.
pub(super) fn line_end(sight: &Sight<'_, '_>) -> Mended {
    let made = || vec![replacement(sight.heading.title.end, sight.row().span().end, "")];
    (!is_googles(sight)).then(made)
}

/// Returns whether a title without an underline has an indented text: it is a section of the other style, and to convert all of it
/// is more than to mend its title.
fn is_googles(sight: &Sight<'_, '_>) -> bool {
    let first = sight.below().iter().find(|row| !row.is_blank());
    sight.underline().is_none()
        && first.is_some_and(|row| row.indentation().len() > sight.row().indentation().len())
}

/// D407: hyphens below the title, in the place of another underline.
pub(super) fn underlined(sight: &Sight<'_, '_>, ending: &str) -> Mended {
    let row = sight.row();
    let hyphens = "-".repeat(sight.title().chars().count());
    let below = sight.below().first().filter(|below| !below.is_blank());
    if let Some(rule) = below.filter(|below| below.text.trim().bytes().all(|mark| mark == b'=')) {
        let span = rule.trimmed();
        return Some(vec![replacement(span.start, span.end, hyphens)]);
    }
    // Right below an underline it would leave the heading above without a text.
    let above = sight.heading.row.checked_sub(1).and_then(|above| sight.text.rows.get(above));
    if is_googles(sight) || above.is_some_and(|above| !above.is_blank() && is_rule(above.text)) {
        return None;
    }
    let end = row.span().end;
    // Without a line below it, there is nothing that it is the heading of.
    let has_line = sight.text.source.get(end..)?.starts_with(['\r', '\n']);
    has_line.then(|| vec![replacement(end, end, format!("{ending}{}{hyphens}", row.indentation()))])
}

/// D408: the blank lines above the underline go.
pub(super) fn underline_moved(sight: &Sight<'_, '_>) -> Mended {
    let (_, row) = sight.underline()?;
    Some(vec![replacement(sight.below().first()?.start, row.start, "")])
}

/// D409: the underline gets the length of its title.
pub(super) fn underline_of_length(sight: &Sight<'_, '_>) -> Mended {
    let span = sight.underline()?.1.trimmed();
    Some(vec![replacement(span.start, span.end, "-".repeat(sight.title().len()))])
}

/// D410: a blank line before the next heading.
pub(super) fn blank_after(sight: &Sight<'_, '_>, ending: &str) -> Mended {
    let next = sight.text.rows.get(sight.heading.end)?.start;
    Some(vec![replacement(next, next, ending)])
}

/// D411: a blank line before the heading.
pub(super) fn blank_before(sight: &Sight<'_, '_>, ending: &str) -> Vec<Replacement> {
    let start = sight.row().start;
    vec![replacement(start, start, ending)]
}

/// D412: the blank lines between heading and text go.
pub(super) fn closed_up(sight: &Sight<'_, '_>) -> Mended {
    let below = sight.below();
    let above = sight.underline().map_or(0, |(blank, _)| blank + 1);
    let blank = below.iter().skip(above).take_while(|row| row.is_blank()).count();
    let first = below.get(above + blank)?;
    // At the indentation of its heading, an example or a list needs the line to be read as one.
    if above == 0 && first.indentation().len() <= sight.row().indentation().len() {
        return None;
    }
    // What reads as a heading is none of its text.
    let words = first.text.trim().trim_end_matches(':');
    if [Layout::Google, Layout::Numpy].iter().any(|layout| is_title(words, *layout)) {
        return None;
    }
    // What looks like a heading and is none would keep the line that this one loses.
    if sight.text.rows.iter().enumerate().any(|(index, _)| is_set_apart(sight, index)) {
        return None;
    }
    // A directive keeps one.
    let kept = usize::from(is_directive(first.text));
    Some(vec![replacement(below.get(above + kept)?.start, first.start, "")])
}

/// Returns whether a line of reStructuredText is a directive; a footnote, `.. [1]`, is none.
pub(super) fn is_directive(line: &str) -> bool {
    line.trim_start().strip_prefix(".. ").is_some_and(|rest| !rest.starts_with('['))
}

/// Returns whether a line that is no known heading is underlined, or ends in a colon, and a blank line sets its text apart.
fn is_set_apart(sight: &Sight<'_, '_>, index: usize) -> bool {
    let rows = sight.text.rows.as_slice();
    let Some(row) = rows.get(index).filter(|row| index > 0 && !row.is_blank()) else { return false };
    let is_underlined = rows.get(index + 1).is_some_and(|below| is_rule(below.text));
    let is_led = row.text.trim_end().ends_with(':') && row.text.split_whitespace().count() <= 5;
    let mut below = rows.get(index + 1 + usize::from(is_underlined)..).unwrap_or_default().iter();
    let is_apart = below.next().is_some_and(|below| below.is_blank())
        && below
            .find(|below| !below.is_blank())
            .is_some_and(|text| is_underlined || text.indentation().len() > row.indentation().len());
    row.indentation() == sight.row().indentation()
        && (is_underlined || is_led)
        && is_apart
        && !is_rule(row.text)
        && !sight.is_heading(index)
}

/// D413: a blank line behind the last section.
pub(super) fn blank_after_last(sight: &Sight<'_, '_>, ending: &str) -> Mended {
    let text = sight.text;
    let last = text.rows.iter().rev().find(|row| !row.is_blank())?;
    let end = last.trimmed().end;
    if text.rows.last()?.is_blank() {
        return Some(vec![replacement(end, end, ending)]);
    }
    let margin = text.margin_of_quotes()?;
    let is_free = !last.text.trim_end().ends_with('\\');
    is_free.then(|| vec![replacement(end, text.body.end, format!("{ending}{ending}{margin}"))])
}

/// D414: the heading goes.
pub(super) fn removed(sight: &Sight<'_, '_>) -> Mended {
    let text = sight.text;
    if let Some(next) = text.rows.get(sight.heading.end) {
        return Some(vec![replacement(sight.row().start, next.start, "")]);
    }
    let above = text.rows.get(..sight.heading.row)?.iter().rev().find(|row| !row.is_blank())?;
    let last = sight.below().iter().rev().find(|row| !row.is_blank()).copied().unwrap_or(sight.row());
    Some(vec![replacement(above.trimmed().end, last.trimmed().end, "")])
}

/// D416: a colon behind the title; an underline makes it a title of numpydoc's.
pub(super) fn with_colon(sight: &Sight<'_, '_>) -> Mended {
    let is_underlined = sight.below().first().is_some_and(|row| is_rule(row.text));
    let made = || vec![replacement(sight.heading.title.end, sight.row().span().end, ":")];
    (!is_underlined && !is_listed(sight)).then(made)
}

/// D420: the sections that have a place in the order swap places; what stands between them stays.
pub(super) fn ordered(text: &Text<'_>, headings: &[Heading], layout: Layout) -> Mended {
    let mut places: Vec<(u8, Span)> = Vec::new();
    let mut leads = Vec::new();
    for heading in headings {
        let Some(rank) = heading.known().rank(layout) else { continue };
        // Two sections of one title are for their author to join.
        if places.iter().any(|(known, _)| *known == rank) {
            return None;
        }
        let rows = text.rows.get(heading.row..heading.end)?;
        let first = rows.first()?;
        let last = rows.iter().rev().find(|row| !row.is_blank())?;
        let margin = first.indentation().len();
        let underline = usize::from(rows.get(1).is_some_and(|row| is_rule(row.text)));
        let flush = |row: &Row<'_>| !row.is_blank() && row.indentation().len() <= margin;
        // A paragraph at the margin is none of Google's section, and what has slipped may be none of either.
        let strays = rows
            .iter()
            .skip(1 + underline)
            .any(|row| flush(row) && (layout == Layout::Google || row.indentation().len() < margin));
        // A section on the line of the quotes cannot change places.
        if strays || last.span().end == text.body.end {
            return None;
        }
        // "For example:" leads to what follows it, and would lead elsewhere.
        let above = text.rows.get(..heading.row)?.iter().rev().find(|row| !row.is_blank())?;
        leads.push(above.text.trim_end().ends_with(':'));
        places.push((rank, Span::new(first.start, last.trimmed().end)));
    }
    let mut sorted = places.clone();
    sorted.sort_by_key(|(rank, span)| (*rank, span.start));
    let swapped = places.iter().zip(&sorted).filter(|(place, moved)| place.1 != moved.1);
    let is_led_to =
        places.iter().zip(&sorted).zip(&leads).any(|((place, moved), leads)| place.1 != moved.1 && *leads);
    if is_led_to {
        return None;
    }
    Some(
        swapped
            .map(|((_, place), (_, moved))| replacement(place.start, place.end, moved.of(text.source)))
            .collect(),
    )
}
