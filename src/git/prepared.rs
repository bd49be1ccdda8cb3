//! New files that take the place of old ones in one step.
//!
//! Where the system can, a new file has no name until it is complete, so that a kill leaves nothing behind; and it is
//! exchanged with the old one, so that what somebody else saves at the last moment is noticed. Which file may be replaced is
//! the business of `working`.

use std::fs::{self, Metadata};
use std::io::{self, ErrorKind, Read as _, Seek as _, Write as _};
use std::path::{Path, PathBuf};

use tempfile::{Builder, TempPath};

/// How the names of files begin and end that wait to take the place of another one.
pub(super) const PREFIX: &str = ".docgate-";
pub(super) const SUFFIX: &str = ".tmp";

/// A complete file that waits to take the place of its target, or a free one.
pub(super) struct Prepared {
    content: Content,
    target: PathBuf,
}

/// Where a prepared file is.
enum Content {
    /// Nowhere yet: a kill leaves nothing behind.
    Nameless(fs::File),
    /// Beside its target, where the system has no files without a name.
    Named(TempPath),
}

/// Whose permissions and owner a prepared file gets.
#[derive(Clone, Copy)]
pub(super) enum Likeness<'a> {
    /// Those of the file that it replaces.
    Of(&'a Metadata),
    /// Everybody may run it.
    Program,
}

impl Prepared {
    /// Writes bytes into a file in the folder of `target`, and sees to it that they last.
    pub(super) fn beside(target: &Path, bytes: &[u8], likeness: Likeness<'_>) -> io::Result<Self> {
        let folder = folder_of(target);
        let content = if cfg!(target_os = "linux") {
            let mut file = tempfile::tempfile_in(folder)?;
            fill(&mut file, bytes, likeness)?;
            Content::Nameless(file)
        } else {
            Content::Named(named(folder, bytes, likeness)?)
        };
        Ok(Self { content, target: target.to_owned() })
    }

    /// Renames the file to its target, replacing what is there.
    pub(super) fn put_in_place(self) -> io::Result<()> {
        let target = self.target;
        self.content.with_name(&target)?.persist(&target).map_err(|failure| failure.error)?;
        sync_folder_of(&target)
    }

    /// Puts the new file in the place of one with the bytes `before`, and says whether it was that one.
    ///
    /// Between the last look and a rename somebody may save the file. So the two are exchanged, the one that comes out is
    /// looked at, and if it is another one they are exchanged back.
    pub(super) fn take_the_place_of(self, before: &[u8], after: &[u8]) -> io::Result<bool> {
        let target = self.target;
        let path = self.content.with_name(&target)?;
        match exchange(&path, &target) {
            Ok(true) => {}
            Ok(false) => {
                path.persist(&target).map_err(|failure| failure.error)?;
                return sync_folder_of(&target).map(|()| true);
            }
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(false),
            Err(error) => return Err(error),
        }
        if holds(&path, before) {
            drop(path);
            return sync_folder_of(&target).map(|()| true);
        }
        exchange(&path, &target)?;
        if !holds(&path, after) {
            // Saved once more in between: the last one counts.
            exchange(&path, &target)?;
        }
        Ok(false)
    }
}

impl Content {
    /// Gives the file a name beside its target, for as long as it takes to rename it.
    fn with_name(self, target: &Path) -> io::Result<TempPath> {
        match self {
            Self::Named(path) => Ok(path),
            Self::Nameless(file) => link(&file, target).or_else(|_| copy(file, target)),
        }
    }
}

fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// The names that waiting files have.
fn names() -> Builder<'static, 'static> {
    let mut names = Builder::new();
    names.prefix(PREFIX).suffix(SUFFIX);
    names
}

fn fill(file: &mut fs::File, bytes: &[u8], likeness: Likeness<'_>) -> io::Result<()> {
    file.write_all(bytes)?;
    match likeness {
        Likeness::Of(metadata) => {
            keep_owner(file, metadata);
            file.set_permissions(metadata.permissions())?;
        }
        Likeness::Program => make_executable(file)?,
    }
    file.sync_all()
}

fn named(folder: &Path, bytes: &[u8], likeness: Likeness<'_>) -> io::Result<TempPath> {
    let mut file = names().tempfile_in(folder)?;
    fill(file.as_file_mut(), bytes, likeness)?;
    Ok(file.into_temp_path())
}

/// Gives a nameless file a name.
#[cfg(target_os = "linux")]
fn link(file: &fs::File, target: &Path) -> io::Result<TempPath> {
    use std::os::fd::AsRawFd as _;

    use rustix::fs::{AtFlags, CWD, linkat};

    let source = format!("/proc/self/fd/{}", file.as_raw_fd());
    let link = |path: &Path| Ok(linkat(CWD, &source, CWD, path, AtFlags::SYMLINK_FOLLOW)?);
    Ok(names().make_in(folder_of(target), link)?.into_temp_path())
}

#[cfg(not(target_os = "linux"))]
fn link(_file: &fs::File, _target: &Path) -> io::Result<TempPath> {
    Err(ErrorKind::Unsupported.into())
}

/// Writes a nameless file once more, with a name, where it cannot be given one: without `/proc`, or on an old network disk.
fn copy(mut file: fs::File, target: &Path) -> io::Result<TempPath> {
    let mut bytes = Vec::new();
    file.rewind()?;
    file.read_to_end(&mut bytes)?;
    named(folder_of(target), &bytes, Likeness::Of(&file.metadata()?))
}

/// Exchanges two files; `false` where the system or the file system cannot.
#[cfg(any(target_os = "linux", target_os = "macos"))]
fn exchange(one: &Path, other: &Path) -> io::Result<bool> {
    use rustix::fs::{CWD, RenameFlags, renameat_with};
    use rustix::io::Errno;

    match renameat_with(CWD, one, CWD, other, RenameFlags::EXCHANGE) {
        Ok(()) => Ok(true),
        Err(Errno::INVAL | Errno::NOSYS | Errno::NOTSUP) => Ok(false),
        Err(error) => Err(error.into()),
    }
}

#[cfg(not(any(target_os = "linux", target_os = "macos")))]
#[expect(clippy::unnecessary_wraps, reason = "other systems can")]
fn exchange(_one: &Path, _other: &Path) -> io::Result<bool> {
    Ok(false)
}

/// Returns whether a path is a regular file with these bytes.
fn holds(path: &Path, bytes: &[u8]) -> bool {
    fs::symlink_metadata(path).is_ok_and(|metadata| metadata.is_file())
        && fs::read(path).is_ok_and(|found| found == bytes)
}

/// Makes a rename last: without it, a crash of the machine may undo it after the index, which comes later, was written.
#[cfg(unix)]
fn sync_folder_of(path: &Path) -> io::Result<()> {
    match fs::File::open(folder_of(path)).and_then(|folder| folder.sync_all()) {
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
fn keep_owner(file: &fs::File, metadata: &Metadata) {
    use std::os::unix::fs::{MetadataExt as _, fchown};

    // Fails for everyone but root when the owner differs, and then the writer's name is as good.
    let _ = fchown(file, Some(metadata.uid()), Some(metadata.gid()));
}

#[cfg(not(unix))]
fn keep_owner(_file: &fs::File, _metadata: &Metadata) {}

#[cfg(unix)]
fn make_executable(file: &fs::File) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt as _;

    file.set_permissions(fs::Permissions::from_mode(0o755))
}

// Git for Windows runs hooks through its own shell, whatever their permissions.
#[cfg(not(unix))]
#[expect(clippy::unnecessary_wraps, reason = "the Unix version can fail")]
fn make_executable(_file: &fs::File) -> io::Result<()> {
    Ok(())
}

#[cfg(test)]
#[expect(clippy::disallowed_methods, reason = "tests set up files by hand")]
mod tests {
    use super::*;

    #[test]
    fn what_is_saved_after_the_last_look_is_kept() {
        let folder = tempfile::TempDir::new().unwrap();
        let target = folder.path().join("a.py");
        for (there, taken) in [("old", true), ("saved", false)] {
            fs::write(&target, there).unwrap();
            let metadata = fs::metadata(&target).unwrap();
            let prepared = Prepared::beside(&target, b"new", Likeness::Of(&metadata)).unwrap();
            assert_eq!(prepared.take_the_place_of(b"old", b"new").unwrap(), taken);
            assert_eq!(fs::read_to_string(&target).unwrap(), if taken { "new" } else { there });
            assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "a temporary file was left");
        }
        let prepared = Prepared::beside(&target, b"new", Likeness::Program).unwrap();
        fs::remove_file(&target).unwrap();
        assert!(!prepared.take_the_place_of(b"old", b"new").unwrap());
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
    }

    #[test]
    fn a_file_that_cannot_be_given_a_name_is_written_once_more() {
        let folder = tempfile::TempDir::new().unwrap();
        let target = folder.path().join("a.py");
        let mut file = tempfile::tempfile_in(folder.path()).unwrap();
        fill(&mut file, b"text", Likeness::Program).unwrap();
        let path = copy(file, &target).unwrap();
        assert!(holds(&path, b"text"));
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o755);
        }
        drop(path);
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_file_has_no_name_until_it_takes_its_place() {
        let folder = tempfile::TempDir::new().unwrap();
        let target = folder.path().join("a.py");
        let prepared = Prepared::beside(&target, b"new", Likeness::Program).unwrap();
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
        prepared.put_in_place().unwrap();
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }
}
