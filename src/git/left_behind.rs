//! What a killed git or docgate leaves behind: locks of the index, and new files that never got their name.
//!
//! A lock is cleared only when somebody asks for it, and never while a git command runs in the repository: `git commit`
//! keeps its lock for as long as the message is being written.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, UNIX_EPOCH};

use super::error::GitError;
use super::prepared::{PREFIX, SUFFIX};
use super::repository::{Repository, unusable};
use crate::clock;

/// Files that nobody will come back for, if no command is at work.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LeftBehind {
    /// Locks of the index, with the time since they were written.
    pub locks: Vec<(PathBuf, Duration)>,
    /// Files of docgate's in the working tree that were to take the place of another one.
    pub files: Vec<PathBuf>,
}

impl LeftBehind {
    /// Returns whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.locks.is_empty() && self.files.is_empty()
    }

    /// Removes all of it.
    ///
    /// # Errors
    ///
    /// [`GitError::Io`] for the first file that cannot be removed.
    pub fn clear(&self) -> Result<(), GitError> {
        for path in self.locks.iter().map(|(path, _)| path).chain(&self.files) {
            match fs::remove_file(path) {
                Err(source) if source.kind() != io::ErrorKind::NotFound => {
                    return Err(unusable(path, source));
                }
                _ => {}
            }
        }
        Ok(())
    }
}

impl Repository {
    /// Returns the locks and files that are there now, left behind or in use.
    ///
    /// # Errors
    ///
    /// [`GitError::Bare`], [`GitError::Io`], or git cannot list the files.
    pub fn left_behind(&self) -> Result<LeftBehind, GitError> {
        if self.is_bare() {
            return Err(GitError::Bare);
        }
        let folder = self.git_folder();
        let mut locks = Vec::new();
        for entry in fs::read_dir(folder).map_err(|source| unusable(folder, source))? {
            let path = entry.map_err(|source| unusable(folder, source))?.path();
            if is_index_lock(&path) {
                let age = age(&path);
                locks.push((path, age));
            }
        }
        locks.sort();
        let pattern = format!("--exclude=/**/{PREFIX}*{SUFFIX}");
        let arguments = ["ls-files", "--others", "--ignored", "-z", &pattern];
        let answer = self.plumbing("list what was left behind").run(&arguments, b"")?;
        let names = answer.split(|&byte| byte == 0).filter_map(|name| std::str::from_utf8(name).ok());
        let files = names.filter(|name| !name.is_empty()).map(|name| self.root().join(name)).collect();
        Ok(LeftBehind { locks, files })
    }

    /// Returns the process id of a git command that runs in this repository; where nobody can tell, none.
    #[must_use]
    pub fn git_at_work(&self) -> Option<u32> {
        let places = [self.root(), self.git_folder()].map(Path::canonicalize);
        let is_here = |folder: PathBuf| places.iter().flatten().any(|place| folder.starts_with(place));
        let processes = fs::read_dir("/proc").ok()?;
        for process in processes.flatten() {
            let Some(id) = process.file_name().to_str().and_then(|name| name.parse().ok()) else { continue };
            let name = fs::read_to_string(process.path().join("comm")).unwrap_or_default();
            let is_git = name.trim_end() == "git" || name.starts_with("git-");
            if is_git && fs::read_link(process.path().join("cwd")).is_ok_and(is_here) {
                return Some(id);
            }
        }
        None
    }
}

fn is_index_lock(path: &Path) -> bool {
    let Some(name) = path.file_name().and_then(|name| name.to_str()) else { return false };
    name.strip_suffix(".lock")
        .is_some_and(|name| name == "index" || name.starts_with("index.") || name.starts_with("next-index-"))
}

fn age(path: &Path) -> Duration {
    let written = fs::metadata(path).and_then(|metadata| metadata.modified()).ok();
    let written = written.and_then(|time| time.duration_since(UNIX_EPOCH).ok());
    clock::since_epoch().saturating_sub(written.unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_locks_of_other_things_are_nobodys_business_here() {
        let table = [
            ("index.lock", true),
            ("index.lock.lock", true),
            ("next-index-17.lock", true),
            ("index", false),
            ("HEAD.lock", false),
            ("config.lock", false),
            ("shallow.lock", false),
        ];
        for (name, expected) in table {
            assert_eq!(is_index_lock(&Path::new("/r/.git").join(name)), expected, "{name}");
        }
    }
}
