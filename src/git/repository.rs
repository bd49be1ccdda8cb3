//! Opens a repository and reads what lies in it: where it is, its commits, its objects, its index.

use std::cell::OnceCell;
use std::path::{Component, Path, PathBuf};
use std::{fs, io};

use git2::{ErrorCode, Oid};

use super::error::GitError;
use super::index::Index;
use super::plumbing::Plumbing;
use crate::change::RepoPath;
use crate::env;

/// An open repository, with the index that counts and the folder docgate was called from.
pub struct Repository {
    pub(super) inner: git2::Repository,
    root: PathBuf,
    /// The root without symbolic links, to compare paths with.
    real_root: PathBuf,
    /// The folder docgate was called from, without symbolic links.
    standing: PathBuf,
    index_setting: Option<PathBuf>,
    surroundings: Surroundings,
    index: OnceCell<Index>,
}

/// Whether the `GIT_…` variables of the process choose the repository.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Surroundings {
    /// They do: git or a person started docgate for this repository.
    Heeded,
    /// They do not: the repository was named, and the variables may speak of another one.
    Ignored,
}

impl Repository {
    /// Opens the repository around the current folder, as git itself would choose it.
    ///
    /// `GIT_DIR`, `GIT_WORK_TREE`, `GIT_INDEX_FILE` and the others that git sets for its hooks are heeded.
    ///
    /// # Errors
    ///
    /// [`GitError::NotARepository`], or [`GitError::Owner`] when git refuses the folder's owner.
    pub fn discover() -> Result<Self, GitError> {
        let here =
            std::env::current_dir().map_err(|source| GitError::Io { path: PathBuf::from("."), source })?;
        let inner = git2::Repository::open_from_env().map_err(|source| refusal(&here, source))?;
        if let Some(tree) = env::read_path(env::GIT_WORK_TREE).filter(|tree| tree.is_relative()) {
            // Git begins at the current folder, libgit2 at the git folder.
            let tree = here.join(tree);
            inner.set_workdir(&tree, false).map_err(|source| refusal(&tree, source))?;
        }
        let mut repository = Self::around(inner, &here, Surroundings::Heeded)?;
        if let Some(index_file) = env::read_path(env::GIT_INDEX_FILE) {
            repository = repository.with_index_file(&index_file);
        }
        Ok(repository)
    }

    /// Opens the repository around `folder`, whatever the environment says; `folder` counts as current.
    ///
    /// # Errors
    ///
    /// [`GitError::NotARepository`], or [`GitError::Owner`] when git refuses the folder's owner.
    pub fn open_at(folder: &Path) -> Result<Self, GitError> {
        let inner = git2::Repository::discover(folder).map_err(|source| refusal(folder, source))?;
        Self::around(inner, folder, Surroundings::Ignored)
    }

    fn around(
        inner: git2::Repository,
        standing: &Path,
        surroundings: Surroundings,
    ) -> Result<Self, GitError> {
        // Hashing every object that is read costs 10 ms on a large index; `git fsck` is for that.
        git2::opts::strict_hash_verification(false);
        // libgit2 ends folders with a slash; collecting the components drops it.
        let root: PathBuf = inner.workdir().unwrap_or_else(|| inner.path()).components().collect();
        let real = |path: &Path| {
            fs::canonicalize(path).map_err(|source| GitError::Io { path: path.to_owned(), source })
        };
        let real_root = real(&root)?;
        let standing = real(standing)?;
        Ok(Self {
            inner,
            root,
            real_root,
            standing,
            index_setting: None,
            surroundings,
            index: OnceCell::new(),
        })
    }

    /// Uses another index, as `GIT_INDEX_FILE` does; like there, a relative path begins at the root.
    #[must_use]
    pub fn with_index_file(mut self, index_file: &Path) -> Self {
        self.index_setting = Some(self.root.join(index_file));
        self.index = OnceCell::new();
        self
    }

    /// Returns the root of the working tree; of a bare repository, its git folder.
    #[must_use]
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// Returns whether there is no working tree.
    #[must_use]
    pub fn is_bare(&self) -> bool {
        self.inner.workdir().is_none()
    }

    /// Returns where below the root docgate was called from; empty at the root.
    #[must_use]
    pub fn prefix(&self) -> &Path {
        self.standing.strip_prefix(&self.real_root).unwrap_or(Path::new(""))
    }

    /// Turns a path from the command line into a path of the repository.
    ///
    /// Relative paths begin where docgate was called. The root itself, paths outside and names that are not
    /// valid UTF-8 give `None`. A symbolic link stands for itself, not for what it points to.
    #[must_use]
    pub fn repo_path(&self, path: &Path) -> Option<RepoPath> {
        let path = without_dots(&self.standing.join(path));
        for root in [&self.real_root, &self.root] {
            if let Ok(inside) = path.strip_prefix(root) {
                return RepoPath::new(inside.to_str()?);
            }
        }
        let folder = fs::canonicalize(path.parent()?).ok()?;
        let inside = folder.strip_prefix(&self.real_root).ok()?.join(path.file_name()?);
        RepoPath::new(inside.to_str()?)
    }

    /// Returns the full id of the commit that a revision names.
    ///
    /// # Errors
    ///
    /// [`GitError::UnknownRevision`].
    pub fn resolve(&self, revision: &str) -> Result<String, GitError> {
        Ok(self.commit(revision)?.id().to_string())
    }

    /// Returns the full id of the best common ancestor of two revisions.
    ///
    /// # Errors
    ///
    /// [`GitError::UnknownRevision`] or [`GitError::NoMergeBase`].
    pub fn merge_base(&self, first: &str, second: &str) -> Result<String, GitError> {
        let ids = (self.commit(first)?.id(), self.commit(second)?.id());
        let base = self.inner.merge_base(ids.0, ids.1).map_err(|source| GitError::NoMergeBase {
            first: first.to_owned(),
            second: second.to_owned(),
            shallow: self.inner.is_shallow(),
            source,
        })?;
        Ok(base.to_string())
    }

    /// Returns a file as it is staged, or `None` when the index has no such regular file.
    ///
    /// The index is read once; later answers come from the same reading.
    ///
    /// # Errors
    ///
    /// Any [`GitError`] of reading the index or the object; [`GitError::Bare`].
    pub fn staged_file(&self, path: &RepoPath) -> Result<Option<Vec<u8>>, GitError> {
        let Some(entry) = self.index()?.entry(path) else { return Ok(None) };
        if !entry.is_regular_file() {
            return Ok(None);
        }
        self.blob(entry.id).map(Some)
    }

    /// Returns a file as it is in a commit, or `None` when the commit has no such regular file.
    ///
    /// # Errors
    ///
    /// [`GitError::UnknownRevision`], or any [`GitError`] of reading the object.
    pub fn file_at(&self, revision: &str, path: &RepoPath) -> Result<Option<Vec<u8>>, GitError> {
        let failed = |source| GitError::Library { purpose: "read a tree", source };
        let tree = self.commit(revision)?.tree().map_err(failed)?;
        let entry = match tree.get_path(Path::new(path.as_str())) {
            Ok(entry) => entry,
            Err(source) if source.code() == ErrorCode::NotFound => return Ok(None),
            Err(source) => return Err(failed(source)),
        };
        let mode = u32::try_from(entry.filemode()).unwrap_or_default();
        if !super::raw::FILE_MODES.contains(&mode) {
            return Ok(None);
        }
        self.blob(entry.id()).map(Some)
    }

    /// Returns the paths of all regular files of a commit, or of the index where none is named.
    ///
    /// Names that are not valid UTF-8 are left out.
    ///
    /// # Errors
    ///
    /// [`GitError::UnknownRevision`], or any [`GitError`] of reading the tree or the index.
    pub fn files(&self, revision: Option<&str>) -> Result<Vec<RepoPath>, GitError> {
        let Some(revision) = revision else { return Ok(self.index()?.files()) };
        let id = self.commit(revision)?.id().to_string();
        let answer = self
            .plumbing("list the files of a commit")
            .run(&["ls-tree", "-r", "-z", "--full-tree", &id], b"")?;
        let mut files = Vec::new();
        for line in answer.split(|&byte| byte == 0) {
            let Ok(line) = std::str::from_utf8(line) else { continue };
            if let Some((header, path)) = line.split_once('\t')
                && header.starts_with("100")
            {
                files.extend(RepoPath::new(path));
            }
        }
        Ok(files)
    }

    /// Returns the folder of this working tree's own git files.
    pub(super) fn git_folder(&self) -> &Path {
        self.inner.path()
    }

    /// Returns the folder docgate was called from, without symbolic links.
    pub(super) fn standing(&self) -> &Path {
        &self.standing
    }

    pub(super) fn index_setting(&self) -> Option<&Path> {
        self.index_setting.as_deref()
    }

    pub(super) fn surroundings(&self) -> Surroundings {
        self.surroundings
    }

    /// Returns the index file that counts for this run.
    pub(super) fn index_file(&self) -> PathBuf {
        self.index_setting.clone().unwrap_or_else(|| self.git_folder().join("index"))
    }

    /// Returns the index as it was when it was first asked for.
    pub(super) fn index(&self) -> Result<&Index, GitError> {
        if let Some(index) = self.index.get() {
            return Ok(index);
        }
        let index = Index::load(self, &self.index_file())?;
        Ok(self.index.get_or_init(|| index))
    }

    pub(super) fn plumbing(&self, purpose: &'static str) -> Plumbing<'_> {
        Plumbing { repository: self, index_file: None, purpose }
    }

    pub(super) fn commit(&self, revision: &str) -> Result<git2::Commit<'_>, GitError> {
        self.inner.revparse_single(revision).and_then(|object| object.peel_to_commit()).map_err(|source| {
            GitError::UnknownRevision {
                revision: revision.to_owned(),
                shallow: self.inner.is_shallow(),
                source,
            }
        })
    }

    /// Reads a blob; one that a partial clone has left behind is fetched by git.
    pub(super) fn blob(&self, id: Oid) -> Result<Vec<u8>, GitError> {
        let failed = |source| GitError::Library { purpose: "read an object", source };
        let objects = self.inner.odb().map_err(failed)?;
        match objects.read(id) {
            Ok(object) => Ok(object.data().to_vec()),
            Err(source) if source.code() == ErrorCode::NotFound => {
                self.plumbing("read an object").run(&["cat-file", "blob", &id.to_string()], b"")
            }
            Err(source) => Err(failed(source)),
        }
    }

    /// Returns the size of a blob in bytes, or `None` where a partial clone has left it behind.
    pub(super) fn blob_size(&self, id: Oid) -> Option<usize> {
        self.inner.odb().ok()?.read_header(id).ok().map(|(size, _)| size)
    }
}

fn refusal(folder: &Path, source: git2::Error) -> GitError {
    match source.code() {
        ErrorCode::Owner => GitError::Owner { path: unsafe_folder(&source, folder), source },
        ErrorCode::NotFound => GitError::NotARepository { path: folder.to_owned(), source },
        // libgit2 has no code of its own for it.
        _ if source.message().contains("objectformat") || source.message().contains("object format") => {
            GitError::LongIds { path: folder.to_owned(), source }
        }
        _ => GitError::Library { purpose: "open the repository", source },
    }
}

/// Returns the folder that libgit2 complains about: it names it in quotes.
fn unsafe_folder(source: &git2::Error, folder: &Path) -> PathBuf {
    let named = source.message().split('\'').nth(1).map(|path| path.trim_end_matches('/'));
    match named {
        Some(path) if !path.is_empty() => PathBuf::from(path),
        _ => folder.to_owned(),
    }
}

/// Resolves `.` and `..` in a path by its text alone.
fn without_dots(path: &Path) -> PathBuf {
    let mut plain = PathBuf::new();
    for component in path.components() {
        match component {
            Component::CurDir => {}
            Component::ParentDir => {
                plain.pop();
            }
            other => plain.push(other),
        }
    }
    plain
}

/// Makes the error for a path that the file system refuses.
pub(super) fn unusable(path: &Path, source: io::Error) -> GitError {
    GitError::Io { path: path.to_owned(), source }
}
