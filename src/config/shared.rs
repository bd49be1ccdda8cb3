//! What several machines share, and where.

use std::fmt::{self, Write as _};

use super::{Origin, Setting};
use crate::env;
use crate::secret::Secret;

/// The Redis of several machines; from the environment only.
#[derive(Debug, Clone, PartialEq)]
pub struct Shared {
    /// Its address; `None` when nothing is shared.
    pub redis: Option<Setting<RedisUrl>>,
    /// What docgate's keys in it begin with.
    pub prefix: Setting<String>,
}

/// An address of Redis, with user and password where it has them.
///
/// It shows itself without them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RedisUrl(Secret);

impl RedisUrl {
    /// Reads an address.
    ///
    /// # Errors
    ///
    /// Says what was expected, without repeating the address.
    pub fn new(text: &str) -> Result<Self, String> {
        let url = text.trim();
        let expected = "expected an address such as rediss://:PASSWORD@redis.example.org:6380/0";
        let rest = url.strip_prefix("redis://").or_else(|| url.strip_prefix("rediss://"));
        let is_odd = |character: char| character.is_whitespace() || character.is_control();
        // Options of the client, such as not to look at certificates, are not for an address to say.
        match rest {
            Some(rest)
                if is_place(place(rest)) && !rest.contains(is_odd) && !rest.contains(['?', '#', '\\']) =>
            {
                Ok(Self(Secret::new(url)))
            }
            _ => Err(expected.to_owned()),
        }
    }

    /// Returns the whole address, for the one place that connects.
    #[must_use]
    pub fn secret(&self) -> &Secret {
        &self.0
    }
}

impl fmt::Display for RedisUrl {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let url = self.0.expose();
        let (scheme, rest) = url.split_once("://").unwrap_or(("redis", url));
        write!(formatter, "{scheme}://{}", place(rest))
    }
}

/// Returns what is behind user and password.
fn place(rest: &str) -> &str {
    rest.rsplit_once('@').map_or(rest, |(_, place)| place)
}

/// Returns whether it looks like an address of IPv6, which stands in brackets where a port may follow.
fn is_ipv6(text: &str) -> bool {
    text.contains(':')
        && text.chars().all(|character| character.is_ascii_hexdigit() || ":.".contains(character))
}

/// Returns whether it is a host with, at most, a port and the number of a database: it is shown, and a password whose `@` was
/// forgotten would stand where they are.
fn is_place(place: &str) -> bool {
    let (server, database) = place.split_once('/').unwrap_or((place, ""));
    let (host, port) = match server.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        Some((address, "")) if is_ipv6(address) => (address, None),
        Some((address, port)) if is_ipv6(address) && port.starts_with(':') => (address, port.get(1..)),
        Some(_) => return false,
        None => match server.split_once(':') {
            Some((host, port)) => (host, Some(port)),
            None => (server, None),
        },
    };
    let is_port = |port: &str| port.parse::<u16>().is_ok();
    !host.is_empty() && port.is_none_or(is_port) && database.bytes().all(|byte| byte.is_ascii_digit())
}

/// Reads where the machines share, from docgate's own variable or, where `others` count, from those that many programs
/// read.
pub(super) fn redis(
    read: &dyn Fn(&str) -> Option<String>,
    others: bool,
) -> Option<(Origin, Result<RedisUrl, String>)> {
    if let Some(text) = read(env::REDIS_URL) {
        return Some((Origin::Environment(env::REDIS_URL), RedisUrl::new(&text)));
    }
    let host = read(env::REDIS_HOST).filter(|_| others)?;
    let or = |name: &str, usual: &str| read(name).unwrap_or_else(|| usual.to_owned());
    let password = read(env::REDIS_PASSWORD).map(|text| format!(":{}@", encoded(&text))).unwrap_or_default();
    let host = host.trim();
    let host = if is_ipv6(host) { format!("[{host}]") } else { host.to_owned() };
    // Kubernetes sets the variable to an address of its own making where a service has the name `redis`.
    let port = read(env::REDIS_PORT).and_then(|port| port.trim().parse::<u16>().ok()).unwrap_or(6379);
    let url = format!("redis://{password}{host}:{port}/{}", or(env::REDIS_DB, "0"));
    Some((Origin::Environment(env::REDIS_HOST), RedisUrl::new(&url)))
}

/// Reads what keys begin with.
pub(super) fn prefix(text: &str) -> Result<String, String> {
    let text = text.trim();
    if !text.is_empty() && text.chars().all(|it| it.is_ascii_alphanumeric() || "-_.:/".contains(it)) {
        return Ok(text.to_owned());
    }
    Err("expected letters, digits, `-`, `_`, `.`, `:` and `/`".to_owned())
}

/// Writes a password as it stands in an address: RFC 3986, section 2.1.
fn encoded(text: &str) -> String {
    let mut encoded = String::new();
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            // Writing to a string cannot fail.
            let _ = write!(encoded, "%{byte:02X}");
        }
    }
    encoded
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_from(variables: &[(&str, &str)], others: bool) -> Option<(Origin, Result<RedisUrl, String>)> {
        let read = |name: &str| {
            variables.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned())
        };
        redis(&read, others)
    }

    #[test]
    fn addresses_are_checked_and_shown_without_the_password() {
        let table = [
            ("redis://127.0.0.1:6379", Some("redis://127.0.0.1:6379")),
            ("rediss://ada:hunter2@redis.example.org:6380/1 ", Some("rediss://redis.example.org:6380/1")),
            ("redis://:hunter2@[::1]", Some("redis://[::1]")),
            ("redis://:hunt@er2@host", Some("redis://host")),
            ("redis.example.org", None),
            ("http://:hunter2@redis.example.org", None),
            ("rediss://:hunter2@redis.example.org/#insecure", None),
            ("redis://", None),
            // The host was forgotten: what would be shown is the password.
            ("redis://:hunter2", None),
            ("redis://ada:hunter2", None),
            ("redis://ada:hunter2/0", None),
            ("redis://host/hunter2", None),
            ("redis://[hunter2]", None),
            ("redis://[::1]hunter2", None),
            ("redis://:hunter2@", None),
            ("redis://:hunter2@[::1]:6379/0", Some("redis://[::1]:6379/0")),
            ("redis://:hunter2@a b", None),
        ];
        for (text, expected) in table {
            let read = RedisUrl::new(text);
            assert_eq!(read.as_ref().ok().map(ToString::to_string).as_deref(), expected, "{text}");
            assert!(!format!("{read:?}").contains("hunter2"), "{text}");
        }
    }

    #[test]
    fn docgate_s_own_variable_wins_and_the_others_count_beside_an_endpoint_only() {
        let own = ("DOCGATE_REDIS_URL", "rediss://own");
        let others = [("REDIS_HOST", "other"), ("REDIS_PASSWORD", "a@b/ü"), ("REDIS_DB", "2")];
        let shown = |found: Option<(Origin, Result<RedisUrl, String>)>| {
            found.map(|(_, url)| url.unwrap().secret().expose().to_owned())
        };
        let all: Vec<_> = others.into_iter().chain([own]).collect();
        assert_eq!(shown(read_from(&all, true)).as_deref(), Some("rediss://own"));
        let expected = "redis://:a%40b%2F%C3%BC@other:6379/2";
        assert_eq!(shown(read_from(&others, true)).as_deref(), Some(expected));
        assert_eq!(shown(read_from(&others, false)), None);
    }

    #[test]
    fn a_port_that_others_mean_otherwise_counts_as_not_said() {
        let table = [
            ("redis", "tcp://10.0.0.1:6379", "redis://redis:6379/0"),
            ("redis", "6380", "redis://redis:6380/0"),
            ("redis", "66000", "redis://redis:6379/0"),
            ("::1", "6380", "redis://[::1]:6380/0"),
            ("[::1]", "", "redis://[::1]:6379/0"),
        ];
        for (host, port, expected) in table {
            let (_, url) = read_from(&[("REDIS_HOST", host), ("REDIS_PORT", port)], true).unwrap();
            assert_eq!(url.unwrap().secret().expose(), expected, "{host} {port}");
        }
    }

    #[test]
    fn a_prefix_is_a_plain_word() {
        assert_eq!(prefix(" team-a:docgate "), Ok("team-a:docgate".to_owned()));
        for text in ["", "a b", "a*", "{a}"] {
            assert!(prefix(text).is_err(), "{text}");
        }
    }
}
