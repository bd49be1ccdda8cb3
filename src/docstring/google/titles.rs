//! The titles of Google style, and in which order sections stand.

use super::super::model::SectionKind;

/// What stands under a title.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::docstring) enum Content {
    /// A list of `name (type): text`.
    Items,
    /// A list of `Exception: text`.
    Exceptions,
    /// One `type: text`.
    Value,
    /// Prose, code, anything.
    Prose,
}

/// Every title with its meaning; the first of a kind is the one that is written.
///
/// Source: Napoleon's "Docstring Sections", with `Params`, `Receive` and `Deprecated` as they are met in practice.
/// The guide itself (3.8.3, 3.8.4) knows Args, Returns, Yields, Raises and Attributes.
const TITLES: &[(&str, SectionKind)] = &[
    ("Args", SectionKind::Parameters),
    ("Arguments", SectionKind::Parameters),
    ("Parameters", SectionKind::Parameters),
    ("Params", SectionKind::Parameters),
    ("Keyword Args", SectionKind::OtherParameters),
    ("Keyword Arguments", SectionKind::OtherParameters),
    ("Other Parameters", SectionKind::OtherParameters),
    ("Attributes", SectionKind::Attributes),
    ("Methods", SectionKind::Methods),
    ("Returns", SectionKind::Returns),
    ("Return", SectionKind::Returns),
    ("Yields", SectionKind::Yields),
    ("Yield", SectionKind::Yields),
    ("Receives", SectionKind::Receives),
    ("Receive", SectionKind::Receives),
    ("Raises", SectionKind::Raises),
    ("Raise", SectionKind::Raises),
    ("Warns", SectionKind::Warns),
    ("Warn", SectionKind::Warns),
    ("Warning", SectionKind::Warnings),
    ("Warnings", SectionKind::Warnings),
    ("See Also", SectionKind::SeeAlso),
    ("Note", SectionKind::Notes),
    ("Notes", SectionKind::Notes),
    ("References", SectionKind::References),
    ("Example", SectionKind::Examples),
    ("Examples", SectionKind::Examples),
    ("Todo", SectionKind::Todo),
    ("Deprecated", SectionKind::Deprecated),
    ("Attention", SectionKind::Custom),
    ("Caution", SectionKind::Custom),
    ("Danger", SectionKind::Custom),
    ("Error", SectionKind::Custom),
    ("Hint", SectionKind::Custom),
    ("Important", SectionKind::Custom),
    ("Tip", SectionKind::Custom),
];

/// Returns the kind of the section that a line opens, if its title is one of the known ones.
pub(super) fn known(line: &str) -> Option<SectionKind> {
    let title = line.strip_suffix(':')?;
    TITLES.iter().find(|(name, _)| *name == title).map(|(_, kind)| *kind)
}

/// Returns whether a line reads as a title that no convention knows: one to three capitalised words.
pub(super) fn looks_like_one(line: &str) -> bool {
    let Some(title) = line.strip_suffix(':') else { return false };
    let words: Vec<&str> = title.split(' ').collect();
    let capitalised =
        |word: &&str| word.starts_with(char::is_uppercase) && word.chars().all(char::is_alphabetic);
    words.len() <= 3 && words.iter().all(capitalised)
}

/// Returns the title that is written for a kind; nothing for sections with a title of their own.
pub(super) fn title_of(kind: SectionKind) -> Option<&'static str> {
    if kind == SectionKind::Custom {
        return None;
    }
    TITLES.iter().find(|(_, known)| *known == kind).map(|(name, _)| *name)
}

/// Returns what stands under the title of a kind.
pub(in crate::docstring) fn content_of(kind: SectionKind) -> Content {
    match kind {
        SectionKind::Parameters
        | SectionKind::OtherParameters
        | SectionKind::Attributes
        | SectionKind::Methods
        | SectionKind::Receives => Content::Items,
        SectionKind::Raises | SectionKind::Warns => Content::Exceptions,
        SectionKind::Returns | SectionKind::Yields => Content::Value,
        SectionKind::Warnings
        | SectionKind::SeeAlso
        | SectionKind::Notes
        | SectionKind::References
        | SectionKind::Examples
        | SectionKind::Todo
        | SectionKind::Deprecated
        | SectionKind::Custom => Content::Prose,
    }
}

/// Returns the place of a kind among the sections, `None` for those that come last in any order.
///
/// The guide (3.8.3) lists Args, Returns or Yields, Raises; the others stand where they are closest in meaning.
pub(in crate::docstring) fn rank(kind: SectionKind) -> Option<u8> {
    Some(match kind {
        SectionKind::Parameters => 0,
        SectionKind::OtherParameters => 1,
        SectionKind::Attributes => 2,
        SectionKind::Methods => 3,
        SectionKind::Receives => 4,
        SectionKind::Returns => 5,
        SectionKind::Yields => 6,
        SectionKind::Raises => 7,
        SectionKind::Warns => 8,
        _ => return None,
    })
}
