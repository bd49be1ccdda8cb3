//! Sending one group of tasks: within the budgets, with corrections, and in smaller parts when it must be.

use std::collections::VecDeque;

use crate::cache::{Entry, Key};
use crate::clock;
use crate::edit::Edit;
use crate::metrics::Call;
use crate::model::{
    About, LanguageModel, ModelError, ModelErrorKind, ModelReply, ModelRequest, Profile, Usage, tokens,
};

use super::super::doubt::{self, Suspect, Verdict};
use super::super::examples::Example;
use super::super::prose::Prose;
use super::super::{Asked, Block, Complaint, ComplaintKind, Context, Question, Task, read};
use super::account::{Account, OUT_OF_TIME, add};
use super::group::{asked, asked_again};
use super::{Answered, Failure, Session, Terms, written};

/// How often a definition is asked about again with what was wrong.
const CORRECTIONS: u64 = 2;

/// What asks about the groups of one run.
pub(super) struct Asking<'a, M> {
    pub(super) session: &'a Session<'a, M>,
    pub(super) account: &'a Account<'a>,
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
    /// Asking in parts, each of which fits; nobody was asked yet.
    Parts,
    /// Asking about fewer definitions at a time, so that one does not take the others with it.
    Fewer,
    /// Fewer definitions, or more room for the answer.
    MoreRoom,
}

impl<M: LanguageModel> Asking<'_, M> {
    /// Returns how many requests may be under way.
    pub(super) fn concurrency(&self) -> usize {
        self.session.model.concurrency()
    }

    pub(super) fn terms(&self) -> &Terms<'_> {
        &self.session.terms
    }

    /// Keeps answers at once: what was paid for must not be lost with what comes after it.
    pub(super) fn keep(&self, fresh: &[(Key, Entry)]) {
        if let Some(cache) = self.session.terms.cache.filter(|_| !fresh.is_empty()) {
            cache.put_many(fresh);
        }
    }

    /// Asks about the tasks of a group, with what stands around each and the examples for all; one result for each, in
    /// their order.
    pub(super) async fn group(
        &self,
        (tasks, around): (&[&Task], &[&[Block]]),
        examples: &[Example],
        context: &Context<'_>,
    ) -> Vec<GroupResult> {
        let mut results: Vec<Option<GroupResult>> = vec![None; tasks.len()];
        let mut complaints: Vec<Option<Complaint>> = vec![None; tasks.len()];
        // What can be written without its note or example, when nobody is asked for another one: nothing is missing then.
        let mut bare: Vec<Option<(Prose, Edit)>> = vec![None; tasks.len()];
        let all = Part { members: (0..tasks.len()).collect(), round: 0, doubled: 0, is_first: true };
        let mut parts = VecDeque::from([all]);
        let language = self.session.terms.voice.language;
        while let Some(part) = parts.pop_front() {
            let asked: Vec<&Task> = part.members.iter().map(|index| tasks[*index]).collect();
            let said: Vec<Option<&Complaint>> =
                part.members.iter().map(|index| complaints[*index].as_ref()).collect();
            let beside: Vec<&[Block]> = part.members.iter().map(|index| around[*index]).collect();
            let question = Question { tasks: &asked, complaints: &said, around: &beside, examples };
            let (reply, mut call) = match self.send(&question, &part).await {
                Ok(answered) => answered,
                Err(unanswered) => {
                    if let Some(smaller) = part.remedied(unanswered.remedy) {
                        parts.extend(smaller);
                        continue;
                    }
                    if let Some(note) = unanswered.note {
                        self.account.note(note);
                    }
                    for index in part.members {
                        if let Some(done) = bare[index].take() {
                            results[index] = Some(Ok(done));
                            continue;
                        }
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
            for (index, prose) in part.members.into_iter().zip(read(&reply.text, &asked, language)) {
                let is_last = part.round == CORRECTIONS;
                let extras = prose.as_ref().ok().filter(|prose| prose.has_extras()).cloned();
                match prose.and_then(|prose| finished(tasks[index], prose, context)) {
                    Ok(done) => results[index] = Some(Ok(done)),
                    Err(complaint) => {
                        if let Some(prose) = extras {
                            bare[index] = finished(tasks[index], prose.without_extras(), context).ok();
                            if is_last && let Some(done) = bare[index].take() {
                                results[index] = Some(Ok(done));
                                continue;
                            }
                        }
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
            self.account.record(call);
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
            remedy: Remedy::Parts,
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
        let (mut all, mut rest) = (Vec::with_capacity(suspects.len()), suspects);
        for (count, asked) in asked_again(suspects, &self.session.terms) {
            let (part, behind) = rest.split_at(count);
            rest = behind;
            match asked {
                Ok(asked) => all.extend(self.verdicts(asked, part).await),
                Err(too_large) => {
                    self.account.note(too_large.to_string());
                    all.extend(part.iter().map(|_| None));
                }
            }
        }
        all
    }

    /// Asks in one request; nothing for each where there is no answer.
    async fn verdicts(&self, asked: Asked, suspects: &[&Suspect]) -> Vec<Option<Verdict>> {
        match self.put(asked, suspects.len(), 0).await {
            Ok((reply, mut call)) => {
                let verdicts = doubt::read(&reply.text, suspects);
                if let Some(complaint) = verdicts.iter().find_map(|verdict| verdict.as_ref().err()) {
                    complaint.kind.word().clone_into(&mut call.outcome);
                }
                self.account.record(call);
                verdicts.into_iter().map(Result::ok).collect()
            }
            Err(unanswered) => {
                if let Some(note) = unanswered.note {
                    self.account.note(note);
                }
                vec![None; suspects.len()]
            }
        }
    }

    /// Takes so many definitions from what may be asked about, or as many as are left.
    pub(super) fn admitted(&self, count: usize) -> usize {
        self.account.admitted(count)
    }

    /// Puts one question within the budgets.
    async fn put(
        &self,
        asked: Asked,
        definitions: usize,
        round: u64,
    ) -> Result<(ModelReply, Call), Unanswered> {
        let hopeless = |unwritten| Unanswered { unwritten, remedy: Remedy::None, note: None };
        if let Some(reason) = self.account.given_up.get() {
            return Err(hopeless(Unwritten::passing(reason.to_owned())));
        }
        let Asked { request, redacted } = asked;
        let model = self.session.terms.model;
        let model_name = model.name.as_str();
        let largest = largest(&request, model);
        let wanted = (self.session.model.most_attempts(), self.account.deadline);
        let reserved = self.account.reserve(&largest, model_name, wanted).await;
        let reserved = reserved.map_err(|answered| hopeless(Unwritten { answered, lasting: None }))?;
        let request =
            ModelRequest { deadline: self.account.deadline, attempts: reserved.attempts(), ..request };
        self.account.spent.borrow_mut().redacted += redacted;
        tracing::debug!(definitions, prompt_tokens = largest.prompt_tokens, "asking the model");
        let began = clock::monotonic();
        let result = self.session.model.complete(&request).await;
        let told = result.as_ref().map(|reply| (reply.usage, reply.attempts, reply.request_id.as_deref()));
        let (billed, call) = self.account.close(reserved, (model_name, began), told).await;
        add(&mut self.account.spent.borrow_mut().usage, &billed);
        let call = Call { definitions: definitions as u64, round, ..call };
        match result {
            Ok(reply) => Ok((reply, call)),
            Err(error) => {
                // What was never sent is no call.
                if call.attempts > 0 {
                    self.account.record(call);
                }
                Err(self.failed(&error))
            }
        }
    }

    fn failed(&self, error: &ModelError) -> Unanswered {
        if error.ran_out || matches!(error.kind, ModelErrorKind::NoTime) {
            self.account.note(OUT_OF_TIME.to_owned());
        }
        let remedy = match &error.kind {
            ModelErrorKind::ContentFilter | ModelErrorKind::Refused => Remedy::Fewer,
            ModelErrorKind::BadRequest(rejection) if rejection.about == About::Length => Remedy::Fewer,
            ModelErrorKind::Truncated | ModelErrorKind::Empty => Remedy::MoreRoom,
            _ => Remedy::None,
        };
        if error.is_hopeless() {
            self.account.given_up.set(Some("the model could not be asked"));
        }
        // What never had its turn has nothing to tell.
        let has_news = !matches!(error.kind, ModelErrorKind::NoTime | ModelErrorKind::Hopeless);
        let note = has_news.then(|| {
            let hint = error.hint().map(|hint| format!(" ({hint})")).unwrap_or_default();
            let request = error.request_id().map(|id| format!(" [request {id}]")).unwrap_or_default();
            let cause = error.cause().map(|cause| format!(": {cause}")).unwrap_or_default();
            format!("{error}{cause}{hint}{request}")
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
            is_first: self.is_first && remedy == Remedy::Parts,
        };
        match remedy {
            Remedy::Parts | Remedy::Fewer | Remedy::MoreRoom if count > 1 => {
                let (left, right) = self.members.split_at(count / 2);
                Some(vec![part(left, self.doubled), part(right, self.doubled)])
            }
            Remedy::MoreRoom if self.doubled == 0 => Some(vec![part(&self.members, 1)]),
            _ => None,
        }
    }
}

/// Returns the most that a request may use.
pub(super) fn largest(request: &ModelRequest, model: &Profile) -> Usage {
    Usage {
        prompt_tokens: tokens::count_request(request, &model.capability),
        cached_tokens: 0,
        completion_tokens: request.max_completion_tokens,
    }
}

/// Makes the edit of prose, and judges it.
fn finished(task: &Task, prose: Prose, context: &Context<'_>) -> Result<(Prose, Edit), Complaint> {
    let edit = written(task, &prose, context)?;
    Ok((prose, edit))
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
