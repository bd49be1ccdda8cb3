//! Reading what changed, writing back, and the hook, against real repositories.

use std::fs;
use std::io::Write as _;
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::path::{Path, PathBuf};
use std::process::{Output, Stdio};

use docgate::change::{Change, RepoPath};
use docgate::git::hook::{self, HookError, InstallOptions, InstallState, Owner, Present};
use docgate::git::{
    FilePatch, GitError, Range, Repository, Selection, Side, Swap, Tree, WriteError, Written, write_back,
};

use crate::harness::Scratch;

mod commits;
mod converted;
mod hooks;
mod indexes;
mod places;
mod ranges;
mod staged;
mod states;
mod surroundings;
mod writing;

const CODE: &str = "def f():\n    return 1\n";
const DOCUMENTED: &str = "def f():\n    \"\"\"Do it.\"\"\"\n    return 1\n";

fn path(text: &str) -> RepoPath {
    RepoPath::new(text).unwrap()
}

fn open(scratch: &Scratch) -> Repository {
    Repository::open_at(&scratch.root()).unwrap()
}

fn swap(before: impl AsRef<[u8]>, after: impl AsRef<[u8]>) -> Swap {
    Swap { before: before.as_ref().to_vec(), after: after.as_ref().to_vec() }
}

fn both(file: &str, before: &str, after: &str) -> FilePatch {
    FilePatch { path: path(file), staged: Some(swap(before, after)), working: Some(swap(before, after)) }
}

fn commit_all(scratch: &Scratch) {
    scratch.git(["add", "--all"]);
    scratch.git(["commit", "--quiet", "--message=base"]);
}

fn only(selection: Selection) -> Change {
    assert_eq!(selection.changes.len(), 1, "{selection:?}");
    selection.changes.into_iter().next().unwrap()
}

fn nothing_staged() -> Selection {
    Selection { tree: Tree::Index, ..Selection::default() }
}

fn expect_written(written: &[Written]) {
    for one in written {
        assert!(one.result.is_ok(), "{}: {:?}", one.path, one.result);
    }
}

fn status(scratch: &Scratch) -> String {
    scratch.git(["status", "--porcelain"]).stdout
}

/// Hands bytes to a git command and expects it to succeed.
fn feed(scratch: &Scratch, arguments: &[&str], input: &[u8]) -> String {
    let mut command = scratch.command("git");
    command.args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut child = command.spawn().unwrap();
    child.stdin.take().unwrap().write_all(input).unwrap();
    let output: Output = child.wait_with_output().unwrap();
    assert!(output.status.success(), "git {arguments:?}");
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}
