//! Reading: one entry for each definition, every one of them held against the schema by itself.

use std::borrow::Cow;
use std::fmt::Write as _;
use std::sync::LazyLock;

use jsonschema::error::ValidationErrorKind;
use jsonschema::{ValidationError, Validator};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::language::Language;
use crate::untrusted::sanitised;

use super::super::Task;
use super::super::prompt::{Shape, identifier, schema};
use super::super::prose::Prose;
use super::{Complaint, ComplaintKind, fit};

static SCHEMA: LazyLock<Option<Validator>> = LazyLock::new(|| validator(&schema(Shape::Read)));

/// What is around the entries; they are looked at later.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Reply {
    definitions: Vec<Value>,
}

/// Reads a reply to a group of tasks; one result for each, in their order.
///
/// One bad answer takes no other with it. Only a reply without a list of them fails for all.
#[must_use]
pub fn read(text: &str, tasks: &[&Task], language: Language) -> Vec<Result<Prose, Complaint>> {
    let entries = Entries::of(text);
    tasks
        .iter()
        .enumerate()
        .map(|(index, task)| {
            let entries = entries.as_ref().map_err(Clone::clone)?;
            fit(entries.only(index, &SCHEMA)?, task, language)
        })
        .collect()
}

/// Compiles what a schema of replies says about one entry.
pub(in super::super) fn validator(schema: &Value) -> Option<Validator> {
    jsonschema::validator_for(schema.pointer("/properties/definitions/items")?).ok()
}

/// The entries of a reply, not yet held against anything.
pub(in super::super) struct Entries(Vec<Value>);

impl Entries {
    /// Takes a reply apart.
    pub(in super::super) fn of(text: &str) -> Result<Self, Complaint> {
        let parsed = serde_json::from_str(text).or_else(|error| match with_whole_characters(text) {
            Cow::Borrowed(_) => Err(error),
            Cow::Owned(text) => serde_json::from_str(&text),
        });
        let value: Value = parsed.map_err(|error| {
            let reason = format!("the reply is not JSON (line {})", error.line());
            Complaint::about(ComplaintKind::NotJson, reason)
        })?;
        let reply: Reply = serde_json::from_value(value).map_err(|_| {
            let reason = "the reply is not an object with the list `definitions` and nothing else";
            Complaint::about(ComplaintKind::Schema, reason)
        })?;
        Ok(Self(reply.definitions))
    }

    /// Returns the one entry about a definition of a group.
    pub(in super::super) fn only<A: DeserializeOwned>(
        &self,
        index: usize,
        schema: &LazyLock<Option<Validator>>,
    ) -> Result<A, Complaint> {
        let id = identifier(index);
        let id_of = |entry: &Value| entry.get("id").and_then(Value::as_str).map(str::to_owned);
        let mut found = self.0.iter().filter(|entry| id_of(entry).as_ref() == Some(&id));
        // One that says of none what it is about is taken for the one that belongs there.
        let nameless = || self.0.get(index).filter(|entry| id_of(entry).is_none());
        let entry = match (found.next(), found.next()) {
            (Some(entry), None) => entry,
            (Some(_), Some(_)) => {
                return Err(Complaint::because(format!("there are several answers for `{id}`")));
            }
            (None, _) => match nameless() {
                Some(entry) => entry,
                None => return Err(Complaint::because(format!("there is no answer for `{id}`"))),
            },
        };
        let Some(schema) = schema.as_ref() else {
            return Err(Complaint::because("the schema of replies cannot be compiled"));
        };
        let unfit = |reason| Complaint::about(ComplaintKind::Schema, reason);
        if let Some(error) = schema.iter_errors(entry).next() {
            return Err(unfit(said(&error)));
        }
        A::deserialize(entry).map_err(|_| unfit("the answer does not fit the schema".to_owned()))
    }
}

/// Says what does not fit without repeating the answer, which may be anything.
fn said(error: &ValidationError<'_>) -> String {
    const LONGEST: usize = 60;
    let short = |text: &str| -> String { sanitised(text).chars().take(LONGEST).collect() };
    let place = error.instance_path().to_string();
    let at = if place.is_empty() { String::new() } else { format!(" at `{}`", short(&place)) };
    match error.kind() {
        ValidationErrorKind::AdditionalProperties { unexpected } => {
            let key = unexpected.first().map_or("", String::as_str);
            format!("the answer has the key `{}`{at}, which the schema does not know", short(key))
        }
        ValidationErrorKind::Required { property } => {
            format!("the answer lacks the key `{}`{at}", property.as_str().unwrap_or_default())
        }
        _ if place.is_empty() => "the answer is not an object".to_owned(),
        _ => format!("the answer has another type than the schema says{at}"),
    }
}

/// Puts U+FFFD, which no text may have, in place of every escaped half of a surrogate pair that lacks its other half.
///
/// Such a half is no character, and one makes the whole reply no JSON.
fn with_whole_characters(text: &str) -> Cow<'_, str> {
    let unit = |at: usize| {
        let digits = text.get(at..at + 6)?.strip_prefix("\\u")?;
        u16::from_str_radix(digits, 16).ok()
    };
    let mut whole = String::new();
    let (mut at, mut copied) = (0, 0);
    while let Some(found) = text.get(at..).and_then(|rest| rest.find('\\')) {
        at += found;
        match (unit(at), unit(at + 6)) {
            (Some(0xd800..=0xdbff), Some(0xdc00..=0xdfff)) => at += 12,
            (Some(0xd800..=0xdfff), _) => {
                let _ = write!(whole, "{}\\ufffd", &text[copied..at]);
                at += 6;
                copied = at;
            }
            (Some(_), _) => at += 6,
            // What is escaped may be a backslash, and is no beginning of another escape.
            (None, _) => at += 1 + text[at + 1..].chars().next().map_or(0, char::len_utf8),
        }
    }
    if copied == 0 {
        return Cow::Borrowed(text);
    }
    whole.push_str(&text[copied..]);
    Cow::Owned(whole)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::super::sample::task_in;
    use super::*;

    fn answer(id: &str) -> Value {
        json!({
            "id": id,
            "summary": "Work out how much there is.",
            "description": null,
            "parameters": [],
            "returns": null,
            "yields": null,
            "raises": []
        })
    }

    fn read_three(text: &str) -> Vec<Result<Prose, Complaint>> {
        let source = "def alpha():\n    go()\n\n\ndef beta():\n    go()\n\n\ndef gamma():\n    go()\n";
        let tasks = ["alpha", "beta", "gamma"].map(|name| task_in(source, name));
        read(text, &tasks.each_ref(), Language::default())
    }

    #[test]
    fn an_entry_that_does_not_fit_the_schema_takes_no_other_with_it() {
        type Spoil = fn(&mut Value);
        let table: [(Spoil, &str); 9] = [
            (|entry| entry["boo\u{202e}"] = json!(1), "has the key `boo\\u{202e}`"),
            (
                |entry| drop(entry.as_object_mut().unwrap().remove("description")),
                "lacks the key `description`",
            ),
            (
                |entry| entry["description"] = json!(5),
                "has another type than the schema says at `/description`",
            ),
            (|entry| entry["parameters"] = json!([{"name": "a"}]), "lacks the key `text` at `/parameters/0`"),
            (|entry| *entry = Value::Null, "is not an object"),
            (|entry| *entry = json!([[]]), "is not an object"),
            (|entry| entry["id"] = json!(2), "has another type than the schema says at `/id`"),
            (|entry| drop(entry.as_object_mut().unwrap().remove("id")), "lacks the key `id`"),
            (|entry| entry["id"] = json!("d9"), "there is no answer for `d2`"),
        ];
        for (spoil, expected) in table {
            let mut entries = [answer("d1"), answer("d2"), answer("d3")];
            spoil(&mut entries[1]);
            let read = read_three(&json!({ "definitions": entries }).to_string());
            assert!(read[0].is_ok() && read[2].is_ok(), "{expected}: {read:?}");
            let reason = read[1].as_ref().unwrap_err().to_string();
            assert!(reason.contains(expected), "{expected}: {reason}");
        }
    }

    #[test]
    fn half_a_surrogate_pair_spoils_its_own_text_alone() {
        let text = json!({"definitions": [answer("d1"), answer("d2"), answer("d3")]}).to_string();
        for (escape, is_good) in [
            (r"\ud83d\ude00", true),
            (r"\\ud800", true),
            (r"\\\\ud800", true),
            (r"\ud800", false),
            (r"\udc00", false),
            (r"\ud800\ud800", false),
            (r"\ud800x\udc00", false),
            (r"\ude00\ud83d", false),
        ] {
            let spoiled = text.replacen("Work", "XX", 1).replacen("Work", &format!("Work{escape}"), 1);
            let spoiled = spoiled.replacen("XX", "Work", 1);
            let read = read_three(&spoiled);
            assert!(read[0].is_ok() && read[2].is_ok(), "{escape}: {read:?}");
            assert_eq!(read[1].is_ok(), is_good, "{escape}: {read:?}");
        }
    }

    #[test]
    fn what_has_no_list_fails_for_all() {
        for (text, kind) in [
            ("", ComplaintKind::NotJson),
            ("{\"definitions\": [", ComplaintKind::NotJson),
            ("\\ud800", ComplaintKind::NotJson),
            ("\\", ComplaintKind::NotJson),
            ("\"\\u00e", ComplaintKind::NotJson),
            ("\"\\ué\\ud80é", ComplaintKind::NotJson),
            ("[]", ComplaintKind::Schema),
            ("{}", ComplaintKind::Schema),
            ("{\"definitions\": {}}", ComplaintKind::Schema),
            ("{\"definitions\": [], \"more\": 1}", ComplaintKind::Schema),
        ] {
            for result in read_three(text) {
                assert_eq!(result.unwrap_err().kind, kind, "{text}");
            }
        }
    }
}
