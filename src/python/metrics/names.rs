//! Which names a definition uses, and what they stand for: what was imported, or a function of the same file.
//!
//! Names are looked up by Python's scopes: a function's own, those of the functions around it, the module's.
//! A name that a function binds anywhere hides the same name outside, all through that function. Names in
//! strings, annotations among them, and names that a wildcard import brings are not seen.

use std::collections::HashMap;

use super::construct::{Construct, FIELDS, Field};
use super::dependencies::Import;

/// What a name is bound to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Binding {
    /// Something imported: an index into [`Names::targets`].
    Import(usize),
    /// A function or class: an index into the definitions.
    Definition(usize),
    /// Anything else: a parameter, a variable.
    Value,
}

/// What kind of scope a definition makes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ScopeKind {
    Module,
    /// Its names are not seen by the functions in it.
    Class,
    Function,
}

/// The names of one definition.
#[derive(Debug)]
struct Scope {
    kind: ScopeKind,
    parent: usize,
    bound: Vec<(u32, Binding)>,
    /// Names declared `global` or `nonlocal`.
    elsewhere: Vec<u32>,
    used: Vec<u32>,
    called: Vec<u32>,
    /// Names called as methods of `self` or `cls`.
    own_methods: Vec<u32>,
}

/// The names of a file, while it is walked.
#[derive(Debug, Default)]
pub(super) struct Names<'a> {
    numbers: HashMap<&'a str, u32>,
    /// Per name, the definition that used it last, so that repetitions cost nothing.
    last_use: Vec<usize>,
    scopes: Vec<Scope>,
    /// Names used before the definition that they belong to is open: in its decorators.
    early: Vec<u32>,
    targets: Vec<String>,
    modules: Vec<String>,
}

/// What the names of a file stand for, per definition.
#[derive(Debug, Default)]
pub(super) struct Resolved {
    /// The imported things that each definition uses itself, not in definitions inside it.
    pub(super) imported: Vec<Vec<String>>,
    /// The functions that each function calls.
    pub(super) calls: Vec<Vec<usize>>,
    /// The modules that the file imports.
    pub(super) modules: Vec<String>,
}

impl<'a> Names<'a> {
    /// Gives a name its number.
    pub(super) fn number(&mut self, name: &'a str) -> u32 {
        let next = self.last_use.len();
        let number = *self.numbers.entry(name).or_insert(u32::try_from(next).unwrap_or(u32::MAX));
        if usize::try_from(number) == Ok(next) {
            self.last_use.push(usize::MAX);
        }
        number
    }

    /// Opens the scope of the next definition, which binds its name in the one around it.
    pub(super) fn open(&mut self, kind: ScopeKind, parent: usize, name: u32) {
        let index = self.scopes.len();
        if let Some(outer) = self.scopes.get_mut(parent) {
            outer.bound.push((name, Binding::Definition(index)));
        }
        self.scopes.push(Scope {
            kind,
            parent,
            bound: Vec::new(),
            elsewhere: Vec::new(),
            used: std::mem::take(&mut self.early),
            called: Vec::new(),
            own_methods: Vec::new(),
        });
    }

    /// Notes that a definition uses a name; the next definition may do so before it is open.
    pub(super) fn used(&mut self, definition: usize, name: &'a str) {
        let number = self.number(name);
        if let Some(last) = usize::try_from(number).ok().and_then(|at| self.last_use.get_mut(at))
            && *last != definition
        {
            *last = definition;
            self.scopes.get_mut(definition).map_or(&mut self.early, |scope| &mut scope.used).push(number);
        }
    }

    /// Notes that a definition binds a name.
    pub(super) fn bound(&mut self, definition: usize, name: &'a str) {
        let number = self.number(name);
        // A variable of a class or module hides nothing that matters: what it was imported as still counts.
        if let Some(scope) = self.scopes.get_mut(definition)
            && scope.kind == ScopeKind::Function
            && scope.bound.last() != Some(&(number, Binding::Value))
        {
            scope.bound.push((number, Binding::Value));
        }
    }

    /// Notes that a definition takes a name from a scope around it.
    pub(super) fn elsewhere(&mut self, definition: usize, name: &'a str) {
        let number = self.number(name);
        if let Some(scope) = self.scopes.get_mut(definition) {
            scope.elsewhere.push(number);
        }
    }

    /// Notes that a definition imports a module.
    pub(super) fn imported(&mut self, definition: usize, import: Import<'a>) {
        self.modules.push(import.module);
        for (name, target) in import.bound {
            let number = self.number(name);
            if let Some(scope) = self.scopes.get_mut(definition) {
                scope.bound.push((number, Binding::Import(self.targets.len())));
                self.targets.push(target);
            }
        }
    }

    /// Notes that a definition calls a name.
    pub(super) fn called(&mut self, definition: usize, name: &'a str) {
        let number = self.number(name);
        if let Some(scope) = self.scopes.get_mut(definition) {
            scope.called.push(number);
        }
    }

    /// Notes that a definition calls a method of `self` or `cls`.
    pub(super) fn called_own_method(&mut self, definition: usize, name: &'a str) {
        let number = self.number(name);
        if let Some(scope) = self.scopes.get_mut(definition) {
            scope.own_methods.push(number);
        }
    }

    /// Looks all names up.
    pub(super) fn resolve(mut self) -> Resolved {
        let mut visible: Vec<Vec<Binding>> = vec![Vec::new(); self.last_use.len()];
        let mut open: Vec<usize> = Vec::new();
        let mut resolved = Resolved::default();
        let methods = self.methods();
        let mut classes: Vec<Option<usize>> = Vec::with_capacity(self.scopes.len());
        for index in 0..self.scopes.len() {
            let parent = self.scopes[index].parent;
            while let Some(last) = open.pop_if(|last| *last != parent && index > 0) {
                if self.scopes[last].kind != ScopeKind::Class {
                    hide(&mut visible, &self.scopes[last].bound);
                }
            }
            self.settle(index);
            let scope = &self.scopes[index];
            show(&mut visible, &scope.bound);
            let class = match self.scopes.get(parent) {
                Some(outer) if index > 0 && outer.kind == ScopeKind::Class => Some(parent),
                _ => classes.get(parent).copied().flatten(),
            };
            classes.push(class);
            let look_up = |name: u32| {
                usize::try_from(name).ok().and_then(|name| visible.get(name)).and_then(|found| found.last())
            };
            let mut imported: Vec<String> = Vec::new();
            for name in &scope.used {
                if let Some(Binding::Import(target)) = look_up(*name) {
                    imported.push(self.targets[*target].clone());
                }
            }
            imported.sort_unstable();
            imported.dedup();
            resolved.imported.push(imported);
            let mut calls = Vec::new();
            if scope.kind == ScopeKind::Function {
                for name in &scope.called {
                    if let Some(Binding::Definition(callee)) = look_up(*name) {
                        calls.push(*callee);
                    }
                }
                let own = scope.own_methods.iter().filter_map(|name| methods.get(&(class?, *name)));
                calls.extend(own);
            }
            resolved.calls.push(calls);
            if scope.kind == ScopeKind::Class {
                hide(&mut visible, &scope.bound);
            }
            open.push(index);
        }
        self.modules.sort_unstable();
        self.modules.dedup();
        resolved.modules = self.modules;
        resolved
    }

    /// Brings the bindings of a scope into the order in which they count, the strongest last.
    fn settle(&mut self, index: usize) {
        let scope = &mut self.scopes[index];
        scope.elsewhere.sort_unstable();
        let elsewhere = std::mem::take(&mut scope.elsewhere);
        scope.bound.retain(|(name, _)| elsewhere.binary_search(name).is_err());
        scope.bound.sort_by_key(|(_, binding)| match binding {
            Binding::Value => 0,
            Binding::Definition(_) => 1,
            // `try: from a import f` and a substitute below it: the import is what is meant.
            Binding::Import(_) => 2,
        });
    }

    /// Finds the functions in classes by class and name; of several, the last.
    fn methods(&self) -> HashMap<(usize, u32), usize> {
        let mut methods = HashMap::new();
        for (class, scope) in self.scopes.iter().enumerate() {
            if scope.kind == ScopeKind::Class {
                for (name, binding) in &scope.bound {
                    if let Binding::Definition(method) = binding {
                        methods.insert((class, *name), *method);
                    }
                }
            }
        }
        methods
    }
}

fn show(visible: &mut [Vec<Binding>], bound: &[(u32, Binding)]) {
    for (name, binding) in bound {
        if let Some(found) = usize::try_from(*name).ok().and_then(|name| visible.get_mut(name)) {
            found.push(*binding);
        }
    }
}

fn hide(visible: &mut [Vec<Binding>], bound: &[(u32, Binding)]) {
    for (name, _) in bound {
        if let Some(found) = usize::try_from(*name).ok().and_then(|name| visible.get_mut(name)) {
            found.pop();
        }
    }
}

/// Whether a name in this place is bound by it; `outer` is what it is in, and whether names are bound there.
pub(super) fn binds(found: Construct, field: Field, outer: (Construct, bool)) -> bool {
    match outer.0 {
        Construct::Assignment | Construct::UpdatingAssignment | Construct::For | Construct::ForIn => {
            field.is_some() && field == FIELDS.left
        }
        Construct::Named | Construct::DefaultParameter => field.is_some() && field == FIELDS.name,
        Construct::TypedParameter => found != Construct::Type,
        Construct::Except => field.is_some() && field == FIELDS.alias,
        Construct::Target | Construct::Parameters => true,
        Construct::Pattern | Construct::TuplePattern | Construct::Sequence | Construct::Parenthesized => {
            outer.1
        }
        _ => false,
    }
}

/// Whether an identifier in this place is a label and not a name: of an attribute, a keyword, a definition.
pub(super) fn is_label(outer: Construct, field: Field) -> bool {
    match outer {
        Construct::Attribute => field == FIELDS.attribute,
        Construct::KeywordArgument | Construct::Function | Construct::Class => field == FIELDS.name,
        Construct::KeywordPattern | Construct::MemberType => field.is_none(),
        _ => false,
    }
}
