//! What makes two operands the same.

use std::borrow::Cow;
use std::collections::HashMap;

use tree_sitter::Node;

use super::super::literal::Parts;
use super::construct::{Construct, FIELDS, child, construct};
use crate::python::walk::header::first_part;

/// The value by which an operand is recognised.
///
/// Operands are compared by value as radon compares them: `True` is `1` is `1.0`, and a name, an attribute of
/// that name and a string of that text are one operand.
#[derive(Debug, PartialEq, Eq, Hash)]
enum Operand<'a> {
    Text(Cow<'a, str>),
    Bytes(Cow<'a, str>),
    Integer(u128),
    /// A number that is no integer, by its bits.
    Float(u64),
    Imaginary(u64),
    /// An integer too long to be calculated with, as written.
    Digits(String),
    None,
    Ellipsis,
}

/// The operands of a file, each with a number of its own.
#[derive(Debug)]
pub(super) struct Operands<'a> {
    text: &'a str,
    numbers: HashMap<Operand<'a>, u32>,
}

impl<'a> Operands<'a> {
    /// Begins without any.
    pub(super) fn new(text: &'a str) -> Self {
        Self { text, numbers: HashMap::new() }
    }

    /// Returns the number of an operand; `None` for an expression of several parts, which equals no other.
    pub(super) fn number(&mut self, node: Node<'_>) -> Option<u32> {
        let operand = Operand::of(node, self.text)?;
        let next = u32::try_from(self.numbers.len()).unwrap_or(u32::MAX);
        Some(*self.numbers.entry(operand).or_insert(next))
    }
}

impl<'a> Operand<'a> {
    /// Reads an operand; `None` for an expression of several parts.
    fn of(node: Node<'_>, text: &'a str) -> Option<Self> {
        let node = without_brackets(node);
        let source = |node: Node<'_>| text.get(node.byte_range()).unwrap_or("");
        match construct(node) {
            Construct::Identifier => Some(Self::Text(source(node).into())),
            Construct::Attribute => Some(Self::Text(source(child(node, FIELDS.attribute)?).into())),
            Construct::MemberType => {
                let last = node.named_child(u32::try_from(node.named_child_count()).ok()?.checked_sub(1)?)?;
                Some(Self::Text(source(last).into()))
            }
            Construct::String => Self::of_literals(&[source(node)]),
            Construct::Concatenated => {
                let mut cursor = node.walk();
                let parts = node.named_children(&mut cursor);
                let parts: Vec<&str> =
                    parts.filter(|part| construct(*part) == Construct::String).map(source).collect();
                Self::of_literals(&parts)
            }
            Construct::Number => Some(Self::of_number(source(node))),
            Construct::True => Some(Self::Integer(1)),
            Construct::False => Some(Self::Integer(0)),
            Construct::None => Some(Self::None),
            Construct::Ellipsis => Some(Self::Ellipsis),
            _ => None,
        }
    }

    /// Evaluates literals that stand one behind the other; `None` if one of them is formatted.
    fn of_literals(sources: &[&'a str]) -> Option<Self> {
        let mut whole: Cow<'a, str> = Cow::Borrowed("");
        let mut is_bytes = false;
        for source in sources {
            let mut parts = Parts::of(source)?;
            if parts.prefix.contains(['f', 'F', 't', 'T']) {
                return None;
            }
            is_bytes |= parts.prefix.contains(['b', 'B']);
            let raw = parts.prefix.contains(['r', 'R']);
            // What is left of the prefix only has to say whether backslashes count.
            parts.prefix = if raw { "r" } else { "" };
            let value = if parts.content.contains(['\\', '\r']) {
                Cow::Owned(parts.evaluate()?.0)
            } else {
                Cow::Borrowed(parts.content)
            };
            if whole.is_empty() {
                whole = value;
            } else {
                whole.to_mut().push_str(&value);
            }
        }
        Some(if is_bytes { Self::Bytes(whole) } else { Self::Text(whole) })
    }

    fn of_number(source: &str) -> Self {
        let digits = source.replace('_', "").to_ascii_lowercase();
        for (prefix, radix) in [("0x", 16), ("0o", 8), ("0b", 2)] {
            if let Some(rest) = digits.strip_prefix(prefix) {
                return u128::from_str_radix(rest, radix).map_or(Self::Digits(digits.clone()), Self::Integer);
            }
        }
        if let Some(real) = digits.strip_suffix('j') {
            let value: f64 = real.parse().unwrap_or(0.0);
            return if value == 0.0 { Self::Integer(0) } else { Self::Imaginary(value.to_bits()) };
        }
        if !digits.contains(['.', 'e']) {
            return digits.parse().map_or(Self::Digits(digits), Self::Integer);
        }
        let Ok(value) = digits.parse::<f64>() else { return Self::Digits(digits) };
        // Written without a fraction, an integer has the digits of one.
        let whole = value.fract() == 0.0;
        let integer = if whole { format!("{value:.0}").parse().ok() } else { None };
        integer.map_or(Self::Float(value.to_bits()), Self::Integer)
    }
}

/// Returns what stands in brackets that only group.
fn without_brackets(node: Node<'_>) -> Node<'_> {
    let mut node = node;
    while matches!(construct(node), Construct::Parenthesized | Construct::Type) {
        let Some(inner) = first_part(node) else { break };
        node = inner;
    }
    node
}

#[cfg(test)]
mod tests {
    use super::super::super::parse::tree;
    use super::*;

    /// Reads the expressions that texts are, one a line.
    fn numbers(texts: &[&str]) -> Vec<Option<u32>> {
        let text = texts.join("\n");
        let tree = tree(&text).expect("the text is parsed");
        let mut operands = Operands::new(&text);
        let mut cursor = tree.root_node().walk();
        let statements = tree.root_node().named_children(&mut cursor);
        statements.map(|statement| operands.number(statement.child(0)?)).collect()
    }

    #[test]
    fn operands_are_the_same_by_value() {
        let same = [
            ["x", "(x)"],
            ["x", "a.x"],
            ["x", "'x'"],
            ["'ab'", "'a' \"b\""],
            ["'a'", "u'\\x61'"],
            ["b'a'", "B'\\141'"],
            ["1", "True"],
            ["1.0", "0x1"],
            ["1_000", "1e3"],
            ["0j", "False"],
            ["1e23", "1E23"],
            ["...", "..."],
            ["None", "None"],
        ];
        for texts in same {
            assert_eq!(numbers(&texts), [Some(0), Some(0)], "{texts:?}");
        }
    }

    #[test]
    fn operands_of_other_values_are_others() {
        let texts = ["x", "y", "b'x'", "1", "2", "1.5", "1.5j", "r'\\x'", "'\\\\y'", "None", "..."];
        let expected: Vec<Option<u32>> = (0..11).map(Some).collect();
        assert_eq!(numbers(&texts), expected);
    }

    #[test]
    fn an_expression_of_several_parts_is_no_such_operand() {
        let texts = ["f'x'", "'a' f'b'", "f(x)", "x[1]", "(x, y)", "-x", "[x]", "a + b"];
        assert_eq!(numbers(&texts), [None; 8]);
    }
}
