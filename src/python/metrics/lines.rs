//! Counting lines, for a whole text and for any range of its lines.
//!
//! A text is counted once, logical line by logical line; what a definition has is then the difference of two sums.

use crate::python::logical_line::{LogicalLine, Scan, Shape};

/// How many lines a text has, of which kind.
///
/// The kinds are those of the raw metrics of the Python tool radon, and add up as they do there:
/// `code + blank + strings + single == total`. Lines are those of Python, which end at LF, CRLF or CR.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Lines {
    /// All lines (`loc`).
    pub total: u32,
    /// Lines with code (`sloc`); within brackets, comment lines are among them.
    pub code: u32,
    /// Logical lines (`lloc`): statements, as far as `;` and `:` tell. A line with a colon counts twice if
    /// anything stands behind its last colon, be it a suite, an annotation or a slice.
    pub logical: u32,
    /// Comments, beside code or alone (`comments`).
    pub comments: u32,
    /// Lines that hold nothing but a comment or a string literal (`single_comments`).
    pub single: u32,
    /// Lines of a string literal over several lines that is a statement, mostly docstrings, without those
    /// that are blank (`multi`).
    pub strings: u32,
    /// Lines without anything but white space, within string literals as well (`blank`).
    pub blank: u32,
}

impl Lines {
    /// Returns the share of comments, docstring lines included, in percent of the lines of code.
    ///
    /// It passes 100 where there is more text than code.
    #[must_use]
    pub fn comment_percentage(&self) -> f64 {
        if self.code == 0 {
            return 0.0;
        }
        (f64::from(self.comments) + f64::from(self.strings)) / f64::from(self.code) * 100.0
    }

    fn plus(self, other: Self) -> Self {
        self.zip(other, |left, right| left + right)
    }

    fn minus(self, other: Self) -> Self {
        self.zip(other, u32::saturating_sub)
    }

    fn zip(self, other: Self, join: impl Fn(u32, u32) -> u32) -> Self {
        Self {
            total: join(self.total, other.total),
            code: join(self.code, other.code),
            logical: join(self.logical, other.logical),
            comments: join(self.comments, other.comments),
            single: join(self.single, other.single),
            strings: join(self.strings, other.strings),
            blank: join(self.blank, other.blank),
        }
    }
}

/// The counts of a text up to each of its lines, so that a range of lines is one subtraction.
#[derive(Debug)]
pub(super) struct LineCounts {
    /// Entry `n` holds what the first `n` lines have.
    up_to: Vec<Lines>,
}

impl LineCounts {
    /// Counts the lines of a text.
    pub(super) fn new(text: &str) -> Self {
        let mut counts = Self { up_to: vec![Lines::default()] };
        let mut scan = Scan::new(text.strip_prefix('\u{feff}').unwrap_or(text));
        while let Some(logical) = scan.next_logical_line() {
            counts.push(&logical);
        }
        counts
    }

    /// Returns the counts of all lines.
    pub(super) fn all(&self) -> Lines {
        self.up_to.last().copied().unwrap_or_default()
    }

    /// Returns the counts of the lines from `first` to `last`, both counted from 0 and included.
    pub(super) fn between(&self, first: usize, last: usize) -> Lines {
        let end = self.up_to.get(last + 1).copied().unwrap_or_else(|| self.all());
        let start = self.up_to.get(first).copied().unwrap_or_else(|| self.all());
        end.minus(start)
    }

    fn push(&mut self, logical: &LogicalLine<'_>) {
        let several = logical.lines.len() > 1;
        for (index, (line, has_comment)) in logical.lines.iter().enumerate() {
            let blank = line.trim().is_empty();
            let mut counted = Lines { total: 1, comments: u32::from(*has_comment), ..Lines::default() };
            if index == 0 {
                counted.logical = logical.statements;
            }
            match (blank, logical.shape) {
                (true, _) => counted.blank = 1,
                (false, Shape::String) if several => counted.strings = 1,
                (false, Shape::String | Shape::Comment) => counted.single = 1,
                (false, Shape::Nothing | Shape::Code) => counted.code = 1,
            }
            let sum = self.all().plus(counted);
            self.up_to.push(sum);
        }
    }
}
