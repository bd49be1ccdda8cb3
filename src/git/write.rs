//! Carries patched text back into the working tree and the index: both or neither, file by file.
//!
//! Nothing is lost at any moment: what is overwritten is compared with what was read before, the working tree
//! is written first and the index last, and when the index cannot be written the working tree is put back. A
//! kill in between leaves the working tree ahead of the index, from where the next run goes on.

use std::io;
use std::path::PathBuf;
use std::sync::Arc;

use git2::{ObjectType, Oid};
use thiserror::Error;

use super::error::GitError;
use super::index::{self, Index, IndexFailure, Mark, Replacement};
use super::repository::Repository;
use super::working::{self, Found};
use crate::change::RepoPath;

/// What to write for one file; each path may appear once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FilePatch {
    /// The file.
    pub path: RepoPath,
    /// What to replace in the index, if anything.
    pub staged: Option<Swap>,
    /// What to replace in the working tree, if anything.
    pub working: Option<Swap>,
}

/// A whole text and the text to put in its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Swap {
    /// The bytes that must still be there.
    pub before: Vec<u8>,
    /// The bytes to write.
    pub after: Vec<u8>,
}

/// What became of one [`FilePatch`].
#[derive(Debug)]
pub struct Written {
    /// The file.
    pub path: RepoPath,
    /// Whether all of it was written, or why nothing was.
    pub result: Result<(), WriteError>,
}

/// One of the two places a file is written to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// What the next commit takes.
    Index,
    /// The file on disk.
    WorkingTree,
}

/// Why a file was not written.
#[derive(Debug, Error)]
pub enum WriteError {
    /// The file is not what it was when it was read.
    #[error("{} changed while docgate was running", .side.phrase())]
    ChangedMeanwhile {
        /// Where the other text was found.
        side: Side,
    },
    /// The file is of a kind that docgate does not write.
    #[error("the file is left alone: {reason}")]
    LeftAlone {
        /// Why, as a clause: "it is a symbolic link".
        reason: &'static str,
    },
    /// Another process holds the lock of the index.
    #[error("the index is locked by {}", .lock.display())]
    Locked {
        /// The lock file.
        lock: PathBuf,
    },
    /// The file on disk could not be read or written.
    #[error("cannot write {}", .path.display())]
    WorkingTree {
        /// The file.
        path: PathBuf,
        /// What the operating system says.
        source: io::Error,
    },
    /// The index could not be read or written.
    #[error("the index could not be written{}", left_behind(*.put_back))]
    Index {
        /// Whether the file on disk is as it was.
        put_back: bool,
        /// What git says; one failure may concern many files.
        source: Arc<GitError>,
    },
}

impl WriteError {
    /// Returns what the person can do about it, if anything.
    #[must_use]
    pub fn hint(&self) -> Option<String> {
        match self {
            Self::ChangedMeanwhile { .. } => Some("run it again".to_owned()),
            Self::Locked { lock } => Some(format!(
                "wait for the other git command to end; if there is none, remove {}",
                lock.display()
            )),
            Self::WorkingTree { .. } => {
                Some("see that the folder can be written and the disk has room".to_owned())
            }
            Self::Index { source, .. } => source.hint(),
            Self::LeftAlone { .. } => None,
        }
    }
}

impl Side {
    fn phrase(self) -> &'static str {
        match self {
            Self::Index => "what is staged",
            Self::WorkingTree => "the file on disk",
        }
    }
}

fn left_behind(put_back: bool) -> &'static str {
    if put_back { "" } else { ", and the file on disk could not be put back: it has the new text" }
}

/// Writes patches into the working tree and the index, and says for each file what became of it.
///
/// A file whose index entry or working file is no longer the one that was read is not written at all; the
/// others are. File modes stay as they are, symbolic links are neither followed nor replaced. The index is
/// written once for all files, by git. Under `git commit PATH` the index that becomes current after the commit
/// is patched along, where it has the same text.
///
/// The repository's own reading of the index is as old as before: open it again to see the new one.
#[must_use]
pub fn write_back(repository: &Repository, patches: &[FilePatch]) -> Vec<Written> {
    let mut jobs: Vec<Job<'_>> = patches.iter().map(Job::new).collect();
    check_index(repository, &mut jobs);
    for job in &mut jobs {
        job.attempt(|job| check_working(repository, job.patch));
    }
    for job in &mut jobs {
        job.attempt(|job| job.store(repository));
    }
    for job in &mut jobs {
        job.attempt(|job| job.write_working(repository));
    }
    write_index(repository, &mut jobs);
    jobs.into_iter().map(|job| Written { path: job.patch.path.clone(), result: job.result }).collect()
}

/// One patch on its way.
struct Job<'a> {
    patch: &'a FilePatch,
    result: Result<(), WriteError>,
    replacement: Option<Replacement>,
    wrote_working: bool,
}

impl<'a> Job<'a> {
    fn new(patch: &'a FilePatch) -> Self {
        Self { patch, result: Ok(()), replacement: None, wrote_working: false }
    }

    /// Takes the next step, unless an earlier one failed.
    fn attempt(&mut self, step: impl FnOnce(&mut Self) -> Result<(), WriteError>) {
        if self.result.is_ok() {
            self.result = step(self);
        }
    }

    fn store(&mut self, repository: &Repository) -> Result<(), WriteError> {
        let Some(swap) = change(self.patch.staged.as_ref()) else { return Ok(()) };
        let failed = |failure| WriteError::Index { put_back: true, source: Arc::new(failure) };
        let before = blob_id(&swap.before).map_err(failed)?;
        let after = index::store(repository, &swap.after).map_err(failed)?;
        self.replacement = Some(Replacement { path: self.patch.path.clone(), before, after });
        Ok(())
    }

    fn write_working(&mut self, repository: &Repository) -> Result<(), WriteError> {
        let Some(swap) = change(self.patch.working.as_ref()) else { return Ok(()) };
        let path = &self.patch.path;
        match working::replace_file(repository.root(), path, &swap.before, &swap.after) {
            Ok(true) => {
                self.wrote_working = true;
                Ok(())
            }
            Ok(false) => Err(WriteError::ChangedMeanwhile { side: Side::WorkingTree }),
            Err(source) => Err(WriteError::WorkingTree { path: path.below(repository.root()), source }),
        }
    }

    /// Puts the working file back if it is still as it was written, and says whether it is as before.
    fn put_back(&mut self, repository: &Repository) -> bool {
        let Some(swap) = self.patch.working.as_ref().filter(|_| self.wrote_working) else { return true };
        working::replace_file(repository.root(), &self.patch.path, &swap.after, &swap.before).unwrap_or(false)
    }
}

/// Returns a swap that changes something.
fn change(swap: Option<&Swap>) -> Option<&Swap> {
    swap.filter(|swap| swap.before != swap.after)
}

fn blob_id(bytes: &[u8]) -> Result<Oid, GitError> {
    Oid::hash_object(ObjectType::Blob, bytes)
        .map_err(|source| GitError::Library { purpose: "hash a text", source })
}

/// Compares what is staged with what was read, before anything is written.
fn check_index(repository: &Repository, jobs: &mut [Job<'_>]) {
    if jobs.iter().all(|job| job.patch.staged.is_none()) {
        return;
    }
    let loaded = index::wait_for_lock(repository)
        .and_then(|()| Index::load(repository, &repository.index_file()).map_err(IndexFailure::Git));
    let loaded = loaded.map_err(SharedFailure::from);
    for job in jobs {
        let Some(swap) = &job.patch.staged else { continue };
        job.result = match &loaded {
            Ok(index) => check_entry(index, &job.patch.path, swap),
            Err(failure) => Err(failure.error(true)),
        };
    }
}

fn check_entry(index: &Index, path: &RepoPath, swap: &Swap) -> Result<(), WriteError> {
    let changed = WriteError::ChangedMeanwhile { side: Side::Index };
    let Some(entry) = index.entry(path) else { return Err(changed) };
    match entry.mark {
        Mark::Plain => {}
        Mark::IntentToAdd => {
            return Err(WriteError::LeftAlone {
                reason: "it is only announced with `git add --intent-to-add`",
            });
        }
        // Git would forget the mark when the entry is replaced.
        Mark::Unwatched => {
            return Err(WriteError::LeftAlone {
                reason: "git is told not to look at it in the working tree",
            });
        }
    }
    if !entry.is_regular_file() {
        return Err(WriteError::LeftAlone { reason: "it is not staged as a regular file" });
    }
    match blob_id(&swap.before) {
        Ok(id) if id == entry.id => Ok(()),
        Ok(_) => Err(changed),
        Err(failure) => Err(WriteError::Index { put_back: true, source: Arc::new(failure) }),
    }
}

/// Compares the working file with what was read.
fn check_working(repository: &Repository, patch: &FilePatch) -> Result<(), WriteError> {
    let Some(swap) = &patch.working else { return Ok(()) };
    let changed = Err(WriteError::ChangedMeanwhile { side: Side::WorkingTree });
    match working::find(repository.root(), &patch.path) {
        Ok(Found::File(bytes)) if bytes == swap.before => Ok(()),
        Ok(Found::File(_) | Found::Nothing) => changed,
        Ok(Found::Forbidden(reason)) => Err(WriteError::LeftAlone { reason: reason.phrase() }),
        Err(source) => Err(WriteError::WorkingTree { path: patch.path.below(repository.root()), source }),
    }
}

fn write_index(repository: &Repository, jobs: &mut [Job<'_>]) {
    let replacements: Vec<Replacement> =
        jobs.iter().filter(|job| job.result.is_ok()).filter_map(|job| job.replacement.clone()).collect();
    if replacements.is_empty() {
        return;
    }
    let outcome = index::replace(repository, &replacements).map_err(SharedFailure::from);
    for job in jobs {
        if job.result.is_err() || job.replacement.is_none() {
            continue;
        }
        match &outcome {
            Ok(moved) if moved.contains(&job.patch.path) => {
                if !job.put_back(repository) {
                    tracing::warn!(path = %job.patch.path, "the file was edited meanwhile and stays as it is");
                }
                job.result = Err(WriteError::ChangedMeanwhile { side: Side::Index });
            }
            Ok(_) => {}
            Err(failure) => {
                let put_back = job.put_back(repository);
                job.result = Err(failure.error(put_back));
            }
        }
    }
}

/// One failure of the index, to be reported for every file it concerns.
enum SharedFailure {
    Locked(PathBuf),
    Git(Arc<GitError>),
}

impl From<IndexFailure> for SharedFailure {
    fn from(failure: IndexFailure) -> Self {
        match failure {
            IndexFailure::Locked(lock) => Self::Locked(lock),
            IndexFailure::Git(failure) => Self::Git(Arc::new(failure)),
        }
    }
}

impl SharedFailure {
    fn error(&self, put_back: bool) -> WriteError {
        match self {
            Self::Locked(lock) => WriteError::Locked { lock: lock.clone() },
            Self::Git(source) => WriteError::Index { put_back, source: Arc::clone(source) },
        }
    }
}
