//! Metrics of small texts, worked out by hand from the definitions.

use std::fmt::Write as _;

use proptest::prelude::*;

use super::*;
use crate::python::parse;

/// The metrics of a file's first definition.
fn first(text: &str) -> Metrics {
    measure(text, None).swap_remove(1)
}

/// The metrics of every definition, by name.
fn by_name<T>(text: &str, figure: impl Fn(&Metrics) -> T) -> Vec<(String, T)> {
    let names = parse(text).definitions.into_iter().map(|definition| definition.qualified_name);
    names.zip(measure(text, None).iter().map(figure)).collect()
}

fn named<T>(pairs: Vec<(&str, T)>) -> Vec<(String, T)> {
    pairs.into_iter().map(|(name, figure)| (name.to_owned(), figure)).collect()
}

#[test]
fn every_decision_is_one_path_more() {
    let table = [
        ("pass", 1),
        ("if a: pass", 2),
        ("if a: pass\n    elif b: pass\n    else: pass", 3),
        ("x = a if b else c if d else e", 3),
        ("for x in y: pass", 2),
        ("for x in y: pass\n    else: pass", 3),
        ("async for x in y: pass", 2),
        ("while a:\n        break\n    else: pass", 3),
        ("try: pass\n    finally: pass", 1),
        ("try: pass\n    except A: pass\n    except B: pass\n    else: pass\n    finally: pass", 4),
        ("try: pass\n    except* A: pass", 2),
        ("with a, b: pass", 1),
        ("assert a", 2),
        ("assert a and b or [c for c in d]", 2),
        ("return a and b and c or not d", 4),
        ("return [x for y in z if a if b for x in y]", 5),
        ("return {x: y for x in z}, {x for x in z}, (x for x in z)", 4),
        ("return lambda a: b", 1),
        ("return lambda a=b or c: d or e", 3),
        ("return f'{a or b:{c or d}}'", 3),
        ("match a:\n        case 1: pass\n        case B() if c: pass", 3),
        ("match a:\n        case 1: pass\n        case _: pass", 2),
        ("match a:\n        case (x): pass", 1),
        ("match a:\n        case x, : pass", 2),
        ("match a:\n        case x.y: pass", 2),
        ("match a:\n        case 1 | 2 as x: pass", 2),
        ("@a or b\n    def g(x=c or d) -> e or f: return g or h", 1),
        ("class A(b or c):\n        x = d or e", 1),
    ];
    for (body, expected) in table {
        assert_eq!(first(&format!("def f():\n    {body}\n")).cyclomatic, expected, "{body}");
    }
}

#[test]
fn a_class_counts_its_methods_and_a_module_what_is_not_nested() {
    let text = "\
if a: pass
def f():
    if b: pass
    def g():
        if c: pass
class A:
    x = d or e
    def m(self):
        if f: pass
    class B:
        y = g or h
";
    let expected = named(vec![("", 6), ("f", 2), ("f.g", 2), ("A", 4), ("A.m", 2), ("A.B", 2)]);
    assert_eq!(by_name(text, |metrics| metrics.cyclomatic), expected);
}

#[test]
fn cognitive_complexity_follows_the_white_paper() {
    let table = [
        // Ignore shorthand: what makes code shorter costs nothing.
        ("return [x for x in y if x]", 0),
        ("with a: pass", 0),
        ("try: pass\n    finally: pass", 0),
        ("return a", 0),
        // One for each break in the linear flow.
        ("if a: pass", 1),
        ("if a: pass\n    elif b: pass\n    else: pass", 3),
        ("return a if b else c", 1),
        ("for x in y: pass", 1),
        ("async for x in y: pass", 1),
        ("for x in y: pass\n    else: pass", 2),
        ("while a: pass", 1),
        ("try: pass\n    except A: pass\n    except B: pass\n    else: pass", 2),
        ("match a:\n        case 1: pass\n        case 2: pass\n        case _: pass", 1),
        // Sequences of logical operators.
        ("return a and b and c and d", 1),
        ("return a and b and c or d or e and f", 3),
        ("return a and not (b and c)", 2),
        ("return (a and b) and (c and d)", 1),
        ("return a or (b and c) or d", 3),
        ("return a and g(b or c) and d", 2),
        // Nesting.
        ("if a:\n        if b: pass", 3),
        ("if a: pass\n    else:\n        if b: pass", 4),
        ("for x in y:\n        while b:\n            if c: pass", 6),
        ("if a:\n        if b: pass\n        elif c: pass\n        else: pass", 5),
        ("try:\n        if a: pass\n    except B:\n        if c: pass", 4),
        ("try: pass\n    except B: pass\n    else:\n        if a: pass", 2),
        ("with a:\n        if b: pass", 1),
        ("match a:\n        case 1:\n            if b: pass", 3),
        ("return a if (b if c else d) else e", 3),
        ("if (a if b else c): pass", 2),
        ("while (a if b else c): pass", 2),
        ("return lambda: a if b else c", 2),
        ("x = 1\n    def g():\n        if a: pass", 2),
        ("x = 1\n    def g():\n        def h():\n            if a: pass\n        return h", 2),
        ("x = 1\n    class A:\n        def g(self):\n            if a: pass", 2),
        // The exception for decorators.
        ("def g():\n        if a: pass\n    return g", 1),
        ("'Doc.'\n    @wraps(a)\n    def g():\n        if a: pass\n    return g", 1),
        ("def g():\n        def h():\n            if a: pass\n        return h\n    return g", 1),
        ("def g():\n        if a: pass\n    return g\n    return h", 2),
        // What stands in a header belongs to no body.
        ("x = 1\n    def g(b=a if b else c): pass", 0),
    ];
    for (body, expected) in table {
        assert_eq!(first(&format!("def f():\n    {body}\n")).cognitive, expected, "{body}");
    }
}

#[test]
fn every_function_in_a_cycle_of_calls_costs_one() {
    let text = "\
def alone(): alone()
def ping(): pong()
def pong(): ping()
def outer(): alone()
def shadowed(shadowed): shadowed()
def local():
    def local(): pass
    local()
class A:
    def visit(self): self.visit()
    @classmethod
    def there(cls): cls.back()
    def back(self): self.there()
    def open(self): open()
    def alone(self): alone()
def around():
    x = 1
    def within(): within()
";
    let recursive: Vec<String> = by_name(text, |metrics| metrics.cognitive)
        .into_iter()
        .filter(|(name, cognitive)| *cognitive > 0 && !name.is_empty())
        .map(|(name, _)| name)
        .collect();
    let expected = ["alone", "ping", "pong", "A", "A.visit", "A.there", "A.back", "around", "around.within"];
    assert_eq!(recursive, expected);
    assert_eq!(measure(text, None)[0].cognitive, 7);
}

#[test]
fn operators_and_operands_are_those_of_radon() {
    let table = [
        // Distinct operators, distinct operands, operators, operands.
        ("x = 1", [0, 0, 0, 0]),
        ("x += 1", [1, 2, 1, 2]),
        ("x = y + z - y", [2, 3, 2, 4]),
        ("x = y + y", [1, 1, 1, 2]),
        ("x = -y", [1, 1, 1, 1]),
        ("x = not y", [1, 1, 1, 1]),
        ("x = a and b and a", [1, 2, 1, 3]),
        ("x = a and b or c", [2, 4, 2, 4]),
        ("x = (a and b) and c", [1, 4, 2, 4]),
        ("x = a < b <= c", [2, 3, 2, 3]),
        ("x = a is not b not in c", [2, 3, 2, 3]),
        ("x += 1 + x", [1, 3, 2, 4]),
        ("x = f(a) + f(a)", [1, 2, 1, 2]),
        ("x: int | str = 1", [1, 2, 1, 2]),
        ("x: list[int] | None = 1", [1, 2, 1, 2]),
        ("return lambda a=b + c: a", [1, 2, 1, 2]),
        ("return f'{a + b}'", [1, 2, 1, 2]),
        ("match a:\n        case -1: pass", [1, 1, 1, 1]),
        ("match a:\n        case -1 + 2j: pass", [2, 3, 2, 3]),
        ("match a:\n        case 1 | 2: pass", [0, 0, 0, 0]),
        ("def g(a=b + c): return a", [0, 0, 0, 0]),
        ("@a + b\n    class A(c + d): e = f + g", [1, 6, 3, 6]),
        // An operand of another function is another one.
        ("x = a + b\n    def g(): return a + b", [1, 4, 2, 4]),
    ];
    for (body, expected) in table {
        let found = first(&format!("def f():\n    {body}\n")).halstead;
        let found = [found.distinct_operators, found.distinct_operands, found.operators, found.operands];
        assert_eq!(found, expected, "{body}");
    }
}

#[test]
fn lines_are_told_apart_by_what_is_on_them() {
    // Total, code, logical, comments, single, strings, blank.
    let table = [
        ("", [0, 0, 0, 0, 0, 0, 0]),
        ("\n", [1, 0, 0, 0, 0, 0, 1]),
        ("x = 1", [1, 1, 1, 0, 0, 0, 0]),
        ("x = 1\r\ry = 2\r\n", [3, 2, 2, 0, 0, 0, 1]),
        ("\u{feff}x = 1  # one\n# two\n\t\u{c}\n", [3, 1, 1, 2, 1, 0, 1]),
        ("x = 1; y = 2;\n", [1, 1, 2, 0, 0, 0, 0]),
        ("if x: y\n", [1, 1, 2, 0, 0, 0, 0]),
        ("if x: # y\n    z\n", [2, 2, 2, 1, 0, 0, 0]),
        ("if x: a; b\n", [1, 1, 3, 0, 0, 0, 0]),
        ("x = a[1:2]\n", [1, 1, 2, 0, 0, 0, 0]),
        ("x = (y := 1)\n", [1, 1, 1, 0, 0, 0, 0]),
        ("x = (\n    # one\n\n    1,\n)\n", [5, 4, 1, 1, 0, 0, 1]),
        ("x = 1 + \\\n    2\n", [2, 2, 1, 0, 0, 0, 0]),
        ("'one'\n", [1, 0, 1, 0, 1, 0, 0]),
        ("'one' # two\n", [1, 1, 1, 1, 0, 0, 0]),
        ("'''one\n\n  # two\n'''\n", [4, 0, 1, 0, 0, 3, 1]),
        ("rb'''\none\\''''\n", [2, 0, 1, 0, 0, 2, 0]),
        ("x = '''one\n\ntwo'''\n", [3, 2, 1, 0, 0, 0, 1]),
        ("x = 'a\\\nb'\n", [2, 2, 1, 0, 0, 0, 0]),
        ("x = \"#\" + '\\'#'\n", [1, 1, 1, 0, 0, 0, 0]),
        ("f'{x!r:>{'#'}}' # one\n", [1, 1, 1, 1, 0, 0, 0]),
        ("f'{x:'\n# one\n", [2, 0, 1, 1, 2, 0, 0]),
        ("f\"{x[\"a\"]:{y}}\"; z\n", [1, 1, 2, 0, 0, 0, 0]),
        ("f'{{' # one\n", [1, 1, 1, 1, 0, 0, 0]),
        // What is not closed on its line is an error there, not for the rest of the file.
        ("x = 'one\n# two\n", [2, 1, 1, 1, 1, 0, 0]),
    ];
    for (text, expected) in table {
        let lines = measure(text, None)[0].lines;
        let found = [
            lines.total,
            lines.code,
            lines.logical,
            lines.comments,
            lines.single,
            lines.strings,
            lines.blank,
        ];
        assert_eq!(found, expected, "{text:?}");
        assert_eq!(lines.code + lines.blank + lines.strings + lines.single, lines.total, "{text:?}");
    }
}

#[test]
fn a_definition_has_the_lines_from_its_decorator_to_its_last_statement() {
    let text = "\
import a

@decorated(
    1)
def f():
    '''One

    two.'''
    return 1
    # after the last statement

# before the next definition
class A: x = 1; y = 2
";
    let lines = by_name(text, |metrics| (metrics.lines.total, metrics.lines.logical, metrics.lines.strings));
    assert_eq!(lines, named(vec![("", (13, 8, 2)), ("f", (7, 4, 2)), ("A", (1, 3, 0))]));
}

#[test]
fn nesting_is_the_deepest_place_of_a_definition_itself() {
    let table = [
        ("pass", 0),
        ("if a: pass\n    elif b: pass\n    else: pass", 1),
        ("if a: pass\n    else:\n        if b: pass", 2),
        (
            "for a in b:\n        while c:\n            with d:\n                try: pass\n                finally: pass",
            4,
        ),
        ("match a:\n        case 1:\n            if b: pass", 2),
        ("if a:\n        def g():\n            if b: pass", 1),
        ("return [x for x in y if (z if a else b)]", 0),
    ];
    for (body, expected) in table {
        assert_eq!(first(&format!("def f():\n    {body}\n")).nesting, expected, "{body}");
    }
}

#[test]
fn a_definition_depends_on_the_imported_names_it_uses() {
    let text = "\
import os.path, numpy as np
from . import near
from shop.cart import Cart as Basket, price
import unused
x = np

@near.decorated
def f(a: Basket = price, *, price=1):
    import json
    unused = a.unused(unused=1)
    return json.loads(unused)

class A(Basket):
    os = os
    def m(self):
        global np
        np = [price for price in self.price]
        return os.path

    def shadowed(self, os, *np, **near):
        for price in os: pass
        with near as (Basket, unused): pass
        try: pass
        except np as json: json
        return lambda x=price: Basket

def outer(price):
    def inner(): return price, Basket
";
    let names = |metrics: &Metrics| {
        metrics.dependencies.iter().map(|dependency| dependency.name.clone()).collect::<Vec<_>>().join(" ")
    };
    let expected = named(vec![
        ("", ". json os.path numpy shop.cart unused"),
        ("f", ".near json shop.cart.Cart"),
        ("A", "os shop.cart.Cart"),
        ("A.m", "os"),
        ("A.shadowed", ""),
        ("outer", ""),
        ("outer.inner", "shop.cart.Cart"),
    ]);
    let found = by_name(text, names);
    assert_eq!(
        found.iter().map(|(name, names)| (name.clone(), names.as_str())).collect::<Vec<_>>(),
        expected
    );
}

#[test]
fn the_package_of_the_module_is_internal() {
    let text = "import shop.cart, shopping, os\nfrom .. import near\n";
    let origins = |package| {
        let metrics = measure(text, package).swap_remove(0);
        metrics.dependencies.into_iter().map(|found| (found.origin, found.name)).collect::<Vec<_>>()
    };
    let (internal, standard, other) = (Origin::Internal, Origin::StandardLibrary, Origin::ThirdParty);
    let row = |origin, name: &str| (origin, name.to_owned());
    assert_eq!(
        origins(Some("shop")),
        [row(internal, ".."), row(internal, "shop.cart"), row(standard, "os"), row(other, "shopping")]
    );
    assert_eq!(
        origins(None),
        [row(internal, ".."), row(standard, "os"), row(other, "shop.cart"), row(other, "shopping")]
    );
}

#[test]
fn depth_and_size_exhaust_neither_stack_nor_patience() {
    let brackets = format!("x = {}1{}\n", "(".repeat(20_000), ")".repeat(20_000));
    let conditions = format!("x = {}1\n", "a if b and c else ".repeat(5_000));
    let strings = format!("x = {}\n", "f'{".repeat(5_000));
    let mut functions = String::new();
    for level in 0..400 {
        let written = writeln!(functions, "{}def f{level}(): ", " ".repeat(level));
        assert!(written.is_ok());
    }
    let names: Vec<String> = (0..20_000).map(|index| format!("a{index} + b{index}")).collect();
    let written = writeln!(functions, "{}return [{}]", " ".repeat(400), names.join(", "));
    assert!(written.is_ok());
    assert_eq!(measure(&brackets, None).len(), 1);
    assert_eq!(measure(&conditions, None)[0].cyclomatic, 10_001);
    assert_eq!(measure(&strings, None).len(), 1);
    let measured = measure(&functions, None);
    assert_eq!(measured.len(), 401);
    assert_eq!(measured[1].halstead.distinct_operands, 40_000);
}

/// Statements to put programs together from; each is one line, those that open a block end with a colon.
const STATEMENTS: &[&str] = &[
    "x = a + 1",
    "return a and b or c",
    "if a:",
    "while a or b:",
    "for x in y:",
    "with a as b:",
    "def g(self, x=1):",
    "class A(B):",
    "y = [x for x in z if x]",
    "return f(x)[1:2] if a else 'text'",
];

/// Writes a program: each number chooses a statement and how many open blocks end before it.
fn program(choices: &[(usize, usize)], layout: impl Fn(&str) -> String, comment: &str) -> String {
    let mut text = String::from("def f():\n");
    let mut depth: usize = 1;
    let mut opened = true;
    for (statement, closes) in choices {
        if !opened {
            depth = depth.saturating_sub(*closes).max(1);
        }
        let statement = STATEMENTS[statement % STATEMENTS.len()];
        let indent = "    ".repeat(depth);
        let written = writeln!(text, "{comment}{indent}{}", layout(statement));
        assert!(written.is_ok());
        opened = statement.ends_with(':');
        depth += usize::from(opened);
    }
    let written = writeln!(text, "{}pass", "    ".repeat(depth));
    assert!(written.is_ok());
    text
}

fn without_lines(metrics: Vec<Metrics>) -> Vec<Metrics> {
    metrics.into_iter().map(|found| Metrics { lines: Lines::default(), ..found }).collect()
}

proptest! {
    #[test]
    fn comments_and_layout_change_no_complexity(choices in prop::collection::vec((0_usize..10, 0_usize..4), 0..30)) {
        let plain = program(&choices, str::to_owned, "");
        // Less indentation than the block has ends it for the grammar, even in brackets.
        let joined = format!("(a and\n{}b)", " ".repeat(200));
        let spread = |statement: &str| {
            let spread = statement.replace(" + ", "  +  ").replace('[', "[ ").replace("a and b", &joined);
            format!("{spread}  # if a and b: for")
        };
        let restyled = program(&choices, spread, "# if x else y\n\n");
        prop_assert_eq!(without_lines(measure(&plain, None)), without_lines(measure(&restyled, None)));
    }

    #[test]
    fn one_more_condition_is_one_more_path(choices in prop::collection::vec((0_usize..10, 0_usize..4), 0..30)) {
        let plain = program(&choices, str::to_owned, "");
        let more = format!("{plain}    if condition:\n        pass\n");
        let before = first(&plain);
        let after = first(&more);
        prop_assert_eq!(after.cyclomatic, before.cyclomatic + 1);
        prop_assert_eq!(after.cognitive, before.cognitive + 1 + nested_before(&plain, &more));
    }

    #[test]
    fn any_text_is_measured_once_per_definition(text in "(def f\\(|class A:|if |else:|\n|    |\\(|\\)|'|\"\"\"|f'|\\{|\\}|:|#|\\\\|x|é| |@|async |lambda|;|\r){0,40}") {
        let metrics = measure(&text, None);
        prop_assert_eq!(metrics.len(), parse(&text).definitions.len());
        let lines = metrics[0].lines;
        prop_assert_eq!(lines.code + lines.blank + lines.strings + lines.single, lines.total);
        for found in &metrics[1..] {
            prop_assert!(found.lines.total <= lines.total && found.lines.total > 0);
        }
    }
}

/// A function that was nothing but a decorator is one no more with a condition behind it: all that is inside
/// becomes nested.
fn nested_before(plain: &str, more: &str) -> u32 {
    let inside = |text: &str| {
        let without = text.replace("    if condition:\n        pass\n", "    ...\n    ...\n");
        first(&without).cognitive
    };
    inside(more) - first(plain).cognitive
}
