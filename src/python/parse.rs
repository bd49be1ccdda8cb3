//! Text → syntax tree → definitions.

use std::cell::RefCell;

use tree_sitter::{Parser, Range, Tree};

use super::definition::ParsedFile;
use super::grammar::language;
use super::joining;
use super::literal::broken;
use super::outline::kept;
use super::walk::{self, Extent};

thread_local! {
    /// Making a parser costs more than parsing a small file.
    static PARSER: RefCell<Option<Parser>> = const { RefCell::new(None) };
}

/// Parses a text; `None` when the parser gives up, which it does only without memory.
pub(super) fn tree(text: &str) -> Option<Tree> {
    // tree-sitter does not take a lone CR for the end of a line; Python does. Offsets stay as they are.
    let unified;
    let text = if has_lone_carriage_return(text) {
        unified = unify_line_ends(text);
        unified.as_str()
    } else {
        text
    };
    let tree = bare_tree(text)?;
    if !tree.root_node().has_error() {
        return Some(tree);
    }
    // Errors are rare, and most of them are real: a second look is worth it.
    let again = joining::join(text).and_then(|joined| bare_tree(&joined));
    Some(again.filter(|again| !again.root_node().has_error()).unwrap_or(tree))
}

fn bare_tree(text: &str) -> Option<Tree> {
    tree_of(text, &[])
}

/// Parses parts of a text, as if there was nothing between them; without parts, all of it.
fn tree_of(text: &str, parts: &[Range]) -> Option<Tree> {
    PARSER.with_borrow_mut(|slot| {
        if slot.is_none() {
            let mut parser = Parser::new();
            parser.set_language(language()).ok()?;
            *slot = Some(parser);
        }
        let parser = slot.as_mut()?;
        parser.set_included_ranges(parts).ok()?;
        parser.parse(text, None)
    })
}

pub(super) fn has_lone_carriage_return(text: &str) -> bool {
    let bytes = text.as_bytes();
    memchr::memchr_iter(b'\r', bytes).any(|at| bytes.get(at + 1) != Some(&b'\n'))
}

fn unify_line_ends(text: &str) -> String {
    let mut characters = text.chars().peekable();
    let mut unified = String::with_capacity(text.len());
    while let Some(character) = characters.next() {
        let lone = character == '\r' && characters.peek() != Some(&'\n');
        unified.push(if lone { '\n' } else { character });
    }
    unified
}

/// Finds the definitions of a Python file.
///
/// What is not Python is listed in [`ParsedFile::errors`]; definitions around it are marked as broken.
#[must_use]
pub fn parse(text: &str) -> ParsedFile {
    let tree = tree(text);
    let mut file = walk::walk(text, tree.as_ref(), Extent::Whole);
    broken::mark(&mut file);
    file
}

/// Finds what other files can name in a Python file, at about a quarter of the cost: nothing is said about the bodies of its
/// functions but their docstrings.
#[must_use]
pub fn outline(text: &str) -> ParsedFile {
    let tree = kept(text).and_then(|parts| tree_of(text, &parts));
    match tree.filter(|tree| !tree.root_node().has_error()) {
        Some(tree) => walk::walk(text, Some(&tree), Extent::Outline),
        None => parse(text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::python::Visibility;

    fn names(source: &str) -> Vec<String> {
        let file = parse(source);
        file.definitions.iter().skip(1).map(|definition| definition.qualified_name.clone()).collect()
    }

    #[test]
    fn definitions_have_unique_dotted_names() {
        let source = "\
def f(): pass
class A:
    @property
    def x(self): pass
    @x.setter
    def x(self, value): pass
    class B:
        async def y(self):
            def inner(): pass
if True:
    def f(): pass
";
        let expected = ["f", "A", "A.x", "A.x#2", "A.B", "A.B.y", "A.B.y.inner", "f#2"];
        assert_eq!(names(source), expected);
    }

    #[test]
    fn visibility_follows_names_and_the_list_of_exports() {
        let by_name = parse("def f(): pass\ndef _g(): pass\nclass _C:\n    def m(self): pass\n");
        let public: Vec<bool> =
            by_name.definitions.iter().map(|found| found.visibility == Visibility::Public).collect();
        assert_eq!(public, [true, true, false, false, false]);
        let listed = parse(
            "__all__ = ['_g']\n__all__ += ['C']\ndef f(): pass\ndef _g(): pass\nclass C:\n    def m(self): pass\n",
        );
        let public: Vec<bool> =
            listed.definitions.iter().map(|found| found.visibility == Visibility::Public).collect();
        assert_eq!(public, [true, false, true, true, true]);
    }

    #[test]
    fn docstrings_are_those_that_cpython_sees() {
        let table = [
            ("def f():\n    '''Doc.'''\n", Some("Doc.")),
            ("def f(): 'Doc.'\n", Some("Doc.")),
            ("def f():\n    # first\n    'a' 'b'\n", Some("ab")),
            ("def f():\n    ('a')\n", Some("a")),
            ("def f():\n    'a',\n", None),
            ("def f():\n    b'a'\n", None),
            ("def f():\n    f'a'\n", None),
            ("def f():\n    'a'.strip()\n", None),
            ("def f():\n    x = 'a'\n", None),
            ("def f():\n    'a'; return 1\n", Some("a")),
            ("def f():\n    ...\n    'a'\n", None),
            ("\u{feff}def f():\n    'é'\n", Some("é")),
            ("def f():\r\n    'a\\\r\nb'\r\n", Some("ab")),
            ("def f():\r    '''a\rb'''\r", Some("a\nb")),
        ];
        for (source, expected) in table {
            let file = parse(source);
            let docstring = file.definitions[1].docstring.as_ref();
            assert_eq!(docstring.map(|literal| literal.value.as_str()), expected, "{source:?}");
        }
    }

    fn raised(body: &str) -> String {
        let file = parse(&format!("def f(x):\n{body}\n"));
        let raises = file.definitions[1].body.raises.iter();
        raises.map(|raise| raise.exception.as_deref().unwrap_or("?")).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn raises_that_a_handler_stops_do_not_leave_the_function() {
        let table = [
            ("    raise ValueError('x')", "ValueError"),
            ("    try:\n        raise ValueError\n    except (ValueError, b.Broken):\n        pass", ""),
            ("    try:\n        raise ValueError\n    except KeyError:\n        pass", "ValueError"),
            ("    try:\n        raise KeyError\n    except LookupError:\n        pass", ""),
            ("    try:\n        raise OSError\n    except Exception:\n        pass", ""),
            ("    try:\n        raise SystemExit\n    except Exception:\n        pass", "SystemExit"),
            ("    try:\n        raise SystemExit\n    except:\n        pass", ""),
            ("    try:\n        raise OSError\n    except* OSError:\n        pass", ""),
            ("    try:\n        raise OSError\n    finally:\n        pass", "OSError"),
            ("    try:\n        pass\n    except OSError:\n        raise KeyError", "KeyError"),
            (
                "    try:\n        pass\n    except OSError:\n        pass\n    else:\n        raise OSError",
                "OSError",
            ),
            ("    with suppress(KeyError):\n        raise KeyError", ""),
            ("    with contextlib.suppress(OSError, KeyError):\n        raise ValueError", "ValueError"),
            // What is passed on leaves after all.
            ("    try:\n        raise KeyError\n    except LookupError:\n        raise", "KeyError"),
            ("    try:\n        g()\n    except LookupError:\n        raise", "LookupError"),
            ("    try:\n        g()\n    except (A, B) as e:\n        raise e", "A B"),
            ("    try:\n        g()\n    except Exception:\n        raise", "?"),
            ("    try:\n        raise A\n    except Exception:\n        raise", "A"),
            (
                "    try:\n        try:\n            raise A\n        except A:\n            raise\n    except A:\n        pass",
                "",
            ),
            ("    try:\n        g()\n    except A as e:\n        raise B from e", "B"),
            ("    error = A('x')\n    raise error", "A"),
            ("    raise x", "?"),
            ("    raise A if x else b.B('y')", "A b.B"),
            ("    raise (A('x'))", "A"),
            ("    raise A, 'message'", "A"),
            ("    raise type(x)('y')", "?"),
            ("    raise A if x else (B if y else None)", "A B"),
            ("    raise ( # why\n        A)", "A"),
            ("    raise \\\n        A('x')", "A"),
            ("    try:\n        raise A\n    except ( # why\n        A):\n        pass", ""),
            ("    try:\n        raise A\n    except B, A:\n        pass", ""),
            ("    try:\n        raise A\n    except A, error:\n        raise error", "A"),
            ("    try:\n        raise A('x')\n    except A:\n        if x: raise\n        raise", "A A"),
            ("    with nosuppress(A):\n        raise A", "A"),
            (
                "    try:\n        raise asyncio.CancelledError\n    except Exception:\n        pass",
                "asyncio.CancelledError",
            ),
            ("    def g():\n        raise IndexError", ""),
            ("    lambda: (yield)", ""),
        ];
        for (body, expected) in table {
            assert_eq!(raised(body), expected, "{body}");
        }
    }

    #[test]
    fn handlers_know_the_classes_of_the_file() {
        let classes = "class B(Exception): pass\nclass M(x.B): pass\nclass V(ValueError): pass\nclass O(BaseException): pass\n";
        let table = [
            ("M", "B", ""),
            ("V", "ValueError", ""),
            ("M", "V", "M"),
            ("O", "Exception", "O"),
            ("O", "BaseException", ""),
        ];
        for (raised, caught, expected) in table {
            let body =
                format!("def f():\n    try:\n        raise {raised}\n    except {caught}:\n        pass\n");
            let file = parse(&format!("{classes}{body}"));
            let raises = file.definitions[5].body.raises.iter();
            let found: Vec<&str> = raises.filter_map(|raise| raise.exception.as_deref()).collect();
            assert_eq!(found.join(" "), expected, "{raised} {caught}");
        }
        let own_base = "class A(A): pass\ndef f():\n    try:\n        raise A\n    except B:\n        pass\n";
        assert_eq!(parse(own_base).definitions[2].body.raises.len(), 1);
    }

    #[test]
    fn exceptions_that_are_passed_on_again_and_again_stay_as_many() {
        let indent = |depth: usize| " ".repeat(depth);
        let opened: String = (1..30).map(|depth| indent(depth) + "try:\n").collect();
        let again = |depth| "except A:\n@ if x: raise\n@ raise\n".replace('@', &indent(depth));
        let closed: String = (1..30).rev().map(|depth| indent(depth) + &again(depth)).collect();
        let body = format!("{opened}{}raise A\n{closed}", indent(30));
        assert_eq!(raised(&body), "A A");
        let made = "    e = A(x)\n    if x: raise e\n".repeat(3000);
        assert_eq!(raised(&made).len(), 3000 * 2 - 1);
    }

    #[test]
    fn a_block_of_which_nothing_was_read_is_an_error() {
        let file = parse("class A:\n  \\\n  def f(self):\n    'doc'\n");
        assert!(!file.errors.is_empty() && file.definitions[2].broken);
    }

    #[test]
    fn a_static_method_has_no_receiver_in_any_spelling() {
        for decorator in
            ["staticmethod", "abc.abstractstaticmethod", "(staticmethod)", "builtins . staticmethod  # why"]
        {
            let file = parse(&format!("class A:\n    @{decorator}\n    def f(other): return other.value\n"));
            assert!(!file.definitions[2].signature.has_receiver, "{decorator}");
            assert_eq!(file.code(&file.definitions[2]).own_attributes, [], "{decorator}");
        }
        for decorator in ["mail('me@staticmethod')", "property  # no @staticmethod"] {
            let file = parse(&format!("class A:\n    @{decorator}\n    def f(self): return self.value\n"));
            assert!(file.definitions[2].signature.has_receiver, "{decorator}");
        }
    }

    #[test]
    fn an_exception_has_its_message_and_its_cause() {
        let file = parse("def f(x):\n    raise A('no ' 'luck', x) from x.cause\n");
        let raise = &file.definitions[1].body.raises[0];
        assert_eq!(raise.message.as_deref(), Some("no luck"));
        assert_eq!(raise.argument.map(|span| span.of(&file.text)), Some("'no ' 'luck'"));
        assert_eq!(raise.cause.map(|span| span.of(&file.text)), Some("x.cause"));
    }

    #[test]
    fn functions_that_reach_their_end_return_none_there() {
        let table = [
            ("    pass", true),
            ("    return 1", false),
            ("    if x:\n        return 1", true),
            ("    if x:\n        return 1\n    else:\n        raise A", false),
            ("    if x:\n        return 1\n    elif y:\n        pass\n    else:\n        raise A", true),
            ("    for y in x:\n        return y", true),
            ("    while True:\n        pass", false),
            ("    while True:\n        if x: break", true),
            ("    while True:\n        for y in x: break", false),
            ("    while x:\n        return 1", true),
            ("    with x:\n        return 1", false),
            ("    with suppress(A):\n        return int(x)", true),
            ("    try:\n        return 1\n    except A:\n        raise", false),
            ("    try:\n        return 1\n    except A:\n        pass", true),
            ("    try:\n        g()\n    except A:\n        return 1\n    else:\n        return 2", false),
            ("    try:\n        g()\n    finally:\n        return 1", false),
            (
                "    match x:\n        case 1:\n            return 1\n        case _:\n            return 2",
                false,
            ),
            ("    match x:\n        case 1:\n            return 1", true),
            ("    match x:\n        case 1: return 1\n        case y if y: return 2", true),
            ("    sys.exit(1)", false),
            ("    assert False", false),
            ("    def g():\n        return 1", true),
        ];
        for (body, expected) in table {
            let file = parse(&format!("def f(x):\n{body}\n"));
            assert_eq!(file.code(&file.definitions[1]).falls_through, expected, "{body}");
        }
    }

    #[test]
    fn yields_say_what_they_give_and_take() {
        let file = parse(
            "def f():\n    yield\n    x = yield 1\n    yield from y\n    (yield (None))\n    g((yield 2))\n",
        );
        let yields = file.definitions[1].body.yields.iter();
        let facts: Vec<_> = yields.map(|found| (found.value, found.delegates, found.receives)).collect();
        let expected = [
            (false, false, false),
            (true, false, true),
            (true, true, false),
            (false, false, true),
            (true, false, true),
        ];
        assert_eq!(facts, expected);
    }

    #[test]
    fn attributes_have_annotations_values_and_docstrings() {
        let source = "\
LIMIT: int = 3
'How many.'
other = 4  # type: float
a, b = c
class A:
    x: int
    # note
    'X.'
    y = 1
    def __init__(this, z):
        this.z: str = z
        'Z.'
        local = 1
        this.w = local
        other.v = 1
";
        let file = parse(source);
        let read = |name: &str| {
            let attributes = file.code(file.find(name).expect("it is there")).attributes.iter();
            let part = |span: Option<crate::python::Span>| span.map_or("-", |span| span.of(&file.text));
            attributes
                .map(|found| {
                    let parts = [part(found.annotation), part(found.value), part(found.docstring)];
                    format!("{} {}", found.name.of(&file.text), parts.join(" "))
                })
                .collect::<Vec<_>>()
        };
        assert_eq!(read(""), ["LIMIT int 3 'How many.'", "other float 4 -"]);
        assert_eq!(read("A"), ["x int - 'X.'", "y - 1 -"]);
        assert_eq!(read("A.__init__"), ["z str z 'Z.'", "w - local -"]);
    }

    #[test]
    fn a_signature_is_read_with_kinds_annotations_and_defaults() {
        let source = "class A:\n    def f(self, a, /, b: int = 1, *args: str, c, d: 'X' = None, **kw) -> list[int]: ...\n";
        let signature = &parse(source).definitions[2].signature;
        let read: Vec<_> = signature
            .callers_parameters()
            .iter()
            .map(|found| (found.display_name(), found.annotation.as_deref(), found.default.as_deref()))
            .collect();
        let expected = [
            ("a".to_owned(), None, None),
            ("b".to_owned(), Some("int"), Some("1")),
            ("*args".to_owned(), Some("str"), None),
            ("c".to_owned(), None, None),
            ("d".to_owned(), Some("'X'"), Some("None")),
            ("**kw".to_owned(), None, None),
        ];
        assert_eq!(read, expected);
        assert_eq!(signature.returns.as_deref(), Some("list[int]"));
    }

    #[test]
    fn no_error_of_the_tree_goes_unnoticed() {
        let deep = format!("{}\ndef f(): pass\n", "(".repeat(32));
        for source in ["r\"\"\";", deep.as_str(), "def f(:", "x = (", "def f():\n    '''"] {
            let file = parse(source);
            assert!(!file.errors.is_empty() && file.definitions[0].broken, "{source}");
        }
    }

    #[test]
    fn only_what_a_syntax_error_touches_is_broken() {
        let file = parse("def f():\n    return 1\n\ndef g(:\n    return\n\ndef h():\n    return 2\n");
        assert!(!file.errors.is_empty());
        let f = file.find("f").expect("f is found");
        assert!(!f.broken);
    }

    #[test]
    fn stubs_are_told_from_code() {
        let table = [
            ("    ...\n", true),
            ("    pass\n", true),
            ("    'Doc.'\n", true),
            ("    'Doc.'\n    raise NotImplementedError\n", true),
            ("    return 1\n", false),
            ("    def g(): pass\n", false),
        ];
        for (body, expected) in table {
            let file = parse(&format!("def f():\n{body}"));
            assert_eq!(file.definitions[1].body.is_stub(), expected, "{body}");
        }
    }

    #[test]
    fn depth_does_not_exhaust_the_stack() {
        let deep = format!("x = {}1{}\n", "(".repeat(5_000), ")".repeat(5_000));
        assert_eq!(parse(&deep).definitions.len(), 1);
        let mut lines: Vec<String> =
            (0..300).map(|level| format!("{}def f{level}():", " ".repeat(level))).collect();
        lines.push(format!("{}pass", " ".repeat(300)));
        assert_eq!(parse(&lines.join("\n")).definitions.len(), 301);
    }
}
