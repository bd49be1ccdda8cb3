//! Reads git's raw diff format, the answer of `git diff-index` and `git diff-tree` with `--raw -z`.
//!
//! The format is described under "Raw output format" in `git help diff-index`:
//! `:old-mode new-mode old-id new-id STATUS NUL path NUL`, with a second path after renames.

use git2::Oid;

/// What the kind of a tree or index entry says.
pub(super) const FILE_MODES: [u32; 2] = [0o100_644, 0o100_755];
/// The mode of a symbolic link.
pub(super) const SYMLINK_MODE: u32 = 0o120_000;
/// The mode of a submodule.
pub(super) const SUBMODULE_MODE: u32 = 0o160_000;

/// One line of a raw diff; ids of what does not exist are zero.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct RawChange {
    pub(super) old_mode: u32,
    pub(super) new_mode: u32,
    pub(super) old_id: Oid,
    pub(super) new_id: Oid,
    /// The letter: A, D, M, R, T or U.
    pub(super) status: u8,
    pub(super) path: Vec<u8>,
    pub(super) old_path: Option<Vec<u8>>,
}

/// Reads the whole answer, or gives `None` when it is not in the format.
pub(super) fn parse(answer: &[u8]) -> Option<Vec<RawChange>> {
    let mut fields = answer.split(|&byte| byte == 0);
    let mut changes = Vec::new();
    while let Some(header) = fields.next() {
        if header.is_empty() {
            // What follows the last NUL.
            return fields.next().is_none().then_some(changes);
        }
        let header = std::str::from_utf8(header).ok()?.strip_prefix(':')?;
        let parts: Vec<&str> = header.split(' ').collect();
        let [old_mode, new_mode, old_id, new_id, status] = parts.as_slice() else { return None };
        let status = *status.as_bytes().first()?;
        let first = fields.next()?.to_vec();
        let (path, old_path) = match status {
            b'R' | b'C' => (fields.next()?.to_vec(), Some(first)),
            _ => (first, None),
        };
        changes.push(RawChange {
            old_mode: u32::from_str_radix(old_mode, 8).ok()?,
            new_mode: u32::from_str_radix(new_mode, 8).ok()?,
            old_id: Oid::from_str(old_id).ok()?,
            new_id: Oid::from_str(new_id).ok()?,
            status,
            path,
            old_path,
        });
    }
    Some(changes)
}

#[cfg(test)]
mod tests {
    use super::*;

    const ONE: &str = "78981922613b2afb6025042ff6bd878ac1994e85";
    const NONE: &str = "0000000000000000000000000000000000000000";

    #[test]
    fn added_changed_and_renamed_files_are_read() {
        let answer = format!(
            ":000000 100644 {NONE} {ONE} A\0new.py\0:100644 100755 {ONE} {ONE} R087\0old\n.py\0to.py\0\
             :100644 000000 {ONE} {NONE} D\0gone.py\0"
        );
        let changes = parse(answer.as_bytes()).unwrap();
        assert_eq!(changes.len(), 3);
        assert_eq!((changes[0].status, changes[0].path.as_slice()), (b'A', b"new.py".as_slice()));
        assert!(changes[0].old_id.is_zero());
        assert_eq!(changes[1].old_path.as_deref(), Some(b"old\n.py".as_slice()));
        assert_eq!((changes[1].path.as_slice(), changes[1].new_mode), (b"to.py".as_slice(), 0o100_755));
        assert_eq!(changes[2].status, b'D');
    }

    #[test]
    fn nothing_is_an_empty_answer_and_nonsense_is_refused() {
        assert_eq!(parse(b""), Some(Vec::new()));
        for answer in [b"nonsense\0".as_slice(), b":1 2 3\0a\0", b"\0\0"] {
            assert_eq!(parse(answer), None, "{answer:?}");
        }
    }
}
