//! The notation of names and types inside a docstring: brackets, quotes, commas, markers.
//!
//! Knows no style; works on any slice and answers with byte offsets into it.

use std::ops::Range;

/// Returns the offset of the bracket that closes the one at `open`.
///
/// Brackets inside quotes do not count; a quote without its partner on the same line is an apostrophe.
pub(super) fn closing(source: &str, open: usize) -> Option<usize> {
    let mut expected = Vec::new();
    for (offset, character) in significant(source, open) {
        match character {
            '(' => expected.push(')'),
            '[' => expected.push(']'),
            '{' => expected.push('}'),
            ')' | ']' | '}' => {
                if expected.pop() != Some(character) {
                    return None;
                }
                if expected.is_empty() {
                    return Some(offset);
                }
            }
            _ => {}
        }
    }
    None
}

/// Returns how many more brackets a text opens than it closes.
pub(super) fn open_brackets(source: &str) -> isize {
    let mut open = 0_isize;
    for (_, character) in significant(source, 0) {
        match character {
            '(' | '[' | '{' => open += 1,
            ')' | ']' | '}' => open -= 1,
            _ => {}
        }
    }
    open
}

/// Returns the parts of a text between its commas outside brackets and quotes, white space trimmed.
pub(super) fn parts(source: &str) -> Vec<Range<usize>> {
    let mut parts = Vec::new();
    let mut depth = 0_usize;
    let mut start = 0;
    for (offset, character) in significant(source, 0) {
        match character {
            '(' | '[' | '{' => depth += 1,
            ')' | ']' | '}' => depth = depth.saturating_sub(1),
            ',' if depth == 0 => {
                parts.push(trimmed(source, start..offset));
                start = offset + 1;
            }
            _ => {}
        }
    }
    parts.push(trimmed(source, start..source.len()));
    parts
}

/// Returns the offset of the first colon outside brackets, quotes and backticks, on the first line as long as
/// no bracket is open.
pub(super) fn first_colon(source: &str) -> Option<usize> {
    let mut depth = 0_usize;
    let mut quoted = false;
    for (offset, character) in significant(source, 0) {
        match character {
            '`' => quoted = !quoted,
            '(' | '[' | '{' if !quoted => depth += 1,
            ')' | ']' | '}' if !quoted => depth = depth.saturating_sub(1),
            '\n' | '\r' if depth == 0 => return None,
            // A role such as :class:`Thing` begins with a colon of its own.
            ':' if depth == 0 && !quoted => {
                let role = source.get(..offset).is_some_and(|before| before.trim_start().is_empty())
                    || source.get(offset + 1..).is_some_and(|after| after.starts_with('`'));
                if !role {
                    return Some(offset);
                }
            }
            _ => {}
        }
    }
    None
}

/// Returns whether a text reads as a type: names with brackets, quoted names, unions with `|`, and phrases of such
/// with words like "of" and "or" between them.
///
/// Prose does not: articles, commas outside brackets and other words make a sentence.
pub(super) fn is_type(source: &str) -> bool {
    let source = source.trim();
    // As a type these would be odd; as the beginning of "True: when it worked" they are common.
    if source.is_empty() || matches!(source, "True" | "False") {
        return false;
    }
    let mut rest = source;
    let mut words = 0_usize;
    let mut separators = Separators::default();
    let mut joined = true;
    let mut plain = true;
    loop {
        let Some(length) = atom(rest) else { return false };
        let word = rest.get(..length).unwrap_or("");
        let between = TYPE_WORDS.contains(&word);
        // After a comma, "or" may follow: "int, float, or None".
        if PROSE_WORDS.contains(&word) || (between && joined && !separators.comma) {
            return false;
        }
        words += 1;
        separators.word |= between;
        plain &= between || is_plainly_type(word);
        joined = between;
        let after = rest.get(length..).unwrap_or("");
        rest = after.trim_start();
        if rest.is_empty() {
            let phrase = words == 1 || separators.any();
            return !between && phrase && words <= LONGEST_PHRASE && (plain || !separators.comma);
        }
        if let Some(next) = rest.strip_prefix('|') {
            rest = next.trim_start();
            separators.bar = true;
            joined = true;
        } else if let Some(next) = rest.strip_prefix(',') {
            rest = next.trim_start();
            separators.comma = true;
            joined = true;
        } else {
            let goes_on = between
                || rest.starts_with('(')
                || TYPE_WORDS.iter().any(|word| begins_with_word(rest, word));
            if rest.len() == after.len() || !goes_on {
                return false;
            }
        }
    }
}

/// What stands between the members of a type.
#[derive(Debug, Default)]
struct Separators {
    word: bool,
    bar: bool,
    comma: bool,
}

impl Separators {
    fn any(&self) -> bool {
        self.word || self.bar || self.comma
    }
}

fn begins_with_word(source: &str, word: &str) -> bool {
    source.strip_prefix(word).is_some_and(|rest| rest.starts_with(char::is_whitespace))
}

/// Words that stand between the names of a type.
const TYPE_WORDS: &[&str] = &["of", "or", "to", "and", "with", "in"];

/// Words that no type has.
const PROSE_WORDS: &[&str] = &[
    "a", "an", "the", "A", "An", "The", "is", "are", "was", "if", "If", "when", "that", "which", "this",
    "This", "it", "for", "from", "by", "on", "as", "all", "each", "not",
];

/// The most words of a type that is a phrase.
const LONGEST_PHRASE: usize = 10;

/// Returns whether a text that reads as a type is unlikely to be a word of prose.
pub(super) fn is_plainly_type(source: &str) -> bool {
    const BUILT_IN: &[&str] = &[
        "bool",
        "bytearray",
        "bytes",
        "callable",
        "complex",
        "dict",
        "float",
        "frozenset",
        "generator",
        "int",
        "iterable",
        "iterator",
        "list",
        "object",
        "set",
        "str",
        "string",
        "tuple",
        "type",
    ];
    BUILT_IN.contains(&source)
        || source.contains(|mark: char| mark.is_uppercase() || "[](){}|`'\".".contains(mark))
}

/// Returns the length of the name a text begins with; dots are allowed inside.
pub(super) fn identifier(source: &str) -> usize {
    let mut end = 0;
    let mut previous = '.';
    for (offset, character) in source.char_indices() {
        let fits = match character {
            '_' => true,
            '.' => previous != '.',
            _ if previous == '.' => character.is_alphabetic(),
            _ => character.is_alphanumeric(),
        };
        if !fits {
            break;
        }
        end = offset + character.len_utf8();
        previous = character;
    }
    if previous == '.' { end.saturating_sub(1) } else { end }
}

/// Returns a range without the white space at both of its ends.
pub(super) fn trimmed(source: &str, range: Range<usize>) -> Range<usize> {
    let part = source.get(range.clone()).unwrap_or("");
    let start = range.start + (part.len() - part.trim_start().len());
    start..start + part.trim().len()
}

/// Returns the text with each run of white space made one blank.
pub(super) fn on_one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Returns the length of one member of a union.
fn atom(source: &str) -> Option<usize> {
    let first = source.chars().next()?;
    match first {
        '\'' | '"' => source.get(1..)?.find(first).map(|length| length + 2).filter(|length| *length > 2),
        '[' | '(' | '{' => closing(source, 0).map(|close| close + 1),
        '`' => {
            let ticks = source.len() - source.trim_start_matches('`').len();
            let fence = source.get(..ticks)?;
            source.get(ticks..)?.find(fence).filter(|length| *length > 0).map(|length| ticks + length + ticks)
        }
        ':' => {
            let role = source.get(1..)?.find(":`")? + 2;
            source
                .get(1..role - 1)?
                .chars()
                .all(|character| character.is_alphanumeric() || character == ':')
                .then_some(())?;
            atom(source.get(role..)?).map(|length| role + length)
        }
        _ => {
            let marker = usize::from(matches!(first, '~' | '!'));
            let mut length = identifier(source.get(marker..)?);
            if length == 0 {
                return source.starts_with("...").then_some(3);
            }
            length += marker;
            // Epytext marks types up as L{int} and C{str}.
            if length == 1 && first.is_ascii_uppercase() && source.get(length..)?.starts_with('{') {
                return closing(source, length).map(|close| close + 1);
            }
            // "array-like" and "Series/DataFrame" are one word.
            while let Some(rest) = source.get(length..)?.strip_prefix(['-', '/']) {
                let more = identifier(rest);
                if more == 0 {
                    break;
                }
                length += 1 + more;
            }
            while source.get(length..)?.starts_with('[') {
                length = closing(source, length)? + 1;
            }
            Some(length)
        }
    }
}

/// Yields the characters from `start` that stand outside quotes and are not escaped.
fn significant(source: &str, start: usize) -> impl Iterator<Item = (usize, char)> {
    let mut offset = start;
    std::iter::from_fn(move || {
        loop {
            let rest = source.get(offset..)?;
            let character = rest.chars().next()?;
            let at = offset;
            offset += character.len_utf8();
            match character {
                '\\' => offset += source.get(offset..)?.chars().next().map_or(0, char::len_utf8),
                '\'' | '"' => {
                    let line = rest.split(['\r', '\n']).next().unwrap_or("").get(1..).unwrap_or("");
                    // Without a partner on its line it is an apostrophe.
                    if let Some(length) = line.find(character) {
                        offset = at + 1 + length + 1;
                    }
                }
                _ => return Some((at, character)),
            }
        }
    })
}
