//! DOC201, DOC202, DOC402, DOC403: what a function gives back, and what its docstring says about it.

use crate::docstring::{Docstring, Section, SectionKind, Style, Types};
use crate::python::{Definition, last_part};

use super::doubtful_type::tells;
use super::prose::{
    Prose, has_unmarked_field, is_without_lists, returns_beside_lists, says_returned, says_yielded,
    stands_for_another, yields_beside_lists,
};
use super::subject::{is_replaced, is_without_code};
use super::support::{variants, words};
use super::types::yielded as yielded_type;
use super::{Answer, Finding, Remedy, Rule, Severity, Slot, Subject};

/// What is asked about results.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ResultOptions {
    /// Whether a function that returns `None` by its annotation must say so.
    pub of_nothing: bool,
    /// Whether a generator that yields nothing must say so.
    pub yields_of_nothing: bool,
}

/// DOC201: a value is returned and not documented.
pub(super) fn missing_returns(rule: &Rule, subject: &Subject<'_>) -> Vec<Finding> {
    let Some((docstring, definition)) = judged(subject) else { return Vec::new() };
    let Some(returned) = definition.body.returned_value() else { return Vec::new() };
    let text = subject.file.docstring_text(definition).unwrap_or("");
    let in_words = || {
        // What hands a generator on may say what that yields.
        docstring.section(SectionKind::Yields).is_some()
            || begins_with(text, "return")
            || says(subject, docstring, says_returned)
            || stands_for_another(text)
            || is_without_lists(docstring) && (names_type(docstring, definition) || refers(subject))
    };
    let said = docstring.section(SectionKind::Returns).is_some()
        || definition.name == "__new__"
        || !subject.owes_completeness()
        || definition.body.is_generator()
        || definition.is_property()
        || definition.signature.returns_nothing() && !subject.settings.options.results.of_nothing;
    if said || subject.is_short() || !subject.sections_only() && in_words() {
        return Vec::new();
    }
    if !subject.own_code_only() && (hands_nothing_on(subject) || gives_what_is_known(subject)) {
        return Vec::new();
    }
    let message = format!("{} returns a value and does not say which", subject.called());
    let evidence = subject.evidence(returned.span, "returns a value");
    let finding = subject
        .finding(rule, definition.anchor(), message)
        .answered_by(listed_type(subject, docstring, SectionKind::Returns), None);
    vec![finding.with_evidence(evidence)]
}

/// Methods that give themselves are called for what they do, and what the language calls gives what it asks for.
fn gives_what_is_known(subject: &Subject<'_>) -> bool {
    let definition = subject.definition;
    let receiver = definition.signature.parameters.first().filter(|_| definition.signature.has_receiver);
    let is_receiver = |statement: &str| {
        let value = statement.strip_prefix("return").map(str::trim);
        value.is_some() && value == receiver.map(|receiver| receiver.name.as_str())
    };
    // So do they where what they call in its place does: `return self.where(key)` under `-> Self`.
    let is_self = definition.signature.returns.as_deref().is_some_and(|class| last_part(class) == "Self");
    let hands_on = |statement: &str| {
        let call = statement.strip_prefix("return").map(str::trim);
        let rest = call.zip(receiver).and_then(|(call, receiver)| call.strip_prefix(receiver.name.as_str()));
        is_self && rest.is_some_and(|rest| rest.starts_with('.'))
    };
    let mut values = definition.body.returns.iter().filter(|found| found.value);
    definition.is_dunder() && definition.name != "__call__"
        || values.all(|found| {
            let statement = found.span.of(&subject.file.text);
            is_receiver(statement) || hands_on(statement)
        })
}

/// DOC202: a returned value is documented and nothing is returned.
pub(super) fn extraneous_returns(rule: &Rule, subject: &Subject<'_>) -> Vec<Finding> {
    let Some((docstring, definition)) = judged(subject) else { return Vec::new() };
    let Some(section) = docstring.section(SectionKind::Returns) else { return Vec::new() };
    let own_code_only = subject.own_code_only();
    let returns = definition.body.returned_value().is_some()
        || definition.is_property()
        || definition.signature.returns.is_some() && !definition.signature.returns_nothing();
    // A generator gives its caller an iterator.
    let gives = returns || definition.body.is_generator() && !own_code_only;
    if gives || subject.is_interface() || says_none(section) {
        return Vec::new();
    }
    let message = format!("documents a returned value, and {} has no `return` of one", subject.called());
    let finding = subject.docstring_finding(rule, section.title.span, message);
    vec![
        removed(doubted(finding, subject), rule, section)
            .with_evidence(subject.evidence(definition.header, "no `return` gives a value")),
    ]
}

/// DOC402: values are yielded and not documented.
pub(super) fn missing_yields(rule: &Rule, subject: &Subject<'_>) -> Vec<Finding> {
    let Some((docstring, definition)) = judged(subject) else { return Vec::new() };
    let of_nothing = subject.settings.options.results.yields_of_nothing;
    let Some(yielded) = definition.body.yields.iter().find(|found| found.value || of_nothing) else {
        return Vec::new();
    };
    let text = subject.file.docstring_text(definition).unwrap_or("");
    let in_words = || {
        // A generator may be described by what it gives to its caller, an iterator; a context manager always is.
        docstring.section(SectionKind::Returns).is_some()
            || begins_with(text, "yield")
            || yields_beside_lists(docstring)
            || says(subject, docstring, says_yielded)
    };
    let said = docstring.section(SectionKind::Yields).is_some()
        || definition.has_decorator("coroutine")
        || !subject.owes_completeness();
    if said || subject.is_short() || !subject.sections_only() && in_words() {
        return Vec::new();
    }
    let message = format!("{} yields values and does not say which", subject.called());
    let evidence = subject.evidence(yielded.span, "yields a value");
    let finding = subject
        .finding(rule, definition.anchor(), message)
        .answered_by(listed_type(subject, docstring, SectionKind::Yields), None);
    vec![finding.with_evidence(evidence)]
}

/// DOC403: yielded values are documented and nothing is yielded.
pub(super) fn extraneous_yields(rule: &Rule, subject: &Subject<'_>) -> Vec<Finding> {
    let Some((docstring, definition)) = judged(subject) else { return Vec::new() };
    let Some(section) = docstring.section(SectionKind::Yields) else { return Vec::new() };
    let annotation = definition.signature.returns.as_deref().unwrap_or("");
    let iterates = ["Iter", "Generator"].iter().any(|word| annotation.contains(word));
    // What is handed on may be an iterator, and then the text is right about a loop over it.
    let text = subject.file.text.as_str();
    let mut returns = definition.body.returns.iter().filter(|found| found.value);
    let hands_on = returns.any(|found| !is_display(found.span.of(text)));
    let may_iterate = iterates || hands_on;
    if definition.body.is_generator() || subject.is_interface() || may_iterate && !subject.own_code_only() {
        return Vec::new();
    }
    let message = format!("documents yielded values, and {} has no `yield` of its own", subject.called());
    let mut finding = subject.docstring_finding(rule, section.title.span, message);
    if may_iterate || definition.body.returned_value().is_some() {
        finding.severity = finding.severity.min(Severity::Warning);
    }
    vec![
        removed(doubted(finding, subject), rule, section)
            .with_evidence(subject.evidence(definition.header, "there is no `yield`")),
    ]
}

/// Returns whether what is returned is only what functions of the file give that give nothing: `return self.put(item)`.
fn hands_nothing_on(subject: &Subject<'_>) -> bool {
    let (file, definition) = (subject.file, subject.definition);
    let gives_nothing = |statement: &str| {
        let call = statement.strip_prefix("return").unwrap_or("").trim_start();
        let Some((called, _)) = call.split_once('(') else { return false };
        let class = file.parent(definition).filter(|parent| parent.kind.is_class());
        let name = match (called.strip_prefix("self."), class) {
            (Some(method), Some(class)) => format!("{}.{method}", class.qualified_name),
            _ => called.to_owned(),
        };
        let mut found = variants(file, &name).peekable();
        found.peek().is_some()
            && call.ends_with(')')
            && call.matches('(').count() == 1
            && found.all(|found| {
                found.kind.is_function()
                    && found.body.returned_value().is_none()
                    && !found.body.is_generator()
                    && !is_replaced(found)
                    && !is_without_code(found)
            })
    };
    definition
        .body
        .returns
        .iter()
        .filter(|found| found.value)
        .all(|found| gives_nothing(found.span.of(&file.text)))
}

/// Returns whether the text says that something else describes the function.
fn refers(subject: &Subject<'_>) -> bool {
    Prose::of(subject.file.docstring_text(subject.definition).unwrap_or("")).refers_elsewhere()
}

/// Returns whether the summary begins with what the annotation says is returned: "tzinfo of the bound", "dict {name -> label}".
fn names_type(docstring: &Docstring, definition: &Definition) -> bool {
    let summary = docstring.summary.as_ref().map_or("", |text| text.value.as_str());
    let annotation = definition.signature.returns.as_deref().unwrap_or("");
    let mut first = words(summary).filter(|word| !matches!(*word, "A" | "An" | "The" | "a" | "an" | "the"));
    let first = first.next().unwrap_or("");
    first.len() > 2 && words(annotation).any(|word| word.eq_ignore_ascii_case(first))
}

/// Returns whether a `return` statement gives a value that is written out: a list, a text, a number.
fn is_display(statement: &str) -> bool {
    let value = statement.strip_prefix("return").unwrap_or(statement).trim_start();
    let written = |first: char| "[{'\"".contains(first) || first.is_ascii_digit();
    value.starts_with(written) || ["True", "False"].contains(&value)
}

/// Returns whether the text says a result in words; beside lists it must say so plainly.
fn says(subject: &Subject<'_>, docstring: &Docstring, says: fn(&str, &str) -> bool) -> bool {
    let text = subject.file.docstring_text(subject.definition).unwrap_or("");
    // What a fixture of a test gives stands for its name, as with a property.
    subject.definition.has_decorator("fixture")
        || returns_beside_lists(docstring)
        || has_unmarked_field(text)
        || is_without_lists(docstring) && says(text, &subject.definition.name)
}

fn judged<'a>(subject: &Subject<'a>) -> Option<(&'a Docstring, &'a Definition)> {
    let judged = subject.definition.kind.is_function() && !subject.definition.has_decorator("overload");
    judged.then_some((subject.judged_docstring()?, subject.definition))
}

/// What stands in the place of a decorated function may give what the function does not.
fn doubted(mut finding: Finding, subject: &Subject<'_>) -> Finding {
    let definition = subject.definition;
    let body = &definition.body;
    // A method that only refuses stands in for those of its subclasses; one that may refuse and goes on does not.
    let only_refuses = !body.raises.is_empty() && !subject.file.code(definition).falls_through;
    if is_replaced(definition) || body.is_generator() || only_refuses {
        finding.severity = finding.severity.min(Severity::Warning);
    }
    finding
}

/// Answers that a section goes; only one without a description, of which nobody doubts it, loses no words.
fn removed(finding: Finding, rule: &Rule, section: &Section) -> Finding {
    let is_doubted = finding.severity < rule.severity;
    let answer = removal(section);
    let answer = match answer {
        Answer::Repair(remedy) if is_doubted => Answer::UnsafeRepair(remedy),
        answer => answer,
    };
    finding.answered_by(answer, None)
}

/// Answers that a section goes.
pub(super) fn removal(section: &Section) -> Answer {
    let remedy = Remedy::RemoveSection(section.kind);
    let is_bare = section.text.is_none() && section.entries.iter().all(|entry| entry.description.is_none());
    if is_bare { Answer::Repair(remedy) } else { Answer::UnsafeRepair(remedy) }
}

/// Answers with the annotation where a type says enough: numpydoc's sections may hold nothing else.
fn listed_type(subject: &Subject<'_>, docstring: &Docstring, kind: SectionKind) -> Answer {
    let slot = if kind == SectionKind::Yields { Slot::Yields } else { Slot::Returns };
    let annotation = subject.definition.signature.returns.as_deref();
    let annotation = if kind == SectionKind::Yields { annotation.and_then(yielded_type) } else { annotation };
    let is_plain = |written: &&str| {
        written.trim() != "None"
            && written.len() <= 60
            && !written.contains(['\n', '\r', '\\', '#', '"', '\''])
    };
    let wanted = subject.settings.house.types != Types::Never && docstring.dominant() == Style::Numpy;
    // A list of its own shows that the style is meant.
    let has_list =
        docstring.sections.iter().any(|section| section.style == Style::Numpy && !section.entries.is_empty());
    let annotation = annotation.filter(is_plain).filter(|_| wanted && has_list);
    match annotation.filter(|annotation| tells(subject, annotation)) {
        Some(annotation) => {
            Answer::Repair(Remedy::AddResult { kind, type_text: annotation.trim().to_owned() })
        }
        None => Answer::Generate(slot),
    }
}

/// Returns whether a paragraph begins with a word, or with its form for the third person.
fn begins_with(text: &str, word: &str) -> bool {
    text.lines().any(|line| {
        let first = line.split_whitespace().next().unwrap_or("").to_lowercase();
        first == word || first.strip_suffix('s') == Some(word)
    })
}

/// "Returns: None" is superfluous, and true.
pub(super) fn says_none(section: &Section) -> bool {
    let entries = section.entries.iter().flat_map(|entry| entry.type_text.iter().chain(&entry.description));
    let texts: Vec<&str> = entries.chain(&section.text).map(|text| text.value.as_str()).collect();
    let said = texts.join(" ").to_lowercase();
    let words: Vec<&str> = said
        .split(|character: char| !character.is_alphanumeric() && character != '\'')
        .filter(|word| !word.is_empty())
        .collect();
    let Some(first) = words.first() else { return true };
    let nothing = matches!(*first, "none" | "nothing" | "no" | "never" | "void" | "n" | "doesn't" | "nil");
    nothing
        || words.windows(2).any(|pair| {
            matches!(
                pair,
                ["does", "not"]
                    | ["never", "returns" | "return"]
                    | ["only", "returns"]
                    | ["return" | "returns" | "always", "none" | "nothing"]
            )
        })
}
