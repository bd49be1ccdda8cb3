//! [I/O] Folders and locks of one user, which several processes of this machine share.
//!
//! A lock is a file that is held open; the system lets go of it when a process dies. What is kept under a lock is the
//! business of `cache/`, `model/` and `metrics/`.

use std::fs::{DirBuilder, File, OpenOptions, TryLockError};
use std::io::{self, ErrorKind};
use std::path::Path;
use std::thread;
use std::time::Duration;

use crate::clock;

const BETWEEN_TRIES: Duration = Duration::from_millis(5);

/// Makes a folder that only its owner can look into; one that exists keeps its rights.
///
/// # Errors
///
/// When it cannot be made, or something else has its name.
pub fn make_private(folder: &Path) -> io::Result<()> {
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

/// Makes a file and waits for its lock, which is held until the file is dropped.
///
/// # Errors
///
/// When the file cannot be made, or, as [`ErrorKind::TimedOut`], when another process holds the lock for longer than
/// the patience lasts.
pub fn acquire(path: &Path, patience: Duration) -> io::Result<File> {
    let file = OpenOptions::new().create(true).truncate(false).write(true).open(path)?;
    let began = clock::monotonic();
    loop {
        match file.try_lock() {
            Ok(()) => return Ok(file),
            Err(TryLockError::Error(error)) => return Err(error),
            Err(TryLockError::WouldBlock) if began.elapsed() < patience => thread::sleep(BETWEEN_TRIES),
            Err(TryLockError::WouldBlock) => {
                return Err(io::Error::new(ErrorKind::TimedOut, "another process holds its lock"));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use tempfile::TempDir;

    use super::*;

    #[test]
    fn a_lock_is_waited_for_and_not_forever() {
        let folder = TempDir::new().unwrap();
        let path = folder.path().join("lock");
        let held = acquire(&path, Duration::ZERO).unwrap();
        let refused = acquire(&path, Duration::from_millis(20)).unwrap_err();
        assert_eq!(refused.kind(), ErrorKind::TimedOut);
        thread::scope(|scope| {
            scope.spawn(|| {
                thread::sleep(Duration::from_millis(30));
                drop(held);
            });
            acquire(&path, Duration::from_secs(60)).unwrap();
        });
    }
}
