//! What a run ends with: an exit status, or an error that says what happened, why, and what to do.
//!
//! Stages have error types of their own; this module is where they meet a person. It does not print:
//! `main.rs` does.

use std::error::Error as StdError;
use std::fmt;
use std::process::ExitCode;

/// How a run ended, as the exit code that the documentation promises.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ExitStatus {
    /// Nothing blocks, or everything that blocked was fixed.
    Success,
    /// Findings that block remain.
    Findings,
    /// The command line, the configuration or the environment is wrong.
    Usage,
    /// Git, the network, GitHub or the file system kept the run from finishing.
    Unfinished,
    /// The run was interrupted by a signal.
    Interrupted,
}

impl ExitStatus {
    /// Returns the number the process exits with.
    #[must_use]
    pub fn code(self) -> u8 {
        match self {
            Self::Success => 0,
            Self::Findings => 1,
            Self::Usage => 2,
            Self::Unfinished => 3,
            Self::Interrupted => 130,
        }
    }
}

impl From<ExitStatus> for ExitCode {
    fn from(status: ExitStatus) -> Self {
        Self::from(status.code())
    }
}

/// A failure of the whole run: its exit status, its causes and hints for the person who reads it.
///
/// Messages are lower case and end without a full stop.
#[derive(Debug)]
pub struct Error {
    status: ExitStatus,
    message: String,
    source: Option<Box<dyn StdError + Send + Sync>>,
    hints: Vec<String>,
}

impl Error {
    /// Makes an error for a wrong command line, configuration or environment (exit code 2).
    #[must_use]
    pub fn usage(message: impl Into<String>) -> Self {
        Self::new(ExitStatus::Usage, message.into())
    }

    /// Makes an error for a run that could not finish (exit code 3).
    #[must_use]
    pub fn unfinished(message: impl Into<String>) -> Self {
        Self::new(ExitStatus::Unfinished, message.into())
    }

    /// Makes the error of a run that a signal stopped (exit code 130).
    #[must_use]
    pub fn interrupted() -> Self {
        Self::new(ExitStatus::Interrupted, "interrupted".to_owned())
    }

    fn new(status: ExitStatus, message: String) -> Self {
        Self { status, message, source: None, hints: Vec::new() }
    }

    /// Makes an error out of a stage's own: its message, its causes, its hint.
    #[must_use]
    pub fn of(status: ExitStatus, error: &dyn StdError, hint: Option<String>) -> Self {
        let mut made = Self::new(status, error.to_string());
        made.source = error.source().map(|cause| Box::from(Chain::of(cause)));
        made.hints.extend(hint);
        made
    }

    /// Adds the error that caused this one.
    #[must_use]
    pub fn because(mut self, source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        self.source = Some(source.into());
        self
    }

    /// Adds a line that says what to do about it.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hints.push(hint.into());
        self
    }

    /// Returns the exit status.
    #[must_use]
    pub fn status(&self) -> ExitStatus {
        self.status
    }

    /// Returns the hints, in the order they were added.
    #[must_use]
    pub fn hints(&self) -> &[String] {
        &self.hints
    }
}

impl fmt::Display for Error {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.message)
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.source.as_ref().map(|source| -> &(dyn StdError + 'static) { source.as_ref() })
    }
}

/// A copy of a chain of causes: the errors of stages are not kept beyond their stage.
#[derive(Debug)]
struct Chain {
    message: String,
    source: Option<Box<Chain>>,
}

impl Chain {
    fn of(error: &dyn StdError) -> Self {
        Self { message: error.to_string(), source: error.source().map(|cause| Box::new(Self::of(cause))) }
    }
}

impl fmt::Display for Chain {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.message)
    }
}

impl StdError for Chain {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.source.as_ref().map(|source| -> &(dyn StdError + 'static) { source.as_ref() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exit_codes_are_the_documented_ones() {
        let table = [
            (ExitStatus::Success, 0),
            (ExitStatus::Findings, 1),
            (ExitStatus::Usage, 2),
            (ExitStatus::Unfinished, 3),
            (ExitStatus::Interrupted, 130),
        ];
        for (status, code) in table {
            assert_eq!(status.code(), code, "{status:?}");
        }
    }

    #[test]
    fn an_error_keeps_its_cause_and_its_hints() {
        let error = Error::usage("wrong").because("deeper").hint("do this");
        assert_eq!(error.source().map(ToString::to_string).as_deref(), Some("deeper"));
        assert_eq!(error.hints(), ["do this"]);
    }
}
