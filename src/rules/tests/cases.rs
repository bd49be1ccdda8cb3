//! What the tests of the rules share: sources, settings, and the findings as short lines.

use std::sync::Arc;

use crate::change::RepoPath;
use crate::docstring::{SectionKind, Style};
use crate::python::{compare, parse};
use crate::rules::{RULES, RequiredSections, Requirement, Rule, Settings, Severity, ShortDocstrings, check};

/// A text, what it is called, where it was, and the findings that are expected.
pub(super) struct Case<'a> {
    pub(super) path: &'a str,
    pub(super) base: Option<&'a str>,
    pub(super) text: &'a str,
    pub(super) expected: &'a [&'a str],
}

/// Returns the usual settings with one rule switched on.
pub(super) fn settings_with(code: &str) -> Settings {
    let mut settings = Settings::default();
    let rule = Rule::find(code).expect("a known rule");
    settings.severities.insert(rule.code, rule.severity);
    settings.named.insert(rule.code);
    // They ask for the opposite of each other, or say the same in other words.
    let pairs = [
        ("D203", "D211"),
        ("D213", "D212"),
        ("D404", "D401"),
        ("D410", "D411"),
        ("D417", "DOC101"),
        ("DOC001", "DG207"),
        ("DOC105", "DG302"),
        ("DOC303", "DOC202"),
        ("DOC307", "DOC403"),
        ("DOC503", "DOC501"),
    ];
    let options = &mut settings.options;
    match code {
        "DG206" => {
            settings.required = RequiredSections::new([(Requirement::Function, vec![SectionKind::Examples])]);
        }
        "DOC003" => settings.style = Some(Style::Google),
        "DOC108" => options.hints.in_signature = false,
        "DOC111" => options.hints.in_docstring = false,
        "DOC304" | "DOC305" => options.initializer.allow_docstring = true,
        _ => {}
    }
    for (one, other) in pairs {
        if code == one {
            settings.severities.remove(other);
        }
    }
    settings
}

/// Returns the settings with some rules on and the others off; what is off by default only by its full code.
pub(super) fn only(codes: &[&str]) -> Settings {
    let is_meant = |rule: &&Rule| {
        codes.iter().any(|code| rule.code == *code || rule.enabled && rule.code.starts_with(code))
    };
    let on = RULES.iter().filter(is_meant);
    let mut settings =
        Settings { severities: on.map(|rule| (rule.code, rule.severity)).collect(), ..Settings::default() };
    // What is said in words is the harder question.
    settings.options.short = ShortDocstrings::OneParagraph;
    settings
}

/// Returns the findings as lines: code, `!` for an error or `?` for less, definition, subject.
pub(super) fn lines(path: &str, text: &str, base: Option<&str>, settings: &Settings) -> Vec<String> {
    let path = RepoPath::new(path).expect("a path");
    let base = base.map(|base| Arc::new(parse(base)));
    let file = parse(text);
    let checked = check(&path, &file, &compare(base.as_ref(), &file), settings);
    let findings = checked.into_iter().flat_map(|checked| checked.findings);
    findings
        .map(|finding| {
            let mark = if finding.severity == Severity::Error { "!" } else { "?" };
            let subject = finding.subject.map_or_else(String::new, |subject| format!(" {subject}"));
            format!("{}{mark} {}{subject}", finding.code, finding.definition).trim_end().to_owned()
        })
        .collect()
}

/// Checks a table of cases.
pub(super) fn run(cases: &[Case<'_>], settings: &Settings) {
    let mut wrong = Vec::new();
    for case in cases {
        let found = lines(case.path, case.text, case.base, settings);
        if found != case.expected {
            wrong.push(format!("{found:?} instead of {:?} in\n{}", case.expected, case.text));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Checks a table of texts without a base.
pub(super) fn run_texts(cases: &[(&str, &[&str])], codes: &[&str]) {
    let cases: Vec<Case<'_>> =
        cases.iter().map(|(text, expected)| Case { path: "a.py", base: None, text, expected }).collect();
    run(&cases, &only(codes));
}
