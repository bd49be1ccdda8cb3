//! Where and how a client asks, as it is told before it begins.

use std::sync::Arc;
use std::time::Duration;

use thiserror::Error;

use super::limiter::{Quota, Together};
use super::service::Service;
use super::shape::Overrides;
use super::sign_in::Tokens;
use crate::secret::Secret;

/// Where and how to ask.
#[derive(Debug, Clone)]
pub struct ClientSettings {
    /// Whose interface is spoken.
    pub service: Service,
    /// Its address; plain http only for this machine itself.
    pub endpoint: String,
    /// The key; only a service of one's own may do without.
    pub api_key: Secret,
    /// Tokens that are sent in place of the key, where somebody signs in.
    pub tokens: Option<Arc<Tokens>>,
    /// The name of the model: it decides which parameters are sent.
    pub model: String,
    /// Where the configuration knows better than the table of models.
    pub overrides: Overrides,
    /// The longest time for one attempt with its answer.
    pub timeout: Duration,
    /// The longest time for a request with all its attempts and waits.
    pub total_time: Duration,
    /// The longest wait that the service or the quota may demand; above it the request is given up at once.
    pub maximum_wait: Duration,
    /// How often a request is repeated after a failure that may pass.
    pub maximum_retries: u32,
    /// How many requests may be under way at the same time.
    pub maximum_concurrency: u32,
    /// What the deployment allows.
    pub quota: Quota,
    /// The identifier of this run, sent along so that the service's logs can be searched for it.
    pub run_id: String,
    /// The proxy to go through, against what the environment of the process says.
    pub proxy: Option<String>,
    /// Certificates to trust beside the system's, in PEM.
    pub certificates: Option<Vec<u8>>,
    /// Who shares the quota.
    pub together: Together,
}

impl ClientSettings {
    /// Makes settings with the defaults: the model named as given, 120 s for an attempt and for a demanded wait, ten
    /// minutes for all of it, 4 retries, at most 16 requests at once.
    #[must_use]
    pub fn new(service: Service, endpoint: &str, api_key: Secret, quota: Quota) -> Self {
        let model = match &service {
            Service::Azure { deployment, .. } => deployment.clone(),
            Service::Compatible { .. } => String::new(),
        };
        Self {
            service,
            endpoint: endpoint.to_owned(),
            api_key,
            tokens: None,
            model,
            overrides: Overrides::default(),
            timeout: Duration::from_secs(120),
            total_time: Duration::from_secs(600),
            maximum_wait: Duration::from_secs(120),
            maximum_retries: 4,
            maximum_concurrency: 16,
            quota,
            run_id: String::new(),
            proxy: None,
            certificates: None,
            together: Together::Process,
        }
    }

    /// Names who is asked: address, and deployment or model.
    #[must_use]
    pub fn asked(&self) -> String {
        format!("{}\n{}", self.endpoint.trim_end_matches('/'), self.name())
    }

    /// Returns the name of who is asked: of the deployment, or the model.
    pub(super) fn name(&self) -> &str {
        match &self.service {
            Service::Azure { deployment, .. } => deployment,
            Service::Compatible { .. } => &self.model,
        }
    }

    /// Names whose quota it is: that of who is asked, without showing who that is.
    pub(super) fn quota_name(&self) -> String {
        blake3::hash(self.asked().as_bytes()).to_hex().chars().take(32).collect()
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
    /// The proxy is no address.
    #[error("the proxy is not a URL such as http://proxy.example.org:3128")]
    Proxy,
    /// The certificates cannot be read.
    #[error("the file of certificates holds none in PEM")]
    Certificates,
    /// The HTTP client cannot be made, for example because no certificates are installed.
    #[error("the HTTP client cannot be set up")]
    Client(#[source] reqwest::Error),
}
