//! CPython's opinion about whether two texts are the same program but for docstrings.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

const SCRIPT: &str = r"
import ast, sys

DOCUMENTED = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)

def code(path):
    text = open(path, 'rb').read()
    try:
        tree = ast.parse(text, type_comments=True)
    except SyntaxError:
        tree = ast.parse(text)
    for node in ast.walk(tree):
        if isinstance(node, DOCUMENTED) and ast.get_docstring(node, clean=False) is not None:
            del node.body[0]
    return ast.dump(tree)

for line in sys.stdin.read().splitlines():
    before, after = line.split('\t')
    try:
        if code(before) != code(after):
            print(after, 'is another program')
    except SyntaxError as error:
        print(after, error)
";

/// Expects each pair of files (before, after) to be the same program but for docstrings.
pub(super) fn expect_same_code(pairs: &[(PathBuf, PathBuf)]) {
    let mut child = Command::new("python3")
        .args(["-W", "ignore", "-c", SCRIPT])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("python3 is the judge of this test");
    let line = |(before, after): &(PathBuf, PathBuf)| format!("{}\t{}\n", before.display(), after.display());
    let list: String = pairs.iter().map(line).collect();
    child.stdin.take().unwrap().write_all(list.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success());
    assert_eq!(String::from_utf8_lossy(&output.stdout), "");
}

/// Expects a text to be the same program as another one; the files are made below `folder`.
pub(super) fn expect_same_text(folder: &Path, before: &str, after: &str) {
    let (old, new) = (folder.join("before.py"), folder.join("after.py"));
    std::fs::write(&old, before).unwrap();
    std::fs::write(&new, after).unwrap();
    expect_same_code(&[(old, new)]);
}
