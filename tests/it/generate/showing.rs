//! Examples: whatever is accepted as one, CPython compiles.

use serde_json::Value;

use docgate::python::usage;

use crate::oracle::python;

use super::{CODE, changing, run, staged};

/// Examples as a good model writes them.
const GOOD: &[&str] = &[
    "area(1, height=2)",
    "size = area(1, 2)\nprint(size[0].name, size[1:2])",
    "if area(1):\n    print('large')\nelif not size:\n    print(\"none\")\nelse:\n    print(-1.5e3, 0x1f, 1_000)",
    "for width, (a, b) in rows.items():\n    area(width)\nelse:\n    area(a, b=b)",
    "with area(1) as one, area(2):\n    print(one)",
    "try:\n    area(-1)\nexcept (ValueError, KeyError) as error:\n    print(f'{error!r:>10} {error.args}')\nfinally:\n    area(1)",
    "sizes: list[int] = [area(width) for width in range(3) if width > 1]",
    "from shapes import area, other as more\nimport math\n\narea(math.pi)",
    "result = await area(1)\nasync with area(2) as two:\n    print(two)",
    "area(\n    {'a': 1, 'b': [2, 3]},  # why\n    key=lambda first, second: first < second,\n)",
    "a, b = c = area(1)\na.size += b if c else 2\nassert a == {1, 2}, 'so'",
    "print({a: b for a, b in rows}, (x for x in y), () , (1,), not a and b or c, b'ab' b'c', r'\\d', 'a\\n')",
];

/// What goes wrong in them.
const PIECES: &[&str] = &[
    "",
    " ",
    "    ",
    "\n",
    "\n\n",
    ":",
    "=",
    ",",
    "(",
    ")",
    "[",
    "]",
    "{",
    "}",
    "*",
    "**",
    "'",
    "\"",
    "\\",
    "#",
    "@",
    ";",
    ":=",
    "->",
    "==",
    "!",
    "!=",
    "<>",
    "`",
    ".",
    "...",
    "-",
    "~",
    "0",
    "07",
    "1_",
    "1e",
    "0x",
    "1j",
    "a",
    "é",
    "²",
    "f'",
    "f'{a}'",
    "b'é'",
    "u'a'",
    "'\\x'",
    " and ",
    " not ",
    " or ",
    " is ",
    " in ",
    " if ",
    " else ",
    " for ",
    " as ",
    "lambda: 1",
    "lambda a, a: 1",
    "await ",
    "async ",
    "yield",
    "return",
    "break",
    "continue",
    "pass",
    "del a",
    "else:",
    "except:",
    "except* A:",
    "finally:",
    "try:",
    "with a:",
    "if a:",
    "for a in b:",
    "while a:",
    "match a:",
    "case 1:",
    "class A:",
    "def f():",
    "import a",
    "from a import b",
    "from a import *",
    "import a,",
    "print a",
    "exec a",
    "global a",
    "None",
    "True",
    "None = 1",
    "f(1) = 2",
    "a = b += 1",
    "a: int",
    "a: int = 1",
    "a: b: c",
    "Raises:\n    KeyError",
    "*a, b = c",
    "(*a)",
    "f(**a, b)",
    "f(a=1, 2)",
    "f(a=1, a=2)",
    "f(x for x in y, 1)",
    "a[]",
    "a[b=1]",
    "(yield)",
    "1 if 2",
    "if",
    "type X = int",
    "nonlocal a",
    "\u{a0}",
    "\t",
    "\r",
];

/// Numbers that look random and are always the same.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % end.max(1)
    }

    fn spoilt(&mut self) -> String {
        let mut letters: Vec<char> = GOOD[self.below(GOOD.len())].chars().collect();
        for _ in 0..=self.below(3) {
            let (one, other) = (self.below(letters.len() + 1), self.below(letters.len() + 1));
            let (start, end) = (one.min(other), one.max(other));
            let piece: Vec<char> = match self.below(4) {
                0 => letters[start..end].to_vec(),
                _ => PIECES[self.below(PIECES.len())].chars().collect(),
            };
            let end = if self.below(2) == 0 { start } else { end.min(start + 1 + self.below(8)) };
            letters.splice(start..end, piece);
        }
        letters.into_iter().collect()
    }
}

/// Asks CPython, which lets its own prompt await.
const JUDGE: &str = "\
import ast, json, sys
for code in json.load(sys.stdin):
    try:
        compile(code, 'example', 'exec', ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
    except (SyntaxError, ValueError) as error:
        print(repr(code), error)
";

#[test]
fn whatever_is_accepted_as_an_example_is_compiled_by_cpython() {
    let mut numbers = Numbers(7);
    let spoilt = (0..12_000).map(|_| numbers.spoilt());
    let pieces = PIECES.iter().map(|piece| (*piece).to_owned());
    let all: Vec<String> = GOOD.iter().map(|code| (*code).to_owned()).chain(pieces).chain(spoilt).collect();
    for code in GOOD {
        assert!(usage(code).is_ok(), "{code}: {:?}", usage(code));
    }
    let accepted: Vec<&String> = all.iter().filter(|code| usage(code).is_ok()).collect();
    assert!(accepted.len() > 500 && accepted.len() < all.len() / 2, "{} of {}", accepted.len(), all.len());
    let refused = python(JUDGE, &serde_json::to_vec(&accepted).unwrap());
    assert_eq!(String::from_utf8(refused).unwrap(), "");
}

/// Writes one part of an answer with whatever comes.
fn with(part: &'static str, text: &'static str) -> impl Fn(&mut Value, usize) + Send + Sync {
    move |answer: &mut Value, _| match part {
        "level" | "wind" => {
            for entry in answer["parameters"].as_array_mut().unwrap() {
                if entry["name"] == part {
                    entry["text"] = text.into();
                }
            }
        }
        part => answer[part] = text.into(),
    }
}

#[test]
fn an_example_that_python_refuses_is_left_out_in_every_style() {
    for code in [
        "area(height=2, 1)",
        "if True:\narea(1, 2)",
        "area:\narea(1, 2)",
        "await area(1, 2)",
        "area(1, 2)\n\nRaises:\n    KeyError",
    ] {
        for style in ["google", "numpy", "sphinx", "epytext"] {
            let service = changing(with("example", code));
            let file = format!("style = \"{style}\"\n[generate]\nexamples = [\"function\"]\n");
            let scratch = staged(&[("a.py", CODE), ("docgate.toml", &file)]);
            let result = run(&scratch, &service, &["fix"]);
            let written = scratch.staged("a.py");
            assert!(written.contains("Work out what is asked for."), "{style} {code}: {}", result.all());
            assert!(
                !written.contains("xample") && !written.contains("KeyError"),
                "{style} {code}: {written}"
            );
        }
    }
}

#[test]
fn what_an_answer_claims_against_the_code_is_written_in_no_style() {
    let source = "\"\"\"Waves.\"\"\"\n\n\ndef height(level: float, wind: int = 3) -> float:\n    return level + wind\n";
    for (part, text) in [
        ("returns", "List[str]: All of them."),
        ("returns", "None: There is none."),
        ("level", "(str) How high it was."),
        ("level", "How high it was. Defaults to 5."),
        ("level", "Optional. How high it was."),
        ("description", "Raises KeyError when it is missing."),
        ("summary", "Raise `KeyError` when it is missing."),
        ("description", "Yields one after the other."),
        ("description", "The parameter `gone` is ignored."),
    ] {
        for style in ["google", "numpy", "sphinx", "epytext"] {
            let service = changing(with(part, text));
            let scratch = staged(&[("a.py", source), ("docgate.toml", &format!("style = \"{style}\"\n"))]);
            let result = run(&scratch, &service, &["fix"]);
            assert_eq!(scratch.staged("a.py"), source, "{style} {part} {text}: {}", result.all());
        }
    }
}
