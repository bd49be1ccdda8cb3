//! ruff: `.ruff.toml`, `ruff.toml` or `[tool.ruff]`, the first of them that is there, and what it extends; the options of 0.17
//! (<https://docs.astral.sh/ruff/settings/>).
//!
//! Of ruff's many options those are in the table that speak of docstrings or of which files are looked at.

use std::collections::BTreeMap;

use super::draft::{Draft, PerFile, Wish};
use super::gather::{Broken, Files};
use super::given::{Given, Value};
use super::globs;
use super::pydocstyle::{DECORATORS, PROPERTIES, convention, of_convention};
use super::selection::{best, is_about_docstrings, known, layout_codes, names};
use super::tool::{ToolOption, apply, each, nowhere, nowhere_when, together};

/// The rules of pydoclint that ruff has; all of them in preview.
const PYDOCLINT: &[&str] = &["DOC102", "DOC201", "DOC202", "DOC402", "DOC403", "DOC501", "DOC502"];
/// The rules of pydocstyle that are in preview.
const PREVIEW: &[&str] = &["D420", "D421"];
/// The rules about docstrings that ruff looks for where no `select` is given, the second in preview.
const USUAL: [&str; 2] = ["D419", "D301"];
/// Of two rules that contradict each other ruff drops these.
const DROPPED: &[(&str, &str)] = &[("D203", "D211"), ("D213", "D212")];
/// Why nothing is said of which files are looked at.
const INCLUDED: &str = "Python files are known by their names; which of them are looked at, `exclude` says";
/// More files than these do not extend each other.
const DEPTH: usize = 8;

pub(super) const OPTIONS: &[ToolOption] = &[
    together(
        "lint.select",
        "rules D and DOC that are on here and off by default: `extend-select`; the other way round: `ignore`",
    ),
    together("lint.extend-select", "as `lint.select`"),
    together("lint.ignore", "as `lint.select`"),
    together("lint.extend-ignore", "as `lint.select`"),
    together("lint.preview", "rules in preview count where it is on"),
    together("preview", "rules in preview count where it is on"),
    together("lint.explicit-preview-rules", "rules in preview count where they are named in full"),
    together("lint.per-file-ignores", "`[per-file-ignores]`, the rules D and DOC"),
    together("lint.extend-per-file-ignores", "`[per-file-ignores]`, the rules D and DOC"),
    together("exclude", "`exclude`"),
    together("extend-exclude", "`exclude`"),
    together("lint.exclude", "`exclude`"),
    nowhere("include", INCLUDED),
    nowhere("extend-include", INCLUDED),
    together("extend", "the file is read; what it says counts where nothing else is said"),
    together("lint.pydocstyle.convention", "`rules.convention`, and `style` for `google` and `numpy`"),
    nowhere("lint.pydocstyle.ignore-decorators", DECORATORS),
    nowhere("lint.pydocstyle.property-decorators", PROPERTIES),
    nowhere_when(
        true,
        "lint.pydocstyle.ignore-var-parameters",
        "a list of parameters has `*args` and `**kwargs`, too",
    ),
    each(
        "lint.pydoclint.ignore-one-line-docstrings",
        "`rules.short-docstrings`: `one-paragraph`, or `asked`",
        |given, draft| {
            let word = if given.switch()? { "one-paragraph" } else { "asked" };
            draft.set("rules.short-docstrings", word, &given.place);
            Ok(())
        },
    ),
    each("lint.pycodestyle.max-doc-length", "`line-length`", line_length),
    each("line-length", "`line-length`, unless `max-doc-length` is set", |given, draft| {
        if draft.settings.iter().any(|setting| setting.key == "line-length") {
            return Ok(());
        }
        line_length(given, draft)
    }),
];

/// Sets the length of written lines.
pub(super) fn line_length(given: &Given, draft: &mut Draft) -> Result<(), String> {
    let number = given.number()?;
    if !(40.0..=1000.0).contains(&number) {
        return Err("docgate writes lines of 40 to 1000 characters".to_owned());
    }
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "it is between 40 and 1000")]
    draft.set("line-length", number as u64, &given.place);
    Ok(())
}

/// What one file says.
type Layer = BTreeMap<String, Given>;

pub(super) fn read(files: &Files<'_>) -> Result<Option<Draft>, Broken> {
    let mut draft = Draft::default();
    let Some(layers) = layers(files, &mut draft)? else { return Ok(None) };
    let mut last: Layer = Layer::new();
    for layer in &layers {
        last.extend(layer.clone());
    }
    // A length for docstrings alone is read before the one for all lines.
    let (first, rest): (Vec<_>, Vec<_>) =
        last.values().partition(|given| given.name.contains("max-doc-length"));
    for given in first.into_iter().chain(rest) {
        apply(OPTIONS, given, &mut draft);
    }
    conclude(&layers, &last, &mut draft);
    of_files(&layers, &last, &mut draft);
    if draft == Draft::default() { Ok(None) } else { Ok(Some(draft)) }
}

/// Reads the file that counts and those that it extends, which come first.
fn layers(files: &Files<'_>, draft: &mut Draft) -> Result<Option<Vec<Layer>>, Broken> {
    let mut found = None;
    for file in [".ruff.toml", "ruff.toml", "pyproject.toml"] {
        if let Some(given) = table(files, file)? {
            found = Some((file.to_owned(), given));
            break;
        }
    }
    let Some((mut file, mut given)) = found else { return Ok(None) };
    let mut layers = Vec::new();
    let mut read = vec![file.clone()];
    loop {
        let extended = given.iter().find(|given| given.name == "extend").cloned();
        layers.push(layer(given));
        let Some(extended) = extended else { break };
        let Ok(path) = extended.text() else { break };
        let Some(next) = beside(&file, path) else {
            draft.leave(&extended.place, format!("{path:?} does not lie below this folder, and is not read"));
            break;
        };
        if read.contains(&next) || read.len() == DEPTH {
            draft.leave(&extended.place, format!("{next} is read already, or one file too many"));
            break;
        }
        let Some(inner) = table(files, &next)? else {
            draft.leave(&extended.place, format!("{next} is not there, or has no settings of ruff"));
            break;
        };
        read.push(next.clone());
        (file, given) = (next, inner);
    }
    layers.reverse();
    Ok(Some(layers))
}

fn table(files: &Files<'_>, file: &str) -> Result<Option<Vec<Given>>, Broken> {
    let outer: &[&str] = if file.ends_with("pyproject.toml") { &["tool", "ruff"] } else { &[] };
    files.toml(file, outer)
}

/// Gives options their names of today: once they did not stand in `lint`.
fn layer(given: Vec<Given>) -> Layer {
    const MOVED: &[&str] = &[
        "select",
        "extend-select",
        "ignore",
        "extend-ignore",
        "per-file-ignores",
        "extend-per-file-ignores",
        "explicit-preview-rules",
    ];
    let mut layer = Layer::new();
    for mut given in given {
        let table = given.name.split('.').next().unwrap_or_default();
        let moved = MOVED.contains(&given.name.as_str())
            || ["pydocstyle", "pydoclint", "pycodestyle"].contains(&table);
        if moved {
            given.name = format!("lint.{}", given.name);
        }
        // What stands in its place of today counts.
        if !moved || !layer.contains_key(&given.name) {
            layer.insert(given.name.clone(), given);
        }
    }
    layer
}

/// Returns a path that is named in a file as one from the folder that is looked at.
fn beside(file: &str, path: &str) -> Option<String> {
    if path.starts_with(['/', '~', '$']) || path.contains('\\') {
        return None;
    }
    let mut parts: Vec<&str> = file.split('/').collect();
    parts.pop();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            name => parts.push(name),
        }
    }
    Some(parts.join("/"))
}

/// Works out which rules are on.
fn conclude(layers: &[Layer], last: &Layer, draft: &mut Draft) {
    let switched = |name: &str| last.get(name).is_some_and(|given| given.switch() == Ok(true));
    let preview = switched("preview") || switched("lint.preview");
    let explicit = switched("lint.explicit-preview-rules");
    let mut state: BTreeMap<&'static str, (bool, String)> = BTreeMap::new();
    let mut exact: Vec<&'static str> = Vec::new();
    // Selected, but not looked for before its time.
    let mut waiting: Vec<&'static str> = Vec::new();
    for layer in layers {
        let words = |name: &str| match layer.get(name).map(Given::list) {
            Some(Ok(words)) => words,
            _ => Vec::new(),
        };
        let place = |names: [&str; 2]| {
            let given = names.iter().find_map(|name| layer.get(*name));
            given.map_or_else(String::new, |given| given.place.clone())
        };
        let select: Vec<String> = [words("lint.select"), words("lint.extend-select")].concat();
        let ignore: Vec<String> = [words("lint.ignore"), words("lint.extend-ignore")].concat();
        let resets = layer.contains_key("lint.select");
        if resets {
            (state, exact, waiting) = (BTreeMap::new(), Vec::new(), Vec::new());
        }
        for code in layout_codes().chain(PYDOCLINT.iter().copied()) {
            let in_preview = PYDOCLINT.contains(&code) || PREVIEW.contains(&code);
            let named = names(&select, code);
            let chosen = best(&select, code).filter(|_| !in_preview || preview && (named || !explicit));
            let ignored = best(&ignore, code);
            if !preview && chosen.is_none() && best(&select, code).is_some() {
                waiting.push(code);
            }
            if named {
                exact.push(code);
            }
            if chosen > ignored {
                state.insert(code, (true, place(["lint.select", "lint.extend-select"])));
            } else if ignored.is_some() {
                state.insert(code, (false, place(["lint.ignore", "lint.extend-ignore"])));
            }
        }
    }
    if let Some(place) =
        speaks(&state).filter(|_| !layers.iter().any(|layer| layer.contains_key("lint.select")))
    {
        for code in USUAL.iter().take(if preview { 2 } else { 1 }) {
            state.entry(code).or_insert_with(|| (true, place.clone()));
        }
    }
    let chosen =
        last.get("lint.pydocstyle.convention").and_then(|given| Some((given.word().ok()?, &given.place)));
    if let Some((word, place)) = &chosen {
        if let Err(problem) = convention(word, place, draft) {
            draft.leave(place, problem);
        }
        for (code, (on, why)) in &mut state {
            if !in_convention(word, code) && !exact.contains(code) {
                (*on, *why) = (false, (*place).clone());
            }
        }
    }
    for (dropped, kept) in DROPPED {
        let holds = state.get(kept).is_some_and(|(on, _)| *on);
        if let Some((on, _)) = state.get_mut(dropped).filter(|_| holds) {
            *on = false;
        }
    }
    let selected = |layout: bool| -> Option<String> {
        state
            .iter()
            .find(|(code, (on, _))| *on && layout != PYDOCLINT.contains(code))
            .map(|(_, (_, why))| why.clone())
    };
    // Who does not look for any rule of a family has no opinion of it.
    if let Some(why) = selected(true) {
        let contested =
            |code: &str| ["google", "numpy", "pep257"].iter().any(|word| !in_convention(word, code));
        if chosen.is_none() && state.iter().any(|(code, (on, _))| *on && contested(code)) {
            draft.set("rules.convention", "none", &why);
        }
        for code in layout_codes().filter(|code| state.contains_key(code) || !waiting.contains(code)) {
            wish(code, &state, &why, draft);
        }
    }
    if let Some(why) = selected(false) {
        for code in PYDOCLINT.iter().filter(|code| state.contains_key(*code) || !waiting.contains(code)) {
            wish(code, &state, &why, draft);
        }
    }
    if selected(true).is_none() && selected(false).is_none() {
        let place = ["lint.select", "lint.extend-select"].iter().find_map(|name| last.get(*name));
        let place = place.map_or("ruff", |given| given.place.as_str());
        draft.leave(
            place,
            "ruff looks for none of its rules D and DOC; which of docgate's are on is not touched",
        );
    }
    unknown(last, draft);
}

fn wish(code: &'static str, state: &BTreeMap<&'static str, (bool, String)>, why: &str, draft: &mut Draft) {
    match state.get(code) {
        Some((true, why)) => draft.wish(&[code], Wish::On, why),
        Some((false, why)) => draft.wish(&[code], Wish::Off, why),
        None => draft.wish(&[code], Wish::Off, &format!("{why}: not among them")),
    }
}

/// Returns where it stands that a rule of pydocstyle's is on, if one is.
fn speaks(state: &BTreeMap<&'static str, (bool, String)>) -> Option<String> {
    let found = state.iter().find(|(code, (on, _))| *on && !PYDOCLINT.contains(code));
    found.map(|(_, (_, place))| place.clone())
}

/// Returns whether a rule belongs to a convention of ruff's, which differs from pydocstyle's in two.
fn in_convention(word: &str, code: &str) -> bool {
    match (word, code) {
        ("pep257", "D418") => true,
        ("pep257", "D420") => false,
        _ => of_convention(word, code),
    }
}

/// Says which codes about docstrings docgate does not have.
fn unknown(last: &Layer, draft: &mut Draft) {
    for name in ["lint.select", "lint.extend-select", "lint.ignore", "lint.extend-ignore"] {
        let Some(given) = last.get(name) else { continue };
        for selector in given.list().unwrap_or_default() {
            if is_about_docstrings(&selector) && known(std::slice::from_ref(&selector)).is_empty() {
                draft.leave(&given.place, format!("docgate has no rule {selector}"));
            }
        }
    }
}

/// Takes over which files are left out, wholly or for some rules.
fn of_files(layers: &[Layer], last: &Layer, draft: &mut Draft) {
    let replaced =
        ["exclude", "lint.exclude", "lint.per-file-ignores"].into_iter().filter_map(|name| last.get(name));
    let added = layers.iter().flat_map(|layer| {
        ["extend-exclude", "lint.extend-per-file-ignores"].into_iter().filter_map(|name| layer.get(name))
    });
    for given in replaced.chain(added) {
        if let Value::Lists(lists) = &given.value {
            for (glob, selectors) in lists {
                per_file(glob, selectors, &given.place, draft);
            }
            continue;
        }
        match given.list() {
            Ok(globs) => exclude(&globs, &given.place, draft),
            Err(problem) => draft.leave(&given.place, problem),
        }
    }
}

/// Leaves out files.
pub(super) fn exclude(globs: &[String], place: &str, draft: &mut Draft) {
    for glob in globs {
        match globs::of_glob(glob) {
            Some(glob) => draft.exclude.push((glob, place.to_owned())),
            None => draft.leave(place, format!("{glob:?} has no equivalent among docgate's globs")),
        }
    }
}

/// Leaves out rules in files.
pub(super) fn per_file(glob: &str, selectors: &[String], place: &str, draft: &mut Draft) {
    let selectors = known(selectors);
    if selectors.is_empty() {
        return;
    }
    let place = format!("{place} {glob:?}");
    match globs::of_glob(glob) {
        Some(glob) => draft.per_file.push(PerFile { glob, selectors, place }),
        None => draft.leave(&place, "it has no equivalent among docgate's globs"),
    }
}
