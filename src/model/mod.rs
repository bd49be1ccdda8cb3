//! [I/O] The language model behind a transport-only interface: Azure OpenAI and what speaks its protocol.
//!
//! Beside it the two services that help to choose examples: embeddings, and an index of Azure AI Search.
//!
//! What goes in is messages and a JSON Schema, what comes out is text and what it cost. This room knows nothing
//! about definitions, slots or docstrings: `generate/` stands before and after it, and judges the text.
//! Nothing is remembered here; that is the business of `cache/`.

pub mod capability;
pub mod client;
pub mod embedding;
#[cfg(feature = "entra")]
pub mod entra;
pub mod ledger;
pub mod limiter;
pub mod prices;
pub mod search;
pub mod service;
pub mod shape;
pub mod sign_in;
pub mod tokens;

mod concurrency;
mod connection;
mod error;
mod exchange;
mod profile;
mod retry;
mod settings;
mod transport;
mod wire;

pub use error::{About, ModelError, ModelErrorKind, Rejection};
pub use profile::Profile;
pub use transport::{LanguageModel, Message, ModelReply, ModelRequest, Role, Usage};
