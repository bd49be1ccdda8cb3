//! Files of the working tree: read without following links, replaced whole or not at all.

use std::fs;
use std::io::{self, ErrorKind};
use std::path::Path;

use super::error::GitError;
use super::prepared::{Likeness, Prepared};
use super::repository::{Repository, unusable};
use crate::change::RepoPath;

/// One file as it is staged and as it lies in the working tree.
///
/// Both are raw bytes. Where git converts line ends or runs a filter on checkout, the two differ in more than
/// unstaged edits; whoever carries an edit over has to decide about that.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sides {
    /// The staged bytes.
    pub staged: Vec<u8>,
    /// The bytes of the file, or `None` when there is no regular file that may be written.
    pub working: Option<Vec<u8>>,
}

/// Why a path of the working tree is not read or written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Forbidden {
    /// The file is a symbolic link.
    Link,
    /// A folder on the way is a symbolic link, so that the file may lie anywhere.
    BelowLink,
    /// A folder, a device or the like.
    NotAFile,
    /// Git's own folder.
    GitFolder,
}

/// What lies at a path of the working tree.
#[derive(Debug)]
pub(super) enum Found {
    /// A regular file, with its bytes.
    File(Vec<u8>),
    /// Nothing.
    Nothing,
    /// Something that is left alone.
    Forbidden(Forbidden),
}

impl Forbidden {
    pub(super) fn phrase(self) -> &'static str {
        match self {
            Self::Link => "it is a symbolic link",
            Self::BelowLink => "it lies below a symbolic link",
            Self::NotAFile => "it is not a regular file",
            Self::GitFolder => "it lies in git's own folder",
        }
    }
}

impl Repository {
    /// Returns a file as it is staged and as it lies in the working tree, or `None` when it is not staged.
    ///
    /// Symbolic links are not followed, neither for the file nor for a folder on the way: then there is no
    /// working side.
    ///
    /// # Errors
    ///
    /// [`GitError::Bare`], [`GitError::Io`], or any [`GitError`] of reading the index.
    pub fn staged_and_working(&self, path: &RepoPath) -> Result<Option<Sides>, GitError> {
        let Some(staged) = self.staged_file(path)? else { return Ok(None) };
        Ok(Some(Sides { staged, working: self.working_file(path)? }))
    }

    /// Returns a file of the working tree, or `None` when there is no regular file that may be written.
    ///
    /// # Errors
    ///
    /// [`GitError::Bare`] or [`GitError::Io`].
    pub fn working_file(&self, path: &RepoPath) -> Result<Option<Vec<u8>>, GitError> {
        if self.is_bare() {
            return Err(GitError::Bare);
        }
        match find(self.root(), path) {
            Ok(Found::File(bytes)) => Ok(Some(bytes)),
            Ok(Found::Nothing | Found::Forbidden(_)) => Ok(None),
            Err(source) => Err(unusable(&path.below(self.root()), source)),
        }
    }
}

/// Reads what lies at a path, without following links.
pub(super) fn find(root: &Path, path: &RepoPath) -> io::Result<Found> {
    let mut place = root.to_owned();
    let mut parts = path.as_str().split('/').peekable();
    while let Some(part) = parts.next() {
        if part.eq_ignore_ascii_case(".git") {
            return Ok(Found::Forbidden(Forbidden::GitFolder));
        }
        place.push(part);
        let metadata = match fs::symlink_metadata(&place) {
            Ok(metadata) => metadata,
            Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => {
                return Ok(Found::Nothing);
            }
            Err(error) => return Err(error),
        };
        let last = parts.peek().is_none();
        match (last, metadata.is_symlink()) {
            (true, true) => return Ok(Found::Forbidden(Forbidden::Link)),
            (false, true) => return Ok(Found::Forbidden(Forbidden::BelowLink)),
            (true, false) if !metadata.is_file() => return Ok(Found::Forbidden(Forbidden::NotAFile)),
            _ => {}
        }
    }
    fs::read(&place).map(Found::File)
}

/// Replaces a file with new bytes if it still has the old ones, and says whether it had.
///
/// The new file has the permissions of the old one. A kill leaves the old file or the new one. Where the system can
/// exchange two files, what somebody else writes at the last moment is noticed and kept, too.
///
/// # Errors
///
/// What the operating system says when the file cannot be read or written.
pub fn replace_file(root: &Path, path: &RepoPath, before: &[u8], after: &[u8]) -> io::Result<bool> {
    let target = path.below(root);
    let metadata = match fs::symlink_metadata(&target) {
        Ok(metadata) => metadata,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(false),
        Err(error) => return Err(error),
    };
    let prepared = Prepared::beside(&target, after, Likeness::Of(&metadata))?;
    // The last look, as close to the rename as can be.
    match find(root, path)? {
        Found::File(bytes) if bytes == before => prepared.take_the_place_of(before, after),
        _ => Ok(false),
    }
}

#[cfg(test)]
#[expect(clippy::disallowed_methods, reason = "tests set up files by hand")]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_replaced_only_where_it_has_the_expected_bytes() {
        let folder = tempfile::TempDir::new().unwrap();
        let path = RepoPath::new("a.py").unwrap();
        let file = folder.path().join("a.py");
        let table: [(Option<&str>, bool, Option<&str>); 4] = [
            (Some("old"), true, Some("new")),
            (Some("edited"), false, Some("edited")),
            (Some(""), false, Some("")),
            (None, false, None),
        ];
        for (content, replaced, expected) in table {
            let _ = fs::remove_file(&file);
            if let Some(content) = content {
                fs::write(&file, content).unwrap();
            }
            assert_eq!(replace_file(folder.path(), &path, b"old", b"new").unwrap(), replaced, "{content:?}");
            assert_eq!(fs::read_to_string(&file).ok().as_deref(), expected, "{content:?}");
            let left = fs::read_dir(folder.path()).unwrap().count();
            assert_eq!(left, usize::from(expected.is_some()), "a temporary file was left");
        }
    }
}
