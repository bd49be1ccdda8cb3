//! The model's reply: JSON against the schema (`read`), then texts and names against slots and code (`fit`).

mod fit;
mod read;

pub(super) use fit::{fit, fit_extras, fit_line};
pub use read::read;
pub(super) use read::{Entries, validator};

/// What is wrong with an answer, in sentences for whoever wrote it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}", .reasons.join("; "))]
pub struct Complaint {
    /// The reasons, each without a full stop.
    pub reasons: Vec<String>,
    /// What the answer failed at.
    pub kind: ComplaintKind,
}

/// What an answer failed at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ComplaintKind {
    /// It is not JSON.
    NotJson,
    /// It is JSON of another shape.
    Schema,
    /// What it says does not fit what was asked, or a rule finds something wrong with it.
    Content,
}

impl Complaint {
    /// Makes a complaint with one reason.
    #[must_use]
    pub fn because(reason: impl Into<String>) -> Self {
        Self::of(vec![reason.into()])
    }

    /// Makes a complaint about what an answer says.
    #[must_use]
    pub fn of(reasons: Vec<String>) -> Self {
        Self { reasons, kind: ComplaintKind::Content }
    }

    fn about(kind: ComplaintKind, reason: impl Into<String>) -> Self {
        Self { kind, ..Self::because(reason) }
    }
}
