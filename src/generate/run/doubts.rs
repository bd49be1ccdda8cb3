//! Verdicts on docstrings that may have fallen behind: from the cache, or from the model.

use futures_util::stream::{self, StreamExt as _};

use crate::cache::{Entry, EntryKind, Key};
use crate::model::LanguageModel;

use super::super::doubt::{self, Suspect, Verdict};
use super::super::key::key_of_verdict;
use super::Terms;
use super::asking::Asking;
use super::group::compared;
use super::memory::tags;

/// What is known of suspects, and what to ask about.
pub(super) struct Doubtful {
    pub(super) verdicts: Vec<Option<Verdict>>,
    pub(super) cache_hits: u64,
    keys: Vec<Key>,
}

impl Doubtful {
    /// Looks into the cache.
    pub(super) fn of(terms: &Terms<'_>, suspects: &[Suspect]) -> Self {
        let keys: Vec<Key> = suspects.iter().map(|suspect| key_of_verdict(suspect, terms.asked)).collect();
        let entries = terms.cache.map(|cache| cache.get_many(&keys)).unwrap_or_default();
        // What somebody else has put there is judged as an answer is.
        let known = entries.into_iter().zip(suspects).map(|(entry, suspect)| {
            let entry = entry.filter(|entry| entry.tags.kind == EntryKind::Answer)?;
            let verdict: Verdict = serde_json::from_slice(&entry.value).ok()?;
            doubt::fit(&verdict.doubts, suspect.docstring()).ok()
        });
        let mut verdicts: Vec<Option<Verdict>> = known.collect();
        verdicts.resize(suspects.len(), None);
        let cache_hits = verdicts.iter().flatten().count() as u64;
        Self { verdicts, cache_hits, keys }
    }

    /// Returns those that share a request, by their places, without what the budget has no room for.
    pub(super) fn groups(
        &self,
        suspects: &[Suspect],
        terms: &Terms<'_>,
        admit: impl FnOnce(usize) -> usize,
    ) -> Vec<Vec<usize>> {
        let open: Vec<usize> = (0..suspects.len()).filter(|index| self.verdicts[*index].is_none()).collect();
        let admitted = admit(open.len());
        compared(suspects, &open[..admitted], terms)
    }

    /// Asks about the others, as far as budget and time go, and keeps what is said.
    pub(super) async fn ask<M: LanguageModel>(&mut self, asking: &Asking<'_, M>, suspects: &[Suspect]) {
        let groups = self.groups(suspects, asking.terms(), |count| asking.admitted(count));
        let asked = stream::iter(groups).map(|group| async move {
            let members: Vec<&Suspect> = group.iter().map(|index| &suspects[*index]).collect();
            let verdicts = asking.account.in_time(asking.doubts(&members)).await;
            let verdicts = verdicts.unwrap_or_else(|| vec![None; members.len()]);
            (group, verdicts)
        });
        let mut asked = asked.buffer_unordered(asking.concurrency());
        while let Some((group, verdicts)) = asked.next().await {
            let mut fresh = Vec::new();
            for (index, verdict) in group.into_iter().zip(verdicts) {
                let entry =
                    verdict.as_ref().and_then(|it| entry(it, &suspects[index], &asking.terms().model.name));
                fresh.extend(entry.map(|entry| (self.keys[index], entry)));
                self.verdicts[index] = verdict;
            }
            asking.keep(&fresh);
        }
    }
}

fn entry(verdict: &Verdict, suspect: &Suspect, model: &str) -> Option<Entry> {
    let tags = tags(EntryKind::Answer, (&suspect.path, suspect.definition()), model);
    Some(Entry { tags, value: serde_json::to_vec(verdict).ok()? })
}
