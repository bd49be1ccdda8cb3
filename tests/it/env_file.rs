//! `.env` files: read when somebody asks, never able to send a key elsewhere, and the example that names everything.

use std::collections::BTreeSet;
use std::fs;

use regex::Regex;

use crate::azure::{DEPLOYMENT, FakeAzure, KEY};
use crate::generate::good_service;
use crate::harness::{Run, Scratch};

const BARE: &str = "\"\"\"A module.\"\"\"\n\n\ndef f(a):\n    print(a)\n";

fn with_env(text: &str) -> Scratch {
    let scratch = Scratch::new();
    scratch.write("a.py", BARE);
    scratch.stage();
    scratch.write(".env", text);
    scratch
}

fn for_service(service: &FakeAzure) -> String {
    format!(
        "AZURE_OPENAI_ENDPOINT={}\nAZURE_OPENAI_API_KEY='{KEY}'\nAZURE_OPENAI_DEPLOYMENT={DEPLOYMENT}\nDOCGATE_REQUESTS_PER_MINUTE=600000\n",
        service.uri()
    )
}

#[test]
fn a_file_counts_only_where_somebody_asks_for_it() {
    let service = good_service();
    let scratch = with_env(&for_service(&service));
    let asked = |run: Run, expected: (i32, usize)| {
        assert_eq!((run.code.unwrap(), service.request_count()), expected, "{}", run.all());
        assert!(!run.all().contains(KEY), "{}", run.all());
    };
    asked(scratch.docgate(["fix"]), (1, 0));
    let path = scratch.root().join(".env");
    let variable = [("DOCGATE_ENV_FILE", path.to_str().unwrap())];
    asked(scratch.docgate_with(["fix"], &variable), (0, 1));
    scratch.write("a.py", BARE.replace("f(a)", "g(a)"));
    scratch.stage();
    asked(scratch.docgate(["fix", "--env-file", ".env"]), (0, 2));
}

#[test]
fn what_comes_from_the_file_is_said_by_config_show() {
    let scratch = with_env("DOCGATE_MODE=fix\nDOCGATE_STYLE=numpy\nHOME=/nowhere\nOTHER=1\n");
    let run = scratch.docgate_with(["config", "show", "--env-file", ".env"], &[("DOCGATE_STYLE", "google")]);
    assert!(run.stdout.contains("mode = fix  # DOCGATE_MODE in the .env file\n"), "{}", run.stdout);
    assert!(run.stdout.contains("style = google  # DOCGATE_STYLE\n"), "{}", run.stdout);
}

#[test]
fn in_ci_a_file_gives_neither_address_nor_key() {
    let service = good_service();
    let scratch = with_env(&format!("{}DOCGATE_MODE=fix\n", for_service(&service)));
    let run = scratch.docgate_with(["fix", "--env-file", ".env"], &[("CI", "true")]);
    assert_eq!((run.code, service.request_count()), (Some(1), 0), "{}", run.all());
    assert!(run.stderr.contains("do not count in continuous integration"), "{}", run.stderr);
    assert!(run.stderr.contains("AZURE_OPENAI_ENDPOINT, AZURE_OPENAI_API_KEY"), "{}", run.stderr);
    assert!(!run.all().contains(KEY), "{}", run.all());
}

#[test]
fn a_file_of_a_clone_cannot_send_a_key_of_mine_elsewhere() {
    let service = good_service();
    let scratch = with_env(&format!("DOCGATE_ENDPOINT={}\nDOCGATE_DEPLOYMENT={DEPLOYMENT}\n", service.uri()));
    for key in ["AZURE_OPENAI_API_KEY", "DOCGATE_API_KEY", "OPENAI_API_KEY"] {
        let run = scratch.docgate_with(["fix", "--env-file", ".env"], &[(key, KEY)]);
        assert_eq!((run.code, service.request_count()), (Some(2), 0), "{}", run.all());
        assert!(run.stderr.contains(key) && run.stderr.contains("hint: "), "{}", run.stderr);
    }
    // A clone could bring along a file of the name that the variable gives.
    let run = scratch.docgate_with(["fix"], &[("DOCGATE_ENV_FILE", ".env"), ("AZURE_OPENAI_API_KEY", KEY)]);
    assert_eq!(run.code, Some(2), "{}", run.all());
    assert!(run.stderr.contains("expected an absolute path"), "{}", run.stderr);
}

#[test]
fn a_file_that_cannot_be_read_is_an_error_that_does_not_repeat_it() {
    let scratch = with_env("DOCGATE_MODE=fix\nDOCGATE_API_KEY=hunter2 hunter3\n");
    let run = scratch.docgate(["check", "--env-file", ".env"]);
    assert_eq!(run.code, Some(2), "{}", run.all());
    assert!(run.stderr.starts_with("error: .env:2: expected NAME=VALUE"), "{}", run.stderr);
    assert!(!run.stderr.contains("hunter"), "{}", run.stderr);
    for path in ["missing.env", ".", "/dev/zero"] {
        let run = scratch.docgate(["check", "--env-file", path]);
        assert_eq!(run.code, Some(2), "{path}: {}", run.all());
    }
}

#[test]
fn the_example_names_every_variable_and_sets_none() {
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/");
    let read = |path: &str| fs::read_to_string(format!("{root}{path}")).unwrap();
    let name = Regex::new("\"([A-Z][A-Z_]+)\"").unwrap();
    let source = read("src/env/mod.rs");
    let names: BTreeSet<&str> =
        name.captures_iter(&source).map(|found| found.get(1).unwrap().as_str()).collect();
    let line = Regex::new(r"^# ?([A-Z][A-Z_]+)=").unwrap();
    let example = read(".env.example");
    let mut shown = BTreeSet::new();
    for text in example.lines() {
        assert!(text.is_empty() || text.starts_with('#'), "{text} is set");
        if let Some(found) = line.captures(text) {
            let name = found.get(1).unwrap().as_str();
            assert!(shown.insert(name), "{name} twice");
            assert!(text.contains("  # ") && text.len() <= 140, "{text} is not explained");
        }
    }
    assert_eq!(shown, names);
    // With the marks taken away, it can be read and every value in it is one that is accepted.
    let lines =
        example.lines().filter(|text| line.is_match(text)).map(|text| text.trim_start_matches(['#', ' ']));
    let scratch = with_env(&lines.collect::<Vec<_>>().join("\n"));
    let run = scratch.docgate(["config", "show", "--env-file", ".env"]);
    assert_eq!((run.code, run.stderr.as_str()), (Some(0), ""), "{}", run.all());
    assert!(run.stdout.contains("mode = fix  # DOCGATE_MODE in the .env file\n"), "{}", run.stdout);
    let page = read("docs/configuration.md");
    for name in names {
        assert!(page.contains(&format!("`{name}`")), "{name} is not in the configuration page");
    }
}
