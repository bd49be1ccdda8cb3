//! Prints what docgate understands of docstrings, as JSON lines; a tool for `benches/evidence/docstrings.py`.
//!
//! Each line on standard input is either an object `{"text": …, "style": …}` or the path of a Python file. For a
//! file, every docstring gives one line; without a style, all four give theirs.

use std::io::{self, BufRead, Write};

use docgate::docstring::{Docstring, Style, Text, detect, parse};
use docgate::python;
use serde_json::{Value, json};

const STYLES: [Style; 4] = [Style::Google, Style::Numpy, Style::Sphinx, Style::Epytext];

fn main() -> io::Result<()> {
    let mut out = io::BufWriter::new(io::stdout().lock());
    for line in io::stdin().lock().lines() {
        let line = line?;
        if line.starts_with('{') {
            let asked: Value = serde_json::from_str(&line)?;
            writeln!(out, "{}", one(&asked))?;
        } else if let Ok(bytes) = std::fs::read(&line)
            && let Ok(text) = python::decode(&bytes)
        {
            for found in file(&line, &text) {
                writeln!(out, "{found}")?;
            }
        }
    }
    out.flush()
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
            let names: Vec<String> = entry
                .names
                .iter()
                .map(|name| "*".repeat(usize::from(name.stars)) + &name.value)
                .collect();
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
