//! DOC101, DOC102, DOC103: the list of parameters and the signature disagree.

use std::collections::HashSet;

use crate::docstring::{Docstring, Entry, Name, SectionKind};
use crate::python::{Definition, DefinitionKind, Parameter, ParameterKind, Signature, last_part};

use super::other_name::{is_plainly_renamed, is_same_place, may_be_renamed, may_be_same};
use super::prose::Prose;
use super::support::variants;
use super::{Answer, Finding, Remedy, Rule, Severity, Slot, Subject};

/// A parameter that is not documented, or a documented one that does not exist, or a pair of both.
struct Disagreement<'a> {
    owner: &'a Definition,
    missing: Vec<&'a Parameter>,
    extraneous: Vec<(&'a Entry, &'a Name)>,
    renamed: Option<(&'a Entry, &'a Name, &'a Parameter)>,
    has_list: bool,
    /// Whether an entry that fits no parameter may be that of one without an entry, and nobody saw the name go.
    ambiguous: bool,
}

/// DOC101: a parameter is not documented.
pub(super) fn missing(rule: &Rule, subject: &Subject<'_>) -> Vec<Finding> {
    if is_called_by_others(subject) {
        return Vec::new();
    }
    let Some(found) = compare(subject).filter(|found| !found.missing.is_empty()) else { return Vec::new() };
    let Some(docstring) = subject.judged_docstring() else { return Vec::new() };
    let text = subject.file.docstring_text(subject.definition).unwrap_or("");
    let described = described(docstring, text, found.has_list);
    let describe = |parameter: &&Parameter| {
        let name = parameter.display_name();
        let message = format!("{} does not document its parameter `{name}`", subject.called());
        let evidence = subject.evidence(parameter.span, format!("parameter `{name}`"));
        // What would be written may be there already, under another name.
        let answer =
            if found.ambiguous { Answer::Person } else { Answer::Generate(Slot::Parameter(name.clone())) };
        let mut finding = subject
            .finding(rule, subject.definition.anchor(), message)
            .answered_by(answer, Some(name))
            .with_evidence(evidence);
        // An incomplete list misleads; a docstring without a list only leaves out.
        if !found.has_list {
            finding.severity = finding.severity.min(Severity::Warning);
        }
        finding
    };
    let is_asked = |parameter: &&&Parameter| subject.sections_only() || !described(parameter);
    found.missing.iter().filter(is_asked).map(describe).collect()
}

/// DOC102: a documented parameter does not exist.
pub(super) fn extraneous(rule: &Rule, subject: &Subject<'_>) -> Vec<Finding> {
    let Some(found) = compare(subject) else { return Vec::new() };
    let signature = found.owner.header;
    let text = subject.file.docstring_text(subject.definition).unwrap_or("");
    let is_told = |entry: &Entry, name: &Name| {
        let docstring = subject.judged_docstring();
        docstring.is_some_and(|docstring| is_told_elsewhere(text, docstring, entry, name))
    };
    // A docstring that would be empty has to be written, not repaired.
    let is_all = subject.judged_docstring().is_some_and(|docstring| {
        docstring.summary.is_none()
            && docstring.description.is_none()
            && docstring.sections.iter().flat_map(|section| &section.entries).all(|entry| {
                entry.names.iter().all(|name| found.extraneous.iter().any(|(_, gone)| gone.span == name.span))
            })
    });
    // One that stays tells the reader that the list is not true, and what goes beside it is half a repair.
    let members = if found.extraneous.is_empty() { HashSet::new() } else { members(subject) };
    let is_doubted = found.ambiguous
        || found.extraneous.iter().any(|(entry, name)| {
            may_be_renamed(subject, &name.value)
                || is_told(entry, name)
                || members.contains(name.value.as_str())
        });
    let describe = |(_, name): &(&Entry, &Name)| {
        let message =
            format!("documents a parameter `{}` that {} does not have", name.value, subject.called());
        let evidence = subject.evidence(signature, format!("the signature of `{}`", found.owner.name));
        // What was said about a parameter that has another name now must not be lost.
        let remedy = Remedy::RemoveParameter(name.value.clone());
        let answer = if is_all {
            Answer::Person
        } else if is_doubted {
            Answer::UnsafeRepair(remedy)
        } else {
            Answer::Repair(remedy)
        };
        subject
            .docstring_finding(rule, name.span, message)
            .answered_by(answer, Some(name.value.clone()))
            .with_evidence(evidence)
    };
    found.extraneous.iter().map(describe).collect()
}

/// DOC103: exactly one documented parameter does not exist and one real parameter is not documented.
pub(super) fn renamed(rule: &Rule, subject: &Subject<'_>) -> Vec<Finding> {
    let Some(found) = compare(subject) else { return Vec::new() };
    let Some((entry, name, parameter)) = found.renamed else { return Vec::new() };
    let message = format!("documents a parameter `{}` that is called `{}`", name.value, parameter.name);
    let evidence = subject.evidence(parameter.span, format!("parameter `{}`", parameter.display_name()));
    let remedy = Remedy::RenameParameter { from: name.value.clone(), to: parameter.name.clone() };
    let answer = if !subject.has_room_for(name.span, &parameter.display_name()) {
        Answer::Person
    } else if is_plainly_renamed(subject, (entry, name), parameter) {
        Answer::Repair(remedy)
    } else {
        Answer::UnsafeRepair(remedy)
    };
    let finding = subject
        .docstring_finding(rule, name.span, message)
        .answered_by(answer, Some(name.value.clone()))
        .with_evidence(evidence);
    vec![finding]
}

fn compare<'a>(subject: &Subject<'a>) -> Option<Disagreement<'a>> {
    let docstring = subject.judged_docstring()?;
    let (signature, owner) = subject.described_signature()?;
    let is_class = subject.definition.kind.is_class();
    let has_list = docstring.entries(SectionKind::Parameters).next().is_some();
    // A class may leave its parameters to `__init__`; a variant's signature is not the one that runs.
    if is_class && !has_list || subject.definition.has_decorator("overload") {
        return None;
    }
    let documented = documented(docstring);
    let parameters = signature.callers_parameters();
    let is_documented = |name: &str| documented.iter().any(|(_, found)| found.value == name);
    let mut missing: Vec<&Parameter> = parameters
        .iter()
        .filter(|parameter| !is_documented(&parameter.name) && is_asked_for(parameter))
        .filter(|parameter| !is_receiver(signature, parameter))
        .collect();
    // An entry `**kw` of a signature without it speaks for the rest of the parameters.
    let is_known = |name: &str| parameters.iter().any(|parameter| parameter.name == name);
    let speaks_for_rest = documented
        .iter()
        .any(|(entry, name)| name.stars == 2 && !is_known(&name.value) || takes_the_rest(entry));
    if is_filled_in_later(docstring) || speaks_for_rest {
        missing.clear();
    }
    let mut extraneous: Vec<(&Entry, &Name)> = documented
        .iter()
        .copied()
        .filter(|(_, name)| !is_label(&name.value))
        // `config.key` says something about `config`; documenting `self` is odd, and not untrue.
        .filter(|(_, name)| {
            let first = name.value.split(['.', '[']).next();
            !signature.parameters.iter().any(|parameter| Some(parameter.name.as_str()) == first)
        })
        .collect();
    if is_class {
        let made: Vec<&Definition> =
            variants(subject.file, &format!("{}.__new__", subject.definition.qualified_name)).collect();
        let takes = |name: &str| {
            made.iter().any(|made| made.signature.parameters.iter().any(|taken| taken.name == name))
        };
        extraneous.retain(|(_, name)| !takes(&name.value));
    }
    let takes_any = parameters.iter().any(|parameter| match parameter.kind {
        ParameterKind::VarKeyword => true,
        ParameterKind::VarPositional => !is_documented(&parameter.name),
        _ => false,
    });
    if takes_any {
        // What `**kwargs` takes is documented by name as often as not; so is `*args` without an entry of its own.
        if !extraneous.is_empty() && !subject.sections_only() {
            missing.retain(|parameter| parameter.kind != ParameterKind::VarKeyword);
        }
        extraneous.clear();
    }
    let is_seen_going = |name: &str| {
        let before = subject.base.map(|base| &base.signature.parameters);
        before.is_some_and(|before| before.iter().any(|known| known.name == name))
    };
    let ambiguous = !missing.is_empty() && extraneous.iter().any(|(_, name)| !is_seen_going(&name.value));
    let renamed = match (missing.as_slice(), extraneous.as_slice()) {
        ([parameter], [(entry, name)])
            if is_same_place(&documented, name, parameters, parameter)
                && may_be_same(subject, entry, name, parameter) =>
        {
            Some((*entry, *name, *parameter))
        }
        _ => None,
    };
    if renamed.is_some() {
        missing.clear();
        extraneous.clear();
    }
    if subject.is_short()
        || subject.definition.is_property()
        || !subject.owes_completeness()
        || subject.is_left_to_class(SectionKind::Parameters)
    {
        missing.clear();
    }
    // Entries that cannot be read as such are no list, and still name what they are about.
    let mentioned = if subject.sections_only() { Vec::new() } else { mentioned(subject, docstring) };
    missing.retain(|parameter| !mentioned.contains(&parameter.name.as_str()));
    Some(Disagreement { owner, missing, extraneous, renamed, has_list, ambiguous })
}

/// "All remaining keyword arguments are passed to the constructor" speaks for those without an entry, too.
fn takes_the_rest(entry: &Entry) -> bool {
    let said = entry.description.as_ref().map_or("", |text| text.value.as_str()).to_lowercase();
    let rest = said.contains("remaining") || said.contains("all other");
    rest && ["arguments", "keywords", "options", "parameters"].iter().any(|word| said.contains(word))
}

/// Returns whether nobody calls a function by hand: a test or a fixture, whose parameters are fixtures, and what the language calls with
/// parameters of its own choice.
fn is_called_by_others(subject: &Subject<'_>) -> bool {
    let definition = subject.definition;
    let is_test = definition.has_decorator("fixture")
        || definition.name.starts_with("test") && subject.settings.is_test(subject.path);
    let is_named_by_users = matches!(definition.name.as_str(), "__init__" | "__new__" | "__call__");
    is_test || definition.kind == DefinitionKind::Method && definition.is_dunder() && !is_named_by_users
}

/// Returns what tells whether the text speaks of a parameter outside a list: a list that is there is read as complete,
/// so that only what stands before it and is marked as a name counts then.
fn described<'t>(
    docstring: &'t Docstring,
    text: &'t str,
    has_list: bool,
) -> impl Fn(&Parameter) -> bool + 't {
    let before = docstring.summary.iter().chain(&docstring.description).map(|text| text.value.as_str());
    let read: Vec<Prose<'t>> = if has_list { before.map(Prose::of).collect() } else { vec![Prose::of(text)] };
    let elsewhere =
        read.iter().any(if has_list { Prose::takes_those_of_another } else { Prose::refers_elsewhere });
    let raised = docstring.sections.iter().filter(|section| section.kind == SectionKind::Raises);
    let conditions =
        raised.flat_map(|section| &section.entries).filter_map(|entry| entry.description.as_ref());
    let conditions: Vec<Prose<'t>> = conditions.map(|text| Prose::of(&text.value)).collect();
    move |parameter| {
        // "A given `State`" is the parameter that is annotated with it.
        let class = parameter.annotation.as_deref().map(|class| last_part(class).trim_start_matches('_'));
        let by_class = class.filter(|class| class.len() > 3 && class.starts_with(char::is_uppercase));
        if !has_list && by_class.is_some_and(|class| read.iter().any(|prose| prose.has(class))) {
            return true;
        }
        let says =
            |prose: &Prose<'_>| if has_list { prose.marks(&parameter.name) } else { prose.names(parameter) };
        // "ValueError: If `strict` is true and …" tells what a parameter does.
        let decides = conditions.iter().any(|prose| prose.points_at(&parameter.name));
        elsewhere || decides || read.iter().any(says)
    }
}

/// Returns whether a parameter is passed by the call in effect: `__new__`, methods of metaclasses, functions that
/// become methods.
fn is_receiver(signature: &Signature, parameter: &Parameter) -> bool {
    let is_first = signature.parameters.first().is_some_and(|first| first.span == parameter.span);
    is_first && matches!(parameter.name.as_str(), "self" | "cls" | "mcs" | "mcls" | "metacls")
}

/// Returns the methods, properties and attributes of the class whose docstring it is: an entry may be about one of them.
fn members<'a>(subject: &Subject<'a>) -> HashSet<&'a str> {
    let (file, definition) = (subject.file, subject.definition);
    let class = match definition.name.as_str() {
        "__init__" | "__new__" => file.parent(definition),
        _ => Some(definition),
    };
    let Some(class) = class.filter(|class| class.kind.is_class()) else { return HashSet::new() };
    let own = file.inside(class).iter().filter(|inner| inner.parent == Some(class.index));
    let setting = std::iter::once(class).chain(own.clone().filter(|inner| inner.kind.is_function()));
    let set = setting.flat_map(|definition| &file.code(definition).attributes);
    let set = set.map(|attribute| attribute.name.of(&file.text));
    set.chain(own.map(|inner| inner.name.as_str())).collect()
}

/// Returns whether words would be lost, or left without a meaning, if the entry of a parameter went.
fn is_told_elsewhere(text: &str, docstring: &Docstring, entry: &Entry, name: &Name) -> bool {
    let (above, below) = (text.get(..entry.span.start), text.get(entry.span.end..));
    let points = [above, below].into_iter().flatten().any(|rest| Prose::of(rest).points_at(&name.value));
    let section = docstring.sections.iter().find(|section| section.span.contains(entry.span));
    let has_prose = section.is_some_and(|section| section.has_paragraph_at_margin(text));
    points || has_prose
}

/// Returns the first words of the lines in the lists of parameters.
///
/// "`a.key`" is about `a` where an entry may stand; within a description it is the beginning of some line.
fn mentioned<'a>(subject: &Subject<'a>, docstring: &Docstring) -> Vec<&'a str> {
    let Some(text) = subject.file.docstring_text(subject.definition) else { return Vec::new() };
    let indentation = |line: &str| line.len() - line.trim_start().len();
    let line_of = |name: &Name| {
        let start = text.get(..name.span.start)?.rfind('\n').map_or(0, |at| at + 1);
        text.get(start..)
    };
    let entries = documented(docstring).into_iter().filter_map(|(_, name)| line_of(name)).map(indentation);
    let height = entries.min().unwrap_or(usize::MAX);
    let word = |line: &'a str| {
        let (word, rest) = first_word(line)?;
        (indentation(line) <= height || !continues(rest)).then_some(word)
    };
    let lists = docstring
        .sections
        .iter()
        .filter(|section| matches!(section.kind, SectionKind::Parameters | SectionKind::OtherParameters));
    let lines: Vec<&str> = lists.flat_map(|section| section.span.of(text).lines()).collect();
    let several = lines.iter().flat_map(|line| several_names(line));
    // `:wait:` is a field that lacks its `param`.
    let fields = text.lines().filter_map(|line| line.trim_start().strip_prefix(':')?.split_once(':'));
    let fields = fields.map(|(name, _)| name);
    lines.iter().copied().filter_map(word).chain(several).chain(fields).collect()
}

/// "stdin, stdout and stderr: What they are", "startupinfo and creationflags (Windows only)".
fn several_names(line: &str) -> Vec<&str> {
    let Some((start, _)) = line.split_once([':', '(']) else { return Vec::new() };
    let names: Vec<&str> =
        start.split([',', ' ']).filter(|name| !name.is_empty() && *name != "and").collect();
    let is_name = |name: &&str| name.chars().all(|letter| letter.is_alphanumeric() || letter == '_');
    let are_joined = start.contains(',') || start.contains(" and ");
    if are_joined && names.iter().all(is_name) { names } else { Vec::new() }
}

/// Returns whether what stands behind a word makes it the beginning of a longer name.
fn continues(rest: &str) -> bool {
    rest.strip_prefix('.')
        .is_some_and(|rest| rest.starts_with(|letter: char| letter.is_alphanumeric() || letter == '_'))
}

/// Returns whether the list of parameters is put together when the module is imported: `%(params)s`, `{params}`.
fn is_filled_in_later(docstring: &Docstring) -> bool {
    let is_template = |line: &str| {
        let line = line.trim();
        let braced = line.strip_prefix('{').and_then(|rest| rest.strip_suffix('}'));
        // A field of a format, not a value: `{params}`, `{0.params}`, but `{'a': 1}`.
        let is_field =
            |inside: &str| inside.chars().all(|letter| letter.is_alphanumeric() || "_.[]!:".contains(letter));
        line.starts_with("%(") && line.ends_with(")s") || braced.is_some_and(is_field)
    };
    docstring
        .sections
        .iter()
        .filter(|section| matches!(section.kind, SectionKind::Parameters | SectionKind::OtherParameters))
        .flat_map(|section| {
            section.text.iter().chain(section.entries.iter().filter_map(|entry| entry.description.as_ref()))
        })
        .any(|text| text.value.lines().any(is_template))
}

/// Returns the word that a line begins with, without the marks of a list or of code, and what follows it.
fn first_word(line: &str) -> Option<(&str, &str)> {
    let line =
        line.trim_start_matches(|character: char| character.is_whitespace() || "-*+`\\•".contains(character));
    let end =
        line.find(|character: char| !character.is_alphanumeric() && character != '_').unwrap_or(line.len());
    line.split_at_checked(end).filter(|(word, _)| !word.is_empty())
}

/// A label in front of a remark reads like an entry.
fn is_label(name: &str) -> bool {
    matches!(
        name,
        "Note"
            | "Notes"
            | "Warning"
            | "Example"
            | "Examples"
            | "Important"
            | "Hint"
            | "Tip"
            | "See"
            | "Optional"
            | "Required"
            | "Default"
            | "Defaults"
            | "TODO"
            | "Todo"
            | "None"
    )
}

pub(super) fn documented(docstring: &Docstring) -> Vec<(&Entry, &Name)> {
    [SectionKind::Parameters, SectionKind::OtherParameters]
        .into_iter()
        .flat_map(|kind| docstring.entries(kind))
        .flat_map(|entry| entry.names.iter().map(move |name| (entry, name)))
        .collect()
}

/// Parameters with a leading underscore are not for callers (ruff's D417 and pydoclint agree).
pub(super) fn is_asked_for(parameter: &Parameter) -> bool {
    !parameter.name.starts_with('_')
}

/// The parameters of a signature and those of the text, beside each other.
pub(super) struct Listed<'a> {
    /// Those that the text is asked for.
    pub(super) parameters: Vec<&'a Parameter>,
    pub(super) documented: Vec<(&'a Entry, &'a Name)>,
}

impl Listed<'_> {
    /// Returns whether both name the same ones, in whatever order.
    pub(super) fn is_complete(&self) -> bool {
        let mut real: Vec<&str> = self.parameters.iter().map(|parameter| parameter.name.as_str()).collect();
        let mut said: Vec<&str> = self.documented.iter().map(|(_, name)| name.value.as_str()).collect();
        real.sort_unstable();
        said.sort_unstable();
        real == said
    }
}

/// Returns the parameters that the rules about their order and types look at; nothing where there are none to look at.
pub(super) fn listed<'a>(subject: &Subject<'a>) -> Option<Listed<'a>> {
    let docstring = subject.judged_docstring()?;
    let (signature, _) = subject.described_signature()?;
    if subject.is_short() || subject.definition.has_decorator("overload") {
        return None;
    }
    let is_named = |parameter: &&Parameter| parameter.name.chars().any(|letter| letter != '_');
    let parameters: Vec<&Parameter> = signature.callers_parameters().iter().filter(is_named).collect();
    let documented = documented(docstring);
    // Where `__init__` has a docstring of its own, that one is about its parameters.
    let elsewhere = documented.is_empty()
        && (subject.definition.kind.is_class() || subject.is_left_to_class(SectionKind::Parameters));
    let any = !(parameters.is_empty() && documented.is_empty());
    (any && !elsewhere).then_some(Listed { parameters, documented })
}
