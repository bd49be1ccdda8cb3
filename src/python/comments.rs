//! Type comments (PEP 484): annotations from the time before annotations.

use super::span::Span;

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
