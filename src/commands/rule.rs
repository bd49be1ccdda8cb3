//! `docgate rule`: the page of a rule, or the table of all.

use std::fmt::Write as _;

use serde_json::{Value, json};

use crate::cli::{DataFormat, RuleArguments};
use crate::error::{Error, ExitStatus};
use crate::rules::{RULES, Rule, Severity};

use super::{output, setting};

/// Runs the command.
pub(super) fn run(arguments: &RuleArguments) -> Result<ExitStatus, Error> {
    let rules: Vec<&Rule> = match &arguments.name {
        None => RULES.iter().collect(),
        Some(name) => {
            let Some(rule) = Rule::find(name) else {
                return Err(setting::unknown_rule(format!("no rule is called `{name}`"), name));
            };
            vec![rule]
        }
    };
    match arguments.output_format {
        DataFormat::Json => {
            let rules: Vec<Value> = rules.into_iter().map(data).collect();
            output::show_json(&json!({ "version": 1, "rules": rules }))?;
        }
        DataFormat::Text if arguments.all || arguments.name.is_some() => {
            let pages: Vec<&str> = rules.into_iter().map(|rule| rule.page.trim_end()).collect();
            output::say(&pages.join("\n\n"))?;
        }
        DataFormat::Text => output::say(table().trim_end())?,
    }
    Ok(ExitStatus::Success)
}

fn data(rule: &Rule) -> Value {
    json!({
        "code": rule.code,
        "name": rule.name,
        "default": default_of(rule),
        "off_in": rule.off_in.iter().map(|convention| format!("{convention:?}").to_lowercase()).collect::<Vec<_>>(),
        "page": rule.page,
    })
}

fn default_of(rule: &Rule) -> &'static str {
    match (rule.enabled, rule.severity) {
        (false, _) => "off",
        (true, Severity::Error) => "error",
        (true, Severity::Warning) => "warning",
        (true, Severity::Advice) => "advice",
    }
}

fn table() -> String {
    let mut table = String::new();
    for rule in RULES {
        // Writing to a string cannot fail.
        let _ = writeln!(table, "{:<7} {:<34} {}", rule.code, rule.name, default_of(rule));
    }
    table
}
