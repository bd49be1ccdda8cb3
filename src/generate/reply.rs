//! The model's reply: JSON against the schema, then names against the code.

use std::sync::LazyLock;

use jsonschema::Validator;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::untrusted::is_hidden;

use super::prompt::{Shape, identifier, schema};
use super::prose::{Named, Prose};
use super::{Slots, Task, example};

/// The longest text of one slot, in characters.
const LONGEST_TEXT: usize = 600;
/// The longest summary, in characters.
const LONGEST_SUMMARY: usize = 120;

static SCHEMA: LazyLock<Option<Validator>> =
    LazyLock::new(|| jsonschema::validator_for(&schema(Shape::Read)).ok());

/// What is wrong with an answer, in sentences for whoever wrote it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}", .reasons.join("; "))]
pub struct Complaint {
    /// The reasons, each without a full stop.
    pub reasons: Vec<String>,
    /// What the answer failed at.
    pub kind: ComplaintKind,
}

/// What an answer failed at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ComplaintKind {
    /// It is not JSON.
    NotJson,
    /// It is JSON of another shape.
    Schema,
    /// What it says does not fit what was asked, or a rule finds something wrong with it.
    Content,
}

impl Complaint {
    /// Makes a complaint with one reason.
    #[must_use]
    pub fn because(reason: impl Into<String>) -> Self {
        Self::of(vec![reason.into()])
    }

    /// Makes a complaint about what an answer says.
    #[must_use]
    pub fn of(reasons: Vec<String>) -> Self {
        Self { reasons, kind: ComplaintKind::Content }
    }

    fn about(kind: ComplaintKind, reason: impl Into<String>) -> Self {
        Self { kind, ..Self::because(reason) }
    }
}

#[derive(Deserialize)]
struct Reply {
    definitions: Vec<Answer>,
}

#[derive(Deserialize)]
struct Answer {
    id: String,
    #[serde(flatten)]
    prose: Prose,
}

/// Reads a reply to a group of tasks; one result for each, in their order.
///
/// One bad answer takes no other with it. Only a reply that is not of the shape fails for all.
#[must_use]
pub fn read(text: &str, tasks: &[&Task]) -> Vec<Result<Prose, Complaint>> {
    let parsed = parsed::<Reply>(text, &SCHEMA);
    tasks
        .iter()
        .enumerate()
        .map(|(index, task)| {
            let reply = parsed.as_ref().map_err(Clone::clone)?;
            let answer = only(&reply.definitions, |answer| &answer.id, index)?;
            fit(answer.prose.clone(), &task.slots)
        })
        .collect()
}

/// Returns the one answer about a definition of a group.
pub(super) fn only<A>(answers: &[A], id_of: impl Fn(&A) -> &str, index: usize) -> Result<&A, Complaint> {
    let id = identifier(index);
    let mut found = answers.iter().filter(|answer| id_of(answer) == id);
    match (found.next(), found.next()) {
        (Some(answer), None) => Ok(answer),
        (None, _) => Err(Complaint::because(format!("there is no answer for `{id}`"))),
        (Some(_), Some(_)) => Err(Complaint::because(format!("there are several answers for `{id}`"))),
    }
}

/// Reads JSON of a shape.
pub(super) fn parsed<T: DeserializeOwned>(
    text: &str,
    schema: &LazyLock<Option<Validator>>,
) -> Result<T, Complaint> {
    let value: Value = serde_json::from_str(text).map_err(|error| {
        Complaint::about(ComplaintKind::NotJson, format!("the reply is not JSON (line {})", error.line()))
    })?;
    let Some(schema) = schema.as_ref() else {
        return Err(Complaint::because("the schema of replies cannot be compiled"));
    };
    if let Some(error) = schema.iter_errors(&value).next() {
        let place = error.instance_path().to_string();
        let reason = format!("the reply does not fit the schema at `{place}`");
        return Err(Complaint::about(ComplaintKind::Schema, reason));
    }
    serde_json::from_value(value)
        .map_err(|_| Complaint::about(ComplaintKind::Schema, "the reply does not fit the schema"))
}

/// Holds prose against the slots: everything that was asked for, nothing that was not.
pub(super) fn fit(mut prose: Prose, slots: &Slots) -> Result<Prose, Complaint> {
    let mut reasons = Vec::new();
    if slots.summary {
        match prose.summary.as_deref().map(str::trim) {
            None | Some("") => reasons.push("the summary is missing".to_owned()),
            Some(text) if text.contains('\n') => {
                reasons.push("the summary has more than one line".to_owned());
            }
            Some(text) if text.chars().count() > LONGEST_SUMMARY => {
                reasons.push(format!("the summary is longer than {LONGEST_SUMMARY} characters"));
            }
            Some(_) => {}
        }
    } else {
        prose.summary = None;
        prose.description = None;
    }
    prose.description = prose.description.filter(|text| !text.trim().is_empty());
    fit_one(&mut prose.returns, slots.returns, "the returned value", &mut reasons);
    fit_one(&mut prose.yields, slots.yields, "the yielded values", &mut reasons);
    fit_names(&mut prose.parameters, &slots.parameters, "parameter", &mut reasons);
    fit_names(&mut prose.raises, &slots.raises, "exception", &mut reasons);
    prose.note = prose.note.filter(|text| slots.extra.note && !text.trim().is_empty());
    prose.example =
        prose.example.filter(|code| slots.extra.example && !code.trim().is_empty()).map(|code| evened(&code));
    for text in texts(&prose) {
        reasons.extend(wrong_anywhere(text));
        if has_structure(text) {
            reasons.push("a text reads as a section or a field of its own".to_owned());
        }
    }
    let entries = prose.parameters.iter().chain(&prose.raises).map(|entry| &entry.text);
    let described = entries.chain(&prose.returns).chain(&prose.yields);
    if described.into_iter().any(|text| text.trim().lines().any(|line| line.trim().is_empty())) {
        reasons.push("the text of an entry has more than one paragraph".to_owned());
    }
    reasons.dedup();
    if reasons.is_empty() { Ok(prose) } else { Err(Complaint::of(reasons)) }
}

/// Holds the summary against the line that it is to stand on: over two lines it would be none.
pub(super) fn fit_line(task: &Task, prose: &Prose) -> Result<(), Complaint> {
    let Some(summary) = prose.summary.as_deref().filter(|_| task.slots.summary) else { return Ok(()) };
    let (length, room) = (summary.trim().chars().count(), task.layout().summary_room());
    if length <= room {
        return Ok(());
    }
    Err(Complaint::because(format!("the summary has {length} characters, and its line has room for {room}")))
}

/// Holds what may stay away against what it must be; apart from the rest, which must not be lost with it.
pub(super) fn fit_extras(task: &Task, prose: &Prose) -> Result<(), Complaint> {
    let mut reasons = Vec::new();
    if let Some(note) = &prose.note {
        reasons.extend(wrong_anywhere(note).into_iter().map(|reason| format!("the note: {reason}")));
        if has_structure(note) || note.trim().contains('\n') {
            reasons.push("the note is not one paragraph of plain text".to_owned());
        }
    }
    if let Some(code) = &prose.example {
        reasons.extend(wrong_anywhere(code).into_iter().map(|reason| format!("the example: {reason}")));
        if reasons.is_empty() {
            reasons.extend(example::complaints(task, code));
        }
    }
    if reasons.is_empty() { Ok(()) } else { Err(Complaint::of(reasons)) }
}

/// Lists what no text may have, wherever it is to stand.
fn wrong_anywhere(text: &str) -> Vec<String> {
    let mut reasons = Vec::new();
    if text.chars().count() > LONGEST_TEXT {
        reasons.push(format!("a text is longer than {LONGEST_TEXT} characters"));
    }
    if text.chars().any(is_unsafe) {
        reasons.push("a text has control or invisible characters".to_owned());
    }
    if text.contains("\"\"\"") || text.contains("'''") || text.contains("```") || text.contains(">>>") {
        reasons.push("a text has quotes, fences or prompts that do not belong into a docstring".to_owned());
    }
    if text.contains("://") {
        reasons.push("a text has an address".to_owned());
    }
    reasons
}

/// Takes away what cannot be seen in code: blank lines beyond one, and blanks at the end of lines.
fn evened(code: &str) -> String {
    let mut lines: Vec<&str> = Vec::new();
    for line in code.trim_matches(['\n', '\r']).lines().map(str::trim_end) {
        if !line.is_empty() || lines.last().is_some_and(|last| !last.is_empty()) {
            lines.push(line);
        }
    }
    lines.join("\n").trim_end().to_owned()
}

fn fit_one(text: &mut Option<String>, asked: bool, what: &str, reasons: &mut Vec<String>) {
    if !asked {
        *text = None;
    } else if text.as_deref().is_none_or(|text| text.trim().is_empty()) {
        reasons.push(format!("the text for {what} is missing"));
    }
}

fn fit_names(found: &mut [Named], asked: &[String], what: &str, reasons: &mut Vec<String>) {
    for name in asked {
        match found.iter().filter(|entry| entry.name == *name).count() {
            0 => reasons.push(format!("the {what} `{name}` is missing")),
            1 => {}
            _ => reasons.push(format!("the {what} `{name}` is there more than once")),
        }
    }
    for entry in found.iter() {
        if !asked.contains(&entry.name) {
            let name: String =
                entry.name.chars().filter(|character| !is_unsafe(*character)).take(60).collect();
            reasons.push(format!("the {what} `{name}` was not asked for"));
        } else if entry.text.trim().is_empty() {
            reasons.push(format!("the text for the {what} `{}` is empty", entry.name));
        }
    }
    found.sort_by_key(|entry| asked.iter().position(|name| *name == entry.name));
}

fn texts(prose: &Prose) -> impl Iterator<Item = &String> {
    let single = [&prose.summary, &prose.description, &prose.returns, &prose.yields];
    let named = prose.parameters.iter().chain(&prose.raises).map(|entry| &entry.text);
    single.into_iter().flatten().chain(named)
}

/// Returns whether readers would see a heading with lines below it, or a field such as `:raises X:`, in a text.
///
/// Deep inside an entry a heading is no section for the parser, and yet says what nobody asked for.
fn has_structure(text: &str) -> bool {
    const FIELDS: &[&str] = &[
        "param",
        "parameter",
        "arg",
        "type",
        "return",
        "returns",
        "rtype",
        "raise",
        "raises",
        "yield",
        "yields",
    ];
    let mut lines = text.lines().map(str::trim).peekable();
    while let Some(line) = lines.next() {
        let heading = line.strip_suffix(':').is_some_and(|title| !title.contains(['.', ',']));
        let words = line.split_whitespace().count();
        let has_more = lines.peek().is_some_and(|next| !next.is_empty());
        let field = line.strip_prefix(['@', ':']).and_then(|rest| rest.split([' ', ':']).next());
        if heading && words <= 2 && has_more || field.is_some_and(|field| FIELDS.contains(&field)) {
            return true;
        }
    }
    false
}

/// Line ends are the only hidden characters that a text needs.
fn is_unsafe(character: char) -> bool {
    character != '\n' && is_hidden(character)
}
