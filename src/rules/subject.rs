//! What a rule looks at: one definition with its docstring, its base and the settings.

use crate::change::RepoPath;
use crate::docstring::{Docstring, SectionKind};
use crate::python::{Definition, DefinitionKind, ParsedFile, Signature, Span, Touched, Visibility};

use super::hierarchy::Sight;
use super::support::variants;
use super::{Answer, Convention, Evidence, Finding, Rule, Settings, ShortDocstrings, Text, docstring_of};

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
    /// The source of its docstring, cut into lines.
    pub text: Option<&'a Text<'a>>,
    /// What happened to it since the base.
    pub touched: Touched,
    /// Its counterpart in the base.
    pub base: Option<&'a Definition>,
    /// The file of the base that the counterpart is in.
    pub base_file: Option<&'a ParsedFile>,
    /// What the configuration says.
    pub settings: &'a Settings,
}

impl<'a> Subject<'a> {
    /// Returns from where other classes are looked for.
    pub(super) fn sight(&self) -> Sight<'a> {
        Sight { path: self.path, file: self.file, modules: &self.settings.modules }
    }

    /// Returns the convention that the docstring is laid out by, if one is chosen or shown.
    #[must_use]
    pub fn convention(&self) -> Option<Convention> {
        self.settings.options.conventions.of(self.docstring.map(Docstring::dominant))
    }

    /// Returns the parsed docstring, whose sections may be judged whatever their style.
    #[must_use]
    pub fn judged_docstring(&self) -> Option<&'a Docstring> {
        self.docstring
    }

    /// Returns whether the docstring is too short to be asked for sections.
    #[must_use]
    pub fn is_short(&self) -> bool {
        self.docstring.is_some_and(|docstring| match self.settings.options.short {
            ShortDocstrings::OneParagraph => docstring.is_short(),
            ShortDocstrings::WithoutSections => {
                !docstring.sections.iter().any(|section| is_contract(section.kind))
            }
            ShortDocstrings::Asked => false,
        })
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

    /// Returns whether the docstring must be complete: the code or the docstring was written in this change.
    #[must_use]
    pub fn owes_completeness(&self) -> bool {
        self.touched.code() || self.touched.docstring
    }

    /// Returns the signature that a parameter list is held against: a function's own, or `__init__`'s for a
    /// class; with the definition it belongs to.
    #[must_use]
    pub fn described_signature(&self) -> Option<(&'a Signature, &'a Definition)> {
        let definition = self.definition;
        if definition.kind.is_function() {
            return Some((&definition.signature, definition));
        }
        if definition.kind == DefinitionKind::Module {
            return None;
        }
        // Of several, one in each branch, the text does not say which one it is about.
        let own: Vec<_> = variants(self.file, &format!("{}.__init__", definition.qualified_name)).collect();
        let [init] = own.as_slice() else { return None };
        Some((&init.signature, init))
    }

    /// Returns whether it is an `__init__` whose class documents in its own docstring what is asked for here.
    #[must_use]
    pub fn is_left_to_class(&self, kind: SectionKind) -> bool {
        let class = self.file.parent(self.definition).filter(|parent| parent.kind.is_class());
        let Some(class) = class.filter(|_| self.definition.name == "__init__") else { return false };
        let parsed = docstring_of(self.file, class, self.settings, || self.settings.style_in(self.file));
        parsed.is_some_and(|docstring| docstring.section(kind).is_some())
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

/// Returns whether a section says how something is used; the others, "See Also" and "Notes", may follow any summary.
fn is_contract(kind: SectionKind) -> bool {
    use SectionKind::{
        Attributes, Deprecated, Examples, OtherParameters, Parameters, Raises, Receives, Returns, Warns,
        Yields,
    };
    matches!(
        kind,
        Parameters
            | OtherParameters
            | Receives
            | Attributes
            | Returns
            | Yields
            | Raises
            | Warns
            | Examples
            | Deprecated
    )
}

/// Returns whether a definition is an interface, which says what its implementations do.
pub(super) fn is_without_code(definition: &Definition) -> bool {
    let body = &definition.body;
    let refuses = |raise: &crate::python::Raise| raise.exception.as_deref() == Some("NotImplementedError");
    body.is_stub()
        || ["abstractmethod", "abstractproperty"].iter().any(|name| definition.has_decorator(name))
        || body.raises.iter().any(refuses) && body.returned_value().is_none() && !body.is_generator()
}

/// Returns whether a decorator may put something else in the place of a function.
pub(super) fn is_replaced(definition: &Definition) -> bool {
    let keeps = |decorator: &String| {
        let name = decorator.rsplit('.').next().unwrap_or(decorator);
        matches!(
            name,
            "staticmethod"
                | "classmethod"
                | "property"
                | "cached_property"
                | "abstractproperty"
                | "setter"
                | "getter"
                | "deleter"
                | "abstractmethod"
                | "override"
                | "overload"
                | "final"
                | "cache"
                | "lru_cache"
                | "wraps"
                | "deprecated"
                | "no_type_check"
                | "contextmanager"
                | "asynccontextmanager"
        )
    };
    !definition.decorators.iter().all(keeps)
}
