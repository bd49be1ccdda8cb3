//! Sending one group of tasks: within the budgets, with corrections, and in smaller parts when it must be.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::time::{Duration, Instant};

use tokio::sync::Notify;

use crate::cache::{Entry, Key};
use crate::clock;
use crate::edit::Edit;
use crate::metrics::Call;
use crate::model::ledger::{self, Amount, LEFT_ALONE, Ledger, LedgerError, Stretch};
use crate::model::{
    About, LanguageModel, ModelError, ModelErrorKind, ModelReply, ModelRequest, Usage, capability, prices,
    tokens,
};

use super::super::budget::{Purse, Reservation};
use super::super::doubt::{self, Suspect, Verdict};
use super::super::prose::Prose;
use super::super::{Asked, Block, Complaint, ComplaintKind, Context, Question, Task, read};
use super::group::{asked, asked_again};
use super::{Answered, Failure, Session, Spent, Terms, written};

/// How often a definition is asked about again with what was wrong.
const CORRECTIONS: u64 = 2;
/// How long a ledger that was there before may be away: a server that restarts, or another that takes its place.
const AWAY_AT_MOST: Duration = Duration::from_secs(30);

pub(super) const OUT_OF_TIME: &str = "the time limit was reached before the model had answered everything";

/// The state that the requests of one run share.
pub(super) struct Asking<'a, M> {
    session: &'a Session<'a, M>,
    purse: RefCell<Purse>,
    /// How many requests have a reservation that is not settled.
    under_way: Cell<usize>,
    settled: Notify,
    spent: RefCell<Spent>,
    /// Why nothing more is asked: a wrong key or address fails every request alike.
    given_up: Cell<Option<&'static str>>,
    failures: RefCell<Vec<String>>,
    /// Whether the ledger was reached before.
    has_ledger: Cell<bool>,
    /// When answers are of no use any more.
    pub(super) deadline: Option<Instant>,
}

pub(super) type GroupResult = Result<(Prose, Edit), Box<Unwritten>>;

/// A task without prose.
#[derive(Debug, Clone)]
pub(super) struct Unwritten {
    pub(super) answered: Answered,
    /// What to remember, when the same request would fail again.
    pub(super) lasting: Option<Failure>,
}

impl Unwritten {
    /// A failure that says nothing about the next run.
    pub(super) fn passing(reason: String) -> Self {
        Self { answered: Answered::Failed(reason), lasting: None }
    }

    fn lasting(outcome: &str, reason: String, request_id: Option<String>) -> Self {
        let failure = Failure { outcome: outcome.to_owned(), reason: reason.clone(), request_id };
        Self { answered: Answered::Failed(reason), lasting: Some(failure) }
    }

    /// What the answer was is no use, after all corrections.
    fn unusable(complaint: &Complaint, request_id: Option<String>) -> Self {
        let reason = format!("the model's answer was not usable: {complaint}");
        Self::lasting(complaint.kind.word(), reason, request_id)
    }
}

/// Tasks of a group that are asked about in one request, by their places in the group.
struct Part {
    members: Vec<usize>,
    /// 0 for the first question, then corrections.
    round: u64,
    /// How often the room for the answer was doubled.
    doubled: u32,
    /// Whether none of it was asked about before.
    is_first: bool,
}

/// Why a request brought no text.
struct Unanswered {
    unwritten: Unwritten,
    remedy: Remedy,
    /// What to say about it when there is no remedy.
    note: Option<String>,
}

/// What may help against it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Remedy {
    None,
    /// Asking about fewer definitions at a time, so that one does not take the others with it.
    Fewer,
    /// Fewer definitions, or more room for the answer.
    MoreRoom,
}

impl<'a, M: LanguageModel> Asking<'a, M> {
    pub(super) fn new(
        session: &'a Session<'a, M>,
        purse: Purse,
        spent: Spent,
        deadline: Option<Instant>,
    ) -> Self {
        Self {
            session,
            purse: RefCell::new(purse),
            under_way: Cell::new(0),
            settled: Notify::new(),
            spent: RefCell::new(spent),
            given_up: Cell::new(None),
            failures: RefCell::new(Vec::new()),
            deadline,
            has_ledger: Cell::new(false),
        }
    }

    /// Returns what it cost, and what went wrong beside the answers.
    pub(super) fn finished(self) -> Spent {
        Spent { failures: self.failures.into_inner(), ..self.spent.into_inner() }
    }

    /// Returns how many requests may be under way.
    pub(super) fn concurrency(&self) -> usize {
        self.session.model.concurrency()
    }

    pub(super) fn terms(&self) -> &'a Terms<'a> {
        &self.session.terms
    }

    /// Keeps answers at once: what was paid for must not be lost with what comes after it.
    pub(super) fn keep(&self, fresh: &[(Key, Entry)]) {
        if let Some(cache) = self.session.terms.cache.filter(|_| !fresh.is_empty()) {
            cache.put_many(fresh);
        }
    }

    /// Notes something that went wrong, once.
    pub(super) fn note(&self, failure: String) {
        let mut failures = self.failures.borrow_mut();
        if !failures.contains(&failure) {
            failures.push(failure);
        }
    }

    /// Asks about the tasks of a group; one result for each, in their order.
    pub(super) async fn group(
        &self,
        (tasks, around): (&[&Task], &[&[Block]]),
        context: &Context<'_>,
    ) -> Vec<GroupResult> {
        let mut results: Vec<Option<GroupResult>> = vec![None; tasks.len()];
        let mut complaints: Vec<Option<Complaint>> = vec![None; tasks.len()];
        let all = Part { members: (0..tasks.len()).collect(), round: 0, doubled: 0, is_first: true };
        let mut parts = VecDeque::from([all]);
        while let Some(part) = parts.pop_front() {
            let asked: Vec<&Task> = part.members.iter().map(|index| tasks[*index]).collect();
            let said: Vec<Option<&Complaint>> =
                part.members.iter().map(|index| complaints[*index].as_ref()).collect();
            let beside: Vec<&[Block]> = part.members.iter().map(|index| around[*index]).collect();
            let question = Question { tasks: &asked, complaints: &said, around: &beside };
            let (reply, mut call) = match self.send(&question, &part).await {
                Ok(answered) => answered,
                Err(unanswered) => {
                    if let Some(smaller) = part.remedied(unanswered.remedy) {
                        parts.extend(smaller);
                        continue;
                    }
                    if let Some(note) = unanswered.note {
                        self.note(note);
                    }
                    for index in part.members {
                        // What was wrong with an answer says more than why there was no other.
                        let unusable = complaints[index].as_ref().map(|it| Unwritten::unusable(it, None));
                        results[index] = Some(Err(Box::new(match unusable {
                            Some(unusable) => Unwritten { lasting: None, ..unusable },
                            None => unanswered.unwritten.clone(),
                        })));
                    }
                    continue;
                }
            };
            let mut wrong = Vec::new();
            for (index, prose) in part.members.into_iter().zip(read(&reply.text, &asked)) {
                let is_last = part.round == CORRECTIONS;
                let checked = prose.and_then(|prose| checked(tasks[index], prose, is_last, context));
                match checked {
                    Ok(done) => results[index] = Some(Ok(done)),
                    Err(complaint) => {
                        complaint.kind.word().clone_into(&mut call.outcome);
                        if is_last {
                            let request_id = reply.request_id.clone();
                            results[index] = Some(Err(Box::new(Unwritten::unusable(&complaint, request_id))));
                        } else {
                            complaints[index] = Some(complaint);
                            wrong.push(index);
                        }
                    }
                }
            }
            (self.session.record)(call);
            if !wrong.is_empty() {
                parts.push_back(Part { members: wrong, round: part.round + 1, is_first: false, ..part });
            }
        }
        let unanswered = || Err(Box::new(Unwritten::passing("no answer".to_owned())));
        results.into_iter().map(|result| result.unwrap_or_else(unanswered)).collect()
    }

    /// Sends one request within the budgets; gives the reply, and the record of the call without a verdict on it.
    async fn send(&self, question: &Question<'_>, part: &Part) -> Result<(ModelReply, Call), Unanswered> {
        let asked = asked(question, &self.session.terms, part.doubled);
        let asked = asked.map_err(|too_large| Unanswered {
            unwritten: Unwritten::passing(too_large.to_string()),
            remedy: Remedy::Fewer,
            note: None,
        })?;
        // What is asked about again was counted the first time.
        let redacted = if part.is_first { asked.redacted } else { 0 };
        self.put(Asked { redacted, ..asked }, question.tasks.len(), part.round).await
    }

    /// Asks about docstrings that may have fallen behind; one verdict for each, where there is one.
    ///
    /// Advice is not worth a second question: what is no use is left.
    pub(super) async fn doubts(&self, suspects: &[&Suspect]) -> Vec<Option<Verdict>> {
        let nothing = vec![None; suspects.len()];
        let asked = match asked_again(suspects, &self.session.terms) {
            Ok(asked) => asked,
            Err(too_large) => {
                self.note(too_large.to_string());
                return nothing;
            }
        };
        match self.put(asked, suspects.len(), 0).await {
            Ok((reply, mut call)) => {
                let verdicts = doubt::read(&reply.text, suspects);
                if let Some(complaint) = verdicts.iter().find_map(|verdict| verdict.as_ref().err()) {
                    complaint.kind.word().clone_into(&mut call.outcome);
                }
                (self.session.record)(call);
                verdicts.into_iter().map(Result::ok).collect()
            }
            Err(unanswered) => {
                if let Some(note) = unanswered.note {
                    self.note(note);
                }
                nothing
            }
        }
    }

    /// Takes so many definitions from what may be asked about, or as many as are left.
    pub(super) fn admitted(&self, count: usize) -> usize {
        self.purse.borrow_mut().admitted(count)
    }

    /// Puts one question within the budgets.
    async fn put(
        &self,
        asked: Asked,
        definitions: usize,
        round: u64,
    ) -> Result<(ModelReply, Call), Unanswered> {
        let hopeless = |unwritten| Unanswered { unwritten, remedy: Remedy::None, note: None };
        if let Some(reason) = self.given_up.get() {
            return Err(hopeless(Unwritten::passing(reason.to_owned())));
        }
        let Asked { request, redacted } = asked;
        let request = ModelRequest { deadline: self.deadline, ..request };
        let largest = largest(&request, self.session.terms.model_name);
        let reserved = self.reserve(&largest).await;
        let reserved = reserved.map_err(|answered| hopeless(Unwritten { answered, lasting: None }))?;
        self.spent.borrow_mut().redacted += redacted;
        tracing::debug!(definitions, prompt_tokens = largest.prompt_tokens, "asking the model");
        let began = clock::monotonic();
        let result = self.session.model.complete(&request).await;
        let took = began.elapsed();
        let billed = self.settle(reserved, &result).await;
        let (attempts, request_id, outcome) = match &result {
            Ok(reply) => (reply.attempts, reply.request_id.clone(), "answered"),
            Err(error) => (error.attempts, error.request_id().map(str::to_owned), error.name()),
        };
        self.spent.borrow_mut().requests += u64::from(attempts > 0);
        let call = Call {
            at: u64::try_from(clock::since_epoch().as_millis()).unwrap_or(u64::MAX),
            model: self.session.terms.model_name.to_owned(),
            definitions: definitions as u64,
            round,
            attempts: u64::from(attempts),
            milliseconds: u64::try_from(took.as_millis()).unwrap_or(u64::MAX),
            prompt_tokens: billed.prompt_tokens,
            cached_tokens: billed.cached_tokens,
            completion_tokens: billed.completion_tokens,
            cost: prices::cost(&billed, self.session.terms.model_name),
            outcome: outcome.to_owned(),
            request_id,
            ..Call::default()
        };
        match result {
            Ok(reply) => Ok((reply, call)),
            Err(error) => {
                // What was never sent is no call.
                if attempts > 0 {
                    (self.session.record)(call);
                }
                Err(self.failed(&error))
            }
        }
    }

    /// Takes the largest possible size of a request from the budgets of the run and of the machine.
    async fn reserve(&self, largest: &Usage) -> Result<Reserved, Answered> {
        let reservation = self.reserve_of_run(largest).await.ok_or(Answered::OverBudget)?;
        match self.reserve_of_machine(largest).await {
            Ok(entry) => Ok(Reserved { reservation, entry }),
            Err(answered) => {
                self.give_back(reservation, Some(&Usage::default()), 0);
                Err(answered)
            }
        }
    }

    /// While others are under way, some of what they took comes back; only when nobody is left to wait for is the budget
    /// spent.
    async fn reserve_of_run(&self, largest: &Usage) -> Option<Reservation> {
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

    /// A minute's budget is waited for; an hour's and a day's are not.
    async fn reserve_of_machine(&self, largest: &Usage) -> Result<Option<ledger::Entry>, Answered> {
        let Some(ledger) = self.session.ledger else { return Ok(None) };
        let amount = amount(1, largest, self.session.terms.model_name);
        let mut away_since = None;
        loop {
            let reserved = with(ledger, move |ledger| ledger.reserve(amount)).await;
            if !matches!(reserved, Err(LedgerError::Away(_))) {
                self.has_ledger.set(true);
                away_since = None;
            }
            match reserved {
                Ok(entry) => return Ok(Some(entry)),
                Err(LedgerError::Away(_)) if self.may_come_back(&mut away_since) => {
                    tokio::time::sleep(LEFT_ALONE).await;
                }
                Err(LedgerError::Spent { stretch: Stretch::Minute, renewed_in })
                    if self.deadline.is_none_or(|deadline| clock::monotonic() + renewed_in < deadline) =>
                {
                    tokio::time::sleep(renewed_in).await;
                }
                Err(error @ (LedgerError::Spent { .. } | LedgerError::TooLarge { .. })) => {
                    self.note(error.to_string());
                    return Err(Answered::OverBudget);
                }
                Err(error) => {
                    // What cannot be kept cannot be kept to; those behind would wait for it in vain.
                    self.given_up.set(Some("what was spent cannot be kept"));
                    self.note(format!("{error}; nothing was sent"));
                    return Err(Answered::Failed(error.to_string()));
                }
            }
        }
    }

    /// Returns whether a ledger that is away is worth another wait: longer when it was there before, and not at all when
    /// somebody has waited in vain already.
    fn may_come_back(&self, away_since: &mut Option<Instant>) -> bool {
        let now = clock::monotonic();
        let patience = if self.has_ledger.get() { AWAY_AT_MOST } else { LEFT_ALONE };
        let until = *away_since.get_or_insert(now) + patience;
        let next = now + LEFT_ALONE;
        self.given_up.get().is_none() && next <= until && self.deadline.is_none_or(|deadline| next < deadline)
    }

    /// Puts what was used in the place of what was reserved; returns what was billed.
    async fn settle(&self, reserved: Reserved, result: &Result<ModelReply, ModelError>) -> Usage {
        let (billed, attempts) = match result {
            Ok(reply) => (Some(reply.usage), reply.attempts),
            Err(error) => (error.usage.or(error.is_unbilled().then(Usage::default)), error.attempts),
        };
        // A bill of nothing is no bill: a service that leaves it out must not make the budget endless.
        let is_believed = |usage: &Usage| usage.prompt_tokens > 0 || result.is_err();
        let billed = billed.filter(is_believed);
        self.give_back(reserved.reservation, billed.as_ref(), attempts);
        if let (Some(ledger), Some(entry)) = (self.session.ledger, reserved.entry) {
            let requests = u64::from(attempts);
            let used = match &billed {
                Some(usage) => amount(requests, usage, self.session.terms.model_name),
                // Without a bill the whole reservation stays spent, and the repetitions with it.
                None => Amount { requests: requests.max(1), ..entry.amount() },
            };
            if used != entry.amount()
                && let Err(error) = with(ledger, move |ledger| ledger.settle(entry, used)).await
            {
                self.note(error.to_string());
            }
        }
        let billed = billed.unwrap_or_default();
        let mut spent = self.spent.borrow_mut();
        spent.usage.prompt_tokens += billed.prompt_tokens;
        spent.usage.cached_tokens += billed.cached_tokens;
        spent.usage.completion_tokens += billed.completion_tokens;
        billed
    }

    fn give_back(&self, reservation: Reservation, billed: Option<&Usage>, attempts: u32) {
        self.purse.borrow_mut().settle(reservation, billed, u64::from(attempts));
        self.under_way.set(self.under_way.get() - 1);
        self.settled.notify_waiters();
    }

    fn failed(&self, error: &ModelError) -> Unanswered {
        if error.ran_out || matches!(error.kind, ModelErrorKind::NoTime) {
            self.note(OUT_OF_TIME.to_owned());
        }
        let remedy = match &error.kind {
            ModelErrorKind::ContentFilter | ModelErrorKind::Refused => Remedy::Fewer,
            ModelErrorKind::BadRequest(rejection) if rejection.about == About::Length => Remedy::Fewer,
            ModelErrorKind::Truncated | ModelErrorKind::Empty => Remedy::MoreRoom,
            _ => Remedy::None,
        };
        if error.is_hopeless() {
            self.given_up.set(Some("the model could not be asked"));
        }
        // What never had its turn has nothing to tell.
        let has_news = !matches!(error.kind, ModelErrorKind::NoTime | ModelErrorKind::Hopeless);
        let note = has_news.then(|| {
            let hint = error.hint().map(|hint| format!(" ({hint})")).unwrap_or_default();
            let request = error.request_id().map(|id| format!(" [request {id}]")).unwrap_or_default();
            format!("{error}{hint}{request}")
        });
        let unwritten = if remedy == Remedy::None {
            Unwritten::passing(error.to_string())
        } else {
            let request_id = error.request_id().map(str::to_owned);
            Unwritten::lasting(error.name(), error.to_string(), request_id)
        };
        Unanswered { unwritten, remedy, note }
    }
}

impl Part {
    /// Returns the parts to ask about instead, if a remedy applies.
    fn remedied(&self, remedy: Remedy) -> Option<Vec<Self>> {
        let count = self.members.len();
        let part = |members: &[usize], doubled| Self {
            members: members.to_vec(),
            round: self.round,
            doubled,
            is_first: false,
        };
        match remedy {
            Remedy::Fewer | Remedy::MoreRoom if count > 1 => {
                let (left, right) = self.members.split_at(count / 2);
                Some(vec![part(left, self.doubled), part(right, self.doubled)])
            }
            Remedy::MoreRoom if self.doubled == 0 => Some(vec![part(&self.members, 1)]),
            _ => None,
        }
    }
}

/// Judges prose. When nobody is asked again, a note or an example that is no use is left away: without them, nothing is
/// missing.
fn checked(
    task: &Task,
    prose: Prose,
    is_last: bool,
    context: &Context<'_>,
) -> Result<(Prose, Edit), Complaint> {
    match written(task, &prose, context) {
        Ok(edit) => Ok((prose, edit)),
        Err(_) if is_last && prose.has_extras() => {
            let prose = prose.without_extras();
            written(task, &prose, context).map(|edit| (prose, edit))
        }
        Err(complaint) => Err(complaint),
    }
}

/// Returns the most that a request may use.
pub(super) fn largest(request: &ModelRequest, model_name: &str) -> Usage {
    Usage {
        prompt_tokens: tokens::count_request(request, capability::capability(model_name).encoding),
        cached_tokens: 0,
        completion_tokens: request.max_completion_tokens,
    }
}

/// What a request has taken from the budgets.
#[derive(Clone, Copy)]
struct Reserved {
    reservation: Reservation,
    entry: Option<ledger::Entry>,
}

/// Works with the budgets on a thread that may wait for the disk or the network, while answers go on arriving here.
async fn with<T: Send + 'static>(
    ledger: &Ledger,
    work: impl FnOnce(&Ledger) -> Result<T, LedgerError> + Send + 'static,
) -> Result<T, LedgerError> {
    let ledger = ledger.clone();
    tokio::task::spawn_blocking(move || work(&ledger)).await.map_err(|_| LedgerError::Interrupted)?
}

fn amount(requests: u64, usage: &Usage, model: &str) -> Amount {
    let tokens = usage.prompt_tokens.saturating_add(usage.completion_tokens);
    Amount { requests, tokens, cost: prices::cost(usage, model) }
}

impl ComplaintKind {
    /// Returns the kind as a word for records.
    fn word(self) -> &'static str {
        match self {
            Self::NotJson => "not-json",
            Self::Schema => "schema",
            Self::Content => "rejected",
        }
    }
}
