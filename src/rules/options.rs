//! What the configuration says to single rules: the table `[rules]`.

use std::str::FromStr;

use super::attributes::ClassAttributes;
use super::initializer::InitializerOptions;
use super::results::ResultOptions;
use super::type_hints::TypeHints;
use super::{Conventions, summary_length};

/// The options of the rules, each owned by the rule it is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Options {
    /// The convention that docstrings are laid out by.
    pub conventions: Conventions,
    /// Which docstrings are too short to be asked for sections.
    pub short: ShortDocstrings,
    /// Whether the docstring of a base class's method is also that of a method which overrides it.
    pub inherits_docstrings: bool,
    /// What counts as said, and as done.
    pub reading: Reading,
    /// What is asked about results.
    pub results: ResultOptions,
    /// Where types are wanted.
    pub hints: TypeHints,
    /// Where the parameters of a class are documented.
    pub initializer: InitializerOptions,
    /// Which attributes of classes are held against the text.
    pub attributes: ClassAttributes,
    /// How long a summary may be, and must be.
    pub summary: summary_length::Limits,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            conventions: Conventions::default(),
            short: ShortDocstrings::default(),
            // As `inspect.getdoc` and the generators of documentation have it.
            inherits_docstrings: true,
            reading: Reading::default(),
            results: ResultOptions::default(),
            hints: TypeHints::default(),
            initializer: InitializerOptions::default(),
            attributes: ClassAttributes::default(),
            summary: summary_length::Limits::default(),
        }
    }
}

/// How closely docstring and code are held against each other; pydoclint and ruff do so by the letter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Reading {
    /// Whether only a section of its own says something: no sentence, and no section for something else.
    pub sections_only: bool,
    /// Whether only the statements of the function itself count: not what it calls, hands on or leaves to subclasses.
    pub own_code_only: bool,
}

/// Which docstrings are too short to be asked for sections.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ShortDocstrings {
    /// Those of one paragraph are left alone.
    OneParagraph,
    /// Those without a section about use (parameters, attributes, results, exceptions, examples, deprecation) are left
    /// alone, however long, as by pydoclint: prose says such things in ways that nobody can list.
    #[default]
    WithoutSections,
    /// They are asked like all others (ruff's default).
    Asked,
}

impl FromStr for ShortDocstrings {
    type Err = String;

    fn from_str(word: &str) -> Result<Self, Self::Err> {
        match word {
            "one-paragraph" => Ok(Self::OneParagraph),
            "without-sections" => Ok(Self::WithoutSections),
            "asked" => Ok(Self::Asked),
            _ => Err(format!("{word:?} is none of one-paragraph, without-sections, asked")),
        }
    }
}

/// A value as the configuration has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OptionValue {
    /// `true` or `false`.
    Switch(bool),
    /// A whole number.
    Number(u64),
    /// A word.
    Word(String),
}

impl Options {
    /// The names of the options, as they are written in the configuration.
    pub const NAMES: &'static [&'static str] = &[
        "allow-init-docstring",
        "arg-type-hints-in-docstring",
        "arg-type-hints-in-signature",
        "check-class-attributes",
        "convention",
        "inherit-docstrings",
        "own-code-only",
        "require-return-section-when-returning-nothing",
        "require-yield-section-when-yielding-nothing",
        "sections-only",
        "should-document-private-class-attributes",
        "short-docstrings",
        "summary-length",
        "summary-minimum-length",
        "treat-property-methods-as-class-attributes",
    ];

    /// Sets an option by its name.
    ///
    /// # Errors
    ///
    /// Says that there is no such option, or what its value should be.
    pub fn set(&mut self, name: &str, value: &OptionValue) -> Result<(), String> {
        match name {
            "allow-init-docstring" => self.initializer.allow_docstring = value.switch()?,
            "arg-type-hints-in-docstring" => self.hints.in_docstring = value.switch()?,
            "arg-type-hints-in-signature" => self.hints.in_signature = value.switch()?,
            "check-class-attributes" => self.attributes.asked = value.word()?.parse()?,
            "convention" => self.conventions = value.word()?.parse()?,
            "inherit-docstrings" => self.inherits_docstrings = value.switch()?,
            "own-code-only" => self.reading.own_code_only = value.switch()?,
            "require-return-section-when-returning-nothing" => self.results.of_nothing = value.switch()?,
            "require-yield-section-when-yielding-nothing" => {
                self.results.yields_of_nothing = value.switch()?;
            }
            "sections-only" => self.reading.sections_only = value.switch()?,
            "should-document-private-class-attributes" => self.attributes.private = value.switch()?,
            "short-docstrings" => self.short = value.word()?.parse()?,
            "summary-length" => self.summary.most = value.number()?,
            "summary-minimum-length" => self.summary.least = value.number()?,
            "treat-property-methods-as-class-attributes" => self.attributes.properties = value.switch()?,
            _ => return Err(format!("is none of {}", Self::NAMES.join(", "))),
        }
        Ok(())
    }
}

impl OptionValue {
    fn switch(&self) -> Result<bool, String> {
        if let Self::Switch(on) = self { Ok(*on) } else { Err("expected true or false".to_owned()) }
    }

    fn number(&self) -> Result<u64, String> {
        if let Self::Number(number) = self { Ok(*number) } else { Err("expected a whole number".to_owned()) }
    }

    fn word(&self) -> Result<&str, String> {
        if let Self::Word(word) = self { Ok(word) } else { Err("expected a string".to_owned()) }
    }
}
