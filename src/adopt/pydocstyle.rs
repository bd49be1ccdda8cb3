//! pydocstyle: `[pydocstyle]` or `[pep257]` in the first of its files that has one; the options of 6.3
//! (<http://www.pydocstyle.org/en/stable/usage.html>).

use super::draft::{Draft, Wish};
use super::gather::{Broken, Files};
use super::given::Given;
use super::globs::{Names, left_out_by};
use super::selection::{best, layout_codes};
use super::tool::{ToolOption, apply_all, each, nowhere, nowhere_when, silent, together};

const INI_FILES: &[&str] =
    &["setup.cfg", "tox.ini", ".pydocstyle", ".pydocstyle.ini", ".pydocstylerc", ".pydocstylerc.ini"];
const SECTIONS: &[&str] = &["pydocstyle", "pep257"];

pub(super) const OPTIONS: &[ToolOption] = &[
    together("convention", "`rules.convention`, and `style` for `google` and `numpy`"),
    together("select", "`extend-select`, and `ignore` for what is not selected"),
    together("ignore", "`ignore`"),
    together("add-select", "`extend-select`"),
    together("add-ignore", "`ignore`"),
    each("match", "`exclude`, where it only leaves out files by how their names begin", |given, draft| {
        left_out(given, Names::Files, draft)
    }),
    each(
        "match-dir",
        "`exclude`, where it only leaves out folders by how their names begin",
        |given, draft| left_out(given, Names::Folders, draft),
    ),
    each("ignore-decorators", DECORATORS, |given, draft| {
        if !given.text()?.is_empty() {
            draft.leave(&given.place, DECORATORS);
        }
        Ok(())
    }),
    nowhere("property-decorators", PROPERTIES),
    nowhere_when(
        true,
        "ignore-self-only-init",
        "D107 asks for the docstring of each `__init__`, where it is on",
    ),
    nowhere_when(true, "inherit", "one configuration counts for the whole repository"),
    silent("config", "about how it is called"),
    silent("explain", "about what is printed"),
    silent("source", "about what is printed"),
    silent("debug", "about what is printed"),
    silent("verbose", "about what is printed"),
    silent("count", "`docgate check --statistics`"),
    silent("version", "about how it is called"),
    silent("help", "about how it is called"),
];

pub(super) const DECORATORS: &str =
    "functions are not left out by their decorators; overloads and overrides are by themselves";
pub(super) const PROPERTIES: &str = "docgate takes `property`, `cached_property` and decorators whose name ends with `property` for properties";

/// The rules of its conventions.
pub(super) fn of_convention(word: &str, code: &str) -> bool {
    let not: &[&str] = match word {
        "google" => {
            &["D203", "D204", "D213", "D215", "D400", "D401", "D404", "D406", "D407", "D408", "D409", "D413"]
        }
        "numpy" => &["D107", "D203", "D212", "D213", "D402", "D413", "D415", "D416", "D417"],
        "pep257" => &[
            "D203", "D212", "D213", "D214", "D215", "D404", "D405", "D406", "D407", "D408", "D409", "D410",
            "D411", "D413", "D415", "D416", "D417", "D418",
        ],
        _ => &[],
    };
    !not.contains(&code)
}

/// Sets the convention, and the style that goes with it.
pub(super) fn convention(word: &str, place: &str, draft: &mut Draft) -> Result<(), String> {
    if !["google", "numpy", "pep257"].contains(&word) {
        return Err(format!("{word:?} is no convention that docgate knows"));
    }
    if word != "pep257" {
        draft.set("style", word, place);
    }
    draft.set("rules.convention", word, place);
    Ok(())
}

fn left_out(given: &Given, of: Names, draft: &mut Draft) -> Result<(), String> {
    let pattern = given.text()?;
    match left_out_by(pattern, of) {
        Some(globs) => draft.exclude.extend(globs.into_iter().map(|glob| (glob, given.place.clone()))),
        None => {
            return Err(format!(
                "{pattern:?} is a regular expression that no glob says; set `exclude` by hand"
            ));
        }
    }
    Ok(())
}

pub(super) fn read(files: &Files<'_>) -> Result<Option<Draft>, Broken> {
    let Some((given, section)) = found(files)? else { return Ok(None) };
    let mut draft = Draft::default();
    apply_all(OPTIONS, &given, &mut draft);
    conclude(&given, &section, &mut draft);
    Ok(Some(draft))
}

fn found(files: &Files<'_>) -> Result<Option<(Vec<Given>, String)>, Broken> {
    for file in INI_FILES {
        for section in SECTIONS {
            if let Some(given) = files.ini(file, section)? {
                return Ok(Some((given, format!("{file} [{section}]"))));
            }
        }
    }
    for section in SECTIONS {
        if let Some(given) = files.toml("pyproject.toml", &["tool", section])? {
            return Ok(Some((given, format!("pyproject.toml [tool.{section}]"))));
        }
    }
    let given = files.ini(".pep257", "pep257")?;
    Ok(given.map(|given| (given, ".pep257 [pep257]".to_owned())))
}

/// Works out which rules are on: one of three options is the base, two others add and take away.
fn conclude(given: &[Given], section: &str, draft: &mut Draft) {
    let of = |name: &str| given.iter().find(|given| given.name == name);
    let mut lists = [const { Vec::new() }; 4];
    for (list, name) in lists.iter_mut().zip(["select", "ignore", "add-select", "add-ignore"]) {
        match of(name).map(Given::list) {
            Some(Ok(words)) => *list = words,
            Some(Err(problem)) => draft.leave(section, format!("{name}: {problem}")),
            None => {}
        }
    }
    let [select, ignore, add_select, add_ignore] = lists;
    let place = |name: &str| of(name).map_or_else(|| section.to_owned(), |given| given.place.clone());
    let word = of("convention").and_then(|given| given.word().ok());
    let has_base = of("select").is_some() || of("ignore").is_some();
    let chosen = word.clone().or_else(|| (!has_base).then(|| "pep257".to_owned()));
    if let Some(word) = chosen.as_deref().filter(|_| !has_base) {
        let place = if word == "pep257" && of("convention").is_none() {
            format!("{section}: its default")
        } else {
            place("convention")
        };
        if let Err(problem) = convention(word, &place, draft) {
            draft.leave(&place, problem);
            return;
        }
    } else {
        // Without a convention each rule that is on speaks.
        draft.set(
            "rules.convention",
            "none",
            &place(if of("select").is_some() { "select" } else { "ignore" }),
        );
    }
    for code in layout_codes().filter(|code| !["D420", "D421"].contains(code)) {
        let (mut on, mut why) = if of("ignore").is_some() {
            (best(&ignore, code).is_none(), place("ignore"))
        } else if of("select").is_some() {
            (best(&select, code).is_some(), place("select"))
        } else {
            (of_convention(chosen.as_deref().unwrap_or_default(), code), place("convention"))
        };
        if best(&add_select, code).is_some() {
            (on, why) = (true, place("add-select"));
        }
        if best(&add_ignore, code).is_some() {
            (on, why) = (false, place("add-ignore"));
        }
        draft.wish(&[code], if on { Wish::On } else { Wish::Off }, &why);
    }
}
