//! `docgate check`: findings, or coverage, or scores; offline.
//!
//! Starts no runtime, opens no cache and loads no tokenizer.

use std::io::Write as _;

use crate::cli::CheckArguments;
use crate::error::{Error, ExitStatus};
use crate::git::Repository;
use crate::report::{Gate, badge};

use super::choose::Looked;
use super::judge::report;
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
    let flags = setting::flags(&arguments.overrides, None)?;
    let (looked, config, repository) = if from_git {
        let repository = Repository::discover().map_err(|error| setting::of_git(&error))?;
        let source =
            if selector.staged { Source::Index(&repository) } else { Source::Disk(repository.root()) };
        let config = setting::load(source, flags)?;
        (Looked::Changes(choose::in_repository(&repository, selector)?), config, Some(repository))
    } else {
        let repository = Repository::discover().ok().filter(|repository| !repository.is_bare());
        let found = choose::on_disk(&selector.paths, repository.as_ref())?;
        let config = setting::load(Source::Disk(&found.configured_in), flags)?;
        (Looked::Disk(found), config, repository)
    };
    let settings = choose::settings(&config, &looked.tree(), looked.paths(), repository.as_ref())?;
    let looked = looked.without_excluded(&config);
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
        output::coverage(&coverage, arguments.output_format, session.quiet)?;
        return Ok(exit(coverage.status()));
    }
    if arguments.scores {
        let scores = scores::scores(&looked, &settings);
        output::scores(&scores, arguments.output_format, session.quiet)?;
        return Ok(ExitStatus::Success);
    }
    let report = report(&looked, &settings);
    let status = exit(report.status());
    output::print(&report, status, arguments.output_format, session.quiet)?;
    Ok(status)
}
