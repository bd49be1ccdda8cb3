//! What to look at: staged, a range, or files on disk.

use std::collections::HashSet;
use std::ffi::OsStr;
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use ignore::WalkBuilder;

use crate::change::{Change, FOREIGN_FOLDERS, RepoPath, SkippedFile};
use crate::cli::Selector;
use crate::config::Config;
use crate::error::Error;
use crate::git::{FileTree, GENERATED, Range, Repository, SIZE_LIMIT, Selection, Tree};
use crate::python::Modules;
use crate::rules::Settings;

use super::setting::{self, Source, of_git};
use super::usual::usual_style;

/// Returns the changes that a selector names in a repository; paths narrow a staged selection.
pub(super) fn in_repository(repository: &Repository, selector: &Selector) -> Result<Selection, Error> {
    if let Some(range) = &selector.range {
        let range = Range::parse(range).map_err(|error| of_git(&error))?;
        return repository.range(&range).map_err(|error| of_git(&error));
    }
    if let Some(since) = &selector.since {
        return repository.since(since).map_err(|error| of_git(&error));
    }
    let selection = repository.staged(None).map_err(|error| of_git(&error))?;
    if selector.paths.is_empty() {
        return Ok(selection);
    }
    narrowed(repository, selection, &selector.paths)
}

/// Keeps what lies at or below one of the paths.
pub(super) fn narrowed(
    repository: &Repository,
    mut selection: Selection,
    paths: &[PathBuf],
) -> Result<Selection, Error> {
    let mut wanted = Vec::with_capacity(paths.len());
    for path in paths {
        let Some(path) = repository.repo_path(path) else {
            if is_root(repository, path) {
                return Ok(selection);
            }
            let message = format!("{} lies outside the repository", path.display());
            return Err(Error::usage(message));
        };
        wanted.push(path);
    }
    let is_wanted = |path: &str| {
        wanted.iter().any(|wanted| {
            let rest = path.strip_prefix(wanted.as_str());
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        })
    };
    selection.changes.retain(|change| is_wanted(change.path.as_str()));
    selection.skipped.retain(|skipped| is_wanted(&skipped.path));
    Ok(selection)
}

fn is_root(repository: &Repository, path: &Path) -> bool {
    match (std::fs::canonicalize(path), std::fs::canonicalize(repository.root())) {
        (Ok(path), Ok(root)) => path == root,
        _ => false,
    }
}

/// Makes the settings of the rules for the files of a run, with what is known and with the tree that they are taken from;
/// what is excluded is in it, too.
pub(super) fn settings<'a>(
    (config, source): (&Config, Source<'_>),
    tree: &Tree,
    paths: impl Iterator<Item = &'a RepoPath>,
    repository: Option<&Repository>,
) -> Result<Settings, Error> {
    let mut settings = setting::rules(config)?;
    settings.baseline = Arc::new(setting::baseline(source, config)?.unwrap_or_default());
    let files = match (repository, tree) {
        (Some(repository), tree) => repository.files_of(tree),
        (None, Tree::Folder(root)) => FileTree::folder(root.clone()),
        (None, _) => return Ok(settings),
    };
    let files = Arc::new(files);
    let of_the_run = match tree {
        Tree::Folder(_) => paths.cloned().collect(),
        _ => Vec::new(),
    };
    settings.usual_style = Arc::new(usual_style(&files, of_the_run, config, &settings.house));
    let listed = Arc::clone(&files);
    let modules = Modules::new(move |path| files.read(path)).with_list(move || listed.python_files());
    Ok(settings.with_modules(modules))
}

/// Leaves out what the configuration excludes.
pub(super) fn without_excluded(mut selection: Selection, config: &Config) -> Selection {
    let excluded = &config.exclude.value;
    selection.changes.retain(|change| !excluded.matches(&change.path));
    leave_out_excluded(&mut selection.skipped, config);
    selection
}

fn leave_out_excluded(skipped: &mut Vec<SkippedFile>, config: &Config) {
    let excluded = &config.exclude.value;
    skipped.retain(|skipped| !RepoPath::new(&skipped.path).is_some_and(|path| excluded.matches(&path)));
}

/// What a run looks at.
#[derive(Debug)]
pub(super) enum Looked {
    /// What git says has changed.
    Changes(Selection),
    /// Files on disk, each of which is read when its turn comes, or one that comes through stdin.
    Disk(OnDisk),
}

impl Looked {
    /// Returns the tree that the files belong to.
    pub(super) fn tree(&self) -> Tree {
        match self {
            Self::Changes(selection) => selection.tree.clone(),
            Self::Disk(found) => found.tree(),
        }
    }

    /// Returns the paths of the files.
    pub(super) fn paths(&self) -> Box<dyn Iterator<Item = &RepoPath> + '_> {
        match self {
            Self::Changes(selection) => Box::new(selection.paths()),
            Self::Disk(found) => Box::new(found.files.iter()),
        }
    }

    /// Leaves out what the configuration excludes.
    pub(super) fn without_excluded(self, config: &Config) -> Self {
        match self {
            Self::Changes(selection) => Self::Changes(without_excluded(selection, config)),
            Self::Disk(found) => Self::Disk(found.without_excluded(config)),
        }
    }
}

/// Files on disk.
#[derive(Debug)]
pub(super) struct OnDisk {
    /// The folder that their paths are relative to.
    pub(super) root: PathBuf,
    /// The folder whose configuration counts: the repository's, if any of the files is in it.
    pub(super) configured_in: PathBuf,
    /// The files to look at, in the order of their paths.
    pub(super) files: Vec<RepoPath>,
    /// The files that are not looked at, with the reason.
    pub(super) skipped: Vec<SkippedFile>,
    /// What the only file holds, where it comes through stdin; whether it lies on disk does not matter then.
    pub(super) stdin: Option<Vec<u8>>,
}

impl OnDisk {
    /// Leaves out what the configuration excludes.
    pub(super) fn without_excluded(mut self, config: &Config) -> Self {
        self.files.retain(|path| !config.exclude.value.matches(path));
        leave_out_excluded(&mut self.skipped, config);
        self
    }

    /// Returns the tree that the files belong to.
    pub(super) fn tree(&self) -> Tree {
        Tree::Folder(self.root.clone())
    }

    /// Returns the size of one of the files in bytes; 0 where nobody knows.
    pub(super) fn size(&self, path: &RepoPath) -> usize {
        if let Some(text) = &self.stdin {
            return text.len();
        }
        let metadata = path.below(&self.root).metadata();
        metadata.map_or(0, |metadata| usize::try_from(metadata.len()).unwrap_or(usize::MAX))
    }

    /// Reads one of the files.
    pub(super) fn read(&self, path: &RepoPath) -> Result<Change, SkippedFile> {
        let skipped = |reason: String| SkippedFile { path: path.to_string(), reason };
        if self.size(path) > SIZE_LIMIT {
            return Err(skipped("larger than 10 MB".to_owned()));
        }
        let new = match &self.stdin {
            Some(text) => text.clone(),
            None => std::fs::read(path.below(&self.root)).map_err(|error| skipped(error.to_string()))?,
        };
        Ok(Change { path: path.clone(), old_path: None, new, base: None })
    }

    /// Reads all of them, for who needs them together.
    pub(super) fn selection(&self) -> Selection {
        let mut selection =
            Selection { tree: self.tree(), skipped: self.skipped.clone(), ..Selection::default() };
        for path in &self.files {
            match self.read(path) {
                Ok(change) => selection.changes.push(change),
                Err(skipped) => selection.skipped.push(skipped),
            }
        }
        selection
    }
}

/// Finds files on disk, also in folders; everything in them is looked at. Ignored files are left out as git does.
pub(super) fn on_disk(paths: &[PathBuf], repository: Option<&Repository>) -> Result<OnDisk, Error> {
    let here = std::env::current_dir()
        .map_err(|error| Error::unfinished("the current folder is not there").because(error))?;
    let default = [PathBuf::from(".")];
    let paths = if paths.is_empty() { &default[..] } else { paths };
    let mut found = Vec::new();
    let mut root = repository.map_or(here.clone(), |repository| repository.root().to_owned());
    let mut is_inside = false;
    for path in paths {
        let full = std::fs::canonicalize(here.join(path))
            .map_err(|error| Error::usage(format!("cannot look at {}", path.display())).because(error))?;
        is_inside |= repository.is_some_and(|repository| full.starts_with(repository.root()));
        if !full.starts_with(&root) {
            // Outside the repository, or without one: paths are shown from where these files are.
            root = common_folder(&root, &full);
        }
        collect(&full, &mut found)?;
    }
    found.sort();
    found.dedup();
    let (mut files, mut skipped) = (Vec::new(), Vec::new());
    for path in found {
        match repo_path(&root, &path) {
            Ok(path) => files.push(path),
            Err(reason) => skipped.push(reason),
        }
    }
    if let Some(repository) = repository.filter(|repository| root == repository.root()) {
        let generated = repository.generated(&files).map_err(|error| of_git(&error))?;
        for path in &generated {
            skipped.push(SkippedFile { path: path.to_string(), reason: GENERATED.to_owned() });
        }
        let generated: HashSet<&RepoPath> = generated.iter().collect();
        files.retain(|path| !generated.contains(path));
    }
    let configured_in = match repository {
        Some(repository) if is_inside => repository.root().to_owned(),
        _ => root.clone(),
    };
    Ok(OnDisk { root, configured_in, files, skipped, stdin: None })
}

/// The name of what comes through stdin, where nobody gave one.
pub(super) const STDIN_NAME: &str = "stdin.py";

/// Reads one file from stdin, as if it lay in its place; whether it is there does not matter.
pub(super) fn on_stdin(name: &Path, repository: Option<&Repository>) -> Result<OnDisk, Error> {
    let here = std::env::current_dir()
        .map_err(|error| Error::unfinished("the current folder is not there").because(error))?;
    let full = here.join(name);
    let folder = full.parent().unwrap_or(&here);
    let folder = std::fs::canonicalize(folder).unwrap_or_else(|_| folder.to_owned());
    let inside = repository.filter(|repository| folder.starts_with(repository.root()));
    let root = inside.map_or(folder.clone(), |repository| repository.root().to_owned());
    let file_name = full.file_name().unwrap_or_default();
    let path = folder.join(file_name);
    let path = path.strip_prefix(&root).ok().and_then(Path::to_str).and_then(RepoPath::new);
    let Some(path) = path.filter(RepoPath::is_python) else {
        let message = format!("{} is not the name of a Python file", name.display());
        return Err(Error::usage(message));
    };
    let mut new = Vec::new();
    std::io::stdin()
        .lock()
        .take(SIZE_LIMIT as u64 + 1)
        .read_to_end(&mut new)
        .map_err(|error| Error::unfinished("cannot read stdin").because(error))?;
    let (files, skipped, stdin) = (vec![path], Vec::new(), Some(new));
    Ok(OnDisk { configured_in: root.clone(), root, files, skipped, stdin })
}

fn common_folder(one: &Path, other: &Path) -> PathBuf {
    let shared: PathBuf = one
        .components()
        .zip(other.components())
        .take_while(|(a, b)| a == b)
        .map(|(component, _)| component)
        .collect();
    shared
}

fn collect(path: &Path, found: &mut Vec<PathBuf>) -> Result<(), Error> {
    if path.is_file() {
        found.push(path.to_owned());
        return Ok(());
    }
    // Files of one person and of other tools do not decide what is looked at: the sweep must agree with her.
    let mut walk = WalkBuilder::new(path);
    walk.require_git(false).git_global(false).ignore(false).hidden(false);
    walk.filter_entry(|entry| {
        // A folder with a `.git` of its own is another repository: a submodule or a checkout.
        let nested =
            || entry.file_type().is_some_and(|kind| kind.is_dir()) && entry.path().join(".git").exists();
        entry.depth() == 0 || !is_foreign(entry.file_name()) && !nested()
    });
    for entry in walk.build() {
        let entry = entry
            .map_err(|error| Error::unfinished(format!("cannot walk {}", path.display())).because(error))?;
        let is_file = entry.file_type().is_some_and(|kind| kind.is_file());
        let is_python = matches!(
            entry.path().extension().and_then(|extension| extension.to_str()),
            Some("py" | "pyi" | "pyw")
        );
        if is_file && is_python {
            found.push(entry.into_path());
        }
    }
    Ok(())
}

fn is_foreign(name: &OsStr) -> bool {
    FOREIGN_FOLDERS.iter().any(|foreign| name == *foreign)
}

fn repo_path(root: &Path, path: &Path) -> Result<RepoPath, SkippedFile> {
    let shown = path.strip_prefix(root).unwrap_or(path);
    let skipped =
        |reason: &str| SkippedFile { path: shown.to_string_lossy().into_owned(), reason: reason.to_owned() };
    // Parts are joined with `/` there; elsewhere than on Windows a backslash belongs to a name.
    let repo_path = shown.to_str().and_then(RepoPath::new);
    let repo_path = repo_path.ok_or_else(|| skipped("the path is not valid UTF-8"))?;
    if repo_path.is_python() { Ok(repo_path) } else { Err(skipped("not a Python file")) }
}
