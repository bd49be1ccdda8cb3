//! How one entry is written: a version, a checksum, what it is tagged with, the value.
//!
//! ```text
//! 1 byte   format version
//! 32 bytes BLAKE3 over version, key and all that follows
//! 4 bytes  length of the tags, little endian
//! tags     JSON
//! the rest the value
//! ```
//!
//! The key is part of the checksum, so that a value that ended up under another key is not taken for its own.

use serde::{Deserialize, Serialize};

use super::Key;

const VERSION: u8 = 2;
const CHECKSUM_LENGTH: usize = 32;
const LENGTH_LENGTH: usize = 4;

/// What is kept under a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// What it is tagged with.
    pub tags: Tags,
    /// The bytes.
    pub value: Vec<u8>,
}

/// What an entry can be found by beside its key, to drop it.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Tags {
    /// When it was put there, in seconds since 1970-01-01 UTC.
    pub at: u64,
    /// What it is.
    pub kind: EntryKind,
    /// The file it was made for first.
    pub path: String,
    /// The definition it was made for first.
    pub name: String,
    /// The model that was asked.
    pub model: String,
}

/// What an entry is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum EntryKind {
    /// Something that was generated.
    #[default]
    Answer,
    /// The reason why nothing was.
    Failure,
    /// What an embedding model made of a text.
    Vector,
}

/// Returns the bytes to store for an entry.
pub(super) fn encode(key: &Key, entry: &Entry) -> Vec<u8> {
    // Strings and a number always become JSON.
    let tags = serde_json::to_vec(&entry.tags).unwrap_or_default();
    let length = u32::try_from(tags.len()).unwrap_or(u32::MAX).to_le_bytes();
    let mut rest = Vec::with_capacity(LENGTH_LENGTH + tags.len() + entry.value.len());
    rest.extend_from_slice(&length);
    rest.extend_from_slice(&tags);
    rest.extend_from_slice(&entry.value);
    let mut bytes = Vec::with_capacity(1 + CHECKSUM_LENGTH + rest.len());
    bytes.push(VERSION);
    bytes.extend_from_slice(&checksum(key, &rest));
    bytes.extend_from_slice(&rest);
    bytes
}

/// Returns the entry of stored bytes, or `None` when they are damaged or of another version.
pub(super) fn decode(key: &Key, bytes: &[u8]) -> Option<Entry> {
    let (version, rest) = bytes.split_first()?;
    let (stored, rest) = rest.split_at_checked(CHECKSUM_LENGTH)?;
    if *version != VERSION || stored != checksum(key, rest) {
        return None;
    }
    let (length, rest) = rest.split_first_chunk::<LENGTH_LENGTH>()?;
    let (tags, value) = rest.split_at_checked(usize::try_from(u32::from_le_bytes(*length)).ok()?)?;
    Some(Entry { tags: serde_json::from_slice(tags).ok()?, value: value.to_vec() })
}

fn checksum(key: &Key, rest: &[u8]) -> [u8; CHECKSUM_LENGTH] {
    let mut hasher = blake3::Hasher::new();
    hasher.update(&[VERSION]).update(key.as_bytes()).update(rest);
    *hasher.finalize().as_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(value: &[u8]) -> Entry {
        let tags = Tags { at: 7, path: "a.py".to_owned(), ..Tags::default() };
        Entry { tags, value: value.to_vec() }
    }

    #[test]
    fn what_is_encoded_is_decoded() {
        let key = Key::of(&[b"key"]);
        for value in [b"".as_slice(), b"value"] {
            assert_eq!(decode(&key, &encode(&key, &entry(value))), Some(entry(value)));
        }
    }

    #[test]
    fn no_changed_byte_goes_unnoticed() {
        let key = Key::of(&[b"key"]);
        let bytes = encode(&key, &entry(b"value"));
        for index in 0..bytes.len() {
            let mut damaged = bytes.clone();
            damaged[index] ^= 1;
            assert_eq!(decode(&key, &damaged), None, "byte {index}");
            assert_eq!(decode(&key, &bytes[..index]), None, "cut at {index}");
        }
    }

    #[test]
    fn an_entry_belongs_to_its_key() {
        let bytes = encode(&Key::of(&[b"key"]), &entry(b"value"));
        assert_eq!(decode(&Key::of(&[b"other"]), &bytes), None);
    }
}
