//! What `docgate fix` would write into a definition that was only looked at.

use serde::Serialize;

use crate::python::Span;

/// A replacement in the text that was judged: it answers all findings of a definition that a repair can answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Fix {
    /// The bytes that go.
    pub span: Span,
    /// What stands there instead.
    pub text: String,
}

impl Fix {
    /// Makes a fix of a replacement in a text; lines that stay the same at both ends are left out.
    ///
    /// Returns nothing when the text would stay as it is.
    #[must_use]
    pub fn new(source: &str, span: Span, text: &str) -> Option<Self> {
        let old = span.of(source);
        if old == text {
            return None;
        }
        let same = old.bytes().zip(text.bytes()).take_while(|(one, other)| one == other).count();
        // Only whole lines are left out, so that what is shown and suggested is lines.
        let head = old.as_bytes()[..same].iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
        let (old, text) = (&old[head..], &text[head..]);
        let same = old.bytes().rev().zip(text.bytes().rev()).take_while(|(one, other)| one == other).count();
        let begins_line = |text: &str, at: usize| match at {
            0 => head > 0,
            _ => text.as_bytes()[at - 1] == b'\n',
        };
        let both_begin =
            |kept: &usize| begins_line(old, old.len() - kept) && begins_line(text, text.len() - kept);
        let tail = (0..=same).rev().find(both_begin).unwrap_or(0);
        let span = Span::new(span.start + head, span.start + head + old.len() - tail);
        Some(Self { span, text: text[..text.len() - tail].to_owned() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn trimmed(old: &str, new: &str) -> Option<(usize, usize, String)> {
        let fix = Fix::new(old, Span::new(0, old.len()), new)?;
        Some((fix.span.start, fix.span.end, fix.text))
    }

    #[test]
    fn lines_that_stay_are_left_out() {
        let table = [
            ("a\nb\nc\n", "a\nX\nc\n", Some((2, 4, "X\n"))),
            ("a\nb\nc\n", "a\nc\n", Some((2, 4, ""))),
            ("a\nc\n", "a\nb\nc\n", Some((2, 2, "b\n"))),
            ("a b", "a c", Some((0, 3, "a c"))),
            ("a\nbé\n", "a\nbè\n", Some((2, 6, "bè\n"))),
            ("a\n", "a\n", None),
            ("a\na\n", "a\n", Some((2, 4, ""))),
        ];
        for (old, new, expected) in table {
            let expected = expected.map(|(start, end, text)| (start, end, text.to_owned()));
            assert_eq!(trimmed(old, new), expected, "{old:?} {new:?}");
        }
    }

    proptest! {
        #[test]
        fn a_fix_writes_what_the_replacement_would(old in "[ab\né]{0,12}", new in "[ab\né]{0,12}") {
            let whole = format!("é\n{old}b");
            let span = Span::new(3, 3 + old.len());
            match Fix::new(&whole, span, &new) {
                None => prop_assert_eq!(old, new),
                Some(fix) => {
                    let mut written = whole.clone();
                    written.replace_range(fix.span.start..fix.span.end, &fix.text);
                    prop_assert_eq!(written, format!("é\n{new}b"));
                }
            }
        }
    }
}
