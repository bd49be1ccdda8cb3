//! Prose for the slots of one definition: what the model answers and what the cache keeps.

use serde::{Deserialize, Serialize};

/// Structured prose, independent of any docstring style.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Prose {
    /// The summary, one sentence.
    pub summary: Option<String>,
    /// What the summary does not say, in paragraphs.
    pub description: Option<String>,
    /// Parameters by their names, with stars.
    pub parameters: Vec<Named>,
    /// What is returned.
    pub returns: Option<String>,
    /// What is yielded.
    pub yields: Option<String>,
    /// When exceptions are raised.
    pub raises: Vec<Named>,
    /// What else there is to know, one paragraph.
    pub note: Option<String>,
    /// Code that shows how it is used.
    pub example: Option<String>,
}

impl Prose {
    /// Returns whether there is more than rules ask for.
    pub(super) fn has_extras(&self) -> bool {
        self.note.is_some() || self.example.is_some()
    }

    /// Leaves that away.
    pub(super) fn without_extras(self) -> Self {
        Self { note: None, example: None, ..self }
    }
}

/// A name and what is said about it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Named {
    /// The parameter or the exception.
    pub name: String,
    /// What is said.
    pub text: String,
}
