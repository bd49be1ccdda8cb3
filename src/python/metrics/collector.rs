//! One pass over the syntax tree that feeds all metrics but the counts of lines.
//!
//! The collector is told of the beginning and the end of every node and keeps its own stacks, so that any walk
//! can drive it that visits a node before its children. A walk may leave out what is below the name of a
//! definition, a docstring or a plain string.

use tree_sitter::Node;

use super::cognitive::{self, Cognition, Opened};
use super::construct::{Construct, FIELDS, Field, child, construct};
use super::cyclomatic::{Cyclomatic, is_structure};
use super::dependencies::imports;
use super::halstead::{Halstead, Tally};
use super::names::{Names, ScopeKind, binds, is_label};
use super::operand::Operands;
use crate::python::walk::cursor::Cursor;

/// What was collected of one definition.
#[derive(Debug, Clone, Default)]
pub(super) struct Collected {
    /// The first and the last line, counted from 0.
    pub(super) lines: (usize, usize),
    pub(super) cyclomatic: u32,
    pub(super) cognitive: u32,
    pub(super) halstead: Halstead,
    pub(super) nesting: u32,
    /// The imported things that the definition uses; for the module, the imported modules.
    pub(super) imported: Vec<String>,
}

/// Which metrics count a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Region {
    /// All of them.
    Code,
    /// The condition of an assertion, which is one decision whatever it says.
    Assertion,
    /// The bases and decorators of a class: only Halstead's measures.
    ClassHeader,
    /// The parameters and decorators of a function, which are no part of its body: none.
    FunctionHeader,
}

impl Region {
    fn is_body(self) -> bool {
        matches!(self, Self::Code | Self::Assertion)
    }
}

/// A node whose end has not been reached.
#[derive(Debug, Clone, Copy)]
struct Entered {
    construct: Construct,
    field: Field,
    /// The same construct, or what is around it if it is a bracket that only groups.
    through_brackets: Construct,
    region: Region,
    /// Whether a name in this place is bound by it.
    binds: bool,
    opened: Opened,
    end: End,
}

/// What ends with a node.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum End {
    Nothing,
    /// One level of nesting.
    Structure,
    Decorators,
    Definition,
    Body,
}

/// A definition whose end has not been reached.
#[derive(Debug)]
struct Open {
    index: usize,
    kind: ScopeKind,
    name: u32,
    /// Whether nested functions are free, because the function is nothing but a decorator.
    is_decorator: bool,
    in_function: bool,
}

/// The body of a definition whose end has not been reached.
#[derive(Debug, Default)]
struct Body {
    cyclomatic: Cyclomatic,
    cognition: Cognition,
    tally: Tally,
    depth: u32,
    nesting: u32,
}

/// Collects the metrics of a file while its tree is walked.
#[derive(Debug)]
pub(super) struct Collector<'a> {
    text: &'a str,
    entered: Vec<Entered>,
    open: Vec<Open>,
    bodies: Vec<Body>,
    collected: Vec<Collected>,
    parents: Vec<usize>,
    operands: Operands<'a>,
    names: Names<'a>,
    /// The line on which the last token ended that is no comment.
    last_line: usize,
    /// The line on which the decorators of the next definition begin.
    decorated_at: Option<usize>,
}

impl<'a> Collector<'a> {
    /// Begins with the module.
    pub(super) fn new(text: &'a str) -> Self {
        let mut collector = Self {
            text,
            entered: Vec::new(),
            open: Vec::new(),
            bodies: vec![Body { tally: Tally::new(u32::MAX), ..Body::default() }],
            collected: Vec::new(),
            parents: Vec::new(),
            operands: Operands::new(text),
            names: Names::default(),
            last_line: 0,
            decorated_at: None,
        };
        collector.open_definition(ScopeKind::Module, 0, u32::MAX);
        collector
    }

    /// Notes the beginning of the node at which a walk is; returns whether anything in it matters.
    pub(super) fn enter(&mut self, node: Node<'_>, cursor: &Cursor<'_>) -> bool {
        let construct = construct(node);
        let outer = self.entered.last().copied().unwrap_or(Entered::ROOT);
        // Most nodes are punctuation, which only the order of `and` and `or` is read from.
        if !node.is_named() {
            if matches!(construct, Construct::And | Construct::Or) && outer.region.is_body() {
                self.count_for_readers(construct, outer);
            }
            return false;
        }
        // Asking for the field costs, and only some constructs depend on it.
        let field = if outer.construct.has_fields() { cursor.field_id() } else { None };
        let mut entered = Entered {
            construct,
            field,
            through_brackets: if construct == Construct::Parenthesized {
                outer.through_brackets
            } else {
                construct
            },
            region: outer.region,
            binds: binds(construct, field, (outer.construct, outer.binds)),
            ..Entered::ROOT
        };
        self.count(node, outer, &mut entered);
        self.read(node, outer, &mut entered);
        if construct == Construct::Else && outer.construct == Construct::Try {
            // For a reader the `else` of a `try` is no branch.
            entered.construct = Construct::Other;
        }
        if entered.region.is_body() {
            entered.opened = self.count_for_readers(entered.construct, outer);
        }
        self.entered.push(entered);
        construct != Construct::String || self.has_code(node)
    }

    /// Returns whether a string may have expressions in it.
    fn has_code(&self, string: Node<'_>) -> bool {
        let source = self.text.get(string.byte_range()).unwrap_or("");
        let prefix = source.bytes().take_while(|byte| !matches!(byte, b'"' | b'\''));
        prefix.take(3).any(|letter| matches!(letter, b'f' | b'F' | b't' | b'T'))
    }

    fn count_for_readers(&mut self, construct: Construct, outer: Entered) -> Opened {
        let Some(body) = self.bodies.last_mut() else { return Opened::Nothing };
        body.cognition.enter(construct, outer.construct, outer.through_brackets)
    }

    /// Counts a node for the definition whose body it is in.
    fn count(&mut self, node: Node<'_>, outer: Entered, entered: &mut Entered) {
        let Some(body) = self.bodies.last_mut() else { return };
        if entered.region != Region::FunctionHeader {
            body.tally.enter(node, entered.construct, &mut self.operands);
        }
        if entered.region == Region::Code {
            body.cyclomatic.enter(node, entered.construct, outer.construct);
            if is_structure(entered.construct) {
                entered.end = End::Structure;
                body.depth += 1;
                body.nesting = body.nesting.max(body.depth);
            }
        }
    }

    /// Follows definitions, names and imports.
    fn read(&mut self, node: Node<'_>, outer: Entered, entered: &mut Entered) {
        match entered.construct {
            Construct::Assert if entered.region == Region::Code => entered.region = Region::Assertion,
            Construct::Decorated => {
                self.decorated_at = Some(node.start_position().row);
                let definition = child(node, FIELDS.definition).map(construct);
                let is_class = definition == Some(Construct::Class);
                entered.region = if is_class { Region::ClassHeader } else { Region::FunctionHeader };
                entered.end = End::Decorators;
            }
            Construct::Function | Construct::Class => self.enter_definition(node, entered),
            Construct::Block if outer.end == End::Definition && entered.field == FIELDS.body => {
                self.enter_body(entered);
            }
            Construct::Import | Construct::ImportFrom => {
                for import in imports(node, self.text) {
                    self.names.imported(self.owner(), import);
                }
            }
            Construct::Identifier => self.identifier(node, outer, *entered),
            Construct::Call if entered.region.is_body() => self.call(node),
            _ => {}
        }
    }

    /// Notes the end of a node.
    pub(super) fn leave(&mut self, node: Node<'_>) {
        if !node.is_named() {
            self.last_line = node.end_position().row;
            return;
        }
        let Some(entered) = self.entered.pop() else { return };
        // Where a statement or a string ends is known without its parts, which a walk may leave out.
        let ends = match entered.construct {
            Construct::Comment => false,
            Construct::String | Construct::Concatenated | Construct::ExpressionStatement => true,
            _ => node.child_count() == 0,
        };
        if ends {
            self.last_line = node.end_position().row;
        }
        if let Some(body) = self.bodies.last_mut() {
            body.cognition.leave(entered.opened);
        }
        match entered.end {
            End::Nothing => {}
            End::Structure => {
                if let Some(body) = self.bodies.last_mut() {
                    body.depth = body.depth.saturating_sub(1);
                }
            }
            End::Decorators => self.decorated_at = None,
            End::Definition => {
                if let Some(open) = self.open.pop() {
                    self.collected[open.index].lines.1 = self.last_line;
                }
            }
            End::Body => self.leave_body(),
        }
    }

    /// Returns what was collected, per definition in the order they begin.
    pub(super) fn finish(mut self) -> Vec<Collected> {
        if let (Some(body), Some(module)) = (self.bodies.pop(), self.collected.first_mut()) {
            body.settle(module);
        }
        let resolved = self.names.resolve();
        let recursive = cognitive::recursive(&resolved.calls);
        let mut increments = vec![0_u32; self.collected.len()];
        for index in (0..self.collected.len()).rev() {
            let recursive = recursive.get(index).copied().unwrap_or(false);
            increments[index] = increments[index].saturating_add(u32::from(recursive));
            let increment = increments[index];
            self.collected[index].cognitive = self.collected[index].cognitive.saturating_add(increment);
            if index > 0 {
                let outer = &mut increments[self.parents[index]];
                *outer = outer.saturating_add(increment);
            }
        }
        for (collected, imported) in self.collected.iter_mut().zip(resolved.imported) {
            collected.imported = imported;
        }
        if let Some(module) = self.collected.first_mut() {
            module.imported = resolved.modules;
        }
        self.collected
    }

    fn open_definition(&mut self, kind: ScopeKind, first_line: usize, name: u32) {
        let index = self.collected.len();
        let outer = self.open.last();
        let parent = outer.map_or(0, |outer| outer.index);
        let in_function = outer.is_some_and(|outer| outer.in_function || outer.kind == ScopeKind::Function);
        self.parents.push(parent);
        self.names.open(kind, parent, name);
        let lines = (first_line, first_line);
        self.collected.push(Collected { lines, cyclomatic: 1, ..Collected::default() });
        self.open.push(Open { index, kind, name, is_decorator: false, in_function });
    }

    fn enter_definition(&mut self, node: Node<'_>, entered: &mut Entered) {
        let is_class = entered.construct == Construct::Class;
        let name = child(node, FIELDS.name).and_then(|name| self.text.get(name.byte_range())).unwrap_or("");
        let name = self.names.number(name);
        let first_line = self.decorated_at.take().unwrap_or_else(|| node.start_position().row);
        self.open_definition(if is_class { ScopeKind::Class } else { ScopeKind::Function }, first_line, name);
        if let Some(open) = self.open.last_mut() {
            open.is_decorator = !is_class && is_decorator(node);
        }
        entered.end = End::Definition;
        entered.region = if is_class { Region::ClassHeader } else { Region::FunctionHeader };
    }

    fn enter_body(&mut self, entered: &mut Entered) {
        let Some(open) = self.open.last() else { return };
        let function = match open.kind {
            ScopeKind::Function => open.name,
            _ => self.bodies.last().map_or(u32::MAX, |outer| outer.tally.function()),
        };
        self.bodies.push(Body { tally: Tally::new(function), ..Body::default() });
        entered.end = End::Body;
        entered.region = Region::Code;
    }

    fn leave_body(&mut self) {
        let (Some(body), Some(open)) = (self.bodies.pop(), self.open.last()) else { return };
        let (kind, index, in_function) = (open.kind, open.index, open.in_function);
        body.settle(&mut self.collected[index]);
        let around = self.open.len().checked_sub(2).and_then(|outer| self.open.get(outer));
        let (Some(outer), Some(around)) = (self.bodies.last_mut(), around) else { return };
        // Nesting is of methods in methods; a module or class only sums up what is in it.
        let deeper = match (kind, around.kind) {
            _ if !in_function => 0,
            (ScopeKind::Function, ScopeKind::Function) if around.is_decorator => 0,
            (ScopeKind::Function, _) => outer.cognition.nesting() + 1,
            _ => outer.cognition.nesting(),
        };
        outer.cyclomatic.absorb(&body.cyclomatic, kind, around.kind);
        outer.cognition.absorb(&body.cognition, deeper);
        outer.tally.absorb(body.tally);
    }

    /// The definition to which names belong: the next one while its decorators are read.
    fn owner(&self) -> usize {
        match self.decorated_at {
            Some(_) => self.collected.len(),
            None => self.open.last().map_or(0, |open| open.index),
        }
    }

    fn identifier(&mut self, node: Node<'_>, outer: Entered, entered: Entered) {
        let Some(name) = self.text.get(node.byte_range()) else { return };
        let owner = self.owner();
        match outer.construct {
            Construct::Scoping => self.names.elsewhere(owner, name),
            _ if is_label(outer.construct, entered.field) => {}
            _ if entered.binds => self.names.bound(owner, name),
            _ => self.names.used(owner, name),
        }
    }

    fn call(&mut self, node: Node<'_>) {
        let Some(function) = child(node, FIELDS.function) else { return };
        let owner = self.owner();
        let source = |node: Node<'_>| self.text.get(node.byte_range());
        match construct(function) {
            Construct::Identifier => {
                if let Some(name) = source(function) {
                    self.names.called(owner, name);
                }
            }
            Construct::Attribute => {
                let object = child(function, FIELDS.object).and_then(source);
                let attribute = child(function, FIELDS.attribute).and_then(source);
                if let (Some("self" | "cls"), Some(name)) = (object, attribute) {
                    self.names.called_own_method(owner, name);
                }
            }
            _ => {}
        }
    }
}

impl Entered {
    /// What is around the whole tree.
    const ROOT: Self = Self {
        construct: Construct::Other,
        field: None,
        through_brackets: Construct::Other,
        region: Region::Code,
        binds: false,
        opened: Opened::Nothing,
        end: End::Nothing,
    };
}

impl Body {
    fn settle(&self, collected: &mut Collected) {
        collected.cyclomatic = self.cyclomatic.total();
        collected.cognitive = self.cognition.score();
        collected.halstead = self.tally.counts();
        collected.nesting = self.nesting;
    }
}

/// Whether a function holds nothing but one function and a `return`, which is how decorators are written.
///
/// The white paper's exception for Python (its appendix A); a docstring is no statement here.
fn is_decorator(function: Node<'_>) -> bool {
    let Some(block) = child(function, FIELDS.body) else { return false };
    let (mut functions, mut returns) = (0, 0);
    let mut cursor = block.walk();
    for (index, statement) in block.named_children(&mut cursor).enumerate() {
        let inner = match construct(statement) {
            Construct::Decorated => child(statement, FIELDS.definition).map_or(Construct::Other, construct),
            construct => construct,
        };
        match inner {
            Construct::Function => functions += 1,
            Construct::Return => returns += 1,
            Construct::Comment => {}
            Construct::ExpressionStatement if index == 0 && is_string(statement) => {}
            _ => return false,
        }
    }
    functions == 1 && returns == 1
}

fn is_string(statement: Node<'_>) -> bool {
    let inner = statement.named_child(0).map(construct);
    matches!(inner, Some(Construct::String | Construct::Concatenated))
}
