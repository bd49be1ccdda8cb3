//! The model's reply: JSON against the schema (`read`), then texts and names against slots and code (`fit`).

mod fit;
mod read;

pub(super) use fit::{fit, fit_extras, fit_line};
pub use read::read;
pub(super) use read::{Entries, validator};

/// The most reasons of a complaint: an answer may be wrong in as many ways as it has bytes.
const MOST_REASONS: usize = 12;
/// The longest reason, in characters; it may quote the answer.
const LONGEST_REASON: usize = 300;

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
    pub fn of(mut reasons: Vec<String>) -> Self {
        let more = reasons.len().saturating_sub(MOST_REASONS);
        reasons.truncate(MOST_REASONS);
        for reason in &mut reasons {
            if let Some((end, _)) = reason.char_indices().nth(LONGEST_REASON) {
                reason.truncate(end);
                reason.push('…');
            }
        }
        if more > 0 {
            reasons.push(format!("and {more} more"));
        }
        Self { reasons, kind: ComplaintKind::Content }
    }

    fn about(kind: ComplaintKind, reason: impl Into<String>) -> Self {
        Self { kind, ..Self::because(reason) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_complaint_about_an_endless_answer_ends() {
        let many = Complaint::of((0..20_000).map(|number| format!("`p{number}` is no parameter")).collect());
        assert!(many.to_string().len() < 1_000 && many.to_string().ends_with("and 19988 more"), "{many}");
        let long = Complaint::because("é".repeat(1_000_000));
        assert_eq!(long.to_string().chars().count(), LONGEST_REASON + 1);
        assert_eq!(Complaint::of(vec!["one".to_owned(), "two".to_owned()]).to_string(), "one; two");
    }
}
