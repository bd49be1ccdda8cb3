//! The table, the pages and the index of rules agree with each other and with what the rules do.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::cases::settings_with;
use crate::change::RepoPath;
use crate::python::{compare, parse};
use crate::rules::{RULES, Rule, Severity, check};

const INDEX: &str = include_str!("../../../docs/rules.md");
const SECTIONS: &[&str] = &["What it does", "Why", "Example", "Instead", "Options"];
/// The last section of the pages whose rule is another's, too, and differs from it over real code.
const BESIDE: &str = "Beside ruff and pydoclint";

/// Returns the text of a section, up to the next one.
fn section<'a>(rule: &Rule, title: &str) -> &'a str {
    let start = format!("\n## {title}\n");
    let after =
        rule.page.split_once(&start).unwrap_or_else(|| panic!("{} has no section {title}", rule.code)).1;
    after.split("\n## ").next().expect("a split has a first part")
}

/// Returns the code block of a section.
fn code(rule: &Rule, title: &str) -> String {
    let block = section(rule, title).split_once("```python\n").map(|(_, rest)| rest);
    let block = block.and_then(|rest| rest.split_once("```")).map(|(code, _)| code);
    block.unwrap_or_else(|| panic!("{} has no code in {title}", rule.code)).to_owned()
}

fn default_of(rule: &Rule) -> &'static str {
    match (rule.enabled, rule.severity) {
        (false, _) => "off",
        (true, Severity::Error) => "error",
        (true, Severity::Warning) => "warning",
        (true, Severity::Advice) => "advice",
    }
}

/// Returns the codes that fire on a text, and who answers the findings.
fn fired(rule: &Rule, text: &str) -> BTreeSet<(&'static str, &'static str)> {
    let name = if rule.code == "D104" { "package/__init__.py" } else { "package/archive.py" };
    let path = RepoPath::new(name).expect("a path");
    let file = parse(text);
    let base = base_of(rule).map(|base| Arc::new(parse(&base)));
    let checked = check(&path, &file, &compare(base.as_ref(), &file), &settings_with(rule.code));
    let findings = checked.into_iter().flat_map(|checked| checked.findings);
    findings.map(|finding| (finding.code, finding.answer.word())).collect()
}

/// Returns the text that an example was before, for the rules that compare.
fn base_of(rule: &Rule) -> Option<String> {
    let (now, before) = match rule.code {
        "DG101" => ("(key)", "(key, wait=1)"),
        "DG103" => ("-> bytes", "-> str"),
        "DG104" => ("print(key)", "raise ValueError(key)"),
        "DG105" => ("print(key", "store(key"),
        _ => return None,
    };
    Some(code(rule, "Example").replace(now, before))
}

/// Returns the word for who answers, as the pages say it.
fn answered_by(rule: &Rule) -> &'static str {
    let line = rule.page.lines().nth(2).expect("a third line");
    let word = line.split_once("Answered by: ").and_then(|(_, rest)| rest.split_once('.'));
    word.unwrap_or_else(|| panic!("{} does not say who answers", rule.code)).0
}

#[test]
fn codes_are_unique_and_sorted() {
    for pair in RULES.windows(2) {
        assert!(pair[0].code < pair[1].code, "{} stands before {}", pair[0].code, pair[1].code);
    }
}

#[test]
fn names_are_unique_and_kebab_case() {
    let names: BTreeSet<&str> = RULES.iter().map(|rule| rule.name).collect();
    assert_eq!(names.len(), RULES.len());
    for name in names {
        let words = name
            .split('-')
            .all(|word| !word.is_empty() && word.chars().all(|letter| letter.is_ascii_lowercase()));
        assert!(words && name.contains('-'), "{name}");
    }
}

#[test]
fn a_rule_is_found_by_its_code_and_by_its_name() {
    for rule in RULES {
        for called in [rule.code, &rule.code.to_lowercase(), rule.name] {
            assert_eq!(Rule::find(called).map(|found| found.code), Some(rule.code), "{called}");
        }
    }
}

#[test]
fn pages_have_their_title_and_their_sections_in_order() {
    for rule in RULES {
        assert_eq!(rule.page.lines().next(), Some(format!("# {} {}", rule.code, rule.name).as_str()));
        let mut titles: Vec<&str> = rule.page.lines().filter_map(|line| line.strip_prefix("## ")).collect();
        for title in &titles {
            assert!(!section(rule, title).trim().is_empty(), "{}: {title} is empty", rule.code);
        }
        titles.pop_if(|last| *last == BESIDE);
        assert_eq!(titles, SECTIONS, "{}", rule.code);
    }
}

#[test]
fn pages_state_the_default_of_the_table() {
    for rule in RULES {
        let stated = rule.page.lines().nth(2).and_then(|line| line.strip_prefix("Default: "));
        let stated = stated.and_then(|rest| rest.split_once('.')).map(|(word, _)| word);
        assert_eq!(stated, Some(default_of(rule)), "{}", rule.code);
    }
}

#[test]
fn the_example_of_a_page_fires_its_rule_and_no_other() {
    let mut wrong = Vec::new();
    for rule in RULES {
        let words = fired(rule, &code(rule, "Example"));
        let word = match answered_by(rule) {
            "model" => "generate",
            word => word,
        };
        if words != BTreeSet::from([(rule.code, word)]) {
            wrong.push((rule.code, words));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn the_better_text_of_a_page_fires_nothing() {
    let fired = RULES.iter().map(|rule| (rule.code, fired(rule, &code(rule, "Instead"))));
    let wrong: Vec<_> = fired.filter(|(_, fired)| !fired.is_empty()).collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn the_index_lists_the_rules_of_the_table() {
    let rows: Vec<Vec<&str>> = INDEX
        .lines()
        .filter(|line| line.starts_with("| [`"))
        .map(|line| line.split('|').map(str::trim).filter(|cell| !cell.is_empty()).collect())
        .collect();
    assert_eq!(rows.len(), RULES.len());
    for (row, rule) in rows.iter().zip(RULES) {
        let code = format!("[`{0}`](../src/rules/pages/{0}.md)", rule.code);
        let name = format!("`{}`", rule.name);
        assert_eq!(row[..4], [code.as_str(), &name, default_of(rule), answered_by(rule)], "{}", rule.code);
        assert!(row[4].ends_with(['.', ')']), "{}: {}", rule.code, row[4]);
    }
}

#[test]
fn pages_link_only_to_rules_that_exist() {
    for rule in RULES {
        for link in rule.page.split("](").skip(1).filter_map(|rest| rest.split_once(')')) {
            let code = link.0.strip_suffix(".md").unwrap_or(link.0);
            assert!(RULES.iter().any(|found| found.code == code), "{} links to {code}", rule.code);
        }
    }
}
