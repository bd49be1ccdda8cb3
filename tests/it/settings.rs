//! What docgate tells about itself: settings with their origins, the schema of the file, rules, completions, manual.

use std::fs;

use serde_json::Value;

use docgate::rules::{Options, RULES};

use crate::harness::Scratch;

const SCHEMA: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/configuration.schema.json");

fn schema() -> Value {
    serde_json::from_str(&fs::read_to_string(SCHEMA).unwrap()).unwrap()
}

/// Reads TOML as the JSON that editors hold against the schema.
fn as_json(text: &str) -> Value {
    let table: toml::Table = text.parse().unwrap();
    serde_json::to_value(table).unwrap()
}

#[test]
fn every_setting_is_shown_with_its_origin_and_no_key_is() {
    let scratch = Scratch::new();
    scratch.write("docgate.toml", "mode = \"fix\"\n\n[per-file-ignores]\n\"a.py\" = [\"D1\"]\n");
    let environment = [
        ("DOCGATE_STYLE", "numpy"),
        ("AZURE_OPENAI_ENDPOINT", "https://example.openai.azure.com"),
        ("AZURE_OPENAI_API_KEY", "hunter2hunter2"),
        ("AZURE_SEARCH_ENDPOINT", "https://example.search.windows.net"),
        ("DOCGATE_SEARCH_KEY", "hunter2hunter3"),
    ];
    let run = scratch.docgate_with(["config", "show"], &environment);
    assert_eq!(run.code, Some(0), "{}", run.all());
    for line in [
        "mode = fix  # docgate.toml:1",
        "style = numpy  # DOCGATE_STYLE",
        "require = touched  # built in",
        "budget.cost = not set  # built in",
        "per-file-ignores.\"a.py\" = [\"D1\"]  # docgate.toml:4",
        "azure.key = ***  # AZURE_OPENAI_API_KEY",
        "examples.source = auto  # built in",
        "search.endpoint = https://example.search.windows.net  # AZURE_SEARCH_ENDPOINT",
        "search.key = ***  # DOCGATE_SEARCH_KEY",
        "azure.sign-in = key  # built in",
    ] {
        assert!(run.stdout.lines().any(|shown| shown == line), "{line}\n{}", run.stdout);
    }
    let json = scratch.docgate_with(["config", "show", "--output-format", "json"], &environment);
    let value: Value = serde_json::from_str(&json.stdout).unwrap();
    assert_eq!(value["settings"][0]["origin"], "docgate.toml:1");
    assert_eq!(value["settings"].as_array().unwrap().len(), run.stdout.lines().count());
    assert!(!run.all().contains("hunter2") && !json.all().contains("hunter2"));
    let other = [("DOCGATE_MODEL", "anthropic"), ("CLAUDE_API_KEY", "hunter2hunter2")];
    let run = scratch.docgate_with(["config", "show"], &other);
    assert!(run.stdout.contains("\nanthropic.key = ***  # CLAUDE_API_KEY\n"), "{}", run.stdout);
    scratch.write("docgate.toml", "[severity]\nstale-defualt = \"off\"\n");
    let run = scratch.docgate(["config", "show"]);
    assert_eq!(run.code, Some(2));
    assert!(run.stderr.contains("did you mean `stale-default`?"), "{}", run.stderr);
}

#[test]
fn the_schema_knows_every_setting_and_takes_the_examples_of_the_documentation() {
    let scratch = Scratch::new();
    assert_eq!(scratch.docgate(["config", "schema"]).stdout, fs::read_to_string(SCHEMA).unwrap());
    let schema = schema();
    let run = scratch.docgate(["config", "show", "--output-format", "json"]);
    let shown: Value = serde_json::from_str(&run.stdout).unwrap();
    let keys = shown["settings"]
        .as_array()
        .unwrap()
        .iter()
        .map(|setting| setting["key"].as_str().unwrap().to_owned());
    let options = Options::NAMES.iter().map(|name| format!("rules.{name}"));
    let elsewhere = ["azure.endpoint", "azure.key", "azure.sign-in", "azure.scope"];
    for key in keys
        .chain(options)
        .filter(|key| !elsewhere.contains(&key.as_str()))
        .filter(|key| !key.starts_with("redis.") && !key.starts_with("search."))
    {
        let pointer = format!("/properties/{}", key.replace('.', "/properties/"));
        assert!(schema.pointer(&pointer).is_some(), "{key}");
    }
    assert!(schema.pointer("/properties/azure/properties/key").is_none());

    let validator = jsonschema::validator_for(&schema).unwrap();
    let page = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/configuration.md")).unwrap();
    let mut examples = 0;
    for block in page.split("```toml\n").skip(1) {
        let value = as_json(block.split("```").next().unwrap());
        let value = value.pointer("/tool/docgate").unwrap_or(&value);
        let errors: Vec<String> = validator.iter_errors(value).map(|error| error.to_string()).collect();
        assert!(errors.is_empty(), "{errors:#?}\n{value}");
        examples += 1;
    }
    assert!(examples >= 4, "{examples}");
    for row in page.lines().filter(|line| line.starts_with("| `")) {
        let cells: Vec<&str> = row.split('|').map(str::trim).collect();
        let (name, example) = (cells[1].trim_matches('`'), cells[cells.len() - 2].trim_matches('`'));
        let Some((_, value)) = example.split_once(" = ") else { continue };
        let value = as_json(&format!("{name} = {value}"));
        assert!(validator.is_valid(&value), "{row}: {value}");
    }
}

#[test]
fn what_docgate_refuses_the_schema_refuses() {
    let validator = jsonschema::validator_for(&schema()).unwrap();
    let scratch = Scratch::new();
    for text in [
        "mode = \"off\"",
        "modes = \"fix\"",
        "hook-timeout = 0",
        "line-length = 5",
        "exclude = \"build/\"",
        "exclude = [\"\"]",
        "severity.DOC502 = \"fatal\"",
        "coverage.fail-under = 101",
        "docstring.section-order = [\"args\"]",
        "docstring.required-sections.module = [\"custom\"]",
        "rules.summary-length = \"long\"",
        "rules.frobnicate = true",
        "generate.request-tokens = 1999",
        "generate.examples = [\"module\"]",
        "generate.glossary.berth = 3",
        "generate.language = \"Klingon\"",
        "generate.language = \"english\"",
        "azure.key = \"secret\"",
        "azure.sign-in = \"cli\"",
        "azure.deployment = \"a/b\"",
        "azure.temperature = 3",
        "azure.retries = 21",
        "azure.model = \"a b\"",
        "azure.context-window = 1999",
        "azure.token-margin = 201",
        "prices.a = 1",
        "prices.a = { input = 1 }",
        "prices.a = { input = 1, output = -1 }",
        "prices.a = { input = 1, output = 1, reasoning = 1 }",
        "azure.structured-output = \"yaml\"",
        "model = \"openai\"",
        "budget.cost = -1",
        "budget.day.cost = -1",
        "budget.week.cost = 1",
        "cache.enabled = \"yes\"",
        "cache.days = 0",
        "examples.source = \"magic\"",
        "examples.count = 11",
        "examples.index = \"No--index\"",
        "examples.fields.id = \"1 or 1\"",
        "examples.key = \"secret\"",
        "per-file-ignores.\"a.py\" = \"D1\"",
    ] {
        assert!(!validator.is_valid(&as_json(text)), "{text}");
        scratch.write("docgate.toml", text);
        let run = scratch.docgate(["check"]);
        assert_eq!(run.code, Some(2), "{text}: {}", run.all());
    }
}

#[test]
fn rules_are_data_for_programs() {
    let scratch = Scratch::new();
    let run = scratch.docgate(["rule", "--all", "--output-format", "json"]);
    let value: Value = serde_json::from_str(&run.stdout).unwrap();
    let codes: Vec<&str> =
        value["rules"].as_array().unwrap().iter().map(|rule| rule["code"].as_str().unwrap()).collect();
    assert_eq!(codes, RULES.iter().map(|rule| rule.code).collect::<Vec<_>>());
    for rule in value["rules"].as_array().unwrap() {
        assert!(rule["page"].as_str().unwrap().starts_with("# "), "{rule}");
        assert!(["error", "warning", "advice", "off"].contains(&rule["default"].as_str().unwrap()), "{rule}");
    }
    let one = scratch.docgate(["rule", "stale-default", "--output-format", "json"]);
    let one: Value = serde_json::from_str(&one.stdout).unwrap();
    assert_eq!(one["rules"][0]["code"], "DG102");
    assert!(scratch.docgate(["rule", "--all"]).stdout.contains("\n# DOC605 "));
    let run = scratch.docgate(["rule", "stale-defualt"]);
    assert!(run.stderr.contains("hint: did you mean `stale-default`?"), "{}", run.stderr);
}

#[test]
fn shells_can_complete_every_command() {
    let scratch = Scratch::new();
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let run = scratch.docgate(["completions", shell]);
        assert_eq!(run.code, Some(0), "{shell}: {}", run.all());
        for word in ["check", "baseline", "output-format", "completions"] {
            assert!(run.stdout.contains(word), "{shell}: {word}");
        }
    }
    let script = scratch.docgate(["completions", "bash"]).stdout;
    scratch.write("completions.bash", script);
    let ask = ". ./completions.bash; COMP_WORDS=(docgate ch); COMP_CWORD=1; _docgate docgate ch docgate; echo \"${COMPREPLY[@]}\"";
    let output = scratch.command("bash").args(["--norc", "-c", ask]).output().unwrap();
    assert_eq!(String::from_utf8_lossy(&output.stdout).trim(), "check", "{output:?}");
    assert_eq!(scratch.docgate(["completions", "tcsh"]).code, Some(2));
}

#[test]
fn the_manual_has_a_page_for_every_command() {
    let scratch = Scratch::new();
    let page = scratch.docgate(["man"]);
    assert!(page.stdout.contains(".TH docgate 1"), "{}", page.all());
    for command in
        ["check", "fix", "hook", "review", "sweep", "baseline", "rule", "config", "stats", "cache", "demo"]
    {
        let run = scratch.docgate(["man", command]);
        assert!(run.stdout.contains(&format!(".TH docgate-{command} 1")), "{command}: {}", run.all());
    }
    assert_eq!(scratch.docgate(["man", "nonsense"]).code, Some(2));
}
