//! CPython as the judge over its own library: the part of `just evidence` that needs no network and little time.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use docgate::python::{Definition, ParsedFile, decode, outline, parse};

use crate::harness::BINARY;

/// Runs one judgement of `benches/evidence/corpus.py` over the library of the machine's Python.
fn judge(step: &str) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    // `cargo test` has built the tool already, unless it was asked for this binary alone.
    let profile = if cfg!(debug_assertions) { "dev" } else { "release" };
    let built = Command::new(env!("CARGO"))
        .args(["build", "--quiet", "--locked", "--offline", "--example", "facts", "--profile", profile])
        .current_dir(root)
        .status();
    assert!(built.unwrap().success(), "the test tool cannot be built");
    let facts = Path::new(BINARY).with_file_name("examples").join("facts");
    let judged = Command::new("python3")
        .arg(root.join("benches/evidence/corpus.py"))
        .args([step, "--library", "--rounds", "1", "--facts"])
        .arg(facts)
        .output()
        .expect("python3 is the judge of this test");
    let said = String::from_utf8_lossy(&judged.stdout);
    assert!(judged.status.success(), "{said}\n{}", String::from_utf8_lossy(&judged.stderr));
    assert!(said.contains("**wrong: 0**"), "{said}");
}

#[test]
fn definitions_lines_and_docstrings_are_those_of_cpython() {
    judge("definitions");
}

#[test]
fn hostile_docstrings_can_be_written_into_the_standard_library() {
    judge("edits");
}

#[test]
fn an_outline_of_the_standard_library_says_what_the_whole_text_says() {
    let mut definitions = 0;
    for path in standard_library().iter().step_by(5) {
        let Some(text) = fs::read(path).ok().and_then(|bytes| decode(&bytes).ok()) else { continue };
        let (inner, whole) = (interface(&outline(&text)), interface(&parse(&text)));
        definitions += whole.len();
        assert_eq!(inner, whole, "{}", path.display());
    }
    assert!(definitions > 5000, "{definitions}");
}

/// Says what other files can name in a file: what stands in no function.
fn interface(file: &ParsedFile) -> Vec<String> {
    let is_inside = |definition: &Definition| {
        let around = std::iter::successors(file.parent(definition), |outer| file.parent(outer));
        around.into_iter().any(|outer| outer.kind.is_function())
    };
    let show = |definition: &Definition| {
        let docstring = definition.docstring.as_ref().map(|literal| (literal.span, &literal.value));
        let Definition { kind, qualified_name, visibility, header, decorators, .. } = definition;
        let Definition { bases, signature, .. } = definition;
        format!(
            "{qualified_name} {kind:?} {visibility:?} {header:?} {decorators:?} {bases:?} {signature:?} {docstring:?}"
        )
    };
    let stars = file.imports.stars(0).count();
    let shown = file.definitions.iter().filter(|definition| !is_inside(definition)).map(show);
    shown.chain([format!("{:?} {stars}", file.exports)]).collect()
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
