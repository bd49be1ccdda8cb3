//! DOC301 to DOC307: what the docstrings of a class and of its `__init__` say, and which of them says it.

use crate::docstring::{Docstring, Section, SectionKind, Style};
use crate::python::Definition;

use super::results::{removal, says_none};
use super::support::variants;
use super::{Answer, Finding, Rule, Subject, docstring_of};

/// Where the parameters of a class are documented.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct InitializerOptions {
    /// Whether `__init__` may have a docstring of its own, which then is the one about its parameters.
    pub allow_docstring: bool,
}

/// DOC301: `__init__` has a docstring of its own.
pub(super) fn own_docstring(rule: &Rule, subject: &Subject<'_>) -> Vec<Finding> {
    let docstring = subject.docstring.filter(|_| is_initializer(subject) && !subject.allows_init_docstring());
    // One that begins with its list of parameters has no summary.
    let begins = |docstring: &Docstring| {
        let summary = docstring.summary.as_ref().map(|text| text.span);
        summary.or_else(|| docstring.sections.first().map(|section| section.span))
    };
    let Some(span) = docstring.and_then(begins) else { return Vec::new() };
    let message = "`__init__` has a docstring of its own, beside the one of its class".to_owned();
    vec![subject.docstring_finding(rule, span, message).answered_by(Answer::Person, None)]
}

/// DOC302: a class documents a returned value.
pub(super) fn class_returns(rule: &Rule, subject: &Subject<'_>) -> Vec<Finding> {
    about_class(
        rule,
        subject,
        SectionKind::Returns,
        "documents a returned value, and making an object gives the object itself",
    )
}

/// DOC303: `__init__` documents a returned value.
pub(super) fn returns(rule: &Rule, subject: &Subject<'_>) -> Vec<Finding> {
    about_initializer(
        rule,
        subject,
        SectionKind::Returns,
        "has a section about a returned value, and `__init__` has no result",
    )
}

/// DOC304: a class documents parameters whose place is the docstring of `__init__`.
pub(super) fn class_parameters(rule: &Rule, subject: &Subject<'_>) -> Vec<Finding> {
    misplaced(
        rule,
        subject,
        SectionKind::Parameters,
        "documents parameters, whose place is the docstring of `__init__`",
    )
}

/// DOC305: a class documents exceptions whose place is the docstring of `__init__`.
pub(super) fn class_raises(rule: &Rule, subject: &Subject<'_>) -> Vec<Finding> {
    misplaced(
        rule,
        subject,
        SectionKind::Raises,
        "documents exceptions, whose place is the docstring of `__init__`",
    )
}

/// DOC306: a class documents yielded values.
pub(super) fn class_yields(rule: &Rule, subject: &Subject<'_>) -> Vec<Finding> {
    about_class(
        rule,
        subject,
        SectionKind::Yields,
        "documents yielded values, and making an object gives the object itself",
    )
}

/// DOC307: `__init__` documents yielded values.
pub(super) fn yields(rule: &Rule, subject: &Subject<'_>) -> Vec<Finding> {
    about_initializer(
        rule,
        subject,
        SectionKind::Yields,
        "documents yielded values, and `__init__` has no `yield` that a caller sees",
    )
}

fn is_initializer(subject: &Subject<'_>) -> bool {
    let parent = subject.file.parent(subject.definition);
    subject.definition.name == "__init__" && parent.is_some_and(|parent| parent.kind.is_class())
}

fn about_initializer(rule: &Rule, subject: &Subject<'_>, kind: SectionKind, message: &str) -> Vec<Finding> {
    let section = subject.docstring.filter(|_| is_initializer(subject)).and_then(|found| found.section(kind));
    let section = section.filter(|section| !says_none(section));
    at(rule, subject, section, message).into_iter().map(|finding| without(finding, section)).collect()
}

fn about_class(rule: &Rule, subject: &Subject<'_>, kind: SectionKind, message: &str) -> Vec<Finding> {
    // What `__new__` gives may be something else than an object of the class.
    let is_made = variants(subject.file, &format!("{}.__new__", subject.definition.qualified_name)).next();
    let docstring = subject.docstring.filter(|_| initializer(subject).is_some() && is_made.is_none());
    let section = docstring.and_then(|found| found.section(kind));
    let section = section.filter(|section| !says_none(section));
    at(rule, subject, section, message).into_iter().map(|finding| without(finding, section)).collect()
}

/// Answers that a section goes, which says what no caller sees.
fn without(mut finding: Finding, section: Option<&Section>) -> Finding {
    finding.answer = section.map_or(Answer::Person, removal);
    finding
}

fn misplaced(rule: &Rule, subject: &Subject<'_>, kind: SectionKind, message: &str) -> Vec<Finding> {
    if !subject.allows_init_docstring() {
        return Vec::new();
    }
    let own = initializer(subject)
        .and_then(|init| docstring_of(subject.file, init, subject.settings, || Style::Google));
    let docstring: Option<&Docstring> = subject.docstring.filter(|_| own.is_some());
    at(rule, subject, docstring.and_then(|found| found.section(kind)), message)
}

fn at(rule: &Rule, subject: &Subject<'_>, section: Option<&Section>, message: &str) -> Vec<Finding> {
    let Some(section) = section else { return Vec::new() };
    vec![
        subject
            .docstring_finding(rule, section.title.span, message.to_owned())
            .answered_by(Answer::Person, Some(section.title.value.clone())),
    ]
}

/// Returns the `__init__` of a class.
fn initializer<'a>(subject: &Subject<'a>) -> Option<&'a Definition> {
    let class = subject.definition;
    if !class.kind.is_class() {
        return None;
    }
    variants(subject.file, &format!("{}.__init__", class.qualified_name)).last()
}

impl Subject<'_> {
    fn allows_init_docstring(&self) -> bool {
        self.settings.options.initializer.allow_docstring
    }
}
