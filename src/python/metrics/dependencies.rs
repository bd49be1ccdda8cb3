//! What a module depends on, read from its import statements.

use tree_sitter::Node;

use super::construct::{Construct, FIELDS, child, construct};
use super::standard_library::is_standard;

/// Where something imported comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Origin {
    /// The package that the module itself is part of: a relative import, or the same top-level name.
    Internal,
    /// The standard library of any of the supported versions of Python.
    StandardLibrary,
    /// Anything else.
    ThirdParty,
}

/// Something imported.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Dependency {
    /// Where it comes from.
    pub origin: Origin,
    /// Its dotted name, with the leading dots of a relative import. Of a module: the module that is imported;
    /// of a definition: what a name in it stands for, such as `os.path` after `from os import path`.
    pub name: String,
}

impl Dependency {
    /// Sorts a dotted name by its first part; `package` is the top-level package of the module itself.
    pub(super) fn new(name: String, package: Option<&str>) -> Self {
        let top = name.split('.').next().unwrap_or("");
        let origin = if top.is_empty() || package == Some(top) {
            Origin::Internal
        } else if is_standard(top) {
            Origin::StandardLibrary
        } else {
            Origin::ThirdParty
        };
        Self { origin, name }
    }
}

/// One module of an import statement.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Import<'a> {
    /// The module's dotted name.
    pub(super) module: String,
    /// The names that are bound, and what each stands for.
    pub(super) bound: Vec<(&'a str, String)>,
}

/// Reads an `import` or `from … import` statement; a future statement imports nothing (PEP 236).
pub(super) fn imports<'a>(statement: Node<'_>, text: &'a str) -> Vec<Import<'a>> {
    let from = match construct(statement) {
        Construct::Import => None,
        Construct::ImportFrom => {
            let Some(module) = child(statement, FIELDS.module_name) else { return Vec::new() };
            Some(dotted(module, text))
        }
        _ => return Vec::new(),
    };
    let mut found = Vec::new();
    let mut names = Vec::new();
    let mut cursor = statement.walk();
    if let Some(name) = FIELDS.name {
        names.extend(statement.children_by_field_id(name, &mut cursor));
    }
    let mut from_names = Vec::new();
    for name in names {
        let alias = child(name, FIELDS.alias).and_then(|alias| text.get(alias.byte_range()));
        let imported = dotted(child(name, FIELDS.name).unwrap_or(name), text);
        match &from {
            // `import a.b` binds `a`, `import a.b as c` binds `c` to `a.b`.
            None => {
                let first = || text.get(name.named_child(0)?.byte_range());
                let bound = match alias {
                    Some(alias) => Some((alias, imported.clone())),
                    None => first().map(|first| (first, first.to_owned())),
                };
                found.push(Import { module: imported, bound: bound.into_iter().collect() });
            }
            Some(module) => {
                let local = alias.or_else(|| text.get(name.byte_range())).unwrap_or("");
                let dot = if module.ends_with('.') { "" } else { "." };
                from_names.push((local, format!("{module}{dot}{imported}")));
            }
        }
    }
    if let Some(module) = from {
        found.push(Import { module, bound: from_names });
    }
    found
}

/// Returns a dotted name without the blanks and comments that may stand in it.
fn dotted(node: Node<'_>, text: &str) -> String {
    let source = text.get(node.byte_range()).unwrap_or("");
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.') || byte >= 0x80;
    if source.bytes().all(plain) {
        return source.to_owned();
    }
    let mut name = String::new();
    let mut pending = vec![node];
    while let Some(node) = pending.pop() {
        match node.child_count() {
            0 if construct(node) == Construct::Identifier || node.kind() == "." => {
                name.push_str(text.get(node.byte_range()).unwrap_or(""));
            }
            0 => {}
            count => {
                pending.extend((0..count).rev().filter_map(|index| node.child(index)));
            }
        }
    }
    name
}

#[cfg(test)]
mod tests {
    use super::super::super::parse::tree;
    use super::*;

    /// Writes what a statement imports as `module: name=target …`.
    fn read(statement: &str) -> Vec<String> {
        let tree = tree(statement).expect("the statement is parsed");
        let node = tree.root_node().child(0).expect("there is a statement");
        let written = |import: Import<'_>| {
            let bound = import.bound.iter().map(|(name, target)| format!(" {name}={target}"));
            format!("{}:{}", import.module, bound.collect::<String>())
        };
        imports(node, statement).into_iter().map(written).collect()
    }

    #[test]
    fn an_import_says_its_module_and_what_it_binds() {
        let table: &[(&str, &[&str])] = &[
            ("import os", &["os: os=os"]),
            ("import os.path, re as r", &["os.path: os=os", "re: r=re"]),
            ("import a.b.c as d", &["a.b.c: d=a.b.c"]),
            ("import a . b", &["a.b: a=a"]),
            ("from a.b import c, d as e", &["a.b: c=a.b.c e=a.b.d"]),
            ("from . import c", &[".: c=.c"]),
            ("from ... b import (c,)", &["...b: c=...b.c"]),
            ("from .b import *", &[".b:"]),
            ("from __future__ import annotations", &[]),
        ];
        for (statement, expected) in table {
            assert_eq!(read(statement), *expected, "{statement}");
        }
    }

    #[test]
    fn the_first_part_of_a_name_says_where_it_comes_from() {
        let table = [
            ("os.path", Some("shop"), Origin::StandardLibrary),
            ("numpy", Some("shop"), Origin::ThirdParty),
            ("shop.cart", Some("shop"), Origin::Internal),
            ("shop.cart", None, Origin::ThirdParty),
            ("shopping", Some("shop"), Origin::ThirdParty),
            (".cart", None, Origin::Internal),
            (".", None, Origin::Internal),
            // A package that has the name of a module of the standard library hides it from itself.
            ("json.tool", Some("json"), Origin::Internal),
        ];
        for (name, package, expected) in table {
            assert_eq!(Dependency::new(name.to_owned(), package).origin, expected, "{name}");
        }
    }
}
