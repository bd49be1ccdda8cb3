//! Who a definition is meant for: by its name, by `__all__`, by what is around it.

use tree_sitter::Node;

use super::definition::Definition;
use super::grammar::{Syntax, syntax};
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

/// The names in `__all__`, if the module has one that can be read.
#[derive(Debug, Default)]
pub(super) struct Exports(Option<Vec<String>>);

impl Exports {
    /// Reads `__all__ = […]`, `__all__ += […]` and `__all__.extend([…])` at the top level.
    pub(super) fn read(&mut self, node: Node<'_>, text: &str) {
        let source = text.get(node.byte_range()).unwrap_or("");
        let Some(rest) = source.strip_prefix("__all__").map(str::trim_start) else { return };
        let reads = ["=", "+=", ".extend", ".append", ":"].iter().any(|form| rest.starts_with(form));
        if !reads || rest.starts_with("==") {
            return;
        }
        let names = strings_below(node, text);
        let empty = rest.ends_with("[]") || rest.ends_with("()");
        if !names.is_empty() || empty {
            self.0.get_or_insert_default().extend(names);
        }
    }

    /// Returns the names, if there is a list that can be read.
    pub(super) fn into_names(self) -> Option<Vec<String>> {
        self.0
    }

    /// Names at the top level are public if and only if `__all__` lists them; what is inside follows.
    pub(super) fn apply(&self, definitions: &mut [Definition]) {
        let Some(names) = &self.0 else { return };
        for index in 1..definitions.len() {
            let parent = definitions[index].parent.unwrap_or(0);
            let (outer_kind, outer) = (definitions[parent].kind, definitions[parent].visibility);
            let definition = &mut definitions[index];
            definition.visibility = if parent == 0 {
                let listed = names.contains(&definition.name);
                if listed { Visibility::Public } else { Visibility::Private }
            } else if outer == Visibility::Private || outer_kind.is_function() {
                Visibility::Private
            } else {
                Visibility::of_name(&definition.name)
            };
        }
    }
}

/// Returns the plain strings below a node, in order.
fn strings_below(node: Node<'_>, text: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut pending = vec![node];
    while let Some(node) = pending.pop() {
        if syntax(node) == Syntax::String {
            let parts = text.get(node.byte_range()).and_then(literal::Parts::of);
            found.extend(parts.and_then(|parts| parts.evaluate()).map(|(value, _)| value));
            continue;
        }
        let mut cursor = node.walk();
        pending.extend(node.named_children(&mut cursor));
    }
    found
}
