//! By the vectors of an embedding deployment.

use serde_json::{Value, json};

use crate::azure::vectors::{EMBEDDING_DEPLOYMENT, embeddings, good_vectors, inputs, vector};
use crate::azure::{Answer, FakeAzure, KEY};
use crate::generate::{run_with, well};
use crate::harness::Scratch;

use super::{BARE, by_words_with_a_warning, documented, module, shop, shown, vector_requests};

const WITH_VECTORS: (&str, &str) = ("DOCGATE_EMBEDDING_DEPLOYMENT", EMBEDDING_DEPLOYMENT);

/// Vectors by which painting walls is what loading orders is nearest to.
fn paint_first(texts: &[String]) -> Vec<(usize, Vec<f64>)> {
    let of = |text: &String| match text {
        text if text.contains("load_order_rows") => vec![1.0, 0.1],
        text if text.contains("paint_wall") => vec![1.0, 0.0],
        _ => vec![0.0, 1.0],
    };
    texts.iter().map(of).enumerate().collect()
}

/// The largest answer that is read: 256 KiB for each text, 64 KiB around them, and never more than 32 MiB.
fn largest(texts: &[String]) -> usize {
    (64 * 1024 + texts.len() * 256 * 1024).min(32 * 1024 * 1024)
}

#[test]
fn a_service_that_fails_in_any_way_costs_one_warning() {
    type Vectors = fn(&[String], usize) -> Answer;
    let table: [(&str, Vectors); 13] = [
        ("one vector for each text", |texts, _| {
            let mut vectors = paint_first(texts);
            vectors.pop();
            embeddings(&vectors)
        }),
        ("differ in length", |texts, _| {
            let mut vectors = paint_first(texts);
            vectors[0].1.push(1.0);
            embeddings(&vectors)
        }),
        ("it is not JSON", |texts, _| {
            let numbers = vec!["{\"embedding\": [NaN, 1]}"; texts.len()];
            Answer::Raw(format!("{{\"data\": [{}]}}", numbers.join(",")).into_bytes())
        }),
        ("a vector is none", |texts, _| {
            let numbers = vec!["{\"embedding\": [null, 1]}"; texts.len()];
            Answer::Raw(format!("{{\"data\": [{}]}}", numbers.join(",")).into_bytes())
        }),
        ("without direction", |texts, _| {
            embeddings(&texts.iter().map(|_| vec![0.0, 0.0]).enumerate().collect::<Vec<_>>())
        }),
        ("it has no vectors", |_, _| Answer::Raw(b"{}".to_vec())),
        ("it is not JSON", |texts, _| Answer::Raw(vec![b' '; largest(texts)])),
        ("it is larger than any is", |texts, _| Answer::Raw(vec![b' '; largest(texts) + 1])),
        ("it is larger than any is", |_, _| {
            let message = "x".repeat(5 * 1024 * 1024);
            Answer::Status(400, Vec::new(), json!({"error": {"message": message}}))
        }),
        ("rate limit of the embedding service", |_, _| Answer::rate_limited("retry-after-ms", "1")),
        ("the embedding service answered with status 500", |_, _| {
            Answer::Status(500, vec![("retry-after-ms", "1".to_owned())], json!({}))
        }),
        ("the embedding service rejected the request", |_, _| {
            Answer::Status(400, Vec::new(), json!({"error": {"message": "too long"}}))
        }),
        ("the embedding service cannot be reached", |_, _| Answer::Disconnect),
    ];
    for (reason, vectors) in table {
        let scratch = shop();
        let service = FakeAzure::with_vectors(|body, _| well(body), vectors);
        let run = run_with(&scratch, &service.uri(), &["fix"], &[WITH_VECTORS]);
        by_words_with_a_warning(&run, reason);
        assert_eq!(shown(&service)[0], "load_order_lines", "{reason}");
        assert!(scratch.staged("shop/new.py").contains("Work out what is asked for."), "{reason}");
    }
}

#[test]
fn a_deployment_that_is_not_there_costs_one_warning() {
    let scratch = shop();
    let service = FakeAzure::scripted(|body, _| well(body));
    let more = [("DOCGATE_EMBEDDING_DEPLOYMENT", "no-such")];
    let run = run_with(&scratch, &service.uri(), &["fix"], &more);
    by_words_with_a_warning(&run, "does not know the deployment");
    assert!(run.all().contains("the embedding service"), "{}", run.all());
    // Without a deployment, somebody who insists on vectors is told, and gets words.
    let scratch = shop();
    let run = run_with(&scratch, &service.uri(), &["fix"], &[("DOCGATE_EXAMPLES", "embeddings")]);
    by_words_with_a_warning(&run, "embedding-deployment");
}

#[test]
fn vectors_choose_on_every_route_and_in_any_order_of_the_answer() {
    let table: [(&str, &[(&str, &str)]); 3] = [
        ("/openai/v1/embeddings", &[]),
        ("/openai/deployments/vectors/embeddings", &[("DOCGATE_API_VERSION", "2024-10-21")]),
        ("/v1/embeddings", &[("DOCGATE_MODEL", "compatible"), ("DOCGATE_API_KEY", KEY)]),
    ];
    for (route, more) in table {
        let scratch = shop();
        let service = FakeAzure::with_vectors(
            |body, _| well(body),
            |texts, _| {
                let mut vectors = paint_first(texts);
                vectors.reverse();
                embeddings(&vectors)
            },
        );
        let own = format!("{}/v1", service.uri());
        let mut more = [&[WITH_VECTORS], more].concat();
        if route.starts_with("/v1") {
            more.extend([("DOCGATE_ENDPOINT", own.as_str()), ("DOCGATE_AZURE_MODEL", "docs")]);
        }
        let run = run_with(&scratch, &service.uri(), &["fix"], &more);
        assert_eq!(run.code, Some(0), "{route}: {}", run.all());
        assert_eq!(shown(&service)[0], "paint_wall", "{route}");
        assert!(service.requests().iter().any(|request| request.path == route), "{route}");
    }
}

#[test]
fn what_is_known_is_not_asked_for_again() {
    let scratch = shop();
    let service = FakeAzure::with_vectors(|body, _| well(body), |texts, _| good_vectors(texts));
    let with = |arguments: &[&str]| run_with(&scratch, &service.uri(), arguments, &[WITH_VECTORS]);
    with(&["fix"]);
    let texts = |index: usize| {
        let requests = service.requests();
        let mut asked = requests.iter().filter(|request| request.path.ends_with("/embeddings"));
        inputs(&asked.nth(index).unwrap().body)
    };
    assert!(texts(0).len() > 3, "{:?}", texts(0));
    scratch.write("shop/newer.py", BARE.replace("load_order_rows", "mix_paint"));
    scratch.stage();
    with(&["fix"]);
    assert_eq!(vector_requests(&service), 2);
    // The new one, and the one that has a docstring since.
    let fresh = texts(1);
    assert!(fresh.iter().any(|text| text.contains("mix_paint")), "{fresh:?}");
    assert!(fresh.len() <= 3, "{fresh:?}");
    let info = scratch.docgate(["cache", "info"]).stdout;
    assert!(info.lines().any(|line| line.starts_with("vectors") && !line.ends_with(" 0")), "{info}");
    let pruned = scratch.docgate(["cache", "prune", "--tag", "kind=vector"]);
    assert!(!pruned.stdout.starts_with('0'), "{}", pruned.all());
    // Another model behind the same deployment is not compared with the one before.
    scratch.write("shop/newest.py", BARE.replace("load_order_rows", "count_stock"));
    scratch.stage();
    run_with(
        &scratch,
        &service.uri(),
        &["fix"],
        &[WITH_VECTORS, ("DOCGATE_EMBEDDING_MODEL", "text-embedding-3-large")],
    );
    assert!(texts(2).len() > 3);
}

#[test]
fn what_is_never_sent_and_secrets_are_in_no_request_for_vectors() {
    let scratch = shop();
    let secret = "AKIAABCDEFGHIJKLMNOP";
    scratch.write(
        "shop/keys.py",
        module(&[
            documented("open_door", "door").replace("print(door)", &format!("print(door, \"{secret}\")"))
        ]),
    );
    scratch.stage();
    let service = FakeAzure::with_vectors(|body, _| well(body), |texts, _| good_vectors(texts));
    let arguments = ["fix", "shop/new.py", "--output-format", "json"];
    let run = run_with(&scratch, &service.uri(), &arguments, &[WITH_VECTORS]);
    let sent: String = service.requests().iter().map(|request| request.body.to_string()).collect();
    assert!(sent.contains("open_door") && !sent.contains(secret) && !sent.contains("secretly"));
    let report: Value = serde_json::from_str(&run.stdout).unwrap();
    assert_eq!(report["usage"]["redacted"], 1, "{report}");
    // A docstring is no part of what is compared.
    let first = &service.requests()[0];
    assert!(!first.body.to_string().contains("is for"), "{}", first.body);
}

#[test]
fn budgets_hold_for_vectors_and_records_are_kept() {
    let scratch = shop();
    let service = FakeAzure::with_vectors(|body, _| well(body), |texts, _| good_vectors(texts));
    let run = run_with(&scratch, &service.uri(), &["fix"], &[WITH_VECTORS, ("DOCGATE_BUDGET_REQUESTS", "0")]);
    assert_eq!(service.request_count(), 0, "{}", run.all());
    // One request is left, and it is not wasted on vectors whose question could not be put.
    let unpriced = [WITH_VECTORS, ("DOCGATE_EMBEDDING_MODEL", "no-price"), ("DOCGATE_BUDGET_COST", "1.00")];
    let run = run_with(&scratch, &service.uri(), &["fix"], &unpriced);
    by_words_with_a_warning(&run, "the budget has no room for vectors");
    assert_eq!((vector_requests(&service), service.request_count()), (0, 1));
    scratch.write("shop/newer.py", BARE.replace("load_order_rows", "mix_paint"));
    scratch.stage();
    let run = run_with(&scratch, &service.uri(), &["fix", "--output-format", "json"], &[WITH_VECTORS]);
    let report: Value = serde_json::from_str(&run.stdout).unwrap();
    assert_eq!(report["usage"]["requests"], 2, "{report}");
    let csv = scratch.docgate(["stats", "--output-format", "csv"]).stdout;
    assert_eq!(csv.matches("text-embedding-3-small").count(), 1, "{csv}");
}

#[test]
fn the_quota_holds_for_vectors() {
    let scratch = shop();
    let service = FakeAzure::with_vectors(|body, _| well(body), |texts, _| good_vectors(texts));
    // No text has more than the half of it, so that each goes alone.
    let more = [WITH_VECTORS, ("DOCGATE_TOKENS_PER_MINUTE", "100"), ("DOCGATE_MAXIMUM_WAIT", "1")];
    let run = run_with(&scratch, &service.uri(), &["fix"], &more);
    assert!(vector_requests(&service) >= 1, "{}", run.all());
    assert!(run.all().contains("the quota that is set"), "{}", run.all());
}

#[test]
fn what_would_be_sent_is_shown_without_asking() {
    let scratch = shop();
    let service = FakeAzure::with_vectors(|body, _| well(body), |texts, _| embeddings(&paint_first(texts)));
    let arguments = ["fix", "--show-prompt"];
    let run = run_with(&scratch, &service.uri(), &arguments, &[WITH_VECTORS]);
    assert_eq!(service.request_count(), 0);
    assert!(run.stderr.contains("chosen by words here"), "{}", run.stderr);
    assert!(run.stdout.contains("load_order_lines"), "{}", run.stdout);
    let show = ["examples", "show", "shop/new.py::load_order_rows", "--count", "1"];
    let run = run_with(&scratch, &service.uri(), &show, &[WITH_VECTORS]);
    assert!(run.stdout.contains("paint_wall"), "{}", run.all());
    assert_eq!(vector_requests(&service), 1);
    // Now all vectors are known.
    let run = run_with(&scratch, &service.uri(), &arguments, &[WITH_VECTORS]);
    assert_eq!(service.request_count(), 1);
    let prompt: Value = serde_json::from_str(&run.stdout).unwrap();
    let first = &crate::generate::examples(&prompt)[0];
    assert_eq!(first["name"], "paint_wall", "{}", run.all());
    assert!(!run.stderr.contains("chosen by words here"), "{}", run.stderr);
}

#[test]
fn a_definition_that_is_never_sent_is_not_embedded_for_a_look() {
    let scratch = shop();
    let service = FakeAzure::with_vectors(|body, _| well(body), |texts, _| good_vectors(texts));
    let name = "vault/secret.py::load_order_rows_secretly";
    let run = run_with(&scratch, &service.uri(), &["examples", "show", name], &[WITH_VECTORS]);
    assert_eq!((run.code, service.request_count()), (Some(2), 0), "{}", run.all());
    let run = run_with(
        &scratch,
        &service.uri(),
        &["examples", "show", name, "--source", "lexical"],
        &[WITH_VECTORS],
    );
    assert_eq!((run.code, service.request_count()), (Some(0), 0), "{}", run.all());
}

#[test]
fn many_texts_go_in_several_requests() {
    let scratch = Scratch::new();
    let functions: Vec<String> =
        (0..300).map(|number| documented(&format!("work_{number}"), "on_it")).collect();
    scratch.write("many.py", module(&functions));
    scratch.commit_all("many");
    scratch.write("new.py", BARE);
    scratch.stage();
    let service = FakeAzure::with_vectors(|body, _| well(body), |texts, _| good_vectors(texts));
    let run = run_with(&scratch, &service.uri(), &["fix"], &[WITH_VECTORS]);
    assert_eq!(run.code, Some(0), "{}", run.all());
    assert_eq!(vector_requests(&service), 2);
    assert_eq!(vector("a b").len(), 64);
}
