//! DG206: a section that the configuration requires is missing.

use std::collections::BTreeMap;

use crate::docstring::SectionKind;
use crate::python::{Definition, DefinitionKind};

use super::{Answer, Finding, RULES, Rule, Slot, Subject};

/// The definitions that a requirement is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Requirement {
    /// Modules and packages.
    Module,
    /// Classes, nested ones too.
    Class,
    /// Functions, nested ones too.
    Function,
    /// Methods that are no properties.
    Method,
    /// Properties.
    Property,
}

impl Requirement {
    /// Returns the one that a definition belongs to.
    #[must_use]
    pub fn of(definition: &Definition) -> Self {
        match definition.kind {
            DefinitionKind::Module => Self::Module,
            DefinitionKind::Class | DefinitionKind::NestedClass => Self::Class,
            DefinitionKind::Function | DefinitionKind::NestedFunction => Self::Function,
            DefinitionKind::Method if definition.is_property() => Self::Property,
            DefinitionKind::Method => Self::Method,
        }
    }
}

/// The sections that docstrings must have.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct RequiredSections(BTreeMap<Requirement, Vec<SectionKind>>);

impl RequiredSections {
    /// Collects requirements.
    #[must_use]
    pub fn new(requirements: impl IntoIterator<Item = (Requirement, Vec<SectionKind>)>) -> Self {
        Self(requirements.into_iter().collect())
    }

    fn of(&self, definition: &Definition) -> &[SectionKind] {
        self.0.get(&Requirement::of(definition)).map_or(&[], Vec::as_slice)
    }
}

/// Applies the rule.
pub(super) fn check(rule: &Rule, subject: &Subject<'_>) -> Vec<Finding> {
    let required = subject.settings.required.of(subject.definition);
    let Some(docstring) = subject.docstring else { return Vec::new() };
    if required.is_empty()
        || docstring.is_short()
        || !subject.owes_docstring()
        || !subject.owes_completeness()
    {
        return Vec::new();
    }
    let missing = required.iter().copied().filter(|kind| {
        !is_there(*kind, subject) && has_something_to_say(*kind, subject) && !is_said_already(*kind, subject)
    });
    missing.map(|kind| make(rule, kind, subject)).collect()
}

fn make(rule: &Rule, kind: SectionKind, subject: &Subject<'_>) -> Finding {
    let called = subject.settings.house.called(kind);
    let message =
        format!("the docstring of {} has no section `{called}`, which is required", subject.called());
    let answer = match kind {
        SectionKind::Returns => Answer::Generate(Slot::Returns),
        SectionKind::Yields => Answer::Generate(Slot::Yields),
        _ => Answer::Person,
    };
    let anchor =
        subject.definition.docstring.as_ref().map_or(subject.definition.anchor(), |found| found.span);
    subject.finding(rule, anchor, message).answered_by(answer, Some(called.to_owned()))
}

fn is_there(kind: SectionKind, subject: &Subject<'_>) -> bool {
    let elsewhere = subject.is_left_to_class(kind);
    let same_in_meaning = match kind {
        SectionKind::Parameters => Some(SectionKind::OtherParameters),
        // What a generator gives to its caller may be described as an iterator.
        SectionKind::Yields => Some(SectionKind::Returns),
        _ => None,
    };
    let has = |kind| subject.has_section(kind);
    elsewhere || has(kind) || same_in_meaning.is_some_and(has) || is_with_initializer(kind, subject)
}

/// Returns whether the parameters of a class are documented where they are declared.
fn is_with_initializer(kind: SectionKind, subject: &Subject<'_>) -> bool {
    let definition = subject.definition;
    let described = subject.described_signature().map(|(_, owner)| owner);
    let owner = described.filter(|_| kind == SectionKind::Parameters && definition.kind.is_class());
    owner.is_some_and(|owner| owner.docstring.is_some())
}

/// A list of parameters is not asked of a function without any.
fn has_something_to_say(kind: SectionKind, subject: &Subject<'_>) -> bool {
    let definition = subject.definition;
    let body = &definition.body;
    let function = definition.kind.is_function();
    let annotated = definition.signature.returns.is_some() && !definition.signature.returns_nothing();
    match kind {
        SectionKind::Parameters => subject.described_signature().is_some_and(|(signature, _)| {
            signature.callers_parameters().iter().any(|parameter| !parameter.name.starts_with('_'))
        }),
        SectionKind::Returns if function => {
            !body.is_generator()
                && !definition.signature.returns_nothing()
                && (body.returned_value().is_some() || annotated && body.is_stub())
        }
        SectionKind::Yields if function => body.yields.iter().any(|found| found.value),
        SectionKind::Receives if function => body.is_generator(),
        SectionKind::Raises if function => {
            !body.is_stub() && body.raises.iter().any(|raise| raise.exception.is_some())
        }
        _ => true,
    }
}

/// Returns whether a rule that is on reports the same, with evidence.
fn is_said_already(kind: SectionKind, subject: &Subject<'_>) -> bool {
    let code = match kind {
        SectionKind::Parameters => "DOC101",
        SectionKind::Returns => "DOC201",
        SectionKind::Yields => "DOC402",
        SectionKind::Raises => "DOC501",
        _ => return false,
    };
    let on = subject.settings.severities.contains_key(code);
    let rule = RULES.iter().find(|rule| on && rule.code == code);
    rule.is_some_and(|rule| !(rule.check)(rule, subject).is_empty())
}
