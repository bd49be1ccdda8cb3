//! Records of calls: numbers and names of everything that happened, and nothing that was said.

use std::fs;
use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::thread;

use serde_json::{Value, json};

use crate::azure::{Answer, DEPLOYMENT, FakeAzure, KEY};
use crate::harness::Scratch;

use super::{CODE, asked, good_service, many_files, run, run_with, staged, well};

fn records(scratch: &Scratch) -> Vec<Value> {
    let text = fs::read_to_string(scratch.beside("cache").join("history.jsonl")).unwrap();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn status(status: u16) -> Answer {
    Answer::Status(status, vec![], json!({"error": {"code": "x", "message": "no"}}))
}

#[test]
fn every_call_leaves_a_record_with_an_outcome_of_its_own() {
    let answers = [
        ("answered", None),
        ("rate-limited", Some(Answer::rate_limited("retry-after-ms", "1"))),
        ("server-error", Some(status(503))),
        ("bad-request", Some(status(400))),
        ("content-filter", Some(Answer::FilteredReply)),
        ("refused", Some(Answer::Refusal("I will not.".to_owned()))),
        ("truncated", Some(Answer::Truncated("{".to_owned()))),
        ("empty", Some(Answer::Text(String::new()))),
        ("not-json", Some(Answer::Text("Sure! Here you go.".to_owned()))),
        ("schema", Some(Answer::Content(json!({"definitions": [1]})))),
        ("rejected", Some(Answer::Content(json!({"definitions": []})))),
        ("garbage", Some(Answer::Raw(vec![0xff, 0, 0xfe]))),
    ];
    let names = answers.each_ref().map(|(name, _)| *name);
    let service = FakeAzure::scripted(move |body, _| {
        let name = asked(body)[0]["name"].as_str().unwrap().to_owned();
        let index: usize = name.trim_start_matches("area").parse().unwrap();
        answers[index].1.clone().unwrap_or_else(|| well(body))
    });
    let scratch = many_files(names.len());
    let result = run_with(&scratch, &service.uri(), &["fix"], &[("DOCGATE_RETRIES", "1")]);
    assert_eq!(result.code, Some(1), "{}", result.all());
    let records = records(&scratch);
    let calls: Vec<&Value> = records.iter().filter(|it| it["kind"] == "call").collect();
    let outcomes: Vec<&str> = calls.iter().map(|it| it["outcome"].as_str().unwrap()).collect();
    for name in names {
        assert!(outcomes.contains(&name), "{name}: {outcomes:?}");
    }
    let limited = calls.iter().find(|it| it["outcome"] == "rate-limited").unwrap();
    assert_eq!((&limited["attempts"], &limited["request_id"]), (&json!(2), &json!("fake-request")));
    let answered = calls.iter().find(|it| it["outcome"] == "answered").unwrap();
    assert!(answered["prompt_tokens"].as_u64().unwrap() > 0 && answered["cost"].as_f64().unwrap() > 0.0);
    let attempts: u64 = calls.iter().map(|it| it["attempts"].as_u64().unwrap()).sum();
    assert_eq!(attempts, service.request_count() as u64, "every request is in a record");
    let [whole] = records.iter().filter(|it| it["kind"] == "run").collect::<Vec<_>>().try_into().unwrap();
    assert_eq!(
        (&whole["definitions"], &whole["written"], &whole["failed"]),
        (&json!(12), &json!(1), &json!(11))
    );
    let text = fs::read_to_string(scratch.beside("cache").join("history.jsonl")).unwrap();
    for said in ["area", "width", "Sure!", "I will not.", "Work out", KEY] {
        assert!(!text.contains(said), "{said} in {text}");
    }
}

#[test]
fn what_found_nobody_is_neither_spent_nor_a_call() {
    let (gone, service) = ("http://127.0.0.1:9", good_service());
    let scratch = staged(&[("a.py", CODE)]);
    // One request is all that the day has.
    let budget = [("DOCGATE_BUDGET_DAY_REQUESTS", "1"), ("DOCGATE_RETRIES", "1")];
    let result = run_with(&scratch, gone, &["fix"], &budget);
    assert!(result.all().contains("the model service cannot be reached"), "{}", result.all());
    assert!(records(&scratch).iter().all(|it| it["kind"] == "run"), "{:?}", records(&scratch));
    let result = run_with(&scratch, &service.uri(), &["fix"], &budget);
    assert_eq!((result.code, service.request_count()), (Some(0), 1), "{}", result.all());
}

#[test]
fn figures_are_shown_in_every_form() {
    let service = good_service();
    let scratch = many_files(4);
    run(&scratch, &service, &["fix"]);
    for index in 0..4 {
        scratch.write(&format!("m{index}.py"), CODE.replace("area", &format!("area{index}")));
    }
    scratch.git(["add", "--all"]);
    run(&scratch, &service, &["fix"]);
    let text = run(&scratch, &service, &["stats"]).stdout;
    for line in
        ["runs                  2", "  from the cache      4 (50.0 %)", "  answered            4 (100.0 %)"]
    {
        assert!(text.contains(line), "{line} in {text}");
    }
    assert!(text.contains("median") && text.contains("p95") && text.contains("p99"), "{text}");
    let json = run(&scratch, &service, &["stats", "--output-format", "json"]).stdout;
    let json: Value = serde_json::from_str(&json).unwrap();
    assert_eq!((&json["figures"]["calls"], &json["figures"]["hit_rate"]), (&json!(4), &json!(0.5)));
    let csv = run(&scratch, &service, &["stats", "--output-format", "csv"]).stdout;
    assert_eq!(csv.lines().count(), 5, "{csv}");
    let exported = run(&scratch, &service, &["stats", "--output-format", "prometheus"]).stdout;
    assert!(exported.contains("docgate_requests{outcome=\"answered\"} 4\n"), "{exported}");
    let none = Scratch::new();
    let empty = run(&none, &service, &["stats"]);
    assert_eq!(empty.code, Some(0), "{}", empty.all());
}

#[test]
fn a_history_that_cannot_be_written_stops_nothing() {
    let service = good_service();
    let scratch = staged(&[("a.py", CODE)]);
    fs::create_dir_all(scratch.beside("cache").join("history.jsonl")).unwrap();
    let result = run(&scratch, &service, &["fix"]);
    assert_eq!(result.code, Some(0), "{}", result.all());
    assert_eq!(result.all().matches("the history for `docgate stats` cannot be written").count(), 1);
}

#[test]
fn a_service_that_speaks_the_protocol_writes_prose() {
    for (choice, way) in [("compatible", "text"), ("openai", "response_format")] {
        let service =
            FakeAzure::serving(if way == "text" { "text-only-model" } else { "gpt-4o-mini" }, |body, _| {
                well(body)
            });
        let scratch = staged(&[("a.py", CODE)]);
        let mut command = scratch.command(env!("CARGO_BIN_EXE_docgate"));
        command
            .args(["fix", "--model", choice])
            .env("DOCGATE_ENDPOINT", format!("{}/v1", service.uri()))
            .env("DOCGATE_API_KEY", KEY)
            .env("DOCGATE_AZURE_MODEL", DEPLOYMENT);
        let output = command.output().unwrap();
        assert_eq!(output.status.code(), Some(0), "{choice}: {}", String::from_utf8_lossy(&output.stderr));
        assert!(scratch.staged("a.py").contains("Work out what is asked for."), "{choice}");
        let last = service.requests().pop().unwrap();
        assert_eq!(last.path, "/v1/chat/completions");
        assert_eq!(last.body["response_format"].is_null(), way == "text", "{choice}");
    }
}

#[test]
fn a_proxy_is_gone_through_and_never_with_a_plain_endpoint() {
    for variable in ["HTTPS_PROXY", "DOCGATE_PROXY"] {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let proxy = format!("http://{}", listener.local_addr().unwrap());
        let heard = thread::spawn(move || {
            let (mut stream, _) = listener.accept().unwrap();
            let mut buffer = [0; 512];
            let length = stream.read(&mut buffer).unwrap();
            stream.write_all(b"HTTP/1.1 502 Bad Gateway\r\ncontent-length: 0\r\n\r\n").unwrap();
            String::from_utf8_lossy(&buffer[..length]).into_owned()
        });
        let scratch = staged(&[("a.py", CODE)]);
        let more = [(variable, proxy.as_str()), ("DOCGATE_RETRIES", "0")];
        let result = run_with(&scratch, "https://docgate.invalid", &["fix"], &more);
        assert_eq!(result.code, Some(1), "{}", result.all());
        let heard = heard.join().unwrap();
        assert!(heard.starts_with("CONNECT docgate.invalid:443"), "{variable}: {heard}");
        assert!(!heard.contains(KEY));
    }
    let service = good_service();
    let scratch = staged(&[("a.py", CODE)]);
    let nowhere = [("HTTP_PROXY", "http://127.0.0.1:9"), ("DOCGATE_PROXY", "http://127.0.0.1:9")];
    assert_eq!(run_with(&scratch, &service.uri(), &["fix"], &nowhere).code, Some(0));
}

#[test]
fn a_file_of_certificates_that_holds_none_is_an_error() {
    let scratch = staged(&[("a.py", CODE)]);
    for (file, said) in [("a.py", "holds none"), ("missing.pem", "cannot read missing.pem")] {
        let result = run_with(&scratch, "https://docgate.invalid", &["fix"], &[("DOCGATE_CA_FILE", file)]);
        assert_eq!(result.code, Some(2), "{}", result.all());
        assert!(result.all().contains(said), "{}", result.all());
    }
}

/// Answers one request over TLS with what stands in a file; a certificate of its own authority says who it is.
const TLS_SERVER: &str = "
import http.server, ssl, sys
answer = open(sys.argv[2], 'rb').read()
class Handler(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        self.rfile.read(int(self.headers['content-length']))
        self.send_response(200)
        self.send_header('content-length', str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)
    def log_message(self, *arguments):
        pass
server = http.server.HTTPServer(('127.0.0.1', 0), Handler)
context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain(sys.argv[1])
server.socket = context.wrap_socket(server.socket, server_side=True)
print(server.server_address[1], flush=True)
server.serve_forever()
";

/// Makes an authority `ca.pem` and a certificate with its key, `server.pem`, for this machine.
const CERTIFICATES: &str = "
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -keyout ca.key -out ca.pem -days 2 -subj /CN=authority 2>&1
openssl req -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -keyout server.key -out server.csr -subj /CN=localhost 2>&1
printf 'subjectAltName=DNS:localhost,IP:127.0.0.1\nbasicConstraints=critical,CA:FALSE\n' > extensions
openssl x509 -req -in server.csr -CA ca.pem -CAkey ca.key -CAcreateserial -out server.crt -days 2 -extfile extensions 2>&1
cat server.crt server.key > server.pem
";

#[test]
fn a_certificate_of_one_s_own_authority_is_trusted_when_it_is_named_and_not_before() {
    let scratch = staged(&[("a.py", CODE)]);
    let folder = scratch.beside("tls");
    fs::create_dir_all(&folder).unwrap();
    let made = scratch.command("sh").current_dir(&folder).args(["-ec", CERTIFICATES]).output().unwrap();
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stdout));
    let prose = json!({"definitions": [{
        "id": "d1", "summary": "Work out what is asked for.", "description": null, "yields": null,
        "parameters": [{"name": "width", "text": "One."}, {"name": "height", "text": "Two."}],
        "returns": "What came of it.", "raises": [{"name": "ValueError", "text": "If that cannot be."}],
    }]});
    let answer = json!({
        "choices": [{"finish_reason": "stop", "message": {"content": prose.to_string()}}],
        "usage": {"prompt_tokens": 9, "completion_tokens": 9},
    });
    fs::write(folder.join("answer.json"), answer.to_string()).unwrap();
    let mut server = scratch
        .command("python3")
        .current_dir(&folder)
        .args(["-c", TLS_SERVER, "server.pem", "answer.json"])
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::null())
        .spawn()
        .unwrap();
    let mut port = String::new();
    std::io::BufRead::read_line(&mut std::io::BufReader::new(server.stdout.as_mut().unwrap()), &mut port)
        .unwrap();
    let uri = format!("https://localhost:{}", port.trim());
    let authority = folder.join("ca.pem");
    let stranger = run_with(&scratch, &uri, &["fix"], &[]);
    let trusted = run_with(&scratch, &uri, &["fix"], &[("DOCGATE_CA_FILE", authority.to_str().unwrap())]);
    server.kill().unwrap();
    server.wait().unwrap();
    assert_eq!(stranger.code, Some(1), "{}", stranger.all());
    assert!(stranger.all().contains("cannot be reached: invalid peer certificate"), "{}", stranger.all());
    assert_eq!(trusted.code, Some(0), "{}", trusted.all());
    assert!(scratch.staged("a.py").contains("Work out what is asked for."));
}
