//! Docstring literals: finding them as Python does, and their evaluated value.
//!
//! Text is written as a literal in `quoting`; escapes are read in `escapes`. Where a new one goes stands in
//! `insertion`, what goes with one that is deleted in `removal`, and which ones a syntax error puts out of reach in
//! `broken`.

pub(super) mod broken;
pub(super) mod cleandoc;
pub(super) mod escapes;
pub(super) mod insertion;
pub(super) mod quoting;
pub(super) mod removal;
pub(super) mod width;

use tree_sitter::Node;

use super::grammar::{Syntax, syntax};
use super::span::Span;
use super::walk::header::{first_part, is_layout};
use escapes::Evaluated;
use removal::Removal;

/// A docstring as it stands in the source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Literal {
    /// The whole expression: prefix, quotes and any parentheses.
    pub span: Span,
    /// The bytes between the quotes; `None` for an implicit concatenation, or in parentheses, where an edit would have to
    /// mind what else stands there.
    pub content: Option<Span>,
    /// Each string literal of it; more than one in an implicit concatenation.
    pub pieces: Vec<Piece>,
    /// The letters before the quotes, as written; those of the first piece.
    pub prefix: String,
    /// Whether the prefix says that backslashes are ordinary characters.
    pub raw: bool,
    /// The quotes: `"""`, `'''`, `"` or `'`; empty for an implicit concatenation.
    pub quotes: String,
    /// What the string evaluates to.
    pub value: String,
    /// Whether `value` is exact; lone surrogates and unknown names (`\N{…}`) are not evaluated.
    pub exact: bool,
    /// The escapes, as written, of which it is not sure that every Python 3 accepts them.
    pub doubtful: Vec<String>,
    /// Whether comments stand between its pieces or in its parentheses.
    pub has_comments: bool,
    /// What goes when it is deleted.
    pub removal: Removal,
}

/// One of the string literals that a docstring is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Piece {
    /// Prefix and quotes included.
    pub span: Span,
    /// The bytes between the quotes.
    pub content: Span,
}

impl Literal {
    /// Returns where in the file a span of the docstring's text is.
    #[must_use]
    pub fn locate(&self, span: Span) -> Span {
        self.content.map_or(self.span, |content| span.shifted(content.start))
    }

    /// Returns what the literal would evaluate to with another source between its quotes, and its source as a whole; `None`
    /// when that source would end it early or not at all.
    #[must_use]
    pub fn with_content(&self, source: &str) -> Option<(String, String)> {
        let whole = format!("{}{}{source}{}", self.prefix, self.quotes, self.quotes);
        let value = evaluated(&whole)?.0;
        Some((value, whole))
    }

    /// Returns whether the literal may span several lines.
    #[must_use]
    pub fn is_triple_quoted(&self) -> bool {
        self.quotes.len() == 3
    }
}

/// Reads the docstring of a block or module: its first statement, if that is nothing but a string.
pub(super) fn find<'tree>(block: Node<'tree>, text: &str) -> Option<(Node<'tree>, Literal)> {
    let statement = first_part(block)?;
    let found = StringStatement::of(statement)?;
    let mut evaluated = Evaluated::default();
    let mut pieces = Vec::with_capacity(found.parts.len());
    for part in &found.parts {
        let source = text.get(part.byte_range())?;
        let taken_apart = Parts::of(source)?;
        evaluated.append(taken_apart.read()?);
        let start = part.start_byte() + taken_apart.prefix.len() + taken_apart.quotes.len();
        pieces.push(Piece {
            span: Span::new(part.start_byte(), part.end_byte()),
            content: Span::new(start, start + taken_apart.content.len()),
        });
    }
    let StringStatement { whole, inner, parts, has_comments } = found;
    let first = Parts::of(text.get(parts.first()?.byte_range())?)?;
    let is_whole = syntax(inner) == Syntax::String;
    let span = Span::new(whole.start_byte(), whole.end_byte());
    let mut cursor = block.walk();
    let next = block.named_children(&mut cursor).filter(|node| !is_layout(*node)).nth(1);
    let removal = if has_comments {
        Removal::Never("comments stand inside it")
    } else if next.and_then(StringStatement::of).is_some_and(|next| next.is_plain_text(text)) {
        Removal::Never("the string behind it would be the docstring")
    } else {
        removal::of(span, next.map(|next| next.start_byte()), text)
    };
    let literal = Literal {
        span,
        content: (inner == whole && is_whole).then(|| pieces[0].content),
        prefix: first.prefix.to_owned(),
        raw: is_whole && first.is_raw(),
        quotes: if is_whole { first.quotes.to_owned() } else { String::new() },
        pieces,
        value: evaluated.value,
        exact: evaluated.exact,
        doubtful: evaluated.doubtful,
        has_comments,
        removal,
    };
    Some((statement, literal))
}

/// A statement that is nothing but a string, whatever its prefix.
struct StringStatement<'tree> {
    /// The expression with its parentheses.
    whole: Node<'tree>,
    /// The string or the concatenation.
    inner: Node<'tree>,
    parts: Vec<Node<'tree>>,
    has_comments: bool,
}

impl<'tree> StringStatement<'tree> {
    fn of(statement: Node<'tree>) -> Option<Self> {
        if syntax(statement) != Syntax::ExpressionStatement {
            return None;
        }
        let whole = only_child(statement)?;
        let mut has_comments = false;
        let mut inner = whole;
        while syntax(inner) == Syntax::Parenthesized {
            let mut cursor = inner.walk();
            has_comments |= inner.named_children(&mut cursor).any(|node| syntax(node) == Syntax::Comment);
            let mut children = inner.named_children(&mut cursor).filter(|node| !is_layout(*node));
            inner = children.next()?;
        }
        let parts: Vec<Node<'tree>> = match syntax(inner) {
            Syntax::String => vec![inner],
            Syntax::Concatenated => {
                let mut cursor = inner.walk();
                has_comments |= inner.named_children(&mut cursor).any(|node| syntax(node) == Syntax::Comment);
                inner.named_children(&mut cursor).filter(|node| !is_layout(*node)).collect()
            }
            _ => return None,
        };
        Some(Self { whole, inner, parts, has_comments })
    }

    /// Returns whether no part is bytes, an f-string or a t-string.
    fn is_plain_text(&self, text: &str) -> bool {
        self.parts.iter().all(|part| {
            let parts = text.get(part.byte_range()).and_then(Parts::of);
            parts.is_some_and(|parts| parts.is_plain_text())
        })
    }
}

/// Evaluates an implicit concatenation; `None` when a part is no plain text.
pub(super) fn concatenated(node: Node<'_>, text: &str) -> Option<String> {
    let mut whole = String::new();
    let mut cursor = node.walk();
    for part in node.named_children(&mut cursor).filter(|node| !is_layout(*node)) {
        whole.push_str(&Parts::of(text.get(part.byte_range())?)?.read()?.value);
    }
    Some(whole)
}

/// Returns the child of a node that has no other one.
fn only_child(node: Node<'_>) -> Option<Node<'_>> {
    if node.child_count() == 1 {
        return node.child(0);
    }
    let mut cursor = node.walk();
    let mut children = node.children(&mut cursor).filter(|child| !is_layout(*child));
    let child = children.next()?;
    children.next().is_none().then_some(child)
}

/// A string literal taken apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
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

    /// Takes a source apart that is one literal and nothing else, without relying on the grammar.
    pub(super) fn exactly(source: &'a str) -> Option<Self> {
        let parts = Self::of(source)?;
        let prefix = parts.prefix.to_ascii_lowercase();
        if !matches!(prefix.as_str(), "" | "r" | "u") || parts.content.contains('\0') {
            return None;
        }
        let bytes = parts.content.as_bytes();
        let quote = parts.quotes.as_bytes();
        let mut at = 0;
        while let Some(byte) = bytes.get(at) {
            match byte {
                // A backslash takes the next character with it, in raw literals, too; one at the end would take a quote.
                b'\\' if at + 1 == bytes.len() => return None,
                b'\\' if bytes[at + 1..].starts_with(b"\r\n") => at += 3,
                b'\\' => at += 2,
                b'\n' | b'\r' if quote.len() == 1 => return None,
                byte if *byte == quote[0] => {
                    let closes = quote.len() == 1
                        || bytes[at..].iter().chain(quote).take(3).all(|next| *next == quote[0]);
                    if closes {
                        return None;
                    }
                    at += 1;
                }
                _ => at += 1,
            }
        }
        Some(parts)
    }

    fn has_prefix(&self, letter: char) -> bool {
        self.prefix.chars().any(|found| found.eq_ignore_ascii_case(&letter))
    }

    pub(super) fn is_raw(&self) -> bool {
        self.has_prefix('r')
    }

    /// Returns whether it is neither bytes nor an f- or t-string.
    fn is_plain_text(&self) -> bool {
        !['b', 'f', 't'].iter().any(|letter| self.has_prefix(*letter))
    }

    /// Returns the value and whether it is exact; `None` for what is no plain text: bytes, f- and t-strings.
    pub(super) fn evaluate(&self) -> Option<(String, bool)> {
        self.read().map(|evaluated| (evaluated.value, evaluated.exact))
    }

    /// Evaluates the literal; `None` for what is no plain text: bytes, f- and t-strings.
    pub(super) fn read(&self) -> Option<Evaluated> {
        self.is_plain_text().then(|| escapes::evaluate(self.content, self.is_raw()))
    }
}

/// Evaluates a source that is one plain string literal and nothing else, by Python's own rules for strings.
///
/// Returns its value and the escapes, as written, of which it is not sure that every Python 3 accepts them.
#[must_use]
pub fn evaluated(source: &str) -> Option<(String, Vec<String>)> {
    let read = Parts::exactly(source)?.read()?;
    Some((read.value, read.doubtful))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::python::parse;

    #[test]
    fn prefixes_say_what_is_plain_text() {
        let table = [
            (r#""a\nb""#, Some("a\nb")),
            (r#"r"a\nb""#, Some("a\\nb")),
            (r"R'''a\nb'''", Some("a\\nb")),
            (r"u'\x41\u00e9\101\0'", Some("A\u{e9}A\0")),
            ("\"\"\"a\r\nb\"\"\"", Some("a\nb")),
            ("r'''a\rb\\\r\nc'''", Some("a\nb\\\nc")),
            ("''", Some("")),
            ("''''''", Some("")),
            (r#"b"a""#, None),
            (r#"f"a""#, None),
            (r#"t"a""#, None),
            (r#"Rb"a""#, None),
        ];
        for (source, expected) in table {
            let value = Parts::of(source).and_then(|parts| parts.evaluate());
            assert_eq!(value.map(|(value, _)| value).as_deref(), expected, "{source}");
        }
    }

    #[test]
    fn a_text_is_one_literal_or_it_is_not() {
        let one = [
            "''",
            "\"\"",
            "''''''",
            "'a'",
            "r'\\''",
            "'''a''b'''",
            "'''a\\''''",
            "'a\\\nb'",
            "\"\"\"a\nb\"\"\"",
            "U'a'",
        ];
        for source in one {
            assert!(evaluated(source).is_some(), "{source}");
        }
        let other = [
            "'a' 'b'",
            "'a'; x()",
            "'''a''' '''b'''",
            "'a\nb'",
            "'a\\'",
            "'''a\\'''",
            "b'a'",
            "f'a'",
            "ur'a'",
            "'a\0'",
            "(''')",
            "'''a'''",
            "\"a\"\"",
            "''''",
            "'''a'''''",
            "x'a'",
            "",
        ];
        for source in other.into_iter().filter(|source| *source != "'''a'''") {
            assert!(evaluated(source).is_none(), "{source}");
        }
    }

    #[test]
    fn pieces_are_known_by_place() {
        let table = [
            ("def f():\n    ('a'  # why\n     r'''b''' \\\n     \"c\")\n", vec!["a", "b", "c"], true, "abc"),
            ("def f():\n    (\n# why\n(('a')))\n", vec!["a"], true, "a"),
            ("def f():\n    'a' 'b'\n", vec!["a", "b"], false, "ab"),
            ("def f():\n    ( \\\n 'a')\n", vec!["a"], false, "a"),
            ("def f():\n    'a' r'\\' u'\\x41'\n", vec![], false, ""),
        ];
        for (source, expected, has_comments, value) in table {
            let file = parse(source);
            let Some(literal) = &file.definitions[1].docstring else {
                assert!(expected.is_empty(), "{source}");
                continue;
            };
            let pieces: Vec<&str> = literal.pieces.iter().map(|piece| piece.content.of(source)).collect();
            assert_eq!(
                (pieces, literal.has_comments, literal.value.as_str()),
                (expected, has_comments, value)
            );
            assert_eq!(literal.content, None);
        }
    }
}
