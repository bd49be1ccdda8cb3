//! What is staged, read from the index.

use super::*;

#[test]
fn what_is_staged_is_read_and_not_what_lies_on_disk() {
    let scratch = Scratch::new();
    scratch.write("a.py", "one = 1\n");
    scratch.write("b.py", "unchanged\n");
    commit_all(&scratch);
    scratch.write("a.py", "one = 2\n");
    scratch.git(["add", "a.py"]);
    scratch.write("a.py", "one = 3\n");
    let change = only(open(&scratch).staged(None).unwrap());
    assert_eq!(change.path, path("a.py"));
    assert_eq!(change.old_path, None);
    assert_eq!(change.new, b"one = 2\n");
    assert_eq!(change.base.as_deref(), Some(b"one = 1\n".as_slice()));
}

#[test]
fn everything_counts_as_added_on_an_unborn_branch() {
    let scratch = Scratch::new();
    scratch.write("a.py", CODE);
    scratch.git(["add", "a.py"]);
    let change = only(open(&scratch).staged(None).unwrap());
    assert_eq!((change.new.as_slice(), change.base), (CODE.as_bytes(), None));
}

#[test]
fn an_empty_repository_has_nothing_staged() {
    assert_eq!(open(&Scratch::new()).staged(None).unwrap(), nothing_staged());
}

#[test]
fn a_renamed_and_edited_file_keeps_its_base() {
    let scratch = Scratch::new();
    let text = (0..40).map(|number| format!("value_{number} = {number}\n")).collect::<Vec<_>>().concat();
    scratch.write("old.py", &text);
    commit_all(&scratch);
    scratch.git(["mv", "old.py", "new.py"]);
    scratch.write("new.py", format!("{text}more = 1\n"));
    scratch.git(["add", "new.py"]);
    for only_path in [None, Some([path("new.py")])] {
        let change = only(open(&scratch).staged(only_path.as_ref().map(<[_; 1]>::as_slice)).unwrap());
        assert_eq!((change.path, change.old_path), (path("new.py"), Some(path("old.py"))));
        assert_eq!(change.base.as_deref(), Some(text.as_bytes()));
    }
}

#[test]
fn only_the_named_files_are_read() {
    let scratch = Scratch::new();
    scratch.write("a.py", CODE);
    scratch.write("b.py", CODE);
    scratch.git(["add", "--all"]);
    let change = only(open(&scratch).staged(Some(&[path("b.py"), path("missing.py")])).unwrap());
    assert_eq!(change.path, path("b.py"));
    assert_eq!(open(&scratch).staged(Some(&[])).unwrap(), nothing_staged());
}

#[test]
fn deleted_and_other_files_are_not_looked_at() {
    let scratch = Scratch::new();
    scratch.write("a.py", CODE);
    commit_all(&scratch);
    scratch.git(["rm", "--quiet", "a.py"]);
    scratch.write("notes.txt", "text\n");
    scratch.git(["add", "--all"]);
    // What was in a deleted file may have moved, also where only other files are named.
    let expected = Selection { deleted: vec![CODE.as_bytes().to_vec()], ..nothing_staged() };
    assert_eq!(open(&scratch).staged(None).unwrap(), expected);
    assert_eq!(open(&scratch).staged(Some(&[path("b.py")])).unwrap(), expected);
}

#[test]
fn what_cannot_be_read_is_skipped_with_the_reason() {
    let scratch = Scratch::new();
    scratch.write("seed.txt", "seed\n");
    commit_all(&scratch);
    scratch.write("binary.py", b"a\0b");
    scratch.write("large.py", "#".repeat(docgate::git::SIZE_LIMIT + 1));
    scratch.write("announced.py", CODE);
    scratch.write("empty.py", "");
    symlink("empty.py", scratch.root().join("link.py")).unwrap();
    scratch.git(["add", "binary.py", "large.py", "empty.py", "link.py"]);
    scratch.git(["add", "--intent-to-add", "announced.py"]);
    let head = scratch.git(["rev-parse", "HEAD"]).stdout;
    feed(
        &scratch,
        &["update-index", "-z", "--index-info"],
        format!("160000 {}\tmodule.py\0", head.trim()).as_bytes(),
    );
    let selection = open(&scratch).staged(None).unwrap();
    let skipped: Vec<_> =
        selection.skipped.iter().map(|file| (file.path.as_str(), file.reason.as_str())).collect();
    let expected = [
        ("announced.py", "only announced with `git add --intent-to-add`"),
        ("binary.py", "binary"),
        ("large.py", "larger than 10 MB"),
        ("link.py", "a symbolic link"),
        ("module.py", "a submodule"),
    ];
    assert_eq!(skipped, expected);
    assert_eq!(only(selection).path, path("empty.py"));
}

#[test]
fn a_path_that_is_not_utf8_is_skipped() {
    let scratch = Scratch::new();
    let blob = feed(&scratch, &["hash-object", "-w", "--stdin"], CODE.as_bytes());
    let mut line = format!("100644 {blob}\t").into_bytes();
    line.extend_from_slice(b"caf\xe9.py\0");
    feed(&scratch, &["update-index", "-z", "--index-info"], &line);
    let selection = open(&scratch).staged(None).unwrap();
    assert!(selection.changes.is_empty());
    assert_eq!(selection.skipped[0].reason, "the path is not valid UTF-8");
}

#[test]
fn files_in_conflict_are_skipped_and_those_of_the_other_side_left_out() {
    let scratch = Scratch::new();
    scratch.write("a.py", "x = 0\n");
    commit_all(&scratch);
    scratch.git(["checkout", "--quiet", "-b", "other"]);
    scratch.write("a.py", "x = 1\n");
    scratch.write("theirs.py", CODE);
    commit_all(&scratch);
    scratch.git(["checkout", "--quiet", "main"]);
    scratch.write("a.py", "x = 2\n");
    commit_all(&scratch);
    assert_ne!(scratch.try_git(["merge", "--quiet", "other"]).code, Some(0));
    let selection = open(&scratch).staged(None).unwrap();
    assert!(selection.changes.is_empty(), "{selection:?}");
    assert_eq!((selection.skipped.len(), selection.skipped[0].reason.as_str()), (1, "in conflict"));

    scratch.write("a.py", "x = 3\n");
    scratch.git(["add", "a.py"]);
    let change = only(open(&scratch).staged(None).unwrap());
    assert_eq!((change.new.as_slice(), change.path), (b"x = 3\n".as_slice(), path("a.py")));
}

#[test]
fn a_link_that_becomes_a_file_has_no_base() {
    let scratch = Scratch::new();
    symlink("elsewhere", scratch.root().join("a.py")).unwrap();
    commit_all(&scratch);
    fs::remove_file(scratch.root().join("a.py")).unwrap();
    scratch.write("a.py", CODE);
    scratch.git(["add", "a.py"]);
    assert_eq!(only(open(&scratch).staged(None).unwrap()).base, None);
}

#[test]
fn a_split_index_is_read_and_written() {
    let scratch = Scratch::new();
    scratch.write("a.py", "x = 0\n");
    commit_all(&scratch);
    scratch.git(["update-index", "--split-index"]);
    scratch.write("a.py", CODE);
    scratch.git(["add", "a.py"]);
    let repository = open(&scratch);
    assert_eq!(only(repository.staged(None).unwrap()).new, CODE.as_bytes());
    assert_eq!(repository.staged_file(&path("a.py")).unwrap().as_deref(), Some(CODE.as_bytes()));
    assert_eq!(repository.files(None).unwrap(), [path("a.py")]);
    expect_written(&write_back(&repository, &[both("a.py", CODE, DOCUMENTED)]));
    assert_eq!(scratch.staged("a.py"), DOCUMENTED);
    assert_eq!(status(&scratch), "M  a.py\n");
}

#[test]
fn the_users_diff_settings_change_nothing() {
    let scratch = Scratch::new();
    scratch.write("sub/a.py", "x = 0\n");
    commit_all(&scratch);
    for setting in ["diff.noprefix=true", "diff.renames=copies", "diff.relative=true", "core.quotePath=true"]
    {
        let (name, value) = setting.split_once('=').unwrap();
        scratch.git(["config", name, value]);
    }
    scratch.write("sub/a.py", CODE);
    scratch.write("sub/ü.py", CODE);
    scratch.git(["add", "--all"]);
    let repository = Repository::open_at(&scratch.root().join("sub")).unwrap();
    let selection = repository.staged(None).unwrap();
    let paths: Vec<_> = selection.changes.iter().map(|change| change.path.as_str()).collect();
    assert_eq!(paths, ["sub/a.py", "sub/ü.py"]);
}
