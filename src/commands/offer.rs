//! The repairs that `docgate fix` would make, shown beside findings that nobody asked to repair.

use std::collections::HashMap;

use crate::report::{Fix, Report};
use crate::rules::Answer;

use super::judge::{Judged, Judgement, on_all};
use super::mend::{Draft, Workshop};

/// Puts the repairs beside the findings of a report. They are proven as those of `docgate fix`, and none is written.
pub(super) fn offer(report: &mut Report, judgement: &Judgement, workshop: &Workshop<'_>) {
    let is_repairable = |judged: &&Judged| {
        let findings = judged.checked.iter().flat_map(|checked| &checked.findings);
        findings.into_iter().any(|finding| matches!(finding.answer, Answer::Repair(_)))
    };
    let repairable: Vec<&Judged> = judgement.files.iter().filter(is_repairable).collect();
    let mut fixes = HashMap::new();
    for mended in on_all(repairable, |judged| Draft::of(judged, workshop).proven()) {
        for edit in &mended.edits {
            let fix = Fix::new(&mended.judged.file.text, edit.span, &edit.text);
            fixes.insert((mended.judged.path.clone(), edit.definition.clone()), fix);
        }
    }
    for outcome in &mut report.outcomes {
        outcome.fix = fixes.remove(&(outcome.path.clone(), outcome.definition.clone())).flatten();
    }
}
