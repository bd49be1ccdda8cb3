//! Comments that silence findings: `# noqa`, `# docgate: ignore[…]`, `# numpydoc ignore=…`, and those for a whole file.
//!
//! A comment on a line of the header, of a decorator, or of the closing quotes speaks for its definition; anywhere, it speaks
//! for what is found on its line. What is silenced is neither reported nor repaired. A comment of docgate's own that silences
//! nothing, or names a rule that there is not, is a finding itself.

mod directive;
mod numpydoc;
mod silence;

use std::collections::{BTreeMap, HashMap};

use directive::{Dialect, Directive, Reach};
pub use numpydoc::numpydoc_codes;
pub use silence::{Silenced, silence};

use super::settings::specificity;
use super::{Answer, Checked, Finding, Module, RULES, Rule, Settings};
use crate::python::{ParsedFile, Span, comments};

const UNUSED: &str = "DG401";
const UNKNOWN: &str = "DG402";

/// Finds nothing in a definition: what these rules report is known when all others have spoken.
pub(super) fn after_the_others(_: &Rule, _: &super::Subject<'_>) -> Vec<Finding> {
    Vec::new()
}

impl Finding {
    /// Returns whether it is about a comment that silences findings, and which no comment silences.
    #[must_use]
    pub fn is_about_a_comment(&self) -> bool {
        [UNUSED, UNKNOWN].contains(&self.code)
    }
}

/// Takes away what comments silence, and reports comments that say nothing.
pub(super) fn suppress(checked: &mut [Checked], module: &Module<'_>, settings: &Settings) {
    let file = module.file();
    if !directive::may_have(&file.text) {
        return;
    }
    let directives: Vec<Directive> =
        comments(&file.text).into_iter().flat_map(|comment| directive::read(&file.text, comment)).collect();
    if directives.is_empty() {
        return;
    }
    let mut silences: Vec<Silence<'_>> =
        directives.iter().map(|directive| Silence::new(directive, file)).collect();
    let mut by_line: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for (index, silence) in
        silences.iter().enumerate().filter(|(_, silence)| silence.directive.reach == Reach::Line)
    {
        by_line.entry(silence.line).or_default().push(index);
    }
    let through_the_file: Vec<usize> =
        (0..silences.len()).filter(|index| silences[*index].directive.reach == Reach::File).collect();
    for checked in checked.iter_mut() {
        let lines = own_lines(file, checked.index);
        let own: Vec<usize> = lines
            .iter()
            .flat_map(|(first, last)| by_line.range(*first..=*last))
            .flat_map(|(_, indices)| indices.iter().copied())
            .collect();
        checked.findings.retain(|finding| {
            let here = by_line.get(&finding.position.line).into_iter().flatten();
            let mut is_silenced = false;
            for index in through_the_file.iter().chain(&own).chain(here) {
                is_silenced |= silences[*index].takes(finding);
            }
            !is_silenced
        });
    }
    report(checked, &silences, (module, settings));
}

/// The first and last lines whose comments speak for a definition.
fn own_lines(file: &ParsedFile, index: usize) -> Vec<(usize, usize)> {
    let definition = &file.definitions[index];
    let mut lines = Vec::new();
    if !definition.header.is_empty() {
        lines.push((file.lines.line(definition.span.start), file.lines.line(definition.header.end)));
    }
    if let Some(literal) = &definition.docstring {
        let closing = file.lines.line(literal.span.end);
        if lines.last().is_none_or(|(_, last)| *last < closing) {
            lines.push((closing, closing));
        }
    }
    lines
}

/// A directive at work.
struct Silence<'a> {
    directive: &'a Directive,
    line: usize,
    /// Which of its names have silenced something.
    used: Vec<bool>,
}

impl<'a> Silence<'a> {
    fn new(directive: &'a Directive, file: &ParsedFile) -> Self {
        Self {
            directive,
            line: file.lines.line(directive.span.start),
            used: vec![false; directive.names.len().max(1)],
        }
    }

    /// Returns whether a finding is silenced, and remembers by which name.
    fn takes(&mut self, finding: &Finding) -> bool {
        if self.directive.names.is_empty() {
            self.used[0] = true;
            return true;
        }
        let Some(rule) = RULES.iter().find(|rule| rule.code == finding.code) else { return false };
        let mut is_silenced = false;
        for ((_, name), used) in self.directive.names.iter().zip(&mut self.used) {
            if means(self.directive.dialect, name, rule) {
                *used = true;
                is_silenced = true;
            }
        }
        is_silenced
    }
}

/// Returns whether a name in a directive means a rule.
fn means(dialect: Dialect, name: &str, rule: &Rule) -> bool {
    match dialect {
        Dialect::Numpydoc => numpydoc_codes(name).contains(&rule.code),
        Dialect::Own | Dialect::Noqa => specificity(name, rule).is_some(),
    }
}

/// Reports comments of docgate's own that silence nothing or name what there is not.
fn report(checked: &mut [Checked], silences: &[Silence<'_>], (module, settings): (&Module<'_>, &Settings)) {
    let file = module.file();
    let speakers = Speakers::new(file);
    for silence in silences {
        let Directive { names, dialect, span, .. } = silence.directive;
        let Some(speaker) = speakers.of(silence, checked) else { continue };
        let found = |code: &str, span: Span, message: String| {
            let rule = RULES.iter().find(|rule| rule.code == code)?;
            let severity = settings.severities.get(rule.code).filter(|_| !module.ignores(rule))?;
            Some(Finding {
                code: rule.code,
                name: rule.name,
                severity: *severity,
                definition: file.definitions[speaker.index].qualified_name.clone(),
                span,
                position: file.position(span.start),
                message,
                evidence: Vec::new(),
                answer: Answer::Person,
                subject: Some(span.of(&file.text).to_owned()),
            })
        };
        let mut findings = Vec::new();
        if names.is_empty() && *dialect == Dialect::Own && !silence.used[0] {
            findings.extend(found(UNUSED, *span, "silences nothing".to_owned()));
        }
        for ((span, name), used) in names.iter().zip(&silence.used) {
            // Codes without `DG` belong to other programs as well, which may find what docgate does not.
            if *dialect == Dialect::Numpydoc || *dialect == Dialect::Noqa && !name.starts_with("DG") {
                continue;
            }
            let meant: Vec<&Rule> = RULES.iter().filter(|rule| specificity(name, rule).is_some()).collect();
            if meant.is_empty() {
                findings.extend(found(UNKNOWN, *span, unknown(name)));
            } else if !used
                && meant.iter().any(|rule| is_known_by_now(rule, settings) && !module.ignores(rule))
            {
                findings.extend(found(
                    UNUSED,
                    *span,
                    format!("silences nothing: `{name}` does not find anything here"),
                ));
            }
        }
        speaker.findings.extend(findings);
    }
}

/// Returns whether a rule that found nothing would have: it is on, and needs nothing that may not be there.
fn is_known_by_now(rule: &Rule, settings: &Settings) -> bool {
    // What a change leaves behind is found in that change, and not when the whole repository is looked at.
    settings.severities.contains_key(rule.code) && !rule.code.starts_with("DG1")
}

/// Who speaks where: definitions by the lines whose comments speak for them.
struct Speakers<'a> {
    file: &'a ParsedFile,
    by_line: HashMap<usize, usize>,
}

impl<'a> Speakers<'a> {
    fn new(file: &'a ParsedFile) -> Self {
        let mut by_line = HashMap::new();
        for index in 0..file.definitions.len() {
            let lines = own_lines(file, index).into_iter().flat_map(|(first, last)| first..=last);
            by_line.extend(lines.map(|line| (line, index)));
        }
        Self { file, by_line }
    }

    /// Returns the definition that a comment is reported with: the one it speaks for, or the innermost one around it.
    ///
    /// Nothing where that one was not looked at, since then nobody knows what it silences.
    fn of<'found>(
        &self,
        silence: &Silence<'_>,
        checked: &'found mut [Checked],
    ) -> Option<&'found mut Checked> {
        let definitions = &self.file.definitions;
        let owner = match silence.directive.reach {
            // A file is known when all of it was looked at.
            Reach::File if checked.len() < definitions.len() => return None,
            Reach::File => 0,
            Reach::Line => self.by_line.get(&silence.line).copied().unwrap_or_else(|| self.around(silence)),
        };
        let place = checked.binary_search_by_key(&owner, |checked| checked.index).ok()?;
        checked.get_mut(place)
    }

    fn around(&self, silence: &Silence<'_>) -> usize {
        let (definitions, span) = (&self.file.definitions, silence.directive.span);
        let mut index =
            definitions.partition_point(|definition| definition.span.start <= span.start).saturating_sub(1);
        while index > 0 && !definitions[index].span.contains(span) {
            index = definitions[index].parent.unwrap_or_default();
        }
        index
    }
}

/// Says that no rule has a name, and which one may be meant.
fn unknown(name: &str) -> String {
    match super::nearest(name) {
        Some(meant) => format!("no rule is called `{name}`; `{meant}` is"),
        None => format!("no rule is called `{name}`"),
    }
}
