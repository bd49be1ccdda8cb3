//! What a rule looks at: one definition with its docstring, its base and the settings.

use crate::change::RepoPath;
use crate::docstring::{Docstring, SectionKind};
use crate::python::{Definition, DefinitionKind, ParsedFile, Signature, Span, Touched, Visibility};

use super::{Answer, Evidence, Finding, Rule, Settings};

/// A definition under judgement.
#[derive(Debug, Clone, Copy)]
pub struct Subject<'a> {
    /// The path of the file.
    pub path: &'a RepoPath,
    /// The file.
    pub file: &'a ParsedFile,
    /// The definition.
    pub definition: &'a Definition,
    /// Its docstring, parsed.
    pub docstring: Option<&'a Docstring>,
    /// What happened to it since the base.
    pub touched: Touched,
    /// Its counterpart in the base.
    pub base: Option<&'a Definition>,
    /// What the configuration says.
    pub settings: &'a Settings,
}

impl<'a> Subject<'a> {
    /// Returns the parsed docstring if its sections are understood and may be judged.
    #[must_use]
    pub fn judged_docstring(&self) -> Option<&'a Docstring> {
        let docstring = self.docstring?;
        let understood = docstring.style == crate::docstring::Style::Google;
        understood.then_some(docstring)
    }

    /// Returns whether a docstring is owed: public, not a test, not a stub, not a variant of something else.
    #[must_use]
    pub fn owes_docstring(&self) -> bool {
        let definition = self.definition;
        definition.visibility == Visibility::Public
            && !self.is_in_private_module()
            && !self.settings.is_test(self.path)
            && !self.path.is_stub()
            && !definition.has_decorator("overload")
            && !definition.has_decorator("override")
            && !definition.is_accessor()
    }

    /// A module is private when a part of its path begins with an underscore, dunder names excepted.
    fn is_in_private_module(&self) -> bool {
        let private = |part: &str| part.starts_with('_') && !part.starts_with("__");
        let path = self.path.as_str();
        path.rsplit_once('.').map_or(path, |(stem, _)| stem).split('/').any(private)
    }

    /// Returns the signature that a parameter list is held against: a function's own, or `__init__`'s for a
    /// class; with the definition it belongs to.
    #[must_use]
    pub fn described_signature(&self) -> Option<(&'a Signature, &'a Definition)> {
        let definition = self.definition;
        if definition.kind.is_function() {
            return Some((&definition.signature, definition));
        }
        let own = format!("{}.__init__", definition.qualified_name);
        let init = (definition.kind != DefinitionKind::Module).then(|| self.file.find(&own)).flatten()?;
        Some((&init.signature, init))
    }

    /// Returns whether the docstring has a section of a kind.
    #[must_use]
    pub fn has_section(&self, kind: SectionKind) -> bool {
        self.docstring.is_some_and(|docstring| docstring.section(kind).is_some())
    }

    /// Makes a finding about a place in the file.
    #[must_use]
    pub fn finding(&self, rule: &Rule, span: Span, message: String) -> Finding {
        Finding {
            code: rule.code,
            name: rule.name,
            severity: rule.severity,
            definition: self.definition.qualified_name.clone(),
            span,
            position: self.file.position(span.start),
            message,
            evidence: Vec::new(),
            answer: Answer::Person,
            subject: None,
        }
    }

    /// Makes a finding about a part of the docstring.
    #[must_use]
    pub fn docstring_finding(&self, rule: &Rule, span: Span, message: String) -> Finding {
        let located = self.definition.docstring.as_ref().map_or(span, |literal| literal.locate(span));
        self.finding(rule, located, message)
    }

    /// Makes a piece of evidence.
    #[must_use]
    pub fn evidence(&self, span: Span, text: impl Into<String>) -> Evidence {
        Evidence { position: self.file.position(span.start), text: text.into() }
    }

    /// Returns the definition as a message names it: "function `f`".
    #[must_use]
    pub fn called(&self) -> String {
        let definition = self.definition;
        match definition.kind {
            DefinitionKind::Module => "the module".to_owned(),
            kind => format!("{} `{}`", kind.word(), definition.qualified_name),
        }
    }
}

impl Finding {
    /// Says who can answer the finding, and what within the docstring it is about.
    #[must_use]
    pub fn answered_by(mut self, answer: Answer, subject: Option<String>) -> Self {
        self.answer = answer;
        self.subject = subject;
        self
    }

    /// Adds evidence.
    #[must_use]
    pub fn with_evidence(mut self, evidence: Evidence) -> Self {
        self.evidence.push(evidence);
        self
    }
}
