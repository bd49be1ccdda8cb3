//! Printing a report, and how it looks here.

use std::io::{self, BufWriter, IsTerminal as _, StdoutLock, Write as _};
use std::path::Path;

use tempfile::NamedTempFile;

use crate::cli::OutputFormat;
use crate::env;
use crate::error::{Error, ExitStatus};
use crate::report::{
    Coverage, Report, Scores, TextStyle, coverage_json, coverage_text, json, scores_json, scores_text, text,
};
use crate::untrusted::sanitised;

/// Prints a report to stdout.
pub(super) fn print(
    report: &Report,
    status: ExitStatus,
    format: OutputFormat,
    quiet: bool,
) -> Result<(), Error> {
    let color = io::stdout().is_terminal() && env::read(env::NO_COLOR).is_none();
    printed(|out| match format {
        OutputFormat::Text => text(report, TextStyle { color, quiet }, out),
        OutputFormat::Json => json(report, status, out),
    })
}

/// Prints the coverage to stdout.
pub(super) fn coverage(coverage: &Coverage, format: OutputFormat, quiet: bool) -> Result<(), Error> {
    printed(|out| match format {
        OutputFormat::Text => coverage_text(coverage, quiet, out),
        OutputFormat::Json => coverage_json(coverage, out),
    })
}

/// Prints scores to stdout.
pub(super) fn scores(scores: &Scores, format: OutputFormat, quiet: bool) -> Result<(), Error> {
    printed(|out| match format {
        OutputFormat::Text => scores_text(scores, quiet, out),
        OutputFormat::Json => scores_json(scores, out),
    })
}

fn printed(write: impl FnOnce(&mut BufWriter<StdoutLock<'_>>) -> io::Result<()>) -> Result<(), Error> {
    let mut out = BufWriter::new(io::stdout().lock());
    write(&mut out).and_then(|()| out.flush()).map_err(cannot_print)
}

/// Writes a file that somebody asked for, whole or not at all.
pub(super) fn write_whole(
    path: &Path,
    write: impl FnOnce(&mut NamedTempFile) -> io::Result<()>,
) -> Result<(), Error> {
    let cannot =
        |error: io::Error| Error::unfinished(format!("cannot write {}", path.display())).because(error);
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut file = NamedTempFile::new_in(folder).map_err(cannot)?;
    write(&mut file).map_err(cannot)?;
    file.persist(path).map_err(|error| cannot(error.error))?;
    Ok(())
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
