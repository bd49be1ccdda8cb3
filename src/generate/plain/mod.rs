//! What a text of an answer may be: plain prose, true to the place it is written for.
//!
//! Whoever writes for a model is not asked: these are facts about a text, with the code it is about for the only other source.
//! Each file is one thing that a text may not have; what is wrong is said in words that a writer can act on.

mod address;
mod characters;
mod leaked;
mod markup;
mod placeholder;
mod repetition;

pub(super) use address::has_address;
pub(super) use characters::is_unsafe;
pub(super) use leaked::has_secret;
pub(super) use repetition::{only_repeats, restates_name};

/// The longest text of one slot, in characters.
const LONGEST_TEXT: usize = 600;

/// Lists what is wrong with prose about the code of a file.
pub(super) fn wrong_in_prose(text: &str, code: &str) -> Vec<String> {
    let mut reasons = wrong_in_code(text, code);
    if is_too_long(text) {
        return reasons;
    }
    if markup::has_structure(text) {
        reasons.push("a text reads as a section or a field of its own".to_owned());
    }
    if placeholder::is_placeholder(text) {
        reasons.push("a text is a placeholder".to_owned());
    }
    reasons.extend(markup::kinds(text, code).map(|kind| format!("a text has {kind}: write plain sentences")));
    reasons
}

/// Lists what is wrong with a text wherever it is to stand, be it prose or an example.
pub(super) fn wrong_in_code(text: &str, code: &str) -> Vec<String> {
    if is_too_long(text) {
        // There is no use in reading it: it may be as long as answers can be.
        return vec![format!("a text is longer than {LONGEST_TEXT} characters")];
    }
    let mut reasons = Vec::new();
    if text.chars().any(is_unsafe) {
        reasons.push("a text has control or invisible characters".to_owned());
    }
    if text.contains("\"\"\"") || text.contains("'''") || text.contains("```") || text.contains(">>>") {
        reasons.push("a text has quotes, fences or prompts that do not belong into a docstring".to_owned());
    }
    if has_address(text, code) {
        reasons.push("a text has an address that the code does not have".to_owned());
    }
    if has_secret(text, code) {
        reasons.push("a text has what looks like a secret, and the code does not have it".to_owned());
    }
    reasons
}

fn is_too_long(text: &str) -> bool {
    text.chars().nth(LONGEST_TEXT).is_some()
}
