//! Secrets: a key in a text leads somewhere, and what stands for one in a prompt says nothing.

use crate::secret::{REDACTED, redacted_in};

/// Returns whether a text has what looks like a secret, or stands for one, and is not in the code.
pub(in super::super) fn has_secret(text: &str, code: &str) -> bool {
    let stands_for_one = text.to_ascii_lowercase().contains(REDACTED) && !code.contains(REDACTED);
    stands_for_one || redacted_in(text).iter().any(|secret| !code.contains(secret))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_that_the_code_does_not_have_is_found() {
        for text in [
            "Use sk-proj-abcdEFGH1234ijklMNOP5678qrstUVWX for it.",
            "Use AKIAIOSFODNN7EXAMPLE for it.",
            "Use ghp_16C7e42F292c6912E7710c838347Ae178B4a for it.",
            "Server=db;Database=x;User Id=sa;Password=Sup3rS3cret!;",
            "Sends \"Authorization: Bearer abc.def-123\".",
            "Log in with [redacted].",
            "Log in with [REDACTED].",
            "login(password=\"correct horse\")",
        ] {
            assert!(has_secret(text, "def login(): pass"), "{text}");
        }
        for text in
            ["The token of the session.", "Return the key of a record.", "A password, at most 20 characters."]
        {
            assert!(!has_secret(text, "def login(): pass"), "{text}");
        }
    }

    #[test]
    fn what_is_in_the_code_is_known() {
        let code = "EXAMPLE = 'AKIAIOSFODNN7EXAMPLE'\nHIDDEN = '[redacted]'\n";
        assert!(!has_secret("Writes `[redacted]` in place of `AKIAIOSFODNN7EXAMPLE`.", code));
        assert!(has_secret("Such as AKIAIOSFODNN7EXAMPLF.", code));
    }
}
