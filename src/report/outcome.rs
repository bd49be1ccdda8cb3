//! The outcomes of a run: the only input of every output format and of the exit code.

use std::collections::BTreeMap;

use serde::Serialize;

use super::{Fix, Source, phrase};
use crate::change::{RepoPath, SkippedFile};
use crate::error::ExitStatus;
use crate::rules::{Finding, Severity};

/// What became of one definition.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Outcome {
    /// The file.
    pub path: RepoPath,
    /// The qualified name; empty for the module.
    pub definition: String,
    /// The line of the definition, from 1.
    pub line: usize,
    /// What was found before anything was done.
    pub found: Vec<Finding>,
    /// What is still wrong in the text that will be committed.
    pub remaining: Vec<Finding>,
    /// What was done.
    pub resolution: Resolution,
    /// What a repair would write, where nothing was tried.
    pub fix: Option<Fix>,
    /// Why its docstring could not be edited, where nothing was tried.
    pub refused: Option<SkipReason>,
}

/// What was done about a definition.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase", tag = "state", content = "reason")]
pub enum Resolution {
    /// Nothing was found.
    Clean,
    /// Findings were reported and nothing was tried.
    Reported,
    /// What the code says was written into the docstring.
    Repaired,
    /// Prose was written.
    Written,
    /// Nothing was written, on purpose.
    Skipped(SkipReason),
    /// Writing was tried and went wrong; the reason is a sentence.
    Failed(String),
}

/// Why a definition was left as it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum SkipReason {
    /// The staged and the working text of the definition differ.
    PartlyStaged,
    /// A hook manager has put unstaged edits of the file aside, and would bring them back at the wrong lines.
    PutAside,
    /// Index or file changed while docgate was at work.
    ChangedMeanwhile,
    /// A syntax error touches it.
    SyntaxError,
    /// Its docstring is read when the program runs.
    ReadAtRunTime,
    /// An edit would have changed more than the docstring and was dropped.
    NotProven,
    /// The place or the form of the docstring does not allow a safe edit; the reason is a phrase.
    NotEditable(&'static str),
    /// The budget was spent before its turn.
    OverBudget,
    /// What is missing is prose, and no model is configured.
    NoModel,
    /// What is missing is prose, and the configuration keeps the file from being sent.
    NeverSent,
}

impl SkipReason {
    /// Returns the reason as a word for machines, the same in every version of docgate.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::PartlyStaged => "partly-staged",
            Self::PutAside => "put-aside",
            Self::ChangedMeanwhile => "changed-meanwhile",
            Self::SyntaxError => "syntax-error",
            Self::ReadAtRunTime => "read-at-run-time",
            Self::NotProven => "not-proven",
            Self::NotEditable(_) => "not-editable",
            Self::OverBudget => "over-budget",
            Self::NoModel => "no-model",
            Self::NeverSent => "never-sent",
        }
    }

    /// Returns the reason as a phrase for people.
    #[must_use]
    pub fn phrase(&self) -> &'static str {
        match self {
            Self::PartlyStaged => "partly staged: its staged lines and its lines in the working tree differ",
            Self::PutAside => "the hook manager has put unstaged edits of the file aside",
            Self::ChangedMeanwhile => "the file changed while docgate was at work; run it again",
            Self::SyntaxError => "a syntax error touches it",
            Self::ReadAtRunTime => "its docstring is read at run time",
            Self::NotProven => "the edit would have changed more than the docstring",
            Self::NotEditable(reason) => reason,
            Self::OverBudget => "the budget was spent before its turn",
            Self::NoModel => "what is missing is prose, and no model is configured",
            Self::NeverSent => "what is missing is prose, and `never-send` keeps the file from the model",
        }
    }
}

/// What was asked of the model, and what it cost.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct UsageTotals {
    /// The id of the run, as it stands in the log and in the history.
    pub run: String,
    /// Requests that were sent, retries not counted.
    pub requests: u64,
    /// Definitions answered from the cache.
    pub cache_hits: u64,
    /// Tokens sent.
    pub prompt_tokens: u64,
    /// Tokens received.
    pub completion_tokens: u64,
    /// US dollars; `None` when the price of the model is not known.
    pub cost: Option<f64>,
    /// Secrets in the source that were replaced before anything was sent.
    pub redacted: u64,
}

/// Everything a run has to say.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct Report {
    /// One entry for every definition that was looked at and is worth a word, worst first within a file.
    pub outcomes: Vec<Outcome>,
    /// How many definitions were looked at.
    pub definitions: usize,
    /// How many files were looked at.
    pub files: usize,
    /// Files that were asked for and not looked at.
    pub skipped: Vec<SkippedFile>,
    /// What went wrong beside the findings: a model that did not answer, a cache that could not be opened.
    pub failures: Vec<String>,
    /// What was asked of the model; `None` when there was none.
    pub usage: Option<UsageTotals>,
    /// The texts that the remaining findings point into.
    #[serde(skip)]
    pub sources: BTreeMap<RepoPath, Source>,
}

impl Outcome {
    /// Returns the name to show for the definition: its qualified name, or `module`.
    #[must_use]
    pub fn definition_name(&self) -> &str {
        phrase::definition(&self.definition)
    }
}

impl Report {
    /// Returns the findings that remain, with the file of each, in the order of the outcomes.
    pub fn remaining(&self) -> impl Iterator<Item = (&RepoPath, &Finding)> {
        self.outcomes
            .iter()
            .flat_map(|outcome| outcome.remaining.iter().map(move |finding| (&outcome.path, finding)))
    }

    /// Counts the findings that remain, by weight.
    #[must_use]
    pub fn count(&self, severity: Severity) -> usize {
        self.remaining().filter(|(_, finding)| finding.severity == severity).count()
    }

    /// Counts the outcomes that have findings left.
    #[must_use]
    pub fn with_findings(&self) -> usize {
        self.outcomes.iter().filter(|outcome| !outcome.remaining.is_empty()).count()
    }

    /// Counts the outcomes for which something was written.
    #[must_use]
    pub fn changed(&self) -> usize {
        let changed =
            |outcome: &&Outcome| matches!(outcome.resolution, Resolution::Repaired | Resolution::Written);
        self.outcomes.iter().filter(changed).count()
    }

    /// Returns the exit status: decided by the findings in the text, and by nothing else.
    #[must_use]
    pub fn status(&self) -> ExitStatus {
        if self.count(Severity::Error) > 0 { ExitStatus::Findings } else { ExitStatus::Success }
    }
}
