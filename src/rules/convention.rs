//! Conventions: which choices of layout and wording are made where pydocstyle's rules contradict each other.

use crate::docstring::{House, Separation, Style, SummaryLine};

/// A convention that docstrings are laid out by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Convention {
    /// Google's Python style guide.
    Google,
    /// numpydoc.
    Numpy,
    /// PEP 257 alone, without sections.
    Pep257,
    /// Field lists; otherwise as PEP 257.
    Sphinx,
    /// Epydoc's fields; otherwise as PEP 257.
    Epytext,
    /// None is shown: what the others do not agree about is left open.
    Open,
}

/// Which convention the docstrings of a run follow.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Conventions {
    /// The one of the style that each docstring is written in.
    #[default]
    OfStyle,
    /// One for all.
    Only(Convention),
    /// None: every rule that is switched on speaks.
    Any,
}

impl Conventions {
    /// Returns the convention of a docstring, given the style that it or its module shows; nothing where every rule
    /// speaks.
    #[must_use]
    pub fn of(self, style: impl FnOnce() -> Option<Style>) -> Option<Convention> {
        match self {
            Self::Only(convention) => Some(convention),
            Self::Any => None,
            Self::OfStyle => Some(match style() {
                Some(Style::Google) => Convention::Google,
                Some(Style::Numpy) => Convention::Numpy,
                Some(Style::Sphinx) => Convention::Sphinx,
                Some(Style::Epytext) => Convention::Epytext,
                None => Convention::Open,
            }),
        }
    }
}

impl std::str::FromStr for Conventions {
    type Err = String;

    /// Reads the word of the configuration.
    fn from_str(word: &str) -> Result<Self, Self::Err> {
        Ok(match word {
            "auto" => Self::OfStyle,
            "none" => Self::Any,
            "google" => Self::Only(Convention::Google),
            "numpy" => Self::Only(Convention::Numpy),
            "pep257" => Self::Only(Convention::Pep257),
            "sphinx" => Self::Only(Convention::Sphinx),
            "epytext" => Self::Only(Convention::Epytext),
            _ => return Err(format!("{word:?} is none of {}", Self::WORDS.join(", "))),
        })
    }
}

impl Conventions {
    /// The words of the configuration.
    pub const WORDS: &'static [&'static str] =
        &["auto", "google", "numpy", "pep257", "sphinx", "epytext", "none"];
}

/// Returns the codes of rules that ask for the opposite of what the house writes.
#[must_use]
pub fn against(house: &House) -> Vec<&'static str> {
    let mut codes = Vec::new();
    if house.summary_line == SummaryLine::Second {
        codes.push("D212");
    }
    if house.between_sections == Separation::Nothing {
        codes.extend(["D410", "D411"]);
    }
    if !house.order.is_empty() {
        codes.push("D420");
    }
    codes
}
