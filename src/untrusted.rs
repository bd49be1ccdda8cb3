//! Makes text that is not ours safe to show: paths, names, messages, reasons.
//!
//! A file name may hold escape sequences that repaint a terminal, and a bidirectional override can make a
//! line read as its opposite (<https://trojansource.codes>). Such characters are shown as escapes. It changes
//! what a person sees, never what is written into a file.

use std::borrow::Cow;
use std::fmt::Write as _;

/// Returns the text with control, bidirectional and invisible characters written as escapes.
///
/// The result is one line: a line feed becomes `\n`. Backslashes of the text stay as they are.
#[must_use]
pub fn sanitised(text: &str) -> Cow<'_, str> {
    let Some(first) = text.find(is_hidden) else { return Cow::Borrowed(text) };
    let (clean, rest) = text.split_at(first);
    let mut shown = String::with_capacity(text.len() + 8);
    shown.push_str(clean);
    for character in rest.chars() {
        match character {
            '\n' => shown.push_str("\\n"),
            '\r' => shown.push_str("\\r"),
            '\t' => shown.push_str("\\t"),
            hidden if is_hidden(hidden) => {
                let _ = write!(shown, "\\u{{{:x}}}", u32::from(hidden));
            }
            visible => shown.push(visible),
        }
    }
    Cow::Owned(shown)
}

/// Escapes what serde leaves in a JSON text as it is: DEL, C1 controls, bidirectional and invisible characters.
///
/// These can only stand inside strings, where an escape means the same character; line feeds between values stay.
#[must_use]
pub fn escaped_in_json(document: &str) -> String {
    let mut escaped = String::with_capacity(document.len());
    for character in document.chars() {
        if character != '\n' && is_hidden(character) {
            for unit in character.encode_utf16(&mut [0; 2]) {
                let _ = write!(escaped, "\\u{unit:04x}");
            }
        } else {
            escaped.push(character);
        }
    }
    escaped
}

/// Returns whether a character controls the terminal, the direction of text, or shows nothing.
///
/// Variation selectors U+FE00–FE0F stay: they belong to ordinary emoji. The joiners do not, because they
/// can make two names look alike.
#[must_use]
pub fn is_hidden(character: char) -> bool {
    character.is_control()
        || matches!(character,
            '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{180e}'
            | '\u{200b}'..='\u{200f}'
            | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}'
            | '\u{3164}' | '\u{feff}' | '\u{ffa0}'
            | '\u{fff9}'..='\u{fffb}'
            | '\u{e0000}'..='\u{e0fff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hidden_characters_are_shown_as_escapes() {
        let table = [
            ("plain", "plain"),
            ("é 漢 🙂", "é 漢 🙂"),
            ("a\u{1b}[31mb", "a\\u{1b}[31mb"),
            ("a\nb\r\tc", "a\\nb\\r\\tc"),
            ("a\u{9b}b", "a\\u{9b}b"),
            ("a\u{7f}", "a\\u{7f}"),
            ("x\u{202e}y\u{2066}z", "x\\u{202e}y\\u{2066}z"),
            ("x\u{200b}y\u{200d}z\u{feff}", "x\\u{200b}y\\u{200d}z\\u{feff}"),
            ("x\u{2028}y", "x\\u{2028}y"),
            ("x\u{e0041}", "x\\u{e0041}"),
            ("C:\\n", "C:\\n"),
            ("", ""),
        ];
        for (text, expected) in table {
            assert_eq!(sanitised(text), expected, "{text:?}");
        }
    }

    #[test]
    fn clean_text_is_not_copied() {
        assert!(matches!(sanitised("lamp.py"), Cow::Borrowed("lamp.py")));
    }
}
