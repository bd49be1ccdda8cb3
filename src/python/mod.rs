//! Text → definitions: what a Python file says, as owned values with byte spans.
//!
//! The only folder that names tree-sitter. It does not judge anything and reads no file: `git/` and
//! `commands/` hand it bytes, `docstring/` and `rules/` stand after it. Nothing here recurses over the syntax
//! tree, so the depth of the input cannot exhaust the stack.

mod annotation;
mod bases;
mod body;
mod broken;
mod catching;
mod class;
mod cleandoc;
mod codec;
mod collect;
mod comments;
mod definition;
mod digest;
mod escapes;
mod exceptions;
mod fingerprint;
mod flow;
mod grammar;
mod header;
mod imports;
mod insertion;
mod joining;
mod literal;
pub mod metrics;
mod modules;
mod names;
mod parse;
mod quoting;
mod removal;
mod run_time;
mod signature;
mod source;
mod span;
mod touched;
mod visibility;
mod walk;
mod width;

pub use annotation::{Resolver, TypeExpression};
pub use bases::Base;
pub use body::{
    Attribute, BodyFacts, Call, Callee, CodeFacts, Operations, Raise, RaiseOrigin, Return, Stub, Yield,
    last_part,
};
pub use class::ClassRole;
pub use cleandoc::cleandoc;
pub use definition::{Definition, DefinitionKind, ParsedFile};
pub use digest::code_digest;
pub use exceptions::{built_in_base, canonical_exception};
pub use fingerprint::{Fingerprint, Fingerprints};
pub use imports::{Assigned, Condition, Import, Imported, Imports, ModuleName};
pub use insertion::Insertion;
pub use literal::{Literal, Piece, evaluated};
pub use modules::{Ancestry, FileBudget, Found, Inherited, Inquiry, Missing, Modules, Seen};
pub use names::{Binding, Origin};
pub use parse::parse;
pub use quoting::{Quotes, quote};
pub use removal::Removal;
pub use run_time::is_read_at_run_time;
pub use signature::{Parameter, ParameterKind, Signature};
pub use source::{SourceError, decode, encode, same_encoding};
pub use span::{LineIndex, Position, Span};
pub use touched::{Counterpart, Pairing, Touched, Versions, compare, compare_all};
pub use visibility::Visibility;
pub use width::line_width;
