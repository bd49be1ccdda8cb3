//! The index: reading entries, and replacing the blobs of some without touching the others.

use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::fs;
use std::io::{ErrorKind, Write as _};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::Duration;

use git2::Oid;

use super::error::GitError;
use super::index_file::{IndexFile, Listed};
use super::plumbing::Plumbing;
use super::raw::FILE_MODES;
use super::repository::Repository;
use super::selection::EMPTY_BLOB;
use crate::change::RepoPath;

/// How often a locked index is looked at again; editors that poll `git status` hold it for milliseconds.
const LOCK_ATTEMPTS: u32 = 10;
/// How long one wait for a locked index takes.
const LOCK_PAUSE: Duration = Duration::from_millis(100);

/// One reading of an index file.
pub(super) enum Index {
    /// The file itself.
    File(IndexFile),
    /// What `git ls-files` lists, for split and sparse indexes.
    Listing(BTreeMap<String, Entry>),
}

/// What the index says about a path without conflict.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Entry {
    pub(super) mode: u32,
    pub(super) id: Oid,
    pub(super) mark: Mark,
}

/// How git treats an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mark {
    /// As usual.
    Plain,
    /// Announced with `git add --intent-to-add`: there is no content yet.
    IntentToAdd,
    /// Told not to look at the working tree: `--skip-worktree` or `--assume-unchanged`.
    Unwatched,
}

/// A blob to put in the place of another.
#[derive(Debug, Clone)]
pub(super) struct Replacement {
    pub(super) path: RepoPath,
    pub(super) before: Oid,
    pub(super) after: Oid,
}

/// Why no index was changed.
#[derive(Debug)]
pub(super) enum IndexFailure {
    /// Another process holds this lock.
    Locked(PathBuf),
    /// Git failed.
    Git(GitError),
}

impl Entry {
    /// Returns whether there is a blob that a file could have.
    pub(super) fn is_regular_file(&self) -> bool {
        FILE_MODES.contains(&self.mode) && self.mark != Mark::IntentToAdd
    }
}

impl Index {
    /// Reads an index file as it is now.
    pub(super) fn load(repository: &Repository, index_file: &Path) -> Result<Self, GitError> {
        if repository.is_bare() {
            return Err(GitError::Bare);
        }
        match fs::read(index_file).map(IndexFile::new) {
            Ok(Some(file)) => return Ok(Self::File(file)),
            // Before anything was ever staged, there is no file.
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Self::Listing(BTreeMap::new())),
            _ => {}
        }
        let purpose = "list the index";
        let plumbing = Plumbing { repository, index_file: Some(index_file), purpose };
        let answer = plumbing.run(&["ls-files", "--stage", "-v", "-z", "--"], b"")?;
        let mut entries = BTreeMap::new();
        for line in answer.split(|&byte| byte == 0).filter(|line| !line.is_empty()) {
            let Ok(line) = std::str::from_utf8(line) else { continue };
            let (path, entry) = listed(line).ok_or(GitError::Answer { purpose })?;
            if let Some(entry) = entry {
                entries.insert(path.to_owned(), entry);
            }
        }
        mark_announced(&mut entries, &plumbing)?;
        Ok(Self::Listing(entries))
    }

    /// Returns the entry of a path, or `None` when there is none or it is in conflict.
    pub(super) fn entry(&self, path: &RepoPath) -> Option<Entry> {
        match self {
            Self::File(file) => {
                let mut found = None;
                file.each(|entry| match entry.path.cmp(path.as_str().as_bytes()) {
                    Ordering::Less => ControlFlow::Continue(()),
                    Ordering::Equal if stage(entry.flags) == 0 => {
                        found = Some(described(&entry));
                        ControlFlow::Break(())
                    }
                    Ordering::Equal | Ordering::Greater => ControlFlow::Break(()),
                });
                found
            }
            Self::Listing(entries) => entries.get(path.as_str()).copied(),
        }
    }

    /// Returns the paths of all regular files without conflict.
    pub(super) fn files(&self) -> Vec<RepoPath> {
        self.blobs().into_iter().map(|(path, _)| path).collect()
    }

    /// Returns all regular files without conflict.
    pub(super) fn blobs(&self) -> Vec<(RepoPath, Oid)> {
        match self {
            Self::File(file) => {
                let mut blobs = Vec::new();
                file.each(|entry| {
                    if stage(entry.flags) == 0 && described(&entry).is_regular_file() {
                        let path = std::str::from_utf8(entry.path).ok().and_then(RepoPath::new);
                        blobs.extend(path.map(|path| (path, entry.id)));
                    }
                    ControlFlow::Continue(())
                });
                blobs
            }
            Self::Listing(entries) => entries
                .iter()
                .filter(|(_, entry)| entry.is_regular_file())
                .filter_map(|(path, entry)| Some((RepoPath::new(path)?, entry.id)))
                .collect(),
        }
    }
}

/// Finds the entries that are only announced. In a listing they look like empty files, and only beside the working tree
/// do they show.
fn mark_announced(entries: &mut BTreeMap<String, Entry>, plumbing: &Plumbing<'_>) -> Result<(), GitError> {
    if !entries.values().any(|entry| entry.id.to_string() == EMPTY_BLOB) {
        return Ok(());
    }
    let answer = plumbing.run(&["diff-files", "--diff-filter=A", "--name-only", "-z", "--"], b"")?;
    for path in answer.split(|&byte| byte == 0) {
        if let Some(entry) = std::str::from_utf8(path).ok().and_then(|path| entries.get_mut(path)) {
            entry.mark = Mark::IntentToAdd;
        }
    }
    Ok(())
}

/// Waits until no lock is in the way of writing the indexes, or names the lock that stays.
pub(super) fn wait_for_lock(repository: &Repository) -> Result<(), IndexFailure> {
    let targets = targets(repository);
    for attempt in 1.. {
        let Some(lock) = targets.iter().map(|target| lock_of(target)).find(|lock| lock.exists()) else {
            break;
        };
        if attempt >= LOCK_ATTEMPTS {
            return Err(IndexFailure::Locked(lock));
        }
        thread::sleep(LOCK_PAUSE);
    }
    Ok(())
}

/// Puts new blobs in the place of old ones and returns the paths whose entries were no longer the old ones.
///
/// Each index is written once, for all paths, by git itself. When that fails, no index is changed.
pub(super) fn replace(
    repository: &Repository,
    replacements: &[Replacement],
) -> Result<Vec<RepoPath>, IndexFailure> {
    let targets = targets(repository);
    for attempt in 1.. {
        wait_for_lock(repository)?;
        match replace_once(repository, &targets, replacements) {
            Ok(moved) => {
                let written: Vec<_> =
                    replacements.iter().filter(|replacement| !moved.contains(&replacement.path)).collect();
                refresh(repository, &targets, &written);
                return Ok(moved);
            }
            Err(failure) => {
                let locked = targets.iter().any(|target| lock_of(target).exists());
                if !locked || attempt >= LOCK_ATTEMPTS {
                    return Err(IndexFailure::Git(failure));
                }
            }
        }
    }
    Ok(Vec::new())
}

/// Writes a blob and returns its id.
pub(super) fn store(repository: &Repository, bytes: &[u8]) -> Result<Oid, GitError> {
    let purpose = "store the new text";
    let arguments = ["hash-object", "-w", "-t", "blob", "--stdin", "--no-filters"];
    let answer = repository.plumbing(purpose).run(&arguments, bytes)?;
    let answer = String::from_utf8_lossy(&answer);
    Oid::from_str(answer.trim()).map_err(|_| GitError::Answer { purpose })
}

/// Returns the indexes that a change to what is committed concerns; the one the commit is made from is last.
///
/// `git commit PATH` commits from `next-index-<pid>.lock` and has prepared `index.lock`, which becomes the
/// index afterwards: patched alone, the first would leave the file looking reverted in the second.
fn targets(repository: &Repository) -> Vec<PathBuf> {
    let chosen = repository.index_file();
    let name = chosen.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let number = name.strip_prefix("next-index-").and_then(|rest| rest.strip_suffix(".lock"));
    let temporary = number.is_some_and(|number| number.bytes().all(|byte| byte.is_ascii_digit()));
    let prepared = chosen.with_file_name("index.lock");
    let of_this_repository =
        chosen.parent().is_some_and(|folder| same_folder(folder, repository.git_folder()));
    if temporary && of_this_repository && prepared.is_file() {
        return vec![prepared, chosen];
    }
    vec![chosen]
}

fn same_folder(first: &Path, second: &Path) -> bool {
    match (first.canonicalize(), second.canonicalize()) {
        (Ok(first), Ok(second)) => first == second,
        _ => false,
    }
}

/// Returns the lock that git takes to write an index: the name with `.lock` after it, also after `.lock`.
fn lock_of(index_file: &Path) -> PathBuf {
    let mut name = index_file.as_os_str().to_owned();
    name.push(".lock");
    PathBuf::from(name)
}

fn replace_once(
    repository: &Repository,
    targets: &[PathBuf],
    replacements: &[Replacement],
) -> Result<Vec<RepoPath>, GitError> {
    let Some((chosen, others)) = targets.split_last() else { return Ok(Vec::new()) };
    let index = Index::load(repository, chosen)?;
    let has_moved = |replacement: &&Replacement| {
        index.entry(&replacement.path).is_none_or(|entry| entry.id != replacement.before)
    };
    let moved: Vec<RepoPath> =
        replacements.iter().filter(has_moved).map(|replacement| replacement.path.clone()).collect();
    let wanted: Vec<&Replacement> =
        replacements.iter().filter(|replacement| !moved.contains(&replacement.path)).collect();
    let mut written: Vec<&PathBuf> = Vec::new();
    for target in others.iter().chain([chosen]) {
        let result = swap_blobs(repository, target, &wanted);
        if let Err(failure) = result {
            let backwards: Vec<Replacement> =
                wanted.iter().map(|replacement| reversed(replacement)).collect();
            let backwards: Vec<&Replacement> = backwards.iter().collect();
            for target in written {
                if swap_blobs(repository, target, &backwards).is_err() {
                    tracing::warn!(index = %target.display(), "an index could not be put back");
                }
            }
            return Err(failure);
        }
        written.push(target);
    }
    Ok(moved)
}

/// Replaces the entries of one index that still have the old blob; modes stay.
fn swap_blobs(
    repository: &Repository,
    index_file: &Path,
    replacements: &[&Replacement],
) -> Result<(), GitError> {
    let index = Index::load(repository, index_file)?;
    let mut lines = Vec::new();
    for replacement in replacements {
        if let Some(entry) = index.entry(&replacement.path)
            && entry.id == replacement.before
        {
            // Writing to a vector cannot fail.
            let _ = write!(lines, "{:o} {}\t{}\0", entry.mode, replacement.after, replacement.path);
        }
    }
    if lines.is_empty() {
        return Ok(());
    }
    let plumbing = Plumbing { repository, index_file: Some(index_file), purpose: "update the index" };
    plumbing.run(&["update-index", "-z", "--index-info"], &lines)?;
    Ok(())
}

fn reversed(replacement: &Replacement) -> Replacement {
    Replacement { path: replacement.path.clone(), before: replacement.after, after: replacement.before }
}

/// Lets git note the size and time of the files that now equal their entries, so that it need not read them.
///
/// Nothing depends on it: git compares content where it has no note.
fn refresh(repository: &Repository, targets: &[PathBuf], replacements: &[&Replacement]) {
    let mut paths = Vec::new();
    for replacement in replacements {
        paths.extend_from_slice(replacement.path.as_str().as_bytes());
        paths.push(0);
    }
    if paths.is_empty() {
        return;
    }
    for target in targets {
        let plumbing = Plumbing { repository, index_file: Some(target), purpose: "refresh the index" };
        let arguments = ["add", "--refresh", "--pathspec-from-file=-", "--pathspec-file-nul"];
        if let Err(failure) = plumbing.run(&arguments, &paths) {
            tracing::debug!(%failure, "the index was written but not refreshed");
        }
    }
}

fn described(entry: &Listed<'_>) -> Entry {
    let mark = if entry.more_flags & INTENT_TO_ADD != 0 {
        Mark::IntentToAdd
    } else if entry.more_flags & SKIP_WORKTREE != 0 || entry.flags & ASSUME_UNCHANGED != 0 {
        Mark::Unwatched
    } else {
        Mark::Plain
    };
    Entry { mode: entry.mode, id: entry.id, mark }
}

/// The bit of an entry's flags that `--assume-unchanged` sets.
const ASSUME_UNCHANGED: u16 = 0x8000;
/// The bit of its second flags that `--skip-worktree` sets.
const SKIP_WORKTREE: u16 = 0x4000;
/// The bit of its second flags that `git add --intent-to-add` sets.
const INTENT_TO_ADD: u16 = 0x2000;

/// Returns the stage in an entry's flags: 0, or the side of a conflict.
fn stage(flags: u16) -> u16 {
    (flags >> 12) & 0b11
}

/// Reads `H 100644 <id> 0<tab>path`; entries in conflict have a path and no entry.
fn listed(line: &str) -> Option<(&str, Option<Entry>)> {
    let (header, path) = line.split_once('\t')?;
    let parts: Vec<&str> = header.split(' ').collect();
    let [tag, mode, id, stage] = parts.as_slice() else { return None };
    if *stage != "0" {
        return Some((path, None));
    }
    let unwatched = tag.starts_with(|tag: char| tag == 'S' || tag.is_ascii_lowercase());
    let mark = if unwatched { Mark::Unwatched } else { Mark::Plain };
    let entry = Entry { mode: u32::from_str_radix(mode, 8).ok()?, id: Oid::from_str(id).ok()?, mark };
    Some((path, Some(entry)))
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: &str = "78981922613b2afb6025042ff6bd878ac1994e85";

    #[test]
    fn a_listing_tells_marks_and_conflicts() {
        let table = [
            ("H", "0", Some(Some(Mark::Plain))),
            ("h", "0", Some(Some(Mark::Unwatched))),
            ("S", "0", Some(Some(Mark::Unwatched))),
            ("M", "2", Some(None)),
        ];
        for (tag, stage, expected) in table {
            let line = format!("{tag} 100644 {ID} {stage}\ta b.py");
            let found = listed(&line).map(|(_, entry)| entry.map(|entry| entry.mark));
            assert_eq!(found, expected, "{line}");
        }
        assert_eq!(listed("nonsense"), None);
    }

    #[test]
    fn a_lock_has_the_whole_name_of_its_index() {
        assert_eq!(lock_of(Path::new("/r/.git/index.lock")), Path::new("/r/.git/index.lock.lock"));
    }
}
