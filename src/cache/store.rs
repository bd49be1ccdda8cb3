//! The store on disk: opened late, closed early, replaced when it is damaged.
//!
//! ```text
//! docgate.lock    held while the store is open
//! store/          sled's files
//! store.corrupt/  the last store that was damaged, for whoever wants to know why
//! ```
//!
//! sled allows one process at a time and refuses a second one at once, so every call opens the store, works and
//! closes it, behind a lock of our own that can be waited for. A damaged store makes sled fail, or panic.

use std::fs::{self, DirBuilder, File, OpenOptions, TryLockError};
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use super::{CacheNotice, Key, entry, quiet};
use crate::clock;

const PATIENCE: Duration = Duration::from_secs(2);
const BETWEEN_TRIES: Duration = Duration::from_millis(10);
/// sled's own cache in memory; a call reads some dozens of entries.
const MEMORY_BYTES: u64 = 16 * 1024 * 1024;

/// What was generated before, in a folder of this machine.
///
/// Calls wait for the disk, and up to two seconds for another process. No call fails: what went wrong is told by
/// [`Cache::take_notices`], and a value that cannot be read counts as not there.
#[derive(Debug)]
pub struct Cache {
    folder: PathBuf,
    patience: Duration,
    notices: Mutex<Vec<CacheNotice>>,
}

impl Cache {
    /// Names the folder of the cache; it is made when something is put into it.
    #[must_use]
    pub fn open(folder: impl Into<PathBuf>) -> Self {
        Self { folder: folder.into(), patience: PATIENCE, notices: Mutex::default() }
    }

    /// Returns the value of each key, in the order of the keys.
    ///
    /// Damaged entries and those of another version count as absent, and are dropped.
    #[must_use]
    pub fn get_many(&self, keys: &[Key]) -> Vec<Option<Vec<u8>>> {
        let found = if keys.is_empty() || !self.folder.join(STORE).exists() {
            None
        } else {
            self.with_store(|store| keys.iter().map(|key| get(store, key)).collect())
        };
        found.unwrap_or_else(|| vec![None; keys.len()])
    }

    /// Puts values under their keys; what was there before is replaced.
    ///
    /// When the call returns, the values have reached the disk, or there is a notice.
    pub fn put_many(&self, entries: &[(Key, Vec<u8>)]) {
        if entries.is_empty() {
            return;
        }
        self.with_store(|store| {
            for (key, value) in entries {
                store.insert(key.as_bytes(), entry::encode(key, value))?;
            }
            store.flush().map(|_| ())
        });
    }

    /// Returns what a person should know, once: each notice is given out a single time.
    #[must_use]
    pub fn take_notices(&self) -> Vec<CacheNotice> {
        std::mem::take(&mut *self.notices.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Opens the store, works with it and closes it; begins a new store when it turns out to be damaged.
    fn with_store<T>(&self, work: impl Fn(&sled::Db) -> sled::Result<T>) -> Option<T> {
        let result = self.lock().and_then(|_lock| {
            match self.attempt(&work) {
                Err(Trouble::Damaged) => {}
                other => return other,
            }
            let kept = set_aside(&self.folder)?;
            self.notice(CacheNotice::Damaged { kept });
            self.attempt(&work)
        });
        let notice = match result {
            Ok(value) => return Some(value),
            Err(Trouble::Busy) => CacheNotice::Busy { folder: self.folder.clone(), waited: self.patience },
            Err(Trouble::Unusable(reason)) => CacheNotice::Unusable { folder: self.folder.clone(), reason },
            Err(Trouble::Damaged) => {
                let reason = "a new store fails as the damaged one did".to_owned();
                CacheNotice::Unusable { folder: self.folder.clone(), reason }
            }
        };
        self.notice(notice);
        None
    }

    /// Makes the folder and waits for its lock, which is released when the file is dropped.
    fn lock(&self) -> Result<File, Trouble> {
        make_private(&self.folder)?;
        let path = self.folder.join("docgate.lock");
        let file = OpenOptions::new().create(true).truncate(false).write(true).open(path)?;
        self.patiently(|| match file.try_lock() {
            Ok(()) => Ok(()),
            Err(TryLockError::WouldBlock) => Err(Trouble::Busy),
            Err(TryLockError::Error(error)) => Err(error.into()),
        })?;
        Ok(file)
    }

    fn attempt<T>(&self, work: impl Fn(&sled::Db) -> sled::Result<T>) -> Result<T, Trouble> {
        let path = self.folder.join(STORE);
        make_private(&path)?;
        // sled lets go of its files a little after it is dropped, so its own lock is waited for as well.
        let store = self.patiently(|| guarded(|| settings(&path).open()))?;
        let result = guarded(|| work(&store));
        // The store is dropped outside the guard above: a panic while a panic unwinds would end the process.
        let closed = guarded(|| {
            drop(store);
            Ok(())
        });
        result.and_then(|value| closed.map(|()| value))
    }

    fn patiently<T>(&self, mut attempt: impl FnMut() -> Result<T, Trouble>) -> Result<T, Trouble> {
        let began = clock::monotonic();
        loop {
            match attempt() {
                Err(Trouble::Busy) if began.elapsed() < self.patience => thread::sleep(BETWEEN_TRIES),
                other => return other,
            }
        }
    }

    fn notice(&self, notice: CacheNotice) {
        let mut notices = self.notices.lock().unwrap_or_else(PoisonError::into_inner);
        if !notices.contains(&notice) {
            notices.push(notice);
        }
    }
}

const STORE: &str = "store";
const SET_ASIDE: &str = "store.corrupt";

/// Why the store could not be worked with.
enum Trouble {
    Busy,
    Damaged,
    Unusable(String),
}

impl From<io::Error> for Trouble {
    fn from(error: io::Error) -> Self {
        Self::Unusable(error.to_string())
    }
}

impl From<sled::Error> for Trouble {
    fn from(error: sled::Error) -> Self {
        let sled::Error::Io(error) = error else {
            return Self::Damaged;
        };
        match error.kind() {
            // sled gives this no kind of its own.
            ErrorKind::Other if error.to_string().contains("could not acquire lock") => Self::Busy,
            ErrorKind::PermissionDenied
            | ErrorKind::ReadOnlyFilesystem
            | ErrorKind::StorageFull
            | ErrorKind::QuotaExceeded
            | ErrorKind::FileTooLarge
            | ErrorKind::NotADirectory => Self::Unusable(error.to_string()),
            // Damaged files lead sled to files and places in files that do not exist.
            ErrorKind::NotFound | ErrorKind::InvalidInput => Self::Damaged,
            // What the system reports is about the machine, what sled made up itself is about the files.
            _ if error.raw_os_error().is_some() => Self::Unusable(error.to_string()),
            _ => Self::Damaged,
        }
    }
}

/// Runs something of sled's; a panic counts as damage.
fn guarded<T>(work: impl FnOnce() -> sled::Result<T>) -> Result<T, Trouble> {
    match quiet::catch(work) {
        Some(result) => Ok(result?),
        None => Err(Trouble::Damaged),
    }
}

fn settings(path: &Path) -> sled::Config {
    // Without a flusher thread: `put_many` flushes.
    sled::Config::new().path(path).cache_capacity(MEMORY_BYTES).flush_every_ms(None)
}

fn get(store: &sled::Db, key: &Key) -> sled::Result<Option<Vec<u8>>> {
    let Some(bytes) = store.get(key.as_bytes())? else {
        return Ok(None);
    };
    let value = entry::decode(key, &bytes);
    if value.is_none() {
        store.remove(key.as_bytes())?;
    }
    Ok(value)
}

/// Renames the damaged store, in place of the one that was set aside before.
fn set_aside(folder: &Path) -> Result<PathBuf, Trouble> {
    let kept = folder.join(SET_ASIDE);
    match fs::remove_dir_all(&kept) {
        Err(error) if error.kind() != ErrorKind::NotFound => return Err(error.into()),
        _ => {}
    }
    fs::rename(folder.join(STORE), &kept)?;
    Ok(kept)
}

/// Makes a folder that only its owner can look into; one that exists keeps its rights.
fn make_private(folder: &Path) -> io::Result<()> {
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

#[cfg(test)]
#[path = "store_tests.rs"]
mod tests;
