//! DG207: what a list holds that is no entry of it is said, with its place.

use super::cases::{lines, only};

#[test]
fn what_a_function_has_none_of_is_prose() {
    let listed = |head: &str, title: &str, entry: &str| {
        format!("{head}    \"\"\"It.\n\n    {title}:\n        {entry}\n    \"\"\"\n")
    };
    let table = [
        (listed("class A:\n", "Methods", "close open"), 1),
        (listed("def f():\n", "Methods", "close open"), 0),
        (listed("def f(a):\n", "Args", "a one"), 1),
        (listed("def f(a):\n", "Args", "a -- one"), 0),
        (listed("def f(a):\n", "Args", "a   - one"), 0),
        (listed("def f(a):\n", "Args", "it goes on - and on"), 1),
    ];
    for (text, count) in table {
        assert_eq!(lines("a.py", &text, None, &only(&["DG207"])).len(), count, "{text}");
    }
}

#[test]
fn what_is_no_entry_is_reported_in_every_style() {
    let table = [
        ("Args:\n        All of them count.\n        x: One.", Some("Args")),
        ("Args:\n        x the value\n        y the other", Some("Args")),
        ("Raises:\n        whenever it likes", Some("Raises")),
        ("Parameters\n    ----------\n    %(shared)s\n    x : int\n        One.", Some("Parameters")),
        ("Parameters\n    ----------\n    =====  ====\n    x      One.\n    =====  ====", Some("Parameters")),
        ("Args:\n        x: One.", None),
        ("Args:\n        x\n            One.", None),
        ("Note:\n        Words, not entries.", None),
        ("Returns:\n        Words, not entries.", None),
        (":param x: One.", None),
        (":param: nobody", Some("param")),
        ("@raise: whenever", Some("raise")),
        (":returns: It.\n    :rtype: int", None),
    ];
    for (section, expected) in table {
        let text = format!("def f(x):\n    \"\"\"S.\n\n    {section}\n    \"\"\"\n");
        let expected: Vec<String> = expected.iter().map(|title| format!("DG207? f {title}")).collect();
        assert_eq!(lines("a.py", &text, None, &only(&["DG207"])), expected, "{text}");
        assert_eq!(lines("a.py", &text, Some(&text), &only(&["DG207"])), Vec::<String>::new(), "untouched");
    }
}
