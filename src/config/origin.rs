//! Where a value comes from, kept beside the value.

use std::fmt;
use std::ops::Deref;

/// Where the value of a setting was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Origin {
    /// Nobody wrote it: it is built in.
    Default,
    /// A file of the repository.
    File {
        /// The name of the file, at the root of the repository.
        path: &'static str,
        /// The line of the value, from 1.
        line: usize,
    },
    /// A variable of the environment.
    Environment(&'static str),
    /// The command line.
    Flag,
}

impl fmt::Display for Origin {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Default => formatter.write_str("built in"),
            Self::File { path, line } => write!(formatter, "{path}:{line}"),
            Self::Environment(name) => formatter.write_str(name),
            Self::Flag => formatter.write_str("command line"),
        }
    }
}

/// A value with its origin; it reads as the value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Setting<T> {
    /// The value.
    pub value: T,
    /// Where it comes from.
    pub origin: Origin,
}

impl<T> Setting<T> {
    /// Makes a setting that nobody wrote.
    pub(super) fn built_in(value: T) -> Self {
        Self { value, origin: Origin::Default }
    }
}

impl<T> Deref for Setting<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.value
    }
}
