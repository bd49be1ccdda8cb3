//! The binary: parses the command line, runs, and turns the result into an exit code.

use std::error::Error as _;
use std::io::{ErrorKind, Write as _};
use std::panic;
use std::process::ExitCode;

use clap::Parser as _;
use docgate::cli::Cli;
use docgate::commands;
use docgate::error::{Error, ExitStatus};
use docgate::untrusted::sanitised;

fn main() -> ExitCode {
    let cli = Cli::parse();
    match panic::catch_unwind(|| commands::run(cli)) {
        // The hook of `telemetry` has said what can be said.
        Err(_) => ExitStatus::Unfinished.into(),
        Ok(Ok(status)) => status.into(),
        Ok(Err(error)) => {
            if is_broken_pipe(&error) {
                return ExitStatus::Success.into();
            }
            report(&error);
            error.status().into()
        }
    }
}

/// Prints an error with its causes and hints; if stderr is gone, there is nobody to tell.
fn report(error: &Error) {
    let mut lines = vec![format!("error: {error}")];
    let mut source = error.source();
    while let Some(cause) = source {
        lines.push(format!("caused by: {cause}"));
        source = cause.source();
    }
    lines.extend(error.hints().iter().map(|hint| format!("hint: {hint}")));
    // Paths and lines of files are in it, which come from whoever wrote the repository.
    let lines: Vec<_> = lines.iter().flat_map(|line| line.lines()).map(sanitised).collect();
    let _ = writeln!(std::io::stderr(), "{}", lines.join("\n"));
}

/// Whoever read the output has seen enough: `docgate check | head` is no failure.
fn is_broken_pipe(error: &Error) -> bool {
    let mut source = error.source();
    while let Some(cause) = source {
        if cause.downcast_ref::<std::io::Error>().is_some_and(|cause| cause.kind() == ErrorKind::BrokenPipe) {
            return true;
        }
        source = cause.source();
    }
    false
}
