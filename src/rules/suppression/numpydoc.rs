//! What numpydoc's codes are called here; its checks: <https://numpydoc.readthedocs.io/en/latest/validation.html>.

/// Returns the rules that find what a check of numpydoc finds; none for what docgate does not look at.
#[must_use]
pub fn numpydoc_codes(check: &str) -> &'static [&'static str] {
    match check {
        "GL01" => &["D212", "D213"],
        "GL02" => &["D209"],
        "GL05" => &["D206"],
        "GL07" => &["D420"],
        "GL08" => &["D100", "D101", "D102", "D103", "D104", "D105", "D106", "D107"],
        "SS02" => &["D403"],
        "SS03" => &["D400", "D415"],
        "SS04" => &["D210"],
        "SS05" => &["D401"],
        "SS06" => &["D205", "DG204"],
        "PR01" => &["D417", "DOC101", "DOC103"],
        "PR02" => &["DG101", "DOC102", "DOC103"],
        "PR03" => &["DOC104"],
        "PR04" => &["DOC109", "DOC110"],
        "PR07" | "RT03" => &["DG203"],
        "RT01" => &["DOC201"],
        "YD01" => &["DOC402"],
        _ => &[],
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::Rule;

    #[test]
    fn every_code_is_one_of_a_rule() {
        let families = ["GL", "SS", "ES", "PR", "RT", "YD", "SA", "EX"];
        let checks =
            families.iter().flat_map(|family| (1..=10).map(move |number| format!("{family}{number:02}")));
        let named: Vec<&str> = checks.flat_map(|check| numpydoc_codes(&check)).copied().collect();
        assert!(named.len() > 20);
        for code in named {
            assert!(Rule::find(code).is_some(), "{code}");
        }
    }
}
