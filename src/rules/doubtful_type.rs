//! Where the annotation is no better witness than the type in the docstring, and where it says next to nothing.
//!
//! `types` and `contradiction` find that two types differ; here stands which one may be wrong. What is doubted is left to
//! a person.

use std::cell::OnceCell;

use crate::docstring::{Docstring, Entry};
use crate::python::{Definition, last_part};

use super::prose::Prose;
use super::support::words;
use super::types::{agree, arguments};
use super::{Described, Subject};

/// Numbers from the narrow to the wide.
const NUMBERS: &[&str] = &["int", "float", "complex"];

/// Containers, and what their values begin with.
const CONTAINERS: &[(&str, char)] = &[("list", '['), ("tuple", '('), ("dict", '{'), ("set", '{')];

/// What classes of the language are called in sentences.
const SPOKEN: &[(&str, &str)] =
    &[("str", "string"), ("int", "integer"), ("bool", "boolean"), ("dict", "dictionary")];

/// What else a docstring says, which may speak for a type in it.
pub(super) struct Witnesses<'a> {
    subject: &'a Subject<'a>,
    docstring: &'a Docstring,
    /// What its doctests pass and print; looked for once, and only where somebody asks.
    examples: OnceCell<Examples<'a>>,
}

impl<'a> Witnesses<'a> {
    pub(super) fn new(subject: &'a Subject<'a>, docstring: &'a Docstring) -> Self {
        Self { subject, docstring, examples: OnceCell::new() }
    }

    /// Returns whether a documented type that contradicts the annotation may be the one that is right.
    pub(super) fn doubt(&self, entry: &Entry, of: &Described, annotation: &str) -> bool {
        let Some(said) = entry.type_text.as_ref().map(|text| text.value.as_str()) else { return false };
        let is_result = matches!(of, Described::Returned | Described::Yielded);
        takes_more_numbers(said, annotation)
            || is_result && (hands_on_to_base(self.subject) || is_of_a_part(self.subject, entry, annotation))
            || self.tell(entry, is_result, annotation)
    }

    /// Returns whether sentences or examples speak of the documented type, and would contradict the annotation.
    fn tell(&self, entry: &Entry, is_result: bool, annotation: &str) -> bool {
        let said = entry.type_text.as_ref().map_or("", |text| text.value.as_str());
        let real: Vec<&str> = words(annotation).collect();
        let joins = |word: &str| matches!(word, "" | "or" | "of" | "and" | "a" | "an" | "the" | "optional");
        let is_part = |letter: char| letter.is_alphanumeric() || "_.".contains(letter);
        let classes = said.split(|letter: char| !is_part(letter)).map(last_part);
        let classes: Vec<&str> = classes.filter(|word| !joins(word) && !real.contains(word)).collect();
        let own = entry.description.iter();
        let whole = self.docstring.summary.iter().chain(&self.docstring.description).filter(|_| is_result);
        let named = own.chain(whole).any(|text| {
            let prose = Prose::of(&text.value);
            classes.iter().any(|class| {
                let spoken = SPOKEN.iter().find(|(name, _)| name == class);
                prose.has_any(class) || spoken.is_some_and(|(_, word)| prose.has_any(word))
            })
        });
        let mut containers = CONTAINERS
            .iter()
            .filter(|(name, _)| classes.iter().any(|class| class.eq_ignore_ascii_case(name)));
        named
            || containers.any(|container| shows_container(self.docstring, *container))
            || classes.iter().any(|class| self.examples().show(class, is_result))
    }

    fn examples(&self) -> &Examples<'a> {
        self.examples.get_or_init(|| {
            Examples::of(self.subject.file.docstring_text(self.subject.definition).unwrap_or(""))
        })
    }
}

/// Returns whether the text has a wider number than the annotation: what is documented so is used so, and a `float`
/// under `int` is a narrow annotation more often than a wrong text.
pub(super) fn takes_more_numbers(said: &str, annotation: &str) -> bool {
    let widest =
        |text: &str| words(text).filter_map(|word| NUMBERS.iter().position(|one| *one == word)).max();
    widest(said).zip(widest(annotation)).is_some_and(|(said, real)| said > real)
}

/// Returns whether a named entry tells of one of several values that are returned together: "subtype : str" under
/// `-> tuple[str, bool]`.
pub(super) fn is_of_a_part(subject: &Subject<'_>, entry: &Entry, annotation: &str) -> bool {
    let members = arguments(annotation, &["tuple", "Tuple"]).unwrap_or_default();
    if entry.names.is_empty() || members.len() < 2 {
        return false;
    }
    let said = entry.type_text.as_ref().map_or("", |text| text.value.as_str());
    let is_returned = |name: &str| {
        results(subject).any(|value| {
            let value = value.trim_start_matches('(').trim_end_matches(')');
            value.contains(',') && value.split(',').any(|part| part.trim() == name)
        })
    };
    members.iter().any(|member| agree(subject, said, member))
        || entry.names.iter().any(|name| is_returned(&name.value))
}

/// Returns whether all that a method gives is what its base gives: the annotation may be that of the base's other heirs.
pub(super) fn hands_on_to_base(subject: &Subject<'_>) -> bool {
    let mut values = results(subject).peekable();
    values.peek().is_some() && values.all(|value| value.starts_with("super("))
}

/// Returns whether an annotation tells a reader what a function gives: `Any`, `object` and a type variable do not, nor does
/// one beside `return NotImplemented`, or on what only hands its base's result on.
pub(super) fn tells(subject: &Subject<'_>, annotation: &str) -> bool {
    let annotation = annotation.trim().trim_matches(['"', '\'']);
    let optional = arguments(annotation, &["Optional"]);
    let inside = optional.as_deref().and_then(|inside| inside.first().copied()).unwrap_or(annotation);
    let is_empty = |part: &str| {
        let part = part.trim();
        matches!(last_part(part), "Any" | "object" | "None") || is_type_variable(subject, part)
    };
    !inside.split('|').all(is_empty)
        && !results(subject).any(|value| value == "NotImplemented")
        && !hands_on_to_base(subject)
}

/// Returns whether a name is that of a type variable: one that the header declares, or one that is written as such names
/// are (PEP 8, "Type Variable Names": short ones in capitals, `_co` and `_contra` behind them).
fn is_type_variable(subject: &Subject<'_>, name: &str) -> bool {
    let is_declared = |definition: &Definition| {
        let text = &subject.file.text;
        let rest = text.get(definition.name_span.end..definition.header.end).unwrap_or("");
        let declared = rest.strip_prefix('[').and_then(|rest| rest.split_once(']'));
        declared.is_some_and(|(inside, _)| words(inside).any(|word| word == name))
    };
    let around = std::iter::successors(Some(subject.definition), |inner| subject.file.parent(inner));
    let bare = last_part(name).trim_start_matches('_');
    let bare = bare.strip_suffix("_co").or(bare.strip_suffix("_contra")).unwrap_or(bare);
    let bare = bare.trim_end_matches(|letter: char| letter.is_ascii_digit());
    let is_short = bare != "IO" && (1..=2).contains(&bare.len()) && bare.chars().all(char::is_uppercase);
    let stem = bare.strip_suffix('T').map(|stem| stem.trim_end_matches('_'));
    let ends_as_one =
        stem.is_some_and(|stem| stem.ends_with(char::is_lowercase) && stem.starts_with(char::is_uppercase));
    is_short || ends_as_one || bare == "AnyStr" || around.into_iter().any(is_declared)
}

/// Returns the expressions that a function returns or yields.
fn results<'a>(subject: &Subject<'a>) -> impl Iterator<Item = &'a str> {
    let text = subject.file.text.as_str();
    let body = &subject.definition.body;
    let returned = body.returns.iter().filter(|found| found.value).map(|found| found.span);
    let yielded = body.yields.iter().filter(|found| found.value).map(|found| found.span);
    returned.chain(yielded).map(move |span| {
        let mut value = span.of(text);
        for word in ["return", "yield", "from", "await"] {
            let rest = value.strip_prefix(word).filter(|rest| rest.starts_with([' ', '\t', '(', '\\', '\n']));
            value = rest.unwrap_or(value).trim_start();
        }
        value.trim_end()
    })
}

/// Returns whether sentences or examples tell of a container, wherever they stand.
fn shows_container(docstring: &Docstring, (class, opening): (&str, char)) -> bool {
    let entries = docstring.sections.iter().flat_map(|section| &section.entries);
    let described = entries.filter_map(|entry| entry.description.as_ref());
    let sections = docstring.sections.iter().flat_map(|section| section.text.iter().chain(&section.after));
    let mut texts = docstring.summary.iter().chain(&docstring.description).chain(sections).chain(described);
    texts.any(|text| {
        let mut lines = text.value.lines();
        let is_shown = |line: &str| {
            let value = line.trim_start();
            value.starts_with(opening) || value.contains(&format!("`{opening}"))
        };
        Prose::of(&text.value).has_any(class) || lines.any(is_shown)
    })
}

/// The values in the doctests of a docstring.
struct Examples<'t> {
    /// What stands behind an opening parenthesis, a comma or an equals sign.
    passed: Vec<&'t str>,
    /// The first lines of what is printed.
    printed: Vec<&'t str>,
}

impl<'t> Examples<'t> {
    fn of(text: &'t str) -> Self {
        let mut found = Self { passed: Vec::new(), printed: Vec::new() };
        let mut is_next = false;
        for line in text.lines() {
            let line = line.trim();
            let code = line.strip_prefix(">>>").or(line.strip_prefix("...").filter(|_| is_next));
            match code {
                Some(code) => found.passed.extend(code.split(['(', ',', '=']).skip(1).map(str::trim)),
                None if is_next => found.printed.push(line),
                None => {}
            }
            is_next = code.is_some();
        }
        found
    }

    /// Returns whether a value of a class is printed, as a result is, or passed.
    fn show(&self, class: &str, is_result: bool) -> bool {
        let values = if is_result { &self.printed } else { &self.passed };
        values.iter().any(|value| is_value_of(class, value))
    }
}

/// Returns whether an expression begins as a value of a class does.
fn is_value_of(class: &str, value: &str) -> bool {
    let number = value.trim_start_matches('-');
    let digits = number.len() - number.trim_start_matches(|letter: char| letter.is_ascii_digit()).len();
    let is_fraction = number.get(digits..).is_some_and(|rest| rest.starts_with(['.', 'e']));
    match class {
        "str" => value.starts_with(['\'', '"']),
        "bytes" => value.starts_with("b'") || value.starts_with("b\""),
        "bool" => value.starts_with("True") || value.starts_with("False"),
        "None" => value.starts_with("None"),
        "int" => digits > 0 && !is_fraction,
        "float" => digits > 0 && is_fraction,
        class => value
            .trim_start_matches('<')
            .strip_prefix(class)
            .is_some_and(|rest| rest.starts_with(['(', ' ', ':', '>'])),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_show_their_class() {
        let table = [
            ("str", "'a'", true),
            ("str", "a", false),
            ("bytes", "b'a'", true),
            ("bytes", "'b'", false),
            ("int", "-1)", true),
            ("int", "1.5", false),
            ("float", "1.5", true),
            ("float", "1", false),
            ("bool", "True", true),
            ("None", "None", true),
            ("Frame", "Frame(1)", true),
            ("Frame", "Frames(1)", false),
            ("Frame", "<Frame of 1>", true),
            ("list", "", false),
        ];
        for (class, value, expected) in table {
            assert_eq!(is_value_of(class, value), expected, "{class} {value}");
        }
    }

    #[test]
    fn a_wider_number_is_one_inside_a_container_too() {
        let table = [
            ("float", "int", true),
            ("float or None", "int | None", true),
            ("list[float]", "list[int]", true),
            ("complex", "float", true),
            ("int", "float", false),
            ("float", "int | float", false),
            ("float", "str", false),
            ("str", "int", false),
            ("bool", "int", false),
        ];
        for (said, annotation, expected) in table {
            assert_eq!(takes_more_numbers(said, annotation), expected, "{said} {annotation}");
        }
    }
}
