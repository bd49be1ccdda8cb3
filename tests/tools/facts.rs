//! What docgate understands of Python files, as JSON lines, for judges that are no part of it.
//!
//! ```text
//! facts describe          < file names   what each file defines
//! facts edit FOLDER SEED  < file names   writes copies into FOLDER with hostile text in every definition
//! facts compare           < JSON lines   {"base": text, "new": text} → the definitions that differ
//! ```
//!
//! It judges nothing itself: `benches/evidence/corpus.py` and `tests/it/oracle.rs` hold what it says against
//! CPython. The order of the answers is that of the questions.

use std::collections::HashSet;
use std::fmt::Write as _;
use std::fs::File;
use std::io::{self, BufRead as _, BufWriter, Write as _};
use std::path::Path;
use std::sync::Arc;

use docgate::edit::{Edit, NewText, delete, insert, prove, replace};
use docgate::python::{
    Definition, DefinitionKind, Fingerprint, ParsedFile, Quotes, compare, decode, encode, parse,
};
use rayon::prelude::*;
use serde::Deserialize;
use serde_json::{Value, json};

/// How many questions are answered at once; more would only need more memory.
const BATCH: usize = 512;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match arguments.as_slice() {
        ["describe"] => answer(|_, path| describe(path)),
        ["edit", folder, seed] => {
            let seed: u64 = seed.parse()?;
            answer(|number, path| {
                edited(path, &Path::new(folder).join(format!("{number}.py")), seed + number as u64)
            })
        }
        ["compare"] => answer(|_, line| touched(line)),
        _ => Err("facts describe | edit FOLDER SEED | compare".into()),
    }
}

/// Answers each line of the input with a line of JSON, in parallel.
fn answer(
    one: impl Fn(usize, &str) -> Result<Value, Box<dyn std::error::Error + Send + Sync>> + Sync,
) -> Result<(), Box<dyn std::error::Error>> {
    let mut output = BufWriter::new(io::stdout().lock());
    let mut lines = io::stdin().lock().lines().enumerate();
    loop {
        let batch: Vec<(usize, String)> = lines
            .by_ref()
            .take(BATCH)
            .map(|(number, line)| line.map(|line| (number, line)))
            .collect::<Result<_, _>>()?;
        if batch.is_empty() {
            return Ok(output.flush()?);
        }
        let answers: Vec<Result<Value, _>> =
            batch.par_iter().map(|(number, line)| one(*number, line)).collect();
        for answer in answers {
            writeln!(output, "{}", answer.map_err(|error| error.to_string())?)?;
        }
    }
}

type Answer = Result<Value, Box<dyn std::error::Error + Send + Sync>>;

fn describe(path: &str) -> Answer {
    let file = match decode(&std::fs::read(path)?) {
        Ok(text) => parse(&text),
        Err(reason) => return Ok(json!({ "path": path, "skipped": reason.to_string() })),
    };
    let errors: Vec<usize> = file.errors.iter().map(|error| file.lines.line(error.start)).collect();
    let definitions: Vec<Value> =
        file.definitions.iter().map(|definition| facts(&file, definition)).collect();
    Ok(json!({ "path": path, "errors": errors, "definitions": definitions }))
}

fn facts(file: &ParsedFile, definition: &Definition) -> Value {
    let prints = file.fingerprints(definition);
    let mut facts = identity(file, definition);
    facts["qualified_name"] = json!(definition.qualified_name);
    facts["docstring"] = json!(definition.docstring.as_ref().map(|literal| &literal.value));
    facts["exact"] = json!(definition.docstring.as_ref().is_none_or(|literal| literal.exact));
    facts["broken"] = json!(definition.broken);
    facts["fingerprints"] = json!({
        "signature": hexadecimal(prints.signature),
        "body": hexadecimal(prints.body),
        "docstring": hexadecimal(prints.docstring),
        "members": hexadecimal(prints.members),
    });
    facts
}

/// Returns what CPython's `ast` says about the same definition: where its header begins, kind and name.
fn identity(file: &ParsedFile, definition: &Definition) -> Value {
    if definition.kind == DefinitionKind::Module {
        return json!({ "line": 0, "column": 0, "kind": "module", "name": "" });
    }
    let line = file.lines.line(definition.header.start);
    json!({
        "line": line,
        "column": definition.header.start - file.lines.start_of(line),
        "kind": if definition.kind.is_class() { "class" } else { "function" },
        "name": definition.name,
    })
}

fn hexadecimal(fingerprint: Fingerprint) -> String {
    let mut digits = String::new();
    for byte in fingerprint.as_bytes() {
        let _ = write!(digits, "{byte:02x}");
    }
    digits
}

/// Writes a copy of a file in which every definition has got a hostile docstring.
fn edited(path: &str, copy: &Path, seed: u64) -> Answer {
    let file = match decode(&std::fs::read(path)?) {
        Ok(text) => parse(&text),
        Err(reason) => return Ok(json!({ "path": path, "skipped": reason.to_string() })),
    };
    let mut edits = Vec::new();
    let mut left = Vec::new();
    let all_characters = holds_all_characters(&file.text);
    for (index, definition) in file.definitions.iter().enumerate() {
        match hostile_edit(&file, definition, seed.wrapping_mul(1_000_003) + index as u64, all_characters) {
            Ok(edit) => edits.push(edit),
            Err(reason) => left.push((definition.qualified_name.clone(), reason)),
        }
    }
    let proven = prove(&file, &edits);
    let dropped: Vec<(String, String)> =
        proven.dropped.iter().map(|(name, reason)| (name.clone(), reason.to_string())).collect();
    File::create(copy)?.write_all(&encode(&proven.text)?)?;
    let mut made = proven.edits.iter().peekable();
    let mut definitions = Vec::new();
    for definition in &file.definitions {
        let edit = made.next_if(|edit| edit.definition == definition.qualified_name);
        let mut row = identity(&file, definition);
        row["edited"] = json!(edit.is_some());
        row["meant"] = json!(edit.and_then(|edit| edit.value.as_ref()));
        definitions.push(row);
    }
    Ok(json!({
        "path": path,
        "edited": copy,
        "errors": file.errors.len(),
        "edits": proven.edits.len(),
        "left": left,
        "dropped": dropped,
        "definitions": definitions,
    }))
}

/// Returns whether the encoding that a text declares has all characters.
fn holds_all_characters(text: &str) -> bool {
    let head: Vec<&str> = text.split_inclusive(['\n', '\r']).take(2).collect();
    encode(&format!("{}\n{}", head.concat(), PIECES.concat().replace('\0', ""))).is_ok()
}

fn hostile_edit(
    file: &ParsedFile,
    definition: &Definition,
    seed: u64,
    all_characters: bool,
) -> Result<Edit, &'static str> {
    if definition.broken {
        return Err("a syntax error touches it");
    }
    let mut text = hostile(seed);
    if !all_characters {
        text.retain(|character| character.is_ascii());
    }
    let quotes = if seed.is_multiple_of(3) { Quotes::Single } else { Quotes::Double };
    let new = NewText { value: &text, quotes };
    match &definition.docstring {
        Some(_) if seed.is_multiple_of(7) => delete(definition).or_else(|_| replace(file, definition, new)),
        Some(_) => replace(file, definition, new),
        None => insert(file, definition, new),
    }
}

/// Pieces of text that have broken docstring writers before.
const PIECES: &[&str] = &[
    "\"\"\"",
    "'''",
    "\"",
    "'",
    "\\",
    "\\\\",
    "\\n",
    "\\x41",
    "\\N{BULLET}",
    "\\u00e9",
    "\\",
    "\n",
    "\n\n",
    "\n    ",
    "\n\t",
    "\t",
    " ",
    "  ",
    "\r",
    "\r\n",
    "\u{c}",
    "\u{b}",
    "\u{0}",
    "\u{1b}[0m",
    "\u{7f}",
    "é",
    "日本",
    "😀",
    "\u{feff}",
    "\u{2028}",
    "\u{85}",
    "\u{202e}",
    "{curly}",
    "%s",
    "#",
    ";",
    ":",
    "def f():",
    "return",
    ">>> 1",
    "Summary.",
    "Args:\n    a: b.",
    "x",
    "r",
    "u'",
    "b\"",
    "f\"{x}\"",
    "-*- coding: latin-1 -*-",
    "\\\n",
    "\"\"\"\n",
    "\\\"",
    "\\'",
];

/// Puts a few pieces together, another text for each seed.
fn hostile(seed: u64) -> String {
    // SplitMix64, a generator that needs no more than its seed.
    let mut state = seed.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let mut next = || {
        state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((mixed ^ (mixed >> 31)) & 0xffff).unwrap_or(0)
    };
    let count = 1 + next() % 6;
    (0..count).map(|_| PIECES[next() % PIECES.len()]).collect()
}

/// Two versions of a file.
#[derive(Deserialize)]
struct Pair {
    base: String,
    new: String,
}

/// Compares two versions; what differs, and what is gone.
fn touched(line: &str) -> Answer {
    let Pair { base, new } = serde_json::from_str(line)?;
    let (base, new) = (Arc::new(parse(&base)), parse(&new));
    let pairings = compare(Some(&base), &new);
    let mut differing = Vec::new();
    for (definition, pairing) in new.definitions.iter().zip(&pairings) {
        let Some(touched) = pairing.touched else { continue };
        let mut row = identity(&new, definition);
        row["qualified_name"] = json!(definition.qualified_name);
        row["base"] = json!(pairing.base.as_ref().map(|found| &base.definitions[found.index].qualified_name));
        let flags = [
            ("added", touched.added),
            ("signature", touched.signature),
            ("body", touched.body),
            ("docstring", touched.docstring),
            ("members", touched.members),
            ("moved", touched.moved),
        ];
        row["how"] = flags.iter().filter(|(_, set)| *set).map(|(name, _)| *name).collect();
        differing.push(row);
    }
    let paired: HashSet<usize> =
        pairings.iter().filter_map(|pairing| pairing.base.as_ref()).map(|found| found.index).collect();
    let gone: Vec<&str> = base
        .definitions
        .iter()
        .enumerate()
        .filter(|(index, _)| !paired.contains(index))
        .map(|(_, definition)| definition.qualified_name.as_str())
        .collect();
    let errors = [base.errors.len(), new.errors.len()];
    Ok(json!({ "touched": differing, "gone": gone, "errors": errors, "definitions": new.definitions.len() }))
}
