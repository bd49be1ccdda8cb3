//! Text → nodes of a type expression, with a stack of open brackets in place of recursion.

use std::ops::Range;

use super::Node;
use crate::python::imports::is_name_part;
use crate::python::literal::Parts;

/// The longest text that is read, in bytes.
const LONGEST: usize = 10_000;
/// The most brackets that may be open at once.
const DEEPEST: usize = 64;
/// How often quotes are looked into: a type in quotes may hold another one.
const MOST_QUOTES: usize = 3;

/// Words that are no names.
const KEYWORDS: &[&str] = &[
    "and", "as", "assert", "async", "await", "break", "class", "continue", "def", "del", "elif", "else",
    "except", "finally", "for", "from", "global", "if", "import", "in", "is", "lambda", "nonlocal", "not",
    "or", "pass", "raise", "return", "try", "while", "with", "yield",
];

/// Reads the nodes of a type; `None` when the text is none.
pub(super) fn nodes(text: &str) -> Option<Vec<Node>> {
    let mut nodes = Vec::new();
    expression(text, MOST_QUOTES, &mut nodes)?;
    Some(nodes)
}

/// Reads one expression and returns its place. It calls itself for what is in quotes, `depth` times at most.
fn expression(text: &str, depth: usize, nodes: &mut Vec<Node>) -> Option<usize> {
    if text.len() > LONGEST {
        return None;
    }
    let mut lexer = Lexer { text, at: 0 };
    let mut open = vec![Frame::of(Bracket::None)];
    while let Some(token) = lexer.next()? {
        let brackets = open.len();
        let frame = open.last_mut()?;
        match token {
            Token::Name(name) => {
                if name.split('.').any(|part| KEYWORDS.contains(&part)) {
                    return None;
                }
                frame.operand(Node::Name(name), nodes)?;
            }
            Token::Text(value) => {
                let quoted =
                    if depth > 0 { sound(nodes, |nodes| expression(&value, depth - 1, nodes)) } else { None };
                frame.operand(Node::Text { value, quoted }, nodes)?;
            }
            Token::Constant(value) => frame.operand(Node::Constant(value), nodes)?,
            Token::Ellipsis => frame.operand(Node::Ellipsis, nodes)?,
            Token::Star if frame.operand.is_none() && frame.union.is_empty() && !frame.star => {
                frame.star = true;
            }
            Token::Pipe => frame.union.push(frame.operand.take()?),
            Token::Comma => {
                if frame.bracket == Bracket::None {
                    return None;
                }
                frame.close_item(nodes)?;
                frame.comma = true;
                if frame.is_annotated() {
                    lexer.skip_to_closing()?;
                }
            }
            Token::Open(bracket) => {
                if brackets > DEEPEST {
                    return None;
                }
                let next = match (bracket, frame.operand) {
                    ('[', Some(place)) if place + 1 == nodes.len() => {
                        // The name goes into the subscript.
                        let Some(Node::Name(base)) = nodes.pop() else { return None };
                        frame.operand = None;
                        Bracket::Subscript(base)
                    }
                    ('[', None) if frame.bracket != Bracket::None => Bracket::List,
                    ('(', None) => Bracket::Group,
                    _ => return None,
                };
                open.push(Frame::of(next));
            }
            Token::Close(bracket) => {
                let mut closed = open.pop()?;
                if closed.operand.is_some() || !closed.union.is_empty() || closed.star {
                    closed.close_item(nodes)?;
                }
                let node = match (bracket, closed.bracket) {
                    (']', Bracket::Subscript(base)) if !closed.items.is_empty() => {
                        Node::Subscript { base, arguments: closed.items }
                    }
                    (']', Bracket::List) => Node::List(closed.items),
                    (')', Bracket::Group) => match closed.items.as_slice() {
                        // The place of what only brackets surround.
                        [only] if !closed.comma => {
                            let only = *only;
                            open.last_mut()?.grouped(only)?;
                            continue;
                        }
                        _ => Node::Tuple(closed.items),
                    },
                    _ => return None,
                };
                open.last_mut()?.operand(node, nodes)?;
            }
            Token::Star | Token::Other => return None,
        }
    }
    let [mut whole] = <[Frame; 1]>::try_from(open).ok()?;
    whole.close_item(nodes)?;
    whole.items.pop()
}

/// Takes back the nodes of an attempt that came to nothing.
fn sound(nodes: &mut Vec<Node>, attempt: impl FnOnce(&mut Vec<Node>) -> Option<usize>) -> Option<usize> {
    let before = nodes.len();
    let result = attempt(nodes);
    if result.is_none() {
        nodes.truncate(before);
    }
    result
}

/// What opened a frame.
#[derive(Debug, PartialEq, Eq)]
enum Bracket {
    /// Nothing: the whole text.
    None,
    /// `(`.
    Group,
    /// `[` where a value would stand.
    List,
    /// `[` behind a name.
    Subscript(String),
}

/// A bracket that is not closed yet, and what was read inside it.
#[derive(Debug)]
struct Frame {
    bracket: Bracket,
    items: Vec<usize>,
    /// The members before the last `|`.
    union: Vec<usize>,
    operand: Option<usize>,
    star: bool,
    comma: bool,
}

impl Frame {
    fn of(bracket: Bracket) -> Self {
        Self { bracket, items: Vec::new(), union: Vec::new(), operand: None, star: false, comma: false }
    }

    fn operand(&mut self, node: Node, nodes: &mut Vec<Node>) -> Option<()> {
        nodes.push(node);
        self.grouped(nodes.len() - 1)
    }

    fn grouped(&mut self, place: usize) -> Option<()> {
        // Two values side by side are prose.
        self.operand.replace(place).is_none().then_some(())
    }

    fn close_item(&mut self, nodes: &mut Vec<Node>) -> Option<()> {
        let mut place = self.operand.take()?;
        if !self.union.is_empty() {
            let mut members = std::mem::take(&mut self.union);
            members.push(place);
            nodes.push(Node::Union(members));
            place = nodes.len() - 1;
        }
        if std::mem::take(&mut self.star) {
            nodes.push(Node::Star(place));
            place = nodes.len() - 1;
        }
        self.items.push(place);
        Some(())
    }

    /// What follows the first argument of `Annotated` may be any expression.
    fn is_annotated(&self) -> bool {
        matches!(&self.bracket, Bracket::Subscript(base) if base.rsplit('.').next() == Some("Annotated"))
    }
}

#[derive(Debug)]
enum Token {
    Name(String),
    Text(String),
    Constant(String),
    Ellipsis,
    Star,
    Pipe,
    Comma,
    Open(char),
    Close(char),
    Other,
}

struct Lexer<'a> {
    text: &'a str,
    at: usize,
}

impl Lexer<'_> {
    /// Returns the next token; the inner `None` is the end, the outer one something that is no token.
    #[expect(
        clippy::option_option,
        reason = "the end of the text is not the same as text that cannot be read"
    )]
    fn next(&mut self) -> Option<Option<Token>> {
        self.skip_blanks();
        let rest = self.text.get(self.at..)?;
        let Some(first) = rest.chars().next() else { return Some(None) };
        if let Some(literal) = string_at(rest) {
            return self.strings(literal).map(Some);
        }
        if is_name_start(first) {
            return Some(Some(Token::Name(self.dotted_name())));
        }
        if first.is_ascii_digit() || first == '-' {
            return self.number().map(Some);
        }
        if rest.starts_with("...") {
            self.at += 3;
            return Some(Some(Token::Ellipsis));
        }
        self.at += first.len_utf8();
        Some(Some(match first {
            '*' => Token::Star,
            '|' => Token::Pipe,
            ',' => Token::Comma,
            '[' | '(' => Token::Open(first),
            ']' | ')' => Token::Close(first),
            _ => Token::Other,
        }))
    }

    fn skip_blanks(&mut self) {
        while let Some(rest) = self.text.get(self.at..) {
            let Some(first) = rest.chars().next() else { break };
            let length = match first {
                '#' => rest.find(['\n', '\r']).unwrap_or(rest.len()),
                '\\' if rest[1..].starts_with(['\n', '\r']) => 1,
                blank if blank.is_whitespace() => blank.len_utf8(),
                _ => break,
            };
            self.at += length;
        }
    }

    fn word(&mut self) -> &str {
        let rest = self.text.get(self.at..).unwrap_or("");
        let length = rest.find(|character: char| !is_name_part(character)).unwrap_or(rest.len());
        self.at += length;
        &rest[..length]
    }

    fn dotted_name(&mut self) -> String {
        let mut name = self.word().to_owned();
        loop {
            let behind = self.at;
            self.skip_blanks();
            let rest = self.text.get(self.at..).unwrap_or("");
            if rest.starts_with('.') && !rest.starts_with("..") {
                self.at += 1;
                self.skip_blanks();
                if self.text.get(self.at..).is_some_and(|rest| rest.starts_with(is_name_start)) {
                    name.push('.');
                    name.push_str(self.word());
                    continue;
                }
            }
            self.at = behind;
            return name;
        }
    }

    /// Reads a whole number, which is written in decimal; others are no literal values.
    fn number(&mut self) -> Option<Token> {
        let minus = self.text.get(self.at..)?.starts_with('-');
        if minus {
            self.at += 1;
            self.skip_blanks();
        }
        let digits = self.word().replace('_', "").to_ascii_lowercase();
        let radix = match digits.get(..2) {
            Some("0x") => 16,
            Some("0o") => 8,
            Some("0b") => 2,
            _ => 10,
        };
        let plain = if radix == 10 { digits.as_str() } else { digits.get(2..)? };
        let value = u128::from_str_radix(plain, radix).ok()?;
        let sign = if minus && value > 0 { "-" } else { "" };
        Some(Token::Constant(format!("{sign}{value}")))
    }

    /// Reads string literals side by side, which Python joins.
    fn strings(&mut self, first: Range<usize>) -> Option<Token> {
        let (mut value, mut kind) = (String::new(), None);
        let mut next = Some(first);
        while let Some(literal) = next {
            let source = self.text.get(self.at..)?.get(literal.clone())?;
            let prefix = &source[..source.find(['"', '\''])?];
            let is_bytes = prefix.contains(['b', 'B']);
            if *kind.get_or_insert(is_bytes) != is_bytes {
                return None;
            }
            let plain = if is_bytes { source.replacen(['b', 'B'], "", 1) } else { source.to_owned() };
            let (part, exact) = Parts::of(&plain)?.evaluate()?;
            if !exact {
                return None;
            }
            value.push_str(&part);
            self.at += literal.end;
            self.skip_blanks();
            next = self.text.get(self.at..).and_then(string_at);
        }
        Some(if kind == Some(true) { Token::Constant(format!("b{value:?}")) } else { Token::Text(value) })
    }

    /// Goes on to the bracket that closes the innermost open one.
    fn skip_to_closing(&mut self) -> Option<()> {
        let mut depth = 0_usize;
        loop {
            self.skip_blanks();
            let rest = self.text.get(self.at..)?;
            if let Some(literal) = string_at(rest) {
                self.at += literal.end;
                continue;
            }
            let character = rest.chars().next()?;
            match character {
                '(' | '[' | '{' => depth += 1,
                ']' if depth == 0 => return Some(()),
                ')' | ']' | '}' => depth = depth.checked_sub(1)?,
                _ => {}
            }
            self.at += if is_name_start(character) { self.length_of_word() } else { character.len_utf8() };
        }
    }

    fn length_of_word(&self) -> usize {
        let rest = self.text.get(self.at..).unwrap_or("");
        rest.find(|character: char| !character.is_alphanumeric() && character != '_').unwrap_or(rest.len())
    }
}

fn is_name_start(character: char) -> bool {
    character.is_alphabetic() || character == '_'
}

/// Finds the string literal that a text begins with, prefix and quotes included.
fn string_at(text: &str) -> Option<Range<usize>> {
    let prefix = text.bytes().take(3).take_while(u8::is_ascii_alphabetic).count();
    let is_prefix = text[..prefix].bytes().all(|byte| b"rbuftRBUFT".contains(&byte)) && prefix <= 2;
    let after = text.get(prefix..)?;
    let quote = after.chars().next().filter(|first| is_prefix && matches!(first, '"' | '\''))?;
    let triple = [quote; 3].iter().collect::<String>();
    let quotes = if after.starts_with(&triple) { 3 } else { 1 };
    let closing = &triple[..quotes];
    let mut at = prefix + quotes;
    loop {
        let rest = text.get(at..)?;
        if rest.starts_with(closing) {
            return Some(0..at + quotes);
        }
        let character = rest.chars().next()?;
        if quotes == 1 && matches!(character, '\n' | '\r') {
            return None;
        }
        at += character.len_utf8();
        if character == '\\' {
            at += text.get(at..)?.chars().next()?.len_utf8();
        }
    }
}
