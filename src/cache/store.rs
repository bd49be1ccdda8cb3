//! The store on disk: opened late, closed early, replaced when it is damaged.
//!
//! ```text
//! docgate.lock    held while the store is open
//! store/          sled's files
//! store.corrupt/  the last store that was damaged, for whoever wants to know why
//! ```
//!
//! sled allows one process at a time and refuses a second one at once, so every call opens the store, works and
//! closes it, behind a lock of our own that can be waited for. A damaged store makes sled fail, or panic; on a full
//! disk it waits for itself and never returns. Hence the look at the free space, and a thread that can be left behind.

use std::fs::{self, File};
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError, mpsc};
use std::thread;
use std::time::Duration;

use super::{CacheNotice, Entry, EntryKind, Key, Tags, entry, quiet, shared};
use crate::shared::Redis;
use crate::{clock, lock};

const PATIENCE: Duration = Duration::from_secs(2);
/// The longest time for opening the store, working and closing it; milliseconds are usual.
const DEADLINE: Duration = Duration::from_secs(10);
/// The free space below which the store is not touched: sled grows its file in steps of half a MiB.
const FREE_BYTES: u64 = 8 * 1024 * 1024;
const BETWEEN_TRIES: Duration = Duration::from_millis(10);
/// sled's own cache in memory; a call reads some dozens of entries.
const MEMORY_BYTES: u64 = 16 * 1024 * 1024;

/// How long and how much is kept, and whether anything new is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Limits {
    /// The age in seconds at which an answer or a vector counts as not there; `None` keeps it.
    pub answers_live: Option<u64>,
    /// The same for failures.
    pub failures_live: Option<u64>,
    /// The bytes of keys and entries that are kept; the oldest go first.
    pub bytes: Option<u64>,
    /// Whether entries are put there, or only read.
    pub access: Access,
}

/// What may be done with a cache.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Access {
    /// Entries are read and put there.
    #[default]
    ReadAndWrite,
    /// Entries are read; whoever comes with other people's code writes nothing for them.
    ReadOnly,
}

/// What was generated before, in a folder of this machine and, where there is one, in a Redis that several machines share.
///
/// Calls wait for the disk, up to ten seconds, and up to two for another process or the network. No call fails: what went
/// wrong is told by [`Cache::take_notices`] or, of Redis, by [`Redis::trouble`], and a value that cannot be read counts as
/// not there.
#[derive(Debug)]
pub struct Cache {
    folder: PathBuf,
    patience: Duration,
    deadline: Duration,
    free_bytes: u64,
    limits: Limits,
    shared: Option<Arc<Redis>>,
    /// Set when a thread was left behind with the store: it still holds the lock.
    is_stuck: AtomicBool,
    notices: Mutex<Vec<CacheNotice>>,
}

impl Cache {
    /// Names the folder of the cache; it is made when something is put into it.
    #[must_use]
    pub fn open(folder: impl Into<PathBuf>) -> Self {
        Self {
            folder: folder.into(),
            patience: PATIENCE,
            deadline: DEADLINE,
            free_bytes: FREE_BYTES,
            limits: Limits::default(),
            shared: None,
            is_stuck: AtomicBool::new(false),
            notices: Mutex::default(),
        }
    }

    /// Limits what is kept.
    #[must_use]
    pub fn with_limits(self, limits: Limits) -> Self {
        Self { limits, ..self }
    }

    /// Shares what is kept with other machines.
    #[must_use]
    pub fn shared_through(self, redis: Option<Arc<Redis>>) -> Self {
        Self { shared: redis, ..self }
    }

    /// Returns the entry of each key, in the order of the keys.
    ///
    /// Damaged entries, those of another version and those that are too old count as absent, and are dropped.
    #[must_use]
    pub fn get_many(&self, keys: &[Key]) -> Vec<Option<Entry>> {
        let now = clock::since_epoch().as_secs();
        let Some(redis) = self.shared.as_ref().filter(|_| !keys.is_empty()) else {
            return self.get_here(keys, now);
        };
        // What went wrong was told when it did.
        let found = shared::get_many(redis, keys, &self.limits, now);
        let mut found = found.unwrap_or_else(|_| vec![None; keys.len()]);
        let is_answer = |entry: &Entry| entry.tags.kind != EntryKind::Failure;
        let open: Vec<usize> =
            (0..keys.len()).filter(|index| !found[*index].as_ref().is_some_and(is_answer)).collect();
        let wanted: Vec<Key> = open.iter().map(|index| keys[*index]).collect();
        for (index, entry) in open.into_iter().zip(self.get_here(&wanted, now)) {
            // That another machine failed does not take away what this one was answered.
            if found[index].is_none() || entry.as_ref().is_some_and(is_answer) {
                found[index] = entry;
            }
        }
        found
    }

    /// Returns what this machine's folder has.
    pub(super) fn get_here(&self, keys: &[Key], now: u64) -> Vec<Option<Entry>> {
        let found = if keys.is_empty() || !self.exists() {
            None
        } else {
            let (keys, limits) = (keys.to_vec(), self.limits);
            self.with_store(move |store| keys.iter().map(|key| get(store, key, &limits, now)).collect())
        };
        found.unwrap_or_else(|| vec![None; keys.len()])
    }

    /// Returns the server that the cache is shared through.
    pub(super) fn redis(&self) -> Option<&Redis> {
        self.shared.as_deref()
    }

    pub(super) fn exists(&self) -> bool {
        self.folder.join(STORE).exists()
    }

    pub(super) fn folder(&self) -> &Path {
        &self.folder
    }

    pub(super) fn limits(&self) -> &Limits {
        &self.limits
    }

    /// Puts entries under their keys; what was there before is replaced. A cache that is only read stays as it is.
    ///
    /// When the call returns, the entries have reached the disk and Redis, or that was told.
    pub fn put_many(&self, entries: &[(Key, Entry)]) {
        self.put_here(entries);
        self.put_there(entries);
    }

    /// Puts entries into this machine's folder.
    pub(super) fn put_here(&self, entries: &[(Key, Entry)]) {
        if entries.is_empty() || self.limits.access == Access::ReadOnly {
            return;
        }
        let encoded: Vec<(Key, Vec<u8>)> =
            entries.iter().map(|(key, entry)| (*key, entry::encode(key, entry))).collect();
        self.with_store(move |store| {
            for (key, bytes) in &encoded {
                store.insert(key.as_bytes(), bytes.as_slice())?;
            }
            store.flush().map(|_| ())
        });
    }

    /// Puts entries into Redis, if there is one.
    pub(super) fn put_there(&self, entries: &[(Key, Entry)]) {
        if let Some(redis) = self.redis().filter(|_| self.limits.access == Access::ReadAndWrite) {
            // What went wrong was told when it did.
            let _ = shared::put_many(redis, entries, &self.limits);
        }
    }

    /// Returns what a person should know, once: each notice is given out a single time.
    #[must_use]
    pub fn take_notices(&self) -> Vec<CacheNotice> {
        std::mem::take(&mut *self.notices.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Opens the store, works with it and closes it; begins a new store when it turns out to be damaged.
    pub(super) fn with_store<T: Send + 'static>(&self, work: impl Work<T>) -> Option<T> {
        if self.is_stuck.load(Ordering::Relaxed) {
            return None;
        }
        let work = Arc::new(work);
        let result = self.lock().and_then(|held| {
            match self.attempt(&held, &work) {
                Err(Trouble::Damaged) => {}
                other => return other,
            }
            let kept = set_aside(&self.folder)?;
            self.notice(CacheNotice::Damaged { kept });
            self.attempt(&held, &work)
        });
        let unusable = |reason: String| CacheNotice::Unusable { folder: self.folder.clone(), reason };
        let notice = match result {
            Ok(value) => return Some(value),
            Err(Trouble::Busy) => CacheNotice::Busy { folder: self.folder.clone(), waited: self.patience },
            Err(Trouble::Unusable(reason)) => unusable(reason),
            Err(Trouble::Damaged) => unusable("a new store fails as the damaged one did".to_owned()),
        };
        self.notice(notice);
        None
    }

    /// Makes the folder and waits for its lock, which is released when the last handle is dropped.
    pub(super) fn lock(&self) -> Result<Arc<File>, Trouble> {
        lock::make_private(&self.folder)?;
        if fs4::available_space(&self.folder)? < self.free_bytes {
            return Err(Trouble::Unusable("there is no space left on its disk".to_owned()));
        }
        match lock::acquire(&self.folder.join("docgate.lock"), self.patience) {
            Ok(file) => Ok(Arc::new(file)),
            Err(error) if error.kind() == ErrorKind::TimedOut => Err(Trouble::Busy),
            Err(error) => Err(error.into()),
        }
    }

    /// Does the work on a thread of its own, and leaves that behind when it does not come back.
    fn attempt<T, W>(&self, held: &Arc<File>, work: &Arc<W>) -> Result<T, Trouble>
    where
        T: Send + 'static,
        W: Work<T>,
    {
        let path = self.folder.join(STORE);
        lock::make_private(&path)?;
        let (patience, held, work) = (self.patience, Arc::clone(held), Arc::clone(work));
        let (sender, receiver) = mpsc::channel();
        thread::Builder::new().name("docgate-cache".to_owned()).spawn(move || {
            let result = open_and(&path, patience, &*work);
            // Before the result is out: the next call may want the lock at once.
            drop(held);
            let _ = sender.send(result);
        })?;
        receiver.recv_timeout(self.deadline).unwrap_or_else(|_| {
            self.is_stuck.store(true, Ordering::Relaxed);
            Err(Trouble::Unusable(format!("it did not answer within {} s", self.deadline.as_secs_f64())))
        })
    }

    pub(super) fn notice(&self, notice: CacheNotice) {
        let mut notices = self.notices.lock().unwrap_or_else(PoisonError::into_inner);
        if !notices.contains(&notice) {
            notices.push(notice);
        }
    }
}

pub(super) const STORE: &str = "store";
pub(super) const SET_ASIDE: &str = "store.corrupt";

/// What is done with an open store; a second time when the first store was damaged.
pub(super) trait Work<T>: Fn(&sled::Db) -> sled::Result<T> + Send + Sync + 'static {}

impl<T, F: Fn(&sled::Db) -> sled::Result<T> + Send + Sync + 'static> Work<T> for F {}

fn open_and<T>(path: &Path, patience: Duration, work: &impl Work<T>) -> Result<T, Trouble> {
    // sled lets go of its files a little after it is dropped, so its own lock is waited for as well.
    let was_there = path.join("conf").is_file();
    let store = patiently(patience, || guarded(|| settings(path).open()))?;
    let result = match guarded(|| is_whole(&store, was_there)) {
        Ok(true) => guarded(|| work(&store)),
        Ok(false) => Err(Trouble::Damaged),
        Err(trouble) => Err(trouble),
    };
    // The store is dropped outside the guard above: a panic while a panic unwinds would end the process.
    let closed = guarded(|| {
        drop(store);
        Ok(())
    });
    result.and_then(|value| closed.map(|()| value))
}

/// Returns whether a store that was there is what was kept: sled takes one whose file is gone or full of something else for a
/// new one. Each has a mark, by which that is seen.
fn is_whole(store: &sled::Db, was_there: bool) -> sled::Result<bool> {
    const MARK: &[u8] = b"made";
    let about = store.open_tree("about")?;
    if about.contains_key(MARK)? {
        return Ok(true);
    }
    if was_there && store.is_empty() {
        return Ok(false);
    }
    about.insert(MARK, &[])?;
    about.flush()?;
    Ok(true)
}

fn patiently<T>(patience: Duration, mut attempt: impl FnMut() -> Result<T, Trouble>) -> Result<T, Trouble> {
    let began = clock::monotonic();
    loop {
        match attempt() {
            Err(Trouble::Busy) if began.elapsed() < patience => thread::sleep(BETWEEN_TRIES),
            other => return other,
        }
    }
}

/// Why the store could not be worked with.
pub(super) enum Trouble {
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

fn get(store: &sled::Db, key: &Key, limits: &Limits, now: u64) -> sled::Result<Option<Entry>> {
    let Some(bytes) = store.get(key.as_bytes())? else {
        return Ok(None);
    };
    let found = entry::decode(key, &bytes).filter(|entry| limits.is_fresh(&entry.tags, now));
    if found.is_none() && limits.access == Access::ReadAndWrite {
        store.remove(key.as_bytes())?;
    }
    Ok(found)
}

impl Limits {
    /// Returns whether an entry still counts.
    pub(super) fn is_fresh(&self, tags: &Tags, now: u64) -> bool {
        let lives = match tags.kind {
            EntryKind::Answer | EntryKind::Vector => self.answers_live,
            EntryKind::Failure => self.failures_live,
        };
        lives.is_none_or(|seconds| now.saturating_sub(tags.at) < seconds)
    }
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

#[cfg(test)]
#[path = "store_tests.rs"]
mod tests;
