//! The documentation held to its word: links, files, flags, rules, and the session in the README.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use regex::Regex;

use docgate::rules::RULES;

use crate::harness::Scratch;

/// Folders of the repository whose files are named in backticks.
const FOLDERS: &[&str] =
    &["src/", "docs/", "examples/", "tests/", "hooks/", "benches/", "fuzz/", ".github/", ".ci/"];

/// A fenced block of a page.
pub(crate) struct Block {
    pub(crate) language: String,
    pub(crate) text: String,
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Returns the pages for people, each with its path from the root and its text.
fn pages() -> Vec<(String, String)> {
    let mut pages = Vec::new();
    let mut folders = ["", "docs", "examples", "src/rules/pages"].map(PathBuf::from).to_vec();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(root().join(&folder)).unwrap() {
            let path = folder.join(entry.unwrap().file_name());
            let full = root().join(&path);
            if full.is_dir() && !folder.as_os_str().is_empty() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "md") {
                let text = fs::read_to_string(full).unwrap();
                pages.push((path.to_str().unwrap().replace('\\', "/"), text));
            }
        }
    }
    pages.sort();
    assert!(pages.len() > 10, "the pages were not found");
    pages
}

pub(crate) fn page(name: &str) -> String {
    fs::read_to_string(root().join(name)).unwrap()
}

/// Splits a page into its prose and its fenced blocks.
pub(crate) fn parts(text: &str) -> (String, Vec<Block>) {
    let mut prose = String::new();
    let mut blocks: Vec<Block> = Vec::new();
    let mut inside = false;
    for line in text.lines() {
        match (line.trim_start().strip_prefix("```"), inside) {
            (Some(language), false) => {
                blocks.push(Block { language: language.trim().to_owned(), text: String::new() });
                inside = true;
            }
            (Some(_), true) => inside = false,
            (None, true) => {
                let block = blocks.last_mut().unwrap();
                block.text.push_str(line);
                block.text.push('\n');
            }
            (None, false) => {
                prose.push_str(line);
                prose.push('\n');
            }
        }
    }
    assert!(!inside, "a block is not closed");
    (prose, blocks)
}

pub(crate) fn code_spans(prose: &str) -> Vec<String> {
    let span = Regex::new(r"`([^`]+)`").unwrap();
    span.captures_iter(prose).map(|found| found[1].replace('\n', " ")).collect()
}

#[test]
fn links_lead_somewhere() {
    let link = Regex::new(r"\]\(([^)\s]+)\)").unwrap();
    let mut broken = Vec::new();
    for (name, text) in pages() {
        let (prose, _) = parts(&text);
        let folder = root().join(&name).parent().unwrap().to_owned();
        for found in link.captures_iter(&prose) {
            let target = found[1].split('#').next().unwrap();
            if target.is_empty() || target.contains("://") || folder.join(target).exists() {
                continue;
            }
            broken.push(format!("{name}: {target}"));
        }
    }
    assert!(broken.is_empty(), "{broken:#?}");
}

#[test]
fn files_that_are_named_exist() {
    let plain = Regex::new(r"^[\w./-]+$").unwrap();
    let mut missing = Vec::new();
    for (name, text) in pages() {
        let (prose, _) = parts(&text);
        for span in code_spans(&prose) {
            let named = FOLDERS.iter().any(|folder| span.starts_with(folder)) && plain.is_match(&span);
            if named && !root().join(&span).exists() {
                missing.push(format!("{name}: {span}"));
            }
        }
    }
    assert!(missing.is_empty(), "{missing:#?}");
}

/// What docgate's help says about subcommands, asked once for each.
struct Help {
    scratch: Scratch,
    known: BTreeMap<String, Option<Vec<String>>>,
}

impl Help {
    fn new() -> Self {
        Self { scratch: Scratch::new(), known: BTreeMap::new() }
    }

    /// Returns the long flags of a subcommand, or `None` when there is none of that name.
    fn flags(&mut self, command: &str) -> Option<Vec<String>> {
        if let Some(known) = self.known.get(command) {
            return known.clone();
        }
        let mut words = command.split(' ');
        let (first, second) = (words.next().unwrap(), words.next());
        let run = match second {
            Some(second) => self.scratch.docgate([first, second, "--help"]),
            None => self.scratch.docgate([first, "--help"]),
        };
        let flag = Regex::new(r"(?m)^\s+(?:-\w, )?(--[a-z][a-z-]*)").unwrap();
        let found = flag.captures_iter(&run.stdout).map(|found| found[1].to_owned()).collect();
        let flags = (run.code == Some(0)).then_some(found);
        self.known.insert(command.to_owned(), flags.clone());
        flags
    }

    /// Says what is wrong with the words behind `docgate`.
    fn complaint(&mut self, words: &str) -> Option<String> {
        let mut words =
            words.split_whitespace().map(|word| word.trim_matches(['"', '\'', ',', ';', ')', '.']));
        let mut command = words.next()?.to_owned();
        if command.starts_with('-') {
            return (command != "--version" && command != "--help").then(|| format!("docgate {command}"));
        }
        let mut rest: Vec<&str> = words.collect();
        let verbs: &[&str] = match command.as_str() {
            "hook" => &["install", "uninstall", "run"],
            "cache" => &["info", "prune", "clear", "export", "import"],
            "config" => &["show", "schema", "import"],
            "examples" => &["show", "upload"],
            _ => &[],
        };
        if let Some(verb) = rest.first().copied().filter(|word| verbs.contains(word)) {
            command = format!("{command} {verb}");
            rest.remove(0);
        }
        let Some(flags) = self.flags(&command) else { return Some(format!("docgate {command}")) };
        for word in rest {
            // What follows belongs to another command or to a remark.
            if ["#", "|", "||", "&&", ">", ";"].contains(&word) {
                break;
            }
            let flag = word.split('=').next().unwrap_or(word);
            if flag.starts_with("--") && flag.len() > 2 && !flags.iter().any(|known| known == flag) {
                return Some(format!("docgate {command} {flag}"));
            }
        }
        None
    }
}

#[test]
fn commands_and_flags_that_are_shown_exist() {
    let called = Regex::new(r"(?:^|[\s`'$])docgate ((?:[a-z-]).*)$").unwrap();
    let through_cargo = Regex::new(r"cargo run\b.*? -- (.*)$").unwrap();
    let mode = Regex::new(r"(?m)^\s*mode: (\w+)\s*$").unwrap();
    let arguments = Regex::new(r"(?m)^\s*args: (.*)$").unwrap();
    let mut help = Help::new();
    let mut wrong = Vec::new();
    let mut looked_at = 0;
    for (name, text) in pages() {
        let (prose, blocks) = parts(&text);
        let mut calls = Vec::new();
        for block in &blocks {
            if !["sh", "console", "yaml", "js"].contains(&block.language.as_str()) {
                continue;
            }
            for line in block.text.lines() {
                let is_command = block.language != "console" || line.starts_with("$ ");
                let is_remark =
                    line.trim_start().starts_with(['#', '/']) || line.trim_start().starts_with("name:");
                if !is_command || is_remark {
                    continue;
                }
                let command = line.split(" # ").next().unwrap();
                for pattern in [&called, &through_cargo] {
                    calls.extend(pattern.captures(command).map(|found| found[1].to_owned()));
                }
            }
            if let Some(mode) = mode.captures(&block.text) {
                let given =
                    arguments.captures(&block.text).map_or(String::new(), |found| found[1].to_owned());
                calls.push(format!("{} {given}", &mode[1]));
            }
        }
        for span in code_spans(&prose) {
            calls.extend(span.strip_prefix("docgate ").map(str::to_owned));
        }
        looked_at += calls.len();
        for call in calls {
            wrong.extend(help.complaint(&call).map(|complaint| format!("{name}: {complaint}")));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert!(looked_at > 30, "only {looked_at} commands were found");
}

#[test]
fn an_unknown_flag_would_be_noticed() {
    let mut help = Help::new();
    let table = [
        ("check --staged", None),
        ("check --estimate", Some("docgate check --estimate")),
        ("hook run --mode fix", None),
        ("hook run --staged", Some("docgate hook run --staged")),
        ("doctor --clear-lock", None),
        ("nurse", Some("docgate nurse")),
        ("fix --diff | less --help-me", None),
    ];
    for (call, expected) in table {
        assert_eq!(help.complaint(call).as_deref(), expected, "{call}");
    }
}

#[test]
fn the_readme_runs_what_ci_runs() {
    let (readme, ci) = (page("README.md"), page(".ci/run"));
    for command in ["cargo test --locked", "cargo run --locked --quiet -- demo"] {
        let shown = readme.lines().any(|line| line.split('#').next().unwrap().trim() == command);
        assert!(shown, "the README does not show `{command}`");
        let run = ci.lines().any(|line| line.trim() == format!("run {command}"));
        assert!(run, ".ci/run does not run `{command}`");
    }
}

#[test]
fn every_rule_has_a_line_in_the_rules_page() {
    let text = page("docs/rules.md");
    for rule in RULES {
        assert!(text.contains(&format!("`{}`", rule.code)), "{} is missing", rule.code);
        assert!(text.contains(rule.name), "{} is missing", rule.name);
    }
}

/// Splits a session into commands and what each prints.
fn session(block: &str) -> Vec<(String, String)> {
    let mut steps: Vec<(String, String)> = Vec::new();
    for line in block.lines() {
        match (line.strip_prefix("$ "), steps.last_mut()) {
            (Some(command), _) => steps.push((command.to_owned(), String::new())),
            (None, Some((_, printed))) => {
                printed.push_str(line);
                printed.push('\n');
            }
            (None, None) => panic!("a session begins with a command"),
        }
    }
    steps
}

/// Plays the sessions of a page in a repository where the README's `tides.py` is staged.
fn play(name: &str) -> Scratch {
    let (_, blocks) = parts(&page("README.md"));
    let scratch = Scratch::new();
    let source = blocks.iter().find(|block| block.language == "python").unwrap();
    scratch.write("tides.py", &source.text);
    scratch.git(["add", "tides.py"]);
    let (_, blocks) = parts(&page(name));
    let sessions: Vec<&Block> = blocks.iter().filter(|block| block.language == "console").collect();
    assert!(!sessions.is_empty(), "{name}");
    for (command, printed) in sessions.iter().flat_map(|block| session(&block.text)) {
        let output = scratch.command("sh").args(["-c", &format!("{command} 2>&1")]).output().unwrap();
        assert_eq!(String::from_utf8_lossy(&output.stdout), printed, "{name}: $ {command}");
    }
    scratch
}

#[test]
fn the_session_in_the_readme_prints_what_it_says() {
    let scratch = play("README.md");
    assert_eq!(scratch.staged("tides.py"), scratch.read("tides.py"));
}

#[test]
fn the_sessions_in_the_output_page_print_what_they_say() {
    play("docs/output.md");
}
