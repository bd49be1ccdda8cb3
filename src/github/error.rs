//! [pure] What can go wrong between docgate and GitHub.

/// Why GitHub could not be asked or did not do what it was asked for.
///
/// Messages that come from GitHub are cut, stripped of invisible characters and of the token before they get here.
#[derive(Debug, thiserror::Error)]
pub enum ClientError {
    /// No token was given.
    #[error("there is no token for GitHub: GITHUB_TOKEN is not set")]
    NoToken,
    /// The token holds characters that no token has, such as line breaks.
    #[error("the token for GitHub holds characters that cannot be sent")]
    UnusableToken,
    /// The address cannot be used.
    #[error("the address of GitHub's REST interface cannot be used: {reason}")]
    UnusableAddress {
        /// What is wrong with it, as a phrase.
        reason: &'static str,
    },
    /// 401: GitHub does not know the token.
    #[error("GitHub does not accept the token (401): {message}")]
    Unauthorized {
        /// What GitHub said.
        message: String,
    },
    /// 403: the token is known and may not do this.
    #[error("GitHub refuses the request (403): {message}")]
    Forbidden {
        /// What GitHub said.
        message: String,
    },
    /// 404: it does not exist, or the token may not know that it does.
    #[error("GitHub does not find the pull request or hides it from the token (404): {message}")]
    NotFound {
        /// What GitHub said.
        message: String,
    },
    /// 422: the review as a whole was rejected, often because of one line.
    #[error("GitHub rejects the review (422): {message}")]
    Rejected {
        /// What GitHub said.
        message: String,
    },
    /// 403 or 429: too many requests, and the wait is longer than docgate is willing to.
    #[error("GitHub asks to slow down ({status}): {message}")]
    Throttled {
        /// The status code.
        status: u16,
        /// What GitHub said.
        message: String,
    },
    /// Any other answer that is not a success.
    #[error("GitHub answered with status {status}: {message}")]
    Status {
        /// The status code.
        status: u16,
        /// What GitHub said.
        message: String,
    },
    /// No connection, or it broke.
    #[error("GitHub could not be reached")]
    Unreachable(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// The answer did not come in time.
    #[error("GitHub did not answer within {seconds} s")]
    TimedOut {
        /// How long docgate waited.
        seconds: u64,
    },
    /// The answer broke off, or was larger than anything GitHub sends.
    #[error("the answer of GitHub could not be read")]
    UnreadableAnswer(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// The answer was not what GitHub documents.
    #[error("the answer of GitHub could not be understood")]
    StrangeAnswer(#[source] serde_json::Error),
    /// A listing that does not end.
    #[error("GitHub lists more than {pages} pages of comments")]
    EndlessListing {
        /// How many pages were read.
        pages: usize,
    },
}

impl ClientError {
    /// Returns what a person can do about it, if there is something.
    #[must_use]
    pub fn hint(&self) -> Option<&'static str> {
        match self {
            Self::NoToken => Some("pass `GITHUB_TOKEN: ${{ github.token }}` in the `env` of the step"),
            Self::UnusableToken => {
                Some("check GITHUB_TOKEN for line breaks and spaces, as left behind by pasting")
            }
            Self::UnusableAddress { .. } => Some(
                "GITHUB_API_URL is `https://api.github.com`, or `https://HOST/api/v3` on a server of your own",
            ),
            Self::Unauthorized { .. } => {
                Some("check that GITHUB_TOKEN is set to a token that has not expired")
            }
            Self::Forbidden { .. } => Some(
                "give the job `permissions: pull-requests: write`; the token of a pull request from a fork \
                 can never write",
            ),
            Self::NotFound { .. } => Some(
                "check that the token belongs to this repository and the job has `permissions: contents: read` \
                 and `pull-requests: write`",
            ),
            Self::Rejected { .. } => Some(
                "the local diff may differ from the one GitHub shows: check out with `fetch-depth: 0`, and see \
                 whether the branch was pushed to meanwhile",
            ),
            Self::Throttled { .. } => {
                Some("run again later; GitHub counts the requests of a whole repository")
            }
            Self::Unreachable(_) | Self::TimedOut { .. } => {
                Some("check the network, and https://www.githubstatus.com")
            }
            Self::Status { .. }
            | Self::UnreadableAnswer(_)
            | Self::StrangeAnswer(_)
            | Self::EndlessListing { .. } => None,
        }
    }
}
