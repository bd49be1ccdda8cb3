//! What is worth showing: documented, public, of moderate length, and complete by its own signature.
//!
//! Whether a rule finds something in it that blocks is asked later and elsewhere, and only about the few that would be
//! chosen: the rules look into other files for that.

use crate::change::RepoPath;
use crate::docstring::{Docstring, SectionKind};
use crate::python::{Definition, ParsedFile, Visibility};
use crate::rules::{Module, PLACEHOLDER, Settings, docstring_of};

use super::super::Slots;
use super::portrait::cut;
use super::{Candidate, Depth, Example, portrait};

/// The most bytes of a docstring that is shown.
const LONGEST_DOCSTRING: usize = 1_600;
/// The fewest bytes: "Return it." teaches nothing.
const SHORTEST_DOCSTRING: usize = 12;
/// The most bytes of a header that is shown.
const LONGEST_HEADER: usize = 1_000;
/// The most bytes of names that are shown of a module.
const LONGEST_NAMES: usize = 300;

/// Returns the definitions of a file that may be shown as examples.
#[must_use]
pub fn worthy(path: &RepoPath, file: &ParsedFile, settings: &Settings, depth: Depth) -> Vec<Candidate> {
    let module = Module::new(path, file, settings);
    let mut found = Vec::new();
    for definition in file.definitions.iter().filter(|definition| is_presentable(file, definition)) {
        let Some(docstring) = docstring_of(file, definition, settings, || module.style()) else { continue };
        let Some(text) = file.docstring_text(definition) else { continue };
        let length = SHORTEST_DOCSTRING..=LONGEST_DOCSTRING;
        let code = header(file, definition);
        if !length.contains(&text.len())
            || text.contains(PLACEHOLDER)
            || code.len() > LONGEST_HEADER
            || !is_complete(definition, &docstring)
        {
            continue;
        }
        let example = Example {
            kind: definition.kind.word(),
            name: definition.qualified_name.clone(),
            code,
            docstring: text.to_owned(),
        };
        found.push(Candidate { portrait: portrait(path, file, definition, depth), example });
    }
    found
}

fn is_presentable(file: &ParsedFile, definition: &Definition) -> bool {
    definition.visibility == Visibility::Public
        && !definition.broken
        && !definition.is_accessor()
        && !definition.has_decorator("overload")
        && !file.is_override(definition)
}

/// Returns the header as it stands there, without the colon's body; of a module the names of what is in it.
fn header(file: &ParsedFile, definition: &Definition) -> String {
    if definition.index > 0 {
        return definition.header.of(&file.text).to_owned();
    }
    let inside = file.definitions.iter().filter(|inner| inner.parent == Some(0));
    let names: Vec<&str> = inside.map(|inner| inner.name.as_str()).collect();
    cut(&names.join(", "), LONGEST_NAMES).to_owned()
}

/// Returns whether the docstring has a summary and says what its signature owes.
fn is_complete(definition: &Definition, docstring: &Docstring) -> bool {
    let has_summary = docstring.summary.as_ref().is_some_and(|summary| !summary.value.trim().is_empty());
    let owed = Slots::whole(definition);
    let kinds = [SectionKind::Parameters, SectionKind::OtherParameters];
    let is_listed = |name: &String| {
        let plain = name.trim_start_matches('*');
        let mut names = kinds
            .iter()
            .flat_map(|kind| docstring.entries(*kind))
            .filter(|entry| entry.description.is_some());
        names.any(|entry| entry.names.iter().any(|name| name.value == plain))
    };
    let has = |kind| docstring.section(kind).is_some();
    has_summary
        && owed.parameters.iter().all(is_listed)
        && (!owed.returns || has(SectionKind::Returns))
        && (!owed.yields || has(SectionKind::Yields) || has(SectionKind::Returns))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::python::parse;

    fn names(source: &str) -> Vec<String> {
        let file = parse(source);
        let path = RepoPath::new("a.py").unwrap();
        let found = worthy(&path, &file, &Settings::default(), Depth::Terms);
        found.into_iter().map(|candidate| candidate.example.name).collect()
    }

    fn function(header: &str, docstring: &str, body: &str) -> String {
        format!("{header}\n    \"\"\"{docstring}\"\"\"\n    {body}\n")
    }

    const ARGS: &str = "Scale it.\n\n    Args:\n        by: The factor.\n    ";

    #[test]
    fn only_complete_public_docstrings_are_examples() {
        let returning = format!("{ARGS}\n    Returns:\n        The result.\n    ");
        let table = [
            (function("def f(by):", ARGS, "print(by)"), true),
            (function("def f(by):", "Scale it by a factor.", "print(by)"), false),
            (function("def f(by, to):", ARGS, "print(by)"), false),
            (function("def f(by):", ARGS, "return by"), false),
            (function("def f(by):", &returning, "return by"), true),
            (function("def f():", "Say what is to be said.", "print(1)"), true),
            (function("def f():", "It.", "print(1)"), false),
            (function("def f():", &"Long. ".repeat(400), "print(1)"), false),
            (function("def _f():", "Say what is to be said.", "print(1)"), false),
            (function("@overload\ndef f():", "Say what is to be said.", "..."), false),
            (function("def f():", &format!("{PLACEHOLDER} say something"), "print(1)"), false),
            ("def f():\n    print(1)\n".to_owned(), false),
            (function("class C:", "Keeps what is to be kept.", "x = 1"), true),
        ];
        for (source, expected) in table {
            assert_eq!(!names(&source).is_empty(), expected, "{source}");
        }
    }

    #[test]
    fn an_example_is_header_and_docstring_and_no_body() {
        let file = parse(
            "\"\"\"Shapes and areas.\"\"\"\n\ndef area(by):\n    \"\"\"Scale it.\n\n    Args:\n        by: The factor.\n    \"\"\"\n    print(secret)\n",
        );
        let path = RepoPath::new("a.py").unwrap();
        let found = worthy(&path, &file, &Settings::default(), Depth::Terms);
        let shown: Vec<(&str, &str)> =
            found.iter().map(|it| (it.example.code.as_str(), it.example.kind)).collect();
        assert_eq!(shown, [("area", "module"), ("def area(by):", "function")]);
        assert!(found.iter().all(|it| !it.example.docstring.contains("secret")));
        assert!(found[1].example.docstring.starts_with("Scale it.\n\n    Args:"));
    }
}
