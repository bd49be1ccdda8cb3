//! CPython as the judge of names and types: imports as its `ast` module finds them, types as its `typing` module
//! compares them.

use docgate::change::RepoPath;
use docgate::python::{Imported, Missing, Modules, ParsedFile, TypeExpression, decode, parse};
use serde::Deserialize;

use crate::oracle::{python, standard_library};

/// An imported name: where it stands, what is imported, and what it is called from there on.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
struct Bound {
    line: usize,
    level: usize,
    module: String,
    name: String,
    alias: String,
    scope: String,
}

const IMPORTS: &str = r"
import ast, json, sys

def describe(path):
    try:
        tree = ast.parse(open(path, 'rb').read())
    except (SyntaxError, ValueError, RecursionError):
        return None
    found = []
    pending = [(tree, '')]
    while pending:
        node, scope = pending.pop()
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            scope = node.name
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            plain = isinstance(node, ast.Import)
            for alias in node.names:
                bound = alias.asname or (alias.name.split('.')[0] if plain else alias.name)
                found.append({
                    'line': node.lineno if alias.name == '*' else alias.lineno,
                    'level': 0 if plain else node.level,
                    'module': alias.name if plain else node.module or '',
                    'name': '' if plain else alias.name,
                    'alias': '' if bound == '*' else bound,
                    'scope': scope,
                })
        pending.extend((child, scope) for child in ast.iter_child_nodes(node))
    return found

json.dump([describe(path) for path in sys.stdin.read().splitlines()], sys.stdout)
";

fn imports(file: &ParsedFile) -> Vec<Bound> {
    let describe = |import: &docgate::python::Import| Bound {
        line: file.lines.line(import.span.start),
        level: import.module.level,
        module: import.module.path.clone(),
        name: match &import.imported {
            Imported::Name(name) => name.clone(),
            Imported::Star => "*".to_owned(),
            _ => String::new(),
        },
        alias: import.bound.clone(),
        scope: file.definitions[import.scope].name.clone(),
    };
    let mut found: Vec<Bound> = file.imports.all().iter().map(describe).collect();
    found.sort();
    found
}

#[test]
fn the_imports_of_the_standard_library_are_those_of_cpython() {
    // Every fifth file holds all forms there are.
    let paths: Vec<_> = standard_library().into_iter().step_by(5).collect();
    let list: Vec<String> = paths.iter().map(|path| path.display().to_string()).collect();
    let answers: Vec<Option<Vec<Bound>>> =
        serde_json::from_slice(&python(IMPORTS, list.join("\n").as_bytes())).unwrap();
    let (mut files, mut names, mut wrong) = (0, 0, Vec::new());
    for (path, answer) in paths.iter().zip(answers) {
        let Some(mut expected) = answer else { continue };
        let Ok(text) = decode(&std::fs::read(path).unwrap()) else { continue };
        let file = parse(&text);
        if !file.errors.is_empty() {
            continue;
        }
        expected.sort();
        files += 1;
        names += expected.len();
        if imports(&file) != expected {
            wrong.push(path.display().to_string());
        }
    }
    assert!(files > 30 && names > 300, "{files} files, {names} names");
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// Types that CPython can evaluate. Those that it takes for the same one, we must, and no others.
const TYPES: &[&str] = &[
    "int",
    "'int'",
    "str",
    "Text",
    "t.Text",
    "None",
    "Any",
    "object",
    "int | None",
    "None | int",
    "Optional[int]",
    "t.Optional['int']",
    "Union[int, None]",
    "Union[None, int, int]",
    "Union[Union[int], Optional[int]]",
    "int | str",
    "Union[str, int]",
    "str | int | str",
    "Optional[Union[int, str]]",
    "Union[int, str, None]",
    "list",
    "List",
    "list[int]",
    "List[int]",
    "t.List['int']",
    "list['List[int]']",
    "List[list[int]]",
    "dict[str, int]",
    "Dict[str, int]",
    "Dict[int, str]",
    "tuple[int, ...]",
    "Tuple[int, ...]",
    "Tuple[int]",
    "tuple[int,]",
    "tuple[()]",
    "Tuple[()]",
    "Tuple[(int, str)]",
    "tuple[int, str]",
    "tuple[str, int]",
    "Set[int]",
    "set[int]",
    "FrozenSet[int]",
    "frozenset[int]",
    "t.AbstractSet[int]",
    "collections.abc.Set[int]",
    "Type[int]",
    "type[int]",
    "t.Deque[int]",
    "collections.deque[int]",
    "t.DefaultDict[str, int]",
    "collections.defaultdict[str, int]",
    "t.OrderedDict[str, int]",
    "collections.OrderedDict[str, int]",
    "t.Counter[str]",
    "collections.Counter[str]",
    "t.ChainMap[str, int]",
    "collections.ChainMap[str, int]",
    "Iterable[int]",
    "collections.abc.Iterable[int]",
    "t.Iterator[int]",
    "collections.abc.Iterator[int]",
    "t.Mapping[str, int]",
    "collections.abc.Mapping[str, int]",
    "t.MutableMapping[str, int]",
    "t.Sequence[int]",
    "collections.abc.Sequence[int]",
    "t.Generator[int, None, None]",
    "collections.abc.Generator[int, None, None]",
    "t.Generator[int, str, None]",
    "t.AsyncGenerator[int, None]",
    "t.Awaitable[int]",
    "t.Coroutine[int, str, None]",
    "t.AsyncIterator[int]",
    "t.ContextManager[int]",
    "contextlib.AbstractContextManager[int]",
    "t.AsyncContextManager[int]",
    "t.Pattern[str]",
    "re.Pattern[str]",
    "t.Match[str]",
    "re.Match[bytes]",
    "Callable[[int], str]",
    "collections.abc.Callable[[int], str]",
    "t.Callable[['int',], 'str']",
    "Callable[..., str]",
    "Callable[[], str]",
    "Callable[[int, str], None]",
    "Callable[[str, int], None]",
    "Callable[[Optional[int]], None]",
    "Callable[['None | int'], None]",
    "Literal[1, 'a']",
    "Literal['a', 1]",
    "Literal[0x1, \"a\"]",
    "Literal['a', 'a', 1]",
    "Literal[Literal[1], 'a']",
    "Literal['1', 'a']",
    "Literal[True]",
    "Literal[1]",
    "Literal[b'a']",
    "Literal['a']",
    "Literal[-1]",
    "Annotated[int, 'metres']",
    "Annotated[Optional[int], 3 < 4, {'a': [1, ']']}]",
    "Optional[Annotated[int, 1]]",
    "List[Annotated[int, 1]]",
];

const COMPARE: &str = r"
import collections, collections.abc, contextlib, json, re, sys, types, typing
import typing as t
from typing import *

def norm(found):
    if isinstance(found, str):
        return norm(eval(found))
    if isinstance(found, t.ForwardRef):
        return norm(found.__forward_arg__)
    if found is None or found is type(None):
        return ('None',)
    if isinstance(found, list):
        return ('parameters', tuple(map(norm, found)))
    origin, arguments = get_origin(found), get_args(found)
    if origin in (Union, types.UnionType):
        members = set()
        for member in map(norm, arguments):
            members |= set(member[1]) if member[0] == 'union' else {member}
        return next(iter(members)) if len(members) == 1 else ('union', frozenset(members))
    if origin is Literal:
        return ('literal', frozenset((type(value), value) for value in arguments))
    if origin is Annotated:
        return norm(arguments[0])
    if origin is None:
        return ('class', found)
    is_bare = not arguments and found not in (Tuple[()], tuple[()])
    return ('class', origin) if is_bare else ('generic', origin, tuple(map(norm, arguments)))

forms = [norm(eval(text)) for text in json.load(sys.stdin)]
json.dump([[one == other for other in forms] for one in forms], sys.stdout)
";

#[test]
fn types_are_the_same_where_cpython_says_so() {
    let answer = python(COMPARE, &serde_json::to_vec(TYPES).unwrap());
    let expected: Vec<Vec<bool>> = serde_json::from_slice(&answer).unwrap();
    let file = parse("import typing as t\nfrom typing import *\nimport collections, contextlib, re\n");
    let resolver = |name: &str| file.meaning(name, 0);
    let read = |text: &&str| TypeExpression::parse(text).unwrap_or_else(|| panic!("{text}"));
    let types: Vec<TypeExpression> = TYPES.iter().map(read).collect();
    let mut wrong = Vec::new();
    let mut equal = 0;
    for (row, one) in types.iter().enumerate() {
        for (column, other) in types.iter().enumerate() {
            equal += usize::from(row != column && expected[row][column]);
            if one.same_meaning(&resolver, other, &resolver) != Some(expected[row][column]) {
                wrong.push(format!("{} / {}: {}", TYPES[row], TYPES[column], expected[row][column]));
            }
        }
    }
    assert!(equal > 100, "{equal} pairs that are equal");
    assert!(wrong.is_empty(), "{wrong:#?}");
}

const BASES: &str = r"
import importlib, inspect, json, os, sys, warnings

warnings.simplefilter('ignore')
lib = os.path.dirname(os.__file__)
found = {}
for name in sys.stdin.read().split():
    try:
        module = importlib.import_module(name)
    except ImportError:
        continue  # Not in this version of Python.
    for label, cls in sorted(vars(module).items()):
        if not inspect.isclass(cls) or cls.__module__ != name or cls.__qualname__ != label:
            continue
        bases = []
        for base in cls.__mro__[1:]:
            # These say that they are from where they are to be imported.
            home = '_collections_abc' if base.__module__ == 'collections.abc' else base.__module__
            file = getattr(sys.modules.get(home), '__file__', None)
            if file and file.endswith('.py') and base.__module__ not in ('abc', 'typing'):
                bases.append(os.path.relpath(file, lib) + ':' + base.__qualname__)
        found[os.path.relpath(module.__file__, lib) + ':' + label] = bases
json.dump(found, sys.stdout)
";

/// Modules whose classes are derived from each other, within packages and across them.
const MODULES: &[&str] = &[
    "argparse",
    "asyncio.base_events",
    "asyncio.events",
    "asyncio.exceptions",
    "asyncio.futures",
    "asyncio.locks",
    "asyncio.proactor_events",
    "asyncio.queues",
    "asyncio.selector_events",
    "asyncio.sslproto",
    "asyncio.streams",
    "asyncio.subprocess",
    "asyncio.transports",
    "asyncio.unix_events",
    "bdb",
    "cgi",
    "cmd",
    "code",
    "codeop",
    "compileall",
    "concurrent.futures._base",
    "concurrent.futures.process",
    "concurrent.futures.thread",
    "configparser",
    "contextlib",
    "csv",
    "ctypes.wintypes",
    "dbm.dumb",
    "difflib",
    "doctest",
    "email.charset",
    "email.contentmanager",
    "email.errors",
    "email.generator",
    "email.headerregistry",
    "email.message",
    "email.mime.audio",
    "email.mime.multipart",
    "email.mime.text",
    "email.policy",
    "encodings.utf_8",
    "encodings.idna",
    "fractions",
    "ftplib",
    "gzip",
    "html.parser",
    "http.client",
    "http.cookiejar",
    "http.cookies",
    "http.server",
    "imaplib",
    "importlib.metadata",
    "json.decoder",
    "json.encoder",
    "lib2to3.fixer_base",
    "lib2to3.fixes.fix_apply",
    "lib2to3.pgen2.driver",
    "lib2to3.refactor",
    "logging",
    "logging.config",
    "logging.handlers",
    "mailbox",
    "multiprocessing.connection",
    "multiprocessing.managers",
    "multiprocessing.pool",
    "multiprocessing.process",
    "multiprocessing.queues",
    "optparse",
    "pdb",
    "pickletools",
    "plistlib",
    "pprint",
    "pydoc",
    "queue",
    "sched",
    "shelve",
    "shlex",
    "smtplib",
    "socketserver",
    "statistics",
    "subprocess",
    "tarfile",
    "tempfile",
    "textwrap",
    "threading",
    "timeit",
    "tomllib",
    "trace",
    "unittest.async_case",
    "unittest.case",
    "unittest.loader",
    "unittest.mock",
    "unittest.runner",
    "unittest.suite",
    "urllib.error",
    "urllib.parse",
    "urllib.request",
    "urllib.response",
    "wsgiref.handlers",
    "wsgiref.simple_server",
    "xml.dom.minidom",
    "xml.sax.expatreader",
    "xml.sax.handler",
    "xml.sax.saxutils",
    "xmlrpc.client",
    "xmlrpc.server",
    "zipfile",
];

#[test]
fn the_bases_of_the_standard_librarys_classes_are_those_of_cpython() {
    let answer = python(BASES, MODULES.join("\n").as_bytes());
    let expected: std::collections::BTreeMap<String, Vec<String>> = serde_json::from_slice(&answer).unwrap();
    let root =
        standard_library()[0].ancestors().find(|folder| folder.join("os.py").exists()).unwrap().to_owned();
    let modules = Modules::new(move |path| std::fs::read(path.below(&root)).ok());
    let (mut whole, mut partly, mut with_bases, mut wrong) = (0, 0, 0, Vec::new());
    for (class, bases) in &expected {
        let (path, name) = class.split_once(':').unwrap();
        let path = RepoPath::new(path).unwrap();
        let place = RepoPath::new("asking.py").unwrap();
        let module = path.as_str().trim_end_matches(".py").trim_end_matches("/__init__").replace('/', ".");
        let file = parse(&format!("from {module} import {name}\n"));
        let inquiry = modules.inquiry(&place, &file);
        let found = match inquiry.find(name, 0) {
            Ok(found) if found.definition().kind.is_class() => found,
            other => {
                // A class that a call makes, such as a named tuple.
                partly += 1;
                if !matches!(other, Err(Missing::Dynamic)) {
                    wrong.push(format!("{class}: {:?}", other.map(|found| found.path)));
                }
                continue;
            }
        };
        let ancestry = inquiry.ancestry_of(&found);
        let shown: Vec<String> = ancestry
            .classes
            .iter()
            .map(|base| format!("{}:{}", base.path, base.definition().qualified_name))
            .filter(|base| !base.starts_with("abc.py:") && !base.starts_with("typing.py:"))
            .collect();
        with_bases += usize::from(!shown.is_empty());
        let is_whole = ancestry.unseen.iter().all(|(_, missing)| *missing == Missing::External);
        whole += usize::from(is_whole);
        if is_whole && shown != *bases {
            wrong.push(format!("{class}: {shown:?} and not {bases:?}"));
        } else if !is_whole {
            partly += 1;
        }
    }
    assert!(whole > 400 && with_bases > 200, "{whole} whole, {with_bases} with bases");
    assert!(partly < whole / 10, "{partly} partly");
    assert!(wrong.is_empty(), "{wrong:#?}");
}
