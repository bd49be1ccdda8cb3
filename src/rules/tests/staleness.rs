//! DG101, DG103, DG104, DG105: what a change leaves behind in the text.

use super::cases::{lines, only};

const CODES: [&str; 5] = ["DG101", "DG103", "DG104", "DG105", "DOC502"];

fn judge(base: &str, text: &str) -> Vec<String> {
    lines("a.py", text, Some(base), &only(&CODES))
}

fn function(header: &str, docstring: &str, body: &str) -> String {
    format!("def f{header}:\n    \"\"\"{docstring}\n    \"\"\"\n    {body}\n")
}

#[test]
fn prose_about_a_parameter_that_went_is_stale() {
    let before = |docstring: &str| function("(a, b=1)", docstring, "g(a, b)");
    let after = |docstring: &str| function("(a)", docstring, "g(a)");
    let table: &[(&str, &[&str])] = &[
        ("Waits `b` seconds.", &["DG101! f b"]),
        ("Waits ``b`` seconds.", &["DG101! f b"]),
        ("Waits.\n\n    Args:\n        a: Like `b`, but longer.", &["DG101! f b"]),
        ("Waits b seconds.", &[]),
        ("Waits `a` seconds.", &[]),
        ("Waits `bb` seconds.", &[]),
    ];
    for (docstring, expected) in table {
        assert_eq!(judge(&before(docstring), &after(docstring)), *expected, "{docstring}");
    }
    let history = [
        "Waits.\n\n    .. versionchanged:: 2\n        `b` was renamed to `a`.",
        "Waits.\n\n    Args:\n        a: A.\n\n            .. versionadded:: 2\n                It is what `b` was.",
        "Waits `a` seconds (formerly `b`).",
    ];
    for docstring in history {
        assert!(judge(&before(docstring), &after(docstring)).is_empty(), "{docstring}");
    }
    // One mention that is history does not make another one true.
    let both = "Waits.\n\n    `b` was renamed to `a`. Waits `b` seconds.";
    assert_eq!(judge(&before(both), &after(both)), ["DG101! f b"]);
    // A sentence of this change, and a name that the code goes on using, may be right.
    assert!(judge(&before("Waits."), &after("Waits; `b` is gone.")).is_empty());
    let used = function("(a)", "Waits `b` seconds.", "b = 1\n    g(a, b)");
    assert!(judge(&before("Waits `b` seconds."), &used).is_empty());
}

#[test]
fn the_list_of_parameters_is_left_to_another_rule() {
    let docstring = "Waits.\n\n    Args:\n        a: A.\n        b: B, as in `b`.";
    let base = function("(a, b)", docstring, "g(a, b)");
    assert!(judge(&base, &function("(a)", docstring, "g(a)")).is_empty());
}

#[test]
fn a_type_that_was_true_before_is_stale() {
    let docstring = "A.\n\n    Returns:\n        str: It.";
    let base = function("() -> str", docstring, "return g()");
    let table: &[(&str, &[&str])] =
        &[("() -> bytes", &["DG103! f"]), ("() -> 'str'", &[]), ("() -> str", &[]), ("()", &[])];
    for (header, expected) in table {
        assert_eq!(judge(&base, &function(header, docstring, "return h()")), *expected, "{header}");
    }
    // What was wrong before is not stale.
    let other = function("() -> int", docstring, "return g()");
    assert!(judge(&other, &function("() -> bytes", docstring, "return g()")).is_empty());
    let generator = function("() -> str", docstring, "yield g()");
    assert_eq!(judge(&base, &generator), ["DG103! f"]);
}

#[test]
fn only_another_class_makes_a_result_stale() {
    let head = "import typing as t\nimport pandas as pd\nfrom other import Alias\nUnit = t.Literal['s']\n\
                class Base: pass\nclass Record(Base): pass\nclass Other(Base): pass\nclass Box(dict[str, int]): pass\n";
    let table: &[(&str, &str, bool)] = &[
        ("DataFrame", "pd.DataFrame", false),
        ("Box", "Box[str]", false),
        ("list", "list[int]", false),
        ("str", "Unit", false),
        ("str", "Alias", false),
        ("str", "t.Literal['s', 'm']", false),
        ("Record", "t.Self", false),
        ("dict", "Box", false),
        ("Base", "Record", false),
        ("Alias", "Other", false),
        ("str", "t.Any", false),
        ("float", "int", false),
        ("int | None", "int | None | str", true),
        ("int", "int | None", true),
        ("int", "Alias | None", false),
        ("int", "float", true),
        ("bool", "int", true),
        ("Record", "Other", true),
        ("Record", "tuple[Record, bool]", true),
        ("Alias", "list[Alias]", true),
        ("list[Record]", "tuple[Record]", true),
        ("list[int]", "t.Iterator[int]", true),
        ("str", "t.Literal[1]", true),
        ("Record", "None", true),
    ];
    for (was, now, fires) in table {
        let with = |result: &str| {
            let docstring = format!("A.\n\n    Returns:\n        {was}: It.");
            format!("{head}{}", function(&format!("() -> {result}"), &docstring, "return g()"))
        };
        assert_eq!(!judge(&with(was), &with(now)).is_empty(), *fires, "{was} {now}");
    }
}

#[test]
fn several_results_are_the_members_of_a_tuple() {
    let docstring = "A.\n\n    Returns\n    -------\n    str\n        A.\n    bool\n        B.";
    let base = function("() -> str", docstring, "return g()");
    assert!(judge(&base, &function("() -> tuple[str, bool]", docstring, "return g()")).is_empty());
}

#[test]
fn a_text_of_this_change_was_never_true() {
    let docstring = "A.\n\n    Returns:\n        str: It.";
    let now = function("() -> bytes", docstring, "return g()");
    let bare = "def f() -> str:\n    return g()\n";
    assert!(judge(bare, &now).is_empty());
    assert!(judge(&function("() -> str", &docstring.replace("A.", "B."), "return g()"), &now).is_empty());
}

#[test]
fn an_exception_that_is_not_raised_any_more_is_stale() {
    let prose = "A.\n\n    It raises ValueError if not.";
    let list = "A.\n\n    Raises:\n        ValueError: If not.";
    let base = |docstring: &str| function("(a)", docstring, "raise ValueError(a)");
    assert_eq!(judge(&base(prose), &function("(a)", prose, "g(a)")), ["DG104! f ValueError"]);
    // The callee may raise it, and still the text was about a `raise` that is gone.
    assert_eq!(judge(&base(list), &function("(a)", list, "g(a)")), ["DG104! f ValueError"]);
    // What nothing can raise is reported once.
    assert_eq!(judge(&base(list), &function("(a)", list, "a = None")), ["DOC502! f ValueError"]);
    let helper = "def g(a):\n    raise ValueError(a)\n";
    let moved = format!("{}{helper}", function("(a)", list, "g(a)"));
    assert!(judge(&base(list), &moved).is_empty());
    assert!(judge(&base("A."), &function("(a)", "A.", "g(a)")).is_empty());
}

#[test]
fn other_code_under_the_same_text_is_a_question() {
    let body = |name: &str| (0..8).map(|n| format!("{name}({n})")).collect::<Vec<_>>().join("\n    ");
    let base = function("()", "A.", &body("g"));
    assert_eq!(judge(&base, &function("()", "A.", &body("h"))), ["DG105? f"]);
    assert!(judge(&base, &function("()", "B.", &body("h"))).is_empty());
    let little = body("g").replace("g(0)", "h(0)");
    assert!(judge(&base, &function("()", "A.", &little)).is_empty());
    assert!(
        judge(&base, &function("()", "A.", &body("g").replace('(', "( ").replace('\n', "  # c\n")))
            .is_empty()
    );
    assert!(judge(&function("()", "A.", "g(1)"), &function("()", "A.", "h(2)")).is_empty());
}

#[test]
fn another_way_to_import_or_to_call_a_variable_is_no_other_code() {
    let lines = |frame: &str, name: &str, indent: &str| {
        let one = |n: usize| format!("{indent}{name} = {frame}({n}); {name}.to_csv({n})");
        (0..8).map(one).collect::<Vec<_>>().join("\n    ")
    };
    let base =
        function("()", "A.", &format!("with clean() as path:\n    {}", lines("DataFrame", "df", "    ")));
    assert!(judge(&base, &function("(path)", "A.", &lines("pd.DataFrame", "frame", ""))).is_empty());
    let other = lines("pd.Series", "frame", "").replace("to_csv", "to_json");
    assert_eq!(judge(&base, &function("(path)", "A.", &other)), ["DG105? f"]);
}

#[test]
fn moves_renames_and_formatting_leave_nothing_stale() {
    let docstring =
        "Waits `b` seconds.\n\n    Returns:\n        str: It.\n\n    Raises:\n        ValueError: If not.";
    let base = function("(a, b=1) -> str", docstring, "if b: raise ValueError(a)\n    return a");
    for text in [
        base.replace("def f", "def renamed"),
        base.replace("a, b=1", "a, b = 1,"),
        base.replace("return a", "return (a)  # it"),
        format!("import x\n\n\n{base}"),
    ] {
        assert!(judge(&base, &text).is_empty(), "{text}");
    }
}
