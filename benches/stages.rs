//! How long the stages take that every commit runs through: parse, check, prove; and metrics beside them.
//!
//! Run with `cargo bench`. The input is a module of our own making, about 100 kB.

use std::fmt::Write as _;
use std::sync::Arc;

use divan::Bencher;
use divan::counter::BytesCount;
use docgate::change::RepoPath;
use docgate::docstring::{Draft, DraftEntry, DraftSection, Layout, SectionKind, Style, render};
use docgate::edit::{insert, prove};
use docgate::python::metrics::measure;
use docgate::python::{compare, parse};
use docgate::rules::{Settings, check};

fn main() {
    divan::main();
}

/// Makes a module of documented and undocumented functions.
fn module() -> String {
    let mut text = String::from("\"\"\"A module.\"\"\"\n\nimport os\n\n");
    for index in 0..200 {
        let written = write!(
            text,
            "def function_{index}(path: str, limit: int = {index}, *names: str) -> list[str]:\n    \
             \"\"\"List what lies below a path.\n\n    \
             Args:\n        path: Where to begin.\n        limit: How many to give. Defaults to {index}.\n        \
             *names: Which to leave out.\n\n    \
             Returns:\n        The names, in order.\n\n    \
             Raises:\n        ValueError: If the limit is negative.\n    \"\"\"\n    \
             if limit < 0:\n        raise ValueError('negative')\n    \
             found = []\n    for name in sorted(os.listdir(path)):\n        \
             if name not in names:\n            found.append(name)\n    return found[:limit]\n\n\n"
        );
        assert!(written.is_ok());
    }
    text
}

#[divan::bench]
fn parsing(bencher: Bencher<'_, '_>) {
    let text = module();
    bencher.counter(BytesCount::of_str(&text)).bench(|| parse(divan::black_box(&text)));
}

/// Makes one docstring with many entries, in a style.
fn docstring(style: Style) -> String {
    let named = |index: usize| DraftEntry {
        name: Some(format!("name_{index}")),
        type_text: Some("dict[str, int] | None, optional".to_owned()),
        description: "What it is for, in some words that take more than one line of the text.".to_owned(),
    };
    let section = |kind, entries| DraftSection { kind, title: None, entries };
    let draft = Draft {
        summary: "List what lies below a path.".to_owned(),
        description: vec!["Words about it that go on for a while.".to_owned()],
        sections: vec![
            section(SectionKind::Parameters, (0..500).map(named).collect()),
            section(
                SectionKind::Raises,
                (0..50).map(|index| DraftEntry { type_text: None, ..named(index) }).collect(),
            ),
        ],
    };
    render(&draft, &Layout { style, margin: "    ".to_owned(), ..Layout::default() })
}

#[divan::bench(args = ["google", "numpy", "sphinx", "epytext"])]
fn parsing_a_docstring(bencher: Bencher<'_, '_>, name: &str) {
    let style = match name {
        "numpy" => Style::Numpy,
        "sphinx" => Style::Sphinx,
        "epytext" => Style::Epytext,
        _ => Style::Google,
    };
    let text = docstring(style);
    bencher
        .counter(BytesCount::of_str(&text))
        .bench(|| docgate::docstring::parse(divan::black_box(&text), style));
}

#[divan::bench]
fn measuring(bencher: Bencher<'_, '_>) {
    let text = module();
    bencher.counter(BytesCount::of_str(&text)).bench(|| measure(divan::black_box(&text), None));
}

#[divan::bench]
fn checking_everything(bencher: Bencher<'_, '_>) {
    let text = module();
    let file = parse(&text);
    let path = RepoPath::new("module.py");
    let settings = Settings::default();
    bencher.counter(BytesCount::of_str(&text)).bench(|| {
        let pairings = compare(None, divan::black_box(&file));
        path.as_ref().map(|path| check(path, &file, &pairings, &settings))
    });
}

#[divan::bench]
fn checking_one_touched_function(bencher: Bencher<'_, '_>) {
    let text = module();
    let base = Arc::new(parse(&text));
    let file = parse(&text.replace("limit: int = 7,", "limit: int = 8,"));
    let path = RepoPath::new("module.py");
    let settings = Settings::default();
    bencher.bench(|| {
        let pairings = compare(Some(&base), divan::black_box(&file));
        path.as_ref().map(|path| check(path, &file, &pairings, &settings))
    });
}

#[divan::bench]
fn proving_one_edit(bencher: Bencher<'_, '_>) {
    let text = format!("{}def last():\n    return 1\n", module());
    let file = parse(&text);
    let edits: Vec<_> = file
        .find("last")
        .and_then(|definition| insert(&file, definition, "Give one.").ok())
        .into_iter()
        .collect();
    bencher.counter(BytesCount::of_str(&text)).bench(|| prove(divan::black_box(&file), &edits));
}
