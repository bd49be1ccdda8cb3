//! How long reading real code takes, split into what tree-sitter does and what docgate does with its tree.
//!
//! ```text
//! speed STAGE REPETITIONS < file names
//! ```
//!
//! Stages are `read` (decode the files), `tree` (and parse them with tree-sitter alone), `walk` (instead: parse them as
//! docgate does, with definitions, facts and fingerprints) and `metrics` (instead: measure them). The answer is one
//! line of JSON. `benches/evidence/speed.py` runs it, under valgrind too.

use std::hint::black_box;
use std::io::{self, BufRead as _, Write as _};
use std::time::Duration;

use docgate::python::metrics::measure;
use docgate::python::{decode, parse};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [stage, repetitions] = arguments.as_slice() else {
        return Err("speed read|tree|walk|metrics REPETITIONS".into());
    };
    let mut texts = Vec::new();
    for path in io::stdin().lock().lines() {
        // What docgate does not read, it does not parse either.
        if let Ok(text) = decode(&std::fs::read(path?)?) {
            texts.push(text);
        }
    }
    let run: fn(&[String]) -> usize = match stage.as_str() {
        "read" => |_| 0,
        "tree" => trees,
        "walk" => walks,
        "metrics" => measurements,
        _ => return Err("the stages are read, tree, walk and metrics".into()),
    };
    let mut definitions = 0;
    let mut durations = Vec::new();
    for _ in 0..repetitions.parse::<usize>()? {
        let began = started();
        definitions = black_box(run(black_box(&texts)));
        durations.push(began.elapsed());
    }
    let answer = serde_json::json!({
        "files": texts.len(),
        "bytes": texts.iter().map(String::len).sum::<usize>(),
        "definitions": definitions,
        "seconds": durations.iter().map(Duration::as_secs_f64).collect::<Vec<_>>(),
    });
    Ok(writeln!(io::stdout(), "{answer}")?)
}

#[expect(clippy::disallowed_methods, reason = "a benchmark asks for nothing but the time")]
fn started() -> std::time::Instant {
    std::time::Instant::now()
}

fn trees(texts: &[String]) -> usize {
    let mut parser = tree_sitter::Parser::new();
    if parser.set_language(&tree_sitter_python::LANGUAGE.into()).is_err() {
        return 0;
    }
    texts
        .iter()
        .filter_map(|text| parser.parse(text, None))
        .filter(|tree| tree.root_node().has_error())
        .count()
}

fn walks(texts: &[String]) -> usize {
    texts.iter().map(|text| black_box(parse(text)).definitions.len()).sum()
}

fn measurements(texts: &[String]) -> usize {
    texts.iter().map(|text| black_box(measure(text, None)).len()).sum()
}
