//! What a file defines.

use std::sync::OnceLock;

use super::body::{BodyFacts, CodeFacts};
use super::fingerprint::Fingerprints;
use super::imports::Imports;
use super::imports::names::{Names, without_ordinal};
use super::literal::Literal;
use super::literal::insertion::Insertion;
use super::run_time::Readers;
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
    /// What the whole syntax tree says, one per definition; a cheaper parse would leave it to be asked for.
    code: OnceLock<Vec<CodeFacts>>,
    pub(super) names: Names,
    pub(super) readers: Readers,
    /// The line length of its code, once it was asked for.
    pub(super) width: OnceLock<usize>,
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
    /// Its place in [`ParsedFile::definitions`].
    pub index: usize,
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
    /// The base classes as written, keyword arguments left out; empty for what is no class.
    pub bases: Vec<Span>,
    /// Its parameters and return annotation; empty for modules and classes.
    pub signature: Signature,
    /// How it is left; empty for modules and classes. What else its code does is in [`ParsedFile::code`].
    pub body: BodyFacts,
    /// Its docstring, as `ast.get_docstring` finds it.
    pub docstring: Option<Literal>,
    /// Where a docstring would go.
    pub insertion: Insertion,
    /// Whether a syntax error touches it, so that it must not be edited.
    pub broken: bool,
}

impl ParsedFile {
    /// Makes a file without definitions.
    pub(super) fn new(text: &str) -> Self {
        Self {
            text: text.to_owned(),
            lines: LineIndex::new(text),
            definitions: Vec::new(),
            errors: Vec::new(),
            code: OnceLock::new(),
            imports: Imports::default(),
            exports: None,
            names: Names::default(),
            readers: Readers::default(),
            width: OnceLock::new(),
        }
    }

    pub(super) fn set_code(&mut self, code: Vec<CodeFacts>) {
        self.code = OnceLock::from(code);
    }

    /// Returns what the code of a definition does, as only its whole syntax tree tells.
    #[must_use]
    pub fn code(&self, definition: &Definition) -> &CodeFacts {
        static NOTHING: OnceLock<CodeFacts> = OnceLock::new();
        let known = self.code.get().and_then(|code| code.get(definition.index));
        known.unwrap_or_else(|| NOTHING.get_or_init(CodeFacts::default))
    }

    /// Returns what is compared between two versions of a definition.
    #[must_use]
    pub fn fingerprints(&self, definition: &Definition) -> &Fingerprints {
        &self.code(definition).fingerprints
    }

    /// Returns the definition of a qualified name.
    #[must_use]
    pub fn find(&self, qualified_name: &str) -> Option<&Definition> {
        let mut variants = self.variants(without_ordinal(qualified_name));
        variants.find(|definition| definition.qualified_name == qualified_name)
    }

    /// Returns the definitions inside another one, at any depth.
    #[must_use]
    pub fn inside(&self, definition: &Definition) -> &[Definition] {
        let from = definition.index + 1;
        let rest = self.definitions.get(from..).unwrap_or_default();
        // They are in the order they begin, so what is inside stands together.
        let count = rest.partition_point(|inner| inner.span.start < definition.span.end);
        &rest[..count]
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

impl ParsedFile {
    /// Returns whether `typing.override` stands on a definition, under whatever name; what is called is another one,
    /// such as Django's `translation.override("de")`.
    #[must_use]
    pub fn is_override(&self, definition: &Definition) -> bool {
        let is_called = |name: &str| {
            let decorators = Span::new(definition.span.start, definition.header.start).of(&self.text);
            let behind = decorators.lines().filter_map(|line| line.trim_start().strip_prefix('@'));
            behind
                .filter_map(|line| line.trim_start().strip_prefix(name))
                .any(|rest| rest.trim_start().starts_with('('))
        };
        let stands_for = |name: &str| {
            let meaning = self.meaning(name, definition.parent.unwrap_or(0));
            let is_known =
                matches!(meaning.as_deref(), Some("typing.override" | "typing_extensions.override"));
            name == "override"
                || name == "typing.override"
                || name == "typing_extensions.override"
                || is_known
        };
        definition.decorators.iter().any(|name| stands_for(name) && !is_called(name))
    }
}

impl Definition {
    /// Makes the definition of an empty module.
    pub(super) fn module() -> Self {
        Self {
            index: 0,
            kind: DefinitionKind::Module,
            name: String::new(),
            qualified_name: String::new(),
            parent: None,
            visibility: Visibility::Public,
            span: Span::new(0, 0),
            header: Span::new(0, 0),
            name_span: Span::new(0, 0),
            decorators: Vec::new(),
            is_async: false,
            bases: Vec::new(),
            signature: Signature::default(),
            body: BodyFacts::default(),
            docstring: None,
            insertion: Insertion::Nowhere("it has no body"),
            broken: false,
        }
    }

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
        // Libraries have their own: `hybrid_property`, pandas' `cache_readonly`, Pyramid's `reify`.
        let makes_one = |decorator: &String| {
            let name = decorator.rsplit('.').next().unwrap_or(decorator);
            name.ends_with("property") || ["cache_readonly", "memoized_attribute", "reify"].contains(&name)
        };
        self.decorators.iter().any(makes_one)
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
