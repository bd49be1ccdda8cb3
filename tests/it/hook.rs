//! The hook in real commits, by git and under hook managers.

use std::fs;
use std::net::TcpListener;
use std::path::Path;
use std::time::{Duration, Instant};

use crate::harness::{BINARY, Run, Scratch};

const BASE: &str = r#""""A module."""


def f(a, b):
    """Do it.

    Args:
        a: The a.
        b: The b.
    """
    print(a, b)


def g(a):
    """Do that."""
    print(a)
"#;

const FIX: &str = "mode = \"fix\"\n";
const PLACEHOLDERS: &str = "mode = \"fix\"\nmodel = \"skeleton\"\n";

/// The change that leaves an entry behind for a parameter that is gone.
fn changed() -> String {
    BASE.replace("def f(a, b)", "def f(a)").replace("print(a, b)", "print(a, 2)")
}

/// The same with what the hook makes of it.
fn repaired() -> String {
    changed().replace("        b: The b.\n", "")
}

/// Adds an edit far from the change.
fn edited(text: &str) -> String {
    text.replace("    print(a)\n", "    print(a)\n    # unstaged\n    print(a)\n")
}

/// Adds a public function without a docstring.
fn grown() -> String {
    format!("{BASE}\n\ndef h(a):\n    print(a)\n")
}

/// A repository with a commit and the installed hook.
fn hooked(configuration: &str) -> Scratch {
    let scratch = Scratch::new();
    scratch.write("a.py", BASE);
    scratch.write("docgate.toml", configuration);
    scratch.commit_all("base");
    let run = scratch.docgate(["hook", "install"]);
    assert_eq!(run.code, Some(0), "{}", run.all());
    scratch
}

fn commit_in(scratch: &Scratch, folder: &Path, arguments: &[&str], environment: &[(&str, &str)]) -> Run {
    let mut command = scratch.command("git");
    command.current_dir(folder).arg("commit").args(arguments).envs(environment.iter().copied());
    Run::from_output(&command.output().unwrap())
}

fn commit(scratch: &Scratch, arguments: &[&str]) -> Run {
    commit_in(scratch, &scratch.root(), arguments, &[])
}

fn status(scratch: &Scratch) -> String {
    scratch.git(["status", "--porcelain"]).stdout
}

fn commits(scratch: &Scratch) -> usize {
    scratch.git(["rev-list", "--all"]).stdout.lines().count()
}

/// What would be lost: the index as it is, the files and the commits.
fn everything(scratch: &Scratch) -> (String, String, String, usize) {
    let index = scratch.git(["ls-files", "--stage"]).stdout;
    (index, scratch.read("a.py"), status(scratch), commits(scratch))
}

#[test]
fn an_undocumented_function_is_refused_and_passes_once_it_is_documented_by_hand() {
    let scratch = hooked("");
    scratch.write("a.py", grown());
    scratch.stage();
    let before = everything(&scratch);
    let run = commit(&scratch, &["-m", "h"]);
    assert_eq!(run.code, Some(1), "{}", run.all());
    let all = run.all();
    assert!(all.contains("error[D103]: ") && all.contains("--> a.py:19:5"), "{all}");
    assert!(all.contains("the commit is refused") && all.contains("--no-verify"), "{all}");
    assert_eq!(everything(&scratch), before);

    scratch.write("a.py", grown().replace("def h(a):\n", "def h(a):\n    \"\"\"Do more.\"\"\"\n"));
    scratch.stage();
    let run = commit(&scratch, &["-m", "h"]);
    assert_eq!(run.code, Some(0), "{}", run.all());
    assert_eq!(status(&scratch), "");
}

#[test]
fn a_commit_without_python_is_not_talked_about() {
    let scratch = hooked(FIX);
    scratch.write("notes.txt", "x");
    scratch.stage();
    let run = commit(&scratch, &["--quiet", "-m", "notes"]);
    assert_eq!((run.code, run.all().trim()), (Some(0), ""), "{}", run.all());
}

#[test]
fn placeholders_are_written_and_still_refused() {
    let scratch = hooked(PLACEHOLDERS);
    scratch.write("a.py", grown());
    scratch.stage();
    let run = commit(&scratch, &["-m", "h"]);
    assert_eq!(run.code, Some(1), "{}", run.all());
    assert!(run.all().contains("DG201"), "{}", run.all());
    assert_eq!(commits(&scratch), 1);
    let staged = scratch.staged("a.py");
    assert_ne!(staged, grown());
    assert_eq!(staged, scratch.read("a.py"));
    let again = commit(&scratch, &["-m", "h"]);
    assert_eq!(again.code, Some(1), "{}", again.all());
    assert_eq!(scratch.staged("a.py"), staged, "a second run changed something");
}

#[test]
fn a_warning_mode_passes_and_still_says_what_it_found() {
    let scratch = hooked("mode = \"warn\"\n");
    scratch.write("a.py", grown());
    scratch.stage();
    let run = commit(&scratch, &["-m", "h"]);
    assert_eq!(run.code, Some(0), "{}", run.all());
    assert!(run.all().contains("D103") && !run.all().contains("refused"), "{}", run.all());
}

/// The arguments of a commit and its extra environment.
type Way = (&'static [&'static str], &'static [(&'static str, &'static str)]);

#[test]
fn the_hook_can_be_left_out_for_one_commit() {
    let ways: [Way; 4] = [
        (&["-m", "h", "--no-verify"], &[]),
        (&["-m", "h"], &[("DOCGATE_SKIP", "1")]),
        (&["-m", "h"], &[("SKIP", "docgate")]),
        (&["-m", "h"], &[("SKIP", "black, docgate-fix")]),
    ];
    for (arguments, environment) in ways {
        let scratch = hooked(FIX);
        scratch.write("a.py", grown());
        scratch.stage();
        let run = commit_in(&scratch, &scratch.root(), arguments, environment);
        assert_eq!(run.code, Some(0), "{}", run.all());
        assert_eq!(scratch.committed("HEAD", "a.py"), grown());
    }
}

#[test]
fn every_way_to_commit_takes_the_repair_and_keeps_what_is_not_staged() {
    // Arguments, whether `a.py` is staged and then edited, and the status afterwards.
    let table: [(&[&str], bool, &str); 8] = [
        (&["-m", "x"], true, " M a.py\n"),
        (&["-a", "-m", "x"], false, ""),
        (&["-m", "x", "a.py"], false, "A  other.txt\n"),
        (&["-m", "x", "-o", "a.py"], false, "A  other.txt\n"),
        (&["-m", "x", "-i", "a.py"], false, ""),
        (&["-m", "x", "--", "."], false, ""),
        (&["--amend", "--no-edit"], true, " M a.py\n"),
        (&["-m", "x", "--signoff", "--quiet"], true, " M a.py\n"),
    ];
    for (arguments, edit, expected) in table {
        let scratch = hooked(FIX);
        scratch.write("a.py", changed());
        let mut after = repaired();
        if edit {
            scratch.git(["add", "a.py"]);
            scratch.write("a.py", edited(&changed()));
            after = edited(&repaired());
        }
        scratch.write("other.txt", "x");
        scratch.git(["add", "other.txt"]);
        let run = commit(&scratch, arguments);
        assert_eq!(run.code, Some(0), "{arguments:?}: {}", run.all());
        assert_eq!(scratch.committed("HEAD", "a.py"), repaired(), "{arguments:?}");
        assert_eq!(scratch.read("a.py"), after, "{arguments:?}");
        assert_eq!(status(&scratch), expected, "{arguments:?}");
        assert!(run.all().contains("repaired: a.py:4 f"), "{arguments:?}: {}", run.all());
    }
}

#[test]
fn hunks_that_were_left_out_of_the_index_stay_out_of_the_commit() {
    // As `git add -p` leaves it: edits above, below and in another definition, none of them staged.
    let scratch = hooked(FIX);
    scratch.write("a.py", changed());
    scratch.stage();
    let around =
        |text: &str| edited(text).replacen("\n\n\n", "\n\nimport os\n\n# above\n\n\n", 1) + "\n\nX = 1\n";
    scratch.write("a.py", around(&changed()));
    let run = commit(&scratch, &["-m", "x"]);
    assert_eq!(run.code, Some(0), "{}", run.all());
    assert_eq!(scratch.committed("HEAD", "a.py"), repaired());
    assert_eq!(scratch.read("a.py"), around(&repaired()));
    assert_eq!(status(&scratch), " M a.py\n");
}

#[test]
fn a_definition_that_differs_on_disk_is_left_alone_on_both_sides() {
    let scratch = hooked(FIX);
    scratch.write("a.py", changed());
    scratch.stage();
    scratch.write("a.py", changed().replace("print(a, 2)", "print(a, 3)").replace("b: The b.", "b: The b"));
    let before = everything(&scratch);
    let run = commit(&scratch, &["-m", "x"]);
    assert_eq!(run.code, Some(1), "{}", run.all());
    assert!(run.all().contains("partly staged"), "{}", run.all());
    assert!(run.all().contains("DOC102"), "{}", run.all());
    assert_eq!(everything(&scratch), before);
}

#[test]
fn a_commit_from_a_folder_and_from_a_linked_worktree_is_repaired() {
    let scratch = hooked(FIX);
    scratch.write("deep/b.py", BASE);
    scratch.commit_all("more");
    scratch.write("deep/b.py", changed());
    scratch.stage();
    let run = commit_in(&scratch, &scratch.root().join("deep"), &["-m", "x"], &[]);
    assert_eq!(run.code, Some(0), "{}", run.all());
    assert_eq!(scratch.committed("HEAD", "deep/b.py"), repaired());
    assert_eq!(status(&scratch), "");

    let linked = scratch.beside("linked");
    scratch.git(["worktree", "add", "--quiet", "-b", "side", linked.to_str().unwrap()]);
    for arguments in [&["-a", "-m", "x"][..], &["-m", "y", "a.py"]] {
        fs::write(linked.join("a.py"), changed()).unwrap();
        let run = commit_in(&scratch, &linked, arguments, &[]);
        assert_eq!(run.code, Some(0), "{}", run.all());
        assert_eq!(scratch.committed("side", "a.py"), repaired());
        assert_eq!(fs::read_to_string(linked.join("a.py")).unwrap(), repaired());
        let status = scratch.command("git").current_dir(&linked).args(["status", "--porcelain"]).output();
        assert_eq!(String::from_utf8(status.unwrap().stdout).unwrap(), "");
        fs::write(linked.join("a.py"), BASE).unwrap();
        assert_eq!(commit_in(&scratch, &linked, &["-a", "--no-verify", "-m", "back"], &[]).code, Some(0));
    }
    assert_eq!(scratch.read("a.py"), BASE);
    assert_eq!(status(&scratch), "");
}

#[test]
fn the_first_commit_is_repaired() {
    let scratch = Scratch::new();
    scratch.docgate(["hook", "install"]);
    scratch.write("a.py", changed());
    scratch.write("docgate.toml", FIX);
    scratch.stage();
    scratch.write("a.py", edited(&changed()));
    let run = commit(&scratch, &["-m", "first"]);
    assert_eq!(run.code, Some(0), "{}", run.all());
    assert_eq!(scratch.committed("HEAD", "a.py"), repaired());
    assert_eq!(scratch.read("a.py"), edited(&repaired()));
    assert_eq!(status(&scratch), " M a.py\n");
}

/// Begins a merge that stops with a conflict in `notes.txt`, and resolves that.
fn merging(scratch: &Scratch, theirs: &[(&str, String)], ours: &[(&str, String)]) {
    scratch.git(["checkout", "--quiet", "-b", "side"]);
    scratch.write("notes.txt", "theirs\n");
    for (path, text) in theirs {
        scratch.write(path, text);
    }
    scratch.commit_all("theirs");
    scratch.git(["checkout", "--quiet", "main"]);
    scratch.write("notes.txt", "ours\n");
    for (path, text) in ours {
        scratch.write(path, text);
    }
    scratch.commit_all("ours");
    assert_eq!(scratch.try_git(["merge", "--quiet", "side"]).code, Some(1));
    scratch.write("notes.txt", "both\n");
    scratch.git(["add", "notes.txt"]);
}

#[test]
fn a_merge_is_not_blamed_for_the_files_of_the_other_side() {
    for mode in ["", PLACEHOLDERS] {
        let scratch = hooked(mode);
        merging(&scratch, &[("a.py", grown()), ("new.py", grown())], &[]);
        let run = commit(&scratch, &["--no-edit"]);
        assert_eq!(run.code, Some(0), "{}", run.all());
        assert_eq!(scratch.committed("HEAD", "new.py"), grown());
        assert_eq!(status(&scratch), "");
    }
}

#[test]
fn a_merge_is_not_blamed_for_the_definitions_of_the_other_side() {
    let ours = |text: &str| text.replace("print(a, b)", "print(b, a)");
    for mode in ["", PLACEHOLDERS] {
        let scratch = hooked(mode);
        merging(&scratch, &[("a.py", grown())], &[("a.py", ours(BASE))]);
        assert_eq!(scratch.staged("a.py"), ours(&grown()));
        let run = commit(&scratch, &["--no-edit"]);
        assert_eq!(run.code, Some(0), "{}", run.all());
        assert_eq!(scratch.committed("HEAD", "a.py"), ours(&grown()));
    }
}

#[test]
fn a_merge_is_blamed_for_what_it_adds_itself_and_repaired() {
    let scratch = hooked(FIX);
    merging(&scratch, &[("other.py", grown())], &[]);
    scratch.write("a.py", changed());
    scratch.write("other.py", grown().replace("def f(a, b)", "def f(a)"));
    scratch.stage();
    let run = commit(&scratch, &["--no-edit"]);
    assert_eq!(run.code, Some(0), "{}", run.all());
    assert_eq!(scratch.committed("HEAD", "a.py"), repaired());
    let other = grown().replace("def f(a, b)", "def f(a)").replace("        b: The b.\n", "");
    assert_eq!(scratch.committed("HEAD", "other.py"), other);
    assert_eq!(status(&scratch), "");

    scratch.write("a.py", format!("{}\n\ndef h(a):\n    print(a)\n", repaired()));
    scratch.stage();
    assert_eq!(commit(&scratch, &["-m", "x"]).code, Some(1));
}

#[test]
fn under_a_manager_only_the_working_tree_is_written_and_fix_staged_converges() {
    let scratch = hooked(FIX);
    scratch.write("a.py", changed());
    scratch.stage();
    let managed = [("PRE_COMMIT", "1")];
    let run = scratch.docgate_with(["hook", "run", "a.py"], &managed);
    assert_eq!(run.code, Some(1), "{}", run.all());
    assert!(run.stderr.contains("docgate fix --staged"), "{}", run.stderr);
    assert_eq!((scratch.staged("a.py"), scratch.read("a.py")), (changed(), repaired()));

    let run = scratch.docgate(["fix", "--staged"]);
    assert_eq!(run.code, Some(0), "{}", run.all());
    assert_eq!((scratch.staged("a.py"), scratch.read("a.py")), (repaired(), repaired()));
    assert_eq!(status(&scratch), "M  a.py\n");
    let run = scratch.docgate_with(["hook", "run", "a.py"], &managed);
    assert_eq!(run.code, Some(0), "{}", run.all());
}

#[test]
fn file_names_narrow_what_is_staged() {
    let scratch = hooked("");
    scratch.write("a.py", grown());
    scratch.write("b.py", grown());
    scratch.stage();
    let run = scratch.docgate(["hook", "run", "b.py"]);
    assert_eq!(run.code, Some(1));
    assert!(run.stdout.contains("b.py:19") && !run.stdout.contains("a.py"), "{}", run.stdout);
    let absolute = scratch.root().join("a.py");
    let run = scratch.docgate_in(".", &["hook", "run", "--", absolute.to_str().unwrap()]);
    assert!(run.stdout.contains("a.py:19") && !run.stdout.contains("b.py"), "{}", run.all());
}

#[test]
fn with_nothing_staged_the_named_files_are_looked_at_whole() {
    let scratch = hooked(FIX);
    scratch.write("a.py", changed());
    scratch.write("b.py", grown());
    scratch.commit_all("debt");
    let run = scratch.docgate_with(["hook", "run", "a.py", "b.py"], &[("PRE_COMMIT", "1")]);
    assert_eq!(run.code, Some(1), "{}", run.all());
    assert!(run.stdout.contains("--> b.py:19:5"), "{}", run.stdout);
    assert_eq!(scratch.read("a.py"), repaired());
    assert_eq!(scratch.staged("a.py"), changed());
    let run = scratch.docgate(["hook", "run"]);
    assert_eq!((run.code, run.all().trim()), (Some(0), ""), "{}", run.all());
}

#[test]
fn a_manager_may_name_a_range() {
    let scratch = hooked("");
    scratch.git(["branch", "start"]);
    scratch.write("a.py", grown());
    scratch.write("b.py", grown());
    scratch.commit_all("debt");
    let range = [("PRE_COMMIT", "1"), ("PRE_COMMIT_FROM_REF", "start"), ("PRE_COMMIT_TO_REF", "HEAD")];
    let run = scratch.docgate_with(["hook", "run", "a.py"], &range);
    assert_eq!(run.code, Some(1), "{}", run.all());
    assert!(run.stdout.contains("a.py:19") && !run.stdout.contains("b.py"), "{}", run.stdout);
    let none = [("PRE_COMMIT_FROM_REF", "HEAD"), ("PRE_COMMIT_TO_REF", "HEAD")];
    assert_eq!(scratch.docgate_with(["hook", "run", "a.py"], &none).code, Some(0));
    let unknown = [("PRE_COMMIT_FROM_REF", "gone"), ("PRE_COMMIT_TO_REF", "HEAD")];
    assert_eq!(scratch.docgate_with(["hook", "run", "a.py"], &unknown).code, Some(2));
}

/// The variables of a model that is at an address.
fn model_at(endpoint: &str) -> [(&str, &str); 3] {
    [("DOCGATE_ENDPOINT", endpoint), ("DOCGATE_API_KEY", "key"), ("DOCGATE_DEPLOYMENT", "gpt-4o-mini")]
}

#[test]
fn a_model_that_is_down_changes_nothing_about_the_verdict() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let endpoint = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    for (on_failure, code) in [("block", 1), ("allow", 0)] {
        let scratch = hooked(&format!("{FIX}on-failure = \"{on_failure}\"\nhook-timeout = 2\n"));
        scratch.write("a.py", grown());
        scratch.stage();
        let (index, text) = (scratch.staged("a.py"), scratch.read("a.py"));
        let run = commit_in(&scratch, &scratch.root(), &["-m", "h"], &model_at(&endpoint));
        assert_eq!(run.code, Some(code), "{}", run.all());
        assert!(run.all().contains("[D103]"), "{}", run.all());
        assert!(run.all().contains("failed: a.py:19 h"), "{}", run.all());
        assert_eq!((scratch.staged("a.py"), scratch.read("a.py")), (index, text));
    }
}

#[test]
fn a_model_that_is_down_does_not_keep_a_repair_from_being_written() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let endpoint = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    let scratch = hooked(&format!("{FIX}hook-timeout = 2\n"));
    let tail = "\n\ndef h(a):\n    print(a)\n";
    scratch.write("a.py", changed() + tail);
    scratch.stage();
    let run = commit_in(&scratch, &scratch.root(), &["-m", "h"], &model_at(&endpoint));
    assert_eq!(run.code, Some(1), "{}", run.all());
    assert!(!run.all().contains("[DOC102]") && run.all().contains("[D103]"), "{}", run.all());
    assert_eq!(scratch.staged("a.py"), repaired() + tail);
    assert_eq!(scratch.read("a.py"), repaired() + tail);
}

#[test]
fn a_model_that_hangs_is_waited_for_as_long_as_the_hook_may() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let endpoint = format!("http://{}", listener.local_addr().unwrap());
    // Connections are taken by the system and never answered.
    let scratch = hooked(&format!("{FIX}hook-timeout = 1\n"));
    scratch.write("a.py", grown());
    scratch.stage();
    let before = everything(&scratch);
    let began = Instant::now();
    let run = commit_in(&scratch, &scratch.root(), &["-m", "h"], &model_at(&endpoint));
    let took = began.elapsed();
    assert_eq!(run.code, Some(1), "{}", run.all());
    assert!(took >= Duration::from_secs(1) && took < Duration::from_secs(8), "{took:?}");
    assert!(run.all().contains("time limit"), "{}", run.all());
    assert_eq!(everything(&scratch), before);
    drop(listener);
}

#[test]
fn a_wrong_configuration_in_the_hook_is_wrong_usage() {
    let scratch = hooked("");
    scratch.write("docgate.toml", "mode = \"perhaps\"\n");
    scratch.stage();
    let run = scratch.docgate(["hook", "run"]);
    assert_eq!(run.code, Some(2), "{}", run.all());
    assert!(run.stderr.contains("docgate.toml:1") && run.stderr.contains("perhaps"), "{}", run.stderr);
    assert_eq!(commit(&scratch, &["-m", "x"]).code, Some(1));
    assert_eq!(scratch.docgate(["hook", "run", "--mode", "perhaps"]).code, Some(2));
    let scratch = hooked("");
    assert_eq!(scratch.docgate_with(["hook", "run"], &[("DOCGATE_MODE", "perhaps")]).code, Some(2));
}

#[test]
fn a_locked_index_is_said_and_nothing_is_written() {
    let scratch = hooked(FIX);
    scratch.write("a.py", changed());
    scratch.stage();
    let before = everything(&scratch);
    scratch.write(".git/index.lock", "");
    let run = scratch.docgate(["hook", "run"]);
    assert_eq!(run.code, Some(3), "{}", run.all());
    assert!(run.stderr.contains("index.lock"), "{}", run.stderr);
    fs::remove_file(scratch.root().join(".git/index.lock")).unwrap();
    assert_eq!(everything(&scratch), before);
}

#[test]
fn the_hook_calls_the_binary_that_installed_it_and_is_gone_after_uninstalling() {
    let scratch = hooked("");
    let shim = scratch.read(".git/hooks/pre-commit");
    assert!(shim.contains(BINARY), "{shim}");
    let again = scratch.docgate(["hook", "install"]);
    assert!(again.code == Some(0) && again.stdout.contains("already installed"), "{}", again.all());
    let run = scratch.docgate(["hook", "uninstall"]);
    assert!(run.code == Some(0) && run.stdout.contains("removed: "), "{}", run.all());
    scratch.write("a.py", grown());
    scratch.stage();
    assert_eq!(commit(&scratch, &["-m", "h"]).code, Some(0));
    let run = scratch.docgate(["hook", "uninstall"]);
    assert!(run.code == Some(0) && run.stdout.contains("no hook of docgate's"), "{}", run.all());
    scratch.write(".git/hooks/pre-commit", "#!/bin/sh\n");
    for arguments in [["hook", "install"], ["hook", "uninstall"]] {
        let run = scratch.docgate(arguments);
        assert!(run.code == Some(3) && run.stderr.contains("hint: "), "{}", run.all());
    }
}

#[test]
fn files_are_looked_at_whole_only_when_nothing_at_all_is_staged() {
    let scratch = Scratch::new();
    scratch.write("a.py", "\"\"\"A.\"\"\"\n");
    scratch.write("notes.txt", "one\n");
    scratch.git(["add", "."]);
    scratch.git(["commit", "--quiet", "--message", "base"]);
    scratch.write("a.py", "\"\"\"A.\"\"\"\n\n\ndef f(): return 1\n");
    assert_eq!(scratch.docgate(["hook", "run", "a.py"]).code, Some(1));
    scratch.write("notes.txt", "two\n");
    scratch.git(["add", "notes.txt"]);
    let run = scratch.docgate(["hook", "run", "notes.txt", "a.py"]);
    assert_eq!(run.code, Some(0), "{}", run.all());
}

#[test]
fn a_model_without_a_key_does_not_refuse_a_commit_that_passes() {
    let scratch = Scratch::new();
    scratch.write("docgate.toml", "mode = \"fix\"\nmodel = \"azure\"\n");
    scratch.write(
        "a.py",
        "\"\"\"A.\"\"\"\n\n\ndef f(a):\n    \"\"\"Say it.\n\n    Args:\n        a: One.\n    \"\"\"\n    return [a]\n",
    );
    scratch.git(["add", "."]);
    let run = scratch.docgate(["hook", "run"]);
    assert_eq!(run.code, Some(0), "{}", run.all());
    assert!(run.stdout.contains("endpoint"), "{}", run.all());
}

#[test]
fn skipping_the_hooks_of_others_skips_nothing_here() {
    let scratch = hooked("");
    scratch.write("a.py", grown());
    scratch.stage();
    let run = commit_in(&scratch, &scratch.root(), &["-m", "h"], &[("SKIP", "black,docgate-of-mine")]);
    assert_eq!(run.code, Some(1), "{}", run.all());
}

#[test]
fn a_docstring_goes_above_an_unstaged_edit_of_the_very_next_line() {
    let scratch = hooked(FIX);
    scratch.write("a.py", changed());
    scratch.stage();
    let near = |text: &str| text.replace("    print(a, 2)", "    a = a + 1  # unstaged\n    print(a, 2)");
    scratch.write("a.py", near(&changed()));
    let run = commit(&scratch, &["-m", "x"]);
    assert_eq!(run.code, Some(0), "{}", run.all());
    assert_eq!(scratch.committed("HEAD", "a.py"), repaired());
    assert_eq!(scratch.read("a.py"), near(&repaired()));
    assert_eq!(status(&scratch), " M a.py\n");
}

#[test]
fn what_a_manager_has_put_aside_by_line_numbers_is_not_moved() {
    // As lint-staged and lefthook do: the unstaged edit is in a patch, the file on disk is as it is staged.
    for (manager, place) in [
        ("lint-staged", ".git/lint-staged_unstaged.patch"),
        ("lefthook", ".git/info/lefthook-unstaged.patch"),
    ] {
        let scratch = hooked(FIX);
        scratch.write("a.py", changed());
        scratch.write("b.py", changed());
        scratch.stage();
        scratch.write("a.py", edited(&changed()));
        let patch = scratch.git(["diff", "--unified=0"]).stdout;
        scratch.write("a.py", changed());
        scratch.write(place, patch);
        let in_hook = [("GIT_INDEX_FILE", ".git/index")];
        let run = scratch.docgate_with(["hook", "run"], &in_hook);
        assert_eq!(run.code, Some(1), "{manager}: {}", run.all());
        assert!(
            run.stderr.contains(manager) && run.stderr.contains("docgate fix --staged"),
            "{}",
            run.stderr
        );
        assert_eq!((scratch.staged("a.py"), scratch.read("a.py")), (changed(), changed()), "{manager}");
        assert_eq!((scratch.staged("b.py"), scratch.read("b.py")), (repaired(), repaired()), "{manager}");
        // The manager has brought the edit back and forgot its patch: nothing is put aside in this file.
        scratch.write("a.py", edited(&changed()));
        let run = scratch.docgate_with(["hook", "run"], &in_hook);
        assert_eq!(run.code, Some(0), "{manager}: {}", run.all());
        assert_eq!((scratch.staged("a.py"), scratch.read("a.py")), (repaired(), edited(&repaired())));
    }
}

#[test]
fn what_lefthook_has_put_aside_in_a_linked_worktree_is_found_under_its_name() {
    let scratch = hooked(FIX);
    let linked = scratch.beside("linked");
    scratch.git(["worktree", "add", "--quiet", "-b", "side", linked.to_str().unwrap()]);
    fs::write(linked.join("a.py"), changed()).unwrap();
    scratch.git(["-C", linked.to_str().unwrap(), "add", "a.py"]);
    for (name, code) in [("lefthook-unstaged.linked.patch", 1), ("lefthook-unstaged.other.patch", 0)] {
        let patch = scratch.root().join(".git/info").join(name);
        fs::write(&patch, "nonsense").unwrap();
        let mut command = scratch.command(BINARY);
        command.current_dir(&linked).args(["hook", "run"]);
        let index = scratch.root().join(".git/worktrees/linked/index");
        let run = Run::from_output(&command.env("GIT_INDEX_FILE", index).output().unwrap());
        assert_eq!(run.code, Some(code), "{name}: {}", run.all());
        fs::remove_file(patch).unwrap();
    }
}

#[test]
fn a_patch_that_was_left_behind_does_not_keep_a_person_from_fixing() {
    let scratch = hooked(FIX);
    scratch.write("a.py", changed());
    scratch.stage();
    scratch.write(".git/lint-staged_unstaged.patch", "nonsense");
    let run = scratch.docgate(["fix", "--staged"]);
    assert_eq!(run.code, Some(0), "{}", run.all());
    assert_eq!(scratch.staged("a.py"), repaired());
}

#[test]
fn a_cherry_pick_is_not_blamed_for_what_it_picks() {
    let scratch = hooked("");
    scratch.git(["checkout", "--quiet", "-b", "side"]);
    scratch.write("a.py", grown());
    scratch.write("notes.txt", "theirs\n");
    scratch.commit_all("theirs");
    scratch.git(["checkout", "--quiet", "main"]);
    scratch.write("notes.txt", "ours\n");
    scratch.commit_all("ours");
    assert_ne!(scratch.try_git(["cherry-pick", "side"]).code, Some(0));
    scratch.write("notes.txt", "both\n");
    scratch.git(["add", "notes.txt"]);
    let run = commit(&scratch, &["--no-edit"]);
    assert_eq!(run.code, Some(0), "{}", run.all());
    assert_eq!(scratch.committed("HEAD", "a.py"), grown());
}

#[test]
fn files_in_another_encoding_on_disk_and_generated_ones_are_not_written() {
    let scratch = hooked(FIX);
    scratch.write(".gitattributes", "latin.py working-tree-encoding=latin1\nmade.py linguist-generated\n");
    scratch.git(["add", "."]);
    for name in ["latin.py", "made.py"] {
        scratch.write(name, changed());
    }
    scratch.stage();
    let run = commit(&scratch, &["-m", "x"]);
    assert_eq!(run.code, Some(1), "{}", run.all());
    assert!(run.all().contains("working-tree-encoding"), "{}", run.all());
    assert!(run.all().contains("made.py: generated"), "{}", run.all());
    assert_eq!((scratch.staged("latin.py"), scratch.read("latin.py")), (changed(), changed()));
    assert_eq!(scratch.staged("made.py"), changed());
    // On disk, too: the hook, the pull request and the sweep agree.
    let run = scratch.docgate(["check", "made.py"]);
    assert!(run.code == Some(0) && run.stdout.contains("made.py: generated"), "{}", run.all());
}
