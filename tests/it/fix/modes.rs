//! The ways to call it: `--diff`, exit codes, paths, ranges.

use crate::harness::{Run, Scratch};

use super::{both, commit, git_apply, staged, status};

const BASE: &str = concat!(
    "def f(a, b):\n    \"\"\"Do it.\n\n    Args:\n        a: One.\n        b: Two.\n    \"\"\"\n",
    "    return a\n",
);

fn changed() -> String {
    BASE.replace("f(a, b)", "f(a)")
}

fn expected() -> String {
    changed().replace("        b: Two.\n", "")
}

#[test]
fn a_diff_writes_nothing_and_git_takes_it() {
    let tails = ["", "\n\n\nx = 1\n", "\n\n\nx = 1", "\n\n\n\n", "\n\n\n \n\t\n"];
    for tail in tails {
        for crlf in [false, true] {
            let text = |text: &str| {
                let text = format!("{text}{tail}");
                if crlf { text.replace('\n', "\r\n") } else { text }
            };
            let scratch = staged(&text(BASE), &text(&changed()));
            let run = scratch.docgate(["fix", "--staged", "--no-model", "--diff"]);
            assert_eq!(run.code, Some(0), "{}", run.all());
            assert_eq!(both(&scratch, "a.py"), text(&changed()));
            let applied = git_apply(&scratch, &run.stdout);
            assert_eq!(applied.code, Some(0), "{tail:?} {crlf} {}\n{}", applied.all(), run.stdout);
            assert_eq!(scratch.staged("a.py"), text(&expected()), "{tail:?} {crlf}");
        }
    }
}

#[test]
fn a_diff_of_files_with_odd_names_is_taken_by_git() {
    for name in ["a b.py", "späße.py", "quote\".py", "tab\there.py", "sub/a.py"] {
        let scratch = Scratch::new();
        commit(&scratch, &[(name, BASE)]);
        scratch.write(name, changed());
        scratch.git(["add", "--all"]);
        let run = scratch.docgate(["fix", "--staged", "--no-model", "--diff"]);
        let applied = git_apply(&scratch, &run.stdout);
        assert_eq!(applied.code, Some(0), "{name:?} {}\n{}", applied.all(), run.stdout);
        assert_eq!(scratch.staged(name), expected(), "{name:?}");
    }
}

#[test]
fn a_diff_without_changes_is_empty() {
    let scratch = staged(BASE, &format!("{BASE}\n\nx = 1\n"));
    let run = scratch.docgate(["fix", "--staged", "--no-model", "--diff"]);
    assert_eq!((run.code, run.stdout.as_str()), (Some(0), ""), "{}", run.all());
}

#[test]
fn a_fix_can_count_as_a_failure() {
    let scratch = staged(BASE, &changed());
    let run = scratch.docgate(["fix", "--no-model", "--exit-non-zero-on-fix"]);
    assert_eq!(run.code, Some(1), "{}", run.all());
    assert_eq!(both(&scratch, "a.py"), expected());
    let run = scratch.docgate(["fix", "--no-model", "--exit-non-zero-on-fix"]);
    assert_eq!(run.code, Some(0), "{}", run.all());
}

#[test]
fn a_repair_counts_although_prose_is_missing_too() {
    let raising =
        changed().replace("    return a\n", "    if not a:\n        raise ValueError\n    return a\n");
    let scratch = staged(BASE, &raising);
    let arguments = ["fix", "--no-model", "--exit-non-zero-on-fix"];
    let run = scratch.docgate(arguments);
    assert_eq!(run.code, Some(1), "{}", run.all());
    let run = scratch.docgate(arguments);
    assert_eq!(run.code, Some(0), "{}", run.all());
}

#[test]
fn without_a_selector_what_is_staged_is_fixed() {
    let scratch = staged(BASE, &changed());
    scratch.write("b.py", changed());
    let run = scratch.docgate(["fix", "--no-model"]);
    assert_eq!(run.code, Some(0), "{}", run.all());
    assert_eq!(both(&scratch, "a.py"), expected());
    assert_eq!(scratch.read("b.py"), changed());
}

#[test]
fn paths_are_fixed_on_disk_and_the_index_stays() {
    let scratch = Scratch::new();
    commit(&scratch, &[("pkg/a.py", &changed()), ("b.py", &changed())]);
    let run = scratch.docgate(["fix", "--no-model", "--ignore", "D1", "pkg"]);
    assert_eq!(run.code, Some(0), "{}", run.all());
    assert_eq!(scratch.read("pkg/a.py"), expected());
    assert_eq!(scratch.staged("pkg/a.py"), changed());
    assert_eq!(scratch.read("b.py"), changed());
    assert_eq!(status(&scratch), " M pkg/a.py\n");
}

#[test]
fn staged_paths_narrow_what_is_fixed() {
    let scratch = Scratch::new();
    commit(&scratch, &[("pkg/a.py", BASE), ("b.py", BASE)]);
    scratch.write("pkg/a.py", changed());
    scratch.write("b.py", changed());
    scratch.git(["add", "--all"]);
    let run = scratch.docgate(["fix", "--no-model", "--staged", "pkg"]);
    assert_eq!(run.code, Some(0), "{}", run.all());
    assert_eq!(both(&scratch, "pkg/a.py"), expected());
    assert_eq!(both(&scratch, "b.py"), changed());
}

/// Runs docgate in a folder beside the repository.
fn outside(scratch: &Scratch, arguments: &[&str]) -> Run {
    let mut command = scratch.command(env!("CARGO_BIN_EXE_docgate"));
    let output = command.current_dir(scratch.beside("plain")).args(arguments).output().unwrap();
    Run {
        code: output.status.code(),
        stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
        stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
    }
}

#[test]
fn a_path_outside_of_any_repository_is_fixed() {
    let scratch = Scratch::new();
    let file = scratch.beside("plain/sub/a.py");
    std::fs::create_dir_all(file.parent().unwrap()).unwrap();
    std::fs::write(&file, changed()).unwrap();
    let run = outside(&scratch, &["fix", "--no-model", "--ignore", "D1", "sub/a.py"]);
    assert_eq!(run.code, Some(0), "{}", run.all());
    assert!(run.stdout.contains("sub/a.py"), "{}", run.stdout);
    assert_eq!(std::fs::read_to_string(&file).unwrap(), expected());
}

#[test]
fn staged_outside_of_any_repository_is_an_error_with_a_hint() {
    let scratch = Scratch::new();
    std::fs::create_dir_all(scratch.beside("plain")).unwrap();
    for arguments in [&["fix", "--staged"][..], &["fix"], &["fix", "--range", "A..B"]] {
        let run = outside(&scratch, arguments);
        assert_eq!(run.code, Some(3), "{}", run.all());
        assert!(run.stderr.contains("hint: run docgate inside a repository"), "{}", run.stderr);
    }
}

#[test]
fn a_path_that_is_not_there_is_wrong_usage() {
    let scratch = Scratch::new();
    let run = scratch.docgate(["fix", "--no-model", "nowhere.py"]);
    assert_eq!(run.code, Some(2), "{}", run.all());
    assert!(run.stderr.contains("nowhere.py"), "{}", run.stderr);
}

#[test]
fn a_range_is_written_into_the_working_tree_only() {
    let scratch = Scratch::new();
    commit(&scratch, &[("a.py", BASE)]);
    commit(&scratch, &[("a.py", &changed())]);
    scratch.write("a.py", format!("{}\n\nx = 1\n", changed()));
    let run = scratch.docgate(["fix", "--no-model", "--range", "HEAD~1..HEAD"]);
    assert_eq!(run.code, Some(0), "{}", run.all());
    assert_eq!(scratch.read("a.py"), format!("{}\n\nx = 1\n", expected()));
    assert_eq!(scratch.staged("a.py"), changed());
    assert_eq!(status(&scratch), " M a.py\n");
}

#[test]
fn nothing_staged_is_nothing_to_do() {
    let scratch = Scratch::new();
    commit(&scratch, &[("a.py", &changed())]);
    let run = scratch.docgate(["fix", "--no-model"]);
    assert_eq!(run.code, Some(0), "{}", run.all());
    assert_eq!(status(&scratch), "");
}

#[test]
fn what_was_said_about_a_parameter_survives_its_new_name() {
    let renamed = BASE.replace("f(a, b)", "f(a, depth, width)");
    let scratch = staged(BASE, &renamed);
    let run = scratch.docgate(["fix", "--no-model"]);
    assert_eq!(run.code, Some(1), "{}", run.all());
    assert_eq!(both(&scratch, "a.py"), renamed);
}
