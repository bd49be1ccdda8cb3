//! What the configuration says to the rules.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::change::RepoPath;
use crate::docstring::{House, Style};
use crate::python::Modules;

use super::{Baseline, Options, RULES, RequiredSections, Rule, Severity, UsualStyle};

/// The codes of some rules.
type Codes = BTreeSet<&'static str>;

/// Which definitions owe a docstring once they are touched.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Require {
    /// Those that are new or whose code changed.
    #[default]
    Touched,
    /// Those that are new.
    Added,
}

/// The settings of a run.
#[derive(Clone)]
pub struct Settings {
    /// Which definitions owe a docstring.
    pub require: Require,
    /// The style of all docstrings; `None` finds it out per module.
    pub style: Option<Style>,
    /// The habits of the code base.
    pub house: Arc<House>,
    /// The sections that docstrings must have.
    pub required: RequiredSections,
    /// The style of the repository, for modules that show none.
    pub usual_style: Arc<UsualStyle>,
    /// Whether a file holds tests, which owe no docstrings.
    pub tests: Arc<dyn Fn(&RepoPath) -> bool + Send + Sync>,
    /// The weight of each rule by its code; a rule that is not listed is off.
    pub severities: BTreeMap<&'static str, Severity>,
    /// The rules that the configuration names in full: no convention silences them.
    pub named: BTreeSet<&'static str>,
    /// The rules that are not looked for in a file.
    pub ignored: Arc<dyn Fn(&RepoPath) -> Codes + Send + Sync>,
    /// The findings that are known.
    pub baseline: Arc<Baseline>,
    /// What it says to single rules.
    pub options: Options,
    /// The tree that the judged files belong to, for what they import.
    pub modules: Arc<Modules>,
}

impl std::fmt::Debug for Settings {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("Settings")
            .field("require", &self.require)
            .field("style", &self.style)
            .field("house", &self.house)
            .field("required", &self.required)
            .field("severities", &self.severities)
            .finish_non_exhaustive()
    }
}

impl Default for Settings {
    fn default() -> Self {
        let on = RULES.iter().filter(|rule| rule.enabled);
        Self {
            require: Require::default(),
            style: None,
            house: Arc::default(),
            required: RequiredSections::default(),
            usual_style: Arc::default(),
            tests: Arc::new(|_| false),
            severities: on.map(|rule| (rule.code, rule.severity)).collect(),
            named: BTreeSet::new(),
            ignored: Arc::new(|_| BTreeSet::new()),
            baseline: Arc::default(),
            options: Options::default(),
            modules: Arc::default(),
        }
    }
}

/// A name in the configuration that no rule has.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("no rule is called `{0}`")]
pub struct UnknownRule(pub String);

/// Which rules the configuration switches on and off, as written there.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Selection {
    /// Only these, in place of the defaults.
    pub select: Option<Vec<String>>,
    /// These too.
    pub extend_select: Vec<String>,
    /// Not these.
    pub ignore: Vec<String>,
    /// The weight of single rules; `None` switches one off.
    pub severity: Vec<(String, Option<Severity>)>,
}

impl Selection {
    /// Works out the weight of every rule that is on.
    ///
    /// A selector is a code, the beginning of one (`D`, `DOC1`), a name, or `ALL`. The longest one wins, and
    /// `ignore` wins a draw, as in ruff.
    ///
    /// # Errors
    ///
    /// Names a selector that matches no rule.
    pub fn severities(&self) -> Result<BTreeMap<&'static str, Severity>, UnknownRule> {
        let listed = self.select.iter().flatten().chain(&self.extend_select).chain(&self.ignore);
        let named = self.severity.iter().map(|(name, _)| name);
        for selector in listed.chain(named) {
            if !RULES.iter().any(|rule| specificity(selector, rule).is_some()) {
                return Err(UnknownRule(selector.clone()));
            }
        }
        let mut severities = BTreeMap::new();
        for rule in RULES {
            let best = |selectors: &[String]| {
                selectors.iter().filter_map(|selector| specificity(selector, rule)).max()
            };
            let default = if rule.enabled { Some(0) } else { None };
            let chosen = self.select.as_ref().map_or(default, |selectors| best(selectors));
            let chosen = chosen.max(best(&self.extend_select));
            let on = chosen.is_some() && best(&self.ignore) < chosen.map(|weight| weight.max(1));
            if on {
                severities.insert(rule.code, rule.severity);
            }
            for (selector, severity) in &self.severity {
                let Some(weight) = specificity(selector, rule) else { continue };
                // A weight switches a rule on only by its full name, and only where no selection speaks of it.
                let silent = self.select.is_none() && best(&self.ignore).is_none();
                let switches_on = weight == rule.code.len() && silent;
                match severity {
                    Some(severity) if on || switches_on => severities.insert(rule.code, *severity),
                    Some(_) => None,
                    None => severities.remove(rule.code),
                };
            }
        }
        Ok(severities)
    }

    /// Returns the rules that are switched on by their full code or name.
    #[must_use]
    pub fn named(&self) -> BTreeSet<&'static str> {
        let weighed = self.severity.iter().filter(|(_, severity)| severity.is_some()).map(|(name, _)| name);
        let selectors = || self.select.iter().flatten().chain(&self.extend_select).chain(weighed.clone());
        let is_named =
            |rule: &&Rule| selectors().any(|name| specificity(name, rule) == Some(rule.code.len()));
        RULES.iter().filter(is_named).map(|rule| rule.code).collect()
    }
}

/// Returns the codes of the rules that a selector means.
#[must_use]
pub fn meant_by(selector: &str) -> Vec<&'static str> {
    RULES.iter().filter(|rule| specificity(selector, rule).is_some()).map(|rule| rule.code).collect()
}

/// Returns how precisely a selector names a rule: the length of the code it gives, all of it for a name.
pub(super) fn specificity(selector: &str, rule: &Rule) -> Option<usize> {
    if selector == "ALL" {
        return Some(1);
    }
    if selector == rule.name {
        return Some(rule.code.len());
    }
    // `D` means pydocstyle's rules, not also `DOC` and `DG`.
    let letters = |text: &str| text.chars().take_while(char::is_ascii_alphabetic).count();
    let same_family = !selector.is_empty() && letters(selector) == letters(rule.code);
    (same_family && rule.code.starts_with(selector)).then_some(selector.len())
}

impl Settings {
    /// Sets the tree that the judged files belong to.
    #[must_use]
    pub fn with_modules(mut self, modules: Modules) -> Self {
        self.modules = Arc::new(modules);
        self
    }

    /// Returns whether a file holds tests.
    #[must_use]
    pub fn is_test(&self, path: &RepoPath) -> bool {
        (self.tests)(path)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn codes(selection: &Selection) -> Vec<&'static str> {
        selection.severities().expect("known rules").into_keys().collect()
    }

    #[test]
    fn the_longest_selector_wins() {
        let selection = Selection {
            select: Some(vec!["DOC5".to_owned(), "undocumented-public-class".to_owned()]),
            ignore: vec!["DOC".to_owned(), "DOC502".to_owned()],
            ..Selection::default()
        };
        assert_eq!(codes(&selection), ["D101", "DOC501", "DOC503", "DOC504"]);
    }

    #[test]
    fn a_letter_is_one_family_of_rules() {
        let selection = Selection { select: Some(vec!["D".to_owned()]), ..Selection::default() };
        assert!(codes(&selection).iter().all(|code| !code.starts_with("DOC") && !code.starts_with("DG")));
    }

    #[test]
    fn unknown_rules_are_named() {
        let selection = Selection { ignore: vec!["DOC999".to_owned()], ..Selection::default() };
        assert_eq!(selection.severities(), Err(UnknownRule("DOC999".to_owned())));
    }

    #[test]
    fn a_weight_does_not_overrule_a_selection() {
        let severity =
            vec![("D103".to_owned(), Some(Severity::Error)), ("D".to_owned(), Some(Severity::Warning))];
        let ignoring =
            Selection { ignore: vec!["D103".to_owned()], severity: severity.clone(), ..Selection::default() };
        assert!(!codes(&ignoring).contains(&"D103"));
        let selecting = Selection { select: Some(vec!["DOC5".to_owned()]), severity, ..Selection::default() };
        assert_eq!(codes(&selecting), ["DOC501", "DOC502", "DOC503", "DOC504"]);
        let weighing =
            Selection { severity: vec![("D".to_owned(), Some(Severity::Warning))], ..Selection::default() };
        assert!(!codes(&weighing).contains(&"D105"));
    }

    #[test]
    fn severities_switch_rules_on_and_off() {
        let severity = vec![("D105".to_owned(), Some(Severity::Advice)), ("DOC101".to_owned(), None)];
        let severities = Selection { severity, ..Selection::default() }.severities().expect("known rules");
        assert_eq!(severities.get("D105"), Some(&Severity::Advice));
        assert_eq!(severities.get("DOC101"), None);
    }
}
