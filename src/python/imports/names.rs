//! What a name means where it stands: a definition of the file, an import, or something assigned.
//!
//! It knows one file; `modules` goes on from an [`Origin`] to other files. The look-up tables are made when they
//! are first asked for, because most files are never asked.

use std::collections::HashMap;
use std::iter;
use std::sync::OnceLock;

use super::{Assigned, Condition, Import, Imported};
use crate::python::definition::{Definition, ParsedFile};

/// The most assignments `A = B` that are followed one after the other.
const MOST_ALIASES: usize = 16;

/// Tables over the definitions of a file.
#[derive(Debug, Clone, Default)]
pub(in crate::python) struct Names {
    members: OnceLock<Members>,
    /// By qualified name, without the last ordinal.
    qualified: OnceLock<HashMap<String, Vec<usize>>>,
    /// Classes by their own name.
    classes: OnceLock<HashMap<String, Vec<usize>>>,
}

/// For each definition the indices of those directly inside it, by name.
type Members = HashMap<usize, HashMap<String, Vec<usize>>>;

/// What gives a name its meaning.
#[derive(Debug, Clone, Copy)]
pub enum Binding<'a> {
    /// A definition, as an index.
    Definition(usize),
    /// An import.
    Import(&'a Import),
    /// An assignment at the top level of the module.
    Assigned(&'a Assigned),
}

/// Where an imported name comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin {
    /// The number of leading dots of the module; 0 for an absolute name.
    pub level: usize,
    /// The dotted module as the import names it.
    pub module: String,
    /// What is looked up in it, dotted; empty for the module itself.
    pub name: String,
}

impl Origin {
    /// Returns the whole dotted name: `typing.Optional`; relative ones keep their dots.
    #[must_use]
    pub fn dotted(&self) -> String {
        let between = if self.module.is_empty() || self.name.is_empty() { "" } else { "." };
        format!("{}{}{between}{}", ".".repeat(self.level), self.module, self.name)
    }
}

impl ParsedFile {
    /// Returns the definitions of a name directly inside another one, as indices in the order of the text.
    #[must_use]
    pub fn members(&self, parent: usize, name: &str) -> &[usize] {
        let members = self.names.members.get_or_init(|| {
            let mut members = Members::new();
            for (index, definition) in self.definitions.iter().enumerate().skip(1) {
                let inside = members.entry(definition.parent.unwrap_or(0)).or_default();
                inside.entry(definition.name.clone()).or_default().push(index);
            }
            members
        });
        members.get(&parent).and_then(|inside| inside.get(name)).map_or(&[], Vec::as_slice)
    }

    /// Returns all definitions of a dotted name: one in each branch, overloads, a property with its setter.
    pub fn variants<'a>(&'a self, name: &str) -> impl Iterator<Item = &'a Definition> + use<'a> {
        let names = self.names.qualified.get_or_init(|| {
            let mut names: HashMap<String, Vec<usize>> = HashMap::new();
            for definition in &self.definitions {
                let name = without_ordinal(&definition.qualified_name);
                names.entry(name.to_owned()).or_default().push(definition.index);
            }
            names
        });
        names.get(name).into_iter().flatten().filter_map(|index| self.definitions.get(*index))
    }

    /// Returns the classes of a name, wherever in the file they are.
    pub fn classes<'a>(&'a self, name: &str) -> impl Iterator<Item = &'a Definition> + use<'a> {
        let classes = self.names.classes.get_or_init(|| {
            let mut classes: HashMap<String, Vec<usize>> = HashMap::new();
            for class in self.definitions.iter().filter(|definition| definition.kind.is_class()) {
                classes.entry(class.name.clone()).or_default().push(class.index);
            }
            classes
        });
        classes.get(name).into_iter().flatten().filter_map(|index| self.definitions.get(*index))
    }

    /// Returns the definition that a name directly inside another one stands for.
    ///
    /// Of several it is the first that is no overload: the getter of a property, the branch that is tried first.
    #[must_use]
    pub fn member(&self, parent: usize, name: &str) -> Option<usize> {
        let members = self.members(parent, name);
        let plain = members.iter().find(|index| !self.definitions[**index].has_decorator("overload"));
        plain.or_else(|| members.first()).copied()
    }

    /// Returns what an undotted name means in a definition, given as an index.
    ///
    /// The definition itself is asked first, then those around it; a class speaks for itself and for the headers
    /// of its methods, not for the functions inside them. What a signature or a function's body binds otherwise,
    /// parameters and local variables, is not known.
    #[must_use]
    pub fn binding(&self, name: &str, at: usize) -> Option<Binding<'_>> {
        self.scopes(at).find_map(|scope| self.binding_in(name, scope))
    }

    /// Returns what an undotted name means among what stands directly in a definition.
    #[must_use]
    pub fn binding_in(&self, name: &str, scope: usize) -> Option<Binding<'_>> {
        let definition = self.member(scope, name);
        let import = self.imports.binding(name, scope);
        let assigned = self.imports.assigned(name).filter(|_| scope == 0);
        if let Some(import) = import {
            // An import under a condition comes first, and what else has the name makes up for it.
            let wins = match import.condition {
                Condition::Always => {
                    let later = definition.map(|index| self.definitions[index].span);
                    later.or(assigned.map(|assigned| assigned.span)).is_none_or(|span| span < import.span)
                }
                Condition::Fallback => definition.is_none() && assigned.is_none(),
                _ => true,
            };
            if wins {
                return Some(Binding::Import(import));
            }
        }
        definition.map(Binding::Definition).or(assigned.map(Binding::Assigned))
    }

    /// Returns where a dotted name comes from, as written in a definition; `None` when no import says so.
    ///
    /// Aliases are followed, those by import and those by a plain assignment at the top level: `t.Optional` and
    /// `Opt` come from module `typing`, name `Optional`.
    #[must_use]
    pub fn origin(&self, written: &str, at: usize) -> Option<Origin> {
        match self.followed(written, at) {
            (Some(Binding::Import(import)), rest) => Some(import.origin(&rest)),
            _ => None,
        }
    }

    /// Returns an unambiguous name for what is written in a definition, to compare names by.
    ///
    /// It is the dotted name of where it is imported from, or, with `:` before it, a name of this module. `None`
    /// means that the file does not say: a built-in name, or one that only a star import can bring.
    #[must_use]
    pub fn meaning(&self, written: &str, at: usize) -> Option<String> {
        let (binding, rest) = self.followed(written, at);
        let joined = |name: &str| if rest.is_empty() { name.to_owned() } else { format!("{name}.{rest}") };
        match binding? {
            Binding::Import(import) => Some(import.origin(&rest).dotted()),
            Binding::Definition(index) => {
                Some(format!(":{}", joined(&self.definitions[index].qualified_name)))
            }
            Binding::Assigned(assigned) => {
                let name = assigned.span.of(&self.text);
                let end = name.find(|character: char| !character.is_alphanumeric() && character != '_');
                Some(format!(":{}", joined(&name[..end.unwrap_or(name.len())])))
            }
        }
    }

    /// Returns what the first part of a dotted name means, assignments of names followed, and what comes after it.
    fn followed(&self, written: &str, at: usize) -> (Option<Binding<'_>>, String) {
        let (first, rest) = written.split_once('.').unwrap_or((written, ""));
        let (mut binding, mut rest) = (self.binding(first, at), rest.to_owned());
        for _ in 0..MOST_ALIASES {
            let Some(Binding::Assigned(Assigned { value: Some(value), .. })) = binding else { break };
            let (first, more) = value.split_once('.').unwrap_or((value, ""));
            let Some(next) = self.binding_in(first, 0) else { break };
            rest = [more, &rest].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(".");
            binding = Some(next);
        }
        (binding, rest)
    }

    /// Yields the definitions whose names can be used in one, itself first and the module last.
    fn scopes(&self, at: usize) -> impl Iterator<Item = usize> {
        let parent = |index: &usize| self.definitions.get(*index).and_then(|definition| definition.parent);
        let chain = iter::successors(Some(at), parent).enumerate();
        chain.filter_map(|(distance, index)| {
            let definition: &Definition = self.definitions.get(index)?;
            (distance <= 1 || !definition.kind.is_class()).then_some(index)
        })
    }
}

/// A redefinition's `#2` goes, an outer one's stays.
pub(in crate::python) fn without_ordinal(qualified_name: &str) -> &str {
    match qualified_name.rsplit_once('#') {
        Some((name, ordinal)) if !ordinal.contains('.') => name,
        _ => qualified_name,
    }
}

impl Import {
    /// Returns where a name comes from that this import binds; `rest` is what is written behind the name.
    #[must_use]
    pub fn origin(&self, rest: &str) -> Origin {
        let (module, first) = match &self.imported {
            Imported::Package => (self.bound.as_str(), ""),
            Imported::Name(name) => (self.module.path.as_str(), name.as_str()),
            Imported::Module | Imported::Star => (self.module.path.as_str(), ""),
        };
        let parts = [first, rest].into_iter().filter(|part| !part.is_empty());
        Origin {
            level: self.module.level,
            module: module.to_owned(),
            name: parts.collect::<Vec<_>>().join("."),
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::python::parse;

    const SOURCE: &str = "\
import typing as t
import numpy as np, os.path
from typing import Optional as Opt
from .errors import Broken
from . import base
from x import Shadowed, Kept
try:
    from fast import Best
except ImportError:
    class Best: pass
class Shadowed: pass
Alias = Opt
Again = Alias
Cyclic = Cyclic2
Cyclic2 = Cyclic
Made = make()
class C:
    from inside import Local
    class Inner: pass
    def f(self, a: Local) -> Inner:
        from elsewhere import Opt
        def g():
            pass
";

    #[test]
    fn names_are_followed_to_where_they_come_from() {
        let file = parse(SOURCE);
        let table = [
            ("t.Optional", "", Some("typing.Optional")),
            ("Opt", "", Some("typing.Optional")),
            ("np.ndarray", "", Some("numpy.ndarray")),
            ("os.path.join", "", Some("os.path.join")),
            ("os", "", Some("os")),
            ("Broken", "", Some(".errors.Broken")),
            ("base.Thing", "", Some(".base.Thing")),
            ("Shadowed", "", Some(":Shadowed")),
            ("Kept", "", Some("x.Kept")),
            ("Best", "", Some("fast.Best")),
            ("Alias", "", Some("typing.Optional")),
            ("Again", "", Some("typing.Optional")),
            ("Made.x", "", Some(":Made.x")),
            ("int", "", None),
            ("C.f", "", Some(":C.f")),
            // The containing definition's own imports win.
            ("Opt", "C.f", Some("elsewhere.Opt")),
            ("Opt", "C.f.g", Some("elsewhere.Opt")),
            ("Opt", "C", Some("typing.Optional")),
            // A class's names reach its methods' headers and no further.
            ("Local", "C.f", Some("inside.Local")),
            ("Inner", "C.f", Some(":C.Inner")),
            ("Local", "C.f.g", None),
            ("Local", "", None),
        ];
        for (written, within, expected) in table {
            let at = file.definitions.iter().position(|found| found.qualified_name == within).unwrap();
            assert_eq!(file.meaning(written, at).as_deref(), expected, "{written} in {within:?}");
        }
        assert!(file.meaning("Cyclic", 0).is_some_and(|name| name.starts_with(':')));
    }

    #[test]
    fn an_origin_keeps_module_and_name_apart() {
        let file = parse("from a.b import c as d\nimport e.f\nimport e.f as g\nfrom .. import h\n");
        let origin = |written: &str| {
            let origin = file.origin(written, 0).unwrap();
            (origin.level, origin.module, origin.name)
        };
        assert_eq!(origin("d.x"), (0, "a.b".to_owned(), "c.x".to_owned()));
        assert_eq!(origin("e.f.x"), (0, "e".to_owned(), "f.x".to_owned()));
        assert_eq!(origin("g.x"), (0, "e.f".to_owned(), "x".to_owned()));
        assert_eq!(origin("h"), (2, String::new(), "h".to_owned()));
        assert_eq!(file.origin("h", 0).unwrap().dotted(), "..h");
    }

    #[test]
    fn of_several_definitions_the_first_that_is_no_overload_stands_for_the_name() {
        let source = "\
class C:
    @overload
    def f(self): ...
    def f(self, a): ...
    @property
    def x(self): ...
    @x.setter
    def x(self, value): ...
";
        let file = parse(source);
        let name = |member: &str| {
            file.member(1, member).map(|index| file.definitions[index].qualified_name.as_str())
        };
        assert_eq!(name("f"), Some("C.f#2"));
        assert_eq!(name("x"), Some("C.x"));
        assert_eq!(file.members(1, "x").len(), 2);
        assert_eq!(file.members(0, "x"), [0_usize; 0]);
    }
}
