//! Printing a report, and how it looks here.

use std::io::{self, BufWriter, StdoutLock, Write};
use std::path::Path;

use serde_json::Value;
use tempfile::{Builder, NamedTempFile};

use crate::cli::OutputFormat;
use crate::error::{Error, ExitStatus};
use crate::report::{
    Coverage, Estimate, Notes, Report, Scores, TextForm, TextStyle, beside_findings, coverage_json,
    coverage_text, estimate_json, estimate_text, github, gitlab, json, json_lines, junit, markdown, rdjson,
    sarif, scores_json, scores_text, statistics_json, statistics_text, text, written,
};
use crate::telemetry::clear_progress;
use crate::untrusted::sanitised;

use super::setting::Session;
use super::terminal::{Terminal, address};

/// How and where something is printed.
#[derive(Debug, Clone)]
pub(super) struct Printer<'a> {
    session: &'a Session,
    format: OutputFormat,
    file: Option<&'a Path>,
    links_below: Option<&'a Path>,
    pages: bool,
}

impl<'a> Printer<'a> {
    /// Prints to stdout.
    pub(super) fn new(session: &'a Session, format: OutputFormat) -> Self {
        Self { session, format, file: None, links_below: None, pages: false }
    }

    /// Prints into a file, if there is one.
    pub(super) fn into_file(self, file: Option<&'a Path>) -> Self {
        Self { file, ..self }
    }

    /// Makes places links to files below a folder, where the terminal can show them.
    pub(super) fn with_links_below(self, folder: Option<&'a Path>) -> Self {
        Self { links_below: folder, ..self }
    }

    /// Shows the pages of the rules that found something, too.
    pub(super) fn with_pages(self, pages: bool) -> Self {
        Self { pages, ..self }
    }

    fn style(&self, form: TextForm) -> TextStyle {
        let terminal = match self.file {
            Some(_) => Terminal::default(),
            None => Terminal::of_stdout(self.session.color),
        };
        let links = self.links_below.filter(|_| terminal.links).and_then(address);
        TextStyle {
            form,
            color: terminal.color,
            quiet: self.session.quiet,
            width: terminal.width,
            links,
            pages: self.pages,
        }
    }

    /// Says that a kind of report has no such format.
    fn unknown(&self, what: &str) -> Error {
        Error::usage(format!("{what} cannot be printed as {}", name(self.format)))
            .hint("give --output-format text or json")
    }

    fn printed(&self, write: impl FnOnce(&mut Sink) -> io::Result<()>) -> Result<(), Error> {
        if let Some(path) = self.file {
            return write_whole(path, |file| {
                let mut out = Sink::File(BufWriter::new(file));
                write(&mut out).and_then(|()| out.flush())
            });
        }
        let mut out = Sink::Stdout(BufWriter::new(io::stdout().lock()));
        write(&mut out).and_then(|()| out.flush()).map_err(cannot_print)
    }
}

/// Where a report goes.
enum Sink<'a> {
    Stdout(BufWriter<StdoutLock<'static>>),
    File(BufWriter<&'a mut NamedTempFile>),
}

impl Write for Sink<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Self::Stdout(out) => out.write(bytes),
            Self::File(out) => out.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Self::Stdout(out) => out.flush(),
            Self::File(out) => out.flush(),
        }
    }
}

/// Prints a report.
pub(super) fn print(report: &Report, status: ExitStatus, printer: &Printer<'_>) -> Result<(), Error> {
    printer.printed(|out| match printer.format {
        OutputFormat::Text => text(report, &printer.style(TextForm::Full), out),
        OutputFormat::Concise => text(report, &printer.style(TextForm::Concise), out),
        OutputFormat::Json => json(report, status, out),
        OutputFormat::JsonLines => json_lines(report, status, out),
        OutputFormat::Sarif => sarif(report, status, out),
        OutputFormat::Github => github(report, out),
        OutputFormat::Gitlab => gitlab(report, out),
        OutputFormat::Rdjson => rdjson(report, out),
        OutputFormat::Junit => junit(report, out),
        OutputFormat::Markdown => markdown(report, &Notes::default(), out),
    })
}

/// What a format shows beside the findings.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Detail {
    /// Nothing.
    Findings,
    /// Who can answer them.
    Answers,
    /// Where they end, or the lines themselves.
    Places,
    /// These, and the repairs that could be made where somebody asks for them: working them out may take longer than the
    /// check.
    FixesWhenAsked,
    /// These, and always the repairs, for programs that offer them.
    Fixes,
}

/// Returns what a format shows.
pub(super) fn detail(format: OutputFormat) -> Detail {
    match format {
        OutputFormat::Sarif | OutputFormat::Rdjson => Detail::Fixes,
        OutputFormat::Text | OutputFormat::Json | OutputFormat::JsonLines => Detail::FixesWhenAsked,
        OutputFormat::Github | OutputFormat::Gitlab => Detail::Places,
        OutputFormat::Markdown => Detail::Answers,
        OutputFormat::Concise | OutputFormat::Junit => Detail::Findings,
    }
}

/// Refuses to be asked for fixes by a format that cannot show them: nobody should wait for what never comes.
pub(super) fn has_room_for_fixes(format: OutputFormat) -> Result<(), Error> {
    if matches!(detail(format), Detail::Fixes | Detail::FixesWhenAsked) {
        return Ok(());
    }
    Err(Error::usage(format!("--show-fixes has no place in the format {}", name(format)))
        .hint("give --output-format text, json, json-lines, sarif or rdjson, or leave --show-fixes out"))
}

/// Refuses to be asked for the pages of rules by a format that programs read: they ask `docgate rule` for data.
pub(super) fn has_room_for_pages(format: OutputFormat) -> Result<(), Error> {
    if matches!(format, OutputFormat::Text | OutputFormat::Concise) {
        return Ok(());
    }
    Err(Error::usage(format!("--explain has no place in the format {}", name(format)))
        .hint("`docgate rule --all --output-format json` has the pages of all rules"))
}

/// Returns a format as it is called on the command line.
fn name(format: OutputFormat) -> String {
    clap::ValueEnum::to_possible_value(&format).map_or(String::new(), |value| value.get_name().to_owned())
}

/// Prints how often each rule found something.
pub(super) fn statistics(report: &Report, printer: &Printer<'_>) -> Result<(), Error> {
    match printer.format {
        OutputFormat::Text | OutputFormat::Concise => printer.printed(|out| statistics_text(report, out)),
        OutputFormat::Json => printer.printed(|out| statistics_json(report, out)),
        _ => Err(printer.unknown("statistics")),
    }
}

/// Prints the coverage.
pub(super) fn coverage(coverage: &Coverage, printer: &Printer<'_>) -> Result<(), Error> {
    match printer.format {
        OutputFormat::Text => printer.printed(|out| coverage_text(coverage, printer.session.quiet, out)),
        OutputFormat::Json => printer.printed(|out| coverage_json(coverage, out)),
        _ => Err(printer.unknown("coverage")),
    }
}

/// Prints scores.
pub(super) fn scores(scores: &Scores, printer: &Printer<'_>) -> Result<(), Error> {
    match printer.format {
        OutputFormat::Text => printer.printed(|out| scores_text(scores, printer.session.quiet, out)),
        OutputFormat::Json => printer.printed(|out| scores_json(scores, out)),
        _ => Err(printer.unknown("scores")),
    }
}

/// Prints an estimate.
pub(super) fn estimate(estimate: &Estimate, printer: &Printer<'_>) -> Result<(), Error> {
    match printer.format {
        OutputFormat::Text => printer.printed(|out| estimate_text(estimate, out)),
        OutputFormat::Json => printer.printed(|out| estimate_json(estimate, out)),
        _ => Err(printer.unknown("an estimate")),
    }
}

/// Prints requests as JSON, one after the other.
pub(super) fn prompts(mut bodies: impl Iterator<Item = Value>, printer: &Printer<'_>) -> Result<(), Error> {
    if !matches!(printer.format, OutputFormat::Text | OutputFormat::Json) {
        return Err(printer.unknown("a prompt"));
    }
    printer.printed(|out| bodies.try_for_each(|body| written(&body, out)))
}

/// Writes a file that somebody asked for, whole or not at all.
pub(super) fn write_whole(
    path: &Path,
    write: impl FnOnce(&mut NamedTempFile) -> io::Result<()>,
) -> Result<(), Error> {
    let cannot =
        |error: io::Error| Error::unfinished(format!("cannot write {}", path.display())).because(error);
    let mut file = beside(path).map_err(cannot)?;
    write(&mut file).map_err(cannot)?;
    file.persist(path).map_err(|error| cannot(error.error))?;
    Ok(())
}

/// Writes a file below a folder that is not there yet, whole or not at all, and says whether it was not.
///
/// Nothing is written through a link that leads out of the folder.
pub(super) fn write_new(root: &Path, path: &Path, text: &str) -> Result<bool, Error> {
    let cannot =
        |error: io::Error| Error::unfinished(format!("cannot write {}", path.display())).because(error);
    // A link that leads nowhere is there, too: making what it names would make it outside.
    let there = path.ancestors().skip(1).find(|folder| folder.symlink_metadata().is_ok()).unwrap_or(root);
    let there = there.canonicalize().map_err(cannot)?;
    if !there.starts_with(root.canonicalize().map_err(cannot)?) {
        return Err(cannot(io::Error::other("a link leads out of the repository")));
    }
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder).map_err(cannot)?;
    }
    let mut file = beside(path).map_err(cannot)?;
    file.write_all(text.as_bytes()).map_err(cannot)?;
    match file.persist_noclobber(path) {
        Ok(_) => Ok(true),
        Err(error) if error.error.kind() == io::ErrorKind::AlreadyExists => Ok(false),
        Err(error) => Err(cannot(error.error)),
    }
}

/// Makes a file that waits to take the place of another one.
fn beside(path: &Path) -> io::Result<NamedTempFile> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut builder = Builder::new();
    // What somebody asked for is for whoever may read files of hers, as if she had written it.
    #[cfg(unix)]
    let everybody = std::os::unix::fs::PermissionsExt::from_mode(0o666);
    #[cfg(unix)]
    builder.permissions(everybody);
    builder.tempfile_in(folder)
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

/// Prints data for programs.
pub(super) fn show_json(data: &serde_json::Value) -> Result<(), Error> {
    let mut text = serde_json::to_string_pretty(data)
        .map_err(|error| Error::unfinished("cannot print the data").because(error))?;
    text.push('\n');
    show(&text)
}

/// Prints a line to stderr; if nobody can read it, the run goes on.
///
/// Paths and messages of strangers stay one line of visible text, so that they cannot begin a workflow command.
pub(super) fn tell(line: &str) {
    clear_progress();
    let _ = writeln!(io::stderr().lock(), "{}", sanitised(line));
}

/// Tells people on stderr what went wrong and what a model took, where stdout is for something else than findings.
pub(super) fn tell_beside(report: &Report) {
    clear_progress();
    let _ = beside_findings(report, &mut io::stderr().lock());
}

fn cannot_print(error: io::Error) -> Error {
    Error::unfinished("cannot print the report").because(error)
}
