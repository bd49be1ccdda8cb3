//! `docgate fix --convert-style`: every docstring of a package in another style.

use super::{both, commit, resolution};
use crate::harness::Scratch;

const GOOGLE: &str = "\"\"\"A module.\"\"\"


def f(x, *rest):
    \"\"\"Sum up \\d.

    Args:
        x (int): One
            two.
        *rest: Others.

    Returns:
        int: It.
    \"\"\"
    return x


def quiet():
    \"\"\"Only a summary.\"\"\"


def pieces():
    (\"\"\"Sum up.

    Args:
        x: One.
    \"\"\")


@app.get(\"/\")
def route(x):
    \"\"\"Answer.

    Args:
        x: One.
    \"\"\"


def broken(x:
    \"\"\"Break.

    Args:
        x: One.
    \"\"\"
";

#[test]
fn a_package_is_converted_and_what_is_not_is_said() {
    let scratch = Scratch::new();
    let inner = "def g(y):\n    r'''Do.\n\n    :param y: A \\y.\n    '''\n";
    commit(&scratch, &[("p/a.py", GOOGLE), ("p/b.py", inner), ("c.py", inner)]);
    let run = scratch.docgate(["fix", "--convert-style", "numpy", "--diff", "p"]);
    assert_eq!(run.code, Some(0), "{}", run.stderr);
    assert!(
        run.stdout.contains("+    Parameters\n+    ----------\n+    x : int\n+        One\n"),
        "{}",
        run.stdout
    );
    assert_eq!(scratch.read("p/a.py"), GOOGLE, "--diff writes nothing");

    let run = scratch.docgate(["fix", "--convert-style", "numpy", "--output-format", "json", "p"]);
    assert_eq!(run.code, Some(0), "{}", run.stderr);
    assert_eq!(resolution(&run.stdout, "f").0, "repaired");
    assert_eq!(resolution(&run.stdout, "route"), ("skipped".to_owned(), "read-at-run-time".to_owned()));
    assert_eq!(resolution(&run.stdout, "pieces"), ("skipped".to_owned(), "not-editable".to_owned()));
    let expected = "    \"\"\"Sum up \\d.

    Parameters
    ----------
    x : int
        One
        two.
    *rest
        Others.

    Returns
    -------
    int
        It.
    \"\"\"
";
    let text = scratch.read("p/a.py");
    assert!(text.contains(expected), "{text}");
    assert!(
        text.ends_with(&GOOGLE[GOOGLE.find("def quiet").unwrap()..]),
        "what is not converted stays: {text}"
    );
    assert_eq!(
        scratch.read("p/b.py"),
        "def g(y):\n    r'''Do.\n\n    Parameters\n    ----------\n    y\n        A \\y.\n    '''\n"
    );
    assert_eq!(scratch.read("c.py"), inner, "outside the path");

    let again = scratch.docgate(["fix", "--convert-style", "numpy", "--diff", "p"]);
    assert_eq!(again.stdout, "", "run twice, change once");
    let back = scratch.docgate(["fix", "--convert-style", "google", "p/a.py"]);
    assert_eq!(back.code, Some(0));
    assert_eq!(scratch.read("p/a.py"), GOOGLE);
}

#[test]
fn what_is_staged_is_converted_in_index_and_working_tree() {
    let scratch = Scratch::new();
    commit(&scratch, &[("a.py", "")]);
    scratch.write("a.py", "def f(x):\n    \"\"\"Do.\n\n    @param x: One.\n    \"\"\"\n");
    scratch.git(["add", "a.py"]);
    let run = scratch.docgate(["fix", "--staged", "--convert-style", "sphinx"]);
    assert_eq!(run.code, Some(0), "{}", run.stderr);
    assert_eq!(both(&scratch, "a.py"), "def f(x):\n    \"\"\"Do.\n\n    :param x: One.\n    \"\"\"\n");
}

#[test]
fn a_style_that_is_none_is_wrong_usage() {
    let scratch = Scratch::new();
    commit(&scratch, &[("a.py", "")]);
    for word in ["auto", "numpydoc"] {
        let run = scratch.docgate(["fix", "--convert-style", word, "a.py"]);
        assert_eq!(run.code, Some(2), "{word}: {}", run.stderr);
    }
}
