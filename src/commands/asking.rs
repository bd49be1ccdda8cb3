//! Questions → answers: who is asked on behalf of a run, and the records that it leaves.

use std::cell::RefCell;

use crate::cache::{self, Cache};
use crate::change::RepoPath;
use crate::clock;
use crate::config::ModelChoice;
use crate::error::Error;
use crate::generate::run::{Answered, Brought, Session, Spent, Terms, ask, fill_with_placeholders};
use crate::generate::{Context, Suspect, Task, Voice};
use crate::metrics::{Call, History, Record, Run};
use crate::model::Profile;
use crate::model::client::Client;
use crate::report::UsageTotals;
use crate::telemetry::RunId;

use super::examples::{Library, Services};
use super::mend::{Door, Workshop};
use super::progress::Progress;
use super::{service, setting};

/// Asks whoever writes prose here, on behalf of a run over these files.
///
/// Returns whether there was somebody who could be asked, too.
pub(super) fn answer(
    (tasks, suspects): (&[Task], &[Suspect]),
    files: Vec<RepoPath>,
    workshop: &Workshop<'_>,
) -> Result<(Brought, bool), Error> {
    if tasks.is_empty() && suspects.is_empty() {
        return Ok((Brought::default(), false));
    }
    let context = Context { settings: workshop.settings, placeholders: false };
    match workshop.config.effective_model() {
        ModelChoice::Skeleton => {
            let context = Context { placeholders: true, ..context };
            Ok((Brought { answers: fill_with_placeholders(tasks, &context), ..Brought::default() }, false))
        }
        ModelChoice::None | ModelChoice::Auto => Ok((Brought::default(), false)),
        _ => {
            let mut settings = match service::client(workshop.config, workshop.run_id) {
                Ok(settings) => settings,
                // Whether a commit passes is for its text to say, not for who has a key.
                // Nor is advice a reason to leave repairs undone.
                Err(error) if workshop.door == Door::Hook || tasks.is_empty() => {
                    return Ok((without_model(tasks, &error), true));
                }
                Err(error) => return Err(error),
            };
            let asked = settings.asked();
            let profile = service::profile(workshop.config, &settings.model);
            let redis = service::shared(workshop.config)?;
            settings.together = service::together(redis.as_ref());
            if workshop.door == Door::Hook {
                settings.total_time = settings.total_time.min(workshop.config.hook_timeout.value);
            }
            let cache = service::cache(workshop.config, workshop.door, redis.as_ref());
            let voice = setting::voice(workshop.config);
            let ledger = service::ledger(workshop.config, redis.as_ref())?;
            let never_sent = |path: &RepoPath| workshop.config.never_send.value.matches(path);
            let library = Library::new(workshop.config, workshop.settings, files);
            let (services, no_service) = Services::or_words(workshop, &settings, redis.as_ref());
            let (read, is_sound) = library.answers();
            let retrieval = services.retrieval(workshop.config, &read, &is_sound);
            let records = Records::new(workshop);
            let progress = Progress::of_waiting("asking the model", tasks.len() + suspects.len());
            let model = Client::new(settings)
                .map_err(|error| Error::usage("the model's settings do not work").because(error))?;
            let mut asked = service::runtime()?.block_on(async {
                let session = Session {
                    model: &model,
                    terms: Terms {
                        examples: retrieval.as_ref(),
                        ..workshop.terms((&profile, &asked), cache.as_ref(), (&voice, &never_sent))
                    },
                    ledger: ledger.as_ref(),
                    record: &|call| {
                        progress.advance(if call.round == 0 { call.definitions } else { 0 });
                        records.call(call);
                    },
                    time_limit: (workshop.door == Door::Hook).then_some(workshop.config.hook_timeout.value),
                };
                tokio::select! {
                    // Signals are listened for before anything is sent: one that comes early must not kill.
                    biased;
                    () = interrupted() => Err(Error::interrupted()
                        .hint("nothing was written; answers that had arrived are remembered")),
                    asked = ask(&session, (tasks, suspects), &context) => Ok(asked),
                }
            })?;
            records.run(&asked.answers, &asked.spent);
            asked.spent.failures.extend(records.trouble());
            asked.spent.failures.extend(no_service);
            Ok((asked, true))
        }
    }
}

impl Workshop<'_> {
    /// Returns what decides which questions are put, to this model at what is asked.
    pub(super) fn terms<'a>(
        &self,
        (model, asked): (&'a Profile, &'a str),
        cache: Option<&'a Cache>,
        (voice, never_sent): (&'a Voice, &'a dyn Fn(&RepoPath) -> bool),
    ) -> Terms<'a> {
        Terms {
            model,
            asked,
            cache,
            failed_before: self.door.failed_before(),
            voice,
            budget: service::budget(self.config),
            longest_answer: service::longest_answer(self.config),
            request_tokens: self.config.generate.request_tokens.value,
            never_sent,
            examples: None,
        }
    }
}

/// The history that this run adds to; what goes wrong with it is said once and stops nothing.
pub(super) struct Records<'a> {
    history: Option<History>,
    run_id: &'a str,
    door: Door,
    trouble: RefCell<Option<String>>,
}

impl<'a> Records<'a> {
    pub(super) fn new(workshop: &Workshop<'a>) -> Self {
        let history = cache::default_folder().map(History::new);
        Self { history, run_id: workshop.run_id.as_str(), door: workshop.door, trouble: RefCell::new(None) }
    }

    pub(super) fn call(&self, call: Call) {
        tracing::info!(
            model = call.model,
            definitions = call.definitions,
            round = call.round,
            attempts = call.attempts,
            milliseconds = call.milliseconds,
            prompt_tokens = call.prompt_tokens,
            completion_tokens = call.completion_tokens,
            outcome = call.outcome,
            request_id = call.request_id,
            "the model was asked"
        );
        self.append(&Record::Call(Call { run: self.run_id.to_owned(), ..call }));
    }

    fn run(&self, answers: &[Answered], spent: &Spent) {
        let count = |is_meant: fn(&Answered) -> bool| answers.iter().filter(|it| is_meant(it)).count() as u64;
        let meant = count(|answer| !matches!(answer, Answered::NotMeant));
        self.append(&Record::Run(Run {
            at: u64::try_from(clock::since_epoch().as_millis()).unwrap_or(u64::MAX),
            run: self.run_id.to_owned(),
            door: self.door.word().to_owned(),
            definitions: meant,
            cache_hits: spent.cache_hits,
            written: count(|answer| matches!(answer, Answered::Written(_))),
            failed: count(|answer| matches!(answer, Answered::Failed(_))),
            over_budget: count(|answer| matches!(answer, Answered::OverBudget)),
        }));
    }

    fn append(&self, record: &Record) {
        let Some(history) = &self.history else { return };
        if self.trouble.borrow().is_some() {
            return;
        }
        if let Err(error) = history.append(std::slice::from_ref(record)) {
            self.trouble.replace(Some(format!("the history for `docgate stats` cannot be written: {error}")));
        }
    }

    pub(super) fn trouble(&self) -> Option<String> {
        self.trouble.take()
    }
}

/// Answers for a model that is configured and cannot be asked from here.
fn without_model(tasks: &[Task], error: &Error) -> Brought {
    let reason = error.to_string();
    let answers = tasks.iter().map(|_| Answered::Failed(reason.clone())).collect();
    let failure = [&[reason], error.hints()].concat().join("; ");
    let spent = Spent { failures: vec![failure], ..Spent::default() };
    Brought { answers, verdicts: Vec::new(), spent }
}

/// Waits for Ctrl-C or, on Unix, SIGTERM.
#[cfg(unix)]
async fn interrupted() {
    use tokio::signal::unix::{SignalKind, signal};
    let interrupt = tokio::signal::ctrl_c();
    match signal(SignalKind::terminate()) {
        Ok(mut terminate) => tokio::select! {
            _ = interrupt => {}
            _ = terminate.recv() => {}
        },
        Err(_) => drop(interrupt.await),
    }
}

/// Waits for Ctrl-C.
#[cfg(not(unix))]
async fn interrupted() {
    drop(tokio::signal::ctrl_c().await);
}

pub(super) fn totals(spent: &Spent, run_id: &RunId) -> UsageTotals {
    UsageTotals {
        run: run_id.to_string(),
        requests: spent.requests,
        cache_hits: spent.cache_hits + spent.known_verdicts,
        prompt_tokens: spent.usage.prompt_tokens + spent.embedding.prompt_tokens,
        completion_tokens: spent.usage.completion_tokens,
        cost: spent.cost,
        redacted: spent.redacted as u64,
    }
}
