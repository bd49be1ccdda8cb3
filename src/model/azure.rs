//! Azure OpenAI over HTTP: routes, key, waiting and asking again.
//!
//! Source of the protocol: <https://learn.microsoft.com/azure/ai-foundry/openai/reference>. The endpoint comes
//! from a person's environment, never from a repository; still it must be https, and redirects are not
//! followed, so that the key and the code reach nobody else.

use std::error::Error as StdError;
use std::net::IpAddr;
use std::num::NonZeroU64;
use std::time::Duration;

use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use reqwest::{Client, Response, Url, redirect};
use serde_json::Value;
use thiserror::Error;
use tracing::debug;

use super::limiter::{Quota, SharedLimiter};
use super::{LanguageModel, ModelError, ModelErrorKind, ModelReply, ModelRequest, retry, tokens, wire};
use crate::clock;
use crate::secret::Secret;

/// The largest answer that is read.
const LARGEST_BODY: usize = 4 * 1024 * 1024;
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

/// Where and how to ask Azure OpenAI.
#[derive(Debug, Clone)]
pub struct AzureSettings {
    /// The resource, such as `https://example.openai.azure.com`; plain http only for this machine itself.
    pub endpoint: String,
    /// The key that is sent in the header `api-key`.
    pub api_key: Secret,
    /// The name of the deployment.
    pub deployment: String,
    /// The dated API version, such as `2024-10-21`; without one the v1 route is used.
    pub api_version: Option<String>,
    /// The name of the model behind the deployment: it decides which parameters are sent.
    pub model: String,
    /// The longest time for one request with its answer.
    pub timeout: Duration,
    /// The longest wait that the service may demand; above it the request is given up at once.
    pub maximum_wait: Duration,
    /// How often a request is repeated after a failure that may pass.
    pub maximum_retries: u32,
    /// Requests that the deployment allows in a minute, at least one.
    pub requests_per_minute: u64,
    /// Tokens that the deployment allows in a minute, at least one.
    pub tokens_per_minute: u64,
    /// The identifier of this run, sent along so that the service's logs can be searched for it.
    pub run_id: String,
}

impl AzureSettings {
    /// Makes settings with the defaults: v1 route, the model named like the deployment, 120 s for an answer and for
    /// a demanded wait, 4 retries, 60 requests and 100,000 tokens a minute.
    #[must_use]
    pub fn new(endpoint: &str, api_key: Secret, deployment: &str) -> Self {
        Self {
            endpoint: endpoint.to_owned(),
            api_key,
            deployment: deployment.to_owned(),
            api_version: None,
            model: deployment.to_owned(),
            timeout: Duration::from_secs(120),
            maximum_wait: Duration::from_secs(120),
            maximum_retries: 4,
            requests_per_minute: 60,
            tokens_per_minute: 100_000,
            run_id: String::new(),
        }
    }
}

/// Settings that cannot work.
#[derive(Debug, Error)]
pub enum SettingsError {
    /// The endpoint is no address of a server.
    #[error("the endpoint is not a URL such as https://example.openai.azure.com")]
    Endpoint,
    /// The endpoint would send key and code unencrypted over a network.
    #[error("the endpoint {host} must be reached over https; plain http is accepted for this machine only")]
    PlainHttp {
        /// The host that was named.
        host: String,
    },
    /// The key is empty or cannot be sent in a header.
    #[error("the key is empty or has characters that no key has")]
    Key,
    /// The deployment has no name.
    #[error("the deployment has no name")]
    Deployment,
    /// The run identifier cannot be sent in a header.
    #[error("the run id has characters that no header can carry")]
    RunId,
    /// A quota of nothing.
    #[error("the requests and tokens per minute must be at least 1")]
    Quota,
    /// The HTTP client cannot be made, for example because no certificates are installed.
    #[error("the HTTP client cannot be set up")]
    Client(#[source] reqwest::Error),
}

/// A deployment of a language model on Azure OpenAI.
///
/// One value paces all requests that are made through it: share it instead of making several.
#[derive(Debug)]
pub struct Azure {
    client: Client,
    url: Url,
    settings: AzureSettings,
    limiter: SharedLimiter,
}

impl Azure {
    /// Prepares the client; nothing is sent.
    ///
    /// # Errors
    ///
    /// When a setting cannot work. No message contains the key.
    pub fn new(settings: AzureSettings) -> Result<Self, SettingsError> {
        let quota = Quota {
            requests_per_minute: NonZeroU64::new(settings.requests_per_minute).ok_or(SettingsError::Quota)?,
            tokens_per_minute: NonZeroU64::new(settings.tokens_per_minute).ok_or(SettingsError::Quota)?,
        };
        let url = route(&settings)?;
        let mut builder = Client::builder()
            .default_headers(headers(&settings)?)
            .user_agent(concat!("docgate/", env!("CARGO_PKG_VERSION")))
            .redirect(redirect::Policy::none())
            .connect_timeout(CONNECT_TIMEOUT.min(settings.timeout))
            .timeout(settings.timeout);
        if url.scheme() == "http" {
            // A proxy would carry an unencrypted key away from this machine.
            builder = builder.no_proxy();
        }
        let client = builder.build().map_err(SettingsError::Client)?;
        Ok(Self { client, url, settings, limiter: SharedLimiter::new(quota) })
    }

    /// Sends the body once.
    async fn attempt(&self, body: &Value) -> Result<ModelReply, Failure> {
        let response = self.client.post(self.url.clone()).json(body).send().await;
        let response = response.map_err(|error| self.network_failure(error))?;
        let status = response.status().as_u16();
        let demanded = retry::demanded_wait(response.headers(), clock::since_epoch());
        let request_id = self.request_id(response.headers());
        let body = match read_bounded(response).await {
            Ok(body) => body,
            Err(Unread::Network(error)) => return Err(self.network_failure(error)),
            Err(Unread::TooLarge) => {
                let kind = ModelErrorKind::Garbage { reason: "it is larger than 4 MiB" };
                return Err(Failure::lasting(ModelError::from(kind).with_request_id(request_id)));
            }
        };
        if status == 200 {
            return match wire::reply(&body, &self.settings.api_key) {
                Ok(reply) => Ok(ModelReply { request_id, ..reply }),
                Err(error) => Err(Failure::lasting(error.with_request_id(request_id))),
            };
        }
        let kind = match status {
            429 => ModelErrorKind::RateLimited { waited: Duration::ZERO, demanded: None },
            _ => wire::failure(status, &body, &self.settings.api_key),
        };
        let again = match demanded {
            _ if !retry::is_passing(status) => Again::Never,
            Some(wait) => Again::AllAfter(wait),
            None => Again::AfterBackoff,
        };
        Err(Failure { error: ModelError::from(kind).with_request_id(request_id), again })
    }

    fn network_failure(&self, error: reqwest::Error) -> Failure {
        if error.is_timeout() && !error.is_connect() {
            // The time that was granted is used up, and the answer may have been paid for: not asked again.
            return Failure::lasting(ModelErrorKind::Timeout { after: self.settings.timeout }.into());
        }
        // Nobody listening is rarely cured by waiting, and a person at a commit waits with us.
        let again = if error.is_connect() { Again::OnceMore } else { Again::AfterBackoff };
        let source: Box<dyn StdError + Send + Sync> = Box::new(error.without_url());
        Failure { error: ModelErrorKind::Unreachable { source }.into(), again }
    }

    fn request_id(&self, headers: &HeaderMap) -> Option<String> {
        let value = headers.get("x-request-id").or_else(|| headers.get("apim-request-id"))?;
        let text = self.settings.api_key.sanitise(value.to_str().ok()?);
        (!text.is_empty()).then_some(text)
    }
}

impl LanguageModel for Azure {
    async fn complete(&self, request: &ModelRequest) -> Result<ModelReply, ModelError> {
        let deployment = self.settings.api_version.is_none().then_some(self.settings.deployment.as_str());
        let body = wire::request_body(request, &self.settings.model, deployment);
        // Azure admits by an estimate from the number of characters, too; loading a token table gains nothing here.
        let tokens = tokens::estimate_request(request).saturating_add(request.max_completion_tokens);
        let mut waited = Duration::ZERO;
        let mut attempt = 0;
        loop {
            // Every attempt counts against the quota, failed ones as well.
            self.limiter.admit(tokens).await;
            let Failure { error, again } = match self.attempt(&body).await {
                Ok(reply) => return Ok(reply),
                Err(failure) => failure,
            };
            let wait = match again {
                Again::Never => return Err(error),
                Again::OnceMore if attempt > 0 => return Err(error),
                Again::AllAfter(wait) if wait > self.settings.maximum_wait => {
                    return Err(gave_up(error, waited, Some(wait)));
                }
                Again::AllAfter(wait) => wait,
                Again::OnceMore | Again::AfterBackoff => retry::backoff(attempt, retry::chance()),
            };
            // A limit is everybody's: the others wait even when this request is given up.
            let is_shared = matches!(again, Again::AllAfter(_))
                || matches!(error.kind, ModelErrorKind::RateLimited { .. });
            if is_shared {
                self.limiter.pause_for(wait);
            }
            if attempt == self.settings.maximum_retries {
                return Err(gave_up(error, waited, None));
            }
            if !is_shared {
                tokio::time::sleep(wait).await;
            }
            attempt += 1;
            waited = waited.saturating_add(wait);
            debug!(
                attempt,
                wait_milliseconds = u64::try_from(wait.as_millis()).unwrap_or(u64::MAX),
                request_id = error.request_id(),
                reason = error.name(),
                "asking the model service again"
            );
        }
    }
}

/// A failed attempt, and whether another one makes sense.
struct Failure {
    error: ModelError,
    again: Again,
}

impl Failure {
    fn lasting(error: ModelError) -> Self {
        Self { error, again: Again::Never }
    }
}

#[derive(Clone, Copy)]
enum Again {
    Never,
    OnceMore,
    AfterBackoff,
    /// The service named a wait; it holds for every request.
    AllAfter(Duration),
}

/// Completes an error that ends the retries: a rate limit says what was waited and demanded.
fn gave_up(mut error: ModelError, total: Duration, wait: Option<Duration>) -> ModelError {
    if let ModelErrorKind::RateLimited { waited, demanded } = &mut error.kind {
        (*waited, *demanded) = (total, wait);
    }
    error
}

enum Unread {
    Network(reqwest::Error),
    TooLarge,
}

async fn read_bounded(mut response: Response) -> Result<Vec<u8>, Unread> {
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(Unread::Network)? {
        if body.len() + chunk.len() > LARGEST_BODY {
            return Err(Unread::TooLarge);
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}

fn headers(settings: &AzureSettings) -> Result<HeaderMap, SettingsError> {
    if settings.api_key.is_empty() {
        return Err(SettingsError::Key);
    }
    let mut key = HeaderValue::from_str(settings.api_key.expose()).map_err(|_| SettingsError::Key)?;
    key.set_sensitive(true);
    let mut headers = HeaderMap::new();
    headers.insert(HeaderName::from_static("api-key"), key);
    if !settings.run_id.is_empty() {
        let run_id = HeaderValue::from_str(&settings.run_id).map_err(|_| SettingsError::RunId)?;
        headers.insert(HeaderName::from_static("x-ms-client-request-id"), run_id);
    }
    Ok(headers)
}

/// Returns the address that requests are sent to.
fn route(settings: &AzureSettings) -> Result<Url, SettingsError> {
    let mut url = Url::parse(settings.endpoint.trim()).map_err(|_| SettingsError::Endpoint)?;
    let host = url.host_str().ok_or(SettingsError::Endpoint)?.to_owned();
    match url.scheme() {
        "https" => {}
        "http" if is_this_machine(&host) => {}
        "http" => return Err(SettingsError::PlainHttp { host }),
        _ => return Err(SettingsError::Endpoint),
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(SettingsError::Endpoint);
    }
    if settings.deployment.is_empty() || matches!(settings.deployment.as_str(), "." | "..") {
        return Err(SettingsError::Deployment);
    }
    url.set_query(None);
    url.set_fragment(None);
    // Microsoft's pages show the endpoint with and without the beginning of the route: both are pasted.
    let path = url.path().trim_end_matches('/');
    let base =
        path.strip_suffix("/openai/v1").or_else(|| path.strip_suffix("/openai")).unwrap_or(path).to_owned();
    url.set_path(&base);
    {
        let mut segments = url.path_segments_mut().map_err(|()| SettingsError::Endpoint)?;
        segments.pop_if_empty().push("openai");
        match &settings.api_version {
            Some(_) => segments.extend(["deployments", &settings.deployment]),
            None => segments.push("v1"),
        };
        segments.extend(["chat", "completions"]);
    }
    if let Some(version) = &settings.api_version {
        url.query_pairs_mut().append_pair("api-version", version);
    }
    Ok(url)
}

fn is_this_machine(host: &str) -> bool {
    let address = host.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>();
    host == "localhost" || address.is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings(endpoint: &str) -> AzureSettings {
        AzureSettings::new(endpoint, Secret::new("key"), "docs")
    }

    #[test]
    fn endpoints_lead_to_the_route() {
        let v1 = "https://a.openai.azure.com/openai/v1/chat/completions";
        let table = [
            ("https://a.openai.azure.com", v1),
            (" https://a.openai.azure.com/ \n", v1),
            ("https://a.openai.azure.com/openai", v1),
            ("https://a.openai.azure.com/openai/v1/", v1),
            ("https://a.openai.azure.com/?x=1#y", v1),
            (
                "https://gateway.example.org/team",
                "https://gateway.example.org/team/openai/v1/chat/completions",
            ),
            ("http://127.0.0.1:80/", "http://127.0.0.1/openai/v1/chat/completions"),
            ("http://[::1]:8080", "http://[::1]:8080/openai/v1/chat/completions"),
            ("http://localhost:8080", "http://localhost:8080/openai/v1/chat/completions"),
        ];
        for (endpoint, expected) in table {
            assert_eq!(route(&settings(endpoint)).unwrap().as_str(), expected, "{endpoint}");
        }
    }

    #[test]
    fn a_dated_version_takes_the_route_with_the_deployment() {
        let dated = AzureSettings {
            api_version: Some("2024-10-21".to_owned()),
            deployment: "our docs/x".to_owned(),
            ..settings("https://a.openai.azure.com/openai/v1")
        };
        assert_eq!(
            route(&dated).unwrap().as_str(),
            "https://a.openai.azure.com/openai/deployments/our%20docs%2Fx/chat/completions?api-version=2024-10-21"
        );
    }

    #[test]
    fn the_key_is_not_sent_unencrypted_to_others() {
        for endpoint in [
            "http://a.openai.azure.com",
            "http://127.0.0.1.example.org",
            "http://localhost.example.org",
            "http://192.168.0.1",
            "http://[2001:db8::1]",
        ] {
            let refused = Azure::new(settings(endpoint)).unwrap_err();
            assert!(matches!(refused, SettingsError::PlainHttp { .. }), "{endpoint}: {refused}");
        }
    }

    #[test]
    fn settings_that_cannot_work_are_refused() {
        let good = || settings("https://a.openai.azure.com");
        let table = [
            (settings("a.openai.azure.com"), "Endpoint"),
            (settings("ftp://a.openai.azure.com"), "Endpoint"),
            (settings("https://user:word@a.openai.azure.com"), "Endpoint"),
            (AzureSettings { api_key: Secret::new(" "), ..good() }, "Key"),
            (AzureSettings { api_key: Secret::new("a\nb"), ..good() }, "Key"),
            (AzureSettings { deployment: String::new(), ..good() }, "Deployment"),
            (AzureSettings { deployment: "..".to_owned(), ..good() }, "Deployment"),
            (AzureSettings { run_id: "a\nb".to_owned(), ..good() }, "RunId"),
            (AzureSettings { requests_per_minute: 0, ..good() }, "Quota"),
            (AzureSettings { tokens_per_minute: 0, ..good() }, "Quota"),
        ];
        for (settings, expected) in table {
            let error = Azure::new(settings).unwrap_err();
            assert_eq!(format!("{error:?}"), expected);
        }
    }

    #[test]
    fn nothing_prints_the_key() {
        let azure =
            Azure::new(AzureSettings::new("https://a.example.org", Secret::new("hunter2"), "docs")).unwrap();
        assert!(!format!("{azure:?}").contains("hunter2"));
    }
}
