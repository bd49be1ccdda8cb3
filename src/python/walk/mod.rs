//! The walk over the syntax tree: one pass, no recursion, owned results.
//!
//! `scope` opens and closes definitions, `header` takes their headers apart, `collect` notes what their bodies do, with
//! `raising`, `catching` and `flow` for what leaves them and how. It judges nothing.

pub(super) mod catching;
pub(super) mod collect;
pub(super) mod cursor;
pub(super) mod flow;
pub(super) mod header;
mod raising;
mod scope;

use std::collections::HashMap;

use tree_sitter::{Tree, TreeCursor};

use super::body::CodeFacts;
use super::definition::ParsedFile;
use super::fingerprint::Stream;
use super::grammar::{Field, Syntax, child, syntax};
use super::imports;
use super::span::Span;
use super::visibility::Exports;
use catching::Classes;
use collect::{Collector, Seen, is_chain};
use cursor::Cursor;
use scope::Scope;

/// How much of a file its tree shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Extent {
    /// All of it.
    Whole,
    /// All but the code of functions, about which nothing is noted then.
    Outline,
}

/// Finds the definitions in a tree; without a tree, the whole text is an error.
pub(super) fn walk(text: &str, tree: Option<&Tree>, extent: Extent) -> ParsedFile {
    let mut file = ParsedFile::new(text);
    let Some(tree) = tree else {
        file.errors.push(Span::new(0, text.len()));
        return file;
    };
    let root = Seen::of(tree.root_node());
    let mut walk = Walk {
        text,
        extent,
        file: &mut file,
        code: Vec::new(),
        scopes: Vec::new(),
        ancestors: vec![root],
        exports: Exports::default(),
        imports: imports::Collector::default(),
        cursor: tree.walk(),
        names: HashMap::new(),
        classes: Classes::default(),
        streams: Vec::new(),
        inside_error: 0,
        reach: Vec::new(),
    };
    if root.kind == Syntax::Error {
        walk.inside_error = 1;
        walk.error(root.span);
    }
    walk.open_module(root.node);
    let mut cursor = Cursor::inside(tree);
    while let Some(inside) = &mut cursor {
        let seen = Seen::of(inside.node());
        if walk.enter(seen) {
            // Nobody asks for a closing bracket unless it is missing.
            let is_closed = seen.kind.ends_with_bracket() && !seen.node.has_error();
            if inside.descend(seen.node.child_count().saturating_sub(u32::from(is_closed))) {
                walk.ancestors.push(seen);
                continue;
            }
            walk.leaf(seen);
        }
        while !inside.advance() {
            if !inside.ascend() {
                cursor = None;
                break;
            }
            walk.leave();
        }
    }
    walk.finish();
    file
}

struct Walk<'a, 'tree> {
    text: &'a str,
    extent: Extent,
    file: &'a mut ParsedFile,
    code: Vec<CodeFacts>,
    scopes: Vec<Scope>,
    /// The nodes around the current one; asking a node for its parent would walk down from the root.
    ancestors: Vec<Seen<'tree>>,
    exports: Exports,
    imports: imports::Collector,
    /// For looking at the children of a node; making a cursor costs more than putting one elsewhere.
    cursor: TreeCursor<'tree>,
    /// How often each name was defined in each definition.
    names: HashMap<(usize, &'a str), usize>,
    /// The classes so far, for what handlers stop.
    classes: Classes,
    /// Streams that were finished, for their memory.
    streams: Vec<Stream>,
    inside_error: usize,
    /// How far the errors up to each one reach.
    reach: Vec<usize>,
}

impl<'tree> Walk<'_, 'tree> {
    /// Notes the beginning of a node; returns whether to look at its children.
    fn enter(&mut self, seen: Seen<'tree>) -> bool {
        let Some(parent) = self.ancestors.last().copied() else { return false };
        if seen.kind.is_anonymous() {
            self.token(seen, parent.kind);
            return false;
        }
        let id = seen.node.id();
        let scope = self.scopes.last().map_or(0, |scope| scope.index);
        self.imports.enter(seen, imports::Place { parent: parent.kind, scope }, self.text);
        if let Some(scope) = self.scopes.last_mut()
            && scope.block == parent.node.id()
            && scope.docstring_statement != Some(id)
        {
            scope.collector.statement(seen, self.text);
        }
        match seen.kind {
            Syntax::Error => {
                self.inside_error += 1;
                self.error(seen.span);
            }
            Syntax::Decorated => {
                if let Some(inner) = child(seen.node, Field::Definition) {
                    self.open(seen.node, inner);
                }
            }
            // A decorated definition was opened with its decorators.
            Syntax::Function | Syntax::Class if self.scopes.last().is_some_and(|scope| scope.own != id) => {
                self.open(seen.node, seen.node);
            }
            // The grammar reads a line with nothing but a backslash as the end of the block.
            Syntax::Block if self.extent == Extent::Whole && seen.node.named_child_count() == 0 => {
                self.error(seen.span);
            }
            Syntax::Assignment | Syntax::AugmentedAssignment | Syntax::Call if self.scopes.len() == 1 => {
                self.exports.read(seen.node, self.text);
            }
            _ => {}
        }
        let Some(scope) = self.scopes.last() else { return true };
        if scope.docstring_statement == Some(id) || scope.name == id {
            if seen.node.has_error() {
                self.error(seen.span);
            }
            return false;
        }
        if self.extent == Extent::Outline {
            let assigned = || child(seen.node, Field::Right).map(syntax);
            return seen.kind.holds_statements()
                || seen.kind == Syntax::Assignment && assigned() == Some(Syntax::Assignment);
        }
        let in_body = seen.span.start >= scope.body_start;
        let text = self.text;
        if seen.kind == Syntax::Attribute && is_chain(seen.span.of(text)) {
            if let Some(collector) = self.collector(in_body) {
                collector.chain(seen.span, parent, text);
            }
            if let Some((stream, text)) = self.stream(in_body) {
                stream.chain(seen.span.of(text));
            }
            return false;
        }
        if let Some(collector) = self.collector(in_body) {
            collector.enter(seen, parent, text);
        }
        let descend = self.stream(in_body).is_none_or(|(stream, text)| stream.enter(seen, parent, text));
        if !descend && seen.kind != Syntax::Error && seen.node.has_error() {
            self.error(seen.span);
        }
        descend
    }

    /// Notes a keyword or punctuation.
    fn token(&mut self, seen: Seen<'tree>, parent: Syntax) {
        let in_body = self.scopes.last().is_some_and(|scope| seen.span.start >= scope.body_start);
        if (seen.kind, parent) == (Syntax::Token, Syntax::Comparison)
            && let Some(collector) = self.collector(in_body)
        {
            collector.compares(seen.span);
        }
        if let Some((stream, _)) = self.stream(in_body) {
            stream.token(seen, parent);
        }
    }

    fn error(&mut self, span: Span) {
        self.file.errors.push(span);
        self.reach.push(self.reach.last().copied().unwrap_or(0).max(span.end));
    }

    /// Defaults, decorators and annotations are evaluated by who holds the definition.
    fn collector(&mut self, in_body: bool) -> Option<&mut Collector> {
        let back = if in_body { 1 } else { 2 };
        let place = self.scopes.len().checked_sub(back).filter(|_| self.extent == Extent::Whole)?;
        Some(&mut self.scopes.get_mut(place)?.collector)
    }

    fn stream(&mut self, in_body: bool) -> Option<(&mut Stream, &str)> {
        let scope = self.scopes.last_mut().filter(|_| self.extent == Extent::Whole)?;
        Some((if in_body { &mut scope.body } else { &mut scope.signature }, self.text))
    }

    /// Notes that a node has no children after all.
    fn leaf(&mut self, seen: Seen<'_>) {
        let in_body = self.scopes.last().is_some_and(|scope| seen.span.start >= scope.body_start);
        if let Some((stream, text)) = self.stream(in_body) {
            stream.leaf(seen, text);
        }
        if seen.kind == Syntax::Error {
            self.inside_error = self.inside_error.saturating_sub(1);
        }
        if self.scopes.last().is_some_and(|scope| scope.node == seen.node.id()) {
            self.close();
        }
    }

    /// Notes the end of a node whose children were looked at.
    fn leave(&mut self) {
        let (Some(seen), Some(parent)) = (self.ancestors.pop(), self.ancestors.last().copied()) else {
            return;
        };
        let Some(scope) = self.scopes.last() else { return };
        let in_body = seen.span.start >= scope.body_start;
        let closes = scope.node == seen.node.id() && self.scopes.len() > 1;
        if let Some(collector) = self.collector(in_body) {
            collector.leave(seen, parent.kind);
        }
        if let Some((stream, text)) = self.stream(in_body) {
            stream.leave(seen, parent, text);
        }
        if seen.kind == Syntax::Error {
            self.inside_error = self.inside_error.saturating_sub(1);
        }
        if closes {
            self.close();
        }
    }
}
