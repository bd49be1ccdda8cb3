//! Unstaged edits that a hook manager has put aside while its hooks run.
//!
//! lint-staged and lefthook take the unstaged edits out of files that are staged in part, and bring them back with
//! `git apply --unidiff-zero`: by line numbers alone. When a hook has added or removed lines above, an added line comes back
//! in another place, inside a new docstring for instance. So such files are for nobody to write in the meantime. The patch
//! that waits in git's folder tells which ones they are.
//!
//! pre-commit and prek keep their patches elsewhere, apply them with context, and say so with `PRE_COMMIT`.

use std::collections::HashSet;
use std::fs;
use std::path::{Path, PathBuf};

use super::error::GitError;
use super::repository::Repository;
use crate::change::RepoPath;
use crate::env;

const LINT_STAGED: &str = "lint-staged";
const LEFTHOOK: &str = "lefthook";

/// What a manager has put aside.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PutAside {
    /// The manager, as it calls itself.
    pub manager: &'static str,
    files: Files,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Files {
    Named(HashSet<RepoPath>),
    /// The patch cannot be read, so that it may be about any.
    All,
}

impl PutAside {
    /// Returns whether edits of a file are among them.
    #[must_use]
    pub fn concerns(&self, path: &RepoPath) -> bool {
        match &self.files {
            Files::Named(files) => files.contains(path),
            Files::All => true,
        }
    }
}

impl Repository {
    /// Returns what a hook manager has put aside; nothing outside of a hook, where a patch can only be a left-over.
    ///
    /// # Errors
    ///
    /// Git cannot be started.
    pub fn put_aside(&self) -> Result<Option<PutAside>, GitError> {
        if env::read(env::GIT_INDEX_FILE).is_none() {
            return Ok(None);
        }
        for (manager, patch) in self.places_of_patches() {
            if patch.exists() {
                return Ok(Some(PutAside { manager, files: self.files_in(&patch)? }));
            }
        }
        Ok(None)
    }

    /// Returns where managers keep the patches of this working tree. In a linked one, lefthook adds its name.
    fn places_of_patches(&self) -> Vec<(&'static str, PathBuf)> {
        let mut places = vec![(LINT_STAGED, self.git_folder().join("lint-staged_unstaged.patch"))];
        let shared = self.inner.commondir().join("info");
        let own = self.git_folder().file_name().filter(|_| self.inner.is_worktree());
        for name in [own, self.root().file_name().filter(|_| own.is_some())].into_iter().flatten() {
            let name = format!("lefthook-unstaged.{}.patch", name.to_string_lossy());
            places.push((LEFTHOOK, shared.join(name)));
        }
        if own.is_none() {
            places.push((LEFTHOOK, shared.join("lefthook-unstaged.patch")));
        }
        places
    }

    fn files_in(&self, patch: &Path) -> Result<Files, GitError> {
        let Ok(bytes) = fs::read(patch) else { return Ok(Files::All) };
        let plumbing = self.plumbing("read what a hook manager has put aside");
        let output = plumbing.output(&["apply", "--numstat", "-z", "--unidiff-zero", "-"], &bytes)?;
        if bytes.is_empty() || !output.status.success() {
            return Ok(Files::All);
        }
        Ok(named(&output.stdout).map_or(Files::All, Files::Named))
    }
}

/// Reads `1<tab>0<tab>path<nul>` lines; a path that is not valid UTF-8 belongs to no file that is written.
fn named(answer: &[u8]) -> Option<HashSet<RepoPath>> {
    let mut files = HashSet::new();
    for line in answer.split(|&byte| byte == 0).filter(|line| !line.is_empty()) {
        let path = line.splitn(3, |&byte| byte == b'\t').nth(2)?;
        files.extend(std::str::from_utf8(path).ok().and_then(RepoPath::new));
    }
    Some(files)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read_whatever_is_in_them() {
        let path = |text: &str| RepoPath::new(text).unwrap();
        let table: [(&[u8], Option<Vec<RepoPath>>); 4] = [
            (b"", Some(Vec::new())),
            (b"1\t0\ta.py\0-\t-\tb c\td.py\0", Some(vec![path("a.py"), path("b c\td.py")])),
            (b"1\t0\tcaf\xe9.py\0", Some(Vec::new())),
            (b"nonsense\0", None),
        ];
        for (answer, expected) in table {
            assert_eq!(named(answer), expected.map(|files| files.into_iter().collect()), "{answer:?}");
        }
    }
}
