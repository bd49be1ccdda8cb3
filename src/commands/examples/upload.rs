//! `docgate examples upload`: an index of Azure AI Search is made and kept as the repository is.
//!
//! The key of a document is a hash of all that is in it, so that what has not changed is not sent again, and what is no longer
//! there can be told from documents of others, which are left alone.

use std::collections::{HashMap, HashSet};

use serde_json::{Value, json};

use crate::cli::{DataFormat, UploadArguments};
use crate::config::{Config, ExampleSource, Flags};
use crate::error::{Error, ExitStatus};
use crate::generate::examples::{Candidate, Vector};
use crate::generate::run::vectors;
use crate::model::ModelError;
use crate::model::search::{Changed, Document, SearchIndex};
use crate::untrusted::sanitised;

use super::super::mend::{Door, Workshop};
use super::super::output;
use super::super::progress::Progress;
use super::super::service;
use super::super::setting::Session;
use super::{Library, Services, looked_for, place, texts};

/// What the keys of docgate's documents begin with.
const BEGINNING: &str = "docgate-";
/// How many refused documents are named.
const NAMED: usize = 5;

/// Fills the index.
pub(in crate::commands) fn upload(
    session: &Session,
    arguments: &UploadArguments,
) -> Result<ExitStatus, Error> {
    let place = place(Flags::default())?;
    let (config, settings) = (&place.config, &place.settings);
    let library = Library::new(config, settings, place.files.clone());
    let candidates = library.all();
    if arguments.dry_run {
        match arguments.output_format {
            DataFormat::Text => output::say(&in_words(config, &candidates))?,
            DataFormat::Json => {
                let named = candidates.iter().map(|candidate| &candidate.portrait);
                let named: Vec<Value> =
                    named.map(|it| json!({ "path": it.path.as_str(), "name": it.name })).collect();
                output::show_json(&json!({ "version": 1, "definitions": named }))?;
            }
        }
        return Ok(ExitStatus::Success);
    }
    let redis = service::shared(config)?;
    let services = Services::of(config, ExampleSource::Search, (&session.run_id, None), redis.as_ref())?;
    let index = services.index.as_ref().ok_or_else(|| Error::usage("there is no search index"))?;
    let runtime = service::runtime()?;
    let known = runtime.block_on(index.known_fields()).map_err(|error| of_search(&error))?;
    if let Some(known) = &known {
        has_fields(index, known, services.embedder.is_some())?;
    }
    let workshop = Workshop { config, settings, run_id: &session.run_id, door: Door::Command };
    let texts = texts(candidates.iter().map(|candidate| &candidate.portrait));
    let mut found = Vec::new();
    let mut maker = String::new();
    if let Some(embedder) = &services.embedder {
        let (vectors, spent) = looked_for(&workshop, redis.as_ref(), |means| {
            Ok(runtime.block_on(vectors(means, embedder, &texts)))
        })?;
        for failure in &spent.failures {
            output::tell(&format!("docgate: {}", sanitised(failure)));
        }
        found = vectors.map_err(|reason| Error::unfinished(format!("there are no vectors: {reason}")))?;
        maker = format!("{}\n{}", embedder.asked(), embedder.model());
    }
    if known.is_none() {
        let dimensions = found.first().map(|vector| vector.numbers().len());
        runtime.block_on(index.create(dimensions)).map_err(|error| of_search(&error))?;
    }
    let documents = documents(&candidates, &found, &maker);
    let (changed, gone, kept) = runtime.block_on(synchronise(index, documents))?;
    let stored = changed.done.saturating_sub(gone);
    output::say(&format!("{stored} definitions were stored, {gone} taken out, {kept} were there already"))?;
    refused(&changed)
}

/// Says what would be in the index.
fn in_words(config: &Config, candidates: &[Candidate]) -> String {
    let files: HashSet<_> = candidates.iter().map(|candidate| &candidate.portrait.path).collect();
    let index = config.examples.index.as_ref().map_or("the index", |index| index.value.as_str());
    let with = match &config.examples.embedding_deployment {
        Some(deployment) => format!("with vectors of {}", deployment.value),
        None => "without vectors".to_owned(),
    };
    format!("{} definitions of {} files would be in {index}, {with}", candidates.len(), files.len())
}

/// Says which fields an index lacks that somebody else made.
fn has_fields(index: &SearchIndex, known: &[String], has_vectors: bool) -> Result<(), Error> {
    let needed = index.needed_fields(has_vectors).into_iter();
    let missing: Vec<&str> = needed.filter(|name| !known.iter().any(|known| known == name)).collect();
    if missing.is_empty() {
        return Ok(());
    }
    Err(Error::usage(format!("the index has no field called {}", missing.join(", ")))
        .hint("name its fields under `[examples.fields]`, or let docgate make an index of another name"))
}

fn documents(candidates: &[Candidate], vectors: &[Vector], maker: &str) -> HashMap<String, Document> {
    let mut vectors = vectors.iter();
    let mut documents = HashMap::with_capacity(candidates.len());
    for candidate in candidates {
        let (path, name) = (candidate.portrait.path.as_str(), candidate.portrait.name.as_str());
        let content = candidate.content();
        let mut hasher = blake3::Hasher::new();
        for part in [path, name, &content, maker] {
            hasher.update(&part.len().to_le_bytes()).update(part.as_bytes());
        }
        let hash = hasher.finalize().to_hex();
        let id = format!("{BEGINNING}{:.32}", hash.as_str());
        let vector = vectors.next().map(|vector| vector.numbers().to_vec());
        let document =
            Document { id: id.clone(), path: path.to_owned(), name: name.to_owned(), content, vector };
        documents.insert(id, document);
    }
    documents
}

/// Stores what is new and takes out what has gone; says how many were deleted, and how many stayed.
async fn synchronise(
    index: &SearchIndex,
    mut documents: HashMap<String, Document>,
) -> Result<(Changed, usize, usize), Error> {
    let there = index.ids(BEGINNING).await.map_err(|error| of_search(&error))?;
    let mut gone: Vec<String> = there.iter().filter(|id| !documents.contains_key(*id)).cloned().collect();
    gone.sort();
    for id in &there {
        documents.remove(id);
    }
    let mut new: Vec<Document> = documents.into_values().collect();
    new.sort_by(|one, other| one.id.cmp(&other.id));
    let progress = Progress::of("filling the index", new.len() + gone.len());
    let changed = index.change(&new, &gone, &|count| progress.advance(count as u64)).await;
    let changed = changed.map_err(|error| of_search(&error))?;
    let refused: HashSet<&str> = changed.refused.iter().map(|(id, _)| id.as_str()).collect();
    let deleted = gone.iter().filter(|id| !refused.contains(id.as_str())).count();
    let kept = there.len() - gone.len();
    Ok((changed, deleted, kept))
}

/// Says what the index did not take.
fn refused(changed: &Changed) -> Result<ExitStatus, Error> {
    if changed.refused.is_empty() {
        return Ok(ExitStatus::Success);
    }
    for (id, reason) in changed.refused.iter().take(NAMED) {
        output::tell(&format!("docgate: {id}: {}", sanitised(reason)));
    }
    Err(Error::unfinished(format!("the index refused {} documents", changed.refused.len())))
}

fn of_search(error: &ModelError) -> Error {
    let request = error.request_id().map(|id| format!(" [request {id}]")).unwrap_or_default();
    Error::unfinished(format!("{}{request}", error.at("the search service")))
}
