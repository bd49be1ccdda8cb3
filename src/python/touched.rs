//! How the definitions of a file differ from those of its base.
//!
//! Two parsed texts are compared, never line numbers: a definition is touched when one of its fingerprints
//! differs. What only moved or was renamed is not new.

use std::collections::{HashMap, HashSet};

use super::definition::{Definition, ParsedFile};
use super::fingerprint::{Fingerprint, Fingerprints};

/// What happened to a definition since the base.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is an independent fact, and they come in any combination"
)]
pub struct Touched {
    /// It has no counterpart in the base.
    pub added: bool,
    /// Its decorators, parameters or annotations differ; for a class, its header.
    pub signature: bool,
    /// Its own code differs.
    pub body: bool,
    /// What its docstring says differs.
    pub docstring: bool,
    /// A definition inside it came or went (classes and modules).
    pub members: bool,
    /// It had another name or another place in the base.
    pub moved: bool,
}

impl Touched {
    /// The mark of a definition without a base.
    pub const ADDED: Self =
        Self { added: true, signature: false, body: false, docstring: false, members: false, moved: false };

    /// Returns whether the code is new or changed, so that its docstring must exist and be complete.
    #[must_use]
    pub fn code(self) -> bool {
        self.added || self.signature || self.body
    }

    /// Returns whether the code changed under a docstring that stayed as it was.
    #[must_use]
    pub fn leaves_docstring_behind(self) -> bool {
        !self.added && (self.signature || self.body) && !self.docstring
    }
}

/// What happened to one definition, and its counterpart in the base as an index into the base's definitions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pairing {
    /// The difference; `None` when there is none.
    pub touched: Option<Touched>,
    /// The counterpart in the base file.
    pub base: Option<usize>,
}

/// Compares a file with its base; one answer per definition of `new`, in their order.
#[must_use]
pub fn compare(base: Option<&ParsedFile>, new: &ParsedFile) -> Vec<Pairing> {
    let Some(base) = base else {
        return vec![Pairing { touched: Some(Touched::ADDED), base: None }; new.definitions.len()];
    };
    let by_name: HashMap<&str, usize> = base
        .definitions
        .iter()
        .enumerate()
        .map(|(index, definition)| (definition.qualified_name.as_str(), index))
        .collect();
    let gone = only_in(base, new);
    let by_body = unique_by_body(base, &gone);
    let added_by_body = unique_by_body(new, &only_in(new, base));
    let mut pairings: Vec<Pairing> = Vec::with_capacity(new.definitions.len());
    for (index, definition) in new.definitions.iter().enumerate() {
        let by_place = by_name.get(definition.qualified_name.as_str()).copied();
        let key = body_key(new, definition);
        let moved = added_by_body.get(&key).is_some_and(|only| *only == Some(index));
        let by_body = by_body.get(&key).copied().flatten().filter(|_| moved);
        // What is inside a renamed class has its name there.
        let by_owner = || {
            let owner = pairings.get(definition.parent?)?.base?;
            let local = definition.qualified_name.rsplit('.').next()?;
            let renamed = format!("{}.{local}", base.definitions[owner].qualified_name);
            by_name.get(renamed.as_str()).copied()
        };
        let counterpart = by_place.or(by_body).or_else(by_owner);
        pairings.push(match counterpart {
            Some(counterpart) => {
                let old = base.fingerprints(&base.definitions[counterpart]);
                let touched = difference(old, new.fingerprints(definition), by_place.is_none());
                Pairing { touched, base: Some(counterpart) }
            }
            None => Pairing { touched: Some(Touched::ADDED), base: None },
        });
    }
    pairings
}

fn difference(old: &Fingerprints, now: &Fingerprints, moved: bool) -> Option<Touched> {
    let touched = Touched {
        added: false,
        // A renamed definition has another name in its header; that alone does not touch its signature.
        signature: old.signature != now.signature,
        body: old.body != now.body,
        docstring: old.docstring != now.docstring,
        members: old.members != now.members,
        moved,
    };
    (touched != Touched::default()).then_some(touched)
}

fn only_in(one: &ParsedFile, other: &ParsedFile) -> Vec<usize> {
    let names: HashSet<&str> =
        other.definitions.iter().map(|definition| definition.qualified_name.as_str()).collect();
    (0..one.definitions.len())
        .filter(|index| !names.contains(one.definitions[*index].qualified_name.as_str()))
        .collect()
}

type BodyKey = (bool, Fingerprint, Fingerprint, usize);

/// Classes are paired with classes, by their statements and members, and functions with functions.
fn body_key(file: &ParsedFile, definition: &Definition) -> BodyKey {
    let parameters = definition.signature.parameters.len();
    let fingerprints = file.fingerprints(definition);
    (definition.kind.is_class(), fingerprints.body, fingerprints.members, parameters)
}

/// Finds the definitions that no other one shares a body with; `None` marks the ambiguous ones.
fn unique_by_body(file: &ParsedFile, indices: &[usize]) -> HashMap<BodyKey, Option<usize>> {
    let mut found = HashMap::new();
    for index in indices {
        let definition = &file.definitions[*index];
        // A stub, or a class without anything in it, says too little to pair by.
        let is_empty =
            definition.kind.is_class() && file.fingerprints(definition).members == Fingerprint::of(b"");
        if definition.body.is_stub() && definition.kind.is_function() || is_empty {
            continue;
        }
        found.entry(body_key(file, definition)).and_modify(|entry| *entry = None).or_insert(Some(*index));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::python::parse;

    fn added(base: &str, new: &str) -> Vec<String> {
        let (base, new) = (parse(base), parse(new));
        let pairings = compare(Some(&base), &new);
        let names = new.definitions.iter().zip(pairings);
        names
            .filter(|(_, pairing)| pairing.touched.is_some_and(|touched| touched.added))
            .map(|(definition, _)| definition.qualified_name.clone())
            .collect()
    }

    #[test]
    fn what_moved_or_was_renamed_is_not_new() {
        let none: [&str; 0] = [];
        let class = "class Old:\n    def f(self):\n        return 1\n    def g(self):\n        return 1\n";
        assert_eq!(added(class, &class.replace("Old", "New")), none);
        let function = "def old(a):\n    return a\n\ndef kept():\n    pass\n";
        assert_eq!(added(function, &function.replace("old", "new")), none);
        assert_eq!(added("class A:\n    pass\n", "class B:\n    pass\n"), ["B"]);
        assert_eq!(added("def a(): ...\n", "def b(): ...\n"), ["b"]);
        let twice = "def a():\n    return 1\n\ndef b():\n    return 1\n";
        assert_eq!(added("def x():\n    return 1\n", twice), ["a", "b"]);
    }
}
