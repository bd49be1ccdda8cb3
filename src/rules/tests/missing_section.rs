//! DG206: who is asked for which section, and who is not.

use crate::docstring::SectionKind::{self, Attributes, Examples, Parameters, Raises, Returns, Yields};
use crate::rules::{RequiredSections, Requirement, Settings};

use super::cases::{lines, only};

const ALL: &[Requirement] = &[
    Requirement::Module,
    Requirement::Class,
    Requirement::Function,
    Requirement::Method,
    Requirement::Property,
];

fn settings(codes: &[&str], kinds: &[SectionKind]) -> Settings {
    let required = RequiredSections::new(ALL.iter().map(|requirement| (*requirement, kinds.to_vec())));
    Settings { required, ..only(codes) }
}

fn found(text: &str, kinds: &[SectionKind]) -> Vec<String> {
    lines("a.py", text, None, &settings(&["DG206"], kinds))
}

#[test]
fn nothing_is_required_unless_somebody_says_so() {
    let text = "def f(x):\n    \"\"\"S.\n\n    More.\n    \"\"\"\n    return x\n";
    assert_eq!(lines("a.py", text, None, &only(&["DG206"])), Vec::<String>::new());
}

#[test]
fn each_kind_of_definition_is_asked_for_its_own() {
    let text = "\"\"\"M.\n\nMore.\n\"\"\"\nclass A:\n    \"\"\"S.\n\n    More.\n    \"\"\"\n    def m(self):\n        \"\"\"S.\n\n        More.\n        \"\"\"\n    @property\n    def p(self):\n        \"\"\"S.\n\n        More.\n        \"\"\"\ndef f():\n    \"\"\"S.\n\n    More.\n    \"\"\"\n";
    let expected = [
        (Requirement::Module, "DG206?  Examples"),
        (Requirement::Class, "DG206? A Examples"),
        (Requirement::Method, "DG206? A.m Examples"),
        (Requirement::Property, "DG206? A.p Examples"),
        (Requirement::Function, "DG206? f Examples"),
    ];
    for (requirement, expected) in expected {
        let required = RequiredSections::new([(requirement, vec![Examples])]);
        let settings = Settings { required, ..only(&["DG206"]) };
        assert_eq!(lines("a.py", text, None, &settings), [expected]);
    }
}

#[test]
fn short_docstrings_and_definitions_that_owe_none_are_not_asked() {
    for text in [
        "def f():\n    \"\"\"Only a summary.\"\"\"\n",
        "def f():\n    pass\n",
        "def _f():\n    \"\"\"S.\n\n    More.\n    \"\"\"\n",
        "def f():\n    \"\"\"S.\n\n    Examples:\n        >>> f()\n    \"\"\"\n",
        "def f():\n    \"\"\"S.\n\n    Examples\n    --------\n    >>> f()\n    \"\"\"\n",
    ] {
        assert_eq!(found(text, &[Examples]), Vec::<String>::new(), "{text}");
    }
}

#[test]
fn what_was_not_touched_is_not_asked() {
    let text = "def f():\n    \"\"\"S.\n\n    More.\n    \"\"\"\n";
    assert_eq!(lines("a.py", text, Some(text), &settings(&["DG206"], &[Examples])), Vec::<String>::new());
}

#[test]
fn a_section_is_asked_for_where_there_is_something_to_say() {
    let function = |signature: &str, body: &str| {
        format!("def f{signature}:\n    \"\"\"S.\n\n    More.\n    \"\"\"\n    {body}\n")
    };
    let all = [Parameters, Returns, Yields, Raises];
    let table: &[(&str, &str, &[&str])] = &[
        ("()", "x = 1", &[]),
        ("(_x)", "x = 1", &[]),
        ("(x)", "x = 1", &["DG206? f Parameters"]),
        ("()", "return 1", &["DG206? f Returns"]),
        ("() -> None", "return None", &[]),
        ("()", "yield 1", &["DG206? f Yields"]),
        ("()", "raise KeyError(1)", &["DG206? f Raises"]),
    ];
    for (signature, body, expected) in table {
        assert_eq!(found(&function(signature, body), &all), *expected, "{signature} {body}");
    }
}

#[test]
fn another_rule_with_evidence_speaks_first() {
    let text = "def f(x):\n    \"\"\"S.\n\n    More.\n    \"\"\"\n    return x\n";
    let kinds = [Parameters, Returns, Examples];
    let both = lines("a.py", text, None, &settings(&["DG206", "DOC101", "DOC201"], &kinds));
    assert_eq!(both, ["DOC101? f x", "DOC201? f", "DG206? f Examples"]);
}

#[test]
fn parameters_of_a_class_may_stand_with_its_initializer() {
    let class = |doc: &str, init: &str| {
        format!(
            "class A:\n    \"\"\"S.\n\n    {doc}\n    \"\"\"\n    def __init__(self, x):\n        {init}\n"
        )
    };
    let documented = "\"\"\"S.\n\n        Args:\n            x: One.\n        \"\"\"";
    let table = [("More.", documented, 0), ("More.", "pass", 1), ("Args:\n        x: One.", "pass", 0)];
    for (doc, init, count) in table {
        assert_eq!(found(&class(doc, init), &[Parameters]).len(), count, "{doc} {init}");
    }
    assert_eq!(found(&class("More.", "pass"), &[Attributes]), ["DG206? A Attributes"]);
}
