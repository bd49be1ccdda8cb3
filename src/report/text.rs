//! The report for people: findings first, then what was done, then one line that sums it up.
//!
//! Made for a terminal and for the log of a continuous integration job. Whether there is colour is the
//! caller's decision, since only it knows where the text goes.

use std::cmp::Reverse;
use std::io::{self, Write};

use super::{Outcome, Report, Resolution, phrase};
use crate::change::RepoPath;
use crate::rules::{Finding, Severity};
use crate::untrusted::sanitised;

/// How the text is to look.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct TextStyle {
    /// Whether severities and paths are coloured with ANSI sequences.
    pub color: bool,
    /// Whether only what blocks and what failed is printed, and nothing at all when there is neither.
    pub quiet: bool,
}

/// Writes the report for people.
///
/// # Errors
///
/// Gives back what the writer gives.
pub fn text(report: &Report, style: TextStyle, out: &mut impl Write) -> io::Result<()> {
    let paint = Paint { color: style.color };
    for (path, findings) in by_file(report, style) {
        for (finding, outcome) in findings {
            write_finding(path, finding, paint, out)?;
            // Where something was tried, what came of it is said below.
            if outcome.resolution == Resolution::Reported {
                writeln!(out, "  = {}", phrase::answer(&finding.answer))?;
            }
        }
        writeln!(out)?;
    }
    if style.quiet {
        write_failed(report, paint, out)?;
        if report.count(Severity::Error) > 0 {
            writeln!(out, "{}", phrase::summary(report))?;
        }
        return Ok(());
    }
    write_resolutions(report, paint, out)?;
    phrase::write_skipped(&report.skipped, out)?;
    write_failures(report, paint, out)?;
    if let Some(usage) = &report.usage {
        writeln!(out, "model: {}", phrase::usage(usage))?;
    }
    writeln!(out, "{}", phrase::summary(report))
}

/// Groups findings by file in the order of the outcomes, the worst of a file first.
///
/// The sort is stable, so that findings of one weight keep the order in which the rules gave them.
fn by_file(report: &Report, style: TextStyle) -> Vec<(&RepoPath, Vec<(&Finding, &Outcome)>)> {
    let mut files: Vec<(&RepoPath, Vec<(&Finding, &Outcome)>)> = Vec::new();
    let mut places = std::collections::HashMap::new();
    for outcome in &report.outcomes {
        let path = &outcome.path;
        for finding in &outcome.remaining {
            if style.quiet && finding.severity != Severity::Error {
                continue;
            }
            let place = *places.entry(path).or_insert_with(|| {
                files.push((path, Vec::new()));
                files.len() - 1
            });
            files[place].1.push((finding, outcome));
        }
    }
    for (_, findings) in &mut files {
        findings.sort_by_key(|(finding, _)| Reverse(finding.severity));
    }
    files
}

fn write_finding(path: &RepoPath, finding: &Finding, paint: Paint, out: &mut impl Write) -> io::Result<()> {
    let place = format!("{}:{}:{}", sanitised(path.as_str()), finding.position.line, finding.position.column);
    let label = format!("{}[{}]", phrase::severity(finding.severity), finding.code);
    writeln!(
        out,
        "{}: {} {}: {}",
        paint.with(BOLD, &place),
        paint.with(color_of(finding.severity), &label),
        finding.name,
        sanitised(&finding.message)
    )?;
    for evidence in &finding.evidence {
        writeln!(out, "  line {}: {}", evidence.position.line, sanitised(&evidence.text))?;
    }
    Ok(())
}

fn write_resolutions(report: &Report, paint: Paint, out: &mut impl Write) -> io::Result<()> {
    for outcome in &report.outcomes {
        match &outcome.resolution {
            Resolution::Clean | Resolution::Reported => {}
            Resolution::Repaired => {
                writeln!(out, "{} {}", paint.with(GREEN, "repaired:"), place_of(outcome))?;
            }
            Resolution::Written => {
                writeln!(out, "{} {}", paint.with(GREEN, "written:"), place_of(outcome))?;
            }
            Resolution::Skipped(reason) => {
                writeln!(out, "skipped: {}: {}", place_of(outcome), sanitised(reason.phrase()))?;
            }
            Resolution::Failed(reason) => write_failed_outcome(outcome, reason, paint, out)?,
        }
    }
    Ok(())
}

fn write_failed(report: &Report, paint: Paint, out: &mut impl Write) -> io::Result<()> {
    for outcome in &report.outcomes {
        if let Resolution::Failed(reason) = &outcome.resolution {
            write_failed_outcome(outcome, reason, paint, out)?;
        }
    }
    write_failures(report, paint, out)
}

fn write_failed_outcome(
    outcome: &Outcome,
    reason: &str,
    paint: Paint,
    out: &mut impl Write,
) -> io::Result<()> {
    writeln!(out, "{} {}: {}", paint.with(RED, "failed:"), place_of(outcome), sanitised(reason))
}

fn write_failures(report: &Report, paint: Paint, out: &mut impl Write) -> io::Result<()> {
    for failure in &report.failures {
        writeln!(out, "{} {}", paint.with(RED, "failure:"), sanitised(failure))?;
    }
    Ok(())
}

fn place_of(outcome: &Outcome) -> String {
    format!("{}:{} {}", sanitised(outcome.path.as_str()), outcome.line, sanitised(outcome.definition_name()))
}

const BOLD: &str = "1";
const RED: &str = "1;31";
const GREEN: &str = "32";
const YELLOW: &str = "1;33";
const CYAN: &str = "36";

fn color_of(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => RED,
        Severity::Warning => YELLOW,
        Severity::Advice => CYAN,
    }
}

/// Puts ANSI sequences around text, or leaves it alone.
#[derive(Clone, Copy)]
struct Paint {
    color: bool,
}

impl Paint {
    fn with(self, sequence: &str, text: &str) -> String {
        if self.color { format!("\u{1b}[{sequence}m{text}\u{1b}[0m") } else { text.to_owned() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample;

    fn printed(report: &Report, style: TextStyle) -> String {
        let mut out = Vec::new();
        text(report, style, &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn one_of_everything() {
        insta::assert_snapshot!(printed(&sample::report(), TextStyle::default()));
    }

    #[test]
    fn quiet_prints_what_blocks_and_what_failed() {
        let style = TextStyle { quiet: true, ..TextStyle::default() };
        insta::assert_snapshot!(printed(&sample::report(), style));
        assert_eq!(printed(&sample::all_written(), style), "");
    }

    #[test]
    fn a_clean_run_is_one_line() {
        let report = Report { definitions: 14, files: 3, ..Report::default() };
        assert_eq!(printed(&report, TextStyle::default()), "nothing to say: 14 definitions in 3 files\n");
    }

    #[test]
    fn the_worst_comes_first_and_equals_keep_their_order() {
        let mut first = sample::finding("DOC502", Severity::Warning, 9);
        first.message = "first".to_owned();
        let mut second = sample::finding("DOC502", Severity::Warning, 2);
        second.message = "second".to_owned();
        let worst = sample::finding("D103", Severity::Error, 20);
        let report = Report {
            outcomes: vec![
                sample::outcome("b.py", "f", vec![first]),
                sample::outcome("a.py", "g", vec![sample::finding("DG105", Severity::Advice, 1)]),
                sample::outcome("b.py", "h", vec![second, worst]),
            ],
            ..Report::default()
        };
        let printed = printed(&report, TextStyle::default());
        let heads: Vec<&str> = printed
            .lines()
            .filter(|line| line.contains(".py:"))
            .filter_map(|line| line.split(' ').next())
            .collect();
        assert_eq!(heads, ["b.py:20:5:", "b.py:9:5:", "b.py:2:5:", "a.py:1:5:"]);
    }

    #[test]
    fn colour_wraps_our_words_only_and_hostile_text_stays_escaped() {
        let style = TextStyle { color: true, quiet: false };
        let printed = printed(&sample::report(), style);
        assert!(printed.contains("\u{1b}[1;31merror[D103]\u{1b}[0m"), "{printed}");
        assert!(!printed.contains("\u{1b}[2J"), "{printed}");
        assert!(printed.contains("a\\u{1b}[2J|b`<b>.py"), "{printed}");
    }
}
