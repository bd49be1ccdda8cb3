//! A hermetic scratch repository and the built binary.

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use tempfile::TempDir;

/// The program under test.
pub(crate) const BINARY: &str = env!("CARGO_BIN_EXE_docgate");

/// A scratch git repository that knows nothing of the machine's configuration.
pub(crate) struct Scratch {
    folder: TempDir,
}

/// What a command printed and how it ended.
#[derive(Debug)]
pub(crate) struct Run {
    pub(crate) code: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Run {
    /// Reads what a finished command printed.
    pub(crate) fn from_output(output: &Output) -> Self {
        Self {
            code: output.status.code(),
            stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
            stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
        }
    }

    /// Returns both streams, for messages.
    pub(crate) fn all(&self) -> String {
        format!("{}\n{}", self.stdout, self.stderr)
    }
}

impl Scratch {
    /// Makes an empty repository on branch `main`.
    pub(crate) fn new() -> Self {
        let scratch = Self { folder: TempDir::new().unwrap() };
        fs::create_dir_all(scratch.root()).unwrap();
        scratch.git(["init", "--quiet", "--initial-branch=main"]);
        scratch
    }

    /// Returns the root of the working tree.
    pub(crate) fn root(&self) -> PathBuf {
        self.folder.path().join("repo")
    }

    /// Returns a folder beside the repository, for caches and event files.
    pub(crate) fn beside(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Writes a file, with its folders.
    pub(crate) fn write(&self, path: &str, text: impl AsRef<[u8]>) {
        let path = self.root().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    /// Reads a file of the working tree.
    pub(crate) fn read(&self, path: &str) -> String {
        fs::read_to_string(self.root().join(path)).unwrap()
    }

    /// Reads a file as it is staged.
    pub(crate) fn staged(&self, path: &str) -> String {
        self.git(["show", &format!(":{path}")]).stdout
    }

    /// Reads a file as it is in a revision.
    pub(crate) fn committed(&self, revision: &str, path: &str) -> String {
        self.git(["show", &format!("{revision}:{path}")]).stdout
    }

    /// Runs git and expects it to succeed.
    pub(crate) fn git<const N: usize>(&self, arguments: [&str; N]) -> Run {
        let run = self.try_git(arguments);
        assert_eq!(run.code, Some(0), "git {arguments:?}\n{}", run.all());
        run
    }

    /// Runs git, whatever comes of it.
    pub(crate) fn try_git<const N: usize>(&self, arguments: [&str; N]) -> Run {
        let output = self.command("git").args(arguments).output().unwrap();
        Run::from_output(&output)
    }

    /// Runs docgate.
    pub(crate) fn docgate<const N: usize>(&self, arguments: [&str; N]) -> Run {
        self.docgate_with(arguments, &[])
    }

    /// Runs docgate with extra environment variables.
    pub(crate) fn docgate_with<const N: usize>(
        &self,
        arguments: [&str; N],
        environment: &[(&str, &str)],
    ) -> Run {
        let mut command = self.command(BINARY);
        command.args(arguments).envs(environment.iter().copied());
        Run::from_output(&command.output().unwrap())
    }

    /// Runs docgate in another folder, with whatever arguments.
    pub(crate) fn docgate_in(&self, folder: impl AsRef<Path>, arguments: &[impl AsRef<OsStr>]) -> Run {
        let mut command = self.command(BINARY);
        command.current_dir(self.root().join(folder)).args(arguments);
        Run::from_output(&command.output().unwrap())
    }

    /// Stages everything.
    pub(crate) fn stage(&self) {
        self.git(["add", "--all"]);
    }

    /// Commits everything, past every hook.
    pub(crate) fn commit_all(&self, message: &str) {
        self.stage();
        self.git(["commit", "--quiet", "--no-verify", "--message", message]);
    }

    /// Prepares a command that sees only what a test gives it.
    pub(crate) fn command(&self, program: &str) -> Command {
        let mut command = Command::new(program);
        let binary = Path::new(BINARY).parent().unwrap();
        let path = std::env::var("PATH").unwrap_or_default();
        command
            .current_dir(self.root())
            .env_clear()
            .env("PATH", format!("{}:{path}", binary.display()))
            .env("HOME", self.beside("home"))
            .env("DOCGATE_CACHE_DIR", self.beside("cache"))
            .env("GIT_CONFIG_GLOBAL", "/dev/null")
            .env("GIT_CONFIG_SYSTEM", "/dev/null")
            .env("GIT_AUTHOR_NAME", "Ada")
            .env("GIT_AUTHOR_EMAIL", "ada@example.org")
            .env("GIT_AUTHOR_DATE", "2026-01-02T03:04:05Z")
            .env("GIT_COMMITTER_NAME", "Ada")
            .env("GIT_COMMITTER_EMAIL", "ada@example.org")
            .env("GIT_COMMITTER_DATE", "2026-01-02T03:04:05Z")
            .env("NO_COLOR", "1");
        command
    }
}
