//! Every environment variable that docgate reads, by name, in one place.
//!
//! `clippy.toml` forbids reading the environment anywhere else.

use std::path::PathBuf;

/// Reads a variable; unset, empty and non-UTF-8 values count as absent.
#[must_use]
#[expect(clippy::disallowed_methods, reason = "this module is where the environment is read")]
pub fn read(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

/// Reads a variable that holds a path, in whatever encoding; unset and empty values count as absent.
#[must_use]
#[expect(clippy::disallowed_methods, reason = "this module is where the environment is read")]
pub fn read_path(name: &str) -> Option<PathBuf> {
    std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from)
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
/// The name of the deployment to ask.
pub const DEPLOYMENT: &[&str] = &["DOCGATE_DEPLOYMENT", "AZURE_OPENAI_DEPLOYMENT"];
/// The dated API version; without one the v1 route is used.
pub const API_VERSION: &[&str] =
    &["DOCGATE_API_VERSION", "OPENAI_API_VERSION", "AZURE_OPENAI_API_VERSION", "AZURE_OPENAI_VERSION"];
/// The name of the model behind the deployment.
pub const AZURE_MODEL: &[&str] = &["DOCGATE_AZURE_MODEL", "MODEL_NAME"];
/// How many seconds one request may take.
pub const AZURE_TIMEOUT: &[&str] = &["DOCGATE_AZURE_TIMEOUT", "REQUEST_TIMEOUT"];
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

/// The folder of the cache.
pub const CACHE_DIR: &str = "DOCGATE_CACHE_DIR";
/// The base of user caches on Unix.
pub const XDG_CACHE_HOME: &str = "XDG_CACHE_HOME";
/// The home folder on Unix.
pub const HOME: &str = "HOME";
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
