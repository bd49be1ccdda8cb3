//! Tables of pairs that mean the same, and of pairs that do not.

use super::Fingerprint;
use crate::python::parse;

fn body_of(source: &str) -> Fingerprint {
    let file = parse(source);
    file.fingerprints(&file.definitions[1]).body
}

#[test]
fn layout_and_spelling_do_not_change_a_fingerprint() {
    let table = [
        ("return (a)", "return a"),
        ("return f(a, b,)", "return f(a, b)"),
        ("return 'x'", "return \"x\""),
        ("return 'x' 'y'", "return 'xy'"),
        ("return U'x'", "return 'x'"),
        ("return 0XFF", "return 255"),
        ("return 1_000.0", "return 1e3"),
        ("return .2", "return 0.2"),
        ("return 03e4", "return 3e4"),
        ("return 1J", "return 1j"),
        ("return B'\\'a\\x41'", "return b\"'a\\x41\""),
        ("return R'\\d'", "return '\\\\d'"),
        ("return f'{x}' 'y' f'z{x}'", "return f\"{x}yz{x}\""),
        ("return F'it\\'s {x}'", "return f\"it's {x}\""),
        ("return f'{x[\"a\"]}'", "return f\"{x['a']}\""),
        ("return '{' f'{x}'", "return f'{{{x}'"),
        ("return x[(1, 2)]", "return x[1, 2,]"),
        ("return x[(1,)]", "return x[1,]"),
        ("for (i), j in x: pass", "for i, j in x: pass"),
        ("del (a, b)", "del a, b"),
        ("del a,", "del a"),
        ("return '\\uDC80'", "return '\\udc80'"),
        ("x: A | B = y", "x: (A | B) = y"),
        ("x: A[B] | C | None = y", "x: (A[B] | C | None) = y"),
        ("x: A[B | C[D], E.F]", "x: (A[B | C[D], E.F])"),
        ("x: A[(B, C)]", "x: (A[B, C,])"),
        ("x: A[B].C | D", "x: (A[B].C | (D))"),
        ("x: A[B[C], *D]", "x: (A[B[C], *D])"),
        ("def g(a: A[B] | None = None) -> A[B]: pass", "def g(a: (A[B] | None) = None) -> (A[B]): pass"),
        ("type X = A[B] | C", "type X = (A[B] | C)"),
        ("return rf'\\\"{x}\\\"'", "return rf\"\\\"{x}\\\"\""),
        ("return f'a\\\'{x}'", "return f\"a'{x}\""),
        ("for x in y: pass", "for (x) in y: pass"),
        ("a = b = c", "a = (b) = c"),
        ("x = 1  #type:int", "x = 1  # type: int"),
        ("x = 1  # type: ignore", "x = 1"),
        ("class A(): pass", "class A:\n        pass"),
        ("return not(a)", "return not a"),
        ("return a  # why", "return a"),
        ("return a + \\\n        b", "return (a +\n        b)"),
        ("return (a, b)", "return a, b"),
        ("for (i, j) in x: pass", "for i, j in x:\n        pass"),
        ("a = 1; b = 2", "a = 1\n    b = 2"),
        ("return {\n    'a': 1,\n    }", "return {'a': 1}"),
    ];
    for (one, other) in table {
        let make = |body: &str| body_of(&format!("def f(a, b):\n    {body}\n"));
        assert_eq!(make(one), make(other), "{one} / {other}");
    }
}

#[test]
fn every_change_of_meaning_changes_a_fingerprint() {
    let table = [
        ("return (a + b) * c", "return a + b * c"),
        ("return x[1,]", "return x[1]"),
        ("return (a,)", "return a"),
        ("return 'x'", "return b'x'"),
        ("return f'{x}'", "return '{x}'"),
        ("return f'{x}'", "return f'{y}'"),
        ("return f'{x}'", "return t'{x}'"),
        ("return f'{x:>3}'", "return f'{x:>4}'"),
        ("return f'{x!r}'", "return f'{x!s}'"),
        ("return f'a{x}b'", "return f'ab{x}'"),
        ("return f'{{x}}'", "return f'{x}'"),
        ("return x[1, 2]", "return x[(1, 2), 3]"),
        ("return x[1:2]", "return x[1, 2]"),
        ("return x[1:, 2]", "return x[1, 2]"),
        ("return 1", "return 1.0"),
        ("g()", "g(),"),
        ("return '\\uDC80A'", "return '\\uDC80z'"),
        ("for (i,) in x: pass", "for i in x: pass"),
        ("a: x[int] = b", "a: x[int,] = b"),
        ("a: x[int] | b", "a: x[int | b]"),
        ("a: (x[int] | b)", "a: (x[int] & b)"),
        ("a: x | y[b]", "a: x | y"),
        ("a: x | y + b", "a: (x | y) + b"),
        ("return a | (b | c)", "return a | b | c"),
        ("return rf'\\\"{x}\\\"'", "return rf'\\\"{x}'"),
        ("return rf\"\\\"{x}\\\"\"", "return rf\"\\\"{x}\""),
        ("return f'{{{x}'", "return f'{{{{{x}'"),
        ("return f'{x}' 'a'", "return f'a{x}'"),
        ("return 1.0", "return 1j"),
        ("return b'\\x41'", "return 'A'"),
        ("return b'\\u0041'", "return b'A'"),
        ("return (yield)", "return (yield a)"),
        ("return -1", "return 1"),
        ("return a < b < c", "return (a < b) < c"),
        ("return f(a=1)", "return f(b=1)"),
        ("return f(*a)", "return f(**a)"),
        ("return {a: b}", "return {a, b}"),
        ("return [a for b in c]", "return (a for b in c)"),
        ("global a", "nonlocal a"),
        ("import a", "import a as b"),
        ("from . import a", "from .. import a"),
        ("async def g(): pass", "def g(): pass"),
        ("def g(a, /): pass", "def g(a): pass"),
        ("def g(*, a): pass", "def g(a): pass"),
        ("@x\n    def g(): pass", "def g(): pass"),
        ("class A: pass", "class A(b): pass"),
        ("class A(b): pass", "class A(b=b): pass"),
        ("return f'a\\n{x}'", "return f'b\\n{x}'"),
        ("return 10", "return 11"),
        ("return a", "return b"),
        ("return f(*a)", "return f(a)"),
        ("x = 1  # type: int", "x = 1  # type: str"),
        ("return not a", "return a"),
        ("if a:\n        b()\n    c()", "if a:\n        b()\n        c()"),
        ("return [a, [b]]", "return [[a], b]"),
        ("def g(): return 1\n    return g", "def g(): return 2\n    return g"),
    ];
    for (one, other) in table {
        let make = |body: &str| body_of(&format!("def f(a, b):\n    {body}\n"));
        assert_ne!(make(one), make(other), "{one} / {other}");
    }
}
