//! What is known about each kind of section: its titles, what stands under it, and in which order they go.
//!
//! Google style and numpydoc share their titles; Sphinx and Epytext name the same things by fields
//! (`fields/tags.rs`).

use super::model::{SectionKind, Style};

/// What stands under a title.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Content {
    /// A list of names with types and descriptions.
    Items,
    /// A list of exceptions with descriptions.
    Exceptions,
    /// What is given back: a type and a description, several of them where the style can.
    Value,
    /// Prose, code, anything.
    Prose,
}

/// Every title with its meaning; the first of a kind is the one that Google style writes.
///
/// Sources: Napoleon's "Docstring Sections", numpydoc's "Sections", with `Params`, `Receive`, `Exceptions` and
/// `Deprecated` as they are met in practice. Google's guide itself (3.8.3, 3.8.4) knows Args, Returns, Yields,
/// Raises and Attributes.
const TITLES: &[(&str, SectionKind)] = &[
    ("Args", SectionKind::Parameters),
    ("Arguments", SectionKind::Parameters),
    ("Parameters", SectionKind::Parameters),
    ("Params", SectionKind::Parameters),
    ("Keyword Args", SectionKind::OtherParameters),
    ("Keyword Arguments", SectionKind::OtherParameters),
    ("Other Parameters", SectionKind::OtherParameters),
    ("Other Params", SectionKind::OtherParameters),
    ("Other Arguments", SectionKind::OtherParameters),
    ("Other Args", SectionKind::OtherParameters),
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
    ("Exceptions", SectionKind::Raises),
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

/// The longest known title, in bytes; a longer line is no title.
const LONGEST: usize = 20;

/// Returns the kind that a title names, in whatever case it is written.
pub(super) fn titled(title: &str) -> Option<SectionKind> {
    if title.len() > LONGEST {
        return None;
    }
    TITLES.iter().find(|(name, _)| name.eq_ignore_ascii_case(title)).map(|(_, kind)| *kind)
}

/// Returns whether a title is written as the styles write theirs: each word with a capital.
pub(super) fn is_capitalised(title: &str) -> bool {
    title.split(' ').all(|word| word.starts_with(char::is_uppercase))
}

/// Returns a title with a capital on each word; field names are written without.
pub(super) fn capitalised(title: &str) -> String {
    let word = |word: &str| {
        let mut rest = word.chars();
        rest.next().map(|first| first.to_uppercase().chain(rest).collect::<String>()).unwrap_or_default()
    };
    title.split(' ').map(word).collect::<Vec<_>>().join(" ")
}

/// Returns whether words read as a title that no convention knows: one to three capitalised ones.
pub(super) fn looks_like_title(title: &str) -> bool {
    let words: Vec<&str> = title.split(' ').take(4).collect();
    let capitalised =
        |word: &&str| word.starts_with(char::is_uppercase) && word.chars().all(char::is_alphabetic);
    words.len() <= 3 && words.iter().all(capitalised)
}

/// Returns the title that Google style writes for a kind; nothing for sections with a title of their own.
pub(super) fn google_title(kind: SectionKind) -> Option<&'static str> {
    if kind == SectionKind::Custom {
        return None;
    }
    TITLES.iter().find(|(_, known)| *known == kind).map(|(name, _)| *name)
}

/// Returns the title that numpydoc writes for a kind; nothing for sections with a title of their own.
pub(super) fn numpy_title(kind: SectionKind) -> Option<&'static str> {
    match kind {
        SectionKind::Parameters => Some("Parameters"),
        SectionKind::OtherParameters => Some("Other Parameters"),
        SectionKind::Warnings => Some("Warnings"),
        SectionKind::Notes => Some("Notes"),
        SectionKind::Examples => Some("Examples"),
        _ => google_title(kind),
    }
}

/// Returns what stands under the title of a kind.
pub(super) fn content_of(kind: SectionKind) -> Content {
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

/// The order of Google's guide (3.8.3: Args, Returns or Yields, Raises); the others stand where they are closest in
/// meaning. Sphinx and Epydoc prescribe none.
const ORDER: &[SectionKind] = &[
    SectionKind::Parameters,
    SectionKind::OtherParameters,
    SectionKind::Attributes,
    SectionKind::Methods,
    SectionKind::Receives,
    SectionKind::Returns,
    SectionKind::Yields,
    SectionKind::Raises,
    SectionKind::Warns,
];

/// The order of numpydoc's "Style guide", with Attributes and Methods where its validation has them (GL07).
const NUMPY_ORDER: &[SectionKind] = &[
    SectionKind::Parameters,
    SectionKind::Attributes,
    SectionKind::Methods,
    SectionKind::Returns,
    SectionKind::Yields,
    SectionKind::Receives,
    SectionKind::OtherParameters,
    SectionKind::Raises,
    SectionKind::Warns,
    SectionKind::Warnings,
    SectionKind::SeeAlso,
    SectionKind::Notes,
    SectionKind::References,
    SectionKind::Examples,
];

/// Returns the place of a kind among the sections of a style, `None` for those that come last in any order.
pub(super) fn rank(kind: SectionKind, style: Style) -> Option<usize> {
    let order = if style == Style::Numpy { NUMPY_ORDER } else { ORDER };
    order.iter().position(|known| *known == kind)
}
