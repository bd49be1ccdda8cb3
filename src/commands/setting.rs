//! The configuration joined with the stages that use it.

use std::collections::BTreeSet;
use std::num::NonZeroU64;
use std::path::Path;
use std::sync::Arc;

use crate::cache::{self, Cache};
use crate::change::RepoPath;
use crate::cli::{Color, Overrides, Writer};
use crate::config::{
    self, Config, Flags, Kind, LengthParameter, Level, ModelChoice, ModelPrice, Origin, ReasoningEffort,
    RuleOption, Section, StructuredOutput, Style, SummaryLine, Types,
};
use crate::docstring::{BeforeQuotes, House, SectionKind, Separation, Titles};
use crate::error::{Error, ExitStatus};
use crate::generate::{Budget, Extras, Voice};
use crate::git::{GitError, Repository};
use crate::model::Profile;
use crate::model::capability::{self, Parameters, capability};
use crate::model::client::ClientSettings;
use crate::model::embedding::Embedder;
use crate::model::ledger::{Allowance, Allowances, Ledger};
use crate::model::limiter::{Quota, QuotaSource, Together};
use crate::model::prices::{Price, Prices};
use crate::model::search::{Fields, SearchIndex};
use crate::model::service::Service;
use crate::model::shape;
use crate::python::{ParsedFile, line_width};
use crate::rules::{
    self, Baseline, OptionValue, Require, RequiredSections, Requirement, Selection, Severity, begins_below,
};
use crate::secret::Secret;
use crate::shared::{Redis, RedisSettings};
use crate::telemetry::RunId;
use crate::untrusted::sanitised;
use crate::{docstring, env};

use super::mend::Door;
use super::sign_in;

/// What belongs to this run and to no configuration.
#[derive(Debug)]
pub(super) struct Session {
    pub(super) run_id: RunId,
    pub(super) quiet: bool,
    pub(super) color: Color,
}

/// Where the configuration of the repository is read.
#[derive(Clone, Copy)]
pub(super) enum Source<'a> {
    /// As it is staged: the hook judges what will be committed.
    Index(&'a Repository),
    /// As it is in a revision: a pull request does not configure its own review.
    Revision(&'a Repository, &'a str),
    /// On disk.
    Disk(&'a Path),
}

impl Source<'_> {
    fn word(self) -> &'static str {
        match self {
            Self::Index(_) => "index",
            Self::Revision(..) => "revision",
            Self::Disk(_) => "disk",
        }
    }
}

/// Reads the configuration.
pub(super) fn load(source: Source<'_>, flags: Flags) -> Result<Config, Error> {
    let unreadable = std::cell::RefCell::new(None);
    let files = |name: &str| -> Option<Vec<u8>> {
        read_file(source, &RepoPath::new(name)?).unwrap_or_else(|error| {
            unreadable.replace(Some(error));
            None
        })
    };
    let loaded = Config::load(&files, &env::read, flags);
    if let Some(error) = unreadable.take() {
        return Err(error);
    }
    let config = loaded.map_err(Error::from)?;
    let (mode, model) = (config.mode.value.word(), config.effective_model().word());
    tracing::debug!(read_from = source.word(), mode, model, "configured");
    Ok(config)
}

/// Reads the findings that are known, from where the configuration was read: who adds to them in a pull request is
/// reviewed by the ones of the base. None are where there is no such file.
pub(super) fn baseline(source: Source<'_>, config: &Config) -> Result<Option<Baseline>, Error> {
    let set = &config.baseline;
    let wrong = |problem: String| Error::usage(format!("{}: {problem}", sanitised(&set.value)));
    let Some(path) = RepoPath::new(&set.value) else {
        return Err(wrong("it does not lie in the repository".to_owned()));
    };
    let Some(bytes) = read_file(source, &path)? else { return Ok(None) };
    let text = std::str::from_utf8(&bytes).map_err(|_| wrong("it is not valid UTF-8".to_owned()))?;
    let baseline = Baseline::read(text).map_err(|error| wrong(error.to_string()));
    baseline.map(Some).map_err(|error| error.hint("`docgate baseline` writes it anew once it is deleted"))
}

/// Reads a file from where the configuration is read.
pub(super) fn read_file(source: Source<'_>, path: &RepoPath) -> Result<Option<Vec<u8>>, Error> {
    let root = match source {
        Source::Index(repository) => return repository.staged_file(path).map_err(|error| of_git(&error)),
        Source::Revision(repository, revision) => {
            return repository.file_at(revision, path).map_err(|error| of_git(&error));
        }
        Source::Disk(root) => root,
    };
    let path = path.below(root);
    match std::fs::read(&path) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(Error::usage(format!("cannot read {}", path.display())).because(error)),
    }
}

/// Turns command line overrides into the flags layer of the configuration.
pub(super) fn flags(overrides: &Overrides, writer: Option<&Writer>) -> Result<Flags, Error> {
    let mut flags = Flags {
        select: overrides.select.clone(),
        extend_select: overrides.extend_select.clone(),
        ignore: overrides.ignore.clone(),
        ..Flags::default()
    };
    if let Some(style) = &overrides.style {
        flags.style = Some(parsed("--style", style)?);
    }
    let Some(writer) = writer else { return Ok(flags) };
    if let Some(model) = &writer.model {
        flags.model = Some(parsed("--model", model)?);
    }
    if writer.no_model {
        flags.model = Some(ModelChoice::None);
    }
    flags.judge = writer.judge.then_some(true);
    flags.budget_definitions = writer.max_definitions;
    flags.budget_tokens = writer.max_tokens;
    flags.budget_cost = writer.max_cost;
    Ok(flags)
}

/// Parses the word that a flag takes.
pub(super) fn parsed<T: std::str::FromStr<Err = String>>(flag: &str, word: &str) -> Result<T, Error> {
    word.parse().map_err(|message| Error::usage(format!("{flag}: {message}")))
}

/// Makes the settings of the rules.
pub(super) fn rules(config: &Config) -> Result<rules::Settings, Error> {
    let level = |level: Level| match level {
        Level::Error => Some(Severity::Error),
        Level::Warning => Some(Severity::Warning),
        Level::Advice => Some(Severity::Advice),
        Level::Off => None,
    };
    let selection = Selection {
        select: config.select.as_ref().map(|select| select.value.clone()),
        extend_select: config.extend_select.value.clone(),
        ignore: config.ignore.value.clone(),
        severity: config.severity.iter().map(|(name, set)| (name.clone(), level(set.value))).collect(),
    };
    let mut severities = selection
        .severities()
        .map_err(|error| unknown_rule(format!("{}{error}", place_of(config, &error.0)), &error.0))?;
    if let Some(select) = config.select.as_ref().filter(|_| severities.is_empty()) {
        let set_in = select.origin.to_string();
        tracing::warn!(set_in, "no rule is on, so nothing can be found");
    }
    let (house, named) = (house(config), selection.named());
    for code in rules::against(&house) {
        if !named.contains(code) {
            severities.remove(code);
        }
    }
    let mut options = rules::Options::default();
    for (name, option) in &config.rules {
        let value = match &option.value {
            RuleOption::Switch(on) => OptionValue::Switch(*on),
            RuleOption::Number(number) => OptionValue::Number(*number),
            RuleOption::Word(word) => OptionValue::Word(word.clone()),
        };
        options
            .set(name, &value)
            .map_err(|problem| Error::usage(format!("{}: `rules`: {name:?}: {problem}", option.origin)))?;
    }
    let mut left_out = Vec::new();
    for (patterns, selectors) in &config.per_file_ignores {
        let mut codes = BTreeSet::new();
        for selector in &selectors.value {
            let meant = rules::meant_by(selector);
            if meant.is_empty() {
                let problem =
                    format!("{}: `per-file-ignores`: no rule is called `{selector}`", selectors.origin);
                return Err(unknown_rule(problem, selector));
            }
            codes.extend(meant);
        }
        left_out.push((patterns.clone(), codes));
    }
    let ignored = move |path: &RepoPath| -> BTreeSet<&'static str> {
        let matching = left_out.iter().filter(|(patterns, _)| patterns.matches(path));
        matching.flat_map(|(_, codes)| codes.iter().copied()).collect()
    };
    let tests = config.tests.value.clone();
    Ok(rules::Settings {
        require: match config.require.value {
            crate::config::Require::Touched => Require::Touched,
            crate::config::Require::Added => Require::Added,
        },
        style: style(config.style.value),
        house: Arc::new(house),
        required: required(config),
        tests: Arc::new(move |path| tests.matches(path)),
        ignored: Arc::new(ignored),
        named,
        severities,
        options,
        ..rules::Settings::default()
    })
}

/// Says where the name of a rule was written, for the beginning of a message.
fn place_of(config: &Config, name: &str) -> String {
    let extended = config.extend_select_parts.iter().map(|set| ("extend-select", set));
    let others = config.select.iter().map(|set| ("select", set)).chain([("ignore", &config.ignore)]);
    let mut lists = others.chain(extended).filter(|(_, set)| set.value.iter().any(|it| it == name));
    let listed = lists.next().map(|(key, set)| (key, set.origin));
    let weighed = || config.severity.get(name).map(|set| ("severity", set.origin));
    match listed.or_else(weighed) {
        Some((key, Origin::Flag)) => format!("--{key}: "),
        Some((key, origin)) => format!("{origin}: `{key}`: "),
        None => String::new(),
    }
}

/// Makes the error about a name that no rule has, with the one that may be meant.
pub(super) fn unknown_rule(message: String, name: &str) -> Error {
    let error = Error::usage(message);
    let error = match rules::nearest(name) {
        Some(meant) => error.hint(format!("did you mean `{meant}`?")),
        None => error,
    };
    error.hint("`docgate rule` lists the codes and names of all rules")
}

/// Returns the style that a word of the configuration names; nothing for `auto`.
pub(super) fn style(word: Style) -> Option<docstring::Style> {
    match word {
        Style::Auto => None,
        Style::Google => Some(docstring::Style::Google),
        Style::Numpy => Some(docstring::Style::Numpy),
        Style::Sphinx => Some(docstring::Style::Sphinx),
        Style::Epytext => Some(docstring::Style::Epytext),
    }
}

/// Makes the habits of the code base.
fn house(config: &Config) -> House {
    let set = &config.docstring;
    let titles = set.titles.iter().map(|(title, kind)| (title.clone(), section(kind.value))).collect();
    House {
        order: set.section_order.value.iter().copied().map(section).collect(),
        summary_line: match set.summary_line.value {
            SummaryLine::First => docstring::SummaryLine::First,
            SummaryLine::Second => docstring::SummaryLine::Second,
        },
        between_sections: if set.blank_line_between_sections.value {
            Separation::BlankLine
        } else {
            Separation::Nothing
        },
        before_quotes: if set.blank_line_before_closing_quotes.value {
            BeforeQuotes::BlankLine
        } else {
            BeforeQuotes::Nothing
        },
        types: match set.types.value {
            Types::Auto => docstring::Types::AsUsual,
            Types::Always => docstring::Types::Always,
            Types::Never => docstring::Types::Never,
        },
        titles: Titles::new(titles),
    }
}

fn required(config: &Config) -> RequiredSections {
    let set = &config.docstring.required;
    let rows = [
        (Requirement::Module, &set.module),
        (Requirement::Class, &set.class),
        (Requirement::Function, &set.function),
        (Requirement::Method, &set.method),
        (Requirement::Property, &set.property),
    ];
    let kinds = |sections: &[Section]| sections.iter().copied().map(section).collect();
    RequiredSections::new(rows.map(|(requirement, set)| (requirement, kinds(&set.value))))
}

fn section(word: Section) -> SectionKind {
    match word {
        Section::Parameters => SectionKind::Parameters,
        Section::OtherParameters => SectionKind::OtherParameters,
        Section::Attributes => SectionKind::Attributes,
        Section::Methods => SectionKind::Methods,
        Section::Returns => SectionKind::Returns,
        Section::Yields => SectionKind::Yields,
        Section::Receives => SectionKind::Receives,
        Section::Raises => SectionKind::Raises,
        Section::Warns => SectionKind::Warns,
        Section::Warnings => SectionKind::Warnings,
        Section::SeeAlso => SectionKind::SeeAlso,
        Section::Notes => SectionKind::Notes,
        Section::References => SectionKind::References,
        Section::Examples => SectionKind::Examples,
        Section::Todo => SectionKind::Todo,
        Section::Deprecated => SectionKind::Deprecated,
        Section::Custom => SectionKind::Custom,
    }
}

/// Makes the voice in which the model is asked to write.
pub(super) fn voice(config: &Config) -> Voice {
    let instructions = config.instructions.as_ref().map(|set| set.value.clone());
    let glossary = config.generate.glossary.iter().map(|(term, set)| (term.clone(), set.value.clone()));
    let mut glossary: Vec<(String, String)> = glossary.collect();
    // In which order somebody wrote them down says nothing, and must cost nothing.
    glossary.sort();
    Voice { instructions: instructions.unwrap_or_default(), glossary, extras: !extras(config).is_empty() }
}

/// Returns which new docstrings get more than rules ask for.
pub(super) fn extras(config: &Config) -> Extras {
    let kinds = |kinds: &[Kind]| kinds.iter().copied().map(requirement).collect();
    let set = &config.generate;
    Extras { examples: kinds(&set.examples.value), notes: kinds(&set.notes.value) }
}

fn requirement(kind: Kind) -> Requirement {
    match kind {
        Kind::Module => Requirement::Module,
        Kind::Class => Requirement::Class,
        Kind::Function => Requirement::Function,
        Kind::Method => Requirement::Method,
        Kind::Property => Requirement::Property,
    }
}

/// Makes the budget of the run.
pub(super) fn budget(config: &Config) -> Budget {
    Budget {
        definitions: config.budget.definitions.map(|set| set.value),
        tokens: config.budget.tokens.map(|set| set.value),
        cost: config.budget.cost.map(|set| set.value),
        requests: config.budget.requests.map(|set| set.value),
    }
}

/// Returns the most tokens that one answer may have, where that is set.
pub(super) fn longest_answer(config: &Config) -> Option<u64> {
    config.azure.max_completion_tokens.as_ref().map(|set| set.value)
}

/// Makes what machines share, if they do; nobody connects before something is asked for.
pub(super) fn shared(config: &Config) -> Result<Option<Arc<Redis>>, Error> {
    let Some(url) = &config.shared.redis else { return Ok(None) };
    let certificates = match env::read_path(env::REDIS_CERTIFICATES) {
        None => None,
        Some(path) => Some(std::fs::read(&path).map_err(|error| {
            let message = format!("{}: cannot read {}", env::REDIS_CERTIFICATES, path.display());
            Error::usage(message).because(error)
        })?),
    };
    let settings = RedisSettings {
        url: url.value.secret().clone(),
        prefix: config.shared.prefix.value.clone(),
        certificates,
    };
    let redis = Redis::new(settings).map_err(|error| Error::usage("Redis cannot be used").because(error))?;
    Ok(Some(Arc::new(redis)))
}

/// Says who shares the quota: all machines with their Redis, else the runs of this one with its folder.
pub(super) fn together(redis: Option<&Arc<Redis>>) -> Together {
    match (redis, cache::default_folder()) {
        (Some(redis), _) => Together::Machines(Arc::clone(redis)),
        (None, Some(folder)) => Together::Machine(folder),
        (None, None) => Together::Process,
    }
}

/// Opens the cache, unless it is switched off or has no place.
pub(super) fn cache(config: &Config, door: Door, redis: Option<&Arc<Redis>>) -> Option<Cache> {
    const DAY: u64 = 86_400;
    /// A refusal may be gone with the next version of a model or a filter.
    const FAILURES_LIVE: u64 = 7 * DAY;
    let set = &config.cache;
    let limits = cache::Limits {
        answers_live: Some(set.days.value.saturating_mul(DAY)),
        failures_live: Some(FAILURES_LIVE.min(set.days.value.saturating_mul(DAY))),
        bytes: Some(set.megabytes.value.saturating_mul(1024 * 1024)),
        // A pull request may read what others wrote, and writes nothing for them.
        access: if door == Door::Review { cache::Access::ReadOnly } else { cache::Access::ReadAndWrite },
    };
    let folder = cache::default_folder().filter(|_| set.enabled.value)?;
    Some(Cache::open(folder).with_limits(limits).shared_through(redis.cloned()))
}

/// What all runs together may spend in a minute, an hour and a day.
pub(super) fn allowances(config: &Config) -> Allowances {
    let of = |set: &config::Allowance| Allowance {
        requests: set.requests.map(|set| set.value),
        tokens: set.tokens.map(|set| set.value),
        cost: set.cost.map(|set| set.value),
    };
    let budget = &config.budget;
    Allowances { minute: of(&budget.minute), hour: of(&budget.hour), day: of(&budget.day) }
}

/// Opens the budgets of this machine or of several, if there are any.
pub(super) fn ledger(config: &Config, redis: Option<&Arc<Redis>>) -> Result<Option<Ledger>, Error> {
    let allowances = allowances(config);
    if allowances.are_open() {
        return Ok(None);
    }
    if let Some(redis) = redis {
        return Ok(Some(Ledger::shared_through(Arc::clone(redis), allowances)));
    }
    let folder = cache::default_folder().ok_or_else(|| {
        Error::usage("there is no place to keep what was spent, so nothing may be sent")
            .hint(format!("set {} to a folder", env::CACHE_DIR))
    })?;
    Ok(Some(Ledger::new(folder, allowances)))
}

/// Returns the line length within which to write in a file, in columns: the one that was set, else the file's own.
pub(super) fn width(config: &Config, file: &ParsedFile) -> usize {
    match config.line_length.origin {
        Origin::Default => line_width(file),
        _ => usize::try_from(config.line_length.value).unwrap_or_else(|_| line_width(file)),
    }
}

/// Returns the habits by which to write in a file: those that were set, else the file's own.
pub(super) fn habits(config: &Config, set: &Arc<House>, file: &ParsedFile) -> Arc<House> {
    let is_open = config.docstring.summary_line.origin == Origin::Default;
    if is_open && begins_below(file) {
        let summary_line = docstring::SummaryLine::Second;
        return Arc::new(House { summary_line, ..House::clone(set) });
    }
    Arc::clone(set)
}

/// Returns what is known about a model, with what the configuration knows better.
pub(super) fn profile(config: &Config, model: &str) -> Profile {
    let tuning = &config.azure.tuning;
    let mut profile = Profile { prices: prices(config), ..Profile::of(model) };
    let capability = &mut profile.capability;
    if let Some(window) = tuning.context_window {
        capability.context_window = window.value;
        capability.output_limit = capability.output_limit.min(window.value / 2);
    }
    if let Some(margin) = tuning.token_margin {
        capability.tokenizer.margin = margin.value;
    }
    profile
}

/// Returns what tokens cost.
pub(super) fn prices(config: &Config) -> Prices {
    let price = |set: &ModelPrice| Price {
        input: set.input.value,
        cached: set.cached_input.map(|set| set.value),
        output: set.output.value,
    };
    Prices::over(config.prices.iter().map(|(model, set)| (model.clone(), price(set))))
}

/// Makes the settings of the client.
pub(super) fn client(config: &Config, run_id: &RunId) -> Result<ClientSettings, Error> {
    let azure = &config.azure;
    let choice = config.effective_model();
    // What the service allows is not known before it has said so; these are small numbers to begin with.
    let quota = Quota::per_minute(
        azure.requests_per_minute.map_or(60, |set| set.value),
        azure.tokens_per_minute.map_or(100_000, |set| set.value),
    );
    let mut quota =
        quota.ok_or_else(|| Error::usage("the requests and tokens per minute must be at least 1"))?;
    if azure.requests_per_minute.is_none() && azure.tokens_per_minute.is_none() {
        quota.source = QuotaSource::Assumed;
    }
    let mut settings = if choice == ModelChoice::Azure {
        let connection = azure.connection()?;
        let api_version = azure.api_version.as_ref().map(|set| set.value.clone());
        let service = Service::Azure { deployment: connection.deployment.to_owned(), api_version };
        let key = connection.key.cloned().unwrap_or_else(|| Secret::new(""));
        let mut settings = ClientSettings::new(service, connection.endpoint.as_str(), key, quota);
        settings.model.clone_from(&azure.model.value);
        settings
    } else {
        let connection = azure.compatible(choice)?;
        let organization = azure.keys.organization.as_ref().filter(|_| choice == ModelChoice::OpenAi);
        let service =
            Service::Compatible { organization: organization.map(|set| set.value.expose().to_owned()) };
        let key = connection.key.cloned().unwrap_or_else(|| Secret::new(""));
        let mut settings = ClientSettings::new(service, connection.endpoint, key, quota);
        connection.model.clone_into(&mut settings.model);
        if capability(connection.model).parameters == Parameters::Unknown {
            // What imitates the interface knows its oldest words best.
            settings.overrides.length = Some(shape::LengthParameter::MaxTokens);
            settings.overrides.temperature = Some(0.0);
        }
        settings
    };
    tune(&mut settings, config);
    surround(&mut settings, run_id)?;
    if choice == ModelChoice::Azure {
        settings.tokens = sign_in::tokens(config, &settings)?;
    }
    Ok(settings)
}

/// Makes what asks for vectors, if a deployment for them is named; it is at the address, and within a quota like that, of the
/// model. Where the model's settings are there, who signs in for it signs in for both.
pub(super) fn embedder(
    config: &Config,
    (run_id, model): (&RunId, Option<&ClientSettings>),
    redis: Option<&Arc<Redis>>,
) -> Result<Option<Embedder>, Error> {
    let Some(deployment) = &config.examples.embedding_deployment else { return Ok(None) };
    let mut settings = model.map_or_else(|| client(config, run_id), |model| Ok(model.clone()))?;
    settings.together = together(redis);
    match &mut settings.service {
        Service::Azure { deployment: asked, .. } => {
            asked.clone_from(&deployment.value);
            settings.model.clone_from(&config.examples.embedding_model.value);
        }
        Service::Compatible { .. } => settings.model.clone_from(&deployment.value),
    }
    let embedder = Embedder::new(settings);
    embedder.map(Some).map_err(|error| Error::usage("the embedding settings do not work").because(error))
}

/// Makes what asks the index of Azure AI Search.
pub(super) fn search_index(config: &Config, run_id: &RunId) -> Result<SearchIndex, Error> {
    /// Azure AI Search names no quota and says when it is too busy.
    const REQUESTS_PER_MINUTE: u64 = 1_200;
    let set = &config.examples;
    let missing =
        |what: &str, where_: &str| Error::usage(format!("the search index needs {what}")).hint(where_);
    let endpoint = set.endpoint.as_ref();
    let endpoint = endpoint
        .ok_or_else(|| missing("an endpoint", &format!("set {}", env::SEARCH_ENDPOINT.join(" or "))))?;
    let key = set.key.as_ref();
    let key = key.ok_or_else(|| missing("a key", &format!("set {}", env::SEARCH_KEY.join(" or "))))?;
    let index = set.index.as_ref().ok_or_else(|| missing("a name", "set `index` under `[examples]`"))?;
    let quota = Quota::per_minute(REQUESTS_PER_MINUTE, u64::from(u32::MAX));
    let mut quota = quota.ok_or_else(|| Error::usage("there is no quota"))?;
    quota.burst = NonZeroU64::new(8).unwrap_or(quota.burst);
    let service = Service::Azure { deployment: index.value.clone(), api_version: None };
    let mut settings = ClientSettings::new(service, endpoint.as_str(), key.value.clone(), quota);
    let burst = settings.quota.burst;
    tune(&mut settings, config);
    settings.quota.burst = burst;
    surround(&mut settings, run_id)?;
    let fields = Fields {
        id: set.fields.id.value.clone(),
        path: set.fields.path.value.clone(),
        name: set.fields.name.value.clone(),
        content: set.fields.content.value.clone(),
        vector: set.fields.vector.value.clone(),
    };
    SearchIndex::new(settings, &index.value, fields)
        .map_err(|error| Error::usage("the settings of the search index do not work").because(error))
}

/// Puts in what the surroundings say.
fn surround(settings: &mut ClientSettings, run_id: &RunId) -> Result<(), Error> {
    run_id.as_str().clone_into(&mut settings.run_id);
    settings.proxy = env::read(env::PROXY);
    if let Some((name, path)) = env::first_of(env::CERTIFICATES) {
        let pem = std::fs::read(&path)
            .map_err(|error| Error::usage(format!("{name}: cannot read {path}")).because(error))?;
        settings.certificates = Some(pem);
    }
    Ok(())
}

/// Puts what the configuration says over what is usual.
fn tune(settings: &mut ClientSettings, config: &Config) {
    let tuning = &config.azure.tuning;
    settings.timeout = config.azure.timeout.value;
    let small = |set: &config::Setting<u64>| u32::try_from(set.value).unwrap_or(u32::MAX);
    if let Some(retries) = &tuning.retries {
        settings.maximum_retries = small(retries);
    }
    if let Some(total) = &tuning.total_time {
        settings.total_time = total.value;
    }
    if let Some(wait) = &tuning.maximum_wait {
        settings.maximum_wait = wait.value;
    }
    if let Some(concurrency) = &tuning.concurrency {
        settings.maximum_concurrency = small(concurrency);
    }
    if let Some(burst) = tuning.burst.as_ref().and_then(|set| NonZeroU64::new(set.value)) {
        settings.quota.burst = burst;
    }
    let overrides = &mut settings.overrides;
    overrides.token_margin = tuning.token_margin.map(|set| set.value);
    overrides.structured = tuning.structured_output.map(|set| match set.value {
        StructuredOutput::JsonSchema => capability::StructuredOutput::JsonSchema,
        StructuredOutput::Tools => capability::StructuredOutput::Tools,
        StructuredOutput::Functions => capability::StructuredOutput::Functions,
        StructuredOutput::Text => capability::StructuredOutput::Text,
    });
    if let Some(length) = tuning.length_parameter {
        overrides.length = Some(match length.value {
            LengthParameter::MaxTokens => shape::LengthParameter::MaxTokens,
            LengthParameter::MaxCompletionTokens => shape::LengthParameter::MaxCompletionTokens,
        });
    }
    if let Some(temperature) = tuning.temperature {
        overrides.temperature = Some(temperature.value);
    }
    overrides.effort = tuning.reasoning_effort.map(|set| match set.value {
        ReasoningEffort::None => shape::ReasoningEffort::None,
        ReasoningEffort::Minimal => shape::ReasoningEffort::Minimal,
        ReasoningEffort::Low => shape::ReasoningEffort::Low,
        ReasoningEffort::Medium => shape::ReasoningEffort::Medium,
        ReasoningEffort::High => shape::ReasoningEffort::High,
        ReasoningEffort::Highest => shape::ReasoningEffort::Highest,
    });
}

/// Starts what the network needs; commands that only look never call it.
pub(super) fn runtime() -> Result<tokio::runtime::Runtime, Error> {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| Error::unfinished("cannot start the network runtime").because(error))
}

/// Turns an error of git into the error of a run.
pub(super) fn of_git(error: &GitError) -> Error {
    let usage = matches!(error, GitError::BadRange { .. } | GitError::UnknownRevision { .. });
    let status = if usage { ExitStatus::Usage } else { ExitStatus::Unfinished };
    Error::of(status, error, error.hint())
}
