//! Text → definitions: what a Python file says, as owned values with byte spans.
//!
//! The only folder that names tree-sitter. It does not judge anything and reads no file: `git/` and
//! `commands/` hand it bytes, `docstring/` and `rules/` stand after it.

mod span;

pub use span::{LineIndex, Position, Span};
