//! What stands where a type is written: the type, `optional`, a default.
//!
//! Sources: Google Python Style Guide 3.8.3 and Napoleon's examples (types in parentheses, `optional`), numpydoc
//! ("Parameters": `default: 3`, `default=3`, `default 3`), which people carry over into every style.

use std::ops::Range;

use super::model::Text;
use super::notation;
use crate::python::Span;

/// A type and the marks beside it; offsets are those of the whole text.
#[derive(Debug, Default)]
pub(super) struct Typed {
    pub(super) type_text: Option<Text>,
    pub(super) optional: Option<Span>,
    pub(super) default: Option<Text>,
}

/// Takes what stands in `span` apart.
///
/// Where words are left that are neither type nor mark, all of it is the type: nothing may get lost.
pub(super) fn read(text: &str, span: Span) -> Typed {
    let source = span.of(text);
    let mut found = Typed::default();
    let mut types: Option<Range<usize>> = None;
    let mut marked = false;
    for part in notation::parts(source).into_iter().flat_map(|part| bracketed(source, part)) {
        let part = after_continuation(source, part);
        let value = source.get(part.clone()).unwrap_or("");
        if value.is_empty() {
            continue;
        }
        if value.eq_ignore_ascii_case("optional") {
            found.optional.get_or_insert(Span::new(span.start + part.start, span.start + part.end));
            marked = true;
        } else if value.eq_ignore_ascii_case("required") {
            marked = true;
        } else if let Some(default) = default_in(value) {
            marked = true;
            if !default.is_empty() && found.default.is_none() {
                let start = span.start + part.end - default.len();
                found.default = Some(text_at(text, start, start + default.len()));
            }
        } else if let Some(known) = types.clone() {
            if marked {
                let whole = notation::trimmed(source, 0..source.len());
                let type_text = text_at(text, span.start + whole.start, span.start + whole.end);
                return Typed { type_text: Some(type_text), ..Typed::default() };
            }
            types = Some(known.start..part.end);
        } else {
            types = Some(part);
        }
    }
    found.type_text = types.map(|types| text_at(text, span.start + types.start, span.start + types.end));
    found
}

/// Returns a piece of the text on one line, without the backslashes that continue lines.
pub(super) fn text_at(text: &str, start: usize, end: usize) -> Text {
    let span = Span::new(start, end);
    let source = span.of(text);
    let value = if source.contains(['\n', '\r']) {
        let lines: Vec<&str> =
            source.split(['\r', '\n']).map(|line| line.trim_end().trim_end_matches('\\')).collect();
        notation::on_one_line(&lines.join(" "))
    } else {
        notation::on_one_line(source)
    };
    Text { span, value }
}

/// Returns a part without the backslash and line end before it.
fn after_continuation(source: &str, part: Range<usize>) -> Range<usize> {
    let value = source.get(part.clone()).unwrap_or("");
    let rest = value.strip_prefix('\\').filter(|rest| rest.starts_with(['\r', '\n']));
    rest.map_or(part.clone(), |rest| notation::trimmed(source, part.end - rest.len()..part.end))
}

/// Cuts marks in brackets off: `int (default 3)` and `optional (default=3)`.
fn bracketed(source: &str, part: Range<usize>) -> Vec<Range<usize>> {
    let value = source.get(part.clone()).unwrap_or("");
    let cut = value.strip_suffix(')').and_then(|inside| {
        let open = inside.rfind('(')?;
        let word = inside.get(open + 1..)?.trim_start();
        let marks = default_in(word).is_some() || word.eq_ignore_ascii_case("optional");
        marks.then_some(open)
    });
    let Some(open) = cut else { return vec![part] };
    let before = notation::trimmed(source, part.start..part.start + open);
    let inside = notation::trimmed(source, part.start + open + 1..part.end - 1);
    vec![before, inside]
}

/// Returns the value that `default 3`, `defaults to 3`, `default: 3`, `by default 3` or `default=3` names.
fn default_in(part: &str) -> Option<&str> {
    let part = part.strip_prefix("by ").unwrap_or(part);
    let rest = part.strip_prefix("default").or_else(|| part.strip_prefix("Default"))?;
    let rest = rest.strip_prefix('s').unwrap_or(rest);
    // `defaultdict[str, int]` is a type.
    if !rest.is_empty() && !rest.starts_with([' ', '\t', '\r', '\n', ':', '=']) {
        return None;
    }
    let rest = rest.trim_start();
    let word = ["to ", "is ", "value ", ":", "="].into_iter().find_map(|word| rest.strip_prefix(word));
    Some(word.unwrap_or(rest).trim())
}
