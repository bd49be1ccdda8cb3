//! Several definitions of one name on both sides: redefinitions, overloads, a property with its setter.

use std::collections::{HashMap, HashSet, VecDeque};

use super::counterparts::Side;
use crate::python::definition::Definition;
use crate::python::fingerprint::{Fingerprint, Fingerprints};

/// The most classes of one name that are compared each with each.
const MOST_COMPARED: usize = 32;

/// What definitions of one name have in common, from everything to nothing but the name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Way {
    /// All that is written in them.
    All,
    /// All but docstrings.
    Code,
    /// At least half of the functions in them, for classes.
    Most,
    /// Their own statements, and the names of what is inside.
    Body,
    /// Whether they are overloads, or which part of a property.
    Role,
    /// Whether they are classes.
    Kind,
    /// The name.
    Name,
}

/// The ways to look for a counterpart, in the order in which they are tried.
const WAYS: [Way; 7] = [Way::All, Way::Code, Way::Most, Way::Body, Way::Role, Way::Kind, Way::Name];

/// Pairs definitions of one name inside two paired definitions; the first of each pair is the new one.
pub(super) fn same_name(
    new_side: &Side<'_>,
    mut news: Vec<usize>,
    base_side: &Side<'_>,
    mut bases: Vec<usize>,
) -> Vec<(usize, usize)> {
    if let ([new], [base]) = (news.as_slice(), bases.as_slice()) {
        return vec![(*new, *base)];
    }
    let mut pairs = Vec::new();
    for way in WAYS {
        let found = match way {
            Way::Most if news.len().max(bases.len()) > MOST_COMPARED => Vec::new(),
            Way::Most => mostly_the_same((new_side, &news), (base_side, &bases)),
            way => in_common(way, (new_side, &news), (base_side, &bases)),
        };
        let (paired_news, paired_bases): (HashSet<usize>, HashSet<usize>) = found.iter().copied().unzip();
        news.retain(|new| !paired_news.contains(new));
        bases.retain(|base| !paired_bases.contains(base));
        pairs.extend(found);
        if news.is_empty() || bases.is_empty() {
            break;
        }
    }
    pairs
}

/// Pairs those that are equal in one way, in their order.
fn in_common(
    way: Way,
    (new_side, news): (&Side<'_>, &[usize]),
    (base_side, bases): (&Side<'_>, &[usize]),
) -> Vec<(usize, usize)> {
    let mut waiting: HashMap<(bool, Option<Fingerprint>), VecDeque<usize>> = HashMap::new();
    for base in bases {
        waiting.entry(trait_of(way, base_side, *base)).or_default().push_back(*base);
    }
    let mut pairs = Vec::new();
    for new in news {
        let found = waiting.get_mut(&trait_of(way, new_side, *new)).and_then(VecDeque::pop_front);
        pairs.extend(found.map(|base| (*new, base)));
    }
    pairs
}

fn mostly_the_same(
    (new_side, news): (&Side<'_>, &[usize]),
    (base_side, bases): (&Side<'_>, &[usize]),
) -> Vec<(usize, usize)> {
    let mut left = bases.to_vec();
    let mut pairs = Vec::new();
    for new in news.iter().filter(|new| new_side.definition(**new).kind.is_class()) {
        let is_it = |base: &usize| {
            let has_functions = !base_side.inside[*base].is_empty();
            has_functions && is_mostly_the_same((new_side, *new), (base_side, *base))
        };
        if let Some(place) = left.iter().position(is_it) {
            pairs.push((*new, left.remove(place)));
        }
    }
    pairs
}

/// Returns whether at least half of the functions in two classes have the same names and bodies.
pub(super) fn is_mostly_the_same(new: (&Side<'_>, usize), base: (&Side<'_>, usize)) -> bool {
    fn functions<'a>((side, class): (&Side<'a>, usize)) -> Vec<(&'a str, Fingerprint)> {
        let inside = side.inside[class].iter().map(|index| side.definition(*index));
        let functions = inside.filter(|found| found.kind.is_function());
        functions.map(|found| (found.name.as_str(), side.file.fingerprints(found).body)).collect()
    }
    let (ours, theirs) = (functions(new), functions(base));
    let mut left: HashMap<(&str, Fingerprint), usize> = HashMap::new();
    for function in &theirs {
        *left.entry(*function).or_default() += 1;
    }
    let mut same = 0;
    for function in &ours {
        if let Some(count) = left.get_mut(function).filter(|count| **count > 0) {
            *count -= 1;
            same += 1;
        }
    }
    2 * same >= ours.len().max(theirs.len())
}

/// Returns what a definition has that must be equal, and whether it is a class.
fn trait_of(way: Way, side: &Side<'_>, index: usize) -> (bool, Option<Fingerprint>) {
    let definition = side.definition(index);
    let prints = side.file.fingerprints(definition);
    let mut bytes = Vec::new();
    match way {
        Way::All | Way::Code | Way::Most => {
            let outer = definition.qualified_name.len();
            for inner in std::iter::once(definition).chain(side.file.inside(definition)) {
                bytes.extend(inner.qualified_name.get(outer..).unwrap_or("").as_bytes());
                write(side.file.fingerprints(inner), way, &mut bytes);
            }
        }
        Way::Body => {
            bytes.extend(prints.body.as_bytes());
            bytes.extend(prints.members.as_bytes());
        }
        Way::Role => bytes.extend(role(definition).as_bytes()),
        Way::Kind => {}
        Way::Name => return (false, None),
    }
    (definition.kind.is_class(), Some(Fingerprint::of(&bytes)))
}

fn write(prints: &Fingerprints, way: Way, bytes: &mut Vec<u8>) {
    for print in [&prints.signature, &prints.body, &prints.members] {
        bytes.extend(print.as_bytes());
    }
    if way == Way::All {
        bytes.extend(prints.docstring.as_bytes());
    }
}

/// Says what a definition is among those of its name.
fn role(definition: &Definition) -> &'static str {
    ["overload", "setter", "deleter", "getter", "property"]
        .into_iter()
        .find(|role| definition.has_decorator(role))
        .unwrap_or("")
}
