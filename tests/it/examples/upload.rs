//! Filling an index of Azure AI Search.

use serde_json::json;

use crate::azure::vectors::EMBEDDING_DEPLOYMENT;
use crate::azure::{Answer, FakeAzure};
use crate::generate::{good_service, well};
use crate::search_server::FakeSearch;

use super::search::{run, settings};
use super::{documented, module, shop};

#[test]
fn documents_of_others_are_left_alone() {
    let (scratch, service, search) = (shop(), good_service(), FakeSearch::start());
    run(&scratch, &service, &["examples", "upload"], &settings(&search));
    search.put("code", "theirs", &json!({"id": "theirs", "path": "x", "name": "y", "content": "z"}));
    search.put(
        "code",
        "docgate-gone",
        &json!({"id": "docgate-gone", "path": "x", "name": "y", "content": "z"}),
    );
    let again = run(&scratch, &service, &["examples", "upload"], &settings(&search));
    assert!(again.stdout.contains("0 definitions were stored, 1 taken out"), "{}", again.all());
    let documents = search.documents("code");
    assert!(documents.contains_key("theirs") && !documents.contains_key("docgate-gone"));
}

#[test]
fn an_index_is_made_filled_and_kept_as_the_repository_is() {
    let (scratch, service, search) = (shop(), good_service(), FakeSearch::start());
    let upload = || run(&scratch, &service, &["examples", "upload"], &settings(&search));
    let first = upload();
    assert_eq!(first.code, Some(0), "{}", first.all());
    assert!(first.stdout.contains("5 definitions were stored, 0 taken out, 0 were there"), "{}", first.all());
    let names: Vec<String> =
        search.documents("code").values().map(|it| it["name"].as_str().unwrap().to_owned()).collect();
    assert!(!names.iter().any(|name| name.ends_with("secretly") || name.ends_with("test")), "{names:?}");
    assert_eq!(service.request_count(), 0);
    assert_eq!(search.bodies("/index").len(), 1);
    assert_eq!(search.runs().len(), 1, "all requests of a run have the same name");
    // Run twice, change once.
    let second = upload();
    assert!(
        second.stdout.contains("0 definitions were stored, 0 taken out, 5 were there"),
        "{}",
        second.all()
    );
    assert_eq!((search.bodies("/index").len(), search.runs().len()), (1, 2));
    scratch.write(
        "shop/paint.py",
        module(&[documented("paint_wall", "colour"), documented("mix_paint", "colours")]),
    );
    let third = upload();
    // The module says which names it has.
    assert!(third.stdout.contains("2 definitions were stored, 2 taken out, 3 were there"), "{}", third.all());
    assert_eq!(search.documents("code").len(), 5);
}

#[test]
fn the_log_says_by_which_name_the_service_knows_a_run() {
    let (scratch, service, search) = (shop(), good_service(), FakeSearch::start());
    let run = run(&scratch, &service, &["examples", "upload", "-vv"], &settings(&search));
    let known = search.runs();
    assert!(known.len() == 1 && known.iter().all(|name| run.stderr.contains(name)), "{}", run.stderr);
}

#[test]
fn secrets_are_not_put_into_an_index() {
    let (scratch, service, search) = (shop(), good_service(), FakeSearch::start());
    let secret = "AKIAABCDEFGHIJKLMNOP";
    let text = documented("open_door", "door").replace("is for.", &format!("is for, such as {secret}."));
    scratch
        .write("shop/keys.py", module(&[text.replace("print(door)", &format!("print(door, \"{secret}\")"))]));
    scratch.stage();
    run(&scratch, &service, &["examples", "upload"], &settings(&search));
    let sent = search.bodies("/index")[0].to_string();
    assert!(sent.contains("open_door") && !sent.contains(secret), "{sent}");
}

#[test]
fn what_is_refused_in_passing_is_sent_again_and_the_rest_is_named() {
    let (scratch, service, search) = (shop(), good_service(), FakeSearch::start());
    search.refuse("mix_colours", 503, 1);
    let upload = || run(&scratch, &service, &["examples", "upload"], &settings(&search));
    let passing = upload();
    assert_eq!(passing.code, Some(0), "{}", passing.all());
    assert_eq!(search.documents("code").len(), 5);
    let batches: Vec<usize> =
        search.bodies("/index").iter().map(|body| body["value"].as_array().unwrap().len()).collect();
    assert_eq!(batches, [5, 1]);
    scratch.write("shop/more.py", module(&[documented("sell_it", "it")]));
    scratch.stage();
    search.refuse("sell_it", 400, 99);
    let lasting = upload();
    assert_eq!(lasting.code, Some(3), "{}", lasting.all());
    assert!(lasting.stderr.contains("status 400: not now"), "{}", lasting.stderr);
    assert!(lasting.stderr.contains("refused"), "{}", lasting.stderr);
}

#[test]
fn a_busy_service_is_asked_again_and_one_that_stays_busy_is_given_up() {
    let (scratch, service, search) = (shop(), good_service(), FakeSearch::start());
    search.trouble("code", 503);
    search.trouble("index", 429);
    let upload = || run(&scratch, &service, &["examples", "upload"], &settings(&search));
    assert_eq!(upload().code, Some(0));
    assert_eq!(search.documents("code").len(), 5);
    search.trouble("code", 503);
    search.trouble("code", 503);
    let busy = upload();
    assert_eq!(busy.code, Some(3), "{}", busy.all());
    assert!(busy.stderr.contains("the search service answered with status 503"), "{}", busy.stderr);
}

#[test]
fn an_index_of_somebody_else_is_not_changed() {
    let (scratch, service, search) = (shop(), good_service(), FakeSearch::start());
    let theirs = json!({"name": "code", "fields": [{"name": "id", "type": "Edm.String", "key": true}]});
    search.make("code", theirs.clone());
    let upload = run(&scratch, &service, &["examples", "upload"], &settings(&search));
    assert_eq!(upload.code, Some(2), "{}", upload.all());
    assert!(upload.stderr.contains("no field called path, name, content"), "{}", upload.stderr);
    assert_eq!(search.definition("code"), theirs);
    let mut wrong = settings(&search);
    wrong[2].1 = "another".to_owned();
    let refused = run(&scratch, &service, &["examples", "upload"], &wrong);
    assert_eq!(refused.code, Some(3), "{}", refused.all());
}

#[test]
fn without_vectors_that_are_wanted_nothing_is_put_there() {
    let (scratch, search) = (shop(), FakeSearch::start());
    let service =
        FakeAzure::with_vectors(|body, _| well(body), |_, _| Answer::Status(400, Vec::new(), json!({})));
    let mut settings = settings(&search);
    settings.push(("DOCGATE_EMBEDDING_DEPLOYMENT", EMBEDDING_DEPLOYMENT.to_owned()));
    let upload = run(&scratch, &service, &["examples", "upload"], &settings);
    assert_eq!(upload.code, Some(3), "{}", upload.all());
    assert!(
        upload.stderr.contains("there are no vectors: the embedding service rejected"),
        "{}",
        upload.all()
    );
    assert!(search.bodies("/index").is_empty());
}

#[test]
fn a_dry_run_needs_nobody() {
    let scratch = shop();
    let run = scratch.docgate(["examples", "upload", "--dry-run"]);
    assert_eq!(run.code, Some(0), "{}", run.all());
    assert_eq!(run.stdout, "5 definitions of 2 files would be in the index, without vectors\n");
    let run = scratch.docgate(["examples", "upload"]);
    assert_eq!(run.code, Some(2), "{}", run.all());
    assert!(run.stderr.contains("DOCGATE_SEARCH_ENDPOINT"), "{}", run.stderr);
}
