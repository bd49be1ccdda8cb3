//! What prose claims in words, held against the code: types, defaults, exceptions, yields, parameters.
//!
//! It reads the texts of an answer before they stand in a docstring, since every style reads them otherwise. Only plain forms
//! count, beyond doubt: what may well be true passes. Sections and entries are for `verify`.

use std::collections::HashSet;
use std::sync::LazyLock;

use regex::Regex;

use crate::docstring::SectionKind;
use crate::python::{Definition, Parameter, ParameterKind, ParsedFile};
use crate::rules::{
    Subject, TypeRole, claims_default, contradicts_type, may_raise, named_exceptions, same_type, value_type,
};

use super::Prose;

/// "Raise X" where a sentence or a clause begins.
static RAISES: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?:^|[.;:!?,(]\s+|\b(?:[Ii]t|[Tt]his|function|method|and|or|also|then)\s+)[Rr]aises?:?\s+(?:an?\s+)?(?::[a-z:]+:)?").ok()
});

/// "Yields" where a sentence begins.
static YIELDS: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"(?:^|[.!?]\s+)Yields?\b").ok());

/// "The parameter `x`", "the `x` argument", without the one whose parameter it is.
static PARAMETER: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r"(?x)
        \b (?: parameter | argument ) s? \s+ `{1,2} \*{0,2} (?<after>[A-Za-z_]\w*) `{1,2} (?<rest>.{0,5})
        | `{1,2} \*{0,2} (?<before>[A-Za-z_]\w*) `{1,2} \s+ (?: keyword \s+ )? (?: parameter | argument ) \b (?<end>.{0,5})",
    )
    .ok()
});

/// "Optional." and "(optional)", at the begin or the end.
static OPTIONAL: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"^\(?[Oo]ptional\b[).,:;]|\([Oo]ptional\)[.:]?$|^[^\s:]+, optional\b").ok());

/// Returns what the texts of an answer claim and the code denies.
pub(super) fn complaints(subject: &Subject<'_>, prose: &Prose) -> Vec<String> {
    let mut found = about_parameters(subject, prose);
    let definition = subject.definition;
    if !definition.kind.is_function() {
        return found;
    }
    for (kind, text, what) in [
        (SectionKind::Returns, &prose.returns, "what is returned"),
        (SectionKind::Yields, &prose.yields, "what is yielded"),
    ] {
        let Some((text, annotation)) = text.as_deref().zip(value_type(definition, kind)) else { continue };
        if let Some((said, _)) = leading_type(text)
            && is_denied(subject, said, annotation, TypeRole::Returned)
        {
            found.push(of_type(what, said, annotation));
        }
    }
    for text in texts(prose) {
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        found.extend(denied_exceptions(subject, &text));
        found.extend(denied_yield(subject, &text));
        found.extend(denied_parameters(subject, &text));
    }
    found
}

/// Returns a text without the type it begins with, where that is the annotation.
pub(super) fn without_type<'t>(
    (file, definition): (&ParsedFile, &Definition),
    annotation: Option<&str>,
    text: &'t str,
) -> &'t str {
    let text = text.trim();
    let (Some(annotation), Some((said, rest))) = (annotation, leading_type(text)) else { return text };
    if rest.is_empty() || !same_type(file, definition, said, annotation) { text } else { rest }
}

fn texts(prose: &Prose) -> impl Iterator<Item = &String> {
    let single = [&prose.summary, &prose.description, &prose.returns, &prose.yields, &prose.note];
    let named = prose.parameters.iter().chain(&prose.raises).map(|entry| &entry.text);
    single.into_iter().flatten().chain(named)
}

fn is_denied(subject: &Subject<'_>, said: &str, annotation: &str, role: TypeRole) -> bool {
    contradicts_type(subject, &said.replace(" or ", " | "), annotation, role)
}

fn of_type(what: &str, said: &str, annotation: &str) -> String {
    format!("a text says `{said}` for {what}, which is annotated with `{annotation}`")
}

/// Cuts the type from a text that begins with one: `bool: …`, `(bool) …`, `bool, optional: …`, or is nothing else.
fn leading_type(text: &str) -> Option<(&str, &str)> {
    let line = text.trim();
    let (said, rest) = if let Some(inside) = line.strip_prefix('(') {
        let (said, rest) = inside.split_once(')')?;
        (said, rest.trim_start_matches(':'))
    } else {
        let (said, rest) = split_at_colon(line).unwrap_or((line, ""));
        (said.trim_end_matches('.'), rest)
    };
    let said = said.strip_suffix(", optional").unwrap_or(said).trim().trim_matches('`');
    let is_type = |letter: char| letter.is_alphanumeric() || "_.[], |'\"".contains(letter);
    let is_short = said
        .split(" or ")
        .flat_map(|part| part.split(['|', ',']))
        .all(|part| part.split_whitespace().count() == 1);
    (is_short && said.chars().all(is_type)).then(|| (said, rest.trim()))
}

/// Splits at the first colon that stands in no brackets.
fn split_at_colon(line: &str) -> Option<(&str, &str)> {
    let mut open = 0_usize;
    for (at, letter) in line.char_indices() {
        match letter {
            '[' | '(' | '{' => open += 1,
            ']' | ')' | '}' => open = open.saturating_sub(1),
            ':' if open == 0 => return Some((line.get(..at)?, line.get(at + 1..)?)),
            _ => {}
        }
    }
    None
}

fn about_parameters(subject: &Subject<'_>, prose: &Prose) -> Vec<String> {
    let Some((signature, _)) = subject.described_signature() else { return Vec::new() };
    let mut found = Vec::new();
    for entry in &prose.parameters {
        let name = entry.name.trim_start_matches('*');
        let mut parameters = signature.callers_parameters().iter();
        let Some(parameter) = parameters.find(|parameter| parameter.name == name) else { continue };
        let text = entry.text.trim();
        if is_collecting(parameter) {
            continue;
        }
        if let (Some((said, _)), Some(annotation)) = (leading_type(text), parameter.annotation.as_deref()) {
            let role = if parameter.default.is_some() { TypeRole::Omittable } else { TypeRole::Passed };
            if is_denied(subject, said, annotation, role) {
                found.push(of_type(&format!("`{name}`"), said, annotation));
            }
        }
        if parameter.default.is_none() {
            found.extend(denied_default(parameter, text));
        }
    }
    found
}

fn is_collecting(parameter: &Parameter) -> bool {
    matches!(parameter.kind, ParameterKind::VarPositional | ParameterKind::VarKeyword)
}

fn denied_default(parameter: &Parameter, text: &str) -> Option<String> {
    let name = &parameter.name;
    if claims_default(name, text) {
        return Some(format!("the text for `{name}` claims a default, and it has none"));
    }
    let may_be_none = parameter
        .annotation
        .as_deref()
        .is_some_and(|written| written.contains("None") || written.contains("Optional"));
    let says_optional = OPTIONAL.as_ref().is_some_and(|optional| optional.is_match(text));
    (says_optional && !may_be_none)
        .then(|| format!("the text for `{name}` says optional, and it must be passed"))
}

fn denied_exceptions(subject: &Subject<'_>, text: &str) -> Vec<String> {
    let Some(raises) = RAISES.as_ref().filter(|_| text.contains("aise")) else { return Vec::new() };
    let rests = raises.find_iter(text).filter_map(|found| text.get(found.end()..));
    let said =
        rests.map(|rest| rest.split(". ").next().unwrap_or(rest).trim_end_matches(['.', '!', ';', ')']));
    let names = said.flat_map(|rest| named_exceptions(subject.file, rest));
    let denied = names.filter(|name| !may_raise(subject, name));
    denied.map(|name| format!("a text says that `{name}` is raised, which the code does not do")).collect()
}

fn denied_yield(subject: &Subject<'_>, text: &str) -> Option<String> {
    let definition = subject.definition;
    let mut returned = definition.body.returns.iter().filter(|found| found.value);
    let gives_items = definition.body.is_generator()
        || definition.body.is_stub()
        || !definition.decorators.is_empty()
        || value_type(definition, SectionKind::Yields).is_some()
        || returned.any(|found| may_be_iterator(found.span.of(&subject.file.text)));
    let says = YIELDS.as_ref().is_some_and(|yields| yields.is_match(text));
    (says && !gives_items).then(|| "a text says that something is yielded, and nothing is".to_owned())
}

/// Returns whether a `return` may give something that yields: what is called or named, or a generator expression.
fn may_be_iterator(statement: &str) -> bool {
    let value = statement.trim_start_matches("return").trim();
    let is_named = value.chars().all(|letter| letter.is_alphanumeric() || "_.".contains(letter));
    is_named || value.contains('(')
}

fn denied_parameters(subject: &Subject<'_>, text: &str) -> Vec<String> {
    let Some((signature, owner)) = subject.described_signature() else { return Vec::new() };
    let Some(parameter) = PARAMETER.as_ref() else { return Vec::new() };
    if signature.parameters.iter().any(|parameter| parameter.kind == ParameterKind::VarKeyword) {
        return Vec::new();
    }
    let code = owner.span.of(&subject.file.text);
    let words = code.split(|letter: char| !letter.is_alphanumeric() && letter != '_');
    let known: HashSet<&str> = words.collect();
    let mut found = Vec::new();
    for captures in parameter.captures_iter(text) {
        let Some(name) = captures.name("after").or(captures.name("before")) else { continue };
        let rest = captures.name("rest").or(captures.name("end")).map_or("", |rest| rest.as_str());
        // Somebody else's: "the parameter `key` of `sorted`".
        let is_foreign = [" of ", " to ", " for ", " in "].iter().any(|word| rest.starts_with(word));
        if !is_foreign && !known.contains(name.as_str()) {
            found.push(format!("a text speaks of a parameter `{}`, which there is not", name.as_str()));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::docstring::Style;
    use crate::generate::prose::Named;
    use crate::generate::sample::task_in;
    use crate::generate::{Context, Task, compose, verify};
    use crate::rules::{Module, Settings};

    const SOURCE: &str = "\
class Box: pass
class Full(Exception): pass
def free(level, wind=3, *rest): return level > 1
def plain(level: float, wind: int = 3, name: str | None = None) -> float:
    if wind < 0:
        raise ValueError(wind)
    return level + wind
def maps(rows: list[int]) -> dict[str, int]: return {}
def calls(a): return made(a)
def rows(level: int) -> Iterator[int]: yield level
def given(level: int) -> Iterator[int]: return iter(level)
def open(level, **options): return level
";

    fn prose(part: &str, text: &str) -> Prose {
        let text = text.to_owned();
        let mut prose = Prose { summary: Some("Work it out.".to_owned()), ..Prose::default() };
        match part {
            "summary" => prose.summary = Some(text),
            "description" => prose.description = Some(text),
            "returns" => prose.returns = Some(text),
            "yields" => prose.yields = Some(text),
            "note" => prose.note = Some(text),
            name => prose.parameters.push(Named { name: name.to_owned(), text }),
        }
        prose
    }

    fn found(name: &str, part: &str, text: &str) -> String {
        let task = task_in(SOURCE, name);
        let settings = Settings::default();
        let module = Module::new(&task.path, &task.file, &settings);
        complaints(&Subject::new(&module, task.definition()), &prose(part, text)).join("; ")
    }

    #[test]
    fn what_the_code_denies_is_found() {
        for (name, part, text, reason) in [
            ("plain", "returns", "List[str]: The sums.", "says `List[str]` for what is returned"),
            ("plain", "returns", "None: Nothing.", "says `None`"),
            ("plain", "returns", "None.", "says `None`"),
            ("plain", "returns", "`str`: The sum.", "says `str`"),
            ("plain", "returns", "(str) The sum.", "says `str`"),
            ("plain", "returns", "str or None: The sum.", "says `str or None`"),
            ("plain", "returns", "Box: The sum.", "says `Box`"),
            ("plain", "level", "str: The height.", "says `str` for `level`"),
            ("plain", "level", "(str): The height.", "says `str` for `level`"),
            ("plain", "wind", "str, optional: How strong.", "says `str` for `wind`"),
            ("plain", "wind", "(str, optional) How strong.", "says `str` for `wind`"),
            ("plain", "wind", "str, optional", "says `str` for `wind`"),
            ("rows", "yields", "str: Each.", "says `str` for what is yielded"),
            ("maps", "rows", "dict[str, int]: All.", "says `dict[str, int]` for `rows`"),
            ("free", "level", "The level. Defaults to 5.", "claims a default"),
            ("free", "level", "The level (default: 5).", "claims a default"),
            ("free", "level", "The level, by default `None`.", "claims a default"),
            ("free", "level", "The level, 5 by default.", "claims a default"),
            ("free", "level", "Optional. The level.", "says optional"),
            ("free", "level", "(optional) The level.", "says optional"),
            ("free", "level", "The level (optional).", "says optional"),
            ("free", "description", "Raises KeyError when it is missing.", "says that `KeyError` is raised"),
            ("free", "summary", "Raise `KeyError` when it is missing.", "`KeyError`"),
            ("free", "note", "Raises: KeyError always.", "`KeyError`"),
            ("free", "description", "It is odd. It raises a :class:`KeyError`.", "`KeyError`"),
            ("free", "description", "Raises KeyError or OSError.", "`OSError`"),
            ("free", "description", "If it is missing, raise Full.", "`Full`"),
            ("plain", "description", "Raises `ValueError` or `OSError`.", "`OSError`"),
            ("free", "returns", "The level. Raises KeyError if missing.", "`KeyError`"),
            ("free", "description", "Yields each level in turn.", "something is yielded"),
            ("free", "returns", "Yields: the sum.", "something is yielded"),
            ("free", "description", "The parameter `gone` is ignored.", "parameter `gone`"),
            ("free", "description", "The ``gone`` argument is ignored.", "parameter `gone`"),
        ] {
            let found = found(name, part, text);
            assert!(found.contains(reason), "{name} {part} {text}: {found}");
        }
    }

    #[test]
    fn what_may_be_true_passes() {
        for (name, part, text) in [
            ("plain", "returns", "float: The sum."),
            ("plain", "returns", "The sum: level and wind."),
            ("plain", "returns", "Note: the sum of both."),
            ("plain", "returns", "int, as a rule."),
            ("free", "returns", "str: Nobody annotated it."),
            ("plain", "wind", "How strong. Defaults to 3."),
            ("plain", "wind", "Optional. How strong."),
            ("plain", "level", "If it is None, defaults to 5."),
            ("free", "rest", "More of them. Defaults to 5."),
            ("free", "level", "The optional level."),
            ("plain", "description", "Raises ValueError for no wind."),
            ("plain", "description", "Raises an exception where it cannot be."),
            ("free", "description", "It never raises KeyError."),
            ("free", "description", "Does not raise KeyError."),
            ("free", "description", "Raises the level."),
            ("calls", "description", "Raises KeyError when it is missing."),
            ("rows", "description", "Yields each level in turn."),
            ("given", "description", "Yields each level in turn."),
            ("calls", "description", "Yields each of them in turn."),
            ("open", "description", "Yields each of them in turn."),
            ("free", "description", "A field yields more. It yields nothing."),
            ("free", "description", "The parameter `level` and the `wind` argument."),
            ("free", "description", "It is the parameter `key` of `sorted`."),
            ("open", "description", "The parameter `gone` is ignored."),
            ("Box", "description", "Raises KeyError. Yields all. The parameter `gone`."),
        ] {
            assert_eq!(found(name, part, text), "", "{name} {part} {text}");
        }
    }

    #[test]
    fn a_type_that_is_the_annotation_is_not_said_twice() {
        for (name, part, text, expected) in [
            ("plain", "returns", "float: The sum.", "The sum."),
            ("plain", "returns", "(float) The sum.", "The sum."),
            ("plain", "level", "float: The height.", "The height."),
            ("plain", "name", "Optional[str]: What it is.", "What it is."),
            ("plain", "wind", "int, optional: How strong.", "How strong."),
            ("rows", "yields", "int: One level.", "One level."),
        ] {
            for style in [Style::Google, Style::Numpy, Style::Sphinx, Style::Epytext] {
                let task = Task { style, ..task_in(SOURCE, name) };
                let edit = compose(&task, &prose(part, text)).unwrap();
                let said = text.trim_start_matches('(').split([':', ')']).next().unwrap();
                assert!(edit.text.contains(expected), "{style:?}: {}", edit.text);
                assert!(!edit.text.contains(&format!("{said}:")), "{style:?}: {}", edit.text);
                assert!(!edit.text.contains(&format!("({said})")), "{style:?}: {}", edit.text);
            }
        }
    }

    #[test]
    fn it_is_refused_in_every_style() {
        let settings = Settings::default();
        let context = Context { settings: &settings, placeholders: false };
        for style in [Style::Google, Style::Numpy, Style::Sphinx, Style::Epytext] {
            let task = Task { style, ..task_in(SOURCE, "maps") };
            for (text, is_refused) in [("str: All of it.", true), ("dict: All of it.", false)] {
                let mut prose = prose("returns", text);
                prose.parameters.push(Named { name: "rows".to_owned(), text: "What counts.".to_owned() });
                let verified = verify(&task, &prose, &compose(&task, &prose).unwrap(), &context);
                assert_eq!(verified.is_err(), is_refused, "{style:?} {text}: {verified:?}");
            }
        }
    }
}
