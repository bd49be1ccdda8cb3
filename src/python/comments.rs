//! Comments: where they are, and type comments (PEP 484), the annotations from the time before annotations.

use super::joining::string_length;
use super::span::Span;

/// Finds the comments of a text, from `#` to the end of the line, in order.
///
/// It knows strings, not syntax: that is enough, because outside a string a `#` is always a comment.
#[must_use]
pub fn comments(text: &str) -> Vec<Span> {
    let bytes = text.as_bytes();
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(next) = memchr::memchr3(b'"', b'\'', b'#', &bytes[at..]) {
        at += next;
        if bytes[at] == b'#' {
            let end = memchr::memchr2(b'\n', b'\r', &bytes[at..]).map_or(bytes.len(), |end| at + end);
            found.push(Span::new(at, end));
            at = end;
        } else {
            at = (at + string_length(&bytes[at..])).min(bytes.len());
        }
    }
    found
}

/// The types of a function's parameters and of what it returns.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct SignatureComment<'a> {
    /// One per parameter; none for `(...)`.
    pub(super) parameters: Vec<&'a str>,
    pub(super) returns: &'a str,
}

/// Returns the type that a comment gives, `# type: ignore` being none.
pub(super) fn type_in(comment: Span, text: &str) -> Option<Span> {
    let source = comment.of(text);
    let rest = source.strip_prefix('#')?.trim_start().strip_prefix("type:")?;
    let found = rest.split(" #").next().unwrap_or("").trim();
    if found.is_empty() || found == "ignore" || found.starts_with("ignore[") || found.starts_with("ignore ") {
        return None;
    }
    let start = comment.start + source.len() - rest.trim_start().len();
    Some(Span::new(start, start + found.len()))
}

/// Returns the type that a comment behind an assignment gives, on the same line.
pub(super) fn behind(text: &str, end: usize) -> Option<Span> {
    let rest = text.get(end..)?;
    let line = &rest[..memchr::memchr2(b'\n', b'\r', rest.as_bytes()).unwrap_or(rest.len())];
    let blank = line.len() - line.trim_start_matches([' ', '\t']).len();
    line[blank..].starts_with('#').then(|| type_in(Span::new(end + blank, end + line.len()), text))?
}

/// Finds the signature comment of a function whose header ends at an offset: on the same line or the next one.
pub(super) fn signature(text: &str, header_end: usize) -> Option<SignatureComment<'_>> {
    let mut rest = text.get(header_end..)?;
    for _ in 0..2 {
        let end = memchr::memchr2(b'\n', b'\r', rest.as_bytes()).unwrap_or(rest.len());
        let line = rest[..end].trim();
        if let Some(found) = type_in(Span::new(0, line.len()), line) {
            return take_apart(found.of(line));
        }
        if !line.is_empty() && !line.starts_with('#') {
            return None;
        }
        rest = rest[end..].trim_start_matches(['\r', '\n']);
    }
    None
}

fn take_apart(comment: &str) -> Option<SignatureComment<'_>> {
    let inside = comment.strip_prefix('(')?;
    let (mut depth, mut from) = (0_usize, 0);
    let mut parameters = Vec::new();
    for (at, character) in inside.char_indices() {
        match character {
            '(' | '[' | '{' => depth += 1,
            ')' if depth == 0 => {
                parameters.push(inside[from..at].trim());
                parameters.retain(|parameter| !parameter.is_empty() && *parameter != "...");
                let returns = inside[at + 1..].trim_start().strip_prefix("->")?.trim();
                return (!returns.is_empty()).then_some(SignatureComment { parameters, returns });
            }
            ')' | ']' | '}' => depth = depth.saturating_sub(1),
            ',' if depth == 0 => {
                parameters.push(inside[from..at].trim());
                from = at + 1;
            }
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_comment_is_one_outside_strings_only() {
        let text = "x = '#' # a\n\"\"\"# no\n'\"\"\"#b\r\ny = 'open # no\n# c\nz = f\"{d['#']}\" # d";
        let found: Vec<&str> = comments(text).iter().map(|span| span.of(text)).collect();
        assert_eq!(found, ["# a", "#b", "# c", "# d"]);
    }
}
