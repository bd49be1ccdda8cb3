//! Annotations as types that can be compared: what is written differently and means the same is equal.
//!
//! A text is read once, without knowing what its names stand for; a resolver says so when two of them are compared,
//! because the same text means different things under different imports. It takes what is between the brackets of
//! a docstring as well as an annotation, but no docstring notation: `int, optional` is no type, `docstring/` cuts
//! that off. Types are not checked, and a class is equal to nothing but itself.
//!
//! What counts as the same follows the typing specification (<https://typing.python.org/en/latest/spec/>):
//! the order and nesting of unions, `Optional`, the aliases in `typing` of built-in and collection classes, quotes,
//! `Unpack[Ts]` and `*Ts`, `Literal` of several values as a union of single ones, `Never` and `NoReturn`, and a
//! generic class without arguments as one of `Any`. `Annotated[X, …]` is `X`: its metadata is for tools, and
//! docstrings do not repeat it.

mod canonical;
mod read;

use std::fmt;

/// A text that reads as a Python type.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TypeExpression {
    /// Every node stands behind its parts; the last one is the whole.
    nodes: Vec<Node>,
}

/// A part of a type expression; the numbers are places in [`TypeExpression::nodes`].
#[derive(Debug, Clone, PartialEq, Eq)]
enum Node {
    /// A dotted name, without blanks.
    Name(String),
    /// `base[arguments]`.
    Subscript { base: String, arguments: Vec<usize> },
    /// `a | b`.
    Union(Vec<usize>),
    /// `[a, b]`, the parameters of a callable.
    List(Vec<usize>),
    /// `()` and `(a, b)`, which only stand inside brackets.
    Tuple(Vec<usize>),
    /// A string: a literal value, or a type in quotes if it reads as one.
    Text { value: String, quoted: Option<usize> },
    /// A number or bytes, which are literal values.
    Constant(String),
    /// `...`
    Ellipsis,
    /// `*a`.
    Star(usize),
}

/// Says what a dotted name stands for: `t.Optional` for `typing.Optional`, nothing for a built-in name.
///
/// [`ParsedFile::meaning`](super::ParsedFile::meaning) answers for what is written in a file.
pub type Resolver<'a> = dyn Fn(&str) -> Option<String> + 'a;

impl TypeExpression {
    /// Reads a text as a type; `None` when it is none, or too long or too deep to be compared.
    ///
    /// Texts of more than 10,000 bytes and brackets nested deeper than 64 are not comparable.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let expression = Self { nodes: read::nodes(text)? };
        // Strings that are no types, and constants, are known to be out of place only now.
        expression.canonical(&unresolved).is_some().then_some(expression)
    }

    /// Returns whether two types mean the same; `None` when, with these names, one of them is no type.
    #[must_use]
    pub fn same_meaning(
        &self,
        resolver: &Resolver<'_>,
        other: &Self,
        other_resolver: &Resolver<'_>,
    ) -> Option<bool> {
        Some(self.canonical(resolver)? == other.canonical(other_resolver)?)
    }

    /// Writes the type in the one way that all types with the same meaning share.
    #[must_use]
    pub fn canonical(&self, resolver: &Resolver<'_>) -> Option<String> {
        canonical::write(&self.nodes, resolver)
    }
}

impl fmt::Display for TypeExpression {
    /// Writes the canonical form, every name standing for itself.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.canonical(&unresolved).unwrap_or_default())
    }
}

fn unresolved(_: &str) -> Option<String> {
    None
}

#[cfg(test)]
mod tests;
