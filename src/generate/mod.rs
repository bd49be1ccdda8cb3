//! What only prose can answer: slots, prompt, reply, composition, verification; and whether prose still fits (`doubt/`).
//!
//! `rules/` and `repair/` stand before it: it asks for nothing that can be derived, keeps human prose as it is,
//! and judges what comes back by the same rules. All of it is pure except [`run`], which asks the cache and the
//! model. Files are written by others.

mod around;
mod budget;
mod claims;
mod compose;
mod doubt;
mod example;
pub mod examples;
mod key;
mod outline;
mod plain;
mod prompt;
mod prose;
mod reply;
pub mod run;
#[cfg(test)]
mod sample;
mod skeleton;
mod slots;
mod verify;

pub use budget::Budget;
pub use compose::compose;
pub use doubt::{Doubt, Suspect, Verdict, place};
pub use key::key;
pub use prompt::{Asked, Block, Question, Rank, Room, TooLarge, Voice, request};
pub use prose::Prose;
pub use reply::{Complaint, ComplaintKind, read};
pub use skeleton::skeleton;
pub use slots::{ExtraSlots, Extras, Slots};
pub use verify::{Context, verify};

use std::sync::Arc;

use crate::change::RepoPath;
use crate::docstring::{Layout, Page, Style};
use crate::python::{Counterpart, Definition, ParsedFile, Touched};
use crate::repair::{Revision, layout};

/// A definition whose docstring misses prose.
#[derive(Debug, Clone)]
pub struct Task {
    /// The file.
    pub path: RepoPath,
    /// The file as it is judged.
    pub file: Arc<ParsedFile>,
    /// The index of the definition.
    pub index: usize,
    /// What it was in the base.
    pub base: Option<Counterpart>,
    /// What happened to it.
    pub touched: Touched,
    /// What is missing.
    pub slots: Slots,
    /// The style in which a new docstring is written.
    pub style: Style,
    /// Its docstring with repairs, if it has one that can be amended.
    pub revision: Option<Revision>,
    /// What the docstrings of its file have in common.
    pub page: Page,
}

impl Task {
    /// Returns the definition.
    #[must_use]
    pub fn definition(&self) -> &Definition {
        &self.file.definitions[self.index]
    }

    /// Returns where a new docstring is to stand, and how it is to look there.
    #[must_use]
    pub fn layout(&self) -> Layout {
        layout(&self.file, self.definition(), self.style, &self.page)
    }

    /// Returns a name that is unique in the run: `path::qualified.name`.
    #[must_use]
    pub fn id(&self) -> String {
        format!("{}::{}", self.path, self.definition().qualified_name)
    }
}
