//! `docgate review`: a pull request of a real repository, posted to a GitHub that remembers.

use serde_json::{Value, json};

use crate::azure::KEY;
use crate::fix::commit;
use crate::generate::{good_service, run_with};
use crate::github_server::{FakeGitHub, TOKEN, Trouble};
use crate::harness::{Run, Scratch};
use crate::machines::server as machines;

const BASE: &str = "\"\"\"Things.\"\"\"\n\n\ndef keep():\n    print()\n\n\ndef f(a, b):\n    \"\"\"Do it.\n\n    Args:\n        a: One.\n        b: Two. Defaults to 1.\n    \"\"\"\n    print(a)\n";

/// The text with a parameter taken away, and so much else changed that one hunk shows the docstring whole.
fn head() -> String {
    BASE.replace("def f(a, b)", "def f(a)").replace("print(a)", "print(a, 1)")
}

/// A repository with a base and a head commit, and the event that tells of them.
struct Pull {
    scratch: Scratch,
    event: String,
}

impl Pull {
    fn new(base: &[(&str, &str)], head: &[(&str, &str)]) -> Self {
        Self::from("octo/repo", base, head)
    }

    fn from(owner: &str, base: &[(&str, &str)], head: &[(&str, &str)]) -> Self {
        let scratch = Scratch::new();
        commit(&scratch, base);
        let base_sha = scratch.git(["rev-parse", "HEAD"]).stdout;
        commit(&scratch, head);
        let head_sha = scratch.git(["rev-parse", "HEAD"]).stdout;
        let event = scratch.beside("event.json");
        let payload = json!({
            "action": "synchronize",
            "number": 7,
            "repository": {"full_name": "octo/repo"},
            "pull_request": {
                "number": 7,
                "base": {"sha": base_sha.trim(), "repo": {"full_name": "octo/repo"}},
                "head": {"sha": head_sha.trim(), "repo": {"full_name": owner}},
            },
        });
        std::fs::write(&event, payload.to_string()).unwrap();
        Self { scratch, event: event.to_str().unwrap().to_owned() }
    }

    fn review(&self, github: &FakeGitHub, arguments: &[&str]) -> Run {
        self.review_with(github, arguments, &[("GITHUB_TOKEN", TOKEN)])
    }

    fn review_with(&self, github: &FakeGitHub, arguments: &[&str], more: &[(&str, &str)]) -> Run {
        let mut command = self.scratch.command(env!("CARGO_BIN_EXE_docgate"));
        command
            .arg("review")
            .args(arguments)
            .env("GITHUB_EVENT_PATH", &self.event)
            .env("GITHUB_API_URL", github.uri())
            .envs(more.iter().copied());
        let run = Run::from_output(&command.output().unwrap());
        assert!(!run.all().contains(TOKEN), "the token was printed: {}", run.all());
        run
    }
}

/// The whole of `a.py` is shown.
fn github() -> FakeGitHub {
    FakeGitHub::start(&[("a.py", &[(1, 200)]), ("b.py", &[(1, 200)])])
}

/// Applies the suggestions of comments (first line, last line, body) to a text, from the bottom up.
fn applied(text: &str, mut comments: Vec<(usize, usize, String)>) -> String {
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    comments.sort_by_key(|comment| std::cmp::Reverse(comment.0));
    for (first, last, body) in comments {
        let opening = body.find("suggestion\n").unwrap();
        let fence: String = body[..opening].chars().rev().take_while(|found| *found == '`').collect();
        let content = &body[opening + "suggestion\n".len()..];
        let end = content.find(&format!("{fence}\n")).or_else(|| content.find(&fence)).unwrap();
        let new: Vec<String> = content[..end].lines().map(str::to_owned).collect();
        lines.splice(first - 1..last, new);
    }
    lines.join("\n") + "\n"
}

fn suggestions(github: &FakeGitHub) -> Vec<(usize, usize, String)> {
    let size = |line: u64| usize::try_from(line).unwrap();
    let found = github.comments().into_iter().filter(|comment| comment.body.contains("```suggestion"));
    found.map(|found| (size(found.start_line.unwrap_or(found.line)), size(found.line), found.body)).collect()
}

#[test]
fn a_suggestion_applied_is_what_fix_writes() {
    let heads = [
        head(),
        head().replace("def f(a)", "def f(b)").replace("print(a", "print(b"),
        head().replace("def f(a)", "def f(a, b=2)"),
    ];
    for head in heads {
        let github = github();
        let pull = Pull::new(&[("a.py", BASE)], &[("a.py", &head)]);
        let run = pull.review(&github, &[]);
        assert_eq!(run.code, Some(1), "{}", run.all());
        assert!(run.stderr.contains("review posted: https://github.com/octo/repo/pull/7"), "{}", run.stderr);
        assert_eq!((github.reviews().len(), suggestions(&github).len()), (1, 1), "{:?}", github.comments());
        assert_eq!(pull.scratch.git(["status", "--porcelain"]).stdout, "");
        pull.scratch.docgate(["fix", "--no-model", "--range", "HEAD~1..HEAD"]);
        assert_eq!(applied(&head, suggestions(&github)), pull.scratch.read("a.py"));
    }
}

#[test]
fn what_the_model_writes_is_suggested_as_fix_writes_it() {
    let service = good_service();
    let github = github();
    let head = format!(
        "{BASE}\n\ndef area(width, height):\n    return width * height\n\n\ndef one(x): return x\n\n\nclass Box:\n    size = 1\n"
    );
    let pull = Pull::new(&[("a.py", BASE)], &[("a.py", &head)]);
    let azure = service.uri();
    let more = [
        ("GITHUB_TOKEN", TOKEN),
        ("AZURE_OPENAI_ENDPOINT", azure.as_str()),
        ("AZURE_OPENAI_API_KEY", KEY),
        ("AZURE_OPENAI_DEPLOYMENT", "docs"),
    ];
    let run = pull.review_with(&github, &[], &more);
    assert_eq!(run.code, Some(1), "{}", run.all());
    assert_eq!((service.request_count(), suggestions(&github).len()), (1, 3), "{:?}", github.comments());
    // The cache was read and not written, so that the same is asked again.
    assert!(!pull.scratch.beside("cache").join("store").exists());
    run_with(&pull.scratch, &azure, &["fix", "--range", "HEAD~1..HEAD"], &[]);
    assert_eq!(service.request_count(), 2);
    assert_eq!(applied(&head, suggestions(&github)), pull.scratch.read("a.py"));
    let run = pull.review_with(&github, &[], &more);
    assert_eq!(service.request_count(), 2, "the cache was not read: {}", run.all());
}

#[test]
fn a_review_reads_what_machines_share_and_writes_nothing_there() {
    let Some(server) = machines::server() else { return };
    let service = good_service();
    let (azure, redis) = (service.uri(), server.url());
    let head = format!("{BASE}\n\ndef area(width, height):\n    return width * height\n");
    let more = [
        ("GITHUB_TOKEN", TOKEN),
        ("AZURE_OPENAI_ENDPOINT", azure.as_str()),
        ("AZURE_OPENAI_API_KEY", KEY),
        ("AZURE_OPENAI_DEPLOYMENT", "docs"),
        ("DOCGATE_REDIS_URL", redis.as_str()),
    ];
    let pull = Pull::new(&[("a.py", BASE)], &[("a.py", &head)]);
    pull.review_with(&github(), &[], &more);
    let kept = |server: &machines::Server| server.keys().iter().any(|key| key.contains(":cache:"));
    assert_eq!((service.request_count(), kept(&server)), (1, false));
    run_with(&pull.scratch, &azure, &["fix", "--range", "HEAD~1..HEAD"], &more[4..]);
    assert_eq!((service.request_count(), kept(&server)), (2, true));
    let elsewhere = Pull::new(&[("a.py", BASE)], &[("a.py", &head)]);
    let github = github();
    let run = elsewhere.review_with(&github, &[], &more);
    assert_eq!((service.request_count(), suggestions(&github).len()), (2, 1), "{}", run.all());
}

#[test]
fn a_second_run_posts_nothing() {
    let github = github();
    let pull = Pull::new(&[("a.py", BASE)], &[("a.py", &head())]);
    pull.review(&github, &[]);
    let run = pull.review(&github, &[]);
    assert!(run.stderr.contains("nothing new to say"), "{}", run.stderr);
    assert_eq!((run.code, github.count("POST"), github.comments().len()), (Some(1), 1, 1));
}

#[test]
fn what_lies_outside_of_the_hunks_is_in_the_body() {
    let filler = (0..20).map(|line| format!("    # line {line}\n")).collect::<Vec<_>>().concat();
    let text = |parameters: &str| {
        let header = format!("def f(\n{parameters}{filler}):\n");
        format!(
            "\"\"\"Things.\"\"\"\n\n\n{header}    \"\"\"Do it.\n\n    Args:\n        a: One.\n        b: Two.\n    \"\"\"\n    print(a)\n"
        )
    };
    let github = FakeGitHub::start(&[("a.py", &[(1, 8)])]);
    let pull = Pull::new(&[("a.py", &text("    a,\n    b,\n"))], &[("a.py", &text("    a,\n"))]);
    let run = pull.review(&github, &[]);
    assert_eq!(run.code, Some(1), "{}", run.all());
    assert!(suggestions(&github).is_empty());
    let [review] = github.reviews().try_into().unwrap();
    assert!(review.body.contains("DOC102") || github.comments().len() == 1, "{review:?}");
}

#[test]
fn a_clean_pull_request_is_not_commented_on() {
    let github = github();
    let pull = Pull::new(&[("a.py", BASE)], &[("a.py", &format!("{BASE}\n\nx = 1\n"))]);
    let run = pull.review(&github, &[]);
    assert_eq!((run.code, github.count("POST")), (Some(0), 0), "{}", run.all());
}

#[test]
fn a_dry_run_prints_the_plan_and_needs_neither_token_nor_network() {
    let github = github();
    let pull = Pull::new(&[("a.py", BASE)], &[("a.py", &head())]);
    let run = pull.review_with(&github, &["--dry-run"], &[]);
    let plan: Value = serde_json::from_str(&run.stdout).unwrap_or_else(|_| panic!("{}", run.all()));
    assert_eq!(plan["comments"].as_array().map(Vec::len), Some(1), "{plan:#}");
    assert_eq!((run.code, github.requests().len()), (Some(1), 0));
    assert_eq!(pull.review_with(&github, &["--dry-run", "--exit-zero"], &[]).code, Some(0));
}

#[test]
fn a_pull_request_does_not_configure_its_own_review() {
    let github = github();
    let off = "ignore = [\"ALL\"]\nexclude = [\"**\"]\n";
    let pull = Pull::new(&[("a.py", BASE)], &[("a.py", &head()), ("docgate.toml", off)]);
    assert_eq!(pull.review(&github, &["--dry-run"]).code, Some(1));
    let off = "ignore = [\"DOC102\"]\n";
    let pull =
        Pull::new(&[("a.py", BASE), ("docgate.toml", off)], &[("a.py", &head()), ("docgate.toml", "")]);
    assert_eq!(pull.review(&github, &["--dry-run"]).code, Some(0));
    let pull = Pull::new(&[("a.py", BASE)], &[("a.py", &head()), ("docgate.toml", "this is = not [ toml")]);
    assert_eq!(pull.review(&github, &["--dry-run"]).code, Some(1));
}

#[test]
fn the_code_of_a_fork_is_sent_to_no_model() {
    let service = good_service();
    let undocumented = format!("{BASE}\n\ndef area(width):\n    return width\n");
    let github = github();
    let pull = Pull::from("stranger/repo", &[("a.py", BASE)], &[("a.py", &undocumented)]);
    let azure = service.uri();
    let more = [
        ("GITHUB_TOKEN", TOKEN),
        ("AZURE_OPENAI_ENDPOINT", azure.as_str()),
        ("AZURE_OPENAI_API_KEY", KEY),
        ("AZURE_OPENAI_DEPLOYMENT", "docs"),
    ];
    for arguments in [&[][..], &["--model", "azure"]] {
        let run = pull.review_with(&github, arguments, &more);
        assert_eq!((run.code, service.request_count()), (Some(1), 0), "{}", run.all());
    }
}

#[test]
fn without_a_token_nothing_is_begun() {
    let service = good_service();
    let github = github();
    let undocumented = format!("{BASE}\n\ndef area(width):\n    return width\n");
    let pull = Pull::new(&[("a.py", BASE)], &[("a.py", &undocumented)]);
    let azure = service.uri();
    let more = [
        ("AZURE_OPENAI_ENDPOINT", azure.as_str()),
        ("AZURE_OPENAI_API_KEY", KEY),
        ("AZURE_OPENAI_DEPLOYMENT", "docs"),
    ];
    let run = pull.review_with(&github, &[], &more);
    assert_eq!((run.code, github.requests().len()), (Some(2), 0), "{}", run.all());
    assert!(run.stderr.contains("hint: pass `GITHUB_TOKEN"), "{}", run.stderr);
    assert_eq!(service.request_count(), 0, "a model was paid for a review that nobody sees");
}

#[test]
fn a_base_that_is_not_in_the_clone_comes_with_a_hint() {
    let github = github();
    let mut pull = Pull::new(&[("a.py", BASE)], &[("a.py", &head())]);
    let shallow = Scratch::new();
    let origin = format!("file://{}", pull.scratch.root().display());
    shallow.git(["fetch", "--quiet", "--depth=1", &origin, "main"]);
    shallow.git(["checkout", "--quiet", "--detach", "FETCH_HEAD"]);
    pull.scratch = shallow;
    // The event file went with the first scratch folder.
    let event = pull.scratch.beside("event.json");
    let head = pull.scratch.git(["rev-parse", "HEAD"]).stdout;
    let payload = json!({
        "repository": {"full_name": "octo/repo"},
        "pull_request": {
            "number": 7,
            "base": {"sha": "1".repeat(40)},
            "head": {"sha": head.trim(), "repo": {"full_name": "octo/repo"}},
        },
    });
    std::fs::write(&event, payload.to_string()).unwrap();
    pull.event = event.to_str().unwrap().to_owned();
    let run = pull.review(&github, &[]);
    assert!(matches!(run.code, Some(2 | 3)), "{}", run.all());
    assert!(run.stderr.contains("fetch-depth: 0"), "{}", run.stderr);
    assert_eq!(github.count("POST"), 0);
}

#[test]
fn other_events_are_wrong_usage() {
    let github = github();
    let pull = Pull::new(&[("a.py", BASE)], &[("a.py", &head())]);
    for (payload, expected) in
        [("{\"ref\": \"refs/heads/main\"}", "on: pull_request"), ("nonsense", "not valid JSON")]
    {
        std::fs::write(&pull.event, payload).unwrap();
        let run = pull.review(&github, &[]);
        assert_eq!(run.code, Some(2), "{}", run.all());
        assert!(run.stderr.contains(expected), "{}", run.stderr);
    }
    std::fs::remove_file(&pull.event).unwrap();
    assert_eq!(pull.review(&github, &[]).code, Some(2));
}

#[test]
fn a_github_that_refuses_is_an_unfinished_run() {
    let pull = Pull::new(&[("a.py", BASE)], &[("a.py", &head())]);
    let github = github();
    let message = format!("Resource not accessible {TOKEN}");
    github.trouble(Trouble::on("POST", 403, &message));
    let run = pull.review(&github, &[]);
    assert_eq!(run.code, Some(3), "{}", run.all());
    assert!(run.stderr.contains("Resource not accessible"), "{}", run.stderr);
    let run = pull.review_with(&github, &[], &[("GITHUB_TOKEN", "ghs_wrong")]);
    assert_eq!(run.code, Some(3), "{}", run.all());
    assert!(!run.all().contains("ghs_wrong"), "{}", run.all());
}

#[test]
fn a_github_that_is_not_there_is_an_unfinished_run() {
    let pull = Pull::new(&[("a.py", BASE)], &[("a.py", &head())]);
    let github = github();
    for _ in 0..4 {
        github.trouble(Trouble::on("GET", 500, "oh").with_header("retry-after", "0"));
    }
    let run = pull.review(&github, &[]);
    assert_eq!((run.code, github.count("POST")), (Some(3), 0), "{}", run.all());
}

#[test]
fn findings_need_not_fail_the_job() {
    let github = github();
    let pull = Pull::new(&[("a.py", BASE)], &[("a.py", &head())]);
    let run = pull.review(&github, &["--exit-zero"]);
    assert_eq!((run.code, github.reviews().len()), (Some(0), 1), "{}", run.all());
}
