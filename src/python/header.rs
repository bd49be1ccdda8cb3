//! The header of a definition, taken apart once.

use tree_sitter::Node;

use super::grammar::{Syntax, syntax};
use super::span::Span;

/// The nodes of a function's or class's header, and its body.
pub(super) struct Header<'tree> {
    /// From `def`, `async` or `class` to the colon, colon included.
    pub(super) span: Span,
    pub(super) is_async: bool,
    pub(super) name: Option<Node<'tree>>,
    pub(super) parameters: Option<Node<'tree>>,
    pub(super) returns: Option<Node<'tree>>,
    pub(super) superclasses: Option<Node<'tree>>,
    pub(super) body: Option<Node<'tree>>,
}

impl<'tree> Header<'tree> {
    /// Reads a `function_definition` or `class_definition`.
    pub(super) fn of(node: Node<'tree>) -> Self {
        let mut header = Self {
            span: Span::new(node.start_byte(), node.end_byte()),
            is_async: false,
            name: None,
            parameters: None,
            returns: None,
            superclasses: None,
            body: None,
        };
        let mut arrow = false;
        let mut cursor = node.walk();
        for child in node.children(&mut cursor) {
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
        header
    }

    /// Returns the base classes as written, keyword arguments left out.
    pub(super) fn bases(&self) -> Vec<Span> {
        let Some(list) = self.superclasses else { return Vec::new() };
        let mut cursor = list.walk();
        let arguments = list.named_children(&mut cursor);
        arguments
            .filter(|node| {
                let is_base = !matches!(syntax(*node), Syntax::KeywordArgument | Syntax::Comment);
                is_base && node.kind() != "dictionary_splat"
            })
            .map(|node| Span::new(node.start_byte(), node.end_byte()))
            .collect()
    }
}
