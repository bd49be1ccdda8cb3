//! How Azure OpenAI is reached, and what it may cost.

use std::fmt;
use std::time::Duration;

use super::{ConfigError, Setting};
use crate::env;
use crate::secret::Secret;

/// How Azure OpenAI is reached and how fast it may be asked.
#[derive(Debug, Clone, PartialEq)]
pub struct Azure {
    /// The resource; from environment or flag only.
    pub endpoint: Option<Setting<Endpoint>>,
    /// The key; from the environment only.
    pub key: Option<Setting<Secret>>,
    /// The deployment to ask.
    pub deployment: Option<Setting<String>>,
    /// The model behind the deployment, for its capabilities and its price.
    pub model: Setting<String>,
    /// The dated version of the interface; `None` for the v1 route.
    pub api_version: Option<Setting<String>>,
    /// How long one request may take.
    pub timeout: Setting<Duration>,
    /// The quota in requests; `None` when the answers' headers decide.
    pub requests_per_minute: Option<Setting<u64>>,
    /// The quota in tokens; `None` when the answers' headers decide.
    pub tokens_per_minute: Option<Setting<u64>>,
    /// The most tokens of one answer; `None` when it follows from the question.
    pub max_completion_tokens: Option<Setting<u64>>,
}

/// What it takes to send a request, complete.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Connection<'config> {
    /// The resource.
    pub endpoint: &'config Endpoint,
    /// The key for the `api-key` header.
    pub key: &'config Secret,
    /// The deployment to ask.
    pub deployment: &'config str,
}

impl Azure {
    /// Returns what it takes to send a request.
    ///
    /// # Errors
    ///
    /// Says what is missing, and which variable can hold it.
    pub fn connection(&self) -> Result<Connection<'_>, ConfigError> {
        let missing = |what, variables| ConfigError::Missing { what, variables };
        let endpoint = self.endpoint.as_ref().ok_or(missing("an endpoint", env::ENDPOINT))?;
        let key = self.key.as_ref().ok_or(missing("a key", env::API_KEY))?;
        let deployment =
            self.deployment.as_ref().ok_or(missing("the name of a deployment", env::DEPLOYMENT))?;
        Ok(Connection { endpoint, key, deployment })
    }
}

/// What one run may use of the model; `None` means no limit.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Budget {
    /// How many definitions may be asked about.
    pub definitions: Option<Setting<u64>>,
    /// How many tokens may be sent and received.
    pub tokens: Option<Setting<u64>>,
    /// How many US dollars may be spent.
    pub cost: Option<Setting<f64>>,
}

/// The address of an Azure OpenAI resource, without a slash at its end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Endpoint(String);

impl Endpoint {
    /// Reads an address: `https://`, or `http://` to this machine, since the key travels in a header.
    ///
    /// # Errors
    ///
    /// Says what was expected, without repeating the address: it may hold credentials.
    pub fn new(text: &str) -> Result<Self, String> {
        let address = text.trim().trim_end_matches('/');
        let expected = "expected an address such as https://example.openai.azure.com";
        let Some((scheme, rest)) = address.split_once("://") else { return Err(expected.to_owned()) };
        let authority = rest.split('/').next().unwrap_or_default();
        let is_odd = |character: char| character.is_whitespace() || character.is_control();
        if authority.is_empty() || address.contains(is_odd) || address.contains(['?', '#', '\\']) {
            return Err(expected.to_owned());
        }
        if authority.contains('@') {
            return Err(format!("{expected}, without user and password"));
        }
        match scheme {
            "https" => Ok(Self(address.to_owned())),
            "http" if is_this_machine(authority) => Ok(Self(address.to_owned())),
            "http" => Err("expected https: over http the key could be read on its way".to_owned()),
            _ => Err(expected.to_owned()),
        }
    }

    /// Returns the address.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Endpoint {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

fn is_this_machine(authority: &str) -> bool {
    let host = match authority.strip_prefix('[') {
        Some(rest) => rest.split(']').next().unwrap_or_default(),
        None => authority.split(':').next().unwrap_or_default(),
    };
    matches!(host, "127.0.0.1" | "localhost" | "::1")
}

/// Reads a key: what can stand in a header, without repeating it in a message.
pub(super) fn key(text: &str) -> Result<Secret, String> {
    let key = text.trim();
    if !key.is_empty() && key.chars().all(|character| character.is_ascii_graphic()) {
        return Ok(Secret::new(key));
    }
    Err("expected a key of printable ASCII characters without blanks".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn endpoints_are_https_or_this_machine() {
        let table = [
            ("https://example.openai.azure.com/", Ok("https://example.openai.azure.com")),
            ("https://example.org/gateway/", Ok("https://example.org/gateway")),
            ("http://127.0.0.1:8080", Ok("http://127.0.0.1:8080")),
            ("http://[::1]:8080", Ok("http://[::1]:8080")),
            ("http://localhost", Ok("http://localhost")),
            ("http://example.org", Err("over http")),
            ("http://127.0.0.1.example.org", Err("over http")),
            ("http://localhost@example.org", Err("without user")),
            ("https://user:hunter2@example.org", Err("without user")),
            ("example.openai.azure.com", Err("expected an address")),
            ("ftp://example.org", Err("expected an address")),
            ("https://", Err("expected an address")),
            ("https://a b", Err("expected an address")),
            ("https://a?b=c", Err("expected an address")),
        ];
        for (text, expected) in table {
            match (Endpoint::new(text), expected) {
                (Ok(endpoint), Ok(address)) => assert_eq!(endpoint.as_str(), address),
                (Err(problem), Err(part)) => {
                    assert!(problem.contains(part), "{text}: {problem}");
                    assert!(!problem.contains("hunter2"), "{text}: {problem}");
                }
                (read, expected) => panic!("{text}: {read:?} instead of {expected:?}"),
            }
        }
    }

    #[test]
    fn a_key_that_cannot_stand_in_a_header_is_not_repeated() {
        assert_eq!(key(" abc\n").map(|key| key.expose().to_owned()), Ok("abc".to_owned()));
        for text in ["a b", "", "clé"] {
            let problem = key(text).unwrap_err();
            assert!(!problem.contains("clé"), "{problem}");
        }
    }
}
