//! From a name in one file to its definition in any.

use std::cell::RefCell;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use super::{Found, Missing, Modules, Seen, parent};
use crate::change::RepoPath;
use crate::python::definition::ParsedFile;
use crate::python::imports::names::{Binding, Origin};
use crate::python::imports::{Assigned, Import};

/// The most steps from one name to its definition; chains of re-exports take one for each file.
const MOST_STEPS: usize = 256;

/// Questions of one file about names.
pub struct Inquiry<'a> {
    modules: &'a Modules,
    path: &'a RepoPath,
    file: &'a ParsedFile,
    spent: RefCell<Spent>,
}

/// What an inquiry has come through, and goes by to its end, whatever else is forgotten meanwhile.
#[derive(Debug, Default)]
struct Spent {
    files: HashMap<RepoPath, Arc<ParsedFile>>,
    bytes: usize,
}

/// A name that is still to be looked up.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Step {
    pub(super) path: RepoPath,
    pub(super) name: String,
    scope: Scope,
}

/// Where in its file a name is looked up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Scope {
    /// Among what can be used in a definition.
    From(usize),
    /// Among what can be used in the header of a class, which does not know itself yet.
    HeaderOf(usize),
    /// Among what other modules see.
    Outside,
}

/// Where an import leads.
pub(super) enum Lead<'a> {
    /// To a name in a file.
    To(Step),
    /// To a file as a whole.
    Module(Found<'a>),
    /// Out of sight.
    Nowhere(Missing),
}

impl<'a> Inquiry<'a> {
    pub(super) fn new(modules: &'a Modules, path: &'a RepoPath, file: &'a ParsedFile) -> Self {
        Self { modules, path, file, spent: RefCell::default() }
    }

    /// Finds the definition that a dotted name stands for, as written in the definition `at` of the file.
    ///
    /// # Errors
    ///
    /// Says why there is none in sight.
    pub fn find(&self, written: &str, at: usize) -> Result<Found<'a>, Missing> {
        self.look_up(Step { path: self.path.clone(), name: written.to_owned(), scope: Scope::From(at) })
    }

    /// Returns a definition of the file that asks.
    #[must_use]
    pub fn own(&self, index: usize) -> Found<'a> {
        Found { path: self.path.clone(), file: Seen::Own(self.file), index }
    }

    /// Finds the definition that a base of a class stands for, as written in its header.
    ///
    /// # Errors
    ///
    /// Says why there is none in sight.
    pub fn find_base(&self, class: &Found<'_>, written: &str) -> Result<Found<'a>, Missing> {
        let scope = Scope::HeaderOf(class.index);
        self.look_up(Step { path: class.path.clone(), name: written.to_owned(), scope })
    }

    pub(super) fn look_up(&self, first: Step) -> Result<Found<'a>, Missing> {
        let mut pending = vec![first];
        let mut visited = HashSet::new();
        let mut reason = Missing::NotFound;
        while let Some(step) = pending.pop() {
            if visited.len() >= MOST_STEPS {
                return Err(Missing::OverBudget);
            }
            if !visited.insert(step.clone()) {
                continue;
            }
            let file = match self.open(&step.path) {
                Ok(file) => file,
                Err(missing) => {
                    reason = reason.max(missing);
                    continue;
                }
            };
            let (name, rest) = step.name.split_once('.').unwrap_or((&step.name, ""));
            let next = match binding(&file, name, step.scope) {
                Some(Binding::Definition(index)) => match inside(&file, index, rest) {
                    Some(index) => return Ok(Found { path: step.path, file, index }),
                    None => Lead::Nowhere(Missing::NotFound),
                },
                Some(Binding::Import(import)) => self.lead(&step.path, &import.origin(rest)),
                Some(Binding::Assigned(Assigned { value: Some(value), .. })) => {
                    let name = dotted(value, rest);
                    Lead::To(Step { path: step.path.clone(), name, scope: Scope::From(0) })
                }
                Some(Binding::Assigned(_)) => Lead::Nowhere(Missing::Dynamic),
                None => {
                    reason = reason.max(self.elsewhere(&step, &file, &mut pending));
                    continue;
                }
            };
            match next {
                Lead::To(step) => pending.push(step),
                Lead::Module(found) => return Ok(found),
                Lead::Nowhere(missing) => reason = reason.max(missing),
            }
        }
        Err(reason)
    }

    /// Adds the places where a name may be that a module does not bind itself, the likeliest last; returns what
    /// it means if it is in none of them.
    fn elsewhere(&self, step: &Step, file: &ParsedFile, pending: &mut Vec<Step>) -> Missing {
        let (name, rest) = step.name.split_once('.').unwrap_or((&step.name, ""));
        let is_package = step.path.file_name().starts_with("__init__.");
        let mut reason = match step.scope {
            // What nothing in the file binds is built in.
            Scope::From(_) | Scope::HeaderOf(_) => Missing::External,
            Scope::Outside if file.member(0, "__getattr__").is_some() => Missing::Dynamic,
            Scope::Outside => Missing::NotFound,
        };
        if is_package && step.scope == Scope::Outside {
            let folder = step.path.folder();
            if let Some(path) = self.modules.module_below(folder, &[name]) {
                // A module of a package is one of its names once anybody has imported it.
                let name = rest.to_owned();
                pending.push(Step { path, name, scope: Scope::Outside });
            }
        }
        for star in file.imports.stars(0) {
            match self.star(&step.path, star, name) {
                Ok(Some(path)) => {
                    pending.push(Step { path, name: step.name.clone(), scope: Scope::Outside });
                }
                Ok(None) => {}
                Err(missing) => reason = reason.max(missing),
            }
        }
        reason
    }

    /// Returns the file that a star import takes a name from, if it gives that name away.
    fn star(&self, from: &RepoPath, star: &Import, name: &str) -> Result<Option<RepoPath>, Missing> {
        let path = match self.lead(from, &star.origin("")) {
            Lead::Module(found) => found.path,
            Lead::To(_) => return Ok(None),
            Lead::Nowhere(missing) => return Err(missing),
        };
        let file = self.open(&path)?;
        let gives = match &file.exports {
            Some(names) => names.iter().any(|exported| exported == name),
            None => !name.starts_with('_'),
        };
        Ok(gives.then_some(path))
    }

    /// Follows an import of a file to a module, and what is taken from it.
    pub(super) fn lead(&self, from: &RepoPath, origin: &Origin) -> Lead<'a> {
        let folder = from.folder();
        let modules: Vec<&str> = parts(&origin.module);
        let names: Vec<&str> = parts(&origin.name);
        let roots = if origin.level == 0 {
            self.modules.roots(folder).to_vec()
        } else {
            let mut base = folder;
            for _ in 1..origin.level {
                if base.is_empty() {
                    return Lead::Nowhere(Missing::NotFound);
                }
                base = parent(base);
            }
            vec![base.to_owned()]
        };
        for root in &roots {
            // Without an `__init__.py` the module begins further down: `from namespace import module`.
            for more in 0..=names.len() {
                let (below, rest) = names.split_at(more);
                let Some(path) = self.modules.module_below(root, &[&modules, below].concat()) else {
                    continue;
                };
                if !rest.is_empty() {
                    return Lead::To(Step { path, name: rest.join("."), scope: Scope::Outside });
                }
                return match self.open(&path) {
                    Ok(file) => Lead::Module(Found { path, file, index: 0 }),
                    Err(missing) => Lead::Nowhere(missing),
                };
            }
        }
        let is_ours = origin.level > 0
            || modules.first().is_some_and(|first| {
                roots.iter().any(|root| self.modules.module_below(root, &[first]).is_some())
            });
        Lead::Nowhere(if is_ours { Missing::NotFound } else { Missing::External })
    }

    /// Returns the file of a folder as a package, as long as the budget lasts.
    pub(super) fn module_of(&self, folder: &str) -> Option<Found<'a>> {
        self.file_of(&self.modules.module_below(folder, &[])?)
    }

    /// Returns the module of a name below a package, as long as the budget lasts.
    pub(super) fn module_in(&self, package: &RepoPath, name: &str) -> Option<Found<'a>> {
        let is_package = package.file_name().starts_with("__init__.");
        let names = [name.split('.').next().unwrap_or(name)];
        let path = is_package.then(|| self.modules.module_below(package.folder(), &names))??;
        self.file_of(&path)
    }

    /// Returns a file as a module, as long as the budget lasts.
    pub(super) fn file_of(&self, path: &RepoPath) -> Option<Found<'a>> {
        let file = self.open(path).ok()?;
        Some(Found { path: path.clone(), file, index: 0 })
    }

    /// Returns a file, as long as the budget lasts.
    fn open(&self, path: &RepoPath) -> Result<Seen<'a>, Missing> {
        if path == self.path {
            return Ok(Seen::Own(self.file));
        }
        let budget = self.modules.budget;
        let mut spent = self.spent.borrow_mut();
        if let Some(file) = spent.files.get(path) {
            return Ok(Seen::Other(Arc::clone(file)));
        }
        if spent.files.len() >= budget.files {
            return Err(Missing::OverBudget);
        }
        let size = self.modules.size(path).ok_or(Missing::NotFound)?;
        if spent.bytes + size > budget.bytes {
            return Err(Missing::OverBudget);
        }
        let file = self.modules.file(path).ok_or(Missing::NotFound)?;
        spent.files.insert(path.clone(), Arc::clone(&file));
        spent.bytes += size;
        Ok(Seen::Other(file))
    }
}

/// Returns what a name means in a file.
fn binding<'f>(file: &'f ParsedFile, name: &str, scope: Scope) -> Option<Binding<'f>> {
    match scope {
        Scope::From(at) => file.binding(name, at),
        Scope::Outside if name.is_empty() => Some(Binding::Definition(0)),
        Scope::Outside => file.binding_in(name, 0),
        Scope::HeaderOf(class) => {
            let around = file.definitions.get(class)?.parent?;
            match file.binding(name, around) {
                // `class Thread(Thread)` is derived from what had the name before.
                Some(Binding::Definition(found)) if found >= class => {
                    let before = file.imports.binding(name, around).map(Binding::Import);
                    // A stub may name what comes later.
                    before.or((found > class).then_some(Binding::Definition(found)))
                }
                found => found,
            }
        }
    }
}

/// Returns the definition that a dotted name leads to inside another one.
fn inside(file: &ParsedFile, index: usize, rest: &str) -> Option<usize> {
    parts(rest).into_iter().try_fold(index, |index, name| file.member(index, name))
}

fn parts(name: &str) -> Vec<&str> {
    name.split('.').filter(|part| !part.is_empty()).collect()
}

fn dotted(name: &str, rest: &str) -> String {
    if rest.is_empty() { name.to_owned() } else { format!("{name}.{rest}") }
}
