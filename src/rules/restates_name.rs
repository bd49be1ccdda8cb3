//! DG202: a docstring that says nothing but the name.

use super::{Answer, Finding, Rule, Subject};

/// Words that add nothing to a name.
const EMPTY: &[&str] =
    &["a", "an", "and", "for", "from", "given", "in", "its", "of", "on", "self", "the", "this", "to", "with"];

/// Words for what a class is, and for what a function is; of something else, they say something.
const OF_CLASSES: &[&str] = &["class", "instance", "object"];
const OF_FUNCTIONS: &[&str] = &["attribute", "constructor", "function", "method", "property"];

/// Applies the rule.
pub(super) fn check(rule: &Rule, subject: &Subject<'_>) -> Vec<Finding> {
    let Some(docstring) = subject.docstring.filter(|docstring| docstring.is_short()) else {
        return Vec::new();
    };
    let Some(summary) = &docstring.summary else { return Vec::new() };
    let definition = subject.definition;
    let name_words = words(&definition.name);
    let mut name: Vec<&str> = name_words.iter().map(|word| stem(word)).collect();
    if definition.name == "__init__" {
        name.extend(["initial", "initiali"]);
    }
    // A getter may be called by what it gets.
    let verbs = ["return", "get"];
    let kinds: &[&str] = if definition.kind.is_class() { OF_CLASSES } else { OF_FUNCTIONS };
    let summary_words = words(&summary.value);
    let is_empty = |word: &str| EMPTY.contains(&word);
    // "The close function" and "class for it" name the kind of the thing; "a function call" does not.
    let is_kind = |at: usize, word: &str| {
        kinds.iter().any(|kind| stem(kind) == stem(word))
            && summary_words.get(at + 1).is_none_or(|next| is_empty(next))
    };
    let (mut said, mut repeats) = (0, false);
    for (at, word) in summary_words.iter().enumerate() {
        if is_empty(word) || is_kind(at, word) {
            continue;
        }
        let word = stem(word);
        let is_repeated = name.contains(&word);
        if !is_repeated && (said > 0 || !verbs.contains(&word)) {
            return Vec::new();
        }
        said += 1;
        repeats |= is_repeated;
    }
    // A name of one letter says nothing that could be repeated.
    if definition.name.len() < 3 || !repeats {
        return Vec::new();
    }
    let message = format!("the docstring of {} only repeats its name", subject.called());
    vec![
        subject
            .docstring_finding(rule, summary.span, message)
            .answered_by(Answer::Person, None)
            .with_evidence(subject.evidence(definition.name_span, "the name")),
    ]
}

/// Cuts names and prose into words in small letters.
fn words(text: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut word = String::new();
    let mut before = ' ';
    for letter in text.chars().chain([' ']) {
        let begins = letter.is_uppercase() && before.is_lowercase();
        if !letter.is_alphanumeric() || begins {
            words.push(std::mem::take(&mut word));
        }
        if letter.is_alphanumeric() {
            word.extend(letter.to_lowercase());
        }
        before = letter;
    }
    words.retain(|word| !word.is_empty());
    words
}

/// Cuts off what tells the forms of one word apart, roughly.
fn stem(word: &str) -> &str {
    for ending in ["izes", "ises", "ize", "ise", "ies", "ing", "es", "ed", "s", "e", "y"] {
        if let Some(stem) = word.strip_suffix(ending).filter(|stem| stem.len() >= 3) {
            return stem;
        }
    }
    word
}
