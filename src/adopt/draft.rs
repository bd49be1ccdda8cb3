//! What one tool's settings come to, before they meet those of the others.

use super::given::Literal;
use super::globs;

/// What a tool thinks of a rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Wish {
    /// It is looked for.
    On,
    /// It is not.
    Off,
}

/// A setting of docgate's, and where it comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Setting {
    /// The key, with the table it is in: `rules.convention`.
    pub(super) key: &'static str,
    /// The value.
    pub(super) value: Literal,
    /// The place.
    pub(super) place: String,
}

/// Rules that are not looked for in some files.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct PerFile {
    /// The glob.
    pub(super) glob: String,
    /// Codes or beginnings of codes.
    pub(super) selectors: Vec<String>,
    /// The place.
    pub(super) place: String,
}

/// Something that was not taken over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Left {
    /// Where it stands.
    pub place: String,
    /// Why it was left.
    pub reason: String,
}

/// What one tool's settings come to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Draft {
    /// Plain settings.
    pub(super) settings: Vec<Setting>,
    /// Codes of rules and what is thought of them, with the place; the last word counts.
    pub(super) rules: Vec<(&'static str, Wish, String)>,
    /// Globs of files that are not looked at.
    pub(super) exclude: Vec<(String, String)>,
    /// Rules that are not looked for in some files.
    pub(super) per_file: Vec<PerFile>,
    /// What was not taken over.
    pub(super) left: Vec<Left>,
}

impl Draft {
    /// Sets a key.
    pub(super) fn set(&mut self, key: &'static str, value: impl Into<Literal>, place: &str) {
        self.settings.retain(|setting| setting.key != key);
        self.settings.push(Setting { key, value: value.into(), place: place.to_owned() });
    }

    /// Notes what is thought of rules.
    pub(super) fn wish(&mut self, codes: &[&'static str], wish: Wish, place: &str) {
        self.rules.extend(codes.iter().map(|code| (*code, wish, place.to_owned())));
    }

    /// Notes what is not taken over.
    pub(super) fn leave(&mut self, place: &str, reason: impl Into<String>) {
        self.left.push(Left { place: place.to_owned(), reason: reason.into() });
    }

    /// Leaves out files that a regular expression finds in paths.
    pub(super) fn exclude_expression(&mut self, expression: &str, whole: globs::Matching, place: &str) {
        match globs::of_expression(expression, whole) {
            Some(globs) => self.exclude.extend(globs.into_iter().map(|glob| (glob, place.to_owned()))),
            None => self.leave(
                place,
                format!("{expression:?} is a regular expression that no glob says; set `exclude` by hand"),
            ),
        }
    }
}

impl From<bool> for Literal {
    fn from(on: bool) -> Self {
        Self::Switch(on)
    }
}

impl From<u64> for Literal {
    fn from(number: u64) -> Self {
        Self::Number(number)
    }
}
