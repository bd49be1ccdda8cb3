//! One file per subcommand: opens adapters, runs stages, prints, decides the status.
//!
//! May use every room; nobody uses this one but `main.rs`. What the commands share stands in `setting`
//! (configuration joined with the stages) and `service` (with what is asked over the network), `choose` (what to look
//! at), `judge` (findings), `mend` (repair), `asking` (generation) and `put` (writing back).

mod asking;
mod baseline;
mod cache;
mod check;
mod choose;
mod config;
mod convert;
mod coverage;
mod demo;
mod doctor;
mod doubts;
mod examples;
mod fix;
mod hook;
mod ignores;
mod import;
mod init;
mod judge;
mod manual;
mod mend;
mod offer;
mod output;
mod progress;
mod put;
mod questions;
mod review;
mod rule;
mod scores;
mod service;
mod setting;
mod sign_in;
mod stats;
mod sweep;
mod terminal;
mod usual;

use std::path::PathBuf;

use crate::cli::{CacheCommand, Cli, Command, ConfigCommand, ExamplesCommand, HookCommand, LogLines};
use crate::error::{Error, ExitStatus};
use crate::telemetry::crash::{self, Watched};
use crate::telemetry::{self, LogFormat, Logging, RunId, Verbosity};
use crate::{cache as store, clock, env};

/// Carries out a command line.
///
/// # Errors
///
/// Whatever keeps the command from doing its work, with the exit status and hints.
pub fn run(cli: Cli) -> Result<ExitStatus, Error> {
    let began = clock::monotonic();
    let run_id = RunId::generate();
    let command = word(&cli.command);
    crash::watch(Watched {
        run_id: run_id.clone(),
        command: [command.to_owned(), given_options()].concat(),
        folder: store::default_folder().map(|folder| folder.join("crashes")),
    });
    let left_out = read_env_file(cli.env_file.clone())?;
    let format = cli.log_format.map(|format| match format {
        LogLines::Text => LogFormat::Text,
        LogLines::Json => LogFormat::Json,
    });
    let verbosity = Verbosity::from_flags(cli.quiet, cli.verbose);
    telemetry::init(&Logging { verbosity, format, file: cli.log_file.clone() }, &run_id)?;
    tracing::info!(version = env!("CARGO_PKG_VERSION"), command, "the run begins");
    if !left_out.is_empty() {
        let names = left_out.join(", ");
        tracing::warn!(names, "addresses and keys in a .env file do not count in continuous integration");
    }
    progress::prepare(cli.quiet);
    let session = setting::Session { run_id, quiet: cli.quiet, color: cli.color };
    let result = carried_out(cli.command, &session);
    telemetry::ended(&result, u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX));
    result
}

fn carried_out(command: Command, session: &setting::Session) -> Result<ExitStatus, Error> {
    match command {
        Command::Check(arguments) => check::run(session, &arguments),
        Command::Fix(arguments) => fix::run(session, &arguments),
        Command::Hook(HookCommand::Install) => hook::install(),
        Command::Hook(HookCommand::Uninstall) => hook::uninstall(),
        Command::Hook(HookCommand::Run(arguments)) => hook::run(session, &arguments),
        Command::Review(arguments) => review::run(session, &arguments),
        Command::Sweep(arguments) => sweep::run(session, &arguments),
        Command::Stats(arguments) => stats::run(&arguments),
        Command::Cache(command) => cache::run(&command),
        Command::Examples(ExamplesCommand::Show(arguments)) => examples::show(session, &arguments),
        Command::Examples(ExamplesCommand::Upload(arguments)) => examples::upload(session, &arguments),
        Command::Baseline(arguments) => baseline::run(&arguments),
        Command::Rule(arguments) => rule::run(&arguments),
        Command::Config(ConfigCommand::Show { output_format }) => config::show(output_format),
        Command::Config(ConfigCommand::Schema) => config::schema(),
        Command::Config(ConfigCommand::Import(arguments)) => import::run(&arguments),
        Command::Init(arguments) => init::run(&arguments),
        Command::Completions { shell } => manual::completions(shell),
        Command::Man { command } => manual::page(command.as_deref()),
        Command::Doctor(arguments) => doctor::run(&arguments),
        Command::Demo { keep } => demo::run(keep.as_deref()),
    }
}

/// Reads the `.env` file that somebody asks for; returns the names in it that do not count here.
fn read_env_file(flag: Option<PathBuf>) -> Result<Vec<&'static str>, Error> {
    let of =
        |error: env::file::EnvFileError| Error::of(ExitStatus::Usage, &error, Some(error.hint().to_owned()));
    let path = match flag {
        Some(path) => Some(path),
        None => env::file::asked_for().map_err(of)?,
    };
    let Some(path) = path else { return Ok(Vec::new()) };
    Ok(env::file::load(&path).map_err(of)?.left_out)
}

/// Returns a subcommand as it is typed.
fn word(command: &Command) -> &'static str {
    match command {
        Command::Check(_) => "check",
        Command::Fix(_) => "fix",
        Command::Hook(HookCommand::Install) => "hook install",
        Command::Hook(HookCommand::Uninstall) => "hook uninstall",
        Command::Hook(HookCommand::Run(_)) => "hook run",
        Command::Review(_) => "review",
        Command::Sweep(_) => "sweep",
        Command::Stats(_) => "stats",
        Command::Cache(CacheCommand::Info) => "cache info",
        Command::Cache(CacheCommand::Prune(_)) => "cache prune",
        Command::Cache(CacheCommand::Clear) => "cache clear",
        Command::Cache(CacheCommand::Export { .. }) => "cache export",
        Command::Cache(CacheCommand::Import { .. }) => "cache import",
        Command::Examples(ExamplesCommand::Show(_)) => "examples show",
        Command::Examples(ExamplesCommand::Upload(_)) => "examples upload",
        Command::Baseline(_) => "baseline",
        Command::Rule(_) => "rule",
        Command::Config(ConfigCommand::Show { .. }) => "config show",
        Command::Config(ConfigCommand::Schema) => "config schema",
        Command::Config(ConfigCommand::Import(_)) => "config import",
        Command::Init(_) => "init",
        Command::Completions { .. } => "completions",
        Command::Man { .. } => "man",
        Command::Doctor(_) => "doctor",
        Command::Demo { .. } => "demo",
    }
}

/// Lists the options that were given, by name: their values are nobody's business.
fn given_options() -> String {
    let mut names = String::new();
    for argument in std::env::args_os().skip(1).take_while(|argument| argument != "--") {
        let argument = argument.to_string_lossy();
        let name = argument.split('=').next().unwrap_or_default();
        let plain = |character: char| character.is_ascii_lowercase() || character == '-';
        if name.starts_with("--") && name.len() > 2 && name.chars().all(plain) {
            names.push(' ');
            names.push_str(name);
        }
    }
    names
}
