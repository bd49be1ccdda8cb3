//! The text of a docstring as `help()` shows it: `inspect.cleandoc`, character for character.

use std::borrow::Cow;

/// The columns between tab stops.
const TAB: usize = 8;

/// Cleans a docstring's value as Python's `inspect.cleandoc` does: tabs become blanks, the indentation that all lines but the
/// first have in common goes, and so do blank lines at both ends.
///
/// The rules are those of Python up to 3.12, where every kind of blank indents; since 3.13 only spaces do.
#[must_use]
pub fn cleandoc(value: &str) -> String {
    let expanded = expand_tabs(value);
    let lines: Vec<&str> = expanded.split('\n').collect();
    let blanks = |line: &str| line.chars().take_while(|character| is_blank(*character)).count();
    let margin =
        lines.iter().skip(1).filter(|line| !line.chars().all(is_blank)).map(|line| blanks(line)).min();
    let mut cleaned = Vec::with_capacity(lines.len());
    for (index, line) in lines.iter().enumerate() {
        cleaned.push(match (index, margin) {
            (0, _) => line.trim_start_matches(is_blank),
            (_, Some(margin)) => after(line, margin),
            (_, None) => line,
        });
    }
    let first = cleaned.iter().position(|line| !line.is_empty()).unwrap_or(cleaned.len());
    let last = cleaned.iter().rposition(|line| !line.is_empty()).map_or(first, |last| last + 1);
    cleaned[first..last].join("\n")
}

/// Returns a line without its first characters.
fn after(line: &str, count: usize) -> &str {
    line.char_indices().nth(count).map_or("", |(at, _)| &line[at..])
}

/// Python's `str.expandtabs`: columns begin anew behind a line feed and a carriage return.
fn expand_tabs(text: &str) -> Cow<'_, str> {
    if !text.contains('\t') {
        return Cow::Borrowed(text);
    }
    let mut expanded = String::with_capacity(text.len());
    let mut column = 0;
    for character in text.chars() {
        match character {
            '\t' => {
                let blanks = TAB - column % TAB;
                expanded.extend(std::iter::repeat_n(' ', blanks));
                column += blanks;
            }
            '\n' | '\r' => {
                expanded.push(character);
                column = 0;
            }
            _ => {
                expanded.push(character);
                column += 1;
            }
        }
    }
    Cow::Owned(expanded)
}

/// Python's `str.isspace`: Unicode's white space and the four separators of ASCII.
fn is_blank(character: char) -> bool {
    character.is_whitespace() || matches!(character, '\u{1c}'..='\u{1f}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn docstrings_are_cleaned_as_python_does() {
        let table = [
            ("", ""),
            ("  a", "a"),
            ("a  ", "a  "),
            ("\n\n  a\n    b\n\n  ", "a\n  b"),
            ("a\n\tb\n        c", "a\nb\nc"),
            ("ab\tc\n x\ty", "ab      c\nx      y"),
            ("a\n\u{a0}b", "a\nb"),
            ("a\n\u{1c}b\n c", "a\nb\nc"),
            ("a\u{b}b\u{c}c\n  d\u{85}e", "a\u{b}b\u{c}c\nd\u{85}e"),
            ("\u{200b}a\n  \n   b", "\u{200b}a\n\nb"),
            ("a\n   \n", "a\n   "),
            ("a\r\tb", "a\r        b"),
        ];
        for (value, expected) in table {
            assert_eq!(cleandoc(value), expected, "{value:?}");
        }
    }
}
