//! `docgate examples`: which examples a model is shown, and the index that they can be found in.

mod library;
mod services;
mod upload;

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use crate::change::RepoPath;
use crate::cli::{DataFormat, ShowArguments};
use crate::config::{Config, ExampleSource, Flags};
use crate::error::{Error, ExitStatus};
use crate::generate::examples::{Portrait, portrait};
use crate::generate::run::{Chosen, Means, Spent, choose as choose_examples, depth_of};
use crate::git::Repository;
use crate::rules::Settings;
use crate::untrusted::sanitised;

use super::asking::Records;
use super::mend::{Door, Workshop};
use super::setting::{self, Session, Source};
use super::{choose, output, service};

pub(super) use self::library::Library;
pub(super) use self::services::Services;
pub(super) use self::upload::upload;

/// The repository, or the folder, that examples are taken from.
struct Place {
    repository: Option<Repository>,
    config: Config,
    settings: Settings,
    files: Vec<RepoPath>,
}

/// Reads the configuration of the repository we are in, or of the folder, and finds its files.
fn place(flags: Flags) -> Result<Place, Error> {
    let repository = Repository::discover().ok().filter(|repository| !repository.is_bare());
    let paths: Vec<PathBuf> = repository.iter().map(|repository| repository.root().to_owned()).collect();
    let found = choose::on_disk(&paths, repository.as_ref())?;
    let source = Source::Disk(&found.configured_in);
    let config = setting::load(source, flags)?;
    let settings =
        choose::settings((&config, source), &found.tree(), found.files.iter(), repository.as_ref())?;
    Ok(Place { repository, config, settings, files: found.files })
}

/// Shows the examples for definitions.
pub(super) fn show(session: &Session, arguments: &ShowArguments) -> Result<ExitStatus, Error> {
    let mut place = place(Flags::default())?;
    let chosen_by = match arguments.source.as_deref() {
        Some(word) => setting::parsed("--source", word)?,
        None => place.config.examples.effective_source(),
    };
    let source = match chosen_by {
        ExampleSource::Auto | ExampleSource::None => ExampleSource::Lexical,
        chosen => chosen,
    };
    place.config.examples.source.value = source;
    place.config.examples.count.value =
        arguments.count.unwrap_or_else(|| place.config.examples.count.value.max(1));
    let (config, settings) = (&place.config, &place.settings);
    let redis = service::shared(config)?;
    let services = Services::of(config, source, (&session.run_id, None), redis.as_ref())?;
    let library = Library::new(config, settings, place.files.clone());
    let (read, is_sound) = library.answers();
    let retrieval = services.retrieval(config, &read, &is_sound);
    let retrieval = retrieval.ok_or_else(|| Error::usage("no examples are shown"))?;
    let mut asked = Vec::with_capacity(arguments.definitions.len());
    for name in &arguments.definitions {
        let (path, name) = name.split_once("::").unwrap_or((name, ""));
        let found = found(&place, &library, path, name)?;
        if source != ExampleSource::Lexical && config.never_send.value.matches(&found.0) {
            return Err(Error::usage(format!("{} is never sent to a service", sanitised(path)))
                .hint("--source lexical asks nobody"));
        }
        let file = &found.1;
        let definition = file.find(name).ok_or_else(|| {
            Error::usage(format!("{} has no definition called {}", sanitised(path), sanitised(name)))
        })?;
        asked.push(portrait(&found.0, file, definition, depth_of(retrieval.by)));
    }
    let workshop = Workshop { config, settings, run_id: &session.run_id, door: Door::Command };
    let names: Vec<(RepoPath, String)> = asked.iter().map(|it| (it.path.clone(), it.name.clone())).collect();
    let (chosen, spent) = looked_for(&workshop, redis.as_ref(), |means| {
        service::runtime().map(|runtime| runtime.block_on(choose_examples(means, &retrieval, asked)))
    })?;
    for failure in &spent.failures {
        output::tell(&format!("docgate: {}", sanitised(failure)));
    }
    match arguments.output_format {
        DataFormat::Text => output::say(text(&names, &chosen).trim_end())?,
        DataFormat::Json => output::show_json(&in_json(source, &names, &chosen))?,
    }
    Ok(ExitStatus::Success)
}

/// Prepares what looking for examples may use, and notes what went wrong with the records.
fn looked_for<T>(
    workshop: &Workshop<'_>,
    redis: Option<&std::sync::Arc<crate::shared::Redis>>,
    work: impl FnOnce(&Means<'_>) -> Result<(T, Spent), Error>,
) -> Result<(T, Spent), Error> {
    let config = workshop.config;
    let cache = service::cache(config, workshop.door, redis);
    let ledger = service::ledger(config, redis)?;
    let (records, prices) = (Records::new(workshop), service::prices(config));
    let record = |call| records.call(call);
    let means = Means {
        cache: cache.as_ref(),
        ledger: ledger.as_ref(),
        record: &record,
        budget: service::budget(config),
        prices: &prices,
    };
    let (found, mut spent) = work(&means)?;
    if let Some(cache) = &cache {
        cache.keep_within_bounds();
        spent.failures.extend(cache.take_notices().iter().map(ToString::to_string));
    }
    spent.failures.extend(records.trouble());
    Ok((found, spent))
}

/// Finds a file by how a person names it.
fn found(
    place: &Place,
    library: &Library<'_>,
    path: &str,
    name: &str,
) -> Result<(RepoPath, std::sync::Arc<crate::python::ParsedFile>), Error> {
    let wrong = || {
        let whole = if name.is_empty() { path.to_owned() } else { format!("{path}::{name}") };
        Error::usage(format!("{} names no Python file of this repository", sanitised(&whole)))
            .hint("definitions are named like shop/orders.py::Orders.find")
    };
    let in_repository = place.repository.as_ref().map(|repository| repository.repo_path(Path::new(path)));
    let repo_path = in_repository.unwrap_or_else(|| RepoPath::new(path)).filter(RepoPath::is_python);
    let repo_path = repo_path.ok_or_else(wrong)?;
    let file = library.parsed(&repo_path).ok_or_else(wrong)?;
    Ok((repo_path, file))
}

fn id(path: &RepoPath, name: &str) -> String {
    if name.is_empty() { path.to_string() } else { format!("{path}::{name}") }
}

fn text(asked: &[(RepoPath, String)], chosen: &[Vec<Chosen>]) -> String {
    let mut text = String::new();
    for ((path, name), examples) in asked.iter().zip(chosen) {
        // Writing to a string cannot fail.
        let _ = writeln!(text, "{}", sanitised(&id(path, name)));
        if examples.is_empty() {
            text.push_str("  no examples\n");
        }
        for chosen in examples {
            let name = id(&chosen.path, &chosen.example.name);
            let _ = writeln!(text, "  {}  ({:.3})", sanitised(&name), chosen.score);
            let shown = format!("{}\n{}", chosen.example.code, chosen.example.docstring);
            for line in shown.lines().filter(|line| !line.trim().is_empty()) {
                let _ = writeln!(text, "      {}", sanitised(line));
            }
        }
        text.push('\n');
    }
    text
}

fn in_json(source: ExampleSource, asked: &[(RepoPath, String)], chosen: &[Vec<Chosen>]) -> Value {
    let example = |chosen: &Chosen| {
        let shown = &chosen.example;
        json!({
            "path": chosen.path.as_str(),
            "name": shown.name,
            "kind": shown.kind,
            "score": chosen.score,
            "code": shown.code,
            "docstring": shown.docstring,
        })
    };
    let definitions: Vec<Value> = asked
        .iter()
        .zip(chosen)
        .map(|((path, name), examples)| {
            let examples: Vec<Value> = examples.iter().map(example).collect();
            json!({ "path": path.as_str(), "name": name, "examples": examples })
        })
        .collect();
    json!({ "version": 1, "source": source.word(), "definitions": definitions })
}

/// Names the portraits of candidates for a service.
fn texts<'a>(portraits: impl Iterator<Item = &'a Portrait>) -> Vec<String> {
    portraits.map(|portrait| portrait.text.clone()).collect()
}
