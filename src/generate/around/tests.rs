use std::cell::RefCell;
use std::sync::Arc;

use super::*;
use crate::generate::sample::{task, task_in};
use crate::python::{Modules, parse};
use crate::rules::Settings;

const SHAPES: &str = "\
class Root:
    def grow(self, by):
        '''Grow.

        Never shrinks.
        '''

class Base(Root):
    '''A shape.

    With much to say.
    '''
    def __init__(self, width: int, *, api_key='hunter2-and-more'): pass
    def area(self, height): return 1

class Box(Base):
    '''A box.'''
    unit: str = 'm'
    password = 'hunter2-and-more'
    def __init__(self, width):
        self.width = width
        self.table = [
            1,
        ]
    def area(self, height):
        return self.scaled(height)
    def scaled(self, by): return by
    def grow(self, by): return by

def use(box):
    for size in range(
        3
    ):
        print(plain(box, size))

def plain(box, size):
    return plain(box, size - 1)

plain(1, 2)
";

fn settings(files: &[(&str, &str)]) -> Settings {
    let files: Vec<(String, String)> =
        files.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())).collect();
    let read = move |path: &RepoPath| {
        let found = files.iter().find(|(known, _)| known == path.as_str());
        found.map(|(_, text)| text.clone().into_bytes())
    };
    Settings::default().with_modules(Modules::new(read))
}

fn shown(
    tasks: &[Task],
    files: &[(&str, &str)],
    never_sent: &dyn Fn(&RepoPath) -> bool,
) -> Vec<(Rank, String)> {
    let settings = settings(files);
    let context = Context { settings: &settings, placeholders: false };
    let open: Vec<usize> = (0..tasks.len()).collect();
    let mut around = around(tasks, &open, &context, never_sent);
    around.remove(&0).unwrap().into_iter().map(|block| (block.rank, block.code)).collect()
}

fn alone(source: &str, name: &str) -> Vec<(Rank, String)> {
    shown(&[task_in(source, name)], &[], &|_| false)
}

#[test]
fn a_method_is_shown_with_its_class_and_what_it_overrides() {
    let found = alone(SHAPES, "Box.grow");
    let class = "class Box(Base):\n    \"\"\"A box.\"\"\"\n    unit: str = 'm'\n    password = '[redacted]'\n    \
                 self.width = width\n    self.table = ...";
    let base = "class Root:\n    def grow(self, by):\n        \"\"\"Grow.\n\n        Never shrinks.\"\"\"";
    assert_eq!(found, [(Rank::Class, class.to_owned()), (Rank::Base, base.to_owned())]);
}

#[test]
fn a_class_is_shown_with_its_bases_and_how_they_are_made() {
    let found = alone(SHAPES, "Box");
    assert_eq!(found.len(), 2, "{found:?}");
    let base = "class Base(Root):\n    \"\"\"A shape.\"\"\"\n    \
                def __init__(self, width: int, *, api_key='[redacted]'):";
    assert_eq!(found[0], (Rank::Base, base.to_owned()));
    assert_eq!(found[1].1, "class Root:");
}

#[test]
fn callers_are_whole_statements_below_the_header_of_their_function() {
    let found = alone(SHAPES, "plain");
    let within = "def use(box):\n    ...\n        print(plain(box, size))";
    assert_eq!(found, [(Rank::Caller, within.to_owned()), (Rank::Caller, "plain(1, 2)".to_owned())]);
    let found = alone(SHAPES, "Box.scaled");
    let caller = "def area(self, height):\n    ...\n    return self.scaled(height)";
    assert!(found.contains(&(Rank::Caller, caller.to_owned())), "{found:?}");
}

#[test]
fn classes_that_are_their_own_bases_end() {
    for source in [
        "class A(B):\n    def f(self): pass\nclass B(A):\n    def f(self): pass\n",
        "class A(A):\n    def f(self): pass\n",
    ] {
        assert!(alone(source, "A.f").len() <= 2, "{source}");
        assert!(alone(source, "A").len() <= 2, "{source}");
    }
}

#[test]
fn a_thousand_callers_are_three() {
    let source = format!("def f(x): return x\n{}", "f(1)\n".repeat(500) + &"y = f(2)\n".repeat(500));
    let found = alone(&source, "f");
    assert_eq!(found, [(Rank::Caller, "f(1)".to_owned())], "the same line says nothing twice");
    let calls = (0..1_000).map(|index| format!("f({index})\n")).collect::<Vec<_>>().concat();
    assert_eq!(alone(&format!("def f(x): return x\n{calls}"), "f").len(), 3);
}

#[test]
fn a_secret_of_a_caller_is_taken_out_and_what_is_too_long_is_not_shown() {
    let table = [
        ("f(password='hunter2-and-more')\n", Some("f(password='[redacted]')")),
        ("def g():\n    key = 'AKIAABCDEFGHIJKLMNOP'\n    f('AKIAABCDEFGHIJKLMNOP')\n", Some("[redacted]")),
        ("def g(token='hunter2-and-more'):\n    f('hunter2-and-more')\n", Some("f('[redacted]')")),
        (
            "f('''-----BEGIN RSA PRIVATE KEY-----\nMIIE\n-----END RSA PRIVATE KEY-----''')\n",
            Some("[redacted]"),
        ),
    ];
    for (caller, expected) in table {
        let found = alone(&format!("def f(x): return x\n{caller}"), "f");
        let code = found.first().map_or("", |(_, code)| code.as_str());
        assert!(expected.is_none_or(|expected| code.contains(expected)), "{caller}: {found:?}");
        for secret in ["hunter2", "AKIA", "MIIE"] {
            assert!(!code.contains(secret), "{found:?}");
        }
    }
    let long = format!("def f(x): return x\nf([{}])\n", "1, ".repeat(1_000));
    assert!(alone(&long, "f").is_empty());
}

const TARGET: &str = "from .far import helper\n\ndef area(x): return helper(x)\n";
const NEAR: &str = "from .shapes import area as size\n\ndef paint():\n    return size(3)\n";
const OTHER: &str = "def area(x): return x\n\ndef paint():\n    return area(3)\n";

#[test]
fn callers_are_found_in_the_files_near_by_and_only_where_names_lead_there() {
    let target = || vec![task(&Arc::new(parse(TARGET)), "pkg/shapes.py", "area")];
    let files = [
        ("pkg/__init__.py", "from . import near, other\n"),
        ("pkg/shapes.py", TARGET),
        ("pkg/near.py", NEAR),
        ("pkg/other.py", OTHER),
        ("pkg/far.py", "def helper(x):\n    from . import shapes\n    return shapes.area(x)\n"),
    ];
    let found = shown(&target(), &files, &|_| false);
    let far = "def helper(x):\n    ...\n    return shapes.area(x)";
    let near = "def paint():\n    ...\n    return size(3)";
    assert_eq!(found, [(Rank::Caller, far.to_owned()), (Rank::Caller, near.to_owned())]);
    let kept = shown(&target(), &files, &|path| path.as_str() == "pkg/far.py");
    assert_eq!(kept, [(Rank::Caller, near.to_owned())]);
}

#[test]
fn callers_are_found_in_the_files_of_the_run() {
    let near = NEAR.replace(" as size", "").replace("size(3)", "area(3)");
    let tasks = [
        task(&Arc::new(parse(TARGET)), "pkg/shapes.py", "area"),
        task(&Arc::new(parse(&near)), "pkg/near.py", "paint"),
    ];
    let files = [("pkg/__init__.py", ""), ("pkg/shapes.py", TARGET), ("pkg/near.py", near.as_str())];
    let found = shown(&tasks, &files, &|_| false);
    assert_eq!(found, [(Rank::Caller, "def paint():\n    ...\n    return area(3)".to_owned())]);
}

#[test]
fn a_base_that_is_never_sent_is_not_shown() {
    let source = "from .vault import Safe\n\nclass Box(Safe):\n    def open(self): return 1\n";
    let files = [
        ("pkg/__init__.py", ""),
        ("pkg/vault.py", "class Safe:\n    def open(self):\n        '''Turn the wheel.'''\n"),
    ];
    let tasks = [task(&Arc::new(parse(source)), "pkg/shapes.py", "Box.open")];
    let texts = |never_sent: &dyn Fn(&RepoPath) -> bool| format!("{:?}", shown(&tasks, &files, never_sent));
    assert!(texts(&|_| false).contains("Turn the wheel"));
    assert!(!texts(&|path| path.as_str().contains("vault")).contains("Turn the wheel"));
}

#[test]
fn callers_of_the_own_file_come_before_those_of_the_files_around_it() {
    let own = format!("{TARGET}\ndef own(): return area(2)\n");
    let caller = |name: &str| format!("from .shapes import area\n\ndef {name}(): return area(1)\n");
    let (first, last) = (caller("first"), caller("last"));
    let all = [
        ("pkg/first.py", first.as_str(), "first"),
        ("pkg/shapes.py", own.as_str(), "area"),
        ("pkg/last.py", last.as_str(), "last"),
    ];
    let tasks = all.map(|(path, text, name)| task(&Arc::new(parse(text)), path, name));
    let files = [("pkg/__init__.py", "")].into_iter().chain(all.map(|(path, text, _)| (path, text)));
    let settings = settings(&files.collect::<Vec<_>>());
    let context = Context { settings: &settings, placeholders: false };
    let found = around(&tasks, &[0, 1, 2], &context, &|_| false);
    let codes: Vec<&str> = found[&1].iter().map(|block| block.code.as_str()).collect();
    assert_eq!(codes.len(), 3, "{codes:?}");
    for (code, caller) in codes.iter().zip(["def own", "def first", "def last"]) {
        assert!(code.starts_with(caller), "{codes:?}");
    }
}

#[test]
fn a_class_in_a_class_is_shown_as_a_base_and_as_what_is_overridden() {
    let source = "\
class Base:
    class Inner:
        '''Inner.'''
        def __init__(self): pass

class Box(Base):
    def Inner(self): return 1

class Small(Base.Inner): pass
";
    let file = Arc::new(parse(source));
    let tasks = ["Box.Inner", "Small"].map(|name| task(&file, "pkg/shapes.py", name));
    let settings = settings(&[]);
    let context = Context { settings: &settings, placeholders: false };
    let found = around(&tasks, &[0, 1], &context, &|_| false);
    let codes = |index: usize| found[&index].iter().map(|block| block.code.as_str()).collect::<Vec<_>>();
    let overridden = "class Base:\n    class Inner:\n        \"\"\"Inner.\"\"\"";
    assert_eq!(codes(0), ["class Box(Base):", overridden]);
    assert_eq!(codes(1), ["class Inner:\n    \"\"\"Inner.\"\"\"\n    def __init__(self):"]);
}

#[test]
fn nothing_is_searched_for_secrets_twice() {
    const MANY: usize = 200;
    let lines = |line: &dyn Fn(usize) -> String| (0..MANY).map(line).collect::<String>();
    let source = [
        "class Root:\n    key = 'AKIAABCDEFGHIJKLMNOP'\n",
        &lines(&|n| format!("    def m{n}(self, by='AKIAABCDEFGHIJKLMNOP'): pass\n")),
        "class Box(Root):\n",
        &lines(&|n| format!("    def m{n}(self, by): pass\n")),
        &lines(&|n| format!("def f{n}(by): return by\n")),
        "def main():\n    token = 'hunter2-and-more'\n",
        &lines(&|n| format!("    f{n}('hunter2-and-more')\n")),
    ]
    .concat();
    let file = Arc::new(parse(&source));
    let names = file.definitions.iter().skip(1).map(|definition| definition.qualified_name.as_str());
    let tasks: Vec<Task> = names.map(|name| task(&file, "pkg/shapes.py", name)).collect();
    let open: Vec<usize> = (0..tasks.len()).collect();
    let searched = RefCell::new(Vec::new());
    let search = |text: &str| {
        searched.borrow_mut().push(text.to_owned());
        redacted_in(text)
    };
    let settings = settings(&[]);
    let context = Context { settings: &settings, placeholders: false };
    let found = gathered((&tasks, &open), &context, &|_| false, &mut Memo::new(&search));
    let spans = ["Root", "Box", "main"].map(|name| file.find(name).unwrap().span.of(&file.text));
    assert_eq!(searched.into_inner(), spans);
    let blocks: Vec<&Block> = found.values().flatten().collect();
    assert!(blocks.len() > 3 * MANY, "{}", blocks.len());
    for secret in ["hunter2", "AKIA"] {
        assert!(blocks.iter().all(|block| !block.code.contains(secret)), "{secret}");
    }
}
