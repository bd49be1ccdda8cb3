//! `docgate rule`: the page of a rule, or the table of all.

use std::fmt::Write as _;

use crate::error::{Error, ExitStatus};
use crate::rules::{RULES, Rule, Severity};

use super::{output, setting};

/// Runs the command.
pub(super) fn run(name: Option<&str>) -> Result<ExitStatus, Error> {
    let Some(name) = name else {
        output::say(table().trim_end())?;
        return Ok(ExitStatus::Success);
    };
    let Some(rule) = Rule::find(name) else {
        let message = format!("no rule is called `{name}`");
        return Err(setting::unknown_rule(message, name));
    };
    output::say(rule.page.trim_end())?;
    Ok(ExitStatus::Success)
}

fn table() -> String {
    let mut table = String::new();
    for rule in RULES {
        let weight = match (rule.enabled, rule.severity) {
            (false, _) => "off",
            (true, Severity::Error) => "error",
            (true, Severity::Warning) => "warning",
            (true, Severity::Advice) => "advice",
        };
        // Writing to a string cannot fail.
        let _ = writeln!(table, "{:<7} {:<34} {weight}", rule.code, rule.name);
    }
    table
}
