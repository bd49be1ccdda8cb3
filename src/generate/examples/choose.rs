//! From rankings to the few that are shown.

use std::collections::HashSet;

use super::words::Ranked;
use super::{Candidate, Portrait, Words};

/// The most bytes of examples in one request.
const MOST_BYTES: usize = 8_000;
/// How many are asked whether they are sound for each one that is shown, at most.
const TRIES: usize = 8;

/// Ranks candidates for a definition by words. Those of another kind, itself and its overloads are not among them.
#[must_use]
pub fn nearest(words: &Words, candidates: &[Candidate], asked: &Portrait) -> Vec<Ranked> {
    let mut ranked = words.ranked(&asked.terms);
    ranked.retain(|it| candidates.get(it.place).is_some_and(|candidate| is_eligible(candidate, asked)));
    ranked
}

/// Returns whether a candidate can be an example for a definition.
#[must_use]
pub fn is_eligible(candidate: &Candidate, asked: &Portrait) -> bool {
    candidate.portrait.is_akin(asked) && !candidate.portrait.is(asked)
}

/// Takes the best of several rankings, one for each definition of a request, in falling order of merit and none twice.
///
/// First comes whoever is first for one of them, in their order, then whoever is second, and so on. Definitions that are
/// asked about are left out, as is what `is_sound` refuses; it is asked as late as possible, because to answer a file
/// must be judged. A docstring that stands there already teaches nothing a second time.
#[must_use]
pub fn best(
    rankings: &[Vec<Ranked>],
    candidates: &[Candidate],
    asked: &[&Portrait],
    (count, is_sound): (usize, &dyn Fn(&Candidate) -> bool),
) -> Vec<Ranked> {
    let mut seen = HashSet::new();
    let mut docstrings = HashSet::new();
    let mut chosen = Vec::new();
    let mut bytes = 0;
    let mut tries = TRIES * count;
    let longest = rankings.iter().map(Vec::len).max().unwrap_or(0);
    for rank in 0..longest {
        for ranked in rankings.iter().filter_map(|ranking| ranking.get(rank)) {
            if chosen.len() == count || tries == 0 {
                return chosen;
            }
            let Some(candidate) = candidates.get(ranked.place).filter(|_| seen.insert(ranked.place)) else {
                continue;
            };
            let size = candidate.example.code.len() + candidate.example.docstring.len();
            let is_asked = asked.iter().any(|portrait| candidate.portrait.is(portrait));
            let docstring = candidate.example.docstring.as_str();
            if is_asked || bytes + size > MOST_BYTES || docstrings.contains(docstring) {
                continue;
            }
            tries -= 1;
            if is_sound(candidate) {
                bytes += size;
                docstrings.insert(docstring);
                chosen.push(*ranked);
            }
        }
    }
    chosen
}

#[cfg(test)]
mod tests {
    use super::super::{Depth, Example, portrait};
    use super::*;
    use crate::change::RepoPath;
    use crate::python::parse;

    fn candidates(names: &[&str]) -> Vec<Candidate> {
        let made = |name: &&str| {
            let file = parse(&format!("def {name}(a):\n    return a\n"));
            let path = RepoPath::new("a.py").unwrap();
            let portrait = portrait(&path, &file, &file.definitions[1], Depth::Terms);
            let example = Example {
                kind: "function",
                name: (*name).to_owned(),
                code: format!("def {name}(a):"),
                docstring: format!("Do {}.", name.trim_end_matches('_')),
            };
            Candidate { portrait, example }
        };
        names.iter().map(made).collect()
    }

    fn ranking(places: &[usize]) -> Vec<Ranked> {
        places.iter().map(|place| Ranked { place: *place, score: 1.0 }).collect()
    }

    fn places(ranked: &[Ranked]) -> Vec<usize> {
        ranked.iter().map(|it| it.place).collect()
    }

    #[test]
    fn everybody_s_first_comes_before_anybody_s_second_and_nobody_comes_twice() {
        let all = candidates(&["a", "b", "c", "d"]);
        let rankings = [ranking(&[0, 1, 2]), ranking(&[0, 3]), ranking(&[2])];
        let chosen = best(&rankings, &all, &[], (10, &|_| true));
        assert_eq!(places(&chosen), [0, 2, 1, 3]);
        assert_eq!(places(&best(&rankings, &all, &[], (2, &|_| true))), [0, 2]);
        assert_eq!(places(&best(&rankings, &all, &[], (0, &|_| true))), Vec::<usize>::new());
        assert_eq!(places(&best(&[ranking(&[9])], &all, &[], (2, &|_| true))), Vec::<usize>::new());
    }

    #[test]
    fn what_is_asked_about_or_not_sound_is_no_example() {
        let all = candidates(&["a", "b", "c"]);
        let rankings = [ranking(&[0, 1, 2])];
        let asked = all[0].portrait.clone();
        let is_sound = |candidate: &Candidate| candidate.example.name != "b";
        assert_eq!(places(&best(&rankings, &all, &[&asked], (3, &is_sound))), [2]);
    }

    #[test]
    fn the_same_docstring_is_shown_once() {
        let all = candidates(&["a", "a_", "b"]);
        assert_eq!(places(&best(&[ranking(&[0, 1, 2])], &all, &[], (3, &|_| true))), [0, 2]);
    }

    #[test]
    fn soundness_is_asked_a_few_times_only() {
        let names: Vec<String> = (0..100).map(|number| format!("f{number}")).collect();
        let all = candidates(&names.iter().map(String::as_str).collect::<Vec<_>>());
        let asked = std::cell::Cell::new(0);
        let never = |_: &Candidate| {
            asked.set(asked.get() + 1);
            false
        };
        let everything: Vec<usize> = (0..100).collect();
        assert!(best(&[ranking(&everything)], &all, &[], (2, &never)).is_empty());
        assert_eq!(asked.get(), 2 * TRIES);
    }

    #[test]
    fn a_definition_is_no_example_for_itself() {
        let all = candidates(&["load_rows", "load_columns", "paint"]);
        let words = Words::of(all.iter().map(|it| &it.portrait.terms));
        let ranked = nearest(&words, &all, &all[0].portrait);
        assert_eq!(places(&ranked), [1, 2]);
    }
}
