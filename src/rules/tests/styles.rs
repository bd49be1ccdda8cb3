//! The rules find the same things in every style.

use super::cases::{lines, only};

/// Writes a function with a docstring in each style; the lines of the docstring are indented here.
fn in_styles(signature: &str, docstrings: [&str; 4], body: &str) -> Vec<String> {
    let function = |docstring: &&str| {
        let text = docstring.replace('\n', "\n    ");
        format!("def f{signature}:\n    \"\"\"Summary.\n\n    {text}\n    \"\"\"\n    {body}\n")
            .replace("    \n", "\n")
    };
    docstrings.iter().map(function).collect()
}

fn assert_found(signature: &str, docstrings: [&str; 4], body: &str, expected: &[&str]) {
    let codes = ["DOC", "DG102"];
    for text in in_styles(signature, docstrings, body) {
        assert_eq!(lines("a.py", &text, None, &only(&codes)), expected, "{text}");
    }
}

const COMPLETE: [&str; 4] = [
    "Args:\n    x (int): One.\n    *rest: Others.\n\nReturns:\n    int: It.\n\nRaises:\n    ValueError: If not.",
    "Parameters\n----------\nx : int\n    One.\n*rest\n    Others.\n\nReturns\n-------\nint\n    It.\n\nRaises\n------\nValueError\n    If not.",
    ":param x: One.\n:type x: int\n:param rest: Others.\n:returns: It.\n:rtype: int\n:raises ValueError: If not.",
    "@param x: One.\n@type x: int\n@param rest: Others.\n@return: It.\n@rtype: int\n@raise ValueError: If not.",
];

#[test]
fn a_complete_docstring_is_clean() {
    let body = "if x:\n        raise ValueError(x)\n    return x";
    assert_found("(x, *rest)", COMPLETE, body, &[]);
}

#[test]
fn what_is_missing_and_what_is_too_much() {
    let expected = ["DOC202! f", "DOC502! f ValueError", "DOC101! f z"];
    for text in in_styles("(x, *rest, z)", COMPLETE, "x = 1") {
        let mut found = lines("a.py", &text, None, &only(&["DOC"]));
        found.sort_unstable();
        let mut expected: Vec<&str> = expected.to_vec();
        expected.sort_unstable();
        assert_eq!(found, expected, "{text}");
    }
    for text in in_styles("(*rest)", COMPLETE, "yield 1\n    raise ValueError(1)") {
        assert_eq!(lines("a.py", &text, None, &only(&["DOC1", "DOC4"])), ["DOC102! f x"], "{text}");
    }
    for text in in_styles("(y, *rest)", COMPLETE, "return 1\n    raise ValueError(1)") {
        assert_eq!(lines("a.py", &text, None, &only(&["DOC1"])), ["DOC103! f x"], "{text}");
    }
}

#[test]
fn defaults_beside_the_type_and_in_words() {
    let docstrings = [
        "Args:\n    x (int, default 3): One.\n    y: Two. Defaults to 4.",
        "Parameters\n----------\nx : int, default 3\n    One.\ny\n    Two. Defaults to 4.",
        ":param x: One.\n:type x: int, default 3\n:param y: Two. Defaults to 4.",
        "@param x: One.\n@type x: int, default 3\n@param y: Two. Defaults to 4.",
    ];
    assert_found("(x=3, y=4)", docstrings, "print(x)", &[]);
    assert_found("(x=5, y=6)", docstrings, "print(x)", &["DG102! f x", "DG102! f y"]);
}

#[test]
fn nothing_is_documented_as_none() {
    let docstrings = ["Returns:\n    None", "Returns\n-------\nNone", ":returns: None", "@rtype: None"];
    assert_found("()", docstrings, "print(1)", &[]);
}

#[test]
fn a_list_that_is_filled_in_later_may_be_complete() {
    let text = "def f(a, b):\n    \"\"\"Summary.\n\n    Parameters\n    ----------\n    %(params)s\n    b : int\n    \"\"\"\n";
    assert!(lines("a.py", text, None, &only(&["DOC1"])).is_empty());
}
