//! What a file defines.

use super::body::BodyFacts;
use super::fingerprint::Fingerprints;
use super::imports::Imports;
use super::insertion::Insertion;
use super::literal::Literal;
use super::names::Names;
use super::signature::Signature;
use super::span::{LineIndex, Position, Span};
use super::visibility::Visibility;

/// A Python file, understood.
#[derive(Debug, Clone)]
pub struct ParsedFile {
    /// The text that all spans index.
    pub text: String,
    /// Where its lines begin.
    pub lines: LineIndex,
    /// The definitions in the order they begin; the first is the module itself.
    pub definitions: Vec<Definition>,
    /// Where the text is not Python, as far as the grammar knows.
    pub errors: Vec<Span>,
    /// What it imports.
    pub imports: Imports,
    /// The names in its `__all__`, if it has one that can be read.
    pub exports: Option<Vec<String>>,
    pub(super) names: Names,
}

/// What kind of thing is defined, and where.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum DefinitionKind {
    /// The file itself.
    Module,
    /// A class at the top level of a module.
    Class,
    /// A class inside a class or a function.
    NestedClass,
    /// A function at the top level of a module.
    Function,
    /// A function inside a function.
    NestedFunction,
    /// A function in a class.
    Method,
}

impl DefinitionKind {
    /// Returns whether it is a class.
    #[must_use]
    pub fn is_class(self) -> bool {
        matches!(self, Self::Class | Self::NestedClass)
    }

    /// Returns whether it can be called: a function or a method.
    #[must_use]
    pub fn is_function(self) -> bool {
        matches!(self, Self::Function | Self::NestedFunction | Self::Method)
    }

    /// Returns the word for it in messages.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Module => "module",
            Self::Class | Self::NestedClass => "class",
            Self::Function | Self::NestedFunction => "function",
            Self::Method => "method",
        }
    }
}

/// A module, class, function or method.
#[derive(Debug, Clone)]
pub struct Definition {
    /// What it is.
    pub kind: DefinitionKind,
    /// Its own name; empty for the module.
    pub name: String,
    /// Its dotted name within the module, unique there: a redefinition gets `#2`, `#3` and so on.
    pub qualified_name: String,
    /// The definition around it, as an index into [`ParsedFile::definitions`].
    pub parent: Option<usize>,
    /// Whether it is part of the interface.
    pub visibility: Visibility,
    /// Everything from its first decorator to the end of its body.
    pub span: Span,
    /// From `def`, `async` or `class` to the colon, colon included; empty for the module.
    pub header: Span,
    /// Its name in the header; empty for the module.
    pub name_span: Span,
    /// The decorators without `@` and without arguments, as written.
    pub decorators: Vec<String>,
    /// Whether it is an `async def`.
    pub is_async: bool,
    /// Its parameters and return annotation; empty for modules and classes.
    pub signature: Signature,
    /// What its body does; empty for modules and classes.
    pub body: BodyFacts,
    /// Its docstring, as `ast.get_docstring` finds it.
    pub docstring: Option<Literal>,
    /// Where a docstring would go.
    pub insertion: Insertion,
    /// What is compared between two versions of the file.
    pub fingerprints: Fingerprints,
    /// Whether a syntax error touches it, so that it must not be edited.
    pub broken: bool,
}

impl ParsedFile {
    /// Returns the definition of a qualified name.
    #[must_use]
    pub fn find(&self, qualified_name: &str) -> Option<&Definition> {
        self.definitions.iter().find(|definition| definition.qualified_name == qualified_name)
    }

    /// Returns the definition around another one.
    #[must_use]
    pub fn parent(&self, definition: &Definition) -> Option<&Definition> {
        definition.parent.and_then(|index| self.definitions.get(index))
    }

    /// Returns what ends the first line: `"\n"`, `"\r\n"` or a lone `"\r"`.
    #[must_use]
    pub fn line_ending(&self) -> &'static str {
        let rest = self.text.find(['\r', '\n']).map_or("", |at| &self.text[at..]);
        if rest.starts_with("\r\n") {
            "\r\n"
        } else if rest.starts_with('\r') {
            "\r"
        } else {
            "\n"
        }
    }

    /// Returns line and column of an offset.
    #[must_use]
    pub fn position(&self, offset: usize) -> Position {
        self.lines.position(&self.text, offset)
    }

    /// Returns the text of a definition's docstring: what stands between the quotes as written, or the value
    /// of a literal that has no single inside.
    #[must_use]
    pub fn docstring_text<'a>(&'a self, definition: &'a Definition) -> Option<&'a str> {
        let literal = definition.docstring.as_ref()?;
        Some(literal.content.map_or(literal.value.as_str(), |content| content.of(&self.text)))
    }
}

impl Definition {
    /// Returns whether a decorator with this last name part stands on it: `overload`, `typing.overload`.
    #[must_use]
    pub fn has_decorator(&self, name: &str) -> bool {
        self.decorators.iter().any(|decorator| decorator.rsplit('.').next() == Some(name))
    }

    /// Returns whether its name begins and ends with two underscores.
    #[must_use]
    pub fn is_dunder(&self) -> bool {
        self.name.len() > 4 && self.name.starts_with("__") && self.name.ends_with("__")
    }

    /// Returns whether it reads like an attribute: a property or a cached property.
    #[must_use]
    pub fn is_property(&self) -> bool {
        ["property", "cached_property", "abstractproperty"].iter().any(|name| self.has_decorator(name))
    }

    /// Returns whether it is the setter or the deleter of a property.
    #[must_use]
    pub fn is_accessor(&self) -> bool {
        self.has_decorator("setter") || self.has_decorator("deleter")
    }

    /// Returns where a finding about it as a whole points: its name, or the start of the module.
    #[must_use]
    pub fn anchor(&self) -> Span {
        self.name_span
    }
}
