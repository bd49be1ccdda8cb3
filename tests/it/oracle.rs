//! `CPython` as the judge: definitions, lines and docstrings must be those that its `ast` module finds.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::Command;

use docgate::python::{DefinitionKind, ParsedFile, decode, parse};
use serde::Deserialize;

/// What `CPython` says about one file; `None` when it cannot parse it.
type Answers = BTreeMap<String, Option<Vec<Found>>>;

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
struct Found {
    line: usize,
    kind: String,
    name: String,
    docstring: Option<String>,
}

const SCRIPT: &str = r"
import ast, json, sys

def describe(path):
    try:
        tree = ast.parse(open(path, 'rb').read())
    except (SyntaxError, ValueError, RecursionError):
        return None
    found = []
    for node in ast.walk(tree):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            kind = 'class' if isinstance(node, ast.ClassDef) else 'function'
            docstring = ast.get_docstring(node, clean=False)
            found.append({'line': node.lineno, 'kind': kind, 'name': node.name, 'docstring': docstring})
        elif isinstance(node, ast.Module):
            docstring = ast.get_docstring(node, clean=False)
            found.append({'line': 1, 'kind': 'module', 'name': '', 'docstring': docstring})
    return found

json.dump({path: describe(path) for path in sys.stdin.read().splitlines()}, sys.stdout)
";

/// Asks `CPython` about files.
fn ask(paths: &[PathBuf]) -> Answers {
    use std::io::Write as _;
    let mut child = Command::new("python3")
        .args(["-W", "ignore", "-c", SCRIPT])
        .stdin(std::process::Stdio::piped())
        .stdout(std::process::Stdio::piped())
        .spawn()
        .expect("python3 is the oracle of this test");
    let list = paths.iter().map(|path| path.display().to_string()).collect::<Vec<_>>().join("\n");
    let mut input = child.stdin.take().unwrap();
    let writer = std::thread::spawn(move || input.write_all(list.as_bytes()));
    let output = child.wait_with_output().unwrap();
    writer.join().unwrap().unwrap();
    assert!(output.status.success());
    serde_json::from_slice(&output.stdout).unwrap()
}

fn describe(file: &ParsedFile) -> Vec<Found> {
    let mut found: Vec<Found> = file
        .definitions
        .iter()
        .map(|definition| Found {
            line: if definition.kind == DefinitionKind::Module {
                1
            } else {
                file.lines.line(definition.header.start)
            },
            kind: match definition.kind {
                DefinitionKind::Module => "module",
                kind if kind.is_class() => "class",
                _ => "function",
            }
            .to_owned(),
            name: definition.name.clone(),
            docstring: definition.docstring.as_ref().map(|literal| literal.value.clone()),
        })
        .collect();
    found.sort();
    found
}

/// The standard library's own modules, a corpus that every machine with Python has.
fn standard_library() -> Vec<PathBuf> {
    let output = Command::new("python3")
        .args(["-c", "import sysconfig; print(sysconfig.get_paths()['stdlib'])"])
        .output()
        .unwrap();
    let root = PathBuf::from(String::from_utf8(output.stdout).unwrap().trim());
    let mut paths: Vec<PathBuf> = Vec::new();
    for folder in ["", "asyncio", "email", "json", "unittest", "concurrent/futures", "multiprocessing"] {
        for entry in std::fs::read_dir(root.join(folder)).unwrap() {
            let path = entry.unwrap().path();
            if path.extension().is_some_and(|extension| extension == "py") {
                paths.push(path);
            }
        }
    }
    paths.sort();
    paths
}

#[test]
fn definitions_lines_and_docstrings_are_those_of_cpython() {
    let paths = standard_library();
    let answers = ask(&paths);
    let (mut files, mut definitions, mut wrong) = (0, 0, Vec::new());
    for path in &paths {
        let Some(Some(expected)) = answers.get(&path.display().to_string()) else { continue };
        let Ok(text) = decode(&std::fs::read(path).unwrap()) else { continue };
        let file = parse(&text);
        let mut expected = expected.clone();
        expected.sort();
        files += 1;
        definitions += expected.len();
        let inexact = file
            .definitions
            .iter()
            .any(|definition| definition.docstring.as_ref().is_some_and(|literal| !literal.exact));
        if describe(&file) != expected && !inexact {
            wrong.push(path.display().to_string());
        }
    }
    assert!(files > 150 && definitions > 5_000, "{files} files, {definitions} definitions");
    assert!(wrong.is_empty(), "{wrong:#?}");
}
