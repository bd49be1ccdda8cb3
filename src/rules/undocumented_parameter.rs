//! D417: a list of parameters leaves one out.
//!
//! The same as DOC101 for a list that is there, by the rules of pydocstyle: it knows Google's and numpydoc's headings
//! only, and reads the list by the look of its lines.

use crate::python::ParameterKind;

use super::text::{Layout, documented_parameters};
use super::{Answer, Convention, Finding, Rule, Slot, Subject};

/// Applies the rule.
pub(super) fn check(rule: &Rule, subject: &Subject<'_>) -> Vec<Finding> {
    let definition = subject.definition;
    let Some(text) = subject.text.filter(|_| definition.kind.is_function() && subject.owes_completeness())
    else {
        return Vec::new();
    };
    let layout = match subject.convention() {
        Some(Convention::Google) => Layout::Google,
        Some(Convention::Numpy) => Layout::Numpy,
        _ => text.shown_layout(),
    };
    let Some(documented) = documented_parameters(text, layout) else { return Vec::new() };
    let mut findings = Vec::new();
    for parameter in definition.signature.callers_parameters() {
        let name = parameter.name.as_str();
        let stars = parameter.display_name();
        let is_said = documented.contains(name)
            || documented.contains(stars.as_str())
            || documented.contains(stars.replace('*', "\\*").as_str());
        let is_unpacked = parameter.kind == ParameterKind::VarKeyword
            && parameter.annotation.as_deref().is_some_and(|annotation| annotation.contains("Unpack["));
        if is_said || is_unpacked || name.starts_with('_') {
            continue;
        }
        let message = format!("{} lists parameters and leaves out `{stars}`", subject.called());
        let finding = subject
            .finding(rule, definition.anchor(), message)
            .answered_by(Answer::Generate(Slot::Parameter(stars.clone())), Some(stars.clone()))
            .with_evidence(subject.evidence(parameter.span, format!("parameter `{stars}`")));
        findings.push(finding);
    }
    findings
}
