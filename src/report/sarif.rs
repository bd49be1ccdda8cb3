//! The report as SARIF 2.1.0, for code scanning and editors.
//!
//! The format: <https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html>. Columns count characters. The rules that
//! found something are in it with what they do, and without their pages; a finding is known again by its partial
//! fingerprint when its code moves.

use std::collections::BTreeMap;
use std::io::{self, Write};

use serde_json::{Value, json};

use super::listing::{Listed, listed};
use super::source::Region;
use super::{Report, json as format, phrase};
use crate::error::ExitStatus;
use crate::rules::{Rule, Severity};

/// Writes the report as SARIF, with the status the process is going to end with.
///
/// # Errors
///
/// Gives back what the writer gives.
pub fn sarif(report: &Report, status: ExitStatus, out: &mut impl Write) -> io::Result<()> {
    let listed = listed(report);
    let codes: BTreeMap<&str, &str> =
        listed.iter().map(|listed| (listed.finding.code, listed.finding.name)).collect();
    let rules: Vec<Value> = codes.iter().map(|(code, name)| rule(code, name)).collect();
    let index = |code: &str| codes.keys().position(|known| *known == code).unwrap_or_default();
    let results: Vec<Value> =
        listed.iter().map(|listed| result(listed, index(listed.finding.code))).collect();
    let skipped = report.skipped.iter().map(|skipped| {
        let text = format!("not looked at: {}: {}", skipped.path, skipped.reason);
        notification(&text)
    });
    let notifications: Vec<Value> =
        skipped.chain(report.failures.iter().map(|failure| notification(failure))).collect();
    format::written(
        &json!({
            "$schema": "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
            "version": "2.1.0",
            "runs": [{
                "tool": {
                    "driver": {
                        "name": "docgate",
                        "version": env!("CARGO_PKG_VERSION"),
                        "semanticVersion": env!("CARGO_PKG_VERSION"),
                        "rules": rules,
                    },
                },
                "invocations": [{
                    "executionSuccessful": true,
                    "exitCode": status.code(),
                    "toolExecutionNotifications": notifications,
                }],
                "columnKind": "unicodeCodePoints",
                "results": results,
            }],
        }),
        out,
    )
}

fn rule(code: &str, name: &str) -> Value {
    let known = Rule::find(code);
    let page = known.map_or("", |rule| rule.page);
    let does = paragraph(page, "What it does").unwrap_or_else(|| name.to_owned());
    let severity = known.map_or(Severity::Warning, |rule| rule.severity);
    json!({
        "id": code,
        "name": capitalised(name),
        "shortDescription": { "text": sentence(name) },
        "fullDescription": { "text": does },
        "help": { "text": format!("`docgate rule {code}` shows its page, with examples.") },
        "defaultConfiguration": { "level": level(severity) },
    })
}

/// Returns the first paragraph under a heading of a page, as one line.
fn paragraph(page: &str, heading: &str) -> Option<String> {
    let (_, under) = page.split_once(&format!("## {heading}\n\n"))?;
    let paragraph = under.split("\n\n").next()?;
    Some(paragraph.lines().collect::<Vec<_>>().join(" "))
}

/// Returns `undocumented-public-class` as `UndocumentedPublicClass`, which is how SARIF wants names.
fn capitalised(name: &str) -> String {
    name.split('-').map(first_capital).collect()
}

/// Returns `undocumented-public-class` as `Undocumented public class.`
fn sentence(name: &str) -> String {
    first_capital(&name.replace('-', " ")) + "."
}

fn first_capital(word: &str) -> String {
    let mut characters = word.chars();
    characters
        .next()
        .map_or(String::new(), |first| format!("{}{}", first.to_ascii_uppercase(), characters.as_str()))
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Advice => "note",
    }
}

fn notification(text: &str) -> Value {
    json!({ "level": "warning", "message": { "text": text } })
}

fn result(listed: &Listed<'_>, rule: usize) -> Value {
    let finding = listed.finding;
    let artifact = artifact(listed);
    let definition = listed.outcome.definition_name();
    let mut result = json!({
        "ruleId": finding.code,
        "ruleIndex": rule,
        "level": level(finding.severity),
        // Without a full stop viewers run sentences together.
        "message": { "text": format!("{}: {}.", definition, finding.message) },
        "locations": [{
            "physicalLocation": { "artifactLocation": artifact, "region": region(listed.region()) },
            "logicalLocations": [{ "fullyQualifiedName": definition }],
        }],
        "partialFingerprints": { "docgate/v1": listed.fingerprint() },
    });
    if !finding.evidence.is_empty() {
        let related = finding.evidence.iter().enumerate().map(|(id, evidence)| {
            let position = evidence.position;
            json!({
                "id": id,
                "message": { "text": evidence.text },
                "physicalLocation": {
                    "artifactLocation": artifact,
                    "region": { "startLine": position.line, "startColumn": position.column },
                },
            })
        });
        result["relatedLocations"] = related.collect();
    }
    if let (Some(fix), Some(source)) = (listed.fix, listed.source) {
        result["fixes"] = json!([{
            "description": { "text": format!("Repair the docstring of {definition}.") },
            "artifactChanges": [{
                "artifactLocation": artifact,
                "replacements": [{
                    "deletedRegion": region(source.region(fix.span)),
                    "insertedContent": { "text": fix.text },
                }],
            }],
        }]);
    }
    result
}

fn artifact(listed: &Listed<'_>) -> Value {
    json!({ "uri": phrase::uri(listed.path.as_str()), "uriBaseId": "%SRCROOT%" })
}

fn region(region: Region) -> Value {
    json!({
        "startLine": region.start.line,
        "startColumn": region.start.column,
        "endLine": region.end.line,
        "endColumn": region.end.column,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample;
    use crate::rules::RULES;

    #[test]
    fn one_of_everything() {
        let mut out = Vec::new();
        sarif(&sample::report(), ExitStatus::Findings, &mut out).unwrap();
        let printed = String::from_utf8(out).unwrap();
        insta::assert_snapshot!(
            printed.replace(&format!("ersion\": \"{}\"", env!("CARGO_PKG_VERSION")), "ersion\": \"RELEASE\"")
        );
    }

    #[test]
    fn every_page_says_what_its_rule_does() {
        for rule in RULES {
            let does = paragraph(rule.page, "What it does");
            assert!(does.is_some_and(|does| does.len() > 20), "{}", rule.code);
        }
    }

    #[test]
    fn names_are_spelled_as_sarif_wants_them() {
        assert_eq!(capitalised("undocumented-public-class"), "UndocumentedPublicClass");
        assert_eq!(sentence("undocumented-public-class"), "Undocumented public class.");
    }
}
