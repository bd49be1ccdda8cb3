//! Carrying edits of the staged text over to the text in the working tree.

use crate::python::{Definition, DefinitionKind, Insertion, ParsedFile, Span};

use super::Edit;

/// Carries the edits of one definition from the staged to the working text.
///
/// They are carried when the lines that matter are the same in both: all lines of a function; header, docstring
/// and first statement of a class or module. Line ends may differ, as under `core.autocrlf`. `None` means that
/// the definition is partly staged.
#[must_use]
pub fn carry(staged: &ParsedFile, working: &ParsedFile, edits: &[Edit]) -> Option<Vec<Edit>> {
    let mut carried = Vec::with_capacity(edits.len());
    for edit in edits {
        let from = staged.find(&edit.definition)?;
        let to = working.find(&edit.definition)?;
        let (anchor, target) = (anchor(from), anchor(to));
        if !anchor.contains(edit.span) {
            return None;
        }
        let map = LineEndMap::between(anchor.of(&staged.text), target.of(&working.text))?;
        let start = target.start + map.offset(edit.span.start - anchor.start);
        let end = target.start + map.offset(edit.span.end - anchor.start);
        let crlf = target.of(&working.text).contains("\r\n");
        let plain = edit.text.replace("\r\n", "\n");
        carried.push(Edit {
            definition: edit.definition.clone(),
            span: Span::new(start, end),
            text: if crlf { plain.replace('\n', "\r\n") } else { plain },
            value: edit.value.clone(),
        });
    }
    Some(carried)
}

/// Returns whether the working text of a definition already is what its edits make of the staged one.
///
/// So it is after a run that wrote the working tree only: under a hook manager, or killed before the index.
#[must_use]
pub fn is_carried(edited: &ParsedFile, working: &ParsedFile, definition: &str) -> bool {
    let (Some(from), Some(to)) = (edited.find(definition), working.find(definition)) else { return false };
    LineEndMap::between(anchor(from).of(&edited.text), anchor(to).of(&working.text)).is_some()
}

/// The lines that must be the same for an edit to be carried.
fn anchor(definition: &Definition) -> Span {
    if definition.kind.is_function() {
        return definition.span;
    }
    let docstring = definition.docstring.as_ref().map_or(0, |literal| literal.span.end);
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
        let longer = self.longer.iter().filter(|at| **at < offset).count();
        let shorter = self.shorter.iter().filter(|at| **at < offset).count();
        offset + longer - shorter
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::edit::{apply, insert};
    use crate::python::parse;

    fn carried(staged: &str, working: &str, name: &str) -> Option<String> {
        let (staged, working) = (parse(staged), parse(working));
        let edit = insert(&staged, staged.find(name).expect("it is there"), "Doc.").expect("a place");
        let edits = carry(&staged, &working, &[edit])?;
        apply(&working.text, &edits).ok()
    }

    #[test]
    fn an_edit_follows_its_definition() {
        let staged = "def f():\n    return 1\n\ndef g():\n    return 2\n";
        let working = "import os\n\ndef g():\n    return 2\n\ndef f():\n    return 9\n";
        let expected =
            "import os\n\ndef g():\n    \"\"\"Doc.\"\"\"\n    return 2\n\ndef f():\n    return 9\n";
        assert_eq!(carried(staged, working, "g").as_deref(), Some(expected));
        assert_eq!(carried(staged, working, "f"), None);
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
    }
}
