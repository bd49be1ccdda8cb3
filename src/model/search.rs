//! An index of Azure AI Search: made, filled, emptied and asked over its REST interface, 2024-07-01.
//!
//! It keeps documents and finds them again by words and, where it has vectors, by vectors; what a document stands for is the
//! business of others. What comes back is only names, each of which the caller looks up in its own files: an index can be
//! filled by anybody. Format: <https://learn.microsoft.com/rest/api/searchservice/>.

use std::time::Instant;

use reqwest::{Method, RequestBuilder, Url};
use serde_json::{Value, json};
use tracing::debug;

use super::client::{Client, ClientSettings, SettingsError};
use super::exchange::Exchange;
use super::service::base;
use super::{ModelError, ModelErrorKind, retry};
use crate::secret::Secret;

/// The version of the interface.
const API_VERSION: &str = "2024-07-01";
/// The most documents of one request.
const MOST_DOCUMENTS: usize = 1_000;
/// The most bytes of one request; the service takes 16 MB.
const MOST_BYTES: usize = 8 * 1024 * 1024;
/// The most ids that are listed at a time.
const PAGE: usize = 1_000;
/// The longest list of ids: more than any code base has definitions.
const MOST_PAGES: usize = 500;
/// How often documents that an index is too busy for are sent again.
const ROUNDS: u32 = 4;
/// What the parts of the definition of an index are called.
const PROFILE: &str = "docgate";
const ALGORITHM: &str = "docgate-hnsw";

/// How the fields of an index are called.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fields {
    /// The key of a document.
    pub id: String,
    /// The path of the file.
    pub path: String,
    /// The qualified name.
    pub name: String,
    /// What is looked through.
    pub content: String,
    /// The vector.
    pub vector: String,
}

/// What is kept of a definition.
#[derive(Debug, Clone, PartialEq)]
pub struct Document {
    /// Its key: letters, digits, `-`, `_` and `=`.
    pub id: String,
    /// The path of the file.
    pub path: String,
    /// The qualified name.
    pub name: String,
    /// What is looked through.
    pub content: String,
    /// Its vector, where there are vectors.
    pub vector: Option<Vec<f32>>,
}

/// A document that was found, by the names it was kept under.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Hit {
    /// The path of the file; it may be anything.
    pub path: String,
    /// The qualified name; it may be anything.
    pub name: String,
}

/// What came of a change.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Changed {
    /// Documents that were stored or deleted.
    pub done: usize,
    /// Documents that the index refused, with what it said.
    pub refused: Vec<(String, String)>,
}

/// An index.
#[derive(Debug)]
pub struct SearchIndex {
    client: Client,
    base: Url,
    name: String,
    fields: Fields,
}

impl SearchIndex {
    /// Prepares it; nothing is sent.
    ///
    /// # Errors
    ///
    /// When a setting cannot work. No message contains the key.
    pub fn new(mut settings: ClientSettings, name: &str, fields: Fields) -> Result<Self, SettingsError> {
        let base = base(&settings.endpoint)?;
        if name.is_empty() || matches!(name, "." | "..") {
            return Err(SettingsError::Deployment);
        }
        if !settings.run_id.is_empty() {
            settings.run_id = guid(&settings.run_id);
            debug!(client_request_id = settings.run_id, "the search service knows this run by another name");
        }
        let client = Client::at(base.clone(), settings)?;
        Ok(Self { client, base, name: name.to_owned(), fields })
    }

    /// Returns the names of the fields that the index has; nothing when there is no such index.
    ///
    /// # Errors
    ///
    /// When there is no answer.
    pub async fn known_fields(&self) -> Result<Option<Vec<String>>, ModelError> {
        let answer = match self.ask((Method::GET, &[]), None, None).await {
            Ok(answer) => answer,
            Err(error) if matches!(error.kind, ModelErrorKind::NotFound { .. }) => return Ok(None),
            Err(error) => return Err(error),
        };
        let fields = answer.get("fields").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
        let names = fields.iter().filter_map(|field| field.get("name")?.as_str());
        Ok(Some(names.map(str::to_owned).collect()))
    }

    /// Returns the fields that documents need, with a vector or without.
    #[must_use]
    pub fn needed_fields(&self, has_vectors: bool) -> Vec<&str> {
        let Fields { id, path, name, content, vector } = &self.fields;
        let mut needed = vec![id.as_str(), path, name, content];
        needed.extend(has_vectors.then_some(vector.as_str()));
        needed
    }

    /// Makes the index, for vectors with so many numbers if there are any.
    ///
    /// # Errors
    ///
    /// When there is no answer, or the service does not want to.
    pub async fn create(&self, dimensions: Option<usize>) -> Result<(), ModelError> {
        let body = definition(&self.name, &self.fields, dimensions);
        self.ask((Method::PUT, &[]), Some(body), None).await.map(|_| ())
    }

    /// Returns the ids of all documents that begin in one way. Other documents are not docgate's.
    ///
    /// # Errors
    ///
    /// When there is no answer, or the index has more documents than is believed.
    pub async fn ids(&self, beginning: &str) -> Result<Vec<String>, ModelError> {
        let id = &self.fields.id;
        let mut found: Vec<String> = Vec::new();
        let mut after = String::new();
        for _ in 0..MOST_PAGES {
            let filter = format!("{id} gt '{}'", after.replace('\'', "''"));
            let body = json!({
                "search": "*", "select": id, "filter": filter, "orderby": format!("{id} asc"), "top": PAGE,
            });
            let answer = self.ask((Method::POST, &["docs", "search"]), Some(body), None).await?;
            let page: Vec<&str> =
                documents(&answer)?.iter().filter_map(|document| document.get(id)?.as_str()).collect();
            // Where nothing comes behind, a service that does not filter would go on forever.
            let Some(last) = page.iter().max().filter(|last| **last > after.as_str()) else {
                return Ok(found);
            };
            after = (*last).to_owned();
            found.extend(page.iter().filter(|id| id.starts_with(beginning)).map(|id| (*id).to_owned()));
        }
        Err(ModelErrorKind::Garbage { reason: "the index has no end" }.into())
    }

    /// Stores documents and deletes others. What the index is too busy for is sent again; `progress` is told about every
    /// request.
    ///
    /// # Errors
    ///
    /// When there is no answer. What was done before stays done.
    pub async fn change(
        &self,
        upload: &[Document],
        delete: &[String],
        progress: &dyn Fn(usize),
    ) -> Result<Changed, ModelError> {
        let stored = upload.iter().map(|document| (document.id.as_str(), self.stored(document)));
        let deleted = delete.iter().map(|id| (id.as_str(), self.deleted(id)));
        let mut changed = Changed::default();
        let mut batch: Vec<(&str, String)> = Vec::new();
        let mut bytes = 0;
        for (id, action) in stored.chain(deleted) {
            let action = action.to_string();
            if !batch.is_empty() && (batch.len() == MOST_DOCUMENTS || bytes + action.len() > MOST_BYTES) {
                progress(batch.len());
                self.send(std::mem::take(&mut batch), &mut changed).await?;
                bytes = 0;
            }
            bytes += action.len();
            batch.push((id, action));
        }
        if !batch.is_empty() {
            progress(batch.len());
            self.send(batch, &mut changed).await?;
        }
        Ok(changed)
    }

    fn stored(&self, document: &Document) -> Value {
        let fields = &self.fields;
        let mut action = json!({
            "@search.action": "mergeOrUpload",
            fields.id.as_str(): document.id,
            fields.path.as_str(): document.path,
            fields.name.as_str(): document.name,
            fields.content.as_str(): document.content,
        });
        if let Some(vector) = &document.vector {
            action[&fields.vector] = json!(vector);
        }
        action
    }

    fn deleted(&self, id: &str) -> Value {
        json!({ "@search.action": "delete", self.fields.id.as_str(): id })
    }

    /// Sends one batch, and again what of it was refused in passing.
    async fn send(&self, mut batch: Vec<(&str, String)>, changed: &mut Changed) -> Result<(), ModelError> {
        let mut round = 0;
        loop {
            let actions: Vec<&str> = batch.iter().map(|(_, action)| action.as_str()).collect();
            // The parts are JSON already.
            let body = format!("{{\"value\":[{}]}}", actions.join(","));
            let question = Question {
                index: self,
                method: Method::POST,
                path: &["docs", "index"],
                body: Some(body),
                deadline: None,
            };
            let (answer, _) = self.client.exchange(&question).await?;
            let mut again = Vec::new();
            let results = documents(&answer)?;
            for (id, action) in batch {
                let result =
                    results.iter().find(|result| result.get("key").and_then(Value::as_str) == Some(id));
                match result.map(|result| (result.get("status").and_then(Value::as_bool), status(result))) {
                    Some((Some(true), _)) => changed.done += 1,
                    Some((_, 409 | 422 | 429 | 503)) if round < ROUNDS => again.push((id, action)),
                    Some((_, status)) => {
                        let said = result.and_then(|it| it.get("errorMessage")?.as_str()).unwrap_or_default();
                        let said = self.client.settings().api_key.sanitise(said);
                        changed.refused.push((id.to_owned(), format!("status {status}: {said}")));
                    }
                    None => changed.refused.push((id.to_owned(), "it is not in the answer".to_owned())),
                }
            }
            if again.is_empty() {
                return Ok(());
            }
            batch = again;
            tokio::time::sleep(retry::backoff(round, retry::chance())).await;
            round += 1;
        }
    }

    /// Finds the nearest documents, at most so many.
    ///
    /// # Errors
    ///
    /// When there is no answer, or it is none of an index.
    pub async fn search(
        &self,
        words: &str,
        vector: Option<&[f32]>,
        (top, deadline): (usize, Option<Instant>),
    ) -> Result<Vec<Hit>, ModelError> {
        let fields = &self.fields;
        let mut body = json!({
            "search": words,
            "searchMode": "any",
            "searchFields": format!("{},{},{}", fields.name, fields.content, fields.path),
            "select": format!("{},{}", fields.path, fields.name),
            "top": top,
        });
        if let Some(vector) = vector {
            body["vectorQueries"] =
                json!([{ "kind": "vector", "vector": vector, "fields": fields.vector, "k": top }]);
        }
        let answer = self.ask((Method::POST, &["docs", "search"]), Some(body), deadline).await?;
        let text = |document: &Value, field: &str| Some(document.get(field)?.as_str()?.to_owned());
        let hit = |document: &Value| {
            Some(Hit { path: text(document, &fields.path)?, name: text(document, &fields.name)? })
        };
        Ok(documents(&answer)?.iter().take(top).filter_map(hit).collect())
    }

    async fn ask(
        &self,
        (method, path): (Method, &[&str]),
        body: Option<Value>,
        deadline: Option<Instant>,
    ) -> Result<Value, ModelError> {
        let body = body.map(|body| body.to_string());
        let question = Question { index: self, method, path, body, deadline };
        self.client.exchange(&question).await.map(|(answer, _)| answer)
    }
}

/// Returns the list in an answer.
fn documents(answer: &Value) -> Result<&[Value], ModelError> {
    let list = answer.get("value").and_then(Value::as_array);
    list.map(Vec::as_slice).ok_or_else(|| ModelErrorKind::Garbage { reason: "it has no list" }.into())
}

fn status(result: &Value) -> u64 {
    result.get("statusCode").and_then(Value::as_u64).unwrap_or_default()
}

/// Names a run as the service wants it: a GUID that is the same for all its requests, of the version for names of one's own (RFC
/// 9562, version 8).
fn guid(run_id: &str) -> String {
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&blake3::hash(run_id.as_bytes()).as_bytes()[..16]);
    let number = u128::from_be_bytes(bytes);
    let number = number & !(0xf << 76) & !(0b11 << 62) | (8 << 76) | (0b10 << 62);
    let digits = format!("{number:032x}");
    [&digits[..8], &digits[8..12], &digits[12..16], &digits[16..20], &digits[20..]].join("-")
}

/// Writes the definition of an index.
fn definition(name: &str, fields: &Fields, dimensions: Option<usize>) -> Value {
    let text =
        |name: &str| json!({"name": name, "type": "Edm.String", "searchable": true, "retrievable": true});
    let mut listed = vec![
        json!({
            "name": fields.id, "type": "Edm.String", "key": true, "searchable": false, "retrievable": true,
            "filterable": true, "sortable": true,
        }),
        text(&fields.path),
        text(&fields.name),
        text(&fields.content),
    ];
    let mut definition = json!({ "name": name });
    if let Some(dimensions) = dimensions {
        listed.push(json!({
            "name": fields.vector, "type": "Collection(Edm.Single)", "searchable": true, "retrievable": false,
            "dimensions": dimensions, "vectorSearchProfile": PROFILE,
        }));
        definition["vectorSearch"] = json!({
            "algorithms": [{"name": ALGORITHM, "kind": "hnsw"}],
            "profiles": [{"name": PROFILE, "algorithm": ALGORITHM}],
        });
    }
    definition["fields"] = json!(listed);
    definition
}

struct Question<'a> {
    index: &'a SearchIndex,
    method: Method,
    /// What stands behind the index in the address.
    path: &'a [&'a str],
    body: Option<String>,
    deadline: Option<Instant>,
}

impl Exchange for Question<'_> {
    type Reply = Value;
    type Form = ();

    fn tokens(&self) -> u64 {
        1
    }

    fn deadline(&self) -> Option<Instant> {
        self.deadline
    }

    fn form(&self) {}

    fn request(&self, (): ()) -> RequestBuilder {
        let mut url = self.index.base.clone();
        // An address that cannot have segments was refused before.
        if let Ok(mut segments) = url.path_segments_mut() {
            segments.pop_if_empty().extend(["indexes", &self.index.name]).extend(self.path);
        }
        url.query_pairs_mut().append_pair("api-version", API_VERSION);
        let mut request = self.index.client.http().request(self.method.clone(), url);
        if self.method == Method::PUT {
            // The interface wants it wherever something is made under a name.
            request = request.header("prefer", "return=representation");
        }
        match &self.body {
            Some(body) => request.header("content-type", "application/json").body(body.clone()),
            None => request,
        }
    }

    fn is_answer(&self, status: u16) -> bool {
        matches!(status, 200 | 201 | 204 | 207)
    }

    fn read(&self, body: &[u8], (): (), _: (Option<String>, &Secret)) -> Result<Value, ModelError> {
        if body.is_empty() {
            return Ok(Value::Null);
        }
        serde_json::from_slice(body).map_err(|_| ModelErrorKind::Garbage { reason: "it is not JSON" }.into())
    }

    fn is_hope_lost_for_all(&self) -> bool {
        // That an index is not there is the first thing that is found out before it is made.
        !self.path.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields() -> Fields {
        let own = |name: &str| name.to_owned();
        Fields { id: own("key"), path: own("p"), name: own("n"), content: own("c"), vector: own("v") }
    }

    #[test]
    fn a_run_has_one_guid_of_the_right_version() {
        let form = regex::Regex::new("^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$");
        let form = form.unwrap();
        for run_id in ["0123456789", "run-1", "01ARZ3NDEKTSV4RRFFQ69G5FAV", "a\nb", "é"] {
            let found = guid(run_id);
            assert!(form.is_match(&found), "{found}");
            assert!(found == guid(run_id) && found != guid(&format!("{run_id} ")), "{found}");
        }
    }

    #[test]
    fn an_index_is_defined_with_the_names_that_were_set_and_vectors_where_there_are_any() {
        let plain = definition("code", &fields(), None);
        let names: Vec<&str> =
            plain["fields"].as_array().unwrap().iter().map(|field| field["name"].as_str().unwrap()).collect();
        assert_eq!(names, ["key", "p", "n", "c"]);
        assert_eq!(plain["fields"][0]["key"], true);
        assert!(plain.get("vectorSearch").is_none());
        let with = definition("code", &fields(), Some(1536));
        assert_eq!(with["fields"][4]["dimensions"], 1536);
        assert_eq!(with["fields"][4]["vectorSearchProfile"], with["vectorSearch"]["profiles"][0]["name"]);
        assert_eq!(
            with["vectorSearch"]["profiles"][0]["algorithm"],
            with["vectorSearch"]["algorithms"][0]["name"]
        );
    }
}
