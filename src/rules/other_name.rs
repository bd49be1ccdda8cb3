//! Whether a documented parameter is one of the signature under another name.
//!
//! DOC102 and DOC103 ask here: the first so that nothing is deleted that was only renamed, the second so that a name is
//! only changed where it is plain that it was.

use crate::docstring::{Entry, Name};
use crate::python::{Parameter, ParameterKind};

use super::Subject;
use super::parameters::{documented, is_asked_for};
use super::prose::FUNCTION_WORDS;
use super::support::words;

/// Returns whether a documented parameter could be one of the signature under a name of before: because one came
/// in this change, or because one is called much the same.
///
/// It goes by the signature alone, so that the answer does not depend on what has been documented since.
pub(super) fn may_be_renamed(subject: &Subject<'_>, name: &str) -> bool {
    let Some((signature, _)) = subject.described_signature() else { return false };
    let base = subject.base.filter(|base| base.kind.is_function());
    signature.callers_parameters().iter().any(|parameter| {
        let came = base
            .is_some_and(|base| !base.signature.parameters.iter().any(|known| known.name == parameter.name));
        came || is_alike(name, &parameter.name)
    })
}

/// Returns whether nothing speaks against two names being the same parameter: stars and types agree.
pub(super) fn may_be_same(subject: &Subject<'_>, entry: &Entry, name: &Name, parameter: &Parameter) -> bool {
    let stars = match parameter.kind {
        ParameterKind::VarPositional => 1,
        ParameterKind::VarKeyword => 2,
        _ => 0,
    };
    let before =
        subject.base.and_then(|base| base.signature.parameters.iter().find(|found| found.name == name.value));
    let agree = |one: &str, other: &str| {
        let plain = |text: &str| text.replace([' ', '"', '\''], "").replace("typing.", "").to_lowercase();
        let (one, other) = (plain(one), plain(other));
        one.contains(&other) || other.contains(&one)
    };
    let annotation = parameter.annotation.as_deref();
    let by_base = before.and_then(|before| before.annotation.as_deref()).zip(annotation);
    let by_text = entry.type_text.as_ref().map(|text| text.value.as_str()).zip(annotation);
    stars == name.stars
        && by_base.is_none_or(|(before, now)| agree(before, now))
        && (by_base.is_some() || by_text.is_none_or(|(said, now)| agree(said, now)))
}

/// One went and one came: it is the same parameter if it stands behind the same neighbour.
pub(super) fn is_same_place(
    documented: &[(&Entry, &Name)],
    name: &Name,
    parameters: &[Parameter],
    parameter: &Parameter,
) -> bool {
    let before_name = documented.iter().take_while(|(_, found)| found.span != name.span).last();
    let asked: Vec<&Parameter> = parameters.iter().filter(|found| is_asked_for(found)).collect();
    let before_parameter = asked.iter().take_while(|found| found.span != parameter.span).last();
    before_name.map(|(_, found)| found.value.as_str()) == before_parameter.map(|found| found.name.as_str())
}

/// Returns whether more than its being the only one speaks for a parameter's having had another name: the entries beside it,
/// this change or the names. Where nobody saw the old name go, the text below it must not be about what that one says.
pub(super) fn is_plainly_renamed(
    subject: &Subject<'_>,
    (entry, name): (&Entry, &Name),
    parameter: &Parameter,
) -> bool {
    let has_neighbours = subject.judged_docstring().is_some_and(|docstring| documented(docstring).len() > 1);
    let was_there = subject
        .base
        .is_some_and(|base| base.signature.parameters.iter().any(|known| known.name == name.value));
    // "The id of the task" is no `task_url`.
    let now = parts(&parameter.name);
    let is_gone = |word: &String| !now.contains(word) && !FUNCTION_WORDS.contains(&word.as_str());
    let gone: Vec<String> = parts(&name.value).into_iter().filter(is_gone).collect();
    let described = entry.description.as_ref().map_or("", |text| text.value.as_str());
    let is_about_old = words(described).flat_map(parts).any(|word| gone.contains(&word));
    was_there || !is_about_old && (has_neighbours || is_alike(&name.value, &parameter.name))
}

/// Returns whether two names have a word in common, in the singular or the plural.
fn is_alike(one: &str, other: &str) -> bool {
    let long = |name: &str| -> Vec<String> {
        name.split('_').filter(|word| word.len() > 2).flat_map(parts).collect()
    };
    let (one, other) = (long(one), long(other));
    one.iter().any(|word| other.contains(word))
}

/// Returns the words of a name in the singular and in small letters.
fn parts(name: &str) -> Vec<String> {
    let words = name.split('_').filter(|word| !word.is_empty()).map(str::to_lowercase);
    words.map(|word| word.strip_suffix('s').map_or(word.clone(), str::to_owned)).collect()
}
