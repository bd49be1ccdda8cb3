//! How docstrings look, as far as their style leaves it open.

use super::{Section, Setting, SummaryLine, Types};

/// The table `[docstring]`.
#[derive(Debug, Clone, PartialEq)]
pub struct Docstring {
    /// The sections in the order to be written; those not named follow in the order of the style.
    pub section_order: Setting<Vec<Section>>,
    /// The line of the summary of a docstring of several lines.
    pub summary_line: Setting<SummaryLine>,
    /// Whether a blank line stands between two sections.
    pub blank_line_between_sections: Setting<bool>,
    /// Whether a blank line stands before closing quotes on a line of their own.
    pub blank_line_before_closing_quotes: Setting<bool>,
    /// Whether new entries repeat the types of the signature.
    pub types: Setting<Types>,
    /// The sections that docstrings must have.
    pub required: RequiredSections,
    /// The titles that the code base gives a meaning, in the order of the file.
    pub titles: Vec<(String, Setting<Section>)>,
}

/// The table `[docstring.required-sections]`.
#[derive(Debug, Clone, PartialEq)]
pub struct RequiredSections {
    /// Those of modules and packages.
    pub module: Setting<Vec<Section>>,
    /// Those of classes.
    pub class: Setting<Vec<Section>>,
    /// Those of functions.
    pub function: Setting<Vec<Section>>,
    /// Those of methods.
    pub method: Setting<Vec<Section>>,
    /// Those of properties.
    pub property: Setting<Vec<Section>>,
}
