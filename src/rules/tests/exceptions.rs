//! DOC501, DOC502.

use super::cases::{lines, only, run_texts};
use crate::python::Modules;

/// Returns a function that documents one exception, and its neighbours.
fn documented(exception: &str, body: &str, rest: &str) -> String {
    format!(
        "def f(a, load=None):\n    \"\"\"F.\n\n    Raises:\n        {exception}: If so.\n    \"\"\"\n{body}\n{rest}"
    )
}

#[test]
fn an_exception_may_be_named_in_plain_words() {
    let text =
        |said: &str| format!("def f(a):\n    \"\"\"F.\n\n    {said}\n    \"\"\"\n    raise ValueError(a)\n");
    run_texts(
        &[
            (&text("Whether a value error comes."), &[]),
            (&text("Whether a value comes."), &["DOC501? f ValueError"]),
        ],
        &["DOC501"],
    );
}

#[test]
fn a_documented_exception_is_raised() {
    let refuted: &[&str] = &["DOC502! f"];
    let doubted: &[&str] = &["DOC502? f"];
    let fine: &[&str] = &[];
    let table: &[(&str, &str, &str, &[&str])] = &[
        ("ValueError", "    return a", "", refuted),
        ("ValueError", "    if a < 0:\n        a = 0\n    return a", "", doubted),
        ("ValueError", "    if a is None:\n        a = 0\n    return a", "", refuted),
        ("DimensionalityError", "    return a + load", "", doubted),
        ("ValueError", "    return a == load", "", doubted),
        ("ValueError", "    return f'{a:x}'", "", doubted),
        ("ConnectionError", "    return hasattr(a, 'b')", "", doubted),
        ("MemoryError", "    return a", "", fine),
        ("RecursionError", "    return f(a)", "", fine),
        ("ValueError", "    raise ValueError('x')", "", fine),
        ("ValueError", "    raise errors.ValueError('x') from error", "", fine),
        ("LookupError", "    raise KeyError(a)", "", fine),
        ("KeyError", "    raise LookupError", "", refuted),
        ("Exception", "    raise Custom()", "", fine),
        ("BaseException", "    raise ValueError()", "", fine),
        ("IOError", "    raise PermissionError()", "", fine),
        ("FileNotFoundError", "    raise OSError(2, a)", "", doubted),
        ("ValueError", "    raise Custom", "", doubted),
        ("ValueError", "    raise Custom", "class Custom(Base): pass\nclass Base(ValueError): pass\n", fine),
        ("ValueError", "    raise Custom", "class Custom(Exception): pass\n", refuted),
        (
            "ValueError",
            "    try:\n        raise ValueError\n    except ValueError:\n        return None",
            "",
            refuted,
        ),
        ("ValueError", "    try:\n        raise ValueError\n    except ValueError:\n        raise", "", fine),
        (
            "ValueError",
            "    try:\n        g()\n    except KeyError as error:\n        raise ValueError from error",
            "",
            fine,
        ),
        ("ValueError", "    error = ValueError()\n    raise error", "", fine),
        ("struct.error", "    return a", "", fine),
        ("None", "    return a", "", fine),
        ("AssertionError", "    assert a", "", fine),
        ("ZeroDivisionError", "    return 1 / a", "", fine),
        ("KeyError", "    return a['b']", "", fine),
        ("ValueError", "    return a['b']", "", doubted),
        ("ValueError", "    x, y = a", "", fine),
        ("ValueError", "    return int(a)", "", fine),
        ("FileNotFoundError", "    return open(a)", "", fine),
        ("SystemExit", "    sys.exit(1)", "", fine),
        ("ImportError", "    import x", "", fine),
        ("AttributeError", "    return a.b", "", fine),
        ("ValueError", "    return a.b", "", doubted),
        ("ValueError", "    return client.get(a)", "", fine),
        ("ValueError", "    with a:\n        pass", "", doubted),
        ("ValueError", "    return [b for b in a]", "", doubted),
        ("ValueError", "    return lambda: check(a)", "", fine),
        ("BrokenPipeError", "    print(a)", "", doubted),
        ("ValueError", "    load()", "def load(): return 1\n", fine),
        ("ValueError", "    raise KeyError(check(a))", "", fine),
        (
            "ValueError",
            "    helper()",
            "def helper():\n    deeper()\ndef deeper():\n    raise ValueError\n",
            fine,
        ),
        ("ValueError", "    helper()", "def helper():\n    helper()\n    f(1)\n", refuted),
        ("ValueError", "    helper()", "def helper():\n    return get()\n", fine),
        ("ValueError", "    helper()", "@checked\ndef helper():\n    return 1\n", fine),
        ("ValueError", "    helper()", "def helper(): ...\n", fine),
        (
            "ValueError",
            "    helper()",
            "if a:\n    def helper(): return 1\nelse:\n    def helper(): raise ValueError\n",
            fine,
        ),
        ("ValueError", "    return Made()", "class Made:\n    def __init__(self): raise ValueError\n", fine),
        ("ValueError", "    return Made()", "class Made: pass\n", fine),
        ("ValueError", "    def g(): raise ValueError\n    return g", "", fine),
        ("ValueError", "    pass", "", fine),
        ("ValueError", "    message = 'no'\n    raise NotImplementedError(message)", "", fine),
        ("StopIteration", "    yield 1", "", fine),
        // What an implementation raises.
        (
            "ValueError",
            "    raise AbstractMethodError(a)",
            "class AbstractMethodError(Exception): pass\n",
            fine,
        ),
        // What is called out of sight may raise anything; what is built in is known.
        ("KeyError", "    return super().f(a)", "", fine),
        ("KeyError", "    raise a", "", fine),
        ("KeyError", "    return list(a)", "", doubted),
        ("KeyError", "    return isinstance(a, int)", "", refuted),
        ("KeyError", "    return int(a)", "", doubted),
        ("KeyError", "    return next(a)", "", fine),
    ];
    for (exception, body, rest, expected) in table {
        let text = documented(exception, body, rest);
        let expected: Vec<String> = expected.iter().map(|line| format!("{line} {exception}")).collect();
        let expected: Vec<&str> = expected.iter().map(String::as_str).collect();
        run_texts(&[(&text, &expected)], &["DOC502"]);
    }
}

#[test]
fn methods_raise_through_their_own_methods_and_properties() {
    let method = |header: &str, body: &str, rest: &str| {
        format!(
            "class A{header}:\n    def f(self):\n        \"\"\"F.\n\n        Raises:\n            ValueError: If so.\n        \"\"\"\n        {body}\n{rest}"
        )
    };
    let table: &[(&str, &str, &str, &[&str])] = &[
        ("", "self.g()", "    def g(self): raise ValueError\n", &[]),
        ("", "self.g()", "    def g(self): return 1\n", &["DOC502! A.f ValueError"]),
        ("", "self.g()", "    @abstractmethod\n    def g(self): return 1\n", &[]),
        ("", "self.g()", "    def g(self): raise NotImplementedError\n", &[]),
        ("(Base)", "self.g()", "", &[]),
        ("", "self.x = 1", "", &["DOC502! A.f ValueError"]),
        ("(Base)", "self.x = 1", "", &[]),
        (
            "",
            "self.x = 1",
            "    @property\n    def x(self): return 1\n    @x.setter\n    def x(self, v): raise ValueError\n",
            &[],
        ),
        ("", "super().f()", "", &[]),
        ("", "self.x = 1", "    def __setattr__(self, n, v): pass\n", &[]),
    ];
    for (header, body, rest, expected) in table {
        run_texts(&[(&method(header, body, rest), expected)], &["DOC502"]);
    }
}

#[test]
fn what_a_property_gives_may_raise_when_it_is_used() {
    let text = |decorator: &str| {
        format!(
            "class Reader:\n    def __init__(self): self.x = 1\nclass A:\n    {decorator}\n    def f(self):\n        \"\"\"F.\n\n        Raises:\n            KeyError: If so.\n        \"\"\"\n        return Reader()\n"
        )
    };
    run_texts(&[(&text("@property"), &[]), (&text("@staticmethod"), &["DOC502! A.f KeyError"])], &["DOC502"]);
}

#[test]
fn decorators_overloads_and_interfaces_are_not_refuted() {
    let table: &[(&str, &[&str])] = &[
        ("@validated\n", &[]),
        ("@functools.lru_cache(maxsize=None)\n", &["DOC502! f ValueError"]),
        ("@overload\n", &[]),
        ("@abstractmethod\n", &[]),
        ("async ", &["DOC502! f ValueError"]),
    ];
    for (decorator, expected) in table {
        run_texts(
            &[(&format!("{decorator}{}", documented("ValueError", "    return a", "")), expected)],
            &["DOC502"],
        );
    }
}

#[test]
fn a_raised_exception_is_documented() {
    let function = |docstring: &str, body: &str| {
        format!("def f(a):\n    \"\"\"F.\n\n    {docstring}\n    \"\"\"\n    {body}\n")
    };
    let table: &[(&str, &str, &[&str])] = &[
        ("At length.", "raise ValueError", &["DOC501? f ValueError"]),
        ("At length.", "raise errors.Broken('x') from None", &["DOC501? f errors.Broken"]),
        ("At length.", "raise a", &[]),
        ("At length.", "if a: raise NotImplementedError\n    return 1", &[]),
        (
            "At length.",
            "raise KeyError if a else ValueError",
            &["DOC501? f KeyError", "DOC501? f ValueError"],
        ),
        ("At length.", "check(a)", &[]),
        ("At length.", "g = lambda: h(a)", &[]),
        ("At length.", "def g(): raise ValueError", &[]),
        ("At length.", "assert a", &[]),
        ("Raises:\n        LookupError: If so.", "raise KeyError", &[]),
        ("Raises:\n        KeyError, ValueError: If so.", "raise ValueError", &[]),
        ("Raises:\n        errors.Broken: If so.", "raise Broken", &[]),
        ("Raises:\n        If it breaks, a `ValueError`.", "raise ValueError", &[]),
        ("Raises:\n        KeyError: If so.", "raise ValueError", &["DOC501? f ValueError"]),
        ("Raises SMTPDataError if\n    the reply is unexpected.", "raise SMTPDataError(1)", &[]),
        ("A :exc:`ValueError` is raised if not.", "raise ValueError", &[]),
        ("It throws OSError.", "raise FileNotFoundError", &[]),
        ("It raises an exception if not.", "raise ValueError", &[]),
        ("It raises a KeyError if not.", "raise ValueError", &["DOC501? f ValueError"]),
        (
            "It raises an exception.\n\n    Args:\n        a: It.",
            "raise ValueError",
            &["DOC501? f ValueError"],
        ),
        ("It raises the bar.", "raise ValueError", &["DOC501? f ValueError"]),
        ("Errors are rare.", "raise ValueError", &["DOC501? f ValueError"]),
    ];
    for (docstring, body, expected) in table {
        run_texts(&[(&function(docstring, body), expected)], &["DOC501"]);
    }
    run_texts(
        &[
            ("def f():\n    \"\"\"One line.\"\"\"\n    raise ValueError\n", &[]),
            (
                "class A:\n    \"\"\"A.\n\n    Raises:\n        ValueError: If so.\n    \"\"\"\n    def __init__(self):\n        \"\"\"Makes it.\n\n        At length.\n        \"\"\"\n        raise ValueError\n",
                &[],
            ),
        ],
        &["DOC501"],
    );
}

#[test]
fn a_base_in_another_file_is_followed() {
    const FILES: &[(&str, &str)] = &[
        ("p/__init__.py", "from .errors import Broken\n"),
        (
            "p/errors.py",
            "from . import roots\nclass Broken(roots.Root): pass\nclass Odd(make()): pass\n\
             class Plain(Exception): pass\nclass Missing(KeyError): pass\nBroken2 = Broken\n",
        ),
        ("p/roots.py", "from .cycle import Loop\nclass Root(ValueError): pass\n"),
        ("p/cycle.py", "from .cycle import Loop as Again\nclass Loop(Again): pass\n"),
    ];
    let table: &[(&str, &str, &[&str])] = &[
        // What is documented, and what is raised.
        ("ValueError", "p.Broken()", &[]),
        ("Root", "Broken", &[]),
        ("p.roots.Root", "errors.Broken", &[]),
        ("ValueError", "Renamed('x')", &[]),
        ("Root", "errors.Broken2", &[]),
        ("KeyError", "errors.Broken", &["DOC501? f errors.Broken", "DOC502! f"]),
        ("LookupError", "errors.Missing", &[]),
        ("ValueError", "errors.Plain()", &["DOC501? f errors.Plain", "DOC502! f"]),
        ("ValueError", "errors.Odd()", &["DOC501? f errors.Odd", "DOC502? f"]),
        ("ValueError", "elsewhere.Odd()", &["DOC501? f elsewhere.Odd", "DOC502? f"]),
        ("ValueError", "errors.Absent()", &["DOC501? f errors.Absent", "DOC502? f"]),
        ("ValueError", "Inner()", &[]),
        // A base of a class in the file, in another file.
        ("ValueError", "Own()", &[]),
        ("KeyError", "Own()", &["DOC501? f Own", "DOC502! f"]),
    ];
    for (documented, raised, expected) in table {
        // An import inside the function may raise something of its own.
        let inner =
            if raised.starts_with("Inner") { "    from p.errors import Broken as Inner\n" } else { "" };
        let text = format!(
            "from .. import p\nimport elsewhere\nfrom p import errors, Broken\nfrom p.errors import Broken as Renamed\n\
             class Own(errors.Broken): pass\n\
             def f(a):\n    \"\"\"F.\n\n    Raises:\n        {documented}: If so.\n    \"\"\"\n{inner}    \
             raise {raised}\n"
        );
        let modules = Modules::new(|path| {
            let found = FILES.iter().find(|(name, _)| *name == path.as_str())?;
            Some(found.1.as_bytes().to_vec())
        });
        let settings = only(&["DOC50"]).with_modules(modules);
        let found: Vec<String> = lines("q/user.py", &text, None, &settings)
            .into_iter()
            .map(|line| if line.starts_with("DOC502") { line[..9].to_owned() } else { line })
            .collect();
        assert_eq!(found, *expected, "{documented} / {raised}");
    }
}

#[test]
fn a_method_that_is_called_through_its_class_is_evidence() {
    let docstring = "    \"\"\"Do.\n\n    Raises:\n        KeyError: If.\n    \"\"\"\n";
    let class = "class A:\n    @staticmethod\n    def m():\n        raise KeyError\n    @staticmethod\n    def o():\n        return 1\n\n\n";
    let table = [("def f():\n", "A.m()", 0), ("def f():\n", "A.n()", 0), ("def f():\n", "A.o()", 1)];
    for (header, call, expected) in table {
        let text = format!("{class}{header}{docstring}    {call}\n");
        assert_eq!(lines("a.py", &text, None, &only(&["DOC502"])).len(), expected, "{header}{call}");
    }
}

#[test]
fn a_sentence_in_place_of_an_entry_names_its_exceptions() {
    let text = |said: &str, body: &str| {
        format!("def f(a):\n    \"\"\"F.\n\n    Raises\n    ------\n    {said}\n    \"\"\"\n    {body}\n")
    };
    let table: &[(&str, &str, &[&str])] = &[
        ("ValueError if so", "return a", &["DOC502! f"]),
        ("ValueError if so", "raise ValueError", &[]),
        ("TypeError or ValueError", "raise ValueError", &["DOC502! f"]),
        ("TypeError, ValueError", "raise ValueError", &["DOC502! f"]),
        ("raises ValueError if so", "return a", &["DOC502! f"]),
        ("An odd number is refused", "return a", &[]),
        ("Value is refused by ValueError", "return a", &[]),
    ];
    for (said, body, expected) in table {
        let found = lines("a.py", &text(said, body), None, &only(&["DOC501", "DOC502"]));
        let found: Vec<&str> =
            found.iter().map(|line| line.rsplit_once(' ').map_or("", |(line, _)| line)).collect();
        assert_eq!(found, *expected, "{said} {body}");
    }
}
