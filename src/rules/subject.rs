//! What a rule looks at: one definition with its docstring, its base and the settings.

use std::cell::OnceCell;
use std::collections::BTreeSet;

use crate::change::RepoPath;
use crate::docstring::{Docstring, SectionKind, Style, detect_with, parse_with};
use crate::python::{Definition, DefinitionKind, ParsedFile, Signature, Span, Touched, columns, line_width};

use super::hierarchy::Sight;
use super::owed::exemption;
use super::support::variants;
use super::{
    Answer, Convention, Conventions, Evidence, Finding, RULES, Replacement, Rule, Settings, Severity,
    ShortDocstrings, Text, docstring_of, style_of,
};

/// So many docstrings are a habit.
const HABIT: usize = 3;

/// A file under judgement.
#[derive(Debug)]
pub struct Module<'a> {
    path: &'a RepoPath,
    file: &'a ParsedFile,
    settings: &'a Settings,
    /// What its docstrings show; finding out reads all of them.
    shown: OnceCell<Option<Style>>,
    /// The style that it shows by more than a single docstring among many.
    settled: OnceCell<Option<Style>>,
    /// The rules that are not looked for in it.
    ignored: OnceCell<BTreeSet<&'static str>>,
    /// Whether most of its docstrings of several lines begin below the quotes.
    below: OnceCell<bool>,
    /// The rules that are looked for, which are the same for all its definitions.
    rules: OnceCell<Vec<(&'static Rule, Severity)>>,
}

impl<'a> Module<'a> {
    /// Looks at a file under settings.
    #[must_use]
    pub fn new(path: &'a RepoPath, file: &'a ParsedFile, settings: &'a Settings) -> Self {
        Self {
            path,
            file,
            settings,
            shown: OnceCell::new(),
            settled: OnceCell::new(),
            ignored: OnceCell::new(),
            below: OnceCell::new(),
            rules: OnceCell::new(),
        }
    }

    /// Returns whether a rule is not looked for in this file.
    pub(super) fn ignores(&self, rule: &Rule) -> bool {
        self.ignored.get_or_init(|| (self.settings.ignored)(self.path)).contains(rule.code)
    }

    /// Returns the path of the file.
    pub(super) fn path(&self) -> &'a RepoPath {
        self.path
    }

    /// Returns the file.
    #[must_use]
    pub fn file(&self) -> &'a ParsedFile {
        self.file
    }

    /// Returns the rules that are on in this file, in the order of the table, each with its severity.
    pub(super) fn rules(&self) -> &[(&'static Rule, Severity)] {
        self.rules.get_or_init(|| {
            let severities = &self.settings.severities;
            let on = RULES.iter().filter_map(|rule| Some((rule, *severities.get(rule.code)?)));
            on.filter(|(rule, _)| !self.ignores(rule)).collect()
        })
    }

    /// Returns whether docstrings of several lines begin below the quotes as a habit.
    pub(super) fn begins_below(&self) -> bool {
        *self.below.get_or_init(|| begins_below(self.file))
    }

    /// Returns the settings.
    #[must_use]
    pub fn settings(&self) -> &'a Settings {
        self.settings
    }

    /// Returns the style that is configured, or that most docstrings of the file show.
    fn shown(&self) -> Option<Style> {
        let shown = || self.settings.style.or_else(|| style_of(self.file, &self.settings.house.titles));
        *self.shown.get_or_init(shown)
    }

    /// Returns the style that docstrings without sections are laid out by: the configured one, or the shown one.
    ///
    /// Only Google's can be shown by accident: an "Example:" or a "Methods:" is written by people who know no style, and
    /// one docstring among many is that of one author.
    fn settled(&self) -> Option<Style> {
        let shown = self.shown().filter(|_| self.settings.style.is_none());
        if shown != Some(Style::Google) {
            return self.shown();
        }
        *self.settled.get_or_init(|| shown.filter(|_| self.is_mostly_google()))
    }

    fn is_mostly_google(&self) -> bool {
        let titles = &self.settings.house.titles;
        let texts = self.file.definitions.iter().filter_map(|found| self.file.docstring_text(found));
        let (mut long, mut listing) = (0_usize, 0_usize);
        for text in texts.filter(|text| text.trim().contains('\n')) {
            long += 1;
            let shows = detect_with(text, titles) == Some(Style::Google);
            listing += usize::from(shows && has_lists(&parse_with(text, Style::Google, titles)));
            if listing >= ENOUGH {
                return true;
            }
        }
        listing > 0 && listing * 2 >= long
    }

    /// Returns the style of the file: what it shows, or the repository's.
    #[must_use]
    pub fn style(&self) -> Style {
        self.shown().or_else(|| self.settings.usual_style.get()).unwrap_or(Style::Google)
    }
}

/// Returns whether docstrings of several lines begin below the quotes as a habit of the file.
#[must_use]
pub fn begins_below(file: &ParsedFile) -> bool {
    let texts = file.definitions.iter().filter_map(|definition| file.docstring_text(definition));
    let long: Vec<&str> = texts.filter(|text| text.trim_end().contains('\n')).collect();
    let below = long.iter().filter(|text| text.lines().next().is_some_and(|line| line.trim().is_empty()));
    let below = below.count();
    below >= HABIT && 2 * below > long.len()
}

/// A definition under judgement.
#[derive(Debug, Clone, Copy)]
pub struct Subject<'a> {
    /// The file, with what is known about all of it.
    pub module: &'a Module<'a>,
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
    /// Looks at a definition as if it were new, and its docstring not read yet.
    #[must_use]
    pub fn new(module: &'a Module<'a>, definition: &'a Definition) -> Self {
        let Module { path, file, settings, .. } = *module;
        Self {
            module,
            path,
            file,
            definition,
            docstring: None,
            text: None,
            touched: Touched { added: true, ..Touched::default() },
            base: None,
            base_file: None,
            settings,
        }
    }

    /// Returns from where other classes are looked for.
    pub(super) fn sight(&self) -> Sight<'a> {
        Sight { path: self.path, file: self.file, modules: &self.settings.modules }
    }

    /// Returns the convention that the docstring is laid out by: the chosen one, or that of the style which it shows, or
    /// its module where it has no lists.
    #[must_use]
    pub fn convention(&self) -> Option<Convention> {
        let conventions = self.settings.options.conventions;
        let listing = self.docstring.filter(|docstring| has_lists(docstring));
        conventions.of(|| listing.map(Docstring::dominant).or_else(|| self.module.settled()))
    }

    /// Returns whether the docstring lists names in PEP 257's own way, which knows no sections, whatever title is above.
    pub(super) fn lists_plainly(&self) -> bool {
        let text = self.file.docstring_text(self.definition).unwrap_or("");
        let is_google = self.docstring.is_none_or(|docstring| docstring.dominant() == Style::Google);
        self.settings.options.conventions == Conventions::OfStyle && is_google && lists_with_hyphens(text)
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

    /// Returns whether a docstring is owed: public, not a test, not a stub, not said elsewhere.
    #[must_use]
    pub fn owes_docstring(&self) -> bool {
        exemption(self).is_none()
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
        let parsed = docstring_of(self.file, class, self.settings, || self.module.style());
        parsed.is_some_and(|docstring| docstring.section(kind).is_some())
    }

    /// Returns whether the docstring has a section of a kind.
    #[must_use]
    pub fn has_section(&self, kind: SectionKind) -> bool {
        self.docstring.is_some_and(|docstring| docstring.section(kind).is_some())
    }

    /// Returns whether it is what is tested, and so is its docstring: it is defined within a test, or beside tests of docstrings.
    pub(super) fn is_test_data(&self) -> bool {
        // Every rule about wording asks this, so that the patterns of paths come last.
        let mut around =
            std::iter::successors(self.file.parent(self.definition), |outer| self.file.parent(outer));
        let is_within = around.any(|outer| outer.kind.is_function());
        let is_no_test = || {
            let mut named = std::iter::successors(Some(self.definition), |inner| self.file.parent(inner));
            !named.any(|definition| definition.name.to_lowercase().starts_with("test"))
        };
        (is_within || self.file.tries_docstrings() && is_no_test()) && self.settings.is_test(self.path)
    }

    /// Returns whether only a section of its own says something.
    pub(super) fn sections_only(&self) -> bool {
        self.settings.options.reading.sections_only
    }

    /// Returns whether only the statements of the function itself count.
    pub(super) fn own_code_only(&self) -> bool {
        self.settings.options.reading.own_code_only
    }

    /// Returns whether the code is not to be held against the text, because it is that of subclasses which does it.
    pub(super) fn is_interface(&self) -> bool {
        if self.own_code_only() { self.definition.body.is_stub() } else { is_without_code(self.definition) }
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

    /// Returns whether the line of a part of the docstring stays within the length of its file when another text takes its place.
    ///
    /// Nobody asked for a longer line where all of the code is looked at; what a change has made untrue is put right all the same.
    pub(super) fn has_room_for(&self, span: Span, text: &str) -> bool {
        let span = self.definition.docstring.as_ref().map_or(span, |literal| literal.locate(span));
        self.base.is_some() || self.stays_within(&[Replacement { span, text: text.to_owned() }], 0)
    }

    /// Returns whether no line becomes too long for its file through replacements within lines, and `more` columns that are still to
    /// come.
    pub(super) fn stays_within(&self, made: &[Replacement], more: usize) -> bool {
        let source = self.file.text.as_str();
        let width = line_width(self.file);
        made.iter().all(|one| {
            let start = source[..one.span.start].rfind(['\n', '\r']).map_or(0, |at| at + 1);
            let end = source[one.span.end..].find(['\n', '\r']).map_or(source.len(), |at| one.span.end + at);
            let here = made.iter().filter(|other| start <= other.span.start && other.span.end <= end);
            let (gone, come) = here.fold((0, more), |(gone, come), other| {
                (gone + other.span.of(source).chars().count(), come + other.text.chars().count())
            });
            let before = columns(source.get(start..end).unwrap_or(""));
            before > width || before + come <= width + gone
        })
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

/// So many docstrings with lists tell the style of a module, whatever the others look like.
const ENOUGH: usize = 3;

/// Returns whether a docstring has a section that only its style writes so; a title above prose belongs to all of them.
fn has_lists(docstring: &Docstring) -> bool {
    let is_list = |kind| is_contract(kind) && kind != SectionKind::Examples;
    docstring.sections.iter().any(|section| section.style != Style::Google || is_list(section.kind))
}

/// Returns whether a text lists names as PEP 257 does: "real -- the real part", with or without a title above.
fn lists_with_hyphens(text: &str) -> bool {
    text.lines().filter_map(|line| line.split_once(" -- ")).any(|(names, _)| {
        let names = names.trim_start().trim_start_matches(['-', '*']);
        names.split(',').all(|name| {
            let name = name.trim().trim_matches(['\'', '"', '`', '*']);
            !name.is_empty() && name.chars().all(|letter| letter.is_alphanumeric() || letter == '_')
        })
    })
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

/// Returns the code of a definition behind its docstring.
pub(super) fn code_of<'a>(file: &'a ParsedFile, definition: &Definition) -> &'a str {
    let start = definition.docstring.as_ref().map_or(definition.header.end, |literal| literal.span.end);
    file.text.get(start..definition.span.end).unwrap_or("")
}

/// Returns the lines of code, without blanks and comments.
pub(super) fn lines_of_code(code: &str) -> Vec<&str> {
    code.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#')).collect()
}

/// Returns whether a definition is an interface, which says what its implementations do.
pub(super) fn is_without_code(definition: &Definition) -> bool {
    let body = &definition.body;
    // `AbstractMethodError` and its like are what frameworks call it.
    let refuses = |raise: &crate::python::Raise| {
        let name = raise.exception.as_deref().map_or("", crate::python::last_part);
        name.starts_with("Abstract") || name.contains("NotImplemented")
    };
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
