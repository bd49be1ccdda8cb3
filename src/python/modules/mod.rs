//! The lazy look-up across the files of one tree: from a name to the definition it stands for.
//!
//! It opens nothing itself: a closure gives the bytes of a path as the index, a commit or the disk has them, so
//! that what is looked up belongs to the text that is judged. A file is read when a question leads there and
//! parsed once for all who ask, from any thread; in outline, because nobody asks what the functions of another file do. Nothing outside the tree is looked at: the standard library and
//! installed packages are [`Missing::External`].
//!
//! Where modules are: the folders of a package are those with an `__init__.py`; the first folder upwards without one
//! is taken for a source root, as are the folders above it, and `src` in each of them. A name is looked for from
//! the nearest root outwards. `.py` comes before `.pyi`: docstrings, bodies and base classes are what is asked
//! for, and stubs lack the first two; a stub answers where there is no source, as beside compiled modules.
//! Packages without `__init__.py` are found by the whole dotted name of a module.
//!
//! Each [`Inquiry`] has a budget. It counts the files that *it* came through, whether or not somebody else had them
//! read already, so that an answer does not depend on who asked before.

mod ancestry;
mod find;
mod neighbours;

use std::collections::{HashMap, HashSet};
use std::fmt;
use std::ops::Deref;
use std::sync::{Arc, Mutex, PoisonError};

use super::definition::{Definition, ParsedFile};
use super::parse::outline;
use super::source::decode;
use crate::change::RepoPath;

pub use ancestry::{Ancestry, Inherited};
pub use find::Inquiry;

/// What gives the bytes of a file.
type Read = dyn Fn(&RepoPath) -> Option<Vec<u8>> + Send + Sync;

/// What lists the Python files of a tree, where anybody knows them.
type List = dyn Fn() -> Option<Vec<RepoPath>> + Send + Sync;

/// The most bytes of text that are kept at a time.
const MOST_BYTES: usize = 8 * 1024 * 1024;

/// The modules of one tree.
pub struct Modules {
    read: Box<Read>,
    list: Box<List>,
    budget: FileBudget,
    files: Mutex<Files>,
    /// The source roots of a folder, nearest first.
    roots: Mutex<HashMap<String, Arc<[String]>>>,
}

/// How far one inquiry may go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FileBudget {
    /// The most files it may come through.
    pub files: usize,
    /// The most bytes that these may have together.
    pub bytes: usize,
}

impl Default for FileBudget {
    /// Far more than chains of imports need, and less than half a second of parsing.
    fn default() -> Self {
        Self { files: 64, bytes: 4 * 1024 * 1024 }
    }
}

/// Why a name leads to no definition.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Missing {
    /// The module it should be in is there and has no such name.
    NotFound,
    /// It is built in, or belongs to a package that is not in the tree.
    External,
    /// Only running the code would tell.
    Dynamic,
    /// The inquiry has come through too many files.
    OverBudget,
}

/// A definition that a name led to.
#[derive(Debug, Clone)]
pub struct Found<'a> {
    /// The file it is in.
    pub path: RepoPath,
    /// The file, parsed.
    pub file: Seen<'a>,
    /// Its index among the definitions of the file; 0 when the name stands for a module.
    pub index: usize,
}

impl Found<'_> {
    /// Returns the definition.
    #[must_use]
    pub fn definition(&self) -> &Definition {
        &self.file.definitions[self.index]
    }

    /// Returns whether both are the same definition.
    #[must_use]
    pub fn is(&self, other: &Found<'_>) -> bool {
        self.index == other.index && self.path == other.path
    }
}

/// A file that an inquiry came through: the one that asks, or another.
#[derive(Debug, Clone)]
pub enum Seen<'a> {
    /// The one that asks.
    Own(&'a ParsedFile),
    /// Another.
    Other(Arc<ParsedFile>),
}

impl Deref for Seen<'_> {
    type Target = ParsedFile;

    fn deref(&self) -> &ParsedFile {
        match self {
            Self::Own(file) => file,
            Self::Other(file) => file,
        }
    }
}

/// One path of the tree.
type Slot = Mutex<Content>;

/// What is known of a path.
#[derive(Debug, Default)]
enum Content {
    #[default]
    Unread,
    Missing,
    Read(String),
    Parsed(Arc<ParsedFile>),
}

/// The paths that were asked for.
#[derive(Debug, Default)]
struct Files {
    slots: HashMap<RepoPath, Arc<Slot>>,
    /// How many bytes the texts that were read have together.
    bytes: usize,
}

impl Default for Modules {
    /// Makes a tree without files: every name from elsewhere is external.
    fn default() -> Self {
        Self::new(|_| None)
    }
}

impl fmt::Debug for Modules {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Modules").field("budget", &self.budget).finish_non_exhaustive()
    }
}

impl Modules {
    /// Makes the look-up over a tree, given what returns the bytes of a file in it.
    #[must_use]
    pub fn new(read: impl Fn(&RepoPath) -> Option<Vec<u8>> + Send + Sync + 'static) -> Self {
        Self {
            read: Box::new(read),
            list: Box::new(|| None),
            budget: FileBudget::default(),
            files: Mutex::default(),
            roots: Mutex::default(),
        }
    }

    /// Sets how far each inquiry may go.
    #[must_use]
    pub fn with_budget(mut self, budget: FileBudget) -> Self {
        self.budget = budget;
        self
    }

    /// Sets what lists the Python files of the tree.
    #[must_use]
    pub fn with_list(mut self, list: impl Fn() -> Option<Vec<RepoPath>> + Send + Sync + 'static) -> Self {
        self.list = Box::new(list);
        self
    }

    /// Returns the paths of all Python files of the tree, in no order; `None` where nobody knows them.
    #[must_use]
    pub fn paths(&self) -> Option<Vec<RepoPath>> {
        (self.list)()
    }

    /// Returns the bytes of a file of the tree, for who wants to know more of it than its outline. Nothing is kept.
    #[must_use]
    pub fn bytes(&self, path: &RepoPath) -> Option<Vec<u8>> {
        (self.read)(path)
    }

    /// Takes in a file of the tree that is parsed already.
    pub fn add(&self, path: RepoPath, file: Arc<ParsedFile>) {
        let slot = Arc::new(Mutex::new(Content::Parsed(file)));
        self.files.lock().unwrap_or_else(PoisonError::into_inner).slots.insert(path, slot);
    }

    /// Begins an inquiry on behalf of a file of the tree.
    #[must_use]
    pub fn inquiry<'a>(&'a self, path: &'a RepoPath, file: &'a ParsedFile) -> Inquiry<'a> {
        Inquiry::new(self, path, file)
    }

    /// Asks what is known of a path once it has been read, which nobody else does meanwhile.
    fn ask<T>(&self, path: &RepoPath, ask: impl FnOnce(&mut Content) -> Option<T>) -> Option<T> {
        let slot = {
            let mut files = self.files.lock().unwrap_or_else(PoisonError::into_inner);
            Arc::clone(files.slots.entry(path.clone()).or_default())
        };
        let mut content = slot.lock().unwrap_or_else(PoisonError::into_inner);
        if matches!(*content, Content::Unread) {
            let text = (self.read)(path).and_then(|bytes| decode(&bytes).ok());
            self.count(path, &slot, text.as_ref().map_or(0, String::len));
            *content = text.map_or(Content::Missing, Content::Read);
        }
        ask(&mut content)
    }

    /// Counts the bytes of a file, and forgets the others before they become too many; whoever has one keeps it.
    fn count(&self, path: &RepoPath, slot: &Arc<Slot>, bytes: usize) {
        let mut files = self.files.lock().unwrap_or_else(PoisonError::into_inner);
        files.bytes += bytes;
        if files.bytes > MOST_BYTES {
            *files = Files { slots: HashMap::from([(path.clone(), Arc::clone(slot))]), bytes };
        }
    }

    /// Returns whether there is such a file.
    fn has(&self, path: &RepoPath) -> bool {
        self.ask(path, |content| (!matches!(content, Content::Missing)).then_some(())).is_some()
    }

    /// Returns the size of a file in bytes, as text.
    fn size(&self, path: &RepoPath) -> Option<usize> {
        self.ask(path, |content| match content {
            Content::Unread | Content::Missing => None,
            Content::Read(text) => Some(text.len()),
            Content::Parsed(file) => Some(file.text.len()),
        })
    }

    /// Returns a file, parsed by whoever asks first.
    fn file(&self, path: &RepoPath) -> Option<Arc<ParsedFile>> {
        self.ask(path, |content| {
            if let Content::Read(text) = content {
                *content = Content::Parsed(Arc::new(outline(text)));
            }
            match content {
                Content::Parsed(file) => Some(Arc::clone(file)),
                _ => None,
            }
        })
    }

    /// Returns the folders in which the absolute imports of a folder's files are looked for, nearest first.
    fn roots(&self, folder: &str) -> Arc<[String]> {
        let known = self.roots.lock().unwrap_or_else(PoisonError::into_inner).get(folder).cloned();
        if let Some(known) = known {
            return known;
        }
        let mut root = folder;
        while !root.is_empty() && ["py", "pyi"].iter().any(|ending| self.has_init(root, ending)) {
            root = parent(root);
        }
        let mut roots = Vec::new();
        loop {
            roots.push(root.to_owned());
            roots.push(joined(root, "src"));
            if root.is_empty() {
                break;
            }
            root = parent(root);
        }
        let mut seen = HashSet::new();
        roots.retain(|root| seen.insert(root.clone()));
        let roots: Arc<[String]> = roots.into();
        let mut cache = self.roots.lock().unwrap_or_else(PoisonError::into_inner);
        cache.insert(folder.to_owned(), Arc::clone(&roots));
        roots
    }

    fn has_init(&self, folder: &str, ending: &str) -> bool {
        RepoPath::new(&joined(folder, &format!("__init__.{ending}"))).is_some_and(|path| self.has(&path))
    }

    /// Returns the file of a module below a folder; without names, that of the folder as a package.
    fn module_below(&self, folder: &str, names: &[&str]) -> Option<RepoPath> {
        let stem = names.iter().fold(folder.to_owned(), |folder, name| joined(&folder, name));
        let forms = ["/__init__.py", ".py", "/__init__.pyi", ".pyi"];
        // The repository itself has no name, and a folder no module beside it.
        let forms = forms.iter().filter(|form| !names.is_empty() || form.starts_with('/'));
        forms
            .filter_map(|form| RepoPath::new(format!("{stem}{form}").trim_start_matches('/')))
            .find(|path| self.has(path))
    }
}

/// Returns the folder around a folder, empty at the root of the repository.
fn parent(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}

fn joined(folder: &str, name: &str) -> String {
    if folder.is_empty() { name.to_owned() } else { format!("{folder}/{name}") }
}

#[cfg(test)]
mod tests;
