//! Figures and records → text, JSON, CSV, Prometheus.

use std::fmt::Write as _;

use serde::Serialize;
use serde_json::json;

use super::{Figures, Record, Spread};

/// The version of the JSON; it changes when a field goes or changes its meaning.
const JSON_VERSION: u32 = 1;

/// What is left of a budget.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Left {
    /// Whose budget: `minute`, `hour`, `day`.
    pub stretch: String,
    /// Of what: `requests`, `tokens`, `dollars`.
    pub unit: &'static str,
    /// What is used.
    pub used: f64,
    /// What may be used.
    pub allowed: f64,
}

/// Everything that is shown.
#[derive(Debug, Clone, PartialEq)]
pub struct Shown<'a> {
    /// How many days back the records go.
    pub days: u64,
    /// What they add up to.
    pub figures: &'a Figures,
    /// What is left of the budgets that are set.
    pub budgets: &'a [Left],
    /// Lines of the history that could not be read.
    pub unreadable: usize,
}

/// Shows figures to a person.
#[must_use]
pub fn text(shown: &Shown<'_>) -> String {
    let figures = shown.figures;
    let mut text = format!("The last {} days\n\n", shown.days);
    let mut line = |name: &str, value: String| {
        // Writing to a string cannot fail.
        let _ = writeln!(text, "{name:<22}{value}");
    };
    line("runs", figures.runs.to_string());
    line("definitions", figures.definitions.to_string());
    line("  from the cache", with_share(figures.cache_hits, figures.hit_rate()));
    line("  written", figures.written.to_string());
    line("  failed", figures.failed.to_string());
    line("  beyond the budget", figures.over_budget.to_string());
    line("requests", figures.calls.to_string());
    line("  answered", with_share(figures.answered, figures.success_rate()));
    line("  for corrections", figures.corrections.to_string());
    line("  repeated", figures.repeated.to_string());
    line("prompt tokens", format!("{} ({} cached)", figures.prompt_tokens, figures.cached_tokens));
    line("answer tokens", figures.completion_tokens.to_string());
    let unknown = match figures.without_price {
        0 => String::new(),
        count => format!(" (and {count} requests without a known price)"),
    };
    line("US dollars", format!("{:.4}{unknown}", figures.cost));
    if let Some(spread) = &figures.milliseconds {
        line("milliseconds", spread_in_words(spread));
    }
    if let Some(spread) = &figures.tokens {
        line("tokens of a request", spread_in_words(spread));
    }
    if !figures.errors.is_empty() {
        text.push_str("\nwhy requests brought nothing\n");
        for (name, count) in figures.errors.iter().take(10) {
            let _ = writeln!(text, "  {name:<20}{count}");
        }
    }
    if !shown.budgets.is_empty() {
        text.push_str("\nbudgets\n");
        for left in shown.budgets {
            let digits = if left.unit == "dollars" { 4 } else { 0 };
            let remaining = (left.allowed - left.used).max(0.0);
            let _ = writeln!(
                text,
                "  {:<20}{remaining:.digits$} of {:.digits$} {} left",
                left.stretch, left.allowed, left.unit
            );
        }
    }
    if shown.unreadable > 0 {
        let _ = writeln!(text, "\n{} lines of the history could not be read", shown.unreadable);
    }
    text
}

fn with_share(count: u64, share: Option<f64>) -> String {
    share.map_or_else(|| count.to_string(), |share| format!("{count} ({:.1} %)", share * 100.0))
}

fn spread_in_words(spread: &Spread) -> String {
    format!(
        "min {} · average {:.0} · median {} · p95 {} · p99 {} · max {}",
        spread.minimum, spread.average, spread.median, spread.p95, spread.p99, spread.maximum
    )
}

/// Shows figures to a program.
#[must_use]
pub fn json(shown: &Shown<'_>) -> String {
    let errors: Vec<_> = shown
        .figures
        .errors
        .iter()
        .map(|(name, count)| json!({"outcome": name, "requests": count}))
        .collect();
    let mut figures = json!(shown.figures);
    figures["errors"] = json!(errors);
    figures["success_rate"] = json!(shown.figures.success_rate());
    figures["hit_rate"] = json!(shown.figures.hit_rate());
    let whole = json!({
        "version": JSON_VERSION,
        "days": shown.days,
        "figures": figures,
        "budgets": shown.budgets,
        "unreadable_lines": shown.unreadable,
    });
    format!("{whole:#}\n")
}

/// Shows every request as a row.
#[must_use]
pub fn csv(records: &[Record]) -> String {
    let mut text = "at,run,model,definitions,round,attempts,milliseconds,prompt_tokens,cached_tokens,\
        completion_tokens,cost,outcome,request_id\n"
        .to_owned();
    for record in records {
        let Record::Call(call) = record else { continue };
        let cost = call.cost.map(|cost| cost.to_string()).unwrap_or_default();
        // Writing to a string cannot fail.
        let _ = writeln!(
            text,
            "{},{},{},{},{},{},{},{},{},{},{cost},{},{}",
            call.at,
            cell(&call.run),
            cell(&call.model),
            call.definitions,
            call.round,
            call.attempts,
            call.milliseconds,
            call.prompt_tokens,
            call.cached_tokens,
            call.completion_tokens,
            cell(&call.outcome),
            cell(call.request_id.as_deref().unwrap_or_default()),
        );
    }
    text
}

/// Quotes a cell where it must be (RFC 4180), and keeps spreadsheets from taking it for a formula.
fn cell(text: &str) -> String {
    let text = match text.chars().next() {
        Some('=' | '+' | '-' | '@' | '\t' | '\r') => format!("'{text}"),
        _ => text.to_owned(),
    };
    if text.contains([',', '"', '\n', '\r']) { format!("\"{}\"", text.replace('"', "\"\"")) } else { text }
}

/// Shows figures in Prometheus' text format, for a textfile collector.
#[must_use]
pub fn prometheus(shown: &Shown<'_>) -> String {
    let figures = shown.figures;
    let mut text = String::new();
    let mut family = |name: &str, help: &str, rows: &[(String, f64)]| {
        // Writing to a string cannot fail.
        let _ = writeln!(text, "# HELP docgate_{name} {help}\n# TYPE docgate_{name} gauge");
        for (labels, value) in rows {
            let _ = writeln!(text, "docgate_{name}{labels} {value}");
        }
    };
    let number = |number: u64| f64::from(u32::try_from(number).unwrap_or(u32::MAX));
    let one = |value: f64| vec![(String::new(), value)];
    family("window_days", "Days that the figures are about.", &one(number(shown.days)));
    family("runs", "Runs that wanted prose.", &one(number(figures.runs)));
    let definitions = [
        ("cached", figures.cache_hits),
        ("written", figures.written),
        ("failed", figures.failed),
        ("over_budget", figures.over_budget),
    ];
    let rows: Vec<_> =
        definitions.iter().map(|(word, count)| (label("outcome", word), number(*count))).collect();
    family("definitions", "Definitions that wanted prose, by what became of them.", &rows);
    let mut rows = vec![(label("outcome", "answered"), number(figures.answered))];
    rows.extend(figures.errors.iter().map(|(name, count)| (label("outcome", name), number(*count))));
    family("requests", "Requests to a model, by outcome.", &rows);
    family("repeated_requests", "Repetitions after failures that passed.", &one(number(figures.repeated)));
    let tokens = [
        ("prompt", figures.prompt_tokens),
        ("cached", figures.cached_tokens),
        ("completion", figures.completion_tokens),
    ];
    let rows: Vec<_> = tokens.iter().map(|(word, count)| (label("part", word), number(*count))).collect();
    family("tokens", "Tokens that were billed; cached ones are part of the prompt.", &rows);
    family("cost_dollars", "US dollars, as far as prices are known.", &one(figures.cost));
    if let Some(spread) = &figures.milliseconds {
        let seconds = |milliseconds: u64| number(milliseconds) / 1_000.0;
        let rows = [
            (label("quantile", "0"), seconds(spread.minimum)),
            (label("quantile", "0.5"), seconds(spread.median)),
            (label("quantile", "0.95"), seconds(spread.p95)),
            (label("quantile", "0.99"), seconds(spread.p99)),
            (label("quantile", "1"), seconds(spread.maximum)),
        ];
        family("request_seconds", "How long requests took, with waits and repetitions.", &rows);
    }
    let rows: Vec<_> = shown
        .budgets
        .iter()
        .map(|left| {
            let labels = format!("{{stretch=\"{}\",unit=\"{}\"}}", left.stretch, left.unit);
            (labels, (left.allowed - left.used).max(0.0))
        })
        .collect();
    if !rows.is_empty() {
        family("budget_left", "What is left of the budgets that are set.", &rows);
    }
    text
}

fn label(name: &str, value: &str) -> String {
    let value = value.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n");
    format!("{{{name}=\"{value}\"}}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metrics::{Call, figures};

    fn records() -> Vec<Record> {
        let call = |outcome: &str, milliseconds| {
            Record::Call(Call {
                at: 1_767_355_200_000,
                run: "run-1".to_owned(),
                model: "gpt-4o-mini".to_owned(),
                outcome: outcome.to_owned(),
                milliseconds,
                attempts: 1,
                cost: Some(0.5),
                request_id: Some("a,\"b".to_owned()),
                ..Call::default()
            })
        };
        vec![call("answered", 100), call("=refused", 300)]
    }

    #[test]
    fn rows_of_csv_are_quoted_and_no_formulas() {
        let text = csv(&records());
        let rows: Vec<&str> = text.lines().collect();
        assert_eq!(rows[1], "1767355200000,run-1,gpt-4o-mini,0,0,1,100,0,0,0,0.5,answered,\"a,\"\"b\"");
        assert!(rows[2].contains(",'=refused,"), "{}", rows[2]);
        let columns = |row: &str| row.split(',').count();
        assert_eq!(columns(rows[0]), 13);
    }

    #[test]
    fn every_form_says_the_same() {
        let records = records();
        let figures = figures(&records);
        let budgets = [Left { stretch: "day".to_owned(), unit: "tokens", used: 400.0, allowed: 1_000.0 }];
        let shown = Shown { days: 30, figures: &figures, budgets: &budgets, unreadable: 0 };
        let said = text(&shown);
        assert!(said.contains("1 (50.0 %)") && said.contains("600 of 1000 tokens left"), "{said}");
        let parsed: serde_json::Value = serde_json::from_str(&json(&shown)).unwrap();
        assert_eq!((&parsed["figures"]["calls"], &parsed["version"]), (&json!(2), &json!(1)));
        assert_eq!(parsed["figures"]["success_rate"], json!(0.5));
        let exported = prometheus(&shown);
        assert!(exported.contains("docgate_requests{outcome=\"answered\"} 1\n"), "{exported}");
        assert!(exported.contains("docgate_request_seconds{quantile=\"0.95\"} 0.3\n"), "{exported}");
        assert!(
            exported.contains("docgate_budget_left{stretch=\"day\",unit=\"tokens\"} 600\n"),
            "{exported}"
        );
    }
}
