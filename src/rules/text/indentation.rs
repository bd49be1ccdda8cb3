//! D206, D207, D208: how far the lines of a docstring are indented.

use super::super::{Finding, Rule, Subject};
use super::{Row, Text, judged, mended, remedies};

/// D206: a line is indented with tabs.
pub(in crate::rules) fn tabs(rule: &Rule, subject: &Subject<'_>) -> Vec<Finding> {
    let Some(text) = judged(subject).filter(|text| text.rows.len() > 1) else { return Vec::new() };
    let with_tab = measured(text).find(|row| row.indentation().contains('\t'));
    let span = if text.before.contains('\t') { Some(text.literal) } else { with_tab.map(Row::span) };
    let Some(span) = span else { return Vec::new() };
    let remedy = remedies::tabs(text, measured(text));
    mended(rule, subject, span, ("the docstring is indented with tabs", remedy))
}

/// D207: a line is indented less than the quotes.
pub(in crate::rules) fn under_indented(rule: &Rule, subject: &Subject<'_>) -> Vec<Finding> {
    let Some(text) = judged(subject).filter(|text| text.rows.len() > 1) else { return Vec::new() };
    let wanted = width(text.before);
    let found = measured(text).find(|row| width(row.indentation()) < wanted);
    found.map_or_else(Vec::new, |row| {
        let found = width(row.indentation());
        let message =
            format!("a line of the docstring is indented by {found} columns, its quotes by {wanted}");
        mended(rule, subject, row.span(), (message, remedies::indented(text, measured(text))))
    })
}

/// D208: every line is indented deeper than the quotes, or the last one is.
pub(in crate::rules) fn over_indented(rule: &Rule, subject: &Subject<'_>) -> Vec<Finding> {
    let Some(text) = judged(subject).filter(|text| text.rows.len() > 1) else { return Vec::new() };
    let wanted = width(text.before);
    let is_deeper = |row: &Row<'_>| width(row.indentation()) > wanted;
    let last = text.rows.last().map_or(0, |row| row.start);
    // The line of the quotes counts where it holds text, too.
    let mut inner = measured(text).filter(|row| row.start != last || !row.is_blank()).peekable();
    let first = inner.peek().copied();
    let all = first.filter(|_| inner.all(|row| is_deeper(&row)));
    let closing = text.rows.last().copied().filter(|row| is_deeper(row) && row.is_blank());
    all.or(closing).map_or_else(Vec::new, |row| {
        let found = width(row.indentation());
        let what = if all.is_some() { "the lines of the docstring are" } else { "the closing quotes are" };
        let message = format!("{what} indented by {found} columns, the opening quotes by {wanted}");
        mended(rule, subject, row.span(), (message, remedies::indented(text, measured(text))))
    })
}

/// Returns the lines whose indentation counts: not the first, not what continues a line, no blank ones but the last,
/// which holds the quotes.
fn measured<'text>(text: &'text Text<'_>) -> impl Iterator<Item = Row<'text>> {
    let last = text.rows.len().saturating_sub(1);
    text.rows.windows(2).enumerate().filter_map(move |(index, pair)| {
        let [before, row] = pair else { return None };
        let counts = !before.text.ends_with('\\') && (index + 1 == last || !row.is_blank());
        counts.then_some(*row)
    })
}

fn width(indentation: &str) -> usize {
    indentation.chars().count()
}
