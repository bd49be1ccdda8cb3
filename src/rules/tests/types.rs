//! DOC104 to DOC111, DOC203, DOC404, DG302: order and types.

use super::cases::{lines, only, run_texts};
use crate::docstring::Style;
use crate::rules::{OptionValue, Options, Settings};

fn function(header: &str, sections: &str, body: &str) -> String {
    format!("import typing as t\ndef f{header}:\n    \"\"\"A.\n\n    {sections}\n    \"\"\"\n    {body}\n")
}

fn judge(codes: &[&str], (header, sections, body): (&str, &str, &str)) -> Vec<String> {
    lines("a.py", &function(header, sections, body), None, &only(codes))
}

#[test]
fn types_that_mean_the_same_do_not_disagree() {
    let table: &[(&str, &str, bool)] = &[
        ("a: int", "a (int)", false),
        ("a: int", "a (str)", true),
        ("a: t.Optional[int]", "a (int | None)", false),
        ("a: 'int | None'", "a (int)", false),
        ("a: int | str", "a (str | int)", false),
        ("a: int | str", "a (bytes)", true),
        ("a: dict[str, int]", "a (dict)", false),
        ("a: dict[str, int]", "a (dict[str, str])", true),
        ("a: t.List[int]", "a (list[int])", false),
        ("a: int = 1", "a (int, optional)", false),
        ("a: int", "a (array-like)", false),
        ("a: int", "a (an integer)", false),
        ("a: float", "a (int)", false),
        ("a: int", "a (`int`)", false),
        ("a: int", "a", false),
        ("a", "a (str)", false),
    ];
    for (parameter, entry, fires) in table {
        let found =
            judge(&["DG302"], (&format!("({parameter})"), &format!("Args:\n        {entry}: It."), "g(a)"));
        assert_eq!(!found.is_empty(), *fires, "{parameter} {entry}");
    }
}

#[test]
fn only_classes_that_are_known_contradict_each_other() {
    let head = "import numpy as np\nfrom other import Alias\nAxis = int\nT = t.TypeVar('T')\n\
                class P(t.Protocol): pass\nclass D(t.TypedDict): pass\nclass N(t.NamedTuple): pass\n\
                class U(Alias): pass\nclass C: pass\nclass E(C): pass\n";
    let table: &[(&str, &str, bool)] = &[
        ("int", "Axis", false),
        ("str", "Axis", false),
        ("str", "Alias", false),
        ("str", "Alias | None", false),
        ("str", "T", false),
        ("str", "P", false),
        ("dict", "D", false),
        ("tuple", "N", false),
        ("list", "t.Sequence[int]", false),
        ("str", "t.Hashable", false),
        ("C", "object", false),
        ("Any", "object", false),
        ("str", "U", false),
        ("ndarray", "np.ndarray", false),
        ("np.ndarray[bool]", "np.ndarray", false),
        ("C", "E", false),
        ("E", "C", false),
        ("U", "C", false),
        ("bool", "t.TypeGuard[int]", false),
        ("dict[str, C]", "dict[str, Alias]", false),
        ("str", "t.Literal['a'] | None", false),
        ("str", "C", true),
        ("C", "int", true),
        ("list", "D", true),
        ("C", "list[C]", true),
        ("C", "type[C]", false),
        ("int", "type[C]", true),
        ("str | bytes", "str", true),
        ("Alias | bytes", "str", false),
        ("int", "t.Literal['a']", true),
        ("None", "int", true),
        ("float", "int", true),
        ("list", "tuple[int, ...]", true),
    ];
    for (said, annotation, fires) in table {
        let text =
            function(&format!("(a: {annotation})"), &format!("Args:\n        a ({said}): It."), "g(a)");
        let text = text.replacen("import typing as t\n", &format!("import typing as t\n{head}"), 1);
        let found = lines("a.py", &text, None, &only(&["DG302"]));
        assert_eq!(!found.is_empty(), *fires, "{said} {annotation}");
    }
}

#[test]
fn an_instance_of_the_class_itself_is_one_of_its_bases() {
    let table: &[(&str, bool)] =
        &[("A", false), ("B", false), ("C", false), ("X", false), ("int", true), ("None", true)];
    for (said, fires) in table {
        let text = format!(
            "from typing import Self\nclass A: pass\nclass X: pass\nclass B(A):\n    def f(self) -> Self:\n        \
             \"\"\"F.\n\n        Returns:\n            {said}: It.\n        \"\"\"\n        return g()\nclass C(B): pass\n"
        );
        let found = lines("a.py", &text, None, &only(&["DG302"]));
        assert_eq!(!found.is_empty(), *fires, "{said}");
    }
}

#[test]
fn what_a_decorator_makes_of_a_generator_is_not_judged() {
    let sections = "Returns:\n        str: It.";
    let text = function("() -> t.Generator[str, None, None]", sections, "yield ''");
    assert_eq!(lines("a.py", &text, None, &only(&["DG302"])), ["DG302? f what is returned"]);
    let decorated = text.replace("def f", "@contextmanager\ndef f");
    assert!(lines("a.py", &decorated, None, &only(&["DG302"])).is_empty());
}

#[test]
fn results_are_held_against_the_annotation() {
    let table: &[(&str, &str, &str, bool)] = &[
        ("() -> int", "Returns:\n        str: It.", "return 1", true),
        ("() -> int", "Returns:\n        int: It.", "return 1", false),
        ("() -> t.Iterator[int]", "Yields:\n        str: It.", "yield 1", true),
        ("() -> t.Iterator[int]", "Yields:\n        int: It.", "yield 1", false),
        ("() -> t.Generator[int, None, str]", "Returns:\n        str: It.", "yield 1\n    return ''", false),
        ("() -> t.Generator[int, None, str]", "Returns:\n        int: It.", "yield 1\n    return ''", true),
        ("()", "Returns:\n        str: It.", "return 1", false),
    ];
    for (header, sections, body, fires) in table {
        let found = judge(&["DG302"], (header, sections, body));
        assert_eq!(!found.is_empty(), *fires, "{header} {sections}");
    }
}

#[test]
fn an_order_is_judged_where_the_list_is_complete() {
    let list = |names: &[&str]| {
        let entries: Vec<String> = names.iter().map(|name| format!("        {name}: It.")).collect();
        format!("Args:\n{}", entries.join("\n"))
    };
    let table: &[(&[&str], &[&str])] = &[
        (&["a", "b", "*c"], &[]),
        (&["b", "a", "*c"], &["DOC104? f b"]),
        (&["b", "a"], &[]),
        (&["b", "a", "c", "d"], &[]),
    ];
    for (names, expected) in table {
        assert_eq!(judge(&["DOC104"], ("(a, b, *c)", &list(names), "g(a)")), *expected, "{names:?}");
    }
    // What is passed by name has no order.
    let named: &[(&[&str], &[&str])] = &[
        (&["a", "d", "b", "c", "**k"], &[]),
        (&["**k", "a", "b", "c", "d"], &[]),
        (&["a", "b", "d", "c", "**k"], &[]),
        (&["d", "b", "a", "c", "**k"], &["DOC104? f b"]),
    ];
    for (names, expected) in named {
        let found = judge(&["DOC104"], ("(a, b, *, c, d, **k)", &list(names), "g(a)"));
        assert_eq!(found, *expected, "{names:?}");
    }
}

#[test]
fn hints_are_wanted_on_both_sides_unless_an_option_says_otherwise() {
    let all = ["DOC105", "DOC106", "DOC107", "DOC108", "DOC109", "DOC110", "DOC111"];
    let sections = "Args:\n        a (int): It.\n        b: It.";
    let mixed = function("(a, b: str)", sections, "g(a)");
    let found = lines("a.py", &mixed, None, &only(&all));
    assert_eq!(found, ["DOC107? f", "DOC105? f a", "DOC110? f", "DOC105? f b"]);
    let mut options = Options::default();
    for name in ["arg-type-hints-in-signature", "arg-type-hints-in-docstring"] {
        options.set(name, &OptionValue::Switch(false)).expect("a known option");
    }
    let settings = Settings { options, ..only(&all) };
    assert_eq!(lines("a.py", &mixed, None, &settings), ["DOC108? f", "DOC111? f"]);
}

#[test]
fn no_type_is_wanted_behind_stars() {
    let table: &[(&str, &str, &[&str])] = &[
        ("(a: int, *args, **kwargs)", "a (int): A.\n        *args: B.\n        **kwargs: C.", &[]),
        ("(a, **kwargs: int)", "a: A.\n        **kwargs (int): C.", &["DOC107? f", "DOC110? f"]),
        ("(a: int, **kwargs)", "a (int): A.\n        kwargs: C.", &["DOC110? f"]),
    ];
    for (header, entries, expected) in table {
        let found = judge(&["DOC107", "DOC110"], (header, &format!("Args:\n        {entries}"), "g(a)"));
        assert_eq!(found, *expected, "{header}");
    }
}

#[test]
fn members_of_a_tuple_may_stand_below_each_other_in_numpy_style() {
    let section = "Returns\n    -------\n    int\n        A.\n    str\n        B.";
    for (header, fires) in [("() -> tuple[int, str]", false), ("() -> tuple[int, int]", true), ("()", true)] {
        let found = judge(&["DOC203"], (header, section, "return x"));
        assert_eq!(!found.is_empty(), fires, "{header}");
    }
}

#[test]
fn an_annotated_result_without_a_section_has_no_type_in_the_docstring() {
    for (style, section) in
        [("numpy", "Parameters\n    ----------\n    a\n        A."), ("google", "Args:\n        a: A.")]
    {
        for (header, fires) in
            [("(a) -> int", true), ("(a) -> tuple[()]", true), ("(a) -> None", false), ("(a)", false)]
        {
            let found = judge(&["DOC203"], (header, section, "return x"));
            assert_eq!(!found.is_empty(), fires, "{style} {header}");
        }
    }
}

#[test]
fn sections_beside_the_contract_do_not_make_a_docstring_long() {
    let mut options = Options::default();
    options.set("short-docstrings", &OptionValue::Word("without-sections".to_owned())).expect("an option");
    let table = [
        ("It goes on.", false),
        ("See Also\n    --------\n    g : Another one.", false),
        ("Notes\n    -----\n    It is slow.", false),
        (".. versionadded:: 1.0\n\n    .. seealso:: g", false),
        ("Examples\n    --------\n    >>> f(1)", true),
        ("Raises\n    ------\n    ValueError\n        If not.", true),
        (".. deprecated:: 1.0\n       Use g.", true),
        ("Warns\n    -----\n    UserWarning\n        If not.", true),
    ];
    for (sections, asked) in table {
        let style = Some(if sections.starts_with("..") { Style::Sphinx } else { Style::Numpy });
        let settings = Settings { style, options, ..only(&["DOC101", "DOC201"]) };
        let found = lines("a.py", &function("(a)", sections, "return a"), None, &settings);
        assert_eq!(found.len(), if asked { 2 } else { 0 }, "{sections}: {found:?}");
    }
}

#[test]
fn options_say_what_is_wrong_with_them() {
    let mut options = Options::default();
    assert!(options.set("nothing", &OptionValue::Switch(true)).is_err());
    assert!(options.set("convention", &OptionValue::Switch(true)).is_err());
    assert!(options.set("convention", &OptionValue::Word("googel".to_owned())).is_err());
    assert!(options.set("summary-length", &OptionValue::Word("ten".to_owned())).is_err());
    assert_eq!(options, Options::default());
    for name in Options::NAMES {
        let values = ["listed", "google", "asked"].map(|word| OptionValue::Word(word.to_owned()));
        let all = values.into_iter().chain([OptionValue::Switch(true), OptionValue::Number(80)]);
        let taken = all.filter(|value| options.set(name, value).is_ok()).count();
        assert_eq!(taken, 1, "{name}");
    }
}

#[test]
fn attributes_of_a_class_are_what_its_code_sets() {
    let class = |body: &str, entries: &str| {
        format!("class A:\n    \"\"\"A thing.\n\n    Attributes:\n{entries}    \"\"\"\n\n{body}")
    };
    let one = "        a: It.\n";
    let two = "        a: It.\n        b: It.\n";
    let table: &[(String, &[&str])] = &[
        (class("    a = 1\n", one), &[]),
        (class("    a = 1\n    b = 2\n", one), &["DOC601? A b"]),
        (class("    a = 1\n    _b = 2\n    __slots__ = ()\n", one), &[]),
        (class("    a = 1\n", two), &["DOC602? A b"]),
        (class("    a = 1\n    def g(self): self.b = 1\n", two), &[]),
        (class("    a = 1\n    @property\n    def b(self): return 1\n", two), &[]),
        (class("    a = 1\n    def __getattr__(self, name): return 1\n", two), &[]),
        (class("    a = 1\n", two).replace("class A:", "class A(B):"), &[]),
        (class("    c = 1\n    a = 1\n", two), &["DOC603? A b"]),
        (class("    b = 1\n    a = 1\n", two), &["DOC604? A a"]),
        // A template that lists nothing.
        (class("    b = 1\n", "        None\n"), &[]),
        (class("    b = 1\n", "        None:\n"), &[]),
        // What a function made may be a property, and a method has a second name.
        (class("    a = 1\n    b = _accessor('b')\n", one), &[]),
        (class("    a = 1\n    b = property(get)\n", one), &[]),
        (class("    a = 1\n    b = _accessor('b')\n", two), &[]),
        (class("    a = 1\n    b = Column('b')\n", one), &["DOC601? A b"]),
        (class("    a = 1\n    b = dict(x=1)\n", one), &["DOC601? A b"]),
        (class("    a = 1\n    b: int = made()\n", one), &["DOC601? A b"]),
        (class("    a = 1\n    def g(self): pass\n    b = g\n", one), &[]),
        (class("    a = 1\n    b = g\n", one), &["DOC601? A b"]),
        (class("    a = 1\n    b = Base.g\n", one), &[]),
        (class("    a = 1\n    b = 2\n", "        a: It.\n\n    Args:\n        b: It.\n"), &[]),
        // Set on an object that a method makes.
        (class("    a = 1\n    def g(cls):\n        new = cls()\n        new.b = 1\n", two), &[]),
        (
            class("    a = 1\n    def g(cls):\n        new = cls()\n        new.bb = 1\n", two),
            &["DOC602? A b"],
        ),
    ];
    for (text, expected) in table {
        run_texts(&[(text, expected)], &["DOC6"]);
    }
}

#[test]
fn a_name_that_is_repeated_says_nothing() {
    let table: &[(&str, &str, bool)] = &[
        ("get_user", "Get user.", true),
        ("get_user", "Gets the user.", true),
        ("get_user", "Get the user of the session.", false),
        ("user", "Returns the user.", true),
        ("user", "Return it.", false),
        ("parseHeader", "Parses headers.", true),
        ("f", "F.", false),
        ("fetch", "Return the record.", false),
        // What kind of thing it is can be seen.
        ("getter", "getter method", true),
        ("getter", "The cached getter.", false),
    ];
    for (name, docstring, fires) in table {
        let text = format!("def {name}():\n    \"\"\"{docstring}\"\"\"\n");
        let found = lines("a.py", &text, None, &only(&["DG202"]));
        assert_eq!(!found.is_empty(), *fires, "{name}: {docstring}");
    }
}
