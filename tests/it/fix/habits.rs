//! What `[docstring]` says about the form of docstrings, and the style of the repository, from the command line.

use super::{both, commit, resolution};
use crate::harness::Scratch;

const CODE: &str = "def f(key: str) -> int:\n    if not key:\n        raise KeyError(key)\n    return 1\n";

/// Stages a new function beside a configuration and lets placeholders be written.
fn written(configuration: &str) -> String {
    let scratch = Scratch::new();
    commit(&scratch, &[("docgate.toml", configuration)]);
    scratch.write("a.py", format!("\"\"\"Summary.\"\"\"\n\n\n{CODE}"));
    scratch.git(["add", "a.py"]);
    let run = scratch.docgate(["fix", "--staged", "--model", "skeleton"]);
    let text = both(&scratch, "a.py");
    scratch.docgate(["fix", "--staged", "--model", "skeleton"]);
    assert_eq!(both(&scratch, "a.py"), text, "run twice, change once");
    let (_, docstring) = text.split_once("-> int:\n").unwrap_or_else(|| panic!("{}", run.all()));
    docstring.split_once("    if not").expect("the body").0.to_owned()
}

#[test]
fn every_habit_changes_what_is_written() {
    let usual = written("style = \"google\"\n");
    let blank = |text: &str| text.replace(".\n\n    R", ".\n    R");
    let table = [
        ("summary-line = \"second\"", usual.replace("\"\"\"TODO", "\"\"\"\n    TODO")),
        ("blank-line-between-sections = false", blank(&usual)),
        ("blank-line-before-closing-quotes = true", usual.replace("\n    \"\"\"\n", "\n\n    \"\"\"\n")),
        (
            "types = \"always\"",
            usual.replace("key:", "key (str):").replace("        TODO", "        int: TODO"),
        ),
        ("sections.Inputs = \"parameters\"", usual.replace("Args:", "Inputs:")),
    ];
    for (habit, expected) in table {
        assert_eq!(written(&format!("style = \"google\"\n[docstring]\n{habit}\n")), expected, "{habit}");
        assert_ne!(expected, usual, "{habit}");
    }
    let text = written("style = \"google\"\n[docstring]\nsection-order = [\"raises\", \"returns\"]\n");
    let places = ["Raises:", "Returns:", "Args:"].map(|title| text.find(title).expect("a section"));
    assert!(places.is_sorted(), "{text}");
    let text = written("style = \"numpy\"\n[docstring]\ntypes = \"never\"\n");
    assert!(text.contains("    key\n") && text.contains("    int\n"), "{text}");
}

#[test]
fn the_environment_wins_over_the_file() {
    let scratch = Scratch::new();
    commit(&scratch, &[("docgate.toml", "style = \"google\"\n[docstring]\nsummary-line = \"first\"\n")]);
    scratch.write("a.py", format!("\"\"\"Summary.\"\"\"\n\n\n{CODE}"));
    scratch.git(["add", "a.py"]);
    let environment = [("DOCGATE_DOCSTRING_SUMMARY_LINE", "second")];
    scratch.docgate_with(["fix", "--staged", "--model", "skeleton"], &environment);
    assert!(both(&scratch, "a.py").contains("    \"\"\"\n    TODO"), "{}", both(&scratch, "a.py"));
    let environment = [("DOCGATE_DOCSTRING_TYPES", "sometimes")];
    let run = scratch.docgate_with(["check", "a.py"], &environment);
    assert_eq!(run.code, Some(2), "{}", run.all());
    assert!(run.stderr.contains("DOCGATE_DOCSTRING_TYPES"), "{}", run.stderr);
}

#[test]
fn a_required_section_is_reported_and_a_mistake_names_its_line() {
    let scratch = Scratch::new();
    let text = "\"\"\"Summary.\"\"\"\n\n\ndef f():\n    \"\"\"Does it.\n\n    More of it.\n    \"\"\"\n";
    let required = "[docstring.required-sections]\nfunction = [\"examples\"]\n";
    scratch.write("docgate.toml", required);
    scratch.write("a.py", text);
    let run = scratch.docgate(["check", "a.py"]);
    assert!(run.stdout.contains("DG206") && run.stdout.contains("Examples"), "{}", run.all());
    scratch.write("docgate.toml", format!("{required}[docstring.sections]\nUsage = \"examples\"\n"));
    scratch.write("a.py", text.replace("    More of it.", "    Usage:\n        >>> f()"));
    let run = scratch.docgate(["check", "a.py"]);
    assert!(!run.stdout.contains("DG206"), "{}", run.all());
    scratch.write("docgate.toml", required.replace("examples", "samples"));
    let run = scratch.docgate(["check", "a.py"]);
    assert_eq!(run.code, Some(2));
    assert!(run.stderr.contains("docgate.toml:2"), "{}", run.stderr);
}

#[test]
fn what_cannot_be_read_as_an_entry_is_reported_as_advice() {
    let scratch = Scratch::new();
    let text = "\"\"\"Summary.\"\"\"\n\n\ndef f(x):\n    \"\"\"Does it.\n\n    Args:\n        all of these\n        x: One.\n    \"\"\"\n";
    scratch.write("a.py", text);
    let run = scratch.docgate(["check", "a.py"]);
    assert_eq!(run.code, Some(0), "{}", run.all());
    assert!(run.stdout.contains("a.py:8") && run.stdout.contains("DG207"), "{}", run.all());
}

const NUMPY: &str = "\"\"\"Summary.\"\"\"\n\n\ndef g(x):\n    \"\"\"Do it.\n\n    Parameters\n    ----------\n    x : int\n        One.\n    \"\"\"\n";

/// A repository in numpydoc style with one new file without any docstring in sections.
fn in_numpy() -> Scratch {
    let scratch = Scratch::new();
    commit(&scratch, &[("p/a.py", NUMPY), ("p/b.py", NUMPY), ("tests/test_a.py", "def t():\n    pass\n")]);
    scratch.write("p/new.py", format!("\"\"\"Summary.\"\"\"\n\n\n{CODE}"));
    scratch
}

#[test]
fn a_new_file_follows_the_style_of_the_repository() {
    let wants = |scratch: &Scratch| {
        let text = scratch.read("p/new.py");
        assert!(text.contains("    Parameters\n    ----------\n    key : str\n"), "{text}");
    };
    // From the index.
    let scratch = in_numpy();
    scratch.git(["add", "p/new.py"]);
    scratch.docgate(["fix", "--staged", "--model", "skeleton"]);
    wants(&scratch);
    // From disk: the files that git tracks.
    let scratch = in_numpy();
    scratch.write(
        "ignored.py",
        NUMPY.replace("Parameters\n    ----------\n    x : int\n        One.", ":param x: One."),
    );
    scratch.docgate(["fix", "--model", "skeleton", "p/new.py"]);
    wants(&scratch);
    // From a commit.
    let scratch = in_numpy();
    scratch.commit_all("new");
    scratch.docgate(["fix", "--range", "HEAD~1..HEAD", "--model", "skeleton"]);
    wants(&scratch);
    // From a subfolder: paths are those of the repository.
    let scratch = in_numpy();
    scratch.docgate_in(scratch.root().join("p"), &["fix", "--model", "skeleton", "new.py"]);
    wants(&scratch);
}

#[test]
fn tests_and_excluded_files_have_no_say_and_a_tie_is_googles() {
    let scratch = in_numpy();
    scratch.write("docgate.toml", "exclude = [\"p/a.py\", \"p/b.py\"]\n");
    scratch.docgate(["fix", "--model", "skeleton", "p/new.py"]);
    assert!(scratch.read("p/new.py").contains("    Args:\n"), "{}", scratch.read("p/new.py"));
}

#[test]
fn nothing_is_read_where_the_style_does_not_matter() {
    let scratch = in_numpy();
    scratch.git(["add", "p/new.py"]);
    let log = [("DOCGATE_LOG", "docgate=debug")];
    let run = scratch.docgate_with(["check", "--staged"], &log);
    assert!(!run.stderr.contains("style of the repository"), "{}", run.stderr);
    let run = scratch.docgate_with(["fix", "--staged", "--model", "skeleton"], &log);
    assert!(run.stderr.contains("style of the repository"), "{}", run.stderr);
    assert_eq!(run.stderr.matches("style of the repository").count(), 1, "{}", run.stderr);
}

#[test]
fn conversion_keeps_values_that_read_as_something_else() {
    let scratch = Scratch::new();
    let text = NUMPY.replace(
        "    x : int\n        One.\n",
        "    x : int\n        One.\n\n    Returns\n    -------\n    same type as self\n        It.\n",
    );
    commit(&scratch, &[("a.py", &text)]);
    let run = scratch.docgate(["fix", "--convert-style", "google", "--output-format", "json", "a.py"]);
    assert_eq!(resolution(&run.stdout, "g").0, "repaired", "{}", run.all());
    assert!(scratch.read("a.py").contains("        (same type as self): It.\n"), "{}", scratch.read("a.py"));
    scratch.docgate(["fix", "--convert-style", "numpy", "a.py"]);
    assert_eq!(scratch.read("a.py"), text, "in numpydoc style, a phrase reads as a type");
}
