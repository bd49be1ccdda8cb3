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

/// Who can answer a finding, and with what.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Answer {
    /// The code says what the docstring has to say.
    Repair(Remedy),
    /// Only prose answers it; a model can write that.
    Generate(Slot),
    /// Somebody has to decide.
    Person,
}

/// A change that follows from the code.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Remedy {
    /// The entry of a parameter goes.
    RemoveParameter(String),
    /// The entry of a parameter gets another name.
    RenameParameter {
        /// The name in the docstring.
        from: String,
        /// The name in the signature, without stars.
        to: String,
    },
    /// The default that an entry names is replaced.
    SetDefault {
        /// The parameter.
        parameter: String,
        /// The default in the signature, as written there.
        to: String,
    },
}

/// A piece of prose that is missing.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Slot {
    /// The whole docstring.
    Docstring,
    /// The entry of a parameter, named with its stars.
    Parameter(String),
    /// What is returned.
    Returns,
    /// What is yielded.
    Yields,
    /// When an exception is raised.
    Raises(String),
}

impl Answer {
    /// Returns the word for it in machine-readable output.
    #[must_use]
    pub fn word(&self) -> &'static str {
        match self {
            Self::Repair(_) => "repair",
            Self::Generate(_) => "generate",
            Self::Person => "person",
        }
    }
}

impl Serialize for Answer {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.word())
    }
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
