//! DG104: the text names an exception that the code raised before this change.

use crate::docstring::{Docstring, SectionKind};
use crate::python::{Span, last_part};

use super::exceptions::{documented, removal};
use super::history::is_history;
use super::stale_parameter::shortened;
use super::support::{Support, Verdict, words};
use super::{Answer, Finding, Rule, Subject};

/// Applies the rule.
pub(super) fn check(rule: &Rule, subject: &Subject<'_>) -> Vec<Finding> {
    let Some(docstring) = subject.judged_docstring() else { return Vec::new() };
    let gone = gone(subject);
    if gone.is_empty() {
        return Vec::new();
    }
    let support = Support::of(subject.sight(), subject.definition);
    let mut findings = Vec::new();
    for name in gone {
        // What nothing can raise at all is DOC502's business.
        let verdict = support.verdict(name);
        if verdict == Verdict::Supported {
            continue;
        }
        let listed = documented(docstring).find(|(found, _)| last_part(found) == last_part(name));
        let (span, said, answer) = match listed {
            Some(_) if verdict == Verdict::Refuted => continue,
            Some((found, span)) => (span, format!("documents `{found}`"), removal(docstring, found, false)),
            None => {
                let Some((span, sentence)) = sentence(subject, docstring, name) else { continue };
                (span, format!("says \"{}\"", shortened(&sentence)), Answer::Person)
            }
        };
        let message = format!("{said}, and {} does not raise `{name}` any more", subject.called());
        let finding = subject
            .docstring_finding(rule, span, message)
            .answered_by(answer, Some(name.to_owned()))
            .with_evidence(subject.evidence(subject.definition.header, "the `raise` is gone"));
        findings.push(finding);
    }
    findings
}

/// Returns the exceptions that the base raised by itself and the new code does not.
fn gone<'a>(subject: &Subject<'a>) -> Vec<&'a str> {
    let Some(base) = subject.base.filter(|base| base.kind.is_function()) else { return Vec::new() };
    let still = |name: &str| {
        let mut raised = subject.definition.body.raises.iter().filter_map(|raise| raise.exception.as_deref());
        raised.any(|found| last_part(found) == last_part(name))
    };
    let mut gone: Vec<&str> =
        base.body.raises.iter().filter_map(|raise| raise.exception.as_deref()).collect();
    gone.sort_unstable();
    gone.dedup();
    gone.retain(|name| !still(name));
    gone
}

/// Returns whether DG104 speaks of a documented exception, so that DOC502 need not.
pub(super) fn is_told(subject: &Subject<'_>, name: &str) -> bool {
    subject.settings.severities.contains_key("DG104")
        && gone(subject).iter().any(|found| last_part(found) == last_part(name))
}

/// Returns the line of prose that says that an exception is raised.
fn sentence(subject: &Subject<'_>, docstring: &Docstring, name: &str) -> Option<(Span, String)> {
    let text = subject.file.docstring_text(subject.definition)?;
    let short = last_part(name);
    let prose = docstring.summary.iter().chain(&docstring.description);
    let results = docstring.entries(SectionKind::Returns).filter_map(|entry| entry.description.as_ref());
    for found in prose.chain(results) {
        let mut start = found.span.start;
        for line in found.span.of(text).split_inclusive('\n') {
            let says = words(line).any(|word| word == short)
                && words(line)
                    .any(|word| matches!(word.to_lowercase().as_str(), "raise" | "raises" | "raised"));
            if says {
                let at = start + line.find(short).unwrap_or(0);
                if !is_history(text, (at, at + short.len())) {
                    return Some((Span::new(at, at + short.len()), line.trim().to_owned()));
                }
            }
            start += line.len();
        }
    }
    None
}
