//! Placeholders: what stands where something was to be written.

use std::sync::LazyLock;

use regex::Regex;

/// Whole sentences that say nothing, and templates wherever they stand.
///
/// The rule `placeholder-text` is for people, who write "TODO" about their code; here somebody was asked for a text.
static SENTENCE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r"(?x)
        ^ (?: [.\u{2026}?_\s-]+
          | (?i: todo | fixme | xxx | tbd | tba | tbc | n/?a | not \s applicable | none | null | nil | placeholder
                | description | summary | text | see \s above | same \s as \s above ) [.:!]?
          | (?: TODO | FIXME | XXX | TBD | TBA ) (?: \s* [:(,\[] | \s+ [-\u{2013}\u{2014}] \s ) .*
          | (?i: todo | fixme ) : .*
          | (?: TODO | FIXME | TBD ) \s+
            (?i: write | describe | document | add | fill | explain | complete | summari[sz]e | doc (?: s | string )? ) \b .*
          | [<\[{_]+ [\w\s'-]+ [>\]}_]+ [.:]?
          | (?i: add | insert | write | put | enter | fill \s+ in ) \s+ (?: (?i: a | the | your ) \s+ )?
            (?i: description | docstring | summary | documentation | text ) (?: \s+ (?i: here ) )? [.]?
          ) $",
    )
    .ok()
});

static ANYWHERE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r"(?xi)
        \b lorem \s+ ipsum \s+ dolor \b
        | [\[<] (?: insert | add | your | describe | fill \s in | placeholder | todo | tbd ) \b [^\]>\n]* [\]>]",
    )
    .ok()
});

/// Returns whether a text, or one of its sentences, stands for another that was to be written.
pub(super) fn is_placeholder(text: &str) -> bool {
    let (Some(sentence), Some(anywhere)) = (SENTENCE.as_ref(), ANYWHERE.as_ref()) else { return true };
    let text = text.trim();
    // "None." is one as a whole text; behind others it may answer a question.
    let first = text.trim_matches('`');
    sentence.is_match(first)
        || anywhere.is_match(text)
        || text.split_inclusive(['\n']).flat_map(|line| line.split(". ")).skip(1).any(|part| {
            let part = part.trim();
            part.starts_with(|letter: char| letter.is_alphabetic()) && is_mark(part)
        })
}

/// Returns whether a sentence is one of the marks that programmers leave.
fn is_mark(sentence: &str) -> bool {
    let word = sentence.trim_end_matches(['.', ':', '!']);
    ["TODO", "FIXME", "XXX", "TBD", "TBA", "TBC", "N/A"].contains(&word)
        || sentence.starts_with("TODO:")
        || sentence.starts_with("FIXME:")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_for_a_text_is_found() {
        for text in [
            "...",
            "…",
            "….",
            "-",
            "???",
            "TODO",
            "TODO.",
            "todo: write this.",
            "TODO: summarise.",
            "FIXME",
            "TBD.",
            "N/A.",
            "n/a",
            "NA",
            "None.",
            "`None`",
            "null",
            "XXX.",
            "<summary>.",
            "<description>",
            "[Insert summary here].",
            "[summary]",
            "_summary_.",
            "__description__",
            "{description}",
            "The level [insert unit].",
            "The <your text here> of it.",
            "Lorem ipsum dolor sit amet.",
            "Add a description here.",
            "Write the docstring.",
            "Description.",
            "Not applicable.",
            "The level. TODO.",
            "The level.\nTBD",
            "The level. TODO: the unit.",
            "TODO describe it.",
            "Placeholder.",
        ] {
            assert!(is_placeholder(text), "{text}");
        }
    }

    #[test]
    fn a_text_about_such_things_is_none() {
        for text in [
            "The level.",
            "None if there is no level.",
            "TODO comments of a file.",
            "Add a description to a page.",
            "Write the text to a file.",
            "The text to show.",
            "Whether it is so... or not.",
            "A list of <name> tags.",
            "(Optional) the level.",
            "(Other than the level of the water.)",
            "(a // b, a % b)",
            "<142480216486.20800@nightshade>",
            "[a, b] or [c].",
            "Return the description.",
            "_private names are left out.",
            "The summary of a page.",
            "The name. None for all of them.",
            "Replaces [added] by [removed].",
            "A sentence of lorem ipsum.",
        ] {
            assert!(!is_placeholder(text), "{text}");
        }
    }
}
