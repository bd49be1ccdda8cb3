//! What somebody may have meant who wrote a name that no rule has.

use super::RULES;

/// Returns the code or name of a rule that differs from a wrong one by a slip.
#[must_use]
pub fn nearest(wrong: &str) -> Option<&'static str> {
    let known = RULES.iter().flat_map(|rule| [rule.code, rule.name]);
    let slips = wrong.chars().count() / 4 + 1;
    let close = known.filter_map(|known| {
        let distance = distance(&wrong.to_lowercase(), &known.to_lowercase());
        (distance <= slips.min(3)).then_some((distance, known))
    });
    close.min().map(|(_, known)| known)
}

/// Counts the letters that must be put in, taken out or changed to make one word of another.
fn distance(one: &str, other: &str) -> usize {
    let other: Vec<char> = other.chars().collect();
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (index, letter) in one.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = index + 1;
        for column in 0..other.len() {
            let changed = diagonal + usize::from(letter != other[column]);
            diagonal = row[column + 1];
            row[column + 1] = changed.min(row[column] + 1).min(diagonal + 1);
        }
    }
    row[other.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_leads_to_the_rule_that_was_meant() {
        let table = [
            ("stale-defualt", Some("stale-default")),
            ("Stale-Default", Some("stale-default")),
            ("unused-supression", Some("unused-suppression")),
            ("DOC1O1", Some("DOC101")),
            ("nonsense", None),
            ("", None),
        ];
        for (wrong, expected) in table {
            assert_eq!(nearest(wrong), expected, "{wrong}");
        }
    }

    #[test]
    fn distances_are_counted() {
        let table = [
            ("", "", 0),
            ("abc", "abc", 0),
            ("abc", "ab", 1),
            ("abc", "xabc", 1),
            ("ab", "ba", 2),
            ("", "abc", 3),
        ];
        for (one, other, expected) in table {
            assert_eq!(distance(one, other), expected, "{one} {other}");
            assert_eq!(distance(other, one), expected, "{other} {one}");
        }
    }
}
