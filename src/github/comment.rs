//! [pure] The sentences of a review: one definition beside the code, or as a paragraph of the body.
//!
//! Every text that is not docgate's own goes through `markdown`. Where something goes is decided in `place`.

use similar::{ChangeTag, TextDiff};

use super::markdown::{code, fenced, prose};
use super::place::{Place, Placed};
use super::proposal::{LineEdit, Proposal, ProposalFinding};

// So many findings of so many characters fit into one body at their worst, each character escaped.
const MOST_FINDINGS: usize = 20;
const LONGEST_MESSAGE: usize = 400;
const LONGEST_REMARK: usize = 1_500;
const LONGEST_NAME: usize = 200;
const LONGEST_PATH: usize = 1_000;
const LONGEST_CODE: usize = 60;

/// Returns the text beside the code without its marker, or `None` for what goes into the body.
pub(super) fn beside_the_code(placed: &Placed<'_>) -> Option<String> {
    let mut text = findings(placed.proposal);
    match (placed.place, &placed.edit) {
        (Place::Body, _) => return None,
        (Place::Suggestion { .. }, Some(edit)) => {
            text.push_str(authorship(edit));
            text.push_str(&fenced("suggestion", &edit.replacement));
        }
        (_, Some(edit)) => {
            text.push_str(authorship(edit));
            text.push_str(&patch(edit));
        }
        (_, None) => {}
    }
    Some(text)
}

/// Returns the paragraph of the body, without its marker, with the change shown.
pub(super) fn paragraph(placed: &Placed<'_>) -> String {
    let mut text = heading(placed.proposal);
    text.push_str(&findings(placed.proposal));
    if let Some(edit) = &placed.edit {
        text.push_str(authorship(edit));
        text.push_str(&patch(edit));
    }
    text.push('\n');
    text
}

/// Returns the paragraph of the body for a change that is too long to be shown.
pub(super) fn short_paragraph(placed: &Placed<'_>) -> String {
    let mut text = heading(placed.proposal);
    text.push_str(&findings(placed.proposal));
    if placed.edit.is_some() {
        text.push_str("The change is too long to be shown here; `docgate fix` makes it.\n");
    }
    text.push('\n');
    text
}

fn heading(proposal: &Proposal) -> String {
    let path = code(proposal.path.as_str(), LONGEST_PATH);
    let definition = code(&proposal.definition, LONGEST_NAME);
    format!("#### {definition} in {path}, line {}\n\n", proposal.line)
}

fn findings(proposal: &Proposal) -> String {
    let mut text = String::new();
    for finding in proposal.findings.iter().take(MOST_FINDINGS) {
        text.push_str(&line_of(finding));
    }
    let more = proposal.findings.len().saturating_sub(MOST_FINDINGS);
    if more > 0 {
        let line = format!("- {more} more in this definition; `docgate check` lists them\n");
        text.push_str(&line);
    }
    if proposal.findings.is_empty() {
        text.push_str("The docstring can be improved.\n");
    }
    text.push('\n');
    text
}

fn line_of(finding: &ProposalFinding) -> String {
    let code = prose(&finding.code, LONGEST_CODE);
    let name = prose(&finding.name, LONGEST_CODE);
    let message = prose(&finding.message, LONGEST_MESSAGE);
    let blocks = if finding.blocks { " (blocks)" } else { "" };
    let remark = finding.remark.as_ref();
    let remark = remark.map_or(String::new(), |remark| format!("; {}", prose(remark, LONGEST_REMARK)));
    format!("- **{code}** {name}{blocks}, line {}: {message}{remark}\n", finding.line)
}

fn authorship(edit: &LineEdit) -> &'static str {
    if edit.written_by_model {
        "A language model wrote part of this text: read it before you accept it.\n\n"
    } else {
        ""
    }
}

fn patch(edit: &LineEdit) -> String {
    let (before, after) = (edit.original.len(), edit.replacement.len());
    let mut lines = vec![format!("@@ -{first},{before} +{first},{after} @@", first = edit.first_line)];
    let original: Vec<&str> = edit.original.iter().map(String::as_str).collect();
    let replacement: Vec<&str> = edit.replacement.iter().map(String::as_str).collect();
    for change in TextDiff::from_slices(&original, &replacement).iter_all_changes() {
        let sign = match change.tag() {
            ChangeTag::Equal => ' ',
            ChangeTag::Delete => '-',
            ChangeTag::Insert => '+',
        };
        lines.push(format!("{sign}{}", change.value()));
    }
    fenced("diff", &lines)
}
