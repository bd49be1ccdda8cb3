//! `docgate stats`: what runs and requests did, and what is left of the budgets.

use std::fmt::Write as _;
use std::path::PathBuf;

use crate::cache;
use crate::cli::{StatsArguments, StatsFormat};
use crate::clock;
use crate::config::{Config, Flags};
use crate::error::{Error, ExitStatus};
use crate::generate::run::Failure;
use crate::git::Repository;
use crate::metrics::{History, Left, Shown, csv, figures, json, prometheus, text};
use crate::model::ledger::Balance;
use crate::untrusted::sanitised;

use super::cache::unusable;
use super::mend::Door;
use super::output;
use super::service;
use super::setting::{self, Source};

/// Runs the command.
pub(super) fn run(arguments: &StatsArguments) -> Result<ExitStatus, Error> {
    let folder = folder()?;
    let config = config()?;
    if arguments.failed {
        return failed(&config);
    }
    output::say(summed_up(arguments, &folder, &config)?.trim_end())?;
    Ok(ExitStatus::Success)
}

/// Returns where cache, budgets and history are kept.
pub(super) fn folder() -> Result<PathBuf, Error> {
    cache::default_folder().ok_or_else(|| {
        Error::usage("there is no place for the cache")
            .hint(format!("set {} to a folder", crate::env::CACHE_DIR))
    })
}

/// Reads the configuration of the repository we are in, or of the folder.
pub(super) fn config() -> Result<Config, Error> {
    let root = match Repository::discover() {
        Ok(repository) => repository.root().to_owned(),
        Err(_) => PathBuf::from("."),
    };
    setting::load(Source::Disk(&root), Flags::default())
}

fn summed_up(arguments: &StatsArguments, folder: &PathBuf, config: &Config) -> Result<String, Error> {
    let now = u64::try_from(clock::since_epoch().as_millis()).unwrap_or(u64::MAX);
    let since = now.saturating_sub(arguments.days.saturating_mul(86_400_000));
    let kept = History::new(folder)
        .since(since)
        .map_err(|error| Error::unfinished("the history cannot be read").because(error))?;
    let figures = figures(&kept.records);
    // Without a budget there is nothing to ask about, least of all over a network.
    let ledger = service::ledger(config, service::shared(config)?.as_ref())?;
    let balances = ledger.map_or(Ok(Vec::new()), |ledger| ledger.balances());
    let balances =
        balances.map_err(|error| Error::unfinished("the budgets cannot be read").because(error))?;
    let budgets: Vec<Left> = balances.iter().flat_map(left).collect();
    let shown =
        Shown { days: arguments.days, figures: &figures, budgets: &budgets, unreadable: kept.unreadable };
    Ok(match arguments.output_format {
        StatsFormat::Text => text(&shown),
        StatsFormat::Json => json(&shown),
        StatsFormat::Csv => csv(&kept.records),
        StatsFormat::Prometheus => prometheus(&shown),
    })
}

/// Lists what is limited in a stretch of time.
fn left(balance: &Balance) -> Vec<Left> {
    let number = |number: u64| f64::from(u32::try_from(number).unwrap_or(u32::MAX));
    let (used, allowed) = (&balance.used, &balance.allowance);
    let row = |unit, used, allowed: Option<f64>| {
        let stretch = balance.stretch.to_string();
        allowed.map(|allowed| Left { stretch, unit, used, allowed })
    };
    let rows = [
        row("requests", number(used.requests), allowed.requests.map(number)),
        row("tokens", number(used.tokens), allowed.tokens.map(number)),
        row("dollars", used.cost.unwrap_or(0.0), allowed.cost),
    ];
    rows.into_iter().flatten().collect()
}

fn failed(config: &Config) -> Result<ExitStatus, Error> {
    let redis = service::shared(config)?;
    let Some(cache) = service::cache(config, Door::Command, redis.as_ref()) else {
        output::say("the cache is switched off, so no failures are remembered")?;
        return Ok(ExitStatus::Success);
    };
    let mut text = String::new();
    let now = clock::since_epoch().as_secs();
    let failures = cache.failures().ok_or_else(|| unusable(&cache))?;
    for (key, entry) in failures {
        let Some(failure) = Failure::of(&entry) else { continue };
        let days = now.saturating_sub(entry.tags.at) / 86_400;
        let request = failure.request_id.map(|id| format!(" [request {id}]")).unwrap_or_default();
        let line = format!(
            "{}::{} {}: {}{request} ({days} days ago, {}, {:.12})",
            entry.tags.path,
            entry.tags.name,
            failure.outcome,
            failure.reason,
            entry.tags.model,
            key.to_string()
        );
        // Writing to a string cannot fail. The cache may have been imported from anywhere.
        let _ = writeln!(text, "{}", sanitised(&line));
    }
    for notice in cache.take_notices() {
        output::tell(&format!("docgate: {notice}"));
    }
    let away = redis.and_then(|redis| redis.trouble());
    if !text.is_empty() {
        text.push_str("\n`docgate fix --failed PATH` asks about them again");
        output::say(&text)?;
    } else if away.is_none() {
        output::say("no failures are remembered")?;
    }
    match away {
        Some(away) => Err(Error::unfinished("what Redis remembers cannot be read").because(away)),
        None => Ok(ExitStatus::Success),
    }
}
