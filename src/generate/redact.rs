//! Secrets in source text, replaced before anything leaves the machine.

use std::sync::LazyLock;

use regex::{Captures, Regex};

/// What stands in place of a secret.
pub(super) const REDACTED: &str = "[redacted]";

/// Shapes of keys that services hand out, private keys, passwords in addresses, and literals that are assigned to
/// a name that says what they are.
static SECRET: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r#"(?x)
        (?: \b (?: AKIA | ASIA ) [0-9A-Z]{16} \b
          | \b gh[pousr]_ [0-9A-Za-z]{20,}
          | \b github_pat_ [0-9A-Za-z_]{20,}
          | \b xox[abprs]- [0-9A-Za-z-]{10,}
          | \b sk- [0-9A-Za-z_-]{16,}
          | \b [rs]k_live_ \w{10,}
          | \b AIza [0-9A-Za-z_-]{30,}
          | (?<scheme> \b Bearer \s+ ) [0-9A-Za-z._~+/=-]{6,}
          | \b eyJ [0-9A-Za-z_-]{8,} \. [0-9A-Za-z_-]{8,} \. [0-9A-Za-z_-]{4,}
          | -----BEGIN\ [A-Z\ ]*PRIVATE\ KEY----- (?s: .*? ) (?: -----END\ [A-Z\ ]*PRIVATE\ KEY----- | \z )
        )
        | (?<before> [a-z][a-z0-9+.-]* :// [^\s:/@'"]* : ) [^\s@'"]+ (?<after> @ )
        | (?<name> (?i: [\w.]* (?: password | passwd | secret | token | api_?key | \w_key ) \w* )
            ["']? \s* \]? \s* (?: : \s* [\w.\[\]\ |]+ )? [=:,] \s* \(? \s* [RrBbUuFf]{0,2} )
            (?: \"\"\" (?s: .{6,}? ) \"\"\" | ''' (?s: .{6,}? ) '''
              | (?: \s* (?: " (?: [^"\\\n] | \\ . ){6,} " | ' (?: [^'\\\n] | \\ . ){6,} ' ) )+ )
        | (?<field> [;"'] \s* (?i: AccountKey | SharedAccessKey | Password | Pwd ) = ) [^;"'\s]{6,}
        "#,
    )
    .ok()
});

/// Replaces secrets; returns the text and how many were replaced.
///
/// If the patterns cannot be compiled nothing is let through.
#[must_use]
pub fn redact(text: &str) -> (String, usize) {
    let Some(pattern) = SECRET.as_ref() else { return (REDACTED.to_owned(), 1) };
    let mut count = 0;
    let replaced = pattern.replace_all(text, |captures: &Captures<'_>| {
        count += 1;
        let part = |name: &str| captures.name(name).map_or("", |found| found.as_str());
        // An assigned literal keeps its quotes, so that the code still reads as code.
        let whole = captures.get(0).map_or("", |found| found.as_str());
        let quote = match captures.name("name") {
            Some(_) => whole.chars().next_back().map(String::from).unwrap_or_default(),
            None => String::new(),
        };
        let kept = ["scheme", "before", "name", "field"].map(part).concat();
        format!("{kept}{quote}{REDACTED}{quote}{}", part("after"))
    });
    (replaced.into_owned(), count)
}

/// Lists the secrets of a text, without quotes: what must not stand in anything said about it either.
#[must_use]
pub(super) fn secrets(text: &str) -> Vec<String> {
    let Some(pattern) = SECRET.as_ref() else { return Vec::new() };
    let hidden = |captures: Captures<'_>| {
        let length = |name: &str| captures.name(name).map_or(0, |found| found.len());
        let whole = captures.get(0).map_or("", |found| found.as_str());
        let start = length("before") + length("name") + length("field");
        whole[start..whole.len() - length("after")].trim_matches(['"', '\'']).to_owned()
    };
    pattern.captures_iter(text).map(hidden).filter(|secret| !secret.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_replaced_and_code_stays() {
        let table = [
            ("key = 'AKIAABCDEFGHIJKLMNOP'", "key = '[redacted]'", 1),
            ("API_KEY = \"hunter2hunter2\"", "API_KEY = \"[redacted]\"", 1),
            ("password: str = 'correct horse'", "password: str = '[redacted]'", 1),
            ("password = \"it's a secret\"", "password = \"[redacted]\"", 1),
            ("password = 'a \\'b\\' c d'", "password = '[redacted]'", 1),
            ("secret = (b'abc def')", "secret = (b'[redacted]')", 1),
            ("token: str | None = '''abc\ndef'''", "token: str | None = '[redacted]'", 1),
            ("{'token': 'abcdefgh'}", "{'token': '[redacted]'}", 1),
            ("os.environ['API_KEY'] = 'abcdefgh'", "os.environ['API_KEY'] = '[redacted]'", 1),
            ("os.getenv('AZURE_KEY', 'abcdefgh')", "os.getenv('AZURE_KEY', '[redacted]')", 1),
            ("PASSWORD = ('abcdef' 'ghijkl')", "PASSWORD = ('[redacted]')", 1),
            ("secret: Optional[str] = rb'abcdefgh'", "secret: Optional[str] = rb'[redacted]'", 1),
            ("{'Authorization': 'Bearer abc.def-123'}", "{'Authorization': 'Bearer [redacted]'}", 1),
            ("x = 'sk_live_abcdefghijkl'", "x = '[redacted]'", 1),
            ("url = 'postgres://me:hunter2@db/x'", "url = 'postgres://me:[redacted]@db/x'", 1),
            ("c = 'AccountName=a;AccountKey=abcdef=='", "c = 'AccountName=a;AccountKey=[redacted]'", 1),
            ("x = 'ghp_abcdefghijklmnopqrstuvwxyz'", "x = '[redacted]'", 1),
            (
                "def login(user, password=None): return token",
                "def login(user, password=None): return token",
                0,
            ),
            ("tokens = 'a b'", "tokens = 'a b'", 0),
        ];
        for (text, expected, count) in table {
            assert_eq!(redact(text), (expected.to_owned(), count), "{text}");
        }
    }

    #[test]
    fn a_private_key_goes_whole() {
        let text = "k = '''-----BEGIN RSA PRIVATE KEY-----\nabc\n-----END RSA PRIVATE KEY-----'''";
        assert_eq!(redact(text).0, "k = '''[redacted]'''");
    }
}
