//! [pure] What the client must be told: where GitHub is, who asks, and how patient to be.

use std::fmt;
use std::net::IpAddr;
use std::time::Duration;

use reqwest::Url;

use super::error::ClientError;
use super::identity::RepositoryName;

/// Where GitHub's public REST interface is.
const PUBLIC_API: &str = "https://api.github.com";

/// The secret that lets docgate post; its `Debug` prints `***`.
#[derive(Clone)]
pub struct Token(String);

impl Token {
    /// Makes a token.
    ///
    /// # Errors
    ///
    /// When it is empty or holds characters that cannot stand in a header.
    pub fn new(text: &str) -> Result<Self, ClientError> {
        if text.is_empty() {
            return Err(ClientError::NoToken);
        }
        if !text.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(ClientError::UnusableToken);
        }
        Ok(Self(text.to_owned()))
    }

    /// Returns the secret, for the header it is sent in.
    pub(super) fn expose(&self) -> &str {
        &self.0
    }

    /// Returns a text with every occurrence of the token replaced.
    pub(super) fn redact(&self, text: &str) -> String {
        text.replace(&self.0, "***")
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("***")
    }
}

/// The address of GitHub's REST interface, safe to send a token to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiUrl(Url);

impl ApiUrl {
    /// Parses the form of `GITHUB_API_URL`.
    ///
    /// # Errors
    ///
    /// When it is not an address, carries credentials or a query, or would send the token unencrypted to another
    /// machine.
    pub fn parse(text: &str) -> Result<Self, ClientError> {
        let refuse = |reason| Err(ClientError::UnusableAddress { reason });
        let Ok(url) = Url::parse(text) else { return refuse("it is not a URL") };
        if !url.username().is_empty() || url.password().is_some() {
            return refuse("it holds credentials");
        }
        if url.query().is_some() || url.fragment().is_some() {
            return refuse("it holds more than host and path");
        }
        match url.scheme() {
            "https" => Ok(Self(url)),
            "http" if is_loopback(&url) => Ok(Self(url)),
            "http" => refuse("the token would be sent unencrypted; use https"),
            _ => refuse("it is not an https address"),
        }
    }

    /// Returns the address as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }
}

fn is_loopback(url: &Url) -> bool {
    let Some(host) = url.host_str() else { return false };
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    host == "localhost" || bare.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

/// How often and how long the client tries.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Patience {
    /// How many times a request is sent at most.
    pub attempts: u32,
    /// The pause after a first failure of the server or the network; it doubles each time.
    pub first_pause: Duration,
    /// The pause when GitHub asks to slow down without saying for how long; it doubles each time.
    pub throttled_pause: Duration,
    /// A longer pause than this is not waited for: the run ends with an error.
    pub longest_pause: Duration,
    /// How long a connection may take to be made.
    pub connect_timeout: Duration,
    /// How long a request may take from its first byte to the last one of its answer.
    pub answer_timeout: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        Self {
            attempts: 4,
            first_pause: Duration::from_secs(2),
            throttled_pause: Duration::from_secs(60),
            longest_pause: Duration::from_secs(180),
            connect_timeout: Duration::from_secs(10),
            answer_timeout: Duration::from_secs(60),
        }
    }
}

/// What a client is made from.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Where GitHub is.
    pub api_url: ApiUrl,
    /// Who asks.
    pub token: Token,
    /// The repository it is about.
    pub repository: RepositoryName,
    /// How patient to be.
    pub patience: Patience,
}

impl Settings {
    /// Makes settings with default patience; without an address, GitHub's public one.
    ///
    /// # Errors
    ///
    /// When there is no usable token or the address cannot be used.
    pub fn new(
        repository: RepositoryName,
        token: Option<&str>,
        api_url: Option<&str>,
    ) -> Result<Self, ClientError> {
        Ok(Self {
            api_url: ApiUrl::parse(api_url.unwrap_or(PUBLIC_API))?,
            token: Token::new(token.unwrap_or(""))?,
            repository,
            patience: Patience::default(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_sent_encrypted_or_not_at_all() {
        let table = [
            ("https://api.github.com", true),
            ("https://ghe.example.org/api/v3", true),
            ("http://127.0.0.1:8080", true),
            ("http://127.9.9.9", true),
            ("http://localhost:1/api/v3", true),
            ("http://[::1]:80", true),
            ("http://api.github.com", false),
            ("http://127.0.0.1.example.org", false),
            ("http://localhost.example.org", false),
            ("http://10.0.0.1", false),
            ("https://user:secret@api.github.com", false),
            ("https://api.github.com?x=1", false),
            ("ftp://127.0.0.1", false),
            ("api.github.com", false),
            ("", false),
        ];
        for (text, expected) in table {
            assert_eq!(ApiUrl::parse(text).is_ok(), expected, "{text}");
        }
    }

    #[test]
    fn a_token_is_never_printed() {
        let token = Token::new("ghs_secret").unwrap();
        let settings =
            Settings::new(RepositoryName::parse("octo/repo").unwrap(), Some("ghs_secret"), None).unwrap();
        assert_eq!(format!("{token:?}"), "***");
        assert!(!format!("{settings:?}").contains("secret"));
        assert_eq!(token.redact("Bearer ghs_secret is bad"), "Bearer *** is bad");
    }

    #[test]
    fn a_token_must_fit_into_a_header() {
        assert!(matches!(Token::new(""), Err(ClientError::NoToken)));
        assert!(matches!(Token::new("ghs_x\n"), Err(ClientError::UnusableToken)));
        assert!(matches!(Token::new("ghs x"), Err(ClientError::UnusableToken)));
    }
}
