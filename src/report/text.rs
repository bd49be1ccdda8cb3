//! The report for people: findings first, then what was done, then one line that sums it up.
//!
//! Made for a terminal and for the log of a continuous integration job. Whether there is colour, how wide the terminal
//! is and where links lead is the caller's decision, since only it knows where the text goes.

use std::io::{self, Write};

use super::listing::{Listed, listed};
use super::{Outcome, Report, Resolution, excerpt, phrase};
use crate::rules::{Rule, Severity};
use crate::untrusted::sanitised;

/// How the text is to look.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct TextStyle {
    /// Whether findings are shown in the source.
    pub form: TextForm,
    /// Whether severities and paths are coloured with ANSI sequences.
    pub color: bool,
    /// Whether only what blocks and what failed is printed, and nothing at all when there is neither.
    pub quiet: bool,
    /// The columns of the terminal, if there is one.
    pub width: Option<usize>,
    /// The address of the folder that paths begin in, with a slash at its end; places become links below it.
    pub links: Option<String>,
    /// Whether the pages of the rules that found something follow the findings.
    pub pages: bool,
}

/// How much is said about a finding.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum TextForm {
    /// The lines it points at, with the evidence and the fix.
    #[default]
    Full,
    /// One line.
    Concise,
}

/// Writes the report for people.
///
/// # Errors
///
/// Gives back what the writer gives.
pub fn text(report: &Report, style: &TextStyle, out: &mut impl Write) -> io::Result<()> {
    let paint = Paint { color: style.color };
    let mut shown = 0;
    let mut pages: Vec<&str> = Vec::new();
    for listed in listed(report) {
        if style.quiet && listed.finding.severity != Severity::Error {
            continue;
        }
        shown += 1;
        if style.pages && !pages.contains(&listed.finding.code) {
            pages.push(listed.finding.code);
        }
        match style.form {
            TextForm::Full => writeln!(out, "{}\n", excerpt::drawn(&listed, style))?,
            TextForm::Concise => write_line(&listed, paint, out)?,
        }
    }
    if shown > 0 && style.form == TextForm::Concise {
        writeln!(out)?;
    }
    for rule in pages.into_iter().filter_map(Rule::find) {
        writeln!(out, "{}\n", rule.page.trim_end())?;
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

/// Writes what went wrong and what a model took, for people who get something else than findings.
///
/// # Errors
///
/// Gives back what the writer gives.
pub fn beside_findings(report: &Report, out: &mut impl Write) -> io::Result<()> {
    write_failed(report, Paint { color: false }, out)?;
    match &report.usage {
        Some(usage) => writeln!(out, "model: {}", phrase::usage(usage)),
        None => Ok(()),
    }
}

/// Writes a finding on one line: `lamp.py:3:5: error[D103] undocumented-public-function: …`.
fn write_line(listed: &Listed<'_>, paint: Paint, out: &mut impl Write) -> io::Result<()> {
    let finding = listed.finding;
    let path = sanitised(listed.path.as_str());
    let place = format!("{path}:{}:{}", finding.position.line, finding.position.column);
    let label = format!("{}[{}]", phrase::severity(finding.severity), finding.code);
    writeln!(
        out,
        "{}: {} {}: {}",
        paint.with(BOLD, &place),
        paint.with(color_of(finding.severity), &label),
        finding.name,
        sanitised(&finding.message)
    )
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

    fn printed(report: &Report, style: &TextStyle) -> String {
        let mut out = Vec::new();
        text(report, style, &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn one_of_everything() {
        insta::assert_snapshot!(printed(&sample::report(), &TextStyle::default()));
    }

    #[test]
    fn quiet_prints_what_blocks_and_what_failed() {
        let style = TextStyle { quiet: true, ..TextStyle::default() };
        insta::assert_snapshot!(printed(&sample::report(), &style));
        assert_eq!(printed(&sample::all_written(), &style), "");
    }

    #[test]
    fn a_clean_run_is_one_line() {
        let report = Report { definitions: 14, files: 3, ..Report::default() };
        assert_eq!(printed(&report, &TextStyle::default()), "nothing to say: 14 definitions in 3 files\n");
    }

    #[test]
    fn concise_is_a_line_for_each_finding() {
        let style = TextStyle { form: TextForm::Concise, ..TextStyle::default() };
        insta::assert_snapshot!(printed(&sample::report(), &style));
    }

    #[test]
    fn colour_wraps_our_words_only_and_hostile_text_stays_escaped() {
        for form in [TextForm::Full, TextForm::Concise] {
            let style = TextStyle { form, color: true, ..TextStyle::default() };
            let printed = printed(&sample::report(), &style);
            assert!(printed.contains("error[D103]\u{1b}[0m"), "{printed}");
            assert!(!printed.contains("\u{1b}[2J"), "{printed}");
            assert!(printed.contains("a\\u{1b}[2J|b`<b>.py"), "{printed}");
        }
    }

    #[test]
    fn places_are_links_where_somebody_says_where_to() {
        let style = TextStyle { links: Some("file:///r/".to_owned()), ..TextStyle::default() };
        let printed = printed(&sample::report(), &style);
        let link =
            "\u{1b}]8;;file:///r/lighthouse/tides.py\u{1b}\\lighthouse/tides.py:12:5\u{1b}]8;;\u{1b}\\";
        assert!(printed.contains(link), "{printed}");
        assert!(printed.contains("file:///r/a%1B%5B2J%7Cb%60%3Cb%3E.py"), "{printed}");
    }

    #[test]
    fn a_narrow_terminal_gets_narrow_excerpts() {
        for width in [40, 80] {
            let style = TextStyle { width: Some(width), ..TextStyle::default() };
            let printed = printed(&sample::with_long_lines(), &style);
            let drawn = printed.lines().filter(|line| line.contains(" | "));
            let widest = drawn.map(|line| line.chars().count()).max();
            assert!(widest.is_some_and(|widest| widest <= width), "{widest:?}\n{printed}");
        }
    }
}
