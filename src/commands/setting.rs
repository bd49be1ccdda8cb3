//! The configuration joined with the stages that use it.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

use crate::change::RepoPath;
use crate::cli::{Color, Overrides, Writer};
use crate::config::{
    Config, Flags, Kind, Level, ModelChoice, Origin, RuleOption, Section, Style, SummaryLine, Types,
};
use crate::docstring::{BeforeQuotes, House, SectionKind, Separation, Titles};
use crate::error::{Error, ExitStatus};
use crate::generate::{Extras, Voice};
use crate::git::{GitError, Repository};
use crate::python::{ParsedFile, line_width};
use crate::rules::{
    self, Baseline, OptionValue, Require, RequiredSections, Requirement, Selection, Severity, begins_below,
};
use crate::telemetry::RunId;
use crate::untrusted::sanitised;
use crate::{docstring, env};

/// What belongs to this run and to no configuration.
#[derive(Debug)]
pub(super) struct Session {
    pub(super) run_id: RunId,
    pub(super) quiet: bool,
    pub(super) color: Color,
}

/// Where the configuration of the repository is read.
#[derive(Clone, Copy)]
pub(super) enum Source<'a> {
    /// As it is staged: the hook judges what will be committed.
    Index(&'a Repository),
    /// As it is in a revision: a pull request does not configure its own review.
    Revision(&'a Repository, &'a str),
    /// On disk.
    Disk(&'a Path),
}

impl Source<'_> {
    fn word(self) -> &'static str {
        match self {
            Self::Index(_) => "index",
            Self::Revision(..) => "revision",
            Self::Disk(_) => "disk",
        }
    }
}

/// Reads the configuration.
pub(super) fn load(source: Source<'_>, flags: Flags) -> Result<Config, Error> {
    let unreadable = std::cell::RefCell::new(None);
    let files = |name: &str| -> Option<Vec<u8>> {
        read_file(source, &RepoPath::new(name)?).unwrap_or_else(|error| {
            unreadable.replace(Some(error));
            None
        })
    };
    let loaded = Config::load(&files, &env::read, flags);
    if let Some(error) = unreadable.take() {
        return Err(error);
    }
    let config = loaded.map_err(Error::from)?;
    let (mode, model) = (config.mode.value.word(), config.effective_model().word());
    tracing::debug!(read_from = source.word(), mode, model, "configured");
    Ok(config)
}

/// Reads the findings that are known, from where the configuration was read: who adds to them in a pull request is
/// reviewed by the ones of the base. None are where there is no such file.
pub(super) fn baseline(source: Source<'_>, config: &Config) -> Result<Option<Baseline>, Error> {
    let set = &config.baseline;
    let wrong = |problem: String| Error::usage(format!("{}: {problem}", sanitised(&set.value)));
    let Some(path) = RepoPath::new(&set.value) else {
        return Err(wrong("it does not lie in the repository".to_owned()));
    };
    let Some(bytes) = read_file(source, &path)? else { return Ok(None) };
    let text = std::str::from_utf8(&bytes).map_err(|_| wrong("it is not valid UTF-8".to_owned()))?;
    let baseline = Baseline::read(text).map_err(|error| wrong(error.to_string()));
    baseline.map(Some).map_err(|error| error.hint("`docgate baseline` writes it anew once it is deleted"))
}

/// Reads a file from where the configuration is read.
pub(super) fn read_file(source: Source<'_>, path: &RepoPath) -> Result<Option<Vec<u8>>, Error> {
    let root = match source {
        Source::Index(repository) => return repository.staged_file(path).map_err(|error| of_git(&error)),
        Source::Revision(repository, revision) => {
            return repository.file_at(revision, path).map_err(|error| of_git(&error));
        }
        Source::Disk(root) => root,
    };
    let path = path.below(root);
    match std::fs::read(&path) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(Error::usage(format!("cannot read {}", path.display())).because(error)),
    }
}

/// Turns command line overrides into the flags layer of the configuration.
pub(super) fn flags(overrides: &Overrides, writer: Option<&Writer>) -> Result<Flags, Error> {
    let mut flags = Flags {
        select: overrides.select.clone(),
        extend_select: overrides.extend_select.clone(),
        ignore: overrides.ignore.clone(),
        ..Flags::default()
    };
    if let Some(style) = &overrides.style {
        flags.style = Some(parsed("--style", style)?);
    }
    let Some(writer) = writer else { return Ok(flags) };
    if let Some(model) = &writer.model {
        flags.model = Some(parsed("--model", model)?);
    }
    if writer.no_model {
        flags.model = Some(ModelChoice::None);
    }
    flags.judge = writer.judge.then_some(true);
    flags.budget_definitions = writer.max_definitions;
    flags.budget_tokens = writer.max_tokens;
    flags.budget_cost = writer.max_cost;
    Ok(flags)
}

/// Parses the word that a flag takes.
pub(super) fn parsed<T: std::str::FromStr<Err = String>>(flag: &str, word: &str) -> Result<T, Error> {
    word.parse().map_err(|message| Error::usage(format!("{flag}: {message}")))
}

/// Makes the settings of the rules.
pub(super) fn rules(config: &Config) -> Result<rules::Settings, Error> {
    let level = |level: Level| match level {
        Level::Error => Some(Severity::Error),
        Level::Warning => Some(Severity::Warning),
        Level::Advice => Some(Severity::Advice),
        Level::Off => None,
    };
    let selection = Selection {
        select: config.select.as_ref().map(|select| select.value.clone()),
        extend_select: config.extend_select.value.clone(),
        ignore: config.ignore.value.clone(),
        severity: config.severity.iter().map(|(name, set)| (name.clone(), level(set.value))).collect(),
    };
    let mut severities = selection
        .severities()
        .map_err(|error| unknown_rule(format!("{}{error}", place_of(config, &error.0)), &error.0))?;
    if let Some(select) = config.select.as_ref().filter(|_| severities.is_empty()) {
        let set_in = select.origin.to_string();
        tracing::warn!(set_in, "no rule is on, so nothing can be found");
    }
    let (house, named) = (house(config), selection.named());
    for code in rules::against(&house) {
        if !named.contains(code) {
            severities.remove(code);
        }
    }
    let mut options = rules::Options::default();
    for (name, option) in &config.rules {
        let value = match &option.value {
            RuleOption::Switch(on) => OptionValue::Switch(*on),
            RuleOption::Number(number) => OptionValue::Number(*number),
            RuleOption::Word(word) => OptionValue::Word(word.clone()),
        };
        options
            .set(name, &value)
            .map_err(|problem| Error::usage(format!("{}: `rules`: {name:?}: {problem}", option.origin)))?;
    }
    let mut left_out = Vec::new();
    for (patterns, selectors) in &config.per_file_ignores {
        let mut codes = BTreeSet::new();
        for selector in &selectors.value {
            let meant = rules::meant_by(selector);
            if meant.is_empty() {
                let problem =
                    format!("{}: `per-file-ignores`: no rule is called `{selector}`", selectors.origin);
                return Err(unknown_rule(problem, selector));
            }
            codes.extend(meant);
        }
        left_out.push((patterns.clone(), codes));
    }
    let ignored = move |path: &RepoPath| -> BTreeSet<&'static str> {
        let matching = left_out.iter().filter(|(patterns, _)| patterns.matches(path));
        matching.flat_map(|(_, codes)| codes.iter().copied()).collect()
    };
    let tests = config.tests.value.clone();
    Ok(rules::Settings {
        require: match config.require.value {
            crate::config::Require::Touched => Require::Touched,
            crate::config::Require::Added => Require::Added,
        },
        style: style(config.style.value),
        house: Arc::new(house),
        required: required(config),
        tests: Arc::new(move |path| tests.matches(path)),
        ignored: Arc::new(ignored),
        named,
        severities,
        options,
        ..rules::Settings::default()
    })
}

/// Says where the name of a rule was written, for the beginning of a message.
fn place_of(config: &Config, name: &str) -> String {
    let extended = config.extend_select_parts.iter().map(|set| ("extend-select", set));
    let others = config.select.iter().map(|set| ("select", set)).chain([("ignore", &config.ignore)]);
    let mut lists = others.chain(extended).filter(|(_, set)| set.value.iter().any(|it| it == name));
    let listed = lists.next().map(|(key, set)| (key, set.origin));
    let weighed = || config.severity.get(name).map(|set| ("severity", set.origin));
    match listed.or_else(weighed) {
        Some((key, Origin::Flag)) => format!("--{key}: "),
        Some((key, origin)) => format!("{origin}: `{key}`: "),
        None => String::new(),
    }
}

/// Makes the error about a name that no rule has, with the one that may be meant.
pub(super) fn unknown_rule(message: String, name: &str) -> Error {
    let error = Error::usage(message);
    let error = match rules::nearest(name) {
        Some(meant) => error.hint(format!("did you mean `{meant}`?")),
        None => error,
    };
    error.hint("`docgate rule` lists the codes and names of all rules")
}

/// Returns the style that a word of the configuration names; nothing for `auto`.
pub(super) fn style(word: Style) -> Option<docstring::Style> {
    match word {
        Style::Auto => None,
        Style::Google => Some(docstring::Style::Google),
        Style::Numpy => Some(docstring::Style::Numpy),
        Style::Sphinx => Some(docstring::Style::Sphinx),
        Style::Epytext => Some(docstring::Style::Epytext),
    }
}

/// Makes the habits of the code base.
fn house(config: &Config) -> House {
    let set = &config.docstring;
    let titles = set.titles.iter().map(|(title, kind)| (title.clone(), section(kind.value))).collect();
    House {
        order: set.section_order.value.iter().copied().map(section).collect(),
        summary_line: match set.summary_line.value {
            SummaryLine::First => docstring::SummaryLine::First,
            SummaryLine::Second => docstring::SummaryLine::Second,
        },
        between_sections: if set.blank_line_between_sections.value {
            Separation::BlankLine
        } else {
            Separation::Nothing
        },
        before_quotes: if set.blank_line_before_closing_quotes.value {
            BeforeQuotes::BlankLine
        } else {
            BeforeQuotes::Nothing
        },
        types: match set.types.value {
            Types::Auto => docstring::Types::AsUsual,
            Types::Always => docstring::Types::Always,
            Types::Never => docstring::Types::Never,
        },
        titles: Titles::new(titles),
    }
}

fn required(config: &Config) -> RequiredSections {
    let set = &config.docstring.required;
    let rows = [
        (Requirement::Module, &set.module),
        (Requirement::Class, &set.class),
        (Requirement::Function, &set.function),
        (Requirement::Method, &set.method),
        (Requirement::Property, &set.property),
    ];
    let kinds = |sections: &[Section]| sections.iter().copied().map(section).collect();
    RequiredSections::new(rows.map(|(requirement, set)| (requirement, kinds(&set.value))))
}

fn section(word: Section) -> SectionKind {
    match word {
        Section::Parameters => SectionKind::Parameters,
        Section::OtherParameters => SectionKind::OtherParameters,
        Section::Attributes => SectionKind::Attributes,
        Section::Methods => SectionKind::Methods,
        Section::Returns => SectionKind::Returns,
        Section::Yields => SectionKind::Yields,
        Section::Receives => SectionKind::Receives,
        Section::Raises => SectionKind::Raises,
        Section::Warns => SectionKind::Warns,
        Section::Warnings => SectionKind::Warnings,
        Section::SeeAlso => SectionKind::SeeAlso,
        Section::Notes => SectionKind::Notes,
        Section::References => SectionKind::References,
        Section::Examples => SectionKind::Examples,
        Section::Todo => SectionKind::Todo,
        Section::Deprecated => SectionKind::Deprecated,
        Section::Custom => SectionKind::Custom,
    }
}

/// Makes the voice in which the model is asked to write.
pub(super) fn voice(config: &Config) -> Voice {
    let instructions = config.instructions.as_ref().map(|set| set.value.clone());
    let glossary = config.generate.glossary.iter().map(|(term, set)| (term.clone(), set.value.clone()));
    let mut glossary: Vec<(String, String)> = glossary.collect();
    // In which order somebody wrote them down says nothing, and must cost nothing.
    glossary.sort();
    Voice {
        instructions: instructions.unwrap_or_default(),
        glossary,
        extras: !extras(config).is_empty(),
        language: config.generate.language.value,
    }
}

/// Returns which new docstrings get more than rules ask for.
pub(super) fn extras(config: &Config) -> Extras {
    let kinds = |kinds: &[Kind]| kinds.iter().copied().map(requirement).collect();
    let set = &config.generate;
    Extras { examples: kinds(&set.examples.value), notes: kinds(&set.notes.value) }
}

fn requirement(kind: Kind) -> Requirement {
    match kind {
        Kind::Module => Requirement::Module,
        Kind::Class => Requirement::Class,
        Kind::Function => Requirement::Function,
        Kind::Method => Requirement::Method,
        Kind::Property => Requirement::Property,
    }
}

/// Returns the line length within which to write in a file, in columns: the one that was set, else the file's own.
pub(super) fn width(config: &Config, file: &ParsedFile) -> usize {
    match config.line_length.origin {
        Origin::Default => line_width(file),
        _ => usize::try_from(config.line_length.value).unwrap_or_else(|_| line_width(file)),
    }
}

/// Returns the habits by which to write in a file: those that were set, else the file's own.
pub(super) fn habits(config: &Config, set: &Arc<House>, file: &ParsedFile) -> Arc<House> {
    let is_open = config.docstring.summary_line.origin == Origin::Default;
    if is_open && begins_below(file) {
        let summary_line = docstring::SummaryLine::Second;
        return Arc::new(House { summary_line, ..House::clone(set) });
    }
    Arc::clone(set)
}

/// Turns an error of git into the error of a run.
pub(super) fn of_git(error: &GitError) -> Error {
    let usage = matches!(error, GitError::BadRange { .. } | GitError::UnknownRevision { .. });
    let status = if usage { ExitStatus::Usage } else { ExitStatus::Unfinished };
    Error::of(status, error, error.hint())
}
