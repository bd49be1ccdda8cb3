//! Single files of one tree, the index, a commit or a folder, for whoever asks from whatever thread.
//!
//! Nothing is opened before the first question. A repository handle belongs to one thread, so a tree opens one of
//! its own, in the same surroundings: `GIT_INDEX_FILE` counts here, too. What a partial clone has left behind
//! counts as missing, because nobody should wait for a network on behalf of a file that did not change.

use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use git2::Oid;

use super::error::GitError;
use super::raw::FILE_MODES;
use super::repository::{Repository, Surroundings};
use super::selection::{SIZE_LIMIT, Tree, blob_in};
use super::working::{Found, find};
use crate::change::RepoPath;

/// How many entries of a commit's trees are looked at: a walk must not take long, whatever was committed.
const MOST_ENTRIES: usize = 200_000;

/// One tree of files.
pub struct FileTree {
    place: Place,
    opened: Mutex<Opened>,
}

enum Place {
    Nowhere,
    Index(Opening),
    /// With the full id of a commit.
    Commit(Opening, String),
    /// With the repository whose root it is, which knows what belongs to it.
    Folder(PathBuf, Option<Opening>),
}

/// How to open a repository once more.
struct Opening {
    standing: PathBuf,
    surroundings: Surroundings,
    index_setting: Option<PathBuf>,
}

/// A repository that is opened when it is first needed.
enum Opened {
    NotYet,
    /// With the Python files of the index, where that is the tree: the library's own type keeps to one thread.
    Yes(git2::Repository, HashMap<RepoPath, Oid>),
    /// It could not be, which was said once.
    Failed,
}

impl Repository {
    /// Returns the files of a tree.
    #[must_use]
    pub fn files_of(&self, tree: &Tree) -> FileTree {
        FileTree::at(match tree {
            Tree::None => Place::Nowhere,
            Tree::Index => Place::Index(self.opening()),
            Tree::Commit(id) => Place::Commit(self.opening(), id.clone()),
            Tree::Folder(root) => {
                let own = (root == self.root()).then(|| self.opening());
                Place::Folder(root.clone(), own)
            }
        })
    }

    fn opening(&self) -> Opening {
        Opening {
            standing: self.standing().to_owned(),
            surroundings: self.surroundings(),
            index_setting: self.index_setting().map(PathBuf::from),
        }
    }
}

impl FileTree {
    /// Returns the files below a folder, a repository's or not. Links are not followed.
    #[must_use]
    pub fn folder(root: PathBuf) -> Self {
        Self::at(Place::Folder(root, None))
    }

    fn at(place: Place) -> Self {
        Self { place, opened: Mutex::new(Opened::NotYet) }
    }

    /// Returns the bytes of a Python file, or `None` when there is none that is read. Failures count as missing
    /// and go to the log.
    pub fn read(&self, path: &RepoPath) -> Option<Vec<u8>> {
        let found = match &self.place {
            Place::Nowhere => None,
            Place::Folder(root, _) => in_folder(root, path),
            Place::Index(opening) => self.blob(opening, |_, index| index.get(path).copied()),
            Place::Commit(opening, id) => self.blob(opening, |repository, _| {
                let tree = repository.find_commit(Oid::from_str(id).ok()?).ok()?.tree().ok()?;
                blob_in(&tree, path.as_str().as_bytes())
            }),
        };
        if found.is_some() {
            tracing::debug!(%path, "read from the tree");
        }
        found
    }

    /// Returns the paths of all Python files, in no order; `None` where nobody knows them: in a folder that is no
    /// repository. Of a folder, they are those that git tracks.
    #[must_use]
    pub fn python_files(&self) -> Option<Vec<RepoPath>> {
        match &self.place {
            Place::Nowhere | Place::Folder(_, None) => None,
            Place::Index(opening) | Place::Folder(_, Some(opening)) => {
                self.opened(opening, |_, index| Some(index.keys().cloned().collect()))
            }
            Place::Commit(opening, id) => {
                self.opened(opening, |repository, _| python_files_of(repository, id))
            }
        }
    }

    fn blob(
        &self,
        opening: &Opening,
        id: impl FnOnce(&git2::Repository, &HashMap<RepoPath, Oid>) -> Option<Oid>,
    ) -> Option<Vec<u8>> {
        self.opened(opening, |repository, index| {
            let id = id(repository, index)?;
            let objects = repository.odb().ok()?;
            let (size, _) = objects.read_header(id).ok()?;
            if size > SIZE_LIMIT {
                return None;
            }
            Some(objects.read(id).ok()?.data().to_vec())
        })
    }

    fn opened<T>(
        &self,
        opening: &Opening,
        ask: impl FnOnce(&git2::Repository, &HashMap<RepoPath, Oid>) -> Option<T>,
    ) -> Option<T> {
        let mut opened = self.opened.lock().unwrap_or_else(PoisonError::into_inner);
        if matches!(*opened, Opened::NotYet) {
            *opened = opening.open(!matches!(self.place, Place::Commit(..))).unwrap_or_else(|error| {
                tracing::warn!(%error, "other files of the repository are not read");
                Opened::Failed
            });
        }
        let Opened::Yes(repository, index) = &*opened else { return None };
        ask(repository, index)
    }
}

/// Walks the trees of a commit, as far as they are at hand; after many entries the walk ends.
fn python_files_of(repository: &git2::Repository, id: &str) -> Option<Vec<RepoPath>> {
    let root = repository.find_commit(Oid::from_str(id).ok()?).ok()?.tree_id();
    let mut folders = vec![(String::new(), root)];
    let mut found = Vec::new();
    let mut seen = 0;
    while let Some((folder, id)) = folders.pop() {
        let Ok(tree) = repository.find_tree(id) else { continue };
        for entry in &tree {
            seen += 1;
            let Ok(name) = std::str::from_utf8(entry.name_bytes()) else { continue };
            let path = if folder.is_empty() { name.to_owned() } else { format!("{folder}/{name}") };
            let file = u32::try_from(entry.filemode()).is_ok_and(|mode| FILE_MODES.contains(&mode));
            match entry.kind() {
                Some(git2::ObjectType::Tree) => folders.push((path, entry.id())),
                Some(git2::ObjectType::Blob) if file => {
                    found.extend(RepoPath::new(&path).filter(RepoPath::is_python));
                }
                _ => {}
            }
        }
        if seen > MOST_ENTRIES {
            break;
        }
    }
    Some(found)
}

impl Opening {
    fn open(&self, with_index: bool) -> Result<Opened, GitError> {
        let repository = match (self.surroundings, &self.index_setting) {
            (Surroundings::Heeded, _) => Repository::discover()?,
            (Surroundings::Ignored, None) => Repository::open_at(&self.standing)?,
            (Surroundings::Ignored, Some(index)) => {
                Repository::open_at(&self.standing)?.with_index_file(index)
            }
        };
        let mut files = HashMap::new();
        if with_index {
            files.extend(repository.index()?.blobs().into_iter().filter(|(path, _)| path.is_python()));
        }
        Ok(Opened::Yes(repository.inner, files))
    }
}

fn in_folder(root: &Path, path: &RepoPath) -> Option<Vec<u8>> {
    let size = fs::symlink_metadata(path.below(root)).ok()?.len();
    if size > SIZE_LIMIT as u64 {
        return None;
    }
    match find(root, path) {
        Ok(Found::File(bytes)) => Some(bytes),
        _ => None,
    }
}
