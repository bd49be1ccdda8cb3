//! CPython as the judge: definitions, lines and docstrings must be those that its `ast` module finds, and edits
//! must change docstrings and nothing else.

use std::collections::BTreeMap;
use std::io::Write as _;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use docgate::edit::{delete, insert, prove, replace};
use docgate::python::{DefinitionKind, ParsedFile, decode, encode, parse};
use serde::Deserialize;

/// What CPython says about one file; `None` when it cannot parse it.
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

/// Asks CPython about files.
fn ask(paths: &[PathBuf]) -> Answers {
    let list = paths.iter().map(|path| path.display().to_string()).collect::<Vec<_>>().join("\n");
    serde_json::from_slice(&python(SCRIPT, list.as_bytes())).unwrap()
}

/// Runs a script with input, and gives back what it prints.
pub(crate) fn python(script: &str, input: &[u8]) -> Vec<u8> {
    let mut child = Command::new("python3")
        .args(["-W", "ignore", "-c", script])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("python3 is the oracle of this test");
    let mut stdin = child.stdin.take().unwrap();
    let input = input.to_vec();
    let writer = std::thread::spawn(move || stdin.write_all(&input));
    let output = child.wait_with_output().unwrap();
    writer.join().unwrap().unwrap();
    assert!(output.status.success());
    output.stdout
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
pub(crate) fn standard_library() -> Vec<PathBuf> {
    let output = Command::new("python3")
        .args(["-c", "import sysconfig; print(sysconfig.get_paths()['stdlib'])"])
        .output()
        .unwrap();
    let root = PathBuf::from(String::from_utf8(output.stdout).unwrap().trim());
    let mut paths: Vec<PathBuf> = Vec::new();
    let mut folders = vec![root];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            // What pip has put there differs from machine to machine.
            if path.is_dir() && !path.ends_with("site-packages") && !path.ends_with("dist-packages") {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "py") {
                paths.push(path);
            }
        }
    }
    paths.sort();
    paths
}

/// Files in which the grammar finds errors that CPython does not are left alone by docgate; there may be few.
const MOST_GRAMMAR_GAPS: usize = 2;

#[test]
fn definitions_lines_and_docstrings_are_those_of_cpython() {
    let paths = standard_library();
    let answers = ask(&paths);
    let (mut files, mut definitions, mut gaps, mut wrong) = (0, 0, Vec::new(), Vec::new());
    for path in &paths {
        let Some(Some(expected)) = answers.get(&path.display().to_string()) else { continue };
        let Ok(text) = decode(&std::fs::read(path).unwrap()) else { continue };
        let file = parse(&text);
        if !file.errors.is_empty() {
            gaps.push(path.display().to_string());
            continue;
        }
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
    assert!(gaps.len() <= MOST_GRAMMAR_GAPS, "{gaps:#?}");
}

/// Compares files with their edited copies: the code must be the same, and each docstring what was meant.
const JUDGE: &str = r"
import ast, json, sys

KINDS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Module)

def strip(tree):
    docstrings = []
    for node in ast.walk(tree):
        if isinstance(node, KINDS):
            docstrings.append(ast.get_docstring(node, clean=False))
            if docstrings[-1] is not None:
                del node.body[0]
    return ast.dump(tree), docstrings

wrong = []
for path, edited, meant in json.load(sys.stdin):
    try:
        before, old = strip(ast.parse(open(path, 'rb').read()))
    except (SyntaxError, ValueError, RecursionError):
        continue
    try:
        after, new = strip(ast.parse(open(edited, 'rb').read()))
    except SyntaxError as error:
        wrong.append([path, str(error)])
        continue
    if before != after:
        wrong.append([path, 'the code differs'])
    if len(old) != len(new) or sorted(new, key=str) != sorted(meant, key=str):
        wrong.append([path, 'the docstrings differ'])
json.dump(wrong, sys.stdout)
";

/// Text that has broken docstring writers before.
const HOSTILE: &[&str] = &[
    "Quotes \"\"\" and ''' and a last one\"",
    "A backslash at the end \\",
    "Escapes \\n \\x41 \\N{BULLET} and a raw\ttab",
    "Two lines.\n\n    Args:\n        é: {curly} %s #no comment\n    ",
    "\\",
    "\"",
];

#[test]
fn docstrings_of_the_standard_library_can_be_written_and_deleted() {
    let folder = tempfile::tempdir().unwrap();
    let (mut jobs, mut edits_made) = (Vec::new(), 0);
    // Every third file is enough for a test; the rest differ in what they do, not in how they are written.
    for (number, path) in standard_library().into_iter().enumerate().step_by(3) {
        let Ok(text) = decode(&std::fs::read(&path).unwrap()) else { continue };
        let file = parse(&text);
        if !file.errors.is_empty() {
            continue;
        }
        // What is not Latin cannot be written into a file that declares a Latin encoding.
        let holds_all = encode(&text).is_ok_and(|bytes| bytes == text.as_bytes())
            && !text.lines().take(2).any(|line| line.contains("coding") && !line.contains("utf"));
        let (mut edits, mut meant) = (Vec::new(), Vec::new());
        for (index, definition) in file.definitions.iter().enumerate() {
            let hostile = HOSTILE[(number + index) % HOSTILE.len()];
            let hostile = if holds_all || hostile.is_ascii() { hostile } else { HOSTILE[0] };
            let edit = match &definition.docstring {
                Some(_) if index % 4 == 3 => delete(definition),
                Some(_) => replace(&file, definition, hostile),
                None => insert(&file, definition, hostile),
            };
            match edit {
                Ok(edit) => {
                    meant.push(edit.value.clone());
                    edits.push(edit);
                }
                Err(_) => meant.push(definition.docstring.as_ref().map(|literal| literal.value.clone())),
            }
        }
        edits_made += edits.len();
        let proven = prove(&file, &edits);
        assert!(proven.dropped.is_empty(), "{}: {:?}", path.display(), proven.dropped);
        let edited = folder.path().join(format!("{number}.py"));
        std::fs::write(&edited, encode(&proven.text).unwrap()).unwrap();
        jobs.push((path, edited, meant));
    }
    assert!(edits_made > 5_000, "{edits_made}");
    let wrong = python(JUDGE, &serde_json::to_vec(&jobs).unwrap());
    assert_eq!(String::from_utf8(wrong).unwrap(), "[]");
}
