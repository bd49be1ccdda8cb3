//! DOC601 to DOC605: the attributes of a class and those that its docstring lists.

use std::collections::HashSet;
use std::str::FromStr;

use crate::docstring::{Docstring, Entry, Name, Section, SectionKind};
use crate::python::{Attribute, Definition, Span, last_part};

use super::subject::code_of;
use super::types::{difference, synchronised};
use super::{Answer, Described, Finding, Remedy, Rule, Subject};

/// Which attributes of classes are held against the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ClassAttributes {
    /// Of which classes.
    pub asked: Asked,
    /// Whether private ones must be documented, too.
    pub private: bool,
    /// Whether properties are attributes.
    pub properties: bool,
}

/// Of which classes the attributes are looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Asked {
    /// Those whose docstring lists attributes.
    #[default]
    Listed,
    /// All whose docstring is more than a summary, as pydoclint does.
    All,
}

impl FromStr for Asked {
    type Err = String;

    fn from_str(word: &str) -> Result<Self, Self::Err> {
        match word {
            "listed" => Ok(Self::Listed),
            "all" => Ok(Self::All),
            _ => Err(format!("{word:?} is none of listed, all")),
        }
    }
}

/// An attribute of a class as its code has it.
struct Member<'a> {
    name: &'a str,
    annotation: Option<&'a str>,
    span: Span,
    /// Whether it may be no attribute after all: a property that a function made, or a method under another name.
    doubtful: bool,
}

/// The attributes of a class and those of its docstring.
struct Lists<'a> {
    members: Vec<Member<'a>>,
    documented: Vec<(&'a Entry, &'a Name)>,
    /// The names of the parameters that the same docstring lists.
    parameters: HashSet<&'a str>,
}

impl<'a> Lists<'a> {
    fn has(&self, name: &str) -> bool {
        self.members.iter().any(|member| member.name == name)
    }

    fn says(&self, name: &str) -> bool {
        self.documented.iter().any(|(_, said)| said.value == name)
    }

    /// Returns the members that the text leaves out; one that is also a parameter is described there.
    fn missing(&self) -> impl Iterator<Item = &Member<'a>> {
        self.members.iter().filter(|member| {
            !member.doubtful && !self.says(member.name) && !self.parameters.contains(&member.name)
        })
    }

    fn is_complete(&self) -> bool {
        self.members.len() == self.documented.len()
            && self.members.iter().all(|member| self.says(member.name))
    }
}

/// DOC601: an attribute is not documented.
pub(super) fn missing(rule: &Rule, subject: &Subject<'_>) -> Vec<Finding> {
    let Some(lists) = lists(subject).filter(|_| subject.owes_completeness()) else { return Vec::new() };
    if renamed_pair(subject, &lists).is_some() {
        return Vec::new();
    }
    lists
        .missing()
        .map(|member| {
            let message = format!("{} does not document its attribute `{}`", subject.called(), member.name);
            subject
                .finding(rule, subject.definition.anchor(), message)
                .answered_by(Answer::Person, Some(member.name.to_owned()))
                .with_evidence(subject.evidence(member.span, format!("attribute `{}`", member.name)))
        })
        .collect()
}

/// DOC602: a documented attribute does not exist.
pub(super) fn extraneous(rule: &Rule, subject: &Subject<'_>) -> Vec<Finding> {
    let Some(lists) = lists(subject) else { return Vec::new() };
    if renamed_pair(subject, &lists).is_some() {
        return Vec::new();
    }
    unknown(subject, &lists)
        .into_iter()
        .map(|name| {
            let message =
                format!("documents an attribute `{}` that {} does not have", name.value, subject.called());
            subject
                .docstring_finding(rule, name.span, message)
                .answered_by(
                    Answer::UnsafeRepair(Remedy::RemoveAttribute(name.value.clone())),
                    Some(name.value.clone()),
                )
                .with_evidence(
                    subject.evidence(subject.definition.header, "the class sets no such attribute"),
                )
        })
        .collect()
}

/// DOC603: exactly one documented attribute does not exist and one real attribute is not documented.
pub(super) fn renamed(rule: &Rule, subject: &Subject<'_>) -> Vec<Finding> {
    let Some(lists) = lists(subject) else { return Vec::new() };
    let Some((name, member)) = renamed_pair(subject, &lists) else { return Vec::new() };
    let message = format!("documents an attribute `{}`, and the class has `{}`", name.value, member.name);
    // That they are the same is likely, and not sure.
    let remedy = Remedy::RenameAttribute { from: name.value.clone(), to: member.name.to_owned() };
    vec![
        subject
            .docstring_finding(rule, name.span, message)
            .answered_by(Answer::UnsafeRepair(remedy), Some(name.value.clone()))
            .with_evidence(subject.evidence(member.span, format!("attribute `{}`", member.name))),
    ]
}

/// DOC604: the attributes are all there, in another order.
pub(super) fn order(rule: &Rule, subject: &Subject<'_>) -> Vec<Finding> {
    let Some(lists) = lists(subject).filter(Lists::is_complete) else { return Vec::new() };
    let mut pairs = lists.members.iter().zip(&lists.documented);
    let Some((member, (_, name))) = pairs.find(|(member, (_, name))| member.name != name.value) else {
        return Vec::new();
    };
    let message = format!("documents `{}` where `{}` stands in the class", name.value, member.name);
    let text = subject.file.docstring_text(subject.definition).unwrap_or("");
    let is_one_list = subject.docstring.is_some_and(|docstring| {
        let mut sections =
            docstring.sections.iter().filter(|section| section.kind == SectionKind::Attributes);
        let is_movable = |section: &Section| {
            section.entries.iter().all(|entry| entry.names.len() == 1) && section.is_evenly_spaced(text)
        };
        sections.next().is_some_and(is_movable) && sections.next().is_none()
    });
    let names = lists.members.iter().map(|member| member.name.to_owned()).collect();
    let remedy = Remedy::Reorder { kind: SectionKind::Attributes, names };
    let answer = if is_one_list { Answer::Repair(remedy) } else { Answer::Person };
    vec![
        subject
            .docstring_finding(rule, name.span, message)
            .answered_by(answer, Some(name.value.clone()))
            .with_evidence(subject.evidence(member.span, format!("attribute `{}`", member.name))),
    ]
}

/// DOC605: the type of an attribute is another one in the docstring, or stands on one side only.
pub(super) fn types(rule: &Rule, subject: &Subject<'_>) -> Vec<Finding> {
    let hints = subject.settings.options.hints;
    if !(hints.in_signature && hints.in_docstring) {
        return Vec::new();
    }
    let Some(lists) = lists(subject).filter(Lists::is_complete) else { return Vec::new() };
    let mut findings = Vec::new();
    for documented in &lists.documented {
        let (_, name) = documented;
        let Some(member) = lists.members.iter().find(|member| member.name == name.value) else { continue };
        let Some(message) = difference(subject, documented, member.annotation, "class") else { continue };
        let of = Described::Attribute(name.value.clone());
        let answer = synchronised(subject, documented, member.annotation, of);
        let finding = subject
            .docstring_finding(rule, name.span, message)
            .answered_by(answer, Some(name.value.clone()))
            .with_evidence(subject.evidence(member.span, format!("attribute `{}`", member.name)));
        findings.push(finding);
    }
    findings
}

fn lists<'a>(subject: &Subject<'a>) -> Option<Lists<'a>> {
    let class = subject.definition;
    let docstring = subject.docstring.filter(|_| class.kind.is_class())?;
    if subject.is_short() || subject.is_test_data() {
        return None;
    }
    let documented = documented(docstring);
    if documented.is_empty() && subject.settings.options.attributes.asked == Asked::Listed {
        return None;
    }
    let parameters = docstring.entries(SectionKind::Parameters).flat_map(|entry| &entry.names);
    let parameters = parameters.map(|name| name.value.as_str()).collect();
    Some(Lists { members: members(subject, class), documented, parameters })
}

fn documented(docstring: &Docstring) -> Vec<(&Entry, &Name)> {
    let entries = docstring.entries(SectionKind::Attributes);
    let named = entries.flat_map(|entry| entry.names.iter().map(move |name| (entry, name)));
    // numpydoc's templates say "None" where there is nothing to list.
    named.filter(|(_, name)| name.value != "None").collect()
}

fn members<'a>(subject: &Subject<'a>, class: &'a Definition) -> Vec<Member<'a>> {
    let options = subject.settings.options.attributes;
    let text = subject.file.text.as_str();
    let methods: HashSet<&str> = subject
        .file
        .inside(class)
        .iter()
        .filter(|inner| inner.parent == Some(class.index) && inner.kind.is_function())
        .map(|inner| inner.name.as_str())
        .collect();
    let may_be_method = |value: &str| methods.contains(value) || is_member(value) || may_make_property(value);
    let own = subject.file.code(class).attributes.iter().map(|attribute: &Attribute| Member {
        name: attribute.name.of(text),
        annotation: attribute.annotation.map(|span| span.of(text)),
        span: attribute.name,
        doubtful: attribute.annotation.is_none()
            && attribute.value.is_some_and(|value| may_be_method(value.of(text))),
    });
    let inside = subject.file.inside(class).iter();
    let properties = inside
        .filter(|inner| options.properties && inner.parent == Some(class.index) && inner.is_property())
        .map(|inner| Member {
            name: &inner.name,
            annotation: inner.signature.returns.as_deref(),
            span: inner.name_span,
            doubtful: false,
        });
    let mut seen = HashSet::new();
    let is_asked = |name: &str| {
        let is_special =
            name.starts_with("__") && name.ends_with("__") || name.chars().all(|letter| letter == '_');
        !is_special && (options.private || !name.starts_with('_'))
    };
    own.chain(properties).filter(|member| is_asked(member.name) && seen.insert(member.name)).collect()
}

/// Returns whether a value is a member of a class by its looks, such as the method `Base.rename`.
fn is_member(value: &str) -> bool {
    let Some((class, name)) = value.rsplit_once('.') else { return false };
    let is_name = value.chars().all(|letter| letter.is_alphanumeric() || "._".contains(letter));
    is_name && last_part(class).starts_with(char::is_uppercase) && name.starts_with(char::is_lowercase)
}

/// Returns whether a value is the result of a function that may make a property or a method: `property(get)`,
/// `_accessor("day")`. Classes, what declares fields, and what makes plain values do not.
fn may_make_property(value: &str) -> bool {
    const PLAIN: &[&str] = &[
        "attrib",
        "bool",
        "bytes",
        "compile",
        "dict",
        "field",
        "float",
        "frozenset",
        "getLogger",
        "ib",
        "int",
        "len",
        "list",
        "mapped_column",
        "object",
        "range",
        "relationship",
        "set",
        "sorted",
        "str",
        "tuple",
    ];
    let Some((function, _)) = value.split_once('(').filter(|_| value.ends_with(')')) else { return false };
    let is_name = function.chars().all(|letter| letter.is_alphanumeric() || "._".contains(letter));
    let name = last_part(function);
    is_name
        && !function.is_empty()
        && !name.trim_start_matches('_').starts_with(char::is_uppercase)
        && !PLAIN.contains(&name)
}

/// Returns the documented attributes that the class does not have in any way the file shows.
fn unknown<'a>(subject: &Subject<'a>, lists: &Lists<'a>) -> Vec<&'a Name> {
    let candidates: Vec<&Name> =
        lists.documented.iter().map(|(_, name)| *name).filter(|name| !lists.has(&name.value)).collect();
    let class = subject.definition;
    let is_open = !class.bases.is_empty()
        || !class.decorators.is_empty() && !subject.file.class_role(class).has_fields();
    if candidates.is_empty() || is_open {
        return Vec::new();
    }
    let text = subject.file.text.as_str();
    let mut known: HashSet<&str> = HashSet::new();
    for inner in subject.file.inside(class) {
        // What computes attributes may have any.
        if matches!(inner.name.as_str(), "__getattr__" | "__getattribute__") {
            return Vec::new();
        }
        known.insert(&inner.name);
        known.extend(subject.file.code(inner).attributes.iter().map(|attribute| attribute.name.of(text)));
        known.extend(inner.signature.parameters.iter().map(|parameter| parameter.name.as_str()));
    }
    let named =
        |name: &str| subject.file.code(class).attributes.iter().any(|found| found.name.of(text) == name);
    // `new.size = 0` in a method that makes an object sets an attribute, too.
    let code = code_of(subject.file, class);
    let used = |name: &str| {
        code.match_indices(name).any(|(at, _)| {
            let goes_on = |letter: char| letter.is_alphanumeric() || letter == '_';
            code[..at].ends_with('.') && !code[at + name.len()..].starts_with(goes_on)
        })
    };
    candidates
        .into_iter()
        .filter(|name| !known.contains(name.value.as_str()) && !named(&name.value) && !used(&name.value))
        .collect()
}

/// One went and one came: it is the same attribute under another name.
fn renamed_pair<'l, 'a>(subject: &Subject<'a>, lists: &'l Lists<'a>) -> Option<(&'a Name, &'l Member<'a>)> {
    let [name] = unknown(subject, lists)[..] else { return None };
    let mut missing = lists.missing();
    let (member, None) = (missing.next()?, missing.next()) else { return None };
    Some((name, member))
}
