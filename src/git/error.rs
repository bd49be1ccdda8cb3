//! What can go wrong when a repository is opened, asked or told something.

use std::io;
use std::path::PathBuf;

use thiserror::Error;

/// A question that git could not answer.
#[derive(Debug, Error)]
pub enum GitError {
    /// No repository is here or above.
    #[error("{} is not in a git repository", .path.display())]
    NotARepository {
        /// Where the search began.
        path: PathBuf,
        /// What libgit2 says.
        source: git2::Error,
    },
    /// Git refuses the repository because it belongs to another user.
    #[error("the repository at {} belongs to another user", .path.display())]
    Owner {
        /// The folder that git calls unsafe.
        path: PathBuf,
        /// What libgit2 says.
        source: git2::Error,
    },
    /// The repository names its objects by SHA-256, which libgit2 cannot read.
    #[error("the repository at {} names its objects by SHA-256, which docgate does not read yet", .path.display())]
    LongIds {
        /// The repository.
        path: PathBuf,
        /// What libgit2 says.
        source: git2::Error,
    },
    /// The question needs a working tree or an index, and a bare repository has none.
    #[error("the repository is bare: nothing is staged there and there is no working tree")]
    Bare,
    /// A revision names no commit of this repository.
    #[error("unknown revision '{revision}'")]
    UnknownRevision {
        /// The revision as it was asked for.
        revision: String,
        /// Whether history was cut off when the repository was cloned.
        shallow: bool,
        /// What libgit2 says.
        source: git2::Error,
    },
    /// Two commits have no common ancestor in this repository.
    #[error("'{first}' and '{second}' have no common ancestor here")]
    NoMergeBase {
        /// The first revision.
        first: String,
        /// The second revision.
        second: String,
        /// Whether history was cut off when the repository was cloned.
        shallow: bool,
        /// What libgit2 says.
        source: git2::Error,
    },
    /// A range is not written as `A..B` or `A...B`.
    #[error("'{text}' is not a range of commits")]
    BadRange {
        /// The text as it was given.
        text: String,
    },
    /// The `git` program cannot be started.
    #[error("git cannot be started")]
    NoGit {
        /// What the operating system says.
        source: io::Error,
    },
    /// A git command failed.
    #[error("git could not {purpose}")]
    Command {
        /// What the command was for, as a verb phrase.
        purpose: &'static str,
        /// What git printed.
        source: CommandFailure,
    },
    /// libgit2 failed.
    #[error("the repository could not be read while trying to {purpose}")]
    Library {
        /// What the call was for, as a verb phrase.
        purpose: &'static str,
        /// What libgit2 says.
        source: git2::Error,
    },
    /// A file or folder could not be read or written.
    #[error("cannot use {}", .path.display())]
    Io {
        /// The file or folder.
        path: PathBuf,
        /// What the operating system says.
        source: io::Error,
    },
    /// Git printed something that docgate does not understand.
    #[error("git's answer to '{purpose}' is not understood")]
    Answer {
        /// What the command was for, as a verb phrase.
        purpose: &'static str,
    },
}

/// How a git command ended, and what it printed on standard error.
#[derive(Debug, Error)]
#[error("`git {command}` ended with {status}{}", after_colon(.stderr))]
pub struct CommandFailure {
    /// The subcommand.
    pub command: String,
    /// The exit status, as text.
    pub status: String,
    /// What git printed on standard error, trimmed.
    pub stderr: String,
}

impl GitError {
    /// Returns what the person can do about it, if anything.
    #[must_use]
    pub fn hint(&self) -> Option<String> {
        match self {
            Self::NotARepository { .. } => {
                Some("run docgate inside a repository, or make one with `git init`".to_owned())
            }
            Self::Owner { path, .. } => {
                let folder = quoted(&path.display().to_string());
                Some(format!("if you trust it, run `git config --global --add safe.directory {folder}`"))
            }
            Self::LongIds { .. } => Some(
                "look at files without git's help: `docgate check PATH` in a copy without its `.git`; to commit without \
                 the hook, use `git commit --no-verify`"
                    .to_owned(),
            ),
            Self::Bare => Some("use `--range A..B`, or run docgate in a clone with a working tree".to_owned()),
            Self::UnknownRevision { shallow: true, .. } | Self::NoMergeBase { shallow: true, .. } => Some(
                "this clone is shallow: run `git fetch --unshallow`, or check out with `fetch-depth: 0` in a \
                 workflow"
                    .to_owned(),
            ),
            Self::UnknownRevision { revision, .. } => {
                Some(format!("look at `git rev-parse --verify {}`; it may have to be fetched", quoted(revision)))
            }
            Self::NoMergeBase { .. } => {
                Some("compare the two commits themselves with `A..B` instead of `A...B`".to_owned())
            }
            Self::BadRange { .. } => {
                Some("write `A..B` for two commits, or `A...B` for B since it left A".to_owned())
            }
            Self::NoGit { .. } => Some("install git, and see that it is on the PATH".to_owned()),
            Self::Command { .. } | Self::Library { .. } | Self::Io { .. } | Self::Answer { .. } => None,
        }
    }
}

/// Quotes an argument for a POSIX shell where it needs quotes.
pub(crate) fn quoted(text: &str) -> String {
    let plain = |character: char| character.is_ascii_alphanumeric() || "/._-+:@%,~^".contains(character);
    if !text.is_empty() && text.chars().all(plain) {
        return text.to_owned();
    }
    format!("'{}'", text.replace('\'', r"'\''"))
}

fn after_colon(text: &str) -> String {
    if text.is_empty() { String::new() } else { format!(": {text}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arguments_in_hints_can_be_pasted_into_a_shell() {
        let table = [
            ("/work/repo", "/work/repo"),
            ("/my work/repo", "'/my work/repo'"),
            ("it's", r"'it'\''s'"),
            ("$(rm)", "'$(rm)'"),
            ("", "''"),
        ];
        for (text, expected) in table {
            assert_eq!(quoted(text), expected);
        }
    }

    #[test]
    fn the_owner_hint_is_the_line_to_paste() {
        let error =
            GitError::Owner { path: PathBuf::from("/srv/repo"), source: git2::Error::from_str("not owned") };
        let hint = error.hint().unwrap();
        assert!(hint.contains("`git config --global --add safe.directory /srv/repo`"), "{hint}");
    }
}
