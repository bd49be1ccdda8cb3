//! What a panic leaves behind: one message, a report that can be handed on, and exit code 3.
//!
//! A panic is a mistake of docgate's. Its report says which version was doing what, and where it went wrong, and
//! holds nothing that belongs to the person: no source text, no values of options, no environment, and no path
//! outside the repository. A message that was put together while the program ran may quote the text it is about (an
//! index into a string does), so that of a panic is kept only where its words are known. Overflows of the stack and
//! an aborted process leave nothing.

use std::any::Any;
use std::backtrace::Backtrace;
use std::cell::RefCell;
use std::fmt::Write as _;
use std::fs;
use std::io::{self, Write as _};
use std::panic::{self, PanicHookInfo};
use std::path::{Path, PathBuf};
use std::sync::LazyLock;
use std::sync::atomic::{AtomicBool, Ordering};

use regex::Regex;

use super::cleaning::Cleaner;
use super::lines::ENDED;
use super::{RunId, clear_progress};
use crate::clock;
use crate::untrusted::sanitised;

/// How many reports are kept; the oldest goes first.
const KEPT: usize = 10;
/// How many functions of the backtrace are named.
const DEEPEST: usize = 40;

/// What a run is, as far as a report may say it.
#[derive(Debug, Clone)]
pub struct Watched {
    /// The run.
    pub run_id: RunId,
    /// The subcommand and the names of the options that were given.
    pub command: String,
    /// The folder for reports; without one they are printed.
    pub folder: Option<PathBuf>,
}

thread_local! {
    static DOING: RefCell<Option<String>> = const { RefCell::new(None) };
}

/// Says what this thread is at until it is dropped.
#[derive(Debug)]
#[must_use = "it is over when this is dropped"]
pub struct Doing(Option<String>);

/// Notes what this thread is at, for a report: a few words, and the path in the repository that they are about.
pub fn doing(what: &str, path: &str) -> Doing {
    Doing(DOING.with(|doing| doing.replace(Some(format!("{what} {path}")))))
}

impl Drop for Doing {
    fn drop(&mut self) {
        let before = self.0.take();
        DOING.with(|doing| doing.replace(before));
    }
}

/// From now on, a panic is told about in words and leaves a report.
pub fn watch(watched: Watched) {
    static TOLD: AtomicBool = AtomicBool::new(false);
    panic::set_hook(Box::new(move |panic| {
        // Where one thread fails, others often fail alike.
        if TOLD.swap(true, Ordering::Relaxed) {
            return;
        }
        let crash = Crash::of(panic);
        tell(&crash, &watched, &Cleaner::from_environment());
    }));
}

/// What is known of a panic.
struct Crash {
    place: String,
    message: &'static str,
    doing: Option<String>,
    functions: Vec<String>,
}

impl Crash {
    fn of(panic: &PanicHookInfo<'_>) -> Self {
        let place =
            panic.location().map(|at| format!("{}:{}:{}", place_in(at.file()), at.line(), at.column()));
        Self {
            place: place.unwrap_or_else(|| "unknown".to_owned()),
            message: message(panic.payload()),
            doing: DOING.try_with(|doing| doing.try_borrow().ok()?.clone()).ok().flatten(),
            functions: functions(&Backtrace::force_capture().to_string()),
        }
    }

    /// Writes the report.
    fn report(&self, watched: &Watched) -> String {
        let mut text = String::new();
        let rows = [
            ("version", env!("CARGO_PKG_VERSION").to_owned()),
            ("platform", format!("{} {}", std::env::consts::OS, std::env::consts::ARCH)),
            ("time", clock::in_words(clock::since_epoch())),
            ("run", watched.run_id.to_string()),
            ("command", watched.command.clone()),
            ("at work on", self.doing.clone().unwrap_or_else(|| "nothing in particular".to_owned())),
            ("place", self.place.clone()),
            ("message", self.message.to_owned()),
        ];
        text.push_str("docgate crash report\n\n");
        for (name, value) in rows {
            // Writing to a string cannot fail.
            let _ = writeln!(text, "{name}: {}", sanitised(&value));
        }
        if !self.functions.is_empty() {
            text.push_str("\nfunctions, the innermost first:\n");
            for function in &self.functions {
                let _ = writeln!(text, "  {}", sanitised(function));
            }
        }
        text.push_str("\nNo source text, no values of options and no environment are in this report.\n");
        text
    }
}

fn tell(crash: &Crash, watched: &Watched, cleaner: &Cleaner) {
    tracing::error!(target: ENDED, place = %crash.place, "docgate stopped because of a mistake of its own");
    let report = cleaner.clean(&crash.report(watched));
    let kept = watched.folder.as_deref().map(|folder| keep(folder, &watched.run_id, &report));
    let mut lines = vec![
        "error: docgate stopped because of a mistake of its own; your files are as the last complete step left them".to_owned(),
        format!("caused by: a panic at {}: {}", crash.place, crash.message),
    ];
    match kept {
        Some(Ok(path)) => {
            let path = path.display().to_string();
            lines.push(format!(
                "hint: please open an issue where you got docgate from, and put {path} into it"
            ));
            lines.push("hint: that report holds no source text; read it before you send it".to_owned());
        }
        _ => lines.push(format!(
            "hint: please open an issue where you got docgate from, with these lines:\n{report}"
        )),
    }
    clear_progress();
    let lines: Vec<_> = lines.iter().flat_map(|line| line.lines()).collect();
    let shown = lines.iter().map(|line| sanitised(line).into_owned()).collect::<Vec<_>>().join("\n");
    let _ = writeln!(io::stderr(), "{}", cleaner.clean(&shown));
}

/// Writes the report into the folder, and drops those that are too many.
fn keep(folder: &Path, run_id: &RunId, report: &str) -> io::Result<PathBuf> {
    fs::create_dir_all(folder)?;
    let mut older: Vec<(std::time::SystemTime, PathBuf)> = fs::read_dir(folder)?
        .flatten()
        .filter(|entry| is_report(&entry.file_name().to_string_lossy()))
        .filter_map(|entry| Some((entry.metadata().ok()?.modified().ok()?, entry.path())))
        .collect();
    older.sort();
    let too_many = (older.len() + 1).saturating_sub(KEPT);
    for (_, path) in older.into_iter().take(too_many) {
        // What cannot be removed may stay.
        let _ = fs::remove_file(path);
    }
    let path = folder.join(format!("crash-{run_id}.txt"));
    let mut options = fs::OpenOptions::new();
    options.create_new(true).write(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(&path)?.write_all(report.as_bytes())?;
    Ok(path)
}

fn is_report(name: &str) -> bool {
    name.strip_prefix("crash-").and_then(|rest| rest.strip_suffix(".txt")).is_some()
}

/// Says what the panic says, where that cannot quote anything.
///
/// A message that stands in the program as it is says nothing of what the program read. Of those that are put
/// together, the ones about positions and lengths are recognised by their words.
fn message(payload: &(dyn Any + Send)) -> &'static str {
    if let Some(text) = payload.downcast_ref::<&'static str>() {
        return text;
    }
    let text = payload.downcast_ref::<String>().map_or("", String::as_str);
    let known = KNOWN.iter().find(|(begin, _)| text.starts_with(begin));
    known.map_or("left out, since it may quote what it was about", |(_, shown)| shown)
}

/// The beginnings of messages of the standard library, and what is shown of them.
const KNOWN: &[(&str, &str)] = &[
    ("index out of bounds", "index out of bounds"),
    ("range start index", "a range starts beyond the end"),
    ("range end index", "a range ends beyond the end"),
    ("slice index starts at", "a range starts beyond its end"),
    ("byte index", "a text is cut where no character begins, or beyond its end"),
    ("start byte index", "a text is cut where no character begins, or beyond its end"),
    ("end byte index", "a text is cut where no character begins, or beyond its end"),
    ("begin <= end", "a text is cut from behind its end"),
    ("begin > end", "a text is cut from behind its end"),
    ("called `Result::unwrap()`", "an error that was held to be impossible"),
    ("called `Option::unwrap()`", "a value that was held to be there"),
    ("already borrowed", "already borrowed"),
    ("already mutably borrowed", "already mutably borrowed"),
    ("failed to spawn thread", "the system gives no more threads"),
    ("The global thread pool has not been initialized", "the system gives no more threads"),
    ("failed printing to", "a stream cannot be written"),
];

/// Returns the place of a source file, without the folders of the machine it was compiled on.
fn place_in(file: &str) -> String {
    let file = file.replace('\\', "/");
    for folder in ["/registry/src/", "/rustlib/src/rust/"] {
        if let Some((_, rest)) = file.split_once(folder) {
            return rest.split_once('/').map_or(rest, |(_, rest)| rest).to_owned();
        }
    }
    match file.strip_prefix('/').and_then(|_| file.rsplit_once("/src/")) {
        Some((_, rest)) => format!("src/{rest}"),
        None => file,
    }
}

/// Takes the names of the functions out of a backtrace; their places name folders of the machine that compiled them.
fn functions(backtrace: &str) -> Vec<String> {
    static FRAME: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"^ *[0-9]+: (.+)$").ok());
    let Some(frame) = FRAME.as_ref() else { return Vec::new() };
    let named = backtrace.lines().filter_map(|line| Some(frame.captures(line)?.get(1)?.as_str().to_owned()));
    let ours = |name: &String| {
        let machinery =
            ["std::backtrace", "std::panicking", "core::panicking", "rust_begin_unwind", "__rust"];
        !name.starts_with("<unknown>")
            && !name.starts_with("docgate::telemetry::crash")
            && !machinery.iter().any(|part| name.trim_start_matches('<').starts_with(part))
    };
    named.filter(ours).take(DEEPEST).collect()
}

#[cfg(test)]
mod tests {
    use tempfile::TempDir;

    use super::*;

    fn watched() -> Watched {
        Watched { run_id: RunId("0123456789".to_owned()), command: "check --staged".to_owned(), folder: None }
    }

    #[test]
    fn the_message_of_a_panic_cannot_quote_anything() {
        let caught = |work: fn()| message(panic::catch_unwind(work).unwrap_err().as_ref()).to_owned();
        let secret = "hunter2é";
        let table: &[(fn(), &str)] = &[
            (|| panic!("as it stands"), "as it stands"),
            (|| panic!("{}", "hunter2".to_owned()), "left out, since it may quote what it was about"),
            (
                || drop("hunter2é"[..8].to_owned()),
                "a text is cut where no character begins, or beyond its end",
            ),
            (|| assert_eq!("hunter2".parse::<u8>().unwrap(), 0), "an error that was held to be impossible"),
            (|| assert_eq!(vec![1][std::hint::black_box(3)], 0), "index out of bounds"),
        ];
        for (work, expected) in table {
            assert_eq!(caught(*work), *expected);
        }
        assert!(!table.iter().any(|(_, shown)| shown.contains(secret)));
    }

    #[test]
    fn places_are_those_of_the_source_and_not_of_a_machine() {
        let table = [
            ("src/python/parse.rs", "src/python/parse.rs"),
            (
                "/home/ada/.cargo/registry/src/index-6f17d22bba15001f/sled-0.34.7/src/lib.rs",
                "sled-0.34.7/src/lib.rs",
            ),
            ("/rustc/59807616e1fa2540724bfbac14d7976d7e4a3860/library/core/src/str/mod.rs", "src/str/mod.rs"),
            (
                "C:\\Users\\Ada\\.cargo\\registry\\src\\index-1\\sled-0.34.7\\src\\lib.rs",
                "sled-0.34.7/src/lib.rs",
            ),
            ("/home/ada/docgate/src/main.rs", "src/main.rs"),
        ];
        for (file, expected) in table {
            assert_eq!(place_in(file), expected, "{file}");
        }
    }

    #[test]
    fn functions_are_named_without_folders() {
        let backtrace = "   0: std::backtrace_rs::backtrace::trace\n             at /rustc/1/library/std/src/a.rs:1:2\n   \
             1: core::panicking::panic_fmt\n   2: docgate::python::parse::parse\n             at /home/ada/docgate/src/a.rs:3:4\n   \
             3: <unknown>\n  10: main\n";
        assert_eq!(functions(backtrace), ["docgate::python::parse::parse", "main"]);
    }

    #[test]
    fn a_report_says_what_was_done_where_by_which_version() {
        let crash = Crash {
            place: "src/python/parse.rs:1:2".to_owned(),
            message: "index out of bounds",
            doing: Some("parsing a\u{1b}[2J.py".to_owned()),
            functions: vec!["docgate::python::parse::parse".to_owned()],
        };
        let report = crash.report(&watched());
        for part in [
            concat!("version: ", env!("CARGO_PKG_VERSION"), "\n"),
            "run: 0123456789\n",
            "command: check --staged\n",
            "at work on: parsing a\\u{1b}[2J.py\n",
            "place: src/python/parse.rs:1:2\n",
            "  docgate::python::parse::parse\n",
        ] {
            assert!(report.contains(part), "{part} in {report}");
        }
    }

    #[test]
    fn what_a_thread_is_at_comes_back_when_something_inside_is_over() {
        let now = || DOING.with(|doing| doing.borrow().clone());
        let outer = doing("judging", "a.py");
        let inner = doing("parsing", "b.py");
        assert_eq!(now().as_deref(), Some("parsing b.py"));
        drop(inner);
        assert_eq!(now().as_deref(), Some("judging a.py"));
        drop(outer);
        assert_eq!(now(), None);
    }

    #[test]
    fn the_number_of_reports_is_bounded_and_other_files_stay() {
        let folder = TempDir::new().unwrap();
        fs::File::create(folder.path().join("crash-notes.md")).unwrap();
        for number in 0..30 {
            keep(folder.path(), &RunId(format!("{number:010}")), "report").unwrap();
        }
        let mut names: Vec<_> = fs::read_dir(folder.path())
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        assert_eq!(names.len(), KEPT + 1, "{names:?}");
        assert!(names.contains(&"crash-0000000029.txt".to_owned()), "{names:?}");
        assert!(names.contains(&"crash-notes.md".to_owned()), "{names:?}");
    }
}
