//! A proposal as TOML, and its place in a file that is there.

use std::fmt::Write as _;

use thiserror::Error;

use crate::untrusted::sanitised;

use super::given::{Literal, quoted};
use super::proposal::{Line, Proposal};

/// A list that is longer than this stands on several lines.
const WIDTH: usize = 60;

/// Why a table was not put into a file.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum NotAdded {
    /// It is there already.
    #[error("the table [tool.docgate] is there already")]
    Present,
    /// The file is not TOML.
    #[error("{0}")]
    Broken(String),
    /// The file is written so that no table can be put behind it.
    #[error("`tool` is written in a way that takes no table at the end of the file")]
    NoPlace,
}

impl Proposal {
    /// Writes the settings as TOML, below a table for `pyproject.toml`, with a remark beside each of where it comes from.
    #[must_use]
    pub fn written(&self, below: &str) -> String {
        let mut text = String::new();
        let mut table = None;
        for line in &self.lines {
            if table != Some(&line.table) {
                let title = match (below.is_empty(), line.table.is_empty()) {
                    (_, true) => below.to_owned(),
                    (true, false) => line.table.clone(),
                    (false, false) => format!("{below}.{}", line.table),
                };
                if !title.is_empty() {
                    if !text.is_empty() {
                        text.push('\n');
                    }
                    let _ = writeln!(text, "[{title}]");
                }
                table = Some(&line.table);
            }
            write_line(line, &mut text);
        }
        text
    }
}

fn write_line(line: &Line, text: &mut String) {
    let is_bare = |name: &str| name.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-');
    let name = if is_bare(&line.name) { line.name.clone() } else { quoted(&line.name) };
    let mut origins: Vec<&str> = line.origins.iter().map(String::as_str).collect();
    origins.dedup();
    let value = line.value.to_string();
    match &line.value {
        Literal::List(words) if origins.len() > 1 || value.len() > WIDTH => {
            let _ = writeln!(text, "{name} = [");
            for (index, word) in words.iter().enumerate() {
                let origin = line.origins.get(index).map_or(String::new(), |origin| remark(origin));
                let _ = writeln!(text, "    {},{origin}", quoted(word));
            }
            text.push_str("]\n");
        }
        _ => {
            let origin = origins.first().map_or(String::new(), |origin| remark(origin));
            let _ = writeln!(text, "{name} = {value}{origin}");
        }
    }
}

fn remark(origin: &str) -> String {
    format!(" # {}", sanitised(origin))
}

/// Puts a table at the end of the text of a `pyproject.toml`; everything that is there stays byte for byte.
///
/// # Errors
///
/// [`NotAdded`], and nothing is lost.
pub fn with_table(text: &str, table: &str) -> Result<String, NotAdded> {
    let bare = text.strip_prefix('\u{feff}').unwrap_or(text);
    let before: toml::Table =
        toml::from_str(bare).map_err(|error| NotAdded::Broken(error.message().trim().replace('\n', ", ")))?;
    let tool = before.get("tool");
    if tool.is_some_and(|tool| tool.get("docgate").is_some()) {
        return Err(NotAdded::Present);
    }
    let ending = if text.contains("\r\n") { "\r\n" } else { "\n" };
    let mut whole = text.to_owned();
    if !whole.is_empty() {
        if !whole.ends_with('\n') {
            whole.push_str(ending);
        }
        whole.push_str(ending);
    }
    whole.push_str(&table.replace('\n', ending));
    let bare = whole.strip_prefix('\u{feff}').unwrap_or(&whole);
    let mut after: toml::Table = toml::from_str(bare).map_err(|_| NotAdded::NoPlace)?;
    // The rest must mean what it meant.
    let docgate =
        after.get_mut("tool").and_then(toml::Value::as_table_mut).and_then(|tool| tool.remove("docgate"));
    if before.get("tool").is_none() {
        after.remove("tool");
    }
    if docgate.is_none() || after != before {
        return Err(NotAdded::NoPlace);
    }
    Ok(whole)
}

#[cfg(test)]
mod tests {
    use super::*;

    const TABLE: &str = "[tool.docgate]\nstyle = \"google\"\n";

    #[test]
    fn what_is_there_stays_byte_for_byte() {
        let table = [
            "",
            "# only a remark",
            "[project]\nname = 'x' # why\n\n[tool.ruff]\nselect = [\n  'D', # odd\n]\n",
            "\u{feff}[project]\r\nname = 'x'\r\n",
            "[tool]\n",
            "tool.ruff.line-length = 88\n",
            "[[tool.mypy.overrides]]\nmodule = 'x'\n",
            "[tool.ruff]\nline-length = 88\n\n\n# the end",
        ];
        for text in table {
            let whole = with_table(text, TABLE).unwrap_or_else(|error| panic!("{text:?}: {error}"));
            assert!(whole.starts_with(text), "{text:?}");
            assert_eq!(whole.contains("\r\n"), text.contains("\r\n"), "{whole:?}");
            let mixed = whole.contains("\r\n") && whole.replace("\r\n", "").contains('\n');
            assert!(!mixed, "{whole:?}");
            let again = with_table(&whole, TABLE);
            assert_eq!(again, Err(NotAdded::Present), "{whole:?}");
        }
    }

    #[test]
    fn where_no_table_can_be_put_nothing_is() {
        let table = [
            ("tool = { ruff = { line-length = 88 } }\n", NotAdded::NoPlace),
            ("[tool.docgate.rules]\n", NotAdded::Present),
            ("tool = { docgate = {} }\n", NotAdded::Present),
            ("tool = 1\n", NotAdded::NoPlace),
        ];
        for (text, expected) in table {
            assert_eq!(with_table(text, TABLE), Err(expected), "{text}");
        }
        assert!(matches!(with_table("[tool\n", TABLE), Err(NotAdded::Broken(_))));
    }
}
