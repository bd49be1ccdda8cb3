//! The bases of a class across files, and the documentation that a method inherits from them.

use std::collections::{HashMap, HashSet};

use super::{Found, Inquiry, Missing};
use crate::change::RepoPath;
use crate::python::imports::bases::Base;

/// The most classes that are gone through for one.
const MOST_CLASSES: usize = 256;

/// The bases of a class, and theirs.
#[derive(Debug, Clone, Default)]
pub struct Ancestry<'a> {
    /// The classes in sight, in the order in which Python looks through them: the C3 linearization of
    /// <https://docs.python.org/3/howto/mro.html>, bases that are not in sight left out.
    pub classes: Vec<Found<'a>>,
    /// The bases that are not in sight, as written, with the reason.
    pub unseen: Vec<(String, Missing)>,
}

/// What a method has from the bases of its class.
#[derive(Debug, Clone)]
pub struct Inherited<'a> {
    /// The first documented definition of that name, which is what `inspect.getdoc` shows.
    pub documented: Option<Found<'a>>,
    /// Whether a base defines the name, or `@override` says that one does.
    pub overrides: bool,
    /// Whether all bases were seen that could define it.
    pub complete: bool,
}

/// Bases that bring no methods of their own to document.
const BARE: &[&str] = &["object", "Generic", "Protocol", "ABC", "NamedTuple", "TypedDict"];

/// Classes that were come through, with the order of each and its bases once that is known.
#[derive(Default)]
struct Line<'a> {
    classes: Vec<Found<'a>>,
    numbers: HashMap<(RepoPath, usize), usize>,
    orders: Vec<Vec<usize>>,
}

enum Visit {
    Enter(usize),
    /// With its bases.
    Leave(usize, Vec<usize>),
}

impl<'a> Line<'a> {
    fn number(&mut self, class: Found<'a>) -> usize {
        let next = self.classes.len();
        let number = *self.numbers.entry((class.path.clone(), class.index)).or_insert(next);
        if number == next {
            self.classes.push(class);
            self.orders.push(Vec::new());
        }
        number
    }
}

impl<'a> Inquiry<'a> {
    /// Returns the bases of a class of the file, given as an index.
    #[must_use]
    pub fn ancestry(&self, class: usize) -> Ancestry<'a> {
        self.ancestry_of(&self.own(class))
    }

    /// Returns the bases of a class that was found anywhere.
    #[must_use]
    pub fn ancestry_of(&self, class: &Found<'a>) -> Ancestry<'a> {
        let mut unseen = Vec::new();
        let mut line = Line::default();
        let mut entered = HashSet::new();
        let mut pending = vec![Visit::Enter(line.number(class.clone()))];
        while let Some(visit) = pending.pop() {
            match visit {
                Visit::Enter(number) if entered.insert(number) => {
                    let bases = self.bases_of(&line.classes[number].clone(), &mut line, &mut unseen);
                    pending.push(Visit::Leave(number, bases.clone()));
                    pending.extend(bases.into_iter().rev().map(Visit::Enter));
                }
                Visit::Enter(_) => {}
                Visit::Leave(number, bases) => line.orders[number] = linearized(number, &bases, &line.orders),
            }
        }
        let order = line.orders.first().map_or(&[][..], Vec::as_slice);
        let classes = order.iter().skip(1).map(|number| line.classes[*number].clone()).collect();
        Ancestry { classes, unseen }
    }

    fn bases_of(
        &self,
        class: &Found<'a>,
        line: &mut Line<'a>,
        unseen: &mut Vec<(String, Missing)>,
    ) -> Vec<usize> {
        let mut bases = Vec::new();
        for base in class.file.bases(class.definition()) {
            let Base::Named(name) = base else {
                unseen.push((String::new(), Missing::Dynamic));
                continue;
            };
            if line.classes.len() >= MOST_CLASSES {
                unseen.push((name, Missing::OverBudget));
                continue;
            }
            match self.find_base(class, &name) {
                Ok(found) if found.definition().kind.is_class() => bases.push(line.number(found)),
                // A function that makes a class, or a module.
                Ok(_) => unseen.push((name, Missing::Dynamic)),
                Err(missing) => unseen.push((name, missing)),
            }
        }
        bases
    }

    /// Returns what a method of the file inherits, given as an index; `None` for what stands in no class.
    ///
    /// The setter and the deleter of a property have their documentation from its getter.
    #[must_use]
    pub fn inherited(&self, method: usize) -> Option<Inherited<'a>> {
        let own = self.own(method);
        let definition = own.definition();
        let class = definition.parent.filter(|parent| own.file.definitions[*parent].kind.is_class())?;
        let mut inherited =
            Inherited { documented: None, overrides: own.file.is_override(definition), complete: true };
        if definition.is_accessor() {
            let getter = own.file.member(class, &definition.name).filter(|getter| *getter != method);
            let getter = getter.map(|getter| self.own(getter));
            inherited.documented = getter.filter(|getter| getter.definition().docstring.is_some());
            if inherited.documented.is_some() {
                return Some(inherited);
            }
        }
        let ancestry = self.ancestry(class);
        for base in &ancestry.classes {
            let Some(index) = base.file.member(base.index, &definition.name) else { continue };
            inherited.overrides = true;
            let members = base.file.members(base.index, &definition.name);
            let documented = |index: &&usize| base.file.definitions[**index].docstring.is_some();
            // Of the branches of an `if`, any that is documented will do.
            let documented = [index].iter().chain(members).find(documented).copied();
            if let Some(index) = documented {
                inherited.documented = Some(Found { index, ..base.clone() });
                break;
            }
        }
        let is_bare = |name: &str| BARE.contains(&name.rsplit('.').next().unwrap_or(name));
        inherited.complete =
            ancestry.unseen.iter().all(|(name, missing)| *missing == Missing::External && is_bare(name));
        Some(inherited)
    }
}

/// Merges the orders of the bases of a class. Where they contradict each other, which Python refuses, and in
/// cycles, the leftmost base comes first.
fn linearized(class: usize, bases: &[usize], orders: &[Vec<usize>]) -> Vec<usize> {
    let mut lists: Vec<&[usize]> = bases.iter().map(|base| orders[*base].as_slice()).collect();
    lists.push(bases);
    let mut order = vec![class];
    loop {
        lists.retain(|list| !list.is_empty());
        let mut heads = lists.iter().map(|list| list[0]);
        let is_free = |head: &usize| !lists.iter().any(|list| list[1..].contains(head));
        let Some(next) = heads.clone().find(is_free).or_else(|| heads.next()) else { return order };
        if !order.contains(&next) {
            order.push(next);
        }
        for list in &mut lists {
            if list[0] == next {
                *list = &list[1..];
            }
        }
    }
}
