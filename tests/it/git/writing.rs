//! Writing back into the working tree and the index.

use super::*;

/// A repository with `a.py` committed as `x = 0` and `CODE` staged.
fn with_staged_code() -> Scratch {
    let scratch = Scratch::new();
    scratch.write("a.py", "x = 0\n");
    scratch.write("other.py", "y = 0\n");
    commit_all(&scratch);
    scratch.write("a.py", CODE);
    scratch.git(["add", "a.py"]);
    scratch
}

#[test]
fn both_sides_are_written_and_the_status_is_clean() {
    let scratch = with_staged_code();
    expect_written(&write_back(&open(&scratch), &[both("a.py", CODE, DOCUMENTED)]));
    assert_eq!(scratch.read("a.py"), DOCUMENTED);
    assert_eq!(scratch.staged("a.py"), DOCUMENTED);
    // Plumbing does not refresh: this says that the entry itself is up to date.
    assert_eq!(scratch.git(["diff-files"]).stdout, "");
    assert_eq!(status(&scratch), "M  a.py\n");
}

#[test]
fn unstaged_edits_survive_byte_for_byte() {
    let scratch = with_staged_code();
    let edited = format!("{CODE}\r\n# \u{fc}nstaged, no newline at the end");
    scratch.write("a.py", &edited);
    let sides = open(&scratch).staged_and_working(&path("a.py")).unwrap().unwrap();
    assert_eq!(sides.staged, CODE.as_bytes());
    assert_eq!(sides.working.as_deref(), Some(edited.as_bytes()));
    let patched = edited.replace(CODE, DOCUMENTED);
    let patch = FilePatch {
        path: path("a.py"),
        staged: Some(swap(CODE, DOCUMENTED)),
        working: Some(swap(&edited, &patched)),
    };
    expect_written(&write_back(&open(&scratch), &[patch]));
    assert_eq!(scratch.staged("a.py"), DOCUMENTED);
    assert_eq!(scratch.read("a.py"), patched);
    assert_eq!(status(&scratch), "MM a.py\n");
}

#[test]
fn bytes_are_written_as_they_are() {
    let scratch = Scratch::new();
    scratch.git(["config", "core.autocrlf", "input"]);
    scratch.write(".gitattributes", "*.py text eol=crlf ident\n");
    let table: [&[u8]; 5] =
        [b"a\r\nb\r\n", b"no newline", b"\xff\xfe latin \xe9", b"$Id$\n", b"\xef\xbb\xbfx\n"];
    for after in table {
        let before = b"before\n";
        fs::write(scratch.root().join("a.py"), before).unwrap();
        scratch.git(["add", "--all"]);
        let staged = open(&scratch).staged_file(&path("a.py")).unwrap().unwrap();
        let patch = FilePatch {
            path: path("a.py"),
            staged: Some(swap(staged, after)),
            working: Some(swap(before, after)),
        };
        expect_written(&write_back(&open(&scratch), &[patch]));
        assert_eq!(open(&scratch).staged_file(&path("a.py")).unwrap().as_deref(), Some(after));
        assert_eq!(fs::read(scratch.root().join("a.py")).unwrap(), after);
    }
}

#[test]
fn names_are_never_taken_for_anything_else() {
    let scratch = Scratch::new();
    let names = [
        "with space.py",
        "quote\"'.py",
        "new\nline.py",
        "-dash.py",
        "--all.py",
        "*.py",
        ":(top)a.py",
        "\u{e9}t\u{e9}/\u{65e5}.py",
        "tab\t.py",
        "back\\slash.py",
        "[a].py",
    ];
    scratch.write("plain.py", CODE);
    for name in names {
        scratch.write(name, CODE);
    }
    scratch.git(["add", "--all"]);
    let selection = open(&scratch).staged(None).unwrap();
    assert_eq!(selection.changes.len(), names.len() + 1, "{:?}", selection.skipped);
    let patches: Vec<_> = names.iter().map(|name| both(name, CODE, DOCUMENTED)).collect();
    expect_written(&write_back(&open(&scratch), &patches));
    let repository = open(&scratch);
    for name in names {
        let staged = repository.staged_file(&path(name)).unwrap();
        assert_eq!(staged.as_deref(), Some(DOCUMENTED.as_bytes()), "{name:?}");
        assert_eq!(scratch.read(name), DOCUMENTED, "{name:?}");
    }
    assert_eq!(scratch.staged("plain.py"), CODE);
    assert_eq!(scratch.git(["diff-files"]).stdout, "");
}

#[test]
fn file_modes_are_kept() {
    let scratch = Scratch::new();
    scratch.write("a.py", CODE);
    let file = scratch.root().join("a.py");
    for mode in [0o755, 0o640, 0o444] {
        fs::set_permissions(&file, fs::Permissions::from_mode(mode)).unwrap();
        scratch.git(["add", "a.py"]);
        let before = scratch.read("a.py");
        expect_written(&write_back(&open(&scratch), &[both("a.py", &before, &format!("{before}#\n"))]));
        assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o7777, mode, "{mode:o}");
        let listed = scratch.git(["ls-files", "--stage", "a.py"]).stdout;
        let expected = if mode & 0o100 == 0 { "100644" } else { "100755" };
        assert!(listed.starts_with(expected), "{mode:o}: {listed}");
    }
}

#[test]
fn unrelated_entries_stay_as_they_are() {
    let scratch = with_staged_code();
    scratch.write("announced.py", CODE);
    scratch.git(["add", "--intent-to-add", "announced.py"]);
    scratch.git(["update-index", "--skip-worktree", "other.py"]);
    let others = || scratch.git(["ls-files", "--debug", "-v", "announced.py", "other.py"]).stdout;
    let before = others();
    expect_written(&write_back(&open(&scratch), &[both("a.py", CODE, DOCUMENTED)]));
    assert_eq!(others(), before);
}

#[test]
fn a_file_that_changed_meanwhile_is_not_written_and_the_others_are() {
    let scratch = with_staged_code();
    for name in ["b.py", "c.py", "d.py", "e.py"] {
        scratch.write(name, CODE);
    }
    scratch.git(["add", "--all"]);
    scratch.write("b.py", "edited\n");
    scratch.write("c.py", "staged\n");
    scratch.git(["add", "c.py"]);
    scratch.write("c.py", CODE);
    fs::remove_file(scratch.root().join("d.py")).unwrap();
    scratch.git(["rm", "--quiet", "--cached", "e.py"]);
    let patches: Vec<_> =
        ["a.py", "b.py", "c.py", "d.py", "e.py"].map(|name| both(name, CODE, DOCUMENTED)).into();
    let written = write_back(&open(&scratch), &patches);
    assert!(written[0].result.is_ok());
    let sides = [Side::WorkingTree, Side::Index, Side::WorkingTree, Side::Index];
    for (one, expected) in written[1..].iter().zip(sides) {
        match &one.result {
            Err(WriteError::ChangedMeanwhile { side }) => assert_eq!(*side, expected, "{}", one.path),
            other => panic!("{}: {other:?}", one.path),
        }
    }
    assert_eq!((scratch.read("a.py").as_str(), scratch.read("b.py").as_str()), (DOCUMENTED, "edited\n"));
    assert_eq!((scratch.staged("b.py").as_str(), scratch.read("c.py").as_str()), (CODE, CODE));
    assert_eq!((scratch.staged("c.py").as_str(), scratch.read("e.py").as_str()), ("staged\n", CODE));
    assert!(!scratch.root().join("d.py").exists());
}

#[test]
fn a_locked_index_leaves_everything_as_it_was() {
    let scratch = with_staged_code();
    let lock = scratch.root().join(".git/index.lock");
    fs::write(&lock, "").unwrap();
    let written = write_back(&open(&scratch), &[both("a.py", CODE, DOCUMENTED)]);
    match &written[0].result {
        Err(error @ WriteError::Locked { lock: named }) => {
            assert_eq!(named.canonicalize().unwrap(), lock.canonicalize().unwrap());
            assert!(error.hint().unwrap().contains("index.lock"));
        }
        other => panic!("{other:?}"),
    }
    assert_eq!((scratch.read("a.py").as_str(), scratch.staged("a.py").as_str()), (CODE, CODE));
    assert_eq!(fs::read(&lock).unwrap(), b"");
}

#[test]
fn a_lock_that_goes_away_is_waited_for() {
    let scratch = with_staged_code();
    let lock = scratch.root().join(".git/index.lock");
    fs::write(&lock, "").unwrap();
    let release = std::thread::spawn(move || {
        std::thread::sleep(std::time::Duration::from_millis(150));
        fs::remove_file(lock).unwrap();
    });
    expect_written(&write_back(&open(&scratch), &[both("a.py", CODE, DOCUMENTED)]));
    release.join().unwrap();
    assert_eq!(scratch.staged("a.py"), DOCUMENTED);
}

#[test]
fn the_working_tree_is_put_back_when_the_index_cannot_be_written() {
    let scratch = with_staged_code();
    // A dangling link in the lock's place: nobody seems to hold the lock, and git cannot take it.
    let index_file = scratch.beside("custom-index");
    fs::copy(scratch.root().join(".git/index"), &index_file).unwrap();
    let link = scratch.beside("custom-index.lock");
    symlink("missing-folder/lock", &link).unwrap();
    let repository = open(&scratch).with_index_file(&index_file);
    let written = write_back(&repository, &[both("a.py", CODE, DOCUMENTED)]);
    match &written[0].result {
        Err(WriteError::Index { put_back: true, source }) => {
            let GitError::Command { source, .. } = source.as_ref() else { panic!("{source:?}") };
            assert!(source.stderr.contains("custom-index.lock"), "{}", source.stderr);
        }
        other => panic!("{other:?}"),
    }
    assert_eq!(scratch.read("a.py"), CODE);
    assert_eq!(scratch.git(["ls-files", "--others"]).stdout, "");
}

#[test]
fn links_and_what_lies_below_them_are_left_alone() {
    let scratch = Scratch::new();
    let outside = scratch.beside("outside");
    fs::create_dir_all(&outside).unwrap();
    fs::write(outside.join("a.py"), CODE).unwrap();
    symlink(&outside, scratch.root().join("pkg")).unwrap();
    symlink(outside.join("a.py"), scratch.root().join("link.py")).unwrap();
    fs::create_dir(scratch.root().join("folder.py")).unwrap();
    let blob = feed(&scratch, &["hash-object", "-w", "--stdin"], CODE.as_bytes());
    let lines = format!("100644 {blob}\tpkg/a.py\0100644 {blob}\tlink.py\0");
    feed(&scratch, &["update-index", "-z", "--index-info"], lines.as_bytes());
    let repository = open(&scratch);
    let sides = repository.staged_and_working(&path("pkg/a.py")).unwrap().unwrap();
    assert_eq!((sides.staged.as_slice(), sides.working), (CODE.as_bytes(), None));
    for name in ["pkg/a.py", "link.py", "folder.py", ".git/a.py", ".GIT/a.py"] {
        let patch = FilePatch { path: path(name), staged: None, working: Some(swap(CODE, DOCUMENTED)) };
        let written = write_back(&repository, &[patch]);
        assert!(matches!(written[0].result, Err(WriteError::LeftAlone { .. })), "{name}: {written:?}");
    }
    assert_eq!(fs::read_to_string(outside.join("a.py")).unwrap(), CODE);
}

#[test]
fn entries_that_git_was_told_not_to_watch_are_left_alone() {
    for mark in ["--skip-worktree", "--assume-unchanged"] {
        let scratch = with_staged_code();
        scratch.git(["update-index", mark, "a.py"]);
        let before = scratch.git(["ls-files", "--stage", "-v"]).stdout;
        let written = write_back(&open(&scratch), &[both("a.py", CODE, DOCUMENTED)]);
        assert!(matches!(written[0].result, Err(WriteError::LeftAlone { .. })), "{written:?}");
        assert_eq!(scratch.git(["ls-files", "--stage", "-v"]).stdout, before);
        assert_eq!(scratch.read("a.py"), CODE);
    }
}

#[test]
fn one_side_alone_can_be_written() {
    let scratch = with_staged_code();
    let working = FilePatch { path: path("a.py"), staged: None, working: Some(swap(CODE, DOCUMENTED)) };
    expect_written(&write_back(&open(&scratch), &[working]));
    assert_eq!((scratch.read("a.py").as_str(), scratch.staged("a.py").as_str()), (DOCUMENTED, CODE));
    let staged = FilePatch { path: path("a.py"), staged: Some(swap(CODE, DOCUMENTED)), working: None };
    expect_written(&write_back(&open(&scratch), &[staged]));
    assert_eq!(status(&scratch), "M  a.py\n");
}

#[test]
fn a_second_run_changes_nothing() {
    let scratch = with_staged_code();
    expect_written(&write_back(&open(&scratch), &[both("a.py", CODE, DOCUMENTED)]));
    let index = || fs::read(scratch.root().join(".git/index")).unwrap();
    let before = index();
    expect_written(&write_back(&open(&scratch), &[both("a.py", DOCUMENTED, DOCUMENTED)]));
    assert_eq!(index(), before);
}
