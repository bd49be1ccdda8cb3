//! What stands around a definition and helps to understand it: its class, its base classes, and who calls it.
//!
//! None of it decides anything: it is shown where it fits, and the key of an answer does not hold it. Other files are read
//! through the look-up of the tree that is judged, within a budget. What may not be sent is not looked into, and secrets are
//! taken out before anything is cut.

mod bases;
mod callers;
mod memo;

use std::collections::BTreeMap;

use crate::change::RepoPath;
use crate::python::{Definition, ParsedFile, Span, cleandoc};
use crate::secret::redacted_in;

use self::bases::Bases;
use self::callers::Callers;
use self::memo::Memo;
use super::prompt::{Block, Rank};
use super::{Context, Task};

/// The longest piece, in bytes: what is around a definition must not outweigh it.
const LONGEST: usize = 2_000;
/// A text that is larger is not searched for secrets, and so not shown.
const LARGEST_SEARCHED: usize = 200_000;

/// Returns what stands around tasks, by their places; `open` are the ones that are meant.
pub(super) fn around(
    tasks: &[Task],
    open: &[usize],
    context: &Context<'_>,
    never_sent: &dyn Fn(&RepoPath) -> bool,
) -> BTreeMap<usize, Vec<Block>> {
    gathered((tasks, open), context, never_sent, &mut Memo::new(&redacted_in))
}

fn gathered(
    (tasks, open): (&[Task], &[usize]),
    context: &Context<'_>,
    never_sent: &dyn Fn(&RepoPath) -> bool,
    memo: &mut Memo<'_>,
) -> BTreeMap<usize, Vec<Block>> {
    let modules = &*context.settings.modules;
    let meant: Vec<&Task> = open.iter().filter_map(|index| tasks.get(*index)).collect();
    let callers = Callers::new(&meant, modules, never_sent, memo);
    let mut bases = Bases::new(modules, never_sent);
    let mut around = BTreeMap::new();
    for index in open {
        let Some(task) = tasks.get(*index) else { continue };
        let mut blocks = bases.blocks(task, memo);
        blocks.extend(callers.of(task, memo));
        around.insert(*index, blocks);
    }
    around
}

/// Returns the header of a definition with the first paragraph of its docstring, or all of it.
fn headed(file: &ParsedFile, definition: &Definition, paragraphs: Paragraphs) -> String {
    let mut code = dedented(definition.header.of(&file.text), indentation(file, definition.header.start));
    if let Some(literal) = &definition.docstring {
        let value = cleandoc(&literal.value);
        let value = value.trim();
        let shown = match paragraphs {
            Paragraphs::All if value.len() <= LONGEST / 2 => value,
            _ => value.split("\n\n").next().unwrap_or(value),
        };
        push_indented(&mut code, &format!("\"\"\"{shown}\"\"\""));
    }
    code
}

/// Adds lines below others, one level deeper.
fn push_indented(code: &mut String, lines: &str) {
    for line in lines.lines() {
        code.push('\n');
        if !line.is_empty() {
            code.push_str("    ");
            code.push_str(line);
        }
    }
}

/// How much of a docstring is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Paragraphs {
    First,
    All,
}

/// Returns the blanks before what begins somewhere, as far as the line has nothing else there.
fn indentation(file: &ParsedFile, at: usize) -> &str {
    let before = file.text.get(..at).unwrap_or("");
    let line = before.rfind(['\n', '\r']).map_or(0, |end| end + 1);
    let blanks = Span::new(line, at).of(&file.text);
    if blanks.trim().is_empty() { blanks } else { "" }
}

/// Takes an indentation away where a line has it.
fn dedented(code: &str, indentation: &str) -> String {
    let lines = code.lines().map(|line| line.strip_prefix(indentation).unwrap_or(line).trim_end());
    lines.collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests;
