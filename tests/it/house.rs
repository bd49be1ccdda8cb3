//! The house: which folder may use which, and where the outside world may be named.
//!
//! The tables below are the arrows of `docs/architecture.md`; the test reads the source as text.

use std::fs;
use std::path::{Path, PathBuf};

use regex::Regex;

/// What every room may use: plain types.
const PLAIN: &[&str] = &["change", "language", "untrusted"];
/// What the adapters may use.
const ADAPTER: &[&str] = &["change", "env", "clock", "error", "lock", "secret", "shared", "untrusted"];

/// Room → the rooms it may use beside itself. A room that is not listed may use nothing.
const ARROWS: &[(&str, &[&[&str]])] = &[
    ("python", &[PLAIN]),
    ("docstring", &[PLAIN, &["python"]]),
    ("edit", &[PLAIN, &["python", "docstring"]]),
    ("rules", &[PLAIN, &["python", "docstring", "edit"]]),
    ("repair", &[PLAIN, &["python", "docstring", "edit", "rules"]]),
    ("generate", &[PLAIN, &["python", "docstring", "edit", "rules", "repair"]]),
    ("adopt", &[PLAIN, &["config", "rules"]]),
    ("git", &[ADAPTER]),
    ("model", &[ADAPTER]),
    ("cache", &[ADAPTER]),
    ("metrics", &[ADAPTER]),
    ("github", &[ADAPTER]),
    ("report", &[PLAIN, &["error", "rules"]]),
    ("config", &[PLAIN, &["error", "env", "secret"]]),
    ("telemetry", &[&["clock", "env", "error", "secret", "untrusted"]]),
    ("secret", &[&["untrusted"]]),
    ("lock", &[&["clock"]]),
    ("shared", &[&["clock", "secret"]]),
    ("main", &[&["cli", "commands", "error", "untrusted"]]),
    ("lib", &[]),
];

/// Items that a file, or every file of a folder, may use although the arrows do not lead there.
const ITEMS: &[(&str, &str, &[&str])] = &[
    ("report/", "python", &["LineIndex", "Position", "Span"]),
    // Only the types of the transport and what a token is and costs; who is asked is decided elsewhere.
    ("generate/", "model", &["Message", "ModelRequest", "Usage", "prices", "tokens"]),
    ("generate/", "secret", &["REDACTED", "redact", "redacted_in"]),
    ("generate/run/", "model", &["*"]),
    ("generate/run/", "cache", &["*"]),
    ("generate/run/", "clock", &["*"]),
    ("generate/run/", "metrics", &["Call"]),
    ("generate/key.rs", "cache", &["*"]),
    ("generate/key.rs", "model", &["*"]),
];

/// Where text goes in and values come out.
const PURE: &[&str] = &[
    "python/",
    "docstring/",
    "edit/",
    "rules/",
    "repair/",
    "generate/",
    "report/",
    "config/",
    "adopt/",
    "change.rs",
];

/// What no pure file names: files, processes, sockets, the environment, and who does these for others.
const OUTSIDE: &[&str] = &[
    "std::fs",
    "std::process",
    "std::net",
    "std::env",
    "tokio",
    "reqwest",
    "git2",
    "sled",
    "octocrab",
    "println!",
    "eprintln!",
    "print!",
    "eprint!",
];

/// Files of pure folders that may name the outside, with what they may name.
const OUTSIDE_EXCEPTIONS: &[(&str, &[&str])] = &[("generate/run/account.rs", &["tokio"])];

/// Names that belong to one place.
const ONLY_IN: &[(&str, &[&str])] = &[
    ("tree_sitter", &["python/"]),
    ("octocrab", &["github/client.rs"]),
    ("git2", &["git/"]),
    ("sled", &["cache/"]),
    ("use redis", &["shared.rs"]),
    ("redis::Client", &["shared.rs"]),
    ("redis::Script", &["shared.rs"]),
    ("redis::cmd", &["shared.rs"]),
    // The client of GitHub takes its addresses apart with it.
    ("reqwest", &["model/", "github/settings.rs"]),
    ("azure_core", &["model/entra/"]),
    ("azure_identity", &["model/entra/"]),
    ("Instant::now", &["clock.rs"]),
    ("SystemTime::now", &["clock.rs"]),
    ("env::var", &["env/"]),
    ("env::var_os", &["env/"]),
    ("env::vars", &["env/"]),
];

/// Names that say nothing about what is inside.
const EMPTY_NAMES: &[&str] =
    &["util", "utils", "helper", "helpers", "common", "misc", "manager", "handler", "handlers"];

/// Reads one file of `src/` and says what is wrong with it; `path` is relative to `src/`.
fn wrong_in(path: &str, text: &str) -> Vec<String> {
    let text = without_comments(production(text));
    let mut wrong = Vec::new();
    for (room, item) in used(path, &text) {
        if !may_use(path, &room, &item) {
            wrong.push(format!("src/{path} must not use {room}::{item}"));
        }
    }
    let exceptions =
        OUTSIDE_EXCEPTIONS.iter().filter(|(file, _)| *file == path).flat_map(|(_, names)| names.iter());
    let exceptions: Vec<&str> = exceptions.copied().collect();
    if PURE.iter().any(|pure| path.starts_with(pure)) {
        for name in OUTSIDE.iter().filter(|name| !exceptions.contains(name)) {
            if names(&text, name) {
                wrong.push(format!("src/{path} is pure and must not name {name}"));
            }
        }
    }
    for (name, places) in ONLY_IN {
        if names(&text, name) && !places.iter().any(|place| path.starts_with(place)) {
            wrong.push(format!("src/{path} must not name {name}; it belongs in {}", places.join(", ")));
        }
    }
    wrong
}

/// Cuts off the tests at the end of a file.
fn production(text: &str) -> &str {
    let tests = Regex::new(r"(?m)^#\[cfg\(test\)\]\n(#\[.*\n)*mod [a-z_]+ \{").unwrap();
    tests.find(text).map_or(text, |found| &text[..found.start()])
}

fn without_comments(text: &str) -> String {
    let code = |line: &&str| !line.trim_start().starts_with("//");
    text.lines().filter(code).collect::<Vec<_>>().join("\n")
}

/// Returns whether a text has a name as a whole word.
fn names(text: &str, name: &str) -> bool {
    let joins = |character: Option<char>| character.is_some_and(|it| it.is_alphanumeric() || it == '_');
    text.match_indices(name).any(|(start, _)| {
        let after = text[start + name.len()..].chars().next();
        !joins(text[..start].chars().next_back()) && (name.ends_with('!') || !joins(after))
    })
}

/// Returns the room of a file: its first folder, or its own name.
fn room_of(path: &str) -> &str {
    path.split('/').next().unwrap().trim_end_matches(".rs")
}

/// Finds the rooms and items that a text names, through `crate::` (`docgate::` in the binary) or `super::`.
fn used(path: &str, text: &str) -> Vec<(String, String)> {
    let mut levels: Vec<&str> = path.trim_end_matches(".rs").split('/').collect();
    if levels.last() == Some(&"mod") {
        levels.pop();
    }
    // As many `super` as the file lies deep lead to the start of the crate.
    let upwards = format!(r"(?:super::){{{}}}", levels.len());
    let start = if path == "main.rs" { r"docgate::".to_owned() } else { format!(r"(?:crate::|{upwards})") };
    let several = Regex::new(&format!(r"(?:^|[^A-Za-z0-9_:]){start}\{{([^}}]*)\}}")).unwrap();
    let one =
        Regex::new(&format!(r"(?:^|[^A-Za-z0-9_:]){start}([a-z_]+)(?:::(\{{[^}}]*\}}|[A-Za-z0-9_]+))?"))
            .unwrap();
    let mut found = Vec::new();
    for captures in several.captures_iter(text) {
        for part in listed(&captures[1]) {
            let (room, item) = part.split_once("::").unwrap_or((part, "*"));
            found.push((room.to_owned(), item.to_owned()));
        }
    }
    for captures in one.captures_iter(text) {
        let room = &captures[1];
        match captures.get(2).map(|items| items.as_str()) {
            Some(items) if items.starts_with('{') => {
                let items = items.trim_matches(['{', '}']);
                found.extend(listed(items).map(|item| (room.to_owned(), item.to_owned())));
            }
            item => found.push((room.to_owned(), item.unwrap_or("*").to_owned())),
        }
    }
    found
}

fn listed(text: &str) -> impl Iterator<Item = &str> {
    text.split(',').map(str::trim).filter(|part| !part.is_empty())
}

fn may_use(path: &str, room: &str, item: &str) -> bool {
    let own = room_of(path);
    let arrows = ARROWS.iter().find(|(name, _)| *name == own).map_or(&[][..], |(_, groups)| groups);
    own == room
        || own == "commands"
        || arrows.iter().any(|group| group.contains(&room))
        || ITEMS.iter().any(|(place, from, items)| {
            let here = path == *place || place.ends_with('/') && path.starts_with(place);
            here && *from == room && items.iter().any(|known| *known == "*" || *known == item)
        })
}

/// Walks a folder; folders come with a slash at the end.
fn walk(folder: &Path, prefix: &str, found: &mut Vec<(String, PathBuf)>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = format!("{prefix}{}", path.file_name().unwrap().to_str().unwrap());
        if path.is_dir() {
            walk(&path, &format!("{name}/"), found);
            found.push((format!("{name}/"), path));
        } else {
            found.push((name, path));
        }
    }
}

fn below(folder: &str) -> Vec<(String, PathBuf)> {
    let mut found = Vec::new();
    walk(&Path::new(env!("CARGO_MANIFEST_DIR")).join(folder), "", &mut found);
    found.sort();
    found
}

fn is_rust(path: &str) -> bool {
    Path::new(path).extension().is_some_and(|ending| ending == "rs")
}

fn is_test(path: &str) -> bool {
    path.contains("/tests/") || path.ends_with("tests.rs") || path.ends_with("/sample.rs")
}

#[test]
fn every_arrow_of_the_house_points_left_and_pure_rooms_name_nothing_outside() {
    let mut wrong = Vec::new();
    let mut read = 0;
    for (path, file) in below("src") {
        if is_rust(&path) && !is_test(&path) {
            wrong.extend(wrong_in(&path, &fs::read_to_string(file).unwrap()));
            read += 1;
        }
    }
    assert!(read > 80, "{read} files");
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn every_folder_says_what_it_is_for() {
    let files = below("src");
    for (folder, place) in files.iter().filter(|(path, _)| path.ends_with('/')) {
        let has_code = fs::read_dir(place)
            .unwrap()
            .any(|entry| entry.unwrap().path().extension().is_some_and(|ending| ending == "rs"));
        if has_code {
            let text = fs::read_to_string(place.join("mod.rs"));
            let text = text.unwrap_or_else(|error| panic!("src/{folder}mod.rs: {error}"));
            assert!(text.starts_with("//! "), "src/{folder}mod.rs does not open with its purpose");
        }
    }
}

#[test]
fn every_file_says_what_it_is_for() {
    for (path, file) in below("src").into_iter().chain(below("tests/it")) {
        // A file of tests beside the code is described by the code.
        if is_rust(&path) && !is_test(&path) {
            let text = fs::read_to_string(file).unwrap();
            assert!(text.starts_with("//! "), "{path} does not open with its purpose");
        }
    }
}

#[test]
fn no_file_or_folder_has_a_name_that_says_nothing() {
    for (path, _) in below("src").into_iter().chain(below("tests/it")) {
        let name = path.trim_end_matches('/').rsplit('/').next().unwrap();
        let stem = name.split('.').next().unwrap();
        assert!(!EMPTY_NAMES.contains(&stem), "{path}");
    }
}

#[test]
fn every_room_of_the_table_exists_and_every_room_is_in_the_table() {
    let files = below("src");
    let rooms: Vec<&str> = files.iter().map(|(path, _)| room_of(path)).collect();
    for (room, _) in ARROWS {
        assert!(rooms.contains(room), "{room} is in the table and not in src/");
    }
    for (place, ..) in ITEMS {
        assert!(files.iter().any(|(path, _)| path == place), "{place} is in the table and not in src/");
    }
}

#[test]
fn a_wrong_line_is_found_wherever_it_hides() {
    let table: &[(&str, &str, &str)] = &[
        ("python/parse.rs", "use crate::docstring::parse;", "docstring::parse"),
        ("docstring/lines.rs", "use crate::{python, rules::Finding};", "rules::Finding"),
        ("docstring/google/mod.rs", "use super::super::rules::Finding;", "rules::Finding"),
        ("edit/make.rs", "use super::super::rules;", "rules::*"),
        ("edit/mod.rs", "fn f() { super::rules::check() }", "rules::check"),
        ("rules/check.rs", "fn f() { crate::repair::repair() }", "repair::repair"),
        ("report/text.rs", "use crate::python::{Position, Definition};", "python::Definition"),
        ("report/text.rs", "use crate::{\n    error::ExitStatus,\n    commands,\n};", "commands::*"),
        ("generate/slots.rs", "use crate::model::{\n    Message,\n    Azure,\n};", "model::Azure"),
        ("generate/slots.rs", "use crate::cache::Key;", "cache::Key"),
        ("git/index.rs", "use crate::python::parse;", "python::parse"),
        ("github/plan.rs", "use crate::rules::Finding;", "rules::Finding"),
        ("config/file.rs", "use crate::rules::RULES;", "rules::RULES"),
        ("clock.rs", "use crate::env;", "env::*"),
        ("main.rs", "use docgate::git::Repository;", "git::Repository"),
        ("rules/check.rs", "fn f() { std::fs::read(\"a\") }", "must not name std::fs"),
        ("python/parse.rs", "fn f() { println!(\"a\") }", "must not name println!"),
        ("report/text.rs", "use tokio::net::TcpStream;", "must not name tokio"),
        ("generate/reply.rs", "use std::process::Command;", "must not name std::process"),
        ("rules/check.rs", "use tree_sitter::Node;", "must not name tree_sitter"),
        ("commands/fix.rs", "let now = std::time::Instant::now();", "must not name Instant::now"),
        ("commands/fix.rs", "let key = std::env::var(\"KEY\");", "must not name env::var"),
        ("github/plan.rs", "use octocrab::Octocrab;", "must not name octocrab"),
    ];
    for (path, text, expected) in table {
        let wrong = wrong_in(path, text);
        assert!(wrong.iter().any(|line| line.contains(expected)), "{path}: {text}: {wrong:?}");
    }
}

#[test]
fn a_right_line_is_not_complained_about() {
    let table: &[(&str, &str)] = &[
        ("docstring/lines.rs", "use crate::python::Span;"),
        ("docstring/google/write.rs", "use super::super::model;\npub(in crate::docstring) fn f() {}"),
        ("report/text.rs", "use crate::python::{Position, Span};"),
        (
            "generate/run/account.rs",
            "use crate::cache::Cache;\nuse crate::model::LanguageModel;\nuse tokio::time;",
        ),
        ("rules/check.rs", "// use crate::repair;\n/// Not [`crate::repair`].\nfn f() {}"),
        ("rules/check.rs", "fn f() {}\n#[cfg(test)]\nmod tests {\n    use crate::repair::repair;\n}"),
        ("commands/fix.rs", "use crate::git::Repository;\nuse super::judge::judge;"),
        ("main.rs", "use docgate::cli::Cli;"),
    ];
    for (path, text) in table {
        assert_eq!(wrong_in(path, text), Vec::<String>::new(), "{path}: {text}");
    }
}
