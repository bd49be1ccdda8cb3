//! Events → lines: the layer that makes them, for stderr and for the log file.
//!
//! One layer writes to both, so that the fields of spans are noted once. Everything passes [`Cleaner`] first, and
//! on stderr, text that is not ours cannot repaint the terminal.

use std::fmt::{self, Write as _};
use std::sync::atomic::{AtomicBool, Ordering};

use serde_json::{Map, Value};
use tracing::field::{Field, Visit};
use tracing::level_filters::LevelFilter;
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Metadata, Subscriber};
use tracing_subscriber::layer::{Context, Layer};
use tracing_subscriber::registry::LookupSpan;

use super::cleaning::Cleaner;
use super::log_file::{LONGEST_LINE, LogFile};
use super::{LogFormat, RunId};
use crate::clock;
use crate::untrusted::{escaped_in_json, sanitised};

/// How much of a message stays where a line of JSON is too long: escaped, a character takes twelve bytes at most.
const SHORTENED: usize = 1000;

/// The target of what `main` tells the person anyway, and only the file must be told.
pub(super) const ENDED: &str = "docgate::ended";

/// What is let through to one place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Admission {
    /// Nothing.
    Nothing,
    /// What docgate says from a level on, and warnings of libraries.
    Own(LevelFilter),
    /// What the directives in front have let through.
    All,
}

impl Admission {
    /// Returns the level up to which docgate's own events are let through.
    pub(super) fn level(self) -> LevelFilter {
        match self {
            Self::Nothing => LevelFilter::OFF,
            Self::Own(level) => level,
            Self::All => LevelFilter::TRACE,
        }
    }

    fn admits(self, metadata: &Metadata<'_>) -> bool {
        let is_own = metadata.target().split("::").next() == Some("docgate");
        match self {
            Self::Nothing => false,
            Self::All => true,
            Self::Own(level) if is_own => *metadata.level() <= level,
            Self::Own(level) => *metadata.level() <= level.min(LevelFilter::WARN),
        }
    }
}

/// The layer.
pub(super) struct Lines<W> {
    pub(super) run_id: RunId,
    pub(super) format: LogFormat,
    pub(super) cleaner: Cleaner,
    pub(super) on_stderr: Admission,
    pub(super) stderr: W,
    pub(super) file: Option<FileLines>,
}

/// The log file, and what goes into it.
pub(super) struct FileLines {
    admission: Admission,
    file: LogFile,
    given_up: AtomicBool,
}

impl FileLines {
    pub(super) fn new(admission: Admission, file: LogFile) -> Self {
        Self { admission, file, given_up: AtomicBool::new(false) }
    }
}

/// The fields of a span or an event, without those that speak of a credential.
#[derive(Default)]
struct Fields {
    message: String,
    named: Vec<(&'static str, Value)>,
}

/// One event, ready to be written.
struct Line<'event> {
    level: String,
    target: &'event str,
    message: String,
    named: Vec<(&'static str, Value)>,
}

/// Where a line goes: a file is read later, so it needs the time in text, too.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    Stderr,
    File,
}

impl<S, W> Layer<S> for Lines<W>
where
    S: Subscriber + for<'lookup> LookupSpan<'lookup>,
    W: Fn(&str) + 'static,
{
    fn on_new_span(&self, attributes: &Attributes<'_>, id: &Id, context: Context<'_, S>) {
        let Some(span) = context.span(id) else { return };
        let mut fields = Fields::default();
        attributes.record(&mut fields);
        span.extensions_mut().insert(fields);
    }

    fn on_record(&self, id: &Id, values: &Record<'_>, context: Context<'_, S>) {
        let Some(span) = context.span(id) else { return };
        if let Some(fields) = span.extensions_mut().get_mut::<Fields>() {
            values.record(fields);
        }
    }

    fn on_event(&self, event: &Event<'_>, context: Context<'_, S>) {
        let metadata = event.metadata();
        let to_stderr = self.on_stderr.admits(metadata) && metadata.target() != ENDED;
        let file = self
            .file
            .as_ref()
            .filter(|file| file.admission.admits(metadata) && !file.given_up.load(Ordering::Relaxed));
        if !to_stderr && file.is_none() {
            return;
        }
        let mut fields = Fields::default();
        if let Some(scope) = context.event_scope(event) {
            for span in scope.from_root() {
                if let Some(outer) = span.extensions().get::<Fields>() {
                    fields.named.extend(outer.named.iter().cloned());
                }
            }
        }
        event.record(&mut fields);
        let line = self.cleaned(metadata, fields);
        if to_stderr {
            (self.stderr)(&self.formatted(&line, Place::Stderr));
        }
        if let Some(file) = file {
            self.write_to_file(file, &line);
        }
    }
}

impl<W: Fn(&str)> Lines<W> {
    /// Says once that the file cannot be written; the run is none the worse for it.
    fn write_to_file(&self, file: &FileLines, line: &Line<'_>) {
        let Err(error) = file.file.append(&self.formatted(line, Place::File)) else { return };
        if file.given_up.swap(true, Ordering::Relaxed) || self.on_stderr.level() < LevelFilter::WARN {
            return;
        }
        let path = file.file.path().display().to_string();
        let named = [("path", path), ("reason", error.to_string())];
        let warning = Line {
            level: "warn".to_owned(),
            target: "docgate::telemetry",
            message: "the log file cannot be written, and the run goes on without it".to_owned(),
            named: named.map(|(name, text)| (name, Value::from(self.cleaner.clean(&text)))).to_vec(),
        };
        (self.stderr)(&self.formatted(&warning, Place::Stderr));
    }

    fn cleaned<'event>(&self, metadata: &Metadata<'event>, fields: Fields) -> Line<'event> {
        let clean = |value: Value| match value {
            Value::String(text) => Value::String(self.cleaner.clean(&text)),
            other => other,
        };
        Line {
            level: metadata.level().as_str().to_ascii_lowercase(),
            target: metadata.target(),
            message: self.cleaner.clean(&fields.message),
            named: fields.named.into_iter().map(|(name, value)| (name, clean(value))).collect(),
        }
    }

    fn formatted(&self, line: &Line<'_>, place: Place) -> String {
        match self.format {
            LogFormat::Text => self.text(line, place),
            LogFormat::Json => self.json(line),
        }
    }

    fn text(&self, line: &Line<'_>, place: Place) -> String {
        let time = match place {
            Place::Stderr => String::new(),
            Place::File => format!("{} ", clock::in_words(clock::since_epoch())),
        };
        let mut text = format!("{time}docgate {} {}: {}", self.run_id, line.level, sanitised(&line.message));
        for (name, value) in &line.named {
            let value = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
            let _ = write!(text, " {name}={}", sanitised(&value));
        }
        text.push('\n');
        text
    }

    fn json(&self, line: &Line<'_>) -> String {
        let mut named = Map::new();
        for (name, value) in &line.named {
            named.insert((*name).to_owned(), value.clone());
        }
        let text = self.object(line, &line.message, &named);
        if text.len() <= LONGEST_LINE {
            return text;
        }
        // Cut anywhere, it would be no object any more.
        named.retain(|_, value| !value.is_string());
        let message: String = line.message.chars().take(SHORTENED).chain(['…']).collect();
        self.object(line, &message, &named)
    }

    fn object(&self, line: &Line<'_>, message: &str, named: &Map<String, Value>) -> String {
        let milliseconds = u64::try_from(clock::since_epoch().as_millis()).unwrap_or(u64::MAX);
        let object = serde_json::json!({
            "time_ms": milliseconds,
            "run": self.run_id.as_str(),
            "level": line.level,
            "target": line.target,
            "message": message,
            "fields": named,
        });
        format!("{}\n", escaped_in_json(&object.to_string()))
    }
}

impl Fields {
    fn add(&mut self, field: &Field, value: Value) {
        let value = if is_secret(field.name()) { Value::from("***") } else { value };
        self.named.push((field.name(), value));
    }
}

impl Visit for Fields {
    fn record_f64(&mut self, field: &Field, value: f64) {
        self.add(field, Value::from(value));
    }

    fn record_i64(&mut self, field: &Field, value: i64) {
        self.add(field, Value::from(value));
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        self.add(field, Value::from(value));
    }

    fn record_bool(&mut self, field: &Field, value: bool) {
        self.add(field, Value::from(value));
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        if field.name() == "message" {
            value.clone_into(&mut self.message);
        } else {
            self.add(field, Value::from(value));
        }
    }

    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        self.record_str(field, &format!("{value:?}"));
    }
}

/// Returns whether the name of a field speaks of a credential: `api_key`, `token`, `client.secret`.
///
/// Counts such as `prompt_tokens` are not meant: only the singular is.
fn is_secret(name: &str) -> bool {
    name.split(|character: char| !character.is_ascii_alphanumeric()).any(|word| {
        let word = word.to_ascii_lowercase();
        matches!(
            word.as_str(),
            "key" | "apikey" | "token" | "secret" | "password" | "authorization" | "credential"
        )
    })
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::sync::{Arc, Mutex};

    use tempfile::TempDir;
    use tracing_subscriber::layer::SubscriberExt as _;
    use tracing_subscriber::registry::Registry;

    use super::*;

    /// Runs something that logs and returns the lines on stderr.
    fn logged(
        format: LogFormat,
        level: LevelFilter,
        file: Option<FileLines>,
        log: impl FnOnce(),
    ) -> Vec<String> {
        let captured = Arc::new(Mutex::new(String::new()));
        let copy = Arc::clone(&captured);
        let lines = Lines {
            run_id: RunId("0123456789".to_owned()),
            format,
            cleaner: Cleaner::default(),
            on_stderr: Admission::Own(level),
            stderr: move |line: &str| copy.lock().unwrap().push_str(line),
            file,
        };
        tracing::subscriber::with_default(Registry::default().with(lines), log);
        let text = captured.lock().unwrap().clone();
        text.lines().map(str::to_owned).collect()
    }

    fn say_things() {
        tracing::warn!("outside");
        let span = tracing::info_span!(
            "request",
            deployment = "mini",
            api_key = "hunter2",
            late = tracing::field::Empty
        );
        let inside = span.enter();
        span.record("late", 3);
        tracing::error!(token = "hunter2", prompt_tokens = 12, "inside\u{1b}[2J\nnext");
        drop(inside);
        std::thread::scope(|scope| {
            let dispatch = tracing::dispatcher::get_default(Clone::clone);
            scope.spawn(move || {
                tracing::dispatcher::with_default(&dispatch, || tracing::warn!("elsewhere"));
            });
        });
    }

    #[test]
    fn a_line_of_json_is_visible_and_an_object_whatever_it_says() {
        let long = "\u{e0001}".repeat(20_000);
        let lines = logged(LogFormat::Json, LevelFilter::INFO, None, || {
            tracing::warn!(path = "b\u{202e}\u{200b}", "a\u{9b}2J\u{1b}\u{7f}");
            tracing::warn!(path = long.as_str(), count = 3, "{long}");
        });
        assert_eq!(lines.len(), 2);
        for line in &lines {
            assert!(line.is_ascii() || line.contains('…'), "{line}");
            assert!(!line.contains(crate::untrusted::is_hidden), "{line}");
            assert!(line.len() < LONGEST_LINE, "{}", line.len());
        }
        let values: Vec<Value> = lines.iter().map(|line| serde_json::from_str(line).unwrap()).collect();
        assert_eq!(values[0]["message"], "a\u{9b}2J\u{1b}\u{7f}");
        assert_eq!(values[0]["fields"]["path"], "b\u{202e}\u{200b}");
        assert_eq!(values[1]["fields"], serde_json::json!({"count": 3}));
        assert!(values[1]["message"].as_str().unwrap().ends_with('…'));
    }

    #[test]
    fn the_run_id_is_on_every_line() {
        let lines = logged(LogFormat::Text, LevelFilter::INFO, None, say_things);
        assert_eq!(
            lines,
            [
                "docgate 0123456789 warn: outside",
                "docgate 0123456789 error: inside\\u{1b}[2J\\nnext deployment=mini api_key=*** late=3 token=*** prompt_tokens=12",
                "docgate 0123456789 warn: elsewhere",
            ]
        );
        for line in logged(LogFormat::Json, LevelFilter::INFO, None, say_things) {
            let value: Value = serde_json::from_str(&line).unwrap();
            assert_eq!(value["run"], "0123456789", "{line}");
            assert!(!line.contains("hunter2"), "{line}");
        }
    }

    #[test]
    fn the_file_has_more_than_stderr_and_the_time() {
        let folder = TempDir::new().unwrap();
        let path = folder.path().join("docgate.log");
        for format in [LogFormat::Text, LogFormat::Json] {
            let file = FileLines::new(Admission::Own(LevelFilter::INFO), LogFile::new(&path));
            let shown = logged(format, LevelFilter::WARN, Some(file), || {
                say_things();
                tracing::info!("quietly");
                tracing::error!(target: ENDED, "told already");
            });
            assert_eq!(shown.len(), 3, "{shown:#?}");
        }
        let text = fs::read_to_string(&path).unwrap();
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(lines.len(), 10, "{text}");
        for line in &lines[..5] {
            assert!(line.starts_with("20") && line.contains("Z docgate 0123456789 "), "{line}");
        }
        for line in &lines[5..] {
            let value: Value = serde_json::from_str(line).unwrap();
            assert_eq!(value["run"], "0123456789", "{line}");
        }
        assert!(lines[3].ends_with("info: quietly") && lines[4].ends_with("error: told already"), "{text}");
        assert!(!text.contains("hunter2") && !text.contains('\u{1b}'), "{text}");
    }

    #[test]
    fn a_file_that_cannot_be_written_is_one_warning() {
        let folder = TempDir::new().unwrap();
        for (level, expected) in [(LevelFilter::WARN, 1), (LevelFilter::ERROR, 0)] {
            let file = FileLines::new(Admission::Own(LevelFilter::INFO), LogFile::new(folder.path()));
            let shown = logged(LogFormat::Text, level, Some(file), || {
                tracing::info!("one");
                tracing::info!("two");
            });
            assert_eq!(shown.len(), expected, "{shown:?}");
            assert!(
                shown.iter().all(|line| line.contains("warn: the log file cannot be written")),
                "{shown:?}"
            );
        }
    }

    #[test]
    fn levels_speak_of_docgate_and_others_stay_at_warnings() {
        let speak = || {
            tracing::debug!("ours");
            tracing::debug!(target: "hyper::proto", "theirs");
            tracing::debug!(target: "docgate_elsewhere", "theirs, too");
            tracing::warn!(target: "hyper::proto", "their warning");
        };
        assert_eq!(logged(LogFormat::Text, LevelFilter::DEBUG, None, speak).len(), 2);
        assert_eq!(logged(LogFormat::Text, LevelFilter::WARN, None, speak).len(), 1);
        assert_eq!(logged(LogFormat::Text, LevelFilter::ERROR, None, speak).len(), 0);
    }

    #[test]
    fn names_of_credentials_are_known() {
        for name in ["key", "api_key", "api-key", "Authorization", "client.secret", "access_token", "apiKey"]
        {
            assert!(is_secret(name), "{name}");
        }
        for name in ["prompt_tokens", "tokens", "monkey", "keyboard", "path"] {
            assert!(!is_secret(name), "{name}");
        }
    }
}
