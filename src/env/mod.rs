//! Every environment variable that docgate reads, by name, in one place.
//!
//! `clippy.toml` forbids reading the environment anywhere else. [`mod@file`] adds what a `.env` file says, where somebody
//! asks for one. `.env.example` has a line for every name here, and a test compares them.

pub mod file;

use std::path::PathBuf;

/// Reads a variable; unset, empty and non-UTF-8 values count as absent.
#[must_use]
pub fn read(name: &str) -> Option<String> {
    of_the_process(name).or_else(|| file::value(name))
}

/// Reads a variable of the process, whatever a file says.
#[must_use]
#[expect(clippy::disallowed_methods, reason = "this module is where the environment is read")]
fn of_the_process(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

/// Reads a variable that holds a path, in whatever encoding; unset and empty values count as absent.
#[must_use]
#[expect(clippy::disallowed_methods, reason = "this module is where the environment is read")]
pub fn read_path(name: &str) -> Option<PathBuf> {
    let found = std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    found.or_else(|| file::value(name).map(PathBuf::from))
}

/// Reads the first of several names that is set, and says which one it was.
#[must_use]
pub fn first_of(names: &[&'static str]) -> Option<(&'static str, String)> {
    names.iter().find_map(|name| read(name).map(|value| (*name, value)))
}

/// The Azure OpenAI resource, such as `https://example.openai.azure.com`.
pub const ENDPOINT: &[&str] = &["DOCGATE_ENDPOINT", "AZURE_OPENAI_ENDPOINT"];
/// The key sent in the `api-key` header.
pub const API_KEY: &[&str] = &["DOCGATE_API_KEY", "AZURE_OPENAI_API_KEY", "AZURE_OPENAI_KEY"];
/// How Azure is told who asks: with the key, or with a token of Microsoft Entra ID.
pub const SIGN_IN: &str = "DOCGATE_SIGN_IN";
/// What it says where nobody signs in.
pub const SIGN_IN_WITH_KEY: &str = "key";
/// What that token is for.
pub const SCOPE: &str = "DOCGATE_SCOPE";
/// The directory of Microsoft Entra ID.
pub const TENANT_ID: &str = "AZURE_TENANT_ID";
/// The application or managed identity in it.
pub const CLIENT_ID: &str = "AZURE_CLIENT_ID";
/// The address of Microsoft Entra ID in other clouds than the public one.
pub const AUTHORITY_HOST: &str = "AZURE_AUTHORITY_HOST";
/// The file with the token that Kubernetes gives to a pod.
pub const FEDERATED_TOKEN_FILE: &str = "AZURE_FEDERATED_TOKEN_FILE";
/// Where GitHub hands out the token of a job.
pub const ID_TOKEN_REQUEST_URL: &str = "ACTIONS_ID_TOKEN_REQUEST_URL";
/// What GitHub asks for in return.
pub const ID_TOKEN_REQUEST_TOKEN: &str = "ACTIONS_ID_TOKEN_REQUEST_TOKEN";
/// Where App Service and its kind answer for a managed identity.
pub const IDENTITY_ENDPOINT: &str = "IDENTITY_ENDPOINT";
/// The secret that they share with what they run.
pub const IDENTITY_HEADER: &str = "IDENTITY_HEADER";
/// The folders in which programs are looked for.
pub const PATH: &str = "PATH";
/// The name of the deployment to ask.
pub const DEPLOYMENT: &[&str] = &["DOCGATE_DEPLOYMENT", "AZURE_OPENAI_DEPLOYMENT"];
/// The dated API version; without one the v1 route is used.
pub const API_VERSION: &[&str] =
    &["DOCGATE_API_VERSION", "OPENAI_API_VERSION", "AZURE_OPENAI_API_VERSION", "AZURE_OPENAI_VERSION"];
/// The name of the model behind the deployment.
pub const AZURE_MODEL: &[&str] = &["DOCGATE_AZURE_MODEL", "MODEL_NAME", "DEFAULT_MODEL"];
/// How many seconds one request may take.
pub const AZURE_TIMEOUT: &[&str] = &["DOCGATE_AZURE_TIMEOUT", "REQUEST_TIMEOUT", "TIMEOUT"];
/// The temperature of the model.
pub const TEMPERATURE: &[&str] = &["DOCGATE_TEMPERATURE", "TEMPERATURE"];
/// How often a request is repeated.
pub const RETRIES: &[&str] = &["DOCGATE_RETRIES", "MAX_RETRIES"];
/// The most tokens of prompt and answer together.
pub const CONTEXT_WINDOW: &[&str] = &["DOCGATE_CONTEXT_WINDOW"];
/// What is added to counted tokens, in percent.
pub const TOKEN_MARGIN: &[&str] = &["DOCGATE_TOKEN_MARGIN"];
/// How JSON is asked for.
pub const STRUCTURED_OUTPUT: &[&str] = &["DOCGATE_STRUCTURED_OUTPUT"];
/// The parameter that limits an answer.
pub const LENGTH_PARAMETER: &[&str] = &["DOCGATE_LENGTH_PARAMETER"];
/// How much a reasoning model thinks.
pub const REASONING_EFFORT: &[&str] = &["DOCGATE_REASONING_EFFORT"];
/// How many seconds a request may take with all its attempts.
pub const TOTAL_TIME: &[&str] = &["DOCGATE_TOTAL_TIME"];
/// How many seconds a demanded wait may take.
pub const MAXIMUM_WAIT: &[&str] = &["DOCGATE_MAXIMUM_WAIT"];
/// How many requests may go out at once.
pub const BURST: &[&str] = &["DOCGATE_BURST"];
/// How many requests may be under way.
pub const CONCURRENCY: &[&str] = &["DOCGATE_CONCURRENCY"];

/// The key of OpenAI.
pub const OPENAI_KEY: &[&str] = &["DOCGATE_API_KEY", "OPENAI_API_KEY"];
/// The organization that OpenAI bills.
pub const OPENAI_ORGANIZATION: &[&str] = &["OPENAI_ORG_ID"];
/// The key of Anthropic.
pub const ANTHROPIC_KEY: &[&str] = &["DOCGATE_API_KEY", "ANTHROPIC_API_KEY", "CLAUDE_API_KEY"];
/// The key of Gemini.
pub const GEMINI_KEY: &[&str] = &["DOCGATE_API_KEY", "GEMINI_API_KEY", "GOOGLE_API_KEY"];
/// The key of a service of one's own, if it wants one.
pub const OWN_KEY: &[&str] = &["DOCGATE_API_KEY"];
/// The address of any service but Azure.
pub const OWN_ENDPOINT: &[&str] = &["DOCGATE_ENDPOINT"];
/// The proxy for requests to the model, beside those that every program reads (`HTTPS_PROXY`, `NO_PROXY`).
pub const PROXY: &str = "DOCGATE_PROXY";
/// A file of certificates to trust beside the system's.
pub const CERTIFICATES: &[&str] = &["DOCGATE_CA_FILE", "REQUESTS_CA_BUNDLE"];
/// The quota in requests.
pub const REQUESTS_PER_MINUTE: &[&str] = &["DOCGATE_REQUESTS_PER_MINUTE"];
/// The quota in tokens.
pub const TOKENS_PER_MINUTE: &[&str] = &["DOCGATE_TOKENS_PER_MINUTE", "MAX_TOKENS_PER_MINUTE"];
/// The most tokens of one answer.
pub const MAX_COMPLETION_TOKENS: &[&str] = &["DOCGATE_MAX_COMPLETION_TOKENS", "MAX_TOKENS"];

/// What the hook does about findings.
pub const MODE: &[&str] = &["DOCGATE_MODE"];
/// The convention of docstrings.
pub const STYLE: &[&str] = &["DOCGATE_STYLE"];
/// Who writes missing prose.
pub const MODEL: &[&str] = &["DOCGATE_MODEL"];
/// Whether the model is asked if docstrings still fit whose code mostly changed.
pub const JUDGE: &[&str] = &["DOCGATE_JUDGE"];
/// What findings become when the model fails.
pub const ON_FAILURE: &[&str] = &["DOCGATE_ON_FAILURE"];
/// How many seconds the hook may ask a model.
pub const HOOK_TIMEOUT: &[&str] = &["DOCGATE_HOOK_TIMEOUT"];
/// How many definitions a run may ask about.
pub const BUDGET_DEFINITIONS: &[&str] = &["DOCGATE_BUDGET_DEFINITIONS"];
/// How many tokens a run may use.
pub const BUDGET_TOKENS: &[&str] = &["DOCGATE_BUDGET_TOKENS"];
/// How many US dollars a run may spend.
pub const BUDGET_COST: &[&str] = &["DOCGATE_BUDGET_COST"];
/// How many requests a run may send.
pub const BUDGET_REQUESTS: &[&str] = &["DOCGATE_BUDGET_REQUESTS"];
/// How many requests may be sent in a minute, by all runs of this machine.
pub const BUDGET_MINUTE_REQUESTS: &[&str] = &["DOCGATE_BUDGET_MINUTE_REQUESTS"];
/// How many tokens may be used in a minute.
pub const BUDGET_MINUTE_TOKENS: &[&str] = &["DOCGATE_BUDGET_MINUTE_TOKENS"];
/// How many US dollars may be spent in a minute.
pub const BUDGET_MINUTE_COST: &[&str] = &["DOCGATE_BUDGET_MINUTE_COST"];
/// How many requests may be sent in an hour.
pub const BUDGET_HOUR_REQUESTS: &[&str] = &["DOCGATE_BUDGET_HOUR_REQUESTS"];
/// How many tokens may be used in an hour.
pub const BUDGET_HOUR_TOKENS: &[&str] = &["DOCGATE_BUDGET_HOUR_TOKENS"];
/// How many US dollars may be spent in an hour.
pub const BUDGET_HOUR_COST: &[&str] = &["DOCGATE_BUDGET_HOUR_COST"];
/// How many requests may be sent in a day.
pub const BUDGET_DAY_REQUESTS: &[&str] = &["DOCGATE_BUDGET_DAY_REQUESTS"];
/// How many tokens may be used in a day.
pub const BUDGET_DAY_TOKENS: &[&str] = &["DOCGATE_BUDGET_DAY_TOKENS"];
/// How many US dollars may be spent in a day.
pub const BUDGET_DAY_COST: &[&str] = &["DOCGATE_BUDGET_DAY_COST"];

/// Whether answers are remembered.
pub const CACHE_ENABLED: &[&str] = &["DOCGATE_CACHE", "CACHE_ENABLED", "USE_CACHE"];
/// How many days an answer is remembered.
pub const CACHE_DAYS: &[&str] = &["DOCGATE_CACHE_DAYS"];
/// How many megabytes of answers are remembered.
pub const CACHE_MEGABYTES: &[&str] = &["DOCGATE_CACHE_MEGABYTES"];

/// Who chooses the examples that a model is shown.
pub const EXAMPLES: &[&str] = &["DOCGATE_EXAMPLES"];
/// How many examples are shown.
pub const EXAMPLES_COUNT: &[&str] = &["DOCGATE_EXAMPLES_COUNT"];
/// The deployment that makes vectors of code.
pub const EMBEDDING_DEPLOYMENT: &[&str] =
    &["DOCGATE_EMBEDDING_DEPLOYMENT", "AZURE_OPENAI_EMBEDDING_DEPLOYMENT"];
/// The model behind it, for its price.
pub const EMBEDDING_MODEL: &[&str] = &["DOCGATE_EMBEDDING_MODEL"];
/// The Azure AI Search service, such as `https://example.search.windows.net`.
pub const SEARCH_ENDPOINT: &[&str] = &["DOCGATE_SEARCH_ENDPOINT", "AZURE_SEARCH_ENDPOINT"];
/// Its key.
pub const SEARCH_KEY: &[&str] = &["DOCGATE_SEARCH_KEY", "AZURE_SEARCH_KEY"];
/// The index to ask for examples.
pub const SEARCH_INDEX: &[&str] = &["DOCGATE_SEARCH_INDEX", "AZURE_SEARCH_INDEX"];

/// The order of sections in written docstrings.
pub const SECTION_ORDER: &[&str] = &["DOCGATE_DOCSTRING_SECTION_ORDER"];
/// The line of the summary of a docstring of several lines.
pub const SUMMARY_LINE: &[&str] = &["DOCGATE_DOCSTRING_SUMMARY_LINE"];
/// Whether a blank line stands between two sections.
pub const BLANK_LINE_BETWEEN_SECTIONS: &[&str] = &["DOCGATE_DOCSTRING_BLANK_LINE_BETWEEN_SECTIONS"];
/// Whether a blank line stands before closing quotes on a line of their own.
pub const BLANK_LINE_BEFORE_CLOSING_QUOTES: &[&str] = &["DOCGATE_DOCSTRING_BLANK_LINE_BEFORE_CLOSING_QUOTES"];
/// Whether new entries repeat the types of the signature.
pub const DOCSTRING_TYPES: &[&str] = &["DOCGATE_DOCSTRING_TYPES"];

/// The Redis that several machines share, as `redis://` or `rediss://`.
pub const REDIS_URL: &str = "DOCGATE_REDIS_URL";
/// What docgate's keys in it begin with.
pub const REDIS_PREFIX: &str = "DOCGATE_REDIS_PREFIX";
/// A file of certificates to trust for it, in place of the system's.
pub const REDIS_CERTIFICATES: &str = "DOCGATE_REDIS_CA_FILE";
/// The host of a Redis, as other programs call it.
pub const REDIS_HOST: &str = "REDIS_HOST";
/// Its port.
pub const REDIS_PORT: &str = "REDIS_PORT";
/// Its database.
pub const REDIS_DB: &str = "REDIS_DB";
/// Its password.
pub const REDIS_PASSWORD: &str = "REDIS_PASSWORD";

/// The folder of the cache.
pub const CACHE_DIR: &str = "DOCGATE_CACHE_DIR";
/// The base of user caches on Unix.
pub const XDG_CACHE_HOME: &str = "XDG_CACHE_HOME";
/// The home folder on Unix.
pub const HOME: &str = "HOME";
/// The home folder on Windows.
pub const USERPROFILE: &str = "USERPROFILE";
/// The base of user caches on Windows.
pub const LOCALAPPDATA: &str = "LOCALAPPDATA";

/// Set by pre-commit and prek while a hook runs.
pub const PRE_COMMIT: &str = "PRE_COMMIT";
/// The base of the range that pre-commit was asked to look at.
pub const PRE_COMMIT_FROM_REF: &str = "PRE_COMMIT_FROM_REF";
/// The end of the range that pre-commit was asked to look at.
pub const PRE_COMMIT_TO_REF: &str = "PRE_COMMIT_TO_REF";
/// The index that git prepares the commit from.
pub const GIT_INDEX_FILE: &str = "GIT_INDEX_FILE";
/// The working tree, where git does not take the folder around its own.
pub const GIT_WORK_TREE: &str = "GIT_WORK_TREE";
/// Switches the hook off for one commit.
pub const SKIP: &str = "DOCGATE_SKIP";
/// The hooks that pre-commit and prek leave out, by id; git's own hook heeds it for docgate's ids, too.
pub const SKIP_IDS: &str = "SKIP";

/// The base of GitHub's REST interface.
pub const GITHUB_API_URL: &str = "GITHUB_API_URL";
/// The file with the payload of the event that started the workflow.
pub const GITHUB_EVENT_PATH: &str = "GITHUB_EVENT_PATH";
/// The repository as `owner/name`.
pub const GITHUB_REPOSITORY: &str = "GITHUB_REPOSITORY";
/// The token that posts reviews.
pub const GITHUB_TOKEN: &str = "GITHUB_TOKEN";
/// The file whose content GitHub shows as the summary of the step.
pub const GITHUB_STEP_SUMMARY: &str = "GITHUB_STEP_SUMMARY";
/// Set by every continuous integration service that matters.
pub const CI: &str = "CI";

/// The verbosity of the log, in the syntax of `tracing`'s environment filter.
pub const LOG: &[&str] = &["DOCGATE_LOG", "LOG_LEVEL"];
/// The form of log lines: `text` or `json`.
pub const LOG_FORMAT: &str = "DOCGATE_LOG_FORMAT";
/// The file that log lines go into as well.
pub const LOG_FILE: &str = "DOCGATE_LOG_FILE";
/// The folder of that file, where the file itself is not named.
pub const LOG_DIR: &str = "LOG_DIR";
/// A `.env` file to read, as an absolute path.
pub const ENV_FILE: &str = "DOCGATE_ENV_FILE";
/// Switches colour off; see <https://no-color.org>.
pub const NO_COLOR: &str = "NO_COLOR";
/// Switches colour off where it is `0`; see <https://bixense.com/clicolors/>.
pub const CLICOLOR: &str = "CLICOLOR";
/// Switches colour on without a terminal, unless it is `0`.
pub const CLICOLOR_FORCE: &str = "CLICOLOR_FORCE";
/// The same, as other tools call it.
pub const FORCE_COLOR: &str = "FORCE_COLOR";
/// The kind of the terminal; `dumb` knows no colour.
pub const TERM: &str = "TERM";
/// The program that shows the terminal.
pub const TERM_PROGRAM: &str = "TERM_PROGRAM";
/// The version of the library behind GNOME's terminals.
pub const VTE_VERSION: &str = "VTE_VERSION";
/// Set by the terminals of Windows and KDE, which know links.
pub const TERMINALS_WITH_LINKS: &[&str] = &["WT_SESSION", "KONSOLE_VERSION", "DOMTERM"];
/// Switches links in the terminal on, or off where it is `0`.
pub const FORCE_HYPERLINK: &str = "FORCE_HYPERLINK";
