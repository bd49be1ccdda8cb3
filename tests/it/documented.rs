//! The command line held against its documentation, in both directions: what the pages show runs, and what `--help` knows
//! is in a page and in a test.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use clap::CommandFactory as _;
use docgate::cli::Cli;
use regex::Regex;

use crate::docs::{code_spans, page, parts};
use crate::harness::Scratch;

/// Calls of the pages that are not run here, by how they begin, and why.
const NOT_RUN: &[(&str, &str)] = &[
    ("completions", "printed for a shell; in `cli.rs`"),
    ("review", "needs an event; the dry run is run with one in `redaction.rs`, the rest in `review.rs`"),
    ("hook run --mode", "names the option, without a value"),
    ("nightly", "no call: the name of a workflow"),
];

/// Options that only clap handles.
const OF_CLAP: &[&str] = &["--help", "--version"];

/// Returns the pages that tell people how to use docgate: not those about its code.
fn pages() -> Vec<(String, String)> {
    let docs = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs");
    let mut names: Vec<String> = fs::read_dir(docs)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|ending| ending == "md"))
        .map(|path| format!("docs/{}", path.file_name().unwrap().to_str().unwrap()))
        .collect();
    names.push("README.md".to_owned());
    names.sort();
    names.into_iter().map(|name| (name.clone(), page(&name))).collect()
}

/// Returns what stands behind `docgate` in the pages, and where.
fn calls() -> Vec<(String, String)> {
    let called = Regex::new(r"(?:^|[\s'$])docgate ([a-z-].*)$").unwrap();
    let mut calls = Vec::new();
    for (name, text) in pages() {
        let (prose, blocks) = parts(&text);
        for block in
            blocks.iter().filter(|block| ["sh", "console", "yaml"].contains(&block.language.as_str()))
        {
            for line in
                block.text.lines().filter(|line| block.language != "console" || line.starts_with("$ "))
            {
                let line = line.split(" # ").next().unwrap();
                calls.extend(called.captures(line).map(|found| (name.clone(), found[1].trim().to_owned())));
            }
        }
        let spans = code_spans(&prose).into_iter();
        calls
            .extend(spans.filter_map(|span| Some((name.clone(), span.strip_prefix("docgate ")?.to_owned()))));
    }
    calls
}

fn is_run(call: &str) -> bool {
    !NOT_RUN.iter().any(|(begin, _)| call.starts_with(begin))
}

/// A repository with everything in it that the pages name.
pub(crate) fn prepared() -> Scratch {
    let scratch = Scratch::new();
    let (_, blocks) = parts(&page("README.md"));
    let tides = &blocks.iter().find(|block| block.language == "python").unwrap().text;
    scratch.write("README.md", "# Tides\n");
    scratch.commit_all("base");
    scratch.git(["update-ref", "refs/remotes/origin/main", "HEAD"]);
    for path in
        ["tides.py", "src/tides.py", "src/lamp.py", "lighthouse/tides.py", "packages/core/tides.py", "buffer"]
    {
        scratch.write(path, tides);
    }
    scratch.write(".env", "DOCGATE_MODE=check\n");
    for folder in ["", "packages/core/"] {
        scratch.write(&format!("{folder}setup.cfg"), "[tool:interrogate]\nfail-under = 80\n");
    }
    scratch.stage();
    scratch
}

/// Puts something there for the words that stand for something.
fn concrete(call: &str) -> String {
    let words = [("STYLE", "numpy"), ("PATH", "src"), ("NAME", "stale-default"), ("FOLDER", "../kept")];
    let mut call = call.split(" | ").next().unwrap().to_owned();
    for (word, value) in words {
        call = call.replace(word, value);
    }
    match call.as_str() {
        "cache export" => "cache export answers.jsonl".to_owned(),
        "cache import answers.jsonl" => {
            "cache export answers.jsonl && docgate cache import answers.jsonl".to_owned()
        }
        "check -" => "check - < buffer".to_owned(),
        // Without it, there must be an index; that is in `examples/upload.rs`.
        "examples upload" => "examples upload --dry-run".to_owned(),
        _ => call,
    }
}

#[test]
fn every_call_in_the_pages_runs() {
    let mut run = BTreeSet::new();
    let mut failed = Vec::new();
    for (name, call) in calls() {
        if !is_run(&call) || !run.insert(call.clone()) {
            continue;
        }
        let scratch = prepared();
        let line = format!("docgate {}", concrete(&call));
        let output = scratch.command("sh").args(["-c", &line]).output().unwrap();
        if !matches!(output.status.code(), Some(0 | 1)) {
            failed.push(format!("{name}: {line}: {}", String::from_utf8_lossy(&output.stderr)));
        }
    }
    assert!(failed.is_empty(), "{failed:#?}");
    assert!(run.len() > 40, "only {} calls were found", run.len());
}

#[test]
fn what_is_not_run_is_still_in_the_pages() {
    for (begin, reason) in NOT_RUN {
        assert!(calls().iter().any(|(_, call)| call.starts_with(begin)), "{begin} ({reason}) is gone");
    }
}

/// Returns all subcommands, with the options of each.
fn known() -> Vec<(String, Vec<String>)> {
    let mut waiting = vec![(String::new(), Cli::command())];
    let mut known = Vec::new();
    while let Some((name, command)) = waiting.pop() {
        for inner in command.get_subcommands() {
            waiting.push((format!("{name} {}", inner.get_name()).trim().to_owned(), inner.clone()));
        }
        let options = command.get_arguments().filter_map(|argument| argument.get_long());
        let options = options.map(|name| format!("--{name}")).collect();
        if !command.has_subcommands() || name.is_empty() {
            known.push((name, options));
        }
    }
    assert!(known.len() > 15, "{known:?}");
    known
}

#[test]
fn every_subcommand_and_option_is_in_a_page() {
    let all: String = pages().into_iter().map(|(_, text)| text).collect();
    let mut missing = Vec::new();
    for (name, options) in known() {
        if !name.is_empty() && !names(&all, &format!("docgate {name}")) {
            missing.push(format!("docgate {name}"));
        }
        let unnamed = options.into_iter().filter(|option| !names(&all, option));
        missing.extend(unnamed.map(|option| format!("docgate {name} {option}")));
    }
    assert!(missing.is_empty(), "{missing:#?}");
}

/// Returns whether a text has a command or an option that does not go on.
fn names(text: &str, name: &str) -> bool {
    text.match_indices(name).any(|(at, _)| {
        let goes_on = |character: char| character.is_alphanumeric() || character == '-';
        !text[at + name.len()..].starts_with(goes_on)
    })
}

#[test]
fn every_option_is_used_by_a_test() {
    let mut tests = String::new();
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|ending| ending == "rs") {
                tests.push_str(&fs::read_to_string(path).unwrap());
            }
        }
    }
    tests.extend(calls().into_iter().filter(|(_, call)| is_run(call)).map(|(_, call)| format!("{call}\n")));
    let mut unused: Vec<String> = known()
        .into_iter()
        .flat_map(|(name, options)| options.into_iter().map(move |option| format!("{name} {option}")))
        .filter(|option| !names(&tests, option.rsplit(' ').next().unwrap()))
        .filter(|option| !OF_CLAP.iter().any(|known| option.ends_with(known)))
        .collect();
    unused.sort();
    assert!(unused.is_empty(), "{unused:#?}");
}
