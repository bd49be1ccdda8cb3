//! The names of fields and what they mean.
//!
//! Sources: Sphinx, "Info field lists" of the Python domain; Epydoc, "Epydoc Fields"; the spellings that pydoctor
//! and `docstring_parser` accept beside them (`yields`, `ytype`, `warns`, `attribute`).

use super::super::model::{SectionKind, Style};

/// What a field is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::docstring) enum Meaning {
    /// Something with a name: a parameter, an attribute, an exception.
    Named(SectionKind),
    /// The type of something with a name.
    Type,
    /// What is given back.
    Value(SectionKind),
    /// The type of what is given back.
    ValueType(SectionKind),
    /// Prose.
    Prose(SectionKind),
}

impl Meaning {
    /// Returns the kind of the section that such a field makes.
    pub(in crate::docstring) fn kind(self) -> SectionKind {
        match self {
            Self::Named(kind) | Self::Value(kind) | Self::ValueType(kind) | Self::Prose(kind) => kind,
            Self::Type => SectionKind::Parameters,
        }
    }
}

/// The fields that both styles have.
const COMMON: &[(&str, Meaning)] = &[
    ("param", Meaning::Named(SectionKind::Parameters)),
    ("parameter", Meaning::Named(SectionKind::Parameters)),
    ("arg", Meaning::Named(SectionKind::Parameters)),
    ("argument", Meaning::Named(SectionKind::Parameters)),
    ("key", Meaning::Named(SectionKind::OtherParameters)),
    ("keyword", Meaning::Named(SectionKind::OtherParameters)),
    ("kwarg", Meaning::Named(SectionKind::OtherParameters)),
    // Neither knows it, and a reader does.
    ("kw", Meaning::Named(SectionKind::OtherParameters)),
    ("type", Meaning::Type),
    ("raises", Meaning::Named(SectionKind::Raises)),
    ("raise", Meaning::Named(SectionKind::Raises)),
    ("except", Meaning::Named(SectionKind::Raises)),
    ("exception", Meaning::Named(SectionKind::Raises)),
    ("warns", Meaning::Named(SectionKind::Warns)),
    ("warn", Meaning::Named(SectionKind::Warns)),
    ("var", Meaning::Named(SectionKind::Attributes)),
    ("ivar", Meaning::Named(SectionKind::Attributes)),
    ("cvar", Meaning::Named(SectionKind::Attributes)),
    ("return", Meaning::Value(SectionKind::Returns)),
    ("returns", Meaning::Value(SectionKind::Returns)),
    ("rtype", Meaning::ValueType(SectionKind::Returns)),
    ("yield", Meaning::Value(SectionKind::Yields)),
    ("yields", Meaning::Value(SectionKind::Yields)),
    ("ytype", Meaning::ValueType(SectionKind::Yields)),
    ("yieldtype", Meaning::ValueType(SectionKind::Yields)),
];

/// The fields of Sphinx alone.
const SPHINX: &[(&str, Meaning)] = &[
    ("attribute", Meaning::Named(SectionKind::Attributes)),
    ("vartype", Meaning::Type),
    ("paramtype", Meaning::Type),
    ("kwtype", Meaning::Type),
];

/// The fields of Epydoc alone.
const EPYTEXT: &[(&str, Meaning)] = &[("returntype", Meaning::ValueType(SectionKind::Returns))];

/// Fields of prose; only who writes in fields means a field by them.
const PROSE: &[(&str, SectionKind)] = &[
    ("note", SectionKind::Notes),
    ("see", SectionKind::SeeAlso),
    ("seealso", SectionKind::SeeAlso),
    ("warning", SectionKind::Warnings),
    ("todo", SectionKind::Todo),
    ("deprecated", SectionKind::Deprecated),
    ("example", SectionKind::Examples),
    ("examples", SectionKind::Examples),
];

/// Returns the meaning of a field that speaks of names, types or values, if `style` has one called so.
pub(super) fn meaning(tag: &str, style: Style) -> Option<Meaning> {
    let own = if style == Style::Epytext { EPYTEXT } else { SPHINX };
    COMMON.iter().chain(own).find(|(name, _)| *name == tag).map(|(_, meaning)| *meaning)
}

/// Returns the kind of section that a field of prose makes.
pub(super) fn prose(tag: &str) -> SectionKind {
    PROSE.iter().find(|(name, _)| *name == tag).map_or(SectionKind::Custom, |(_, kind)| *kind)
}

/// Returns the tags that a style writes for a kind, that of the entry and that of its type.
pub(in crate::docstring) fn written(kind: SectionKind, style: Style) -> Option<(&'static str, &'static str)> {
    let epytext = style == Style::Epytext;
    let one_of = |own: &'static str, other: &'static str| if epytext { own } else { other };
    Some(match kind {
        SectionKind::Parameters => ("param", "type"),
        SectionKind::OtherParameters => ("keyword", "type"),
        SectionKind::Attributes => ("ivar", if epytext { "type" } else { "vartype" }),
        SectionKind::Raises => (one_of("raise", "raises"), "type"),
        SectionKind::Warns => (one_of("warn", "warns"), "type"),
        SectionKind::Returns => (one_of("return", "returns"), "rtype"),
        SectionKind::Yields => (one_of("yield", "yields"), "ytype"),
        _ => return None,
    })
}
