//! D400, D403, D415: what makes the first paragraph a sentence, where it plainly is one that lacks nothing else.

use super::remedies::{Mended, replacement};
use super::{Row, Text};

/// Words after which a sentence is not over.
const UNFINISHED: &[&str] = &[
    "a", "an", "and", "as", "at", "but", "for", "from", "if", "of", "or", "than", "the", "to", "via", "when",
    "which", "with",
];

/// Verbs with which a question begins.
const ASKING: &[&str] = &[
    "are", "can", "could", "did", "does", "had", "has", "have", "is", "should", "was", "were", "will",
    "would",
];

/// What follows the verb of a question; "Is the name of it" is no question.
const ASKED: &[&str] = &[
    "any",
    "anybody",
    "anyone",
    "anything",
    "he",
    "i",
    "it",
    "she",
    "somebody",
    "someone",
    "something",
    "that",
    "there",
    "these",
    "they",
    "this",
    "those",
    "we",
    "you",
];

/// D400 and D415: a period, where the first paragraph is a sentence that lacks nothing else.
pub(super) fn period(text: &Text<'_>, last: Row<'_>) -> Mended {
    let first = text.first_filled()?;
    let paragraph: Vec<&Row<'_>> = text
        .rows
        .iter()
        .skip_while(|row| row.start < first.start)
        .take_while(|row| row.start <= last.start)
        .collect();
    let is_deeper = last.start != first.start
        && first.start != text.body.start
        && last.indentation().len() != first.indentation().len();
    let below = text.rows.iter().find(|row| row.start > last.start).map_or("", |row| row.text.trim());
    let is_title =
        !below.is_empty() && below.bytes().all(|mark| matches!(mark, b'-' | b'=' | b'~' | b'#' | b'*'));
    // Of two sentences without a period, only the last one would get it.
    let runs_on = paragraph.windows(2).any(|pair| {
        pair[0].text.trim_end().ends_with(char::is_alphanumeric)
            && pair[1].text.split_whitespace().next().is_some_and(is_a_beginning)
    });
    let is_listed = paragraph.iter().any(|row| is_listed(row, row.start == first_start(text)));
    let said: Vec<&str> = paragraph.iter().map(|row| row.text.trim()).collect();
    if is_listed || is_deeper || is_title || runs_on || !may_end_here(&said.join(" ")) {
        return None;
    }
    let at = last.trimmed().end;
    Some(vec![replacement(at, at, ".")])
}

fn first_start(text: &Text<'_>) -> usize {
    text.rows.first().map_or(0, |row| row.start)
}

/// Returns whether a line is one of a list, of code or of notation.
fn is_listed(row: &Row<'_>, is_first: bool) -> bool {
    let line = row.text.trim_start();
    let first = line.chars().next().unwrap_or(' ');
    let number = line.trim_start_matches(|letter: char| letter.is_ascii_digit());
    // "#12" is the number of an issue.
    let is_issue =
        line.strip_prefix('#').is_some_and(|rest| rest.starts_with(|next: char| next.is_ascii_digit()));
    "-*+|:@>#=~$%<{[\\".contains(first) && !is_issue
        || line.starts_with("..")
        || number.len() < line.len() && number.starts_with(['.', ')'])
        || line.contains("->")
        || line.contains(" = ")
        || line.contains("  ") && !is_first
}

/// Returns whether a period may follow a paragraph.
fn may_end_here(said: &str) -> bool {
    let word = said.rsplit(char::is_whitespace).next().unwrap_or("");
    let Some(end) = said.chars().next_back() else { return false };
    // "display [expression]" is how a command is written.
    let is_closed = end.is_alphanumeric() || ")}`'\"*_%".contains(end);
    // "etc)" and a link end in what a period would become a part of.
    let is_link = word.contains("://") || word.starts_with("www.") || word.ends_with('_');
    let is_finished = !UNFINISHED.contains(&word.to_lowercase().as_str());
    is_closed && !is_link && is_finished && !is_question(said) && !(end == ')' && is_bracket_of_its_own(said))
}

/// Returns whether the closing bracket at the end has a sentence of its own inside, or no opening one: ";)".
fn is_bracket_of_its_own(said: &str) -> bool {
    let mut open = 0_usize;
    for (at, letter) in said.char_indices().rev() {
        match letter {
            ')' => open += 1,
            '(' => open = open.saturating_sub(1),
            _ => {}
        }
        if letter == '(' && open == 0 {
            return said[..at].trim_end().ends_with(['.', '!', '?']);
        }
    }
    true
}

/// Returns whether a paragraph asks: "has it been created".
fn is_question(said: &str) -> bool {
    let mut words = said.split_whitespace().map(str::to_lowercase);
    let (first, second) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
    let is_verb = |word: &str| ASKING.contains(&word);
    is_verb(&first) && ASKED.contains(&second.as_str())
        || ["how", "what", "when", "where", "which", "who", "why"].contains(&first.as_str())
            && is_verb(&second)
}

/// Returns whether a word in the middle of a paragraph may begin a sentence: it has a capital letter, and no others.
fn is_a_beginning(word: &str) -> bool {
    let word = word.trim_end_matches([',', ';', ':', '.']);
    let mut letters = word.chars();
    letters.next().is_some_and(char::is_uppercase)
        && letters.all(|letter| letter.is_lowercase() || letter == '\'')
}

/// D403: a capital letter, unless the word may be the name of a command: `do_list` is about "list [first]".
pub(super) fn capitalised(line: Row<'_>, name: &str) -> Mended {
    let mut words = line.text.split_whitespace();
    let (word, next) = (words.next()?, words.next().unwrap_or("["));
    let is_notation = next.starts_with(['[', '<', '(', '{', '-', '=', '|']);
    if is_notation && name.split('_').any(|part| part == word) || is_labelled(line.text.trim()) {
        return None;
    }
    let start = line.trimmed().start;
    let first = line.text.trim_start().chars().next().filter(char::is_ascii_lowercase)?;
    Some(vec![replacement(start, start + 1, first.to_ascii_uppercase().to_string())])
}

/// "no settings: nothing is read" begins with a label, which is written as its siblings are.
fn is_labelled(line: &str) -> bool {
    let Some((label, rest)) = line.split_once(": ") else { return false };
    label.split_whitespace().count() <= 3 && rest.trim_start().starts_with(char::is_lowercase)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_period_follows_what_is_finished() {
        for (said, expected) in [
            ("Do it", true),
            ("Do it (again)", true),
            ("Do it. (Or not)", false),
            ("It is #8759 ;)", false),
            ("Manage a block with", false),
            ("Combine them via", false),
            ("has this table been created", false),
            ("How would we do it", false),
            ("has_key for tables", true),
            ("Is the name of it", true),
            ("See https://example.org", false),
            ("", false),
        ] {
            assert_eq!(may_end_here(said), expected, "{said}");
        }
    }

    #[test]
    fn a_sentence_may_begin_with_any_plain_word() {
        for (word, expected) in
            [("Items", true), ("I'm", true), ("DataFrame", false), ("HTTP", false), ("it", false)]
        {
            assert_eq!(is_a_beginning(word), expected, "{word}");
        }
    }
}
