//! What `docgate fix` would make of findings that nobody asked to repair: whether it could, and what it would write.

use crate::repair::{Daring, Patient, Tried, tried};
use crate::report::{Fix, Outcome, SkipReason};
use crate::rules::{Answer, Finding};

use super::judge::Judged;
use super::mend::{Draft, Workshop};

/// Leaves to a person what a rule would have repaired, or a model written, where the docstring must not be edited or the
/// remedy cannot be carried out.
///
/// Nothing is proven here: an edit that fails its proof, which hardly one does, is still promised.
pub(super) fn take_back(outcomes: &mut [Outcome], judged: &Judged, workshop: &Workshop<'_>) {
    let found = judged.checked.iter().filter(|checked| !checked.findings.is_empty());
    let mut draft = None;
    for (outcome, checked) in outcomes.iter_mut().zip(found) {
        let is_promised = |finding: &Finding| !matches!(finding.answer, Answer::Person);
        if !checked.findings.iter().any(is_promised) {
            continue;
        }
        // Measuring the page of a file reads all of it, so that is done where it is needed, and once.
        let draft = draft.get_or_insert_with(|| Draft::new(judged, workshop));
        outcome.refused = draft.untouchable(checked, workshop);
        if outcome.refused.is_some() {
            leave_to_a_person(outcome, |_| true);
            continue;
        }
        for daring in [Daring::Safe, Daring::Unsafe] {
            let is_meant = |answer: &Answer| match answer {
                Answer::Repair(_) => daring == Daring::Safe,
                Answer::UnsafeRepair(_) => daring == Daring::Unsafe,
                Answer::Generate(_) | Answer::Person => false,
            };
            if !checked.findings.iter().any(|finding| is_meant(&finding.answer)) {
                continue;
            }
            let patient = Patient {
                path: &judged.path,
                pairings: &judged.pairings,
                page: &draft.page,
                settings: workshop.settings,
                daring,
            };
            // One remedy may wait for another, so they are tried together.
            match tried(patient, &judged.file, checked) {
                Tried::Possible => {}
                Tried::Nothing => leave_to_a_person(outcome, is_meant),
                Tried::NotEditable(reason) => {
                    outcome.refused = Some(SkipReason::NotEditable(reason));
                    leave_to_a_person(outcome, is_meant);
                }
            }
        }
    }
}

fn leave_to_a_person(outcome: &mut Outcome, is_meant: impl Fn(&Answer) -> bool) {
    for finding in outcome.remaining.iter_mut().chain(&mut outcome.found) {
        if is_meant(&finding.answer) {
            finding.answer = Answer::Person;
        }
    }
}

/// Puts the repairs beside the outcomes of a file. They are proven as those of `docgate fix`, and none is written.
pub(super) fn offer(outcomes: &mut [Outcome], judged: &Judged, workshop: &Workshop<'_>) {
    let mut findings = judged.checked.iter().flat_map(|checked| &checked.findings);
    if !findings.any(|finding| workshop.daring().remedy(finding).is_some()) {
        return;
    }
    let found = judged.checked.iter().filter(|checked| !checked.findings.is_empty());
    let edits = Draft::of(judged, workshop).proven().edits;
    for (outcome, checked) in outcomes.iter_mut().zip(found) {
        let definition = &judged.file.definitions[checked.index];
        // Definitions may share a name, but not a place.
        let edit = edits
            .iter()
            .find(|edit| edit.definition == outcome.definition && definition.span.contains(edit.span));
        outcome.fix = edit.and_then(|edit| Fix::new(&judged.file.text, edit.span, &edit.text));
    }
}
