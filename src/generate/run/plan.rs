//! What a run would ask, without asking: for an estimate of its price, and for those who want to read what leaves the
//! machine. Corrections, which only an answer can call for, are not in it.

use std::collections::VecDeque;

use crate::model::{ModelRequest, Profile, Usage};

use super::super::budget::Purse;
use super::super::doubt::Suspect;
use super::super::{Asked, Context, Question, Task};
use super::asking::largest;
use super::doubts::Doubtful;
use super::group::{asked, asked_again};
use super::{Agenda, Answered, Terms, agenda, around_each, portraits, retrieval, shown};

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
    /// Those that fit into no request.
    pub too_large: usize,
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
    pub fn cost(&self, model: &Profile) -> Option<f64> {
        model.prices.cost(&self.largest(), &model.name)
    }
}

/// Makes the plan. A request that does not fit into the budget any more is left out; a smaller one behind it may fit, as in
/// the run.
#[must_use]
pub fn plan(terms: &Terms<'_>, (tasks, suspects): (&[Task], &[Suspect]), context: &Context<'_>) -> Plan {
    let Agenda { answers, groups, around, mut purse, .. } = agenda(terms, tasks, context);
    let count = |is_meant: fn(&Answered) -> bool| answers.iter().flatten().filter(|it| is_meant(it)).count();
    let mut planned = Plan {
        definitions: tasks.len() - count(|answer| matches!(answer, Answered::NotMeant)),
        cache_hits: count(|answer| matches!(answer, Answered::Written(_))),
        failed_before: count(|answer| matches!(answer, Answered::Failed(_))),
        over_budget: answers.iter().filter(|answer| answer.is_none()).count(),
        compared: 0,
        too_large: 0,
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
    let mut groups: VecDeque<_> = groups.into_iter().zip(examples).collect();
    while let Some((group, examples)) = groups.pop_front() {
        let members: Vec<&Task> = group.iter().map(|index| &tasks[*index]).collect();
        let around = around_each(&group, &around);
        let question = Question { tasks: &members, complaints: &[], around: &around, examples: &examples };
        let Ok(asked) = asked(&question, terms, 0) else {
            match group.split_at(group.len() / 2) {
                ([], alone) => {
                    planned.over_budget -= alone.len();
                    planned.too_large += alone.len();
                }
                (left, right) => {
                    groups.extend([(left.to_vec(), examples.clone()), (right.to_vec(), examples)]);
                }
            }
            continue;
        };
        let definitions = members.iter().map(|task| task.id()).collect();
        if let Some(request) = within(&mut purse, terms, definitions, asked) {
            planned.over_budget -= members.len();
            planned.requests.push(request);
        }
    }
    let doubtful = Doubtful::of(terms, suspects);
    planned.compared = suspects.len();
    let known = doubtful.verdicts.iter().flatten().count();
    let groups = doubtful.groups(suspects, terms, |count| purse.admitted(count));
    planned.cache_hits += known;
    planned.over_budget += suspects.len() - known - groups.iter().map(Vec::len).sum::<usize>();
    for group in groups {
        let members: Vec<&Suspect> = group.iter().map(|index| &suspects[*index]).collect();
        let mut rest = members.iter();
        for (count, asked) in asked_again(&members, terms) {
            let definitions = rest.by_ref().take(count).map(|suspect| suspect.id()).collect();
            match asked.map(|asked| within(&mut purse, terms, definitions, asked)) {
                Ok(Some(request)) => planned.requests.push(request),
                Ok(None) => planned.over_budget += count,
                Err(_) => planned.too_large += count,
            }
        }
    }
    planned
}

/// Takes a question out of the purse, if there is enough in it.
fn within(
    purse: &mut Purse,
    terms: &Terms<'_>,
    definitions: Vec<String>,
    Asked { request, redacted }: Asked,
) -> Option<Planned> {
    let largest = largest(&request, terms.model);
    purse.reserve(&largest, &terms.model.name, 1)?;
    Some(Planned { definitions, request, largest, redacted })
}
