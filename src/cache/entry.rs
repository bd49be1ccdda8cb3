//! How one entry is written: a version, a checksum, the value.
//!
//! ```text
//! 1 byte   format version
//! 32 bytes BLAKE3 over version, key and value
//! the rest the value
//! ```
//!
//! The key is part of the checksum, so that a value that ended up under another key is not taken for its own.

use super::Key;

const VERSION: u8 = 1;
const CHECKSUM_LENGTH: usize = 32;

/// Returns the bytes to store for a value.
pub(super) fn encode(key: &Key, value: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(1 + CHECKSUM_LENGTH + value.len());
    bytes.push(VERSION);
    bytes.extend_from_slice(&checksum(key, value));
    bytes.extend_from_slice(value);
    bytes
}

/// Returns the value of stored bytes, or `None` when they are damaged or of another version.
pub(super) fn decode(key: &Key, bytes: &[u8]) -> Option<Vec<u8>> {
    let (version, rest) = bytes.split_first()?;
    let (stored, value) = rest.split_at_checked(CHECKSUM_LENGTH)?;
    (*version == VERSION && stored == checksum(key, value)).then(|| value.to_vec())
}

fn checksum(key: &Key, value: &[u8]) -> [u8; CHECKSUM_LENGTH] {
    let mut hasher = blake3::Hasher::new();
    hasher.update(&[VERSION]).update(key.as_bytes()).update(value);
    *hasher.finalize().as_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_encoded_is_decoded() {
        let key = Key::of(&[b"key"]);
        for value in [b"".as_slice(), b"value"] {
            assert_eq!(decode(&key, &encode(&key, value)).as_deref(), Some(value));
        }
    }

    #[test]
    fn no_changed_byte_goes_unnoticed() {
        let key = Key::of(&[b"key"]);
        let bytes = encode(&key, b"value");
        for index in 0..bytes.len() {
            let mut damaged = bytes.clone();
            damaged[index] ^= 1;
            assert_eq!(decode(&key, &damaged), None, "byte {index}");
            assert_eq!(decode(&key, &bytes[..index]), None, "cut at {index}");
        }
    }

    #[test]
    fn an_entry_belongs_to_its_key() {
        let bytes = encode(&Key::of(&[b"key"]), b"value");
        assert_eq!(decode(&Key::of(&[b"other"]), &bytes), None);
    }
}
