//! The header of a definition, taken apart once.

use tree_sitter::{Node, TreeCursor};

use crate::python::grammar::{Syntax, syntax};
use crate::python::span::Span;

/// The nodes of a function's or class's header, and its body.
pub(in crate::python) struct Header<'tree> {
    /// From `def`, `async` or `class` to the colon, colon included.
    pub(in crate::python) span: Span,
    pub(in crate::python) is_async: bool,
    pub(in crate::python) name: Option<Node<'tree>>,
    pub(in crate::python) parameters: Option<Node<'tree>>,
    pub(in crate::python) returns: Option<Node<'tree>>,
    pub(in crate::python) superclasses: Option<Node<'tree>>,
    pub(in crate::python) body: Option<Node<'tree>>,
    /// The first statement of the body.
    pub(in crate::python) first: Option<Node<'tree>>,
}

/// Finds what comes first in a node: the first statement of a block, say.
pub(in crate::python) fn first_part(node: Node<'_>) -> Option<Node<'_>> {
    // Nearly always there is no comment before it, and then a cursor would cost more than the look.
    let first = node.named_child(0)?;
    if !is_layout(first) {
        return Some(first);
    }
    let mut cursor = node.walk();
    node.named_children(&mut cursor).find(|part| !is_layout(*part))
}

/// Takes the brackets off an expression that only group.
pub(in crate::python) fn without_brackets(mut node: Node<'_>) -> Option<Node<'_>> {
    while syntax(node) == Syntax::Parenthesized {
        node = first_part(node)?;
    }
    Some(node)
}

/// Comments and line continuations may stand anywhere.
pub(in crate::python) fn is_layout(node: Node<'_>) -> bool {
    matches!(syntax(node), Syntax::Comment | Syntax::Continuation)
}

impl<'tree> Header<'tree> {
    /// Reads a `function_definition` or `class_definition`; the cursor may have been anywhere.
    pub(in crate::python) fn of(node: Node<'tree>, cursor: &mut TreeCursor<'tree>) -> Self {
        let mut header = Self {
            span: Span::new(node.start_byte(), node.end_byte()),
            is_async: false,
            name: None,
            parameters: None,
            returns: None,
            superclasses: None,
            body: None,
            first: None,
        };
        let mut arrow = false;
        for child in node.children(cursor) {
            match syntax(child) {
                Syntax::Async => header.is_async = true,
                Syntax::Identifier if header.name.is_none() => header.name = Some(child),
                Syntax::Parameters => header.parameters = Some(child),
                Syntax::Type if header.parameters.is_some() && arrow => header.returns = Some(child),
                Syntax::Arrow => arrow = true,
                Syntax::Argument => header.superclasses = Some(child),
                Syntax::Colon => header.span = Span::new(node.start_byte(), child.end_byte()),
                Syntax::Block => header.body = Some(child),
                _ => {}
            }
        }
        header.first = header.body.and_then(first_part);
        header
    }

    /// Returns the base classes as written, keyword arguments left out.
    pub(in crate::python) fn bases(&self, cursor: &mut TreeCursor<'tree>) -> Vec<Span> {
        let Some(list) = self.superclasses else { return Vec::new() };
        let arguments = list.named_children(cursor);
        arguments
            .filter(|node| {
                let is_base = !matches!(syntax(*node), Syntax::KeywordArgument | Syntax::Comment);
                is_base && node.kind() != "dictionary_splat"
            })
            .map(|node| Span::new(node.start_byte(), node.end_byte()))
            .collect()
    }
}
