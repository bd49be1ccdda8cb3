//! The pace against a service that enforces its limits in windows of its own: little is rejected, little is left unused.
//!
//! Short windows run with every test; the real ones take minutes and are an evidence run (`just evidence-limiter`).

use std::fs;
use std::num::NonZeroU64;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use docgate::model::client::{Client, ClientSettings};
use docgate::model::limiter::{Quota, Together};
use docgate::model::service::Service;
use docgate::model::tokens::estimate_bytes;
use docgate::model::{LanguageModel as _, Message, ModelRequest};
use docgate::secret::Secret;
use docgate::shared::Redis;
use futures_util::StreamExt as _;
use serde_json::{Value, json};

use crate::azure::quota::{Limits, Seen};
use crate::azure::{Answer, DEPLOYMENT, FakeAzure, KEY, MODEL, Received};
use crate::machines::server::{self, Server};

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
        attempts: None,
    }
}

/// Sends requests through docgate's client, which knows the quota and nothing else; gives how many were answered.
fn through_docgate(uri: &str, limits: Limits, requests: usize, together: Together) -> usize {
    let quota = Quota {
        window: limits.window,
        requests: NonZeroU64::new(limits.requests * 6).unwrap(),
        ..Quota::per_minute(1, limits.tokens).unwrap()
    };
    let azure = Service::Azure { deployment: DEPLOYMENT.to_owned(), api_version: None };
    let settings = ClientSettings {
        model: MODEL.to_owned(),
        together,
        ..ClientSettings::new(azure, uri, Secret::new(KEY), quota)
    };
    let client = Client::new(settings).unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let asked = futures_util::stream::iter(0..requests).map(|number| {
            let client = &client;
            async move { client.complete(&request(number)).await.is_ok() }
        });
        asked.buffer_unordered(client.concurrency()).filter(|ok| std::future::ready(*ok)).count().await
    })
}

/// What a process of [`across_processes`] is told, in JSON.
const SHARE: &str = "DOCGATE_TEST_SHARE";
const ANSWERED: &str = "answered: ";

/// The same by several processes, who share the quota through Redis and nothing else.
fn across_processes(service: &FakeAzure, limits: Limits, requests: usize, redis: &Server) -> usize {
    const PROCESSES: usize = 4;
    let share = json!({
        "uri": service.uri(),
        "redis": redis.url(),
        "requests": requests / PROCESSES,
        "tokens a window": limits.tokens,
        "requests a sixth": limits.requests,
        "window": u64::try_from(limits.window.as_millis()).unwrap(),
    });
    let processes: Vec<_> = (0..PROCESSES)
        .map(|_| {
            Command::new(std::env::current_exe().unwrap())
                .args(["--ignored", "--exact", "limiter::one_of_several_processes", "--nocapture"])
                .env(SHARE, share.to_string())
                .stdout(Stdio::piped())
                .spawn()
                .unwrap()
        })
        .collect();
    let answered = processes.into_iter().map(|process| {
        let output = process.wait_with_output().unwrap();
        let text = String::from_utf8(output.stdout).unwrap();
        let count = text.split(ANSWERED).nth(1).and_then(|rest| rest.split_whitespace().next());
        count.and_then(|count| count.parse::<usize>().ok()).unwrap_or_else(|| panic!("{text}"))
    });
    answered.sum()
}

#[test]
#[ignore = "one process of the runs that share a quota, which start it"]
fn one_of_several_processes() {
    let Ok(share) = std::env::var(SHARE) else { return };
    let share: Value = serde_json::from_str(&share).unwrap();
    let number = |name: &str| share[name].as_u64().unwrap();
    let limits = Limits {
        tokens: number("tokens a window"),
        requests: number("requests a sixth"),
        window: Duration::from_millis(number("window")),
    };
    let redis = Arc::new(Redis::new(server::settings(share["redis"].as_str().unwrap())).unwrap());
    let requests = usize::try_from(number("requests")).unwrap();
    let uri = share["uri"].as_str().unwrap();
    let answered = through_docgate(uri, limits, requests, Together::Machines(Arc::clone(&redis)));
    assert_eq!(redis.trouble(), None);
    println!("{ANSWERED}{answered}");
}

#[test]
fn a_quota_is_used_up_and_hardly_anything_is_rejected() {
    uses_up(|service, limits, requests| through_docgate(&service.uri(), limits, requests, Together::Process));
}

#[test]
fn a_quota_that_processes_share_is_used_up_and_hardly_anything_is_rejected() {
    let Some(redis) = server::server() else { return };
    uses_up(|service, limits, requests| across_processes(service, limits, requests, &redis));
}

fn uses_up(ask: impl FnOnce(&FakeAzure, Limits, usize) -> usize) {
    const REQUESTS: usize = 200;
    let limits = Limits { tokens: 300_000, requests: 12, window: Duration::from_secs(2) };
    let service = FakeAzure::limited(limits, |_, _| after(Duration::from_millis(30)));
    // How late this machine wakes up, which no pace can make good, shows in a clock that strikes as often.
    let metronome = thread::spawn(|| {
        let began = Instant::now();
        for _ in 0..REQUESTS {
            thread::sleep(Duration::from_millis(45));
        }
        began.elapsed()
    });
    let answered = ask(&service, limits, REQUESTS);
    let result = judged(&service, limits);
    assert_eq!(answered, REQUESTS, "{:?}", result.seen);
    // Late requests may fall into another window; the evidence run holds it to half a percent.
    assert!(result.seen.rejected() <= 6, "{:?}", result.seen);
    let lateness = metronome.join().unwrap().saturating_sub(Duration::from_millis(45) * 200);
    let useful =
        result.seen.elapsed.saturating_sub(lateness * 3).as_secs_f64() / result.seen.elapsed.as_secs_f64();
    assert!(result.reserved >= 0.9 * useful, "{} {useful} {:?}", result.reserved, result.seen);
}

fn after(delay: Duration) -> Answer {
    Answer::Delayed(delay, Box::new(Answer::Content(json!({}))))
}

/// The same requests in the loop that people write first: so many at a time, and a growing wait after each refusal.
fn naively(service: &FakeAzure, requests: usize) -> usize {
    const CONCURRENT: usize = 16;
    const RETRIES: u32 = 8;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    let uri = format!("{}/openai/v1/chat/completions", service.uri());
    runtime.block_on(async {
        let asked = futures_util::stream::iter(0..requests).map(|number| {
            let ModelRequest { messages, schema_name, schema, max_completion_tokens, .. } = request(number);
            let body = json!({
                "model": DEPLOYMENT,
                "messages": messages,
                "max_tokens": max_completion_tokens,
                "response_format": {
                    "type": "json_schema",
                    "json_schema": {"name": schema_name, "strict": true, "schema": schema},
                },
            });
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
        asked.buffer_unordered(CONCURRENT).filter(|ok| std::future::ready(*ok)).count().await
    })
}

const HEAD: &str = "# Evidence: the pace under a quota

| | |
|---|---|
| command | `just evidence-limiter` |
| what | 2,016 definitions: 252 requests of the size that eight definitions make; answers take two seconds |
| service | the fake Azure of the tests (`tests/it/azure/quota.rs`): tokens in fixed windows of 60 s, requests in fixed windows of 10 s, both beginning in the middle of a run; a call counts with a token for four characters of its prompt and with its completion limit, a rejected call counts as a request |
| docgate | its client (`src/model/client.rs`) in the debug build, told the quota and nothing else |
| four processes | the same requests by four operating-system processes with a client each, which share the quota through a `redis-server` of this machine (`src/model/limiter/window.lua`) and know nothing of each other |
| naive loop | the same requests, 16 at a time, half a second after a refusal, doubled each time up to eight seconds, eight times at most |

*Reserved* is what docgate takes from the quota for the calls that arrived (a token for three bytes, and the completion limit), over
what the quota allows in the time from the first call to the last; for the naive loop the same sum over the calls it made, rejected ones
included. *Admitted* is by the service's own count, of what it let through; for docgate it is lower because docgate estimates prompts higher.
Above 100 % is what windows give that are only partly inside the run, and what was made in vain.
More than half a percent of rejections, or less than 95 % of the tokens reserved where they are short, fails the run.
";

#[test]
#[ignore = "an evidence run of some minutes: just evidence-limiter"]
fn evidence() {
    const REQUESTS: usize = 252;
    let window = Duration::from_secs(60);
    let tokens = Limits { tokens: 400_000, requests: 400, window };
    let requests = Limits { tokens: 4_000_000, requests: 10, window };
    let table = [
        ("tokens", tokens, "docgate"),
        ("tokens", tokens, "four processes"),
        ("tokens", tokens, "naive loop"),
        ("requests", requests, "docgate"),
        ("requests", requests, "four processes"),
        ("requests", requests, "naive loop"),
    ];
    let play = |(what, limits, who): (&str, Limits, &str)| {
        let service = FakeAzure::limited(limits, |_, _| after(Duration::from_secs(2)));
        let began = Instant::now();
        let answered = match who {
            "docgate" => through_docgate(&service.uri(), limits, REQUESTS, Together::Process),
            "four processes" => {
                let redis = server::server().expect("an evidence run needs redis-server");
                across_processes(&service, limits, REQUESTS, &redis)
            }
            _ => naively(&service, REQUESTS),
        };
        let took = began.elapsed().as_secs_f64();
        let Measured { seen, reserved, admitted } = judged(&service, limits);
        let calls = seen.admitted + seen.rejected();
        let rejected = exact(seen.rejected()) / exact(calls);
        let requests = exact(calls) / (exact(limits.requests * 6) * seen.elapsed.as_secs_f64() / 60.0);
        let row = format!(
            "| {what} | {} tokens, {} requests | {who} | {took:.0} | {answered} of {REQUESTS} | {calls} | {} ({:.1} %) | {:.1} % | {:.1} % | {:.1} % |",
            limits.tokens,
            limits.requests * 6,
            seen.rejected(),
            rejected * 100.0,
            reserved * 100.0,
            admitted * 100.0,
            requests * 100.0,
        );
        eprintln!("{row}");
        let is_used = what != "tokens" || reserved >= 0.95;
        (row, who != "naive loop" && (rejected > 0.005 || !is_used || answered != REQUESTS))
    };
    let rows: Vec<(String, bool)> = thread::scope(|scope| {
        let threads: Vec<_> = table.into_iter().map(|row| scope.spawn(move || play(row))).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    let said = |program: &str, arguments: &[&str]| {
        let output = Command::new(program).args(arguments).output().unwrap();
        String::from_utf8(output.stdout).unwrap().trim().to_owned()
    };
    let commit = said("git", &["rev-parse", "--short", "HEAD"]);
    let date = said("date", &["--utc", "+%Y-%m-%d"]);
    let load = said("cut", &["-d ", "-f1-3", "/proc/loadavg"]);
    let mut page = format!(
        "{HEAD}\nRun on {date} at commit `{commit}`, on {} virtual cores with a load of {load} (over 1, 5 and 15 minutes) at the end.\n\n| what is short | quota a minute | who | seconds | answered | calls | rejected | tokens reserved, of the quota | tokens admitted | requests made, of the quota |\n|---|---|---|---|---|---|---|---|---|---|\n",
        thread::available_parallelism().unwrap()
    );
    for (row, _) in &rows {
        page.push_str(row);
        page.push('\n');
    }
    let path = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/target/evidence/limiter.md"));
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, page).unwrap();
    assert!(rows.iter().all(|(_, failed)| !failed), "{rows:#?}");
}
