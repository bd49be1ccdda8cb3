//! Applying the rules to a file.

use std::cell::LazyCell;

use crate::change::RepoPath;
use crate::docstring::{self, Docstring, Style, Titles};
use crate::python::{Counterpart, Definition, Pairing, ParsedFile, Touched};

use super::suppression::suppress;
use super::{Convention, Finding, Module, Settings, Subject, Text};

/// A definition that was looked at, and what was found.
#[derive(Debug, Clone)]
pub struct Checked {
    /// Its index in [`ParsedFile::definitions`].
    pub index: usize,
    /// What happened to it since the base.
    pub touched: Touched,
    /// What it was in the base.
    pub base: Option<Counterpart>,
    /// Its docstring, parsed.
    pub docstring: Option<Docstring>,
    /// What is wrong, in the order of the text.
    pub findings: Vec<Finding>,
}

/// Checks the definitions of a file that differ from the base; `pairings` are those of all its definitions.
#[must_use]
pub fn check(path: &RepoPath, file: &ParsedFile, pairings: &[Pairing], settings: &Settings) -> Vec<Checked> {
    check_some(&Module::new(path, file, settings), pairings, |_| true)
}

/// Checks as [`check`] does those definitions that are asked for by their index.
#[must_use]
pub fn check_some(
    module: &Module<'_>,
    pairings: &[Pairing],
    is_asked: impl Fn(usize) -> bool,
) -> Vec<Checked> {
    let (file, settings) = (module.file(), module.settings());
    let mut checked = Vec::new();
    let differences: Vec<Option<Touched>> = pairings.iter().map(|pairing| pairing.touched).collect();
    for (index, pairing) in pairings.iter().enumerate().filter(|(index, _)| is_asked(*index)) {
        let Some(touched) = with_initializer(file, &differences, index) else { continue };
        let definition = &file.definitions[index];
        let docstring = docstring_of(file, definition, settings, || module.style());
        let subject = Subject {
            docstring: docstring.as_ref(),
            touched,
            base: pairing.base.as_ref().map(Counterpart::definition),
            base_file: pairing.base.as_ref().map(|base| &*base.file),
            ..Subject::new(module, definition)
        };
        let findings = findings(&subject);
        checked.push(Checked { index, touched, base: pairing.base.clone(), docstring, findings });
    }
    suppress(&mut checked, module, settings);
    settings.baseline.take_known(module.path(), file, &mut checked);
    checked
}

/// Returns what happened to a definition; the docstring of a class speaks of `__init__`, too.
fn with_initializer(file: &ParsedFile, differences: &[Option<Touched>], index: usize) -> Option<Touched> {
    let touched = differences[index];
    let definition = &file.definitions[index];
    if !definition.kind.is_class() || definition.docstring.is_none() {
        return touched;
    }
    let has_changed =
        |index: &usize| differences[*index].is_some_and(|touched| touched.added || touched.signature);
    if !file.members(index, "__init__").iter().any(has_changed) {
        return touched;
    }
    Some(Touched { signature: true, ..touched.unwrap_or_default() })
}

/// Applies every rule that is on to one definition.
#[must_use]
pub fn findings(subject: &Subject<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    if subject.definition.broken {
        return findings;
    }
    let text = Text::of(subject.file, subject.definition);
    let subject = &Subject { text: text.as_ref(), ..*subject };
    // Finding it out may read the whole file, and only the wording of what was written depends on it.
    let convention = LazyCell::new(|| subject.convention());
    let is_test_data = LazyCell::new(|| subject.is_test_data());
    for (rule, severity) in subject.module.rules() {
        let found = (rule.check)(rule, subject);
        let is_chosen = rule.off_in.is_empty() || subject.settings.named.contains(rule.code);
        let is_off = || {
            convention.is_some_and(|chosen| rule.off_in.contains(&chosen))
                || rule.off_in.contains(&Convention::Pep257) && subject.lists_plainly()
        };
        if found.is_empty() || !is_chosen && is_off() {
            continue;
        }
        for mut finding in found {
            // A rule may weigh a doubtful case less than its default; the configuration scales from there.
            let doubtful = finding.severity < rule.severity;
            finding.severity = if doubtful { finding.severity.min(*severity) } else { *severity };
            // What a test tries may be wrong on purpose.
            if *is_test_data {
                finding.answer = finding.answer.for_a_person();
            }
            findings.push(finding);
        }
    }
    findings.sort_by(|one, other| one.span.cmp(&other.span).then(one.code.cmp(other.code)));
    findings
}

/// Parses the docstring of a definition: in the configured style, in the one it shows, or in its module's.
#[must_use]
pub fn docstring_of(
    file: &ParsedFile,
    definition: &Definition,
    settings: &Settings,
    module: impl FnOnce() -> Style,
) -> Option<Docstring> {
    let text = file.docstring_text(definition)?;
    let titles = &settings.house.titles;
    let Some(style) = settings.style else {
        let shown = docstring::detect_with(text, titles);
        let plain = || docstring::is_plain(text, titles).then_some(Style::Google);
        let style = shown.or_else(plain).unwrap_or_else(module);
        return Some(docstring::parse_with(text, style, titles));
    };
    let parsed = docstring::parse_with(text, style, titles);
    // A docstring that shows another style than the configured one would be misread, not judged.
    let shown = docstring::detect_with(text, titles).filter(|_| parsed.sections.is_empty());
    let shown = shown.filter(|shown| *shown != style);
    Some(shown.map_or(parsed, |shown| docstring::parse_with(text, shown, titles)))
}

/// Finds out the style of a module by the majority of its docstrings; nothing when it shows none.
#[must_use]
pub fn style_of(file: &ParsedFile, titles: &Titles) -> Option<Style> {
    let texts = file.definitions.iter().filter_map(|definition| file.docstring_text(definition));
    docstring::majority(texts.map(|text| docstring::detect_with(text, titles)))
}
