//! A text that must not be printed, and how such a text is recognised in another.

mod pattern;

pub use pattern::{REDACTED, redact, redact_shaped, redacted_in};

use std::fmt;

use crate::untrusted::is_hidden;

/// A key or token: `Debug` and `Display` print `***`, and it is not serialised.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// Wraps a secret; blanks and line ends around it, as pasting leaves them, are dropped.
    #[must_use]
    pub fn new(text: &str) -> Self {
        Self(text.trim().to_owned())
    }

    /// Returns the secret itself, for the one place that sends it.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// Returns whether there is nothing in it.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Returns a foreign text in a form that can be shown: on one line, without the secret, at most 200 characters.
    ///
    /// Services repeat what they were sent. Characters that steer a terminal or cannot be seen are dropped
    /// *before* the secret is looked for, because they could have been put inside it.
    pub(crate) fn sanitise(&self, text: &str) -> String {
        const LONGEST: usize = 200;
        let mut visible: String = text
            .chars()
            .filter_map(|character| match character {
                '\n' | '\r' | '\t' => Some(' '),
                _ if is_hidden(character) => None,
                _ => Some(character),
            })
            .collect();
        if !self.is_empty() {
            visible = visible.replace(&self.0, "***");
        }
        let visible = visible.trim();
        match visible.char_indices().nth(LONGEST) {
            None => visible.to_owned(),
            Some((end, _)) => format!("{}…", visible[..end].trim_end()),
        }
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("***")
    }
}

impl fmt::Display for Secret {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("***")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_not_printed() {
        let secret = Secret::new("hunter2");
        assert_eq!(format!("{secret:?} {secret} {:?}", Some(&secret)), "*** *** Some(***)");
    }

    #[test]
    fn foreign_text_is_made_showable() {
        let long = "é".repeat(500);
        let table = [
            ("plain", "plain".to_owned()),
            ("two\r\nlines", "two  lines".to_owned()),
            ("your key is hunter2!", "your key is ***!".to_owned()),
            ("hun\u{200b}ter2 and hun\u{7}ter2", "*** and ***".to_owned()),
            ("\u{1b}[31mred\u{202e}", "[31mred".to_owned()),
            (long.as_str(), format!("{}…", "é".repeat(200))),
        ];
        for (text, expected) in table {
            assert_eq!(Secret::new(" hunter2\n").sanitise(text), expected, "{text:?}");
        }
    }

    #[test]
    fn an_empty_secret_replaces_nothing() {
        assert_eq!(Secret::new("").sanitise("text"), "text");
    }
}
