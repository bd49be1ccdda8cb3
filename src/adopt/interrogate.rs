//! interrogate: `[tool.interrogate]` and `[tool:interrogate]`; the options of 1.7 (<https://interrogate.readthedocs.io/>).

use super::draft::{Draft, Wish};
use super::gather::{Broken, Files};
use super::given::Given;
use super::globs;
use super::tool::{ToolOption, apply_all, each, nowhere, nowhere_when, silent};

pub(super) const OPTIONS: &[ToolOption] = &[
    each("fail-under", "`coverage.fail-under`, in whole percent", |given, draft| {
        let number = given.number()?;
        if !(0.0..=100.0).contains(&number) {
            return Err("it is not a percentage".to_owned());
        }
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "it is between 0 and 100"
        )]
        draft.set("coverage.fail-under", number.floor() as u64, &given.place);
        if number.fract() > 0.0 {
            draft.leave(&given.place, "the share is asked for in whole percent; it is rounded down");
        }
        Ok(())
    }),
    each("exclude", "`exclude`, from the root, with `*` at the end", |given, draft| {
        for path in given.list()? {
            match globs::of_path(&path) {
                Some(glob) => draft.exclude.push((glob, given.place.clone())),
                None => draft.leave(&given.place, format!("{path:?} does not lie below this folder")),
            }
        }
        Ok(())
    }),
    each(
        "ignore-init-method",
        "`true`: D107 is off, as it is unless another tool has it on",
        |given, draft| off(given, &["D107"], draft),
    ),
    each("ignore-init-module", "`true`: D104 in `ignore`", |given, draft| off(given, &["D104"], draft)),
    each("ignore-magic", "`true`: D105 is off, as it is unless another tool has it on", |given, draft| {
        off(given, &["D105"], draft)
    }),
    each("ignore-module", "`true`: D100 and D104 in `ignore`", |given, draft| {
        off(given, &["D100", "D104"], draft)
    }),
    each("ignore-nested-classes", "`true`: D106 in `ignore`", |given, draft| off(given, &["D106"], draft)),
    nowhere_when(false, "ignore-nested-functions", "nested functions are never asked for a docstring"),
    nowhere_when(false, "ignore-overloaded-functions", "overloads are never asked for a docstring"),
    nowhere_when(false, "ignore-private", "private names are never asked for a docstring"),
    nowhere_when(false, "ignore-semiprivate", "private names are never asked for a docstring"),
    nowhere_when(false, "ignore-setters", "setters are never asked for a docstring"),
    nowhere_when(
        true,
        "ignore-property-decorators",
        "a property is asked for a docstring like a method; its setter and deleter are not",
    ),
    nowhere(
        "ignore-regex",
        "definitions are not left out by their names; `# docgate: ignore` does it in the code",
    ),
    nowhere("whitelist-regex", "definitions are not picked by their names"),
    nowhere("ext", "stubs are looked at, and what is in them owes no docstring"),
    silent("style", "it is about `__init__` there, not about sections; D107 is off here"),
    silent("generate-badge", "`docgate check --coverage --badge FILE`"),
    silent("badge-format", "a badge is an SVG"),
    silent("badge-style", "a badge has one look"),
    silent("output", "`docgate check --coverage --output-file FILE`"),
    silent("color", "about what is printed"),
    silent("omit-covered-files", "about what is printed"),
    silent("verbose", "about what is printed"),
    silent("quiet", "about what is printed"),
    silent("config", "about how it is called"),
    silent("version", "about how it is called"),
    silent("help", "about how it is called"),
];

fn off(given: &Given, codes: &[&'static str], draft: &mut Draft) -> Result<(), String> {
    if given.switch()? {
        draft.wish(codes, Wish::Off, &given.place);
    }
    Ok(())
}

pub(super) fn read(files: &Files<'_>) -> Result<Option<Draft>, Broken> {
    // It reads setup.cfg only where there is no pyproject.toml; a section there was meant all the same.
    let given = match files.toml("pyproject.toml", &["tool", "interrogate"])? {
        Some(given) => given,
        None => match files.ini("setup.cfg", "tool:interrogate")? {
            Some(given) => given,
            None => return Ok(None),
        },
    };
    let mut draft = Draft::default();
    apply_all(OPTIONS, &given, &mut draft);
    Ok(Some(draft))
}
