//! A service that fails in every way at random: each definition ends in exactly one outcome.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::azure::{Answer, FakeAzure};
use crate::harness::Scratch;

use super::{CODE, run_with, well};

/// Answers as the dice fall: about half of them well.
fn at_random(body: &Value, index: usize) -> Answer {
    let seed = blake3::hash(&index.to_le_bytes()).as_bytes()[0];
    let passing = |status: u16| {
        Answer::Status(
            status,
            vec![("retry-after-ms", "2".to_owned())],
            json!({"error": {"message": "busy"}}),
        )
    };
    match seed {
        0..20 => Answer::rate_limited("retry-after-ms", "3"),
        20..40 => passing(500),
        40..55 => passing(503),
        55..70 => Answer::Disconnect,
        70..74 => Answer::Hang,
        74..84 => Answer::Raw(b"<html>\xff</html>".to_vec()),
        84..94 => Answer::Text("Sure! Here you go.".to_owned()),
        94..104 => Answer::Truncated("{\"definitions\": [".to_owned()),
        104..110 => Answer::FilteredPrompt,
        110..116 => Answer::FilteredReply,
        116..122 => Answer::Refusal("no".to_owned()),
        122..130 => Answer::Content(json!({"definitions": []})),
        _ => well(body),
    }
}

/// Files of three functions, so that requests are split as well.
fn scratch(files: usize) -> Scratch {
    let scratch = Scratch::new();
    for file in 0..files {
        let functions: Vec<String> =
            (0..3).map(|index| CODE[16..].replace("area", &format!("area{file}_{index}"))).collect();
        scratch.write(&format!("m{file}.py"), format!("\"\"\"Shapes.\"\"\"\n\n\n{}", functions.join("\n\n")));
    }
    scratch.git(["add", "--all"]);
    scratch
}

fn play(files: usize) -> usize {
    let service = FakeAzure::scripted(at_random);
    let scratch = scratch(files);
    let more = [("DOCGATE_AZURE_TIMEOUT", "1"), ("DOCGATE_RETRIES", "3"), ("DOCGATE_CONCURRENCY", "64")];
    let result = run_with(&scratch, &service.uri(), &["fix", "--output-format", "json"], &more);
    assert_eq!(result.code, Some(1), "{}", result.stderr);
    let report: Value = serde_json::from_str(&result.stdout).unwrap();
    let mut outcomes: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for outcome in report["outcomes"].as_array().unwrap() {
        let name = outcome["definition"].as_str().unwrap().to_owned();
        outcomes.entry(name).or_default().push(outcome["state"].as_str().unwrap().to_owned());
    }
    assert_eq!(outcomes.len(), files * 3);
    for (name, found) in &outcomes {
        assert_eq!(found.len(), 1, "{name}: {found:?}");
        let written = scratch.read(&format!("m{}.py", name[4..].split('_').next().unwrap()));
        let body = written.split(&format!("def {name}(")).nth(1).unwrap();
        let has_docstring = body.lines().nth(1).unwrap().trim_start().starts_with("\"\"\"");
        assert_eq!(has_docstring, found[0] == "written", "{name}: {found:?}");
    }
    let written = outcomes.values().filter(|found| found[0] == "written").count();
    assert!(written > files && written < files * 3, "{written} of {}", files * 3);
    service.request_count()
}

#[test]
fn every_definition_ends_in_exactly_one_outcome() {
    assert!(play(60) > 60);
}

#[test]
#[ignore = "an evidence run of minutes: cargo test --test it -- --ignored ten_thousand"]
fn ten_thousand_requests_end_in_exactly_one_outcome_each() {
    let mut requests = 0;
    while requests < 10_000 {
        requests += play(600);
        eprintln!("{requests} requests");
    }
}
