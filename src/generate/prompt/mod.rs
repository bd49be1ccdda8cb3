//! What the model is asked: rules first, which never change, then the code and what is around it, which is data.
//!
//! `rules` are the stable text at the beginning, `schema` the shape of the answer, `blocks` what stands beside the code, and
//! `room` decides what of all that goes when not everything fits.

mod blocks;
mod room;
mod rules;
mod schema;

use serde::Serialize;
use serde_json::json;

use crate::model::{Message, ModelRequest, tokens};
use crate::secret::{REDACTED, redact, redacted_in};

use self::blocks::Shown;
use self::room::Parts;
use super::examples::Example;
use super::outline::outline;
use super::{Complaint, Task};

pub use self::blocks::{Block, Rank};
pub use self::room::{Room, TooLarge};
pub use self::rules::Voice;
pub(super) use self::schema::{Shape, identifier, schema};

/// Changes whenever prompt or schema change, so that older answers are asked for again.
pub(super) const PROMPT_VERSION: &str = "2";

/// What is asked about together: definitions of one file.
#[derive(Debug, Clone, Copy)]
pub struct Question<'a> {
    /// The definitions.
    pub tasks: &'a [&'a Task],
    /// What was wrong with the answer before, for each of them.
    pub complaints: &'a [Option<&'a Complaint>],
    /// What stands around each of them.
    pub around: &'a [&'a [Block]],
    /// Other definitions with their docstrings, the best first.
    pub examples: &'a [Example],
}

/// A question as it is sent.
#[derive(Debug, Clone, PartialEq)]
pub struct Asked {
    /// The request.
    pub request: ModelRequest,
    /// How many secrets were replaced in it.
    pub redacted: usize,
}

/// What the model reads: all of it is data.
#[derive(Serialize)]
struct Data<'a> {
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    context: &'a [Shown<'a>],
    definitions: Vec<Entry<'a>>,
}

/// One definition, what never changes about it first.
#[derive(Serialize)]
struct Entry<'a> {
    id: String,
    kind: &'static str,
    name: &'a str,
    write: Write<'a>,
    kept: Option<&'a str>,
    code: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    complaints: Option<&'a [String]>,
}

/// The parts that are asked for.
#[derive(Serialize)]
struct Write<'a> {
    summary: bool,
    /// How many characters its line has room for, where these are fewer than the rules allow.
    #[serde(skip_serializing_if = "Option::is_none")]
    summary_characters: Option<usize>,
    parameters: &'a [String],
    returns: bool,
    yields: bool,
    raises: &'a [String],
    #[serde(skip_serializing_if = "Option::is_none")]
    note: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    example: Option<bool>,
}

/// Makes the request for a group of definitions.
///
/// # Errors
///
/// When the definitions do not fit even when everything is left out that may be.
pub fn request(question: &Question<'_>, voice: &Voice, room: &Room<'_>) -> Result<Asked, TooLarge> {
    let mut redacted = 0;
    let mut clean = |text: &str| {
        let (text, count) = redact(text);
        redacted += count;
        text
    };
    let tasks = question.tasks;
    let kept: Vec<Option<String>> =
        tasks.iter().map(|task| task.revision.as_ref().map(|revision| clean(revision.text()))).collect();
    let codes: Vec<String> =
        tasks.iter().map(|task| clean(&outline(&task.file, task.definition()))).collect();
    let complaint = |index: usize| question.complaints.get(index).copied().flatten();
    let complaints: Vec<Option<Vec<String>>> = tasks
        .iter()
        .enumerate()
        .map(|(index, task)| complaint(index).map(|complaint| without_secrets(task, complaint)))
        .collect();
    let shape = if voice.extras { Shape::WithExtras } else { Shape::Plain };
    let system = Message::system(rules::system(voice, &mut clean));
    let examples: Vec<(Message, usize)> = examples_of(question.examples);
    let make = |codes: &[String], context: &[Shown<'_>], count: usize| {
        let mut definitions = Vec::with_capacity(tasks.len());
        for (index, task) in tasks.iter().enumerate() {
            definitions.push(Entry {
                id: identifier(index),
                kind: task.definition().kind.word(),
                name: &task.definition().qualified_name,
                write: write(task),
                kept: kept.get(index).and_then(Option::as_deref),
                code: codes.get(index).map_or("", String::as_str),
                complaints: complaints.get(index).and_then(Option::as_deref),
            });
        }
        let data = serde_json::to_string(&Data { context, definitions }).unwrap_or_default();
        ModelRequest {
            messages: messages(system.clone(), examples.get(count.wrapping_sub(1)), data),
            schema_name: "docstrings".to_owned(),
            schema: schema(shape),
            max_completion_tokens: longest_answers(tasks),
            deadline: None,
            attempts: None,
        }
    };
    let shown = blocks::shared(question.around);
    let measure = |codes: &[String], shown: &[Shown<'_>], count: usize| {
        tokens::count_with(&make(codes, shown, count), room.count)
    };
    let fitted = room::fit(Parts { codes, shown, examples: examples.len() }, room, &measure)?;
    let request = make(&fitted.codes, &fitted.shown, fitted.examples);
    let of_examples = examples.get(fitted.examples.wrapping_sub(1)).map_or(0, |(_, secrets)| *secrets);
    let beside = fitted.shown.iter().map(Shown::secrets).sum::<usize>() + of_examples;
    Ok(Asked { request, redacted: redacted + beside })
}

/// Puts rules, examples and data behind each other: what changes least comes first.
fn messages(system: Message, examples: Option<&(Message, usize)>, data: String) -> Vec<Message> {
    let mut messages = vec![system];
    messages.extend(examples.map(|(message, _)| message.clone()));
    messages.push(Message::user(data));
    messages
}

/// Makes the messages with the first example, with the first two and so on, and counts the secrets that were replaced in each.
fn examples_of(examples: &[Example]) -> Vec<(Message, usize)> {
    let mut secrets = 0;
    let mut blocks = Vec::with_capacity(examples.len());
    let mut made = Vec::with_capacity(examples.len());
    for example in examples {
        let ((code, in_code), (docstring, in_docstring)) =
            (redact(&example.code), redact(&example.docstring));
        secrets += in_code + in_docstring;
        blocks.push(json!({
            "kind": example.kind,
            "name": example.name,
            "code": code,
            "docstring": docstring,
        }));
        made.push((Message::user(json!({ "examples": blocks }).to_string()), secrets));
    }
    made
}

/// Leaves out code where a question of it alone does not fit; `measure` says how many tokens one has.
pub(super) fn fit_codes(
    codes: Vec<String>,
    room: &Room<'_>,
    measure: &dyn Fn(&[String]) -> u64,
) -> Result<Vec<String>, TooLarge> {
    let measure = |codes: &[String], _: &[Shown<'_>], _: usize| measure(codes);
    room::fit(Parts { codes, shown: Vec::new(), examples: 0 }, room, &measure).map(|fitted| fitted.codes)
}

/// A rule may quote the code: a default, for one.
fn without_secrets(task: &Task, complaint: &Complaint) -> Vec<String> {
    let hidden = redacted_in(task.definition().span.of(&task.file.text));
    let without = |reason: &String| {
        hidden.iter().fold(reason.clone(), |reason, secret| reason.replace(secret, REDACTED))
    };
    complaint.reasons.iter().map(without).collect()
}

fn write(task: &Task) -> Write<'_> {
    let slots = &task.slots;
    Write {
        summary: slots.summary,
        summary_characters: slots
            .summary
            .then(|| task.layout().summary_room())
            .filter(|room| *room < rules::LONGEST_SUMMARY),
        parameters: &slots.parameters,
        returns: slots.returns,
        yields: slots.yields,
        raises: &slots.raises,
        note: slots.extra.note.then_some(true),
        example: slots.extra.example.then_some(true),
    }
}

/// The tokens an answer about some definitions may take.
pub(super) fn longest_answers(tasks: &[&Task]) -> u64 {
    const FRAME: u64 = 100;
    tasks.iter().map(|task| longest_answer(task)).sum::<u64>() + FRAME
}

/// The tokens an answer about one definition may take: generous, since what is cut off is paid for and lost.
pub(super) fn longest_answer(task: &Task) -> u64 {
    let slots = &task.slots;
    let entries =
        slots.parameters.len() + slots.raises.len() + usize::from(slots.returns) + usize::from(slots.yields);
    let extras = 160 * u64::from(slots.extra.note) + 240 * u64::from(slots.extra.example);
    120 + 160 * u64::from(slots.summary) + 80 * entries as u64 + extras
}
