//! numpydoc's validation: `[tool.numpydoc_validation]` and `[tool:numpydoc_validation]`
//! (<https://numpydoc.readthedocs.io/en/latest/validation.html>).

use crate::rules::numpydoc_codes;

use super::draft::{Draft, Wish};
use super::gather::{Broken, Files};
use super::given::{Given, Literal};
use super::globs::Matching;
use super::tool::{ToolOption, apply, each, nowhere, together};

/// The checks of 1.11.
pub(super) const CHECKS: &[&str] = &[
    "GL01", "GL02", "GL03", "GL05", "GL06", "GL07", "GL08", "GL09", "GL10", "SS01", "SS02", "SS03", "SS04",
    "SS05", "SS06", "ES01", "PR01", "PR02", "PR03", "PR04", "PR05", "PR06", "PR07", "PR08", "PR09", "PR10",
    "RT01", "RT02", "RT03", "RT04", "RT05", "YD01", "SA01", "SA02", "SA03", "SA04", "EX01",
];
/// Off unless they are asked for, and asked for by these checks.
const ON: &[&str] = &["D105", "D107", "DOC109", "DOC110"];

pub(super) const OPTIONS: &[ToolOption] = &[
    together("checks", "`ignore`, `extend-select` and `docstring.required-sections`, see the table of codes"),
    nowhere(
        "exclude",
        "definitions are not left out by their names; `# docgate: ignore` does it in the code",
    ),
    each("exclude-files", "`exclude`, where globs can say it", |given, draft| {
        for expression in given.list()? {
            draft.exclude_expression(&expression, Matching::FromStart, &given.place);
        }
        Ok(())
    }),
    nowhere("override-CODE", "no rule is silenced by what a docstring says"),
];

pub(super) fn read(files: &Files<'_>) -> Result<Option<Draft>, Broken> {
    let (given, section) = match files.toml("pyproject.toml", &["tool", "numpydoc_validation"])? {
        Some(given) => (given, "pyproject.toml [tool.numpydoc_validation]"),
        None => match files.ini("setup.cfg", "tool:numpydoc_validation")? {
            Some(given) => (given, "setup.cfg [tool:numpydoc_validation]"),
            None => return Ok(None),
        },
    };
    let mut draft = Draft::default();
    draft.set("style", "numpy", section);
    for given in &given {
        let is_override = given.name.starts_with("override-");
        let asked = if is_override {
            Given { name: "override-CODE".to_owned(), ..given.clone() }
        } else {
            given.clone()
        };
        if !apply(OPTIONS, &asked, &mut draft) {
            draft.leave(&given.place, "docgate does not know this option");
        }
    }
    let checks = given.iter().find(|given| given.name == "checks");
    let (listed, place) = match checks.map(|given| (given.list(), &*given.place)) {
        Some((Ok(listed), place)) => (listed, place),
        Some((Err(problem), place)) => {
            draft.leave(place, problem);
            return Ok(Some(draft));
        }
        None => (vec!["all".to_owned()], section),
    };
    conclude(&listed, place, &mut draft);
    Ok(Some(draft))
}

/// With `all` in the list, the others are those that are left out.
fn conclude(listed: &[String], place: &str, draft: &mut Draft) {
    let all = listed.iter().any(|check| check == "all");
    let is_on = |check: &str| all != listed.iter().any(|listed| listed == check);
    for check in CHECKS {
        let codes = numpydoc_codes(check);
        if is_on(check) {
            let asked: Vec<&'static str> = codes.iter().filter(|code| ON.contains(code)).copied().collect();
            draft.wish(&asked, Wish::On, &format!("{place} {check}"));
            continue;
        }
        let still =
            |code: &str| CHECKS.iter().any(|other| is_on(other) && numpydoc_codes(other).contains(&code));
        let off: Vec<&'static str> = codes.iter().filter(|code| !still(code)).copied().collect();
        draft.wish(&off, Wish::Off, &format!("{place} {check}"));
    }
    let mut sections = Vec::new();
    for (check, section) in [("SA01", "see-also"), ("EX01", "examples")] {
        if is_on(check) {
            sections.push(section.to_owned());
        }
    }
    if !sections.is_empty() {
        for key in ["class", "function", "method"].map(|kind| match kind {
            "class" => "docstring.required-sections.class",
            "function" => "docstring.required-sections.function",
            _ => "docstring.required-sections.method",
        }) {
            draft.set(key, Literal::List(sections.clone()), place);
        }
    }
    let without: Vec<&str> = CHECKS
        .iter()
        .filter(|check| is_on(check) && numpydoc_codes(check).is_empty() && !["SA01", "EX01"].contains(check))
        .copied()
        .collect();
    if !without.is_empty() {
        draft.leave(place, format!("docgate has no rule for {}", without.join(", ")));
    }
}
