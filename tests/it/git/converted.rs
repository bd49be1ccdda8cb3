//! Files that git converts, or that somebody else wrote.

use super::*;

#[test]
fn generated_files_are_skipped_wherever_the_attributes_say_so() {
    for (place, line) in [
        (".gitattributes", "*_pb2.py linguist-generated"),
        (".gitattributes", "*_pb2.py linguist-generated=true"),
        ("pkg/.gitattributes", "*_pb2.py -diff linguist-generated"),
        (".git/info/attributes", "*_pb2.py linguist-generated"),
    ] {
        let scratch = Scratch::new();
        scratch.write("seed.txt", "seed\n");
        commit_all(&scratch);
        scratch.write(place, format!("{line}\n"));
        scratch.write("pkg/a_pb2.py", CODE);
        scratch.write("pkg/b.py", CODE);
        scratch.git(["add", "--all"]);
        let selection = open(&scratch).staged(None).unwrap();
        assert_eq!(selection.skipped.len(), 1, "{place} {line}: {selection:?}");
        assert_eq!(selection.skipped[0].path, "pkg/a_pb2.py");
        assert!(selection.skipped[0].reason.contains("linguist-generated"));
        assert_eq!(only(selection).path, path("pkg/b.py"));
        scratch.git(["commit", "--quiet", "--message=x"]);
        let selection = open(&scratch).range(&Range::parse("HEAD~1..HEAD").unwrap()).unwrap();
        assert_eq!((selection.changes.len(), selection.skipped.len()), (1, 1), "{place} {line}");
        let generated = open(&scratch).generated(&[path("pkg/a_pb2.py"), path("pkg/b.py")]).unwrap();
        assert_eq!(generated, [path("pkg/a_pb2.py")]);
    }
}

#[test]
fn of_staged_files_the_attributes_in_the_index_count() {
    let scratch = Scratch::new();
    scratch.write(".gitattributes", "*_pb2.py linguist-generated\n");
    scratch.write("a_pb2.py", CODE);
    scratch.git(["add", "--all"]);
    let is_skipped = |scratch: &Scratch| {
        let selection = open(scratch).staged(None).unwrap();
        (selection.changes.len(), selection.skipped.len()) == (0, 1)
    };
    std::fs::remove_file(scratch.root().join(".gitattributes")).unwrap();
    assert!(is_skipped(&scratch), "staged and not on disk");
    scratch.git(["commit", "--quiet", "--message=x"]);
    scratch.write("a_pb2.py", format!("{CODE}\n\ndef more():\n    return 1\n"));
    scratch.git(["add", "a_pb2.py"]);
    assert!(is_skipped(&scratch), "committed and not on disk");
    scratch.git(["add", "--all"]);
    assert!(!is_skipped(&scratch), "deleted in the index");
    scratch.write(".gitattributes", "*_pb2.py linguist-generated\n");
    assert!(!is_skipped(&scratch), "on disk and not in the index");
}

#[test]
fn what_is_not_generated_or_not_any_more_is_looked_at() {
    for line in ["*.py -linguist-generated", "*.py linguist-generated=false", "*.py !linguist-generated"] {
        let scratch = Scratch::new();
        scratch.write(".gitattributes", format!("{line}\n"));
        scratch.write("a.py", CODE);
        scratch.git(["add", "--all"]);
        assert_eq!(only(open(&scratch).staged(None).unwrap()).path, path("a.py"), "{line}");
    }
}

#[test]
fn generated_files_of_a_bare_repository_are_skipped_too() {
    let scratch = Scratch::new();
    scratch.write("a.py", "x = 0\n");
    scratch.write(".gitattributes", "a.py linguist-generated\n");
    commit_all(&scratch);
    scratch.write("a.py", CODE);
    commit_all(&scratch);
    let bare = scratch.beside("bare.git");
    scratch.git(["clone", "--quiet", "--bare", ".", bare.to_str().unwrap()]);
    let selection =
        Repository::open_at(&bare).unwrap().range(&Range::parse("HEAD~1..HEAD").unwrap()).unwrap();
    assert_eq!((selection.changes.len(), selection.skipped.len()), (0, 1), "{selection:?}");
}

#[test]
fn a_pointer_of_lfs_is_no_python() {
    let scratch = Scratch::new();
    let pointer = format!("version https://git-lfs.github.com/spec/v1\noid sha256:{:064}\nsize 7\n", 1);
    scratch.write("data.py", pointer);
    scratch.git(["add", "--all"]);
    let selection = open(&scratch).staged(None).unwrap();
    assert_eq!(selection.skipped[0].reason, "a pointer of Git LFS");
    assert!(selection.changes.is_empty());
}

#[test]
fn only_what_git_writes_in_another_encoding_counts_as_such() {
    let scratch = Scratch::new();
    scratch.write(
        ".gitattributes",
        "u16.py working-tree-encoding=UTF-16LE\nlatin.py working-tree-encoding=latin1\nu8.py working-tree-encoding=utf-8\n",
    );
    let paths = ["u16.py", "latin.py", "u8.py", "plain.py"].map(path);
    let found = open(&scratch).in_another_encoding(&paths).unwrap();
    assert_eq!(found, [path("u16.py"), path("latin.py")]);
}

#[test]
fn a_filter_sees_the_new_text_as_unchanged() {
    let scratch = Scratch::new();
    scratch.git(["config", "filter.secret.clean", "sed s/hunter2/HIDDEN/"]);
    scratch.git(["config", "filter.secret.smudge", "sed s/HIDDEN/hunter2/"]);
    scratch.write(".gitattributes", "*.py filter=secret\n");
    let working = format!("KEY = 'hunter2'\n\n\n{CODE}");
    let staged = working.replace("hunter2", "HIDDEN");
    scratch.write("a.py", &working);
    scratch.git(["add", "--all"]);
    assert_eq!(scratch.staged("a.py"), staged);
    let patch = FilePatch {
        path: path("a.py"),
        staged: Some(swap(&staged, staged.replace(CODE, DOCUMENTED))),
        working: Some(swap(&working, working.replace(CODE, DOCUMENTED))),
    };
    expect_written(&write_back(&open(&scratch), &[patch]));
    assert_eq!(scratch.staged("a.py"), staged.replace(CODE, DOCUMENTED));
    assert!(scratch.read("a.py").contains("hunter2"));
    assert_eq!(status(&scratch), "A  .gitattributes\nA  a.py\n");
    assert_eq!(scratch.git(["diff-files"]).stdout, "");
}
