//! Sign-ins against fakes: an Azure CLI that is a script, and token services over HTTP.

use std::ffi::OsString;
use std::fs;
use std::io::Write as _;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use azure_core::http::{AsyncRawResponse, Request, Url};
use azure_identity::Executor as _;
use serde_json::json;
use tempfile::TempDir;
use wiremock::matchers::{header, method, path, query_param};
use wiremock::{Match, Mock, MockServer, ResponseTemplate};

use super::*;
use crate::clock;

const TOKEN: &str = "an-opaque-token-of-entra";
const ASSERTION: &str = "an-opaque-token-of-the-job";
const REQUEST_TOKEN: &str = "an-opaque-word-for-github";
const SECRETS: [&str; 3] = [TOKEN, ASSERTION, REQUEST_TOKEN];
const TOKEN_PATH: &str = "/tenant-1/oauth2/v2.0/token";
const SCOPE: &str = "https://cognitiveservices.azure.com/.default";

fn sign_in(way: Way) -> SignIn {
    SignIn {
        way,
        scope: SCOPE.to_owned(),
        tenant: None,
        client: None,
        token_file: None,
        request_url: None,
        request_token: None,
        authority: None,
        identity_header: None,
        path: OsString::new(),
        repository: None,
        proxy: None,
        certificates: None,
    }
}

/// Sends what is for Microsoft Entra ID, which must be named over https, to a server that has no certificate.
#[derive(Debug)]
struct Diverted {
    to: Url,
    carrier: Carrier,
}

#[async_trait::async_trait]
impl HttpClient for Diverted {
    async fn execute_request(&self, request: &Request) -> azure_core::Result<AsyncRawResponse> {
        let mut diverted = request.clone();
        if request.url().host_str() == Some("login.microsoftonline.com") {
            let url = diverted.url_mut();
            url.set_scheme("http").unwrap();
            url.set_host(self.to.host_str()).unwrap();
            url.set_port(self.to.port()).unwrap();
        }
        self.carrier.execute_request(&diverted).await
    }
}

fn diverted(sign_in: SignIn, to: &str) -> Entra {
    let carrier = Carrier::new(None, None).unwrap();
    Entra::through(sign_in, Arc::new(Diverted { to: to.parse().unwrap(), carrier }))
}

fn federated(folder: &TempDir, to: &str) -> Entra {
    let file = folder.path().join("token");
    fs::File::create(&file).unwrap().write_all(ASSERTION.as_bytes()).unwrap();
    let sign_in = SignIn {
        tenant: Some("tenant-1".to_owned()),
        client: Some("client-1".to_owned()),
        token_file: Some(file),
        ..sign_in(Way::WorkloadIdentity)
    };
    diverted(sign_in, to)
}

fn of_a_job(github: &str, to: &str) -> Entra {
    let sign_in = SignIn {
        tenant: Some("tenant-1".to_owned()),
        client: Some("client-1".to_owned()),
        request_url: Some(format!("{github}/job?api-version=2.0")),
        request_token: Some(Secret::new(REQUEST_TOKEN)),
        ..sign_in(Way::GithubOidc)
    };
    diverted(sign_in, to)
}

/// The form that is sent for a token.
struct Form;

impl Match for Form {
    fn matches(&self, request: &wiremock::Request) -> bool {
        let form: Vec<(String, String)> = url_pairs(&request.body);
        let has = |name: &str, value: &str| form.iter().any(|(known, said)| known == name && said == value);
        has("client_assertion", ASSERTION)
            && has("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer")
            && has("client_id", "client-1")
            && has("grant_type", "client_credentials")
            && has("scope", SCOPE)
    }
}

fn url_pairs(body: &[u8]) -> Vec<(String, String)> {
    let text = String::from_utf8_lossy(body);
    let url = Url::parse(&format!("https://x/?{text}")).unwrap();
    url.query_pairs().into_owned().collect()
}

async fn entra_answers(server: &MockServer, answer: ResponseTemplate) {
    Mock::given(method("POST")).and(path(TOKEN_PATH)).and(Form).respond_with(answer).mount(server).await;
}

fn well() -> ResponseTemplate {
    let body =
        json!({"token_type": "Bearer", "expires_in": 3600, "ext_expires_in": 3600, "access_token": TOKEN});
    ResponseTemplate::new(200).set_body_json(body)
}

/// Returns everything that an error can print.
fn printed(error: &SignInError) -> String {
    let text = format!("{error} {error:?} {}", error.hint());
    for secret in SECRETS {
        assert!(!text.contains(secret), "{secret} in {text}");
    }
    text
}

#[tokio::test]
async fn the_token_of_a_pod_is_exchanged() {
    let (server, folder) = (MockServer::start().await, TempDir::new().unwrap());
    entra_answers(&server, well()).await;
    let entra = federated(&folder, &server.uri());
    let issued = entra.fetch().await.unwrap();
    assert_eq!(issued.token.expose(), TOKEN);
    let left = issued.ends.saturating_sub(clock::since_epoch()).as_secs();
    assert!((3_500..=3_600).contains(&left), "{left}");
    // Who asks again gets a new one: what is remembered is remembered elsewhere.
    entra.fetch().await.unwrap();
    assert_eq!(server.received_requests().await.unwrap().len(), 2);
    assert!(!format!("{entra:?}").contains("opaque"));
}

#[tokio::test]
async fn the_token_of_a_job_is_fetched_and_exchanged() {
    let (github, entra) = (MockServer::start().await, MockServer::start().await);
    Mock::given(method("GET"))
        .and(path("/job"))
        .and(query_param("api-version", "2.0"))
        .and(query_param("audience", "api://AzureADTokenExchange"))
        .and(header("authorization", format!("Bearer {REQUEST_TOKEN}").as_str()))
        .respond_with(ResponseTemplate::new(200).set_body_json(json!({"count": 9, "value": ASSERTION})))
        .mount(&github)
        .await;
    entra_answers(&entra, well()).await;
    let issued = of_a_job(&github.uri(), &entra.uri()).fetch().await.unwrap();
    assert_eq!(issued.token.expose(), TOKEN);
}

#[tokio::test]
async fn a_job_without_rights_is_told_which_it_needs() {
    let github = MockServer::start().await;
    let table = [
        (ResponseTemplate::new(403).set_body_string(REQUEST_TOKEN), "GitHub gave the job no token: HTTP 403"),
        (ResponseTemplate::new(401), "GitHub gave the job no token: HTTP 401"),
        (ResponseTemplate::new(200).set_body_string("<html>"), "the answer is no token"),
        (ResponseTemplate::new(200).set_body_json(json!({"value": " "})), "the answer is no token"),
        (ResponseTemplate::new(200).set_body_json(json!({"value": [ASSERTION]})), "the answer is no token"),
    ];
    for (answer, expected) in table {
        github.reset().await;
        Mock::given(method("GET")).respond_with(answer).mount(&github).await;
        let error = of_a_job(&github.uri(), "http://127.0.0.1:9").fetch().await.unwrap_err();
        assert_eq!(error.to_string(), format!("the sign-in `github-oidc` failed: {expected}"));
        printed(&error);
    }
    // Over plain http the word that GitHub asks for could be read on its way.
    for url in ["http://github.example.org/job", "ftp://127.0.0.1/job", "nowhere"] {
        let mut entra = of_a_job("", "http://127.0.0.1:9");
        entra.sign_in.request_url = Some(url.to_owned());
        let error = entra.fetch().await.unwrap_err();
        assert!(printed(&error).contains("ACTIONS_ID_TOKEN_REQUEST_URL is not an address"), "{error}");
    }
}

#[tokio::test]
async fn a_refusal_is_repeated_without_what_was_sent() {
    let (server, github) = (MockServer::start().await, MockServer::start().await);
    let description = format!(
        "AADSTS700213: No matching federated identity record found for presented assertion subject \
         'repo:o/r:pull_request' {ASSERTION} \u{1b}[31m{REQUEST_TOKEN}. Trace ID: 1"
    );
    let body =
        json!({"error": "invalid_request", "error_codes": [700_213], "error_description": description});
    entra_answers(&server, ResponseTemplate::new(400).set_body_json(body)).await;
    Mock::given(method("GET"))
        .respond_with(ResponseTemplate::new(200).set_body_json(json!({"value": ASSERTION})))
        .mount(&github)
        .await;
    let error = of_a_job(&github.uri(), &server.uri()).fetch().await.unwrap_err();
    let text = printed(&error);
    assert!(text.contains("it was refused: HTTP 400, AADSTS700213: No matching"), "{text}");
    assert!(text.contains("'repo:o/r:pull_request' *** [31m***"), "{text}");
    assert!(text.contains("federated credential") && text.contains("DOCGATE_SCOPE"), "{text}");
    assert!(matches!(error.kind, SignInErrorKind::Refused(_)), "{error}");
    let folder = TempDir::new().unwrap();
    for body in [format!("<html>{ASSERTION}"), format!("{{\"error_description\": [\"{ASSERTION}\"]}}")] {
        server.reset().await;
        entra_answers(&server, ResponseTemplate::new(401).set_body_string(body)).await;
        let error = federated(&folder, &server.uri()).fetch().await.unwrap_err();
        assert!(printed(&error).contains("it was refused: HTTP 401"), "{error:?}");
    }
    // What Kubernetes gave to the pod is repeated by services, too.
    server.reset().await;
    let body = json!({"error_description": format!("bad assertion {ASSERTION}")});
    entra_answers(&server, ResponseTemplate::new(400).set_body_json(body)).await;
    printed(&federated(&folder, &server.uri()).fetch().await.unwrap_err());
}

#[tokio::test]
async fn what_is_no_token_is_none() {
    let folder = TempDir::new().unwrap();
    let token = |token: &str| {
        ResponseTemplate::new(200).set_body_json(json!({"access_token": token, "expires_in": 60}))
    };
    let answers = [
        ResponseTemplate::new(200).set_body_string("{}"),
        ResponseTemplate::new(200).set_body_string("null"),
        ResponseTemplate::new(200).set_body_string(format!("\"{TOKEN}\"")),
        ResponseTemplate::new(200).set_body_string(format!("<html>{TOKEN}")),
        ResponseTemplate::new(302).insert_header("location", "http://127.0.0.1:9/elsewhere"),
        ResponseTemplate::new(200).set_body_json(json!({"access_token": "x", "expires_in": i64::MAX})),
        ResponseTemplate::new(200).set_body_json(json!({"access_token": "x", "expires_in": i64::MIN})),
        token(""),
        token("two\r\nx-evil: lines"),
        token(&"x".repeat(100_000)),
        ResponseTemplate::new(200).set_body_string("x".repeat(300_000)),
    ];
    for answer in answers {
        let server = MockServer::start().await;
        entra_answers(&server, answer).await;
        let error = federated(&folder, &server.uri()).fetch().await.unwrap_err();
        assert_eq!(error.kind, SignInErrorKind::Garbage, "{error:?}");
        printed(&error);
        assert_eq!(server.received_requests().await.unwrap().len(), 1);
    }
}

#[tokio::test]
async fn a_service_that_is_busy_is_asked_again() {
    let (server, folder) = (MockServer::start().await, TempDir::new().unwrap());
    Mock::given(method("POST"))
        .respond_with(ResponseTemplate::new(503))
        .up_to_n_times(1)
        .mount(&server)
        .await;
    entra_answers(&server, well()).await;
    assert_eq!(federated(&folder, &server.uri()).fetch().await.unwrap().token.expose(), TOKEN);
}

#[tokio::test]
async fn nobody_there_is_said_soon() {
    let folder = TempDir::new().unwrap();
    let began = clock::monotonic();
    let error = federated(&folder, "http://127.0.0.1:9").fetch().await.unwrap_err();
    assert!(matches!(error.kind, SignInErrorKind::Unreachable { .. }), "{error:?}");
    assert!(printed(&error).contains("cannot be reached: "), "{error}");
    assert!(began.elapsed() < Duration::from_secs(5), "{:?}", began.elapsed());
}

#[tokio::test]
async fn a_service_that_does_not_answer_is_not_waited_for() {
    let (server, folder) = (MockServer::start().await, TempDir::new().unwrap());
    entra_answers(&server, well().set_delay(Duration::from_secs(60))).await;
    let began = clock::monotonic();
    let entra = Entra { longest: Duration::from_secs(1), ..federated(&folder, &server.uri()) };
    let error = entra.fetch().await.unwrap_err();
    assert_eq!(error.kind, SignInErrorKind::Slow(Duration::from_secs(1)));
    assert!(began.elapsed() < Duration::from_secs(4));
}

#[tokio::test]
async fn what_is_set_wrongly_is_said() {
    let folder = TempDir::new().unwrap();
    let spoilt = |spoil: &dyn Fn(&mut SignIn)| {
        let mut entra = federated(&folder, "http://127.0.0.1:9");
        spoil(&mut entra.sign_in);
        entra
    };
    let table: [(Entra, &str); 4] = [
        (spoilt(&|it| it.tenant = Some("a/../b".to_owned())), "invalid tenant ID"),
        (spoilt(&|it| it.authority = Some("http://login.example.org".to_owned())), "doesn't use HTTPS"),
        (spoilt(&|it| it.token_file = Some("/does/not/exist".into())), "failed to read federated token"),
        (spoilt(&|it| it.client = None), "AZURE_CLIENT_ID is not set"),
    ];
    for (entra, expected) in table {
        let error = entra.fetch().await.unwrap_err();
        assert!(printed(&error).contains(expected), "{error}");
    }
}

#[tokio::test]
async fn secrets_go_over_plain_http_to_this_machine_and_its_host_alone() {
    let carrier = Carrier::new(None, None).unwrap();
    for address in
        ["http://example.org/", "http://127.0.0.1.example.org/", "http://10.0.0.1/", "ftp://127.0.0.1/"]
    {
        let request = Request::new(address.parse().unwrap(), azure_core::http::Method::Get);
        let error = carrier.execute_request(&request).await.unwrap_err();
        assert!(error.to_string().contains("must be reached over https"), "{error}");
    }
    for address in ["http://169.254.169.254/", "http://[::1]:1/", "http://localhost/"] {
        assert!(carrier::is_safe(&address.parse().unwrap()), "{address}");
    }
}

/// Makes a folder with an Azure CLI in it.
fn azure_cli(script: &str) -> TempDir {
    let folder = TempDir::new().unwrap();
    put(folder.path(), script);
    folder
}

fn put(folder: &Path, script: &str) {
    let file = folder.join("az");
    let mut open = fs::File::create(&file).unwrap();
    write!(open, "#!/bin/sh\n{script}\n").unwrap();
    drop(open);
    fs::set_permissions(&file, fs::Permissions::from_mode(0o755)).unwrap();
}

fn with_path(path: impl Into<OsString>) -> Entra {
    Entra::new(SignIn { path: path.into(), ..sign_in(Way::Cli) }).unwrap()
}

fn cli_token() -> String {
    let ends = clock::since_epoch().as_secs() + 3_600;
    json!({"accessToken": TOKEN, "expires_on": ends, "expiresOn": "2030-01-01 00:00:00", "tokenType": "Bearer"}).to_string()
}

#[tokio::test]
async fn whoever_is_signed_in_to_the_azure_cli_is_asked() {
    let folder = azure_cli("");
    let said = folder.path().join("said");
    put(folder.path(), &format!("echo \"$@\" \"$PWD\" > {}\necho '{}'", said.display(), cli_token()));
    let mut entra = with_path(folder.path());
    entra.sign_in.tenant = Some("tenant-1".to_owned());
    let issued = entra.fetch().await.unwrap();
    assert_eq!(issued.token.expose(), TOKEN);
    let left = issued.ends.saturating_sub(clock::since_epoch()).as_secs();
    assert!((3_500..=3_600).contains(&left), "{left}");
    let expected = format!("account get-access-token -o json --scope {SCOPE} --tenant tenant-1 ");
    let said = fs::read_to_string(said).unwrap();
    assert!(said.starts_with(&expected) && said.trim_end().ends_with("bin"), "{said}");
}

#[tokio::test]
async fn an_azure_cli_that_fails_is_understood() {
    let table = [
        (
            "echo \"ERROR: Please run 'az login' to setup account.\" >&2; exit 1",
            "nobody is signed in",
            "az login",
        ),
        (
            "echo 'ERROR: AADSTS70043: The refresh token has expired' >&2; exit 1",
            "nobody is signed in",
            "az login",
        ),
        ("echo 'ERROR: broken pip' >&2; exit 1", "the Azure CLI failed: broken pip", "get-access-token"),
        ("exit 3", "the Azure CLI failed", "get-access-token"),
        ("echo 'Traceback: hello'", "the answer is no token", "get-access-token"),
        ("echo '{}'", "the answer is no token", "get-access-token"),
        ("echo '\"an-opaque-token-of-entra\"'", "the answer is no token", "get-access-token"),
        (
            "echo '{\"accessToken\": \"an-opaque-token-of-entra\", \"tokenType\": 1}'",
            "the answer is no token",
            "",
        ),
        (
            "echo '{\"accessToken\": \"an-opaque-token-of-entra\", \"tokenType\": \"Bearer\"}'",
            "the answer is no token",
            "",
        ),
        (
            "while :; do echo aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa; done",
            "the answer is no token",
            "",
        ),
        (
            "while :; do echo aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa >&2; done",
            "the answer is no token",
            "",
        ),
    ];
    for (script, message, hint) in table {
        let folder = azure_cli(script);
        let began = clock::monotonic();
        let error = with_path(folder.path()).fetch().await.unwrap_err();
        assert!(printed(&error).contains(message) && error.hint().contains(hint), "{script}: {error:?}");
        assert!(began.elapsed() < Duration::from_secs(5), "{script}");
    }
}

#[tokio::test]
async fn an_azure_cli_that_hangs_ends_with_its_children() {
    let folder = azure_cli("");
    let child = folder.path().join("child");
    put(folder.path(), &format!("/bin/sh -c 'echo $$ > {}; exec sleep 600'", child.display()));
    let path = std::env::join_paths([folder.path(), Path::new("/usr/bin"), Path::new("/bin")]).unwrap();
    let entra = Entra { longest: Duration::from_secs(1), ..with_path(path) };
    let error = entra.fetch().await.unwrap_err();
    assert_eq!(error.kind, SignInErrorKind::Slow(Duration::from_secs(1)));
    let process = fs::read_to_string(child).unwrap();
    let command = format!("/proc/{}/cmdline", process.trim());
    let still_runs = || fs::read(&command).is_ok_and(|line| !line.is_empty());
    let began = clock::monotonic();
    while still_runs() && began.elapsed() < Duration::from_secs(5) {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    assert!(!still_runs(), "process {process} is still there");
}

#[tokio::test]
async fn an_azure_cli_that_a_repository_brings_is_not_run() {
    let repository = azure_cli("touch was-run; echo '{}'");
    let folders = Folders::of(repository.path().as_os_str(), Some(repository.path()), None);
    let error =
        Runner::new(folders).run("/bin/sh".as_ref(), &["-c".as_ref(), "az".as_ref()]).await.unwrap_err();
    assert!(error.to_string().contains("in no folder of the PATH"), "{error}");
    for path in ["", ".", "bin", "/does/not/exist"] {
        let error = with_path(path).fetch().await.unwrap_err();
        assert_eq!(error.kind, SignInErrorKind::NoProgram);
        assert!(error.hint().contains("az login"), "{}", error.hint());
    }
    // Nor does the shell find it when another one is there.
    let other = azure_cli("echo other >&2; exit 1");
    let path = std::env::join_paths([repository.path(), other.path()]).unwrap();
    let folders = Folders::of(&path, None, Some(repository.path()));
    let output = Runner::new(folders).run("/bin/sh".as_ref(), &["-c".as_ref(), "az".as_ref()]).await.unwrap();
    assert_eq!(output.stderr, b"other\n");
    assert!(!repository.path().join("was-run").exists());
}
