//! The tools, and how the table of a tool's options is applied.

use super::draft::Draft;
use super::gather::{Broken, Files};
use super::given::Given;
use super::{darglint, flake8, interrogate, numpydoc, pydoclint, pydocstyle, ruff};

/// A tool whose settings are taken over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Tool {
    /// ruff, its rules D and DOC.
    Ruff,
    /// flake8 with flake8-docstrings, and with pydoclint or darglint as plugins.
    Flake8,
    /// pydoclint.
    Pydoclint,
    /// pydocstyle.
    Pydocstyle,
    /// numpydoc's validation.
    Numpydoc,
    /// darglint.
    Darglint,
    /// interrogate.
    Interrogate,
}

impl Tool {
    /// All of them; where two contradict each other, the first one counts.
    pub const ALL: &'static [Self] = &[
        Self::Ruff,
        Self::Flake8,
        Self::Pydoclint,
        Self::Pydocstyle,
        Self::Numpydoc,
        Self::Darglint,
        Self::Interrogate,
    ];

    /// Returns its name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Ruff => "ruff",
            Self::Flake8 => "flake8",
            Self::Pydoclint => "pydoclint",
            Self::Pydocstyle => "pydocstyle",
            Self::Numpydoc => "numpydoc",
            Self::Darglint => "darglint",
            Self::Interrogate => "interrogate",
        }
    }

    /// Returns its options, each with what it becomes.
    #[must_use]
    pub fn options(self) -> &'static [ToolOption] {
        match self {
            Self::Ruff => ruff::OPTIONS,
            Self::Flake8 => flake8::OPTIONS,
            Self::Pydoclint => pydoclint::OPTIONS,
            Self::Pydocstyle => pydocstyle::OPTIONS,
            Self::Numpydoc => numpydoc::OPTIONS,
            Self::Darglint => darglint::OPTIONS,
            Self::Interrogate => interrogate::OPTIONS,
        }
    }

    /// Reads its settings; nothing where it is not configured.
    pub(super) fn read(self, files: &Files<'_>) -> Result<Option<Draft>, Broken> {
        match self {
            Self::Ruff => ruff::read(files),
            Self::Flake8 => flake8::read(files),
            Self::Pydoclint => pydoclint::read(files),
            Self::Pydocstyle => pydocstyle::read(files),
            Self::Numpydoc => numpydoc::read(files),
            Self::Darglint => darglint::read(files),
            Self::Interrogate => interrogate::read(files),
        }
    }
}

/// An option of a tool.
#[derive(Debug, Clone, Copy)]
pub struct ToolOption {
    /// Its name, with hyphens.
    pub name: &'static str,
    /// What it becomes, or why nothing.
    pub becomes: &'static str,
    /// How it is taken over.
    pub take: Take,
}

/// How an option is taken over.
#[derive(Debug, Clone, Copy)]
pub enum Take {
    /// By its value alone.
    Each(#[doc(hidden)] TakeOver),
    /// Together with others.
    Together,
    /// Nothing is to be done: docgate does so, or it is about the tool and not about docstrings.
    Silent,
    /// There is no equivalent.
    Nowhere,
    /// There is no equivalent where it is switched like this; the other way docgate does so.
    NowhereWhen(bool),
}

/// Turns a value into settings, or says what is wrong with it.
#[derive(Clone, Copy)]
pub struct TakeOver(pub(super) fn(&Given, &mut Draft) -> Result<(), String>);

impl std::fmt::Debug for TakeOver {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("TakeOver")
    }
}

/// Makes the row of an option that becomes something by itself.
pub(super) const fn each(
    name: &'static str,
    becomes: &'static str,
    take: fn(&Given, &mut Draft) -> Result<(), String>,
) -> ToolOption {
    ToolOption { name, becomes, take: Take::Each(TakeOver(take)) }
}

/// Makes the row of an option that becomes something together with others.
pub(super) const fn together(name: &'static str, becomes: &'static str) -> ToolOption {
    ToolOption { name, becomes, take: Take::Together }
}

/// Makes the row of an option for which nothing is to be done.
pub(super) const fn silent(name: &'static str, becomes: &'static str) -> ToolOption {
    ToolOption { name, becomes, take: Take::Silent }
}

/// Makes the row of an option without equivalent.
pub(super) const fn nowhere(name: &'static str, reason: &'static str) -> ToolOption {
    ToolOption { name, becomes: reason, take: Take::Nowhere }
}

/// Makes the row of a switch without equivalent for one of its two values.
pub(super) const fn nowhere_when(on: bool, name: &'static str, reason: &'static str) -> ToolOption {
    ToolOption { name, becomes: reason, take: Take::NowhereWhen(on) }
}

/// Applies a table to an option that somebody has set, and says whether the table has it.
pub(super) fn apply(options: &[ToolOption], given: &Given, draft: &mut Draft) -> bool {
    let Some(option) = options.iter().find(|option| option.name == given.name) else { return false };
    match option.take {
        Take::Each(TakeOver(take)) => {
            if let Err(problem) = take(given, draft) {
                draft.leave(&given.place, problem);
            }
        }
        Take::Nowhere => draft.leave(&given.place, option.becomes),
        Take::NowhereWhen(on) => match given.switch() {
            Ok(value) if value == on => draft.leave(&given.place, option.becomes),
            Ok(_) => {}
            Err(problem) => draft.leave(&given.place, problem),
        },
        Take::Together | Take::Silent => {}
    }
    true
}

/// Applies a table to all options of a section that belongs to the tool alone.
pub(super) fn apply_all(options: &[ToolOption], given: &[Given], draft: &mut Draft) {
    for given in given {
        if !apply(options, given, draft) {
            draft.leave(&given.place, "docgate does not know this option");
        }
    }
}
