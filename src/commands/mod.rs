//! One file per subcommand: opens adapters, runs stages, prints, decides the status.
//!
//! May use every room; nobody uses this one but `main.rs`. What the commands share stands in `setting`
//! (configuration joined with the stages), `choose` (what to look at), `judge` (findings), `mend` (repair and
//! generation) and `put` (writing back).

mod baseline;
mod cache;
mod check;
mod choose;
mod config;
mod convert;
mod coverage;
mod demo;
mod doctor;
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
mod put;
mod questions;
mod review;
mod rule;
mod scores;
mod setting;
mod stats;
mod sweep;
mod terminal;
mod usual;

use crate::cli::{Cli, Command, ConfigCommand, HookCommand, LogLines};
use crate::error::{Error, ExitStatus};
use crate::telemetry::{self, LogFormat, RunId, Verbosity};

/// Carries out a command line.
///
/// # Errors
///
/// Whatever keeps the command from doing its work, with the exit status and hints.
pub fn run(cli: Cli) -> Result<ExitStatus, Error> {
    let run_id = RunId::generate();
    let format = match cli.log_format {
        LogLines::Text => LogFormat::Text,
        LogLines::Json => LogFormat::Json,
    };
    telemetry::init(Verbosity::from_flags(cli.quiet, cli.verbose), &run_id, format)?;
    let session = setting::Session { run_id, quiet: cli.quiet, color: cli.color };
    match cli.command {
        Command::Check(arguments) => check::run(&session, &arguments),
        Command::Fix(arguments) => fix::run(&session, &arguments),
        Command::Hook(HookCommand::Install) => hook::install(),
        Command::Hook(HookCommand::Uninstall) => hook::uninstall(),
        Command::Hook(HookCommand::Run(arguments)) => hook::run(&session, &arguments),
        Command::Review(arguments) => review::run(&session, &arguments),
        Command::Sweep(arguments) => sweep::run(&session, &arguments),
        Command::Stats(arguments) => stats::run(&arguments),
        Command::Cache(command) => cache::run(&command),
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
