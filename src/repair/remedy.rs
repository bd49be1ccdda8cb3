//! Carrying out remedies.

use crate::docstring::{Amender, Amendment, Docstring, Entry, SectionKind, Wording};
use crate::python::Span;
use crate::rules::{Answer, Finding, Remedy, claimed_default};

use super::Revision;

/// Carries out the remedies of findings; returns whether anything was changed.
///
/// What cannot be carried out is left as it is; the finding then stays.
pub fn repair(revision: &mut Revision, findings: &[Finding]) -> bool {
    let mut changed = false;
    for finding in findings {
        let Answer::Repair(remedy) = &finding.answer else { continue };
        let text = revision.text().to_owned();
        changed |= revision.change(|docstring, amender| match remedy {
            Remedy::RemoveParameter(name) => remove(docstring, amender, name),
            Remedy::RenameParameter { from, to } => rename(docstring, amender, from, to),
            Remedy::SetDefault { parameter, to } => set_default(docstring, &text, parameter, to),
        });
    }
    changed
}

fn remove(docstring: &Docstring, amender: &Amender<'_>, name: &str) -> Vec<Amendment> {
    let Some((section, entry)) = place_of(docstring, name) else { return Vec::new() };
    let shared = docstring.sections[section].entries[entry].names.len() > 1;
    if shared {
        amender.remove_name(section, entry, name).into_iter().collect()
    } else {
        amender.remove_entry(section, entry)
    }
}

fn rename(docstring: &Docstring, amender: &Amender<'_>, from: &str, to: &str) -> Vec<Amendment> {
    let Some((section, entry)) = place_of(docstring, from) else { return Vec::new() };
    amender.rename_entry(&docstring.sections[section].entries[entry], from, to)
}

/// The new value is written as the old one was: with quotes if it had them, without if it had none.
fn set_default(docstring: &Docstring, text: &str, parameter: &str, to: &str) -> Vec<Amendment> {
    let Some((section, entry)) = place_of(docstring, parameter) else { return Vec::new() };
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

fn place_of(docstring: &Docstring, name: &str) -> Option<(usize, usize)> {
    let lists_parameters =
        |kind: SectionKind| matches!(kind, SectionKind::Parameters | SectionKind::OtherParameters);
    let names = |entry: &Entry| entry.names.iter().any(|found| found.value == name);
    docstring
        .sections
        .iter()
        .enumerate()
        .filter(|(_, section)| lists_parameters(section.kind))
        .find_map(|(index, section)| section.entries.iter().position(names).map(|entry| (index, entry)))
}
