//! Files in other encodings than UTF-8, with `CPython` as the judge, and the way of one such file through every door.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use docgate::edit::{apply, insert, prove};
use docgate::python::{decode, encode, parse};

use crate::fix::resolution;
use crate::harness::Scratch;
use crate::oracle::python;

/// Every name that Python knows an encoding by, joined by the encoding, and what short sequences of bytes mean in it.
const TABLES: &str = r"
import codecs, encodings.aliases, json, os, sys

names = set(encodings.aliases.aliases) | {
    file[:-3] for file in os.listdir(os.path.dirname(encodings.__file__)) if file.endswith('.py')
}
found = {}
for name in sorted(names):
    if not all(c.isalnum() or c in '-_' for c in name):
        continue
    try:
        info = codecs.lookup(name)
        if not info._is_text_encoding or b'a'.decode(name) != 'a':
            continue
    except Exception:
        continue
    found.setdefault(info.name, []).append(name)
tables = {}
for canonical, names in found.items():
    table = {}
    sequences = [bytes([a]) for a in range(128, 256)]
    if canonical not in ('utf-8', 'utf-7') and any(mark in canonical for mark in ('jp', 'kr', 'gb', '932', '949')):
        sequences += [bytes([a, b]) for a in range(128, 256) for b in range(48, 256)]
    for sequence in sequences:
        try:
            table[sequence.hex()] = sequence.decode(canonical)
        except UnicodeDecodeError:
            table[sequence.hex()] = None
    tables[canonical] = [names, table]
json.dump(tables, sys.stdout)
";

/// Says which bytes do not decode to the text they should.
const DECODE: &str = r"
import json, sys
wrong = []
for codec, bytes_, text in json.load(sys.stdin):
    try:
        read = bytes.fromhex(bytes_).decode(codec)
    except UnicodeDecodeError:
        read = None
    if read != text:
        wrong.append([codec, bytes_, text, read])
json.dump(wrong[:20], sys.stdout)
";

/// Says in which pairs of files more differs than one docstring, or that docstring is not what was meant.
const EDITED: &str = r"
import ast, json, sys
wrong = []
for name, before, after, meant in json.load(sys.stdin):
    try:
        old, new = ast.parse(bytes.fromhex(before)), ast.parse(bytes.fromhex(after))
    except (SyntaxError, ValueError) as error:
        wrong.append([name, str(error)])
        continue
    said = [[ast.get_docstring(node, clean=False) for node in (tree, tree.body[1])] for tree in (old, new)]
    del new.body[1].body[0]
    if ast.dump(old) != ast.dump(new) or said != [[said[0][0], None], [said[0][0], meant]]:
        wrong.append([name, ast.dump(old), ast.dump(new), said])
json.dump(wrong, sys.stdout)
";

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut digits, byte| {
        let _ = write!(digits, "{byte:02x}");
        digits
    })
}

fn from_hexadecimal(text: &str) -> Vec<u8> {
    let pairs = text.as_bytes().chunks(2);
    pairs.map(|pair| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap()).collect()
}

/// Decodes bytes as docgate does a file that declares a name.
fn read(name: &str, bytes: &[u8]) -> Option<String> {
    let head = format!("# coding: {name}\n");
    let text = decode(&[head.as_bytes(), bytes].concat()).ok()?;
    text.strip_prefix(&head).map(str::to_owned)
}

fn write(name: &str, text: &str) -> Option<Vec<u8>> {
    let head = format!("# coding: {name}\n");
    Some(encode(&format!("{head}{text}")).ok()?.split_off(head.len()))
}

fn expect_none(script: &str, jobs: &impl serde::Serialize) {
    let wrong = python(script, &serde_json::to_vec(jobs).unwrap());
    assert_eq!(String::from_utf8(wrong).unwrap(), "[]");
}

type Tables = BTreeMap<String, (Vec<String>, BTreeMap<String, Option<String>>)>;

#[test]
fn every_encoding_means_what_it_means_to_cpython() {
    let tables: Tables = serde_json::from_slice(&python(TABLES, b"")).unwrap();
    let mut wrong = Vec::new();
    let mut written = Vec::new();
    let mut files = Vec::new();
    let mut read_beyond_ascii = BTreeSet::new();
    for (codec, (names, table)) in &tables {
        if codec == "utf-8" || codec == "utf-8-sig" {
            continue;
        }
        let mut repertoire = BTreeSet::new();
        for (sequence, expected) in table {
            let Some(text) = read(&names[0], &from_hexadecimal(sequence)) else { continue };
            if Some(&text) != expected.as_ref() {
                wrong.push(format!("{codec} {sequence}: {text:?} instead of {expected:?}"));
            }
            repertoire.extend(text.chars());
        }
        if repertoire.is_empty() {
            continue;
        }
        read_beyond_ascii.insert(codec.as_str());
        let sample = table.keys().find(|sequence| read(&names[0], &from_hexadecimal(sequence)).is_some());
        let sample = from_hexadecimal(sample.unwrap());
        for name in names {
            // An alias of the tokenizer's own, as `utf_8_sig`, is not this encoding.
            if read(name, &sample) != read(&names[0], &sample) {
                wrong.push(format!("{name} is not read as {codec}"));
            }
        }
        let is_wide = table.len() > 128;
        let candidates: Vec<char> = if is_wide {
            // Ideographs and syllables are many, and the rows of a table are alike.
            let is_sampled = |letter: &char| *letter < '\u{3400}' || u32::from(*letter) % 5 == 0;
            ('\u{80}'..='\u{ffff}').filter(is_sampled).collect()
        } else {
            ('\u{80}'..='\u{24ff}').chain('\u{f8ff}'..='\u{fb02}').collect()
        };
        for character in candidates {
            if let Some(bytes) = write(&names[0], character.encode_utf8(&mut [0; 4])) {
                written.push((codec.clone(), hexadecimal(&bytes), character.to_string()));
            }
        }
        let letters: String = repertoire.iter().filter(|letter| letter.is_alphabetic()).take(20).collect();
        let source = format!("# coding: {}\n'''{letters}'''\ndef f():\n    return '{letters}'\n", names[0]);
        let before = encode(&source).unwrap();
        let file = parse(&decode(&before).unwrap());
        let edit = insert(&file, &file.definitions[1], &letters).unwrap();
        let after = prove(&file, &[edit]);
        assert!(after.dropped.is_empty(), "{codec}: {:?}", after.dropped);
        let after = encode(&after.text).unwrap();
        files.push((codec.clone(), hexadecimal(&before), hexadecimal(&after), letters));
    }
    assert!(wrong.is_empty(), "{} wrong: {:#?}", wrong.len(), &wrong[..wrong.len().min(40)]);
    assert!(read_beyond_ascii.len() >= 37, "{} {read_beyond_ascii:?}", read_beyond_ascii.len());
    assert!(written.len() > 20_000, "{}", written.len());
    expect_none(DECODE, &written);
    expect_none(EDITED, &files);
}

#[test]
fn a_text_that_the_encoding_does_not_have_is_dropped_and_takes_no_other_with_it() {
    let file = parse(&decode(b"# coding: latin-1\ndef f(): return '\xe9'\ndef g(): return 1\n").unwrap());
    let edits = [
        insert(&file, &file.definitions[1], "Costs 1 €.").unwrap(),
        insert(&file, &file.definitions[2], "Gibt eins zurück.").unwrap(),
    ];
    let proven = prove(&file, &edits);
    assert_eq!(proven.dropped.len(), 1);
    assert_eq!(apply(&file.text, &edits[1..]), Ok(proven.text));
}

const BASE: &str = "# coding: latin-1
\"\"\"Module für Zeit.\"\"\"


def wait(timeout=10, gone=None):
    \"\"\"Wait for a café.

    Args:
        timeout: Seconds à attendre. Defaults to 10.
        gone: Passé.
    \"\"\"
    return timeout, 'é'
";

/// The bytes of a text in Latin-1.
fn latin(text: &str) -> Vec<u8> {
    text.chars().map(|character| u8::try_from(u32::from(character)).unwrap()).collect()
}

fn bytes_of(scratch: &Scratch, path: &str) -> Vec<u8> {
    std::fs::read(scratch.root().join(path)).unwrap()
}

fn staged_bytes(scratch: &Scratch, path: &str) -> Vec<u8> {
    scratch.command("git").args(["show", &format!(":{path}")]).output().unwrap().stdout
}

/// A repository in which a parameter left and a default changed.
fn changed() -> (Scratch, String) {
    let scratch = Scratch::new();
    scratch.write("a.py", latin(BASE));
    scratch.commit_all("base");
    let text = BASE.replace("timeout=10, gone=None", "timeout=30");
    scratch.write("a.py", latin(&text));
    scratch.stage();
    (scratch, text)
}

fn repaired(text: &str) -> Vec<u8> {
    latin(&text.replace("Defaults to 10.", "Defaults to 30.").replace("        gone: Passé.\n", ""))
}

#[test]
fn a_latin_1_file_is_checked() {
    let (scratch, _) = changed();
    let run = scratch.docgate(["check", "--staged"]);
    assert_eq!(run.code, Some(1), "{}", run.all());
    assert!(run.stdout.contains("a.py:9"), "{}", run.all());
    assert!(!run.all().contains("not looked at"), "{}", run.all());
}

#[test]
fn a_latin_1_file_is_repaired_in_its_own_bytes() {
    let (scratch, text) = changed();
    let run = scratch.docgate(["fix", "--staged", "--no-model"]);
    assert_eq!(run.code, Some(0), "{}", run.all());
    assert_eq!(bytes_of(&scratch, "a.py"), repaired(&text));
    assert_eq!(staged_bytes(&scratch, "a.py"), repaired(&text));
}

#[test]
fn a_latin_1_file_that_is_partly_staged_keeps_its_unstaged_bytes() {
    let (scratch, text) = changed();
    let unstaged = format!("{text}\nleft = 'à côté'\n");
    scratch.write("a.py", latin(&unstaged));
    let run = scratch.docgate(["fix", "--staged", "--no-model"]);
    assert_eq!(run.code, Some(0), "{}", run.all());
    assert_eq!(bytes_of(&scratch, "a.py"), repaired(&unstaged));
    assert_eq!(staged_bytes(&scratch, "a.py"), repaired(&text));
}

#[test]
fn a_latin_1_file_is_repaired_by_the_hook() {
    let (scratch, text) = changed();
    let run = scratch.docgate_with(["hook", "run"], &[("DOCGATE_MODE", "fix")]);
    assert_eq!(run.code, Some(0), "{}", run.all());
    assert_eq!(staged_bytes(&scratch, "a.py"), repaired(&text), "{}", run.all());
    assert_eq!(bytes_of(&scratch, "a.py"), repaired(&text));
}

#[test]
fn new_text_outside_the_encoding_is_reported() {
    let scratch = Scratch::new();
    scratch.write("a.py", b"# coding: cp437\ndef f(): return 1\n");
    scratch.write("b.py", b"# coding: cp437\ndef f(): return '\x82'\n");
    scratch.stage();
    let run = scratch.docgate(["fix", "--staged", "--model", "skeleton", "--output-format", "json"]);
    let (state, _) = resolution(&run.stdout, "f");
    assert_eq!(state, "written", "{}", run.all());
    assert!(run.all().contains("cp437, of which only ASCII is read"), "{}", run.all());
}
