//! What only another process shows: its environment, and its sudden end.
//!
//! The test binary starts itself with one of the two `probe_` tests, which do nothing when they are run
//! without a question.

use std::process::Child;
use std::time::Duration;

use super::*;

/// A folder, variables, and the prefix and the number of staged files that follow from them.
type Asked<'a> = (&'a str, &'a [(&'a str, &'a str)], &'a str, usize);

const QUESTION: &str = "DOCGATE_TEST_QUESTION";

fn question() -> Option<String> {
    std::env::var(QUESTION).ok()
}

/// Starts a probe in a folder of the repository.
fn probe(scratch: &Scratch, test: &str, folder: &str, variables: &[(&str, &str)]) -> Child {
    let binary = std::env::current_exe().unwrap();
    let mut command = scratch.command(binary.to_str().unwrap());
    command
        .args(["--exact", test, "--nocapture"])
        .current_dir(scratch.root().join(folder))
        .env(QUESTION, "asked")
        .envs(variables.iter().copied())
        .stdout(Stdio::piped());
    command.spawn().unwrap()
}

#[test]
fn probe_discover() {
    if question().is_none() {
        return;
    }
    let repository = Repository::discover().unwrap();
    let names: Vec<_> = repository.staged(None).unwrap().changes.into_iter().map(|one| one.path).collect();
    println!(
        "root={} prefix={} staged={names:?}",
        repository.root().canonicalize().unwrap().display(),
        repository.prefix().display()
    );
}

#[test]
fn the_environment_chooses_the_repository_as_it_does_for_git() {
    let scratch = Scratch::new();
    scratch.write("pkg/a.py", CODE);
    scratch.git(["add", "--all"]);
    scratch.write("pkg/b.py", CODE);
    let other = scratch.root().join(".git/other-index");
    fs::copy(scratch.root().join(".git/index"), &other).unwrap();
    let output = scratch.command("git").args(["add", "--all"]).env("GIT_INDEX_FILE", &other).output();
    assert!(output.unwrap().status.success());
    let git_folder = scratch.beside("moved.git");
    let table: [Asked<'_>; 6] = [
        ("", &[], "", 1),
        ("pkg", &[], "pkg", 1),
        ("pkg", &[("GIT_INDEX_FILE", ".git/other-index")], "pkg", 2),
        ("", &[("GIT_INDEX_FILE", other.to_str().unwrap())], "", 2),
        ("", &[("GIT_DIR", ".git"), ("GIT_PREFIX", "pkg/")], "", 1),
        ("pkg", &[("GIT_DIR", git_folder.to_str().unwrap()), ("GIT_WORK_TREE", "..")], "pkg", 1),
    ];
    let root = scratch.root().canonicalize().unwrap();
    for (folder, variables, prefix, count) in table {
        if variables.len() == 2 && variables[1].0 == "GIT_WORK_TREE" {
            fs::rename(scratch.root().join(".git"), &git_folder).unwrap();
        }
        let child = probe(&scratch, "git::surroundings::probe_discover", folder, variables);
        let output = child.wait_with_output().unwrap();
        let text = String::from_utf8(output.stdout).unwrap();
        let expected = format!("root={} prefix={prefix} staged=", root.display());
        assert!(text.contains(&expected), "{folder} {variables:?}: {text}");
        assert_eq!(text.matches("RepoPath(").count(), count, "{folder} {variables:?}: {text}");
    }
}

#[test]
fn probe_write_back() {
    if question().is_none() {
        return;
    }
    let repository = Repository::discover().unwrap();
    let _ = write_back(&repository, &patches());
}

fn names() -> impl Iterator<Item = String> {
    (0..4).map(|number| format!("file_{number}.py"))
}

fn patches() -> Vec<FilePatch> {
    names().map(|name| both(&name, CODE, DOCUMENTED)).collect()
}

#[test]
fn a_kill_at_any_moment_leaves_old_or_new_and_the_next_run_converges() {
    for step in 0..12 {
        let scratch = Scratch::new();
        for name in names() {
            scratch.write(&name, CODE);
        }
        scratch.git(["add", "--all"]);
        let mut child = probe(&scratch, "git::surroundings::probe_write_back", "", &[]);
        std::thread::sleep(Duration::from_millis(3 * step));
        child.kill().unwrap();
        child.wait().unwrap();
        // A git command that the killed process had started may still be ending.
        std::thread::sleep(Duration::from_millis(100));
        let mut rest = Vec::new();
        for name in names() {
            let (working, staged) = (scratch.read(&name), scratch.staged(&name));
            for text in [&working, &staged] {
                assert!([CODE, DOCUMENTED].contains(&text.as_str()), "{step} {name}: {text}");
            }
            assert!(staged == CODE || working == DOCUMENTED, "{step} {name}: the index was first");
            rest.push(FilePatch {
                path: path(&name),
                staged: Some(swap(staged, DOCUMENTED)),
                working: Some(swap(working, DOCUMENTED)),
            });
        }
        expect_written(&write_back(&open(&scratch), &rest));
        for name in names() {
            assert_eq!((scratch.read(&name), scratch.staged(&name)), (DOCUMENTED.into(), DOCUMENTED.into()));
        }
    }
}
