//! [pure] Where each proposal is said: beside the code where GitHub allows it, else in the body of the review.

use std::collections::BTreeMap;

use crate::change::RepoPath;

use super::fingerprint::Fingerprint;
use super::proposal::{Hunks, LineEdit, Proposal};

/// At most so many comments stand beside the code; more would bury the people who talk there.
pub(super) const MOST_INLINE_COMMENTS: usize = 30;

/// A proposal that is new, and where it goes.
pub(super) struct Placed<'a> {
    pub(super) proposal: &'a Proposal,
    /// The edit, trimmed; `None` when there is none or it changes nothing.
    pub(super) edit: Option<LineEdit>,
    pub(super) fingerprint: Fingerprint,
    pub(super) place: Place,
}

/// Where a proposal goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// Beside the code, as an edit to accept with a click; from the first to the last line.
    Suggestion { first: usize, last: usize },
    /// Beside the code, as text.
    Comment { line: usize },
    /// In the body of the review.
    Body,
}

impl Place {
    /// Returns the lines it takes beside the code, first and last.
    pub(super) fn lines(self) -> Option<(usize, usize)> {
        match self {
            Self::Suggestion { first, last } => Some((first, last)),
            Self::Comment { line } => Some((line, line)),
            Self::Body => None,
        }
    }
}

/// Returns the best place that GitHub accepts, other proposals not yet considered.
pub(super) fn wanted(proposal: &Proposal, edit: Option<&LineEdit>, hunks: &Hunks) -> Place {
    let path = &proposal.path;
    if let Some(edit) = edit
        && edit.can_be_suggested()
        && hunks.show(path, edit.first_line, edit.last_line)
    {
        return Place::Suggestion { first: edit.first_line, last: edit.last_line };
    }
    let lines: Vec<usize> = if proposal.findings.is_empty() {
        vec![proposal.line]
    } else {
        proposal.findings.iter().map(|finding| finding.line).collect()
    };
    let shown = lines.into_iter().find(|line| hunks.show(path, *line, *line));
    shown.map_or(Place::Body, |line| Place::Comment { line })
}

/// Moves to the body what overlaps an earlier range of its file, and what is too much.
///
/// `placed` is in the order of reading; what blocks keeps its place before what does not, and suggestions before
/// comments.
pub(super) fn settle(placed: &mut [Placed<'_>]) {
    let mut ends: BTreeMap<&RepoPath, usize> = BTreeMap::new();
    let mut order: Vec<usize> = (0..placed.len()).collect();
    order.sort_by_key(|index| placed[*index].place.lines());
    for index in order {
        let Some((first, last)) = placed[index].place.lines() else { continue };
        let path = &placed[index].proposal.path;
        if ends.get(path).is_some_and(|end| first <= *end) {
            placed[index].place = Place::Body;
        } else {
            ends.insert(path, last);
        }
    }

    let mut inline: Vec<usize> =
        (0..placed.len()).filter(|index| placed[*index].place != Place::Body).collect();
    inline.sort_by_key(|index| {
        let placed = &placed[*index];
        (!placed.proposal.blocks(), matches!(placed.place, Place::Comment { .. }))
    });
    for index in inline.into_iter().skip(MOST_INLINE_COMMENTS) {
        placed[index].place = Place::Body;
    }
}
