//! The table of rules.

use super::Convention::{self, Epytext, Google, Numpy, Pep257, Sphinx};
use super::{Finding, Severity, Subject};
use super::{
    exceptions, parameters, placeholder, results, stale_default, text, undocumented, undocumented_parameter,
};

/// A rule: a row of the table.
#[derive(Debug, Clone, Copy)]
pub struct Rule {
    /// The code, as pydocstyle, pydoclint or ruff know it, or ours with `DG`.
    pub code: &'static str,
    /// The name, as ruff calls it where it has the rule.
    pub name: &'static str,
    /// How much its findings weigh unless the configuration says otherwise.
    pub severity: Severity,
    /// Whether it is on unless the configuration says otherwise.
    pub enabled: bool,
    /// The conventions that choose otherwise: there it is silent unless the configuration names it in full.
    pub off_in: &'static [Convention],
    /// The page that explains it, in Markdown.
    pub page: &'static str,
    /// The function that applies it.
    pub check: fn(&Rule, &Subject<'_>) -> Vec<Finding>,
}

type Check = fn(&Rule, &Subject<'_>) -> Vec<Finding>;

macro_rules! page {
    ($code:literal) => {
        include_str!(concat!("pages/", $code, ".md"))
    };
}

const ALL: &[Convention] = &[Google, Numpy, Pep257, Sphinx, Epytext];
const BUT_GOOGLE: &[Convention] = &[Numpy, Pep257, Sphinx, Epytext];
const BUT_NUMPY: &[Convention] = &[Google, Pep257, Sphinx, Epytext];
const GOOGLE: &[Convention] = &[Google];
const NUMPY: &[Convention] = &[Numpy];
/// Those without titled sections.
const PLAIN: &[Convention] = &[Pep257, Sphinx, Epytext];

/// All rules, by code.
pub const RULES: &[Rule] = &[
    blocks("D100", "undocumented-public-module", page!("D100"), undocumented::check),
    blocks("D101", "undocumented-public-class", page!("D101"), undocumented::check),
    blocks("D102", "undocumented-public-method", page!("D102"), undocumented::check),
    blocks("D103", "undocumented-public-function", page!("D103"), undocumented::check),
    blocks("D104", "undocumented-public-package", page!("D104"), undocumented::check),
    off("D105", "undocumented-magic-method", page!("D105"), undocumented::check),
    warns("D106", "undocumented-public-nested-class", page!("D106"), undocumented::check),
    off("D107", "undocumented-public-init", page!("D107"), undocumented::check),
    warns("D200", "unnecessary-multiline-docstring", page!("D200"), text::one_line),
    warns("D201", "blank-line-before-function", page!("D201"), text::before_function),
    warns("D202", "blank-line-after-function", page!("D202"), text::after_function),
    off("D203", "incorrect-blank-line-before-class", page!("D203"), text::around_class_is_one).off_in(ALL),
    warns("D204", "incorrect-blank-line-after-class", page!("D204"), text::after_class).off_in(GOOGLE),
    warns("D205", "missing-blank-line-after-summary", page!("D205"), text::summary_apart),
    warns("D206", "docstring-tab-indentation", page!("D206"), text::tabs),
    warns("D207", "under-indentation", page!("D207"), text::under_indented),
    warns("D208", "over-indentation", page!("D208"), text::over_indented),
    warns("D209", "new-line-after-last-paragraph", page!("D209"), text::closing_line),
    warns("D210", "surrounding-whitespace", page!("D210"), text::surrounding_blanks),
    warns("D211", "blank-line-before-class", page!("D211"), text::before_class_is_none),
    warns("D212", "multi-line-summary-first-line", page!("D212"), text::first_line).off_in(BUT_GOOGLE),
    off("D213", "multi-line-summary-second-line", page!("D213"), text::second_line).off_in(ALL),
    warns("D214", "overindented-section", page!("D214"), text::overindented).off_in(PLAIN),
    warns("D215", "overindented-section-underline", page!("D215"), text::underline_overindented)
        .off_in(BUT_NUMPY),
    warns("D300", "triple-single-quotes", page!("D300"), text::triple_double),
    warns("D301", "escape-sequence-in-docstring", page!("D301"), text::backslashes),
    warns("D400", "missing-trailing-period", page!("D400"), text::ends_in_period).off_in(GOOGLE),
    warns("D401", "non-imperative-mood", page!("D401"), text::imperative).off_in(GOOGLE),
    warns("D402", "signature-in-docstring", page!("D402"), text::signature).off_in(NUMPY),
    warns("D403", "first-word-uncapitalized", page!("D403"), text::capitalised),
    warns("D404", "docstring-starts-with-this", page!("D404"), text::this).off_in(BUT_NUMPY),
    warns("D405", "non-capitalized-section-name", page!("D405"), text::capital).off_in(PLAIN),
    warns("D406", "missing-new-line-after-section-name", page!("D406"), text::line_end).off_in(BUT_NUMPY),
    warns("D407", "missing-dashed-underline-after-section", page!("D407"), text::dashes).off_in(BUT_NUMPY),
    warns("D408", "missing-section-underline-after-name", page!("D408"), text::underline_place)
        .off_in(BUT_NUMPY),
    warns("D409", "mismatched-section-underline-length", page!("D409"), text::underline_length)
        .off_in(BUT_NUMPY),
    warns("D410", "no-blank-line-after-section", page!("D410"), text::blank_after).off_in(PLAIN),
    warns("D411", "no-blank-line-before-section", page!("D411"), text::blank_before).off_in(PLAIN),
    warns("D412", "blank-lines-between-header-and-content", page!("D412"), text::blank_under),
    off("D413", "missing-blank-line-after-last-section", page!("D413"), text::blank_after_last).off_in(ALL),
    warns("D414", "empty-docstring-section", page!("D414"), text::empty),
    warns("D415", "missing-terminal-punctuation", page!("D415"), text::ends_in_punctuation)
        .off_in(BUT_GOOGLE),
    warns("D416", "missing-section-name-colon", page!("D416"), text::colon).off_in(BUT_GOOGLE),
    off("D417", "undocumented-param", page!("D417"), undocumented_parameter::check).off_in(BUT_GOOGLE),
    warns("D418", "overload-with-docstring", page!("D418"), text::overload),
    warns("D419", "empty-docstring", page!("D419"), text::empty_text),
    warns("D420", "incorrect-section-order", page!("D420"), text::order).off_in(PLAIN),
    off("D421", "property-docstring-starts-with-verb", page!("D421"), text::verb_of_property),
    blocks("DG102", "stale-default", page!("DG102"), stale_default::check),
    blocks("DG201", "placeholder-text", page!("DG201"), placeholder::check),
    blocks("DOC101", "docstring-missing-parameter", page!("DOC101"), parameters::missing),
    blocks("DOC102", "docstring-extraneous-parameter", page!("DOC102"), parameters::extraneous),
    blocks("DOC103", "docstring-renamed-parameter", page!("DOC103"), parameters::renamed),
    warns("DOC201", "docstring-missing-returns", page!("DOC201"), results::missing_returns),
    blocks("DOC202", "docstring-extraneous-returns", page!("DOC202"), results::extraneous_returns),
    warns("DOC402", "docstring-missing-yields", page!("DOC402"), results::missing_yields),
    blocks("DOC403", "docstring-extraneous-yields", page!("DOC403"), results::extraneous_yields),
    warns("DOC501", "docstring-missing-exception", page!("DOC501"), exceptions::missing),
    blocks("DOC502", "docstring-extraneous-exception", page!("DOC502"), exceptions::extraneous),
];

/// A false statement, or one of the two omissions that count as much.
const fn blocks(code: &'static str, name: &'static str, page: &'static str, check: Check) -> Rule {
    Rule { code, name, severity: Severity::Error, enabled: true, off_in: &[], page, check }
}

/// An omission, or a matter of form.
const fn warns(code: &'static str, name: &'static str, page: &'static str, check: Check) -> Rule {
    Rule { severity: Severity::Warning, ..blocks(code, name, page, check) }
}

/// A matter of choice, which is off until somebody chooses it.
const fn off(code: &'static str, name: &'static str, page: &'static str, check: Check) -> Rule {
    Rule { enabled: false, ..warns(code, name, page, check) }
}

impl Rule {
    const fn off_in(self, conventions: &'static [Convention]) -> Self {
        Self { off_in: conventions, ..self }
    }

    /// Finds a rule by its code or its name.
    #[must_use]
    pub fn find(called: &str) -> Option<&'static Self> {
        RULES.iter().find(|rule| rule.code.eq_ignore_ascii_case(called) || rule.name == called)
    }
}
