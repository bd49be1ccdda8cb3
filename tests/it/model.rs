//! The Azure client against the fake service, over HTTP.

use std::error::Error;
use std::fmt::Write as _;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use docgate::model::capability::StructuredOutput;
use docgate::model::client::{Client, ClientSettings, SettingsError};
use docgate::model::limiter::Quota;
use docgate::model::service::Service;
use docgate::model::shape::Overrides;
use docgate::model::sign_in::{Fetch, IssuedToken, SignInErrorKind, TokenSource, Tokens, Way};
use docgate::model::{LanguageModel, Message, ModelError, ModelErrorKind, ModelReply, ModelRequest};
use docgate::secret::Secret;
use serde_json::{Value, json};

use crate::azure::{Answer, DEPLOYMENT, FakeAzure, KEY, MODEL, TOKEN};

fn azure(deployment: &str, api_version: Option<&str>) -> Service {
    Service::Azure { deployment: deployment.to_owned(), api_version: api_version.map(str::to_owned) }
}

pub(crate) fn settings(service: &FakeAzure) -> ClientSettings {
    let quota = Quota::per_minute(6_000_000, 60_000_000).unwrap();
    ClientSettings {
        model: MODEL.to_owned(),
        timeout: Duration::from_secs(30),
        run_id: "run-1".to_owned(),
        ..ClientSettings::new(azure(DEPLOYMENT, Some("2024-10-21")), &service.uri(), Secret::new(KEY), quota)
    }
}

pub(crate) fn request() -> ModelRequest {
    ModelRequest {
        messages: vec![Message::system("rules"), Message::user("a secret prompt")],
        schema_name: "docstrings".to_owned(),
        schema: json!({
            "type": "object",
            "properties": {"summary": {"type": "string"}},
            "required": ["summary"],
            "additionalProperties": false,
        }),
        max_completion_tokens: 500,
        deadline: None,
        attempts: None,
    }
}

fn ask(settings: ClientSettings) -> Result<ModelReply, ModelError> {
    ask_for(settings, &request())
}

pub(crate) fn ask_for(settings: ClientSettings, request: &ModelRequest) -> Result<ModelReply, ModelError> {
    let client = Client::new(settings).unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(client.complete(request))
}

/// Returns everything that an error can print, its causes included.
fn everything_printed(error: &ModelError) -> String {
    let mut text = format!("{error} {error:?} {:?} {:?}", error.hint(), error.request_id());
    let mut source = error.source();
    while let Some(cause) = source {
        write!(text, " {cause} {cause:?}").unwrap();
        source = cause.source();
    }
    text
}

#[test]
fn the_dated_route_has_the_deployment_in_its_path() {
    let service = FakeAzure::scripted(|_, _| Answer::Content(json!({"summary": "Adds."})));
    let reply = ask(settings(&service)).unwrap();
    assert_eq!(reply.text, r#"{"summary":"Adds."}"#);
    assert_eq!((reply.model.as_str(), reply.request_id.as_deref()), (MODEL, Some("fake-request")));
    assert!(reply.usage.prompt_tokens > 0 && reply.usage.completion_tokens > 0);
    let [received] = service.requests().try_into().unwrap();
    assert_eq!(received.path, "/openai/deployments/docs/chat/completions");
    assert_eq!(received.query, "api-version=2024-10-21");
    assert_eq!(received.header("api-key"), Some(KEY));
    assert_eq!(received.header("x-ms-client-request-id"), Some("run-1"));
    assert_eq!(received.header("authorization"), None);
    assert_eq!(received.body["model"], Value::Null);
}

#[test]
fn the_v1_route_has_the_deployment_in_its_body() {
    let service = FakeAzure::start();
    ask(ClientSettings { service: azure(DEPLOYMENT, None), ..settings(&service) }).unwrap();
    let [received] = service.requests().try_into().unwrap();
    assert_eq!((received.path.as_str(), received.query.as_str()), ("/openai/v1/chat/completions", ""));
    assert_eq!(received.body["model"], DEPLOYMENT);
}

#[test]
fn the_answer_is_asked_for_in_a_strict_schema() {
    let service = FakeAzure::start();
    ask(settings(&service)).unwrap();
    let body = &service.requests()[0].body;
    assert_eq!(
        body["response_format"],
        json!({
            "type": "json_schema",
            "json_schema": {"name": "docstrings", "strict": true, "schema": request().schema},
        })
    );
    assert_eq!(body["messages"][1], json!({"role": "user", "content": "a secret prompt"}));
    assert_eq!((&body["temperature"], &body["max_tokens"]), (&json!(0), &json!(500)));
}

#[test]
fn a_reasoning_model_gets_no_temperature() {
    for model in ["gpt-5-mini", "o4-mini", "o3-mini-2025-01-31"] {
        let service = FakeAzure::serving(model, |_, _| Answer::Content(json!({})));
        ask(ClientSettings { model: model.to_owned(), ..settings(&service) }).unwrap();
        let body = &service.requests()[0].body;
        assert_eq!(body["max_completion_tokens"], 500, "{model}");
        assert_eq!((&body["temperature"], &body["max_tokens"]), (&Value::Null, &Value::Null), "{model}");
    }
}

/// What a request asks JSON with.
fn way(body: &Value) -> &'static str {
    let ways = ["response_format", "tools", "functions"];
    ways.into_iter().find(|way| !body[*way].is_null()).unwrap_or("text")
}

#[test]
fn every_model_is_asked_for_json_in_the_words_it_knows() {
    let table = [
        ("gpt-4o-mini", "response_format"),
        ("gpt-5-mini", "response_format"),
        ("gpt-4o-2024-05-13", "tools"),
        ("gpt-4-0613", "functions"),
        ("gpt-35-turbo-16k", "functions"),
    ];
    for (model, expected) in table {
        let service = FakeAzure::serving(model, |_, _| Answer::Content(json!({"summary": "Adds."})));
        let reply = ask(ClientSettings { model: model.to_owned(), ..settings(&service) }).unwrap();
        assert_eq!(reply.text, r#"{"summary":"Adds."}"#, "{model}");
        assert_eq!((way(&service.requests()[0].body), service.request_count()), (expected, 1), "{model}");
    }
}

#[test]
fn an_old_version_of_the_interface_is_asked_in_old_words() {
    let service = FakeAzure::start();
    let old = azure(DEPLOYMENT, Some("2024-02-15-preview"));
    ask(ClientSettings { service: old, ..settings(&service) }).unwrap();
    assert_eq!(way(&service.requests()[0].body), "functions");
}

#[test]
fn a_deployment_that_hides_another_model_is_found_out_once() {
    let table = [
        ("gpt-4o-2024-05-13", vec!["response_format", "tools"]),
        ("gpt-4-0613", vec!["response_format", "tools", "functions"]),
        ("text-only-model", vec!["response_format", "tools", "functions", "text"]),
    ];
    for (model, expected) in table {
        let service = FakeAzure::serving(model, |_, _| Answer::Content(json!({"summary": "Adds."})));
        let client = Client::new(settings(&service)).unwrap();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let first = runtime.block_on(client.complete(&request())).unwrap();
        assert_eq!(first.text, r#"{"summary":"Adds."}"#, "{model}");
        runtime.block_on(client.complete(&request())).unwrap();
        let ways: Vec<&str> = service.requests().iter().map(|received| way(&received.body)).collect();
        let again = *expected.last().unwrap();
        assert_eq!(ways, [expected, vec![again]].concat(), "{model}");
    }
}

#[test]
fn a_reasoning_model_behind_another_name_is_found_out() {
    let service = FakeAzure::serving("gpt-5-mini", |_, _| Answer::Content(json!({})));
    ask(settings(&service)).unwrap();
    let body = service.requests().last().unwrap().body.clone();
    assert_eq!((&body["max_completion_tokens"], &body["temperature"]), (&json!(500), &Value::Null));
}

#[test]
fn what_the_configuration_insists_on_is_rejected_with_what_to_change() {
    let service = FakeAzure::serving("gpt-4-0613", |_, _| Answer::Content(json!({})));
    let insisting = Overrides { structured: Some(StructuredOutput::JsonSchema), ..Overrides::default() };
    let error = ask(ClientSettings { overrides: insisting, ..settings(&service) }).unwrap_err();
    assert!(error.hint().unwrap().contains("azure.structured-output"), "{:?}", error.hint());
    assert_eq!((service.request_count(), error.request_id()), (1, Some("fake-request")));
}

#[test]
fn services_that_speak_the_protocol_are_asked_with_a_bearer_key() {
    let service = FakeAzure::scripted(|_, _| Answer::Content(json!({"summary": "Adds."})));
    let compatible = ClientSettings {
        service: Service::Compatible { organization: Some("org-1".to_owned()) },
        endpoint: format!("{}/v1", service.uri()),
        model: DEPLOYMENT.to_owned(),
        ..settings(&service)
    };
    assert_eq!(ask(compatible).unwrap().text, r#"{"summary":"Adds."}"#);
    let [received] = service.requests().try_into().unwrap();
    assert_eq!(received.path, "/v1/chat/completions");
    assert_eq!(received.header("authorization"), Some(format!("Bearer {KEY}").as_str()));
    assert_eq!((received.header("api-key"), received.header("openai-organization")), (None, Some("org-1")));
    assert_eq!(received.body["model"], DEPLOYMENT);
}

/// Has tokens, one after the other; without any left the sign-in fails.
#[derive(Debug)]
struct Issuing(Mutex<Vec<&'static str>>);

impl TokenSource for Issuing {
    fn fetch(&self) -> Fetch<'_> {
        Box::pin(async {
            let token = self.0.lock().unwrap().pop();
            let token =
                token.ok_or(SignInErrorKind::SignedOut("it is too long ago".to_owned()).of(Way::Cli))?;
            Ok(IssuedToken { token: Secret::new(token), ends: Duration::from_secs(u64::from(u32::MAX)) })
        })
    }
}

fn signed_in(service: &FakeAzure, tokens: &[&'static str]) -> ClientSettings {
    let tokens = tokens.iter().rev().copied().collect();
    ClientSettings {
        api_key: Secret::new(""),
        tokens: Some(Arc::new(Tokens::new(Box::new(Issuing(Mutex::new(tokens)))))),
        ..settings(service)
    }
}

#[test]
fn who_signs_in_is_asked_for_no_key_on_either_route() {
    for version in [Some("2024-10-21"), None] {
        let service = FakeAzure::start();
        ask(ClientSettings { service: azure(DEPLOYMENT, version), ..signed_in(&service, &[TOKEN]) }).unwrap();
        let [received] = service.requests().try_into().unwrap();
        assert_eq!(received.header("authorization"), Some(format!("Bearer {TOKEN}").as_str()));
        assert_eq!(received.header("api-key"), None);
        assert_eq!(received.header("x-ms-client-request-id"), Some("run-1"));
    }
}

#[test]
fn a_token_that_is_refused_is_replaced_once() {
    let service = FakeAzure::start();
    let client = Client::new(signed_in(&service, &["taken-back", TOKEN])).unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(client.complete(&request())).unwrap();
    runtime.block_on(client.complete(&request())).unwrap();
    assert_eq!(service.request_count(), 3);
    let service = FakeAzure::start();
    let error = ask(signed_in(&service, &["taken-back", "taken-back-too", TOKEN])).unwrap_err();
    assert!(matches!(error.kind, ModelErrorKind::TokenRefused), "{error}");
    let hint = error.hint().unwrap();
    assert!(hint.contains("DOCGATE_SCOPE") && hint.contains("Cognitive Services OpenAI User"), "{hint}");
    assert!(error.is_hopeless() && error.is_unbilled());
    assert_eq!(service.request_count(), 2);
    assert!(!everything_printed(&error).contains("taken-back"), "{}", everything_printed(&error));
}

#[test]
fn nothing_is_sent_where_nobody_is_signed_in() {
    let service = FakeAzure::start();
    let error = ask(signed_in(&service, &[])).unwrap_err();
    assert_eq!(
        error.to_string(),
        "the sign-in `cli` failed: nobody is signed in to the Azure CLI: it is too long ago"
    );
    assert_eq!(error.hint().as_deref(), Some("run `az login`"));
    assert!(error.is_hopeless() && error.is_unbilled());
    assert_eq!(service.request_count(), 0);
}

#[test]
fn a_token_that_the_service_repeats_is_not_shown() {
    for status in [400, 401, 403, 404, 429, 500] {
        let service = FakeAzure::scripted(move |_, _| {
            let headers = vec![("x-request-id", format!("id-{TOKEN}"))];
            let body = json!({"error": {"code": TOKEN, "message": format!("{TOKEN} is not for this")}});
            Answer::Status(status, headers, body)
        });
        let error =
            ask(ClientSettings { maximum_retries: 0, ..signed_in(&service, &[TOKEN, TOKEN]) }).unwrap_err();
        let printed = everything_printed(&error);
        assert!(!printed.contains(TOKEN), "{status}: {printed}");
    }
    let service = FakeAzure::scripted(|_, _| Answer::Refusal(format!("not with {TOKEN}")));
    let printed = everything_printed(&ask(signed_in(&service, &[TOKEN])).unwrap_err());
    assert!(!printed.contains(TOKEN), "{printed}");
}

#[test]
fn the_last_real_cause_is_said_when_the_time_is_up() {
    let service =
        FakeAzure::scripted(|_, _| Answer::Status(503, vec![], json!({"error": {"message": "busy"}})));
    let began = Instant::now();
    let total_time = Duration::from_millis(900);
    let error = ask(ClientSettings { total_time, ..settings(&service) }).unwrap_err();
    assert!(matches!(error.kind, ModelErrorKind::Server { status: 503, .. }), "{error}");
    assert!(error.ran_out && error.attempts >= 2, "{error:?}");
    assert!(error.to_string().contains("503: busy (no time was left"), "{error}");
    assert!(began.elapsed() < Duration::from_secs(2));
}

#[test]
fn a_request_ends_at_its_deadline_whatever_the_service_does() {
    let service = FakeAzure::scripted(|_, index| match index {
        0 => Answer::Status(500, vec![("retry-after-ms", "50".to_owned())], json!({})),
        _ => Answer::Hang,
    });
    let deadline = Some(Instant::now() + Duration::from_millis(700));
    let began = Instant::now();
    let error = ask_for(settings(&service), &ModelRequest { deadline, ..request() }).unwrap_err();
    // That the second attempt hung is why there was no time; that the first failed is what happened.
    assert!(matches!(error.kind, ModelErrorKind::Server { status: 500, .. }), "{error}");
    assert!(error.ran_out && began.elapsed() < Duration::from_secs(2), "{error:?}");
    let hanging = FakeAzure::scripted(|_, _| Answer::Hang);
    let deadline = Some(Instant::now() + Duration::from_millis(200));
    let error = ask_for(settings(&hanging), &ModelRequest { deadline, ..request() }).unwrap_err();
    assert!(matches!(error.kind, ModelErrorKind::Timeout { .. }), "{error}");
}

#[test]
fn a_quota_that_lets_nothing_through_in_time_is_said() {
    let service = FakeAzure::start();
    let quota = Quota::per_minute(60, 1_000).unwrap();
    let client =
        Client::new(ClientSettings { quota, maximum_wait: Duration::from_secs(1), ..settings(&service) });
    let client = client.unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(client.complete(&request())).unwrap();
    let error = runtime.block_on(client.complete(&request())).unwrap_err();
    assert!(
        matches!(error.kind, ModelErrorKind::Quota { wait } if wait > Duration::from_secs(10)),
        "{error}"
    );
    assert_eq!((service.request_count(), error.attempts), (1, 0));
}

#[test]
fn a_schema_that_is_not_strict_is_a_bad_request() {
    let service = FakeAzure::start();
    let loose = ModelRequest { schema: json!({"type": "object", "properties": {}}), ..request() };
    let error = ask_for(settings(&service), &loose).unwrap_err();
    assert!(
        error.to_string().contains("'additionalProperties' is required to be supplied and to be false"),
        "{error}"
    );
    assert_eq!(service.request_count(), 1);
}

#[test]
fn a_rate_limit_is_obeyed_to_the_millisecond() {
    let service = FakeAzure::scripted(|_, index| match index {
        0 => Answer::rate_limited("retry-after-ms", "120"),
        _ => Answer::Content(json!({})),
    });
    let began = Instant::now();
    ask(settings(&service)).unwrap();
    assert!(began.elapsed() >= Duration::from_millis(120));
    assert_eq!(service.request_count(), 2);
}

#[test]
fn a_rate_limit_is_obeyed_in_seconds() {
    let service = FakeAzure::scripted(|_, index| match index {
        0 => Answer::rate_limited("retry-after", "1"),
        _ => Answer::Content(json!({})),
    });
    let began = Instant::now();
    ask(settings(&service)).unwrap();
    assert!(began.elapsed() >= Duration::from_secs(1));
    assert_eq!(service.request_count(), 2);
}

#[test]
fn a_rate_limit_of_one_request_holds_back_the_others() {
    let service = FakeAzure::scripted(|_, index| match index {
        0 => Answer::rate_limited("retry-after-ms", "300"),
        _ => Answer::Content(json!({})),
    });
    let client = Client::new(ClientSettings { maximum_retries: 0, ..settings(&service) }).unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let began = Instant::now();
    runtime.block_on(client.complete(&request())).unwrap_err();
    runtime.block_on(client.complete(&request())).unwrap();
    assert!(began.elapsed() >= Duration::from_millis(300));
}

#[test]
fn an_absurd_wait_gives_up_at_once() {
    let service = FakeAzure::scripted(|_, _| Answer::rate_limited("retry-after", "86400"));
    let error = ask(settings(&service)).unwrap_err();
    assert!(
        matches!(error.kind, ModelErrorKind::RateLimited { demanded: Some(demanded), .. } if demanded.as_secs() == 86_400)
    );
    assert!(error.to_string().contains("86400 s"), "{error}");
    assert_eq!(service.request_count(), 1);
}

#[test]
fn retries_end() {
    let service = FakeAzure::scripted(|_, _| Answer::rate_limited("retry-after-ms", "1"));
    let error = ask(ClientSettings { maximum_retries: 3, ..settings(&service) }).unwrap_err();
    assert!(
        matches!(error.kind, ModelErrorKind::RateLimited { waited, demanded: None } if !waited.is_zero())
    );
    assert_eq!(service.request_count(), 4);
}

#[test]
fn what_passes_is_asked_again_and_what_does_not_is_not() {
    for (status, requests) in [(408, 2), (409, 2), (500, 2), (503, 2), (400, 1), (403, 1), (422, 1), (302, 1)]
    {
        let service = FakeAzure::scripted(move |_, _| {
            Answer::Status(status, vec![("retry-after-ms", "1".to_owned())], json!({}))
        });
        let error = ask(ClientSettings { maximum_retries: 1, ..settings(&service) }).unwrap_err();
        assert_eq!(service.request_count(), requests, "{status}: {error}");
    }
}

#[test]
fn redirects_are_not_followed() {
    let elsewhere = FakeAzure::start();
    let target = elsewhere.uri();
    let service =
        FakeAzure::scripted(move |_, _| Answer::Status(307, vec![("location", target.clone())], json!({})));
    let error = ask(settings(&service)).unwrap_err();
    assert!(matches!(error.kind, ModelErrorKind::Server { status: 307, .. }), "{error}");
    assert!(error.hint().unwrap().contains("redirects are not followed"));
    assert_eq!(elsewhere.request_count(), 0);
}

#[test]
fn a_service_that_hangs_runs_into_the_timeout() {
    let service = FakeAzure::scripted(|_, _| Answer::Hang);
    let timeout = Duration::from_millis(200);
    let error = ask(ClientSettings { timeout, ..settings(&service) }).unwrap_err();
    assert!(matches!(error.kind, ModelErrorKind::Timeout { after } if after == timeout), "{error}");
    assert_eq!(service.request_count(), 1);
}

#[test]
fn a_slow_answer_within_the_timeout_is_taken() {
    let service = FakeAzure::scripted(|_, _| {
        Answer::Delayed(Duration::from_millis(50), Box::new(Answer::Text("late".to_owned())))
    });
    assert_eq!(ask(settings(&service)).unwrap().text, "late");
}

#[test]
fn a_disconnect_is_asked_again() {
    let service = FakeAzure::scripted(|_, index| match index {
        0 => Answer::Disconnect,
        _ => Answer::Content(json!({})),
    });
    ask(settings(&service)).unwrap();
    assert_eq!(service.request_count(), 2);
}

#[test]
fn a_service_that_is_not_there_is_unreachable() {
    let service = FakeAzure::start();
    let settings = ClientSettings { maximum_retries: 0, ..settings(&service) };
    drop(service);
    let error = ask(settings).unwrap_err();
    assert!(matches!(error.kind, ModelErrorKind::Unreachable { .. }), "{error}");
    assert!(error.source().is_some() && error.hint().is_some());
}

#[test]
fn answers_without_text_say_why() {
    let table = [
        (Answer::FilteredPrompt, "ContentFilter", true),
        (Answer::FilteredReply, "ContentFilter", true),
        (Answer::Refusal("I cannot".to_owned()), "Refused", true),
        (Answer::Truncated("{\"summ".to_owned()), "Truncated", false),
        (Answer::Text(String::new()), "Empty", false),
    ];
    for (answer, kind, is_about_content) in table {
        let service = FakeAzure::scripted(move |_, _| answer.clone());
        let error = ask(settings(&service)).unwrap_err();
        assert_eq!(
            (format!("{:?}", error.kind).as_str(), error.is_about_content()),
            (kind, is_about_content)
        );
        assert_eq!(error.request_id(), Some("fake-request"), "{kind}");
        assert_eq!(service.request_count(), 1, "{kind}");
    }
    let huge = Answer::Raw(vec![b' '; 5 * 1024 * 1024]);
    for garbage in
        [Answer::Raw(b"<html>".to_vec()), Answer::Raw(Vec::new()), Answer::Raw(b"[]".to_vec()), huge]
    {
        let service = FakeAzure::scripted(move |_, _| garbage.clone());
        let error = ask(settings(&service)).unwrap_err();
        assert!(matches!(error.kind, ModelErrorKind::Garbage { .. }), "{error}");
        assert_eq!(service.request_count(), 1);
    }
}

#[test]
fn wrong_keys_and_names_come_with_a_hint() {
    let service = FakeAzure::start();
    let wrong_key = ClientSettings { api_key: Secret::new("wrong"), ..settings(&service) };
    let error = ask(wrong_key).unwrap_err();
    assert!(matches!(error.kind, ModelErrorKind::Unauthorized), "{error}");
    assert!(error.hint().unwrap().contains("AZURE_OPENAI_API_KEY"));

    for api_version in [None, Some("2024-10-21")] {
        let wrong_name = ClientSettings { service: azure("dosc", api_version), ..settings(&service) };
        let error = ask(wrong_name).unwrap_err();
        assert!(matches!(error.kind, ModelErrorKind::NotFound { .. }), "{error}");
        assert!(error.to_string().contains("does not exist"), "{error}");
        assert!(error.hint().unwrap().contains("AZURE_OPENAI_DEPLOYMENT"));
    }
    assert_eq!(service.request_count(), 3);
}

#[test]
fn plain_http_is_for_this_machine_only() {
    let service = FakeAzure::start();
    let elsewhere =
        ClientSettings { endpoint: "http://example.openai.azure.com".to_owned(), ..settings(&service) };
    let error = Client::new(elsewhere).unwrap_err();
    assert!(
        matches!(&error, SettingsError::PlainHttp { host } if host == "example.openai.azure.com"),
        "{error}"
    );
}

#[test]
fn no_error_prints_the_key_or_the_prompt() {
    let echo = |status: u16| {
        move |body: &Value, _: usize| {
            let split = format!("{}\u{200b}{}", &KEY[..9], &KEY[9..]);
            let message = format!("key {KEY}, again {split}\u{1b}[2J. {}", body["messages"]);
            let headers = vec![("x-request-id", format!("id-{KEY}"))];
            Answer::Status(status, headers, json!({"error": {"code": KEY, "message": message}}))
        }
    };
    for status in [302, 400, 401, 403, 404, 409, 429, 500] {
        let service = FakeAzure::scripted(echo(status));
        let error = ask(ClientSettings { maximum_retries: 0, ..settings(&service) }).unwrap_err();
        let printed = everything_printed(&error);
        assert!(!printed.contains(KEY), "{status}: {printed}");
        assert!(!error.to_string().contains(char::is_control), "{status}: {printed}");
    }
    for answer in
        [Answer::Hang, Answer::Disconnect, Answer::Raw(KEY.into()), Answer::Truncated(KEY.to_owned())]
    {
        let service = FakeAzure::scripted(move |_, _| answer.clone());
        let timeout = Duration::from_millis(300);
        let error = ask(ClientSettings { maximum_retries: 0, timeout, ..settings(&service) }).unwrap_err();
        let printed = everything_printed(&error);
        assert!(!printed.contains(KEY) && !printed.contains("a secret prompt"), "{printed}");
    }
}

#[test]
fn a_reply_that_names_the_key_as_its_model_is_cleaned() {
    let service = FakeAzure::serving(&format!("gpt-{KEY}"), |_, _| Answer::Content(json!({})));
    assert_eq!(ask(settings(&service)).unwrap().model, "gpt-***");
}

#[test]
fn an_account_without_money_is_not_asked_again() {
    let service = FakeAzure::scripted(|_, _| {
        let error = json!({"code": "insufficient_quota", "message": "You exceeded your current quota."});
        Answer::Status(429, vec![("retry-after-ms", "1".to_owned())], json!({ "error": error }))
    });
    let error = ask_for(settings(&service), &request()).unwrap_err();
    assert!(error.to_string().contains("You exceeded your current quota"), "{error}");
    assert!(error.is_unbilled() && error.is_hopeless() && service.request_count() == 1, "{error:?}");
}
