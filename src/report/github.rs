//! The report as workflow commands of GitHub Actions, which become annotations beside the code.
//!
//! Every command is one line, and text that is not ours cannot begin another one. The format:
//! <https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands>. Of a step, GitHub shows the first ten
//! errors and warnings each; that is why the worst come first.

use std::io::{self, Write};

use super::listing::listed;
use super::{Report, phrase};
use crate::rules::Severity;
use crate::untrusted::sanitised;

/// Writes the report as workflow commands.
///
/// # Errors
///
/// Gives back what the writer gives.
pub fn github(report: &Report, out: &mut impl Write) -> io::Result<()> {
    for listed in listed(report) {
        let finding = listed.finding;
        let region = listed.region();
        let command = match finding.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Advice => "notice",
        };
        let title = property(&format!("docgate {}", finding.code));
        let path = property(listed.path.as_str());
        write!(out, "::{command} title={title},file={path},line={}", region.start.line)?;
        // GitHub refuses columns of what goes over several lines, and counts the last column in.
        if region.start.line == region.end.line && region.end.column > region.start.column {
            let (line, first, last) = (region.end.line, region.start.column, region.end.column - 1);
            write!(out, ",endLine={line},col={first},endColumn={last}")?;
        }
        let definition = listed.outcome.definition_name();
        let message = format!("{definition}: {} ({})", finding.message, finding.name);
        writeln!(out, "::{}", data(&message))?;
    }
    for skipped in &report.skipped {
        let message = format!("not looked at: {}: {}", skipped.path, skipped.reason);
        writeln!(out, "::warning title=docgate::{}", data(&message))?;
    }
    for failure in &report.failures {
        writeln!(out, "::warning title=docgate::{}", data(failure))?;
    }
    // A line that is no command, for whoever reads the log.
    writeln!(out, "{}", phrase::summary(report))
}

/// Escapes the text of a command.
fn data(text: &str) -> String {
    sanitised(text).replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// Escapes a property of a command.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample;

    #[test]
    fn one_of_everything() {
        let mut out = Vec::new();
        github(&sample::report(), &mut out).unwrap();
        insta::assert_snapshot!(String::from_utf8(out).unwrap());
    }

    #[test]
    fn a_hostile_path_stays_within_its_property() {
        let table = [("a,b:c%.py", "a%2Cb%3Ac%25.py"), ("a\n::error::x", "a\\n%3A%3Aerror%3A%3Ax")];
        for (path, expected) in table {
            assert_eq!(property(path), expected);
        }
    }
}
