//! `docgate completions` and `docgate man`: made from the command line itself, so that they cannot fall behind it.

use clap::CommandFactory as _;

use crate::cli::Cli;
use crate::error::{Error, ExitStatus};

use super::output;

/// Prints the completions for a shell.
pub(super) fn completions(shell: clap_complete::Shell) -> Result<ExitStatus, Error> {
    let mut text = Vec::new();
    clap_complete::generate(shell, &mut Cli::command(), "docgate", &mut text);
    output::show(&String::from_utf8_lossy(&text))?;
    Ok(ExitStatus::Success)
}

/// Prints the manual page of docgate or of one of its commands.
pub(super) fn page(name: Option<&str>) -> Result<ExitStatus, Error> {
    let mut whole = Cli::command();
    // Makes the usage lines and the options that all commands share known to the parts.
    whole.build();
    let command = match name {
        None => whole,
        Some(name) => {
            let Some(found) = whole.find_subcommand(name) else {
                return Err(Error::usage(format!("no command is called `{name}`"))
                    .hint("`docgate --help` lists them"));
            };
            found.clone()
        }
    };
    let mut text = Vec::new();
    clap_mangen::Man::new(command)
        .render(&mut text)
        .map_err(|error| Error::unfinished("cannot write the manual page").because(error))?;
    output::show(&String::from_utf8_lossy(&text))?;
    Ok(ExitStatus::Success)
}
