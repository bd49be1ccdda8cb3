//! The options of single rules as they are written; what they mean is known to the rules alone.

use std::fmt;

use toml::de::DeValue;

use super::input::described;

/// A value in the table `[rules]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RuleOption {
    /// `true` or `false`.
    Switch(bool),
    /// A whole number that is not negative.
    Number(u64),
    /// A string.
    Word(String),
}

impl RuleOption {
    /// Reads a value of a file.
    pub(super) fn read(value: &DeValue<'_>) -> Result<Self, String> {
        let problem =
            || format!("expected true, false, a whole number or a string, found {}", described(value));
        match value {
            DeValue::Boolean(on) => Ok(Self::Switch(*on)),
            DeValue::String(word) => Ok(Self::Word(word.to_string())),
            DeValue::Integer(number) => number.as_str().parse().map(Self::Number).map_err(|_| problem()),
            _ => Err(problem()),
        }
    }
}

impl fmt::Display for RuleOption {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Switch(on) => on.fmt(formatter),
            Self::Number(number) => number.fmt(formatter),
            Self::Word(word) => word.fmt(formatter),
        }
    }
}
