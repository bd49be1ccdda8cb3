//! `docgate fix --convert-style`: the sections of existing docstrings in another style.

use crate::config;
use crate::docstring::{Conversion, Style, convert as converted};
use crate::edit::{IN_PIECES, rewrite};
use crate::error::Error;
use crate::repair::layout;
use crate::report::{Outcome, Report, Resolution, SkipReason};
use crate::rules::Checked;

use super::judge::{Judged, Judgement};
use super::mend::{Draft, Mended, Mending, Workshop};
use super::setting;

/// Reads the name of a style to convert to.
///
/// # Errors
///
/// It is none.
pub(super) fn style(word: &str) -> Result<Style, Error> {
    let style = word.parse::<config::Style>().ok().and_then(setting::style);
    style.ok_or_else(|| {
        Error::usage(format!("{word:?} is no style to convert to"))
            .hint("the styles are google, numpy, sphinx and epytext")
    })
}

/// Converts the docstrings of all definitions that were looked at.
pub(super) fn convert(judgement: &Judgement, workshop: &Workshop<'_>, style: Style) -> Mending {
    let files = judgement.files.iter().map(|judged| convert_file(judged, workshop, style)).collect();
    Mending { files, failures: Vec::new(), usage: None }
}

fn convert_file(judged: &Judged, workshop: &Workshop<'_>, style: Style) -> Mended {
    let mut draft = Draft::new(judged, workshop);
    for checked in &judged.checked {
        if let Some(resolution) = convert_one(&mut draft, checked, workshop, style) {
            draft.done.insert(checked.index, resolution);
        }
    }
    draft.proven()
}

/// Converts one docstring; nothing where there is nothing to convert.
fn convert_one(
    draft: &mut Draft,
    checked: &Checked,
    workshop: &Workshop<'_>,
    style: Style,
) -> Option<Resolution> {
    let docstring = checked.docstring.as_ref()?;
    let file = draft.judged.file.clone();
    let definition = &file.definitions[checked.index];
    let text = file.docstring_text(definition)?;
    let layout = layout(&file, definition, style, &draft.page);
    let conversion = converted(docstring, text, &layout);
    if conversion == Conversion::Unneeded {
        return None;
    }
    if let Some(reason) = draft.untouchable(checked, workshop) {
        return Some(Resolution::Skipped(reason));
    }
    let not_editable = |reason| Some(Resolution::Skipped(SkipReason::NotEditable(reason)));
    if definition.docstring.as_ref().is_none_or(|literal| literal.content.is_none()) {
        return not_editable(IN_PIECES);
    }
    match conversion {
        Conversion::Converted(new) => match rewrite(&file, definition, &new) {
            Ok(edit) => {
                draft.edits.push(edit);
                Some(Resolution::Repaired)
            }
            Err(reason) => not_editable(reason),
        },
        Conversion::Refused(reason) => not_editable(reason),
        Conversion::Unneeded => None,
    }
}

/// Makes the report: what was converted and what was not, without the findings of the rules.
pub(super) fn report(judgement: &Judgement, mending: &Mending) -> Report {
    let mut report = judgement.empty_report();
    for mended in &mending.files {
        for checked in &mended.judged.checked {
            if let Some(resolution) = mended.done.get(&checked.index) {
                let outcome = mended.judged.outcome(checked);
                let (found, remaining) = (Vec::new(), Vec::new());
                report.outcomes.push(Outcome { found, remaining, resolution: resolution.clone(), ..outcome });
            }
        }
    }
    report
}
