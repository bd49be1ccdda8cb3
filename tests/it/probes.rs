//! What makes a docstring stale and what does not, probed with one change at a time, through the built program.

use serde_json::Value;

use crate::harness::{Run, Scratch};
use crate::tools;

const BASE: &str = r#""""Access to the archive."""


def fetch(key, timeout=10, strict=False):
    """Reads a record from the archive.

    Args:
        key: The name it was stored under.
        timeout: Seconds to wait, defaults to 10.
        strict: Whether a missing record is an error.

    Returns:
        The record.

    Raises:
        KeyError: There is no such record.
    """
    if strict and key not in archive:
        raise KeyError(key)
    return archive.get(key, timeout)


def store(key, record):
    """Keeps a record in the archive.

    Args:
        key: The name to store it under.
        record: What to keep.

    Returns:
        The record that was there before.
    """
    before = archive.get(key)
    archive[key] = record
    return before
"#;

/// A repository with the archive, committed.
fn archive() -> Scratch {
    let scratch = Scratch::new();
    scratch.write("archive.py", BASE);
    scratch.commit_all("base");
    scratch
}

/// Returns the text with one piece replaced, which must be there.
fn with(old: &str, new: &str) -> String {
    assert!(BASE.contains(old), "{old}");
    BASE.replacen(old, new, 1)
}

/// Returns errors and warnings about what a docstring claims, without layout: `code definition subject`.
fn claims(run: &Run) -> Vec<String> {
    let report: Value =
        serde_json::from_str(&run.stdout).unwrap_or_else(|error| panic!("{error}: {}", run.all()));
    let mut lines = Vec::new();
    for finding in report["findings"].as_array().unwrap() {
        let text = |key: &str| finding[key].as_str().unwrap_or("-").to_owned();
        if text("code").starts_with("DOC") || text("code").starts_with("DG1") {
            lines.push(format!("{} {} {}", text("code"), text("definition"), text("subject")));
        }
    }
    lines
}

fn staged(scratch: &Scratch) -> Run {
    scratch.docgate(["check", "--staged", "--output-format", "json"])
}

/// Stages a text in place of the archive and returns what is claimed wrongly then.
fn probe(text: &str) -> Vec<String> {
    let scratch = archive();
    scratch.write("archive.py", text);
    scratch.stage();
    claims(&staged(&scratch))
}

#[test]
fn a_claim_that_the_code_contradicts_is_named() {
    let table: &[(&str, &str, &[&str])] = &[
        // A parameter goes and its entry stays.
        ("key, timeout=10, strict=False", "key, strict=False", &["DOC102 fetch timeout"]),
        ("timeout=10", "timeout=30", &["DG102 fetch timeout"]),
        // An exception comes, a result goes.
        (
            "    before = archive",
            "    if not key:\n        raise ValueError(key)\n    before = archive",
            &["DOC501 store ValueError"],
        ),
        ("    return before\n", "", &["DOC202 store -"]),
        // A parameter's entry goes.
        ("        timeout: Seconds to wait, defaults to 10.\n", "", &["DOC101 fetch timeout"]),
        ("def store(key, record)", "def store(key, record, *, sure=False)", &["DOC101 store sure"]),
        ("def store(key, record)", "def store(name, record)", &["DOC103 store key"]),
    ];
    for (old, new, expected) in table {
        assert_eq!(probe(&with(old, new)), *expected, "{old:?} -> {new:?}");
    }
}

#[test]
fn a_space_in_the_docstring_does_not_hide_a_default_that_changed() {
    let text = with("timeout=10", "timeout=30").replace("Seconds to wait,", "Seconds to  wait,");
    assert_eq!(probe(&text), ["DG102 fetch timeout"]);
}

#[test]
fn a_finding_names_the_sentence_and_the_fact() {
    let scratch = archive();
    scratch.write("archive.py", with("timeout=10", "timeout=30"));
    scratch.stage();
    let run = scratch.docgate(["check", "--staged", "--show-fixes"]);
    insta::assert_snapshot!(run.stdout);
    assert_eq!(run.code, Some(1));
}

#[test]
fn formatting_and_comments_are_no_change() {
    let table = [
        ("archive.get(key, timeout)", "(archive.get(key, timeout))"),
        ("archive.get(key, timeout)", "archive.get(key, timeout,)"),
        ("archive.get(key, timeout)", "archive.get(\n        key,\n        timeout,\n    )"),
        ("    before = ", "    # What was there.\n    before = "),
        ("(key, timeout=10, strict=False)", "(\n    key,\n    timeout=10,\n    strict=False,\n)"),
        ("timeout=10", "timeout = 10"),
    ];
    for (old, new) in table {
        assert_eq!(probe(&with(old, new)), [""; 0], "{old:?} -> {new:?}");
    }
}

#[test]
fn black_makes_nothing_stale() {
    let wild = BASE
        .replace("key, timeout=10, strict=False", "key,timeout = 10,strict = False")
        .replace("archive.get(key, timeout)", "( archive . get( key,timeout ) )")
        .replace("archive[key] = record", "archive [ key ]=record ; assert  record")
        .replace("\"\"\"Access", "'''Access")
        .replace("archive.\"\"\"", "archive.'''");
    let scratch = Scratch::new();
    scratch.write("archive.py", &wild);
    scratch.commit_all("base");
    let formatted =
        tools::command("black").arg("--quiet").arg(scratch.root().join("archive.py")).status().unwrap();
    assert!(formatted.success());
    assert_ne!(scratch.read("archive.py"), wild);
    scratch.stage();
    let run = staged(&scratch);
    let report: Value = serde_json::from_str(&run.stdout).unwrap();
    // The docstring of the module has other quotes now: that is all that was touched, and it says what it said.
    assert_eq!(claims(&run), [""; 0], "{}", run.all());
    assert_eq!(report["summary"]["definitions"], 0, "{}", run.all());
}

#[test]
fn moves_and_renames_make_nothing_stale() {
    let scratch = archive();
    scratch.git(["mv", "archive.py", "cellar.py"]);
    assert_eq!(claims(&staged(&scratch)), [""; 0], "a file is moved");
    scratch.write("cellar.py", BASE.replace("def fetch", "def read"));
    scratch.stage();
    assert_eq!(claims(&staged(&scratch)), [""; 0], "a function is renamed, too");
    let (first, second) = BASE.split_once("def store").unwrap();
    scratch.write("cellar.py", first);
    scratch.write("keep.py", format!("\"\"\"Keeping.\"\"\"\n\n\ndef store{second}"));
    scratch.stage();
    assert_eq!(claims(&staged(&scratch)), [""; 0], "a function goes to a new file");
}

#[test]
fn a_hook_manager_that_names_the_file_finds_the_same() {
    let scratch = archive();
    scratch.write("archive.py", with("timeout=10", "timeout=30"));
    scratch.write("other.py", "def bare(): return 1\n");
    scratch.stage();
    let lines = |run: &Run| -> Vec<String> {
        run.stdout.lines().filter(|line| line.contains("--> archive.py:")).map(str::to_owned).collect()
    };
    let all = scratch.docgate(["check", "--staged"]);
    let named = scratch.docgate(["hook", "run", "archive.py"]);
    assert_eq!(lines(&named), lines(&all));
    assert_eq!(lines(&named).len(), 1, "{}", named.all());
    assert!(!named.stdout.contains("other.py"), "{}", named.all());
    let managed = scratch.docgate_with(["hook", "run", "archive.py"], &[("PRE_COMMIT", "1")]);
    assert_eq!(lines(&managed), lines(&all), "{}", managed.all());
}

#[test]
fn unstaged_lines_above_do_not_move_a_finding() {
    let scratch = archive();
    let changed = with("timeout=10", "timeout=30");
    scratch.write("archive.py", &changed);
    scratch.stage();
    let above = "# above\n".repeat(12);
    scratch.write("archive.py", changed.replacen("\n\n\ndef fetch", &format!("\n{above}\n\ndef fetch"), 1));
    let run = staged(&scratch);
    let report: Value = serde_json::from_str(&run.stdout).unwrap();
    assert_eq!(claims(&run), ["DG102 fetch timeout"]);
    let line = 1 + changed.lines().position(|line| line.contains("defaults to 10")).unwrap();
    assert_eq!(report["findings"][0]["line"], line, "{}", run.all());
    assert_eq!(report["findings"][0]["evidence"][0]["line"], 4, "{}", run.all());
}

#[test]
fn ranges_find_what_the_hook_found() {
    let scratch = archive();
    let text = with("timeout=10", "timeout=30").replace("    return before\n", "");
    scratch.write("archive.py", text);
    scratch.stage();
    let in_the_hook = claims(&staged(&scratch));
    scratch.commit_all("change");
    let between = scratch.docgate(["check", "--range", "HEAD~1..HEAD", "--output-format", "json"]);
    let since = scratch.docgate(["check", "--since", "HEAD~1", "--output-format", "json"]);
    assert_eq!(in_the_hook, ["DG102 fetch timeout", "DOC202 store -"]);
    assert_eq!(claims(&between), in_the_hook);
    assert_eq!(claims(&since), in_the_hook);
}
