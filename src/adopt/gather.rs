//! The files that tools are configured in, and the tables in them.

use thiserror::Error;

use super::given::{Given, Value};
use super::ini;

/// A file that cannot be read as what it is.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{file}: {problem}")]
pub struct Broken {
    /// Its path.
    pub file: String,
    /// What is wrong.
    pub problem: String,
}

/// The files of a folder.
pub(super) struct Files<'a> {
    read: &'a dyn Fn(&str) -> Option<Vec<u8>>,
}

impl<'a> Files<'a> {
    pub(super) fn new(read: &'a dyn Fn(&str) -> Option<Vec<u8>>) -> Self {
        Self { read }
    }

    fn text(&self, file: &str) -> Result<Option<String>, Broken> {
        let Some(bytes) = (self.read)(file) else { return Ok(None) };
        match String::from_utf8(bytes) {
            Ok(text) => Ok(Some(text.strip_prefix('\u{feff}').map_or(text.clone(), str::to_owned))),
            Err(_) => Err(Broken { file: file.to_owned(), problem: "it is not valid UTF-8".to_owned() }),
        }
    }

    /// Returns the options of a section of an INI file.
    pub(super) fn ini(&self, file: &str, section: &str) -> Result<Option<Vec<Given>>, Broken> {
        let Some(text) = self.text(file)? else { return Ok(None) };
        let read =
            ini::section(&text, section).map_err(|problem| Broken { file: file.to_owned(), problem })?;
        let given = |(name, text): (String, String)| Given {
            place: format!("{file} [{section}] {name}"),
            name: name.to_ascii_lowercase().replace('_', "-"),
            value: Value::Text(text),
        };
        Ok(read.map(|options| options.into_iter().map(given).collect()))
    }

    /// Returns the options of a table of a TOML file, those of the tables in it with dots in their names.
    pub(super) fn toml(&self, file: &str, outer: &[&str]) -> Result<Option<Vec<Given>>, Broken> {
        let Some(text) = self.text(file)? else { return Ok(None) };
        let broken = |problem: String| Broken { file: file.to_owned(), problem };
        let mut table: toml::Table = toml::from_str(&text).map_err(|error| {
            let line =
                error.span().map_or(1, |span| 1 + text[..span.start.min(text.len())].matches('\n').count());
            broken(format!("line {line}: {}", error.message().trim().replace('\n', ", ")))
        })?;
        for (depth, name) in outer.iter().enumerate() {
            match table.remove(*name) {
                None => return Ok(None),
                Some(toml::Value::Table(inner)) => table = inner,
                Some(_) => return Err(broken(format!("`{}` is not a table", outer[..=depth].join(".")))),
            }
        }
        let mut found = Vec::new();
        let mut waiting = vec![(outer.join("."), String::new(), table)];
        while let Some((title, prefix, table)) = waiting.pop() {
            for (name, value) in table {
                let whole = format!("{prefix}{}", name.to_ascii_lowercase().replace('_', "-"));
                let inner = if title.is_empty() { name.clone() } else { format!("{title}.{name}") };
                let place = if title.is_empty() {
                    format!("{file} {name}")
                } else {
                    format!("{file} [{title}] {name}")
                };
                let value = match value {
                    toml::Value::Table(table) if !is_of_files(&whole) => {
                        waiting.push((inner, format!("{whole}."), table));
                        continue;
                    }
                    value => read(value),
                };
                found.push(Given { name: whole.trim_start_matches("--").to_owned(), value, place });
            }
        }
        found.sort_by(|one, other| one.name.cmp(&other.name));
        Ok(Some(found))
    }
}

/// Returns whether a table gives lists of codes to globs, which are no options.
fn is_of_files(name: &str) -> bool {
    name.ends_with("per-file-ignores")
}

fn read(value: toml::Value) -> Value {
    let words = |list: Vec<toml::Value>| -> Vec<String> {
        list.into_iter().filter_map(|value| value.as_str().map(str::to_owned)).collect()
    };
    match value {
        toml::Value::Boolean(on) => Value::Switch(on),
        #[expect(clippy::cast_precision_loss, reason = "percentages and line lengths are small")]
        toml::Value::Integer(number) => Value::Number(number as f64),
        toml::Value::Float(number) => Value::Number(number),
        toml::Value::String(text) => Value::Text(text),
        toml::Value::Array(list) => Value::List(words(list)),
        toml::Value::Table(table) => Value::Lists(
            table
                .into_iter()
                .map(|(name, value)| match value {
                    toml::Value::Array(list) => (name, words(list)),
                    _ => (name, Vec::new()),
                })
                .collect(),
        ),
        toml::Value::Datetime(_) => Value::Other,
    }
}
