//! Prints what docgate understands of docstrings, as JSON lines; a tool for `benches/evidence/docstrings.py`.
//!
//! Each line on standard input is either an object `{"text": …, "style": …}` or the path of a Python file. For a
//! file, every docstring gives one line; without a style, all four give theirs. With `--convert`, the docstrings
//! of the files go through all styles instead, and one object counts what came of them. With `--speed`, a table in
//! Markdown says how many megabytes a second are parsed, for the docstrings that show each style and for the rest.

use std::collections::BTreeMap;
use std::io::{self, BufRead, Write};
use std::time::{Duration, Instant};

use docgate::docstring::{Conversion, Docstring, Layout, SectionKind, Style, Text, convert, detect, parse};
use docgate::python;
use serde_json::{Value, json};

const STYLES: [Style; 4] = [Style::Google, Style::Numpy, Style::Sphinx, Style::Epytext];

fn main() -> io::Result<()> {
    let mut out = io::BufWriter::new(io::stdout().lock());
    let asked_for = |flag: &str| std::env::args().any(|argument| argument == flag);
    let (converting, timing) = (asked_for("--convert"), asked_for("--speed"));
    let mut texts: BTreeMap<String, Vec<(Style, String)>> = BTreeMap::new();
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for line in io::stdin().lock().lines() {
        let line = line?;
        if line.starts_with('{') {
            let asked: Value = serde_json::from_str(&line)?;
            writeln!(out, "{}", one(&asked))?;
        } else if let Ok(bytes) = std::fs::read(&line)
            && let Ok(text) = python::decode(&bytes)
        {
            if timing {
                collect(&text, &mut texts);
                continue;
            }
            if converting {
                count_conversions(&text, &mut counts)?;
                continue;
            }
            for found in file(&line, &text) {
                writeln!(out, "{found}")?;
            }
        }
    }
    if converting {
        writeln!(out, "{}", json!(counts))?;
    }
    if timing {
        write_speeds(&mut out, &texts)?;
    }
    out.flush()
}

/// Sorts the docstrings of a file by the style they show; what shows none is read as Google's.
fn collect(source: &str, texts: &mut BTreeMap<String, Vec<(Style, String)>>) {
    let file = python::parse(source);
    for text in file.definitions.iter().filter_map(|definition| file.docstring_text(definition)) {
        let shown = detect(text);
        let name = shown.map_or_else(|| "none".to_owned(), |style| format!("{style:?}").to_lowercase());
        texts.entry(name).or_default().push((shown.unwrap_or(Style::Google), text.to_owned()));
    }
}

/// How long each measurement lasts at least.
const LONG_ENOUGH: Duration = Duration::from_millis(700);

fn write_speeds(out: &mut impl Write, texts: &BTreeMap<String, Vec<(Style, String)>>) -> io::Result<()> {
    writeln!(out, "| style | docstrings | kB | parse, MB/s | find out the style, MB/s |")?;
    writeln!(out, "|---|---:|---:|---:|---:|")?;
    for (style, texts) in texts {
        let bytes: usize = texts.iter().map(|(_, text)| text.len()).sum();
        let parsing = speed(bytes, || {
            for (style, text) in texts {
                std::hint::black_box(parse(std::hint::black_box(text), *style));
            }
        });
        let detecting = speed(bytes, || {
            for (_, text) in texts {
                std::hint::black_box(detect(std::hint::black_box(text)));
            }
        });
        writeln!(out, "| {style} | {} | {} | {parsing:.1} | {detecting:.1} |", texts.len(), bytes / 1_000)?;
    }
    Ok(())
}

/// Returns the megabytes a second of the fastest of several runs: what else the machine does only slows down.
#[expect(clippy::cast_precision_loss, reason = "no corpus has so many bytes")]
#[expect(clippy::disallowed_methods, reason = "a tool that measures time is no part of the program")]
fn speed(bytes: usize, run: impl Fn()) -> f64 {
    let mut best = Duration::MAX;
    let begun = Instant::now();
    while begun.elapsed() < LONG_ENOUGH {
        let started = Instant::now();
        run();
        best = best.min(started.elapsed());
    }
    bytes as f64 / best.as_secs_f64() / 1e6
}

/// Sends every docstring with sections through google, numpy, sphinx, epytext and back to google.
fn count_conversions(source: &str, counts: &mut BTreeMap<String, usize>) -> io::Result<()> {
    let file = python::parse(source);
    for definition in &file.definitions {
        let Some(text) = file.docstring_text(definition) else { continue };
        let Some(own) = detect(text) else { continue };
        *counts.entry("docstrings with a style".to_owned()).or_default() += 1;
        let first = parse(text, own);
        let mut now = text.to_owned();
        let mut result = String::new();
        let mut previous = own;
        for style in [Style::Google, Style::Numpy, Style::Sphinx, Style::Epytext, Style::Google] {
            let layout = Layout { style, margin: first.margin.clone(), ..Layout::default() };
            match convert(&parse(&now, previous), &now, &layout) {
                Conversion::Converted(text) => now = text,
                Conversion::Unneeded => {}
                Conversion::Refused(reason) => {
                    result = format!("refused ({own:?}, {previous:?} to {style:?}): {reason}");
                    break;
                }
            }
            previous = style;
        }
        if result.is_empty() {
            let (before, after) = (said(&first), said(&parse(&now, Style::Google)));
            let same = before == after;
            if let Some((before, after)) = before.iter().zip(&after).find(|(before, after)| before != after) {
                writeln!(io::stderr(), "{}\n  {before}\n  {after}", definition.qualified_name)?;
            }
            result.push_str(if same { "identical at the end" } else { "different at the end" });
        }
        *counts.entry(result).or_default() += 1;
    }
    Ok(())
}

/// The words of titles that every style has.
const TITLES: &[&str] = &["note", "notes", "warning", "warnings", "see", "also", "example", "examples"];

/// Lists what a docstring says: each entry with names, type, marks and words; then all words of its prose.
///
/// A directive of the description, `.. note::`, comes back as a section, and "Rules:" before a block is a title in
/// Google style: their words count, their marks and the titles that every style has do not.
fn said(docstring: &Docstring) -> Vec<String> {
    let words = |text: &Option<Text>| -> String {
        let value = text.as_ref().map_or("", |text| text.value.as_str());
        value.split_whitespace().collect::<Vec<_>>().join(" ")
    };
    let mut prose = vec![words(&docstring.summary), words(&docstring.description)];
    let mut lines = Vec::new();
    for section in &docstring.sections {
        prose.extend(section.after.iter().map(|text| words(&Some(text.clone()))));
        prose.push(words(&section.text));
        if section.kind == SectionKind::Custom {
            prose.push(section.title.value.clone());
        }
        for entry in &section.entries {
            let names: Vec<&str> = entry.names.iter().map(|name| name.value.as_str()).collect();
            if names.is_empty() && entry.type_text.is_none() {
                prose.push(words(&entry.description));
                continue;
            }
            lines.push(format!(
                "{:?}: {names:?} {} {} {} {}",
                section.kind,
                words(&entry.type_text),
                entry.optional.is_some(),
                words(&entry.default),
                words(&entry.description)
            ));
        }
    }
    lines.sort();
    let words = prose.iter().flat_map(|text| text.split(' ')).filter(|word| !word.ends_with("::"));
    let mut bag: Vec<String> = words.map(|word| word.trim_end_matches(':').to_lowercase()).collect();
    bag.retain(|word| !word.is_empty() && word != ".." && !TITLES.contains(&word.as_str()));
    bag.sort_unstable();
    lines.push(bag.join(" "));
    lines
}

fn one(asked: &Value) -> Value {
    let text = asked["text"].as_str().unwrap_or_default();
    let style = serde_json::from_value(asked["style"].clone()).ok();
    json!({ "text": text, "detected": detect(text), "models": models(text, style) })
}

fn file(path: &str, source: &str) -> Vec<Value> {
    let file = python::parse(source);
    let mut found = Vec::new();
    for definition in &file.definitions {
        let (Some(literal), Some(text)) = (&definition.docstring, file.docstring_text(definition)) else {
            continue;
        };
        found.push(json!({
            "path": path,
            "name": definition.qualified_name,
            "kind": definition.kind.word(),
            "value": literal.exact.then_some(&literal.value),
            "detected": detect(text),
            "models": models(text, None),
        }));
    }
    found
}

fn models(text: &str, style: Option<Style>) -> Value {
    let styles = style.map_or(STYLES.to_vec(), |style| vec![style]);
    let mut models = serde_json::Map::new();
    for style in styles {
        let docstring = parse(text, style);
        models.insert(json!(style).as_str().unwrap_or_default().to_owned(), model(&docstring, text));
    }
    Value::Object(models)
}

fn model(docstring: &Docstring, source: &str) -> Value {
    let value = |text: &Option<Text>| text.as_ref().map(|text| text.value.clone());
    let mut sections = Vec::new();
    for section in &docstring.sections {
        let mut entries = Vec::new();
        for entry in &section.entries {
            let names: Vec<String> =
                entry.names.iter().map(|name| "*".repeat(usize::from(name.stars)) + &name.value).collect();
            entries.push(json!({
                "names": names,
                "type": value(&entry.type_text),
                "optional": entry.optional.is_some(),
                "default": value(&entry.default),
                "description": value(&entry.description),
                "source": entry.span.of(source),
            }));
        }
        let after: Vec<&str> = section.after.iter().map(|text| text.value.as_str()).collect();
        sections.push(json!({
            "kind": section.kind,
            "style": section.style,
            "title": section.title.value,
            "entries": entries,
            "text": value(&section.text),
            "after": after,
        }));
    }
    json!({
        "dominant": docstring.dominant(),
        "summary": value(&docstring.summary),
        "description": value(&docstring.description),
        "sections": sections,
    })
}
