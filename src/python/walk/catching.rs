//! Which raised exceptions a handler around them stops, and which of these it passes on.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

use tree_sitter::Node;

use super::header::{first_part, is_layout, without_brackets};
use crate::python::body::{Raise, RaiseOrigin, last_part, looks_like_class};
use crate::python::grammar::{Field, Syntax, child, syntax};
use crate::python::imports::exceptions::is_built_in_derived;
use crate::python::imports::is_name_part;
use crate::python::span::Span;

/// How many classes are followed from one that is raised.
const MOST_BASES: usize = 64;
/// How many different exceptions are remembered per `try`; no function that people wrote has as many.
const MOST_STOPPED: usize = 64;

/// The classes of the file so far, by name, with the names of their bases.
pub(in crate::python) type Classes = Rc<RefCell<HashMap<String, Vec<String>>>>;

/// The handlers around the current place, innermost last.
#[derive(Debug, Default)]
pub(in crate::python) struct Handlers {
    guards: Vec<Guard>,
    classes: Classes,
}

/// A `try` with its handlers, or a `with suppress(…)`.
#[derive(Debug)]
struct Guard {
    node: usize,
    /// What is guarded; handlers, `else` and `finally` are not.
    body: Span,
    clauses: Vec<Clause>,
    /// The handler that is being walked.
    current: Option<usize>,
    /// What was stopped, and by which of the clauses.
    stopped: Vec<(usize, Raise)>,
    /// How many risky operations had been seen before.
    risky_before: usize,
    /// Whether anything in the body may raise besides its `raise` statements.
    is_risky: bool,
}

/// Exceptions that `except Exception` lets pass.
const OUTSIDE: [&str; 6] = [
    "BaseException",
    "BaseExceptionGroup",
    "CancelledError",
    "GeneratorExit",
    "KeyboardInterrupt",
    "SystemExit",
];

/// An `except` clause.
#[derive(Debug, Default)]
struct Clause {
    node: usize,
    /// The classes that it names.
    classes: Vec<String>,
    /// Whether it catches everything, or everything that is an `Exception`.
    all: bool,
    /// The name that it gives to what it caught.
    alias: Option<String>,
}

impl Handlers {
    /// Makes handlers that know the classes of the file.
    pub(in crate::python) fn new(classes: Classes) -> Self {
        Self { guards: Vec::new(), classes }
    }

    /// Notes the beginning of a `try`; `risky` counts the operations so far that may raise.
    pub(in crate::python) fn enter_try(&mut self, node: Node<'_>, text: &str, risky: usize) {
        let body = child(node, Field::Body).unwrap_or(node);
        let mut cursor = node.walk();
        let clauses = node.named_children(&mut cursor).filter(|node| syntax(*node) == Syntax::ExceptClause);
        let clauses = clauses.map(|clause| Clause::of(clause, text)).collect();
        self.guards.push(Guard::new(node, body, clauses, risky));
    }

    /// Notes the beginning of a `with`; returns whether it stops exceptions.
    pub(in crate::python) fn enter_with(&mut self, node: Node<'_>, text: &str, risky: usize) -> bool {
        let Some(body) = child(node, Field::Body) else { return false };
        let header = text.get(node.start_byte()..body.start_byte()).unwrap_or("");
        let Some((before, arguments)) = header.split_once("suppress(") else { return false };
        if before.ends_with(is_name_part) {
            return false;
        }
        let arguments = arguments.split(')').next().unwrap_or("");
        let classes: Vec<String> = arguments
            .split(',')
            .map(|class| class.trim().to_owned())
            .filter(|class| !class.is_empty())
            .collect();
        let all = classes.iter().any(|class| is_catch_all(class));
        self.guards.push(Guard::new(node, body, vec![Clause { classes, all, ..Clause::default() }], risky));
        true
    }

    /// Notes the beginning of an `except` clause.
    pub(in crate::python) fn enter_clause(&mut self, node: Node<'_>, risky: usize) {
        let Some(guard) = self.guards.last_mut() else { return };
        let is_first = guard.current.is_none();
        guard.is_risky |= is_first && risky > guard.risky_before;
        guard.current = guard.clauses.iter().position(|clause| clause.node == node.id());
    }

    /// Notes the end of a `try` or `with`.
    pub(in crate::python) fn leave(&mut self, node: usize) {
        self.guards.pop_if(|guard| guard.node == node);
    }

    /// Returns the exception unless a handler around it stops it.
    pub(in crate::python) fn pass(&mut self, raise: Raise) -> Option<Raise> {
        if self.guards.is_empty() {
            return Some(raise);
        }
        let lineage = raise.exception.as_deref().map(|exception| lineage(exception, &self.classes.borrow()));
        for guard in self.guards.iter_mut().rev() {
            if !guard.body.contains(raise.span) {
                continue;
            }
            let stopper = guard.clauses.iter().position(|clause| clause.stops(lineage.as_deref()));
            if let Some(clause) = stopper {
                guard.stop(clause, raise);
                return None;
            }
        }
        Some(raise)
    }

    /// Returns what a bare `raise` at a place passes on.
    pub(in crate::python) fn caught(&self, span: Span) -> Vec<Raise> {
        let innermost =
            self.guards.iter().rev().find(|guard| guard.current.is_some() && !guard.body.contains(span));
        innermost.map_or_else(|| vec![Raise::unknown(span)], |guard| guard.passed_on(span))
    }

    /// Returns what a variable holds, if a handler around the place caught it under that name.
    pub(in crate::python) fn caught_as(&self, name: &str, span: Span) -> Option<Vec<Raise>> {
        let guard = self.guards.iter().rev().find(|guard| {
            let clause = guard.current.and_then(|current| guard.clauses.get(current));
            clause.is_some_and(|clause| clause.alias.as_deref() == Some(name))
        })?;
        Some(guard.passed_on(span))
    }
}

impl Guard {
    fn new(node: Node<'_>, body: Node<'_>, clauses: Vec<Clause>, risky_before: usize) -> Self {
        Self {
            node: node.id(),
            body: Span::new(body.start_byte(), body.end_byte()),
            clauses,
            current: None,
            stopped: Vec::new(),
            risky_before,
            is_risky: false,
        }
    }

    /// Notes what a clause stops, the same once: a handler that raises it again would else double it on every level.
    fn stop(&mut self, clause: usize, raise: Raise) {
        let is_known = self.stopped.iter().any(|(other, stopped)| {
            *other == clause && stopped.exception == raise.exception && stopped.message == raise.message
        });
        if !is_known && self.stopped.len() < MOST_STOPPED {
            self.stopped.push((clause, raise));
        }
    }

    /// What the current handler caught: what is known to get there, and the classes it names.
    fn passed_on(&self, span: Span) -> Vec<Raise> {
        let Some(current) = self.current else { return vec![Raise::unknown(span)] };
        let clause = &self.clauses[current];
        let own = self.stopped.iter().filter(|(stopper, _)| *stopper == current);
        let mut found: Vec<Raise> = own
            .map(|(_, raise)| Raise { span, origin: RaiseOrigin::Caught, cause: None, ..raise.clone() })
            .collect();
        if self.is_risky || found.is_empty() {
            let named = clause.classes.iter().filter(|class| looks_like_class(class) && !is_catch_all(class));
            for class in named {
                if !found.iter().any(|raise| raise.exception.as_ref() == Some(class)) {
                    found.push(Raise { exception: Some(class.clone()), ..Raise::unknown(span) });
                }
            }
            if clause.all || found.is_empty() {
                found.push(Raise::unknown(span));
            }
        }
        found
    }
}

impl Clause {
    fn of(node: Node<'_>, text: &str) -> Self {
        let source = |node: Node<'_>| text.get(node.byte_range()).unwrap_or("").to_owned();
        let mut clause = Self { node: node.id(), ..Self::default() };
        let mut cursor = node.walk();
        let mut values = node.children_by_field_name("value", &mut cursor);
        let Some(mut caught) = values.next() else {
            clause.all = true;
            return clause;
        };
        let mut others: Vec<Node<'_>> = values.collect();
        // `except A, error:` is how Python 2 names what was caught; `except A, B:` is Python 3.14's (PEP 758).
        if let [alias] = others.as_slice()
            && !looks_like_class(&source(*alias))
        {
            clause.alias = others.pop().map(source);
        }
        if syntax(caught) == Syntax::AsPattern {
            clause.alias = child(caught, Field::Alias).map(source);
            let Some(inner) = first_part(caught) else { return clause };
            caught = inner;
        }
        let Some(caught) = without_brackets(caught) else { return clause };
        let mut inside = caught.walk();
        let mut classes: Vec<Node<'_>> = match syntax(caught) {
            Syntax::Tuple => caught.named_children(&mut inside).collect(),
            _ => vec![caught],
        };
        classes.extend(others);
        for class in classes.into_iter().filter(|node| !is_layout(*node)) {
            let name = source(class);
            clause.all |= is_catch_all(&name);
            clause.classes.push(name);
        }
        clause
    }

    /// Returns whether it stops an exception, of which the class and its bases are known or nothing.
    fn stops(&self, lineage: Option<&[String]>) -> bool {
        let Some(lineage) = lineage else { return self.all };
        let is_outside = lineage.iter().any(|class| OUTSIDE.contains(&class.as_str()));
        if self.all && (!is_outside || self.classes.iter().all(|class| last_part(class) != "Exception")) {
            return true;
        }
        self.classes.iter().any(|class| {
            let class = last_part(class);
            lineage.iter().any(|own| own == class || is_built_in_derived(own, class))
        })
    }
}

/// Lists an exception and the bases that it has in the file, without what stands before the last dot.
fn lineage(exception: &str, classes: &HashMap<String, Vec<String>>) -> Vec<String> {
    let mut lineage = vec![last_part(exception).to_owned()];
    let mut at = 0;
    while let Some(class) = lineage.get(at).filter(|_| at < MOST_BASES) {
        let bases = classes.get(class).map_or(&[][..], Vec::as_slice);
        let new: Vec<String> = bases.iter().filter(|base| !lineage.contains(base)).cloned().collect();
        lineage.extend(new);
        at += 1;
    }
    lineage
}

fn is_catch_all(name: &str) -> bool {
    matches!(last_part(name), "Exception" | "BaseException")
}
