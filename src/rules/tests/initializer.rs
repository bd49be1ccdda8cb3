//! DOC301: the docstring of `__init__` beside the one of its class.

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
