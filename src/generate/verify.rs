//! Verification: what was written is judged by the same rules as a human's docstring.

use std::collections::BTreeSet;

use crate::docstring::{Docstring, Entry, Section, SectionKind, detect_with};
use crate::edit::{Edit, prove};
use crate::python::{Counterpart, parse};
use crate::rules::{Answer, Finding, Module, Settings, Severity, Subject, docstring_of, findings};

use super::claims;
use super::compose::literal_block;
use super::{Complaint, Prose, Task};

/// What a written docstring is held against.
#[derive(Debug, Clone, Copy)]
pub struct Context<'a> {
    /// The settings of the rules.
    pub settings: &'a Settings,
    /// Whether placeholders may be written: the offline writer marks what is missing with them.
    pub placeholders: bool,
}

/// Verifies an edit: the code stays as it is, what was asked for is there and nothing else is, and no rule finds
/// anything that it did not find before.
///
/// # Errors
///
/// Says what is wrong, in words that a writer can act on.
pub fn verify(task: &Task, prose: &Prose, edit: &Edit, context: &Context<'_>) -> Result<(), Complaint> {
    let proven = prove(&task.file, std::slice::from_ref(edit));
    if let Some((_, reason)) = proven.dropped.first() {
        return Err(Complaint::because(reason.to_string()));
    }
    let after = parse(&proven.text);
    let definition = task.definition();
    let Some(written) = after.definitions.get(task.index) else {
        return Err(Complaint::because("the definition is not there any more"));
    };
    let before = task.revision.as_ref().map(|revision| revision.docstring().clone());
    let docstring = docstring_of(&after, written, context.settings, || task.style);
    let Some(docstring) = docstring else {
        return Err(Complaint::because("the docstring is not there"));
    };
    let mut reasons = misplaced((task, prose), before.as_ref(), &docstring, context);
    if prose.has_extras() && !extras_read_as_meant(prose, &docstring) {
        reasons.push("the note or the example does not read as one".to_owned());
    }
    let module = Module::new(&task.path, &task.file, context.settings);
    reasons.extend(claims::complaints(&Subject::new(&module, definition), prose));
    let found = |file, definition, docstring| {
        findings(&Subject {
            docstring,
            touched: task.touched,
            base: task.base.as_ref().map(Counterpart::definition),
            base_file: task.base.as_ref().map(|base| &*base.file),
            ..Subject::new(&Module::new(&task.path, file, context.settings), definition)
        })
    };
    let margin = task.layout().margin;
    let known: BTreeSet<_> = found(&task.file, definition, before.as_ref()).iter().map(identity).collect();
    for finding in found(&after, written, Some(&docstring)) {
        // A section that nobody can be asked for stays a finding; the rest of the docstring is written all the same.
        let for_a_person = finding.name == "missing-section" && finding.answer == Answer::Person;
        // Where the code is indented with tabs, its docstrings are.
        let as_the_file = finding.name == "docstring-tab-indentation" && margin.contains('\t');
        let is_placeholder = context.placeholders && finding.name == "placeholder-text";
        // A blank line that stood below the header is behind the docstring now; it is code until then, and the next repair's.
        let was_there = finding.name == "blank-line-after-function";
        let allowed = for_a_person || as_the_file || was_there || is_placeholder;
        if finding.severity >= Severity::Warning && !allowed && !known.contains(&identity(&finding)) {
            reasons.push(finding.message);
        }
    }
    if reasons.is_empty() { Ok(()) } else { Err(Complaint::of(reasons)) }
}

fn identity(finding: &Finding) -> (&'static str, Option<String>) {
    (finding.code, finding.subject.clone())
}

/// Text that reads as a section or an entry of its own has broken out of its place.
fn misplaced(
    (task, prose): (&Task, &Prose),
    before: Option<&Docstring>,
    after: &Docstring,
    context: &Context<'_>,
) -> Vec<String> {
    let before = if task.slots.summary { None } else { before };
    let mut reasons = Vec::new();
    let asked = [
        (SectionKind::Parameters, task.slots.parameters.iter().map(|name| bare(name)).collect::<Vec<_>>()),
        (SectionKind::Raises, task.slots.raises.clone()),
    ];
    for (kind, asked) in asked {
        let names = |docstring: &Docstring| -> Vec<String> {
            docstring.entries(kind).flat_map(|entry| &entry.names).map(|name| name.value.clone()).collect()
        };
        let mut expected = before.map(names).unwrap_or_default();
        expected.extend(asked);
        let mut found = names(after);
        expected.sort_unstable();
        found.sort_unstable();
        if expected != found {
            reasons.push("a text reads as another entry, or an entry does not read as one".to_owned());
        }
    }
    if written(task, after).any(|text| detect_with(text, &context.settings.house.titles).is_some()) {
        reasons.push("a text holds a section of its own".to_owned());
    }
    let count = |docstring: &Docstring| docstring.sections.len();
    let wanted = [
        (SectionKind::Parameters, !task.slots.parameters.is_empty()),
        (SectionKind::Returns, task.slots.returns),
        (SectionKind::Yields, task.slots.yields),
        (SectionKind::Raises, !task.slots.raises.is_empty()),
        (SectionKind::Notes, prose.note.is_some()),
        (SectionKind::Examples, prose.example.is_some()),
    ];
    let is_new = |kind: SectionKind| before.is_none_or(|docstring| docstring.section(kind).is_none());
    let new = wanted.iter().filter(|(kind, wanted)| *wanted && is_new(*kind)).count();
    if count(after) != before.map_or(0, count) + new {
        reasons.push("a text reads as a section of its own".to_owned());
    }
    reasons
}

/// Returns whether the sections of a note and an example hold these and nothing else.
fn extras_read_as_meant(prose: &Prose, docstring: &Docstring) -> bool {
    let reads = |kind: SectionKind, meant: Option<String>, form: fn(&str) -> String| {
        let section =
            docstring.section(kind).filter(|section| section.entries.is_empty() && section.after.is_empty());
        let found = section.and_then(|section| section.text.as_ref()).map(|text| form(&text.value));
        found == meant.map(|text| form(&text))
    };
    let words = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    reads(SectionKind::Notes, prose.note.clone(), words)
        && reads(SectionKind::Examples, prose.example.as_deref().map(literal_block), str::to_owned)
}

/// Returns the texts of the entries that were asked for.
fn written<'a>(task: &'a Task, docstring: &'a Docstring) -> impl Iterator<Item = &'a str> {
    let asked = |section: &&Section| match section.kind {
        SectionKind::Parameters => !task.slots.parameters.is_empty(),
        SectionKind::Returns => task.slots.returns,
        SectionKind::Yields => task.slots.yields,
        SectionKind::Raises => !task.slots.raises.is_empty(),
        _ => false,
    };
    let named = |entry: &&Entry| {
        entry.names.iter().all(|name| {
            let parameters = task.slots.parameters.iter().map(|known| known.trim_start_matches('*'));
            parameters.chain(task.slots.raises.iter().map(String::as_str)).any(|known| known == name.value)
        })
    };
    let entries = docstring.sections.iter().filter(asked).flat_map(|section| &section.entries);
    entries.filter(named).filter_map(|entry| entry.description.as_ref()).map(|text| text.value.as_str())
}

fn bare(name: &str) -> String {
    name.trim_start_matches('*').to_owned()
}
