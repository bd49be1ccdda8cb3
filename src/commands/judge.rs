//! Changes → findings, file by file and in parallel.

use std::collections::HashMap;
use std::sync::Arc;

use rayon::prelude::*;

use crate::change::{Change, RepoPath, SkippedFile};
use crate::git::Selection;
use crate::python::{ParsedFile, compare, decode, parse};
use crate::report::{Outcome, Report, Resolution};
use crate::rules::{Checked, Finding, Settings, check};

/// A file that was looked at.
#[derive(Debug, Clone)]
pub(super) struct Judged {
    pub(super) path: RepoPath,
    pub(super) file: Arc<ParsedFile>,
    pub(super) base: Option<Arc<ParsedFile>>,
    pub(super) checked: Vec<Checked>,
}

/// All files of a run.
#[derive(Debug, Clone, Default)]
pub(super) struct Judgement {
    pub(super) files: Vec<Judged>,
    pub(super) skipped: Vec<SkippedFile>,
}

/// Applies the rules to a selection.
pub(super) fn judge(selection: &Selection, settings: &Settings) -> Judgement {
    let results: Vec<Result<Judged, SkippedFile>> = match selection.changes.as_slice() {
        // A pool of threads costs more than one file.
        [change] => vec![judge_one(change, selection, settings)],
        changes => changes.par_iter().map(|change| judge_one(change, selection, settings)).collect(),
    };
    let mut judgement = Judgement { files: Vec::new(), skipped: selection.skipped.clone() };
    for result in results {
        match result {
            Ok(judged) => judgement.files.push(judged),
            Err(skipped) => judgement.skipped.push(skipped),
        }
    }
    judgement
}

fn judge_one(change: &Change, selection: &Selection, settings: &Settings) -> Result<Judged, SkippedFile> {
    let text = decode(&change.new)
        .map_err(|error| SkippedFile { path: change.path.to_string(), reason: error.to_string() })?;
    let file = parse(&text);
    // A base that cannot be read cannot be compared with: everything in the file counts as new.
    let base = change.base.as_deref().and_then(|base| decode(base).ok()).map(|base| parse(&base));
    let mut checked = check(&change.path, &file, base.as_ref(), settings);
    if let Some((_, theirs)) = selection.theirs.iter().find(|(path, _)| *path == change.path)
        && let Ok(theirs) = decode(theirs)
    {
        // What a merge takes from the other side was looked at when it was written there.
        let pairings = compare(Some(&parse(&theirs)), &file);
        checked.retain(|checked| pairings[checked.index].touched.is_some());
    }
    Ok(Judged { path: change.path.clone(), file: Arc::new(file), base: base.map(Arc::new), checked })
}

impl Judged {
    /// Returns the indices of the definitions by their qualified names.
    pub(super) fn by_name(&self) -> HashMap<&str, usize> {
        let definitions = self.file.definitions.iter().enumerate();
        definitions.map(|(index, found)| (found.qualified_name.as_str(), index)).collect()
    }

    /// Makes the outcome of a definition to which nothing was done.
    pub(super) fn outcome(&self, checked: &Checked) -> Outcome {
        let definition = &self.file.definitions[checked.index];
        let clean = checked.findings.is_empty();
        Outcome {
            path: self.path.clone(),
            definition: definition.qualified_name.clone(),
            line: self.file.lines.line(definition.anchor().start),
            found: checked.findings.clone(),
            remaining: checked.findings.clone(),
            resolution: if clean { Resolution::Clean } else { Resolution::Reported },
        }
    }

    /// Applies the rules again to a changed text of the same file.
    pub(super) fn findings_in(&self, text: &str, settings: &Settings) -> Vec<(String, Vec<Finding>)> {
        let file = parse(text);
        let checked = check(&self.path, &file, self.base.as_deref(), settings);
        checked
            .into_iter()
            .map(|checked| (file.definitions[checked.index].qualified_name.clone(), checked.findings))
            .collect()
    }
}

impl Judgement {
    /// Makes the report of a run that only looked.
    pub(super) fn report(self) -> Report {
        let mut report = self.empty_report();
        for judged in &self.files {
            let found = judged.checked.iter().filter(|checked| !checked.findings.is_empty());
            report.outcomes.extend(found.map(|checked| judged.outcome(checked)));
        }
        report
    }

    /// Makes a report with the counts and nothing else.
    pub(super) fn empty_report(&self) -> Report {
        let mut skipped = self.skipped.clone();
        for judged in self.files.iter().filter(|judged| !judged.file.errors.is_empty()) {
            let line = judged.file.errors.first().map_or(1, |error| judged.file.lines.line(error.start));
            let reason = format!("a syntax error near line {line}; what it touches is not looked at");
            skipped.push(SkippedFile { path: judged.path.to_string(), reason });
        }
        Report {
            definitions: self.files.iter().map(|judged| judged.checked.len()).sum(),
            files: self.files.len(),
            skipped,
            ..Report::default()
        }
    }
}
