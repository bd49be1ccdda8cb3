//! The log file: lines appended by any number of processes, in a bounded number of files of a bounded size.
//!
//! The crates that rotate files keep one open and count what they wrote themselves. Hooks run side by side, so
//! here the file is opened for every line, its size is asked for, and one process at a time, behind a lock of its
//! own, gives the files their next names. Nothing of this may fail a run: errors go back to the caller.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::thread;
use std::time::Duration;

use crate::clock;

/// The size at which a new file is begun.
const LARGEST: u64 = 4 * 1024 * 1024;
/// How many full files are kept beside the one that is written: `docgate.log.1` is the youngest.
const OLDER: u32 = 3;
/// The longest line, in bytes; what a service says may be of any length.
pub(super) const LONGEST_LINE: usize = 16 * 1024;
const PATIENCE: Duration = Duration::from_millis(500);
const BETWEEN_TRIES: Duration = Duration::from_millis(2);

/// A file that lines are appended to.
#[derive(Debug)]
pub(super) struct LogFile {
    path: PathBuf,
    largest: u64,
}

impl LogFile {
    /// Names the file; it is made, with its folder, by the first line.
    pub(super) fn new(path: &Path) -> Self {
        // A link is followed once, so that the file it leads to is renamed and not the link.
        let path = fs::canonicalize(path).or_else(|_| std::path::absolute(path));
        Self { path: path.unwrap_or_default(), largest: LARGEST }
    }

    /// Returns where it is.
    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// Adds a line, which ends with a line feed.
    pub(super) fn append(&self, line: &str) -> io::Result<()> {
        let line = shortened(line);
        match fs::metadata(&self.path) {
            Ok(found) if found.is_file() => {
                if found.len() + line.len() as u64 > self.largest {
                    self.rotate(line.len() as u64)?;
                }
            }
            // A pipe would be waited for, and a device has no size.
            Ok(_) => return Err(io::Error::other("it is not a plain file")),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                if let Some(folder) = self.path.parent() {
                    fs::create_dir_all(folder)?;
                }
            }
            Err(error) => return Err(error),
        }
        // One write at the end of the file: lines of several processes stay whole.
        opened(&self.path)?.write_all(line.as_bytes())
    }

    /// Gives every file its next name, unless another process has done so meanwhile.
    fn rotate(&self, room: u64) -> io::Result<()> {
        let Some(_lock) = self.lock()? else { return Ok(()) };
        if fs::metadata(&self.path).is_ok_and(|found| found.len() + room <= self.largest) {
            return Ok(());
        }
        for number in (1..=OLDER).rev() {
            let younger = if number == 1 { self.path.clone() } else { self.numbered(number - 1) };
            match fs::rename(younger, self.numbered(number)) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
                _ => {}
            }
        }
        Ok(())
    }

    fn numbered(&self, number: u32) -> PathBuf {
        self.beside(&format!(".{number}"))
    }

    fn beside(&self, ending: &str) -> PathBuf {
        let mut name = self.path.as_os_str().to_owned();
        name.push(ending);
        PathBuf::from(name)
    }

    /// Waits for the lock; nothing when others rotate for so long that the line may as well go into the full file.
    fn lock(&self) -> io::Result<Option<File>> {
        let file = opened(&self.beside(".lock"))?;
        let began = clock::monotonic();
        loop {
            match file.try_lock() {
                Ok(()) => return Ok(Some(file)),
                Err(TryLockError::Error(error)) => return Err(error),
                Err(TryLockError::WouldBlock) if began.elapsed() < PATIENCE => thread::sleep(BETWEEN_TRIES),
                Err(TryLockError::WouldBlock) => return Ok(None),
            }
        }
    }
}

/// Opens a file for appending; one that is made is for its owner alone, since it names what people work on.
fn opened(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.create(true).append(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

fn shortened(line: &str) -> std::borrow::Cow<'_, str> {
    if line.len() <= LONGEST_LINE {
        return line.into();
    }
    let end = (0..=LONGEST_LINE).rev().find(|end| line.is_char_boundary(*end)).unwrap_or_default();
    format!("{}…\n", &line[..end]).into()
}

#[cfg(test)]
mod tests {
    use tempfile::TempDir;

    use super::*;

    fn small(folder: &TempDir) -> LogFile {
        LogFile { largest: 1_000, ..LogFile::new(&folder.path().join("new/docgate.log")) }
    }

    fn text(file: &LogFile, ending: &str) -> String {
        fs::read_to_string(file.beside(ending)).unwrap_or_default()
    }

    #[test]
    fn files_are_bounded_in_size_and_number_and_lose_the_oldest() {
        let folder = TempDir::new().unwrap();
        let file = small(&folder);
        for number in 0..1_000 {
            file.append(&format!("line {number:04} {}\n", "x".repeat(39))).unwrap();
        }
        let names = fs::read_dir(file.path.parent().unwrap()).unwrap().count();
        assert_eq!(names, 5, "the log, three older ones and the lock");
        let kept: String = [".3", ".2", ".1", ""].map(|ending| text(&file, ending)).concat();
        for ending in ["", ".1", ".2", ".3"] {
            let length = text(&file, ending).len();
            assert!((1..=1_000).contains(&length), "{ending}: {length}");
        }
        let numbers: Vec<usize> = kept.lines().map(|line| line[5..9].parse().unwrap()).collect();
        assert_eq!(numbers, (1_000 - numbers.len()..1_000).collect::<Vec<_>>());
    }

    #[test]
    fn many_who_rotate_at_once_lose_no_line_that_is_young_and_tear_none() {
        let folder = TempDir::new().unwrap();
        thread::scope(|scope| {
            for writer in 0..8 {
                let file = small(&folder);
                scope.spawn(move || {
                    for number in 0..100 {
                        file.append(&format!("writer {writer} line {number:03} {}\n", "y".repeat(30)))
                            .unwrap();
                    }
                });
            }
        });
        let file = small(&folder);
        let kept: String = [".3", ".2", ".1", ""].map(|ending| text(&file, ending)).concat();
        assert!(kept.lines().count() > 40, "{kept}");
        for line in kept.lines() {
            assert!(line.starts_with("writer ") && line.len() == 48, "{line:?}");
        }
    }

    #[test]
    fn a_line_of_any_length_is_cut() {
        let folder = TempDir::new().unwrap();
        let file = LogFile::new(&folder.path().join("docgate.log"));
        file.append(&format!("{}\n", "é".repeat(1_000_000))).unwrap();
        let written = text(&file, "");
        assert!(written.len() < LONGEST_LINE + 8 && written.ends_with("é…\n"), "{}", written.len());
    }

    #[test]
    fn what_is_no_plain_file_is_refused_and_stays() {
        let folder = TempDir::new().unwrap();
        assert!(LogFile::new(folder.path()).append("a\n").is_err());
        let blocked = folder.path().join("blocked");
        File::create(&blocked).unwrap();
        assert!(LogFile::new(&blocked.join("docgate.log")).append("a\n").is_err());
        assert!(folder.path().is_dir());
        #[cfg(unix)]
        assert!(LogFile::new(Path::new("/dev/null")).append("a\n").is_err());
    }

    #[cfg(unix)]
    #[test]
    fn a_link_keeps_leading_to_the_file_that_is_written() {
        let folder = TempDir::new().unwrap();
        let (real, link) = (folder.path().join("real.log"), folder.path().join("link.log"));
        File::create(&real).unwrap().write_all(&[b'x'; 990]).unwrap();
        std::os::unix::fs::symlink(&real, &link).unwrap();
        let file = LogFile { largest: 1_000, ..LogFile::new(&link) };
        file.append("a new line that is too long for it\n").unwrap();
        assert_eq!(fs::read_to_string(&link).unwrap(), "a new line that is too long for it\n");
        assert!(folder.path().join("real.log.1").exists());
    }
}
