//! Why there is no answer.

use std::error::Error as StdError;
use std::fmt;
use std::time::Duration;

use thiserror::Error;

use super::Usage;
use super::shape::Parameter;
use super::sign_in::SignInError;
use crate::env;

/// A request that brought no text, with what it cost all the same.
///
/// Neither the message nor `Debug` contains a key, a prompt or an answer. What the service says about its error
/// is shown on one line of at most 200 characters.
#[derive(Debug)]
pub struct ModelError {
    /// Why; what callers branch on.
    pub kind: ModelErrorKind,
    /// What was billed nevertheless, where the service said so: a blocked or cut answer is paid for.
    pub usage: Option<Usage>,
    /// How often the request was sent; what found nobody, or had no token in time, was not.
    pub attempts: u32,
    /// Whether it was the end of the granted time that ended the attempts.
    pub ran_out: bool,
    request_id: Option<String>,
}

/// What a service says about a request that it does not accept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rejection {
    /// What the service said.
    pub message: String,
    /// What in the request it is about.
    pub about: About,
}

/// What in a request was wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum About {
    /// A parameter that this deployment does not take.
    Parameter(Parameter),
    /// The request is longer than the model's window.
    Length,
    /// The API version does not exist, or is too old for what was asked.
    ApiVersion,
    /// The model does not answer chat completions.
    Operation,
    /// Something else.
    Other,
}

/// The reasons why there is no text.
#[derive(Debug, Error)]
pub enum ModelErrorKind {
    /// The key was refused (HTTP 401).
    #[error("the model service refused the key")]
    Unauthorized,
    /// The token of a sign-in was refused (HTTP 401).
    #[error("the model service refused the token of the sign-in")]
    TokenRefused,
    /// There is no token, since the sign-in failed; nothing was sent, but for a request whose token was refused.
    #[error("{0}")]
    NotSignedIn(SignInError),
    /// The key is known, the request is not allowed (HTTP 403).
    #[error("the model service forbids the request{}", said(.message))]
    Forbidden {
        /// What the service said.
        message: String,
    },
    /// There is no such endpoint, deployment or API version (HTTP 404).
    #[error("the model service does not know the deployment{}", said(.message))]
    NotFound {
        /// What the service said.
        message: String,
    },
    /// The service does not accept the request (other HTTP 4xx).
    #[error("the model service rejected the request{}", said(&.0.message))]
    BadRequest(Rejection),
    /// The content filter blocked the prompt or the answer.
    #[error("the content filter of the model service blocked the request")]
    ContentFilter,
    /// The model declined to answer.
    #[error("the model refused to answer")]
    Refused,
    /// The answer was cut at the completion limit.
    #[error("the answer was cut off at the completion limit")]
    Truncated,
    /// The answer has no text.
    #[error("the answer is empty")]
    Empty,
    /// The quota is used up, and waiting did not help or would take too long (HTTP 429).
    #[error("the rate limit of the model service is exceeded{}", waiting(*.waited, *.demanded))]
    RateLimited {
        /// How long this request has waited for the service in total.
        waited: Duration,
        /// The wait that the service demanded last, if it named one and it was too long.
        demanded: Option<Duration>,
    },
    /// The quota lets the request go out later than anybody waits.
    #[error("the quota that is set lets the next request go out in {:.0} s, which is more than allowed", .wait.as_secs_f64().ceil())]
    Quota {
        /// How long it would have to wait.
        wait: Duration,
    },
    /// Another request showed that none will be answered: a wrong key, address or name.
    #[error("the model could not be asked")]
    Hopeless,
    /// The time ran out before anything could be sent.
    #[error("there was no time left to ask the model")]
    NoTime,
    /// The service did not answer in time.
    #[error("the model service did not answer within {} s", .after.as_secs_f64())]
    Timeout {
        /// The timeout of one request.
        after: Duration,
    },
    /// The service cannot be reached, or hung up.
    #[error("the model service cannot be reached")]
    Unreachable {
        /// What the network said.
        #[source]
        source: Box<dyn StdError + Send + Sync>,
    },
    /// The service failed (HTTP 5xx and other unexpected statuses).
    #[error("the model service answered with status {status}{}", said(.message))]
    Server {
        /// The HTTP status.
        status: u16,
        /// What the service said.
        message: String,
    },
    /// The answer is not one of the service that was expected.
    #[error("the answer of the model service cannot be read: {reason}")]
    Garbage {
        /// What is wrong with it.
        reason: &'static str,
    },
}

impl ModelError {
    /// Adds the identifier that the service gave the request.
    #[must_use]
    pub fn with_request_id(mut self, request_id: Option<String>) -> Self {
        self.request_id = request_id;
        self
    }

    /// Adds what was billed.
    #[must_use]
    pub fn with_usage(mut self, usage: Usage) -> Self {
        self.usage = Some(usage);
        self
    }

    /// Adds how often the request was sent.
    #[must_use]
    pub(super) fn after(mut self, attempts: u32) -> Self {
        self.attempts = attempts;
        self
    }

    /// Says that there was no time for another attempt.
    #[must_use]
    pub(super) fn for_want_of_time(mut self) -> Self {
        self.ran_out = true;
        self
    }

    /// Says what went wrong at another service than that of the model.
    #[must_use]
    pub fn at(&self, service: &str) -> String {
        self.to_string().replacen("the model service", service, 1)
    }

    /// Returns the identifier to name when asking the service about this request.
    #[must_use]
    pub fn request_id(&self) -> Option<&str> {
        self.request_id.as_deref()
    }

    /// Returns whether the same request would fail again because of what it says.
    ///
    /// Only such failures may be remembered; all others pass.
    #[must_use]
    pub fn is_about_content(&self) -> bool {
        matches!(self.kind, ModelErrorKind::ContentFilter | ModelErrorKind::Refused)
    }

    /// Returns whether every other request would fail in the same way, whatever it says.
    #[must_use]
    pub fn is_hopeless(&self) -> bool {
        matches!(
            self.kind,
            ModelErrorKind::Unauthorized
                | ModelErrorKind::TokenRefused
                | ModelErrorKind::NotSignedIn(_)
                | ModelErrorKind::Forbidden { .. }
                | ModelErrorKind::NotFound { .. }
                | ModelErrorKind::Unreachable { .. }
                | ModelErrorKind::Hopeless
        )
    }

    /// Returns whether the service has certainly billed nothing: no model saw the request.
    #[must_use]
    pub fn is_unbilled(&self) -> bool {
        self.attempts == 0
            || matches!(
                self.kind,
                ModelErrorKind::Unauthorized
                    | ModelErrorKind::TokenRefused
                    | ModelErrorKind::NotSignedIn(_)
                    | ModelErrorKind::Forbidden { .. }
                    | ModelErrorKind::NotFound { .. }
                    | ModelErrorKind::BadRequest(_)
                    | ModelErrorKind::RateLimited { .. }
            )
    }

    /// Returns what the network said in the end, where it was the network that failed.
    #[must_use]
    pub fn cause(&self) -> Option<String> {
        let ModelErrorKind::Unreachable { source } = &self.kind else { return None };
        let mut cause: &(dyn StdError + 'static) = source.as_ref();
        while let Some(deeper) = cause.source() {
            cause = deeper;
        }
        Some(cause.to_string())
    }

    /// Returns the kind as a word for logs, where what the service said has no place: it may quote the prompt.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self.kind {
            ModelErrorKind::Unauthorized => "unauthorized",
            ModelErrorKind::TokenRefused => "token-refused",
            ModelErrorKind::NotSignedIn(_) => "not-signed-in",
            ModelErrorKind::Forbidden { .. } => "forbidden",
            ModelErrorKind::NotFound { .. } => "not-found",
            ModelErrorKind::BadRequest { .. } => "bad-request",
            ModelErrorKind::ContentFilter => "content-filter",
            ModelErrorKind::Refused => "refused",
            ModelErrorKind::Truncated => "truncated",
            ModelErrorKind::Empty => "empty",
            ModelErrorKind::RateLimited { .. } => "rate-limited",
            ModelErrorKind::Timeout { .. } => "timeout",
            ModelErrorKind::Unreachable { .. } => "unreachable",
            ModelErrorKind::Quota { .. } => "quota",
            ModelErrorKind::Hopeless => "hopeless",
            ModelErrorKind::NoTime => "no-time",
            ModelErrorKind::Server { .. } => "server-error",
            ModelErrorKind::Garbage { .. } => "garbage",
        }
    }

    /// Returns what a person can do about it.
    #[must_use]
    pub fn hint(&self) -> Option<String> {
        let hint = match &self.kind {
            ModelErrorKind::Unauthorized => {
                format!(
                    "check that {} holds a key of the resource behind the endpoint",
                    env::API_KEY.join(" or ")
                )
            }
            ModelErrorKind::TokenRefused => format!(
                "check the scope ({}), and that who is signed in has the role `Cognitive Services OpenAI User` on the resource",
                env::SCOPE
            ),
            ModelErrorKind::NotSignedIn(error) => error.hint(),
            ModelErrorKind::Forbidden { .. } => {
                "check the network rules of the Azure resource and the rights of the key, or of who is signed in"
                    .to_owned()
            }
            ModelErrorKind::NotFound { .. } => format!(
                "check the endpoint ({}), the name of the deployment ({}) and the API version ({}); a new deployment takes some minutes",
                env::ENDPOINT.join(" or "),
                env::DEPLOYMENT.join(" or "),
                env::API_VERSION.join(" or "),
            ),
            ModelErrorKind::Truncated | ModelErrorKind::Empty => {
                "raise the completion limit, or ask for fewer definitions in one request".to_owned()
            }
            ModelErrorKind::RateLimited { .. } => {
                "lower the requests and tokens per minute to the quota of the deployment, or raise the quota"
                    .to_owned()
            }
            ModelErrorKind::Timeout { .. } => "raise azure.timeout, or ask for less in one request".to_owned(),
            ModelErrorKind::Unreachable { .. } => format!(
                "check the endpoint ({}), the network, the proxy (HTTPS_PROXY, NO_PROXY, {}) and whom to trust ({})",
                env::ENDPOINT.join(" or "),
                env::PROXY,
                env::CERTIFICATES.join(" or "),
            ),
            ModelErrorKind::Server { status: 300..=399, .. } => {
                "check the endpoint: redirects are not followed, because they would carry the key elsewhere"
                    .to_owned()
            }
            ModelErrorKind::Garbage { .. } => {
                "check the endpoint: a proxy or another service may have answered".to_owned()
            }
            ModelErrorKind::Quota { .. } => {
                "raise azure.maximum-wait, or the requests and tokens per minute if the deployment has more"
                    .to_owned()
            }
            ModelErrorKind::BadRequest(rejection) => return rejection.hint(),
            ModelErrorKind::ContentFilter
            | ModelErrorKind::Refused
            | ModelErrorKind::Hopeless
            | ModelErrorKind::NoTime
            | ModelErrorKind::Server { .. } => return None,
        };
        Some(hint)
    }
}

impl Rejection {
    /// Returns what to change so that the service accepts it.
    fn hint(&self) -> Option<String> {
        let hint = match self.about {
            About::Parameter(parameter) => format!(
                "the deployment does not take {parameter} as it was sent: set {}, or {} to the model behind it",
                parameter.setting(),
                env::AZURE_MODEL.join(" or "),
            ),
            About::Length => {
                "the request is longer than the model's window: take a model with a larger one, or add the file to `never-send`".to_owned()
            }
            About::ApiVersion => format!(
                "set {} to a version that the resource knows, such as 2024-10-21, or unset it for the v1 route",
                env::API_VERSION.join(" or ")
            ),
            About::Operation => {
                "the model behind the deployment does not answer chat completions: deploy one that does, such as gpt-4o-mini".to_owned()
            }
            About::Other => return None,
        };
        Some(hint)
    }
}

impl From<ModelErrorKind> for ModelError {
    fn from(kind: ModelErrorKind) -> Self {
        Self { kind, usage: None, attempts: 0, ran_out: false, request_id: None }
    }
}

impl fmt::Display for ModelError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.kind.fmt(formatter)?;
        if self.ran_out {
            formatter.write_str(" (no time was left to ask again)")?;
        }
        Ok(())
    }
}

impl StdError for ModelError {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.kind.source()
    }
}

fn said(message: &str) -> String {
    if message.is_empty() { String::new() } else { format!(": {message}") }
}

fn waiting(waited: Duration, demanded: Option<Duration>) -> String {
    match demanded {
        Some(demanded) => {
            format!(": it demands a wait of {} s, which is more than allowed", demanded.as_secs_f64().ceil())
        }
        None if waited.is_zero() => String::new(),
        None => format!(" after waiting for {:.1} s", waited.as_secs_f64()),
    }
}

#[cfg(test)]
mod tests {
    use super::super::sign_in::{SignInErrorKind, Way};
    use super::*;

    fn every_kind() -> Vec<ModelErrorKind> {
        let message = || "because".to_owned();
        vec![
            ModelErrorKind::Unauthorized,
            ModelErrorKind::TokenRefused,
            ModelErrorKind::NotSignedIn(SignInErrorKind::NoProgram.of(Way::Cli)),
            ModelErrorKind::Forbidden { message: message() },
            ModelErrorKind::NotFound { message: message() },
            ModelErrorKind::BadRequest(Rejection { message: message(), about: About::Other }),
            ModelErrorKind::BadRequest(Rejection { message: message(), about: About::Length }),
            ModelErrorKind::BadRequest(Rejection { message: message(), about: About::ApiVersion }),
            ModelErrorKind::BadRequest(Rejection { message: message(), about: About::Operation }),
            ModelErrorKind::BadRequest(Rejection {
                message: message(),
                about: About::Parameter(Parameter::Structured),
            }),
            ModelErrorKind::Quota { wait: Duration::from_secs(400) },
            ModelErrorKind::NoTime,
            ModelErrorKind::Hopeless,
            ModelErrorKind::ContentFilter,
            ModelErrorKind::Refused,
            ModelErrorKind::Truncated,
            ModelErrorKind::Empty,
            ModelErrorKind::RateLimited { waited: Duration::from_millis(1500), demanded: None },
            ModelErrorKind::RateLimited {
                waited: Duration::ZERO,
                demanded: Some(Duration::from_secs(86_400)),
            },
            ModelErrorKind::Timeout { after: Duration::from_millis(500) },
            ModelErrorKind::Unreachable { source: "no route to host".into() },
            ModelErrorKind::Server { status: 503, message: String::new() },
            ModelErrorKind::Server { status: 302, message: String::new() },
            ModelErrorKind::Garbage { reason: "it is not JSON" },
        ]
    }

    #[test]
    fn messages_are_lower_case_and_have_no_full_stop() {
        for kind in every_kind() {
            let error = ModelError::from(kind);
            for text in [error.to_string(), error.hint().unwrap_or_default()] {
                assert!(!text.ends_with('.'), "{text}");
                assert!(!text.starts_with(char::is_uppercase), "{text}");
            }
        }
    }

    #[test]
    fn only_failures_about_content_may_be_remembered() {
        for kind in every_kind() {
            let expected = matches!(kind, ModelErrorKind::ContentFilter | ModelErrorKind::Refused);
            let error = ModelError::from(kind);
            assert_eq!(error.is_about_content(), expected, "{error}");
        }
    }

    #[test]
    fn a_rate_limit_says_what_was_waited_or_demanded() {
        let texts: Vec<String> = every_kind()
            .iter()
            .filter(|kind| matches!(kind, ModelErrorKind::RateLimited { .. }))
            .map(ToString::to_string)
            .collect();
        assert_eq!(
            texts,
            [
                "the rate limit of the model service is exceeded after waiting for 1.5 s",
                "the rate limit of the model service is exceeded: it demands a wait of 86400 s, which is more than allowed",
            ]
        );
    }
}
