//! DOC101, DOC102, DOC103.

use super::cases::{Case, lines, only, run, run_texts};

#[test]
fn a_list_of_parameters_is_held_against_the_signature() {
    run_texts(
        &[
            (
                "def f(a, /, b, *args, c, **kwargs):\n    \"\"\"F.\n\n    Args:\n        a: A.\n        b: B.\n        *args: Rest.\n        c: C.\n        **kwargs: More.\n    \"\"\"\n",
                &[],
            ),
            (
                "def f(a, /, b, *args, c, **kwargs):\n    \"\"\"F.\n\n    Args:\n        x: X.\n    \"\"\"\n",
                &["DOC101! f a", "DOC101! f b", "DOC101! f *args", "DOC101! f c"],
            ),
            ("def f(a, b):\n    \"\"\"F.\n\n    Args:\n        a, b: Both.\n    \"\"\"\n", &[]),
            ("def f(a, _b):\n    \"\"\"F.\n\n    Args:\n        a: A.\n    \"\"\"\n", &[]),
            (
                "def f(*args):\n    \"\"\"F.\n\n    Args:\n        first: A.\n        second: B.\n    \"\"\"\n",
                &["DOC101! f *args"],
            ),
            (
                "def f(*args):\n    \"\"\"F.\n\n    Args:\n        *args: All.\n        second: B.\n    \"\"\"\n",
                &["DOC102! f second"],
            ),
            ("def f(*, a=1):\n    \"\"\"F.\n\n    Keyword Args:\n        a: A.\n    \"\"\"\n", &[]),
            (
                "def f(a):\n    \"\"\"F.\n\n    Args:\n        a: A.\n        a.key: The key.\n        Note: Both count.\n    \"\"\"\n",
                &[],
            ),
            (
                "def f(a, b):\n    \"\"\"F.\n\n    Args:\n        a - the first\n        b - the second\n    \"\"\"\n",
                &[],
            ),
            (
                "def f(a, b):\n    \"\"\"F.\n\n    Args:\n        Those of `g`.\n    \"\"\"\n",
                &["DOC101? f a", "DOC101? f b"],
            ),
            (
                "def f(a, b):\n    \"\"\"F.\n\n    Args:\n        a: A. Goes on\n            and on, b as well.\n    \"\"\"\n",
                &["DOC101! f b"],
            ),
            ("def f(a):\n    \"\"\"One line about it.\"\"\"\n", &[]),
            (
                "def f(a, b, **c):\n    \"\"\"F.\n\n    Args:\n        a: A.\n        **c: C.\n    \"\"\"\n",
                &["DOC101! f b"],
            ),
            (
                "def f(a, b, c):\n    \"\"\"F.\n\n    Args:\n        a: A.\n        **kw: The rest.\n    \"\"\"\n",
                &["DOC102! f kw"],
            ),
            (
                "def f(a, b, c):\n    \"\"\"F.\n\n    Args:\n        a: A.\n        b and c (of old)\n        The end of b: It.\n    \"\"\"\n",
                &[],
            ),
            (
                "def f(a, b, c):\n    \"\"\"F.\n\n    Args:\n        a: A.\n\n    Raises:\n        E: If b is none or *c* goes.\n    \"\"\"\n    raise E\n",
                &[],
            ),
            (
                "def f(a, b):\n    \"\"\"F.\n\n    Arguments are the same as those of g, and:\n\n    :param a: A.\n    \"\"\"\n",
                &[],
            ),
            ("def f(a):\n    \"\"\"F.\n\n    See g, the main documentation for it.\n    \"\"\"\n", &[]),
            (
                "def f(a, b, c, d):\n    \"\"\"F.\n\n    Args:\n        a, b and c: Both.\n        d: D.\n    \"\"\"\n",
                &[],
            ),
            ("def f(a, b):\n    \"\"\"F.\n\n    :param a: A.\n    :b: B.\n    \"\"\"\n", &[]),
            ("def f(elems):\n    \"\"\"F.\n\n    The elements go.\n    \"\"\"\n", &[]),
            (
                "def f(a, b, **c):\n    \"\"\"F.\n\n    Args:\n        a: A.\n        **c: All remaining keyword arguments.\n    \"\"\"\n",
                &[],
            ),
            ("def f(a):\n    \"\"\"F.\n\n    See `g` for full documentation.\n    \"\"\"\n", &[]),
            ("def f(a):\n    \"\"\"F.\n\n    It is described at length.\n    \"\"\"\n", &["DOC101? f a"]),
            (
                "def f(a=lambda b: b):\n    \"\"\"F.\n\n    Args:\n        a: A.\n    \"\"\"\n    def g(c): pass\n",
                &[],
            ),
            (
                "async def f(a):\n    \"\"\"F.\n\n    Args:\n        b: B.\n        c: C.\n    \"\"\"\n",
                &["DOC101! f a", "DOC102! f b", "DOC102! f c"],
            ),
            (
                "def _f(a):\n    \"\"\"F.\n\n    Args:\n        a: A.\n        gone: G.\n    \"\"\"\n",
                &["DOC102! _f gone"],
            ),
        ],
        &["DOC10"],
    );
}

#[test]
fn what_only_a_description_says_is_no_entry() {
    let numpy = |entry: &str| {
        format!("def f(a, b):\n    \"\"\"F.\n\n    Parameters\n    ----------\n{entry}    \"\"\"\n")
    };
    let table: &[(&str, &[&str])] = &[
        // A line that goes on with a name says nothing about it; one at the height of the entries may be one.
        ("    b : int\n        Is read where\n        `a.key` is not set.\n", &["DOC101! f a"]),
        ("    b : int\n        - `a` is the other one.\n", &[]),
        ("    b : int\n        It.\n    a.key\n        The key.\n", &[]),
        // What is filled in later is a name in braces, not a value.
        ("    b : int\n        Like\n        {'x' -> [1], 'y' -> [2]}\n", &["DOC101! f a"]),
        ("    b : int\n        It.\n    {shared}\n", &[]),
        ("    b : int\n        It.\n    %(shared)s\n", &[]),
        ("    b : int\n        It.\n    {0.shared}\n", &[]),
    ];
    for (entry, expected) in table {
        run_texts(&[(&numpy(entry), expected)], &["DOC10"]);
    }
}

#[test]
fn a_parameter_is_described_in_prose_where_there_is_no_list() {
    let table: &[(&str, &str, &[&str])] = &[
        ("**kw", "kw is extra keyword args to pass on.", &[]),
        ("**kwds", ">>> f(a=4, b=2)    # from keyword args", &[]),
        ("*args", "All arguments are passed on.", &[]),
        ("*args", "At length.", &["DOC101? f *args"]),
        ("**kw", "At length.", &["DOC101? f **kw"]),
        ("name", "The *name* is looked up.", &[]),
        ("name", "Looks the names up.", &[]),
        ("name", "Looks it up and renames it.", &["DOC101? f name"]),
        ("file_name", "The file name is looked up.", &[]),
        ("filename", "The file name is looked up.", &[]),
        ("file_name", "The file is looked up.", &["DOC101? f file_name"]),
        ("handlerList", "The handlers in a list.", &["DOC101? f handlerList"]),
        // One letter, or a word that stands in any text.
        ("a", "Looks a thing up.", &["DOC101? f a"]),
        ("a", "Looks `a` up.", &[]),
        ("a", "As f(a, b) does.", &[]),
        ("a", "Both a and b are looked up.", &[]),
        ("a", "Looks (a thing) up.", &["DOC101? f a"]),
        ("to", "Looks it up to see.", &["DOC101? f to"]),
        ("to", "Goes on until *to*.", &[]),
        ("x", "The logarithm of x.", &[]),
        ("t", "It doesn't go on.", &["DOC101? f t"]),
        ("y", "Both are looked up.", &[]),
        ("tzinfo", "Arguments:\n\n    hour, minute (required)\n    tzinfo (default to None)", &[]),
        ("**kw", "All parameters but one are passed on.", &[]),
        ("url2", "The URLs are compared.", &[]),
        ("name", "In addition to the parameters of Base, it has none.", &[]),
        ("name", "See `open` for the arguments.", &[]),
        ("name", "The arguments are many.", &["DOC101? f name"]),
        ("e", "Others, e.g. that one.", &["DOC101? f e"]),
    ];
    for (parameter, prose, expected) in table {
        let text = format!("def f({parameter}):\n    \"\"\"F.\n\n    {prose}\n    \"\"\"\n");
        run_texts(&[(&text, expected)], &["DOC10"]);
    }
}

#[test]
fn beside_a_list_a_parameter_is_described_where_it_is_marked_as_one() {
    let table: &[(&str, &[&str])] = &[
        ("It looks names up.", &["DOC101! f names"]),
        ("It looks *names* up.", &[]),
        ("It looks ``names`` up.", &[]),
    ];
    for (prose, expected) in table {
        let text = format!(
            "def f(b, names):\n    \"\"\"F.\n\n    {prose}\n\n    Args:\n        b: It.\n    \"\"\"\n"
        );
        run_texts(&[(&text, expected)], &["DOC10"]);
    }
}

#[test]
fn what_the_call_passes_is_not_asked_for() {
    let table: &[(&str, &[&str])] = &[
        ("def f(cls, x1): pass", &["DOC101? f x1"]),
        ("def f(self, x1): pass", &["DOC101? f x1"]),
        ("def f(x1, cls): pass", &["DOC101? f x1", "DOC101? f cls"]),
    ];
    for (header, expected) in table {
        let docstring = "\n    \"\"\"F.\n\n    At length.\n    \"\"\"\n";
        let text = header.replace(" pass", docstring);
        run_texts(&[(&text, expected)], &["DOC10"]);
    }
}

#[test]
fn a_parameter_is_known_behind_its_escape() {
    let text = "def f(class_):\n    r\"\"\"F.\n\n    :param \\class_: A class.\n    \"\"\"\n";
    run_texts(&[(text, &[])], &["DOC10"]);
}

#[test]
fn methods_leave_out_their_receiver() {
    run_texts(
        &[
            (
                "class A:\n    def f(self, a):\n        \"\"\"F.\n\n        Args:\n            a: A.\n        \"\"\"\n",
                &[],
            ),
            (
                "class A:\n    def f(self, a):\n        \"\"\"F.\n\n        Args:\n            self: It.\n            a: A.\n        \"\"\"\n",
                &[],
            ),
            (
                "class A:\n    @classmethod\n    def f(cls, a):\n        \"\"\"F.\n\n        Args:\n            a: A.\n        \"\"\"\n",
                &[],
            ),
            (
                "class A:\n    @staticmethod\n    def f(a, b):\n        \"\"\"F.\n\n        Args:\n            b: B.\n        \"\"\"\n",
                &["DOC101! A.f a"],
            ),
            (
                "class A:\n    @property\n    def f(self):\n        \"\"\"F.\n\n        More of it.\n        \"\"\"\n",
                &[],
            ),
            (
                "class A:\n    @f.setter\n    def f(self, value):\n        \"\"\"F.\n\n        Args:\n            value: V.\n        \"\"\"\n",
                &[],
            ),
            ("@overload\ndef f(a: int): \n    \"\"\"F.\n\n    Args:\n        b: B.\n    \"\"\"\n", &[]),
            (
                "@typing.overload\ndef f(a: int): ...\ndef f(a):\n    \"\"\"F.\n\n    Args:\n        a: A.\n    \"\"\"\n",
                &[],
            ),
        ],
        &["DOC10"],
    );
}

#[test]
fn a_class_speaks_for_its_initializer() {
    let class = "class A:\n    \"\"\"A.\n\n    Args:\n        x: X.\n    \"\"\"\n";
    let with = |rest: &str| format!("{class}{rest}");
    let texts = [
        (with("    x: int\n"), vec![]),
        (with("    def __init__(self, x): pass\n"), vec![]),
        (with("    def __init__(self, x, y): pass\n"), vec!["DOC101! A y"]),
        (with("    def __init__(self, x, **kwargs): pass\n"), vec!["DOC101! A **kwargs"]),
        (
            with(
                "    def __init__(self, x):\n        \"\"\"Makes one.\n\n        It is empty.\n        \"\"\"\n",
            ),
            vec![],
        ),
        (
            "class A:\n    \"\"\"A.\n\n    Args:\n        x: X.\n        *more: M.\n    \"\"\"\n    def __new__(cls, *more): return 1\n    def __init__(self, x): pass\n"
                .to_owned(),
            vec![],
        ),
        (
            with(
                "    @overload\n    def __init__(self, y): ...\n    @overload\n    def __init__(self, z): ...\n    def __init__(self, x): pass\n",
            ),
            vec![],
        ),
        (
            with(
                "    if A:\n        def __init__(self, y): pass\n    else:\n        def __init__(self, z): pass\n",
            ),
            vec![],
        ),
        (
            "class A:\n    \"\"\"A.\n\n    At length.\n    \"\"\"\n    def __init__(self, x): pass\n"
                .to_owned(),
            vec![],
        ),
    ];
    for (text, expected) in &texts {
        run_texts(&[(text, expected)], &["DOC10"]);
    }
}

#[test]
fn a_rename_is_told_from_a_removal() {
    run_texts(
        &[
            (
                "def f(a, b):\n    \"\"\"F.\n\n    Args:\n        a: A.\n        c: C.\n    \"\"\"\n",
                &["DOC103! f c"],
            ),
            (
                "def f(a, b):\n    \"\"\"F.\n\n    Args:\n        c: C.\n        b: B.\n    \"\"\"\n",
                &["DOC103! f c"],
            ),
            (
                "def f(b, a):\n    \"\"\"F.\n\n    Args:\n        a: A.\n        c: C.\n    \"\"\"\n",
                &["DOC101! f b", "DOC102! f c"],
            ),
            (
                "def f(*args):\n    \"\"\"F.\n\n    Args:\n        values: V.\n    \"\"\"\n",
                &["DOC101! f *args"],
            ),
            (
                "def f(*args):\n    \"\"\"F.\n\n    Args:\n        *values: V.\n    \"\"\"\n",
                &["DOC101! f *args"],
            ),
            (
                "def f(b: int):\n    \"\"\"F.\n\n    Args:\n        c (str): C.\n    \"\"\"\n",
                &["DOC101! f b", "DOC102! f c"],
            ),
            (
                "def f(b: 'Optional[int]'):\n    \"\"\"F.\n\n    Args:\n        c (int): C.\n    \"\"\"\n",
                &["DOC103! f c"],
            ),
        ],
        &["DOC10"],
    );
    let text = "def f(retries: int):\n    \"\"\"F.\n\n    Args:\n        timeout: Seconds.\n    \"\"\"\n    go(retries)\n";
    let other = "def f(timeout: float):\n    \"\"\"F.\n\n    Args:\n        timeout: Seconds.\n    \"\"\"\n    go(timeout)\n";
    let same = "def f(timeout: int):\n    \"\"\"F.\n\n    Args:\n        timeout: Seconds.\n    \"\"\"\n    go(timeout)\n";
    run(
        &[
            Case {
                path: "a.py",
                base: Some(other),
                text,
                expected: &["DOC101! f retries", "DOC102! f timeout"],
            },
            Case { path: "a.py", base: Some(same), text, expected: &["DOC103! f timeout"] },
        ],
        &only(&["DOC10"]),
    );
}

#[test]
fn other_styles_are_not_misread() {
    let texts = [
        "def f(a):\n    \"\"\"F.\n\n    Parameters\n    ----------\n    a : int\n        A.\n\n    Returns\n    -------\n    int\n    \"\"\"\n    return 1\n",
        "def f(a):\n    \"\"\"F.\n\n    :param a: A.\n    :returns: One.\n    \"\"\"\n    return 1\n",
        "def f(a):\n    \"\"\"F.\n\n    @param a: A.\n    @return: One.\n    \"\"\"\n    return 1\n",
    ];
    for text in texts {
        for style in [None, Some(crate::docstring::Style::Google)] {
            let mut settings = only(&["DOC"]);
            settings.style = style;
            run(&[Case { path: "a.py", base: None, text, expected: &[] }], &settings);
        }
    }
}

#[test]
fn only_what_changed_is_judged_and_moves_are_not_asked_for_more() {
    let lax = "def f(a):\n    \"\"\"F.\n\n    At length.\n    \"\"\"\n    return a + 1\n";
    let reformatted =
        "def f( a ):\n    \"\"\"F.\n\n    At length.\n    \"\"\"\n    # why\n    return (a + 1)\n";
    let moved =
        "class A:\n    pass\n\ndef g(a):\n    \"\"\"F.\n\n    At length.\n    \"\"\"\n    return a + 1\n";
    let edited = "def f(a):\n    \"\"\"F.\n\n    At greater length.\n    \"\"\"\n    return a + 1\n";
    let class = "class A:\n    \"\"\"A.\n\n    Args:\n        x: X.\n    \"\"\"\n    def __init__(self, x):\n        self.x = x\n";
    let class_now = "class A:\n    \"\"\"A.\n\n    Args:\n        x: X.\n    \"\"\"\n    def __init__(self, x, y):\n        self.x = x\n";
    run(
        &[
            Case { path: "a.py", base: Some(lax), text: reformatted, expected: &[] },
            Case { path: "a.py", base: Some(lax), text: moved, expected: &[] },
            Case { path: "a.py", base: Some(lax), text: edited, expected: &["DOC101? f a", "DOC201? f"] },
            Case { path: "a.py", base: Some(class), text: class_now, expected: &["DOC101! A y"] },
        ],
        &only(&["DOC"]),
    );
}

#[test]
fn parameters_described_elsewhere_or_in_fields_of_another_name_are_documented() {
    let function = |text: &str| {
        format!("def f(a, long_name):\n    \"\"\"Looks it up.\n\n    {text}\n    \"\"\"\n    g(a)\n")
    };
    let table: &[(&str, &[&str])] = &[
        ("Arguments are as for mkstemp, except one.", &[]),
        ("This is an alias of :func:`.util.other`.", &[]),
        ("The alias is used by most of us, as for me.", &["DOC101? f a", "DOC101? f long_name"]),
        (":arg a: One.\n    :kw long_name: Two.", &[]),
        (
            ":arg a: One.\n    :kw x: Two.\n    :kw y: Three.",
            &["DOC101! f long_name", "DOC102! f x", "DOC102! f y"],
        ),
    ];
    for (text, expected) in table {
        let mut found = lines("a.py", &function(text), None, &only(&["DOC101", "DOC102"]));
        found.sort();
        assert_eq!(found, *expected, "{text}");
    }
}

#[test]
fn a_name_may_be_short_for_what_the_text_says() {
    let table: &[(&str, &str, &[&str])] = &[
        ("sig", "Validates a signal.", &[]),
        ("abs_tol", "It is within an absolute tolerance.", &[]),
        ("localetuple", "Builds it from the given tuple.", &[]),
        ("abs_tol", "It is within a tolerance.", &["DOC101? f abs_tol"]),
        ("localetuple", "It is a tuple.", &["DOC101? f localetuple"]),
        ("fd", "The fdisk is read.", &["DOC101? f fd"]),
    ];
    for (name, text, expected) in table {
        let text = format!("def f({name}):\n    \"\"\"Looks it up.\n\n    {text}\n    \"\"\"\n    g(1)\n");
        run_texts(&[(&text, expected)], &["DOC101"]);
    }
}

#[test]
fn fixtures_are_called_by_nobody() {
    let text = "@pytest.fixture\ndef f(data):\n    \"\"\"F.\n\n    Returns:\n        int: It.\n    \"\"\"\n    return data\n";
    run_texts(&[(text, &[]), (&text.replace("@pytest.fixture\n", ""), &["DOC101? f data"])], &["DOC101"]);
}
