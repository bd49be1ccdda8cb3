//! Git's index file, as `git help gitformat-index` describes it: versions 2, 3 and 4, with SHA-1.
//!
//! libgit2 takes 35 ms for an index of 100,000 entries, because it sorts them and checks the sum at the end; a walk takes
//! three. Split and sparse indexes are not read here: they have extensions whose names begin in lower case, which says
//! that a reader who does not know them must give up.

use std::ops::ControlFlow;

use git2::Oid;

/// The bytes before the entries: signature, version, number of entries.
const HEADER: usize = 12;
/// The bytes of the sum at the end.
const SUM: usize = 20;
/// The bytes of an entry before its optional flags and its path.
const FIXED: usize = 62;
/// The bit of the flags that says that more flags follow.
const EXTENDED: u16 = 0x4000;
/// The bits of the flags that hold the length of the path; all of them set: it is longer.
const LENGTH: u16 = 0x0fff;

/// An index file whose entries can be walked.
pub(super) struct IndexFile {
    bytes: Vec<u8>,
    version: u32,
    count: u32,
}

/// One entry as it is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Listed<'a> {
    pub(super) path: &'a [u8],
    pub(super) mode: u32,
    pub(super) id: Oid,
    pub(super) flags: u16,
    /// The second flags; without, 0.
    pub(super) more_flags: u16,
}

impl IndexFile {
    /// Takes the bytes of an index file, or gives `None` when this reader cannot read them.
    pub(super) fn new(bytes: Vec<u8>) -> Option<Self> {
        let version = number(&bytes, 4)?;
        if bytes.get(..4)? != b"DIRC" || !(2..=4).contains(&version) {
            return None;
        }
        let file = Self { version, count: number(&bytes, 8)?, bytes };
        let mut at = file.walk(|_| ControlFlow::Continue(()))?;
        let end = file.bytes.len().checked_sub(SUM)?;
        while at < end {
            let is_optional = file.bytes.get(at)?.is_ascii_uppercase();
            at = at.checked_add(8)?.checked_add(number(&file.bytes, at + 4)? as usize)?;
            if !is_optional {
                return None;
            }
        }
        (at == end).then_some(file)
    }

    /// Calls for every entry, in order, until told to stop.
    pub(super) fn each(&self, call: impl FnMut(Listed<'_>) -> ControlFlow<()>) {
        // What cannot be walked is not made.
        let _ = self.walk(call);
    }

    /// Returns where the entries end, or `None` when they do not end as they should.
    fn walk(&self, mut call: impl FnMut(Listed<'_>) -> ControlFlow<()>) -> Option<usize> {
        let bytes = self.bytes.as_slice();
        let mut at = HEADER;
        // In version 4, a path is told by how it differs from the one before.
        let mut before: Vec<u8> = Vec::new();
        for _ in 0..self.count {
            let start = at;
            let mode = number(bytes, at + 24)?;
            let id = Oid::from_bytes(bytes.get(at + 40..at + 60)?).ok()?;
            let flags = short(bytes, at + 60)?;
            at += FIXED;
            let mut more_flags = 0;
            if flags & EXTENDED != 0 {
                more_flags = short(bytes, at)?;
                at += 2;
            }
            let path = if self.version == 4 {
                let (gone, behind) = variable(bytes, at)?;
                let end = behind + memchr::memchr(0, bytes.get(behind..)?)?;
                before.truncate(before.len().checked_sub(gone)?);
                before.extend_from_slice(&bytes[behind..end]);
                at = end + 1;
                before.as_slice()
            } else {
                let length = match flags & LENGTH {
                    LENGTH => memchr::memchr(0, bytes.get(at..)?)?,
                    length => usize::from(length),
                };
                let path = bytes.get(at..at + length)?;
                // One to eight zero bytes, so that entries begin at multiples of eight.
                at = start + ((at + length - start) / 8 + 1) * 8;
                path
            };
            if call(Listed { path, mode, id, flags, more_flags }).is_break() {
                break;
            }
        }
        Some(at)
    }
}

fn number(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_be_bytes(bytes.get(at..at.checked_add(4)?)?.try_into().ok()?))
}

fn short(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_be_bytes(bytes.get(at..at.checked_add(2)?)?.try_into().ok()?))
}

/// Reads a number of seven bits a byte, as packs write offsets, and returns where it ends.
fn variable(bytes: &[u8], mut at: usize) -> Option<(usize, usize)> {
    let mut byte = *bytes.get(at)?;
    let mut value = usize::from(byte & 0x7f);
    while byte & 0x80 != 0 {
        at += 1;
        byte = *bytes.get(at)?;
        value = value.checked_add(1)?.checked_mul(0x80)? + usize::from(byte & 0x7f);
    }
    Some((value, at + 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: &str = "78981922613b2afb6025042ff6bd878ac1994e85";

    /// Writes an index of version 2 or 4 with these paths.
    fn index(version: u8, paths: &[&str]) -> Vec<u8> {
        let mut bytes = b"DIRC\0\0\0".to_vec();
        bytes.push(version);
        bytes.extend(u32::try_from(paths.len()).unwrap().to_be_bytes());
        let mut before = "";
        for path in paths {
            let start = bytes.len();
            bytes.extend([0; 24]);
            bytes.extend(0o100_644_u32.to_be_bytes());
            bytes.extend([0; 12]);
            bytes.extend(Oid::from_str(ID).unwrap().as_bytes());
            let length = u16::try_from(path.len().min(0xfff)).unwrap();
            bytes.extend(length.to_be_bytes());
            if version == 4 {
                let shared = before.bytes().zip(path.bytes()).take_while(|(a, b)| a == b).count();
                let gone = before.len() - shared;
                if gone >= 0x80 {
                    bytes.push(0x80 | u8::try_from((gone - 0x80) / 0x80).unwrap());
                }
                bytes.push(u8::try_from(gone % 0x80).unwrap());
                bytes.extend(path[shared..].bytes());
                bytes.push(0);
                before = path;
            } else {
                bytes.extend(path.bytes());
                bytes.push(0);
                while !(bytes.len() - start).is_multiple_of(8) {
                    bytes.push(0);
                }
            }
        }
        bytes
    }

    fn ended(mut bytes: Vec<u8>, extensions: &[&[u8]]) -> Vec<u8> {
        for name in extensions {
            bytes.extend(*name);
            bytes.extend(3_u32.to_be_bytes());
            bytes.extend(b"abc");
        }
        bytes.extend([7; SUM]);
        bytes
    }

    fn paths(file: &IndexFile) -> Vec<String> {
        let mut found = Vec::new();
        file.each(|entry| {
            assert_eq!((entry.mode, entry.id), (0o100_644, Oid::from_str(ID).unwrap()));
            found.push(String::from_utf8(entry.path.to_vec()).unwrap());
            ControlFlow::Continue(())
        });
        found
    }

    #[test]
    fn paths_of_every_length_are_read() {
        let long: Vec<String> = (1..20).map(|length| "a".repeat(length)).collect();
        let longer =
            ["b".repeat(0xffe), "c".repeat(0xfff), "d".repeat(0x1100), format!("d{}", "e".repeat(150))];
        let mut all: Vec<&str> = long.iter().chain(&longer).map(String::as_str).collect();
        all.push("f/g h.py");
        for version in [2, 4] {
            for extensions in [&[][..], &[b"TREE".as_slice()], &[b"TREE".as_slice(), b"UNTR"]] {
                let file = IndexFile::new(ended(index(version, &all), extensions)).unwrap();
                assert_eq!(paths(&file), all, "version {version}");
            }
        }
    }

    #[test]
    fn what_is_not_understood_is_refused() {
        let whole = ended(index(2, &["a", "b/c"]), &[b"TREE"]);
        assert!(IndexFile::new(whole.clone()).is_some());
        // What is cut off behind the entries may look like another sum.
        let entries = index(2, &["a", "b/c"]).len();
        for length in 0..entries + SUM {
            assert!(IndexFile::new(whole[..length].to_vec()).is_none(), "{length}");
        }
        let others = [
            ended(index(2, &["a"]), &[b"link"]),
            ended(index(2, &["a"]), &[b"TREE", b"sdir"]),
            ended(index(5, &["a"]), &[]),
            [b"DIRX", &whole[4..]].concat(),
        ];
        for bytes in others {
            assert!(IndexFile::new(bytes).is_none());
        }
    }

    proptest::proptest! {
        #[test]
        fn whatever_the_bytes_are_nothing_breaks(
            version in 2_u8..5,
            at in 0..200_usize,
            byte: u8,
            random in proptest::collection::vec(proptest::num::u8::ANY, 0..200),
        ) {
            let mut bytes = ended(index(version, &["a.py", "a.pyi", "b/c.py"]), &[b"TREE"]);
            if let Some(place) = bytes.get_mut(at) {
                *place = byte;
            }
            if let Some(file) = IndexFile::new(bytes) {
                file.each(|_| ControlFlow::Continue(()));
            }
            let _ = IndexFile::new([b"DIRC\0\0\0\x04\0\0\0\x02".as_slice(), &random].concat());
        }
    }
}
