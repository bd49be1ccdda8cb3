//! A fake Azure OpenAI service over real HTTP.
//!
//! It knows one key, one token and one deployment (and, on `/v1`, the same as other services name them), and refuses what Azure refuses, in Azure's words: a wrong key (401), a wrong
//! route (404), a schema that is not strict or a parameter that the model does not take (400). What it answers
//! to the rest is scripted by the test; embeddings have a deployment and a script of their own. OpenAI's own client takes it for Azure (`sdk.rs`). It runs on a thread of its own, so that a test can wait for the docgate
//! binary meanwhile.

pub(crate) mod quota;
mod refusal;
mod sdk;
pub(crate) mod vectors;

use std::convert::Infallible;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use http_body_util::{BodyExt, Full};
use hyper::body::{Bytes, Incoming};
use hyper::service::service_fn;
use hyper::{Request, Response, StatusCode};
use hyper_util::rt::TokioIo;
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::sync::oneshot;

use self::quota::{Admission, Limits};
use self::refusal::{Refused, refuse};

/// The key that the service accepts.
pub(crate) const KEY: &str = "0123456789abcdef-not-a-real-key";
/// The token of Microsoft Entra ID that the service accepts.
pub(crate) const TOKEN: &str = "an-opaque-token-of-entra";
/// The deployment that the service has.
pub(crate) const DEPLOYMENT: &str = "docs";
/// The model behind the deployment, unless a test chooses another.
pub(crate) const MODEL: &str = "gpt-4o-mini-2024-07-18";

/// What the service does with a request that it accepts.
#[derive(Debug, Clone)]
pub(crate) enum Answer {
    /// A chat completion whose text is this JSON.
    Content(Value),
    /// A chat completion with this text, whatever it is.
    Text(String),
    /// A chat completion that was cut at the limit after this text.
    Truncated(String),
    /// A chat completion in which the model refuses in these words.
    Refusal(String),
    /// A chat completion that the content filter cut off.
    FilteredReply,
    /// The prompt is blocked by the content filter (400).
    FilteredPrompt,
    /// Another status, with headers and body.
    Status(u16, Vec<(&'static str, String)>, Value),
    /// Status 200 with these bytes as the body.
    Raw(Vec<u8>),
    /// The same, later.
    Delayed(Duration, Box<Answer>),
    /// No answer; the connection stays open.
    Hang,
    /// No answer; the connection is closed.
    Disconnect,
}

impl Answer {
    /// Returns Azure's answer to too many requests, with a header such as `retry-after`.
    pub(crate) fn rate_limited(header: &'static str, value: &str) -> Self {
        let message = "Requests to the ChatCompletions_Create Operation have exceeded token rate limit.";
        Self::Status(429, vec![(header, value.to_owned())], error_body("429", message))
    }
}

/// A request as it arrived, accepted or not.
#[derive(Debug, Clone)]
pub(crate) struct Received {
    pub(crate) path: String,
    pub(crate) query: String,
    /// The headers in the order of arrival, with lower-case names.
    pub(crate) headers: Vec<(String, String)>,
    /// The body; null when it is not JSON.
    pub(crate) body: Value,
}

impl Received {
    /// Returns the value of a header.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }
}

/// The service; it stops when it is dropped.
pub(crate) struct FakeAzure {
    address: SocketAddr,
    state: Arc<State>,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

type Script = Box<dyn Fn(&Value, usize) -> Answer + Send + Sync>;
type VectorScript = Box<dyn Fn(&[String], usize) -> Answer + Send + Sync>;

struct State {
    model: String,
    script: Script,
    vectors: VectorScript,
    admission: Option<Admission>,
    received: Mutex<Vec<Received>>,
    accepted: Mutex<usize>,
    embedded: Mutex<usize>,
}

impl FakeAzure {
    /// Starts a service that answers everything with an empty JSON object.
    pub(crate) fn start() -> Self {
        Self::scripted(|_, _| Answer::Content(json!({})))
    }

    /// Starts a service that answers as the closure says, given the body and the number of requests accepted before.
    pub(crate) fn scripted(script: impl Fn(&Value, usize) -> Answer + Send + Sync + 'static) -> Self {
        Self::serving(MODEL, script)
    }

    /// Starts a service with another model behind its deployment.
    pub(crate) fn serving(
        model: &str,
        script: impl Fn(&Value, usize) -> Answer + Send + Sync + 'static,
    ) -> Self {
        Self::start_with((model, None), script, |texts, _| vectors::good_vectors(texts))
    }

    /// Starts a service that enforces its limits.
    pub(crate) fn limited(
        limits: Limits,
        script: impl Fn(&Value, usize) -> Answer + Send + Sync + 'static,
    ) -> Self {
        let admission = Some(Admission::new(limits));
        Self::start_with((MODEL, admission), script, |texts, _| vectors::good_vectors(texts))
    }

    /// Starts a service that answers requests for vectors in its own way, given the texts and the number of such requests before.
    pub(crate) fn with_vectors(
        script: impl Fn(&Value, usize) -> Answer + Send + Sync + 'static,
        vectors: impl Fn(&[String], usize) -> Answer + Send + Sync + 'static,
    ) -> Self {
        Self::start_with((MODEL, None), script, vectors)
    }

    fn start_with(
        (model, admission): (&str, Option<Admission>),
        script: impl Fn(&Value, usize) -> Answer + Send + Sync + 'static,
        vectors: impl Fn(&[String], usize) -> Answer + Send + Sync + 'static,
    ) -> Self {
        let state = Arc::new(State {
            model: model.to_owned(),
            script: Box::new(script),
            vectors: Box::new(vectors),
            admission,
            received: Mutex::default(),
            accepted: Mutex::default(),
            embedded: Mutex::default(),
        });
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let listener = runtime.block_on(TcpListener::bind((Ipv4Addr::LOCALHOST, 0))).unwrap();
        let address = listener.local_addr().unwrap();
        let (stop, stopped) = oneshot::channel();
        let served = Arc::clone(&state);
        let thread = thread::spawn(move || {
            runtime.block_on(async {
                tokio::select! {
                    () = serve(listener, served) => {}
                    _ = stopped => {}
                }
            });
        });
        Self { address, state, stop: Some(stop), thread: Some(thread) }
    }

    /// Returns the endpoint to configure.
    pub(crate) fn uri(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Returns what the limits have done so far.
    pub(crate) fn seen(&self) -> quota::Seen {
        self.state.admission.as_ref().unwrap().seen()
    }

    /// Returns everything that arrived so far, refused requests included.
    pub(crate) fn requests(&self) -> Vec<Received> {
        self.state.received.lock().unwrap().clone()
    }

    /// Returns how many requests arrived so far.
    pub(crate) fn request_count(&self) -> usize {
        self.state.received.lock().unwrap().len()
    }
}

impl Drop for FakeAzure {
    fn drop(&mut self) {
        if let Some(stop) = self.stop.take() {
            let _ = stop.send(());
        }
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

async fn serve(listener: TcpListener, state: Arc<State>) {
    loop {
        let Ok((stream, _)) = listener.accept().await else { continue };
        let state = Arc::clone(&state);
        let service = service_fn(move |request| receive(request, Arc::clone(&state)));
        let connection =
            hyper::server::conn::http1::Builder::new().serve_connection(TokioIo::new(stream), service);
        tokio::spawn(async move {
            // An error here is the disconnect that a test asked for, or a client that went away.
            let _ = connection.await;
        });
    }
}

/// An error makes hyper close the connection without an answer.
async fn receive(
    request: Request<Incoming>,
    state: Arc<State>,
) -> Result<Response<Full<Bytes>>, &'static str> {
    let (head, body) = request.into_parts();
    let bytes = body.collect().await.map_err(|_| "the client went away")?.to_bytes();
    let received = Received {
        path: head.uri.path().to_owned(),
        query: head.uri.query().unwrap_or_default().to_owned(),
        headers: head
            .headers
            .iter()
            .map(|(name, value)| (name.to_string(), String::from_utf8_lossy(value.as_bytes()).into_owned()))
            .collect(),
        body: serde_json::from_slice(&bytes).unwrap_or_default(),
    };
    state.received.lock().unwrap().push(received.clone());
    if received.path.ends_with("/embeddings") {
        if let Some(refusal) = vectors::refuse_vectors(&head.method, &received) {
            return Ok(refusal);
        }
        let index = next(&state.embedded);
        let answer = (state.vectors)(&vectors::inputs(&received.body), index);
        return answered(&state, &received.body, &[], answer).await;
    }
    if let Some(Refused { status, body }) = refuse(&head.method, &received, &state.model) {
        return Ok(respond(status, &[], body.to_string().into_bytes()));
    }
    let mut counters = Vec::new();
    if let Some(admission) = &state.admission {
        let decision = admission.call(&received.body);
        counters = vec![
            ("x-ratelimit-limit-tokens", decision.limits.tokens.to_string()),
            ("x-ratelimit-limit-requests", (decision.limits.requests * 6).to_string()),
            ("x-ratelimit-remaining-tokens", decision.remaining_tokens.to_string()),
        ];
        if let Some(wait) = decision.retry_after {
            counters.push(("retry-after-ms", wait.as_millis().to_string()));
            let message = "Requests to the ChatCompletions_Create Operation have exceeded a rate limit.";
            return Ok(respond(429, &counters, error_body("429", message).to_string().into_bytes()));
        }
    }
    let answer = (state.script)(&received.body, next(&state.accepted));
    answered(&state, &received.body, &counters, answer).await
}

/// Counts a request, and returns how many there were before.
fn next(counter: &Mutex<usize>) -> usize {
    let mut counter = counter.lock().unwrap();
    *counter += 1;
    *counter - 1
}

async fn answered(
    state: &State,
    asked: &Value,
    counters: &[(&str, String)],
    mut answer: Answer,
) -> Result<Response<Full<Bytes>>, &'static str> {
    while let Answer::Delayed(delay, later) = answer {
        tokio::time::sleep(delay).await;
        answer = *later;
    }
    let completion = |finish_reason: &str, message: Value| {
        let message = as_asked(asked, message);
        let body = completion(&state.model, asked, finish_reason, &message);
        Ok(respond(200, counters, body.to_string().into_bytes()))
    };
    let says = |text: &str| json!({"role": "assistant", "content": text, "refusal": null});
    match answer {
        Answer::Content(content) => completion("stop", says(&content.to_string())),
        Answer::Text(text) => completion("stop", says(&text)),
        Answer::Truncated(text) => completion("length", says(&text)),
        Answer::Refusal(text) => {
            completion("stop", json!({"role": "assistant", "content": null, "refusal": text}))
        }
        Answer::FilteredReply => completion("content_filter", says("")),
        Answer::FilteredPrompt => Ok(respond(400, &[], filtered().to_string().into_bytes())),
        Answer::Status(status, headers, body) => Ok(respond(status, &headers, body.to_string().into_bytes())),
        Answer::Raw(bytes) => Ok(respond(200, &[], bytes)),
        Answer::Hang | Answer::Delayed(..) => {
            let never: Infallible = std::future::pending().await;
            match never {}
        }
        Answer::Disconnect => Err("disconnect"),
    }
}

/// Puts the text where the request wants it: into a call, or between fences when it was described in the prompt.
fn as_asked(request: &Value, mut message: Value) -> Value {
    let text = message["content"].as_str().unwrap_or_default().to_owned();
    if text.is_empty() {
        return message;
    }
    if request["tools"].is_array() {
        let function = json!({"name": request["tools"][0]["function"]["name"], "arguments": text});
        message["content"] = Value::Null;
        message["tool_calls"] = json!([{"id": "call_fake", "type": "function", "function": function}]);
    } else if request["functions"].is_array() {
        message["content"] = Value::Null;
        message["function_call"] = json!({"name": request["functions"][0]["name"], "arguments": text});
    } else if request["response_format"].is_null() {
        message["content"] = json!(format!("Here is what you asked for:\n```json\n{text}\n```\n"));
    }
    message
}

fn completion(model: &str, request: &Value, finish_reason: &str, message: &Value) -> Value {
    let prompt_tokens = request["messages"].to_string().len().div_ceil(4);
    let completion_tokens = message.to_string().len().div_ceil(4);
    json!({
        "id": "chatcmpl-fake",
        "object": "chat.completion",
        "created": 1_767_323_045,
        "model": model,
        "system_fingerprint": "fp_fake",
        "prompt_filter_results": [{"prompt_index": 0, "content_filter_results": {}}],
        "choices": [{
            "index": 0,
            "finish_reason": finish_reason,
            "logprobs": null,
            "message": message,
            "content_filter_results": {},
        }],
        "usage": {
            "prompt_tokens": prompt_tokens,
            "completion_tokens": completion_tokens,
            "total_tokens": prompt_tokens + completion_tokens,
            "prompt_tokens_details": {"cached_tokens": 0, "audio_tokens": 0},
            "completion_tokens_details": {"reasoning_tokens": 0, "audio_tokens": 0},
        },
    })
}

/// Returns Azure's answer to a prompt that its content filter blocks.
fn filtered() -> Value {
    json!({"error": {
        "message": "The response was filtered due to the prompt triggering Azure OpenAI's content management policy.",
        "type": null,
        "param": "prompt",
        "code": "content_filter",
        "status": 400,
        "innererror": {
            "code": "ResponsibleAIPolicyViolation",
            "content_filter_result": {"jailbreak": {"filtered": true, "detected": true}},
        },
    }})
}

fn error_body(code: &str, message: &str) -> Value {
    json!({"error": {"code": code, "message": message}})
}

fn respond(status: u16, headers: &[(&str, String)], body: Vec<u8>) -> Response<Full<Bytes>> {
    let mut response = Response::builder()
        .status(StatusCode::from_u16(status).unwrap())
        .header("content-type", "application/json")
        .header("x-request-id", "fake-request")
        .header("x-ms-region", "Nowhere");
    for (name, value) in headers {
        response = response.header(*name, value);
    }
    response.body(Full::new(Bytes::from(body))).unwrap()
}
