//! Where the sections of a docstring begin, by the look of their headings alone.
//!
//! The parsed docstring knows sections by what they mean, in whatever style; the rules about headings ask what a
//! reader takes for one. What counts follows pydocstyle and ruff: a known title alone on its line, with or without a
//! colon, that is underlined or stands behind the end of a paragraph.

use std::cmp::Ordering;
use std::collections::HashSet;
use std::sync::LazyLock;

use regex::Regex;

use crate::python::Span;

use super::{Row, Text};

/// How headings are laid out: `Args:` or `Parameters` over a line of hyphens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::rules) enum Layout {
    Google,
    Numpy,
}

/// A title: how it is written, and its place among the others in each layout; `None` where it is no title.
pub(super) struct Title {
    pub(super) name: &'static str,
    google: Option<u8>,
    numpy: Option<u8>,
}

/// A place that says nothing about the order.
const ANYWHERE: Option<u8> = Some(u8::MAX);

const fn both(name: &'static str, google: Option<u8>, numpy: Option<u8>) -> Title {
    Title { name, google, numpy }
}

const fn google(name: &'static str, place: Option<u8>) -> Title {
    Title { name, google: place, numpy: None }
}

const fn numpy(name: &'static str, place: Option<u8>) -> Title {
    Title { name, google: None, numpy: place }
}

/// The titles of pydocstyle; the order is that of numpydoc's guide, and Google's for arguments, results and errors.
const TITLES: &[Title] = &[
    google("Args", Some(0)),
    google("Arguments", Some(0)),
    google("Attention", ANYWHERE),
    both("Attributes", ANYWHERE, Some(3)),
    google("Caution", ANYWHERE),
    google("Danger", ANYWHERE),
    google("Error", ANYWHERE),
    google("Example", ANYWHERE),
    both("Examples", ANYWHERE, Some(15)),
    numpy("Extended Summary", Some(1)),
    google("Hint", ANYWHERE),
    google("Important", ANYWHERE),
    google("Keyword Args", Some(0)),
    google("Keyword Arguments", Some(0)),
    both("Methods", ANYWHERE, Some(4)),
    google("Note", ANYWHERE),
    both("Notes", ANYWHERE, Some(13)),
    google("Other Args", Some(0)),
    google("Other Arguments", Some(0)),
    numpy("Other Params", Some(8)),
    numpy("Other Parameters", Some(8)),
    numpy("Parameters", Some(2)),
    both("Raises", Some(3), Some(9)),
    numpy("Receives", Some(7)),
    both("References", ANYWHERE, Some(14)),
    google("Return", Some(1)),
    both("Returns", Some(1), Some(5)),
    both("See Also", ANYWHERE, Some(12)),
    numpy("Short Summary", Some(0)),
    google("Tip", ANYWHERE),
    google("Todo", ANYWHERE),
    google("Warning", ANYWHERE),
    both("Warnings", ANYWHERE, Some(11)),
    both("Warns", ANYWHERE, Some(10)),
    google("Yield", Some(2)),
    both("Yields", Some(2), Some(6)),
];

impl Title {
    fn place(&self, layout: Layout) -> Option<u8> {
        match layout {
            Layout::Google => self.google,
            Layout::Numpy => self.numpy,
        }
    }

    /// Returns its place among the sections, if the layout gives it one.
    pub(super) fn rank(&self, layout: Layout) -> Option<u8> {
        self.place(layout).filter(|place| *place != u8::MAX)
    }

    fn lists_parameters(&self) -> bool {
        matches!(
            self.name,
            "Args"
                | "Arguments"
                | "Keyword Args"
                | "Keyword Arguments"
                | "Other Args"
                | "Other Arguments"
                | "Parameters"
                | "Other Params"
                | "Other Parameters"
        )
    }
}

/// A heading and the lines below it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Heading {
    /// The index of its line.
    pub(super) row: usize,
    /// The index of the line where the next one stands, or the end.
    pub(super) end: usize,
    /// Where its title stands.
    pub(super) title: Span,
    known: usize,
}

impl Heading {
    pub(super) fn known(&self) -> &'static Title {
        &TITLES[self.known]
    }
}

/// Returns whether words are a title as it should be written.
pub(super) fn is_title(words: &str, layout: Layout) -> bool {
    TITLES.iter().any(|title| title.place(layout).is_some() && title.name == words)
}

/// Returns whether a line is a field of Sphinx or Epytext: ":param x: It", "@return: It", and no role, as ":class:`X`".
pub(super) fn is_field(line: &str) -> bool {
    const TAGS: &[&str] = &[
        "arg", "cvar", "except", "ivar", "keyword", "kwarg", "note", "param", "raise", "raises", "return",
        "returns", "rtype", "see", "since", "type", "var", "yield",
    ];
    let line = line.trim_start();
    if let Some(tag) = line.strip_prefix('@') {
        let end = tag.find(|letter: char| !letter.is_alphanumeric()).unwrap_or(tag.len());
        return TAGS.contains(&&tag[..end]);
    }
    let Some((name, text)) = line.strip_prefix(':').and_then(|rest| rest.split_once(':')) else {
        return false;
    };
    name.starts_with(char::is_alphabetic) && (text.is_empty() || text.starts_with(char::is_whitespace))
}

impl<'a> Text<'a> {
    /// Returns the headings that a layout knows.
    pub(super) fn headings(&self, layout: Layout) -> &[Heading] {
        self.headings[layout as usize].get_or_init(|| self.find(layout))
    }

    /// Returns the layout that the headings show: numpydoc's where parameters are listed its way, else the one
    /// that more titles belong to.
    pub(in crate::rules) fn shown_layout(&self) -> Layout {
        let (google, numpy) = (self.headings(Layout::Google), self.headings(Layout::Numpy));
        let lists = |headings: &[Heading]| headings.iter().any(|heading| heading.known().lists_parameters());
        if lists(numpy) || lists(google) {
            return if lists(numpy) { Layout::Numpy } else { Layout::Google };
        }
        match google.len().cmp(&numpy.len()) {
            Ordering::Equal => self.look(google),
            Ordering::Greater => Layout::Google,
            Ordering::Less => Layout::Numpy,
        }
    }

    /// Returns whether all titles have a colon and no underline, as Google's do.
    pub(super) fn has_plain_headings(&self) -> bool {
        let headings = self.headings(Layout::Google);
        let all = headings.len() >= self.headings(Layout::Numpy).len();
        all && !headings.is_empty() && self.look(headings) == Layout::Google
    }

    /// Returns the layout that titles look like which both know: Google's have a colon and no underline.
    fn look(&self, headings: &[Heading]) -> Layout {
        let is_plain = |heading: &Heading| {
            let below = self.rows.get(heading.row + 1);
            self.behind(heading).trim() == ":" && !below.is_some_and(|row| is_rule(row.text))
        };
        if headings.iter().all(is_plain) { Layout::Google } else { Layout::Numpy }
    }

    /// Returns the lines below a heading.
    pub(super) fn below(&self, heading: &Heading) -> &[Row<'a>] {
        let below = self.rows.get(heading.row + 1..heading.end).unwrap_or_default();
        // What follows the last line end is no line.
        match below.split_last() {
            Some((last, rest)) if self.is_behind_all(last) => rest,
            _ => below,
        }
    }

    /// Returns whether the closing quotes begin a line, as those of a module do.
    pub(super) fn closes_unindented(&self) -> bool {
        self.rows.last().is_some_and(|last| self.is_behind_all(last))
    }

    fn is_behind_all(&self, row: &Row<'_>) -> bool {
        row.text.is_empty() && row.start == self.body.end
    }

    /// Returns what stands behind a title on its line.
    pub(super) fn behind(&self, heading: &Heading) -> &'a str {
        let row = self.rows.get(heading.row).map_or(Span::new(0, 0), |row| row.span());
        self.source.get(heading.title.end..row.end).unwrap_or("")
    }

    /// Returns the narrowest indentation below the first line.
    fn margin(&self) -> usize {
        let filled = self.rows.iter().skip(1).filter(|row| !row.is_blank());
        filled.map(|row| row.indentation().len()).min().unwrap_or(0)
    }

    fn find(&self, layout: Layout) -> Vec<Heading> {
        let mut found: Vec<Heading> = Vec::new();
        // The first line is the summary.
        for (index, row) in self.rows.iter().enumerate().skip(1) {
            let Some(known) = suspected(row.text, layout) else { continue };
            let start = row.start + row.indentation().len();
            let title = Span::new(start, start + leading_words(row.text).len());
            let heading = Heading { row: index, end: self.rows.len(), title, known };
            if !self.is_heading(&heading, found.last()) {
                continue;
            }
            if let Some(last) = found.last_mut() {
                last.end = index;
            }
            found.push(heading);
        }
        found
    }

    /// Decides whether a line that begins with a title is a heading or a part of a sentence or a list.
    fn is_heading(&self, heading: &Heading, last: Option<&Heading>) -> bool {
        if !matches!(self.behind(heading).trim(), "" | ":") {
            return false;
        }
        let row = |index: usize| self.rows.get(index).copied();
        if row(heading.row + 1).is_some_and(|next| is_rule(next.text)) {
            return true;
        }
        let before = row(heading.row.wrapping_sub(1)).map_or("", |before| before.text.trim());
        // Right below the underline of another, it is a label within that section, which would be empty without it.
        let is_below_one = last.is_some_and(|last| last.row + 2 == heading.row) && is_rule(before);
        if is_below_one {
            return false;
        }
        let ends = [",", ";", ".", "-", "\\", "/", "]", "}", ")"];
        if !before.is_empty() && !ends.iter().any(|end| before.ends_with(end)) {
            return false;
        }
        let indentation = |index: usize| row(index).map_or(0, |row| row.indentation().len());
        let written = heading.title.of(self.source);
        // "See also" over a text at the same indentation is the beginning of a sentence.
        let is_bare = self.behind(heading).is_empty() && written != heading.known().name;
        let below = self.rows.get(heading.row + 1).filter(|below| !below.is_blank());
        if is_bare && below.is_some_and(|below| below.indentation().len() <= indentation(heading.row)) {
            return false;
        }
        let Some(last) = last else {
            // A label within a text that is set apart by its indentation is none of the docstring.
            return !written.starts_with(char::is_lowercase) || indentation(heading.row) <= self.margin();
        };
        // Below an underlined heading, `Notes:` within an entry is a word of it.
        let is_underlined = row(last.row + 1).is_some_and(|below| is_rule(below.text));
        if is_underlined && indentation(last.row) < indentation(heading.row) {
            return false;
        }
        // Deeper than the last one, it is an entry of that one unless it is written as a title.
        if indentation(last.row) < indentation(heading.row) && written != heading.known().name {
            return false;
        }
        before.is_empty() || !written.starts_with(char::is_lowercase)
    }
}

/// Returns the title that a line may be.
fn suspected(line: &str, layout: Layout) -> Option<usize> {
    let words = leading_words(line);
    let found = TITLES.iter().position(|title| title.name.eq_ignore_ascii_case(words))?;
    TITLES[found].place(layout).is_some().then_some(found)
}

/// Returns the words and blanks that a line begins with.
fn leading_words(line: &str) -> &str {
    let line = line.trim();
    let is_other = |letter: char| !letter.is_alphanumeric() && !letter.is_whitespace();
    line.find(is_other).and_then(|end| line.get(..end)).unwrap_or(line)
}

pub(super) fn is_rule(line: &str) -> bool {
    let line = line.trim();
    !line.is_empty() && line.bytes().all(|mark| matches!(mark, b'-' | b'='))
}

/// An entry of Google's list of arguments, with the lines that continue it.
static ENTRY: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"^\s*(\*?\*?\w+)\s*(\(.*?\))?:(\r\n|\n)?\s*.+").ok());

/// Returns the names in the lists of parameters as they are written; nothing when there is no list.
pub(in crate::rules) fn documented_parameters<'a>(
    text: &Text<'a>,
    layout: Layout,
) -> Option<HashSet<&'a str>> {
    let mut lists =
        text.headings(layout).iter().filter(|heading| heading.known().lists_parameters()).peekable();
    lists.peek()?;
    let mut names = HashSet::new();
    for heading in lists {
        match layout {
            Layout::Google => google_names(text, heading, &mut names),
            Layout::Numpy => numpy_names(text, heading, &mut names),
        }
    }
    Some(names)
}

fn google_names<'a>(text: &Text<'a>, heading: &Heading, names: &mut HashSet<&'a str>) {
    let rows = text.below(heading);
    let margin = rows.iter().find(|row| !row.is_blank()).map_or("", |row| row.indentation());
    let begins = |row: &Row<'_>| {
        row.text
            .strip_prefix(margin)
            .is_some_and(|rest| rest.starts_with(|first: char| !first.is_whitespace()))
    };
    for (index, row) in rows.iter().enumerate().filter(|(_, row)| begins(row)) {
        // The text may stand on the next line.
        let end = rows.get(index + 1).filter(|next| !begins(next)).unwrap_or(row).span().end;
        let entry = text.source.get(row.start..end).unwrap_or("");
        let Some(name) = ENTRY.as_ref().and_then(|pattern| pattern.captures(entry)?.get(1)) else { continue };
        names.insert(name.as_str());
    }
}

fn numpy_names<'a>(text: &Text<'a>, heading: &Heading, names: &mut HashSet<&'a str>) {
    let margin = text.rows.get(heading.row).map_or("", |row| row.indentation());
    let rows = text.below(heading);
    let is_deeper = |row: &Row<'_>| row.indentation().len() > margin.len() && !row.is_blank();
    for (index, row) in rows.iter().enumerate().filter(|(_, row)| row.indentation() == margin) {
        let below = rows.get(index + 1..).unwrap_or_default();
        let continued = rows.iter().skip(index).take_while(|row| row.text.ends_with('\\')).count();
        // A name without a description is none.
        if !below.first().is_some_and(is_deeper) && !below.get(continued).is_some_and(is_deeper) {
            continue;
        }
        let listed = row.text.split_once(':').map_or(row.text, |(listed, _)| listed);
        names.extend(listed.split(',').map(str::trim));
    }
}
