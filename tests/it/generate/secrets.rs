//! What never leaves: secrets in the source, the key, and source text in logs.

use std::fs;
use std::path::Path;

use serde_json::{Value, json};

use crate::azure::{FakeAzure, KEY};

use super::{CODE, changing, good_service, many, run, run_with, staged};

const SECRETS: &[(&str, &str)] = &[
    ("AKIAIOSFODNN7EXAMPLE", "key = \"AKIAIOSFODNN7EXAMPLE\""),
    ("hunter2-and-more", "password = 'hunter2-and-more'"),
    ("it's a hidden word", "password = \"it's a hidden word\""),
    ("over\n    two lines", "api_key = '''over\n    two lines'''"),
    ("wrapped-secret", "token = (\"wrapped-secret\")"),
    ("ghp_0123456789abcdefghijABCDEFGHIJ", "x = 'ghp_0123456789abcdefghijABCDEFGHIJ'"),
    (
        "MIIEpAIBAAKCAQEA",
        "pem = \"\"\"-----BEGIN RSA PRIVATE KEY-----\nMIIEpAIBAAKCAQEA\n-----END RSA PRIVATE KEY-----\"\"\"",
    ),
    ("s3cr3t-in-url", "dsn = 'postgres://me:s3cr3t-in-url@db/x'"),
];

fn sent(service: &FakeAzure) -> String {
    service.requests().iter().map(|received| received.body.to_string()).collect()
}

#[test]
fn secrets_in_the_source_are_not_sent_and_stay_in_the_file() {
    let lines = SECRETS.iter().map(|(_, line)| format!("    {line}\n")).collect::<Vec<_>>().concat();
    let code = CODE.replace("    if width", &format!("{lines}    if width"));
    let service = good_service();
    let scratch = staged(&[("a.py", &code)]);
    let result = run(&scratch, &service, &["fix"]);
    assert_eq!(result.code, Some(0), "{}", result.all());
    let sent = sent(&service);
    for (secret, line) in SECRETS {
        assert!(!sent.contains(&secret.replace('\n', "\\\\n")), "{secret} in {sent}");
        assert!(!sent.contains(secret.split('\n').next().unwrap()), "{secret} in {sent}");
        assert!(scratch.staged("a.py").contains(line), "{line}");
    }
    assert!(result.all().contains(&format!("{} secrets", SECRETS.len())), "{}", result.all());
}

#[test]
fn secrets_are_counted_where_a_question_has_to_be_put_in_parts() {
    let parameters = many(60, |index| format!("parameter_number_{index}, "));
    let function = |index: usize| {
        format!("def f{index}({parameters}key=\"AKIAABCDEFGHIJKLMN{index:02}\"):\n    return {index}\n\n\n")
    };
    let code = many(4, function);
    let scratch = staged(&[("a.py", &format!("\"\"\"Keys.\"\"\"\n\n\n{code}"))]);
    let service = good_service();
    let small = [("DOCGATE_CONTEXT_WINDOW", "5000")];
    let arguments = ["fix", "--output-format", "json"];
    let found = run_with(&scratch, &service.uri(), &arguments, &small);
    let report: Value = serde_json::from_str(&found.stdout).unwrap();
    assert!(service.request_count() > 1, "{}", found.all());
    assert_eq!(report["usage"]["redacted"], 4, "{}", found.all());
}

#[test]
fn a_complaint_does_not_carry_a_secret() {
    let code = CODE.replace("height)", "password=\"hunter2-and-more\")").replace("* height", "* 2");
    let service =
        changing(|answer, _| answer["parameters"][1]["text"] = json!("The word. Defaults to \"swordfish\"."));
    let scratch = staged(&[("a.py", &code)]);
    let result = run(&scratch, &service, &["fix"]);
    assert_eq!((result.code, service.request_count()), (Some(1), 3), "{}", result.all());
    assert!(!sent(&service).contains("hunter2-and-more"), "{}", sent(&service));
}

fn expect_nothing_in(folder: &Path, needle: &str) {
    for entry in fs::read_dir(folder).into_iter().flatten() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            expect_nothing_in(&path, needle);
        } else {
            let bytes = fs::read(&path).unwrap();
            let found = bytes.windows(needle.len()).any(|window| window == needle.as_bytes());
            assert!(!found, "{needle} in {}", path.display());
        }
    }
}

#[test]
fn the_key_and_the_source_are_in_no_log_and_not_in_the_cache() {
    for format in ["text", "json"] {
        let echo = FakeAzure::scripted(|body, index| match index {
            0 => crate::azure::Answer::Status(
                500,
                vec![("retry-after-ms", "1".to_owned())],
                json!({"error": {"code": KEY, "message": format!("{KEY} {}", body["messages"][1]["content"])}}),
            ),
            _ => super::well(body),
        });
        let scratch = staged(&[("a.py", &CODE.replace("width", "unmistakable_width"))]);
        let arguments = ["fix", "-vvv", "--log-format", format];
        let result = run_with(&scratch, &echo.uri(), &arguments, &[("DOCGATE_LOG", "trace")]);
        assert_eq!(result.code, Some(0), "{}", result.all());
        assert!(!result.stderr.is_empty());
        for needle in [KEY, "unmistakable_width", "Work out what", "One of the values"] {
            assert!(!result.stderr.contains(needle), "{needle} in {}", result.stderr);
        }
        expect_nothing_in(&scratch.beside("cache"), KEY);
        expect_nothing_in(&scratch.root(), KEY);
    }
}
