//! [pure] The names by which GitHub knows things, each checked once, when it is made.

use std::fmt;

use serde::{Deserialize, Serialize};

/// The name of a commit: 40 hexadecimal digits, or 64 in a repository that uses SHA-256.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct CommitSha(String);

impl CommitSha {
    /// Makes a commit name from text, or `None` when it is not a full object name.
    #[must_use]
    pub fn new(text: &str) -> Option<Self> {
        let is_full = matches!(text.len(), 40 | 64) && text.bytes().all(|byte| byte.is_ascii_hexdigit());
        is_full.then(|| Self(text.to_ascii_lowercase()))
    }

    /// Returns the name as lower-case text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for CommitSha {
    type Error = String;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        Self::new(&text).ok_or_else(|| "a commit is 40 or 64 hexadecimal digits".to_owned())
    }
}

impl From<CommitSha> for String {
    fn from(commit: CommitSha) -> Self {
        commit.0
    }
}

impl fmt::Display for CommitSha {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// The number of a pull request, unique in its repository.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PullRequestNumber(u64);

impl PullRequestNumber {
    /// Makes a number; GitHub counts from 1, so 0 gives `None`.
    #[must_use]
    pub fn new(number: u64) -> Option<Self> {
        (number > 0).then_some(Self(number))
    }

    /// Returns the number.
    #[must_use]
    pub fn get(self) -> u64 {
        self.0
    }
}

impl fmt::Display for PullRequestNumber {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "#{}", self.0)
    }
}

/// A repository as `owner/name`, safe to be put into the path of a request.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
pub struct RepositoryName {
    owner: String,
    name: String,
}

impl RepositoryName {
    /// Makes a name from its two halves, or `None` when one holds what GitHub does not allow.
    #[must_use]
    pub fn new(owner: &str, name: &str) -> Option<Self> {
        let is_part = |part: &str| {
            let known = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
            !part.is_empty() && part.len() <= 100 && part.bytes().all(known) && part != "." && part != ".."
        };
        (is_part(owner) && is_part(name)).then(|| Self { owner: owner.to_owned(), name: name.to_owned() })
    }

    /// Parses `owner/name`, the form of `GITHUB_REPOSITORY`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (owner, name) = text.split_once('/')?;
        Self::new(owner, name)
    }

    /// Returns the account the repository belongs to.
    #[must_use]
    pub fn owner(&self) -> &str {
        &self.owner
    }

    /// Returns the name without its owner.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }
}

impl fmt::Display for RepositoryName {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}/{}", self.owner, self.name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_commit_is_a_full_object_name() {
        let table = [
            ("a".repeat(40), true),
            ("A".repeat(40), true),
            ("0".repeat(64), true),
            ("a".repeat(39), false),
            ("a".repeat(41), false),
            ("g".repeat(40), false),
            ("HEAD".to_owned(), false),
            (String::new(), false),
            (format!("--{}", "a".repeat(38)), false),
        ];
        for (text, expected) in table {
            assert_eq!(CommitSha::new(&text).is_some(), expected, "{text}");
        }
    }

    #[test]
    fn a_repository_name_cannot_leave_its_place_in_a_request() {
        let table = [
            ("octo/repo", true),
            ("octo-org/re.po_1", true),
            ("octo", false),
            ("octo/", false),
            ("/repo", false),
            ("octo/..", false),
            ("octo/re/po", false),
            ("octo/re?po", false),
            ("octo/re po", false),
            ("octo/%2e%2e", false),
        ];
        for (text, expected) in table {
            assert_eq!(RepositoryName::parse(text).is_some(), expected, "{text}");
        }
    }

    #[test]
    fn pull_requests_are_counted_from_one() {
        assert_eq!(PullRequestNumber::new(0), None);
        assert_eq!(PullRequestNumber::new(7).map(|number| number.to_string()).as_deref(), Some("#7"));
    }
}
