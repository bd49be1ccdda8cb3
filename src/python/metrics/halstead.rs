//! Halstead's measures: counting operators and operands.

use std::collections::HashSet;

use tree_sitter::Node;

use super::construct::{Construct, FIELDS, child, construct};
use super::operand::Operands;

/// Operators and operands, counted.
///
/// M. H. Halstead, "Elements of Software Science" (1977). What counts as an operator is a choice that the book
/// leaves to who counts; it is that of the Python tool radon: binary, unary and boolean operators, comparisons
/// and assignments with an operator. A function's decorators, defaults and annotations are left out, and an
/// operand is another one in a function of another name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Halstead {
    /// How many different operators there are (η₁, radon's `h1`).
    pub distinct_operators: u32,
    /// How many different operands there are (η₂, radon's `h2`).
    pub distinct_operands: u32,
    /// How many operators there are (N₁).
    pub operators: u32,
    /// How many operands there are (N₂).
    pub operands: u32,
}

impl Halstead {
    /// Returns the vocabulary, η = η₁ + η₂.
    #[must_use]
    pub fn vocabulary(self) -> u32 {
        self.distinct_operators + self.distinct_operands
    }

    /// Returns the length, N = N₁ + N₂.
    #[must_use]
    pub fn length(self) -> u32 {
        self.operators + self.operands
    }

    /// Returns the volume in bits, V = N log₂ η.
    #[must_use]
    pub fn volume(self) -> f64 {
        if self.vocabulary() == 0 {
            return 0.0;
        }
        f64::from(self.length()) * f64::from(self.vocabulary()).log2()
    }

    /// Returns the difficulty, D = η₁ / 2 · N₂ / η₂.
    #[must_use]
    pub fn difficulty(self) -> f64 {
        if self.distinct_operands == 0 {
            return 0.0;
        }
        f64::from(self.distinct_operators) / 2.0 * f64::from(self.operands)
            / f64::from(self.distinct_operands)
    }

    /// Returns the effort, E = D · V.
    #[must_use]
    pub fn effort(self) -> f64 {
        self.difficulty() * self.volume()
    }
}

/// Collects the operators and operands of one definition.
#[derive(Debug, Default)]
pub(super) struct Tally {
    /// The number of the function around, whose operands are others than those of the next.
    function: u32,
    operators: u32,
    operands: u32,
    /// One bit per operator.
    operators_seen: u32,
    /// Operands by value: the number of the function in the upper half, that of the operand in the lower.
    operands_seen: HashSet<u64>,
    /// Operands that equal no other.
    compound_operands: u32,
}

impl Tally {
    /// Begins in the function with this number.
    pub(super) fn new(function: u32) -> Self {
        Self { function, ..Self::default() }
    }

    /// Returns the number of the function.
    pub(super) fn function(&self) -> u32 {
        self.function
    }

    /// Notes a node of this kind.
    pub(super) fn enter(&mut self, node: Node<'_>, kind: Construct, operands: &mut Operands<'_>) {
        let sides = [FIELDS.left, FIELDS.right];
        match kind {
            Construct::BinaryOperator | Construct::UpdatingAssignment => {
                self.operator(operator(node));
                for side in sides.into_iter().filter_map(|side| child(node, side)) {
                    self.operand(operands.number(side));
                }
            }
            Construct::UnionType => {
                self.operator("|");
                for side in (0..2).filter_map(|side| node.named_child(side)) {
                    self.operand(operands.number(side));
                }
            }
            Construct::BooleanOperator => self.boolean(node, operands),
            Construct::Unary | Construct::NotOperator => {
                self.unary(if kind == Construct::Unary { operator(node) } else { "not" });
                if let Some(argument) = child(node, FIELDS.argument) {
                    self.operand(operands.number(argument));
                }
            }
            Construct::Comparison => {
                let mut cursor = node.walk();
                for part in node.children(&mut cursor) {
                    match construct(part) {
                        Construct::Comment | Construct::Continuation => {}
                        _ if part.is_named() => self.operand(operands.number(part)),
                        _ => self.operator(part.kind()),
                    }
                }
            }
            Construct::CasePattern if node.child(0).is_some_and(|sign| sign.kind() == "-") => {
                self.unary("-");
                self.operand(node.named_child(0).and_then(|number| operands.number(number)));
            }
            Construct::ComplexPattern => self.complex_pattern(node, operands),
            _ => {}
        }
    }

    /// Takes over what a definition inside has collected.
    pub(super) fn absorb(&mut self, mut inner: Self) {
        self.operators += inner.operators;
        self.operands += inner.operands;
        self.operators_seen |= inner.operators_seen;
        self.compound_operands += inner.compound_operands;
        // The smaller set goes into the larger one, or deep nesting would copy the innermost once per level.
        if self.operands_seen.len() < inner.operands_seen.len() {
            std::mem::swap(&mut self.operands_seen, &mut inner.operands_seen);
        }
        self.operands_seen.extend(inner.operands_seen);
    }

    /// Returns the counts.
    pub(super) fn counts(&self) -> Halstead {
        let distinct = u32::try_from(self.operands_seen.len()).unwrap_or(u32::MAX);
        Halstead {
            distinct_operators: self.operators_seen.count_ones(),
            distinct_operands: distinct.saturating_add(self.compound_operands),
            operators: self.operators,
            operands: self.operands,
        }
    }

    fn operator(&mut self, operator: &str) {
        let operator = operator.strip_suffix('=').filter(|short| BINARY.contains(short)).unwrap_or(operator);
        let all = BINARY.iter().chain(OTHERS);
        let position = all.into_iter().position(|known| *known == operator);
        self.count(position.unwrap_or(31));
    }

    fn unary(&mut self, operator: &str) {
        let position = UNARY.iter().position(|known| *known == operator).unwrap_or(0);
        self.count(BINARY.len() + OTHERS.len() + position);
    }

    fn count(&mut self, bit: usize) {
        self.operators += 1;
        self.operators_seen |= 1 << bit.min(31);
    }

    fn operand(&mut self, number: Option<u32>) {
        self.operands += 1;
        match number {
            Some(number) => {
                self.operands_seen.insert(u64::from(self.function) << 32 | u64::from(number));
            }
            None => self.compound_operands += 1,
        }
    }

    /// `a and b and c` is one operator with three operands, in the grammar two with two each.
    fn boolean(&mut self, node: Node<'_>, operands: &mut Operands<'_>) {
        let kind = operator(node);
        if let Some(left) = child(node, FIELDS.left) {
            let continues = construct(left) == Construct::BooleanOperator && operator(left) == kind;
            if !continues {
                self.operator(kind);
                self.operand(operands.number(left));
            }
        }
        if let Some(right) = child(node, FIELDS.right) {
            self.operand(operands.number(right));
        }
    }

    /// `case -1 + 2j`: an addition whose left side may have a sign.
    fn complex_pattern(&mut self, node: Node<'_>, operands: &mut Operands<'_>) {
        let mut cursor = node.walk();
        let (mut numbers, mut signed) = (0, false);
        for part in node.children(&mut cursor) {
            match construct(part) {
                Construct::Number => {
                    self.operand(operands.number(part));
                    if numbers == 0 && signed {
                        self.operand(None);
                    }
                    numbers += 1;
                }
                Construct::Other if numbers == 0 => {
                    signed = true;
                    self.unary("-");
                }
                Construct::Other => self.operator(part.kind()),
                _ => {}
            }
        }
    }
}

fn operator(node: Node<'_>) -> &str {
    child(node, FIELDS.operator).map_or("", |operator| operator.kind())
}

/// The operators that have a form with `=`, which counts as the same operator.
const BINARY: &[&str] = &["+", "-", "*", "/", "//", "%", "@", "**", "<<", ">>", "&", "|", "^"];
const OTHERS: &[&str] =
    &["and", "or", "<", "<=", "==", "!=", "<>", ">=", ">", "in", "not in", "is", "is not"];
const UNARY: &[&str] = &["-", "+", "~", "not"];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_operator_has_a_bit_of_its_own() {
        let mut tally = Tally::default();
        for operator in BINARY.iter().chain(OTHERS) {
            tally.operator(operator);
        }
        for operator in UNARY {
            tally.unary(operator);
        }
        assert_eq!(tally.operators_seen.count_ones(), tally.operators);
        tally.operator("//=");
        tally.operator(">>=");
        assert_eq!(tally.operators_seen.count_ones() + 2, tally.operators);
    }

    #[test]
    fn the_measures_follow_the_book() {
        // z = (x + y) * x: two operators, and the operands x, y and x + y.
        let counts = Halstead { distinct_operators: 2, distinct_operands: 3, operators: 2, operands: 4 };
        assert_eq!((counts.vocabulary(), counts.length()), (5, 6));
        assert!((counts.volume() - 13.931_568).abs() < 1e-5);
        assert!((counts.difficulty() - 4.0 / 3.0).abs() < 1e-9);
        assert!((counts.effort() - 18.575_424).abs() < 1e-5);
        let nothing = Halstead::default();
        assert_eq!((nothing.volume(), nothing.difficulty(), nothing.effort()), (0.0, 0.0, 0.0));
    }
}
