//! Where a repository is, and whose.

use super::*;

#[test]
fn a_folder_outside_any_repository_is_refused() {
    let folder = tempfile::TempDir::new().unwrap();
    let error = Repository::open_at(folder.path()).err().unwrap();
    assert!(matches!(error, GitError::NotARepository { .. }), "{error}");
    assert!(error.hint().is_some());
}

#[test]
fn paths_are_taken_from_the_folder_docgate_was_called_in() {
    let scratch = Scratch::new();
    scratch.write("pkg/sub/a.py", CODE);
    symlink(scratch.root().join("pkg"), scratch.beside("shortcut")).unwrap();
    let repository = Repository::open_at(&scratch.root().join("pkg")).unwrap();
    assert_eq!(repository.prefix(), Path::new("pkg"));
    let absolute = scratch.root().join("pkg/sub/a.py");
    let through_link = scratch.beside("shortcut/sub/a.py");
    let table: [(&Path, Option<&str>); 8] = [
        (Path::new("sub/a.py"), Some("pkg/sub/a.py")),
        (Path::new("./sub/../a.py"), Some("pkg/a.py")),
        (Path::new("../a.py"), Some("a.py")),
        (Path::new("-a.py"), Some("pkg/-a.py")),
        (&absolute, Some("pkg/sub/a.py")),
        (&through_link, Some("pkg/sub/a.py")),
        (Path::new("../../a.py"), None),
        (Path::new(".."), None),
    ];
    for (given, expected) in table {
        let found = repository.repo_path(given);
        assert_eq!(found.as_ref().map(RepoPath::as_str), expected, "{}", given.display());
    }
}

#[test]
fn a_linked_worktree_has_its_own_index() {
    let scratch = Scratch::new();
    scratch.write("a.py", CODE);
    commit_all(&scratch);
    let linked = scratch.beside("linked");
    scratch.git(["worktree", "add", "--quiet", linked.to_str().unwrap()]);
    fs::write(linked.join("a.py"), "y = 1\n").unwrap();
    scratch.git(["-C", linked.to_str().unwrap(), "add", "a.py"]);
    assert_eq!(open(&scratch).staged(None).unwrap(), nothing_staged());
    let repository = Repository::open_at(&linked).unwrap();
    assert_eq!(only(repository.staged(None).unwrap()).new, b"y = 1\n");
    expect_written(&write_back(&repository, &[both("a.py", "y = 1\n", "y = 2\n")]));
    assert_eq!(fs::read_to_string(linked.join("a.py")).unwrap(), "y = 2\n");
    assert_eq!(scratch.git(["-C", linked.to_str().unwrap(), "show", ":a.py"]).stdout, "y = 2\n");
    assert_eq!(scratch.read("a.py"), CODE);
    assert_eq!(status(&scratch), "");
}

#[test]
fn a_repository_of_another_user_is_refused_with_the_line_to_paste() {
    let scratch = Scratch::new();
    // Only root can give files away; elsewhere the wording is tested beside the error.
    let given_away = [scratch.root(), scratch.root().join(".git")]
        .iter()
        .all(|place| std::os::unix::fs::chown(place, Some(12_345), None).is_ok());
    if !given_away {
        return;
    }
    let Err(error) = Repository::open_at(&scratch.root()) else {
        panic!("the repository was opened");
    };
    assert!(matches!(error, GitError::Owner { .. }), "{error}");
    let hint = error.hint().unwrap();
    let line = format!("safe.directory {}`", scratch.root().canonicalize().unwrap().display());
    assert!(hint.contains(&line), "{hint}");
}
