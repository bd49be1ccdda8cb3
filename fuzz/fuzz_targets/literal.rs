//! Any text can be written as a docstring and reads back as it was, in every kind of literal that takes it.

#![no_main]

use docgate::python::{Literal, Quotes, cleandoc, evaluated, parse, quote};
use docgate_fuzz::text_of;
use libfuzzer_sys::fuzz_target;

/// Literals of each kind.
const LITERALS: &[&str] =
    &["\"\"\"x\"\"\"", "'''x'''", "\"x\"", "'x'", "r\"\"\"x\"\"\"", "R'''x'''", "r'x'", "u\"x\"", "U'''x'''"];

fuzz_target!(|data: &[u8]| {
    let text = text_of(data);
    // Any source can be asked for its value.
    let _ = evaluated(&text);
    for quotes in [Quotes::Double, Quotes::Single] {
        for prefix in ["", "r", "R", "u", "U"] {
            reads(&quote(&text, quotes, prefix), &text);
        }
    }
    for source in LITERALS {
        let literal = docstring(source);
        if !literal.is_triple_quoted() && text.contains(['\n', '\r']) {
            continue;
        }
        if let Some(escaped) = literal.escape(&text) {
            reads(&source.replace('x', &escaped), &text);
        }
    }
    let _ = cleandoc(&text);
    // Indentation is no part of what a docstring says.
    let deeper = text.replace('\n', "\n        ");
    assert_eq!(fingerprint(&text), fingerprint(&deeper));
});

fn reads(literal: &str, text: &str) {
    let found = docstring(literal);
    assert!(found.exact, "{literal:?}");
    assert_eq!(found.value, text, "{literal:?}");
    assert_eq!(evaluated(literal).expect("a literal").0, text);
}

fn docstring(literal: &str) -> Literal {
    let file = parse(literal);
    let found = file.definitions[0].docstring.clone();
    found.unwrap_or_else(|| panic!("no docstring: {literal:?}"))
}

fn fingerprint(text: &str) -> docgate::python::Fingerprint {
    let file = parse(&quote(text, Quotes::Double, ""));
    file.fingerprints(&file.definitions[0]).docstring
}
