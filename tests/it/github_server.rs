//! A GitHub that remembers: reviews and comments of one pull request, over real HTTP, as strict as the real one.
//!
//! It knows pull request 7 of `octo/repo` and the token [`TOKEN`]. What it rejects and how it says so follows what
//! was seen of GitHub: a review is stored as a whole or not at all.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard};
use std::thread;
use std::time::Duration;

use serde_json::{Value, json};
use wiremock::matchers::any;
use wiremock::{Mock, MockServer, Request, Respond, ResponseTemplate};

/// The token it accepts.
pub(crate) const TOKEN: &str = "ghs_0123456789abcdefSECRET";
const PULL: &str = "/repos/octo/repo/pulls/7";

/// The server; it stops when it is dropped.
pub(crate) struct FakeGitHub {
    server: MockServer,
    state: Arc<Mutex<State>>,
}

/// A review as it was stored.
#[derive(Debug, Clone)]
pub(crate) struct StoredReview {
    pub(crate) body: String,
    pub(crate) commit_id: String,
    /// `COMMENTED`, or `PENDING` when the request named no event.
    pub(crate) state: String,
}

/// A comment as it was stored.
#[derive(Debug, Clone)]
pub(crate) struct StoredComment {
    pub(crate) path: String,
    pub(crate) start_line: Option<u64>,
    pub(crate) line: u64,
    pub(crate) body: String,
    login: String,
}

/// How to answer one request badly.
#[derive(Debug, Clone)]
pub(crate) struct Trouble {
    method: &'static str,
    status: u16,
    message: String,
    headers: Vec<(&'static str, String)>,
    delay: Duration,
    does_its_work: bool,
}

impl Trouble {
    /// Answers with a status and does nothing else.
    pub(crate) fn on(method: &'static str, status: u16, message: &str) -> Self {
        Self {
            method,
            status,
            message: message.to_owned(),
            headers: Vec::new(),
            delay: Duration::ZERO,
            does_its_work: false,
        }
    }

    /// Adds a header.
    pub(crate) fn with_header(mut self, name: &'static str, value: &str) -> Self {
        self.headers.push((name, value.to_owned()));
        self
    }

    /// Does what was asked for, and answers badly all the same.
    pub(crate) fn after_storing(mut self) -> Self {
        self.does_its_work = true;
        self
    }

    /// Takes its time.
    pub(crate) fn with_delay(mut self, delay: Duration) -> Self {
        self.delay = delay;
        self
    }
}

#[derive(Default)]
struct State {
    hunks: BTreeMap<String, Vec<(u64, u64)>>,
    login: Option<String>,
    reviews: Vec<StoredReview>,
    comments: Vec<StoredComment>,
    troubles: VecDeque<Trouble>,
    requests: Vec<String>,
    payloads: Vec<Value>,
}

impl FakeGitHub {
    /// Starts a server whose pull request shows these lines (first and last of the new side) of these files.
    pub(crate) fn start(hunks: &[(&str, &[(u64, u64)])]) -> Self {
        let hunks = hunks.iter().map(|(path, ranges)| ((*path).to_owned(), ranges.to_vec())).collect();
        let state = Arc::new(Mutex::new(State { hunks, ..State::default() }));
        let responder = Responder(Arc::clone(&state));
        // On a thread of its own, so that tests may or may not be asynchronous themselves.
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

    /// Returns the address for `GITHUB_API_URL`.
    pub(crate) fn uri(&self) -> String {
        self.server.uri()
    }

    /// Returns the reviews that people can see.
    pub(crate) fn reviews(&self) -> Vec<StoredReview> {
        self.state().reviews.iter().filter(|review| review.state != "PENDING").cloned().collect()
    }

    /// Returns all comments beside the code.
    pub(crate) fn comments(&self) -> Vec<StoredComment> {
        self.state().comments.clone()
    }

    /// Returns the requests so far, as `POST /path`.
    pub(crate) fn requests(&self) -> Vec<String> {
        self.state().requests.clone()
    }

    /// Returns how many requests had a method.
    pub(crate) fn count(&self, method: &str) -> usize {
        self.requests().iter().filter(|request| request.starts_with(method)).count()
    }

    /// Returns the bodies of the requests that had one.
    pub(crate) fn payloads(&self) -> Vec<Value> {
        self.state().payloads.clone()
    }

    /// Answers the next request of the trouble's method badly; several are worked off in order.
    pub(crate) fn trouble(&self, trouble: Trouble) {
        self.state().troubles.push_back(trouble);
    }

    /// Says whose token it is, as GitHub does for the tokens of people; by default it is a workflow's.
    pub(crate) fn belongs_to(&self, login: &str) {
        self.state().login = Some(login.to_owned());
    }

    /// Lets somebody comment beside the code.
    pub(crate) fn comment_as(&self, login: &str, body: &str) {
        let (login, body) = (login.to_owned(), body.to_owned());
        let comment = StoredComment { path: "a.py".to_owned(), start_line: None, line: 1, body, login };
        self.state().comments.push(comment);
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap()
    }
}

struct Responder(Arc<Mutex<State>>);

impl Respond for Responder {
    fn respond(&self, request: &Request) -> ResponseTemplate {
        let mut state = self.0.lock().unwrap();
        let method = request.method.to_string();
        state.requests.push(format!("{method} {}", request.url.path()));
        if let Ok(payload) = serde_json::from_slice(&request.body) {
            state.payloads.push(payload);
        }
        let is_due = state.troubles.front().is_some_and(|trouble| trouble.method == method);
        let Some(trouble) = is_due.then(|| state.troubles.pop_front()).flatten() else {
            return state.answer(request);
        };
        if trouble.does_its_work {
            let _ = state.answer(request);
        }
        let answer = refuse(trouble.status, &trouble.message).set_delay(trouble.delay);
        trouble
            .headers
            .into_iter()
            .fold(answer, |answer, (name, value)| answer.insert_header(name, value.as_str()))
    }
}

impl State {
    fn answer(&mut self, request: &Request) -> ResponseTemplate {
        let authorization = request.headers.get("authorization").and_then(|value| value.to_str().ok());
        if authorization != Some(&format!("Bearer {TOKEN}")) {
            return refuse(401, "Bad credentials");
        }
        // A server of one's own answers below this path.
        let path = request.url.path();
        let path = path.strip_prefix("/api/v3").unwrap_or(path);
        match (request.method.as_str(), path, path.strip_prefix(PULL)) {
            ("GET", "/user", _) => match &self.login {
                Some(login) => {
                    ResponseTemplate::new(200).set_body_json(json!({"login": login, "type": "User"}))
                }
                None => refuse(403, "Resource not accessible by integration"),
            },
            ("GET", _, Some("/comments")) => page(request, &self.listed_comments()),
            ("GET", _, Some("/reviews")) => page(request, &self.listed_reviews()),
            ("POST", _, Some("/reviews")) => self.store(&request.body),
            _ => refuse(404, "Not Found"),
        }
    }

    fn own_login(&self) -> &str {
        self.login.as_deref().unwrap_or("github-actions[bot]")
    }

    fn listed_comments(&self) -> Vec<Value> {
        let shown = |(id, comment): (usize, &StoredComment)| {
            json!({
                "id": id + 1,
                "user": account(&comment.login),
                "body": comment.body,
                "path": comment.path,
                "line": null,
                "original_line": comment.line,
                "diff_hunk": "@@ -1 +1 @@",
            })
        };
        self.comments.iter().enumerate().map(shown).collect()
    }

    fn listed_reviews(&self) -> Vec<Value> {
        let visible = self.reviews.iter().enumerate().filter(|(_, review)| review.state != "PENDING");
        let shown = |(id, review): (usize, &StoredReview)| {
            let user = account(self.own_login());
            json!({"id": id + 1, "user": user, "body": review.body, "state": review.state})
        };
        visible.map(shown).collect()
    }

    fn store(&mut self, body: &[u8]) -> ResponseTemplate {
        let Ok(payload) = serde_json::from_slice::<Value>(body) else {
            return refuse(400, "Problems parsing JSON");
        };
        let text = |value: &Value, name: &str| value[name].as_str().unwrap_or_default().to_owned();
        let is_comment = payload["event"] == "COMMENT";
        let body = text(&payload, "body");
        let mut errors = Vec::new();
        if is_comment && body.trim().is_empty() {
            errors.push("Body can't be blank".to_owned());
        }
        let mut comments = Vec::new();
        for comment in payload["comments"].as_array().into_iter().flatten() {
            errors.extend(self.complaint(comment));
            comments.push(StoredComment {
                path: text(comment, "path"),
                start_line: comment["start_line"].as_u64(),
                line: comment["line"].as_u64().unwrap_or_default(),
                body: text(comment, "body"),
                login: self.own_login().to_owned(),
            });
        }
        let is_too_long = |body: &String| body.chars().count() > 65_536;
        if is_too_long(&body) || comments.iter().any(|comment| is_too_long(&comment.body)) {
            errors.push("Body is too long (maximum is 65536 characters)".to_owned());
        }
        if !errors.is_empty() {
            let answer = json!({"message": "Unprocessable Entity", "errors": errors});
            return ResponseTemplate::new(422).set_body_json(answer);
        }
        self.comments.extend(comments);
        let state = if is_comment { "COMMENTED" } else { "PENDING" };
        self.reviews.push(StoredReview {
            body,
            commit_id: text(&payload, "commit_id"),
            state: state.to_owned(),
        });
        let id = self.reviews.len();
        let url = format!("https://github.com/octo/repo/pull/7#pullrequestreview-{id}");
        ResponseTemplate::new(200).set_body_json(json!({"id": id, "state": state, "html_url": url}))
    }

    /// Returns what GitHub would complain about in a comment.
    fn complaint(&self, comment: &Value) -> Option<String> {
        let path = comment["path"].as_str().unwrap_or_default();
        let Some(hunks) = self.hunks.get(path) else {
            return Some("Pull request review thread path is invalid".to_owned());
        };
        let hunk_of = |line: u64| hunks.iter().position(|(first, last)| (*first..=*last).contains(&line));
        let line = comment["line"].as_u64().unwrap_or_default();
        let hunk = hunk_of(line);
        if hunk.is_none() || comment["side"] != "RIGHT" {
            return Some("Pull request review thread line must be part of the diff".to_owned());
        }
        let start = comment.get("start_line")?.as_u64().unwrap_or_default();
        if start >= line {
            return Some("Pull request review thread start line must precede the end line.".to_owned());
        }
        if hunk_of(start) != hunk || comment["start_side"] != "RIGHT" {
            let message = "Pull request review thread start line must be part of the same hunk as the line.";
            return Some(message.to_owned());
        }
        None
    }
}

fn account(login: &str) -> Value {
    json!({"login": login, "type": if login.ends_with("[bot]") { "Bot" } else { "User" }})
}

fn refuse(status: u16, message: &str) -> ResponseTemplate {
    let documentation = "https://docs.github.com/rest";
    ResponseTemplate::new(status)
        .set_body_json(json!({"message": message, "documentation_url": documentation}))
}

fn page(request: &Request, all: &[Value]) -> ResponseTemplate {
    let query = |name: &str, otherwise: usize| {
        let found = request.url.query_pairs().find(|(key, _)| key == name);
        found.and_then(|(_, value)| value.parse().ok()).unwrap_or(otherwise)
    };
    let size = query("per_page", 30).clamp(1, 100);
    let number = query("page", 1).max(1);
    let shown: Vec<&Value> = all.iter().skip((number - 1) * size).take(size).collect();
    let answer = ResponseTemplate::new(200).set_body_json(&shown);
    if number * size < all.len() {
        let next = format!("<{}?per_page={size}&page={}>; rel=\"next\"", request.url.path(), number + 1);
        answer.insert_header("link", next.as_str())
    } else {
        answer
    }
}
