//! The key under which prose is kept.

use crate::cache::Key;
use crate::language::Language;

use super::Task;
use super::doubt::{self, Suspect};
use super::prompt::{PROMPT_VERSION, Voice};

/// Makes the key for what is asked about a definition.
///
/// It holds what the answer depends on: the code by its fingerprints, the slots, the kept prose, the voice, the
/// version of prompt and schema, and who is asked (`model`: endpoint and deployment). Path, position, layout,
/// docstring style and neighbours are not in it: a moved or reformatted definition costs no call.
#[must_use]
pub fn key(task: &Task, voice: &Voice, model: &str) -> Key {
    let definition = task.definition();
    let slots = &task.slots;
    let flags =
        [slots.summary, slots.returns, slots.yields, slots.extra.note, slots.extra.example].map(u8::from);
    let terms = voice.glossary.iter().flat_map(|(term, meaning)| [term.as_str(), "\n", meaning, "\n"]);
    let terms: String = terms.collect();
    let fingerprints = task.file.fingerprints(definition);
    let (parameters, raises) = (slots.parameters.join("\n"), slots.raises.join("\n"));
    let mut parts = vec![
        fingerprints.signature.as_bytes(),
        fingerprints.body.as_bytes(),
        fingerprints.members.as_bytes(),
        definition.name.as_bytes(),
        fingerprints.docstring.as_bytes(),
        &flags,
        parameters.as_bytes(),
        raises.as_bytes(),
        voice.instructions.as_bytes(),
        terms.as_bytes(),
        PROMPT_VERSION.as_bytes(),
        model.as_bytes(),
    ];
    // English was all there was, once: what was answered then stays known.
    if voice.language != Language::default() {
        parts.push(voice.language.name().as_bytes());
    }
    Key::of(&parts)
}

/// Makes the key of a verdict: code and text by their fingerprints, the version of the question, and who is asked (`model`:
/// endpoint and deployment).
#[must_use]
pub(super) fn key_of_verdict(suspect: &Suspect, model: &str) -> Key {
    let definition = suspect.definition();
    let fingerprints = suspect.file.fingerprints(definition);
    Key::of(&[
        b"doubt",
        fingerprints.signature.as_bytes(),
        fingerprints.body.as_bytes(),
        definition.name.as_bytes(),
        fingerprints.docstring.as_bytes(),
        doubt::VERSION.as_bytes(),
        model.as_bytes(),
    ])
}
