//! Variables out of a `.env` file, which is read only where somebody asks for it.
//!
//! The process wins over the file. Two things keep a file from sending a key of somebody's elsewhere: in continuous
//! integration, addresses and keys in it do not count, and anywhere, an address from the file and a key from the
//! environment do not go together. What the surroundings say (git, hook managers, GitHub, the terminal) is not for a
//! file to say.

use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use super::of_the_process;

/// The largest file that is read.
const LARGEST: u64 = 1024 * 1024;

/// Names for the same thing: where the process has one of them, the others count as said, too.
const ALIASES: &[&[&str]] = &[
    super::ENDPOINT,
    super::API_KEY,
    super::DEPLOYMENT,
    super::API_VERSION,
    super::AZURE_MODEL,
    super::AZURE_TIMEOUT,
    super::TEMPERATURE,
    super::RETRIES,
    super::CERTIFICATES,
    super::TOKENS_PER_MINUTE,
    super::MAX_COMPLETION_TOKENS,
    super::CACHE_ENABLED,
    super::EMBEDDING_DEPLOYMENT,
    super::SEARCH_ENDPOINT,
    super::SEARCH_KEY,
    super::SEARCH_INDEX,
    super::LOG,
    &[super::LOG_FILE, super::LOG_DIR],
    &[super::REDIS_URL, super::REDIS_HOST],
];

/// What others set, and no file may.
const SURROUNDINGS: &[&[&str]] = &[
    &[super::XDG_CACHE_HOME, super::HOME, super::USERPROFILE, super::LOCALAPPDATA],
    &[super::PRE_COMMIT, super::PRE_COMMIT_FROM_REF, super::PRE_COMMIT_TO_REF],
    &[super::GIT_INDEX_FILE, super::GIT_WORK_TREE, super::SKIP, super::SKIP_IDS],
    &[super::GITHUB_EVENT_PATH, super::GITHUB_REPOSITORY, super::GITHUB_STEP_SUMMARY, super::CI],
    &[super::TERM, super::TERM_PROGRAM, super::VTE_VERSION, super::ENV_FILE],
    super::TERMINALS_WITH_LINKS,
    // Who is signed in is so on this machine; a file would choose whose token is fetched, and for what.
    &[super::SIGN_IN, super::SCOPE, super::TENANT_ID, super::CLIENT_ID, super::AUTHORITY_HOST, super::PATH],
    &[super::FEDERATED_TOKEN_FILE, super::ID_TOKEN_REQUEST_URL, super::ID_TOKEN_REQUEST_TOKEN],
    &[super::IDENTITY_ENDPOINT, super::IDENTITY_HEADER],
];

/// Names of groups of names.
type Groups = &'static [&'static [&'static str]];

/// All keys of models. Those of one service are no other names for those of another.
const KEYS: Groups = &[super::API_KEY, super::OPENAI_KEY, super::ANTHROPIC_KEY, super::GEMINI_KEY];

/// Where something is sent, and what must not be sent to an address that a file names.
const PAIRS: &[(Groups, Groups)] = &[
    (&[super::ENDPOINT], &[super::API_KEY]),
    // A sign-in wins over a key, also one in the file.
    (&[super::ENDPOINT, &[super::PROXY], super::CERTIFICATES], &[&[super::SIGN_IN]]),
    (&[super::OWN_ENDPOINT, &[super::PROXY], super::CERTIFICATES], KEYS),
    (&[super::SEARCH_ENDPOINT, &[super::PROXY], super::CERTIFICATES], &[super::SEARCH_KEY]),
    (&[&[super::GITHUB_API_URL]], &[&[super::GITHUB_TOKEN]]),
    (
        &[&[super::REDIS_URL, super::REDIS_HOST, super::REDIS_PORT, super::REDIS_CERTIFICATES]],
        &[&[super::REDIS_PASSWORD, super::REDIS_URL]],
    ),
    // Not addresses, but they choose whose answers are taken.
    (&[&[super::REDIS_PREFIX, super::REDIS_DB]], &[]),
];

static VALUES: OnceLock<BTreeMap<String, String>> = OnceLock::new();

/// Why a file is not read.
#[derive(Debug, thiserror::Error)]
pub enum EnvFileError {
    /// It cannot be read.
    #[error("cannot read {}", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// A line says nothing that can be understood. What it says is not repeated: it may be half a key.
    #[error("{}:{line}: expected NAME=VALUE", path.display())]
    Line {
        /// The file.
        path: PathBuf,
        /// The line, from 1.
        line: usize,
    },
    /// The variable that asks for a file does not name one place.
    #[error("{}: expected an absolute path, found {}", super::ENV_FILE, path.display())]
    Relative {
        /// What it says.
        path: PathBuf,
    },
    /// The file names an address and the environment holds a key for it.
    #[error("{}: `{address}` stands in the file and `{key}` in the environment", path.display())]
    ForeignAddress {
        /// The file.
        path: PathBuf,
        /// The variable of the address.
        address: &'static str,
        /// The variable of the key.
        key: &'static str,
    },
}

impl EnvFileError {
    /// Says what to do about it.
    #[must_use]
    pub fn hint(&self) -> &'static str {
        match self {
            Self::Unreadable { .. } => {
                "a file is read only where `--env-file` or DOCGATE_ENV_FILE asks for it"
            }
            Self::Line { .. } => "values with blanks stand in quotes; within '…' everything is as it stands",
            Self::Relative { .. } => {
                "a relative path would be another file in each repository; `--env-file` takes one"
            }
            Self::ForeignAddress { key, .. } if *key == super::SIGN_IN => {
                "a file must not choose where a token of yours goes: put the address into the environment, too"
            }
            Self::ForeignAddress { .. } => {
                "a file must not choose where a key of yours goes: put both into the file, or both into the environment"
            }
        }
    }
}

/// What was read.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Loaded {
    /// Names that do not count here, since this is continuous integration.
    pub left_out: Vec<&'static str>,
}

/// Returns the value of a variable in the file.
#[must_use]
pub(super) fn value(name: &str) -> Option<String> {
    VALUES.get()?.get(name).cloned()
}

/// Returns whether a variable has the value that the file says.
#[must_use]
pub fn holds(name: &str) -> bool {
    of_the_process(name).is_none() && value(name).is_some()
}

/// Returns the file that the environment asks for.
///
/// # Errors
///
/// Reports a path that is not absolute.
pub fn asked_for() -> Result<Option<PathBuf>, EnvFileError> {
    match super::read_path(super::ENV_FILE) {
        Some(path) if path.is_relative() => Err(EnvFileError::Relative { path }),
        found => Ok(found),
    }
}

/// Reads a file; from now on its variables count where the process has none. It is done once.
///
/// # Errors
///
/// Reports a file that cannot be read or understood, or that names an address for a key of the environment.
pub fn load(path: &Path) -> Result<Loaded, EnvFileError> {
    let unreadable = |source| EnvFileError::Unreadable { path: path.to_owned(), source };
    let found = fs::metadata(path).map_err(unreadable)?;
    if !found.is_file() || found.len() > LARGEST {
        return Err(unreadable(io::Error::other("it is not a plain file of at most one megabyte")));
    }
    let text = fs::read_to_string(path).map_err(unreadable)?;
    let (values, loaded) = counting(written(&text, path)?, path, &of_the_process)?;
    // A second file would come too late for what was read already.
    let _ = VALUES.set(values);
    Ok(loaded)
}

/// Reads what is written; of two lines for one name the last counts, as in a shell. `$NAME` stays as it is.
fn written(text: &str, path: &Path) -> Result<BTreeMap<String, String>, EnvFileError> {
    let text = text.trim_start_matches('\u{feff}');
    let dollar = unused(text);
    let text = without_dollars(text, dollar);
    let read = Cell::new(0);
    let mut values = BTreeMap::new();
    let mut entries = dotenvy::from_read_iter(Lines { rest: text.as_bytes(), read: &read });
    loop {
        let before = read.get();
        let Some(entry) = entries.next() else { break };
        // The error quotes the line, which is no place for a key; where it stands is enough.
        let (name, value) = entry.map_err(|_| {
            let is_empty = |line: &&str| line.trim().is_empty() || line.trim_start().starts_with('#');
            let line = 1 + before + text.lines().skip(before).take_while(is_empty).count();
            EnvFileError::Line { path: path.to_owned(), line }
        })?;
        values.insert(name, value.replace(dollar, "$"));
    }
    values.retain(|_, value| !value.is_empty());
    Ok(values)
}

/// Hands out a line at a time and counts them: the errors of the crate do not say where they happened.
struct Lines<'text> {
    rest: &'text [u8],
    read: &'text Cell<usize>,
}

impl Read for Lines<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let end = memchr::memchr(b'\n', self.rest).map_or(self.rest.len(), |place| place + 1);
        let (line, rest) = self.rest.split_at(end.min(buffer.len()));
        buffer[..line.len()].copy_from_slice(line);
        self.rest = rest;
        self.read.set(self.read.get() + usize::from(line.ends_with(b"\n")));
        Ok(line.len())
    }
}

/// Returns a character that a text does not have.
fn unused(text: &str) -> char {
    let used: BTreeSet<char> = text.chars().collect();
    // More characters than a file of the largest size can have.
    ('\u{e000}'..=char::MAX).find(|character| !used.contains(character)).unwrap_or(char::MAX)
}

/// Puts another character in the place of dollar signs: the crate would look `$NAME` up in the process, so that a file
/// could make a key of somebody's its own. An escaped one is none to the crate, and stays.
fn without_dollars(text: &str, other: char) -> String {
    let mut is_escaped = false;
    let mut replaced = String::with_capacity(text.len());
    for character in text.chars() {
        replaced.push(if character == '$' && !is_escaped { other } else { character });
        is_escaped = character == '\\' && !is_escaped;
    }
    replaced
}

/// Leaves what counts.
fn counting(
    mut values: BTreeMap<String, String>,
    path: &Path,
    process: &dyn Fn(&str) -> Option<String>,
) -> Result<(BTreeMap<String, String>, Loaded), EnvFileError> {
    for name in SURROUNDINGS.iter().copied().flatten() {
        values.remove(*name);
    }
    for names in ALIASES.iter().filter(|names| names.iter().any(|name| process(name).is_some())) {
        for name in *names {
            values.remove(*name);
        }
    }
    values.retain(|name, _| process(name).is_none());
    let is_ci = process(super::CI).is_some_and(|value| !matches!(value.as_str(), "false" | "0"));
    let mut loaded = Loaded::default();
    for (addresses, keys) in PAIRS {
        let addresses = addresses.iter().copied().flatten().copied();
        let mut keys = keys.iter().copied().flatten().copied();
        // docgate's own name wins over all others, so that no key of the process is asked for.
        let has_own_key = keys.clone().any(|key| super::OWN_KEY.contains(&key) && values.contains_key(key));
        if is_ci {
            for name in addresses.chain(keys) {
                if values.remove(name).is_some() {
                    loaded.left_out.push(name);
                }
            }
            continue;
        }
        let address = addresses.into_iter().find(|name| values.contains_key(*name)).filter(|_| !has_own_key);
        let is_held = |name: &&str| {
            let signs_nobody_in =
                |value: &str| *name == super::SIGN_IN && value.trim() == super::SIGN_IN_WITH_KEY;
            process(name).is_some_and(|value| !signs_nobody_in(&value))
        };
        if let (Some(address), Some(key)) = (address, keys.find(is_held)) {
            return Err(EnvFileError::ForeignAddress { path: path.to_owned(), address, key });
        }
    }
    Ok((values, loaded))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<BTreeMap<String, String>, String> {
        written(text, Path::new(".env")).map_err(|error| error.to_string())
    }

    fn counted(text: &str, process: &[(&str, &str)]) -> Result<(Vec<String>, Vec<&'static str>), String> {
        let known = |name: &str| {
            process.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned())
        };
        let (values, loaded) =
            counting(read(text)?, Path::new(".env"), &known).map_err(|error| error.to_string())?;
        Ok((values.into_iter().map(|(name, value)| format!("{name}={value}")).collect(), loaded.left_out))
    }

    #[test]
    fn lines_are_read_as_others_read_them() {
        let text = "\u{feff}# a remark\nexport DOCGATE_MODE=fix\r\nA = 'as $it stands' # remark\nB=\"two\\nlines\"\nEMPTY=\nA=last\n";
        let expected = [("A", "last"), ("B", "two\nlines"), ("DOCGATE_MODE", "fix")];
        let expected = expected.map(|(name, value)| (name.to_owned(), value.to_owned()));
        assert_eq!(read(text), Ok(BTreeMap::from(expected)));
    }

    #[test]
    fn nothing_of_the_process_gets_into_a_value() {
        // Every process has it.
        assert!(of_the_process("PATH").is_some());
        for value in
            ["$PATH", "${PATH}", "\"$PATH\"", "\"a${PATH}\"", "a$PATH$PATH", "'$PATH'", "'a'$PATH", "$", "${"]
        {
            let plain = value.replace(['"', '\''], "");
            let found = read(&format!("B=1\nA={value}\n")).unwrap();
            assert_eq!(found["A"], plain, "{value}");
        }
        for (value, expected) in [(r"\$PATH", "$PATH"), (r"\\$PATH", r"\$PATH"), (r"'\$PATH'", r"\$PATH")] {
            assert_eq!(read(&format!("A={value}\n")).unwrap()["A"], expected, "{value}");
        }
        assert_eq!(read("PATH=x\nA=\u{e000}$PATH\n").unwrap()["A"], "\u{e000}$PATH");
        let text = "DOCGATE_ENDPOINT=https://evil\nDOCGATE_API_KEY=$OPENAI_API_KEY\n";
        let (values, _) = counted(text, &[("OPENAI_API_KEY", "sk-mine")]).unwrap();
        assert_eq!(values, ["DOCGATE_API_KEY=$OPENAI_API_KEY", "DOCGATE_ENDPOINT=https://evil"]);
    }

    #[test]
    fn the_line_that_is_wrong_is_named() {
        let table = [
            ("X=C\nC\n", 2),
            ("A='two\nlines'\n# remark\n\n C \n", 5),
            ("C", 1),
            ("\r\n\r\nC\r\n", 3),
            ("A=\"\n\n", 1),
        ];
        for (text, line) in table {
            assert_eq!(read(text), Err(format!(".env:{line}: expected NAME=VALUE")), "{text:?}");
        }
    }

    #[test]
    fn a_line_that_cannot_be_read_is_not_repeated() {
        for text in ["A=1\n\nDOCGATE_API_KEY=hunter2 and more\n", "A=1\n\nhunter2\n", "A=1\n\nB='hunter2\n"] {
            assert_eq!(read(text), Err(".env:3: expected NAME=VALUE".to_owned()), "{text}");
        }
    }

    #[test]
    fn the_process_wins_under_whatever_name() {
        let text = "DOCGATE_DEPLOYMENT=file\nDOCGATE_STYLE=numpy\n";
        let (values, _) = counted(text, &[("AZURE_OPENAI_DEPLOYMENT", "process")]).unwrap();
        assert_eq!(values, ["DOCGATE_STYLE=numpy"]);
    }

    #[test]
    fn surroundings_are_not_for_a_file_to_say() {
        let text = "HOME=/tmp\nCI=\nGIT_INDEX_FILE=/tmp/i\nPRE_COMMIT=1\nDOCGATE_SKIP=1\nDOCGATE_ENV_FILE=/tmp/.env\n";
        assert_eq!(counted(text, &[]), Ok((Vec::new(), Vec::new())));
    }

    #[test]
    fn in_ci_neither_address_nor_key_counts() {
        let text = "AZURE_OPENAI_ENDPOINT=https://a\nDOCGATE_API_KEY=k\nGITHUB_TOKEN=t\nDOCGATE_MODE=fix\n";
        let (values, left_out) = counted(text, &[("CI", "true")]).unwrap();
        assert_eq!(values, ["DOCGATE_MODE=fix"]);
        assert_eq!(left_out, ["AZURE_OPENAI_ENDPOINT", "DOCGATE_API_KEY", "GITHUB_TOKEN"]);
        assert_eq!(counted(text, &[("CI", "false")]).unwrap().0.len(), 4);
        let text = "DOCGATE_REDIS_URL=redis://a\nREDIS_HOST=a\nREDIS_PORT=1\nREDIS_DB=1\nREDIS_PASSWORD=p\nDOCGATE_REDIS_PREFIX=p\nDOCGATE_REDIS_CA_FILE=c\n";
        let (values, left_out) = counted(text, &[("CI", "true")]).unwrap();
        assert_eq!((values.len(), left_out.len()), (0, 7), "{values:?} {left_out:?}");
    }

    #[test]
    fn a_redis_of_the_process_is_not_changed_by_a_file() {
        let process = [("DOCGATE_REDIS_URL", "rediss://:p@mine")];
        assert_eq!(counted("REDIS_HOST=evil\n", &process), Ok((Vec::new(), Vec::new())));
        let process = [("REDIS_HOST", "mine"), ("REDIS_PASSWORD", "p")];
        assert_eq!(counted("DOCGATE_REDIS_URL=redis://evil\n", &process), Ok((Vec::new(), Vec::new())));
        assert!(counted("REDIS_HOST=a\nREDIS_PASSWORD=p\nREDIS_PORT=1\n", &[]).is_ok());
    }

    #[test]
    fn an_address_from_the_file_gets_no_key_from_elsewhere() {
        let table = [
            ("DOCGATE_ENDPOINT=https://evil", "AZURE_OPENAI_API_KEY"),
            ("DOCGATE_ENDPOINT=https://evil", "OPENAI_API_KEY"),
            ("AZURE_OPENAI_ENDPOINT=https://evil", "AZURE_OPENAI_KEY"),
            ("AZURE_OPENAI_ENDPOINT=https://evil\nAZURE_OPENAI_API_KEY=k", "AZURE_OPENAI_KEY"),
            ("DOCGATE_CA_FILE=evil.pem", "ANTHROPIC_API_KEY"),
            ("DOCGATE_PROXY=http://evil", "DOCGATE_API_KEY"),
            ("AZURE_SEARCH_ENDPOINT=https://evil", "DOCGATE_SEARCH_KEY"),
            ("DOCGATE_PROXY=http://evil", "AZURE_SEARCH_KEY"),
            ("GITHUB_API_URL=https://evil", "GITHUB_TOKEN"),
            ("REDIS_HOST=evil", "REDIS_PASSWORD"),
            ("REDIS_PORT=666", "REDIS_PASSWORD"),
            ("DOCGATE_REDIS_URL=rediss://evil", "REDIS_PASSWORD"),
            ("DOCGATE_REDIS_CA_FILE=evil.pem", "DOCGATE_REDIS_URL"),
            ("REDIS_PORT=666", "DOCGATE_REDIS_URL"),
        ];
        for (text, key) in table {
            let problem = counted(text, &[(key, "k")]).unwrap_err();
            assert!(problem.contains(key) && !problem.contains("evil"), "{problem}");
            assert!(counted(text, &[]).is_ok(), "{text}");
        }
        // Azure's address gets no key of OpenAI's, and docgate's own key comes before that.
        for text in ["AZURE_OPENAI_ENDPOINT=https://a\n", "DOCGATE_ENDPOINT=https://a\nDOCGATE_API_KEY=k\n"] {
            assert!(counted(text, &[("OPENAI_API_KEY", "k")]).is_ok(), "{text}");
        }
        let same = "DOCGATE_ENDPOINT=https://a\n";
        let process = [("DOCGATE_ENDPOINT", "https://b"), ("DOCGATE_API_KEY", "k")];
        assert_eq!(counted(same, &process), Ok((Vec::new(), Vec::new())));
    }

    #[test]
    fn an_address_from_the_file_gets_no_token_and_a_file_signs_nobody_in() {
        let process = [("DOCGATE_SIGN_IN", "cli")];
        for text in [
            "DOCGATE_ENDPOINT=https://evil\n",
            "AZURE_OPENAI_ENDPOINT=https://evil\nAZURE_OPENAI_API_KEY=k\n",
            "DOCGATE_ENDPOINT=https://evil\nDOCGATE_API_KEY=k\n",
            "DOCGATE_PROXY=http://evil\n",
            "DOCGATE_CA_FILE=evil.pem\n",
        ] {
            let problem = counted(text, &process).unwrap_err();
            assert!(problem.contains("DOCGATE_SIGN_IN") && !problem.contains("evil"), "{problem}");
        }
        // What cannot be understood may be meant to be one.
        for word in ["cli", "managed-identity", "Key", "keys"] {
            assert!(counted("DOCGATE_PROXY=http://evil\n", &[("DOCGATE_SIGN_IN", word)]).is_err(), "{word}");
        }
        let text = "DOCGATE_ENDPOINT=https://evil\nDOCGATE_SIGN_IN=cli\nDOCGATE_SCOPE=https://management.azure.com/.default\n\
                    AZURE_TENANT_ID=evil\nAZURE_AUTHORITY_HOST=https://evil\nIDENTITY_ENDPOINT=http://evil\nPATH=/evil\n";
        let expected = vec!["DOCGATE_ENDPOINT=https://evil".to_owned()];
        assert_eq!(counted(text, &[]), Ok((expected, Vec::new())));
    }

    #[test]
    fn to_ask_with_a_key_signs_nobody_in() {
        let text = "DOCGATE_API_KEY=k\nDOCGATE_ENDPOINT=https://a\n";
        for word in ["key", " key\n"] {
            let process = [("DOCGATE_SIGN_IN", word)];
            assert_eq!(counted(text, &process).unwrap().0, text.lines().collect::<Vec<_>>());
            // The key of the process is looked after as ever.
            let with_key = [("DOCGATE_SIGN_IN", word), ("AZURE_OPENAI_API_KEY", "k")];
            let problem = counted("DOCGATE_ENDPOINT=https://evil\n", &with_key).unwrap_err();
            assert!(problem.contains("AZURE_OPENAI_API_KEY"), "{problem}");
            assert!(counted(text, &[process[0], ("CI", "true")]).unwrap().0.is_empty());
        }
    }

    #[test]
    fn every_variable_with_several_names_is_in_the_table() {
        let known: Vec<&[&str]> = [ALIASES, SURROUNDINGS, KEYS].concat();
        let constants = regex::Regex::new(r"(?s)pub const \w+: &\[&str\] =\s*&\[(.*?)\];").unwrap();
        let name = regex::Regex::new("\"([A-Z_]+)\"").unwrap();
        let mut several = 0;
        for found in constants.captures_iter(include_str!("mod.rs")) {
            let names: Vec<&str> =
                name.captures_iter(&found[1]).map(|name| name.get(1).unwrap().as_str()).collect();
            if names.len() > 1 {
                several += 1;
                assert!(known.contains(&names.as_slice()), "{names:?}");
            }
        }
        assert!(several > 10, "{several}");
    }
}
