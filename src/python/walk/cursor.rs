//! Moving through a tree without recursion, each node before its children.

use std::num::NonZeroU16;

use tree_sitter::{Node, Tree, TreeCursor};

/// A cursor that knows how many siblings are left: asking for one that is not there costs more than counting.
pub(in crate::python) struct Cursor<'tree> {
    cursor: TreeCursor<'tree>,
    /// How many siblings come after the current node, and after each one around it.
    left: Vec<u32>,
}

impl<'tree> Cursor<'tree> {
    /// Begins at the first child of the root, if there is one.
    pub(in crate::python) fn inside(tree: &'tree Tree) -> Option<Self> {
        let mut inside = Self { cursor: tree.walk(), left: Vec::new() };
        inside.descend(tree.root_node().child_count()).then_some(inside)
    }

    /// Returns the current node.
    pub(in crate::python) fn node(&self) -> Node<'tree> {
        self.cursor.node()
    }

    /// Returns the field of the node around it that the current node is in.
    pub(in crate::python) fn field_id(&self) -> Option<NonZeroU16> {
        self.cursor.field_id()
    }

    /// Goes to the first of some children of the current node; the others that it has will not be looked at.
    pub(in crate::python) fn descend(&mut self, children: u32) -> bool {
        let descends = children > 0 && self.cursor.goto_first_child();
        if descends {
            self.left.push(children - 1);
        }
        descends
    }

    /// Goes to the next sibling, if there is one.
    pub(in crate::python) fn advance(&mut self) -> bool {
        let Some(left) = self.left.last_mut().filter(|left| **left > 0) else { return false };
        *left -= 1;
        self.cursor.goto_next_sibling()
    }

    /// Goes back to the node around the current one; the root has been reached when there is none.
    pub(in crate::python) fn ascend(&mut self) -> bool {
        self.left.pop();
        !self.left.is_empty() && self.cursor.goto_parent()
    }
}
