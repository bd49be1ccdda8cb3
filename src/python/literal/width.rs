//! How wide the lines of a file are, for text that is to fit among them.

use crate::python::definition::ParsedFile;

/// The line lengths that code bases agree on: pycodestyle's for comments and for code, and what formatters and teams set.
const CUSTOMARY: [usize; 6] = [72, 79, 80, 88, 100, 120];

/// The line length of a file that shows none: that of black and ruff.
const USUAL: usize = 88;

/// What a line may be too long for: pycodestyle and ruff let such comments and addresses pass, or are told to.
const EXCUSED: [&str; 6] = ["noqa", "# type:", "# pyright:", "# pylint:", "# pragma:", "://"];

/// How many columns a tab counts.
const TAB: usize = 8;

/// Returns the line length within which to write in a file: its longest line of code, rounded up to a customary length.
///
/// Docstrings and comments do not count, since they are what is held to the limit last, nor do lines that are
/// excused with `noqa`, or long for a comment to a tool or an address. Without code, or beyond the largest customary length, it is 88.
#[must_use]
pub fn line_width(file: &ParsedFile) -> usize {
    *file.width.get_or_init(|| measured(file))
}

fn measured(file: &ParsedFile) -> usize {
    let mut docstrings =
        file.definitions.iter().filter_map(|definition| Some(definition.docstring.as_ref()?.span)).peekable();
    let mut longest = 0;
    for number in 1..=file.lines.count() {
        let start = file.lines.start_of(number);
        let end =
            if number == file.lines.count() { file.text.len() } else { file.lines.start_of(number + 1) };
        while docstrings.next_if(|span| span.end <= start).is_some() {}
        let line = file.text.get(start..end).unwrap_or("").trim_end();
        let is_docstring = docstrings.peek().is_some_and(|span| span.start < end);
        let is_excused = EXCUSED.iter().any(|mark| line.contains(mark));
        if !is_docstring && !line.trim_start().starts_with('#') && !is_excused {
            longest = longest.max(columns(line));
        }
    }
    let fits = CUSTOMARY.iter().copied().find(|width| longest <= *width);
    fits.filter(|_| longest > 0).unwrap_or(USUAL)
}

/// Returns how many columns a line takes.
#[must_use]
pub fn columns(line: &str) -> usize {
    line.chars().fold(0, |column, character| match character {
        '\t' => column / TAB * TAB + TAB,
        '\u{c}' => 0,
        _ => column + 1,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::python::parse;

    #[test]
    fn the_longest_line_of_code_decides() {
        let line = |length: usize| format!("x = '{}'", "a".repeat(length - 6));
        let table = [
            (String::new(), 88),
            ("# only a comment\n".to_owned(), 88),
            ("x = 1\n".to_owned(), 72),
            (line(72), 72),
            (line(73), 79),
            (line(80), 80),
            (line(81), 88),
            (format!("{}\r\n{}\r\n", line(90), line(50)), 100),
            (line(120), 120),
            (line(121), 88),
            (format!("{}  # noqa: E501\n{}\n", line(110), line(75)), 79),
            (format!("{}  # type: ignore\n{}\n", line(110), line(75)), 79),
            (format!("x = 'https://{}'\n{}\n", "a".repeat(110), line(75)), 79),
            (format!("# {}\n{}\n", "a".repeat(110), line(75)), 79),
            (
                format!(
                    "def f():\n    '''{}\n    {}\n    '''\n    return 1\n",
                    "a".repeat(100),
                    "b".repeat(110)
                ),
                72,
            ),
            (format!("if x:\n\t{}\n", line(72)), 80),
            (format!("'''{}'''\n{}\n", "é".repeat(110), line(99)), 100),
        ];
        for (text, expected) in table {
            assert_eq!(line_width(&parse(&text)), expected, "{text}");
        }
    }
}
