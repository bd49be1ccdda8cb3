//! `docgate cache`: what is in it, and what should not be.

use std::fmt::Write as _;

use crate::cache::{Cache, CacheInfo, EntryKind, Tags};
use crate::cli::{CacheCommand, PruneArguments};
use crate::clock;
use crate::error::{Error, ExitStatus};
use crate::untrusted::sanitised;

use super::mend::Door;
use super::{output, service, stats};

/// Runs the command.
pub(super) fn run(command: &CacheCommand) -> Result<ExitStatus, Error> {
    let folder = stats::folder()?;
    let config = stats::config()?;
    // A cache that is switched off can be looked into all the same.
    let redis = service::shared(&config)?;
    let cache = service::cache(&config, Door::Command, redis.as_ref())
        .unwrap_or_else(|| Cache::open(&folder).shared_through(redis.clone()));
    // Whether Redis, where there is one, did all that it was asked for.
    let is_whole = || redis.as_ref().map(|redis| redis.trouble().is_none());
    let said = match command {
        CacheCommand::Info => {
            let info = cache.info().ok_or_else(|| unusable(&cache))?;
            let mut text = counted(&folder.display().to_string(), &info);
            if let (Some(Ok(info)), Some(url)) = (cache.info_shared(), &config.shared.redis) {
                text.push('\n');
                text.push_str(&counted(&url.value.to_string(), &info));
            }
            text
        }
        CacheCommand::Prune(arguments) => {
            let is_meant = meant(arguments)?;
            let gone = cache.prune(is_meant).ok_or_else(|| unusable(&cache))?;
            match cache.prune_shared(meant(arguments)?) {
                Some(Ok(shared)) => format!("{gone} entries were dropped here, {shared} in Redis"),
                Some(Err(_)) => format!("{gone} entries were dropped here"),
                None => format!("{gone} entries were dropped"),
            }
        }
        CacheCommand::Clear => {
            cache.clear().map_err(|error| Error::unfinished("the cache cannot be cleared").because(error))?;
            match cache.clear_shared() {
                Some(Ok(())) => "the cache is empty, here and in Redis".to_owned(),
                Some(Err(_)) => "the cache is empty here".to_owned(),
                None => "the cache is empty".to_owned(),
            }
        }
        CacheCommand::Export { file } => {
            let count = cache.export(file).map_err(|error| {
                Error::unfinished(format!("cannot write {}", file.display())).because(error)
            })?;
            match is_whole() {
                Some(true) => format!("{count} entries were written, those in Redis included"),
                Some(false) => format!("{count} entries were written, without those in Redis"),
                None => format!("{count} entries were written"),
            }
        }
        CacheCommand::Import { file } => {
            let imported = cache
                .import(file)
                .map_err(|error| Error::usage(format!("cannot import {}", file.display())).because(error))?;
            let refused = match imported.refused {
                0 => String::new(),
                count => format!("; {count} lines are no entries"),
            };
            let places = match is_whole() {
                Some(true) => ", here or into Redis",
                Some(false) => ", not all of them into Redis",
                None => "",
            };
            format!("{} entries were taken over{places}{refused}", imported.entries)
        }
    };
    let notices = cache.take_notices();
    for notice in &notices {
        output::tell(&format!("docgate: {notice}"));
    }
    output::say(said.trim_end())?;
    if let Some(away) = redis.as_ref().and_then(|redis| redis.trouble()) {
        return Err(Error::unfinished("in Redis this was not done, or not to the end").because(away));
    }
    Ok(if notices.is_empty() { ExitStatus::Success } else { ExitStatus::Unfinished })
}

fn counted(place: &str, info: &CacheInfo) -> String {
    let mut text = format!("{place}\n\n");
    let on_disk = match info.bytes_on_disk {
        0 => String::new(),
        bytes => format!(" ({bytes} on disk)"),
    };
    // Writing to a string cannot fail.
    let _ = writeln!(text, "{:<12}{}", "answers", info.answers);
    let _ = writeln!(text, "{:<12}{}", "failures", info.failures);
    let _ = writeln!(text, "{:<12}{}", "vectors", info.vectors);
    let _ = writeln!(text, "{:<12}{}", "stale", info.stale);
    let _ = writeln!(text, "{:<12}{}{on_disk}", "bytes", info.bytes);
    let now = clock::since_epoch().as_secs();
    if let (Some(oldest), Some(newest)) = (info.oldest, info.newest) {
        let days = |at: u64| now.saturating_sub(at) / 86_400;
        let _ = writeln!(text, "{:<12}{} to {} days", "age", days(newest), days(oldest));
    }
    for (model, count) in &info.by_model {
        let _ = writeln!(text, "{:<12}{count} from {}", "", sanitised(model));
    }
    text
}

/// Makes the error of a cache that cannot be used, of what it has noticed.
pub(super) fn unusable(cache: &Cache) -> Error {
    let notices: Vec<String> = cache.take_notices().iter().map(ToString::to_string).collect();
    Error::unfinished(notices.join("; "))
}

/// Makes the test of an entry: every tag that is named must fit, and its age.
fn meant(arguments: &PruneArguments) -> Result<impl Fn(&Tags) -> bool + Send + Sync + 'static, Error> {
    let mut wanted = Vec::new();
    for tag in &arguments.tag {
        let expected = || {
            Error::usage(format!(
                "--tag: expected path=GLOB, name=GLOB, model=GLOB or kind=KIND, found {tag:?}"
            ))
        };
        let (name, glob) = tag.split_once('=').ok_or_else(expected)?;
        if !["path", "name", "model", "kind"].contains(&name) || glob.is_empty() {
            return Err(expected());
        }
        wanted.push((name.to_owned(), glob.to_owned()));
    }
    let before = arguments
        .older_than
        .map(|days| clock::since_epoch().as_secs().saturating_sub(days.saturating_mul(86_400)));
    Ok(move |tags: &Tags| {
        let fits = |(name, glob): &(String, String)| {
            let text = match name.as_str() {
                "path" => &tags.path,
                "name" => &tags.name,
                "model" => &tags.model,
                _ => return glob == kind(tags.kind),
            };
            matches(glob, text)
        };
        wanted.iter().all(fits) && before.is_none_or(|before| tags.at < before)
    })
}

fn kind(kind: EntryKind) -> &'static str {
    match kind {
        EntryKind::Answer => "answer",
        EntryKind::Failure => "failure",
        EntryKind::Vector => "vector",
    }
}

/// Matches a whole text against a pattern in which `*` stands for anything.
fn matches(pattern: &str, text: &str) -> bool {
    let mut pieces = pattern.split('*').peekable();
    let first = pieces.next().unwrap_or_default();
    let Some(mut rest) = text.strip_prefix(first) else { return false };
    if pieces.peek().is_none() {
        return rest.is_empty();
    }
    while let Some(piece) = pieces.next() {
        if pieces.peek().is_none() {
            return rest.ends_with(piece);
        }
        let Some((_, behind)) = rest.split_once(piece) else { return false };
        rest = behind;
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stars_stand_for_anything() {
        let table = [
            ("a.py", "a.py", true),
            ("a.py", "a.pyi", false),
            ("pkg/**", "pkg/sub/a.py", true),
            ("pkg/**", "other/pkg/a.py", false),
            ("*.Client.*", "app.Client.send", true),
            ("gpt-4o*", "gpt-4o-mini", true),
            ("*a*a*", "a", false),
            ("*a*a*", "banana", true),
            ("*", "", true),
            ("a*a", "a", false),
        ];
        for (pattern, text, expected) in table {
            assert_eq!(matches(pattern, text), expected, "{pattern} {text}");
        }
    }
}
