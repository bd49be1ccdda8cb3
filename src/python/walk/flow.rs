//! Whether control can reach the end of a function.
//!
//! A statement *leaves* when nothing behind it in its block runs. The answer errs on the side of reaching the
//! end: conditions are not evaluated but for `while True`.

use crate::python::grammar::Syntax;

/// Follows the blocks of one function while they are walked.
#[derive(Debug, Default)]
pub(in crate::python) struct Flow {
    frames: Vec<Frame>,
    /// The innermost block that ended last was left.
    left: bool,
}

/// A compound statement or a block whose end has not been reached.
#[derive(Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each is an independent fact about the statement")]
struct Frame {
    kind: Syntax,
    /// A block: one of its statements leaves. A compound statement: its body leaves.
    leaves: bool,
    /// Branches, and how many of them leave.
    branches: usize,
    leaving: usize,
    /// One of the branches is always taken when the others are not: `else`, `case _`.
    has_default: bool,
    else_leaves: bool,
    finally_leaves: bool,
    /// A loop: a `break` ends it.
    breaks: bool,
    /// A loop: its condition is always true. A `with`: it stops exceptions.
    special: bool,
}

impl Frame {
    fn new(kind: Syntax, special: bool) -> Self {
        Self {
            kind,
            leaves: false,
            branches: 0,
            leaving: 0,
            has_default: false,
            else_leaves: false,
            finally_leaves: false,
            breaks: false,
            special,
        }
    }

    /// Returns whether nothing behind the statement runs.
    fn statement_leaves(&self) -> bool {
        let all = self.branches > 0 && self.leaving == self.branches;
        match self.kind {
            Syntax::If | Syntax::Match => self.has_default && all,
            Syntax::While => !self.breaks && (self.special || self.else_leaves),
            Syntax::For => !self.breaks && self.else_leaves,
            Syntax::With => self.leaves && !self.special,
            Syntax::Try => {
                let handlers = self.leaving == self.branches;
                self.finally_leaves || (self.leaves || self.else_leaves) && handlers
            }
            _ => false,
        }
    }
}

impl Flow {
    /// Notes the beginning of a compound statement or block; `special` marks an endless loop or a `with` that
    /// stops exceptions.
    pub(in crate::python) fn enter(&mut self, kind: Syntax, special: bool) {
        self.frames.push(Frame::new(kind, special));
    }

    /// Notes a `return`, `raise`, `continue` or a call that does not come back.
    pub(in crate::python) fn leaves(&mut self) {
        if let Some(block) = self.frames.last_mut() {
            block.leaves = true;
        }
    }

    /// Notes a `break`.
    pub(in crate::python) fn breaks(&mut self) {
        self.leaves();
        let mut loops = self.frames.iter_mut().rev();
        if let Some(around) = loops.find(|frame| matches!(frame.kind, Syntax::For | Syntax::While)) {
            around.breaks = true;
        }
    }

    /// Notes a `case` that takes whatever comes.
    pub(in crate::python) fn takes_all(&mut self) {
        if let Some(around) = self.frames.iter_mut().rev().find(|frame| frame.kind == Syntax::Match) {
            around.has_default = true;
        }
    }

    /// Notes the end of a block below a node of kind `parent`.
    pub(in crate::python) fn leave_block(&mut self, parent: Syntax) {
        let Some(block) = self.frames.pop() else { return };
        self.left = block.leaves;
        let leaves = block.leaves;
        let owner = if parent == Syntax::CaseClause {
            self.frames.iter_mut().rev().find(|frame| frame.kind == Syntax::Match)
        } else {
            self.frames.last_mut()
        };
        let Some(owner) = owner else { return };
        match parent {
            Syntax::If | Syntax::ElifClause | Syntax::CaseClause | Syntax::ExceptClause => {
                owner.branches += 1;
                owner.leaving += usize::from(leaves);
            }
            Syntax::ElseClause if owner.kind == Syntax::If => {
                owner.has_default = true;
                owner.branches += 1;
                owner.leaving += usize::from(leaves);
            }
            Syntax::ElseClause => owner.else_leaves = leaves,
            Syntax::FinallyClause => owner.finally_leaves = leaves,
            Syntax::While | Syntax::For | Syntax::With | Syntax::Try => owner.leaves = leaves,
            _ => {}
        }
    }

    /// Notes the end of a compound statement.
    pub(in crate::python) fn leave(&mut self) {
        if self.frames.pop().is_some_and(|statement| statement.statement_leaves()) {
            self.leaves();
        }
    }

    /// Returns whether the block that ended last can be run to its end.
    pub(in crate::python) fn falls_through(&self) -> bool {
        !self.left
    }
}
