//! `docgate sweep`: the whole tree, within a budget, with a report.

use std::fs;
use std::time::{Duration, Instant};

use crate::azure::{Answer, FakeAzure};
use crate::fix::commit;
use crate::generate::{asked, good_service, run_with};
use crate::harness::{Run, Scratch};

/// A repository with `count` undocumented functions in as many files.
fn debts(count: usize) -> Scratch {
    let scratch = Scratch::new();
    for index in 0..count {
        let text = format!("\"\"\"Module.\"\"\"\n\n\ndef work{index}(value):\n    return value * {index}\n");
        scratch.write(&format!("pkg/m{index}.py"), text);
    }
    commit(&scratch, &[("README.md", "# Work\n")]);
    scratch
}

fn sweep(scratch: &Scratch, service: &FakeAzure, arguments: &[&str]) -> Run {
    let mut all = vec!["sweep"];
    all.extend(arguments);
    run_with(scratch, &service.uri(), &all, &[])
}

fn asked_about(service: &FakeAzure) -> Vec<String> {
    let names = |body| asked(body).into_iter().map(|found| found["name"].as_str().unwrap().to_owned());
    service.requests().iter().flat_map(|received| names(&received.body)).collect()
}

fn documented(scratch: &Scratch, count: usize) -> usize {
    (0..count).filter(|index| scratch.read(&format!("pkg/m{index}.py")).contains("Work out")).count()
}

#[test]
fn a_sweep_with_a_model_needs_a_budget() {
    let service = good_service();
    let scratch = debts(2);
    let run = sweep(&scratch, &service, &[]);
    assert_eq!(run.code, Some(2), "{}", run.all());
    assert!(run.stderr.contains("hint: give --max-definitions"), "{}", run.stderr);
    assert_eq!((service.request_count(), documented(&scratch, 2)), (0, 0));
    let run = scratch.docgate(["sweep"]);
    assert_eq!(run.code, Some(1), "{}", run.all());
}

#[test]
fn a_sweep_stops_at_its_budget_and_the_next_one_goes_on() {
    let service = good_service();
    let scratch = debts(5);
    for (done, code) in [(2, 1), (4, 1), (5, 0), (5, 0)] {
        let run = sweep(&scratch, &service, &["--max-definitions", "2"]);
        assert_eq!(run.code, Some(code), "{}", run.all());
        assert_eq!((asked_about(&service).len(), documented(&scratch, 5)), (done, done), "{}", run.all());
    }
    let mut names = asked_about(&service);
    names.sort();
    names.dedup();
    assert_eq!(names.len(), 5);
    assert_eq!(scratch.git(["diff", "--cached", "--name-only"]).stdout, "");
}

#[test]
fn a_sweep_does_the_worst_first_and_lets_a_file_share_a_request() {
    let service = good_service();
    let scratch = Scratch::new();
    let simple = |name: &str| format!("def {name}(value):\n    return value\n\n\n");
    let complex = |name: &str, branches: usize| {
        let lines = "    if value == 0:\n        return 0\n".repeat(branches);
        format!("def {name}(value):\n{lines}    return value\n\n\n")
    };
    let head = "\"\"\"Module.\"\"\"\n\n\n";
    scratch.write("pkg/a.py", format!("{head}{}{}", simple("simple"), complex("branched", 9)));
    let half = "def half(value, other):\n    \"\"\"Works it out of both.\n\n    Args:\n        value: What to begin with.\n    \"\"\"\n    return value + other\n";
    scratch.write("pkg/b.py", format!("{head}{}{half}", complex("longest", 12)));
    scratch.write("pkg/c.py", format!("{head}{}", complex("third", 5)));
    commit(&scratch, &[("README.md", "# Work\n")]);
    sweep(&scratch, &service, &["--max-definitions", "1"]);
    assert_eq!(asked_about(&service), ["longest"]);
    sweep(&scratch, &service, &["--max-definitions", "3"]);
    let mut names = asked_about(&service).split_off(1);
    names.sort();
    assert_eq!(names, ["branched", "simple", "third"], "a text is worth more than an entry");
    assert_eq!(service.request_count(), 3, "those of one file share a request");
    sweep(&scratch, &service, &["--max-definitions", "3"]);
    assert_eq!(asked_about(&service).split_off(4), ["half"]);
}

#[test]
fn a_sweep_looks_at_the_whole_tree_from_any_folder() {
    let scratch = debts(3);
    scratch.write(".gitignore", "build/\n");
    scratch.write("build/x.py", "def generated(a):\n    return a\n");
    scratch.write("docgate.toml", "exclude = [\"pkg/m1.py\"]\n");
    let mut command = scratch.command(env!("CARGO_BIN_EXE_docgate"));
    let output =
        command.current_dir(scratch.root().join("pkg")).args(["sweep", "--no-model"]).output().unwrap();
    let run = Run::from_output(&output);
    for (path, expected) in
        [("pkg/m0.py", true), ("pkg/m1.py", false), ("pkg/m2.py", true), ("build/x.py", false)]
    {
        assert_eq!(run.stdout.contains(path), expected, "{path}: {}", run.all());
    }
}

#[test]
fn paths_narrow_a_sweep() {
    let service = good_service();
    let scratch = debts(3);
    let run = sweep(&scratch, &service, &["pkg/m2.py", "--max-definitions", "9"]);
    assert_eq!(run.code, Some(0), "{}", run.all());
    assert_eq!(asked_about(&service), ["work2"]);
}

#[test]
fn the_report_and_the_summary_of_the_step_say_what_was_done() {
    let service = good_service();
    let scratch = debts(3);
    let summary = scratch.beside("summary.md");
    fs::write(&summary, "# Before\n").unwrap();
    let more = [("GITHUB_STEP_SUMMARY", summary.to_str().unwrap())];
    let report = scratch.beside("report.md");
    let arguments = ["sweep", "--max-definitions", "2", "--report", report.to_str().unwrap()];
    let run = run_with(&scratch, &service.uri(), &arguments, &more);
    assert_eq!(run.code, Some(1), "{}", run.all());
    let text = fs::read_to_string(&report).unwrap();
    for expected in
        ["# docgate sweep", "work0", "pkg/m0.py", "D103", "## Usage", "at most 2 were asked about"]
    {
        assert!(text.contains(expected), "{expected} in {text}");
    }
    assert_eq!(fs::read_to_string(&summary).unwrap(), format!("# Before\n{text}"));
}

#[test]
fn a_report_that_cannot_be_written_is_an_error() {
    let scratch = debts(1);
    let run = scratch.docgate(["sweep", "--no-model", "--report", "no/such/folder/report.md"]);
    assert_eq!(run.code, Some(3), "{}", run.all());
    assert!(run.stderr.contains("no/such/folder/report.md"), "{}", run.stderr);
}

#[test]
fn a_dry_run_asks_nobody_and_changes_nothing() {
    let service = good_service();
    let scratch = debts(2);
    let stale = "\"\"\"Module.\"\"\"\n\n\ndef f(a):\n    \"\"\"Do it.\n\n    Args:\n        a: One.\n        b: Two.\n    \"\"\"\n";
    commit(&scratch, &[("stale.py", stale)]);
    let report = scratch.beside("report.md");
    let run = sweep(&scratch, &service, &["--dry-run", "--report", report.to_str().unwrap()]);
    assert_eq!((run.code, service.request_count()), (Some(1), 0), "{}", run.all());
    assert_eq!(scratch.git(["status", "--porcelain"]).stdout, "");
    assert!(fs::read_to_string(&report).unwrap().contains("DOC102"));
}

#[test]
fn exit_codes_tell_clean_from_debt_from_no_repository() {
    let scratch = debts(0);
    scratch.write("clean.py", "\"\"\"Module.\"\"\"\n");
    assert_eq!(scratch.docgate(["sweep", "--no-model"]).code, Some(0));
    scratch.write("debt.py", "def f(a):\n    return a\n");
    assert_eq!(scratch.docgate(["sweep", "--no-model"]).code, Some(1));
    assert_eq!(scratch.docgate(["sweep", "--no-model", "nowhere"]).code, Some(2));
    let mut command = scratch.command(env!("CARGO_BIN_EXE_docgate"));
    let outside = command.current_dir(scratch.beside("")).arg("sweep").output().unwrap();
    assert_eq!(outside.status.code(), Some(3));
}

#[test]
fn a_sweep_that_is_killed_leaves_files_as_they_were() {
    let service = FakeAzure::scripted(|_, _| Answer::Hang);
    let scratch = debts(3);
    for signal in ["-KILL", "-TERM"] {
        let before = service.request_count();
        let mut command = scratch.command(env!("CARGO_BIN_EXE_docgate"));
        let mut child = command
            .args(["sweep", "--max-definitions", "9"])
            .env("AZURE_OPENAI_ENDPOINT", service.uri())
            .env("AZURE_OPENAI_API_KEY", crate::azure::KEY)
            .env("AZURE_OPENAI_DEPLOYMENT", crate::azure::DEPLOYMENT)
            .spawn()
            .unwrap();
        let began = Instant::now();
        while service.request_count() == before {
            assert!(began.elapsed() < Duration::from_secs(30), "nothing was asked");
            std::thread::sleep(Duration::from_millis(20));
        }
        let id = child.id().to_string();
        assert!(std::process::Command::new("kill").args([signal, &id]).status().unwrap().success());
        let status = child.wait().unwrap();
        assert_eq!(status.code(), (signal == "-TERM").then_some(130), "{signal}");
        assert_eq!(scratch.git(["status", "--porcelain"]).stdout, "", "{signal}");
    }
    let good = good_service();
    let run = sweep(&scratch, &good, &["--max-definitions", "9"]);
    assert_eq!((run.code, documented(&scratch, 3)), (Some(0), 3), "{}", run.all());
}
