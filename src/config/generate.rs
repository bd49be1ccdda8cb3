//! What a model is asked for beyond what rules miss, and how much goes into one request.

use crate::language::Language;

use super::{Kind, Setting};

/// The table `[generate]`.
#[derive(Debug, Clone, PartialEq)]
pub struct Generate {
    /// The tokens of a request, with the most that its answer may take.
    pub request_tokens: Setting<u64>,
    /// The definitions whose new docstrings get an example.
    pub examples: Setting<Vec<Kind>>,
    /// The definitions whose new docstrings get a note.
    pub notes: Setting<Vec<Kind>>,
    /// The language in which the model writes.
    pub language: Setting<Language>,
    /// The terms of the house with what they mean or how they are used, in the order of the file.
    pub glossary: Vec<(String, Setting<String>)>,
}
