//! Names as docstrings write them: with stars, escapes, backticks or a role around them, in lists.

use std::borrow::Cow;

use super::model::{Name, Style};
use super::notation;
use crate::python::Span;

/// Reads names separated by commas; returns them and where the last one ends, backticks included.
///
/// Three dots between commas ("x1, ..., xn") stand for more of the same and are no name.
pub(super) fn names(text: &str, at: usize, limit: usize) -> Option<(Vec<Name>, usize)> {
    let mut names = Vec::new();
    let mut at = at;
    loop {
        let rest = text.get(at..limit)?;
        let end = if !names.is_empty() && rest.starts_with("...") {
            at + 3
        } else {
            let (name, end) = name(text, at, limit)?;
            names.push(name);
            end
        };
        let next = skip_blanks(text, end);
        let Some(after) = text.get(next..limit).and_then(|rest| rest.strip_prefix(',')) else {
            return Some((names, end));
        };
        at = skip_blanks(text, limit - after.len());
    }
}

/// Reads the names of exceptions, separated by commas, "or" or "and".
pub(super) fn exceptions(text: &str, at: usize, limit: usize) -> Option<(Vec<Name>, usize)> {
    let (mut found, mut at) = names(text, at, limit)?;
    while let Some(rest) = text.get(at..limit) {
        let Some(after) = [" or ", " and "].iter().find_map(|word| rest.strip_prefix(word)) else { break };
        let Some((more, next)) = names(text, limit - after.len(), limit) else { break };
        found.extend(more);
        at = next;
    }
    Some((found, at))
}

/// Reads a name with its stars, in backticks or a role where it has them; returns it and where it ends.
pub(super) fn name(text: &str, at: usize, limit: usize) -> Option<(Name, usize)> {
    let source = text.get(at..limit)?;
    let role = source.strip_prefix(':').and_then(|rest| {
        let length = rest
            .find(|character: char| !(character.is_alphanumeric() || character == ':'))
            .filter(|end| rest.get(*end..).is_some_and(|rest| rest.starts_with('`')))?;
        rest.get(..length)?.ends_with(':').then_some(length + 1)
    });
    let opening = role.unwrap_or(0);
    let after_role = source.get(opening..)?;
    let ticks = after_role.len() - after_role.trim_start_matches('`').len();
    let quoted = opening + ticks;
    let inside = source.get(quoted..)?;
    let starred = inside.trim_start_matches(['\\', '*']);
    let prefix = inside.get(..inside.len() - starred.len())?;
    let stars = u8::try_from(prefix.matches('*').count()).ok().filter(|stars| *stars <= 2)?;
    if prefix.ends_with('\\') {
        return None;
    }
    let marker = usize::from(ticks > 0 && prefix.is_empty() && starred.starts_with(['~', '!']));
    let bare = starred.get(marker..)?;
    let mut length = notation::identifier(bare);
    if length == 0 {
        return None;
    }
    // reStructuredText takes `type_` for a reference, unless the underscore is escaped; without a raw prefix by two.
    loop {
        let rest = bare.get(length..)?;
        let backslashes = rest.len() - rest.trim_start_matches('\\').len();
        if !matches!(backslashes, 1 | 2) || !rest.get(backslashes..)?.starts_with('_') {
            break;
        }
        length += backslashes;
        length += notation::identifier(bare.get(length..)?);
    }
    let value = bare.get(..length)?.replace('\\', "");
    let first = at + quoted + marker;
    let end = first + prefix.len() + length;
    let after = text.get(end..limit)?;
    if ticks > 0 {
        let closed = after.len() - after.trim_start_matches('`').len();
        if closed != ticks {
            return None;
        }
    }
    Some((Name { span: Span::new(first, end), value, stars }, end + ticks))
}

/// Returns a name as a field writes it: docutils reads `type_` as a reference, to a target that nobody wrote
/// ("Reference Names" and "Escaping Mechanism" in the reStructuredText specification).
pub(super) fn in_field(name: &str, style: Style) -> Cow<'_, str> {
    let bare = name.trim_end_matches('_');
    let is_reference = bare.len() < name.len()
        && !bare.ends_with('\\')
        && bare.trim_start_matches(['\\', '*']).starts_with(char::is_alphanumeric);
    match name.get(bare.len()..) {
        Some(underscores) if style == Style::Sphinx && is_reference => {
            Cow::Owned(format!("{bare}\\{underscores}"))
        }
        _ => Cow::Borrowed(name),
    }
}

/// Returns whether a name reads as that of an exception: its last part has a capital.
pub(super) fn is_exception(name: &str) -> bool {
    name.rsplit('.').next().is_some_and(|last| last.starts_with(char::is_uppercase))
}

pub(super) fn skip_blanks(text: &str, at: usize) -> usize {
    let rest = text.get(at..).unwrap_or("");
    at + rest.len() - rest.trim_start_matches([' ', '\t']).len()
}

/// Returns whether a text begins with a role: `` :class:` ``.
pub(super) fn opens_role(text: &str) -> bool {
    let Some(rest) = text.strip_prefix(':') else { return false };
    let end = rest.find(|character: char| !(character.is_alphanumeric() || "_-".contains(character)));
    end.is_some_and(|end| end > 0 && rest.get(end..).is_some_and(|rest| rest.starts_with(":`")))
}
