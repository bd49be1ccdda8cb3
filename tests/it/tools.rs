//! Programs of others that tests run, installed from `PyPI` into the target folder when they are needed first.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

/// What is installed, by the names of the packages.
const PACKAGES: &[&str] = &["black==26.10.1"];

/// Prepares a command that runs one of the programs.
pub(crate) fn command(name: &str) -> Command {
    static FOLDER: OnceLock<PathBuf> = OnceLock::new();
    Command::new(FOLDER.get_or_init(installed).join("bin").join(name))
}

fn installed() -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("tools-{}", PACKAGES.join("-")));
    if !folder.join("complete").exists() {
        let _ = std::fs::remove_dir_all(&folder);
        succeed(Command::new("python3").args(["-m", "venv"]).arg(&folder));
        succeed(Command::new(folder.join("bin/pip")).args(["install", "--quiet"]).args(PACKAGES));
        std::fs::write(folder.join("complete"), "").unwrap();
    }
    folder
}

fn succeed(command: &mut Command) {
    let output = command.output().unwrap();
    assert!(output.status.success(), "{command:?}: {}", String::from_utf8_lossy(&output.stderr));
}
