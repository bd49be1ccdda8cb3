//! D300, D301: the quotes and the prefix of a docstring.

use super::super::{Finding, Rule, Subject};
use super::{Text, judged, mended, remedies};

/// D300: other quotes than three double ones.
pub(in crate::rules) fn triple_double(rule: &Rule, subject: &Subject<'_>) -> Vec<Finding> {
    let Some(text) = judged(subject) else { return Vec::new() };
    // Three double quotes inside are written with single ones around them.
    let wanted = if text.body().contains("\"\"\"") { "'''" } else { "\"\"\"" };
    if quotes(text) == wanted {
        return Vec::new();
    }
    let message = format!("the docstring is not written in {wanted}");
    let made = remedies::triple_double(text).filter(|made| subject.stays_within(made, 0));
    mended(rule, subject, text.literal, (message, made))
}

/// Returns how many columns a docstring of one line gets longer when it is written in three quotes.
pub(super) fn growth(text: &Text<'_>) -> usize {
    let is_one_line = text.rows.len() == 1;
    if is_one_line { 2 * (3_usize).saturating_sub(quotes(text).len()) } else { 0 }
}

/// D301: backslashes in a docstring that is not raw.
pub(in crate::rules) fn backslashes(rule: &Rule, subject: &Subject<'_>) -> Vec<Finding> {
    let Some(text) = judged(subject) else { return Vec::new() };
    if text.prefix().contains(['r', 'R']) || !has_escape(text.body()) {
        return Vec::new();
    }
    let message = "the docstring has backslashes and is not raw";
    mended(rule, subject, text.literal, (message, remedies::raw(text)))
}

fn quotes<'a>(text: &Text<'a>) -> &'a str {
    text.source.get(text.body.end..text.literal.end).unwrap_or("")
}

/// Returns whether a backslash stands for something a raw literal could say plainer.
///
/// Continued lines, named and numbered characters, and escaped quotes that would end the literal are meant.
fn has_escape(body: &str) -> bool {
    let mut rest = body;
    while let Some(at) = rest.find('\\') {
        let after = rest.get(at + 1..).unwrap_or("");
        let Some(escaped) = after.chars().next() else { return false };
        let triple = ["\"\"\"", "'''"].iter().any(|quotes| after.starts_with(quotes));
        let apart = ["\"\\\"\\\"", "'\\'\\'"].iter().any(|quotes| after.starts_with(quotes));
        let skipped = match escaped {
            _ if triple => 3,
            _ if apart => 5,
            '\r' | '\n' | 'u' | 'U' | 'N' => escaped.len_utf8(),
            _ => return true,
        };
        rest = after.get(skipped..).unwrap_or("");
    }
    false
}
