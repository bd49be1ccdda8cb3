//! Logging: lines on stderr and, where it is asked for, in a file; the id of the run is on every one of them.
//!
//! Lines are made here and not by the formatter of `tracing-subscriber`, for three reasons: the run id stands
//! on every line whether or not a span is open, fields whose name speaks of a key, token or secret print
//! `***`, and text that is not ours cannot repaint the terminal. Source text, prompts and replies are in no line:
//! that is up to the authors of messages, and a test reads the logs of whole runs for it. Figures of runs are not
//! its business. What a panic leaves behind is in [`crash`].

mod cleaning;
pub mod crash;
mod lines;
mod log_file;

use std::collections::hash_map::RandomState;
use std::fmt;
use std::hash::{BuildHasher, Hasher};
use std::io::{self, Write as _};
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};

use tracing::level_filters::LevelFilter;
use tracing_subscriber::filter::{EnvFilter, Targets};
use tracing_subscriber::layer::{Layer as _, SubscriberExt};
use tracing_subscriber::registry::Registry;
use tracing_subscriber::util::SubscriberInitExt;

use self::cleaning::Cleaner;
use self::lines::{Admission, ENDED, FileLines, Lines};
use self::log_file::LogFile;
use crate::error::{Error, ExitStatus};
use crate::{clock, env};

/// The name of a run in logs, reports and caches: ten lower-case hexadecimal digits.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct RunId(String);

impl RunId {
    /// Makes an id that no other run is likely to have.
    ///
    /// It is BLAKE3 over the time, the process id and the standard library's random hash seed, which comes
    /// from the operating system; 40 bits of it.
    #[must_use]
    pub fn generate() -> Self {
        let mut hasher = blake3::Hasher::new();
        hasher.update(&clock::since_epoch().as_nanos().to_le_bytes());
        hasher.update(&std::process::id().to_le_bytes());
        hasher.update(&RandomState::new().build_hasher().finish().to_le_bytes());
        Self(hasher.finalize().to_hex().chars().take(10).collect())
    }

    /// Returns the id.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for RunId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// How much is logged, as the command line says it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Verbosity {
    /// Errors only.
    Quiet,
    /// What the environment says, otherwise warnings.
    #[default]
    Usual,
    /// What docgate does.
    Info,
    /// What docgate does, and why.
    Debug,
    /// Everything.
    Trace,
}

impl Verbosity {
    /// Reads how often `--quiet` and `--verbose` were given.
    #[must_use]
    pub fn from_flags(quiet: bool, verbose: u8) -> Self {
        match (quiet, verbose) {
            (true, _) => Self::Quiet,
            (false, 0) => Self::Usual,
            (false, 1) => Self::Info,
            (false, 2) => Self::Debug,
            (false, _) => Self::Trace,
        }
    }
}

/// The form of a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum LogFormat {
    /// For people.
    #[default]
    Text,
    /// One JSON object a line.
    Json,
}

/// What is logged, how and where, as the command line says it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Logging {
    /// How much.
    pub verbosity: Verbosity,
    /// In what form; `None` for what the environment says, otherwise text.
    pub format: Option<LogFormat>,
    /// The file that lines go into as well; `None` for what the environment says, otherwise none.
    pub file: Option<PathBuf>,
}

/// Starts logging; when something logs already, that stays.
///
/// Where nothing is let through, nothing is installed. The filter that compiles expressions is made only for directives
/// (`docgate=debug,hyper=info`): a plain word costs nothing and speaks of docgate only, so that `-vv` does
/// not print what libraries say about their connections.
///
/// # Errors
///
/// Reports variables that cannot be read (exit code 2).
pub fn init(logging: &Logging, run_id: &RunId) -> Result<(), Error> {
    let chosen = choose(logging.verbosity, env::first_of(env::LOG))?;
    let path = logging.file.clone().or_else(file_from_environment);
    let in_file = if path.is_some() { chosen.in_file } else { Admission::Nothing };
    let lines = Lines {
        run_id: run_id.clone(),
        format: format(logging.format, env::read(env::LOG_FORMAT).as_deref())?,
        cleaner: Cleaner::from_environment(),
        on_stderr: chosen.on_stderr,
        stderr: write_to_stderr,
        file: path.map(|path| FileLines::new(in_file, LogFile::new(&path))),
    };
    if let Some(directives) = chosen.directives {
        let _ = Registry::default().with(lines.with_filter(*directives)).try_init();
        return Ok(());
    }
    let level = chosen.on_stderr.level().max(in_file.level());
    if level > LevelFilter::OFF {
        let _ = Registry::default().with(lines.with_filter(targets(level))).try_init();
    }
    Ok(())
}

/// Logs how the run ended: an error is printed by `main`, and goes into the file here.
pub fn ended(result: &Result<ExitStatus, Error>, milliseconds: u64) {
    match result {
        Ok(status) => tracing::info!(exit_code = status.code(), milliseconds, "the run has ended"),
        Err(error) => {
            let mut reasons = vec![error.to_string()];
            let mut source = std::error::Error::source(error);
            while let Some(cause) = source {
                reasons.push(cause.to_string());
                source = cause.source();
            }
            let (exit_code, reason) = (error.status().code(), reasons.join(": "));
            tracing::error!(target: ENDED, exit_code, milliseconds, reason, "the run has failed");
        }
    }
}

/// Whether something stands on the current line of the terminal that the next line takes the place of.
static PROGRESS: AtomicBool = AtomicBool::new(false);

/// Says whether a bar is drawn on stderr, which lines have to wipe away first.
pub fn draws_progress(is_drawn: bool) {
    PROGRESS.store(is_drawn, Ordering::Relaxed);
}

/// Wipes a bar away, if one is drawn, before a line is printed to stderr.
pub fn clear_progress() {
    if PROGRESS.load(Ordering::Relaxed) {
        let _ = io::stderr().lock().write_all(b"\r\x1b[2K");
    }
}

/// Other programs write into the folder of `LOG_DIR`, too: it counts only beside an endpoint, as all such names.
fn file_from_environment() -> Option<PathBuf> {
    let folder = || {
        env::first_of(env::ENDPOINT)?;
        env::read_path(env::LOG_DIR).map(|folder| folder.join("docgate.log"))
    };
    env::read_path(env::LOG_FILE).or_else(folder)
}

fn format(flag: Option<LogFormat>, variable: Option<&str>) -> Result<LogFormat, Error> {
    match (flag, variable.map(str::trim)) {
        (Some(format), _) => Ok(format),
        (None, None | Some("text")) => Ok(LogFormat::Text),
        (None, Some("json")) => Ok(LogFormat::Json),
        (None, Some(other)) => {
            Err(Error::usage(format!("{}: cannot read {other:?}", env::LOG_FORMAT)).hint("use text or json"))
        }
    }
}

/// What is let through, and to where.
#[derive(Debug)]
struct Chosen {
    on_stderr: Admission,
    in_file: Admission,
    directives: Option<Box<EnvFilter>>,
}

/// A file is read when something has to be found out, so it holds what docgate does even where stderr has warnings only.
/// What the variable says holds for both.
fn choose(verbosity: Verbosity, variable: Option<(&'static str, String)>) -> Result<Chosen, Error> {
    let said = variable.map(from_variable).transpose()?.flatten();
    let flag = match verbosity {
        Verbosity::Usual => None,
        Verbosity::Quiet => Some(LevelFilter::ERROR),
        Verbosity::Info => Some(LevelFilter::INFO),
        Verbosity::Debug => Some(LevelFilter::DEBUG),
        Verbosity::Trace => Some(LevelFilter::TRACE),
    };
    let (level, in_file) = match (flag, said) {
        (None, Some(Said::Directives(filter))) => {
            let all = Admission::All;
            return Ok(Chosen { on_stderr: all, in_file: all, directives: Some(filter) });
        }
        (None, Some(Said::Level(level))) => (level, level),
        (Some(flag), Some(Said::Level(level))) => (flag, flag.max(level)),
        (flag, _) => {
            let level = flag.unwrap_or(LevelFilter::WARN);
            (level, level.max(LevelFilter::INFO))
        }
    };
    let admission =
        |level| if level == LevelFilter::OFF { Admission::Nothing } else { Admission::Own(level) };
    Ok(Chosen { on_stderr: admission(level), in_file: admission(in_file), directives: None })
}

/// What a variable says.
enum Said {
    Level(LevelFilter),
    Directives(Box<EnvFilter>),
}

fn from_variable((name, text): (&'static str, String)) -> Result<Option<Said>, Error> {
    let word = text.trim().to_ascii_lowercase();
    let level = match word.as_str() {
        "off" => LevelFilter::OFF,
        "error" => LevelFilter::ERROR,
        "warn" | "warning" => LevelFilter::WARN,
        "info" => LevelFilter::INFO,
        "debug" => LevelFilter::DEBUG,
        "trace" => LevelFilter::TRACE,
        // Other programs read `LOG_LEVEL` too: a word of theirs must not stop a commit.
        _ if name != env::LOG[0] => return Ok(None),
        directives => {
            let is_directive = directives.contains(['=', ',', '[']);
            let filter = is_directive.then(|| EnvFilter::try_new(text.trim()).ok()).flatten();
            let Some(filter) = filter else {
                let hint = "use off, error, warn, info, debug, trace, or directives such as docgate=debug";
                return Err(Error::usage(format!("{name}: cannot read {:?}", text.trim())).hint(hint));
            };
            return Ok(Some(Said::Directives(Box::new(filter))));
        }
    };
    Ok(Some(Said::Level(level)))
}

fn targets(level: LevelFilter) -> Targets {
    Targets::new().with_default(level.min(LevelFilter::WARN)).with_target("docgate", level)
}

/// Writes a whole line at once, so that lines of several threads do not mix; a closed stderr is no failure.
fn write_to_stderr(line: &str) {
    clear_progress();
    let _ = io::stderr().lock().write_all(line.as_bytes());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn flags_win_over_the_environment_and_a_file_holds_what_is_done() {
        type Variable = Option<(&'static str, &'static str)>;
        let shown = |verbosity, variable: Variable| {
            let chosen = choose(verbosity, variable.map(|(name, text)| (name, text.to_owned())));
            let word = |admission: Admission| match admission {
                Admission::Nothing => "off".to_owned(),
                Admission::Own(level) => level.to_string(),
                Admission::All => "directives".to_owned(),
            };
            match chosen {
                Ok(chosen) => format!("{} {}", word(chosen.on_stderr), word(chosen.in_file)),
                Err(_) => "wrong".to_owned(),
            }
        };
        let table: [(Verbosity, Variable, &str); 12] = [
            (Verbosity::Usual, None, "warn info"),
            (Verbosity::Quiet, None, "error info"),
            (Verbosity::Trace, None, "trace trace"),
            (Verbosity::Quiet, Some(("DOCGATE_LOG", "debug")), "error debug"),
            (Verbosity::Info, Some(("DOCGATE_LOG", "error")), "info info"),
            (Verbosity::Usual, Some(("DOCGATE_LOG", "INFO")), "info info"),
            (Verbosity::Usual, Some(("DOCGATE_LOG", "error")), "error error"),
            (Verbosity::Usual, Some(("DOCGATE_LOG", "off")), "off off"),
            (Verbosity::Usual, Some(("DOCGATE_LOG", "docgate=debug,hyper=info")), "directives directives"),
            (Verbosity::Usual, Some(("DOCGATE_LOG", "loud")), "wrong"),
            (Verbosity::Usual, Some(("LOG_LEVEL", "20")), "warn info"),
            (Verbosity::Usual, Some(("LOG_LEVEL", "debug")), "debug debug"),
        ];
        for (verbosity, variable, expected) in table {
            assert_eq!(shown(verbosity, variable), expected, "{verbosity:?} {variable:?}");
        }
    }

    #[test]
    fn the_form_of_lines_is_a_word_that_is_known() {
        let table = [
            (None, None, Ok(LogFormat::Text)),
            (None, Some("json"), Ok(LogFormat::Json)),
            (Some(LogFormat::Text), Some("json"), Ok(LogFormat::Text)),
            (Some(LogFormat::Text), Some("xml"), Ok(LogFormat::Text)),
            (None, Some("xml"), Err("DOCGATE_LOG_FORMAT: cannot read \"xml\"".to_owned())),
        ];
        for (flag, variable, expected) in table {
            let found = format(flag, variable).map_err(|error| error.to_string());
            assert_eq!(found, expected, "{flag:?} {variable:?}");
        }
    }

    #[test]
    fn run_ids_are_short_and_differ() {
        let (one, other) = (RunId::generate(), RunId::generate());
        assert_ne!(one, other);
        assert!(one.as_str().len() == 10 && one.as_str().chars().all(|digit| digit.is_ascii_hexdigit()));
    }
}
