//! What no style decides and every code base does: order, blank lines, types, titles of its own.
//!
//! Parsing needs the titles, writing all of it. Existing text is not brought into line with it.

use super::kinds;
use super::model::{SectionKind, Style};

/// The habits of a code base.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct House {
    /// The sections in the order to be written; those not named follow in the order of the style.
    pub order: Vec<SectionKind>,
    /// Where the summary of a docstring of several lines stands.
    pub summary_line: SummaryLine,
    /// What stands between two sections; prose and the first section are always apart.
    pub between_sections: Separation,
    /// What stands between the last line and closing quotes on a line of their own.
    pub before_quotes: BeforeQuotes,
    /// Whether new entries repeat types.
    pub types: Types,
    /// The titles of its own.
    pub titles: Titles,
}

/// The line on which a summary begins that has something below it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum SummaryLine {
    /// That of the opening quotes (pydocstyle's D212).
    #[default]
    First,
    /// The one below (pydocstyle's D213).
    Second,
}

/// What stands between two sections.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Separation {
    /// A blank line.
    #[default]
    BlankLine,
    /// Nothing, where the second one is seen as a section without.
    Nothing,
}

/// What stands before the closing quotes of a docstring of several lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum BeforeQuotes {
    /// Nothing.
    #[default]
    Nothing,
    /// A blank line (pydocstyle's D413).
    BlankLine,
}

/// Whether new entries repeat the types of the signature.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Types {
    /// As the other entries do; without any, in numpydoc's style alone.
    #[default]
    AsUsual,
    /// Always.
    Always,
    /// Never.
    Never,
}

/// Titles that a code base gives a meaning, in the order of preference.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Titles(Vec<(String, SectionKind)>);

/// No titles of its own.
pub(super) const NO_TITLES: &Titles = &Titles(Vec::new());

impl Titles {
    /// Makes the titles of a code base; of several for one kind, the first is the one that is written.
    ///
    /// [`SectionKind::Custom`] is for titles that mean what no convention knows.
    #[must_use]
    pub fn new(titles: Vec<(String, SectionKind)>) -> Self {
        Self(titles)
    }

    /// Returns the kind that a title names, in whatever case it is written.
    pub(super) fn kind_of(&self, title: &str) -> Option<SectionKind> {
        self.own(title).map(|(_, kind)| *kind).or_else(|| kinds::titled(title))
    }

    /// Returns whether a title is one of the code base's own.
    pub(super) fn is_own(&self, title: &str) -> bool {
        self.own(title).is_some()
    }

    /// Returns the title to write for a kind that has one of its own.
    pub(super) fn written(&self, kind: SectionKind) -> Option<&str> {
        let own = self.0.iter().filter(|_| kind != SectionKind::Custom).find(|(_, known)| *known == kind);
        own.map(|(title, _)| title.as_str())
    }

    /// Returns a title that no convention knows as it is to be written: the code base's spelling, or with capitals.
    pub(super) fn spelled(&self, title: &str) -> String {
        self.own(title).map_or_else(|| kinds::capitalised(title), |(own, _)| own.clone())
    }

    fn own(&self, title: &str) -> Option<&(String, SectionKind)> {
        self.0.iter().find(|(own, _)| own.to_lowercase() == title.to_lowercase())
    }
}

impl House {
    /// Returns the title by which people know a kind: the code base's own, or numpydoc's.
    #[must_use]
    pub fn called(&self, kind: SectionKind) -> &str {
        self.titles.written(kind).or(kinds::numpy_title(kind)).unwrap_or("a title of its own")
    }

    /// Returns whether a section of a kind may follow another one without a blank line.
    ///
    /// A title that nobody knows is one only after a blank line, and so is a directive.
    pub(super) fn joins(&self, kind: SectionKind, style: Style) -> bool {
        let titled = matches!(style, Style::Google | Style::Numpy);
        self.between_sections == Separation::Nothing && titled && kind != SectionKind::Custom
    }

    /// Returns the place of a kind among the sections, `None` for those that come last in any order.
    pub(super) fn rank(&self, kind: SectionKind, style: Style) -> Option<usize> {
        let usual = kinds::rank(kind, style);
        if self.order.is_empty() {
            return usual;
        }
        let named = self.order.iter().position(|known| *known == kind);
        named.or(usual.map(|rank| self.order.len() + rank))
    }
}
