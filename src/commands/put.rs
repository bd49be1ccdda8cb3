//! Proven edits → index and working tree, together or not at all for each definition.

use std::collections::HashSet;
use std::path::Path;

use crate::change::RepoPath;
use crate::edit::{carry, prove};
use crate::error::{Error, ExitStatus};
use crate::git::{FilePatch, Repository, Swap, WriteError, replace_file, write_back};
use crate::python::{decode, encode, parse};
use crate::report::{Resolution, SkipReason};
use crate::telemetry::crash::doing;

use super::mend::{Mended, Mending};
use super::output;
use super::setting::of_git;

/// Where edits are written.
#[derive(Clone, Copy)]
pub(super) enum Target<'a> {
    /// Into the index and the working tree; what was judged is the staged text.
    IndexAndWorkingTree(&'a Repository),
    /// Into the working tree only; what was judged is staged or committed.
    WorkingTree(&'a Repository),
    /// Into the files below a folder, which are what was judged.
    Files(&'a Path),
}

/// Writes the edits. What cannot be written is withdrawn, with the reason.
///
/// # Errors
///
/// Git cannot say what is staged, or a file cannot be written.
pub(super) fn put(mending: &mut Mending, target: Target<'_>) -> Result<(), Error> {
    let _doing = doing("writing", "what was mended");
    put_where_meant(mending, target)?;
    let written = mending.files.iter().filter(|mended| !mended.edits.is_empty());
    let (files, definitions) =
        (written.clone().count(), written.map(|mended| mended.edits.len()).sum::<usize>());
    tracing::info!(files, definitions, "docstrings have been written");
    Ok(())
}

fn put_where_meant(mending: &mut Mending, target: Target<'_>) -> Result<(), Error> {
    let (repository, with_index) = match target {
        Target::IndexAndWorkingTree(repository) => (repository, true),
        Target::WorkingTree(repository) => (repository, false),
        Target::Files(root) => return put_files(mending, root),
    };
    let put_aside = repository.put_aside().map_err(|error| of_git(&error))?;
    let mut kept = Vec::new();
    let with_edits = mending.files.iter().filter(|mended| !mended.edits.is_empty());
    let paths: Vec<RepoPath> = with_edits.map(|mended| mended.judged.path.clone()).collect();
    let converted = repository.in_another_encoding(&paths).map_err(|error| of_git(&error))?;
    let mut patches = Vec::new();
    let mut places = Vec::new();
    for (place, mended) in mending.files.iter_mut().enumerate() {
        if mended.edits.is_empty() {
            continue;
        }
        if converted.contains(&mended.judged.path) {
            withdraw_all(mended, &CONVERTED);
            continue;
        }
        let Some(working) = working_text(repository, mended, with_index)? else { continue };
        let path = &mended.judged.path;
        // A patch that was left behind is told by a file that is not as it is staged: its edits are not put aside.
        let is_hidden = put_aside.as_ref().is_some_and(|aside| aside.concerns(path))
            && encode(&mended.judged.file.text).is_ok_and(|judged| judged == working);
        if is_hidden {
            kept.push(path.to_string());
            withdraw_all(mended, &Resolution::Skipped(SkipReason::PutAside));
            continue;
        }
        let after = carried(mended, &working);
        if mended.edits.is_empty() {
            continue;
        }
        let Some((judged, mended_bytes)) = encoded(mended) else { continue };
        let Ok(after) = encode(&after) else {
            withdraw_all(mended, &UNWRITABLE);
            continue;
        };
        let staged = with_index.then_some(Swap { before: judged, after: mended_bytes });
        let working = Swap { before: working, after };
        patches.push(FilePatch { path: mended.judged.path.clone(), staged, working: Some(working) });
        places.push(place);
    }
    if let (Some(aside), false) = (&put_aside, kept.is_empty()) {
        output::tell(&format!(
            "docgate: {} has put unstaged edits of {} aside and would bring them back at the wrong lines, so nothing \
             was written there. Stage what belongs to the commit, if it is not staged yet (`git add -p`), run \
             `docgate fix --staged`, which leaves them in place, and commit again",
            aside.manager,
            kept.join(", ")
        ));
    }
    let mut failure = None;
    for (written, place) in write_back(repository, &patches).into_iter().zip(places) {
        let Err(error) = written.result else { continue };
        let resolution = match &error {
            WriteError::ChangedMeanwhile { .. } => Resolution::Skipped(SkipReason::ChangedMeanwhile),
            WriteError::LeftAlone { reason } => Resolution::Skipped(SkipReason::NotEditable(reason)),
            _ => Resolution::Failed(error.to_string()),
        };
        if matches!(resolution, Resolution::Failed(_)) {
            failure.get_or_insert(error);
        }
        withdraw_all(&mut mending.files[place], &resolution);
    }
    match failure {
        Some(error) => Err(Error::of(ExitStatus::Unfinished, &error, error.hint())),
        None => Ok(()),
    }
}

/// Returns the bytes of the working file; `None`, with the edits withdrawn, where it cannot be patched.
fn working_text(
    repository: &Repository,
    mended: &mut Mended,
    with_index: bool,
) -> Result<Option<Vec<u8>>, Error> {
    let path = mended.judged.path.clone();
    let working = if with_index {
        let Some(sides) = repository.staged_and_working(&path).map_err(|error| of_git(&error))? else {
            withdraw_all(mended, &Resolution::Skipped(SkipReason::ChangedMeanwhile));
            return Ok(None);
        };
        if Ok(&sides.staged) != encode(&mended.judged.file.text).as_ref() {
            withdraw_all(mended, &Resolution::Skipped(SkipReason::ChangedMeanwhile));
            return Ok(None);
        }
        sides.working
    } else {
        repository.working_file(&path).map_err(|error| of_git(&error))?
    };
    if working.is_none() {
        withdraw_all(mended, &Resolution::Skipped(SkipReason::PartlyStaged));
    }
    Ok(working)
}

/// Carries the edits over to the working text; what has no counterpart there is withdrawn from both.
fn carried(mended: &mut Mended, working: &[u8]) -> String {
    let partly = Resolution::Skipped(SkipReason::PartlyStaged);
    let Ok(text) = decode(working) else {
        withdraw_all(mended, &partly);
        return String::new();
    };
    if text == mended.judged.file.text {
        return mended.text();
    }
    let file = parse(&text);
    let edited = parse(&mended.text());
    let carried = carry(&mended.judged.file, &edited, &file, &mended.edits);
    let proven = prove(&file, &carried.edits);
    let dropped = proven.dropped.iter().map(|(name, _)| name);
    let partly_staged: HashSet<&str> =
        carried.partly_staged.iter().chain(dropped).map(String::as_str).collect();
    mended.withdraw_all(|name| partly_staged.contains(name), &partly);
    proven.text
}

fn put_files(mending: &mut Mending, root: &Path) -> Result<(), Error> {
    for mended in mending.files.iter_mut().filter(|mended| !mended.edits.is_empty()) {
        let path = mended.judged.path.clone();
        let Some((before, after)) = encoded(mended) else { continue };
        match replace_file(root, &path, &before, &after) {
            Ok(true) => {}
            Ok(false) => withdraw_all(mended, &Resolution::Skipped(SkipReason::ChangedMeanwhile)),
            Err(error) => {
                return Err(Error::unfinished(format!("cannot write {path}")).because(error));
            }
        }
    }
    Ok(())
}

/// The reason for a file that is staged as UTF-8 and lies in the working tree as something else.
const CONVERTED: Resolution = Resolution::Skipped(SkipReason::NotEditable(
    "git gives its file another encoding in the working tree (`working-tree-encoding`)",
));

/// The reason for a text that its file cannot hold; edits are proven, so it does not come to this.
const UNWRITABLE: Resolution =
    Resolution::Skipped(SkipReason::NotEditable("its file's encoding cannot hold the new text"));

/// Returns the bytes that were judged and those with all edits; `None`, with the edits withdrawn, without an encoding.
fn encoded(mended: &mut Mended) -> Option<(Vec<u8>, Vec<u8>)> {
    let both = encode(&mended.judged.file.text).ok().zip(encode(&mended.text()).ok());
    if both.is_none() {
        withdraw_all(mended, &UNWRITABLE);
    }
    both
}

fn withdraw_all(mended: &mut Mended, resolution: &Resolution) {
    mended.withdraw_all(|_| true, resolution);
}
