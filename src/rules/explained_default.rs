//! Defaults that differ from what a text claims, where the entry or the code says how the two go together.
//!
//! DG102 asks here before it reports; what is claimed, and whether it differs, is for `stale_default` to say.

use crate::docstring::Entry;

use super::Subject;
use super::stale_default::{Claim, Plain, same_value};
use super::support::words;

/// Returns whether a default only marks that the caller passed nothing; what happens then is another value.
pub(super) fn is_mark(default: &str) -> bool {
    const MARKS: &[&str] = &["warn", "deprecated", "removed", "missing", "unset", "not given", "no_default"];
    matches!(Plain::of(default), Some(Plain::Text(text)) if MARKS.contains(&text.to_lowercase().trim_matches(['_', '<', '>'])))
}

/// Returns whether the entry, or the code, says how the claim and the default go together.
pub(super) fn is_explained(
    subject: &Subject<'_>,
    entry: &Entry,
    (claim, name, default): (&Claim, &str, &str),
) -> bool {
    let text = subject.file.docstring_text(subject.definition).unwrap_or("");
    let said = entry.span.of(text);
    if let (Some(Plain::Text(one)), Some(Plain::Text(other))) =
        (Plain::of_claim(&claim.value), Plain::of(default))
        && are_synonyms(&one, &other, said)
    {
        return true;
    }
    is_mark(default) && (tells_of_a_change(said) || is_mark_replaced(subject, claim, (name, default)))
}

/// Two texts are one value when only their case differs, when one abbreviates the other to its first letter, and
/// when the entry calls them the same.
fn are_synonyms(one: &str, other: &str, said: &str) -> bool {
    let (one, other) = (one.to_lowercase(), other.to_lowercase());
    let abbreviates = |short: &str, long: &str| {
        short.chars().count() == 1 && long.chars().count() > 2 && long.starts_with(short)
    };
    if one == other || abbreviates(&one, &other) || abbreviates(&other, &one) {
        return true;
    }
    let said = said.to_lowercase();
    let quoted = |line: &str, text: &str| {
        ["'", "\"", "`"].iter().any(|quote| line.contains(&format!("{quote}{text}{quote}")))
    };
    let equates = [
        "alias",
        "synonym",
        "equivalent",
        "same as",
        "short for",
        "abbreviat",
        "is the same",
        "are the same",
    ];
    let mut sentences = said.split(". ").flat_map(|part| part.split("\n\n"));
    sentences.any(|sentence| {
        equates.iter().any(|word| sentence.contains(word))
            && quoted(sentence, &one)
            && quoted(sentence, &other)
    })
}

/// Returns whether an entry says that its parameter is on its way out, or its default to another one.
fn tells_of_a_change(said: &str) -> bool {
    let plain = said.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase();
    ["deprecated", "will change", "will be changed", "will become", "is going to change", "will be removed"]
        .iter()
        .any(|phrase| plain.contains(phrase))
}

/// Returns a value without the comment behind it.
fn without_comment(value: &str) -> &str {
    value.split_once(" #").map_or(value, |(value, _)| value).trim()
}

/// Returns whether the code puts the claimed value in the place of a mark: `if a == "warn": a = None`.
fn is_mark_replaced(subject: &Subject<'_>, claim: &Claim, (name, default): (&str, &str)) -> bool {
    const NEAR: usize = 12;
    let Some((_, owner)) = subject.described_signature() else { return false };
    let around = subject.file.parent(owner).filter(|parent| parent.kind.is_class()).unwrap_or(owner);
    let code = subject.file.text.get(around.span.start..around.span.end).unwrap_or("");
    let mark = default.trim_matches(['"', '\'']);
    let mut near = 0;
    for line in code.lines() {
        let compares = line.contains("==") || line.contains(" is ") || line.contains(" in ");
        if compares && words(line).any(|word| word == mark) && words(line).any(|word| word == name) {
            near = NEAR;
        }
        if near == 0 {
            continue;
        }
        near -= 1;
        let assigns = line.split_once('=').is_some_and(|(target, value)| {
            // Right below, another variable may take the part of the parameter.
            (near + 2 >= NEAR || words(target).any(|word| word == name))
                && same_value(&claim.value, without_comment(value.trim_start_matches('=')))
        });
        if assigns {
            return true;
        }
    }
    false
}
