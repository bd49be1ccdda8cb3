//! Random programs, laid out at random: a fingerprint sees their meaning and nothing of their layout.

use std::fmt::Write as _;

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};

use super::Fingerprint;
use crate::python::parse;

#[derive(Debug, Clone, PartialEq)]
enum Expression {
    Name(&'static str),
    Number(u16),
    Text(String),
    Formatted(&'static str, &'static str),
    Binary(Operator, Box<Expression>, Box<Expression>),
    Not(Box<Expression>),
    Conditional(Box<Expression>, Box<Expression>, Box<Expression>),
    Lambda(Box<Expression>),
    Attribute(Box<Expression>, &'static str),
    Subscript(Box<Expression>, Box<Expression>),
    Call(Box<Expression>, Vec<Expression>),
    Tuple(Vec<Expression>),
    List(Vec<Expression>),
}

#[derive(Debug, Clone, PartialEq)]
enum Statement {
    Expression(Expression),
    Assign(Expression),
    Return(Expression),
    Pass,
    If(Expression, Vec<Statement>, Vec<Statement>),
    For(Expression, Vec<Statement>),
    Define(&'static str, Expression, Vec<Statement>),
}

use Expression::{
    Attribute, Binary, Call, Conditional, Formatted, Lambda, List, Name, Not, Number, Subscript, Text, Tuple,
};

/// An operator and how tightly it binds.
type Operator = (&'static str, Tightness);
/// What binds less than its place needs goes into parentheses.
type Tightness = usize;

const LOOSEST: Tightness = 0;
const CONDITION: Tightness = 1;
const NOT: Tightness = 4;
const COMPARISON: Tightness = 5;
const NUMBER: Tightness = 19;
const ATOM: Tightness = 20;

const NAMES: &[&str] = &["a", "b", "c", "self"];
const FORMATS: &[&str] = &["", "!r", ":>3", ":.2f", ":>{c}"];
const OPERATORS: &[Operator] = &[
    ("or", 2),
    ("and", 3),
    ("==", COMPARISON),
    ("is not", COMPARISON),
    ("|", 6),
    ("&", 8),
    ("<<", 9),
    ("+", 10),
    ("-", 10),
    ("*", 11),
    ("@", 11),
];

fn tightness(expression: &Expression) -> Tightness {
    match expression {
        Tuple(items) if !items.is_empty() => LOOSEST,
        Conditional(..) | Lambda(_) => CONDITION,
        Binary((_, tightness), ..) => *tightness,
        Not(_) => NOT,
        Number(_) => NUMBER,
        _ => ATOM,
    }
}

fn expression() -> impl Strategy<Value = Expression> {
    let leaf = prop_oneof![
        select(NAMES).prop_map(Name),
        any::<u16>().prop_map(Number),
        "[a-z '\"\\\\\n#]{0,6}".prop_map(Text),
        (select(NAMES), select(FORMATS)).prop_map(|(name, format)| Formatted(name, format)),
    ];
    leaf.prop_recursive(4, 24, 3, |inner| {
        let boxed = || inner.clone().prop_map(Box::new);
        let several = || vec(inner.clone(), 0..3);
        prop_oneof![
            4 => (select(OPERATORS), boxed(), boxed())
                .prop_map(|(operator, left, right)| Binary(operator, left, right)),
            1 => boxed().prop_map(Not),
            1 => (boxed(), boxed(), boxed()).prop_map(|(one, test, other)| Conditional(one, test, other)),
            1 => boxed().prop_map(Lambda),
            1 => (boxed(), select(NAMES)).prop_map(|(of, name)| Attribute(of, name)),
            1 => (boxed(), boxed()).prop_map(|(of, index)| Subscript(of, index)),
            2 => (boxed(), several()).prop_map(|(of, arguments)| Call(of, arguments)),
            1 => several().prop_map(Tuple),
            1 => several().prop_map(List),
        ]
    })
}

fn program() -> impl Strategy<Value = Vec<Statement>> {
    let leaf = prop_oneof![
        // A text alone would be a docstring.
        expression().prop_map(|value| match value {
            Text(_) => Statement::Assign(value),
            _ => Statement::Expression(value),
        }),
        expression().prop_map(Statement::Assign),
        expression().prop_map(Statement::Return),
        Just(Statement::Pass),
    ];
    let nested = leaf.prop_recursive(2, 8, 3, |inner| {
        let block = || vec(inner.clone(), 1..3);
        prop_oneof![
            (expression(), block(), vec(inner.clone(), 0..2))
                .prop_map(|(test, then, or)| Statement::If(test, then, or)),
            (expression(), block()).prop_map(|(over, block)| Statement::For(over, block)),
            (select(NAMES), expression(), block())
                .prop_map(|(name, default, block)| Statement::Define(name, default, block)),
        ]
    });
    vec(nested, 1..4)
}

/// Writes a program; the choices decide all that means nothing.
struct Printer {
    choices: Vec<u8>,
    next: usize,
    text: String,
    /// How many brackets are open; within them a line may end anywhere. The grammar wants the next one to be
    /// indented more than the block.
    open: usize,
}

impl Printer {
    /// Returns one of `count` ways to write something; the first is the plain one.
    fn choose(&mut self, count: u8) -> usize {
        self.next += 1;
        let choice = self.choices.get(self.next - 1).copied().unwrap_or(0);
        usize::from(choice.saturating_sub(128) % count)
    }

    fn one_of(&mut self, ways: &[&str]) {
        let chosen = self.choose(u8::try_from(ways.len()).expect("few ways"));
        self.text.push_str(ways[chosen]);
    }

    fn blank(&mut self) {
        if self.open > 0 {
            self.one_of(&[" ", "   ", "  # a comment\n                ", "\n                "]);
        } else {
            self.one_of(&[" ", "\t", " \\\n      "]);
        }
    }

    fn bracketed(&mut self, brackets: &str, inside: impl FnOnce(&mut Self)) {
        self.text.push_str(&brackets[..1]);
        self.open += 1;
        self.one_of(&["", " ", "\n                ", "  # a comment\n                "]);
        inside(self);
        self.one_of(&["", " ", "\n  ", "  # a comment\n"]);
        self.open -= 1;
        self.text.push_str(&brackets[1..]);
    }

    fn items(&mut self, items: &[Expression]) {
        for (index, item) in items.iter().enumerate() {
            if index > 0 {
                self.text.push(',');
                self.blank();
            }
            self.expression(item, CONDITION);
        }
    }

    fn expression(&mut self, expression: &Expression, needed: Tightness) {
        if tightness(expression) < needed || self.choose(5) == 1 {
            return self.bracketed("()", |printer| printer.expression(expression, LOOSEST));
        }
        match expression {
            Name(name) => self.text.push_str(name),
            Number(number) => self.number(*number),
            Text(text) => self.string(text),
            Formatted(name, format) => {
                let quotes = ["\"", "'", "\"\"\""][self.choose(3)];
                self.one_of(&["f", "F"]);
                let _ = write!(self.text, "{quotes}{{{name}{format}}}{quotes}");
            }
            Binary((operator, own), left, right) => {
                // Comparisons chain; the others group to the left.
                self.expression(left, own + usize::from(*own == COMPARISON));
                self.blank();
                self.text.push_str(operator);
                self.blank();
                self.expression(right, own + 1);
            }
            Not(inner) => {
                self.text.push_str("not");
                self.blank();
                self.expression(inner, NOT);
            }
            Conditional(one, test, other) => {
                self.expression(one, CONDITION + 1);
                self.blank();
                self.text.push_str("if");
                self.blank();
                self.expression(test, CONDITION + 1);
                self.text.push_str(" else ");
                self.expression(other, CONDITION);
            }
            Lambda(body) => {
                self.text.push_str("lambda:");
                self.blank();
                self.expression(body, CONDITION);
            }
            Attribute(of, name) => {
                self.expression(of, ATOM);
                self.text.push('.');
                self.text.push_str(name);
            }
            Subscript(of, index) => {
                self.expression(of, ATOM);
                self.bracketed("[]", |printer| printer.expression(index, LOOSEST));
            }
            Call(of, arguments) => {
                self.expression(of, ATOM);
                self.bracketed("()", |printer| printer.listed(arguments));
            }
            List(items) => self.bracketed("[]", |printer| printer.listed(items)),
            Tuple(items) if items.is_empty() => self.bracketed("()", |_| ()),
            Tuple(items) => {
                self.items(items);
                self.one_of(if items.len() == 1 { &[","] } else { &["", ","] });
            }
        }
    }

    fn listed(&mut self, items: &[Expression]) {
        self.items(items);
        if !items.is_empty() {
            self.one_of(&["", ",", ",\n"]);
        }
    }

    fn number(&mut self, number: u16) {
        let text = match number {
            0..256 => number.to_string(),
            256..4096 => format!("{number}E2"),
            _ => format!("{number:#X}"),
        };
        if self.choose(2) == 1 {
            self.text.push_str(&text.to_lowercase());
        } else {
            self.text.push_str(&text);
        }
    }

    /// Writes a string, perhaps in two pieces, each in quotes of its own.
    fn string(&mut self, text: &str) {
        let split = self.choose(4);
        let split = text.char_indices().nth(split).map_or(0, |(at, _)| at);
        let (one, other) = text.split_at(split);
        if split > 0 {
            self.piece(one);
            self.blank();
        }
        self.piece(other);
    }

    fn piece(&mut self, text: &str) {
        self.one_of(&["", "u", "U"]);
        let quotes = ["\"", "'", "\"\"\"", "'''"][self.choose(4)];
        self.text.push_str(quotes);
        for character in text.chars() {
            match character {
                '\n' if quotes.len() == 1 => self.text.push_str("\\n"),
                '\n' => self.one_of(&["\\n", "\n", "\\x0a"]),
                '\\' | '"' | '\'' => {
                    self.text.push('\\');
                    self.text.push(character);
                }
                _ => self.text.push(character),
            }
        }
        self.text.push_str(quotes);
    }

    fn block(&mut self, statements: &[Statement], depth: usize) {
        if let [only] = statements
            && only.is_simple()
            && depth > 1
            && self.choose(3) == 1
        {
            self.text.push(' ');
            self.statement(only, depth);
            return self.text.push('\n');
        }
        if depth > 1 {
            self.one_of(&["\n", "  # a comment\n"]);
        }
        let mut joined = false;
        for (index, statement) in statements.iter().enumerate() {
            if !joined {
                self.one_of(&["", "\n\n", "# a comment\n"]);
                self.text.push_str(&"    ".repeat(depth));
            }
            self.statement(statement, depth);
            let next = statements.get(index + 1);
            joined = statement.is_simple() && next.is_some_and(Statement::is_simple) && self.choose(3) == 1;
            if joined {
                self.text.push_str("; ");
            } else if statement.is_simple() {
                self.one_of(&["\n", "  # a comment\n", ";\n"]);
            }
        }
    }

    fn statement(&mut self, statement: &Statement, depth: usize) {
        match statement {
            // The grammar joins `a,` with an assignment on the next line: docs/limits.md.
            Statement::Expression(value) => self.expression(value, CONDITION),
            Statement::Assign(value) => {
                self.text.push_str("x =");
                self.blank();
                self.expression(value, LOOSEST);
            }
            Statement::Return(value) => {
                self.text.push_str("return");
                self.blank();
                self.expression(value, LOOSEST);
            }
            Statement::Pass => self.text.push_str("pass"),
            Statement::If(test, then, or) => {
                self.text.push_str("if ");
                self.expression(test, CONDITION);
                self.text.push(':');
                self.block(then, depth + 1);
                if !or.is_empty() {
                    self.text.push_str(&"    ".repeat(depth));
                    self.text.push_str("else:");
                    self.block(or, depth + 1);
                }
            }
            Statement::For(over, block) => {
                self.one_of(&["for i, j in ", "for (i, j) in ", "for (i), j in "]);
                self.expression(over, LOOSEST);
                self.text.push(':');
                self.block(block, depth + 1);
            }
            Statement::Define(name, default, block) => {
                let _ = write!(self.text, "def {name}(p=");
                self.open += 1;
                self.expression(default, CONDITION);
                self.open -= 1;
                self.one_of(&["):", ",):", ",\n) :"]);
                self.block(block, depth + 1);
            }
        }
    }
}

impl Statement {
    fn is_simple(&self) -> bool {
        matches!(self, Self::Expression(_) | Self::Assign(_) | Self::Return(_) | Self::Pass)
    }
}

fn source(program: &[Statement], choices: Vec<u8>) -> String {
    let mut printer = Printer { choices, next: 0, text: "def f(a, b):\n".to_owned(), open: 0 };
    printer.block(program, 1);
    printer.text
}

fn body(source: &str) -> Fingerprint {
    let file = parse(source);
    assert!(file.errors.is_empty(), "{source}");
    file.fingerprints(&file.definitions[1]).body
}

/// Visits every expression of a program.
fn expressions<'a>(statements: &'a mut [Statement], found: &mut Vec<&'a mut Expression>) {
    for statement in statements {
        match statement {
            Statement::Expression(value) | Statement::Assign(value) | Statement::Return(value) => {
                found.push(value);
            }
            Statement::Pass => {}
            Statement::If(test, then, or) => {
                found.push(test);
                expressions(then, found);
                expressions(or, found);
            }
            Statement::For(value, block) | Statement::Define(_, value, block) => {
                found.push(value);
                expressions(block, found);
            }
        }
    }
}

/// Returns the expressions directly inside another one.
fn parts(expression: &mut Expression) -> Vec<&mut Expression> {
    match expression {
        Binary(_, one, other) | Subscript(one, other) => vec![one, other],
        Conditional(one, test, other) => vec![one, test, other],
        Not(inner) | Lambda(inner) | Attribute(inner, _) => vec![inner],
        Call(of, arguments) => std::iter::once(&mut **of).chain(arguments).collect(),
        Tuple(items) | List(items) => items.iter_mut().collect(),
        Name(_) | Number(_) | Text(_) | Formatted(..) => Vec::new(),
    }
}

/// Goes down into an expression as far as the way leads.
fn descend<'a>(mut expression: &'a mut Expression, way: &[Index]) -> &'a mut Expression {
    for step in way {
        let count = parts(expression).len();
        if count == 0 {
            break;
        }
        expression = parts(expression).swap_remove(step.index(count));
    }
    expression
}

/// Changes what an expression means, in most cases only a little.
fn changed(expression: Expression, how: usize, other: Expression) -> Expression {
    match (how, expression) {
        // (a + b) * c becomes a + b * c.
        (0 | 1, Binary(outer, left, right)) => match (*left, *right) {
            (Binary(inner, one, two), three) => {
                Binary(inner, one, Box::new(Binary(outer, two, Box::new(three))))
            }
            (one, Binary(inner, two, three)) => {
                Binary(inner, Box::new(Binary(outer, Box::new(one), two)), three)
            }
            (one, two) => Binary(outer, Box::new(two), Box::new(one)),
        },
        (0 | 2, Call(of, mut arguments)) => {
            arguments.reverse();
            arguments.push(other);
            Call(of, arguments)
        }
        (3, expression) => Not(Box::new(expression)),
        (4, expression) => Tuple(vec![expression]),
        (5, expression) => List(vec![expression]),
        (6, expression) => Call(Box::new(expression), Vec::new()),
        (7, Number(number)) => Number(number.wrapping_add(1)),
        (7, Text(text)) => Text(format!("{text}q")),
        (8, Subscript(of, index)) => Call(of, vec![*index]),
        (9, Tuple(items)) => List(items),
        (9, List(items)) => Tuple(items),
        _ => other,
    }
}

proptest! {
    #[test]
    fn layout_does_not_change_a_fingerprint(
        program in program(),
        choices in vec(any::<u8>(), 0..400),
    ) {
        let (plain, laid_out) = (source(&program, Vec::new()), source(&program, choices));
        prop_assert_eq!(body(&plain), body(&laid_out), "{}\n{}", plain, laid_out);
    }

    #[test]
    fn every_change_of_an_expression_changes_the_fingerprint(
        program in program(),
        choices in vec(any::<u8>(), 0..400),
        place in any::<Index>(),
        way in vec(any::<Index>(), 0..3),
        how in 0..12_usize,
        other in expression(),
    ) {
        let mut altered = program.clone();
        let mut places = Vec::new();
        expressions(&mut altered, &mut places);
        prop_assume!(!places.is_empty());
        let place = place.index(places.len());
        let chosen = descend(places.swap_remove(place), &way);
        *chosen = changed(chosen.clone(), how, other);
        let docstring = |statement: &Statement| matches!(statement, Statement::Expression(Text(_)));
        prop_assume!(!altered.iter().any(docstring) && !format!("{altered:?}").contains("Expression(Text("));
        let (one, other) = (source(&program, Vec::new()), source(&altered, choices));
        prop_assert_eq!(body(&one) == body(&other), program == altered, "{}\n{}", one, other);
    }

    #[test]
    fn every_change_of_statements_changes_the_fingerprint(
        program in program(),
        choices in vec(any::<u8>(), 0..400),
        place in any::<Index>(),
        how in 0..5,
    ) {
        let mut altered = program.clone();
        let place = place.index(altered.len());
        match how {
            0 => { altered.remove(place); }
            1 => altered.insert(place, Statement::Pass),
            2 => altered.rotate_left(place),
            3 => altered.insert(place, altered[place].clone()),
            _ => {
                // What follows a block becomes its last statement.
                let following = altered.split_off(place + 1);
                match &mut altered[place] {
                    Statement::If(_, block, or) if or.is_empty() => block.extend(following),
                    Statement::For(_, block) | Statement::Define(_, _, block) => block.extend(following),
                    _ => {}
                }
            }
        }
        prop_assume!(!altered.is_empty());
        let (one, other) = (source(&program, Vec::new()), source(&altered, choices));
        prop_assert_eq!(body(&one) == body(&other), program == altered, "{}\n{}", one, other);
    }
}
