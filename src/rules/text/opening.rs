//! D401, D402, D403, D404, D421: the words that a docstring begins with.

use std::sync::LazyLock;

use imperative::Mood;

use super::super::subject::code_of;
use super::super::{Finding, Rule, Subject};
use super::{judged, mended, one, sentence};
use crate::python::Signature;

/// The list of verbs in their forms is the one that pydocstyle and ruff use.
static MOOD: LazyLock<Mood> = LazyLock::new(Mood::new);

/// D401: a function is described and not commanded.
pub(in crate::rules) fn imperative(rule: &Rule, subject: &Subject<'_>) -> Vec<Finding> {
    let definition = subject.definition;
    let is_test = definition.name.starts_with("test") || definition.name == "runTest";
    let judged = judged(subject).filter(|_| definition.kind.is_function());
    let Some(text) = judged.filter(|_| !is_test && !definition.is_property()) else { return Vec::new() };
    let Some(line) = text.first_filled() else { return Vec::new() };
    let word = line.text.split_whitespace().next().unwrap_or("");
    // A field, an operator or a bracket begins no sentence.
    if !word.starts_with(char::is_alphanumeric) {
        return Vec::new();
    }
    // "a ** b" is an expression over the parameters.
    let next = line.text.split_whitespace().nth(1).unwrap_or("");
    if is_a_name(word, subject)
        && next.starts_with(|first: char| first.is_ascii_punctuation() && !"`('\"".contains(first))
    {
        return Vec::new();
    }
    let normal = normal(word);
    if normal.is_empty() || MOOD.is_imperative(&normal) != Some(false) {
        return Vec::new();
    }
    one(rule, subject, line.trimmed(), format!("the first line begins with `{word}`, which is no command"))
}

/// D402: the first line repeats the signature.
pub(in crate::rules) fn signature(rule: &Rule, subject: &Subject<'_>) -> Vec<Finding> {
    let definition = subject.definition;
    let Some(text) = judged(subject).filter(|_| definition.kind.is_function()) else { return Vec::new() };
    let Some(line) = text.first_filled() else { return Vec::new() };
    let written = line.text.trim();
    let is_call = |(at, name): (usize, &str)| {
        let before = written.get(..at).and_then(|before| before.chars().next_back());
        let apart = before.is_none_or(|before| matches!(before, ' ' | '\t' | ';' | ','));
        let call = written.get(at + name.len()..).and_then(|after| after.strip_prefix('('));
        // In the middle of a sentence it is a call of something else, unless it has the same parameters.
        let is_own = |call: &str| match at {
            0 => shows(call, &definition.signature),
            _ => repeats(call, &definition.signature),
        };
        apart && call.is_some_and(is_own)
    };
    let is_another = written.to_lowercase().starts_with("same as ");
    if is_another || !written.match_indices(definition.name.as_str()).any(is_call) {
        return Vec::new();
    }
    one(rule, subject, line.trimmed(), "the first line repeats the signature")
}

/// Returns whether what stands between brackets may be a signature, and is no example: "quote('a b') -> 'a%20b'".
fn shows(call: &str, signature: &Signature) -> bool {
    let (listed, _) = call.split_once(')').unwrap_or((call, ""));
    let is_part = |letter: char| letter.is_alphanumeric() || letter == '_';
    let mut names = listed.split(|letter: char| !is_part(letter)).filter(|name| !name.is_empty()).peekable();
    let known = |name: &str| signature.parameters.iter().any(|parameter| parameter.name == name);
    names.peek().is_none() || names.any(known)
}

/// Returns whether what stands between brackets names the parameters of a signature, and there are any.
fn repeats(call: &str, signature: &Signature) -> bool {
    let Some((listed, _)) = call.split_once(')') else { return false };
    let is_end = |letter: char| !letter.is_alphanumeric() && letter != '_';
    let name = |part: &str| {
        let part = part.trim().trim_start_matches(['*', '[']);
        part.split(is_end).next().unwrap_or("").to_owned()
    };
    let listed: Vec<String> = listed.split(',').map(name).filter(|name| !name.is_empty()).collect();
    let parameters = signature.callers_parameters().iter().map(|parameter| parameter.name.as_str());
    !listed.is_empty() && parameters.eq(listed.iter().filter(|name| *name != "self").map(String::as_str))
}

/// D403: the first word of a function's docstring has no capital letter.
pub(in crate::rules) fn capitalised(rule: &Rule, subject: &Subject<'_>) -> Vec<Finding> {
    let Some(text) = judged(subject).filter(|_| subject.definition.kind.is_function()) else {
        return Vec::new();
    };
    let Some(line) = text.first_filled() else { return Vec::new() };
    let word = line.text.split_whitespace().next().unwrap_or("");
    let word = word.trim_end_matches(['.', '!', '?']);
    let is_plain = word.chars().all(|letter| letter.is_ascii_alphabetic() || letter == '\'');
    // "data [, options] -> marshalled data" is notation.
    let is_rule = line.text.trim_start().strip_prefix(word).is_some_and(|rest| {
        let rest = rest.trim_start();
        rest.starts_with("= ") || rest.starts_with("::=")
    });
    let is_notation = is_rule || ["->", "=>", "[,", "*("].iter().any(|mark| line.text.contains(mark));
    if is_notation
        || !is_plain
        || !word.starts_with(|first: char| first.is_ascii_lowercase())
        || is_a_name(word, subject)
    {
        return Vec::new();
    }
    let message = format!("the first word, `{word}`, has no capital letter");
    mended(rule, subject, line.trimmed(), (message, sentence::capitalised(line, &subject.definition.name)))
}

/// Names of Python and its library that are no words of the language.
const KNOWN_NAMES: &[&str] = &[
    "argv",
    "asyncio",
    "bool",
    "bytearray",
    "classmethod",
    "datetime",
    "defaultdict",
    "dict",
    "dtype",
    "enum",
    "frozenset",
    "getattr",
    "init",
    "int",
    "isinstance",
    "kwargs",
    "namedtuple",
    "ndarray",
    "repr",
    "setattr",
    "staticmethod",
    "stderr",
    "stdin",
    "stdout",
    "str",
    "strftime",
    "strptime",
    "timedelta",
    "tzinfo",
    "utcnow",
];

/// Returns whether a word is the name of something in the code, which is written as it is there.
fn is_a_name(word: &str, subject: &Subject<'_>) -> bool {
    let word = word.trim_end_matches("'s");
    let definition = subject.definition;
    let mut parameters = definition.signature.parameters.iter();
    // The text of a command begins with its name, which is shown to its users: `do_list`.
    let is_command =
        ["do_", "cmd_", "command_"].iter().any(|prefix| definition.name.strip_prefix(prefix) == Some(word));
    word == definition.name
        || is_command
        || KNOWN_NAMES.contains(&word)
        || word.contains(|letter: char| letter.is_ascii_uppercase())
        // No word of the language is without a vowel: `pwd`.
        || word.len() > 1 && !word.contains(['a', 'e', 'i', 'o', 'u', 'y'])
        || parameters.any(|parameter| parameter.name == word)
        || subject.file.imports.binding(word, 0).is_some()
        || code_of(subject.file, definition).contains(&format!(".{word}("))
}

/// D404: the docstring begins with "This".
pub(in crate::rules) fn this(rule: &Rule, subject: &Subject<'_>) -> Vec<Finding> {
    let Some(text) = judged(subject) else { return Vec::new() };
    let Some(line) = text.first_filled() else { return Vec::new() };
    let word = text.body().trim().split(' ').next().unwrap_or("");
    if normal(word) != "this" {
        return Vec::new();
    }
    one(rule, subject, line.trimmed(), "the docstring begins with \"This\"")
}

/// D421: the docstring of a property begins with a verb.
pub(in crate::rules) fn verb_of_property(rule: &Rule, subject: &Subject<'_>) -> Vec<Finding> {
    let Some(text) = judged(subject).filter(|_| subject.definition.is_property()) else {
        return Vec::new();
    };
    let Some(line) = text.first_filled() else { return Vec::new() };
    let word = line.text.split_whitespace().next().unwrap_or("");
    let verbs =
        ["fetch", "get", "retrieve", "return", "yield", "fetches", "gets", "retrieves", "returns", "yields"];
    if !verbs.contains(&normal(word).as_str()) {
        return Vec::new();
    }
    one(
        rule,
        subject,
        line.trimmed(),
        format!("a property is described as a function: it begins with `{word}`"),
    )
}

/// Returns a word in small letters, without what is no letter or digit.
fn normal(word: &str) -> String {
    word.chars().filter(|letter| letter.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}
