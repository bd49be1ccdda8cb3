//! Finding the examples of a run: by words, by the vectors of an embedding deployment, or in an index of Azure AI Allowed.
//!
//! Nothing is read, and nobody asked, before a model will be. A service that fails costs one warning, and words choose in its
//! place. What an index answers is a name, no more: the text that is shown is that of the repository.

use std::collections::{BTreeSet, HashMap};

use futures_util::stream::{self, StreamExt as _, TryStreamExt as _};

use crate::cache::Cache;
use crate::change::RepoPath;
use crate::model::Profile;
use crate::model::embedding::Embedder;
use crate::model::search::{Hit, SearchIndex};

use super::super::examples::{
    Candidate, Depth, Example, Portrait, Ranked, Vector, Words, best, is_eligible, nearest,
};
use super::Spent;
use super::account::Account;
use super::vectors::{Allowed, remembered, vectors};

/// As many candidates are compared by their vectors at most; of more, those that words find.
const COMPARED: usize = 2_000;
/// So many are found by words for each definition then.
const NEAREST: usize = 100;
/// Documents that an index is asked for.
const HITS: usize = 50;
/// Searches that are under way at the same time.
const AT_ONCE: usize = 8;
/// Words of a definition that an index is asked with.
const MOST_WORDS: usize = 60;

/// Where a run finds examples.
#[derive(Clone, Copy)]
pub struct Retrieval<'a> {
    /// Reads candidates.
    pub read: &'a dyn Fn(Wanted<'_>, Depth) -> Vec<Candidate>,
    /// Says whether nothing in a candidate blocks; it is asked about few.
    pub is_sound: &'a dyn Fn(&Candidate) -> bool,
    /// How many are shown with one request.
    pub count: usize,
    /// Who chooses.
    pub by: By<'a>,
}

/// Which candidates are wanted.
#[derive(Debug, Clone, Copy)]
pub enum Wanted<'a> {
    /// Those of the repository; where it is too large to be read, those near these files.
    Near(&'a [RepoPath]),
    /// Those of these files, if they are there and may be shown.
    In(&'a [RepoPath]),
}

/// Who chooses examples.
#[derive(Debug, Clone, Copy)]
pub enum By<'a> {
    /// The words that definitions share.
    Words,
    /// Their vectors.
    Vectors(&'a Embedder),
    /// An index, which is asked with vectors where there are any.
    Index(&'a SearchIndex, Option<&'a Embedder>),
}

/// An example that was chosen.
#[derive(Debug, Clone, PartialEq)]
pub struct Chosen {
    /// The file it is in.
    pub path: RepoPath,
    /// How near it is; scores of one ranking can be compared, and no others.
    pub score: f64,
    /// What is shown of it.
    pub example: Example,
}

/// The candidates of a run, and their index of words.
struct Pool {
    candidates: Vec<Candidate>,
    words: Words,
}

impl Pool {
    fn read(retrieval: &Retrieval<'_>, groups: &[Vec<Portrait>], depth: Depth) -> Self {
        let paths: BTreeSet<&RepoPath> = groups.iter().flatten().map(|portrait| &portrait.path).collect();
        let paths: Vec<RepoPath> = paths.into_iter().cloned().collect();
        let candidates = (retrieval.read)(Wanted::Near(&paths), depth);
        let words = Words::of(candidates.iter().map(|candidate| &candidate.portrait.terms));
        Self { candidates, words }
    }

    fn by_words(&self, retrieval: &Retrieval<'_>, groups: &[Vec<Portrait>]) -> Vec<Vec<Chosen>> {
        let rank = |asked: &Portrait| nearest(&self.words, &self.candidates, asked);
        self.chosen(retrieval, groups, rank)
    }

    fn chosen(
        &self,
        retrieval: &Retrieval<'_>,
        groups: &[Vec<Portrait>],
        rank: impl Fn(&Portrait) -> Vec<Ranked>,
    ) -> Vec<Vec<Chosen>> {
        let mut all = Vec::with_capacity(groups.len());
        for group in groups {
            let rankings: Vec<Vec<Ranked>> = group.iter().map(&rank).collect();
            let asked: Vec<&Portrait> = group.iter().collect();
            let found = best(&rankings, &self.candidates, &asked, (retrieval.count, retrieval.is_sound));
            let shown = found.into_iter().filter_map(|Ranked { place, score }| {
                let Candidate { portrait, example } = self.candidates.get(place)?;
                Some(Chosen { path: portrait.path.clone(), score, example: example.clone() })
            });
            all.push(shown.collect());
        }
        all
    }

    /// Returns the places of those whose vectors are compared.
    fn compared(&self, groups: &[Vec<Portrait>]) -> Vec<usize> {
        if self.candidates.len() <= COMPARED {
            return (0..self.candidates.len()).collect();
        }
        let mut places = BTreeSet::new();
        for asked in groups.iter().flatten() {
            let ranked = nearest(&self.words, &self.candidates, asked);
            places.extend(ranked.into_iter().take(NEAREST).map(|ranked| ranked.place));
        }
        places.into_iter().collect()
    }

    /// Returns the texts whose vectors are compared: those that are asked about, then those of the candidates.
    fn texts(&self, groups: &[Vec<Portrait>], places: &[usize]) -> Vec<String> {
        let asked = groups.iter().flatten().map(|portrait| portrait.text.clone());
        let candidates = places.iter().filter_map(|place| self.candidates.get(*place));
        asked.chain(candidates.map(|candidate| candidate.portrait.text.clone())).collect()
    }

    fn by_vectors(
        &self,
        retrieval: &Retrieval<'_>,
        groups: &[Vec<Portrait>],
        (places, vectors): (&[usize], &HashMap<String, Vector>),
    ) -> Result<Vec<Vec<Chosen>>, String> {
        let lengths: BTreeSet<usize> = self
            .texts(groups, places)
            .iter()
            .filter_map(|text| Some(vectors.get(text)?.numbers().len()))
            .collect();
        if lengths.len() > 1 {
            return Err(
                "vectors that were remembered are of another model; `docgate cache prune --tag kind=vector` \
                        forgets them"
                    .to_owned(),
            );
        }
        Ok(self.chosen(retrieval, groups, |asked| {
            let Some(own) = vectors.get(&asked.text) else { return Vec::new() };
            let eligible = places.iter().filter_map(|place| {
                let candidate =
                    self.candidates.get(*place).filter(|candidate| is_eligible(candidate, asked))?;
                Some((*place, vectors.get(&candidate.portrait.text)?))
            });
            own.ranked(eligible)
        }))
    }
}

/// Chooses the examples for each group of definitions.
pub(super) async fn chosen(
    retrieval: &Retrieval<'_>,
    groups: &[Vec<Portrait>],
    account: &Account<'_>,
    cache: Option<&Cache>,
) -> Vec<Vec<Chosen>> {
    if retrieval.count == 0 || groups.is_empty() {
        return vec![Vec::new(); groups.len()];
    }
    let allowed = Allowed::within_half_of_the_rest(account, cache);
    let reason = match retrieval.by {
        By::Words => None,
        By::Vectors(embedder) => {
            let pool = Pool::read(retrieval, groups, Depth::Text);
            let places = pool.compared(groups);
            let found = vectors(embedder, &pool.texts(groups, &places), &allowed).await;
            let chosen = found.and_then(|found| pool.by_vectors(retrieval, groups, (&places, &found)));
            match chosen {
                Ok(chosen) => return chosen,
                Err(reason) => {
                    account.note(format!("examples were chosen by words: {reason}"));
                    return pool.by_words(retrieval, groups);
                }
            }
        }
        By::Index(index, embedder) => match by_index((index, embedder), retrieval, groups, &allowed).await {
            Ok(chosen) => return chosen,
            Err(reason) => Some(reason),
        },
    };
    if let Some(reason) = reason {
        account.note(format!("examples were chosen by words: {reason}"));
    }
    Pool::read(retrieval, groups, Depth::Terms).by_words(retrieval, groups)
}

/// Chooses the examples without asking anybody, and says whether words did it in the place of a service. Vectors count
/// when all that are needed are remembered.
pub(super) fn offline(
    retrieval: &Retrieval<'_>,
    groups: &[Vec<Portrait>],
    cache: Option<&Cache>,
) -> (Vec<Vec<Chosen>>, bool) {
    if retrieval.count == 0 || groups.is_empty() {
        return (vec![Vec::new(); groups.len()], false);
    }
    let depth = depth_of(retrieval.by);
    let pool = Pool::read(retrieval, groups, depth);
    if let By::Vectors(embedder) = retrieval.by {
        let places = pool.compared(groups);
        let (found, missing) = remembered(&pool.texts(groups, &places), embedder, cache);
        if missing.is_empty()
            && let Ok(chosen) = pool.by_vectors(retrieval, groups, (&places, &found))
        {
            return (chosen, false);
        }
    }
    (pool.by_words(retrieval, groups), !matches!(retrieval.by, By::Words))
}

/// Returns how much of a definition must be taken down.
#[must_use]
pub fn depth_of(by: By<'_>) -> Depth {
    match by {
        By::Words | By::Index(_, None) => Depth::Terms,
        By::Vectors(_) | By::Index(_, Some(_)) => Depth::Text,
    }
}

/// Asks an index about each definition, and looks up what it names.
async fn by_index(
    (index, embedder): (&SearchIndex, Option<&Embedder>),
    retrieval: &Retrieval<'_>,
    groups: &[Vec<Portrait>],
    allowed: &Allowed<'_>,
) -> Result<Vec<Vec<Chosen>>, String> {
    let mut own = HashMap::new();
    if let Some(embedder) = embedder {
        let texts: Vec<String> = groups.iter().flatten().map(|portrait| portrait.text.clone()).collect();
        match vectors(embedder, &texts, &allowed.within_half()).await {
            Ok(found) => own = found,
            // The index still has its words.
            Err(reason) => {
                allowed.account.note(format!("the search index is asked without vectors: {reason}"));
            }
        }
    }
    let own = &own;
    let asked = stream::iter(groups.iter().flatten()).map(|asked| async move {
        let vector = own.get(&asked.text).map(Vector::numbers);
        let found = index.search(&query(asked), vector, (HITS, allowed.deadline)).await;
        found.map_err(|error| {
            let hint = error.request_id().map(|id| format!(" [request {id}]")).unwrap_or_default();
            format!("{}{hint}", error.at("the search service"))
        })
    });
    let hits: Vec<Vec<Hit>> = asked.buffered(AT_ONCE).try_collect().await?;
    let paths: BTreeSet<RepoPath> =
        hits.iter().flatten().filter_map(|hit| RepoPath::new(&hit.path)).collect();
    let paths: Vec<RepoPath> = paths.into_iter().collect();
    let candidates = (retrieval.read)(Wanted::In(&paths), Depth::Terms);
    let places: HashMap<(&str, &str), usize> = candidates
        .iter()
        .enumerate()
        .map(|(place, it)| ((it.portrait.path.as_str(), it.portrait.name.as_str()), place))
        .collect();
    let mut rankings: HashMap<(&RepoPath, &str), Vec<Ranked>> = HashMap::new();
    for (asked, hits) in groups.iter().flatten().zip(&hits) {
        let known = hits.iter().filter_map(|hit| places.get(&(hit.path.as_str(), hit.name.as_str())));
        let eligible = known
            .filter(|place| candidates.get(**place).is_some_and(|candidate| is_eligible(candidate, asked)));
        let ranked =
            eligible.zip(1_u32..).map(|(place, rank)| Ranked { place: *place, score: 1.0 / f64::from(rank) });
        rankings.insert((&asked.path, &asked.name), ranked.collect());
    }
    if rankings.values().all(Vec::is_empty) {
        return Err("the search index names nothing of this repository; `docgate examples upload` fills it"
            .to_owned());
    }
    let rank =
        |asked: &Portrait| rankings.get(&(&asked.path, asked.name.as_str())).cloned().unwrap_or_default();
    let pool = Pool { words: Words::default(), candidates };
    Ok(pool.chosen(retrieval, groups, rank))
}

/// Returns what an index is asked: words, and nothing that it takes for an operator.
fn query(asked: &Portrait) -> String {
    let is_word = |term: &&String| term.chars().all(char::is_alphanumeric);
    let mut words: Vec<(u32, &String)> =
        asked.terms.iter().filter(|(term, _)| is_word(term)).map(|(term, weight)| (*weight, term)).collect();
    words.sort_by(|one, other| other.0.cmp(&one.0).then(one.1.cmp(other.1)));
    let words: Vec<&str> = words.into_iter().take(MOST_WORDS).map(|(_, term)| term.as_str()).collect();
    words.join(" ")
}

/// Adds what vectors and prose cost; nothing where a price is not known.
pub(super) fn cost(spent: &Spent, model: &Profile, embedder: Option<&Embedder>) -> Option<f64> {
    let prose = model.prices.cost(&spent.usage, &model.name)?;
    match embedder {
        Some(embedder) if spent.embedding.prompt_tokens > 0 => {
            Some(prose + model.prices.cost(&spent.embedding, embedder.model())?)
        }
        _ => Some(prose),
    }
}

impl<'a> By<'a> {
    /// Returns who makes vectors, if anybody does.
    pub(super) fn embedder(self) -> Option<&'a Embedder> {
        match self {
            Self::Words | Self::Index(_, None) => None,
            Self::Vectors(embedder) | Self::Index(_, Some(embedder)) => Some(embedder),
        }
    }
}
