//! Which examples a model is shown, and where they are looked for.

use super::{Endpoint, ExampleSource, Setting};
use crate::secret::Secret;

/// Which examples a model is shown.
#[derive(Debug, Clone, PartialEq)]
pub struct Examples {
    /// Who chooses them, as it was written; see [`Examples::effective_source`].
    pub source: Setting<ExampleSource>,
    /// How many are shown with one request.
    pub count: Setting<u64>,
    /// The deployment that makes vectors; for services other than Azure its model.
    pub embedding_deployment: Option<Setting<String>>,
    /// The model behind it, for its price.
    pub embedding_model: Setting<String>,
    /// The index of Azure AI Search.
    pub index: Option<Setting<String>>,
    /// How its fields are called.
    pub fields: SearchFields<Setting<String>>,
    /// Where Azure AI Search is; from the environment only.
    pub endpoint: Option<Setting<Endpoint>>,
    /// Its key; from the environment only.
    pub key: Option<Setting<Secret>>,
}

impl Examples {
    /// Returns who chooses the examples, with `auto` decided: vectors when there is a deployment that makes them.
    #[must_use]
    pub fn effective_source(&self) -> ExampleSource {
        match self.source.value {
            _ if self.count.value == 0 => ExampleSource::None,
            ExampleSource::Auto if self.embedding_deployment.is_some() => ExampleSource::Embeddings,
            ExampleSource::Auto => ExampleSource::Lexical,
            chosen => chosen,
        }
    }
}

/// What is said about each field of an index.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SearchFields<T> {
    /// The key of a document.
    pub id: T,
    /// The path of the file.
    pub path: T,
    /// The qualified name.
    pub name: T,
    /// What is looked through.
    pub content: T,
    /// The vector.
    pub vector: T,
}

/// What one layer says about examples.
#[derive(Debug, Default)]
pub(super) struct ExamplesLayer {
    pub(super) source: Option<Setting<ExampleSource>>,
    pub(super) count: Option<Setting<u64>>,
    pub(super) embedding_deployment: Option<Setting<String>>,
    pub(super) embedding_model: Option<Setting<String>>,
    pub(super) index: Option<Setting<String>>,
    pub(super) fields: SearchFields<Option<Setting<String>>>,
    pub(super) endpoint: Option<Setting<Endpoint>>,
    pub(super) key: Option<Setting<Secret>>,
}

impl ExamplesLayer {
    /// Puts this layer over a lower one.
    pub(super) fn over(self, lower: Self) -> Self {
        Self {
            source: self.source.or(lower.source),
            count: self.count.or(lower.count),
            embedding_deployment: self.embedding_deployment.or(lower.embedding_deployment),
            embedding_model: self.embedding_model.or(lower.embedding_model),
            index: self.index.or(lower.index),
            fields: SearchFields {
                id: self.fields.id.or(lower.fields.id),
                path: self.fields.path.or(lower.fields.path),
                name: self.fields.name.or(lower.fields.name),
                content: self.fields.content.or(lower.fields.content),
                vector: self.fields.vector.or(lower.fields.vector),
            },
            endpoint: self.endpoint.or(lower.endpoint),
            key: self.key.or(lower.key),
        }
    }

    /// Fills in what is built in.
    pub(super) fn with_defaults(self) -> Examples {
        let named = |set: Option<Setting<String>>, usual: &str| {
            set.unwrap_or_else(|| Setting::built_in(usual.to_owned()))
        };
        Examples {
            source: self.source.unwrap_or(Setting::built_in(ExampleSource::Auto)),
            count: self.count.unwrap_or(Setting::built_in(3)),
            embedding_deployment: self.embedding_deployment,
            embedding_model: named(self.embedding_model, "text-embedding-3-small"),
            index: self.index,
            fields: SearchFields {
                id: named(self.fields.id, "id"),
                path: named(self.fields.path, "path"),
                name: named(self.fields.name, "name"),
                content: named(self.fields.content, "content"),
                vector: named(self.fields.vector, "vector"),
            },
            endpoint: self.endpoint,
            key: self.key,
        }
    }
}
