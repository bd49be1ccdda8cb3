//! The table of rules.

use super::{Finding, Severity, Subject};
use super::{
    exceptions, missing_section, parameters, placeholder, results, stale_default, unclear_entry, undocumented,
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
    /// The page that explains it, in Markdown.
    pub page: &'static str,
    /// The function that applies it.
    pub check: fn(&Rule, &Subject<'_>) -> Vec<Finding>,
}

macro_rules! page {
    ($code:literal) => {
        include_str!(concat!("pages/", $code, ".md"))
    };
}

/// All rules, by code.
pub const RULES: &[Rule] = &[
    Rule {
        code: "D100",
        name: "undocumented-public-module",
        severity: Severity::Error,
        enabled: true,
        page: page!("D100"),
        check: undocumented::check,
    },
    Rule {
        code: "D101",
        name: "undocumented-public-class",
        severity: Severity::Error,
        enabled: true,
        page: page!("D101"),
        check: undocumented::check,
    },
    Rule {
        code: "D102",
        name: "undocumented-public-method",
        severity: Severity::Error,
        enabled: true,
        page: page!("D102"),
        check: undocumented::check,
    },
    Rule {
        code: "D103",
        name: "undocumented-public-function",
        severity: Severity::Error,
        enabled: true,
        page: page!("D103"),
        check: undocumented::check,
    },
    Rule {
        code: "D104",
        name: "undocumented-public-package",
        severity: Severity::Error,
        enabled: true,
        page: page!("D104"),
        check: undocumented::check,
    },
    Rule {
        code: "D105",
        name: "undocumented-magic-method",
        severity: Severity::Warning,
        enabled: false,
        page: page!("D105"),
        check: undocumented::check,
    },
    Rule {
        code: "D106",
        name: "undocumented-public-nested-class",
        severity: Severity::Warning,
        enabled: true,
        page: page!("D106"),
        check: undocumented::check,
    },
    Rule {
        code: "D107",
        name: "undocumented-public-init",
        severity: Severity::Warning,
        enabled: false,
        page: page!("D107"),
        check: undocumented::check,
    },
    Rule {
        code: "DG102",
        name: "stale-default",
        severity: Severity::Error,
        enabled: true,
        page: page!("DG102"),
        check: stale_default::check,
    },
    Rule {
        code: "DG201",
        name: "placeholder-text",
        severity: Severity::Error,
        enabled: true,
        page: page!("DG201"),
        check: placeholder::check,
    },
    Rule {
        code: "DG206",
        name: "missing-section",
        severity: Severity::Warning,
        enabled: true,
        page: page!("DG206"),
        check: missing_section::check,
    },
    Rule {
        code: "DG207",
        name: "unclear-entry",
        severity: Severity::Advice,
        enabled: true,
        page: page!("DG207"),
        check: unclear_entry::check,
    },
    Rule {
        code: "DOC101",
        name: "docstring-missing-parameter",
        severity: Severity::Error,
        enabled: true,
        page: page!("DOC101"),
        check: parameters::missing,
    },
    Rule {
        code: "DOC102",
        name: "docstring-extraneous-parameter",
        severity: Severity::Error,
        enabled: true,
        page: page!("DOC102"),
        check: parameters::extraneous,
    },
    Rule {
        code: "DOC103",
        name: "docstring-renamed-parameter",
        severity: Severity::Error,
        enabled: true,
        page: page!("DOC103"),
        check: parameters::renamed,
    },
    Rule {
        code: "DOC201",
        name: "docstring-missing-returns",
        severity: Severity::Warning,
        enabled: true,
        page: page!("DOC201"),
        check: results::missing_returns,
    },
    Rule {
        code: "DOC202",
        name: "docstring-extraneous-returns",
        severity: Severity::Error,
        enabled: true,
        page: page!("DOC202"),
        check: results::extraneous_returns,
    },
    Rule {
        code: "DOC402",
        name: "docstring-missing-yields",
        severity: Severity::Warning,
        enabled: true,
        page: page!("DOC402"),
        check: results::missing_yields,
    },
    Rule {
        code: "DOC403",
        name: "docstring-extraneous-yields",
        severity: Severity::Error,
        enabled: true,
        page: page!("DOC403"),
        check: results::extraneous_yields,
    },
    Rule {
        code: "DOC501",
        name: "docstring-missing-exception",
        severity: Severity::Warning,
        enabled: true,
        page: page!("DOC501"),
        check: exceptions::missing,
    },
    Rule {
        code: "DOC502",
        name: "docstring-extraneous-exception",
        severity: Severity::Error,
        enabled: true,
        page: page!("DOC502"),
        check: exceptions::extraneous,
    },
];

impl Rule {
    /// Finds a rule by its code or its name.
    #[must_use]
    pub fn find(called: &str) -> Option<&'static Self> {
        RULES.iter().find(|rule| rule.code.eq_ignore_ascii_case(called) || rule.name == called)
    }
}
