//! One layer of settings: what somebody wrote, and nothing else.

use std::collections::BTreeMap;
use std::time::Duration;

use super::examples::ExamplesLayer;
use super::input::Input;
use super::key::KEYS;
use super::{
    Budget, ConfigError, Endpoint, Kind, Level, Mode, ModelChoice, ModelPrice, OnFailure, Origin,
    PathPatterns, RedisUrl, Require, RuleOption, Section, ServiceKeys, Setting, SignIn, Style, SummaryLine,
    Tuning, Types, azure, shared,
};
use crate::env;
use crate::language::Language;
use crate::secret::Secret;

/// What the command line says; `None` means that it says nothing.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Flags {
    /// What the hook does about findings.
    pub mode: Option<Mode>,
    /// The convention of docstrings.
    pub style: Option<Style>,
    /// Which touched definitions must have a docstring.
    pub require: Option<Require>,
    /// Who writes missing prose.
    pub model: Option<ModelChoice>,
    /// Codes or names of the rules to look for, instead of the usual ones.
    pub select: Option<Vec<String>>,
    /// Codes or names of rules not to look for.
    pub ignore: Option<Vec<String>>,
    /// Codes or names of rules to look for beside the selected ones.
    pub extend_select: Option<Vec<String>>,
    /// Globs of files not to look at.
    pub exclude: Option<Vec<String>>,
    /// Whether repairs are made that lose words.
    pub unsafe_fixes: Option<bool>,
    /// Whether the model is asked about docstrings that may have fallen behind.
    pub judge: Option<bool>,
    /// What findings become when the model fails.
    pub on_failure: Option<OnFailure>,
    /// How many seconds the hook may ask a model.
    pub hook_timeout: Option<u64>,
    /// The address of the resource.
    pub endpoint: Option<String>,
    /// The deployment to ask.
    pub deployment: Option<String>,
    /// How many definitions may be asked about.
    pub budget_definitions: Option<u64>,
    /// How many tokens may be used.
    pub budget_tokens: Option<u64>,
    /// How many US dollars may be spent.
    pub budget_cost: Option<f64>,
}

/// One layer of settings.
#[derive(Debug, Default)]
pub(super) struct Layer {
    pub(super) mode: Option<Setting<Mode>>,
    pub(super) style: Option<Setting<Style>>,
    pub(super) require: Option<Setting<Require>>,
    pub(super) model: Option<Setting<ModelChoice>>,
    pub(super) select: Option<Setting<Vec<String>>>,
    pub(super) ignore: Option<Setting<Vec<String>>>,
    pub(super) extend_select: Option<Setting<Vec<String>>>,
    /// The lists that `extend-select` was put together from, the lowest layer first.
    pub(super) extend_select_parts: Vec<Setting<Vec<String>>>,
    pub(super) severity: BTreeMap<String, Setting<Level>>,
    pub(super) rules: BTreeMap<String, Setting<RuleOption>>,
    /// Globs with the rules that are not looked for there, in the order of the file.
    pub(super) per_file_ignores: Vec<(PathPatterns, Setting<Vec<String>>)>,
    pub(super) baseline: Option<Setting<String>>,
    pub(super) exclude: Option<Setting<PathPatterns>>,
    pub(super) tests: Option<Setting<PathPatterns>>,
    pub(super) run_time_docstrings: Option<Setting<Vec<String>>>,
    pub(super) unsafe_fixes: Option<Setting<bool>>,
    pub(super) judge: Option<Setting<bool>>,
    pub(super) on_failure: Option<Setting<OnFailure>>,
    pub(super) hook_timeout: Option<Setting<Duration>>,
    pub(super) line_length: Option<Setting<u64>>,
    pub(super) never_send: Option<Setting<PathPatterns>>,
    pub(super) instructions: Option<Setting<String>>,
    pub(super) coverage_fail_under: Option<Setting<u64>>,
    pub(super) section_order: Option<Setting<Vec<Section>>>,
    pub(super) summary_line: Option<Setting<SummaryLine>>,
    pub(super) blank_line_between_sections: Option<Setting<bool>>,
    pub(super) blank_line_before_closing_quotes: Option<Setting<bool>>,
    pub(super) docstring_types: Option<Setting<Types>>,
    pub(super) required_of_modules: Option<Setting<Vec<Section>>>,
    pub(super) required_of_classes: Option<Setting<Vec<Section>>>,
    pub(super) required_of_functions: Option<Setting<Vec<Section>>>,
    pub(super) required_of_methods: Option<Setting<Vec<Section>>>,
    pub(super) required_of_properties: Option<Setting<Vec<Section>>>,
    /// Titles with their meanings, in the order of the file.
    pub(super) section_titles: Vec<(String, Setting<Section>)>,
    pub(super) request_tokens: Option<Setting<u64>>,
    pub(super) written_examples: Option<Setting<Vec<Kind>>>,
    pub(super) notes: Option<Setting<Vec<Kind>>>,
    pub(super) language: Option<Setting<Language>>,
    /// Terms with their meanings, in the order of the file.
    pub(super) glossary: Vec<(String, Setting<String>)>,
    /// Prices by the names of models, in lower case.
    pub(super) prices: BTreeMap<String, ModelPrice>,
    pub(super) endpoint: Option<Setting<Endpoint>>,
    pub(super) key: Option<Setting<Secret>>,
    pub(super) sign_in: Option<Setting<SignIn>>,
    pub(super) scope: Option<Setting<String>>,
    pub(super) deployment: Option<Setting<String>>,
    pub(super) azure_model: Option<Setting<String>>,
    pub(super) api_version: Option<Setting<String>>,
    pub(super) timeout: Option<Setting<Duration>>,
    pub(super) requests_per_minute: Option<Setting<u64>>,
    pub(super) tokens_per_minute: Option<Setting<u64>>,
    pub(super) max_completion_tokens: Option<Setting<u64>>,
    pub(super) tuning: Tuning,
    pub(super) keys: ServiceKeys,
    pub(super) budget: Budget,
    pub(super) cache_enabled: Option<Setting<bool>>,
    pub(super) cache_days: Option<Setting<u64>>,
    pub(super) cache_megabytes: Option<Setting<u64>>,
    pub(super) examples: ExamplesLayer,
    pub(super) redis: Option<Setting<RedisUrl>>,
    pub(super) redis_prefix: Option<Setting<String>>,
}

impl Layer {
    /// Reads the environment.
    ///
    /// Names that other programs use as well (`MAX_TOKENS`) count only beside an endpoint: without one they
    /// were hardly meant for docgate, and a strange value in them must not stop a commit.
    pub(super) fn from_environment(read: &dyn Fn(&str) -> Option<String>) -> Result<Self, ConfigError> {
        let mut layer = Self::default();
        if let Some((name, text)) = first_of(env::ENDPOINT, read) {
            let origin = Origin::Environment(name);
            layer.endpoint = Some(checked(Endpoint::new(&text), origin, "azure.endpoint")?);
        }
        if let Some((name, text)) = first_of(env::API_KEY, read) {
            layer.key = Some(checked(azure::key(&text), Origin::Environment(name), "azure.key")?);
        }
        if let Some((name, text)) = first_of(env::SEARCH_ENDPOINT, read) {
            let origin = Origin::Environment(name);
            let endpoint = checked(Endpoint::new(&text), origin, "search.endpoint");
            // Others read that variable, too, and may mean something else by it.
            layer.examples.endpoint = if is_borrowed(name) { endpoint.ok() } else { Some(endpoint?) };
        }
        if let Some((name, text)) = first_of(env::SEARCH_KEY, read) {
            let origin = Origin::Environment(name);
            let key = checked(azure::key(&text), origin, "search.key");
            layer.examples.key = if is_borrowed(name) { key.ok() } else { Some(key?) };
        }
        if let Some(text) = read(env::SIGN_IN) {
            let origin = Origin::Environment(env::SIGN_IN);
            layer.sign_in = Some(checked(text.trim().parse(), origin, "azure.sign-in")?);
        }
        if let Some(text) = read(env::SCOPE) {
            let origin = Origin::Environment(env::SCOPE);
            layer.scope = Some(checked(azure::scope(&text), origin, "azure.scope")?);
        }
        layer.keys = ServiceKeys::from_environment(read);
        if let Some((origin, url)) = shared::redis(read, layer.endpoint.is_some()) {
            layer.redis = Some(checked(url, origin, "redis.url")?);
        }
        if let Some(text) = read(env::REDIS_PREFIX) {
            let origin = Origin::Environment(env::REDIS_PREFIX);
            layer.redis_prefix = Some(checked(shared::prefix(&text), origin, "redis.prefix")?);
        }
        for key in KEYS {
            let Some((name, text)) = first_of(key.environment, read) else { continue };
            if layer.endpoint.is_none() && is_shared(name) {
                continue;
            }
            key.apply(&mut layer, Input::Text(&text), Origin::Environment(name))?;
        }
        Ok(layer)
    }

    /// Checks what the command line says.
    pub(super) fn from_flags(flags: Flags) -> Result<Self, ConfigError> {
        let mut layer = Self {
            mode: flag(flags.mode),
            style: flag(flags.style),
            require: flag(flags.require),
            model: flag(flags.model),
            select: flag(flags.select),
            ignore: flag(flags.ignore),
            extend_select: flag(flags.extend_select),
            unsafe_fixes: flag(flags.unsafe_fixes),
            judge: flag(flags.judge),
            on_failure: flag(flags.on_failure),
            ..Self::default()
        };
        if let Some(globs) = flags.exclude {
            layer.exclude = Some(checked(PathPatterns::new(globs), Origin::Flag, "exclude")?);
        }
        if let Some(text) = flags.endpoint {
            layer.endpoint = Some(checked(Endpoint::new(&text), Origin::Flag, "azure.endpoint")?);
        }
        let written = [
            ("hook-timeout", flags.hook_timeout.map(|seconds| seconds.to_string())),
            ("azure.deployment", flags.deployment),
            ("budget.definitions", flags.budget_definitions.map(|count| count.to_string())),
            ("budget.tokens", flags.budget_tokens.map(|count| count.to_string())),
            ("budget.cost", flags.budget_cost.map(|amount| amount.to_string())),
        ];
        for (name, text) in written {
            let Some(text) = text else { continue };
            for key in KEYS.iter().filter(|key| key.name == name) {
                key.apply(&mut layer, Input::Text(&text), Origin::Flag)?;
            }
        }
        Ok(layer)
    }

    /// Puts this layer over a lower one: what it says wins, `extend-select` adds.
    pub(super) fn over(self, lower: Self) -> Self {
        let extend_select_parts = [lower.extended(), self.extended()].concat();
        let mut severity = lower.severity;
        severity.extend(self.severity);
        let mut rules = lower.rules;
        rules.extend(self.rules);
        Self {
            mode: self.mode.or(lower.mode),
            style: self.style.or(lower.style),
            require: self.require.or(lower.require),
            model: self.model.or(lower.model),
            select: self.select.or(lower.select),
            ignore: self.ignore.or(lower.ignore),
            extend_select: joined(self.extend_select, lower.extend_select),
            extend_select_parts,
            severity,
            rules,
            // Only the file has them.
            per_file_ignores: [lower.per_file_ignores, self.per_file_ignores].concat(),
            baseline: self.baseline.or(lower.baseline),
            exclude: self.exclude.or(lower.exclude),
            tests: self.tests.or(lower.tests),
            run_time_docstrings: self.run_time_docstrings.or(lower.run_time_docstrings),
            unsafe_fixes: self.unsafe_fixes.or(lower.unsafe_fixes),
            judge: self.judge.or(lower.judge),
            on_failure: self.on_failure.or(lower.on_failure),
            hook_timeout: self.hook_timeout.or(lower.hook_timeout),
            line_length: self.line_length.or(lower.line_length),
            never_send: self.never_send.or(lower.never_send),
            instructions: self.instructions.or(lower.instructions),
            coverage_fail_under: self.coverage_fail_under.or(lower.coverage_fail_under),
            section_order: self.section_order.or(lower.section_order),
            summary_line: self.summary_line.or(lower.summary_line),
            blank_line_between_sections: self
                .blank_line_between_sections
                .or(lower.blank_line_between_sections),
            blank_line_before_closing_quotes: self
                .blank_line_before_closing_quotes
                .or(lower.blank_line_before_closing_quotes),
            docstring_types: self.docstring_types.or(lower.docstring_types),
            required_of_modules: self.required_of_modules.or(lower.required_of_modules),
            required_of_classes: self.required_of_classes.or(lower.required_of_classes),
            required_of_functions: self.required_of_functions.or(lower.required_of_functions),
            required_of_methods: self.required_of_methods.or(lower.required_of_methods),
            required_of_properties: self.required_of_properties.or(lower.required_of_properties),
            // Only the file has them.
            section_titles: if self.section_titles.is_empty() {
                lower.section_titles
            } else {
                self.section_titles
            },
            request_tokens: self.request_tokens.or(lower.request_tokens),
            written_examples: self.written_examples.or(lower.written_examples),
            notes: self.notes.or(lower.notes),
            language: self.language.or(lower.language),
            // Only the file has them.
            glossary: if self.glossary.is_empty() { lower.glossary } else { self.glossary },
            prices: if self.prices.is_empty() { lower.prices } else { self.prices },
            endpoint: self.endpoint.or(lower.endpoint),
            key: self.key.or(lower.key),
            sign_in: self.sign_in.or(lower.sign_in),
            scope: self.scope.or(lower.scope),
            deployment: self.deployment.or(lower.deployment),
            azure_model: self.azure_model.or(lower.azure_model),
            api_version: self.api_version.or(lower.api_version),
            timeout: self.timeout.or(lower.timeout),
            requests_per_minute: self.requests_per_minute.or(lower.requests_per_minute),
            tokens_per_minute: self.tokens_per_minute.or(lower.tokens_per_minute),
            max_completion_tokens: self.max_completion_tokens.or(lower.max_completion_tokens),
            tuning: self.tuning.over(lower.tuning),
            // Only the environment has them.
            keys: if self.keys == ServiceKeys::default() { lower.keys } else { self.keys },
            budget: self.budget.over(lower.budget),
            cache_enabled: self.cache_enabled.or(lower.cache_enabled),
            cache_days: self.cache_days.or(lower.cache_days),
            cache_megabytes: self.cache_megabytes.or(lower.cache_megabytes),
            examples: self.examples.over(lower.examples),
            redis: self.redis.or(lower.redis),
            redis_prefix: self.redis_prefix.or(lower.redis_prefix),
        }
    }
}

impl Layer {
    /// Returns the lists of `extend-select`, as they were written.
    fn extended(&self) -> Vec<Setting<Vec<String>>> {
        match self.extend_select_parts.as_slice() {
            [] => self.extend_select.iter().cloned().collect(),
            parts => parts.to_vec(),
        }
    }
}

/// Returns whether a variable for the search index has its name from others.
fn is_borrowed(name: &str) -> bool {
    !name.starts_with("DOCGATE_")
}

/// Returns whether a variable is one that many programs read.
fn is_shared(name: &str) -> bool {
    !["DOCGATE_", "AZURE_OPENAI_", "AZURE_SEARCH_", "OPENAI_"].iter().any(|prefix| name.starts_with(prefix))
}

fn first_of(names: &[&'static str], read: &dyn Fn(&str) -> Option<String>) -> Option<(&'static str, String)> {
    names.iter().find_map(|name| read(name).map(|value| (*name, value)))
}

fn flag<T>(value: Option<T>) -> Option<Setting<T>> {
    value.map(|value| Setting { value, origin: Origin::Flag })
}

fn checked<T>(
    value: Result<T, String>,
    origin: Origin,
    key: &'static str,
) -> Result<Setting<T>, ConfigError> {
    match value {
        Ok(value) => Ok(Setting { value, origin }),
        Err(problem) => Err(ConfigError::Invalid { origin, key, problem }),
    }
}

fn joined(
    upper: Option<Setting<Vec<String>>>,
    lower: Option<Setting<Vec<String>>>,
) -> Option<Setting<Vec<String>>> {
    match (upper, lower) {
        (Some(upper), Some(mut lower)) => {
            lower.value.extend(upper.value);
            Some(Setting { value: lower.value, origin: upper.origin })
        }
        (upper, lower) => upper.or(lower),
    }
}
