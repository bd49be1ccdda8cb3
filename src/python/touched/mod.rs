//! How the definitions of a run differ from those of its base.
//!
//! Parsed texts are compared, never line numbers: a definition is touched when one of its fingerprints differs from
//! its counterpart's, which `counterparts` finds. What only moved or was renamed is not new.

mod counterparts;
mod namesakes;

use std::sync::Arc;

use counterparts::{Place, counterparts};

use super::body::last_part;
use super::definition::{Definition, ParsedFile};

/// What happened to a definition since the base.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is an independent fact, and they come in any combination"
)]
pub struct Touched {
    /// It has no counterpart in the base.
    pub added: bool,
    /// Its parameters or annotations differ, or a decorator that makes something else of it; for a class, its header.
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

/// One file of a run, before and after.
#[derive(Debug, Clone, Copy)]
pub struct Versions<'a> {
    /// The file in the base; `None` for a new one.
    pub base: Option<&'a Arc<ParsedFile>>,
    /// The file to look at; `None` for one that was deleted.
    pub new: Option<&'a ParsedFile>,
}

/// What happened to one definition.
#[derive(Debug, Clone)]
pub struct Pairing {
    /// The difference; `None` when there is none.
    pub touched: Option<Touched>,
    /// What it was in the base.
    pub base: Option<Counterpart>,
}

/// A definition in the base, of the same file or of another one.
#[derive(Debug, Clone)]
pub struct Counterpart {
    /// The file it was in.
    pub file: Arc<ParsedFile>,
    /// Its index there.
    pub index: usize,
}

impl Counterpart {
    /// Returns the definition.
    #[must_use]
    pub fn definition(&self) -> &Definition {
        &self.file.definitions[self.index]
    }
}

impl Pairing {
    const ADDED: Self = Self { touched: Some(Touched::ADDED), base: None };

    /// Compares the counterpart with the same definition in another text, where its docstring was edited.
    #[must_use]
    pub fn with(&self, file: &ParsedFile, edited: &Definition) -> Self {
        let Some(base) = &self.base else { return self.clone() };
        let moved = self.touched.is_some_and(|touched| touched.moved);
        let old = (&*base.file, base.definition());
        Self { touched: difference(old, (file, edited), moved), base: self.base.clone() }
    }
}

/// Compares the files of a run with their bases; one answer per definition of each new file, in their order.
///
/// All files are looked at together, because definitions move between them.
#[must_use]
pub fn compare_all(files: &[Versions<'_>]) -> Vec<Vec<Pairing>> {
    if files.iter().all(|file| file.base.is_none()) {
        let new = files.iter().map(|file| file.new.map_or(0, |new| new.definitions.len()));
        return new.map(|count| vec![Pairing::ADDED; count]).collect();
    }
    let found = counterparts(files);
    let mut answers = Vec::with_capacity(files.len());
    for (number, (file, places)) in files.iter().zip(found).enumerate() {
        let new = file.new;
        let definitions = new.map_or(&[][..], |new| new.definitions.as_slice());
        let answer = definitions.iter().zip(places).map(|(definition, place)| {
            let Some(Place { file: base, index }) = place else { return Pairing::ADDED };
            let (Some(file), Some(new)) = (files.get(base).and_then(|file| file.base), new) else {
                return Pairing::ADDED;
            };
            let counterpart = Counterpart { file: Arc::clone(file), index };
            let was = counterpart.definition();
            let renamed = !is_same_name(&was.qualified_name, &definition.qualified_name);
            let touched = difference((file, was), (new, definition), renamed || base != number);
            Pairing { touched, base: Some(counterpart) }
        });
        answers.push(answer.collect());
    }
    answers
}

/// Compares one file with its base.
#[must_use]
pub fn compare(base: Option<&Arc<ParsedFile>>, new: &ParsedFile) -> Vec<Pairing> {
    compare_all(&[Versions { base, new: Some(new) }]).pop().unwrap_or_default()
}

fn difference(
    (base, was): (&ParsedFile, &Definition),
    (new, is): (&ParsedFile, &Definition),
    moved: bool,
) -> Option<Touched> {
    let (old, now) = (base.fingerprints(was), new.fingerprints(is));
    let touched = Touched {
        added: false,
        // A renamed definition has another name in its header; that alone does not touch its signature.
        signature: old.signature != now.signature && !only_wraps((base, was), (new, is)),
        body: old.body != now.body,
        docstring: old.docstring != now.docstring,
        members: old.members != now.members,
        moved,
    };
    (touched != Touched::default()).then_some(touched)
}

/// Returns whether only decorators differ that leave alone how a definition is used: `@functools.cache`, a route, a mark
/// of a test. What they do is no claim of the docstring, and nobody who adds one has written the function.
fn only_wraps((base, was): (&ParsedFile, &Definition), (new, is): (&ParsedFile, &Definition)) -> bool {
    let makes = |definition: &Definition| -> Vec<String> {
        let last = definition.decorators.iter().map(|name| last_part(name).to_owned());
        last.filter(|name| MAKERS.contains(&name.as_str())).collect()
    };
    let header = |file: &ParsedFile, definition: &Definition| -> Vec<String> {
        definition.header.of(&file.text).split_whitespace().map(str::to_owned).collect()
    };
    makes(was) == makes(is) && header(base, was) == header(new, is)
}

/// Decorators that make something else of a definition: another kind, another way to call it, another result.
const MAKERS: &[&str] = &[
    "abstractmethod",
    "abstractproperty",
    "asynccontextmanager",
    "cached_property",
    "classmethod",
    "contextmanager",
    "dataclass",
    "define",
    "deleter",
    "fixture",
    "frozen",
    "getter",
    "overload",
    "override",
    "property",
    "setter",
    "singledispatch",
    "staticmethod",
];

/// Compares qualified names without the ordinals of redefinitions, which shift when one of them goes.
fn is_same_name(one: &str, other: &str) -> bool {
    let plain = |part: &str| part.split('#').next().unwrap_or("").to_owned();
    one == other || one.split('.').map(plain).eq(other.split('.').map(plain))
}

#[cfg(test)]
mod tests;
