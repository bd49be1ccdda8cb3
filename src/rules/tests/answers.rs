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
