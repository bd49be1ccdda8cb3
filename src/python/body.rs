//! What the body of a definition does, as far as a docstring speaks of it.
//!
//! [`BodyFacts`] are the statements that leave a function; [`CodeFacts`] is what takes a look at every
//! expression. Everything is a span into the text of the file, so that collecting costs no copies.

use super::fingerprint::Fingerprints;
use super::span::Span;

/// How a function is left. Functions, classes and lambdas inside it are not counted.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct BodyFacts {
    /// The `return` statements.
    pub returns: Vec<Return>,
    /// The `yield` expressions.
    pub yields: Vec<Yield>,
    /// The `raise` statements that leave the function: what a handler around one stops is not here.
    pub raises: Vec<Raise>,
    /// What there is in place of code, if nothing else is there.
    pub stub: Option<Stub>,
}

/// What a body holds that does nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Stub {
    /// Nothing but a docstring.
    Docstring,
    /// `...`.
    Ellipsis,
    /// `pass`.
    Pass,
    /// `raise NotImplementedError`, called or not.
    NotImplemented,
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
    /// Whether it passes on what another generator yields: `yield from`.
    pub delegates: bool,
    /// Whether what the caller sends is used: the expression is more than a statement of its own.
    pub receives: bool,
}

/// A `raise` statement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Raise {
    /// Where it is.
    pub span: Span,
    /// How the exception got there.
    pub origin: RaiseOrigin,
    /// The class as written; `None` when a variable or the result of a call is raised.
    pub exception: Option<String>,
    /// The first argument of the class, as an expression.
    pub argument: Option<Span>,
    /// The message, where the first argument is a plain string.
    pub message: Option<String>,
    /// What stands behind `from`.
    pub cause: Option<Span>,
}

/// Where a raised exception comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum RaiseOrigin {
    /// The statement names or makes it.
    Named,
    /// It was caught and is passed on: a bare `raise`, or `raise error` of what the handler caught as `error`.
    Caught,
    /// It was put into a variable before.
    Variable,
}

/// What only a look at the whole syntax tree tells about a definition. Functions include their lambdas, and not
/// the definitions inside them.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct CodeFacts {
    /// What is compared between two versions of the file.
    pub fingerprints: Fingerprints,
    /// Whether a function can reach its end, and then returns `None` without saying so.
    pub falls_through: bool,
    /// The calls, in order.
    pub calls: Vec<Call>,
    /// The `assert` statements.
    pub asserts: Vec<Span>,
    /// The assignments to attributes of `self`, or to names directly in a class or module.
    pub attributes: Vec<Attribute>,
    /// The attributes of `self` that are read or set and not called: they may be properties.
    pub own_attributes: Vec<Span>,
    /// The names that are bound in it: assigned, imported, loop variables.
    pub bound: Vec<Span>,
    /// The names that begin with a capital letter outside `raise` and `except`: classes, perhaps exceptions.
    pub classes: Vec<Span>,
    /// What built-in operations can raise.
    pub operations: Operations,
    /// The first operation that may raise something the text does not show, such as an operator on unknown
    /// operands.
    pub unseen: Option<Span>,
}

/// A call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Call {
    /// Where it is.
    pub span: Span,
    /// The expression that is called.
    pub function: Span,
    /// What is called.
    pub callee: Callee,
}

/// What is called, as far as the file can tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Callee {
    /// A bare name.
    Name,
    /// A method of `self` or `cls`; the span of its name.
    OwnMethod(Span),
    /// Anything else.
    Other,
}

/// An attribute of an instance or class, or a name at the top of a module.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Attribute {
    /// The name without `self.`.
    pub name: Span,
    /// The annotation, also from a type comment.
    pub annotation: Option<Span>,
    /// What is assigned; `None` for an annotation alone.
    pub value: Option<Span>,
    /// The string on the next line, which tools read as its documentation.
    pub docstring: Option<Span>,
}

/// Kinds of operations that raise exceptions of the language.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Operations(u8);

impl Operations {
    /// `x[y]`.
    pub const SUBSCRIPT: Self = Self(1);
    /// `x.y`.
    pub const ATTRIBUTE: Self = Self(2);
    /// Operators on numbers, and argument unpacking.
    pub const ARITHMETIC: Self = Self(4);
    /// `x < y`, `x in y`, `x == y`.
    pub const COMPARISON: Self = Self(8);
    /// `x, y = z`.
    pub const UNPACKING: Self = Self(16);
    /// `import` inside a function.
    pub const IMPORT: Self = Self(32);

    /// Returns whether one kind is among these.
    #[must_use]
    pub fn contains(self, kind: Self) -> bool {
        self.0 & kind.0 == kind.0
    }

    /// Adds a kind.
    pub(super) fn insert(&mut self, kind: Self) {
        self.0 |= kind.0;
    }
}

impl Raise {
    /// Makes the passing on of something that the text does not name.
    pub(super) fn unknown(span: Span) -> Self {
        Self {
            span,
            origin: RaiseOrigin::Caught,
            exception: None,
            argument: None,
            message: None,
            cause: None,
        }
    }
}

impl BodyFacts {
    /// Returns whether the function is a generator.
    #[must_use]
    pub fn is_generator(&self) -> bool {
        !self.yields.is_empty()
    }

    /// Returns whether there is nothing in it but `...`, `pass`, `raise NotImplementedError` and a docstring.
    #[must_use]
    pub fn is_stub(&self) -> bool {
        self.stub.is_some()
    }

    /// Returns the first `return` that gives a value.
    #[must_use]
    pub fn returned_value(&self) -> Option<Return> {
        self.returns.iter().copied().find(|found| found.value)
    }
}

/// Returns what stands behind the last dot of a dotted name.
#[must_use]
pub fn last_part(name: &str) -> &str {
    name.rsplit('.').next().unwrap_or(name)
}

/// Returns whether a name reads as that of a class: dotted, the last part with a capital letter (PEP 8).
#[must_use]
pub(super) fn looks_like_class(name: &str) -> bool {
    let dotted = name.chars().all(|character| character.is_alphanumeric() || "._".contains(character));
    dotted && last_part(name).trim_start_matches('_').starts_with(char::is_uppercase)
}
