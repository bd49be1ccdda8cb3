//! [I/O] What was generated before, kept in sled and, where several machines share it, in Redis.
//!
//! Bytes and a few tags under 32-byte keys, and nothing else: what the bytes mean, and what goes into a key, is the
//! business of `generate/`. A cache saves calls and money but is never needed for a verdict, so nothing that happens to it
//! fails a run: it is a [`CacheNotice`] at worst.

mod entry;
mod folder;
mod key;
mod notice;
mod quiet;
mod shared;
mod store;
mod upkeep;

pub use entry::{Entry, EntryKind, Tags};
pub use folder::default_folder;
pub use key::Key;
pub use notice::CacheNotice;
pub use store::{Access, Cache, Limits};
pub use upkeep::{CacheInfo, ImportError, Imported};
