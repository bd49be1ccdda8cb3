//! Repairing a file until nothing is left to repair.
//!
//! What a repair brings to light is repaired in the same run, so that the next run finds nothing to do: each round takes
//! the findings of the text as it is then. What is said comes before how it is laid out, and of two remedies that
//! claim the same bytes one waits for the next round.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::sync::Arc;

use crate::change::RepoPath;
use crate::docstring::Page;
use crate::edit::{Edit, IN_PIECES, Unproven, apply, between, prove, respell, rewrite};
use crate::python::{Pairing, ParsedFile, Span, parse};
use crate::rules::{Checked, Finding, Module, Remedy, Settings, check, check_some};

use super::{Daring, Revision, repair};

/// Rounds that are made at most; repairs of use take three.
const ROUNDS: usize = 12;

/// A file to be repaired.
#[derive(Debug, Clone, Copy)]
pub struct Patient<'a> {
    /// Its path.
    pub path: &'a RepoPath,
    /// What happened to each of its definitions.
    pub pairings: &'a [Pairing],
    /// What all its docstrings have in common.
    pub page: &'a Page,
    /// The rules.
    pub settings: &'a Settings,
    /// Which repairs are made.
    pub daring: Daring,
}

/// A repaired file.
#[derive(Debug, Clone)]
pub struct Repaired {
    /// The file as it is now.
    pub file: Arc<ParsedFile>,
    /// What happened to each of its definitions, the repairs included.
    pub pairings: Vec<Pairing>,
    /// What is still wrong with it.
    pub checked: Vec<Checked>,
    /// The definitions whose docstrings were repaired.
    pub repaired: BTreeSet<usize>,
    /// Those that have a remedy which cannot be carried out, with the reason.
    pub left: BTreeMap<usize, Left>,
}

/// Why a docstring was left as it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Left {
    /// Its form allows no edit; the reason is a phrase.
    NotEditable(&'static str),
    /// The edit could not be proven.
    Unproven(Unproven),
}

/// Repairs what may be repaired in a file; `untouchable` are the definitions that must stay as they are.
#[must_use]
pub fn repair_file(
    patient: Patient<'_>,
    file: &Arc<ParsedFile>,
    checked: &[Checked],
    untouchable: &BTreeSet<usize>,
) -> Repaired {
    let mut now = Repaired {
        file: Arc::clone(file),
        pairings: patient.pairings.to_vec(),
        checked: checked.to_vec(),
        repaired: BTreeSet::new(),
        left: BTreeMap::new(),
    };
    let mut asked: Option<BTreeSet<usize>> = None;
    // Two rules that ask for the opposite of each other must not decide by the number of rounds: where a text comes back,
    // it stays, and the next run comes back to it, too.
    let mut seen = HashSet::from([digest(&file.text)]);
    for _ in 0..ROUNDS {
        let edits = now.edits(patient, untouchable);
        let applied = apply(&now.file.text, edits.values());
        let (false, Ok(text)) = (edits.is_empty(), applied) else {
            if asked.is_none() {
                break;
            }
            // What was repaired may bring something to light elsewhere: in the class of a method, in the module.
            asked = None;
            now.checked = check(patient.path, &now.file, &now.pairings, patient.settings);
            continue;
        };
        if !seen.insert(digest(&text)) {
            now.read(&text);
            asked = Some(BTreeSet::new());
            break;
        }
        now.read(&text);
        let module = Module::new(patient.path, &now.file, patient.settings);
        now.checked = check_some(&module, &now.pairings, |index| edits.contains_key(&index));
        asked = Some(edits.into_keys().collect());
    }
    if asked.is_some() {
        now.checked = check(patient.path, &now.file, &now.pairings, patient.settings);
    }
    now.prove(file, patient);
    now
}

fn digest(text: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    text.hash(&mut hasher);
    hasher.finish()
}

impl Repaired {
    /// Makes the edits of a round; what cannot be edited is put aside.
    fn edits(&mut self, patient: Patient<'_>, untouchable: &BTreeSet<usize>) -> BTreeMap<usize, Edit> {
        let mut edits: BTreeMap<usize, Edit> = BTreeMap::new();
        for checked in &self.checked {
            if untouchable.contains(&checked.index) || self.left.contains_key(&checked.index) {
                continue;
            }
            match edit_of(&self.file, checked, patient) {
                Ok(Some(edit)) => drop(edits.insert(checked.index, edit)),
                Ok(None) => {}
                Err(reason) => drop(self.left.insert(checked.index, Left::NotEditable(reason))),
            }
        }
        edits
    }

    /// Goes on with another text of the same file.
    fn read(&mut self, text: &str) {
        let file = Arc::new(parse(text));
        // Edits change docstrings only, so that all definitions are where they were.
        let paired = self.pairings.iter().zip(&file.definitions);
        self.pairings = paired.map(|(pairing, edited)| pairing.with(&file, edited)).collect();
        self.file = file;
    }

    /// Proves all repairs together, and takes back what cannot be proven.
    fn prove(&mut self, before: &Arc<ParsedFile>, patient: Patient<'_>) {
        let edits = between(before, &self.file);
        if edits.is_empty() {
            self.file = Arc::clone(before);
            return;
        }
        let by_name = |name: &str| before.find(name).map(|definition| definition.index);
        let proven = prove(before, &edits);
        let dropped = proven.dropped.iter().filter_map(|(name, reason)| Some((by_name(name)?, *reason)));
        self.left.extend(dropped.map(|(index, reason)| (index, Left::Unproven(reason))));
        self.repaired = proven.edits.iter().filter_map(|edit| by_name(&edit.definition)).collect();
        if proven.text != self.file.text {
            self.pairings = patient.pairings.to_vec();
            self.read(&proven.text);
            self.checked = check(patient.path, &self.file, &self.pairings, patient.settings);
        }
    }
}

/// What comes of trying the remedies of one definition.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tried {
    /// Some of them can be carried out, as far as is known before the edit is proven.
    Possible,
    /// None of them can be, beyond doubt.
    Nothing,
    /// The form of the docstring allows no edit; the reason is a phrase.
    NotEditable(&'static str),
}

/// Tries the remedies of one definition, without a proof and without the rounds that follow.
#[must_use]
pub fn tried(patient: Patient<'_>, file: &ParsedFile, checked: &Checked) -> Tried {
    match edit_of(file, checked, patient) {
        Ok(Some(_)) => Tried::Possible,
        Ok(None) => Tried::Nothing,
        Err(reason) => Tried::NotEditable(reason),
    }
}

/// Makes the edit of one docstring for this round; nothing when nothing can be repaired.
fn edit_of(file: &ParsedFile, checked: &Checked, patient: Patient<'_>) -> Result<Option<Edit>, &'static str> {
    let remedies = || checked.findings.iter().filter_map(|finding| patient.daring.remedy(finding));
    let (Some(docstring), Some(_)) = (&checked.docstring, remedies().next()) else { return Ok(None) };
    let definition = &file.definitions[checked.index];
    let is_text = |remedy: &Remedy| !matches!(remedy, Remedy::Lay(_));
    if remedies().any(is_text) {
        let mut revision = Revision::of(file, definition, docstring, patient.page).ok_or(IN_PIECES)?;
        if repair(&mut revision, &checked.findings, patient.daring) {
            return rewrite(file, definition, revision.text()).map(Some);
        }
    }
    let laid = laid(&checked.findings, patient.daring);
    if laid.is_empty() { Ok(None) } else { respell(file, definition, &laid).map(Some) }
}

/// Collects the replacements that do not touch one another; what two ask for alike is made once.
fn laid(findings: &[Finding], daring: Daring) -> Vec<(Span, String)> {
    // Where each one begins, and its end.
    let mut taken: BTreeMap<usize, usize> = BTreeMap::new();
    let mut chosen: Vec<(Span, String)> = Vec::new();
    for remedy in findings.iter().filter_map(|finding| daring.remedy(finding)) {
        let Remedy::Lay(replacements) = remedy else { continue };
        let is_apart = |span: Span| {
            let before = taken.range(..=span.start).next_back().is_none_or(|(_, end)| *end < span.start);
            let after = taken.range(span.start..).next().is_none_or(|(start, _)| span.end < *start);
            before && after
        };
        // All of a remedy or nothing: half of a move would be a loss.
        if !replacements.iter().all(|made| is_apart(made.span)) {
            continue;
        }
        for made in replacements {
            let end = taken.entry(made.span.start).or_default();
            *end = made.span.end.max(*end);
            chosen.push((made.span, made.text.clone()));
        }
    }
    chosen
}
