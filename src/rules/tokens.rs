//! Python code as a list of words and marks, without strings and comments.
//!
//! It serves questions that the facts of `python/` do not answer ("is anything divided here?") and where a wrong
//! answer only makes a finding weigh less.

/// A word or a mark, and the byte at which it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Token<'a> {
    pub(super) text: &'a str,
    pub(super) start: usize,
    /// How many brackets are open before it.
    pub(super) depth: usize,
}

const LONG_MARKS: &[&str] = &[
    "**=", "//=", ">>=", "<<=", "...", "**", "//", "->", ":=", "==", "!=", "<=", ">=", "+=", "-=", "*=",
    "/=", "%=", "@=", "|=", "&=", "^=", "<<", ">>",
];

/// Cuts code into tokens; offsets count from `offset`.
pub(super) fn tokens(code: &str, offset: usize) -> Vec<Token<'_>> {
    let mut found: Vec<Token<'_>> = Vec::new();
    let mut depth = 0_usize;
    let mut at = 0;
    while let Some(first) = code[at..].chars().next() {
        let rest = &code[at..];
        if first.is_whitespace() || first == '\\' {
            at += first.len_utf8();
            continue;
        }
        if first == '#' {
            at += rest.find('\n').unwrap_or(rest.len());
            continue;
        }
        if matches!(first, '"' | '\'') {
            at += string_length(rest);
            continue;
        }
        let word = |character: char| character.is_alphanumeric() || character == '_';
        let length = if first.is_ascii_digit() {
            rest.find(|character: char| !word(character) && character != '.').unwrap_or(rest.len())
        } else if word(first) {
            rest.find(|character: char| !word(character)).unwrap_or(rest.len())
        } else {
            let long = LONG_MARKS.iter().find(|mark| rest.starts_with(**mark));
            long.map_or(first.len_utf8(), |mark| mark.len())
        };
        let text = &rest[..length];
        // The prefix of a string is no name.
        let prefix = length <= 2 && word(first) && rest[length..].starts_with(['"', '\'']);
        if !prefix {
            if matches!(text, ")" | "]" | "}") {
                depth = depth.saturating_sub(1);
            }
            found.push(Token { text, start: offset + at, depth });
            if matches!(text, "(" | "[" | "{") {
                depth += 1;
            }
        }
        at += length;
    }
    found
}

/// Returns the length of the string that a text begins with; of all of it when the string has no end.
fn string_length(text: &str) -> usize {
    let quote = &text[..1];
    let triple = quote.repeat(3);
    let close = if text.starts_with(&triple) { triple.as_str() } else { quote };
    let mut at = close.len();
    while at < text.len() {
        let rest = &text[at..];
        if rest.starts_with(close) {
            return at + close.len();
        }
        let mut characters = rest.chars();
        let first = characters.next().map_or(1, char::len_utf8);
        let escaped = if rest.starts_with('\\') { characters.next().map_or(0, char::len_utf8) } else { 0 };
        // A string in one pair of quotes ends with its line, closed or not.
        if close.len() == 1 && rest.starts_with('\n') {
            return at;
        }
        at += first + escaped;
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strings_and_comments_are_no_tokens() {
        let table = [
            ("a = 'b # c' # d\ne", vec!["a", "=", "e"]),
            ("x = rb'''a\n'b' '''.y", vec!["x", "=", ".", "y"]),
            ("f'{a}' + 'it\\'s' if b", vec!["+", "if", "b"]),
            ("a//=b**2.5->c", vec!["a", "//=", "b", "**", "2.5", "->", "c"]),
            ("é.ü('", vec!["é", ".", "ü", "("]),
            ("", vec![]),
        ];
        for (code, expected) in table {
            let found: Vec<&str> = tokens(code, 0).iter().map(|token| token.text).collect();
            assert_eq!(found, expected, "{code}");
        }
    }

    #[test]
    fn tokens_know_where_they_stand_and_how_deep() {
        let found: Vec<(usize, usize)> =
            tokens("f(a)[b]", 10).iter().map(|token| (token.start, token.depth)).collect();
        assert_eq!(found, [(10, 0), (11, 0), (12, 1), (13, 0), (14, 0), (15, 1), (16, 0)]);
    }
}
