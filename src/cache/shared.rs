//! The part of the cache that several machines share, in Redis.
//!
//! It is asked first, and the folder of this machine for what it does not have. What is put there lands in both, so that a
//! server that goes away takes no answer with it. Entries are written as they are on disk, under the hash that they
//! depend on, and end by themselves.

use super::{Access, Cache, CacheInfo, Entry, EntryKind, Key, Limits, Tags, entry};
use crate::clock;
use crate::shared::{Away, Redis};

/// What every key of an entry begins with, behind the prefix.
const ENTRIES: &str = "cache:";
/// How long an entry lives that never ends on disk.
const LONGEST: u64 = 400 * 86_400;

/// What is there.
#[derive(Default)]
pub(super) struct All {
    pub(super) entries: Vec<(Key, Entry)>,
    /// Keys with something else under them.
    wrong: Vec<(String, Vec<u8>)>,
}

pub(super) fn name(redis: &Redis, key: &Key) -> String {
    redis.key(&format!("{ENTRIES}{key}"))
}

/// Returns the entry of each key; what is no entry, or too old, is dropped where that is allowed.
pub(super) fn get_many(
    redis: &Redis,
    keys: &[Key],
    limits: &Limits,
    now: u64,
) -> Result<Vec<Option<Entry>>, Away> {
    let names: Vec<String> = keys.iter().map(|key| name(redis, key)).collect();
    let mut wrong = Vec::new();
    let mut entries = Vec::with_capacity(keys.len());
    for ((key, name), bytes) in keys.iter().zip(names.iter()).zip(redis.get_many(&names)?) {
        let found = bytes.as_ref().and_then(|bytes| entry::decode(key, bytes));
        let found = found.filter(|entry| limits.is_fresh(&entry.tags, now));
        if let (None, Some(bytes)) = (&found, bytes) {
            wrong.push((name.clone(), bytes));
        }
        entries.push(found);
    }
    if limits.access == Access::ReadAndWrite && !wrong.is_empty() {
        redis.drop_unchanged(&wrong)?;
    }
    Ok(entries)
}

/// Puts entries there, each for as long as its kind lives.
pub(super) fn put_many(redis: &Redis, entries: &[(Key, Entry)], limits: &Limits) -> Result<(), Away> {
    let lives = |kind| match kind {
        EntryKind::Answer | EntryKind::Vector => limits.answers_live,
        EntryKind::Failure => limits.failures_live,
    };
    let values: Vec<(String, Vec<u8>, u64)> = entries
        .iter()
        .map(|(key, entry)| {
            let seconds = lives(entry.tags.kind).unwrap_or(LONGEST).min(LONGEST);
            (name(redis, key), entry::encode(key, entry), seconds)
        })
        .collect();
    redis.put_many(&values)
}

/// Returns everything that is there.
pub(super) fn all(redis: &Redis) -> Result<All, Away> {
    let names = redis.keys_below(ENTRIES)?;
    let start = redis.key(ENTRIES).len();
    let mut all = All::default();
    for (name, bytes) in names.iter().zip(redis.get_many(&names)?) {
        // What has gone meanwhile is not wrong.
        let Some(bytes) = bytes else { continue };
        let key = name.get(start..).and_then(Key::from_hex);
        match key.and_then(|key| Some((key, entry::decode(&key, &bytes)?))) {
            Some(found) => all.entries.push(found),
            None => all.wrong.push((name.clone(), bytes)),
        }
    }
    Ok(all)
}

impl Cache {
    /// Counts what is in Redis, if there is one.
    #[must_use]
    pub fn info_shared(&self) -> Option<Result<CacheInfo, Away>> {
        let redis = self.redis()?;
        Some(all(redis).map(|All { entries, wrong }| {
            let now = clock::since_epoch().as_secs();
            let mut info = CacheInfo::default();
            for (key, entry) in &entries {
                let bytes = entry::encode(key, entry).len();
                info.count(Some(entry).filter(|it| self.limits().is_fresh(&it.tags, now)), bytes);
            }
            for (_, bytes) in &wrong {
                info.count(None, bytes.len());
            }
            info
        }))
    }

    /// Drops the entries in Redis that are meant, and what is no entry under the name of one; says how many went.
    pub fn prune_shared(&self, is_meant: impl Fn(&Tags) -> bool) -> Option<Result<u64, Away>> {
        let redis = self.redis()?;
        Some(all(redis).and_then(|All { entries, wrong: mut gone }| {
            let meant = entries.iter().filter(|(_, entry)| is_meant(&entry.tags));
            gone.extend(meant.map(|(key, entry)| (name(redis, key), entry::encode(key, entry))));
            redis.drop_unchanged(&gone)
        }))
    }

    /// Drops everything of the cache in Redis, and nothing else there.
    pub fn clear_shared(&self) -> Option<Result<(), Away>> {
        let redis = self.redis()?;
        Some(redis.keys_below(ENTRIES).and_then(|keys| redis.drop_many(&keys)))
    }
}
