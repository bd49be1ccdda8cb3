//! Ranges of commits as they are typed: `A..B` and `A...B`.

use std::fmt;

use super::error::GitError;

/// Two commits and what is compared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Range {
    /// The revision to compare with.
    pub from: String,
    /// The revision to look at.
    pub to: String,
    /// Which commit is the base.
    pub kind: RangeKind,
}

/// Which commit is the base of a range.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RangeKind {
    /// `A..B`: A itself, as in `git diff A..B`.
    Direct,
    /// `A...B`: the merge base of A and B, as in `git diff A...B` and on a pull request.
    MergeBase,
}

impl Range {
    /// Reads `A..B` or `A...B`; as in git, a missing side is `HEAD`.
    ///
    /// # Errors
    ///
    /// [`GitError::BadRange`] when there are no dots, too many of them, or nothing on both sides.
    pub fn parse(text: &str) -> Result<Self, GitError> {
        let bad = || GitError::BadRange { text: text.to_owned() };
        let (from, rest) = text.split_once("..").ok_or_else(bad)?;
        let (kind, to) = match rest.strip_prefix('.') {
            Some(to) => (RangeKind::MergeBase, to),
            None => (RangeKind::Direct, rest),
        };
        let dotted = to.starts_with('.') || to.contains("..");
        if dotted || (from.is_empty() && to.is_empty()) {
            return Err(bad());
        }
        let or_head = |side: &str| if side.is_empty() { "HEAD" } else { side }.to_owned();
        Ok(Self { from: or_head(from), to: or_head(to), kind })
    }

    /// Returns the range of everything that `HEAD` has since it left `reference`.
    #[must_use]
    pub fn since(reference: &str) -> Self {
        Self { from: reference.to_owned(), to: "HEAD".to_owned(), kind: RangeKind::MergeBase }
    }
}

impl fmt::Display for Range {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let dots = match self.kind {
            RangeKind::Direct => "..",
            RangeKind::MergeBase => "...",
        };
        write!(formatter, "{}{dots}{}", self.from, self.to)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_are_read_as_git_reads_them() {
        let table = [
            ("a..b", Some(("a", "b", RangeKind::Direct))),
            ("a...b", Some(("a", "b", RangeKind::MergeBase))),
            ("a..", Some(("a", "HEAD", RangeKind::Direct))),
            ("...b", Some(("HEAD", "b", RangeKind::MergeBase))),
            ("v1.0..v1.1", Some(("v1.0", "v1.1", RangeKind::Direct))),
            ("origin/main...HEAD~2", Some(("origin/main", "HEAD~2", RangeKind::MergeBase))),
            ("a", None),
            ("", None),
            ("..", None),
            ("...", None),
            ("a....b", None),
            ("a..b..c", None),
        ];
        for (text, expected) in table {
            let range = Range::parse(text).ok();
            let parts = range.as_ref().map(|range| (range.from.as_str(), range.to.as_str(), range.kind));
            assert_eq!(parts, expected, "{text}");
        }
    }
}
