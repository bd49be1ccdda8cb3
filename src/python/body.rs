//! What the body of a function does, as far as a docstring speaks of it.

use tree_sitter::Node;

use super::grammar::{Syntax, syntax};
use super::span::Span;

/// The facts of a function's body. Functions, classes and lambdas inside it are not counted.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct BodyFacts {
    /// The `return` statements.
    pub returns: Vec<Return>,
    /// The `yield` expressions.
    pub yields: Vec<Yield>,
    /// The `raise` statements that leave the function.
    pub raises: Vec<Raise>,
    /// The calls, in order.
    pub calls: Vec<Call>,
    /// The `assert` statements.
    pub asserts: Vec<Span>,
    /// The first operation that may raise something the text does not show: a subscript, an `await`, `next`.
    pub unseen: Option<Span>,
    /// Whether there is nothing in it but `...`, `pass`, `raise NotImplementedError` and a docstring.
    pub is_stub: bool,
}

/// A `return` statement.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Return {
    /// Where it is.
    pub span: Span,
    /// Whether it gives something other than `None`.
    pub value: bool,
}

/// A `yield` expression.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Yield {
    /// Where it is.
    pub span: Span,
    /// Whether it gives something other than `None`; a `yield from` does.
    pub value: bool,
}

/// A `raise` statement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Raise {
    /// Where it is.
    pub span: Span,
    /// The class as written; `None` when a variable or the result of a call is raised.
    pub exception: Option<String>,
    /// The message, where it is a plain string.
    pub message: Option<String>,
}

/// A call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Call {
    /// Where it is.
    pub span: Span,
    /// What is called.
    pub callee: Callee,
}

/// What is called, as far as the file can tell.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Callee {
    /// A bare name.
    Name(String),
    /// A method of `self` or `cls`.
    OwnMethod(String),
    /// Anything else.
    Other,
}

impl BodyFacts {
    /// Returns whether the function is a generator.
    #[must_use]
    pub fn is_generator(&self) -> bool {
        !self.yields.is_empty()
    }

    /// Returns the first `return` that gives a value.
    #[must_use]
    pub fn returned_value(&self) -> Option<Return> {
        self.returns.iter().copied().find(|found| found.value)
    }
}

/// Collects the facts of one function while its body is walked.
#[derive(Debug, Default)]
pub(super) struct Collector {
    facts: BodyFacts,
    tries: Vec<Guard>,
    handlers: Vec<(usize, Vec<String>)>,
    lambdas: usize,
    has_code: bool,
}

/// The body of a `try` and what its handlers catch.
#[derive(Debug)]
struct Guard {
    node: usize,
    body: Span,
    catches: Vec<String>,
    catches_all: bool,
}

impl Collector {
    /// Notes a node of the body.
    pub(super) fn enter(&mut self, node: Node<'_>, text: &str) {
        let kind = syntax(node);
        if kind == Syntax::Lambda {
            self.lambdas += 1;
        }
        if self.lambdas > 0 {
            return;
        }
        let span = Span::new(node.start_byte(), node.end_byte());
        match kind {
            Syntax::Return => {
                let value = first_named(node).is_some_and(|value| source(value, text) != "None");
                self.facts.returns.push(Return { span, value });
            }
            Syntax::Yield => {
                let value = first_named(node).is_some_and(|value| source(value, text) != "None");
                self.facts.yields.push(Yield { span, value });
            }
            Syntax::Raise => self.raise(node, text, span),
            Syntax::Call => {
                if let Some(function) = node.child_by_field_name("function") {
                    self.facts.calls.push(Call { span, callee: callee(function, text) });
                }
            }
            Syntax::Assert => self.facts.asserts.push(span),
            Syntax::Subscript | Syntax::Await => {
                self.facts.unseen.get_or_insert(span);
            }
            Syntax::Try => self.tries.push(Guard::of(node, text)),
            Syntax::ExceptClause => {
                let caught = caught_by(node, text);
                self.handlers.push((node.id(), caught));
            }
            _ => {}
        }
    }

    /// Notes a statement that stands directly in the body.
    pub(super) fn statement(&mut self, node: Node<'_>, text: &str) {
        let trivial = match syntax(node) {
            Syntax::Pass | Syntax::Comment => true,
            Syntax::ExpressionStatement => source(node, text) == "...",
            Syntax::Raise => source(node, text).contains("NotImplementedError"),
            _ => false,
        };
        self.has_code |= !trivial;
    }

    /// Notes the end of a node.
    pub(super) fn leave(&mut self, node: Node<'_>) {
        match syntax(node) {
            Syntax::Lambda => self.lambdas = self.lambdas.saturating_sub(1),
            Syntax::Try => {
                self.tries.pop_if(|guard| guard.node == node.id());
            }
            Syntax::ExceptClause => {
                self.handlers.pop_if(|(id, _)| *id == node.id());
            }
            _ => {}
        }
    }

    /// Returns the facts.
    pub(super) fn finish(self) -> BodyFacts {
        BodyFacts { is_stub: !self.has_code, ..self.facts }
    }

    fn raise(&mut self, node: Node<'_>, text: &str, span: Span) {
        let Some(raised) = first_named(node) else {
            // A bare `raise` passes on what the handler around it caught.
            let caught = self.handlers.last().map(|(_, caught)| caught.clone()).unwrap_or_default();
            let caught: Vec<String> = caught.into_iter().filter(|name| !is_catch_all(name)).collect();
            for exception in &caught {
                self.push_raise(Raise { span, exception: Some(exception.clone()), message: None });
            }
            if caught.is_empty() {
                self.push_raise(Raise { span, exception: None, message: None });
            }
            return;
        };
        let (class, message) = match syntax(raised) {
            Syntax::Call => (
                raised.child_by_field_name("function"),
                raised.child_by_field_name("arguments").and_then(first_named),
            ),
            _ => (Some(raised), None),
        };
        let exception = class.map(|class| source(class, text)).filter(|name| looks_like_class(name));
        let message =
            message.and_then(|message| super::literal::Parts::of(source(message, text))?.evaluate());
        self.push_raise(Raise {
            span,
            exception: exception.map(str::to_owned),
            message: message.map(|(message, _)| message),
        });
    }

    fn push_raise(&mut self, raise: Raise) {
        let caught = self.tries.iter().any(|guard| guard.body.contains(raise.span) && guard.stops(&raise));
        if !caught {
            self.facts.raises.push(raise);
        }
    }
}

impl Guard {
    fn of(node: Node<'_>, text: &str) -> Self {
        let body = node.child_by_field_name("body").unwrap_or(node);
        let mut catches = Vec::new();
        let mut catches_all = false;
        let mut cursor = node.walk();
        for clause in node.named_children(&mut cursor).filter(|node| syntax(*node) == Syntax::ExceptClause) {
            let caught = caught_by(clause, text);
            catches_all |= caught.is_empty() || caught.iter().any(|name| is_catch_all(name));
            catches.extend(caught);
        }
        Self { node: node.id(), body: Span::new(body.start_byte(), body.end_byte()), catches, catches_all }
    }

    fn stops(&self, raise: &Raise) -> bool {
        let Some(exception) = &raise.exception else { return false };
        self.catches_all || self.catches.iter().any(|name| last_part(name) == last_part(exception))
    }
}

/// Returns the classes that an `except` clause names; none for a bare `except:`.
fn caught_by(clause: Node<'_>, text: &str) -> Vec<String> {
    let mut cursor = clause.walk();
    let end = clause
        .children(&mut cursor)
        .find(|child| syntax(*child) == Syntax::Block)
        .map_or(clause.end_byte(), |block| block.start_byte());
    let head = text.get(clause.start_byte()..end).unwrap_or("");
    let head =
        head.split(':').next().unwrap_or("").trim_start_matches("except").trim_start_matches(['*', ' ']);
    let head = head.split(" as ").next().unwrap_or("");
    head.split([',', '(', ')']).map(str::trim).filter(|name| !name.is_empty()).map(str::to_owned).collect()
}

fn is_catch_all(name: &str) -> bool {
    matches!(last_part(name), "Exception" | "BaseException")
}

/// Returns what stands behind the last dot of a dotted name.
#[must_use]
pub fn last_part(name: &str) -> &str {
    name.rsplit('.').next().unwrap_or(name)
}

/// Classes are dotted names whose last part begins with a capital letter (PEP 8).
fn looks_like_class(name: &str) -> bool {
    let dotted = name.chars().all(|character| character.is_alphanumeric() || "._".contains(character));
    dotted && last_part(name).trim_start_matches('_').starts_with(char::is_uppercase)
}

fn callee(function: Node<'_>, text: &str) -> Callee {
    if syntax(function) == Syntax::Identifier {
        return Callee::Name(source(function, text).to_owned());
    }
    let object = function.child_by_field_name("object");
    let attribute = function.child_by_field_name("attribute");
    match (object, attribute) {
        (Some(object), Some(attribute)) if matches!(source(object, text), "self" | "cls") => {
            Callee::OwnMethod(source(attribute, text).to_owned())
        }
        _ => Callee::Other,
    }
}

fn first_named(node: Node<'_>) -> Option<Node<'_>> {
    let mut cursor = node.walk();
    node.named_children(&mut cursor).find(|child| syntax(*child) != Syntax::Comment)
}

fn source<'a>(node: Node<'_>, text: &'a str) -> &'a str {
    text.get(node.byte_range()).unwrap_or("")
}
