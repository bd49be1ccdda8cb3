//! Programs of others that tests run, installed into the target folder when they are needed first.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;

/// What is installed from `PyPI`.
const PYTHON_PACKAGES: &[&str] = &["black==26.10.1", "xmlschema==4.3.2", "tiktoken==0.14.0"];
/// The client of OpenAI, from `PyPI`; apart from the others, since it brings many packages.
const OPENAI_PACKAGES: &[&str] = &["openai==3.57.0"];
/// What is installed from npm.
const NODE_PACKAGES: &[&str] =
    &["@microsoft/sarif-multitool@5.7.0", "@actions/core@1.11.1", "@umbrelladocs/rdformat-validator@1.0.1"];
/// The source package that brings the schema of `JUnit` files which Jenkins reads.
const WITH_JUNIT_SCHEMA: &str = "pytest==8.3.4";

/// Prepares a command that runs one of the Python programs.
pub(crate) fn command(name: &str) -> Command {
    static FOLDER: OnceLock<PathBuf> = OnceLock::new();
    Command::new(FOLDER.get_or_init(python).join("bin").join(name))
}

/// Returns the folder of the npm packages; nothing, with a word about it, on a machine of somebody's without npm.
#[expect(clippy::print_stderr, reason = "who runs the tests is told what they leave out")]
pub(crate) fn node_folder() -> Option<&'static Path> {
    static FOLDER: OnceLock<Option<PathBuf>> = OnceLock::new();
    let folder = FOLDER.get_or_init(|| {
        let is_there =
            Command::new("npm").arg("--version").output().is_ok_and(|output| output.status.success());
        if !is_there && std::env::var_os("CI").is_none() {
            eprintln!("npm is not installed: what is written is not held against the programs that read it");
            return None;
        }
        Some(installed("node", NODE_PACKAGES, |folder| {
            std::fs::create_dir_all(folder).unwrap();
            std::fs::write(folder.join("package.json"), "{\"private\": true}").unwrap();
            let install = ["install", "--silent", "--no-fund", "--no-audit"];
            succeed(Command::new("npm").current_dir(folder).args(install).args(NODE_PACKAGES));
        }))
    });
    folder.as_deref()
}

/// Returns the schema of `JUnit` files.
pub(crate) fn junit_schema() -> PathBuf {
    static FILE: OnceLock<PathBuf> = OnceLock::new();
    let file = FILE.get_or_init(|| {
        let folder = installed("junit-schema", &[WITH_JUNIT_SCHEMA], |folder| {
            std::fs::create_dir_all(folder).unwrap();
            let download = ["download", "--quiet", "--no-deps", "--no-binary", ":all:", WITH_JUNIT_SCHEMA];
            succeed(command("pip").current_dir(folder).args(download));
            let unpack = "for archive in *.tar.gz; do tar -xzf \"$archive\" --strip-components 1; done";
            succeed(Command::new("sh").current_dir(folder).args(["-c", unpack]));
        });
        folder.join("testing/example_scripts/junit-10.xsd")
    });
    file.clone()
}

fn python() -> PathBuf {
    environment("tools", PYTHON_PACKAGES)
}

/// Returns the virtual environment with the client of OpenAI.
pub(crate) fn openai() -> PathBuf {
    static FOLDER: OnceLock<PathBuf> = OnceLock::new();
    FOLDER.get_or_init(|| environment("openai", OPENAI_PACKAGES)).clone()
}

fn environment(kind: &str, packages: &[&str]) -> PathBuf {
    installed(kind, packages, |folder| {
        succeed(Command::new("python3").args(["-m", "venv"]).arg(folder));
        succeed(Command::new(folder.join("bin/pip")).args(["install", "--quiet"]).args(packages));
    })
}

/// Installs packages, unless a run before this one has.
fn installed(kind: &str, packages: &[&str], install: impl FnOnce(&Path)) -> PathBuf {
    let name = format!("{kind}-{}", packages.join("-")).replace(['/', '@'], "_");
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    if !folder.join("complete").exists() {
        let _ = std::fs::remove_dir_all(&folder);
        install(&folder);
        std::fs::write(folder.join("complete"), "").unwrap();
    }
    folder
}

fn succeed(command: &mut Command) {
    let output = command.output().unwrap();
    assert!(output.status.success(), "{command:?}: {}", String::from_utf8_lossy(&output.stderr));
}

/// Runs a command with an input; returns what it printed.
pub(crate) fn answered(command: &mut Command, input: &str) -> String {
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success(), "{command:?}");
    String::from_utf8(output.stdout).unwrap()
}
