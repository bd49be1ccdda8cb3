//! Who calls a definition: lines of its own file, of the other files that are asked about, and of the files near it.
//!
//! Nobody keeps a list of who uses what, and to go through the whole tree for it would take longer than the answer is
//! worth. A call counts where the names of its file lead to the definition; what is called on an object is not followed.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use crate::change::RepoPath;
use crate::python::{
    Call, Callee, Definition, Import, Imported, Modules, ParsedFile, Span, logical_lines, parse,
};

use super::super::{Context, Task};
use super::{Block, Rank, block, dedented, indentation};

/// The most callers of one definition that are shown.
const MOST_CALLERS: usize = 3;
/// The most calls that are looked at for one definition.
const MOST_LOOKED_AT: usize = 60;
/// The most files near one that are looked into for callers.
const MOST_NEIGHBOURS: usize = 12;
/// The most files that are parsed for it in one run.
const MOST_PARSED: usize = 200;
/// The largest of them, in bytes.
const LARGEST_PARSED: usize = 500_000;
/// The longest statement and the longest header that are shown, in bytes.
const LONGEST_LINE: usize = 600;

/// The calls of a run that may be of what is asked about.
pub(super) struct Callers<'a> {
    modules: &'a Modules,
    /// By the last part of the name that is called; the file of each, its definition and the call.
    sites: HashMap<String, Vec<(usize, usize, Call)>>,
    files: Vec<Source>,
    /// The places of the files by their paths.
    places: BTreeMap<RepoPath, usize>,
    /// What the files near a file have to show, by definition.
    near: BTreeMap<(RepoPath, String), Vec<Block>>,
}

struct Source {
    path: RepoPath,
    file: Arc<ParsedFile>,
    /// Where its statements go.
    lines: Vec<Span>,
}

impl Source {
    fn new(path: RepoPath, file: Arc<ParsedFile>) -> Self {
        let lines = logical_lines(&file.text);
        Self { path, file, lines }
    }
}

impl<'a> Callers<'a> {
    /// Looks for the calls of what is asked about.
    pub(super) fn new(
        tasks: &[Task],
        open: &[usize],
        context: &Context<'a>,
        never_sent: &dyn Fn(&RepoPath) -> bool,
    ) -> Self {
        let modules = &*context.settings.modules;
        let meant: Vec<&Task> = open.iter().filter_map(|index| tasks.get(*index)).collect();
        let wanted: BTreeSet<&str> = meant.iter().map(|task| task.definition().name.as_str()).collect();
        let mut callers = Self {
            modules,
            sites: HashMap::new(),
            files: Vec::new(),
            places: BTreeMap::new(),
            near: BTreeMap::new(),
        };
        for task in &meant {
            if callers.places.contains_key(&task.path) {
                continue;
            }
            let place = callers.files.len();
            callers.places.insert(task.path.clone(), place);
            callers.files.push(Source::new(task.path.clone(), Arc::clone(&task.file)));
            for (name, definition, call) in calls(&task.file, &wanted) {
                callers.sites.entry(name).or_default().push((place, definition, call));
            }
        }
        callers.look_near(&meant, never_sent);
        callers
    }

    /// Goes through the files near those that are asked about.
    fn look_near(&mut self, meant: &[&Task], never_sent: &dyn Fn(&RepoPath) -> bool) {
        let mut parsed = 0;
        for place in 0..self.files.len() {
            let (path, file) = (self.files[place].path.clone(), Arc::clone(&self.files[place].file));
            let own: Vec<&&Task> = meant.iter().filter(|task| task.path == path).collect();
            let names: BTreeSet<&str> = own.iter().map(|task| task.definition().name.as_str()).collect();
            let names: BTreeSet<&str> = names.into_iter().filter(|name| !name.is_empty()).collect();
            for near in self.modules.inquiry(&path, &file).neighbours(MOST_NEIGHBOURS) {
                let text = &near.file.text;
                let is_of_the_run = self.places.contains_key(&near.path);
                let may_call = text.len() <= LARGEST_PARSED && may_name(text, &names);
                if is_of_the_run || never_sent(&near.path) || !may_call {
                    continue;
                }
                if parsed == MOST_PARSED {
                    return;
                }
                parsed += 1;
                let source = Source::new(near.path.clone(), Arc::new(parse(text)));
                for (name, definition, call) in calls(&source.file, &names).into_iter().take(MOST_LOOKED_AT) {
                    for task in own.iter().filter(|task| task.definition().name == name) {
                        if !self.is_of(&source, (definition, call), task) {
                            continue;
                        }
                        let key = (path.clone(), task.definition().qualified_name.clone());
                        let blocks = self.near.entry(key).or_default();
                        if blocks.len() < MOST_CALLERS {
                            blocks.extend(shown(&source, definition, call));
                        }
                    }
                }
            }
        }
    }

    /// Returns the callers of a definition, those of its own file first.
    pub(super) fn of(&self, task: &Task) -> Vec<Block> {
        let mut blocks: Vec<Block> = Vec::new();
        let add = |blocks: &mut Vec<Block>, block: Option<Block>| {
            if let Some(block) = block.filter(|block| !blocks.contains(block) && blocks.len() < MOST_CALLERS)
            {
                blocks.push(block);
            }
        };
        let sites = self.sites.get(&task.definition().name).map_or(&[][..], Vec::as_slice);
        let own = self.places.get(&task.path).copied();
        let (here, elsewhere): (Vec<_>, Vec<_>) = sites.iter().partition(|(place, ..)| Some(*place) == own);
        for (place, definition, call) in here.into_iter().chain(elsewhere).take(MOST_LOOKED_AT) {
            if blocks.len() == MOST_CALLERS {
                return blocks;
            }
            let Some(source) = self.files.get(place) else { continue };
            if self.is_of(source, (definition, call), task) {
                add(&mut blocks, shown(source, definition, call));
            }
        }
        let key = (task.path.clone(), task.definition().qualified_name.clone());
        for block in self.near.get(&key).into_iter().flatten() {
            add(&mut blocks, Some(block.clone()));
        }
        blocks
    }

    /// Returns whether a call leads to a definition; one that calls itself tells nothing about its callers.
    fn is_of(&self, source: &Source, (definition, call): (usize, Call), task: &Task) -> bool {
        let (file, target) = (&*source.file, task.definition());
        let is_here = source.path == task.path;
        let Some(caller) = file.definitions.get(definition) else { return false };
        if is_here && target.kind.is_function() && target.span.contains(caller.span) {
            return false;
        }
        if let Callee::OwnMethod(_) = call.callee {
            let class = std::iter::successors(Some(caller), |inner| file.parent(inner))
                .find(|outer| outer.kind.is_class());
            return is_here && class.is_some_and(|class| Some(class.index) == target.parent);
        }
        let written = call.function.of(&file.text);
        let found = self.modules.inquiry(&source.path, file).find(written, definition);
        found.is_ok_and(|found| {
            found.path == task.path && found.definition().qualified_name == target.qualified_name
        })
    }
}

/// Returns whether a text may have one of some names; a look at it for very many costs more than parsing it.
fn may_name(text: &str, names: &BTreeSet<&str>) -> bool {
    const MANY: usize = 100;
    names.len() > MANY || names.iter().any(|name| text.contains(name))
}

/// Returns the calls of a file by the names that are wanted.
fn calls(file: &ParsedFile, wanted: &BTreeSet<&str>) -> Vec<(String, usize, Call)> {
    let renamed = |import: &Import| match &import.imported {
        Imported::Name(name) if *name != import.bound => wanted.get(name.as_str()).copied(),
        _ => None,
    };
    let imports = file.imports.all().iter();
    let aliases: HashMap<&str, &str> =
        imports.filter_map(|import| Some((import.bound.as_str(), renamed(import)?))).collect();
    let mut found = Vec::new();
    for definition in &file.definitions {
        for call in &file.code(definition).calls {
            let name = match call.callee {
                Callee::OwnMethod(name) => name.of(&file.text),
                Callee::Name => call.function.of(&file.text),
                Callee::Other => dotted(call.function.of(&file.text)).unwrap_or(""),
            };
            let name = aliases.get(name).copied().unwrap_or(name);
            if wanted.contains(name) && !name.is_empty() {
                found.push((name.to_owned(), definition.index, *call));
            }
        }
    }
    found.sort_by_key(|(.., call)| call.span.start);
    found
}

/// Returns the last part of a dotted name; nothing for any other expression.
fn dotted(written: &str) -> Option<&str> {
    let is_plain = |character: char| character.is_alphanumeric() || "._".contains(character);
    written.chars().all(is_plain).then(|| written.rsplit('.').next()).flatten()
}

/// Shows a call: its statement, below the header of the function that it is in.
fn shown(source: &Source, definition: usize, call: Call) -> Option<Block> {
    let text = &source.file.text;
    let at = source.lines.partition_point(|line| line.end <= call.span.start);
    let line = source.lines.get(at)?;
    let caller: &Definition = source.file.definitions.get(definition)?;
    let around = if caller.kind.is_function() { caller.span } else { *line };
    if line.len() > LONGEST_LINE || caller.header.len() > LONGEST_LINE {
        return None;
    }
    let has_header = caller.kind.is_function() && caller.header.end <= line.start;
    let outer = if has_header { caller.header.start } else { call.span.start };
    let indentation = if has_header { indentation(&source.file, outer) } else { "" };
    let statement = dedented(line.of(text).trim_end(), indentation);
    let code = if has_header {
        format!("{}\n    ...\n{statement}", dedented(caller.header.of(text), indentation))
    } else {
        statement
    };
    block(Rank::Caller, &code, around.of(text))
}
