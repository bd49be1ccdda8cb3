//! Looking into the cache as a whole: counting, pruning, clearing, carrying it elsewhere.
//!
//! The file that `export` writes is lines of JSON, one an entry, below a line that names the format. It is text, so that
//! a person can see what would be shared, and it is checked line by line when it is read: it may come from anywhere.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, BufRead as _, BufReader, BufWriter, ErrorKind, Write as _};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::store::{Access, SET_ASIDE, STORE};
use super::{Cache, Entry, EntryKind, Key, Tags, entry, shared};
use crate::clock;

const FORMAT: &str = r#"{"format":"docgate-cache","version":1}"#;
/// The longest line that is read as an entry; answers have about a kilobyte.
const LONGEST_LINE: usize = 256 * 1024;
/// Entries that are put into the store at a time while importing.
const BATCH: usize = 500;

/// What is in the cache.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct CacheInfo {
    /// Answers.
    pub answers: u64,
    /// Failures that are remembered.
    pub failures: u64,
    /// Vectors of code.
    pub vectors: u64,
    /// Entries that are too old, damaged or of another version.
    pub stale: u64,
    /// The bytes of keys and entries.
    pub bytes: u64,
    /// The bytes of the folder, with what the store has not given back yet.
    pub bytes_on_disk: u64,
    /// When the oldest entry was put there, in seconds since 1970-01-01 UTC.
    pub oldest: Option<u64>,
    /// When the newest was.
    pub newest: Option<u64>,
    /// Entries by the model that was asked.
    pub by_model: BTreeMap<String, u64>,
}

/// What an import brought.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Imported {
    /// Entries that were put there.
    pub entries: u64,
    /// Lines that are no entries.
    pub refused: u64,
}

/// Why a file cannot be taken over.
#[derive(Debug, Error)]
pub enum ImportError {
    /// It cannot be read.
    #[error("the file cannot be read")]
    Unreadable(#[from] io::Error),
    /// It is something else.
    #[error("the file is no exported cache")]
    Foreign,
}

#[derive(Serialize, Deserialize)]
struct Line {
    key: String,
    tags: Tags,
    value: String,
}

impl CacheInfo {
    /// Counts one entry, or something that is none, of so many bytes below its key.
    pub(super) fn count(&mut self, entry: Option<&Entry>, bytes: usize) {
        self.bytes += (bytes + 32) as u64;
        let Some(Entry { tags, .. }) = entry else {
            self.stale += 1;
            return;
        };
        match tags.kind {
            EntryKind::Answer => self.answers += 1,
            EntryKind::Failure => self.failures += 1,
            EntryKind::Vector => self.vectors += 1,
        }
        self.oldest = Some(self.oldest.map_or(tags.at, |oldest| oldest.min(tags.at)));
        self.newest = Some(self.newest.map_or(tags.at, |newest| newest.max(tags.at)));
        *self.by_model.entry(tags.model.clone()).or_default() += 1;
    }
}

impl Cache {
    /// Counts what is in the folder.
    #[must_use]
    pub fn info(&self) -> Option<CacheInfo> {
        let mut info = CacheInfo::default();
        let now = clock::since_epoch().as_secs();
        for (key, bytes) in self.all()? {
            let found = Key::from_bytes(&key).and_then(|key| entry::decode(&key, &bytes));
            let fresh = found.filter(|entry| self.limits().is_fresh(&entry.tags, now));
            info.count(fresh.as_ref(), bytes.len());
        }
        info.bytes_on_disk = size_of(&self.folder().join(STORE));
        Some(info)
    }

    /// Returns the failures that are remembered, the newest first; nothing when the folder cannot be read.
    #[must_use]
    pub fn failures(&self) -> Option<Vec<(Key, Entry)>> {
        let now = clock::since_epoch().as_secs();
        let mut found: Vec<(Key, Entry)> = self
            .everything()?
            .into_iter()
            .filter(|(_, entry)| {
                entry.tags.kind == EntryKind::Failure && self.limits().is_fresh(&entry.tags, now)
            })
            .collect();
        found.sort_by_key(|(key, entry)| (std::cmp::Reverse(entry.tags.at), *key));
        Some(found)
    }

    /// Drops the entries of the folder that are meant, and whatever is no entry; returns how many went.
    pub fn prune(&self, is_meant: impl Fn(&Tags) -> bool + Send + Sync + 'static) -> Option<u64> {
        if !self.exists() {
            return Some(0);
        }
        self.with_store(move |store| {
            let mut gone = 0;
            for item in store.iter() {
                let (key, bytes) = item?;
                let tags =
                    Key::from_bytes(&key).and_then(|key| entry::decode(&key, &bytes)).map(|it| it.tags);
                if tags.as_ref().is_none_or(&is_meant) {
                    store.remove(&key)?;
                    gone += 1;
                }
            }
            store.flush()?;
            Ok(gone)
        })
    }

    /// Drops the oldest entries until what is left fits the bound, with a tenth to spare; does nothing while it fits.
    pub fn keep_within_bounds(&self) {
        let Some(bound) = self.limits().bytes else { return };
        // Counting entries reads all of them; a folder that is small holds no more than it is.
        if self.limits().access == Access::ReadOnly || size_of(&self.folder().join(STORE)) <= bound {
            return;
        }
        let Some(all) = self.all() else { return };
        let mut total: u64 = all.iter().map(|(key, bytes)| (key.len() + bytes.len()) as u64).sum();
        if total <= bound {
            return;
        }
        let age = |key: &[u8], bytes: &[u8]| {
            let entry = Key::from_bytes(key).and_then(|key| entry::decode(&key, bytes));
            entry.map_or(0, |entry| entry.tags.at)
        };
        let mut by_age: Vec<(u64, Vec<u8>, u64)> = all
            .into_iter()
            .map(|(key, bytes)| (age(&key, &bytes), (key.len() + bytes.len()) as u64, key))
            .map(|(at, size, key)| (at, key, size))
            .collect();
        by_age.sort();
        let mut gone = Vec::new();
        for (_, key, size) in by_age {
            if total <= bound - bound / 10 {
                break;
            }
            total -= size;
            gone.push(key);
        }
        self.with_store(move |store| {
            for key in &gone {
                store.remove(key)?;
            }
            store.flush().map(|_| ())
        });
    }

    /// Removes the store, and the one that was set aside.
    ///
    /// # Errors
    ///
    /// When another process uses it, or files cannot be removed.
    pub fn clear(&self) -> io::Result<()> {
        if !self.folder().exists() {
            return Ok(());
        }
        let _lock = self.lock().map_err(|_| io::Error::other("the cache is in use or cannot be reached"))?;
        for name in [STORE, SET_ASIDE] {
            match fs::remove_dir_all(self.folder().join(name)) {
                Err(error) if error.kind() != ErrorKind::NotFound => return Err(error),
                _ => {}
            }
        }
        Ok(())
    }

    /// Writes all entries, of the folder and of Redis, to a file; returns how many.
    ///
    /// # Errors
    ///
    /// When the file cannot be written.
    pub fn export(&self, path: &Path) -> io::Result<u64> {
        let folder = match path.parent() {
            Some(folder) if !folder.as_os_str().is_empty() => folder.to_owned(),
            _ => PathBuf::from("."),
        };
        let mut file = tempfile::NamedTempFile::new_in(folder)?;
        let mut count = 0;
        {
            let mut writer = BufWriter::new(&mut file);
            writeln!(writer, "{FORMAT}")?;
            let all = self.everything().ok_or_else(|| io::Error::other("the cache cannot be read"))?;
            for (key, Entry { tags, value }) in all {
                let Ok(value) = String::from_utf8(value) else { continue };
                serde_json::to_writer(&mut writer, &Line { key: key.to_string(), tags, value })?;
                writer.write_all(b"\n")?;
                count += 1;
            }
            writer.flush()?;
        }
        file.persist(path).map_err(|error| error.error)?;
        Ok(count)
    }

    /// Takes over the entries of a file; those that are there already stay.
    ///
    /// # Errors
    ///
    /// When the file cannot be read, or is no exported cache. A line that is no entry is counted and passed over.
    pub fn import(&self, path: &Path) -> Result<Imported, ImportError> {
        let mut lines = BufReader::new(File::open(path)?).split(b'\n');
        let first = lines.next().transpose()?.unwrap_or_default();
        if first.trim_ascii_end() != FORMAT.as_bytes() {
            return Err(ImportError::Foreign);
        }
        let mut imported = Imported::default();
        let mut batch = Vec::new();
        let now = clock::since_epoch().as_secs();
        for line in lines {
            let line = line?;
            if line.is_empty() {
                continue;
            }
            match read_line(&line, now) {
                Some(entry) => batch.push(entry),
                None => imported.refused += 1,
            }
            if batch.len() == BATCH {
                imported.entries += self.put_new(&mut batch);
            }
        }
        imported.entries += self.put_new(&mut batch);
        self.keep_within_bounds();
        Ok(imported)
    }

    fn put_new(&self, batch: &mut Vec<(Key, Entry)>) -> u64 {
        let keys: Vec<Key> = batch.iter().map(|(key, _)| *key).collect();
        let now = clock::since_epoch().as_secs();
        let here = self.get_here(&keys, now);
        // Redis may lack what the folder has, and the other way round.
        let there = self.redis().and_then(|redis| shared::get_many(redis, &keys, self.limits(), now).ok());
        let is_missing_there = |index: usize| there.as_ref().is_some_and(|there| there[index].is_none());
        let entries = std::mem::take(batch);
        let missing = |is_missing: &dyn Fn(usize) -> bool| -> Vec<(Key, Entry)> {
            let missing = entries.iter().enumerate().filter(|(index, _)| is_missing(*index));
            missing.map(|(_, entry)| entry.clone()).collect()
        };
        self.put_here(&missing(&|index| here[index].is_none()));
        self.put_there(&missing(&is_missing_there));
        missing(&|index| here[index].is_none() || is_missing_there(index)).len() as u64
    }

    /// Returns all entries; under the same key that of Redis, unless only the folder has an answer.
    fn everything(&self) -> Option<Vec<(Key, Entry)>> {
        let here = self.all()?.into_iter().filter_map(|(key, bytes)| {
            let key = Key::from_bytes(&key)?;
            Some((key, entry::decode(&key, &bytes)?))
        });
        let mut found: BTreeMap<Key, Entry> = here.collect();
        if let Some(Ok(all)) = self.redis().map(shared::all) {
            for (key, entry) in all.entries {
                let is_answered = found.get(&key).is_some_and(|here| here.tags.kind != EntryKind::Failure);
                if entry.tags.kind != EntryKind::Failure || !is_answered {
                    found.insert(key, entry);
                }
            }
        }
        Some(found.into_iter().collect())
    }

    fn all(&self) -> Option<Vec<(Vec<u8>, Vec<u8>)>> {
        if !self.exists() {
            return Some(Vec::new());
        }
        self.with_store(|store| {
            let pair = |item: sled::Result<(sled::IVec, sled::IVec)>| {
                item.map(|(key, bytes)| (key.to_vec(), bytes.to_vec()))
            };
            store.iter().map(pair).collect()
        })
    }
}

fn read_line(line: &[u8], now: u64) -> Option<(Key, Entry)> {
    if line.len() > LONGEST_LINE {
        return None;
    }
    let Line { key, mut tags, value } = serde_json::from_slice(line).ok()?;
    // A file from a machine whose clock is ahead must not keep its entries for longer.
    tags.at = tags.at.min(now);
    Some((Key::from_hex(&key)?, Entry { tags, value: value.into_bytes() }))
}

/// Adds up the files of a folder; sled's has a few, and none in folders below.
fn size_of(folder: &Path) -> u64 {
    let Ok(items) = fs::read_dir(folder) else { return 0 };
    items
        .flatten()
        .filter_map(|item| item.metadata().ok())
        .filter(fs::Metadata::is_file)
        .map(|it| it.len())
        .sum()
}

#[cfg(test)]
mod tests {
    use tempfile::TempDir;

    use super::*;
    use crate::cache::Limits;

    fn key(number: u64) -> Key {
        Key::of(&[&number.to_le_bytes()])
    }

    fn entry(number: u64) -> (Key, Entry) {
        let tags = Tags {
            at: clock::since_epoch().as_secs() - 1_000 + number,
            kind: if number.is_multiple_of(10) { EntryKind::Failure } else { EntryKind::Answer },
            path: format!("pkg/m{number}.py"),
            name: format!("f{number}"),
            model: if number < 5 { "old".to_owned() } else { "new".to_owned() },
        };
        (key(number), Entry { tags, value: format!("{{\"summary\":\"{}\"}}", "x".repeat(500)).into_bytes() })
    }

    fn filled(folder: &TempDir, limits: Limits) -> Cache {
        let cache = Cache::open(folder.path().join("cache")).with_limits(limits);
        cache.put_many(&(0..20).map(entry).collect::<Vec<_>>());
        cache
    }

    #[test]
    fn what_is_there_is_counted() {
        let folder = TempDir::new().unwrap();
        assert_eq!(Cache::open(folder.path()).info(), Some(CacheInfo::default()));
        let info = filled(&folder, Limits::default()).info().unwrap();
        assert_eq!((info.answers, info.failures, info.stale), (18, 2, 0));
        assert_eq!(info.by_model, BTreeMap::from([("new".to_owned(), 15), ("old".to_owned(), 5)]));
        assert!(info.bytes > 20 * 500 && info.bytes_on_disk > 0);
        assert_eq!(info.newest.zip(info.oldest).map(|(newest, oldest)| newest - oldest), Some(19));
    }

    #[test]
    fn entries_are_dropped_by_their_tags() {
        let folder = TempDir::new().unwrap();
        let cache = filled(&folder, Limits::default());
        assert_eq!(cache.prune(|tags| tags.model == "old"), Some(5));
        assert_eq!(cache.get_many(&[key(3), key(7)]).map_found(), [false, true]);
        assert_eq!(cache.prune(|tags| tags.path.starts_with("pkg/")), Some(15));
        assert_eq!(cache.prune(|_| true), Some(0));
    }

    trait Found {
        fn map_found(&self) -> Vec<bool>;
    }

    impl Found for Vec<Option<Entry>> {
        fn map_found(&self) -> Vec<bool> {
            self.iter().map(Option::is_some).collect()
        }
    }

    #[test]
    fn old_entries_count_as_not_there_and_failures_live_shorter() {
        let folder = TempDir::new().unwrap();
        let limits = Limits { answers_live: Some(990), failures_live: Some(10), ..Limits::default() };
        let cache = filled(&folder, limits);
        assert_eq!(cache.get_many(&[key(1), key(10), key(15)]).map_found(), [false, false, true]);
        assert_eq!(cache.failures(), Some(Vec::new()));
    }

    #[test]
    fn the_oldest_go_when_there_are_too_many() {
        let folder = TempDir::new().unwrap();
        let cache = filled(&folder, Limits { bytes: Some(8_000), ..Limits::default() });
        cache.keep_within_bounds();
        let info = cache.info().unwrap();
        assert!(info.bytes <= 8_000 && info.bytes > 6_000, "{info:?}");
        assert_eq!(cache.get_many(&[key(0), key(19)]).map_found(), [false, true]);
    }

    #[test]
    fn a_cache_that_is_only_read_stays_as_it_is() {
        let folder = TempDir::new().unwrap();
        filled(&folder, Limits::default());
        let limits = Limits { access: Access::ReadOnly, answers_live: Some(1), ..Limits::default() };
        let reader = Cache::open(folder.path().join("cache")).with_limits(limits);
        reader.put_many(&[entry(100)]);
        assert_eq!(reader.get_many(&[key(1), key(100)]).map_found(), [false, false]);
        assert_eq!(Cache::open(folder.path().join("cache")).info().map(|info| info.answers), Some(18));
    }

    #[test]
    fn what_is_exported_can_be_imported_elsewhere() {
        let folder = TempDir::new().unwrap();
        let file = folder.path().join("cache.jsonl");
        assert_eq!(filled(&folder, Limits::default()).export(&file).unwrap(), 20);
        let other = Cache::open(folder.path().join("other"));
        assert_eq!(other.import(&file).unwrap(), Imported { entries: 20, refused: 0 });
        assert_eq!(other.import(&file).unwrap(), Imported { entries: 0, refused: 0 });
        assert_eq!(
            other.get_many(&[key(7)]),
            [Some(entry(7).1)].map(|found| found.map(|it| Entry {
                tags: Tags { at: other.get_many(&[key(7)])[0].as_ref().unwrap().tags.at, ..it.tags },
                ..it
            }))
        );
    }

    #[test]
    fn a_hostile_file_is_taken_over_line_by_line_or_not_at_all() {
        let folder = TempDir::new().unwrap();
        let cache = Cache::open(folder.path().join("cache"));
        let write = |text: &str| {
            let path = folder.path().join("file");
            File::create(&path).unwrap().write_all(text.as_bytes()).unwrap();
            path
        };
        for foreign in ["", "{}", "\u{0}", "{\"format\":\"docgate-cache\",\"version\":2}\n"] {
            assert!(matches!(cache.import(&write(foreign)), Err(ImportError::Foreign)), "{foreign:?}");
        }
        let good = format!(r#"{{"key":"{}","tags":{{"at":99999999999}},"value":"{{}}"}}"#, key(1));
        let long = format!(r#"{{"key":"{}","tags":{{}},"value":"{}"}}"#, key(2), "x".repeat(LONGEST_LINE));
        let text = format!("{FORMAT}\n{good}\n{{\"key\":\"zz\"}}\n[]\n{long}\n\n");
        assert_eq!(cache.import(&write(&text)).unwrap(), Imported { entries: 1, refused: 3 });
        let at = cache.get_many(&[key(1)])[0].as_ref().unwrap().tags.at;
        assert!(at <= clock::since_epoch().as_secs());
    }

    #[test]
    fn a_cleared_cache_is_empty() {
        let folder = TempDir::new().unwrap();
        let cache = filled(&folder, Limits::default());
        cache.clear().unwrap();
        assert_eq!(cache.info(), Some(CacheInfo::default()));
        Cache::open(folder.path().join("never")).clear().unwrap();
    }
}
