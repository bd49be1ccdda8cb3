//! What a run would ask, without asking: for an estimate of its price, and for those who want to read what leaves the
//! machine. Corrections, which only an answer can call for, are not in it.

use crate::model::{ModelRequest, Usage, prices};

use super::super::budget::Purse;
use super::super::doubt::{self, Suspect};
use super::super::{Context, Task, request};
use super::asking::{largest, with_room};
use super::doubts::Doubtful;
use super::{Agenda, Answered, Terms, agenda};

/// What a run would do.
#[derive(Debug, Clone, PartialEq)]
pub struct Plan {
    /// Definitions that need prose.
    pub definitions: usize,
    /// Definitions whose docstring is compared with its code.
    pub compared: usize,
    /// Those whose answer is known.
    pub cache_hits: usize,
    /// Those that are not asked about because they failed before.
    pub failed_before: usize,
    /// Those that the budget leaves no room for.
    pub over_budget: usize,
    /// The requests, in the order in which they would be sent.
    pub requests: Vec<Planned>,
}

/// One request that would be sent.
#[derive(Debug, Clone, PartialEq)]
pub struct Planned {
    /// The definitions that it asks about, as `path::qualified.name`.
    pub definitions: Vec<String>,
    /// The question.
    pub request: ModelRequest,
    /// What it may use at most.
    pub largest: Usage,
    /// Secrets that are replaced in it.
    pub redacted: usize,
}

impl Plan {
    /// Returns what all requests may use at most.
    #[must_use]
    pub fn largest(&self) -> Usage {
        let mut all = Usage::default();
        for planned in &self.requests {
            all.prompt_tokens += planned.largest.prompt_tokens;
            all.completion_tokens += planned.largest.completion_tokens;
        }
        all
    }

    /// Returns what that costs in US dollars, or nothing when the price of the model is not known.
    #[must_use]
    pub fn cost(&self, model_name: &str) -> Option<f64> {
        prices::cost(&self.largest(), model_name)
    }
}

/// Makes the plan. A request that does not fit into the budget any more is left out; a smaller one behind it may fit, as in
/// the run.
#[must_use]
pub fn plan(terms: &Terms<'_>, (tasks, suspects): (&[Task], &[Suspect]), context: &Context<'_>) -> Plan {
    let Agenda { answers, groups, mut purse, .. } = agenda(terms, tasks, context);
    let count = |is_meant: fn(&Answered) -> bool| answers.iter().flatten().filter(|it| is_meant(it)).count();
    let mut planned = Plan {
        definitions: tasks.len() - count(|answer| matches!(answer, Answered::NotMeant)),
        cache_hits: count(|answer| matches!(answer, Answered::Written(_))),
        failed_before: count(|answer| matches!(answer, Answered::Failed(_))),
        over_budget: answers.iter().filter(|answer| answer.is_none()).count(),
        compared: 0,
        requests: Vec::new(),
    };
    for group in groups {
        let members: Vec<&Task> = group.iter().map(|index| &tasks[*index]).collect();
        let complaints = vec![None; members.len()];
        let (request, redacted) = request(&members, &complaints, terms.voice);
        let definitions = members.iter().map(|task| task.id()).collect();
        if let Some(request) = within(&mut purse, terms, definitions, (request, redacted)) {
            planned.over_budget -= members.len();
            planned.requests.push(request);
        }
    }
    let doubtful = Doubtful::of(terms, suspects);
    planned.compared = suspects.len();
    let known = doubtful.verdicts.iter().flatten().count();
    let groups = doubtful.admitted(suspects, |count| purse.admitted(count));
    planned.cache_hits += known;
    planned.over_budget += suspects.len() - known - groups.iter().map(Vec::len).sum::<usize>();
    for group in groups {
        let members: Vec<&Suspect> = group.iter().map(|index| &suspects[*index]).collect();
        let definitions = members.iter().map(|suspect| suspect.id()).collect();
        match within(&mut purse, terms, definitions, doubt::request(&members)) {
            Some(request) => planned.requests.push(request),
            None => planned.over_budget += members.len(),
        }
    }
    planned
}

/// Takes a question out of the purse, if there is enough in it.
fn within(
    purse: &mut Purse,
    terms: &Terms<'_>,
    definitions: Vec<String>,
    (request, redacted): (ModelRequest, usize),
) -> Option<Planned> {
    let request = with_room(request, terms, 0);
    let largest = largest(&request, terms.model_name);
    purse.reserve(&largest)?;
    Some(Planned { definitions, request, largest, redacted })
}
