//! The import statements of a file, as facts: which name stands for what.
//!
//! They are noted during the walk of `parse`; `names` answers from them what a name means at some place, `bases`
//! and `exceptions` what a class derives from, and `modules` follows them into other files. Nothing is opened here.

pub(super) mod bases;
pub(super) mod exceptions;
pub(super) mod names;

use std::collections::{HashMap, HashSet};

use tree_sitter::Node;

use super::grammar::{Field, Syntax, child, syntax};
use super::span::Span;
use super::walk::collect::Seen;

/// A name that an import statement binds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Import {
    /// The name that is bound; empty for a star import.
    pub bound: String,
    /// The module that is named.
    pub module: ModuleName,
    /// What is taken from it.
    pub imported: Imported,
    /// The definition it stands in, as an index; 0 for the module itself.
    pub scope: usize,
    /// Whether it is always carried out.
    pub condition: Condition,
    /// The clause that binds the name: `a.b as c`, or the whole statement of a star import.
    pub span: Span,
}

/// A module as an import statement names it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ModuleName {
    /// The number of leading dots; 0 for an absolute name.
    pub level: usize,
    /// The dotted name after them; empty in `from . import x`.
    pub path: String,
}

/// What an import takes from a module.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Imported {
    /// `import a.b`: the name `a` stands for the package `a`, and `a.b` is loaded.
    Package,
    /// `import a.b as c`: the module itself.
    Module,
    /// `from a import b`: a name in the module, or a module below it.
    Name(String),
    /// `from a import *`.
    Star,
}

/// Whether an import is always carried out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Condition {
    /// It is.
    Always,
    /// Only in the eyes of a type checker.
    TypeChecking,
    /// In the body of a `try`, which may have another way out.
    Attempted,
    /// Under some other `if`.
    Conditional,
    /// In the branch for when something else did not work: `except`, `elif` or `else`.
    Fallback,
}

/// An assignment of one name at the top level of a module.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Assigned {
    /// The dotted name that is assigned; `None` for anything else.
    pub value: Option<String>,
    /// The statement.
    pub span: Span,
}

/// What the imports of a file bind, and what it assigns at its top level.
#[derive(Debug, Clone, Default)]
pub struct Imports {
    all: Vec<Import>,
    by_name: HashMap<String, Vec<usize>>,
    stars: Vec<usize>,
    assigned: HashMap<String, Assigned>,
    words: HashSet<String>,
}

impl Imports {
    /// Returns all imports in the order of the text.
    #[must_use]
    pub fn all(&self) -> &[Import] {
        &self.all
    }

    /// Returns the star imports that stand directly in a definition.
    #[must_use]
    pub fn stars(&self, scope: usize) -> impl DoubleEndedIterator<Item = &Import> {
        let stars = self.stars.iter().filter_map(|index| self.all.get(*index));
        stars.filter(move |import| import.scope == scope)
    }

    /// Returns the import that gives a name its meaning in a definition, the ones around it left out.
    ///
    /// Of several, one that is always carried out wins, the last of them as when the code runs. Otherwise it is
    /// the first, which the others make up for.
    #[must_use]
    pub fn binding(&self, name: &str, scope: usize) -> Option<&Import> {
        let indices = self.by_name.get(name)?;
        let mut chosen: Option<&Import> = None;
        for import in indices.iter().filter_map(|index| self.all.get(*index)) {
            if import.scope != scope {
                continue;
            }
            let better = chosen.is_none_or(|chosen| {
                let (one, other) = (import.condition.rank(), chosen.condition.rank());
                one < other || one == other && one == 0
            });
            if better {
                chosen = Some(import);
            }
        }
        chosen
    }

    /// Returns a definition that imports a name: the module itself if it does, else the first one inside it.
    #[must_use]
    pub fn scope_of(&self, name: &str) -> Option<usize> {
        let indices = self.by_name.get(name)?;
        indices.iter().filter_map(|index| self.all.get(*index)).map(|import| import.scope).min()
    }

    /// Returns what the module assigns to a name at its top level, the last time it does.
    #[must_use]
    pub fn assigned(&self, name: &str) -> Option<&Assigned> {
        self.assigned.get(name)
    }

    /// Returns whether an import anywhere in the file has a word in it: `yacc` is one of `ply.yacc`.
    #[must_use]
    pub fn mention(&self, word: &str) -> bool {
        self.words.contains(word)
    }
}

impl Condition {
    fn rank(self) -> u8 {
        match self {
            Self::Always | Self::TypeChecking => 0,
            Self::Attempted => 1,
            Self::Conditional => 2,
            Self::Fallback => 3,
        }
    }
}

/// Collects the imports of a file while it is walked.
#[derive(Debug, Default)]
pub(super) struct Collector {
    imports: Imports,
    guards: Vec<Guard>,
}

/// Where a node stands: below which kind of node, and in which definition.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place {
    pub(super) parent: Syntax,
    pub(super) scope: usize,
}

/// A stretch of code that is carried out under a condition.
#[derive(Debug)]
struct Guard {
    end: usize,
    scope: usize,
    condition: Condition,
}

impl Collector {
    /// Notes a node.
    pub(super) fn enter(&mut self, seen: Seen<'_>, place: Place, text: &str) {
        let Place { parent, scope } = place;
        let node = seen.node;
        match seen.kind {
            Syntax::If => {
                let condition = child(node, Field::Condition).map_or("", |node| source(node, text));
                let condition = match condition.rsplit('.').next() {
                    Some("TYPE_CHECKING") => Condition::TypeChecking,
                    _ => Condition::Conditional,
                };
                self.guard(child(node, Field::Consequence).unwrap_or(node), scope, condition);
            }
            Syntax::Try => {
                let body = child(node, Field::Body).unwrap_or(node);
                self.guard(body, scope, Condition::Attempted);
            }
            Syntax::ExceptClause | Syntax::ElifClause => self.guard(node, scope, Condition::Fallback),
            Syntax::ElseClause => {
                let condition = match parent {
                    Syntax::If => Condition::Fallback,
                    Syntax::Try => Condition::Attempted,
                    _ => Condition::Conditional,
                };
                self.guard(node, scope, condition);
            }
            Syntax::Import | Syntax::FutureImport | Syntax::ImportFrom => self.statement(node, text, scope),
            Syntax::Assignment if scope == 0 => self.assignment(node, text),
            _ => {}
        }
    }

    /// Returns what was collected.
    pub(super) fn finish(self) -> Imports {
        self.imports
    }

    fn guard(&mut self, node: Node<'_>, scope: usize, condition: Condition) {
        self.forget_before(node.start_byte());
        self.guards.push(Guard { end: node.end_byte(), scope, condition });
    }

    fn forget_before(&mut self, offset: usize) {
        while self.guards.pop_if(|guard| guard.end <= offset).is_some() {}
    }

    fn condition(&self, scope: usize) -> Condition {
        let own = self.guards.iter().filter(|guard| guard.scope == scope);
        let worst = own.map(|guard| guard.condition);
        // What a type checker alone sees is so however deep it stands, unless it is the way out.
        worst.max_by_key(|condition| (condition.rank(), *condition)).unwrap_or(Condition::Always)
    }

    fn statement(&mut self, node: Node<'_>, text: &str, scope: usize) {
        self.forget_before(node.start_byte());
        let condition = self.condition(scope);
        let from = match syntax(node) {
            Syntax::Import => None,
            Syntax::FutureImport => Some(ModuleName { level: 0, path: "__future__".to_owned() }),
            _ => Some(child(node, Field::ModuleName).map_or_else(ModuleName::default, |module| {
                let written = unspaced(source(module, text));
                let path = written.trim_start_matches('.').to_owned();
                ModuleName { level: written.len() - path.len(), path }
            })),
        };
        let mut cursor = node.walk();
        let mut clauses: Vec<Node<'_>> = node.children_by_field_name("name", &mut cursor).collect();
        let mut cursor = node.walk();
        clauses.extend(node.named_children(&mut cursor).filter(|child| syntax(*child) == Syntax::Wildcard));
        for clause in clauses {
            let is_star = syntax(clause) == Syntax::Wildcard;
            let span = if is_star { node } else { clause };
            let span = Span::new(span.start_byte(), span.end_byte());
            let alias = child(clause, Field::Alias).map(|alias| unspaced(source(alias, text)));
            let name = child(clause, Field::Name).unwrap_or(clause);
            let name = unspaced(source(name, text));
            let (bound, module, imported) = match (&from, alias) {
                (Some(module), _) if is_star => (String::new(), module.clone(), Imported::Star),
                (Some(module), alias) => {
                    (alias.unwrap_or_else(|| name.clone()), module.clone(), Imported::Name(name))
                }
                (None, Some(alias)) => (alias, ModuleName { level: 0, path: name }, Imported::Module),
                (None, None) => {
                    let first = name.split('.').next().unwrap_or("").to_owned();
                    (first, ModuleName { level: 0, path: name }, Imported::Package)
                }
            };
            self.push(Import { bound, module, imported, scope, condition, span });
        }
    }

    fn push(&mut self, import: Import) {
        let imports = &mut self.imports;
        let index = imports.all.len();
        imports.words.extend(import.module.path.split('.').map(str::to_owned));
        match &import.imported {
            Imported::Star => imports.stars.push(index),
            imported => {
                if let Imported::Name(name) = imported {
                    imports.words.insert(name.clone());
                }
                imports.by_name.entry(import.bound.clone()).or_default().push(index);
            }
        }
        imports.all.push(import);
    }

    fn assignment(&mut self, node: Node<'_>, text: &str) {
        let Some(name) = child(node, Field::Left) else { return };
        if syntax(name) != Syntax::Identifier {
            return;
        }
        let value = child(node, Field::Right).map(|value| unspaced(source(value, text)));
        let assigned = Assigned {
            value: value.filter(|value| is_dotted_name(value)),
            span: Span::new(node.start_byte(), node.end_byte()),
        };
        self.imports.assigned.insert(source(name, text).to_owned(), assigned);
    }
}

/// Returns whether a text is a name, or names with dots between them, and neither a number nor a constant.
pub(super) fn is_dotted_name(text: &str) -> bool {
    let is_name = |part: &str| {
        part.starts_with(|first: char| first.is_alphabetic() || first == '_')
            && part.chars().all(is_name_part)
    };
    !text.is_empty() && text.split('.').all(is_name) && !matches!(text, "None" | "True" | "False")
}

/// Returns whether a character may stand inside a name.
pub(super) fn is_name_part(character: char) -> bool {
    character.is_alphanumeric() || character == '_'
}

fn source<'a>(node: Node<'_>, text: &'a str) -> &'a str {
    text.get(node.byte_range()).unwrap_or("")
}

/// Blanks and line continuations may stand around every dot.
fn unspaced(name: &str) -> String {
    if !name.contains(|character: char| character.is_whitespace() || character == '\\') {
        return name.to_owned();
    }
    name.chars().filter(|character| !character.is_whitespace() && *character != '\\').collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::python::parse;

    /// Writes an import as `bound = ..module:what`.
    fn shown(import: &Import) -> String {
        let what = match &import.imported {
            Imported::Package => "package".to_owned(),
            Imported::Module => "module".to_owned(),
            Imported::Name(name) => name.clone(),
            Imported::Star => "*".to_owned(),
        };
        format!("{} = {}{}:{what}", import.bound, ".".repeat(import.module.level), import.module.path)
    }

    #[test]
    fn every_form_of_import_is_read() {
        let table: &[(&str, &[&str])] = &[
            ("import a", &["a = a:package"]),
            ("import a.b.c", &["a = a.b.c:package"]),
            ("import a.b as c, d", &["c = a.b:module", "d = d:package"]),
            ("from a import b", &["b = a:b"]),
            ("from a . b import (c as d,\n    e,  # why\n)", &["d = a.b:c", "e = a.b:e"]),
            ("from . import x", &["x = .:x"]),
            ("from .. import x as y", &["y = ..:x"]),
            ("from ...a.b import c", &["c = ...a.b:c"]),
            ("from . . a import c", &["c = ..a:c"]),
            ("from .a import *", &[" = .a:*"]),
            ("from __future__ import annotations", &["annotations = __future__:annotations"]),
            ("from a \\\n    import b", &["b = a:b"]),
            ("import a; import b", &["a = a:package", "b = b:package"]),
            ("with x:\n    import a", &["a = a:package"]),
            ("x = 'import a'\n# import b", &[]),
            ("imports = 1\nfrom_a = 2", &[]),
        ];
        for (source, expected) in table {
            let file = parse(source);
            let found: Vec<String> = file.imports.all().iter().map(shown).collect();
            assert_eq!(&found, expected, "{source}");
        }
    }

    #[test]
    fn conditions_and_scopes_are_those_of_the_code_around() {
        let source = "\
import always
if TYPE_CHECKING:
    import checked
elif x:
    import other
if typing.TYPE_CHECKING:
    if y:
        import twice
try:
    import attempted
    def f():
        import inner
        if TYPE_CHECKING:
            import inner_checked
except ImportError:
    import caught
else:
    import went_well
for i in x:
    import looped
else:
    import after
if a:
    import sometimes
else:
    import otherwise
import last
";
        let file = parse(source);
        let found: Vec<_> = file
            .imports
            .all()
            .iter()
            .map(|import| (import.bound.as_str(), import.condition, import.scope))
            .collect();
        let expected = [
            ("always", Condition::Always, 0),
            ("checked", Condition::TypeChecking, 0),
            ("other", Condition::Fallback, 0),
            ("twice", Condition::Conditional, 0),
            ("attempted", Condition::Attempted, 0),
            ("inner", Condition::Always, 1),
            ("inner_checked", Condition::TypeChecking, 1),
            ("caught", Condition::Fallback, 0),
            ("went_well", Condition::Attempted, 0),
            ("looped", Condition::Always, 0),
            ("after", Condition::Conditional, 0),
            ("sometimes", Condition::Conditional, 0),
            ("otherwise", Condition::Fallback, 0),
            ("last", Condition::Always, 0),
        ];
        assert_eq!(found, expected);
    }

    #[test]
    fn a_fallback_yields_to_what_it_replaces_and_the_last_of_equals_counts() {
        let source = "\
try:
    from fast import loads
except ImportError:
    from slow import loads
from one import name
from two import name
if TYPE_CHECKING:
    from typing import T
else:
    T = None
";
        let imports = parse(source).imports;
        let module = |name: &str| imports.binding(name, 0).map(|import| import.module.path.clone());
        assert_eq!(module("loads").as_deref(), Some("fast"));
        assert_eq!(module("name").as_deref(), Some("two"));
        assert_eq!(module("T").as_deref(), Some("typing"));
        assert_eq!(module("absent"), None);
        assert_eq!(imports.binding("name", 1), None);
    }

    #[test]
    fn assignments_of_a_name_to_a_name_are_aliases() {
        let source =
            "A = b . c\nB = make()\nC: type = D\nE = None\nx.y = z\ndef f():\n    G = h\nA2 = A3 = A4\n";
        let imports = parse(source).imports;
        let value = |name: &str| imports.assigned(name).map(|assigned| assigned.value.clone());
        assert_eq!(value("A"), Some(Some("b.c".to_owned())));
        assert_eq!(value("B"), Some(None));
        assert_eq!(value("C"), Some(Some("D".to_owned())));
        assert_eq!(value("E"), Some(None));
        assert_eq!(value("G"), None);
        assert_eq!(value("A3"), Some(Some("A4".to_owned())));
    }

    #[test]
    fn an_import_in_a_broken_file_does_not_hurt() {
        for source in ["from", "import", "from . import", "from a import (b, c", "import a as", "from .. "] {
            let _ = parse(source).imports.all().len();
        }
    }
}
