//! D100 to D107: a definition that owes a docstring has none.
//!
//! The eight codes are one question asked of eight kinds of definition, as in pydocstyle.

use crate::python::{Definition, DefinitionKind, Span, last_part};

use super::subject::code_of as code_of_definition;
use super::support::variants;
use super::{Answer, Finding, Require, Rule, Slot, Subject};

/// Applies the rule whose code belongs to this kind of definition.
pub(super) fn check(rule: &Rule, subject: &Subject<'_>) -> Vec<Finding> {
    if code_of(subject) != Some(rule.code) || !is_owed(subject) {
        return Vec::new();
    }
    let definition = subject.definition;
    let empty = definition.docstring.is_some();
    let said = if empty { "an empty docstring" } else { "no docstring" };
    let message = format!("{} has {said}", subject.called());
    vec![
        subject
            .finding(rule, definition.anchor(), message)
            .answered_by(Answer::Generate(Slot::Docstring), None),
    ]
}

fn is_owed(subject: &Subject<'_>) -> bool {
    if is_documented(subject) || !is_asked(subject) {
        return false;
    }
    // Whether a base class says it is asked last: that may read other files.
    subject.owes_docstring()
}

fn is_asked(subject: &Subject<'_>) -> bool {
    let touched = subject.touched;
    if subject.settings.require == Require::Added {
        return touched.added;
    }
    // Taking a docstring away is a change of the docstring alone, and still leaves the definition without one.
    let taken_away = touched.docstring && subject.base.is_some_and(says_something);
    let module = subject.definition.kind == DefinitionKind::Module;
    taken_away || if module { touched.added } else { touched.code() }
}

/// Returns whether a definition has a docstring that is not empty, or is given one: a module or class sets its own, the file
/// sets that of a function, `functools.wraps` takes that of another one.
pub(super) fn is_documented(subject: &Subject<'_>) -> bool {
    let (file, definition) = (subject.file, subject.definition);
    let is_set = |name: Span| name.of(&file.text) == "__doc__";
    says_something(definition)
        || definition.decorators.iter().any(|decorator| gives_docstring(subject, decorator))
        || !definition.name.is_empty() && file.sets_docstring_of(&definition.name)
        || !definition.kind.is_function()
            && file.code(definition).attributes.iter().any(|attribute| is_set(attribute.name))
        || definition.kind == DefinitionKind::Module && file.imports.binding("__doc__", 0).is_some()
}

/// Returns whether a decorator sets a docstring: it is called so, or the file shows that it does.
fn gives_docstring(subject: &Subject<'_>, decorator: &str) -> bool {
    let name = last_part(decorator).to_lowercase();
    let is_called_so = ["doc", "docs", "docstring", "docstrings"].iter().any(|end| name.ends_with(end))
        || matches!(name.as_str(), "wraps" | "appender" | "substitution");
    is_called_so
        || variants(subject.file, decorator).any(|found| {
            let code = code_of_definition(subject.file, found);
            code.contains(".__doc__ =") || code.contains("wraps(")
        })
}

/// Returns whether a definition has a docstring that is not empty.
pub(super) fn says_something(definition: &Definition) -> bool {
    definition.docstring.as_ref().is_some_and(|docstring| !docstring.value.trim().is_empty())
}

/// Returns the code of the rule about this kind of definition; nothing for those that none asks about.
pub(super) fn code_of(subject: &Subject<'_>) -> Option<&'static str> {
    let definition = subject.definition;
    Some(match definition.kind {
        DefinitionKind::Module if subject.path.file_name().starts_with("__init__.") => "D104",
        DefinitionKind::Module => "D100",
        DefinitionKind::Class => "D101",
        DefinitionKind::NestedClass => "D106",
        // A module's `__getattr__` is called by the language (pydocstyle: a leading underscore is private).
        DefinitionKind::Function if definition.is_dunder() => return None,
        DefinitionKind::Function => "D103",
        DefinitionKind::Method if definition.name == "__init__" => "D107",
        // `__new__` and `__call__` are called by users of the class (pydocstyle).
        DefinitionKind::Method if matches!(definition.name.as_str(), "__new__" | "__call__") => "D102",
        DefinitionKind::Method if definition.is_dunder() => "D105",
        DefinitionKind::Method => "D102",
        DefinitionKind::NestedFunction => return None,
    })
}
