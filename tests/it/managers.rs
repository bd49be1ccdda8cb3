//! The hook under real hook managers, and killed at random moments. The driver is the one of the evidence runs; here it
//! plays the cells without a manager, one for each manager, and a few rounds.
//!
//! The managers come from `PyPI` and npm, into the target folder, when they are needed first.

use std::path::Path;
use std::process::Command;

use crate::harness::BINARY;

fn driver(script: &str, arguments: &[&str]) {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/evidence").join(script);
    let output = Command::new("python3").arg(script).arg(BINARY).args(arguments).output().unwrap();
    let all =
        format!("{}\n{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{all}");
    assert!(all.contains("committed") || all.contains("refused") || all.contains("rounds"), "{all}");
}

#[test]
fn every_way_to_commit_without_a_manager_keeps_and_leaks_nothing() {
    driver("hooks.py", &["--only", "bare"]);
}

#[test]
fn every_manager_keeps_and_leaks_nothing() {
    let cells = [
        "pre-commit:near:commit",
        "prek:near:commit",
        "lint-staged:near:commit",
        "husky:near:commit",
        "lefthook:near:commit",
    ];
    let arguments: Vec<&str> = cells.iter().flat_map(|cell| ["--only", cell]).collect();
    driver("hooks.py", &arguments);
}

#[test]
fn a_kill_at_a_random_moment_leaves_old_or_new() {
    driver("kills.py", &["--rounds", "16", "--no-write"]);
}
