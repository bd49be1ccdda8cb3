//! Docstrings that may have fallen behind: who they are, and what a model says of them.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use crate::change::RepoPath;
use crate::generate::{Suspect, Verdict, place};
use crate::python::ParsedFile;
use crate::report::Outcome;
use crate::rules::{Evidence, Finding};

use super::judge::Judged;
use super::mend::{Door, Workshop};

/// The rule whose findings a model is asked about.
const STALE: &str = "DG105";

/// What is said where nothing is doubted.
const FITS: &str = "a model finds that it still fits";

/// What is said of the definitions of a file, by their qualified names.
pub(super) type Verdicts = BTreeMap<String, Verdict>;

/// Returns the definitions of a file that a model is to be asked about.
pub(super) fn suspects(judged: &Judged, workshop: &Workshop<'_>) -> Vec<Suspect> {
    let config = workshop.config;
    if !config.judge.value || workshop.door == Door::Retry || config.never_send.value.matches(&judged.path) {
        return Vec::new();
    }
    let stale = judged.checked.iter().filter(|checked| checked.findings.iter().any(is_stale));
    let suspect = |index| Suspect { path: judged.path.clone(), file: Arc::clone(&judged.file), index };
    stale.map(|checked| suspect(checked.index)).collect()
}

/// Sorts what is said by file.
pub(super) fn by_place(suspects: &[Suspect], verdicts: Vec<Option<Verdict>>) -> HashMap<RepoPath, Verdicts> {
    let mut sorted: HashMap<RepoPath, Verdicts> = HashMap::new();
    for (suspect, verdict) in suspects.iter().zip(verdicts) {
        let name = suspect.definition().qualified_name.clone();
        let of_file = sorted.entry(suspect.path.clone()).or_default();
        of_file.extend(verdict.map(|verdict| (name, verdict)));
    }
    sorted
}

/// Puts what is said beside the findings that it is about; none is added, and none goes.
pub(super) fn told(outcomes: &mut [Outcome], verdicts: &Verdicts, file: &ParsedFile) {
    for outcome in outcomes {
        let Some(verdict) = verdicts.get(&outcome.definition) else { continue };
        let Some(definition) = file.find(&outcome.definition) else { continue };
        let at = |sentence: &str| place(file, definition, sentence).unwrap_or(definition.anchor()).start;
        let mut said: Vec<Evidence> = verdict
            .doubts
            .iter()
            .map(|doubt| Evidence {
                position: file.lines.position(&file.text, at(&doubt.sentence)),
                text: format!("a model doubts this: {}", doubt.reason),
            })
            .collect();
        if said.is_empty() {
            let position = file.lines.position(&file.text, at(""));
            said.push(Evidence { position, text: FITS.to_owned() });
        }
        for finding in outcome.found.iter_mut().chain(&mut outcome.remaining).filter(|it| is_stale(it)) {
            finding.evidence.extend(said.iter().cloned());
        }
    }
}

/// Returns what is said, in words for a message of its own.
pub(super) fn in_words(verdict: &Verdict) -> String {
    if verdict.doubts.is_empty() {
        return FITS.to_owned();
    }
    let doubts =
        verdict.doubts.iter().map(|doubt| format!("\u{201c}{}\u{201d}: {}", doubt.sentence, doubt.reason));
    format!("a model doubts {}", doubts.collect::<Vec<_>>().join(" "))
}

/// Returns whether a finding is one that a model is asked about.
pub(super) fn is_stale(finding: &Finding) -> bool {
    finding.code == STALE
}
