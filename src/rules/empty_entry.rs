//! DG203: an entry of a list that says nothing about what it names.

use std::cell::LazyCell;

use crate::docstring::{Docstring, Entry, SectionKind, Text};
use crate::python::Found;

use super::prose::Prose;
use super::support::words;
use super::{Answer, Finding, Rule, Subject};

/// Applies the rule.
pub(super) fn check(rule: &Rule, subject: &Subject<'_>) -> Vec<Finding> {
    let Some(docstring) = subject.judged_docstring() else { return Vec::new() };
    let written = subject.touched.added || subject.touched.docstring;
    let kinds = [
        SectionKind::Parameters,
        SectionKind::OtherParameters,
        SectionKind::Attributes,
        SectionKind::Raises,
        SectionKind::Warns,
    ];
    let is_empty = |entry: &Entry| {
        !entry.type_text.as_ref().is_some_and(|said| is_prose(&said.value) || are_values(&said.value))
            && entry.description.as_ref().is_none_or(|description| description.value.trim().is_empty())
    };
    let around = docstring.summary.iter().chain(&docstring.description).chain(results(docstring));
    let around = LazyCell::new(|| around.map(|text| Prose::of(&text.value)).collect::<Vec<_>>());
    let of_kind = |kind| docstring.entries(kind).map(move |entry| (kind, entry));
    let entries = kinds.into_iter().filter(|_| written).flat_map(of_kind);
    let mut findings = Vec::new();
    for (kind, entry) in entries.filter(|(_, entry)| is_empty(entry)) {
        let Some(name) = entry.names.first() else { continue };
        // "True if `key` is in `cat`" says what both are; a longer name is no other word, either: "each label of target".
        let is_long = name.value.len() > 3;
        if around.iter().any(|prose| prose.points_at(&name.value) || is_long && prose.has_any(&name.value)) {
            continue;
        }
        let is_attribute = kind == SectionKind::Attributes;
        if is_nothing(&name.value) || is_attribute && is_described_elsewhere(subject, entry, &name.value) {
            continue;
        }
        let message = format!("names `{}` and says nothing about it", name.value);
        let finding = subject
            .docstring_finding(rule, name.span, message)
            .answered_by(Answer::Person, Some(name.value.clone()));
        findings.push(finding);
    }
    findings
}

/// Returns what is said about results, where "filled with value" explains `value`.
fn results(docstring: &Docstring) -> impl Iterator<Item = &Text> {
    let results = [SectionKind::Returns, SectionKind::Yields];
    let entries = results.into_iter().flat_map(|kind| docstring.entries(kind));
    entries.flat_map(|entry| entry.description.iter().chain(&entry.type_text))
}

/// Returns whether what stands in the place of a type says more: "array of the quantiles to find".
fn is_prose(said: &str) -> bool {
    const WORDS: &[&str] = &[
        "the",
        "to",
        "for",
        "that",
        "which",
        "whether",
        "if",
        "when",
        "where",
        "used",
        "from",
        "containing",
        "whose",
    ];
    // "(POSIX only)"
    if words(said).any(|word| word == "only") {
        return true;
    }
    words(said).filter(|word| word.chars().all(char::is_alphabetic)).count() > 2
        && words(said).any(|word| WORDS.contains(&word))
}

/// "np.sum or np.prod" says what may be passed, and not of what type it is.
fn are_values(said: &str) -> bool {
    let mut parts = said.split(" or ");
    said.contains(" or ") && parts.all(|part| part.contains('.') && !part.contains(char::is_uppercase))
}

/// "Attributes: None" lists nothing.
fn is_nothing(name: &str) -> bool {
    matches!(name.to_lowercase().as_str(), "none" | "n/a" | "nothing")
}

/// Returns whether an attribute has a docstring of its own, or may have one in a base that is not in sight.
///
/// Properties are listed by their names alone, says numpydoc.
fn is_described_elsewhere(subject: &Subject<'_>, entry: &Entry, name: &str) -> bool {
    let (file, class) = (subject.file, subject.definition.index);
    let is_documented = |found: &Found<'_>, index: usize| found.file.definitions[index].docstring.is_some();
    let inquiry = subject.settings.modules.inquiry(subject.path, file);
    let own = inquiry.own(class);
    if own.file.members(class, name).iter().any(|index| is_documented(&own, *index)) {
        return true;
    }
    if !subject.definition.kind.is_class() {
        return false;
    }
    let ancestry = inquiry.ancestry(class);
    // A stub leaves the text to what it is the stub of.
    let inherits = ancestry.classes.iter().any(|base| {
        let members = base.file.members(base.index, name);
        members.iter().any(|index| base.path.is_stub() || is_documented(base, *index))
    });
    // With a type beside it, it is more than a list of names.
    inherits || entry.type_text.is_none() && !ancestry.unseen.is_empty()
}
