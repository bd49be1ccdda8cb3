//! Lines joined inside brackets, for texts that the grammar cannot read otherwise.
//!
//! After an operator, a dot or `lambda:` no closing bracket can follow, and the grammar's scanner then forgets that
//! it is inside one: a line that is indented less than its block ends the block there. Python reads such lines.

/// Makes a copy of the same length in which line ends and comments inside brackets are blanks; `None` when there are
/// none.
pub(super) fn join(text: &str) -> Option<String> {
    let bytes = text.as_bytes();
    let mut joined = bytes.to_vec();
    let (mut depth, mut at, mut changed) = (0_usize, 0, false);
    while let Some(byte) = bytes.get(at) {
        let length = match byte {
            b'"' | b'\'' => string_length(&bytes[at..]),
            b'#' => memchr::memchr2(b'\n', b'\r', &bytes[at..]).unwrap_or(bytes.len() - at),
            _ => 1,
        };
        match byte {
            b'(' | b'[' | b'{' => depth += 1,
            b')' | b']' | b'}' => depth = depth.saturating_sub(1),
            b'\n' | b'\r' | b'#' if depth > 0 => {
                joined[at..at + length].fill(b' ');
                changed = true;
            }
            _ => {}
        }
        at += length;
    }
    if !changed {
        return None;
    }
    String::from_utf8(joined).ok()
}

/// Returns how long the string literal is that begins here; one that does not end goes to the end of its line.
pub(super) fn string_length(bytes: &[u8]) -> usize {
    let quote = bytes[0];
    let is_triple = bytes.len() >= 3 && bytes[1] == quote && bytes[2] == quote;
    let mut at = if is_triple { 3 } else { 1 };
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'\\' => at += 1,
            b'\n' if !is_triple => return at,
            byte if *byte == quote && !is_triple => return at + 1,
            byte if *byte == quote && bytes[at..].starts_with(&[quote; 3]) => return at + 3,
            _ => {}
        }
        at += 1;
    }
    bytes.len()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::python::parse;

    #[test]
    fn only_lines_inside_brackets_are_joined() {
        let table = [
            ("f(\na)\nb\n", Some("f( a)\nb\n")),
            ("f(  # é (\r\na)\n", Some("f(          a)\n")),
            ("f('(\\'')\n)\n", None),
            ("f('''\n''')\n", None),
            ("f('''\n''',\n1)\n", Some("f('''\n''', 1)\n")),
            ("x = '(\ny\n", None),
            ("# (\nx\n", None),
            ("x = (", None),
        ];
        for (text, expected) in table {
            assert_eq!(join(text).as_deref(), expected, "{text}");
        }
    }

    #[test]
    fn lines_that_are_indented_less_than_their_block_are_read() {
        for source in ["def f():\n    return (\na\n or\nb)\n", "def f():\n    return (bar.\nbaz)\n"] {
            let file = parse(&format!("{source}\ndef g():\n    pass\n"));
            assert!(file.errors.is_empty(), "{source}");
            assert_eq!(file.definitions.len(), 3, "{source}");
        }
    }

    #[test]
    fn an_error_elsewhere_stays_one() {
        assert!(!parse("def f(:\n    return (\na)\n").errors.is_empty());
    }
}
