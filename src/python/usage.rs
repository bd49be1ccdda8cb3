//! A few lines that show how something is used, taken apart: calls with their arguments, and the names that they need.
//!
//! For short texts of strangers that are to be shown and never run. It says what is written there; whether that fits a
//! signature is asked by who knows one.

use std::collections::BTreeSet;

use tree_sitter::Node;

use super::grammar::{Field, Syntax, child, syntax};
use super::imports::Import;
use super::parse::{parse, tree};
use super::plain_code::{Lines, NOT_PYTHON, odd_characters, oddity};

/// What some lines of code do.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Usage {
    /// The calls, in order.
    pub calls: Vec<UsedCall>,
    /// The names that are used and not bound there, each once.
    pub needs: BTreeSet<String>,
    /// Every word in it that is a name of something: variables, attributes, keywords.
    pub words: BTreeSet<String>,
    /// What it imports.
    pub imports: Vec<Import>,
    /// Whether it awaits anything.
    pub awaits: bool,
}

/// A call as it is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UsedCall {
    /// What stands before the last dot; nothing for a bare name.
    pub receiver: Option<String>,
    /// The name that is called; empty for what has none.
    pub name: String,
    /// The arguments.
    pub arguments: Arguments,
    /// What becomes of the result.
    pub result: UsedResult,
}

/// The arguments of a call.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Arguments {
    /// How many are given by position.
    pub positional: usize,
    /// The names of those given by name.
    pub keywords: Vec<String>,
}

/// What becomes of the result of a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UsedResult {
    /// It is awaited, or gone through by `async for` or `async with`.
    Awaited,
    /// It is an argument of another call.
    Handed,
    /// Anything else.
    Plain,
}

/// Takes some lines of code apart.
///
/// # Errors
///
/// Says why they are no plain use of something.
pub fn usage(code: &str) -> Result<Usage, &'static str> {
    if let Some(reason) = odd_characters(code) {
        return Err(reason);
    }
    let tree = tree(code).ok_or("it cannot be parsed")?;
    if tree.root_node().has_error() {
        return Err(NOT_PYTHON);
    }
    let mut usage = Usage { imports: parse(code).imports.all().to_vec(), ..Usage::default() };
    let mut bound: BTreeSet<String> = usage.imports.iter().map(|import| import.bound.clone()).collect();
    let mut lines = Lines::default();
    let mut cursor = tree.walk();
    loop {
        let node = cursor.node();
        let kind = syntax(node);
        if let Some(reason) = oddity(node, cursor.depth(), code) {
            return Err(reason);
        }
        // Import statements are read by `parse`.
        let is_import = matches!(kind, Syntax::Import | Syntax::ImportFrom);
        if (is_import || node.child_count() == 0) && !lines.take(node, code) {
            return Err(NOT_PYTHON);
        }
        usage.awaits |= matches!(kind, Syntax::Await | Syntax::Async);
        match kind {
            Syntax::Call => usage.calls.extend(call(node, code)),
            Syntax::Identifier => note(node, code, &mut usage, &mut bound),
            _ => {}
        }
        if !is_import && cursor.goto_first_child() {
            continue;
        }
        while !cursor.goto_next_sibling() {
            if !cursor.goto_parent() {
                usage.needs = usage.needs.difference(&bound).cloned().collect();
                return Ok(usage);
            }
        }
    }
}

/// Notes a name: where it is bound, or that it is needed.
fn note(node: Node<'_>, code: &str, usage: &mut Usage, bound: &mut BTreeSet<String>) {
    let name = text(node, code).to_owned();
    usage.words.insert(name.clone());
    let Some(parent) = node.parent() else { return };
    let is_in = |field| child(parent, field).is_some_and(|found| found.id() == node.id());
    match syntax(parent) {
        // What comes after a dot belongs to what stands before it, and a keyword to what is called.
        Syntax::Attribute if is_in(Field::Attribute) => {}
        Syntax::KeywordArgument if is_in(Field::Name) => {}
        _ if is_bound(node) => {
            bound.insert(name);
        }
        _ => {
            usage.needs.insert(name);
        }
    }
}

fn is_bound(node: Node<'_>) -> bool {
    let mut inner = node;
    while let Some(outer) = inner.parent() {
        let is_in = |field| child(outer, field).is_some_and(|found| found.id() == inner.id());
        match syntax(outer) {
            Syntax::PatternList
            | Syntax::TuplePattern
            | Syntax::ListPattern
            // What `as` binds is written as a value.
            | Syntax::Tuple => {}
            Syntax::Assignment | Syntax::For | Syntax::ForInClause => return is_in(Field::Left),
            Syntax::AsTarget => return true,
            _ => return outer.kind() == "lambda_parameters",
        }
        inner = outer;
    }
    false
}

fn call(node: Node<'_>, code: &str) -> Option<UsedCall> {
    let function = child(node, Field::Function)?;
    let (receiver, name) = match syntax(function) {
        Syntax::Identifier => (None, text(function, code).to_owned()),
        Syntax::Attribute => (
            child(function, Field::Object).map(|object| text(object, code).to_owned()),
            child(function, Field::Attribute).map_or_else(String::new, |name| text(name, code).to_owned()),
        ),
        _ => (None, String::new()),
    };
    let arguments =
        child(node, Field::Arguments).map_or_else(Arguments::default, |list| arguments(list, code));
    Some(UsedCall { receiver, name, arguments, result: result(node) })
}

fn arguments(list: Node<'_>, code: &str) -> Arguments {
    let mut arguments = Arguments::default();
    if syntax(list) == Syntax::Generator {
        arguments.positional = 1;
        return arguments;
    }
    for argument in list.named_children(&mut list.walk()) {
        match syntax(argument) {
            Syntax::Comment => {}
            Syntax::KeywordArgument => {
                let name = child(argument, Field::Name).map(|name| text(name, code).to_owned());
                arguments.keywords.extend(name);
            }
            _ => arguments.positional += 1,
        }
    }
    arguments
}

fn result(call: Node<'_>) -> UsedResult {
    let mut inner = call;
    while let Some(outer) = inner.parent() {
        match syntax(outer) {
            Syntax::Await => return UsedResult::Awaited,
            Syntax::Argument => return UsedResult::Handed,
            Syntax::For | Syntax::ForInClause | Syntax::With => {
                let is_header = child(outer, Field::Body).is_none_or(|body| body.id() != inner.id());
                let is_async = outer.children(&mut outer.walk()).any(|part| syntax(part) == Syntax::Async);
                return if is_header && is_async { UsedResult::Awaited } else { UsedResult::Plain };
            }
            Syntax::Block | Syntax::ExpressionStatement | Syntax::Assignment => return UsedResult::Plain,
            _ => inner = outer,
        }
    }
    UsedResult::Plain
}

fn text<'a>(node: Node<'_>, code: &'a str) -> &'a str {
    code.get(node.byte_range()).unwrap_or("")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn calls_are_read_with_their_arguments() {
        let table = [
            ("area(1, 2)", None, "area", (2, ""), UsedResult::Plain),
            ("x = area(1, height=2)", None, "area", (1, "height"), UsedResult::Plain),
            ("box.area(sizes)", Some("box"), "area", (1, ""), UsedResult::Plain),
            ("await area()", None, "area", (0, ""), UsedResult::Awaited),
            ("x = (await area())[0]", None, "area", (0, ""), UsedResult::Awaited),
            ("async for x in area(1):\n    y = x", None, "area", (1, ""), UsedResult::Awaited),
            ("async with area(1) as x:\n    y = x", None, "area", (1, ""), UsedResult::Awaited),
            ("area(x for x in y)", None, "area", (1, ""), UsedResult::Plain),
            ("(lambda: 1)()", None, "", (0, ""), UsedResult::Plain),
            ("area(  # why\n    1,\n)", None, "area", (1, ""), UsedResult::Plain),
        ];
        for (code, receiver, name, (positional, keyword), result) in table {
            let usage = usage(code).unwrap_or_else(|reason| panic!("{code}: {reason}"));
            let call = &usage.calls[0];
            assert_eq!((call.receiver.as_deref(), call.name.as_str()), (receiver, name), "{code}");
            assert_eq!(
                (call.arguments.positional, call.arguments.keywords.join(",").as_str()),
                (positional, keyword)
            );
            assert_eq!(call.result, result, "{code}");
        }
        assert_eq!(usage("run(area(1))").unwrap().calls[1].result, UsedResult::Handed);
    }

    #[test]
    fn what_is_needed_is_what_is_not_bound() {
        let table = [
            ("x = 1\narea(x, y)", "area,y"),
            ("for a, b in rows:\n    area(a, b)", "area,rows"),
            ("[area(a) for a in rows if a]", "area,rows"),
            ("with made() as m, other() as (p, q):\n    area(m, p, q)", "area,made,other"),
            ("import a.b\nfrom c import d as e\narea(a.b.x, e)", "area"),
            ("area(key=lambda v, w: v + w + z)", "area,z"),
            ("box.size = area(1)", "area,box"),
            ("box[k] = area(1)", "area,box,k"),
            ("try:\n    area()\nexcept ValueError as error:\n    print(error)", "ValueError,area,print"),
            ("x += area()", "area,x"),
            ("f'{area(1)} {name}'", "area,name"),
        ];
        for (code, expected) in table {
            let needs = usage(code).unwrap_or_else(|reason| panic!("{code}: {reason}")).needs;
            assert_eq!(needs.into_iter().collect::<Vec<_>>().join(","), expected, "{code}");
        }
    }

    #[test]
    fn what_is_no_plain_use_is_refused() {
        for code in [
            "area(",
            "area(1, 2",
            ">>> area(1)",
            "def f(): area()",
            "class A: pass",
            "return area()",
            "raise ValueError",
            "print area(1)",
            "exec 'x' ",
            "del area",
            "while True: area()",
            "yield area()",
            "Call it so.",
            "area(wind=2, 1)",
            "area(a=1, a=2)",
            "if True:\narea(1)",
            "if True:\n    area(1)\nelse:\narea(2)",
            "area:\narea(1)",
            "area(1)\n\nRaises:\n    KeyError",
            "Returns: int",
            "break",
            "if area(1):\n    break",
            "return",
            "area(1)\n    area(2)",
            "  area(1)\narea(2)",
            "    area(1)",
            "if area(1):\n    area(2)\n  area(3)",
            "try:\n    area(1)",
            "try:\n    area(1)\nexcept:\n    area(2)\nexcept ValueError:\n    area(3)",
            "try:\n    area(1)\nexcept A, B:\n    area(2)",
            "x = area(1) as y",
            "area(1) = 2",
            "x := area(1)",
            "x: = area(1)",
            "x, y: int = area(1)",
            "x = y += area(1)",
            "x = y: int = 1",
            "async = area(1)",
            "area(None=1)",
            "area(1); area(2)",
            "from a import b,",
            "import a,",
            "from a import *",
            "from a import b.c",
            "with area(1),:\n    area(2)",
            "x =\n area(1)",
            "if area(1)\n:\n    area(2)",
            "with area(1)\nas x:\n    area(2)",
            "from __future__ import braces",
            "import async",
            "area(x for x in y, 1)",
            "area(1 + not 2)",
            "area(1 == not 2)",
            "area(*[1])",
            "area(1, **{})",
            "[*area(1)]",
            "area <> 1",
            "`area`",
            "area(1)\\",
            "0777 + area(1)",
            "1if area(1) else 2",
            "area(1)\u{a0}",
            "area(1)\r\narea(2)",
            "area(\u{27}\\x4\u{27})",
            "area(b'\u{e9}')",
            "area(b'a' 'b')",
            "area(ur'a')",
            "f'{area(1)!x}'",
            "f'{lambda: 1}'",
            "area(lambda a, a: 1)",
            "area(lambda: await b)",
            "[x async for x in area()]",
            "[x for x in lambda: y]",
            "[x for x in a if b if c else d]",
            "area(await -1)",
            "with area(1) as f(1):\n    x = 1",
            "match area(1):\n    case 1:\n        x = 1",
            "area(1)[a=1]",
            "area(,)",
            "()=area(1)=1",
            "global area",
            "area(1) if 2",
            "@area\nx = 1",
            "type X = int",
        ] {
            assert!(usage(code).is_err(), "{code}");
        }
    }
}
