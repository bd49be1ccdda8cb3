//! [pure] What a review is made of: plain types that `commands/` fills in.
//!
//! A proposal knows nothing of rules or docstrings; it is names, texts and line numbers of the head commit.

use std::collections::BTreeMap;

use crate::change::{Hunk, RepoPath};
use crate::untrusted::is_hidden;

/// What there is to say about one definition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proposal {
    /// The file, as it is called in the head commit.
    pub path: RepoPath,
    /// The qualified name of the definition.
    pub definition: String,
    /// The line of the definition, from 1.
    pub line: usize,
    /// What is wrong with it.
    pub findings: Vec<ProposalFinding>,
    /// What would repair it, if docgate knows.
    pub edit: Option<LineEdit>,
}

impl Proposal {
    /// Returns whether one of the findings blocks.
    #[must_use]
    pub fn blocks(&self) -> bool {
        self.findings.iter().any(|finding| finding.blocks)
    }
}

/// One finding, as far as a reader of the pull request needs it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProposalFinding {
    /// The code of the rule, such as `DOC101`.
    pub code: String,
    /// The name of the rule, such as `missing-argument-description`.
    pub name: String,
    /// What is wrong, in one sentence; backticks mark code.
    pub message: String,
    /// What somebody says of it in words that change each time: shown, and no part of what makes it the same.
    pub remark: Option<String>,
    /// Whether it blocks.
    pub blocks: bool,
    /// The line it is about, from 1.
    pub line: usize,
}

/// Lines of the head commit and what should stand there instead.
///
/// Lines carry no line endings. An insertion replaces the last line of the definition's header by itself and the
/// new lines; a deletion has an empty replacement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LineEdit {
    /// The first line that is replaced, from 1.
    pub first_line: usize,
    /// The last line that is replaced, itself included.
    pub last_line: usize,
    /// The lines as they are: what the patch shows, and how an edit that changes nothing is known.
    pub original: Vec<String>,
    /// The lines as they should be.
    pub replacement: Vec<String>,
    /// Whether a language model wrote any of it; readers are told.
    pub written_by_model: bool,
}

impl LineEdit {
    /// Returns the edit without the lines that stay as they are at both ends, or `None` when nothing changes.
    ///
    /// The fewer lines it covers, the likelier they all lie in one hunk. At least one line is kept, because
    /// GitHub hangs a suggestion on lines that exist.
    #[must_use]
    pub fn trimmed(&self) -> Option<Self> {
        let original = without_endings(&self.original);
        let replacement = without_endings(&self.replacement);
        if original == replacement {
            return None;
        }
        let shared = original.len().min(replacement.len());
        let same = |(left, right): &(&String, &String)| left == right;
        let mut head = original.iter().zip(&replacement).take_while(same).count();
        let tail = original.iter().rev().zip(replacement.iter().rev());
        let mut tail = tail.take(shared - head).take_while(same).count();
        if head + tail == original.len() {
            // A pure insertion: hang it on the line before, else on the line after.
            if head > 0 {
                head -= 1;
            } else {
                tail = tail.saturating_sub(1);
            }
        }
        Some(Self {
            first_line: self.first_line + head,
            last_line: self.last_line.saturating_sub(tail),
            original: original[head..original.len() - tail].to_vec(),
            replacement: replacement[head..replacement.len() - tail].to_vec(),
            written_by_model: self.written_by_model,
        })
    }

    /// Returns whether GitHub could write the lines exactly as they are meant.
    ///
    /// Characters that nobody can see are stripped from everything docgate posts, which would change the text; and
    /// line numbers that disagree with the lines would replace the wrong ones.
    #[must_use]
    pub fn can_be_suggested(&self) -> bool {
        let covered = (self.last_line + 1).checked_sub(self.first_line);
        let is_visible =
            |line: &String| !line.chars().any(|character| character != '\t' && is_hidden(character));
        self.first_line > 0
            && covered.is_some_and(|covered| covered > 0 && covered == self.original.len())
            && self.replacement.iter().all(is_visible)
    }
}

fn without_endings(lines: &[String]) -> Vec<String> {
    lines.iter().map(|line| line.trim_end_matches(['\r', '\n']).to_owned()).collect()
}

/// The hunks of a pull request, per file.
///
/// GitHub shows three lines of context around a change; hunks with more would get comments rejected.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Hunks(BTreeMap<RepoPath, Vec<Hunk>>);

impl Hunks {
    /// Returns whether one single hunk of the file shows all lines from `first` to `last`.
    #[must_use]
    pub fn show(&self, path: &RepoPath, first: usize, last: usize) -> bool {
        let hunks = self.0.get(path).map_or(&[][..], Vec::as_slice);
        hunks.iter().any(|hunk| hunk.first_line <= first && first <= last && last <= hunk.last_line)
    }
}

impl FromIterator<(RepoPath, Vec<Hunk>)> for Hunks {
    fn from_iter<I: IntoIterator<Item = (RepoPath, Vec<Hunk>)>>(entries: I) -> Self {
        Self(entries.into_iter().collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn edit(first_line: usize, original: &[&str], replacement: &[&str]) -> LineEdit {
        let own = |lines: &[&str]| lines.iter().map(|line| (*line).to_owned()).collect::<Vec<_>>();
        LineEdit {
            first_line,
            last_line: first_line + original.len() - 1,
            original: own(original),
            replacement: own(replacement),
            written_by_model: false,
        }
    }

    #[test]
    fn an_edit_is_cut_down_to_the_lines_that_change() {
        let table = [
            (edit(5, &["a", "b", "c"], &["a", "x", "c"]), Some(edit(6, &["b"], &["x"]))),
            (edit(5, &["a", "b"], &["a", "x", "b"]), Some(edit(5, &["a"], &["a", "x"]))),
            (edit(5, &["a"], &["x", "a"]), Some(edit(5, &["a"], &["x", "a"]))),
            (edit(5, &["a", "b"], &["x", "a", "b"]), Some(edit(5, &["a"], &["x", "a"]))),
            (edit(5, &["a", "b", "c"], &["a", "c"]), Some(edit(6, &["b"], &[]))),
            (edit(5, &["a", "a"], &["a"]), Some(edit(6, &["a"], &[]))),
            (edit(5, &["a", "b"], &["a", "b"]), None),
            (edit(5, &["a\r", "b\r"], &["a", "b"]), None),
        ];
        for (given, expected) in table {
            assert_eq!(given.trimmed(), expected, "{given:?}");
        }
    }

    #[test]
    fn a_trimmed_edit_writes_the_same_text() {
        let alphabet = ["a", "b", "c"];
        // All texts of one to three lines over a small alphabet, against each other.
        let mut texts: Vec<Vec<&str>> = vec![vec![]];
        for length in 0..3 {
            let longer: Vec<Vec<&str>> = texts
                .iter()
                .filter(|text| text.len() == length)
                .flat_map(|text| alphabet.iter().map(|line| [text.as_slice(), &[line]].concat()))
                .collect();
            texts.extend(longer);
        }
        for original in texts.iter().filter(|text| !text.is_empty()) {
            for replacement in &texts {
                let Some(trimmed) = edit(1, original, replacement).trimmed() else {
                    assert_eq!(original, replacement);
                    continue;
                };
                let mut lines: Vec<String> = original.iter().map(|line| (*line).to_owned()).collect();
                lines.splice(trimmed.first_line - 1..trimmed.last_line, trimmed.replacement.clone());
                assert_eq!(&lines, replacement, "{original:?} {trimmed:?}");
                assert!(trimmed.can_be_suggested(), "{trimmed:?}");
            }
        }
    }

    #[test]
    fn an_edit_that_cannot_be_written_exactly_is_not_suggested() {
        assert!(edit(1, &["a"], &["\tb"]).can_be_suggested());
        assert!(!edit(0, &["a"], &["b"]).can_be_suggested());
        assert!(!edit(1, &["a"], &["b\u{202e}"]).can_be_suggested());
        assert!(!edit(1, &["a"], &["b\u{c}"]).can_be_suggested());
        assert!(!LineEdit { last_line: 2, ..edit(1, &["a"], &["b"]) }.can_be_suggested());
        assert!(!LineEdit { last_line: 0, ..edit(1, &["a"], &["b"]) }.can_be_suggested());
    }

    #[test]
    fn lines_must_lie_in_one_hunk() {
        let path = RepoPath::new("a.py").unwrap();
        let hunk = |first_line, last_line| Hunk { first_line, last_line };
        let hunks: Hunks = [(path.clone(), vec![hunk(3, 5), hunk(6, 9)])].into_iter().collect();
        let table = [(3, 5, true), (4, 4, true), (5, 6, false), (2, 3, false), (9, 10, false), (5, 3, false)];
        for (first, last, expected) in table {
            assert_eq!(hunks.show(&path, first, last), expected, "{first} to {last}");
        }
        assert!(!hunks.show(&RepoPath::new("b.py").unwrap(), 3, 3));
    }
}
