//! How the model is reached, and what it may cost.

use std::fmt;
use std::time::Duration;

use super::{
    ConfigError, LengthParameter, ModelChoice, Origin, ReasoningEffort, Setting, SignIn, StructuredOutput,
};
use crate::env;
use crate::secret::Secret;

/// How Azure OpenAI is reached and how fast it may be asked.
#[derive(Debug, Clone, PartialEq)]
pub struct Azure {
    /// The resource; from environment or flag only.
    pub endpoint: Option<Setting<Endpoint>>,
    /// The key; from the environment only.
    pub key: Option<Setting<Secret>>,
    /// How Azure is told who asks; from the environment only.
    pub sign_in: Setting<SignIn>,
    /// What the token of a sign-in is for; from the environment only.
    pub scope: Setting<String>,
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
    /// What is said otherwise than usual.
    pub tuning: Tuning,
    /// The keys of other services; from the environment only.
    pub keys: ServiceKeys,
}

/// What the table of models and the client decide, unless it is set.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Tuning {
    /// The most tokens of prompt and answer together.
    pub context_window: Option<Setting<u64>>,
    /// What is added to counted tokens, in percent.
    pub token_margin: Option<Setting<u64>>,
    /// How JSON is asked for.
    pub structured_output: Option<Setting<StructuredOutput>>,
    /// The parameter that limits an answer.
    pub length_parameter: Option<Setting<LengthParameter>>,
    /// The temperature, from 0 to 2.
    pub temperature: Option<Setting<f64>>,
    /// How much a reasoning model thinks.
    pub reasoning_effort: Option<Setting<ReasoningEffort>>,
    /// How often a request is repeated after a failure that may pass.
    pub retries: Option<Setting<u64>>,
    /// How long a request may take with all its attempts.
    pub total_time: Option<Setting<Duration>>,
    /// The longest wait that service or quota may demand.
    pub maximum_wait: Option<Setting<Duration>>,
    /// How many requests may go out at once after a pause.
    pub burst: Option<Setting<u64>>,
    /// How many requests may be under way at the same time.
    pub concurrency: Option<Setting<u64>>,
}

impl Tuning {
    /// Puts this layer over a lower one.
    pub(super) fn over(self, lower: Self) -> Self {
        Self {
            context_window: self.context_window.or(lower.context_window),
            token_margin: self.token_margin.or(lower.token_margin),
            structured_output: self.structured_output.or(lower.structured_output),
            length_parameter: self.length_parameter.or(lower.length_parameter),
            temperature: self.temperature.or(lower.temperature),
            reasoning_effort: self.reasoning_effort.or(lower.reasoning_effort),
            retries: self.retries.or(lower.retries),
            total_time: self.total_time.or(lower.total_time),
            maximum_wait: self.maximum_wait.or(lower.maximum_wait),
            burst: self.burst.or(lower.burst),
            concurrency: self.concurrency.or(lower.concurrency),
        }
    }
}

/// The keys that people have for services other than Azure, where one can be used.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct ServiceKeys {
    /// That of OpenAI.
    pub openai: Option<Setting<Secret>>,
    /// The organization that OpenAI bills.
    pub organization: Option<Setting<Secret>>,
    /// That of Anthropic.
    pub anthropic: Option<Setting<Secret>>,
    /// That of Gemini.
    pub gemini: Option<Setting<Secret>>,
    /// That of a service of one's own.
    pub own: Option<Setting<Secret>>,
}

impl ServiceKeys {
    /// Returns the key that a service is asked with.
    pub(super) fn of(&self, choice: ModelChoice) -> Option<&Setting<Secret>> {
        match choice {
            ModelChoice::OpenAi => self.openai.as_ref(),
            ModelChoice::Anthropic => self.anthropic.as_ref(),
            ModelChoice::Gemini => self.gemini.as_ref(),
            _ => self.own.as_ref(),
        }
    }

    /// Reads the environment. Other programs use these variables, too: a value that is no key is none of docgate's.
    pub(super) fn from_environment(read: &dyn Fn(&str) -> Option<String>) -> Self {
        let first = |names: &[&'static str]| {
            let (name, text) = names.iter().find_map(|name| read(name).map(|text| (*name, text)))?;
            key(&text).ok().map(|value| Setting { value, origin: Origin::Environment(name) })
        };
        Self {
            openai: first(env::OPENAI_KEY),
            organization: first(env::OPENAI_ORGANIZATION),
            anthropic: first(env::ANTHROPIC_KEY),
            gemini: first(env::GEMINI_KEY),
            own: first(env::OWN_KEY),
        }
    }
}

/// How a service that speaks OpenAI's protocol is reached.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CompatibleConnection<'config> {
    /// Its address, up to and without `chat/completions`.
    pub endpoint: &'config str,
    /// The key, where the service wants one.
    pub key: Option<&'config Secret>,
    /// The model to ask for.
    pub model: &'config str,
}

/// What is known of a service beforehand: its address, a model, and which variables hold its key.
struct Preset {
    endpoint: Option<&'static str>,
    model: Option<&'static str>,
    /// `None` when it works without a key.
    key: Option<&'static [&'static str]>,
}

fn preset(choice: ModelChoice) -> Preset {
    let of = |endpoint, model, key| Preset { endpoint: Some(endpoint), model, key };
    match choice {
        ModelChoice::OpenAi => of("https://api.openai.com/v1", Some("gpt-4o-mini"), Some(env::OPENAI_KEY)),
        ModelChoice::Anthropic => {
            of("https://api.anthropic.com/v1", Some("claude-haiku-4-5"), Some(env::ANTHROPIC_KEY))
        }
        ModelChoice::Gemini => of(
            "https://generativelanguage.googleapis.com/v1beta/openai",
            Some("gemini-2.5-flash"),
            Some(env::GEMINI_KEY),
        ),
        ModelChoice::Ollama => of("http://localhost:11434/v1", None, None),
        ModelChoice::Vllm => of("http://localhost:8000/v1", None, None),
        ModelChoice::Compatible
        | ModelChoice::Auto
        | ModelChoice::Azure
        | ModelChoice::Skeleton
        | ModelChoice::None => Preset { endpoint: None, model: None, key: None },
    }
}

/// What it takes to send a request, complete.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Connection<'config> {
    /// The resource.
    pub endpoint: &'config Endpoint,
    /// The key for the `api-key` header; `None` where somebody signs in.
    pub key: Option<&'config Secret>,
    /// The deployment to ask.
    pub deployment: &'config str,
}

impl Azure {
    /// Returns whether there is something to say who asks.
    #[must_use]
    pub fn is_known(&self) -> bool {
        self.key.is_some() || self.sign_in.value != SignIn::Key
    }

    /// Returns what it takes to send a request.
    ///
    /// # Errors
    ///
    /// Says what is missing, and which variable can hold it.
    pub fn connection(&self) -> Result<Connection<'_>, ConfigError> {
        let missing = |what, variables| ConfigError::Missing { model: "azure", what, variables };
        let endpoint = self.endpoint.as_ref().ok_or(missing("an endpoint", env::ENDPOINT))?;
        let key = match self.sign_in.value {
            SignIn::Key => Some(&self.key.as_ref().ok_or(missing("a key", env::API_KEY))?.value),
            _ => None,
        };
        let deployment =
            self.deployment.as_ref().ok_or(missing("the name of a deployment", env::DEPLOYMENT))?;
        Ok(Connection { endpoint, key, deployment })
    }

    /// Returns what it takes to send a request to a service other than Azure.
    ///
    /// Azure's own variables say nothing about it.
    ///
    /// # Errors
    ///
    /// Says what is missing, and which variable can hold it.
    pub fn compatible(&self, choice: ModelChoice) -> Result<CompatibleConnection<'_>, ConfigError> {
        let missing = |what, variables| ConfigError::Missing { model: choice.word(), what, variables };
        let preset = preset(choice);
        let is_own = |origin: Origin| match origin {
            Origin::Environment(name) => env::OWN_ENDPOINT.contains(&name),
            _ => true,
        };
        let endpoint = self.endpoint.as_ref().filter(|set| is_own(set.origin)).map(|set| set.as_str());
        let endpoint = endpoint.or(preset.endpoint).ok_or(missing("an endpoint", env::OWN_ENDPOINT))?;
        let key = match (self.keys.of(choice), preset.key) {
            (None, Some(variables)) => return Err(missing("a key", variables)),
            (key, _) => key.map(|set| &set.value),
        };
        let named = (self.model.origin != Origin::Default).then_some(self.model.value.as_str());
        let model = named.or(preset.model).ok_or(missing("the name of a model", env::AZURE_MODEL))?;
        Ok(CompatibleConnection { endpoint, key, model })
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
    /// How many requests may be sent.
    pub requests: Option<Setting<u64>>,
    /// What all runs of this machine may use in a minute.
    pub minute: Allowance,
    /// What they may use in an hour.
    pub hour: Allowance,
    /// What they may use in a day.
    pub day: Allowance,
}

/// What may be used in a stretch of time; `None` means no limit.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Allowance {
    /// How many requests may be sent.
    pub requests: Option<Setting<u64>>,
    /// How many tokens may be sent and received.
    pub tokens: Option<Setting<u64>>,
    /// How many US dollars may be spent.
    pub cost: Option<Setting<f64>>,
}

impl Allowance {
    fn over(self, lower: Self) -> Self {
        Self {
            requests: self.requests.or(lower.requests),
            tokens: self.tokens.or(lower.tokens),
            cost: self.cost.or(lower.cost),
        }
    }
}

impl Budget {
    /// Puts this layer over a lower one.
    pub(super) fn over(self, lower: Self) -> Self {
        Self {
            definitions: self.definitions.or(lower.definitions),
            tokens: self.tokens.or(lower.tokens),
            cost: self.cost.or(lower.cost),
            requests: self.requests.or(lower.requests),
            minute: self.minute.over(lower.minute),
            hour: self.hour.over(lower.hour),
            day: self.day.over(lower.day),
        }
    }
}

/// How answers are remembered.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Remembering {
    /// Whether they are.
    pub enabled: Setting<bool>,
    /// How many days an answer is good for.
    pub days: Setting<u64>,
    /// How many megabytes are kept.
    pub megabytes: Setting<u64>,
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

/// The scope of tokens where none is named.
pub(super) const SCOPE: &str = "https://cognitiveservices.azure.com/.default";

/// Reads a scope; it becomes part of a command.
pub(super) fn scope(text: &str) -> Result<String, String> {
    let scope = text.trim();
    let is_plain = |character: char| character.is_ascii_alphanumeric() || "-_.:/".contains(character);
    if scope.contains("://") && !scope.starts_with('-') && scope.chars().all(is_plain) {
        return Ok(scope.to_owned());
    }
    Err(format!("expected a scope such as {SCOPE}"))
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
    fn a_scope_is_an_address_and_no_command() {
        for text in [SCOPE, " https://ai.azure.com/.default\n", "api://our-gateway_1/.default"] {
            assert_eq!(scope(text).as_deref(), Ok(text.trim()));
        }
        for text in [
            "",
            "default",
            "https://a b",
            "https://a;reboot",
            "--https://a",
            "https://$(reboot)",
            "https://ä",
        ] {
            assert!(scope(text).is_err(), "{text}");
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
