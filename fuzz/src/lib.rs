//! What the targets share: text out of fuzzer bytes, and what holds for every parsed file.
//!
//! Half of the inputs are text as it is; the other half index a table of pieces, so that a flipped byte swaps one
//! piece of Python for another and most inputs parse somewhere.

use std::sync::Arc;

use docgate::python::{Insertion, LineIndex, ParsedFile, Span, compare, parse};

/// Pieces of Python that meet each other in ways that nobody writes.
pub const PIECES: &[&str] = &[
    "\n",
    "\n    ",
    "\n        ",
    "\n\t",
    "\r\n",
    "\r",
    " ",
    "\\\n",
    "\u{c}",
    ";",
    ":",
    ",",
    "(",
    ")",
    "[",
    "]",
    "{",
    "}",
    "=",
    "->",
    ".",
    "@",
    "*",
    "**",
    "/",
    "|",
    "+",
    "...",
    "def f():",
    "def g(a, b=1):",
    "async def h(x: int) -> str:",
    "class A:",
    "class B(A):",
    "return",
    "yield",
    "pass",
    "raise E",
    "if x:",
    "else:",
    "try:",
    "except E:",
    "with x:",
    "for i in x:",
    "lambda:",
    "import a",
    "from a import b",
    "x",
    "1",
    "0xF",
    "1.5e3",
    "None",
    "'a'",
    "\"b\"",
    "'''c'''",
    "\"\"\"d\"\"\"",
    "r'e\\'",
    "b'f'",
    "f'{x}'",
    "f\"{x!r:>{y}}\"",
    "'\\n\\x41\\u00e9'",
    "'\\N{BULLET}'",
    "\"\"\"",
    "'''",
    "'",
    "\"",
    "r\"\"\"",
    "\\",
    "# c",
    "# type: int",
    "#!/bin/sh\n",
    "# -*- coding: latin-1 -*-\n",
    "\u{feff}",
    "é",
    "😀",
    "\u{2028}",
    "@property\n",
    "@overload\n",
    "match x:",
    "case 1:",
    "type X = int",
    "print 'x'",
    "exec \"x\"",
    "global x",
    "del (a, b)",
    "x[1,]",
    "not ",
    "await ",
    "Args:\n",
    "    x: y.\n",
    "__all__ = ['f']",
    "def f(): return 1",
    "class C: pass",
    "def f(a): # type: (int) -> str\n",
    "\n    \"\"\"Doc.\"\"\"\n    ",
    "def f[T = int](x: T): ...",
    "t'{x}'",
    "\u{0}",
    "\u{1a}",
    "\u{b}",
    "\u{85}",
    "`x`",
    "<>",
    "lambda x: (yield)",
];

/// Makes a text out of bytes; the first byte says how.
#[must_use]
pub fn text_of(data: &[u8]) -> String {
    let Some((how, rest)) = data.split_first() else { return String::new() };
    if how & 1 == 0 {
        return String::from_utf8_lossy(rest).into_owned();
    }
    rest.iter().map(|byte| PIECES[usize::from(*byte) % PIECES.len()]).collect()
}

/// What a file may begin with, above its first statement.
const HEADS: &[&str] = &[
    "",
    "\u{feff}",
    "#!/bin/sh\n",
    "# -*- coding: utf-8 -*-\n",
    "# note\n\n",
    "\n\n",
    "'''Doc.'''\n",
    "# a\n'b'\n",
];

/// Headers; each begins a block.
const HEADERS: &[&str] = &[
    "def f():",
    "def f(a, b=1):",
    "async def f(*a, **b) -> 'x':",
    "class A:",
    "class A(B, c=d):",
    "@d\ndef f():",
    "@d(1)\n@e\nclass A:",
    "def f(\n    a,\n):",
    "def f(a): # note",
    "def f(a):  # type: (int) -> str",
    "if x:",
    "with x as y:",
    "def f() :",
    "for x in y: # note",
    "while x:",
];

/// Bodies on the line of their header.
const BODIES: &[&str] = &[" pass", "return 1", "  'doc'", " x = 1; y = 2", " 'doc'; x"];

/// Statements on lines of their own.
const STATEMENTS: &[&str] = &[
    "pass",
    "return",
    "x = 1; y = 2",
    "'doc'",
    "\"\"\"doc\"\"\"",
    "r'''a\\b'''; x",
    "('a'\n 'b')",
    "'a' 'b'",
    "u'x'",
    "x = '''\n  a\n'''",
    "# note\npass",
    "pass # note",
    "'doc' # note",
    "...",
    "x = (1,\n2)",
    "x = \\\n  1",
    "f'{x}'",
    "b'x'",
    "'a',",
];

/// Makes a text whose lines and indentation Python accepts: headers and statements, one within the other.
#[must_use]
pub fn program_of(data: &[u8]) -> String {
    let mut data = data;
    let how = number(&mut data);
    let unit = ["    ", "\t", " ", "  "][how % 4];
    let mut text = HEADS[how / 4 % HEADS.len()].to_owned();
    let mut depth = 0;
    while !data.is_empty() {
        let chosen = number(&mut data);
        let indent = unit.repeat(depth);
        let is_header = chosen & 1 == 1 && depth < 20;
        let piece = if is_header { HEADERS } else { STATEMENTS };
        let piece = piece[chosen / 2 % piece.len()];
        // Decorators and comments are lines of the block; what is broken in brackets or quotes is not.
        let of_the_block = piece.starts_with(['@', '#']);
        let piece = if of_the_block { piece.replace('\n', &format!("\n{indent}")) } else { piece.to_owned() };
        text.push_str(&indent);
        text.push_str(&piece);
        if is_header && chosen & 64 == 64 && !piece.contains('#') {
            text.push_str(BODIES[chosen / 2 % BODIES.len()]);
        } else if is_header {
            depth += 1;
        } else {
            depth = depth.saturating_sub(chosen / 64);
        }
        text.push_str(if chosen & 128 == 128 { "\n\n" } else { "\n" });
    }
    text.push_str(&unit.repeat(depth));
    text.push_str("pass");
    match how / 32 % 4 {
        1 => text.replace('\n', "\r\n"),
        2 => text.replace('\n', "\r"),
        3 => text + "\n",
        _ => text,
    }
}

/// Takes bytes from the front, for numbers.
pub fn number(data: &mut &[u8]) -> usize {
    let Some((first, rest)) = data.split_first() else { return 0 };
    *data = rest;
    usize::from(*first)
}

/// Panics when a span does not lie in a text, between characters.
pub fn inside(span: Span, text: &str) {
    assert!(span.start <= span.end, "{span:?}");
    assert!(text.is_char_boundary(span.start) && text.is_char_boundary(span.end), "{span:?}");
}

/// Panics when something does not hold that holds for every parsed file.
pub fn sound(file: &ParsedFile) {
    let text = &file.text;
    for error in &file.errors {
        inside(*error, text);
    }
    for (index, definition) in file.definitions.iter().enumerate() {
        for span in [definition.span, definition.header, definition.name_span] {
            inside(span, text);
        }
        assert!(definition.span.contains(definition.header), "{definition:?}");
        assert!(definition.header.contains(definition.name_span), "{definition:?}");
        match (index, definition.parent) {
            (0, None) => assert_eq!(definition.span, Span::new(0, text.len())),
            (_, Some(parent)) if parent < index => {
                assert!(file.definitions[parent].span.contains(definition.span), "{definition:?}");
            }
            _ => panic!("{definition:?} has a strange parent"),
        }
        let found = file.find(&definition.qualified_name).expect("the name is known");
        assert_eq!(found.span, definition.span, "two are called {}", definition.qualified_name);
        match &definition.insertion {
            Insertion::Line { at, .. } => inside(Span::new(*at, *at), text),
            Insertion::Inline { gap, .. } => inside(*gap, text),
            Insertion::Nowhere(_) => {}
        }
        if let Some(literal) = &definition.docstring {
            inside(literal.span, text);
            assert!(definition.span.contains(literal.span), "{definition:?}");
            if let Some(content) = literal.content {
                inside(content, text);
                assert!(literal.span.contains(content), "{definition:?}");
                if !definition.broken {
                    // Alone, the literal reads the same.
                    let alone = parse(literal.span.of(text));
                    let alone = alone.definitions[0].docstring.as_ref().expect("a docstring");
                    assert_eq!((&alone.value, alone.exact), (&literal.value, literal.exact));
                }
            }
        }
    }
    let base = Arc::new(file.clone());
    assert!(
        compare(Some(&base), file).iter().all(|pairing| pairing.touched.is_none()),
        "differs from itself"
    );
    lines(&LineIndex::new(text), text);
}

fn lines(index: &LineIndex, text: &str) {
    let mut line = 1;
    let bytes = text.as_bytes();
    for (offset, byte) in bytes.iter().enumerate() {
        assert_eq!(index.line(offset), line);
        assert!(index.start_of(line) <= offset);
        if *byte == b'\n' || *byte == b'\r' && bytes.get(offset + 1) != Some(&b'\n') {
            line += 1;
        }
    }
    assert_eq!(index.count(), line);
}
