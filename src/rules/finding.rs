//! What a rule says: a finding with its evidence.

use serde::{Deserialize, Serialize};

use crate::docstring::SectionKind;
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
    /// The same, but words that somebody wrote would be lost: it is carried out only when that is asked for.
    UnsafeRepair(Remedy),
    /// Only prose answers it; a model can write that.
    Generate(Slot),
    /// Somebody has to decide.
    Person,
}

/// What an entry is about.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Described {
    /// A parameter, without stars.
    Parameter(String),
    /// An attribute of a class.
    Attribute(String),
    /// The only entry about what is returned.
    Returned,
    /// The only entry about what is yielded.
    Yielded,
}

/// Bytes of the file that others replace.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Replacement {
    /// The bytes that go: inside the docstring's literal, or blank lines right beside it.
    pub span: Span,
    /// The source that stands there instead.
    pub text: String,
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
    /// The type of an entry is replaced, or written where there is none.
    SetType {
        /// What the entry is about.
        of: Described,
        /// The annotation, as written in the code.
        to: String,
    },
    /// Several types at once: of those that have none, or have one that is not wanted.
    SetTypes(Vec<(Described, Option<String>)>),
    /// The entries of a kind are put into the order of these names.
    Reorder {
        /// The kind of their sections.
        kind: SectionKind,
        /// The names in the order of the code.
        names: Vec<String>,
    },
    /// The entry of an attribute goes.
    RemoveAttribute(String),
    /// The entry of an attribute gets another name.
    RenameAttribute {
        /// The name in the docstring.
        from: String,
        /// The name in the class.
        to: String,
    },
    /// The entry of an exception goes.
    RemoveException(String),
    /// The sections of a kind go.
    RemoveSection(SectionKind),
    /// An exception is listed, with the message that the code gives it.
    AddException {
        /// The exception, as the code names it.
        name: String,
        /// The message.
        text: String,
        /// All that the code raises, in its order.
        order: Vec<String>,
    },
    /// What is returned or yielded is listed by its type.
    AddResult {
        /// The kind of the section.
        kind: SectionKind,
        /// The annotation, as written in the code.
        type_text: String,
    },
    /// The text is laid out otherwise.
    Lay(Vec<Replacement>),
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
            Self::UnsafeRepair(_) => "unsafe-repair",
            Self::Generate(_) => "generate",
            Self::Person => "person",
        }
    }

    /// Leaves to a person what a repair would answer.
    pub(super) fn for_a_person(self) -> Self {
        match self {
            Self::Repair(_) | Self::UnsafeRepair(_) => Self::Person,
            other => other,
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
