//! What counts as an attempt: a request that was put on the wire, and nothing that was only meant to be.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use docgate::clock;
use docgate::model::client::{Client, ClientSettings};
use docgate::model::sign_in::{Fetch, IssuedToken, SignInErrorKind, TokenSource, Tokens, Way};
use docgate::model::{LanguageModel as _, ModelErrorKind, ModelRequest};
use docgate::secret::Secret;
use futures_util::future::join_all;
use serde_json::json;

use crate::azure::{Answer, FakeAzure, TOKEN};
use crate::model::{ask_for, request, settings};

/// What comes of asking for a token.
#[derive(Debug, Clone, Copy)]
enum Fetched {
    Token(&'static str),
    /// One that is over when it comes.
    Over(&'static str),
    Late,
    Nobody,
}

/// Gives what it was told, and the last of it again and again.
#[derive(Debug, Clone)]
struct Told {
    answers: Vec<Fetched>,
    asked: Arc<AtomicUsize>,
}

impl TokenSource for Told {
    fn fetch(&self) -> Fetch<'_> {
        Box::pin(async {
            let place = self.asked.fetch_add(1, Ordering::Relaxed).min(self.answers.len() - 1);
            let (token, ends) = match self.answers[place] {
                Fetched::Token(token) => (token, clock::since_epoch() + Duration::from_secs(3_600)),
                Fetched::Over(token) => (token, clock::since_epoch()),
                Fetched::Late => {
                    tokio::time::sleep(Duration::from_secs(30)).await;
                    return Err(SignInErrorKind::Garbage.of(Way::Cli));
                }
                Fetched::Nobody => return Err(SignInErrorKind::SignedOut(String::new()).of(Way::Cli)),
            };
            Ok(IssuedToken { token: Secret::new(token), ends })
        })
    }
}

fn signed_in(service: &FakeAzure, answers: &[Fetched]) -> (ClientSettings, Arc<AtomicUsize>) {
    let asked = Arc::new(AtomicUsize::new(0));
    let source = Told { answers: answers.to_vec(), asked: Arc::clone(&asked) };
    let tokens = Some(Arc::new(Tokens::new(Box::new(source))));
    (ClientSettings { api_key: Secret::new(""), tokens, ..settings(service) }, asked)
}

fn soon() -> ModelRequest {
    ModelRequest { deadline: Some(Instant::now() + Duration::from_millis(2_500)), ..request() }
}

#[test]
fn what_never_left_is_no_attempt() {
    // What is fetched, what comes of it, and how many requests were sent.
    let table: [(&[Fetched], &str, u32); 5] = [
        (&[Fetched::Nobody], "not-signed-in", 0),
        (&[Fetched::Late], "no-time", 0),
        // The service refuses the token, and there is no other.
        (&[Fetched::Token("taken-back"), Fetched::Nobody], "not-signed-in", 1),
        (&[Fetched::Token("taken-back"), Fetched::Late], "token-refused", 1),
        (&[Fetched::Token("taken-back"), Fetched::Token("taken-back-too")], "token-refused", 2),
    ];
    for (answers, name, sent) in table {
        let service = FakeAzure::start();
        let error = ask_for(signed_in(&service, answers).0, &soon()).unwrap_err();
        let seen = u32::try_from(service.request_count()).unwrap();
        assert_eq!((error.name(), error.attempts, seen), (name, sent, sent), "{answers:?}: {error}");
        assert!(error.is_unbilled() && error.usage.is_none(), "{answers:?}: {error:?}");
    }
}

#[test]
fn both_requests_count_where_a_token_was_replaced() {
    let service = FakeAzure::start();
    let answers = [Fetched::Token("taken-back"), Fetched::Token(TOKEN)];
    let reply = ask_for(signed_in(&service, &answers).0, &request()).unwrap();
    assert_eq!((reply.attempts, service.request_count()), (2, 2));
}

#[test]
fn a_token_that_is_late_for_the_second_attempt_leaves_the_first_as_the_reason() {
    let service =
        FakeAzure::scripted(|_, _| Answer::Status(503, vec![], json!({"error": {"message": "busy"}})));
    let (settings, fetched) = signed_in(&service, &[Fetched::Over(TOKEN), Fetched::Late]);
    let deadline = Some(Instant::now() + Duration::from_secs(3));
    let error = ask_for(settings, &ModelRequest { deadline, ..request() }).unwrap_err();
    assert_eq!(fetched.load(Ordering::Relaxed), 2);
    assert!(matches!(error.kind, ModelErrorKind::Server { status: 503, .. }) && error.ran_out, "{error}");
    assert_eq!((error.attempts, service.request_count()), (1, 1));
}

#[test]
fn a_service_that_is_not_there_was_sent_nothing() {
    let endpoint = "http://127.0.0.1:9".to_owned();
    let settings = ClientSettings { maximum_retries: 1, endpoint, ..settings(&FakeAzure::start()) };
    let error = ask_for(settings, &request()).unwrap_err();
    assert!(matches!(error.kind, ModelErrorKind::Unreachable { .. }), "{error}");
    assert!(error.attempts == 0 && error.is_unbilled(), "{error:?}");
    // One that hangs up has got it, and may send a bill.
    let service = FakeAzure::scripted(|_, _| Answer::Disconnect);
    let error =
        ask_for(ClientSettings { maximum_retries: 1, ..crate::model::settings(&service) }, &request());
    let error = error.unwrap_err();
    assert_eq!((error.attempts, service.request_count()), (2, 2), "{error:?}");
    assert!(!error.is_unbilled(), "{error:?}");
}

#[test]
fn a_refused_token_that_comes_again_is_fetched_once_for_all_and_not_sent_again() {
    let service = FakeAzure::start();
    let (settings, fetched) = signed_in(&service, &[Fetched::Token("taken-back")]);
    let client = Client::new(settings).unwrap();
    let question = request();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let all = runtime.block_on(join_all((0..8).map(|_| client.complete(&question))));
    let mut sent = 0;
    for result in all {
        let error = result.unwrap_err();
        assert!(matches!(error.name(), "token-refused" | "hopeless"), "{error}");
        sent += error.attempts as usize;
    }
    assert_eq!(fetched.load(Ordering::Relaxed), 2, "the first one, and one in its place");
    assert!(sent == service.request_count() && sent <= 8, "{sent}");
}
