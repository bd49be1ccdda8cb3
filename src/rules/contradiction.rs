//! Whether a type in a docstring contradicts an annotation, beyond doubt.
//!
//! It says so only where it knows the classes on both sides: those of the language, and those whose bases the
//! repository shows. A name that may be an alias, a type variable or a class of somebody else's contradicts nothing.
//! `types` says whether two types mean the same; DG103 and DG302 ask here.

use std::cell::RefCell;
use std::collections::HashMap;

use crate::python::{Found, Inquiry, Missing, TypeExpression, built_in_base, last_part};

use super::Subject;
use super::types::{Agreement, compare};

/// What a type is the type of, which decides in which direction numbers are exchangeable.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Role {
    /// Of a parameter that must be passed.
    Passed,
    /// Of a parameter that may be left out, so that `None` may be its default.
    Omittable,
    /// Of a result.
    Returned,
    /// Of a result that was annotated with the documented type before.
    Became,
}

/// Classes of the language and of its library that are known well, with their bases among them.
const CLASSES: &[(&str, &[&str])] = &[
    ("None", &[]),
    ("bool", &["int"]),
    ("bytearray", &["bytes"]),
    ("bytes", &[]),
    ("complex", &[]),
    ("dict", &[]),
    ("float", &[]),
    ("frozenset", &[]),
    ("int", &[]),
    ("list", &[]),
    ("memoryview", &["bytes"]),
    ("range", &[]),
    ("set", &[]),
    ("slice", &[]),
    ("str", &[]),
    ("tuple", &[]),
    ("type", &[]),
    ("collections.Counter", &["dict"]),
    ("collections.OrderedDict", &["dict"]),
    ("collections.defaultdict", &["dict"]),
    ("collections.deque", &[]),
    ("collections.abc.AsyncGenerator", &["collections.abc.AsyncIterator"]),
    ("collections.abc.AsyncIterator", &[]),
    ("collections.abc.Generator", &["collections.abc.Iterator"]),
    ("collections.abc.Iterator", &[]),
    ("datetime.date", &[]),
    ("datetime.datetime", &["datetime.date"]),
    ("datetime.time", &[]),
    ("datetime.timedelta", &[]),
    ("decimal.Decimal", &[]),
    ("fractions.Fraction", &[]),
    ("pathlib.Path", &["pathlib.PurePath"]),
    ("pathlib.PurePath", &[]),
    ("re.Match", &[]),
    ("re.Pattern", &[]),
    ("uuid.UUID", &[]),
];

/// Where a class would contain itself, it is the text that leaves the container out.
const CONTAINERS: &[&str] = &[
    "dict",
    "frozenset",
    "list",
    "set",
    "tuple",
    "collections.abc.AsyncGenerator",
    "collections.abc.AsyncIterator",
    "collections.abc.Generator",
    "collections.abc.Iterator",
];

/// Everybody may pass a narrower number where a wider one is asked for (the typing specification, "Special cases").
const NUMBERS: &[&str] = &["bool", "int", "float", "complex"];

/// Bases that make a class no relative of anything.
const BARE: &[&str] = &["object", "Generic", "ABC"];

/// Returns whether a type in the text and an annotation cannot both be true.
pub(crate) fn contradicts(subject: &Subject<'_>, said: &str, annotation: &str, role: Role) -> bool {
    if compare(subject, said, annotation) != Agreement::Different {
        return false;
    }
    let reader = Reader {
        subject: *subject,
        inquiry: subject.settings.modules.inquiry(subject.path, subject.file),
        written: RefCell::default(),
    };
    let said = reader.members(said.trim().trim_matches('`'));
    let (Some(said), Some(real)) = (said, reader.members(annotation)) else { return false };
    let is_foreign =
        |one: &Member<'_>| real.iter().all(|other| reader.relation(one, other, role) == Relation::Foreign);
    // "Passing None" is what leaving it out may mean.
    let is_meant = |one: &&Member<'_>| !(role == Role::Omittable && one.name == "None");
    let foreign: Vec<bool> = said.iter().filter(is_meant).map(is_foreign).collect();
    let is_clear =
        said.iter().filter(is_meant).zip(&foreign).all(|(one, foreign)| *foreign || one.is_known());
    if is_clear && foreign.contains(&true) {
        return true;
    }
    let is_new =
        |other: &Member<'_>| said.iter().all(|one| reader.relation(one, other, role) == Relation::Foreign);
    role == Role::Became && said.iter().chain(&real).all(Member::is_known) && real.iter().any(is_new)
}

/// How one class stands to another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Relation {
    /// One may stand for the other.
    Kin,
    /// They have nothing in common.
    Foreign,
    /// One of them is not in sight.
    Unknown,
}

/// What a name stands for.
enum Meaning<'a> {
    /// A class of [`CLASSES`].
    Known(&'static str),
    /// A class of the repository.
    Own(Found<'a>),
    /// The class that the definition stands in, or one derived from it.
    Itself(Found<'a>),
    /// `Any` and `object`.
    Everything,
    /// Nobody can say.
    Unknown,
}

/// One of the types of a union.
struct Member<'a> {
    /// In the canonical form, without arguments.
    name: String,
    arguments: Vec<String>,
    meaning: Meaning<'a>,
}

impl Member<'_> {
    fn is_known(&self) -> bool {
        !matches!(self.meaning, Meaning::Unknown)
    }
}

/// What the names in types mean where a definition stands.
struct Reader<'a> {
    subject: Subject<'a>,
    inquiry: Inquiry<'a>,
    /// How a name was written whose meaning is the key.
    written: RefCell<HashMap<String, String>>,
}

impl<'a> Reader<'a> {
    /// Takes a union apart; nothing for what is no type.
    fn members(&self, text: &str) -> Option<Vec<Member<'a>>> {
        let resolver = |name: &str| {
            let meaning = self.subject.file.meaning(name, self.subject.definition.index)?;
            self.written.borrow_mut().insert(meaning.clone(), name.to_owned());
            Some(meaning)
        };
        let canonical = TypeExpression::parse(text)?.canonical(&resolver)?;
        Some(split(&canonical, " | ").into_iter().map(|member| self.member(member)).collect())
    }

    fn member(&self, text: &str) -> Member<'a> {
        let (name, rest) = text.split_once('[').unwrap_or((text, ""));
        let arguments = rest.strip_suffix(']').map_or_else(Vec::new, |inside| split(inside, ", "));
        let meaning = match name {
            "object" | "typing.Any" => Meaning::Everything,
            "typing.Literal" => known(literal_class(rest)),
            "typing.TypeGuard" | "typing.TypeIs" => known("bool"),
            "typing.LiteralString" => known("str"),
            "typing.Self" => self.enclosing_class(),
            name => match known(name) {
                Meaning::Unknown => self.look_up(name),
                found => found,
            },
        };
        let is_value = name == "typing.Literal";
        let arguments = arguments.into_iter().filter(|_| !is_value).map(str::to_owned).collect();
        Member { name: name.to_owned(), arguments, meaning }
    }

    fn enclosing_class(&self) -> Meaning<'a> {
        let file = self.subject.file;
        let mut current = file.parent(self.subject.definition);
        while let Some(definition) = current {
            if definition.kind.is_class() {
                return Meaning::Itself(self.inquiry.own(definition.index));
            }
            current = file.parent(definition);
        }
        Meaning::Unknown
    }

    fn look_up(&self, name: &str) -> Meaning<'a> {
        let written = self.written.borrow().get(name).cloned();
        let written = written.as_deref().unwrap_or(name);
        match self.inquiry.find(written, self.subject.definition.index) {
            Ok(found) if found.definition().kind.is_class() => Meaning::Own(found),
            _ => Meaning::Unknown,
        }
    }

    fn relation(&self, said: &Member<'a>, real: &Member<'a>, role: Role) -> Relation {
        if contains(said, real) || contains(real, said) {
            return Relation::Foreign;
        }
        // "Warning" for a `type[Warning]`: where a class is passed, its name says so.
        if is_class_of(real, said) || is_class_of(said, real) {
            return Relation::Kin;
        }
        let relation = self.kinship(said, real, role);
        if relation != Relation::Kin || said.name != real.name || said.arguments.len() != real.arguments.len()
        {
            return relation;
        }
        let differs = said.arguments.iter().zip(&real.arguments).any(|(one, other)| {
            let is_plain = !one.contains(['[', '|']) && !other.contains(['[', '|']);
            is_plain && self.kinship(&self.member(one), &self.member(other), role) == Relation::Foreign
        });
        if differs { Relation::Foreign } else { Relation::Kin }
    }

    /// Compares the classes without their arguments.
    fn kinship(&self, said: &Member<'a>, real: &Member<'a>, role: Role) -> Relation {
        // A module may be named or not, and be known under several names.
        if last_part(plain(&said.name)) == last_part(plain(&real.name)) {
            return Relation::Kin;
        }
        match (&said.meaning, &real.meaning) {
            (Meaning::Everything, _)
            | (_, Meaning::Everything)
            | (Meaning::Itself(_), Meaning::Itself(_)) => Relation::Kin,
            (Meaning::Unknown, _) | (_, Meaning::Unknown) => Relation::Unknown,
            (Meaning::Known(said), Meaning::Known(real)) => known_kinship(said, real, role),
            (Meaning::Known(class), Meaning::Own(own) | Meaning::Itself(own))
            | (Meaning::Own(own) | Meaning::Itself(own), Meaning::Known(class)) => {
                self.kinship_with_known(own, class)
            }
            (Meaning::Own(one), Meaning::Own(other)) => self.own_kinship(one, other),
            // A class may be mixed into the one that is meant.
            (Meaning::Itself(one), Meaning::Own(other)) | (Meaning::Own(one), Meaning::Itself(other)) => {
                match self.own_kinship(one, other) {
                    Relation::Foreign => Relation::Unknown,
                    found => found,
                }
            }
        }
    }

    fn kinship_with_known(&self, own: &Found<'a>, class: &str) -> Relation {
        if class == "None" {
            return Relation::Foreign;
        }
        // What has `__next__` is an iterator, whatever it is derived from.
        if class.starts_with("collections.abc.") {
            return Relation::Unknown;
        }
        let mut relation = Relation::Foreign;
        for (base, missing) in self.inquiry.ancestry_of(own).unseen {
            let short = last_part(&base);
            let base = match short {
                "NamedTuple" => "tuple",
                "TypedDict" => "dict",
                short => short,
            };
            let found = CLASSES.iter().find(|(name, _)| last_part(name) == base);
            match found.filter(|_| missing == Missing::External) {
                Some((base, _)) if is_derived(base, class) || is_derived(class, base) => {
                    return Relation::Kin;
                }
                Some(_) => {}
                None if is_bare(base, missing) => {}
                None => relation = Relation::Unknown,
            }
        }
        relation
    }

    fn own_kinship(&self, one: &Found<'a>, other: &Found<'a>) -> Relation {
        let (above_one, above_other) = (self.inquiry.ancestry_of(one), self.inquiry.ancestry_of(other));
        let is_above = |line: &[Found<'_>], class: &Found<'_>| line.iter().any(|found| found.is(class));
        if one.is(other) || is_above(&above_one.classes, other) || is_above(&above_other.classes, one) {
            return Relation::Kin;
        }
        let mut unseen = above_one.unseen.iter().chain(&above_other.unseen);
        let is_harmless = |(base, missing): &(String, Missing)| {
            let short = last_part(base);
            is_bare(short, *missing) || CLASSES.iter().any(|(name, _)| *name == short)
        };
        if unseen.all(is_harmless) { Relation::Foreign } else { Relation::Unknown }
    }
}

fn is_bare(base: &str, missing: Missing) -> bool {
    missing == Missing::External
        && (BARE.contains(&base) || base == "Exception" || built_in_base(base).is_some())
}

fn known(name: &str) -> Meaning<'static> {
    match CLASSES.iter().find(|(known, _)| *known == name) {
        Some((name, _)) => Meaning::Known(name),
        None => Meaning::Unknown,
    }
}

/// Returns the class of a value as the canonical form writes it.
fn literal_class(value: &str) -> &'static str {
    match value.trim_end_matches(']') {
        "True" | "False" => "bool",
        value if value.starts_with('"') => "str",
        value if value.starts_with(|first: char| first.is_ascii_digit() || first == '-') => "int",
        value if value.starts_with(['b', 'B']) && value.ends_with(['"', '\'']) => "bytes",
        _ => "",
    }
}

fn known_kinship(said: &str, real: &str, role: Role) -> Relation {
    let rank = |name: &str| NUMBERS.iter().position(|number| *number == name);
    let is_kin = match (rank(said), rank(real)) {
        (Some(said), Some(real)) => match role {
            Role::Passed | Role::Omittable => said <= real,
            Role::Returned => said >= real || said > 0,
            Role::Became => said >= real,
        },
        _ => is_derived(said, real) || is_derived(real, said),
    };
    if is_kin { Relation::Kin } else { Relation::Foreign }
}

/// Returns whether a known class is another one or derived from it; their lines are two long.
fn is_derived(name: &str, base: &str) -> bool {
    let bases = CLASSES.iter().find(|(known, _)| *known == name).map_or(&[][..], |(_, bases)| *bases);
    name == base || bases.contains(&base)
}

/// Returns whether a type is a container of the other: "`Record`" for a `list[Record]`.
fn contains(container: &Member<'_>, content: &Member<'_>) -> bool {
    CONTAINERS.contains(&container.name.as_str())
        && !matches!(content.meaning, Meaning::Everything)
        && content.name != container.name
        && holds(container, content)
}

fn is_class_of(class: &Member<'_>, instance: &Member<'_>) -> bool {
    class.name == "type" && holds(class, instance)
}

fn holds(container: &Member<'_>, content: &Member<'_>) -> bool {
    container.arguments.iter().any(|argument| {
        split(argument, " | ").iter().any(|member| member.split('[').next() == Some(&content.name))
    })
}

/// A name of the module itself has a colon before it.
fn plain(name: &str) -> &str {
    name.trim_start_matches(':')
}

/// Splits a canonical type outside of brackets and strings.
fn split<'t>(text: &'t str, separator: &str) -> Vec<&'t str> {
    let mut parts = Vec::new();
    let (mut depth, mut start, mut is_text, mut is_escaped) = (0_usize, 0, false, false);
    for (at, letter) in text.char_indices() {
        if is_text {
            is_text = is_escaped || letter != '"';
            is_escaped = letter == '\\' && !is_escaped;
            continue;
        }
        match letter {
            '"' => is_text = true,
            '[' => depth += 1,
            ']' => depth = depth.saturating_sub(1),
            _ if depth == 0
                && at >= start
                && text.get(at..).is_some_and(|rest| rest.starts_with(separator)) =>
            {
                parts.extend(text.get(start..at));
                start = at + separator.len();
            }
            _ => {}
        }
    }
    parts.extend(text.get(start..).filter(|last| !last.is_empty()));
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_in_brackets_and_strings_is_not_split() {
        let table: &[(&str, &[&str])] = &[
            ("a", &["a"]),
            ("a | b | None", &["a", "b", "None"]),
            ("a[b | c] | d", &["a[b | c]", "d"]),
            (r#"L["a | \" | ]["] | b"#, &[r#"L["a | \" | ]["]"#, "b"]),
            ("", &[]),
            ("]] | a[[", &["]]", "a[["]),
        ];
        for (text, expected) in table {
            assert_eq!(split(text, " | "), *expected, "{text}");
        }
    }

    #[test]
    fn bases_of_known_classes_are_known() {
        for (name, bases) in CLASSES {
            assert!(bases.iter().all(|base| matches!(known(base), Meaning::Known(_))), "{name}");
        }
        assert!(CONTAINERS.iter().chain(NUMBERS).all(|name| matches!(known(name), Meaning::Known(_))));
    }
}
