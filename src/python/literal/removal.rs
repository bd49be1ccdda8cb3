//! What goes when a docstring is deleted.

use super::insertion::{BLANKS, from_margin, line_start, next_line};
use crate::python::span::Span;

/// What is taken out with a docstring, so that the rest of the body stays as it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Removal {
    /// These bytes: its lines, or what separates it from the next statement on its line.
    Of(Span),
    /// It must stay, with the reason.
    Never(&'static str),
}

/// Works out what goes with a docstring; `next` is where the statement after it begins.
pub(in crate::python) fn of(literal: Span, next: Option<usize>, text: &str) -> Removal {
    let Some(next) = next else { return Removal::Never("it is the whole body") };
    let line = line_start(text, literal.start);
    let before = &text[line..literal.start];
    let own_line = before.chars().all(|character| BLANKS.contains(&character));
    if text[..line].trim_end_matches(['\n', '\r']).ends_with('\\') {
        return Removal::Never("it stands behind a line continuation");
    }
    let mut after = skip_blanks(text, literal.end);
    if text[after..].starts_with(';') {
        after = skip_blanks(text, after + 1);
        if after == next {
            return Removal::Of(Span::new(literal.start, next));
        }
    }
    match text[after..].chars().next() {
        None | Some('\n' | '\r') if own_line => {
            let start = literal.start - from_margin(before).len();
            Removal::Of(Span::new(start, next_line(text, after)))
        }
        // The comment stays where it is, on a line of its own.
        Some('#') if own_line => Removal::Of(Span::new(literal.start, after)),
        Some('\\') => Removal::Never("a line continuation stands behind it"),
        _ => Removal::Never("it is not on a line of its own"),
    }
}

fn skip_blanks(text: &str, from: usize) -> usize {
    text.len() - text[from..].trim_start_matches(BLANKS).len()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::python::parse;

    #[test]
    fn what_is_deleted_leaves_the_rest_of_the_body_as_it_was() {
        let table: [(&str, Result<&str, &str>); 19] = [
            ("def f():\n    'doc'\n    return 1\n", Ok("def f():\n    return 1\n")),
            ("def f():\n    '''a\n\n    b'''\n\n    return 1\n", Ok("def f():\n\n    return 1\n")),
            ("def f():\r\n    'doc'\r\n    return 1\r\n", Ok("def f():\r\n    return 1\r\n")),
            ("def f():\r    'doc'\r    return 1", Ok("def f():\r    return 1")),
            ("def f():\n    'doc'; return 1\n", Ok("def f():\n    return 1\n")),
            ("def f(): 'doc' ; return 1\n", Ok("def f(): return 1\n")),
            ("def f():\n    'doc'  # noqa\n    return 1\n", Ok("def f():\n    # noqa\n    return 1\n")),
            ("def f():\n    'doc';  # noqa\n    return 1\n", Ok("def f():\n    # noqa\n    return 1\n")),
            (
                "def f():\n    # why\n    ('a'\n     'b')\n    return 1\n",
                Ok("def f():\n    # why\n    return 1\n"),
            ),
            ("def f():\n\u{c}  'doc'\n  return 1\n", Ok("def f():\n\u{c}  return 1\n")),
            ("def f():\n    'doc'\n", Err("whole")),
            ("def f():\n    'doc'\n    # nothing\n", Err("whole")),
            ("def f(): 'doc';\n", Err("whole")),
            ("def f():\n    ('a'  # why\n     'b')\n    return 1\n", Err("comment")),
            ("def f():\n    'doc'; \\\n    return 1\n", Err("continuation")),
            ("def f():\n    'doc'\n    'more'\n", Err("string behind it")),
            ("def f():\n    'doc'; ('mo' r're')\n", Err("string behind it")),
            ("def f():\n    'doc'\n    f'more'\n", Ok("def f():\n    f'more'\n")),
            ("def f():\n    'doc'\n    'more' f'e'\n", Ok("def f():\n    'more' f'e'\n")),
        ];
        for (text, expected) in table {
            let file = parse(text);
            let literal = file.definitions[1].docstring.as_ref().expect("a docstring");
            match (&literal.removal, expected) {
                (Removal::Of(span), Ok(left)) => {
                    assert_eq!(format!("{}{}", &text[..span.start], &text[span.end..]), left, "{text:?}");
                }
                (Removal::Never(reason), Err(word)) => assert!(reason.contains(word), "{text:?}: {reason}"),
                (found, expected) => panic!("{text:?}: {found:?} instead of {expected:?}"),
            }
        }
    }
}
