//! `docgate fix`: repair, then write what is missing where somebody is there to write it.

use std::fmt::Write as _;

use similar::TextDiff;

use crate::change::RepoPath;
use crate::cli::{FixArguments, Selector};
use crate::config::{Config, OnFailure};
use crate::error::{Error, ExitStatus};
use crate::git::Repository;
use crate::report::{Report, Resolution};
use crate::rules::{Answer, Settings, Severity};

use super::judge::{Judgement, judge};
use super::mend::{Door, Mending, Workshop, mend};
use super::output::Printer;
use super::put::{Target, put};
use super::questions::{self, Shown};
use super::setting::{self, Session, Source};
use super::{choose, convert, ignores, output};

/// Runs the command.
pub(super) fn run(session: &Session, arguments: &FixArguments) -> Result<ExitStatus, Error> {
    let selector = with_default(&arguments.selector, arguments.instead.add_ignores);
    let mut flags = setting::flags(&arguments.overrides, Some(&arguments.writer))?;
    flags.unsafe_fixes = match (arguments.daring.unsafe_fixes, arguments.daring.no_unsafe_fixes) {
        (true, _) => Some(true),
        (_, true) => Some(false),
        _ => None,
    };
    let on_disk = !selector.staged && selector.range.is_none() && selector.since.is_none();
    let repository = match Repository::discover() {
        Ok(repository) => Some(repository),
        Err(_) if on_disk => None,
        Err(error) => return Err(setting::of_git(&error)),
    };
    let mut root = None;
    let (selection, config, settings) = match &repository {
        Some(repository) if !on_disk => {
            let source =
                if selector.staged { Source::Index(repository) } else { Source::Disk(repository.root()) };
            let config = setting::load(source, flags)?;
            let selection = choose::in_repository(repository, &selector)?;
            let settings =
                choose::settings((&config, source), &selection.tree, selection.paths(), Some(repository))?;
            (selection, config, settings)
        }
        _ => {
            let found = choose::on_disk(&selector.paths, repository.as_ref())?;
            let source = Source::Disk(&found.configured_in);
            let config = setting::load(source, flags)?;
            let tree = found.tree();
            let settings =
                choose::settings((&config, source), &tree, found.files.iter(), repository.as_ref())?;
            let selection = found.selection();
            root = Some(found.root);
            (selection, config, settings)
        }
    };
    let door = if arguments.instead.failed { Door::Retry } else { Door::Command };
    let workshop = Workshop { config: &config, settings: &settings, run_id: &session.run_id, door };
    let judgement = judge(&choose::without_excluded(selection, &config), &settings);
    if let Some(root) = root.as_deref().filter(|_| arguments.instead.add_ignores) {
        return ignores::run(&judgement, root, arguments.diff);
    }
    if let Some(shown) = Shown::of(&arguments.questions) {
        let printer = Printer::new(session, arguments.output.output_format)
            .into_file(arguments.output.output_file.as_deref());
        return questions::run(&judgement, &workshop, shown, &printer);
    }
    let target = arguments.instead.convert_style.as_deref().map(convert::style).transpose()?;
    let mut mending = match target {
        Some(style) => convert::convert(&judgement, &workshop, style),
        None => mend(&judgement, &workshop)?,
    };
    if arguments.diff {
        output::show(&diff(&mending))?;
        if target.is_some() {
            return Ok(ExitStatus::Success);
        }
        let report = finished(&judgement, mending, &config, &settings);
        let status = report.status();
        output::tell_beside(&report);
        if status == ExitStatus::Findings {
            output::tell("docgate: findings that block would remain; `docgate check` shows them");
        }
        return Ok(status);
    }
    match (&repository, &root) {
        (_, Some(root)) => put(&mut mending, Target::Files(root))?,
        (Some(repository), None) if selector.staged => {
            put(&mut mending, Target::IndexAndWorkingTree(repository))?;
        }
        (Some(repository), None) => put(&mut mending, Target::WorkingTree(repository))?,
        (None, None) => {}
    }
    let report = match target {
        Some(_) => convert::report(&judgement, &mending),
        None => finished(&judgement, mending, &config, &settings),
    };
    let changed = arguments.exit_non_zero_on_fix && report.changed() > 0;
    let status = if changed { ExitStatus::Findings } else { report.status() };
    let folder = root.as_deref().or_else(|| repository.as_ref().map(Repository::root));
    let printer = Printer::new(session, arguments.output.output_format)
        .into_file(arguments.output.output_file.as_deref());
    output::print(&report, status, &printer.with_links_below(folder))?;
    Ok(status)
}

/// Without any selector, what is staged is fixed; comments that silence findings are for files on disk.
fn with_default(selector: &Selector, adds_ignores: bool) -> Selector {
    let mut selector = selector.clone();
    let nothing = selector.paths.is_empty() && selector.range.is_none() && selector.since.is_none();
    selector.staged |= nothing && !adds_ignores;
    selector
}

/// Makes the report of a run that wrote.
pub(super) fn finished(
    judgement: &Judgement,
    mending: Mending,
    config: &Config,
    settings: &Settings,
) -> Report {
    let mut report = judgement.empty_report();
    for mended in &mending.files {
        let outcomes = mended.outcomes(settings);
        if outcomes.iter().any(|outcome| !outcome.remaining.is_empty()) {
            report.sources.insert(mended.judged.path.clone(), mended.source(&outcomes));
        }
        report.outcomes.extend(outcomes);
    }
    report.failures = mending.failures;
    report.usage = mending.usage;
    if config.on_failure.value == OnFailure::Allow {
        for outcome in &mut report.outcomes {
            if !matches!(outcome.resolution, Resolution::Failed(_)) {
                continue;
            }
            for finding in &mut outcome.remaining {
                if matches!(finding.answer, Answer::Generate(_)) {
                    finding.severity = finding.severity.min(Severity::Warning);
                }
            }
        }
    }
    report
}

/// Shows the edits as a unified diff that `git apply` takes.
fn diff(mending: &Mending) -> String {
    let mut shown = String::new();
    for mended in mending.files.iter().filter(|mended| !mended.edits.is_empty()) {
        shown.push_str(&unified(&mended.judged.path, &mended.judged.file.text, &mended.text()));
    }
    shown
}

/// Shows what becomes of a file as a unified diff.
pub(super) fn unified(path: &RepoPath, before: &str, after: &str) -> String {
    let diff = TextDiff::from_lines(before, after);
    let mut unified = diff.unified_diff();
    unified.header(&named("a/", path.as_str()), &named("b/", path.as_str()));
    unified.to_string()
}

/// Writes a path as git does in a header: quoted where it must be, and ended with a tab where it holds a space.
fn named(side: &str, path: &str) -> String {
    let special = |character: char| character.is_ascii_control() || matches!(character, '"' | '\\');
    if !path.contains(special) {
        let end = if path.contains(' ') { "\t" } else { "" };
        return format!("{side}{path}{end}");
    }
    let mut shown = format!("\"{side}");
    for character in path.chars() {
        match character {
            '"' | '\\' => shown.extend(['\\', character]),
            // Writing to a string cannot fail.
            control if control.is_ascii_control() => drop(write!(shown, "\\{:03o}", u32::from(control))),
            other => shown.push(other),
        }
    }
    shown + "\""
}
