//! D200, D205, D209, D210, D212, D213: on which lines the summary and the quotes stand.

use super::super::{Conventions, Finding, Rule, Subject};
use super::blank_lines::is_on;
use super::sections::Layout;
use super::{Text, judged, mended, remedies, sections};
use crate::python::DefinitionKind;

/// D200: a text of one line is spread over several.
pub(in crate::rules) fn one_line(rule: &Rule, subject: &Subject<'_>) -> Vec<Finding> {
    let Some(text) = judged(subject) else { return Vec::new() };
    let filled = text.rows.iter().filter(|row| !row.is_blank()).take(2).count();
    if filled != 1 || text.rows.len() == 1 {
        return Vec::new();
    }
    mended(
        rule,
        subject,
        text.literal,
        ("a docstring of one line is spread over several", remedies::one_line(text)),
    )
}

/// D205: no blank line, or more than one, stands between the summary and what follows.
pub(in crate::rules) fn summary_apart(rule: &Rule, subject: &Subject<'_>) -> Vec<Finding> {
    let Some(text) = judged(subject).filter(|text| text.is_triple_quoted()) else { return Vec::new() };
    let first = text.rows.iter().position(|row| !row.is_blank()).unwrap_or(0);
    let last = text.rows.iter().rposition(|row| !row.is_blank()).unwrap_or(0);
    let rest = text.rows.get(first + 1..=last).unwrap_or_default();
    let blank = rest.iter().take_while(|row| row.is_blank()).count();
    if rest.is_empty() || blank == 1 || has_no_summary(text) {
        return Vec::new();
    }
    let message = match blank {
        0 => "no blank line stands between the first line and what follows".to_owned(),
        count => format!("{count} blank lines stand between the first line and what follows"),
    };
    let span = text.rows.get(first).map_or(text.literal, |row| row.trimmed());
    // With a second paragraph, a short docstring would be asked for sections: that is for its author to begin.
    let stays_short = blank > 0 || subject.definition.kind == DefinitionKind::Module || !subject.is_short();
    let remedy = remedies::summary_apart(text, subject.file.line_ending()).filter(|_| stays_short);
    mended(rule, subject, span, (message, remedy))
}

/// Returns whether a text begins with an example, a field or the title of a list, before which no summary stands.
fn has_no_summary(text: &Text<'_>) -> bool {
    let begins = text.rows.iter().find(|row| !row.is_blank()).map_or("", |row| row.text.trim());
    let is_title = |layout| sections::is_title(begins.trim_end_matches(':'), layout);
    sections::is_field(begins)
        || begins.starts_with(">>>")
        || [Layout::Google, Layout::Numpy].into_iter().any(is_title)
}

/// D209: the closing quotes of several lines do not stand on a line of their own.
pub(in crate::rules) fn closing_line(rule: &Rule, subject: &Subject<'_>) -> Vec<Finding> {
    let Some(text) = judged(subject).filter(|text| text.is_triple_quoted()) else { return Vec::new() };
    let filled = text.rows.iter().filter(|row| !row.is_blank()).take(2).count();
    let Some(last) = text.rows.last().filter(|row| filled > 1 && !row.is_blank()) else { return Vec::new() };
    let remedy = remedies::closing_line(text, subject.file.line_ending());
    mended(rule, subject, last.trimmed(), ("the closing quotes do not stand on a line of their own", remedy))
}

/// D210: blanks stand between the quotes and the text.
pub(in crate::rules) fn surrounding_blanks(rule: &Rule, subject: &Subject<'_>) -> Vec<Finding> {
    let Some(text) = judged(subject) else { return Vec::new() };
    let Some(first) = text.rows.first().filter(|row| !row.is_blank()) else { return Vec::new() };
    if first.text.trim() == first.text {
        return Vec::new();
    }
    let is_before = first.text.starts_with(char::is_whitespace);
    let place = if is_before { "between the opening quotes and the text" } else { "behind the first line" };
    let remedy = remedies::surrounding_blanks(text);
    mended(rule, subject, text.literal, (format!("blanks stand {place}"), remedy))
}

/// D212: the text of several lines begins below the quotes.
pub(in crate::rules) fn first_line(rule: &Rule, subject: &Subject<'_>) -> Vec<Finding> {
    let Some(text) = judged(subject).filter(|text| text.rows.len() > 1) else { return Vec::new() };
    if text.rows.first().is_none_or(|row| !row.is_blank()) || has_no_summary(text) {
        return Vec::new();
    }
    // What nobody has chosen is not held against the habit of the file.
    let is_chosen = subject.settings.options.conventions != Conventions::OfStyle
        || subject.settings.named.contains(rule.code);
    if !is_chosen && subject.module.begins_below() {
        return Vec::new();
    }
    let message = "the summary does not stand on the line of the opening quotes";
    mended(rule, subject, text.literal, (message, remedies::first_line(text)))
}

/// D213: the text of several lines begins right behind the quotes.
pub(in crate::rules) fn second_line(rule: &Rule, subject: &Subject<'_>) -> Vec<Finding> {
    let Some(text) = judged(subject).filter(|text| text.rows.len() > 1) else { return Vec::new() };
    // A backslash there continues the literal on the next line.
    if text.rows.first().is_none_or(|row| row.is_blank() || row.text.ends_with('\\')) {
        return Vec::new();
    }
    let message = "the summary does not stand on the line below the opening quotes";
    // Who has chosen both rules is not made to go round in circles.
    let remedy = remedies::second_line(text, subject.file.line_ending()).filter(|_| !is_on(subject, "D212"));
    mended(rule, subject, text.literal, (message, remedy))
}
