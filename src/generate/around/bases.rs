//! The class of a method, base classes, and the method that is overridden.

use std::collections::HashMap;
use std::rc::Rc;
use std::sync::Arc;

use crate::change::RepoPath;
use crate::python::{Attribute, Definition, Found, Modules, ParsedFile, Seen};

use super::memo::{Memo, Piece};
use super::{Block, Paragraphs, Rank, Task, headed, push_indented};

/// The most base classes that are shown.
const MOST_BASES: usize = 3;
/// The most attributes of a class that are shown.
const MOST_ATTRIBUTES: usize = 30;
/// The longest attribute that is shown with its value, in bytes.
const LONGEST_ATTRIBUTE: usize = 100;

/// The bases of the classes of one file after the other.
pub(super) struct Bases<'a> {
    modules: &'a Modules,
    never_sent: &'a dyn Fn(&RepoPath) -> bool,
    file: Option<(&'a RepoPath, &'a Arc<ParsedFile>)>,
    /// Those of its classes that are shown.
    of_classes: HashMap<usize, Rc<[Found<'a>]>>,
}

impl<'a> Bases<'a> {
    pub(super) fn new(modules: &'a Modules, never_sent: &'a dyn Fn(&RepoPath) -> bool) -> Self {
        Self { modules, never_sent, file: None, of_classes: HashMap::new() }
    }

    /// Returns what the class around a definition and its bases say, the worthiest first.
    pub(super) fn blocks(&mut self, task: &'a Task, memo: &mut Memo<'_>) -> Vec<Block> {
        let (file, definition) = (&task.file, task.definition());
        let class = match definition.parent.and_then(|parent| file.definitions.get(parent)) {
            Some(parent) if parent.kind.is_class() && definition.kind.is_function() => parent,
            _ if definition.kind.is_class() => definition,
            _ => return Vec::new(),
        };
        let is_method = class.index != definition.index;
        let mut blocks = Vec::new();
        if is_method {
            blocks.extend(memo.once(file, (class.index, Piece::Class), |memo| {
                memo.block(Rank::Class, &of_class(file, class), (file, class.span))
            }));
        }
        let mut overridden = false;
        for base in &*self.of(task, class) {
            let in_file = match &base.file {
                Seen::Own(_) => file,
                Seen::Other(other) => other,
            };
            let method = is_method.then(|| in_file.member(base.index, &definition.name)).flatten();
            let method = method.and_then(|index| in_file.definitions.get(index)).filter(|_| !overridden);
            if let Some(method) = method {
                overridden = true;
                blocks.extend(of_method((in_file, base.definition()), method, memo));
            } else if !is_method {
                blocks.extend(of_base((in_file, base.definition()), memo));
            }
        }
        blocks
    }

    /// Returns the bases of a class that are shown.
    fn of(&mut self, task: &'a Task, class: &Definition) -> Rc<[Found<'a>]> {
        let is_known =
            self.file.is_some_and(|(path, file)| *path == task.path && Arc::ptr_eq(file, &task.file));
        if !is_known {
            self.file = Some((&task.path, &task.file));
            self.of_classes.clear();
        }
        let bases = self.of_classes.entry(class.index).or_insert_with(|| {
            let ancestry = self.modules.inquiry(&task.path, &task.file).ancestry(class.index);
            let may_be_seen = |base: &Found<'_>| base.path == task.path || !(self.never_sent)(&base.path);
            ancestry.classes.into_iter().filter(may_be_seen).take(MOST_BASES).collect()
        });
        Rc::clone(bases)
    }
}

/// Shows the header of a class, what it is for, and what its objects have.
fn of_class(file: &ParsedFile, class: &Definition) -> String {
    let mut code = headed(file, class, Paragraphs::First);
    let initializer = file.member(class.index, "__init__").and_then(|index| file.definitions.get(index));
    let of_objects = initializer.map_or(&[][..], |found| file.code(found).attributes.as_slice());
    let of_class = file.code(class).attributes.as_slice();
    let mut shown: Vec<&str> = Vec::new();
    for (attributes, owner) in [(of_class, ""), (of_objects, "self.")] {
        for attribute in attributes {
            let name = attribute.name.of(&file.text);
            if shown.len() == MOST_ATTRIBUTES || shown.contains(&name) {
                continue;
            }
            shown.push(name);
            push_indented(&mut code, &format!("{owner}{}", of_attribute(file, attribute)));
        }
    }
    code
}

fn of_attribute(file: &ParsedFile, attribute: &Attribute) -> String {
    let mut code = attribute.name.of(&file.text).to_owned();
    if let Some(annotation) = attribute.annotation {
        code.push_str(": ");
        code.push_str(annotation.of(&file.text));
    }
    if let Some(value) = attribute.value.map(|value| value.of(&file.text)) {
        let is_short = code.len() + value.len() <= LONGEST_ATTRIBUTE && !value.contains(['\n', '\r']);
        code.push_str(" = ");
        code.push_str(if is_short { value } else { "..." });
    }
    code
}

fn of_base((file, class): (&Arc<ParsedFile>, &Definition), memo: &mut Memo<'_>) -> Option<Block> {
    memo.once(file, (class.index, Piece::Base), |memo| {
        let mut code = headed(file, class, Paragraphs::First);
        let initializer = file.member(class.index, "__init__").and_then(|index| file.definitions.get(index));
        if let Some(initializer) = initializer {
            push_indented(&mut code, &headed(file, initializer, Paragraphs::First));
        }
        memo.block(Rank::Base, &code, (file, class.span))
    })
}

fn of_method(
    (file, class): (&Arc<ParsedFile>, &Definition),
    method: &Definition,
    memo: &mut Memo<'_>,
) -> Option<Block> {
    memo.once(file, (method.index, Piece::Overridden), |memo| {
        let mut code = class.header.of(&file.text).to_owned();
        push_indented(&mut code, &headed(file, method, Paragraphs::All));
        memo.block(Rank::Base, &code, (file, class.span))
    })
}
