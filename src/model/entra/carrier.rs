//! The HTTP of sign-ins: no large answers, no patience, and no secrets over plain http.
//!
//! It is apart from the client that asks the model: an identity is asked for on this machine, or at an address beside it,
//! over plain http and past every proxy, and nothing that is sent here may be repeated in an error.

use std::net::IpAddr;
use std::time::Duration;

use azure_core::Bytes;
use azure_core::error::ErrorKind;
use azure_core::http::headers::Headers;
use azure_core::http::{AsyncRawResponse, Body, HttpClient, Method, Request, StatusCode};
use reqwest::{Client, ClientBuilder, Url};
use serde_json::Value;

use super::super::client::SettingsError;
use super::super::connection::{self, Unread};

/// How long it may take until somebody listens.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(3);
/// How long one request may take.
const TIMEOUT: Duration = Duration::from_secs(5);
/// The largest answer that is read.
const LARGEST_BODY: usize = 256 * 1024;

/// Sends the requests of a sign-in.
#[derive(Debug)]
pub(super) struct Carrier {
    /// For plain http: no proxy may carry that away from this machine.
    direct: Client,
    encrypted: Client,
}

/// A request without an answer.
#[derive(Debug, thiserror::Error)]
pub(super) enum Undelivered {
    /// Nobody answered.
    #[error("{host} cannot be reached")]
    Unreachable {
        host: String,
        #[source]
        source: reqwest::Error,
    },
    /// More was answered than any sign-in says.
    #[error("the answer is larger than 256 KiB")]
    TooLarge,
    /// The token is good for longer than there are dates, which the crate does not survive.
    #[error("the answer has a token that lives for no time there is")]
    Lifetime,
    /// The address would send secrets in the open.
    #[error("{host} must be reached over https; plain http is accepted for this machine and its host only")]
    PlainHttp { host: String },
    /// Whoever was asked said no. The crate reads why in texts without escapes only, and would drop the others.
    #[error("HTTP {status}")]
    Refused { status: u16, said: String },
    /// No sign-in does that.
    #[error("no sign-in sends such a request")]
    Method,
}

impl Undelivered {
    /// Hands it to the crate, which tries again after failures of the network alone.
    fn into_error(self) -> azure_core::Error {
        let kind = match &self {
            Self::Unreachable { source, .. } if source.is_connect() => ErrorKind::Connection,
            Self::Unreachable { .. } => ErrorKind::Io,
            _ => ErrorKind::Other,
        };
        azure_core::Error::new(kind, self)
    }
}

impl Carrier {
    /// Prepares both ways; nothing is sent.
    pub(super) fn new(proxy: Option<&str>, certificates: Option<&[u8]>) -> Result<Self, SettingsError> {
        let patient = |builder: ClientBuilder| {
            let builder = builder.connect_timeout(CONNECT_TIMEOUT).timeout(TIMEOUT);
            connection::built(builder, certificates)
        };
        Ok(Self {
            direct: patient(connection::direct())?,
            encrypted: patient(connection::encrypted(proxy, certificates)?)?,
        })
    }

    async fn carried(&self, request: &Request) -> Result<AsyncRawResponse, Undelivered> {
        let url = request.url();
        let host = url.host_str().unwrap_or_default().to_owned();
        if !is_safe(url) {
            return Err(Undelivered::PlainHttp { host });
        }
        let client = if url.scheme() == "https" { &self.encrypted } else { &self.direct };
        let mut sent = match request.method() {
            Method::Get => client.get(url.clone()),
            Method::Post => client.post(url.clone()),
            _ => return Err(Undelivered::Method),
        };
        for (name, value) in request.headers().iter() {
            sent = sent.header(name.as_str(), value.as_str());
        }
        match request.body() {
            Body::Bytes(bytes) => sent = sent.body(bytes.clone()),
            Body::SeekableStream(_) => return Err(Undelivered::Method),
        }
        // Addresses of identities may hold parameters that are nobody's business.
        let unreachable = |source: reqwest::Error| Undelivered::Unreachable {
            host: host.clone(),
            source: source.without_url(),
        };
        let response = sent.send().await.map_err(unreachable)?;
        let status = response.status().as_u16();
        let body = connection::read(response, LARGEST_BODY).await.map_err(|unread| match unread {
            Unread::Network(source) => unreachable(source),
            Unread::TooLarge => Undelivered::TooLarge,
        })?;
        if matches!(status, 400 | 401 | 403) {
            return Err(Undelivered::Refused { status, said: reason(&body) });
        }
        if lives_forever(&body) {
            return Err(Undelivered::Lifetime);
        }
        Ok(AsyncRawResponse::from_bytes(StatusCode::from(status), Headers::new(), Bytes::from(body)))
    }
}

#[async_trait::async_trait]
impl HttpClient for Carrier {
    async fn execute_request(&self, request: &Request) -> azure_core::Result<AsyncRawResponse> {
        self.carried(request).await.map_err(Undelivered::into_error)
    }
}

/// Returns whether secrets may go to an address: over https, over plain http to this machine alone and to the addresses that
/// are never routed, at which Azure answers for the identity of a machine.
pub(super) fn is_safe(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default();
    let is_near = || match host.trim_start_matches('[').trim_end_matches(']').parse() {
        Ok(IpAddr::V4(address)) => address.is_loopback() || address.is_link_local(),
        Ok(IpAddr::V6(address)) => address.is_loopback(),
        Err(_) => host == "localhost",
    };
    match url.scheme() {
        "https" => true,
        "http" => is_near(),
        _ => false,
    }
}

/// Finds the sentence for people in a refusal.
fn reason(body: &[u8]) -> String {
    let body: Value = serde_json::from_slice(body).unwrap_or_default();
    let places = ["/error_description", "/error/message", "/message"];
    let found = places.into_iter().find_map(|place| body.pointer(place)?.as_str());
    found.unwrap_or_default().to_owned()
}

/// Returns whether a token is said to live for more than thirty years, or to have ended long ago.
fn lives_forever(body: &[u8]) -> bool {
    const LONGEST_SECONDS: i64 = 1_000_000_000;
    let body: Value = serde_json::from_slice(body).unwrap_or_default();
    let seconds = body.get("expires_in");
    let number = seconds.and_then(|it| it.as_i64().or_else(|| it.as_str()?.parse().ok()));
    let is_number = seconds.is_some_and(|it| it.is_number() || it.is_string());
    is_number && !number.is_some_and(|it| (0..=LONGEST_SECONDS).contains(&it))
}
