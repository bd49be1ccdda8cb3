//! Hashes over the syntax tree: what is compared between two versions of a definition.
//!
//! A fingerprint sees meaning, not layout: brackets that only group, trailing commas, comments, line joins and
//! the spelling of literals leave it as it is. The tree's structure keeps `(a+b)*c` and `a+b*c` apart.

use std::borrow::Cow;
use std::sync::LazyLock;

use tree_sitter::Node;

use super::cleandoc::cleandoc;
use super::collect::Seen;
use super::comments;
use super::escapes;
use super::grammar::{Syntax, language, syntax};
use super::literal::Parts;

/// A hash over a part of a syntax tree.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Fingerprint(pub(super) [u8; 32]);

impl Fingerprint {
    /// Hashes bytes.
    #[must_use]
    pub fn of(bytes: &[u8]) -> Self {
        Self(*blake3::hash(bytes).as_bytes())
    }

    /// Returns the bytes of the hash.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

/// The fingerprints of a definition.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Fingerprints {
    /// Decorators, parameters, annotations, base classes; not the name.
    pub signature: Fingerprint,
    /// The code of the body. A function's includes the functions in it; a class's or module's does not.
    pub body: Fingerprint,
    /// The docstring's value, cleaned as `inspect.cleandoc` does.
    pub docstring: Fingerprint,
    /// The names of the definitions directly inside a class or module.
    pub members: Fingerprint,
}

/// Cleans a docstring's value for comparison: as `inspect.cleandoc` does, and trailing blanks go.
#[must_use]
pub(super) fn clean(value: &str) -> String {
    let lines: Vec<String> = cleandoc(value).split('\n').map(|line| line.trim_end().to_owned()).collect();
    lines.join("\n").trim_matches('\n').to_owned()
}

/// The end of a node, in the stream of bytes that is hashed.
pub(super) const LEAVE: [u8; 2] = [0xff, 0xff];

/// The kinds under which two spellings of the same thing are written.
static TUPLE: LazyLock<u16> = LazyLock::new(|| language().id_for_node_kind("tuple", true));
static TUPLE_PATTERN: LazyLock<u16> = LazyLock::new(|| language().id_for_node_kind("tuple_pattern", true));

/// What a part of a definition says, as bytes that are the same for the same meaning.
#[derive(Debug, Default)]
pub(super) struct Stream {
    bytes: Vec<u8>,
    /// Type comments, which may stand anywhere in a statement.
    comments: Vec<u8>,
    /// Formatted strings that are being read, innermost last.
    joined: Vec<Joined>,
    /// Tuples by which something is indexed, innermost last.
    indices: Vec<usize>,
}

/// A formatted string: its text is written in one piece between two interpolations, however it is split.
#[derive(Debug, Default)]
struct Joined {
    text: String,
    /// How the current literal is written.
    is_raw: bool,
    is_formatted: bool,
}

impl Stream {
    /// Writes the beginning of a node below `parent`; returns whether its children are to be written too.
    pub(super) fn enter(&mut self, seen: Seen<'_>, parent: Seen<'_>, text: &str) -> bool {
        let Seen { node, kind, span } = seen;
        match kind {
            Syntax::Comment => {
                if let Some(found) = comments::type_in(span, text) {
                    self.comments.extend(found.of(text).as_bytes());
                    self.comments.push(b'\n');
                }
                return false;
            }
            Syntax::Comma
            | Syntax::Continuation
            | Syntax::Parenthesis
            | Syntax::StringDelimiter
            | Syntax::Separator => return false,
            _ if is_transparent(seen, parent.kind) => return true,
            Syntax::Argument if parent.kind == Syntax::Class && node.named_child_count() == 0 => {
                return false;
            }
            Syntax::Tuple if self.indices.last() == Some(&node.id()) => return true,
            Syntax::String => return self.string(span.of(text), parent.kind),
            Syntax::Concatenated => {
                if let Some(value) = plain_concatenation(node, text) {
                    self.plain(value.0, &value.1);
                    return false;
                }
                self.bytes.push(b'j');
                self.joined.push(Joined::default());
                return true;
            }
            Syntax::StringContent => {
                self.content(span.of(text));
                return false;
            }
            Syntax::Interpolation => self.flush(),
            Syntax::FormatSpecifier => {
                self.leaf_text(span.of(text));
                return false;
            }
            Syntax::Integer | Syntax::Float => {
                self.number(span.of(text));
                return false;
            }
            Syntax::Subscript => {
                self.bytes.extend(node.kind_id().to_le_bytes());
                let only = only_index(node);
                if only.is_none_or(|only| syntax(only) == Syntax::Tuple) {
                    // `x[1, 2]` is indexed by a tuple, and so is `x[1,]`; the brackets in `x[(1, 2)]` say nothing.
                    self.bytes.push(b',');
                    self.indices.extend(only.map(|only| only.id()));
                }
                return true;
            }
            // `a,` is a statement with a tuple in it that has no node of its own.
            Syntax::ExpressionStatement if has_comma(node) => {
                self.bytes.extend(node.kind_id().to_le_bytes());
                self.bytes.extend(TUPLE.to_le_bytes());
                return true;
            }
            Syntax::TypeParameter if !is_definition(parent.kind) && has_comma(node) => self.bytes.push(b','),
            Syntax::Error => self.leaf_text(span.of(text)),
            _ => {}
        }
        let kind = match kind {
            // `return a, b` and `return (a, b)` are the same tuple; so are `for a, b in` and `for (a, b) in`.
            Syntax::ExpressionList => *TUPLE,
            Syntax::PatternList => *TUPLE_PATTERN,
            _ => node.kind_id(),
        };
        self.bytes.extend(kind.to_le_bytes());
        true
    }

    /// Writes what stands in a node that turned out to have no children.
    pub(super) fn leaf(&mut self, seen: Seen<'_>, text: &str) {
        if !seen.kind.is_anonymous() && seen.kind != Syntax::Parenthesized {
            self.leaf_text(seen.span.of(text));
        }
    }

    /// Writes the end of a node whose children were written.
    pub(super) fn leave(&mut self, seen: Seen<'_>, parent: Seen<'_>) {
        match seen.kind {
            _ if is_transparent(seen, parent.kind) => return,
            Syntax::Tuple if self.indices.last() == Some(&seen.node.id()) => {
                self.indices.pop();
                return;
            }
            Syntax::ExpressionStatement if has_comma(seen.node) => self.bytes.extend(LEAVE),
            Syntax::String if parent.kind == Syntax::Concatenated => return,
            Syntax::String | Syntax::Concatenated => {
                self.flush();
                self.joined.pop();
            }
            _ => {}
        }
        self.bytes.extend(LEAVE);
    }

    /// Writes a definition inside a function.
    pub(super) fn nested(&mut self, name: &[u8], whole: Fingerprint) {
        self.bytes.extend(name);
        self.bytes.extend(whole.as_bytes());
    }

    /// Hashes what was written.
    pub(super) fn finish(mut self) -> Fingerprint {
        self.bytes.append(&mut self.comments);
        Fingerprint::of(&self.bytes)
    }

    fn leaf_text(&mut self, text: &str) {
        self.bytes.extend((text.len() as u64).to_le_bytes());
        self.bytes.extend(text.as_bytes());
    }

    fn plain(&mut self, tag: u8, value: &str) {
        self.bytes.push(tag);
        self.leaf_text(value);
    }

    /// Writes a string literal; returns whether it has parts that are code.
    fn string(&mut self, source: &str, parent: Syntax) -> bool {
        let part = (parent == Syntax::Concatenated).then(|| self.joined.last_mut()).flatten();
        let parts = Parts::of(source);
        let plain = parts.as_ref().and_then(plain_value);
        if let Some((tag, value)) = plain {
            match part {
                Some(joined) => joined.text.push_str(&value),
                None => self.plain(tag, &value),
            }
            return false;
        }
        let prefix = parts.map_or("", |parts| parts.prefix);
        let has = |letters: [char; 2]| prefix.contains(letters);
        let (is_raw, is_formatted) = (has(['r', 'R']), has(['f', 'F']));
        if let Some(joined) = part {
            (joined.is_raw, joined.is_formatted) = (is_raw, is_formatted);
        } else {
            self.bytes.push(if is_formatted { b'j' } else { b't' });
            self.joined.push(Joined { text: String::new(), is_raw, is_formatted });
        }
        true
    }

    fn content(&mut self, content: &str) {
        let Some(joined) = self.joined.last_mut() else {
            self.leaf_text(content);
            return;
        };
        let content = content.replace("{{", "{").replace("}}", "}");
        if joined.is_raw || !content.contains('\\') {
            joined.text.push_str(&content);
        } else {
            joined.text.push_str(&escapes::evaluate(&content, false).value);
        }
    }

    fn flush(&mut self) {
        if let Some(joined) = self.joined.last_mut() {
            let text = std::mem::take(&mut joined.text);
            if !text.is_empty() {
                self.plain(b'c', &text);
            }
        }
    }

    /// Numbers are the same in every spelling: `0XFF`, `255`; `1_000.0`, `1e3`.
    fn number(&mut self, source: &str) {
        let source = source.replace('_', "").to_ascii_lowercase();
        let digits = source.trim_end_matches('j');
        let is_imaginary = digits.len() < source.len();
        let radix = match digits.get(..2) {
            Some("0x") => 16,
            Some("0o") => 8,
            Some("0b") => 2,
            _ => 10,
        };
        let integer = if radix == 10 { digits } else { &digits[2..] };
        // In Python 2, a leading zero makes an octal number.
        let is_octal = radix == 10
            && integer.len() > 1
            && integer.starts_with('0')
            && integer.bytes().all(|byte| byte.is_ascii_digit());
        let known = if is_octal { None } else { u128::from_str_radix(integer, radix).ok() };
        match (known, digits.parse::<f64>()) {
            (Some(number), _) if !is_imaginary => {
                self.bytes.push(b'n');
                self.bytes.extend(number.to_le_bytes());
            }
            (_, Ok(number)) if !is_octal && (is_imaginary || digits.contains(['.', 'e'])) => {
                self.bytes.push(if is_imaginary { b'i' } else { b'd' });
                self.bytes.extend(number.to_bits().to_le_bytes());
            }
            _ => self.plain(b'N', &source),
        }
    }
}

/// What only groups says nothing by itself; in a pattern, `(a)` looks like a tuple of one and is none.
fn is_transparent(seen: Seen<'_>, parent: Syntax) -> bool {
    match seen.kind {
        // `del a,` deletes what `del a` does.
        Syntax::ExpressionList => parent == Syntax::Delete && seen.node.named_child_count() == 1,
        Syntax::Parenthesized | Syntax::Decorated => true,
        Syntax::TuplePattern => seen.node.named_child_count() == 1 && !has_comma(seen.node),
        _ => false,
    }
}

fn is_definition(kind: Syntax) -> bool {
    matches!(kind, Syntax::Class | Syntax::Function)
}

fn has_comma(node: Node<'_>) -> bool {
    let mut cursor = node.walk();
    node.child_count() > 1 && node.children(&mut cursor).any(|child| syntax(child) == Syntax::Comma)
}

/// Returns what a value is indexed by without brackets that only group, unless there are several or a comma behind
/// the only one.
fn only_index(subscript: Node<'_>) -> Option<Node<'_>> {
    let mut cursor = subscript.walk();
    let mut only = None;
    for child in subscript.children(&mut cursor).skip(1) {
        match syntax(child) {
            Syntax::Comma => return None,
            Syntax::Comment | Syntax::Continuation | Syntax::OpenBracket | Syntax::Token => {}
            _ => only = only.or(Some(child)),
        }
    }
    while let Some(inner) = only.filter(|only| syntax(*only) == Syntax::Parenthesized) {
        let mut cursor = inner.walk();
        only = inner.named_children(&mut cursor).find(|child| syntax(*child) != Syntax::Comment);
    }
    only
}

/// Returns the value of a string without interpolations, with a tag that tells bytes from text.
fn plain_value<'a>(parts: &Parts<'a>) -> Option<(u8, Cow<'a, str>)> {
    let mut tag = b's';
    let mut is_raw = false;
    for letter in parts.prefix.chars() {
        match letter.to_ascii_lowercase() {
            'b' => tag = b'b',
            'r' => is_raw = true,
            'u' => {}
            _ => return None,
        }
    }
    let content = if parts.content.contains('\r') {
        Cow::Owned(parts.content.replace("\r\n", "\n").replace('\r', "\n"))
    } else {
        Cow::Borrowed(parts.content)
    };
    if is_raw || !content.contains('\\') {
        return Some((tag, content));
    }
    if tag == b'b' {
        return Some((tag, Cow::Owned(escapes::evaluate_bytes(&content))));
    }
    match escapes::evaluate(&content, false) {
        evaluated if evaluated.exact => Some((tag, Cow::Owned(evaluated.value))),
        // What cannot be evaluated here is compared as written, but for the case of digits.
        _ => Some((b'S', Cow::Owned(lower_digits(&content)))),
    }
}

/// Writes the hexadecimal digits of escapes in lower case: `\uDC80` and `\udc80` are the same.
fn lower_digits(content: &str) -> String {
    let mut parts = content.split('\\');
    let mut lowered = parts.next().unwrap_or("").to_owned();
    for part in parts {
        lowered.push('\\');
        let is_number = part.starts_with(['x', 'u', 'U']);
        let digits = part.chars().skip(1).take_while(char::is_ascii_hexdigit).count();
        let (head, tail) = part.split_at(if is_number { 1 + digits } else { 0 });
        lowered.push_str(head.get(..1).unwrap_or(""));
        lowered.push_str(&head.get(1..).unwrap_or("").to_ascii_lowercase());
        lowered.push_str(tail);
    }
    lowered
}

/// Returns the value of a concatenation of which no part has interpolations.
fn plain_concatenation(node: Node<'_>, text: &str) -> Option<(u8, String)> {
    let mut whole = String::new();
    let mut tag = b's';
    let mut cursor = node.walk();
    for part in node.named_children(&mut cursor).filter(|part| syntax(*part) == Syntax::String) {
        let parts = Parts::of(text.get(part.byte_range())?)?;
        let (own, value) = plain_value(&parts)?;
        if own != b's' {
            tag = own;
        }
        whole.push_str(&value);
    }
    Some((tag, whole))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::python::parse;

    fn body_of(source: &str) -> Fingerprint {
        let file = parse(source);
        file.fingerprints(&file.definitions[1]).body
    }

    #[test]
    fn layout_and_spelling_do_not_change_a_fingerprint() {
        let table = [
            ("return (a)", "return a"),
            ("return f(a, b,)", "return f(a, b)"),
            ("return 'x'", "return \"x\""),
            ("return 'x' 'y'", "return 'xy'"),
            ("return U'x'", "return 'x'"),
            ("return 0XFF", "return 255"),
            ("return 1_000.0", "return 1e3"),
            ("return .2", "return 0.2"),
            ("return 03e4", "return 3e4"),
            ("return 1J", "return 1j"),
            ("return B'\\'a\\x41'", "return b\"'a\\x41\""),
            ("return R'\\d'", "return '\\\\d'"),
            ("return f'{x}' 'y' f'z{x}'", "return f\"{x}yz{x}\""),
            ("return F'it\\'s {x}'", "return f\"it's {x}\""),
            ("return f'{x[\"a\"]}'", "return f\"{x['a']}\""),
            ("return '{' f'{x}'", "return f'{{{x}'"),
            ("return x[(1, 2)]", "return x[1, 2,]"),
            ("return x[(1,)]", "return x[1,]"),
            ("for (i), j in x: pass", "for i, j in x: pass"),
            ("del (a, b)", "del a, b"),
            ("del a,", "del a"),
            ("return '\\uDC80'", "return '\\udc80'"),
            ("x: A | B = y", "x: (A | B) = y"),
            ("for x in y: pass", "for (x) in y: pass"),
            ("a = b = c", "a = (b) = c"),
            ("x = 1  #type:int", "x = 1  # type: int"),
            ("x = 1  # type: ignore", "x = 1"),
            ("class A(): pass", "class A:\n        pass"),
            ("return not(a)", "return not a"),
            ("return a  # why", "return a"),
            ("return a + \\\n        b", "return (a +\n        b)"),
            ("return (a, b)", "return a, b"),
            ("for (i, j) in x: pass", "for i, j in x:\n        pass"),
            ("a = 1; b = 2", "a = 1\n    b = 2"),
            ("return {\n    'a': 1,\n    }", "return {'a': 1}"),
        ];
        for (one, other) in table {
            let make = |body: &str| body_of(&format!("def f(a, b):\n    {body}\n"));
            assert_eq!(make(one), make(other), "{one} / {other}");
        }
    }

    #[test]
    fn every_change_of_meaning_changes_a_fingerprint() {
        let table = [
            ("return (a + b) * c", "return a + b * c"),
            ("return x[1,]", "return x[1]"),
            ("return (a,)", "return a"),
            ("return 'x'", "return b'x'"),
            ("return f'{x}'", "return '{x}'"),
            ("return f'{x}'", "return f'{y}'"),
            ("return f'{x}'", "return t'{x}'"),
            ("return f'{x:>3}'", "return f'{x:>4}'"),
            ("return f'{x!r}'", "return f'{x!s}'"),
            ("return f'a{x}b'", "return f'ab{x}'"),
            ("return f'{{x}}'", "return f'{x}'"),
            ("return x[1, 2]", "return x[(1, 2), 3]"),
            ("return x[1:2]", "return x[1, 2]"),
            ("return x[1:, 2]", "return x[1, 2]"),
            ("return 1", "return 1.0"),
            ("g()", "g(),"),
            ("return '\\uDC80A'", "return '\\uDC80z'"),
            ("for (i,) in x: pass", "for i in x: pass"),
            ("a: x[int] = b", "a: x[int,] = b"),
            ("return 1.0", "return 1j"),
            ("return b'\\x41'", "return 'A'"),
            ("return b'\\u0041'", "return b'A'"),
            ("return (yield)", "return (yield a)"),
            ("return -1", "return 1"),
            ("return a < b < c", "return (a < b) < c"),
            ("return f(a=1)", "return f(b=1)"),
            ("return f(*a)", "return f(**a)"),
            ("return {a: b}", "return {a, b}"),
            ("return [a for b in c]", "return (a for b in c)"),
            ("global a", "nonlocal a"),
            ("import a", "import a as b"),
            ("from . import a", "from .. import a"),
            ("async def g(): pass", "def g(): pass"),
            ("def g(a, /): pass", "def g(a): pass"),
            ("def g(*, a): pass", "def g(a): pass"),
            ("@x\n    def g(): pass", "def g(): pass"),
            ("class A: pass", "class A(b): pass"),
            ("class A(b): pass", "class A(b=b): pass"),
            ("return f'a\\n{x}'", "return f'b\\n{x}'"),
            ("return 10", "return 11"),
            ("return a", "return b"),
            ("return f(*a)", "return f(a)"),
            ("x = 1  # type: int", "x = 1  # type: str"),
            ("return not a", "return a"),
            ("if a:\n        b()\n    c()", "if a:\n        b()\n        c()"),
            ("return [a, [b]]", "return [[a], b]"),
            ("def g(): return 1\n    return g", "def g(): return 2\n    return g"),
        ];
        for (one, other) in table {
            let make = |body: &str| body_of(&format!("def f(a, b):\n    {body}\n"));
            assert_ne!(make(one), make(other), "{one} / {other}");
        }
    }
}
