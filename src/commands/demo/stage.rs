//! The scratch repository: runs commands in it and shows what they print.

use std::fs;
use std::io::{Write as _, stdout};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use crate::env;
use crate::error::Error;

use super::cannot_prepare;
use super::package::File;

/// Variables of a hook, a hook manager or a person that would lead elsewhere or switch the hook off.
const FOREIGN: &[&str] = &[
    "GIT_DIR",
    "GIT_COMMON_DIR",
    "GIT_OBJECT_DIRECTORY",
    "GIT_PREFIX",
    env::GIT_INDEX_FILE,
    env::GIT_WORK_TREE,
    env::PRE_COMMIT,
    env::PRE_COMMIT_FROM_REF,
    env::PRE_COMMIT_TO_REF,
    env::SKIP,
];

/// Settings that would make the demo another one.
const SETTINGS: &[&[&str]] = &[
    env::ENDPOINT,
    env::API_KEY,
    &[env::SIGN_IN, env::SCOPE],
    env::DEPLOYMENT,
    env::API_VERSION,
    env::AZURE_MODEL,
    env::AZURE_TIMEOUT,
    env::REQUESTS_PER_MINUTE,
    env::TOKENS_PER_MINUTE,
    env::MAX_COMPLETION_TOKENS,
    env::MODE,
    env::STYLE,
    env::MODEL,
    env::JUDGE,
    env::EXAMPLES,
    env::EXAMPLES_COUNT,
    env::EMBEDDING_DEPLOYMENT,
    env::EMBEDDING_MODEL,
    env::SEARCH_ENDPOINT,
    env::SEARCH_KEY,
    env::SEARCH_INDEX,
    env::ON_FAILURE,
    env::HOOK_TIMEOUT,
    env::BUDGET_DEFINITIONS,
    env::BUDGET_TOKENS,
    env::BUDGET_COST,
    env::LOG,
];

/// A repository that knows nothing of the user's configuration, hooks, key or cache.
pub(super) struct Stage {
    root: PathBuf,
    binary: PathBuf,
    environment: Vec<(&'static str, String)>,
}

impl Stage {
    /// Makes the repository; `beside` takes what does not belong into it.
    pub(super) fn new(root: &Path, beside: &Path, address: &str) -> Result<Self, Error> {
        fs::create_dir_all(root).map_err(cannot_prepare)?;
        let binary = std::env::current_exe().map_err(cannot_prepare)?;
        let nothing = beside.join("no-configuration");
        fs::File::create(&nothing).map_err(cannot_prepare)?;
        let path = |name: &str| beside.join(name).display().to_string();
        let environment = vec![
            ("GIT_CONFIG_GLOBAL", nothing.display().to_string()),
            ("GIT_CONFIG_SYSTEM", nothing.display().to_string()),
            ("GIT_AUTHOR_NAME", "Keeper".to_owned()),
            ("GIT_AUTHOR_EMAIL", "keeper@example.org".to_owned()),
            ("GIT_COMMITTER_NAME", "Keeper".to_owned()),
            ("GIT_COMMITTER_EMAIL", "keeper@example.org".to_owned()),
            ("DOCGATE_CACHE_DIR", path("cache")),
            // A proxy would be asked for the canned server otherwise.
            ("NO_PROXY", "127.0.0.1".to_owned()),
            ("no_proxy", "127.0.0.1".to_owned()),
            ("DOCGATE_ENDPOINT", address.to_owned()),
            ("DOCGATE_API_KEY", "canned".to_owned()),
            ("DOCGATE_DEPLOYMENT", "gpt-4o-mini".to_owned()),
        ];
        let stage = Self { root: root.to_owned(), binary, environment };
        stage.quietly("git", &["init", "--quiet", "--initial-branch=main"])?;
        Ok(stage)
    }

    /// Writes files.
    pub(super) fn write(&self, files: &[File]) -> Result<(), Error> {
        for (path, text) in files {
            let path = self.root.join(path);
            if let Some(folder) = path.parent() {
                fs::create_dir_all(folder).map_err(cannot_prepare)?;
            }
            let mut file = fs::File::create(path).map_err(cannot_prepare)?;
            file.write_all(text.as_bytes()).map_err(cannot_prepare)?;
        }
        Ok(())
    }

    /// Appends to a file.
    pub(super) fn append(&self, path: &str, text: &str) -> Result<(), Error> {
        let options = fs::OpenOptions::new().append(true).create(true).open(self.root.join(path));
        options.and_then(|mut file| file.write_all(text.as_bytes())).map_err(cannot_prepare)
    }

    /// Prints a line.
    #[expect(clippy::unused_self, reason = "whoever speaks in the demo speaks from the stage")]
    pub(super) fn say(&self, line: &str) -> Result<(), Error> {
        writeln!(stdout().lock(), "{line}").map_err(cannot_show)
    }

    /// Prints a heading.
    pub(super) fn title(&self, line: &str) -> Result<(), Error> {
        self.say(&format!("\n── {line}\n"))
    }

    /// Runs a command that must succeed, and shows it with its output.
    pub(super) fn show(&self, program: &str, arguments: &[&str]) -> Result<(), Error> {
        let output = self.shown(program, arguments)?;
        expect(output.status.success(), program, arguments, &output)
    }

    /// Runs a command that must be refused, and shows it with its output.
    pub(super) fn fails(&self, program: &str, arguments: &[&str]) -> Result<(), Error> {
        let output = self.shown(program, arguments)?;
        expect(!output.status.success(), program, arguments, &output)
    }

    /// Runs a command that must succeed, without a word.
    pub(super) fn quietly(&self, program: &str, arguments: &[&str]) -> Result<(), Error> {
        let output = self.run(program, arguments)?;
        expect(output.status.success(), program, arguments, &output)
    }

    fn shown(&self, program: &str, arguments: &[&str]) -> Result<Output, Error> {
        let quoted = arguments.iter().map(|argument| {
            if argument.contains(' ') { format!("\"{argument}\"") } else { (*argument).to_owned() }
        });
        self.say(&format!("$ {program} {}", quoted.collect::<Vec<_>>().join(" ")))?;
        let output = self.run(program, arguments)?;
        for part in [&output.stdout, &output.stderr] {
            stdout().lock().write_all(part).map_err(cannot_show)?;
        }
        Ok(output)
    }

    fn run(&self, program: &str, arguments: &[&str]) -> Result<Output, Error> {
        let mut command =
            if program == "docgate" { Command::new(&self.binary) } else { Command::new(program) };
        for name in FOREIGN.iter().chain(SETTINGS.iter().copied().flatten()) {
            command.env_remove(name);
        }
        command.current_dir(&self.root).envs(self.environment.iter().map(|(name, value)| (name, value)));
        command
            .args(arguments)
            .output()
            .map_err(|error| Error::unfinished(format!("cannot run {program}")).because(error))
    }
}

fn expect(as_planned: bool, program: &str, arguments: &[&str], output: &Output) -> Result<(), Error> {
    if as_planned {
        return Ok(());
    }
    let message = format!("`{program} {}` did not end as planned", arguments.join(" "));
    let said = String::from_utf8_lossy(&output.stderr).trim().to_owned();
    Err(Error::unfinished(message).because(said))
}

fn cannot_show(error: std::io::Error) -> Error {
    Error::unfinished("cannot print").because(error)
}
