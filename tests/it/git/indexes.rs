//! The forms of an index, and what belongs to an index beside the patched entries.

use super::*;

/// A repository with `a.py` staged as `CODE`, and many other files.
fn with_neighbours() -> Scratch {
    let scratch = Scratch::new();
    scratch.write("a.py", "x = 0\n");
    for number in 0..40 {
        scratch.write(&format!("folder_{}/file_{number}.py", number % 4), CODE);
    }
    commit_all(&scratch);
    scratch.write("a.py", CODE);
    scratch.git(["add", "a.py"]);
    scratch
}

fn index_bytes(scratch: &Scratch) -> Vec<u8> {
    fs::read(scratch.root().join(".git/index")).unwrap()
}

fn has(bytes: &[u8], needle: &[u8]) -> bool {
    bytes.windows(needle.len()).any(|window| window == needle)
}

/// All that git knows about the other entries.
fn others(scratch: &Scratch) -> String {
    scratch.git(["ls-files", "--debug", "--stage", "-v", "--", ":!a.py"]).stdout
}

/// A name, the commands that make it, and a sign that an index of this form has in its bytes.
type Form = (&'static str, &'static [&'static [&'static str]], &'static [u8]);

#[test]
fn every_form_of_index_is_read_and_written_and_keeps_its_form() {
    let forms: [Form; 6] = [
        ("version 2", &[&["update-index", "--index-version=2"]], b"DIRC\0\0\0\x02"),
        ("version 3", &[&["update-index", "--index-version=3"]], b"DIRC"),
        ("version 4", &[&["update-index", "--index-version=4"]], b"DIRC\0\0\0\x04"),
        ("split", &[&["update-index", "--split-index"]], b"link"),
        ("sparse", &[&["sparse-checkout", "set", "--sparse-index", "folder_1"]], b"sdir"),
        ("with untracked cache", &[&["update-index", "--force-untracked-cache"], &["status"]], b"UNTR"),
    ];
    for (name, commands, sign) in forms {
        let scratch = with_neighbours();
        for command in commands {
            let output = scratch.command("git").args(*command).output().unwrap();
            assert!(output.status.success(), "{name}: {output:?}");
        }
        assert!(has(&index_bytes(&scratch), sign), "{name}: git did not make one");
        let (before, listed) = (others(&scratch), scratch.git(["ls-files", "--sparse"]).stdout);
        let repository = open(&scratch);
        assert_eq!(only(repository.staged(None).unwrap()).new, CODE.as_bytes(), "{name}");
        assert_eq!(repository.files(None).unwrap().len(), 41, "{name}");
        expect_written(&write_back(&repository, &[both("a.py", CODE, DOCUMENTED)]));
        assert_eq!(scratch.staged("a.py"), DOCUMENTED, "{name}");
        assert_eq!(scratch.read("a.py"), DOCUMENTED, "{name}");
        assert_eq!(others(&scratch), before, "{name}");
        assert_eq!(scratch.git(["ls-files", "--sparse"]).stdout, listed, "{name}: it was expanded");
        assert!(has(&index_bytes(&scratch), sign), "{name}: it has another form now");
        assert_eq!(status(&scratch), "M  a.py\n", "{name}");
        assert_eq!(scratch.git(["diff-files", "--", "a.py"]).stdout, "", "{name}");
    }
}

#[test]
fn an_announced_file_in_a_split_index_is_not_taken_for_an_empty_one() {
    let scratch = with_neighbours();
    scratch.write("announced.py", CODE);
    scratch.git(["add", "--intent-to-add", "announced.py"]);
    scratch.git(["update-index", "--split-index"]);
    let repository = open(&scratch);
    assert_eq!(repository.staged_file(&path("announced.py")).unwrap(), None);
    let written = write_back(&repository, &[both("announced.py", "", DOCUMENTED)]);
    assert!(written[0].result.is_err(), "{written:?}");
    assert_eq!(scratch.read("announced.py"), CODE);
    assert_eq!(status(&scratch), "M  a.py\n A announced.py\n");
}

#[test]
fn names_that_differ_in_case_only_are_two_files() {
    let scratch = Scratch::new();
    scratch.write("a.py", CODE);
    scratch.write("A.py", "x = 1\n");
    scratch.git(["add", "--all"]);
    // As on a disk that does not tell them apart; the index does.
    scratch.git(["config", "core.ignoreCase", "true"]);
    let repository = open(&scratch);
    assert_eq!(repository.staged_file(&path("A.py")).unwrap().unwrap(), b"x = 1\n");
    expect_written(&write_back(&repository, &[both("a.py", CODE, DOCUMENTED)]));
    assert_eq!((scratch.staged("a.py").as_str(), scratch.staged("A.py").as_str()), (DOCUMENTED, "x = 1\n"));
    assert_eq!((scratch.read("a.py").as_str(), scratch.read("A.py").as_str()), (DOCUMENTED, "x = 1\n"));
}

#[test]
fn a_repository_with_long_ids_is_refused_with_the_reason() {
    let folder = tempfile::TempDir::new().unwrap();
    let made = std::process::Command::new("git")
        .args(["init", "--quiet", "--object-format=sha256"])
        .arg(folder.path())
        .status()
        .unwrap();
    assert!(made.success());
    let error = Repository::open_at(folder.path()).err().unwrap();
    assert!(matches!(error, GitError::LongIds { .. }), "{error:?}");
    assert!(error.to_string().contains("SHA-256"), "{error}");
    assert!(error.hint().is_some());
}

#[test]
fn patched_files_are_not_read_again_by_git() {
    // The entry has the size and the time of the file; without, git reads every patched file at the next status.
    let scratch = with_neighbours();
    expect_written(&write_back(&open(&scratch), &[both("a.py", CODE, DOCUMENTED)]));
    let listed = scratch.git(["ls-files", "--debug", "a.py"]).stdout;
    assert!(listed.contains(&format!("size: {}", DOCUMENTED.len())), "{listed}");
}
