//! DG204 and DG208: a summary that is too long to be one, or too short to say anything.

use super::{Answer, Finding, Rule, Subject};

/// How many characters a summary may have, and must have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// The most.
    pub most: u64,
    /// The fewest.
    pub least: u64,
}

impl Default for Limits {
    fn default() -> Self {
        // About what fits on one line of the widest files, twice; and a verb with what it is about.
        Self { most: 200, least: 10 }
    }
}

/// Applies DG204.
pub(super) fn too_long(rule: &Rule, subject: &Subject<'_>) -> Vec<Finding> {
    let Limits { most, .. } = subject.settings.options.summary;
    judged(rule, subject, |length| (length > most).then(|| format!("more than {most}")))
}

/// Applies DG208.
pub(super) fn too_short(rule: &Rule, subject: &Subject<'_>) -> Vec<Finding> {
    let Limits { least, .. } = subject.settings.options.summary;
    judged(rule, subject, |length| (length < least).then(|| format!("fewer than {least}")))
}

fn judged(rule: &Rule, subject: &Subject<'_>, wrong: impl Fn(u64) -> Option<String>) -> Vec<Finding> {
    let Some(summary) = subject.docstring.and_then(|docstring| docstring.summary.as_ref()) else {
        return Vec::new();
    };
    // By that mark, decorators know what they append to the docstring of a base class.
    if summary.value.starts_with('+') {
        return Vec::new();
    }
    let written = subject.touched.added || subject.touched.docstring;
    let source = subject.file.docstring_text(subject.definition).map_or("", |text| summary.span.of(text));
    let quotes = subject.definition.docstring.as_ref().map_or(0, |literal| literal.span.start);
    let margin = subject.file.position(quotes).column.saturating_sub(1);
    // Nobody can shorten an address.
    let words = prose(&summary.value, source, margin).split_inclusive(char::is_whitespace);
    let length = words.filter(|word| !word.contains("://")).map(|word| word.chars().count() as u64).sum();
    let Some(reason) = wrong(length).filter(|_| written) else { return Vec::new() };
    let message = format!("the summary has {length} characters, {reason}");
    vec![subject.docstring_finding(rule, summary.span, message).answered_by(Answer::Person, None)]
}

/// Returns what stands before the first field, item of a list or indented example: those are no summary.
///
/// The source shows the indentation, but for its first line, which stands where the quotes do.
fn prose<'t>(summary: &'t str, source: &str, margin: usize) -> &'t str {
    let mut end = 0;
    let mut before: Option<(&str, usize)> = None;
    for (line, written) in summary.split_inclusive('\n').zip(source.split_inclusive('\n')) {
        let width = if before.is_none() { margin } else { indent(written) };
        let is_example = before.is_some_and(|(line, above)| line.trim_end().ends_with(':') && width > above);
        // "parent - what it is" at the beginning is a list of parameters.
        let is_named = before.is_none()
            && line.split_once(" - ").is_some_and(|(name, _)| !name.trim().contains(char::is_whitespace));
        // "Use as options:" with a line for each: "after=widget - pack it after it".
        let is_listed =
            before.is_some_and(|(line, _)| line.trim_end().ends_with(':')) && line.contains(" - ");
        if is_example || is_named || is_listed || is_item(line.trim_start()) {
            break;
        }
        end += line.len();
        before = Some((line, width));
    }
    summary.get(..end).unwrap_or(summary).trim_end()
}

fn indent(line: &str) -> usize {
    line.len() - line.trim_start().len()
}

fn is_item(line: &str) -> bool {
    let after_number = line.trim_start_matches(|first: char| first.is_ascii_digit());
    let is_numbered = after_number.len() < line.len() && after_number.starts_with([')', '.']);
    let is_field = line.strip_prefix(['@', ':']).is_some_and(|rest| rest.starts_with(char::is_alphabetic))
        // `:class:`A`` begins a sentence.
        && !line.contains(":`");
    ["- ", "* ", "+ ", "\u{2022}", ">>> ", "| ", "+-", "==="].iter().any(|mark| line.starts_with(mark))
        || is_field
        || is_numbered && after_number.get(1..).is_some_and(|rest| rest.starts_with(' '))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_and_items_are_no_summary() {
        let table = [
            ("Says it.", "Says it."),
            ("Says\nit - here.", "Says\nit - here."),
            ("Says:\n- it\n- that", "Says:"),
            ("parent - it\nname - that", ""),
            ("Says it - and that", "Says it - and that"),
            ("@param a it", ""),
            (":param a: it", ""),
            (":class:`A` is it.", ":class:`A` is it."),
            ("Says it in\n2.0 seconds.", "Says it in\n2.0 seconds."),
            ("Says:\n  1. it", "Says:"),
            ("Says:\n1) it", "Says:"),
            ("Says. Use it as:\na=b - it\nc=d - that", "Says. Use it as:"),
            ("Says, for example:\n    it", "Says, for example:"),
            ("Says, for example:\n  it", "Says, for example:\n  it"),
            ("Says\n    it", "Says\n    it"),
            ("Says 3 * 4\n*args are that.", "Says 3 * 4\n*args are that."),
            ("", ""),
        ];
        for (summary, expected) in table {
            assert_eq!(prose(summary, summary, 2), expected, "{summary}");
        }
    }
}
