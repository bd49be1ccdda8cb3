//! The findings in the one order in which every format lists them.

use std::cmp::Reverse;
use std::collections::{HashMap, HashSet};

use super::source::Region;
use super::{Fix, Outcome, Report, Source};
use crate::change::RepoPath;
use crate::python::Span;
use crate::rules::{Answer, Finding, Severity};

/// A finding that remains, with what the formats say about it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Listed<'report> {
    pub(super) path: &'report RepoPath,
    pub(super) outcome: &'report Outcome,
    pub(super) finding: &'report Finding,
    /// The text it points into; nothing when the caller did not keep it.
    pub(super) source: Option<&'report Source>,
    /// What `docgate fix` would write. It answers several findings of a definition and stands at one of them.
    pub(super) fix: Option<&'report Fix>,
    /// Tells findings apart that are equal in all but their place.
    pub(super) occurrence: usize,
}

/// Lists the findings that remain: the worst first, then by path and place, then by code.
pub(super) fn listed(report: &Report) -> Vec<Listed<'_>> {
    let mut listed = Vec::new();
    for outcome in &report.outcomes {
        let source = report.sources.get(&outcome.path);
        // Only where unsafe repairs are wanted is there a fix for what nothing else answers.
        let is_safe = outcome.remaining.iter().any(|finding| matches!(finding.answer, Answer::Repair(_)));
        for finding in &outcome.remaining {
            let is_answered = match finding.answer {
                Answer::Repair(_) => true,
                Answer::UnsafeRepair(_) => !is_safe,
                Answer::Generate(_) | Answer::Person => false,
            };
            let fix = outcome.fix.as_ref().filter(|_| is_answered);
            listed.push(Listed { path: &outcome.path, outcome, finding, source, fix, occurrence: 0 });
        }
    }
    listed.sort_by_key(|listed| {
        let Finding { severity, position, code, .. } = *listed.finding;
        (Reverse(severity), listed.path, position, code)
    });
    let mut seen = HashMap::new();
    let mut given: HashSet<(&RepoPath, Span)> = HashSet::new();
    for listed in &mut listed {
        let count = seen.entry(listed.key()).or_insert(0);
        listed.occurrence = *count;
        *count += 1;
        listed.fix = listed.fix.filter(|fix| given.insert((listed.path, fix.span)));
    }
    listed
}

/// Counts what every rule found, the most frequent first.
pub(super) fn counts(report: &Report) -> Vec<Counted> {
    let mut counts: HashMap<&'static str, Counted> = HashMap::new();
    for (_, finding) in report.remaining() {
        let counted = counts.entry(finding.code).or_insert(Counted {
            code: finding.code,
            name: finding.name,
            severity: finding.severity,
            count: 0,
            repairable: 0,
        });
        counted.count += 1;
        counted.repairable += usize::from(matches!(finding.answer, Answer::Repair(_)));
        counted.severity = counted.severity.max(finding.severity);
    }
    let mut counts: Vec<Counted> = counts.into_values().collect();
    counts.sort_by_key(|counted| (Reverse(counted.count), counted.code));
    counts
}

/// What a rule found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Counted {
    pub(super) code: &'static str,
    pub(super) name: &'static str,
    /// The highest weight among its findings.
    pub(super) severity: Severity,
    pub(super) count: usize,
    /// How many of them a repair answers.
    pub(super) repairable: usize,
}

impl<'report> Listed<'report> {
    /// Returns where it lies; where the text is not known, the first character counts as all of it.
    pub(super) fn region(&self) -> Region {
        let start = self.finding.position;
        match self.source {
            Some(source) => Region { start, end: source.region(self.finding.span).end.max(start) },
            None => Region { start, end: start },
        }
    }

    /// Returns a hash that stays the same when the code moves.
    ///
    /// It is over path, definition, code and subject: neither lines nor the message, which may name a value.
    pub(super) fn fingerprint(&self) -> String {
        let (path, definition, code, subject) = self.key();
        let occurrence = self.occurrence.to_string();
        let mut hasher = blake3::Hasher::new();
        for part in [path, definition, code, subject, &occurrence] {
            // The length in front keeps ("ab", "c") apart from ("a", "bc").
            hasher.update(&(part.len() as u64).to_le_bytes());
            hasher.update(part.as_bytes());
        }
        hasher.finalize().to_hex()[..32].to_owned()
    }

    fn key(&self) -> (&'report str, &'report str, &'report str, &'report str) {
        let subject = self.finding.subject.as_deref().unwrap_or_default();
        (self.path.as_str(), &self.finding.definition, self.finding.code, subject)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample;

    #[test]
    fn the_worst_comes_first_and_then_path_and_place_decide() {
        let finding = |code, severity, line| sample::finding(code, severity, line);
        let report = Report {
            outcomes: vec![
                sample::outcome("b.py", "f", vec![finding("DOC502", Severity::Warning, 9)]),
                sample::outcome("a.py", "g", vec![finding("DG105", Severity::Advice, 1)]),
                sample::outcome(
                    "b.py",
                    "h",
                    vec![finding("DOC502", Severity::Warning, 2), finding("D103", Severity::Error, 20)],
                ),
            ],
            ..Report::default()
        };
        let order: Vec<String> = listed(&report)
            .iter()
            .map(|listed| format!("{}:{}", listed.path, listed.finding.position.line))
            .collect();
        assert_eq!(order, ["b.py:20", "b.py:2", "b.py:9", "a.py:1"]);
    }

    #[test]
    fn fingerprints_forget_the_line_and_tell_equals_apart() {
        let report = |line| Report {
            outcomes: vec![sample::outcome(
                "a.py",
                "f",
                vec![
                    sample::finding("D103", Severity::Error, line),
                    sample::finding("D103", Severity::Error, line + 1),
                ],
            )],
            ..Report::default()
        };
        let prints =
            |report: &Report| -> Vec<String> { listed(report).iter().map(Listed::fingerprint).collect() };
        let first = prints(&report(3));
        assert_eq!(first, prints(&report(30)));
        assert_ne!(first[0], first[1]);
    }

    #[test]
    fn a_fix_stands_at_the_first_finding_that_it_answers() {
        let report = sample::report();
        let with_fix: Vec<&str> = listed(&report)
            .iter()
            .filter(|listed| listed.fix.is_some())
            .map(|listed| listed.finding.code)
            .collect();
        assert_eq!(with_fix, ["DOC101"]);
    }
}
