//! Carrying out remedies on the text of a docstring.

use crate::docstring::{Amender, Amendment, Docstring, DraftEntry, Entry, SectionKind, Wording};
use crate::python::Span;
use crate::rules::{Answer, Described, Finding, Remedy, claimed_default};

use super::Revision;

/// Which repairs are made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Daring {
    /// Those that lose no word that somebody wrote, but the entry of a parameter that is gone.
    #[default]
    Safe,
    /// All.
    Unsafe,
}

impl Daring {
    /// Returns the remedy of a finding, if it may be carried out.
    #[must_use]
    pub fn remedy(self, finding: &Finding) -> Option<&Remedy> {
        match &finding.answer {
            Answer::Repair(remedy) => Some(remedy),
            Answer::UnsafeRepair(remedy) if self == Self::Unsafe => Some(remedy),
            _ => None,
        }
    }
}

/// Carries out the remedies of findings that concern what the text says; returns whether anything was changed.
///
/// What cannot be carried out, or would change prose that it is not about, is left as it is; the finding then stays.
pub fn repair(revision: &mut Revision, findings: &[Finding], daring: Daring) -> bool {
    let mut changed = false;
    for remedy in findings.iter().filter_map(|finding| daring.remedy(finding)) {
        let text = revision.text().to_owned();
        let before = words(revision.docstring());
        let make =
            |docstring: &Docstring, amender: &Amender<'_>| carried_out(docstring, amender, remedy, &text);
        changed |= revision.change_if(make, |after| is_fair(remedy, &before, after));
    }
    changed
}

fn carried_out(docstring: &Docstring, amender: &Amender<'_>, remedy: &Remedy, text: &str) -> Vec<Amendment> {
    match remedy {
        Remedy::RemoveParameter(name) => remove(docstring, amender, place(docstring, PARAMETERS, name), name),
        Remedy::RemoveAttribute(name) => remove(docstring, amender, place(docstring, ATTRIBUTES, name), name),
        Remedy::RemoveException(name) => remove(docstring, amender, place(docstring, RAISES, name), name),
        Remedy::RenameParameter { from, to } => {
            rename(docstring, amender, place(docstring, PARAMETERS, from), (from, to))
        }
        Remedy::RenameAttribute { from, to } => {
            rename(docstring, amender, place(docstring, ATTRIBUTES, from), (from, to))
        }
        Remedy::SetDefault { parameter, to } => set_default(docstring, text, parameter, to),
        Remedy::SetType { of, to } => match described(docstring, of) {
            Some((section, entry)) => amender.set_type(section, entry, to),
            None => Vec::new(),
        },
        Remedy::SetTypes(types) => types
            .iter()
            .filter_map(|(of, to)| Some((described(docstring, of)?, to)))
            .flat_map(|((section, entry), to)| match to {
                Some(to) => amender.set_type(section, entry, to),
                None => amender.remove_type(section, entry),
            })
            .collect(),
        Remedy::Reorder { kind, names } => {
            let sections = docstring.sections.iter().enumerate().filter(|(_, found)| found.kind == *kind);
            sections.flat_map(|(index, _)| amender.reorder_entries(index, names)).collect()
        }
        Remedy::RemoveSection(kind) => {
            let position = docstring.sections.iter().position(|section| section.kind == *kind);
            position.map_or_else(Vec::new, |section| {
                let entries: Vec<usize> = (0..docstring.sections[section].entries.len()).collect();
                if entries.is_empty() {
                    amender.remove_section(section).into_iter().collect()
                } else {
                    amender.remove_entries(section, &entries)
                }
            })
        }
        Remedy::AddException { name, text, order } => {
            let entry = DraftEntry { name: Some(name.clone()), type_text: None, description: text.clone() };
            amender.insert_entries(SectionKind::Raises, &[entry], order)
        }
        Remedy::AddResult { kind, type_text } => {
            let entry =
                DraftEntry { name: None, type_text: Some(type_text.clone()), description: String::new() };
            amender.insert_entries(*kind, &[entry], &[])
        }
        // The layout is not of the text alone: `rounds` does that.
        Remedy::Lay(_) => Vec::new(),
    }
}

const PARAMETERS: &[SectionKind] = &[SectionKind::Parameters, SectionKind::OtherParameters];
const ATTRIBUTES: &[SectionKind] = &[SectionKind::Attributes];
const RAISES: &[SectionKind] = &[SectionKind::Raises];

fn remove(
    docstring: &Docstring,
    amender: &Amender<'_>,
    place: Option<(usize, usize)>,
    name: &str,
) -> Vec<Amendment> {
    let Some((section, entry)) = place else { return Vec::new() };
    let shared = docstring.sections[section].entries[entry].names.len() > 1;
    if shared {
        amender.remove_name(section, entry, name).into_iter().collect()
    } else {
        amender.remove_entry(section, entry)
    }
}

fn rename(
    docstring: &Docstring,
    amender: &Amender<'_>,
    place: Option<(usize, usize)>,
    (from, to): (&str, &str),
) -> Vec<Amendment> {
    let Some((section, entry)) = place else { return Vec::new() };
    amender.rename_entry(&docstring.sections[section].entries[entry], from, to)
}

/// The new value is written as the old one was: with quotes if it had them, without if it had none.
fn set_default(docstring: &Docstring, text: &str, parameter: &str, to: &str) -> Vec<Amendment> {
    let Some((section, entry)) = place(docstring, PARAMETERS, parameter) else { return Vec::new() };
    let Some(claim) = claimed_default(&docstring.sections[section].entries[entry], text) else {
        return Vec::new();
    };
    let wording = Wording::Read;
    let amendment = match (inside_quotes(to), inside_quotes(&claim.value)) {
        // The quotes stay as they stand there: nobody needs to escape them anew.
        (Some(new), Some(old)) if !new.contains(['"', '\'', '\\']) => {
            let span = Span::new(claim.span.start + 1, claim.span.start + 1 + old.len());
            Amendment { span, text: new.to_owned(), wording }
        }
        // Without quotes only a word reads as a value: "Defaults to ." says nothing.
        (Some(new), None) if !claim.value.starts_with(['"', '\'']) && is_word(new) => {
            Amendment { span: claim.span, text: new.to_owned(), wording }
        }
        _ => Amendment { span: claim.span, text: to.to_owned(), wording },
    };
    vec![amendment]
}

fn is_word(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|character| character.is_alphanumeric() || "_-".contains(character))
}

/// Returns what stands between plain quotes.
fn inside_quotes(value: &str) -> Option<&str> {
    let quote = value.chars().next().filter(|first| matches!(first, '"' | '\''))?;
    value.strip_prefix(quote)?.strip_suffix(quote)
}

fn place(docstring: &Docstring, kinds: &[SectionKind], name: &str) -> Option<(usize, usize)> {
    let names = |entry: &Entry| entry.names.iter().any(|found| found.value == name);
    docstring
        .sections
        .iter()
        .enumerate()
        .filter(|(_, section)| kinds.contains(&section.kind))
        .find_map(|(index, section)| section.entries.iter().position(names).map(|entry| (index, entry)))
}

fn described(docstring: &Docstring, of: &Described) -> Option<(usize, usize)> {
    let only = |kind: SectionKind| {
        let mut found = docstring.sections.iter().enumerate().filter(|(_, section)| section.kind == kind);
        let ((index, section), None) = (found.next()?, found.next()) else { return None };
        (section.entries.len() == 1).then_some((index, 0))
    };
    match of {
        Described::Parameter(name) => place(docstring, PARAMETERS, name),
        Described::Attribute(name) => place(docstring, ATTRIBUTES, name),
        Described::Returned => only(SectionKind::Returns),
        Described::Yielded => only(SectionKind::Yields),
    }
}

/// Returns all prose of a docstring, in an order of its own.
fn words(docstring: &Docstring) -> Vec<String> {
    let whole = docstring.summary.iter().chain(&docstring.description);
    let inside = docstring.sections.iter().flat_map(|section| {
        let entries = section.entries.iter().filter_map(|entry| entry.description.as_ref());
        entries.chain(&section.text).chain(&section.after)
    });
    let mut words: Vec<String> = whole.chain(inside).map(|text| text.value.clone()).collect();
    words.sort();
    words
}

/// Returns whether a change left alone what it is not about: what is read afterwards must say the same.
fn is_fair(remedy: &Remedy, before: &[String], after: &Docstring) -> bool {
    let after = words(after);
    let holds = |all: &[String], some: &[String]| {
        let mut rest = all.iter();
        some.iter().all(|text| rest.any(|found| found == text))
    };
    match remedy {
        // The value is part of a description.
        Remedy::SetDefault { .. } => before.len() == after.len(),
        Remedy::RemoveParameter(_)
        | Remedy::RemoveAttribute(_)
        | Remedy::RemoveException(_)
        | Remedy::RemoveSection(_) => holds(before, &after),
        Remedy::AddException { .. } | Remedy::AddResult { .. } => holds(&after, before),
        _ => before == after,
    }
}
