//! What a run remembers for the next one: answers, failures, and what was spent.

use std::fs;

use serde_json::{Value, json};

use crate::azure::{Answer, FakeAzure};
use crate::harness::Scratch;
use crate::tools;

use super::{CODE, asked, good_service, many_files, run, run_with, staged, well};

fn three_in_a_file() -> String {
    let functions = ["one", "two", "three"].map(|name| CODE[16..].replace("area", name));
    format!("\"\"\"Shapes.\"\"\"\n\n\n{}", functions.join("\n\n"))
}

fn names(body: &Value) -> Vec<String> {
    asked(body).iter().map(|it| it["name"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn a_refusal_is_remembered_until_the_definition_changes_or_somebody_insists() {
    let service = FakeAzure::scripted(|body, _| match names(body).as_slice() {
        [name] if name == "area1" => Answer::Refusal("I will not.".to_owned()),
        _ => well(body),
    });
    let scratch = many_files(3);
    run(&scratch, &service, &["fix"]);
    assert_eq!(service.request_count(), 3);
    let again = run(&scratch, &service, &["fix"]);
    assert_eq!((again.code, service.request_count()), (Some(1), 3), "{}", again.all());
    assert!(again.stdout.contains("the model refused to answer (as before;"), "{}", again.stdout);

    let listed = run(&scratch, &service, &["stats", "--failed"]);
    assert!(listed.stdout.contains("m1.py::area1 refused: the model refused to answer"), "{}", listed.all());
    assert_eq!(listed.stdout.matches("::").count(), 1, "{}", listed.stdout);

    // Another one that was never asked about stays out of it.
    scratch.write("m9.py", CODE.replace("area", "area9"));
    scratch.git(["add", "--all"]);
    let insisted = run(&scratch, &service, &["fix", "--failed"]);
    assert_eq!((insisted.code, service.request_count()), (Some(1), 4), "{}", insisted.all());
    assert_eq!(names(&service.requests()[3].body), ["area1"]);
    assert_eq!(scratch.staged("m9.py"), CODE.replace("area", "area9"));

    scratch.write("m1.py", CODE.replace("area", "area1").replace("* height", "* height + 1"));
    scratch.git(["add", "--all"]);
    run(&scratch, &service, &["fix", "m1.py"]);
    assert_eq!(service.request_count(), 5, "a changed definition is asked about again");
}

#[test]
fn answers_that_are_no_use_are_remembered_and_failures_of_the_service_are_not() {
    let service = FakeAzure::scripted(|body, _| match names(body)[0].as_str() {
        "area0" => Answer::Text("Sure! Here you go.".to_owned()),
        _ => Answer::Status(500, vec![("retry-after-ms", "1".to_owned())], json!({})),
    });
    let scratch = many_files(2);
    let no_retries = [("DOCGATE_RETRIES", "0")];
    run_with(&scratch, &service.uri(), &["fix"], &no_retries);
    assert_eq!(service.request_count(), 3 + 1, "two corrections for one, no repetition for the other");
    run_with(&scratch, &service.uri(), &["fix"], &no_retries);
    let asked: Vec<String> = service.requests()[4..].iter().flat_map(|it| names(&it.body)).collect();
    assert_eq!(asked, ["area1"]);
}

#[test]
fn one_definition_that_is_filtered_does_not_take_its_neighbours_with_it() {
    for bad in [Answer::FilteredPrompt, Answer::FilteredReply, Answer::Refusal("no".to_owned())] {
        let service = FakeAzure::scripted(move |body, _| {
            if names(body).iter().any(|name| name == "two") { bad.clone() } else { well(body) }
        });
        let scratch = staged(&[("a.py", &three_in_a_file())]);
        let result = run(&scratch, &service, &["fix"]);
        assert_eq!(result.code, Some(1), "{}", result.all());
        assert_eq!(scratch.staged("a.py").matches("Work out what is asked for.").count(), 2);
        assert!(result.stdout.contains("failed: a.py"), "{}", result.stdout);
    }
}

#[test]
fn what_is_cut_off_is_asked_for_in_smaller_parts_and_then_with_more_room() {
    let service = FakeAzure::scripted(|body, _| {
        let limit = body["max_tokens"].as_u64().unwrap();
        let single = names(body).len() == 1;
        if single && limit > 1_000 { well(body) } else { Answer::Truncated("{\"definitions\": [".to_owned()) }
    });
    let scratch = staged(&[("a.py", &three_in_a_file())]);
    let result = run(&scratch, &service, &["fix"]);
    assert_eq!(result.code, Some(0), "{}", result.all());
    assert_eq!(scratch.staged("a.py").matches("Work out what is asked for.").count(), 3);
    assert!(!result.all().contains("cut off"), "{}", result.all());
}

fn refused_by_budget(scratch: &Scratch, service: &FakeAzure, more: &[(&str, &str)]) -> String {
    let before = service.request_count();
    scratch.write("m7.py", CODE.replace("area", "area7"));
    scratch.git(["add", "--all"]);
    let result = run_with(scratch, &service.uri(), &["fix"], more);
    assert_eq!((result.code, service.request_count()), (Some(1), before), "{}", result.all());
    result.all()
}

#[test]
fn a_budget_of_a_day_holds_across_runs() {
    for (variable, limit) in [
        ("DOCGATE_BUDGET_DAY_REQUESTS", "1"),
        ("DOCGATE_BUDGET_HOUR_TOKENS", "1500"),
        ("DOCGATE_BUDGET_DAY_COST", "0.0006"),
    ] {
        let service = good_service();
        let scratch = many_files(1);
        let budget = [(variable, limit)];
        let first = run_with(&scratch, &service.uri(), &["fix"], &budget);
        assert_eq!((first.code, service.request_count()), (Some(0), 1), "{variable}: {}", first.all());
        let said = refused_by_budget(&scratch, &service, &budget);
        assert!(said.contains("the budget was spent before its turn"), "{said}");
        let stats = run_with(&scratch, &service.uri(), &["stats"], &budget);
        let stretch = if variable.contains("HOUR") { "hour" } else { "day" };
        assert!(stats.stdout.contains(stretch) && stats.stdout.contains(" left"), "{}", stats.all());
    }
}

#[test]
fn nothing_is_sent_when_what_was_spent_cannot_be_known() {
    let service = good_service();
    let scratch = many_files(1);
    let budget = [("DOCGATE_BUDGET_DAY_REQUESTS", "100")];
    run_with(&scratch, &service.uri(), &["fix"], &budget);
    fs::write(scratch.beside("cache").join("budget.json"), "{\"day\"").unwrap();
    let said = refused_by_budget(&scratch, &service, &budget);
    assert!(said.contains("nothing was sent"), "{said}");
    // Without such a budget the file is nobody's business.
    let result = run(&scratch, &service, &["fix"]);
    assert_eq!(result.code, Some(0), "{}", result.all());
}

#[test]
fn a_cache_that_is_switched_off_or_in_use_is_gone_without() {
    let service = good_service();
    let scratch = staged(&[("a.py", CODE)]);
    let off = [("DOCGATE_CACHE", "false")];
    for expected in [1, 2] {
        scratch.write("a.py", CODE);
        scratch.git(["add", "--all"]);
        run_with(&scratch, &service.uri(), &["fix"], &off);
        assert_eq!(service.request_count(), expected);
    }
    fs::create_dir_all(scratch.beside("cache")).unwrap();
    let lock = fs::File::create(scratch.beside("cache").join("docgate.lock")).unwrap();
    lock.lock().unwrap();
    fs::create_dir_all(scratch.beside("cache").join("store")).unwrap();
    scratch.write("a.py", CODE);
    scratch.git(["add", "--all"]);
    let result = run(&scratch, &service, &["fix"]);
    assert_eq!((result.code, service.request_count()), (Some(0), 3), "{}", result.all());
    assert_eq!(result.all().matches("in use by another process").count(), 1, "{}", result.all());
}

#[test]
fn the_cache_is_carried_to_another_machine() {
    let service = good_service();
    let scratch = many_files(3);
    run(&scratch, &service, &["fix"]);
    let file = scratch.beside("answers.jsonl");
    let exported = run(&scratch, &service, &["cache", "export", file.to_str().unwrap()]);
    assert_eq!(exported.stdout, "3 entries were written\n", "{}", exported.all());
    let elsewhere = many_files(3);
    let imported = run(&elsewhere, &service, &["cache", "import", file.to_str().unwrap()]);
    assert_eq!(imported.stdout, "3 entries were taken over\n", "{}", imported.all());
    let result = run(&elsewhere, &service, &["fix"]);
    assert_eq!((result.code, service.request_count()), (Some(0), 3), "{}", result.all());

    let info = run(&elsewhere, &service, &["cache", "info"]);
    assert!(
        info.stdout.contains("answers     3") && info.stdout.contains("3 from gpt-4o-mini"),
        "{}",
        info.stdout
    );
    let pruned = run(&elsewhere, &service, &["cache", "prune", "--tag", "path=m1.*", "--tag", "model=gpt-*"]);
    assert_eq!(pruned.stdout, "1 entries were dropped\n", "{}", pruned.all());
    assert_eq!(run(&elsewhere, &service, &["cache", "prune", "--tag", "colour=red"]).code, Some(2));
    run(&elsewhere, &service, &["cache", "clear"]);
    let info = run(&elsewhere, &service, &["cache", "info"]);
    assert!(info.stdout.contains("answers     0"), "{}", info.stdout);
    let foreign = run(&elsewhere, &service, &["cache", "import", "m0.py"]);
    assert_eq!(foreign.code, Some(2), "{}", foreign.all());
}

#[test]
fn second_runs_make_no_call() {
    const UGLY: &str = "'''Shapes.'''\n\n\ndef area( width,height = 0x0A ):\n    if (width<0):\n        raise ValueError( 'too '\n            'small' )\n    return width*height   # in metres\n";
    let text = |scratch: &Scratch, path: &str| scratch.git(["show", &format!(":{path}")]).stdout;
    for (what, more) in [
        ("the same text", &["fix"][..]),
        ("written over by black", &["fix"]),
        ("moved", &["fix"]),
        ("another style", &["fix", "--style", "numpy"]),
    ] {
        let scratch = staged(&[("a.py", UGLY)]);
        let service = good_service();
        run(&scratch, &service, &["fix"]);
        assert_eq!(service.request_count(), 1, "{what}");
        assert!(text(&scratch, "a.py").contains("Work out what is asked for."), "{what}");
        // As it was before: the answer is in the cache alone.
        scratch.write("a.py", UGLY);
        let path = if what == "moved" { "deep/er/b.py" } else { "a.py" };
        match what {
            "written over by black" => {
                let black = tools::command("black").arg("--quiet").arg(scratch.root().join("a.py")).status();
                assert!(black.unwrap().success());
                assert_ne!(fs::read_to_string(scratch.root().join("a.py")).unwrap(), UGLY);
            }
            "moved" => {
                scratch.write(path, UGLY);
                fs::remove_file(scratch.root().join("a.py")).unwrap();
            }
            _ => {}
        }
        scratch.git(["add", "--all"]);
        let second = run(&scratch, &service, more);
        assert_eq!((second.code, service.request_count()), (Some(0), 1), "{what}: {}", second.all());
        let written = text(&scratch, path);
        assert!(written.contains("Work out what is asked for."), "{what}: {written}");
        assert_eq!(written.contains("Parameters\n    ------"), what == "another style", "{written}");
        let third = run(&scratch, &service, more);
        assert_eq!((third.code, service.request_count()), (Some(0), 1), "{what}: {}", third.all());
        assert_eq!(text(&scratch, path), written, "{what}");
    }
}
