//! Tables of repairs, and the properties that hold for all of them.

mod layout;
mod properties;
mod text;

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::change::RepoPath;
use crate::docstring::{Page, Style};
use crate::python::{code_digest, compare, parse};
use crate::repair::{Daring, Patient, Repaired, repair_file};
use crate::rules::{RULES, Rule, Settings, check};

/// A file before and after, and the rules that are on.
struct Case<'a> {
    rules: &'a [&'a str],
    before: &'a str,
    after: &'a str,
}

/// Switches on rules by their full codes and nothing else.
fn settings(codes: &[&str], style: Option<Style>) -> Settings {
    let rules: Vec<&Rule> = codes.iter().map(|code| Rule::find(code).expect("a known rule")).collect();
    Settings {
        severities: rules.iter().map(|rule| (rule.code, rule.severity)).collect(),
        named: rules.iter().map(|rule| rule.code).collect(),
        style,
        ..Settings::default()
    }
}

/// Returns the settings with every rule about the layout on, as the conventions of the styles have them.
fn layout_alone() -> Settings {
    let is_layout = |rule: &&Rule| rule.code.as_bytes()[1].is_ascii_digit();
    Settings {
        severities: RULES.iter().filter(is_layout).map(|rule| (rule.code, rule.severity)).collect(),
        ..Settings::default()
    }
}

fn repaired(text: &str, base: Option<&str>, settings: &Settings, daring: Daring) -> Repaired {
    let path = RepoPath::new("a.py").expect("a path");
    let base = base.map(|base| Arc::new(parse(base)));
    let file = Arc::new(parse(text));
    let pairings = compare(base.as_ref(), &file);
    let checked = check(&path, &file, &pairings, settings);
    let page = Page::of_width(88);
    let patient = Patient { path: &path, pairings: &pairings, page: &page, settings, daring };
    let repaired = repair_file(patient, &file, &checked, &BTreeSet::new());
    assert_eq!(code_digest(&repaired.file.text), code_digest(text), "the code is the same: {text}");
    repaired
}

/// Runs a table; a second run must change nothing.
fn run(cases: &[Case<'_>], daring: Daring) {
    let mut wrong = Vec::new();
    for case in cases {
        let settings = settings(case.rules, None);
        let found = repaired(case.before, None, &settings, daring);
        if found.file.text != case.after {
            wrong.push(format!(
                "{:?}\n{}\n-- became --\n{}\n-- instead of --\n{}",
                case.rules, case.before, found.file.text, case.after
            ));
        }
        let again = repaired(&found.file.text, None, &settings, daring);
        assert_eq!(again.file.text, found.file.text, "run twice, change once");
        assert_eq!(found.left.len(), 0, "{:?} {}", found.left, case.before);
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n=====\n"));
}
