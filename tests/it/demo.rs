//! `docgate demo`, with `CPython` as the judge of what it committed.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::harness::{BINARY, Run, Scratch};

/// What a step must show; the lines stand in this order.
const IMPORTANT: &[&str] = &[
    "No account is used and nothing leaves the machine.",
    "$ docgate hook install",
    "── 1. ",
    "MM lighthouse/tides.py",
    "── 2. ",
    "--> lighthouse/lamp.py:33:7",
    "error[DG102]: ",
    "--> lighthouse/tides.py:82:5",
    "the commit is refused",
    "── 3. ",
    "written: lighthouse/lamp.py:33 SpareBulb",
    "repaired: lighthouse/lamp.py:59 Lamp.warm_up",
    "written: lighthouse/tides.py:82 next_high_tide",
    "repaired: lighthouse/tides.py:87 under_keel",
    "requests reached the canned server",
    "── 4. ",
    "+            seconds: How long to heat it. Defaults to 30.",
    "── 5. ",
    " M lighthouse/tides.py",
    "+    # half done, not staged",
    "── 6. ",
    "nothing to say: ",
    "(0 requests.)",
];

const COMPARE: &str = r#"
import ast, sys

def bare(path):
    tree = ast.parse(open(path, "rb").read())
    for node in ast.walk(tree):
        kinds = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
        if isinstance(node, kinds) and ast.get_docstring(node) is not None:
            del node.body[0]
    return ast.dump(tree)

def undocumented(path):
    tree = ast.parse(open(path, "rb").read())
    kinds = (ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    found = [node for node in ast.walk(tree) if isinstance(node, kinds)]
    return {node.name for node in found if ast.get_docstring(node) is None}

committed, staged = sys.argv[1:]
assert bare(committed) == bare(staged), committed
print(len(undocumented(staged) - undocumented(committed)))
"#;

fn demo(scratch: &Scratch, arguments: &[&str]) -> Run {
    let mut command = scratch.command(BINARY);
    // What a developer may have set must play no part.
    command.arg("demo").args(arguments).env("PRE_COMMIT", "1").env("DOCGATE_MODEL", "none");
    command.env("AZURE_OPENAI_ENDPOINT", "https://example.org").env("DOCGATE_MODE", "warn");
    command.env("DOCGATE_SKIP", "1").env("DOCGATE_BUDGET_DEFINITIONS", "0");
    Run::from_output(&command.output().unwrap())
}

#[test]
fn the_demo_plays_its_six_steps_whatever_the_environment_says() {
    let scratch = Scratch::new();
    let run = demo(&scratch, &[]);
    assert_eq!(run.code, Some(0), "{}", run.all());
    let mut rest = run.stdout.as_str();
    for line in IMPORTANT {
        let at =
            rest.find(line).unwrap_or_else(|| panic!("`{line}` is missing or too early in\n{}", run.stdout));
        rest = &rest[at + line.len()..];
    }
    assert_eq!(run.stdout.matches("\n── ").count(), 6);
    assert!(!scratch.beside("cache").exists(), "the demo used the cache of the user");
}

fn python_files(folder: &Path) -> Vec<PathBuf> {
    let mut files: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.retain(|file| file.extension().is_some_and(|ending| ending == "py"));
    files.sort();
    files
}

#[test]
fn the_kept_repository_has_the_docstrings_and_the_code_of_the_change() {
    let scratch = Scratch::new();
    let folder = scratch.beside("kept here/deep");
    let run = demo(&scratch, &["--keep", folder.to_str().unwrap()]);
    assert_eq!(run.code, Some(0), "{}", run.all());
    assert!(run.stdout.contains(&format!("The repository is in {}.", folder.display())), "{}", run.stdout);

    let examples = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples");
    let mut written = 0;
    let files = python_files(&examples.join("lighthouse"));
    assert_eq!(files.len(), 6);
    for file in files {
        let name = file.file_name().unwrap().to_str().unwrap();
        let changed = examples.join("change/lighthouse").join(name);
        let staged = if changed.exists() { changed } else { file.clone() };
        let committed = scratch.beside(name);
        let show = format!("HEAD:lighthouse/{name}");
        let output = scratch.command("git").current_dir(&folder).args(["show", &show]).output().unwrap();
        assert!(output.status.success(), "{show}");
        fs::write(&committed, output.stdout).unwrap();
        let judge =
            Command::new("python3").args(["-c", COMPARE]).args([&committed, &staged]).output().unwrap();
        assert!(judge.status.success(), "{name}: {}", String::from_utf8_lossy(&judge.stderr));
        written += String::from_utf8(judge.stdout).unwrap().trim().parse::<usize>().unwrap();
    }
    assert_eq!(written, 3, "definitions that had no docstring and have one now");
    let log = scratch.command("git").current_dir(&folder).args(["log", "--format=%s"]).output().unwrap();
    assert_eq!(String::from_utf8(log.stdout).unwrap(), "Plan for fog\nThe package as it is\n");
    let check = scratch.docgate_in(&folder, &["check", "--since", "HEAD~1"]);
    assert_eq!(check.code, Some(0), "{}", check.all());
}

#[test]
fn a_folder_that_is_not_empty_is_refused() {
    let scratch = Scratch::new();
    scratch.write("mine.txt", "x");
    for folder in [".", "mine.txt"] {
        let run = demo(&scratch, &["--keep", folder]);
        assert!(matches!(run.code, Some(2 | 3)), "{folder}: {}", run.all());
        assert!(run.stderr.starts_with("error: "), "{folder}: {}", run.stderr);
    }
    assert_eq!(demo(&scratch, &["--keep", "."]).code, Some(2));
    assert_eq!(scratch.read("mine.txt"), "x");
    assert!(!scratch.root().join("lighthouse").exists());
}
