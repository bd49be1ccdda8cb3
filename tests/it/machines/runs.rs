//! The built binary on several machines: each with a folder of its own, and one Redis.

use std::io::Read as _;
use std::net::TcpListener;
use std::process::Stdio;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde_json::json;

use crate::azure::quota::Limits;
use crate::azure::{Answer, FakeAzure};
use crate::generate::{CODE, asked, configured, good_service, run_with, well};
use crate::harness::{Run, Scratch};

use super::server;

/// A machine with files of one undocumented function each.
fn machine(names: std::ops::Range<usize>) -> Scratch {
    let scratch = Scratch::new();
    for index in names {
        scratch.write(&format!("m{index}.py"), CODE.replace("area", &format!("area{index}")));
    }
    scratch.git(["add", "--all"]);
    scratch
}

#[test]
fn what_one_machine_was_answered_costs_another_nothing() {
    let Some(server) = server::server() else { return };
    let service = good_service();
    let url = server.url();
    let shared = [("DOCGATE_REDIS_URL", url.as_str()), ("DOCGATE_REDIS_PREFIX", "team")];
    let first = run_with(&machine(0..3), &service.uri(), &["fix"], &shared);
    assert_eq!((first.code, service.request_count()), (Some(0), 3), "{}", first.all());
    assert!(server.keys().iter().all(|key| key.starts_with("team:")), "{:?}", server.keys());
    let elsewhere = machine(0..3);
    let second = run_with(&elsewhere, &service.uri(), &["fix"], &shared);
    assert_eq!((second.code, service.request_count()), (Some(0), 3), "{}", second.all());

    let info = run_with(&elsewhere, &service.uri(), &["cache", "info"], &shared);
    assert!(info.stdout.contains(&url) && info.stdout.contains("answers     3"), "{}", info.all());
    let file = elsewhere.beside("answers.jsonl");
    for (command, said) in [
        ("export", "3 entries were written, those in Redis included\n"),
        ("import", "3 entries were taken over, here or into Redis\n"),
        ("import", "0 entries were taken over, here or into Redis\n"),
    ] {
        let arguments = ["cache", command, file.to_str().unwrap()];
        let run = run_with(&elsewhere, &service.uri(), &arguments, &shared);
        assert_eq!(run.stdout, said, "{}", run.all());
    }
    let pruned = run_with(&elsewhere, &service.uri(), &["cache", "prune", "--tag", "path=m1.py"], &shared);
    assert_eq!(pruned.stdout, "1 entries were dropped here, 1 in Redis\n", "{}", pruned.all());
    let cleared = run_with(&elsewhere, &service.uri(), &["cache", "clear"], &shared);
    assert_eq!(cleared.stdout, "the cache is empty, here and in Redis\n", "{}", cleared.all());
    assert!(!server.keys().iter().any(|key| key.contains("cache")), "{:?}", server.keys());
}

#[test]
fn without_the_server_there_is_one_warning_and_the_work_is_done() {
    let Some(mut server) = server::server_with(&["--requirepass", "hunter2"]) else { return };
    let service = good_service();
    let url = format!("redis://:hunter2@{}", server.address());
    let shared = [("DOCGATE_REDIS_URL", url.as_str())];
    let scratch = machine(0..2);
    server.kill();
    let away = run_with(&scratch, &service.uri(), &["fix"], &shared);
    assert_eq!((away.code, service.request_count()), (Some(0), 2), "{}", away.all());
    assert_eq!(away.stderr.matches("Redis cannot be used").count(), 1, "{}", away.stderr);
    assert!(!away.all().contains("hunter2"), "{}", away.all());
    for arguments in [["cache", "info"], ["cache", "clear"]] {
        let run = run_with(&scratch, &service.uri(), &arguments, &shared);
        assert_eq!(run.code, Some(3), "{}", run.all());
        assert!(!run.all().contains("hunter2"), "{}", run.all());
    }
    let failed = run_with(&scratch, &service.uri(), &["stats", "--failed"], &shared);
    assert_eq!((failed.code, failed.stdout.as_str()), (Some(3), ""), "{}", failed.all());
    let file = scratch.beside("answers.jsonl");
    let export = ["cache", "export", file.to_str().unwrap()];
    let exported = run_with(&scratch, &service.uri(), &export, &shared);
    assert_eq!(exported.code, Some(3), "{}", exported.all());
    assert!(exported.stdout.ends_with(", without those in Redis\n"), "{}", exported.all());
    let shown = run_with(&scratch, &service.uri(), &["config", "show"], &shared);
    let expected = format!("redis://{}", server.address());
    assert!(shown.stdout.contains(&expected) && !shown.all().contains("hunter2"), "{}", shown.stdout);

    // What is limited by the day is not sent while nobody knows what was spent.
    let other = machine(2..3);
    let limited = [shared[0], ("DOCGATE_BUDGET_DAY_REQUESTS", "100")];
    let refused = run_with(&other, &service.uri(), &["fix"], &limited);
    assert_eq!((refused.code, service.request_count()), (Some(1), 2), "{}", refused.all());
    assert!(refused.all().contains("nothing was sent"), "{}", refused.all());
    assert!(!refused.all().contains("hunter2"), "{}", refused.all());
    server.start();
    let allowed = run_with(&other, &service.uri(), &["fix"], &limited);
    assert_eq!((allowed.code, service.request_count()), (Some(0), 3), "{}", allowed.all());
    let stats = run_with(&machine(0..1), &service.uri(), &["stats"], &limited);
    assert!(stats.stdout.contains("99") && stats.stdout.contains(" left"), "{}", stats.all());
}

#[test]
fn a_server_that_goes_away_in_the_middle_takes_nothing_with_it() {
    let Some(server) = server::server() else { return };
    let url = server.url();
    let server = Arc::new(Mutex::new(server));
    let killed = Arc::clone(&server);
    let service = FakeAzure::scripted(move |body, index| {
        if index == 3 {
            killed.lock().unwrap().kill();
        }
        well(body)
    });
    let scratch = machine(0..12);
    let more = [("DOCGATE_REDIS_URL", url.as_str()), ("DOCGATE_CONCURRENCY", "1")];
    let run = run_with(&scratch, &service.uri(), &["fix"], &more);
    assert_eq!((run.code, service.request_count()), (Some(0), 12), "{}", run.all());
    assert_eq!(run.stderr.matches("Redis cannot be used").count(), 1, "{}", run.stderr);
    for index in 0..12 {
        scratch.write(&format!("m{index}.py"), CODE.replace("area", &format!("area{index}")));
    }
    scratch.git(["add", "--all"]);
    let again = run_with(&scratch, &service.uri(), &["fix"], &[]);
    assert_eq!((again.code, service.request_count()), (Some(0), 12), "{}", again.all());
}

#[test]
fn a_server_that_restarts_in_the_middle_does_not_end_a_run_with_budgets() {
    let Some(server) = server::server() else { return };
    let url = server.url();
    let server = Arc::new(Mutex::new(server));
    let restarted = Arc::clone(&server);
    let service = FakeAzure::scripted(move |body, index| {
        if index == 3 {
            restarted.lock().unwrap().kill();
            let later = Arc::clone(&restarted);
            std::thread::spawn(move || {
                std::thread::sleep(Duration::from_secs(1));
                later.lock().unwrap().start();
            });
        }
        well(body)
    });
    let scratch = machine(0..12);
    let more = [
        ("DOCGATE_REDIS_URL", url.as_str()),
        ("DOCGATE_CONCURRENCY", "2"),
        ("DOCGATE_BUDGET_DAY_REQUESTS", "100"),
    ];
    let run = run_with(&scratch, &service.uri(), &["fix"], &more);
    assert_eq!(service.request_count(), 12, "{}", run.all());
    assert!(!run.all().contains("nothing was sent"), "{}", run.all());
}

#[test]
fn who_needs_nothing_that_is_shared_does_not_connect() {
    let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let url = format!("redis://{}", listener.local_addr().unwrap());
    let connections = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&connections);
    std::thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            counted.fetch_add(1, Ordering::SeqCst);
            let _ = stream.set_read_timeout(Some(Duration::from_millis(50)));
            let _ = stream.read(&mut [0; 64]);
        }
    });
    let service = good_service();
    let shared = [("DOCGATE_REDIS_URL", url.as_str())];
    let scratch = machine(0..1);
    for arguments in [
        &["check", "."][..],
        &["check", "--staged"],
        &["fix", "--no-model"],
        &["fix", "--model", "skeleton", "--diff"],
        &["config", "show"],
        &["rule"],
        &["stats"],
        &["doctor"],
    ] {
        let run = run_with(&scratch, &service.uri(), arguments, &shared);
        assert!(run.code.is_some_and(|code| code < 2), "{arguments:?}: {}", run.all());
        assert_eq!(connections.load(Ordering::SeqCst), 0, "{arguments:?}");
    }
    run_with(&scratch, &service.uri(), &["fix"], &shared);
    assert!(connections.load(Ordering::SeqCst) > 0, "nobody connects at all");
}

#[test]
fn an_address_that_is_none_is_an_error_that_does_not_repeat_it() {
    let scratch = machine(0..1);
    let wrong = [("DOCGATE_REDIS_URL", "http://:hunter2@redis.example.org")];
    let run = run_with(&scratch, "http://127.0.0.1:9", &["fix"], &wrong);
    assert_eq!(run.code, Some(2), "{}", run.all());
    assert!(run.all().contains("DOCGATE_REDIS_URL") && !run.all().contains("hunter2"), "{}", run.all());
    for text in ["[redis]\nurl = \"redis://evil.example\"\n", "redis = \"redis://evil.example\"\n"] {
        scratch.write("docgate.toml", text);
        scratch.git(["add", "--all"]);
        assert_eq!(run_with(&scratch, "http://127.0.0.1:9", &["fix"], &[]).code, Some(2), "{text}");
    }
}

#[test]
fn processes_of_several_machines_share_one_quota_and_hardly_anything_is_rejected() {
    let Some(server) = server::server() else { return };
    share_one_quota(&[("DOCGATE_REDIS_URL", &server.url())]);
}

#[test]
fn processes_of_one_machine_share_one_quota_and_hardly_anything_is_rejected() {
    let folder = tempfile::TempDir::new().unwrap();
    let folder = folder.path().to_str().unwrap();
    share_one_quota(&[("DOCGATE_CACHE_DIR", folder), ("DOCGATE_CACHE", "false")]);
}

/// Ten requests a second by four processes; each alone would send as many, so that forty a second would arrive.
fn share_one_quota(more: &[(&str, &str)]) {
    const PROCESSES: usize = 4;
    const FILES: usize = 40;
    let limits = Limits { tokens: 100_000_000, requests: 100, window: Duration::from_secs(60) };
    let service = FakeAzure::limited(limits, |body, _| {
        Answer::Delayed(Duration::from_millis(30), Box::new(well(body)))
    });
    let scratches: Vec<Scratch> =
        (0..PROCESSES).map(|number| machine(number * FILES..(number + 1) * FILES)).collect();
    let children: Vec<_> = scratches
        .iter()
        .map(|scratch| {
            configured(scratch, &service.uri(), &["fix"], more)
                .env("DOCGATE_REQUESTS_PER_MINUTE", "600")
                .env("DOCGATE_TOKENS_PER_MINUTE", "100000000")
                .stdout(Stdio::piped())
                .stderr(Stdio::piped())
                .spawn()
                .unwrap()
        })
        .collect();
    for child in children {
        let run = Run::from_output(&child.wait_with_output().unwrap());
        assert_eq!(run.code, Some(0), "{}", run.all());
    }
    let seen = service.seen();
    assert_eq!(seen.admitted, (PROCESSES * FILES) as u64, "{seen:?}");
    // Without sharing more than half would be. A machine that stands still for a while may be late into another window; the
    // evidence run holds it to half a percent.
    assert!(seen.rejected() <= 2, "{seen:?}");
    assert!(seen.elapsed > Duration::from_secs(15), "{seen:?}");
    let names: std::collections::BTreeSet<String> = service
        .requests()
        .iter()
        .flat_map(|request| asked(&request.body))
        .map(|one| one["name"].to_string())
        .collect();
    assert_eq!(names.len(), PROCESSES * FILES, "{}", json!(names));
}
