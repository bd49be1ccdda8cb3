//! DG102.

use super::cases::{Case, only, run};
use crate::change::RepoPath;
use crate::python::{compare, parse};
use crate::rules::{Answer, check};

fn function(parameter: &str, entry: &str, body: &str) -> String {
    format!("def f({parameter}):\n    \"\"\"F.\n\n    Args:\n        {entry}\n    \"\"\"\n    {body}\n")
}

/// A parameter, the parameter it was, the entry that describes it, and the body.
type Row<'a> = (&'a str, Option<&'a str>, &'a str, &'a str);

fn judge((parameter, before, entry, body): Row<'_>, stale: bool) {
    let text = function(parameter, entry, body);
    let base = before.map(|before| function(before, entry, body));
    let expected: &[&str] = if stale { &["DG102! f a"] } else { &[] };
    run(&[Case { path: "a.py", base: base.as_deref(), text: &text, expected }], &only(&["DG102"]));
}

#[test]
fn claims_are_found_in_every_notation() {
    for claim in [
        "a: A. Defaults to 10.",
        "a: A. Defaults to `10`.",
        "a: A. Defaults to ``10``.",
        "a: A, defaults to 10",
        "a: A (default 10).",
        "a: A (default: 10)",
        "a: A (default=10)",
        "a: A [default: 10]",
        "a: A. Default: 10.",
        "a: A. Default is 10.",
        "a: A. The default is 10.",
        "a: A. Default value is 10.",
        "a: A, by default 10.",
        "a: A, with more text\n            on two lines. Defaults to\n            10.",
        "a (int, default 10): A.",
        "a (int, default: 10): A.",
        "a (int, default=`10`): A.",
        "a (int, optional, defaults to 10): A.",
        "a: A. If omitted, defaults to 10.",
    ] {
        judge(("a=30", None, claim, "g(a)"), true);
        judge(("a=10", None, claim, "g(a)"), false);
        judge(("a", None, claim, "g(a)"), false);
    }
}

#[test]
fn what_may_be_true_is_not_reported() {
    let table = [
        ("a=30", None, "a: Retries default to 10.", "g(a)"),
        ("a=10_000", None, "a: A. Defaults to 10 seconds.", "g(a)"),
        ("a=0.5", None, "a: A. Defaults to 50%.", "g(a)"),
        ("a=0.5", None, "a: A. Defaults to 50 %.", "g(a)"),
        ("a=30", None, "a: A. Defaults to 10 if it is slow.", "g(a)"),
        ("a=30", None, "a: A. On Windows, defaults to 10.", "g(a)"),
        ("a=30", None, "a: A. If None, defaults to 10.", "g(a)"),
        ("a=30", None, "a: A. By default 10 tries are made.", "g(a)"),
        ("a=30", None, "a: A. Defaults to the limit.", "g(a)"),
        ("a=None", None, "a: A. Defaults to 10.", "g(a)"),
        ("a=LIMIT", None, "a: A. Defaults to 10.", "g(a)"),
        ("a=LIMIT", Some("a=10"), "a: A. Defaults to 10.", "g(a)"),
        ("a=5 * 2", Some("a=10"), "a: A. Defaults to 10.", "g(a)"),
        ("a=None", Some("a=10"), "a: A. Defaults to 10.", "a = a or 10"),
        ("a=...", Some("a=10"), "a: A. Defaults to 10.", "g(a)"),
        ("a=1e1", None, "a: A. Defaults to 10.", "g(a)"),
        ("a=\"x\"", None, "a: A. Defaults to 'x'.", "g(a)"),
        ("a='x'", None, "a: A. Defaults to x.", "g(a)"),
        ("a=True", None, "a: A. Defaults to true.", "g(a)"),
        ("a=-1", None, "a: A. Defaults to -1, no limit.", "g(a)"),
        ("a=30", None, "a: A.\n\n            .. versionchanged:: 2\n                Default is 10.", "g(a)"),
    ];
    for row in table {
        judge(row, false);
    }
}

#[test]
fn what_is_contradicted_is_reported() {
    let table = [
        ("a=None", Some("a=10"), "a: A. Defaults to 10.", "g(a)"),
        ("a=30", Some("a=10"), "a: A. Defaults to 10 seconds.", "g(a)"),
        ("a='y'", None, "a: A. Defaults to \"x\".", "g(a)"),
        ("a='y'", Some("a='x'"), "a: A. Defaults to x.", "g(a)"),
        ("a=False", None, "a: A. Defaults to true.", "g(a)"),
        ("a=False", None, "a: A. Defaults to `True`.", "g(a)"),
        ("a=10", None, "a: A. Defaults to None.", "g(a)"),
        ("*, a: int = 30", None, "a: A. Defaults to 10.", "g(a)"),
        ("a=30, /", None, "a: A. Defaults to 10.", "g(a)"),
        ("a=30", None, "a: A, 10 by default.", "g(a)"),
        ("a=30", None, "a: A. Defaults to 10 (ten).", "g(a)"),
        ("a=30", None, "a (int, default 10 (ten)): A.", "g(a)"),
    ];
    for row in table {
        judge(row, true);
    }
}

#[test]
fn a_constant_of_the_module_is_looked_up() {
    let entry = "a: A. Defaults to 10.";
    let function = function("a=LIMIT", entry, "g(a)");
    let table: &[(&str, &[&str])] = &[
        ("LIMIT = 10\n", &[]),
        ("LIMIT: int = 30  # much\n", &["DG102! f a"]),
        ("LIMIT = 30\nLIMIT = 10\n", &[]),
        ("if x:\n    LIMIT = 30\n", &[]),
        ("LIMIT = work_out()\n", &[]),
    ];
    for (head, expected) in table {
        let text = format!("{head}{function}");
        run(&[Case { path: "a.py", base: None, text: &text, expected }], &only(&["DG102"]));
    }
}

#[test]
fn a_constant_that_both_name_is_no_contradiction() {
    let entry = "a: A. Defaults to LIMIT.";
    let text = format!("LIMIT = 10\n{}", function("a=LIMIT", entry, "g(a)"));
    let typed = text.replace("(a=", "(a: int = ");
    let moved = text.replace("LIMIT = 10", "LIMIT = 30");
    for (base, text) in [(&text, &typed), (&text, &moved), (&typed, &text)] {
        run(&[Case { path: "a.py", base: Some(base), text, expected: &[] }], &only(&["DG102"]));
    }
    let literal = text.replace("(a=LIMIT", "(a=10");
    run(&[Case { path: "a.py", base: Some(&text), text: &literal, expected: &[] }], &only(&["DG102"]));
    let other = text.replace("(a=LIMIT", "(a=30");
    run(
        &[Case { path: "a.py", base: Some(&text), text: &other, expected: &["DG102! f a"] }],
        &only(&["DG102"]),
    );
}

#[test]
fn values_that_are_one_to_the_function_do_not_differ() {
    let table = [
        ("a='E'", None, "a ({'end', 'e'}, default 'end'): A.", "g(a)"),
        ("a='END'", None, "a: A. Defaults to 'end'.", "g(a)"),
        ("a='bfill'", None, "a: A. Defaults to 'backfill'. 'bfill' is an alias of 'backfill'.", "g(a)"),
    ];
    for row in table {
        judge(row, false);
    }
    let table = [
        ("a='rb'", None, "a: A. Defaults to 'r'.", "g(a)"),
        ("a='start'", None, "a ({'end', 'start'}, default 'end'): A.", "g(a)"),
        ("a='bfill'", None, "a: A. Defaults to 'ffill'. 'pad' is an alias of 'ffill'. Not 'bfill'.", "g(a)"),
    ];
    for row in table {
        judge(row, true);
    }
}

#[test]
fn a_mark_for_nothing_is_no_default_where_the_entry_or_the_code_says_so() {
    let table = [
        (
            "a='warn'",
            None,
            "a: A. Defaults to None.\n\n            .. versionchanged:: 2\n                It will change to 3.",
            "g(a)",
        ),
        (
            "a='deprecated'",
            Some("a=3"),
            "a: A. Defaults to 3.\n\n            .. deprecated:: 2\n                Use b.",
            "g(a)",
        ),
        (
            "a='warn'",
            Some("a=None"),
            "a: A. Defaults to None.",
            "if a == 'warn':\n        warn()\n        a = None",
        ),
        ("a=_NoValue", None, "a: A. Defaults to None.", "g(a)"),
        ("a=object()", Some("a=None"), "a: A. Defaults to None.", "g(a)"),
    ];
    for row in table {
        judge(row, false);
    }
    judge(("a='warn'", Some("a=None"), "a: A. Defaults to None.", "g(a)"), true);
    judge(("a='warn'", None, "a: A. Defaults to None.", "if a == 'warn':\n        a = 3"), true);
}

#[test]
fn classes_and_variants_are_told_apart() {
    let class = |init: &str| {
        format!("class A:\n    \"\"\"A.\n\n    Args:\n        a: A. Defaults to 10.\n    \"\"\"\n{init}")
    };
    let table: &[(&str, &[&str])] = &[
        ("    def __init__(self, a=30): pass\n", &["DG102! A a"]),
        ("    def __init__(self, a=10): pass\n", &[]),
        (
            "    @overload\n    def __init__(self, a: str = 30): ...\n    def __init__(self, a=10): pass\n",
            &[],
        ),
        ("    a: int = 30\n", &[]),
    ];
    for (init, expected) in table {
        run(&[Case { path: "a.py", base: None, text: &class(init), expected }], &only(&["DG102"]));
    }
    let overload = format!("@overload\n{}", function("a=30", "a: A. Defaults to 10.", "g(a)"));
    run(&[Case { path: "a.py", base: None, text: &overload, expected: &[] }], &only(&["DG102"]));
}

#[test]
fn a_remark_about_the_value_needs_a_person() {
    let answer = |entry: &str| {
        let file = parse(&function("a=30", entry, "g(a)"));
        let pairings = compare(None, &file);
        let checked = check(&RepoPath::new("a.py").expect("a path"), &file, &pairings, &only(&["DG102"]));
        checked.into_iter().flat_map(|checked| checked.findings).next().expect("a finding").answer
    };
    for entry in [
        "a: A. Defaults to 60 (one minute).",
        "a: A, 60 by default (a minute).",
        "a (int, default 60 (s)): A.",
    ] {
        assert_eq!(answer(entry), Answer::Person, "{entry}");
    }
    assert!(matches!(answer("a: A. Defaults to 60."), Answer::Repair(_)));
    let marked = parse(&function("a='warn'", "a: A. Defaults to 60.", "g(a)").replace("60", "'x'"));
    let checked =
        check(&RepoPath::new("a.py").expect("a path"), &marked, &compare(None, &marked), &only(&["DG102"]));
    let answers: Vec<Answer> =
        checked.into_iter().flat_map(|checked| checked.findings).map(|finding| finding.answer).collect();
    assert_eq!(answers, [Answer::Person]);
}
