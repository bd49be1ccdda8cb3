//! DOC501, DOC502: what a function raises, and what its docstring says about it.
//!
//! Exceptions that a helper of the same file raises are evidence for the text. Where the code calls what the
//! file does not show, a documented exception cannot be refuted and only warns.

use std::collections::{BTreeSet, HashSet};

use crate::docstring::{Docstring, Name, SectionKind, Style};
use crate::python::{Definition, ParsedFile, Raise, Span, built_in_base, last_part};

use super::hierarchy::{Kinship, is_exception_name, kinship};
use super::prose::{is_without_lists, says_in_words, says_raised};
use super::stale_raise::is_told;
use super::support::{Support, Verdict, words};
use super::{Answer, Finding, Remedy, Rule, Severity, Slot, Subject};

/// Returns whether a function may raise an exception, as far as anybody can see.
pub(crate) fn may_raise(subject: &Subject<'_>, name: &str) -> bool {
    let definition = subject.definition;
    let support = Support::of(subject.sight(), definition);
    subject.is_interface()
        || definition.has_decorator("overload")
        || definition.is_property() && support.calls()
        || support.is_open()
        || support.verdict(name) == Verdict::Supported
}

/// Returns the exceptions that a text begins with: classes of the language or the file, or called like one.
pub(crate) fn named_exceptions<'t>(file: &'t ParsedFile, text: &'t str) -> impl Iterator<Item = &'t str> {
    let is_known =
        |word: &str| is_error_name(word) || is_exception_name(word) && file.classes(word).next().is_some();
    leading_of(text, is_known)
}

/// DOC501: an exception is raised and not documented.
pub(super) fn missing(rule: &Rule, subject: &Subject<'_>) -> Vec<Finding> {
    let Some(docstring) = subject.judged_docstring() else { return Vec::new() };
    let definition = subject.definition;
    let left_to_class = subject.is_left_to_class(SectionKind::Raises);
    if !definition.kind.is_function()
        || subject.is_short()
        || subject.is_interface()
        || left_to_class
        || !subject.owes_completeness()
    {
        return Vec::new();
    }
    let documented: Vec<&str> = documented(docstring).map(|(name, _)| name).collect();
    let listed: Vec<&str> = entries(docstring).map(|name| name.value.as_str()).collect();
    let text = subject.file.docstring_text(definition).unwrap_or("");
    let mentioned: HashSet<&str> = words(text).collect();
    let is_vague = is_without_lists(docstring) && says_raised(text);
    let mut seen = HashSet::new();
    let mut findings = Vec::new();
    for raise in &definition.body.raises {
        let Some(exception) = &raise.exception else { continue };
        let name = last_part(exception);
        let covers = |found: &&str| {
            last_part(found) == name || kinship(subject.sight(), exception, found) == Kinship::Derived
        };
        let in_words = || {
            documented.iter().any(covers)
                || mentioned.contains(&name)
                || is_vague
                || says_in_words(text, name)
                || mentioned.iter().filter(|word| is_error_name(word)).any(covers)
        };
        let said = listed.iter().any(|found| last_part(found) == name)
            || name == "NotImplementedError"
            // What must not happen is no part of what is promised.
            || !subject.sections_only() && (name == "AssertionError" || in_words());
        if said || !seen.insert(name) {
            continue;
        }
        let message = format!("{} raises `{exception}` and does not say so", subject.called());
        let finding = subject
            .finding(rule, definition.anchor(), message)
            .answered_by(with_its_message(subject, docstring, exception), Some(exception.clone()))
            .with_evidence(subject.evidence(raise.span, format!("raises `{exception}`")));
        findings.push(finding);
    }
    findings
}

/// DOC502: an exception is documented and nothing raises it.
pub(super) fn extraneous(rule: &Rule, subject: &Subject<'_>) -> Vec<Finding> {
    let Some(docstring) = subject.judged_docstring() else { return Vec::new() };
    let definition = subject.definition;
    if !definition.kind.is_function() || subject.is_interface() || definition.has_decorator("overload") {
        return Vec::new();
    }
    let by_letter = subject.own_code_only();
    let mut names: Vec<(&str, Span)> = documented(docstring).collect();
    if by_letter && subject.sections_only() {
        names.extend(no_names(docstring));
    }
    names.retain(|(name, _)| is_exception_name(name));
    if names.is_empty() {
        return Vec::new();
    }
    let support = Support::of(subject.sight(), definition);
    // The object that a property gives may raise when it is used.
    let gives_object = definition.is_property() && definition.body.returned_value().is_some();
    let mut findings = Vec::new();
    for (name, span) in names {
        let verdict = support.verdict(name);
        let told = matches!(verdict, Verdict::Possible(_)) && is_told(subject, name);
        let cannot_deny = support.is_open() || gives_object && support.calls();
        let is_allowed = verdict == Verdict::Supported || cannot_deny;
        let passes = if by_letter { raises_itself(definition, name) } else { is_allowed };
        if told || passes {
            continue;
        }
        let refuted = verdict == Verdict::Refuted && !is_allowed && !name.contains(' ');
        let itself = if refuted { "" } else { " itself" };
        let message = format!("documents `{name}`, which {} does not raise{itself}", subject.called());
        let answer = removal(docstring, name, refuted);
        let mut finding =
            subject.docstring_finding(rule, span, message).answered_by(answer, Some(name.to_owned()));
        if !refuted {
            finding.severity = finding.severity.min(Severity::Warning);
        }
        let (place, evidence) = match verdict {
            Verdict::Possible(place) => (place, "could come from here, which the file does not show"),
            _ if refuted => (definition.header, "nothing in it raises that"),
            _ => (definition.header, "it has no `raise` of that"),
        };
        findings.push(finding.with_evidence(subject.evidence(place, evidence)));
    }
    findings
}

/// Answers that the entry of an exception goes; it is safe where nothing raises it and no description is lost.
pub(super) fn removal(docstring: &Docstring, name: &str, is_refuted: bool) -> Answer {
    let entry = docstring
        .entries(SectionKind::Raises)
        .find(|entry| entry.names.iter().any(|found| found.value == name));
    let remedy = Remedy::RemoveException(name.to_owned());
    match entry {
        Some(entry) if is_refuted && entry.description.is_none() => Answer::Repair(remedy),
        Some(_) => Answer::UnsafeRepair(remedy),
        None => Answer::Person,
    }
}

/// Answers with the condition that the message of the only place that raises an exception tells, where the docstring lists others.
fn with_its_message(subject: &Subject<'_>, docstring: &Docstring, exception: &str) -> Answer {
    let raises = &subject.definition.body.raises;
    let mut same = raises.iter().filter(|raise| {
        raise.exception.as_deref().is_some_and(|name| last_part(name) == last_part(exception))
    });
    let message = match (same.next(), same.next()) {
        (Some(raise), None) if is_only_condition(subject, raise) => {
            raise.message.as_deref().and_then(|message| condition(message, subject.definition))
        }
        _ => None,
    };
    // Behind a paragraph, an entry would read as a part of it.
    let text = subject.file.docstring_text(subject.definition).unwrap_or("");
    let has_list = docstring.sections.iter().any(|section| {
        section.kind == SectionKind::Raises
            && !section.entries.is_empty()
            && !section.has_paragraph_at_margin(text)
    });
    match message.filter(|_| has_list) {
        Some(text) => Answer::Repair(Remedy::AddException {
            name: exception.to_owned(),
            text,
            order: raises.iter().filter_map(|raise| raise.exception.clone()).collect(),
        }),
        None => Answer::Generate(Slot::Raises(exception.to_owned())),
    }
}

/// Returns whether a `raise` depends on one test alone: an `if` of the function itself without `and` and `or`.
fn is_only_condition(subject: &Subject<'_>, raise: &Raise) -> bool {
    let text = subject.file.text.as_str();
    let indentation = |line: &str| line.len() - line.trim_start().len();
    let header = subject.definition.header.start;
    let line_of = |at: usize| text.get(..at).and_then(|before| before.rfind('\n')).map_or(0, |end| end + 1);
    let (outer, inner) = (line_of(header), line_of(raise.span.start));
    let (Some(above), Some(line)) = (text.get(outer..inner), text.get(inner..)) else { return false };
    let mut around = above.lines().rev().filter(|above| !above.trim().is_empty());
    let Some(guard) = around.find(|above| indentation(above) < indentation(line)) else { return false };
    let depth = indentation(guard);
    let margin = indentation(text.get(outer..).unwrap_or(""));
    let is_first_level =
        around.filter(|above| indentation(above) < depth).all(|above| indentation(above) <= margin);
    let condition = guard.trim();
    is_first_level
        && condition.starts_with("if ")
        && condition.ends_with(':')
        && ![" and ", " or "].iter().any(|word| condition.contains(word))
}

/// Returns the condition that a message tells of a parameter: "timeout must be positive" is "If timeout is not positive."
///
/// What only says what went wrong ("Cannot read it") does not tell when it does.
fn condition(message: &str, definition: &Definition) -> Option<String> {
    let said = message.trim().trim_end_matches(['.', '!']);
    let words: Vec<&str> = said.split(' ').collect();
    let is_written_out = !said.contains(['%', '{', '}', '\n', '\r', '\\', '*', ',', ';', ':', '.']);
    let joins = ["if", "when", "unless", "or", "and", "but"];
    if !is_written_out || said.len() > 80 || words.iter().any(|word| joins.contains(word)) {
        return None;
    }
    let (subject, rest) = words.split_first()?;
    let name = subject.trim_matches(['`', '\'']);
    if !definition.signature.callers_parameters().iter().any(|parameter| parameter.name == name) {
        return None;
    }
    let does: Vec<&str> = match rest {
        ["must" | "should" | "can" | "may", "not", "be", rest @ ..] | ["cannot", "be", rest @ ..] => {
            [&["is"], rest].concat()
        }
        ["must" | "should", "be", rest @ ..] => [&["is", "not"], rest].concat(),
        ["is" | "has", _, ..] => rest.to_vec(),
        _ => return None,
    };
    (does.len() > 1 && does.len() < 8 && does.last() != Some(&"not"))
        .then(|| format!("If {subject} {}.", does.join(" ")))
}

/// Returns the lines of numpydoc's lists that begin with an exception and go on, where its name should stand alone.
fn no_names(docstring: &Docstring) -> impl Iterator<Item = (&str, Span)> {
    let sections = docstring.sections.iter();
    let lists =
        sections.filter(|section| section.kind == SectionKind::Raises && section.style == Style::Numpy);
    let texts = lists.filter_map(|section| section.text.as_ref());
    let lines = texts.flat_map(|text| text.value.lines().map(|line| (line.trim(), text.span)));
    lines.filter(|(line, _)| line.contains(' ') && leading(line).next().is_some())
}

/// Returns whether a function has a `raise` statement for an exception of this name.
fn raises_itself(definition: &Definition, name: &str) -> bool {
    let mut raised = definition.body.raises.iter().map(|raise| raise.exception.as_deref());
    raised.any(|exception| exception.is_some_and(|exception| last_part(exception) == last_part(name)))
}

/// Returns the exceptions that the section names: in entries, and in sentences that stand in the place of one.
pub(super) fn documented(docstring: &Docstring) -> impl Iterator<Item = (&str, Span)> {
    let sections = docstring.sections.iter().filter(|section| section.kind == SectionKind::Raises);
    let texts = sections.filter_map(|section| section.text.as_ref());
    let said = texts.flat_map(|text| text.value.lines().map(|line| (line, text.span)));
    let said = said.flat_map(|(line, span)| leading(line).map(move |name| (name, span)));
    let listed = entries(docstring).map(|name| (name.value.as_str(), name.span));
    let listed = listed.flat_map(|(line, span)| {
        let is_name = !line.contains(char::is_whitespace);
        is_name
            .then_some(line)
            .into_iter()
            .chain(leading(line).filter(move |_| !is_name))
            .map(move |name| (name, span))
    });
    listed.chain(said)
}

fn entries(docstring: &Docstring) -> impl Iterator<Item = &Name> {
    docstring.entries(SectionKind::Raises).flat_map(|entry| &entry.names)
}

/// Returns the exceptions that a line begins with: "`ValueError` if so", "`TypeError` or `ValueError`".
fn leading(line: &str) -> impl Iterator<Item = &str> {
    leading_of(line, is_error_name)
}

fn leading_of(line: &str, is_name: impl Fn(&str) -> bool) -> impl Iterator<Item = &str> {
    let words = line.split([' ', '\t', ',', ':', '`']).filter(|word| !word.is_empty());
    let words =
        words.skip_while(|word| matches!(*word, "raise" | "raises" | "Raise" | "Raises" | "a" | "an"));
    words.filter(|word| !matches!(*word, "or" | "and")).take_while(move |word| is_name(word))
}

/// Returns whether a word of the text is the name of a class of exceptions, as they are usually called.
fn is_error_name(word: &str) -> bool {
    is_exception_name(word)
        && (built_in_base(word).is_some()
            || ["Error", "Exception", "Warning"]
                .iter()
                .any(|end| word.len() > end.len() && word.ends_with(end)))
}

/// DOC503: what the list of exceptions names is not what the code raises.
///
/// The same as DOC501 and DOC502 as one finding, by what the function raises itself.
pub(super) fn mismatch(rule: &Rule, subject: &Subject<'_>) -> Vec<Finding> {
    let Some(docstring) = subject.judged_docstring() else { return Vec::new() };
    let definition = subject.definition;
    if !definition.kind.is_function() || subject.is_short() {
        return Vec::new();
    }
    let raised: BTreeSet<&str> =
        definition.body.raises.iter().filter_map(|raise| raise.exception.as_deref()).collect();
    let said: BTreeSet<&str> = documented(docstring).map(|(name, _)| name).collect();
    let same = |one: &BTreeSet<&str>, other: &BTreeSet<&str>| {
        one.iter().all(|name| other.iter().any(|found| last_part(found) == last_part(name)))
    };
    if definition.body.raises.is_empty() || same(&raised, &said) && same(&said, &raised) {
        return Vec::new();
    }
    let list = |names: &BTreeSet<&str>| {
        let names: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
        if names.is_empty() { "nothing".to_owned() } else { names.join(", ") }
    };
    let message = format!("documents {}, and {} raises {}", list(&said), subject.called(), list(&raised));
    let mut finding = subject.finding(rule, definition.anchor(), message).answered_by(Answer::Person, None);
    if let Some(raise) = definition.body.raises.first() {
        finding = finding.with_evidence(subject.evidence(raise.span, "raises"));
    }
    vec![finding]
}

/// DOC504: the code asserts something, and no exception is documented.
pub(super) fn assertions(rule: &Rule, subject: &Subject<'_>) -> Vec<Finding> {
    let Some(docstring) = subject.judged_docstring() else { return Vec::new() };
    let definition = subject.definition;
    let Some(assertion) = subject.file.code(definition).asserts.first() else { return Vec::new() };
    let said =
        docstring.section(SectionKind::Raises).is_some() || subject.is_left_to_class(SectionKind::Raises);
    if !definition.kind.is_function() || subject.is_short() || said || !subject.owes_completeness() {
        return Vec::new();
    }
    let message = format!("{} asserts something and documents no `AssertionError`", subject.called());
    let name = "AssertionError".to_owned();
    vec![
        subject
            .finding(rule, definition.anchor(), message)
            .answered_by(Answer::Generate(Slot::Raises(name.clone())), Some(name))
            .with_evidence(subject.evidence(*assertion, "asserts")),
    ]
}
