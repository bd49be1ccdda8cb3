//! Text → definitions: what a Python file says, as owned values with byte spans.
//!
//! The only folder that names tree-sitter. It does not judge anything and reads no file: `git/` and
//! `commands/` hand it bytes, `docstring/` and `rules/` stand after it. Nothing here recurses over the syntax
//! tree, so the depth of the input cannot exhaust the stack.

mod annotation;
mod body;
mod class;
mod comments;
mod definition;
mod digest;
mod fingerprint;
mod grammar;
mod imports;
mod joining;
mod literal;
mod logical_line;
pub mod metrics;
mod modules;
mod outline;
mod parse;
mod plain_code;
mod run_time;
mod signature;
mod source;
mod span;
mod touched;
mod usage;
mod visibility;
mod walk;

pub use annotation::{Resolver, TypeExpression};
pub use body::{
    Attribute, BodyFacts, Call, Callee, CodeFacts, Operations, Raise, RaiseOrigin, Return, Stub, Yield,
    last_part,
};
pub use class::ClassRole;
pub use comments::comments;
pub use definition::{Definition, DefinitionKind, ParsedFile};
pub use digest::code_digest;
pub use fingerprint::{Fingerprint, Fingerprints};
pub use imports::bases::Base;
pub use imports::exceptions::{built_in_base, canonical_exception};
pub use imports::names::{Binding, Origin};
pub use imports::{Assigned, Condition, Import, Imported, Imports, ModuleName};
pub use literal::cleandoc::cleandoc;
pub use literal::insertion::Insertion;
pub use literal::quoting::{Quotes, quote};
pub use literal::removal::Removal;
pub use literal::width::{columns, line_width};
pub use literal::{Literal, Piece, evaluated};
pub use logical_line::logical_lines;
pub use modules::{Ancestry, FileBudget, Found, Inherited, Inquiry, Missing, Modules, Seen};
pub use parse::{outline, parse};
pub use run_time::is_read_at_run_time;
pub use signature::{Parameter, ParameterKind, Signature};
pub use source::{SourceError, decode, encode, same_encoding};
pub use span::{LineIndex, Position, Span};
pub use touched::{Counterpart, Pairing, Touched, Versions, compare, compare_all};
pub use usage::{Arguments, Usage, UsedCall, UsedResult, usage};
pub use visibility::Visibility;
