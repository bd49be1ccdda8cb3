//! Embeddings: what Azure refuses of them, and vectors that are near when texts share words.

use hyper::body::Bytes;
use hyper::{Method, Response};
use serde_json::{Value, json};

use http_body_util::Full;

use super::refusal::{Refused, refuse_caller, refused};
use super::{Answer, Received, error_body, respond};

/// The deployment that makes vectors.
pub(crate) const EMBEDDING_DEPLOYMENT: &str = "vectors";
/// How many numbers a vector has.
pub(crate) const DIMENSIONS: usize = 64;
const MOST_INPUTS: usize = 2_048;

/// Makes a vector out of the words of a text.
pub(crate) fn vector(text: &str) -> Vec<f64> {
    let mut numbers = vec![0.0; DIMENSIONS];
    let words = text.split(|character: char| !character.is_alphanumeric()).filter(|word| !word.is_empty());
    for word in words {
        let hash = word
            .to_lowercase()
            .bytes()
            .fold(7_usize, |hash, byte| hash.wrapping_mul(31).wrapping_add(usize::from(byte)));
        numbers[hash % DIMENSIONS] += 1.0;
    }
    numbers[0] += 0.01;
    numbers
}

/// Answers with these vectors, in this order of the texts.
pub(crate) fn embeddings(vectors: &[(usize, Vec<f64>)]) -> Answer {
    let data: Vec<Value> = vectors
        .iter()
        .map(|(index, vector)| json!({"object": "embedding", "index": index, "embedding": vector}))
        .collect();
    let tokens = 10 * vectors.len();
    let body = json!({
        "object": "list",
        "data": data,
        "model": "text-embedding-3-small",
        "usage": {"prompt_tokens": tokens, "total_tokens": tokens},
    });
    Answer::Raw(body.to_string().into_bytes())
}

/// Answers as a good service does.
pub(crate) fn good_vectors(texts: &[String]) -> Answer {
    let vectors: Vec<(usize, Vec<f64>)> = texts.iter().map(|text| vector(text)).enumerate().collect();
    embeddings(&vectors)
}

/// Returns the texts of a request.
pub(crate) fn inputs(body: &Value) -> Vec<String> {
    let texts = body["input"].as_array().unwrap().iter();
    texts.map(|text| text.as_str().unwrap().to_owned()).collect()
}

/// Returns the refusal of a request for vectors that is wrong in itself.
pub(super) fn refuse_vectors(method: &Method, received: &Received) -> Option<Response<Full<Bytes>>> {
    wrong(method, received)
        .map(|Refused { status, body }| respond(status, &[], body.to_string().into_bytes()))
}

fn wrong(method: &Method, received: &Received) -> Option<Refused> {
    if let Some(refused) = refuse_caller(received) {
        return Some(refused);
    }
    let dated = received.path.strip_prefix("/openai/deployments/");
    let deployment = match dated.and_then(|rest| rest.strip_suffix("/embeddings")) {
        Some(deployment) if received.query.starts_with("api-version=20") => deployment,
        Some(_) => return Some(refused(404, "404", "Resource not found")),
        None => received.body["model"].as_str().unwrap_or_default(),
    };
    if method != Method::POST || deployment != EMBEDDING_DEPLOYMENT {
        return Some(refused(404, "DeploymentNotFound", "The API deployment does not exist."));
    }
    let texts = received.body["input"].as_array().cloned().unwrap_or_default();
    let is_text = |text: &Value| text.as_str().is_some_and(|text| !text.is_empty());
    if texts.is_empty() || texts.len() > MOST_INPUTS || !texts.iter().all(is_text) {
        let body = error_body("BadRequest", "'$.input' is invalid.");
        return Some(Refused { status: 400, body });
    }
    None
}
