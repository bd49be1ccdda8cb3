//! `docgate init`: what a repository needs to be looked after, proposed, and written when asked.
//!
//! It overwrites nothing. Where a file is there that belongs to somebody else, it shows what to put into it.

mod snippets;

use std::fmt::Write as _;
use std::path::Path;

use crate::adopt::{Line, Literal, Proposal};
use crate::cli::{ConfigurationFile, InitArguments};
use crate::config::{Config, DOCGATE_FILE, Flags, PYPROJECT_FILE};
use crate::docstring::Style;
use crate::error::{Error, ExitStatus};
use crate::git::hook::{self, InstallOptions, Owner, Present};
use crate::git::{Repository, Tree, quoted};
use crate::untrusted::sanitised;

use super::setting::{self, Source, of_git};
use super::{choose, import, output};

/// The workflow, as the README shows it.
const WORKFLOW: &str = include_str!("workflow.yml");
const ACTION: &str = "OWNER/docgate@v0.1.0";
const WORKFLOWS: &str = ".github/workflows";
const WORKFLOW_FILE: &str = ".github/workflows/docgate.yml";

/// Whether something is done or only said.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Doing {
    Proposing,
    Writing,
}

impl Doing {
    fn said(self, thing: &str, done: &str) -> String {
        match self {
            Self::Proposing => format!("{thing}: would be {done}"),
            Self::Writing => format!("{thing}: {done}"),
        }
    }
}

/// What was found, and what is left to a person.
#[derive(Default)]
struct Account {
    text: String,
    /// Something would be written.
    proposes: bool,
    /// The files to be committed.
    files: Vec<String>,
    /// Commands that a person runs in between.
    by_hand: Vec<String>,
}

impl Account {
    // Writing to a string cannot fail.
    fn say(&mut self, line: &str) {
        let _ = writeln!(self.text, "{line}");
    }

    fn show(&mut self, block: &str) {
        for line in block.lines() {
            let _ = writeln!(self.text, "{}", format!("    {line}").trim_end());
        }
    }
}

/// Runs the command.
pub(super) fn run(arguments: &InitArguments) -> Result<ExitStatus, Error> {
    let repository = Repository::discover().map_err(|error| {
        of_git(&error)
            .hint("docgate looks after git repositories; without one, `docgate check .` looks at files")
    })?;
    if repository.is_bare() {
        return Err(Error::usage("this repository is bare: there are no files to look after"));
    }
    let doing = if arguments.write { Doing::Writing } else { Doing::Proposing };
    let mut account = Account::default();
    let done = of_everything(&repository, arguments, doing, &mut account);
    // What was written before something failed is there, and must be known.
    if done.is_ok() || doing == Doing::Writing {
        output::show(&account.text)?;
    }
    done.map(|()| ExitStatus::Success)
}

fn of_everything(
    repository: &Repository,
    arguments: &InitArguments,
    doing: Doing,
    account: &mut Account,
) -> Result<(), Error> {
    let root = repository.root();
    of_the_configuration(repository, arguments, doing, account)?;
    // A hook that cannot be installed keeps nobody from the rest.
    let hook = of_the_hook(repository, doing, account);
    of_the_workflow(root, arguments.action.as_deref(), doing, account)?;
    of_what_comes_next(root, doing, account)?;
    hook
}

fn of_the_configuration(
    repository: &Repository,
    arguments: &InitArguments,
    doing: Doing,
    account: &mut Account,
) -> Result<(), Error> {
    let root = repository.root();
    if let Some(there) = import::configured(Source::Disk(root))? {
        let name = import::name_of(there);
        // What is there must be right, too.
        setting::rules(&setting::load(Source::Disk(root), Flags::default())?)?;
        account.say(&format!("configuration: {name} is there, and stays as it is"));
        account.files.push(name.to_owned());
        return Ok(());
    }
    let imported = import::found(root, None, None)?;
    import::tell(&imported);
    let target = import::target(root, arguments.into)?;
    let tools: Vec<&str> = imported.tools.iter().map(|tool| tool.name()).collect();
    let proposal = completed(imported, usual_style(repository)?);
    let name = import::name_of(target);
    let done = match target {
        ConfigurationFile::Own => "written",
        ConfigurationFile::Shared => "written at its end",
    };
    if doing == Doing::Writing {
        import::put(root, target, &proposal)?;
    }
    account.proposes = true;
    account.files.push(name.to_owned());
    let from =
        if tools.is_empty() { String::new() } else { format!(", with the settings of {}", tools.join(", ")) };
    account.say(&format!("{}{from}", doing.said(&format!("configuration: {name}"), done)));
    account.show(&proposal.written(match target {
        ConfigurationFile::Own => "",
        ConfigurationFile::Shared => import::TABLE,
    }));
    Ok(())
}

/// Adds what nobody has said: the mode, and the style that most docstrings show.
fn completed(mut proposal: Proposal, style: Option<Style>) -> Proposal {
    let line = |name: &str, word: &str, remark: &str| Line {
        table: String::new(),
        name: name.to_owned(),
        value: Literal::from(word),
        origins: vec![remark.to_owned()],
    };
    let is_set = proposal.lines.iter().any(|line| line.table.is_empty() && line.name == "style");
    if let (false, Some(style)) = (is_set, style) {
        let word = match style {
            Style::Google => "google",
            Style::Numpy => "numpy",
            Style::Sphinx => "sphinx",
            Style::Epytext => "epytext",
        };
        proposal.lines.insert(0, line("style", word, "most docstrings here are in it"));
    }
    proposal.lines.insert(0, line("mode", "check", "what the hook does: check, fix or warn"));
    proposal
}

/// Returns the style that most modules show.
fn usual_style(repository: &Repository) -> Result<Option<Style>, Error> {
    let config = Config::load(&|_| None, &|_| None, Flags::default())?;
    let source = Source::Disk(repository.root());
    let tree = Tree::Folder(repository.root().to_owned());
    let found = choose::on_disk(&[repository.root().to_owned()], Some(repository))?;
    let settings = choose::settings((&config, source), &tree, found.files.iter(), Some(repository))?;
    Ok(settings.usual_style.get())
}

fn of_the_hook(repository: &Repository, doing: Doing, account: &mut Account) -> Result<(), Error> {
    let managed = hook::managed(repository.root());
    if let Some(named) = managed.iter().find(|managed| managed.names_docgate) {
        account.say(&format!("hook: {} names docgate already", named.file));
        return Ok(());
    }
    let active = match hook::active(repository) {
        Ok(active) => active,
        Err(error) if doing == Doing::Writing => {
            account.say("hook: not installed");
            return Err(Error::of(ExitStatus::Unfinished, &error, error.hint()));
        }
        Err(error) => {
            account.say(&sanitised(&format!("hook: {error}")));
            account.say(&sanitised(&error.hint().map_or(String::new(), |hint| format!("    {hint}"))));
            return Ok(());
        }
    };
    let path = active.path.strip_prefix(repository.root()).unwrap_or(&active.path).display().to_string();
    let path = sanitised(&path).into_owned();
    match active.present {
        Present::Ours => account.say(&format!("hook: {path} is docgate's already")),
        _ if active.named_in.is_some() => account.say(&format!("hook: {path} runs docgate already")),
        _ if !managed.is_empty() => {
            for managed in &managed {
                let (what, block) = snippets::advice(managed);
                account.say(&format!("hook: {} is yours; {what}:", managed.file));
                account.show(block);
                account.by_hand.push(format!("put the lines into {}", managed.file));
                account.files.push(managed.file.to_owned());
            }
            if active.present == Present::Nothing
                && managed.iter().any(|managed| managed.owner == Owner::PreCommit)
            {
                account.by_hand.push("pre-commit install, or prek install: git runs no hook yet".to_owned());
            }
        }
        Present::Foreign(owner) => {
            let error = hook::HookError::Foreign { path: active.path.clone(), owner };
            account.say(&format!("hook: {path} is somebody else's, and stays as it is"));
            account.say(&sanitised(&error.hint().map_or(String::new(), |hint| format!("    {hint}"))));
        }
        Present::Nothing => {
            if doing == Doing::Writing {
                let options = InstallOptions { binary: std::env::current_exe().ok() };
                if let Err(error) = hook::install(repository, &options) {
                    account.say("hook: not installed");
                    return Err(Error::of(ExitStatus::Unfinished, &error, error.hint()));
                }
            }
            account.proposes = true;
            account.say(&doing.said(&format!("hook: {path}"), "installed, as `docgate hook install` does"));
        }
    }
    Ok(())
}

fn of_the_workflow(
    root: &Path,
    action: Option<&str>,
    doing: Doing,
    account: &mut Account,
) -> Result<(), Error> {
    if let Some(file) = named_in_workflows(root) {
        account.say(&format!("pull requests: {WORKFLOWS}/{} names docgate already", sanitised(&file)));
        return Ok(());
    }
    let Some(action) = action else {
        if root.join(".github").is_dir() {
            account.say(&format!(
                "pull requests: `docgate init --action OWNER/docgate@REF` proposes {WORKFLOW_FILE}; OWNER/docgate is the \
                 repository on GitHub that docgate comes from"
            ));
        }
        return Ok(());
    };
    let text = format!("# {WORKFLOW_FILE}\n{}", WORKFLOW.replace(ACTION, action));
    let path = root.join(WORKFLOW_FILE);
    if path.symlink_metadata().is_ok() {
        account.say(&format!("pull requests: {WORKFLOW_FILE} is there, and stays as it is"));
        return Ok(());
    }
    if doing == Doing::Writing && !output::write_new(root, &path, &text)? {
        account.say(&format!("pull requests: {WORKFLOW_FILE} is there, and stays as it is"));
        return Ok(());
    }
    account.proposes = true;
    account.files.push(WORKFLOW_FILE.to_owned());
    account.say(&doing.said(&format!("pull requests: {WORKFLOW_FILE}"), "written"));
    account.show(&text);
    Ok(())
}

/// Finds a workflow that names docgate.
fn named_in_workflows(root: &Path) -> Option<String> {
    let mut names: Vec<String> = std::fs::read_dir(root.join(WORKFLOWS))
        .ok()?
        .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
        .filter(|name| [".yml", ".yaml"].iter().any(|ending| name.ends_with(ending)))
        .collect();
    names.sort();
    names.into_iter().find(|name| {
        let bytes = hook::plain(&root.join(WORKFLOWS).join(name)).unwrap_or_default();
        memchr::memmem::find(&bytes, b"docgate").is_some()
    })
}

fn of_what_comes_next(root: &Path, doing: Doing, account: &mut Account) -> Result<(), Error> {
    account.say("");
    if doing == Doing::Proposing && account.proposes {
        account.say("Nothing was written. Next:");
        account.show("docgate init --write");
    } else {
        account.say("Next:");
    }
    for lines in std::mem::take(&mut account.by_hand) {
        account.show(&format!("# by hand: {lines}"));
    }
    let config = if root.join(DOCGATE_FILE).is_file() || root.join(PYPROJECT_FILE).is_file() {
        setting::load(Source::Disk(root), Flags::default())?
    } else {
        Config::load(&|_| None, &|_| None, Flags::default())?
    };
    let baseline = config.baseline.value;
    if !root.join(&baseline).exists() {
        account.show("docgate baseline              # records what is wrong today: only what is new counts from then on");
    }
    account.show("docgate check                 # nothing blocks");
    let files = account.files.iter().map(String::as_str).chain([baseline.as_str()]);
    let files: Vec<String> = files.map(|file| quoted(&sanitised(file))).collect();
    account.show(&format!("git add {}", files.join(" ")));
    account.show("docgate doctor                # which hook runs, and what it looks at");
    Ok(())
}
