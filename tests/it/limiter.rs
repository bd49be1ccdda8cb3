//! The pace against a service that enforces its limits in windows of its own: little is rejected, little is left unused.
//!
//! Short windows run with every test; the real ones take minutes and are an evidence run (`just evidence-limiter`).

use std::fmt::Write as _;
use std::num::NonZeroU64;
use std::time::{Duration, Instant};

use docgate::model::client::{Client, ClientSettings};
use docgate::model::limiter::Quota;
use docgate::model::service::Service;
use docgate::model::tokens::estimate_bytes;
use docgate::model::{LanguageModel as _, Message, ModelRequest};
use docgate::secret::Secret;
use futures_util::StreamExt as _;
use serde_json::{Value, json};

use crate::azure::quota::{Limits, Seen};
use crate::azure::{Answer, DEPLOYMENT, FakeAzure, KEY, MODEL, Received};
use crate::generate::{CODE, run_with, well};
use crate::harness::Scratch;

/// What a run did, seen from the service.
struct Measured {
    seen: Seen,
    /// What docgate reserves for the calls that arrived, over what the quota allowed in that time.
    reserved: f64,
    /// The same by the service's own count, of what it admitted.
    admitted: f64,
}

fn judged(service: &FakeAzure, limits: Limits) -> Measured {
    let seen = service.seen();
    let allowed = exact(limits.tokens) * seen.elapsed.as_secs_f64() / limits.window.as_secs_f64();
    let reserved: u64 = service.requests().iter().map(reserved).sum();
    Measured { seen, reserved: exact(reserved) / allowed, admitted: exact(seen.admitted_tokens) / allowed }
}

/// The estimate of the prompt and the limit of the answer, as docgate reserves them.
fn reserved(received: &Received) -> u64 {
    let body = &received.body;
    let messages = body["messages"].as_array().unwrap();
    let prompt: u64 =
        messages.iter().map(|it| 4 + estimate_bytes(it["content"].as_str().unwrap())).sum::<u64>() + 3;
    let format = &body["response_format"]["json_schema"];
    let schema =
        estimate_bytes(format["name"].as_str().unwrap()) + estimate_bytes(&format["schema"].to_string());
    prompt + schema + body["max_tokens"].as_u64().unwrap()
}

#[expect(clippy::cast_precision_loss, reason = "counts are far below 2^53")]
fn exact(number: u64) -> f64 {
    number as f64
}

/// The request that a group of eight definitions makes, by its size.
fn request(number: usize) -> ModelRequest {
    ModelRequest {
        messages: vec![
            Message::system("rules ".repeat(430)),
            Message::user("code ".repeat(500 + number % 100)),
        ],
        schema_name: "docstrings".to_owned(),
        schema: json!({"type": "object", "properties": {}, "required": [], "additionalProperties": false}),
        max_completion_tokens: 4_900,
        deadline: None,
    }
}

#[test]
fn a_quota_is_used_up_and_hardly_anything_is_rejected() {
    const REQUESTS: usize = 200;
    let limits = Limits { tokens: 300_000, requests: 12, window: Duration::from_secs(2) };
    let service = FakeAzure::limited(limits, |_, _| {
        Answer::Delayed(Duration::from_millis(30), Box::new(Answer::Content(json!({}))))
    });
    let quota = Quota {
        window: limits.window,
        requests: NonZeroU64::new(limits.requests * 6).unwrap(),
        ..Quota::per_minute(1, limits.tokens).unwrap()
    };
    let azure = Service::Azure { deployment: DEPLOYMENT.to_owned(), api_version: None };
    let settings = ClientSettings {
        model: MODEL.to_owned(),
        ..ClientSettings::new(azure, &service.uri(), Secret::new(KEY), quota)
    };
    let client = Client::new(settings).unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let answered = runtime.block_on(async {
        let asked = futures_util::stream::iter(0..REQUESTS).map(|number| {
            let client = &client;
            async move { client.complete(&request(number)).await.is_ok() }
        });
        asked.buffer_unordered(client.concurrency()).filter(|ok| std::future::ready(*ok)).count().await
    });
    let result = judged(&service, limits);
    assert_eq!(answered, REQUESTS, "{:?}", result.seen);
    // A busy machine may send late; the evidence run holds it to half a percent.
    assert!(result.seen.rejected() <= 4, "{:?}", result.seen);
    assert!(result.reserved >= 0.9, "{} {:?}", result.reserved, result.seen);
}

/// 2,000 definitions in 250 files of eight.
fn two_thousand() -> Scratch {
    let scratch = Scratch::new();
    for file in 0..250 {
        let functions: Vec<String> =
            (0..8).map(|index| CODE[16..].replace("area", &format!("area{file}_{index}"))).collect();
        scratch.write(&format!("m{file}.py"), format!("\"\"\"Shapes.\"\"\"\n\n\n{}", functions.join("\n\n")));
    }
    scratch.git(["add", "--all"]);
    scratch
}

fn after_two_seconds(body: &Value) -> Answer {
    Answer::Delayed(Duration::from_secs(2), Box::new(well(body)))
}

/// The loop that people write first: so many at a time, and a growing wait after each refusal.
fn naive(service: &FakeAzure, bodies: Vec<Value>) -> (usize, usize) {
    const CONCURRENT: usize = 16;
    const RETRIES: u32 = 8;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    let uri = format!("{}/openai/v1/chat/completions", service.uri());
    runtime.block_on(async {
        let asked = futures_util::stream::iter(bodies).map(|body| {
            let (client, uri) = (&client, &uri);
            async move {
                for attempt in 0..=RETRIES {
                    let sent = client.post(uri).header("api-key", KEY).json(&body).send().await.unwrap();
                    if sent.status() == 200 {
                        return true;
                    }
                    tokio::time::sleep(Duration::from_millis(500 << attempt.min(4))).await;
                }
                false
            }
        });
        let results: Vec<bool> = asked.buffer_unordered(CONCURRENT).collect().await;
        let answered = results.iter().filter(|ok| **ok).count();
        (answered, results.len() - answered)
    })
}

const HEAD: &str = "# Evidence: the pace under a quota

| | |
|---|---|
| command | `just evidence-limiter` |
| what | 2,000 definitions in 250 files, asked about eight at a time; answers take two seconds |
| service | the fake Azure of the tests (`tests/it/azure/quota.rs`): tokens in fixed windows of 60 s, requests in fixed windows of 10 s, both beginning in the middle of a run; a call counts with a token for four characters of its prompt and with its completion limit, a rejected call counts as a request |
| docgate | the debug build, `docgate fix` with the quota as `azure.tokens-per-minute` and `azure.requests-per-minute`, nothing else set |
| naive loop | the same requests, 16 at a time, half a second after a refusal, doubled each time up to eight seconds, eight times at most |

*Reserved* is what docgate takes from the quota for the calls that arrived (a token for three bytes, and the completion limit), over
what the quota allows in the time from the first call to the last; for the naive loop the same sum over the calls it made, rejected ones included.
*Admitted* is the same by the service's own count, of what it let through; it is lower because docgate estimates prompts higher.
A row of docgate with more than half a percent of rejections fails the run.
";

#[test]
#[ignore = "an evidence run of ten minutes and more: just evidence-limiter"]
fn evidence() {
    let window = Duration::from_secs(60);
    let table = [
        ("tokens are short", Limits { tokens: 400_000, requests: 400, window }),
        ("requests are short", Limits { tokens: 4_000_000, requests: 10, window }),
    ];
    let mut page = String::new();
    let mut row = |text: String| {
        eprintln!("{text}");
        writeln!(page, "{text}").unwrap();
    };
    row("| what is short | quota a minute | who | seconds | calls | rejected | reserved, of the quota | admitted by the service's count | definitions written |".to_owned());
    row("|---|---|---|---|---|---|---|---|---|".to_owned());
    for (name, limits) in table {
        let quota = format!("{} tokens, {} requests", limits.tokens, limits.requests * 6);
        let scratch = two_thousand();
        let service = FakeAzure::limited(limits, |body, _| after_two_seconds(body));
        let more = [
            ("DOCGATE_TOKENS_PER_MINUTE", limits.tokens.to_string()),
            ("DOCGATE_REQUESTS_PER_MINUTE", (limits.requests * 6).to_string()),
        ];
        let more: Vec<(&str, &str)> = more.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let began = Instant::now();
        let run = run_with(&scratch, &service.uri(), &["fix"], &more);
        let took = began.elapsed().as_secs_f64();
        assert_eq!(run.code, Some(0), "{}", run.stderr);
        let written: usize =
            (0..250).map(|file| scratch.read(&format!("m{file}.py")).matches("Work out what").count()).sum();
        let result = judged(&service, limits);
        let line = |who: &str, took: f64, result: &Measured, written: usize| {
            let calls = result.seen.admitted + result.seen.rejected();
            let share = exact(result.seen.rejected()) / exact(calls) * 100.0;
            format!(
                "| {name} | {quota} | {who} | {took:.0} | {calls} | {} ({share:.1} %) | {:.1} % | {:.1} % | {written} |",
                result.seen.rejected(),
                result.reserved * 100.0,
                result.admitted * 100.0,
            )
        };
        row(line("docgate", took, &result, written));
        assert!(exact(result.seen.rejected()) <= 0.005 * exact(result.seen.admitted), "{:?}", result.seen);
        let bodies: Vec<Value> = service.requests().into_iter().map(|received| received.body).collect();
        drop(service);
        let service = FakeAzure::limited(limits, |body, _| after_two_seconds(body));
        let bodies: Vec<Value> = bodies
            .into_iter()
            .map(|mut body| {
                body["model"] = json!(DEPLOYMENT);
                body
            })
            .collect();
        let began = Instant::now();
        let (answered, _) = naive(&service, bodies);
        let took = began.elapsed().as_secs_f64();
        row(line("naive loop", took, &judged(&service, limits), answered * 8));
    }
    let page = format!("{HEAD}\n{page}");
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/target/evidence/limiter.md");
    std::fs::create_dir_all(std::path::Path::new(path).parent().unwrap()).unwrap();
    std::fs::write(path, page).unwrap();
}
