//! Where a docstring goes that is not there yet.

use tree_sitter::Node;

use super::grammar::{Syntax, syntax};
use super::span::Span;

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

/// Finds the place in a function or class, between its header and its block.
pub(super) fn in_body(header: Span, body: Node<'_>, text: &str) -> Insertion {
    let colon = header.end;
    let Some(first) = first_statement(body) else {
        return Insertion::Nowhere("its body is empty");
    };
    let gap = Span::new(colon, first.start_byte());
    let between = gap.of(text);
    if !between.contains(['\n', '\r']) {
        let blank = between.chars().all(|character| matches!(character, ' ' | '\t'));
        if !blank {
            return Insertion::Nowhere("its body begins behind a comment on the same line");
        }
        let outer = &text[line_start(text, header.start)..header.start];
        if !outer.chars().all(|character| matches!(character, ' ' | '\t')) {
            return Insertion::Nowhere("it does not begin on a line of its own");
        }
        let indent = format!("{outer}{}", if outer.contains('\t') { "\t" } else { "    " });
        return Insertion::Inline { gap, indent };
    }
    if between.contains('\\') && !between.contains('#') {
        return Insertion::Nowhere("its body begins behind a line continuation");
    }
    let statement_line = line_start(text, first.start_byte());
    let indent = &text[statement_line..first.start_byte()];
    if !indent.chars().all(|character| matches!(character, ' ' | '\t' | '\u{c}')) {
        return Insertion::Nowhere("its body does not begin on a line of its own");
    }
    let mut at = next_line(text, colon);
    // A type comment must stay the first line of the body (PEP 484).
    if text[at..].trim_start().starts_with("# type:") {
        at = next_line(text, at);
    }
    Insertion::Line { at, indent: indent.replace('\u{c}', "") }
}

/// Finds the place in a module: below shebang, encoding line and the comment block that opens the file.
pub(super) fn in_module(text: &str) -> Insertion {
    let start = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
    let mut at = start;
    let mut after_comments = start;
    while at < text.len() && text[at..].starts_with('#') {
        at = next_line(text, at);
        let blank = text[at..].split(['\n', '\r']).next().is_some_and(|line| line.trim().is_empty());
        if blank || is_interpreter_line(&text[after_comments..at]) {
            after_comments = at;
        }
    }
    Insertion::Line { at: after_comments, indent: String::new() }
}

fn is_interpreter_line(line: &str) -> bool {
    line.starts_with("#!") || line.contains("coding:") || line.contains("coding=")
}

fn first_statement(body: Node<'_>) -> Option<Node<'_>> {
    let mut cursor = body.walk();
    body.named_children(&mut cursor).find(|node| syntax(*node) != Syntax::Comment)
}

fn line_start(text: &str, offset: usize) -> usize {
    text[..offset].rfind(['\n', '\r']).map_or(0, |at| at + 1)
}

fn next_line(text: &str, offset: usize) -> usize {
    let rest = &text.as_bytes()[offset..];
    for (index, byte) in rest.iter().enumerate() {
        match byte {
            b'\n' => return offset + index + 1,
            b'\r' if rest.get(index + 1) != Some(&b'\n') => return offset + index + 1,
            _ => {}
        }
    }
    text.len()
}
