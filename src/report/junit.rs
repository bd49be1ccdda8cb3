//! The report as JUnit XML, which most services show as test results.
//!
//! There is no standard; this is the schema of Jenkins' xUnit plugin. A file is a suite and a finding a case. What blocks is a
//! failure; what does not is a skipped case, so that it is seen and fails nothing.

use std::fmt::Write as _;
use std::io::{self, Write};

use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesText, Event};

use super::listing::{Listed, listed};
use super::{Report, phrase};
use crate::rules::Severity;
use crate::untrusted::sanitised;

/// Writes the report as JUnit XML.
///
/// # Errors
///
/// Gives back what the writer gives.
pub fn junit(report: &Report, out: &mut impl Write) -> io::Result<()> {
    let suites = suites(report);
    let total = |count: fn(&Suite) -> usize| suites.iter().map(count).sum::<usize>().to_string();
    let (tests, failures) = (total(|suite| suite.cases.len()), total(Suite::failures));
    let mut writer = Writer::new_with_indent(&mut *out, b' ', 2);
    writer.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
    writer
        .create_element("testsuites")
        .with_attributes([("name", "docgate"), ("tests", &tests), ("failures", &failures), ("errors", "0")])
        .write_inner_content(|writer| suites.iter().try_for_each(|suite| write_suite(suite, writer)))?;
    writeln!(out)
}

struct Suite {
    name: String,
    cases: Vec<Case>,
    /// What went wrong beside the findings.
    trouble: Vec<String>,
}

struct Case {
    name: String,
    class: String,
    outcome: CaseOutcome,
}

enum CaseOutcome {
    Passed,
    /// It does not block; the message.
    Skipped(String),
    Failed {
        message: String,
        kind: &'static str,
        text: String,
    },
}

impl Suite {
    fn new(name: &str) -> Self {
        Self { name: visible(name), cases: Vec::new(), trouble: Vec::new() }
    }

    fn failures(&self) -> usize {
        self.cases.iter().filter(|case| matches!(case.outcome, CaseOutcome::Failed { .. })).count()
    }

    fn skipped(&self) -> usize {
        self.cases.iter().filter(|case| matches!(case.outcome, CaseOutcome::Skipped(_))).count()
    }
}

/// Groups the findings by file; files stand in the order of their worst finding.
fn suites(report: &Report) -> Vec<Suite> {
    let mut suites: Vec<Suite> = Vec::new();
    let mut places = std::collections::HashMap::new();
    for listed in listed(report) {
        let place = *places.entry(listed.path).or_insert_with(|| {
            suites.push(Suite::new(listed.path.as_str()));
            suites.len() - 1
        });
        suites[place].cases.push(case(&listed));
    }
    // The run itself: it passes, or there would be a file without a case where nothing was found.
    let mut run = Suite::new("docgate");
    let class = "docgate".to_owned();
    if suites.is_empty() {
        run.cases.push(Case {
            name: phrase::summary(report),
            class: class.clone(),
            outcome: CaseOutcome::Passed,
        });
    }
    run.cases.extend(report.skipped.iter().map(|skipped| Case {
        name: visible(&skipped.path),
        class: class.clone(),
        outcome: CaseOutcome::Skipped(visible(&format!("not looked at: {}", skipped.reason))),
    }));
    run.trouble = report.failures.iter().map(|failure| visible(failure)).collect();
    if !run.cases.is_empty() || !run.trouble.is_empty() {
        suites.push(run);
    }
    suites
}

fn case(listed: &Listed<'_>) -> Case {
    let finding = listed.finding;
    let position = finding.position;
    let message = visible(&finding.message);
    let outcome = match finding.severity {
        Severity::Error => {
            let mut text =
                format!("{}:{}:{}: {message}", visible(listed.path.as_str()), position.line, position.column);
            for evidence in &finding.evidence {
                // Writing to a string cannot fail.
                let _ = write!(text, "\n  line {}: {}", evidence.position.line, visible(&evidence.text));
            }
            CaseOutcome::Failed { message, kind: finding.code, text }
        }
        weight => CaseOutcome::Skipped(format!("{}: {message}", phrase::severity(weight))),
    };
    let definition = visible(listed.outcome.definition_name());
    Case {
        name: format!("{} {} (line {})", finding.code, definition, position.line),
        class: visible(listed.path.as_str()),
        outcome,
    }
}

/// Returns text that XML can hold: the two characters that are none are not among what is sanitised.
fn visible(text: &str) -> String {
    sanitised(text).replace(['\u{fffe}', '\u{ffff}'], "\u{fffd}")
}

fn write_suite<W: Write>(suite: &Suite, writer: &mut Writer<W>) -> io::Result<()> {
    let [tests, failures, skipped] =
        [suite.cases.len(), suite.failures(), suite.skipped()].map(|count| count.to_string());
    let attributes = [
        ("name", suite.name.as_str()),
        ("tests", &tests),
        ("failures", &failures),
        ("errors", "0"),
        ("skipped", &skipped),
    ];
    writer.create_element("testsuite").with_attributes(attributes).write_inner_content(|writer| {
        suite.cases.iter().try_for_each(|case| write_case(case, writer))?;
        if !suite.trouble.is_empty() {
            let text = suite.trouble.join("\n");
            writer.create_element("system-err").write_text_content(BytesText::new(&text))?;
        }
        Ok(())
    })?;
    Ok(())
}

fn write_case<W: Write>(case: &Case, writer: &mut Writer<W>) -> io::Result<()> {
    let attributes = [("name", case.name.as_str()), ("classname", &case.class)];
    let element = writer.create_element("testcase").with_attributes(attributes);
    match &case.outcome {
        CaseOutcome::Passed => element.write_empty()?,
        CaseOutcome::Skipped(message) => element.write_inner_content(|writer| {
            writer.create_element("skipped").with_attribute(("message", message.as_str())).write_empty()?;
            Ok(())
        })?,
        CaseOutcome::Failed { message, kind, text } => element.write_inner_content(|writer| {
            let failure = writer.create_element("failure");
            let failure = failure.with_attributes([("message", message.as_str()), ("type", *kind)]);
            failure.write_text_content(BytesText::new(text))?;
            Ok(())
        })?,
    };
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample;

    fn printed(report: &Report) -> String {
        let mut out = Vec::new();
        junit(report, &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn one_of_everything() {
        insta::assert_snapshot!(printed(&sample::report()));
    }

    #[test]
    fn a_clean_run_is_one_case_that_passes() {
        let report = Report { definitions: 2, files: 1, ..Report::default() };
        insta::assert_snapshot!(printed(&report));
    }

    #[test]
    fn what_xml_cannot_hold_is_not_in_it() {
        let mut report = sample::report();
        report.failures = vec!["a\u{1}b\u{ffff}c\u{fffe}<&>\"'".to_owned()];
        let printed = printed(&report);
        assert!(printed.contains("a\\u{1}b\u{fffd}c\u{fffd}&lt;&amp;&gt;"), "{printed}");
    }
}
