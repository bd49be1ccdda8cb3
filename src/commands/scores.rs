//! How good docstrings are: for `docgate check --scores`, and for what the sweep does first.

use std::cmp::Reverse;

use crate::python::metrics::measure;
use crate::report::{Scored, Scores};
use crate::rules::{Score, Scorer, Settings};

use super::choose::Looked;
use super::judge::{Judged, each};

/// Scores the docstrings of a run.
pub(super) fn scores(looked: &Looked, settings: &Settings) -> Scores {
    let scorer = Scorer::new(settings);
    let (rows, skipped) = each(looked, settings, |parsed, pairings| {
        let module = scorer.module(&parsed.path, &parsed.file);
        let metrics = measure(&parsed.file.text, None);
        let measured = metrics.iter().map(|metrics| metrics.cyclomatic).chain(std::iter::repeat(1));
        let definitions = parsed.file.definitions.iter().zip(&pairings).zip(measured);
        let touched = definitions.filter(|((_, pairing), _)| pairing.touched.is_some());
        let rows = touched.filter_map(|((definition, _), complexity)| {
            Some(Scored {
                path: parsed.path.clone(),
                definition: definition.qualified_name.clone(),
                line: parsed.file.lines.line(definition.anchor().start),
                score: scorer.score(&module, definition, complexity)?,
            })
        });
        rows.collect::<Vec<_>>()
    });
    Scores { scored: rows.into_iter().flatten().collect(), skipped }
}

/// Returns keys that are smaller for what is more urgent, where not everything can be done: the lowest score, none at all
/// before any, and of these the most complex code.
pub(super) fn urgencies_in(
    judged: &Judged,
    indices: impl Iterator<Item = usize>,
    scorer: &Scorer,
) -> Vec<(u8, Reverse<u32>)> {
    let module = scorer.module(&judged.path, &judged.file);
    let metrics = measure(&judged.file.text, None);
    let urgency = |index: usize| {
        let complexity = metrics.get(index).map_or(1, |metrics| metrics.cyclomatic);
        let score = scorer.score(&module, &judged.file.definitions[index], complexity);
        (score.map_or(0, Score::total), Reverse(complexity))
    };
    indices.map(urgency).collect()
}
