//! What a person should know about the cache.

use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

/// Something that happened to the cache; the run went on without it or with a fresh one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CacheNotice {
    /// Another process held the cache for too long; this run neither read nor wrote then.
    Busy {
        /// The folder of the cache.
        folder: PathBuf,
        /// How long it was waited for.
        waited: Duration,
    },
    /// The folder cannot be made, read or written: no rights, a full disk, a file in its place.
    Unusable {
        /// The folder of the cache.
        folder: PathBuf,
        /// What the operating system said.
        reason: String,
    },
    /// The store was damaged and set aside; a new one was begun.
    Damaged {
        /// Where the damaged store is kept.
        kept: PathBuf,
    },
}

impl fmt::Display for CacheNotice {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Busy { folder, waited } => write!(
                formatter,
                "the cache {} was in use by another process for {} s: went on without it",
                folder.display(),
                waited.as_secs_f64()
            ),
            Self::Unusable { folder, reason } => {
                write!(formatter, "the cache {} cannot be used: {reason}", folder.display())
            }
            Self::Damaged { kept } => {
                write!(
                    formatter,
                    "the cache was damaged: began a new one and kept the old as {}",
                    kept.display()
                )
            }
        }
    }
}
