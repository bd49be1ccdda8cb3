//! Where a sentence stands in the source.

use crate::python::{Definition, ParsedFile, Span};

/// Returns the bytes of a sentence of a docstring in its literal, over line ends; the whole literal where it is not found,
/// as when it is written with escapes.
#[must_use]
pub fn place(file: &ParsedFile, definition: &Definition, sentence: &str) -> Option<Span> {
    let literal = definition.docstring.as_ref()?.span;
    let source = literal.of(&file.text);
    let found = words_in(source, sentence);
    Some(found.map_or(literal, |found| Span::new(literal.start + found.start, literal.start + found.end)))
}

/// Finds words that stand behind each other, whatever white space is between them.
fn words_in(source: &str, sentence: &str) -> Option<Span> {
    let mut words = sentence.split_whitespace();
    let first = words.next()?;
    let rest: Vec<&str> = words.collect();
    source.match_indices(first).find_map(|(start, _)| {
        let mut end = start + first.len();
        for word in &rest {
            let behind = &source[end..];
            let gap = behind.len() - behind.trim_start().len();
            if gap == 0 || !behind[gap..].starts_with(word) {
                return None;
            }
            end += gap + word.len();
        }
        Some(Span::new(start, end))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::python::parse;

    #[test]
    fn a_sentence_is_found_over_lines_and_an_escaped_one_is_not() {
        let file = parse("def f():\n    \"\"\"Do it. Do it\n    now.\n\n    A \\x41 is here.\n    \"\"\"\n");
        let definition = &file.definitions[1];
        let of = |sentence: &str| place(&file, definition, sentence).unwrap().of(&file.text);
        assert_eq!(of("Do it now."), "Do it\n    now.");
        assert!(of("A A is here.").starts_with("\"\"\""));
        assert!(place(&file, &file.definitions[0], "Do").is_none());
    }
}
