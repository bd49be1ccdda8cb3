//! DG102: the docstring names a default that is not the parameter's.

use std::sync::LazyLock;

use regex::Regex;

use crate::docstring::{Entry, SectionKind, Text};
use crate::python::{Parameter, Span};

use super::{Answer, Finding, Remedy, Rule, Subject};

/// "Defaults to X", "default: X", "(default X)", "by default X"; the value ends before a blank or a bracket.
static CLAIM: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r#"(?x)
        \b [Dd]efaults? (?: \s+ (?: to | is | value \s+ is ) | \s* [:=] )? \s+
        (?: `` (?<double>[^`\n]+) `` | ` (?<single>[^`\n]+) ` | (?<plain> "[^"\n]*" | '[^'\n]*' | [^\s`'")\]}]+ ) )
        (?<rest> [^\n]{0,24} )"#,
    )
    .ok()
});

/// A default that a text claims: where the value stands, and how it is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claim {
    /// The bytes of the value within the docstring.
    pub span: Span,
    /// The value without marks around it.
    pub value: String,
}

/// Applies the rule.
pub(super) fn check(rule: &Rule, subject: &Subject<'_>) -> Vec<Finding> {
    let (Some(docstring), Some((signature, _))) = (subject.judged_docstring(), subject.described_signature())
    else {
        return Vec::new();
    };
    let mut findings = Vec::new();
    for entry in
        docstring.entries(SectionKind::Parameters).chain(docstring.entries(SectionKind::OtherParameters))
    {
        let [name] = entry.names.as_slice() else { continue };
        let parameter = signature.callers_parameters().iter().find(|found| found.name == name.value);
        let Some((parameter, default)) = parameter.and_then(|found| Some((found, found.default.as_deref()?)))
        else {
            continue;
        };
        let Some(claim) = claim_of(subject, entry) else { continue };
        let before = default_before(subject, parameter);
        if !contradicts(&claim.value, default, before) {
            continue;
        }
        let stale = before.is_some_and(|before| same_value(&claim.value, before));
        let message = if stale {
            format!("says that `{}` defaults to {}, which is now {default}", name.value, claim.value)
        } else {
            format!("says that `{}` defaults to {}, and it is {default}", name.value, claim.value)
        };
        let remedy = Remedy::SetDefault { parameter: name.value.clone(), to: default.to_owned() };
        let finding = subject
            .docstring_finding(rule, claim.span, message)
            .answered_by(Answer::Repair(remedy), Some(name.value.clone()))
            .with_evidence(subject.evidence(parameter.span, format!("default {default}")));
        findings.push(finding);
    }
    findings
}

/// Finds the default that an entry claims, in its description or beside its type.
#[must_use]
pub fn claimed_default(entry: &Entry, text: &str) -> Option<Claim> {
    if let Some(Text { span, value }) = &entry.default {
        return Some(Claim { span: *span, value: value.clone() });
    }
    let description = entry.description.as_ref()?;
    let captures = CLAIM.as_ref()?.captures(description.span.of(text))?;
    let rest = captures.name("rest").map_or("", |found| found.as_str()).trim_start();
    let closed = captures.name("plain").is_some_and(|found| found.as_str().ends_with(['.', ',', ';', ':']));
    // "Defaults to 10 if …" claims something else than a plain default.
    if !closed
        && ["if ", "when ", "unless ", "for ", "or ", "and ", "in "].iter().any(|word| rest.starts_with(word))
    {
        return None;
    }
    let found = ["double", "single", "plain"].iter().find_map(|group| captures.name(group))?;
    let value = found.as_str().trim_end_matches(['.', ',', ';', ':']);
    let start = description.span.start + found.start();
    Some(Claim { span: Span::new(start, start + value.len()), value: value.to_owned() })
}

fn claim_of(subject: &Subject<'_>, entry: &Entry) -> Option<Claim> {
    claimed_default(entry, subject.file.docstring_text(subject.definition)?)
}

fn default_before<'a>(subject: &Subject<'a>, parameter: &Parameter) -> Option<&'a str> {
    let base = subject.base?;
    let before = base.signature.parameters.iter().find(|found| found.name == parameter.name)?;
    before.default.as_deref()
}

/// A claim is contradicted when it names the default of before, or when both are plain values of one kind that
/// differ. Anything else (names, expressions, `None` for "worked out later") may well be true.
fn contradicts(claim: &str, default: &str, before: Option<&str>) -> bool {
    if same_value(claim, default) {
        return false;
    }
    if before.is_some_and(|before| same_value(claim, before) && !same_value(before, default)) {
        return true;
    }
    match (Plain::of(claim), Plain::of(default)) {
        (Some(Plain::Number(claimed)), Some(Plain::Number(real))) => claimed != real,
        (Some(Plain::Bool(claimed)), Some(Plain::Bool(real))) => claimed != real,
        (Some(Plain::Text(claimed)), Some(Plain::Text(real))) => claimed != real,
        _ => false,
    }
}

fn same_value(one: &str, other: &str) -> bool {
    let (a, b) = (one.trim(), other.trim());
    if a == b {
        return true;
    }
    match (Plain::of(a), Plain::of(b)) {
        (Some(one), Some(other)) => one == other,
        // A text may be named without its quotes.
        (None, Some(Plain::Text(text))) => a == text,
        (Some(Plain::Text(text)), None) => b == text,
        _ => false,
    }
}

/// A literal that can be compared by value.
#[derive(Debug, PartialEq)]
enum Plain {
    Number(f64),
    Bool(bool),
    Text(String),
    None,
}

impl Plain {
    fn of(source: &str) -> Option<Self> {
        match source {
            "True" => return Some(Self::Bool(true)),
            "False" => return Some(Self::Bool(false)),
            "None" => return Some(Self::None),
            _ => {}
        }
        for quote in ['"', '\''] {
            let inside = source.strip_prefix(quote).and_then(|rest| rest.strip_suffix(quote));
            if let Some(text) = inside.filter(|text| !text.contains([quote, '\\'])) {
                return Some(Self::Text(text.to_owned()));
            }
        }
        let digits = source.replace('_', "");
        if !digits.starts_with(|first: char| first.is_ascii_digit() || "+-.".contains(first)) {
            return None;
        }
        digits.parse().ok().map(Self::Number)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_contradicted_is_stale() {
        let table = [
            ("10", "30", Some("10"), true),
            ("10", "30", None, true),
            ("10", "10.0", None, false),
            ("1_000", "1000", None, false),
            ("'a'", "\"a\"", None, false),
            ("a", "'a'", None, false),
            ("True", "False", None, true),
            ("10", "None", None, false),
            ("10", "None", Some("10"), true),
            ("10", "LIMIT", None, false),
            ("LIMIT", "10", None, false),
            ("LIMIT", "OTHER", Some("LIMIT"), true),
            ("ten", "10", None, false),
        ];
        for (claim, default, before, expected) in table {
            assert_eq!(contradicts(claim, default, before), expected, "{claim} {default} {before:?}");
        }
    }

    #[test]
    fn claims_are_found_as_people_write_them() {
        let table = [
            ("Defaults to 10.", Some("10")),
            ("The limit, default: ``10``.", Some("10")),
            ("The limit (default `'a b'`)", Some("'a b'")),
            ("The limit. Default is 1.5, in seconds.", Some("1.5")),
            ("Defaults to 10 if the link is slow.", None),
            ("The default limit.", None),
            ("The default.", None),
            ("By default 3 tries.", Some("3")),
        ];
        for (text, expected) in table {
            let entry = Entry {
                names: Vec::new(),
                type_text: None,
                optional: false,
                default: None,
                description: Some(Text { span: Span::new(0, text.len()), value: text.to_owned() }),
                span: Span::new(0, text.len()),
            };
            let claim = claimed_default(&entry, text).filter(|claim| Plain::of(&claim.value).is_some());
            assert_eq!(claim.map(|claim| claim.value).as_deref(), expected, "{text}");
        }
    }
}
