//! How the definitions of a file differ from those of its base.
//!
//! Two parsed texts are compared, never line numbers: a definition is touched when one of its fingerprints
//! differs. What only moved or was renamed is not new.

use std::collections::HashMap;

use super::definition::{Definition, ParsedFile};
use super::fingerprint::Fingerprint;

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
    new.definitions
        .iter()
        .enumerate()
        .map(|(index, definition)| {
            if let Some(counterpart) = by_name.get(definition.qualified_name.as_str()) {
                let touched = difference(&base.definitions[*counterpart], definition, false);
                return Pairing { touched, base: Some(*counterpart) };
            }
            let key = body_key(definition);
            let moved = added_by_body.get(&key).is_some_and(|only| *only == Some(index));
            match by_body.get(&key) {
                Some(Some(counterpart)) if moved => {
                    let touched = difference(&base.definitions[*counterpart], definition, true);
                    Pairing { touched, base: Some(*counterpart) }
                }
                _ => Pairing { touched: Some(Touched::ADDED), base: None },
            }
        })
        .collect()
}

fn difference(base: &Definition, new: &Definition, moved: bool) -> Option<Touched> {
    let (old, now) = (&base.fingerprints, &new.fingerprints);
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
    (0..one.definitions.len())
        .filter(|index| other.find(&one.definitions[*index].qualified_name).is_none())
        .collect()
}

type BodyKey = (bool, Fingerprint, usize);

/// Classes are paired with classes and functions with functions; a stub's body says too little to pair by.
fn body_key(definition: &Definition) -> BodyKey {
    let parameters = definition.signature.parameters.len();
    (definition.kind.is_class(), definition.fingerprints.body, parameters)
}

/// Finds the definitions that no other one shares a body with; `None` marks the ambiguous ones.
fn unique_by_body(file: &ParsedFile, indices: &[usize]) -> HashMap<BodyKey, Option<usize>> {
    let mut found = HashMap::new();
    for index in indices {
        let definition = &file.definitions[*index];
        if definition.body.is_stub || definition.kind.is_class() {
            continue;
        }
        found.entry(body_key(definition)).and_modify(|entry| *entry = None).or_insert(Some(*index));
    }
    found
}
