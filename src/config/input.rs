//! A value as it was written, before it is known what it should be.

use std::borrow::Cow;
use std::ops::RangeInclusive;
use std::str::FromStr;
use std::time::Duration;

use toml::de::DeValue;

use super::PathPatterns;

/// A value as it was written.
#[derive(Clone, Copy)]
pub(super) enum Input<'text> {
    /// In a file, with a type.
    Toml(&'text DeValue<'text>),
    /// In the environment or on the command line, as text.
    Text(&'text str),
}

/// The longest text a setting may have, in bytes; house instructions are the longest there are.
const LONGEST_TEXT: usize = 20_000;

impl Input<'_> {
    /// Reads text that is not empty.
    pub(super) fn text(self) -> Result<String, String> {
        let text = match self {
            Self::Text(text) => text,
            Self::Toml(DeValue::String(text)) => text.as_ref(),
            Self::Toml(other) => return Err(format!("expected a string, found {}", described(other))),
        };
        if text.trim().is_empty() {
            return Err("expected a string that is not empty".to_owned());
        }
        if text.len() > LONGEST_TEXT {
            return Err(format!("expected at most {LONGEST_TEXT} bytes, found {}", text.len()));
        }
        Ok(text.to_owned())
    }

    /// Reads one of a few words.
    pub(super) fn word<T: FromStr<Err = String>>(self) -> Result<T, String> {
        self.text()?.trim().parse()
    }

    /// Reads a name that becomes part of an address: nothing in it may lead elsewhere.
    pub(super) fn name(self) -> Result<String, String> {
        let name = self.text()?.trim().to_owned();
        let is_plain = |character: char| character.is_ascii_alphanumeric() || "-_.".contains(character);
        if name.chars().all(is_plain) && !name.starts_with('.') {
            return Ok(name);
        }
        Err(format!("expected letters, digits, `-`, `_` and `.` only, found {name:?}"))
    }

    /// Reads the name of a model: services of one's own call theirs `qwen2.5-coder:7b` or `org/model`.
    pub(super) fn model(self) -> Result<String, String> {
        const LONGEST: usize = 200;
        let name = self.text()?.trim().to_owned();
        let is_plain = |character: char| character.is_ascii_alphanumeric() || "-_.:/@".contains(character);
        if name.chars().all(is_plain) && name.starts_with(|first: char| first.is_ascii_alphanumeric()) {
            if name.len() <= LONGEST {
                return Ok(name);
            }
            return Err(format!("expected at most {LONGEST} characters, found {}", name.len()));
        }
        Err(format!("expected letters, digits, `-`, `_`, `.`, `:`, `/` and `@` only, found {name:?}"))
    }

    /// Reads a list of strings; in the environment, words between commas.
    pub(super) fn list(self) -> Result<Vec<String>, String> {
        let values = match self {
            Self::Text(text) => {
                return Ok(text
                    .split(',')
                    .map(str::trim)
                    .filter(|word| !word.is_empty())
                    .map(str::to_owned)
                    .collect());
            }
            Self::Toml(DeValue::Array(values)) => values,
            Self::Toml(other) => {
                return Err(format!("expected a list of strings, found {}", described(other)));
            }
        };
        let mut list = Vec::new();
        for value in values {
            let item = Input::Toml(value.get_ref());
            list.push(item.text().map_err(|problem| format!("in the list: {problem}"))?);
        }
        Ok(list)
    }

    /// Reads a list of words that are one of a few.
    pub(super) fn words<T: FromStr<Err = String>>(self) -> Result<Vec<T>, String> {
        self.list()?
            .iter()
            .map(|word| word.parse().map_err(|problem| format!("in the list: {problem}")))
            .collect()
    }

    /// Reads `true` or `false`.
    pub(super) fn boolean(self) -> Result<bool, String> {
        let value = match self {
            Self::Text(text) => text.trim().parse().ok(),
            Self::Toml(DeValue::Boolean(value)) => Some(*value),
            Self::Toml(_) => None,
        };
        value.ok_or_else(|| format!("expected true or false, found {}", self.described()))
    }

    /// Reads a list of globs.
    pub(super) fn patterns(self) -> Result<PathPatterns, String> {
        PathPatterns::new(self.list()?)
    }

    /// Reads a whole number in a range.
    pub(super) fn whole(self, range: RangeInclusive<u64>) -> Result<u64, String> {
        let expected = if *range.end() == u64::MAX {
            format!("expected a whole number from {}", range.start())
        } else {
            format!("expected a whole number from {} to {}", range.start(), range.end())
        };
        let number = match self {
            Self::Text(text) => text.trim().parse().ok(),
            Self::Toml(DeValue::Integer(digits)) => u64::from_str_radix(digits.as_str(), digits.radix()).ok(),
            Self::Toml(_) => None,
        };
        match number {
            Some(number) if range.contains(&number) => Ok(number),
            _ => Err(format!("{expected}, found {}", self.described())),
        }
    }

    /// Reads a duration in whole seconds, from one second to an hour.
    pub(super) fn seconds(self) -> Result<Duration, String> {
        let seconds =
            self.whole(1..=3_600).map_err(|problem| problem.replace("number", "number of seconds"))?;
        Ok(Duration::from_secs(seconds))
    }

    /// Reads an amount of US dollars.
    pub(super) fn dollars(self) -> Result<f64, String> {
        let amount: Option<f64> = match self {
            Self::Text(text) => text.trim().parse().ok(),
            Self::Toml(DeValue::Integer(digits)) if digits.radix() == 10 => digits.as_str().parse().ok(),
            Self::Toml(DeValue::Float(digits)) => digits.as_str().parse().ok(),
            Self::Toml(_) => None,
        };
        match amount {
            Some(amount) if amount.is_finite() && amount >= 0.0 => Ok(amount),
            _ => Err(format!("expected US dollars, 0 or more, found {}", self.described())),
        }
    }

    fn described(self) -> Cow<'static, str> {
        match self {
            Self::Text(text) => Cow::Owned(format!("{text:?}")),
            Self::Toml(value) => described(value),
        }
    }
}

/// Says what a value is: numbers and booleans as they are, the rest by type.
pub(super) fn described(value: &DeValue<'_>) -> Cow<'static, str> {
    match value {
        DeValue::String(_) => Cow::Borrowed("a string"),
        DeValue::Integer(number) => Cow::Owned(number.to_string()),
        DeValue::Float(number) => Cow::Owned(number.to_string()),
        DeValue::Boolean(value) => Cow::Owned(value.to_string()),
        DeValue::Datetime(_) => Cow::Borrowed("a date"),
        DeValue::Array(_) => Cow::Borrowed("a list"),
        DeValue::Table(_) => Cow::Borrowed("a table"),
    }
}
