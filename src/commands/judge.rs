//! Changes → findings: all files are parsed, then paired with their bases together, then judged.
//!
//! Parsing and judging are parallel over files. Pairing is not: a definition may have come from any of them. Files on disk
//! have no bases: each is read, judged and let go by itself, so that memory does not grow with the repository.

use std::cmp::Reverse;
use std::collections::HashMap;
use std::sync::Arc;

use rayon::prelude::*;

use crate::change::{Change, RepoPath, SkippedFile};
use crate::git::Selection;
use crate::python::{Pairing, ParsedFile, Versions, compare, compare_all, decode, parse};
use crate::report::{Outcome, Report, Resolution, Source};
use crate::rules::{Checked, Finding, Settings, check};
use crate::telemetry::crash::doing;

use super::choose::Looked;
use super::mend::Workshop;
use super::offer::{offer, take_back};
use super::progress::Progress;

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
    let (files, skipped) = compared(selection, settings);
    let progress = Progress::of("judging files", files.len());
    let files = on_all(files, size, |(parsed, pairings)| {
        let judged = judged(parsed, pairings, settings);
        progress.advance(1);
        judged
    });
    let judgement = Judgement { files, skipped };
    let report = judgement.empty_report();
    let findings: usize = judgement.files.iter().flat_map(|it| &it.checked).map(|it| it.findings.len()).sum();
    log_judged(&report, findings);
    judgement
}

/// What a report holds of a file with findings, beside the findings.
///
/// It is taken while the file is at hand, so that none has to be kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Beside {
    /// Nothing.
    Nothing,
    /// Whether `docgate fix` can answer them where it is.
    Answers,
    /// That, and the lines that show them.
    Lines,
    /// These, and what `docgate fix` would write.
    LinesAndFixes,
}

/// Applies the rules to all files of a run that only looks.
pub(super) fn report(looked: &Looked, workshop: &Workshop<'_>, beside: Beside) -> Report {
    let (parts, skipped) = each_judged(looked, workshop.settings, |judged| {
        let found = judged.checked.iter().filter(|checked| !checked.findings.is_empty());
        let mut outcomes: Vec<Outcome> = found.map(|checked| judged.outcome(checked)).collect();
        if beside >= Beside::Answers {
            take_back(&mut outcomes, &judged, workshop);
        }
        if beside == Beside::LinesAndFixes {
            offer(&mut outcomes, &judged, workshop);
        }
        let is_shown = beside >= Beside::Lines && !outcomes.is_empty();
        let source = is_shown.then(|| (judged.path.clone(), judged.source(&outcomes)));
        (judged.checked.len(), judged.syntax_error(), outcomes, source)
    });
    let mut report = Report { files: parts.len(), skipped, ..Report::default() };
    for (definitions, syntax_error, outcomes, source) in parts {
        report.definitions += definitions;
        report.skipped.extend(syntax_error);
        report.outcomes.extend(outcomes);
        report.sources.extend(source);
    }
    log_judged(&report, report.remaining().count());
    report
}

fn log_judged(report: &Report, findings: usize) {
    let (files, definitions, skipped) = (report.files, report.definitions, report.skipped.len());
    tracing::info!(files, definitions, findings, skipped, "the rules have been applied");
}

/// Applies the rules to each file of a run, and returns what is made of it, with the files that were not looked at.
pub(super) fn each_judged<R: Send>(
    looked: &Looked,
    settings: &Settings,
    work: impl Fn(Judged) -> R + Send + Sync,
) -> (Vec<R>, Vec<SkippedFile>) {
    each(looked, settings, |parsed, pairings| work(judged(parsed, pairings, settings)))
}

/// Does something with each file of a run, and returns what comes of it, with the files that were not looked at.
pub(super) fn each<R: Send>(
    looked: &Looked,
    settings: &Settings,
    work: impl Fn(Parsed, Vec<Pairing>) -> R + Send + Sync,
) -> (Vec<R>, Vec<SkippedFile>) {
    let found = match looked {
        Looked::Changes(selection) => {
            let (files, skipped) = compared(selection, settings);
            let progress = Progress::of("judging files", files.len());
            let each = |(parsed, pairings)| {
                let done = work(parsed, pairings);
                progress.advance(1);
                done
            };
            return (on_all(files, size, each), skipped);
        }
        Looked::Disk(found) => found,
    };
    let progress = Progress::of("looking at files", found.files.len());
    let results = on_all(
        found.files.iter().collect(),
        |path| found.size(path),
        |path| {
            progress.advance(1);
            let parsed = parsed(&found.read(path)?, &[])?;
            if found.stdin.is_some() {
                // Who imports it means what was given, not what lies on disk.
                settings.modules.add(path.clone(), Arc::clone(&parsed.file));
            }
            let pairings = compare(None, &parsed.file);
            Ok(work(parsed, pairings))
        },
    );
    let mut skipped = found.skipped.clone();
    let done = results.into_iter().filter_map(|result| result.map_err(|reason| skipped.push(reason)).ok());
    (done.collect(), skipped)
}

fn size((parsed, _): &(Parsed, Vec<Pairing>)) -> usize {
    parsed.file.text.len()
}

fn judged(parsed: Parsed, pairings: Vec<Pairing>, settings: &Settings) -> Judged {
    let _doing = doing("judging", parsed.path.as_str());
    let mut checked = check(&parsed.path, &parsed.file, &pairings, settings);
    if let Some(theirs) = &parsed.theirs {
        // What a merge takes from the other side was looked at when it was written there.
        let pairings = compare(Some(theirs), &parsed.file);
        checked.retain(|checked| pairings[checked.index].touched.is_some());
    }
    let findings: usize = checked.iter().map(|checked| checked.findings.len()).sum();
    // What findings say may quote the source, so only their number is logged.
    tracing::debug!(path = parsed.path.as_str(), definitions = checked.len(), findings, "judged");
    Judged { path: parsed.path, file: parsed.file, pairings, checked }
}

/// Parses the files of a selection, and says what happened to the definitions of each since its base.
fn compared(selection: &Selection, settings: &Settings) -> (Vec<(Parsed, Vec<Pairing>)>, Vec<SkippedFile>) {
    let mut skipped = selection.skipped.clone();
    let mut files = Vec::new();
    let progress = Progress::of("parsing files", selection.changes.len());
    for result in on_all(
        selection.changes.iter().collect(),
        |change| change.new.len(),
        |change| {
            progress.advance(1);
            parsed(change, &selection.theirs)
        },
    ) {
        match result {
            Ok(parsed) => files.push(parsed),
            Err(reason) => skipped.push(reason),
        }
    }
    for parsed in &files {
        settings.modules.add(parsed.path.clone(), Arc::clone(&parsed.file));
    }
    let pairings = paired(&files, selection);
    (files.into_iter().zip(pairings).collect(), skipped)
}

/// Does the same to each of several, in parallel; a pool of threads costs more than one file.
///
/// The largest are begun first, so that none of them is left for the end; what comes of them is in the order of the items.
pub(super) fn on_all<T: Send, R: Send>(
    mut items: Vec<T>,
    size: impl Fn(&T) -> usize,
    work: impl Fn(T) -> R + Send + Sync,
) -> Vec<R> {
    if items.len() < 2 {
        return items.pop().map(work).into_iter().collect();
    }
    let mut numbered: Vec<(usize, T)> = items.into_iter().enumerate().collect();
    numbered.sort_by_cached_key(|(_, item)| Reverse(size(item)));
    let one_by_one = numbered.into_par_iter().with_max_len(1);
    let mut done: Vec<(usize, R)> = one_by_one.map(|(number, item)| (number, work(item))).collect();
    done.sort_by_key(|(number, _)| *number);
    done.into_iter().map(|(_, result)| result).collect()
}

fn parsed(change: &Change, theirs: &[(RepoPath, Vec<u8>)]) -> Result<Parsed, SkippedFile> {
    let _doing = doing("parsing", change.path.as_str());
    let text = decode(&change.new)
        .map_err(|error| SkippedFile { path: change.path.to_string(), reason: error.to_string() })?;
    // A base that cannot be read cannot be compared with: everything in the file counts as new.
    let read = |bytes: &[u8]| decode(bytes).ok().map(|text| Arc::new(parse(&text)));
    let theirs = theirs.iter().find(|(path, _)| *path == change.path);
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
        let deleted = on_all(
            selection.deleted.iter().collect(),
            |bytes| bytes.len(),
            |bytes: &Vec<u8>| decode(bytes).ok().map(|text| Arc::new(parse(&text))),
        );
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

    /// Returns what is not looked at because the file is no Python there.
    fn syntax_error(&self) -> Option<SkippedFile> {
        let error = self.file.errors.first()?;
        let line = self.file.lines.line(error.start);
        let reason = format!("a syntax error near line {line}; what it touches is not looked at");
        Some(SkippedFile { path: self.path.to_string(), reason })
    }

    /// Returns the lines that show what was found, and is left, in the text that was judged.
    pub(super) fn source(&self, outcomes: &[Outcome]) -> Source {
        Source::of(&self.file.text, &self.file.lines, outcomes)
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
            refused: None,
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
    /// Returns the paths of the files.
    pub(super) fn paths(&self) -> Vec<RepoPath> {
        self.files.iter().map(|judged| judged.path.clone()).collect()
    }

    /// Makes a report with the counts and nothing else.
    pub(super) fn empty_report(&self) -> Report {
        let mut skipped = self.skipped.clone();
        skipped.extend(self.files.iter().filter_map(Judged::syntax_error));
        Report {
            definitions: self.files.iter().map(|judged| judged.checked.len()).sum(),
            files: self.files.len(),
            skipped,
            ..Report::default()
        }
    }
}
