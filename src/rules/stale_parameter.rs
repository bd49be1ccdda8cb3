//! DG101: the text speaks of a parameter that this change took away.
//!
//! What the list of parameters says is DOC102's business; here it is the prose, where the name stands in backticks.

use crate::docstring::{Docstring, SectionKind};
use crate::python::Span;

use super::history::is_history;
use super::support::words;
use super::{Answer, Finding, Rule, Subject};

/// Applies the rule.
pub(super) fn check(rule: &Rule, subject: &Subject<'_>) -> Vec<Finding> {
    let (Some(docstring), Some(base)) = (subject.docstring, subject.base) else { return Vec::new() };
    let Some(before) = base.docstring.as_ref().filter(|_| base.kind.is_function()) else { return Vec::new() };
    let now = &subject.definition.signature.parameters;
    let gone = base.signature.parameters.iter().map(|parameter| parameter.name.as_str());
    let gone: Vec<&str> = gone.filter(|name| !now.iter().any(|parameter| parameter.name == *name)).collect();
    if gone.is_empty() {
        return Vec::new();
    }
    // What the code still calls by that name may be meant.
    let in_code = code_of(subject);
    let mut findings = Vec::new();
    for name in gone {
        if words(in_code).any(|word| word == name) {
            continue;
        }
        let Some((span, sentence)) = mention(subject, docstring, name) else { continue };
        // Somebody who writes that it is gone says something true.
        if !before.value.contains(sentence.trim()) {
            continue;
        }
        let message = format!("says \"{}\", and the parameter `{name}` is gone", shortened(&sentence));
        let finding = subject
            .docstring_finding(rule, span, message)
            .answered_by(Answer::Person, Some(name.to_owned()))
            .with_evidence(subject.evidence(subject.definition.header, "the signature"));
        findings.push(finding);
    }
    findings
}

fn code_of<'a>(subject: &Subject<'a>) -> &'a str {
    let definition = subject.definition;
    let end = definition.docstring.as_ref().map_or(definition.header.end, |literal| literal.span.end);
    subject.file.text.get(end..definition.span.end).unwrap_or("")
}

/// Returns where a name stands in backticks as something that is there, outside the entry of that name, and the
/// line around it.
fn mention(subject: &Subject<'_>, docstring: &Docstring, name: &str) -> Option<(Span, String)> {
    let text = subject.file.docstring_text(subject.definition)?;
    let entries = docstring.sections.iter().flat_map(|section| {
        let listed = matches!(section.kind, SectionKind::Parameters | SectionKind::OtherParameters);
        section
            .entries
            .iter()
            .filter(move |entry| !(listed && entry.names.iter().any(|found| found.value == name)))
    });
    let prose = docstring.summary.iter().chain(&docstring.description);
    let texts = prose.chain(entries.filter_map(|entry| entry.description.as_ref()));
    let marked = format!("`{name}`");
    for found in texts {
        let source = found.span.of(text);
        for (at, _) in source.match_indices(&marked) {
            let start = found.span.start + at + 1;
            let end = start + name.len();
            if is_history(text, (start, end)) {
                continue;
            }
            let line = source.get(..at).map_or(0, |before| before.rfind('\n').map_or(0, |line| line + 1));
            let sentence = source.get(line..).and_then(|rest| rest.lines().next()).unwrap_or("");
            return Some((Span::new(start, end), sentence.trim().to_owned()));
        }
    }
    None
}

/// Returns a text as a message quotes it.
pub(super) fn shortened(text: &str) -> String {
    const MOST: usize = 80;
    let plain = text.trim();
    match plain.char_indices().nth(MOST) {
        Some((end, _)) => format!("{}…", plain.get(..end).unwrap_or("")),
        None => plain.to_owned(),
    }
}
