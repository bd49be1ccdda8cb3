//! Cognitive complexity: what a reader has to keep in mind.
//!
//! G. A. Campbell, "Cognitive Complexity: a new way of measuring understandability" (white paper of `SonarSource`, 2018).
//! Each rule below is one of the paper's. Where Python has more than the paper speaks of:
//!
//! - `except`, `except*` and `match` are its `catch` and `switch`; `try`, `finally`, `with` and the `else` of a
//!   `try` are free, and the `else` of a loop is an `else`.
//! - Comprehensions are shorthand, which is free; what they contain is counted.
//! - A condition is read before the block it guards and is not nested in it. A conditional expression has no
//!   block: all of it is nested.
//! - A function in a function is nested, also as a method of a class there.

use super::construct::Construct;

/// Collects the cognitive complexity of one definition.
#[derive(Debug, Default)]
pub(super) struct Cognition {
    score: u32,
    /// How many increments grow when all of this is nested one level deeper.
    structures: u32,
    nesting: u32,
    /// The last operator of each sequence of `and` and `or` that has begun.
    sequences: Vec<Construct>,
}

/// What a node changed that its end must change back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Opened {
    #[default]
    Nothing,
    Nesting,
    Sequence,
}

impl Cognition {
    /// Notes a node; `within` is what it is in, brackets that only group left out.
    pub(super) fn enter(&mut self, construct: Construct, parent: Construct, within: Construct) -> Opened {
        match construct {
            Construct::If | Construct::For | Construct::While | Construct::Except | Construct::Match => {
                self.structure();
            }
            Construct::Elif => self.increment(),
            Construct::Else if is_branching(parent) => self.increment(),
            Construct::Conditional => {
                self.structure();
                return self.nest();
            }
            Construct::Lambda => return self.nest(),
            Construct::Block if nests(parent) => return self.nest(),
            Construct::BooleanOperator if within != Construct::BooleanOperator => {
                self.sequences.push(Construct::Other);
                return Opened::Sequence;
            }
            Construct::And | Construct::Or if parent == Construct::BooleanOperator => {
                self.operator(construct);
            }
            _ => {}
        }
        Opened::Nothing
    }

    /// Notes the end of a node.
    pub(super) fn leave(&mut self, opened: Opened) {
        match opened {
            Opened::Nothing => {}
            Opened::Nesting => self.nesting = self.nesting.saturating_sub(1),
            Opened::Sequence => {
                self.sequences.pop();
            }
        }
    }

    /// Takes over what a definition inside has collected, which counts as nested this much deeper.
    pub(super) fn absorb(&mut self, inner: &Self, deeper: u32) {
        let nested = inner.structures.saturating_mul(deeper);
        self.score = self.score.saturating_add(inner.score).saturating_add(nested);
        self.structures = self.structures.saturating_add(inner.structures);
    }

    /// Returns how deep in structures the walk is.
    pub(super) fn nesting(&self) -> u32 {
        self.nesting
    }

    /// Returns the complexity, without what recursion adds.
    pub(super) fn score(&self) -> u32 {
        self.score
    }

    /// An increment that grows with nesting.
    fn structure(&mut self) {
        self.score = self.score.saturating_add(1 + self.nesting);
        self.structures = self.structures.saturating_add(1);
    }

    fn increment(&mut self) {
        self.score = self.score.saturating_add(1);
    }

    fn nest(&mut self) -> Opened {
        self.nesting += 1;
        Opened::Nesting
    }

    /// A sequence of one operator counts once, however long; in `a and b or c and d` there are three.
    fn operator(&mut self, operator: Construct) {
        if let Some(last) = self.sequences.last_mut()
            && *last != operator
        {
            *last = operator;
            self.increment();
        }
    }
}

/// Whether an `else` belongs to a condition or a loop.
fn is_branching(construct: Construct) -> bool {
    matches!(construct, Construct::If | Construct::For | Construct::While)
}

/// Whether the block of a construct is nested.
fn nests(construct: Construct) -> bool {
    is_branching(construct)
        || matches!(construct, Construct::Elif | Construct::Else | Construct::Except | Construct::Match)
}

/// Finds the functions that are part of a cycle of calls; `calls` holds, for each, whom it calls.
///
/// The strongly connected components are R. Tarjan's ("Depth-first search and linear graph algorithms", 1972),
/// with a stack of our own in place of recursion.
pub(super) fn recursive(calls: &[Vec<usize>]) -> Vec<bool> {
    let count = calls.len();
    let mut recursive = vec![false; count];
    let mut order = vec![usize::MAX; count];
    let mut low = vec![usize::MAX; count];
    let mut on_stack = vec![false; count];
    let (mut next, mut stack, mut path) = (0, Vec::new(), Vec::new());
    for root in 0..count {
        if order[root] != usize::MAX || calls[root].is_empty() {
            continue;
        }
        path.push((root, 0));
        while let Some((function, position)) = path.pop() {
            if position == 0 {
                (order[function], low[function]) = (next, next);
                next += 1;
                stack.push(function);
                on_stack[function] = true;
            }
            if let Some(callee) = calls[function].get(position).copied() {
                path.push((function, position + 1));
                recursive[function] |= callee == function;
                if order[callee] == usize::MAX {
                    path.push((callee, 0));
                } else if on_stack[callee] {
                    low[function] = low[function].min(order[callee]);
                }
                continue;
            }
            if let Some((caller, _)) = path.last() {
                low[*caller] = low[*caller].min(low[function]);
            }
            if low[function] == order[function] {
                let start = stack.iter().rposition(|member| *member == function).unwrap_or(0);
                let component = stack.split_off(start);
                for member in &component {
                    on_stack[*member] = false;
                    recursive[*member] |= component.len() > 1;
                }
            }
        }
    }
    recursive
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_member_of_a_cycle_is_recursive_and_nobody_else() {
        // 0 → 1 → 2 → 0, 3 → 0, 4 → 4, 5 → 6.
        let calls = vec![vec![1], vec![2], vec![0], vec![0, 5], vec![4], vec![6, 6], vec![]];
        assert_eq!(recursive(&calls), [true, true, true, false, true, false, false]);
    }

    #[test]
    fn a_long_chain_of_calls_does_not_exhaust_the_stack() {
        let count = 100_000;
        let mut calls: Vec<Vec<usize>> = (1..count).map(|callee| vec![callee]).collect();
        calls.push(Vec::new());
        assert!(!recursive(&calls).contains(&true));
        calls[count - 1].push(0);
        assert!(!recursive(&calls).contains(&false));
    }
}
