//! What is written: each repair, several at once, and every form of docstring.

use super::cpython::expect_same_text;
use super::{both, repair, staged, status};

const LONG: &str = r#"def f(a, b, timeout=10):
    """Fetch a thing.

    Args:
        a: The first.
        b: The second.
        timeout: Seconds to wait. Defaults to 10.

    Returns:
        The thing.
    """
    return a + b + timeout
"#;

/// Changes the signature, fixes, and returns what index and working tree hold then.
fn fixed(base: &str, changed: &str) -> String {
    let scratch = staged(base, changed);
    let run = repair(&scratch);
    assert_eq!(run.code, Some(0), "{}", run.all());
    assert_eq!(status(&scratch), "M  a.py\n");
    let text = both(&scratch, "a.py");
    expect_same_text(&scratch.beside(""), changed, &text);
    text
}

/// Replaces one piece of a text, which must be there once.
fn with(text: &str, from: &str, to: &str) -> String {
    assert_eq!(text.matches(from).count(), 1, "{from:?} in {text}");
    text.replacen(from, to, 1)
}

#[test]
fn an_entry_of_a_parameter_that_is_gone_is_removed() {
    let changed = with(&with(LONG, "a, b, timeout", "a, timeout"), "a + b", "a");
    assert_eq!(fixed(LONG, &changed), with(&changed, "        b: The second.\n", ""));
}

#[test]
fn an_entry_of_a_renamed_parameter_is_renamed() {
    let changed = with(&with(LONG, "a, b, timeout", "a, other, timeout"), "a + b", "a + other");
    assert_eq!(fixed(LONG, &changed), with(&changed, "        b: The", "        other: The"));
}

#[test]
fn a_default_is_set_in_the_way_it_was_written() {
    let table = [
        ("10", "30", "Defaults to 10.", "Defaults to 30."),
        ("10", "30", "Defaults to `10`.", "Defaults to `30`."),
        ("10", "30", "(default: 10)", "(default: 30)"),
        ("10", "-1.5", "Defaults to ``10``.", "Defaults to ``-1.5``."),
        ("'a'", "'b'", "Defaults to 'a'.", "Defaults to 'b'."),
        ("'a'", "'b'", "Defaults to \"a\".", "Defaults to \"b\"."),
        ("\"a\"", "\"b c\"", "Defaults to 'a'.", "Defaults to 'b c'."),
        ("'a'", "'b'", "Defaults to `a`.", "Defaults to `b`."),
        ("'a'", "'b'", "Defaults to `'a'`.", "Defaults to `'b'`."),
        ("True", "False", "Defaults to True.", "Defaults to False."),
    ];
    for (before, after, claimed, expected) in table {
        let base = with(&with(LONG, "timeout=10", &format!("timeout={before}")), "Defaults to 10.", claimed);
        let changed = with(&base, &format!("timeout={before}"), &format!("timeout={after}"));
        assert_eq!(fixed(&base, &changed), with(&changed, claimed, expected), "{before} {after} {claimed}");
    }
}

#[test]
fn several_repairs_of_one_docstring_are_one_clean_edit() {
    let base = with(LONG, "        b: The second.\n", "        b: The second.\n        c: The third.\n");
    let base = with(&with(&base, "a, b, timeout", "a, b, c, timeout"), "a + b", "a + b + c");
    let changed = with(&with(&base, "a, b, c, timeout=10", "a, b, timeout=30"), "a + b + c", "a + b");
    let expected = with(&with(&changed, "        c: The third.\n", ""), "Defaults to 10.", "Defaults to 30.");
    assert_eq!(fixed(&base, &changed), expected);
}

#[test]
fn the_last_entry_takes_its_section_with_it() {
    let base = "def f(a):\n    \"\"\"Do it.\n\n    Args:\n        a: One.\n    \"\"\"\n    print()\n";
    let changed = with(base, "f(a)", "f()");
    assert_eq!(fixed(base, &changed), "def f():\n    \"\"\"Do it.\"\"\"\n    print()\n");
}

#[test]
fn a_raw_docstring_stays_raw() {
    let base = with(LONG, "    \"\"\"Fetch a", "    r\"\"\"Match \\d a");
    let changed = with(&with(&base, "a, b, timeout=10", "a, timeout=30"), "a + b", "a");
    let expected =
        with(&with(&changed, "        b: The second.\n", ""), "Defaults to 10.", "Defaults to 30.");
    assert_eq!(fixed(&base, &changed), expected);
}

#[test]
fn crlf_stays_crlf() {
    let base = LONG.replace('\n', "\r\n");
    let changed = with(&with(&base, "a, b, timeout", "a, timeout"), "a + b", "a");
    assert_eq!(fixed(&base, &changed), with(&changed, "        b: The second.\r\n", ""));
}

#[test]
fn a_docstring_in_single_quotes_of_the_outer_kind_is_repaired() {
    let base = LONG.replace("\"\"\"", "'''");
    let changed = with(&base, "timeout=10", "timeout=30");
    // What is written anew is laid out anew: otherwise the next run would change it again.
    let laid_out = changed.replace("'''", "\"\"\"");
    assert_eq!(fixed(&base, &changed), with(&laid_out, "Defaults to 10.", "Defaults to 30."));
}

#[test]
fn a_class_describes_the_parameters_of_its_constructor() {
    let base = concat!(
        "class A:\n    \"\"\"Hold it.\n\n    Args:\n        a: One.\n        b: Two.\n    \"\"\"\n\n",
        "    def __init__(self, a, b):\n        self.a = a\n",
    );
    let changed = with(base, "self, a, b", "self, a");
    assert_eq!(fixed(base, &changed), with(&changed, "        b: Two.\n", ""));
}

#[test]
fn a_docstring_that_is_the_whole_body_is_repaired() {
    let base = "def f(a, b):\n    \"\"\"Do it.\n\n    Args:\n        a: One.\n        b: Two.\n    \"\"\"\n";
    let changed = with(base, "f(a, b)", "f(a)");
    assert_eq!(fixed(base, &changed), with(&changed, "        b: Two.\n", ""));
}

#[test]
fn a_docstring_on_the_line_of_its_def_is_repaired() {
    let base =
        "def f(a, b): \"\"\"Do it.\n\n    Args:\n        a: One.\n        b: Two.\n    \"\"\"; return a\n";
    let changed = with(base, "f(a, b)", "f(a)");
    assert_eq!(fixed(base, &changed), with(&changed, "        b: Two.\n", ""));
}

#[test]
fn a_property_and_its_setter_are_told_apart() {
    let method = "        \"\"\"Set it.\n\n        Args:\n            value: One.\n            gone: Two.\n        \"\"\"\n";
    let base = format!(
        "class A:\n    \"\"\"Hold it.\"\"\"\n\n    @property\n    def x(self):\n        \"\"\"The x.\"\"\"\n        \
         return 1\n\n    @x.setter\n    def x(self, value, gone=1):\n{method}        self.y = value\n"
    );
    let changed = with(&base, "value, gone=1", "value");
    assert_eq!(fixed(&base, &changed), with(&changed, "            gone: Two.\n", ""));
}

#[test]
fn a_second_run_changes_nothing() {
    let changed = with(&with(LONG, "a, b, timeout=10", "a, timeout=30"), "a + b", "a");
    let scratch = staged(LONG, &changed);
    repair(&scratch);
    let (once, index) = (both(&scratch, "a.py"), scratch.git(["ls-files", "--stage"]).stdout);
    let run = repair(&scratch);
    assert_eq!(run.code, Some(0), "{}", run.all());
    assert_eq!((both(&scratch, "a.py"), scratch.git(["ls-files", "--stage"]).stdout), (once, index));
    assert!(!run.stdout.contains("repaired"), "{}", run.stdout);
}
