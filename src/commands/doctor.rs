//! `docgate doctor`: which hook checks commits here, what it would look at, and why nothing ran.

use std::fmt::Write as _;
use std::time::Duration;

use crate::cache;
use crate::cli::DoctorArguments;
use crate::config::{Config, Flags, ModelChoice, SignIn};
use crate::error::{Error, ExitStatus};
use crate::git::hook::{self, Active, HookError, Owner, Present};
use crate::git::{LeftBehind, Repository};
use crate::rules::RULES;
use crate::untrusted::sanitised;

use super::setting::{self, Source, of_git};
use super::{choose, import, output, service, sign_in};

/// What was seen: lines to read, and how many of them say that something is wrong.
#[derive(Default)]
struct Findings {
    text: String,
    problems: usize,
}

impl Findings {
    // Writing to a string cannot fail. Names of files are in most lines, and strangers choose those.
    fn note(&mut self, line: &str) {
        let _ = writeln!(self.text, "{}", sanitised(line));
    }

    fn refused(&mut self, error: &Error) {
        self.problem(&error.to_string(), error.hints().first().map(String::as_str));
    }

    fn problem(&mut self, line: &str, hint: Option<&str>) {
        self.problems += 1;
        let _ = writeln!(self.text, "problem: {}", sanitised(line));
        if let Some(hint) = hint {
            let _ = writeln!(self.text, "   hint: {}", sanitised(hint));
        }
    }
}

/// Runs the command.
pub(super) fn run(arguments: &DoctorArguments) -> Result<ExitStatus, Error> {
    let repository = Repository::discover().map_err(|error| of_git(&error))?;
    let left_behind = repository.left_behind().map_err(|error| of_git(&error))?;
    if arguments.clear_lock {
        return clear(&repository, &left_behind);
    }
    let mut findings = Findings::default();
    of_the_hook(hook::active(&repository), &mut findings);
    if let Some(name) = super::hook::skipped() {
        findings.problem(&format!("{name} is set, so the hook does nothing"), Some("unset it"));
    }
    of_what_is_left(&repository, &left_behind, &mut findings);
    match setting::load(Source::Index(&repository), Flags::default()) {
        Ok(config) => {
            of_the_configuration(&repository, &config, &mut findings);
            of_what_is_staged(&repository, &config, &mut findings);
        }
        Err(error) => findings.refused(&error),
    }
    output::show(&findings.text)?;
    Ok(if findings.problems == 0 { ExitStatus::Success } else { ExitStatus::Findings })
}

/// Says what is active: the hook reads the index, so that what lies on disk alone does not count.
fn of_the_configuration(repository: &Repository, config: &Config, findings: &mut Findings) {
    let source = Source::Index(repository);
    let active = match import::configured(source) {
        Ok(active) => active,
        Err(error) => return findings.refused(&error),
    };
    match active.map(import::name_of) {
        Some(name) => findings.note(&format!("configuration: {name}, as it is staged")),
        None => findings.note("configuration: none, the defaults count; `docgate init` proposes one"),
    }
    if let (None, Ok(Some(there))) = (active, import::configured(Source::Disk(repository.root()))) {
        let name = import::name_of(there);
        let line = format!("the configuration in {name} is not staged, and the hook reads the index");
        findings.problem(&line, Some(&format!("run `git add {name}`")));
    }
    findings.note(&format!("mode: {} ({})", config.mode.value, config.mode.origin));
    findings.note(&format!("style: {} ({})", config.style.value, config.style.origin));
    match setting::rules(config) {
        Ok(rules) => {
            findings.note(&format!("rules that are on: {} of {}", rules.severities.len(), RULES.len()));
        }
        Err(error) => findings.refused(&error),
    }
    let model = match config.effective_model() {
        ModelChoice::None => "none, so that prose is left to people".to_owned(),
        writer => format!("{writer} ({})", config.model.origin),
    };
    findings.note(&format!("model: {model}"));
    if config.effective_model() == ModelChoice::Azure {
        of_the_sign_in(config, findings);
    }
    if config.effective_model().is_service() {
        let source = config.examples.effective_source();
        findings
            .note(&format!("examples that are shown to it: {source} ({})", config.examples.source.origin));
    }
    if let Some(url) = &config.shared.redis {
        match service::shared(config) {
            Ok(_) => findings.note(&format!("shared with other machines: {} ({})", url.value, url.origin)),
            Err(error) => findings.refused(&error),
        }
    }
    let folder = cache::default_folder().filter(|_| config.cache.enabled.value);
    findings.note(&match folder {
        Some(folder) => format!("cache of answers: {}", sanitised(&folder.to_string_lossy())),
        None => "cache of answers: off".to_owned(),
    });
    let name = sanitised(&config.baseline.value).into_owned();
    let on_disk = || matches!(setting::baseline(Source::Disk(repository.root()), config), Ok(Some(_)));
    match setting::baseline(source, config) {
        Ok(Some(baseline)) => findings.note(&format!("baseline: {name}, {} known findings", baseline.len())),
        Ok(None) if on_disk() => {
            let line = format!("the baseline {name} is not staged, and the hook reads the index");
            findings.problem(&line, Some(&format!("run `git add {name}`")));
        }
        Ok(None) => findings.note("baseline: none, so that all findings count"),
        Err(error) => findings.refused(&error),
    }
}

/// Says who Azure is told to be asked by; nobody signs in for that.
fn of_the_sign_in(config: &Config, findings: &mut Findings) {
    let sign_in = &config.azure.sign_in;
    match sign_in.value {
        SignIn::Key => findings.note(&format!("sign-in: with the key ({})", sign_in.origin)),
        way => {
            findings.note(&format!("sign-in: {way} ({}), for {}", sign_in.origin, config.azure.scope.value));
        }
    }
    if let Some(problem) = sign_in::problem(config) {
        findings.refused(&problem);
    }
}

fn of_the_hook(active: Result<Active, HookError>, findings: &mut Findings) {
    let active = match active {
        Ok(active) => active,
        Err(error) => return findings.problem(&error.to_string(), error.hint().as_deref()),
    };
    let path = active.path.display();
    match (active.present, &active.named_in) {
        (Present::Nothing, _) => {
            let hint = "run `docgate hook install`, or name docgate in the configuration of your hook manager and install \
                        that";
            return findings.problem(&format!("there is no hook: {path} does not exist"), Some(hint));
        }
        (Present::Ours, _) => findings.note(&format!("hook: {path}, docgate's own")),
        (Present::Foreign(owner), Some(place)) => {
            findings.note(&format!("hook: {path}, {}; docgate is named in {}", name(owner), place.display()));
        }
        (Present::Foreign(owner), None) => {
            let error = HookError::Foreign { path: active.path.clone(), owner };
            let line = format!("the hook at {path} is {} and does not run docgate", name(owner));
            findings.problem(&line, error.hint().as_deref());
        }
    }
    if !active.runs {
        let hint = format!("run `chmod +x {path}`");
        findings.problem("the hook is not executable, and git leaves such hooks out", Some(&hint));
    }
    if let Some(binary) = active.binary.filter(|binary| !binary.is_file()) {
        let line = format!(
            "the hook calls {}, which is gone; it takes the one on the PATH instead",
            binary.display()
        );
        findings.problem(&line, Some("run `docgate hook install` again"));
    }
}

fn name(owner: Owner) -> &'static str {
    match owner {
        Owner::PreCommit => "that of pre-commit or prek",
        Owner::Husky => "that of husky",
        Owner::Lefthook => "that of lefthook",
        Owner::LintStaged => "that of lint-staged",
        Owner::Hk => "that of hk",
        Owner::Unknown => "somebody else's",
    }
}

fn of_what_is_left(repository: &Repository, left_behind: &LeftBehind, findings: &mut Findings) {
    let at_work = repository.git_at_work();
    for (lock, age) in &left_behind.locks {
        let line = format!("{} is there since {}: nobody can stage or commit", lock.display(), spoken(*age));
        match at_work {
            Some(process) => {
                findings.note(&format!("{line}; git is at work, process {process}"));
            }
            None => findings.problem(
                &line,
                Some("if no git command is running, it was killed: `docgate doctor --clear-lock` removes it"),
            ),
        }
    }
    for file in &left_behind.files {
        let line = format!("{} was left behind by a docgate that was killed", file.display());
        findings.problem(&line, Some("nothing is lost; `docgate doctor --clear-lock` removes it"));
    }
}

fn of_what_is_staged(repository: &Repository, config: &Config, findings: &mut Findings) {
    if let Some(progress) = repository.in_progress() {
        let name = progress.name();
        findings.note(&format!("a {name} is being concluded: what it brings along is not looked at"));
    }
    let staged = match repository.staged(None) {
        Ok(staged) => staged,
        Err(error) => return findings.problem(&error.to_string(), error.hint().as_deref()),
    };
    let count = staged.changes.len();
    if count == 0 && staged.skipped.is_empty() {
        let line = match repository.has_staged() {
            Ok(true) => "nothing that is staged is Python, so that the hook has nothing to look at",
            _ => "nothing is staged, so that the hook has nothing to look at",
        };
        findings.note(line);
    }
    let selection = choose::without_excluded(staged, config);
    findings.note(&format!("staged Python files to look at: {}", selection.changes.len()));
    let excluded = count - selection.changes.len();
    if excluded > 0 {
        findings.note(&format!("excluded by the configuration: {excluded}"));
    }
    for skipped in &selection.skipped {
        findings.note(&format!("not looked at: {}: {}", skipped.path, skipped.reason));
    }
}

fn clear(repository: &Repository, left_behind: &LeftBehind) -> Result<ExitStatus, Error> {
    if left_behind.is_empty() {
        output::say("nothing was left behind")?;
        return Ok(ExitStatus::Success);
    }
    if let Some(process) = repository.git_at_work() {
        return Err(Error::unfinished(format!(
            "a git command is running in this repository, process {process}"
        ))
        .hint("wait until it has ended, or end it yourself, and run this again"));
    }
    left_behind.clear().map_err(|error| of_git(&error))?;
    for path in left_behind.locks.iter().map(|(path, _)| path).chain(&left_behind.files) {
        output::say(&format!("removed: {}", sanitised(&path.to_string_lossy())))?;
    }
    if !left_behind.locks.is_empty() {
        // Git moves `HEAD` before it puts the index in place.
        output::say(
            "if it was a commit that was killed, look at `git status`: where HEAD has the change and the index has not, \
             `git reset -- FILE` brings the index up to date and leaves the file alone",
        )?;
    }
    Ok(ExitStatus::Success)
}

fn spoken(age: Duration) -> String {
    match age.as_secs() {
        seconds @ 0..120 => format!("{seconds} seconds"),
        seconds @ 120..7200 => format!("{} minutes", seconds / 60),
        seconds => format!("{} hours", seconds / 3600),
    }
}
