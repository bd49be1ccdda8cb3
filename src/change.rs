//! What a run was asked to look at: plain types that every stage may use.
//!
//! It does not know where the bytes came from; `git/` and `commands/` fill it in.

use std::fmt;
use std::path::{Component, Path, PathBuf};

use serde::{Deserialize, Serialize};

/// A path inside the repository, with forward slashes and without `.` or `..`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct RepoPath(String);

impl RepoPath {
    /// Makes a repository path from text, or `None` when it is empty, absolute or leaves the repository.
    #[must_use]
    pub fn new(text: &str) -> Option<Self> {
        let mut parts = Vec::new();
        for component in Path::new(text).components() {
            match component {
                Component::Normal(part) => parts.push(part.to_str()?),
                Component::CurDir => {}
                Component::ParentDir | Component::RootDir | Component::Prefix(_) => return None,
            }
        }
        (!parts.is_empty()).then(|| Self(parts.join("/")))
    }

    /// Returns the path as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Returns the path below `root` in the file system.
    #[must_use]
    pub fn below(&self, root: &Path) -> PathBuf {
        root.join(&self.0)
    }

    /// Returns the folder, empty at the root of the repository.
    #[must_use]
    pub fn folder(&self) -> &str {
        self.as_str().rsplit_once('/').map_or("", |(folder, _)| folder)
    }

    /// Returns the last part of the path.
    #[must_use]
    pub fn file_name(&self) -> &str {
        self.0.rsplit('/').next().unwrap_or(&self.0)
    }

    /// Returns whether the file holds nothing but signatures.
    #[must_use]
    pub fn is_stub(&self) -> bool {
        self.file_name().rsplit_once('.').is_some_and(|(_, extension)| extension == "pyi")
    }

    /// Returns whether docgate reads the file: Python sources and stubs.
    #[must_use]
    pub fn is_python(&self) -> bool {
        let extension = self.file_name().rsplit_once('.').map(|(_, extension)| extension);
        matches!(extension, Some("py" | "pyi" | "pyw"))
    }
}

impl fmt::Display for RepoPath {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// One file to look at.
///
/// Spans of later stages index [`Change::new`]. The bytes are owned: the repository handle is gone
/// before anything asynchronous starts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// Where the file is now.
    pub path: RepoPath,
    /// Where it was in the base, if it was renamed.
    pub old_path: Option<RepoPath>,
    /// The bytes to judge: the staged blob, the blob of the head commit, or the file on disk.
    pub new: Vec<u8>,
    /// The bytes to compare with; `None` when everything in the file is to be looked at.
    pub base: Option<Vec<u8>>,
}

/// A file that was asked for and is not looked at, with the reason.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SkippedFile {
    /// The path as text, made printable where it is not valid UTF-8.
    pub path: String,
    /// Why it is skipped, as a phrase: "not valid UTF-8".
    pub reason: String,
}

/// Folders that hold other people's code or none, whatever git ignores: in the tree of a folder they are not looked at.
pub const FOREIGN_FOLDERS: &[&str] = &[
    ".bzr",
    ".direnv",
    ".eggs",
    ".git",
    ".hg",
    ".mypy_cache",
    ".nox",
    ".pytest_cache",
    ".ruff_cache",
    ".svn",
    ".tox",
    ".venv",
    "__pycache__",
    "__pypackages__",
    "node_modules",
    "site-packages",
    "venv",
];

/// A stretch of lines of the new text that a pull request shows, counted from 1, both ends included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct Hunk {
    /// The first line, context included.
    pub first_line: usize,
    /// The last line, context included.
    pub last_line: usize,
}

impl Hunk {
    /// Returns whether all lines from `first` to `last` lie inside.
    #[must_use]
    pub fn contains(self, first: usize, last: usize) -> bool {
        self.first_line <= first && first <= last && last <= self.last_line
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn repository_paths_stay_inside() {
        let table = [
            ("a.py", Some("a.py")),
            ("./a/b.py", Some("a/b.py")),
            ("a//b.py", Some("a/b.py")),
            ("../a.py", None),
            ("a/../../b.py", None),
            ("/etc/passwd", None),
            ("", None),
            (".", None),
        ];
        for (text, expected) in table {
            assert_eq!(RepoPath::new(text).as_ref().map(RepoPath::as_str), expected, "{text}");
        }
    }

    #[test]
    fn python_files_are_known_by_their_ending() {
        let table = [("a.py", true), ("b/a.pyi", true), ("a.pyc", false), ("py", false), ("a.txt", false)];
        for (text, expected) in table {
            assert_eq!(RepoPath::new(text).is_some_and(|path| path.is_python()), expected, "{text}");
        }
    }

    #[test]
    fn a_hunk_contains_only_what_lies_wholly_inside() {
        let hunk = Hunk { first_line: 4, last_line: 8 };
        let table = [(4, 8, true), (5, 5, true), (3, 4, false), (8, 9, false), (1, 20, false), (6, 5, false)];
        for (first, last, expected) in table {
            assert_eq!(hunk.contains(first, last), expected, "{first}-{last}");
        }
    }
}
