//! [pure] How docgate knows what it has said before: hashes, hidden at the end of each text it posts.
//!
//! A marker is an HTML comment on a line of its own, which GitHub keeps and does not show. Only the lines at the
//! very end of a text are read: what looks like a marker further up was quoted from the code of a stranger.

use std::fmt;

use serde::Serialize;

use super::proposal::Proposal;

const OPENING: &str = "<!-- docgate: fingerprint=";
const CLOSING: &str = " -->";
const DIGITS: usize = 32;

/// A hash of what was said, half a BLAKE3 hash as hexadecimal digits.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct Fingerprint(String);

impl Fingerprint {
    /// Hashes a proposal: path, definition, codes and messages of the findings, and the replacement.
    ///
    /// Line numbers are left out, so that code that moves is not commented on again. `occurrence` tells apart
    /// proposals that are equal otherwise, as those of overloads can be.
    #[must_use]
    pub fn of_proposal(proposal: &Proposal, occurrence: usize) -> Self {
        let mut parts = vec!["proposal", proposal.path.as_str(), &proposal.definition];
        for finding in &proposal.findings {
            parts.extend([finding.code.as_str(), &finding.message]);
        }
        if let Some(edit) = &proposal.edit {
            parts.push("replacement");
            parts.extend(edit.replacement.iter().map(String::as_str));
        }
        let occurrence = occurrence.to_string();
        parts.push(&occurrence);
        Self::of_parts(&parts)
    }

    /// Hashes a whole review by the fingerprints of everything there is to say, in whatever order.
    #[must_use]
    pub fn of_review(fingerprints: &[Self]) -> Self {
        let mut parts: Vec<&str> = fingerprints.iter().map(|fingerprint| fingerprint.0.as_str()).collect();
        parts.sort_unstable();
        parts.insert(0, "review");
        Self::of_parts(&parts)
    }

    /// Returns the line that carries the fingerprint through GitHub.
    #[must_use]
    pub fn marker(&self) -> String {
        format!("{OPENING}{}{CLOSING}", self.0)
    }

    /// Reads the fingerprints at the end of a text that docgate posted.
    #[must_use]
    pub fn all_in(text: &str) -> Vec<Self> {
        let lines = text.lines().rev().map(str::trim).filter(|line| !line.is_empty());
        lines.map_while(Self::from_marker).collect()
    }

    fn from_marker(line: &str) -> Option<Self> {
        let digits = line.strip_prefix(OPENING)?.strip_suffix(CLOSING)?;
        let is_hash = digits.len() == DIGITS && digits.bytes().all(|byte| byte.is_ascii_hexdigit());
        is_hash.then(|| Self(digits.to_owned()))
    }

    fn of_parts(parts: &[&str]) -> Self {
        let mut hasher = blake3::Hasher::new();
        for part in parts {
            // The length in front keeps ("ab", "c") apart from ("a", "bc").
            hasher.update(&(part.len() as u64).to_le_bytes());
            hasher.update(part.as_bytes());
        }
        let mut digits = hasher.finalize().to_hex().to_string();
        digits.truncate(DIGITS);
        Self(digits)
    }
}

impl fmt::Display for Fingerprint {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// A comment or a review that docgate posted earlier.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExistingComment {
    /// GitHub's number of the comment or review.
    pub id: u64,
    /// What it said; a review carries one for itself and one for each definition in its text.
    pub fingerprints: Vec<Fingerprint>,
}

impl ExistingComment {
    /// Reads a posted text, or `None` when it carries no marker.
    #[must_use]
    pub fn new(id: u64, body: &str) -> Option<Self> {
        let fingerprints = Fingerprint::all_in(body);
        (!fingerprints.is_empty()).then_some(Self { id, fingerprints })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::change::RepoPath;
    use crate::github::{LineEdit, ProposalFinding};

    fn proposal() -> Proposal {
        Proposal {
            path: RepoPath::new("a.py").unwrap(),
            definition: "f".to_owned(),
            line: 3,
            findings: vec![ProposalFinding {
                code: "DOC101".to_owned(),
                name: "missing-argument-description".to_owned(),
                message: "`x` is not documented".to_owned(),
                remark: None,
                blocks: true,
                line: 4,
            }],
            edit: Some(LineEdit {
                first_line: 4,
                last_line: 4,
                original: vec!["    pass".to_owned()],
                replacement: vec!["    return".to_owned()],
                written_by_model: false,
            }),
        }
    }

    #[test]
    fn a_fingerprint_follows_what_is_said_and_not_where() {
        let base = Fingerprint::of_proposal(&proposal(), 0);
        let mut moved = proposal();
        moved.line = 30;
        moved.findings[0].line = 31;
        assert_eq!(Fingerprint::of_proposal(&moved, 0), base);

        let changes: [fn(&mut Proposal); 4] = [
            |proposal| proposal.definition.push('g'),
            |proposal| proposal.findings[0].code.push('1'),
            |proposal| proposal.findings[0].message.push('!'),
            |proposal| proposal.edit = None,
        ];
        for change in changes {
            let mut other = proposal();
            change(&mut other);
            assert_ne!(Fingerprint::of_proposal(&other, 0), base, "{other:?}");
        }
        assert_ne!(Fingerprint::of_proposal(&proposal(), 1), base);
    }

    #[test]
    fn a_review_is_known_by_its_parts_in_any_order() {
        let [one, two] = [0, 1].map(|occurrence| Fingerprint::of_proposal(&proposal(), occurrence));
        let forth = Fingerprint::of_review(&[one.clone(), two.clone()]);
        assert_eq!(Fingerprint::of_review(&[two, one.clone()]), forth);
        assert_ne!(Fingerprint::of_review(&[one]), forth);
    }

    #[test]
    fn only_markers_at_the_end_are_read() {
        let [quoted, own, other] =
            [7, 8, 9].map(|occurrence| Fingerprint::of_proposal(&proposal(), occurrence));
        let text = format!("```\n{}\n```\r\n\r\n{}\r\n{}\r\n", quoted.marker(), own.marker(), other.marker());
        assert_eq!(Fingerprint::all_in(&text), [other, own]);
        assert_eq!(ExistingComment::new(1, "looks good to me"), None);
        assert_eq!(ExistingComment::new(1, "<!-- docgate: fingerprint=xyz -->"), None);
    }
}
