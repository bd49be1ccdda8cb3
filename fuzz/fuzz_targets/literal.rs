//! Any text can be written as a docstring and reads back as it was, in every kind of literal that takes it.

#![no_main]

use docgate::python::{Literal, Span, parse, quote};
use docgate_fuzz::text_of;
use libfuzzer_sys::fuzz_target;

const QUOTES: &[(&str, bool)] = &[
    ("\"\"\"", false),
    ("'''", false),
    ("\"", false),
    ("'", false),
    ("\"\"\"", true),
    ("'''", true),
    ("'", true),
];

fuzz_target!(|data: &[u8]| {
    let text = text_of(data);
    assert_eq!(value(&quote(&text)), text);
    for (quotes, raw) in QUOTES {
        if quotes.len() == 1 && text.contains(['\n', '\r']) {
            continue;
        }
        let literal = Literal {
            span: Span::new(0, 0),
            content: None,
            raw: *raw,
            quotes: (*quotes).to_owned(),
            value: String::new(),
            exact: true,
        };
        if let Some(escaped) = literal.escape(&text) {
            let prefix = if *raw { "r" } else { "" };
            assert_eq!(value(&format!("{prefix}{quotes}{escaped}{quotes}")), text, "{prefix}{quotes}");
        }
    }
    // Indentation is no part of what a docstring says.
    let deeper = text.replace('\n', "\n        ");
    assert_eq!(fingerprint(&quote(&text)), fingerprint(&quote(&deeper)));
});

fn value(literal: &str) -> String {
    let file = parse(literal);
    let found = file.definitions[0].docstring.as_ref();
    let found = found.unwrap_or_else(|| panic!("no docstring: {literal:?}"));
    assert!(found.exact, "{literal:?}");
    found.value.clone()
}

fn fingerprint(literal: &str) -> docgate::python::Fingerprint {
    let file = parse(literal);
    file.fingerprints(&file.definitions[0]).docstring
}
