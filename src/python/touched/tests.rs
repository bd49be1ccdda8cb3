use super::*;
use crate::python::parse;

/// One file: its name, its base, its new text; an empty text is no file.
type File<'a> = (&'a str, &'a str, &'a str);

/// Writes what happened to each definition: `file:name`, what it was, and what differs.
fn happened(files: &[File<'_>]) -> Vec<String> {
    let some = |text: &str| (!text.is_empty()).then(|| Arc::new(parse(text)));
    let parsed: Vec<_> = files.iter().map(|(name, base, new)| (*name, some(base), some(new))).collect();
    let versions: Vec<Versions<'_>> =
        parsed.iter().map(|(_, base, new)| Versions { base: base.as_ref(), new: new.as_deref() }).collect();
    let mut lines = Vec::new();
    for ((name, _, new), pairings) in parsed.iter().zip(compare_all(&versions)) {
        let Some(new) = new else { continue };
        for (definition, pairing) in new.definitions.iter().zip(pairings) {
            let Some(touched) = pairing.touched else { continue };
            let mut line = format!("{name}:{}", definition.qualified_name);
            if let Some(base) = &pairing.base {
                let owner = parsed
                    .iter()
                    .find(|(_, old, _)| old.as_ref().is_some_and(|old| Arc::ptr_eq(old, &base.file)));
                let (was, at) = (&base.definition().qualified_name, owner.unwrap().0);
                if touched.moved {
                    line.extend([" was ", at, ":", was]);
                }
            }
            let facts = [
                (touched.added, "added"),
                (touched.signature, "signature"),
                (touched.body, "body"),
                (touched.docstring, "docstring"),
                (touched.members, "members"),
            ];
            for (fact, word) in facts {
                if fact {
                    line.push(' ');
                    line.push_str(word);
                }
            }
            lines.push(line);
        }
    }
    lines
}

fn run(table: &[(&str, &[File<'_>], &[&str])]) {
    for (what, files, expected) in table {
        assert_eq!(happened(files), *expected, "{what}");
    }
}

const F: &str =
    "def f(a):\n    first = a.one()\n    second = a.two()\n    return first.join(second.three(a))\n";
const G: &str = "def g(a):\n    while a.more():\n        a.step()\n    return a.result().value().text\n";
const C: &str =
    "class C:\n    def m(self):\n        return self.one\n    def n(self):\n        return self.two\n";

#[test]
fn a_decorator_touches_what_it_makes_something_else_of() {
    let method =
        |decorator: &str| format!("class C:\n    {decorator}def m(self):\n        return self.one\n");
    let table: &[(&str, &str, &[&str])] = &[
        ("", "@functools.cache\n    ", &[]),
        ("@route('/a')\n    ", "@route('/b')\n    @needs(1)\n    ", &[]),
        ("@functools.cache\n    ", "", &[]),
        ("", "@property\n    ", &["a:C.m signature"]),
        ("@a.b\n    @staticmethod\n    ", "@a.b\n    @classmethod\n    ", &["a:C.m signature"]),
        ("", "@contextlib.contextmanager\n    ", &["a:C.m signature"]),
    ];
    for (before, now, expected) in table {
        assert_eq!(happened(&[("a", &method(before), &method(now))]), *expected, "{before:?} {now:?}");
    }
    let annotated = method("@functools.cache\n    ").replace("self)", "self) -> int");
    assert_eq!(happened(&[("a", &method(""), &annotated)]), ["a:C.m signature"]);
}

#[test]
fn hostile_changes_are_not_mistaken() {
    let swapped = format!("{}{}", F.replace("def f", "def g"), G.replace("def g", "def f"));
    let both = format!("{F}{G}");
    let twice = format!("{F}{}", F.replace("def f", "def h"));
    run(&[
        ("two functions swap their names", &[("a", &both, &swapped)], &["a:g body", "a:f body"]),
        (
            "a function is renamed and changed",
            &[("a", F, &F.replace("def f", "def h").replace("one", "uno"))],
            &["a: members", "a:h added"],
        ),
        (
            "a renamed function gets an annotation",
            &[("a", F, &F.replace("def f(a)", "def h(a: int)"))],
            &["a: members", "a:h was a:f signature"],
        ),
        (
            "two functions with one body go, one with that body comes",
            &[("a", &twice, &F.replace("def f", "def k"))],
            &["a: members", "a:k added"],
        ),
        (
            "one goes, two with its body come",
            &[("a", F, &twice.replace("def f", "def k"))],
            &["a: members", "a:k added", "a:h added"],
        ),
        ("a stub is renamed", &[("a", "def f(a): ...\n", "def h(a): ...\n")], &["a: members", "a:h added"]),
        (
            "an overload is renamed",
            &[("a", "@overload\ndef f(a):\n    return a\n", "@overload\ndef h(a):\n    return a\n")],
            &["a: members", "a:h added"],
        ),
        (
            "an empty class is renamed",
            &[("a", "class A:\n    pass\n", "class B:\n    pass\n")],
            &["a: members", "a:B added"],
        ),
        (
            "classes whose methods have the same names and nothing else",
            &[("a", C, &C.replace("class C", "class D").replace("one", "uno").replace("two", "due"))],
            &["a: members", "a:D added", "a:D.m added", "a:D.n added"],
        ),
        (
            "a class becomes a function",
            &[("a", "class f:\n    x = 1\n", "def f():\n    return 1\n")],
            &["a:f signature body members"],
        ),
    ]);
}

#[test]
fn redefinitions_are_paired_with_what_they_were() {
    let one = "if x:\n    def f(a):\n        return one\n";
    let two = "else:\n    def f(a):\n        return two\n";
    let accessors = "class A:\n    @property\n    def x(self):\n        return self._x\n    @x.setter\n    def x(self, v):\n        self._x = v\n    @x.deleter\n    def x(self):\n        del self._x\n";
    let getter = "    @property\n    def x(self):\n        return self._x\n";
    let setter = "    @x.setter\n    def x(self, v):\n        self._x = v\n";
    let overloads = "@overload\ndef f(a: int): ...\n@overload\ndef f(a: str): ...\n@overload\ndef f(a: bytes): ...\ndef f(a):\n    return a\n";
    let registered =
        "@r(1)\ndef _(a):\n    return 1\n@r(2)\ndef _(a):\n    return 2\n@r(3)\ndef _(a):\n    return 3\n";
    run(&[
        (
            "the first of two goes",
            &[("a", &format!("{one}{two}"), &two.replace("else:", "if x:"))],
            &["a: body members"],
        ),
        ("the second of two goes", &[("a", &format!("{one}{two}"), one)], &["a: body members"]),
        (
            "one goes and the other changes",
            &[("a", &format!("{one}{two}"), &one.replace("one", "uno"))],
            &["a: body members", "a:f body"],
        ),
        (
            "a third one comes first",
            &[("a", &format!("{one}{two}"), &format!("def f(a):\n    return zero\n{one}{two}"))],
            &["a: members", "a:f added"],
        ),
        (
            "two swap their places",
            &[(
                "a",
                registered,
                "@r(3)\ndef _(a):\n    return 3\n@r(1)\ndef _(a):\n    return 1\n@r(2)\ndef _(a):\n    return 2\n",
            )],
            &[],
        ),
        (
            "the middle one goes and the last one changes",
            &[("a", registered, "@r(1)\ndef _(a):\n    return 1\n@r(3)\ndef _(a):\n    return 33\n")],
            &["a: members", "a:_#2 body"],
        ),
        ("a getter goes", &[("a", accessors, &accessors.replace(getter, ""))], &["a:A members"]),
        ("a setter goes", &[("a", accessors, &accessors.replace(setter, ""))], &["a:A members"]),
        (
            "a setter goes and the deleter changes",
            &[("a", accessors, &accessors.replace(setter, "").replace("del self._x", "self._x = None"))],
            &["a:A members", "a:A.x#2 body"],
        ),
        (
            "getter and setter change",
            &[(
                "a",
                accessors,
                &accessors.replace("return self._x", "return 1").replace("self._x = v", "pass"),
            )],
            &["a:A.x body", "a:A.x#2 body"],
        ),
        (
            "a setter comes",
            &[("a", &accessors.replace(setter, ""), accessors)],
            &["a:A members", "a:A.x#2 added"],
        ),
        (
            "the first overload goes",
            &[("a", overloads, &overloads.replace("@overload\ndef f(a: int): ...\n", ""))],
            &["a: members"],
        ),
        (
            "one overload changes",
            &[("a", overloads, &overloads.replace("a: str", "a: list"))],
            &["a:f#2 signature"],
        ),
        (
            "the first of two classes goes and the other changes",
            &[(
                "a",
                &format!("{C}{}", C.replace("one", "uno").replace("two", "due")),
                &C.replace("one", "uno").replace("two", "tre"),
            )],
            &["a: members", "a:C.n body"],
        ),
        (
            "the first of two classes goes with all its methods",
            &[("a", &format!("{C}{}", C.replace("one", "uno")), &C.replace("one", "uno"))],
            &["a: members"],
        ),
    ]);
}

#[test]
fn what_moves_within_a_file_is_known_by_its_body() {
    let two = format!("{C}class D:\n    def o(self):\n        return 3\n");
    let moved = "class C:\n    def m(self):\n        return self.one\nclass D:\n    def o(self):\n        return 3\n    def n(self):\n        return self.two\n";
    run(&[
        ("a function is renamed", &[("a", F, &F.replace("def f", "def h"))], &["a: members", "a:h was a:f"]),
        (
            "a class is renamed",
            &[("a", C, &C.replace("class C", "class D"))],
            &["a: members", "a:D was a:C", "a:D.m was a:C.m", "a:D.n was a:C.n"],
        ),
        (
            "a class is renamed and one of its two methods changes",
            &[("a", C, &C.replace("class C", "class D").replace("one", "uno"))],
            &["a: members", "a:D was a:C", "a:D.m was a:C.m body", "a:D.n was a:C.n"],
        ),
        (
            "a method moves to another class",
            &[("a", &two, moved)],
            &["a:C members", "a:D members", "a:D.n was a:C.n"],
        ),
        (
            "a function becomes a method",
            &[(
                "a",
                "def f(self):\n    return self.one\nclass A:\n    x = 1\n",
                "class A:\n    x = 1\n    def f(self):\n        return self.one\n",
            )],
            &["a: members", "a:A members", "a:A.f was a:f"],
        ),
        (
            "a data class is renamed",
            &[("a", "class A:\n    name: str\n    age: int\n", "class B:\n    name: str\n    age: int\n")],
            &["a: members", "a:B was a:A"],
        ),
        (
            "a renamed function takes the functions inside it along",
            &[(
                "a",
                "def f():\n    def g():\n        return 1\n    return g\n",
                "def h():\n    def g():\n        return 1\n    return g\n",
            )],
            &["a: members", "a:h was a:f", "a:h.g was a:f.g"],
        ),
        ("definitions change their order", &[("a", &format!("{F}{G}{C}"), &format!("{C}{G}{F}"))], &[]),
        (
            "a docstring changes while its function is renamed",
            &[("a", "def f():\n    'One.'\n    return one\n", "def h():\n    'Two.'\n    return one\n")],
            &["a: members", "a:h was a:f docstring"],
        ),
    ]);
}

#[test]
fn what_moves_between_files_is_known_by_its_body() {
    let both = format!("{F}{G}");
    let method = "class A:\n    def __str__(self):\n        return self.name\n";
    run(&[
        (
            "a function moves",
            &[("a", &both, G), ("b", "x = 1\n", &format!("x = 1\n{F}"))],
            &["a: members", "b: members", "b:f was a:f"],
        ),
        (
            "a function moves to a new file",
            &[("a", &both, G), ("b", "", F)],
            &["a: members", "b: added", "b:f was a:f"],
        ),
        (
            "a function moves and changes",
            &[("a", &both, G), ("b", "", &F.replace("one", "uno"))],
            &["a: members", "b: added", "b:f added"],
        ),
        (
            "a function moves and is renamed",
            &[("a", &both, G), ("b", "", &F.replace("def f", "def h"))],
            &["a: members", "b: added", "b:h was a:f"],
        ),
        ("a function is copied", &[("a", F, F), ("b", "", F)], &["b: added", "b:f added"]),
        (
            "a function goes to two places",
            &[("a", &both, G), ("b", "", F), ("c", "", F)],
            &["a: members", "b: added", "b:f added", "c: added", "c:f added"],
        ),
        (
            "a function comes from two places",
            &[("a", F, "x = 1\n"), ("b", F, "x = 1\n"), ("c", "", F)],
            &["a: body members", "b: body members", "c: added", "c:f added"],
        ),
        (
            "a class moves with its methods",
            &[("a", &format!("{F}{C}"), F), ("b", "", &C.replace("one", "uno"))],
            &["a: members", "b: added", "b:C was a:C", "b:C.m was a:C.m body", "b:C.n was a:C.n"],
        ),
        (
            "a file is split and deleted",
            &[("a", &format!("{both}{C}"), ""), ("b", "", F), ("c", "", &format!("{G}{C}"))],
            &[
                "b: added",
                "b:f was a:f",
                "c: added",
                "c:g was a:g",
                "c:C was a:C",
                "c:C.m was a:C.m",
                "c:C.n was a:C.n",
            ],
        ),
        (
            "a method under the same name in an unrelated class is no sign",
            &[
                ("a", &format!("{F}{method}"), F),
                ("b", "", "class B:\n    def __repr__(self):\n        return self.name\n"),
            ],
            &["a: members", "b: added", "b:B added", "b:B.__repr__ added"],
        ),
        (
            "a rename in the file is preferred to a copy elsewhere",
            &[("a", F, &F.replace("def f", "def h")), ("b", "", &F.replace("def f", "def k"))],
            &["a: members", "a:h was a:f", "b: added", "b:k added"],
        ),
        (
            "a stub does not move",
            &[("a", "def f(a): ...\n", "x = 1\n"), ("b", "", "def f(a): ...\n")],
            &["a: body members", "b: added", "b:f added"],
        ),
    ]);
}

#[test]
fn without_a_base_everything_is_new_and_deleted_files_are_silent() {
    run(&[
        ("a new file", &[("a", "", F)], &["a: added", "a:f added"]),
        ("a deleted file", &[("a", F, "")], &[]),
        ("nothing", &[], &[]),
        ("a deleted file and an unrelated one", &[("a", F, ""), ("b", "", G)], &["b: added", "b:g added"]),
    ]);
}

#[test]
fn an_edited_docstring_keeps_its_counterpart() {
    let base = Arc::new(parse("def f():\n    return one\n"));
    let pairing = compare(Some(&base), &parse("def h():\n    return one\n")).remove(1);
    let edited = {
        let text = parse("def h():\n    'Do.'\n    return one\n");
        pairing.with(&text, &text.definitions[1])
    };
    let touched = edited.touched.unwrap();
    assert!(touched.moved && touched.docstring && !touched.body && !touched.added);
    assert_eq!(edited.base.unwrap().definition().qualified_name, "f");
}

#[test]
fn many_definitions_of_one_name_take_no_longer_than_others() {
    let lines: Vec<String> = (0..4_000).map(|n| format!("@r\ndef _(a):\n    return {n}\n")).collect();
    let base = Arc::new(parse(&lines.concat()));
    let new = parse(&lines[1..].concat());
    let started = seconds(|| {
        let touched = compare(Some(&base), &new).iter().filter(|pairing| pairing.touched.is_some()).count();
        assert_eq!(touched, 1, "the module, whose members differ");
    });
    assert!(started < 5.0, "{started} s");
}

#[expect(clippy::disallowed_methods, reason = "a test that is meant to notice what takes too long")]
fn seconds(work: impl FnOnce()) -> f64 {
    let begun = std::time::Instant::now();
    work();
    begun.elapsed().as_secs_f64()
}
