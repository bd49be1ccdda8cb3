//! Tables of layers, files and mistakes.

use std::time::Duration;

use super::key::KEYS;
use super::*;
use crate::change::RepoPath;
use crate::secret::Secret;

type Pairs<'text> = &'text [(&'text str, &'text str)];

fn load(files: Pairs<'_>, environment: Pairs<'_>, flags: Flags) -> Result<Config, ConfigError> {
    let find = |pairs: Pairs<'_>, name: &str| {
        pairs.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned())
    };
    Config::load(&|name| find(files, name).map(String::into_bytes), &|name| find(environment, name), flags)
}

fn from_file(text: &str) -> Result<Config, ConfigError> {
    load(&[(DOCGATE_FILE, text)], &[], Flags::default())
}

#[test]
fn without_anything_the_defaults_hold() {
    let config = load(&[], &[], Flags::default()).unwrap();
    assert_eq!(config.mode, Setting { value: Mode::Check, origin: Origin::Default });
    assert_eq!(*config.hook_timeout, Duration::from_secs(20));
    assert_eq!(config.effective_model(), ModelChoice::None);
    for (path, expected) in [
        ("tests/a.py", true),
        ("test/x/a.py", true),
        ("a/test_b.py", true),
        ("b_test.py", true),
        ("x/conftest.py", true),
        ("src/latest.py", false),
        ("src/tests/a.py", true),
        ("src/attests/a.py", false),
    ] {
        assert_eq!(config.tests.matches(&RepoPath::new(path).unwrap()), expected, "{path}");
    }
    assert!(config.shown().iter().all(|(_, shown)| shown.origin == Origin::Default));
}

#[test]
fn later_layers_win_and_the_origin_says_which() {
    let file: Pairs<'_> = &[(DOCGATE_FILE, "\nmode = \"fix\"\n")];
    let environment: Pairs<'_> = &[("DOCGATE_MODE", "warn")];
    let flags = || Flags { mode: Some(Mode::Check), ..Flags::default() };
    let written = Origin::File { path: DOCGATE_FILE, line: 2 };
    let table = [
        (file, &[] as Pairs<'_>, Flags::default(), Mode::Fix, written),
        (file, environment, Flags::default(), Mode::Warn, Origin::Environment("DOCGATE_MODE")),
        (file, environment, flags(), Mode::Check, Origin::Flag),
        (&[], &[], flags(), Mode::Check, Origin::Flag),
    ];
    for (files, environment, flags, value, origin) in table {
        assert_eq!(load(files, environment, flags).unwrap().mode, Setting { value, origin });
    }
}

#[test]
fn our_own_variables_win_over_borrowed_ones() {
    let environment: Pairs<'_> = &[
        ("AZURE_OPENAI_KEY", "old"),
        ("AZURE_OPENAI_API_KEY", "new"),
        ("AZURE_OPENAI_ENDPOINT", "https://borrowed.openai.azure.com"),
        ("DOCGATE_ENDPOINT", "https://own.openai.azure.com/"),
        ("OPENAI_API_VERSION", "2024-10-21"),
        ("AZURE_OPENAI_DEPLOYMENT", "mini"),
    ];
    let config = load(&[], environment, Flags::default()).unwrap();
    let connection = config.azure.connection().unwrap();
    assert_eq!(connection.endpoint.as_str(), "https://own.openai.azure.com");
    assert_eq!(connection.key.map(Secret::expose), Some("new"));
    assert_eq!(connection.deployment, "mini");
    assert_eq!(config.effective_model(), ModelChoice::Azure);
    let origin = config.azure.endpoint.as_ref().map(|endpoint| endpoint.origin);
    assert_eq!(origin, Some(Origin::Environment("DOCGATE_ENDPOINT")));
    assert!(!format!("{config:?} {:?}", config.shown()).contains("new\""), "the key is printed");
}

#[test]
fn shared_variables_count_only_beside_an_endpoint() {
    let shared = ("MAX_TOKENS", "many");
    assert!(load(&[], &[shared], Flags::default()).is_ok());
    let endpoint = ("DOCGATE_ENDPOINT", "https://own.openai.azure.com");
    let error = load(&[], &[shared, endpoint], Flags::default()).unwrap_err();
    assert_eq!(error.to_string(), "MAX_TOKENS: wrong value: expected a whole number from 1, found \"many\"");
}

#[test]
fn every_key_reads_from_either_file() {
    let text = r#"
mode = "fix"
style = "google"
require = "added"
model = "skeleton"
select = ["D", "DOC101"]
ignore = ["stale-body"]
extend-select = ["DOC105"]
exclude = ["build/", "*_pb2.py"]
tests = ["checks/**"]
run-time-docstrings = ["app.command", "ply.*"]
on-failure = "allow"
judge = true
unsafe-fixes = true
hook-timeout = 5
line-length = 100
never-send = ["secret/**"]
baseline = "known.json"
instructions = "British spelling."

[TABLE.examples]
source = "search"
count = 5
embedding-deployment = "vectors"
embedding-model = "text-embedding-3-large"
index = "shop-code"
fields = { id = "key_of", path = "file", name = "symbol", content = "body", vector = "embedding" }

[TABLE.severity]
DOC502 = "off"
stale-body = "warning"

[TABLE.per-file-ignores]
"examples/" = ["D1"]

[TABLE.rules]
summary-length = 100
convention = "google"
inherit-docstrings = false

[TABLE.coverage]
fail-under = 80

[TABLE.generate]
request-tokens = 20_000
examples = ["class", "function"]
notes = ["module"]
language = "German"

[TABLE.generate.glossary]
berth = "the place of a ship"

[TABLE.prices.our-docs]
input = 0.2
cached-input = 0.05
output = 1

[TABLE.prices]
"Qwen2.5-coder:7b" = { input = 0, output = 0 }

[TABLE.azure]
deployment = "mini"
model = "gpt-4.1-mini"
api-version = "2024-10-21"
timeout = 30
requests-per-minute = 60
tokens-per-minute = 10_000
max-completion-tokens = 800
context-window = 32_000
token-margin = 20
structured-output = "tools"
length-parameter = "max-tokens"
temperature = 0.5
reasoning-effort = "xhigh"
retries = 0
total-time = 60
maximum-wait = 30
burst = 2
concurrency = 8

[TABLE.budget]
definitions = 50
tokens = 200000
cost = 1.5
requests = 10
minute = { requests = 1, tokens = 2, cost = 3 }
hour = { requests = 1, tokens = 2, cost = 3 }

[TABLE.budget.day]
requests = 1
tokens = 2
cost = 3.5

[TABLE.cache]
enabled = false
days = 30
megabytes = 64

[TABLE.docstring]
section-order = ["returns", "parameters"]
summary-line = "second"
blank-line-between-sections = false
blank-line-before-closing-quotes = true
types = "never"

[TABLE.docstring.required-sections]
module = ["examples"]
class = ["attributes"]
function = ["parameters", "returns"]
method = []
property = ["notes"]

[TABLE.docstring.sections]
"Side effects" = "custom"
Inputs = "parameters"
"#;
    let own = text.replace("TABLE.", "");
    let shared =
        format!("[project]\nname = \"x\"\n[tool.docgate]\n{}", text.replace("TABLE", "tool.docgate"));
    for (path, text) in [(DOCGATE_FILE, own), (PYPROJECT_FILE, shared)] {
        let config = load(&[(path, &text)], &[], Flags::default()).unwrap();
        assert_eq!(*config.style, Style::Google);
        assert_eq!(*config.require, Require::Added);
        assert_eq!(config.effective_model(), ModelChoice::Skeleton);
        assert_eq!(config.select.as_ref().map(|select| select.len()), Some(2));
        assert_eq!(*config.on_failure, OnFailure::Allow);
        assert_eq!(config.severity["DOC502"].value, Level::Off);
        assert_eq!(*config.azure.timeout, Duration::from_secs(30));
        assert_eq!(config.azure.tokens_per_minute.map(|limit| limit.value), Some(10_000));
        assert_eq!(config.budget.cost.map(|cost| cost.value), Some(1.5));
        assert_eq!(config.budget.day.cost.map(|cost| cost.value), Some(3.5));
        assert_eq!(config.azure.tuning.structured_output.map(|set| set.value), Some(StructuredOutput::Tools));
        assert_eq!(config.docstring.section_order.value, [Section::Returns, Section::Parameters]);
        assert_eq!(config.docstring.required.function.value, [Section::Parameters, Section::Returns]);
        let examples = &config.examples;
        assert_eq!((examples.effective_source(), examples.count.value), (ExampleSource::Search, 5));
        assert_eq!(examples.fields.vector.value, "embedding");
        let options: Vec<String> =
            config.rules.iter().map(|(name, option)| format!("{name} {}", option.value)).collect();
        assert_eq!(options, ["convention google", "inherit-docstrings false", "summary-length 100"]);
        let titles: Vec<&str> = config.docstring.titles.iter().map(|(title, _)| title.as_str()).collect();
        assert_eq!(titles, ["Side effects", "Inputs"], "in the order of the file");
        assert_eq!(config.generate.request_tokens.value, 20_000);
        assert_eq!(config.generate.examples.value, [Kind::Class, Kind::Function]);
        assert_eq!(config.generate.language.value.name(), "German");
        assert_eq!(config.generate.glossary[0].0, "berth");
        let prices: Vec<(&str, f64, Option<f64>, f64)> = config
            .prices
            .iter()
            .map(|(model, it)| (model.as_str(), *it.input, it.cached_input.map(|it| it.value), *it.output))
            .collect();
        assert_eq!(prices, [("our-docs", 0.2, Some(0.05), 1.0), ("qwen2.5-coder:7b", 0.0, None, 0.0)]);
        assert!(config.exclude.matches(&RepoPath::new("x/a_pb2.py").unwrap()));
        let shown = config.shown();
        for key in KEYS {
            let row = shown.iter().find(|(name, _)| name == key.name).map(|(_, shown)| shown.origin);
            assert!(matches!(row, Some(Origin::File { .. })), "{} was not read: {row:?}", key.name);
        }
    }
}

#[test]
fn who_chooses_examples_follows_from_what_is_there() {
    let deployment = ("DOCGATE_EMBEDDING_DEPLOYMENT", "vectors");
    let table: [(Pairs<'_>, ExampleSource); 6] = [
        (&[], ExampleSource::Lexical),
        (&[deployment], ExampleSource::Embeddings),
        (&[deployment, ("DOCGATE_EXAMPLES", "lexical")], ExampleSource::Lexical),
        (&[deployment, ("DOCGATE_EXAMPLES_COUNT", "0")], ExampleSource::None),
        (&[("DOCGATE_EXAMPLES", "search")], ExampleSource::Search),
        // An index alone does not say that it is to be asked: other programs read these, too.
        (&[("AZURE_SEARCH_INDEX", "code"), ("AZURE_SEARCH_KEY", "k")], ExampleSource::Lexical),
    ];
    for (environment, expected) in table {
        let config = load(&[], environment, Flags::default()).unwrap();
        assert_eq!(config.examples.effective_source(), expected, "{environment:?}");
    }
}

#[test]
fn two_files_are_one_too_many() {
    let shared = (PYPROJECT_FILE, "[tool.docgate]\n");
    let other = (PYPROJECT_FILE, "[tool.other]\nkey = \"x\"\n");
    let own = (DOCGATE_FILE, "");
    let error = load(&[own, shared], &[], Flags::default()).unwrap_err();
    assert_eq!(error.to_string(), "both docgate.toml and [tool.docgate] in pyproject.toml configure docgate");
    assert!(load(&[own, other], &[], Flags::default()).is_ok());
    assert_eq!(crate::error::Error::from(error).status(), crate::error::ExitStatus::Usage);
}

#[test]
fn mistakes_are_named_with_file_and_line() {
    let table = [
        (
            "\nhook_timeout = 3",
            "docgate.toml:2: unknown key `hook_timeout`",
            Some("did you mean `hook-timeout`?"),
        ),
        ("[azure]\n\ndeploy = 1", "docgate.toml:3: unknown key `azure.deploy`", None),
        ("mode = 3", "docgate.toml:1: `mode`: expected a string, found 3", None),
        ("mode = \"fx\"", "docgate.toml:1: `mode`: expected one of", None),
        (
            "style = \"numpydoc\"",
            "docgate.toml:1: `style`: expected one of \"auto\", \"google\", \"numpy\"",
            None,
        ),
        ("select = \"D\"", "`select`: expected a list of strings, found a string", None),
        ("select = [\"D\", 1]", "`select`: in the list: expected a string, found 1", None),
        ("hook-timeout = 0", "expected a whole number of seconds from 1 to 3600, found 0", None),
        ("hook-timeout = -1", "expected a whole number of seconds from 1 to 3600, found -1", None),
        ("line-length = 88.5", "expected a whole number from 40 to 1000, found 88.5", None),
        ("[budget]\ncost = -0.5", "docgate.toml:2: `budget.cost`: expected US dollars", None),
        ("[budget]\ncost = nan", "expected US dollars", None),
        ("exclude = [\"a[\"]", "docgate.toml:1: `exclude`: \"a[\" is not a glob", None),
        ("budget = 3", "docgate.toml:1: `budget`: expected a table, found 3", None),
        ("[severity]\nDOC101 = \"fatal\"", "docgate.toml:2: `severity`: \"DOC101\": expected one of", None),
        ("[azure]\ndeployment = \"../x\"", "`azure.deployment`: expected letters", None),
        ("docstring.types = 1", "docgate.toml:1: `docstring.types`: expected a string, found 1", None),
        (
            "[docstring]\ntype = \"never\"",
            "docgate.toml:2: unknown key `docstring.type`",
            Some("did you mean `docstring.types`?"),
        ),
        ("[docstring]\nblank-line-between-sections = 1", "expected true or false, found 1", None),
        (
            "[docstring]\nsection-order = [\"args\"]",
            "`docstring.section-order`: in the list: expected one of",
            None,
        ),
        ("[docstring]\nsection-order = [\"notes\", \"notes\"]", "\"notes\" stands in the list twice", None),
        (
            "[docstring.required-sections]\n\nmodule = [\"custom\"]",
            "docgate.toml:3: `docstring.required-sections.module`: ",
            None,
        ),
        (
            "[docstring.required-sections]\nmodul = []",
            "docgate.toml:2: unknown key `docstring.required-sections.modul`",
            None,
        ),
        (
            "[docstring]\nrequired-sections = []",
            "docgate.toml:2: `docstring.required-sections`: expected a table",
            None,
        ),
        (
            "[docstring.sections]\nInputs = \"params\"",
            "docgate.toml:2: `docstring.sections`: \"Inputs\": expected one of",
            None,
        ),
        (
            "[docstring.sections]\nA = \"notes\"\na = \"todo\"",
            "docgate.toml:3: `docstring.sections`: \"a\": the title is",
            None,
        ),
        ("[docstring.sections]\n\"a: b\" = \"notes\"", "expected one to six words of letters", None),
        ("[docstring.sections]\n\"a\\nb\" = \"notes\"", "expected one to six words of letters", None),
        ("[generate]\nrequest-tokens = 100", "expected a whole number from 2000 to 200000", None),
        (
            "[generate]\nexamples = [\"module\"]",
            "`generate.examples`: in the list: \"module\" cannot be called",
            None,
        ),
        (
            "[generate]\nnotes = [\"file\"]",
            "docgate.toml:2: `generate.notes`: in the list: expected one of",
            None,
        ),
        ("[generate]\nlanguage = \"Klingon\"", "`generate.language`: expected one of \"Afrikaans\", ", None),
        ("[generate]\nglossary = 1", "docgate.toml:2: `generate.glossary`: expected a table", None),
        ("[generate.glossary]\na = 1", "docgate.toml:2: `generate.glossary`: \"a\": expected a string", None),
        ("[generate.glossary]\na = \"b\\nc\"", "expected a term of at most 60 characters and a line", None),
        ("mode = ", "docgate.toml:1: ", None),
        ("a = 1\nb = [", "docgate.toml:2: ", None),
        ("mode = \"fix\"\nmode = \"warn\"", "docgate.toml:2: ", None),
    ];
    for (text, expected, hint) in table {
        let error = from_file(text).unwrap_err();
        assert!(error.to_string().contains(expected), "{text}: {error}");
        if hint.is_some() {
            assert_eq!(error.hint().as_deref(), hint, "{text}");
        }
    }
    let bytes = |name: &str| (name == DOCGATE_FILE).then(|| b"a = 1\n\xff".to_vec());
    let error = Config::load(&bytes, &|_| None, Flags::default()).unwrap_err();
    assert_eq!(error.to_string(), "docgate.toml:2: not valid UTF-8");
    let shared = (PYPROJECT_FILE, "[tool]\ndocgate = 1");
    let error = load(&[shared], &[], Flags::default()).unwrap_err();
    assert!(error.to_string().contains("pyproject.toml:2"), "{error}");
}

#[test]
fn mistakes_about_models_and_their_prices_are_named() {
    let table = [
        ("[prices]\na = 1", "docgate.toml:2: `prices`: \"a\": expected a table, found 1"),
        ("[prices.a]\ninput = 1", "docgate.toml:1: `prices`: \"a\": expected `output`"),
        ("prices.a = { output = 1 }", "docgate.toml:1: `prices`: \"a\": expected `input`"),
        ("[prices.a]\ninput = -1\noutput = 1", "docgate.toml:2: `prices`: \"a\": `input`: expected US d"),
        (
            "[prices.a]\ninput = 1\noutput = 1\ncached-input = 2",
            "docgate.toml:4: `prices`: \"a\": `cached-input`: expected at most `input`, found 2",
        ),
        (
            "[prices.a]\ninput = 1\noutput = 1\ncached = 1",
            "docgate.toml:4: `prices`: \"a\": expected `input`, `cached-input` and `output`, found `cached`",
        ),
        (
            "[prices]\nA = { input = 1, output = 1 }\na = { input = 2, output = 2 }",
            "docgate.toml:3: `prices`: \"a\": the model has a price already",
        ),
        ("[prices.\"a b\"]\ninput = 1\noutput = 1", "`prices`: expected letters, digits"),
        ("[azure]\nmodel = \"a b\"", "docgate.toml:2: `azure.model`: expected letters, digits"),
        ("[azure]\ntoken-margin = 201", "expected a whole number from 0 to 200, found 201"),
    ];
    for (text, expected) in table {
        let error = from_file(text).unwrap_err();
        assert!(error.to_string().contains(expected), "{text}: {error}");
    }
}

#[test]
fn addresses_and_credentials_are_refused_in_files() {
    let table = [
        ("endpoint = \"https://evil.example\"", "endpoint", 1),
        ("\napi-key = \"hunter2\"", "api-key", 2),
        ("api_key = \"hunter2\"", "api_key", 1),
        ("[azure]\nendpoint = \"https://evil.example\"", "azure.endpoint", 2),
        ("azure.key = \"hunter2\"", "azure.key", 1),
        ("[azure]\nsign-in = \"cli\"", "azure.sign-in", 2),
        ("azure.scope = \"https://management.azure.com/.default\"", "azure.scope", 1),
        ("[azure]\nproxy = \"http://evil.example\"", "azure.proxy", 2),
        ("[azure]\nca-file = \"x\"", "azure.ca-file", 2),
        ("[openai]\napi-key = \"hunter2\"", "openai", 1),
    ];
    for (text, key, line) in table {
        let error = from_file(text).unwrap_err();
        assert_eq!(error.to_string(), format!("docgate.toml:{line}: `{key}` is not accepted in a file"));
        let hint = error.hint().unwrap_or_default();
        assert!(hint.contains("DOCGATE_ENDPOINT") && hint.contains("cloned repository"), "{hint}");
        assert!(!format!("{error:?}{hint}").contains("hunter2"), "{error:?}");
    }
}

#[test]
fn wrong_variables_and_flags_are_named() {
    let table = [
        (
            "DOCGATE_HOOK_TIMEOUT",
            "soon",
            "DOCGATE_HOOK_TIMEOUT: wrong value: expected a whole number of seconds",
        ),
        ("DOCGATE_STYLE", "rest", "DOCGATE_STYLE: wrong value: expected one of"),
        ("DOCGATE_BUDGET_COST", "free", "DOCGATE_BUDGET_COST: wrong value: expected US dollars"),
        ("AZURE_OPENAI_ENDPOINT", "nowhere", "AZURE_OPENAI_ENDPOINT: wrong value: expected an address"),
        ("AZURE_OPENAI_API_KEY", "hun ter2", "AZURE_OPENAI_API_KEY: wrong value: expected a key"),
        ("DOCGATE_SIGN_IN", "azure-cli", "DOCGATE_SIGN_IN: wrong value: expected one of \"key\", \"cli\""),
        (
            "DOCGATE_SCOPE",
            "https://a; reboot",
            "DOCGATE_SCOPE: wrong value: expected a scope such as https://",
        ),
    ];
    for (name, value, expected) in table {
        let error = load(&[], &[(name, value)], Flags::default()).unwrap_err().to_string();
        assert!(error.starts_with(expected), "{error}");
        assert!(!error.contains("ter2"), "{error}");
    }
    let flags = Flags { budget_cost: Some(f64::NAN), ..Flags::default() };
    let error = load(&[], &[], flags).unwrap_err().to_string();
    assert!(error.starts_with("command line: `budget.cost`: expected US dollars"), "{error}");
}

#[test]
fn a_connection_says_what_is_missing() {
    let mut environment = vec![];
    let steps = [
        ("DOCGATE_ENDPOINT", "https://own.openai.azure.com", "an endpoint"),
        ("DOCGATE_API_KEY", "abc", "a key"),
        ("DOCGATE_DEPLOYMENT", "mini", "the name of a deployment"),
    ];
    for (name, value, what) in steps {
        let config = load(&[], &environment, Flags::default()).unwrap();
        let error = config.azure.connection().unwrap_err();
        assert_eq!(error.to_string(), format!("the model `azure` needs {what}"));
        assert!(error.hint().unwrap_or_default().contains(name));
        environment.push((name, value));
    }
    assert!(load(&[], &environment, Flags::default()).unwrap().azure.connection().is_ok());
}

#[test]
fn who_signs_in_needs_no_key_and_uses_none() {
    let environment = [
        ("AZURE_OPENAI_ENDPOINT", "https://own.openai.azure.com"),
        ("AZURE_OPENAI_DEPLOYMENT", "mini"),
        ("DOCGATE_SIGN_IN", "managed-identity"),
        ("AZURE_OPENAI_API_KEY", "abc"),
    ];
    for environment in [&environment[..3], &environment] {
        let config = load(&[], environment, Flags::default()).unwrap();
        assert_eq!(config.effective_model(), ModelChoice::Azure);
        assert_eq!(config.azure.connection().unwrap().key, None);
        let shown = config.shown();
        let (_, shown) = shown.iter().find(|(name, _)| name == "azure.sign-in").unwrap();
        assert_eq!(shown.value.as_deref(), Some("managed-identity"));
        assert_eq!(shown.origin, Origin::Environment("DOCGATE_SIGN_IN"));
    }
    let bare = load(&[], &environment[..2], Flags::default()).unwrap();
    assert_eq!(bare.effective_model(), ModelChoice::None);
}

#[test]
fn a_file_chooses_no_service_but_azure() {
    for word in ["openai", "anthropic", "gemini", "ollama", "vllm", "compatible"] {
        let text = format!("model = \"{word}\"");
        let error = load(&[(DOCGATE_FILE, &text)], &[], Flags::default()).unwrap_err();
        assert!(error.to_string().contains("not accepted in a file"), "{word}: {error}");
        let config = load(&[], &[("DOCGATE_MODEL", word)], Flags::default()).unwrap();
        assert_eq!(config.effective_model().word(), word);
    }
}

#[test]
fn every_service_is_reached_with_its_own_address_and_key() {
    let keys = [
        ("OPENAI_API_KEY", "openai-key"),
        ("CLAUDE_API_KEY", "claude-key"),
        ("GOOGLE_API_KEY", "google-key"),
        ("AZURE_OPENAI_ENDPOINT", "https://own.openai.azure.com"),
        ("AZURE_OPENAI_API_KEY", "azure-key"),
    ];
    let table = [
        (ModelChoice::OpenAi, "https://api.openai.com/v1", Some("openai-key")),
        (ModelChoice::Anthropic, "https://api.anthropic.com/v1", Some("claude-key")),
        (ModelChoice::Gemini, "https://generativelanguage.googleapis.com/v1beta/openai", Some("google-key")),
        (ModelChoice::Ollama, "http://localhost:11434/v1", None),
        (ModelChoice::Vllm, "http://localhost:8000/v1", None),
    ];
    for (choice, endpoint, key) in table {
        let model = ("DOCGATE_AZURE_MODEL", "a-model");
        let config = load(&[], &[&keys[..], &[model]].concat(), Flags::default()).unwrap();
        let found = config.azure.compatible(choice).unwrap();
        assert_eq!((found.endpoint, found.key.map(Secret::expose), found.model), (endpoint, key, "a-model"));
        let own = [("DOCGATE_ENDPOINT", "https://gateway.example/v1"), ("DOCGATE_API_KEY", "own-key"), model];
        let config = load(&[], &[&keys[..], &own].concat(), Flags::default()).unwrap();
        let found = config.azure.compatible(choice).unwrap();
        assert_eq!(
            (found.endpoint, found.key.map(Secret::expose)),
            ("https://gateway.example/v1", Some("own-key"))
        );
    }
    let bare = load(&[], &keys[3..], Flags::default()).unwrap();
    let missing = |choice| bare.azure.compatible(choice).unwrap_err().to_string();
    assert_eq!(missing(ModelChoice::OpenAi), "the model `openai` needs a key");
    assert_eq!(missing(ModelChoice::Ollama), "the model `ollama` needs the name of a model");
    assert_eq!(missing(ModelChoice::Compatible), "the model `compatible` needs an endpoint");
}

#[test]
fn extend_select_adds_and_other_lists_replace() {
    let flags = Flags {
        extend_select: Some(vec!["DG".to_owned()]),
        ignore: Some(vec!["D1".to_owned()]),
        ..Flags::default()
    };
    let text = "extend-select = [\"DOC105\"]\nignore = [\"D2\"]";
    let config = load(&[(DOCGATE_FILE, text)], &[], flags).unwrap();
    assert_eq!(config.extend_select.value, ["DOC105", "DG"]);
    assert_eq!(config.ignore.value, ["D1"]);
}

#[test]
fn every_key_is_documented_with_its_default_and_its_variables() {
    let page = include_str!("../../docs/configuration.md");
    let config = load(&[], &[], Flags::default()).unwrap();
    for key in KEYS {
        let row = page.lines().find(|line| line.starts_with(&format!("| `{}` |", key.name)));
        let Some(row) = row else { panic!("{} is not documented", key.name) };
        let default = (key.show)(&config).value.map_or("none".to_owned(), |value| format!("`{value}`"));
        let default = if key.name == "tests" { "see below".to_owned() } else { default };
        assert!(row.contains(&format!("| {default} |")), "{}: the default is {default}", key.name);
        for name in key.environment {
            assert!(page.contains(&format!("`{name}`")), "{name} is not documented");
        }
    }
    for glob in config.tests.globs() {
        assert!(page.contains(glob), "{glob}");
    }
    for name in crate::env::ENDPOINT.iter().chain(crate::env::API_KEY).chain(crate::env::LOG) {
        assert!(page.contains(&format!("`{name}`")), "{name} is not documented");
    }
}

#[test]
fn the_examples_of_the_documentation_are_right() {
    let page = include_str!("../../docs/configuration.md");
    let mut examples = 0;
    for block in page.split("```toml\n").skip(1) {
        let text = block.split("```").next().unwrap_or_default();
        let path = if text.contains("[tool.docgate]") { PYPROJECT_FILE } else { DOCGATE_FILE };
        if let Err(error) = load(&[(path, text)], &[], Flags::default()) {
            panic!("{error}\n{text}");
        }
        examples += 1;
    }
    assert!(examples >= 2, "{examples}");
}
