//! Lists of codes, worked out as ruff and flake8 do.

use crate::rules::RULES;

/// The codes and names of a list that docgate knows, and what they are for it.
pub(super) fn known(selectors: &[String]) -> Vec<String> {
    let kept =
        selectors.iter().filter(|selector| RULES.iter().any(|rule| weight(selector, rule.code).is_some()));
    kept.cloned().collect()
}

/// Returns whether a selector speaks of docstrings at all, whether docgate has its rule or not.
pub(super) fn is_about_docstrings(selector: &str) -> bool {
    let letters = selector.trim_end_matches(|character: char| character.is_ascii_digit());
    ["D", "DOC", "DAR"].contains(&letters)
}

/// Returns how precisely a selector names a code; 0 for `ALL`.
pub(super) fn weight(selector: &str, code: &str) -> Option<usize> {
    let letters = |text: &str| text.chars().take_while(char::is_ascii_alphabetic).count();
    if selector == "ALL" {
        return Some(0);
    }
    if RULES.iter().any(|rule| rule.code == code && rule.name == selector) {
        return Some(code.len());
    }
    let same_family = !selector.is_empty() && letters(selector) == letters(code);
    (same_family && code.starts_with(selector)).then_some(selector.len())
}

/// Returns the weight of the selector that names a code best.
pub(super) fn best<'a>(selectors: impl IntoIterator<Item = &'a String>, code: &str) -> Option<usize> {
    selectors.into_iter().filter_map(|selector| weight(selector, code)).max()
}

/// Returns whether a list names a code in full.
pub(super) fn names(selectors: &[String], code: &str) -> bool {
    best(selectors, code) == Some(code.len())
}

/// Returns the codes of pydocstyle's rules that docgate has, those of ruff's own among them.
pub(super) fn layout_codes() -> impl Iterator<Item = &'static str> {
    RULES.iter().map(|rule| rule.code).filter(|code| weight("D", code).is_some())
}

/// Says codes in as few words as possible: beginnings that mean these and no others that are on.
///
/// `on` tells whether a rule speaks without being named and is none of the codes.
pub(super) fn shortened(
    codes: &[&'static str],
    on: &dyn Fn(&str) -> bool,
) -> Vec<(String, Vec<&'static str>)> {
    let mut left = codes.to_vec();
    left.sort_unstable();
    let mut said = Vec::new();
    while let Some(first) = left.first().copied() {
        let start = first.chars().take_while(char::is_ascii_alphabetic).count();
        let may = |selector: &str| {
            let meant = || RULES.iter().filter(|rule| weight(selector, rule.code).is_some());
            let wrong = meant().any(|rule| on(rule.code) && !codes.contains(&rule.code));
            !wrong && meant().filter(|rule| codes.contains(&rule.code)).count() > 1
        };
        let selector =
            (start..first.len()).map(|end| &first[..end]).find(|selector| may(selector)).unwrap_or(first);
        let (meant, rest) = left.iter().partition(|code| weight(selector, code).is_some());
        said.push((selector.to_owned(), meant));
        left = rest;
    }
    said
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_said_with_as_few_words_as_possible() {
        let enabled = |code: &str| RULES.iter().any(|rule| rule.code == code && rule.enabled);
        let said = |codes: &[&'static str]| -> Vec<String> {
            shortened(codes, &enabled).into_iter().map(|(selector, _)| selector).collect()
        };
        assert_eq!(said(&["D401"]), ["D401"]);
        assert_eq!(said(&["D100", "D401", "D101"]), ["D100", "D101", "D401"]);
        let most: Vec<&str> = layout_codes().filter(|code| !code.starts_with("D1")).collect();
        assert_eq!(said(&most), ["D2", "D3", "D4"]);
        let all: Vec<&str> = layout_codes().collect();
        assert_eq!(said(&all), ["D"]);
    }

    #[test]
    fn a_letter_is_one_family_of_rules() {
        assert_eq!(weight("D", "DOC101"), None);
        assert_eq!(weight("ALL", "DOC101"), Some(0));
        assert_eq!(weight("DOC1", "DOC101"), Some(4));
        assert_eq!(weight("undocumented-public-class", "D101"), Some(4));
        assert_eq!(weight("", "D101"), None);
        assert_eq!(known(&["E", "D302", "D10", "ANN"].map(str::to_owned)), ["D10"]);
    }
}
