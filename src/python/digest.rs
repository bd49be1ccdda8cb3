//! A hash over all code of a text: the proof that an edit changed docstrings and nothing else.
//!
//! Unlike a fingerprint it is exact: every token counts as written.

use tree_sitter::Node;

use super::fingerprint::{Fingerprint, LEAVE};
use super::grammar::{Syntax, syntax};
use super::literal;
use super::walk::header::first_part;

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
    let mut behind_docstring = false;
    'walk: loop {
        let node = cursor.node();
        // A semicolon behind a docstring goes with it.
        let skipped =
            behind_docstring && syntax(node) == Syntax::Separator || is_docstring_statement(node, text);
        behind_docstring = skipped || behind_docstring && syntax(node) == Syntax::Comment;
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
    if !holds_docstring {
        return false;
    }
    first_part(block) == Some(node) && literal::find(block, text).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_docstrings_are_left_out_of_the_digest() {
        let same = [
            ("def f():\n    return 1\n", "def f():\n    \"\"\"Doc.\"\"\"\n    return 1\n"),
            ("def f(): return 1\n", "def f():\n    \"\"\"Doc.\"\"\"\n    return 1\n"),
            ("x = 1\n", "\"\"\"Doc.\"\"\"\n\nx = 1\n"),
            ("", "\"\"\"Doc.\"\"\"\n"),
            ("# note\n", "# note\n\"\"\"Doc.\"\"\"\n"),
            ("x()\n", "'doc'; x()\n"),
            ("def f(): x()\n", "def f(): 'doc'; x()\n"),
            ("def f():\n    # why\n    pass\n", "def f():\n    'doc';  # why\n    pass\n"),
        ];
        for (one, other) in same {
            assert_eq!(code_digest(one), code_digest(other), "{one} / {other}");
        }
        let different = [
            ("def f():\n    return 1\n", "def f():\n    \"\"\"Doc.\"\"\"\n    return 2\n"),
            ("def f():\n    x = 'a'\n", "def f():\n    x = 'b'\n"),
            ("def f():\n    'a'\n    'b'\n", "def f():\n    'a'\n    'c'\n"),
            ("if x:\n    'a'\n", "if x:\n    'b'\n"),
            ("'a'; x(); y()\n", "'a'; x()\ny()\n"),
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
