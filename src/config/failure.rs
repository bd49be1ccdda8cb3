//! What can be wrong with a configuration.

use thiserror::Error as ThisError;

use super::{DOCGATE_FILE, Origin, PYPROJECT_FILE};
use crate::env;
use crate::error::Error;

/// A mistake in the configuration, with the place where it was written.
#[derive(Debug, Clone, PartialEq, Eq, ThisError)]
pub enum ConfigError {
    /// Both places hold a configuration.
    #[error("both {DOCGATE_FILE} and [tool.docgate] in {PYPROJECT_FILE} configure docgate")]
    TwoFiles,
    /// The file is not text, or not TOML.
    #[error("{path}:{line}: {problem}")]
    Unreadable {
        /// The file.
        path: &'static str,
        /// The line, from 1.
        line: usize,
        /// What is wrong with it.
        problem: String,
    },
    /// A key that does not exist.
    #[error("{path}:{line}: unknown key `{key}`")]
    UnknownKey {
        /// The file.
        path: &'static str,
        /// The line of the key, from 1.
        line: usize,
        /// The key with the tables it is in, such as `azure.deploymnet`.
        key: String,
        /// The nearest key there is.
        suggestion: Option<&'static str>,
    },
    /// A value that says where code or credentials go, in a file.
    #[error("{path}:{line}: `{key}` is not accepted in a file")]
    NotInFiles {
        /// The file.
        path: &'static str,
        /// The line of the key, from 1.
        line: usize,
        /// The key with the tables it is in.
        key: String,
    },
    /// A value of the wrong type, or out of range.
    #[error("{origin}: {}: {problem}", key_of(.origin, .key))]
    Invalid {
        /// Where the value was written.
        origin: Origin,
        /// The key it is the value of.
        key: &'static str,
        /// What was expected.
        problem: String,
    },
    /// A model was asked for, and what it takes to reach it is not there.
    #[error("the model `{model}` needs {what}")]
    Missing {
        /// Who was to be asked.
        model: &'static str,
        /// What is missing, as a phrase.
        what: &'static str,
        /// The variables that can hold it; the first is the one to recommend.
        variables: &'static [&'static str],
    },
}

/// Names the key, unless the name of the variable already says it.
fn key_of(origin: &Origin, key: &str) -> String {
    match origin {
        Origin::Environment(_) => "wrong value".to_owned(),
        Origin::Default | Origin::File { .. } | Origin::Flag => format!("`{key}`"),
    }
}

impl ConfigError {
    /// Returns what to do about it.
    #[must_use]
    pub fn hint(&self) -> Option<String> {
        match self {
            Self::TwoFiles => Some(format!("keep one: move the keys to {DOCGATE_FILE}, or delete it")),
            Self::UnknownKey { suggestion: Some(nearest), .. } => Some(format!("did you mean `{nearest}`?")),
            Self::UnknownKey { suggestion: None, .. } => {
                Some("the keys are listed in docs/configuration.md".to_owned())
            }
            Self::NotInFiles { .. } => Some(format!(
                "set it in the environment ({}, {}): a cloned repository must not be able to choose where \
                 your code and your key are sent",
                env::ENDPOINT[0],
                env::API_KEY[0]
            )),
            Self::Missing { variables, .. } => Some(format!("set {}", variables.join(" or "))),
            Self::Unreadable { .. } | Self::Invalid { .. } => None,
        }
    }
}

impl From<ConfigError> for Error {
    fn from(error: ConfigError) -> Self {
        let whole = Self::usage(error.to_string());
        match error.hint() {
            Some(hint) => whole.hint(hint),
            None => whole,
        }
    }
}
