//! The repairs that `docgate fix` would make, shown beside findings that nobody asked to repair.

use crate::edit::Edit;
use crate::python::{Definition, Span};
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
        outcome.fix = edit.and_then(|edit| fix(&judged.file.text, definition, edit));
    }
}

/// Makes the fix of an edit: whole lines where the docstring has several, so that people see what becomes of them.
fn fix(text: &str, definition: &Definition, edit: &Edit) -> Option<Fix> {
    let literal = definition.docstring.as_ref().map_or(edit.span, |literal| literal.span);
    let whole = Span::new(literal.start.min(edit.span.start), literal.end.max(edit.span.end));
    let before = Span::new(whole.start, edit.span.start).of(text);
    let after = Span::new(edit.span.end, whole.end).of(text);
    Fix::new(text, whole, &format!("{before}{}{after}", edit.text))
}
