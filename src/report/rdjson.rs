//! The report in reviewdog's diagnostic format, with suggestions.
//!
//! The format: <https://github.com/reviewdog/reviewdog/tree/master/proto/rdf>. Lines count from 1, columns too, in bytes.

use std::io::{self, Write};

use serde_json::{Value, json};

use super::listing::{Listed, listed};
use super::{Report, Source, json as format};
use crate::python::Span;
use crate::rules::Severity;

/// Writes the report in reviewdog's diagnostic format.
///
/// # Errors
///
/// Gives back what the writer gives.
pub fn rdjson(report: &Report, out: &mut impl Write) -> io::Result<()> {
    let diagnostics: Vec<Value> = listed(report).iter().map(diagnostic).collect();
    format::written(&json!({ "source": { "name": "docgate" }, "diagnostics": diagnostics }), out)
}

fn diagnostic(listed: &Listed<'_>) -> Value {
    let finding = listed.finding;
    let severity = match finding.severity {
        Severity::Error => "ERROR",
        Severity::Warning => "WARNING",
        Severity::Advice => "INFO",
    };
    let path = listed.path.as_str();
    let position = finding.position;
    let place = match listed.source {
        Some(source) => range(source, finding.span),
        None => json!({ "start": { "line": position.line } }),
    };
    let mut diagnostic = json!({
        "message": finding.message,
        "location": { "path": path, "range": place },
        "severity": severity,
        "code": { "value": finding.code },
    });
    if let (Some(fix), Some(source)) = (listed.fix, listed.source) {
        diagnostic["suggestions"] = json!([{ "range": range(source, fix.span), "text": fix.text }]);
    }
    if !finding.evidence.is_empty() {
        let related = finding.evidence.iter().map(|evidence| {
            let place = json!({ "start": { "line": evidence.position.line } });
            json!({ "message": evidence.text, "location": { "path": path, "range": place } })
        });
        diagnostic["related_locations"] = related.collect();
    }
    diagnostic
}

fn range(source: &Source, span: Span) -> Value {
    let place = |offset| json!({ "line": source.line(offset), "column": source.byte_column(offset) + 1 });
    json!({ "start": place(span.start), "end": place(span.end) })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample;

    #[test]
    fn one_of_everything() {
        let mut out = Vec::new();
        rdjson(&sample::report(), &mut out).unwrap();
        insta::assert_snapshot!(String::from_utf8(out).unwrap());
    }
}
