//! D100 to D107.

use std::sync::Arc;

use super::cases::{Case, lines, only, run, run_texts};
use crate::python::Modules;
use crate::rules::Require;

const HEAD: &str = "\"\"\"Parts.\"\"\"\n";

#[test]
fn public_definitions_owe_a_docstring() {
    let table: &[(&str, &[&str])] = &[
        ("def f(): return 1\n", &["D103! f"]),
        ("async def f(): return 1\n", &["D103! f"]),
        ("def f():\n    \"\"\"\"\"\"\n", &["D103! f"]),
        ("def f():\n    \"\"\"  \"\"\"\n", &["D103! f"]),
        ("def _f(): return 1\n", &[]),
        ("def __getattr__(name): return 1\n", &[]),
        ("def f():\n    \"\"\"F.\"\"\"\n    def g(): return 1\n    class B: x = 1\n", &[]),
        ("f = lambda: 1\n", &[]),
        ("__all__ = ['_f']\ndef f(): pass\ndef _f(): pass\n", &["D103! _f"]),
        (
            "@overload\ndef f(a: int): ...\n@typing.overload\ndef f(a: str): ...\ndef f(a): return a\n",
            &["D103! f#3"],
        ),
        ("class A:\n    x = 1\n", &["D101! A"]),
        ("class _A:\n    def f(self): pass\n", &[]),
        (
            "class A:\n    \"\"\"A.\"\"\"\n    def f(self): pass\n    def _g(self): pass\n    def __h(self): pass\n",
            &["D102! A.f"],
        ),
        (
            "class A:\n    \"\"\"A.\"\"\"\n    def __call__(self): pass\n    def __new__(cls): pass\n",
            &["D102! A.__call__", "D102! A.__new__"],
        ),
        (
            "class A:\n    \"\"\"A.\"\"\"\n    def __str__(self): pass\n    def __init__(self): pass\n",
            &["D105? A.__str__", "D107? A.__init__"],
        ),
        (
            "class A:\n    \"\"\"A.\"\"\"\n    @override\n    def f(self): pass\n    @typing.override\n    def g(self): pass\n",
            &[],
        ),
        (
            "from typing import override as ov\nimport typing_extensions as te\nclass A:\n    \"\"\"A.\"\"\"\n    @ov\n    def f(self): pass\n    @te.override\n    def g(self): pass\n",
            &[],
        ),
        (
            "from django.utils import translation\nclass A:\n    \"\"\"A.\"\"\"\n    @translation.override('de')\n    def f(self): pass\n    @translation.override\n    def g(self): pass\n    @override('de')\n    def h(self): pass\n",
            &["D102! A.f", "D102! A.g", "D102! A.h"],
        ),
        (
            "class A:\n    \"\"\"A.\"\"\"\n    @property\n    def x(self): pass\n    @x.setter\n    def x(self, v): pass\n    @x.deleter\n    def x(self): pass\n",
            &["D102! A.x"],
        ),
        (
            "class A:\n    \"\"\"A.\"\"\"\n    @staticmethod\n    def f(): pass\n    @abstractmethod\n    def g(self): ...\n",
            &["D102! A.f", "D102! A.g"],
        ),
        (
            "class A:\n    \"\"\"A.\"\"\"\n    class B:\n        class C: x = 1\n",
            &["D106? A.B", "D106? A.B.C"],
        ),
        ("class A:\n    __doc__ = base.__doc__\n    def _f(self): pass\n", &[]),
        ("class A:\n    def __init__(self):\n        self.__doc__ = 'A'\n", &["D101! A", "D107? A.__init__"]),
        ("def f(: return 1\n", &[]),
        ("def f(): pass\nf.__doc__ = g.__doc__\n", &[]),
        ("if x:\n    def f(): 'F.'\nelse:\n    def f(): pass\n    f.__doc__ = 'F.'\n", &[]),
        (
            "class A:\n    'A.'\n    def f(self): pass\n    f.__doc__ += 'F.'\nprint(A.__doc__)\n",
            &["D102! A.f"],
        ),
        ("def f(): pass\nassert f.__doc__ == 'F.'\n", &["D103! f"]),
        ("@functools.wraps(g)\ndef f(): pass\n", &[]),
        ("@inherit_doc\ndef f(): pass\n", &[]),
        ("def _d(f):\n    f.__doc__ = g.__doc__\n    return f\n@_d\ndef f(): pass\n", &[]),
        ("def _d(f): return f\n@_d\n@document\ndef f(): pass\n", &["D103! f"]),
        ("if __name__ == '__main__':\n    def f(): pass\n    class A:\n        def m(self): pass\n", &[]),
        ("if (__name__=='__main__'):\n    if x:\n        def f(): pass\n", &[]),
        ("if sys.version_info > (3,):\n    def f(): pass\n", &["D103! f"]),
        ("class A:\n    'A.'\n    if __name__ == '__main__':\n        def f(self): pass\n", &["D102! A.f"]),
    ];
    for (text, expected) in table {
        run_texts(&[(&format!("{HEAD}{text}"), expected)], &["D1", "D105", "D107"]);
    }
}

#[test]
fn paths_say_who_owes_nothing() {
    let text = "def f(): return 1\n";
    for given in ["from _a import __doc__\n", "__doc__ = 'A.'\n", "import _a\n__doc__: str = _a.__doc__\n"] {
        run(&[Case { path: "a.py", base: None, text: given, expected: &[] }], &only(&["D1"]));
    }
    let table: &[(&str, &[&str])] = &[
        ("a.py", &["D100! ", "D103! f"]),
        ("a/__init__.py", &["D104! ", "D103! f"]),
        ("a/__main__.py", &["D100! ", "D103! f"]),
        ("a/_b.py", &[]),
        ("_a/b.py", &[]),
        ("_a/__init__.py", &[]),
        ("__check_build/b.py", &[]),
        ("__a__/b.py", &["D100! ", "D103! f"]),
        ("a/b.pyi", &[]),
        ("a/__init__.pyi", &[]),
        ("tests/b.py", &[]),
    ];
    let mut settings = only(&["D1"]);
    settings.tests = Arc::new(|path| path.as_str().starts_with("tests/"));
    for (path, expected) in table {
        let expected: Vec<&str> = expected.iter().map(|line| line.trim_end()).collect();
        run(&[Case { path, base: None, text, expected: &expected }], &settings);
    }
}

#[test]
fn a_method_that_a_base_class_documents_owes_none() {
    let base = "class Base:\n    def f(self, a): 'F.'\n    def g(self): pass\n    def h(self, **k): 'H.'\n    @property\n    def x(self): 'X.'\n    def __call__(self): 'Calls.'\n";
    let text = "\"\"\"M.\"\"\"\nfrom .base import Base\nfrom far import Far\n\
class A(Base):\n    'A.'\n    def f(self, a): pass\n    def g(self): pass\n    def h(self, b): pass\n    @property\n    def x(self): pass\n    def __call__(self, *a, **k): pass\n\
class B(A):\n    'B.'\n    def f(self, a, b): pass\n    def h(self): pass\n\
class C(Far, Base):\n    'C.'\n    def f(self, a): pass\n    def i(self): pass\n\
class D:\n    'D.'\n    def f(self, a): pass\n\
def f(a): pass\n";
    let modules = || Modules::new(move |path| (path.as_str() == "p/base.py").then(|| base.into()));
    let settings = only(&["D1"]).with_modules(modules());
    let expected = ["D102! A.g", "D102! A.h", "D102! B.f", "D102! C.i", "D102! D.f", "D103! f"];
    run(&[Case { path: "p/use.py", base: None, text, expected: &expected }], &settings);
    // Nothing that was not touched is looked for.
    run(&[Case { path: "p/use.py", base: Some(text), text, expected: &[] }], &settings);
    let mut asked = only(&["D102"]).with_modules(modules());
    asked.options.inherits_docstrings = false;
    let found = lines("p/use.py", text, None, &asked).len();
    assert_eq!(found, 10);
}

#[test]
fn only_touched_definitions_owe_one() {
    let base = "\"\"\"M.\"\"\"\ndef f(a): return a\ndef g(a):\n    \"\"\"G.\"\"\"\n    return a * 2\nclass A:\n    \"\"\"A.\"\"\"\n    def m(self): pass\n";
    let table: &[(&str, &str, &[&str], &[&str])] = &[
        // old, new, what is found for `touched` and for `added`
        ("return a\n", "return a + 1\n", &["D103! f"], &[]),
        ("def f(a)", "def f(a, b)", &["D103! f"], &[]),
        ("return a\n", "return (a)  # the same\n", &[], &[]),
        ("def f(a)", "@functools.cache\ndef f(a)", &[], &[]),
        ("def f(a)", "import x\ndef f(a)", &[], &[]),
        ("    \"\"\"G.\"\"\"\n", "", &["D103! g"], &[]),
        ("    \"\"\"G.\"\"\"\n", "    \"\"\"\"\"\"\n", &["D103! g"], &[]),
        ("\"\"\"M.\"\"\"\n", "", &["D100!"], &[]),
        ("    \"\"\"A.\"\"\"\n", "", &["D101! A"], &[]),
        (
            "    def m(self): pass\n",
            "    def m(self): pass\n    def n(self): pass\n",
            &["D102! A.n"],
            &["D102! A.n"],
        ),
        ("def g(a)", "def h(a)", &[], &[]),
        ("def f(a): return a\n", "", &[], &[]),
    ];
    for (old, new, touched, added) in table {
        let text = base.replacen(old, new, 1);
        for (require, expected) in [(Require::Touched, touched), (Require::Added, added)] {
            let mut settings = only(&["D1"]);
            settings.require = require;
            run(&[Case { path: "a.py", base: Some(base), text: &text, expected }], &settings);
        }
    }
}

#[test]
fn a_class_whose_initializer_changed_does_not_newly_owe_one() {
    let base = "class A:\n    def __init__(self, a): pass\n";
    let text = "class A:\n    def __init__(self, b): pass\n";
    run(
        &[Case { path: "a.py", base: Some(base), text, expected: &["D107? A.__init__"] }],
        &only(&["D1", "D107"]),
    );
}
