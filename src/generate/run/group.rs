//! Which definitions share a request, and how large it may be.

use std::collections::HashMap;

use crate::change::RepoPath;
use crate::model::{ModelRequest, capability, tokens};

use super::super::outline::outline;
use super::super::prompt::{longest_answer, longest_answers};
use super::super::{Asked, Question, Room, Task, TooLarge, request};
use super::Terms;

/// The hidden reasoning of a model counts as completion; without room for it the answer is cut off.
const REASONING: u64 = 4_000;
/// A token has hardly ever more bytes of code than this.
const LONGEST_TOKEN: usize = 16;

/// Tasks of one file share their context, so they share a request, up to three quarters of its tokens: the rest is for what
/// stands around them. Files come in the order of their first tasks.
pub(super) fn groups(tasks: &[Task], open: &[usize], terms: &Terms<'_>) -> Vec<Vec<usize>> {
    let mut ranks: HashMap<&RepoPath, usize> = HashMap::new();
    for index in open {
        let rank = ranks.len();
        ranks.entry(&tasks[*index].path).or_insert(rank);
    }
    let mut open = open.to_vec();
    open.sort_by_key(|index| ranks.get(&tasks[*index].path));
    if open.is_empty() {
        return Vec::new();
    }
    let for_definitions = terms.request_tokens.saturating_sub(frame(terms)) / 4 * 3;
    let for_answers = longest_of_model(terms);
    let mut groups: Vec<Vec<usize>> = Vec::new();
    let (mut taken, mut answers) = (0, 0);
    for index in &open {
        let task = &tasks[*index];
        let answer = longest_answer(task);
        let size = size(task, terms).saturating_add(answer);
        let joins = groups.last().is_some_and(|group| {
            let same_file = group.last().is_some_and(|last| tasks[*last].path == task.path);
            same_file && taken + size <= for_definitions && answers + answer <= for_answers
        });
        match groups.last_mut() {
            Some(group) if joins => {
                group.push(*index);
                (taken, answers) = (taken + size, answers + answer);
            }
            _ => {
                groups.push(vec![*index]);
                (taken, answers) = (size, answer);
            }
        }
    }
    groups
}

/// Returns the tokens that a definition takes in a question; those of one that fills a request alone are not counted out.
fn size(task: &Task, terms: &Terms<'_>) -> u64 {
    /// What is said about a definition beside its code, and the quotes and breaks of that.
    const BESIDE: u64 = 60;
    let code = outline(&task.file, task.definition());
    let kept = task.revision.as_ref().map_or("", |revision| revision.text());
    let far_too_long =
        usize::try_from(terms.request_tokens).unwrap_or(usize::MAX).saturating_mul(LONGEST_TOKEN);
    if code.len() + kept.len() > far_too_long {
        return terms.request_tokens;
    }
    let count = |text: &str| encoding(terms).count(&serde_json::to_string(text).unwrap_or_default());
    let names: u64 = task.slots.parameters.iter().chain(&task.slots.raises).map(|name| count(name) + 1).sum();
    count(&code) + count(kept) + names + BESIDE
}

/// Returns the tokens of a request about nothing.
fn frame(terms: &Terms<'_>) -> u64 {
    let count = |text: &str| encoding(terms).count(text);
    let nothing = Question { tasks: &[], complaints: &[], around: &[] };
    let room = Room { tokens: u64::MAX, count: &count };
    request(&nothing, terms.voice, &room).map_or(0, |asked| tokens::count_with(&asked.request, &count))
}

/// Makes the request for a group, within its room and that of the model.
pub(super) fn asked(question: &Question<'_>, terms: &Terms<'_>, doubled: u32) -> Result<Asked, TooLarge> {
    let answer = longest_answers(question.tasks);
    // However much there is to say about a definition, half of the request is for the question.
    let of_request = terms.request_tokens.saturating_sub(answer).max(terms.request_tokens / 2);
    let capability = capability::capability(terms.model_name);
    let of_window = capability.context_window.saturating_sub(room_of_answer(answer, terms, doubled));
    let count = |text: &str| capability.encoding.count(text);
    let asked = request(question, terms.voice, &Room { tokens: of_request.min(of_window), count: &count })?;
    let length = room_of_answer(asked.request.max_completion_tokens, terms, doubled);
    Ok(Asked { request: ModelRequest { max_completion_tokens: length, ..asked.request }, ..asked })
}

fn room_of_answer(answer: u64, terms: &Terms<'_>, doubled: u32) -> u64 {
    let is_reasoning =
        capability::capability(terms.model_name).parameters != capability::Parameters::Sampling;
    let answer = answer + if is_reasoning { REASONING } else { 0 };
    answer.saturating_mul(1 << doubled.min(8)).min(longest_of_model(terms))
}

fn longest_of_model(terms: &Terms<'_>) -> u64 {
    terms.longest_answer.unwrap_or(u64::MAX).min(capability::capability(terms.model_name).output_limit)
}

fn encoding(terms: &Terms<'_>) -> tokens::Encoding {
    capability::capability(terms.model_name).encoding
}
