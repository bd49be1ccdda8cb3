//! Prints what the rules find in files, one JSON object a line, for `benches/evidence/rules.py`.
//!
//! Every definition counts as new, and every rule is on. The first argument is the convention, the second the style, for
//! the comparison with pydoclint; `letter` as the third asks what ruff and pydoclint ask, by the letter. The names of the
//! files are read from the standard input, so that their number has no limit.

#![expect(clippy::print_stdout, reason = "the findings are its output")]

use std::io::BufRead;

use docgate::change::RepoPath;
use docgate::docstring::Style;
use docgate::python::{compare, decode, parse};
use docgate::rules::{Conventions, OptionValue, Options, RULES, Settings, check};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let convention = std::env::args().nth(1).unwrap_or_else(|| "none".to_owned());
    let style = std::env::args().nth(2).and_then(|word| match word.as_str() {
        "google" => Some(Style::Google),
        "numpy" => Some(Style::Numpy),
        "sphinx" => Some(Style::Sphinx),
        "epytext" => Some(Style::Epytext),
        _ => None,
    });
    let conventions: Conventions = convention.parse()?;
    let mut options = Options { conventions, inherits_docstrings: false, ..Options::default() };
    if style.is_some() {
        // A style is given for the comparison with pydoclint, which asks all classes.
        options.set("check-class-attributes", &OptionValue::Word("all".to_owned()))?;
        options.set("short-docstrings", &OptionValue::Word("without-sections".to_owned()))?;
    } else {
        // ruff asks docstrings of one line, too.
        options.set("short-docstrings", &OptionValue::Word("asked".to_owned()))?;
    }
    if std::env::args().nth(3).is_some_and(|word| word == "letter") {
        options.set("sections-only", &OptionValue::Switch(true))?;
        options.set("own-code-only", &OptionValue::Switch(true))?;
        options.set("short-docstrings", &OptionValue::Word("asked".to_owned()))?;
    }
    let settings = Settings {
        severities: RULES.iter().map(|rule| (rule.code, rule.severity)).collect(),
        options,
        style,
        ..Settings::default()
    };
    for name in std::io::stdin().lock().lines() {
        let name = name?;
        let Ok(text) = decode(&std::fs::read(&name)?) else { continue };
        let file = parse(&text);
        let path = RepoPath::new(name.trim_start_matches('/')).ok_or("no path of a repository")?;
        let pairings = compare(None, &file);
        for checked in check(&path, &file, &pairings, &settings) {
            let definition = &file.definitions[checked.index];
            let docstring = definition.docstring.as_ref();
            for finding in checked.findings {
                let line = serde_json::json!({
                    "path": name,
                    "name": finding.definition,
                    "code": finding.code,
                    "definition": file.lines.line(definition.anchor().start),
                    "docstring": docstring.map(|found| file.lines.line(found.span.start)),
                    "line": finding.position.line,
                    "severity": finding.severity,
                    "subject": finding.subject,
                    "message": finding.message,
                });
                println!("{line}");
            }
        }
    }
    Ok(())
}
