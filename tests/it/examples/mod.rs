//! Examples for the prompts: the built binary, real git, and fakes of Azure OpenAI and Azure AI Search over HTTP.

use serde_json::Value;

use crate::azure::FakeAzure;
use crate::generate::examples;
use crate::harness::{Run, Scratch};

mod search;
mod upload;
mod vectors;
mod words;

/// A documented function, which is a good example.
fn documented(name: &str, parameter: &str) -> String {
    format!(
        "def {name}({parameter}):\n    \"\"\"Do what {name} is for.\n\n    Args:\n        {parameter}: What {name} works on.\n    \"\"\"\n    print({parameter})\n"
    )
}

/// A module with a docstring and these definitions.
fn module(definitions: &[String]) -> String {
    format!("\"\"\"Things for a shop.\"\"\"\n\n\n{}", definitions.join("\n\n"))
}

/// A function that misses its docstring.
const BARE: &str = "\"\"\"New things.\"\"\"\n\n\ndef load_order_rows(file_name):\n    print(file_name)\n";

/// A repository with documented definitions that are committed, and a bare one that is staged.
pub(crate) fn shop() -> Scratch {
    let scratch = Scratch::new();
    scratch.write("shop/orders.py", module(&[documented("load_order_lines", "file_name")]));
    scratch.write(
        "shop/paint.py",
        module(&[documented("paint_wall", "colour"), documented("mix_colours", "colours")]),
    );
    scratch.write("vault/secret.py", module(&[documented("load_order_rows_secretly", "file_name")]));
    scratch.write("tests/test_orders.py", module(&[documented("load_order_rows_in_a_test", "file_name")]));
    scratch.write("docgate.toml", "never-send = [\"vault/\"]\n\n[azure]\nretries = 1\n");
    scratch.commit_all("a shop");
    scratch.write("shop/new.py", BARE);
    scratch.stage();
    scratch
}

/// Returns the names of the examples of the first question about prose.
fn shown(service: &FakeAzure) -> Vec<String> {
    let requests = service.requests();
    let first = requests.iter().find(|request| request.path.ends_with("/chat/completions")).unwrap();
    names(&examples(&first.body))
}

fn names(examples: &[Value]) -> Vec<String> {
    examples.iter().map(|example| example["name"].as_str().unwrap().to_owned()).collect()
}

/// Counts the requests for vectors.
fn vector_requests(service: &FakeAzure) -> usize {
    service.requests().iter().filter(|request| request.path.ends_with("/embeddings")).count()
}

/// Expects that the docstring was written, and that one warning says why words chose the examples.
fn by_words_with_a_warning(run: &Run, reason: &str) {
    assert_eq!(run.code, Some(0), "{}", run.all());
    let warnings = run.all().matches("examples were chosen by words: ").count();
    assert_eq!(warnings, 1, "{}", run.all());
    assert!(run.all().contains(reason), "{reason}: {}", run.all());
}
