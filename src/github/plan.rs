//! [pure] What a review will say, decided before anything is sent: `docgate review --dry-run` prints it as JSON.
//!
//! GitHub takes a review as a whole or not at all, so the plan holds only what it accepts: comments on lines the
//! diff shows, ranges that do not overlap, texts that are not too long. What does not fit beside the code goes
//! into the body; what does not fit there either is counted aloud. Nothing is said twice.

use std::collections::{BTreeMap, HashSet};

use serde::Serialize;

use crate::change::RepoPath;

use super::comment::{beside_the_code, paragraph, short_paragraph};
use super::fingerprint::{ExistingComment, Fingerprint};
use super::identity::CommitSha;
use super::place::{Place, Placed, settle, wanted};
use super::proposal::{Hunks, LineEdit, Proposal};

/// The longest body of a review or comment. GitHub counts characters; docgate counts bytes, which are never fewer.
pub const LONGEST_BODY: usize = 65_536;

// Kept free in the body for the sentences at its end and the marker of the review.
const RESERVE: usize = 600;

/// A review as it will be posted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Plan {
    /// The head commit that was looked at.
    pub commit: CommitSha,
    /// Identifies the review among those posted earlier.
    pub fingerprint: Fingerprint,
    /// The text of the review; empty when there is nothing to post.
    pub body: String,
    /// What stands beside the code, in the order of reading.
    pub comments: Vec<InlineComment>,
    /// How much of what there is.
    pub counts: Counts,
}

impl Plan {
    /// Returns whether there is nothing to post.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.body.is_empty() && self.comments.is_empty()
    }
}

/// A comment on lines of the head commit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct InlineComment {
    /// The file.
    pub path: RepoPath,
    /// The first line, when there is more than one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub start_line: Option<usize>,
    /// The last line, or the only one.
    pub line: usize,
    /// The text, with its marker.
    pub body: String,
}

/// How many definitions are said where; their sum is the number of definitions there was something to say about.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Counts {
    /// Beside the code, as an edit to accept.
    pub suggestions: usize,
    /// Beside the code, as text.
    pub comments: usize,
    /// In the body.
    pub in_body: usize,
    /// Said by an earlier review.
    pub said_before: usize,
    /// Counted in the body and not described, because it is full.
    pub left_out: usize,
}

/// Plans the review of a commit.
///
/// `hunks` are those of the diff from merge base to head, with three lines of context as GitHub shows them. Without
/// any (`Hunks::default()`) everything goes into the body: the way out when GitHub rejects a line.
#[must_use]
pub fn plan_review(
    commit: CommitSha,
    proposals: &[Proposal],
    hunks: &Hunks,
    existing: &[ExistingComment],
) -> Plan {
    let known: HashSet<&Fingerprint> = existing.iter().flat_map(|comment| &comment.fingerprints).collect();
    let all = with_fingerprints(proposals);
    let fingerprints: Vec<Fingerprint> = all.iter().map(|(_, _, fingerprint)| fingerprint.clone()).collect();
    let review = Fingerprint::of_review(&fingerprints);

    let total = all.len();
    let is_repeated = known.contains(&review);
    let mut placed: Vec<Placed<'_>> = all
        .into_iter()
        .filter(|(_, _, fingerprint)| !is_repeated && !known.contains(fingerprint))
        .map(|(proposal, edit, fingerprint)| {
            let place = wanted(proposal, edit.as_ref(), hunks);
            Placed { proposal, edit, fingerprint, place }
        })
        .collect();
    settle(&mut placed);

    let mut plan = Plan {
        commit,
        fingerprint: review,
        body: String::new(),
        comments: Vec::new(),
        counts: Counts { said_before: total - placed.len(), ..Counts::default() },
    };
    if placed.is_empty() {
        return plan;
    }
    plan.comments = take_inline_comments(&mut placed, &mut plan.counts);
    plan.body = body(&plan, &placed);
    let described = Fingerprint::all_in(&plan.body).len() - 1;
    let for_the_body = placed.iter().filter(|placed| placed.place == Place::Body).count();
    plan.counts.in_body = described;
    plan.counts.left_out = for_the_body - described;
    plan
}

/// Pairs each proposal that has something to say with its edit and its fingerprint, in the order of reading.
fn with_fingerprints(proposals: &[Proposal]) -> Vec<(&Proposal, Option<LineEdit>, Fingerprint)> {
    let mut sorted: Vec<&Proposal> = proposals.iter().collect();
    sorted.sort_by(|left, right| (&left.path, left.line).cmp(&(&right.path, right.line)));
    let mut occurrences: BTreeMap<Fingerprint, usize> = BTreeMap::new();
    let mut all = Vec::new();
    for proposal in sorted {
        let edit = proposal.edit.as_ref().and_then(LineEdit::trimmed);
        if edit.is_none() && proposal.findings.is_empty() {
            continue;
        }
        let occurrence = occurrences.entry(Fingerprint::of_proposal(proposal, 0)).or_default();
        all.push((proposal, edit, Fingerprint::of_proposal(proposal, *occurrence)));
        *occurrence += 1;
    }
    all
}

/// Makes the inline comments; those that are too long are moved to the body.
fn take_inline_comments(placed: &mut [Placed<'_>], counts: &mut Counts) -> Vec<InlineComment> {
    let mut comments = Vec::new();
    for placed in placed {
        let (Some((first, last)), Some(text)) = (placed.place.lines(), beside_the_code(placed)) else {
            continue;
        };
        let body = format!("{}\n\n{}", text.trim_end(), placed.fingerprint.marker());
        if body.len() > LONGEST_BODY {
            placed.place = Place::Body;
            continue;
        }
        match placed.place {
            Place::Suggestion { .. } => counts.suggestions += 1,
            Place::Comment { .. } | Place::Body => counts.comments += 1,
        }
        let start_line = (first < last).then_some(first);
        comments.push(InlineComment { path: placed.proposal.path.clone(), start_line, line: last, body });
    }
    comments.sort_by(|left, right| (&left.path, left.line).cmp(&(&right.path, right.line)));
    comments
}

/// Writes the body: what was found, the paragraphs that fit, what is left out, and at the end all markers.
fn body(plan: &Plan, placed: &[Placed<'_>]) -> String {
    let mut text = summary(plan, placed);
    let mut markers = String::new();
    let mut left_out = 0_usize;
    let mut items: Vec<&Placed<'_>> = placed.iter().filter(|placed| placed.place == Place::Body).collect();
    // What blocks comes first, so that it is the last to be left out.
    items.sort_by_key(|placed| !placed.proposal.blocks());
    for item in items {
        let marker = item.fingerprint.marker();
        let room = LONGEST_BODY.saturating_sub(RESERVE + text.len() + markers.len() + marker.len() + 1);
        let candidates = [paragraph(item), short_paragraph(item)];
        let Some(fitting) = candidates.into_iter().find(|candidate| candidate.len() <= room) else {
            left_out += 1;
            continue;
        };
        text.push_str(&fitting);
        markers.push_str(&marker);
        markers.push('\n');
    }
    if left_out > 0 {
        let left_out = counted(left_out, "more definition does", "more definitions do");
        let notice = format!(
            "**{left_out} not fit into this review.** `docgate check` on this branch lists everything.\n\n"
        );
        text.push_str(&notice);
    }
    format!("{text}{markers}{}", plan.fingerprint.marker())
}

fn summary(plan: &Plan, placed: &[Placed<'_>]) -> String {
    let definitions = counted(placed.len(), "definition", "definitions");
    let blocking = match placed.iter().filter(|placed| placed.proposal.blocks()).count() {
        0 => "nothing blocks".to_owned(),
        number => counted(number, "of them blocks", "of them block"),
    };
    let mut sentences = vec![format!("**docgate** has something to say about {definitions}; {blocking}.")];
    let Counts { suggestions, comments, said_before, .. } = plan.counts;
    let suggestions = (suggestions > 0).then(|| counted(suggestions, "suggestion", "suggestions"));
    let comments = (comments > 0).then(|| counted(comments, "comment", "comments"));
    let beside: Vec<String> = suggestions.into_iter().chain(comments).collect();
    if !beside.is_empty() {
        sentences.push(format!("Beside the code: {}.", beside.join(", ")));
    }
    if said_before > 0 {
        let said = counted(said_before, "was", "were");
        sentences.push(format!("{said} said before and not repeated."));
    }
    format!("{}\n\n", sentences.join(" "))
}

fn counted(number: usize, one: &str, many: &str) -> String {
    format!("{number} {}", if number == 1 { one } else { many })
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;

    use proptest::prelude::*;

    use super::super::place::MOST_INLINE_COMMENTS;
    use super::super::proposal::ProposalFinding;
    use super::*;
    use crate::change::Hunk;

    fn path(text: &str) -> RepoPath {
        RepoPath::new(text).unwrap()
    }

    fn commit() -> CommitSha {
        CommitSha::new(&"a".repeat(40)).unwrap()
    }

    fn hunks(entries: &[(&str, &[(usize, usize)])]) -> Hunks {
        let hunk = |(first_line, last_line): &(usize, usize)| Hunk {
            first_line: *first_line,
            last_line: *last_line,
        };
        entries.iter().map(|(name, ranges)| (path(name), ranges.iter().map(hunk).collect())).collect()
    }

    fn finding(code: &str, line: usize, blocks: bool) -> ProposalFinding {
        ProposalFinding {
            code: code.to_owned(),
            name: "missing-argument-description".to_owned(),
            message: "`timeout` is a parameter and not described".to_owned(),
            remark: None,
            blocks,
            line,
        }
    }

    fn edit(first_line: usize, original: &[&str], replacement: &[&str]) -> LineEdit {
        let own = |lines: &[&str]| lines.iter().map(|line| (*line).to_owned()).collect::<Vec<_>>();
        LineEdit {
            first_line,
            last_line: first_line + original.len() - 1,
            original: own(original),
            replacement: own(replacement),
            written_by_model: false,
        }
    }

    fn proposal(definition: &str, line: usize) -> Proposal {
        Proposal {
            path: path("pkg/client.py"),
            definition: definition.to_owned(),
            line,
            findings: vec![finding("DOC101", line, true)],
            edit: Some(edit(
                line,
                &["def fetch(url, timeout):"],
                &["def fetch(url, timeout):", "    \"\"\"Fetch a page.\"\"\""],
            )),
        }
    }

    fn plan(proposals: &[Proposal], hunks: &Hunks, existing: &[ExistingComment]) -> Plan {
        plan_review(commit(), proposals, hunks, existing)
    }

    /// What GitHub would give back after the plan was posted.
    fn posted(plan: &Plan) -> Vec<ExistingComment> {
        let bodies = plan.comments.iter().map(|comment| &comment.body).chain([&plan.body]);
        bodies.filter_map(|body| ExistingComment::new(1, body)).collect()
    }

    /// Shows a plan as a person would see it on the pull request, hidden markers included.
    fn shown(plan: &Plan) -> String {
        let mut text = format!("{:?}\n\n=== body\n{}\n", plan.counts, plan.body);
        for comment in &plan.comments {
            let start = comment.start_line.map(|start| format!("{start} to ")).unwrap_or_default();
            write!(text, "\n=== {} line {start}{}\n{}\n", comment.path, comment.line, comment.body).unwrap();
        }
        text
    }

    #[test]
    fn each_proposal_goes_where_github_takes_it() {
        let suggested = proposal("fetch", 10);
        let mut by_model = proposal("Client.fetch", 12);
        by_model.edit = Some(LineEdit {
            written_by_model: true,
            ..edit(12, &["    \"\"\"Old.", "", "    Text.", "    \"\"\""], &["    \"\"\"New.\"\"\""])
        });
        let mut crossing = proposal("crossing", 19);
        crossing.edit = Some(edit(19, &["one", "two", "three"], &["uno", "two", "tre"]));
        let mut beside = proposal("beside", 41);
        beside.edit = None;
        beside.findings.push(finding("DOC502", 99, false));
        let mut outside = proposal("outside", 80);
        outside.path = path("pkg/other.py");
        outside.findings[0].blocks = false;
        let mut nothing = proposal("nothing", 13);
        nothing.findings.clear();
        nothing.edit = Some(edit(13, &["same"], &["same"]));
        let proposals = [outside, nothing, beside, crossing, by_model, suggested];
        let hunks = hunks(&[("pkg/client.py", &[(8, 20), (21, 30), (40, 45)]), ("pkg/other.py", &[(1, 7)])]);
        insta::assert_snapshot!(shown(&plan(&proposals, &hunks, &[])));
    }

    #[test]
    fn the_text_of_a_stranger_stays_text() {
        let hostile = "@octocat `code` ``` <!-- --> [x](http://evil) \u{202e}#1\n```\n# heading";
        let mut beside = proposal("f`\u{202e}\n# x", 10);
        beside.findings[0].message = hostile.to_owned();
        beside.findings[0].name = hostile.to_owned();
        beside.edit = Some(edit(
            10,
            &["old"],
            &["````", "<!-- docgate: fingerprint=00000000000000000000000000000000 -->", "@octocat"],
        ));
        let mut in_body = beside.clone();
        in_body.path = path("a b/`@octocat`.py");
        let plan = plan(&[beside, in_body], &hunks(&[("pkg/client.py", &[(8, 20)])]), &[]);
        insta::assert_snapshot!(shown(&plan));
        let known: Vec<Fingerprint> =
            posted(&plan).into_iter().flat_map(|existing| existing.fingerprints).collect();
        assert!(known.iter().all(|known| known.to_string() != "0".repeat(32)), "quoted markers are not read");
    }

    #[test]
    fn the_plan_is_printed_as_json() {
        let mut two_lines = proposal("g", 12);
        two_lines.edit = Some(edit(12, &["a", "b"], &["c", "d"]));
        let hunks = hunks(&[("pkg/client.py", &[(8, 20)])]);
        insta::assert_json_snapshot!(plan(&[proposal("f", 10), two_lines], &hunks, &[]));
    }

    #[test]
    fn nothing_is_said_twice() {
        let hunks = hunks(&[("pkg/client.py", &[(8, 20)])]);
        let proposals = [proposal("f", 10), proposal("outside", 50)];
        let first = plan(&proposals, &hunks, &[]);
        assert!(!first.is_empty());
        let existing = posted(&first);

        let second = plan(&proposals, &hunks, &existing);
        assert!(second.is_empty());
        assert_eq!(second.counts.said_before, 2);

        let more = [&proposals[..], &[proposal("new", 15)]].concat();
        let third = plan(&more, &hunks, &existing);
        assert_eq!(third.counts, Counts { suggestions: 1, said_before: 2, ..Counts::default() });
    }

    #[test]
    fn nothing_to_say_is_an_empty_plan() {
        assert!(plan(&[], &Hunks::default(), &[]).is_empty());
    }

    #[test]
    fn equal_proposals_are_both_said() {
        // Overloads share name, findings and text.
        let hunks = hunks(&[("pkg/client.py", &[(8, 20)])]);
        let proposals = [proposal("f", 10), proposal("f", 14)];
        let first = plan(&proposals, &hunks, &[]);
        assert_eq!(first.counts.suggestions, 2);
        assert!(plan(&proposals, &hunks, &posted(&first)).is_empty());
    }

    #[test]
    fn a_later_range_that_overlaps_moves_to_the_body() {
        let mut long = proposal("long", 10);
        long.edit = Some(edit(10, &["a", "b", "c"], &["x", "y", "z"]));
        let plan = plan(&[proposal("inside", 12), long], &hunks(&[("pkg/client.py", &[(8, 20)])]), &[]);
        assert_eq!(plan.counts, Counts { suggestions: 1, in_body: 1, ..Counts::default() });
        assert_eq!((plan.comments[0].start_line, plan.comments[0].line), (Some(10), 12));
    }

    #[test]
    fn at_most_thirty_comments_stand_beside_the_code_and_blocking_ones_stay() {
        let mut proposals: Vec<Proposal> = (1..=40).map(|line| proposal(&format!("f{line}"), line)).collect();
        for proposal in &mut proposals[..15] {
            proposal.findings[0].blocks = false;
        }
        let plan = plan(&proposals, &hunks(&[("pkg/client.py", &[(1, 50)])]), &[]);
        assert_eq!(plan.counts, Counts { suggestions: 30, in_body: 10, ..Counts::default() });
        let lines: Vec<usize> = plan.comments.iter().map(|comment| comment.line).collect();
        assert_eq!(lines, (1..=5).chain(16..=40).collect::<Vec<_>>());
    }

    #[test]
    fn a_full_body_says_how_much_is_left_out_and_does_not_come_back() {
        let mut proposals: Vec<Proposal> =
            (0..900).map(|number| proposal(&format!("f{number}"), 100 + number)).collect();
        let long = "x".repeat(LONGEST_BODY);
        proposals[0].edit = Some(edit(100, &["a"], &[&long]));
        proposals[1].path = path("in/the/diff.py");
        proposals[1].edit = Some(edit(101, &["a"], &[&long]));
        let hunks = hunks(&[("in/the/diff.py", &[(100, 102)])]);
        let plan = plan(&proposals, &hunks, &[]);
        assert!(plan.body.len() <= LONGEST_BODY);
        assert!(plan.counts.left_out > 0);
        assert_eq!(plan.counts.in_body + plan.counts.left_out, 900);
        assert!(plan.body.contains(&format!("{} more definitions do not fit", plan.counts.left_out)));
        assert_eq!(plan.body.matches("too long to be shown").count(), 2);
        assert!(plan_review(commit(), &proposals, &hunks, &posted(&plan)).is_empty());
    }

    #[test]
    fn without_hunks_everything_is_in_the_body() {
        let plan = plan(&[proposal("f", 10), proposal("g", 12)], &Hunks::default(), &[]);
        assert_eq!(plan.counts, Counts { in_body: 2, ..Counts::default() });
        assert_eq!(plan.comments, []);
    }

    prop_compose! {
        fn any_text()(text in "[ -~`@#<>&é\u{202e}\n]{0,40}", times in prop::sample::select(vec![1, 1, 1, 1, 1, 1, 1, 20]))
            -> String {
            text.repeat(times)
        }
    }

    prop_compose! {
        fn any_proposal()(
            name in prop::sample::select(vec!["a.py", "b/c.py"]),
            definition in any_text(),
            line in 1_usize..60,
            messages in prop::collection::vec((any_text(), any::<bool>(), 0_usize..5), 0..25),
            edit in prop::option::of((
                0_usize..4,
                prop::collection::vec("[ab`]{0,4}", 1..6),
                prop::collection::vec("[ab`\u{202e}]{0,4}", 0..6),
                any::<bool>(),
            )),
        ) -> Proposal {
            Proposal {
                path: path(name),
                definition,
                line,
                findings: messages.into_iter().map(|(message, blocks, offset)| {
                    ProposalFinding { message, ..finding("DG101", line + offset, blocks) }
                }).collect(),
                edit: edit.map(|(offset, original, replacement, written_by_model)| LineEdit {
                    first_line: line + offset,
                    last_line: line + offset + original.len() - 1,
                    original,
                    replacement,
                    written_by_model,
                }),
            }
        }
    }

    fn any_hunks() -> impl Strategy<Value = Vec<(usize, usize)>> {
        // Hunks of a diff are in order and do not touch.
        prop::collection::vec((1_usize..8, 0_usize..12), 0..6).prop_map(|gaps| {
            let mut line = 0;
            let mut ranges = Vec::new();
            for (gap, length) in gaps {
                let first = line + gap;
                line = first + length;
                ranges.push((first, line));
            }
            ranges
        })
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(64) })]

        #[test]
        fn github_takes_every_plan(
            proposals in prop::collection::vec(any_proposal(), 0..50),
            left in any_hunks(),
            right in any_hunks(),
        ) {
            let hunks = hunks(&[("a.py", &left), ("b/c.py", &right)]);
            let plan = plan(&proposals, &hunks, &[]);

            prop_assert!(plan.comments.len() <= MOST_INLINE_COMMENTS);
            prop_assert!(plan.comments.is_empty() || !plan.body.is_empty());
            let bodies = plan.comments.iter().map(|comment| &comment.body).chain([&plan.body]);
            for body in bodies {
                prop_assert!(body.len() <= LONGEST_BODY);
                prop_assert!(!body.contains('\u{202e}'), "invisible characters");
            }

            let mut ends: BTreeMap<&RepoPath, usize> = BTreeMap::new();
            for comment in &plan.comments {
                let first = comment.start_line.unwrap_or(comment.line);
                prop_assert!(comment.start_line.is_none_or(|start| start < comment.line));
                prop_assert!(hunks.show(&comment.path, first, comment.line), "{:?}", comment);
                let end = ends.insert(&comment.path, comment.line).unwrap_or(0);
                prop_assert!(end < first, "ranges overlap");
                prop_assert_eq!(Fingerprint::all_in(&comment.body).len(), 1);
            }

            let says_something = |proposal: &&Proposal| {
                !proposal.findings.is_empty() || proposal.edit.as_ref().and_then(LineEdit::trimmed).is_some()
            };
            let Counts { suggestions, comments, in_body, said_before, left_out } = plan.counts;
            prop_assert_eq!(suggestions + comments, plan.comments.len());
            prop_assert_eq!(said_before, 0);
            prop_assert_eq!(suggestions + comments + in_body + left_out, proposals.iter().filter(says_something).count());

            prop_assert!(plan_review(commit(), &proposals, &hunks, &posted(&plan)).is_empty(), "run twice, post once");
        }
    }
}
