//! Secrets and home paths, planted wherever text comes from, and looked for wherever it goes.
//!
//! Source lines in an excerpt, and in a fix, are shown to the person whose source they are; nothing else repeats
//! them. Keys of services are in nothing at all.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use crate::azure::{Answer, FakeAzure, KEY};
use crate::generate::{run_with, well};
use crate::github_server::{FakeGitHub, TOKEN, Trouble};
use crate::harness::{Run, Scratch};

/// What stands in the source, and must leave it in no request and no record.
const IN_SOURCE: &[&str] = &[
    "AKIAIOSFODNN7EXAMPLE",
    "correct-horse-staple",
    "ghp_0123456789abcdefghijABCDEFGHIJ",
    "MIIEpAIBAAKCAQEA",
    "s3cr3t-in-url",
    "sql-server-word",
    "q8Jx2Lm9Vb4Nc7Kz/1Wp5Rt3Yh6Gd+0FsAsZk2Qw",
    "9f86d081884c7d659a2feaa0c55ad015",
    "glpat-abcdefghijklmnopqrst",
    "cut-off-in-the-middle",
];
/// What is no secret and still source: nothing but excerpts, fixes and requests to the model hold it. Names are no source
/// in that sense: the cache has those that an answer is about.
const OF_SOURCE: &[&str] = &["unmistakable_width * height", "An unmistakable remark"];
const IN_SETTINGS: &str = "AKIAABCDEFGHIJKLMNOP";
const IN_ENVIRONMENT: &[&str] = &[KEY, TOKEN, "sk-proj-0123456789abcdefXYZ", "an-organization-of-ours"];

fn source() -> String {
    let long = "    # filler\n".repeat(1_200);
    format!(
        r#""""Shapes. The token is {}."""


def documented(unmistakable_width, depth):
    """Work it out with {}.

    An unmistakable remark: the server is Server=a;User ID=b;Password={};

    Args:
        width: What it is.
    """
    print(unmistakable_width, depth)


def area(unmistakable_width, height):
    key = "{}"
    password = '{}'
    pem = """-----BEGIN RSA PRIVATE KEY-----
{}
-----END RSA PRIVATE KEY-----"""
    dsn = 'postgres://me:{}@db/x'
    a = '{}'
    b = "{}"
    return unmistakable_width * height


def very_long(value):
{long}    token = """{}
{long}"""
    return value
"#,
        IN_SOURCE[2],
        IN_SOURCE[8],
        IN_SOURCE[5],
        IN_SOURCE[0],
        IN_SOURCE[1],
        IN_SOURCE[3],
        IN_SOURCE[4],
        IN_SOURCE[6],
        IN_SOURCE[7],
        IN_SOURCE[9],
    )
}

/// A repository below a home folder, with all of that in it.
struct Planted {
    scratch: Scratch,
    home: PathBuf,
}

impl Planted {
    fn new() -> Self {
        let scratch = Scratch::new();
        scratch.write("README.md", "# Shapes\n");
        scratch.commit_all("base");
        scratch.write("pkg/shapes.py", source());
        scratch.write("secret/never.py", source().replace("area", "never_sent_area"));
        let settings = format!(
            "never-send = [\"secret/\"]\ninstructions = \"British spelling. {IN_SETTINGS}\"\n[budget]\ndefinitions = 20\n[budget.day]\nrequests = 1000\n"
        );
        scratch.write("docgate.toml", settings);
        scratch.stage();
        let home = scratch.root().parent().unwrap().to_owned();
        Self { scratch, home }
    }

    /// Runs docgate with everything in its environment, at the most verbose level, into a log file as well.
    fn run(&self, uri: &str, (form, arguments): (&str, &[&str]), more: &[(&str, &str)]) -> Run {
        let log = self.home.join("logs/docgate.log");
        let home = self.home.to_str().unwrap();
        let mut all = vec!["--log-format", form, "--log-file", log.to_str().unwrap()];
        all.extend(arguments);
        let mut variables = vec![
            ("HOME", home),
            ("OPENAI_API_KEY", IN_ENVIRONMENT[2]),
            ("OPENAI_ORG_ID", IN_ENVIRONMENT[3]),
            ("GITHUB_TOKEN", TOKEN),
            (
                "DOCGATE_LOG",
                "docgate=trace,hyper=trace,hyper_util=trace,h2=trace,reqwest=trace,octocrab=trace,tower=trace,rustls=trace",
            ),
        ];
        variables.extend(more);
        run_with(&self.scratch, uri, &all, &variables)
    }

    fn log(&self) -> String {
        fs::read_to_string(self.home.join("logs/docgate.log")).unwrap_or_default()
    }

    /// Looks into everything that a run keeps.
    fn expect_clean_records(&self) {
        let mut files = Vec::new();
        for folder in ["cache", "logs"] {
            collect(&self.home.join(folder), &mut files);
        }
        assert!(files.iter().any(|path| path.ends_with("docgate.log")), "{files:?}");
        for path in files {
            let bytes = fs::read(&path).unwrap();
            let text = String::from_utf8_lossy(&bytes);
            self.expect_nothing_of_ours(&text, &path.display().to_string());
            expect_no(&text, OF_SOURCE, &path.display().to_string());
        }
    }

    /// Neither secrets nor the home folder.
    fn expect_nothing_of_ours(&self, text: &str, place: &str) {
        expect_no(text, IN_SOURCE, place);
        self.expect_no_keys(text, place);
    }

    fn expect_no_keys(&self, text: &str, place: &str) {
        expect_no(text, IN_ENVIRONMENT, place);
        expect_no(text, &[IN_SETTINGS, self.home.to_str().unwrap()], place);
    }
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).into_iter().flatten() {
        let path = entry.unwrap().path();
        if path.is_dir() { collect(&path, files) } else { files.push(path) }
    }
}

fn expect_no(text: &str, needles: &[&str], place: &str) {
    for needle in needles {
        if let Some(at) = text.find(needle) {
            let from = (0..=at.saturating_sub(200)).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
            panic!("{needle} in {place}: …{}", &text[from..at + needle.len()]);
        }
    }
}

/// A service that fails first and repeats key and prompt, then answers well.
fn echoing() -> FakeAzure {
    FakeAzure::scripted(|body, index| if index == 0 { echo(body, 500) } else { well(body) })
}

fn echo(body: &Value, status: u16) -> Answer {
    let message = format!("{KEY} is wrong. You sent {}", body["messages"][1]["content"]);
    let headers = vec![("retry-after-ms", "1".to_owned()), ("x-request-id", format!("id-{KEY}"))];
    Answer::Status(status, headers, json!({"error": {"code": KEY, "message": message}}))
}

#[test]
fn no_secret_and_no_home_is_in_logs_records_and_requests() {
    for form in ["text", "json"] {
        let planted = Planted::new();
        let service = echoing();
        let report = planted.home.join("sweep.md");
        let runs: &[&[&str]] = &[
            &["check", "--staged"],
            &["check", "--coverage"],
            &["fix", "--diff"],
            &["hook", "run", "--mode", "fix"],
            &["fix", "."],
            &["sweep", "--report", report.to_str().unwrap()],
            &["stats"],
            &["stats", "--failed"],
            &["doctor"],
            &["config", "show"],
            &["check", "missing.py"],
        ];
        for arguments in runs {
            let run = planted.run(&service.uri(), (form, arguments), &[]);
            let place = format!("stderr of {arguments:?}");
            planted.expect_nothing_of_ours(&run.stderr, &place);
            expect_no(&run.stderr, OF_SOURCE, &place);
            // These two are asked what is configured, and where.
            let tells_of_settings = [["config", "show"].as_slice(), &["doctor"]].contains(arguments);
            if !tells_of_settings {
                planted.expect_no_keys(&run.stdout, &format!("stdout of {arguments:?}"));
            }
            expect_no(&run.stdout, IN_ENVIRONMENT, &format!("stdout of {arguments:?}"));
        }
        planted.expect_nothing_of_ours(&fs::read_to_string(report).unwrap(), "the report of the sweep");
        planted.expect_clean_records();
        assert!(
            form == "text" || planted.log().contains("\"target\":\"hyper"),
            "the libraries were not heard"
        );
        assert!(service.request_count() > 1);
        let sent: Vec<String> = service.requests().iter().map(|received| received.body.to_string()).collect();
        planted.expect_nothing_of_ours(&sent.concat(), "the requests");
        assert!(sent.concat().contains("unmistakable_width") && sent.concat().contains("very_long"));
        assert!(!sent.concat().contains("never_sent_area"), "a file of `never-send` was sent");
        let log = planted.log();
        assert!(log.contains("the model was asked"), "{log}");
    }
}

#[test]
fn what_a_service_repeats_is_not_kept_either() {
    for status in [400, 401, 404, 429, 500] {
        let planted = Planted::new();
        let service = FakeAzure::scripted(move |body, _| echo(body, status));
        for arguments in [&["fix"][..], &["stats", "--failed"]] {
            let more = [("DOCGATE_RETRIES", "1")];
            let run = planted.run(&service.uri(), ("text", arguments), &more);
            planted.expect_nothing_of_ours(&run.stderr, "stderr");
            planted.expect_no_keys(&run.stdout, "stdout");
        }
        planted.expect_clean_records();
    }
    let planted = Planted::new();
    let service =
        FakeAzure::scripted(|body, _| Answer::Refusal(format!("{KEY} {}", body["messages"][1]["content"])));
    for arguments in [&["fix"][..], &["stats", "--failed"]] {
        let run = planted.run(&service.uri(), ("json", arguments), &[]);
        planted.expect_nothing_of_ours(&run.stderr, "stderr");
        planted.expect_no_keys(&run.stdout, "stdout");
    }
    planted.expect_clean_records();
}

#[test]
fn reports_hold_no_key_and_only_excerpts_and_fixes_hold_source() {
    let planted = Planted::new();
    let nobody = "http://127.0.0.1:9";
    let formats =
        ["text", "concise", "json", "json-lines", "sarif", "github", "gitlab", "rdjson", "junit", "markdown"];
    for format in formats {
        let run = planted.run(nobody, ("text", &["check", "--output-format", format]), &[]);
        let place = format!("the report as {format}");
        assert!(run.stdout.contains("depth"), "{}", run.stdout);
        planted.expect_no_keys(&run.stdout, &place);
        if !["text", "sarif", "rdjson"].contains(&format) {
            planted.expect_nothing_of_ours(&run.stdout, &place);
        }
    }
    planted.expect_clean_records();
}

#[test]
fn a_review_tells_github_no_key_and_logs_no_token() {
    let planted = Planted::new();
    let scratch = &planted.scratch;
    let base = scratch.git(["rev-parse", "HEAD"]).stdout;
    scratch.commit_all("head");
    let head = scratch.git(["rev-parse", "HEAD"]).stdout;
    let payload = json!({
        "action": "synchronize",
        "number": 7,
        "repository": {"full_name": "octo/repo"},
        "pull_request": {
            "number": 7,
            "base": {"sha": base.trim(), "repo": {"full_name": "octo/repo"}},
            "head": {"sha": head.trim(), "repo": {"full_name": "octo/repo"}},
        },
    });
    let event = planted.home.join("event.json");
    fs::write(&event, payload.to_string()).unwrap();
    for (form, arguments) in
        [("text", &["review"][..]), ("json", &["review", "--dry-run", "--event", event.to_str().unwrap()])]
    {
        let github = FakeGitHub::start(&[("pkg/shapes.py", &[(1, 5000)]), ("secret/never.py", &[(1, 5000)])]);
        github.trouble(Trouble::on("GET", 502, &format!("{TOKEN} {KEY}")));
        let service = echoing();
        let uri = github.uri();
        let more = [("GITHUB_API_URL", uri.as_str()), ("GITHUB_EVENT_PATH", event.to_str().unwrap())];
        let run = planted.run(&service.uri(), (form, arguments), &more);
        planted.expect_nothing_of_ours(&run.stderr, "stderr");
        planted.expect_no_keys(&run.stdout, "stdout");
        assert_eq!(github.payloads().is_empty(), form == "json");
        for payload in github.payloads() {
            planted.expect_no_keys(&payload.to_string(), "a payload");
        }
        planted.expect_clean_records();
    }
}
