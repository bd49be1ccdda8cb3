//! Asking the cache and the model, and judging what comes back.
//!
//! The one place of this stage that waits for anything: `group.rs` says what goes together, `retrieval.rs` finds examples
//! and `vectors.rs` what makes them comparable, `asking.rs` sends, `account.rs` says what may be spent, `memory.rs` says what
//! the cache keeps, and `plan.rs` what would be sent.

mod account;
mod asking;
mod doubts;
mod group;
mod memory;
mod plan;
mod retrieval;
mod vectors;

use std::collections::BTreeMap;
use std::time::Duration;

use futures_util::stream::{self, StreamExt as _};

use crate::cache::{Cache, Key};
use crate::change::RepoPath;
use crate::clock;
use crate::edit::Edit;
use crate::metrics::Call;
use crate::model::embedding::Embedder;
use crate::model::ledger::Ledger;
use crate::model::prices::Prices;
use crate::model::{LanguageModel, Profile, Usage};

use self::account::Account;
use self::asking::{Asking, Unwritten};
use self::doubts::Doubtful;
use self::memory::{Remembered, answer, failure, remembered};
use self::vectors::Allowed;
use super::budget::Purse;
use super::doubt::{Suspect, Verdict};
use super::examples::{Depth, Example, Portrait, Vector, portrait};
use super::prose::Prose;
use super::{Block, Budget, Complaint, Context, Task, Voice, around, compose, key, reply, skeleton, verify};

pub use self::memory::Failure;
pub use self::plan::{Plan, Planned, plan};
pub use self::retrieval::{By, Chosen, Retrieval, Wanted, depth_of};

/// What a run asks with.
pub struct Session<'a, M> {
    /// Who is asked.
    pub model: &'a M,
    /// What decides which questions are put.
    pub terms: Terms<'a>,
    /// What all runs of this machine may spend together.
    pub ledger: Option<&'a Ledger>,
    /// Told about every request once it has ended.
    pub record: &'a dyn Fn(Call),
    /// How long the whole may take.
    pub time_limit: Option<Duration>,
}

/// What decides which questions are put, and how they read.
#[derive(Clone, Copy)]
pub struct Terms<'a> {
    /// Which model is asked.
    pub model: &'a Profile,
    /// Endpoint and deployment, for the key of the cache.
    pub asked: &'a str,
    /// What was answered before.
    pub cache: Option<&'a Cache>,
    /// What is done about definitions that failed before.
    pub failed_before: FailedBefore,
    /// How the prose is to sound.
    pub voice: &'a Voice,
    /// What may be spent.
    pub budget: Budget,
    /// The most tokens of one answer; what follows from the question is cut down to it.
    pub longest_answer: Option<u64>,
    /// The tokens of a request, with the most that its answer may take.
    pub request_tokens: u64,
    /// Whether the text of a file is kept from models.
    pub never_sent: &'a dyn Fn(&RepoPath) -> bool,
    /// Where examples are found; nothing when none are shown.
    pub examples: Option<&'a Retrieval<'a>>,
}

/// What looking for examples may use, when nobody is asked for prose.
pub struct Means<'a> {
    /// What was asked before.
    pub cache: Option<&'a Cache>,
    /// What all runs of this machine may spend together.
    pub ledger: Option<&'a Ledger>,
    /// Told about every request once it has ended.
    pub record: &'a dyn Fn(Call),
    /// What may be spent.
    pub budget: Budget,
    /// What tokens cost.
    pub prices: &'a Prices,
}

/// What is done about definitions whose last answer was no use.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum FailedBefore {
    /// They failed, and are not asked about again while nothing has changed.
    #[default]
    Remember,
    /// They are asked about again, and nothing else is.
    AskOnly,
}

/// What became of one task.
#[derive(Debug, Clone, PartialEq)]
pub enum Answered {
    /// The edit that writes the docstring.
    Written(Edit),
    /// There is no usable answer; the reason is a sentence.
    Failed(String),
    /// The budget was spent before its turn.
    OverBudget,
    /// Only what failed before was asked about, and this did not.
    NotMeant,
}

/// What a run brought.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Brought {
    /// What became of each task.
    pub answers: Vec<Answered>,
    /// What is said of each docstring that may have fallen behind; nothing where nobody could be asked.
    pub verdicts: Vec<Option<Verdict>>,
    /// What it cost.
    pub spent: Spent,
}

/// What a run cost.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Spent {
    /// Requests that were sent.
    pub requests: u64,
    /// Tasks answered from the cache.
    pub cache_hits: u64,
    /// Verdicts that came from the cache.
    pub known_verdicts: u64,
    /// Tasks that were not asked about because they failed before.
    pub failed_before: u64,
    /// Tokens that were billed for prose.
    pub usage: Usage,
    /// Tokens that were billed for vectors.
    pub embedding: Usage,
    /// US dollars, where the price of the model is known.
    pub cost: Option<f64>,
    /// Secrets that were replaced before sending.
    pub redacted: usize,
    /// What went wrong beside the answers, each once.
    pub failures: Vec<String>,
}

/// Fills tasks with marked placeholders, without asking anybody.
#[must_use]
pub fn fill_with_placeholders(tasks: &[Task], context: &Context<'_>) -> Vec<Answered> {
    tasks
        .iter()
        .map(|task| match written(task, &skeleton(&task.slots), context) {
            Ok(edit) => Answered::Written(edit),
            Err(complaint) => Answered::Failed(complaint.to_string()),
        })
        .collect()
}

/// Asks for the prose that tasks miss, and then about docstrings that may have fallen behind: one answer and one verdict for
/// each, in their order.
pub async fn ask<M: LanguageModel>(
    session: &Session<'_, M>,
    (tasks, suspects): (&[Task], &[Suspect]),
    context: &Context<'_>,
) -> Brought {
    // The cache, which may be far away, takes of the time as well.
    let deadline = session.time_limit.map(|limit| clock::monotonic() + limit);
    let Agenda { mut answers, keys, groups, around, purse, spent } = agenda(&session.terms, tasks, context);
    let account = Account::new(session.ledger, session.record, (purse, spent), deadline);
    let examples = examples_of(session, tasks, &groups, &account).await;
    let asking = Asking { session, account: &account };
    let mut doubtful = Doubtful::of(&session.terms, suspects);
    let asked = stream::iter(groups.into_iter().zip(examples)).map(|(group, examples)| {
        let (asking, around) = (&asking, &around);
        async move {
            let members: Vec<&Task> = group.iter().map(|index| &tasks[*index]).collect();
            let around = around_each(&group, around);
            let work = asking.group((&members, &around), &examples, context);
            let results = asking.account.in_time(work).await.unwrap_or_else(|| {
                let late = || Err(Box::new(Unwritten::passing("no answer within the time limit".to_owned())));
                members.iter().map(|_| late()).collect()
            });
            (group, results)
        }
    });
    let mut asked = asked.buffer_unordered(asking.concurrency());
    while let Some((group, results)) = asked.next().await {
        let mut fresh = Vec::new();
        for (index, result) in group.into_iter().zip(results) {
            let task = &tasks[index];
            answers[index] = Some(match result {
                Ok((prose, edit)) => {
                    fresh.extend(
                        answer(&prose, task, &session.terms.model.name).map(|entry| (keys[index], entry)),
                    );
                    Answered::Written(edit)
                }
                Err(unwritten) => {
                    let Unwritten { answered, lasting } = *unwritten;
                    let entry = lasting.and_then(|it| failure(&it, task, &session.terms.model.name));
                    fresh.extend(entry.map(|entry| (keys[index], entry)));
                    answered
                }
            });
        }
        asking.keep(&fresh);
    }
    drop(asked);
    doubtful.ask(&asking, suspects).await;
    if let Some(cache) = session.terms.cache {
        cache.keep_within_bounds();
        for notice in cache.take_notices() {
            account.note(notice.to_string());
        }
    }
    let mut spent = account.finished();
    let embedder = session.terms.examples.and_then(|retrieval| retrieval.by.embedder());
    spent.cost = retrieval::cost(&spent, session.terms.model, embedder);
    spent.known_verdicts = doubtful.cache_hits;
    let answers = answers.into_iter().map(|answer| answer.unwrap_or(Answered::OverBudget)).collect();
    Brought { answers, verdicts: doubtful.verdicts, spent }
}

/// Finds the examples for each group of tasks.
async fn examples_of<M>(
    session: &Session<'_, M>,
    tasks: &[Task],
    groups: &[Vec<usize>],
    account: &Account<'_>,
) -> Vec<Vec<Example>> {
    let Some(retrieval) = session.terms.examples.filter(|_| !groups.is_empty()) else {
        return vec![Vec::new(); groups.len()];
    };
    let asked = portraits(tasks, groups, retrieval::depth_of(retrieval.by));
    let chosen = retrieval::chosen(retrieval, &asked, account, session.terms.cache).await;
    chosen.into_iter().map(shown).collect()
}

fn shown(chosen: Vec<Chosen>) -> Vec<Example> {
    chosen.into_iter().map(|chosen| chosen.example).collect()
}

fn portraits(tasks: &[Task], groups: &[Vec<usize>], depth: Depth) -> Vec<Vec<Portrait>> {
    let of = |index: &usize| {
        let task = &tasks[*index];
        portrait(&task.path, &task.file, task.definition(), depth)
    };
    groups.iter().map(|group| group.iter().map(of).collect()).collect()
}

/// Finds the examples for definitions, each by itself, as a run would; says what that cost.
pub async fn choose(
    means: &Means<'_>,
    retrieval: &Retrieval<'_>,
    asked: Vec<Portrait>,
) -> (Vec<Vec<Chosen>>, Spent) {
    let account = means.account();
    let groups: Vec<Vec<Portrait>> = asked.into_iter().map(|portrait| vec![portrait]).collect();
    let chosen = retrieval::chosen(retrieval, &groups, &account, means.cache).await;
    (chosen, account.finished())
}

/// Returns the vectors of texts, remembered or asked for, in their order, and what they cost.
pub async fn vectors(
    means: &Means<'_>,
    embedder: &Embedder,
    texts: &[String],
) -> (Result<Vec<Vector>, String>, Spent) {
    let account = means.account();
    let allowed = Allowed::within_half_of_the_rest(&account, means.cache);
    let found = vectors::vectors(embedder, texts, &allowed).await;
    let in_order = found.and_then(|found| {
        let all: Option<Vec<Vector>> = texts.iter().map(|text| found.get(text).cloned()).collect();
        all.ok_or_else(|| "a text has no vector".to_owned())
    });
    (in_order, account.finished())
}

impl<'a> Means<'a> {
    fn account(&self) -> Account<'a> {
        let purse = Purse::new(self.budget, self.prices);
        Account::new(self.ledger, self.record, (purse, Spent::default()), None).without_prose()
    }
}

/// What is known about tasks before anybody is asked, and what to ask about.
struct Agenda {
    answers: Vec<Option<Answered>>,
    keys: Vec<Key>,
    /// The tasks that share a request, by their places.
    groups: Vec<Vec<usize>>,
    /// What stands around the tasks that are asked about, by their places.
    around: BTreeMap<usize, Vec<Block>>,
    purse: Purse,
    spent: Spent,
}

fn agenda(terms: &Terms<'_>, tasks: &[Task], context: &Context<'_>) -> Agenda {
    let mut answers: Vec<Option<Answered>> = vec![None; tasks.len()];
    let mut spent = Spent::default();
    let keys: Vec<Key> = tasks.iter().map(|task| key(task, terms.voice, terms.asked)).collect();
    let entries = terms.cache.map(|cache| cache.get_many(&keys)).unwrap_or_default();
    let mut entries = entries.into_iter();
    for (index, task) in tasks.iter().enumerate() {
        match remembered(entries.next().flatten(), task, terms.voice.language) {
            Some(Remembered::Prose(prose)) => {
                if let Ok(edit) = written(task, &prose, context) {
                    answers[index] = Some(Answered::Written(edit));
                    spent.cache_hits += 1;
                }
            }
            Some(Remembered::Failure(failure)) if terms.failed_before == FailedBefore::Remember => {
                answers[index] = Some(Answered::Failed(failure.again()));
                spent.failed_before += 1;
            }
            Some(Remembered::Failure(_)) => continue,
            None => {}
        }
        if answers[index].is_none() && terms.failed_before == FailedBefore::AskOnly {
            answers[index] = Some(Answered::NotMeant);
        }
    }
    let mut purse = Purse::new(terms.budget, &terms.model.prices);
    let open: Vec<usize> = (0..tasks.len()).filter(|index| answers[*index].is_none()).collect();
    let allowed = purse.admitted(open.len());
    let open = &open[..allowed];
    let groups = group::groups(tasks, open, terms);
    let around = around::around(tasks, open, context, terms.never_sent);
    Agenda { answers, keys, groups, around, purse, spent }
}

/// Returns what stands around each member of a group.
fn around_each<'a>(group: &[usize], around: &'a BTreeMap<usize, Vec<Block>>) -> Vec<&'a [Block]> {
    group.iter().map(|index| around.get(index).map_or(&[][..], Vec::as_slice)).collect()
}

fn written(task: &Task, prose: &Prose, context: &Context<'_>) -> Result<Edit, Complaint> {
    reply::fit_line(task, prose)?;
    reply::fit_extras(task, prose)?;
    let edit = compose(task, prose).map_err(Complaint::because)?;
    verify(task, prose, &edit, context)?;
    Ok(edit)
}
