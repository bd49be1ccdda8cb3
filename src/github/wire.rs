//! [pure] What goes over the wire and comes back: the shapes of GitHub's REST interface, and what an answer means.
//!
//! octocrab's own types cannot express a review with comments (its response type is not exhaustive), hence these.
//! Source: <https://docs.github.com/rest/pulls/reviews>.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::error::ClientError;
use super::fingerprint::ExistingComment;
use super::plan::{InlineComment, Plan};
use super::settings::{Patience, Token};
use crate::untrusted::is_hidden;

const LONGEST_MESSAGE: usize = 600;

/// A review to be posted.
#[derive(Serialize)]
pub(super) struct ReviewPayload<'a> {
    commit_id: &'a str,
    // Without an event the review stays pending, and nobody sees it.
    event: &'static str,
    body: &'a str,
    comments: Vec<CommentPayload<'a>>,
}

impl<'a> ReviewPayload<'a> {
    pub(super) fn new(plan: &'a Plan) -> Self {
        Self {
            commit_id: plan.commit.as_str(),
            event: "COMMENT",
            body: &plan.body,
            comments: plan.comments.iter().map(CommentPayload::new).collect(),
        }
    }
}

#[derive(Serialize)]
struct CommentPayload<'a> {
    path: &'a str,
    body: &'a str,
    line: usize,
    side: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    start_line: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    start_side: Option<&'static str>,
}

impl<'a> CommentPayload<'a> {
    fn new(comment: &'a InlineComment) -> Self {
        // GitHub wants the start before the line, so a single line has no start.
        let start_line = comment.start_line.filter(|start| *start < comment.line);
        Self {
            path: comment.path.as_str(),
            body: &comment.body,
            line: comment.line,
            side: "RIGHT",
            start_line,
            start_side: start_line.map(|_| "RIGHT"),
        }
    }
}

/// A review that was just stored.
#[derive(Deserialize)]
pub(super) struct StoredReview {
    pub(super) html_url: String,
}

/// A review or a review comment in a listing.
#[derive(Deserialize)]
pub(super) struct Listed {
    id: u64,
    // Null for deleted accounts.
    user: Option<Account>,
    body: Option<String>,
}

impl Listed {
    /// Returns what it said, if it is one of docgate's own.
    pub(super) fn into_own(self, author: &Author) -> Option<ExistingComment> {
        let account = self.user?;
        let is_own = match author {
            Author::Login(login) => account.login.eq_ignore_ascii_case(login),
            Author::Bot => account.kind.as_deref() == Some("Bot"),
        };
        if is_own { ExistingComment::new(self.id, &self.body?) } else { None }
    }
}

/// An account in an answer.
#[derive(Deserialize)]
pub(super) struct Account {
    pub(super) login: String,
    #[serde(rename = "type")]
    kind: Option<String>,
}

/// Whose comments count as docgate's own. A marker alone is not enough: anybody can write one, and would silence
/// docgate with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Author {
    /// The account that the token belongs to.
    Login(String),
    /// Any bot: the tokens of workflows may not ask who they are.
    Bot,
}

/// An answer, as far as docgate looks at it.
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) retry_after: Option<String>,
    pub(super) rate_limit_remaining: Option<String>,
    pub(super) rate_limit_reset: Option<String>,
    pub(super) has_next_page: bool,
    pub(super) body: Vec<u8>,
}

/// A request that failed, and whether it helps to repeat it.
#[derive(Debug)]
pub(super) struct Failure {
    pub(super) error: ClientError,
    pub(super) outlook: Outlook,
}

/// What to expect of sending a request again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Outlook {
    /// The same answer.
    Final,
    /// A better one, after a pause; the request did nothing.
    Later {
        /// The pause that GitHub asked for.
        asked: Option<Duration>,
    },
    /// Perhaps a better one; but the request may have done its work, and only its answer is lost.
    Uncertain,
}

impl Outlook {
    /// Returns how long to wait before attempt `attempt + 1`, or `None` to give up.
    pub(super) fn pause(self, attempt: u32, patience: &Patience) -> Option<Duration> {
        if attempt >= patience.attempts {
            return None;
        }
        let doubled = |pause: Duration| pause.saturating_mul(2_u32.saturating_pow(attempt.saturating_sub(1)));
        let pause = match self {
            Self::Final => return None,
            Self::Later { asked: Some(asked) } => asked,
            Self::Later { asked: None } => doubled(patience.throttled_pause),
            Self::Uncertain => doubled(patience.first_pause),
        };
        (pause <= patience.longest_pause).then_some(pause)
    }
}

impl Answer {
    /// Returns the answer if it is a success, else what its status means.
    ///
    /// `now` is the time since 1970, which `x-ratelimit-reset` counts in.
    pub(super) fn check(self, token: &Token, now: Duration) -> Result<Self, Failure> {
        if (200..300).contains(&self.status) {
            return Ok(self);
        }
        let status = self.status;
        let message = self.message(token);
        if self.is_throttled(&message) {
            let outlook = Outlook::Later { asked: self.asked_pause(now) };
            return Err(Failure { error: ClientError::Throttled { status, message }, outlook });
        }
        let error = match status {
            401 => ClientError::Unauthorized { message },
            403 => ClientError::Forbidden { message },
            404 => ClientError::NotFound { message },
            422 => ClientError::Rejected { message },
            _ => ClientError::Status { status, message },
        };
        let outlook = if status >= 500 { Outlook::Uncertain } else { Outlook::Final };
        Err(Failure { error, outlook })
    }

    /// GitHub says 403 for a missing permission and for too many requests alike.
    fn is_throttled(&self, message: &str) -> bool {
        let is_exhausted = self.rate_limit_remaining.as_deref() == Some("0");
        let names_limit = message.to_ascii_lowercase().contains("rate limit");
        self.status == 429
            || (self.status == 403 && (self.retry_after.is_some() || is_exhausted || names_limit))
    }

    fn asked_pause(&self, now: Duration) -> Option<Duration> {
        if let Some(text) = &self.retry_after {
            if let Ok(seconds) = text.trim().parse() {
                return Some(Duration::from_secs(seconds));
            }
            if let Ok(date) = httpdate::parse_http_date(text) {
                let since_epoch = date.duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
                return Some(since_epoch.saturating_sub(now));
            }
        }
        // The reset of the primary limit says nothing about a secondary one that was hit before it.
        if self.rate_limit_remaining.as_deref() == Some("0") {
            let reset = self.rate_limit_reset.as_deref()?.trim().parse().ok()?;
            // One second more: the reset is rounded down.
            return Some(Duration::from_secs(reset).saturating_sub(now) + Duration::from_secs(1));
        }
        None
    }

    fn message(&self, token: &Token) -> String {
        let Ok(body) = serde_json::from_slice::<ErrorBody>(&self.body) else {
            return "the answer is not from GitHub's REST interface".to_owned();
        };
        let mut message = body.message.unwrap_or_else(|| "no reason given".to_owned());
        let details: Vec<String> = body.errors.iter().flatten().map(detail).collect();
        if !details.is_empty() {
            message = format!("{message}: {}", details.join("; "));
        }
        let message = token.redact(&message);
        let visible = message.chars().filter(|character| !is_hidden(*character));
        visible.take(LONGEST_MESSAGE).collect()
    }
}

#[derive(Deserialize)]
struct ErrorBody {
    message: Option<String>,
    errors: Option<Vec<serde_json::Value>>,
}

/// Errors come as texts, as objects with a message, or as objects that name a field.
fn detail(error: &serde_json::Value) -> String {
    let text = error.as_str().or_else(|| error.get("message").and_then(serde_json::Value::as_str));
    text.map_or_else(|| error.to_string(), str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    const NOW: Duration = Duration::from_secs(1_000);

    fn answer(status: u16, body: &serde_json::Value) -> Answer {
        Answer {
            status,
            retry_after: None,
            rate_limit_remaining: None,
            rate_limit_reset: None,
            has_next_page: false,
            body: body.to_string().into_bytes(),
        }
    }

    fn outlook(answer: Answer) -> Outlook {
        answer.check(&Token::new("t0ken").unwrap(), NOW).err().unwrap().outlook
    }

    #[test]
    fn a_403_is_a_permission_or_a_limit() {
        let plain = || answer(403, &json!({"message": "Resource not accessible by integration"}));
        assert_eq!(outlook(plain()), Outlook::Final);
        let asked = |seconds| Outlook::Later { asked: Some(Duration::from_secs(seconds)) };
        let zero = || Some("0".to_owned());
        let table = [
            (Answer { retry_after: Some("7".to_owned()), ..plain() }, asked(7)),
            (Answer { retry_after: Some("Thu, 01 Jan 1970 00:17:00 GMT".to_owned()), ..plain() }, asked(20)),
            (
                Answer { rate_limit_remaining: zero(), rate_limit_reset: Some("1009".to_owned()), ..plain() },
                asked(10),
            ),
            (Answer { rate_limit_remaining: zero(), ..plain() }, Outlook::Later { asked: None }),
            (
                answer(403, &json!({"message": "You have exceeded a secondary rate limit."})),
                Outlook::Later { asked: None },
            ),
            (answer(429, &json!({})), Outlook::Later { asked: None }),
            (answer(500, &json!({})), Outlook::Uncertain),
            (answer(502, &json!("<html>")), Outlook::Uncertain),
            (answer(422, &json!({})), Outlook::Final),
            (answer(301, &json!({})), Outlook::Final),
        ];
        for (answer, expected) in table {
            let status = answer.status;
            assert_eq!(outlook(answer), expected, "{status}");
        }
    }

    #[test]
    fn pauses_double_and_end() {
        let patience = Patience {
            attempts: 4,
            first_pause: Duration::from_secs(1),
            throttled_pause: Duration::from_secs(60),
            longest_pause: Duration::from_secs(100),
            ..Patience::default()
        };
        let seconds =
            |outlook: Outlook, attempt| outlook.pause(attempt, &patience).map(|pause| pause.as_secs());
        let later = |asked: u64| Outlook::Later { asked: Some(Duration::from_secs(asked)) };
        let table = [
            (Outlook::Final, 1, None),
            (Outlook::Uncertain, 1, Some(1)),
            (Outlook::Uncertain, 3, Some(4)),
            (Outlook::Uncertain, 4, None),
            (Outlook::Later { asked: None }, 1, Some(60)),
            (Outlook::Later { asked: None }, 2, None),
            (later(100), 1, Some(100)),
            (later(101), 1, None),
        ];
        for (outlook, attempt, expected) in table {
            assert_eq!(seconds(outlook, attempt), expected, "{outlook:?} {attempt}");
        }
    }

    #[test]
    fn a_message_names_all_details_and_no_secret() {
        let body = json!({
            "message": "Unprocessable Entity",
            "errors": ["line must be part of the diff", {"message": "no t0ken\u{1b}[31m"}, {"field": "body"}],
        });
        let error = answer(422, &body).check(&Token::new("t0ken").unwrap(), NOW).err().unwrap().error;
        assert_eq!(
            error.to_string(),
            "GitHub rejects the review (422): Unprocessable Entity: line must be part of the diff; no ***[31m; \
             {\"field\":\"body\"}"
        );
    }

    #[test]
    fn only_own_comments_are_read() {
        let marker = "text\n<!-- docgate: fingerprint=00000000000000000000000000000000 -->";
        let listed = |login: &str, kind: &str, body: &str| -> Listed {
            serde_json::from_value(json!({"id": 1, "body": body, "user": {"login": login, "type": kind}}))
                .unwrap()
        };
        let bot = Author::Bot;
        let ada = Author::Login("Ada".to_owned());
        assert!(listed("github-actions[bot]", "Bot", marker).into_own(&bot).is_some());
        assert!(listed("mallory", "User", marker).into_own(&bot).is_none());
        assert!(listed("github-actions[bot]", "Bot", "no marker").into_own(&bot).is_none());
        assert!(listed("ada", "User", marker).into_own(&ada).is_some());
        assert!(listed("mallory", "User", marker).into_own(&ada).is_none());
        let ghost: Listed = serde_json::from_value(json!({"id": 1, "body": marker, "user": null})).unwrap();
        assert!(ghost.into_own(&bot).is_none());
    }
}
