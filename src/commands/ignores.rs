//! `docgate fix --add-ignores`: what is found today is silenced where it stands, so that only new findings count.
//!
//! A comment is the one thing outside of docstrings that docgate ever writes, and only here. The files are written as they are on
//! disk; what is staged is for the person who asked.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use crate::error::{Error, ExitStatus};
use crate::git::replace_file;
use crate::python::encode;
use crate::rules::{Finding, Severity, silence};

use super::fix::unified;
use super::judge::{Judged, Judgement};
use super::output;

/// Writes the comments, or shows them; advice is not silenced, since it never blocks.
pub(super) fn run(judgement: &Judgement, root: &Path, only_shows: bool) -> Result<ExitStatus, Error> {
    let (mut comments, mut files) = (0, 0);
    let mut shown = String::new();
    for judged in &judgement.files {
        let wanted = wanted(judged);
        let silenced = silence(&judged.file, &wanted);
        for index in &silenced.left {
            let name = judged.file.definitions[*index].qualified_name.as_str();
            let name = if name.is_empty() { "the module" } else { name };
            output::tell(&format!("docgate: {}: the line of {name} cannot take a comment", judged.path));
        }
        if silenced.count == 0 {
            continue;
        }
        (comments, files) = (comments + silenced.count, files + 1);
        if only_shows {
            shown.push_str(&unified(&judged.path, &judged.file.text, &silenced.text));
            continue;
        }
        let (Ok(before), Ok(after)) = (encode(&judged.file.text), encode(&silenced.text)) else { continue };
        match replace_file(root, &judged.path, &before, &after) {
            Ok(true) => {}
            Ok(false) => output::tell(&format!("docgate: {} changed meanwhile; run it again", judged.path)),
            Err(error) => {
                return Err(Error::unfinished(format!("cannot write {}", judged.path)).because(error));
            }
        }
    }
    if only_shows {
        output::show(&shown)?;
    } else {
        output::tell(&format!("docgate: {comments} comments in {files} files"));
    }
    Ok(ExitStatus::Success)
}

/// Collects the codes that are to be silenced by the index of the definition.
fn wanted(judged: &Judged) -> BTreeMap<usize, BTreeSet<&'static str>> {
    let mut wanted: BTreeMap<usize, BTreeSet<&'static str>> = BTreeMap::new();
    for checked in &judged.checked {
        // Comments that silence nothing, or name nothing, are put right and not silenced.
        let is_meant =
            |finding: &&Finding| finding.severity > Severity::Advice && !finding.is_about_a_comment();
        for finding in checked.findings.iter().filter(is_meant) {
            wanted.entry(checked.index).or_default().insert(finding.code);
        }
    }
    wanted
}
