//! DOC501, DOC502: what a function raises, and what its docstring says about it.
//!
//! Exceptions that a helper of the same file raises are evidence for the text. Where the code calls what the
//! file does not show, a documented exception cannot be refuted and only warns.

use std::collections::HashSet;

use crate::docstring::SectionKind;
use crate::python::{Callee, Definition, ParsedFile, Raise, Span};

use super::{Answer, Finding, Rule, Severity, Slot, Subject};

/// DOC501: an exception is raised and not documented.
pub(super) fn missing(rule: &Rule, subject: &Subject<'_>) -> Vec<Finding> {
    let Some(docstring) = subject.judged_docstring() else { return Vec::new() };
    let definition = subject.definition;
    if !definition.kind.is_function() || docstring.is_short() || definition.body.is_stub {
        return Vec::new();
    }
    let documented: Vec<&str> = documented(docstring).map(|(name, _)| last_part(name)).collect();
    let mut seen = HashSet::new();
    let mut findings = Vec::new();
    for raise in &definition.body.raises {
        let Some(exception) = &raise.exception else { continue };
        let name = last_part(exception);
        let said = documented.iter().any(|found| *found == name || is_builtin_subclass(name, found));
        if said || !seen.insert(name) {
            continue;
        }
        let message = format!("{} raises `{exception}` and does not say so", subject.called());
        let finding = subject
            .finding(rule, definition.anchor(), message)
            .answered_by(Answer::Generate(Slot::Raises(exception.clone())), Some(exception.clone()))
            .with_evidence(subject.evidence(raise.span, format!("raises `{exception}`")));
        findings.push(finding);
    }
    findings
}

/// DOC502: an exception is documented and nothing raises it.
pub(super) fn extraneous(rule: &Rule, subject: &Subject<'_>) -> Vec<Finding> {
    let Some(docstring) = subject.judged_docstring() else { return Vec::new() };
    let definition = subject.definition;
    let without_code = definition.body.is_stub || definition.has_decorator("abstractmethod");
    if !definition.kind.is_function() || without_code || definition.has_decorator("overload") {
        return Vec::new();
    }
    let support = Support::of(subject.file, definition);
    let mut findings = Vec::new();
    for (name, span) in documented(docstring) {
        if support.raises(last_part(name)) {
            continue;
        }
        let message = format!("documents `{name}`, which {} does not raise", subject.called());
        let mut finding =
            subject.docstring_finding(rule, span, message).answered_by(Answer::Person, Some(name.to_owned()));
        finding = match support.unseen {
            Some(unseen) => {
                finding.severity = finding.severity.min(Severity::Warning);
                finding.with_evidence(
                    subject.evidence(unseen, "could come from here, which the file does not show"),
                )
            }
            None => finding.with_evidence(subject.evidence(definition.header, "nothing in it raises that")),
        };
        findings.push(finding);
    }
    findings
}

fn documented(docstring: &crate::docstring::Docstring) -> impl Iterator<Item = (&str, Span)> {
    docstring
        .entries(SectionKind::Raises)
        .flat_map(|entry| &entry.names)
        .map(|name| (name.value.as_str(), name.span))
}

/// What a function can raise, by itself and through the functions of its file.
struct Support {
    exceptions: Vec<String>,
    /// The first place from which something else might come.
    unseen: Option<Span>,
}

impl Support {
    fn of(file: &ParsedFile, definition: &Definition) -> Self {
        let mut support = Self { exceptions: Vec::new(), unseen: None };
        let mut visited: HashSet<&str> = HashSet::new();
        let mut pending = vec![(definition, None)];
        while let Some((current, called_at)) = pending.pop() {
            if !visited.insert(&current.qualified_name) {
                continue;
            }
            support.collect(current, called_at);
            for call in &current.body.calls {
                // A helper's own calls are reported where the function calls the helper.
                let at = called_at.unwrap_or(call.span);
                match callee(file, current, &call.callee) {
                    Some(found) if found.kind.is_function() => pending.push((found, Some(at))),
                    // Making an exception to raise it is not a call that may raise.
                    _ if is_raised(current, call.span) || is_harmless(&call.callee) => {}
                    _ => {
                        support.unseen.get_or_insert(at);
                    }
                }
            }
        }
        support
    }

    fn collect(&mut self, definition: &Definition, called_at: Option<Span>) {
        let body = &definition.body;
        for raise in &body.raises {
            match &raise.exception {
                Some(exception) => {
                    let name = last_part(exception);
                    // A class of the project may be derived from the documented one.
                    if builtin_bases(name).is_none() {
                        self.unseen.get_or_insert(called_at.unwrap_or(raise.span));
                    }
                    self.exceptions.push(name.to_owned());
                }
                None => {
                    self.unseen.get_or_insert(called_at.unwrap_or(raise.span));
                }
            }
        }
        if !body.asserts.is_empty() {
            self.exceptions.push("AssertionError".to_owned());
        }
        if let Some(unseen) = body.unseen {
            self.unseen.get_or_insert(called_at.unwrap_or(unseen));
        }
        if body.is_generator() {
            self.exceptions.push("StopIteration".to_owned());
        }
    }

    fn raises(&self, documented: &str) -> bool {
        self.exceptions.iter().any(|raised| raised == documented || is_builtin_subclass(raised, documented))
    }
}

fn is_raised(definition: &Definition, call: Span) -> bool {
    let raises = |raise: &Raise| raise.exception.is_some() && raise.span.contains(call);
    definition.body.raises.iter().any(raises)
}

/// Built-in functions that raise nothing a docstring would name, whatever they are given.
fn is_harmless(callee: &Callee) -> bool {
    matches!(callee, Callee::Name(name) if matches!(
        name.as_str(),
        "print" | "isinstance" | "issubclass" | "id" | "repr" | "bool" | "callable" | "hasattr" | "super" | "type"
    ))
}

fn callee<'a>(file: &'a ParsedFile, from: &Definition, callee: &Callee) -> Option<&'a Definition> {
    match callee {
        Callee::Name(name) => {
            let nested = format!("{}.{name}", from.qualified_name);
            let found = file.find(&nested).or_else(|| file.find(name))?;
            if found.kind.is_class() { file.find(&format!("{name}.__init__")) } else { Some(found) }
        }
        Callee::OwnMethod(name) => {
            let owner = file.parent(from).filter(|parent| parent.kind.is_class())?;
            file.find(&format!("{}.{name}", owner.qualified_name))
        }
        Callee::Other => None,
    }
}

fn last_part(name: &str) -> &str {
    name.rsplit('.').next().unwrap_or(name)
}

/// Returns whether one built-in exception is derived from another.
fn is_builtin_subclass(name: &str, base: &str) -> bool {
    builtin_bases(name).is_some_and(|bases| bases.split(' ').any(|found| found == base))
}

/// The bases of a built-in exception, by "Exception hierarchy" in Python's library reference.
fn builtin_bases(name: &str) -> Option<&'static str> {
    Some(match name {
        "KeyError" | "IndexError" => "LookupError Exception",
        "ModuleNotFoundError" => "ImportError Exception",
        "UnicodeDecodeError" | "UnicodeEncodeError" | "UnicodeTranslateError" => {
            "UnicodeError ValueError Exception"
        }
        "UnicodeError" => "ValueError Exception",
        "NotImplementedError" | "RecursionError" => "RuntimeError Exception",
        "ZeroDivisionError" | "OverflowError" | "FloatingPointError" => "ArithmeticError Exception",
        "BrokenPipeError" | "ConnectionAbortedError" | "ConnectionRefusedError" | "ConnectionResetError" => {
            "ConnectionError OSError IOError Exception"
        }
        "BlockingIOError" | "ChildProcessError" | "ConnectionError" | "FileExistsError"
        | "FileNotFoundError" | "InterruptedError" | "IsADirectoryError" | "NotADirectoryError"
        | "PermissionError" | "ProcessLookupError" | "TimeoutError" => {
            "OSError IOError EnvironmentError Exception"
        }
        "OSError" | "IOError" | "EnvironmentError" => "OSError IOError EnvironmentError Exception",
        "UnboundLocalError" => "NameError Exception",
        "IndentationError" | "TabError" => "SyntaxError Exception",
        "ArithmeticError" | "AssertionError" | "AttributeError" | "BufferError" | "EOFError"
        | "ImportError" | "LookupError" | "MemoryError" | "NameError" | "ReferenceError" | "RuntimeError"
        | "StopAsyncIteration" | "StopIteration" | "SyntaxError" | "SystemError" | "TypeError"
        | "ValueError" => "Exception",
        "KeyboardInterrupt" | "SystemExit" | "GeneratorExit" | "Exception" => "BaseException",
        _ => return None,
    })
}
