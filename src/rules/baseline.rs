//! Findings that are known: a file of them, so that only new ones count.
//!
//! An entry names path, definition, rule and subject, and the docstring as a hash. Lines are not in it, so code may move and
//! change; once somebody writes another docstring, what is found in it counts again. What is known is neither
//! reported nor repaired.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use serde::{Deserialize, Serialize};

use super::{Checked, Finding};
use crate::change::RepoPath;
use crate::python::{Definition, ParsedFile};

/// The version of the file.
const VERSION: u32 = 1;
/// How many digits of the hash of a docstring are kept: enough to tell one text from the next.
const DIGITS: usize = 16;

/// The findings that are known.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Baseline {
    entries: BTreeSet<Entry>,
}

/// A finding that is known.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// The file.
    pub path: String,
    /// The qualified name; empty for the module.
    pub definition: String,
    /// The code of the rule.
    pub rule: String,
    /// What within the docstring it is about; empty for all of it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub subject: String,
    /// A hash of the docstring that it was found in; empty where there was none.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub docstring: String,
}

/// Why a file is no baseline.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Broken {
    /// It is not what docgate writes.
    #[error("line {line}: {problem}")]
    Unreadable {
        /// The line, from 1.
        line: usize,
        /// What is wrong with it.
        problem: String,
    },
    /// It is of another version.
    #[error("it is of version {0}, and this docgate reads version {VERSION}")]
    Version(u32),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    version: u32,
    entries: Vec<Entry>,
}

impl Baseline {
    /// Reads the text of a file.
    ///
    /// # Errors
    ///
    /// Says why it is no baseline.
    pub fn read(text: &str) -> Result<Self, Broken> {
        let file: File = serde_json::from_str(text)
            .map_err(|error| Broken::Unreadable { line: error.line(), problem: error.to_string() })?;
        if file.version != VERSION {
            return Err(Broken::Version(file.version));
        }
        Ok(Self { entries: file.entries.into_iter().collect() })
    }

    /// Returns the text of the file: sorted, an entry a line, so that two branches rarely touch the same line.
    #[must_use]
    pub fn written(&self) -> String {
        let mut text = format!("{{\n  \"version\": {VERSION},\n  \"entries\": [");
        for (index, entry) in self.entries.iter().enumerate() {
            text.push_str(if index == 0 { "\n    " } else { ",\n    " });
            // A struct of strings can always be written.
            text.push_str(&serde_json::to_string(entry).unwrap_or_default());
        }
        text.push_str(if self.entries.is_empty() { "]\n}\n" } else { "\n  ]\n}\n" });
        text
    }

    /// Makes a baseline of entries.
    #[must_use]
    pub fn of(entries: impl IntoIterator<Item = Entry>) -> Self {
        Self { entries: entries.into_iter().collect() }
    }

    /// Returns the entries, sorted.
    pub fn entries(&self) -> impl Iterator<Item = &Entry> {
        self.entries.iter()
    }

    /// Returns whether it has an entry.
    #[must_use]
    pub fn contains(&self, entry: &Entry) -> bool {
        self.entries.contains(entry)
    }

    /// Counts the entries.
    #[must_use]
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Returns whether nothing is known.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Takes what is known out of the findings of a file.
    pub(super) fn take_known(&self, path: &RepoPath, file: &ParsedFile, checked: &mut [Checked]) {
        if self.is_empty() {
            return;
        }
        let mut hashes = BTreeMap::new();
        for checked in checked.iter_mut().filter(|checked| !checked.findings.is_empty()) {
            let definition = &file.definitions[checked.index];
            let hash: &String = hashes.entry(checked.index).or_insert_with(|| Entry::hash(file, definition));
            checked.findings.retain(|finding| !self.contains(&Entry::with(path, finding, hash)));
        }
    }
}

impl Entry {
    /// Makes the entry of a finding.
    #[must_use]
    pub fn new(path: &RepoPath, file: &ParsedFile, (definition, finding): (&Definition, &Finding)) -> Self {
        Self::with(path, finding, &Self::hash(file, definition))
    }

    fn with(path: &RepoPath, finding: &Finding, docstring: &str) -> Self {
        Self {
            path: path.as_str().to_owned(),
            definition: finding.definition.clone(),
            rule: finding.code.to_owned(),
            subject: finding.subject.clone().unwrap_or_default(),
            docstring: docstring.to_owned(),
        }
    }

    fn hash(file: &ParsedFile, definition: &Definition) -> String {
        if definition.docstring.is_none() {
            return String::new();
        }
        let bytes = file.fingerprints(definition).docstring;
        let mut hash = String::with_capacity(DIGITS);
        for byte in bytes.as_bytes().iter().take(DIGITS / 2) {
            // Writing to a string cannot fail.
            let _ = write!(hash, "{byte:02x}");
        }
        hash
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::python::{compare, parse};
    use crate::rules::{Settings, check};

    const TEXT: &str = "\"\"\"M.\"\"\"\n\n\ndef f(a, b):\n    \"\"\"Do it.\n\n    Args:\n        a: The one that is asked for.\n    \"\"\"\n    print(a)\n\n\ndef g():\n    return 1\n";

    fn found(text: &str, baseline: Baseline) -> Vec<Entry> {
        let settings = Settings { baseline: Arc::new(baseline), ..Settings::default() };
        let path = RepoPath::new("archive.py").expect("a path");
        let file = parse(text);
        let checked = check(&path, &file, &compare(None, &file), &settings);
        let entries = checked.iter().flat_map(|checked| {
            let definition = &file.definitions[checked.index];
            checked.findings.iter().map(|finding| Entry::new(&path, &file, (definition, finding)))
        });
        entries.collect()
    }

    fn shown(entries: &[Entry]) -> Vec<String> {
        entries.iter().map(|entry| format!("{} {} {}", entry.rule, entry.definition, entry.subject)).collect()
    }

    #[test]
    fn what_is_known_is_not_found_again_wherever_it_moves() {
        let entries = found(TEXT, Baseline::default());
        assert_eq!(shown(&entries), ["DOC101 f b", "D103 g "]);
        let baseline = Baseline::of(entries);
        assert_eq!(found(TEXT, baseline.clone()), []);
        let moved = TEXT.replace("\n\n\ndef f", "\n\nX = 1\n\n\ndef f").replace("print(a)", "print(a, b)");
        assert_eq!(found(&moved, baseline), []);
    }

    #[test]
    fn an_entry_ends_when_the_docstring_changes_and_covers_its_subject_only() {
        let baseline = Baseline::of(found(TEXT, Baseline::default()));
        let rewritten = TEXT.replace("Do it.", "Do it well.");
        assert_eq!(shown(&found(&rewritten, baseline.clone())), ["DOC101 f b"]);
        let grown = TEXT.replace("def f(a, b)", "def f(a, b, c)");
        assert_eq!(shown(&found(&grown, baseline.clone())), ["DOC101 f c"]);
        let documented = TEXT.replace("def g():\n", "def g():\n    \"\"\"TODO\"\"\"\n");
        assert!(shown(&found(&documented, baseline)).iter().any(|found| found.starts_with("DG201 g")));
    }

    #[test]
    fn a_file_is_read_back_and_has_a_line_for_each_entry() {
        for baseline in [Baseline::default(), Baseline::of(found(TEXT, Baseline::default()))] {
            let text = baseline.written();
            assert_eq!(Baseline::read(&text), Ok(baseline.clone()), "{text}");
            assert_eq!(text.lines().filter(|line| line.contains("\"rule\"")).count(), baseline.len());
        }
    }

    #[test]
    fn a_file_that_is_none_says_where() {
        let table = [
            ("", "line 1: "),
            ("{\n\"version\": 1,\n\"entries\": 3}", "line 3: "),
            (
                "{\"version\": 1, \"entries\": [{\"path\": \"a.py\", \"definition\": \"f\"}]}",
                "missing field `rule`",
            ),
            ("{\"version\": 1, \"entries\": [], \"more\": 1}", "unknown field `more`"),
            ("{\"version\": 2, \"entries\": []}", "version 2"),
        ];
        for (text, expected) in table {
            let error = Baseline::read(text).expect_err(text).to_string();
            assert!(error.contains(expected), "{text}: {error}");
        }
    }
}
