//! Where a docstring goes that is not there yet.

use tree_sitter::Node;

use crate::python::span::Span;

/// The place for a new docstring.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Insertion {
    /// On lines of its own: at this offset, the start of a line, with this indentation.
    Line {
        /// The offset, at the start of a line.
        at: usize,
        /// The indentation of the body.
        indent: String,
    },
    /// In a one-line body: in place of the blanks between the colon and the first statement.
    Inline {
        /// The blanks between colon and statement.
        gap: Span,
        /// The indentation that the body gets.
        indent: String,
    },
    /// There is no safe place, with the reason.
    Nowhere(&'static str),
}

/// `CPython` takes no more than a hundred levels of indentation, and each takes a column.
const DEEPEST: usize = 99;

/// Words by which a comment is known to be about the rights in a file.
const LICENCE_WORDS: &[&str] = &["copyright", "licence", "license", "spdx-", "(c) ", "all rights reserved"];

/// Finds the place in a function or class, between its header and its first statement.
pub(in crate::python) fn in_body(header: Span, first: Option<Node<'_>>, text: &str) -> Insertion {
    let colon = header.end;
    let Some(first) = first else {
        return Insertion::Nowhere("its body is empty");
    };
    let gap = Span::new(colon, first.start_byte());
    let between = gap.of(text);
    if is_blank(between) {
        return in_one_line(header, gap, text);
    }
    let mut lines = between.split(['\n', '\r']).map(|line| line.trim_start_matches(BLANKS));
    if lines.any(|line| line.starts_with('\\')) {
        return Insertion::Nowhere("its body begins behind a line continuation");
    }
    if !between.contains(['\n', '\r']) {
        return Insertion::Nowhere("its body begins behind a comment on the same line");
    }
    let before = &text[line_start(text, first.start_byte())..first.start_byte()];
    if !before.chars().all(|character| BLANKS.contains(&character)) {
        return Insertion::Nowhere("its body does not begin on a line of its own");
    }
    let mut at = next_line(text, colon);
    // A type comment must stay the first line of the body that is not blank (PEP 484).
    let mut line = at;
    while line < first.start_byte() {
        let end = next_line(text, line);
        let content = text[line..end].trim_start_matches(BLANKS).trim_end();
        if is_type_comment(content) {
            at = end;
        }
        if !content.is_empty() {
            break;
        }
        line = end;
    }
    Insertion::Line { at, indent: from_margin(before).to_owned() }
}

fn in_one_line(header: Span, gap: Span, text: &str) -> Insertion {
    let outer = &text[line_start(text, header.start)..header.start];
    if !outer.chars().all(|character| BLANKS.contains(&character)) {
        return Insertion::Nowhere("it does not begin on a line of its own");
    }
    let outer = from_margin(outer);
    if outer.len() >= DEEPEST {
        return Insertion::Nowhere("it is indented too far for another level");
    }
    let indent = format!("{outer}{}", if outer.contains('\t') { "\t" } else { "    " });
    Insertion::Inline { gap, indent }
}

/// Finds the place in a module: below the interpreter line, the declared encoding and the licence, above everything else.
///
/// The first block of comments counts as the licence's when a blank line sets it apart from the code; a later one, or
/// one that stands close, when it says so.
pub(in crate::python) fn in_module(text: &str) -> Insertion {
    let start = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
    let mut place = start;
    let mut block: Option<Block> = None;
    let mut blocks = 0;
    let mut at = start;
    let mut number = 0;
    loop {
        let end = next_line(text, at);
        let line = text[at..end].trim_start_matches(BLANKS).trim_end();
        number += 1;
        let is_comment = line.starts_with('#');
        if is_comment && number <= 2 && is_interpreter_line(line) {
            place = end;
        } else if is_comment {
            let block = block.get_or_insert(Block { end, is_licence: false });
            block.end = end;
            block.is_licence |= is_about_rights(line);
        }
        let is_over = at == end || !(is_comment || line.is_empty());
        if (is_over || line.is_empty())
            && let Some(closed) = block.take()
        {
            blocks += 1;
            let stands_apart = line.is_empty() && blocks == 1;
            if closed.is_licence || stands_apart {
                place = place.max(closed.end);
            }
        }
        if is_over {
            return Insertion::Line { at: place, indent: String::new() };
        }
        at = end;
    }
}

/// Comments without a blank line between them.
struct Block {
    end: usize,
    is_licence: bool,
}

fn is_interpreter_line(line: &str) -> bool {
    line.starts_with("#!") || line.contains("coding:") || line.contains("coding=")
}

fn is_about_rights(line: &str) -> bool {
    let line = line.to_lowercase();
    LICENCE_WORDS.iter().any(|word| line.contains(word))
}

/// `CPython`'s tokenizer takes any blanks, or none, around the word.
fn is_type_comment(line: &str) -> bool {
    line.strip_prefix('#').is_some_and(|rest| rest.trim_start_matches([' ', '\t']).starts_with("type:"))
}
/// What may stand before a statement on its line.
pub(in crate::python) const BLANKS: [char; 3] = [' ', '\t', '\u{c}'];

fn is_blank(text: &str) -> bool {
    text.chars().all(|character| BLANKS.contains(&character))
}

/// A form feed sets the column back to the margin.
pub(in crate::python) fn from_margin(blanks: &str) -> &str {
    blanks.rsplit('\u{c}').next().unwrap_or(blanks)
}

/// Returns where the line of an offset begins.
pub(in crate::python) fn line_start(text: &str, offset: usize) -> usize {
    text[..offset].rfind(['\n', '\r']).map_or(0, |at| at + 1)
}

/// Returns where the line after that of an offset begins.
pub(in crate::python) fn next_line(text: &str, offset: usize) -> usize {
    let rest = &text.as_bytes()[offset..];
    match memchr::memchr2(b'\n', b'\r', rest) {
        Some(at) if rest[at] == b'\r' && rest.get(at + 1) == Some(&b'\n') => offset + at + 2,
        Some(at) => offset + at + 1,
        None => text.len(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::python::parse;

    #[test]
    fn a_module_docstring_goes_below_what_belongs_to_the_file_and_above_what_belongs_to_the_code() {
        // The place is marked with a `@`.
        let table = [
            "@",
            "@import x\n",
            "@\n\nimport x\n",
            "#!/usr/bin/python\n@import x\n",
            "#!/usr/bin/python\n# coding: utf-8\n@import x\n",
            "\n# coding: utf-8\n@import x\n",
            "#!/usr/bin/python\n\n# Copyright 2020 A. Person\n# All that.\n@\nimport x\n",
            "# Copyright 2020 A. Person\n@import x\n",
            "# anything at all\n@\nimport x\n",
            "@# about x\nimport x\n",
            "#!/usr/bin/python\n@# about x\nimport x\n",
            "# first\n@\n# about x\n\nimport x\n",
            "# pylint: disable=all\n\n# SPDX-License-Identifier: MIT\n@\n# about x\n\nimport x\n",
            "# first\n@",
            "\u{feff}@import x\n",
            "\u{feff}# coding: utf-8\n@import x\n",
            "# one\r\n@\r\nimport x\r\n",
            "# one\r@\rimport x\r",
            "@x = 1\n# coding: utf-8\n",
            "# one\n# coding: latin-1\n@import x\n",
            "\u{c}\n# licence\n@\nimport x\n",
            "# licence\n@\nfrom __future__ import annotations\n",
        ];
        for marked in table {
            let expected = marked.find('@').expect("a mark");
            let text = marked.replace('@', "");
            let Insertion::Line { at, .. } = in_module(&text) else { panic!("{text:?}") };
            assert_eq!(at, expected, "{marked:?}");
        }
    }

    #[test]
    fn a_body_has_one_place_for_a_docstring_or_a_reason_for_none() {
        /// Either the text before the place, with the indentation, or a word of the reason.
        type Place<'a> = Result<(&'a str, &'a str), &'a str>;
        let table: [(&str, Place<'_>); 19] = [
            ("def f():\n    return 1\n", Ok(("def f():\n", "    "))),
            ("def f():  # note\n\n\treturn 1\n", Ok(("def f():  # note\n", "\t"))),
            ("def f():\n# note\n    return 1\n", Ok(("def f():\n", "    "))),
            (
                "def f(a):\n    # type: (int) -> int\n    return a\n",
                Ok(("def f(a):\n    # type: (int) -> int\n", "    ")),
            ),
            (
                "def f(a):\n\n    #type:(int) -> int\n    return a\n",
                Ok(("def f(a):\n\n    #type:(int) -> int\n", "    ")),
            ),
            ("def f(a):\n    # first\n    # type: ignore\n    return a\n", Ok(("def f(a):\n", "    "))),
            (
                "def f(\n    a,\n) -> (\n    int\n):\r\n  return a\r\n",
                Ok(("def f(\n    a,\n) -> (\n    int\n):\r\n", "  ")),
            ),
            ("def f():\n\u{c}  return 1\n", Ok(("def f():\n", "  "))),
            ("def f(): return 1\n", Ok(("def f():", "    "))),
            ("def f():return 1; x = 2  # note\n", Ok(("def f():", "    "))),
            ("class A: x = 1; y = 2\n", Ok(("class A:", "    "))),
            ("\u{c}def f(): return 1\n", Ok(("\u{c}def f():", "    "))),
            ("if x:\n\tdef f(): return 1\n", Ok(("if x:\n\tdef f():", "\t\t"))),
            ("@d\nclass A(B,\n  C): pass", Ok(("@d\nclass A(B,\n  C):", "    "))),
            ("def f(): \\\n    return 1\n", Err("continuation")),
            ("def f():\n    # note \\\n    return 1\n", Ok(("def f():\n", "    "))),
            ("def f():\n    # note\n    \\\n  return 1\n", Err("continuation")),
            ("class A: pass; x = 1\n", Ok(("class A:", "    "))),
            ("def f(a): # type: (int) -> int\n  return a\n", Ok(("def f(a): # type: (int) -> int\n", "  "))),
        ];
        for (text, expected) in table {
            let file = parse(text);
            let found = match &file.definitions[1].insertion {
                Insertion::Line { at, indent } => Ok((&text[..*at], indent.as_str())),
                Insertion::Inline { gap, indent } => Ok((&text[..gap.start], indent.as_str())),
                Insertion::Nowhere(reason) => Err(*reason),
            };
            match (found, expected) {
                (Err(reason), Err(word)) => assert!(reason.contains(word), "{text:?}: {reason}"),
                (found, expected) => assert_eq!(found, expected, "{text:?}"),
            }
        }
    }

    #[test]
    fn a_body_that_is_indented_too_far_gets_no_further_level() {
        let text = format!("if x:\n{}def f(): return 1\n", " ".repeat(120));
        assert!(matches!(parse(&text).definitions[1].insertion, Insertion::Nowhere(_)));
    }
}
