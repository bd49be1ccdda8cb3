//! Phrases that several formats share: counts, usage, who can answer.

use std::borrow::Cow;
use std::fmt::Write as _;
use std::io::{self, Write};

use super::{Outcome, Report, UsageTotals};
use crate::change::SkippedFile;
use crate::rules::{Answer, Severity};
use crate::untrusted::sanitised;

/// Returns a number with its noun: `1 warning`, `2 warnings`.
pub(super) fn counted(count: usize, noun: &str) -> String {
    if count == 1 { format!("1 {noun}") } else { format!("{count} {noun}s") }
}

/// Returns the name to show for a definition, given its qualified name.
pub(super) fn definition(qualified_name: &str) -> &str {
    if qualified_name.is_empty() { "module" } else { qualified_name }
}

/// Returns a path as the path of a URI, everything but letters, digits, `-._~` and slashes escaped.
#[must_use]
pub fn uri(path: &str) -> String {
    let mut escaped = String::with_capacity(path.len());
    for byte in path.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => {
                escaped.push(char::from(byte));
            }
            // Writing to a string cannot fail.
            other => drop(write!(escaped, "%{other:02X}")),
        }
    }
    escaped
}

/// Writes a line for each file that was not looked at.
pub(super) fn write_skipped(skipped: &[SkippedFile], out: &mut impl Write) -> io::Result<()> {
    for skipped in skipped {
        writeln!(out, "not looked at: {}: {}", sanitised(&skipped.path), sanitised(&skipped.reason))?;
    }
    Ok(())
}

/// Returns the word for a severity.
pub(super) fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Advice => "advice",
    }
}

/// Returns who can answer a finding of an outcome, as a phrase.
pub(super) fn answer(outcome: &Outcome, answer: &Answer) -> Cow<'static, str> {
    match (answer, &outcome.refused) {
        (Answer::Repair(_), _) => "`docgate fix` writes it".into(),
        (Answer::UnsafeRepair(_), _) => "`docgate fix --unsafe-fixes` writes it, and words are lost".into(),
        (Answer::Generate(_), _) => "needs prose: a model, or you".into(),
        (Answer::Person, Some(reason)) => format!("needs a person: {}", reason.phrase()).into(),
        (Answer::Person, None) => "needs a person".into(),
    }
}

/// Returns the sentence that sums a run up.
pub(super) fn summary(report: &Report) -> String {
    let looked_at = counted(report.definitions, "definition");
    let mut counts = Vec::new();
    let errors = report.count(Severity::Error);
    let warnings = report.count(Severity::Warning);
    let advice = report.count(Severity::Advice);
    if errors > 0 {
        counts.push(counted(errors, "error"));
    }
    if warnings > 0 {
        counts.push(counted(warnings, "warning"));
    }
    if advice > 0 {
        counts.push(format!("{advice} advice"));
    }
    let changed = match report.changed() {
        0 => String::new(),
        changed => format!("; {} changed", counted(changed, "docstring")),
    };
    if !counts.is_empty() {
        let with_findings = report.with_findings();
        return format!("{} in {with_findings} of {looked_at} looked at{changed}", counts.join(", "));
    }
    if report.definitions == 0 && report.files == 0 {
        return "nothing to look at".to_owned();
    }
    let left = if changed.is_empty() { "" } else { "left " };
    format!("nothing {left}to say: {looked_at} in {}{changed}", counted(report.files, "file"))
}

/// Returns what was asked of the model, as one line.
pub(super) fn usage(usage: &UsageTotals) -> String {
    let requests = if usage.requests == 1 { "request" } else { "requests" };
    let cost = match usage.cost {
        Some(cost) => money(cost),
        None => "cost unknown: the model has no price".to_owned(),
    };
    let redacted = match usage.redacted {
        0 => String::new(),
        1 => ", 1 secret replaced before sending".to_owned(),
        count => format!(", {} secrets replaced before sending", grouped(count)),
    };
    format!(
        "{} {requests}, {} tokens sent, {} received, {} from the cache, {cost}{redacted}",
        usage.requests,
        grouped(usage.prompt_tokens),
        grouped(usage.completion_tokens),
        grouped(usage.cache_hits),
    )
}

/// Returns US dollars with enough digits that a small amount does not read as nothing.
pub(super) fn money(dollars: f64) -> String {
    if dollars > 0.0 && dollars < 0.0001 { "under $0.0001".to_owned() } else { format!("${dollars:.4}") }
}

/// Returns a number with commas between groups of three digits.
pub(super) fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut shown = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            shown.push(',');
        }
        shown.push(digit);
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample;

    #[test]
    fn a_path_is_escaped_as_a_uri() {
        for (path, expected) in
            [("a/b_c.py", "a/b_c.py"), ("a b#?%.py", "a%20b%23%3F%25.py"), ("é", "%C3%A9")]
        {
            assert_eq!(uri(path), expected);
        }
    }

    #[test]
    fn numbers_are_grouped() {
        for (number, expected) in [(0, "0"), (999, "999"), (1_000, "1,000"), (1_234_567, "1,234,567")] {
            assert_eq!(grouped(number), expected);
        }
    }

    #[test]
    fn a_small_amount_of_money_is_not_nothing() {
        for (dollars, expected) in
            [(0.0, "$0.0000"), (0.000_01, "under $0.0001"), (0.0123, "$0.0123"), (12.0, "$12.0000")]
        {
            assert_eq!(money(dollars), expected);
        }
    }

    #[test]
    fn the_summary_counts_what_remains() {
        assert_eq!(summary(&Report::default()), "nothing to look at");
        let clean = Report { definitions: 14, files: 3, ..Report::default() };
        assert_eq!(summary(&clean), "nothing to say: 14 definitions in 3 files");
        assert_eq!(
            summary(&sample::report()),
            "2 errors, 1 warning, 1 advice in 3 of 14 definitions looked at; 2 docstrings changed"
        );
        assert_eq!(
            summary(&sample::all_written()),
            "nothing left to say: 1 definition in 1 file; 1 docstring changed"
        );
    }
}
