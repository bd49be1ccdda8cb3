//! The report as Markdown: the body of the sweep's pull request and the summary of a workflow step.
//!
//! GitHub renders it, so text that is not ours is escaped twice over: it may not open a table cell, a code
//! span or an element, and it may not mention people or issues.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::{self, Write};

use super::{Outcome, Report, Resolution, phrase};
use crate::rules::{Finding, Severity};
use crate::untrusted::sanitised;

/// What the caller adds to the report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notes {
    /// The heading.
    pub title: String,
    /// Lines about the budget, in order, such as what of it is left; each becomes an item of a list.
    pub budget: Vec<String>,
    /// How many rows a table may have. What is left out is counted in a last line, because GitHub cuts an
    /// issue's body at 65,536 characters and a step summary at 1 MiB.
    pub rows: usize,
}

impl Default for Notes {
    fn default() -> Self {
        Self { title: "docgate".to_owned(), budget: Vec::new(), rows: 100 }
    }
}

/// Writes the report as Markdown.
///
/// # Errors
///
/// Gives back what the writer gives.
pub fn markdown(report: &Report, notes: &Notes, out: &mut impl Write) -> io::Result<()> {
    writeln!(out, "# {}\n\n{}", prose(&notes.title), prose(&phrase::summary(report)))?;
    write_rules(report, notes.rows, out)?;
    write_files(report, notes.rows, out)?;
    write_written(report, notes.rows, out)?;
    write_remaining(report, notes.rows, out)?;
    write_not_done(report, notes.rows, out)?;
    write_failures(report, notes.rows, out)?;
    write_usage(report, notes, out)
}

/// Counts of findings by weight.
#[derive(Default, Clone, Copy)]
struct Counts {
    errors: usize,
    warnings: usize,
    advice: usize,
}

impl Counts {
    fn add(&mut self, severity: Severity) {
        match severity {
            Severity::Error => self.errors += 1,
            Severity::Warning => self.warnings += 1,
            Severity::Advice => self.advice += 1,
        }
    }
}

fn write_rules(report: &Report, limit: usize, out: &mut impl Write) -> io::Result<()> {
    let mut rules: BTreeMap<(&str, &str), Counts> = BTreeMap::new();
    for (_, finding) in report.remaining() {
        rules.entry((finding.code, finding.name)).or_default().add(finding.severity);
    }
    let rows = rules.into_iter().map(|((code, name), counts)| {
        let Counts { errors, warnings, advice } = counts;
        format!("| {} | {} | {errors} | {warnings} | {advice} |", code_span(code), code_span(name))
    });
    let head = ["Rule", "Name", "Errors", "Warnings", "Advice"];
    write_table("By rule", (&head, 2), (rows.collect(), limit), out)
}

fn write_files(report: &Report, limit: usize, out: &mut impl Write) -> io::Result<()> {
    let mut files: BTreeMap<&str, (Counts, usize)> = BTreeMap::new();
    for outcome in &report.outcomes {
        let changed = usize::from(is_changed(outcome));
        if changed == 0 && outcome.remaining.is_empty() {
            continue;
        }
        let (counts, written) = files.entry(outcome.path.as_str()).or_default();
        *written += changed;
        for finding in &outcome.remaining {
            counts.add(finding.severity);
        }
    }
    let rows = files.into_iter().map(|(path, (counts, written))| {
        let Counts { errors, warnings, advice } = counts;
        format!("| {} | {errors} | {warnings} | {advice} | {written} |", code_span(path))
    });
    let head = ["File", "Errors", "Warnings", "Advice", "Docstrings changed"];
    write_table("By file", (&head, 1), (rows.collect(), limit), out)
}

fn write_written(report: &Report, limit: usize, out: &mut impl Write) -> io::Result<()> {
    let rows = report.outcomes.iter().filter(|outcome| is_changed(outcome)).map(|outcome| {
        let how = if outcome.resolution == Resolution::Written { "prose written" } else { "repaired" };
        format!("{} {how} |", definition_cells(outcome))
    });
    let head = ["File", "Line", "Definition", "How"];
    write_table("What was written", (&head, 4), (rows.collect(), limit), out)
}

fn write_remaining(report: &Report, limit: usize, out: &mut impl Write) -> io::Result<()> {
    let mut rows = Vec::new();
    for outcome in &report.outcomes {
        for finding in &outcome.remaining {
            rows.push(remaining_row(outcome, finding));
        }
    }
    let head = ["File", "Line", "Definition", "Weight", "Rule", "What is wrong", "Who can answer"];
    write_table("What remains", (&head, 7), (rows, limit), out)
}

fn remaining_row(outcome: &Outcome, finding: &Finding) -> String {
    format!(
        "| {} | {} | {} | {} | {} | {} | {} |",
        code_span(outcome.path.as_str()),
        finding.position.line,
        code_span(outcome.definition_name()),
        phrase::severity(finding.severity),
        code_span(finding.code),
        prose(&finding.message),
        phrase::answer(outcome, &finding.answer),
    )
}

fn write_not_done(report: &Report, limit: usize, out: &mut impl Write) -> io::Result<()> {
    let mut rows = Vec::new();
    for outcome in &report.outcomes {
        let reason = match &outcome.resolution {
            Resolution::Skipped(reason) => format!("skipped: {}", reason.phrase()),
            Resolution::Failed(reason) => format!("failed: {reason}"),
            Resolution::Clean | Resolution::Reported | Resolution::Repaired | Resolution::Written => continue,
        };
        rows.push(format!("{} {} |", definition_cells(outcome), prose(&reason)));
    }
    for skipped in &report.skipped {
        let path = code_span(&skipped.path);
        rows.push(format!("| {path} | | | not looked at: {} |", prose(&skipped.reason)));
    }
    let head = ["File", "Line", "Definition", "Why"];
    write_table("What was left alone", (&head, 4), (rows, limit), out)
}

fn write_failures(report: &Report, limit: usize, out: &mut impl Write) -> io::Result<()> {
    if report.failures.is_empty() {
        return Ok(());
    }
    writeln!(out, "\n## What went wrong\n")?;
    for failure in report.failures.iter().take(limit) {
        writeln!(out, "- {}", prose(failure))?;
    }
    write_left_out(report.failures.len(), limit, out)
}

fn write_usage(report: &Report, notes: &Notes, out: &mut impl Write) -> io::Result<()> {
    if report.usage.is_none() && notes.budget.is_empty() {
        return Ok(());
    }
    writeln!(out, "\n## Usage\n")?;
    if let Some(usage) = &report.usage {
        writeln!(out, "- {}", prose(&phrase::usage(usage)))?;
    }
    for line in &notes.budget {
        writeln!(out, "- {}", prose(line))?;
    }
    Ok(())
}

/// Writes a table under a heading; nothing when it has no rows.
///
/// The head comes with the number of columns that are text: the others are aligned as numbers.
fn write_table(
    title: &str,
    (head, text_columns): (&[&str], usize),
    (rows, limit): (Vec<String>, usize),
    out: &mut impl Write,
) -> io::Result<()> {
    if rows.is_empty() {
        return Ok(());
    }
    let rule: Vec<&str> =
        (0..head.len()).map(|column| if column < text_columns { "---" } else { "---:" }).collect();
    writeln!(out, "\n## {title}\n\n| {} |\n| {} |", head.join(" | "), rule.join(" | "))?;
    for row in rows.iter().take(limit) {
        writeln!(out, "{row}")?;
    }
    write_left_out(rows.len(), limit, out)
}

fn write_left_out(count: usize, limit: usize, out: &mut impl Write) -> io::Result<()> {
    match count.saturating_sub(limit) {
        0 => Ok(()),
        left_out => writeln!(out, "\n… and {left_out} more."),
    }
}

fn is_changed(outcome: &Outcome) -> bool {
    matches!(outcome.resolution, Resolution::Repaired | Resolution::Written)
}

fn definition_cells(outcome: &Outcome) -> String {
    format!(
        "| {} | {} | {} |",
        code_span(outcome.path.as_str()),
        outcome.line,
        code_span(outcome.definition_name())
    )
}

/// Returns text as a code span for a table cell; the fence is longer than any run of backticks inside.
fn code_span(text: &str) -> String {
    let shown = sanitised(text).replace('|', "\\|");
    let mut longest = 0;
    let mut current = 0;
    for character in shown.chars() {
        current = if character == '`' { current + 1 } else { 0 };
        longest = longest.max(current);
    }
    let fence = "`".repeat(longest + 1);
    let pad = if longest > 0 || shown.is_empty() { " " } else { "" };
    format!("{fence}{pad}{shown}{pad}{fence}")
}

/// Returns text in which nothing is markup, a mention or a reference to an issue.
///
/// An empty comment after `@` and `#` splits the text where GitHub looks for names and numbers.
fn prose(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in sanitised(text).chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '@' | '#' => {
                let _ = write!(escaped, "{character}<!-- -->");
            }
            '\\' | '`' | '*' | '_' | '[' | ']' | '|' | '~' | '!' | '$' => {
                escaped.push('\\');
                escaped.push(character);
            }
            plain => escaped.push(plain),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample;

    fn printed(report: &Report, notes: &Notes) -> String {
        let mut out = Vec::new();
        markdown(report, notes, &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn one_of_everything() {
        let notes = Notes {
            title: "docgate sweep".to_owned(),
            budget: vec!["8 of 10 definitions are left".to_owned()],
            ..Notes::default()
        };
        insta::assert_snapshot!(printed(&sample::report(), &notes));
    }

    #[test]
    fn a_clean_run_has_no_tables() {
        let report = Report { definitions: 2, files: 1, ..Report::default() };
        assert_eq!(
            printed(&report, &Notes::default()),
            "# docgate\n\nnothing to say: 2 definitions in 1 file\n"
        );
    }

    #[test]
    fn long_tables_say_what_they_leave_out() {
        let findings = (1..=5).map(|line| sample::finding("D103", Severity::Error, line)).collect();
        let report = Report { outcomes: vec![sample::outcome("a.py", "f", findings)], ..Report::default() };
        let notes = Notes { rows: 2, ..Notes::default() };
        let printed = printed(&report, &notes);
        assert!(printed.contains("… and 3 more."), "{printed}");
    }

    #[test]
    fn code_spans_hold_whatever_they_are_given() {
        let table = [
            ("lamp.py", "`lamp.py`"),
            ("a|b", "`a\\|b`"),
            ("a`b", "`` a`b ``"),
            ("``", "``` `` ```"),
            ("a\nb", "`a\\nb`"),
            ("<b>", "`<b>`"),
            ("", "`  `"),
        ];
        for (text, expected) in table {
            assert_eq!(code_span(text), expected, "{text:?}");
        }
    }

    #[test]
    fn prose_is_never_markup() {
        let table = [
            ("plain words, 1.5", "plain words, 1.5"),
            ("<script>&", "&lt;script&gt;&amp;"),
            ("a | b", "a \\| b"),
            ("`x` and *y* and _z_", "\\`x\\` and \\*y\\* and \\_z\\_"),
            ("[a](b) ![c](d)", "\\[a\\](b) \\!\\[c\\](d)"),
            ("@ada fixes #12", "@<!-- -->ada fixes #<!-- -->12"),
            ("a\nb", "a\\\\nb"),
        ];
        for (text, expected) in table {
            assert_eq!(prose(text), expected, "{text:?}");
        }
    }
}
