//! Prose → edit: a new docstring, or entries put into the one that is there.

use crate::docstring::{Draft, DraftEntry, DraftSection, SectionKind, Style, render};
use crate::edit::{Edit, IN_PIECES, insert, replace, rewrite};
use crate::python::{Definition, ParsedFile};
use crate::repair::{Revision, layout};

use super::Task;
use super::prose::{Named, Prose};

/// Makes the edit that writes prose for the slots of a task, repairs included.
///
/// # Errors
///
/// Says why the docstring cannot be written.
pub fn compose(task: &Task, prose: &Prose) -> Result<Edit, &'static str> {
    let definition = task.definition();
    if task.slots.summary {
        let layout = layout(&task.file, definition, Style::Google, task.width);
        let text = render(&draft(prose), &crate::docstring::Layout { line_ending: "\n", ..layout });
        return match &definition.docstring {
            Some(_) => replace(&task.file, definition, &text),
            None => insert(&task.file, definition, &text),
        };
    }
    let Some(revision) = &task.revision else {
        return Err(IN_PIECES);
    };
    let mut revision = revision.clone();
    if !add_entries(&mut revision, &task.file, definition, prose) {
        return Err("its docstring has no place for the new text");
    }
    rewrite(&task.file, definition, revision.text())
}

fn draft(prose: &Prose) -> Draft {
    let mut sections = Vec::new();
    let mut push = |kind: SectionKind, entries: Vec<DraftEntry>| {
        if !entries.is_empty() {
            sections.push(DraftSection { kind, title: None, entries });
        }
    };
    push(SectionKind::Parameters, entries(&prose.parameters));
    push(SectionKind::Returns, prose.returns.iter().map(|text| value(text)).collect());
    push(SectionKind::Yields, prose.yields.iter().map(|text| value(text)).collect());
    push(SectionKind::Raises, entries(&prose.raises));
    Draft {
        summary: prose.summary.clone().unwrap_or_default(),
        description: prose.description.clone().into_iter().collect(),
        sections,
    }
}

fn add_entries(revision: &mut Revision, file: &ParsedFile, definition: &Definition, prose: &Prose) -> bool {
    let init = format!("{}.__init__", definition.qualified_name);
    let owner = if definition.kind.is_class() { file.find(&init) } else { None };
    let signature = &owner.unwrap_or(definition).signature;
    let order: Vec<String> =
        signature.callers_parameters().iter().map(crate::python::Parameter::display_name).collect();
    let raised: Vec<String> =
        definition.body.raises.iter().filter_map(|raise| raise.exception.clone()).collect();
    let groups = [
        (SectionKind::Parameters, entries(&prose.parameters), order.as_slice()),
        (SectionKind::Returns, prose.returns.iter().map(|text| value(text)).collect(), &[]),
        (SectionKind::Yields, prose.yields.iter().map(|text| value(text)).collect(), &[]),
        (SectionKind::Raises, entries(&prose.raises), raised.as_slice()),
    ];
    groups.into_iter().filter(|(_, entries, _)| !entries.is_empty()).all(|(kind, entries, order)| {
        revision.change(|_, amender| amender.insert_entries(kind, &entries, order))
    })
}

fn entries(named: &[Named]) -> Vec<DraftEntry> {
    let entry = |found: &Named| DraftEntry {
        name: Some(found.name.clone()),
        type_text: None,
        description: found.text.trim().to_owned(),
    };
    named.iter().map(entry).collect()
}

fn value(text: &str) -> DraftEntry {
    DraftEntry { name: None, type_text: None, description: text.trim().to_owned() }
}
