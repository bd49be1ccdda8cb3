//! DOC301 to DOC303: the docstring of `__init__` beside the one of its class.

use super::cases::run_texts;

#[test]
fn a_docstring_of_init_is_one_with_or_without_a_summary() {
    let class = |docstring: &str| {
        format!(
            "class A:\n    \"\"\"A thing.\"\"\"\n    def __init__(self, a):\n        {docstring}\n        self.a = a\n"
        )
    };
    let table: &[(&str, &[&str])] = &[
        ("\"\"\"Makes it.\"\"\"", &["DOC301? A.__init__"]),
        ("\"\"\"\n        :param a: A.\n        \"\"\"", &["DOC301? A.__init__"]),
        ("\"\"\"\n        Args:\n            a: A.\n        \"\"\"", &["DOC301? A.__init__"]),
        ("\"\"\"  \"\"\"", &[]),
        ("pass", &[]),
    ];
    for (docstring, expected) in table {
        run_texts(&[(&class(docstring), expected)], &["DOC301"]);
    }
}

#[test]
fn making_an_object_has_no_result() {
    let class = |result: &str, rest: &str| {
        format!(
            "class A:\n    \"\"\"A thing.\n\n    Returns:\n        {result}\n    \"\"\"\n    def __init__(self):\n        self.a = 1\n{rest}"
        )
    };
    let initializer = |result: &str| {
        format!(
            "class A:\n    def __init__(self):\n        \"\"\"Makes it.\n\n        Returns:\n            {result}\n        \"\"\"\n        self.a = 1\n"
        )
    };
    let table = [
        (class("The thing.", ""), vec!["DOC302? A Returns"]),
        (class("None.", ""), vec![]),
        (class("The thing.", "    def __new__(cls): return 1\n"), vec![]),
        (initializer("The thing."), vec!["DOC303? A.__init__ Returns"]),
        (initializer("None"), vec![]),
    ];
    for (text, expected) in table {
        run_texts(&[(&text, &expected)], &["DOC302", "DOC303"]);
    }
}
