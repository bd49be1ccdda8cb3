//! What lies between two commits.

use super::*;

/// main: A, then C; topic left at A and has B.
fn forked() -> Scratch {
    let scratch = Scratch::new();
    scratch.write("a.py", "x = 0\n");
    commit_all(&scratch);
    scratch.git(["checkout", "--quiet", "-b", "topic"]);
    scratch.write("b.py", CODE);
    commit_all(&scratch);
    scratch.git(["checkout", "--quiet", "main"]);
    scratch.write("c.py", CODE);
    commit_all(&scratch);
    scratch
}

fn paths(selection: &Selection) -> Vec<&str> {
    selection.changes.iter().map(|change| change.path.as_str()).collect()
}

#[test]
fn two_dots_compare_the_commits_and_three_the_merge_base() {
    let scratch = forked();
    let repository = open(&scratch);
    let table =
        [("main..topic", vec!["b.py"]), ("main...topic", vec!["b.py"]), ("topic~1..main", vec!["c.py"])];
    for (text, expected) in table {
        let selection = repository.range(&Range::parse(text).unwrap()).unwrap();
        assert_eq!(paths(&selection), expected, "{text}");
    }
    assert_eq!(paths(&repository.since("topic").unwrap()), ["c.py"]);
    assert_eq!(repository.merge_base("main", "topic").unwrap(), repository.resolve("topic~1").unwrap());
}

#[test]
fn the_index_and_the_working_tree_play_no_part_in_a_range() {
    let scratch = forked();
    scratch.write("c.py", "staged\n");
    scratch.write("d.py", "staged\n");
    scratch.git(["add", "--all"]);
    let change = only(open(&scratch).since("topic").unwrap());
    assert_eq!(change.new, CODE.as_bytes());
}

#[test]
fn files_of_any_commit_can_be_read() {
    let scratch = forked();
    let repository = open(&scratch);
    let table = [("topic", "b.py", true), ("main", "b.py", false), ("main", "missing/b.py", false)];
    for (revision, file, there) in table {
        let text = repository.file_at(revision, &path(file)).unwrap();
        assert_eq!(text.is_some(), there, "{revision}:{file}");
    }
    assert_eq!(repository.files(Some("topic")).unwrap(), [path("a.py"), path("b.py")]);
}

#[test]
fn an_unknown_revision_is_named() {
    let scratch = forked();
    for revision in ["nowhere", "--output=x", "HEAD~9", "", "HEAD:a.py"] {
        let error = open(&scratch).resolve(revision).unwrap_err();
        assert!(matches!(error, GitError::UnknownRevision { shallow: false, .. }), "{revision}: {error}");
    }
}

#[test]
fn a_shallow_clone_is_told_what_to_fetch() {
    let scratch = forked();
    let clone = scratch.beside("clone");
    let source = format!("file://{}", scratch.root().display());
    scratch.git(["clone", "--quiet", "--depth=1", "--no-single-branch", &source, clone.to_str().unwrap()]);
    let repository = Repository::open_at(&clone).unwrap();
    for error in [
        repository.resolve("HEAD~1").unwrap_err(),
        repository.merge_base("origin/main", "origin/topic").unwrap_err(),
    ] {
        let hint = error.hint().unwrap();
        assert!(hint.contains("git fetch --unshallow") && hint.contains("fetch-depth: 0"), "{hint}");
    }
}

#[test]
fn unrelated_histories_have_no_merge_base() {
    let scratch = forked();
    scratch.git(["checkout", "--quiet", "--orphan", "alone"]);
    scratch.git(["commit", "--quiet", "--message=alone"]);
    let error = open(&scratch).merge_base("main", "alone").unwrap_err();
    assert!(matches!(error, GitError::NoMergeBase { shallow: false, .. }), "{error}");
}

#[test]
fn a_bare_repository_has_ranges_and_nothing_staged() {
    let scratch = forked();
    let bare = scratch.beside("bare.git");
    scratch.git(["clone", "--quiet", "--bare", ".", bare.to_str().unwrap()]);
    let repository = Repository::open_at(&bare).unwrap();
    assert!(repository.is_bare());
    assert_eq!(paths(&repository.range(&Range::parse("main...topic").unwrap()).unwrap()), ["b.py"]);
    assert!(matches!(repository.staged(None), Err(GitError::Bare)));
    assert!(matches!(repository.staged_file(&path("a.py")), Err(GitError::Bare)));
    let written = write_back(&repository, &[both("a.py", "x = 0\n", CODE)]);
    assert!(written[0].result.is_err());
}

#[test]
fn a_blob_that_a_partial_clone_left_behind_is_fetched() {
    let scratch = forked();
    scratch.git(["config", "uploadpack.allowFilter", "true"]);
    scratch.git(["config", "uploadpack.allowAnySHA1InWant", "true"]);
    let clone = scratch.beside("partial");
    let source = format!("file://{}", scratch.root().display());
    let target = clone.to_str().unwrap();
    scratch.git(["clone", "--quiet", "--filter=blob:none", "--no-checkout", &source, target]);
    let repository = Repository::open_at(&clone).unwrap();
    let change = only(repository.range(&Range::parse("origin/main...origin/topic").unwrap()).unwrap());
    assert_eq!(change.new, CODE.as_bytes());
}
