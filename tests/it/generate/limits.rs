//! Budgets are hard: what might not fit is not sent.

use serde_json::json;

use crate::azure::{Answer, FakeAzure};

use super::{asked, good_service, many_files, run, run_with};

fn asked_about(service: &FakeAzure) -> usize {
    service.requests().iter().map(|received| asked(&received.body).len()).sum()
}

#[test]
fn a_number_of_definitions_is_a_hard_limit() {
    for (limit, expected) in [("0", 0), ("1", 1), ("3", 3), ("100", 5)] {
        let service = good_service();
        let scratch = many_files(5);
        let result = run(&scratch, &service, &["fix", "--max-definitions", limit]);
        assert_eq!(asked_about(&service), expected, "{limit}: {}", result.all());
        assert_eq!(result.code, Some(i32::from(expected < 5)), "{limit}: {}", result.all());
        let skipped = result.stdout.matches("the budget was spent before its turn").count();
        assert_eq!(skipped, 5 - expected, "{limit}: {}", result.stdout);
    }
}

#[test]
fn a_number_of_tokens_is_a_hard_limit() {
    let service = good_service();
    run(&many_files(5), &service, &["fix", "--max-tokens", "100"]);
    assert_eq!(service.request_count(), 0);
    let result = run(&many_files(5), &service, &["fix", "--max-tokens", "2000"]);
    let count = service.request_count();
    assert!((1..5).contains(&count), "{count} {}", result.all());
    assert_eq!(result.code, Some(1), "{}", result.all());
}

#[test]
fn an_amount_of_money_is_a_hard_limit() {
    let service = good_service();
    run(&many_files(5), &service, &["fix", "--max-cost", "0.0000001"]);
    assert_eq!(service.request_count(), 0);
    let result = run(&many_files(5), &service, &["fix", "--max-cost", "5"]);
    assert_eq!((result.code, service.request_count()), (Some(0), 5), "{}", result.all());
}

#[test]
fn a_price_that_is_not_known_cannot_be_kept() {
    let service = good_service();
    let model = [("DOCGATE_AZURE_MODEL", "a-model-of-our-own")];
    let result = run_with(&many_files(2), &service.uri(), &["fix", "--max-cost", "5"], &model);
    assert_eq!((result.code, service.request_count()), (Some(1), 0), "{}", result.all());
}

#[test]
fn a_price_that_is_set_is_kept_and_wins_over_the_table() {
    let priced = |model: &str, dollars: &str| {
        let service = good_service();
        let scratch = many_files(2);
        scratch
            .write("docgate.toml", format!("[prices.\"{model}\"]\ninput = {dollars}\noutput = {dollars}\n"));
        scratch.git(["add", "--all"]);
        let model = [("DOCGATE_AZURE_MODEL", model)];
        let result = run_with(&scratch, &service.uri(), &["fix", "--max-cost", "5"], &model);
        (result.code, service.request_count())
    };
    assert_eq!(priced("a-model-of-our-own", "1"), (Some(0), 2));
    assert_eq!(priced("gpt-4o-mini", "1"), (Some(0), 2));
    assert_eq!(priced("gpt-4o-mini", "5000"), (Some(1), 0), "the table says less");
}

#[test]
fn repetitions_never_exceed_a_budget_of_requests() {
    for name in ["DOCGATE_BUDGET_REQUESTS", "DOCGATE_BUDGET_HOUR_REQUESTS"] {
        let service = FakeAzure::scripted(|_, _| {
            Answer::Status(500, vec![("retry-after-ms", "1".to_owned())], json!({"error": {"message": "x"}}))
        });
        let result = run_with(&many_files(3), &service.uri(), &["fix"], &[(name, "4")]);
        assert_eq!((result.code, service.request_count()), (Some(1), 4), "{name}: {}", result.all());
    }
}

#[test]
fn what_comes_back_into_the_budget_of_a_day_is_waited_for() {
    let service = good_service();
    let scratch = many_files(6);
    // Enough for two at their largest, and for all six at what they take.
    let result = run_with(&scratch, &service.uri(), &["fix"], &[("DOCGATE_BUDGET_DAY_TOKENS", "7000")]);
    assert_eq!((result.code, service.request_count()), (Some(0), 6), "{}", result.all());
}

#[test]
fn an_answer_without_a_bill_is_not_free_whatever_became_of_it() {
    let message = |reason: &str, text: &str| json!({"finish_reason": reason, "message": {"content": text}});
    for (reason, text) in [("length", "{"), ("content_filter", ""), ("stop", "")] {
        let body = json!({ "choices": [message(reason, text)] }).to_string();
        let service = FakeAzure::scripted(move |_, _| Answer::Raw(body.clone().into_bytes()));
        let scratch = many_files(5);
        let result = run(&scratch, &service, &["fix", "--max-tokens", "4000"]);
        let count = service.request_count();
        assert!((1..4).contains(&count), "{reason}: {count} {}", result.all());
    }
}

#[test]
fn the_configured_budget_counts_and_a_flag_wins() {
    let service = good_service();
    let scratch = many_files(3);
    scratch.write("docgate.toml", "[budget]\ndefinitions = 1\n");
    scratch.git(["add", "--all"]);
    run(&scratch, &service, &["fix"]);
    assert_eq!(asked_about(&service), 1);
    run(&scratch, &service, &["fix", "--max-definitions", "5"]);
    assert_eq!(asked_about(&service), 3);
}

#[test]
fn repetitions_count_although_no_bill_ever_came() {
    let service = FakeAzure::scripted(|_, index| match index {
        0 | 1 => Answer::Status(500, vec![("retry-after-ms", "10".to_owned())], json!({})),
        _ => Answer::Raw(b"no answer".to_vec()),
    });
    let scratch = many_files(1);
    let limited = [("DOCGATE_BUDGET_DAY_REQUESTS", "100")];
    let result = run_with(&scratch, &service.uri(), &["fix"], &limited);
    assert_eq!((result.code, service.request_count()), (Some(1), 3), "{}", result.all());
    let stats = run_with(&scratch, &service.uri(), &["stats"], &limited);
    assert!(stats.stdout.contains("97"), "{}", stats.all());
}
