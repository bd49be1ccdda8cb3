//! The proof that edits change docstrings and nothing else.

use std::collections::HashMap;

use crate::python::{Definition, Fingerprint, ParsedFile, code_digest, encode, parse, same_encoding};

use super::place::{Outcome, outcome};
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
    /// It reaches beyond the docstring or the place for one, or brings more than a docstring.
    #[error("the edit is not only of the docstring")]
    OutOfPlace,
    /// A syntax error touches the definition.
    #[error("a syntax error touches the definition")]
    SyntaxError,
    /// The syntax tree without docstrings would not be the same.
    #[error("the code would not be the same")]
    CodeChanged,
    /// The file's encoding does not have the new text.
    #[error("the file's encoding cannot be written")]
    Encoding,
    /// The docstring would not say what was meant.
    #[error("the docstring would not read as it was meant")]
    OtherText,
    /// So many edits of the file could not be proven that the others were not looked at one by one.
    #[error("too many edits of the file could not be proven")]
    GivenUp,
}

/// How much text is parsed to find out which edits of a file cannot be proven; a few hundred proofs of a file of usual
/// size, a few of a very large one.
const MOST_BYTES: usize = 1 << 28;

/// Applies edits and proves the result.
///
/// Each edit stays within the docstring of its definition or the place for one, and puts nothing there but one
/// literal that reads as intended. In the text with all of them the syntax tree without docstrings is the same, token
/// by token; the definitions are the same; there is no new syntax error; each edited docstring stands where it was
/// put and reads as intended, and all others are as they were; and the encoding can be written.
///
/// What cannot be proven together is halved until the edits are found that are to blame, so that one bad edit takes
/// no other with it and costs few proofs.
#[must_use]
pub fn prove(before: &ParsedFile, edits: &[Edit]) -> Proven {
    let mut proven = Proven { text: before.text.clone(), edits: Vec::new(), dropped: Vec::new() };
    let candidates = candidates(before, edits, &mut proven.dropped);
    if candidates.is_empty() {
        return proven;
    }
    let digest = code_digest(&before.text);
    let mut pending = vec![candidates];
    let mut kept: Vec<Candidate<'_>> = Vec::new();
    let mut bytes = 0;
    while let Some(group) = pending.pop() {
        if bytes > MOST_BYTES {
            proven.dropped.extend(group.iter().map(|one| (one.edit.definition.clone(), Unproven::GivenUp)));
            continue;
        }
        bytes += before.text.len();
        let tried: Vec<Candidate<'_>> = kept.iter().chain(&group).cloned().collect();
        match proven_text(before, digest, &tried) {
            Ok(text) => {
                proven.text = text;
                kept = tried;
            }
            Err(reason) => {
                if let [one] = group.as_slice() {
                    proven.dropped.push((one.edit.definition.clone(), reason));
                } else {
                    let (first, second) = group.split_at(group.len() / 2);
                    pending.extend([second.to_vec(), first.to_vec()]);
                }
            }
        }
    }
    proven.edits = kept.into_iter().map(|one| one.edit.clone()).collect();
    proven
}

/// An edit that stays in its place.
#[derive(Debug, Clone)]
struct Candidate<'a> {
    edit: &'a Edit,
    /// The index of its definition.
    index: usize,
    outcome: Outcome,
}

/// Looks at each edit alone; what does not stay in its place is dropped without a proof.
fn candidates<'a>(
    before: &ParsedFile,
    edits: &'a [Edit],
    dropped: &mut Vec<(String, Unproven)>,
) -> Vec<Candidate<'a>> {
    let by_name: HashMap<&str, (usize, &Definition)> =
        before.definitions.iter().enumerate().map(|at| (at.1.qualified_name.as_str(), at)).collect();
    let mut count: HashMap<&str, usize> = HashMap::new();
    for edit in edits {
        *count.entry(&edit.definition).or_default() += 1;
    }
    let mut candidates = Vec::with_capacity(edits.len());
    for edit in edits {
        let found = by_name.get(edit.definition.as_str());
        let is_alone = count.insert(&edit.definition, 0);
        let looked_at = match (found, is_alone) {
            // Said already.
            (_, Some(0)) => continue,
            (_, Some(2..)) => Err(Unproven::Overlap),
            (None, _) => Err(Unproven::OutOfPlace),
            (Some((index, definition)), _) => {
                outcome(before, definition, edit).map(|outcome| Candidate { edit, index: *index, outcome })
            }
        };
        match looked_at {
            Ok(candidate) => candidates.push(candidate),
            Err(reason) => dropped.push((edit.definition.clone(), reason)),
        }
    }
    candidates
}

fn proven_text(
    before: &ParsedFile,
    digest: Option<Fingerprint>,
    candidates: &[Candidate<'_>],
) -> Result<String, Unproven> {
    let edits: Vec<&Edit> = candidates.iter().map(|one| one.edit).collect();
    let text = apply(&before.text, edits).map_err(|_| Unproven::Overlap)?;
    if !same_encoding(&before.text, &text) || encode(&text).is_err() {
        return Err(Unproven::Encoding);
    }
    if digest.is_none() || code_digest(&text) != digest {
        return Err(Unproven::CodeChanged);
    }
    let after = parse(&text);
    if after.errors.len() > before.errors.len() || after.definitions.len() != before.definitions.len() {
        return Err(Unproven::CodeChanged);
    }
    let mut edited: Vec<Option<Place<'_>>> = vec![None; before.definitions.len()];
    for place in places(candidates) {
        let index = place.candidate.index;
        edited[index] = Some(place);
    }
    for ((old, new), place) in before.definitions.iter().zip(&after.definitions).zip(edited) {
        if old.kind != new.kind || old.qualified_name != new.qualified_name {
            return Err(Unproven::CodeChanged);
        }
        let reads = new.docstring.as_ref().map(|literal| literal.value.as_str());
        let Some(place) = place else {
            if reads != old.docstring.as_ref().map(|literal| literal.value.as_str()) {
                return Err(Unproven::OtherText);
            }
            continue;
        };
        if reads != place.candidate.edit.value.as_deref() {
            return Err(Unproven::OtherText);
        }
        if let (Outcome::Literal { source, .. }, Some(literal)) = (&place.candidate.outcome, &new.docstring)
            && (Some(literal.span.start) != place.start || literal.span.of(&text) != source)
        {
            return Err(Unproven::CodeChanged);
        }
    }
    Ok(text)
}

/// Where an edited docstring begins in the new text.
#[derive(Debug, Clone)]
struct Place<'a> {
    candidate: &'a Candidate<'a>,
    start: Option<usize>,
}

fn places<'a>(candidates: &'a [Candidate<'a>]) -> Vec<Place<'a>> {
    let mut ordered: Vec<&Candidate<'_>> = candidates.iter().collect();
    ordered.sort_by_key(|one| (one.edit.span.start, one.edit.span.end));
    let (mut gone, mut come) = (0, 0);
    let mut places = Vec::with_capacity(ordered.len());
    for candidate in ordered {
        let edit = candidate.edit;
        let start = match candidate.outcome {
            Outcome::Deleted => None,
            Outcome::Literal { offset, .. } => (edit.span.start + come - gone).checked_add_signed(offset),
        };
        places.push(Place { candidate, start });
        gone += edit.span.len();
        come += edit.text.len();
    }
    places
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::edit::{delete, insert};
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
        assert_eq!(proven.dropped, [("f".to_owned(), Unproven::OutOfPlace)]);
        assert_eq!(
            proven.text,
            "def f():\n    return 1\n\ndef g():\n    \"\"\"Gives two.\"\"\"\n    return 2\n"
        );
    }

    #[test]
    fn every_docstring_that_may_be_deleted_is_proven() {
        for source in ["'a'; x\n", "class A:\n    'a'; ('b'); f()\n", "def f(): 'a' ; x()\n"] {
            let file = parse(source);
            let edits: Vec<_> = file.definitions.iter().filter_map(|one| delete(one).ok()).collect();
            for edit in &edits {
                assert_eq!(prove(&file, std::slice::from_ref(edit)).dropped, [], "{source}");
            }
            assert_eq!(edits.len(), usize::from(!source.contains("('b')")), "{source}");
        }
    }

    #[test]
    fn a_file_in_another_encoding_gets_no_text_that_it_cannot_hold() {
        let file = parse("# -*- coding: cp1252 -*-\ndef f():\n    return 1\n");
        for (text, dropped) in [("Gives one.", 0), ("Gibt eins zurück.", 0), ("一を返す。", 1)] {
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
