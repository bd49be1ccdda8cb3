//! `docgate check`: findings, offline.
//!
//! Starts no runtime, opens no cache and loads no tokenizer.

use crate::cli::CheckArguments;
use crate::error::{Error, ExitStatus};
use crate::git::Repository;

use super::judge::judge;
use super::setting::{self, Session, Source};
use super::{choose, output};

/// Runs the command.
pub(super) fn run(session: &Session, arguments: &CheckArguments) -> Result<ExitStatus, Error> {
    let selector = &arguments.selector;
    let flags = setting::flags(&arguments.overrides, None)?;
    let from_git = selector.staged || selector.range.is_some() || selector.since.is_some();
    let (selection, config, repository) = if from_git {
        let repository = Repository::discover().map_err(|error| setting::of_git(&error))?;
        let source =
            if selector.staged { Source::Index(&repository) } else { Source::Disk(repository.root()) };
        let config = setting::load(source, flags)?;
        (choose::in_repository(&repository, selector)?, config, Some(repository))
    } else {
        let repository = Repository::discover().ok().filter(|repository| !repository.is_bare());
        let found = choose::on_disk(&selector.paths, repository.as_ref())?;
        let config = setting::load(Source::Disk(&found.configured_in), flags)?;
        (found.selection, config, repository)
    };
    let settings = choose::settings(&config, &selection, repository.as_ref())?;
    let report = judge(&choose::without_excluded(selection, &config), &settings).report();
    let status = if arguments.exit_zero { ExitStatus::Success } else { report.status() };
    output::print(&report, status, arguments.output_format, session.quiet)?;
    Ok(status)
}
