//! Which definitions owe a docstring, and why the others do not.

use crate::python::{Definition, ParameterKind, Visibility};

use super::Subject;
use super::undocumented::{code_of, is_documented};

/// Why a definition owes no docstring.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Exemption {
    /// Its file holds nothing but signatures.
    Stub,
    /// Its file holds tests.
    Test,
    /// Its file, or a folder above it, has a name that begins with an underscore.
    PrivateModule,
    /// It is private: by its name, by `__all__`, or by what it stands in.
    Private,
    /// It is one of several signatures of the same function.
    Overload,
    /// `@override` says that a base class documents it.
    Override,
    /// The getter of the property documents it.
    Accessor,
    /// The method of a base class documents it.
    Inherited,
    /// The rule about its kind is off.
    RuleOff(&'static str),
    /// A syntax error touches it.
    Broken,
}

/// How a definition stands when docstrings are counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Standing {
    /// It owes a docstring and has one that says something.
    Documented,
    /// It owes a docstring and has none.
    Missing,
    /// It owes none.
    Exempt(Exemption),
}

impl Exemption {
    /// Returns the reason as a word for machines, the same in every version of docgate.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Stub => "stub",
            Self::Test => "test",
            Self::PrivateModule => "private-module",
            Self::Private => "private",
            Self::Overload => "overload",
            Self::Override => "override",
            Self::Accessor => "accessor",
            Self::Inherited => "inherited",
            Self::RuleOff(_) => "rule-off",
            Self::Broken => "syntax-error",
        }
    }

    /// Returns the reason as a phrase for people, about several definitions.
    #[must_use]
    pub fn phrase(self) -> String {
        let phrase = match self {
            Self::Stub => "in stubs",
            Self::Test => "in tests",
            Self::PrivateModule => "in private modules",
            Self::Private => "private, or inside something that is",
            Self::Overload => "overloads",
            Self::Override => "marked with `@override`",
            Self::Accessor => "setters and deleters of properties",
            Self::Inherited => "documented by a base class",
            Self::RuleOff(code) => return format!("{code} is off"),
            Self::Broken => "touched by a syntax error",
        };
        phrase.to_owned()
    }
}

/// Returns how a definition stands, whatever was changed.
#[must_use]
pub fn standing(subject: &Subject<'_>) -> Standing {
    if subject.definition.broken {
        return Standing::Exempt(Exemption::Broken);
    }
    let Some(code) = code_of(subject) else { return Standing::Exempt(Exemption::Private) };
    if !subject.settings.severities.contains_key(code) {
        return Standing::Exempt(Exemption::RuleOff(code));
    }
    // What a base class says is only looked for where nothing is said here.
    let documented = is_documented(subject);
    match own_exemption(subject) {
        Some(exemption) => Standing::Exempt(exemption),
        None if documented => Standing::Documented,
        None if inherits(subject) => Standing::Exempt(Exemption::Inherited),
        None => Standing::Missing,
    }
}

/// Returns why a definition owes no docstring; nothing where it owes one.
pub(super) fn exemption(subject: &Subject<'_>) -> Option<Exemption> {
    own_exemption(subject).or_else(|| inherits(subject).then_some(Exemption::Inherited))
}

fn own_exemption(subject: &Subject<'_>) -> Option<Exemption> {
    let definition = subject.definition;
    let reasons = [
        (subject.path.is_stub(), Exemption::Stub),
        (subject.settings.is_test(subject.path), Exemption::Test),
        (is_in_private_module(subject), Exemption::PrivateModule),
        (definition.visibility == Visibility::Private, Exemption::Private),
        (definition.has_decorator("overload"), Exemption::Overload),
        (subject.file.is_override(definition), Exemption::Override),
        (definition.is_accessor(), Exemption::Accessor),
    ];
    reasons.into_iter().find_map(|(holds, exemption)| holds.then_some(exemption))
}

/// A module is private when a part of its path begins with an underscore, dunder names excepted.
fn is_in_private_module(subject: &Subject<'_>) -> bool {
    let is_special = |part: &str| part.len() > 4 && part.starts_with("__") && part.ends_with("__");
    let private = |part: &str| part.starts_with('_') && !is_special(part);
    let path = subject.path.as_str();
    path.rsplit_once('.').map_or(path, |(stem, _)| stem).split('/').any(private)
}

/// Returns whether a base class documents a method, with all that this one takes.
fn inherits(subject: &Subject<'_>) -> bool {
    let definition = subject.definition;
    if !subject.settings.options.inherits_docstrings || !definition.kind.is_function() {
        return false;
    }
    let inquiry = subject.settings.modules.inquiry(subject.path, subject.file);
    let documented = inquiry.inherited(definition.index).and_then(|inherited| inherited.documented);
    documented.is_some_and(|base| takes_as_much(base.definition(), definition))
}

/// Returns whether each parameter of a method is one of the method that documents it.
fn takes_as_much(base: &Definition, definition: &Definition) -> bool {
    let known = |name: &str| base.signature.parameters.iter().any(|parameter| parameter.name == name);
    let passes_on = |kind| matches!(kind, ParameterKind::VarPositional | ParameterKind::VarKeyword);
    let mut parameters = definition.signature.callers_parameters().iter();
    parameters.all(|parameter| passes_on(parameter.kind) || known(&parameter.name))
}
