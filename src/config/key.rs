//! The keys: one constant table that file, environment, flags, `config show` and the tests walk.

use std::fmt::Display;
use std::time::Duration;

use super::input::Input;
use super::layer::Layer;
use super::merged::{Config, Shown};
use super::{ConfigError, Kind, ModelChoice, Origin, PathPatterns, Section, Setting};
use crate::env;

/// One key of the configuration.
pub(super) struct Key {
    /// Its name, with the table it is in: `azure.deployment`.
    pub(super) name: &'static str,
    /// The variables that can hold it, the one that wins first.
    pub(super) environment: &'static [&'static str],
    /// Reads a value into a layer; the error says what was expected.
    read: fn(&mut Layer, Input<'_>, Origin) -> Result<(), String>,
    /// Shows the merged value.
    pub(super) show: fn(&Config) -> Shown,
}

impl Key {
    /// Reads a value into a layer.
    pub(super) fn apply(
        &self,
        layer: &mut Layer,
        input: Input<'_>,
        origin: Origin,
    ) -> Result<(), ConfigError> {
        let read = (self.read)(layer, input, origin);
        read.map_err(|problem| ConfigError::Invalid { origin, key: self.name, problem })
    }
}

/// Makes a row: name, variables, field of the layer, how it is read, how it is shown.
macro_rules! key {
    ($name:literal, $environment:expr, $($field:ident).+, $read:expr, $show:expr) => {
        Key {
            name: $name,
            environment: $environment,
            read: |layer, input, origin| {
                let value = $read(input)?;
                layer.$($field).+ = Some(Setting { value, origin });
                Ok(())
            },
            show: $show,
        }
    };
}

/// Every key but the tables `severity`, whose keys are rules, `rules`, whose keys the rules know, `docstring.sections`,
/// whose keys are titles, `generate.glossary`, whose keys are terms, `prices`, whose keys are models, and `per-file-ignores`,
/// whose keys are globs.
pub(super) const KEYS: &[Key] = &[
    key!("mode", env::MODE, mode, Input::word, |config| one(&config.mode)),
    key!("style", env::STYLE, style, Input::word, |config| one(&config.style)),
    key!("require", &[], require, Input::word, |config| one(&config.require)),
    key!("model", env::MODEL, model, model_choice, |config| one(&config.model)),
    key!("select", &[], select, Input::list, |config| maybe_list(config.select.as_ref())),
    key!("ignore", &[], ignore, Input::list, |config| list(&config.ignore)),
    key!("extend-select", &[], extend_select, Input::list, |config| list(&config.extend_select)),
    key!("exclude", &[], exclude, Input::patterns, |config| patterns(&config.exclude)),
    key!("baseline", &[], baseline, Input::text, |config| one(&config.baseline)),
    key!("tests", &[], tests, Input::patterns, |config| patterns(&config.tests)),
    key!("run-time-docstrings", &[], run_time_docstrings, Input::list, |config| list(
        &config.run_time_docstrings
    )),
    key!("unsafe-fixes", &[], unsafe_fixes, Input::boolean, |config| one(&config.unsafe_fixes)),
    key!("judge", env::JUDGE, judge, switch, |config| one(&config.judge)),
    key!("on-failure", env::ON_FAILURE, on_failure, Input::word, |config| one(&config.on_failure)),
    key!("hook-timeout", env::HOOK_TIMEOUT, hook_timeout, Input::seconds, |config| seconds(
        &config.hook_timeout
    )),
    key!("line-length", &[], line_length, |input: Input<'_>| input.whole(40..=1_000), |config| one(
        &config.line_length
    )),
    key!("never-send", &[], never_send, Input::patterns, |config| patterns(&config.never_send)),
    key!("instructions", &[], instructions, Input::text, |config| maybe(config.instructions.as_ref())),
    key!("coverage.fail-under", &[], coverage_fail_under, percent, |config| maybe(
        config.coverage_fail_under.as_ref()
    )),
    key!("docstring.section-order", env::SECTION_ORDER, section_order, each_once, |config| words(
        &config.docstring.section_order
    )),
    key!("docstring.summary-line", env::SUMMARY_LINE, summary_line, Input::word, |config| one(&config
        .docstring
        .summary_line)),
    key!(
        "docstring.blank-line-between-sections",
        env::BLANK_LINE_BETWEEN_SECTIONS,
        blank_line_between_sections,
        Input::boolean,
        |config| one(&config.docstring.blank_line_between_sections)
    ),
    key!(
        "docstring.blank-line-before-closing-quotes",
        env::BLANK_LINE_BEFORE_CLOSING_QUOTES,
        blank_line_before_closing_quotes,
        Input::boolean,
        |config| one(&config.docstring.blank_line_before_closing_quotes)
    ),
    key!("docstring.types", env::DOCSTRING_TYPES, docstring_types, Input::word, |config| one(&config
        .docstring
        .types)),
    key!("docstring.required-sections.module", &[], required_of_modules, known, |config| words(
        &config.docstring.required.module
    )),
    key!("docstring.required-sections.class", &[], required_of_classes, known, |config| words(
        &config.docstring.required.class
    )),
    key!("docstring.required-sections.function", &[], required_of_functions, known, |config| words(
        &config.docstring.required.function
    )),
    key!("docstring.required-sections.method", &[], required_of_methods, known, |config| words(
        &config.docstring.required.method
    )),
    key!("docstring.required-sections.property", &[], required_of_properties, known, |config| words(
        &config.docstring.required.property
    )),
    key!("generate.request-tokens", &[], request_tokens, request_tokens, |config| one(&config
        .generate
        .request_tokens)),
    key!("generate.examples", &[], written_examples, callable, |config| words(&config.generate.examples)),
    key!("generate.notes", &[], notes, Input::words, |config| words(&config.generate.notes)),
    key!("generate.language", &[], language, Input::word, |config| one(&config.generate.language)),
    key!("azure.deployment", env::DEPLOYMENT, deployment, Input::name, |config| maybe(
        config.azure.deployment.as_ref()
    )),
    key!("azure.model", env::AZURE_MODEL, azure_model, Input::model, |config| one(&config.azure.model)),
    key!("azure.api-version", env::API_VERSION, api_version, Input::name, |config| maybe(
        config.azure.api_version.as_ref()
    )),
    key!("azure.timeout", env::AZURE_TIMEOUT, timeout, Input::seconds, |config| seconds(
        &config.azure.timeout
    )),
    key!(
        "azure.requests-per-minute",
        env::REQUESTS_PER_MINUTE,
        requests_per_minute,
        at_least_one,
        |config| maybe(config.azure.requests_per_minute.as_ref())
    ),
    key!("azure.tokens-per-minute", env::TOKENS_PER_MINUTE, tokens_per_minute, at_least_one, |config| {
        maybe(config.azure.tokens_per_minute.as_ref())
    }),
    key!(
        "azure.max-completion-tokens",
        env::MAX_COMPLETION_TOKENS,
        max_completion_tokens,
        at_least_one,
        |config| maybe(config.azure.max_completion_tokens.as_ref())
    ),
    key!(
        "azure.context-window",
        env::CONTEXT_WINDOW,
        tuning.context_window,
        |input: Input<'_>| input.whole(2_000..=10_000_000),
        |config| maybe(config.azure.tuning.context_window.as_ref())
    ),
    key!(
        "azure.token-margin",
        env::TOKEN_MARGIN,
        tuning.token_margin,
        |input: Input<'_>| input.whole(0..=200),
        |config| maybe(config.azure.tuning.token_margin.as_ref())
    ),
    key!(
        "azure.structured-output",
        env::STRUCTURED_OUTPUT,
        tuning.structured_output,
        Input::word,
        |config| maybe(config.azure.tuning.structured_output.as_ref())
    ),
    key!("azure.length-parameter", env::LENGTH_PARAMETER, tuning.length_parameter, Input::word, |config| {
        maybe(config.azure.tuning.length_parameter.as_ref())
    }),
    key!("azure.temperature", env::TEMPERATURE, tuning.temperature, temperature, |config| maybe(
        config.azure.tuning.temperature.as_ref()
    )),
    key!("azure.reasoning-effort", env::REASONING_EFFORT, tuning.reasoning_effort, Input::word, |config| {
        maybe(config.azure.tuning.reasoning_effort.as_ref())
    }),
    key!("azure.retries", env::RETRIES, tuning.retries, |input: Input<'_>| input.whole(0..=20), |config| {
        maybe(config.azure.tuning.retries.as_ref())
    }),
    key!("azure.total-time", env::TOTAL_TIME, tuning.total_time, Input::seconds, |config| maybe_seconds(
        config.azure.tuning.total_time.as_ref()
    )),
    key!("azure.maximum-wait", env::MAXIMUM_WAIT, tuning.maximum_wait, Input::seconds, |config| {
        maybe_seconds(config.azure.tuning.maximum_wait.as_ref())
    }),
    key!("azure.burst", env::BURST, tuning.burst, at_least_one, |config| maybe(
        config.azure.tuning.burst.as_ref()
    )),
    key!(
        "azure.concurrency",
        env::CONCURRENCY,
        tuning.concurrency,
        |input: Input<'_>| input.whole(1..=64),
        |config| { maybe(config.azure.tuning.concurrency.as_ref()) }
    ),
    key!("budget.definitions", env::BUDGET_DEFINITIONS, budget.definitions, any_whole, |config| maybe(
        config.budget.definitions.as_ref()
    )),
    key!("budget.requests", env::BUDGET_REQUESTS, budget.requests, any_whole, |config| maybe(
        config.budget.requests.as_ref()
    )),
    key!("budget.tokens", env::BUDGET_TOKENS, budget.tokens, any_whole, |config| maybe(
        config.budget.tokens.as_ref()
    )),
    key!("budget.cost", env::BUDGET_COST, budget.cost, Input::dollars, |config| maybe(
        config.budget.cost.as_ref()
    )),
    key!(
        "budget.minute.requests",
        env::BUDGET_MINUTE_REQUESTS,
        budget.minute.requests,
        any_whole,
        |config| maybe(config.budget.minute.requests.as_ref())
    ),
    key!("budget.minute.tokens", env::BUDGET_MINUTE_TOKENS, budget.minute.tokens, any_whole, |config| maybe(
        config.budget.minute.tokens.as_ref()
    )),
    key!("budget.minute.cost", env::BUDGET_MINUTE_COST, budget.minute.cost, Input::dollars, |config| maybe(
        config.budget.minute.cost.as_ref()
    )),
    key!("budget.hour.requests", env::BUDGET_HOUR_REQUESTS, budget.hour.requests, any_whole, |config| maybe(
        config.budget.hour.requests.as_ref()
    )),
    key!("budget.hour.tokens", env::BUDGET_HOUR_TOKENS, budget.hour.tokens, any_whole, |config| maybe(
        config.budget.hour.tokens.as_ref()
    )),
    key!("budget.hour.cost", env::BUDGET_HOUR_COST, budget.hour.cost, Input::dollars, |config| maybe(
        config.budget.hour.cost.as_ref()
    )),
    key!("budget.day.requests", env::BUDGET_DAY_REQUESTS, budget.day.requests, any_whole, |config| maybe(
        config.budget.day.requests.as_ref()
    )),
    key!("budget.day.tokens", env::BUDGET_DAY_TOKENS, budget.day.tokens, any_whole, |config| maybe(
        config.budget.day.tokens.as_ref()
    )),
    key!("budget.day.cost", env::BUDGET_DAY_COST, budget.day.cost, Input::dollars, |config| maybe(
        config.budget.day.cost.as_ref()
    )),
    key!("cache.enabled", env::CACHE_ENABLED, cache_enabled, switch, |config| one(&config.cache.enabled)),
    key!("cache.days", env::CACHE_DAYS, cache_days, at_least_one, |config| one(&config.cache.days)),
    key!("cache.megabytes", env::CACHE_MEGABYTES, cache_megabytes, at_least_one, |config| one(&config
        .cache
        .megabytes)),
    key!("examples.source", env::EXAMPLES, examples.source, Input::word, |config| one(&config
        .examples
        .source)),
    key!(
        "examples.count",
        env::EXAMPLES_COUNT,
        examples.count,
        |input: Input<'_>| input.whole(0..=10),
        |config| { one(&config.examples.count) }
    ),
    key!(
        "examples.embedding-deployment",
        env::EMBEDDING_DEPLOYMENT,
        examples.embedding_deployment,
        Input::model,
        |config| maybe(config.examples.embedding_deployment.as_ref())
    ),
    key!(
        "examples.embedding-model",
        env::EMBEDDING_MODEL,
        examples.embedding_model,
        Input::model,
        |config| { one(&config.examples.embedding_model) }
    ),
    key!("examples.index", env::SEARCH_INDEX, examples.index, index_name, |config| maybe(
        config.examples.index.as_ref()
    )),
    key!("examples.fields.id", &[], examples.fields.id, field, |config| one(&config.examples.fields.id)),
    key!("examples.fields.path", &[], examples.fields.path, field, |config| one(&config
        .examples
        .fields
        .path)),
    key!("examples.fields.name", &[], examples.fields.name, field, |config| one(&config
        .examples
        .fields
        .name)),
    key!("examples.fields.content", &[], examples.fields.content, field, |config| one(&config
        .examples
        .fields
        .content)),
    key!("examples.fields.vector", &[], examples.fields.vector, field, |config| one(&config
        .examples
        .fields
        .vector)),
];

/// The tables whose keys are in [`KEYS`].
pub(super) const TABLES: &[&str] = &[
    "azure",
    "budget",
    "budget.minute",
    "budget.hour",
    "budget.day",
    "cache",
    "coverage",
    "docstring",
    "docstring.required-sections",
    "generate",
    "examples",
    "examples.fields",
];
/// The table whose keys are rules.
pub(super) const SEVERITY: &str = "severity";
/// The table whose keys are titles of sections.
pub(super) const SECTIONS: &str = "docstring.sections";
/// The table whose keys are terms.
pub(super) const GLOSSARY: &str = "generate.glossary";
/// The table whose keys are models.
pub(super) const PRICES: &str = "prices";
/// The table whose keys are globs.
pub(super) const PER_FILE_IGNORES: &str = "per-file-ignores";
/// The table whose keys are options of single rules.
pub(super) const RULES: &str = "rules";

/// Names that say where code or credentials go, without `-` and `_`; they are refused in files, in any table.
const REFUSED: &[&str] = &[
    "apibase",
    "apikey",
    "apitoken",
    "authorization",
    "azureendpoint",
    "baseurl",
    "ca",
    "cabundle",
    "cafile",
    "certificate",
    "endpoint",
    "host",
    "httpproxy",
    "httpsproxy",
    "key",
    "openaiapikey",
    "password",
    "proxy",
    "redis",
    "redisurl",
    "scope",
    "secret",
    "signin",
    "token",
    "url",
];

/// Returns whether a name is one that files may not hold.
pub(super) fn is_refused(name: &str) -> bool {
    let plain: String = name.chars().filter(char::is_ascii_alphanumeric).collect();
    REFUSED.contains(&plain.to_ascii_lowercase().as_str())
}

/// Returns the key that is nearest to a wrong one, if one is near enough to be meant.
pub(super) fn nearest(wrong: &str) -> Option<&'static str> {
    let tables = [SEVERITY, SECTIONS, GLOSSARY, PRICES, RULES, PER_FILE_IGNORES];
    let names = KEYS.iter().map(|key| key.name).chain(TABLES.iter().copied()).chain(tables);
    let last = |name: &str| name.rsplit('.').next().map_or_else(String::new, str::to_owned);
    let (_, name) = names
        .filter_map(|name| {
            let whole = distance(wrong, name);
            let within = if last(wrong) == last(name) { 1 } else { whole };
            let distance = whole.min(within);
            (distance <= (wrong.len() / 3).max(2)).then_some((distance, name))
        })
        .min_by_key(|(distance, _)| *distance)?;
    Some(name)
}

/// Counts the characters to insert, delete or replace to turn one text into the other (Levenshtein).
fn distance(left: &str, right: &str) -> usize {
    let right: Vec<char> = right.chars().collect();
    let mut row: Vec<usize> = (0..=right.len()).collect();
    // A key is a word: a longer one is cut, so that a hostile file cannot buy much work.
    for (line, from) in left.chars().take(64).enumerate() {
        let mut diagonal = row[0];
        row[0] = line + 1;
        for (column, to) in right.iter().enumerate() {
            let replaced = diagonal + usize::from(from != *to);
            diagonal = row[column + 1];
            row[column + 1] = replaced.min(diagonal + 1).min(row[column] + 1);
        }
    }
    row[right.len()]
}

/// Reads kinds of sections, none of them twice.
fn each_once(input: Input<'_>) -> Result<Vec<Section>, String> {
    let sections: Vec<Section> = input.words()?;
    for (index, section) in sections.iter().enumerate() {
        if sections.iter().take(index).any(|known| known == section) {
            return Err(format!("\"{section}\" stands in the list twice"));
        }
    }
    Ok(sections)
}

/// Reads kinds of sections that can be asked for.
fn known(input: Input<'_>) -> Result<Vec<Section>, String> {
    let sections = each_once(input)?;
    if sections.contains(&Section::Custom) {
        return Err("\"custom\" is any section, so that it cannot be required".to_owned());
    }
    Ok(sections)
}

/// Reads the name of an index, as Azure AI Search allows it.
fn index_name(input: Input<'_>) -> Result<String, String> {
    let name = input.text()?.trim().to_owned();
    let is_inside = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    let is_outside = |byte: Option<&u8>| byte.is_some_and(|byte| *byte != b'-');
    let bytes = name.as_bytes();
    let fits = (2..=128).contains(&bytes.len()) && bytes.iter().copied().all(is_inside);
    if fits && is_outside(bytes.first()) && is_outside(bytes.last()) && !name.contains("--") {
        return Ok(name);
    }
    Err(format!("expected lower-case letters, digits and single dashes between them, found {name:?}"))
}

/// Reads the name of a field of an index: it becomes part of a filter.
fn field(input: Input<'_>) -> Result<String, String> {
    let name = input.text()?.trim().to_owned();
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    if name.starts_with(|first: char| first.is_ascii_alphabetic())
        && name.len() <= 128
        && name.bytes().all(is_plain)
    {
        return Ok(name);
    }
    Err(format!("expected a letter, then letters, digits and `_`, found {name:?}"))
}

fn at_least_one(input: Input<'_>) -> Result<u64, String> {
    input.whole(1..=u64::MAX)
}

/// Reads who writes prose. A cloned repository must not choose to whom code and a key are sent, so a file may name
/// Azure only, whose address and key come from the environment.
fn model_choice(input: Input<'_>) -> Result<ModelChoice, String> {
    let choice: ModelChoice = input.word()?;
    match input {
        Input::Toml(_) if !choice.is_for_files() => {
            Err(format!("\"{choice}\" is not accepted in a file; name it in DOCGATE_MODEL or with --model"))
        }
        _ => Ok(choice),
    }
}

/// Reads kinds of definitions that can be called.
fn callable(input: Input<'_>) -> Result<Vec<Kind>, String> {
    let kinds: Vec<Kind> = input.words()?;
    match kinds.iter().find(|kind| matches!(kind, Kind::Module | Kind::Property)) {
        Some(kind) => Err(format!("in the list: {:?} cannot be called, so there is no example", kind.word())),
        None => Ok(kinds),
    }
}

/// Less has no room for the rules and one definition; more is a whole package.
fn request_tokens(input: Input<'_>) -> Result<u64, String> {
    input.whole(2_000..=200_000)
}

/// Reads `true` or `false`, and in the environment what people write for it.
fn switch(input: Input<'_>) -> Result<bool, String> {
    match input {
        Input::Text(text) if matches!(text.trim().to_lowercase().as_str(), "1" | "yes" | "on" | "true") => {
            Ok(true)
        }
        Input::Text(text) if matches!(text.trim().to_lowercase().as_str(), "0" | "no" | "off" | "false") => {
            Ok(false)
        }
        _ => input.boolean(),
    }
}

fn temperature(input: Input<'_>) -> Result<f64, String> {
    let expected = |_| "expected a number from 0 to 2".to_owned();
    let temperature = input.dollars().map_err(expected)?;
    if temperature <= 2.0 { Ok(temperature) } else { Err(expected(String::new())) }
}

fn percent(input: Input<'_>) -> Result<u64, String> {
    input.whole(0..=100)
}

fn any_whole(input: Input<'_>) -> Result<u64, String> {
    input.whole(0..=u64::MAX)
}

fn one<T: Display>(setting: &Setting<T>) -> Shown {
    Shown { value: Some(setting.value.to_string()), origin: setting.origin }
}

fn maybe<T: Display>(setting: Option<&Setting<T>>) -> Shown {
    setting.map_or(Shown { value: None, origin: Origin::Default }, one)
}

fn seconds(setting: &Setting<Duration>) -> Shown {
    Shown { value: Some(setting.as_secs().to_string()), origin: setting.origin }
}

fn maybe_seconds(setting: Option<&Setting<Duration>>) -> Shown {
    setting.map_or(Shown { value: None, origin: Origin::Default }, seconds)
}

fn list(setting: &Setting<Vec<String>>) -> Shown {
    Shown { value: Some(format!("{:?}", setting.value)), origin: setting.origin }
}

fn words<T: Display>(setting: &Setting<Vec<T>>) -> Shown {
    let words: Vec<String> = setting.value.iter().map(ToString::to_string).collect();
    Shown { value: Some(format!("{words:?}")), origin: setting.origin }
}

fn maybe_list(setting: Option<&Setting<Vec<String>>>) -> Shown {
    setting.map_or(Shown { value: None, origin: Origin::Default }, list)
}

fn patterns(setting: &Setting<PathPatterns>) -> Shown {
    Shown { value: Some(format!("{:?}", setting.globs())), origin: setting.origin }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_unique_and_kebab_case() {
        for (index, key) in KEYS.iter().enumerate() {
            assert!(KEYS[..index].iter().all(|other| other.name != key.name), "{}", key.name);
            let is_plain = |character: char| character.is_ascii_lowercase() || "-.".contains(character);
            assert!(key.name.chars().all(is_plain), "{}", key.name);
            if let Some((table, _)) = key.name.rsplit_once('.') {
                assert!(TABLES.contains(&table), "{}", key.name);
            }
        }
    }

    #[test]
    fn the_nearest_key_is_the_one_that_was_meant() {
        let table = [
            ("hook_timeout", Some("hook-timeout")),
            ("mod", Some("mode")),
            ("excludes", Some("exclude")),
            ("azure.deploymnet", Some("azure.deployment")),
            ("deployment", Some("azure.deployment")),
            ("budgets", Some("budget")),
            ("severities", Some("severity")),
            ("line_lenght", Some("line-length")),
            ("frobnicate", None),
        ];
        for (wrong, expected) in table {
            assert_eq!(nearest(wrong), expected, "{wrong}");
        }
    }

    #[test]
    fn no_key_is_refused() {
        for key in KEYS {
            assert!(!key.name.split('.').any(is_refused), "{}", key.name);
        }
    }
}
