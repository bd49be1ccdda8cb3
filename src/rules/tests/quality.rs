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
fn a_kind_is_a_word_about_what_is_not_of_it() {
    let table: &[(&str, &[&str])] = &[
        ("def close_gate(): 'The close gate function.'\n", &["DG202? close_gate"]),
        ("class CloseGate: 'Class for the close gate.'\n", &["DG202? CloseGate"]),
        ("class TestGate: 'Test gate methods.'\n", &[]),
        ("def gate_call(): 'A method gate call'\n", &[]),
        ("def test_gate(): 'Test gate class.'\n", &[]),
    ];
    run_texts(table, &["DG202"]);
}

#[test]
fn a_class_tells_what_its_initializer_takes_and_what_hands_on_needs_few_words() {
    let many = "a, b, c, d, e, f";
    let class = |docstring: &str| {
        format!(
            "class A:\n    \"\"\"{docstring}\"\"\"\n    def __init__(self, {many}):\n        'Opens it.'\n        self.a = a\n        self.b = b\n        self.c = c\n"
        )
    };
    let hands_on = format!("def f({many}):\n    'Opens it.'\n    return g({many})\n");
    let table: &[(String, &[&str])] = &[
        (class("A."), &["DG205? A.__init__"]),
        (class("A.\n\n    a: One."), &[]),
        (hands_on.replace("return ", "x = 1\n    y = 2\n    return "), &["DG205? f"]),
        (
            hands_on.replace(
                "return g",
                "if a is None:\n        return g(b,\n            c)\n    else:\n        return h",
            ),
            &[],
        ),
        (hands_on.replace("return g", "if a:\n        b = 1\n    return g"), &["DG205? f"]),
        (hands_on.replace("return g", "super().f"), &[]),
        (hands_on.replace("return g", "h = H()\n    h.g"), &[]),
        (hands_on.replace("return g", "h = H()\n    h.i()\n    h.g"), &["DG205? f"]),
        (hands_on, &[]),
    ];
    for (text, expected) in table {
        run_texts(&[(text, expected)], &["DG205"]);
    }
}

#[test]
fn an_entry_that_the_text_before_explains_may_be_bare() {
    let table: &[(&str, &[&str])] = &[
        ("Is true if ``a`` is in it.", &[]),
        ("The last one if `a=='right'` holds.", &[]),
        ("Is true if a is in it.", &[]),
        ("Is true if it holds a.", &["DG203? f a"]),
    ];
    for (summary, expected) in table {
        let text = format!(
            "def f(a):\n    \"\"\"{summary}\n\n    Parameters\n    ----------\n    a : int\n    \"\"\"\n    g(a)\n"
        );
        run_texts(&[(&text, expected)], &["DG203"]);
    }
    let long = "def f(target):\n    \"\"\"Positions of each label of target.\n\n    Parameters\n    ----------\n    target : Index\n    \"\"\"\n    g(1)\n";
    let result = |said: &str| {
        let text = long.replace("of target", "of it");
        text.replace("Index\n", &format!("Index\n\n    Returns\n    -------\n    {said}\n"))
    };
    run_texts(
        &[
            (long, &[]),
            (&long.replace("of target", "of targets"), &[]),
            (&long.replace("of target", "of it"), &["DG203? f target"]),
            (&result("array filled with target"), &[]),
            (&result("array\n        One for each target."), &[]),
            (&result("array"), &["DG203? f target"]),
        ],
        &["DG203"],
    );
}

#[test]
fn what_describes_in_the_place_of_a_type_is_a_description() {
    let table: &[(&str, &[&str])] = &[
        ("a : array of the quantiles to find", &[]),
        ("a : list-like of list-likes", &["DG203? f a"]),
        ("a : np.sum or np.prod", &[]),
        ("a : np.ndarray or pd.Index", &["DG203? f a"]),
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
        (&format!("+\n    {long}."), &[]),
        (&format!("Says:\n    {items}"), &[]),
        (&fields, &[]),
        (&format!("Says:\n        {long}\n    "), &[]),
        (&format!("{long}.\n    {items}"), &["DG204? f"]),
        (&format!("Says what https://example.org/{} does.", "long".repeat(50)), &[]),
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
