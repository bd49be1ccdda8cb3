//! The vectors of texts: from the cache, or from an embedding deployment, within the budgets and half of the time.

use std::collections::{BTreeMap, HashMap};
use std::time::Instant;

use crate::cache::{Cache, Entry, EntryKind, Key, Tags};
use crate::clock;
use crate::model::embedding::Embedder;
use crate::secret::REDACTED;

use super::super::examples::Vector;
use super::Answered;
use super::account::{Account, add};

/// What looking for examples may use.
pub(super) struct Allowed<'a> {
    pub(super) account: &'a Account<'a>,
    pub(super) cache: Option<&'a Cache>,
    /// When examples must be there: the model, which comes after them, needs time as well.
    pub(super) deadline: Option<Instant>,
}

impl<'a> Allowed<'a> {
    /// Begins one that leaves half of the time that is left.
    pub(super) fn within_half_of_the_rest(account: &'a Account<'a>, cache: Option<&'a Cache>) -> Self {
        Self { account, cache, deadline: account.deadline }.within_half()
    }

    /// Returns one that leaves half of the time for what comes after it.
    pub(super) fn within_half(&self) -> Self {
        let now = clock::monotonic();
        let half = |deadline: Instant| now + deadline.saturating_duration_since(now) / 2;
        Self { deadline: self.deadline.map(half), ..*self }
    }
}

/// Returns the vectors of texts, remembered or asked for; what arrives is remembered at once.
pub(super) async fn vectors(
    embedder: &Embedder,
    texts: &[String],
    allowed: &Allowed<'_>,
) -> Result<HashMap<String, Vector>, String> {
    let (mut found, mut missing) = remembered(texts, embedder, allowed.cache);
    let (mut rest, mut requests) = (missing.as_slice(), 0);
    while !rest.is_empty() {
        rest = rest.get(embedder.batch(rest)..).unwrap_or_default();
        requests += 1;
    }
    if requests > 0 && !allowed.account.spares(&embedder.largest(&missing), requests, embedder.model()) {
        return Err("the budget has no room for vectors beside prose".to_owned());
    }
    while !missing.is_empty() {
        let batch: Vec<String> = missing.drain(..embedder.batch(&missing)).collect();
        let numbers = embedded(embedder, &batch, allowed).await?;
        let mut fresh = Vec::with_capacity(batch.len());
        for (text, numbers) in batch.into_iter().zip(numbers) {
            let vector =
                Vector::new(&numbers).ok_or("the embedding service gave a vector without direction")?;
            let tags = Tags {
                at: clock::since_epoch().as_secs(),
                kind: EntryKind::Vector,
                model: embedder.model().to_owned(),
                ..Tags::default()
            };
            fresh.push((key(&text, embedder), Entry { tags, value: vector.to_bytes() }));
            found.insert(text, vector);
        }
        if let Some(cache) = allowed.cache {
            cache.put_many(&fresh);
        }
    }
    Ok(found)
}

/// Returns the vectors that are remembered, and the texts that have none, each once.
pub(super) fn remembered(
    texts: &[String],
    embedder: &Embedder,
    cache: Option<&Cache>,
) -> (HashMap<String, Vector>, Vec<String>) {
    let texts: BTreeMap<&String, Key> = texts.iter().map(|text| (text, key(text, embedder))).collect();
    let keys: Vec<Key> = texts.values().copied().collect();
    let entries = cache.map(|cache| cache.get_many(&keys)).unwrap_or_default();
    let mut entries = entries.into_iter();
    let (mut found, mut missing) = (HashMap::new(), Vec::new());
    for text in texts.into_keys() {
        let entry = entries.next().flatten().filter(|entry| entry.tags.kind == EntryKind::Vector);
        match entry.and_then(|entry| Vector::from_bytes(&entry.value)) {
            Some(vector) => drop(found.insert(text.clone(), vector)),
            None => missing.push(text.clone()),
        }
    }
    (found, missing)
}

/// A vector depends on its text and on who makes it, and on nothing else.
fn key(text: &str, embedder: &Embedder) -> Key {
    Key::of(&[b"vector", text.as_bytes(), embedder.asked().as_bytes(), embedder.model().as_bytes()])
}

/// Asks for vectors within the budgets.
async fn embedded(
    embedder: &Embedder,
    texts: &[String],
    allowed: &Allowed<'_>,
) -> Result<Vec<Vec<f32>>, String> {
    let Allowed { account, deadline, .. } = *allowed;
    if let Some(reason) = account.given_up.get() {
        return Err(reason.to_owned());
    }
    let model = embedder.model();
    let reserved =
        account.reserve(&embedder.largest(texts), model, (embedder.most_attempts(), deadline)).await;
    let reserved = reserved.map_err(|answered| match answered {
        Answered::Failed(reason) => reason,
        _ => "the budget has no room for vectors".to_owned(),
    })?;
    account.spent.borrow_mut().redacted +=
        texts.iter().map(|text| text.matches(REDACTED).count()).sum::<usize>();
    let began = clock::monotonic();
    let result = embedder.embed(texts, (deadline, reserved.attempts())).await;
    let told = result.as_ref().map(|reply| (reply.usage, reply.attempts, reply.request_id.as_deref()));
    let (billed, call) = account.close(reserved, (model, began), told).await;
    add(&mut account.spent.borrow_mut().embedding, &billed);
    if call.attempts > 0 {
        account.record(call);
    }
    result.map(|reply| reply.vectors).map_err(|error| {
        let request = error.request_id().map(|id| format!(" [request {id}]")).unwrap_or_default();
        format!("{}{request}", error.at("the embedding service"))
    })
}
