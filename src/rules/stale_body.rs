//! DG105: the code does mostly something else, and the text stayed as it was.
//!
//! What the code does is read off its calls and branches: lines also change when a module is imported another way,
//! when a variable is renamed and when a block moves to another indentation.

use std::collections::HashMap;

use super::subject::{code_of, lines_of_code};
use super::{Answer, Finding, Rule, Subject};

/// Of so many lines, and of so many calls and branches, at least something can be said.
const FEWEST: usize = 6;

/// The most of them that may be the same, in percent.
const MOST_KEPT: usize = 40;

/// From so much of the shorter version on, in percent, it is a part of the longer one.
const MOST_CONTAINED: usize = 80;

/// Words that begin or end a branch, a loop or a block, or hand something to the caller.
const BRANCHES: &[&str] = &[
    "assert", "async", "await", "break", "case", "continue", "elif", "else", "except", "finally", "for",
    "if", "match", "raise", "return", "try", "while", "with", "yield",
];

/// Applies the rule.
pub(super) fn check(rule: &Rule, subject: &Subject<'_>) -> Vec<Finding> {
    let (Some(base), Some(base_file)) = (subject.base, subject.base_file) else { return Vec::new() };
    let definition = subject.definition;
    let touched = subject.touched;
    let is_left = touched.body && !touched.docstring && subject.docstring.is_some();
    if !is_left || !definition.kind.is_function() {
        return Vec::new();
    }
    let (before, now) = (code_of(base_file, base), code_of(subject.file, definition));
    let (lines_before, lines_now) = (lines_of_code(before), lines_of_code(now));
    let kept_lines = in_common(&lines_before, &lines_now);
    if lines_before.len().min(lines_now.len()) < FEWEST
        || kept_lines * 2 >= lines_before.len().max(lines_now.len())
    {
        return Vec::new();
    }
    let (before, now) = (operations(before), operations(now));
    let kept = in_common(&before, &now);
    let (long, short) = (before.len().max(now.len()), before.len().min(now.len()));
    // What only grew still does what it did, and what only shrank does nothing new.
    let only_grew_or_shrank = kept * 100 >= short * MOST_CONTAINED;
    if short < FEWEST || kept * 100 > long * MOST_KEPT || only_grew_or_shrank {
        return Vec::new();
    }
    let percent = 100 - 100 * kept / long;
    let message = format!(
        "{percent} % of the calls and branches of {} changed, and its docstring did not",
        subject.called()
    );
    vec![subject.finding(rule, definition.anchor(), message).answered_by(Answer::Person, None).with_evidence(
        subject.evidence(definition.header, format!("{kept} of {long} calls and branches are the same")),
    )]
}

/// Returns how many elements two lists share, whatever their order.
fn in_common(one: &[&str], other: &[&str]) -> usize {
    let mut known: HashMap<&str, usize> = HashMap::new();
    for element in one {
        *known.entry(element).or_default() += 1;
    }
    let mut kept = 0;
    for element in other {
        if let Some(count) = known.get_mut(element).filter(|count| **count > 0) {
            *count -= 1;
            kept += 1;
        }
    }
    kept
}

/// Returns what is called, without what it is called on, and the words of [`BRANCHES`].
fn operations(code: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let mut rest = code;
    let mut defines = false;
    while let Some(first) = rest.chars().next() {
        if first == '#' {
            rest = rest.find('\n').and_then(|end| rest.get(end..)).unwrap_or("");
            continue;
        }
        if matches!(first, '"' | '\'') {
            rest = rest.get(string_end(rest)..).unwrap_or("");
            continue;
        }
        if !is_part(first) {
            rest = rest.get(first.len_utf8()..).unwrap_or("");
            continue;
        }
        let (word, after) = rest.split_at(rest.find(|letter| !is_part(letter)).unwrap_or(rest.len()));
        rest = after;
        if BRANCHES.contains(&word)
            || !defines && rest.trim_start_matches([' ', '\t']).starts_with('(') && !is_operator(word)
        {
            found.push(word);
        }
        defines = matches!(word, "def" | "class");
    }
    found
}

fn is_part(letter: char) -> bool {
    letter.is_alphanumeric() || letter == '_'
}

/// Words before a bracket that call nothing.
fn is_operator(word: &str) -> bool {
    matches!(word, "and" | "in" | "is" | "lambda" | "not" | "or" | "del")
        || word.starts_with(|first: char| first.is_ascii_digit())
}

/// Returns where the string ends that a text begins with.
fn string_end(text: &str) -> usize {
    let Some(quote) = text.get(..1) else { return text.len() };
    let long = quote.repeat(3);
    let is_long = text.starts_with(&long);
    let quotes = if is_long { long.as_str() } else { quote };
    let mut at = quotes.len();
    while let Some(letter) = text.get(at..).and_then(|rest| rest.chars().next()) {
        if text.get(at..).is_some_and(|rest| rest.starts_with(quotes)) {
            return at + quotes.len();
        }
        at += letter.len_utf8();
        if letter == '\\' {
            at += text.get(at..).and_then(|rest| rest.chars().next()).map_or(0, char::len_utf8);
        } else if letter == '\n' && !is_long {
            return at;
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn calls_and_branches_are_read_off_the_code() {
        let table: &[(&str, &[&str])] = &[
            ("x = pd.DataFrame(a)", &["DataFrame"]),
            ("if (a and (b)):\n    return g (1)", &["if", "return", "g"]),
            ("# f(1)\nx = 'g(2) # ' + h(3)", &["h"]),
            ("x = \"\"\"f(\"\n)'\"\"\" + r'\\\\' + g()", &["g"]),
            ("def inner(a):\n    pass", &[]),
            ("'open\nf()", &["f"]),
            ("x = y[0](1)", &[]),
            ("", &[]),
        ];
        for (code, expected) in table {
            assert_eq!(operations(code), *expected, "{code}");
        }
    }
}
