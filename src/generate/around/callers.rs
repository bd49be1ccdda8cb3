//! Who calls a definition: lines of its own file, of the other files that are asked about, and of the files near it.
//!
//! Nobody keeps a list of who uses what, and to go through the whole tree for it would take longer than the answer is
//! worth. A call counts where the names of its file lead to the definition; what is called on an object is not followed.

use std::cell::OnceCell;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use crate::change::RepoPath;
use crate::python::{
    Call, Callee, Definition, Found, Import, Imported, Modules, ParsedFile, Span, logical_lines, parse,
};

use super::super::Task;
use super::{Block, Memo, Rank, dedented, indentation};

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
    /// By the last part of the name that is called, in the order of the files.
    sites: HashMap<String, Vec<Site>>,
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

/// A call, and the definition that it is in.
struct Site {
    place: usize,
    definition: usize,
    call: Call,
    /// Found out when it is first asked for, by whichever of the definitions that share the name.
    lead: OnceCell<Lead>,
}

/// Where a call leads.
enum Lead {
    /// To a method of a class of its own file.
    OwnMethod(usize),
    /// To a file, and a definition by its qualified name.
    To(RepoPath, String),
    Nowhere,
}

impl<'a> Callers<'a> {
    /// Looks for the calls of what is asked about.
    pub(super) fn new(
        meant: &[&Task],
        modules: &'a Modules,
        never_sent: &dyn Fn(&RepoPath) -> bool,
        memo: &mut Memo<'_>,
    ) -> Self {
        let wanted: BTreeSet<&str> = meant.iter().map(|task| task.definition().name.as_str()).collect();
        let mut callers = Self {
            modules,
            sites: HashMap::new(),
            files: Vec::new(),
            places: BTreeMap::new(),
            near: BTreeMap::new(),
        };
        let mut of_files: Vec<Vec<&Task>> = Vec::new();
        for task in meant {
            if let Some(place) = callers.places.get(&task.path) {
                of_files[*place].push(task);
                continue;
            }
            let place = callers.files.len();
            of_files.push(vec![task]);
            callers.places.insert(task.path.clone(), place);
            callers.files.push(Source::new(task.path.clone(), Arc::clone(&task.file)));
            for (name, definition, call) in calls(&task.file, &wanted) {
                let site = Site { place, definition, call, lead: OnceCell::new() };
                callers.sites.entry(name).or_default().push(site);
            }
        }
        callers.look_near(&of_files, never_sent, memo);
        callers
    }

    /// Goes through the files near those that are asked about, whose tasks are given in their order.
    fn look_near(
        &mut self,
        of_files: &[Vec<&Task>],
        never_sent: &dyn Fn(&RepoPath) -> bool,
        memo: &mut Memo<'_>,
    ) {
        let listed = if self.files.is_empty() { None } else { self.modules.paths() };
        let mut by_folder: HashMap<String, Vec<RepoPath>> = HashMap::new();
        for path in listed.unwrap_or_default() {
            by_folder.entry(path.folder().to_owned()).or_default().push(path);
        }
        let mut parsed = 0;
        for (source, own) in self.files.iter().zip(of_files) {
            let path = &source.path;
            let beside = by_folder.get(path.folder()).map_or(&[][..], Vec::as_slice);
            let by_name: HashMap<&str, &Definition> = own
                .iter()
                .map(|task| (task.definition().qualified_name.as_str(), task.definition()))
                .collect();
            let names: BTreeSet<&str> = own.iter().map(|task| task.definition().name.as_str()).collect();
            let names: BTreeSet<&str> = names.into_iter().filter(|name| !name.is_empty()).collect();
            for near in self.modules.inquiry(path, &source.file).neighbours(MOST_NEIGHBOURS, beside) {
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
                    let Lead::To(there, found) = lead(self.modules, &source, (definition, call)) else {
                        continue;
                    };
                    let target = by_name.get(found.as_str()).filter(|target| target.name == name);
                    if there != *path || target.is_none() {
                        continue;
                    }
                    let blocks = self.near.entry((there, found)).or_default();
                    if blocks.len() < MOST_CALLERS {
                        blocks.extend(shown(&source, (definition, call), memo));
                    }
                }
            }
        }
    }

    /// Returns the callers of a definition, those of its own file first.
    pub(super) fn of(&self, task: &Task, memo: &mut Memo<'_>) -> Vec<Block> {
        let mut blocks: Vec<Block> = Vec::new();
        let add = |blocks: &mut Vec<Block>, block: Option<Block>| {
            if let Some(block) = block.filter(|block| !blocks.contains(block) && blocks.len() < MOST_CALLERS)
            {
                blocks.push(block);
            }
        };
        for site in self.sites_for(task).take(MOST_LOOKED_AT) {
            if blocks.len() == MOST_CALLERS {
                return blocks;
            }
            let Some(source) = self.files.get(site.place) else { continue };
            if self.is_of(source, site, task) {
                add(&mut blocks, shown(source, (site.definition, site.call), memo));
            }
        }
        let key = (task.path.clone(), task.definition().qualified_name.clone());
        for block in self.near.get(&key).into_iter().flatten() {
            add(&mut blocks, Some(block.clone()));
        }
        blocks
    }

    /// Returns the calls by the name of a definition, those of its own file first.
    fn sites_for(&self, task: &Task) -> impl Iterator<Item = &Site> {
        let sites = self.sites.get(&task.definition().name).map_or(&[][..], Vec::as_slice);
        let own = self.places.get(&task.path).copied().unwrap_or(usize::MAX);
        let (before, rest) = sites.split_at(sites.partition_point(|site| site.place < own));
        let (here, after) = rest.split_at(rest.partition_point(|site| site.place == own));
        here.iter().chain(before).chain(after)
    }

    /// Returns whether a call leads to a definition; one that calls itself tells nothing about its callers.
    fn is_of(&self, source: &Source, site: &Site, task: &Task) -> bool {
        let target = task.definition();
        let is_here = source.path == task.path;
        let Some(caller) = source.file.definitions.get(site.definition) else { return false };
        if is_here && target.kind.is_function() && target.span.contains(caller.span) {
            return false;
        }
        match site.lead.get_or_init(|| lead(self.modules, source, (site.definition, site.call))) {
            Lead::OwnMethod(class) => is_here && Some(*class) == target.parent,
            Lead::To(path, name) => *path == task.path && *name == target.qualified_name,
            Lead::Nowhere => false,
        }
    }
}

/// Finds out where a call leads.
fn lead(modules: &Modules, source: &Source, (definition, call): (usize, Call)) -> Lead {
    let file = &*source.file;
    if let Callee::OwnMethod(_) = call.callee {
        let around = std::iter::successors(file.definitions.get(definition), |inner| file.parent(inner));
        let class = around.into_iter().find(|outer| outer.kind.is_class());
        return class.map_or(Lead::Nowhere, |class| Lead::OwnMethod(class.index));
    }
    let written = call.function.of(&file.text);
    let found = modules.inquiry(&source.path, file).find(written, definition);
    let to = |found: Found<'_>| {
        let name = found.definition().qualified_name.clone();
        Lead::To(found.path, name)
    };
    found.map_or(Lead::Nowhere, to)
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
fn shown(source: &Source, (definition, call): (usize, Call), memo: &mut Memo<'_>) -> Option<Block> {
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
    memo.block(Rank::Caller, &code, (&source.file, around))
}
