//! `docgate review`: suggestions for what a pull request touched.

use std::path::PathBuf;

use crate::change::RepoPath;
use crate::cli::{Overrides, ReviewArguments};
use crate::env;
use crate::error::{Error, ExitStatus};
use crate::git::{Range, RangeKind, Repository, Selection, hunks};
use crate::github::client::{Client, Posted};
use crate::github::{
    ClientError, Hunks, LineEdit, Plan, Proposal, ProposalFinding, PullRequest, parse_event, plan_review,
};
use crate::python::encode;
use crate::report::{Outcome, Report, Resolution};
use crate::rules::{Finding, Severity};

use super::doubts::{in_words, is_stale};
use super::fix::finished;
use super::judge::{Judgement, judge};
use super::mend::{Door, Mended, Mending, Workshop, mend};
use super::setting::{self, Session, Source, of_git};
use super::{choose, output, service};

/// Runs the command.
pub(super) fn run(session: &Session, arguments: &ReviewArguments) -> Result<ExitStatus, Error> {
    let request = pull_request(arguments)?;
    let repository = Repository::discover().map_err(|error| of_git(&error))?;
    if !arguments.dry_run && env::read(env::GITHUB_TOKEN).is_none() {
        // Said before a model is asked and paid for.
        return Err(of_client(&ClientError::NoToken));
    }
    let mut flags = setting::flags(&Overrides::default(), Some(&arguments.writer))?;
    if request.from_fork {
        // What a stranger wrote is not sent anywhere at the expense of the repository.
        flags.model = Some(crate::config::ModelChoice::None);
    }
    let base = request.base_sha.as_str();
    let source = Source::Revision(&repository, base);
    let config = setting::load(source, flags)?;
    let range =
        Range { from: base.to_owned(), to: request.head_sha.as_str().to_owned(), kind: RangeKind::MergeBase };
    let selection =
        choose::without_excluded(repository.range(&range).map_err(|error| of_git(&error))?, &config);
    let settings =
        choose::settings((&config, source), &selection.tree, selection.paths(), Some(&repository))?;
    let judgement = judge(&selection, &settings);
    let workshop =
        Workshop { config: &config, settings: &settings, run_id: &session.run_id, door: Door::Review };
    let mending = mend(&judgement, &workshop)?;
    let proposals = proposals(&mending, &judgement);
    let hunks = hunks_of(&selection);
    let report = as_reviewed(finished(&judgement, mending, &config, &settings));
    let status = if arguments.exit_zero { ExitStatus::Success } else { report.status() };
    if arguments.dry_run {
        let plan = plan_review(request.head_sha.clone(), &proposals, &hunks, &[]);
        output::say(&shown(&plan)?)?;
    } else {
        post(&request, &proposals, &hunks)?;
    }
    for failure in &report.failures {
        output::tell(&format!("docgate: {failure}"));
    }
    for skipped in &report.skipped {
        output::tell(&format!("docgate: not looked at: {}: {}", skipped.path, skipped.reason));
    }
    Ok(status)
}

fn pull_request(arguments: &ReviewArguments) -> Result<PullRequest, Error> {
    let path = arguments.event.clone().or_else(|| env::read(env::GITHUB_EVENT_PATH).map(PathBuf::from));
    let Some(path) = path else {
        return Err(Error::usage("there is no event to review")
            .hint("give --event FILE, or run in a workflow that is started by `pull_request`"));
    };
    let payload = std::fs::read(&path)
        .map_err(|error| Error::usage(format!("cannot read {}", path.display())).because(error))?;
    parse_event(&payload)
        .map_err(|error| Error::of(ExitStatus::Usage, &error, error.hint().map(str::to_owned)))
}

/// What the pull request shows is not changed by proposals: all that was found still stands.
fn as_reviewed(mut report: Report) -> Report {
    for outcome in &mut report.outcomes {
        outcome.remaining.clone_from(&outcome.found);
        if matches!(outcome.resolution, Resolution::Repaired | Resolution::Written) {
            outcome.resolution = Resolution::Reported;
        }
    }
    report
}

fn proposals(mending: &Mending, judgement: &Judgement) -> Vec<Proposal> {
    let mut proposals = Vec::new();
    for (mended, judged) in mending.files.iter().zip(&judgement.files) {
        for checked in judged.checked.iter().filter(|checked| !checked.findings.is_empty()) {
            let outcome = judged.outcome(checked);
            proposals.push(proposal(mended, &outcome, mended.done.get(&checked.index)));
        }
    }
    proposals
}

fn proposal(mended: &Mended, outcome: &Outcome, done: Option<&Resolution>) -> Proposal {
    let written = matches!(done, Some(Resolution::Written));
    let describe = |finding: &Finding| ProposalFinding {
        code: finding.code.to_owned(),
        name: finding.name.to_owned(),
        message: finding.message.clone(),
        remark: mended.verdicts.get(&outcome.definition).filter(|_| is_stale(finding)).map(in_words),
        blocks: finding.severity == Severity::Error,
        line: finding.position.line,
    };
    Proposal {
        path: outcome.path.clone(),
        definition: outcome.definition.clone(),
        line: outcome.line,
        findings: outcome.found.iter().map(describe).collect(),
        edit: line_edit(mended, &outcome.definition, written),
    }
}

/// Turns the edits of one definition into lines of the head commit and what replaces them.
fn line_edit(mended: &Mended, definition: &str, written_by_model: bool) -> Option<LineEdit> {
    let own: Vec<_> = mended.edits.iter().filter(|edit| edit.definition == definition).cloned().collect();
    if own.is_empty() {
        return None;
    }
    let before = mended.judged.file.text.as_str();
    let after = crate::edit::apply(before, &own).ok()?;
    // A suggestion is UTF-8, and would be written so into a file of another encoding.
    let is_utf8 = |text: &str| encode(text).is_ok_and(|bytes| bytes == text.as_bytes());
    if !is_utf8(before) || !is_utf8(&after) {
        return None;
    }
    let (old, new): (Vec<&str>, Vec<&str>) = (before.lines().collect(), after.lines().collect());
    let mut first = old.iter().zip(&new).take_while(|(a, b)| a == b).count();
    let rest = old.len().min(new.len()) - first;
    let same = old.iter().rev().zip(new.iter().rev()).take(rest).take_while(|(a, b)| a == b).count();
    let (mut old_end, mut new_end) = (old.len() - same, new.len() - same);
    if first == old_end {
        // Nothing is replaced: the line before stands for the place, at the top of a file the line after.
        if first > 0 {
            first -= 1;
        } else if old_end < old.len() {
            old_end += 1;
            new_end += 1;
        } else {
            return None;
        }
    }
    let owned = |lines: &[&str]| lines.iter().map(|line| (*line).to_owned()).collect();
    Some(LineEdit {
        first_line: first + 1,
        last_line: old_end,
        original: owned(&old[first..old_end]),
        replacement: owned(&new[first..new_end]),
        written_by_model,
    })
}

fn hunks_of(selection: &Selection) -> Hunks {
    let mut found: Vec<(RepoPath, Vec<crate::change::Hunk>)> = Vec::new();
    for change in &selection.changes {
        let base = change.base.as_deref().unwrap_or_default();
        found.push((change.path.clone(), hunks(base, &change.new)));
    }
    found.into_iter().collect()
}

fn shown(plan: &Plan) -> Result<String, Error> {
    serde_json::to_string_pretty(plan)
        .map_err(|error| Error::unfinished("cannot print the plan").because(error))
}

fn post(request: &PullRequest, proposals: &[Proposal], hunks: &Hunks) -> Result<(), Error> {
    let posted = service::runtime()?.block_on(async {
        let client = Client::from_environment(request.repository.clone())?;
        let existing = client.existing_comments(request.number).await?;
        let plan = plan_review(request.head_sha.clone(), proposals, hunks, &existing);
        match client.post_review(request.number, &plan).await {
            // GitHub sees other hunks than this clone: say everything in the body rather than nothing.
            Err(ClientError::Rejected { .. }) if !plan.comments.is_empty() => {
                let plan = plan_review(request.head_sha.clone(), proposals, &Hunks::default(), &existing);
                client.post_review(request.number, &plan).await
            }
            result => result,
        }
    });
    match posted.map_err(|error| of_client(&error))? {
        Posted::Nothing => output::tell("docgate: nothing new to say"),
        Posted::Review { url } => {
            output::tell(&format!(
                "docgate: review posted{}",
                url.map(|url| format!(": {url}")).unwrap_or_default()
            ));
        }
    }
    Ok(())
}

fn of_client(error: &ClientError) -> Error {
    let usage = matches!(error, ClientError::NoToken | ClientError::UnusableToken);
    let status = if usage { ExitStatus::Usage } else { ExitStatus::Unfinished };
    Error::of(status, error, error.hint().map(str::to_owned))
}
