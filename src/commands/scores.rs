//! How good docstrings are: for `docgate check --scores`, and for what the sweep does first.

use std::cmp::Reverse;
use std::collections::HashMap;

use crate::git::Selection;
use crate::python::metrics::{Metrics, measure};
use crate::report::{Scored, Scores};
use crate::rules::{Score, Scorer, Settings, Subject};

use super::judge::{Judged, compared, on_all};

/// Scores the docstrings of a selection.
pub(super) fn scores(selection: &Selection, settings: &Settings) -> Scores {
    let compared = compared(selection, settings);
    let scorer = Scorer::new(settings);
    let rows = on_all(compared.files, |(parsed, pairings)| {
        let metrics = measure(&parsed.file.text, None);
        let measured = metrics.iter().map(|metrics| metrics.cyclomatic).chain(std::iter::repeat(1));
        let definitions = parsed.file.definitions.iter().zip(&pairings).zip(measured);
        let touched = definitions.filter(|((_, pairing), _)| pairing.touched.is_some());
        let rows = touched.filter_map(|((definition, _), complexity)| {
            let subject = Subject::new(&parsed.path, &parsed.file, definition, settings);
            Some(Scored {
                path: parsed.path.clone(),
                definition: definition.qualified_name.clone(),
                line: parsed.file.lines.line(definition.anchor().start),
                score: scorer.score(&subject, complexity)?,
            })
        });
        rows.collect::<Vec<_>>()
    });
    Scores { scored: rows.into_iter().flatten().collect(), skipped: compared.skipped }
}

/// What comes first where not everything can be done: the lowest score, none at all before any, and of these the most
/// complex code.
pub(super) struct Urgency<'a> {
    settings: &'a Settings,
    scorer: Scorer,
    /// By the place of the file in the run.
    measured: HashMap<usize, Vec<Metrics>>,
}

impl<'a> Urgency<'a> {
    pub(super) fn new(settings: &'a Settings) -> Self {
        Self { settings, scorer: Scorer::new(settings), measured: HashMap::new() }
    }

    /// Returns a key that is smaller for what is more urgent.
    pub(super) fn of(&mut self, place: usize, judged: &Judged, index: usize) -> (u8, Reverse<u32>) {
        let metrics = self.measured.entry(place).or_insert_with(|| measure(&judged.file.text, None));
        let complexity = metrics.get(index).map_or(1, |metrics| metrics.cyclomatic);
        let definition = &judged.file.definitions[index];
        let subject = Subject::new(&judged.path, &judged.file, definition, self.settings);
        let score = self.scorer.score(&subject, complexity).map_or(0, Score::total);
        (score, Reverse(complexity))
    }
}
