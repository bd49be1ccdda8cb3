//! Examples for a prompt: documented definitions of the same code base that resemble the ones asked about.
//!
//! `worth` says what is a good example, `portrait` what a definition looks like to somebody who has not read its
//! docstring, `words` ranks by that offline, `vectors` compares what an embedding model made of it, and `choose` takes
//! the best of several rankings. All of it is pure: files are read by `commands/`, services are asked by
//! `generate/run/`. An example influences an answer and is no part of its key, and to the model it is data.

mod choose;
mod portrait;
mod vectors;
mod words;
mod worth;

pub use choose::{best, is_eligible, nearest};
pub use portrait::{Depth, Portrait, portrait};
pub use vectors::Vector;
pub use words::{Ranked, Words};
pub use worth::worthy;

use crate::secret::redact;

/// A documented definition that may be shown as an example.
#[derive(Debug, Clone, PartialEq)]
pub struct Candidate {
    /// What it looks like, which is what is compared.
    pub portrait: Portrait,
    /// What is shown of it.
    pub example: Example,
}

/// What a prompt shows of a definition: its header and its docstring, and never its body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Example {
    /// What it is, as a word.
    pub kind: &'static str,
    /// Its name, with the class around it.
    pub name: String,
    /// Its header.
    pub code: String,
    /// The text of its docstring.
    pub docstring: String,
}

impl Candidate {
    /// Returns what a search engine looks through: code and docstring, secrets replaced.
    #[must_use]
    pub fn content(&self) -> String {
        let (docstring, _) = redact(&self.example.docstring);
        format!("{}\n{docstring}", self.portrait.text)
    }
}
