//! Collecting the facts of one definition while its body is walked.

use tree_sitter::Node;

use super::catching::{Classes, Handlers};
use super::flow::Flow;
use super::header::{first_part, without_brackets};
use crate::python::body::{
    Attribute, BodyFacts, Call, Callee, CodeFacts, Operations, Return, Stub, Yield, last_part,
    looks_like_class,
};
use crate::python::grammar::{Field, Syntax, child, syntax, syntax_of};
use crate::python::imports::is_name_part;
use crate::python::span::Span;

/// A node of the walk, with what was asked about it once.
#[derive(Debug, Clone, Copy)]
pub(in crate::python) struct Seen<'tree> {
    pub(in crate::python) node: Node<'tree>,
    pub(in crate::python) kind: Syntax,
    /// The kind in the grammar.
    pub(in crate::python) kind_id: u16,
    pub(in crate::python) span: Span,
}

impl<'tree> Seen<'tree> {
    pub(in crate::python) fn of(node: Node<'tree>) -> Self {
        let span = Span::new(node.start_byte(), node.end_byte());
        let kind_id = node.kind_id();
        Self { node, kind: syntax_of(node, kind_id, span), kind_id, span }
    }
}

/// Returns whether a source is names with dots between them and nothing else, in ASCII.
///
/// These are the most frequent nodes by far, and reading them is faster than walking them.
pub(in crate::python) fn is_chain(source: &str) -> bool {
    // Constants have nodes of their own.
    if ["None.", "True.", "False."].iter().any(|constant| source.starts_with(constant)) {
        return false;
    }
    let mut begins = true;
    for byte in source.bytes() {
        match byte {
            b'.' if !begins => begins = true,
            b'0'..=b'9' if begins => return false,
            b'_' | b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' => begins = false,
            _ => return false,
        }
    }
    !begins
}

/// Whose body is walked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(in crate::python) enum Place {
    /// A class or module: names that are assigned are its attributes.
    #[default]
    Namespace,
    /// A function: what is assigned to `self` are attributes.
    Function,
}

/// The facts of a definition that is being walked.
#[derive(Debug, Default)]
pub(in crate::python) struct Collector {
    pub(super) body: BodyFacts,
    code: CodeFacts,
    pub(super) handlers: Handlers,
    flow: Flow,
    lambdas: usize,
    /// How many nested nodes are around whose names are not mentioned as values: `raise`, heads of `except`.
    quiet: usize,
    /// Operations so far that may raise.
    risky: usize,
    has_code: bool,
    stub: Option<Stub>,
    place: Place,
    /// Where the first parameter of the method around has its name.
    receiver: Option<Span>,
    /// Classes that were put into a variable: the name and the call.
    pub(super) made: Vec<(Span, Span)>,
    /// The attribute that the statement before was about.
    described: Option<usize>,
}

impl Collector {
    /// Makes a collector; `receiver` is what stands for the instance or class, if anything does.
    pub(in crate::python) fn new(place: Place, receiver: Option<Span>, classes: Classes) -> Self {
        Self { place, receiver, handlers: Handlers::new(classes), ..Self::default() }
    }

    /// Returns what stands for the instance or class.
    pub(in crate::python) fn receiver(&self) -> Option<Span> {
        self.receiver
    }

    /// Notes a node of the body below `parent`.
    pub(in crate::python) fn enter(&mut self, seen: Seen<'_>, parent: Seen<'_>, text: &str) {
        let Seen { node, kind, span, .. } = seen;
        match kind {
            Syntax::Lambda => {
                self.lambdas += 1;
                self.unseen(span);
            }
            Syntax::Identifier => self.identifier(span, parent, text),
            Syntax::Attribute => {
                if let Some(name) = child(node, Field::Attribute) {
                    let name = Span::new(name.start_byte(), name.end_byte());
                    self.looks_up();
                    if parent.kind != Syntax::Call || parent.span.start != span.start {
                        self.attribute(span, name, text);
                    }
                }
            }
            Syntax::Call => self.call(node, span, text),
            Syntax::Assignment => self.assignment(node, parent, text),
            Syntax::Block => self.block(parent.kind),
            Syntax::Return if self.lambdas == 0 => {
                let value = first_part(node).is_some_and(is_something);
                self.body.returns.push(Return { span, value });
                self.flow.leaves();
            }
            Syntax::Yield if self.lambdas == 0 => self.yields(seen, parent),
            Syntax::Raise => {
                self.quiet += 1;
                self.raise(node, text, span);
                self.flow.leaves();
            }
            Syntax::Assert => {
                self.code.asserts.push(span);
                let condition = first_part(node).map(|condition| source(condition, text));
                if matches!(condition, Some("False" | "0")) {
                    self.flow.leaves();
                }
            }
            Syntax::Continue => self.flow.leaves(),
            Syntax::Break => self.flow.breaks(),
            Syntax::Subscript => {
                self.operation(Operations::SUBSCRIPT, span);
            }
            Syntax::BinaryOperator | Syntax::UnaryOperator | Syntax::AugmentedAssignment | Syntax::Splat => {
                self.operation(Operations::ARITHMETIC, span);
            }
            Syntax::Import | Syntax::ImportFrom => {
                self.operation(Operations::IMPORT, span);
            }
            Syntax::Await | Syntax::ForInClause | Syntax::Interpolation => self.unseen(span),
            Syntax::If | Syntax::Match => self.flow.enter(kind, false),
            Syntax::For => {
                self.unseen(span);
                self.flow.enter(kind, false);
            }
            Syntax::While => {
                let condition = child(node, Field::Condition).map(|condition| source(condition, text));
                self.flow.enter(kind, matches!(condition, Some("True" | "1")));
            }
            Syntax::With => {
                self.unseen(span);
                let stops = self.handlers.enter_with(node, text, self.risky);
                self.flow.enter(kind, stops);
            }
            Syntax::Try => {
                self.handlers.enter_try(node, text, self.risky);
                self.flow.enter(kind, false);
            }
            Syntax::ExceptClause => {
                self.quiet += 1;
                self.handlers.enter_clause(node, self.risky);
            }
            Syntax::CaseClause if takes_all(node, text) => self.flow.takes_all(),
            _ => {}
        }
    }

    /// Notes names with dots between them, as if they had been entered one by one.
    pub(in crate::python) fn chain(&mut self, chain: Span, parent: Seen<'_>, text: &str) {
        let Span { start, mut end } = chain;
        let names = chain.of(text);
        let mut is_called = parent.kind == Syntax::Call && parent.span.start == start;
        for (dot, _) in names.rmatch_indices('.') {
            let name = Span::new(start + dot + 1, end);
            self.looks_up();
            if !is_called {
                self.attribute(Span::new(start, end), name, text);
            }
            is_called = false;
            end = start + dot;
        }
        if self.quiet == 0 {
            let mut at = start;
            for name in names.split('.') {
                if is_capital(text, at) {
                    self.code.classes.push(Span::new(at, at + name.len()));
                }
                at += name.len() + 1;
            }
        }
    }

    /// Notes an operator between two values that are compared.
    pub(in crate::python) fn compares(&mut self, span: Span) {
        self.operation(Operations::COMPARISON, span);
    }

    /// Notes the end of a node below `parent`.
    pub(in crate::python) fn leave(&mut self, seen: Seen<'_>, parent: Syntax) {
        match seen.kind {
            Syntax::Lambda => self.lambdas = self.lambdas.saturating_sub(1),
            Syntax::Raise | Syntax::ExceptClause => self.quiet = self.quiet.saturating_sub(1),
            Syntax::Block => {
                self.quiet += usize::from(parent == Syntax::ExceptClause);
                self.flow.leave_block(parent);
            }
            Syntax::If | Syntax::Match | Syntax::For | Syntax::While => self.flow.leave(),
            Syntax::With | Syntax::Try => {
                self.handlers.leave(seen.node.id());
                self.flow.leave();
            }
            _ => {}
        }
    }

    /// Notes a statement that stands directly in the body.
    pub(in crate::python) fn statement(&mut self, seen: Seen<'_>, text: &str) {
        let described = self.described.take();
        let stub = match seen.kind {
            Syntax::Comment => {
                self.described = described;
                return;
            }
            Syntax::Pass => Some(Stub::Pass),
            Syntax::ExpressionStatement => {
                let inner = seen.node.named_child(0);
                if let Some((attribute, string)) = described.zip(inner)
                    && matches!(syntax(string), Syntax::String | Syntax::Concatenated)
                {
                    let docstring = Span::new(string.start_byte(), string.end_byte());
                    self.code.attributes[attribute].docstring = Some(docstring);
                }
                (seen.span.of(text) == "...").then_some(Stub::Ellipsis)
            }
            Syntax::Raise => {
                let what = first_part(seen.node).map(|raised| match syntax(raised) {
                    Syntax::Call => child(raised, Field::Function).unwrap_or(raised),
                    _ => raised,
                });
                let name = what.map_or("", |what| source(what, text));
                (last_part(name) == "NotImplementedError").then_some(Stub::NotImplemented)
            }
            _ => None,
        };
        self.has_code |= stub.is_none();
        self.stub = self.stub.or(stub);
    }

    /// Returns the facts.
    pub(in crate::python) fn finish(mut self) -> (BodyFacts, CodeFacts) {
        self.body.stub = (!self.has_code).then(|| self.stub.unwrap_or(Stub::Docstring));
        self.code.falls_through = self.flow.falls_through();
        (self.body, self.code)
    }

    fn unseen(&mut self, span: Span) {
        self.risky += 1;
        self.code.unseen.get_or_insert(span);
    }

    fn operation(&mut self, kind: Operations, span: Span) {
        self.code.operations.insert(kind);
        self.unseen(span);
    }

    fn block(&mut self, parent: Syntax) {
        self.quiet -= usize::from(parent == Syntax::ExceptClause && self.quiet > 0);
        self.flow.enter(Syntax::Block, false);
    }

    fn identifier(&mut self, span: Span, parent: Seen<'_>, text: &str) {
        let binds = match parent.kind {
            Syntax::AsTarget
            | Syntax::For
            | Syntax::ForInClause
            | Syntax::ListPattern
            | Syntax::ListSplat
            | Syntax::PatternList
            | Syntax::TuplePattern => true,
            Syntax::Assignment | Syntax::AugmentedAssignment | Syntax::NamedExpression => {
                span.start == parent.span.start
            }
            _ => false,
        };
        if binds {
            self.code.bound.push(span);
        } else if self.quiet == 0 && is_capital(text, span.start) {
            self.code.classes.push(span);
        }
    }

    /// Looking up an attribute may raise.
    fn looks_up(&mut self) {
        self.code.operations.insert(Operations::ATTRIBUTE);
        self.risky += 1;
    }

    /// Notes an attribute that is not called.
    fn attribute(&mut self, span: Span, name: Span, text: &str) {
        let object = Span::new(span.start, name.start)
            .of(text)
            .trim_end_matches(|character: char| character == '.' || character.is_whitespace());
        // Members of classes and classes of modules are plain values as a rule.
        if last_part(object).starts_with(char::is_uppercase) || name.of(text).starts_with(char::is_uppercase)
        {
            return;
        }
        if self.is_receiver(object, text) {
            self.code.own_attributes.push(name);
        } else {
            self.code.unseen.get_or_insert(span);
        }
    }

    fn is_receiver(&self, object: &str, text: &str) -> bool {
        self.receiver.is_some_and(|receiver| receiver.of(text) == object)
    }

    fn call(&mut self, node: Node<'_>, span: Span, text: &str) {
        self.risky += 1;
        // What is called is always the first child; asking for the field costs more.
        let Some(function) = node.child(0) else { return };
        let callee = match syntax(function) {
            Syntax::Identifier => Callee::Name,
            Syntax::Attribute => self.called_attribute(function, text),
            _ => Callee::Other,
        };
        let function = Span::new(function.start_byte(), function.end_byte());
        if matches!(function.of(text), "sys.exit" | "exit" | "quit" | "os._exit" | "os.abort") {
            self.flow.leaves();
        }
        self.code.calls.push(Call { span, function, callee });
    }

    fn called_attribute(&self, function: Node<'_>, text: &str) -> Callee {
        let object = function.child(0).map_or("", |object| source(object, text));
        if !self.is_receiver(object, text) && !matches!(object, "self" | "cls") {
            return Callee::Other;
        }
        child(function, Field::Attribute)
            .map_or(Callee::Other, |name| Callee::OwnMethod(Span::new(name.start_byte(), name.end_byte())))
    }

    fn yields(&mut self, seen: Seen<'_>, parent: Seen<'_>) {
        let Seen { node, span, .. } = seen;
        self.unseen(span);
        let value = first_part(node).is_some_and(is_something);
        let delegates = node.child(1).is_some_and(|child| syntax(child) == Syntax::From);
        let receives = parent.kind != Syntax::ExpressionStatement;
        self.body.yields.push(Yield { span, value, delegates, receives });
    }

    fn assignment(&mut self, node: Node<'_>, parent: Seen<'_>, text: &str) {
        let Some(left) = child(node, Field::Left) else { return };
        if matches!(syntax(left), Syntax::PatternList | Syntax::TuplePattern | Syntax::ListPattern) {
            self.code.operations.insert(Operations::UNPACKING);
            self.risky += 1;
            return;
        }
        let span = |node: Node<'_>| Span::new(node.start_byte(), node.end_byte());
        let name = match syntax(left) {
            Syntax::Identifier => left,
            Syntax::Attribute => {
                let object = child(left, Field::Object).map_or("", |object| source(object, text));
                match child(left, Field::Attribute) {
                    Some(name) if self.is_receiver(object, text) => name,
                    _ => return,
                }
            }
            _ => return,
        };
        let right = child(node, Field::Right);
        if syntax(left) == Syntax::Identifier
            && let Some(call) = right.filter(|right| syntax(*right) == Syntax::Call)
            && let Some(class) = child(call, Field::Function)
            && looks_like_class(source(class, text))
        {
            self.remember(span(left), span(call), text);
        }
        let is_local = self.place == Place::Function && syntax(left) == Syntax::Identifier;
        if parent.kind != Syntax::ExpressionStatement || is_local {
            return;
        }
        let annotation = child(node, Field::Type).map(span);
        self.described = Some(self.code.attributes.len());
        self.code.attributes.push(Attribute {
            name: span(name),
            annotation: annotation.or_else(|| crate::python::comments::behind(text, node.end_byte())),
            value: right.map(span),
            docstring: None,
        });
    }
}

/// Returns whether a value that is returned or yielded is more than `None`.
fn is_something(value: Node<'_>) -> bool {
    without_brackets(value).is_none_or(|value| syntax(value) != Syntax::None)
}

/// Returns whether a name begins with a capital letter; nearly all names are ASCII.
fn is_capital(text: &str, start: usize) -> bool {
    match text.as_bytes().get(start) {
        Some(byte) if byte.is_ascii() => byte.is_ascii_uppercase(),
        _ => text.get(start..).is_some_and(|rest| rest.starts_with(char::is_uppercase)),
    }
}

/// Returns whether a `case` takes whatever comes: a bare name or `_`, without a guard.
fn takes_all(clause: Node<'_>, text: &str) -> bool {
    let Some(body) = child(clause, Field::Consequence) else { return false };
    let header = text.get(clause.start_byte()..body.start_byte()).unwrap_or("");
    let pattern = header.trim_start_matches("case").split(':').next().unwrap_or("").trim();
    let is_name = !pattern.is_empty()
        && pattern.chars().all(is_name_part)
        && !pattern.starts_with(|first: char| first.is_ascii_digit());
    is_name && !matches!(pattern, "None" | "True" | "False")
}

pub(super) fn source<'a>(node: Node<'_>, text: &'a str) -> &'a str {
    text.get(node.byte_range()).unwrap_or("")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_names_and_dots_are_a_chain() {
        for source in ["a", "a.b", "self._x1.Y"] {
            assert!(is_chain(source), "{source}");
        }
        for source in ["", "a .b", "a.b()", "a.", ".a", "a..b", "1.real", "None.x", "a.1", "a.é"] {
            assert!(!is_chain(source), "{source}");
        }
    }
}
