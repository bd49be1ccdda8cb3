//! Text → literal: writing a docstring so that Python reads exactly this text.
//!
//! Nothing is laid out here: the text is the value of the literal, line for line.

use super::Literal;

/// The quotes that a code base writes its docstrings in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Quotes {
    /// `"""`, as PEP 257 asks for.
    #[default]
    Double,
    /// `'''`.
    Single,
}

impl Quotes {
    fn mark(self) -> &'static str {
        match self {
            Self::Double => "\"\"\"",
            Self::Single => "'''",
        }
    }
}

/// Writes text as a triple-quoted docstring literal, raw when that saves escapes.
///
/// `prefix` is that of the literal it replaces, or empty: an `r` stays where the text can do without escapes, a `u` stays
/// where it can have them.
#[must_use]
pub fn quote(text: &str, quotes: Quotes, prefix: &str) -> String {
    let mark = quotes.mark();
    let is_unicode = prefix.eq_ignore_ascii_case("u");
    let is_raw = prefix.eq_ignore_ascii_case("r");
    let as_it_is = stands_as_it_is(text, mark);
    if as_it_is && (is_raw || text.contains('\\') && !is_unicode) {
        let letter = if is_raw { prefix } else { "r" };
        return format!("{letter}{mark}{text}{mark}");
    }
    let letter = if is_unicode { prefix } else { "" };
    format!("{letter}{mark}{}{mark}", escaped(text, mark))
}

/// Returns whether a raw literal holds the text.
fn stands_as_it_is(text: &str, mark: &str) -> bool {
    let backslashes = text.len() - text.trim_end_matches('\\').len();
    // An odd one would take the closing quotes with it.
    !text.contains(mark)
        && !text.ends_with(&mark[..1])
        && backslashes.is_multiple_of(2)
        && !text.chars().any(is_unsafe)
}

/// Escapes what a triple-quoted literal cannot hold: backslashes, its quotes, and characters that do not survive in
/// source text or that hide what it says.
fn escaped(text: &str, mark: &str) -> String {
    let quote = &mark[..1];
    let mut escaped = String::with_capacity(text.len() + 8);
    let mut rest = text;
    while let Some(character) = rest.chars().next() {
        if rest.starts_with(mark) {
            for _ in 0..mark.len() {
                escaped.push('\\');
                escaped.push_str(quote);
            }
            rest = &rest[mark.len()..];
            continue;
        }
        if rest == quote {
            escaped.push('\\');
        }
        push_escaped(&mut escaped, character);
        rest = &rest[character.len_utf8()..];
    }
    escaped
}

impl Literal {
    /// Writes text so that it reads the same inside this literal, or `None` when it cannot stand there.
    #[must_use]
    pub fn escape(&self, text: &str) -> Option<String> {
        let quote = self.quotes.chars().next()?;
        // Within three quotes a single one is harmless, unless it meets another at either end.
        let closes = if self.is_triple_quoted() {
            text.starts_with(quote) || text.ends_with(quote) || text.contains(&self.quotes[..2])
        } else {
            text.contains(quote)
        };
        let unreadable = closes || text.chars().any(is_unsafe);
        if self.raw {
            // A raw literal takes backslashes as they are, and no escapes.
            return (!unreadable && !text.ends_with('\\')).then(|| text.to_owned());
        }
        if !unreadable && !text.contains('\\') {
            return Some(text.to_owned());
        }
        let mut escaped = String::with_capacity(text.len() + 8);
        for character in text.chars() {
            if character == quote {
                escaped.push('\\');
            }
            push_escaped(&mut escaped, character);
        }
        Some(escaped)
    }
}

fn push_escaped(escaped: &mut String, character: char) {
    match character {
        '\\' => escaped.push_str("\\\\"),
        '\r' => escaped.push_str("\\r"),
        character if is_unsafe(character) => {
            let code = u32::from(character);
            let (letter, digits) = if code < 0x100 { ('x', 2) } else { ('u', 4) };
            escaped.push('\\');
            escaped.push(letter);
            let digit = |place: u32| char::from_digit(code >> (place * 4) & 15, 16);
            escaped.extend((0..digits).rev().filter_map(digit));
        }
        character => escaped.push(character),
    }
}

/// Characters that do not survive in source text, that editors take for line ends, or that turn around what is shown;
/// tabs, form feeds and line feeds are not among them.
fn is_unsafe(character: char) -> bool {
    character.is_control() && !matches!(character, '\n' | '\t' | '\u{c}')
        || matches!(
            character,
            '\u{2028}' | '\u{2029}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}'
        )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::python::literal::evaluated;
    use crate::python::parse;

    #[test]
    fn a_docstring_is_written_with_as_few_escapes_as_it_can() {
        let table = [
            ("Doc.", "\"\"\"Doc.\"\"\""),
            ("", "\"\"\"\"\"\""),
            ("a \"b\" c", "\"\"\"a \"b\" c\"\"\""),
            ("a \"b\"", "\"\"\"a \"b\\\"\"\"\""),
            ("\"a\"\"b", "\"\"\"\"a\"\"b\"\"\""),
            ("a\"\"\"b", "\"\"\"a\\\"\\\"\\\"b\"\"\""),
            (r"a\b", r#"r"""a\b""""#),
            (r"a\", r#""""a\\""""#),
            (r"a\\", r#"r"""a\\""""#),
            ("a\\b\"", "\"\"\"a\\\\b\\\"\"\"\""),
            ("a\\\0", "\"\"\"a\\\\\\x00\"\"\""),
            ("a\rb\u{85}\u{202e}\u{2028}", r#""""a\rb\x85\u202e\u2028""""#),
            ("é\t\u{c}\u{200d}", "\"\"\"é\t\u{c}\u{200d}\"\"\""),
        ];
        for (text, expected) in table {
            assert_eq!(quote(text, Quotes::Double, ""), expected);
        }
        assert_eq!(quote("a'''\"\"\"'", Quotes::Single, ""), r#"'''a\'\'\'"""\''''"#);
    }

    #[test]
    fn a_prefix_stays_where_it_is_still_right() {
        let table = [
            ("r", "a", r#"r"""a""""#),
            ("R", r"a\b", r#"R"""a\b""""#),
            ("r", "a\0", r#""""a\x00""""#),
            ("u", "a", r#"u"""a""""#),
            ("U", r"a\b", r#"U"""a\\b""""#),
        ];
        for (prefix, text, expected) in table {
            assert_eq!(quote(text, Quotes::Double, prefix), expected);
        }
    }

    #[test]
    fn text_is_escaped_only_where_it_must_be() {
        let table = [
            ("\"\"\"", false, "a \"b\" c", Some("a \"b\" c")),
            ("\"\"\"", false, "a \"b\"", Some("a \\\"b\\\"")),
            ("\"\"\"", true, "a \"b\" c", Some("a \"b\" c")),
            ("\"\"\"", true, "a \"b\"", None),
            ("\"", false, "a \"b\" c", Some("a \\\"b\\\" c")),
            ("'''", false, "a \\ b", Some("a \\\\ b")),
            ("'''", true, "a \\ b", Some("a \\ b")),
            ("'''", true, "a \\", None),
            ("'''", true, "a \u{202e}", None),
        ];
        for (quotes, raw, text, expected) in table {
            let letter = if raw { "r" } else { "" };
            let file = parse(&format!("{letter}{quotes}Doc.{quotes}\n"));
            let literal = file.definitions[0].docstring.as_ref().expect("a docstring");
            assert_eq!(literal.escape(text).as_deref(), expected, "{quotes} {raw} {text}");
        }
    }

    proptest::proptest! {
        #[test]
        fn quoted_text_reads_back_as_it_was(
            text in "([a\"'\\\\\n\r\t\u{0}\u{1}\u{c}\u{85}\u{202e}\u{2028}é ]|\\PC){0,40}",
            prefix in "[rRuU]?",
            single in proptest::bool::ANY,
        ) {
            let literal = quote(&text, if single { Quotes::Single } else { Quotes::Double }, &prefix);
            let read = evaluated(&literal);
            proptest::prop_assert_eq!(read, Some((text, Vec::new())), "{}", literal);
        }
    }
}
