//! Printing a report, and how it looks here.

use std::io::{self, BufWriter, IsTerminal as _, Write as _};

use crate::cli::OutputFormat;
use crate::env;
use crate::error::{Error, ExitStatus};
use crate::report::{Report, TextStyle, json, text};
use crate::untrusted::sanitised;

/// Prints a report to stdout.
pub(super) fn print(
    report: &Report,
    status: ExitStatus,
    format: OutputFormat,
    quiet: bool,
) -> Result<(), Error> {
    let stdout = io::stdout();
    let color = stdout.is_terminal() && env::read(env::NO_COLOR).is_none();
    let mut out = BufWriter::new(stdout.lock());
    let written = match format {
        OutputFormat::Text => text(report, TextStyle { color, quiet }, &mut out),
        OutputFormat::Json => json(report, status, &mut out),
    };
    written.and_then(|()| out.flush()).map_err(cannot_print)
}

/// Prints a line to stdout.
pub(super) fn say(line: &str) -> Result<(), Error> {
    writeln!(io::stdout().lock(), "{line}").map_err(cannot_print)
}

/// Prints text to stdout as it is.
pub(super) fn show(text: &str) -> Result<(), Error> {
    let mut out = io::stdout().lock();
    out.write_all(text.as_bytes()).and_then(|()| out.flush()).map_err(cannot_print)
}

/// Prints a line to stderr; if nobody can read it, the run goes on.
///
/// Paths and messages of strangers stay one line of visible text, so that they cannot begin a workflow command.
pub(super) fn tell(line: &str) {
    let _ = writeln!(io::stderr().lock(), "{}", sanitised(line));
}

fn cannot_print(error: io::Error) -> Error {
    Error::unfinished("cannot print the report").because(error)
}
