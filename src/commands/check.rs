//! `docgate check`: findings, or coverage, or scores; offline.
//!
//! Starts no runtime, opens no cache and loads no tokenizer.

use std::io::Write as _;
use std::path::PathBuf;

use crate::cli::{CheckArguments, Selector};
use crate::error::{Error, ExitStatus};
use crate::git::Repository;
use crate::report::{Gate, badge};

use super::choose::Looked;
use super::judge::{Beside, report};
use super::mend::{Door, Workshop};
use super::output::{Detail, Printer};
use super::setting::{self, Session, Source};
use super::{choose, coverage, output, scores};

/// Runs the command.
pub(super) fn run(session: &Session, arguments: &CheckArguments) -> Result<ExitStatus, Error> {
    let selector = &arguments.selector;
    let from_git = selector.staged || selector.range.is_some() || selector.since.is_some();
    if arguments.coverage.no_regression && !from_git {
        return Err(Error::usage("--no-regression has nothing to compare with")
            .hint("give --staged, --range A..B or --since REF"));
    }
    if arguments.findings.show_fixes {
        output::has_room_for_fixes(arguments.output.output_format)?;
    }
    if arguments.findings.explain {
        output::has_room_for_pages(arguments.output.output_format)?;
    }
    let flags = setting::flags(&arguments.overrides, None)?;
    let (looked, config, settings, folder) = if from_git {
        let repository = Repository::discover().map_err(|error| setting::of_git(&error))?;
        let source = source(selector, &repository);
        let config = setting::load(source, flags)?;
        let looked = Looked::Changes(choose::in_repository(&repository, selector)?);
        let settings =
            choose::settings((&config, source), &looked.tree(), looked.paths(), Some(&repository))?;
        let folder = repository.root().to_owned();
        (looked, config, settings, folder)
    } else {
        let repository = Repository::discover().ok().filter(|repository| !repository.is_bare());
        let found = match stdin_name(arguments)? {
            Some(name) => choose::on_stdin(&name, repository.as_ref())?,
            None => choose::on_disk(&selector.paths, repository.as_ref())?,
        };
        let source = Source::Disk(&found.configured_in);
        let config = setting::load(source, flags)?;
        let settings =
            choose::settings((&config, source), &found.tree(), found.files.iter(), repository.as_ref())?;
        let folder = found.root.clone();
        (Looked::Disk(found), config, settings, folder)
    };
    let looked = looked.without_excluded(&config);
    let printer = Printer::new(session, arguments.output.output_format)
        .into_file(arguments.output.output_file.as_deref())
        .with_links_below(Some(&folder))
        .with_pages(arguments.findings.explain);
    let exit = |status| if arguments.exit_zero { ExitStatus::Success } else { status };
    if arguments.coverage.wanted {
        let gate = Gate {
            fail_under: arguments
                .coverage
                .fail_under
                .or(config.coverage_fail_under.as_ref().map(|set| set.value)),
            no_regression: arguments.coverage.no_regression,
        };
        let coverage = coverage::count(&looked, &settings, gate);
        if let Some(path) = &arguments.coverage.badge {
            output::write_whole(path, |out| out.write_all(badge(coverage.total()).as_bytes()))?;
        }
        output::coverage(&coverage, &printer)?;
        return Ok(exit(coverage.status()));
    }
    if arguments.scores {
        let scores = scores::scores(&looked, &settings);
        output::scores(&scores, &printer)?;
        return Ok(ExitStatus::Success);
    }
    let workshop =
        Workshop { config: &config, settings: &settings, run_id: &session.run_id, door: Door::Command };
    if arguments.findings.statistics {
        let report = report(&looked, &workshop, Beside::Answers);
        output::statistics(&report, &printer)?;
        return Ok(exit(report.status()));
    }
    let beside = match output::detail(arguments.output.output_format) {
        Detail::Findings => Beside::Nothing,
        Detail::Answers => Beside::Answers,
        Detail::Fixes => Beside::LinesAndFixes,
        Detail::FixesWhenAsked if arguments.findings.show_fixes => Beside::LinesAndFixes,
        Detail::Places | Detail::FixesWhenAsked => Beside::Lines,
    };
    let report = report(&looked, &workshop, beside);
    let status = exit(report.status());
    output::print(&report, status, &printer)?;
    Ok(status)
}

/// Returns where a change is configured: what is staged, in the index.
fn source<'a>(selector: &Selector, repository: &'a Repository) -> Source<'a> {
    if selector.staged { Source::Index(repository) } else { Source::Disk(repository.root()) }
}

/// Returns the name of what comes through stdin, if that is what is to be looked at.
fn stdin_name(arguments: &CheckArguments) -> Result<Option<PathBuf>, Error> {
    let paths = arguments.selector.paths.as_slice();
    let is_dash = |path: &PathBuf| path.as_os_str() == "-";
    match (paths, &arguments.stdin_filename) {
        ([], Some(name)) => Ok(Some(name.clone())),
        ([path], name) if is_dash(path) => {
            Ok(Some(name.clone().unwrap_or_else(|| PathBuf::from(choose::STDIN_NAME))))
        }
        (_, Some(_)) => Err(Error::usage("--stdin-filename names one file, and paths are given, too")
            .hint("leave the paths out, or give `-`")),
        _ if paths.iter().any(is_dash) => {
            Err(Error::usage("`-` cannot be looked at together with other paths"))
        }
        _ => Ok(None),
    }
}
