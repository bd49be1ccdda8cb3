//! DG207: what stands in a list and cannot be read as an entry of it.

use crate::docstring::{Section, SectionKind, Text};
use crate::python::DefinitionKind;

use super::{Answer, Finding, Rule, Subject};

/// Applies the rule.
pub(super) fn check(rule: &Rule, subject: &Subject<'_>) -> Vec<Finding> {
    let Some(docstring) = subject.docstring else { return Vec::new() };
    if !subject.owes_completeness() {
        return Vec::new();
    }
    let kind = subject.definition.kind;
    // A function has no methods, and a module raises nothing: there such titles are prose.
    let belongs = |section: &Section| match section.kind {
        SectionKind::Methods => !kind.is_function(),
        SectionKind::Raises => kind != DefinitionKind::Module,
        _ => true,
    };
    // "name - text" is as clear as with a colon, to people.
    let is_dashed = |text: &Text| {
        let line = text.value.lines().next().unwrap_or("");
        let name = line.split_once(" -- ").or_else(|| line.split_once(" - ")).map(|(name, _)| name);
        name.is_some_and(|name| name.split_whitespace().count() < 3)
    };
    let unclear = docstring.not_understood().filter(|(section, text)| belongs(section) && !is_dashed(text));
    let findings = unclear.map(|(section, text)| {
        let title = &section.title.value;
        let message = format!("the text under `{title}` cannot be read as an entry");
        subject.docstring_finding(rule, text.span, message).answered_by(Answer::Person, Some(title.clone()))
    });
    // Fields such as `:param: text` name nobody.
    let listed = |section: &&Section| !matches!(section.kind, SectionKind::Returns | SectionKind::Yields);
    let nameless = docstring.sections.iter().filter(listed).flat_map(|section| {
        section.entries.iter().filter(|entry| entry.names.is_empty()).map(move |entry| (section, entry))
    });
    let findings = findings.chain(nameless.map(|(section, entry)| {
        let title = &section.title.value;
        let message = format!("an entry of `{title}` has no name");
        subject.docstring_finding(rule, entry.span, message).answered_by(Answer::Person, Some(title.clone()))
    }));
    findings.collect()
}
