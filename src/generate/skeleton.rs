//! The offline writer: the structure of a docstring with marked placeholders for the prose.

use crate::rules::PLACEHOLDER;

use super::Slots;
use super::prose::{Named, Prose};

/// Fills slots with placeholders, which the rule `placeholder-text` then reports.
#[must_use]
pub fn skeleton(slots: &Slots) -> Prose {
    let describe = |what: &str| format!("{PLACEHOLDER}: {what}.");
    let named = |names: &[String], text: &str| {
        names.iter().map(|name| Named { name: name.clone(), text: describe(text) }).collect()
    };
    Prose {
        summary: slots.summary.then(|| describe("summarise")),
        description: None,
        parameters: named(&slots.parameters, "describe"),
        returns: slots.returns.then(|| describe("describe the returned value")),
        yields: slots.yields.then(|| describe("describe the yielded values")),
        raises: named(&slots.raises, "say when"),
        // What may stay away is no debt to be marked.
        note: None,
        example: None,
    }
}
