//! What is carried to a language model and back.

use std::time::Instant;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::ModelError;

/// Something that answers a request with text.
///
/// Callers are generic over it, so that a test can hand in a closure-backed model and a run the real one.
pub trait LanguageModel {
    /// Asks once, with whatever retries and waits the implementation thinks right, and returns the answer.
    ///
    /// # Errors
    ///
    /// A [`ModelError`] whose kind says why there is no text.
    fn complete(&self, request: &ModelRequest) -> impl Future<Output = Result<ModelReply, ModelError>>;

    /// Returns how many requests may be handed over at the same time; how many are sent, the implementation decides.
    fn concurrency(&self) -> usize {
        4
    }

    /// Returns how often one request may be sent, first attempt included.
    fn most_attempts(&self) -> u32 {
        1
    }
}

/// Who speaks in a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// The rules of the conversation.
    System,
    /// The side that asks.
    User,
    /// The side that answered earlier.
    Assistant,
}

/// One message of a conversation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Message {
    /// Who speaks.
    pub role: Role,
    /// What is said.
    pub content: String,
}

impl Message {
    /// Makes a message with the rules of the conversation.
    #[must_use]
    pub fn system(content: impl Into<String>) -> Self {
        Self { role: Role::System, content: content.into() }
    }

    /// Makes a message of the side that asks.
    #[must_use]
    pub fn user(content: impl Into<String>) -> Self {
        Self { role: Role::User, content: content.into() }
    }

    /// Makes a message of the side that answers, to show the model what it said before.
    #[must_use]
    pub fn assistant(content: impl Into<String>) -> Self {
        Self { role: Role::Assistant, content: content.into() }
    }
}

/// What a model is asked: a conversation, the shape of the answer, and how long it may be.
#[derive(Debug, Clone, PartialEq)]
pub struct ModelRequest {
    /// The conversation so far, stable text first: services cache what several requests begin with.
    pub messages: Vec<Message>,
    /// The name of the schema: at most 64 letters, digits, `_` and `-`.
    pub schema_name: String,
    /// The JSON Schema of the answer, within the strict subset of structured outputs.
    pub schema: Value,
    /// The most tokens the answer may have, hidden reasoning included.
    pub max_completion_tokens: u64,
    /// When an answer is of no use any more: attempts and waits end there.
    pub deadline: Option<Instant>,
    /// How often it may be sent at most, first attempt included; otherwise as often as the client is set up for.
    pub attempts: Option<u32>,
}

/// What a model answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ModelReply {
    /// The answer: JSON by request, not yet checked.
    pub text: String,
    /// The model that answered, as it calls itself; empty when it did not say.
    pub model: String,
    /// What the answer cost.
    pub usage: Usage,
    /// The identifier to name when asking the service about this request.
    pub request_id: Option<String>,
    /// How often the request was sent.
    pub attempts: u32,
}

/// The tokens that a request was billed for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Usage {
    /// The tokens of the prompt, cached ones included.
    pub prompt_tokens: u64,
    /// The tokens of the prompt that the service had seen before and bills at a lower price.
    pub cached_tokens: u64,
    /// The tokens of the answer, hidden reasoning included.
    pub completion_tokens: u64,
}

impl Usage {
    /// Returns the tokens of prompt and answer together.
    #[must_use]
    pub fn total(&self) -> u64 {
        self.prompt_tokens.saturating_add(self.completion_tokens)
    }
}
