//! What must not stand in a log or a crash report: keys, texts that look like keys, and where the home folder is.
//!
//! Who logs takes care not to hand over such things. This is the net below: libraries write lines, too, and
//! services repeat what they were sent.

use crate::env;
use crate::secret::redact_shaped;

/// The shortest value of a variable that is looked for: a shorter one stands in ordinary words.
const SHORTEST: usize = 8;

/// The variables whose values are nobody's business.
const CREDENTIALS: &[&[&str]] = &[
    env::API_KEY,
    env::OPENAI_KEY,
    env::OPENAI_ORGANIZATION,
    env::ANTHROPIC_KEY,
    env::GEMINI_KEY,
    env::SEARCH_KEY,
    &[env::GITHUB_TOKEN],
    &[env::ID_TOKEN_REQUEST_TOKEN, env::IDENTITY_HEADER],
    &[env::REDIS_PASSWORD, env::REDIS_URL],
];

/// What is taken out of a text.
#[derive(Debug, Clone, Default)]
pub(super) struct Cleaner {
    /// Values of the environment, the longest first: one may be part of another.
    known: Vec<String>,
    home: Option<String>,
}

impl Cleaner {
    /// Reads the environment.
    pub(super) fn from_environment() -> Self {
        Self::new(&env::read)
    }

    fn new(read: &dyn Fn(&str) -> Option<String>) -> Self {
        let values = CREDENTIALS.iter().copied().flatten().filter_map(|name| read(name));
        let in_address = read(env::REDIS_URL).and_then(|url| password(&url).map(str::to_owned));
        let values = values.chain(in_address);
        let mut known: Vec<String> =
            values.map(|value| value.trim().to_owned()).filter(|value| value.len() >= SHORTEST).collect();
        known.sort_by_key(|value| std::cmp::Reverse(value.len()));
        known.dedup();
        let home = read(env::HOME).or_else(|| read(env::USERPROFILE));
        let home = home.map(|home| home.trim_end_matches(['/', '\\']).to_owned());
        Self { known, home: home.filter(|home| home.len() > 1) }
    }

    /// Returns the text without them.
    pub(super) fn clean(&self, text: &str) -> String {
        let mut text = text.to_owned();
        for secret in self.known.iter().filter(|secret| text.contains(secret.as_str())).collect::<Vec<_>>() {
            text = text.replace(secret.as_str(), "***");
        }
        if let Some(home) = &self.home {
            text = without(&text, home);
            // Where files of several places are looked at, their paths begin at the root, without its slash.
            let inner = home.trim_start_matches('/');
            if inner.contains('/') {
                text = text.replace(&format!(" {inner}/"), " ~/");
                if let Some(rest) = text.strip_prefix(inner).filter(|rest| rest.starts_with('/')) {
                    text = format!("~{rest}");
                }
            }
        }
        redact_shaped(&text).0
    }
}

/// Returns the password of an address.
fn password(url: &str) -> Option<&str> {
    let (_, rest) = url.split_once("://")?;
    let (credentials, _) = rest.rsplit_once('@')?;
    credentials.split_once(':').map(|(_, password)| password)
}

/// Writes `~` for the home folder, where its name ends there: `/home/ada2` is another one.
fn without(text: &str, home: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(home) {
        let (before, found) = rest.split_at(at);
        let after = &found[home.len()..];
        let goes_on = |character: char| character.is_alphanumeric() || "-_.".contains(character);
        shown.push_str(before);
        shown.push_str(if after.starts_with(goes_on) { home } else { "~" });
        rest = after;
    }
    shown.push_str(rest);
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_of_credentials_and_the_home_folder_are_taken_out() {
        let read = |name: &str| {
            let value = match name {
                "DOCGATE_API_KEY" => "hunter2-hunter2",
                "AZURE_OPENAI_API_KEY" => "hunter2-hunter2-longer",
                "OPENAI_API_KEY" => "short",
                "GITHUB_TOKEN" => "a plain token\n",
                "ACTIONS_ID_TOKEN_REQUEST_TOKEN" => "a-word-for-github",
                "IDENTITY_HEADER" => "a-word-for-the-host",
                "REDIS_PASSWORD" => "wordpass-of-redis",
                "DOCGATE_REDIS_URL" => "rediss://docgate:passwort-in-url@redis.example.org:6380/0",
                "HOME" => "/home/ada/",
                _ => return None,
            };
            Some(value.to_owned())
        };
        let cleaner = Cleaner::new(&read);
        let table = [
            ("hunter2-hunter2-longer!", "***!"),
            ("hunter2-hunter2 short", "*** short"),
            ("a plain token is bad", "*** is bad"),
            ("a-word-for-github a-word-for-the-host", "*** ***"),
            ("AUTH wordpass-of-redis", "AUTH ***"),
            ("AUTH docgate passwort-in-url", "AUTH docgate ***"),
            ("to rediss://docgate:passwort-in-url@redis.example.org:6380/0!", "to ***!"),
            ("cannot read /home/ada/x/a.py", "cannot read ~/x/a.py"),
            ("/home/ada", "~"),
            ("home/ada/x/a.py", "~/x/a.py"),
            ("judging home/ada/x/a.py", "judging ~/x/a.py"),
            ("/home/ada2 /home/ada-x (/home/ada)", "/home/ada2 /home/ada-x (~)"),
            ("AKIAABCDEFGHIJKLMNOP", "[redacted]"),
            ("lamp.py", "lamp.py"),
        ];
        for (text, expected) in table {
            assert_eq!(cleaner.clean(text), expected, "{text}");
        }
    }

    #[test]
    fn a_home_that_is_the_root_is_no_name() {
        for home in ["/", ""] {
            let cleaner = Cleaner::new(&|name| (name == "HOME").then(|| home.to_owned()));
            assert_eq!(cleaner.clean("/etc/hosts"), "/etc/hosts");
        }
    }
}
