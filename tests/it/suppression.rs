//! What is known and not reported: comments, files, and the baseline, in every door.

use serde_json::Value;

use crate::harness::{Run, Scratch};

const OLD: &str = "\"\"\"M.\"\"\"\n\n\ndef old(a, b):\n    \"\"\"Do it.\n\n    Args:\n        a: The one that is asked for.\n    \"\"\"\n    print(a)\n\n\ndef bare():\n    return 1\n";

/// The codes and definitions that a run reports.
fn found(run: &Run) -> Vec<String> {
    let report: Value =
        serde_json::from_str(&run.stdout).unwrap_or_else(|error| panic!("{error}: {}", run.all()));
    let text = |finding: &Value, key: &str| finding[key].as_str().unwrap().to_owned();
    let findings = report["findings"].as_array().unwrap();
    findings.iter().map(|found| format!("{} {}", text(found, "code"), text(found, "definition"))).collect()
}

fn checked(scratch: &Scratch) -> Vec<String> {
    found(&scratch.docgate(["check", "--output-format", "json"]))
}

fn staged(scratch: &Scratch) -> Vec<String> {
    scratch.stage();
    found(&scratch.docgate(["check", "--staged", "--output-format", "json"]))
}

#[test]
fn a_comment_keeps_the_hook_and_the_repair_away() {
    let scratch = Scratch::new();
    let text = "\"\"\"M.\"\"\"\n\n\ndef f(a):  # docgate: ignore[DOC103]\n    \"\"\"Do it.\n\n    Args:\n        b: The one that is asked for.\n    \"\"\"\n    print(a)\n\n\ndef g():  # noqa: D103\n    return 1\n";
    scratch.write("a.py", text);
    assert_eq!(staged(&scratch), Vec::<String>::new());
    assert_eq!(scratch.docgate(["hook", "run"]).code, Some(0));
    assert_eq!(scratch.docgate(["fix", "--no-model"]).code, Some(0));
    assert_eq!(scratch.read("a.py"), text);
    scratch.write("a.py", text.replace("ignore[DOC103]", "ignore[DOC1O3]"));
    assert_eq!(staged(&scratch), ["DOC103 f", "DG402 f"]);
}

#[test]
fn rules_can_be_left_out_for_some_files() {
    let scratch = Scratch::new();
    scratch.write("a.py", OLD);
    scratch.write("examples/a.py", OLD);
    scratch.write("gen/a_pb2.py", OLD);
    scratch.write(
        "docgate.toml",
        "[per-file-ignores]\n\"examples/\" = [\"D1\"]\n\"*_pb2.py\" = [\"ALL\"]\n\"gen/\" = [\"DOC\"]\n",
    );
    assert_eq!(checked(&scratch), ["DOC101 old", "D103 bare", "DOC101 old"]);
    scratch.write("docgate.toml", "[per-file-ignores]\n\"a.py\" = [\"undocumented-public-functions\"]\n");
    let run = scratch.docgate(["check"]);
    assert_eq!(run.code, Some(2), "{}", run.all());
    assert!(run.stderr.contains("docgate.toml:2: `per-file-ignores`: no rule is called"), "{}", run.stderr);
    assert!(run.stderr.contains("did you mean `undocumented-public-function`?"), "{}", run.stderr);
    scratch.write("docgate.toml", "[per-file-ignores]\n\"a[\" = []\n");
    assert!(scratch.docgate(["check"]).stderr.contains("docgate.toml:2: `per-file-ignores`: \"a[\": "));
}

#[test]
fn files_named_on_the_command_line_are_excluded_too() {
    let scratch = Scratch::new();
    scratch.write("build/a.py", OLD);
    scratch.write("docgate.toml", "exclude = [\"build/\"]\n");
    let run = scratch.docgate(["check", "build/a.py"]);
    assert_eq!((run.code, run.stdout.as_str()), (Some(0), "nothing to look at\n"), "{}", run.all());
}

#[test]
fn what_is_in_the_baseline_does_not_count_until_its_docstring_changes() {
    let scratch = Scratch::new();
    scratch.write("a.py", OLD);
    let run = scratch.docgate(["baseline"]);
    assert_eq!(
        (run.code, run.stdout.as_str()),
        (Some(0), "docgate-baseline.json: 2 known, 0 gone, 2 new\n"),
        "{}",
        run.all()
    );
    assert_eq!(checked(&scratch), Vec::<String>::new());
    scratch.commit_all("base");
    assert_eq!(scratch.docgate(["fix", ".", "--no-model"]).code, Some(0));
    assert_eq!(scratch.read("a.py"), OLD);

    scratch.write("a.py", OLD.replace("return 1", "return 2").replace("print(a)", "print(a, b)"));
    assert_eq!(staged(&scratch), Vec::<String>::new());
    scratch.write("a.py", OLD.replace("Do it.", "Do it well."));
    assert_eq!(staged(&scratch), ["DOC101 old"]);
    assert_eq!(scratch.docgate(["hook", "run"]).code, Some(1));
}

#[test]
fn a_baseline_shrinks_by_itself_and_grows_only_when_it_is_told_to() {
    let scratch = Scratch::new();
    scratch.write("a.py", OLD);
    scratch.write("b.py", OLD);
    scratch.docgate(["baseline"]);
    scratch.write(
        "a.py",
        format!("{}\n\ndef new():\n    return 1\n", OLD.replace("return 1", "raise ValueError")),
    );
    let told = |arguments: &[&str]| scratch.docgate_in(".", arguments).stdout;
    assert_eq!(
        told(&["baseline"]),
        "docgate-baseline.json: 4 known, 0 gone; 1 more are found and count: `docgate baseline --add` takes them in\n"
    );
    assert_eq!(checked(&scratch), ["D103 new"]);
    scratch.write("a.py", "\"\"\"M.\"\"\"\n");
    assert_eq!(told(&["baseline", "b.py"]), "docgate-baseline.json: 4 known, 0 gone\n");
    assert_eq!(told(&["baseline"]), "docgate-baseline.json: 2 known, 2 gone\n");
    std::fs::remove_file(scratch.root().join("b.py")).unwrap();
    assert_eq!(told(&["baseline"]), "docgate-baseline.json: 0 known, 2 gone\n");
    scratch.write("a.py", OLD);
    assert_eq!(told(&["baseline", "--add"]), "docgate-baseline.json: 2 known, 0 gone, 2 new\n");
    let before = scratch.read("docgate-baseline.json");
    assert_eq!(told(&["baseline"]), "docgate-baseline.json: 2 known, 0 gone\n");
    assert_eq!(scratch.read("docgate-baseline.json"), before);
}

#[test]
fn the_baseline_that_counts_is_the_staged_one() {
    let scratch = Scratch::new();
    scratch.write("a.py", OLD);
    scratch.docgate(["baseline"]);
    scratch.git(["add", "a.py"]);
    let run = scratch.docgate(["check", "--staged", "--output-format", "json"]);
    assert_eq!(found(&run).len(), 2, "it is not staged");
    assert_eq!(staged(&scratch), Vec::<String>::new());
}

#[test]
fn a_baseline_that_cannot_be_read_is_an_error_and_never_nothing() {
    let scratch = Scratch::new();
    scratch.write("a.py", OLD);
    for (text, expected) in [("{", "line 1: "), ("{\"version\": 9, \"entries\": []}", "it is of version 9")] {
        scratch.write("docgate-baseline.json", text);
        for arguments in [&["check"][..], &["baseline"]] {
            let run = scratch.docgate_in(".", arguments);
            assert_eq!(run.code, Some(2), "{arguments:?}: {}", run.all());
            assert!(
                run.stderr.contains("docgate-baseline.json: ") && run.stderr.contains(expected),
                "{}",
                run.stderr
            );
        }
        assert_eq!(scratch.read("docgate-baseline.json"), text);
    }
    scratch.write("docgate.toml", "baseline = \"../known.json\"\n");
    assert_eq!(scratch.docgate(["check"]).code, Some(2));
}
