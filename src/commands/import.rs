//! `docgate config import`: what other tools were told about docstrings, said in docgate's words.

use std::cell::RefCell;
use std::path::{Path, PathBuf};

use crate::adopt::{self, NotAdded, Proposal, Tool, with_table};
use crate::change::RepoPath;
use crate::cli::{ConfigurationFile, ImportArguments, ImportedTool};
use crate::config::{Config, DOCGATE_FILE, Flags, PYPROJECT_FILE};
use crate::error::{Error, ExitStatus};
use crate::git::{Repository, SIZE_LIMIT, replace_file};

use super::setting::Source;
use super::{output, setting};

/// The table in the file that is shared with other tools.
pub(super) const TABLE: &str = "tool.docgate";

/// Runs the command.
pub(super) fn run(arguments: &ImportArguments) -> Result<ExitStatus, Error> {
    let root = root()?;
    let (folder, file) = asked(&root, arguments.path.as_deref())?;
    let only = arguments.from.map(tool);
    let proposal = found(&folder, file.as_deref(), only)?;
    let below = folder.strip_prefix(&root).ok().and_then(Path::to_str).map(|path| path.replace('\\', "/"));
    let proposal = match below.as_deref() {
        None | Some("") => proposal,
        Some(below) => {
            output::tell(&format!(
                "note: what {below} says counts for the whole repository: docgate has one configuration, at its root"
            ));
            proposal.below(below)
        }
    };
    tell(&proposal);
    if proposal.tools.is_empty() {
        if let Some(only) = only {
            let message = format!("there are no settings of {} in {}", only.name(), folder.display());
            return Err(Error::usage(message));
        }
        let names: Vec<&str> = Tool::ALL.iter().map(|tool| tool.name()).collect();
        output::tell(&format!(
            "nothing to take over: no settings of {} in {}",
            names.join(", "),
            folder.display()
        ));
        return Ok(ExitStatus::Success);
    }
    if !arguments.write {
        output::show(&proposal.written(""))?;
        return Ok(ExitStatus::Success);
    }
    if proposal.lines.is_empty() {
        output::tell("nothing was written: what these tools are told, docgate does without being told");
        return Ok(ExitStatus::Success);
    }
    let target = target(&root, arguments.into)?;
    put(&root, target, &proposal)?;
    output::say(&format!("written: {}", name_of(target)))?;
    Ok(ExitStatus::Success)
}

/// Says on stderr what was not taken over, and what was decided.
pub(super) fn tell(proposal: &Proposal) {
    for conflict in &proposal.conflicts {
        output::tell(&format!("conflict: {conflict}"));
    }
    for left in &proposal.left {
        output::tell(&format!("not taken over: {}: {}", left.place, left.reason));
    }
}

/// Reads what the tools are told in a folder, or in one file of it.
pub(super) fn found(folder: &Path, file: Option<&str>, only: Option<Tool>) -> Result<Proposal, Error> {
    let unreadable = RefCell::new(None);
    let read = |name: &str| -> Option<Vec<u8>> {
        if file.is_some_and(|file| file != name && adopt::is_read(name)) {
            return None;
        }
        let path = RepoPath::new(name)?.below(folder);
        // Links are followed, as the tools do; a pipe would never end.
        let metadata = std::fs::metadata(&path).ok().filter(std::fs::Metadata::is_file)?;
        let read = if metadata.len() > SIZE_LIMIT as u64 {
            Err(std::io::Error::other("it is larger than 10 MB"))
        } else {
            std::fs::read(&path)
        };
        read.map_err(|error| {
            let message = format!("cannot read {}", path.display());
            unreadable.replace(Some(Error::unfinished(message).because(error)));
        })
        .ok()
    };
    let proposal = adopt::propose(&read, only);
    if let Some(error) = unreadable.take() {
        return Err(error);
    }
    proposal.map_err(|broken| {
        Error::usage(broken.to_string()).hint("put the file right, or name the tool to import with --from")
    })
}

/// Returns the folder whose configuration counts.
fn root() -> Result<PathBuf, Error> {
    let repository = Repository::discover().ok().filter(|repository| !repository.is_bare());
    match repository {
        Some(repository) => Ok(repository.root().to_owned()),
        None => std::env::current_dir()
            .map_err(|error| Error::unfinished("the current folder is not there").because(error)),
    }
    .map(|root| std::fs::canonicalize(&root).unwrap_or(root))
}

/// Returns the folder to look at, and the file where only one is meant.
fn asked(root: &Path, path: Option<&Path>) -> Result<(PathBuf, Option<String>), Error> {
    let Some(path) = path else { return Ok((root.to_owned(), None)) };
    let full = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    let cannot = |error| Error::usage(format!("cannot look at {}", path.display())).because(error);
    let metadata = std::fs::metadata(&full).map_err(cannot)?;
    if metadata.is_dir() {
        return Ok((std::fs::canonicalize(&full).map_err(cannot)?, None));
    }
    let name = full.file_name().and_then(|name| name.to_str()).unwrap_or_default().to_owned();
    if !adopt::is_read(&name) {
        let message = format!("{} is not the name of a file that one of the tools reads", path.display());
        return Err(Error::usage(message).hint("docs/adopting.md lists the files"));
    }
    let folder = full.parent().unwrap_or(root);
    Ok((std::fs::canonicalize(folder).map_err(cannot)?, Some(name)))
}

fn tool(tool: ImportedTool) -> Tool {
    match tool {
        ImportedTool::Ruff => Tool::Ruff,
        ImportedTool::Flake8 => Tool::Flake8,
        ImportedTool::Pydoclint => Tool::Pydoclint,
        ImportedTool::Pydocstyle => Tool::Pydocstyle,
        ImportedTool::Numpydoc => Tool::Numpydoc,
        ImportedTool::Darglint => Tool::Darglint,
        ImportedTool::Interrogate => Tool::Interrogate,
    }
}

/// Returns the name of a file.
pub(super) fn name_of(file: ConfigurationFile) -> &'static str {
    match file {
        ConfigurationFile::Own => DOCGATE_FILE,
        ConfigurationFile::Shared => PYPROJECT_FILE,
    }
}

/// Returns the file that configures docgate, if one does.
pub(super) fn configured(source: Source<'_>) -> Result<Option<ConfigurationFile>, Error> {
    let read = |name: &str| match RepoPath::new(name) {
        Some(path) => setting::read_file(source, &path),
        None => Ok(None),
    };
    if read(DOCGATE_FILE)?.is_some() {
        return Ok(Some(ConfigurationFile::Own));
    }
    let shared = read(PYPROJECT_FILE)?.and_then(|bytes| String::from_utf8(bytes).ok());
    let is_there = shared.is_some_and(|text| with_table(&text, "") == Err(NotAdded::Present));
    Ok(is_there.then_some(ConfigurationFile::Shared))
}

/// Returns the file to write to.
pub(super) fn target(root: &Path, into: Option<ConfigurationFile>) -> Result<ConfigurationFile, Error> {
    if let Some(there) = configured(Source::Disk(root))? {
        let what = match there {
            ConfigurationFile::Own => format!("{DOCGATE_FILE} is there already"),
            ConfigurationFile::Shared => format!("[{TABLE}] is there already, in {PYPROJECT_FILE}"),
        };
        return Err(Error::usage(what)
            .hint("nothing is overwritten: `docgate config import` prints the lines, to be put in by hand"));
    }
    let is_shared = || root.join(PYPROJECT_FILE).is_file();
    Ok(into.unwrap_or_else(|| if is_shared() { ConfigurationFile::Shared } else { ConfigurationFile::Own }))
}

/// Writes a proposal into a file, once docgate itself has read it.
pub(super) fn put(root: &Path, target: ConfigurationFile, proposal: &Proposal) -> Result<(), Error> {
    let name = name_of(target);
    let path = root.join(name);
    let text = match target {
        ConfigurationFile::Own => proposal.written(""),
        ConfigurationFile::Shared => proposal.written(TABLE),
    };
    let before = match std::fs::read(&path) {
        Ok(bytes) => Some(bytes),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => None,
        Err(error) => return Err(Error::usage(format!("cannot read {name}")).because(error)),
    };
    let by_hand = |problem: String| {
        Error::usage(format!("{name}: {problem}"))
            .hint("nothing was written: `docgate config import` prints the lines, to be put in by hand")
    };
    let whole = match &before {
        None => text,
        Some(bytes) => {
            let before =
                std::str::from_utf8(bytes).map_err(|_| by_hand("it is not valid UTF-8".to_owned()))?;
            with_table(before, &text).map_err(|error| by_hand(error.to_string()))?
        }
    };
    let files = |file: &str| (file == name).then(|| whole.clone().into_bytes());
    let config = Config::load(&files, &|_| None, Flags::default())?;
    setting::rules(&config)?;
    let done = match &before {
        None => output::write_new(root, &path, &whole)?,
        Some(before) => {
            let path = RepoPath::new(name).ok_or_else(|| by_hand("it cannot be named".to_owned()))?;
            replace_file(root, &path, before, whole.as_bytes())
                .map_err(|error| Error::unfinished(format!("cannot write {name}")).because(error))?
        }
    };
    if done { Ok(()) } else { Err(by_hand("it is a link, or was changed at this moment".to_owned())) }
}
