//! Logging: a subscriber on stderr with the run id on every line; never source text, prompts, replies or keys.
//!
//! Lines are made here and not by the formatter of `tracing-subscriber`, for three reasons: the run id stands
//! on every line whether or not a span is open, fields whose name speaks of a key, token or secret print
//! `***`, and text that is not ours cannot repaint the terminal. What a message itself says is up to its
//! author. Rotating files and figures of runs are not its business.

use std::collections::hash_map::RandomState;
use std::fmt::{self, Write as _};
use std::hash::{BuildHasher, Hasher};
use std::io::{self, Write as _};

use serde_json::{Map, Value};
use tracing::field::{Field, Visit};
use tracing::level_filters::LevelFilter;
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Subscriber};
use tracing_subscriber::filter::{EnvFilter, Targets};
use tracing_subscriber::layer::{Context, Layer, SubscriberExt};
use tracing_subscriber::registry::{LookupSpan, Registry};
use tracing_subscriber::util::SubscriberInitExt;

use crate::error::Error;
use crate::untrusted::sanitised;
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

/// Starts logging to stderr; when something logs already, that stays.
///
/// With the log off nothing is installed. The filter that compiles expressions is made only for directives
/// (`docgate=debug,hyper=info`): a plain word costs nothing and speaks of docgate only, so that `-vv` does
/// not print what libraries say about their connections.
///
/// # Errors
///
/// Reports directives in `DOCGATE_LOG` that cannot be read (exit code 2).
pub fn init(verbosity: Verbosity, run_id: &RunId, format: LogFormat) -> Result<(), Error> {
    let lines = Lines { run_id: run_id.clone(), format, write: write_to_stderr };
    match choose(verbosity, env::first_of(env::LOG))? {
        Filter::Off => {}
        Filter::Own(level) => {
            let _ = Registry::default().with(lines.with_filter(targets(level))).try_init();
        }
        Filter::Directives(filter) => {
            let _ = Registry::default().with(lines.with_filter(*filter)).try_init();
        }
    }
    Ok(())
}

/// What is let through.
#[derive(Debug)]
enum Filter {
    Off,
    Own(LevelFilter),
    Directives(Box<EnvFilter>),
}

fn choose(verbosity: Verbosity, variable: Option<(&'static str, String)>) -> Result<Filter, Error> {
    let level = match verbosity {
        Verbosity::Quiet => LevelFilter::ERROR,
        Verbosity::Info => LevelFilter::INFO,
        Verbosity::Debug => LevelFilter::DEBUG,
        Verbosity::Trace => LevelFilter::TRACE,
        Verbosity::Usual => return from_variable(variable),
    };
    Ok(Filter::Own(level))
}

fn from_variable(variable: Option<(&'static str, String)>) -> Result<Filter, Error> {
    let Some((name, text)) = variable else { return Ok(Filter::Own(LevelFilter::WARN)) };
    let word = text.trim().to_ascii_lowercase();
    let level = match word.as_str() {
        "off" => return Ok(Filter::Off),
        "error" => LevelFilter::ERROR,
        "warn" | "warning" => LevelFilter::WARN,
        "info" => LevelFilter::INFO,
        "debug" => LevelFilter::DEBUG,
        "trace" => LevelFilter::TRACE,
        // Other programs read `LOG_LEVEL` too: a word of theirs must not stop a commit.
        _ if name != env::LOG[0] => LevelFilter::WARN,
        directives => {
            let is_directive = directives.contains(['=', ',', '[']);
            let filter = is_directive.then(|| EnvFilter::try_new(text.trim()).ok()).flatten();
            let Some(filter) = filter else {
                let hint = "use off, error, warn, info, debug, trace, or directives such as docgate=debug";
                return Err(Error::usage(format!("{name}: cannot read {:?}", text.trim())).hint(hint));
            };
            return Ok(Filter::Directives(Box::new(filter)));
        }
    };
    Ok(Filter::Own(level))
}

fn targets(level: LevelFilter) -> Targets {
    Targets::new().with_default(level.min(LevelFilter::WARN)).with_target("docgate", level)
}

/// Writes a whole line at once, so that lines of several threads do not mix; a closed stderr is no failure.
fn write_to_stderr(line: &str) {
    let _ = io::stderr().lock().write_all(line.as_bytes());
}

/// The layer that makes lines.
struct Lines<W> {
    run_id: RunId,
    format: LogFormat,
    write: W,
}

/// The fields of a span or an event, already redacted.
#[derive(Default)]
struct Fields {
    message: String,
    named: Vec<(&'static str, Value)>,
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
        let mut fields = Fields::default();
        if let Some(scope) = context.event_scope(event) {
            for span in scope.from_root() {
                if let Some(outer) = span.extensions().get::<Fields>() {
                    fields.named.extend(outer.named.iter().cloned());
                }
            }
        }
        event.record(&mut fields);
        let line = match self.format {
            LogFormat::Text => self.text(event, &fields),
            LogFormat::Json => self.json(event, fields),
        };
        (self.write)(&line);
    }
}

impl<W> Lines<W> {
    fn text(&self, event: &Event<'_>, fields: &Fields) -> String {
        let level = event.metadata().level().as_str().to_ascii_lowercase();
        let mut line = format!("docgate {} {level}: {}", self.run_id, sanitised(&fields.message));
        for (name, value) in &fields.named {
            let value = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
            let _ = write!(line, " {name}={}", sanitised(&value));
        }
        line.push('\n');
        line
    }

    fn json(&self, event: &Event<'_>, fields: Fields) -> String {
        let mut named = Map::new();
        for (name, value) in fields.named {
            named.insert(name.to_owned(), value);
        }
        let milliseconds = u64::try_from(clock::since_epoch().as_millis()).unwrap_or(u64::MAX);
        let line = serde_json::json!({
            "time_ms": milliseconds,
            "run": self.run_id.as_str(),
            "level": event.metadata().level().as_str().to_ascii_lowercase(),
            "target": event.metadata().target(),
            "message": fields.message,
            "fields": named,
        });
        format!("{line}\n")
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
    use std::sync::{Arc, Mutex};

    use super::*;

    /// Runs something that logs and returns the lines.
    fn logged(format: LogFormat, level: LevelFilter, log: impl FnOnce()) -> Vec<String> {
        let captured = Arc::new(Mutex::new(String::new()));
        let copy = Arc::clone(&captured);
        let write = move |line: &str| copy.lock().unwrap().push_str(line);
        let lines = Lines { run_id: RunId("0123456789".to_owned()), format, write };
        let subscriber = Registry::default().with(lines.with_filter(targets(level)));
        tracing::subscriber::with_default(subscriber, log);
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
    fn the_run_id_is_on_every_line() {
        let lines = logged(LogFormat::Text, LevelFilter::INFO, say_things);
        assert_eq!(
            lines,
            [
                "docgate 0123456789 warn: outside",
                "docgate 0123456789 error: inside\\u{1b}[2J\\nnext deployment=mini api_key=*** late=3 token=*** prompt_tokens=12",
                "docgate 0123456789 warn: elsewhere",
            ]
        );
        for line in logged(LogFormat::Json, LevelFilter::INFO, say_things) {
            let value: Value = serde_json::from_str(&line).unwrap();
            assert_eq!(value["run"], "0123456789", "{line}");
            assert!(!line.contains("hunter2"), "{line}");
        }
    }

    #[test]
    fn levels_speak_of_docgate_and_others_stay_at_warnings() {
        let speak = || {
            tracing::debug!("ours");
            tracing::debug!(target: "hyper::proto", "theirs");
            tracing::warn!(target: "hyper::proto", "their warning");
        };
        assert_eq!(logged(LogFormat::Text, LevelFilter::DEBUG, speak).len(), 2);
        assert_eq!(logged(LogFormat::Text, LevelFilter::WARN, speak).len(), 1);
        assert_eq!(logged(LogFormat::Text, LevelFilter::ERROR, speak).len(), 0);
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

    #[test]
    fn flags_win_over_the_environment() {
        let shown = |verbosity, variable: Option<(&'static str, &str)>| {
            let filter = choose(verbosity, variable.map(|(name, text)| (name, text.to_owned())));
            match filter {
                Ok(Filter::Off) => "off".to_owned(),
                Ok(Filter::Own(level)) => level.to_string(),
                Ok(Filter::Directives(_)) => "directives".to_owned(),
                Err(_) => "wrong".to_owned(),
            }
        };
        let table = [
            (Verbosity::Usual, None, "warn"),
            (Verbosity::Quiet, Some(("DOCGATE_LOG", "debug")), "error"),
            (Verbosity::Trace, None, "trace"),
            (Verbosity::Usual, Some(("DOCGATE_LOG", "INFO")), "info"),
            (Verbosity::Usual, Some(("DOCGATE_LOG", "off")), "off"),
            (Verbosity::Usual, Some(("DOCGATE_LOG", "docgate=debug,hyper=info")), "directives"),
            (Verbosity::Usual, Some(("DOCGATE_LOG", "loud")), "wrong"),
            (Verbosity::Usual, Some(("LOG_LEVEL", "20")), "warn"),
            (Verbosity::Usual, Some(("LOG_LEVEL", "debug")), "debug"),
        ];
        for (verbosity, variable, expected) in table {
            assert_eq!(shown(verbosity, variable), expected, "{verbosity:?} {variable:?}");
        }
    }

    #[test]
    fn run_ids_are_short_and_differ() {
        let (one, other) = (RunId::generate(), RunId::generate());
        assert_ne!(one, other);
        assert!(one.as_str().len() == 10 && one.as_str().chars().all(|digit| digit.is_ascii_hexdigit()));
    }
}
