//! The client against a GitHub that remembers.

use std::error::Error;
use std::fmt::Write as _;
use std::net::TcpListener;
use std::time::{Duration, Instant};

use docgate::change::{Hunk, RepoPath};
use docgate::github::client::{Client, Posted};
use docgate::github::{
    ClientError, CommitSha, Hunks, LineEdit, Patience, Plan, Proposal, ProposalFinding, PullRequestNumber,
    RepositoryName, Settings, plan_review,
};
use serde_json::json;

use crate::github_server::{FakeGitHub, TOKEN, Trouble};

const SHOWN: &[(&str, &[(u64, u64)])] = &[("a.py", &[(1, 20)])];

fn seven() -> PullRequestNumber {
    PullRequestNumber::new(7).unwrap()
}

/// Connects with little patience, so that tests are quick.
fn client(server: &FakeGitHub) -> Client {
    Client::new(settings(&server.uri(), TOKEN, "octo/repo")).unwrap()
}

fn settings(uri: &str, token: &str, repository: &str) -> Settings {
    let repository = RepositoryName::parse(repository).unwrap();
    let mut settings = Settings::new(repository, Some(token), Some(uri)).unwrap();
    settings.patience = Patience {
        attempts: 3,
        first_pause: Duration::from_millis(10),
        throttled_pause: Duration::from_millis(10),
        longest_pause: Duration::from_secs(2),
        connect_timeout: Duration::from_secs(2),
        answer_timeout: Duration::from_secs(5),
    };
    settings
}

fn proposal(definition: &str, line: usize) -> Proposal {
    Proposal {
        path: RepoPath::new("a.py").unwrap(),
        definition: definition.to_owned(),
        line,
        findings: vec![ProposalFinding {
            code: "D103".to_owned(),
            name: "undocumented-public-function".to_owned(),
            message: format!("`{definition}` has no docstring"),
            remark: None,
            blocks: true,
            line,
        }],
        edit: Some(LineEdit {
            first_line: line,
            last_line: line + 1,
            original: vec![format!("def {definition}():"), "    return 1".to_owned()],
            replacement: vec![format!("def {definition}():"), "    return 2".to_owned()],
            written_by_model: false,
        }),
    }
}

fn hunks(last_line: usize) -> Hunks {
    [(RepoPath::new("a.py").unwrap(), vec![Hunk { first_line: 1, last_line }])].into_iter().collect()
}

async fn plan(client: &Client, proposals: &[Proposal], hunks: &Hunks) -> Plan {
    let existing = client.existing_comments(seven()).await.unwrap();
    plan_review(CommitSha::new(&"a".repeat(40)).unwrap(), proposals, hunks, &existing)
}

fn everything(error: &ClientError) -> String {
    let mut text = format!("{error} {error:?} {:?}", error.hint());
    let mut source = error.source();
    while let Some(cause) = source {
        write!(text, " {cause} {cause:?}").unwrap();
        source = cause.source();
    }
    text
}

#[tokio::test]
async fn a_review_is_posted_once_and_a_second_run_posts_nothing() {
    let server = FakeGitHub::start(SHOWN);
    let proposals = [proposal("f", 3), proposal("outside", 50)];
    let first = plan(&client(&server), &proposals, &hunks(20)).await;
    let posted = client(&server).post_review(seven(), &first).await.unwrap();
    assert!(matches!(posted, Posted::Review { url: Some(url) } if url.ends_with("pullrequestreview-1")));

    let reviews = server.reviews();
    assert_eq!(reviews.len(), 1);
    assert_eq!(reviews[0].commit_id, "a".repeat(40));
    assert!(reviews[0].body.contains("`outside` in `a.py`"));
    let comments = server.comments();
    assert_eq!(comments.len(), 1);
    assert_eq!((comments[0].path.as_str(), comments[0].start_line, comments[0].line), ("a.py", None, 4));
    assert!(comments[0].body.contains("```suggestion\n    return 2\n```"));

    let second = plan(&client(&server), &proposals, &hunks(20)).await;
    assert_eq!(client(&server).post_review(seven(), &second).await.unwrap(), Posted::Nothing);
    assert_eq!(server.count("POST"), 1);
}

#[tokio::test]
async fn the_request_names_event_commit_and_sides() {
    let server = FakeGitHub::start(SHOWN);
    let client = client(&server);
    let mut both_lines = proposal("f", 3);
    both_lines.edit.as_mut().unwrap().replacement[0] = "def f() -> int:".to_owned();
    let review = plan(&client, &[both_lines, proposal("g", 8)], &hunks(20)).await;
    client.post_review(seven(), &review).await.unwrap();
    let payload = &server.payloads()[0];
    assert_eq!(payload["event"], "COMMENT");
    assert_eq!(payload["commit_id"], "a".repeat(40));
    let lines =
        |name: &str| payload["comments"].as_array().unwrap().iter().map(|it| it[name].clone()).collect();
    let (starts, sides, ends): (Vec<_>, Vec<_>, Vec<_>) =
        (lines("start_line"), lines("start_side"), lines("line"));
    assert_eq!(starts, [json!(3), json!(null)]);
    assert_eq!(sides, [json!("RIGHT"), json!(null)]);
    assert_eq!(ends, [json!(4), json!(9)]);
}

#[tokio::test]
async fn a_failure_after_the_review_was_stored_does_not_double_it() {
    let server = FakeGitHub::start(SHOWN);
    let client = client(&server);
    let review = plan(&client, &[proposal("f", 3)], &hunks(20)).await;
    server.trouble(Trouble::on("POST", 500, "Server Error").after_storing());
    assert_eq!(client.post_review(seven(), &review).await.unwrap(), Posted::Review { url: None });
    assert_eq!((server.count("POST"), server.reviews().len(), server.comments().len()), (1, 1, 1));
}

#[tokio::test]
async fn an_answer_that_comes_too_late_does_not_double_the_review() {
    let server = FakeGitHub::start(SHOWN);
    let mut hasty = settings(&server.uri(), TOKEN, "octo/repo");
    hasty.patience.answer_timeout = Duration::from_millis(1_500);
    let review = plan(&client(&server), &[proposal("f", 3)], &hunks(20)).await;
    server.trouble(Trouble::on("POST", 502, "Late").with_delay(Duration::from_secs(20)).after_storing());
    let posted = Client::new(hasty).unwrap().post_review(seven(), &review).await.unwrap();
    assert_eq!(posted, Posted::Review { url: None });
    assert_eq!((server.count("POST"), server.reviews().len()), (1, 1));
}

#[tokio::test]
async fn a_failure_before_the_review_was_stored_is_repeated_after_a_look() {
    let server = FakeGitHub::start(SHOWN);
    let client = client(&server);
    let review = plan(&client, &[proposal("f", 3)], &hunks(20)).await;
    server.trouble(Trouble::on("POST", 502, "Bad Gateway"));
    client.post_review(seven(), &review).await.unwrap();
    assert_eq!(server.reviews().len(), 1);
    let requests = server.requests();
    let reviews = "/repos/octo/repo/pulls/7/reviews";
    let tail: Vec<&str> = requests[requests.len() - 3..].iter().map(String::as_str).collect();
    assert_eq!(tail, [format!("POST {reviews}"), format!("GET {reviews}"), format!("POST {reviews}")]);
}

#[tokio::test]
async fn a_server_that_keeps_failing_is_given_up() {
    let server = FakeGitHub::start(SHOWN);
    let client = client(&server);
    let review = plan(&client, &[proposal("f", 3)], &hunks(20)).await;
    for _ in 0..3 {
        server.trouble(Trouble::on("POST", 503, "Unavailable"));
    }
    let error = client.post_review(seven(), &review).await.unwrap_err();
    assert_eq!(error.to_string(), "GitHub answered with status 503: Unavailable");
    assert_eq!((server.count("POST"), server.reviews().len()), (3, 0));
}

#[tokio::test]
async fn a_requested_pause_is_obeyed() {
    let server = FakeGitHub::start(SHOWN);
    let client = client(&server);
    let review = plan(&client, &[proposal("f", 3)], &hunks(20)).await;
    server.trouble(Trouble::on("POST", 429, "slow down").with_header("retry-after", "1"));
    server.trouble(Trouble::on("POST", 403, "You have exceeded a secondary rate limit."));
    let start = Instant::now();
    client.post_review(seven(), &review).await.unwrap();
    assert!(start.elapsed() >= Duration::from_secs(1), "{:?}", start.elapsed());
    assert_eq!((server.count("POST"), server.reviews().len()), (3, 1));
}

#[tokio::test]
async fn a_pause_that_is_too_long_ends_the_run() {
    let server = FakeGitHub::start(SHOWN);
    let client = client(&server);
    let review = plan(&client, &[proposal("f", 3)], &hunks(20)).await;
    server.trouble(Trouble::on("POST", 429, "slow down").with_header("retry-after", "3600"));
    let error = client.post_review(seven(), &review).await.unwrap_err();
    assert!(matches!(error, ClientError::Throttled { status: 429, .. }), "{error}");
    assert_eq!(server.count("POST"), 1);
}

#[tokio::test]
async fn reading_is_repeated_too() {
    let server = FakeGitHub::start(SHOWN);
    server.trouble(Trouble::on("GET", 500, "Server Error"));
    server.trouble(Trouble::on("GET", 429, "slow down"));
    assert_eq!(client(&server).existing_comments(seven()).await.unwrap(), []);
}

#[tokio::test]
async fn each_refusal_says_why_and_what_to_do() {
    let table = [
        (401, "GitHub does not accept the token (401): no", "expired"),
        (403, "GitHub refuses the request (403): no", "pull-requests: write"),
        (404, "GitHub does not find the pull request or hides it from the token (404): no", "contents: read"),
        (422, "GitHub rejects the review (422): no", "fetch-depth: 0"),
    ];
    for (status, message, hint) in table {
        let server = FakeGitHub::start(SHOWN);
        let client = client(&server);
        let review = plan(&client, &[proposal("f", 3)], &hunks(20)).await;
        server.trouble(Trouble::on("POST", status, "no"));
        let error = client.post_review(seven(), &review).await.unwrap_err();
        assert_eq!(error.to_string(), message);
        assert!(error.hint().unwrap().contains(hint), "{status}");
        assert_eq!((server.count("POST"), server.reviews().len()), (1, 0), "{status}");
    }
}

#[tokio::test]
async fn a_line_that_github_does_not_show_is_said_in_the_body_instead() {
    let server = FakeGitHub::start(SHOWN);
    let client = client(&server);
    let proposals = [proposal("f", 3), proposal("wrong", 25)];
    // The local diff claims more than GitHub shows.
    let review = plan(&client, &proposals, &hunks(30)).await;
    let error = client.post_review(seven(), &review).await.unwrap_err();
    assert!(
        matches!(&error, ClientError::Rejected { message } if message.contains("part of the diff")),
        "{error}"
    );
    assert!(server.reviews().is_empty() && server.comments().is_empty(), "a review is stored as a whole");

    let review = plan(&client, &proposals, &Hunks::default()).await;
    client.post_review(seven(), &review).await.unwrap();
    assert_eq!(server.reviews().len(), 1);
    assert!(server.reviews()[0].body.contains("`wrong` in `a.py`"));
}

#[tokio::test]
async fn own_comments_are_found_on_every_page() {
    let server = FakeGitHub::start(SHOWN);
    let client = client(&server);
    let proposals = [proposal("f", 3)];
    for number in 0..250 {
        server.comment_as("ada", &format!("comment {number}"));
    }
    let review = plan(&client, &proposals, &hunks(20)).await;
    client.post_review(seven(), &review).await.unwrap();
    assert_eq!(server.comments().len(), 251);
    assert_eq!(client.existing_comments(seven()).await.unwrap().len(), 2);
    assert!(plan(&client, &proposals, &hunks(20)).await.is_empty());
}

#[tokio::test]
async fn a_marker_written_by_somebody_else_silences_nothing() {
    let server = FakeGitHub::start(SHOWN);
    let proposals = [proposal("f", 3)];
    let review = plan(&client(&server), &proposals, &hunks(20)).await;
    server.comment_as("mallory", &review.body);
    server.comment_as("mallory", &review.comments[0].body);
    assert!(!plan(&client(&server), &proposals, &hunks(20)).await.is_empty());

    // The token of a person says whose it is; then bots do not count.
    server.belongs_to("ada");
    server.comment_as("other[bot]", &review.body);
    assert!(!plan(&client(&server), &proposals, &hunks(20)).await.is_empty());
    server.comment_as("ada", &review.body);
    assert!(plan(&client(&server), &proposals, &hunks(20)).await.is_empty());
}

#[tokio::test]
async fn the_token_is_in_no_error() {
    let server = FakeGitHub::start(SHOWN);
    let review = plan(&client(&server), &[proposal("f", 3)], &hunks(20)).await;
    let mut errors = Vec::new();
    server.trouble(Trouble::on("POST", 422, &format!("your token {TOKEN} is wrong")));
    errors.push(client(&server).post_review(seven(), &review).await.unwrap_err());
    let wrong = Client::new(settings(&server.uri(), "ghs_wrongSECRET", "octo/repo")).unwrap();
    errors.push(wrong.existing_comments(seven()).await.unwrap_err());
    // Nobody listens on the port of a server that is gone.
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let gone = settings(&format!("http://127.0.0.1:{port}"), TOKEN, "octo/repo");
    errors.push(Client::new(gone).unwrap().post_review(seven(), &review).await.unwrap_err());
    assert!(matches!(errors[1], ClientError::Unauthorized { .. }), "{}", errors[1]);
    assert!(matches!(errors[2], ClientError::Unreachable(_)), "{}", errors[2]);
    for error in &errors {
        assert!(!everything(error).contains("SECRET"), "{}", everything(error));
    }
    assert!(!format!("{:?}", client(&server)).contains("SECRET"));
}

#[tokio::test]
async fn another_repository_is_not_found() {
    let server = FakeGitHub::start(SHOWN);
    let client = Client::new(settings(&server.uri(), TOKEN, "octo/other")).unwrap();
    let error = client.existing_comments(seven()).await.unwrap_err();
    assert!(matches!(error, ClientError::NotFound { .. }), "{error}");
}

#[tokio::test]
async fn the_path_of_a_server_of_ones_own_is_kept() {
    let server = FakeGitHub::start(SHOWN);
    for address in [format!("{}/api/v3", server.uri()), format!("{}/api/v3/", server.uri())] {
        let client = Client::new(settings(&address, TOKEN, "octo/repo")).unwrap();
        assert_eq!(client.existing_comments(seven()).await.unwrap(), []);
    }
    let requests = server.requests();
    assert!(requests.iter().all(|request| request.starts_with("GET /api/v3/")), "{requests:?}");
}
