//! Which definitions a syntax error makes unsafe to edit, beside those that it touches.
//!
//! Behind a quote that was lost or is too much, code reads as text and text as code, up to the end of the file. The
//! grammar recovers from that and shows definitions and docstrings that are none.

use super::insertion::Insertion;
use crate::python::definition::{Definition, ParsedFile};
use crate::python::span::Span;

/// Marks the definitions of a file with syntax errors that must not be edited.
pub(in crate::python) fn mark(file: &mut ParsedFile) {
    if file.errors.is_empty() {
        return;
    }
    let all = has_stray_quotes(&file.text);
    let errors = disjoint(&file.errors);
    for index in 0..file.definitions.len() {
        let definition = &file.definitions[index];
        let broken = all || is_near_error(file, definition, &errors) || hides_docstring(file, definition);
        file.definitions[index].broken |= broken;
    }
}

/// Sorts spans and joins those that lie in one another, so that they can be searched.
fn disjoint(errors: &[Span]) -> Vec<Span> {
    let mut sorted = errors.to_vec();
    sorted.sort_unstable();
    let mut joined: Vec<Span> = Vec::with_capacity(sorted.len());
    for error in sorted {
        match joined.last_mut() {
            Some(last) if error.start <= last.end => last.end = last.end.max(error.end),
            _ => joined.push(error),
        }
    }
    joined
}

/// A place is near an error that stands between it and the end of the line after, or that it stands in.
fn is_near_error(file: &ParsedFile, definition: &Definition, errors: &[Span]) -> bool {
    let place = match (&definition.docstring, &definition.insertion) {
        (Some(literal), _) => Span::new(definition.header.start, literal.span.end),
        (None, Insertion::Line { at, .. }) => Span::new(definition.header.start, *at),
        (None, Insertion::Inline { gap, .. }) => Span::new(definition.header.start, gap.end),
        (None, Insertion::Nowhere(_)) => definition.header,
    };
    let line = file.lines.line(place.end) + 2;
    let end = if line > file.lines.count() { file.text.len() } else { file.lines.start_of(line) };
    let next = errors.partition_point(|error| error.end < place.start);
    errors.get(next).is_some_and(|error| error.start <= end)
}

/// Returns whether a definition that seems to have no docstring begins with a string, as one does whose docstring is broken.
fn hides_docstring(file: &ParsedFile, definition: &Definition) -> bool {
    let from = match (&definition.docstring, &definition.insertion) {
        (None, Insertion::Line { at, .. }) => *at,
        (None, Insertion::Inline { gap, .. }) => gap.end,
        _ => return false,
    };
    let mut rest = &file.text[from..];
    loop {
        rest = rest.trim_start();
        if !rest.starts_with('#') {
            break;
        }
        rest = &rest[line_end(rest.as_bytes(), 0)..];
    }
    let letters = rest.bytes().take(3).take_while(u8::is_ascii_alphabetic).count();
    letters < 3 && rest[letters..].starts_with(['"', '\''])
}

/// Returns whether quotes do not pair up, or may not: a triple-quoted literal is open at the end, or what closes one may be
/// hidden in a literal that its line does not close, or behind a `#`.
fn has_stray_quotes(text: &str) -> bool {
    let bytes = text.as_bytes();
    let mut at = 0;
    while let Some(found) = memchr::memchr3(b'"', b'\'', b'#', &bytes[at..]) {
        let start = at + found;
        let quote = bytes[start];
        if quote == b'#' {
            let end = line_end(bytes, start);
            if holds_triple_quotes(&text[start..end]) {
                return true;
            }
            at = end;
            continue;
        }
        let is_triple = bytes[start..].starts_with(&[quote; 3]);
        match closed(bytes, start, is_triple) {
            Some(end) => at = end,
            None if is_triple => return true,
            None => {
                let end = line_end(bytes, start);
                if holds_triple_quotes(&text[start..end]) {
                    return true;
                }
                at = end;
            }
        }
    }
    false
}

/// Returns the end of the literal that begins at a quote; `None` when it is not closed, on its line unless it is triple-quoted.
fn closed(bytes: &[u8], start: usize, is_triple: bool) -> Option<usize> {
    let quote = bytes[start];
    let mark: &[u8] = if is_triple { &[quote; 3] } else { &[quote] };
    let mut at = start + mark.len();
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'\\' => at += 1,
            b'\n' | b'\r' if !is_triple => return None,
            _ if bytes[at..].starts_with(mark) => return Some(at + mark.len()),
            _ => {}
        }
        at += 1;
    }
    None
}

fn line_end(bytes: &[u8], from: usize) -> usize {
    memchr::memchr2(b'\n', b'\r', &bytes[from..]).map_or(bytes.len(), |at| from + at)
}

fn holds_triple_quotes(text: &str) -> bool {
    text.contains("\"\"\"") || text.contains("'''")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::python::parse;

    #[test]
    fn quotes_that_do_not_pair_up_are_found() {
        let table = [
            ("x = 'a' + \"b\"  # it's\n", false),
            ("x = 'a\ny = 'b'\n", false),
            ("x = '''a\n'''\n", false),
            ("x = 'a\\\n''' b'\n", false),
            ("x = '''a\n\ny = 1\n", true),
            ("\"\"Doc.\"\"\"\nx = 1\n", true),
            ("Don't do it.\"\"\"\nx = '''a'''\n", true),
            ("Fixes #12.\"\"\"\nx = 1\n", true),
        ];
        for (text, expected) in table {
            assert_eq!(has_stray_quotes(text), expected, "{text}");
        }
    }

    #[test]
    fn behind_a_lost_quote_nothing_is_edited() {
        let text = "def f():\n    '''Doc.\n    x = 1\n\ndef g():\n    '''Doc.'''\n    y = 2\n";
        assert!(parse(text).definitions.iter().all(|definition| definition.broken));
    }

    #[test]
    fn no_docstring_is_put_above_a_broken_one() {
        let text = "# licence\n\nr'''Said and\"\"\"\n\nx = 1\ny = \"\"\"\n'''done.'''\ny = '''a'''\n";
        let broken = "class A:\n    # note\n    '''Doc.'''erpreted, so that\n    '''a'''\n    x = 1\n";
        for text in [text, broken] {
            let file = parse(text);
            let last = file.definitions.last().expect("one");
            assert!(!file.errors.is_empty() && last.docstring.is_none(), "{text}");
            assert!(last.broken, "{text}");
        }
    }

    #[test]
    fn away_from_an_error_definitions_are_edited() {
        let text = "'''Doc.'''\n\ndef f():\n    return 1\n\ndef g(:\n    return\n\ndef h():\n    return 2\n";
        let file = parse(text);
        let sound = |name: &str| !file.find(name).is_some_and(|definition| definition.broken);
        assert!(sound("") && sound("f") && sound("h"), "{:?}", file.errors);
    }
}
