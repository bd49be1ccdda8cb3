//! Who a definition is meant for: by its name, by `__all__`, by what is around it.

use std::collections::BTreeSet;

use tree_sitter::Node;

use super::definition::Definition;
use super::grammar::{Field, Syntax, child, syntax};
use super::literal;

/// Whether a definition is meant for users of the module.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Visibility {
    /// Part of the interface, by its name or by `__all__`.
    Public,
    /// A leading underscore, absent from `__all__`, inside a function, or inside something private.
    Private,
}

impl Visibility {
    /// A leading underscore makes a name private; names with two on both sides belong to Python.
    pub(super) fn of_name(name: &str) -> Self {
        let dunder = name.len() > 4 && name.starts_with("__") && name.ends_with("__");
        if name.starts_with('_') && !dunder { Self::Private } else { Self::Public }
    }
}

/// The names in `__all__`, if the module has one.
#[derive(Debug, Default)]
pub(super) struct Exports {
    names: BTreeSet<String>,
    is_there: bool,
    /// A part of it cannot be read: it is computed, or comes from elsewhere.
    is_open: bool,
    /// Such a part may name what the module itself defines.
    may_be_own: bool,
}

impl Exports {
    /// Reads `__all__ = […]`, `__all__ += […]`, `__all__.extend([…])`, `.append(…)` and `.remove(…)`.
    pub(super) fn read(&mut self, node: Node<'_>, text: &str) {
        let source = text.get(node.byte_range()).unwrap_or("");
        if !source.starts_with("__all__") {
            return;
        }
        if syntax(node) == Syntax::Call {
            let method = child(node, Field::Function).map_or("", |function| source_of(function, text));
            let Some(arguments) = child(node, Field::Arguments) else { return };
            match method.strip_prefix("__all__").map(str::trim) {
                Some(".extend" | ".append" | ".insert") => self.add(arguments, text),
                Some(".remove") => {
                    let mut removed = Self::default();
                    removed.add(arguments, text);
                    self.names.retain(|name| !removed.names.contains(name));
                }
                _ => {}
            }
            return;
        }
        let is_name = child(node, Field::Left).is_some_and(|left| source_of(left, text) == "__all__");
        if let Some(value) = child(node, Field::Right).filter(|_| is_name) {
            let adds =
                syntax(node) == Syntax::AugmentedAssignment || source_of(value, text).contains("__all__");
            if !adds {
                *self = Self::default();
            }
            self.is_there = true;
            self.add(value, text);
        }
    }

    /// Adds the names of a list, a tuple or a sum of these; what is none of them is not known.
    fn add(&mut self, value: Node<'_>, text: &str) {
        let mut pending = vec![value];
        while let Some(node) = pending.pop() {
            match (syntax(node), node.kind()) {
                (Syntax::String | Syntax::Concatenated, _) => {
                    let name = source_of(node, text);
                    match literal::Parts::of(name).and_then(|parts| parts.evaluate()) {
                        Some((name, _)) => drop(self.names.insert(name)),
                        None => self.open(name),
                    }
                }
                (Syntax::Comment | Syntax::Continuation | Syntax::Integer, _) => {}
                (Syntax::Identifier, _) if source_of(node, text) == "__all__" => {}
                (Syntax::BinaryOperator, _)
                    if child(node, Field::Operator).is_none_or(|operator| operator.kind() != "+") =>
                {
                    self.open(source_of(node, text));
                }
                (
                    Syntax::Argument
                    | Syntax::BinaryOperator
                    | Syntax::ExpressionList
                    | Syntax::Parenthesized
                    | Syntax::Tuple,
                    _,
                )
                | (_, "list" | "set") => {
                    let mut cursor = node.walk();
                    pending.extend(node.named_children(&mut cursor));
                }
                _ => self.open(source_of(node, text)),
            }
        }
    }

    /// Notes a part that cannot be read. `other.__all__` and what `other.function(…)` gives are names of another module.
    fn open(&mut self, source: &str) {
        self.is_open = true;
        let (before, arguments) = source.split_once('(').unwrap_or((source, ""));
        let is_of_another = before.contains('.') || arguments.contains(".__all__");
        let reads_own = ["globals", "locals", "vars", "dir", "__name__", "__dict__", " for "];
        self.may_be_own |= !is_of_another || reads_own.iter().any(|word| source.contains(word));
    }

    /// Returns the names, if there is a list that can be read.
    pub(super) fn into_names(self) -> Option<Vec<String>> {
        (self.is_there && !self.is_open).then(|| self.names.into_iter().collect())
    }

    /// Returns whether it does not tell which names of the module itself are left out.
    fn is_computed(&self) -> bool {
        self.is_open && (self.may_be_own || self.names.is_empty())
    }

    /// Names at the top level are public if and only if `__all__` lists them; what is inside follows.
    pub(super) fn apply(&self, definitions: &mut [Definition]) {
        if !self.is_there {
            return;
        }
        for index in 1..definitions.len() {
            let parent = definitions[index].parent.unwrap_or(0);
            let (outer_kind, outer) = (definitions[parent].kind, definitions[parent].visibility);
            let definition = &mut definitions[index];
            definition.visibility = if parent == 0 {
                match self.names.contains(&definition.name) {
                    true => Visibility::Public,
                    false if self.is_computed() => definition.visibility,
                    false => Visibility::Private,
                }
            } else if outer == Visibility::Private || outer_kind.is_function() {
                Visibility::Private
            } else {
                Visibility::of_name(&definition.name)
            };
        }
    }
}

fn source_of<'a>(node: Node<'_>, text: &'a str) -> &'a str {
    text.get(node.byte_range()).unwrap_or("")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::python::parse;

    #[test]
    fn exports_are_read_from_what_python_would_evaluate() {
        let table = [
            ("", "a"),
            ("__all__ = ['_b']\n", "_b"),
            ("__all__ = ['a']\n__all__ += ('_b',)\n", "a _b"),
            ("__all__ = ['a'] + \\\n    ['_b']\n", "a _b"),
            ("__all__ = ['a']\n__all__ = ['_b']\n", "_b"),
            ("__all__ = ['a']\n__all__ = __all__ + ['_b']\n", "a _b"),
            ("__all__ = ['_b']\n__all__.insert(0, 'a')\n", "a _b"),
            ("__all__ = ['a']\n__all__.extend(['_b'])\n", "a _b"),
            ("__all__ = ['a']\n__all__.append('_b')\n__all__.remove('a')\n", "_b"),
            ("__all__: list[str] = []\n", ""),
            ("__all__ = ['_b'] + other.__all__\n", "_b"),
            ("__all__ = ['_b'] + list(other.__all__)\n", "_b"),
            ("__all__ = ['_b']\n__all__.extend(os._get_exports_list(_socket))\n", "_b"),
            ("__all__ = other.__all__\n", "a"),
            ("__all__ = ['_b'] + _more\n", "a _b"),
            ("__all__ = ['_b']\n__all__ += [name for name in globals() if name.isupper()]\n", "a _b"),
            ("__all__ = ['_b']\n__all__.extend(filter(str.islower, dir()))\n", "a _b"),
            ("__all__ = [name for name in dir() if not name.startswith('_')]\n", "a"),
            ("__all__ = 'a', '_b'\n", "a _b"),
            ("__all__ == ['_b']\n", "a"),
            ("if x:\n    __all__ = ['_b']\n", "_b"),
        ];
        for (exports, expected) in table {
            let file = parse(&format!("{exports}def a(): pass\ndef _b(): pass\n"));
            let public = file.definitions[1..].iter().filter(|found| found.visibility == Visibility::Public);
            let names: Vec<&str> = public.map(|found| found.name.as_str()).collect();
            assert_eq!(names.join(" "), expected, "{exports}");
        }
    }
}
