//! What the numpydoc parser makes of real-life shapes.

use super::*;
use SectionKind::{Attributes, Custom, Examples, Methods, Notes, Parameters, Raises, Returns, SeeAlso};
use Style::Numpy;

/// Parses some lines as the content of a section.
fn section(title: &str, kind: SectionKind, source: &str) -> Vec<String> {
    let rule = "-".repeat(title.len());
    entries_in(Numpy, &format!("Summary.\n\n    {title}\n    {rule}\n{source}\n    "), kind)
}

#[test]
fn parameters_in_every_notation() {
    let table: &[(&str, &[&str])] = &[
        ("    x : int\n        The text.", &["x|int|||The text."]),
        ("    x: int\n        The text.", &["x|int|||The text."]),
        ("    x :\n        The text.", &["x||||The text."]),
        ("    x\n        The text.", &["x||||The text."]),
        ("    x (int)\n        The text.", &["x|int|||The text."]),
        ("    x, default None\n        T.", &["x|||None|T."]),
        ("    x, y : int\n        Both.", &["x,y|int|||Both."]),
        ("    x1, x2, ..., xn : array_like\n        All.", &["x1,x2,xn|array_like|||All."]),
        ("    *args, **kwargs\n        Rest.", &["*args,**kwargs||||Rest."]),
        ("    \\*args : tuple", &["*args|tuple|||"]),
        ("    `x` : int", &["x|int|||"]),
        ("    x[0] : int\n        First.", &["x[0]|int|||First."]),
        ("    x : int, optional\n        T.", &["x|int|optional||T."]),
        ("    x : int, default 3\n        T.", &["x|int||3|T."]),
        ("    x : int, default: 3\n        T.", &["x|int||3|T."]),
        ("    x : {'a', 'b'}, default='a, b'\n        T.", &["x|{'a', 'b'}||'a, b'|T."]),
        ("    x : int, optional (default=3)\n        T.", &["x|int|optional|3|T."]),
        ("    x : int (default 3)\n        T.", &["x|int||3|T."]),
        ("    x : int, optional, at least 3\n        T.", &["x|int, optional, at least 3|||T."]),
        (
            "    x : array-like of shape (n, m) or None\n        T.",
            &["x|array-like of shape (n, m) or None|||T."],
        ),
        ("    x : {'a',\n         'b'}, optional\n        T.", &["x|{'a', 'b'}|optional||T."]),
        ("    x : {'a', 'b'}, \\\n            default='a'\n        T.", &["x|{'a', 'b'}||'a'|T."]),
        ("    x : int\n    y : str\n\n        Later.\n\n    z\n", &["x|int|||", "y|str|||Later.", "z||||"]),
        (
            "    x : int\n        One:\n\n        - a : int\n        - b\n\n            code\n    y : int",
            &["x|int|||One:\n\n- a : int\n- b\n\n    code", "y|int|||"],
        ),
        (
            "    x : int\n        T.\n    .. versionadded:: 1.0\n    y : int",
            &["x|int|||T.\n.. versionadded:: 1.0", "y|int|||"],
        ),
        ("        x : int\n            Deeper.\n        y : int", &["x|int|||Deeper.", "y|int|||"]),
    ];
    for (source, expected) in table {
        assert_eq!(section("Parameters", Parameters, source), *expected, "{source}");
        let windows: Vec<String> = expected.iter().map(|line| (*line).to_owned()).collect();
        assert_eq!(section("Parameters", Parameters, &source.replace('\n', "\r\n")), windows);
    }
}

#[test]
fn values_with_and_without_names() {
    let table: &[(&str, &[&str])] = &[
        ("    int\n        The text.", &["|int|||The text."]),
        ("    x : int\n        The text.", &["x|int|||The text."]),
        ("    x : int\n        One.\n    y : str\n        Two.", &["x|int|||One.", "y|str|||Two."]),
        ("    int\n        One.\n    str\n        Two.", &["|int|||One.", "|str|||Two."]),
        ("    list of (str, int)\n        T.", &["|list of (str, int)|||T."]),
        ("    DataFrame or Series", &["|DataFrame or Series|||"]),
        ("    The number of things.", &["||||The number of things."]),
        (
            "    The number of things that were\n    found on the way.",
            &["||||The number of things that were\nfound on the way."],
        ),
        ("    None", &["|None|||"]),
    ];
    for (source, expected) in table {
        assert_eq!(section("Returns", Returns, source), *expected, "{source}");
    }
}

#[test]
fn exceptions_attributes_and_methods() {
    let raises = "    ValueError\n        If x.\n    KeyError, OSError\n        If y.\n    TypeError or IndexError\n    errors.Broken : If z.\n    socket.error\n        If so.";
    let expected = [
        "ValueError||||If x.",
        "KeyError,OSError||||If y.",
        "TypeError,IndexError||||",
        "errors.Broken||||If z.",
        "socket.error||||If so.",
    ];
    assert_eq!(section("Raises", Raises, raises), expected);
    assert_eq!(section("Attributes", Attributes, "    x : int\n        T.\n    y"), ["x|int|||T.", "y||||"]);
    let methods = "    read(size, *rest)\n        Reads.\n    close : Closes.";
    assert_eq!(section("Methods", Methods, methods), ["read||||Reads.", "close||||Closes."]);
}

#[test]
fn what_is_a_section() {
    let owned = |found: &[(SectionKind, &str)]| -> Vec<(SectionKind, String)> {
        found.iter().map(|(kind, title)| (*kind, (*title).to_owned())).collect()
    };
    let table: &[(&str, &[(SectionKind, &str)])] = &[
        ("S.\n\n    Parameters\n    ----------\n    x", &[(Parameters, "Parameters")]),
        ("S.\n\n    parameters\n    ---\n    x", &[(Parameters, "parameters")]),
        ("S.\n\n    Parameters\n    ==========\n    x", &[(Parameters, "Parameters")]),
        ("S.\n\n    Parameters\n    --\n    x", &[]),
        ("S.\n\n    Parameters\n        ----------\n    x", &[]),
        ("S.\n    Parameters\n    ----------", &[(Parameters, "Parameters")]),
        ("Parameters\n    ----------\n    x", &[(Parameters, "Parameters")]),
        ("S.\n\n    Side Effects\n    ------------\n    Many.", &[(Custom, "Side Effects")]),
        ("S.\n    Side Effects\n    ------------\n    Many.", &[]),
        (
            "S.\n\n    See Also\n    --------\n    f : g\n\n    Notes\n    -----\n    N.",
            &[(SeeAlso, "See Also"), (Notes, "Notes")],
        ),
        (
            "S.\n\n    Examples\n    --------\n    >>> print('Notes')\n    Notes\n    -----\n",
            &[(Examples, "Examples")],
        ),
        ("S.\n\n    Notes\n    -----\n    Args:\n        x: One.", &[(Notes, "Notes")]),
    ];
    for (text, expected) in table {
        assert_eq!(kinds_in(Numpy, text), owned(expected), "{text}");
    }
}

#[test]
fn what_is_no_entry_is_kept() {
    let text =
        "S.\n\n    Parameters\n    ----------\n    %(params)s\n    Some words here.\n    x : int\n    ";
    let docstring = super::super::parse(text, Numpy);
    assert_sound(&docstring, text);
    assert_eq!(docstring.not_understood().next().unwrap().1.value, "%(params)s\nSome words here.");
    assert_eq!(docstring.entries(Parameters).map(line).collect::<Vec<_>>(), ["x|int|||"]);
}
