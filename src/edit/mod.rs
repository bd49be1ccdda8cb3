//! Spans and replacements: making edits, applying them, carrying them over to the working text, and the proof
//! that nothing but docstrings changed.
//!
//! Pure text in, text out. It does not decide what to write (`repair/`, `generate/`) nor where the text goes
//! (`git/`, `commands/`). An edit that cannot be proven is dropped, never written.

mod around;
mod carry;
mod make;
mod place;
mod verify;

pub use around::{between, respell};
pub use carry::{Carried, carry};
pub use make::{IN_PIECES, NewText, WITH_COMMENTS, delete, insert, replace, rewrite};
pub use verify::{Proven, Unproven, prove};

use crate::python::Span;

/// A replacement of bytes that belongs to one definition; a definition has at most one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edit {
    /// The qualified name of the definition whose docstring is edited.
    pub definition: String,
    /// The bytes that go.
    pub span: Span,
    /// The source text that stands there instead.
    pub text: String,
    /// What the docstring must evaluate to afterwards; `None` when there is to be none.
    pub value: Option<String>,
}

/// Two edits claim the same bytes or the same place, or one lies outside the text.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the edits of `{0}` do not fit the text")]
pub struct Misfit(pub String);

/// Applies edits to a text.
///
/// # Errors
///
/// Refuses edits that overlap or lie outside the text.
pub fn apply<'a>(text: &str, edits: impl IntoIterator<Item = &'a Edit>) -> Result<String, Misfit> {
    let mut ordered: Vec<&Edit> = edits.into_iter().collect();
    ordered.sort_by_key(|edit| (edit.span.start, edit.span.end));
    let mut result =
        String::with_capacity(text.len() + ordered.iter().map(|edit| edit.text.len()).sum::<usize>());
    let mut from = 0;
    for (index, edit) in ordered.iter().enumerate() {
        let misfit = || Misfit(edit.definition.clone());
        // Two insertions at the same place have no order of their own.
        if index > 0 && ordered[index - 1].span == edit.span && edit.span.is_empty() {
            return Err(misfit());
        }
        let kept = text.get(from..edit.span.start).ok_or_else(misfit)?;
        text.get(edit.span.start..edit.span.end).ok_or_else(misfit)?;
        result.push_str(kept);
        result.push_str(&edit.text);
        from = edit.span.end;
    }
    result.push_str(text.get(from..).unwrap_or(""));
    Ok(result)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn edit(start: usize, end: usize, text: &str) -> Edit {
        Edit { definition: "f".to_owned(), span: Span::new(start, end), text: text.to_owned(), value: None }
    }

    #[test]
    fn edits_are_applied_in_order_of_place() {
        assert_eq!(
            apply("abcdef", &[edit(4, 5, "E"), edit(0, 1, ""), edit(2, 2, "-")]).as_deref(),
            Ok("b-cdEf")
        );
    }

    #[test]
    fn edits_that_do_not_fit_are_refused() {
        assert!(apply("abc", &[edit(0, 2, ""), edit(1, 3, "")]).is_err());
        assert!(apply("abc", &[edit(1, 1, "x"), edit(1, 1, "y")]).is_err());
        assert!(apply("abc", &[edit(2, 9, "")]).is_err());
        assert!(apply("aé", &[edit(2, 3, "")]).is_err());
    }

    proptest::proptest! {
        #[test]
        fn edits_that_fit_are_those_that_share_no_byte_and_no_place(
            spans in proptest::collection::vec((0..8_usize, 0..3_usize), 0..5),
        ) {
            let text = "abcdefgh";
            let edits: Vec<Edit> =
                spans.iter().map(|(start, length)| edit(*start, start + length, "-")).collect();
            let clash = |one: &Edit, other: &Edit| {
                one.span.start < other.span.end && other.span.start < one.span.end
                    || one.span.is_empty() && one.span == other.span
            };
            let fits = edits.iter().all(|edit| edit.span.end <= text.len())
                && edits.iter().enumerate().all(|(index, one)| edits[..index].iter().all(|other| !clash(one, other)));
            // From the end, what is replaced does not move what is not yet.
            let mut expected = text.to_owned();
            let mut ordered = edits.clone();
            ordered.sort_by_key(|edit| (edit.span.start, edit.span.end));
            for edit in ordered.iter().rev().filter(|_| fits) {
                expected.replace_range(edit.span.start..edit.span.end, &edit.text);
            }
            proptest::prop_assert_eq!(apply(text, &edits).ok(), fits.then_some(expected));
        }
    }
}
