//! The canned server: Azure's chat completions over loopback, answered from a file.

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use http_body_util::{BodyExt as _, Full, Limited};
use hyper::body::{Bytes, Incoming};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;
use serde_json::{Value, json};
use tokio::net::TcpListener;

use crate::error::Error;

use super::package;

/// The largest request that is read, in bytes.
const LARGEST_REQUEST: usize = 1024 * 1024;

/// A server on a thread of its own; it ends with the process.
pub(super) struct Server {
    address: String,
    requests: Arc<AtomicUsize>,
}

impl Server {
    /// Starts the server on a free port of the loopback interface.
    pub(super) fn start() -> Result<Self, Error> {
        let cannot =
            |error: std::io::Error| Error::unfinished("cannot start the canned server").because(error);
        let answers: BTreeMap<String, Value> = serde_json::from_str(package::ANSWERS)
            .map_err(|error| Error::unfinished("the canned answers cannot be read").because(error))?;
        let listener = std::net::TcpListener::bind(("127.0.0.1", 0)).map_err(cannot)?;
        listener.set_nonblocking(true).map_err(cannot)?;
        let address = format!("http://{}", listener.local_addr().map_err(cannot)?);
        let requests = Arc::new(AtomicUsize::new(0));
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(cannot)?;
        let (counter, answers) = (Arc::clone(&requests), Arc::new(answers));
        std::thread::spawn(move || {
            runtime.block_on(async move {
                let Ok(listener) = TcpListener::from_std(listener) else { return };
                while let Ok((stream, _)) = listener.accept().await {
                    let (counter, answers) = (Arc::clone(&counter), Arc::clone(&answers));
                    tokio::spawn(async move {
                        let service = service_fn(move |request| {
                            counter.fetch_add(1, Ordering::Relaxed);
                            let answers = Arc::clone(&answers);
                            async move { Ok::<_, Infallible>(respond(request, &answers).await) }
                        });
                        // A client that goes away is none of the server's business.
                        let _ = http1::Builder::new().serve_connection(TokioIo::new(stream), service).await;
                    });
                }
            });
        });
        Ok(Self { address, requests })
    }

    /// Returns where the server listens.
    pub(super) fn address(&self) -> &str {
        &self.address
    }

    /// Returns how many requests have come.
    pub(super) fn requests(&self) -> usize {
        self.requests.load(Ordering::Relaxed)
    }
}

async fn respond(request: Request<Incoming>, answers: &BTreeMap<String, Value>) -> Response<Full<Bytes>> {
    let body = Limited::new(request.into_body(), LARGEST_REQUEST).collect().await;
    let bytes = body.ok().map(http_body_util::Collected::to_bytes);
    let content = bytes.and_then(|bytes| Some((bytes.len(), content(&bytes, answers)?)));
    let (status, body) = match content {
        Some((asked, content)) => (200, completion(asked, &content)),
        None => (400, json!({"error": {"code": "400", "message": "the request cannot be read"}})),
    };
    let mut response = Response::new(Full::new(Bytes::from(body.to_string())));
    *response.status_mut() = hyper::StatusCode::from_u16(status).unwrap_or_default();
    response
}

/// Answers the definitions that the last message asks about; what the file does not know stays unanswered.
fn content(body: &[u8], answers: &BTreeMap<String, Value>) -> Option<String> {
    let request: Value = serde_json::from_slice(body).ok()?;
    let asked = request["messages"].as_array()?.last()?["content"].as_str()?;
    let asked: Value = serde_json::from_str(asked).ok()?;
    let answered = asked["definitions"].as_array()?.iter().filter_map(|asked| answer(asked, answers));
    Some(json!({ "definitions": answered.collect::<Vec<_>>() }).to_string())
}

fn answer(asked: &Value, answers: &BTreeMap<String, Value>) -> Option<Value> {
    let name = asked["name"].as_str()?;
    let known =
        answers.iter().find(|(id, _)| id.rsplit("::").next() == Some(name)).map(|(_, known)| known)?;
    let write = &asked["write"];
    let text = |slot: &str| if write[slot] == true { known[slot].clone() } else { Value::Null };
    let named = |slot: &str| -> Vec<Value> {
        let names = write[slot].as_array().into_iter().flatten().filter_map(Value::as_str);
        names.map(|name| json!({"name": name, "text": known[slot][name]})).collect()
    };
    Some(json!({
        "id": asked["id"],
        "summary": text("summary"),
        "description": if write["summary"] == true { known["description"].clone() } else { Value::Null },
        "parameters": named("parameters"),
        "returns": text("returns"),
        "yields": text("yields"),
        "raises": named("raises"),
    }))
}

fn completion(asked: usize, content: &str) -> Value {
    // Counted roughly, four bytes a token: the canned server has no tokenizer.
    let (prompt, completion) = (asked / 4, content.len() / 4);
    json!({
        "id": "chatcmpl-canned",
        "object": "chat.completion",
        "model": "gpt-4o-mini",
        "choices": [{
            "index": 0,
            "finish_reason": "stop",
            "message": {"role": "assistant", "content": content, "refusal": null}
        }],
        "usage": {"prompt_tokens": prompt, "completion_tokens": completion, "total_tokens": prompt + completion}
    })
}
