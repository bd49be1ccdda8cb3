//! What would be asked, and what it may cost, before anybody is asked.

use std::path::PathBuf;
use std::process::Command;

use serde_json::{Value, json};

use crate::azure::{Answer, FakeAzure};
use crate::harness::{Run, Scratch};
use crate::tools;

use super::{CODE, good_service, many, many_files, run, run_with, staged};

fn estimate(scratch: &Scratch, service: &FakeAzure, more: &[&str]) -> Value {
    let arguments = [&["fix", "--estimate", "--output-format", "json"], more].concat();
    let found = run(scratch, service, &arguments);
    assert_eq!(found.code, Some(0), "{}", found.all());
    serde_json::from_str::<Value>(&found.stdout).unwrap()["estimate"].clone()
}

/// Reads JSON values that stand one after the other.
fn documents(run: &Run) -> Vec<Value> {
    serde_json::Deserializer::from_str(&run.stdout).into_iter().map(Result::unwrap).collect()
}

#[test]
fn an_estimate_asks_nobody_and_is_what_is_then_sent() {
    let scratch = many_files(3);
    let service = good_service();
    let before = scratch.git(["ls-files", "--stage"]).stdout;
    let estimated = estimate(&scratch, &service, &[]);
    assert_eq!(service.request_count(), 0);
    assert_eq!(scratch.git(["ls-files", "--stage"]).stdout, before);
    assert_eq!((&estimated["definitions"], &estimated["requests"]), (&json!(3), &json!(3)));
    assert!(estimated["cost"].as_f64().unwrap() > 0.0);
    let shown = documents(&run(&scratch, &service, &["fix", "--show-prompt"]));
    assert_eq!(service.request_count(), 0);
    run(&scratch, &service, &["fix"]);
    let mut sent: Vec<Value> = service.requests().into_iter().map(|request| request.body).collect();
    assert_eq!(sent.len(), 3);
    sent.sort_by_key(Value::to_string);
    let mut shown = shown;
    shown.sort_by_key(Value::to_string);
    assert_eq!(shown, sent);
}

#[test]
fn what_is_known_is_not_counted_as_a_question() {
    let scratch = many_files(2);
    let service = FakeAzure::scripted(|body, index| match index {
        0 => super::well(body),
        _ => Answer::Refusal("I will not.".to_owned()),
    });
    run(&scratch, &service, &["fix"]);
    scratch.write("new.py", CODE);
    // As they were before, without the text that was written.
    for index in 0..2 {
        scratch.write(&format!("m{index}.py"), CODE.replace("area", &format!("area{index}")));
    }
    scratch.git(["add", "--all"]);
    let estimated = estimate(&scratch, &service, &[]);
    let counts =
        ["definitions", "cache_hits", "failed_before", "requests"].map(|key| estimated[key].as_u64());
    assert_eq!(counts, [Some(3), Some(1), Some(1), Some(1)], "{estimated}");
    let again = estimate(&scratch, &service, &["--failed"]);
    // What is known is written, what failed is asked about, and what is new waits.
    let counts = ["definitions", "cache_hits", "requests"].map(|key| again[key].as_u64());
    assert_eq!(counts, [Some(2), Some(1), Some(1)], "{again}");
}

#[test]
fn the_budget_ends_the_plan_as_it_ends_the_run() {
    let scratch = many_files(3);
    let service = good_service();
    let estimated = estimate(&scratch, &service, &["--max-definitions", "2"]);
    assert_eq!((&estimated["requests"], &estimated["over_budget"]), (&json!(2), &json!(1)));
    let one = estimate(&scratch, &service, &["--max-definitions", "1"]);
    let tokens = one["prompt_tokens"].as_u64().unwrap() + one["completion_tokens"].as_u64().unwrap();
    let estimated = estimate(&scratch, &service, &["--max-tokens", &(tokens * 2).to_string()]);
    assert_eq!((&estimated["requests"], &estimated["over_budget"]), (&json!(2), &json!(1)), "{estimated}");
}

#[test]
fn a_tokenizer_that_is_not_known_gets_a_margin() {
    let scratch = many_files(1);
    let service = good_service();
    let of = |model: &str, margin: &str| {
        let environment = [("DOCGATE_AZURE_MODEL", model), ("DOCGATE_TOKEN_MARGIN", margin)];
        let set = if margin.is_empty() { &environment[..1] } else { &environment[..] };
        let found =
            run_with(&scratch, &service.uri(), &["fix", "--estimate", "--output-format", "json"], set);
        let found: Value = serde_json::from_str(&found.stdout).unwrap();
        let number = |key: &str| found["estimate"][key].as_u64().unwrap();
        (number("margin"), number("prompt_tokens"))
    };
    let (own, counted) = of("gpt-4o-mini", "");
    let (margin, more) = of("qwen2.5-coder:7b", "");
    assert!(own == 0 && margin > 0, "{margin}");
    // Each text is rounded up, and what surrounds messages is not widened.
    let expected = counted * (100 + margin) / 100;
    assert!(more.abs_diff(expected) < 12, "{more} {expected}");
    assert_eq!(of("qwen2.5-coder:7b", "0"), (0, counted));
    assert!(of("gpt-4o-mini", "100").1.abs_diff(2 * counted) < 12);
    let text =
        run_with(&scratch, &service.uri(), &["fix", "--estimate"], &[("DOCGATE_AZURE_MODEL", "llama")]);
    assert!(text.stdout.contains(&format!("with {margin} % for the tokenizer of llama")), "{}", text.stdout);
}

#[test]
fn what_exceeds_a_window_that_is_set_is_shortened() {
    let body = many(400, |index| format!("    step_{index} = compute({index})\n"));
    let scratch = staged(&[("a.py", &CODE.replace("    return", &format!("{body}    return")))]);
    let service = good_service();
    let tokens = |window: &str| {
        let set = [("DOCGATE_CONTEXT_WINDOW", window)];
        let found =
            run_with(&scratch, &service.uri(), &["fix", "--estimate", "--output-format", "json"], &set);
        let found: Value = serde_json::from_str(&found.stdout).unwrap();
        let number = |key: &str| found["estimate"][key].as_u64().unwrap();
        number("prompt_tokens") + number("completion_tokens")
    };
    assert!(tokens("100000") > 4_000 && tokens("4000") <= 4_000, "{}", tokens("4000"));
}

#[test]
fn what_fits_into_a_small_window_alone_is_not_shortened_for_the_sake_of_others() {
    let function = |index: usize| {
        let body = many(25, |line| format!("    value_{line} = compute(width, {line})\n"));
        CODE.replace("area", &format!("area{index}")).replace("    return", &format!("{body}    return"))
    };
    let scratch = staged(&[("a.py", &many(6, function))]);
    let service = good_service();
    let small = [("DOCGATE_CONTEXT_WINDOW", "4096")];
    let shown = run_with(&scratch, &service.uri(), &["fix", "--show-prompt"], &small);
    let shown = documents(&shown);
    assert!(shown.len() > 1, "{}", shown.len());
    let text: String = shown.iter().map(Value::to_string).collect();
    assert_eq!(text.matches("= compute(width").count(), 6 * 25, "{text}");
}

#[test]
fn an_estimate_needs_no_key_and_says_for_whom_it_counts() {
    let scratch = staged(&[("a.py", CODE)]);
    let mut command = scratch.command(env!("CARGO_BIN_EXE_docgate"));
    let found = Run::from_output(&command.args(["fix", "--estimate"]).output().unwrap());
    assert_eq!(found.code, Some(0));
    assert!(found.stderr.contains("no model is configured"), "{}", found.stderr);
    assert!(found.stdout.starts_with("1 definition needs prose\n"), "{}", found.stdout);
    let mut command = scratch.command(env!("CARGO_BIN_EXE_docgate"));
    let found = command.args(["fix", "--estimate", "--output-format", "sarif"]).output().unwrap();
    assert_eq!(found.status.code(), Some(2));
}

#[test]
fn secrets_and_files_that_are_never_sent_are_in_no_prompt() {
    let secret = "AKIAABCDEFGHIJKLMNOP";
    let code = CODE.replace("    return", &format!("    key = \"{secret}\"\n    return"));
    let scratch =
        staged(&[("a.py", &code), ("vault/b.py", CODE), ("docgate.toml", "never-send = [\"vault/**\"]\n")]);
    let service = good_service();
    let shown = run(&scratch, &service, &["fix", "--show-prompt"]);
    assert_eq!(documents(&shown).len(), 1);
    assert!(!shown.all().contains(secret) && shown.stdout.contains("[redacted]"), "{}", shown.all());
    let estimated = estimate(&scratch, &service, &[]);
    assert_eq!((&estimated["definitions"], &estimated["redacted"]), (&json!(1), &json!(1)));
}

/// Counts the tokens of requests on stdin: messages, what surrounds them (after OpenAI's cookbook, "How to count tokens with
/// tiktoken"), and the schema as it was sent. The vocabulary is a file, since tiktoken would get it from the network.
const COUNT: &str = r#"
import json, sys
import tiktoken
from tiktoken.load import load_tiktoken_bpe
from tiktoken_ext import openai_public

vocabulary, name = sys.argv[1:]
openai_public.load_tiktoken_bpe = lambda _, **__: load_tiktoken_bpe(vocabulary)
encoding = tiktoken.Encoding(**getattr(openai_public, name)())
count = lambda text: len(encoding.encode(text, disallowed_special=()))
total = 0
for body in json.load(sys.stdin):
    for message in body["messages"]:
        total += 3 + count(message["role"]) + count(message["content"])
    total += 3
    asked = body.get("response_format", {}).get("json_schema")
    asked = asked or (body["tools"][0]["function"] if "tools" in body else body["functions"][0])
    schema = asked.get("schema") or asked["parameters"]
    total += count(asked["name"]) + count(json.dumps(schema, separators=(",", ":")))
print(total)
"#;

/// Returns the folder of the vocabularies that the counting library brings.
fn vocabularies() -> PathBuf {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let version = Command::new("rustc").arg("-vV").output().unwrap();
    let version = String::from_utf8(version.stdout).unwrap();
    // What other platforms need may never have been downloaded.
    let host = version.lines().find_map(|line| line.strip_prefix("host: ")).unwrap();
    let output = Command::new(cargo)
        .args(["metadata", "--format-version=1", "--locked", "--offline", "--filter-platform", host])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let metadata: Value = serde_json::from_slice(&output.stdout).unwrap();
    let packages = metadata["packages"].as_array().unwrap();
    let found = packages.iter().find(|package| package["name"] == "tiktoken-rs").unwrap();
    PathBuf::from(found["manifest_path"].as_str().unwrap()).with_file_name("assets")
}

/// Copies modules of Python's own library that have many functions without docstrings.
fn library() -> Scratch {
    let scratch = Scratch::new();
    let list = "import colorsys, ftplib, plistlib, sched, textwrap, timeit\n\
                for module in colorsys, ftplib, plistlib, sched, textwrap, timeit: print(module.__file__)";
    let output = Command::new("python3").args(["-c", list]).output().unwrap();
    for path in String::from_utf8(output.stdout).unwrap().lines() {
        let name = PathBuf::from(path);
        scratch.write(name.file_name().unwrap().to_str().unwrap(), std::fs::read(path).unwrap());
    }
    scratch.write("wide.py", "def greet(имя):\n    return f'你好，{имя}！ 🎉🎉 naïve café'\n");
    scratch.git(["add", "--all"]);
    scratch
}

#[test]
fn estimated_prompts_are_within_three_percent_of_what_pythons_tiktoken_counts() {
    let scratch = library();
    let service = good_service();
    for (model, encoding) in [("gpt-4o-mini", "o200k_base"), ("gpt-4", "cl100k_base")] {
        let more = [("DOCGATE_AZURE_MODEL", model)];
        let shown = run_with(&scratch, &service.uri(), &["fix", "--show-prompt"], &more);
        let bodies = documents(&shown);
        assert!(bodies.len() > 5, "{}", bodies.len());
        let arguments = ["fix", "--estimate", "--output-format", "json"];
        let estimated = run_with(&scratch, &service.uri(), &arguments, &more);
        let estimated: Value = serde_json::from_str(&estimated.stdout).unwrap();
        let estimated = estimated["estimate"]["prompt_tokens"].as_u64().unwrap();
        let mut python = tools::command("python");
        python.args(["-c", COUNT]).arg(vocabularies().join(format!("{encoding}.tiktoken"))).arg(encoding);
        let counted = tools::answered(python.env("TIKTOKEN_CACHE_DIR", ""), &json!(bodies).to_string());
        let counted: u64 = counted.trim().parse().unwrap();
        let difference = estimated.abs_diff(counted);
        assert!(difference * 100 <= counted * 3, "{model}: {estimated} estimated, {counted} counted");
    }
    assert_eq!(service.request_count(), 0);
}
