//! A service that does not answer, or not as it should: reported beside the finding, nothing changed.

use std::time::{Duration, Instant};

use serde_json::json;

use crate::azure::{Answer, FakeAzure};

use super::{CODE, asked, good_service, many_files, run, run_with, staged, well};

fn status(status: u16) -> Answer {
    Answer::Status(
        status,
        vec![("retry-after-ms", "1".to_owned())],
        json!({"error": {"code": "x", "message": "no"}}),
    )
}

#[test]
fn too_many_requests_are_waited_for() {
    let service = FakeAzure::scripted(|body, index| match index {
        0 => Answer::rate_limited("retry-after-ms", "400"),
        _ => well(body),
    });
    let scratch = staged(&[("a.py", CODE)]);
    let began = Instant::now();
    let result = run(&scratch, &service, &["fix"]);
    assert!(began.elapsed() >= Duration::from_millis(400));
    assert_eq!((result.code, service.request_count()), (Some(0), 2), "{}", result.all());
}

#[test]
fn errors_of_the_service_that_pass_are_survived() {
    let service = FakeAzure::scripted(|body, index| if index < 3 { status(500) } else { well(body) });
    let scratch = staged(&[("a.py", CODE)]);
    let result = run(&scratch, &service, &["fix"]);
    assert_eq!((result.code, service.request_count()), (Some(0), 4), "{}", result.all());
}

#[test]
fn a_service_that_fails_leaves_the_finding_and_the_code() {
    let answers = [
        ("500", status(500)),
        ("400", status(400)),
        ("filtered prompt", Answer::FilteredPrompt),
        ("filtered reply", Answer::FilteredReply),
        ("refusal", Answer::Refusal("I will not.".to_owned())),
        ("truncated", Answer::Truncated("{\"definitions\": [".to_owned())),
        ("empty", Answer::Text(String::new())),
        ("not JSON", Answer::Text("Sure! Here you go.".to_owned())),
        ("other JSON", Answer::Content(json!([1, 2]))),
        ("no answers", Answer::Content(json!({"definitions": []}))),
        ("garbage", Answer::Raw(vec![0xff, 0, 0xfe])),
    ];
    let count = answers.len();
    let names = answers.each_ref().map(|(name, _)| *name);
    let service = FakeAzure::scripted(move |body, _| {
        let asked = asked(body);
        let name = asked[0]["name"].as_str().unwrap();
        answers[name.trim_start_matches("area").parse::<usize>().unwrap()].1.clone()
    });
    let scratch = many_files(count);
    let result = run(&scratch, &service, &["fix"]);
    assert_eq!(result.code, Some(1), "{}", result.all());
    assert!(!result.stdout.contains("I will not."), "{}", result.stdout);
    for (index, name) in names.into_iter().enumerate() {
        assert!(result.stdout.contains(&format!("--> m{index}.py:4:5")), "{name}: {}", result.stdout);
        assert!(result.stdout.contains(&format!("failed: m{index}.py")), "{name}: {}", result.stdout);
    }
    assert_eq!(scratch.git(["diff", "--name-only"]).stdout, "");
    for index in 0..count {
        assert!(!scratch.staged(&format!("m{index}.py")).contains("Work out"), "{index}");
    }
}

#[test]
fn a_service_that_hangs_is_reported_as_such() {
    let service = FakeAzure::scripted(|_, _| Answer::Hang);
    let scratch = staged(&[("a.py", CODE)]);
    let result = run_with(&scratch, &service.uri(), &["fix"], &[("DOCGATE_AZURE_TIMEOUT", "1")]);
    assert_eq!((result.code, service.request_count()), (Some(1), 1), "{}", result.all());
    assert!(result.stdout.contains("failed: a.py"), "{}", result.stdout);
    assert!(result.stdout.contains("1 s"), "{}", result.stdout);
    assert_eq!(scratch.staged("a.py"), CODE);
}

#[test]
fn after_a_hopeless_error_nothing_more_is_sent() {
    for code in [401, 403, 404] {
        let service = FakeAzure::scripted(move |_, _| status(code));
        let scratch = many_files(12);
        let result = run(&scratch, &service, &["fix"]);
        assert_eq!(result.code, Some(1), "{}", result.all());
        // What is under way at the same time cannot be called back.
        assert!(service.request_count() <= 4, "{code}: {}", service.request_count());
        assert_eq!(result.stdout.matches("failed: m").count(), 12, "{}", result.stdout);
    }
}

#[test]
fn a_service_that_is_not_there_is_reported_with_a_hint() {
    let service = good_service();
    let uri = service.uri();
    drop(service);
    let scratch = many_files(6);
    let began = Instant::now();
    let result = run_with(&scratch, &uri, &["fix"], &[]);
    assert_eq!(result.code, Some(1), "{}", result.all());
    assert_eq!(result.stdout.matches("failed: m").count(), 6, "{}", result.stdout);
    assert!(began.elapsed() < Duration::from_secs(30), "{:?}", began.elapsed());
}

#[test]
fn one_file_s_failure_does_not_touch_another_s_answer() {
    let service = FakeAzure::scripted(|body, _| match asked(body)[0]["name"].as_str() {
        Some("area1") => Answer::FilteredPrompt,
        _ => well(body),
    });
    let scratch = many_files(3);
    let result = run(&scratch, &service, &["fix"]);
    assert_eq!((result.code, service.request_count()), (Some(1), 3), "{}", result.all());
    for (file, written) in [("m0.py", true), ("m1.py", false), ("m2.py", true)] {
        assert_eq!(scratch.staged(file).contains("Work out"), written, "{file}");
    }
}

#[test]
fn findings_that_only_the_model_could_answer_may_be_allowed_when_it_fails() {
    let service = FakeAzure::scripted(|_, _| status(400));
    let scratch = staged(&[("a.py", CODE), ("docgate.toml", "on-failure = \"allow\"\n")]);
    let result = run(&scratch, &service, &["fix"]);
    assert_eq!(result.code, Some(0), "{}", result.all());
    assert!(result.stdout.contains("warning[D103]"), "{}", result.stdout);
}
