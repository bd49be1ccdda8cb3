//! D400, D415: how the first paragraph ends.

use super::super::{Finding, Rule, Subject};
use super::sections::Layout;
use super::{Text, judged, mended, quotes, remedies, sections, sentence};

/// D400: the first paragraph does not end in a period.
pub(in crate::rules) fn ends_in_period(rule: &Rule, subject: &Subject<'_>) -> Vec<Finding> {
    let Some(text) = judged(subject) else { return Vec::new() };
    check(rule, subject, text, (&['.'], "the first paragraph does not end with a period"))
}

/// D415: the first paragraph does not end in a period, a question mark or an exclamation mark.
pub(in crate::rules) fn ends_in_punctuation(rule: &Rule, subject: &Subject<'_>) -> Vec<Finding> {
    let Some(text) = judged(subject) else { return Vec::new() };
    let message = "the first paragraph does not end with a period, question mark or exclamation mark";
    check(rule, subject, text, (&['.', '?', '!'], message))
}

fn check(
    rule: &Rule,
    subject: &Subject<'_>,
    text: &Text<'_>,
    (marks, message): (&[char], &str),
) -> Vec<Finding> {
    let Some(first) = text.first_filled() else { return Vec::new() };
    let begins_list = first.text.trim();
    // A directive is no sentence, and neither is a field or an example.
    let is_field = [">>>", ".. "].iter().any(|field| begins_list.starts_with(field))
        || sections::is_field(begins_list)
        // "name : text" is an entry of a list.
        || begins_list.split_once(" : ").is_some_and(|(name, _)| !name.contains(char::is_whitespace));
    let is_title =
        [Layout::Google, Layout::Numpy].iter().any(|layout| sections::is_title(begins_list, *layout));
    let Some(last) = text.end_of_summary().filter(|_| !is_field && !is_title) else { return Vec::new() };
    let end = last.text.trim_end();
    let is_address = end.rsplit(char::is_whitespace).next().is_some_and(|word| word.contains("://"));
    if end.ends_with(marks) || end.ends_with('\\') || is_address || is_expression(first.text, end) {
        return Vec::new();
    }
    // Once its first line stands apart, the paragraph ends there.
    let is_cut = last.start != first.start && remedies::summary_apart(text, "\n").is_some();
    let made = sentence::period(text, last).filter(|_| !is_cut);
    let made = made.filter(|made| subject.stays_within(made, quotes::growth(text)));
    mended(rule, subject, last.trimmed(), (message, made))
}

/// "a != 0" is no sentence.
fn is_expression(first: &str, last: &str) -> bool {
    let mut words = last.split(|letter: char| !letter.is_alphanumeric()).filter(|word| !word.is_empty());
    let operators = ["=", "<", ">", "+", "-", "*", "/", "%", "&", "|", "^"];
    first.trim() == last.trim()
        && operators.iter().any(|operator| last.contains(operator))
        && words.all(|word| word.len() == 1 || word.bytes().all(|byte| byte.is_ascii_digit()))
}
