//! What `check` says about who can answer, and about settings that lead nowhere, is what then happens.

use serde_json::Value;

use crate::harness::Scratch;

/// A function whose docstring names a parameter that is gone, between whatever comes around it.
fn with_stale(head: &str, opening: &str, closing: &str) -> Scratch {
    let scratch = Scratch::new();
    let text = format!(
        "\"\"\"A module.\"\"\"\n\n{head}def f(a):\n    {opening}Do it.\n\n    Args:\n        a: The a.\n        b: The b.\n    {closing}\n    print(a)\n"
    );
    scratch.write("a.py", text);
    scratch.stage();
    scratch
}

#[test]
fn what_fix_would_refuse_is_left_to_a_person() {
    let quotes = "\"\"\"";
    let table = [
        ("import click\n\n\n@click.command()\n", quotes, quotes, "its docstring is read at run time"),
        ("\n", "(\"Begin. \" \"\"\"", "\"\"\")", "it is written in pieces"),
    ];
    for (head, opening, closing, reason) in table {
        let scratch = with_stale(head, opening, closing);
        let run = scratch.docgate(["check"]);
        assert!(run.stdout.contains("error[DOC102]"), "{}", run.all());
        assert!(!run.stdout.contains("`docgate fix`"), "{}", run.stdout);
        let fixed = scratch.docgate(["fix", "--no-model"]);
        let skipped = fixed.stdout.lines().find_map(|line| line.strip_prefix("skipped: a.py:"));
        let said = skipped.unwrap_or_else(|| panic!("{}", fixed.all())).split_once(": ").unwrap().1;
        assert!(run.stdout.contains(&format!("needs a person: {said}")), "{said} ({reason}): {}", run.stdout);
        let json = scratch.docgate(["check", "--output-format", "json"]);
        let json: Value = serde_json::from_str(&json.stdout).unwrap();
        assert_eq!(json["findings"][0]["answer"], "person", "{json}");
        let counted = scratch.docgate(["check", "--statistics"]);
        assert!(!counted.stdout.contains("[*]"), "{}", counted.stdout);
        let refused = scratch.docgate(["hook", "run"]);
        assert!(!refused.all().contains("`docgate fix`"), "{}", refused.all());
    }
    let run = with_stale("\n", quotes, quotes).docgate(["check"]);
    assert!(run.stdout.contains("`docgate fix` writes it"), "{}", run.stdout);
}

#[test]
fn fixes_are_not_asked_of_formats_that_show_none() {
    let scratch = with_stale("\n", "\"\"\"", "\"\"\"");
    for (format, code) in [
        ("text", 1),
        ("json", 1),
        ("json-lines", 1),
        ("sarif", 1),
        ("rdjson", 1),
        ("concise", 2),
        ("github", 2),
        ("gitlab", 2),
        ("junit", 2),
        ("markdown", 2),
    ] {
        let run = scratch.docgate(["check", "--show-fixes", "--output-format", format]);
        assert_eq!(run.code, Some(code), "{format}: {}", run.all());
        assert_eq!(run.stderr.contains("hint: give --output-format text"), code == 2, "{}", run.stderr);
    }
}

#[test]
fn a_selection_of_nothing_is_said_once_and_finds_nothing() {
    let scratch = with_stale("\n", "\"\"\"", "\"\"\"");
    for text in ["select = []\n", "select = [\"DOC102\"]\nignore = [\"DOC102\"]\n"] {
        scratch.write("docgate.toml", text);
        scratch.stage();
        for arguments in [&["check"][..], &["check", "--staged"], &["hook", "run"]] {
            let run = scratch.docgate_in(".", arguments);
            assert_eq!(run.code, Some(0), "{text}: {}", run.all());
            let said =
                run.stderr.matches("warn: no rule is on, so nothing can be found set_in=docgate.toml:1");
            assert_eq!(said.count(), 1, "{text} {arguments:?}: {}", run.stderr);
        }
        let run = scratch.docgate(["check", "--select", "DOC103"]);
        assert_eq!((run.code, run.stderr.contains("no rule is on")), (Some(0), false), "{}", run.all());
    }
}

#[test]
fn a_name_that_no_rule_has_is_reported_where_it_stands() {
    let scratch = with_stale("\n", "\"\"\"", "\"\"\"");
    let table = [
        ("style = \"google\"\nselect = [\"DOC\", \"stale-defualt\"]\n", "docgate.toml:2: `select`: "),
        ("extend-select = [\"stale-defualt\"]\n", "docgate.toml:1: `extend-select`: "),
        ("\n\nignore = [\n  \"stale-defualt\",\n]\n", "docgate.toml:3: `ignore`: "),
        ("[severity]\nstale-defualt = \"error\"\n", "docgate.toml:2: `severity`: "),
        ("[per-file-ignores]\n\"*.py\" = [\"stale-defualt\"]\n", "docgate.toml:2: `per-file-ignores`: "),
    ];
    let expect = |run: crate::harness::Run, begin: &str| {
        assert_eq!(run.code, Some(2), "{}", run.all());
        let line = format!("error: {begin}no rule is called `stale-defualt`\n");
        assert!(run.stderr.starts_with(&line), "{begin}: {}", run.stderr);
        assert!(run.stderr.contains("hint: did you mean `stale-default`?"), "{}", run.stderr);
    };
    for (text, begin) in table {
        scratch.write("docgate.toml", text);
        expect(scratch.docgate(["check"]), begin);
        expect(scratch.docgate(["config", "show"]), begin);
    }
    scratch.write("docgate.toml", "extend-select = [\"DOC105\"]\n");
    for flag in ["--select", "--ignore", "--extend-select"] {
        expect(scratch.docgate(["check", flag, "stale-defualt"]), &format!("{flag}: "));
    }
    scratch.write("docgate.toml", "extend-select = [\"stale-defualt\"]\n");
    expect(scratch.docgate(["check", "--extend-select", "DOC105"]), "docgate.toml:1: `extend-select`: ");
}
