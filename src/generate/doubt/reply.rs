//! What the model says of docstrings, held against them: who doubts a sentence must be able to name it.

use std::sync::LazyLock;

use jsonschema::Validator;
use serde::Deserialize;

use crate::secret::{REDACTED, redact};

use super::super::plain::{has_address, has_secret, is_unsafe};
use super::super::reply::{Complaint, Entries, validator};
use super::prompt::schema;
use super::{Doubt, Suspect, Verdict};

/// The most sentences that are doubted in one docstring.
pub(super) const MOST: usize = 3;
/// The longest reason, in characters.
const LONGEST_REASON: usize = 300;

static SCHEMA: LazyLock<Option<Validator>> = LazyLock::new(|| validator(&schema()));

#[derive(Deserialize)]
struct Answer {
    doubts: Vec<Doubt>,
}

/// Reads a reply to a group; one verdict for each, in their order. A bad one takes no other with it.
pub(in super::super) fn read(text: &str, suspects: &[&Suspect]) -> Vec<Result<Verdict, Complaint>> {
    let entries = Entries::of(text);
    let verdict = |(index, suspect): (usize, &&Suspect)| {
        let entries = entries.as_ref().map_err(Clone::clone)?;
        let answer: Answer = entries.only(index, &SCHEMA)?;
        fit(&answer.doubts, suspect.docstring())
    };
    suspects.iter().enumerate().map(verdict).collect()
}

/// Takes the doubts that are about a sentence of the docstring. Where none of several is, the answer is no use.
pub(in super::super) fn fit(doubts: &[Doubt], docstring: &str) -> Result<Verdict, Complaint> {
    let (text, _) = redact(docstring);
    let text = on_one_line(&text);
    let mut fitting = Vec::new();
    for doubt in doubts {
        let doubt = Doubt { sentence: on_one_line(&doubt.sentence), reason: on_one_line(&doubt.reason) };
        let names_one = is_sentence(&doubt.sentence) && text.contains(&doubt.sentence);
        if names_one && is_reason(&doubt.reason) && !fitting.contains(&doubt) {
            fitting.push(doubt);
        }
    }
    if fitting.is_empty() && !doubts.is_empty() {
        return Err(Complaint::because("it doubts no sentence that is there, or gives no reason"));
    }
    fitting.truncate(MOST);
    Ok(Verdict { doubts: fitting })
}

/// A word is no sentence, where words are set apart.
fn is_sentence(text: &str) -> bool {
    text.contains(' ') || !text.is_ascii() && text.chars().count() > 5
}

fn is_reason(reason: &str) -> bool {
    let length = reason.chars().count();
    // What was taken out of the code may be spoken of as it was shown.
    let said = reason.replace(REDACTED, "");
    (1..=LONGEST_REASON).contains(&length)
        && !reason.chars().any(is_unsafe)
        && !has_address(reason, "")
        && !has_secret(&said, "")
}

/// Line ends and indentation are layout, and no part of a sentence.
pub(super) fn on_one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use serde_json::json;

    use super::*;
    use crate::change::RepoPath;
    use crate::python::parse;

    const TEXT: &str = "\"\"\"M.\"\"\"\n\n\ndef fetch(key):\n    \"\"\"Return the record of a key.\n\n    The record is read\n    from the disk.\n    \"\"\"\n    return ask(key)\n";

    fn suspect() -> Suspect {
        Suspect { path: RepoPath::new("a.py").unwrap(), file: Arc::new(parse(TEXT)), index: 1 }
    }

    fn said(doubts: &serde_json::Value) -> Result<Verdict, Complaint> {
        let reply = json!({"definitions": [{"id": "d1", "doubts": doubts}]}).to_string();
        read(&reply, &[&suspect()]).remove(0)
    }

    #[test]
    fn a_doubt_names_a_sentence_over_its_lines() {
        let doubt = |sentence: &str, reason: &str| json!({"sentence": sentence, "reason": reason});
        let good = doubt("The record is read from the disk.", "It is asked for\nover the network.");
        let verdict = said(&json!([good])).unwrap();
        assert_eq!(verdict.doubts[0].reason, "It is asked for over the network.");
        assert_eq!(said(&json!([])).unwrap(), Verdict::default());
        let long = "x".repeat(301);
        for bad in [
            doubt("The record is read from a queue.", "It is not there."),
            doubt("record", "A word is no sentence."),
            doubt("The record is read from the disk.", ""),
            doubt("The record is read from the disk.", &long),
            doubt("The record is read from the disk.", "See https://example.org."),
            doubt("The record is read from the disk.", "See www.example.org."),
            doubt("The record is read from the disk.", "It sends AKIAIOSFODNN7EXAMPLE."),
            doubt("The record is read from the disk.", "It\u{202e}s wrong."),
            doubt("", "Nothing."),
        ] {
            assert!(said(&json!([bad])).is_err(), "{bad}");
            assert_eq!(said(&json!([bad, good])).unwrap().doubts.len(), 1, "{bad}");
        }
        assert_eq!(said(&json!([good, good, good])).unwrap().doubts.len(), 1);
    }

    #[test]
    fn a_bad_answer_takes_no_other_with_it() {
        let (one, two) = (suspect(), suspect());
        let reply = json!({"definitions": [{"id": "d2", "doubts": []}, {"id": "d9", "doubts": []}]});
        let read = read(&reply.to_string(), &[&one, &two]);
        assert!(read[0].is_err() && read[1].is_ok(), "{read:?}");
        for text in ["", "[]", "{}", "nonsense", r#"{"definitions": [{"id": "d1"}]}"#] {
            assert!(super::read(text, &[&one]).iter().all(Result::is_err), "{text}");
        }
        let spoiled = json!({"definitions": [{"id": "d1", "doubts": 5}, {"id": "d2", "doubts": []}]});
        let read = super::read(&spoiled.to_string(), &[&one, &two]);
        assert!(read[0].is_err() && read[1].is_ok(), "{read:?}");
        let twice = json!({"definitions": [{"id": "d1", "doubts": []}, {"id": "d1", "doubts": []}]});
        assert!(super::read(&twice.to_string(), &[&one])[0].is_err());
    }
}
