//! `docgate config`: what is configured and why, and the schema of the file.

use serde_json::json;

use crate::cli::DataFormat;
use crate::config::{Flags, Origin};
use crate::env;
use crate::error::{Error, ExitStatus};
use crate::git::Repository;
use crate::untrusted::sanitised;

use super::output;
use super::setting::{self, Source};

/// The schema, as it is published.
const SCHEMA: &str = include_str!("../../docs/configuration.schema.json");

/// Shows every setting with its origin, as `docgate check` would find them here.
pub(super) fn show(format: DataFormat) -> Result<ExitStatus, Error> {
    let here = std::env::current_dir()
        .map_err(|error| Error::unfinished("the current folder is not there").because(error))?;
    let repository = Repository::discover().ok().filter(|repository| !repository.is_bare());
    let root = repository.as_ref().map_or(here.as_path(), Repository::root);
    let config = setting::load(Source::Disk(root), Flags::default())?;
    // A name or a weight that no rule knows is found here, too, and not only by the next check.
    setting::rules(&config)?;
    let shown = config.shown();
    match format {
        DataFormat::Text => {
            let lines: Vec<String> = shown
                .iter()
                .map(|(name, shown)| {
                    let value = shown.value.as_deref().unwrap_or("not set");
                    format!("{} = {}  # {}", sanitised(name), sanitised(value), origin(shown.origin))
                })
                .collect();
            output::say(&lines.join("\n"))?;
        }
        DataFormat::Json => {
            let settings: Vec<_> = shown
                .iter()
                .map(|(name, shown)| json!({ "key": name, "value": shown.value, "origin": origin(shown.origin) }))
                .collect();
            output::show_json(&json!({ "version": 1, "settings": settings }))?;
        }
    }
    Ok(ExitStatus::Success)
}

/// Says where a value comes from; a variable may stand in a file.
fn origin(origin: Origin) -> String {
    match origin {
        Origin::Environment(name) if env::file::holds(name) => format!("{name} in the .env file"),
        origin => origin.to_string(),
    }
}

/// Prints the schema.
pub(super) fn schema() -> Result<ExitStatus, Error> {
    output::show(SCHEMA)?;
    Ok(ExitStatus::Success)
}
