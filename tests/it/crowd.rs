//! Many commits at once, and answers that come too late.

use std::fs;
use std::process::{Child, Stdio};
use std::time::Duration;

use serde_json::json;

use crate::azure::{Answer, DEPLOYMENT, FakeAzure, KEY};
use crate::generate::{asked, good_service, well};
use crate::harness::{Run, Scratch};

const BASE: &str = "\"\"\"A module.\"\"\"\n";
const CHANGED: &str = "\"\"\"A module.\"\"\"\n\n\ndef area(width, height):\n    return width * height\n";

fn hooked(configuration: &str) -> Scratch {
    let scratch = Scratch::new();
    scratch.write("a.py", BASE);
    scratch.write("b.py", BASE);
    scratch.write("docgate.toml", configuration);
    scratch.commit_all("base");
    assert_eq!(scratch.docgate(["hook", "install"]).code, Some(0));
    scratch
}

/// Starts a commit whose hook may ask a service.
fn commit(scratch: &Scratch, folder: &str, service: &FakeAzure) -> Child {
    commit_within(scratch, folder, service, "300")
}

/// The same with a time limit for the service, in seconds.
fn commit_within(scratch: &Scratch, folder: &str, service: &FakeAzure, time_limit: &str) -> Child {
    scratch
        .command("git")
        .current_dir(scratch.beside(folder))
        .args(["commit", "--all", "--message=x"])
        .env("DOCGATE_ENDPOINT", service.uri())
        .env("DOCGATE_API_KEY", KEY)
        .env("DOCGATE_DEPLOYMENT", DEPLOYMENT)
        .env("DOCGATE_REQUESTS_PER_MINUTE", "6000000")
        .env("DOCGATE_TOKENS_PER_MINUTE", "60000000")
        .env("DOCGATE_HOOK_TIMEOUT", time_limit)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap()
}

fn ended(child: Child) -> Run {
    Run::from_output(&child.wait_with_output().unwrap())
}

#[test]
fn twenty_commits_in_twenty_worktrees_share_one_cache_and_all_go_through() {
    let service = good_service();
    let scratch = hooked("mode = \"fix\"\n");
    let names: Vec<String> = (0..21).map(|number| format!("tree_{number}")).collect();
    for name in &names {
        let folder = scratch.beside(name);
        scratch.git(["worktree", "add", "--quiet", "-b", name, folder.to_str().unwrap()]);
        fs::write(folder.join("a.py"), CHANGED).unwrap();
    }
    let commits: Vec<Child> = names[..20].iter().map(|name| commit(&scratch, name, &service)).collect();
    for run in commits.into_iter().map(ended) {
        assert_eq!(run.code, Some(0), "{}", run.all());
    }
    let written = scratch.committed(&names[0], "a.py");
    assert!(written.contains("Work out what is asked for."), "{written}");
    for name in &names[..20] {
        assert_eq!(scratch.committed(name, "a.py"), written, "{name}");
        assert_eq!(fs::read_to_string(scratch.beside(name).join("a.py")).unwrap(), written, "{name}");
        let status = scratch.git(["-C", scratch.beside(name).to_str().unwrap(), "status", "--porcelain"]);
        assert_eq!(status.stdout, "", "{name}");
    }
    // Those that came while the first answer was on its way had to ask, and whoever comes later need not.
    let count = service.request_count();
    assert!((1..=20).contains(&count), "{count}");
    let last = ended(commit(&scratch, &names[20], &service));
    assert_eq!((last.code, service.request_count()), (Some(0), count), "{}", last.all());
    assert_eq!(scratch.committed(&names[20], "a.py"), written);
    assert_eq!(scratch.git(["fsck", "--strict"]).code, Some(0));
}

#[test]
fn answers_that_came_in_time_are_kept_and_the_next_commit_asks_for_the_rest() {
    let late = FakeAzure::scripted(|body, _| {
        if asked(body)[0]["name"] == json!("volume") { Answer::Hang } else { well(body) }
    });
    let scratch = hooked("mode = \"fix\"\n");
    scratch.write("a.py", CHANGED);
    scratch.write("b.py", CHANGED.replace("area", "volume"));
    let run = ended(commit_within(&scratch, "repo", &late, "8"));
    assert_eq!(run.code, Some(1), "{}", run.all());
    assert!(run.all().contains("time limit"), "{}", run.all());
    let service = good_service();
    let run = ended(commit(&scratch, "repo", &service));
    assert_eq!(run.code, Some(0), "{}", run.all());
    let names: Vec<_> = service
        .requests()
        .iter()
        .flat_map(|request| asked(&request.body))
        .map(|one| one["name"].clone())
        .collect();
    assert_eq!(names, [json!("volume")], "{}", run.all());
    assert_eq!(scratch.git(["status", "--porcelain"]).stdout, "");
}

#[test]
fn a_commit_that_is_interrupted_leaves_everything_as_it_was() {
    for signal in ["-INT", "-TERM"] {
        let service = FakeAzure::scripted(|_, _| Answer::Hang);
        let scratch = hooked("mode = \"fix\"\n");
        scratch.write("a.py", CHANGED);
        scratch.stage();
        let index = fs::read(scratch.root().join(".git/index")).unwrap();
        let child = commit(&scratch, "repo", &service);
        while service.request_count() == 0 {
            std::thread::sleep(Duration::from_millis(20));
        }
        // As a terminal does: git, the shell of the hook and docgate get it alike.
        for process in family(child.id()) {
            let _ = std::process::Command::new("kill").args([signal, &process.to_string()]).status();
        }
        let run = ended(child);
        assert_ne!(run.code, Some(0), "{signal}: {}", run.all());
        assert_eq!(scratch.read("a.py"), CHANGED, "{signal}");
        assert_eq!(scratch.committed("HEAD", "a.py"), BASE, "{signal}");
        assert_eq!(fs::read(scratch.root().join(".git/index")).unwrap(), index, "{signal}");
        assert!(!scratch.root().join(".git/index.lock").exists(), "{signal}");
    }
}

/// Returns a process and those that it started.
fn family(process: u32) -> Vec<u32> {
    let mut found = vec![process];
    let mut next = 0;
    while next < found.len() {
        let output =
            std::process::Command::new("pgrep").args(["-P", &found[next].to_string()]).output().unwrap();
        let text = String::from_utf8(output.stdout).unwrap();
        found.extend(text.lines().filter_map(|line| line.parse::<u32>().ok()));
        next += 1;
    }
    found
}
