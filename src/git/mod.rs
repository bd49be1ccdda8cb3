//! [I/O] What changed, and writing back: staged, range; index and working tree; hook shims.
//!
//! This room turns "what is staged" or "what lies between two commits" into [`Change`](crate::change::Change)
//! values, and carries patched text back into the index and the working tree. It does not read Python, does not
//! decide what to write and knows no stage of the pipeline; `commands/` stands before and behind it.
//!
//! libgit2 answers for the repository, its objects, merge bases and hunks. Single entries of the index are read from its
//! file. Everything else about the index goes through git's own plumbing: it is as fast as can be, reads split and sparse
//! indexes, and keeps the extensions that libgit2 would drop when it writes.

mod aside;
mod attributes;
mod error;
mod hunks;
mod index;
mod index_file;
mod left_behind;
mod plumbing;
mod prepared;
mod range;
mod raw;
mod repository;
mod selection;
mod tree;
mod working;
mod write;

pub mod hook;

pub use aside::PutAside;
pub(crate) use error::quoted;
pub use error::{CommandFailure, GitError};
pub use hunks::hunks;
pub use left_behind::LeftBehind;
pub use range::{Range, RangeKind};
pub use repository::Repository;
pub use selection::{GENERATED, Progress, SIZE_LIMIT, Selection, Tree};
pub use tree::FileTree;
pub use working::{Sides, replace_file};
pub use write::{FilePatch, Side, Swap, WriteError, Written, write_back};
