//! Installs and removes the shim that git runs before a commit.
//!
//! The shim is `hooks/pre-commit` of this repository. It calls the binary it was installed from, or the one on
//! the `PATH`; where there is neither it refuses the commit and says how to remove it. A hook that somebody
//! else wrote is never touched: the marker line tells whose it is.

use std::fs;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use thiserror::Error;

use super::error::{GitError, quoted};
use super::prepared::{Likeness, Prepared};
use super::repository::Repository;

/// The line by which docgate knows its own hook.
pub const MARKER: &str = "# installed by docgate";

const SHIM: &str = include_str!("../../hooks/pre-commit");
/// The line of the shim that names the binary.
const RECORDED: &str = "recorded=''";
const HOOK_NAME: &str = "pre-commit";
/// The largest file in which docgate is looked for.
const LARGEST: u64 = 8 * 1024 * 1024;

/// What to install.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct InstallOptions {
    /// The binary to call first; without one, or where its name is not valid UTF-8, the `PATH` decides.
    pub binary: Option<PathBuf>,
}

/// Where the hook is and what installing did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Installed {
    /// The hook file.
    pub path: PathBuf,
    /// What was there before.
    pub state: InstallState,
}

/// What installing the hook did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum InstallState {
    /// There was no hook.
    Created,
    /// There was an older hook of docgate.
    Updated,
    /// The same hook was there.
    Unchanged,
}

/// What there is where git looks for the hook.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Present {
    /// No file.
    Nothing,
    /// A hook that docgate installed.
    Ours,
    /// A hook of somebody else.
    Foreign(Owner),
}

/// Who wrote a hook that is not docgate's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Owner {
    /// pre-commit or prek.
    PreCommit,
    /// husky.
    Husky,
    /// lefthook.
    Lefthook,
    /// lint-staged, which another hook calls.
    LintStaged,
    /// hk.
    Hk,
    /// A person, or a program docgate does not know.
    Unknown,
}

/// Who checks commits, if anybody does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Active {
    /// The file that git runs.
    pub path: PathBuf,
    /// Whose it is.
    pub present: Present,
    /// Whether git runs it: it leaves a file alone that is not executable.
    pub runs: bool,
    /// The binary that docgate's own hook calls first.
    pub binary: Option<PathBuf>,
    /// Where docgate is named: the hook of somebody else, or the configuration of its manager.
    pub named_in: Option<PathBuf>,
}

/// The files at the root in which managers are told what to run.
const CONFIGURATIONS: &[(Owner, &[&str])] = &[
    (Owner::PreCommit, &[".pre-commit-config.yaml", ".pre-commit-config.yml", "prek.toml"]),
    (Owner::Lefthook, &["lefthook.yml", "lefthook.yaml", ".lefthook.yml", "lefthook.toml", "lefthook.json"]),
    (Owner::Husky, &[".husky/pre-commit"]),
    (Owner::Hk, &["hk.pkl", ".config/hk.pkl"]),
];
/// Where lint-staged is told, which any hook may call.
const LINT_STAGED: &[&str] = &[
    "package.json",
    ".lintstagedrc",
    ".lintstagedrc.json",
    ".lintstagedrc.yml",
    ".lintstagedrc.js",
    ".lintstagedrc.mjs",
    "lint-staged.config.js",
    "lint-staged.config.mjs",
    "lint-staged.config.cjs",
];

/// Why the hook was not installed or removed.
#[derive(Debug, Error)]
pub enum HookError {
    /// Somebody else's hook is there.
    #[error("{} was not installed by docgate", .path.display())]
    Foreign {
        /// The hook file.
        path: PathBuf,
        /// Who wrote it.
        owner: Owner,
    },
    /// `core.hooksPath` is set to nothing, which git takes for the root of the working tree.
    #[error("core.hooksPath is set, but empty")]
    EmptyHooksPath,
    /// `core.hooksPath` is set for all repositories of the user or the machine.
    #[error("core.hooksPath is set to {} for more than this repository", .path.display())]
    SharedHooksPath {
        /// The folder.
        path: PathBuf,
    },
    /// The hook file could not be read or written.
    #[error("cannot write {}", .path.display())]
    Io {
        /// The file or folder.
        path: PathBuf,
        /// What the operating system says.
        source: io::Error,
    },
    /// The configuration could not be read.
    #[error("cannot find out where git looks for hooks")]
    Git {
        /// What git says.
        #[from]
        source: GitError,
    },
}

impl HookError {
    /// Returns what the person can do about it, if anything.
    #[must_use]
    pub fn hint(&self) -> Option<String> {
        match self {
            Self::Foreign { owner: Owner::PreCommit, .. } => Some(
                "add docgate to .pre-commit-config.yaml: its hook ids are docgate and docgate-fix".to_owned(),
            ),
            Self::Foreign { owner: Owner::Husky, .. } => {
                Some("add this line to .husky/pre-commit: docgate hook run".to_owned())
            }
            Self::Foreign { owner: Owner::Lefthook, .. } => {
                Some("add a command to pre-commit in lefthook.yml: run: docgate hook run".to_owned())
            }
            Self::Foreign { owner: Owner::LintStaged, .. } => Some(
                "name docgate in the configuration of lint-staged: '*.{py,pyi}': 'docgate hook run'"
                    .to_owned(),
            ),
            Self::Foreign { owner: Owner::Hk, .. } => Some(
                "add a step that checks to hooks[\"pre-commit\"] in hk.pkl: check = \"docgate hook run {{files}}\"; what \
                 fixes, hk stages whole"
                    .to_owned(),
            ),
            Self::Foreign { path, owner: Owner::Unknown } => Some(format!(
                "to keep that hook, add this line to {}: docgate hook run \"$@\" || exit $?",
                path.display()
            )),
            Self::EmptyHooksPath => {
                Some("run `git config --unset core.hooksPath`, or name a folder".to_owned())
            }
            Self::SharedHooksPath { .. } => Some(
                "to use this repository's own hooks, run \
                 `git config --local core.hooksPath \"$(git rev-parse --git-common-dir)/hooks\"`"
                    .to_owned(),
            ),
            Self::Io { .. } => Some("see that the folder can be written".to_owned()),
            Self::Git { source } => source.hint(),
        }
    }
}

/// Installs the hook where git looks for it.
///
/// Linked worktrees share the hooks of their repository. Installing again changes nothing, or brings the shim
/// up to date.
///
/// # Errors
///
/// [`HookError::Foreign`] when another hook is there, [`HookError::EmptyHooksPath`],
/// [`HookError::SharedHooksPath`], or a failure of git or the file system.
pub fn install(repository: &Repository, options: &InstallOptions) -> Result<Installed, HookError> {
    let path = location(repository)?;
    let shim = shim(options.binary.as_deref());
    let state = match present_at(&path)? {
        Present::Foreign(owner) => return Err(HookError::Foreign { path, owner }),
        Present::Nothing => InstallState::Created,
        Present::Ours if is_installed(&path, &shim) => InstallState::Unchanged,
        Present::Ours => InstallState::Updated,
    };
    if state != InstallState::Unchanged {
        write_hook(&path, &shim).map_err(|source| HookError::Io { path: path.clone(), source })?;
    }
    Ok(Installed { path, state })
}

/// Removes the hook if docgate installed it, and returns where it was; `None` when there was none.
///
/// # Errors
///
/// As [`install`].
pub fn uninstall(repository: &Repository) -> Result<Option<PathBuf>, HookError> {
    let path = location(repository)?;
    match present_at(&path)? {
        Present::Nothing => Ok(None),
        Present::Foreign(owner) => Err(HookError::Foreign { path, owner }),
        Present::Ours => match fs::remove_file(&path) {
            Ok(()) => Ok(Some(path)),
            Err(source) => Err(HookError::Io { path, source }),
        },
    }
}

/// Returns where git looks for the hook, and what is there.
///
/// # Errors
///
/// As [`install`], but for [`HookError::Foreign`].
pub fn present(repository: &Repository) -> Result<(PathBuf, Present), HookError> {
    let path = location(repository)?;
    let present = present_at(&path)?;
    Ok((path, present))
}

/// Returns who checks commits.
///
/// # Errors
///
/// As [`present`].
pub fn active(repository: &Repository) -> Result<Active, HookError> {
    let (path, present) = present(repository)?;
    let is_there = present != Present::Nothing;
    let binary = is_there.then(|| recorded(&path)).flatten();
    let named_in = match present {
        Present::Foreign(owner) => named_in(repository.root(), &path, owner),
        Present::Nothing | Present::Ours => None,
    };
    Ok(Active { runs: is_there && is_executable(&path), path, present, binary, named_in })
}

/// A file in which a hook manager is told what to run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Managed {
    /// The manager.
    pub owner: Owner,
    /// The file, from the root.
    pub file: &'static str,
    /// Whether docgate is named in it.
    pub names_docgate: bool,
}

/// Returns the files at the root in which hook managers are told what to run, whether they are installed or not.
#[must_use]
pub fn managed(root: &Path) -> Vec<Managed> {
    let of_lint_staged = LINT_STAGED.iter().map(|name| (Owner::LintStaged, *name));
    let named = CONFIGURATIONS.iter().flat_map(|(owner, names)| names.iter().map(|name| (*owner, *name)));
    let mut found = Vec::new();
    for (owner, file) in named.chain(of_lint_staged) {
        let Some(bytes) = plain(&root.join(file)) else { continue };
        let has = |word: &str| memchr::memmem::find(&bytes, word.as_bytes()).is_some();
        // Every project with node has that one.
        if file == "package.json" && !has("\"lint-staged\"") {
            continue;
        }
        found.push(Managed { owner, file, names_docgate: has("docgate") });
    }
    found
}

/// Reads a file in which docgate may be named; nothing for what is none, such as a pipe, which would be waited for.
#[must_use]
pub fn plain(path: &Path) -> Option<Vec<u8>> {
    let found = fs::metadata(path).ok()?;
    if !found.is_file() || found.len() > LARGEST {
        return None;
    }
    fs::read(path).ok()
}

/// Finds the file that tells a hook of somebody else to run docgate.
fn named_in(root: &Path, hook: &Path, owner: Owner) -> Option<PathBuf> {
    let own = CONFIGURATIONS.iter().filter(|(known, _)| *known == owner).flat_map(|(_, names)| *names);
    let others = own.chain(LINT_STAGED).map(|name| root.join(name));
    std::iter::once(hook.to_owned())
        .chain(others)
        .find(|path| plain(path).is_some_and(|bytes| memchr::memmem::find(&bytes, b"docgate").is_some()))
}

/// Reads the binary from a shim.
fn recorded(path: &Path) -> Option<PathBuf> {
    let text = fs::read_to_string(path).ok()?;
    let line = text.lines().find_map(|line| line.strip_prefix("recorded="))?;
    let inside = line.strip_prefix('\'').and_then(|rest| rest.strip_suffix('\'')).unwrap_or(line);
    (!inside.is_empty()).then(|| PathBuf::from(inside.replace(r"'\''", "'")))
}

fn location(repository: &Repository) -> Result<PathBuf, HookError> {
    let arguments = ["config", "--show-scope", "-z", "--type=path", "--get", "core.hooksPath"];
    let plumbing = repository.plumbing("read core.hooksPath");
    let output = plumbing.output(&arguments, b"")?;
    // Status 1 says that it is not set; anything else that is not 0 is a failure to be reported.
    if output.status.code() == Some(1) {
        return Ok(repository.inner.commondir().join("hooks").join(HOOK_NAME));
    }
    let answer = if output.status.success() { output.stdout } else { plumbing.run(&arguments, b"")? };
    let answer = String::from_utf8_lossy(&answer);
    let mut fields = answer.split('\0');
    let (scope, folder) = (fields.next().unwrap_or_default(), fields.next().unwrap_or_default());
    if folder.is_empty() {
        return Err(HookError::EmptyHooksPath);
    }
    // Git runs hooks at the root of the working tree, so that is where relative paths begin.
    let folder = repository.root().join(folder);
    if matches!(scope, "global" | "system") {
        return Err(HookError::SharedHooksPath { path: folder });
    }
    Ok(folder.join(HOOK_NAME))
}

fn present_at(path: &Path) -> Result<Present, HookError> {
    let unreadable = |source| HookError::Io { path: path.to_owned(), source };
    let metadata = match fs::symlink_metadata(path) {
        Ok(metadata) => metadata,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Present::Nothing),
        Err(error) => return Err(unreadable(error)),
    };
    if !metadata.is_file() {
        // A link may lead to a file that other repositories use too.
        return Ok(Present::Foreign(Owner::Unknown));
    }
    let bytes = fs::read(path).map_err(unreadable)?;
    let text = String::from_utf8_lossy(&bytes);
    if text.lines().nth(1) == Some(MARKER) {
        return Ok(Present::Ours);
    }
    let owner = if path.parent().is_some_and(|folder| folder.ends_with(".husky/_")) {
        Owner::Husky
    } else if text.contains("File generated by pre-commit") || text.contains("File generated by prek") {
        Owner::PreCommit
    } else if text.contains("lefthook") {
        Owner::Lefthook
    } else if text.contains("hk run pre-commit") {
        Owner::Hk
    } else {
        Owner::Unknown
    };
    Ok(Present::Foreign(owner))
}

fn shim(binary: Option<&Path>) -> String {
    let Some(binary) = binary.and_then(Path::to_str) else { return SHIM.to_owned() };
    SHIM.replacen(RECORDED, &format!("recorded={}", quoted(binary)), 1)
}

fn is_installed(path: &Path, shim: &str) -> bool {
    fs::read(path).is_ok_and(|bytes| bytes == shim.as_bytes()) && is_executable(path)
}

fn write_hook(path: &Path, shim: &str) -> io::Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    Prepared::beside(path, shim.as_bytes(), Likeness::Program)?.put_in_place()
}

#[cfg(unix)]
fn is_executable(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt as _;

    fs::metadata(path).is_ok_and(|metadata| metadata.permissions().mode() & 0o100 != 0)
}

#[cfg(not(unix))]
fn is_executable(_path: &Path) -> bool {
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shim_has_the_marker_and_one_place_for_the_binary() {
        assert_eq!(SHIM.lines().nth(1), Some(MARKER));
        assert_eq!(SHIM.matches(RECORDED).count(), 1);
        assert!(SHIM.starts_with("#!/bin/sh\n"));
    }

    #[test]
    fn the_binary_is_read_back_from_the_shim() {
        let folder = tempfile::TempDir::new().unwrap();
        let path = folder.path().join("pre-commit");
        for binary in [None, Some("/usr/bin/docgate"), Some("/my tools/it's")] {
            write_hook(&path, &shim(binary.map(Path::new))).unwrap();
            assert_eq!(recorded(&path).as_deref(), binary.map(Path::new));
        }
    }

    #[test]
    fn the_binary_is_quoted_for_the_shell() {
        let table = [
            (None, "recorded=''\n"),
            (Some("/usr/bin/docgate"), "recorded=/usr/bin/docgate\n"),
            (Some("/my tools/it's"), "recorded='/my tools/it'\\''s'\n"),
        ];
        for (binary, expected) in table {
            let text = shim(binary.map(Path::new));
            assert!(text.contains(expected), "{text}");
        }
    }
}
