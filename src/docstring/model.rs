//! The structured docstring: what a text says, and where each part of it stands.
//!
//! One model serves all styles. Spans are byte offsets into the text that was parsed: the source text between
//! the quotes of the literal, escapes and indentation as written. Values have the indentation removed.

use serde::{Deserialize, Serialize};

use super::kinds::{self, Content};
use crate::python::Span;

/// A convention for the sections of a docstring.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Style {
    /// `Args:` with an indented list, from Google's Python style guide.
    Google,
    /// `Parameters` underlined with hyphens, from numpydoc.
    Numpy,
    /// `:param name:` field lists, from Sphinx.
    Sphinx,
    /// `@param name:` fields, from Epydoc.
    Epytext,
}

/// What a section is about, whatever its title is called.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[expect(missing_docs, reason = "the names are those of the sections")]
pub enum SectionKind {
    Parameters,
    OtherParameters,
    Attributes,
    Methods,
    Returns,
    Yields,
    Receives,
    Raises,
    Warns,
    Warnings,
    SeeAlso,
    Notes,
    References,
    Examples,
    Todo,
    Deprecated,
    /// A section with a title that no convention knows; its text is kept verbatim.
    Custom,
}

/// A piece of text and where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Text {
    /// The bytes it covers.
    pub span: Span,
    /// The text with its indentation removed; lines end in `\n`, without one at the end.
    pub value: String,
}

/// A parsed docstring.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Docstring {
    /// The style it was parsed as.
    pub style: Style,
    /// The indentation that all lines but the first share.
    pub margin: String,
    /// The first paragraph.
    pub summary: Option<Text>,
    /// The prose between the summary and the first section.
    pub description: Option<Text>,
    /// The sections in the order they stand.
    pub sections: Vec<Section>,
}

/// A titled part of a docstring.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Section {
    /// What the section is about.
    pub kind: SectionKind,
    /// The style it is written in, which may differ from that of the whole.
    pub style: Style,
    /// The title as written, without its colon; for fields the name of the first one.
    pub title: Text,
    /// From the first byte of the title or field to the end of its last line that is not blank.
    pub span: Span,
    /// The entries, if the section is a list of them.
    pub entries: Vec<Entry>,
    /// The prose under the title; in a list, what stands before the entries and is none.
    pub text: Option<Text>,
    /// Prose that follows at the margin, where the style ends a section by that.
    pub after: Vec<Text>,
}

/// One item of a section: a parameter, an exception, a return value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// What it is about: one name, or several that share a description; none for a bare return value.
    pub names: Vec<Name>,
    /// The type as written, without `optional` and default markers.
    pub type_text: Option<Text>,
    /// Where it is marked as optional.
    pub optional: Option<Span>,
    /// A default named beside the type (`int, default 3`).
    pub default: Option<Text>,
    /// The description.
    pub description: Option<Text>,
    /// From the first byte of the entry (after its indentation) to the end of its last line that is not blank.
    pub span: Span,
    /// The field that gives its type, where that is a field of its own.
    pub type_field: Option<TypeField>,
}

/// A field that says nothing but the type of an entry: `:type x: int`, `@rtype: int`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TypeField {
    /// From its mark to the end of its last line that is not blank.
    pub span: Span,
    /// The name it repeats; none for that of a returned value.
    pub name: Option<Name>,
}

/// The name of a parameter, attribute or exception.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Name {
    /// The bytes it covers, stars and escapes included.
    pub span: Span,
    /// The name without stars and backslashes.
    pub value: String,
    /// How many stars stand before it: 0, 1 or 2.
    pub stars: u8,
}

impl Section {
    /// Returns whether as many blank lines stand between any two entries: then they may change places.
    ///
    /// `text` is what was parsed.
    #[must_use]
    pub fn is_evenly_spaced(&self, text: &str) -> bool {
        // A type in a field of its own stands beside its entry.
        let whole = |entry: &Entry| {
            let field = entry.type_field.as_ref().map_or(entry.span, |field| field.span);
            (entry.span.start.min(field.start), entry.span.end.max(field.end))
        };
        let mut distances = self.entries.windows(2).filter_map(|pair| {
            let [before, after] = pair else { return None };
            let between = text.get(whole(before).1..whole(after).0)?;
            Some(between.matches('\n').count().max(between.matches('\r').count()))
        });
        let first = distances.next();
        distances.all(|distance| Some(distance) == first)
    }

    /// Returns whether a paragraph stands at the margin of a list, below the head of an entry: it belongs to all of them.
    ///
    /// Below an entry of Google's style, a line that no blank one sets apart is a careless continuation. `text` is what
    /// was parsed.
    #[must_use]
    pub fn has_paragraph_at_margin(&self, text: &str) -> bool {
        let indentation = |line: &str| line.len() - line.trim_start().len();
        let is_list = matches!(self.style, Style::Numpy | Style::Google);
        is_list
            && self.entries.iter().any(|entry| {
                let before = text.get(..entry.span.start).unwrap_or("");
                let margin = entry.span.start - before.rfind('\n').map_or(0, |at| at + 1);
                let mut is_apart = self.style == Style::Numpy;
                entry.span.of(text).lines().skip(1).any(|line| {
                    let is_blank = line.trim().is_empty();
                    let is_paragraph = is_apart && !is_blank && indentation(line) <= margin;
                    is_apart = self.style == Style::Numpy || is_blank;
                    is_paragraph
                })
            })
    }
}

impl Docstring {
    /// Returns the first section of a kind.
    #[must_use]
    pub fn section(&self, kind: SectionKind) -> Option<&Section> {
        self.sections.iter().find(|section| section.kind == kind)
    }

    /// Returns all entries of all sections of a kind, in order.
    pub fn entries(&self, kind: SectionKind) -> impl Iterator<Item = &Entry> {
        self.sections.iter().filter(move |section| section.kind == kind).flat_map(|section| &section.entries)
    }

    /// Returns the style that most sections are written in; the one it was parsed as where none is ahead.
    #[must_use]
    pub fn dominant(&self) -> Style {
        let count = |style: Style| self.sections.iter().filter(|section| section.style == style).count();
        let others = [Style::Google, Style::Numpy, Style::Sphinx, Style::Epytext];
        others
            .into_iter()
            .fold(self.style, |best, style| if count(style) > count(best) { style } else { best })
    }

    /// Returns the texts that stand in lists without being an entry that is understood, with their sections.
    pub fn not_understood(&self) -> impl Iterator<Item = (&Section, &Text)> {
        self.sections
            .iter()
            .filter(|section| kinds::content_of(section.kind) != Content::Prose)
            .filter_map(|section| Some((section, section.text.as_ref()?)))
    }

    /// Returns whether the text is a summary and nothing else.
    #[must_use]
    pub fn is_short(&self) -> bool {
        self.description.is_none() && self.sections.is_empty()
    }
}

/// A docstring that is not yet text: what to render.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Draft {
    /// The summary, one sentence.
    pub summary: String,
    /// The paragraphs after the summary.
    pub description: Vec<String>,
    /// The sections in the order to be written.
    pub sections: Vec<DraftSection>,
}

/// A section to be written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DraftSection {
    /// What it is about; the style decides the title.
    pub kind: SectionKind,
    /// The title of a [`SectionKind::Custom`] section; nothing for the others.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// Its entries.
    pub entries: Vec<DraftEntry>,
}

/// An entry to be written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DraftEntry {
    /// The name with its stars (`*args`); `None` for a return value.
    pub name: Option<String>,
    /// The type, where it is to be written.
    pub type_text: Option<String>,
    /// The description.
    pub description: String,
}

/// A replacement inside a docstring: the bytes to take out and the text to put there.
///
/// Line endings in the text are those of the docstring and are to be written as they are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Amendment {
    /// The bytes that go.
    pub span: Span,
    /// What stands there instead.
    pub text: String,
    /// Whether the text still has to be escaped.
    pub wording: Wording,
}

/// Whether a text may be put between the quotes as it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wording {
    /// What should be read; escaping it for the literal is `python/`'s business.
    Read,
    /// Source taken from the same literal, with its escapes: it must not be escaped again.
    Source,
}
