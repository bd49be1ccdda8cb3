//! `docgate check --coverage`: how many of the definitions that owe a docstring have one.

use crate::git::{Selection, Tree};
use crate::python::{Definition, ParsedFile};
use crate::report::{Counted, Coverage, Gate, Scope, Tally};
use crate::rules::{Module, Settings, Subject, standing};

use super::judge::{compared, on_all};

/// Counts the definitions of a selection.
pub(super) fn count(selection: &Selection, settings: &Settings, gate: Gate) -> Coverage {
    let compared = compared(selection, settings);
    let is_change = !matches!(selection.tree, Tree::Folder(_));
    let files = on_all(compared.files, |(parsed, pairings)| {
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
    let mut coverage = Coverage { gate, skipped: compared.skipped, ..Coverage::default() };
    let mut base = Tally::default();
    for (counted, before) in files {
        coverage.counted.extend(counted);
        base.documented += before.documented;
        base.asked += before.asked;
    }
    if is_change {
        coverage.scope = Scope::Touched;
        coverage.base = Some(base);
    }
    coverage
}
