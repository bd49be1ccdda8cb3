//! Which exception is derived from which, as far as the language, the file and the files it imports tell.

use crate::change::RepoPath;
use crate::python::{
    Base, Found, Inquiry, Modules, ParsedFile, built_in_base, canonical_exception, last_part,
};

/// From where classes are looked for: a file, and the tree it belongs to.
#[derive(Debug, Clone, Copy)]
pub(super) struct Sight<'a> {
    pub(super) path: &'a RepoPath,
    pub(super) file: &'a ParsedFile,
    pub(super) modules: &'a Modules,
}

/// Whether one exception is derived from another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kinship {
    /// It is the same or derived from it.
    Derived,
    /// It is not.
    Foreign,
    /// A base of it is not in sight.
    Unknown,
}

/// Returns whether a name reads as a class of exceptions: "None" and "if" do not.
pub(super) fn is_exception_name(name: &str) -> bool {
    let last = last_part(name).trim_start_matches('_');
    last.starts_with(char::is_uppercase)
        && !matches!(last, "None" | "Nothing" | "Never" | "Any" | "If" | "When")
}

/// Where a class is named.
enum Place<'a> {
    /// In the file, or in one of its docstrings.
    Here,
    /// In the header of a class.
    HeaderOf(Found<'a>),
    /// In the language.
    Language,
}

/// Finds out whether an exception, as the file names it, is derived from another one.
pub(super) fn kinship(sight: Sight<'_>, name: &str, base: &str) -> Kinship {
    let base = canonical_exception(last_part(base));
    // What is raised is an exception, whatever else it is.
    if matches!(base, "Exception" | "BaseException") {
        return Kinship::Derived;
    }
    let inquiry = sight.modules.inquiry(sight.path, sight.file);
    let mut pending = vec![(Place::Here, name.to_owned())];
    let mut visited: Vec<(Option<RepoPath>, String)> = Vec::new();
    let mut answer = Kinship::Foreign;
    while let Some((place, current)) = pending.pop() {
        let short = canonical_exception(last_part(&current)).to_owned();
        if short == base {
            return Kinship::Derived;
        }
        let file = match &place {
            Place::HeaderOf(class) => Some(class.path.clone()),
            Place::Here => Some(sight.path.clone()),
            Place::Language => None,
        };
        let visit = (file, current);
        if visited.contains(&visit) {
            continue;
        }
        let classes = classes(sight, &inquiry, &place, &visit.1);
        visited.push(visit);
        if classes.is_empty() {
            if let Some(parent) = built_in_base(&short) {
                pending.push((Place::Language, parent.to_owned()));
            } else if !is_root(&short) {
                answer = Kinship::Unknown;
            }
        }
        for class in classes {
            if class.definition().name == base {
                return Kinship::Derived;
            }
            for named in class.file.bases(class.definition()) {
                match named {
                    Base::Named(named) => pending.push((Place::HeaderOf(class.clone()), named)),
                    Base::Computed => answer = Kinship::Unknown,
                }
            }
        }
    }
    answer
}

/// Returns the classes that a name may stand for; none if they are not in sight.
fn classes<'a>(sight: Sight<'a>, inquiry: &Inquiry<'a>, place: &Place<'a>, name: &str) -> Vec<Found<'a>> {
    let is_here = match place {
        Place::Here => true,
        Place::HeaderOf(class) => class.path == *sight.path,
        Place::Language => return Vec::new(),
    };
    let file = sight.file;
    if is_here {
        // Of several with one name, any may be meant.
        let short = last_part(name);
        let own: Vec<Found<'a>> = file.classes(short).map(|class| inquiry.own(class.index)).collect();
        if !own.is_empty() {
            return own;
        }
    }
    let found = if let Place::HeaderOf(class) = place {
        inquiry.find_base(class, name)
    } else {
        let first = name.split('.').next().unwrap_or(name);
        inquiry.find(name, file.imports.scope_of(first).unwrap_or(0))
    };
    found.ok().filter(|found| found.definition().kind.is_class()).into_iter().collect()
}

fn is_root(name: &str) -> bool {
    matches!(name, "BaseException" | "object" | "ABC")
}
