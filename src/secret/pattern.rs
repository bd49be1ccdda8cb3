//! Texts that look like secrets: what they are replaced with before anything leaves the machine.
//!
//! Two kinds are known. Some have a shape: keys as services hand them out, private keys, passwords in addresses, and
//! literals that are given to a name such as `password`. Others only look like chance, as no word does. A log line
//! loses the first kind only, since it names requests by identifiers that look like chance, too.

use std::sync::LazyLock;

use regex::{Captures, Regex};

/// What stands in place of a secret.
pub const REDACTED: &str = "[redacted]";

/// The shortest text that can be told from a word by its characters alone.
const SHORTEST_RANDOM: usize = 20;

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
          | \b glpat- [0-9A-Za-z_-]{16,}
          | \b npm_ [0-9A-Za-z]{30,}
          | \b pypi- [0-9A-Za-z_-]{30,}
          | \b hf_ [0-9A-Za-z]{30,}
          | \b SG \. [0-9A-Za-z_-]{16,} \. [0-9A-Za-z_-]{16,}
          | (?<signature> [?&] (?: sig | access_token | token | api[_-]?key | key | password ) = ) [0-9A-Za-z%._~+/-]{8,}
          | (?<basic> (?i: authorization ) ["']? \s* [:=,] \s* ["']? Basic \s+ ) [0-9A-Za-z+/]{6,}={0,2}
          | -----BEGIN\ [A-Z\ ]*PRIVATE\ KEY (?: \ BLOCK )? ----- (?s: .*? )
            (?: -----END\ [A-Z\ ]*PRIVATE\ KEY (?: \ BLOCK )? ----- | \z )
        )
        | (?<before> [a-z][a-z0-9+.-]* :// [^\s:/@'"]* : ) [^\s@'"]+ (?<after> @ )
        | (?<name> (?i: [\w.]* (?: password | passwd | passphrase | secret | token | credential | api_?key | \w_key ) \w*
                | (?i: \b (?: \w+_ )? (?: pwd | pass ) \b ) )
            ["']? \s* \]? \s* (?: : \s* [\w.\[\]\ |]+ )? (?: [=!]= | := | [=:,] ) \s* \(? \s* [RrBbUuFf]{0,2} )
            (?: \"\"\" (?s: .{6,}? ) \"\"\" | ''' (?s: .{6,}? ) '''
              | (?: \s* (?: " (?: [^"\\\n] | \\ . ){6,} " | ' (?: [^'\\\n] | \\ . ){6,} ' ) )+ )
        | (?<field> [;"'] \s* (?i: AccountKey | SharedAccessKey | Password | Pwd ) = ) [^;"'\s]{6,}
        | (?<variable> ["'] \w* (?: PASSWORD | PASSWD | SECRET | TOKEN | API_?KEY ) \w* = ) [^"'\s]{6,}
        | (?<loose> \s (?i: AccountKey | SharedAccessKey | Password | Pwd ) = ) [^;"'\s(),]{6,} ;
        "#,
    )
    .ok()
});

/// What may be random: everything that keys are written in.
static CANDIDATE: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(&format!("[0-9A-Za-z+/_-]{{{SHORTEST_RANDOM},}}={{0,2}}")).ok());

/// The parts of a match that are no secret and stay in front of it.
const BEFORE: [&str; 8] = ["scheme", "before", "name", "field", "loose", "signature", "basic", "variable"];

/// Replaces what looks like a secret; returns the text and how many were replaced.
///
/// If the patterns cannot be compiled nothing is let through.
#[must_use]
pub fn redact(text: &str) -> (String, usize) {
    let (text, shaped) = redact_shaped(text);
    let Some(candidate) = CANDIDATE.as_ref() else { return (REDACTED.to_owned(), 1) };
    let mut random = 0;
    let text = candidate.replace_all(&text, |captures: &Captures<'_>| {
        let whole = captures.get(0).map_or("", |found| found.as_str());
        if !is_random(whole) {
            return whole.to_owned();
        }
        random += 1;
        REDACTED.to_owned()
    });
    (text.into_owned(), shaped + random)
}

/// Replaces what has the shape of a secret, and leaves what is merely random.
///
/// If the patterns cannot be compiled nothing is let through.
#[must_use]
pub fn redact_shaped(text: &str) -> (String, usize) {
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
        let kept = BEFORE.map(part).concat();
        format!("{kept}{quote}{REDACTED}{quote}{}", part("after"))
    });
    (replaced.into_owned(), count)
}

/// Lists the secrets of a text, without quotes: what must not stand in anything said about it either.
#[must_use]
pub fn redacted_in(text: &str) -> Vec<String> {
    let (Some(pattern), Some(candidate)) = (SECRET.as_ref(), CANDIDATE.as_ref()) else { return Vec::new() };
    let hidden = |captures: Captures<'_>| {
        let length = |name: &str| captures.name(name).map_or(0, |found| found.len());
        let whole = captures.get(0).map_or("", |found| found.as_str());
        let start: usize = BEFORE.map(length).iter().sum();
        whole[start..whole.len() - length("after")].trim_matches(['"', '\'']).to_owned()
    };
    let shaped = pattern.captures_iter(text).map(hidden).filter(|secret| !secret.is_empty());
    let random = candidate.find_iter(text).map(|found| found.as_str()).filter(|found| is_random(found));
    shaped.chain(random.map(str::to_owned)).collect()
}

/// Returns whether a text looks like chance: hexadecimal digits, or letters and digits that follow each other as in no
/// word or name.
///
/// Of the pairs of neighbours in random text, six of ten are of two kinds (small and capital letters, digits); in names
/// such as `HTTPResponse2` three of ten are.
fn is_random(text: &str) -> bool {
    /// The bits of the shortest keys that are written in hexadecimal digits: 128.
    const SHORTEST_HEXADECIMAL: usize = 32;
    const OF_FIFTY: usize = 21;
    let text = text.trim_end_matches('=');
    let plain: Vec<u8> = text.bytes().filter(|byte| *byte != b'-').collect();
    if plain.len() >= SHORTEST_HEXADECIMAL && plain.iter().all(u8::is_ascii_hexdigit) {
        let digits = plain.iter().filter(|byte| byte.is_ascii_digit()).count();
        return (2..plain.len() - 1).contains(&digits);
    }
    let kinds: Vec<Option<u8>> = text
        .bytes()
        .map(|byte| match byte {
            b'a'..=b'z' => Some(0),
            b'A'..=b'Z' => Some(1),
            b'0'..=b'9' => Some(2),
            _ => None,
        })
        .collect();
    let digits = kinds.iter().filter(|kind| **kind == Some(2)).count();
    let signs = kinds.iter().flatten().count();
    let pairs = kinds.windows(2).filter_map(|pair| Some((pair[0]?, pair[1]?)));
    let (mut all, mut changes) = (0, 0);
    for (one, next) in pairs {
        all += 1;
        changes += usize::from(one != next);
    }
    signs >= SHORTEST_RANDOM && digits >= 2 && digits < signs && changes * 50 >= all * OF_FIFTY
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
            ("if password == 'open sesame':", "if password == '[redacted]':", 1),
            ("if (pwd := 'open sesame'):", "if (pwd := '[redacted]'):", 1),
            ("DB_PASS = 'abcdefgh'", "DB_PASS = '[redacted]'", 1),
            ("credentials = 'abc:defgh'", "credentials = '[redacted]'", 1),
            ("passphrase = 'open sesame'", "passphrase = '[redacted]'", 1),
            ("u = 'https://h/x?access_token=Zebra8eight'", "u = 'https://h/x?access_token=[redacted]'", 1),
            ("{'Authorization': 'Basic dTpwYXNz'}", "{'Authorization': 'Basic [redacted]'}", 1),
            ("environ = ['DB_PASSWORD=abcdefgh']", "environ = ['DB_PASSWORD=[redacted]']", 1),
            ("Authorization: Basic or Digest.", "Authorization: Basic or Digest.", 0),
            (
                "compass = 'north-east'; bypass = 'a long word'",
                "compass = 'north-east'; bypass = 'a long word'",
                0,
            ),
            ("url = f'{base}?key={api_key}&token={token}'", "url = f'{base}?key={api_key}&token={token}'", 0),
            ("x = 'glpat-abcdefghijklmnopqrst'", "x = '[redacted]'", 1),
            (
                "x = 'https://h/c?sv=1&sig=abcdefghijklmnopqrst%3D'",
                "x = 'https://h/c?sv=1&sig=[redacted]'",
                1,
            ),
            ("Use Server=a;User ID=b;Password=hunter2;", "Use Server=a;User ID=b;Password=[redacted];", 1),
            ("Use Password=hunter2; then", "Use Password=[redacted] then", 1),
            ("def login(user, password=default_word):", "def login(user, password=default_word):", 0),
            ("x = 'q8Jx2Lm9Vb4Nc7Kz/1Wp5Rt3Yh6Gd+0FsAsZk2Qw'", "x = '[redacted]'", 1),
            ("x = '9f86d081884c7d659a2feaa0c55ad015'", "x = '[redacted]'", 1),
            ("Ask with 4f9Kc02LmQz81VtYb7Wn3RxD.", "Ask with [redacted].", 1),
        ];
        for (text, expected, count) in table {
            assert_eq!(redact(text), (expected.to_owned(), count), "{text}");
        }
    }

    #[test]
    fn names_and_numbers_are_no_chance() {
        for text in [
            "test_a_very_long_name_of_a_test_case_1_and_2",
            "getHTTPResponseCodeFromServer2XX",
            "BaseDatabaseSchemaEditorMixin42",
            "12345678901234567890123456789012",
            "django/contrib/admin/templatetags/admin_urls2",
            "--------------------------------",
            "abcdefghijklmnopqrstuvwxyz0123456789",
            "2024-01-02-03-04-05-06-07-08",
            "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567",
        ] {
            assert_eq!(redact(text), (text.to_owned(), 0));
        }
    }

    #[test]
    fn a_line_of_a_log_keeps_identifiers() {
        let line = "request_id=3f2504e0-4f89-11d3-9a0c-0305e82c3301 key=AKIAABCDEFGHIJKLMNOP";
        assert_eq!(redact_shaped(line).0, "request_id=3f2504e0-4f89-11d3-9a0c-0305e82c3301 key=[redacted]");
    }

    #[test]
    fn what_is_replaced_is_listed() {
        let text =
            "url = 'redis://:hunter2@h'; a = 'q8Jx2Lm9Vb4Nc7Kz/1Wp5Rt3Yh6Gd+0FsAsZk2Qw'; password = 'a word'";
        let listed = redacted_in(text);
        assert_eq!(listed, ["hunter2", "a word", "q8Jx2Lm9Vb4Nc7Kz/1Wp5Rt3Yh6Gd+0FsAsZk2Qw"]);
    }

    #[test]
    fn a_private_key_goes_whole() {
        let text = "k = '''-----BEGIN RSA PRIVATE KEY-----\nabc\n-----END RSA PRIVATE KEY-----'''";
        assert_eq!(redact(text).0, "k = '''[redacted]'''");
    }
}
