//! Which parts of a text tell what other files can name in it: all but what the functions do.
//!
//! Most of a file is the code of its functions. A scan over its lines finds where that is at a small part of what parsing
//! it costs. `parse/` parses the rest; it does so with the whole text where the rest alone is no Python.

use tree_sitter::{Point, Range};

use super::logical_line::{Scan, Shape};
use super::parse::has_lone_carriage_return;

/// The parser looks through its parts for every token.
const MOST_PARTS: usize = 1000;

/// What indents a line.
const BLANKS: [char; 3] = [' ', '\t', '\x0c'];

/// A function whose code is passed over.
struct Function {
    /// How far its header is indented.
    column: usize,
    /// Whether the next statement is its first.
    begins: bool,
}

/// Returns the parts of a text without the code of its functions, whose docstrings stay; `None` where the text has to be
/// read as a whole.
pub(super) fn kept(text: &str) -> Option<Vec<Range>> {
    if has_lone_carriage_return(text) {
        return None;
    }
    let mut parts: Vec<Range> = Vec::new();
    let mut scan = Scan::new(text);
    let mut function: Option<Function> = None;
    let mut row = 0;
    loop {
        let (start, first_row) = (scan.at(), row);
        let mut last_line = "";
        let Some((shape, _)) = scan.read_on(|line, _| {
            row += 1;
            last_line = line;
        }) else {
            return Some(parts);
        };
        let line = text.get(start..scan.at()).unwrap_or("");
        let is_statement = matches!(shape, Shape::Code | Shape::String);
        if is_statement && function.as_ref().is_some_and(|function| column(line) <= function.column) {
            function = None;
        }
        let stays = match &mut function {
            None => true,
            Some(function) => {
                is_statement && std::mem::take(&mut function.begins) && begins_with_string(line)
            }
        };
        if function.is_none() && is_header(line) {
            function = Some(Function { column: column(line), begins: true });
        }
        if !stays {
            continue;
        }
        let end_point = match text.as_bytes().get(scan.at().wrapping_sub(1)) {
            Some(b'\n') => Point::new(row, 0),
            _ => Point::new(row - 1, last_line.len()),
        };
        if let Some(part) = parts.last_mut().filter(|part| part.end_byte == start) {
            (part.end_byte, part.end_point) = (scan.at(), end_point);
            continue;
        }
        if parts.len() == MOST_PARTS {
            return None;
        }
        let start_point = Point::new(first_row, 0);
        parts.push(Range { start_byte: start, end_byte: scan.at(), start_point, end_point });
    }
}

/// Returns how far a line is indented, as Python counts it.
fn column(line: &str) -> usize {
    let mut column = 0;
    for byte in line.bytes() {
        match byte {
            b' ' => column += 1,
            b'\t' => column = (column / 8 + 1) * 8,
            b'\x0c' => column = 0,
            _ => break,
        }
    }
    column
}

fn is_header(line: &str) -> bool {
    let behind_async = behind_word(line, "async").unwrap_or(line);
    behind_word(behind_async, "def").is_some()
}

fn behind_word<'a>(line: &'a str, word: &str) -> Option<&'a str> {
    let behind = line.trim_start_matches(BLANKS).strip_prefix(word)?;
    behind.starts_with([' ', '\t', '\x0c', '\\']).then_some(behind)
}

/// Returns whether a statement may be a docstring: it begins with a string, also in brackets.
fn begins_with_string(line: &str) -> bool {
    let line = line.trim_start_matches(BLANKS);
    let letters = line.bytes().take_while(u8::is_ascii_alphabetic).count();
    line.starts_with('(') || letters <= 2 && line[letters..].starts_with(['"', '\''])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::python::parse::{outline, parse};
    use crate::python::{Definition, ParsedFile};

    fn shown(source: &str) -> String {
        let parts = kept(source).expect("it can be read in parts");
        parts.iter().map(|part| &source[part.start_byte..part.end_byte]).collect()
    }

    #[test]
    fn the_code_of_functions_is_left_out_and_nothing_else() {
        let table = [
            ("x = 1\ndef f(a,\n    b=')'):\n    return 1\ny = 2\n", "x = 1\ndef f(a,\n    b=')'):\ny = 2\n"),
            (
                "class A:\n    'A.'\n    x = 1\n    async  def f(self):\n        '''\n  F.\n'''\n        if x:\n            pass\n\n    y = 2\n",
                "class A:\n    'A.'\n    x = 1\n    async  def f(self):\n        '''\n  F.\n'''\n    y = 2\n",
            ),
            ("def f(): return 1\nx = 1\n", "def f(): return 1\nx = 1\n"),
            ("def f():\n    ('a'\n'b')\n    'c'\n", "def f():\n    ('a'\n'b')\n"),
            ("def f():\n    # why\n    Rb'a'\n    x\n", "def f():\n    Rb'a'\n"),
            ("def f():\n    x = '''\ndef g():\n'''\nx\n", "def f():\nx\n"),
            ("def f():\n    x = (\n1)\n    y = f'{\"#\"}'\n@a\ndef g():\n\ty\n", "def f():\n@a\ndef g():\n"),
            (
                "if x:\n  def f():\n    y\nelse:\n  def f():\n    z\n",
                "if x:\n  def f():\nelse:\n  def f():\n",
            ),
            ("define = 1\nasync_def(x)\ndef\\\n f(): x\n", "define = 1\nasync_def(x)\ndef\\\n f(): x\n"),
            ("def f():\n    def g():\n        x\n    'no'\n  # comment\nx", "def f():\nx"),
        ];
        for (source, expected) in table {
            assert_eq!(shown(source), expected, "{source}");
        }
        assert_eq!(kept("def f():\r    x\r"), None);
        assert_eq!(kept(&"def f():\n    x\n".repeat(MOST_PARTS + 1)), None);
    }

    /// What other files can see of a file.
    fn interface(file: &ParsedFile) -> Vec<String> {
        let is_inside = |definition: &Definition| {
            let mut around = file.parent(definition);
            while let Some(outer) = around {
                if outer.kind.is_function() {
                    return true;
                }
                around = file.parent(outer);
            }
            false
        };
        let show = |definition: &Definition| {
            let Definition { kind, qualified_name, visibility, header, name_span, decorators, .. } =
                definition;
            let docstring = definition.docstring.as_ref().map(|literal| (literal.span, &literal.value));
            let start = definition.span.start;
            let Definition { bases, signature, is_async, .. } = definition;
            format!(
                "{kind:?} {qualified_name} {visibility:?} {start} {header:?} {name_span:?} {decorators:?} {bases:?} \
                 {signature:?} {is_async} {docstring:?}"
            )
        };
        let definitions = file.definitions.iter().filter(|definition| !is_inside(definition));
        let names = ["a", "b", "c", "d"].map(|name| format!("{:?}", file.imports.binding(name, 0)));
        definitions.map(show).chain(names).chain([format!("{:?}", file.exports)]).collect()
    }

    #[test]
    fn an_outline_says_of_the_interface_what_the_whole_says() {
        let bodies = [
            "",
            "    pass\n",
            "    'Doc.'\n",
            "    r'''Doc\n\n# no comment\n    '''\n    import a\n    return '''\nclass X: pass\n'''\n",
            "    'Doc.'; x = 1\n",
            "    ('Do'\n     'c.')\n    yield\n",
            "    def g():\n        'Inner.'\n    class Y: pass\n    if x:\n        return [\n1]\n",
            "    for x in y:\n        z\n    else:\n        z\n",
            "    # Only a comment.\n    x = f'{a[\"b\"]}' \\\n  'c'\n",
        ];
        let frames = [
            "import a\nfrom b import c as b\n@d(\n1)\ndef f(x: int = (1), *, y='#') -> str:  # why\nBODYc = 1\n__all__ = ['f']\n",
            "class A(a.B, metaclass=M):\n    '''A.'''\n    x = 1\n    async def f(self):\nBODY    y: int = 2\n    'Y.'\n\n\n    def h(self): 'H.'\ndef i():\nBODY",
            "try:\n    import a\nexcept ImportError:\n    def a():\nBODYelse:\n    b = 1\nclass B: x = 1\n",
            "\u{feff}def f():\nBODY\n\nif x:\n    class C:\n        def f(self):\nBODY\n    d = C\n",
        ];
        for frame in frames {
            for body in bodies {
                for ends in ["\n", "\r\n"] {
                    let source =
                        frame.replace("BODY", &body.replace("    ", "            ")).replace('\n', ends);
                    assert_eq!(interface(&outline(&source)), interface(&parse(&source)), "{source}");
                }
            }
        }
    }

    #[test]
    fn what_is_no_python_is_read_as_a_whole() {
        let source = "def f():\n    x = 1\n    y y\nclass A:\n    def (self): pass\n";
        let (file, whole) = (outline(source), parse(source));
        assert_eq!(file.errors, whole.errors);
        assert!(!file.errors.is_empty());
    }
}
