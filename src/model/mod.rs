//! [I/O] The language model behind a transport-only interface: Azure OpenAI, limits, tokens, prices.
//!
//! What goes in is messages and a JSON Schema, what comes out is text and what it cost. This room knows nothing
//! about definitions, slots or docstrings: `generate/` stands before and after it, and judges the text.
//! Nothing is remembered here; that is the business of `cache/`.

pub mod azure;
pub mod capability;
pub mod limiter;
pub mod prices;
pub mod tokens;

mod error;
mod retry;
mod transport;
mod wire;

pub use error::{ModelError, ModelErrorKind};
pub use transport::{LanguageModel, Message, ModelReply, ModelRequest, Role, Usage};
