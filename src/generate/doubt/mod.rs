//! The second kind of question: does this docstring still say what its code does?
//!
//! It is put about definitions whose code mostly changed while their text stayed (DG105). What comes back is advice: a
//! sentence of the docstring and what the code does instead. It adds no finding and removes none, and nothing is written.

mod place;
mod prompt;
mod reply;

pub use place::place;
pub(super) use prompt::{VERSION, longest_answers, request};
pub(super) use reply::{fit, read};

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::change::RepoPath;
use crate::python::{Definition, ParsedFile};

/// A definition whose docstring may have fallen behind.
#[derive(Debug, Clone)]
pub struct Suspect {
    /// The file.
    pub path: RepoPath,
    /// The file as it is judged.
    pub file: Arc<ParsedFile>,
    /// The index of the definition, which has a docstring.
    pub index: usize,
}

/// A sentence that the code contradicts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Doubt {
    /// The sentence, as it stands in the docstring but for line ends.
    pub sentence: String,
    /// What the code does instead.
    pub reason: String,
}

/// What somebody says who has read both: nothing is in doubt, or these sentences are.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Verdict {
    /// The sentences in doubt.
    pub doubts: Vec<Doubt>,
}

impl Suspect {
    /// Returns the definition.
    #[must_use]
    pub fn definition(&self) -> &Definition {
        &self.file.definitions[self.index]
    }

    /// Returns a name that is unique in the run: `path::qualified.name`.
    #[must_use]
    pub fn id(&self) -> String {
        format!("{}::{}", self.path, self.definition().qualified_name)
    }

    /// Returns the text of the docstring.
    pub(super) fn docstring(&self) -> &str {
        self.definition().docstring.as_ref().map_or("", |literal| literal.value.as_str())
    }
}
