//! Carrying edits of the staged text over to the text in the working tree.

use std::collections::HashMap;

use crate::python::{Definition, DefinitionKind, Insertion, ParsedFile, Removal, Span};

use super::Edit;
use super::around::reach;

/// Edits for the working text.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Carried {
    /// What is still to be written there.
    pub edits: Vec<Edit>,
    /// The definitions that are partly staged, whose edits have no place there.
    pub partly_staged: Vec<String>,
}

/// Carries edits from the staged to the working text.
///
/// They are carried when the lines that matter are the same in both: the header and the docstring, or where there is
/// none, what stands before the place for one. Code below may differ, on the very next line too: it stays where it is, below
/// the docstring. Line ends may differ, as under `core.autocrlf`. Where the working text already
/// is what the edits make of the staged one (`edited`), there is nothing to carry: so it is after a run that wrote the
/// working tree only, under a hook manager, or killed before the index.
#[must_use]
pub fn carry(staged: &ParsedFile, edited: &ParsedFile, working: &ParsedFile, edits: &[Edit]) -> Carried {
    let [from, done, to] = [staged, edited, working].map(by_name);
    let mut carried = Carried::default();
    for edit in edits {
        let name = edit.definition.as_str();
        let target = to.get(name).map(|definition| anchor(working, definition));
        let (Some(source), Some(target)) = (from.get(name), target) else {
            carried.partly_staged.push(edit.definition.clone());
            continue;
        };
        if let Some(edit) = carried_edit(edit, anchor(staged, source), staged, (target, working)) {
            carried.edits.push(edit);
            continue;
        }
        let is_done = done.get(name).is_some_and(|done| {
            LineEndMap::between(anchor(edited, done).of(&edited.text), target.of(&working.text)).is_some()
        });
        if !is_done {
            carried.partly_staged.push(edit.definition.clone());
        }
    }
    carried
}

fn by_name(file: &ParsedFile) -> HashMap<&str, &Definition> {
    file.definitions.iter().map(|definition| (definition.qualified_name.as_str(), definition)).collect()
}

fn carried_edit(
    edit: &Edit,
    anchor: Span,
    staged: &ParsedFile,
    (target, working): (Span, &ParsedFile),
) -> Option<Edit> {
    if !anchor.contains(edit.span) {
        return None;
    }
    let map = LineEndMap::between(anchor.of(&staged.text), target.of(&working.text))?;
    let start = target.start + map.offset(edit.span.start - anchor.start);
    let end = target.start + map.offset(edit.span.end - anchor.start);
    let crlf = target.of(&working.text).contains("\r\n");
    let plain = edit.text.replace("\r\n", "\n");
    Some(Edit {
        definition: edit.definition.clone(),
        span: Span::new(start, end),
        text: if crlf { plain.replace('\n', "\r\n") } else { plain },
        value: edit.value.clone(),
    })
}

/// The lines that must be the same for an edit to be carried.
fn anchor(file: &ParsedFile, definition: &Definition) -> Span {
    let docstring = definition.docstring.as_ref().map_or(0, |literal| {
        let removed = match literal.removal {
            Removal::Of(span) => span.end,
            Removal::Never(_) => literal.span.end,
        };
        removed.max(reach(file, definition, literal).end)
    });
    let place = match definition.insertion {
        Insertion::Line { at, .. } => at,
        Insertion::Inline { gap, .. } => gap.end,
        Insertion::Nowhere(_) => 0,
    };
    let start = if definition.kind == DefinitionKind::Module { 0 } else { definition.span.start };
    Span::new(start, docstring.max(place).max(definition.header.end))
}

/// Where the second of two texts has CRLF and the first LF, or the other way round.
struct LineEndMap {
    /// Offsets in the first text of line ends that are one byte longer in the second.
    longer: Vec<usize>,
    /// Offsets in the first text of line ends that are one byte shorter in the second.
    shorter: Vec<usize>,
}

impl LineEndMap {
    /// Compares two texts; `None` when they differ in more than line ends.
    fn between(first: &str, second: &str) -> Option<Self> {
        let mut map = Self { longer: Vec::new(), shorter: Vec::new() };
        let (mut one, mut other) = (first.as_bytes(), second.as_bytes());
        loop {
            let at = first.len() - one.len();
            match (one, other) {
                ([], []) => return Some(map),
                ([a, rest @ ..], [b, others @ ..]) if a == b => (one, other) = (rest, others),
                ([b'\n', ..], [b'\r', b'\n', ..]) => {
                    map.longer.push(at);
                    other = &other[1..];
                }
                ([b'\r', b'\n', ..], [b'\n', ..]) => {
                    map.shorter.push(at);
                    one = &one[1..];
                }
                _ => return None,
            }
        }
    }

    fn offset(&self, offset: usize) -> usize {
        let longer = self.longer.partition_point(|at| *at < offset);
        let shorter = self.shorter.partition_point(|at| *at < offset);
        offset + longer - shorter
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::edit::{apply, delete, insert, prove};
    use crate::python::parse;

    fn carried(staged: &str, working: &str, name: &str) -> Option<String> {
        let (staged, working) = (parse(staged), parse(working));
        let definition = staged.find(name).expect("it is there");
        let edit = insert(&staged, definition, "Doc.").or_else(|_| delete(definition)).expect("a place");
        let edited = parse(&apply(&staged.text, std::slice::from_ref(&edit)).expect("it fits"));
        let carried = carry(&staged, &edited, &working, &[edit]);
        if !carried.partly_staged.is_empty() {
            return None;
        }
        apply(&working.text, &carried.edits).ok()
    }

    /// The same with the proof that stands behind it.
    fn proven(staged: &str, working: &str, name: &str) -> Option<String> {
        let (staged, working) = (parse(staged), parse(working));
        let edit = insert(&staged, staged.find(name).expect("it is there"), "Doc.").expect("a place");
        let edited = parse(&apply(&staged.text, std::slice::from_ref(&edit)).expect("it fits"));
        let carried = carry(&staged, &edited, &working, &[edit]);
        let proven = prove(&working, &carried.edits);
        (carried.partly_staged.is_empty() && proven.dropped.is_empty()).then_some(proven.text)
    }

    #[test]
    fn an_edit_follows_its_definition() {
        let staged = "def f():\n    return 1\n\ndef g():\n    return 2\n";
        let working = "import os\n\ndef g():\n    return 2\n\ndef f(a):\n    return 9\n";
        let expected =
            "import os\n\ndef g():\n    \"\"\"Doc.\"\"\"\n    return 2\n\ndef f(a):\n    return 9\n";
        assert_eq!(carried(staged, working, "g").as_deref(), Some(expected));
        assert_eq!(carried(staged, working, "f"), None);
        assert_eq!(carried(staged, expected, "g").as_deref(), Some(expected), "nothing is left to do");
    }

    #[test]
    fn code_below_the_docstring_may_differ_on_the_very_next_line() {
        let staged = "def f(a):\n    return 1\n";
        let documented = "def f(a):\n    \"\"\"Doc.\"\"\"\n";
        let table = [
            ("def f(a):\n    return 2\n", Some("    return 2\n")),
            ("def f(a):\n    # near\n    return 1\n", Some("    # near\n    return 1\n")),
            ("def f(a):\n\n    x = 1; return x", Some("\n    x = 1; return x")),
            ("def f(a, b):\n    return 1\n", None),
            ("def f(a):  # near\n    return 1\n", None),
            ("@near\ndef f(a):\n    return 1\n", None),
            ("def f(a):\n  return 1\n", None),
            ("def f(a): return 1\n", None),
            ("def f(a):\n    'Mine.'\n    return 1\n", None),
            ("def f(a):\n    # type: (int) -> int\n    return 1\n", None),
            ("def f(a):\n    (\n", None),
        ];
        for (working, rest) in table {
            let expected = rest.map(|rest| format!("{documented}{rest}"));
            assert_eq!(proven(staged, working, "f"), expected, "{working:?}");
        }
    }

    #[test]
    fn a_class_is_carried_although_its_methods_differ() {
        let staged = "class A:\n    def f(self):\n        return 1\n";
        let working = "class A:\n    def f(self):\n        return 2\n";
        let expected = "class A:\n    \"\"\"Doc.\"\"\"\n\n    def f(self):\n        return 2\n";
        assert_eq!(carried(staged, working, "A").as_deref(), Some(expected));
        assert_eq!(carried(staged, "class A(B):\n    def f(self): pass\n", "A"), None);
    }

    #[test]
    fn line_ends_may_differ() {
        let staged = "x = 1\n\ndef f(\n    a,\n):\n    return 1\n";
        let working = staged.replace('\n', "\r\n");
        let expected = "x = 1\r\n\r\ndef f(\r\n    a,\r\n):\r\n    \"\"\"Doc.\"\"\"\r\n    return 1\r\n";
        assert_eq!(carried(staged, &working, "f").as_deref(), Some(expected));
        assert_eq!(carried(&working, staged, "f"), Some(expected.replace("\r\n", "\n")));
        let documented = "def f():\n    'old'\n    return 1\n";
        let expected = "def f():\r\n    return 1\r\n";
        assert_eq!(carried(documented, &documented.replace('\n', "\r\n"), "f").as_deref(), Some(expected));
    }
}
