//! DG201: text that stands where somebody meant to write something.

use std::sync::LazyLock;

use regex::Regex;

use crate::docstring::Text;

use super::{Answer, Finding, Rule, Subject};

/// The word with which the offline writer marks what is still to be written.
pub const PLACEHOLDER: &str = "TODO";

/// Marks at the start of a text, and templates that editors insert.
///
/// A mark counts when nothing or a command to write follows: "TODO comments of a file" is a text, and so is "Add a
/// description" of a function that adds one.
static PATTERN: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r"(?x)
        ^ (?: (?: TODO | FIXME | XXX | TBD | TBA )
              (?: \s* $ | \s* [:(.!,\[] | \s+ [-\u{2013}\u{2014}] \s
                | \s+ (?i: write | describe | document | add | fill | explain | complete | summari[sz]e | doc (?: s | string )? ) \b )
          | (?i: todo | fixme | tbd | tba ) [.:]? \s* $
          | (?i: todo | fixme ) : \s
          | _ (?: (?: extended_ )? summary | description | type ) _ \.? \s* $
          | \[ (?: (?: extended_ )? summary | description | type ) \] \.? \s* $
          | (?: \.{3,} | \u{2026} ) \s* $
          | (?i: add | insert | write | put | enter ) \s+ (?: (?i: a | the | your ) \s+ )?
            (?i: description | docstring | summary | documentation | text ) \s+ (?i: here ) \.? \s* $
          | (?i: lorem \s+ ipsum \s+ dolor ) \b
          )",
    )
    .ok()
});

/// Applies the rule.
pub(super) fn check(rule: &Rule, subject: &Subject<'_>) -> Vec<Finding> {
    let Some(docstring) = subject.docstring else { return Vec::new() };
    let mut findings = Vec::new();
    if let Some(summary) = docstring.summary.as_ref().filter(|text| is_placeholder(text)) {
        findings.push(make(rule, subject, summary, None));
    }
    for section in &docstring.sections {
        for entry in &section.entries {
            let name = entry.names.first().map(|name| name.value.clone());
            if let Some(text) = entry.description.as_ref().filter(|text| is_placeholder(text)) {
                let called = name.unwrap_or_else(|| section.title.value.clone());
                findings.push(make(rule, subject, text, Some(called)));
            }
        }
    }
    findings
}

fn is_placeholder(text: &Text) -> bool {
    PATTERN.as_ref().is_some_and(|pattern| pattern.is_match(text.value.trim()))
}

fn make(rule: &Rule, subject: &Subject<'_>, text: &Text, about: Option<String>) -> Finding {
    let place = about.as_ref().map_or_else(|| "the summary".to_owned(), |name| format!("`{name}`"));
    let message = format!("the text for {place} is a placeholder");
    subject.docstring_finding(rule, text.span, message).answered_by(Answer::Person, about)
}
