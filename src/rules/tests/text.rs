//! D2xx to D4xx: where the look of a text is doubtful.

use super::cases::{lines, only};
use crate::change::RepoPath;
use crate::python::{compare, parse};
use crate::rules::{Convention, Conventions, Options, Selection, Settings, UnknownRule, check};

fn function(docstring: &str) -> String {
    format!("def f():\n    {docstring}\n    x = 1\n")
}

fn any_convention() -> Options {
    Options { conventions: Conventions::Any, ..Options::default() }
}

fn codes(docstring: &str, codes: &[&str]) -> Vec<String> {
    let settings = Settings { options: any_convention(), ..only(codes) };
    lines("a.py", &function(docstring), None, &settings)
}

#[test]
fn hostile_literals_are_looked_at_without_harm() {
    let all = ["D2", "D3", "D4"];
    for docstring in [
        "''",
        "''''''",
        "\"\"\"\\\n\"\"\"",
        "'a' 'b'",
        "('a'\n 'b')",
        "(\"\"\"a\nb\"\"\")",
        "r'\\'",
        "\"\"\"\r\n\r\n\r\n\"\"\"",
        "\"\"\"a\rb\rc\"\"\"",
        "\"\"\"\u{c}\n\u{a0}\n\t\u{2028}\"\"\"",
        "\"\"\"Args\n----\"\"\"",
        "\"\"\"\n----\n====\n\"\"\"",
        "\"\"\"\u{1F600}Args:\n\u{1F600}\n  Args\u{e9}:\n\"\"\"",
    ] {
        codes(docstring, &all);
        let module = format!("{docstring}\n");
        lines("a.py", &module, None, &Settings { options: any_convention(), ..only(&all) });
    }
}

#[test]
fn the_first_paragraph_ends_where_a_reader_sees_it_end() {
    let table: &[(&str, bool)] = &[
        ("\"\"\"A.\"\"\"", false),
        ("\"\"\"A\"\"\"", true),
        ("\"\"\"A\n    b.\n    \"\"\"", false),
        ("\"\"\"A\n    =\n    b.\n    \"\"\"", true),
        ("\"\"\"\n    ===\n    A.\n    ===\n    \"\"\"", false),
        ("\"\"\":param x: y\"\"\"", false),
        ("\"\"\"Returns\"\"\"", false),
        ("\"\"\"A \\\n    \"\"\"", false),
        ("\"\"\"\n    .. dialect:: oracle\n        :name: Oracle\n    \"\"\"", false),
        ("\"\"\"@param x: y\"\"\"", false),
        ("\"\"\"name : A text\n      that goes on\n    \"\"\"", false),
        ("\"\"\"A name : it\"\"\"", true),
        ("\"\"\"It has one.\n    >>> f()\n    1\n    \"\"\"", false),
        ("\"\"\"\n    >>> f()\n    1\n    \"\"\"", false),
    ];
    for (docstring, fires) in table {
        assert_eq!(!codes(docstring, &["D400"]).is_empty(), *fires, "{docstring}");
    }
}

#[test]
fn a_word_in_a_sentence_is_no_heading() {
    let table: &[(&str, usize)] = &[
        ("\"\"\"A.\n\n    returns:\n        x\n    \"\"\"", 1),
        ("\"\"\"A.\n\n    It is what it\n    returns:\n        x\n    \"\"\"", 0),
        ("\"\"\"A.\n\n    Args:\n        x: One.\n        returns: Two.\n    \"\"\"", 0),
        ("\"\"\"A.\n\n    returns the value\n    \"\"\"", 0),
        ("\"\"\"A.\n\n    See also\n    over there\n    \"\"\"", 0),
        ("\"\"\"A.\n\n    See also:\n    over there\n    \"\"\"", 1),
        ("\"\"\"A.\n\n    Keyword arguments:\n    a -- one\n    \"\"\"", 0),
        ("\"\"\"A.\n\n    B -- what it is\n        methods:\n\n        c -- d\n    \"\"\"", 0),
        ("\"\"\"A.\n\n      returns:\n        x\n    \"\"\"", 1),
    ];
    for (docstring, count) in table {
        assert_eq!(codes(docstring, &["D405"]).len(), *count, "{docstring}");
    }
}

#[test]
fn a_label_within_an_entry_of_an_underlined_list_is_no_heading() {
    let entry = "\"\"\"A.\n\n    Parameters\n    ----------\n    x : int\n        One.\n\n        Notes:\n        - two\n    \"\"\"";
    let rules = ["D214", "D406", "D407", "D410", "D411"];
    assert_eq!(codes(entry, &rules), Vec::<String>::new());
    let heading = entry.replace("        Notes:\n        -", "    Notes:\n    -");
    assert_eq!(codes(&heading, &rules), ["D406? f Notes", "D407? f Notes"]);
    let google = "\"\"\"A.\n\n    Args:\n        x: One.\n\n        Returns:\n            Two.\n    \"\"\"";
    assert_eq!(codes(google, &["D214"]), ["D214? f Returns"]);
}

#[test]
fn a_call_in_a_sentence_is_no_signature() {
    let table = [
        ("f(a, b=1) -> int", true),
        ("Does it: f(a, b)", true),
        ("Does f(a, b=None, *rest), too", false),
        ("Returns the f() of the socket.", false),
        ("The same as f(a).", false),
        ("The same as g.f(a, b).", false),
        ("f(self, a, b)", true),
        ("f() -> int", true),
        ("f('x y') -> 'x%20y'", false),
        ("f(x, 'y') => x", false),
    ];
    for (summary, fires) in table {
        let text = format!("def f(a, b=1):\n    \"\"\"{summary}\"\"\"\n");
        assert_eq!(!lines("a.py", &text, None, &only(&["D402"])).is_empty(), fires, "{summary}");
    }
}

#[test]
fn names_and_marks_are_no_words_of_a_sentence() {
    let table = [
        ("D403", "returns it.", true),
        ("D403", "f is called.", false),
        ("D403", "key's value.", false),
        ("D403", "cfgFile is read.", false),
        ("D403", "json is written.", false),
        ("D403", "yaml is written.", true),
        ("D403", "data [,options] -> it", false),
        ("D403", "atom = [CFWS] 1*atext", false),
        ("D401", "Returns it.", true),
        ("D401", ":returns: It.", false),
        ("D401", "(Returns it.)", false),
    ];
    for (code, summary, fires) in table {
        let text = format!("import json\ndef f(key):\n    \"\"\"{summary}\"\"\"\n");
        let settings = Settings { options: any_convention(), ..only(&[code]) };
        assert_eq!(!lines("a.py", &text, None, &settings).is_empty(), fires, "{code} {summary}");
    }
}

#[test]
fn a_text_without_sections_is_laid_out_as_its_module() {
    let plain = "def f():\n    \"\"\"\n    Returns it\n\n    As it is.\n    \"\"\"\n";
    let found = |rest: &str| lines("a.py", &format!("{plain}{rest}"), None, &only(&["D212", "D400", "D415"]));
    let other = |section: &str| format!("def g(a):\n    \"\"\"G.\n\n    {section}\n    \"\"\"\n");
    assert_eq!(found(""), ["D415? f"], "what no convention shows is open");
    assert_eq!(found(&other("Args:\n        a: One.")), ["D212? f", "D415? f"]);
    assert_eq!(found(&other("Parameters\n    ----------\n    a : int\n        One.")), ["D400? f"]);
    assert_eq!(found(&other(":param a: One.")), ["D400? f"]);
    // Among numpydoc's, one with nothing but a label is not told to underline it.
    let label = "def h():\n    \"\"\"H.\n\n    Examples:\n\n    >>> h()\n    \"\"\"\n";
    let text = format!("{label}{}", other("Parameters\n    ----------\n    a : int\n        One."));
    assert_eq!(lines("a.py", &text, None, &only(&["D406", "D407"])), Vec::<String>::new());
    let chosen = Options { conventions: Conventions::Only(Convention::Numpy), ..Options::default() };
    let settings = Settings { options: chosen, ..only(&["D406", "D407"]) };
    assert_eq!(lines("a.py", &text, None, &settings), ["D406? h Examples", "D407? h Examples"]);
}

#[test]
fn expressions_and_names_are_no_sentences() {
    let text =
        |summary: &str, body: &str| format!("def raise_to(a, b):\n    \"\"\"{summary}\"\"\"\n    {body}\n");
    let table = [
        ("D401", "a ** b", "return a ** b", false),
        ("D401", "a power is taken", "return a ** b", true),
        ("D402", "Same as raise_to(a, b).", "return 1", false),
        ("D402", "Does raise_to(a, b) at once.", "return 1", true),
        ("D403", "astype with a check.", "return a.astype(b)", false),
        ("D400", "a != 0", "return a", false),
        ("D407", "Takes.\n\n    Parameters\n    -----%(more)s\n    a : b\n        It.", "return a", false),
        ("D409", "Takes.\n\n    Parameters\n    -----%(more)s\n    a : b\n        It.", "return a", false),
        ("D409", "Takes.\n\n    Parameters\n    -----\n    a : b\n        It.", "return a", true),
        ("D400", "it != 0", "return a", true),
        ("D400", "See https://example.org/a", "return a", false),
        ("D415", "Takes it.\n    Parameters\n    ----------\n    a : b\n        It.", "return a", false),
        ("D415", "Takes it\n    Parameters\n    ----------\n    a : b\n        It.", "return a", true),
        ("D403", "astype with a check.", "return a", true),
    ];
    for (code, summary, body, fires) in table {
        let settings = Settings { options: any_convention(), ..only(&[code]) };
        let found = lines("a.py", &text(summary, body), None, &settings);
        assert_eq!(!found.is_empty(), fires, "{code} {summary}");
    }
}

#[test]
fn one_weak_sign_does_not_decide_the_layout_of_a_module() {
    let plain = "def f():\n    \"\"\"\n    Returns it\n\n    As it is.\n    \"\"\"\n";
    let google = "def g(a):\n    \"\"\"G.\n\n    Args:\n        a: One.\n    \"\"\"\n";
    let found = |text: &str| lines("a.py", text, None, &only(&["D212"]));
    for section in
        ["Example:\n        g(1)", "Methods:\n        square()\n        get()", "Note:\n        It is slow."]
    {
        let weak = format!("def g(a):\n    \"\"\"G.\n\n    {section}\n    \"\"\"\n");
        assert_eq!(found(&format!("{plain}{weak}")), Vec::<String>::new(), "{section}");
        let itself = weak.replace("\"\"\"G.", "\"\"\"\n    G.");
        assert_eq!(found(&itself), Vec::<String>::new(), "{section}");
    }
    assert_eq!(found(&format!("{plain}{google}")), ["D212? f"], "half of them");
    let others = plain.replace("def f", "def h").repeat(7);
    assert_eq!(found(&format!("{plain}{google}{others}")), Vec::<String>::new(), "one of many");
    let several = google.repeat(3);
    assert_eq!(found(&format!("{plain}{several}{others}")).len(), 0, "against the habit of the file");
    assert_eq!(found(&format!("{plain}{several}")), ["D212? f"], "several");
    let bare = "def f(a):\n    \"\"\"\n    Args:\n        a: One.\n    \"\"\"\n";
    assert_eq!(found(&format!("{bare}{several}")).len(), 0, "no summary");
}

#[test]
fn a_list_as_pep_257_writes_it_has_no_heading() {
    let function =
        |list: &str| format!("def f(a):\n    \"\"\"F.\n    arguments:\n\n    {list}\n    \"\"\"\n");
    let found = |list: &str| lines("a.py", &function(list), None, &only(&["D405", "D411"])).len();
    assert_eq!(found("a -- one thing (default 0.0)"), 0);
    assert_eq!(found("'prefix', 'suffix', 'dir' -- as for mkstemp."), 0);
    assert_eq!(found("- a -- one thing"), 0);
    let titled = "def f(a):\n    \"\"\"F.\n    Args:\n        a: One thing -- or another.\n    \"\"\"\n";
    assert_eq!(lines("a.py", titled, None, &only(&["D411"])), ["D411? f Args"]);
}

#[test]
fn what_is_no_summary_stands_apart_from_nothing() {
    let table = [
        (">>> f(1)\n    1", false),
        ("Args:\n        a: One.", false),
        ("Parameters\n    ----------\n    a : int\n        One.", false),
        ("Args are taken.\n    They are used.", true),
    ];
    for (docstring, fires) in table {
        let text = format!("def f(a):\n    \"\"\"\n    {docstring}\n    \"\"\"\n");
        assert_eq!(!lines("a.py", &text, None, &only(&["D205"])).is_empty(), fires, "{docstring}");
    }
}

#[test]
fn indentation_is_held_against_the_quotes() {
    let table: &[(&str, &[&str])] = &[
        ("\"\"\"A\n    b\n    \"\"\"", &[]),
        ("\"\"\"A\n       b\n    \"\"\"", &["D208? f"]),
        ("\"\"\"A\n       b\"\"\"", &["D208? f"]),
        ("\"\"\"A\n       b\n    c\"\"\"", &[]),
        ("\"\"\"A\n    b\n      \"\"\"", &["D208? f"]),
        ("\"\"\"A\n  b\n    \"\"\"", &["D207? f"]),
        ("\"\"\"A \\\n  b\n    \"\"\"", &[]),
        ("\"\"\"A\n\n\n    \"\"\"", &[]),
    ];
    for (docstring, expected) in table {
        assert_eq!(codes(docstring, &["D207", "D208"]), *expected, "{docstring}");
    }
}

#[test]
fn backslashes_that_are_meant_are_let_pass() {
    let table: &[(&str, bool)] = &[
        (r#""""a\d""""#, true),
        (r#"r"""a\d""""#, false),
        (r#"U"""a\d""""#, true),
        ("\"\"\"a\\\n    b\"\"\"", false),
        (r#""""\u00e9 \N{BULLET}""""#, false),
        (r#""""a \""" b""""#, false),
        (r#""""a \"\"\" b""""#, false),
        (r#""""a \" b""""#, true),
    ];
    for (docstring, fires) in table {
        assert_eq!(!codes(docstring, &["D301"]).is_empty(), *fires, "{docstring}");
    }
}

#[test]
fn a_convention_silences_what_it_chooses_otherwise() {
    let text = function("\"\"\"Returns it\"\"\"");
    let with = |conventions| {
        lines(
            "a.py",
            &text,
            None,
            &Settings { options: Options { conventions, ..Options::default() }, ..only(&["D400", "D415"]) },
        )
    };
    assert_eq!(with(Conventions::Only(Convention::Google)), ["D415? f"]);
    assert_eq!(with(Conventions::Only(Convention::Numpy)), ["D400? f"]);
    assert_eq!(with(Conventions::OfStyle), ["D415? f"]);
    assert_eq!(with(Conventions::Any), ["D400? f", "D415? f"]);
    let named = only(&["D400"]).severities.into_keys().collect();
    let settings = Settings { named, ..only(&["D400"]) };
    assert_eq!(lines("a.py", &text, None, &settings), ["D400? f"]);
}

#[test]
fn rules_are_named_by_their_full_code_or_name() -> Result<(), UnknownRule> {
    let selection = Selection {
        select: Some(vec!["D2".to_owned(), "D213".to_owned()]),
        extend_select: vec!["non-imperative-mood".to_owned()],
        ..Selection::default()
    };
    assert_eq!(selection.named().into_iter().collect::<Vec<_>>(), ["D213", "D401"]);
    selection.severities().map(|_| ())
}

#[test]
fn what_was_there_is_not_asked_to_be_laid_out_anew() {
    let before = function("\"\"\"Returns it\"\"\"");
    let after = before.replace("x = 1", "x = 2");
    assert!(lines("a.py", &after, Some(&before), &only(&["D415"])).is_empty());
    let written = after.replace("it", "that");
    assert_eq!(lines("a.py", &written, Some(&before), &only(&["D415"])), ["D415? f"]);
}

#[test]
fn blank_lines_around_docstrings_are_counted_in_every_line_ending() {
    let texts = [
        ("def f():\n\n    '''A.'''\n    x = 1\n", vec!["D201? f"]),
        ("def f():\n    '''A.'''\n\n    x = 1\n", vec!["D202? f"]),
        ("def f():\n    '''A.'''\n\n    def g(): pass\n", vec![]),
        ("def f():\n    '''A.'''\n\n    # c\n    @d\n    def g(): pass\n", vec![]),
        ("def f():\n    '''A.'''\n\n\n    def g(): pass\n", vec!["D202? f"]),
        ("def f():\n    '''A.'''\n\n    # c\n", vec![]),
        ("def f(): '''A.'''\n\nx = 1\n", vec![]),
        ("class A:\n\n    '''A.'''\n    x = 1\n", vec!["D204? A", "D211? A"]),
        ("class A: '''A.'''\n", vec![]),
    ];
    for (text, expected) in texts {
        for ending in ["\n", "\r\n", "\r"] {
            let text = text.replace('\n', ending);
            let rules = only(&["D201", "D202", "D204", "D211"]);
            let settings = Settings { options: any_convention(), ..rules };
            assert_eq!(lines("a.py", &text, None, &settings), expected, "{text:?}");
        }
    }
}

#[test]
fn the_last_section_of_a_module_is_followed_by_a_blank_line_as_any_other() {
    let table = [
        ("\"\"\"A.\n\nReferences\n----------\nB.\n\n\"\"\"\n", false),
        ("\"\"\"A.\n\nReferences\n----------\nB.\n\"\"\"\n", true),
        ("\"\"\"A.\n\nReferences\n----------\nB.\"\"\"\n", true),
        ("def f():\n    \"\"\"A.\n\n    References\n    ----------\n    B.\n\n    \"\"\"\n", false),
        ("def f():\n    \"\"\"A.\n\n    References\n    ----------\n    B.\n    \"\"\"\n", true),
    ];
    let settings = Settings { options: any_convention(), ..only(&["D413"]) };
    for (text, fires) in table {
        assert_eq!(!lines("a.py", text, None, &settings).is_empty(), fires, "{text}");
    }
}

#[test]
fn the_docstring_of_what_is_tested_is_let_be() {
    let text = "def test_f():\n    \"\"\"F.\"\"\"\n    def f():\n        \"\"\"doc\"\"\"\n    return f\n";
    let mut settings = Settings { options: any_convention(), ..only(&["D415"]) };
    settings.tests = std::sync::Arc::new(|path| path.as_str().starts_with("tests/"));
    let found = |path: &str| lines(path, text, None, &settings);
    assert_eq!(found("tests/test_a.py"), Vec::<String>::new());
    assert_eq!(found("a.py"), ["D415? test_f.f"]);
    // Beside tests of docstrings, what is no test is what they try.
    let text = "def f(a):\n    \"\"\"doc it\"\"\"\n\n\ndef test_f():\n    \"\"\"doc it\"\"\"\n    assert check_docstring_of(f)\n";
    let found = |path: &str| lines(path, text, None, &settings);
    assert_eq!(found("tests/test_a.py"), ["D415? test_f"]);
    assert_eq!(found("a.py"), ["D415? f", "D415? test_f"]);
    // A word alone in a test is a mark.
    let text = "def f(a):\n    \"\"\"doc\"\"\"\n";
    assert_eq!(lines("tests/a.py", text, None, &settings), Vec::<String>::new());
    assert_eq!(lines("a.py", text, None, &settings), ["D415? f"]);
}

#[test]
fn what_is_tried_by_tests_of_docstrings_is_repaired_by_nobody() {
    let text = "def f(a):\n    \"\"\"Do.\n\n    Args:\n        a: One.\n        gone: Two.\n    \"\"\"\n\n\nassert check_docstring(f)\n";
    let mut settings = only(&["DOC102"]);
    settings.tests = std::sync::Arc::new(|path| path.as_str().starts_with("tests/"));
    let answer = |path: &str| {
        let path = RepoPath::new(path).unwrap();
        let file = parse(text);
        let pairings = compare(None, &file);
        let checked = check(&path, &file, &pairings, &settings);
        checked
            .into_iter()
            .flat_map(|checked| checked.findings)
            .map(|finding| finding.answer.word())
            .collect::<Vec<_>>()
    };
    assert_eq!(answer("tests/test_a.py"), ["person"]);
    assert_eq!(answer("a.py"), ["repair"]);
}
