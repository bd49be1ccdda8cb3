//! Comments that silence findings: `# noqa: D103` at the end of the line of a definition.
//!
//! The one edit outside of docstrings, made only when somebody asks for it. It adds a comment, or codes to one that is
//! there, and the proof is the same: the syntax tree and all docstrings are as they were.

use std::collections::{BTreeMap, BTreeSet};

use super::directive::{self, Dialect, Directive, Reach};
use crate::python::{Definition, DefinitionKind, ParsedFile, Span, comments, parse};

/// A text with comments, and what could not get one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Silenced {
    /// The text.
    pub text: String,
    /// How many definitions have new codes.
    pub count: usize,
    /// The definitions whose line cannot take a comment, by their index.
    pub left: Vec<usize>,
}

/// Adds the codes that are to be silenced to the line of each definition, by its index.
#[must_use]
pub fn silence(file: &ParsedFile, wanted: &BTreeMap<usize, BTreeSet<&str>>) -> Silenced {
    let mut silenced = Silenced { text: file.text.clone(), count: 0, left: Vec::new() };
    let known = comments(&file.text);
    let mut comments: BTreeMap<usize, (usize, Comment)> = BTreeMap::new();
    for (index, codes) in wanted {
        let Some(definition) = file.definitions.get(*index) else { continue };
        match comment((file, &known), definition, codes) {
            Some(Some(comment)) => drop(comments.insert(comment.end, (*index, comment))),
            Some(None) => {}
            None => silenced.left.push(*index),
        }
    }
    let all: Vec<&(usize, Comment)> = comments.values().collect();
    if let Some(text) = proven(file, &all) {
        silenced.count = all.len();
        silenced.text = text;
        return silenced;
    }
    let mut kept: Vec<&(usize, Comment)> = Vec::new();
    for one in all {
        kept.push(one);
        if let Some(text) = proven(file, &kept) {
            silenced.text = text;
            continue;
        }
        kept.pop();
        silenced.left.push(one.0);
    }
    silenced.count = kept.len();
    silenced
}

/// A comment that is written: from where to where, and what.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Comment {
    start: usize,
    end: usize,
    text: String,
}

/// Makes the comment of a definition: nothing to do where the codes are there already; `None` where there is no line.
#[expect(clippy::option_option, reason = "no place and nothing to do are two things")]
fn comment(
    (file, comments): (&ParsedFile, &[Span]),
    definition: &Definition,
    codes: &BTreeSet<&str>,
) -> Option<Option<Comment>> {
    let text = file.text.as_str();
    let at = match definition.kind {
        // The first line of a file may be read by others than Python.
        DefinitionKind::Module => definition.docstring.as_ref()?.span.end,
        _ => definition.name_span.end,
    };
    let rest = text.get(at..)?;
    let line = rest.get(..rest.find(['\n', '\r']).unwrap_or(rest.len()))?;
    // What stands behind a type comment would be part of the type.
    let is_type = |at: usize| line.get(at + 7..).is_some_and(|rest| !rest.trim_start().starts_with("ignore"));
    if line.trim_end().ends_with('\\') || line.find("# type:").is_some_and(is_type) {
        return None;
    }
    let next = comments.partition_point(|comment| comment.start < at);
    let there = comments.get(next).filter(|comment| comment.start < at + line.len());
    let read = there.map_or(Vec::new(), |comment| directive::read(text, *comment));
    let is_noqa = |found: &&Directive| found.dialect == Dialect::Noqa && found.reach == Reach::Line;
    let Some(found) = read.iter().find(is_noqa) else {
        let end = at + line.trim_end().len();
        let listed: Vec<&str> = codes.iter().copied().collect();
        let text = format!("  # noqa: {}", listed.join(", "));
        return Some(Some(Comment { start: end, end: at + line.len(), text }));
    };
    // A comment without codes silences everything.
    let Some((last, _)) = found.names.last() else { return Some(None) };
    let is_new = |code: &&str| found.names.iter().all(|(_, name)| name != code);
    let new: Vec<&str> = codes.iter().copied().filter(is_new).collect();
    if new.is_empty() {
        return Some(None);
    }
    Some(Some(Comment { start: last.end, end: last.end, text: format!(", {}", new.join(", ")) }))
}

/// Writes comments, and returns the text if it is the same program with the same docstrings.
fn proven(file: &ParsedFile, comments: &[&(usize, Comment)]) -> Option<String> {
    let mut text = String::with_capacity(file.text.len() + comments.len() * 16);
    let mut from = 0;
    for (_, comment) in comments {
        text.push_str(file.text.get(from..comment.start)?);
        text.push_str(&comment.text);
        from = comment.end;
    }
    text.push_str(file.text.get(from..)?);
    let after = parse(&text);
    // A fingerprint sees all code but comments, and of those the ones that are types.
    let is_same = |(old, new): (&Definition, &Definition)| {
        old.qualified_name == new.qualified_name && file.fingerprints(old) == after.fingerprints(new)
    };
    let same_count =
        after.definitions.len() == file.definitions.len() && after.errors.len() == file.errors.len();
    (same_count && file.definitions.iter().zip(&after.definitions).all(is_same)).then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::change::RepoPath;
    use crate::python::compare;
    use crate::rules::{Settings, check};

    fn silenced(text: &str, index: usize, codes: &[&str]) -> Silenced {
        silence(&parse(text), &BTreeMap::from([(index, codes.iter().copied().collect())]))
    }

    #[test]
    fn codes_go_to_the_line_of_the_definition() {
        let table = [
            ("def f():\n    pass\n", "def f():  # noqa: D103, DOC101\n    pass\n"),
            ("def f():  \r\n    pass\r\n", "def f():  # noqa: D103, DOC101\r\n    pass\r\n"),
            (
                "@d\ndef f(\n    a,\n):\n    pass\n",
                "@d\ndef f(  # noqa: D103, DOC101\n    a,\n):\n    pass\n",
            ),
            ("def f(): return 1", "def f(): return 1  # noqa: D103, DOC101"),
            ("def f():  # why\n    pass\n", "def f():  # why  # noqa: D103, DOC101\n    pass\n"),
            ("def f():  # noqa: E501\n    pass\n", "def f():  # noqa: E501, D103, DOC101\n    pass\n"),
            ("def f():  #NOQA:D103 x\n    pass\n", "def f():  #NOQA:D103, DOC101 x\n    pass\n"),
            ("def f():  # noqa\n    pass\n", "def f():  # noqa\n    pass\n"),
            ("def f():  # nOqA : E1\n    pass\n", "def f():  # nOqA : E1, D103, DOC101\n    pass\n"),
            // What silences nothing is no place for codes.
            ("def f():  # noqa: x\n    pass\n", "def f():  # noqa: x  # noqa: D103, DOC101\n    pass\n"),
            ("def f(a='# noqa'):\n    pass\n", "def f(a='# noqa'):  # noqa: D103, DOC101\n    pass\n"),
            (
                "def f():  # docgate: ignore[D417]\n    pass\n",
                "def f():  # docgate: ignore[D417]  # noqa: D103, DOC101\n    pass\n",
            ),
        ];
        for (text, expected) in table {
            let found = silenced(text, 1, &["DOC101", "D103"]);
            assert_eq!(found.text, expected, "{text}");
            assert_eq!(found.left, [0; 0], "{text}");
            let again = silenced(&found.text, 1, &["DOC101", "D103"]);
            assert_eq!((again.text, again.count), (found.text, 0), "run twice, change once");
        }
    }

    #[test]
    fn what_is_written_is_honoured_when_it_is_read() {
        let path = RepoPath::new("a.py").expect("a path");
        let codes = |file: &ParsedFile| {
            let checked = check(&path, file, &compare(None, file), &Settings::default());
            let mut wanted: BTreeMap<usize, BTreeSet<&'static str>> = BTreeMap::new();
            for found in &checked {
                let codes = found.findings.iter().map(|finding| finding.code);
                wanted.entry(found.index).or_default().extend(codes);
            }
            wanted.retain(|_, codes| !codes.is_empty());
            wanted
        };
        let texts = [
            "'''M'''\n\n\n@d\ndef f(\n    a,\n):\n    '''do it\n    now\n\n    Args:\n        b: One.\n    '''\n",
            "'''M.'''\n\n\nclass C: # why\n    def f(self): # NoQa : E501\n        return self\n",
            "'''M.'''\n\n\ndef f(a='#'): # noqa: because\n    return a\n",
            "'''M.'''\n\n\ndef f(a): # docgate: ignore[D417] # noqa: E501 why\n    return a\n",
            "'''M'''; x = 1\n\n\ndef f(a): return a",
        ];
        for text in texts {
            let file = parse(text);
            let before = codes(&file);
            assert!(!before.is_empty(), "{text}");
            let found = silence(&file, &before);
            assert_eq!(found.left, [0; 0], "{text}");
            let after = codes(&parse(&found.text));
            let left: Vec<&str> =
                after.into_values().flatten().filter(|code| !code.starts_with("DG4")).collect();
            assert_eq!(left, [""; 0], "{}", found.text);
        }
    }

    #[test]
    fn a_line_that_cannot_take_a_comment_stays_as_it_is() {
        let table = [
            ("def f(a='''x\n'''):\n    pass\n", 1),
            ("def f \\\n():\n    pass\n", 1),
            ("def f(a):  # type: (int) -> str\n    pass\n", 1),
            ("#!/usr/bin/python\nx = 1\n", 0),
        ];
        for (text, index) in table {
            let found = silenced(text, index, &["D103"]);
            assert_eq!((found.text.as_str(), found.count), (text, 0));
            assert_eq!(found.left, [index], "{text}");
        }
        let found = silenced("'''A module.'''\nx = 1\n", 0, &["D400"]);
        assert_eq!(found.text, "'''A module.'''  # noqa: D400\nx = 1\n");
    }
}
