//! `docgate baseline`: what is wrong today is recorded, so that only new findings count.
//!
//! It is written once and then only shrinks, unless somebody asks for more.

use std::collections::BTreeSet;
use std::io::Write as _;
use std::path::PathBuf;

use crate::change::RepoPath;
use crate::cli::BaselineArguments;
use crate::error::{Error, ExitStatus};
use crate::git::Repository;
use crate::rules::{Baseline, Entry};

use super::choose::Looked;
use super::judge::{Judged, each_judged};
use super::setting::{self, Source};
use super::{choose, output};

/// Runs the command.
pub(super) fn run(arguments: &BaselineArguments) -> Result<ExitStatus, Error> {
    let repository = Repository::discover().ok().filter(|repository| !repository.is_bare());
    let paths = match (arguments.paths.as_slice(), &repository) {
        ([], Some(repository)) => vec![repository.root().to_owned()],
        ([], None) => vec![PathBuf::from(".")],
        (paths, _) => paths.to_vec(),
    };
    let found = choose::on_disk(&paths, repository.as_ref())?;
    if found.root != found.configured_in {
        return Err(Error::usage("a baseline is about files of one repository, and some lie outside"));
    }
    let source = Source::Disk(&found.configured_in);
    let config = setting::load(source, setting::flags(&arguments.overrides, None)?)?;
    let known = setting::baseline(source, &config)?;
    let mut settings =
        choose::settings((&config, source), &found.tree(), found.files.iter(), repository.as_ref())?;
    settings.baseline = std::sync::Arc::default();
    let root = found.root.clone();
    let (parts, _) = each_judged(&Looked::Disk(found.without_excluded(&config)), &settings, |judged| {
        let entries = entries(&judged);
        (judged.path, entries)
    });
    let looked_at: BTreeSet<&str> = parts.iter().map(|(path, _)| path.as_str()).collect();
    let now: BTreeSet<Entry> = parts.iter().flat_map(|(_, entries)| entries).cloned().collect();
    // What was not looked at stays, unless the file is gone.
    let may_stay = |entry: &Entry| {
        if looked_at.contains(entry.path.as_str()) {
            return now.contains(entry);
        }
        RepoPath::new(&entry.path).is_some_and(|path| path.below(&root).exists())
    };
    let is_first = known.is_none();
    let known = known.unwrap_or_default();
    let kept: BTreeSet<Entry> = known.entries().filter(|entry| may_stay(entry)).cloned().collect();
    let gone = known.len() - kept.len();
    let new = now.difference(&kept).count();
    let takes_all = is_first || arguments.add;
    let baseline = if takes_all { Baseline::of(kept.into_iter().chain(now)) } else { Baseline::of(kept) };
    let name = &config.baseline.value;
    let Some(path) = RepoPath::new(name) else {
        return Err(Error::usage(format!("{name}: it does not lie in the repository")));
    };
    if is_first || baseline != known {
        output::write_whole(&path.below(&root), |file| file.write_all(baseline.written().as_bytes()))?;
    }
    let new = match (new, takes_all) {
        (0, _) => String::new(),
        (new, true) => format!(", {new} new"),
        (new, false) => format!("; {new} more are found and count: `docgate baseline --add` takes them in"),
    };
    output::say(&format!("{path}: {} known, {gone} gone{new}", baseline.len()))?;
    Ok(ExitStatus::Success)
}

/// Makes the entries of everything that was found in a file.
fn entries(judged: &Judged) -> Vec<Entry> {
    let mut entries = Vec::new();
    for checked in &judged.checked {
        let definition = &judged.file.definitions[checked.index];
        for finding in &checked.findings {
            entries.push(Entry::new(&judged.path, &judged.file, (definition, finding)));
        }
    }
    entries
}
