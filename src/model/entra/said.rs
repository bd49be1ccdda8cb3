//! What others say about a sign-in, as it can be shown.

use crate::secret::{Secret, redact_shaped};
use crate::untrusted::is_hidden;

/// Returns foreign text in a form that can be shown: without the secrets, on one line of at most 200 characters.
pub(super) fn showable(text: &str, secrets: &[Secret]) -> String {
    let spoken = |character: char| match character {
        '\n' | '\r' | '\t' => Some(' '),
        _ if is_hidden(character) => None,
        _ => Some(character),
    };
    let mut text: String = text.chars().filter_map(spoken).collect();
    for secret in secrets.iter().filter(|secret| !secret.is_empty()) {
        text = text.replace(secret.expose(), "***");
    }
    // Cut last: half a secret would not be known for one.
    Secret::new("").sanitise(&redact_shaped(&text).0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_others_say_is_shown_without_secrets() {
        let secrets = [Secret::new(""), Secret::new("hunter2"), Secret::new("a word")];
        let table = [
            ("it was hun\u{200b}ter2,\n a word".to_owned(), "it was ***,  ***".to_owned()),
            ("\u{1b}[31m Bearer abcdef.ghi".to_owned(), "[31m Bearer [redacted]".to_owned()),
            ("x".repeat(198), "x".repeat(198)),
            (format!("{} hunter2", "x".repeat(195)), format!("{} ***", "x".repeat(195))),
            (
                format!("{} eyJhbGciOiJ9.eyJzdWIiOiJ9.c2lnbmF0", "x".repeat(190)),
                format!("{} [redacted…", "x".repeat(190)),
            ),
        ];
        for (text, expected) in table {
            assert_eq!(showable(&text, &secrets), expected, "{text}");
        }
    }
}
