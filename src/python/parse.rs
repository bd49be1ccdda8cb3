//! The walk over the syntax tree: one pass, no recursion, owned results.

use std::cell::RefCell;
use std::collections::HashMap;

use tree_sitter::{Node, Parser, Tree};

use super::body::Collector;
use super::broken;
use super::definition::{Definition, DefinitionKind, ParsedFile};
use super::fingerprint::{self, Fingerprint, Fingerprints};
use super::grammar::{Syntax, language, syntax};
use super::insertion::{self, Insertion};
use super::literal;
use super::signature::{self, Signature};
use super::span::{LineIndex, Span};
use super::visibility::{Exports, Visibility};

thread_local! {
    /// Making a parser costs more than parsing a small file.
    static PARSER: RefCell<Option<Parser>> = const { RefCell::new(None) };
}

/// Parses a text; `None` when the parser gives up, which it does only without memory.
pub(super) fn tree(text: &str) -> Option<Tree> {
    // tree-sitter does not take a lone CR for the end of a line; Python does. Offsets stay as they are.
    let unified;
    let text = if has_lone_carriage_return(text) {
        unified = unify_line_ends(text);
        unified.as_str()
    } else {
        text
    };
    PARSER.with_borrow_mut(|slot| {
        if slot.is_none() {
            let mut parser = Parser::new();
            parser.set_language(language()).ok()?;
            *slot = Some(parser);
        }
        slot.as_mut()?.parse(text, None)
    })
}

fn has_lone_carriage_return(text: &str) -> bool {
    let bytes = text.as_bytes();
    memchr::memchr_iter(b'\r', bytes).any(|at| bytes.get(at + 1) != Some(&b'\n'))
}

fn unify_line_ends(text: &str) -> String {
    let mut characters = text.chars().peekable();
    let mut unified = String::with_capacity(text.len());
    while let Some(character) = characters.next() {
        let lone = character == '\r' && characters.peek() != Some(&'\n');
        unified.push(if lone { '\n' } else { character });
    }
    unified
}

/// Finds the definitions of a Python file.
///
/// What is not Python is listed in [`ParsedFile::errors`]; definitions around it are marked as broken.
#[must_use]
pub fn parse(text: &str) -> ParsedFile {
    let mut file = ParsedFile {
        text: text.to_owned(),
        lines: LineIndex::new(text),
        definitions: Vec::new(),
        errors: Vec::new(),
    };
    let Some(tree) = tree(text) else {
        file.errors.push(Span::new(0, text.len()));
        return file;
    };
    let mut walk = Walk {
        text,
        file: &mut file,
        scopes: Vec::new(),
        ancestors: vec![(tree.root_node().id(), Syntax::Other)],
        exports: Exports::default(),
        inside_error: 0,
    };
    walk.open_module(tree.root_node());
    let mut cursor = tree.walk();
    if !cursor.goto_first_child() {
        walk.finish();
        return file;
    }
    'walk: loop {
        let node = cursor.node();
        if walk.enter(node) && cursor.goto_first_child() {
            walk.ancestors.push((node.id(), syntax(node)));
            continue;
        }
        walk.leave(node);
        while !cursor.goto_next_sibling() {
            walk.ancestors.pop();
            if walk.ancestors.is_empty() || !cursor.goto_parent() {
                break 'walk;
            }
            walk.leave_children(cursor.node());
            walk.leave(cursor.node());
        }
    }
    walk.finish();
    broken::mark(&mut file);
    file
}

struct Walk<'a> {
    text: &'a str,
    file: &'a mut ParsedFile,
    scopes: Vec<Scope>,
    /// The nodes around the current one; asking a node for its parent would walk down from the root.
    ancestors: Vec<(usize, Syntax)>,
    exports: Exports,
    inside_error: usize,
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
    signature: Vec<u8>,
    body: Vec<u8>,
    members: Vec<String>,
    nested: Vec<u8>,
    /// Where an error makes it unsafe to edit: header, docstring and first statement.
    critical: Span,
    names: HashMap<String, usize>,
}

impl Walk<'_> {
    fn open_module(&mut self, root: Node<'_>) {
        let found = literal::find(root, self.text);
        let critical = Span::new(0, found.as_ref().map_or(0, |(statement, _)| statement.end_byte()));
        self.file.definitions.push(Definition {
            kind: DefinitionKind::Module,
            name: String::new(),
            qualified_name: String::new(),
            parent: None,
            visibility: Visibility::Public,
            span: Span::new(0, self.text.len()),
            header: Span::new(0, 0),
            name_span: Span::new(0, 0),
            decorators: Vec::new(),
            is_async: false,
            signature: Signature::default(),
            body: super::body::BodyFacts::default(),
            docstring: found.as_ref().map(|(_, literal)| literal.clone()),
            insertion: insertion::in_module(self.text),
            fingerprints: Fingerprints::default(),
            broken: false,
        });
        self.scopes.push(Scope {
            index: 0,
            node: root.id(),
            own: root.id(),
            name: 0,
            block: root.id(),
            body_start: 0,
            docstring_statement: found.map(|(statement, _)| statement.id()),
            collector: Collector::default(),
            signature: Vec::new(),
            body: Vec::new(),
            members: Vec::new(),
            nested: Vec::new(),
            critical,
            names: HashMap::new(),
        });
    }

    /// Notes the beginning of a node; returns whether to look at its children.
    fn enter(&mut self, node: Node<'_>) -> bool {
        let (parent, parent_syntax) = self.ancestors.last().copied().unwrap_or((0, Syntax::Other));
        if let Some(scope) = self.scopes.last_mut()
            && scope.block == parent
            && node.is_named()
            && scope.docstring_statement != Some(node.id())
        {
            scope.collector.statement(node, self.text);
        }
        match syntax(node) {
            Syntax::Error => {
                self.inside_error += 1;
                self.file.errors.push(Span::new(node.start_byte(), node.end_byte()));
            }
            Syntax::Decorated => {
                if let Some(inner) = node.child_by_field_name("definition") {
                    self.open(node, inner);
                }
            }
            Syntax::Function | Syntax::Class if !self.is_open(node) => self.open(node, node),
            Syntax::Decorator => self.decorator(node),
            Syntax::Assignment | Syntax::AugmentedAssignment | Syntax::Call if self.scopes.len() == 1 => {
                self.exports.read(node, self.text);
            }
            _ => {}
        }
        let Some(scope) = self.scopes.last_mut() else { return true };
        if scope.docstring_statement == Some(node.id()) || scope.name == node.id() {
            return false;
        }
        let in_body = node.start_byte() >= scope.body_start;
        if in_body && node.is_named() {
            scope.collector.enter(node, self.text);
        }
        let stream = if in_body { &mut scope.body } else { &mut scope.signature };
        let descend = fingerprint::enter(node, parent_syntax, self.text, stream);
        if !descend && node.has_error() && syntax(node) != Syntax::Error {
            self.file.errors.push(Span::new(node.start_byte(), node.end_byte()));
        }
        descend
    }

    /// A decorated definition was opened with its decorators.
    fn is_open(&self, node: Node<'_>) -> bool {
        self.scopes.last().is_some_and(|scope| scope.own == node.id())
    }

    /// Notes the end of a node whose children were looked at.
    fn leave_children(&mut self, node: Node<'_>) {
        if let Some(scope) = self.scopes.last_mut() {
            let in_body = node.start_byte() >= scope.body_start;
            let stream = if in_body { &mut scope.body } else { &mut scope.signature };
            fingerprint::leave(node, stream);
        }
    }

    fn leave(&mut self, node: Node<'_>) {
        if syntax(node) == Syntax::Error {
            self.inside_error = self.inside_error.saturating_sub(1);
        }
        let Some(scope) = self.scopes.last_mut() else { return };
        if node.start_byte() >= scope.body_start {
            scope.collector.leave(node);
        }
        if scope.node == node.id() && self.scopes.len() > 1 {
            self.close();
        }
    }

    fn open(&mut self, outer: Node<'_>, node: Node<'_>) {
        let Some(parent_scope) = self.scopes.last() else { return };
        let parent_index = parent_scope.index;
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
        let name_node = node.child_by_field_name("name");
        let name = name_node.and_then(|node| self.text.get(node.byte_range())).unwrap_or("").to_owned();
        let qualified_name = self.qualified_name(&name);
        let block = node.child_by_field_name("body");
        let found = block.and_then(|block| literal::find(block, self.text));
        let header_end = block.and_then(|block| colon_before(node, block)).unwrap_or(node.end_byte());
        let header = Span::new(node.start_byte(), header_end);
        let mut cursor = node.walk();
        let is_async = node.children(&mut cursor).next().is_some_and(|child| child.kind() == "async");
        let visibility = match (Visibility::of_name(&name), parent_visibility) {
            (Visibility::Public, Visibility::Public) if !parent_kind.is_function() => Visibility::Public,
            _ => Visibility::Private,
        };
        let bound = kind == DefinitionKind::Method;
        let insertion = block.map_or(Insertion::Nowhere("it has no body"), |block| {
            insertion::in_body(header, block, self.text)
        });
        let critical_end = match (&found, block.and_then(first_statement_end)) {
            (Some((statement, _)), _) if is_class => statement.end_byte(),
            (None, Some(end)) if is_class => end,
            _ => node.end_byte(),
        };
        let index = self.file.definitions.len();
        self.file.definitions.push(Definition {
            kind,
            name,
            qualified_name,
            parent: Some(parent_index),
            visibility,
            span: Span::new(outer.start_byte(), outer.end_byte()),
            header,
            name_span: name_node.map_or(header, |node| Span::new(node.start_byte(), node.end_byte())),
            decorators: Vec::new(),
            is_async,
            signature: if is_class { Signature::default() } else { signature::read(node, self.text, bound) },
            body: super::body::BodyFacts::default(),
            docstring: found.as_ref().map(|(_, literal)| literal.clone()),
            insertion,
            fingerprints: Fingerprints::default(),
            broken: self.inside_error > 0,
        });
        self.scopes.push(Scope {
            index,
            node: outer.id(),
            own: node.id(),
            name: name_node.map_or(0, |node| node.id()),
            block: block.map_or(0, |block| block.id()),
            body_start: block.map_or(node.end_byte(), |block| block.start_byte()),
            docstring_statement: found.map(|(statement, _)| statement.id()),
            collector: Collector::default(),
            signature: Vec::new(),
            body: Vec::new(),
            members: Vec::new(),
            nested: Vec::new(),
            critical: Span::new(outer.start_byte(), critical_end),
            names: HashMap::new(),
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

    fn decorator(&mut self, node: Node<'_>) {
        let Some(scope) = self.scopes.last() else { return };
        let source = self.text.get(node.byte_range()).unwrap_or("").trim_start_matches('@').trim();
        let name = source.split(['(', '#', '\n']).next().unwrap_or("").trim().to_owned();
        let definition = &mut self.file.definitions[scope.index];
        if name.rsplit('.').next() == Some("staticmethod") {
            definition.signature.has_receiver = false;
        }
        definition.decorators.push(name);
    }

    fn close(&mut self) {
        let Some(mut scope) = self.scopes.pop() else { return };
        let own_members = std::mem::take(&mut scope.members);
        let index = scope.index;
        let whole = self.settle(scope, own_members);
        let Some(parent) = self.scopes.last_mut() else { return };
        let parent_is_function = self.file.definitions[parent.index].kind.is_function();
        if parent_is_function {
            parent.body.extend(self.file.definitions[index].name.as_bytes());
            parent.body.extend(whole.as_bytes());
        } else {
            parent.nested.extend(whole.as_bytes());
        }
    }

    /// Writes what was collected into the definition; returns the hash over all its code.
    fn settle(&mut self, scope: Scope, mut members: Vec<String>) -> Fingerprint {
        members.sort_unstable();
        let signature = Fingerprint::of(&scope.signature);
        let body = Fingerprint::of(&scope.body);
        let mut whole = Vec::with_capacity(64 + scope.nested.len());
        whole.extend(signature.as_bytes());
        whole.extend(body.as_bytes());
        whole.extend(&scope.nested);
        let definition = &mut self.file.definitions[scope.index];
        let is_function = definition.kind.is_function();
        if is_function {
            definition.body = scope.collector.finish();
        }
        let docstring = definition.docstring.as_ref().map_or_else(String::new, |literal| {
            // An empty docstring is not the same as none.
            format!("={}", fingerprint::clean(&literal.value))
        });
        definition.fingerprints = Fingerprints {
            signature,
            body,
            docstring: Fingerprint::of(docstring.as_bytes()),
            members: if is_function {
                Fingerprint::default()
            } else {
                Fingerprint::of(members.join("\n").as_bytes())
            },
        };
        definition.broken |= self.file.errors.iter().any(|error| {
            error.start < scope.critical.end && error.end > scope.critical.start
                || error.is_empty() && scope.critical.contains(*error)
        });
        Fingerprint::of(&whole)
    }

    fn finish(mut self) {
        while self.scopes.len() > 1 {
            self.close();
        }
        if let Some(mut module) = self.scopes.pop() {
            let members = std::mem::take(&mut module.members);
            self.settle(module, members);
        }
        self.exports.apply(&mut self.file.definitions);
    }
}

fn colon_before(node: Node<'_>, block: Node<'_>) -> Option<usize> {
    let mut cursor = node.walk();
    let colons = node.children(&mut cursor).filter(|child| child.kind() == ":");
    colons.filter(|colon| colon.end_byte() <= block.start_byte()).last().map(|colon| colon.end_byte())
}

fn first_statement_end(block: Node<'_>) -> Option<usize> {
    let mut cursor = block.walk();
    let first = block.named_children(&mut cursor).find(|child| syntax(*child) != Syntax::Comment);
    first.map(|statement| statement.end_byte())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(source: &str) -> Vec<String> {
        let file = parse(source);
        file.definitions.iter().skip(1).map(|definition| definition.qualified_name.clone()).collect()
    }

    #[test]
    fn definitions_have_unique_dotted_names() {
        let source = "\
def f(): pass
class A:
    @property
    def x(self): pass
    @x.setter
    def x(self, value): pass
    class B:
        async def y(self):
            def inner(): pass
if True:
    def f(): pass
";
        let expected = ["f", "A", "A.x", "A.x#2", "A.B", "A.B.y", "A.B.y.inner", "f#2"];
        assert_eq!(names(source), expected);
    }

    #[test]
    fn visibility_follows_names_and_the_list_of_exports() {
        let by_name = parse("def f(): pass\ndef _g(): pass\nclass _C:\n    def m(self): pass\n");
        let public: Vec<bool> =
            by_name.definitions.iter().map(|found| found.visibility == Visibility::Public).collect();
        assert_eq!(public, [true, true, false, false, false]);
        let listed = parse(
            "__all__ = ['_g']\n__all__ += ['C']\ndef f(): pass\ndef _g(): pass\nclass C:\n    def m(self): pass\n",
        );
        let public: Vec<bool> =
            listed.definitions.iter().map(|found| found.visibility == Visibility::Public).collect();
        assert_eq!(public, [true, false, true, true, true]);
    }

    #[test]
    fn docstrings_are_those_that_cpython_sees() {
        let table = [
            ("def f():\n    '''Doc.'''\n", Some("Doc.")),
            ("def f(): 'Doc.'\n", Some("Doc.")),
            ("def f():\n    # first\n    'a' 'b'\n", Some("ab")),
            ("def f():\n    ('a')\n", Some("a")),
            ("def f():\n    'a',\n", None),
            ("def f():\n    b'a'\n", None),
            ("def f():\n    f'a'\n", None),
            ("def f():\n    'a'.strip()\n", None),
            ("def f():\n    x = 'a'\n", None),
            ("def f():\n    'a'; return 1\n", Some("a")),
            ("def f():\n    ...\n    'a'\n", None),
            ("\u{feff}def f():\n    'é'\n", Some("é")),
            ("def f():\r\n    'a\\\r\nb'\r\n", Some("ab")),
            ("def f():\r    '''a\rb'''\r", Some("a\nb")),
        ];
        for (source, expected) in table {
            let file = parse(source);
            let docstring = file.definitions[1].docstring.as_ref();
            assert_eq!(docstring.map(|literal| literal.value.as_str()), expected, "{source:?}");
        }
    }

    #[test]
    fn raises_that_a_handler_stops_do_not_leave_the_function() {
        let source = "\
def f(x):
    try:
        raise ValueError('inner')
    except (ValueError, errors.Broken) as error:
        raise KeyError from error
    try:
        raise OSError
    except Exception:
        pass
    try:
        go()
    except LookupError:
        raise
    def g():
        raise IndexError
    h = lambda: (yield)
    raise error
";
        let file = parse(source);
        let raises: Vec<Option<&str>> =
            file.definitions[1].body.raises.iter().map(|raise| raise.exception.as_deref()).collect();
        assert_eq!(raises, [Some("KeyError"), Some("LookupError"), None]);
        assert!(!file.definitions[1].body.is_generator());
    }

    #[test]
    fn a_signature_is_read_with_kinds_annotations_and_defaults() {
        let source = "class A:\n    def f(self, a, /, b: int = 1, *args: str, c, d: 'X' = None, **kw) -> list[int]: ...\n";
        let signature = &parse(source).definitions[2].signature;
        let read: Vec<_> = signature
            .callers_parameters()
            .iter()
            .map(|found| (found.display_name(), found.annotation.as_deref(), found.default.as_deref()))
            .collect();
        let expected = [
            ("a".to_owned(), None, None),
            ("b".to_owned(), Some("int"), Some("1")),
            ("*args".to_owned(), Some("str"), None),
            ("c".to_owned(), None, None),
            ("d".to_owned(), Some("'X'"), Some("None")),
            ("**kw".to_owned(), None, None),
        ];
        assert_eq!(read, expected);
        assert_eq!(signature.returns.as_deref(), Some("list[int]"));
    }

    #[test]
    fn only_what_a_syntax_error_touches_is_broken() {
        let file = parse("def f():\n    return 1\n\ndef g(:\n    return\n\ndef h():\n    return 2\n");
        assert!(!file.errors.is_empty());
        let f = file.find("f").expect("f is found");
        assert!(!f.broken);
    }

    #[test]
    fn stubs_are_told_from_code() {
        let table = [
            ("    ...\n", true),
            ("    pass\n", true),
            ("    'Doc.'\n", true),
            ("    'Doc.'\n    raise NotImplementedError\n", true),
            ("    return 1\n", false),
            ("    def g(): pass\n", false),
        ];
        for (body, expected) in table {
            let file = parse(&format!("def f():\n{body}"));
            assert_eq!(file.definitions[1].body.is_stub, expected, "{body}");
        }
    }

    #[test]
    fn depth_does_not_exhaust_the_stack() {
        let deep = format!("x = {}1{}\n", "(".repeat(5_000), ")".repeat(5_000));
        assert_eq!(parse(&deep).definitions.len(), 1);
        let mut lines: Vec<String> =
            (0..300).map(|level| format!("{}def f{level}():", " ".repeat(level))).collect();
        lines.push(format!("{}pass", " ".repeat(300)));
        assert_eq!(parse(&lines.join("\n")).definitions.len(), 301);
    }
}
