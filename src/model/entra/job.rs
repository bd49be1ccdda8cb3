//! What GitHub says about a job: a token that Microsoft Entra ID takes in place of a secret.
//!
//! Source: <https://docs.github.com/actions/reference/security/oidc>. Pull requests from forks get none.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use azure_core::error::ErrorKind;
use azure_core::http::{
    ClientMethodOptions, ClientOptions, Context, Method, Pipeline, PipelineSendOptions, Request, Url,
};
use azure_identity::ClientAssertion;
use serde::Deserialize;

use super::carrier::{Undelivered, is_safe};
use super::cause;
use crate::secret::Secret;

/// Whom the token is for: Microsoft Entra ID takes no other.
const AUDIENCE: &str = "api://AzureADTokenExchange";

/// The job, as GitHub's own token service knows it.
pub(super) struct Job {
    url: Url,
    token: Secret,
    pipeline: Pipeline,
    /// Where what was received is noted, so that nobody shows it.
    secrets: Arc<Mutex<Vec<Secret>>>,
}

/// Why there is no token of the job.
#[derive(Debug, thiserror::Error)]
pub(super) enum JobError {
    /// GitHub said no.
    #[error("GitHub gave no token")]
    Refused { status: u16 },
    /// The answer holds no token.
    #[error("the answer of GitHub holds no token")]
    Garbage,
}

#[derive(Deserialize)]
struct Answer {
    value: String,
}

impl Job {
    /// Prepares the question: where it is asked, and with which token.
    pub(super) fn new(
        (url, token): (&str, Secret),
        options: ClientOptions,
        secrets: Arc<Mutex<Vec<Secret>>>,
    ) -> azure_core::Result<Self> {
        let wrong = || {
            let message = "ACTIONS_ID_TOKEN_REQUEST_URL is not an address that begins with https://";
            azure_core::Error::with_message(ErrorKind::Credential, message)
        };
        let mut url = Url::parse(url).map_err(|_| wrong())?;
        if !is_safe(&url) {
            return Err(wrong());
        }
        url.query_pairs_mut().append_pair("audience", AUDIENCE);
        let name = Some(env!("CARGO_PKG_NAME"));
        let pipeline = Pipeline::new(name, Some(env!("CARGO_PKG_VERSION")), options, vec![], vec![], None);
        Ok(Self { url, token, pipeline, secrets })
    }
}

#[async_trait::async_trait]
impl ClientAssertion for Job {
    async fn secret(&self, _: Option<ClientMethodOptions<'_>>) -> azure_core::Result<String> {
        let mut request = Request::new(self.url.clone(), Method::Get);
        request.insert_header("authorization", format!("Bearer {}", self.token.expose()));
        request.insert_header("accept", "application/json");
        let checks = PipelineSendOptions { skip_checks: true, ..PipelineSendOptions::default() };
        let error = |error: JobError| azure_core::Error::new(ErrorKind::Other, error);
        let answer = self.pipeline.send(&Context::default(), &mut request, Some(checks)).await;
        let answer = answer.map_err(|problem| match cause::<Undelivered>(&problem) {
            Some(Undelivered::Refused { status, .. }) => error(JobError::Refused { status: *status }),
            _ => problem,
        })?;
        if !answer.status().is_success() {
            return Err(error(JobError::Refused { status: u16::from(answer.status()) }));
        }
        let read: Result<Answer, _> = serde_json::from_slice(answer.body());
        let value = read.map_err(|_| error(JobError::Garbage))?.value;
        if value.trim().is_empty() {
            return Err(error(JobError::Garbage));
        }
        self.secrets.lock().unwrap_or_else(PoisonError::into_inner).push(Secret::new(&value));
        Ok(value)
    }
}

impl fmt::Debug for Job {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Job").finish_non_exhaustive()
    }
}
