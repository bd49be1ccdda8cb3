//! How often each rule found something: what is asked before a rule is switched off, or a day is set aside.

use std::io::{self, Write};

use serde::Serialize;

use super::listing::counts;
use super::{Report, json as format, phrase};

/// Writes the counts for people.
///
/// # Errors
///
/// Gives back what the writer gives.
pub fn statistics_text(report: &Report, out: &mut impl Write) -> io::Result<()> {
    let counts = counts(report);
    let widest = counts.iter().map(|counted| counted.count.to_string().len()).max().unwrap_or_default();
    for counted in &counts {
        let mark = if counted.repairable > 0 { "[*]" } else { "   " };
        let severity = phrase::severity(counted.severity);
        writeln!(
            out,
            "{:>widest$}  {:<7} {mark} {} ({severity})",
            counted.count, counted.code, counted.name
        )?;
    }
    let repairable: usize = counts.iter().map(|counted| counted.repairable).sum();
    if repairable > 0 {
        writeln!(out, "[*] `docgate fix` answers {repairable} of them without a model")?;
    }
    phrase::write_skipped(&report.skipped, out)?;
    writeln!(out, "{}", phrase::summary(report))
}

/// Writes the counts as JSON.
///
/// # Errors
///
/// Gives back what the writer gives.
pub fn statistics_json(report: &Report, out: &mut impl Write) -> io::Result<()> {
    let rules = counts(report).into_iter().map(|counted| RuleV1 {
        code: counted.code,
        name: counted.name,
        severity: phrase::severity(counted.severity),
        count: counted.count,
        repairable: counted.repairable,
    });
    format::document(StatisticsV1 { statistics: rules.collect() }, out)
}

#[derive(Serialize)]
struct StatisticsV1 {
    statistics: Vec<RuleV1>,
}

#[derive(Serialize)]
struct RuleV1 {
    code: &'static str,
    name: &'static str,
    severity: &'static str,
    count: usize,
    repairable: usize,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample;

    #[test]
    fn the_most_frequent_rule_comes_first() {
        let mut report = sample::report();
        report.outcomes.extend(sample::report().outcomes.into_iter().take(1));
        let mut out = Vec::new();
        statistics_text(&report, &mut out).unwrap();
        insta::assert_snapshot!(String::from_utf8(out).unwrap());
    }
}
