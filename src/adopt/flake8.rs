//! flake8: `[flake8]` in `setup.cfg`, `tox.ini` or `.flake8`, with the options of flake8-docstrings, pydoclint and darglint
//! (<https://flake8.pycqa.org/en/latest/user/options.html>).

use super::darglint;
use super::draft::{Draft, Wish};
use super::gather::{Broken, Files};
use super::given::Given;
use super::pydoclint;
use super::pydocstyle::{DECORATORS, PROPERTIES, convention, of_convention};
use super::ruff::{exclude, line_length, per_file};
use super::selection::{best, is_about_docstrings, known, layout_codes};
use super::tool::{ToolOption, apply, each, nowhere, nowhere_when, together};
use crate::rules::RULES;

pub(super) const OPTIONS: &[ToolOption] = &[
    together("select", "codes D, DOC and DAR as the tools' own lists"),
    together("extend-select", "as `select`"),
    together("ignore", "as `select`"),
    together("extend-ignore", "as `select`"),
    together("docstring-convention", "`rules.convention`, and `style` for `google` and `numpy`"),
    each("per-file-ignores", "`[per-file-ignores]`, the rules D and DOC", |given, draft| {
        let text = given.text()?;
        for (glob, selectors) in pairs(text) {
            per_file(&glob, &selectors, &given.place, draft);
        }
        Ok(())
    }),
    each("exclude", "`exclude`", |given, draft| {
        exclude(&given.list()?, &given.place, draft);
        Ok(())
    }),
    each("extend-exclude", "`exclude`", |given, draft| {
        exclude(&given.list()?, &given.place, draft);
        Ok(())
    }),
    each("max-doc-length", "`line-length`", line_length),
    nowhere("ignore-decorators", DECORATORS),
    nowhere("property-decorators", PROPERTIES),
    nowhere_when(
        true,
        "ignore-self-only-init",
        "D107 asks for the docstring of each `__init__`, where it is on",
    ),
];

pub(super) fn read(files: &Files<'_>) -> Result<Option<Draft>, Broken> {
    let mut found = None;
    for file in ["setup.cfg", "tox.ini", ".flake8"] {
        if let Some(given) = files.ini(file, "flake8")? {
            found = Some((file, given));
            break;
        }
    }
    let Some((file, given)) = found else { return Ok(None) };
    let mut draft = Draft::default();
    let of_pydoclint = |given: &Given| {
        pydoclint::OPTIONS.iter().any(|option| option.name == given.name)
            && !OPTIONS.iter().any(|option| option.name == given.name)
            && !["version", "help", "quiet", "config"].contains(&given.name.as_str())
    };
    let of_darglint = |given: &Given| {
        ["docstring-style", "strictness", "darglint-ignore-regex"].contains(&given.name.as_str())
    };
    let speaks = given.iter().any(|given| {
        let codes = given.name.contains("select") || given.name.contains("ignore");
        of_pydoclint(given)
            || of_darglint(given)
            || given.name.contains("docstring")
            || codes && given.list().is_ok_and(|list| list.iter().any(|code| is_about_docstrings(code)))
    });
    if !speaks {
        // It looks at everything but docstrings. What it leaves out is seldom worth any.
        for given in given.iter().filter(|given| ["exclude", "extend-exclude"].contains(&given.name.as_str()))
        {
            apply(OPTIONS, given, &mut draft);
        }
        return Ok((draft != Draft::default()).then_some(draft));
    }
    let select = selected(&given);
    let looks = match &select {
        Some(select) => select.iter().any(|selector| {
            selector.starts_with("DOC") || "DOC".starts_with(selector) && given.iter().any(of_pydoclint)
        }),
        None => given.iter().any(of_pydoclint) || extended(&given).iter().any(|code| code.starts_with("DOC")),
    };
    if looks {
        pydoclint::usual(&mut draft, &format!("{file} [flake8]"));
    }
    for given in &given {
        if of_darglint(given) {
            apply(darglint::OPTIONS, given, &mut draft);
        } else if of_pydoclint(given) {
            apply(pydoclint::OPTIONS, given, &mut draft);
        } else {
            apply(OPTIONS, given, &mut draft);
        }
    }
    conclude(&given, &format!("{file} [flake8]"), looks, &mut draft);
    Ok(Some(draft))
}

/// Returns what `select` and `extend-select` name; nothing without the first, when all that is there counts.
fn selected(given: &[Given]) -> Option<Vec<String>> {
    let select = given.iter().find(|given| given.name == "select")?.list().ok()?;
    Some([select, extended(given)].concat())
}

fn extended(given: &[Given]) -> Vec<String> {
    let found = given.iter().find(|given| given.name == "extend-select");
    found.and_then(|given| given.list().ok()).unwrap_or_default()
}

/// Returns how precisely flake8 takes a list to name a code of a plugin: for it, `D` is the beginning of `DOC101`, too.
fn longest<'a>(selectors: impl IntoIterator<Item = &'a String>, code: &str) -> Option<usize> {
    selectors.into_iter().filter(|selector| code.starts_with(selector.as_str())).map(String::len).max()
}

fn codes_of_pydoclint() -> impl Iterator<Item = &'static str> {
    RULES.iter().map(|rule| rule.code).filter(|code| code.starts_with("DOC"))
}

/// Works out which rules are on.
fn conclude(given: &[Given], section: &str, looks: bool, draft: &mut Draft) {
    let of = |name: &str| given.iter().find(|given| given.name == name);
    let list = |name: &str| of(name).and_then(|given| given.list().ok()).unwrap_or_default();
    let place = |name: &str| of(name).map_or_else(|| section.to_owned(), |given| given.place.clone());
    let select = [list("select"), list("extend-select")].concat();
    let ignore = [list("ignore"), list("extend-ignore")].concat();
    let chosen = of("docstring-convention").and_then(|given| given.word().ok());
    let is_selected = || layout_codes().any(|code| best(&select, code).is_some());
    // flake8-docstrings is there where somebody speaks of it, and without a `select` all that is there counts.
    if is_selected() || chosen.is_some() && of("select").is_none() {
        let word = chosen.as_deref().unwrap_or("pep257");
        let why =
            if chosen.is_some() { place("docstring-convention") } else { format!("{section}: the default") };
        if word == "all" {
            draft.set("rules.convention", "none", &why);
        } else if let Err(problem) = convention(word, &why, draft) {
            draft.leave(&why, problem);
        }
        for code in layout_codes().filter(|code| !["D420", "D421"].contains(code)) {
            let here = of("select").is_none() || best(&select, code).is_some();
            let ignored = best(&ignore, code);
            let (wish, why) = if !of_convention(word, code) {
                (Wish::Off, why.clone())
            } else if ignored.is_some() && ignored >= best(&select, code) {
                (
                    Wish::Off,
                    place(if best(&list("ignore"), code).is_some() { "ignore" } else { "extend-ignore" }),
                )
            } else if here {
                (Wish::On, place("select"))
            } else {
                (Wish::Off, format!("{}: not among them", place("select")))
            };
            draft.wish(&[code], wish, &why);
        }
    } else {
        let off: Vec<&'static str> = layout_codes().filter(|code| best(&ignore, code).is_some()).collect();
        draft.wish(&off, Wish::Off, &place("ignore"));
    }
    if let Some(select) = selected(given) {
        of_selected_plugins(&select, &place("select"), draft);
    }
    of_plugins(given, &select, looks, draft);
}

/// Takes over what is selected of pydoclint and darglint; who selects no code of one of them has no opinion of its rules.
fn of_selected_plugins(select: &[String], place: &str, draft: &mut Draft) {
    let others = format!("{place}: not among them");
    let names = |code: &str| longest(select, code).is_some();
    if select.iter().any(|selector| selector.starts_with("DOC")) {
        let off: Vec<&'static str> = codes_of_pydoclint().filter(|code| !names(code)).collect();
        draft.wish(&off, Wish::Off, &others);
    }
    if select.iter().any(|selector| selector.starts_with("DAR")) {
        // Only `enable` switches that one on.
        let known = darglint::CODES.iter().filter(|code| **code != "DAR104");
        let (on, off): (Vec<&str>, Vec<&str>) = known.partition(|code| names(code));
        let meant = |codes: &[&str]| -> Vec<&'static str> {
            let all = codes.iter().flat_map(|code| darglint::codes(code)).copied();
            all.filter(|code| !layout_codes().any(|layout| layout == *code)).collect()
        };
        let on = meant(&on);
        let off: Vec<&'static str> =
            meant(&off).into_iter().filter(|code| !on.contains(code) && !names(code)).collect();
        draft.wish(&on, Wish::On, place);
        draft.wish(&off, Wish::Off, &others);
    }
}

/// Takes over what is ignored of pydoclint, which a `D` silences only where it `looks`, and of darglint.
fn of_plugins(given: &[Given], select: &[String], looks: bool, draft: &mut Draft) {
    for given in given.iter().filter(|given| ["ignore", "extend-ignore"].contains(&given.name.as_str())) {
        for selector in given.list().unwrap_or_default() {
            if !is_about_docstrings(&selector) {
                continue;
            }
            let mut codes: Vec<&'static str> = Vec::new();
            // At a tie flake8 ignores.
            let ignored =
                |code: &str| code.starts_with(&selector) && longest(select, code) <= Some(selector.len());
            if selector.starts_with("DOC") || selector == "D" && looks {
                codes.extend(codes_of_pydoclint().filter(|code| ignored(code)));
            } else if selector.starts_with("DAR") {
                codes.extend(
                    darglint::CODES
                        .iter()
                        .filter(|code| ignored(code))
                        .flat_map(|code| darglint::codes(code)),
                );
            } else if !known(std::slice::from_ref(&selector)).is_empty() {
                continue;
            }
            if codes.is_empty() && selector != "D" {
                draft.leave(&given.place, format!("docgate has no rule for {selector}"));
            }
            draft.wish(&codes, Wish::Off, &given.place);
        }
    }
}

/// Takes files and codes apart: `tests/*: D1,E501 setup.py: D`.
fn pairs(text: &str) -> Vec<(String, Vec<String>)> {
    let is_code = |word: &str| {
        let digits = word.trim_start_matches(|character: char| character.is_ascii_uppercase());
        digits.len() < word.len() && digits.bytes().all(|byte| byte.is_ascii_digit())
    };
    let mut pairs: Vec<(String, Vec<String>)> = Vec::new();
    let mut files: Vec<String> = Vec::new();
    let mut codes: Vec<String> = Vec::new();
    let mut behind = false;
    let spaced = text.replace(':', " : ");
    for word in spaced.split([',', ' ', '\n', '\t', '\r']).filter(|word| !word.is_empty()).chain(["."]) {
        if word == ":" {
            behind = true;
        } else if behind && is_code(word) {
            codes.push(word.to_owned());
        } else {
            if behind {
                pairs.extend(files.drain(..).map(|file| (file, codes.clone())));
                codes.clear();
                behind = false;
            }
            files.push(word.to_owned());
        }
    }
    pairs
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_and_their_codes_are_taken_apart() {
        type Pairs = [(&'static str, &'static [&'static str])];
        let table: [(&str, &Pairs); 4] = [
            (
                "tests/*: D1, E501\n*/__init__.py:F401,D104",
                &[("tests/*", &["D1", "E501"]), ("*/__init__.py", &["F401", "D104"])],
            ),
            ("a.py,b.py : D C.py:D2", &[("a.py", &["D"]), ("b.py", &["D"]), ("C.py", &["D2"])]),
            ("a.py", &[]),
            ("", &[]),
        ];
        for (text, expected) in table {
            let expected: Vec<(String, Vec<String>)> = expected
                .iter()
                .map(|(file, codes)| ((*file).to_owned(), codes.iter().map(ToString::to_string).collect()))
                .collect();
            assert_eq!(pairs(text), expected, "{text}");
        }
    }
}
