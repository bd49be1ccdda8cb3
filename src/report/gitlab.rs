//! The report as a code quality report of GitLab, which it shows in merge requests.
//!
//! The format: <https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format>. It has no place for files that
//! were not looked at; the exit code and the other formats tell of them.

use std::io::{self, Write};

use serde_json::{Value, json};

use super::listing::{Listed, listed};
use super::{Report, json as format};
use crate::rules::Severity;

/// Writes the report as a code quality report.
///
/// # Errors
///
/// Gives back what the writer gives.
pub fn gitlab(report: &Report, out: &mut impl Write) -> io::Result<()> {
    let issues: Vec<Value> = listed(report).iter().map(issue).collect();
    format::written(&issues, out)
}

fn issue(listed: &Listed<'_>) -> Value {
    let finding = listed.finding;
    let region = listed.region();
    let severity = match finding.severity {
        Severity::Error => "major",
        Severity::Warning => "minor",
        Severity::Advice => "info",
    };
    json!({
        "type": "issue",
        "check_name": finding.code,
        "description": format!("{}: {}", finding.code, finding.message),
        "categories": ["Clarity"],
        "severity": severity,
        "fingerprint": listed.fingerprint(),
        "location": {
            "path": listed.path.as_str(),
            "lines": { "begin": region.start.line, "end": region.end.line },
        },
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample;

    #[test]
    fn one_of_everything() {
        let mut out = Vec::new();
        gitlab(&sample::report(), &mut out).unwrap();
        insta::assert_snapshot!(String::from_utf8(out).unwrap());
    }
}
