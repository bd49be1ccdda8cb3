//! What a rule says: a finding with its evidence.

use serde::{Deserialize, Serialize};

use crate::python::{Position, Span};

/// How much a finding weighs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Never changes the exit code.
    Advice,
    /// Is shown and does not block.
    Warning,
    /// Blocks.
    Error,
}

/// Who can answer a finding.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Answer {
    /// The code says what the docstring has to say.
    Repair,
    /// Only prose answers it; a model can write that.
    Generate,
    /// Somebody has to decide.
    Person,
}

/// Something in a docstring that is wrong, missing or doubtful.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// The code of the rule: `DOC101`.
    pub code: &'static str,
    /// The name of the rule: `docstring-missing-parameter`.
    pub name: &'static str,
    /// How much it weighs here.
    pub severity: Severity,
    /// The qualified name of the definition; empty for the module.
    pub definition: String,
    /// The bytes it points at.
    #[serde(skip)]
    pub span: Span,
    /// Line and column of the first of these bytes.
    pub position: Position,
    /// What is wrong, in one sentence without a full stop.
    pub message: String,
    /// What in the code supports it.
    pub evidence: Vec<Evidence>,
    /// Who can answer it.
    pub answer: Answer,
    /// What within the docstring it is about, such as the name of a parameter.
    pub subject: Option<String>,
}

/// A place in the code that supports a finding.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Evidence {
    /// Where it is.
    pub position: Position,
    /// What stands there, in a few words.
    pub text: String,
}
