//! Prints the metrics of Python files, for comparison with other tools.
//!
//! Reads file names from standard input, one a line, and writes one line of JSON per file: why it was skipped,
//! or its definitions with their metrics. `benches/evidence/metrics.py` is what reads them. With the
//! argument `--time` it measures instead how much processor time parsing and measuring take over all the files.

use std::io::{self, BufRead, Write};

use docgate::python::metrics::{Dependency, Metrics, Origin, measure};
use docgate::python::{Definition, ParsedFile, decode, parse};
use serde_json::{Value, json};

fn main() -> io::Result<()> {
    let names = io::stdin().lock().lines().collect::<io::Result<Vec<String>>>()?;
    let mut output = io::BufWriter::new(io::stdout().lock());
    if std::env::args().nth(1).as_deref() == Some("--time") {
        return time(&names, &mut output);
    }
    for name in &names {
        writeln!(output, "{}", describe(name, &std::fs::read(name)?))?;
    }
    output.flush()
}

fn describe(name: &str, bytes: &[u8]) -> Value {
    let text = match decode(bytes) {
        Ok(text) => text,
        Err(error) => return json!({ "path": name, "skipped": error.to_string() }),
    };
    let file = parse(&text);
    if !file.errors.is_empty() {
        return json!({ "path": name, "skipped": "the grammar finds a syntax error" });
    }
    let metrics = measure(&text, None);
    let aligned = metrics.len() == file.definitions.len();
    let both = file.definitions.iter().zip(&metrics);
    let definitions: Vec<Value> = both.map(|(definition, metrics)| row(&file, definition, metrics)).collect();
    json!({ "path": name, "aligned": aligned, "definitions": definitions })
}

fn row(file: &ParsedFile, definition: &Definition, metrics: &Metrics) -> Value {
    let (lines, halstead) = (metrics.lines, metrics.halstead);
    json!({
        "kind": definition.kind.word(),
        "name": definition.name,
        "parent": definition.parent,
        "line": file.lines.line(definition.header.start),
        "first": file.lines.line(definition.span.start),
        "raw": [
            lines.total, lines.logical, lines.code, lines.comments, lines.strings, lines.blank, lines.single,
        ],
        "cyclomatic": metrics.cyclomatic,
        "cognitive": metrics.cognitive,
        "halstead": [
            halstead.distinct_operators, halstead.distinct_operands, halstead.operators, halstead.operands,
        ],
        "volume": halstead.volume(),
        "effort": halstead.effort(),
        "maintainability": metrics.maintainability(),
        "nesting": metrics.nesting,
        "dependencies": metrics.dependencies.iter().map(dependency).collect::<Vec<_>>(),
    })
}

fn dependency(dependency: &Dependency) -> Value {
    let origin = match dependency.origin {
        Origin::Internal => "internal",
        Origin::StandardLibrary => "standard library",
        Origin::ThirdParty => "third party",
    };
    json!([origin, dependency.name])
}

/// Times the two passes over all files, each three times, and prints the shortest.
fn time(names: &[String], output: &mut impl Write) -> io::Result<()> {
    let mut texts = Vec::new();
    for name in names {
        texts.extend(decode(&std::fs::read(name)?));
    }
    let bytes: usize = texts.iter().map(String::len).sum();
    let mut shortest = |what: &str, pass: &dyn Fn(&str) -> usize| {
        let mut runs = Vec::new();
        for _ in 0..3 {
            let begin = processor_nanoseconds()?;
            let definitions: usize = texts.iter().map(|text| pass(text)).sum();
            runs.push((processor_nanoseconds()? - begin, definitions));
        }
        let Some((elapsed, definitions)) = runs.into_iter().min() else { return Ok(()) };
        writeln!(output, "{what}: {} ms, {definitions} definitions, {bytes} bytes", elapsed / 1_000_000)
    };
    shortest("parse", &|text| parse(text).definitions.len())?;
    shortest("measure", &|text| measure(text, None).len())
}

/// The time that this thread has had a processor for, which other work on the machine does not lengthen (Linux).
fn processor_nanoseconds() -> io::Result<u64> {
    let statistics = std::fs::read_to_string("/proc/thread-self/schedstat")?;
    let first = statistics.split_whitespace().next().and_then(|number| number.parse().ok());
    first.ok_or_else(|| io::Error::other("no schedule statistics"))
}
