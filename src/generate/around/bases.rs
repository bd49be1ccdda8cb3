//! The class of a method, base classes, and the method that is overridden.

use crate::change::RepoPath;
use crate::python::{Attribute, Definition, Found, Modules, ParsedFile};

use super::{Block, Paragraphs, Rank, Task, block, headed, push_indented};

/// The most base classes that are shown.
const MOST_BASES: usize = 3;
/// The most attributes of a class that are shown.
const MOST_ATTRIBUTES: usize = 30;
/// The longest attribute that is shown with its value, in bytes.
const LONGEST_ATTRIBUTE: usize = 100;

/// Returns what the class around a definition and its bases say, the worthiest first.
pub(super) fn blocks(task: &Task, modules: &Modules, never_sent: &dyn Fn(&RepoPath) -> bool) -> Vec<Block> {
    let (file, definition) = (&*task.file, task.definition());
    let class = match definition.parent.and_then(|parent| file.definitions.get(parent)) {
        Some(parent) if parent.kind.is_class() && definition.kind.is_function() => parent,
        _ if definition.kind.is_class() => definition,
        _ => return Vec::new(),
    };
    let is_method = class.index != definition.index;
    let mut blocks = Vec::new();
    if is_method {
        blocks.extend(block(Rank::Class, &of_class(file, class), class.span.of(&file.text)));
    }
    let inquiry = modules.inquiry(&task.path, file);
    let ancestry = inquiry.ancestry(class.index);
    let seen = ancestry.classes.iter().filter(|base| base.path == task.path || !never_sent(&base.path));
    let mut overridden = false;
    for base in seen.take(MOST_BASES) {
        let method = is_method.then(|| base.file.member(base.index, &definition.name)).flatten();
        if let Some(method) =
            method.and_then(|index| base.file.definitions.get(index)).filter(|_| !overridden)
        {
            overridden = true;
            blocks.extend(of_method(base, method));
        } else if !is_method {
            blocks.extend(of_base(base));
        }
    }
    blocks
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

fn of_base(base: &Found<'_>) -> Option<Block> {
    let (file, class) = (&*base.file, base.definition());
    let mut code = headed(file, class, Paragraphs::First);
    let initializer = file.member(class.index, "__init__").and_then(|index| file.definitions.get(index));
    if let Some(initializer) = initializer {
        push_indented(&mut code, &headed(file, initializer, Paragraphs::First));
    }
    block(Rank::Base, &code, class.span.of(&file.text))
}

fn of_method(base: &Found<'_>, method: &Definition) -> Option<Block> {
    let class = base.definition();
    let mut code = class.header.of(&base.file.text).to_owned();
    push_indented(&mut code, &headed(&base.file, method, Paragraphs::All));
    block(Rank::Base, &code, class.span.of(&base.file.text))
}
