//! One client for all services that answer over HTTP: sending, waiting, asking again. What is said it knows of chat
//! completions only; `embedding.rs` and `search.rs` bring their own `Exchange`.
//!
//! `settings.rs` and `service.rs` know where and as whom to ask, `shape.rs` and `wire.rs` what is said, `limiter/` when,
//! `connection.rs` by which way it travels.

use std::error::Error as StdError;
use std::num::NonZeroU64;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use reqwest::{Client as HttpClient, RequestBuilder, Response, StatusCode, Url};
use serde_json::Value;
use tracing::{debug, warn};

use super::capability::{Capability, StructuredOutput, capability};
use super::concurrency::Concurrency;
use super::connection::{self, Unread};
use super::error::{About, Rejection};
use super::exchange::{self, Exchange};
use super::limiter::{NotAdmitted, Observed, Patience, SharedLimiter};
use super::service::Service;
use super::shape::Shape;
use super::{LanguageModel, ModelError, ModelErrorKind, ModelReply, ModelRequest, retry, tokens, wire};
use crate::clock;
use crate::secret::Secret;

pub use super::settings::{ClientSettings, SettingsError};

const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
/// How often the shape of a request may give way; there are fewer ways to put one.
const MOST_SHAPES: u32 = 8;

/// A language model behind an address.
///
/// One value paces all requests that are made through it: share it instead of making several.
#[derive(Debug)]
pub struct Client {
    http: HttpClient,
    url: Url,
    settings: ClientSettings,
    limiter: SharedLimiter,
    concurrency: Concurrency,
    /// How requests are put; it gives way when the service refuses a parameter.
    shape: Mutex<Shape>,
    /// Set when no request can be answered; those that wait for their turn need not be sent.
    hopeless: AtomicBool,
}

impl Client {
    /// Prepares the client; nothing is sent.
    ///
    /// # Errors
    ///
    /// When a setting cannot work. No message contains the key.
    pub fn new(settings: ClientSettings) -> Result<Self, SettingsError> {
        let url = settings.service.route(&settings.endpoint)?;
        Self::at(url, settings)
    }

    /// Prepares a client for another address of the same service.
    pub(super) fn at(url: Url, settings: ClientSettings) -> Result<Self, SettingsError> {
        let builder = match url.scheme() {
            "http" => connection::direct(),
            _ => connection::encrypted(settings.proxy.as_deref(), settings.certificates.as_deref())?,
        };
        let builder = builder
            .default_headers(headers(&settings)?)
            .connect_timeout(CONNECT_TIMEOUT.min(settings.timeout).min(settings.total_time / 3));
        Ok(Self {
            http: connection::built(builder, settings.certificates.as_deref())?,
            url,
            limiter: SharedLimiter::new(settings.quota)
                .shared_in(settings.together.clone(), &settings.quota_name()),
            concurrency: Concurrency::new(settings.maximum_concurrency),
            hopeless: AtomicBool::new(false),
            shape: Mutex::new(Shape::of(&capability_of(&settings), &settings.overrides)),
            settings,
        })
    }

    /// Returns the body of a request as it is sent first, before the service has refused anything of it.
    #[must_use]
    pub fn body(settings: &ClientSettings, request: &ModelRequest) -> Value {
        let shape = Shape::of(&capability_of(settings), &settings.overrides);
        wire::request_body(request, shape, settings.service.name_in_body(&settings.model))
    }

    /// Returns how and as whom it asks.
    pub(super) fn settings(&self) -> &ClientSettings {
        &self.settings
    }

    /// Begins a request to the address of the client.
    pub(super) fn post(&self) -> RequestBuilder {
        self.http.post(self.url.clone())
    }

    /// Returns what sends requests to other addresses of the service.
    pub(super) fn http(&self) -> &HttpClient {
        &self.http
    }

    fn shape(&self) -> Shape {
        *self.shape.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Lets the shape give way to a refusal; false when the request would be put as before.
    fn gives_way(&self, sent: Shape, rejection: &Rejection) -> bool {
        let About::Parameter(refused) = rejection.about else { return false };
        let mut shape = self.shape.lock().unwrap_or_else(PoisonError::into_inner);
        if *shape != sent {
            // Another request found out first.
            return true;
        }
        let Some(next) = shape.without(refused, &self.settings.overrides) else { return false };
        *shape = next;
        warn!(
            parameter = %refused,
            setting = refused.setting(),
            "the deployment does not take a parameter; going on without it"
        );
        true
    }

    /// Asks once, and waits for the answer no longer than until the deadline.
    async fn attempt<E: Exchange>(
        &self,
        exchange: &E,
        form: E::Form,
        course: &mut Course,
    ) -> Result<E::Reply, Failure> {
        let timeout = self.settings.timeout.min(course.left());
        let network = |error| network_failure(error, timeout);
        let (response, secret) = self.sent(exchange.request(form), course).await?;
        let status = response.status().as_u16();
        let observed = observed(response.headers());
        let demanded = retry::demanded_wait(response.headers(), clock::since_epoch());
        let request_id = request_id(response.headers(), &secret);
        let largest =
            if exchange.is_answer(status) { exchange.largest_body() } else { exchange::LARGEST_BODY };
        let body = connection::read(response, largest).await;
        // The service does not wait with its answer until the quota, which may be far away, has taken note.
        self.limiter.observe(observed).await;
        let body = match body {
            Ok(body) => body,
            Err(Unread::Network(error)) => return Err(network(error)),
            Err(Unread::TooLarge) => {
                let kind = ModelErrorKind::Garbage { reason: "it is larger than any is" };
                return Err(Failure::lasting(ModelError::from(kind).with_request_id(request_id)));
            }
        };
        if exchange.is_answer(status) {
            self.concurrency.answered();
            let read = exchange.read(&body, form, (request_id.clone(), &secret));
            return read.map_err(|error| Failure::lasting(error.with_request_id(request_id)));
        }
        if matches!(status, 429 | 500..=599) {
            self.concurrency.pushed_back();
        }
        // Money that is used up does not come back by waiting.
        let is_out_of_money = status == 429 && wire::is_out_of_money(&body);
        let kind = match status {
            429 if is_out_of_money => wire::failure(403, &body, &secret),
            429 => ModelErrorKind::RateLimited { waited: Duration::ZERO, demanded: None },
            401 if self.settings.tokens.is_some() => ModelErrorKind::TokenRefused,
            _ => wire::failure(status, &body, &secret),
        };
        let again = match demanded {
            _ if !retry::is_passing(status) || is_out_of_money => Again::Never,
            Some(wait) => Again::AllAfter(wait),
            None => Again::AfterBackoff,
        };
        Err(Failure { error: ModelError::from(kind).with_request_id(request_id), again })
    }

    /// Sends a request as whom this client asks, and returns the answer with the secret that was sent along. A token that is
    /// refused may have been taken back; it is replaced once.
    async fn sent(
        &self,
        request: RequestBuilder,
        course: &mut Course,
    ) -> Result<(Response, Secret), Failure> {
        let Some(tokens) = &self.settings.tokens else {
            return Ok((self.put(request, course).await?, self.settings.api_key.clone()));
        };
        let not_signed_in = |error| Failure::lasting(ModelErrorKind::NotSignedIn(error).into());
        let until = course.deadline.into();
        let Ok(token) = tokio::time::timeout_at(until, tokens.token()).await else {
            return Err(Failure::lasting(ModelErrorKind::NoTime.into()));
        };
        let token = token.map_err(not_signed_in)?;
        let again = request.try_clone();
        let response = self.put(request.bearer_auth(token.expose()), course).await?;
        let Some(again) = again.filter(|_| response.status() == StatusCode::UNAUTHORIZED) else {
            return Ok((response, token));
        };
        let refused = || {
            let request_id = request_id(response.headers(), &token);
            ModelError::from(ModelErrorKind::TokenRefused).with_request_id(request_id)
        };
        let Ok(other) = tokio::time::timeout_at(until, tokens.in_place_of(&token)).await else {
            return Err(Failure::lasting(refused().for_want_of_time()));
        };
        let other = other.map_err(not_signed_in)?;
        if other == token {
            return Err(Failure::lasting(refused()));
        }
        if course.left().is_zero() {
            return Err(Failure::lasting(refused().for_want_of_time()));
        }
        Ok((self.put(again.bearer_auth(other.expose()), course).await?, other))
    }

    /// Puts a request on the wire, and counts it unless nobody was there to take it.
    async fn put(&self, request: RequestBuilder, course: &mut Course) -> Result<Response, Failure> {
        let left = course.left();
        if left.is_zero() {
            return Err(Failure::lasting(ModelErrorKind::NoTime.into()));
        }
        let timeout = self.settings.timeout.min(left);
        let response = request.timeout(timeout).send().await;
        let has_left = response.as_ref().err().is_none_or(|error| !error.is_connect() && !error.is_builder());
        course.attempts += u32::from(has_left);
        response.map_err(|error| network_failure(error, timeout))
    }

    /// Waits for a place and for the quota.
    async fn admitted(&self, tokens: u64, deadline: Instant) -> Result<(), NotAdmitted> {
        let patience = Patience { longest: self.settings.maximum_wait, deadline };
        self.limiter.admit(tokens, patience).await
    }

    async fn asked<E: Exchange>(&self, exchange: &E, course: &mut Course) -> Result<E::Reply, ModelError> {
        let deadline = course.deadline;
        let tokens = exchange.tokens();
        let mut waited = Duration::ZERO;
        let (mut retries, mut shapes) = (0, 0);
        let most = exchange.most_attempts().unwrap_or(u32::MAX);
        let mut last: Option<ModelError> = None;
        loop {
            let gate = tokio::time::timeout_at(deadline.into(), self.concurrency.enter()).await;
            let Ok(permit) = gate else { return Err(out_of_time(last, ModelErrorKind::NoTime)) };
            if self.hopeless.load(Ordering::Relaxed) {
                return Err(last.unwrap_or_else(|| ModelErrorKind::Hopeless.into()));
            }
            // Every attempt counts against the quota, failed ones and those that are never sent as well.
            match self.admitted(tokens, deadline).await {
                Ok(()) => {}
                Err(NotAdmitted::Late) => return Err(out_of_time(last, ModelErrorKind::NoTime)),
                Err(NotAdmitted::Wait(wait)) => {
                    return Err(match last {
                        // A pause that a refusal demanded is the refusal's.
                        Some(error) => out_of_time(Some(error), ModelErrorKind::NoTime),
                        None => ModelErrorKind::Quota { wait }.into(),
                    });
                }
            }
            let form = exchange.form();
            let failure = self.attempt(exchange, form, course).await;
            drop(permit);
            let Failure { error, again } = match failure {
                Ok(reply) => return Ok(reply),
                Err(failure) => failure,
            };
            if let ModelErrorKind::BadRequest(rejection) = &error.kind
                && shapes < MOST_SHAPES
                && course.attempts < most
                && exchange.gives_way(form, rejection)
            {
                shapes += 1;
                continue;
            }
            if matches!(error.kind, ModelErrorKind::NoTime) {
                return Err(out_of_time(last, ModelErrorKind::NoTime));
            }
            let is_timeout = matches!(error.kind, ModelErrorKind::Timeout { .. });
            if is_timeout && clock::monotonic() >= deadline {
                // What went wrong before is the reason why there was no time.
                return Err(last.unwrap_or(error).for_want_of_time());
            }
            let wait = match again {
                Again::Never => return Err(error),
                Again::OnceMore if retries > 0 => return Err(error),
                Again::AllAfter(wait) if wait > self.settings.maximum_wait => {
                    return Err(gave_up(error, waited, Some(wait)));
                }
                Again::AllAfter(wait) => wait,
                Again::OnceMore | Again::AfterBackoff => retry::backoff(retries, retry::chance()),
            };
            // A limit is everybody's: the others wait even when this request is given up.
            let is_shared = matches!(again, Again::AllAfter(_))
                || matches!(error.kind, ModelErrorKind::RateLimited { .. });
            if is_shared {
                self.limiter.pause_for(wait).await;
            }
            if retries == self.settings.maximum_retries || course.attempts >= most {
                return Err(gave_up(error, waited, None));
            }
            if clock::monotonic() + wait >= deadline {
                return Err(out_of_time(Some(gave_up(error, waited, None)), ModelErrorKind::NoTime));
            }
            if !is_shared {
                tokio::time::sleep(wait).await;
            }
            retries += 1;
            waited = waited.saturating_add(wait);
            debug!(
                retries,
                wait_milliseconds = u64::try_from(wait.as_millis()).unwrap_or(u64::MAX),
                request_id = error.request_id(),
                reason = error.name(),
                "asking the model service again"
            );
            last = Some(error);
        }
    }
}

impl Client {
    /// Asks, with all repetitions and waits; says how often it was sent.
    pub(super) async fn exchange<E: Exchange>(&self, exchange: &E) -> Result<(E::Reply, u32), ModelError> {
        let total = clock::monotonic() + self.settings.total_time;
        let deadline = exchange.deadline().map_or(total, |deadline| deadline.min(total));
        let mut course = Course { deadline, attempts: 0 };
        match self.asked(exchange, &mut course).await {
            Ok(reply) => Ok((reply, course.attempts)),
            Err(error) => {
                if error.is_hopeless() && exchange.is_hope_lost_for_all() {
                    self.hopeless.store(true, Ordering::Relaxed);
                }
                Err(error.after(course.attempts))
            }
        }
    }
}

/// A request with all its attempts.
struct Course {
    /// When it ends.
    deadline: Instant,
    /// How often it was put on the wire.
    attempts: u32,
}

impl Course {
    fn left(&self) -> Duration {
        self.deadline.saturating_duration_since(clock::monotonic())
    }
}

/// A chat completion.
struct Completion<'a> {
    client: &'a Client,
    request: &'a ModelRequest,
}

impl Exchange for Completion<'_> {
    type Reply = ModelReply;
    type Form = Shape;

    fn tokens(&self) -> u64 {
        // Azure admits by an estimate from the number of characters, too; loading a token table gains nothing here.
        let estimate = tokens::estimate_request(self.request);
        let settings = &self.client.settings;
        let prompt = match settings.service {
            Service::Azure { .. } => estimate,
            Service::Compatible { .. } => capability_of(settings).tokenizer.widened(estimate),
        };
        prompt.saturating_add(self.request.max_completion_tokens)
    }

    fn deadline(&self) -> Option<Instant> {
        self.request.deadline
    }

    fn most_attempts(&self) -> Option<u32> {
        self.request.attempts
    }

    fn form(&self) -> Shape {
        self.client.shape()
    }

    fn request(&self, shape: Shape) -> RequestBuilder {
        let settings = &self.client.settings;
        let name = settings.service.name_in_body(&settings.model);
        self.client.post().json(&wire::request_body(self.request, shape, name))
    }

    fn read(
        &self,
        body: &[u8],
        shape: Shape,
        (request_id, secret): (Option<String>, &Secret),
    ) -> Result<ModelReply, ModelError> {
        let reply = wire::reply(body, shape.structured, secret)?;
        Ok(ModelReply { request_id, ..reply })
    }

    fn gives_way(&self, sent: Shape, rejection: &Rejection) -> bool {
        self.client.gives_way(sent, rejection)
    }
}

impl LanguageModel for Client {
    async fn complete(&self, request: &ModelRequest) -> Result<ModelReply, ModelError> {
        let (reply, attempts) = self.exchange(&Completion { client: self, request }).await?;
        Ok(ModelReply { attempts, ..reply })
    }

    fn concurrency(&self) -> usize {
        usize::try_from(self.settings.maximum_concurrency).unwrap_or(usize::MAX).max(1)
    }

    fn most_attempts(&self) -> u32 {
        self.settings.maximum_retries.saturating_add(1)
    }
}

/// What is known about the model, with what the dated interface of Azure takes away.
fn capability_of(settings: &ClientSettings) -> Capability {
    let mut found = capability(&settings.model);
    if let Some(margin) = settings.overrides.token_margin {
        found.tokenizer.margin = margin;
    }
    if let Service::Azure { api_version: Some(version), .. } = &settings.service {
        found.structured = found.structured.max(StructuredOutput::strictest_of(version));
    }
    found
}

fn network_failure(error: reqwest::Error, timeout: Duration) -> Failure {
    if error.is_timeout() && !error.is_connect() {
        // The time that was granted is used up, and the answer may have been paid for: not asked again.
        return Failure::lasting(ModelErrorKind::Timeout { after: timeout }.into());
    }
    // Nobody listening is rarely cured by waiting, and a person at a commit waits with us.
    let again = if error.is_connect() { Again::OnceMore } else { Again::AfterBackoff };
    let source: Box<dyn StdError + Send + Sync> = Box::new(error.without_url());
    Failure { error: ModelErrorKind::Unreachable { source }.into(), again }
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

/// Says that the time is up, with what went wrong last: that is why it was not enough.
fn out_of_time(last: Option<ModelError>, otherwise: ModelErrorKind) -> ModelError {
    match last {
        Some(error) => error.for_want_of_time(),
        None => otherwise.into(),
    }
}

fn request_id(headers: &HeaderMap, secret: &Secret) -> Option<String> {
    let names = ["x-request-id", "apim-request-id", "request-id"];
    let value = names.into_iter().find_map(|name| headers.get(name))?;
    let text = secret.sanitise(value.to_str().ok()?);
    (!text.is_empty()).then_some(text)
}

/// Reads the counters of the service, leniently: what is missing, less than zero or no number is not there.
fn observed(headers: &HeaderMap) -> Observed {
    let number = |name: &str| -> Option<u64> { headers.get(name)?.to_str().ok()?.trim().parse().ok() };
    Observed {
        limit_requests: number("x-ratelimit-limit-requests").and_then(NonZeroU64::new),
        limit_tokens: number("x-ratelimit-limit-tokens").and_then(NonZeroU64::new),
        remaining_tokens: number("x-ratelimit-remaining-tokens"),
    }
}

fn headers(settings: &ClientSettings) -> Result<HeaderMap, SettingsError> {
    let mut headers = match &settings.tokens {
        // Tokens end; each request carries its own.
        Some(_) => HeaderMap::new(),
        None => settings.service.headers(&settings.api_key)?,
    };
    if !settings.run_id.is_empty() {
        let run_id = HeaderValue::from_str(&settings.run_id).map_err(|_| SettingsError::RunId)?;
        let name = match settings.service {
            Service::Azure { .. } => "x-ms-client-request-id",
            Service::Compatible { .. } => "x-client-request-id",
        };
        headers.insert(HeaderName::from_static(name), run_id);
    }
    Ok(headers)
}

#[cfg(test)]
mod tests {
    use super::super::limiter::Quota;
    use super::*;

    fn settings(deployment: &str) -> ClientSettings {
        let service = Service::Azure { deployment: deployment.to_owned(), api_version: None };
        let quota = Quota::per_minute(60, 100_000).unwrap();
        ClientSettings::new(service, "https://a.openai.azure.com", Secret::new("key"), quota)
    }

    #[test]
    fn settings_that_cannot_work_are_refused() {
        let good = || settings("docs");
        let at = |endpoint: &str| ClientSettings { endpoint: endpoint.to_owned(), ..good() };
        let table = [
            (at("a.openai.azure.com"), "Endpoint"),
            (at("ftp://a.openai.azure.com"), "Endpoint"),
            (at("https://user:word@a.openai.azure.com"), "Endpoint"),
            (ClientSettings { api_key: Secret::new(" "), ..good() }, "Key"),
            (ClientSettings { api_key: Secret::new("a\nb"), ..good() }, "Key"),
            (settings(""), "Deployment"),
            (settings(".."), "Deployment"),
            (ClientSettings { run_id: "a\nb".to_owned(), ..good() }, "RunId"),
            (ClientSettings { proxy: Some("http://".to_owned()), ..good() }, "Proxy"),
            (ClientSettings { certificates: Some(b"no certificate".to_vec()), ..good() }, "Certificates"),
        ];
        for (settings, expected) in table {
            let error = Client::new(settings).unwrap_err();
            assert_eq!(format!("{error:?}"), expected);
        }
    }

    #[test]
    fn nothing_prints_the_key() {
        let client = Client::new(ClientSettings { api_key: Secret::new("hunter2"), ..settings("docs") });
        assert!(!format!("{:?}", client.unwrap()).contains("hunter2"));
    }

    #[test]
    fn counters_are_read_leniently() {
        let read = |limit: &str, remaining: &str| {
            let mut headers = HeaderMap::new();
            headers.insert("x-ratelimit-limit-tokens", limit.parse().unwrap());
            headers.insert("x-ratelimit-remaining-tokens", remaining.parse().unwrap());
            let found = observed(&headers);
            (found.limit_tokens.map(NonZeroU64::get), found.remaining_tokens)
        };
        assert_eq!(read("1000", "10"), (Some(1000), Some(10)));
        assert_eq!(read("0", "-1"), (None, None));
        assert_eq!(read("much", " 7 "), (None, Some(7)));
        assert_eq!(observed(&HeaderMap::new()), Observed::default());
    }
}
