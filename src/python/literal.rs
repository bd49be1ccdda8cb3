//! Docstring literals: finding them as Python does, their evaluated value, and writing text as a literal.

use tree_sitter::Node;

use super::grammar::{Syntax, syntax};
use super::span::Span;

/// A docstring as it stands in the source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Literal {
    /// The whole expression: prefix, quotes and any parentheses.
    pub span: Span,
    /// The bytes between the quotes; `None` for an implicit concatenation, which has no single inside.
    pub content: Option<Span>,
    /// Whether the prefix says that backslashes are ordinary characters.
    pub raw: bool,
    /// The quotes: `"""`, `'''`, `"` or `'`.
    pub quotes: String,
    /// What the string evaluates to.
    pub value: String,
    /// Whether `value` is exact; named Unicode characters (`\N{…}`) and lone surrogates are not evaluated.
    pub exact: bool,
}

impl Literal {
    /// Returns where in the file a span of the docstring's text is.
    #[must_use]
    pub fn locate(&self, span: Span) -> Span {
        self.content.map_or(self.span, |content| span.shifted(content.start))
    }

    /// Returns whether the literal may span several lines.
    #[must_use]
    pub fn is_triple_quoted(&self) -> bool {
        self.quotes.len() == 3
    }

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
        let unreadable = closes || text.chars().any(is_control);
        if self.raw {
            // A raw literal takes backslashes as they are, and no escapes.
            return (!unreadable && !text.ends_with('\\')).then(|| text.to_owned());
        }
        if unreadable || text.contains('\\') { Some(escape(text, quote)) } else { Some(text.to_owned()) }
    }
}

/// Writes text as a triple-quoted docstring literal, raw when that saves escapes.
#[must_use]
pub fn quote(text: &str) -> String {
    let plain = !text.contains("\"\"\"") && !text.ends_with('"') && !text.chars().any(is_control);
    if plain && !text.contains('\\') {
        return format!("\"\"\"{text}\"\"\"");
    }
    if plain && !text.ends_with('\\') {
        return format!("r\"\"\"{text}\"\"\"");
    }
    let mut escaped = String::with_capacity(text.len() + 8);
    let mut rest = text;
    while let Some(at) = rest.find("\"\"\"") {
        escaped.push_str(&escape_backslashes(&rest[..at]));
        escaped.push_str("\\\"\\\"\\\"");
        rest = &rest[at + 3..];
    }
    if let Some(before) = rest.strip_suffix('"') {
        escaped.push_str(&escape_backslashes(before));
        escaped.push_str("\\\"");
    } else {
        escaped.push_str(&escape_backslashes(rest));
    }
    format!("\"\"\"{escaped}\"\"\"")
}

fn escape(text: &str, quote: char) -> String {
    let mut escaped = String::with_capacity(text.len() + 8);
    for character in text.chars() {
        if character == quote {
            escaped.push('\\');
            escaped.push(character);
        } else {
            push_escaped(&mut escaped, character);
        }
    }
    escaped
}

fn escape_backslashes(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len() + 8);
    for character in text.chars() {
        push_escaped(&mut escaped, character);
    }
    escaped
}

fn push_escaped(escaped: &mut String, character: char) {
    if character == '\\' {
        escaped.push_str("\\\\");
    } else if is_control(character) {
        let code = u32::from(character);
        escaped.push_str("\\x");
        escaped.extend([code >> 4, code & 15].into_iter().filter_map(|digit| char::from_digit(digit, 16)));
    } else {
        escaped.push(character);
    }
}

/// Control characters that do not survive in source text; tabs, form feeds and line feeds do.
fn is_control(character: char) -> bool {
    character.is_ascii_control() && !matches!(character, '\n' | '\t' | '\u{c}')
}

/// Finds the docstring of a block or module: its first statement, if that is nothing but a string.
pub(super) fn find<'tree>(block: Node<'tree>, text: &str) -> Option<(Node<'tree>, Literal)> {
    let mut cursor = block.walk();
    let statement = block.named_children(&mut cursor).find(|node| syntax(*node) != Syntax::Comment)?;
    if syntax(statement) != Syntax::ExpressionStatement || statement.child_count() != 1 {
        return None;
    }
    let whole = statement.child(0)?;
    let mut inner = whole;
    while syntax(inner) == Syntax::Parenthesized {
        let mut cursor = inner.walk();
        let mut children = inner.named_children(&mut cursor);
        inner = children.find(|node| syntax(*node) != Syntax::Comment)?;
    }
    let span = Span::new(whole.start_byte(), whole.end_byte());
    let literal = match syntax(inner) {
        Syntax::String => {
            let parts = Parts::of(text.get(inner.byte_range())?)?;
            let (value, exact) = parts.evaluate()?;
            let start = inner.start_byte() + parts.prefix.len() + parts.quotes.len();
            let content = Span::new(start, start + parts.content.len());
            // Text in parentheses is left alone: an edit there would have to mind what else they hold.
            let content = (inner == whole).then_some(content);
            Literal { span, content, raw: parts.is_raw(), quotes: parts.quotes.to_owned(), value, exact }
        }
        Syntax::Concatenated => {
            let (value, exact) = evaluate_concatenation(inner, text)?;
            Literal { span, content: None, raw: false, quotes: String::new(), value, exact }
        }
        _ => return None,
    };
    Some((statement, literal))
}

/// Evaluates an implicit concatenation and says whether the value is exact; `None` when a part is no plain text.
pub(super) fn evaluate_concatenation(node: Node<'_>, text: &str) -> Option<(String, bool)> {
    let mut whole = String::new();
    let mut all_exact = true;
    let mut cursor = node.walk();
    for part in node.named_children(&mut cursor) {
        if syntax(part) == Syntax::String {
            let (value, exact) = Parts::of(text.get(part.byte_range())?)?.evaluate()?;
            whole.push_str(&value);
            all_exact &= exact;
        }
    }
    Some((whole, all_exact))
}

/// A string literal taken apart.
pub(super) struct Parts<'a> {
    /// The letters before the quotes.
    pub(super) prefix: &'a str,
    /// The quotes.
    pub(super) quotes: &'a str,
    /// What stands between them.
    pub(super) content: &'a str,
}

impl<'a> Parts<'a> {
    /// Takes the source of one literal apart.
    pub(super) fn of(source: &'a str) -> Option<Self> {
        let at = source.find(['"', '\''])?;
        let (prefix, rest) = source.split_at(at);
        let single = rest.get(..1)?;
        let length = if rest.len() >= 6 && rest.starts_with(&single.repeat(3)) { 3 } else { 1 };
        let quotes = rest.get(..length)?;
        let content = rest.get(length..)?.strip_suffix(quotes)?;
        Some(Self { prefix, quotes, content })
    }

    fn has_prefix(&self, letter: char) -> bool {
        self.prefix.chars().any(|found| found.eq_ignore_ascii_case(&letter))
    }

    fn is_raw(&self) -> bool {
        self.has_prefix('r')
    }

    /// Returns the value and whether it is exact; `None` for what is no plain text: bytes, f- and t-strings.
    pub(super) fn evaluate(&self) -> Option<(String, bool)> {
        if ['b', 'f', 't'].iter().any(|letter| self.has_prefix(*letter)) {
            return None;
        }
        let unified;
        let content = if self.content.contains('\r') {
            unified = self.content.replace("\r\n", "\n").replace('\r', "\n");
            unified.as_str()
        } else {
            self.content
        };
        if self.is_raw() || !content.contains('\\') {
            return Some((content.to_owned(), true));
        }
        Some(unescape(content))
    }
}

/// Evaluates the escapes of a string literal, by the table in Python's reference, "String and Bytes literals".
pub(super) fn unescape(content: &str) -> (String, bool) {
    let mut value = String::with_capacity(content.len());
    let mut exact = true;
    let mut rest = content;
    while let Some(at) = rest.find('\\') {
        value.push_str(&rest[..at]);
        rest = &rest[at + 1..];
        let Some(letter) = rest.chars().next() else {
            value.push('\\');
            break;
        };
        let after = &rest[letter.len_utf8()..];
        let simple = match letter {
            '\n' => Some(""),
            '\\' => Some("\\"),
            '\'' => Some("'"),
            '"' => Some("\""),
            'a' => Some("\u{7}"),
            'b' => Some("\u{8}"),
            'f' => Some("\u{c}"),
            'n' => Some("\n"),
            'r' => Some("\r"),
            't' => Some("\t"),
            'v' => Some("\u{b}"),
            _ => None,
        };
        if let Some(simple) = simple {
            value.push_str(simple);
            rest = after;
            continue;
        }
        let digits = match letter {
            'x' => hexadecimal(after, 2),
            'u' => hexadecimal(after, 4),
            'U' => hexadecimal(after, 8),
            '0'..='7' => octal(rest),
            _ => None,
        };
        let Some((number, length)) = digits else {
            exact &= !matches!(letter, 'N' | 'x' | 'u' | 'U');
            value.push('\\');
            value.push(letter);
            rest = after;
            continue;
        };
        match char::from_u32(number) {
            Some(character) => value.push(character),
            None => exact = false,
        }
        rest = if letter.is_ascii_digit() { &rest[length..] } else { &after[length..] };
    }
    value.push_str(rest);
    (value, exact)
}

/// Evaluates the escapes of a bytes literal; each byte becomes the character with its number.
pub(super) fn unescape_bytes(content: &str) -> String {
    // There are no escapes for characters in bytes, only for numbers.
    let mut plain = String::with_capacity(content.len());
    let mut characters = content.chars();
    while let Some(character) = characters.next() {
        plain.push(character);
        if character != '\\' {
            continue;
        }
        if let Some(letter) = characters.next() {
            if matches!(letter, 'N' | 'u' | 'U') {
                plain.push('\\');
            }
            plain.push(letter);
        }
    }
    unescape(&plain).0
}

fn hexadecimal(text: &str, length: usize) -> Option<(u32, usize)> {
    let digits = text.get(..length)?;
    if !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return None;
    }
    u32::from_str_radix(digits, 16).ok().map(|number| (number, length))
}

fn octal(text: &str) -> Option<(u32, usize)> {
    let length = text.bytes().take(3).take_while(|byte| matches!(byte, b'0'..=b'7')).count();
    u32::from_str_radix(text.get(..length)?, 8).ok().map(|number| (number, length))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_are_evaluated_as_python_does() {
        let table = [
            (r#""a\nb""#, Some("a\nb")),
            (r#"r"a\nb""#, Some("a\\nb")),
            (r"u'\x41\u00e9\101\0'", Some("A\u{e9}A\0")),
            ("\"a\\\nb\"", Some("ab")),
            (r#""\d\8""#, Some("\\d\\8")),
            ("\"\"\"a\r\nb\"\"\"", Some("a\nb")),
            ("''", Some("")),
            ("''''''", Some("")),
            (r#"b"a""#, None),
            (r#"f"a""#, None),
            (r#"Rb"a""#, None),
        ];
        for (source, expected) in table {
            let value = Parts::of(source).and_then(|parts| parts.evaluate());
            assert_eq!(value.map(|(value, _)| value).as_deref(), expected, "{source}");
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
        ];
        for (quotes, raw, text, expected) in table {
            let literal = Literal {
                span: Span::new(0, 0),
                content: None,
                raw,
                quotes: quotes.to_owned(),
                value: String::new(),
                exact: true,
            };
            assert_eq!(literal.escape(text).as_deref(), expected, "{quotes} {raw} {text}");
        }
    }

    proptest::proptest! {
        #[test]
        fn quoted_text_reads_back_as_it_was(text in "([a\"'\\\\\n\t\u{1}é ]|\\PC){0,40}") {
            let literal = quote(&text);
            let parts = Parts::of(&literal).expect("a literal");
            let (value, exact) = parts.evaluate().expect("plain text");
            proptest::prop_assert!(exact);
            proptest::prop_assert_eq!(value, text);
        }
    }
}
