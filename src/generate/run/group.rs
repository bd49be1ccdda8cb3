//! Which definitions share a request, and how large it may be.

use std::collections::HashMap;

use crate::change::RepoPath;
use crate::model::capability::Parameters;
use crate::model::{ModelRequest, tokens};

use super::super::doubt::{self, Suspect};
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
    let size = |index: usize| {
        let answer = longest_answer(&tasks[index]);
        (size(&tasks[index], terms).saturating_add(answer), answer)
    };
    let most = (largest(terms).saturating_sub(frame(terms)) / 4 * 3, longest_of_model(terms));
    together(&open, |index| &tasks[index].path, size, most)
}

/// Puts neighbours of one file together; a size has the tokens of question and answer, and those of the answer alone.
fn together<'p>(
    open: &[usize],
    path: impl Fn(usize) -> &'p RepoPath,
    size: impl Fn(usize) -> (u64, u64),
    most: (u64, u64),
) -> Vec<Vec<usize>> {
    let mut groups: Vec<Vec<usize>> = Vec::new();
    let mut taken = (0, 0);
    for index in open {
        let size = size(*index);
        let with = (taken.0 + size.0, taken.1 + size.1);
        match groups.last_mut() {
            Some(group)
                if group.last().is_some_and(|last| path(*last) == path(*index))
                    && with.0 <= most.0
                    && with.1 <= most.1 =>
            {
                group.push(*index);
                taken = with;
            }
            _ => {
                groups.push(vec![*index]);
                taken = size;
            }
        }
    }
    groups
}

/// Puts together the docstrings of one file that are compared with their code.
pub(super) fn compared(suspects: &[Suspect], open: &[usize], terms: &Terms<'_>) -> Vec<Vec<usize>> {
    let answer = doubt::longest_answers(1);
    let size = |index: usize| {
        let suspect = &suspects[index];
        let code = outline(&suspect.file, suspect.definition());
        let tokens = counted(&[&code, suspect.docstring()], terms);
        (tokens.saturating_add(answer), answer)
    };
    together(open, |index| &suspects[index].path, size, (largest(terms) / 4 * 3, longest_of_model(terms)))
}

/// Returns the tokens that a definition takes in a question.
fn size(task: &Task, terms: &Terms<'_>) -> u64 {
    let code = outline(&task.file, task.definition());
    let kept = task.revision.as_ref().map_or("", |revision| revision.text());
    let names = task.slots.parameters.iter().chain(&task.slots.raises);
    let names: u64 = names.map(|name| quoted(name, terms) + 1).sum();
    counted(&[&code, kept], terms).saturating_add(names)
}

/// Counts texts as they are sent, with what is said about a definition beside them; those of one that fills a request alone are
/// not counted out.
fn counted(texts: &[&str], terms: &Terms<'_>) -> u64 {
    /// What is said about a definition beside its code, and the quotes and breaks of that.
    const BESIDE: u64 = 60;
    let far_too_long =
        usize::try_from(terms.request_tokens).unwrap_or(usize::MAX).saturating_mul(LONGEST_TOKEN);
    if texts.iter().map(|text| text.len()).sum::<usize>() > far_too_long {
        return terms.request_tokens;
    }
    texts.iter().map(|text| quoted(text, terms)).sum::<u64>() + BESIDE
}

/// Returns the tokens of a text as it stands in JSON.
fn quoted(text: &str, terms: &Terms<'_>) -> u64 {
    terms.model.capability.tokenizer.count(&serde_json::to_string(text).unwrap_or_default())
}

/// Returns the tokens of a request about nothing.
fn frame(terms: &Terms<'_>) -> u64 {
    let count = |text: &str| terms.model.capability.tokenizer.count(text);
    let nothing = Question { tasks: &[], complaints: &[], around: &[], examples: &[] };
    let room = Room { tokens: u64::MAX, count: &count };
    request(&nothing, terms.voice, &room).map_or(0, |asked| tokens::count_with(&asked.request, &count))
}

/// Makes the request for a group, within its room and that of the model.
pub(super) fn asked(question: &Question<'_>, terms: &Terms<'_>, doubled: u32) -> Result<Asked, TooLarge> {
    let answer = longest_answers(question.tasks);
    in_room(answer, terms, doubled, |room| request(question, terms.voice, room))
}

/// Makes the requests about docstrings that may have fallen behind: one, or for as many neighbours each as fit.
pub(super) fn asked_again(suspects: &[&Suspect], terms: &Terms<'_>) -> Vec<(usize, Result<Asked, TooLarge>)> {
    let answer = doubt::longest_answers(suspects.len());
    match in_room(answer, terms, 0, |room| doubt::request(suspects, room)) {
        Err(_) if suspects.len() > 1 => {
            let (left, right) = suspects.split_at(suspects.len() / 2);
            let mut parts = asked_again(left, terms);
            parts.extend(asked_again(right, terms));
            parts
        }
        asked => vec![(suspects.len(), asked)],
    }
}

fn in_room(
    answer: u64,
    terms: &Terms<'_>,
    doubled: u32,
    request: impl FnOnce(&Room<'_>) -> Result<Asked, TooLarge>,
) -> Result<Asked, TooLarge> {
    // However much there is to say about a definition, half of the request is for the question.
    let of_request = terms.request_tokens.saturating_sub(answer).max(terms.request_tokens / 2);
    let capability = &terms.model.capability;
    let of_window = capability.context_window.saturating_sub(room_of_answer(answer, terms, doubled));
    let count = |text: &str| capability.tokenizer.count(text);
    let asked = request(&Room { tokens: of_request.min(of_window), count: &count })?;
    let length = room_of_answer(asked.request.max_completion_tokens, terms, doubled);
    Ok(Asked { request: ModelRequest { max_completion_tokens: length, ..asked.request }, ..asked })
}

/// Returns the tokens of question and answer together that a request may have in the window of the model.
fn largest(terms: &Terms<'_>) -> u64 {
    terms.request_tokens.min(terms.model.capability.context_window.saturating_sub(reasoning(terms)))
}

fn reasoning(terms: &Terms<'_>) -> u64 {
    if terms.model.capability.parameters == Parameters::Sampling { 0 } else { REASONING }
}

fn room_of_answer(answer: u64, terms: &Terms<'_>, doubled: u32) -> u64 {
    let answer = answer + reasoning(terms);
    answer.saturating_mul(1 << doubled.min(8)).min(longest_of_model(terms))
}

fn longest_of_model(terms: &Terms<'_>) -> u64 {
    terms.longest_answer.unwrap_or(u64::MAX).min(terms.model.capability.output_limit)
}
