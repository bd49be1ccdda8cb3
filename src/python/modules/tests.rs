use std::collections::BTreeSet;

use super::*;
use crate::python::parse;

/// A tree of files, and the paths that were read and found.
struct Tree {
    modules: Modules,
    files: HashMap<RepoPath, String>,
    read: Arc<Mutex<Vec<String>>>,
}

fn path(text: &str) -> RepoPath {
    RepoPath::new(text).unwrap()
}

fn tree(files: &[(&str, &str)]) -> Tree {
    let files: HashMap<RepoPath, String> =
        files.iter().map(|(name, text)| (path(name), (*text).to_owned())).collect();
    let (inner, read) = (files.clone(), Arc::new(Mutex::new(Vec::new())));
    let log = Arc::clone(&read);
    let modules = Modules::new(move |path| {
        let text = inner.get(path)?;
        log.lock().unwrap().push(path.to_string());
        Some(text.clone().into_bytes())
    });
    Tree { modules, files, read }
}

impl Tree {
    fn ask<T>(&self, from: &str, question: impl FnOnce(&Inquiry<'_>, &ParsedFile) -> T) -> T {
        let from = path(from);
        let file = parse(&self.files[&from]);
        question(&self.modules.inquiry(&from, &file), &file)
    }

    /// Writes what a name leads to as `path:qualified name`, or the reason why it does not.
    fn find(&self, from: &str, name: &str) -> String {
        self.ask(from, |inquiry, _| match inquiry.find(name, 0) {
            Ok(found) => shown(&found),
            Err(missing) => format!("{missing:?}"),
        })
    }

    fn ancestry(&self, from: &str, class: &str) -> Vec<String> {
        self.ask(from, |inquiry, file| {
            let ancestry = inquiry.ancestry(index(file, class));
            let unseen = ancestry.unseen.iter().map(|(name, missing)| format!("{name} {missing:?}"));
            ancestry.classes.iter().map(shown).chain(unseen).collect()
        })
    }

    fn inherited(&self, from: &str, method: &str) -> Option<(String, bool, bool)> {
        self.ask(from, |inquiry, file| {
            let inherited = inquiry.inherited(index(file, method))?;
            let documented = inherited.documented.as_ref().map(shown).unwrap_or_default();
            Some((documented, inherited.overrides, inherited.complete))
        })
    }
}

fn index(file: &ParsedFile, name: &str) -> usize {
    file.definitions.iter().position(|found| found.qualified_name == name).unwrap()
}

fn shown(found: &Found<'_>) -> String {
    format!("{}:{}", found.path, found.definition().qualified_name)
}

#[test]
fn cycles_and_chains_come_to_an_end() {
    let mut files = vec![
        ("p/__init__.py".to_owned(), "from .a import X\nfrom .b import *\n".to_owned()),
        ("p/a.py".to_owned(), "from .b import X\nfrom . import Y\n".to_owned()),
        ("p/b.py".to_owned(), "from .a import X\nfrom .a import *\nfrom . import *\n".to_owned()),
        (
            "p/loop.py".to_owned(),
            "A = B\nB = A\nclass C(D): pass\nclass D(C): pass\nclass E(E): pass\n".to_owned(),
        ),
        ("long/end.py".to_owned(), "class Z: pass\n".to_owned()),
        (
            "wide/__init__.py".to_owned(),
            (0..300).map(|n| format!("from .m{n} import *\n")).collect::<Vec<_>>().concat(),
        ),
    ];
    for number in 0..400 {
        let next = if number == 399 { "end".to_owned() } else { format!("m{}", number + 1) };
        files.push((format!("long/m{number}.py"), format!("from .{next} import Z\n")));
        files.push((format!("wide/m{number}.py"), format!("x{number} = 1\n")));
    }
    let files: Vec<(&str, &str)> = files.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
    let tree = tree(&files);
    for (from, name) in
        [("p/__init__.py", "X"), ("p/__init__.py", "nothing"), ("p/a.py", "Y"), ("p/b.py", "Y")]
    {
        let found = tree.find(from, name);
        assert!(["NotFound", "External"].contains(&found.as_str()), "{from} {name}: {found}");
    }
    assert_eq!(tree.find("p/loop.py", "A"), "NotFound");
    assert_eq!(tree.ancestry("p/loop.py", "C"), ["p/loop.py:D"]);
    assert_eq!(tree.ancestry("p/loop.py", "E"), ["E External"]);
    assert_eq!(tree.find("long/m380.py", "Z"), "long/end.py:Z");
    assert_eq!(tree.find("long/m0.py", "Z"), "OverBudget");
    assert_eq!(tree.find("wide/__init__.py", "y"), "OverBudget");
}

#[test]
fn a_name_is_followed_through_every_form_of_import() {
    let tree = tree(&[
        (
            "pkg/__init__.py",
            "from .errors import Broken as Renamed\nfrom . import errors as faults\nfrom .star import *\n",
        ),
        ("pkg/errors.py", "class Broken(Exception):\n    class Inner: pass\ndef __getattr__(name): ...\n"),
        (
            "pkg/star.py",
            "from .listed import *\nfrom .errors import _hidden\nclass Starred: pass\nclass _Own: pass\n",
        ),
        ("pkg/listed.py", "__all__ = ['_given']\nclass _given: pass\nclass Kept: pass\n"),
        ("pkg/sub/__init__.py", ""),
        (
            "pkg/sub/deep.py",
            "from ..errors import Broken\nfrom ... import outside\nfrom .... import above\nfrom . import sibling, absent\nfrom .. import Renamed, sub\nimport pkg.sub.sibling\nimport pkg.errors as e\nimport numpy as np\nfrom pkg import star, Starred, _Own, _given, Kept, faults\nfrom pkg.absent import x\nfrom pkg.errors import Anything\nmade = make()\nAlias = e.Broken.Inner\n",
        ),
        ("pkg/sub/sibling.py", "def f(): pass\n"),
        ("outside.py", ""),
        ("space/inner/module.py", "class S: pass\n"),
        (
            "user.py",
            "import space.inner.module\nfrom space.inner import module as m\nfrom space.inner.module import S\nfrom pkg.compiled import fast\nfrom pkg.both import g\nimport outside\n",
        ),
        ("pkg/compiled.pyi", "def fast() -> None: ...\n"),
        ("pkg/both.pyi", "def g() -> None: ...\n"),
        ("pkg/both.py", "def g():\n    'Doc.'\n"),
    ]);
    let deep = "pkg/sub/deep.py";
    let table = [
        (deep, "Broken", "pkg/errors.py:Broken"),
        (deep, "Broken.Inner", "pkg/errors.py:Broken.Inner"),
        (deep, "Broken.absent", "NotFound"),
        (deep, "outside", "outside.py:"),
        (deep, "above", "NotFound"),
        (deep, "sibling.f", "pkg/sub/sibling.py:f"),
        (deep, "absent", "NotFound"),
        (deep, "Renamed", "pkg/errors.py:Broken"),
        (deep, "sub.sibling.f", "pkg/sub/sibling.py:f"),
        (deep, "pkg.sub.sibling.f", "pkg/sub/sibling.py:f"),
        (deep, "pkg.errors.Broken", "pkg/errors.py:Broken"),
        (deep, "e.Broken", "pkg/errors.py:Broken"),
        (deep, "e", "pkg/errors.py:"),
        (deep, "np.ndarray", "External"),
        (deep, "int", "External"),
        (deep, "star.Starred", "pkg/star.py:Starred"),
        (deep, "Starred", "pkg/star.py:Starred"),
        (deep, "_Own", "NotFound"),
        (deep, "_given", "NotFound"),
        (deep, "Kept", "NotFound"),
        (deep, "star._given", "pkg/listed.py:_given"),
        (deep, "faults.Broken", "pkg/errors.py:Broken"),
        (deep, "x", "NotFound"),
        (deep, "Anything", "Dynamic"),
        (deep, "made", "Dynamic"),
        (deep, "Alias", "pkg/errors.py:Broken.Inner"),
        ("user.py", "space.inner.module.S", "space/inner/module.py:S"),
        ("user.py", "m.S", "space/inner/module.py:S"),
        ("user.py", "S", "space/inner/module.py:S"),
        ("user.py", "fast", "pkg/compiled.pyi:fast"),
        ("user.py", "g", "pkg/both.py:g"),
        ("user.py", "outside", "outside.py:"),
        ("pkg/star.py", "Starred", "pkg/star.py:Starred"),
    ];
    for (from, name, expected) in table {
        assert_eq!(tree.find(from, name), expected, "{name} in {from}");
    }
}

#[test]
fn source_roots_are_guessed_from_where_a_file_is() {
    let library = "class Thing: pass\n";
    let user = "from lib.core import Thing\nimport json\n";
    let table: &[(&[(&str, &str)], &str)] = &[
        (&[("lib/__init__.py", ""), ("lib/core.py", library), ("lib/user.py", user)], "lib/core.py:Thing"),
        (
            &[("src/lib/__init__.py", ""), ("src/lib/core.py", library), ("src/lib/a/user.py", user)],
            "src/lib/core.py:Thing",
        ),
        (
            &[("src/lib/__init__.py", ""), ("src/lib/core.py", library), ("tests/unit/user.py", user)],
            "src/lib/core.py:Thing",
        ),
        (
            &[
                ("one/src/lib/__init__.py", ""),
                ("one/src/lib/core.py", library),
                ("one/tests/__init__.py", ""),
                ("one/tests/user.py", user),
                ("lib/__init__.py", ""),
                ("lib/core.py", library),
            ],
            "one/src/lib/core.py:Thing",
        ),
        (&[("other/lib/core.py", library), ("scripts/user.py", user)], "External"),
        (&[("lib/__init__.py", ""), ("scripts/user.py", user)], "NotFound"),
        // The folder of a package is no root, whatever lies in it.
        (&[("pkg/__init__.py", ""), ("pkg/lib/core.py", library), ("pkg/user.py", user)], "External"),
    ];
    for (files, expected) in table {
        let from = files.iter().map(|(path, _)| *path).find(|path| path.ends_with("user.py")).unwrap();
        assert_eq!(tree(files).find(from, "Thing"), *expected, "{files:?}");
        assert_eq!(tree(files).find(from, "json.loads"), "External", "{files:?}");
    }
}

#[test]
fn a_file_is_read_when_it_is_needed_and_once_for_all() {
    let tree = tree(&[
        ("a/__init__.py", ""),
        ("a/base.py", "class Base: pass\n"),
        ("a/unused.py", "class Base: pass\n"),
        ("a/one.py", "from .base import Base\nfrom .unused import Other\n"),
        ("a/two.py", "from .base import Base\n"),
    ]);
    let seen: BTreeSet<String> = std::thread::scope(|scope| {
        let ask = |from: &'static str| {
            scope.spawn({
                let tree = &tree;
                move || (0..20).map(|_| tree.find(from, "Base")).collect::<BTreeSet<_>>()
            })
        };
        let asked: Vec<_> = ["a/one.py", "a/two.py", "a/one.py", "a/two.py"].map(ask).into_iter().collect();
        asked.into_iter().flat_map(|handle| handle.join().unwrap()).collect()
    });
    assert_eq!(seen, BTreeSet::from(["a/base.py:Base".to_owned()]));
    assert_eq!(*tree.read.lock().unwrap(), ["a/base.py"]);
    // What is parsed already is not read at all.
    let known = super::tests::tree(&[("a.py", "from b import C\n"), ("b.py", "")]);
    known.modules.add(path("b.py"), Arc::new(parse("class C: pass\n")));
    assert_eq!(known.find("a.py", "C"), "b.py:C");
    assert_eq!(*known.read.lock().unwrap(), [""; 0]);
}

#[test]
fn a_budget_counts_the_files_of_one_inquiry_whoever_read_them() {
    let text = format!("class Big: pass\n# {}\n", "x".repeat(100));
    let mut tree = tree(&[
        ("a.py", "from b import Big\nfrom c import Big as Other\n"),
        ("b.py", &text),
        ("c.py", &text),
    ]);
    tree.modules = tree.modules.with_budget(FileBudget { files: 1, bytes: 1_000 });
    let both = |tree: &Tree| {
        tree.ask("a.py", |inquiry, _| {
            ["Big", "Other"].map(|name| inquiry.find(name, 0).map(|found| shown(&found)))
        })
    };
    let expected = [Ok("b.py:Big".to_owned()), Err(Missing::OverBudget)];
    assert_eq!(both(&tree), expected);
    assert_eq!(tree.find("a.py", "Other"), "c.py:Big");
    assert_eq!(both(&tree), expected, "c.py has been read by now");
    tree.modules = tree.modules.with_budget(FileBudget { files: 9, bytes: 100 });
    assert_eq!(tree.find("a.py", "Big"), "OverBudget");
}

#[test]
fn the_bases_of_a_class_are_followed_across_files() {
    let tree = tree(&[
        ("p/__init__.py", "from .base import Base\n"),
        (
            "p/base.py",
            "import abc\nclass Root(abc.ABC): pass\nclass Base(Root): pass\nclass Other(Root): pass\n",
        ),
        (
            "p/use.py",
            "from . import Base\nfrom p import base as b\nfrom threading import Thread\nfrom .gone import Lost\nclass A(Base, b.Other): pass\nclass B(A, Thread, metaclass=M): pass\nclass Thread(Thread): pass\nclass C(Lost, make(), b): pass\nclass D(Base, b.Root[int]): pass\nclass Refused(b.Root, Base): pass\ndef f():\n    class E(A): pass\n",
        ),
    ]);
    let table: &[(&str, &[&str])] = &[
        ("A", &["p/base.py:Base", "p/base.py:Other", "p/base.py:Root", "abc.ABC External"]),
        ("B", &["p/use.py:A", "p/base.py:Base", "p/base.py:Other", "p/base.py:Root", "Thread External"]),
        ("Thread", &["Thread External"]),
        ("C", &["Lost NotFound", " Dynamic", "b Dynamic"]),
        ("D", &["p/base.py:Base", "p/base.py:Root", "abc.ABC External"]),
        ("Refused", &["p/base.py:Root", "p/base.py:Base"]),
        ("f.E", &["p/use.py:A", "p/base.py:Base", "p/base.py:Other", "p/base.py:Root", "abc.ABC External"]),
    ];
    for (class, expected) in table {
        let found = tree.ancestry("p/use.py", class);
        assert_eq!(found[..expected.len().min(found.len())], **expected, "{class}");
    }
}

#[test]
fn a_method_inherits_the_first_documentation_of_its_bases() {
    let tree = tree(&[
        (
            "base.py",
            "class Root:\n    def f(self): 'Root.'\n    def g(self): pass\n    @property\n    def x(self): 'X.'\nclass Mixin:\n    def f(self): pass\n",
        ),
        (
            "use.py",
            "from base import Root, Mixin\nfrom elsewhere import Far\nfrom typing import Generic, override\n\
class A(Mixin, Root, Generic[T]):\n    def f(self): pass\n    def g(self): pass\n    def own(self): pass\n    @property\n    def x(self): pass\n    @x.setter\n    def x(self, value): pass\n    @property\n    def y(self): 'Y.'\n    @y.deleter\n    def y(self): pass\n    @override\n    def claimed(self): pass\n\
class B(Far):\n    def h(self): pass\n    @override\n    def i(self): pass\n\
class C:\n    def f(self): pass\n\
class D(A):\n    def f(self): pass\n\
def f(): pass\n",
        ),
    ]);
    let table = [
        ("A.f", Some(("base.py:Root.f", true, true))),
        ("A.g", Some(("", true, true))),
        ("A.own", Some(("", false, true))),
        ("A.x", Some(("base.py:Root.x", true, true))),
        ("A.x#2", Some(("base.py:Root.x", true, true))),
        ("A.y#2", Some(("use.py:A.y", false, true))),
        ("A.claimed", Some(("", true, true))),
        ("B.h", Some(("", false, false))),
        ("B.i", Some(("", true, false))),
        ("C.f", Some(("", false, true))),
        ("D.f", Some(("base.py:Root.f", true, true))),
        ("f", None),
        ("A", None),
    ];
    for (method, expected) in table {
        let found = tree.inherited("use.py", method);
        let found = found.as_ref().map(|(name, overrides, complete)| (name.as_str(), *overrides, *complete));
        assert_eq!(found, expected, "{method}");
    }
}

#[test]
fn what_was_read_is_forgotten_before_it_becomes_too_much() {
    let text = format!("class Big(object): pass\n# {}\n", "x".repeat(MOST_BYTES / 2));
    let mut tree = tree(&[("a.py", "import b, c, d\n"), ("b.py", &text), ("c.py", &text), ("d.py", &text)]);
    tree.modules = tree.modules.with_budget(FileBudget { files: 9, bytes: 9 * MOST_BYTES });
    for (name, reads) in [("b", 1), ("b", 1), ("c", 2), ("c", 2), ("d", 3), ("d", 3), ("b", 4)] {
        assert_eq!(tree.find("a.py", &format!("{name}.Big")), format!("{name}.py:Big"));
        assert_eq!(tree.read.lock().unwrap().len(), reads, "{name}");
    }
    // One inquiry goes on with what it has.
    tree.ask("a.py", |inquiry, _| {
        let first = inquiry.find("b.Big", 0).unwrap();
        inquiry.find("c.Big", 0).unwrap();
        inquiry.find("d.Big", 0).unwrap();
        assert!(inquiry.find("b.Big", 0).unwrap().is(&first));
    });
}

#[test]
fn neighbours_are_the_package_and_what_both_import() {
    let modules = tree(&[
        ("pkg/__init__.py", "from . import near\nfrom .deep import *\nimport pkg.own, elsewhere\n"),
        ("pkg/own.py", "from .far import helper\nfrom .far import other\nfrom . import own\n"),
        ("pkg/far.py", "from .real import helper\nother = 1\n"),
        ("pkg/real.py", "def helper(): pass\n"),
        ("pkg/near.py", ""),
        ("pkg/beside.py", ""),
        ("pkg/deep/__init__.py", ""),
        ("pkg/deep/below.py", ""),
        ("other/beside.py", ""),
    ]);
    let names = |most, listed: &[&str]| -> Vec<String> {
        let listed: Vec<RepoPath> = listed.iter().map(|path| RepoPath::new(path).unwrap()).collect();
        modules.ask("pkg/own.py", |inquiry, _| {
            inquiry.neighbours(most, &listed).iter().map(|found| found.path.to_string()).collect()
        })
    };
    assert_eq!(
        names(9, &[]),
        ["pkg/__init__.py", "pkg/real.py", "pkg/far.py", "pkg/near.py", "pkg/deep/__init__.py"]
    );
    assert_eq!(names(2, &["pkg/beside.py"]), ["pkg/__init__.py", "pkg/real.py"]);
    assert!(names(0, &["pkg/beside.py"]).len() <= 1);
    let listed =
        ["other/beside.py", "pkg/own.py", "pkg/deep/below.py", "pkg/beside.py", "pkg/near.py", "pkg/gone.py"];
    assert_eq!(names(9, &listed)[5..], ["pkg/beside.py"]);
}
