//! What an entry is found by.

use std::fmt;

/// The hash of everything that an entry depends on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key([u8; 32]);

impl Key {
    /// Makes a key of several parts with BLAKE3.
    ///
    /// The number of parts and the length of each are hashed as well: `["ab", "c"]` is not `["a", "bc"]`.
    #[must_use]
    pub fn of(parts: &[&[u8]]) -> Self {
        let mut hasher = blake3::Hasher::new();
        hasher.update(&length(parts.len()));
        for part in parts {
            hasher.update(&length(part.len()));
            hasher.update(part);
        }
        Self(*hasher.finalize().as_bytes())
    }

    /// Reads what [`Key`] shows itself as.
    #[must_use]
    pub fn from_hex(text: &str) -> Option<Self> {
        Some(Self(*blake3::Hash::from_hex(text).ok()?.as_bytes()))
    }

    pub(super) fn from_bytes(bytes: &[u8]) -> Option<Self> {
        bytes.try_into().ok().map(Self)
    }

    /// Returns the hash.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl fmt::Display for Key {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&blake3::Hash::from_bytes(self.0).to_hex())
    }
}

fn length(length: usize) -> [u8; 8] {
    u64::try_from(length).unwrap_or(u64::MAX).to_le_bytes()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn parts_do_not_run_together() {
        let table: [&[&[u8]]; 7] =
            [&[], &[b""], &[b"", b""], &[b"abc"], &[b"ab", b"c"], &[b"a", b"bc"], &[b"abc", b""]];
        let keys: BTreeSet<Key> = table.iter().map(|parts| Key::of(parts)).collect();
        assert_eq!(keys.len(), table.len());
    }

    #[test]
    fn a_key_can_be_shown_and_read() {
        let key = Key::of(&[b"a"]);
        assert_eq!(Key::from_hex(&key.to_string()), Some(key));
        assert_eq!(Key::from_hex("a"), None);
    }

    #[test]
    fn equal_parts_make_equal_keys() {
        assert_eq!(Key::of(&[b"a", b"b"]), Key::of(&[b"a", b"b"]));
    }
}
