//! The index of words: which portraits share rare terms (Okapi BM25, Robertson and Zaragoza 2009), offline.

use std::collections::{BTreeMap, HashMap};

/// How soon more of the same term stops to count.
const SATURATION: f64 = 1.2;
/// How much a long definition is held back.
const LENGTH: f64 = 0.5;

/// An inverted index over the terms of definitions. Making it takes time linear in them.
#[derive(Debug, Clone, Default)]
pub struct Words {
    terms: HashMap<String, u32>,
    /// For each term, who has it and with which weight.
    postings: Vec<Vec<(u32, u32)>>,
    /// For each definition the sum of its weights.
    lengths: Vec<f64>,
    average: f64,
}

/// One of those that were indexed, by its place, and how near it is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Ranked {
    /// The place.
    pub place: usize,
    /// How near it is; scores of one ranking can be compared, and no others.
    pub score: f64,
}

impl Words {
    /// Makes the index; places are given in order.
    #[must_use]
    pub fn of<'a>(definitions: impl Iterator<Item = &'a BTreeMap<String, u32>>) -> Self {
        let mut index = Self::default();
        for (terms, place) in definitions.zip(0_u32..) {
            let mut length = 0.0;
            for (term, weight) in terms {
                let next = u32::try_from(index.postings.len()).unwrap_or(u32::MAX);
                let number = *index.terms.entry(term.clone()).or_insert(next);
                if number == next {
                    index.postings.push(Vec::new());
                }
                let postings = usize::try_from(number).ok().and_then(|at| index.postings.get_mut(at));
                if let Some(postings) = postings {
                    postings.push((place, *weight));
                }
                length += f64::from(*weight);
            }
            index.lengths.push(length);
        }
        let count = u32::try_from(index.lengths.len()).unwrap_or(u32::MAX);
        index.average = index.lengths.iter().sum::<f64>() / f64::from(count.max(1));
        index
    }

    /// Ranks those that share a term, the nearest first; of equal ones the first that was indexed.
    #[must_use]
    pub fn ranked(&self, terms: &BTreeMap<String, u32>) -> Vec<Ranked> {
        let mut scores = vec![0.0_f64; self.lengths.len()];
        let count = f64::from(u32::try_from(self.lengths.len()).unwrap_or(u32::MAX));
        for (term, wanted) in terms {
            let Some(postings) =
                self.terms.get(term).and_then(|it| self.postings.get(usize::try_from(*it).ok()?))
            else {
                continue;
            };
            let with_it = f64::from(u32::try_from(postings.len()).unwrap_or(u32::MAX));
            let rarity = (1.0 + (count - with_it + 0.5) / (with_it + 0.5)).ln();
            for (place, weight) in postings {
                let Some(place) = usize::try_from(*place).ok() else { continue };
                let (Some(score), Some(length)) = (scores.get_mut(place), self.lengths.get(place)) else {
                    continue;
                };
                let weight = f64::from(*weight);
                let held_back = SATURATION * (1.0 - LENGTH + LENGTH * length / self.average);
                *score += f64::from(*wanted) * rarity * weight * (SATURATION + 1.0) / (weight + held_back);
            }
        }
        let mut ranked: Vec<Ranked> = scores
            .into_iter()
            .enumerate()
            .filter(|(_, score)| *score > 0.0)
            .map(|(place, score)| Ranked { place, score })
            .collect();
        in_order(&mut ranked);
        ranked
    }
}

/// Sorts the nearest first; ties go to the first place, so that a ranking is the same everywhere.
pub(super) fn in_order(ranked: &mut [Ranked]) {
    ranked.sort_by(|one, other| other.score.total_cmp(&one.score).then(one.place.cmp(&other.place)));
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn terms(text: &str) -> BTreeMap<String, u32> {
        let mut terms = BTreeMap::new();
        for word in text.split_whitespace() {
            *terms.entry(word.to_owned()).or_default() += 1;
        }
        terms
    }

    fn places(texts: &[&str], query: &str) -> Vec<usize> {
        let all: Vec<_> = texts.iter().map(|text| terms(text)).collect();
        Words::of(all.iter()).ranked(&terms(query)).iter().map(|ranked| ranked.place).collect()
    }

    #[test]
    fn rare_words_count_more_than_frequent_ones() {
        let texts = ["get row", "get column", "get zebra", "set row"];
        assert_eq!(places(&texts, "get zebra"), [2, 0, 1]);
        assert_eq!(places(&texts, "unheard"), Vec::<usize>::new());
        assert_eq!(places(&[], "get"), Vec::<usize>::new());
        assert_eq!(places(&["", ""], ""), Vec::<usize>::new());
    }

    #[test]
    fn ties_go_to_the_first_and_length_holds_back() {
        assert_eq!(places(&["a b", "a b", "a b"], "a"), [0, 1, 2]);
        assert_eq!(places(&["a b c d e f g h", "a b"], "a"), [1, 0]);
    }

    proptest! {
        #[test]
        fn a_ranking_is_in_order_and_holds_exactly_those_that_share_a_term(
            texts in prop::collection::vec("[a-d]( [a-d]){0,5}", 0..12), query in "[a-f]( [a-f]){0,3}",
        ) {
            let all: Vec<_> = texts.iter().map(|text| terms(text)).collect();
            let query = terms(&query);
            let ranked = Words::of(all.iter()).ranked(&query);
            prop_assert!(ranked.iter().all(|it| it.score.is_finite()));
            prop_assert!(ranked.windows(2).all(|two| two[0].score >= two[1].score));
            let mut found: Vec<usize> = ranked.iter().map(|it| it.place).collect();
            found.sort_unstable();
            let sharing: Vec<usize> =
                (0..all.len()).filter(|place| query.keys().any(|term| all[*place].contains_key(term))).collect();
            prop_assert_eq!(found, sharing);
        }
    }
}
