//! The merged configuration: every value, checked, with its origin.

use std::collections::BTreeMap;
use std::time::Duration;

use crate::language::Language;

use super::key::{GLOSSARY, KEYS, PER_FILE_IGNORES, PRICES, RULES, SECTIONS, SEVERITY};
use super::layer::{Flags, Layer};
use super::{
    Azure, Budget, ConfigError, Docstring, Examples, Generate, Level, Mode, ModelChoice, ModelPrice,
    OnFailure, Origin, PathPatterns, Remembering, Require, RequiredSections, RuleOption, Setting, Shared,
    SignIn, Style, SummaryLine, Types, azure,
};

/// Everything that can be set, with defaults filled in.
///
/// This is what the layers become once they have been checked, so that a mistake is found before a run
/// begins and not in its middle.
#[derive(Debug, Clone, PartialEq)]
pub struct Config {
    /// What the hook does about findings.
    pub mode: Setting<Mode>,
    /// The convention of docstrings.
    pub style: Setting<Style>,
    /// Which touched public definitions must have a docstring.
    pub require: Setting<Require>,
    /// Who writes missing prose, as it was written; see [`Config::effective_model`].
    pub model: Setting<ModelChoice>,
    /// Codes, prefixes or names of the rules to look for; `None` for the usual ones.
    pub select: Option<Setting<Vec<String>>>,
    /// Codes, prefixes or names of rules not to look for.
    pub ignore: Setting<Vec<String>>,
    /// Codes, prefixes or names of rules to look for beside the selected ones.
    pub extend_select: Setting<Vec<String>>,
    /// The lists that `extend_select` was put together from, each with its own origin.
    pub extend_select_parts: Vec<Setting<Vec<String>>>,
    /// Weights by code or name of a rule.
    pub severity: BTreeMap<String, Setting<Level>>,
    /// What single rules are told, by the names that they know.
    pub rules: BTreeMap<String, Setting<RuleOption>>,
    /// Rules not to look for in files that a glob matches; every match counts.
    pub per_file_ignores: Vec<(PathPatterns, Setting<Vec<String>>)>,
    /// The file of findings that are known, from the root of the repository.
    pub baseline: Setting<String>,
    /// Files not to look at.
    pub exclude: Setting<PathPatterns>,
    /// Files with tests, whose definitions need no docstring.
    pub tests: Setting<PathPatterns>,
    /// Dotted names or globs of decorators whose functions' docstrings are read at run time.
    pub run_time_docstrings: Setting<Vec<String>>,
    /// Whether repairs are made that lose words which somebody wrote.
    pub unsafe_fixes: Setting<bool>,
    /// Whether the model is asked if docstrings still fit whose code mostly changed.
    pub judge: Setting<bool>,
    /// What findings become that only the model could have answered, when it fails.
    pub on_failure: Setting<OnFailure>,
    /// How long the hook may ask a model.
    pub hook_timeout: Setting<Duration>,
    /// The longest line of a written docstring, in characters.
    pub line_length: Setting<u64>,
    /// Files whose text never goes to a model.
    pub never_send: Setting<PathPatterns>,
    /// House instructions for the model.
    pub instructions: Option<Setting<String>>,
    /// The lowest share of documented definitions that is good enough, in percent.
    pub coverage_fail_under: Option<Setting<u64>>,
    /// How docstrings look.
    pub docstring: Docstring,
    /// What a model is asked for beyond what rules miss.
    pub generate: Generate,
    /// What the tokens of models cost, by their names in lower case, where that is set.
    pub prices: BTreeMap<String, ModelPrice>,
    /// How Azure OpenAI is reached.
    pub azure: Azure,
    /// What one run may use of the model.
    pub budget: Budget,
    /// How answers are remembered.
    pub cache: Remembering,
    /// Which examples a model is shown.
    pub examples: Examples,
    /// What several machines share.
    pub shared: Shared,
}

/// A value as `config show` prints it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shown {
    /// The value; `None` when it is not set.
    pub value: Option<String>,
    /// Where it comes from.
    pub origin: Origin,
}

impl Config {
    /// Merges the layers: built-in < file < environment < flags.
    ///
    /// `files` gives the bytes of a file at the root of the repository, from the index, a commit or the disk.
    /// `environment` gives a variable, usually [`crate::env::read`].
    ///
    /// # Errors
    ///
    /// Reports the first mistake, with the file and line, the variable, or the flag.
    pub fn load(
        files: &dyn Fn(&str) -> Option<Vec<u8>>,
        environment: &dyn Fn(&str) -> Option<String>,
        flags: Flags,
    ) -> Result<Self, ConfigError> {
        let file = Layer::from_files(files)?;
        let environment = Layer::from_environment(environment)?;
        let flags = Layer::from_flags(flags)?;
        Ok(Self::with_defaults(flags.over(environment).over(file)))
    }

    /// Returns who writes missing prose, with `auto` decided: azure when the endpoint and a key or a sign-in are known.
    #[must_use]
    pub fn effective_model(&self) -> ModelChoice {
        match self.model.value {
            ModelChoice::Auto if self.azure.endpoint.is_some() && self.azure.is_known() => ModelChoice::Azure,
            ModelChoice::Auto => ModelChoice::None,
            chosen => chosen,
        }
    }

    /// Returns every key with its value and origin, in the order of the documentation.
    ///
    /// Endpoints and the address of Redis are among them, keys only as `***`.
    #[must_use]
    pub fn shown(&self) -> Vec<(String, Shown)> {
        let mut rows: Vec<(String, Shown)> =
            KEYS.iter().map(|key| (key.name.to_owned(), (key.show)(self))).collect();
        for (rule, level) in &self.severity {
            let shown = Shown { value: Some(level.word().to_owned()), origin: level.origin };
            rows.push((format!("{SEVERITY}.{rule}"), shown));
        }
        for (patterns, rules) in &self.per_file_ignores {
            let shown = Shown { value: Some(format!("{:?}", rules.value)), origin: rules.origin };
            rows.extend(
                patterns.globs().iter().map(|glob| (format!("{PER_FILE_IGNORES}.{glob:?}"), shown.clone())),
            );
        }
        for (title, section) in &self.docstring.titles {
            let shown = Shown { value: Some(section.value.word().to_owned()), origin: section.origin };
            rows.push((format!("{SECTIONS}.{title:?}"), shown));
        }
        for (term, meaning) in &self.generate.glossary {
            let shown = Shown { value: Some(meaning.value.clone()), origin: meaning.origin };
            rows.push((format!("{GLOSSARY}.{term:?}"), shown));
        }
        for (model, price) in &self.prices {
            rows.extend(price.set().map(|(key, set)| {
                let shown = Shown { value: Some(set.value.to_string()), origin: set.origin };
                (format!("{PRICES}.{model:?}.{key}"), shown)
            }));
        }
        for (name, option) in &self.rules {
            let shown = Shown { value: Some(option.value.to_string()), origin: option.origin };
            rows.push((format!("{RULES}.{name}"), shown));
        }
        let unset = || Shown { value: None, origin: Origin::Default };
        let endpoint = self.azure.endpoint.as_ref().map_or_else(unset, |endpoint| Shown {
            value: Some(endpoint.value.to_string()),
            origin: endpoint.origin,
        });
        let key = self
            .azure
            .key
            .as_ref()
            .map_or_else(unset, |key| Shown { value: Some(key.value.to_string()), origin: key.origin });
        rows.push(("azure.endpoint".to_owned(), endpoint));
        rows.push(("azure.key".to_owned(), key));
        let choice = self.effective_model();
        if choice.is_service() && choice != ModelChoice::Azure {
            let key = self.azure.keys.of(choice);
            let key = key
                .map_or_else(unset, |key| Shown { value: Some(key.value.to_string()), origin: key.origin });
            rows.push((format!("{choice}.key"), key));
        }
        let (sign_in, scope) = (&self.azure.sign_in, &self.azure.scope);
        let word = sign_in.value.word().to_owned();
        rows.push(("azure.sign-in".to_owned(), Shown { value: Some(word), origin: sign_in.origin }));
        let text = scope.value.clone();
        rows.push(("azure.scope".to_owned(), Shown { value: Some(text), origin: scope.origin }));
        let search = &self.examples;
        let endpoint = search.endpoint.as_ref().map_or_else(unset, |endpoint| Shown {
            value: Some(endpoint.value.to_string()),
            origin: endpoint.origin,
        });
        let key = search
            .key
            .as_ref()
            .map_or_else(unset, |key| Shown { value: Some(key.value.to_string()), origin: key.origin });
        rows.push(("search.endpoint".to_owned(), endpoint));
        rows.push(("search.key".to_owned(), key));
        let redis = self
            .shared
            .redis
            .as_ref()
            .map_or_else(unset, |url| Shown { value: Some(url.value.to_string()), origin: url.origin });
        let prefix = &self.shared.prefix;
        rows.push(("redis.url".to_owned(), redis));
        rows.push((
            "redis.prefix".to_owned(),
            Shown { value: Some(prefix.value.clone()), origin: prefix.origin },
        ));
        rows
    }

    fn with_defaults(layer: Layer) -> Self {
        let none = || Setting::built_in(PathPatterns::none());
        let empty = || Setting::built_in(Vec::new());
        let no_sections = || Setting::built_in(Vec::new());
        Self {
            mode: layer.mode.unwrap_or(Setting::built_in(Mode::Check)),
            style: layer.style.unwrap_or(Setting::built_in(Style::Auto)),
            require: layer.require.unwrap_or(Setting::built_in(Require::Touched)),
            model: layer.model.unwrap_or(Setting::built_in(ModelChoice::Auto)),
            select: layer.select,
            ignore: layer.ignore.unwrap_or_else(empty),
            extend_select: layer.extend_select.unwrap_or_else(empty),
            extend_select_parts: layer.extend_select_parts,
            severity: layer.severity,
            rules: layer.rules,
            per_file_ignores: layer.per_file_ignores,
            baseline: layer.baseline.unwrap_or_else(|| Setting::built_in(BASELINE_FILE.to_owned())),
            exclude: layer.exclude.unwrap_or_else(none),
            tests: layer.tests.unwrap_or_else(usual_tests),
            run_time_docstrings: layer.run_time_docstrings.unwrap_or_else(empty),
            unsafe_fixes: layer.unsafe_fixes.unwrap_or(Setting::built_in(false)),
            judge: layer.judge.unwrap_or(Setting::built_in(false)),
            on_failure: layer.on_failure.unwrap_or(Setting::built_in(OnFailure::Block)),
            hook_timeout: layer.hook_timeout.unwrap_or(Setting::built_in(Duration::from_secs(20))),
            line_length: layer.line_length.unwrap_or(Setting::built_in(88)),
            never_send: layer.never_send.unwrap_or_else(none),
            instructions: layer.instructions,
            coverage_fail_under: layer.coverage_fail_under,
            docstring: Docstring {
                section_order: layer.section_order.unwrap_or_else(no_sections),
                summary_line: layer.summary_line.unwrap_or(Setting::built_in(SummaryLine::First)),
                blank_line_between_sections: layer
                    .blank_line_between_sections
                    .unwrap_or(Setting::built_in(true)),
                blank_line_before_closing_quotes: layer
                    .blank_line_before_closing_quotes
                    .unwrap_or(Setting::built_in(false)),
                types: layer.docstring_types.unwrap_or(Setting::built_in(Types::Auto)),
                required: RequiredSections {
                    module: layer.required_of_modules.unwrap_or_else(no_sections),
                    class: layer.required_of_classes.unwrap_or_else(no_sections),
                    function: layer.required_of_functions.unwrap_or_else(no_sections),
                    method: layer.required_of_methods.unwrap_or_else(no_sections),
                    property: layer.required_of_properties.unwrap_or_else(no_sections),
                },
                titles: layer.section_titles,
            },
            generate: Generate {
                request_tokens: layer.request_tokens.unwrap_or(Setting::built_in(8_000)),
                examples: layer.written_examples.unwrap_or_else(|| Setting::built_in(Vec::new())),
                notes: layer.notes.unwrap_or_else(|| Setting::built_in(Vec::new())),
                language: layer.language.unwrap_or(Setting::built_in(Language::default())),
                glossary: layer.glossary,
            },
            prices: layer.prices,
            azure: Azure {
                endpoint: layer.endpoint,
                key: layer.key,
                sign_in: layer.sign_in.unwrap_or(Setting::built_in(SignIn::Key)),
                scope: layer.scope.unwrap_or_else(|| Setting::built_in(azure::SCOPE.to_owned())),
                deployment: layer.deployment,
                model: layer.azure_model.unwrap_or_else(|| Setting::built_in("gpt-4o-mini".to_owned())),
                api_version: layer.api_version,
                timeout: layer.timeout.unwrap_or(Setting::built_in(Duration::from_secs(60))),
                requests_per_minute: layer.requests_per_minute,
                tokens_per_minute: layer.tokens_per_minute,
                max_completion_tokens: layer.max_completion_tokens,
                tuning: layer.tuning,
                keys: layer.keys,
            },
            budget: layer.budget,
            cache: Remembering {
                enabled: layer.cache_enabled.unwrap_or(Setting::built_in(true)),
                days: layer.cache_days.unwrap_or(Setting::built_in(180)),
                megabytes: layer.cache_megabytes.unwrap_or(Setting::built_in(256)),
            },
            examples: layer.examples.with_defaults(),
            shared: Shared {
                redis: layer.redis,
                prefix: layer.redis_prefix.unwrap_or_else(|| Setting::built_in("docgate".to_owned())),
            },
        }
    }
}

/// The name of the file of known findings.
const BASELINE_FILE: &str = "docgate-baseline.json";

/// The files that hold tests where nobody says otherwise.
const TESTS: &[&str] = &["**/tests/**", "**/test/**", "**/test_*.py", "**/*_test.py", "**/conftest.py"];

fn usual_tests() -> Setting<PathPatterns> {
    let globs = TESTS.iter().map(ToString::to_string).collect();
    // A test below shows that these globs are right, so that nothing is lost here.
    Setting::built_in(PathPatterns::new(globs).unwrap_or_else(|_| PathPatterns::none()))
}
