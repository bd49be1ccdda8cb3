//! [pure] The payload of the event that started the workflow, reduced to what a review needs.
//!
//! It does not read the file (`commands/` does) and takes no text of the pull request: titles, branch names
//! and labels are written by strangers and are not needed. The format is GitHub's webhook payload, see
//! <https://docs.github.com/webhooks/webhook-events-and-payloads#pull_request>.

use serde::{Deserialize, Serialize};

use super::identity::{CommitSha, PullRequestNumber, RepositoryName};

/// The pull request an event speaks of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PullRequest {
    /// Its number in the repository it wants to be merged into.
    pub number: PullRequestNumber,
    /// The tip of the base branch when the event was made; the merge base is git's to find.
    pub base_sha: CommitSha,
    /// The tip of the branch that is proposed.
    pub head_sha: CommitSha,
    /// The repository that receives the review.
    pub repository: RepositoryName,
    /// Whether the branch lives in another repository, deleted ones included: its code is not trusted, and the
    /// token of its runs cannot write.
    pub from_fork: bool,
}

/// Why a payload names no pull request.
#[derive(Debug, thiserror::Error)]
pub enum EventError {
    /// The bytes are not JSON.
    #[error("the event payload is not valid JSON")]
    NotJson(#[source] serde_json::Error),
    /// It is the payload of another event.
    #[error("the event payload does not describe a pull request")]
    NotAPullRequest,
    /// It describes a pull request and lacks something that is needed.
    #[error("the pull request in the event payload is incomplete")]
    Incomplete(#[source] serde_json::Error),
    /// A field holds something that cannot be.
    #[error("the event payload names a {field} that is not valid")]
    Invalid {
        /// What the field is called in the payload.
        field: &'static str,
    },
}

impl EventError {
    /// Returns what a person can do about it, if there is something.
    #[must_use]
    pub fn hint(&self) -> Option<&'static str> {
        match self {
            Self::NotAPullRequest => {
                Some("run `docgate review` in a workflow that is started `on: pull_request`")
            }
            Self::NotJson(_) | Self::Incomplete(_) | Self::Invalid { .. } => None,
        }
    }
}

/// Finds the pull request in the payload of an event.
///
/// # Errors
///
/// When the payload is not JSON, belongs to an event without a pull request, or lacks a commit or a name.
pub fn parse_event(payload: &[u8]) -> Result<PullRequest, EventError> {
    // Some tools write the payload with a byte order mark, which JSON does not know.
    let payload = payload.strip_prefix(b"\xef\xbb\xbf").unwrap_or(payload);
    let value: serde_json::Value = serde_json::from_slice(payload).map_err(EventError::NotJson)?;
    if !value.get("pull_request").is_some_and(serde_json::Value::is_object) {
        return Err(EventError::NotAPullRequest);
    }
    let raw: RawEvent = serde_json::from_value(value).map_err(EventError::Incomplete)?;
    let pull_request = raw.pull_request;
    let number =
        PullRequestNumber::new(pull_request.number).ok_or(EventError::Invalid { field: "number" })?;
    let base_repository = raw
        .repository
        .or(pull_request.base.repo)
        .ok_or(EventError::Invalid { field: "repository" })?
        .full_name;
    let repository =
        RepositoryName::parse(&base_repository).ok_or(EventError::Invalid { field: "repository" })?;
    let from_fork =
        pull_request.head.repo.is_none_or(|head| !head.full_name.eq_ignore_ascii_case(&base_repository));
    Ok(PullRequest {
        number,
        base_sha: CommitSha::new(&pull_request.base.sha)
            .ok_or(EventError::Invalid { field: "base commit" })?,
        head_sha: CommitSha::new(&pull_request.head.sha)
            .ok_or(EventError::Invalid { field: "head commit" })?,
        repository,
        from_fork,
    })
}

#[derive(Deserialize)]
struct RawEvent {
    pull_request: RawPullRequest,
    repository: Option<RawRepository>,
}

#[derive(Deserialize)]
struct RawPullRequest {
    number: u64,
    base: RawBranch,
    head: RawBranch,
}

#[derive(Deserialize)]
struct RawBranch {
    sha: String,
    // Null when the fork was deleted.
    repo: Option<RawRepository>,
}

#[derive(Deserialize)]
struct RawRepository {
    full_name: String,
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn payload() -> Value {
        json!({
            "action": "synchronize",
            "number": 7,
            "pull_request": {
                "number": 7,
                "title": "`rm -rf` <!-- @everyone -->",
                "base": { "ref": "main", "sha": "a".repeat(40), "repo": { "full_name": "octo/repo" } },
                "head": { "ref": "topic", "sha": "b".repeat(40), "repo": { "full_name": "Octo/Repo", "fork": false } },
            },
            "repository": { "full_name": "octo/repo", "private": false },
            "something_new": [1, 2],
        })
    }

    fn parse(value: &Value) -> Result<PullRequest, EventError> {
        parse_event(value.to_string().as_bytes())
    }

    #[test]
    fn a_payload_gives_number_commits_and_repository() {
        let found = parse(&payload()).unwrap();
        assert_eq!(found.number.get(), 7);
        assert_eq!(found.base_sha.as_str(), "a".repeat(40));
        assert_eq!(found.head_sha.as_str(), "b".repeat(40));
        assert_eq!(found.repository.to_string(), "octo/repo");
        assert!(!found.from_fork, "the case of a name does not make a fork");
    }

    #[test]
    fn another_repository_or_a_deleted_one_is_a_fork() {
        let mut value = payload();
        value["pull_request"]["head"]["repo"]["full_name"] = json!("mallory/repo");
        assert!(parse(&value).unwrap().from_fork);
        value["pull_request"]["head"]["repo"] = Value::Null;
        assert!(parse(&value).unwrap().from_fork);
    }

    #[test]
    fn a_byte_order_mark_is_no_obstacle() {
        let mut bytes = b"\xef\xbb\xbf".to_vec();
        bytes.extend(payload().to_string().into_bytes());
        assert!(parse_event(&bytes).is_ok());
    }

    #[test]
    fn each_wrong_payload_says_what_is_wrong() {
        let change = |pointer: &str, with: Value| {
            let mut value = payload();
            *value.pointer_mut(pointer).unwrap() = with;
            value.to_string()
        };
        let table = [
            ("{".to_owned(), "the event payload is not valid JSON"),
            (String::new(), "the event payload is not valid JSON"),
            ("[]".to_owned(), "the event payload does not describe a pull request"),
            (json!({"ref": "main"}).to_string(), "the event payload does not describe a pull request"),
            (json!({"pull_request": null}).to_string(), "the event payload does not describe a pull request"),
            (
                json!({"pull_request": {"number": 1}}).to_string(),
                "the pull request in the event payload is incomplete",
            ),
            (
                change("/pull_request/number", json!(-1)),
                "the pull request in the event payload is incomplete",
            ),
            (change("/pull_request/number", json!(0)), "the event payload names a number that is not valid"),
            (
                change("/pull_request/head/sha", json!("--upload-pack=x")),
                "the event payload names a head commit that is not valid",
            ),
            (
                change("/pull_request/base/sha", json!("main")),
                "the event payload names a base commit that is not valid",
            ),
            (
                change("/repository/full_name", json!("../../x")),
                "the event payload names a repository that is not valid",
            ),
        ];
        for (payload, expected) in table {
            let error = parse_event(payload.as_bytes()).unwrap_err();
            assert_eq!(error.to_string(), expected, "{payload}");
        }
    }
}
