//! `docgate sweep`: the whole repository, within a budget.

use std::io::Write as _;
use std::path::Path;

use crate::cli::{OutputFormat, SweepArguments};
use crate::config::Config;
use crate::env;
use crate::error::{Error, ExitStatus};
use crate::git::Repository;
use crate::report::{Notes, Report, markdown};

use super::choose::Looked;
use super::fix::finished;
use super::judge::{Beside, judge, report};
use super::mend::{Door, Workshop, mend};
use super::output::Printer;
use super::put::{Target, put};
use super::setting::{self, Session, Source};
use super::{choose, output};

/// Rows of each table of the report; what is left out is counted.
const ROWS: usize = 200;

/// Runs the command.
pub(super) fn run(session: &Session, arguments: &SweepArguments) -> Result<ExitStatus, Error> {
    let flags = setting::flags(&arguments.overrides, Some(&arguments.writer))?;
    let repository = Repository::discover().map_err(|error| setting::of_git(&error))?;
    let paths = match arguments.paths.as_slice() {
        [] => vec![repository.root().to_owned()],
        paths => paths.to_vec(),
    };
    let found = choose::on_disk(&paths, Some(&repository))?;
    let source = Source::Disk(repository.root());
    let config = setting::load(source, flags)?;
    let tree = found.tree();
    let settings = choose::settings((&config, source), &tree, found.files.iter(), Some(&repository))?;
    let found = found.without_excluded(&config);
    let workshop =
        Workshop { config: &config, settings: &settings, run_id: &session.run_id, door: Door::Sweep };
    let report = if arguments.dry_run {
        report(&Looked::Disk(found), &workshop, Beside::Answers)
    } else {
        has_budget(&config)?;
        let judgement = judge(&found.selection(), &settings);
        let mut mending = mend(&judgement, &workshop)?;
        put(&mut mending, Target::Files(&found.root))?;
        finished(&judgement, mending, &config, &settings)
    };
    let status = if arguments.exit_zero { ExitStatus::Success } else { report.status() };
    if let Some(path) = &arguments.report {
        output::write_whole(path, |file| markdown(&report, &notes(&report, &config), file))?;
    }
    if let Some(path) = env::read(env::GITHUB_STEP_SUMMARY) {
        append_summary(Path::new(&path), &report, &config)?;
    }
    // Of a whole repository, nobody reads excerpts.
    output::print(&report, status, &Printer::new(session, OutputFormat::Concise))?;
    Ok(status)
}

/// A sweep that could ask about a whole repository must say where to stop.
fn has_budget(config: &Config) -> Result<(), Error> {
    let budget = &config.budget;
    let limited = budget.definitions.is_some() || budget.tokens.is_some() || budget.cost.is_some();
    if limited || !config.effective_model().is_service() {
        return Ok(());
    }
    Err(Error::usage("a sweep that asks a model needs a budget")
        .hint("give --max-definitions, --max-tokens or --max-cost, or set them under [budget]")
        .hint("--no-model repairs only"))
}

fn notes(report: &Report, config: &Config) -> Notes {
    let budget = &config.budget;
    let usage = report.usage.clone().unwrap_or_default();
    let mut lines = Vec::new();
    if let Some(limit) = &budget.definitions {
        lines.push(format!("definitions: at most {} were asked about", limit.value));
    }
    if let Some(limit) = &budget.tokens {
        let used = usage.prompt_tokens + usage.completion_tokens;
        lines.push(format!("tokens: {used} of {} used", limit.value));
    }
    if let Some(limit) = &budget.cost {
        lines.push(format!("US dollars: {:.4} of {:.2} used", usage.cost.unwrap_or(0.0), limit.value));
    }
    Notes { title: "docgate sweep".to_owned(), budget: lines, rows: ROWS }
}

/// The runner gives every step a file of its own and collects what is appended.
fn append_summary(path: &Path, report: &Report, config: &Config) -> Result<(), Error> {
    let cannot =
        |error: std::io::Error| Error::unfinished("cannot write the summary of the step").because(error);
    let mut file = std::fs::OpenOptions::new().append(true).create(true).open(path).map_err(cannot)?;
    let mut text = Vec::new();
    markdown(report, &notes(report, config), &mut text).map_err(cannot)?;
    file.write_all(&text).map_err(cannot)
}
