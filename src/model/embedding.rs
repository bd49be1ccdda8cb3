//! Vectors of texts, from Azure's dated route, its v1 route, or a service that speaks OpenAI's protocol.
//!
//! What the texts are and what the vectors are good for is the business of `generate/`. Format:
//! <https://learn.microsoft.com/azure/ai-foundry/openai/reference#embeddings>.

use std::time::Instant;

use reqwest::RequestBuilder;
use serde_json::{Value, json};

use super::capability::capability;
use super::client::{Client, ClientSettings, SettingsError};
use super::exchange::Exchange;
use super::tokens::{Tokenizer, estimate_bytes};
use super::{LanguageModel as _, ModelError, ModelErrorKind, Usage, wire};
use crate::secret::Secret;

/// Texts in one request. The service takes 2,048, but their vectors would be 80 MB of JSON.
const MOST_INPUTS: usize = 256;
/// The most tokens of one text; the service refuses more.
const MOST_TOKENS: u64 = 8_192;
/// The most tokens of one request by their estimate, whatever the quota is.
const MOST_TOKENS_TOGETHER: u64 = 60_000;
/// The largest answer: 3,072 numbers for each of as many texts as a request may have, with room. What is read takes many times
/// its bytes, so that an answer about few texts may not have as many.
const LARGEST_BODY: usize = 32 * 1024 * 1024;
/// What one text may add to it: room for 8,192 numbers.
const LARGEST_VECTOR: usize = 256 * 1024;
/// What stands around the vectors.
const AROUND: usize = 64 * 1024;

/// A deployment that makes vectors of texts.
#[derive(Debug)]
pub struct Embedder {
    client: Client,
}

/// The vectors of some texts, and what they cost.
#[derive(Debug, Clone, PartialEq)]
pub struct Embedded {
    /// One for each text, in their order, all of one length and without infinite numbers.
    pub vectors: Vec<Vec<f32>>,
    /// The tokens that were billed; only those of the prompt.
    pub usage: Usage,
    /// The identifier to name when asking the service about this request.
    pub request_id: Option<String>,
    /// How often the request was sent.
    pub attempts: u32,
}

impl Embedder {
    /// Prepares it; nothing is sent. The settings name the deployment in the place of the one that answers in words, and its
    /// model for the price.
    ///
    /// # Errors
    ///
    /// When a setting cannot work. No message contains the key.
    pub fn new(settings: ClientSettings) -> Result<Self, SettingsError> {
        let url = settings.service.route_of(&settings.endpoint, &["embeddings"])?;
        Ok(Self { client: Client::at(url, settings)? })
    }

    /// Names who is asked: address and deployment.
    #[must_use]
    pub fn asked(&self) -> String {
        self.client.settings().asked()
    }

    /// Returns the name of the model, for its price.
    #[must_use]
    pub fn model(&self) -> &str {
        &self.client.settings().model
    }

    fn tokenizer(&self) -> Tokenizer {
        capability(self.model()).tokenizer
    }

    /// Returns how often one request may be sent, first attempt included.
    #[must_use]
    pub fn most_attempts(&self) -> u32 {
        self.client.most_attempts()
    }

    /// Returns how many of the first texts go into one request.
    #[must_use]
    pub fn batch(&self, texts: &[String]) -> usize {
        let quota = self.client.settings().quota.tokens.get();
        let room = MOST_TOKENS_TOGETHER.min(quota / 2);
        let mut tokens = 0;
        let fits = |text: &&String| {
            tokens += estimate_bytes(text);
            tokens <= room
        };
        texts.iter().take(MOST_INPUTS).take_while(fits).count().max(1).min(texts.len())
    }

    /// Returns what some texts may use at most.
    #[must_use]
    pub fn largest(&self, texts: &[String]) -> Usage {
        let tokenizer = self.tokenizer();
        let prompt_tokens = texts.iter().map(|text| tokenizer.count(text).min(MOST_TOKENS)).sum();
        Usage { prompt_tokens, ..Usage::default() }
    }

    /// Asks for the vectors of some texts, at most as many as [`Embedder::batch`] says. What is too long for the service is
    /// cut; an empty text, which it refuses, becomes a blank. Beside them stands until when and how often they may be sent.
    ///
    /// # Errors
    ///
    /// When there is no answer, or not one vector for each text.
    pub async fn embed(
        &self,
        texts: &[String],
        (deadline, attempts): (Option<Instant>, Option<u32>),
    ) -> Result<Embedded, ModelError> {
        let tokenizer = self.tokenizer();
        let most = MOST_TOKENS * 100 / (100 + tokenizer.margin);
        let cut = |text: &String| match tokenizer.encoding.cut(text, most) {
            "" => " ".to_owned(),
            text => text.to_owned(),
        };
        let texts = texts.iter().map(cut).collect();
        let question = Question { client: &self.client, texts, deadline, attempts };
        let (embedded, attempts) = self.client.exchange(&question).await?;
        Ok(Embedded { attempts, ..embedded })
    }
}

struct Question<'a> {
    client: &'a Client,
    texts: Vec<String>,
    deadline: Option<Instant>,
    attempts: Option<u32>,
}

impl Exchange for Question<'_> {
    type Reply = Embedded;
    type Form = ();

    fn tokens(&self) -> u64 {
        self.texts.iter().map(|text| estimate_bytes(text)).sum()
    }

    fn deadline(&self) -> Option<Instant> {
        self.deadline
    }

    fn most_attempts(&self) -> Option<u32> {
        self.attempts
    }

    fn largest_body(&self) -> usize {
        (AROUND + self.texts.len() * LARGEST_VECTOR).min(LARGEST_BODY)
    }

    fn form(&self) {}

    fn request(&self, (): ()) -> RequestBuilder {
        let mut body = json!({ "input": self.texts, "encoding_format": "float" });
        let settings = self.client.settings();
        if let Some(name) = settings.service.name_in_body(settings.name()) {
            body["model"] = json!(name);
        }
        self.client.post().json(&body)
    }

    fn read(
        &self,
        body: &[u8],
        (): (),
        (request_id, _): (Option<String>, &Secret),
    ) -> Result<Embedded, ModelError> {
        let (vectors, usage) = vectors(body, self.texts.len())?;
        Ok(Embedded { vectors, usage, request_id, attempts: 1 })
    }
}

/// Reads the vectors of so many texts, which may come in any order.
fn vectors(body: &[u8], count: usize) -> Result<(Vec<Vec<f32>>, Usage), ModelError> {
    let garbage = |reason| ModelError::from(ModelErrorKind::Garbage { reason });
    let body: Value = serde_json::from_slice(body).map_err(|_| garbage("it is not JSON"))?;
    let usage = wire::usage(&body).map(|usage| Usage { completion_tokens: 0, ..usage });
    let wrong = |reason| usage.into_iter().fold(garbage(reason), ModelError::with_usage);
    let data = body.get("data").and_then(Value::as_array).ok_or_else(|| wrong("it has no vectors"))?;
    if data.len() != count {
        return Err(wrong("it has not one vector for each text"));
    }
    let mut vectors: Vec<Option<Vec<f32>>> = vec![None; count];
    for (place, item) in data.iter().enumerate() {
        // Not all services say which text a vector is of; then they come in order.
        let index = item.get("index").map_or(Some(place as u64), Value::as_u64);
        let index = index.and_then(|index| usize::try_from(index).ok());
        let slot = index.and_then(|index| vectors.get_mut(index)).filter(|slot| slot.is_none());
        let slot = slot.ok_or_else(|| wrong("it has not one vector for each text"))?;
        let numbers = item.get("embedding").and_then(Value::as_array);
        *slot = Some(numbers.and_then(|numbers| read(numbers)).ok_or_else(|| wrong("a vector is none"))?);
    }
    let vectors: Vec<Vec<f32>> = vectors.into_iter().flatten().collect();
    let length = vectors.first().map_or(0, Vec::len);
    if vectors.iter().any(|vector| vector.len() != length || vector.is_empty()) {
        return Err(wrong("its vectors differ in length"));
    }
    Ok((vectors, usage.unwrap_or_default()))
}

/// Reads numbers that are numbers in four bytes, too.
fn read(numbers: &[Value]) -> Option<Vec<f32>> {
    #[expect(clippy::cast_possible_truncation, reason = "what becomes infinite is refused")]
    let narrow = |number: &Value| Some(number.as_f64()? as f32).filter(|number| number.is_finite());
    numbers.iter().map(narrow).collect()
}

#[cfg(test)]
mod tests {
    use super::super::limiter::Quota;
    use super::super::service::Service;
    use super::*;

    fn embedder(tokens: u64) -> Embedder {
        let service = Service::Azure { deployment: "vectors".to_owned(), api_version: None };
        let quota = Quota::per_minute(60, tokens).unwrap();
        let settings = ClientSettings::new(service, "https://a.openai.azure.com", Secret::new("key"), quota);
        Embedder::new(settings).unwrap()
    }

    #[test]
    fn vectors_are_put_in_the_order_of_the_texts() {
        let body = json!({
            "data": [
                {"index": 1, "embedding": [0, 1], "new": true},
                {"index": 0, "embedding": [1.5, 0]},
            ],
            "usage": {"prompt_tokens": 7, "total_tokens": 7},
        });
        let (found, usage) = vectors(body.to_string().as_bytes(), 2).unwrap();
        assert_eq!(found, [[1.5, 0.0], [0.0, 1.0]]);
        assert_eq!(usage.prompt_tokens, 7);
        let in_order = json!({"data": [{"embedding": [1]}, {"embedding": [2]}]}).to_string();
        assert_eq!(vectors(in_order.as_bytes(), 2).unwrap().0, [[1.0], [2.0]]);
    }

    #[test]
    fn an_answer_without_one_vector_for_each_text_is_refused() {
        let of = |data: Value| json!({ "data": data }).to_string();
        let table = [
            "no JSON".to_owned(),
            "{\"data\": [{\"embedding\": [NaN]}, {\"embedding\": [1]}]}".to_owned(),
            "{\"data\": [{\"embedding\": [1e999]}, {\"embedding\": [1]}]}".to_owned(),
            json!({"error": "x"}).to_string(),
            of(json!([])),
            of(json!([{"index": 0, "embedding": [1]}])),
            of(json!([{"index": 0, "embedding": [1]}, {"index": 0, "embedding": [1]}])),
            of(json!([{"index": 0, "embedding": [1]}, {"index": 2, "embedding": [1]}])),
            of(json!([{"index": -1, "embedding": [1]}, {"index": 1, "embedding": [1]}])),
            of(json!([{"index": 0, "embedding": [1]}, {"index": 1, "embedding": [1, 2]}])),
            of(json!([{"index": 0, "embedding": []}, {"index": 1, "embedding": []}])),
            of(json!([{"index": 0, "embedding": [1]}, {"index": 1, "embedding": [null]}])),
            of(json!([{"index": 0, "embedding": [1]}, {"index": 1, "embedding": "AACAPw=="}])),
            of(json!([{"index": 0, "embedding": [1]}, {"index": 1, "embedding": [1e300]}])),
            of(json!({"0": [1], "1": [1]})),
        ];
        for body in table {
            let error = vectors(body.as_bytes(), 2).unwrap_err();
            assert!(matches!(error.kind, ModelErrorKind::Garbage { .. }), "{body}: {error}");
        }
    }

    #[test]
    fn a_request_holds_what_service_and_quota_take() {
        let short = vec!["def f(): ...".to_owned(); 3_000];
        assert_eq!(embedder(1_000_000).batch(&short), MOST_INPUTS);
        assert_eq!(embedder(80).batch(&short), 10);
        let long = vec!["x".repeat(100_000), "y".to_owned()];
        assert_eq!(embedder(1_000).batch(&long), 1);
        assert_eq!(embedder(1_000_000).batch(&long), 2);
        assert_eq!(embedder(1_000_000).batch(&[]), 0);
    }
}
