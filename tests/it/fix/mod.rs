//! `docgate fix` without a model: repairs in index and working tree, with CPython as the judge of the code.

use std::process::Stdio;

use serde_json::Value;

use crate::harness::{Run, Scratch};

mod converting;
mod cpython;
mod habits;
mod layout;
mod modes;
mod places;
mod repairs;
mod styles;
mod untouched;

/// Commits `base` as `a.py` and stages `staged` over it.
fn staged(base: &str, staged: &str) -> Scratch {
    let scratch = Scratch::new();
    commit(&scratch, &[("a.py", base)]);
    scratch.write("a.py", staged);
    scratch.git(["add", "a.py"]);
    scratch
}

/// Writes files and commits them.
pub(crate) fn commit(scratch: &Scratch, files: &[(&str, &str)]) {
    for (path, text) in files {
        scratch.write(path, text);
    }
    scratch.git(["add", "--all"]);
    scratch.git(["commit", "--quiet", "--message=base"]);
}

/// Returns the text of a file that is the same in index and working tree.
fn both(scratch: &Scratch, path: &str) -> String {
    let staged = scratch.staged(path);
    assert_eq!(scratch.read(path), staged, "index and working tree differ");
    staged
}

fn repair(scratch: &Scratch) -> Run {
    scratch.docgate(["fix", "--staged", "--no-model"])
}

fn status(scratch: &Scratch) -> String {
    scratch.git(["status", "--porcelain"]).stdout
}

/// Returns the resolution of a definition in a JSON report: its state and its reason.
pub(crate) fn resolution(report: &str, definition: &str) -> (String, String) {
    let report: Value = serde_json::from_str(report).unwrap_or_else(|error| panic!("{error}: {report}"));
    let outcomes = report["outcomes"].as_array().expect("outcomes");
    let outcome = outcomes
        .iter()
        .find(|outcome| outcome["definition"] == definition)
        .unwrap_or_else(|| panic!("{definition} in {report:#}"));
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    (text(&outcome["state"]), text(&outcome["reason"]))
}

/// Hands a patch to git, and returns what git says about it.
fn git_apply(scratch: &Scratch, patch: &str) -> Run {
    use std::io::Write as _;
    let mut command = scratch.command("git");
    command.args(["apply", "--cached", "-"]);
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    child.stdin.take().unwrap().write_all(patch.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    Run {
        code: output.status.code(),
        stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
        stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
    }
}
