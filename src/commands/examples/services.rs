//! Who chooses examples, as it is configured.

use std::sync::Arc;

use crate::config::{Config, ExampleSource};
use crate::error::Error;
use crate::generate::examples::{Candidate, Depth};
use crate::generate::run::{By, Retrieval, Wanted};
use crate::model::client::ClientSettings;
use crate::model::embedding::Embedder;
use crate::model::search::SearchIndex;
use crate::shared::Redis;
use crate::telemetry::RunId;

use super::super::mend::Workshop;
use super::super::service;

/// The services that choose examples; without any, words do.
#[derive(Debug, Default)]
pub(in crate::commands) struct Services {
    pub(super) embedder: Option<Embedder>,
    pub(super) index: Option<SearchIndex>,
}

impl Services {
    /// Prepares those that a source needs; nobody is asked.
    pub(super) fn of(
        config: &Config,
        source: ExampleSource,
        (run_id, model): (&RunId, Option<&ClientSettings>),
        redis: Option<&Arc<Redis>>,
    ) -> Result<Self, Error> {
        match source {
            ExampleSource::Auto | ExampleSource::Lexical | ExampleSource::None => Ok(Self::default()),
            ExampleSource::Embeddings => {
                let embedder = service::embedder(config, (run_id, model), redis)?;
                let embedder = embedder.ok_or_else(|| {
                    Error::usage("vectors need a deployment that makes them")
                        .hint("set `embedding-deployment` under `[examples]`")
                })?;
                Ok(Self { embedder: Some(embedder), index: None })
            }
            ExampleSource::Search => {
                let index = service::search_index(config, run_id)?;
                Ok(Self { embedder: service::embedder(config, (run_id, model), redis)?, index: Some(index) })
            }
        }
    }

    /// Prepares those that are configured, beside the model with these settings; where a setting is missing, words choose, and the reason is told.
    pub(in crate::commands) fn or_words(
        workshop: &Workshop<'_>,
        model: &ClientSettings,
        redis: Option<&Arc<Redis>>,
    ) -> (Self, Option<String>) {
        let config = workshop.config;
        let asking = (workshop.run_id, Some(model));
        match Self::of(config, config.examples.effective_source(), asking, redis) {
            Ok(services) => (services, None),
            Err(error) => {
                let reasons = [&[error.to_string()], error.hints()].concat().join("; ");
                (Self::default(), Some(format!("examples were chosen by words: {reasons}")))
            }
        }
    }

    /// Says where a run finds its examples; nothing where it shows none.
    pub(in crate::commands) fn retrieval<'a>(
        &'a self,
        config: &Config,
        read: &'a dyn Fn(Wanted<'_>, Depth) -> Vec<Candidate>,
        is_sound: &'a dyn Fn(&Candidate) -> bool,
    ) -> Option<Retrieval<'a>> {
        if config.examples.effective_source() == ExampleSource::None {
            return None;
        }
        let by = match (&self.index, &self.embedder) {
            (Some(index), embedder) => By::Index(index, embedder.as_ref()),
            (None, Some(embedder)) => By::Vectors(embedder),
            (None, None) => By::Words,
        };
        let count = usize::try_from(config.examples.count.value).unwrap_or(usize::MAX);
        Some(Retrieval { read, is_sound, count, by })
    }
}
