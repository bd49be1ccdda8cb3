//! `docgate fix --estimate` and `--show-prompt`: what a model would be asked, without asking.

use crate::cache::Cache;
use crate::change::RepoPath;
use crate::cli::QuestionsArguments;
use crate::config::ModelChoice;
use crate::error::{Error, ExitStatus};
use crate::generate::Context;
use crate::generate::run::{Plan, Terms, plan};
use crate::model::Profile;
use crate::model::client::{Client, ClientSettings};
use crate::model::limiter::Quota;
use crate::model::service::Service;
use crate::report::Estimate;
use crate::secret::Secret;

use super::examples::{Library, Services};
use super::judge::Judgement;
use super::mend::{Workshop, questions};
use super::output::{self, Printer};
use super::{service, setting};

/// What is shown of the questions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shown {
    /// How many they are, and what they may cost.
    Estimate,
    /// Every request as it would be sent.
    Prompts,
}

impl Shown {
    /// Returns what is wanted, if anything.
    pub(super) fn of(arguments: &QuestionsArguments) -> Option<Self> {
        match (arguments.estimate, arguments.show_prompt) {
            (true, _) => Some(Self::Estimate),
            (false, true) => Some(Self::Prompts),
            (false, false) => None,
        }
    }
}

/// Makes the plan and prints it.
pub(super) fn run(
    judgement: &Judgement,
    workshop: &Workshop<'_>,
    shown: Shown,
    printer: &Printer<'_>,
) -> Result<ExitStatus, Error> {
    let client = client(workshop)?;
    let (tasks, suspects) = questions(judgement, workshop);
    let redis = if client.is_configured { service::shared(workshop.config)? } else { None };
    let cache = client
        .is_configured
        .then(|| service::cache(workshop.config, workshop.door, redis.as_ref()))
        .flatten();
    let (asked, voice) = (client.settings.asked(), setting::voice(workshop.config));
    let model = service::profile(workshop.config, &client.settings.model);
    let never_sent = |path: &RepoPath| workshop.config.never_send.value.matches(path);
    let library = Library::new(workshop.config, workshop.settings, judgement.paths());
    let (services, no_service) = if client.is_configured {
        Services::or_words(workshop, &client.settings, redis.as_ref())
    } else {
        Default::default()
    };
    let (read, is_sound) = library.answers();
    let retrieval = services.retrieval(workshop.config, &read, &is_sound);
    let terms = Terms {
        examples: retrieval.as_ref(),
        ..workshop.terms((&model, &asked), cache.as_ref(), (&voice, &never_sent))
    };
    let plan =
        plan(&terms, (&tasks, &suspects), &Context { settings: workshop.settings, placeholders: false });
    for notice in cache.iter().flat_map(Cache::take_notices) {
        output::tell(&format!("docgate: {notice}"));
    }
    if let Some(reason) = &no_service {
        output::tell(&format!("docgate: {reason}"));
    } else if plan.words_instead {
        output::tell("docgate: nobody is asked, so that examples are chosen by words here");
    }
    match shown {
        Shown::Estimate => output::estimate(&estimate(&plan, &model), printer)?,
        Shown::Prompts => {
            let bodies = plan.requests.iter().map(|planned| Client::body(&client.settings, &planned.request));
            output::prompts(bodies, printer)?;
        }
    }
    Ok(ExitStatus::Success)
}

fn estimate(plan: &Plan, model: &Profile) -> Estimate {
    let largest = plan.largest();
    Estimate {
        model: model.name.clone(),
        margin: model.capability.tokenizer.margin,
        definitions: plan.definitions,
        compared: plan.compared,
        cache_hits: plan.cache_hits,
        failed_before: plan.failed_before,
        over_budget: plan.over_budget,
        too_large: plan.too_large,
        requests: plan.requests.len(),
        prompt_tokens: largest.prompt_tokens,
        completion_tokens: largest.completion_tokens,
        cost: plan.cost(model),
        redacted: plan.requests.iter().map(|planned| planned.redacted).sum(),
    }
}

/// Who would be asked.
struct Asked {
    settings: ClientSettings,
    /// Whether somebody is configured, or it is only supposed.
    is_configured: bool,
}

/// Returns who would be asked; a price can be had before anybody has a key.
fn client(workshop: &Workshop<'_>) -> Result<Asked, Error> {
    let config = workshop.config;
    match config.effective_model() {
        ModelChoice::Skeleton => Err(Error::usage("placeholders are written without asking anybody")
            .hint("leave --model skeleton out")),
        ModelChoice::None | ModelChoice::Auto => {
            let model = config.azure.model.value.clone();
            output::tell(&format!("docgate: no model is configured; this is what {model} would be asked"));
            let service = Service::Azure { deployment: model, api_version: None };
            let quota = Quota::per_minute(1, 1).ok_or_else(|| Error::usage("there is no quota"))?;
            Ok(Asked {
                settings: ClientSettings::new(service, "", Secret::new(""), quota),
                is_configured: false,
            })
        }
        _ => Ok(Asked { settings: service::client(config, workshop.run_id)?, is_configured: true }),
    }
}
