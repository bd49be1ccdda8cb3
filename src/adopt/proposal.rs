//! What all tools say together, with what they do not agree about.

use std::collections::BTreeMap;

use crate::change::FOREIGN_FOLDERS;
use crate::rules::{Convention, Conventions, RULES, Rule};

use super::draft::{Draft, Left, PerFile, Setting, Wish};
use super::given::Literal;
use super::selection::shortened;
use super::tool::Tool;

/// The table of rules that are not looked for in some files.
const PER_FILE_IGNORES: &str = "per-file-ignores";

/// A setting of docgate's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// The table it is in; none for the keys at the top.
    pub table: String,
    /// The key.
    pub name: String,
    /// The value.
    pub value: Literal,
    /// Where it comes from; for a list, where each element does.
    pub origins: Vec<String>,
}

/// The configuration that other tools' settings come to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Proposal {
    /// The settings, in the order they are written in.
    pub lines: Vec<Line>,
    /// What the tools do not agree about, and what was decided.
    pub conflicts: Vec<String>,
    /// What was not taken over.
    pub left: Vec<Left>,
    /// The tools that had something to say.
    pub tools: Vec<Tool>,
}

impl Proposal {
    /// Joins what the tools say; of two that contradict each other the first one counts, and a rule is on that one of them
    /// looks for.
    pub(super) fn merged(drafts: Vec<(Tool, Draft)>) -> Self {
        let mut proposal = Self { tools: drafts.iter().map(|(tool, _)| *tool).collect(), ..Self::default() };
        let mut settings: Vec<Line> = Vec::new();
        let mut exclude = Placed::new();
        let mut per_file: Vec<PerFile> = Vec::new();
        let mut wishes: BTreeMap<&'static str, Vec<(Tool, Wish, String)>> = BTreeMap::new();
        for (tool, draft) in drafts {
            for setting in draft.settings {
                proposal.set(setting, &mut settings);
            }
            for (glob, place) in draft.exclude {
                if !exclude.iter().any(|(known, _)| *known == glob) && !is_never_looked_at(&glob) {
                    exclude.push((glob, place));
                }
            }
            per_file.extend(draft.per_file);
            for (code, wish, place) in draft.rules {
                let known = wishes.entry(code).or_default();
                known.retain(|(other, ..)| *other != tool);
                known.push((tool, wish, place));
            }
            proposal.left.extend(draft.left);
        }
        let (on, off) = proposal.agreed(wishes);
        let (extend, ignore) = lists(&on, &off, conventions(&settings));
        for (name, list) in [("extend-select", extend), ("ignore", ignore), ("exclude", exclude)] {
            if !list.is_empty() {
                let (words, origins) = list.into_iter().unzip();
                settings.push(Line {
                    table: String::new(),
                    name: name.to_owned(),
                    value: Literal::List(words),
                    origins,
                });
            }
        }
        settings.extend(of_files(per_file));
        let place = |line: &Line| TABLES.iter().position(|table| *table == line.table);
        settings.sort_by_key(place);
        proposal.lines = settings;
        proposal
    }

    fn set(&mut self, setting: Setting, settings: &mut Vec<Line>) {
        let Setting { key, value, place } = setting;
        let (table, name) = key.rsplit_once('.').unwrap_or(("", key));
        let Some(known) = settings.iter_mut().find(|line| line.table == table && line.name == name) else {
            let origins = match &value {
                Literal::List(list) => vec![place; list.len()],
                _ => vec![place],
            };
            let (table, name) = (table.to_owned(), name.to_owned());
            settings.push(Line { table, name, value, origins });
            return;
        };
        if known.value != value {
            let first = known.origins.first().map_or("", String::as_str);
            self.conflicts
                .push(format!("{key}: {} in {first}, {value} in {place}; the first counts", known.value));
        }
    }

    /// Returns which rules are on and which are off.
    fn agreed(&mut self, wishes: BTreeMap<&'static str, Vec<(Tool, Wish, String)>>) -> (Agreed, Agreed) {
        let (mut on, mut off) = (Agreed::new(), Agreed::new());
        let mut against: BTreeMap<(String, String), Vec<&'static str>> = BTreeMap::new();
        for (code, wishes) in wishes {
            let place = |wanted: Wish| {
                wishes.iter().find(|(_, wish, _)| *wish == wanted).map(|(_, _, place)| place.clone())
            };
            match (place(Wish::On), place(Wish::Off)) {
                (Some(here), Some(there)) => {
                    against.entry((here.clone(), there)).or_default().push(code);
                    on.insert(code, here);
                }
                (Some(here), None) => drop(on.insert(code, here)),
                (None, Some(there)) => drop(off.insert(code, there)),
                (None, None) => {}
            }
        }
        for ((here, there), codes) in against {
            self.conflicts.push(format!("{}: on in {here}, off in {there}; on", codes.join(", ")));
        }
        (on, off)
    }

    /// Lets globs count from the root, for settings of a folder below it.
    #[must_use]
    pub fn below(mut self, folder: &str) -> Self {
        let moved = |glob: &str| match glob.strip_prefix('/') {
            Some(rest) => format!("{folder}/{rest}"),
            None if glob.trim_end_matches('/').contains('/') => format!("{folder}/{glob}"),
            None => format!("{folder}/**/{glob}"),
        };
        for line in &mut self.lines {
            for origin in &mut line.origins {
                *origin = format!("{folder}/{origin}");
            }
            if line.table == PER_FILE_IGNORES {
                line.name = moved(&line.name);
            }
            if let (true, Literal::List(globs)) =
                (line.table.is_empty() && line.name == "exclude", &mut line.value)
            {
                for glob in globs {
                    *glob = moved(glob);
                }
            }
        }
        for left in &mut self.left {
            left.place = format!("{folder}/{}", left.place);
        }
        self
    }
}

/// Codes, and where it stands that they are on, or off.
type Agreed = BTreeMap<&'static str, String>;

/// Elements of a list, each with where it comes from.
type Placed = Vec<(String, String)>;

/// The tables in the order they are written in.
const TABLES: &[&str] = &["", PER_FILE_IGNORES, "coverage", "docstring.required-sections", "rules"];

/// Returns whether a glob leaves out what is never looked at, or holds no Python.
fn is_never_looked_at(glob: &str) -> bool {
    let name = glob.trim_matches(['*', '/']);
    FOREIGN_FOLDERS.contains(&name) || name == "CVS"
}

fn conventions(settings: &[Line]) -> Conventions {
    let word = settings
        .iter()
        .find(|line| line.table == "rules" && line.name == "convention")
        .map(|line| &line.value);
    match word {
        Some(Literal::Word(word)) => word.parse().unwrap_or_default(),
        _ => Conventions::default(),
    }
}

/// Says which rules are on in two lists, `extend-select` and `ignore`, against what is on by itself.
fn lists(on: &Agreed, off: &Agreed, conventions: Conventions) -> (Placed, Placed) {
    let silent = |rule: &Rule| match conventions {
        Conventions::Only(convention) => rule.off_in.contains(&convention),
        // Where a rule speaks depends on the style that is met.
        Conventions::OfStyle => {
            rule.off_in.contains(&Convention::Open) && rule.off_in.len() == ALL_CONVENTIONS
        }
        Conventions::Any => false,
    };
    let speaks = |code: &str| RULES.iter().any(|rule| rule.code == code && rule.enabled && !silent(rule));
    let extend: Vec<&'static str> = on.keys().copied().filter(|code| !speaks(code)).collect();
    let ignore: Vec<&'static str> = off.keys().copied().filter(|code| speaks(code)).collect();
    // Named in full, a rule speaks under any convention, which is what was asked for.
    let extend = extend.into_iter().map(|code| (code.to_owned(), on[code].clone())).collect();
    let enabled = |code: &str| {
        RULES.iter().any(|rule| rule.code == code && rule.enabled) && !silent_code(code, &silent)
    };
    let said = shortened(&ignore, &enabled).into_iter().map(|(selector, codes)| {
        let mut places: Vec<&str> = codes.iter().map(|code| off[code].as_str()).collect();
        places.dedup();
        places.sort_unstable();
        places.dedup();
        (selector, places.join("; "))
    });
    (extend, said.collect())
}

const ALL_CONVENTIONS: usize = 6;

fn silent_code(code: &str, silent: &dyn Fn(&Rule) -> bool) -> bool {
    RULES.iter().any(|rule| rule.code == code && silent(rule))
}

/// Joins what is said about one glob in several places.
fn of_files(per_file: Vec<PerFile>) -> Vec<Line> {
    let mut lines: Vec<Line> = Vec::new();
    for PerFile { glob, selectors, place } in per_file {
        if !lines.iter().any(|line| line.name == glob) {
            let (table, value) = (PER_FILE_IGNORES.to_owned(), Literal::List(Vec::new()));
            lines.push(Line { table, name: glob.clone(), value, origins: Vec::new() });
        }
        let Some(line) = lines.iter_mut().find(|line| line.name == glob) else { continue };
        let Literal::List(words) = &mut line.value else { continue };
        for selector in selectors {
            if !words.contains(&selector) {
                words.push(selector);
                line.origins.push(place.clone());
            }
        }
    }
    lines
}
