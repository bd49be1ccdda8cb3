//! DOC201, DOC202, DOC402, DOC403.

use super::cases::run_texts;

/// Returns a function with a docstring of these lines and this body.
fn function(decorator: &str, annotation: &str, docstring: &str, body: &str) -> String {
    let lines = docstring.replace('\n', "\n    ");
    format!(
        "{decorator}def f(){annotation}:\n    \"\"\"Looks it up.\n\n    {lines}\n    \"\"\"\n    {body}\n"
    )
}

#[test]
fn an_expression_in_place_of_a_summary_says_what_is_returned() {
    let table: &[(&str, &[&str])] = &[
        ("float(self) = self.numerator / self.denominator", &[]),
        ("self + other", &[]),
        ("Well-made, by itself", &["DOC201? f"]),
        ("Sets it, by default = 1", &["DOC201? f"]),
    ];
    for (summary, expected) in table {
        let text =
            format!("def f(self, other):\n    \"\"\"{summary}\n\n    At length.\n    \"\"\"\n    return 1\n");
        run_texts(&[(&text, expected)], &["DOC201"]);
    }
}

#[test]
fn a_summary_that_begins_with_the_type_says_what_is_returned() {
    let table: &[(&str, &str, &[&str])] = &[
        ("tzinfo of the bound.", "tzinfo | None", &[]),
        ("dict {name -> label}", "dict[str, str]", &[]),
        ("The Series of all.", "pd.Series", &[]),
        ("Sets the tzinfo.", "tzinfo | None", &["DOC201? f"]),
        ("It is.", "It", &["DOC201? f"]),
        ("See the corresponding documentation of g.", "int", &[]),
        ("This is an alias of g.", "int", &[]),
        ("Inverse of `g`.", "int", &[]),
        ("legacy method for :attr:`.g`.", "int", &[]),
        ("An alias is used.", "int", &["DOC201? f"]),
    ];
    for (summary, annotation, expected) in table {
        let text = format!(
            "def f() -> {annotation}:\n    \"\"\"{summary}\n\n    At length.\n    \"\"\"\n    return g()\n"
        );
        run_texts(&[(&text, expected)], &["DOC201"]);
    }
}

#[test]
fn a_sentence_among_lists_may_go_on_to_what_is_returned() {
    let text = |summary: &str| {
        format!("def f(a):\n    \"\"\"{summary}\n\n    Args:\n        a: One.\n    \"\"\"\n    return a\n")
    };
    for (summary, expected) in [
        ("Apply it to the query and return the resulting one.", &[][..]),
        ("Apply it to the query.", &["DOC201? f"]),
        ("Re-format the output as a string of SQL.", &[]),
        ("Converts it into rows.", &[]),
        ("Convert the rows where they stand.", &["DOC201? f"]),
        ("Create a new row.", &[]),
        ("Produces a clause of it.", &[]),
        ("Produce the clause.", &[]),
        ("Private constructor to create a context.", &[]),
        ("It is for others\n    return it as a list.", &[]),
        ("Coerce the rows to a table.", &[]),
        ("Decorator for rows.", &[]),
        ("Context manager for rows.", &[]),
        ("The context of rows.", &["DOC201? f"]),
        ("Create valid names.", &[]),
        ("Get names of it.", &[]),
        ("Populate a new row.", &[]),
        ("Evaluate it, otherwise return it as it is.", &[]),
        ("Class decorator to pin rows.", &[]),
        ("Coerce this row to another.", &[]),
        ("Wrapper to open rows late.", &[]),
        ("Helper function to extract all rows.", &[]),
        ("Find the row closest to it.", &[]),
        ("Add it. The row is then returned.", &[]),
        ("Sort it.\n\n    The call above will produce a row.", &[]),
        ("Relate it.\n\n    The constructed class is a row.", &[]),
        ("Adds it to rows.", &["DOC201? f"]),
    ] {
        run_texts(&[(&text(summary), expected)], &["DOC201"]);
    }
    let fluent = |returns: &str, annotation: &str| {
        format!(
            "class A:\n    def f(self, a) -> {annotation}:\n        \"\"\"Adds it.\n\n        Args:\n            a: One.\n        \
             \"\"\"\n        return {returns}\n"
        )
    };
    run_texts(
        &[
            (&fluent("self.where(a)", "Self"), &[]),
            (&fluent("self.where(a)", "A"), &["DOC201? A.f"]),
            (&fluent("other.where(a)", "Self"), &["DOC201? A.f"]),
        ],
        &["DOC201"],
    );
    let entry = |said: &str| text("Decide.").replace("a: One.", &format!("a: {said}"));
    run_texts(
        &[
            (&entry("return if it is so"), &[]),
            (&entry("as the returned rows"), &[]),
            (&entry("one if it is so"), &["DOC201? f"]),
        ],
        &["DOC201"],
    );
    let raises = |summary: &str| text(summary).replace("Args", "Raises").replace("a: One", "E: At times");
    let table = [("Same as g, but slow.", &[][..]), ("Is as g was.", &["DOC201? f"])];
    for (summary, expected) in table {
        run_texts(&[(&raises(summary), expected)], &["DOC201"]);
    }
}

#[test]
fn what_hands_nothing_on_returns_no_value() {
    let class = |put: &str, returns: &str| {
        format!(
            "class Q:\n    def put(self, a):\n        {put}\n    def now(self, a):\n        \"\"\"Puts it.\n\n        \
             At once.\n        \"\"\"\n        return {returns}\n"
        )
    };
    let table: &[(&str, &str, &[&str])] = &[
        ("self.a = a", "self.put(a)", &[]),
        ("return a", "self.put(a)", &["DOC201? Q.now"]),
        ("raise NotImplementedError", "self.put(a)", &["DOC201? Q.now"]),
        ("yield a", "self.put(a)", &["DOC201? Q.now"]),
        ("self.a = a", "self.put(a) or 1", &["DOC201? Q.now"]),
        ("self.a = a", "self.other(a)", &["DOC201? Q.now"]),
    ];
    for (put, returns, expected) in table {
        run_texts(&[(&class(put, returns), expected)], &["DOC201"]);
    }
}

#[test]
fn a_generator_that_finds_things_says_what_comes() {
    let generator = |summary: &str| {
        format!("def f(a):\n    \"\"\"{summary}\n\n    Args:\n        a: One.\n    \"\"\"\n    yield a\n")
    };
    for (summary, expected) in [
        ("Locate all collections under a path.", &[][..]),
        ("Finds the files.", &[]),
        ("Manages the connection.", &["DOC402? f"]),
    ] {
        run_texts(&[(&generator(summary), expected)], &["DOC402"]);
    }
}

fn judge(cases: &[(&str, &str, &str, &str, &[&str])], codes: &[&str]) {
    for (decorator, annotation, docstring, body, expected) in cases {
        run_texts(&[(&function(decorator, annotation, docstring, body), expected)], codes);
    }
}

#[test]
fn returned_values_are_documented() {
    judge(
        &[
            ("", "", "At length.", "return 1", &["DOC201? f"]),
            ("", "", "At length.", "return None", &[]),
            ("", "", "At length.", "return", &[]),
            ("", "", "At length.", "raise ValueError", &[]),
            ("", "", "Returns the one that was put in first.", "return 1", &[]),
            ("", " -> None", "At length.", "return g()", &[]),
            ("", "", "At length.", "g = lambda: 1", &[]),
            ("", "", "At length.", "def g(): return 1", &[]),
            ("", "", "At length.", "yield 1; return 2", &[]),
            ("@property\n", "", "At length.", "return 1", &[]),
            ("@functools.cached_property\n", "", "At length.", "return 1", &[]),
            ("@overload\n", "", "At length.", "return 1", &[]),
            ("async ", "", "At length.", "return 1", &["DOC201? f"]),
            // In words.
            ("", "", "Given a list of tuples, return a list of strings.", "return 1", &[]),
            ("", "", "The name is returned.", "return 1", &[]),
            ("", "", "The names that g returned.", "return 1", &[]),
            ("", "", "The names returned by g are looked at.", "return 1", &["DOC201? f"]),
            ("", "", "Carriage returns are looked at.", "return 1", &["DOC201? f"]),
            ("", "", "It is true of all that goes on.", "return 1", &["DOC201? f"]),
            ("", "", "True if it is there.", "return 1", &[]),
            ("", "", "Gets the name.", "return 1", &[]),
            ("", "", "It gets on.", "return 1", &["DOC201? f"]),
            ("", "", "It creates a name.", "return 1", &["DOC201? f"]),
            ("", "", "(typ, [data]) = it.f(root)", "return 1", &[]),
            ("", "", "it.g(x = f(root))", "return 1", &["DOC201? f"]),
            ("", "", "with f() as name:", "return 1", &[]),
            ("", "", ">>> a = f(1)\n>>> print(a)\n3", "return 1", &[]),
            ("", "", ">>> f(1)\n\nIt goes on.", "return 1", &["DOC201? f"]),
            ("", "", "Whether it is there.", "return 1", &[]),
            ("", "", "Try to get a copy.", "return 1", &[]),
            ("", "", "Check whether it is there.", "return 1", &[]),
            ("", "", "Check the names that are there.", "return 1", &["DOC201? f"]),
            ("", "", "Finds the name.", "return 1", &[]),
            ("", "", "Try to go on.", "return 1", &["DOC201? f"]),
            ("@pkg.cache_readonly\n", "", "At length.", "return 1", &[]),
            ("@pkg.memoized_property\n", "", "At length.", "return 1", &[]),
            ("@properly\n", "", "At length.", "return 1", &["DOC201? f"]),
            ("", "", "It is a decorator.", "return 1", &[]),
            ("@pytest.fixture\n", "", "At length.", "return 1", &[]),
            ("", "", ":raises KeyError: If so.\nreturn: a number", "return 1", &[]),
            ("", "", ":raises KeyError: If so.\n    Returned by others.", "return 1", &["DOC201? f"]),
            ("", "", "f(x) -> int", "return 1", &[]),
            ("", "", ">>> f(1)\n3", "return 1", &[]),
            ("", "", ">>> g(1)\n3", "return 1", &["DOC201? f"]),
            ("", "", ">>> f(1)", "return 1", &["DOC201? f"]),
            // Beside a list it must be said plainly.
            ("", "", "See what they return.\n\nRaises:\n    KeyError: If so.", "return 1", &["DOC201? f"]),
            ("", "", "It goes on. Returns a number.\n\nRaises:\n    KeyError: If so.", "return 1", &[]),
            ("", "", "A number is returned.\n\nRaises:\n    KeyError: If so.", "return 1", &[]),
        ],
        &["DOC201"],
    );
    run_texts(
        &[
            ("def f():\n    \"\"\"Looks it up.\"\"\"\n    return 1\n", &[]),
            (
                "class A:\n    def __new__(cls):\n        \"\"\"Makes it.\n\n        At length.\n        \"\"\"\n        return 1\n",
                &[],
            ),
            ("def f():\n    \"\"\"Builds a name.\n\n    At length.\n    \"\"\"\n    return 1\n", &[]),
            (
                "class A:\n    def __iand__(self, o):\n        \"\"\"Intersects.\n\n        >>> a &= b\n        >>> a\n        1\n        \"\"\"\n        return 1\n",
                &[],
            ),
            ("def f():\n    \"\"\"Builds.\n\n    At length.\n    \"\"\"\n    return 1\n", &["DOC201? f"]),
            (
                "def f():\n    \"\"\"Looks up a name.\n\n    Raises:\n        KeyError: If so.\n    \"\"\"\n    return 1\n",
                &["DOC201? f"],
            ),
        ],
        &["DOC201"],
    );
}

#[test]
fn a_documented_result_is_returned() {
    let section = "Returns:\n    The record.";
    judge(
        &[
            ("", "", section, "g()", &["DOC202! f"]),
            ("", "", section, "return None", &["DOC202! f"]),
            ("", "", section, "def g(): return 1", &["DOC202! f"]),
            ("", "", section, "g = lambda: 1", &["DOC202! f"]),
            ("", " -> None", section, "g()", &["DOC202! f"]),
            ("", "", section, "if g(): raise H", &["DOC202! f"]),
            ("", "", section, "raise H", &["DOC202? f"]),
            ("", " -> int", section, "g()", &[]),
            ("", "", section, "yield 1", &[]),
            ("", "", section, "...", &[]),
            ("", "", section, "raise NotImplementedError", &[]),
            ("", "", section, "message = 'no'; raise NotImplementedError(message)", &[]),
            ("@abc.abstractmethod\n", "", section, "g()", &[]),
            ("@property\n", "", section, "g()", &[]),
            ("@overload\n", "", section, "g()", &[]),
            ("@app.task\n", "", section, "g()", &["DOC202? f"]),
            ("@contextlib.contextmanager\n", "", section, "yield", &[]),
            ("async ", "", section, "await g()", &["DOC202! f"]),
            ("", "", "Returns:\n    None", "g()", &[]),
            ("", "", "Returns:\n    ``None``.", "g()", &[]),
            ("", "", "Returns:\n    Nothing.", "g()", &[]),
            ("", "", "Returns:\n    This does not return anything.", "g()", &[]),
            ("", "", "Returns:\n    No value.", "g()", &[]),
            ("", "", "Returns:\n    This function never returns.", "g()", &[]),
        ],
        &["DOC202"],
    );
}

#[test]
fn yielded_values_are_documented() {
    judge(
        &[
            ("", "", "At length.", "yield 1", &["DOC402? f"]),
            ("", "", "At length.", "yield from g()", &["DOC402? f"]),
            ("", "", "At length.", "yield", &[]),
            ("", "", "At length.", "yield None", &[]),
            ("", "", "Yields the records.", "yield 1", &[]),
            ("", "", "Returns:\n    An iterator.", "yield 1", &[]),
            ("", "", "Yields:\n    Each record.", "yield 1", &[]),
            ("", "", "At length.", "g = lambda: (yield 1)", &[]),
            ("async ", "", "At length.", "yield 1", &["DOC402? f"]),
            ("", "", "Compare two texts; generate the delta.", "yield 1", &[]),
            ("", "", "An async iterator is returned.", "yield 1", &[]),
            ("", "", "The old one goes to the target of the \"as\" clause.", "yield 1", &[]),
            ("@types.coroutine\n", "", "At length.", "yield 1", &[]),
            ("", "", "Generates pairs.\n\nRaises:\n    KeyError: If so.", "yield 1", &[]),
            ("", "", "Pairs in general.\n\nRaises:\n    KeyError: If so.", "yield 1", &["DOC402? f"]),
            ("", "", "Each of them is looked at in general.", "yield 1", &["DOC402? f"]),
        ],
        &["DOC402"],
    );
}

#[test]
fn documented_values_are_yielded() {
    let section = "Yields:\n    Each record.";
    judge(
        &[
            ("", "", section, "g()", &["DOC403! f"]),
            ("", "", section, "def g(): yield 1", &["DOC403! f"]),
            ("", "", section, "return iter(())", &[]),
            ("", "", section, "if a:\n        return super().f()\n    return self._f()", &[]),
            ("", "", section, "return (x for x in a)", &[]),
            ("", "", section, "return [x for x in a]", &["DOC403? f"]),
            ("", "", section, "return True", &["DOC403? f"]),
            ("", " -> Iterator[int]", section, "return g()", &[]),
            ("", " -> 'Generator[int, None, None]'", section, "return g()", &[]),
            ("", "", section, "x = yield", &[]),
            ("", "", section, "...", &[]),
            ("@abstractmethod\n", "", section, "g()", &[]),
            ("@app.task\n", "", section, "g()", &["DOC403? f"]),
            ("async ", "", section, "yield 1", &[]),
        ],
        &["DOC403"],
    );
}

#[test]
fn a_paragraph_below_a_list_may_say_what_is_returned() {
    let text = "def f(a):\n    \"\"\"F.\n\n    Parameters\n    ----------\n    a : int\n        A.\n\n        .. versionchanged:: 1.2\n\n    Returns the dataclass.\n    \"\"\"\n    return a\n";
    run_texts(&[(text, &[]), (&text.replace("Returns the", "It is a"), &["DOC201? f"])], &["DOC201"]);
}

#[test]
fn what_gives_itself_or_what_the_language_asks_for_need_not_say_so() {
    let text = |name: &str, value: &str| {
        format!(
            "class A:\n    def {name}(self, a):\n        \"\"\"Apply it.\n\n        Args:\n            a: One.\n        \"\"\"\n        if a:\n            return {value}\n        return self\n"
        )
    };
    for (name, value, expected) in [
        ("f", "self", &[][..]),
        ("f", "self.b", &["DOC201? A.f"]),
        ("__deepcopy__", "self.b", &[]),
        ("__call__", "self.b", &["DOC201? A.__call__"]),
    ] {
        run_texts(&[(&text(name, value), expected)], &["DOC201"]);
    }
}
