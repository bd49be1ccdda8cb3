//! Which Python files a run looks at: what is staged, or what lies between two commits.

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use git2::{ErrorCode, Oid, RepositoryState};

use super::attributes::{Attributes, is_attribute_file};
use super::error::GitError;
use super::range::{Range, RangeKind};
use super::raw::{self, FILE_MODES, RawChange, SUBMODULE_MODE, SYMLINK_MODE};
use super::repository::Repository;
use crate::change::{Change, RepoPath, SkippedFile};

/// The largest file that is looked at, in bytes.
pub const SIZE_LIMIT: usize = 10 * 1024 * 1024;

/// How the stand-in begins that Git LFS commits for a file; see its specification.
const LFS_POINTER: &[u8] = b"version https://git-lfs.github.com/spec/";

/// Why a generated file is not looked at.
pub const GENERATED: &str = "generated, as `.gitattributes` say (`linguist-generated`)";

const TOO_LARGE: &str = "larger than 10 MB";

/// How far into a file a NUL byte makes it binary, in bytes; git looks as far.
const BINARY_WINDOW: usize = 8 * 1024;

/// The most deleted files that are read, and the most bytes of them.
const MOST_DELETED: (usize, usize) = (256, 8 * 1024 * 1024);

/// How many files on each side are compared to find what was renamed; git's own default, whatever a person has set.
const RENAMES: &str = "-l1000";

/// The tree without entries, which an unborn branch is compared with. Git knows it without storing it.
const EMPTY_TREE: &str = "4b825dc642cb6eb9a060e54bf8d69288fbee4904";
/// The blob without bytes, which stands for the content of an intent-to-add entry.
pub(super) const EMPTY_BLOB: &str = "e69de29bb2d1d6434b8b29ae775ad8c2e48c5391";

/// The files to look at and the ones that were left out.
///
/// Only names that [`RepoPath::is_python`] accepts appear, in git's order of paths.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Selection {
    /// The files to look at.
    pub changes: Vec<Change>,
    /// The files that are not looked at, with the reason.
    pub skipped: Vec<SkippedFile>,
    /// While a merge, a cherry-pick, a revert or a rebase is being concluded: the files to look at as the other side has
    /// them.
    pub theirs: Vec<(RepoPath, Vec<u8>)>,
    /// The tree that the files to look at belong to.
    pub tree: Tree,
    /// The Python files that were deleted, as they were: what is in them may have moved. Of very many, the first.
    pub deleted: Vec<Vec<u8>>,
}

/// An operation that brings along what was looked at when it was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Progress {
    /// A merge.
    Merge,
    /// A cherry-pick.
    CherryPick,
    /// A revert.
    Revert,
    /// A rebase.
    Rebase,
}

impl Progress {
    /// Returns the word for it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Merge => "merge",
            Self::CherryPick => "cherry-pick",
            Self::Revert => "revert",
            Self::Rebase => "rebase",
        }
    }
}

/// What the files of a selection are taken from.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Tree {
    /// Nothing that could be asked.
    #[default]
    None,
    /// The index.
    Index,
    /// A commit, by its full id.
    Commit(String),
    /// The files below a folder.
    Folder(PathBuf),
}

impl Selection {
    /// Returns the paths of the files to look at.
    pub fn paths(&self) -> impl Iterator<Item = &RepoPath> {
        self.changes.iter().map(|change| &change.path)
    }
}

impl Repository {
    /// Returns whether anything is staged, Python or not.
    ///
    /// # Errors
    ///
    /// Any [`GitError`] of reading the index.
    pub fn has_staged(&self) -> Result<bool, GitError> {
        let head = self.head_or_empty_tree()?;
        let arguments = ["diff-index", "--cached", "--name-only", "-z", &head, "--"];
        Ok(!self.plumbing("list the staged files").run(&arguments, b"")?.is_empty())
    }

    /// Returns what is being concluded, if anything.
    #[must_use]
    pub fn in_progress(&self) -> Option<Progress> {
        match self.inner.state() {
            RepositoryState::Merge => Some(Progress::Merge),
            RepositoryState::CherryPick | RepositoryState::CherryPickSequence => Some(Progress::CherryPick),
            RepositoryState::Revert | RepositoryState::RevertSequence => Some(Progress::Revert),
            RepositoryState::Rebase | RepositoryState::RebaseInteractive | RepositoryState::RebaseMerge => {
                Some(Progress::Rebase)
            }
            _ => None,
        }
    }

    /// Returns the staged files against `HEAD`; `only` narrows the answer to some paths.
    ///
    /// On an unborn branch everything staged counts as added. While a merge, a cherry-pick, a revert or a rebase is being
    /// concluded, files that are taken unchanged from the other side are left out: they were looked at when they were
    /// written. The others come with the text of that side, which is no more news than that of `HEAD`.
    ///
    /// # Errors
    ///
    /// [`GitError::Bare`], or any [`GitError`] of reading the index or the objects.
    pub fn staged(&self, only: Option<&[RepoPath]>) -> Result<Selection, GitError> {
        if self.is_bare() {
            return Err(GitError::Bare);
        }
        let head = self.head_or_empty_tree()?;
        let mut records = self.staged_records(&["diff-index", "--cached"], &head)?;
        let changed = records.iter().any(|record| {
            is_attribute_file(&record.path) || record.old_path.as_deref().is_some_and(is_attribute_file)
        });
        records.retain(|record| looks_like_python(&record.path));
        if let Some(only) = only {
            let wanted: HashSet<&[u8]> = only.iter().map(|path| path.as_str().as_bytes()).collect();
            // Hook managers name no deleted files.
            records.retain(|record| record.status == b'D' || wanted.contains(record.path.as_slice()));
        }
        let merged = self.merged_tree();
        if let Some(tree) = &merged {
            records.retain(|record| blob_in(tree, &record.path) != Some(record.new_id));
        }
        let announced = self.intent_to_add(&records, &head)?;
        let mut selection = Selection { tree: Tree::Index, ..Selection::default() };
        let records = self.without_generated(records, Attributes::Staged { changed }, &mut selection)?;
        for record in &records {
            if announced.contains(record.path.as_slice()) {
                selection.skip(record, "only announced with `git add --intent-to-add`");
            } else {
                self.select(record, &mut selection)?;
            }
        }
        if let Some(tree) = &merged {
            self.read_theirs(tree, &mut selection)?;
        }
        Ok(selection)
    }

    /// Returns the files that differ between the two commits of a range; the index plays no part.
    ///
    /// # Errors
    ///
    /// [`GitError::UnknownRevision`], [`GitError::NoMergeBase`], or any [`GitError`] of reading the objects.
    pub fn range(&self, range: &Range) -> Result<Selection, GitError> {
        let to = self.resolve(&range.to)?;
        let from = match range.kind {
            RangeKind::Direct => self.resolve(&range.from)?,
            RangeKind::MergeBase => self.merge_base(&range.from, &range.to)?,
        };
        let arguments = ["diff-tree", "-r", "--raw", "-z", "-C", RENAMES, "--no-abbrev", &from, &to, "--"];
        let mut records = self.records(&arguments)?;
        records.retain(|record| looks_like_python(&record.path));
        let mut selection = Selection { tree: Tree::Commit(to.clone()), ..Selection::default() };
        let records = self.without_generated(records, Attributes::Of(&to), &mut selection)?;
        for record in &records {
            self.select(record, &mut selection)?;
        }
        Ok(selection)
    }

    /// Returns the files that `HEAD` changed since it left `reference`.
    ///
    /// The base is the merge base of `reference` and `HEAD`, and what is judged is the `HEAD` commit: neither
    /// the index nor the working tree plays a part.
    ///
    /// # Errors
    ///
    /// As [`Repository::range`].
    pub fn since(&self, reference: &str) -> Result<Selection, GitError> {
        self.range(&Range::since(reference))
    }

    /// Returns what the index is compared with: on an unborn branch everything staged counts as added.
    fn head_or_empty_tree(&self) -> Result<String, GitError> {
        match self.inner.head().and_then(|head| head.peel_to_commit()) {
            Ok(commit) => Ok(commit.id().to_string()),
            Err(source) if source.code() == ErrorCode::UnbornBranch => Ok(EMPTY_TREE.to_owned()),
            Err(source) => Err(GitError::Library { purpose: "read HEAD", source }),
        }
    }

    fn staged_records(&self, command: &[&str], head: &str) -> Result<Vec<RawChange>, GitError> {
        let mut arguments = command.to_vec();
        arguments.extend([
            "--raw",
            "-z",
            "-C",
            RENAMES,
            "--no-abbrev",
            "--ignore-submodules=none",
            head,
            "--",
        ]);
        self.records(&arguments)
    }

    fn records(&self, arguments: &[&str]) -> Result<Vec<RawChange>, GitError> {
        let purpose = "list the changed files";
        let answer = self.plumbing(purpose).run(arguments, b"")?;
        raw::parse(&answer).ok_or(GitError::Answer { purpose })
    }

    /// Leaves out what `.gitattributes` call generated.
    fn without_generated(
        &self,
        mut records: Vec<RawChange>,
        attributes: Attributes<'_>,
        selection: &mut Selection,
    ) -> Result<Vec<RawChange>, GitError> {
        let there = records.iter().filter(|record| record.status != b'D');
        let paths: Vec<&[u8]> = there.map(|record| record.path.as_slice()).collect();
        let generated = self.generated_of(&paths, attributes)?;
        records.retain(|record| {
            let is_generated = record.status != b'D' && generated.contains(&record.path);
            if is_generated {
                selection.skip(record, GENERATED);
            }
            !is_generated
        });
        Ok(records)
    }

    /// Returns the paths that are only announced. They look like empty added files, unless git hides them.
    fn intent_to_add(&self, records: &[RawChange], head: &str) -> Result<HashSet<Vec<u8>>, GitError> {
        let empty = |record: &&RawChange| record.new_id.to_string() == EMPTY_BLOB;
        let mut suspects: HashSet<Vec<u8>> =
            records.iter().filter(empty).map(|record| record.path.clone()).collect();
        if suspects.is_empty() {
            return Ok(suspects);
        }
        let command = ["diff-index", "--cached", "--ita-invisible-in-index"];
        for record in self.staged_records(&command, head)? {
            if record.status != b'D' {
                suspects.remove(&record.path);
            }
        }
        Ok(suspects)
    }

    /// Returns the tree of the other side while a merge, a cherry-pick, a revert or a rebase is being concluded.
    ///
    /// A revert brings back what was there before the commit that it takes back.
    fn merged_tree(&self) -> Option<git2::Tree<'_>> {
        let other = match self.in_progress()? {
            Progress::Merge => "MERGE_HEAD",
            Progress::CherryPick => "CHERRY_PICK_HEAD",
            Progress::Revert => "REVERT_HEAD^",
            Progress::Rebase => "REBASE_HEAD",
        };
        self.commit(other).ok()?.tree().ok()
    }

    /// Reads the files to look at as the other side has them.
    fn read_theirs(&self, tree: &git2::Tree<'_>, selection: &mut Selection) -> Result<(), GitError> {
        for change in &selection.changes {
            let places = [Some(&change.path), change.old_path.as_ref()];
            let id = places.into_iter().flatten().find_map(|path| blob_in(tree, path.as_str().as_bytes()));
            if let Some(id) = id {
                selection.theirs.push((change.path.clone(), self.blob(id)?));
            }
        }
        Ok(())
    }

    fn select(&self, record: &RawChange, selection: &mut Selection) -> Result<(), GitError> {
        let reason = match (record.status, record.new_mode) {
            (b'D', _) => return self.read_deleted(record, selection),
            (b'U', _) => "in conflict",
            (_, SYMLINK_MODE) => "a symbolic link",
            (_, SUBMODULE_MODE) => "a submodule",
            (_, mode) if !FILE_MODES.contains(&mode) => "not a regular file",
            _ => return self.select_file(record, selection),
        };
        selection.skip(record, reason);
        Ok(())
    }

    fn read_deleted(&self, record: &RawChange, selection: &mut Selection) -> Result<(), GitError> {
        let (most, most_bytes) = MOST_DELETED;
        let read: usize = selection.deleted.iter().map(Vec::len).sum();
        let fits = self.blob_size(record.old_id).is_some_and(|size| read + size <= most_bytes);
        if FILE_MODES.contains(&record.old_mode) && fits && selection.deleted.len() < most {
            selection.deleted.push(self.blob(record.old_id)?);
        }
        Ok(())
    }

    fn select_file(&self, record: &RawChange, selection: &mut Selection) -> Result<(), GitError> {
        let path = std::str::from_utf8(&record.path).ok().and_then(RepoPath::new);
        let Some(path) = path else {
            selection.skip(record, "the path is not valid UTF-8");
            return Ok(());
        };
        let has_base = FILE_MODES.contains(&record.old_mode) && !record.old_id.is_zero();
        let too_large = |id: Oid| self.blob_size(id).is_some_and(|size| size > SIZE_LIMIT);
        if too_large(record.new_id) || (has_base && too_large(record.old_id)) {
            selection.skip(record, TOO_LARGE);
            return Ok(());
        }
        let new = self.blob(record.new_id)?;
        // The size of what a partial clone had to fetch is known only now.
        if new.len() > SIZE_LIMIT {
            selection.skip(record, TOO_LARGE);
            return Ok(());
        }
        if is_binary(&new) {
            selection.skip(record, "binary");
            return Ok(());
        }
        if new.starts_with(LFS_POINTER) {
            selection.skip(record, "a pointer of Git LFS");
            return Ok(());
        }
        let base = if has_base { Some(self.blob(record.old_id)?) } else { None };
        let old_path = record.old_path.as_deref().and_then(|path| std::str::from_utf8(path).ok());
        let old_path = old_path.and_then(RepoPath::new);
        selection.changes.push(Change { path, old_path, new, base });
        Ok(())
    }
}

impl Selection {
    fn skip(&mut self, record: &RawChange, reason: &str) {
        let path = String::from_utf8_lossy(&record.path).into_owned();
        self.skipped.push(SkippedFile { path, reason: reason.to_owned() });
    }
}

/// Returns the regular file that a tree has at a path.
pub(super) fn blob_in(tree: &git2::Tree<'_>, path: &[u8]) -> Option<Oid> {
    let entry = tree.get_path(Path::new(std::str::from_utf8(path).ok()?)).ok()?;
    u32::try_from(entry.filemode()).is_ok_and(|mode| FILE_MODES.contains(&mode)).then(|| entry.id())
}

/// Returns whether the ending is one of Python's, also where the rest is not valid UTF-8.
fn looks_like_python(path: &[u8]) -> bool {
    RepoPath::new(&String::from_utf8_lossy(path)).is_some_and(|path| path.is_python())
}

fn is_binary(bytes: &[u8]) -> bool {
    let window = bytes.get(..BINARY_WINDOW).unwrap_or(bytes);
    memchr::memchr(0, window).is_some()
}
