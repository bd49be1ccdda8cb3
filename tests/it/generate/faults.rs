//! A service that fails in every way at random, and runs that are killed: each definition ends in exactly one outcome.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::azure::{Answer, FakeAzure};
use crate::harness::Scratch;

use super::{CODE, asked, configured, run_with, well};

/// Which throws of the dice are which fault, and what is served then; everything else is answered well.
const FAULTS: &[(u8, &str)] = &[
    (20, "429"),
    (40, "500"),
    (55, "503"),
    (70, "disconnect"),
    (74, "hang"),
    (84, "no HTTP body of ours"),
    (94, "no JSON"),
    (104, "cut off"),
    (110, "prompt filtered"),
    (116, "reply filtered"),
    (122, "refusal"),
    (130, "JSON without the answers"),
];

/// What became of requests, as the service saw it.
#[derive(Debug, Default)]
struct Tally {
    faults: BTreeMap<&'static str, u64>,
    /// How often each definition was answered well.
    answered: BTreeMap<String, u64>,
}

/// Throws the dice for a request: they fall alike for the same seed and place in the row.
fn fault(seed: u64, index: usize) -> &'static str {
    let thrown = blake3::hash(format!("{seed} {index}").as_bytes()).as_bytes()[0];
    FAULTS.iter().find(|(below, _)| thrown < *below).map_or("well", |(_, name)| *name)
}

fn at_random(seed: u64, body: &Value, index: usize, tally: &Mutex<Tally>) -> Answer {
    let fault = fault(seed, index);
    {
        let mut tally = tally.lock().unwrap();
        *tally.faults.entry(fault).or_default() += 1;
        if fault == "well" {
            for one in asked(body) {
                *tally.answered.entry(one["name"].as_str().unwrap().to_owned()).or_default() += 1;
            }
        }
    }
    let passing = |status: u16| {
        Answer::Status(
            status,
            vec![("retry-after-ms", "2".to_owned())],
            json!({"error": {"message": "busy"}}),
        )
    };
    match fault {
        "429" => Answer::rate_limited("retry-after-ms", "3"),
        "500" => passing(500),
        "503" => passing(503),
        "disconnect" => Answer::Disconnect,
        "hang" => Answer::Hang,
        "no HTTP body of ours" => Answer::Raw(b"<html>\xff</html>".to_vec()),
        "no JSON" => Answer::Text("Sure! Here you go.".to_owned()),
        "cut off" => Answer::Truncated("{\"definitions\": [".to_owned()),
        "prompt filtered" => Answer::FilteredPrompt,
        "reply filtered" => Answer::FilteredReply,
        "refusal" => Answer::Refusal("no".to_owned()),
        "JSON without the answers" => Answer::Content(json!({"definitions": []})),
        _ => well(body),
    }
}

fn service(seed: u64) -> (FakeAzure, Arc<Mutex<Tally>>) {
    let tally: Arc<Mutex<Tally>> = Arc::default();
    let kept = Arc::clone(&tally);
    (FakeAzure::scripted(move |body, index| at_random(seed, body, index, &kept)), tally)
}

/// Files of one function, and every third of three, so that requests are split as well.
fn scratch(files: usize) -> Scratch {
    let scratch = Scratch::new();
    for file in 0..files {
        scratch.write(&format!("m{file}.py"), before(file));
    }
    scratch.git(["add", "--all"]);
    scratch
}

fn functions(file: usize) -> usize {
    if file.is_multiple_of(3) { 3 } else { 1 }
}

fn before(file: usize) -> String {
    let functions: Vec<String> = (0..functions(file))
        .map(|index| CODE[16..].replace("area", &format!("area{file}_{index}")))
        .collect();
    format!("\"\"\"Shapes.\"\"\"\n\n\n{}", functions.join("\n\n"))
}

const MORE: [(&str, &str); 3] =
    [("DOCGATE_AZURE_TIMEOUT", "1"), ("DOCGATE_RETRIES", "3"), ("DOCGATE_CONCURRENCY", "64")];

/// What a run came to.
#[derive(Debug, Default)]
struct Played {
    requests: usize,
    kills: usize,
    written: usize,
    failed: usize,
    /// Definitions that were answered well more than once.
    repeated: usize,
    faults: BTreeMap<&'static str, u64>,
}

/// Kills a run after so many requests, without a warning; says whether it was still running.
fn killed_after(scratch: &Scratch, service: &FakeAzure, requests: usize) -> bool {
    let mut child = configured(scratch, &service.uri(), &["fix"], &MORE)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let until = service.request_count() + requests;
    while service.request_count() < until && child.try_wait().unwrap().is_none() {
        thread::sleep(Duration::from_millis(2));
    }
    let was_running = child.try_wait().unwrap().is_none();
    child.kill().unwrap();
    child.wait().unwrap();
    was_running
}

/// Lets a run be killed some times, and then end; every definition must have one outcome, that is true.
fn play(seed: u64, files: usize, kills: usize) -> Played {
    let (service, tally) = service(seed);
    let scratch = scratch(files);
    let mut played = Played::default();
    for kill in 0..kills {
        let dice = blake3::hash(format!("{seed} kill {kill}").as_bytes()).as_bytes()[0];
        played.kills += usize::from(killed_after(&scratch, &service, files / 4 + usize::from(dice) % files));
        // Nothing is written before all is known, and then each file in one step.
        for file in 0..files {
            let (text, before) = (scratch.read(&format!("m{file}.py")), before(file));
            let lines = |text: &str| -> Vec<String> {
                // A docstring brings blank lines of its own.
                text.lines().filter(|line| !line.is_empty()).map(str::to_owned).collect()
            };
            let expected = lines(&before);
            let code: Vec<String> = lines(&text).into_iter().filter(|line| expected.contains(line)).collect();
            assert_eq!(code, expected, "seed {seed}: m{file}.py lost code");
        }
    }
    let result = run_with(&scratch, &service.uri(), &["fix", "--output-format", "json"], &MORE);
    assert!(matches!(result.code, Some(0 | 1)), "seed {seed}: {}", result.stderr);
    let report: Value = serde_json::from_str(&result.stdout).unwrap();
    let mut outcomes: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for outcome in report["outcomes"].as_array().unwrap() {
        let name = outcome["definition"].as_str().unwrap().to_owned();
        outcomes.entry(name).or_default().push(outcome["state"].as_str().unwrap().to_owned());
    }
    let expected: BTreeSet<String> = (0..files)
        .flat_map(|file| (0..functions(file)).map(move |index| format!("area{file}_{index}")))
        .collect();
    assert!(outcomes.keys().all(|name| expected.contains(name)), "seed {seed}: {outcomes:?}");
    let tally = tally.lock().unwrap();
    for name in &expected {
        // What a run before this one had written is no news; there was none unless it was killed.
        let usual = if kills > 0 { vec!["written".to_owned()] } else { Vec::new() };
        let found = outcomes.get(name).unwrap_or(&usual);
        assert_eq!(found.len(), 1, "seed {seed}: {name}: {found:?}");
        let written = scratch.read(&format!("m{}.py", name[4..].split('_').next().unwrap()));
        let body = written.split(&format!("def {name}(")).nth(1).unwrap();
        let has_docstring = body.lines().nth(1).unwrap().trim_start().starts_with("\"\"\"");
        assert_eq!(has_docstring, found[0] == "written", "seed {seed}: {name}: {found:?}");
        // Nothing is written that nobody answered.
        assert!(!has_docstring || tally.answered.contains_key(name.as_str()), "seed {seed}: {name}");
        played.written += usize::from(has_docstring);
        played.failed += usize::from(!has_docstring);
    }
    assert_eq!(result.code, Some(i32::from(played.failed > 0)), "seed {seed}: {}", result.stderr);
    played.requests = service.request_count();
    played.repeated = tally.answered.values().filter(|count| **count > 1).count();
    played.faults.clone_from(&tally.faults);
    // What was answered is remembered, unless it was on its way when the run was killed: three functions a request, and
    // 64 requests at most are.
    assert!(played.repeated <= played.kills * 64 * 3, "seed {seed}: {played:?}");
    if played.kills == 0 {
        assert_eq!(played.repeated, 0, "seed {seed}: {played:?}");
    }
    let info = scratch.docgate(["cache", "info"]);
    let count = |what: &str| -> usize {
        let line = info.stdout.lines().find(|line| line.starts_with(what)).unwrap();
        line.split_whitespace().nth(1).unwrap().parse().unwrap()
    };
    assert_eq!((info.code, count("stale")), (Some(0), 0), "seed {seed}: {}", info.all());
    // What one run has written, the cache has; what failed for good is remembered as well.
    assert_eq!(count("answers"), played.written, "seed {seed}: {}", info.all());
    assert!(count("failures") <= played.failed, "seed {seed}: {}", info.all());
    played
}

#[test]
fn every_definition_ends_in_exactly_one_outcome() {
    let played = play(1, 60, 0);
    assert!(played.requests > 60 && played.written > 40 && played.failed > 0, "{played:?}");
}

#[test]
fn a_run_that_is_killed_goes_on_where_it_was() {
    let played = play(2, 40, 3);
    assert!(played.kills > 0 && played.written > 30, "{played:?}");
}

#[test]
#[ignore = "an evidence run of minutes: just evidence-faults"]
fn evidence() {
    const REQUESTS: usize = 10_000;
    let began = Instant::now();
    let next = AtomicU64::new(0);
    let done = AtomicUsize::new(0);
    let played = Mutex::new(BTreeMap::new());
    thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                while done.load(Ordering::Relaxed) < REQUESTS {
                    let seed = next.fetch_add(1, Ordering::Relaxed) + 1;
                    // Every third round is killed; the rest shows that nothing is asked twice.
                    let round = play(seed, 240, if seed.is_multiple_of(3) { 3 } else { 0 });
                    done.fetch_add(round.requests, Ordering::Relaxed);
                    eprintln!("seed {seed}: {round:?}");
                    played.lock().unwrap().insert(seed, round);
                }
            });
        }
    });
    let mut rows = String::new();
    let mut sum = Played::default();
    for (seed, round) in played.into_inner().unwrap() {
        let _ = writeln!(
            rows,
            "| {seed} | {} | {} | {} | {} | {} | {} |",
            round.requests,
            round.kills,
            round.written + round.failed,
            round.written,
            round.failed,
            round.repeated
        );
        sum.requests += round.requests;
        sum.kills += round.kills;
        sum.written += round.written;
        sum.failed += round.failed;
        for (fault, count) in round.faults {
            *sum.faults.entry(fault).or_default() += count;
        }
    }
    let said = |program: &str, arguments: &[&str]| {
        let output = Command::new(program).args(arguments).output().unwrap();
        String::from_utf8(output.stdout).unwrap().trim().to_owned()
    };
    let faults: Vec<String> = sum.faults.iter().map(|(fault, count)| format!("{count} × {fault}")).collect();
    let mut page = format!(
        "{HEAD}\nRun on {} at commit `{}`, in {} s. {} requests, {} kills; of {} definitions {} were written and {} failed.\n\n",
        said("date", &["--utc", "+%Y-%m-%d"]),
        said("git", &["rev-parse", "--short", "HEAD"]),
        began.elapsed().as_secs(),
        sum.requests,
        sum.kills,
        sum.written + sum.failed,
        sum.written,
        sum.failed,
    );
    let _ = writeln!(page, "What the service did: {}.\n", faults.join(", "));
    page.push_str("| seed | requests | kills | definitions | written | failed | answered more than once |\n|---|---|---|---|---|---|---|\n");
    page.push_str(&rows);
    let path = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/target/evidence/faults.md"));
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, page).unwrap();
}

const HEAD: &str = "# Evidence: a service that fails, and runs that are killed

| | |
|---|---|
| command | `just evidence-faults` |
| what | `docgate fix` in the debug build over 240 files of one undocumented function, or of three in every third file, 64 requests at a time, in rounds until 10,000 requests have arrived; two rounds at once |
| service | the fake Azure of the tests: the dice decide about each request, by the seed of the round (`tests/it/generate/faults.rs`); about half are answered well |
| kills | in every third round the run is killed three times (`kill -9`) after a random number of requests, and started again |

Each round fails the run, and names its seed, unless every definition has exactly one outcome in the report, or was written before a kill; the file has a docstring where the report
says *written*, and none where it does not; nothing was written that the service had not answered; no line of code is lost, after any kill; the cache holds one answer for
each definition that was written, and nothing unreadable. Without a kill nothing may be answered twice; with kills, no more than what was on its way when they came.
";
