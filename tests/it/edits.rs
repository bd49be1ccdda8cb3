//! Literals and edits against `CPython`, thousands to a process: what docgate evaluates, writes and proves must be what the
//! language says.

use docgate::edit::{Edit, apply, delete, insert, prove, replace, rewrite};
use docgate::python::{Definition, ParsedFile, Quotes, Span, cleandoc, evaluated, parse, quote};

use crate::oracle::python;

/// Pieces that literals, docstrings and layout are made of, and what has confused those who write them.
const PIECES: &[&str] = &[
    "\"\"\"",
    "'''",
    "\"",
    "'",
    "\\",
    "\n",
    "\r",
    "\r\n",
    "\t",
    "    ",
    "  ",
    "; x()",
    "pass",
    "# c",
    "# type: int",
    "r",
    "u",
    "f",
    "b",
    "t",
    "{x}",
    "(",
    ")",
    "\\x4",
    "\\x41",
    "\\N{DASH}",
    "\\N{EN DASH}",
    "\\N{NBSP}",
    "\\u12",
    "\\ud800",
    "\\777",
    "\\08",
    "\0",
    "\u{c}",
    "\u{b}",
    "\u{1c}",
    "é",
    "\u{85}",
    "\u{a0}",
    "\u{202e}",
    "\u{2028}",
    "\u{feff}",
    "Doc.",
    ":",
    "return 1",
    ";",
    "\\\n",
    "+",
    "'a'",
    "\"\"\"d\"\"\"",
    "# coding: latin-1",
    "\u{1a}",
    "\u{1f600}",
];

/// A stream of numbers that is the same on every machine (xorshift).
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % u64::try_from(end.max(1)).unwrap()).unwrap()
    }

    fn text(&mut self, most: usize) -> String {
        let count = self.below(most + 1);
        (0..count).map(|_| PIECES[self.below(PIECES.len())]).collect()
    }
}

fn expect_none(script: &str, jobs: &impl serde::Serialize) {
    let wrong = python(script, &serde_json::to_vec(jobs).unwrap());
    assert_eq!(String::from_utf8(wrong).unwrap(), "[]");
}

const EVALUATE: &str = r"
import ast, json, sys
wrong = []
for source, value, is_sure in json.load(sys.stdin):
    try:
        read = ast.parse(source.encode()).body[0].value.value
    except (SyntaxError, ValueError, AttributeError):
        read = None
    # What is not sure may be anything; what is sure is a string, and this one.
    if is_sure and read != value:
        wrong.append([source, value, read])
print(json.dumps(wrong[:20]), end='')
";

#[test]
fn literals_evaluate_as_in_cpython() {
    let mut numbers = Numbers(1);
    let mut jobs = Vec::new();
    let mut sure = 0;
    for _ in 0..20_000 {
        let prefix = ["", "", "", "r", "R", "u", "U"][numbers.below(7)];
        let quotes = ["\"\"\"", "'''", "'", "\""][numbers.below(4)];
        let source = format!("{prefix}{quotes}{}{quotes}", numbers.text(6));
        // A lone surrogate has no value that both sides can hold.
        let Some((value, doubtful)) = evaluated(&source).filter(|_| !source.contains("\\ud8")) else {
            continue;
        };
        sure += usize::from(doubtful.is_empty());
        jobs.push((source, value, doubtful.is_empty()));
    }
    assert!(sure > 5_000, "{sure}");
    expect_none(EVALUATE, &jobs);
}

#[test]
fn written_literals_are_read_by_cpython_as_they_were_meant() {
    let mut numbers = Numbers(2);
    let jobs: Vec<(String, String, bool)> = (0..20_000)
        .map(|_| {
            let value = numbers.text(8);
            let quotes = if numbers.below(2) == 0 { Quotes::Double } else { Quotes::Single };
            let prefix = ["", "r", "R", "u", "U"][numbers.below(5)];
            (quote(&value, quotes, prefix), value, true)
        })
        .collect();
    expect_none(EVALUATE, &jobs);
}

const NAMES: &str = r"
import json, sys, unicodedata
names = [[unicodedata.name(chr(code)), chr(code)] for code in range(0x110000) if unicodedata.name(chr(code), None)]
json.dump(names, sys.stdout)
";

#[test]
fn characters_have_the_names_that_cpython_knows() {
    let names: Vec<(String, String)> = serde_json::from_slice(&python(NAMES, b"")).unwrap();
    assert!(names.len() > 130_000, "{}", names.len());
    // Names of ideographs and syllables follow rules; a part of them is enough.
    let rare = |name: &str| name.starts_with("CJK UNIFIED") || name.starts_with("HANGUL SYLLABLE");
    let wrong: Vec<&(String, String)> = names
        .iter()
        .enumerate()
        .filter(|(index, (name, _))| !rare(name) || index % 50 == 0)
        .map(|(_, row)| row)
        .filter(|(name, text)| evaluated(&format!("'\\N{{{name}}}'")) != Some((text.clone(), Vec::new())))
        .collect();
    assert!(wrong.is_empty(), "{} {:?}", wrong.len(), &wrong[..wrong.len().min(20)]);
}

const CLEAN: &str = r"
import inspect, json, sys
wrong = []
for value, cleaned in json.load(sys.stdin):
    if inspect.cleandoc(value) != cleaned:
        wrong.append([value, cleaned, inspect.cleandoc(value)])
# Since 3.13 only spaces count as indentation.
print('[]' if sys.version_info >= (3, 13) else json.dumps(wrong[:20]), end='')
";

#[test]
fn docstrings_are_cleaned_as_by_cpython() {
    let mut numbers = Numbers(3);
    let pieces = [
        "a", "b c", "\n", "\n", "\n    ", "\n\t", "\t", " ", "  ", "\r", "\u{c}", "\u{b}", "\u{1c}",
        "\u{1f}", "\u{85}", "\u{a0}", "\u{2028}", "\u{3000}", "\u{200b}", "é",
    ];
    let jobs: Vec<(String, String)> = (0..20_000)
        .map(|_| {
            let count = numbers.below(12);
            let value: String = (0..count).map(|_| pieces[numbers.below(pieces.len())]).collect();
            let cleaned = cleandoc(&value);
            (value, cleaned)
        })
        .collect();
    expect_none(CLEAN, &jobs);
}

/// One of every shape that a body can have.
const SHAPES: &[&str] = &[
    "",
    "# only\n# comments",
    "x = 1\n'''no docstring'''\n",
    "\u{feff}x = 1\n",
    "#!/usr/bin/python\n# -*- coding: utf-8 -*-\n# licence\n\nfrom __future__ import annotations\n",
    "\"\"\"M \\\nx\"\"\"\nfrom __future__ import annotations\nx = f'''a{'b'}'''\n",
    "def f():\n    return 1\n",
    "def f(): return 1\n",
    "def f():return 1; x = 2",
    "class A: pass\n",
    "class A:\n\tx = 1\n",
    "class A:\r\n    def f(self): ...\r\n",
    "@d(1)\nasync def f(\n    a,\n): # note\n    # first\n    yield a\n",
    "def f(a):  # type: (int) -> str\n    return a\n",
    "def f(a):\n    # type: (int) -> str\n    return a\n",
    "def f():\n    'old'\n    return 1\n",
    "def f():\n    'old'; return 1\n",
    "def f(): 'old'\n",
    "def f():\n    ('old'\n     'text')\n    return 1\n",
    "def f():\n    ('a' # c\n   r'b')\n    pass\n",
    "if True:\n    def f():\n        if x: return 1\n        else: return 2",
    "def f():\n    x = '''\n  a\n'''\n",
    "class A:\n    '''old'''\n    def f(self):\n        'old'\n",
    "class A:\n    x = 'a'; 'b'\n    class B: 'doc'; y = f'{x}'\n",
    "class A:\n  def f(self): return (1,\n 2)\n  def g(self): 'd' ; return 3 # c\n",
    "def f():\n    r'raw \\d'\n    'second'\n    return 1\n",
    "def f():\n    u'''\\N{EN DASH} \\x41'''\n",
    "def f():\n\u{c}    'x'\n    return 1\n",
    "def f():\r    'x'\r    return 1\r",
    "def f():\n    f'no {1}'\n    return\n",
];

const JUDGE: &str = r"
import ast, json, sys

KINDS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Module)

def strip(text):
    tree, docstrings = ast.parse(text.encode()), []
    for node in ast.walk(tree):
        if isinstance(node, KINDS):
            docstrings.append(ast.get_docstring(node, clean=False))
            if docstrings[-1] is not None:
                del node.body[0]
    return ast.dump(tree), docstrings

wrong = []
for before, after, meant in json.load(sys.stdin):
    try:
        (code, old), (new_code, new) = strip(before), strip(after)
    except (SyntaxError, ValueError) as error:
        wrong.append([before, after, str(error)])
        continue
    lost = [text for was, text in zip(old, new) if was != text and text not in meant and '\ud800' not in (text or '')]
    if code != new_code or len(old) != len(new) or lost:
        wrong.append([before, after, meant])
print(json.dumps(wrong[:5]), end='')
";

/// Makes an edit that looks right, or nearly, or not at all.
fn adversary(numbers: &mut Numbers, file: &ParsedFile, definition: &Definition) -> Edit {
    let name = definition.qualified_name.clone();
    let within = |numbers: &mut Numbers, text: &str| {
        let mut at = numbers.below(text.len() + 1);
        while !text.is_char_boundary(at) {
            at -= 1;
        }
        at
    };
    let content =
        definition.docstring.as_ref().and_then(|literal| literal.content).map(|span| span.of(&file.text));
    let made = match (numbers.below(6), content) {
        (0, _) => delete(definition),
        (1 | 2, None) => insert(file, definition, &numbers.text(3)),
        (1 | 2, Some(_)) => replace(file, definition, &numbers.text(3)),
        (3 | 4, Some(content)) => {
            let at = within(numbers, content);
            rewrite(file, definition, &format!("{}{}{}", &content[..at], numbers.text(3), &content[at..]))
        }
        _ => Err("anything"),
    };
    let Ok(mut edit) = made else {
        let at = within(numbers, &file.text);
        let end = at + within(numbers, &file.text[at..]).min(9);
        let end = (end..=file.text.len()).find(|end| file.text.is_char_boundary(*end)).unwrap();
        return Edit { definition: name, span: Span::new(at, end), text: numbers.text(4), value: None };
    };
    match numbers.below(5) {
        0 => {
            let at = within(numbers, &edit.text);
            edit.text.insert_str(at, &numbers.text(3));
        }
        1 => edit.text.push_str(&numbers.text(3)),
        2 => {
            let (start, end) =
                (edit.span.start.saturating_sub(numbers.below(3)), edit.span.end + numbers.below(3));
            if file.text.get(start..end).is_some() {
                edit.span = Span::new(start, end);
            }
        }
        _ => {}
    }
    edit
}

#[test]
fn no_edit_that_changes_code_for_cpython_is_proven() {
    let mut numbers = Numbers(4);
    let mut jobs = Vec::new();
    for shape in SHAPES {
        let file = parse(shape);
        for _ in 0..250 {
            let mut edits: Vec<Edit> = Vec::new();
            for definition in &file.definitions {
                if numbers.below(2) == 0 {
                    edits.push(adversary(&mut numbers, &file, definition));
                }
            }
            // An adversary claims to mean whatever comes of it.
            if let Ok(after) = apply(&file.text, &edits) {
                let after = parse(&after);
                for edit in edits.iter_mut().filter(|_| numbers.below(9) > 0) {
                    let literal = after.find(&edit.definition).and_then(|found| found.docstring.as_ref());
                    edit.value = literal.map(|literal| literal.value.clone());
                }
            }
            let proven = prove(&file, &edits);
            assert_eq!(apply(&file.text, &proven.edits).as_ref(), Ok(&proven.text));
            let meant: Vec<Option<String>> = proven.edits.iter().map(|edit| edit.value.clone()).collect();
            if proven.text != file.text {
                jobs.push(((*shape).to_owned(), proven.text, meant));
            }
        }
    }
    assert!(jobs.len() > 1_000, "{}", jobs.len());
    expect_none(JUDGE, &jobs);
}
