//! One file per subcommand: opens adapters, runs stages, prints, decides the status.
//!
//! May use every room; nobody uses this one but `main.rs`. What the commands share stands in `setting`
//! (configuration joined with the stages), `choose` (what to look at), `judge` (findings), `mend` (repair and
//! generation) and `put` (writing back).

mod cache;
mod check;
mod choose;
mod convert;
mod coverage;
mod demo;
mod fix;
mod hook;
mod judge;
mod mend;
mod output;
mod put;
mod review;
mod rule;
mod scores;
mod setting;
mod stats;
mod sweep;
mod usual;

use crate::cli::{Cli, Command, HookCommand, LogLines};
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
    let session = setting::Session { run_id, quiet: cli.quiet };
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
        Command::Rule { name } => rule::run(name.as_deref()),
        Command::Demo { keep } => demo::run(keep.as_deref()),
    }
}
