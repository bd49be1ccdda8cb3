//! `docgate check --coverage`: how many of the definitions that owe a docstring have one.

use crate::python::{Definition, ParsedFile};
use crate::report::{Counted, Coverage, Gate, Scope, Tally};
use crate::rules::{Module, Settings, Subject, standing};

use super::choose::Looked;
use super::judge::each;

/// Counts the definitions of a run.
pub(super) fn count(looked: &Looked, settings: &Settings, gate: Gate) -> Coverage {
    let (files, skipped) = each(looked, settings, |parsed, pairings| {
        let stands = |file: &ParsedFile, definition: &Definition| {
            standing(&Subject::new(&Module::new(&parsed.path, file, settings), definition))
        };
        let before = parsed
            .base
            .as_deref()
            .map(|base| Tally::of(base.definitions.iter().map(|definition| stands(base, definition))));
        let counted = parsed.file.definitions.iter().zip(&pairings).map(|(definition, pairing)| {
            let base = pairing.base.as_ref();
            Counted {
                path: parsed.path.clone(),
                definition: definition.qualified_name.clone(),
                line: parsed.file.lines.line(definition.anchor().start),
                standing: stands(&parsed.file, definition),
                before: base.map(|base| stands(&base.file, base.definition())),
                // A class of which only a method changed is not touched itself.
                touched: pairing.touched.is_some_and(|touched| touched.code() || touched.docstring),
            }
        });
        (counted.collect::<Vec<_>>(), before.unwrap_or_default())
    });
    let mut coverage = Coverage { gate, skipped, ..Coverage::default() };
    let mut base = Tally::default();
    for (counted, before) in files {
        coverage.counted.extend(counted);
        base.documented += before.documented;
        base.asked += before.asked;
    }
    if matches!(looked, Looked::Changes(_)) {
        coverage.scope = Scope::Touched;
        coverage.base = Some(base);
    }
    coverage
}
