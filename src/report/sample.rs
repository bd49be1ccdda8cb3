//! Reports that the tests of the formats print.

use std::collections::BTreeMap;

use crate::change::{RepoPath, SkippedFile};
use crate::python::{LineIndex, Position, Span};
use crate::report::{Fix, Outcome, Report, Resolution, SkipReason, Source, UsageTotals};
use crate::rules::{Answer, Evidence, Finding, Remedy, Severity, Slot};

/// Makes a finding on a line, with nothing unusual about it.
pub(super) fn finding(code: &'static str, severity: Severity, line: usize) -> Finding {
    let (name, message, answer) = match code {
        "D103" => (
            "undocumented-public-function",
            "a public function has no docstring",
            Answer::Generate(Slot::Docstring),
        ),
        "DOC101" => (
            "docstring-missing-parameter",
            "the docstring leaves out `height`",
            Answer::Repair(Remedy::RemoveParameter("height".to_owned())),
        ),
        "DG105" => ("stale-body", "the body changed a lot and the text did not", Answer::Person),
        _ => (
            "docstring-extraneous-exception",
            "nothing raises `OSError` here",
            Answer::Repair(Remedy::RemoveParameter("height".to_owned())),
        ),
    };
    Finding {
        code,
        name,
        severity,
        definition: "tide".to_owned(),
        span: Span::new(0, 1),
        position: Position { line, column: 5 },
        message: message.to_owned(),
        evidence: Vec::new(),
        answer,
        subject: None,
    }
}

/// Makes an outcome with findings that remain.
pub(super) fn outcome(path: &str, definition: &str, remaining: Vec<Finding>) -> Outcome {
    Outcome {
        refused: None,
        path: RepoPath::new(path).unwrap(),
        definition: definition.to_owned(),
        line: remaining.first().map_or(1, |finding| finding.position.line),
        found: remaining.clone(),
        remaining,
        resolution: Resolution::Reported,
        fix: None,
    }
}

/// The text of one of the files of the sample.
const TIDES: &str = "\"\"\"Tides.\"\"\"\n\ndef tide(time,\n         place=None):\n    \"\"\"Compute the tide.\n\n    Args:\n        time: \u{202e}When.\n        place: Where.\n\n    Raises:\n    OSError: Never.\n    \"\"\"\n    height: float = 1.5\n    return height\n";

/// Puts the bytes and the place of a finding where a word stands in a text.
fn place(finding: &mut Finding, text: &str, word: &str) {
    let start = text.find(word).unwrap();
    finding.span = Span::new(start, start + word.len());
    finding.position = LineIndex::new(text).position(text, start);
}

fn source(text: &str) -> Source {
    Source::new(text, &LineIndex::new(text), vec![(1, usize::MAX)])
}

/// Makes a report with one of everything, two files with hostile names among it.
pub(super) fn report() -> Report {
    let mut missing = finding("DOC101", Severity::Error, 12);
    place(&mut missing, TIDES, "OSError");
    missing.evidence =
        vec![Evidence { position: Position { line: 14, column: 9 }, text: "height: float = 1.5".to_owned() }];
    missing.subject = Some("height".to_owned());
    let mut raises = finding("DOC502", Severity::Warning, 3);
    place(&mut raises, TIDES, "tide(");
    let mut tides = outcome("lighthouse/tides.py", "tide", vec![raises, missing]);
    let written =
        TIDES.replace("        place: Where.\n", "        place: Where.\n        height: How high.\n");
    tides.fix = Fix::new(TIDES, Span::new(0, TIDES.len()), &written);
    let mut module = finding("DG105", Severity::Advice, 1);
    module.definition = String::new();
    let mut repaired = outcome("lighthouse/lamp.py", "Lamp.light", Vec::new());
    repaired.resolution = Resolution::Repaired;
    repaired.line = 30;
    let mut written = outcome("lighthouse/lamp.py", "Lamp.dim", Vec::new());
    written.resolution = Resolution::Written;
    written.line = 41;
    let mut skipped = outcome("lighthouse/lamp.py", "", vec![module]);
    skipped.resolution = Resolution::Skipped(SkipReason::PartlyStaged);
    let mut failed = outcome("a\u{1b}[2J|b`<b>.py", "tide", vec![finding("D103", Severity::Error, 7)]);
    failed.resolution = Resolution::Failed("the model answered with a list\u{202e}".to_owned());
    Report {
        outcomes: vec![tides, repaired, written, skipped, failed],
        definitions: 14,
        files: 3,
        skipped: vec![SkippedFile {
            path: "old\u{200b}.py".to_owned(),
            reason: "not valid UTF-8".to_owned(),
        }],
        failures: vec!["the cache could not be opened: locked".to_owned()],
        usage: Some(UsageTotals {
            run: "0123456789".to_owned(),
            requests: 2,
            cache_hits: 1,
            prompt_tokens: 12_345,
            completion_tokens: 678,
            cost: Some(0.0023),
            redacted: 2,
        }),
        sources: BTreeMap::from([(RepoPath::new("lighthouse/tides.py").unwrap(), source(TIDES))]),
    }
}

/// Makes a report of a file with lines that no terminal is wide enough for, in Latin letters and in wide ones.
pub(super) fn with_long_lines() -> Report {
    let text = format!("def {}(a): pass\nx = '{}'; def 長(a): pass\n", "long_".repeat(40), "長".repeat(60));
    let findings = ["long_long_", "長(a)"].map(|word| {
        let mut finding = finding("D103", Severity::Error, 1);
        place(&mut finding, &text, word);
        finding
    });
    Report {
        outcomes: vec![outcome("wide.py", "f", findings.into())],
        sources: BTreeMap::from([(RepoPath::new("wide.py").unwrap(), source(&text))]),
        ..Report::default()
    }
}

/// Makes the report of a run that answered everything it found.
pub(super) fn all_written() -> Report {
    let mut written = outcome("lamp.py", "light", Vec::new());
    written.found = vec![finding("D103", Severity::Error, 1)];
    written.resolution = Resolution::Written;
    Report { outcomes: vec![written], definitions: 1, files: 1, ..Report::default() }
}
