//! Asking the cache and the model, and judging what comes back.
//!
//! The one file of this stage that waits for anything.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::time::Duration;

use futures_util::stream::{self, StreamExt as _};
use tokio::sync::Notify;

use crate::cache::{Cache, Key};
use crate::change::RepoPath;
use crate::clock;
use crate::edit::Edit;
use crate::model::{
    LanguageModel, ModelError, ModelErrorKind, ModelRequest, Usage, capability, prices, tokens,
};

use super::budget::{Purse, Reservation};
use super::prose::Prose;
use super::{Budget, Complaint, Context, Task, Voice, compose, key, read, request, skeleton, verify};

/// Definitions that share a request, at most.
const GROUP: usize = 8;
/// Bytes of code that share a request, at most; a larger definition goes alone.
const GROUP_BYTES: usize = 24_000;
/// Requests under way at the same time.
const CONCURRENT: usize = 4;

/// What a run asks with.
#[derive(Debug)]
pub struct Session<'a, M> {
    /// Who is asked.
    pub model: &'a M,
    /// The name of the model, for prices and token counts.
    pub model_name: &'a str,
    /// Endpoint and deployment, for the key of the cache.
    pub asked: &'a str,
    /// What was answered before.
    pub cache: Option<&'a Cache>,
    /// Whether new answers are kept: a pull request may read what others wrote, and writes nothing for them.
    pub remember: bool,
    /// How the prose is to sound.
    pub voice: &'a Voice,
    /// What may be spent.
    pub budget: Budget,
    /// The most tokens of one answer; what follows from the question is cut down to it.
    pub longest_answer: Option<u64>,
    /// How long the whole may take.
    pub time_limit: Option<Duration>,
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
}

/// What a run brought and what it cost.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Spent {
    /// Requests that were sent.
    pub requests: u64,
    /// Tasks answered from the cache.
    pub cache_hits: u64,
    /// Tokens that were billed.
    pub usage: Usage,
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

/// Asks for the prose that tasks miss; one answer for each, in their order.
pub async fn ask<M: LanguageModel>(
    session: &Session<'_, M>,
    tasks: &[Task],
    context: &Context<'_>,
) -> (Vec<Answered>, Spent) {
    let mut answers: Vec<Option<Answered>> = vec![None; tasks.len()];
    let mut spent = Spent::default();
    let keys: Vec<Key> = tasks.iter().map(|task| key(task, session.voice, session.asked)).collect();
    let remembered = session.cache.map(|cache| cache.get_many(&keys)).unwrap_or_default();
    for (index, entry) in remembered.into_iter().enumerate() {
        let prose = entry.and_then(|bytes| serde_json::from_slice::<Prose>(&bytes).ok());
        let fitting = prose.and_then(|prose| super::reply::fit(prose, &tasks[index].slots).ok());
        let Some(prose) = fitting else { continue };
        if let Ok(edit) = written(&tasks[index], &prose, context) {
            answers[index] = Some(Answered::Written(edit));
            spent.cache_hits += 1;
        }
    }
    let mut purse = Purse::new(session.budget, session.model_name);
    let open: Vec<usize> = (0..tasks.len()).filter(|index| answers[*index].is_none()).collect();
    let allowed = usize::try_from(purse.definitions_left()).unwrap_or(usize::MAX).min(open.len());
    purse.count_definitions(allowed);
    let groups = groups(tasks, &open[..allowed]);
    let asking = Asking {
        session,
        purse: RefCell::new(purse),
        under_way: Cell::new(0),
        settled: Notify::new(),
        spent: RefCell::new(spent),
        given_up: Cell::new(None),
        failures: RefCell::new(Vec::new()),
    };
    let deadline = session.time_limit.map(|limit| tokio::time::Instant::from_std(clock::monotonic() + limit));
    let asked = stream::iter(groups).map(|group| {
        let asking = &asking;
        async move {
            let members: Vec<&Task> = group.iter().map(|index| &tasks[*index]).collect();
            let work = asking.group(&members, context);
            let outcome = match deadline {
                Some(deadline) => tokio::time::timeout_at(deadline, work).await,
                None => Ok(work.await),
            };
            let results = outcome.unwrap_or_else(|_| {
                asking.note("the time limit was reached before the model had answered everything".to_owned());
                let late = || Err(Answered::Failed("no answer within the time limit".to_owned()));
                members.iter().map(|_| late()).collect()
            });
            (group, results)
        }
    });
    let mut asked = asked.buffer_unordered(CONCURRENT);
    while let Some((group, results)) = asked.next().await {
        let mut fresh: Vec<(Key, Vec<u8>)> = Vec::new();
        for (index, result) in group.into_iter().zip(results) {
            answers[index] = Some(match result {
                Ok((prose, edit)) => {
                    fresh.extend(serde_json::to_vec(&prose).ok().map(|bytes| (keys[index], bytes)));
                    Answered::Written(edit)
                }
                Err(answered) => answered,
            });
        }
        // Kept at once: what was paid for must not be lost with what comes after it.
        if let Some(cache) = session.cache.filter(|_| session.remember && !fresh.is_empty()) {
            cache.put_many(&fresh);
        }
    }
    drop(asked);
    if let Some(cache) = session.cache {
        for notice in cache.take_notices() {
            asking.note(notice.to_string());
        }
    }
    let mut spent = asking.spent.into_inner();
    spent.cost = prices::cost(&spent.usage, session.model_name);
    spent.failures = asking.failures.into_inner();
    (answers.into_iter().map(|answer| answer.unwrap_or(Answered::OverBudget)).collect(), spent)
}

/// Tasks of one file share their context, so they share a request; files come in the order of their first tasks.
fn groups(tasks: &[Task], open: &[usize]) -> Vec<Vec<usize>> {
    let mut ranks: HashMap<&RepoPath, usize> = HashMap::new();
    for index in open {
        let rank = ranks.len();
        ranks.entry(&tasks[*index].path).or_insert(rank);
    }
    let mut open = open.to_vec();
    open.sort_by_key(|index| ranks.get(&tasks[*index].path));
    let mut groups: Vec<Vec<usize>> = Vec::new();
    let mut bytes = 0;
    for index in &open {
        let task = &tasks[*index];
        let size = task.definition().span.len();
        let joins = groups.last().is_some_and(|group| {
            let same_file = group.last().is_some_and(|last| tasks[*last].path == task.path);
            same_file && group.len() < GROUP && bytes + size <= GROUP_BYTES
        });
        match groups.last_mut() {
            Some(group) if joins => {
                group.push(*index);
                bytes += size;
            }
            _ => {
                groups.push(vec![*index]);
                bytes = size;
            }
        }
    }
    groups
}

type GroupResult = Result<(Prose, Edit), Answered>;

/// The state that the requests of one run share.
struct Asking<'a, M> {
    session: &'a Session<'a, M>,
    purse: RefCell<Purse>,
    /// How many requests have a reservation that is not settled.
    under_way: Cell<usize>,
    settled: Notify,
    spent: RefCell<Spent>,
    /// Why nothing more is asked: a wrong key or address fails every request alike.
    given_up: Cell<Option<&'static str>>,
    failures: RefCell<Vec<String>>,
}

impl<M: LanguageModel> Asking<'_, M> {
    async fn group(&self, tasks: &[&Task], context: &Context<'_>) -> Vec<GroupResult> {
        let mut results: Vec<Option<GroupResult>> = vec![None; tasks.len()];
        let mut complaints: Vec<Option<Complaint>> = vec![None; tasks.len()];
        // The first round asks for all; the second once more for those with complaints.
        for round in 0..2 {
            let open: Vec<usize> = (0..tasks.len()).filter(|index| results[*index].is_none()).collect();
            if open.is_empty() {
                break;
            }
            let asked: Vec<&Task> = open.iter().map(|index| tasks[*index]).collect();
            let said: Vec<Option<&Complaint>> =
                open.iter().map(|index| complaints[*index].as_ref()).collect();
            let reply = match self.send(&asked, &said).await {
                Ok(reply) => reply,
                Err(answered) => {
                    for index in open {
                        let reason = complaints[index].as_ref().map(unusable);
                        results[index] = Some(Err(reason.unwrap_or_else(|| answered.clone())));
                    }
                    break;
                }
            };
            for (index, prose) in open.into_iter().zip(read(&reply, &asked)) {
                let checked =
                    prose.and_then(|prose| written(tasks[index], &prose, context).map(|edit| (prose, edit)));
                match checked {
                    Ok(done) => results[index] = Some(Ok(done)),
                    Err(complaint) if round == 0 => complaints[index] = Some(complaint),
                    Err(complaint) => results[index] = Some(Err(unusable(&complaint))),
                }
            }
        }
        let unanswered = || Err(Answered::Failed("no answer".to_owned()));
        results.into_iter().map(|result| result.unwrap_or_else(unanswered)).collect()
    }

    /// Sends one request within the budget; gives the text of the reply.
    async fn send(&self, tasks: &[&Task], complaints: &[Option<&Complaint>]) -> Result<String, Answered> {
        if let Some(reason) = self.given_up.get() {
            return Err(Answered::Failed(reason.to_owned()));
        }
        let (request, redacted) = request(tasks, complaints, self.session.voice);
        let request = self.with_room_for_reasoning(request);
        let capability = capability::capability(self.session.model_name);
        let largest = Usage {
            prompt_tokens: tokens::count_request(&request, capability.encoding),
            cached_tokens: 0,
            completion_tokens: request.max_completion_tokens,
        };
        let reservation = self.reserve(&largest).await.ok_or(Answered::OverBudget)?;
        self.spent.borrow_mut().requests += 1;
        self.spent.borrow_mut().redacted += redacted;
        tracing::debug!(definitions = tasks.len(), prompt_tokens = largest.prompt_tokens, "asking the model");
        let result = self.session.model.complete(&request).await;
        let billed = match &result {
            Ok(reply) => Some(reply.usage),
            Err(error) => error.usage,
        };
        // A bill of nothing is no bill: a service that leaves it out must not make the budget endless.
        let billed = billed.filter(|usage| usage.prompt_tokens > 0);
        self.purse.borrow_mut().settle(reservation, billed.as_ref());
        self.under_way.set(self.under_way.get() - 1);
        self.settled.notify_waiters();
        if let Some(usage) = billed {
            let mut spent = self.spent.borrow_mut();
            spent.usage.prompt_tokens += usage.prompt_tokens;
            spent.usage.cached_tokens += usage.cached_tokens;
            spent.usage.completion_tokens += usage.completion_tokens;
        }
        match result {
            Ok(reply) => Ok(reply.text),
            Err(error) => Err(self.failed(&error)),
        }
    }

    /// Takes the largest possible size of a request from the budget. While others are under way, some of what is
    /// taken comes back; only when nobody is left to wait for is the budget spent.
    async fn reserve(&self, largest: &Usage) -> Option<Reservation> {
        loop {
            let settled = self.settled.notified();
            if let Some(reservation) = self.purse.borrow_mut().reserve(largest) {
                self.under_way.set(self.under_way.get() + 1);
                return Some(reservation);
            }
            if self.under_way.get() == 0 {
                return None;
            }
            settled.await;
        }
    }

    /// The hidden reasoning of a model counts as completion; without room for it the answer is cut off.
    fn with_room_for_reasoning(&self, mut request: ModelRequest) -> ModelRequest {
        let capability = capability::capability(self.session.model_name);
        if capability.parameters != capability::Parameters::Sampling {
            request.max_completion_tokens += 4_000;
        }
        let longest = self.session.longest_answer.unwrap_or(u64::MAX).min(capability.output_limit);
        request.max_completion_tokens = request.max_completion_tokens.min(longest);
        request
    }

    fn failed(&self, error: &ModelError) -> Answered {
        let hint = error.hint().map(|hint| format!(" ({hint})")).unwrap_or_default();
        let request = error.request_id().map(|id| format!(" [request {id}]")).unwrap_or_default();
        self.note(format!("{error}{hint}{request}"));
        let hopeless = matches!(
            error.kind,
            ModelErrorKind::Unauthorized
                | ModelErrorKind::Forbidden { .. }
                | ModelErrorKind::NotFound { .. }
                | ModelErrorKind::Unreachable { .. }
        );
        if hopeless {
            self.given_up.set(Some("the model could not be asked"));
        }
        Answered::Failed(error.to_string())
    }

    fn note(&self, failure: String) {
        let mut failures = self.failures.borrow_mut();
        if !failures.contains(&failure) {
            failures.push(failure);
        }
    }
}

fn unusable(complaint: &Complaint) -> Answered {
    Answered::Failed(format!("the model's answer was not usable: {complaint}"))
}

fn written(task: &Task, prose: &Prose, context: &Context<'_>) -> Result<Edit, Complaint> {
    let edit = compose(task, prose).map_err(Complaint::because)?;
    verify(task, &edit, context)?;
    Ok(edit)
}
