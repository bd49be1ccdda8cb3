//! Changes → findings: all files are parsed, then paired with their bases together, then judged.
//!
//! Parsing and judging are parallel over files. Pairing is not: a definition may have come from any of them.

use std::collections::HashMap;
use std::sync::Arc;

use rayon::prelude::*;

use crate::change::{Change, RepoPath, SkippedFile};
use crate::git::Selection;
use crate::python::{Pairing, ParsedFile, Versions, compare, compare_all, decode, parse};
use crate::report::{Outcome, Report, Resolution, Source};
use crate::rules::{Checked, Finding, Settings, check};

/// A file that was looked at.
#[derive(Debug, Clone)]
pub(super) struct Judged {
    pub(super) path: RepoPath,
    pub(super) file: Arc<ParsedFile>,
    /// What happened to each of its definitions.
    pub(super) pairings: Vec<Pairing>,
    pub(super) checked: Vec<Checked>,
}

/// All files of a run.
#[derive(Debug, Clone, Default)]
pub(super) struct Judgement {
    pub(super) files: Vec<Judged>,
    pub(super) skipped: Vec<SkippedFile>,
}

/// A file of the run, in both versions.
pub(super) struct Parsed {
    pub(super) path: RepoPath,
    pub(super) file: Arc<ParsedFile>,
    pub(super) base: Option<Arc<ParsedFile>>,
    /// The file as the other side of a merge has it.
    theirs: Option<Arc<ParsedFile>>,
}

/// Applies the rules to a selection.
pub(super) fn judge(selection: &Selection, settings: &Settings) -> Judgement {
    let Compared { files, skipped } = compared(selection, settings);
    let files = on_all(files, |(parsed, pairings)| {
        let mut checked = check(&parsed.path, &parsed.file, &pairings, settings);
        if let Some(theirs) = &parsed.theirs {
            // What a merge takes from the other side was looked at when it was written there.
            let pairings = compare(Some(theirs), &parsed.file);
            checked.retain(|checked| pairings[checked.index].touched.is_some());
        }
        Judged { path: parsed.path, file: parsed.file, pairings, checked }
    });
    Judgement { files, skipped }
}

/// The files of a selection before they are judged.
pub(super) struct Compared {
    /// Each with what happened to its definitions.
    pub(super) files: Vec<(Parsed, Vec<Pairing>)>,
    pub(super) skipped: Vec<SkippedFile>,
}

/// Parses the files of a selection, and compares them with their bases.
pub(super) fn compared(selection: &Selection, settings: &Settings) -> Compared {
    let mut skipped = selection.skipped.clone();
    let mut files = Vec::new();
    for result in on_all(selection.changes.iter().collect(), |change| parsed(change, selection)) {
        match result {
            Ok(parsed) => files.push(parsed),
            Err(reason) => skipped.push(reason),
        }
    }
    for parsed in &files {
        settings.modules.add(parsed.path.clone(), Arc::clone(&parsed.file));
    }
    let pairings = paired(&files, selection);
    Compared { files: files.into_iter().zip(pairings).collect(), skipped }
}

/// Does the same to each of several, in parallel; a pool of threads costs more than one file.
pub(super) fn on_all<T: Send, R: Send>(mut items: Vec<T>, work: impl Fn(T) -> R + Send + Sync) -> Vec<R> {
    match items.len() {
        0 | 1 => items.pop().map(work).into_iter().collect(),
        _ => items.into_par_iter().map(work).collect(),
    }
}

fn parsed(change: &Change, selection: &Selection) -> Result<Parsed, SkippedFile> {
    let text = decode(&change.new)
        .map_err(|error| SkippedFile { path: change.path.to_string(), reason: error.to_string() })?;
    // A base that cannot be read cannot be compared with: everything in the file counts as new.
    let read = |bytes: &[u8]| decode(bytes).ok().map(|text| Arc::new(parse(&text)));
    let theirs = selection.theirs.iter().find(|(path, _)| *path == change.path);
    Ok(Parsed {
        path: change.path.clone(),
        file: Arc::new(parse(&text)),
        base: change.base.as_deref().and_then(read),
        theirs: theirs.and_then(|(_, theirs)| read(theirs)),
    })
}

/// Compares all files with their bases.
fn paired(files: &[Parsed], selection: &Selection) -> Vec<Vec<Pairing>> {
    let mut versions: Vec<Versions<'_>> =
        files.iter().map(|parsed| Versions { base: parsed.base.as_ref(), new: Some(&parsed.file) }).collect();
    let mut pairings = compare_all(&versions);
    // Deleted files are parsed where something has come that may have been in them.
    let has_come =
        pairings.iter().flat_map(|pairings| pairings.iter().skip(1)).any(|found| found.base.is_none());
    if has_come && !selection.deleted.is_empty() {
        let deleted = on_all(selection.deleted.iter().collect(), |bytes: &Vec<u8>| {
            decode(bytes).ok().map(|text| Arc::new(parse(&text)))
        });
        let deleted: Vec<Arc<ParsedFile>> = deleted.into_iter().flatten().collect();
        versions.extend(deleted.iter().map(|base| Versions { base: Some(base), new: None }));
        pairings = compare_all(&versions);
    }
    pairings.truncate(files.len());
    pairings
}

impl Judged {
    /// Returns the indices of the definitions by their qualified names.
    pub(super) fn by_name(&self) -> HashMap<&str, usize> {
        let definitions = self.file.definitions.iter().enumerate();
        definitions.map(|(index, found)| (found.qualified_name.as_str(), index)).collect()
    }

    /// Returns the text that was judged, for whoever shows what was found in it.
    pub(super) fn source(&self) -> Source {
        Source::new(self.file.text.as_str(), self.file.lines.clone())
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
            fix: None,
        }
    }

    /// Applies the rules again to a changed text of the same file.
    pub(super) fn findings_in(&self, text: &str, settings: &Settings) -> Vec<(String, Vec<Finding>)> {
        let file = parse(text);
        // Edits change docstrings only, so that all definitions are where they were.
        let pairings: Vec<Pairing> = self
            .pairings
            .iter()
            .zip(&file.definitions)
            .map(|(pairing, edited)| pairing.with(&file, edited))
            .collect();
        let checked = check(&self.path, &file, &pairings, settings);
        checked
            .into_iter()
            .map(|checked| (file.definitions[checked.index].qualified_name.clone(), checked.findings))
            .collect()
    }
}

impl Judgement {
    /// Makes the report of a run that only looked.
    pub(super) fn report(&self) -> Report {
        let mut report = self.empty_report();
        for judged in &self.files {
            let before = report.outcomes.len();
            let found = judged.checked.iter().filter(|checked| !checked.findings.is_empty());
            report.outcomes.extend(found.map(|checked| judged.outcome(checked)));
            if report.outcomes.len() > before {
                report.sources.insert(judged.path.clone(), judged.source());
            }
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
