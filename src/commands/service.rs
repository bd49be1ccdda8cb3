//! The configuration joined with what is asked over the network, and with what runs share: cache, budgets, a Redis.

use std::num::NonZeroU64;
use std::sync::Arc;

use crate::cache::{self, Cache};
use crate::config::{
    self, Config, LengthParameter, ModelChoice, ModelPrice, ReasoningEffort, StructuredOutput,
};
use crate::env;
use crate::error::Error;
use crate::generate::Budget;
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
use crate::secret::Secret;
use crate::shared::{Redis, RedisSettings};
use crate::telemetry::RunId;

use super::mend::Door;
use super::sign_in;

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
    if let Some(structured) = structured_output(config) {
        capability.structured = structured;
    }
    profile
}

fn structured_output(config: &Config) -> Option<capability::StructuredOutput> {
    config.azure.tuning.structured_output.map(|set| match set.value {
        StructuredOutput::JsonSchema => capability::StructuredOutput::JsonSchema,
        StructuredOutput::Tools => capability::StructuredOutput::Tools,
        StructuredOutput::Functions => capability::StructuredOutput::Functions,
        StructuredOutput::Text => capability::StructuredOutput::Text,
    })
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
    overrides.structured = structured_output(config);
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
