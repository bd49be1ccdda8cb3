//! What the cache keeps of an answer, and of the reason why there is none.

use serde::{Deserialize, Serialize};

use crate::cache::{Entry, EntryKind, Tags};
use crate::change::RepoPath;
use crate::clock;
use crate::language::Language;
use crate::python::Definition;

use super::super::prose::Prose;
use super::super::{Task, reply};

/// The reason why a definition has no prose, as it is remembered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Failure {
    /// The reason as a word.
    pub outcome: String,
    /// The reason as a sentence.
    pub reason: String,
    /// The identifier to name when asking the service about it.
    #[serde(default)]
    pub request_id: Option<String>,
}

impl Failure {
    /// Reads what the cache kept.
    #[must_use]
    pub fn of(entry: &Entry) -> Option<Self> {
        serde_json::from_slice(&entry.value).ok()
    }

    /// Says that the reason is an old one.
    pub(super) fn again(&self) -> String {
        format!("{} (as before; `docgate fix --failed` asks again)", self.reason)
    }
}

/// What is known about a task from before.
pub(super) enum Remembered {
    Prose(Prose),
    Failure(Failure),
}

/// Reads an entry; what does not fit the task any more is nothing.
pub(super) fn remembered(entry: Option<Entry>, task: &Task, language: Language) -> Option<Remembered> {
    let entry = entry?;
    match entry.tags.kind {
        EntryKind::Vector => None,
        EntryKind::Failure => Failure::of(&entry).map(Remembered::Failure),
        EntryKind::Answer => {
            let prose = serde_json::from_slice::<Prose>(&entry.value).ok()?;
            reply::fit(prose, task, language).ok().map(Remembered::Prose)
        }
    }
}

/// Makes the entry of an answer.
pub(super) fn answer(prose: &Prose, task: &Task, model: &str) -> Option<Entry> {
    Some(Entry { tags: tags(EntryKind::Answer, about(task), model), value: serde_json::to_vec(prose).ok()? })
}

/// Makes the entry of a failure.
pub(super) fn failure(failure: &Failure, task: &Task, model: &str) -> Option<Entry> {
    Some(Entry {
        tags: tags(EntryKind::Failure, about(task), model),
        value: serde_json::to_vec(failure).ok()?,
    })
}

fn about(task: &Task) -> (&RepoPath, &Definition) {
    (&task.path, task.definition())
}

/// Makes the tags of what is kept about a definition.
pub(super) fn tags(kind: EntryKind, (path, definition): (&RepoPath, &Definition), model: &str) -> Tags {
    Tags {
        at: clock::since_epoch().as_secs(),
        kind,
        path: path.to_string(),
        name: definition.qualified_name.clone(),
        model: model.to_owned(),
    }
}
