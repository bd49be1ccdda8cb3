//! The file of the repository: finding it, and reading its keys with their lines.

use std::ops::Range;

use memchr::memchr_iter;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::input::{Input, described};
use super::key::{self, GLOSSARY, KEYS, PER_FILE_IGNORES, PRICES, RULES, SECTIONS, SEVERITY, TABLES};
use super::layer::Layer;
use super::{ConfigError, ModelPrice, Origin, PathPatterns, RuleOption, Section, Setting};
use crate::untrusted::is_hidden;

/// The name of docgate's own file.
pub const DOCGATE_FILE: &str = "docgate.toml";
/// The name of the file that may hold the table `[tool.docgate]` instead.
pub const PYPROJECT_FILE: &str = "pyproject.toml";

/// The longest title of a section, in characters.
const LONGEST_TITLE: usize = 60;
/// The most terms of a glossary, and the most bytes that it has: all of it goes with every request.
const LARGEST_GLOSSARY: (usize, usize) = (200, 20_000);
/// The longest term of a glossary, in characters.
const LONGEST_TERM: usize = 60;

impl Layer {
    /// Reads the one file that configures docgate; an empty layer when there is none.
    pub(super) fn from_files(read: &dyn Fn(&str) -> Option<Vec<u8>>) -> Result<Self, ConfigError> {
        let own = read(DOCGATE_FILE);
        let shared = read(PYPROJECT_FILE);
        let shared_layer = match &shared {
            Some(bytes) => Text::new(PYPROJECT_FILE, bytes)?.layer(&["tool", "docgate"])?,
            None => None,
        };
        match (own, shared_layer) {
            (Some(_), Some(_)) => Err(ConfigError::TwoFiles),
            (Some(bytes), None) => {
                let layer = Text::new(DOCGATE_FILE, &bytes)?.layer(&[])?;
                Ok(layer.unwrap_or_default())
            }
            (None, layer) => Ok(layer.unwrap_or_default()),
        }
    }
}

/// The text of a file, for turning spans into lines.
struct Text<'bytes> {
    path: &'static str,
    text: &'bytes str,
}

impl<'bytes> Text<'bytes> {
    fn new(path: &'static str, bytes: &'bytes [u8]) -> Result<Self, ConfigError> {
        match std::str::from_utf8(bytes) {
            Ok(text) => Ok(Self { path, text: text.strip_prefix('\u{feff}').unwrap_or(text) }),
            Err(error) => {
                let valid = bytes.get(..error.valid_up_to()).unwrap_or_default();
                let line = 1 + memchr_iter(b'\n', valid).count();
                Err(ConfigError::Unreadable { path, line, problem: "not valid UTF-8".to_owned() })
            }
        }
    }

    /// Reads the table below some outer ones; `None` when it is not there.
    fn layer(&self, outer: &[&str]) -> Result<Option<Layer>, ConfigError> {
        let document = DeTable::parse(self.text).map_err(|error| ConfigError::Unreadable {
            path: self.path,
            line: self.line(&error.span().unwrap_or_default()),
            problem: error.message().trim().replace('\n', ", "),
        })?;
        let mut table = document.get_ref();
        for name in outer {
            let Some(value) = table.get(*name) else { return Ok(None) };
            let DeValue::Table(inner) = value.get_ref() else {
                let (line, found) = (self.line(&value.span()), described(value.get_ref()));
                let problem = format!("`{name}`: expected a table, found {found}");
                return Err(ConfigError::Unreadable { path: self.path, line, problem });
            };
            table = inner;
        }
        let mut layer = Layer::default();
        for entry in in_order(table) {
            self.read_top(entry, &mut layer)?;
        }
        Ok(Some(layer))
    }

    fn read_top(&self, (name, value): Entry<'_, '_>, layer: &mut Layer) -> Result<(), ConfigError> {
        let plain = name.get_ref().as_ref();
        let Some(table_name) = known_table(plain) else {
            return self.read_key(plain, (name, value), layer);
        };
        let DeValue::Table(table) = value.get_ref() else {
            let problem = format!("expected a table, found {}", described(value.get_ref()));
            return Err(ConfigError::Invalid { origin: self.origin(value), key: table_name, problem });
        };
        for (name, value) in in_order(table) {
            match table_name {
                SEVERITY => self.read_severity((name, value), layer)?,
                RULES => self.read_option((name, value), layer)?,
                PER_FILE_IGNORES => self.read_ignores((name, value), layer)?,
                PRICES => self.read_price((name, value), layer)?,
                _ => self.read_inner(&format!("{plain}.{}", name.get_ref()), (name, value), layer)?,
            }
        }
        Ok(())
    }

    /// Reads a key of a table, or a table in it.
    fn read_inner(&self, whole: &str, entry: Entry<'_, '_>, layer: &mut Layer) -> Result<(), ConfigError> {
        let Some(key) = known_table(whole) else { return self.read_key(whole, entry, layer) };
        let (_, value) = entry;
        let DeValue::Table(table) = value.get_ref() else {
            let problem = format!("expected a table, found {}", described(value.get_ref()));
            return Err(ConfigError::Invalid { origin: self.origin(value), key, problem });
        };
        for (name, value) in in_order(table) {
            match key {
                SECTIONS => self.read_title((name, value), layer)?,
                GLOSSARY => self.read_term((name, value), layer)?,
                _ => self.read_key(&format!("{whole}.{}", name.get_ref()), (name, value), layer)?,
            }
        }
        Ok(())
    }

    fn read_title(&self, (name, value): Entry<'_, '_>, layer: &mut Layer) -> Result<(), ConfigError> {
        let origin = self.origin(value);
        let title = name.get_ref().as_ref();
        let invalid = |problem: String| {
            let problem = format!("{title:?}: {problem}");
            ConfigError::Invalid { origin, key: SECTIONS, problem }
        };
        let section: Section = Input::Toml(value.get_ref()).word().map_err(invalid)?;
        let again = |known: &str| known.to_lowercase() == title.to_lowercase();
        if layer.section_titles.iter().any(|(known, _)| again(known)) {
            return Err(invalid("the title is given a meaning twice; case does not count".to_owned()));
        }
        if !is_title(title) {
            let problem = format!("expected one to six words of letters, at most {LONGEST_TITLE} characters");
            return Err(invalid(problem));
        }
        layer.section_titles.push((title.to_owned(), Setting { value: section, origin }));
        Ok(())
    }

    fn read_term(&self, (name, value): Entry<'_, '_>, layer: &mut Layer) -> Result<(), ConfigError> {
        let origin = self.origin(value);
        let term = name.get_ref().trim();
        let invalid = |problem: String| ConfigError::Invalid { origin, key: GLOSSARY, problem };
        let of_term = |problem: String| invalid(format!("{term:?}: {problem}"));
        let meaning = Input::Toml(value.get_ref()).text().map_err(of_term)?;
        let is_plain = |text: &str| !text.chars().any(is_hidden);
        if term.is_empty() || term.chars().count() > LONGEST_TERM || !is_plain(term) || !is_plain(&meaning) {
            let expected =
                format!("expected a term of at most {LONGEST_TERM} characters and a line about it");
            return Err(of_term(expected));
        }
        layer.glossary.push((term.to_owned(), Setting { value: meaning.trim().to_owned(), origin }));
        let (terms, bytes) = LARGEST_GLOSSARY;
        let size: usize = layer.glossary.iter().map(|(term, meaning)| term.len() + meaning.value.len()).sum();
        if layer.glossary.len() > terms || size > bytes {
            return Err(invalid(format!("expected at most {terms} terms with {bytes} bytes together")));
        }
        Ok(())
    }

    fn read_key(
        &self,
        whole: &str,
        (name, value): Entry<'_, '_>,
        layer: &mut Layer,
    ) -> Result<(), ConfigError> {
        if let Some(key) = KEYS.iter().find(|key| key.name == whole) {
            return key.apply(layer, Input::Toml(value.get_ref()), self.origin(value));
        }
        let line = self.line(&name.span());
        // The key is shown with escapes, since it may hold anything.
        let shown = whole.escape_debug().to_string();
        if key::is_refused(name.get_ref()) || holds_refused(value.get_ref()) {
            return Err(ConfigError::NotInFiles { path: self.path, line, key: shown });
        }
        let suggestion = key::nearest(whole);
        Err(ConfigError::UnknownKey { path: self.path, line, key: shown, suggestion })
    }

    fn read_severity(&self, (name, value): Entry<'_, '_>, layer: &mut Layer) -> Result<(), ConfigError> {
        let origin = self.origin(value);
        match Input::Toml(value.get_ref()).word() {
            Ok(level) => {
                layer.severity.insert(name.get_ref().to_string(), Setting { value: level, origin });
                Ok(())
            }
            Err(problem) => {
                let problem = format!("{:?}: {problem}", name.get_ref());
                Err(ConfigError::Invalid { origin, key: SEVERITY, problem })
            }
        }
    }

    fn read_ignores(&self, (name, value): Entry<'_, '_>, layer: &mut Layer) -> Result<(), ConfigError> {
        let origin = self.origin(value);
        let glob = name.get_ref().to_string();
        let read = PathPatterns::new(vec![glob.clone()])
            .and_then(|patterns| Ok((patterns, Input::Toml(value.get_ref()).list()?)));
        match read {
            Ok((patterns, rules)) => {
                layer.per_file_ignores.push((patterns, Setting { value: rules, origin }));
                Ok(())
            }
            Err(problem) => {
                let problem = format!("{glob:?}: {problem}");
                Err(ConfigError::Invalid { origin, key: PER_FILE_IGNORES, problem })
            }
        }
    }

    fn read_price(&self, (name, value): Entry<'_, '_>, layer: &mut Layer) -> Result<(), ConfigError> {
        let invalid = |origin: Origin, problem: String| ConfigError::Invalid { origin, key: PRICES, problem };
        let model = Input::Text(name.get_ref()).model();
        let model = model.map_err(|problem| invalid(self.origin(value), problem))?.to_ascii_lowercase();
        let of_model = |(origin, problem): (Origin, String)| invalid(origin, format!("{model:?}: {problem}"));
        let price = ModelPrice::read(value, |value| self.origin(value)).map_err(of_model)?;
        if layer.prices.insert(model.clone(), price).is_some() {
            let problem = "the model has a price already; case does not count".to_owned();
            return Err(of_model((self.origin(value), problem)));
        }
        Ok(())
    }

    fn read_option(&self, (name, value): Entry<'_, '_>, layer: &mut Layer) -> Result<(), ConfigError> {
        let origin = self.origin(value);
        if key::is_refused(name.get_ref()) {
            let shown = format!("{RULES}.{}", name.get_ref().escape_debug());
            return Err(ConfigError::NotInFiles {
                path: self.path,
                line: self.line(&name.span()),
                key: shown,
            });
        }
        match RuleOption::read(value.get_ref()) {
            Ok(option) => {
                layer.rules.insert(name.get_ref().to_string(), Setting { value: option, origin });
                Ok(())
            }
            Err(problem) => {
                let problem = format!("{:?}: {problem}", name.get_ref());
                Err(ConfigError::Invalid { origin, key: RULES, problem })
            }
        }
    }

    fn origin(&self, value: &Spanned<DeValue<'_>>) -> Origin {
        Origin::File { path: self.path, line: self.line(&value.span()) }
    }

    fn line(&self, span: &Range<usize>) -> usize {
        let before = self.text.as_bytes().get(..span.start).unwrap_or(self.text.as_bytes());
        1 + memchr_iter(b'\n', before).count()
    }
}

type Entry<'table, 'text> = (&'table Spanned<std::borrow::Cow<'text, str>>, &'table Spanned<DeValue<'text>>);

/// Returns the entries of a table as they are written, so that the first mistake is the one reported.
fn in_order<'table, 'text>(table: &'table DeTable<'text>) -> Vec<Entry<'table, 'text>> {
    let mut entries: Vec<_> = table.iter().collect();
    entries.sort_by_key(|(name, _)| name.span().start);
    entries
}

/// Returns whether a title can stand above a section in every style without being taken for something else.
fn is_title(title: &str) -> bool {
    let letters = |word: &str| {
        let inside = |character: char| character.is_alphanumeric() || "-/&'".contains(character);
        word.starts_with(char::is_alphabetic) && word.chars().all(inside)
    };
    let words: Vec<&str> = title.split(' ').collect();
    title.chars().count() <= LONGEST_TITLE && words.len() <= 6 && words.into_iter().all(letters)
}

fn known_table(name: &str) -> Option<&'static str> {
    TABLES
        .iter()
        .chain(&[SEVERITY, RULES, SECTIONS, GLOSSARY, PRICES, PER_FILE_IGNORES])
        .find(|table| **table == name)
        .copied()
}

/// Returns whether an unknown table names an address or a credential, such as `[openai] api-key`.
fn holds_refused(value: &DeValue<'_>) -> bool {
    let DeValue::Table(table) = value else { return false };
    table.iter().any(|(name, _)| key::is_refused(name.get_ref()))
}
