//! Which exception is derived from which, as far as the language and the file tell.

use crate::python::{Definition, ParsedFile, built_in_base, canonical_exception, last_part};

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

/// Finds out whether an exception is derived from another one.
pub(super) fn kinship(file: &ParsedFile, name: &str, base: &str) -> Kinship {
    let base = canonical_exception(last_part(base));
    let mut pending = vec![canonical_exception(last_part(name)).to_owned()];
    let mut visited: Vec<String> = Vec::new();
    let mut answer = Kinship::Foreign;
    // What is raised is an exception, whatever else it is.
    if matches!(base, "Exception" | "BaseException") {
        return Kinship::Derived;
    }
    while let Some(current) = pending.pop() {
        if current == base {
            return Kinship::Derived;
        }
        if visited.contains(&current) {
            continue;
        }
        let own: Vec<&Definition> = file.classes(&current).collect();
        if !own.is_empty() {
            pending.extend(own.iter().flat_map(|class| bases(file, class)));
        } else if let Some(parent) = built_in_base(&current) {
            pending.push(parent.to_owned());
        } else if !is_root(&current) {
            answer = Kinship::Unknown;
        }
        visited.push(current);
    }
    answer
}

/// Returns the names of the bases of a class, without what stands before the last point.
pub(super) fn bases(file: &ParsedFile, class: &Definition) -> Vec<String> {
    let named =
        class.bases.iter().map(|base| last_part(base.of(&file.text).split('[').next().unwrap_or("").trim()));
    named.map(|base| canonical_exception(base).to_owned()).filter(|base| base != "object").collect()
}

fn is_root(name: &str) -> bool {
    matches!(name, "BaseException" | "object" | "ABC")
}
