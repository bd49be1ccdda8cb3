//! Comments that silence findings.

use std::collections::BTreeSet;

use super::cases::settings_with;
use crate::change::RepoPath;
use crate::python::{compare, parse};
use crate::rules::{Settings, check};

/// Returns what is found in a text, as `code definition line`.
fn found(text: &str, settings: &Settings) -> BTreeSet<String> {
    let path = RepoPath::new("archive.py").expect("a path");
    let file = parse(text);
    let checked = check(&path, &file, &compare(None, &file), settings);
    let findings = checked.into_iter().flat_map(|checked| checked.findings);
    findings.map(|found| format!("{} {} {}", found.code, found.definition, found.position.line)).collect()
}

fn expect(text: &str, expected: &[&str]) {
    let expected: BTreeSet<String> = expected.iter().map(ToString::to_string).collect();
    assert_eq!(found(text, &Settings::default()), expected, "{text}");
}

const M: &str = "\"\"\"M.\"\"\"\n\n\n";

#[test]
fn a_comment_speaks_for_its_definition_from_header_decorator_and_closing_quotes() {
    let table: [(&str, &[&str]); 17] = [
        ("def f(a):\n    return a\n", &["D103 f 4"]),
        ("def f(a):  # noqa\n    return a\n", &[]),
        ("def f(a):  # noqa: D103\n    return a\n", &[]),
        ("def f(a):  # noqa: D1\n    return a\n", &[]),
        ("def f(a):  # noqa: E501, D103\n    return a\n", &[]),
        ("def f(a):  # noqa: E501\n    return a\n", &["D103 f 4"]),
        ("def f(a):  # docgate: ignore[undocumented-public-function]\n    return a\n", &[]),
        ("def f(a):  # docgate: ignore\n    return a\n", &[]),
        ("def f(a):  # numpydoc ignore=GL08\n    return a\n", &[]),
        ("def f(a):  # numpydoc ignore=PR01\n    return a\n", &["D103 f 4"]),
        ("def f(\n    a,  # noqa: D103\n):\n    return a\n", &[]),
        ("@cache  # noqa: D103\n@other\ndef f(a):\n    return a\n", &[]),
        ("def f(a):\n    return a  # noqa: D103\n", &["D103 f 4"]),
        ("# noqa: D103\ndef f(a):\n    return a\n", &["D103 f 5"]),
        (
            "def f(a):\n    \"\"\"Do it.\n\n    Args:\n        b: The b.\n    \"\"\"\n    print(a)\n",
            &["DOC103 f 8"],
        ),
        (
            "def f(a):\n    \"\"\"Do it.\n\n    Args:\n        b: The b.\n    \"\"\"  # noqa: DOC103\n    print(a)\n",
            &[],
        ),
        (
            "def f(a):  # noqa: DOC103\n    \"\"\"Do it.\n\n    Args:\n        b: The b.\n    \"\"\"\n    print(a)\n",
            &[],
        ),
    ];
    for (text, expected) in table {
        expect(&format!("{M}{text}"), expected);
    }
}

#[test]
fn what_looks_like_a_comment_in_a_string_is_none() {
    expect(&format!("{M}def f(a='# noqa'):\n    return a\n"), &["D103 f 4"]);
    expect(
        &format!(
            "{M}def f(a):\n    \"\"\"Do it # noqa\n\n    Args:\n        b: The b.\n    \"\"\"\n    print(a)\n"
        ),
        &["DOC103 f 8", "D415 f 5"],
    );
}

#[test]
fn a_comment_does_not_speak_for_what_is_inside() {
    let text = "class C:  # noqa: D101, D102\n    def m(self):\n        return 1\n";
    expect(&format!("{M}{text}"), &["D102 C.m 5"]);
    let text = "class C:\n    def m(self):  # noqa\n        return 1\n";
    expect(&format!("{M}{text}"), &["D101 C 4"]);
}

#[test]
fn a_file_is_silenced_by_a_comment_of_its_own_line() {
    let code = "def f(a):\n    return a\n";
    let table: [(&str, &[&str]); 9] = [
        ("# ruff: noqa\n", &[]),
        ("# flake8: noqa\n", &[]),
        ("# docgate: ignore-file\n", &[]),
        ("# docgate: ignore-file[D]\n", &[]),
        ("# ruff: noqa: D103\n", &["D100  1"]),
        ("# ruff: noqa: DOC\n", &["D100  1", "D103 f 2"]),
        ("# docgate: ignore-file[D103]\n", &["D100  1"]),
        ("x = 1  # ruff: noqa\n", &["D100  1", "D103 f 2"]),
        ("# noqa\n", &["D103 f 2"]),
    ];
    for (comment, expected) in table {
        expect(&format!("{comment}{code}"), expected);
    }
    expect(&format!("{code}\n# ruff: noqa: D103, D100\n"), &[]);
}

#[test]
fn a_comment_that_silences_nothing_is_reported_if_it_can_be_known() {
    let code = |comment: &str| format!("{M}def f():  # {comment}\n    \"\"\"Do it.\"\"\"\n    return 1\n");
    let table: [(&str, &[&str]); 11] = [
        ("docgate: ignore[D103]", &["DG401 f 4"]),
        ("docgate: ignore", &["DG401 f 4"]),
        ("docgate: ignore[D103, DOC101]", &["DG401 f 4"]),
        ("docgate: ignore[nonsense]", &["DG402 f 4"]),
        ("docgate: ignore[D999]", &["DG402 f 4"]),
        ("docgate: ignore[DG102]", &[]),
        ("docgate: ignore[D107]", &[]),
        ("noqa: D103", &[]),
        ("noqa: DG203", &["DG401 f 4"]),
        ("noqa: DG999", &["DG402 f 4"]),
        ("numpydoc ignore=GL08", &[]),
    ];
    for (comment, expected) in table {
        expect(&code(comment), expected);
    }
    expect(
        &format!("{M}def f():\n    \"\"\"Do it.\"\"\"\n    return 1  # docgate: ignore[D103]\n"),
        &["DG401 f 6"],
    );
    expect(&format!("{M}# docgate: ignore-file[DOC101]\n"), &["DG401  4"]);
}

#[test]
fn a_comment_at_a_definition_that_was_not_looked_at_is_left_alone() {
    let text = format!(
        "{M}def f():  # docgate: ignore[D103]\n    \"\"\"Do it.\"\"\"\n    return 1\n\n\ndef g():\n    return 1\n"
    );
    let base = std::sync::Arc::new(parse(&text));
    let now = text.replace("def g():\n    return 1", "def g():\n    return 2");
    let file = parse(&now);
    let path = RepoPath::new("archive.py").expect("a path");
    let checked = check(&path, &file, &compare(Some(&base), &file), &Settings::default());
    let codes: Vec<&str> =
        checked.iter().flat_map(|checked| &checked.findings).map(|found| found.code).collect();
    assert_eq!(codes, ["D103"]);
}

#[test]
fn both_rules_can_be_switched_off() {
    let text =
        format!("{M}def f():  # docgate: ignore[D103, nonsense]\n    \"\"\"Do it.\"\"\"\n    return 1\n");
    let mut settings = settings_with("DG401");
    settings.severities.remove("DG402");
    assert_eq!(found(&text, &settings).len(), 1);
    settings.severities.remove("DG401");
    assert_eq!(found(&text, &settings).len(), 0);
}

#[test]
fn a_large_file_with_many_comments_is_no_trouble() {
    // Work that grows with the square of this takes minutes.
    let text = format!("{M}{}", "def f(a):  # noqa: D103, DG203\n    return a\n\n\n".repeat(3_000));
    assert_eq!(found(&text, &Settings::default()).len(), 3_000);
}
