//! darglint: `[darglint]` in its files, and its options in flake8's section; those of 1.8, the last one.

use super::draft::{Draft, Wish};
use super::gather::{Broken, Files};
use super::given::Given;
use super::pydoclint::style;
use super::tool::{ToolOption, apply_all, each, nowhere, nowhere_when, silent};

pub(super) const OPTIONS: &[ToolOption] = &[
    each("docstring-style", "`style`", style),
    each(
        "strictness",
        "`rules.short-docstrings`: `short` is `one-paragraph`, `long` `without-sections`, `full` `asked`",
        |given, draft| {
            let word = given.word()?;
            let short = match word.as_str() {
                "short" | "short_description" => "one-paragraph",
                "long" | "long_description" => "without-sections",
                "full" | "full_description" => "asked",
                _ => return Err(format!("{word:?} is none of short, long, full")),
            };
            draft.set("rules.short-docstrings", short, &given.place);
            Ok(())
        },
    ),
    each("ignore", "`ignore`, see the table of codes", |given, draft| wish(given, Wish::Off, draft)),
    each("enable", "`extend-select`, see the table of codes", |given, draft| wish(given, Wish::On, draft)),
    nowhere(
        "ignore-regex",
        "definitions are not left out by their names; `# docgate: ignore` does it in the code",
    ),
    nowhere(
        "darglint-ignore-regex",
        "definitions are not left out by their names; `# docgate: ignore` does it in the code",
    ),
    nowhere(
        "ignore-raise",
        "exceptions are not left out by their names; those that a helper raises count as evidence",
    ),
    nowhere_when(
        true,
        "ignore-properties",
        "properties are held against their docstrings like other methods",
    ),
    silent("indentation", "docgate takes any indentation"),
    silent("message-template", "about what is printed"),
    silent("verbosity", "about what is printed"),
    silent("raise-syntax", "about how it runs"),
    silent("no-exit-code", "`docgate check --exit-zero`"),
    silent("list-errors", "`docgate rule`"),
    silent("log-level", "about how it runs"),
    silent("version", "about how it is called"),
    silent("help", "about how it is called"),
];

/// Its codes.
pub(super) const CODES: &[&str] = &[
    "DAR000", "DAR001", "DAR002", "DAR003", "DAR004", "DAR005", "DAR101", "DAR102", "DAR103", "DAR104",
    "DAR105", "DAR201", "DAR202", "DAR203", "DAR301", "DAR302", "DAR401", "DAR402", "DAR501",
];

/// Returns the rules that find what darglint reports under a code; none for what docgate does not look at.
pub(super) fn codes(code: &str) -> &'static [&'static str] {
    match code {
        "DAR001" => &["DOC001"],
        "DAR002" => &["DG203"],
        "DAR003" => &["D207", "D208"],
        "DAR101" => &["D417", "DOC101"],
        "DAR102" => &["DOC102"],
        "DAR103" | "DAR203" => &["DG302"],
        "DAR104" => &["DOC109", "DOC110"],
        "DAR201" => &["DOC201"],
        "DAR202" => &["DOC202"],
        "DAR301" => &["DOC402"],
        "DAR302" => &["DOC403"],
        "DAR401" => &["DOC501"],
        "DAR402" => &["DOC502"],
        _ => &[],
    }
}

fn wish(given: &Given, wish: Wish, draft: &mut Draft) -> Result<(), String> {
    for code in given.list()? {
        let meant = codes(&code);
        if meant.is_empty() {
            draft.leave(&given.place, format!("docgate has no rule for {code}"));
        }
        draft.wish(meant, wish, &format!("{} {code}", given.place));
    }
    Ok(())
}

pub(super) fn read(files: &Files<'_>) -> Result<Option<Draft>, Broken> {
    for file in [".darglint", "setup.cfg", "tox.ini"] {
        if let Some(given) = files.ini(file, "darglint")? {
            let mut draft = Draft::default();
            apply_all(OPTIONS, &given, &mut draft);
            return Ok(Some(draft));
        }
    }
    Ok(None)
}
