//! Text → definitions: what a Python file says, as owned values with byte spans.
//!
//! The only folder that names tree-sitter. It does not judge anything and reads no file: `git/` and
//! `commands/` hand it bytes, `docstring/` and `rules/` stand after it. Nothing here recurses over the syntax
//! tree, so the depth of the input cannot exhaust the stack.

mod annotation;
mod bases;
mod body;
mod definition;
mod fingerprint;
mod grammar;
mod imports;
mod insertion;
mod literal;
mod modules;
mod names;
mod parse;
mod run_time;
mod signature;
mod source;
mod span;
mod touched;
mod visibility;

pub use annotation::{Resolver, TypeExpression};
pub use bases::Base;
pub use body::{BodyFacts, Call, Callee, Raise, Return, Yield, last_part};
pub use definition::{Definition, DefinitionKind, ParsedFile};
pub use fingerprint::{Fingerprint, Fingerprints, code_digest};
pub use imports::{Assigned, Condition, Import, Imported, Imports, ModuleName};
pub use insertion::Insertion;
pub use literal::{Literal, quote};
pub use modules::{Ancestry, FileBudget, Found, Inherited, Inquiry, Missing, Modules, Seen};
pub use names::{Binding, Origin};
pub use parse::parse;
pub use run_time::is_read_at_run_time;
pub use signature::{Parameter, ParameterKind, Signature};
pub use source::{SourceError, decode};
pub use span::{LineIndex, Position, Span};
pub use touched::{Counterpart, Pairing, Touched, Versions, compare, compare_all};
pub use visibility::Visibility;
