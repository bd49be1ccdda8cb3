//! A small Azure AI Search over real HTTP: one service with one key, indexes that remember, and its words for what it refuses.
//!
//! Documents are found by the words they share with the question and, where it has a vector, by the angle to it.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard};
use std::thread;

use serde_json::{Map, Value, json};
use wiremock::matchers::any;
use wiremock::{Mock, MockServer, Request, Respond, ResponseTemplate};

/// The key that the service accepts.
pub(crate) const SEARCH_KEY: &str = "search-0123456789-not-a-real-key";
/// The most documents of one request.
const MOST_DOCUMENTS: usize = 1_000;

/// The service; it stops when it is dropped.
pub(crate) struct FakeSearch {
    server: MockServer,
    state: Arc<Mutex<State>>,
}

#[derive(Default)]
struct State {
    indexes: BTreeMap<String, Index>,
    /// Statuses with which the next requests to an operation are answered.
    troubles: VecDeque<(&'static str, u16)>,
    /// What every search is answered, in place of what is found.
    found_instead: Option<Value>,
    /// Documents that are refused, by a part of their name, with the status, and how often.
    refused: Vec<(&'static str, u16, usize)>,
    requests: Vec<(String, Value)>,
    /// The GUIDs by which callers name what they do.
    runs: BTreeSet<String>,
    /// How many bytes every search is answered.
    large: Option<usize>,
}

#[derive(Default, Clone)]
struct Index {
    definition: Value,
    documents: BTreeMap<String, Map<String, Value>>,
}

impl FakeSearch {
    /// Starts a service without indexes.
    pub(crate) fn start() -> Self {
        let state = Arc::new(Mutex::new(State::default()));
        let responder = Responder(Arc::clone(&state));
        let start = thread::spawn(|| {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(async {
                let server = MockServer::builder().start().await;
                Mock::given(any()).respond_with(responder).mount(&server).await;
                server
            })
        });
        Self { server: start.join().unwrap(), state }
    }

    /// Returns the endpoint to configure.
    pub(crate) fn uri(&self) -> String {
        self.server.uri()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap()
    }

    /// Makes an index as somebody else would.
    pub(crate) fn make(&self, name: &str, definition: Value) {
        let index = Index { definition, ..Index::default() };
        self.state().indexes.insert(name.to_owned(), index);
    }

    /// Puts a document into an index, whatever it is.
    pub(crate) fn put(&self, index: &str, id: &str, document: &Value) {
        let document = document.as_object().unwrap().clone();
        self.state().indexes.get_mut(index).unwrap().documents.insert(id.to_owned(), document);
    }

    /// Returns the definition of an index.
    pub(crate) fn definition(&self, index: &str) -> Value {
        self.state().indexes[index].definition.clone()
    }

    /// Returns the documents of an index by their keys.
    pub(crate) fn documents(&self, index: &str) -> BTreeMap<String, Map<String, Value>> {
        self.state().indexes[index].documents.clone()
    }

    /// Answers the next request to an operation (`search`, `index`, or the name of an index) with a status.
    pub(crate) fn trouble(&self, operation: &'static str, status: u16) {
        self.state().troubles.push_back((operation, status));
    }

    /// Answers every search with this.
    pub(crate) fn answer_searches(&self, answer: Value) {
        self.state().found_instead = Some(answer);
    }

    /// Answers every search with so many bytes.
    pub(crate) fn answer_at_length(&self, bytes: usize) {
        self.state().large = Some(bytes);
    }

    /// Returns the GUIDs that came with requests.
    pub(crate) fn runs(&self) -> BTreeSet<String> {
        self.state().runs.clone()
    }

    /// Refuses documents whose name holds a text, so often.
    pub(crate) fn refuse(&self, name: &'static str, status: u16, times: usize) {
        self.state().refused.push((name, status, times));
    }

    /// Returns what arrived: `POST /indexes/code/docs/search` and the body.
    pub(crate) fn requests(&self) -> Vec<(String, Value)> {
        self.state().requests.clone()
    }

    /// Returns the bodies of what arrived at an operation.
    pub(crate) fn bodies(&self, operation: &str) -> Vec<Value> {
        let requests = self.requests().into_iter();
        requests.filter(|(what, _)| what.ends_with(operation)).map(|(_, body)| body).collect()
    }
}

struct Responder(Arc<Mutex<State>>);

impl Respond for Responder {
    fn respond(&self, request: &Request) -> ResponseTemplate {
        let mut state = self.0.lock().unwrap();
        let path = request.url.path().to_owned();
        let body: Value = serde_json::from_slice(&request.body).unwrap_or_default();
        state.requests.push((format!("{} {path}", request.method), body.clone()));
        let header = |name: &str| request.headers.get(name).and_then(|value| value.to_str().ok());
        if header("api-key") != Some(SEARCH_KEY) {
            return error(403, "Forbidden");
        }
        if !request.url.query_pairs().any(|pair| pair == ("api-version".into(), "2024-07-01".into())) {
            return error(400, "The api-version query parameter is missing or wrong.");
        }
        match header("x-ms-client-request-id") {
            Some(run) if is_guid(run) => drop(state.runs.insert(run.to_owned())),
            Some(_) => return error(400, "The header 'x-ms-client-request-id' is not a GUID."),
            None => {}
        }
        if request.method == "PUT" && header("prefer") != Some("return=representation") {
            return error(400, "The header 'Prefer' must be 'return=representation'.");
        }
        if state.troubles.front().is_some_and(|(operation, _)| path.ends_with(operation)) {
            let (_, status) = state.troubles.pop_front().unwrap();
            return error(status, "try again").insert_header("retry-after", "0.02");
        }
        let parts: Vec<&str> = path.trim_matches('/').split('/').collect();
        match (request.method.as_str(), parts.as_slice()) {
            ("GET", ["indexes", name]) => match state.indexes.get(*name) {
                Some(index) => ResponseTemplate::new(200).set_body_json(&index.definition),
                None => error(404, &format!("No index with the name '{name}' was found.")),
            },
            ("PUT", ["indexes", name]) => state.define(name, body),
            ("POST", ["indexes", name, "docs", operation]) if state.indexes.contains_key(*name) => {
                match *operation {
                    "index" => state.change(name, &body),
                    "search" => state.search(name, &body),
                    _ => error(404, "no such operation"),
                }
            }
            _ => error(404, "Resource not found"),
        }
    }
}

fn is_guid(text: &str) -> bool {
    let lengths: Vec<usize> = text.split('-').map(str::len).collect();
    lengths == [8, 4, 4, 4, 12] && text.chars().all(|it| it == '-' || it.is_ascii_hexdigit())
}

fn error(status: u16, message: &str) -> ResponseTemplate {
    ResponseTemplate::new(status).set_body_json(json!({"error": {"code": "", "message": message}}))
}

fn fields(definition: &Value) -> Vec<&Value> {
    definition["fields"].as_array().unwrap().iter().collect()
}

fn key_of(definition: &Value) -> String {
    let key = fields(definition).into_iter().find(|field| field["key"] == true).unwrap();
    key["name"].as_str().unwrap().to_owned()
}

impl State {
    fn define(&mut self, name: &str, definition: Value) -> ResponseTemplate {
        let profiles: Vec<&Value> = definition["vectorSearch"]["profiles"]
            .as_array()
            .map(|it| it.iter().collect())
            .unwrap_or_default();
        let is_wrong = |field: &&Value| match field["type"].as_str() {
            Some("Edm.String") => false,
            Some("Collection(Edm.Single)") => {
                let profile = &field["vectorSearchProfile"];
                field["dimensions"].as_u64().is_none() || !profiles.iter().any(|it| it["name"] == *profile)
            }
            _ => true,
        };
        let keys = fields(&definition).into_iter().filter(|field| field["key"] == true).count();
        if definition["name"] != name || keys != 1 || fields(&definition).iter().any(is_wrong) {
            return error(400, "The request is invalid.");
        }
        let index = self.indexes.entry(name.to_owned()).or_default();
        index.definition = definition.clone();
        ResponseTemplate::new(201).set_body_json(definition)
    }

    fn change(&mut self, name: &str, body: &Value) -> ResponseTemplate {
        let index = self.indexes.get_mut(name).unwrap();
        let key = key_of(&index.definition);
        let known: BTreeSet<String> = fields(&index.definition)
            .iter()
            .map(|field| field["name"].as_str().unwrap().to_owned())
            .collect();
        let actions = body["value"].as_array().unwrap();
        let unknown = |name: &&String| !known.contains(*name) && *name != "@search.action";
        if actions.len() > MOST_DOCUMENTS
            || actions.iter().any(|action| action.as_object().unwrap().keys().any(|name| unknown(&name)))
        {
            return error(400, "The request is invalid.");
        }
        let mut results = Vec::new();
        for action in actions {
            let id = action[&key].as_str().unwrap().to_owned();
            let text = action.to_string();
            let refusal = self.refused.iter_mut().find(|(part, _, times)| text.contains(*part) && *times > 0);
            if let Some((_, status, times)) = refusal {
                *times -= 1;
                results.push(json!({
                    "key": id, "status": false, "errorMessage": "not now", "statusCode": status,
                }));
                continue;
            }
            let mut document = action.as_object().unwrap().clone();
            let kind = document.remove("@search.action").unwrap();
            if kind == "delete" {
                index.documents.remove(&id);
            } else {
                assert_eq!(kind, "mergeOrUpload");
                assert!(id.chars().all(|it| it.is_ascii_alphanumeric() || "-_=".contains(it)), "{id}");
                index.documents.entry(id.clone()).or_default().extend(document);
            }
            results.push(json!({"key": id, "status": true, "errorMessage": null, "statusCode": 200}));
        }
        let status = if results.iter().all(|result| result["status"] == true) { 200 } else { 207 };
        // The order of the results is not that of the documents.
        results.reverse();
        ResponseTemplate::new(status).set_body_json(json!({ "value": results }))
    }

    fn search(&self, name: &str, body: &Value) -> ResponseTemplate {
        if let Some(bytes) = self.large {
            let blanks = " ".repeat(bytes.saturating_sub(13));
            return ResponseTemplate::new(200).set_body_string(format!("{{\"value\": []{blanks}}}"));
        }
        if let Some(answer) = &self.found_instead {
            return ResponseTemplate::new(200).set_body_json(answer);
        }
        let index = &self.indexes[name];
        let key = key_of(&index.definition);
        let after = body["filter"].as_str().map(|filter| {
            let (field, value) = filter.split_once(" gt ").unwrap();
            assert_eq!(field, key);
            value.trim_matches('\'').to_owned()
        });
        let top = usize::try_from(body["top"].as_u64().unwrap_or(50)).unwrap();
        let words = words(body["search"].as_str().unwrap_or("*"));
        let vector: Option<Vec<f64>> =
            serde_json::from_value(body["vectorQueries"][0]["vector"].clone()).ok();
        let vector_field = body["vectorQueries"][0]["fields"].as_str().unwrap_or_default();
        let searched: Vec<&str> = body["searchFields"].as_str().unwrap_or_default().split(',').collect();
        let mut found: Vec<(f64, &Map<String, Value>)> = Vec::new();
        for (id, document) in &index.documents {
            if after.as_ref().is_some_and(|after| id <= after) {
                continue;
            }
            let text: String = searched.iter().filter_map(|field| document.get(*field)?.as_str()).collect();
            let own = self::words(&text);
            let shared = words.intersection(&own).count();
            let mut score = f64::from(u32::try_from(shared).unwrap());
            if let Some(vector) = &vector {
                let other: Vec<f64> = document
                    .get(vector_field)
                    .and_then(|it| serde_json::from_value(it.clone()).ok())
                    .unwrap_or_default();
                score += 100.0 * vector.iter().zip(&other).map(|(one, other)| one * other).sum::<f64>();
            }
            if body["search"] == "*" || score > 0.0 {
                found.push((score, document));
            }
        }
        if body["orderby"].is_null() {
            found.sort_by(|one, other| other.0.total_cmp(&one.0));
        }
        let selected: Vec<&str> = body["select"].as_str().unwrap().split(',').collect();
        let shown = |(score, document): (f64, &Map<String, Value>)| {
            let mut shown: Map<String, Value> = selected
                .iter()
                .filter_map(|field| Some(((*field).to_owned(), document.get(*field)?.clone())))
                .collect();
            shown.insert("@search.score".to_owned(), json!(score));
            Value::Object(shown)
        };
        let value: Vec<Value> = found.into_iter().take(top).map(shown).collect();
        ResponseTemplate::new(200).set_body_json(json!({"@odata.context": "fake", "value": value}))
    }
}

fn words(text: &str) -> BTreeSet<String> {
    let words = text.split(|character: char| !character.is_alphanumeric());
    words.filter(|word| word.len() > 1).map(str::to_lowercase).collect()
}
