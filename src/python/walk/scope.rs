//! From the beginning of a definition to its end.

use tree_sitter::Node;

use super::collect::{Collector, Place};
use super::header::Header;
use super::{Extent, Walk};
use crate::python::body::{BodyFacts, CodeFacts, last_part};
use crate::python::definition::{Definition, DefinitionKind};
use crate::python::fingerprint::{self, Fingerprint, Fingerprints, Stream};
use crate::python::grammar::{Syntax, syntax};
use crate::python::literal::insertion::{self, Insertion};
use crate::python::literal::{self, Literal};
use crate::python::signature::{self, Signature};
use crate::python::span::Span;
use crate::python::visibility::Visibility;

/// A definition whose end has not been reached.
pub(super) struct Scope {
    /// Its index among the definitions.
    pub(super) index: usize,
    /// The node that ends it: the definition, or the decorated definition around it.
    pub(super) node: usize,
    /// The definition's own node.
    pub(super) own: usize,
    /// The node of its name, which no fingerprint holds.
    pub(super) name: usize,
    pub(super) block: usize,
    pub(super) body_start: usize,
    pub(super) docstring_statement: Option<usize>,
    pub(super) collector: Collector,
    pub(super) signature: Stream,
    pub(super) body: Stream,
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
    pub(super) fn open_module(&mut self, root: Node<'_>) {
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
        let mut scope =
            Scope::new(0, root.id(), Collector::new(Place::Namespace, None, self.classes.clone()));
        scope.docstring_statement = statement;
        scope.critical = Span::new(0, end);
        self.scopes.push(scope);
    }

    pub(super) fn open(&mut self, outer: Node<'tree>, node: Node<'tree>) {
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
            (Visibility::Public, Visibility::Public)
                if !parent_kind.is_function() && !self.is_in_script_part() =>
            {
                Visibility::Public
            }
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
        let decorators = self.decorators(outer);
        let is_bound = kind == DefinitionKind::Method && !decorators.iter().any(|source| is_static(source));
        let signature = if is_class {
            Signature::default()
        } else {
            signature::read(&parts, &mut self.cursor, self.text, is_bound)
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
        let mut scope = Scope::new(index, outer.id(), Collector::new(place, receiver, self.classes.clone()));
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
        let bases = parts.bases(&mut self.cursor);
        if is_class && !bases.is_empty() {
            let names = bases.iter().map(|base| last_part(base.of(text)).to_owned()).collect();
            self.classes.borrow_mut().insert(name.to_owned(), names);
        }
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
            decorators: decorators.into_iter().map(decorator_name).collect(),
            is_async: parts.is_async,
            bases,
            signature,
            body: BodyFacts::default(),
            docstring: found.map(|(_, literal)| literal),
            insertion,
            broken: self.inside_error > 0,
        });
    }

    /// Returns whether the current node stands where only the run of the file as a script comes: nobody imports from there.
    fn is_in_script_part(&self) -> bool {
        let text = self.text;
        self.scopes.len() == 1
            && self.ancestors.iter().any(|around| {
                let source = text.get(around.span.start..around.span.end).unwrap_or("");
                let condition = source.strip_prefix("if").filter(|_| around.kind == Syntax::If);
                condition.is_some_and(|rest| rest.trim_start_matches([' ', '(']).starts_with("__name__"))
            })
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

    /// Returns the sources of a definition's decorators, without their `@`.
    fn decorators(&mut self, outer: Node<'tree>) -> Vec<&'a str> {
        let text = self.text;
        if syntax(outer) != Syntax::Decorated {
            return Vec::new();
        }
        let children = outer.children(&mut self.cursor).filter(|child| syntax(*child) == Syntax::Decorator);
        let sources = children.filter_map(|decorator| text.get(decorator.byte_range()));
        sources.map(|source| source.trim_start_matches('@').trim()).collect()
    }

    pub(super) fn close(&mut self) {
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
        if self.extent == Extent::Outline {
            return;
        }
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

    pub(super) fn finish(mut self) {
        while self.scopes.len() > 1 {
            self.close();
        }
        if let Some(module) = self.scopes.pop() {
            self.settle(module);
        }
        self.exports.apply(&mut self.file.definitions);
        self.file.exports = self.exports.into_names();
        self.file.imports = self.imports.finish();
        if self.extent == Extent::Whole {
            self.file.set_code(self.code);
        }
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

/// Returns the name of a decorator, without its arguments.
fn decorator_name(source: &str) -> String {
    source.split(['(', '#', '\n']).next().unwrap_or("").trim().to_owned()
}

/// Returns whether a decorator takes away the first parameter of a method.
fn is_static(source: &str) -> bool {
    let name =
        source.split('#').next().unwrap_or("").trim_matches(|edge: char| " ()\t\r\n\u{c}".contains(edge));
    let last = name.rsplit('.').next().unwrap_or("").trim();
    matches!(last, "staticmethod" | "abstractstaticmethod")
}
