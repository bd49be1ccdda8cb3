//! The table of rules.

use super::Convention::{self, Epytext, Google, Numpy, Open, Pep257, Sphinx};
use super::{Finding, Severity, Subject};
use super::{
    attributes, detail, empty_entry, exceptions, format, initializer, missing_section, parameters,
    placeholder, restates_name, result_types, results, stale_body, stale_default, stale_parameter,
    stale_raise, stale_return, summary_length, suppression, text, type_disagrees, type_hints, unclear_entry,
    undocumented, undocumented_parameter,
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

const ALL: &[Convention] = &[Google, Numpy, Pep257, Sphinx, Epytext, Open];
const BUT_GOOGLE: &[Convention] = &[Numpy, Pep257, Sphinx, Epytext, Open];
const BUT_NUMPY: &[Convention] = &[Google, Pep257, Sphinx, Epytext, Open];
const GOOGLE: &[Convention] = &[Google, Open];
/// Where one mark at the end is asked for, any of three is not.
const ONE_MARK: &[Convention] = &[Numpy, Pep257, Sphinx, Epytext];
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
    off("D107", "undocumented-public-init", page!("D107"), undocumented::check).off_in(NUMPY),
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
    warns("D415", "missing-terminal-punctuation", page!("D415"), text::ends_in_punctuation).off_in(ONE_MARK),
    warns("D416", "missing-section-name-colon", page!("D416"), text::colon).off_in(BUT_GOOGLE),
    off("D417", "undocumented-param", page!("D417"), undocumented_parameter::check).off_in(BUT_GOOGLE),
    warns("D418", "overload-with-docstring", page!("D418"), text::overload),
    warns("D419", "empty-docstring", page!("D419"), text::empty_text),
    warns("D420", "incorrect-section-order", page!("D420"), text::order).off_in(PLAIN),
    off("D421", "property-docstring-starts-with-verb", page!("D421"), text::verb_of_property),
    blocks("DG101", "stale-parameter", page!("DG101"), stale_parameter::check),
    blocks("DG102", "stale-default", page!("DG102"), stale_default::check),
    blocks("DG103", "stale-return", page!("DG103"), stale_return::check),
    blocks("DG104", "stale-raise", page!("DG104"), stale_raise::check),
    advises("DG105", "stale-body", page!("DG105"), stale_body::check),
    blocks("DG201", "placeholder-text", page!("DG201"), placeholder::check),
    warns("DG202", "restates-name", page!("DG202"), restates_name::check),
    warns("DG203", "empty-entry", page!("DG203"), empty_entry::check),
    warns("DG204", "summary-too-long", page!("DG204"), summary_length::too_long),
    advises("DG205", "unbalanced-detail", page!("DG205"), detail::check),
    warns("DG206", "missing-section", page!("DG206"), missing_section::check),
    advises("DG207", "unclear-entry", page!("DG207"), unclear_entry::check),
    off("DG208", "summary-too-short", page!("DG208"), summary_length::too_short),
    warns("DG302", "type-disagrees", page!("DG302"), type_disagrees::check),
    warns("DG401", "unused-suppression", page!("DG401"), suppression::after_the_others),
    warns("DG402", "unknown-suppression", page!("DG402"), suppression::after_the_others),
    off("DOC001", "docstring-malformed-section", page!("DOC001"), format::malformed),
    off("DOC003", "docstring-style-mismatch", page!("DOC003"), format::other_style),
    blocks("DOC101", "docstring-missing-parameter", page!("DOC101"), parameters::missing),
    blocks("DOC102", "docstring-extraneous-parameter", page!("DOC102"), parameters::extraneous),
    blocks("DOC103", "docstring-renamed-parameter", page!("DOC103"), parameters::renamed),
    warns("DOC104", "docstring-parameter-order", page!("DOC104"), type_hints::order),
    off("DOC105", "docstring-parameter-type", page!("DOC105"), type_hints::types),
    off("DOC106", "signature-without-types", page!("DOC106"), type_hints::none_in_signature),
    off("DOC107", "signature-with-missing-types", page!("DOC107"), type_hints::some_in_signature),
    off("DOC108", "signature-with-types", page!("DOC108"), type_hints::any_in_signature),
    off("DOC109", "docstring-without-types", page!("DOC109"), type_hints::none_in_docstring),
    off("DOC110", "docstring-with-missing-types", page!("DOC110"), type_hints::some_in_docstring),
    off("DOC111", "docstring-with-types", page!("DOC111"), type_hints::any_in_docstring),
    warns("DOC201", "docstring-missing-returns", page!("DOC201"), results::missing_returns),
    blocks("DOC202", "docstring-extraneous-returns", page!("DOC202"), results::extraneous_returns),
    off("DOC203", "docstring-return-type", page!("DOC203"), result_types::returned),
    off("DOC301", "docstring-of-init", page!("DOC301"), initializer::own_docstring),
    warns("DOC302", "class-docstring-with-returns", page!("DOC302"), initializer::class_returns),
    warns("DOC303", "init-docstring-with-returns", page!("DOC303"), initializer::returns),
    warns("DOC304", "class-docstring-with-parameters", page!("DOC304"), initializer::class_parameters),
    warns("DOC305", "class-docstring-with-exceptions", page!("DOC305"), initializer::class_raises),
    warns("DOC306", "class-docstring-with-yields", page!("DOC306"), initializer::class_yields),
    warns("DOC307", "init-docstring-with-yields", page!("DOC307"), initializer::yields),
    warns("DOC402", "docstring-missing-yields", page!("DOC402"), results::missing_yields),
    blocks("DOC403", "docstring-extraneous-yields", page!("DOC403"), results::extraneous_yields),
    off("DOC404", "docstring-yield-type", page!("DOC404"), result_types::yielded_type),
    off("DOC405", "docstring-return-and-yield", page!("DOC405"), result_types::both),
    warns("DOC501", "docstring-missing-exception", page!("DOC501"), exceptions::missing),
    blocks("DOC502", "docstring-extraneous-exception", page!("DOC502"), exceptions::extraneous),
    off("DOC503", "docstring-mismatched-exceptions", page!("DOC503"), exceptions::mismatch),
    off("DOC504", "docstring-missing-assertion", page!("DOC504"), exceptions::assertions),
    warns("DOC601", "docstring-missing-attribute", page!("DOC601"), attributes::missing),
    warns("DOC602", "docstring-extraneous-attribute", page!("DOC602"), attributes::extraneous),
    warns("DOC603", "docstring-renamed-attribute", page!("DOC603"), attributes::renamed),
    warns("DOC604", "docstring-attribute-order", page!("DOC604"), attributes::order),
    off("DOC605", "docstring-attribute-type", page!("DOC605"), attributes::types),
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

/// A question, which never changes the exit code.
const fn advises(code: &'static str, name: &'static str, page: &'static str, check: Check) -> Rule {
    Rule { severity: Severity::Advice, ..blocks(code, name, page, check) }
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
