//! Findings → proven edits: repair first, then prose for what is left.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::config::{Config, ModelChoice};
use crate::docstring::Page;
use crate::edit::{Edit, IN_PIECES, Unproven, WITH_COMMENTS, between, prove};
use crate::error::Error;
use crate::generate::run::{Answered, Brought, FailedBefore};
use crate::generate::{Slots, Suspect, Task};
use crate::python::{Definition, Insertion, LineIndex, Span, is_read_at_run_time, parse};
use crate::repair::{Daring, Left, Patient, Revision, repair_file};
use crate::report::{Outcome, Resolution, SkipReason, Source, UsageTotals};
use crate::rules::{Checked, Finding, Module, Scorer, Settings, check};
use crate::telemetry::RunId;
use crate::telemetry::crash::doing;

use super::asking::{answer, totals};
use super::doubts::{Verdicts, by_place, suspects, told};
use super::judge::{Judged, Judgement};
use super::progress::Progress;
use super::scores::urgencies_in;
use super::setting;

/// What is to be written into one file.
#[derive(Debug, Clone)]
pub(super) struct Mended {
    pub(super) judged: Judged,
    /// The proven edits, all together.
    pub(super) edits: Vec<Edit>,
    /// What was done about each definition with findings, by its index.
    pub(super) done: BTreeMap<usize, Resolution>,
    /// What a model says of docstrings that may have fallen behind.
    pub(super) verdicts: Verdicts,
}

/// All files, and what the model had to do with it.
#[derive(Debug)]
pub(super) struct Mending {
    pub(super) files: Vec<Mended>,
    pub(super) failures: Vec<String>,
    pub(super) usage: Option<UsageTotals>,
}

/// What mending needs to know.
#[derive(Debug, Clone, Copy)]
pub(super) struct Workshop<'a> {
    pub(super) config: &'a Config,
    pub(super) settings: &'a Settings,
    pub(super) run_id: &'a RunId,
    pub(super) door: Door,
}

/// Which door the run came through.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Door {
    /// A command by hand.
    Command,
    /// The same, to ask again about what failed before, and nothing else.
    Retry,
    /// The night, which does the worst first.
    Sweep,
    /// The hook, which has a time limit.
    Hook,
    /// A pull request, which leaves the cache as it is.
    Review,
}

impl Door {
    /// Returns what is done about definitions that failed before.
    pub(super) fn failed_before(self) -> FailedBefore {
        if self == Self::Retry { FailedBefore::AskOnly } else { FailedBefore::Remember }
    }

    /// Returns the name for records.
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Command | Self::Retry => "command",
            Self::Sweep => "sweep",
            Self::Hook => "hook",
            Self::Review => "review",
        }
    }
}

/// A definition that needs prose, and where the answer goes.
struct Wanted {
    file: usize,
    definition: usize,
    task: Task,
}

/// Returns the questions that mending would have for a model, repairs made, whether one is configured or not.
pub(super) fn questions(judgement: &Judgement, workshop: &Workshop<'_>) -> (Vec<Task>, Vec<Suspect>) {
    let mut drafts: Vec<Draft> = judgement.files.iter().map(|judged| Draft::of(judged, workshop)).collect();
    let tasks =
        wanted(&mut drafts, workshop, Mouth::Somebody).into_iter().map(|wanted| wanted.task).collect();
    let suspects = drafts.iter().flat_map(|draft| suspects(&draft.repaired, workshop)).collect();
    (tasks, suspects)
}

/// Whether there is anybody to ask.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mouth {
    /// As the configuration says.
    Configured,
    /// As if there were a service.
    Somebody,
}

/// Repairs what the code answers and asks for the prose that is missing.
pub(super) fn mend(judgement: &Judgement, workshop: &Workshop<'_>) -> Result<Mending, Error> {
    let progress = Progress::of("repairing files", judgement.files.len());
    let drafts = judgement.files.iter().map(|judged| {
        progress.advance(1);
        Draft::of(judged, workshop)
    });
    let mut drafts: Vec<Draft> = drafts.collect();
    drop(progress);
    let mut wanted = wanted(&mut drafts, workshop, Mouth::Configured);
    if workshop.door == Door::Sweep {
        let scorer = Scorer::new(workshop.settings);
        let mut urgencies = Vec::with_capacity(wanted.len());
        for siblings in wanted.chunk_by(|one, other| one.file == other.file) {
            let indices = siblings.iter().map(|wanted| wanted.definition);
            urgencies.extend(urgencies_in(&drafts[siblings[0].file].repaired, indices, &scorer));
        }
        let mut sorted: Vec<_> = urgencies.into_iter().zip(wanted).collect();
        sorted.sort_by_key(|(urgency, _)| *urgency);
        wanted = sorted.into_iter().map(|(_, wanted)| wanted).collect();
    }
    let is_repaired = |it: &&Resolution| **it == Resolution::Repaired;
    let repaired = drafts.iter().flat_map(|draft| draft.done.values()).filter(is_repaired).count();
    tracing::info!(repaired, wanting_prose = wanted.len(), "what the code answers has been repaired");
    let has_service = workshop.config.effective_model().is_service();
    let asking = drafts.iter().filter(|_| has_service);
    let suspects: Vec<Suspect> = asking.flat_map(|draft| suspects(&draft.repaired, workshop)).collect();
    let tasks: Vec<Task> = wanted.iter().map(|wanted| wanted.task.clone()).collect();
    let (asked, was_asked) = answer((&tasks, &suspects), judgement.paths(), workshop)?;
    let Brought { answers, verdicts, spent } = asked;
    let mut verdicts = by_place(&suspects, verdicts);
    let mut unwritten = Vec::new();
    for (wanted, answer) in wanted.into_iter().zip(answers) {
        let draft = &mut drafts[wanted.file];
        let is_repaired = draft.done.get(&wanted.definition) == Some(&Resolution::Repaired);
        let resolution = match answer {
            // The repair is written all the same, and what is missing stays a finding.
            Answered::Failed(reason) if is_repaired => {
                unwritten.push(format!("{}: {reason}", wanted.task.id()));
                Resolution::Repaired
            }
            Answered::OverBudget if is_repaired => Resolution::Repaired,
            Answered::Written(edit) => {
                draft.edits.push(edit);
                Resolution::Written
            }
            Answered::Failed(reason) => Resolution::Failed(reason),
            Answered::OverBudget => Resolution::Skipped(SkipReason::OverBudget),
            Answered::NotMeant => continue,
        };
        draft.done.insert(wanted.definition, resolution);
    }
    let mut mending = Mending { files: Vec::new(), failures: Vec::new(), usage: None };
    for draft in drafts {
        let mut mended = draft.settled(workshop);
        mended.verdicts = verdicts.remove(&mended.judged.path).unwrap_or_default();
        mending.files.push(mended);
    }
    mending.failures.append(&mut unwritten);
    if was_asked {
        mending.usage = Some(totals(&spent, workshop.run_id));
        mending.failures.extend(spent.failures);
    }
    Ok(mending)
}

/// The edits of one file before they are proven.
pub(super) struct Draft {
    /// The file as it is.
    pub(super) judged: Judged,
    /// The file with its repairs, which the edits are made against.
    repaired: Judged,
    pub(super) edits: Vec<Edit>,
    pub(super) done: BTreeMap<usize, Resolution>,
    /// What its docstrings have in common; measuring the width reads all of it.
    pub(super) page: Page,
    revisions: BTreeMap<usize, Revision>,
}

impl Draft {
    /// Begins with no edits.
    pub(super) fn new(judged: &Judged, workshop: &Workshop<'_>) -> Self {
        let (edits, done, revisions) = (Vec::new(), BTreeMap::new(), BTreeMap::new());
        let width = setting::width(workshop.config, &judged.file);
        let house = setting::habits(workshop.config, &workshop.settings.house, &judged.file);
        let page = Page { width, house };
        Self { judged: judged.clone(), repaired: judged.clone(), edits, done, page, revisions }
    }

    /// Repairs the definitions of a file.
    pub(super) fn of(judged: &Judged, workshop: &Workshop<'_>) -> Self {
        let _doing = doing("repairing", judged.path.as_str());
        let mut draft = Self::new(judged, workshop);
        let mut untouchable = BTreeSet::new();
        for checked in judged.checked.iter().filter(|checked| !checked.findings.is_empty()) {
            if let Some(reason) = draft.untouchable(checked, workshop) {
                untouchable.insert(checked.index);
                draft.done.insert(checked.index, Resolution::Skipped(reason));
            }
        }
        let patient = Patient {
            path: &judged.path,
            pairings: &judged.pairings,
            page: &draft.page,
            settings: workshop.settings,
            daring: workshop.daring(),
        };
        let repaired = repair_file(patient, &judged.file, &judged.checked, &untouchable);
        draft.done.extend(repaired.repaired.iter().map(|index| (*index, Resolution::Repaired)));
        for (index, left) in repaired.left {
            let reason = match left {
                Left::NotEditable(reason) => SkipReason::NotEditable(reason),
                Left::Unproven(reason) => unproven(reason),
            };
            draft.done.entry(index).or_insert(Resolution::Skipped(reason));
        }
        draft.repaired = Judged {
            path: judged.path.clone(),
            file: repaired.file,
            pairings: repaired.pairings,
            checked: repaired.checked,
        };
        draft.begin_revisions();
        draft
    }

    /// Opens the docstrings that have a place for what is missing.
    fn begin_revisions(&mut self) {
        let file = Arc::clone(&self.repaired.file);
        for checked in self.repaired.checked.iter().filter(|checked| !checked.findings.is_empty()) {
            let Some(docstring) = &checked.docstring else { continue };
            let definition = &file.definitions[checked.index];
            if let Some(revision) = Revision::of(&file, definition, docstring, &self.page) {
                self.revisions.insert(checked.index, revision);
            }
        }
    }

    /// Says why the docstring of a definition must not be edited, whatever is wrong with it.
    pub(super) fn untouchable(&self, checked: &Checked, workshop: &Workshop<'_>) -> Option<SkipReason> {
        let file = &self.judged.file;
        let definition = &file.definitions[checked.index];
        if definition.broken {
            return Some(SkipReason::SyntaxError);
        }
        let named = &workshop.config.run_time_docstrings.value;
        is_read_at_run_time(file, definition, named).then_some(SkipReason::ReadAtRunTime)
    }

    /// Proves the edits and drops those that cannot be proven.
    pub(super) fn proven(mut self) -> Mended {
        let proven = prove(&self.repaired.file, &self.edits);
        let written = proven.edits;
        self.drop_all(proven.dropped);
        let is_same = Arc::ptr_eq(&self.judged.file, &self.repaired.file);
        let edits = match (is_same, written.is_empty()) {
            (true, _) => written,
            // Repairs alone are proven already.
            (false, true) => between(&self.judged.file, &self.repaired.file),
            (false, false) => self.against_the_file(&proven.text, &written),
        };
        Mended { judged: self.judged, edits, done: self.done, verdicts: Verdicts::new() }
    }

    /// Proves the edits, and repairs what the new text brings to light, so that the next run finds nothing to do.
    fn settled(mut self, workshop: &Workshop<'_>) -> Mended {
        if self.edits.is_empty() {
            return self.proven();
        }
        let proven = prove(&self.repaired.file, &self.edits);
        let written = proven.edits;
        self.drop_all(proven.dropped);
        let file = Arc::new(parse(&proven.text));
        let paired = self.repaired.pairings.iter().zip(&file.definitions);
        let pairings: Vec<_> = paired.map(|(pairing, edited)| pairing.with(&file, edited)).collect();
        let checked = check(&self.judged.path, &file, &pairings, workshop.settings);
        // What is new is laid out as it should be. But it may be the first to show the style of the module, which the others
        // are held to then.
        let may_be_repaired = |index: usize| {
            let is_skipped = matches!(self.done.get(&index), Some(Resolution::Skipped(_)));
            !is_skipped && self.judged.file.definitions[index].docstring.is_some()
        };
        let untouchable: BTreeSet<usize> =
            (0..file.definitions.len()).filter(|index| !may_be_repaired(*index)).collect();
        let patient = Patient {
            path: &self.judged.path,
            pairings: &pairings,
            page: &self.page,
            settings: workshop.settings,
            daring: workshop.daring(),
        };
        let repaired = repair_file(patient, &file, &checked, &untouchable);
        for index in repaired.repaired {
            self.done.entry(index).or_insert(Resolution::Repaired);
        }
        let edits = self.against_the_file(&repaired.file.text, &written);
        Mended { judged: self.judged, edits, done: self.done, verdicts: Verdicts::new() }
    }

    /// Turns repairs and what was written into edits of the file as it is.
    fn against_the_file(&mut self, text: &str, written: &[Edit]) -> Vec<Edit> {
        let file = Arc::clone(&self.judged.file);
        let mut edits = between(&file, &parse(text));
        for edit in written {
            // Where there was no docstring, the place for one has moved with the repairs above it.
            let new = file.find(&edit.definition).filter(|definition| definition.docstring.is_none());
            let span = match new.map(|definition| &definition.insertion) {
                Some(Insertion::Line { at, .. }) => Span::new(*at, *at),
                Some(Insertion::Inline { gap, .. }) => *gap,
                Some(Insertion::Nowhere(_)) | None => continue,
            };
            edits.push(Edit { span, ..edit.clone() });
        }
        let proven = prove(&file, &edits);
        self.drop_all(proven.dropped);
        proven.edits
    }

    fn drop_all(&mut self, dropped: Vec<(String, Unproven)>) {
        let by_name = self.judged.by_name();
        for (name, reason) in dropped {
            if let Some(index) = by_name.get(name.as_str()) {
                self.done.insert(*index, Resolution::Skipped(unproven(reason)));
            }
        }
    }
}

/// Says why an edit was not made.
fn unproven(reason: Unproven) -> SkipReason {
    match reason {
        Unproven::Overlap => SkipReason::NotEditable("its edit overlaps another one"),
        Unproven::Encoding => SkipReason::NotEditable("its file's encoding cannot hold the new text"),
        Unproven::SyntaxError => SkipReason::SyntaxError,
        Unproven::OutOfPlace | Unproven::CodeChanged | Unproven::OtherText | Unproven::GivenUp => {
            SkipReason::NotProven
        }
    }
}

/// Collects what needs prose; without anybody to write it, says so.
fn wanted(drafts: &mut [Draft], workshop: &Workshop<'_>, mouth: Mouth) -> Vec<Wanted> {
    let nobody = mouth == Mouth::Configured && workshop.config.effective_model() == ModelChoice::None;
    let extras = setting::extras(workshop.config);
    let mut wanted = Vec::new();
    for (file, draft) in drafts.iter_mut().enumerate() {
        let judged = draft.repaired.clone();
        let module = Module::new(&judged.path, &judged.file, workshop.settings);
        let somebody = mouth == Mouth::Somebody || workshop.config.effective_model().is_service();
        let never_sent = workshop.config.never_send.value.matches(&judged.path);
        for checked in &judged.checked {
            let definition = &judged.file.definitions[checked.index];
            let blocked = matches!(draft.done.get(&checked.index), Some(Resolution::Skipped(_)));
            let mut slots = Slots::of(definition, &checked.findings);
            if somebody {
                slots = slots.with(&extras, &judged.file, definition);
            }
            if blocked || slots.is_empty() {
                continue;
            }
            if let Some(reason) = nowhere_to_write(definition, &slots, draft.revisions.get(&checked.index)) {
                // Nobody is asked, and paid, for a text that has no place.
                let resolution = Resolution::Skipped(SkipReason::NotEditable(reason));
                draft.done.entry(checked.index).or_insert(resolution);
                continue;
            }
            if nobody || never_sent && somebody {
                let reason = if nobody { SkipReason::NoModel } else { SkipReason::NeverSent };
                draft.done.entry(checked.index).or_insert(Resolution::Skipped(reason));
                continue;
            }
            let task = Task {
                path: judged.path.clone(),
                file: Arc::clone(&judged.file),
                index: checked.index,
                base: checked.base.clone(),
                touched: checked.touched,
                slots,
                style: module.style(),
                revision: draft.revisions.get(&checked.index).cloned(),
                page: draft.page.clone(),
            };
            wanted.push(Wanted { file, definition: checked.index, task });
        }
    }
    wanted
}

/// Says why prose for these slots could not be written.
fn nowhere_to_write(
    definition: &Definition,
    slots: &Slots,
    revision: Option<&Revision>,
) -> Option<&'static str> {
    match (&definition.docstring, &definition.insertion) {
        (None, Insertion::Nowhere(reason)) => Some(reason),
        (Some(literal), _) if slots.summary && literal.has_comments => Some(WITH_COMMENTS),
        (Some(_), _) if !slots.summary && revision.is_none() => Some(IN_PIECES),
        _ => None,
    }
}

impl Workshop<'_> {
    /// Returns which repairs are made.
    pub(super) fn daring(&self) -> Daring {
        if self.config.unsafe_fixes.value { Daring::Unsafe } else { Daring::Safe }
    }
}

impl Mended {
    /// Takes back the edits of the definitions that are meant, with the reason.
    pub(super) fn withdraw_all(&mut self, is_meant: impl Fn(&str) -> bool, resolution: &Resolution) {
        let by_name = self.judged.by_name();
        self.edits.retain(|edit| {
            let withdrawn = is_meant(&edit.definition);
            if withdrawn && let Some(index) = by_name.get(edit.definition.as_str()) {
                self.done.insert(*index, resolution.clone());
            }
            !withdrawn
        });
    }

    /// Returns the text with all edits.
    pub(super) fn text(&self) -> String {
        crate::edit::apply(&self.judged.file.text, &self.edits)
            .unwrap_or_else(|_| self.judged.file.text.clone())
    }

    /// Returns the lines that show what is left in the text with all edits.
    pub(super) fn source(&self, outcomes: &[Outcome]) -> Source {
        if self.edits.is_empty() {
            return self.judged.source(outcomes);
        }
        let text = self.text();
        Source::of(&text, &LineIndex::new(&text), outcomes)
    }

    /// Makes the outcomes: what was found, what was done, and what the rules say about the new text.
    pub(super) fn outcomes(&self, settings: &Settings) -> Vec<Outcome> {
        let now: BTreeMap<String, Vec<Finding>> = if self.edits.is_empty() {
            BTreeMap::new()
        } else {
            self.judged.findings_in(&self.text(), settings).into_iter().collect()
        };
        let mut outcomes = Vec::new();
        for checked in &self.judged.checked {
            let mut outcome = self.judged.outcome(checked);
            let Some(resolution) = self.done.get(&checked.index) else {
                if !checked.findings.is_empty() {
                    outcomes.push(self.moved_on(outcome, &now));
                }
                continue;
            };
            outcome.resolution = resolution.clone();
            outcomes.push(self.moved_on(outcome, &now));
        }
        if !self.verdicts.is_empty() {
            let text = self.text();
            told(&mut outcomes, &self.verdicts, &parse(&text));
        }
        outcomes
    }

    /// Findings are shown where they are in the text that was written.
    fn moved_on(&self, mut outcome: Outcome, now: &BTreeMap<String, Vec<Finding>>) -> Outcome {
        if !self.edits.is_empty() {
            outcome.remaining = now.get(&outcome.definition).cloned().unwrap_or_default();
        }
        outcome
    }
}
