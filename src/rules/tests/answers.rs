//! Who answers a finding: what a repair would make untrue, or lose, is left to a person.

use std::sync::Arc;

use super::cases::settings_with;
use crate::change::RepoPath;
use crate::python::{compare, parse};
use crate::rules::check;

/// Returns who answers the findings of a rule, in their order.
fn answers(code: &str, text: &str, base: Option<&str>) -> Vec<&'static str> {
    let path = RepoPath::new("a.py").expect("a path");
    let (file, base) = (parse(text), base.map(|base| Arc::new(parse(base))));
    let checked = check(&path, &file, &compare(base.as_ref(), &file), &settings_with(code));
    let findings = checked.into_iter().flat_map(|checked| checked.findings);
    findings.filter(|finding| finding.code == code).map(|finding| finding.answer.word()).collect()
}

/// Checks a table of texts without a base.
fn run(code: &str, table: &[(String, &[&str])]) {
    for (text, expected) in table {
        assert_eq!(answers(code, text, None), *expected, "{code}\n{text}");
    }
}

fn function(header: &str, sections: &str) -> String {
    format!("def f{header}:\n    \"\"\"Do it.\n\n{sections}    \"\"\"\n    return g(a)\n")
}

#[test]
fn of_several_entries_without_a_parameter_all_go_or_none() {
    let list = "    Args:\n        a: One.\n        b: Two.\n        c: Three.\n";
    let table: &[(String, &[&str])] = &[
        (function("(a)", &format!("{list}\n    Note:\n        As with `b`.\n")), &["unsafe-repair"; 2]),
        (function("(a, bs)", list), &["unsafe-repair"; 2]),
        (function("(a)", list), &["repair"; 2]),
    ];
    run("DOC102", table);
}

#[test]
fn a_paragraph_for_all_entries_does_not_go_with_the_one_above_it() {
    let table: &[(String, &[&str])] = &[
        (
            function("(b)", "    Args:\n        a: One.\n\n        All of them go.\n\n        b: Two.\n"),
            &["unsafe-repair"],
        ),
        (function("(b)", "    Args:\n        a: One\n        goes on.\n\n        b: Two.\n"), &["repair"]),
        (
            function("(b)", "    Args:\n        a: One.\n\n            More of it.\n\n        b: Two.\n"),
            &["repair"],
        ),
    ];
    run("DOC102", table);
}

#[test]
fn an_entry_about_a_member_of_the_class_is_not_deleted_unasked() {
    let class = |member: &str| {
        format!(
            "class A:\n    \"\"\"A thing.\n\n    Args:\n        b: One.\n        gone: Two.\n    \"\"\"\n\n    \
             def __init__(self, b):\n        self.b = b\n\n    {member}\n"
        )
    };
    let table: &[(String, &[&str])] = &[
        (class("def gone(self): pass"), &["unsafe-repair"]),
        (class("@property\n    def gone(self): return 1"), &["unsafe-repair"]),
        (class("gone = None"), &["unsafe-repair"]),
        (class("gone: int"), &["unsafe-repair"]),
        (class("def g(self): self.gone = 1"), &["unsafe-repair"]),
        (class("class gone: pass"), &["unsafe-repair"]),
        (class("def g(self): return self.gone"), &["repair"]),
        (class("def g(self):\n        def gone(): pass"), &["repair"]),
    ];
    run("DOC102", table);
    let init = "class A:\n    gone = 1\n\n    def __init__(self, b):\n        \"\"\"Make it.\n\n        Args:\n            \
                b: One.\n            gone: Two.\n        \"\"\"\n";
    run(
        "DOC102",
        &[(init.to_owned(), &["unsafe-repair"]), (init.replace("gone = 1", "came = 1"), &["repair"])],
    );
}

#[test]
fn a_text_about_the_old_name_is_not_given_to_the_new_one() {
    let text = |parameters: &str, entries: &str| {
        format!("def f({parameters}):\n    \"\"\"Do it.\n\n    Args:\n{entries}    \"\"\"\n    return g(a)\n")
    };
    let told = "        task_id: The id of the task to wait for.\n        b: B.\n";
    let table: &[(String, &[&str])] = &[
        (text("task_url, b", told), &["unsafe-repair"]),
        (text("task_url, b", &told.replace("The id of", "All the IDs of")), &["unsafe-repair"]),
        (text("task_url, b", &told.replace("The id of", "The task_id of")), &["unsafe-repair"]),
        (text("task_url, b", &told.replace("The id of the", "The")), &["repair"]),
        (text("task_ids, b", told), &["repair"]),
        (
            text("closed, b", &told.replace("task_id: The id", "is_open: It is what").replace("open", "old")),
            &["repair"],
        ),
    ];
    run("DOC103", table);
    let (base, now) = (text("task_id, b", told), text("task_url, b", told));
    assert_eq!(answers("DOC103", &now, Some(&base)), ["repair"]);
}

fn numpy(head: &str, sections: &str, body: &str) -> String {
    let indented = |text: &str, by: &str| -> String {
        text.lines()
            .map(|line| if line.is_empty() { "\n".to_owned() } else { format!("{by}{line}\n") })
            .collect()
    };
    let text = format!("\"\"\"Do it.\n\n{sections}\n\"\"\"\n{body}");
    if head.contains("self") {
        format!("class A(B):\n    {head}:\n{}", indented(&text, "        "))
    } else {
        format!("{head}:\n{}", indented(&text, "    "))
    }
}

#[test]
fn one_value_of_several_is_not_given_the_type_of_all() {
    let returns = |entry: &str, body: &str| {
        let sections = format!("Returns\n-------\n{entry}");
        numpy("def f(a) -> tuple[str, bool]", &sections, body)
    };
    let table: &[(String, &[&str])] = &[
        (returns("kind : str", "return g(a)"), &["person"]),
        (returns("kind : bytes", "if a:\n    return None\nreturn kind, has_value"), &["person"]),
        (returns("kind : bytes", "return (kind, True)"), &["person"]),
        (returns("kind : bytes", "return kinds, True"), &["repair"]),
        (returns("bytes", "return kind, True"), &["repair"]),
    ];
    run("DG302", table);
    let base = returns("kind : str", "return kind").replace("tuple[str, bool]", "str");
    let now = returns("kind : str", "return kind, True");
    assert_eq!(answers("DG103", &now, Some(&base)), ["person"]);
    let now = returns("str", "return kind, True");
    assert_eq!(answers("DG103", &now, Some(&base.replace("kind : str", "str"))), ["repair"]);
}

#[test]
fn a_wider_number_is_not_narrowed() {
    let said = |kind: &str, annotation: &str| {
        let text = "        a (KIND): How far.\n".replace("KIND", kind);
        function(&format!("(a: {annotation})"), &format!("    Args:\n{text}"))
    };
    let table: &[(String, &[&str])] = &[
        (said("float", "int"), &["person"]),
        (said("list[float]", "list[int]"), &["person"]),
        (said("complex", "float"), &["person"]),
        (said("str", "int"), &["repair"]),
        (said("float", "str"), &["repair"]),
    ];
    run("DG302", table);
    run("DOC105", &[(said("float", "int"), &["person"]), (said("str", "int"), &["repair"])]);
}

#[test]
fn a_type_that_the_rest_of_the_docstring_shows_is_not_replaced() {
    let returns = |entry: &str, more: &str, body: &str| {
        let sections = format!("Returns\n-------\n{entry}{more}");
        numpy("def f(self, a) -> int", &sections, body)
    };
    let example = |output: &str| format!("\n\nExamples\n--------\n>>> A().f(1)\n{output}");
    let table: &[(String, &[&str])] = &[
        (returns("str", "\n    The string of it.", "return g(a)"), &["person"]),
        (returns("str", &example("'one'"), "return g(a)"), &["person"]),
        (returns("str", &example("1"), "return g(a)"), &["repair"]),
        (returns("bytes", &example("b'one'"), "return g(a)"), &["person"]),
        (returns("Path", &example("Path('a')"), "return g(a)"), &["person"]),
        (returns("Path", "\n    A Path to it.", "return g(a)"), &["person"]),
        (returns("Path", "\n    What it is.", "return g(a)"), &["repair"]),
        (returns("str", "", "return super().f(a)"), &["person"]),
        (returns("str", "", "x = a\nreturn super(A, self).f(x)"), &["person"]),
        (returns("str", "", "if a:\n    return 1\nreturn super().f(a)"), &["repair"]),
    ];
    for (text, expected) in table {
        let text = format!("from pathlib import Path\n{text}");
        assert_eq!(answers("DG302", &text, None), *expected, "{text}");
    }
    let passed = |call: &str| {
        function(
            "(a: int)",
            &format!("    Args:\n        a (str): It.\n\n    Examples:\n        >>> f({call})\n        1\n"),
        )
    };
    run(
        "DG302",
        &[(passed("'one'"), &["person"]), (passed("a='one'"), &["person"]), (passed("1"), &["repair"])],
    );
}

#[test]
fn entries_that_have_each_others_types_or_uneven_gaps_do_not_move() {
    let list = |header: &str, entries: &str| {
        numpy(&format!("def f({header})"), &format!("Parameters\n----------\n{entries}"), "return a")
    };
    let table: &[(String, &[&str])] = &[
        (list("a: int, b: str", "b : int\n    One.\na : str\n    Two."), &["person"]),
        (
            list("a: int, b: str, c: int", "b : int\n    One.\na : str\n    Two.\nc : int\n    Three."),
            &["person"],
        ),
        (list("a: int, b: str", "b : str\n    One.\na : int\n    Two."), &["repair"]),
        (list("a: int, b: str", "b : bytes\n    One.\na : list\n    Two."), &["repair"]),
        (list("a, b, c", "b\n    One.\n\na\n    Two.\nc\n    Three."), &["person"]),
        (list("a, b, c", "b\n    One.\n\n    More.\na\n    Two.\nc\n    Three."), &["repair"]),
        (list("a, b, c", "b\n    One.\n\na\n    Two.\n\nc\n    Three."), &["repair"]),
    ];
    run("DOC104", table);
    let fields = |gap: &str| {
        function(
            "(a, b)",
            &format!("    :param b: B.\n    :type b: int\n{gap}    :param a: A.\n\n    :type a: int\n"),
        )
    };
    run("DOC104", &[(fields(""), &["repair"]), (fields("\n"), &["repair"])]);
    let class = "class A:\n    \"\"\"A thing.\n\n    Attributes:\n        b: B.\n\n        a: A.\n        c: C.\n    \"\"\"\n\n    a = 1\n    b = 2\n    c = 3\n";
    run("DOC604", &[(class.to_owned(), &["person"]), (class.replace("B.\n\n", "B.\n"), &["repair"])]);
}

#[test]
fn a_type_that_says_nothing_is_no_section() {
    let listed = |head: &str, body: &str| numpy(head, "Parameters\n----------\na\n    One.", body);
    let given = |annotation: &str| listed(&format!("def f(a) -> {annotation}"), "return g(a)");
    let table: &[(String, &[&str])] = &[
        (given("Any"), &["generate"]),
        (given("typing.Any"), &["generate"]),
        (given("object"), &["generate"]),
        (given("Any | None"), &["generate"]),
        (given("Optional[object]"), &["generate"]),
        (given("T"), &["generate"]),
        (given("_KT"), &["generate"]),
        (given("T_co"), &["generate"]),
        (given("NDFrameT"), &["generate"]),
        (given("AnyStr"), &["generate"]),
        (listed("def f[Item](a: Item) -> Item", "return g(a)"), &["generate"]),
        (listed("def f(self, a) -> int", "if a:\n    return NotImplemented\nreturn 1"), &["generate"]),
        (listed("def f(self, a) -> int", "return super().f(a)"), &["generate"]),
        (listed("async def f(self, a) -> int", "return await super().f(a)"), &["generate"]),
        (listed("def f(self, a) -> int", "if a:\n    return 1\nreturn super().f(a)"), &["repair"]),
        (given("int"), &["repair"]),
        (given("list[T]"), &["repair"]),
        (given("int | T"), &["repair"]),
        (given("IO"), &["repair"]),
        (given("Item"), &["repair"]),
    ];
    run("DOC201", table);
    let yields: &[(String, &[&str])] = &[
        (listed("def f(a) -> Iterator[Any]", "yield g(a)"), &["generate"]),
        (listed("def f(self, a) -> Iterator[int]", "yield from super().f(a)"), &["generate"]),
        (listed("def f(a) -> Iterator[int]", "yield g(a)"), &["repair"]),
    ];
    run("DOC402", yields);
}
