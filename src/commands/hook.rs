//! `docgate hook`: the git pre-commit hook, by hand and under hook managers.

use crate::cli::{HookArguments, OutputFormat, Overrides, Selector};
use crate::config::{Config, Mode, ModelChoice};
use crate::env;
use crate::error::{Error, ExitStatus};
use crate::git::hook::{self, HookError, InstallOptions, InstallState};
use crate::git::{Repository, Selection};
use crate::report::Report;
use crate::rules::{Answer, Settings, Severity};

use super::choose::Looked;
use super::fix::finished;
use super::judge::{Beside, judge, report};
use super::mend::{Door, Workshop, mend};
use super::output::Printer;
use super::put::{Target, put};
use super::setting::{self, Session, Source, of_git};
use super::{choose, output};

/// Installs the hook.
pub(super) fn install() -> Result<ExitStatus, Error> {
    let repository = Repository::discover().map_err(|error| of_git(&error))?;
    let options = InstallOptions { binary: std::env::current_exe().ok() };
    let installed = hook::install(&repository, &options).map_err(|error| of_hook(&error))?;
    let word = match installed.state {
        InstallState::Unchanged => "was already installed",
        _ => "installed",
    };
    output::say(&format!("{word}: {}", installed.path.display()))?;
    Ok(ExitStatus::Success)
}

/// Removes the hook.
pub(super) fn uninstall() -> Result<ExitStatus, Error> {
    let repository = Repository::discover().map_err(|error| of_git(&error))?;
    match hook::uninstall(&repository).map_err(|error| of_hook(&error))? {
        Some(path) => output::say(&format!("removed: {}", path.display()))?,
        None => output::say("there is no hook of docgate's")?,
    }
    Ok(ExitStatus::Success)
}

/// Does what the hook does.
pub(super) fn run(session: &Session, arguments: &HookArguments) -> Result<ExitStatus, Error> {
    if let Some(name) = skipped() {
        output::tell(&format!("docgate: skipped, {name} is set"));
        return Ok(ExitStatus::Success);
    }
    let mut flags = setting::flags(&Overrides::default(), None)?;
    if let Some(mode) = &arguments.mode {
        flags.mode = Some(setting::parsed("--mode", mode)?);
    }
    let repository = Repository::discover().map_err(|error| of_git(&error))?;
    let config = setting::load(Source::Index(&repository), flags)?;
    let selection = choose::without_excluded(select(&repository, arguments)?, &config);
    let source = Source::Index(&repository);
    let settings =
        choose::settings((&config, source), &selection.tree, selection.paths(), Some(&repository))?;
    match config.mode.value {
        Mode::Check | Mode::Warn => {
            let workshop =
                Workshop { config: &config, settings: &settings, run_id: &session.run_id, door: Door::Hook };
            let report = report(&Looked::Changes(selection), &workshop, Beside::Lines);
            conclude(session, &report, &config)
        }
        Mode::Fix => fix(session, &repository, &selection, (&config, &settings)),
    }
}

/// Returns the variable that leaves the hook out this once.
pub(super) fn skipped() -> Option<&'static str> {
    if env::read(env::SKIP).is_some() {
        return Some(env::SKIP);
    }
    let ids = env::read(env::SKIP_IDS)?;
    ids.split(',').any(|id| matches!(id.trim(), "docgate" | "docgate-fix")).then_some(env::SKIP_IDS)
}

/// The files a manager names narrow what is staged; with nothing staged, they are looked at whole.
fn select(repository: &Repository, arguments: &HookArguments) -> Result<Selection, Error> {
    let (from, to) = (env::read(env::PRE_COMMIT_FROM_REF), env::read(env::PRE_COMMIT_TO_REF));
    if let (Some(from), Some(to)) = (from, to) {
        let selector = Selector { range: Some(format!("{from}...{to}")), ..Selector::default() };
        let selection = choose::in_repository(repository, &selector)?;
        return match arguments.files.as_slice() {
            [] => Ok(selection),
            files => choose::narrowed(repository, selection, files),
        };
    }
    let staged = repository.staged(None).map_err(|error| of_git(&error))?;
    if arguments.files.is_empty() {
        return Ok(staged);
    }
    if !repository.has_staged().map_err(|error| of_git(&error))? {
        return choose::on_disk(&arguments.files, Some(repository)).map(|found| found.selection());
    }
    choose::narrowed(repository, staged, &arguments.files)
}

fn fix(
    session: &Session,
    repository: &Repository,
    selection: &Selection,
    (config, settings): (&Config, &Settings),
) -> Result<ExitStatus, Error> {
    let workshop = Workshop { config, settings, run_id: &session.run_id, door: Door::Hook };
    let judgement = judge(selection, settings);
    let mut mending = mend(&judgement, &workshop)?;
    // pre-commit and prek put unstaged work aside, refuse a hook that changed files, and never stage: only the
    // working tree may be written then.
    let managed = env::read(env::PRE_COMMIT).is_some();
    let target =
        if managed { Target::WorkingTree(repository) } else { Target::IndexAndWorkingTree(repository) };
    put(&mut mending, target)?;
    let report = finished(&judgement, mending, config, settings);
    let status = conclude(session, &report, config)?;
    if managed && report.changed() > 0 {
        output::tell(
            "docgate: docstrings were written into the working tree only, since the hook manager stages nothing. Stage \
             what belongs to the commit, if it is not staged yet (`git add -p`), run `docgate fix --staged`, which brings \
             index and files together, and commit again",
        );
        return Ok(ExitStatus::Findings);
    }
    Ok(status)
}

/// Prints the report and says how to go on; what blocks is decided by the text alone.
fn conclude(session: &Session, report: &Report, config: &Config) -> Result<ExitStatus, Error> {
    let status = if config.mode.value == Mode::Warn { ExitStatus::Success } else { report.status() };
    let worth_saying = !report.outcomes.is_empty()
        || !report.skipped.is_empty()
        || !report.failures.is_empty()
        || report.usage.is_some();
    if worth_saying {
        output::print(report, status, &Printer::new(session, OutputFormat::Text))?;
    }
    if status == ExitStatus::Findings {
        let blocking = report.remaining().filter(|(_, finding)| finding.severity == Severity::Error);
        let has_writer = config.effective_model() != ModelChoice::None;
        let answerable = config.mode.value == Mode::Check
            && blocking.into_iter().any(|(_, finding)| match finding.answer {
                Answer::Repair(_) => true,
                Answer::Generate(_) => has_writer,
                Answer::UnsafeRepair(_) => config.unsafe_fixes.value,
                Answer::Person => false,
            });
        let fix = if answerable { "`docgate fix` writes what it can, then commit again; " } else { "" };
        output::tell(&format!(
            "docgate: the commit is refused; {fix}`git commit --no-verify` skips the check"
        ));
    }
    Ok(status)
}

fn of_hook(error: &HookError) -> Error {
    Error::of(ExitStatus::Unfinished, error, error.hint())
}
