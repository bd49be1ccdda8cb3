//! The proof that edits change docstrings and nothing else.

use std::collections::HashMap;

use crate::python::{Fingerprint, ParsedFile, code_digest, decode, parse};

use super::{Edit, apply};

/// The text after those edits that could be proven.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proven {
    /// The text.
    pub text: String,
    /// The edits that are in it.
    pub edits: Vec<Edit>,
    /// The definitions whose edits were dropped, with the reason.
    pub dropped: Vec<(String, Unproven)>,
}

/// Why an edit was dropped.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Unproven {
    /// It overlaps another edit or lies outside the text.
    #[error("its edits overlap")]
    Overlap,
    /// The syntax tree without docstrings would not be the same.
    #[error("the code would not be the same")]
    CodeChanged,
    /// The file declares an encoding other than UTF-8, and the new text is not ASCII.
    #[error("the file's encoding cannot be written")]
    Encoding,
    /// The docstring would not say what was meant.
    #[error("the docstring would not read as it was meant")]
    OtherText,
}

/// Applies edits and proves the result: the syntax tree without docstrings is the same, token by token, there
/// is no new syntax error, and each docstring reads as intended.
///
/// What cannot be proven together is tried definition by definition, so that one bad edit takes no other
/// with it.
#[must_use]
pub fn prove(before: &ParsedFile, edits: &[Edit]) -> Proven {
    let digest = code_digest(&before.text);
    if let Ok(text) = proven_text(before, digest, edits) {
        return Proven { text, edits: edits.to_vec(), dropped: Vec::new() };
    }
    let mut names: Vec<&str> = Vec::new();
    for edit in edits {
        if !names.contains(&edit.definition.as_str()) {
            names.push(&edit.definition);
        }
    }
    let mut kept: Vec<Edit> = Vec::new();
    let mut dropped = Vec::new();
    for name in names {
        let mut tried = kept.clone();
        tried.extend(edits.iter().filter(|edit| edit.definition == name).cloned());
        match proven_text(before, digest, &tried) {
            Ok(_) => kept = tried,
            Err(reason) => dropped.push((name.to_owned(), reason)),
        }
    }
    let text = apply(&before.text, &kept).unwrap_or_else(|_| before.text.clone());
    Proven { text, edits: kept, dropped }
}

fn proven_text(before: &ParsedFile, digest: Option<Fingerprint>, edits: &[Edit]) -> Result<String, Unproven> {
    let text = apply(&before.text, edits).map_err(|_| Unproven::Overlap)?;
    if decode(text.as_bytes()).is_err() {
        return Err(Unproven::Encoding);
    }
    if digest.is_none() || code_digest(&text) != digest {
        return Err(Unproven::CodeChanged);
    }
    let after = parse(&text);
    if after.errors.len() > before.errors.len() || after.definitions.len() != before.definitions.len() {
        return Err(Unproven::CodeChanged);
    }
    let mut by_definition: HashMap<&str, Vec<&Edit>> = HashMap::new();
    for edit in edits {
        by_definition.entry(&edit.definition).or_default().push(edit);
    }
    for (old, new) in before.definitions.iter().zip(&after.definitions) {
        let own = by_definition.get(old.qualified_name.as_str()).map_or(&[][..], Vec::as_slice);
        let edited = !own.is_empty();
        for edit in own {
            let reads = new.docstring.as_ref().map(|literal| literal.value.as_str());
            let meant = edit.value.as_deref();
            if reads.is_none() || meant.is_some() && reads.map(unified) != meant.map(unified) {
                return Err(Unproven::OtherText);
            }
        }
        let value = |docstring: &Option<crate::python::Literal>| {
            docstring.as_ref().map(|literal| literal.value.clone())
        };
        if !edited && value(&old.docstring) != value(&new.docstring) {
            return Err(Unproven::OtherText);
        }
    }
    Ok(text)
}

fn unified(text: &str) -> String {
    text.replace("\r\n", "\n").replace('\r', "\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::edit::insert;
    use crate::python::Span;
    use proptest::prelude::*;

    const PLACES: &[&str] = &[
        "def f():\n    return 1\n",
        "def f(): return 1\n",
        "def f():return 1; x = 2",
        "class A: pass\n",
        "class A:\n\tx = 1\n",
        "class A:\r\n    def f(self): ...\r\n",
        "@d(1)\nasync def f(\n    a,\n): # note\n    # first\n    yield a\n",
        "def f(a):  # type: (int) -> str\n    return a\n",
        "def f(a):\n    # type: (int) -> str\n    return a\n",
        "#!/usr/bin/python\n# -*- coding: utf-8 -*-\n# licence\n\nfrom __future__ import annotations\n",
        "\u{feff}x = 1\n",
        "def f():\n    'old'\n    return 1\n",
        "def f():\n    'old'; return 1\n",
        "def f(): 'old'\n",
        "def f():\n    ('old'\n     'text')\n    return 1\n",
        "if True:\n    def f():\n        if x: return 1\n        else: return 2",
        "def f():\n    x = '''\n  a\n'''\n",
        "class A:\n    '''old'''\n    def f(self):\n        'old'\n",
    ];

    #[test]
    fn an_edit_that_changes_code_is_dropped_and_takes_no_other_with_it() {
        let file = parse("def f():\n    return 1\n\ndef g():\n    return 2\n");
        let good = insert(&file, &file.definitions[2], "Gives two.").expect("a place");
        let bad =
            Edit { definition: "f".to_owned(), span: Span::new(20, 21), text: "3".to_owned(), value: None };
        let proven = prove(&file, &[bad, good]);
        assert_eq!(proven.dropped, [("f".to_owned(), Unproven::CodeChanged)]);
        assert_eq!(
            proven.text,
            "def f():\n    return 1\n\ndef g():\n    \"\"\"Gives two.\"\"\"\n    return 2\n"
        );
    }

    #[test]
    fn a_file_in_another_encoding_gets_no_text_that_it_cannot_hold() {
        let file = parse("# -*- coding: cp1252 -*-\ndef f():\n    return 1\n");
        for (text, dropped) in [("Gives one.", 0), ("Gibt eins zurück.", 1)] {
            let edit = insert(&file, &file.definitions[1], text).expect("a place");
            assert_eq!(prove(&file, &[edit]).dropped.len(), dropped, "{text}");
        }
    }

    proptest! {
        #[test]
        fn any_text_can_be_written_into_any_place(text in "([a\"'\\\\\n\t#{}é]|\\PC){1,60}") {
            for source in PLACES {
                let file = parse(source);
                for definition in &file.definitions {
                    let made = if definition.docstring.is_some() {
                        super::super::replace(&file, definition, &text)
                    } else {
                        insert(&file, definition, &text)
                    };
                    let edit = made.expect("a place");
                    let proven = prove(&file, &[edit]);
                    prop_assert!(proven.dropped.is_empty(), "{source:?} {text:?} {:?}", proven);
                }
            }
        }
    }
}
