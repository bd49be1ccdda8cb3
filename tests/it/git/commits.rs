//! Real commits whose hook waits for the test, so that the library sees what a hook sees.

use super::*;

/// Starts a commit, calls `inside` with the index file git names while the hook runs, and lets it end.
fn during_commit(scratch: &Scratch, arguments: &[&str], inside: impl FnOnce(&Path)) {
    let (told, go_on) = (scratch.beside("told"), scratch.beside("go-on"));
    let hook = scratch.root().join(".git/hooks/pre-commit");
    fs::create_dir_all(hook.parent().unwrap()).unwrap();
    let script = format!(
        "#!/bin/sh\nprintf %s \"$GIT_INDEX_FILE\" >'{told}.new' && mv '{told}.new' '{told}'\n\
         while [ ! -e '{go_on}' ]; do sleep 0.02; done\n",
        told = told.display(),
        go_on = go_on.display()
    );
    fs::write(&hook, script).unwrap();
    fs::set_permissions(&hook, fs::Permissions::from_mode(0o755)).unwrap();
    let mut command = scratch.command("git");
    command.args(["commit", "--quiet", "--message=x"]).args(arguments);
    let mut commit = command.spawn().unwrap();
    while !told.exists() {
        assert!(commit.try_wait().unwrap().is_none(), "the commit ended before its hook");
        std::thread::sleep(std::time::Duration::from_millis(5));
    }
    let index_file = PathBuf::from(fs::read_to_string(&told).unwrap());
    let outcome = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| inside(&index_file)));
    fs::write(&go_on, "").unwrap();
    assert!(commit.wait().unwrap().success());
    if let Err(panic) = outcome {
        std::panic::resume_unwind(panic);
    }
}

fn document(scratch: &Scratch, index_file: &Path) {
    let repository = open(scratch).with_index_file(index_file);
    let change = only(repository.staged(None).unwrap());
    assert_eq!((change.path.as_str(), change.new.as_slice()), ("a.py", CODE.as_bytes()));
    assert_eq!(repository.staged_file(&path("a.py")).unwrap().as_deref(), Some(CODE.as_bytes()));
    expect_written(&write_back(&repository, &[both("a.py", CODE, DOCUMENTED)]));
}

#[test]
fn every_way_to_commit_takes_the_docstring_and_leaves_a_clean_status() {
    let table: [(&[&str], &str); 5] = [
        (&[], "index"),
        (&["--all"], "index.lock"),
        (&["a.py"], "next-index-"),
        (&["--only", "a.py"], "next-index-"),
        (&["--include", "a.py"], "index.lock"),
    ];
    for (arguments, expected) in table {
        let scratch = Scratch::new();
        scratch.write("a.py", "x = 0\n");
        commit_all(&scratch);
        scratch.write("a.py", CODE);
        if arguments.is_empty() {
            scratch.git(["add", "a.py"]);
        }
        during_commit(&scratch, arguments, |index_file| {
            let name = index_file.file_name().unwrap().to_str().unwrap();
            assert!(name.starts_with(expected), "{arguments:?}: {name}");
            document(&scratch, index_file);
        });
        assert_eq!(scratch.committed("HEAD", "a.py"), DOCUMENTED, "{arguments:?}");
        assert_eq!(status(&scratch), "", "{arguments:?}");
        assert_eq!(scratch.git(["diff-files"]).stdout, "", "{arguments:?}");
    }
}

#[test]
fn a_commit_of_one_path_leaves_other_staged_files_staged() {
    let scratch = Scratch::new();
    scratch.write("a.py", "x = 0\n");
    scratch.write("b.py", "x = 0\n");
    commit_all(&scratch);
    scratch.write("a.py", CODE);
    scratch.write("b.py", CODE);
    scratch.git(["add", "b.py"]);
    during_commit(&scratch, &["a.py"], |index_file| document(&scratch, index_file));
    assert_eq!(scratch.committed("HEAD", "a.py"), DOCUMENTED);
    assert_eq!(scratch.committed("HEAD", "b.py"), "x = 0\n");
    assert_eq!(status(&scratch), "M  b.py\n");
}

#[test]
fn the_index_file_of_another_purpose_is_the_only_one_written() {
    let scratch = Scratch::new();
    scratch.write("a.py", CODE);
    scratch.git(["add", "a.py"]);
    let custom = scratch.beside("next-index-1.lock");
    fs::copy(scratch.root().join(".git/index"), &custom).unwrap();
    let repository = open(&scratch).with_index_file(&custom);
    expect_written(&write_back(&repository, &[both("a.py", CODE, DOCUMENTED)]));
    assert_eq!(scratch.staged("a.py"), CODE);
    let reopened = open(&scratch).with_index_file(&custom);
    assert_eq!(reopened.staged_file(&path("a.py")).unwrap().as_deref(), Some(DOCUMENTED.as_bytes()));
}

#[test]
fn a_relative_index_file_begins_at_the_root() {
    let scratch = Scratch::new();
    scratch.write("pkg/a.py", CODE);
    scratch.git(["add", "--all"]);
    let repository =
        Repository::open_at(&scratch.root().join("pkg")).unwrap().with_index_file(Path::new(".git/index"));
    assert_eq!(only(repository.staged(None).unwrap()).path, path("pkg/a.py"));
    assert!(repository.staged_file(&path("pkg/a.py")).unwrap().is_some());
}

#[test]
fn another_text_in_the_coming_index_stays() {
    let scratch = Scratch::new();
    scratch.write("a.py", CODE);
    scratch.write("b.py", CODE);
    scratch.git(["add", "--all"]);
    let folder = scratch.root().join(".git");
    let (chosen, coming) = (folder.join("next-index-1.lock"), folder.join("index.lock"));
    fs::copy(folder.join("index"), &chosen).unwrap();
    scratch.write("a.py", "staged otherwise\n");
    scratch.git(["add", "a.py"]);
    fs::rename(folder.join("index"), &coming).unwrap();
    scratch.write("a.py", CODE);
    let repository = open(&scratch).with_index_file(&chosen);
    let patches = [both("a.py", CODE, DOCUMENTED), both("b.py", CODE, DOCUMENTED)];
    expect_written(&write_back(&repository, &patches));
    let staged = |index_file: &Path, name: &str| {
        let repository = open(&scratch).with_index_file(index_file);
        String::from_utf8(repository.staged_file(&path(name)).unwrap().unwrap()).unwrap()
    };
    assert_eq!(staged(&chosen, "a.py"), DOCUMENTED);
    assert_eq!(staged(&coming, "a.py"), "staged otherwise\n");
    assert_eq!((staged(&chosen, "b.py"), staged(&coming, "b.py")), (DOCUMENTED.into(), DOCUMENTED.into()));
}
