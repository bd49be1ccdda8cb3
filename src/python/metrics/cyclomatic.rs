//! Cyclomatic complexity: how many independent paths lead through a definition.
//!
//! T. J. `McCabe`, "A Complexity Measure" (IEEE Transactions on Software Engineering, 1976): decisions plus one.
//! What is a decision in Python is counted as the Python tool radon counts it:
//!
//! - one each for `if`, `elif`, a conditional expression, `for`, `while`, the `else` of a loop or a `try`, each
//!   `except`, `assert` (what it asserts does not count), each `and` and `or`, each `for` and `if` of a
//!   comprehension, and each `case` of a `match` but one that catches everything;
//! - a function counts without the functions and classes in it, a class is one plus its own statements plus
//!   its methods with all they have, and a module is one plus all decisions but those in nested functions and
//!   nested classes.
//!
//! Other than radon 6.0, the handlers of `except*` count like those of `except`.

use tree_sitter::Node;

use super::construct::{Construct, FIELDS, child, construct};
use super::names::ScopeKind;

/// Counts the decisions of one definition.
#[derive(Debug, Default)]
pub(super) struct Cyclomatic {
    decisions: u32,
}

impl Cyclomatic {
    /// Notes a node.
    pub(super) fn enter(&mut self, node: Node<'_>, construct: Construct, parent: Construct) {
        self.decisions += match construct {
            Construct::If
            | Construct::Elif
            | Construct::Conditional
            | Construct::For
            | Construct::While
            | Construct::Except
            | Construct::Assert
            | Construct::BooleanOperator
            | Construct::ForIn => 1,
            Construct::Else => {
                u32::from(matches!(parent, Construct::For | Construct::While | Construct::Try))
            }
            // A guard is part of its case.
            Construct::IfClause => u32::from(parent != Construct::Case),
            Construct::Match => cases(node),
            _ => 0,
        };
    }

    /// Takes over what a definition inside has.
    pub(super) fn absorb(&mut self, inner: &Self, kind: ScopeKind, around: ScopeKind) {
        self.decisions += match (kind, around) {
            (ScopeKind::Function, ScopeKind::Class) => inner.total(),
            (_, ScopeKind::Module) => inner.decisions,
            _ => 0,
        };
    }

    /// Returns the complexity.
    pub(super) fn total(&self) -> u32 {
        self.decisions + 1
    }
}

/// Whether a statement is one level of nesting for what is in it.
pub(super) fn is_structure(construct: Construct) -> bool {
    matches!(
        construct,
        Construct::If
            | Construct::For
            | Construct::While
            | Construct::Try
            | Construct::With
            | Construct::Match
    )
}

/// Counts the cases of a `match`, one that catches everything left out.
fn cases(statement: Node<'_>) -> u32 {
    let Some(block) = child(statement, FIELDS.body) else { return 0 };
    let (mut cases, mut catches_all) = (0, false);
    let mut cursor = block.walk();
    for case in block.named_children(&mut cursor).filter(|child| construct(*child) == Construct::Case) {
        cases += 1;
        catches_all |= is_irrefutable(case);
    }
    cases - u32::from(catches_all)
}

/// Whether a case is `_` or a name, with or without brackets.
fn is_irrefutable(case: Node<'_>) -> bool {
    let mut pattern = case;
    loop {
        let mut cursor = pattern.walk();
        let mut inner = None;
        for part in pattern.children(&mut cursor) {
            match (construct(part), part.kind()) {
                (Construct::CasePattern, _) if inner.is_none() => inner = Some(part),
                (Construct::CasePattern, _) | (_, ",") => return false,
                _ => {}
            }
        }
        let Some(inner) = inner.and_then(|inner| inner.child(0)) else { return false };
        match (construct(inner), inner.kind()) {
            (Construct::TuplePattern, _) => pattern = inner,
            (_, "_") => return true,
            (_, "dotted_name") => return inner.named_child_count() == 1,
            _ => return false,
        }
    }
}
