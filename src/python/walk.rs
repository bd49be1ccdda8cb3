//! The walk over the syntax tree: one pass, no recursion, owned results.

use std::collections::HashMap;

use tree_sitter::{Node, Tree, TreeCursor};

use super::body::{BodyFacts, CodeFacts};
use super::collect::{Collector, Place, Seen, is_chain};
use super::definition::{Definition, DefinitionKind, ParsedFile};
use super::fingerprint::{self, Fingerprint, Fingerprints, Stream};
use super::grammar::{Field, Syntax, child, syntax};
use super::header::Header;
use super::imports;
use super::insertion::{self, Insertion};
use super::literal::{self, Literal};
use super::signature::{self, Signature};
use super::span::Span;
use super::visibility::{Exports, Visibility};

/// Finds the definitions in a tree; without a tree, the whole text is an error.
pub(super) fn walk(text: &str, tree: Option<&Tree>) -> ParsedFile {
    let mut file = ParsedFile::new(text);
    let Some(tree) = tree else {
        file.errors.push(Span::new(0, text.len()));
        return file;
    };
    let root = Seen::of(tree.root_node());
    let mut walk = Walk {
        text,
        file: &mut file,
        code: Vec::new(),
        scopes: Vec::new(),
        ancestors: vec![root],
        exports: Exports::default(),
        imports: imports::Collector::default(),
        cursor: tree.walk(),
        names: HashMap::new(),
        streams: Vec::new(),
        inside_error: 0,
        reach: Vec::new(),
    };
    if root.kind == Syntax::Error {
        walk.inside_error = 1;
        walk.error(root.span);
    }
    walk.open_module(root.node);
    let mut cursor = tree.walk();
    // How many siblings come after the current node and after each one around it: asking the cursor to go where
    // nothing is costs more than counting.
    let mut left = vec![root.node.child_count()];
    if !cursor.goto_first_child() {
        left.clear();
    }
    while let Some(siblings) = left.last_mut() {
        *siblings = siblings.saturating_sub(1);
        let seen = Seen::of(cursor.node());
        if walk.enter(seen) {
            let children = seen.node.child_count();
            if children > 0 && cursor.goto_first_child() {
                // Nobody asks for a closing bracket unless it is missing.
                let is_closed = seen.kind.ends_with_bracket() && !seen.node.has_error();
                walk.ancestors.push(seen);
                left.push(children - u32::from(is_closed));
                continue;
            }
            walk.leaf(seen);
        }
        while left.last() == Some(&0) || !cursor.goto_next_sibling() {
            left.pop();
            if left.is_empty() || !cursor.goto_parent() {
                left.clear();
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
    /// Streams that were finished, for their memory.
    streams: Vec<Stream>,
    inside_error: usize,
    /// How far the errors up to each one reach.
    reach: Vec<usize>,
}

/// A definition whose end has not been reached.
struct Scope {
    /// Its index among the definitions.
    index: usize,
    /// The node that ends it: the definition, or the decorated definition around it.
    node: usize,
    /// The definition's own node.
    own: usize,
    /// The node of its name, which no fingerprint holds.
    name: usize,
    block: usize,
    body_start: usize,
    docstring_statement: Option<usize>,
    collector: Collector,
    signature: Stream,
    body: Stream,
    /// The definitions directly inside.
    members: Vec<usize>,
    /// What is defined in a class inside a function.
    nested: Vec<u8>,
    /// Where an error makes it unsafe to edit: header, docstring and first statement.
    critical: Span,
}

impl Scope {
    fn new(index: usize, node: usize, collector: Collector) -> Self {
        Self {
            index,
            node,
            own: node,
            name: 0,
            block: node,
            body_start: 0,
            docstring_statement: None,
            collector,
            signature: Stream::default(),
            body: Stream::default(),
            members: Vec::new(),
            nested: Vec::new(),
            critical: Span::new(0, 0),
        }
    }
}

impl<'a, 'tree> Walk<'a, 'tree> {
    fn open_module(&mut self, root: Node<'_>) {
        let found = literal::find(root, self.text);
        let end = found.as_ref().map_or(0, |(statement, _)| statement.end_byte());
        let statement = found.as_ref().map(|(statement, _)| statement.id());
        self.file.definitions.push(Definition {
            span: Span::new(0, self.text.len()),
            docstring: found.map(|(_, literal)| literal),
            insertion: insertion::in_module(self.text),
            ..Definition::module()
        });
        self.code.push(CodeFacts::default());
        let mut scope = Scope::new(0, root.id(), Collector::new(Place::Namespace, None));
        scope.docstring_statement = statement;
        scope.critical = Span::new(0, end);
        self.scopes.push(scope);
    }

    /// Notes the beginning of a node; returns whether to look at its children.
    fn enter(&mut self, seen: Seen<'tree>) -> bool {
        let Some(parent) = self.ancestors.last().copied() else { return false };
        if seen.kind.is_anonymous() {
            self.token(seen, parent.kind);
            return false;
        }
        let id = seen.node.id();
        if imports::concern(seen.kind) {
            let scope = self.scopes.last().map_or(0, |scope| scope.index);
            self.imports.enter(seen, imports::Place { parent: parent.kind, scope }, self.text);
        }
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
            Syntax::Decorator => self.decorator(seen.span),
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
            stream.token(seen);
        }
    }

    fn error(&mut self, span: Span) {
        self.file.errors.push(span);
        self.reach.push(self.reach.last().copied().unwrap_or(0).max(span.end));
    }

    /// Defaults, decorators and annotations are evaluated by who holds the definition.
    fn collector(&mut self, in_body: bool) -> Option<&mut Collector> {
        let back = if in_body { 1 } else { 2 };
        let place = self.scopes.len().checked_sub(back)?;
        Some(&mut self.scopes.get_mut(place)?.collector)
    }

    fn stream(&mut self, in_body: bool) -> Option<(&mut Stream, &str)> {
        let scope = self.scopes.last_mut()?;
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

    fn open(&mut self, outer: Node<'tree>, node: Node<'tree>) {
        let Some(parent_scope) = self.scopes.last() else { return };
        let parent_index = parent_scope.index;
        let outer_receiver = parent_scope.collector.receiver();
        let Definition { kind: parent_kind, visibility: parent_visibility, .. } =
            self.file.definitions[parent_index];
        let is_class = syntax(node) == Syntax::Class;
        let kind = match (is_class, parent_kind) {
            (true, DefinitionKind::Module) => DefinitionKind::Class,
            (true, _) => DefinitionKind::NestedClass,
            (false, DefinitionKind::Module) => DefinitionKind::Function,
            (false, kind) if kind.is_class() => DefinitionKind::Method,
            (false, _) => DefinitionKind::NestedFunction,
        };
        let parts = Header::of(node, &mut self.cursor);
        let text = self.text;
        let name = parts.name.and_then(|node| text.get(node.byte_range())).unwrap_or("");
        let qualified_name = self.qualified_name(name);
        let block = parts.body;
        let header = parts.span;
        let found = block.and_then(|block| literal::find(block, self.text));
        let visibility = match (Visibility::of_name(name), parent_visibility) {
            (Visibility::Public, Visibility::Public) if !parent_kind.is_function() => Visibility::Public,
            _ => Visibility::Private,
        };
        let insertion = if block.is_some() {
            insertion::in_body(header, parts.first, self.text)
        } else {
            Insertion::Nowhere("it has no body")
        };
        let critical_end = match (&found, parts.first) {
            (Some((statement, _)), _) if is_class => statement.end_byte(),
            (None, Some(first)) if is_class => first.end_byte(),
            _ => node.end_byte(),
        };
        let signature = if is_class {
            Signature::default()
        } else {
            signature::read(&parts, &mut self.cursor, self.text, kind == DefinitionKind::Method)
        };
        let receiver = match signature.parameters.first() {
            Some(first) if signature.has_receiver => {
                Some(Span::new(first.span.start, first.span.start + first.name.len()))
            }
            _ if is_class => None,
            _ => outer_receiver,
        };
        let place = if is_class { Place::Namespace } else { Place::Function };
        let index = self.file.definitions.len();
        let mut scope = Scope::new(index, outer.id(), Collector::new(place, receiver));
        scope.signature = self.streams.pop().unwrap_or_default();
        scope.body = self.streams.pop().unwrap_or_default();
        scope.own = node.id();
        scope.name = parts.name.map_or(0, |node| node.id());
        scope.block = block.map_or(0, |block| block.id());
        scope.body_start = block.map_or(node.end_byte(), |block| block.start_byte());
        scope.docstring_statement = found.as_ref().map(|(statement, _)| statement.id());
        scope.critical = Span::new(outer.start_byte(), critical_end);
        self.scopes.push(scope);
        self.code.push(CodeFacts::default());
        self.file.definitions.push(Definition {
            index,
            kind,
            name: name.to_owned(),
            qualified_name,
            parent: Some(parent_index),
            visibility,
            span: Span::new(outer.start_byte(), outer.end_byte()),
            header,
            name_span: parts.name.map_or(header, |node| Span::new(node.start_byte(), node.end_byte())),
            decorators: Vec::new(),
            is_async: parts.is_async,
            bases: parts.bases(&mut self.cursor),
            signature,
            body: BodyFacts::default(),
            docstring: found.map(|(_, literal)| literal),
            insertion,
            broken: self.inside_error > 0,
        });
    }

    /// Makes the dotted name within the module, with an ordinal for a redefinition.
    fn qualified_name(&mut self, name: &'a str) -> String {
        let Some(scope) = self.scopes.last_mut() else { return name.to_owned() };
        scope.members.push(self.file.definitions.len());
        let count = self.names.entry((scope.index, name)).or_insert(0);
        *count += 1;
        let outer = self.file.definitions[scope.index].qualified_name.as_str();
        let dot = if outer.is_empty() { "" } else { "." };
        if *count == 1 { format!("{outer}{dot}{name}") } else { format!("{outer}{dot}{name}#{count}") }
    }

    fn decorator(&mut self, span: Span) {
        let Some(scope) = self.scopes.last() else { return };
        let source = span.of(self.text).trim_start_matches('@').trim();
        let name = source.split(['(', '#', '\n']).next().unwrap_or("").trim().to_owned();
        let definition = &mut self.file.definitions[scope.index];
        if name.rsplit('.').next() == Some("staticmethod") {
            definition.signature.has_receiver = false;
        }
        definition.decorators.push(name);
    }

    fn close(&mut self) {
        let Some(mut scope) = self.scopes.pop() else { return };
        let (index, nested) = (scope.index, std::mem::take(&mut scope.nested));
        self.settle(scope);
        let is_function = |scope: &Scope| self.file.definitions[scope.index].kind.is_function();
        // Only a function's own fingerprint includes what is defined in it, at any depth.
        if !self.scopes.iter().any(is_function) {
            return;
        }
        let Some(parent) = self.scopes.last() else { return };
        let directly = is_function(parent);
        let Fingerprints { signature, body, .. } = self.code[index].fingerprints;
        let whole = Fingerprint::of(&[signature.as_bytes(), body.as_bytes(), nested.as_slice()].concat());
        let name = self.file.definitions[index].name.as_bytes();
        let Some(parent) = self.scopes.last_mut() else { return };
        if directly {
            parent.body.nested(name, whole);
        } else {
            parent.nested.extend(whole.as_bytes());
        }
    }

    /// Writes what was collected into the definition.
    fn settle(&mut self, mut scope: Scope) {
        let signature = scope.signature.finish();
        let body = scope.body.finish();
        let members = self.members(&scope);
        self.streams.extend([scope.signature, scope.body]);
        let definition = &mut self.file.definitions[scope.index];
        let is_function = definition.kind.is_function();
        let (facts, mut code) = scope.collector.finish();
        if is_function {
            definition.body = facts;
        }
        code.fingerprints = Fingerprints {
            signature,
            body,
            docstring: docstring_fingerprint(definition.docstring.as_ref()),
            members,
        };
        self.code[scope.index] = code;
        definition.broken |= touches(&self.file.errors, &self.reach, scope.critical);
    }

    /// The names of what is defined directly inside, in any order; a function's belong to its body.
    fn members(&self, scope: &Scope) -> Fingerprint {
        let outer = &self.file.definitions[scope.index];
        if outer.kind.is_function() {
            return Fingerprint::default();
        }
        let from = if outer.qualified_name.is_empty() { 0 } else { outer.qualified_name.len() + 1 };
        let names = scope.members.iter().filter_map(|index| self.file.definitions.get(*index));
        let mut names: Vec<&str> = names.filter_map(|member| member.qualified_name.get(from..)).collect();
        names.sort_unstable();
        Fingerprint::of(names.join("\n").as_bytes())
    }

    fn finish(mut self) {
        while self.scopes.len() > 1 {
            self.close();
        }
        if let Some(module) = self.scopes.pop() {
            self.settle(module);
        }
        self.exports.apply(&mut self.file.definitions);
        self.file.exports = self.exports.into_names();
        self.file.imports = self.imports.finish();
        self.file.set_code(self.code);
    }
}

/// Returns whether one of the errors, which are in the order they begin, lies in a span or at its borders.
fn touches(errors: &[Span], reach: &[usize], span: Span) -> bool {
    let before_end = errors.partition_point(|error| error.start < span.end);
    if before_end.checked_sub(1).is_some_and(|last| reach[last] > span.start) {
        return true;
    }
    // What is missing has no width.
    let from = errors.partition_point(|error| error.start < span.start);
    let to = errors.partition_point(|error| error.start <= span.end);
    errors[from..to].iter().any(|error| error.is_empty())
}

/// An empty docstring is not the same as none.
fn docstring_fingerprint(docstring: Option<&Literal>) -> Fingerprint {
    docstring.map_or_else(Fingerprint::default, |literal| {
        Fingerprint::of(fingerprint::clean(&literal.value).as_bytes())
    })
}
