//! Copies, and what a cherry-pick, a revert or a rebase brings along.

use super::*;

/// Two functions with 30 lines between, so that a file is still known after an edit.
fn long(tail: &str) -> String {
    let middle = (0..30).map(|number| format!("value_{number} = {number}\n")).collect::<Vec<_>>().concat();
    format!("{CODE}{middle}{tail}")
}

#[test]
fn a_copy_is_compared_with_what_it_was_copied_from() {
    let scratch = Scratch::new();
    scratch.write("a.py", long(""));
    commit_all(&scratch);
    scratch.write("copy.py", long("more = 1\n"));
    scratch.write("a.py", long("less = 1\n"));
    scratch.git(["add", "--all"]);
    let selection = open(&scratch).staged(None).unwrap();
    let copy = selection.changes.iter().find(|change| change.path == path("copy.py")).unwrap();
    assert_eq!(copy.old_path, Some(path("a.py")));
    assert_eq!(copy.base.as_deref(), Some(long("").as_bytes()));
}

#[test]
fn a_limit_that_a_person_has_set_hides_no_rename() {
    let scratch = Scratch::new();
    scratch.git(["config", "diff.renameLimit", "1"]);
    scratch.write("a.py", long(""));
    scratch.write("b.py", long("b = 1\n").replace("value", "other"));
    commit_all(&scratch);
    for name in ["a", "b"] {
        scratch.git(["mv", &format!("{name}.py"), &format!("new_{name}.py")]);
        let text = scratch.read(&format!("new_{name}.py"));
        scratch.write(&format!("new_{name}.py"), format!("{text}more = 1\n"));
    }
    scratch.git(["add", "--all"]);
    let selection = open(&scratch).staged(None).unwrap();
    assert!(selection.changes.iter().all(|change| change.old_path.is_some()), "{selection:?}");
}

/// A repository in which `notes.txt` is in conflict while `command` brings the commit `topic` along, which has `new.py`
/// and a changed `a.py`.
fn stopped(command: &[&str]) -> Scratch {
    let scratch = Scratch::new();
    scratch.write("a.py", long(""));
    scratch.write("notes.txt", "base\n");
    commit_all(&scratch);
    scratch.git(["checkout", "--quiet", "-b", "topic"]);
    scratch.write("a.py", long("theirs = 1\n"));
    scratch.write("new.py", CODE);
    scratch.write("notes.txt", "theirs\n");
    commit_all(&scratch);
    scratch.git(["checkout", "--quiet", "main"]);
    scratch.write("notes.txt", "ours\n");
    commit_all(&scratch);
    let output = scratch.command("git").args(command).output().unwrap();
    assert!(!output.status.success(), "{command:?} did not stop");
    scratch.write("notes.txt", "both\n");
    scratch.git(["add", "notes.txt"]);
    scratch
}

#[test]
fn what_another_commit_brings_along_is_no_news() {
    let ways: [&[&str]; 3] =
        [&["cherry-pick", "topic"], &["rebase", "--quiet", "main", "topic"], &["merge", "--quiet", "topic"]];
    for command in ways {
        let scratch = stopped(command);
        let selection = open(&scratch).staged(None).unwrap();
        assert!(selection.changes.is_empty(), "{command:?}: {selection:?}");
        // What is added on top is news, with the text of the other side to compare with.
        scratch.write("a.py", long("theirs = 1\nmine = 2\n"));
        scratch.git(["add", "a.py"]);
        let selection = open(&scratch).staged(None).unwrap();
        assert_eq!(selection.theirs, [(path("a.py"), long("theirs = 1\n").into_bytes())], "{command:?}");
        assert_eq!(only(selection).path, path("a.py"), "{command:?}");
    }
}

#[test]
fn what_a_revert_brings_back_is_no_news() {
    let scratch = Scratch::new();
    scratch.write("a.py", long(""));
    scratch.write("gone.py", CODE);
    scratch.write("notes.txt", "base\n");
    commit_all(&scratch);
    scratch.git(["rm", "--quiet", "gone.py"]);
    scratch.write("notes.txt", "second\n");
    commit_all(&scratch);
    scratch.write("notes.txt", "third\n");
    commit_all(&scratch);
    assert_ne!(scratch.try_git(["revert", "--no-edit", "HEAD~1"]).code, Some(0));
    scratch.write("notes.txt", "both\n");
    scratch.git(["add", "notes.txt"]);
    assert_eq!(status(&scratch), "A  gone.py\nM  notes.txt\n");
    let selection = open(&scratch).staged(None).unwrap();
    assert!(selection.changes.is_empty(), "{selection:?}");
}
