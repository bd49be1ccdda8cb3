//! Which definition of the base each definition of a run is: by name, then by what is inside.
//!
//! 1. Files are given with their bases. Inside a pair, definitions of one name are paired. Where there are several,
//!    redefinitions or a property with its setter, those that are the same come first, then those with the same
//!    body, then those with the same role; only then does their order decide.
//! 2. What is left, and only that, may have been moved or renamed: first within the file, then across all files,
//!    each time first under the same name, then under any. It is paired when its body is the only such body on both
//!    sides; two candidates are none. Stubs and overloads say too little. So do classes unless half of their
//!    functions are the same, and across files a body of a line or so under another name.
//!
//! A class that is paired takes what is inside it along. Swapped names count as two changed bodies, because a name
//! is what others know a definition by.

use std::collections::HashMap;

use super::Versions;
use super::namesakes::{is_mostly_the_same, same_name};
use crate::python::definition::{Definition, ParsedFile};
use crate::python::fingerprint::{Fingerprint, Fingerprints};

/// The least code, in bytes that are not blank, by which a definition is known in another file under another name.
const TELLING_BODY: usize = 60;
/// The least code by which a class without functions is known at all; `pass` is not enough.
const TELLING_CLASS: usize = 12;

/// A definition in one side of a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Place {
    /// The file, as an index into the files of the run.
    pub(super) file: usize,
    /// The definition, as an index into those of the file.
    pub(super) index: usize,
}

/// Finds the counterpart in the base for each definition of each new file.
pub(super) fn counterparts(files: &[Versions<'_>]) -> Vec<Vec<Option<Place>>> {
    let mut pairs = Pairs::of(files);
    for (number, file) in files.iter().enumerate() {
        if file.base.is_some() && file.new.is_some() {
            let module = Place { file: number, index: 0 };
            pairs.pair(module, module);
        }
    }
    for kind in [Kind::Class, Kind::Function] {
        for reach in [Reach::File, Reach::Run] {
            for name in [Name::Same, Name::Any] {
                pairs.moved(Round { kind, reach, name });
            }
        }
    }
    pairs.found
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Class,
    Function,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Reach {
    File,
    Run,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Name {
    Same,
    Any,
}

/// What may be paired in one go.
#[derive(Debug, Clone, Copy)]
struct Round {
    kind: Kind,
    reach: Reach,
    name: Name,
}

struct Pairs<'a> {
    new: Vec<Option<Side<'a>>>,
    base: Vec<Option<Side<'a>>>,
    found: Vec<Vec<Option<Place>>>,
    taken: Vec<Vec<bool>>,
}

/// A file with the definitions inside each of its definitions.
pub(super) struct Side<'a> {
    pub(super) file: &'a ParsedFile,
    pub(super) inside: Vec<Vec<usize>>,
}

impl<'a> Side<'a> {
    fn of(file: &'a ParsedFile) -> Self {
        let mut inside = vec![Vec::new(); file.definitions.len()];
        for (index, definition) in file.definitions.iter().enumerate() {
            if let Some(parent) = definition.parent {
                inside[parent].push(index);
            }
        }
        Self { file, inside }
    }

    pub(super) fn definition(&self, index: usize) -> &'a Definition {
        &self.file.definitions[index]
    }
}

impl<'a> Pairs<'a> {
    fn of(files: &[Versions<'a>]) -> Self {
        let new: Vec<Option<Side<'a>>> = files.iter().map(|file| file.new.map(Side::of)).collect();
        let base: Vec<Option<Side<'a>>> =
            files.iter().map(|file| file.base.map(|base| Side::of(base.as_ref()))).collect();
        let count = |side: &Option<Side<'_>>| side.as_ref().map_or(0, |side| side.inside.len());
        let found = new.iter().map(|side| vec![None; count(side)]).collect();
        let taken = base.iter().map(|side| vec![false; count(side)]).collect();
        Self { new, base, found, taken }
    }

    fn is_free(&self, new: Place, base: Place) -> bool {
        self.found[new.file][new.index].is_none() && !self.taken[base.file][base.index]
    }

    /// Pairs two definitions, and what is inside them by name.
    fn pair(&mut self, new: Place, base: Place) {
        let mut pending = vec![(new, base)];
        while let Some((new, base)) = pending.pop() {
            if !self.is_free(new, base) {
                continue;
            }
            self.found[new.file][new.index] = Some(base);
            self.taken[base.file][base.index] = true;
            let (Some(new_side), Some(base_side)) = (&self.new[new.file], &self.base[base.file]) else {
                continue;
            };
            let mut groups: HashMap<&str, Vec<usize>> = HashMap::new();
            for index in &base_side.inside[base.index] {
                if !self.taken[base.file][*index] {
                    groups.entry(&base_side.definition(*index).name).or_default().push(*index);
                }
            }
            // In the order of the text, so that the answer does not depend on how names hash.
            let mut order: Vec<&str> = Vec::new();
            let mut new_groups: HashMap<&str, Vec<usize>> = HashMap::new();
            for index in &new_side.inside[new.index] {
                if self.found[new.file][*index].is_none() {
                    let name = new_side.definition(*index).name.as_str();
                    let group = new_groups.entry(name).or_default();
                    if group.is_empty() {
                        order.push(name);
                    }
                    group.push(*index);
                }
            }
            for name in order {
                let (Some(news), Some(bases)) = (new_groups.remove(name), groups.remove(name)) else {
                    continue;
                };
                for (one, other) in same_name(new_side, news, base_side, bases) {
                    pending.push((
                        Place { file: new.file, index: one },
                        Place { file: base.file, index: other },
                    ));
                }
            }
        }
    }

    /// Pairs what moved or was renamed.
    fn moved(&mut self, round: Round) {
        let news = free(&self.new, round, |place| self.found[place.file][place.index].is_none());
        let bases = free(&self.base, round, |place| !self.taken[place.file][place.index]);
        let mut candidates: HashMap<Likeness<'_>, (Only, Only)> = HashMap::new();
        for (likeness, place) in &bases {
            candidates.entry(*likeness).or_default().1.add(*place);
        }
        for (likeness, place) in &news {
            if let Some(entry) = candidates.get_mut(likeness) {
                entry.0.add(*place);
            }
        }
        for (likeness, _) in news {
            let Some((Only::One(new), Only::One(base))) = candidates.get(&likeness) else { continue };
            let (new, base) = (*new, *base);
            let alike = round.kind == Kind::Function
                || match (&self.new[new.file], &self.base[base.file]) {
                    (Some(one), Some(other)) => is_mostly_the_same((one, new.index), (other, base.index)),
                    _ => false,
                };
            if alike && self.is_free(new, base) {
                self.pair(new, base);
            }
        }
    }
}

/// Returns the definitions of one side that are not paired and can be known by what is inside them.
fn free<'a>(
    sides: &[Option<Side<'a>>],
    round: Round,
    is_free: impl Fn(Place) -> bool,
) -> Vec<(Likeness<'a>, Place)> {
    let mut found = Vec::new();
    for (number, side) in sides.iter().enumerate() {
        let Some(side) = side else { continue };
        for (index, definition) in side.file.definitions.iter().enumerate().skip(1) {
            let place = Place { file: number, index };
            let is_class = definition.kind.is_class();
            if is_class == (round.kind == Kind::Class) && is_free(place) && is_telling(side, index, round) {
                let prints = side.file.fingerprints(definition);
                found.push((Likeness::of(prints, definition, number, round), place));
            }
        }
    }
    found
}

/// What two definitions must share to be the same under another name or in another place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct Likeness<'a> {
    file: Option<usize>,
    name: Option<&'a str>,
    body: Fingerprint,
    members: Fingerprint,
    parameters: usize,
}

impl<'a> Likeness<'a> {
    fn of(prints: &Fingerprints, definition: &'a Definition, file: usize, round: Round) -> Self {
        Self {
            file: (round.reach == Reach::File).then_some(file),
            name: (round.name == Name::Same).then_some(definition.name.as_str()),
            body: prints.body,
            members: prints.members,
            parameters: definition.signature.parameters.len(),
        }
    }
}

/// How many candidates there are.
#[derive(Debug, Clone, Copy, Default)]
enum Only {
    #[default]
    None,
    One(Place),
    Several,
}

impl Only {
    fn add(&mut self, place: Place) {
        *self = if matches!(self, Self::None) { Self::One(place) } else { Self::Several };
    }
}

/// Returns whether the inside of a definition says enough to know it by.
fn is_telling(side: &Side<'_>, index: usize, round: Round) -> bool {
    let definition = side.definition(index);
    let far = round.reach == Reach::Run && round.name == Name::Any;
    if definition.kind.is_function() {
        let is_stub = definition.body.is_stub() || definition.has_decorator("overload");
        return !is_stub && (!far || code_size(side.file, definition) >= TELLING_BODY);
    }
    let least = if far { TELLING_BODY } else { TELLING_CLASS };
    let has_functions = side.inside[index].iter().any(|inner| side.definition(*inner).kind.is_function());
    has_functions || code_size(side.file, definition) >= least
}

/// Counts the bytes of a body that are neither blank nor docstring.
fn code_size(file: &ParsedFile, definition: &Definition) -> usize {
    let body = file.text.as_bytes().get(definition.header.end..definition.span.end).unwrap_or_default();
    let solid = |bytes: &[u8]| bytes.iter().filter(|byte| !byte.is_ascii_whitespace()).count();
    let docstring = definition.docstring.as_ref().map_or("", |literal| literal.span.of(&file.text));
    solid(body).saturating_sub(solid(docstring.as_bytes()))
}
