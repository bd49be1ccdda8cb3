//! Runs git commands on one repository with an environment that leaves nothing to chance.
//!
//! Arguments are constants, object ids or folders; paths travel over standard input, NUL-terminated, so that
//! none of them can be taken for an option.

use std::env::temp_dir;
use std::fs::File;
use std::io::{self, Seek as _, Write as _};
use std::path::Path;
use std::process::{Command, Output, Stdio};

use super::error::{CommandFailure, GitError};
use super::repository::{Repository, Surroundings, unusable};

/// Variables that point git at another repository; removed where the surroundings do not count.
const REDIRECTIONS: [&str; 7] = [
    "GIT_ALTERNATE_OBJECT_DIRECTORIES",
    "GIT_COMMON_DIR",
    "GIT_NAMESPACE",
    "GIT_OBJECT_DIRECTORY",
    "GIT_PREFIX",
    "GIT_QUARANTINE_PATH",
    "GIT_SHALLOW_FILE",
];

/// One git command: what it is for, which index it sees, and its arguments.
pub(super) struct Plumbing<'a> {
    pub(super) repository: &'a Repository,
    /// The index to use instead of the repository's own choice.
    pub(super) index_file: Option<&'a Path>,
    /// What the command is for, as a verb phrase for messages.
    pub(super) purpose: &'static str,
}

impl Plumbing<'_> {
    /// Runs the command and returns its standard output; a status other than 0 is an error.
    pub(super) fn run(&self, arguments: &[&str], input: &[u8]) -> Result<Vec<u8>, GitError> {
        let output = self.output(arguments, input)?;
        if output.status.success() {
            return Ok(output.stdout);
        }
        let source = CommandFailure {
            command: arguments.first().copied().unwrap_or_default().to_owned(),
            status: output.status.to_string(),
            stderr: String::from_utf8_lossy(&output.stderr).trim().to_owned(),
        };
        Err(GitError::Command { purpose: self.purpose, source })
    }

    /// Runs the command and returns how it ended.
    pub(super) fn output(&self, arguments: &[&str], input: &[u8]) -> Result<Output, GitError> {
        let mut command = self.command();
        command.args(arguments).stdin(Stdio::null());
        if !input.is_empty() {
            // Not a pipe: if docgate is killed while it fills one, git takes the first half of a path for all
            // of it.
            let file = file_with(input).map_err(|source| unusable(&temp_dir(), source))?;
            command.stdin(Stdio::from(file));
        }
        command.output().map_err(|source| GitError::NoGit { source })
    }

    fn command(&self) -> Command {
        let repository = self.repository;
        let mut command = Command::new("git");
        command
            .current_dir(repository.root())
            .env("LC_ALL", "C")
            .env("GIT_LITERAL_PATHSPECS", "1")
            .env("GIT_DIR", repository.git_folder());
        // Git refuses these beside the literal setting.
        for other in ["GIT_GLOB_PATHSPECS", "GIT_NOGLOB_PATHSPECS", "GIT_ICASE_PATHSPECS"] {
            command.env_remove(other);
        }
        if repository.surroundings() == Surroundings::Ignored {
            for name in REDIRECTIONS {
                command.env_remove(name);
            }
        }
        if repository.is_bare() {
            command.env_remove("GIT_WORK_TREE");
        } else {
            command.env("GIT_WORK_TREE", repository.root());
        }
        match self.index_file.or_else(|| repository.index_setting()) {
            Some(index_file) => command.env("GIT_INDEX_FILE", index_file),
            None => command.env_remove("GIT_INDEX_FILE"),
        };
        command
    }
}

/// Returns a nameless temporary file that is read from its beginning.
fn file_with(bytes: &[u8]) -> io::Result<File> {
    let mut file = tempfile::tempfile()?;
    file.write_all(bytes)?;
    file.rewind()?;
    Ok(file)
}
