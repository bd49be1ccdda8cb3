//! Text → definitions: what a Python file says, as owned values with byte spans.
//!
//! The only folder that names tree-sitter. It does not judge anything and reads no file: `git/` and
//! `commands/` hand it bytes, `docstring/` and `rules/` stand after it. Nothing here recurses over the syntax
//! tree, so the depth of the input cannot exhaust the stack.

mod body;
mod broken;
mod cleandoc;
mod codec;
mod definition;
mod escapes;
mod fingerprint;
mod grammar;
mod insertion;
mod literal;
mod parse;
mod quoting;
mod removal;
mod run_time;
mod signature;
mod source;
mod span;
mod touched;
mod visibility;
mod width;

pub use body::{BodyFacts, Call, Callee, Raise, Return, Yield, last_part};
pub use cleandoc::cleandoc;
pub use definition::{Definition, DefinitionKind, ParsedFile};
pub use fingerprint::{Fingerprint, Fingerprints, code_digest};
pub use insertion::Insertion;
pub use literal::{Literal, Piece, evaluated};
pub use parse::parse;
pub use quoting::{Quotes, quote};
pub use removal::Removal;
pub use run_time::is_read_at_run_time;
pub use signature::{Parameter, ParameterKind, Signature};
pub use source::{SourceError, decode, encode, same_encoding};
pub use span::{LineIndex, Position, Span};
pub use touched::{Touched, compare};
pub use visibility::Visibility;
pub use width::line_width;
