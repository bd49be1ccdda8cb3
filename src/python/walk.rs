//! The walk over the syntax tree: one pass, no recursion, owned results.

use std::collections::HashMap;

use tree_sitter::{Node, Tree};

use super::body::{BodyFacts, CodeFacts};
use super::collect::{Collector, Place, Seen};
use super::definition::{Definition, DefinitionKind, ParsedFile};
use super::fingerprint::{self, Fingerprint, Fingerprints, Stream};
use super::grammar::{Syntax, syntax};
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
        inside_error: 0,
        reach: Vec::new(),
    };
    if root.kind == Syntax::Error {
        walk.inside_error = 1;
        walk.error(root.span);
    }
    walk.open_module(root.node);
    let mut cursor = tree.walk();
    let mut is_inside = cursor.goto_first_child();
    while is_inside {
        let seen = Seen::of(cursor.node());
        if walk.enter(seen) {
            if cursor.goto_first_child() {
                walk.ancestors.push(seen);
                continue;
            }
            walk.leaf(seen);
        }
        while !cursor.goto_next_sibling() {
            if walk.ancestors.len() == 1 || !cursor.goto_parent() {
                is_inside = false;
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
    members: Vec<String>,
    /// What is defined in a class inside a function.
    nested: Vec<u8>,
    /// Where an error makes it unsafe to edit: header, docstring and first statement.
    critical: Span,
    names: HashMap<String, usize>,
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
            names: HashMap::new(),
        }
    }
}

impl<'tree> Walk<'_, 'tree> {
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
        let id = seen.node.id();
        let place =
            imports::Place { parent: parent.kind, scope: self.scopes.last().map_or(0, |scope| scope.index) };
        self.imports.enter(seen, place, self.text);
        if let Some(scope) = self.scopes.last_mut()
            && scope.block == parent.node.id()
            && !seen.kind.is_anonymous()
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
                if let Some(inner) = seen.node.child_by_field_name("definition") {
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
        if let Some(collector) = self.collector(in_body) {
            collector.enter(seen, parent, text);
        }
        let descend = self.stream(in_body).is_none_or(|(stream, text)| stream.enter(seen, parent, text));
        if !descend && seen.kind != Syntax::Error && seen.node.has_error() {
            self.error(seen.span);
        }
        descend
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

    fn open(&mut self, outer: Node<'_>, node: Node<'_>) {
        let Some(parent_scope) = self.scopes.last() else { return };
        let parent_index = parent_scope.index;
        let outer_receiver = parent_scope.collector.receiver().cloned();
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
        let parts = Header::of(node);
        let name = parts.name.and_then(|node| self.text.get(node.byte_range())).unwrap_or("").to_owned();
        let qualified_name = self.qualified_name(&name);
        let block = parts.body;
        let header = parts.span;
        let found = block.and_then(|block| literal::find(block, self.text));
        let visibility = match (Visibility::of_name(&name), parent_visibility) {
            (Visibility::Public, Visibility::Public) if !parent_kind.is_function() => Visibility::Public,
            _ => Visibility::Private,
        };
        let insertion = block.map_or(Insertion::Nowhere("it has no body"), |block| {
            insertion::in_body(header, block, self.text)
        });
        let critical_end = match (&found, block.and_then(first_statement_end)) {
            (Some((statement, _)), _) if is_class => statement.end_byte(),
            (None, Some(end)) if is_class => end,
            _ => node.end_byte(),
        };
        let signature = if is_class {
            Signature::default()
        } else {
            signature::read(&parts, self.text, kind == DefinitionKind::Method)
        };
        let receiver = match signature.parameters.first() {
            Some(first) if signature.has_receiver => Some(first.name.clone()),
            _ if is_class => None,
            _ => outer_receiver,
        };
        let place = if is_class { Place::Namespace } else { Place::Function };
        let index = self.file.definitions.len();
        let mut scope = Scope::new(index, outer.id(), Collector::new(place, receiver));
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
            name,
            qualified_name,
            parent: Some(parent_index),
            visibility,
            span: Span::new(outer.start_byte(), outer.end_byte()),
            header,
            name_span: parts.name.map_or(header, |node| Span::new(node.start_byte(), node.end_byte())),
            decorators: Vec::new(),
            is_async: parts.is_async,
            bases: parts.bases(),
            signature,
            body: BodyFacts::default(),
            docstring: found.map(|(_, literal)| literal),
            insertion,
            broken: self.inside_error > 0,
        });
    }

    /// Makes the dotted name within the module, with an ordinal for a redefinition.
    fn qualified_name(&mut self, name: &str) -> String {
        let Some(scope) = self.scopes.last_mut() else { return name.to_owned() };
        let count = scope.names.entry(name.to_owned()).or_insert(0);
        *count += 1;
        let local = if *count == 1 { name.to_owned() } else { format!("{name}#{count}") };
        scope.members.push(local.clone());
        let outer = &self.file.definitions[scope.index].qualified_name;
        if outer.is_empty() { local } else { format!("{outer}.{local}") }
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
        scope.members.sort_unstable();
        let signature = scope.signature.finish();
        let body = scope.body.finish();
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
            members: if is_function {
                Fingerprint::default()
            } else {
                Fingerprint::of(scope.members.join("\n").as_bytes())
            },
        };
        self.code[scope.index] = code;
        definition.broken |= touches(&self.file.errors, &self.reach, scope.critical);
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

fn docstring_fingerprint(docstring: Option<&Literal>) -> Fingerprint {
    // An empty docstring is not the same as none.
    let text =
        docstring.map_or_else(String::new, |literal| format!("={}", fingerprint::clean(&literal.value)));
    Fingerprint::of(text.as_bytes())
}

fn first_statement_end(block: Node<'_>) -> Option<usize> {
    let mut cursor = block.walk();
    let first = block.named_children(&mut cursor).find(|child| syntax(*child) != Syntax::Comment);
    first.map(|statement| statement.end_byte())
}
