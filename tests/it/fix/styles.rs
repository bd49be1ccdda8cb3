//! Repairs and new text follow the style of the docstring and of the module.

use super::{both, repair, staged};

#[test]
fn parameters_and_defaults_are_repaired_in_every_style() {
    let table = [
        (
            "Parameters\n    ----------\n    x : int, default 3\n        One.\n    y : int\n        Two.\n\n    Returns\n    -------\n    int\n        It.",
            "Parameters\n    ----------\n    x : int, default 4\n        One.\n\n    Returns\n    -------\n    int\n        It.",
        ),
        (
            ":param x: One. Defaults to 3.\n    :type x: int\n    :param y: Two.\n    :type y: int\n    :returns: It.",
            ":param x: One. Defaults to 4.\n    :type x: int\n    :returns: It.",
        ),
        (
            "@param x: One. Defaults to 3.\n    @type x: int\n    @param y: Two.\n    @type y: int\n    @return: It.",
            "@param x: One. Defaults to 4.\n    @type x: int\n    @return: It.",
        ),
    ];
    for (before, after) in table {
        let function = |signature: &str, docstring: &str| {
            format!("def f({signature}):\n    \"\"\"Do it.\n\n    {docstring}\n    \"\"\"\n    return x\n")
        };
        let scratch = staged(&function("x=3, y=0", before), &function("x=4", before));
        let run = repair(&scratch);
        assert_eq!(both(&scratch, "a.py"), function("x=4", after), "{}", run.stdout);
        let again = repair(&scratch);
        assert_eq!(again.code, Some(0), "{}", again.stdout);
    }
}

#[test]
fn a_renamed_parameter_takes_its_type_along() {
    let function = |name: &str, documented: &str| {
        format!(
            "def f({name}):\n    \"\"\"Do it.\n\n    @param {documented}: One.\n    @type {documented}: int\n    \"\"\"\n    return {name}\n"
        )
    };
    let scratch = staged(&function("old", "old"), &function("new", "old"));
    repair(&scratch);
    assert_eq!(both(&scratch, "a.py"), function("new", "new"));
}

#[test]
fn new_docstrings_follow_the_module() {
    let modules = [
        (
            "Parameters\n    ----------\n    a : int\n        One.",
            "    Parameters\n    ----------\n    x : int\n        DOCGATE",
        ),
        (":param a: One.", "    :param x: DOCGATE"),
        ("@param a: One.", "    @param x: DOCGATE"),
        ("Args:\n        a: One.", "    Args:\n        x: DOCGATE"),
    ];
    for (docstring, expected) in modules {
        let known =
            format!("\"\"\"M.\"\"\"\n\n\ndef known(a):\n    \"\"\"Do it.\n\n    {docstring}\n    \"\"\"\n");
        let scratch = staged(&known, &format!("{known}\n\ndef new(x: int):\n    print(x)\n"));
        let run = scratch.docgate(["fix", "--staged", "--model", "skeleton"]);
        let text = both(&scratch, "a.py");
        let expected = expected.strip_suffix("DOCGATE").unwrap();
        assert!(text[known.len()..].contains(expected), "{}\n{text}", run.stdout);
    }
}
