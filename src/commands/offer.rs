//! The repairs that `docgate fix` would make, shown beside findings that nobody asked to repair.

use crate::report::{Fix, Outcome};

use super::judge::Judged;
use super::mend::{Draft, Workshop};

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
