//! DG203, DG204, DG205: entries, summaries and how much is said.

use super::cases::run_texts;

#[test]
fn attributes_with_a_docstring_of_their_own_owe_no_description() {
    let class = |bases: &str, list: &str| {
        format!(
            "class B:\n    @property\n    def inherited(self):\n        \"\"\"I.\"\"\"\nclass A{bases}:\n    \"\"\"A.\n\n    \
             Attributes\n    ----------\n    {list}\n    \"\"\"\n    @property\n    def own(self):\n        \
             \"\"\"O.\"\"\"\n    @property\n    def bare(self): return 1\n"
        )
    };
    let table: &[(&str, &str, &[&str])] = &[
        ("", "own", &[]),
        ("(B)", "inherited", &[]),
        ("", "inherited", &["DG203? A inherited"]),
        ("", "bare", &["DG203? A bare"]),
        ("", "other : int", &["DG203? A other"]),
        ("(Elsewhere)", "other", &[]),
        ("(Elsewhere)", "other : int", &["DG203? A other"]),
        ("", "None", &[]),
    ];
    for (bases, list, expected) in table {
        run_texts(&[(&class(bases, list), expected)], &["DG203"]);
    }
}

#[test]
fn an_entry_that_the_text_before_explains_may_be_bare() {
    let table: &[(&str, &[&str])] = &[
        ("Is true if ``a`` is in it.", &[]),
        ("The last one if `a=='right'` holds.", &[]),
        ("Is true if a is in it.", &["DG203? f a"]),
    ];
    for (summary, expected) in table {
        let text = format!(
            "def f(a):\n    \"\"\"{summary}\n\n    Parameters\n    ----------\n    a : int\n    \"\"\"\n    g(a)\n"
        );
        run_texts(&[(&text, expected)], &["DG203"]);
    }
}

#[test]
fn what_describes_in_the_place_of_a_type_is_a_description() {
    let table: &[(&str, &[&str])] = &[
        ("a : array of the quantiles to find", &[]),
        ("a : list-like of list-likes", &["DG203? f a"]),
        ("a : array-like of shape (n, m), or None", &["DG203? f a"]),
        ("a : {'to', 'the'}", &["DG203? f a"]),
    ];
    for (entry, expected) in table {
        let text = format!(
            "def f(a):\n    \"\"\"F.\n\n    Parameters\n    ----------\n    {entry}\n    \"\"\"\n    g(a)\n"
        );
        run_texts(&[(&text, expected)], &["DG203"]);
    }
}

#[test]
fn a_list_is_no_summary() {
    let long = "a long word ".repeat(20);
    let items = format!("- {long}\n    ").repeat(3);
    let fields = format!("@param a {long}\n    ").repeat(3);
    let table: &[(&str, &[&str])] = &[
        (&format!("{long}."), &["DG204? f"]),
        (&format!("Says:\n    {items}"), &[]),
        (&fields, &[]),
        (&format!("Says:\n        {long}\n    "), &[]),
        (&format!("{long}.\n    {items}"), &["DG204? f"]),
    ];
    for (summary, expected) in table {
        let text = format!("def f(a):\n    \"\"\"{summary}\"\"\"\n    g(a)\n");
        run_texts(&[(&text, expected)], &["DG204"]);
    }
}

#[test]
fn only_lines_of_code_are_counted() {
    let function = |docstring: &str, line: &str| {
        format!("def f(a):\n    \"\"\"{docstring}\"\"\"\n{}", format!("    {line}\n").repeat(60))
    };
    let long = format!("S{}", "\n    and more".repeat(70));
    let table: &[(&str, &str, &[&str])] = &[
        ("Says it.", "g(a)", &["DG205? f"]),
        ("Says it,\n    on two lines.", "g(a)", &["DG205? f"]),
        ("Says it.", "", &[]),
        ("Says it.", "# g(a)", &[]),
        (&long, "", &[]),
        ("See `g.__doc__`.", "g(a)", &[]),
        ("See g for what it does.", "g(a)", &[]),
        ("Sees it.", "g(a)", &["DG205? f"]),
    ];
    for (docstring, line, expected) in table {
        run_texts(&[(&format!("{}    g(a)\n", function(docstring, line)), expected)], &["DG205"]);
    }
}
