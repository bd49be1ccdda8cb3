//! A text that must not be printed.

use std::fmt;

/// A key or token: `Debug` prints `***`, there is no `Display`, and it is not serialised.
#[derive(Clone)]
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
    pub(super) fn sanitise(&self, text: &str) -> String {
        const LONGEST: usize = 200;
        let mut visible: String = text
            .chars()
            .filter_map(|character| match character {
                '\n' | '\r' | '\t' => Some(' '),
                _ if is_invisible(character) => None,
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

/// Returns whether a character is a control, a direction mark or of no width.
fn is_invisible(character: char) -> bool {
    character.is_control()
        || matches!(character,
            '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
            | '\u{2028}' | '\u{2029}' | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{e0000}'..='\u{e007f}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_not_printed() {
        assert_eq!(format!("{:?}", Secret::new("hunter2")), "***");
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
