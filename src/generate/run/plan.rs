//! What a run would ask, without asking: for an estimate of its price, and for those who want to read what leaves the
//! machine. Corrections, which only an answer can call for, are not in it.

use crate::model::{ModelRequest, Usage, prices};

use super::super::{Context, Task, request};
use super::asking::{largest, with_room};
use super::{Agenda, Answered, Terms, agenda, portraits, retrieval, shown};

/// What a run would do.
#[derive(Debug, Clone, PartialEq)]
pub struct Plan {
    /// Definitions that need prose.
    pub definitions: usize,
    /// Those whose answer is known.
    pub cache_hits: usize,
    /// Those that are not asked about because they failed before.
    pub failed_before: usize,
    /// Those that the budget leaves no room for.
    pub over_budget: usize,
    /// The requests, in the order in which they would be sent.
    pub requests: Vec<Planned>,
    /// Whether their examples were chosen by words because nobody is asked for vectors, and no index.
    pub words_instead: bool,
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
pub fn plan(terms: &Terms<'_>, tasks: &[Task], context: &Context<'_>) -> Plan {
    let Agenda { answers, groups, mut purse, .. } = agenda(terms, tasks, context);
    let count = |is_meant: fn(&Answered) -> bool| answers.iter().flatten().filter(|it| is_meant(it)).count();
    let mut planned = Plan {
        definitions: tasks.len() - count(|answer| matches!(answer, Answered::NotMeant)),
        cache_hits: count(|answer| matches!(answer, Answered::Written(_))),
        failed_before: count(|answer| matches!(answer, Answered::Failed(_))),
        over_budget: answers.iter().filter(|answer| answer.is_none()).count(),
        requests: Vec::new(),
        words_instead: false,
    };
    let mut examples = vec![Vec::new(); groups.len()];
    if let Some(found) = terms.examples {
        let asked = portraits(tasks, &groups, retrieval::depth_of(found.by));
        let (chosen, words_instead) = retrieval::offline(found, &asked, terms.cache);
        planned.words_instead = words_instead;
        examples = chosen.into_iter().map(shown).collect();
    }
    for (group, examples) in groups.into_iter().zip(examples) {
        let members: Vec<&Task> = group.iter().map(|index| &tasks[*index]).collect();
        let complaints = vec![None; members.len()];
        let (request, redacted) = request(&members, &complaints, terms.voice, &examples);
        let request = with_room(request, terms, 0);
        let largest = largest(&request, terms.model_name);
        if purse.reserve(&largest, terms.model_name).is_none() {
            continue;
        }
        planned.over_budget -= members.len();
        let definitions = members.iter().map(|task| task.id()).collect();
        planned.requests.push(Planned { definitions, request, largest, redacted });
    }
    planned
}
