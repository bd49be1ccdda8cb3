//! The fake held against OpenAI's own client: what it sends is understood, and what it is answered is Azure's.

use std::collections::HashSet;
use std::path::Path;
use std::process::Command;
use std::sync::Mutex;

use serde_json::{Value, json};

use super::{Answer, DEPLOYMENT, FakeAzure, KEY, error_body};
use crate::tools;

/// Does what the last message says; what is to fail once is answered the second time.
fn as_told(seen: &Mutex<HashSet<String>>, body: &Value) -> Answer {
    let told = body["messages"].as_array().unwrap().last().unwrap()["content"].as_str().unwrap().to_owned();
    let well =
        Answer::Content(json!({"summary": "Do it.", "description": null, "steps": [{"text": "One."}]}));
    let is_new = seen.lock().unwrap().insert(told.clone());
    let words: Vec<&str> = told.split(' ').collect();
    match words.as_slice() {
        ["limit" | "fail", ..] if !is_new => well,
        ["limit", "retry-after", ..] => Answer::rate_limited("retry-after", "1"),
        ["limit", ..] => Answer::rate_limited("retry-after-ms", "1500"),
        ["fail", ..] => Answer::Status(500, Vec::new(), error_body("InternalServerError", "busy")),
        ["refuse"] => Answer::Refusal("no".to_owned()),
        ["cut"] => Answer::Truncated("{\"summary\": \"Do".to_owned()),
        ["filter", "reply"] => Answer::FilteredReply,
        ["filter", "prompt"] => Answer::FilteredPrompt,
        ["hang", "up"] => Answer::Disconnect,
        ["hang"] => Answer::Hang,
        _ => well,
    }
}

#[test]
fn openai_s_own_client_takes_the_fake_for_azure() {
    let seen = Mutex::new(HashSet::new());
    let service = FakeAzure::scripted(move |body, _| as_told(&seen, body));
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/azure/sdk.py");
    let output = Command::new(tools::openai().join("bin/python"))
        .arg(script)
        .args([&service.uri(), KEY, DEPLOYMENT])
        .env_clear()
        .output()
        .unwrap();
    let said =
        format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success() && said.contains("understood"), "{said}");
    // Both routes and both ways to say the key were used.
    let requests = service.requests();
    let has = |path: &str, header: &str| {
        requests.iter().any(|it| it.path.starts_with(path) && it.header(header).is_some())
    };
    assert!(has("/openai/deployments/", "api-key") && has("/openai/v1/", "authorization"));
}
