//! [I/O] What several machines share: one Redis, reached late, given up quickly and never printed.
//!
//! Commands and scripts go out, bytes and words come back; what they mean is known to `cache/` and `model/`. Nobody
//! connects before something is asked for. A server that does not answer is left alone for some seconds, so that a
//! run does not wait for it again and again, and is said to be away once.

use std::fmt;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use redis::{Client, Connection, ErrorKind, RedisError, RedisResult, ServerErrorKind, TlsCertificates};
use thiserror::Error;
use tracing::warn;

use crate::clock;
use crate::secret::Secret;

/// The longest time for a connection, and for an answer.
const PATIENCE: Duration = Duration::from_secs(2);
/// How long a server is left alone that did not answer.
pub(crate) const LEFT_ALONE: Duration = Duration::from_secs(5);
/// How long a connection may be idle: what lies on the way forgets one that is idle for minutes, and says nothing.
const IDLE: Duration = Duration::from_secs(10);
/// Keys that are read, written or looked for in one command.
const BATCH: usize = 500;

/// Where the server is, and how it is spoken to.
#[derive(Debug, Clone)]
pub struct RedisSettings {
    /// `redis://` or, over TLS, `rediss://`, with user, password and number of the database.
    pub url: Secret,
    /// What every key begins with, before a colon.
    pub prefix: String,
    /// The certificates to trust, in PEM, in place of the system's.
    pub certificates: Option<Vec<u8>>,
}

/// Why a server cannot be used at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum RedisSettingsError {
    /// The address is none. It is not repeated: it may hold a password.
    #[error("the address of Redis is not a URL such as rediss://:PASSWORD@redis.example.org:6380/0")]
    Url,
    /// The certificates cannot be read, or there is no TLS to use them for.
    #[error("the certificates for Redis are not in PEM, or its address is not rediss://")]
    Certificates,
}

/// The server did not do what was asked.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("Redis cannot be used: {reason}")]
pub struct Away {
    /// What went wrong, without address and password.
    pub reason: String,
}

/// What may be done about a connection that broke before the answer came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Repeat {
    /// Asking once more on a new connection: doing it twice gives nobody more than is theirs.
    Once,
    /// Nothing: it may have been done. Hence it is asked first whether the connection is still open.
    Never,
}

/// A script that the server runs as one step, in Lua.
#[derive(Debug)]
pub struct Script(redis::Script);

impl Script {
    /// Takes the text of a script; the server gets it when it does not have it.
    #[must_use]
    pub fn new(text: &str) -> Self {
        Self(redis::Script::new(text))
    }
}

/// What a script is handed.
#[derive(Debug, Clone, Copy)]
pub struct Handed<'a> {
    /// The keys that it touches.
    pub keys: &'a [String],
    /// What else it needs to know.
    pub arguments: &'a [String],
    /// What may be done when the answer does not come.
    pub repeat: Repeat,
}

/// A server that several machines share.
///
/// Calls wait for the network, some seconds at most.
pub struct Redis {
    client: Client,
    password: Secret,
    prefix: String,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    /// The connection, and when it was used last.
    connection: Option<(Connection, Instant)>,
    /// Until when nobody asks, and why.
    away: Option<(Instant, Away)>,
    /// The first trouble, which was told.
    told: Option<Away>,
}

impl fmt::Debug for Redis {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Redis").field("prefix", &self.prefix).finish_non_exhaustive()
    }
}

impl Redis {
    /// Checks the settings; nothing is connected.
    ///
    /// # Errors
    ///
    /// When the address or the certificates cannot be read.
    pub fn new(settings: RedisSettings) -> Result<Self, RedisSettingsError> {
        let url = settings.url.expose();
        let client = Client::open(url).map_err(|_| RedisSettingsError::Url)?;
        let password = client.get_connection_info().redis_settings().password().unwrap_or_default();
        let password = Secret::new(password);
        let client = match settings.certificates {
            None => client,
            Some(pem) => {
                let certificates = TlsCertificates { client_tls: None, root_cert: Some(pem) };
                Client::build_with_tls(url, certificates).map_err(|_| RedisSettingsError::Certificates)?
            }
        };
        Ok(Self { client, password, prefix: settings.prefix, state: Mutex::default() })
    }

    /// Returns the whole name of a key.
    #[must_use]
    pub fn key(&self, name: &str) -> String {
        format!("{}:{name}", self.prefix)
    }

    /// Returns the first thing that went wrong, if anything did.
    #[must_use]
    pub fn trouble(&self) -> Option<Away> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner).told.clone()
    }

    /// Runs a script as one step, and returns the words of its answer.
    ///
    /// # Errors
    ///
    /// When the server cannot be asked, or the script fails.
    pub fn run(&self, script: &Script, with: &Handed<'_>) -> Result<Vec<String>, Away> {
        self.with(with.repeat, |connection| {
            let mut invocation = script.0.prepare_invoke();
            invocation.key(with.keys).arg(with.arguments);
            invocation.invoke(connection)
        })
    }

    /// Returns what is under each key; what is no text counts as not there.
    ///
    /// # Errors
    ///
    /// When the server cannot be asked.
    pub fn get_many(&self, keys: &[String]) -> Result<Vec<Option<Vec<u8>>>, Away> {
        let mut found = Vec::with_capacity(keys.len());
        for keys in keys.chunks(BATCH) {
            found.extend(self.with(Repeat::Once, |connection| {
                redis::cmd("MGET").arg(keys).query::<Vec<Option<Vec<u8>>>>(connection)
            })?);
        }
        Ok(found)
    }

    /// Puts values under their keys, each for so many seconds.
    ///
    /// # Errors
    ///
    /// When the server cannot be asked, or does not take them.
    pub fn put_many(&self, values: &[(String, Vec<u8>, u64)]) -> Result<(), Away> {
        for values in values.chunks(BATCH) {
            self.with(Repeat::Once, |connection| {
                let mut pipeline = redis::pipe();
                for (key, value, seconds) in values {
                    pipeline.cmd("SET").arg(key).arg(value).arg("EX").arg((*seconds).max(1)).ignore();
                }
                pipeline.query::<()>(connection)
            })?;
        }
        Ok(())
    }

    /// Drops keys that still have the value that is named; what was put there meanwhile stays. Returns how many went.
    ///
    /// # Errors
    ///
    /// When the server cannot be asked.
    pub fn drop_unchanged(&self, values: &[(String, Vec<u8>)]) -> Result<u64, Away> {
        let script = redis::Script::new(
            "if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end return 0",
        );
        let mut gone = 0;
        for (key, value) in values {
            gone +=
                self.with(Repeat::Once, |connection| script.key(key).arg(value).invoke::<u64>(connection))?;
        }
        Ok(gone)
    }

    /// Returns the keys that begin with a name, in no order.
    ///
    /// # Errors
    ///
    /// When the server cannot be asked.
    pub fn keys_below(&self, name: &str) -> Result<Vec<String>, Away> {
        let whole = self.key(name);
        let mut pattern = String::new();
        for character in whole.chars() {
            if matches!(character, '*' | '?' | '[' | ']' | '\\') {
                pattern.push('\\');
            }
            pattern.push(character);
        }
        pattern.push('*');
        let mut cursor = 0_u64;
        let mut found = std::collections::BTreeSet::new();
        loop {
            let (next, keys) = self.with(Repeat::Once, |connection| {
                let mut command = redis::cmd("SCAN");
                command.arg(cursor).arg("MATCH").arg(&pattern).arg("COUNT").arg(BATCH);
                command.query::<(u64, Vec<Vec<u8>>)>(connection)
            })?;
            // Keys in other encodings are nobody's that we know.
            found.extend(keys.into_iter().filter_map(|key| String::from_utf8(key).ok()));
            if next == 0 {
                return Ok(found.into_iter().collect());
            }
            cursor = next;
        }
    }

    /// Drops keys, whatever is under them.
    ///
    /// # Errors
    ///
    /// When the server cannot be asked.
    pub fn drop_many(&self, keys: &[String]) -> Result<(), Away> {
        for keys in keys.chunks(BATCH) {
            self.with(Repeat::Once, |connection| redis::cmd("DEL").arg(keys).query::<()>(connection))?;
        }
        Ok(())
    }

    fn with<T>(&self, repeat: Repeat, work: impl Fn(&mut Connection) -> RedisResult<T>) -> Result<T, Away> {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((until, away)) = &state.away {
            if clock::monotonic() < *until {
                return Err(away.clone());
            }
            state.away = None;
        }
        // A connection that was idle may have been closed by the server or by something on the way to it.
        let mut kept = state.connection.take().filter(|(_, since)| since.elapsed() < IDLE);
        if let (Repeat::Never, Some((connection, _))) = (repeat, &mut kept) {
            match redis::cmd("PING").exec(connection) {
                Ok(()) => {}
                Err(error) if error.is_timeout() => return Err(self.lost(&mut state, &error)),
                Err(_) => kept = None,
            }
        }
        let mut tries = if kept.is_some() { 2 } else { 1 };
        loop {
            let mut connection = match kept.take() {
                Some((connection, _)) => connection,
                None => match self.connected() {
                    Ok(connection) => connection,
                    Err(error) => return Err(self.lost(&mut state, &error)),
                },
            };
            tries -= 1;
            match work(&mut connection) {
                Ok(value) => {
                    state.connection = Some((connection, clock::monotonic()));
                    return Ok(value);
                }
                Err(error) if is_refusal(&error) => {
                    state.connection = Some((connection, clock::monotonic()));
                    return Err(self.told(&mut state, &error));
                }
                // Another server may answer to the name by now, and this one has done nothing.
                Err(error) if tries > 0 && is_turned_away(&error) => {}
                // A server that is silent would be silent again.
                Err(error) if tries == 0 || repeat == Repeat::Never || error.is_timeout() => {
                    return Err(self.lost(&mut state, &error));
                }
                Err(_) => {}
            }
        }
    }

    fn connected(&self) -> RedisResult<Connection> {
        let connection = self.client.get_connection_with_timeout(PATIENCE)?;
        connection.set_read_timeout(Some(PATIENCE))?;
        connection.set_write_timeout(Some(PATIENCE))?;
        Ok(connection)
    }

    /// Takes note that the server is away, for a while.
    fn lost(&self, state: &mut State, error: &RedisError) -> Away {
        let away = self.told(state, error);
        state.away = Some((clock::monotonic() + LEFT_ALONE, away.clone()));
        away
    }

    /// Says what went wrong, the first time.
    fn told(&self, state: &mut State, error: &RedisError) -> Away {
        let away = Away { reason: self.password.sanitise(&error.to_string()) };
        tell(state, &away);
        away
    }

    /// Says, the first time, that an answer is none of what was asked.
    pub(crate) fn makes_no_sense(&self) -> Away {
        let away = Away { reason: "its answer makes no sense".to_owned() };
        tell(&mut self.state.lock().unwrap_or_else(PoisonError::into_inner), &away);
        away
    }
}

/// What follows from it is for those to say who asked: a budget stops the run, everything else goes on.
fn tell(state: &mut State, away: &Away) {
    if state.told.is_none() {
        warn!(reason = %away.reason, "Redis cannot be used for now");
        state.told = Some(away.clone());
    }
}

/// Returns whether the server does nothing for anybody: it is no primary any more, or not ready yet.
fn is_turned_away(error: &RedisError) -> bool {
    use ServerErrorKind::{BusyLoading, MasterDown, ReadOnly};
    matches!(error.kind(), ErrorKind::Server(ReadOnly | BusyLoading | MasterDown))
}

/// Returns whether the server answered, and the connection is as good as before.
fn is_refusal(error: &RedisError) -> bool {
    match error.kind() {
        ErrorKind::Server(_) => !is_turned_away(error),
        ErrorKind::UnexpectedReturnType | ErrorKind::Extension => true,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings(url: &str) -> RedisSettings {
        RedisSettings { url: Secret::new(url), prefix: "docgate".to_owned(), certificates: None }
    }

    #[test]
    fn settings_that_cannot_work_are_refused_without_the_password() {
        let pem = Some(b"no certificate".to_vec());
        let table = [
            (settings("redis.example.org hunter2"), RedisSettingsError::Url),
            (settings("http://:hunter2@redis.example.org"), RedisSettingsError::Url),
            (
                RedisSettings { certificates: pem, ..settings("redis://:hunter2@redis.example.org") },
                RedisSettingsError::Certificates,
            ),
        ];
        for (settings, expected) in table {
            let error = Redis::new(settings).unwrap_err();
            assert_eq!(error, expected);
            assert!(!format!("{error} {error:?}").contains("hunter2"));
        }
    }

    #[test]
    fn nothing_prints_the_password() {
        let redis = Redis::new(settings("rediss://ada:hunter%322@127.0.0.1:1/0")).unwrap();
        assert!(!format!("{redis:?}").contains("hunter"));
        let away = redis.get_many(&[redis.key("a")]).unwrap_err();
        assert!(!format!("{away} {away:?}").contains("hunter"), "{away}");
        assert_eq!(redis.trouble(), Some(away));
    }

    #[test]
    fn a_server_that_is_away_is_not_asked_again_at_once() {
        let redis = Redis::new(settings("redis://127.0.0.1:1")).unwrap();
        let began = clock::monotonic();
        for _ in 0..1_000 {
            assert!(redis.get_many(&[redis.key("a")]).is_err());
        }
        assert!(began.elapsed() < LEFT_ALONE);
    }
}
