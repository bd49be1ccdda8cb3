//! The scores of docstrings, the lowest first.

use std::io::{self, Write};

use serde::Serialize;

use super::json::document;
use super::phrase::{self, counted};
use crate::change::{RepoPath, SkippedFile};
use crate::rules::Score;
use crate::untrusted::sanitised;

/// All scores of a run.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Scores {
    /// The docstrings, in the order of the files.
    pub scored: Vec<Scored>,
    /// Files that were asked for and not looked at.
    pub skipped: Vec<SkippedFile>,
}

/// A docstring with its score.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scored {
    /// The file.
    pub path: RepoPath,
    /// The qualified name; empty for the module.
    pub definition: String,
    /// The line of the definition, from 1.
    pub line: usize,
    /// How good it is.
    pub score: Score,
}

impl Scores {
    /// Returns the scores, the lowest first; equal ones stay in the order of the files.
    fn lowest_first(&self) -> Vec<&Scored> {
        let mut scored: Vec<&Scored> = self.scored.iter().collect();
        scored.sort_by_key(|scored| scored.score.total());
        scored
    }

    /// Returns the mean, rounded to a whole number; nothing without docstrings.
    fn mean(&self) -> Option<usize> {
        let sum: usize = self.scored.iter().map(|scored| usize::from(scored.score.total())).sum();
        (sum + self.scored.len() / 2).checked_div(self.scored.len())
    }
}

/// Writes the scores for people; `quiet` leaves only the mean.
///
/// # Errors
///
/// Gives back what the writer gives.
pub fn scores_text(scores: &Scores, quiet: bool, out: &mut impl Write) -> io::Result<()> {
    if !quiet {
        writeln!(out, "score = completeness clarity consistency proportion")?;
        for Scored { path, definition, line, score } in scores.lowest_first() {
            let name = phrase::definition(definition);
            writeln!(
                out,
                "{:>5} = {:>12} {:>7} {:>11} {:>10}  {}:{line}: {}",
                score.total(),
                score.completeness,
                score.clarity,
                score.consistency,
                score.proportion,
                sanitised(path.as_str()),
                sanitised(name)
            )?;
        }
        phrase::write_skipped(&scores.skipped, out)?;
    }
    match scores.mean() {
        Some(mean) => writeln!(out, "the mean of {} is {mean}", counted(scores.scored.len(), "docstring")),
        None => writeln!(out, "no docstring to look at"),
    }
}

/// Writes the scores as JSON, described in `docs/scores.md`.
///
/// # Errors
///
/// Gives back what the writer gives.
pub fn scores_json(scores: &Scores, out: &mut impl Write) -> io::Result<()> {
    let rows = scores.lowest_first().into_iter().map(ScoredV1::of).collect();
    document(DocumentV1 { mean: scores.mean(), scores: rows, skipped: &scores.skipped }, out)
}

#[derive(Serialize)]
struct DocumentV1<'scores> {
    mean: Option<usize>,
    scores: Vec<ScoredV1<'scores>>,
    skipped: &'scores [SkippedFile],
}

#[derive(Serialize)]
struct ScoredV1<'scores> {
    path: &'scores RepoPath,
    line: usize,
    definition: &'scores str,
    score: u8,
    completeness: u8,
    clarity: u8,
    consistency: u8,
    proportion: u8,
}

impl<'scores> ScoredV1<'scores> {
    fn of(scored: &'scores Scored) -> Self {
        let Scored { path, definition, line, score } = scored;
        Self {
            path,
            line: *line,
            definition,
            score: score.total(),
            completeness: score.completeness,
            clarity: score.clarity,
            consistency: score.consistency,
            proportion: score.proportion,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lowest_come_first_in_both_formats() {
        let scored = |name: &str, completeness| Scored {
            path: RepoPath::new("a.py").unwrap(),
            definition: name.to_owned(),
            line: 1,
            score: Score { completeness, clarity: 100, consistency: 100, proportion: 100 },
        };
        let all =
            Scores { scored: vec![scored("", 90), scored("f", 10), scored("g", 90)], ..Scores::default() };
        let mut out = Vec::new();
        scores_text(&all, false, &mut out).unwrap();
        scores_text(&Scores::default(), true, &mut out).unwrap();
        scores_json(&all, &mut out).unwrap();
        insta::assert_snapshot!(String::from_utf8(out).unwrap());
    }
}
