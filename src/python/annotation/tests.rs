use proptest::prelude::*;

use super::*;
use crate::python::{ParsedFile, parse};

const MODULE: &str = "\
import typing
import typing as t
import collections.abc as cabc
import numpy as np
from typing import Optional as Opt, List
from typing_extensions import Literal as Lit
from collections import OrderedDict
from .things import Thing as Renamed
class Counter: pass
";

fn same(file: &ParsedFile, one: &str, other: &str) -> Option<bool> {
    let resolver = |name: &str| file.meaning(name, 0);
    TypeExpression::parse(one)?.same_meaning(&resolver, &TypeExpression::parse(other)?, &resolver)
}

#[test]
fn what_is_no_type_is_not_comparable() {
    let table = [
        "",
        " ",
        "list of int",
        "array-like",
        "int or None",
        "int, optional",
        "a, b",
        "int |",
        "| int",
        "int | | str",
        "list[",
        "list[int",
        "list[int]]",
        "list]",
        "list[]",
        "list[,]",
        "[int]",
        "(int, str)",
        "()",
        "{int}",
        "f(x)",
        "conint(gt=0)",
        "type(None)",
        "3",
        "-1",
        "b'x'",
        "True",
        "...",
        "'not a type'",
        "'",
        "'''",
        "\"a",
        "lambda: 0",
        "x if y else z",
        "Optional[int, str]",
        "Optional[...]",
        "None[int]",
        "Literal[int or str]",
        "Literal[1.5]",
        "Literal[f'{x}']",
        "Literal['a' b'b']",
        "Union[int, ...]",
        "list['a b']",
        "Annotated[int, (]",
        ":class:`Thing`",
        "`int`",
        "~a.b",
        "a..b",
        ".a",
        "int\nstr",
        "*",
        "**kwargs",
        "int[str][str",
        "\\",
        "é é",
    ];
    for text in table {
        assert_eq!(TypeExpression::parse(text), None, "{text}");
    }
}

#[test]
fn depth_and_length_have_limits_and_do_not_exhaust_the_stack() {
    for (open, close) in [("list[", "]"), ("(", ")"), ("Optional[", "]"), ("Callable[[", "], int]")] {
        let make = |depth: usize| format!("{}int{}", open.repeat(depth), close.repeat(depth));
        assert!(TypeExpression::parse(&make(30)).is_some(), "{open}");
        assert_eq!(TypeExpression::parse(&make(66)), None, "{open}");
        assert_eq!(TypeExpression::parse(&make(1_000_000)), None, "{open}");
    }
    let long = vec!["int"; 10_000].join(" | ");
    assert_eq!(TypeExpression::parse(&long), None);
    let values: Vec<String> = (0..1_000).map(|value| format!("{value}")).collect();
    assert!(TypeExpression::parse(&format!("Literal[{}]", values.join(", "))).is_some());
}

#[test]
fn what_means_the_same_is_equal() {
    let table: &[&[&str]] = &[
        &[
            "Optional[int]",
            "int | None",
            "None | int",
            "Union[int, None]",
            "Union[None, int]",
            "t.Optional[int]",
            "typing.Optional[int]",
            "typing_extensions.Optional[int]",
            "Opt[int]",
            "'Optional[int]'",
            "Optional['int']",
            "'int' | None",
            "\"int | None\"",
            "(int | None)",
            "((int)) | (None)",
            "Optional[Optional[int]]",
            "Union[Union[int], Optional[int]]",
            " Optional [ int ] ",
            "Optional[\n    int,\n]",
            "t . Optional[int]",
            "int | \\\n    None",
            "int | None  # why",
            "Annotated[int | None, Field(gt=0, title=']')]",
            "builtins.int | types.NoneType",
            "Union[(int, None)]",
            "int | Literal[None]",
        ],
        &["List[int]", "list[int]", "t.List[int]", "List['int']", "Annotated[list[int], 3 < 4, {'a': [1]}]"],
        &["dict", "Dict", "Dict[Any, Any]", "dict[t.Any, typing.Any]", "t.Dict"],
        &["Tuple[int, ...]", "tuple[int, ...]", "t.Tuple[int,...]"],
        &["Tuple[()]", "tuple[()]", "tuple[( )]"],
        &["Tuple[int, str]", "Tuple[(int, str)]", "tuple[int, str]"],
        &["tuple", "Tuple", "tuple[Any, ...]"],
        &["str", "Text", "t.Text", "typing.Text", "'str'", "'''str'''", "builtins.str"],
        &["cabc.Callable[[int], str]", "Callable[[int], str]", "t.Callable[[ int ,], str]"],
        &["Callable", "Callable[..., Any]", "collections.abc.Callable"],
        &[
            "Iterable[int]",
            "collections.abc.Iterable[int]",
            "cabc.Iterable[int]",
            "collections.Iterable[int]",
        ],
        &["OrderedDict[str, int]", "collections.OrderedDict[str, int]", "t.OrderedDict[str, int]"],
        &["collections.deque[int]", "Deque[int]", "deque[int]"],
        &["t.AbstractSet[int]", "collections.abc.Set[int]"],
        &["Set[int]", "set[int]"],
        &["t.Pattern[str]", "re.Pattern[str]"],
        &["Type[int] | Type[str]", "type[int | str]", "Type[Union[str, int]]"],
        &["Literal['a', 1]", "Lit[1, \"a\"]", "Literal[1] | Literal['a']", "Literal[Literal['a'], 0x1]"],
        &["Literal['a', None]", "Optional[Literal['a']]", "None | Literal[r'a']"],
        &["Literal['ab']", "Literal['a' 'b']", "Literal['\\x61b']"],
        &["Literal[-1]", "Literal[- 1]", "Literal[-0b1]"],
        &["Literal[b'a']", "Literal[B\"a\"]"],
        &["np.ndarray", "numpy.ndarray"],
        &[
            "np.ndarray[tuple[int, ...], np.dtype[np.float64]]",
            "numpy.ndarray[Tuple[int, ...], numpy.dtype[np.float64]]",
        ],
        &["Never", "NoReturn", "t.NoReturn", "typing_extensions.Never"],
        &["Generator[int, None, None]", "Generator[int]", "collections.abc.Generator[int, None, None]"],
        &["AsyncGenerator[int, None]", "AsyncGenerator[int]"],
        &["tuple[*Ts]", "Tuple[Unpack[Ts]]"],
        &["*Ts", "Unpack[Ts]"],
        &["Callable[P, int]", "t.Callable[P, int]"],
        &["Callable[Concatenate[int, P], int]", "Callable[t.Concatenate['int', P], int]"],
        &["Optional[List['Optional[Dict[str, Any]]']]", "list[dict[str, Any] | None] | None"],
        &["Counter"],
        &["jx.Float[jx.Array, 'batch 3']", "jx.Float['jx.Array', \"batch 3\"]"],
        &["t.Counter", "collections.Counter"],
    ];
    let file = parse(MODULE);
    for (row, texts) in table.iter().enumerate() {
        for one in *texts {
            for (column, others) in table.iter().enumerate() {
                for other in *others {
                    assert_eq!(same(&file, one, other), Some(row == column), "{one} / {other}");
                }
            }
        }
    }
}

#[test]
fn what_means_something_else_is_not_equal() {
    let table = [
        ("int", "str"),
        ("Optional[int]", "int"),
        ("list[int]", "list[str]"),
        ("list[int]", "list"),
        ("list", "tuple"),
        ("tuple[int]", "tuple[int, ...]"),
        ("tuple[int, str]", "tuple[str, int]"),
        ("dict[str, int]", "dict[int, str]"),
        ("Callable[[int], str]", "Callable[[str], int]"),
        ("Callable[[int], str]", "Callable[..., str]"),
        ("Callable[[int, str], None]", "Callable[[str, int], None]"),
        ("Callable[[int | None], None]", "Callable[[int], None]"),
        ("Iterable[int]", "Iterator[int]"),
        ("Literal['1']", "Literal[1]"),
        ("Literal['int']", "int"),
        ("Literal['a']", "Literal[b'a']"),
        ("Literal[True]", "Literal[1]"),
        ("np.ndarray", "ndarray"),
        ("Renamed", "Thing"),
        ("Counter", "collections.Counter"),
        ("Any", "object"),
        ("Generator[int, None, str]", "Generator[int]"),
        ("typing.Optional", "int"),
        ("*Ts", "Ts"),
        ("Final[int]", "int"),
        ("type[int]", "int"),
    ];
    let file = parse(MODULE);
    for (one, other) in table {
        assert_eq!(same(&file, one, other), Some(false), "{one} / {other}");
    }
}

#[test]
fn names_mean_what_each_side_imports() {
    let (one, other) = (parse("from a import X\n"), parse("import a as b\n"));
    let (left, right) =
        (TypeExpression::parse("list[X]").unwrap(), TypeExpression::parse("List[b.X]").unwrap());
    let in_one = |name: &str| one.meaning(name, 0);
    let in_other = |name: &str| other.meaning(name, 0);
    assert_eq!(left.same_meaning(&in_one, &right, &in_other), Some(true));
    assert_eq!(left.same_meaning(&in_other, &right, &in_other), Some(false));
    // A name for `Optional` that is used as if it were something else.
    let optional = parse("from typing import Optional as X\n");
    let in_optional = |name: &str| optional.meaning(name, 0);
    let two = TypeExpression::parse("X[int, str]").unwrap();
    assert_eq!(two.same_meaning(&in_optional, &two, &in_one), None);
}

#[test]
fn a_signature_gives_its_types_on_demand() {
    let file = parse("def f(a: 'Optional[int]', b, *c: *Ts, d: f(x) = 1) -> List[int]: ...\n");
    let signature = &file.definitions[1].signature;
    let types: Vec<Option<String>> = signature
        .parameters
        .iter()
        .map(|found| found.annotated_type().map(|found| found.to_string()))
        .collect();
    assert_eq!(types, [Some("int | None".to_owned()), None, Some("*Ts".to_owned()), None]);
    assert_eq!(signature.returned_type().map(|found| found.to_string()).as_deref(), Some("list[int]"));
}

/// A type as a tree, to be written in more than one way.
#[derive(Debug, Clone)]
enum Tree {
    Leaf(usize),
    Union(Vec<Tree>),
    Generic(usize, Vec<Tree>),
    Function(Vec<Tree>, Box<Tree>),
}

/// Each leaf with its spellings.
const LEAVES: &[&[&str]] = &[
    &["int", "builtins.int", "'int'", " int "],
    &["str", "Text", "typing.Text", "\"str\""],
    &["None", "'None'"],
    &["a.B", "a . B"],
    &["Any", "t.Any", "typing.Any"],
    &["Literal['x', 2]", "Literal[2, \"x\"]", "t.Literal['x'] | Lit[2]"],
];
const GENERICS: &[&[&str]] = &[
    &["list", "List", "typing.List"],
    &["Iterable", "collections.abc.Iterable", "t.Iterable"],
    &["a.Own", "a.Own"],
];

fn tree() -> impl Strategy<Value = Tree> {
    let leaf = (0..LEAVES.len()).prop_map(Tree::Leaf);
    leaf.prop_recursive(4, 24, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 1..4).prop_map(Tree::Union),
            (0..GENERICS.len(), prop::collection::vec(inner.clone(), 1..3))
                .prop_map(|(generic, parts)| Tree::Generic(generic, parts)),
            (prop::collection::vec(inner.clone(), 0..3), inner)
                .prop_map(|(parameters, returned)| Tree::Function(parameters, Box::new(returned))),
        ]
    })
}

/// Writes a tree, with choices drawn from a seed.
fn spelled(tree: &Tree, seed: &mut u64) -> String {
    let mut draw = |below: usize| {
        *seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(*seed >> 33).unwrap() % below
    };
    match tree {
        Tree::Leaf(leaf) => LEAVES[*leaf][draw(LEAVES[*leaf].len())].to_owned(),
        Tree::Union(members) => {
            let (turn, form) = (draw(members.len()), draw(3));
            let mut parts: Vec<String> = members.iter().map(|member| spelled(member, seed)).collect();
            parts.rotate_left(turn);
            match form {
                0 => format!("({})", parts.join(" | ")),
                1 => format!("Union[{}]", parts.join(", ")),
                _ => format!("t.Union[{}, {}]", parts[0], parts.join(",")),
            }
        }
        Tree::Generic(generic, parts) => {
            let name = GENERICS[*generic][draw(GENERICS[*generic].len())];
            let parts: Vec<String> = parts.iter().map(|part| spelled(part, seed)).collect();
            format!("{name}[{}]", parts.join(", "))
        }
        Tree::Function(parameters, returned) => {
            let name = ["Callable", "typing.Callable", "collections.abc.Callable"][draw(3)];
            let parameters: Vec<String> = parameters.iter().map(|part| spelled(part, seed)).collect();
            format!("{name}[[{}], {}]", parameters.join(", "), spelled(returned, seed))
        }
    }
}

/// Puts another leaf in the place of the first one.
fn with_other_leaf(tree: &Tree) -> Tree {
    match tree {
        Tree::Leaf(_) => Tree::Generic(2, vec![Tree::Generic(2, vec![tree.clone()])]),
        Tree::Union(members) => Tree::Union(members.iter().map(with_other_leaf).collect()),
        Tree::Generic(generic, parts) => Tree::Generic(*generic, parts.iter().map(with_other_leaf).collect()),
        Tree::Function(parameters, returned) => {
            Tree::Function(parameters.clone(), Box::new(with_other_leaf(returned)))
        }
    }
}

proptest! {
    #[test]
    fn spelling_does_not_change_a_type(tree in tree(), one in any::<u64>(), other in any::<u64>()) {
        let file = parse(MODULE);
        let (one, other) = (spelled(&tree, &mut one.clone()), spelled(&tree, &mut other.clone()));
        prop_assert_eq!(same(&file, &one, &other), Some(true), "{} / {}", one, other);
    }

    #[test]
    fn another_leaf_makes_another_type(tree in tree(), one in any::<u64>(), other in any::<u64>()) {
        let file = parse(MODULE);
        let changed = spelled(&with_other_leaf(&tree), &mut other.clone());
        let one = spelled(&tree, &mut one.clone());
        prop_assert_eq!(same(&file, &one, &changed), Some(false), "{} / {}", one, changed);
    }

    #[test]
    fn what_is_displayed_reads_back_as_the_same_type(tree in tree(), seed in any::<u64>()) {
        let text = spelled(&tree, &mut seed.clone()).replace("Lit[", "Literal[").replace("t.", "typing.");
        let shown = TypeExpression::parse(&text).unwrap().to_string();
        let again = TypeExpression::parse(&shown).unwrap().to_string();
        prop_assert_eq!(shown, again, "{}", text);
    }

    #[test]
    fn any_text_is_read_without_a_fall(text in "[a-zA-Z\\[\\]()|,.'\"\\\\*# \n\\-0-9é]{0,60}") {
        if let Some(found) = TypeExpression::parse(&text) {
            let shown = found.to_string();
            prop_assert_eq!(TypeExpression::parse(&shown).map(|again| again.to_string()), Some(shown));
        }
    }
}
