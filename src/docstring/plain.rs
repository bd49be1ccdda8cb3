//! The parts of a docstring that all styles share: the summary and what follows it.

use std::ops::Range;

use super::lines::Lines;
use super::model::Text;

/// Cuts the lines before the first section into the first paragraph and the rest.
pub(super) fn prose(lines: &Lines<'_>, range: Range<usize>) -> (Option<Text>, Option<Text>) {
    let Some(first) = lines.first_filled(range.clone()) else { return (None, None) };
    let after = (first..range.end).find(|index| lines.is_blank(*index)).unwrap_or(range.end);
    let summary = stretch(lines, first..after);
    let description = lines.first_filled(after..range.end).and_then(|start| stretch(lines, start..range.end));
    (summary, description)
}

/// Returns the text of some lines with the margin taken off; nothing when they are blank.
pub(super) fn stretch(lines: &Lines<'_>, range: Range<usize>) -> Option<Text> {
    let first = lines.first_filled(range.clone())?;
    let last = lines.last_filled(range)?;
    let start = lines.get(first)?;
    let mut text = lines.text(start.content, last, lines.margin_columns);
    // Indentation at the beginning belongs to the value, or code would lose its shape.
    let excess = start.columns.saturating_sub(lines.margin_columns);
    text.value.insert_str(0, &" ".repeat(excess));
    Some(text)
}
