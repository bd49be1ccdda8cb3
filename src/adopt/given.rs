//! Values as tools and docgate have them.

use std::fmt::{self, Write as _};

use crate::untrusted::is_hidden;

/// A value in a tool's configuration, from TOML or from an INI file, where everything is text.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Value {
    /// `true` or `false`.
    Switch(bool),
    /// A number.
    Number(f64),
    /// A string, or what an INI file says.
    Text(String),
    /// A list of strings; other elements are left out.
    List(Vec<String>),
    /// A table of lists, such as `per-file-ignores`.
    Lists(Vec<(String, Vec<String>)>),
    /// Anything else.
    Other,
}

/// An option that somebody has set.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Given {
    /// The name, in small letters and with hyphens.
    pub(super) name: String,
    /// The value.
    pub(super) value: Value,
    /// File, table and name as they are written.
    pub(super) place: String,
}

impl Given {
    /// Returns a switch.
    pub(super) fn switch(&self) -> Result<bool, String> {
        match &self.value {
            Value::Switch(on) => Ok(*on),
            Value::Text(text) => match text.trim().to_ascii_lowercase().as_str() {
                "true" | "yes" | "on" | "1" => Ok(true),
                "false" | "no" | "off" | "0" => Ok(false),
                _ => Err(format!("{text:?} is neither true nor false")),
            },
            _ => Err("it is neither true nor false".to_owned()),
        }
    }

    /// Returns a number.
    pub(super) fn number(&self) -> Result<f64, String> {
        match &self.value {
            Value::Number(number) => Ok(*number),
            Value::Text(text) => text.trim().parse().map_err(|_| format!("{text:?} is not a number")),
            _ => Err("it is not a number".to_owned()),
        }
    }

    /// Returns a word in small letters.
    pub(super) fn word(&self) -> Result<String, String> {
        match &self.value {
            Value::Text(text) => Ok(text.trim().trim_matches(['"', '\'']).to_ascii_lowercase()),
            _ => Err("it is not a string".to_owned()),
        }
    }

    /// Returns a text as it is.
    pub(super) fn text(&self) -> Result<&str, String> {
        match &self.value {
            Value::Text(text) => Ok(text.trim()),
            _ => Err("it is not a string".to_owned()),
        }
    }

    /// Returns the elements of a list; in a text they are separated by commas or line ends, as `flake8` has it by blanks, too.
    pub(super) fn list(&self) -> Result<Vec<String>, String> {
        match &self.value {
            Value::List(list) => Ok(list.clone()),
            Value::Text(text) => {
                let words =
                    text.split([',', '\n', ' ', '\t', '\r']).map(|word| word.trim_matches(['"', '[', ']']));
                Ok(words.filter(|word| !word.is_empty()).map(str::to_owned).collect())
            }
            _ => Err("it is not a list of strings".to_owned()),
        }
    }
}

/// A value of docgate's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Literal {
    /// `true` or `false`.
    Switch(bool),
    /// A whole number.
    Number(u64),
    /// A string.
    Word(String),
    /// A list of strings.
    List(Vec<String>),
}

impl From<&str> for Literal {
    fn from(word: &str) -> Self {
        Self::Word(word.to_owned())
    }
}

impl fmt::Display for Literal {
    /// Writes it as TOML.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Switch(on) => on.fmt(formatter),
            Self::Number(number) => number.fmt(formatter),
            Self::Word(word) => quoted(word).fmt(formatter),
            Self::List(list) => {
                let list: Vec<String> = list.iter().map(|word| quoted(word)).collect();
                write!(formatter, "[{}]", list.join(", "))
            }
        }
    }
}

/// Returns a string as TOML writes it: a basic one on one line, which may stand for a key, too.
pub(super) fn quoted(text: &str) -> String {
    let mut written = String::with_capacity(text.len() + 2);
    written.push('"');
    for character in text.chars() {
        match character {
            '"' | '\\' => written.extend(['\\', character]),
            '\n' => written.push_str("\\n"),
            '\r' => written.push_str("\\r"),
            '\t' => written.push_str("\\t"),
            hidden if is_hidden(hidden) => {
                let number = u32::from(hidden);
                // Writing to a string cannot fail.
                let _ = match number {
                    0..=0xffff => write!(written, "\\u{number:04X}"),
                    _ => write!(written, "\\U{number:08X}"),
                };
            }
            visible => written.push(visible),
        }
    }
    written.push('"');
    written
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn read(written: &str) -> toml::Table {
        toml::from_str(written).unwrap_or_else(|error| panic!("{written}: {error}"))
    }

    #[test]
    fn what_is_hidden_is_written_as_an_escape() {
        let table = [
            ("a\nb", r#""a\nb""#),
            ("a\"'\\", r#""a\"'\\""#),
            ("\u{1b}\u{9b}\u{202e}\u{e0001}", r#""\u001B\u009B\u202E\U000E0001""#),
            ("é*.py", "\"é*.py\""),
        ];
        for (text, expected) in table {
            assert_eq!(quoted(text), expected);
        }
    }

    proptest! {
        #[test]
        fn every_text_is_read_back_as_key_and_as_value(text in "\\PC*|(?s).*") {
            let written = format!("{} = {}\n", quoted(&text), quoted(&text));
            prop_assert_eq!(written.matches('\n').count(), 1);
            let table = read(&written);
            prop_assert_eq!(table.get(&text).and_then(toml::Value::as_str), Some(text.as_str()));
        }
    }
}
