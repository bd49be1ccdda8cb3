//! Files of the working tree: read without following links, replaced whole or not at all.

use std::fs;
use std::io::{self, ErrorKind, Write as _};
use std::path::{Path, PathBuf};

use tempfile::Builder;

use super::error::GitError;
use super::repository::{Repository, unusable};
use crate::change::RepoPath;

/// How the names of files begin and end that wait to take the place of another one.
pub(super) const PREFIX: &str = ".docgate-";
pub(super) const SUFFIX: &str = ".tmp";

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
    let prepared = Prepared::beside(&target, after)?;
    keep_owner(prepared.file.path(), &metadata);
    prepared.file.as_file().set_permissions(metadata.permissions())?;
    prepared.file.as_file().sync_all()?;
    // The last look, as close to the rename as can be.
    match find(root, path)? {
        Found::File(bytes) if bytes == before => prepared.take_the_place_of(before, after),
        _ => Ok(false),
    }
}

/// A complete file that waits beside its target for its name.
pub(super) struct Prepared {
    pub(super) file: tempfile::NamedTempFile,
    target: PathBuf,
}

impl Prepared {
    /// Writes bytes into a temporary file in the folder of `target`.
    pub(super) fn beside(target: &Path, bytes: &[u8]) -> io::Result<Self> {
        let folder = target.parent().unwrap_or(Path::new("."));
        let mut file = Builder::new().prefix(PREFIX).suffix(SUFFIX).tempfile_in(folder)?;
        file.write_all(bytes)?;
        Ok(Self { file, target: target.to_owned() })
    }

    /// Renames the temporary file to its target, replacing what is there.
    pub(super) fn put_in_place(self) -> io::Result<()> {
        let target = self.target;
        self.file.persist(&target).map_err(|failure| failure.error)?;
        sync_folder_of(&target)
    }

    /// Puts the new file in the place of one with the bytes `before`, and says whether it was that one.
    ///
    /// Between the last look and a rename somebody may save the file. So the two are exchanged, the one that comes out is
    /// looked at, and if it is another one they are exchanged back.
    fn take_the_place_of(self, before: &[u8], after: &[u8]) -> io::Result<bool> {
        match self.exchange() {
            Ok(true) => {}
            Ok(false) => return self.put_in_place().map(|()| true),
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(false),
            Err(error) => return Err(error),
        }
        if holds(self.file.path(), before) {
            sync_folder_of(&self.target)?;
            return Ok(true);
        }
        self.exchange()?;
        if !holds(self.file.path(), after) {
            // Saved once more in between: the last one counts.
            self.exchange()?;
        }
        Ok(false)
    }

    /// Exchanges the two files; `false` where the system or the file system cannot.
    #[cfg(any(target_os = "linux", target_os = "macos"))]
    fn exchange(&self) -> io::Result<bool> {
        use rustix::fs::{CWD, RenameFlags, renameat_with};
        use rustix::io::Errno;

        match renameat_with(CWD, self.file.path(), CWD, &self.target, RenameFlags::EXCHANGE) {
            Ok(()) => Ok(true),
            Err(Errno::INVAL | Errno::NOSYS | Errno::NOTSUP) => Ok(false),
            Err(error) => Err(error.into()),
        }
    }

    #[cfg(not(any(target_os = "linux", target_os = "macos")))]
    #[expect(clippy::unnecessary_wraps, clippy::unused_self, reason = "other systems can")]
    fn exchange(&self) -> io::Result<bool> {
        Ok(false)
    }
}

/// Returns whether a path is a regular file with these bytes.
fn holds(path: &Path, bytes: &[u8]) -> bool {
    fs::symlink_metadata(path).is_ok_and(|metadata| metadata.is_file())
        && fs::read(path).is_ok_and(|found| found == bytes)
}

/// Makes a rename last: without it, a crash of the machine may undo it after the index, which comes later, was written.
#[cfg(unix)]
fn sync_folder_of(path: &Path) -> io::Result<()> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    match fs::File::open(folder).and_then(|folder| folder.sync_all()) {
        // Some file systems cannot, and there is nothing to be done about it.
        Err(error) if matches!(error.kind(), ErrorKind::InvalidInput | ErrorKind::Unsupported) => Ok(()),
        result => result,
    }
}

#[cfg(not(unix))]
#[expect(clippy::unnecessary_wraps, reason = "the Unix version can fail")]
fn sync_folder_of(_path: &Path) -> io::Result<()> {
    Ok(())
}

/// Gives the new file to the old one's owner where that is possible, which it is for root in a container.
#[cfg(unix)]
fn keep_owner(path: &Path, metadata: &fs::Metadata) {
    use std::os::unix::fs::{MetadataExt as _, chown};

    // Fails for everyone but root when the owner differs, and then the writer's name is as good.
    let _ = chown(path, Some(metadata.uid()), Some(metadata.gid()));
}

#[cfg(not(unix))]
fn keep_owner(_path: &Path, _metadata: &fs::Metadata) {}

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

    #[test]
    fn what_is_saved_after_the_last_look_is_kept() {
        let folder = tempfile::TempDir::new().unwrap();
        let target = folder.path().join("a.py");
        for (there, taken) in [("old", true), ("saved", false)] {
            fs::write(&target, there).unwrap();
            let prepared = Prepared::beside(&target, b"new").unwrap();
            assert_eq!(prepared.take_the_place_of(b"old", b"new").unwrap(), taken);
            assert_eq!(fs::read_to_string(&target).unwrap(), if taken { "new" } else { there });
            assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "a temporary file was left");
        }
        fs::remove_file(&target).unwrap();
        let prepared = Prepared::beside(&target, b"new").unwrap();
        assert!(!prepared.take_the_place_of(b"old", b"new").unwrap());
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
    }
}
