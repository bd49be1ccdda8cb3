//! The bases of a class across files, and the documentation that a method inherits from them.

use std::collections::HashSet;

use super::{Found, Inquiry, Missing};
use crate::change::RepoPath;
use crate::python::bases::Base;

/// The most classes that are gone through for one.
const MOST_CLASSES: usize = 256;

/// The bases of a class, and theirs.
#[derive(Debug, Clone, Default)]
pub struct Ancestry<'a> {
    /// The classes in sight, each before its own bases and otherwise from left to right. Where Python has an order
    /// (the C3 linearization), that differs from this one only for entangled multiple inheritance.
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

enum Visit<'a> {
    Enter(Found<'a>),
    Leave(Found<'a>),
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
        let mut ancestry = Ancestry::default();
        let mut visited: HashSet<(RepoPath, usize)> = HashSet::new();
        let mut pending = vec![Visit::Enter(class.clone())];
        while let Some(visit) = pending.pop() {
            let class = match visit {
                Visit::Leave(class) => {
                    ancestry.classes.push(class);
                    continue;
                }
                Visit::Enter(class) => class,
            };
            if !visited.insert((class.path.clone(), class.index)) {
                continue;
            }
            let bases = class.file.bases(class.definition());
            pending.push(Visit::Leave(class.clone()));
            for base in bases {
                let Base::Named(name) = base else {
                    ancestry.unseen.push((String::new(), Missing::Dynamic));
                    continue;
                };
                if visited.len() >= MOST_CLASSES {
                    ancestry.unseen.push((name, Missing::OverBudget));
                    continue;
                }
                match self.find_base(&class, &name) {
                    Ok(found) if found.definition().kind.is_class() => pending.push(Visit::Enter(found)),
                    // A function that makes a class, or a module.
                    Ok(_) => ancestry.unseen.push((name, Missing::Dynamic)),
                    Err(missing) => ancestry.unseen.push((name, missing)),
                }
            }
        }
        // Bases were left before what is derived from them, the class itself last of all.
        ancestry.classes.pop();
        ancestry.classes.reverse();
        ancestry
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
            Inherited { documented: None, overrides: definition.has_decorator("override"), complete: true };
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
