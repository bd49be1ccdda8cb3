//! DG102: the docstring names a default that is not the parameter's.

use std::sync::LazyLock;

use regex::Regex;

use crate::docstring::{Docstring, Entry, Name, SectionKind, Text};
use crate::python::{Parameter, ParsedFile, Span};

use super::explained_default::{is_explained, is_mark};
use super::{Answer, Finding, Remedy, Rule, Subject};

/// "Defaults to X", "default: X", "(default X)", "by default X"; the value ends before a blank or a bracket.
static CLAIM: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r#"(?x)
        \b [Dd]efault (?: s | ing )?
        (?: (?<verb> \s+ (?: (?: value \s+ )? (?: to | is | of ) | is \s+ set \s+ to ) \s+ | (?: \s+ value )? \*{0,2} \s* [:=] \s* ) | \s+ )
        (?: `` (?<double>[^`\n]+) `` | ` (?<single>[^`\n]+) ` | (?<plain> "[^"\n]*" | '[^'\n]*' | [^\s`'")\]}]+ ) )
        (?<rest> [^\n]{0,24} )"#,
    )
    .ok()
});

/// "X by default", where X is plainly a value.
static BEFORE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r#"(?x)
        (?: `` (?<double>[^`\n]+) `` | ` (?<single>[^`\n]+) `
            | (?<plain> "[^"\n]*" | '[^'\n]*' | [-+]? \d [\w.]* | True | False | None ) )
        , ? \s+ by \s+ default \b (?<rest> [^\n]{0,24} )"#,
    )
    .ok()
});

/// What may stand right before a value that is the default, besides the end of a sentence or clause.
const VERBS: &[&str] = &["is", "are", "to", "of", "be", "uses", "use"];

/// What may stand right before a claim about the entry's own parameter, besides the end of a sentence or clause.
const LEADS: &[&str] =
    &["by", "the", "and", "it", "this", "which", "that", "value", "optional", "optionally", "its"];

/// Words with which a claim is only true under a condition, or was true once.
const CONDITIONS: &[&str] = &[
    "if",
    "when",
    "unless",
    "for",
    "on",
    "with",
    "where",
    "in",
    "under",
    "during",
    "before",
    "previously",
    "formerly",
    "prior",
    "until",
    "versionchanged",
    "versionadded",
    "deprecated",
    "old",
    "was",
    "than",
];

/// A default that a text claims: where the value stands, and how it is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claim {
    /// The bytes of the value within the docstring.
    pub span: Span,
    /// The value without marks around it.
    pub value: String,
    /// Whether the value stands alone; "10 seconds" has a unit, which the signature may not share.
    pub exact: bool,
    /// Whether a remark in brackets explains it: "60 (one minute)" is not put right by another number alone.
    pub glossed: bool,
}

/// Applies the rule.
pub(super) fn check(rule: &Rule, subject: &Subject<'_>) -> Vec<Finding> {
    let (Some(docstring), Some((signature, _))) = (subject.judged_docstring(), subject.described_signature())
    else {
        return Vec::new();
    };
    if subject.definition.has_decorator("overload") {
        return Vec::new();
    }
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
        let before = default_before(subject, parameter, &claim);
        let resolved = constant(subject.file, default).unwrap_or(default);
        let claimed = constant(subject.file, &claim.value).unwrap_or(&claim.value);
        if same_value(&claim.value, default)
            || same_value(claimed, resolved)
            || !contradicts(&claim, resolved, before)
            || is_worked_out_later(subject, &claim, resolved)
            || is_explained(subject, entry, (&claim, &name.value, resolved))
        {
            continue;
        }
        let stale = before.is_some_and(|before| same_value(&claim.value, before));
        let message = if stale {
            format!("says that `{}` defaults to {}, which is now {default}", name.value, claim.value)
        } else {
            format!("says that `{}` defaults to {}, and it is {default}", name.value, claim.value)
        };
        // A mark that something is left out is not what a reader wants to know.
        let claimed = (name.value.as_str(), claim.value.as_str(), default);
        let answer = if claim.glossed
            || is_mark(resolved)
            || is_swapped(subject, docstring, claimed)
            || !subject.has_room_for(claim.span, default)
        {
            Answer::Person
        } else {
            Answer::Repair(Remedy::SetDefault { parameter: name.value.clone(), to: default.to_owned() })
        };
        let finding = subject
            .docstring_finding(rule, claim.span, message)
            .answered_by(answer, Some(name.value.clone()))
            .with_evidence(subject.evidence(parameter.span, format!("default {default}")));
        findings.push(finding);
    }
    findings
}

/// Returns whether a text about a parameter claims a default that is plainly a value.
pub(crate) fn claims_default(name: &str, text: &str) -> bool {
    let span = Span::new(0, text.len());
    let named = Name { span, value: name.to_owned(), stars: 0 };
    let entry = Entry {
        names: vec![named],
        type_text: None,
        optional: None,
        default: None,
        description: Some(Text { span, value: text.to_owned() }),
        span,
        type_field: None,
    };
    claimed_default(&entry, text).is_some_and(|claim| Plain::of_claim(&claim.value).is_some())
}

/// Finds the default that an entry claims, in its description or beside its type.
#[must_use]
pub fn claimed_default(entry: &Entry, text: &str) -> Option<Claim> {
    if let Some(Text { span, value }) = &entry.default {
        if let Some((before, _)) = value.split_once(" (").filter(|_| value.ends_with(')')) {
            let span = Span::new(span.start, span.start + before.len());
            return Some(Claim { span, value: before.to_owned(), exact: true, glossed: true });
        }
        let ticks = value.len() - value.trim_start_matches('`').len();
        let inside = value.trim_matches('`');
        let whole = span.end - span.start == value.len() && inside.len() + 2 * ticks == value.len();
        let trimmed = if whole { Span::new(span.start + ticks, span.end - ticks) } else { *span };
        return Some(Claim { span: trimmed, value: inside.to_owned(), exact: true, glossed: false });
    }
    let description = entry.description.as_ref()?;
    let source = description.span.of(text);
    let Some(captures) = CLAIM.as_ref()?.captures(source) else {
        return claim_before(description, source);
    };
    // In "60 by default (a minute)", the word comes after its value.
    let start = captures.get(0)?.start();
    if let Some(claim) = claim_before(description, source)
        && claim.span.start < description.span.start + start
    {
        return Some(claim);
    }
    let name = entry.names.first().map_or("", |name| name.value.as_str());
    if !is_about_the_entry(source.get(..captures.get(0)?.start())?, name) {
        return claim_before(description, source);
    }
    let found = ["double", "single", "plain"].iter().find_map(|group| captures.name(group))?;
    let rest = captures.name("rest").map_or("", |found| found.as_str()).trim_start();
    let closed = captures.name("plain").is_some_and(|found| found.as_str().ends_with(['.', ',', ';', ':']))
        || !rest.starts_with(|next: char| next.is_alphanumeric() || "%°/*+-".contains(next));
    // "10 seconds" has a unit and "10 if …" a condition; "by default 3 tries are made" is about something else.
    let condition = rest.split(|next: char| !next.is_alphabetic()).next().unwrap_or("");
    if !closed
        && (captures.name("verb").is_none()
            || is_conditional(condition)
            || condition == "or"
            || condition == "and")
    {
        return None;
    }
    let value = found.as_str().trim_end_matches(['.', ',', ';', ':']);
    let start = description.span.start + found.start();
    let glossed = rest.starts_with('(');
    Some(Claim {
        span: Span::new(start, start + value.len()),
        value: value.to_owned(),
        exact: closed,
        glossed,
    })
}

/// Finds "X by default", said without a condition.
fn claim_before(description: &Text, source: &str) -> Option<Claim> {
    let captures = BEFORE.as_ref()?.captures(source)?;
    let found = ["double", "single", "plain"].iter().find_map(|group| captures.name(group))?;
    let before = source.get(..captures.get(0)?.start())?;
    let sentence = before.rsplit(". ").next().unwrap_or(before);
    let mut words = sentence.split(|next: char| !next.is_alphanumeric()).filter(|word| !word.is_empty());
    let last = words.clone().next_back().map(str::to_lowercase).unwrap_or_default();
    let leads = ends_a_clause(sentence) || VERBS.contains(&last.as_str());
    let rest = captures.name("rest").map_or("", |found| found.as_str()).trim_start();
    let next = rest.split(|next: char| !next.is_alphabetic()).next().unwrap_or("");
    if !leads
        || words.any(|word| is_conditional(&word.to_lowercase()))
        || is_conditional(next)
        || next == "or"
    {
        return None;
    }
    let start = description.span.start + found.start();
    let value = found.as_str().trim_end_matches('.').to_owned();
    let glossed = rest.starts_with('(');
    Some(Claim { span: Span::new(start, start + value.len()), value, exact: true, glossed })
}

/// Returns whether a claim speaks of the parameter that the entry is about, and without a condition.
fn is_about_the_entry(before: &str, name: &str) -> bool {
    let sentence = before.rsplit(". ").next().unwrap_or(before);
    let words: Vec<&str> = sentence
        .split(|character: char| !character.is_alphanumeric() && character != '_')
        .filter(|word| !word.is_empty())
        .collect();
    let omitted =
        ["omitted", "given", "specified", "provided", "set", "passed", "supplied", "unspecified", "missing"];
    // "If not given, defaults to 10" states the default; "if None, defaults to 10" does not.
    let unset =
        words.first().is_some_and(|word| matches!(word.to_lowercase().as_str(), "if" | "when" | "unless"))
            && words.iter().any(|word| omitted.contains(word))
            && !words.contains(&"None");
    if !unset && words.iter().any(|word| is_conditional(&word.to_lowercase())) && !ends_a_clause(sentence) {
        return false;
    }
    if !unset && words.first().is_some_and(|word| is_conditional(&word.to_lowercase())) {
        return false;
    }
    let last = words.last().map_or(String::new(), |word| word.to_lowercase());
    ends_a_clause(sentence) || LEADS.contains(&last.as_str()) || words.last() == Some(&name)
}

fn ends_a_clause(text: &str) -> bool {
    let text = text.trim_end_matches([' ', '*', '\t', '`']);
    text.is_empty()
        || text.ends_with(['.', ',', ';', ':', '(', '[', '-', '\u{2013}', '\u{2014}', '\n', '!', '?'])
}

fn is_conditional(word: &str) -> bool {
    CONDITIONS.contains(&word)
}

/// Returns whether the entry of another parameter claims this one's default, and this one that one's: then the names are wrong, and
/// what is said about them.
fn is_swapped(
    subject: &Subject<'_>,
    docstring: &Docstring,
    (name, claimed, default): (&str, &str, &str),
) -> bool {
    let Some((signature, _)) = subject.described_signature() else { return false };
    let default_of = |name: &str| {
        signature
            .parameters
            .iter()
            .find(|found| found.name == name)
            .and_then(|found| found.default.as_deref())
    };
    let mut others = [SectionKind::Parameters, SectionKind::OtherParameters]
        .into_iter()
        .flat_map(|kind| docstring.entries(kind))
        .filter_map(|entry| Some((entry.names.first()?.value.as_str(), claim_of(subject, entry)?)));
    others.any(|(other, claim)| {
        other != name
            && default_of(other).is_some_and(|default| same_value(claimed, default))
            && same_value(&claim.value, default)
            && !same_value(claimed, default)
    })
}

fn claim_of(subject: &Subject<'_>, entry: &Entry) -> Option<Claim> {
    claimed_default(entry, subject.file.docstring_text(subject.definition)?)
}

/// Returns the default of before: as written if that is what the text says, else a constant by its value.
fn default_before<'a>(subject: &Subject<'a>, parameter: &Parameter, claim: &Claim) -> Option<&'a str> {
    let base = subject.base?;
    let before = base.signature.parameters.iter().find(|found| found.name == parameter.name)?;
    let default = before.default.as_deref()?;
    if same_value(&claim.value, default) {
        return Some(default);
    }
    Some(subject.base_file.and_then(|file| constant(file, default)).unwrap_or(default))
}

/// Returns the literal that a default stands for, if the module assigns it exactly once and at its margin.
fn constant<'a>(file: &'a ParsedFile, default: &str) -> Option<&'a str> {
    let name = default.trim();
    let is_name = name.starts_with(|first: char| first.is_alphabetic() || first == '_')
        && name.chars().all(|character| character.is_alphanumeric() || character == '_')
        && Plain::of(name).is_none();
    // The whole file is searched, so a literal must not get this far.
    if !is_name {
        return None;
    }
    let mut found = file.text.lines().filter_map(|line| {
        let rest = line.trim_start().strip_prefix(name)?;
        let assigns = rest.trim_start().starts_with(['=', ':', '+', '-', '*', '/', '|', '&']);
        assigns.then_some((line, rest))
    });
    let ((line, rest), None) = (found.next()?, found.next()) else { return None };
    let value = rest.split_once('=')?.1.split('#').next()?.trim();
    (line.starts_with(name) && Plain::of(value).is_some()).then_some(value)
}

/// `None` often stands for "worked out later"; the text is right if the code still has the value.
fn is_worked_out_later(subject: &Subject<'_>, claim: &Claim, default: &str) -> bool {
    if default.trim() != "None" {
        return false;
    }
    let body = subject.described_signature().and_then(|(_, owner)| {
        subject.file.text.get(owner.header.end..owner.span.end).map(|code| (owner, code))
    });
    body.is_some_and(|(owner, code)| {
        let docstring = owner.docstring.as_ref().map_or(0, |literal| literal.span.end - owner.header.end);
        let code = code.get(docstring..).unwrap_or("");
        let bare = claim.value.trim_matches(['"', '\'']);
        code.contains(bare)
    })
}

/// A claim is contradicted when it names the default of before, or when both are plain values of one kind that
/// differ. Anything else (names, expressions, `None` for "worked out later") may well be true.
fn contradicts(claim: &Claim, default: &str, before: Option<&str>) -> bool {
    let said = claim.value.as_str();
    if same_value(said, default) || default.trim() == "..." {
        return false;
    }
    let (claimed, real) = (Plain::of_claim(said), Plain::of(default));
    // An expression may come to the same value; a name in the text is only right when it is the name in the code.
    let comparable = real.is_some() || claimed.is_none();
    if comparable && before.is_some_and(|before| same_value(said, before) && !same_value(before, default)) {
        return true;
    }
    match (claimed, real) {
        _ if !claim.exact => false,
        (Some(claimed @ Plain::Number(_)), Some(real @ Plain::Number(_)))
        | (Some(claimed @ Plain::Bool(_)), Some(real @ Plain::Bool(_)))
        | (Some(claimed @ Plain::Text(_)), Some(real @ Plain::Text(_))) => claimed != real,
        (Some(Plain::None), Some(Plain::Number(_) | Plain::Bool(_) | Plain::Text(_))) => true,
        _ => false,
    }
}

pub(super) fn same_value(one: &str, other: &str) -> bool {
    let (a, b) = (one.trim(), other.trim());
    if a == b {
        return true;
    }
    match (Plain::of_claim(a), Plain::of_claim(b)) {
        (Some(one), Some(other)) => one == other,
        // A text may be named without its quotes.
        (None, Some(Plain::Text(text))) => a == text,
        (Some(Plain::Text(text)), None) => b == text,
        _ => false,
    }
}

/// A literal that can be compared by value.
#[derive(Debug, PartialEq)]
pub(super) enum Plain {
    Number(f64),
    Bool(bool),
    Text(String),
    None,
}

impl Plain {
    /// Texts also write `true` and `false`.
    pub(super) fn of_claim(source: &str) -> Option<Self> {
        match source {
            "true" => Some(Self::Bool(true)),
            "false" => Some(Self::Bool(false)),
            _ => Self::of(source),
        }
    }

    pub(super) fn of(source: &str) -> Option<Self> {
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
            ("10", "LIMIT", Some("10"), false),
            ("300", "60 * 5", Some("300"), false),
            ("10", "...", Some("10"), false),
            ("None", "10", None, true),
            ("true", "False", None, true),
            ("true", "True", None, false),
            ("LIMIT", "10", None, false),
            ("LIMIT", "OTHER", Some("LIMIT"), true),
            ("ten", "10", None, false),
        ];
        for (claim, default, before, expected) in table {
            let claim = Claim { span: Span::new(0, 0), value: claim.to_owned(), exact: true, glossed: false };
            assert_eq!(
                contradicts(&claim, default, before),
                expected,
                "{} {default} {before:?}",
                claim.value
            );
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
            ("By default 3.", Some("3")),
            ("By default 3 tries are made.", None),
            ("Tries, default=3", Some("3")),
            ("Tries [default: 3]", Some("3")),
            ("Tries. Default value: 3.", Some("3")),
            ("Tries. If not given, defaults to 3.", Some("3")),
            ("Tries. If None, defaults to 3.", None),
            ("On slow links, the default is 3.", None),
            ("Retries default to 3.", None),
            ("Seconds to wait; retries default to 3.", None),
            ("Seconds.\n\n.. versionchanged:: 2.0 The default is 5.", None),
            ("Defaults to 10 or what the server says.", None),
            ("Seconds to wait, defaulting to 3.", Some("3")),
            ("It is optional and defaults to\n    3.", Some("3")),
            ("Seconds to wait, 99 by default.", Some("99")),
            ("99 by default.", Some("99")),
            ("Whether to wait. True by default", Some("True")),
            ("It is ``'a'`` by default.", Some("'a'")),
            ("Set to 1.5 by default, in seconds.", Some("1.5")),
            ("Waits 3 times by default.", None),
            ("On slow links, 3 by default.", None),
            ("3 by default, or what is set.", Some("3")),
            ("3 by default if it is slow.", None),
        ];
        for (text, expected) in table {
            let entry = Entry {
                names: Vec::new(),
                type_text: None,
                optional: None,
                default: None,
                description: Some(Text { span: Span::new(0, text.len()), value: text.to_owned() }),
                span: Span::new(0, text.len()),
                type_field: None,
            };
            let claim = claimed_default(&entry, text).filter(|claim| Plain::of(&claim.value).is_some());
            assert_eq!(claim.map(|claim| claim.value).as_deref(), expected, "{text}");
        }
    }
}
