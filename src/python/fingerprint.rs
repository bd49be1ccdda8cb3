//! Hashes over the syntax tree: what is compared between two versions of a definition.
//!
//! A fingerprint sees meaning, not layout: brackets that only group, trailing commas, comments, line joins and
//! the spelling of literals leave it as it is. The tree's structure keeps `(a+b)*c` and `a+b*c` apart.

use tree_sitter::Node;

use super::cleandoc::cleandoc;
use super::grammar::{Syntax, language, syntax};
use super::literal::{self, Parts};

/// A hash over a part of a syntax tree.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Fingerprint([u8; 32]);

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
const LEAVE: [u8; 2] = [0xff, 0xff];

/// Writes the beginning of a node below `parent`; returns whether its children are to be written too.
pub(super) fn enter(node: Node<'_>, parent: Syntax, text: &str, stream: &mut Vec<u8>) -> bool {
    match syntax(node) {
        Syntax::Comment => {
            let comment = text.get(node.byte_range()).unwrap_or("");
            if comment.strip_prefix('#').is_some_and(|rest| rest.trim_start().starts_with("type:")) {
                stream.extend(comment.as_bytes());
            }
            return false;
        }
        Syntax::Continuation | Syntax::Parenthesis | Syntax::StringDelimiter | Syntax::Separator => {
            return false;
        }
        Syntax::Comma => {
            // `x[1,]` is another subscript than `x[1]`; elsewhere the structure says all that a comma says.
            if parent == Syntax::Subscript {
                stream.push(b',');
            }
            return false;
        }
        Syntax::Parenthesized | Syntax::Decorated => return true,
        Syntax::Argument if node.named_child_count() == 0 && parent == Syntax::Class => return false,
        Syntax::String | Syntax::Concatenated => {
            if let Some(value) = plain_value(node, text) {
                stream.push(b's');
                stream.extend((value.len() as u64).to_le_bytes());
                stream.extend(value.as_bytes());
                return false;
            }
        }
        Syntax::Number => {
            stream.push(b'n');
            stream.extend(text.get(node.byte_range()).unwrap_or("").to_ascii_lowercase().as_bytes());
            return false;
        }
        // Escapes are nodes inside the content, the text between them is not.
        Syntax::StringContent | Syntax::Error => {
            stream.push(b'c');
            stream.extend(text.get(node.byte_range()).unwrap_or("").as_bytes());
            return syntax(node) == Syntax::Error;
        }
        _ => {}
    }
    stream.extend(structural_kind(node).to_le_bytes());
    if node.child_count() == 0 {
        if node.is_named() {
            let leaf = text.get(node.byte_range()).unwrap_or("");
            stream.extend((leaf.len() as u64).to_le_bytes());
            stream.extend(leaf.as_bytes());
        }
        return false;
    }
    true
}

/// Writes the end of a node whose children were written.
pub(super) fn leave(node: Node<'_>, stream: &mut Vec<u8>) {
    if !matches!(syntax(node), Syntax::Parenthesized | Syntax::Decorated) {
        stream.extend(LEAVE);
    }
}

/// `return a, b` and `return (a, b)` are the same tuple; so are `for a, b in` and `for (a, b) in`.
fn structural_kind(node: Node<'_>) -> u16 {
    let same = match syntax(node) {
        Syntax::ExpressionList => "tuple",
        Syntax::PatternList => "tuple_pattern",
        _ => return node.kind_id(),
    };
    language().id_for_node_kind(same, true)
}

/// Returns the value of a string without interpolations, with a mark for bytes.
fn plain_value(node: Node<'_>, text: &str) -> Option<String> {
    let mut value = String::new();
    let mut push = |part: Node<'_>| -> Option<()> {
        let parts = Parts::of(text.get(part.byte_range())?)?;
        match parts.evaluate() {
            Some((plain, true)) => value.push_str(&plain),
            Some((_, false)) => {
                value.push_str(parts.prefix);
                value.push_str(parts.content);
            }
            None if parts.prefix.to_ascii_lowercase().contains('b') => {
                value.push_str(&parts.prefix.to_ascii_lowercase());
                value.push_str(parts.content);
            }
            None => return None,
        }
        Some(())
    };
    if syntax(node) == Syntax::String {
        push(node)?;
    } else {
        let mut cursor = node.walk();
        for part in node.named_children(&mut cursor).filter(|part| syntax(*part) == Syntax::String) {
            push(part)?;
        }
    }
    Some(value)
}

/// Hashes all code of a text exactly, docstrings and layout left out; `None` when it cannot be parsed.
///
/// Two texts with the same digest have the same syntax tree without docstrings, token by token, comments
/// included; the number of syntax errors is part of it.
#[must_use]
pub fn code_digest(text: &str) -> Option<Fingerprint> {
    let tree = super::parse::tree(text)?;
    let mut hasher = blake3::Hasher::new();
    let mut stream = Vec::new();
    let mut comments = Vec::new();
    let mut cursor = tree.walk();
    'walk: loop {
        let node = cursor.node();
        let skipped = is_docstring_statement(node, text);
        // Not all of a string's or an error's text is in nodes of its own.
        let is_leaf = node.child_count() == 0 && cursor.depth() > 0;
        let opaque = is_leaf || matches!(syntax(node), Syntax::String | Syntax::Error);
        if syntax(node) == Syntax::Comment {
            // The grammar hangs a comment above the first statement beside the block, one below it inside.
            comments.extend(text.as_bytes().get(node.byte_range()).unwrap_or_default());
            comments.push(b'\n');
        } else if !skipped {
            stream.extend(node.kind_id().to_le_bytes());
            stream.push(u8::from(node.is_missing()));
            if opaque {
                stream.extend((node.end_byte() - node.start_byte()).to_le_bytes());
                stream.extend(text.as_bytes().get(node.byte_range()).unwrap_or_default());
            }
        }
        if stream.len() > 1 << 16 {
            hasher.update(&stream);
            stream.clear();
        }
        if !skipped && !opaque && cursor.goto_first_child() {
            continue;
        }
        while !cursor.goto_next_sibling() {
            if !cursor.goto_parent() {
                break 'walk;
            }
            // The end of the whole says nothing, and an empty text has no node to come back from.
            if cursor.depth() > 0 {
                stream.extend(LEAVE);
            }
        }
    }
    hasher.update(&stream);
    hasher.update(&comments);
    Some(Fingerprint(*hasher.finalize().as_bytes()))
}

fn is_docstring_statement(node: Node<'_>, text: &str) -> bool {
    if syntax(node) != Syntax::ExpressionStatement {
        return false;
    }
    let Some(block) = node.parent() else { return false };
    let holds_docstring = block.parent().is_none_or(|owner| {
        matches!(syntax(owner), Syntax::Function | Syntax::Class) && syntax(block) == Syntax::Block
    });
    holds_docstring && literal::find(block, text).is_some_and(|(statement, _)| statement == node)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::python::parse;

    fn body_of(source: &str) -> Fingerprint {
        parse(source).definitions[1].fingerprints.body
    }

    #[test]
    fn layout_and_spelling_do_not_change_a_fingerprint() {
        let table = [
            ("return (a)", "return a"),
            ("return f(a, b,)", "return f(a, b)"),
            ("return 'x'", "return \"x\""),
            ("return 'x' 'y'", "return 'xy'"),
            ("return U'x'", "return 'x'"),
            ("return 0XFF", "return 0xff"),
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

    #[test]
    fn only_docstrings_are_left_out_of_the_digest() {
        let same = [
            ("def f():\n    return 1\n", "def f():\n    \"\"\"Doc.\"\"\"\n    return 1\n"),
            ("def f(): return 1\n", "def f():\n    \"\"\"Doc.\"\"\"\n    return 1\n"),
            ("x = 1\n", "\"\"\"Doc.\"\"\"\n\nx = 1\n"),
            ("", "\"\"\"Doc.\"\"\"\n"),
            ("# note\n", "# note\n\"\"\"Doc.\"\"\"\n"),
        ];
        for (one, other) in same {
            assert_eq!(code_digest(one), code_digest(other), "{one} / {other}");
        }
        let different = [
            ("def f():\n    return 1\n", "def f():\n    \"\"\"Doc.\"\"\"\n    return 2\n"),
            ("def f():\n    x = 'a'\n", "def f():\n    x = 'b'\n"),
            ("def f():\n    'a'\n    'b'\n", "def f():\n    'a'\n    'c'\n"),
            ("if x:\n    'a'\n", "if x:\n    'b'\n"),
            ("def f():\n    pass  # a\n", "def f():\n    pass  # b\n"),
            ("def f():\n    f'a'\n", "def f():\n    f'b'\n"),
            ("x = 'a\\nb'\n", "x = 'c\\nb'\n"),
            ("x = f'a\\nb{x}'\n", "x = f'c\\nb{x}'\n"),
        ];
        for (one, other) in different {
            assert_ne!(code_digest(one), code_digest(other), "{one} / {other}");
        }
    }
}
