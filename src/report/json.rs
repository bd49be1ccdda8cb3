//! The report for programs: JSON with a version, described in `docs/json-output.md`.
//!
//! The structs are frozen for their version and belong to this file only, so that a field renamed elsewhere
//! cannot change what programs read. Adding a field keeps the version; anything else makes a new one.

use std::io::{self, Write};

use serde::Serialize;

use super::listing::{Listed, listed};
use super::{Outcome, Report, Resolution, phrase};
use crate::error::ExitStatus;
use crate::rules::{Answer, Severity, Slot};
use crate::untrusted::escaped_in_json;

/// The version of the format.
const VERSION: u32 = 1;

/// Writes the report as JSON, with the status the process is going to end with.
///
/// Values are exact; characters that a terminal would act on are written as `\u` escapes.
///
/// # Errors
///
/// Gives back what the writer gives.
pub fn json(report: &Report, status: ExitStatus, out: &mut impl Write) -> io::Result<()> {
    written(&Document::new(report, status), out)
}

/// Writes the report as JSON lines: an object for each finding, then for each file that was not looked at and each failure, and
/// last the summary.
///
/// # Errors
///
/// Gives back what the writer gives.
pub fn json_lines(report: &Report, status: ExitStatus, out: &mut impl Write) -> io::Result<()> {
    for listed in listed(report) {
        line("finding", FindingV1::new(&listed), out)?;
    }
    for skipped in &report.skipped {
        line("skipped", SkippedV1 { path: &skipped.path, reason: &skipped.reason }, out)?;
    }
    for message in &report.failures {
        line("failure", FailureV1 { message }, out)?;
    }
    line("summary", Summary::new(report, status), out)
}

fn line(kind: &'static str, body: impl Serialize, out: &mut impl Write) -> io::Result<()> {
    let line = serde_json::to_string(&Line { version: VERSION, kind, body }).map_err(io::Error::from)?;
    writeln!(out, "{}", escaped_in_json(&line))
}

/// Writes a report of another kind, under the same version and with the same head.
pub(super) fn document(body: impl Serialize, out: &mut impl Write) -> io::Result<()> {
    written(&Headed { version: VERSION, tool: Tool::default(), body }, out)
}

/// Writes any document, with everything escaped that a terminal would act on.
///
/// # Errors
///
/// Gives back what the writer gives.
pub fn written(document: &impl Serialize, out: &mut impl Write) -> io::Result<()> {
    let document = serde_json::to_string_pretty(document).map_err(io::Error::from)?;
    writeln!(out, "{}", escaped_in_json(&document))
}

#[derive(Serialize)]
struct Document<'report> {
    version: u32,
    tool: Tool,
    summary: Summary,
    findings: Vec<FindingV1<'report>>,
    outcomes: Vec<OutcomeV1<'report>>,
    skipped: Vec<SkippedV1<'report>>,
    failures: &'report [String],
    usage: Option<UsageV1<'report>>,
}

#[derive(Serialize)]
struct Headed<Body> {
    version: u32,
    tool: Tool,
    #[serde(flatten)]
    body: Body,
}

#[derive(Serialize)]
struct Line<Body> {
    version: u32,
    kind: &'static str,
    #[serde(flatten)]
    body: Body,
}

#[derive(Serialize)]
struct FailureV1<'report> {
    message: &'report str,
}

#[derive(Serialize)]
struct Tool {
    name: &'static str,
    version: &'static str,
}

impl Default for Tool {
    fn default() -> Self {
        Self { name: env!("CARGO_PKG_NAME"), version: env!("CARGO_PKG_VERSION") }
    }
}

#[derive(Serialize)]
struct Summary {
    errors: usize,
    warnings: usize,
    advice: usize,
    definitions: usize,
    files: usize,
    changed: usize,
    exit_code: u8,
}

#[derive(Serialize)]
struct FindingV1<'report> {
    code: &'static str,
    name: &'static str,
    path: &'report str,
    line: usize,
    column: usize,
    end_line: usize,
    end_column: usize,
    definition: &'report str,
    message: &'report str,
    severity: &'static str,
    subject: Option<&'report str>,
    answer: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    slot: Option<SlotV1<'report>>,
    evidence: Vec<EvidenceV1<'report>>,
    fingerprint: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    fix: Option<FixV1<'report>>,
}

#[derive(Serialize)]
struct FixV1<'report> {
    line: usize,
    column: usize,
    end_line: usize,
    end_column: usize,
    text: &'report str,
}

/// The part of a docstring that has to be written.
#[derive(Serialize)]
struct SlotV1<'report> {
    kind: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<&'report str>,
}

impl<'report> SlotV1<'report> {
    fn new(slot: &'report Slot) -> Self {
        let (kind, name) = match slot {
            Slot::Docstring => ("docstring", None),
            Slot::Parameter(name) => ("parameter", Some(name.as_str())),
            Slot::Returns => ("returns", None),
            Slot::Yields => ("yields", None),
            Slot::Raises(exception) => ("raises", Some(exception.as_str())),
        };
        Self { kind, name }
    }
}

#[derive(Serialize)]
struct EvidenceV1<'report> {
    line: usize,
    column: usize,
    text: &'report str,
}

#[derive(Serialize)]
struct OutcomeV1<'report> {
    path: &'report str,
    definition: &'report str,
    line: usize,
    state: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<&'report str>,
}

#[derive(Serialize)]
struct SkippedV1<'report> {
    path: &'report str,
    reason: &'report str,
}

#[derive(Serialize)]
struct UsageV1<'report> {
    run: &'report str,
    requests: u64,
    cache_hits: u64,
    prompt_tokens: u64,
    completion_tokens: u64,
    cost: Option<f64>,
    redacted: u64,
}

impl<'report> Document<'report> {
    fn new(report: &'report Report, status: ExitStatus) -> Self {
        Self {
            version: VERSION,
            tool: Tool::default(),
            summary: Summary::new(report, status),
            findings: listed(report).iter().map(FindingV1::new).collect(),
            outcomes: report.outcomes.iter().map(OutcomeV1::new).collect(),
            skipped: report
                .skipped
                .iter()
                .map(|skipped| SkippedV1 { path: &skipped.path, reason: &skipped.reason })
                .collect(),
            failures: &report.failures,
            usage: report.usage.as_ref().map(|usage| UsageV1 {
                run: &usage.run,
                requests: usage.requests,
                cache_hits: usage.cache_hits,
                prompt_tokens: usage.prompt_tokens,
                completion_tokens: usage.completion_tokens,
                cost: usage.cost,
                redacted: usage.redacted,
            }),
        }
    }
}

impl Summary {
    fn new(report: &Report, status: ExitStatus) -> Self {
        Self {
            errors: report.count(Severity::Error),
            warnings: report.count(Severity::Warning),
            advice: report.count(Severity::Advice),
            definitions: report.definitions,
            files: report.files,
            changed: report.changed(),
            exit_code: status.code(),
        }
    }
}

impl<'report> FindingV1<'report> {
    fn new(listed: &Listed<'report>) -> Self {
        let finding = listed.finding;
        let region = listed.region();
        let answer = finding.answer.word();
        Self {
            code: finding.code,
            name: finding.name,
            path: listed.path.as_str(),
            line: region.start.line,
            column: region.start.column,
            end_line: region.end.line,
            end_column: region.end.column,
            definition: &finding.definition,
            message: &finding.message,
            severity: phrase::severity(finding.severity),
            subject: finding.subject.as_deref(),
            answer,
            slot: match &finding.answer {
                Answer::Generate(slot) => Some(SlotV1::new(slot)),
                _ => None,
            },
            evidence: finding
                .evidence
                .iter()
                .map(|evidence| EvidenceV1 {
                    line: evidence.position.line,
                    column: evidence.position.column,
                    text: &evidence.text,
                })
                .collect(),
            fingerprint: listed.fingerprint(),
            fix: listed.fix.zip(listed.source).map(|(fix, source)| {
                let region = source.region(fix.span);
                FixV1 {
                    line: region.start.line,
                    column: region.start.column,
                    end_line: region.end.line,
                    end_column: region.end.column,
                    text: &fix.text,
                }
            }),
        }
    }
}

impl<'report> OutcomeV1<'report> {
    fn new(outcome: &'report Outcome) -> Self {
        let (state, reason, message) = match &outcome.resolution {
            Resolution::Clean => ("clean", None, None),
            Resolution::Reported => ("reported", None, None),
            Resolution::Repaired => ("repaired", None, None),
            Resolution::Written => ("written", None, None),
            Resolution::Skipped(reason) => ("skipped", Some(reason.name()), Some(reason.phrase())),
            Resolution::Failed(message) => ("failed", None, Some(message.as_str())),
        };
        Self {
            path: outcome.path.as_str(),
            definition: &outcome.definition,
            line: outcome.line,
            state,
            reason,
            message,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::{SkipReason, sample};
    use crate::untrusted::is_hidden;

    fn printed(report: &Report) -> String {
        let mut out = Vec::new();
        json(report, report.status(), &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    /// Hides the release, so that the next one does not change the snapshots.
    fn without_release(printed: &str) -> String {
        let release = format!("\"version\": \"{}\"", env!("CARGO_PKG_VERSION"));
        printed.replace(&release, "\"version\": \"RELEASE\"")
    }

    #[test]
    fn one_of_everything() {
        insta::assert_snapshot!(without_release(&printed(&sample::report())));
    }

    #[test]
    fn an_empty_run_has_every_key() {
        insta::assert_snapshot!(without_release(&printed(&Report::default())));
    }

    #[test]
    fn hidden_characters_are_escaped_and_read_back_exactly() {
        let mut report = sample::report();
        report.failures = vec!["a\u{202e}b\u{7f}c\u{e0041}d\ne\u{1b}".to_owned()];
        let printed = printed(&report);
        let shown = |character| is_hidden(character) && character != '\n';
        assert_eq!(printed.find(shown), None, "{printed}");
        let value: serde_json::Value = serde_json::from_str(&printed).unwrap();
        assert_eq!(value["failures"][0], "a\u{202e}b\u{7f}c\u{e0041}d\ne\u{1b}");
        assert_eq!(value["findings"][0]["path"], "a\u{1b}[2J|b`<b>.py");
    }

    #[test]
    fn the_exit_code_is_the_one_the_caller_ends_with() {
        let mut out = Vec::new();
        json(&Report::default(), ExitStatus::Interrupted, &mut out).unwrap();
        let value: serde_json::Value = serde_json::from_slice(&out).unwrap();
        assert_eq!(value["summary"]["exit_code"], 130);
    }

    #[test]
    fn every_key_and_every_word_is_documented() {
        let page = include_str!("../../docs/json-output.md");
        let schema = include_str!("../../docs/json-output.schema.json");
        let value: serde_json::Value = serde_json::from_str(&printed(&sample::report())).unwrap();
        let mut waiting = vec![&value];
        while let Some(value) = waiting.pop() {
            if let Some(object) = value.as_object() {
                for (key, inner) in object {
                    assert!(page.contains(&format!("`{key}`")), "{key} is not documented");
                    waiting.push(inner);
                }
            }
            waiting.extend(value.as_array().into_iter().flatten());
        }
        let reasons = [
            SkipReason::PartlyStaged,
            SkipReason::PutAside,
            SkipReason::ChangedMeanwhile,
            SkipReason::SyntaxError,
            SkipReason::ReadAtRunTime,
            SkipReason::NotProven,
            SkipReason::NotEditable(""),
            SkipReason::OverBudget,
            SkipReason::NoModel,
            SkipReason::NeverSent,
        ];
        for reason in reasons {
            assert!(page.contains(&format!("`{}`", reason.name())), "{reason:?}");
            assert!(schema.contains(&format!("\"{}\"", reason.name())), "{reason:?}");
        }
        let words = ["clean", "reported", "repaired", "written", "skipped", "failed"];
        for word in words.iter().chain(&[
            "error",
            "warning",
            "advice",
            "repair",
            "unsafe-repair",
            "generate",
            "person",
        ]) {
            assert!(page.contains(&format!("`{word}`")), "{word}");
        }
    }
}
