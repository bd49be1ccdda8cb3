//! Writing prose: the built binary, real git, and the fake Azure over HTTP.

use std::process::Command;

use serde_json::{Value, json};

use crate::azure::{Answer, DEPLOYMENT, FakeAzure, KEY};
use crate::harness::{BINARY, Run, Scratch};

mod adversarial;
mod answers;
mod around;
mod doubts;
mod failures;
mod faults;
mod limits;
mod questions;
mod records;
mod remembering;
mod secrets;
mod showing;
mod writing;

/// A function without a docstring, with everything a docstring speaks of.
pub(crate) const CODE: &str = "\"\"\"Shapes.\"\"\"\n\n\ndef area(width, height):\n    if width < 0:\n        raise ValueError(width)\n    return width * height\n";

/// Returns the definitions that a request asks about.
pub(crate) fn asked(body: &Value) -> Vec<Value> {
    let messages = body["messages"].as_array().unwrap();
    // Examples stand before the code.
    let user = messages.iter().rfind(|message| message["role"] == "user").unwrap();
    let data: Value = serde_json::from_str(user["content"].as_str().unwrap()).unwrap();
    data["definitions"].as_array().unwrap().clone()
}

/// Returns the examples that a request shows.
pub(crate) fn examples(body: &Value) -> Vec<Value> {
    let messages = body["messages"].as_array().unwrap();
    let data = messages.iter().filter_map(|it| serde_json::from_str::<Value>(it["content"].as_str()?).ok());
    data.filter_map(|data| data["examples"].as_array().cloned()).flatten().collect()
}

/// Answers one definition as a good model does.
fn good(definition: &Value) -> Value {
    let write = &definition["write"];
    let named = |names: &Value, text: &str| -> Vec<Value> {
        let names = names.as_array().unwrap();
        names.iter().map(|name| json!({"name": name, "text": text})).collect()
    };
    let text = |wanted: &Value, text: &str| if *wanted == json!(true) { json!(text) } else { Value::Null };
    let mut answer = json!({
        "id": definition["id"],
        "summary": text(&write["summary"], "Work out what is asked for."),
        "description": null,
        "parameters": named(&write["parameters"], "One of the values."),
        "returns": text(&write["returns"], "What came of it."),
        "yields": text(&write["yields"], "One after the other."),
        "raises": named(&write["raises"], "If that cannot be."),
    });
    // Where nobody asked for them, the schema does not know them.
    for extra in ["note", "example"] {
        if write[extra] == json!(true) {
            answer[extra] = Value::Null;
        }
    }
    answer
}

/// Answers a request as a good model does.
pub(crate) fn well(body: &Value) -> Answer {
    let definitions: Vec<Value> = asked(body).iter().map(good).collect();
    Answer::Content(json!({ "definitions": definitions }))
}

/// Starts a service that answers well.
pub(crate) fn good_service() -> FakeAzure {
    FakeAzure::scripted(|body, _| well(body))
}

/// Starts a service that changes every good answer before it is sent.
fn changing(change: impl Fn(&mut Value, usize) + Send + Sync + 'static) -> FakeAzure {
    FakeAzure::scripted(move |body, index| {
        let mut definitions: Vec<Value> = asked(body).iter().map(good).collect();
        for definition in &mut definitions {
            change(definition, index);
        }
        Answer::Content(json!({ "definitions": definitions }))
    })
}

/// Prepares docgate with the service configured as a person would, and with what a test adds.
pub(crate) fn configured(scratch: &Scratch, uri: &str, arguments: &[&str], more: &[(&str, &str)]) -> Command {
    let mut command = scratch.command(BINARY);
    command
        .args(arguments)
        .env("AZURE_OPENAI_ENDPOINT", uri)
        .env("AZURE_OPENAI_API_KEY", KEY)
        .env("AZURE_OPENAI_DEPLOYMENT", DEPLOYMENT)
        .env("DOCGATE_AZURE_MODEL", "gpt-4o-mini")
        .env("DOCGATE_REQUESTS_PER_MINUTE", "6000000")
        .env("DOCGATE_TOKENS_PER_MINUTE", "60000000")
        .envs(more.iter().copied());
    command
}

/// Runs docgate with the service configured as a person would, and with what a test adds.
pub(crate) fn run_with(scratch: &Scratch, uri: &str, arguments: &[&str], more: &[(&str, &str)]) -> Run {
    let run = Run::from_output(&configured(scratch, uri, arguments, more).output().unwrap());
    assert!(!run.all().contains(KEY), "the key was printed: {}", run.all());
    run
}

fn run(scratch: &Scratch, service: &FakeAzure, arguments: &[&str]) -> Run {
    run_with(scratch, &service.uri(), arguments, &[])
}

/// Stages files in a repository without commits.
fn staged(files: &[(&str, &str)]) -> Scratch {
    let scratch = Scratch::new();
    for (path, text) in files {
        scratch.write(path, text);
    }
    scratch.git(["add", "--all"]);
    scratch
}

/// Puts together as many numbered pieces of text.
fn many(count: usize, piece: impl Fn(usize) -> String) -> String {
    (0..count).map(piece).collect()
}

/// Files with one undocumented function each.
fn many_files(count: usize) -> Scratch {
    let scratch = Scratch::new();
    for index in 0..count {
        scratch.write(&format!("m{index}.py"), CODE.replace("area", &format!("area{index}")));
    }
    scratch.git(["add", "--all"]);
    scratch
}
