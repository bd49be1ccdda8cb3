//! Judging: everything that was asked for and nothing that was not, in texts that are plain and true to their place.

use std::collections::BTreeSet;

use crate::language::Language;
use crate::secret::redact;

use super::super::plain::{is_unsafe, only_repeats, restates_name, wrong_in_code, wrong_in_prose};
use super::super::prose::{Named, Prose};
use super::super::{Task, example};
use super::Complaint;

/// The longest summary, in characters.
const LONGEST_SUMMARY: usize = 120;

/// Holds prose against slots and code: everything that was asked for, nothing that was not.
pub(in super::super) fn fit(mut prose: Prose, task: &Task, language: Language) -> Result<Prose, Complaint> {
    let (slots, source) = (&task.slots, task.file.text.as_str());
    let mut reasons = Vec::new();
    if slots.summary {
        match prose.summary.as_deref().map(str::trim) {
            None | Some("") => reasons.push("the summary is missing".to_owned()),
            Some(text) if text.contains('\n') => {
                reasons.push("the summary has more than one line".to_owned());
            }
            Some(text) if text.chars().count() > LONGEST_SUMMARY => {
                reasons.push(format!("the summary is longer than {LONGEST_SUMMARY} characters"));
            }
            Some(_) => {}
        }
    } else {
        prose.summary = None;
        prose.description = None;
    }
    prose.description = prose.description.filter(|text| !text.trim().is_empty());
    fit_one(&mut prose.returns, slots.returns, "the returned value", &mut reasons);
    fit_one(&mut prose.yields, slots.yields, "the yielded values", &mut reasons);
    fit_names(&mut prose.parameters, &slots.parameters, "parameter", &mut reasons);
    fit_names(&mut prose.raises, &slots.raises, "exception", &mut reasons);
    prose.note = prose.note.filter(|text| slots.extra.note && !text.trim().is_empty());
    prose.example =
        prose.example.filter(|code| slots.extra.example && !code.trim().is_empty()).map(|code| evened(&code));
    for text in texts(&prose) {
        reasons.extend(wrong_in_prose(text, source));
    }
    if let Some(summary) = &prose.summary {
        if summary.chars().count() <= LONGEST_SUMMARY && restates_name(task, summary) {
            reasons.push("the summary only repeats the name: say what it is for".to_owned());
        }
        if is_alone(&prose) && summary.trim_end().ends_with(['"', '\\']) {
            reasons.push("the summary ends with a quote or a backslash: end it with a full stop".to_owned());
        }
    }
    for entry in prose.parameters.iter().chain(&prose.raises) {
        let name = &entry.name;
        if (slots.parameters.contains(name) || slots.raises.contains(name)) && only_repeats(&entry.text, name)
        {
            reasons.push(format!("the text for `{name}` only repeats the name: say what it is for"));
        }
    }
    if let Some(other) = language.contradicted_by(&whole(&prose)) {
        reasons.push(format!("the texts are in {other}, and must be in {language}"));
    }
    let entries = prose.parameters.iter().chain(&prose.raises).map(|entry| &entry.text);
    let described = entries.chain(&prose.returns).chain(&prose.yields);
    if described.into_iter().any(|text| text.trim().lines().any(|line| line.trim().is_empty())) {
        reasons.push("the text of an entry has more than one paragraph".to_owned());
    }
    let mut said = BTreeSet::new();
    reasons.retain(|reason: &String| said.insert(reason.clone()));
    if reasons.is_empty() { Ok(prose) } else { Err(Complaint::of(reasons)) }
}

/// Holds the summary against the line that it is to stand on: over two lines it would be none.
pub(in super::super) fn fit_line(task: &Task, prose: &Prose) -> Result<(), Complaint> {
    let Some(summary) = prose.summary.as_deref().filter(|_| task.slots.summary) else { return Ok(()) };
    let (length, room) = (summary.trim().chars().count(), task.layout().summary_room());
    if length <= room {
        return Ok(());
    }
    Err(Complaint::because(format!("the summary has {length} characters, and its line has room for {room}")))
}

/// Holds what may stay away against what it must be; apart from the rest, which must not be lost with it.
pub(in super::super) fn fit_extras(task: &Task, prose: &Prose) -> Result<(), Complaint> {
    let source = task.file.text.as_str();
    let mut reasons = Vec::new();
    if let Some(note) = &prose.note {
        reasons.extend(wrong_in_prose(note, source).into_iter().map(|reason| format!("the note: {reason}")));
        if note.trim().contains('\n') {
            reasons.push("the note is not one paragraph of plain text".to_owned());
        }
    }
    if let Some(code) = &prose.example {
        reasons
            .extend(wrong_in_code(code, source).into_iter().map(|reason| format!("the example: {reason}")));
        if reasons.is_empty() {
            reasons.extend(example::complaints(task, code));
        }
    }
    if reasons.is_empty() { Ok(()) } else { Err(Complaint::of(reasons)) }
}

/// Takes away what cannot be seen in code: blank lines beyond one, and blanks at the end of lines.
fn evened(code: &str) -> String {
    let mut lines: Vec<&str> = Vec::new();
    for line in code.trim_matches(['\n', '\r']).lines().map(str::trim_end) {
        if !line.is_empty() || lines.last().is_some_and(|last| !last.is_empty()) {
            lines.push(line);
        }
    }
    lines.join("\n").trim_end().to_owned()
}

fn fit_one(text: &mut Option<String>, asked: bool, what: &str, reasons: &mut Vec<String>) {
    if !asked {
        *text = None;
    } else if text.as_deref().is_none_or(|text| text.trim().is_empty()) {
        reasons.push(format!("the text for {what} is missing"));
    }
}

fn fit_names(found: &mut [Named], asked: &[String], what: &str, reasons: &mut Vec<String>) {
    for name in asked {
        match found.iter().filter(|entry| entry.name == *name).count() {
            0 => reasons.push(format!("the {what} `{name}` is missing")),
            1 => {}
            _ => reasons.push(format!("the {what} `{name}` is there more than once")),
        }
    }
    for entry in found.iter() {
        if !asked.contains(&entry.name) {
            let name: String =
                redact(&entry.name).0.chars().filter(|character| !is_unsafe(*character)).take(60).collect();
            reasons.push(format!("the {what} `{name}` was not asked for"));
        } else if entry.text.trim().is_empty() {
            reasons.push(format!("the text for the {what} `{}` is empty", entry.name));
        }
    }
    found.sort_by_key(|entry| asked.iter().position(|name| *name == entry.name));
}

/// Returns whether a summary makes a docstring of one line, with the closing quotes on it.
fn is_alone(prose: &Prose) -> bool {
    let Prose { summary: _, description, parameters, returns, yields, raises, note, example } = prose;
    let texts = [description, returns, yields, note, example];
    texts.into_iter().flatten().next().is_none() && parameters.is_empty() && raises.is_empty()
}

/// Puts all prose together, in which a language is found out better than in a phrase.
fn whole(prose: &Prose) -> String {
    texts(prose).chain(&prose.note).map(String::as_str).collect::<Vec<_>>().join("\n")
}

fn texts(prose: &Prose) -> impl Iterator<Item = &String> {
    let single = [&prose.summary, &prose.description, &prose.returns, &prose.yields];
    let named = prose.parameters.iter().chain(&prose.raises).map(|entry| &entry.text);
    single.into_iter().flatten().chain(named)
}
