use proptest::prelude::*;

use super::{Daring, layout_alone, repaired, settings};
use crate::docstring::{Docstring, Style, parse_with};
use crate::python::ParsedFile;
use crate::rules::{Answer, Settings};

/// A parameter of a random signature.
#[derive(Debug, Clone)]
struct Parameter {
    name: &'static str,
    annotation: Option<&'static str>,
    default: Option<&'static str>,
}

fn parameters() -> impl Strategy<Value = Vec<Parameter>> {
    let one = (
        prop::sample::select(vec!["alpha", "beta", "gamma", "delta", "size", "size_limit"]),
        prop::option::of(prop::sample::select(vec!["int", "str", "list[int]", "int | None", "'Thing'"])),
        prop::option::of(prop::sample::select(vec!["1", "None", "'x'", "True"])),
    );
    prop::collection::vec(one, 0..5).prop_map(|found| {
        let mut parameters: Vec<Parameter> = Vec::new();
        for (name, annotation, default) in found {
            if parameters.iter().all(|known| known.name != name) {
                parameters.push(Parameter { name, annotation, default });
            }
        }
        // Those with a default come last.
        parameters.sort_by_key(|parameter| parameter.default.is_some());
        parameters
    })
}

fn header(parameters: &[Parameter], returns: Option<&str>) -> String {
    let one = |parameter: &Parameter| {
        let annotation = parameter.annotation.map_or_else(String::new, |text| format!(": {text}"));
        let default = parameter.default.map_or_else(String::new, |text| format!("={text}"));
        format!("{}{annotation}{default}", parameter.name)
    };
    let listed: Vec<String> = parameters.iter().map(one).collect();
    let returns = returns.map_or_else(String::new, |text| format!(" -> {text}"));
    format!("def f({}){returns}:", listed.join(", "))
}

/// What a person may have written below an entry.
fn description() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec![
        "The one.",
        "What   is  kept.",
        "One of:\n\n* this\n* that",
        "Defaults to 7.",
        "The first line\nand the second.",
        "See::\n\n    code = 1  # here",
    ])
}

/// Writes a docstring in a style, with what a person may do beside it.
fn docstring(
    style: Style,
    parameters: &[(Parameter, &str)],
    (returns, raises, summary): (bool, bool, &str),
) -> String {
    let mut lines: Vec<String> = vec![summary.to_owned()];
    let fields = matches!(style, Style::Sphinx | Style::Epytext);
    let mark = if style == Style::Epytext { "@" } else { ":" };
    let title = |lines: &mut Vec<String>, google: &str, numpy: &str| match style {
        Style::Google => lines.extend([String::new(), format!("{google}:")]),
        Style::Numpy => lines.extend([String::new(), numpy.to_owned(), "-".repeat(numpy.len())]),
        _ => {}
    };
    if fields {
        lines.push(String::new());
    }
    if !parameters.is_empty() {
        title(&mut lines, "Args", "Parameters");
    }
    for (parameter, text) in parameters {
        let name = parameter.name;
        let kind = parameter.annotation.map(|text| text.trim_matches('\''));
        match style {
            Style::Google => {
                let kind = kind.map_or_else(String::new, |kind| format!(" ({kind})"));
                lines.push(format!("    {name}{kind}: {}", text.replace('\n', "\n        ")));
            }
            Style::Numpy => {
                let kind = kind.map_or_else(String::new, |kind| format!(" : {kind}"));
                lines.push(format!("{name}{kind}"));
                lines.push(format!("    {}", text.replace('\n', "\n    ")));
            }
            _ => {
                lines.push(format!("{mark}param {name}: {}", text.replace('\n', "\n    ")));
                lines.extend(kind.map(|kind| format!("{mark}type {name}: {kind}")));
            }
        }
    }
    if returns {
        title(&mut lines, "Returns", "Returns");
        match style {
            Style::Google => lines.push("    int: The sum.".to_owned()),
            Style::Numpy => lines.extend(["int".to_owned(), "    The sum.".to_owned()]),
            _ => lines.push(format!("{mark}returns: The sum.")),
        }
    }
    if raises {
        title(&mut lines, "Raises", "Raises");
        match style {
            Style::Google => lines.push("    KeyError: If it is not there.".to_owned()),
            Style::Numpy => lines.extend(["KeyError".to_owned(), "    If it is not there.".to_owned()]),
            _ => lines.push(format!("{mark}raises KeyError: If it is not there.")),
        }
    }
    let whole = lines.join("\n");
    let indented: Vec<String> = whole
        .lines()
        .map(|line| if line.is_empty() { String::new() } else { format!("    {line}") })
        .collect();
    format!("{}\n    ", indented.join("\n").trim_start())
}

/// Returns every description of a docstring, and its prose.
fn words(file: &ParsedFile) -> Vec<String> {
    let Some(text) = file.docstring_text(&file.definitions[1]) else { return Vec::new() };
    let style = crate::docstring::detect(text).unwrap_or(Style::Google);
    let read: Docstring = parse_with(text, style, &crate::docstring::Titles::default());
    let entries = read.sections.iter().flat_map(|section| {
        section
            .entries
            .iter()
            .filter_map(|entry| entry.description.as_ref())
            .chain(&section.text)
            .chain(&section.after)
    });
    let texts = read.summary.iter().chain(&read.description).chain(entries);
    let bare = |text: &str| {
        text.split_whitespace().collect::<Vec<_>>().join(" ").trim_end_matches('.').to_lowercase()
    };
    let mut words: Vec<String> = texts.map(|text| bare(&text.value)).collect();
    words.sort();
    words
}

/// The rules about parameters, results and exceptions, with their types.
const CONTRACT: &[&str] = &[
    "DOC101", "DOC102", "DOC103", "DOC104", "DOC105", "DOC109", "DOC110", "DOC201", "DOC202", "DOC203",
    "DOC402", "DOC403", "DOC404", "DOC501", "DOC502", "DG102", "DG103", "DG302",
];

const STYLES: [Style; 4] = [Style::Google, Style::Numpy, Style::Sphinx, Style::Epytext];

fn remedies(text: &str, base: Option<&str>, settings: &Settings) -> Vec<String> {
    let again = repaired(text, base, settings, Daring::Safe);
    assert_eq!(again.file.text, text, "the second run changes nothing");
    let findings = again.checked.iter().flat_map(|checked| &checked.findings);
    let left = findings.filter(|finding| matches!(finding.answer, Answer::Repair(_)));
    left.map(|finding| format!("{} {}", finding.code, finding.message)).collect()
}

proptest! {
    #[test]
    fn a_docstring_follows_any_change_of_its_signature(
        style in prop::sample::select(STYLES.to_vec()),
        documented in parameters(),
        now in parameters(),
        texts in prop::collection::vec(description(), 6),
        (returns, raises, gives) in (any::<bool>(), any::<bool>(), any::<bool>()),
        with_base in any::<bool>(),
    ) {
        let listed: Vec<(Parameter, &str)> = documented.iter().cloned().zip(texts).collect();
        let said = docstring(style, &listed, (returns, raises, "Do it."));
        let body = if gives { "    return alpha" } else { "    alpha()" };
        let text = |header: &str| format!("{header}\n    \"\"\"{said}\"\"\"\n{body}\n");
        let before = text(&header(&documented, None));
        let after = text(&header(&now, if gives { Some("int") } else { None }));
        let base = with_base.then_some(before.as_str());
        let settings = settings(CONTRACT, Some(style));
        let found = repaired(&after, base, &settings, Daring::Safe);
        let left = remedies(&found.file.text, base, &settings);
        prop_assert!(left.is_empty(), "{left:?}\n{after}\n{}", found.file.text);
        // Of what people wrote, only what is said about a parameter that is gone may be lost.
        let (old, new) = (words(&crate::python::parse(&after)), words(&found.file));
        let gone = |word: &String| {
            listed.iter().any(|(parameter, text)| {
                now.iter().all(|known| known.name != parameter.name)
                    && text.split_whitespace().collect::<Vec<_>>().join(" ").trim_end_matches('.').to_lowercase() == *word
            })
        };
        let defaults = |word: &String| word.starts_with("defaults to");
        for word in old.iter().filter(|word| !defaults(word)) {
            prop_assert!(new.contains(word) || gone(word), "{word:?} is lost\n{after}\n{}", found.file.text);
        }
        for word in new.iter().filter(|word| !defaults(word)) {
            prop_assert!(old.contains(word), "{word:?} has come\n{after}\n{}", found.file.text);
        }
    }

    #[test]
    fn any_docstring_is_laid_out_once_and_says_the_same(
        lines in prop::collection::vec(
            prop::sample::select(vec![
                "", "", "Do it", "do it.", "  Deeper", "Args:", "args:", "    alpha: One", "Returns", "-------",
                "Parameters:", "    ----", "alpha : int", "\tTab", ">>> f()", "slipped", "- item", ":param alpha: One.",
                "@return: It.", "Notes", "=====", "Raises:", "    KeyError: When.", "\\d \\\\s", "\"quoted\"",
                "See Also", "Two. More", "trailing   ",
            ]),
            1..12,
        ),
        indented in prop::collection::vec(0..3_usize, 12),
        (quotes, close) in (prop::sample::select(vec!["\"\"\"", "'''"]), prop::sample::select(vec!["", "\n    ", "\n", "  "])),
        kind in prop::sample::select(vec!["def f(alpha):", "class A:", "async def f():"]),
        (before, behind) in (prop::sample::select(vec!["", "\n", "\n  \n"]), prop::sample::select(vec!["", "\n", "\n\n"])),
        ending in prop::sample::select(vec!["\n", "\r\n"]),
    ) {
        let margins = ["    ", "", "        "];
        let mut inside = String::new();
        for (index, (line, margin)) in lines.iter().zip(&indented).enumerate() {
            if index > 0 {
                inside.push('\n');
                inside.push_str(if line.is_empty() { "" } else { margins[*margin] });
            }
            inside.push_str(line);
        }
        if inside.ends_with('"') && close.is_empty() {
            inside.push(' ');
        }
        let text = format!("{kind}\n{before}    {quotes}{inside}{close}{quotes}\n{behind}    x = 1\n").replace('\n', ending);
        let settings = layout_alone();
        let found = repaired(&text, None, &settings, Daring::Safe);
        let tokens = |text: &str| {
            let mut tokens: Vec<String> = text
                .split(|letter: char| !letter.is_alphanumeric())
                .filter(|word| !word.is_empty())
                .map(str::to_lowercase)
                .collect();
            tokens.sort();
            tokens
        };
        let (old, new) = (&crate::python::parse(&text).definitions[1], &found.file.definitions[1]);
        let value = |definition: &crate::python::Definition| {
            definition.docstring.as_ref().map(|literal| tokens(&literal.value))
        };
        prop_assert_eq!(value(old), value(new), "{}\n{}", text, found.file.text);
        let left = remedies(&found.file.text, None, &settings);
        prop_assert!(left.is_empty(), "{left:?} {:?}\n{text}\n{}", found.left, found.file.text);
    }
}
